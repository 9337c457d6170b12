"""The rows of interviews: counted, with the note on their context, and how far each went into its protocol."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from operator import itemgetter
from typing import Any

from archive.deposits import adherence
from archive.deposits.asked import Coders
from archive.importers.turns import Turn
from archive.records.context_bias import CONTEXT_BIAS, recorded
from archive.records.deposit_record import DepositRecord, Setting
from archive.records.notes import Notes
from archive.records.protocol import Protocol

Row = dict[str, Any]
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SETTING = tuple(f.name for f in fields(Setting) if f.name != "context_bias")
_SILENT = "not_recorded"


def interviews(
    accession: str,
    record: DepositRecord,
    last: int,
    said: Iterable[Row],
    notes: Sequence[Notes],
    protocols: Mapping[str, Protocol],
) -> tuple[list[Row], list[Row]]:
    """The rows of the interviews from 1 to `last`, and those of their contexts.

    `said` are their turns in order, as JSON has them; one interview at a time is held.
    """
    rows: list[Row] = []
    contexts: dict[str, int] = {}
    for n, own in _by_interview(said, last):
        setting = record.setting(n)
        context = contexts.setdefault(answers(setting.context_bias), len(contexts) + 1)
        model = [turn for turn in own if turn["role"] == "assistant"]
        answered, asked = recorded(setting.context_bias)
        rows.append(
            {
                **{name: getattr(setting, name) for name in _SETTING},
                "accession": accession,
                "number": n,
                "turns": len(own),
                "words": _words(own),
                "own_turns": len(model),
                "own_words": _words(model),
                "system": any(turn["role"] == "system" for turn in own),
                "recorded": answered,
                "fields": asked,
                "context": context,
                "adherence": _adherence(f"{accession}/{n}", setting, own, _noted(notes, n), protocols),
            }
        )
    return rows, [{"accession": accession, "number": n, "answers": text} for text, n in contexts.items()]


def answers(context_bias: Mapping[str, str]) -> str:
    """What is recorded of a context-bias note, as JSON, for `context_bias`."""
    return _JSON.encode({key: said for key, said in context_bias.items() if said != _SILENT})


def context_bias(text: str) -> dict[str, str]:
    """The context-bias note whose `answers` are `text`: every field, in its order."""
    said = json.loads(text)
    return {f.key: said.get(f.key, _SILENT) for f in CONTEXT_BIAS}


def _by_interview(said: Iterable[Row], last: int) -> Iterator[tuple[int, list[Row]]]:
    groups = groupby(said, key=itemgetter("interview"))
    ahead = next(groups, None)
    for n in range(1, last + 1):
        own = [*ahead[1]] if ahead and ahead[0] == n else []
        yield n, own
        ahead = next(groups, None) if own else ahead


def _words(said: Iterable[Row]) -> int:
    return sum(len(turn["text"].split()) for turn in said)


def _noted(notes: Iterable[Notes], interview: int) -> Coders:
    return {each.coder: [note for note in each.note if note.interview == interview] for each in notes}


def _adherence(
    interview: str, setting: Setting, said: Iterable[Row], notes: Coders, protocols: Mapping[str, Protocol]
) -> str:
    protocol = protocols.get(setting.protocol)
    # Without a protocol that asks something they are not looked at.
    turns = [Turn(**{key: turn[key] for key in _SPOKEN if key in turn}) for turn in said] if protocol else []
    return adherence.packed(adherence.of_interview(interview, setting, protocol, turns, notes))


_SPOKEN = ("interview", "turn", "role", "text", "parent")
