"""Claude Code session logs: JSONL, one record a line, linked by ``uuid`` and ``parentUuid``.

A session is one interview, and so is each side chain (a sub-agent's conversation) in it. The thread that ends in the
last record comes first, abandoned ones follow as branches. Records that share ``message.id`` are pieces of one message
and become one turn. The system prompt is not in these logs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.errors import Refused
from archive.importers.source import Found, Source
from archive.importers.talk import Interview, Talk, thread

NAME = "claude-code"
VERSION = 1

_SPOKEN = ("user", "assistant")
_PASSED = {"file-history-snapshot", "progress", "last-prompt", "queue-operation", "mode", "permission-mode"}


def sniff(source: Source) -> bool:
    """Whether the first record is linked like a session's, or is one that stands before those."""
    keys = source.keys
    linked = {"sessionId", "parentUuid", "leafUuid"} & keys
    return "type" in keys and (bool(linked) or {"messageId", "snapshot"} <= keys)


def read(source: Source) -> Iterator[Found]:
    """One interview a session, and one a side chain, in the order in which they begin."""
    sessions: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    chains: dict[str, str] = {}
    outer = Talk(source.name)
    for place, value in source.records():
        if isinstance(value, Refused):
            yield value
            continue
        talk = Talk(place)
        try:
            record = talk.table(value, "")
            kind = talk.text(record.get("type"), "type")
            if kind not in (*_SPOKEN, "system", "attachment"):
                outer.lose(f"{kind} record", int(kind not in _PASSED))
                continue
            uuid = talk.text(record.get("uuid"), "uuid")
            parent = talk.optional(record.get("parentUuid") or record.get("logicalParentUuid"), "parentUuid")
            session = talk.optional(record.get("sessionId"), "sessionId") or ""
            chain = talk.optional(record.get("agentId"), "agentId") or chains.get(parent or "", uuid)
            chains[uuid] = chain if record.get("isSidechain") else ""
            records = sessions.setdefault((session, chains[uuid]), {})
            if uuid in records:
                outer.lose("record that stands twice")
            held = {key: record.get(key) for key in ("type", "message", "timestamp", "isMeta")}
            records.setdefault(uuid, {**held, "place": place, "parent": parent})
        except Refused as refused:
            yield refused
    for records in sessions.values():
        try:
            yield from _session(records, outer)
        except Refused as refused:
            yield refused
    yield Interview(turns=(), lost=outer.lost, context={}, model=None, date=None)


def _session(records: dict[str, Mapping[str, Any]], outer: Talk) -> Iterator[Interview]:
    talk = Talk("")
    ends: dict[str | None, int] = {None: 0}
    last: tuple[str | None, object] = (None, None)
    leaf = next((uuid for uuid in reversed(records) if records[uuid]["type"] in _SPOKEN), None)
    parents = {uuid: record["parent"] for uuid, record in records.items()}
    for uuid, parent in thread(parents, leaf):
        record = records[uuid]
        talk.place = record["place"]
        if record["type"] not in _SPOKEN:
            outer.lose(f"{record['type']} record")
            ends[uuid] = ends[parent]
            continue
        message = talk.table(record.get("message"), "message")
        piece = message.get("id") if record["type"] == "assistant" else None
        if piece and last == (parent, piece):
            ends[uuid] = talk.join(message.get("content"), "message.content")
        else:
            ends[uuid] = _say(talk, record, message, ends[parent])
        last = (uuid, piece)
    if talk.last:
        yield talk.interview()


def _say(talk: Talk, record: Mapping[str, Any], message: Mapping[str, Any], after: int) -> int:
    model = talk.model_id(message.get("model"), "message.model")
    if model and not talk.model and model != "<synthetic>":
        talk.model = model
    return talk.say(
        talk.text(message.get("role", record["type"]), "message.role"),
        message.get("content"),
        "message.content",
        name="meta" if record.get("isMeta") else None,
        time=talk.moment(record.get("timestamp")),
        model=model,
        after=after,
    )
