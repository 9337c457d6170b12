"""What was said, turn by turn: the values every importer makes, and ``turns.jsonl``, where they are kept.

The first line of ``turns.jsonl`` names who read the received file and what was lost; each further line is one turn::

    {"format":1,"importer":"anthropic-messages","version":1,"interviews":1,"lost":{"image":2}}
    {"interview":1,"turn":1,"role":"user","text":"Is there anything you would want?"}

Lines are compact JSON in UTF-8 and end in ``\\n``; characters stand for themselves. Keys come in the order of `Turn`,
those without a value are left out; the kinds of `lost` are sorted. Interviews come in order, and so do the turns of
each, from 1. A file in any other form is refused, so the same turns always make the same bytes.
"""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from archive.errors import Malformed, Problem, Refused

Role = Literal["system", "user", "assistant", "tool"]
ROLES: tuple[str, ...] = get_args(Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One utterance of one interview. Positions in `text` count Unicode code points."""

    interview: int
    """1-based number of the interview in its deposit."""
    turn: int
    """1-based number in its interview, in the order of the received file; where a conversation branches, the thread
    that was kept comes first, then the others."""
    role: Role
    text: str
    """Visible words, unchanged; text blocks of one message are joined with a blank line (``\\n\\n``), and a message is
    cut into turns where a tool's result or a pasted document stands in it. Of a tool: what came back. Empty where a
    turn has no words, as one that only calls a tool."""
    reasoning: str | None = None
    """What the model thought before it spoke, joined likewise."""
    tool_calls: tuple[Mapping[str, Any], ...] | None = None
    """What the model called: ``{"id":…,"name":…,"arguments":…}`` each, the arguments as received, object or string; a
    call whose result stands in the same message has it as ``result``."""
    tool_result: Mapping[str, Any] | None = None
    """Which call a tool's turn answers, ``{"id":…}``; with ``"error":true`` where it failed, and with ``content``
    where the result was data; its words are `text`."""
    name: str | None = None
    """Who or what spoke, where the file says more than the role: a speaker, a tool, a pasted document."""
    time: str | None = None
    """RFC 3339, only where the received file says it."""
    model: str | None = None
    """Who answered, where the received file says it turn by turn."""
    parent: int | None = None
    """The turn it follows, 0 for none; only where that is not the turn before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the program that held an interview wrote down of it, as it was held."""

    protocol: str = ""
    """``retirement-interview@1``"""
    kind: str = ""
    run: str = ""
    """What holds of this run alone: its number, the order that was drawn, versions, tokens, cost. Never compared."""
    codes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Turn → codes, as a coder gives them: which question it puts, in which words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """All that an importer read in one received file (or exchange)."""

    importer: str
    version: int
    turns: Sequence[Turn]
    """In memory, or on disk as in `archive.importers.kept`."""
    interviews: int
    lost: Mapping[str, int] = field(default_factory=dict)
    """What the received file holds and `turns` does not, by kind, counted: ``{"image": 2}``."""
    context: tuple[Mapping[str, str], ...] = ()
    """For each interview, what the file itself says of the setting: context-bias field → value (for prefilling).
    Not kept in ``turns.jsonl``; `decode` leaves it, `model`, `date` and `title` empty."""
    model: tuple[str | None, ...] = ()
    """For each interview, the model that answered, by its maker's id, where the file says it."""
    date: tuple[str | None, ...] = ()
    """For each interview, its first date (YYYY-MM-DD), where the file says it."""
    title: tuple[str, ...] = ()
    """For each interview, what the file calls it, in one line; empty where it has no title."""
    held: tuple[Held | None, ...] = ()
    """For each interview, what the program that held it wrote down of it, where one did."""


# ── turns.jsonl ──────────────────────────────────────────────────────────────────────────────────────────────────────


def encode(transcript: Transcript) -> bytes:
    """The bytes of ``turns.jsonl``; `decode` gives the turns back, and from these come the same bytes.

    Raises `Refused` where a text holds half a surrogate pair, which no UTF-8 file can hold.
    """
    return b"".join((first(transcript), *map(line, transcript.turns)))


def first(transcript: Transcript) -> bytes:
    """The line that names the importer, with its ``\\n``."""
    return _line(_head(transcript), "turns.jsonl:1")


def line(turn: Turn) -> bytes:
    """One turn as it stands in ``turns.jsonl``, with its ``\\n``."""
    return _line(_said(turn), f"interview {turn.interview}, turn {turn.turn}")


def decode(data: bytes) -> Transcript:
    """The turns that the bytes of a ``turns.jsonl`` hold. Raises `Malformed`, naming the line."""
    rows = io.BytesIO(data)
    transcript = head(rows.readline())
    return replace(transcript, turns=tuple(each(enumerate(rows, start=2), transcript.interviews)))


def head(row: bytes) -> Transcript:
    """What the first line says, without turns. Raises `Malformed`."""
    said = _parsed(row, 1)
    if set(said) != set(_HEAD) or said["format"] != 1 or not all(_HEAD[key](said[key]) for key in _HEAD):
        raise Malformed("line 1: expected the line that names the importer, in format 1")
    transcript = Transcript(
        importer=said["importer"], version=said["version"], interviews=said["interviews"], lost=said["lost"], turns=()
    )
    _expect_form(_head(transcript), row, 1)
    return transcript


def each(rows: Iterable[tuple[int, bytes]], interviews: int) -> Iterator[Turn]:
    """The turns of numbered lines, one by one. Raises `Malformed`, naming the line."""
    interview, last = 0, 0
    for number, row in rows:
        found = turn(row, number)
        follows = found.interview == interview and found.turn == last + 1
        begins = interview < found.interview <= interviews and found.turn == 1
        if not (follows or begins) or (found.parent is not None and found.parent >= found.turn - 1):
            raise Malformed(f"line {number}: is out of order")
        interview, last = found.interview, found.turn
        yield found


def turn(row: bytes, number: int) -> Turn:
    """The turn in one line, whose `number` problems name. Raises `Malformed`."""
    value = _parsed(row, number)
    for key, said in value.items():
        if key not in _TURN or not _TURN[key](said):
            raise Malformed(f"line {number}: {key!r} is no key of a turn, or has a value it cannot have")
    if missing := [key for key in ("interview", "turn", "role", "text") if key not in value]:
        raise Malformed(f"line {number}: has no {missing[0]!r}")
    if "tool_calls" in value:
        value["tool_calls"] = tuple(value["tool_calls"])
    found = Turn(**value)
    _expect_form(_said(found), row, number)
    return found


_KEYS = tuple(f.name for f in fields(Turn))
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_Check = Callable[[Any], bool]


def _whole(least: int) -> _Check:
    return lambda value: type(value) is int and value >= least


def _text(value: object) -> bool:
    return isinstance(value, str)


def _object(value: object) -> bool:
    return isinstance(value, dict)


_HEAD: Mapping[str, _Check] = {
    "format": _whole(1),
    "importer": _text,
    "version": _whole(1),
    "interviews": _whole(1),
    "lost": lambda value: isinstance(value, dict) and all(map(_whole(1), value.values())),
}
_TURN: Mapping[str, _Check] = {
    "interview": _whole(1),
    "turn": _whole(1),
    "role": lambda value: value in ROLES,
    "text": _text,
    "reasoning": _text,
    "tool_calls": lambda value: isinstance(value, list) and all(map(_object, value)),
    "tool_result": _object,
    "name": _text,
    "time": _text,
    "model": _text,
    "parent": _whole(0),
}


def _head(transcript: Transcript) -> dict[str, Any]:
    return {
        "format": 1,
        "importer": transcript.importer,
        "version": transcript.version,
        "interviews": transcript.interviews,
        "lost": dict(sorted(transcript.lost.items())),
    }


def _parsed(row: bytes, number: int) -> dict[str, Any]:
    try:
        value = json.loads(row.decode())
    except (ValueError, RecursionError):
        raise Malformed(f"line {number}: expected one JSON object in UTF-8") from None
    if not isinstance(value, dict):
        raise Malformed(f"line {number}: expected one JSON object in UTF-8")
    return value


def _said(turn: Turn) -> dict[str, Any]:
    return {key: value for key in _KEYS if (value := getattr(turn, key)) is not None}


def _expect_form(value: Mapping[str, Any], row: bytes, number: int) -> None:
    try:
        same = _line(value, "") == row
    except (ValueError, RecursionError, Refused):
        same = False
    if not same:
        raise Malformed(f"line {number}: is not written in the one form that turns.jsonl has")


def _line(value: Mapping[str, Any], place: str) -> bytes:
    try:
        return _JSON.encode(value).encode() + b"\n"
    except UnicodeEncodeError as error:
        half = f"half a surrogate pair (U+{ord(error.object[error.start]):04X})"
        what = f"holds {half}, which stands for no character and fits in no UTF-8 file"
        raise Refused([Problem(place, what, "export it again; the character was cut in two")]) from None
