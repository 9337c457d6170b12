"""What Anthropic, OpenAI and Inspect share: messages with roles, and what a request says of its setting."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers.source import Source
from archive.importers.talk import Talk
from archive.importers.turns import ROLES

_ROLES = {"developer": "system", "function": "tool", "human": "user"}
_SAID = {"content", "tool_calls", "function_call", "refusal", "reasoning_content", "audio"}
_KNOWN = (
    {"role", "content", "name", "tool_calls", "tool_call_id", "function_call", "refusal", "reasoning_content"}
    | {"reasoning", "id", "type", "model", "source", "function", "error", "tool_error", "stop_reason", "usage"}
    | {"internal", "timestamp"}
)


def say(talk: Talk, value: object, place: str, *, time: str | None = None, after: int | None = None) -> int:
    """Adds one message ``{"role":…,"content":…}`` with its reasoning and tool use; the number of its last turn."""
    message = talk.table(value, place)
    said = talk.text(message.get("role"), f"{place}.role")
    role = _ROLES.get(said, said)
    if role not in ROLES:
        raise talk.refused(f"{place}.role", f"expected one of {', '.join((*ROLES, *_ROLES))}, found “{said[:40]}”")
    if not _SAID & message.keys():
        raise talk.refused(place, "has no content", "is the file whole?")
    name = talk.optional(message.get("name") or message.get("function"), f"{place}.name")
    content = message.get("content")
    if refusal := talk.optional(message.get("refusal"), f"{place}.refusal"):
        content = [*(content if isinstance(content, list) else [content] if content else []), refusal]
    thought = message.get("reasoning_content") or message.get("reasoning")
    result = _answered(talk, message, place) if role == "tool" else None
    talk.unread(message, _KNOWN, "message")
    if role == "tool" and not content and message.get("error"):
        content = _error(message["error"])
    return talk.say(
        role,
        content,
        f"{place}.content",
        reasoning=thought if isinstance(thought, str) and talk.text(thought, f"{place}.reasoning") else None,
        calls=[_call(talk, call, f"{place}.tool_calls") for call in _calls(talk, message, place)],
        result=result,
        name=name or ("developer" if said == "developer" else None),
        time=time or talk.moment(message.get("timestamp")),
        model=talk.model_id(message.get("model"), f"{place}.model"),
        after=after,
    )


class Tree:
    """Conversations that share their beginnings, as one tree of turns; the first said is the thread."""

    def __init__(self, talk: Talk) -> None:
        self._draft = talk
        self._ends: dict[tuple[int, object], int] = {}

    def say(self, value: object, place: str, after: int) -> int:
        """Adds a message that follows turn `after`, unless it was added there before; the number of its last turn."""
        name = value.get("id") if isinstance(value, dict) else None
        key = (after, name if isinstance(name, str) else object())
        if key not in self._ends:
            self._ends[key] = say(self._draft, value, place, after=after)
        return self._ends[key]


def _calls(talk: Talk, message: Mapping[str, Any], place: str) -> list[Any]:
    legacy = message.get("function_call")
    return talk.rows(message.get("tool_calls"), f"{place}.tool_calls") + ([legacy] if legacy else [])


def _answered(talk: Talk, message: Mapping[str, Any], place: str) -> Mapping[str, Any] | None:
    """Which call a tool's message answers, and whether it failed."""
    told = {"id": message.get("tool_call_id"), "error": bool(message.get("error")) or None}
    return talk.data({key: held for key, held in told.items() if held is not None}, place) or None


def _call(talk: Talk, value: object, place: str) -> Mapping[str, Any]:
    call = talk.table(value, place)
    inner = next((held for key in ("function", "custom") if isinstance(held := call.get(key), dict)), call)
    return talk.call({"id": call.get("id") or None, **inner}, place)


def _error(error: object) -> str:
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) else json.dumps(error, ensure_ascii=False)


# ── the frame around them ────────────────────────────────────────────────────────────────────────────────────────────


def bare(source: Source) -> bool:
    """Whether the file is a list of messages, or one a line, without anything around them."""
    first = source.first
    return isinstance(first, dict) and "messages" not in first and isinstance(first.get("role"), str)


def together(source: Source) -> Iterator[Any]:
    """The messages of a `bare` file. Raises `Refused` at a line that cannot be read."""
    for _, value in source.records():
        if isinstance(value, Exception):
            raise value
        yield value


def sampling(value: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """``model claude-3-opus-20240229, temperature 1.0``: what of `keys` is given."""
    given = (f"{key} {plain(value[key])}" for key in keys if value.get(key) is not None)
    return ", ".join(given)


def plain(value: object) -> str:
    """A setting as a person reads it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def exchange(value: Mapping[str, Any], talk: Talk) -> tuple[Any, Any]:
    """Request and response of a document ``{"request": …, "response": …}``; of any other, itself and None."""
    if not all(isinstance(value.get(key), dict) for key in ("request", "response")):
        return value, None
    talk.unread(value, ("request", "response"), "exchange")
    return value["request"], value["response"]


def tools(talk: Talk, request: Mapping[str, Any], *, whole: bool) -> None:
    """Notes the tools that a request offers; ``none`` only where it is `whole`, and none is used all the same.

    A conversation that names no tools may have had some.
    """
    names = []
    for tool in [held for key in _TOOLS for held in talk.rows(request.get(key), key)]:
        table = talk.table(tool, "tools")
        inner = table["function"] if isinstance(table.get("function"), dict) else table
        names.append(talk.text(inner.get("name") or inner.get("type"), "tools.name"))
    names += ["web_search"] if request.get("web_search_options") is not None else []
    if request.get("tool_choice") == "none" and names:
        names[-1] += " (but tool_choice none)"
    if names or (whole and not talk.used()):
        talk.context["tools"] = ", ".join(names) or "none"


_TOOLS = ("tools", "functions", "mcp_servers")


def setting(talk: Talk, request: Mapping[str, Any]) -> None:
    """Notes what a request that was answered shows of the setting: no system prompt, words put into its mouth.

    Its last message is where words are put into the model's mouth. Of answers before it nobody knows how they began.
    """
    if not talk.has("system"):
        talk.context["system_prompt"] = "none"
    rows = request.get("messages")
    last = rows[-1] if isinstance(rows, list) and rows else {}
    if last.get("role") == "assistant":
        talk.context["prefill"] = talk.words(talk.last)
    elif not talk.has("assistant"):
        talk.context["prefill"] = "none"


def stopped(talk: Talk, key: str, reason: object) -> None:
    """Notes why the last answer ended, as the file says it: ``stop_reason end_turn``."""
    if said := talk.optional(reason, key):
        talk.context["end_reason"] = f"{key} {said}"
        if said in ("max_tokens", "length", "model_length", "model_context_window_exceeded"):
            talk.context["ended_by"] = f"limit: {key} {said}"
