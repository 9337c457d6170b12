"""Claude Code session logs: JSONL, one record a line, linked by ``uuid`` and ``parentUuid``.

A session is one interview, and so is each side chain (a sub-agent's conversation) in it. The thread that ends in the
last record comes first, abandoned ones follow as branches. Records that share ``message.id`` are pieces of one message
and become one turn. The system prompt is not in these logs.

The program itself writes in them too. The summary that takes the place of the model's context when it is compacted is a
system turn of that name, and the context's ``memory`` says so; what only the program said to itself, or in the model's
place (``isMeta``, the model ``<synthetic>``), is nobody's turn and counted as lost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from archive.errors import Refused
from archive.importers.interview import Interview
from archive.importers.source import Found, Source
from archive.importers.talk import Talk

NAME = "claude-code"
VERSION = 2

_SPOKEN = ("user", "assistant")
_PASSED = {"file-history-snapshot", "progress", "last-prompt", "queue-operation", "mode", "permission-mode"}
_SUMMARY = "summary of what came before"
_HELD = ("type", "subtype", "message", "timestamp", "isMeta", "isCompactSummary", "isApiErrorMessage")


@dataclass(slots=True)
class _Log:
    """The records of a file by session and chain, while they are put together."""

    sessions: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    chains: dict[str, str] = field(default_factory=dict)
    """Record → the side chain it stands in; empty for the session's own."""
    titles: dict[str, str] = field(default_factory=dict)
    """What a session is called, by its id, and by the last record of it that was summed up."""


def sniff(source: Source) -> bool:
    """Whether the first record is linked like a session's, or is one that stands before those."""
    keys = source.keys
    linked = {"sessionId", "parentUuid", "leafUuid"} & keys
    return "type" in keys and (bool(linked) or {"messageId", "snapshot"} <= keys)


def read(source: Source) -> Iterator[Found]:
    """One interview a session, and one a side chain, in the order in which they begin."""
    log, outer = _Log(), Talk(source.name)
    for place, value in source.records():
        try:
            if isinstance(value, Refused):
                raise value
            _add(log, value, Talk(place), outer)
        except Refused as refused:
            yield refused
    for (session, chain), records in log.sessions.items():
        titles = [log.titles[uuid] for uuid in records if uuid in log.titles]
        title = log.titles.get(session) or next(reversed(titles), "")
        try:
            yield from _session(records, "" if chain else title, outer)
        except Refused as refused:
            yield refused
    yield Interview(turns=(), lost=outer.lost, context={}, model=None, date=None)


def _add(log: _Log, value: Any, talk: Talk, outer: Talk) -> None:
    record = talk.table(value, "")
    kind = talk.text(record.get("type"), "type")
    session = talk.optional(record.get("sessionId"), "sessionId") or ""
    if kind not in (*_SPOKEN, "system", "attachment") and not isinstance(record.get("uuid"), str):
        outer.lose(f"{kind} record", int(kind not in _PASSED))
        talk.called(record.get("customTitle") or record.get("summary"))
        if talk.title:
            log.titles[str(record.get("leafUuid") or session)] = talk.title
        return
    uuid = talk.text(record.get("uuid"), "uuid")
    parent = talk.optional(record.get("parentUuid") or record.get("logicalParentUuid"), "parentUuid")
    chain = talk.optional(record.get("agentId"), "agentId") or log.chains.get(parent or "", uuid)
    log.chains[uuid] = chain if record.get("isSidechain") else ""
    records = log.sessions.setdefault((session, log.chains[uuid]), {})
    if uuid in records:
        outer.lose("record that stands twice")
    records.setdefault(uuid, {**{key: record.get(key) for key in _HELD}, "place": talk.place, "parent": parent})


def _session(records: dict[str, Mapping[str, Any]], title: str, outer: Talk) -> Iterator[Interview]:
    talk = Talk(next(iter(records.values()))["place"])
    talk.title = title
    ends: dict[str | None, int] = {None: 0}
    pieces: dict[int, object] = {}
    leaf = next((uuid for uuid in reversed(records) if records[uuid]["type"] in _SPOKEN), None)
    for uuid, parent in talk.thread({uuid: record["parent"] for uuid, record in records.items()}, leaf, None):
        record, after = records[uuid], ends[parent]
        talk.place, ends[uuid] = record["place"], after
        if record["type"] not in _SPOKEN:
            outer.lose(f"{record['type']} record", int(record["type"] not in _PASSED))
            continue
        message = talk.table(record.get("message"), "message")
        if _unspoken(record, message):
            talk.lose("message of the program's own")
            continue
        piece = message.get("id") if record["type"] == "assistant" else None
        if piece and after == talk.last and pieces.get(after) == piece:
            ends[uuid] = talk.join(message.get("content"), "message.content")
        else:
            ends[uuid] = _say(talk, record, message, after)
        pieces[ends[uuid]] = piece
    if talk.last:
        compacted = sum(str(record.get("subtype")).endswith("compact_boundary") for record in records.values())
        yield _with_memory(talk.interview(), compacted)
    else:
        for kind, times in talk.lost.items():
            outer.lose(kind, times)


def _unspoken(record: Mapping[str, Any], message: Mapping[str, Any]) -> bool:
    """Whether neither the user nor the model said it."""
    made = record.get("isMeta") or record.get("isApiErrorMessage") or message.get("model") == "<synthetic>"
    return bool(made) and not record.get("isCompactSummary")


def _say(talk: Talk, record: Mapping[str, Any], message: Mapping[str, Any], after: int) -> int:
    model = talk.model_id(message.get("model"), "message.model")
    talk.model = talk.model or model
    summary = bool(record.get("isCompactSummary"))
    return talk.say(
        "system" if summary else talk.text(message.get("role", record["type"]), "message.role"),
        message.get("content"),
        "message.content",
        name=_SUMMARY if summary else None,
        time=talk.moment(record.get("timestamp")),
        model=model,
        after=after,
    )


def _with_memory(interview: Interview, compacted: int) -> Interview:
    """The interview, whose note says where the model's context was replaced; it was `compacted` so many times."""
    numbers = [turn.turn for turn in interview.turns if turn.name == _SUMMARY]
    said = [f"turn {number}: the model's context was replaced by this summary" for number in numbers]
    if (others := compacted - len(numbers)) > 0:
        said.append(f"compacted {others}× by the program, and the log does not hold the summary")
    return replace(interview, context={**interview.context, "memory": "; ".join(said)} if said else interview.context)
