"""Which words of ``turns.jsonl`` a deposit's marks cover, and where such words can still be read in it.

Words are those of the commitment (`archive.register.redaction`): a mark that cuts one covers all of it.
"""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.records.redactions import Redaction, standing_anyhow, words
from archive.register import redaction
from archive.register.redaction import BAR

PARTS = ("text", "reasoning", "tool_calls", "tool_result", "name")
"""Of a turn, what people and models said: only there words are covered. The rest of a line says who spoke, and when."""
_AROUND = 30
"""Characters that are shown before and after."""


@dataclass(frozen=True, slots=True)
class Said:
    """One string of a turn."""

    part: str
    text: str
    spans: tuple[tuple[int, int, int], ...]
    """Of each word: the place in the line's words, where it begins in `text` after its white space, where it ends.

    None of a number, which cannot be covered.
    """

    def touched(self, start: int, end: int) -> tuple[list[int], int, int]:
        """The words that a stretch of `text` touches, and where they begin and end."""
        first = bisect_right(self.spans, start, key=lambda span: span[2])
        last = bisect_left(self.spans, end, key=lambda span: span[1])
        over = self.spans[first:last]
        return [place for place, _, _ in over], over[0][1] if over else start, over[-1][2] if over else end

    def place(self, turn: str, start: int, end: int) -> "Place":
        """A stretch of `text`, to be shown."""
        before = self.text[max(0, start - _AROUND) : start]
        around = f"{'…' if start > _AROUND else ''}{before}{self.text[start : end + _AROUND]}"
        around = " ".join(around.split()) + ("…" if end + _AROUND < len(self.text) else "")
        part = self.part if self.spans else f"{self.part} (a number, which cannot be covered)"
        return Place(turn, part, self.text[start:end], (start, end), around)


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: ``1#12``, ``text``, and them with what stands around."""

    turn: str
    part: str
    words: str
    """As they stand there, whole words."""
    span: tuple[int, int]
    """Where in that part, in code points; a part other than text and reasoning has many strings."""
    around: str
    """With a little before and after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What all marks of a deposit come to."""

    hidden: Mapping[int, Mapping[int, frozenset[str]]]
    """Line → word → the reasons for which it is hidden."""
    places: tuple[tuple[Redaction, Place], ...]
    """Where each mark covers something, in the order of the turns."""
    missing: tuple[Redaction, ...]
    """Marks whose words do not stand where they say."""
    cut: tuple[Place, ...]
    """Where a mark cut a word, and all of it is covered."""
    still: tuple[Place, ...]
    """Where the same words can still be read, however they are written there."""

    @property
    def count(self) -> int:
        """How many words are hidden."""
        return sum(map(len, self.hidden.values()))

    def reasons(self, line: int) -> tuple[tuple[str, ...], ...]:
        """The codes for each run of hidden words of a line."""
        found: list[set[str]] = []
        before = -2
        for place, codes in sorted(self.hidden.get(line, {}).items()):
            if place != before + 1:
                found.append(set())
            found[-1] |= codes
            before = place
        return tuple(tuple(sorted(codes)) for codes in found)


@dataclass
class _Marked:
    """What was found so far."""

    hidden: dict[int, dict[int, frozenset[str]]] = field(default_factory=lambda: defaultdict(dict))
    places: list[tuple[Redaction, Place]] = field(default_factory=list)
    cut: list[Place] = field(default_factory=list)
    still: list[Place] = field(default_factory=list)
    met: set[int] = field(default_factory=set)


def cover(lines: Iterable[bytes], marks: Sequence[Redaction]) -> Covered:
    """What `marks` cover of the lines of a ``turns.jsonl``."""
    found, needles = _Marked(), _needles(marks)
    for number, line in enumerate(lines):
        if number and _may_hold(line, needles):
            _mark(found, number, line, _address(line), marks)
    return Covered(
        hidden=dict(found.hidden),
        places=tuple(found.places),
        missing=tuple(mark for number, mark in enumerate(marks) if number not in found.met),
        cut=tuple(found.cut),
        still=tuple(found.still),
    )


def _needles(marks: Sequence[Redaction]) -> list[list[str]]:
    """Words of which a line must hold all of one row to be looked at, in lower case."""
    forms = [form for mark in marks for text in _forms(mark.text) for form in (text, json.dumps(text)[1:-1])]
    return [[word.casefold() for word in words(form)] for form in dict.fromkeys(forms)]


def _may_hold(line: bytes, needles: Sequence[Sequence[str]]) -> bool:
    text = line.decode().casefold()
    return any(all(word in text for word in row) for row in needles)


def _mark(found: _Marked, number: int, line: bytes, turn: str, marks: Sequence[Redaction]) -> None:
    strings = list(said(line))
    interview, own = map(int, turn.split("#"))
    hidden: dict[int, frozenset[str]] = {}
    for n, mark in enumerate(marks):
        if not mark.holds(interview, own):
            continue
        spans = [(each, *span) for each in strings for span in _spans(mark.text, each.text)]
        for each, start, end in spans[mark.occurrence - 1 :][:1] if mark.occurrence else spans:
            covers, *whole = each.touched(start, end)
            hidden |= {word: hidden.get(word, frozenset()) | {mark.reason} for word in covers}
            if not covers:
                continue
            found.met.add(n)
            place = each.place(turn, *whole)
            found.places.append((mark, place))
            if words(place.words) != words(each.text[start:end]):
                found.cut.append(place)
    if hidden:
        found.hidden[number] = hidden
    found.still += _still(strings, turn, marks, hidden)


def seen(lines: Iterable[bytes], covered: Covered) -> Iterator[Place]:
    """Every string of which words are covered, as others see it, around its first bar."""
    for number, line in enumerate(lines):
        hidden = covered.hidden.get(number, {})
        for each in said(line) if hidden else ():
            bars = [span for span in each.spans if span[0] in hidden]
            text, shift = each.text, 0
            for _, start, end in bars:
                text = text[: start + shift] + BAR + text[end + shift :]
                shift += len(BAR) - (end - start)
            if bars:
                first, last = text.index(BAR), text.rindex(BAR) + 1
                yield Said(each.part, text, each.spans).place(_address(line), first, last)


def _address(line: bytes) -> str:
    """``1#12``"""
    turn = json.loads(line)
    return f"{turn['interview']}#{turn['turn']}"


def said(line: bytes) -> Iterator[Said]:
    """The strings of a turn that may be covered, in their order: keys of objects among them, not those of the turn.

    Numbers stand among them without words: where one is part of what a tool was called with, it cannot be covered.
    """
    split = redaction.split(line)
    depth, inside, part, begun = 0, False, "", 0
    for place, word in enumerate(split):
        if not redaction.delimits(word):
            if inside:
                continue
            before = depth
            depth += sum(map(word.count, (b"{", b"["))) - sum(map(word.count, (b"}", b"]")))
            if max(before, depth) > 1 and part in PARTS and any(c in b"0123456789" for c in word):
                yield Said(part, word.decode(), ())
        elif not inside:
            inside, begun = True, place + 1
        else:
            inside = False
            if depth == 1 and split[place + 1].startswith(b":"):
                part = b"".join(split[begun:place]).decode()
            elif part in PARTS:
                yield _string(part, split[begun:place], begun)


def _string(part: str, raw: Sequence[bytes], begun: int) -> Said:
    text, spans = "", []
    for place, word in enumerate(raw, begun):
        read = json.loads(b'"' + word + b'"', strict=False)
        inner = len(read) - len(read.lstrip(" \t\r\n\f\v"))
        spans.append((place, len(text) + inner, len(text) + len(read)))
        text += read
    return Said(part, text, tuple(spans))


def _spans(exact: str, text: str) -> list[tuple[int, int]]:
    """Where exact words stand, and where they stand as JSON writes them, for what is a string in a string."""
    forms = {exact, json.dumps(exact)[1:-1], json.dumps(exact, ensure_ascii=False)[1:-1]}
    found = set()
    for form in forms:
        start = text.find(form)
        while start >= 0:
            found.add((start, start + len(form)))
            start = text.find(form, start + 1)
    return sorted(found)


# ── what can still be read ───────────────────────────────────────────────────────────────────────────────────────────


def _still(
    strings: Sequence[Said], turn: str, marks: Sequence[Redaction], hidden: Mapping[int, object]
) -> Iterator[Place]:
    """Where words like the marks' can still be read in a turn; names by their single words too."""
    forms = [standing_anyhow(text) for text in dict.fromkeys(form for mark in marks for form in _forms(mark.text))]
    for each in strings:
        found: list[tuple[int, int]] = []
        for start, end in sorted(match.span() for form in forms for match in form.finditer(each.text)):
            places, *whole = each.touched(start, end)
            if not (places and hidden.keys() >= {*places}):
                if found and whole[0] < found[-1][1]:
                    whole = [found[-1][0], max(whole[1], found.pop()[1])]
                found.append((whole[0], whole[1]))
        yield from (each.place(turn, start, end) for start, end in found)


def _forms(text: str) -> list[str]:
    """The words as a whole; and each by itself that looks like a name or a number."""
    single = words(text)
    names = [word for word in single if len(word) > 1 and (word[0].isupper() or word[0].isdigit())]
    return [text, *(names if len(single) > 1 else ())]
