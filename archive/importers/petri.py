"""Transcripts of Petri 1 and 2, JSON: ``{"metadata": {…}, "events": […], "target_messages": […]}``.

The interview is what the target saw. It is replayed from the events, so that what was rolled back stays as a branch.
Petri 3 writes Inspect logs.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from archive.importers import messages
from archive.importers.interview import Interview
from archive.importers.source import Found, Source, conversations
from archive.importers.talk import Talk

NAME = "petri-transcript"
VERSION = 2


def sniff(source: Source) -> bool:
    """Whether the file has the metadata of a transcript, and what was said."""
    return {"metadata", "events"} <= source.keys and bool({"messages", "target_messages"} & source.keys)


def read(source: Source) -> Iterator[Found]:
    """One interview, or one for each transcript of a list."""
    return conversations(source, _read)


def _read(value: Any, place: str) -> Iterator[Interview]:
    talk = Talk(place)
    transcript = talk.table(value, "")
    metadata = talk.table(transcript.get("metadata"), "metadata")
    tree = messages.Tree(talk)
    final = talk.rows(transcript.get("target_messages"), "target_messages")
    attempts = _attempts(talk, talk.rows(transcript.get("events"), "events"))
    if attempts and len(final) in (0, len(attempts[-1])):
        final = attempts[-1]
    elif not all(isinstance(message, dict) and message.get("id") for message in final):
        talk.lose("attempt that does not fit the messages", len(attempts))
        attempts = []
    final = final or talk.rows(transcript.get("messages"), "messages")
    for number, attempt in enumerate([final, *attempts]):
        after = 0
        for message in attempt:
            after = tree.say(message, f"attempt {number}" if number else "target_messages", after)
    model = talk.optional(metadata.get("target_model"), "metadata.target_model") or ""
    talk.model = talk.model_id(model.partition("/")[2] or model, "metadata.target_model")
    talk.date = _day(talk, metadata.get("created_at"))
    if model:
        talk.context["sampling"] = f"model {model}"
    if auditor := talk.optional(metadata.get("auditor_model"), "metadata.auditor_model"):
        talk.context["interviewer"] = f"model: {auditor}"
    if made := _tools(talk, talk.rows(transcript.get("events"), "events")):
        talk.context["tools"] = ", ".join(made)
    talk.lose("judge's word", int(bool(metadata.get("judge_output"))))
    yield talk.interview()


def _day(talk: Talk, created: object) -> str | None:
    """The day it was made; Petri writes the time of its own clock without a zone, and so no turn can have it."""
    if moment := talk.moment(created):
        return moment[:10]
    try:
        return datetime.fromisoformat(created).date().isoformat() if isinstance(created, str) else None
    except ValueError:
        return None


def _attempts(talk: Talk, events: list[Any]) -> list[list[Any]]:
    """What stood in the target's view before each rollback or reset, and at the end; every message with an id."""
    said: list[Any] = []
    attempts: list[list[Any]] = []
    for number, event in enumerate(events):
        place = f"events[{number}]"
        table = talk.table(event, place)
        view = table.get("view")
        if not any(name in ("target", "all") for name in (view if isinstance(view, list) else [view])):
            talk.lose("event of another view")
            continue
        edit = talk.table(table.get("edit"), f"{place}.edit")
        match edit:
            case {"operation": "rollback"}:
                attempts.append(list(said))
                said = _rolled_back(said, edit)
            case {"operation": "reset"}:
                attempts.append(said)
                said = [_named(m, f"{number}.{n}") for n, m in enumerate(talk.rows(edit.get("new_messages"), place))]
            case {"operation": "json_patch"}:
                talk.lose("edit of what was said")
            case _:
                said.append(_named(edit.get("message"), str(number)))
    return [attempt for attempt in [*attempts, said] if attempt]


def _tools(talk: Talk, events: list[Any]) -> dict[str, None]:
    """The names of the tools that the auditor made up for the target."""
    made: dict[str, None] = {}
    for event in events:
        match event:
            case {"type": "tool_creation_event", "tool": {"name": str(name)}}:
                made[talk.text(name, "events.tool.name")] = None
    return made


def _rolled_back(said: list[Any], edit: Mapping[str, Any]) -> list[Any]:
    ids = [message.get("id") if isinstance(message, dict) else None for message in said]
    if isinstance(kept := edit.get("to_id"), str) and kept in ids:
        return said[: ids.index(kept) + 1]
    count = edit.get("count")
    return said[: max(0, len(said) - count)] if isinstance(count, int) and count > 0 else said


def _named(message: Any, name: str) -> Any:
    return {"id": name, **message} if isinstance(message, dict) and not message.get("id") else message
