"""``notes/<coder>.toml``: what one coder says about single turns. Several coders may disagree; all are kept::

    format = 1
    coder = "ann"
    date = 2026-11-20
    codebooks = ["themes@1"]             where codes of one's own are used
    state = "done"                       or "coding", while this is hidden from other coders; left out: coded openly

    [[note]]
    interview = 1
    turn = 12
    code.elicitation = "responsive_interviewer_opened: after a long silence"
    code.hedges = ["uncertain_experience", "trained_positivity"]
    code.attachment = "strong"
    quote = "as far as I can tell"
    text = "Asked twice; the second answer is firmer."
    confidence = "medium"

The codes are `codes.TURN_CODES` and those of the codebooks named (see `archive.records.codebook`). A code is
called the same everywhere by one name: ``elicitation``, ``themes@1/attachment``. Words of a quote must stand exactly in
the turn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PrivateAttr, ValidationInfo, model_validator
from pydantic import Field as Key

from archive.errors import Problem
from archive.records import indexed, known, quotation, sidecar
from archive.records.answer import answer
from archive.records.codebook import CodebookRef, Codebooks
from archive.records.codes import CODES
from archive.records.field import Field
from archive.records.indexed import Turns
from archive.records.kinds import Day, Many, Ordinal, Sha256, Slug, answer_faults, choice
from archive.records.known import Known
from archive.records.quotation import Part, Quote
from archive.records.record import Fault, Record, Sidecar, refuse
from archive.records.values import CODING_STATES, CONFIDENCE
from archive.wording import one_of, suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One code on one turn, as it is counted: ``elicitation``, ``spontaneous``, and what was added."""

    field: Field
    """The code: one of the vocabulary, or of a codebook."""
    value: str
    """A value of the code's list, or a silence such as ``not_applicable``; the free text where it has no list."""
    text: str = ""

    @property
    def code(self) -> str:
        """What the code is called among all: ``elicitation``, ``themes@1/attachment``."""
        return self.field.name

    def plain(self) -> dict[str, str]:
        """For programs."""
        return {"code": self.code, "value": self.value, "text": self.text}

    def __str__(self) -> str:
        """``elicitation = spontaneous: after a long silence``"""
        return f"{self.code} = {self.value}" + (f": {self.text}" if self.text else "")


def by_code(coded: Iterable[Coded]) -> dict[str, str | list[str]]:
    """For programs: code → value, or values where the code takes several: ``{"elicitation": "spontaneous"}``."""
    found: dict[str, str | list[str]] = {}
    for each in coded:
        before = found.get(each.code, [])
        found[each.code] = [*before, each.value] if each.field.many and isinstance(before, list) else each.value
    return found


def _codes(info: ValidationInfo) -> Mapping[str, Field]:
    codes: Mapping[str, Field] = (info.context or {}).get("codes", CODES)
    return codes


_OWN = "`archive vocabulary` lists them; `archive new codebook` makes codes of your own"


def _answered(table: object, info: ValidationInfo) -> object:
    if isinstance(table, dict):
        context = info.context or {}
        known = {key: said for key, said in table.items() if key in _codes(info) or not context.get("unknown")}
        elsewhere = {code.id: book.ref for book in context.get("codebooks", {}).values() for code in book.code}
        refuse(
            Fault(f"{f.key[0]} is a code of {elsewhere[f.key[0]]}, which this file does not name",
                  f'add codebooks = ["{elsewhere[f.key[0]]}"] above the notes', f.key)
            if f.key[0] not in _codes(info) and f.key[0] in elsewhere else f
            for f in answer_faults(known, _codes(info), otherwise=_OWN)
        )  # fmt: skip
    return table


def _codebooks(named: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    known: Codebooks | None = (info.context or {}).get("codebooks")
    if known is not None:
        refuse(_codebook_faults(named, known))
    return named


def _codebook_faults(named: Sequence[str], known: Codebooks) -> Iterator[Fault]:
    stands: dict[str, str] = {}
    for ref in named:
        if ref not in known:
            there = f"there are {one_of(known)}" if known else "`archive new codebook ID` begins one"
            yield Fault(f"no codebook was filed as {ref}", suggestion(ref, known, there))
            continue
        for code in known[ref].code:
            if code.id in stands:
                found = f"{code.id} is a code of {stands[code.id]} and of {ref}"
                yield Fault(found, "name one of the two, so that it is clear which is meant")
            stands[code.id] = ref


class Note(Record):
    """What a coder says about one turn."""

    interview: Ordinal
    turn: Ordinal
    code: Annotated[dict[str, Any], BeforeValidator(_answered)] = Key(default_factory=dict)
    """Code → answer, or a list of answers where the code takes several."""
    quote: str = ""
    """The exact words meant; empty where the whole turn is."""
    prefix: str = ""
    suffix: str = ""
    part: Part = "text"
    sha256: Sha256 | None = None
    text: str = ""
    confidence: Annotated[str, choice(CONFIDENCE)] | None = None
    _codes: Mapping[str, Field] = PrivateAttr(default_factory=lambda: CODES)
    """What its codes are, by the key that stands in the file."""

    @property
    def quotation(self) -> Quote | None:
        """The quote with its place; None where the note is on the whole turn."""
        if not self.quote.strip():
            return None
        return Quote(
            interview=self.interview, turn=self.turn, part=self.part, exact=self.quote, prefix=self.prefix,
            suffix=self.suffix, sha256=self.sha256,
        )  # fmt: skip

    @property
    def coded(self) -> tuple[Coded, ...]:
        """Every code of the note, one value each."""
        return tuple(
            Coded(field=self._codes[key],
                  value=said.value or (said.text if said.status == "given" else said.status),
                  text=said.text if said.value or said.status != "given" else "")
            for key, value in self.code.items()
            for item in (value if isinstance(value, list) else [value])
            for said in [answer(item, self._codes[key])]
        )  # fmt: skip

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "Note":
        there = known.of(info)
        self._codes = _codes(info)
        refuse([*self._faults(), *(self._references(there.turns) if there else ())])
        return self

    def _faults(self) -> Iterator[Fault]:
        if not (self.code or self.text.strip()):
            yield Fault("this note says nothing yet", 'add a code, as in code.leading = "none", or a text')

    def _references(self, turns: Turns) -> Iterator[Fault]:
        turn = turns.get((self.interview, self.turn))
        if said := self.quotation:
            for fault in quotation.faults(said, turns):
                yield Fault(fault.found, fault.remedy, ("quote",) if fault.key == ("exact",) else fault.key)
        elif turn is None:
            yield indexed.no_turn(self.interview, self.turn, turns)
        for key in self.code:
            roles = self._codes[key].roles if key in self._codes else ()
            if turn and roles and turn.role not in roles:
                found = f"{key} is said of turns by {one_of(roles)}, and {self.interview}#{self.turn} is by {turn.role}"
                yield Fault(found, "correct the turn, or take the code out", ("code", key))


class Notes(Sidecar):
    """All notes of one coder on one deposit."""

    coder: Slug
    date: Day
    codebooks: Annotated[Many[CodebookRef], AfterValidator(_codebooks)] = ()
    """Whose codes stand in the notes beside those of the vocabulary: ``themes@1``."""
    state: Annotated[str, choice(CODING_STATES)] | None = None
    """How far a coder is who does not look at what others say until both are done; None where that is no matter."""
    note: Many[Note] = ()

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "Notes":
        refuse(there.day_faults(self.date, "date") if (there := known.of(info)) else ())
        return self


def read(
    data: bytes, place: str, *, codebooks: Codebooks = MappingProxyType({}), there: Known | None = None
) -> Notes | list[Problem]:
    """The notes in the bytes of a ``notes/<coder>.toml``, or all problems; checked against `there`, if given.

    `codebooks` are all of the home; those that the file names are used.
    """
    table = sidecar.parse(data, place)
    named = table.get("codebooks") if isinstance(table, dict) else None
    refs = [ref for ref in named if isinstance(ref, str)] if isinstance(named, list) else []
    own = {field.key: field for ref in refs if ref in codebooks for field in codebooks[ref].fields}
    context = {"codes": {**CODES, **own}, "codebooks": codebooks, "unknown": set(refs) - codebooks.keys()}
    return sidecar.read(data, place, Notes, **known.context(there), **context)
