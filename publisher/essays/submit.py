"""Submitting: any non-empty bytes are kept and logged before anyone reads them."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import Error, Problem, Refused
from archive.home import dated, intake
from archive.home.change import Change
from archive.home.home import Home
from archive.records.sidecar import parse
from archive.records.toml import toml
from archive.register import statement, sums
from archive.register.statement import SAMPLING
from archive.wording import slugify
from publisher.essays.essay import BELONGS
from publisher.essays.submission import Submission, find, find_text, folders_of, slug_of

_NAMES = ("essay.md", "essay.toml", "request.json", "response.json")


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came of it."""

    submission: Submission
    new: bool
    """False when the same text was submitted before."""


def submit(
    home: Home,
    path: Path,
    *,
    model: str | None = None,
    title: str | None = None,
    title_by: str | None = None,
    response: Path | None = None,
    slug: str | None = None,
) -> Submitted:
    """Log a text (``essay.md``), an API response (``response.json``), or a folder of both with its ``essay.toml``.

    Raises `Refused` when the input is none of these, or empty; nothing else about a text is a reason to refuse it.
    """
    arrived = _gather(path, response)
    folder_name = path.resolve().name if path.is_dir() else ""
    digest = sums.digest(arrived["essay.md"])
    with home.writing() as writer:
        if known := _filed(writer.home, path) or find_text(writer.home, digest):
            return Submitted(known, new=False)
        if slug is not None:
            chosen = slug
        else:
            chosen = slug_of(folder_name) if folder_name else slugify(title or path.stem, "essay")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", chosen):
            raise Error(f"--slug: expected lower-case letters, digits and hyphens, found {chosen!r}")
        now = writer.now()
        folder = str(dated.Dated(dated.parse(folder_name).day or now.date(), chosen))
        for taken in folders_of(home.root, chosen):
            if taken.resolve() == path.resolve() and not (taken / "intake.sums").exists():
                continue
            raise Error(f"essays/{taken.name} has the slug {chosen} already; give another with --slug")
        if "essay.toml" not in arrived:
            arrived["essay.toml"] = form(arrived, model=model, title=title, title_by=title_by).encode()
        writer.commit(taking_in(writer.home, folder, arrived, now).change)
        return Submitted(find(writer.home, folder), new=True)


@dataclass(frozen=True, slots=True)
class TakingIn:
    """An essay about to be taken in."""

    accession: str
    digest: str
    """Of its list of what arrived."""
    change: Change
    """What logs it and puts it in place."""


def taking_in(home: Home, folder: str, arrived: dict[str, bytes], now: dt.datetime) -> TakingIn:
    """What takes these files in, as the folder of that name in ``essays/``; ``essay.toml`` is not in the list."""
    exchange = {n: d for n, d in arrived.items() if n in ("request.json", "response.json")}
    private = exchange if _private(arrived["essay.toml"]) else {}
    public = {n: arrived[n] for n in ("essay.md", SAMPLING) if n in arrived} | ({} if private else exchange)
    taken_in = intake.make(public, private)
    accession = home.lives.next("essay", now.year)
    leaf = statement.intake(accession, taken_in.sums, taken_in.digest, kind="essay", time=now).encode()
    own = {f"essays/{folder}/{name}": data for name, data in arrived.items()}
    files = own | taken_in.placed(f"essays/{folder}", home.store)
    return TakingIn(accession, taken_in.digest, Change(leaves=[leaf], files=files))


def _filed(home: Home, path: Path) -> Submission | None:
    """The essay whose own folder this is: of candidates several may have the same text."""
    own = path.resolve()
    return find(home, own.name) if own.parent == home.root / "essays" and (own / "intake.sums").is_file() else None


def _gather(path: Path, response: Path | None) -> dict[str, bytes]:
    """The files that arrived, by the names they will have. Raises `Refused` with all that is wrong."""
    arrived: dict[str, bytes] = {}
    if path.is_dir():
        known = {*_NAMES, "editors", "README.md"}
        strange = sorted(p.name for p in path.glob("*") if p.name not in known and not p.name.startswith("."))
        ours = {"nonce", "intake.sums", "private.nonce", "private.sums", "reviews"}
        ours |= {SAMPLING} if "intake.sums" in strange else set()
        filed = [name for name in strange if name in ours]
        if strange and strange != filed:
            what = f"expected only {', '.join(_NAMES)}, found {', '.join(strange)}"
            raise Refused([Problem(str(path), what, "take the others out; what is said about a text goes to editors/")])
        arrived = {name: _bytes(path / name, "a file") for name in _NAMES if (path / name).exists()}
    elif path.suffix == ".json":
        arrived["response.json"] = _bytes(path, "an essay, a response or a folder")
    else:
        arrived["essay.md"] = _bytes(path, "an essay, a response or a folder")
    if response:
        arrived["response.json"] = _bytes(response, "the API response, a file")
    if "response.json" in arrived:
        _cut(arrived, path)
    if "essay.md" not in arrived:
        raise Refused([Problem(str(path), "expected essay.md or response.json in it, found neither", "")])
    if not arrived["essay.md"]:
        raise Refused([Problem(str(path), "the essay is empty: a hash of nothing proves nothing", "submit the text")])
    return arrived


def _bytes(path: Path, expected: str) -> bytes:
    """Of a file, never of a pipe that nobody writes to. Raises `Error`."""
    found = "a folder" if path.is_dir() else "a device or a pipe" if path.exists() else "nothing there"
    try:
        if path.is_file():
            return path.read_bytes()
    except OSError as error:
        found = f"one that cannot be read ({error.strerror})"
    raise Error(f"{path}: expected {expected}, found {found}")


def _cut(arrived: dict[str, bytes], path: Path) -> None:
    from archive.importers.response import essay_text

    text = essay_text(arrived["response.json"])
    if arrived.setdefault("essay.md", text) != text:
        given = arrived["essay.md"]
        at = next((i for i, (a, b) in enumerate(zip(given, text, strict=False)) if a != b), min(len(given), len(text)))
        what = (
            f"expected exactly the text of the response ({len(text)} bytes, SHA-256 {sums.digest(text)}), "
            f"found {len(given)} bytes that differ from byte {at}"
        )
        raise Refused([Problem(str(path / "essay.md"), what, "submit the response alone: the essay is cut from it")])


def _private(record: bytes) -> bool:
    """Whether the exchange must stay private; an essay.toml that cannot be read yet cannot say that it may not."""
    table = parse(record, "essay.toml")
    return isinstance(table, list) or table.get("exchange", "public") != "public"


def form(arrived: dict[str, bytes], *, model: str | None, title: str | None, title_by: str | None) -> str:
    """``essay.toml`` filled in as far as what arrived says; what is left empty must be said before publishing."""
    asked = _json(arrived.get("request.json"))
    answered = _json(arrived.get("response.json"))
    messages = asked.get("messages")
    users = [m for m in messages if isinstance(m, dict)] if isinstance(messages, list) else []
    single = len(users) == 1 and isinstance(users[0].get("content"), str)
    settings = [f"{key} {asked[key]}" for key in ("temperature", "top_p", "max_tokens") if key in asked]
    system = asked.get("system")
    said_model = answered.get("model")
    values: dict[str, Any] = {
        "model": model or (said_model if isinstance(said_model, str) else ""),
        "title": title or "",
        "title_by": title_by or ("staff" if title else ""),
        "prompt": users[0]["content"] if single else "",
        "context": [f"System prompt: {system}"] if isinstance(system, str) else [],
        "sampling": ", ".join(settings),
        "candidates": 0,
        "selection": "",
        "topic_by": "",
    }
    return filled_in(values)


def filled_in(values: Mapping[str, Any], *more: str) -> str:
    """``essay.toml`` with these values, and `more` said at its head."""
    said = ["How this text was made. Every key is shown to readers; nothing may stay blank.", *more]
    lines = [*(f"# {line}" for line in said), "format = 1"]
    for key, value in values.items():
        lines += [f"\n# {BELONGS[key]}" if key in BELONGS else "", f"{key} = {toml(value)}"]
    return "\n".join(lines) + "\n"


def _json(data: bytes | None) -> dict[str, Any]:
    try:
        value = json.loads(data or b"{}")
        json.dumps(value, ensure_ascii=False).encode()  # half a character can stand in JSON, and in no TOML
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
