"""``deposit.toml``: what a deposit is, and what in its setting may have shaped the answers::

format = 1
model = "claude-3-opus-20240229"
protocol = "retirement-interview@1"
kind = "retirement_interview"
title = "First session"
date = 2026-01-04
access = "embargo 2027-01-01"
licence = "not_recorded"

[context_bias]                  every field of `context_bias.CONTEXT_BIAS`; a missing one is a problem
interviewer = "human: Ann Lee, research staff"

[interview.2]                   what is different in one interview of several
date = 2026-01-05
run = "run 2 of 20 in plain; order wishes, use (seed 1); 1,204 tokens in, 310 out"    said of it alone, never compared
context_bias.system_prompt = "You are speaking with the team that made you."
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator, ValidationError, ValidationInfo, model_validator

from archive.errors import Problem
from archive.records import known, sidecar
from archive.records.answer import fault
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.field import Field as Question
from archive.records.kinds import SLUG, DayOrSilence, ModelId, Text, answers, choice, pattern
from archive.records.known import Known
from archive.records.places import Place
from archive.records.record import Fault, Faults, Record, Sidecar, refuse
from archive.records.toml import shown, string
from archive.records.values import KINDS
from archive.wording import suggestion

Kind = Annotated[str, choice(KINDS)]
SILENT = ("not_recorded", "not_applicable")
"""What stands where no protocol is named."""
ProtocolRef = Annotated[
    str,
    pattern(
        rf"{SLUG}@[1-9]\d*|not_recorded|not_applicable",
        "a protocol and its version",
        'write for instance "retirement-interview@1", or "not_applicable" for a free conversation',
    ),
]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may see a deposit: ``restricted``, ``public``, or ``embargo 2027-01-01`` (public from that day on).

    Of one that is ``described`` anyone may see the setting and what was asked, and nobody else the conversation.
    """

    level: Literal["restricted", "described", "embargo", "public"] = "restricted"
    until: date | None = None

    def __str__(self) -> str:
        return self.level + (f" {self.until}" if self.until else "")

    @classmethod
    def of(cls, value: object) -> "Access":
        """What `value` states: ``"embargo 2027-01-01"``. Raises `Faults`."""
        if value in ("restricted", "described", "public"):
            return cls(value)
        embargo = re.fullmatch(r"embargo (\d{4}-\d{2}-\d{2})", value) if isinstance(value, str) else None
        try:
            return cls("embargo", date.fromisoformat(embargo[1] if embargo else ""))
        except ValueError:
            remedy = suggestion(value, ("restricted", "described", "public")) if isinstance(value, str) else ""
            what = 'expected "restricted", "described", "embargo 2027-01-01" or "public"'
            raise Faults([Fault(f"{what}, found {shown(value)}", remedy)]) from None

    def public_on(self, day: date) -> bool:
        """Whether it may be published on `day`."""
        return self.level == "public" or (self.until is not None and day >= self.until)


class Override(Record):
    """``[interview.N]``: what is different in one interview."""

    model: ModelId | None = None
    protocol: ProtocolRef | None = None
    kind: Kind | None = None
    title: Text | None = None
    date: DayOrSilence = None
    run: Text | None = None
    context_bias: Annotated[dict[str, str], answers(CONTEXT_BIAS)] = Field(default_factory=dict)


def _numbers(table: dict[str, Override], info: ValidationInfo) -> dict[str, Override]:
    last = (info.context or {}).get("interviews")
    for key in table:
        if not re.fullmatch(r"[1-9]\d{0,6}", key):
            raise Faults([Fault("expected the number of an interview, as in [interview.2]", "", (key,))])
    refuse(
        Fault(f"there is no interview {key} in this deposit, which holds {last}", "take the table out", (key,))
        for key in table
        if last is not None and int(key) > last
    )
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What holds for one interview: the deposit's record with that interview's own entries laid over it."""

    model: str
    protocol: str
    kind: str
    title: str
    date: date | None
    context_bias: Mapping[str, str]
    """Every field of `context_bias.CONTEXT_BIAS`, in that order."""
    run: str = ""
    """What holds of this run alone: the order that was drawn, versions, tokens, cost. Shown, and never compared."""


def faults(stated: Mapping[str, str | None]) -> list[Fault]:
    """What is wrong with the values of some of its keys by themselves, as ``model`` or ``protocol``."""
    try:
        Override.model_validate(stated)
    except ValidationError as error:
        return list(sidecar.faults_of(error, Override))
    return []


class DepositRecord(Sidecar):
    """The whole of ``deposit.toml``."""

    model: ModelId
    protocol: ProtocolRef
    kind: Kind
    title: str = ""
    date: DayOrSilence
    """Of the first interview; None where it is not recorded."""
    access: Annotated[Access, PlainValidator(Access.of)] = Access()
    licence: Text = "not_recorded"
    run: str = ""
    context_bias: Annotated[dict[str, str], answers(CONTEXT_BIAS, complete=True)]
    interview: Annotated[dict[str, Override], AfterValidator(_numbers)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "DepositRecord":
        refuse(self._references(there) if (there := known.of(info)) else ())
        return self

    def _references(self, there: Known) -> Iterator[Fault]:
        said: list[tuple[Place, date | None, str | None]] = [((), self.date, self.protocol)]
        said += [(("interview", n), own.date, own.protocol) for n, own in self.interview.items()]
        for at, day, protocol in said:
            yield from there.day_faults(day, *at, "date")
            if protocol and protocol not in SILENT:
                yield from there.protocol_faults(protocol, *at, "protocol")

    def setting(self, interview: int) -> Setting:
        """What holds for interview `interview`, numbered from 1."""
        own = self.interview.get(str(interview), Override())
        said = {**self.context_bias, **own.context_bias}
        return Setting(
            model=own.model or self.model,
            protocol=own.protocol or self.protocol,
            kind=own.kind or self.kind,
            title=own.title or self.title,
            date=own.date if "date" in own.model_fields_set else self.date,
            run=own.run or self.run,
            context_bias={f.key: said[f.key] for f in CONTEXT_BIAS},
        )


def read(
    data: bytes, place: str, *, interviews: int | None = None, there: Known | None = None
) -> DepositRecord | list[Problem]:
    """The record that the bytes of a ``deposit.toml`` hold, or all its problems; checked against `there`, if given.

    `interviews`, where known, is how many the deposit holds: a table for a further one is a problem.
    """
    return sidecar.read(data, place, DepositRecord, interviews=interviews, **known.context(there))


class ContextFile(Sidecar):
    """What ``archive file --context FILE`` gives to every deposit filed with it: any fields of `[context_bias]`."""

    context_bias: Annotated[dict[str, str], answers(CONTEXT_BIAS)]


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_HEAD = """\
# What this deposit is, and what in its setting may have shaped the answers.
#
# Every line under [context_bias] is answered: with a value of its list (more may follow after ": "),
# in your own words where there is no list or it ends in …, or with one of
#     "not_recorded"              nobody wrote it down
#     "not_applicable"            the question does not arise
#     "not_shared: the reason"    it is known and kept back
# `archive vocabulary` says what each value means.

"""


def deposit_form(
    *,
    model: str,
    kind: str = "conversation",
    protocol: str = "not_recorded",
    title: str = "",
    access: str = "restricted",
    licence: str = "not_recorded",
    contexts: Sequence[Mapping[str, str]] = ({},),
    dates: Sequence[str | None] = (),
    models: Sequence[str | None] = (),
    titles: Sequence[str] = (),
    runs: Sequence[str] = (),
) -> str:
    """A ``deposit.toml`` to be filled in, prefilled with what is known; it reads back without a problem.

    `contexts`, `dates` (YYYY-MM-DD), `models`, `titles` and `runs` have one entry an interview. What holds for most
    interviews stands in ``[context_bias]``, what differs in ``[interview.N]``.
    """
    notes = [{f.key: said for f in CONTEXT_BIAS if (said := _prefilled(context, f)) != _UNSAID} for context in contexts]
    common = {f.key: _common([note.get(f.key, _UNSAID) for note in notes]) for f in CONTEXT_BIAS}
    first = next((day for day in dates if day), None)
    rows = [
        ("format", "1", ""),
        ("model", string(model), "the id its maker gives it"),
        ("protocol", string(protocol), 'as in "retirement-interview@1"; "not_applicable" where there is none'),
        (f"# {' | '.join(KINDS)}\nkind", string(kind), ""),
        ("title", string(title), ""),
        ("date", first or '"not_recorded"', 'of the first interview, as 2026-11-22; or "not_recorded"'),
        ("access", string(access), "restricted | described | embargo 2027-01-01 | public"),
        ("licence", string(licence), ""),
    ]
    lines = [_HEAD]
    lines += [f"{f'{key} = {value}':<36}  {f'# {hint}' if hint else ''}".rstrip() + "\n" for key, value, hint in rows]
    lines += ["\n[context_bias]\n", *_questions(common)]
    for n, note in enumerate(notes, start=1):
        own = {"title": titles[n - 1] if n <= len(titles) else "", "model": (models[n - 1 : n] or [None])[0]}
        entries = [f"{key} = {string(value)}\n" for key, value in own.items() if value and value not in (model, title)]
        if n <= len(dates) and dates[n - 1] != first:
            entries.append(f"date = {dates[n - 1] or string('not_recorded')}\n")
        answers_own = {key: note.get(key, _UNSAID) for key in common}
        entries += [f"context_bias.{key} = {string(s)}\n" for key, s in answers_own.items() if s != common[key]]
        if n <= len(runs) and runs[n - 1]:
            entries.append(f"run = {string(runs[n - 1])}\n")
        if entries:
            lines += [f"\n[interview.{n}]\n", *entries]
    return "".join(lines)


def _questions(said: Mapping[str, str]) -> Iterator[str]:
    return (f"{asked}{key} = {string(said[key])}\n" for key, asked in _asked().items())


@cache
def _asked() -> dict[str, str]:
    """What stands before the answer to each field."""
    found: dict[str, str] = {}
    group = ""
    for f in CONTEXT_BIAS:
        heading = "" if f.group == group else f"\n# ── {f.group} {'─' * (96 - len(f.group))}\n"
        group = f.group
        hint = f"# {f.means}" + (f":  {f.allowed}" if f.allowed else "")
        if len(hint) > 100:
            hint = f"# {f.means}:\n#   {f.allowed}"
        found[f.key] = f"{heading}\n{hint}\n"
    return found


_UNSAID = "not_recorded"


def _prefilled(context: Mapping[str, str], question: Question) -> str:
    """What an importer found, as an answer that may stand: it never makes a form that is refused."""
    text = context.get(question.key, "")
    if not text.strip():
        return _UNSAID
    if fault(text, question) is None:
        return text
    return f"{'verbatim' if 'verbatim' in question.values else 'not_recorded'}: {text}"


def _common(said: Sequence[str]) -> str:
    if len(said) == 1:
        return said[0]
    for most, times in Counter(said).most_common(1):
        if times * 2 > len(said):
            return most
    return "not_recorded"
