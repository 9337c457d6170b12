"""What a ``logs.db`` of simonw/llm holds of one call, in its older tables and its newer ones, as messages of parts.

A part is what llm 0.36 keeps: ``{"type": "text", "text": "…"}``, reasoning, a tool's call or result, an attachment.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive.importers import messages, strictjson
from archive.importers.sqlite import Database
from archive.importers.talk import MAX_TURNS, Talk

_SAME = ("type", "text", "name", "arguments", "output", "tool_call_id")
"""Of a part: what makes it the same when it is sent again."""
_KNOWN = {*_SAME, "redacted", "exception", "server_executed", "provider_metadata", "attachment", "attachments", "kind"}


class Call:
    """A row of ``responses`` or ``turns``: who was called, how, and when."""

    def __init__(self, talk: Talk, row: Mapping[str, Any]) -> None:
        self._talk, self._options = talk, row["options_json"]
        self.model = talk.model_id(row["resolved_model"] or row["model"], "model")
        self.schema = bool(row["schema_id"])
        self.time = talk.moment(_in_utc(row["datetime_utc"]))

    def sampling(self) -> str:
        """``model gpt-x, temperature 0.7``, whatever options the model has."""
        options = _json(self._talk, self._options, "options_json") or {}
        given = {"model": self.model, **self._talk.table(options, "options_json")}
        return self._talk.text(messages.sampling(given, tuple(given)), "options_json")


@dataclass(slots=True)
class Thread:
    """The messages of a conversation while it is read; lives no longer."""

    talk: Talk
    end: int = 0
    """The turn in which the last call ended."""
    system: str = ""
    ends: dict[tuple[int, str], int] = field(default_factory=dict)
    """After which turn what was said → the turn in which that ended."""
    hashes: dict[str, int] = field(default_factory=dict)
    """Message → the turn in which it ended."""

    def say(self, role: str, parts: Sequence[Mapping[str, Any]], place: str, after: int, call: Call | None) -> int:
        """Adds a message after a turn, unless it was said there; where it ended."""
        same = [{key: part[key] for key in _SAME if part.get(key)} for part in parts if part["type"] in _SPOKEN]
        key = (after, json.dumps([role, same], sort_keys=True))
        if key not in self.ends:
            self.ends[key] = self._say(role, parts, place, after, call)
        return self.ends[key]

    def _say(self, role: str, parts: Sequence[Mapping[str, Any]], place: str, after: int, call: Call | None) -> int:
        talk, blocks = self.talk, list[Any]()
        told: dict[str, Any] = {"time": call.time, "model": call.model} if call and role == "assistant" else {}
        for part in parts:
            talk.unread(part, _KNOWN, "part")
            if part["type"] == "tool_result":
                if blocks:
                    after = talk.say(role, blocks, place, after=after, **told)
                    blocks = []
                after = self._result(part, place, after)
            elif part["type"] in _SPOKEN or part["type"] == "reasoning":
                blocks += _block(talk, part)
            else:
                kind = part.get("kind")
                talk.lose(kind if kind in ("image", "audio", "video") else str(part["type"]))
        if blocks or not parts:
            after = talk.say(role, blocks, place, after=after, **told)
        return after

    def _result(self, part: Mapping[str, Any], place: str, after: int) -> int:
        told = {"id": part.get("tool_call_id"), "error": True if part.get("exception") else None}
        result = self.talk.data({key: held for key, held in told.items() if held is not None}, place)
        output = self.talk.optional(part.get("output"), f"{place}.output") or ""
        words = output or self.talk.optional(part.get("exception"), f"{place}.exception") or ""
        name = self.talk.optional(part.get("name"), f"{place}.name")
        self.talk.lose("attachment", len(self.talk.rows(part.get("attachments"), f"{place}.attachments")))
        return self.talk.say("tool", words, place, result=result or None, name=name, after=after)


_SPOKEN = ("text", "tool_call", "tool_result")


def _block(talk: Talk, part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    match part["type"]:
        case "text":
            yield {"type": "text", "text": part.get("text")}
        case "reasoning" if part.get("text"):
            yield {"type": "thinking", "thinking": part["text"]}
        case "reasoning":
            talk.lose("redacted reasoning")
        case "tool_call":
            made = {"id": part.get("tool_call_id"), "name": part.get("name"), "input": part.get("arguments")}
            yield {"type": "tool_use", **made}


class Log:
    """The tables that calls refer to; lives while the file is open."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._by_response = {table: self._ids(table) for table in ("tool_calls", "tool_results", "tool_responses")}

    def _ids(self, table: str) -> dict[object, list[object]]:
        """Rows of a table that is not indexed by the call they belong to, by that."""
        column = "tool_id" if table == "tool_responses" else "id"
        found: dict[object, list[object]] = {}
        for call, row in self.db.rows(table, ("response_id", column)):
            found.setdefault(call, []).append(row)
        return found

    def tools(self, table: str, call: str, talk: Talk) -> list[str]:
        """The names of the tools that a call offered."""
        if table == "turns":
            numbers = [number for (number,) in self.db.rows("turn_tools", ("tool_id",), "turn_id", call)]
        else:
            numbers = self._by_response["tool_responses"].get(call, [])
        names = [name for number in numbers for (name,) in self.db.rows("tools", ("name",), "id", number)]
        return [talk.text(name, "tools.name") for name in names]

    def _piece(self, talk: Talk, piece: Mapping[str, Any], place: str) -> str:
        """A piece of a text that borrows from fragments."""
        number = piece.get("fragment")
        return talk.text(piece["literal"], place) if "literal" in piece else self._fragment(talk, number)

    # ── the older tables ─────────────────────────────────────────────────────────────────────────────────────────────

    def response(self, thread: Thread, name: str, call: Call) -> None:
        """Adds what one row of ``responses`` says: system prompt, results of tools, prompt, answer."""
        talk, place = thread.talk, f"response {name}"
        columns = ("prompt", "system", "response", "reasoning")
        for prompt, system, answer, thought in self.db.rows("responses", columns, "id", name):
            system = self._joined(talk, "system_fragments", name, system, "\n\n")
            if system and system != thread.system:
                thread.end = thread.say("system", [_text(system)], f"{place} system", thread.end, None)
                thread.system = system
            results = self._tools(talk, "tool_results", name)
            asked = self._joined(talk, "prompt_fragments", name, prompt, "\n")
            if results:
                thread.end = thread.say("tool", results, f"{place} tool_results", thread.end, None)
            if asked or not results:
                parts = [*([_text(asked)] if asked else []), *self._attached(name)]
                thread.end = thread.say("user", parts or [_text("")], f"{place} prompt", thread.end, None)
            said = [{"type": "reasoning", "text": talk.text(thought, f"{place} reasoning")}] if thought else []
            said += [_text(talk.text(answer, f"{place} response"))] if answer else []
            said += self._tools(talk, "tool_calls", name)
            thread.end = thread.say("assistant", said or [_text("")], f"{place} response", thread.end, call)

    def _joined(self, talk: Talk, table: str, call: str, words: object, between: str) -> str:
        """A prompt with its fragments before it, as llm sends them."""
        rows = sorted(self.db.rows(table, ("order", "fragment_id"), "response_id", call), key=_place)
        texts = [self._fragment(talk, number) for _, number in rows]
        texts.append(talk.optional(words, table.removesuffix("_fragments")) or "")
        if between == "\n\n":
            texts = [text.strip() for text in texts if text.strip()] if rows else texts
        return between.join(texts[:-1] + ([texts[-1]] if texts[-1] else []))

    def _fragment(self, talk: Talk, number: object) -> str:
        for (text,) in self.db.rows("fragments", ("content",), "id", number if isinstance(number, int) else None):
            return talk.text(text, "fragments.content")
        talk.lose("fragment that is not there")
        return ""

    def _tools(self, talk: Talk, table: str, call: str) -> list[dict[str, Any]]:
        columns = ("name", "arguments", "output", "tool_call_id", "exception")
        made = []
        for number in self._by_response[table].get(call, []):
            for row in self.db.rows(table, columns, "id", number):
                told = {key: talk.optional(value, f"{table}.{key}") for key, value in zip(columns, row, strict=True)}
                arguments = {"arguments": _json(talk, told.pop("arguments"), f"{table}.arguments")}
                part = {key: value for key, value in {**told, **arguments}.items() if value is not None}
                made.append({"type": table.removesuffix("s"), **part})
        return made

    def _attached(self, call: str) -> Iterator[dict[str, Any]]:
        for (name,) in self.db.rows("prompt_attachments", ("attachment_id",), "response_id", call):
            yield {"type": "attachment", "kind": self._kind(name)}

    def _kind(self, name: object) -> str:
        return next((str(kind).partition("/")[0] for (kind,) in self.db.rows("attachments", ("type",), "id", name)), "")

    # ── the newer ────────────────────────────────────────────────────────────────────────────────────────────────────

    def turn(self, thread: Thread, name: str, call: Call) -> None:
        """Adds what one row of ``turns`` led to: every message up to its last that was not said yet."""
        talk = thread.talk
        for first, last in self.db.rows("turns", ("parent_message_hash", "tip_message_hash"), "id", name):
            chain = self._chain(thread, talk.optional(last, "turns.tip_message_hash"))
            own = first is None or first in thread.hashes
            after = thread.hashes.get(chain[0][1] or "", 0) if chain else thread.end
            for message, _, role in chain:
                parts = self._parts(talk, message)
                said = talk.text(role, f"message {message} role")
                after = thread.say(said, parts, f"message {message}", after, call if own else None)
                thread.hashes[message] = after
                own = own or message == first
            thread.end = after

    def _chain(self, thread: Thread, last: str | None) -> list[tuple[str, str | None, Any]]:
        """The messages up to `last` that are not among those said: hash, the one before, role; the oldest first."""
        found: dict[str, tuple[str, str | None, Any]] = {}
        node = last
        while node is not None and node not in thread.hashes and len(found) <= MAX_TURNS:
            row = next(self.db.rows("messages", ("parent_hash", "role"), "hash", node), None)
            if row is None or node in found:
                thread.talk.lose("message that is not there" if row is None else "messages that go round")
                break
            before = thread.talk.optional(row[0], "messages.parent_hash")
            found[node] = (node, before, row[1])
            node = before
        return [*reversed(found.values())]

    def _parts(self, talk: Talk, message: str) -> list[dict[str, Any]]:
        columns = ("position", "type", "text", "payload")
        rows = sorted(self.db.rows("parts", columns, "message_hash", message), key=_place)
        return [self._part(talk, kind, text, payload, f"message {message}") for _, kind, text, payload in rows]

    def _part(self, talk: Talk, kind: object, text: object, payload: object, place: str) -> dict[str, Any]:
        part = dict(talk.table(_json(talk, payload, f"{place}.payload") or {}, f"{place}.payload"))
        if text is not None:
            part["text"] = talk.text(text, f"{place}.text")
        if "text_ref" in part:
            pieces = [talk.table(piece, place) for piece in talk.rows(part.pop("text_ref"), f"{place}.text_ref")]
            part["text"] = "".join(self._piece(talk, piece, place) for piece in pieces)
        match part.get("attachment"):
            case {"id": name}:
                part["kind"] = self._kind(name if isinstance(name, str) else "")
        return {**part, "type": talk.text(kind, f"{place}.type")}


def _place(row: tuple[Any, ...]) -> int:
    """Where a row stands among those of one message, which its first column says."""
    return row[0] if isinstance(row[0], int) else 0


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _json(talk: Talk, value: object, place: str) -> Any:
    """JSON in a column; None where there is none."""
    text = talk.optional(value, place)
    return strictjson.loads(text.encode(), f"{talk.place} {place}", nan=True) if text else None


def _in_utc(value: object) -> object:
    """A time of the column ``datetime_utc``, which older versions wrote without saying that it is UTC."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return value
    return f"{value}+00:00" if found and found.tzinfo is None else value
