"""A version of a protocol or a codebook that is being written: its file as fields of a form, and back.

The fields go by the way to a value: ``title``, ``consent.text``, ``question.2.topic``. The entry after the last is
blank, for one more.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.desk.ask import Form
from archive.desk.models.keys import CODE, CODEBOOK, CONSENT, PROTOCOL, QUESTION, Key
from archive.errors import Problem
from archive.records.places import Place
from archive.records.typed import text_of

_LISTS = ("yes", "no")
_OPTIONAL = ("ending", "probing", "hopeful", "discouraging", "group")
"""What is taken out of the file where it is blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """What is versioned."""

    name: str
    """``protocol``"""
    head: tuple[Key, ...]
    consent: tuple[Key, ...]
    """Empty where nobody is asked."""
    entry: str
    """Its list of tables: ``question``."""
    keys: tuple[Key, ...]
    """Of an entry."""


SORTS = {
    "protocols": Sort(name="protocol", head=PROTOCOL, consent=CONSENT, entry="question", keys=QUESTION),
    "codebooks": Sort(name="codebook", head=CODEBOOK, consent=(), entry="code", keys=CODE),
}

Table = Mapping[str, Any]


def entries(sort: Sort, table: Table) -> list[Table]:
    """Its questions or codes, as far as they are tables."""
    found = table.get(sort.entry)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _consent(table: Table) -> Table:
    found = table.get("consent")
    return found if isinstance(found, Mapping) else {}


def fields(sort: Sort, table: Table) -> dict[str, str]:
    """What stands in each field."""
    found = {key.name: _text(table, key) for key in sort.head}
    found |= {f"consent.{key.name}": _text(_consent(table), key) for key in sort.consent}
    for number, entry in enumerate(entries(sort, table)):
        found |= {f"{sort.entry}.{number}.{key.name}": _text(entry, key) for key in sort.keys}
    return found


def _text(table: Table, key: Key) -> str:
    value = table.get(key.name)
    if key.name == "values" and isinstance(value, Mapping):
        return "\n".join(f"{word}: {means}" for word, means in value.items())
    return text_of(value)


def changes(sort: Sort, table: Table, said: Form) -> dict[Place, Any]:
    """What is to be written so that the file says what the fields do; what was put away goes last."""
    held = entries(sort, table)
    found: dict[Place, Any] = {}
    for key in sort.head:
        found |= _change((key.name,), key, table, said[key.name])
    for key in sort.consent:
        found |= _change(("consent", key.name), key, _consent(table), said[f"consent.{key.name}"])
    if sort.consent and not any(said[f"consent.{key.name}"].strip() for key in sort.consent):
        found = {place: value for place, value in found.items() if place[0] != "consent"}
        found |= {("consent",): None} if "consent" in table else {}
    for number, entry in enumerate(held):
        for key in sort.keys:
            place = (sort.entry, number, key.name)
            found |= _change(place, key, entry, said[f"{sort.entry}.{number}.{key.name}"])
    more = f"{sort.entry}.{len(held)}."
    if any(said[more + key.name].strip() for key in sort.keys if key.shape != "choice"):
        for key in sort.keys:
            blank = key.name not in (*_OPTIONAL, "values")
            found |= _change((sort.entry, len(held), key.name), key, {}, said[more + key.name], blank=blank)
    gone = [number for number in range(len(held)) if said[f"{sort.entry}.{number}.away"]]
    found = {place: value for place, value in found.items() if place[0] != sort.entry or place[1] not in gone}
    return found | {(sort.entry, number): None for number in reversed(gone)}


def _change(place: Place, key: Key, table: Table, text: str, *, blank: bool = False) -> dict[Place, Any]:
    """One field, where it says something else than the file."""
    text = text.strip()
    if text == _text(table, key).strip() and not (blank and key.name not in table):
        return {}
    if key.name == "values":
        return _values(place, table, text)
    if key.name in _LISTS:
        return {place: [line.strip() for line in text.split("\n") if line.strip()]}
    return {place: None if not text and key.name in _OPTIONAL else text}


def _values(place: Place, table: Table, text: str) -> dict[Place, Any]:
    """All anew: their order means something."""
    pairs = [line.partition(":") for line in text.split("\n") if line.strip()]
    gone: dict[Place, Any] = {place: None} if "values" in table else {}
    return gone | {(*place, word.strip()): means.strip() for word, _, means in pairs}


def placed(sort: Sort, problems: Sequence[Problem]) -> tuple[dict[str, Problem], list[Problem]]:
    """Problems by the field they are about, and those that are about none."""
    at: dict[str, Problem] = {}
    others = []
    for problem in problems:
        name = next((name for name in _named(sort, problem.place) if name not in at), "")
        if name:
            at[name] = problem
        else:
            others.append(problem)
    return at, others


def _named(sort: Sort, place: str) -> Iterator[str]:
    if found := re.search(rf"\[\[{sort.entry}\]\] ([1-9]\d*)(?: (\w+))?", place):
        yield f"{sort.entry}.{int(found[1]) - 1}.{found[2] or 'id'}"
    elif found := re.search(r"\[consent\](?: (\w+))?", place):
        yield f"consent.{found[1] or 'text'}"
    else:
        last = place.rpartition(" ")[2]
        yield from (key.name for key in sort.head if key.name == last)
