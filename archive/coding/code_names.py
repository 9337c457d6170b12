"""What our codes are called in programs for coding, where every value of a code is a code of its own.

==============================  ================================================================================
``elicitation``                 the code; it holds its values and is given to no words itself
``elicitation = spontaneous``   one of its values
``themes@1/attachment = some``  the same of a codebook
``loaded_terms``                a code without a list of values; what was written stands in the memo
``note``                        a remark without a code
``claim``, ``preference``       words that an analysis or a preference rests on; they are not notes
==============================  ================================================================================

A name is unique in a project, since QualCoder knows codes by nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.coding.guid import guid
from archive.records.codes import CODES
from archive.records.field import Field
from archive.records.notes import Coded
from archive.records.values import SILENCES

REMARK = "note"
READINGS = {"claim": "Words that a claim of an analysis rests on", "preference": "Words in which a wish was voiced"}
READING = "readings"
"""Under which these stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A code as a program for coding lists it."""

    name: str
    means: str
    codable: bool
    """Whether words can be coded with it, or it only holds others."""
    guid: str
    inner: "tuple[Node, ...]" = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code of such a program is here: a value of a field, or the field itself (`value` is empty)."""

    field: Field
    value: str = ""


def name_of(coded: Coded) -> str:
    """What a code on a turn is called there."""
    return coded.code if coded.field.shape == "text" else valued(coded.field, coded.value)


def valued(field: Field, value: str) -> str:
    """``elicitation = spontaneous``"""
    return f"{field.name} = {value}"


def code_guid(origin: str, name: str, field: Field | None = None) -> str:
    """That of a code by its name; one of the vocabulary has the same in every archive, of whatever `origin`."""
    return guid("code", origin if field and field.codebook else "", name)


def tree(origin: str, codes: Iterable[Field], used: Iterable[str], titles: dict[str, str]) -> list[Node]:
    """All codes as nested ones: the vocabulary by its headings, then each codebook; `used` are names in the notes.

    A silence such as ``not_applicable`` is listed where it was given. `titles` has those of codebooks.
    """
    given = set(used)
    groups: dict[tuple[str, str], list[Node]] = {}
    for field in codes:
        heading = (field.codebook, titles.get(field.codebook, "")) if field.codebook else (field.heading, "")
        groups.setdefault(heading, []).append(_node(origin, field, given))
    nodes = [_holding(origin, *heading, inner) for heading, inner in groups.items()]
    readings = [
        Node(name=name, means=means, codable=True, guid=code_guid("", name)) for name, means in READINGS.items()
    ]
    remark = Node(name=REMARK, means="A remark without a code", codable=True, guid=code_guid("", REMARK))
    return [*nodes, _holding("", READING, "What analyses and preferences quote", readings), remark]


def _holding(origin: str, name: str, means: str, inner: Iterable[Node]) -> Node:
    return Node(name=name, means=means, codable=False, guid=guid("codes", origin, name), inner=tuple(inner))


def _node(origin: str, field: Field, given: set[str]) -> Node:
    own = code_guid(origin, field.name, field)
    if field.shape == "text":
        return Node(name=field.name, means=field.means, codable=True, guid=own)
    silent = {word: means for word, means in SILENCES.items() if valued(field, word) in given}
    inner = tuple(
        Node(name=name, means=means, codable=True, guid=code_guid(origin, name, field))
        for value, means in {**field.values, **silent}.items()
        for name in [valued(field, value)]
    )
    return Node(name=field.name, means=field.means, codable=False, guid=own, inner=inner)


def meanings(origin: str, codes: Iterable[Field]) -> dict[str, Meaning]:
    """What each code of ours means, by its name and by its GUID."""
    found: dict[str, Meaning] = {}
    for field in codes:
        for name, meaning in _named(field):
            found[name] = found[code_guid(origin, name, field)] = meaning
    return found


def _named(field: Field) -> Iterator[tuple[str, Meaning]]:
    yield field.name, Meaning(field)
    if field.shape != "text":
        for value in (*field.values, *SILENCES):
            yield valued(field, value), Meaning(field, value)


def headings() -> set[str]:
    """What only holds codes of ours, by name."""
    return {READING, *(field.heading for field in CODES.values())}
