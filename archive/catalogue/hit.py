"""A hit: one turn, note, analysis or claim in which something was found, with the passage, and how it is shown."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from archive.catalogue.query import Query
from archive.catalogue.reader import Reader, Row
from archive.documents.document import Block, Document, Entry, Items, Paragraph
from archive.documents.words import Span, joined, marked

Found = Literal["turn", "note", "analysis", "claim"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One turn, note, analysis or claim in which something was found."""

    found: Found
    address: str
    """``2026-0041/3#12`` of a turn, or of the turn a note is on; ``2026-0041/first-reading`` of an analysis."""
    model: str
    kind: str
    date: str | None
    """Of the interview; of an analysis, its own. None where it is not recorded."""
    role: str = ""
    by: str = ""
    """Whose note or analysis it is."""
    part: str
    """Where the words stand: ``text`` or ``reasoning`` of a turn, ``title`` or ``text`` of an analysis, ``note``."""
    snippet: str
    """The passage around the first place; an ellipsis where it was cut."""
    marks: tuple[tuple[int, int], ...]
    """Where the words stand in `snippet`, in code points."""
    about: str = ""
    """Of a note: the words it is on, or how its turn begins."""
    notes: tuple[str, ...] = ()
    """What coders say of the turn, a note each: ``ann: elicitation = spontaneous: after a long silence``."""


def of_row(
    reader: Reader, found: Found, row: Row, query: Query | None, unseen: Collection[tuple[str, str]] = ()
) -> Hit:
    """What a row of a table shows of the words that were asked for; `unseen` as `archive.catalogue.search` has them."""
    passages = _passages(found, row)
    spans = {part: query.spans(text) for part, text in passages.items()} if query else {}
    part = next((part for part, marks in spans.items() if marks), next(iter(passages)))
    snippet, marks = _excerpt(passages[part], spans.get(part, []))
    inner = f"{row['interview']}#{row['turn']}" if found in ("turn", "note") else row["slug"]
    return Hit(
        found=found,
        address=f"{row['accession']}/{inner}",
        model=row["model"],
        kind=row["kind"],
        date=str(row["date"]) if row["date"] else None,
        role=row["role"] if found == "turn" else "",
        by=row["author"] if found != "turn" else "",
        part=part,
        snippet=snippet,
        marks=marks,
        about=(row["quote"] or _excerpt(row["said"], [])[0]) if found == "note" else "",
        notes=tuple(_notes(reader, row, unseen)) if found == "turn" else (),
    )


def _passages(found: Found, row: Row) -> dict[str, str]:
    """The texts of a row that a snippet may come from."""
    match found:
        case "note":
            return {"note": _noted(row)}
        case "analysis":
            return {"text": row["text"], "title": row["title"]}
        case "turn":
            return {"text": row["text"], "reasoning": row["reasoning"] or ""}
        case "claim":
            return {"text": row["text"]}


def _noted(row: Row) -> str:
    """``elicitation = spontaneous: after a long silence``, or the words of a note without a code."""
    return ": ".join(filter(None, (f"{row['code']} = {row['value']}" if row["code"] else "", row["text"])))


def _notes(reader: Reader, row: Row, unseen: Collection[tuple[str, str]]) -> Iterator[str]:
    where = "accession = :accession AND interview = :interview AND turn = :turn ORDER BY coder, number, id DESC"
    key = {name: row[name] for name in ("accession", "interview", "turn")}
    found = reader.rows(f"SELECT coder, number, code, value, text, quote FROM note WHERE {where}", **key)
    for (coder, _), same in groupby(found, key=lambda note: (note["coder"], note["number"])):
        note = list(same)
        if (row["accession"], coder) in unseen:
            continue
        on = f" (on “{note[0]['quote']}”)" if note[0]["quote"] else ""
        yield f"{coder}: {'; '.join(map(_noted, note))}{on}"


_BEFORE, _LENGTH = 60, 220


def _excerpt(text: str, spans: list[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words around the first of `spans`, and where the spans stand in them."""
    first = spans[0][0] if spans else 0
    start = max(0, first - _BEFORE)
    if start:
        start += re.match(r"\S*\s?", text[start:first]).end()  # type: ignore[union-attr]  # it always matches
    end = start + _LENGTH
    end = len(text) if end >= len(text) else max(text.rfind(" ", 0, end), start + _LENGTH // 2)
    before, after = "…" * (start > 0), "…" * (end < len(text))
    shift = len(before) - start
    marks = tuple((a + shift, min(b, end) + shift) for a, b in spans if a < end)
    return before + text[start:end] + after, marks


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def document(hits: Sequence[Hit]) -> Document:
    """Where each is, the words below, then the notes on the turn."""
    return Document(sort="Search", blocks=tuple(map(_entry, hits)))


def _entry(hit: Hit) -> Entry:
    who = hit.role if hit.found == "turn" else f"{hit.found} by {hit.by}"
    head = (Span(hit.address, "strong"), "  ".join(("", who, hit.model, hit.date or "without date")))
    lead = "(reasoning) " if hit.part == "reasoning" else ""
    about = (f"on “{' '.join(hit.about.split())}”",) if hit.about else ()
    notes = tuple(" ".join(note.split()) for note in (*about, *hit.notes))
    blocks: tuple[Block, ...] = (Paragraph(joined(lead, marked(re.sub(r"\s", " ", hit.snippet), hit.marks))),)
    return Entry(head, (*blocks, Items(notes)) if notes else blocks)
