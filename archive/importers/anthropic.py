"""Anthropic Messages: a request, a response, an exchange of both, or a conversation kept in the same shape::

{"model": "claude-…", "system": "…", "messages": [{"role": "user", "content": "…" | [{"type": "text", …}]}]}
{"type": "message", "role": "assistant", "model": "claude-…", "content": [{"type": "text", "text": "…"}], …}
{"request": {…}, "response": {…}}
"""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers import messages
from archive.importers.interview import Interview
from archive.importers.source import Found, Source, conversations
from archive.importers.talk import Talk

NAME = "anthropic-messages"
VERSION = 2

_SAMPLING = ("model", "temperature", "top_p", "top_k", "max_tokens", "stop_sequences")
_OWN = {"system", "thinking", "stop_sequences", "anthropic_version", "anthropic_beta", "betas"}
_KNOWN = {*_SAMPLING, *_OWN, "messages", "metadata", "tools", "tool_choice", "stream", "service_tier", "output_config"}
_KNOWN |= {"title", "mcp_servers"}
_RESPONSE = {"id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage", "container"}
_FOREIGN = {"image_url", "input_audio", "input_text", "output_text", "refusal", "file"}


def sniff(source: Source) -> bool:
    """Whether the file has this shape, and nothing that only OpenAI's has."""
    first = source.first
    match first:
        case {"type": "message", "content": list()} | {"type": "error", "error": dict()}:
            return True
        case {"request": dict(), "response": {"type": "message" | "error"}}:
            return True
        case {"messages": [*rows]}:
            pass
        case {"role": str()} if source.kind == "array":
            rows = [value for _, value in source.records()]
        case _:
            return False
    return bool(_OWN & first.keys()) or (
        not any(map(_foreign, rows))
        and (str(first.get("model")).startswith("claude") or any(isinstance(row.get("content"), list) for row in rows))
    )


def _foreign(row: Any) -> bool:
    """Whether a message is none, or has what only OpenAI's have."""
    if not isinstance(row, dict) or row.get("role") not in ("user", "assistant") or "tool_calls" in row:
        return True
    content = row.get("content")
    blocks = content if isinstance(content, list) else []
    return any(isinstance(block, dict) and str(block.get("type")) in _FOREIGN for block in blocks)


def read(source: Source) -> Iterator[Found]:
    """One interview a document; a bare list of messages is one conversation."""
    if source.request:
        yield from _read(source.document(source.request), source.request, source.document())
    elif messages.bare(source) and source.first.get("type") != "message":
        yield from _read({"messages": list(messages.together(source))}, source.name)
    else:
        yield from conversations(source, _read)


def _read(value: Any, place: str, response: Any = None) -> Iterator[Interview]:
    talk = Talk(place)
    table = talk.table(value, "")
    if response is None:
        table, response = messages.exchange(table, talk)
    if table.get("type") in ("message", "error"):
        response = table
    else:
        _request(talk.table(table, "request"), talk, exchange=response is not None)
    if response is not None:
        _response(talk.table(response, "response"), talk)
    if response is not table:
        # What a request must name, a bare conversation has not; it may have been sent with anything around it.
        messages.tools(talk, table, whole=response is not None or "max_tokens" in table)
    yield talk.interview()


def _request(value: Mapping[str, Any], talk: Talk, *, exchange: bool) -> None:
    talk.unread(value, _KNOWN, "conversation")
    talk.called(value.get("title"))
    talk.model = talk.model_id(value.get("model"), "model")
    if "system" in value and value["system"] not in (None, "", []):
        talk.say("system", value["system"], "system")
    settings = [messages.sampling(value, _SAMPLING), _thinking(value.get("thinking"))]
    talk.context["sampling"] = ", ".join(filter(None, settings))
    for number, message in enumerate(talk.rows(value.get("messages"), "messages")):
        messages.say(talk, message, f"messages[{number}]")
    if exchange:
        messages.setting(talk, value)
    elif "max_tokens" in value and not talk.has("system"):
        talk.context["system_prompt"] = "none"


def _thinking(value: Any) -> str:
    match value:
        case {"type": "disabled"}:
            return "thinking off"
        case {"type": "enabled", "budget_tokens": int(budget)}:
            return f"thinking on (budget {budget} tokens)"
        case {"type": str(kind)}:
            return f"thinking {kind}"
    return ""


def _response(value: Mapping[str, Any], talk: Talk) -> None:
    if value.get("type") == "error" or "content" not in value:
        raise talk.refused("response", "expected an answer of the model, found an error or something else")
    talk.unread(value, _RESPONSE, "response")
    talk.model = talk.model_id(value.get("model"), "model") or talk.model
    talk.context["sampling"] = talk.context.get("sampling") or messages.sampling({"model": talk.model}, ("model",))
    talk.say(talk.text(value.get("role"), "role"), value["content"], "content")
    messages.stopped(talk, "stop_reason", value.get("stop_reason"))
