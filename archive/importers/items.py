"""Items of OpenAI's Responses API, which are a model's input and its output: messages, reasoning, calls of tools.

The kinds are those of the API as openai 3.57.0 has them (``openai.types.responses``, looked at in November 2026). An
item is a turn; reasoning is that of the turn that follows it. A tool that OpenAI runs itself is called like any other,
and what it gave back stands in the same item: it is the call's ``result``.
"""

from collections.abc import Mapping
from typing import Any

from archive.importers import messages
from archive.importers.talk import Talk

TOOLS = ("function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output")
_LOST = {
    "compaction": "conversation that was compacted",
    "context_compaction": "conversation that was compacted",
    "item_reference": "item that is kept elsewhere",
    "mcp_list_tools": "list of tools",
    "additional_tools": "list of tools",
    "tool_search_output": "list of tools",
}
_ARGUMENTS = ("arguments", "input", "action", "actions", "operation", "code", "queries", "revised_prompt")
_RESULTS = ("output", "outputs", "results", "error")
_KNOWN = {"id", "call_id", "type", "status", "name", "server_label", "environment", "fingerprint"}
_KNOWN |= {*_ARGUMENTS, *_RESULTS, "caller", "created_by", "execution", "container_id", "max_output_length"}


def item(value: object) -> bool:
    """Whether `value` looks like an item, and like no message of another API."""
    match value:
        case {"type": "reasoning", "summary": list()} | {"type": "item_reference", "id": str()}:
            return True
        case {"type": str(kind)} if kind in TOOLS:
            return True
        case {"role": str(), "content": list(blocks)}:
            return any(isinstance(b, dict) and b.get("type") in ("input_text", "output_text") for b in blocks)
    return False


def say(
    talk: Talk,
    value: object,
    place: str,
    *,
    time: str | None = None,
    model: str | None = None,
    after: int | None = None,
) -> int:
    """Adds the turn of one item; the number of the turn that what comes next follows. Raises `Refused`."""
    found = talk.table(value, place)
    kind = talk.optional(found.get("type"), f"{place}.type") or "message"
    last = talk.last if after is None else after
    if kind == "message":
        said = {key: held for key, held in found.items() if key != "status"}
        if said.get("role") == "assistant" and model:
            said = {"model": model, **said}
        return messages.say(talk, said, place, time=time, after=after)
    if kind == "reasoning":
        words = _thought(talk, found, place)
        return (
            talk.say("assistant", None, place, reasoning=words, time=time, model=model, after=after) if words else last
        )
    if kind.endswith("_call") or kind == "program":
        call = _call(talk, found, kind, place)
        return talk.say("assistant", None, place, calls=[call], time=time, model=model, after=after)
    if kind not in _LOST and kind.endswith("_output"):
        return _answered(talk, found, place, time, after)
    talk.lose(_LOST.get(kind, f"item {kind}"))
    if kind.endswith("compaction"):
        talk.context["memory"] = "what came before was compacted by the API, and the file does not hold it"
    return last


def _thought(talk: Talk, found: Mapping[str, Any], place: str) -> str:
    """What the model thought; where the API shows a summary instead, that, and the rest is counted as lost."""
    whole = _texts(talk, found, "content", place)
    summary = _texts(talk, found, "summary", place)
    if whole:
        talk.lose("summary of reasoning", int(bool(summary)))
    else:
        talk.lose("reasoning behind its summary" if summary else "encrypted reasoning")
    talk.unread(found, {"id", "type", "status", "content", "summary", "encrypted_content"}, "reasoning")
    return whole or summary


def _texts(talk: Talk, found: Mapping[str, Any], key: str, place: str) -> str:
    rows = [talk.table(row, f"{place}.{key}") for row in talk.rows(found.get(key), f"{place}.{key}")]
    return "\n\n".join(filter(None, (talk.text(row.get("text"), f"{place}.{key}.text") for row in rows)))


def _call(talk: Talk, found: Mapping[str, Any], kind: str, place: str) -> Mapping[str, Any]:
    talk.unread(found, _KNOWN | {"result"}, kind)
    name = talk.optional(found.get("name"), f"{place}.name") or kind.removesuffix("_call")
    if server := talk.optional(found.get("server_label"), f"{place}.server_label"):
        name = f"{server}: {name}"
    made = {"id": found.get("call_id") or found.get("id"), "name": name}
    made["arguments"] = next((found[key] for key in _ARGUMENTS if found.get(key) is not None), None)
    made["result"] = next((found[key] for key in _RESULTS if found.get(key) not in (None, "", [])), None)
    talk.lose("image", int(kind == "image_generation_call" and bool(found.get("result"))))
    return talk.call(made, place)


def _answered(talk: Talk, found: Mapping[str, Any], place: str, time: str | None, after: int | None) -> int:
    """What a tool gave back: its words, blocks with words, or data."""
    output = found.get("output", found.get("result"))
    told: dict[str, Any] = {"id": found.get("call_id") or found.get("id")}
    if found.get("status") == "failed":
        told["error"] = True
    blocks = isinstance(output, list) and all(isinstance(b, dict) and isinstance(b.get("type"), str) for b in output)
    if isinstance(output, dict) and output.get("type") == "computer_screenshot":
        output = [{"type": "image"}]
    elif output is not None and not isinstance(output, str) and not blocks:
        told["content"], output = output, None
    talk.unread(found, _KNOWN | {"result"}, "output")
    return talk.say(
        "tool",
        output,
        f"{place}.output",
        result=talk.data({key: held for key, held in told.items() if held is not None}, place) or None,
        name=talk.optional(found.get("name"), f"{place}.name"),
        time=time,
        after=after,
    )
