"""`archive release`: open a deposit to everybody. By hand, or because the day has come on which its embargo ends.

A list of intake that names what is private is never published. So what is opened is filed again with a list that may
be, and a notice in the same append names that.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.deposits import deposit, deposit_draft, filing
from archive.deposits.draft import Draft
from archive.deposits.embargoes import NAME, embargoes
from archive.deposits.filed import FiledFolder, filed_folders
from archive.deposits.here import Here
from archive.deposits.marks import of_filed
from archive.deposits.names import COPY
from archive.deposits.target import named, refuse_unfiled
from archive.deposits.waiting import waiting
from archive.errors import Problem, Refused, accepted
from archive.home.change import Change
from archive.home.home import Home
from archive.records import deposit_record
from archive.records.deposit_record import DepositRecord
from archive.records.values import RELEASE_REASONS
from archive.wording import one_of

DUE = "embargo-over"
_ACCESS = re.compile(rb"^(access[ \t]*=[ \t]*)(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What came of opening one deposit."""

    accession: str
    folder: str
    new: bool
    """Whether it was not open before."""
    remarks: tuple[str, ...]
    """What of it can still be read although it is covered elsewhere, and what stays private."""


def release(home: Home, names: Sequence[str], reason: str = "decision") -> list[Released]:
    """Open deposits, all of them or none. Raises `Refused` with all that speaks against it."""
    if reason not in RELEASE_REASONS:
        raise Refused([Problem("--reason", f"expected {one_of(RELEASE_REASONS)}, found {reason}")])
    with home.writing() as writer:
        found = [named(writer.home, name) for name in dict.fromkeys(names)]
        drafts: list[Draft] = []
        done: list[Released] = []
        problems: list[Problem] = []
        for filed in {filed.number: filed for filed in found}.values():
            try:
                draft = _draft(writer.home, filed, reason)
            except Refused as refused:
                problems += refused.problems
                continue
            drafts += [draft] if draft else []
            marks = draft.marks if draft else of_filed(filed)
            said = marks.remarks if marks else ()
            done.append(Released(accession=filed.number, folder=filed.place, new=bool(draft), remarks=said))
        if problems:
            raise Refused(problems)
        filing.file(writer, drafts)
    rest: dict[str, list[str]] = {each.accession: [] for each in done}
    for place, number in waiting(home.reopened(), [each.accession for each in done if each.new]):
        rest[number].append(f"{place} holds something that quotes it and is private; `archive file {place}` opens that")
    return [replace(each, remarks=(*each.remarks, *rest[each.accession])) for each in done]


def due(home: Home, now: dt.datetime) -> tuple[Change, list[str]]:
    """What opens the deposits whose embargo is over, to be logged with what is published now; and a line on each."""
    drafts: list[Draft] = []
    said: list[str] = []
    known = embargoes(home)
    for filed in _folders(home, known.over(now.date())):
        try:
            until = _record(filed).access.until
            if until and until <= now.date() and (draft := _draft(home, filed, DUE)):
                drafts.append(draft)
                said.append(f"{filed.number} is released: its embargo is over{_SHOWN}")
        except Refused as refused:
            said += [f"{filed.number} stays closed, though its embargo is over: {p}" for p in refused.problems]
    change, _ = filing.change(home, drafts, now)
    return replace(change, files={**change.files, NAME: bytes(known)}), said


_SHOWN = "; the next issue shows it, or now: publisher publish --site"


def _folders(home: Home, numbers: set[str]) -> Iterator[FiledFolder]:
    """The folders of these deposits; the others are looked for only where there are any."""
    for folder in deposit.folders(home) if numbers else ():
        accession = home.accession(folder)
        if accession and accession.number in numbers:
            numbers = numbers - {accession.number}
            yield from filed_folders(home, [folder])[0]


def _record(filed: FiledFolder) -> DepositRecord:
    """What was filed last of it. Raises `Refused`."""
    return accepted(deposit_record.read(filed.read("deposit.toml"), f"{filed.place}/deposit.toml"))


def _draft(home: Home, filed: FiledFolder, reason: str) -> Draft | None:
    """A deposit as it is filed again to be open; None where it is open already. Raises `Refused`."""
    record = _record(filed)
    over = record.access.public_on(home.now().date())
    if over and _open(filed, record.access.until):
        return None
    refuse_unfiled(filed)
    changed = {} if over else {"deposit.toml": _opened(filed, record)}
    draft = deposit_draft.refiled(Here(home), filed.folder, changed, released=DUE if over else reason)
    if isinstance(draft, Draft) and draft.marks and not draft.marks.open:
        told = [remark for remark in draft.marks.remarks if remark.startswith("nothing")]
        raise Refused(Problem(filed.place, remark) for remark in told)
    return draft if isinstance(draft, Draft) else None


def _open(filed: FiledFolder, until: dt.date | None) -> bool:
    """Whether its newest list names openly what anyone may have of it, and was made when they might."""
    wanted = {"deposit.toml", COPY if of_filed(filed) else "turns.jsonl"}
    return wanted <= filed.listed.keys() and (until is None or filed.life.intakes[-1].time.date() >= until)


def _opened(filed: FiledFolder, record: DepositRecord) -> bytes:
    """Its ``deposit.toml`` with ``access = "public"``, and otherwise as it was. Raises `Refused`."""
    data, place = filed.read("deposit.toml"), f"{filed.place}/deposit.toml"
    if b"\n[" in data:
        head, table = data[: data.index(b"\n[")], data[data.index(b"\n[") :]
    else:
        head, table = data, b""
    opened = _ACCESS.sub(rb'\1"public"', head, count=1)
    if opened == head:
        opened = re.sub(rb"^(format[^\n]*\n)", rb'\1access = "public"\n', head, count=1, flags=re.MULTILINE)
    said = deposit_record.read(opened + table, place)
    if isinstance(said, list) or said != record.model_copy(update={"access": said.access}):
        what = 'expected a line such as access = "restricted" that can be changed'
        raise Refused([Problem(place, what, 'write access = "public" there and file it again')])
    return opened + table


def plain(done: Sequence[Released]) -> list[dict[str, Any]]:
    """For programs."""
    return [
        {"accession": each.accession, "folder": each.folder, "released": each.new, "remarks": list(each.remarks)}
        for each in done
    ]
