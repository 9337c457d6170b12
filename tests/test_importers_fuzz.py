"""Whatever bytes arrive, there is a result or a clean refusal: never a traceback, never half a character."""

import copy
import io
import json
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import Refused
from archive.importers.turns import decode, encode
from tests import received

USER = {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image", "source": {}}]}
ANSWER = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}],
}
BLOCKS = [
    {"type": "thinking", "thinking": "t"},
    {"type": "tool_use", "id": "1", "name": "n", "input": {"a": [1]}},
    {"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": "r"}], "is_error": True},
    {"type": "document", "title": "d", "source": {"type": "content", "content": [{"type": "text", "text": "q"}]}},
    {"type": "reasoning", "reasoning": "", "summary": "s", "redacted": True},
]
LOG = {
    "version": 2,
    "status": "success",
    "eval": {"model": "a/b", "model_roles": {"target": {"model": "m"}}},
    "plan": {},
}
SAMPLE = {
    "id": 1,
    "epoch": 1,
    "input": [{"role": "user", "content": "i"}],
    "messages": [USER, {"role": "assistant", "content": "attachment://" + "a" * 32}],
    "output": {"model": "m", "choices": [{"message": ANSWER, "stop_reason": "stop"}]},
    "error": {"message": "e"},
    "limit": {"type": "t", "limit": 1},
    "events": [{"event": "model", "uuid": "e", "input_refs": [[0, 1]], "output": {"choices": [{"message": ANSWER}]}}],
    "timelines": [{"name": "target", "root": {"content": [{"type": "event", "event": "e"}], "branches": [{}]}}],
    "events_data": {"messages": [USER]},
    "attachments": {"a" * 32: "x"},
}
EVENTS = [
    {"view": ["target"], "edit": {"operation": "add", "message": USER}},
    {"view": "target", "edit": {"operation": "rollback", "count": 1, "to_id": None}},
    {"view": "target", "edit": {"operation": "reset", "new_messages": [USER]}},
]
NODES = {
    "a": {"parent": None, "message": {"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["q"]}}},
    "b": {"parent": "a", "message": {"author": {"role": "assistant"}, "content": {"content_type": "thoughts"}}},
}
CODE = {"type": "assistant", "uuid": "2", "parentUuid": "1", "sessionId": "s", "message": {"id": "m", **ANSWER}}
SEEDS: list[Any] = [
    {"model": "claude-x", "max_tokens": 5, "system": "s", "tools": [{"name": "t"}], "messages": [USER, ANSWER]},
    {"type": "message", "role": "assistant", "model": "m", "content": BLOCKS, "stop_reason": "end_turn"},
    {"model": "m", "messages": [{"role": "developer", "content": "s"}, ANSWER, {"role": "tool", "content": "z"}]},
    {"created": 1, "model": "m", "choices": [{"message": ANSWER, "finish_reason": "stop"}, {"message": USER}]},
    [{"id": "a", "conversations": [{"from": "human", "value": "x"}, {"from": "gpt", "value": "y"}]}],
    {"title": "t", "create_time": 1.5, "mapping": NODES, "current_node": "b", "default_model_slug": "m"},
    {"chat_messages": [{"uuid": "a", "sender": "human", "text": "x", "content": BLOCKS, "attachments": [{}]}, None]},
    {"metadata": {"target_model": "a/b", "created_at": "2025-01-01"}, "events": EVENTS, "target_messages": []},
    [{**CODE, "type": "user", "uuid": "1", "parentUuid": None}, CODE, {**CODE, "uuid": "3", "parentUuid": "2"}],
    {**LOG, "samples": [SAMPLE]},
    {"header.json": LOG, "samples/1_epoch_1.json": SAMPLE},
    {
        "header.json": LOG,
        "samples/1_epoch_1/sample.json": {**SAMPLE, "message_refs": [[0, 1]]},
        "samples/1_epoch_1/messages/0.json": [USER],
        "samples/1_epoch_1/attachments/0.json": ["x"],
    },
]
JUNK: list[Any] = [None, True, 0, -1, 1.5, 10**30, "", "x", "\ud800", [], {}, [[]], {"a": 1}, [None], ["x"], 10**400]
KEYS = ["type", "role", "parent", "content", "messages", "id"]


def checked(files: dict[str, bytes]) -> None:
    """Reads, and checks that what came of it can be written and shown."""
    try:
        transcript = received.read(files, speakers=None)
    except Refused as refused:
        str(refused).encode()
        return
    data = encode(transcript)
    assert encode(decode(data)) == data
    assert len(transcript.context) == len(transcript.model) == len(transcript.date) == transcript.interviews
    said = [text for context in transcript.context for text in context.values()]
    assert all(text.strip() for text in said)
    "".join([*said, *filter(None, transcript.model), *filter(None, transcript.date)]).encode()


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in `value` with each of its keys or numbers."""
    found, rest = [], [value]
    while rest:
        holder = rest.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else []
        found += [(holder, key) for key in keys]
        rest += [holder[key] for key in keys]
    return found


def mutated(value: Any, random: Random) -> Any:
    value = copy.deepcopy(value)
    for _ in range(random.choice([1, 1, 2, 4])):
        if not (spots := places(value)):
            return random.choice(JUNK)
        holder, key = random.choice(spots)
        match random.randrange(6):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[random.choice(KEYS)] = holder.pop(key)
            case 1:
                holder.insert(0, copy.deepcopy(holder[key]))
            case _:
                holder[key] = copy.deepcopy(random.choice(JUNK))
    return value


def as_file(value: Any, *, a_line_each: bool = False) -> dict[str, bytes]:
    """A value as a file: the members of a log zipped, a list as it is or with one element a line."""
    if isinstance(value, dict) and "header.json" in value:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, member in value.items():
                archive.writestr(name, json.dumps(member))
        return {"received.eval": file.getvalue()}
    if isinstance(value, list) and a_line_each:
        return {"received.jsonl": "\n".join(map(json.dumps, value)).encode()}
    return {"received.json": json.dumps(value).encode()}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(number=st.integers(0, 2**32))
@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_a_conversation_with_anything_wrong_in_it_is_read_or_refused(seed: int, number: int) -> None:
    random = Random(number)
    for _ in range(10):
        checked(as_file(mutated(SEEDS[seed], random), a_line_each=random.random() < 0.5))


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_every_seed_is_read_before_anything_is_wrong(seed: int) -> None:
    assert received.read(as_file(SEEDS[seed])).turns


@settings(deadline=None)
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (
        b"",
        b"PK\3\4",
        b'{"messages": [',
        b'{"mapping": ',
        b"[{",
        b'{"type": "user", "uuid": "1", "sessionId": ',
    ):
        checked({"received": start + data})
    try:
        received.read({"a.txt": b"Ann: " + data}, speakers={"Ann": "user"})
    except Refused as refused:
        str(refused).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**6), byte=st.integers(0, 255), cut=st.none() | st.integers(0, 10**6))
def test_a_real_log_with_a_byte_changed_or_its_end_missing_is_read_or_refused(
    shared: Path, at: int, byte: int, cut: int | None
) -> None:
    for name in ("log_streaming.eval", "zstd_rewritten_by_inspect_0.3.285.eval"):
        data = bytearray((shared / "samples/inspect_eval" / name).read_bytes())
        data[at % len(data)] = byte
        checked({name: bytes(data if cut is None else data[: cut % len(data)])})
