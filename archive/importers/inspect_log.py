"""Logs of Inspect, ``.eval`` (a zip file) and ``.json``; Petri 3 writes them too. A sample × epoch is one interview.

A sample lies in ``samples/{id}_epoch_{n}.json``, or in pieces: ``samples/{id}_epoch_{n}/sample.json``, whose
``message_refs`` are half-open ranges into the list in ``messages/{start}.json``; and ``attachments/{start}.json``.
Text may stand apart, named by ``attachment://`` and a hash (in pieces: a number). Only what becomes a turn is held in
memory. Where `archive interview` held it, its sample and its messages say under ``emeritus`` how (`held`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from archive.errors import Problem, Refused
from archive.importers import attachments, held, messages, timelines
from archive.importers.checks import shown
from archive.importers.interview import Interview
from archive.importers.source import Found, Source
from archive.importers.strictjson import Reader
from archive.importers.talk import Talk
from archive.importers.zipped import Archive

NAME = "inspect-log"
VERSION = 3

_SAMPLE = re.compile(r"samples/(.+)_epoch_(\d{1,9})(?:\.json|/sample\.json)", re.DOTALL)
_CHUNK = re.compile(r"(\d{1,15})\.json")
_SAMPLING = (
    *("model", "temperature", "top_p", "top_k", "max_tokens", "reasoning_effort", "reasoning_tokens"),
    *("frequency_penalty", "presence_penalty", "seed", "stop_seqs", "num_choices"),
)
_HEADER = ("version", "eval", "plan", "stats")
_VERSIONS = (1, 2, 3)
_VALUES = {"id", "epoch", "input", "output", "error", "limit", "started_at", "message_refs", "timelines"}
_PASSED = {"uuid", "target", "events_data", "turn_count", "model_usage", "role_usage", "total_time", "working_time"} | {
    *("completed_at", "sandbox", "message_pool", "call_pool"),
}


@dataclass(frozen=True, slots=True)
class _Log:
    """What the header says of every sample."""

    name: str
    header: Mapping[str, Any]
    runs: Mapping[str, list[int]]
    """Sample id → its epochs."""

    def __post_init__(self) -> None:
        if (version := self.header.get("version", 2)) not in _VERSIONS:
            what = f"is written in version {shown(version)} of the log format; known are 1 to 3"
            raise Refused(
                [Problem(self.name, what, "`inspect log convert` of an Inspect that knows it writes another")]
            )


def sniff(source: Source) -> bool:
    """Whether a zip file has a log's header or samples, or a JSON file the keys of a log."""
    if source.kind != "zip":
        return "eval" in source.keys and bool({"status", "samples", "plan"} & source.keys)
    with source.open() as file:
        names = Archive(file, source.name).names
    return any(name in ("header.json", "_journal/start.json") or _SAMPLE.fullmatch(name) for name in names)


def read(source: Source) -> Iterator[Found]:
    """One interview for each sample and epoch; from a zip file those of a sample together, else in the file's order."""
    return _zip(source) if source.kind == "zip" else _json(source)


# ── .json ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _json(source: Source) -> Iterator[Found]:
    log = _json_log(source)
    with source.open() as file:
        reader = Reader(file, source.name, nan=True)
        for key in reader.members():
            if key != "samples" or reader.peek() != "[":
                reader.skip()
                continue
            for number in reader.items():
                talk = Talk(f"{source.name} samples[{number}]")
                tree = messages.Tree(talk)
                reader.peek()
                opened = partial(_again, source, reader.offset())
                values = _members(reader, talk, tree)
                if attempts := timelines.spans(values):
                    timelines.add(talk, tree, opened, attempts)
                yield from _interview(talk, values, log)
        reader.end()


@contextmanager
def _again(source: Source, start: int) -> Iterator[Reader]:
    """What begins so many bytes into the file, which was read there before."""
    with source.open() as file:
        file.seek(start)
        yield Reader(file, source.name, nan=True)


def _json_log(source: Source) -> _Log:
    header: dict[str, Any] = {}
    runs: dict[str, list[int]] = defaultdict(list)
    with source.open() as file:
        reader = Reader(file, source.name, nan=True)
        for key in reader.members():
            if key == "samples" and reader.peek() == "[":
                for _ in reader.items():
                    named = {
                        name: reader.value() if name in ("id", "epoch") else reader.skip() for name in reader.members()
                    }
                    runs[messages.plain(named.get("id"))].append(_number(named.get("epoch")))
            elif key in _HEADER:
                header[key] = reader.value()
            else:
                reader.skip()
    return _Log(source.name, header, runs)


# ── .eval ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _zip(source: Source) -> Iterator[Found]:
    with source.open() as file:
        archive = Archive(file, source.name)
        found = [(match[1], int(match[2]), name) for name in archive.names if (match := _SAMPLE.fullmatch(name))]
        runs: dict[str, list[int]] = defaultdict(list)
        for sample, epoch, _ in found:
            runs[sample].append(epoch)
        log = _Log(source.name, _zip_header(archive, source.name), runs)
        for _, _, name in sorted(found, key=_order):
            talk = Talk(f"{source.name} {name}")
            try:
                tree = messages.Tree(talk)
                with _reader(archive, name, source.name) as reader:
                    values = _members(reader, talk, tree)
                    reader.end()
                if name.endswith("/sample.json"):
                    _pieces(archive, source.name, name.removesuffix("sample.json"), talk, values)
                elif attempts := timelines.spans(values):
                    timelines.add(talk, tree, partial(_reader, archive, name, source.name), attempts)
                yield from _interview(talk, values, log)
            except Refused as refused:
                yield refused


def _order(found: tuple[str, int, str]) -> tuple[object, ...]:
    sample, epoch, _ = found
    return (0, int(sample), "", epoch) if sample.isascii() and sample.isdigit() else (1, 0, sample, epoch)


def _zip_header(archive: Archive, place: str) -> dict[str, Any]:
    header: dict[str, Any] = {}
    for name in ("_journal/start.json", "header.json"):
        if name in archive.names:
            with _reader(archive, name, place) as reader:
                header |= attachments.wanted(reader, _HEADER)
    return header


@contextmanager
def _reader(archive: Archive, name: str, place: str) -> Iterator[Reader]:
    with archive.open(name) as member:
        yield Reader(member, f"{place} {name}", nan=True)


def _pieces(archive: Archive, place: str, folder: str, talk: Talk, values: Mapping[str, Any]) -> None:
    """The messages, attachments and counts of a sample that is written in pieces."""
    wanted = timelines.indices(talk, values.get("message_refs"))
    chunks = dict(_chunks(archive, place, f"{folder}messages/", set(wanted)))
    if missing := [index for index in wanted if index not in chunks]:
        raise talk.refused("message_refs", f"names message {missing[0]}, which is not in the log")
    for number, index in enumerate(wanted):
        held.say(talk, chunks[index], f"messages[{number}]", lambda m, place: messages.say(talk, m, place))
    talk.lose("branch", len(timelines.spans(values)[1:]))
    refs = {int(ref) for ref in attachments.refs(talk) if ref.isdigit()}
    texts = dict(_chunks(archive, place, f"{folder}attachments/", refs))
    attachments.resolve(talk, {str(index): text for index, text in texts.items()})
    for name in archive.names:
        if name.startswith(f"{folder}events/") and _CHUNK.fullmatch(name.removeprefix(f"{folder}events/")):
            with _reader(archive, name, place) as reader:
                talk.lose("event", reader.skip())


def _chunks(archive: Archive, place: str, folder: str, wanted: set[int]) -> Iterator[tuple[int, Any]]:
    """``(index, value)`` of the `wanted` elements of a list that lies in files named by the index of their first."""
    for name in archive.names:
        match = _CHUNK.fullmatch(name.removeprefix(folder)) if name.startswith(folder) else None
        if match and wanted:
            with _reader(archive, name, place) as reader:
                for number in reader.items():
                    index = int(match[1]) + number
                    if index in wanted:
                        yield index, reader.value()
                    else:
                        reader.skip()


# ── a sample ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _members(reader: Reader, talk: Talk, tree: messages.Tree) -> dict[str, Any]:
    """Says a sample's messages, counts what is passed over, and gives its other values."""
    values: dict[str, Any] = {}
    for key in reader.members():
        if key == "messages" and reader.peek() == "[":
            for number in reader.items():
                spoken = partial(timelines.say, talk, tree, after=talk.last)
                held.say(talk, reader.value(), f"messages[{number}]", spoken)
        elif key == "attachments" and reader.peek() == "{":
            attachments.resolve(talk, dict(attachments.wanted(reader, attachments.refs(talk))))
        elif key in _VALUES:
            values[key] = reader.value()
        elif key == "metadata" and reader.peek() == "{":
            values |= {f"metadata.{held.KEY}": value for _, value in attachments.wanted(reader, (held.KEY,))}
        else:
            times = reader.skip()
            if key not in _PASSED:
                talk.lose({"events": "event", "scores": "score"}.get(key, f"sample.{key}"), times)
    return values


def _interview(talk: Talk, values: Mapping[str, Any], log: _Log) -> Iterator[Interview]:
    said = values.get(f"metadata.{held.KEY}")
    asked_only = not talk.last
    if asked_only and not said:
        given = values.get("input")
        for number, message in enumerate(given if isinstance(given, list) else []):
            messages.say(talk, message, f"input[{number}]")
        if isinstance(given, str):
            talk.say("user", given, "input")
    talk.lose("attachment that is missing", len(attachments.refs(talk)))
    settings = _settings(log.header)
    output = values.get("output")
    _output(talk, output if isinstance(output, dict) else {}, settings)
    _ended(talk, values)
    match _table(_table(log.header, "eval"), "model_roles").get("auditor"):
        case {"model": str(auditor)} | str(auditor):
            talk.context["interviewer"] = f"model: {talk.text(auditor, 'eval.model_roles.auditor')}"
            if timelines.spans(values):  # of what Petri 3 keeps as its own messages the input is no part
                talk.context["interviewer_prompt"] = timelines.seed(talk, values.get("input"))
    talk.context["sampling"] = messages.sampling(settings, _SAMPLING)
    talk.context["samples"] = talk.text(_samples(values, log), "id")
    if told := talk.optional(settings.get("system_message"), "plan.config.system_message"):
        talk.context["system_prompt"] = told
    elif not talk.has("system") and not asked_only:
        talk.context["system_prompt"] = "none"
    stats, spec = _table(log.header, "stats"), _table(log.header, "eval")
    for moment in (values.get("started_at"), stats.get("started_at"), spec.get("created")):
        if not talk.date and isinstance(moment, str) and (time := talk.moment(moment)):
            talk.date = time[:10]
    held.note(talk, said, sum(map(len, log.runs.values())), values)
    if talk.last:
        yield talk.interview()
    else:
        talk.lose("run without a message")
        yield Interview(turns=(), lost=talk.lost, context={}, model=None, date=None)


def _settings(header: Mapping[str, Any]) -> dict[str, Any]:
    spec = _table(header, "eval")
    asked = {**_table(spec, "model_generate_config"), **_table(_table(header, "plan"), "config")}
    target = _table(spec, "model_roles").get("target")  # Petri names the interviewed model so
    model = (target.get("model") if isinstance(target, dict) else target) or spec.get("model")
    return {"model": model, **{key: value for key, value in asked.items() if value is not None}}


def _output(talk: Talk, output: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Who answered and why the answer ended; an answer that did not become a message is counted as lost."""
    asked = talk.optional(settings.get("model"), "eval.model") or ""
    said = talk.model_id(output.get("model"), "output.model")
    talk.model = talk.model or said or talk.model_id(asked.partition("/")[2] or asked, "")
    choices = talk.rows(output.get("choices"), "output.choices")
    talk.lose("further answer", max(0, len(choices) - 1))
    for choice in choices[:1]:
        table = talk.table(choice, "output.choices[0]")
        answer = Talk(talk.place)
        messages.say(answer, table.get("message"), "output.choices[0].message")
        spoken = set(talk.strings())
        talk.lose("answer that is not among the messages", int(not spoken.issuperset(filter(None, answer.strings()))))
        messages.stopped(talk, "stop_reason", table.get("stop_reason"))


def _ended(talk: Talk, values: Mapping[str, Any]) -> None:
    match values.get("limit"):
        case {"type": str(kind), "limit": limit}:
            talk.context["ended_by"] = f"limit: {talk.text(kind, 'limit')} {messages.plain(limit)}"
    match values.get("error"):
        case {"message": str(message)}:
            talk.context |= {"ended_by": "error", "end_reason": f"error: {talk.text(message, 'error')}"}


def _samples(values: Mapping[str, Any], log: _Log) -> str:
    sample = messages.plain(values.get("id"))
    epochs = sorted(log.runs.get(sample, [1]))
    if len(epochs) == 1:
        return f"1 run of sample {sample} in this log"
    whole = epochs == list(range(epochs[0], epochs[-1] + 1))
    named = f"{epochs[0]}-{epochs[-1]}" if whole else ", ".join(map(str, epochs))
    return f"{len(epochs)} runs of sample {sample} in this log (epochs {named})"


def _table(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 1
