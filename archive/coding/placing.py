"""Where a selection stands in our text of an interview, however the program that made it counts.

Programs count positions in Unicode code points (the standard, QualCoder's imports) or in UTF-16 units (what is coded in
Qt's or .NET's text fields), with ``\\r\\n`` as one character or as two. Whatever way is right gives the words that the
selection is called by. A text that was edited is found again by the words. What this does not settle is not guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.characters import carried
from archive.coding.project import Selection, Source
from archive.coding.source_text import SourceText, Span, lines
from archive.wording import shorten

_CONTEXT = 32
"""Characters before and after that are looked at first where words stand more than once."""
_WIDEST = 4096
_CUT = " … "


@dataclass(frozen=True, slots=True)
class Lost:
    """A selection that has no sure place, and why."""

    found: str
    remedy: str = ""


class Placing:
    """Finds the selections of one text of theirs in ours. Lives as long as that is read."""

    def __init__(self, theirs: Source, ours: SourceText, *, standard: bool = False) -> None:
        """`standard` where it is known that positions are code points over lines that end in ``\\n``."""
        self._ours = ours.text
        self._raw = theirs.text
        self._text = lines(theirs.text)
        self._ways: dict[str, list[int]] = {"characters": []} if standard else _ways(self._raw, self._text)
        self._same = self._text == self._ours
        told = [agreed for each in theirs.selections if (agreed := self._agreeing(each)) is not None]
        self._file = set.intersection(*told) if told else set()
        """The ways of counting in which all selections are what they are called."""

    def find(self, chosen: Selection) -> Span | Lost:
        """Where a selection stands in our text."""
        if chosen.end <= chosen.start:
            return Lost("selects nothing")
        spans = {way: span for way in self._ways if (span := self._span(chosen, way)) is not None}
        if not spans:
            return Lost(f"ends at {chosen.end:,}, behind the text's {len(self._text):,} characters")
        agreeing = self._agreeing(chosen) or {*spans}
        sure = {spans[way] for way in agreeing}
        if len(sure) > 1:
            sure = {spans[way] for way in agreeing & self._file} or sure
        if len(sure) > 1:
            words = " or ".join(f"“{shorten(self._text[a:b], 30)}”" for a, b in sorted(sure))
            remedy = "nothing says how positions count here; take such characters as emoji, or \\r, out of the text"
            return Lost(f"may be {words}", remedy)
        span = sure.pop()
        return span if self._same else self._again(span)

    def _agreeing(self, chosen: Selection) -> set[str] | None:
        """The ways of counting by which it is what it is called; None where its name says nothing."""
        spans = ((way, self._span(chosen, way)) for way in self._ways)
        words = {way: self._text[span[0] : span[1]] for way, span in spans if span}
        for called in (_exactly, _plainly, _begins):
            if agreeing := {way for way, said in words.items() if called(said, chosen.name)}:
                return agreeing
        return None

    def _span(self, chosen: Selection, way: str) -> Span | None:
        places = self._ways[way]
        if chosen.end > (len(places) - 1 if places else len(self._text)):
            return None
        if not places:
            return chosen.start, chosen.end
        start, end = places[chosen.start], places[chosen.end]
        return None if start < 0 or end < 0 else (start, end)

    def _again(self, span: Span) -> Span | Lost:
        """Words of an edited text in ours: where they stand once, or once between what stands around them."""
        start, end = span
        words, context = self._text[start:end], 0
        if not words.strip():
            return Lost("selects nothing but blank space")
        while True:
            before, after = self._text[max(0, start - context) : start], self._text[end : end + context]
            found = [*_all(f"{before}{words}{after}", self._ours)]
            if len(found) == 1:
                return found[0] + len(before), found[0] + len(before) + len(words)
            if not found or context >= _WIDEST:
                what = "do not stand in the interview" if not (found or context) else "stand there more than once"
                remedy = "the text was edited in the program: select them again in a text that it was not"
                return Lost(f"its words “{shorten(words)}” {what}", remedy)
            context = context * 2 or _CONTEXT


def named(words: str, most: int | None = 120) -> str:
    """What a selection of these words is called: they in one line, of long ones beginning and end."""
    line = carried(" ".join(words.split()))
    return line if most is None or len(line) <= most else f"{line[: most // 2]}{_CUT}{line[-most // 3 :]}"


def _exactly(words: str, name: str) -> bool:
    """Whether a name is these words, as an attribute of XML has them."""
    return carried(re.sub(r"[\t\n\r]", " ", words)) == name


def _plainly(words: str, name: str) -> bool:
    """Whether it is, whatever space is between them."""
    return named(words, None) == named(name, None)


def _begins(words: str, name: str) -> bool:
    """Whether words can be called so: by how they begin, or by how they begin and end."""
    words, name = named(words, None), named(name, None)
    cuts = (found.start() for found in re.finditer(_CUT, name))
    both = any(words.startswith(name[:cut]) and words.endswith(name[cut + len(_CUT) :]) for cut in cuts)
    head = name.rstrip("….").rstrip()
    return both or bool(head and words.startswith(head))


def _all(words: str, text: str) -> Iterator[int]:
    """Where `words` stand in `text`, twice at most."""
    first = text.find(words)
    if first >= 0:
        yield first
        if (second := text.find(words, first + 1)) >= 0:
            yield second


def related(theirs: Source, ours: SourceText) -> bool:
    """Whether their text is ours, if edited: at least half of our lines stand in it."""
    said, wanted = ({line.strip() for line in lines(text).split("\n")} - {""} for text in (theirs.text, ours.text))
    return 2 * len(wanted & said) >= len(wanted)


def _ways(raw: str, text: str) -> dict[str, list[int]]:
    """Way of counting → for each of its positions the place in `text`, -1 within a character; empty if it is the same.

    Only ways that differ: most texts have neither ``\\r\\n`` nor characters beyond the first plane.
    """
    found: dict[str, list[int]] = {"characters": []}
    if not text.isascii() and max(text) > "\uffff":
        found["UTF-16"] = _units(text)
    if "\r\n" in raw:
        within = _folded(raw)
        found["characters, two a line end"] = within
        if "UTF-16" in found:
            found["UTF-16, two a line end"] = [within[at] if at >= 0 else -1 for at in _units(raw)]
    return found


def _units(text: str) -> list[int]:
    places: list[int] = []
    for place, character in enumerate(text):
        places += [place, -1] if character > "\uffff" else [place]
    return [*places, len(text)]


def _folded(raw: str) -> list[int]:
    """For each place of `raw`, that in the text whose lines end in one character."""
    places, less = [], 0
    for place, character in enumerate(raw):
        places.append(place - less)
        less += character == "\r" and raw[place + 1 : place + 2] == "\n"
    return [*places, len(raw) - less]
