"""A conversation in each format that importers know, as a value: to be read as it is, and to be spoiled."""

import io
import json
import sqlite3
import zipfile
from typing import Any

from tests.chats import CHAT, LIBRECHAT, OPEN_WEBUI, TRAJECTORY

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
ITEMS = [
    {"role": "user", "content": [{"type": "input_text", "text": "i"}, {"type": "input_image"}]},
    {"type": "reasoning", "summary": [{"type": "summary_text", "text": "s"}], "content": []},
    {"type": "mcp_call", "id": "1", "server_label": "l", "name": "n", "arguments": "{}", "output": "o"},
    {"type": "function_call_output", "call_id": "1", "output": [{"type": "input_text", "text": "r"}]},
    {"type": "shell_call_output", "call_id": "1", "output": [{"stdout": "x"}], "status": "failed"},
]
ASKED = {"model": "m", "instructions": "s", "tools": [{"type": "t"}], "reasoning": {"effort": "e"}, "input": ITEMS}
TOLD = {"object": "response", "id": "1", "created_at": 1, "model": "m", "status": "incomplete", "output": ITEMS[1:3]}
PARTS = [
    {"text": "a"},
    {"text": "t", "thought": True},
    {"functionCall": {"id": "1", "name": "f", "args": {"a": [1]}}},
    {"function_response": {"name": "f", "response": {"result": "r"}}},
    {"executableCode": {"code": "c"}},
    {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "o"}},
    {"inlineData": {"mimeType": "image/png"}},
]
GENERATE = {
    "systemInstruction": {"parts": [{"text": "s"}]},
    "contents": [{"role": "user", "parts": PARTS}],
    "generationConfig": {"temperature": 1, "thinkingConfig": {"thinkingBudget": 1}},
    "tools": [{"functionDeclarations": [{"name": "f"}]}, {"google_search": {}}],
    "safetySettings": [{"category": "c", "threshold": "t"}],
}
GENERATED = {
    "candidates": [{"content": {"role": "model", "parts": PARTS}, "finishReason": "MAX_TOKENS", "index": 0}],
    "responseId": "r",
    "modelVersion": "m",
}
CHUNK = {"role": "model", "text": "x", "isThought": True, "isEdited": True, "parts": PARTS, "finishReason": "STOP"}
TABLES = {
    "conversations": [{"id": "c", "name": "n", "model": "m"}],
    "responses": [
        {"id": "1", "model": "m", "prompt": "p", "system": "s", "options_json": {"seed": 1}, "response": "r"}
        | {"reasoning": "t", "conversation_id": "c", "datetime_utc": "2026-01-01T00:00:00", "schema_id": "x"}
    ],
    "prompt_fragments": [{"response_id": "1", "fragment_id": 1, "order": 0}],
    "fragments": [{"id": 1, "content": "f"}],
    "tool_calls": [{"id": 1, "response_id": "1", "name": "f", "arguments": {"a": [1]}, "tool_call_id": "i"}],
    "tool_results": [{"id": 1, "response_id": "1", "name": "f", "output": "o", "tool_call_id": "i", "exception": "e"}],
    "tool_responses": [{"response_id": "1", "tool_id": 1}],
    "tools": [{"id": 1, "name": "f"}],
    "threads": [{"id": "c", "name": "n"}],
    "turns": [
        {"id": "2", "thread_id": "c", "parent_message_hash": "q", "tip_message_hash": "a", "model": "m"}
        | {"options_json": {}, "datetime_utc": "2026-01-01T00:00:00+00:00"}
    ],
    "turn_tools": [{"turn_id": "2", "tool_id": 1}],
    "messages": [{"hash": "q", "parent_hash": None, "role": "user"}, {"hash": "a", "parent_hash": "q", "role": "tool"}],
    "parts": [
        {"message_hash": "q", "position": 0, "type": "text", "text": None}
        | {"payload": {"text_ref": [{"fragment": 1}, {"literal": "l"}]}},
        {"message_hash": "q", "position": 1, "type": "attachment", "payload": {"attachment": {"id": "p"}}},
        {"message_hash": "a", "position": 0, "type": "tool_result", "payload": {"output": "o", "tool_call_id": "i"}},
        {"message_hash": "a", "position": 1, "type": "tool_call", "payload": {"name": "f", "arguments": {}}},
        {"message_hash": "a", "position": 2, "type": "reasoning", "text": "", "payload": {"redacted": True}},
    ],
    "prompt_attachments": [{"response_id": "1", "attachment_id": "p"}],
    "attachments": [{"id": "p", "type": "image/png"}],
}
SEEDS: list[Any] = [
    {"tables": TABLES},
    {"request": GENERATE, "response": GENERATED},
    [GENERATED, GENERATED],
    [{"role": "user", "parts": PARTS}],
    {
        "runSettings": {"model": "models/m", "enableX": True},
        "chunkedPrompt": {"chunks": [CHUNK], "pendingInputs": [CHUNK]},
    },
    {"request": ASKED, "response": {**TOLD, "incomplete_details": {"reason": "max_output_tokens"}}},
    [TOLD, {"request": {**ASKED, "previous_response_id": "1"}, "response": {**TOLD, "id": "2"}}],
    ITEMS,
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
    TRAJECTORY,
    CHAT,
    LIBRECHAT,
    OPEN_WEBUI,
]


def as_database(tables: dict[str, list[dict[str, Any]]]) -> bytes:
    """Rows as an SQLite file; what no cell can hold stands in it as JSON."""
    db = sqlite3.connect(":memory:")
    for name, rows in tables.items():
        columns = ", ".join(f'"{column}"' for column in dict.fromkeys(column for row in rows for column in row))
        db.execute(f'CREATE TABLE "{name}" ({columns})')
        for row in rows:
            cells = [json.dumps(cell) if isinstance(cell, (dict, list)) else cell for cell in row.values()]
            named = ", ".join(f'"{column}"' for column in row)
            db.execute(f'INSERT INTO "{name}" ({named}) VALUES ({", ".join("?" * len(row))})', cells)
    db.commit()
    return db.serialize()


def as_file(value: Any, *, a_line_each: bool = False) -> dict[str, bytes]:
    """A value as a file: the members of a log zipped, tables in a database, a list as it is or an element a line."""
    if isinstance(value, dict) and "tables" in value:
        return {"received.db": as_database(value["tables"])}
    if isinstance(value, dict) and "header.json" in value:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, member in value.items():
                archive.writestr(name, json.dumps(member))
        return {"received.eval": file.getvalue()}
    if isinstance(value, list) and a_line_each:
        return {"received.jsonl": "\n".join(map(json.dumps, value)).encode()}
    return {"received.json": json.dumps(value).encode()}
