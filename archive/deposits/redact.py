"""`archive redact`: mark words of turns that others must not see, and file that with the copy that they may."""

import datetime as dt
import io
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from archive.characters import marked
from archive.deposits import deposit_draft, filing
from archive.deposits.covering import Place, seen
from archive.deposits.draft import Draft
from archive.deposits.filed import FiledFolder
from archive.deposits.here import Here
from archive.deposits.marks import Marks, of_filed
from archive.deposits.target import Target, refuse_unfiled, target
from archive.errors import Error, Problem, Refused, accepted
from archive.home.home import Home, Writer
from archive.records import redactions
from archive.records.redactions import Redaction
from archive.wording import many


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """What came of marking words of a deposit."""

    accession: str
    folder: str
    added: tuple[Redaction, ...]
    """Marks that were not there before."""
    marks: Marks | None
    """All that stand now."""
    seen: tuple[Place, ...]
    """What of the turns others see where words are covered."""
    filed: bool

    @property
    def sentence(self) -> str:
        """``7 words of 3 turns are covered, 2 marks are new``"""
        covered = self.marks.covered if self.marks else None
        words, turns = (covered.count, len(covered.hidden)) if covered else (0, 0)
        new = many(len(self.added), "mark") if self.added else "no mark"
        return f"{many(words, 'word')} of {many(turns, 'turn')} covered, {new} new"

    @property
    def remarks(self) -> list[str]:
        """What the archivist should know: what is cut, what can still be read, what gives words away."""
        return list(self.marks.remarks) if self.marks else []


def redact(
    home: Home,
    targets: Sequence[str],
    texts: Sequence[str],
    *,
    reason: str = "",
    by: str = "",
    occurrence: int | None = None,
    dry_run: bool = False,
) -> Redacted:
    """Mark each of `texts` in each of `targets`: a deposit, an interview or a turn, all of one deposit.

    Marks that are there already are passed over; without `texts`, what stands is told. Raises `Refused` with all that
    is wrong, words that do not stand there among it; then nothing was changed.
    """
    if unwritable := [text for text in (*texts, by) if text != text.encode(errors="ignore").decode()]:
        raise Refused([Problem("--text, --by", f"expected UTF-8, found {marked(text)}") for text in unwritable])
    with nullcontext() if dry_run or not texts else home.writing() as writer:
        current = writer.home if isinstance(writer, Writer) else home
        places = [target(current, text) for text in targets]
        if len({place.filed.number for place in places}) != 1:
            raise Error(f"expected turns of one deposit, found {', '.join(targets)}; mark one after the other")
        said = partial(_mark, reason=reason, by=by, occurrence=occurrence, date=current.now().date())
        wanted = [said(text, place) for text in texts for place in places]
        return _redacted(current, writer, places[0].filed, wanted)


def _redacted(home: Home, writer: Writer | None, filed: FiledFolder, wanted: Sequence[Redaction]) -> Redacted:
    """File the marks that are new; `writer` is None where nothing is to be written."""
    before = filed.read(redactions.NAME) if redactions.NAME in filed.files else b""
    known = accepted(redactions.read(before, redactions.NAME)).redaction if before else ()
    added = tuple(mark for mark in wanted if not any(mark.same(old) and old.lifted is None for old in known))
    draft = None
    if added:
        refuse_unfiled(filed)
        draft = deposit_draft.refiled(Here(home), filed.folder, {redactions.NAME: redactions.with_marks(before, added)})
        if writer:
            filing.file(writer, [draft])
    marks = draft.marks if isinstance(draft, Draft) else of_filed(filed)
    lines = io.BytesIO(filed.read("turns.jsonl")).readlines() if marks else ()
    return Redacted(
        accession=filed.number,
        folder=filed.place,
        added=added,
        marks=marks,
        seen=tuple(seen(lines, marks.covered)) if marks else (),
        filed=bool(added and writer),
    )


def _mark(text: str, place: Target, *, reason: str, by: str, occurrence: int | None, date: dt.date) -> Redaction:
    """As it was asked for: what is wrong with it is said once it is read again."""
    return Redaction.model_construct(
        text=text, reason=reason, turn=_turn(place), occurrence=occurrence, by=by, date=date, lifted=None
    )


def _turn(place: Target) -> str | None:
    """As a mark names it."""
    if place.interview is None:
        return None
    return f"{place.interview}#{place.turns[0].turn}" if place.turn else f"{place.interview}"


def plain(done: Redacted) -> dict[str, Any]:
    """For programs."""
    return {
        "accession": done.accession,
        "folder": done.folder,
        "filed": done.filed,
        "added": [mark.model_dump(mode="json") for mark in done.added],
        "words": done.marks.covered.count if done.marks else 0,
        "seen": [{"turn": place.turn, "part": place.part, "text": place.around} for place in done.seen],
        "remarks": done.remarks,
    }
