"""Logs of Inspect in JSON, one for each deposit, one sample for each interview.

They are called by day and accession number, ``2026-10-14T00-00-00Z_2026-0041.json``: Inspect lists no other name.
Inspect's own `read_eval_log` reads them, and so does `archive.importers.inspect_log`, which gives the same turns back.
Every message is called by its anchor, ``2026-0041/3#12``. What a message of Inspect's has no place for stands in its
``metadata``: name and time, the turn it follows where a conversation branches, a tool's result that is data.
Format: https://inspect.aisi.org.uk/reference/inspect_ai.log.html
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from archive.deposits.filed import FiledFolder
from archive.exchange.bag import Progress
from archive.exchange.citation import of_files
from archive.exchange.selection import Selection, record_of
from archive.records.deposit_record import DepositRecord
from archive.register.statement import encode_time

Turn = Mapping[str, Any]
"""A line of ``turns.jsonl``."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write(chosen: Selection, to: Path, progress: Progress | None) -> dict[str, int]:
    """A log for each deposit; how many, with how many samples. Raises `Refused` where a file is not what was filed."""
    samples = 0
    for done, each in enumerate(chosen.deposits, 1):
        record = record_of(each)
        name = f"{_created(each, record).replace(':', '-')}_{each.number}.json"
        with (to / name).open("w", encoding="utf-8", newline="") as file:
            for part in _log(each, record, chosen):
                file.write(part)
                samples += part == _SAMPLE
        if progress:
            progress(done, len(chosen.deposits))
    return {"logs": len(chosen.deposits), "samples": samples}


_SAMPLE = '{"epoch":1,"target":"","messages":['
"""How every sample begins."""


def _log(chosen: FiledFolder, record: DepositRecord, selection: Selection) -> Iterator[str]:
    """The text of a log, piece by piece: a deposit may be larger than memory."""
    head = {"version": 2, "status": "success", "eval": _spec(chosen, record, selection), "plan": {}, "stats": {}}
    yield f'{_ENCODE(head).removesuffix("}")},"samples":['
    by_interview = groupby(chosen.turns(), key=lambda turn: int(turn["interview"]))
    for number, (interview, said) in enumerate(by_interview):
        yield "," if number else ""
        yield _SAMPLE
        first: Turn = {}
        for position, turn in enumerate(said):
            first = first or (turn if turn["role"] == "user" else {})
            yield ("," if position else "") + _ENCODE(_message(turn, f"{chosen.number}/{interview}"))
        yield f"],{_ENCODE(_sample(chosen, record, interview, first)).removeprefix('{')}"
    yield "]}\n"


def _spec(chosen: FiledFolder, record: DepositRecord, selection: Selection) -> dict[str, Any]:
    return {
        "created": _created(chosen, record),
        "eval_id": chosen.number,
        "run_id": chosen.number,
        "task": record.title or record.kind,
        "task_id": chosen.number,
        "dataset": {"name": chosen.number, "samples": chosen.head.interviews},
        "model": record.model,
        "config": {},
        "metadata": {
            "accession": chosen.number,
            "kind": record.kind,
            "protocol": record.protocol,
            "access": str(record.access),
            "licence": record.licence,
            "received": chosen.received,
            "cite": of_files(chosen, selection),
        },
    }


def _sample(chosen: FiledFolder, record: DepositRecord, interview: int, first: Turn) -> dict[str, Any]:
    """What follows the messages of a sample; `first` is the first turn of the user."""
    setting = record.setting(interview)
    return {
        "id": interview,
        "started_at": _midnight(setting.date),
        "input": first.get("text", ""),
        "output": {"model": setting.model},
        "metadata": {
            "accession": f"{chosen.number}/{interview}",
            "protocol": setting.protocol,
            "kind": setting.kind,
            "title": setting.title,
            "date": setting.date and setting.date.isoformat(),
            "context_bias": dict(setting.context_bias),
        },
    }


def _created(chosen: FiledFolder, record: DepositRecord) -> str:
    return _midnight(record.date) or encode_time(chosen.accession.time)


def _midnight(day: date | None) -> str | None:
    """How a log, which has no days, says a day."""
    return f"{day}T00:00:00Z" if day else None


def _message(turn: Turn, interview: str) -> dict[str, Any]:
    message = {"id": f"{interview}#{turn['turn']}", "role": turn["role"], "content": turn["text"]}
    if "reasoning" in turn:
        words = [{"type": "text", "text": turn["text"]}] if turn["text"] else []
        message["content"] = [{"type": "reasoning", "reasoning": turn["reasoning"]}, *words]
    if turn["role"] == "assistant" and "model" in turn:
        message["model"] = turn["model"]
    if "tool_calls" in turn:
        message["tool_calls"] = [_call(call) for call in turn["tool_calls"]]
    result = turn.get("tool_result", {})
    if turn["role"] == "tool":
        message |= {"tool_call_id": result.get("id"), "function": turn.get("name")}
        message |= {"error": {"type": "unknown", "message": turn["text"]}} if result.get("error") else {}
    # Our importer reads these two beside the role, as other formats have them; Inspect passes over them.
    beside = {"name": turn.get("name"), "timestamp": turn.get("time")}
    kept = {"name": turn.get("name"), "time": turn.get("time"), "parent": turn.get("parent")}
    kept |= {"result": result.get("content")}
    if metadata := {key: value for key, value in kept.items() if value is not None}:
        message["metadata"] = metadata
    return {key: value for key, value in {**message, **beside}.items() if value is not None}


def _call(call: Mapping[str, Any]) -> dict[str, Any]:
    """Inspect takes only arguments that are an object. What was received otherwise stands in ``input`` beside it."""
    given = call.get("arguments")
    message = {"id": str(call.get("id", "")), "function": str(call.get("name", "")), "arguments": given}
    if not isinstance(given, dict):
        message |= {"arguments": _object(given), "input": given}
    return message | ({"result": call["result"]} if "result" in call else {})


def _object(arguments: object) -> dict[str, Any]:
    try:
        read = json.loads(arguments) if isinstance(arguments, str) else arguments
    except (ValueError, RecursionError):
        read = arguments
    return read if isinstance(read, dict) else {} if read is None else {"arguments": read}
