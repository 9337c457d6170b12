"""What a project says of one interview, in this archive's words: who said which codes of which words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archive.coding.code_names import READINGS, REMARK, Meaning, code_guid
from archive.coding.memo import Memo, decode
from archive.coding.placing import Lost, Placing
from archive.coding.project import NOBODY, OURS, Code, Project, Selection, Source
from archive.coding.source_text import Place, SourceText
from archive.coding.themes import Themes
from archive.errors import Problem
from archive.records.answer import answer
from archive.records.field import Field
from archive.wording import shorten, slugify

_ANCHORED = re.compile(r"^\(M?\d{4}-\d{4,}/[^()\n]+\)$", re.MULTILINE)
"""A line of the memo of a quote that rests under a claim or a wish: ``(2026-0041/first-reading, claim 2)``."""


@dataclass
class Said:
    """What one coder says at one place: what becomes a note."""

    coder: str
    place: Place
    text: str
    confidence: str | None
    day: str
    codes: dict[str, tuple[Field, list[str]]] = field(default_factory=dict)
    """By name each code, with what is said of it as notes have it: ``spontaneous: after a long silence``."""


class Reading:
    """Takes what a project says of interviews apart. Lives as long as that is read; `problems` and `lost` grow."""

    def __init__(self, project: Project, meanings: Mapping[str, Meaning], themes: Themes, place: str) -> None:
        """`meanings` has the codes of this archive by name and GUID; messages call the project's file `place`."""
        self._project, self._meanings, self._themes, self._place = project, meanings, themes, place
        self._codes = {code.guid: code for code in project.codes}
        self._names = {meaning.field.name for meaning in meanings.values()}
        self._coders = self._slugs()
        self._remark = {code_guid("", REMARK), REMARK}
        self._readings = {name for each in READINGS for name in (each, code_guid("", each))}
        self.problems: list[Problem] = []
        self.lost: dict[str, int] = {}

    def of(self, source: Source, ours: SourceText, words: Mapping[tuple[int, str], str]) -> list[Said]:
        """What is said of an interview whose text is `ours`; `words` are those of each turn and part."""
        placing = Placing(source, ours, standard=self._project.origin == OURS)
        found: dict[tuple[str, Place, str], list[Said]] = {}
        for chosen in source.selections:
            at = f"{self._place} {shorten(source.name)} {chosen.start}–{chosen.end}"
            by_coder = self._by_coder(chosen, at)
            if not by_coder:
                continue
            span = placing.find(chosen)
            places = [] if isinstance(span, Lost) else ours.places(span)
            if isinstance(span, Lost) or not places:
                lost = span if isinstance(span, Lost) else Lost("selects nothing but blank space")
                self.problems.append(Problem(at, lost.found, lost.remedy))
            for coder, codings in by_coder.items():
                for place in places:
                    self._say(found, chosen, coder, place, codings, words)
        return [said for all_ in found.values() for said in all_]

    def _by_coder(self, chosen: Selection, at: str) -> dict[str, list[Meaning | None]]:
        """What each coder gave to a selection: codes, or None for a remark."""
        found: dict[str, list[Meaning | None]] = {}
        given = chosen.codings or ([("", chosen.user)] if chosen.memo.strip() else [])
        if not given:
            self.lose("uncoded selection")
        for guid, user in given:
            code = self._codes.get(guid)
            name = code.name if code else guid
            if self._readings & {guid, name}:
                if _ANCHORED.search(chosen.memo):
                    self.lose("quote of a claim or wish")
                else:
                    what = f"is coded with {name}, which only shows what analyses and preferences quote"
                    self.problems.append(Problem(at, what, "give it a code of your own, or write the analysis here"))
                continue
            coder = self._coders.get(user, "")
            meaning = None if not guid or self._remark & {guid, name} else self._meaning(guid, code)
            if not (guid and meaning) and not chosen.memo.strip() and self._remark & {guid, name}:
                self.lose("wordless remark")
            elif fault := self._fault(guid, user, coder, meaning):
                self.problems.append(Problem(at, *fault))
            else:
                found.setdefault(coder, []).append(meaning)
        return found

    def _fault(self, guid: str, user: str, coder: str, meaning: Meaning | None) -> tuple[str, str] | None:
        if self._project.users.get(user) == NOBODY:
            return f"is coded by {NOBODY}", "give it to a coder there, and choose your own name before you code"
        if not coder:
            name = self._project.users.get(user)
            what = (
                "is coded by nobody" if name is None else f'is coded by "{shorten(name)}", which makes no coder\'s name'
            )
            return (
                what,
                "give the coder a name of Latin letters there; QualCoder names nobody who only wrote annotations",
            )
        if meaning is None and guid and not self._remark & {guid, getattr(self._codes.get(guid), "name", "")}:
            return f"is coded with {shorten(guid)}, which is no code of the project", "export it again"
        if meaning and not meaning.value and meaning.field.shape != "text":
            name = meaning.field.name
            return f"is coded with {name}, but with none of its values", f"code it with one, as in {name} = …"
        return None

    def _meaning(self, guid: str, code: Code | None) -> Meaning | None:
        known = self._meanings.get(guid) or self._meanings.get(code.name if code else "")
        return known or (Meaning(self._themes.field(code), "yes") if code else None)

    def _say(
        self,
        found: dict[tuple[str, Place, str], list[Said]],
        chosen: Selection,
        coder: str,
        place: Place,
        codings: list[Meaning | None],
        words: Mapping[tuple[int, str], str],
    ) -> None:
        memo = decode(chosen.memo, self._names)
        whole = words[place.turn, place.part]
        selected = whole if place.span is None else whole[slice(*place.span)]
        there = found.setdefault((coder, place, chosen.memo), [])
        for meaning in codings:
            answers = _answers(meaning, memo, selected) if meaning else []
            said = next((each for each in there if meaning is None or _fits(each, meaning.field, answers)), None)
            if said is None:
                said = Said(coder, place, memo.text, memo.confidence, chosen.day)
                there.append(said)
            said.day = max(said.day, chosen.day)
            if meaning:
                _, own = said.codes.setdefault(meaning.field.name, (meaning.field, []))
                own += [each for each in answers if each not in own]

    def _slugs(self) -> dict[str, str]:
        """User → coder, as notes files are named. A name without Latin letters makes none."""
        return {guid: slugify(name, "") for guid, name in self._project.users.items()}

    def lose(self, what: str, number: int = 1) -> None:
        """Count what does not come along."""
        self.lost[what] = self.lost.get(what, 0) + number

    def alike(self) -> Iterator[Problem]:
        """Users whose names make the same coder, of whom it could not be told who said what."""
        first: dict[str, str] = {}
        for guid, slug in self._coders.items():
            name = self._project.users[guid]
            if slug and first.setdefault(slug, name) != name:
                what = f'"{shorten(first[slug])}" and "{shorten(name)}" would both be the coder {slug}'
                yield Problem(f"{self._place} Users", what, "rename one of the two in the program")


def _fits(said: Said, field_: Field, answers: list[str]) -> bool:
    """Whether a note can say this too: a code that takes one value has it, or none."""
    return field_.many or said.codes.get(field_.name, (field_, answers))[1] == answers


def _answers(meaning: Meaning, memo: Memo, selected: str) -> list[str]:
    """What is said of a code, as notes have it: its value and what the memo adds; of a free code the memo's words.

    A free code without any says the words selected.
    """
    added = memo.said.get(meaning.field.name, ())
    if meaning.field.shape != "text":
        return [each for each in added if _value(each, meaning.field) == meaning.value] or [meaning.value]
    return [*added] or [memo.text if memo.text.strip() else selected.strip()]


def _value(said: str, field_: Field) -> str:
    heard = answer(said, field_)
    return heard.value or heard.status
