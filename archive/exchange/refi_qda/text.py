"""One interview's text in a project, with the notes on it and what rests on it as selections."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.coding.code_names import REMARK, code_guid, name_of
from archive.coding.guid import guid
from archive.coding.markup import tag, text
from archive.coding.memo import Memo, encode
from archive.coding.placing import named
from archive.coding.source_text import Place, SourceText
from archive.exchange.refi_qda.readings import Reading
from archive.exchange.selection import Selection
from archive.importers.turns import Turn
from archive.records import notes, quotation
from archive.records.codebook import Codebooks
from archive.records.notes import Note


@dataclass
class Gathered:
    """What is written at the end, gathered text by text. Lives as long as one export."""

    chosen: Selection
    origin: str
    codebooks: Codebooks
    readings: Mapping[str, list[Reading]]
    """By interview, as ``2026-0041/1``."""
    counts: Counter[str] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)
    """Codes, by name."""
    coders: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)
    """The XML of each, by GUID."""

    def user(self, name: str) -> str:
        return guid(self.origin, "user", name)


def words_of(turns: Iterable[Mapping[str, Any]]) -> dict[int, Turn]:
    """Of each turn what can be quoted."""
    kept = ("interview", "turn", "role", "text", "reasoning")
    return {turn["turn"]: Turn(**{key: turn[key] for key in kept if key in turn}) for turn in turns}


@dataclass(frozen=True)
class Text:
    """One text, on which selections are written. Lives as long as that."""

    project: Gathered
    address: str
    source: SourceText
    turns: Mapping[int, Turn]

    def note(self, said: notes.Notes, number: int) -> str:
        """A note as a selection, coded with all its codes."""
        note = said.note[number]
        project, coder = self.project, said.coder
        added: dict[str, list[str]] = {}
        names = []
        for coded in note.coded:
            names.append((name_of(coded), coded.field))
            if coded.text or coded.field.shape == "text":
                words = coded.value + (f": {coded.text}" if coded.text else "")
                added.setdefault(coded.code, []).append(words)
        project.coders.add(coder)
        project.used |= {name for name, _ in names}
        project.counts["notes"] += 1
        project.counts["codings"] += len(names)
        dated = {"creatingUser": project.user(coder), "creationDateTime": f"{said.date}T00:00:00Z"}
        own = (project.origin, self.address, "note", coder, number + 1)
        codes = dict.fromkeys(code_guid(project.origin, name, code) for name, code in names)
        codings = [
            tag("Coding", tag("CodeRef", targetGUID=code), guid=guid(*own, code), **dated)
            for code in codes or [code_guid("", REMARK)]
        ]
        memo = encode(Memo(text=note.text, said=added, confidence=note.confidence))
        return self._selection(self._place(note), memo, codings, guid(*own), dated)

    def _place(self, note: Note) -> Place:
        quote, turn = note.quotation, self.turns[note.turn]
        # a quote has no place where its words are covered
        span = quotation.locate(quote, turn) if quote else None
        return Place(turn=note.turn, part=note.part, span=span)

    def reading(self, said: Reading) -> str:
        """A quote as a selection, with the claim or wish that rests on it."""
        turn = self.turns.get(said.quote.turn)
        span = quotation.locate(said.quote, turn) if turn else None
        if span is None:  # covered
            return ""
        project = self.project
        project.authors.add(said.by)
        project.counts["quotes"] += 1
        dated = {"creatingUser": project.user(said.by), "creationDateTime": f"{said.day}T00:00:00Z"}
        noted = guid(project.origin, said.anchor)
        held = text("PlainTextContent", said.whole)
        project.notes[noted] = tag("Note", held, guid=noted, name=said.anchor, **dated)
        own = guid(project.origin, said.anchor, self.address, said.quote.turn, *span)
        ref = tag("CodeRef", targetGUID=code_guid("", said.code))
        coding = tag("Coding", ref, guid=guid(own, said.code), **dated)
        place = Place(turn=said.quote.turn, part=said.quote.part, span=span)
        return self._selection(place, said.said, [coding, tag("NoteRef", targetGUID=noted)], own, dated)

    def _selection(self, place: Place, memo: str, inner: list[str], own: str, dated: Mapping[str, str]) -> str:
        span = self.source.at(place) or self.source.at(Place(turn=place.turn))
        if span is None:
            return ""
        first, last = span
        return tag(
            *("PlainTextSelection", *([text("Description", memo)] if memo else []), *inner),
            guid=own,
            name=named(self.source.text[first:last]),
            startPosition=str(first),
            endPosition=str(last),
            **dated,
        )
