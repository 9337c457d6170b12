"""Deposits as values, made of a few words: for tests of what is worked out from them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.deposits.deposit import Deposit
from archive.importers.turns import Role, Transcript, Turn
from archive.records import deposit_record
from archive.records.deposit_record import DepositRecord, deposit_form
from archive.records.notes import Note, Notes
from archive.records.protocol import Protocol, Question

ROLES: Mapping[str, Role] = {"S": "system", "I": "user", "M": "assistant", "T": "tool"}


def interview(*said: str, number: int = 1, parents: Mapping[int, int] | None = None) -> list[Turn]:
    """``I: …`` by the interviewer, ``M: …`` by the model, ``S: …`` of the system; `parents` where a thread branches."""
    return [
        Turn(interview=number, turn=n, role=ROLES[line[0]], text=line[3:], parent=(parents or {}).get(n))
        for n, line in enumerate(said, 1)
    ]


def note(turn: int, text: str = "", *, interview: int = 1, **codes: Any) -> Note:
    return Note(interview=interview, turn=turn, code=codes, text=text)


def deposit(
    *interviews: Sequence[str],
    accession: str = "2026-0001",
    model: str = "example-heron-1",
    protocol: str = "guide@1",
    contexts: Sequence[Mapping[str, str]] = (),
    notes: Mapping[str, Sequence[Note]] | None = None,
    access: str = "public",
) -> Deposit:
    """A deposit of interviews in the form of `interview`; `contexts` are for each of them."""
    turns = [turn for n, said in enumerate(interviews, 1) for turn in interview(*said, number=n)]
    contexts = contexts or [{} for _ in interviews]
    form = deposit_form(
        model=model, protocol=protocol, contexts=contexts, dates=["2026-10-14"] * len(interviews), access=access
    )
    record = deposit_record.read(form.encode(), "deposit.toml", interviews=len(interviews))
    assert isinstance(record, DepositRecord), record
    coded = {
        coder: Notes(format=1, coder=coder, date=dt.date(2026, 11, 20), note=tuple(own))
        for coder, own in (notes or {}).items()
    }
    transcript = Transcript(importer="by-hand", version=1, turns=tuple(turns), interviews=len(interviews))
    return Deposit(Path("somewhere"), accession, record, transcript, coded, {})


def protocol(*questions: str, version: int = 1, order: str = "consecutive", disclosure: str = "") -> Protocol:
    """``guide@1`` with questions as ``id topic: text``."""
    asked = [(*head.split(" ", 1), text.strip()) for head, _, text in (q.partition(":") for q in questions)]
    return Protocol(
        format=1,
        id="guide",
        version=version,
        title="Guide",
        order=order,
        disclosure=disclosure,
        question=tuple(Question(id=own, topic=topic, text=text) for own, topic, text in asked),
    )
