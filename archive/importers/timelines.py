"""What Petri 3 writes into a log of Inspect besides: the target's conversation as a tree, and the calls that made it.

A timeline called ``target`` is a tree of spans: the first attempt, and in its ``branches`` what came after a rollback
or a restart. A span names events by their uuid; those of the model have what the target saw and what it answered. The
messages of the sample are the last attempt. Looked at: inspect-petri 3.1.1 with inspect-ai 0.3.285.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from archive.importers import attachments, messages
from archive.importers.strictjson import Reader
from archive.importers.talk import Talk

Opened = Callable[[], AbstractContextManager[Reader]]
"""Opens a sample once more, from its beginning."""

_MAX_MESSAGES = 100_000


def spans(values: Mapping[str, Any]) -> list[set[str]]:
    """The events of each attempt at the target's conversation, by uuid: the first, then those after a rollback."""
    timelines = values.get("timelines")
    found: list[set[str]] = []
    for timeline in timelines if isinstance(timelines, list) else []:
        match timeline:
            case {"name": str(name), "root": dict(root)} if name == "target" or name.endswith("-target"):
                _gather(root, found)
    return found


def _gather(span: Mapping[str, Any], found: list[set[str]]) -> None:
    own: set[str] = set()
    found.append(own)
    inner = [span]
    while inner:
        content = inner.pop().get("content")
        for item in content if isinstance(content, list) else []:
            match item:
                case {"type": "event", "event": str(uuid)}:
                    own.add(uuid)
                case {"type": "span"}:
                    inner.append(item)
    branches = span.get("branches")
    for branch in branches if isinstance(branches, list) else []:
        if isinstance(branch, dict):
            _gather(branch, found)


def say(talk: Talk, tree: messages.Tree, message: Any, place: str, *, after: int) -> int:
    """Has a message said, and notes where the auditor put it into the target's mouth; the number of its last turn."""
    metadata = message.get("metadata") if isinstance(message, dict) else None
    if metadata != {"prefill": True}:
        return tree.say(message, place, after)
    turn = tree.say({key: held for key, held in message.items() if key != "metadata"}, place, after)
    talk.mark("prefill", "put into its mouth by the auditor", turn)
    return turn


def add(talk: Talk, tree: messages.Tree, opened: Opened, attempts: Sequence[Collection[str]]) -> None:
    """Adds what was said in attempts that were rolled back, each read from its last call of the model.

    Which model the target was, and which tools it was given, its calls say too.
    """
    calls: dict[int, Mapping[str, Any]] = {}
    pool: dict[int, Any] = {}
    with opened() as reader:
        for key in reader.members():
            if key == "events" and reader.peek() == "[":
                calls = _calls(talk, reader, attempts)
            elif key == "events_data" and reader.peek() == "{":
                pool = _pool(reader, {index for call in calls.values() for index in indices(talk, call["input_refs"])})
            else:
                reader.skip()
    for number in sorted(calls) if len(attempts) > 1 else ():
        _attempt(talk, tree, calls[number], pool, f"branch {number + 1}")
    with opened() as reader:
        for key in reader.members():
            if key == "attachments" and reader.peek() == "{":
                attachments.resolve(talk, dict(attachments.wanted(reader, attachments.refs(talk))))
            else:
                reader.skip()


def _calls(talk: Talk, reader: Reader, attempts: Sequence[Collection[str]]) -> dict[int, Mapping[str, Any]]:
    """The last call of the target in each attempt, by its number."""
    calls: dict[int, Mapping[str, Any]] = {}
    tools: dict[str, None] = {}
    for _ in reader.items():
        event = reader.value()
        match event:
            case {"event": "model", "uuid": str(uuid)} if any(uuid in span for span in attempts):
                kept = {part: event.get(part) for part in ("input", "input_refs", "output")}
                calls |= {number: kept for number, span in enumerate(attempts) if uuid in span}
                offered = talk.rows(event.get("tools"), "events.tools")
                tools |= {str(tool["name"]): None for tool in offered if isinstance(tool, dict) and "name" in tool}
                if isinstance(event["output"], dict):
                    talk.model = talk.model_id(event["output"].get("model"), "events.output.model") or talk.model
    if calls:
        talk.context["tools"] = ", ".join(tools) or "none"
    return calls


def _pool(reader: Reader, numbers: Collection[int]) -> dict[int, Any]:
    """The messages of these numbers, which calls share."""
    pool: dict[int, Any] = {}
    for part in reader.members():
        if part == "messages" and reader.peek() == "[":
            for number in reader.items():
                if number in numbers:
                    pool[number] = reader.value()
                else:
                    reader.skip()
        else:
            reader.skip()
    return pool


def indices(talk: Talk, refs: Any) -> list[int]:
    """The numbers in half-open ranges ``[[0, 2], [4, 5]]``. Raises `Refused` for what is none."""
    wanted: list[int] = []
    for pair in talk.rows(refs, "message_refs"):
        match pair:
            case [int(start), int(end)] if 0 <= start <= end and len(wanted) + end - start <= _MAX_MESSAGES:
                wanted += range(start, end)
            case _:
                raise talk.refused("message_refs", "expected pairs of numbers, the first and the one after the last")
    return wanted


def _attempt(talk: Talk, tree: messages.Tree, call: Mapping[str, Any], pool: Mapping[int, Any], place: str) -> None:
    said = talk.rows(call["input"], f"{place} input")
    said = said or [pool.get(index) for index in indices(talk, call["input_refs"])]
    match call["output"]:
        case {"choices": [{"message": message}, *_]}:
            said = [*said, message]
    after = 0
    for message in said:
        after = say(talk, tree, message, place, after=after)


def seed(talk: Talk, given: Any) -> str:
    """What the auditor was told to do: the input of a sample, a text or messages."""
    texts = [given] if isinstance(given, str) else []
    for message in given if isinstance(given, list) else []:
        match message:
            case {"content": str(text)}:
                texts.append(text)
    return talk.text("\n\n".join(texts), "input")
