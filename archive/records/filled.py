"""Sidecars that are filled in already, for whoever says it elsewhere than in an editor; see `archive.records.form`.

What was given stands there; what is needed and was not is left as ``""``, which is refused until it is filled in.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from archive.errors import Problem, Refused
from archive.records import places, quotation
from archive.records.indexed import Ref
from archive.records.places import Place
from archive.records.quotation import Quote
from archive.records.toml import table, toml

Values = Mapping[str, Any]
"""Key → value, as they stand in a table of the file; what is blank was not given."""


def _given(values: Values) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", (), [], {}, None)}


def _needed(values: Values, *keys: str) -> dict[str, Any]:
    return {key: values.get(key) or "" for key in keys}


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_notes(
    before: bytes | None,
    added: Iterable[Values],
    *,
    coder: str,
    day: date,
    codebooks: Sequence[str] = (),
    state: str = "",
) -> bytes:
    """A coder's file with more notes at its end; every byte stays but the lines that name `codebooks` and `state`.

    `before` is None where there is none yet; else it is one that `notes.read` takes. Raises `Refused` where these
    lines are written in a way that is not known here.
    """
    named = _given({"codebooks": list(codebooks), "state": state})
    tables = "".join(f"\n{table('[[note]]', note)}" for note in added)
    if before is None:
        return (table("", {"format": 1, "coder": coder, "date": day, **named}) + tables).encode()
    text = before.decode()
    for key, value in named.items():
        if _says(text, key) != value:
            text = _headed(text, key, value)
        if _says(text, key) != value:
            found = f"{key} is written in a way that cannot be changed from here"
            raise Refused([Problem(f"notes/{coder}.toml {key}", found, "change it in an editor, where it lies")])
    return at_end(text.encode(), tables)


def _says(text: str, key: str) -> Any:
    """What a document says; None where it is none any more."""
    try:
        return tomllib.loads(text).get(key)
    except tomllib.TOMLDecodeError:
        return None


def _headed(text: str, key: str, value: Any) -> str:
    """With ``key = value`` above the notes: where it stands already, else below the date."""
    head, opened, rest = text.partition("[[")
    line = f"{key} = {toml(value)}"
    head, found = re.subn(rf"(?m)^{key}\s*=\s*(\[[^\]]*\]|\"[^\"\n]*\")", lambda _: line, head, count=1)
    if not found:
        end = "\r\n" if "\r\n" in text else "\n"
        head = re.sub(r"(?m)^(date\s*=[^\r\n]*)(\r?)$", lambda m: f"{m[1]}{end}{line}{m[2]}", head, count=1)
    return head + opened + rest


def at_end(before: bytes, tables: str) -> bytes:
    """A person's file with more at its end, in its own line ending; every byte that is there stays."""
    end = b"\r\n" if b"\r\n" in before else b"\n"
    return before + (b"" if before.endswith(b"\n") or not before else end) + tables.encode().replace(b"\n", end)


# ── analyses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def analysis(values: Values, claims: Iterable[str], *, day: date, interviews: Sequence[Ref]) -> str:
    """``analyses/<slug>.toml`` of one reading with its claims, as `claim` writes them."""
    head = {
        "format": 1,
        **_needed(values, "title", "author"),
        "author_kind": values.get("author_kind") or "person",
        "date": day,
        "version": 1,
        "interviews": list(interviews),
    }
    return table("", head) + "".join(f"\n{each}" for each in claims)


def claim(values: Values, quotes: Iterable[Quote]) -> str:
    """A ``[[claim]]`` with its quotes."""
    said = {**_needed(values, "text"), **_given(values)}
    return table("[[claim]]", said) + "".join(f"\n{quotation.written(each, 'claim.quote')}" for each in quotes)


def with_quotes(before: bytes, quotes: Iterable[Quote], name: str, following: Place) -> bytes:
    """A person's file with further ``[[name]]`` before the table `following`, or at its end where there is none.

    Every byte that is there stays.
    """
    written = "".join(f"\n{quotation.written(each, name)}" for each in quotes)
    text = before.decode()
    at = places.lines(text).get(following)
    if at is None:
        return at_end(before, written)
    rows = text.splitlines(keepends=True)
    while at > 1 and rows[at - 2].startswith("#"):  # what is said above a table belongs to it
        at -= 1
    end = "\r\n" if "\r\n" in text else "\n"
    added = (written.removeprefix("\n") + "\n").replace("\n", end)
    return "".join([*rows[: at - 1], added, *rows[at - 1 :]]).encode()


# ── preferences ──────────────────────────────────────────────────────────────────────────────────────────────────────


def preference(values: Values, quotes: Iterable[Quote], *, model: str, day: date) -> str:
    """``preferences/<slug>.toml``, without an answer."""
    asked = ("summary", "scope", "elicitation", "proposed_by")
    head = {"format": 1, "model": model, "summary": values.get("summary") or "", "date": day}
    head |= _needed(values, *asked[1:]) | _given({key: said for key, said in values.items() if key not in asked})
    return table("", head) + "".join(f"\n{quotation.written(each)}" for each in quotes)


def answer(values: Values, *, day: date) -> str:
    """An ``[[answer]]``, to stand at the end of a preference's file."""
    head = {**_needed(values, "status"), "date": values.get("date") or day, **_needed(values, "by")}
    order = ("reason", "cost", "evidence", "told_model", "model_said")
    rest = {key: values[key] for key in (*(key for key in order if key in values), *values) if key not in head}
    return "\n" + table("[[answer]]", head | _given(rest))
