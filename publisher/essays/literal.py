"""Marks that a reader will see as marks, where the author very likely meant them for Markdown.

Markdown shows what it does not understand as it was typed: ``**never closed``, ``[a] (https://e.org)``, ``##Title``. So
does much that is meant to be seen: ``2 * 3``, ``snake_case``, ``word*`` with a footnote, ``*.md``, ``f**k``, ``#tag``.
The rules here tell the two apart by what stands beside a mark; in doubt they say nothing.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from publisher.essays import emphasis, links, tables
from publisher.essays.finding import Finding, grouped, quoted, times
from publisher.essays.source import Source


class Mark(NamedTuple):
    """One that was left as it was typed."""

    start: int
    end: int
    why: str


def marks(source: Source) -> Iterator[Finding]:
    """Each such mark, with the line as it is shown and why."""
    seen = Seen(source)
    rules = (seen.emphasis, seen.code, seen.struck, seen.brackets, seen.headings, seen.tables, seen.lists)
    found = [mark for rule in rules for mark in rule()]
    for (typed, why), places in grouped(((source.text[m.start : m.end], m.why), m.start) for m in found).items():
        line = seen.line(places[0])
        yield (
            places[0],
            f"{quoted(typed)} {why}; shown as typed{times(source, places)}"
            + (f": {quoted(line)}" if line != typed else ""),
        )


_PAIR = re.compile(r"(?<![*_])(\*{1,3}|_{1,3})([ \t]*)((?:(?![*_])[^\n]|\n(?!\s))+?)([ \t]*)\1(?![*_])")
_NAME = re.compile(r"\*+(?:\w*args\b|\w+\))")
_OPEN = re.compile(r"(?<![^\s(\[{“‘«\"'—–])\*\*\*?(?=[\w“‘«\"'(\[`\0])")
_FIRST = re.compile(r"(?:\A|\n)[*_][\w“‘«\"'(]")
_NOTE = re.compile(r"[\w.,;:!?)”’\"']\*\*(?!\w)")
_WORD = re.compile(r"[^\W\d_]{2}")
_SPACED = "is no emphasis to Markdown, since a space stands beside its marks within"
_BESIDE = "is no emphasis to Markdown, since a mark stands between punctuation and a letter, or within a word"

_BRACKETS = (
    (r"!?\[[^\[\]\n]{1,300}\]\(<?(?:https?:|mailto:|www\.|/|\.{1,2}/)[^()\n]*\)", "is no link to Markdown"),
    (r"!?\[[^\[\]\n]{1,300}\]\(https?://[^\s()]*(?=\s|\Z)", "is no link: its bracket is never closed"),
    (
        r"\[[^\[\]\n]{1,300}\][ \t\n]{1,3}\(<?(?:https?://|www\.)[^()\s]*\)",
        "is no link: a space parts text and address",
    ),
    (r"\([^()\n]{1,300}\)\[(?:https?://|www\.)[^\[\]\s]*\]", "is no link: its brackets are exchanged"),
    (r"(?<![\w\])])\[[^\[\]\n\d][^\[\]\n]{0,300}\]\[[^\[\]\n\d]?[^\[\]\n]*\]", "is no link: nothing gives its address"),
    (r"\[\^[^\[\]\s]{1,100}\]", "is a footnote in other programs, and none to CommonMark"),
    (r"(?<![\w!])!\[[^\[\]\n]{1,300}\](?![(\[])", "is no image: nothing gives its address"),
    (r"(?m)(?<=^[-*+] )\[[ xX]\](?=[ \t])", "is a box to tick in other programs, and none to CommonMark"),
)
_TABLE = re.compile(
    r"(?m)^[ \t>]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*$|^[ \t>]*\|[ \t]*-+[ \t]*\|$"
)
_DEEPER = re.compile(r"(?m)^ {0,3}(?:#{2,6}(?=[^\s#\0])|#{7,}(?=[ \t]))[^\n]*")
_TITLE = re.compile(r"(?m)(?<![^\n]\n)^ {0,3}#(?=[^\W\d_])[^#\n]*[ ][^#\n]*[^\s#.!?,;:…]$(?!\n[^\n])")
_ITEMS = re.compile(r"(?m)^[ \t]{0,3}([-*+])(?=[^\W\d_]|[“‘\"'(])[^\n]+(?:\n[ \t]{0,3}\1(?=[^\W\d_]|[“‘\"'(])[^\n]+)+")
_NUMBERED = re.compile(r"(?m)^[ \t]{0,3}\d{1,3}([.)])(?=[^\W\d_])[^\n]+(?:\n[ \t]{0,3}\d{1,3}\1(?=[^\W\d_])[^\n]+)+")


class Seen:
    """A text as far as it is shown as it was typed: all else is NUL, and every character keeps its place."""

    def __init__(self, source: Source) -> None:
        self.source = source
        gone = {*source.emphasis, *(at for start in source.escapes for at in (start, start + 1))}
        gone |= {at for met in source.links if not met.automatic for at in (met.start, met.tail - 1)}
        gone |= {met.start + 1 for met in source.links if met.image}
        self._prose = "".join("\0" if at in gone else c for at, c in enumerate(source.prose()))
        loose = set(source.loose)
        self._loose = "".join("\0" if c in "*_" and at not in loose else c for at, c in enumerate(self._prose))

    def line(self, offset: int) -> str:
        """The line in which a place is, about as a page shows it, from a little before that place."""
        start = offset - len(self.source.line_before(offset))
        end = self.source.text.find("\n", offset)
        before, after = self._prose[start:offset], self._prose[offset : end if end >= 0 else None]
        before = re.sub(r"^[ \t>]*(?:[-+*][ \t]+|#{1,6}[ \t]+)?", "", before)
        if len(before) > 24:
            before = f"…{before[-20:]}"
        return (before + after).replace("\0", "")

    def emphasis(self) -> Iterator[Mark]:
        """``**a.**b``, ``** a **``, ``**never closed``."""
        text, taken = self._loose, set[int]()
        for pair in _PAIR.finditer(text):
            if self._meant(pair):
                taken.update(range(*pair.span()))
                yield Mark(*pair.span(), _SPACED if pair[2] or pair[4] else _BESIDE)
        notes = [note.start() for note in _NOTE.finditer(text) if note.start() not in taken]
        for opening in _OPEN.finditer(text):
            start, end = opening.span()
            if start not in taken and not (notes and notes[0] < start) and not _NAME.match(text, start):
                yield Mark(start, end, "opens emphasis that its paragraph never closes")
        for start, end in pairwise(at for at in sorted(self.source.loose) if at not in taken):
            if _FIRST.match(text, max(start - 1, 0)) and text[start] == text[end] and self._ends_later(start, end):
                yield Mark(start, start + 1, "opens emphasis that its paragraph never closes")

    def _ends_later(self, start: int, end: int) -> bool:
        """Whether a mark is at the very end of a paragraph after that of another."""
        text = self._loose
        return "\n\n" in text[start:end] and not text[end - 1].isspace() and text[end + 1 : end + 2] in ("", "\n")

    def _meant(self, pair: "re.Match[str]") -> bool:
        """Whether two runs of marks and what stands between them were very likely meant as emphasis."""
        run, inner, text = pair[1], pair[3], self._loose
        before, after = text[pair.start() - 1 : pair.start()] if pair.start() else "", text[pair.end() : pair.end() + 1]
        cjk = any(map(emphasis.IS_CJK.match, (before, after, inner[:1], inner[-1:])))
        if not re.search(r"[^\W_]", inner) or re.match(r"[.,;:)\]}/=]", inner):
            return False
        if pair[2] or pair[4]:  # ``a ** b ** c`` multiplies, ``word * and word *`` has footnotes
            strong = len(run) > 1 and run[0] == "*" and _WORD.search(inner)
            return bool(strong) and (not pair[2] or not before.strip()) and not self._operator(pair)
        if run[0] == "_" and not cjk:  # ``_private_name`` is a name, ``_two words_s`` is none
            return " " in inner.strip() and not (before.isalnum() and after.isalnum())
        if inner[-1:] in ",;(=/":
            return False
        return cjk or not before.isalnum()

    def _operator(self, pair: "re.Match[str]") -> bool:
        before = self._loose[: pair.start()].rstrip(" \t")
        return bool(pair[2]) and before[-1:].isalnum() and before != self._loose[: pair.start()]

    def code(self) -> Iterator[Mark]:
        """```never closed``; ```quoted'`` and ````quoted''`` are quotation marks of old."""
        for paragraph in re.finditer(r"(?:[^\n]+\n?)+", self._prose):
            for run in re.finditer("`+", paragraph[0]):
                before, rest, closing = paragraph[0][: run.start()], paragraph[0][run.end() :], "'" * len(run[0])
                named = before[-1:] in ("", " ", "(", "“") and re.match(r"[ )”,.]", rest)
                if not named and not re.match(rf"[^`]{{1,300}}?\S{closing}(?!\w)", rest):
                    start = paragraph.start() + run.start()
                    yield Mark(start, start + len(run[0]), "opens program code that its paragraph never closes")
                    break

    def struck(self) -> Iterator[Mark]:
        for found in re.finditer(r"~~(?=[^\s~])[^~\n]+(?<=[^\s~])~~", self._prose):
            yield Mark(*found.span(), "is struck out in other programs, and not by CommonMark")

    def brackets(self) -> Iterator[Mark]:
        told = {offset for offset, _ in links.refused(self.source)}
        for pattern, why in _BRACKETS:
            for found in re.finditer(pattern, self._prose):
                if not told & {found.start(), found.start() + 1}:
                    told.add(found.start())
                    yield Mark(*found.span(), why)

    def headings(self) -> Iterator[Mark]:
        """``##Title``, and ``#A title`` where it stands alone and is no tag."""
        for pattern in (_DEEPER, _TITLE):
            for found in pattern.finditer(self._prose):
                seven = found[0].lstrip().startswith("#######")
                why = "there are six levels" if seven else "no space parts it from its marks"
                yield Mark(*found.span(), f"is no heading: {why}")

    def tables(self) -> Iterator[Mark]:
        """What marks a table off from its head where there is no table: a cell would be lost, or there is no head."""
        for found in _TABLE.finditer(self._prose):
            start = found.start() + len(found[0]) - len(found[0].lstrip(" \t>"))
            row = self.source.text.count("\n", 0, start)
            over = self.source.crowded.get(row)
            why = "nothing above it has as many cells" if over is None else "too many of its cells are lacking"
            if over is not None and over != tables.LACKING:
                why = f"line {over + 1} has more cells than its head, and other programs would lose them"
            yield Mark(start, found.end(), f"makes no table: {why}")

    def lists(self) -> Iterator[Mark]:
        for pattern in (_ITEMS, _NUMBERED):
            for found in pattern.finditer(self._prose):
                yield Mark(
                    found.start(),
                    found.start() + len(found[0].split("\n")[0]),
                    "begins no list: no space parts it from its mark",
                )
