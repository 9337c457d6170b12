"""OpenAI Responses (``/v1/responses``): a request, a response, both, or a list of items; JSON, or one on each line::

    {"model": "…", "instructions": "…", "input": "…" | [{"role": "user", "content": "…"}, {"type": "reasoning", …}]}
    {"object": "response", "id": "resp_1", "model": "…", "status": "completed", "output": [{"type": "message", …}], …}
    {"request": {…}, "response": {…}}

A response continues the one that its ``previous_response_id`` names: where that stands earlier in the same file, the
two are one interview, and two that continue the same response are its branches. The API as openai 3.57.0 has it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.errors import Refused
from archive.importers import items, messages
from archive.importers.source import Found, Source
from archive.importers.talk import Talk

NAME = "openai-responses"
VERSION = 1

_SAMPLING = ("model", "temperature", "top_p", "max_output_tokens", "max_tool_calls", "truncation")
_BOTH = {*_SAMPLING, "instructions", "previous_response_id", "conversation", "tools", "tool_choice", "reasoning"} | {
    *("background", "metadata", "parallel_tool_calls", "prompt", "prompt_cache_key", "prompt_cache_retention"),
    *("prompt_cache_options", "safety_identifier", "service_tier", "text", "top_logprobs", "user", "store"),
    *("moderation", "image", "access_programs"),
}
_REQUEST = _BOTH | {"input", "include", "stream", "stream_options", "context_management", "background_options"}
_RESPONSE = _BOTH | {
    *("id", "object", "created_at", "completed_at", "status", "error", "incomplete_details", "output", "usage"),
    *("tool_usage", "output_text", "billing", "prompt_cache_diagnostics", "input_transformations"),
}


def sniff(source: Source) -> bool:
    """Whether the file has this shape: an ``object`` that is a ``response``, an ``input``, or items."""
    match source.first:
        case {"object": "response", "output": list()} | {"request": dict(), "response": {"object": "response"}}:
            return True
        case {"model": str(model), "input": str()}:
            return source.keys <= _REQUEST and not any(kind in model for kind in ("embedding", "moderation"))
        case {"model": str(), "input": [dict(), *_]} if "messages" not in source.keys:
            return True
        case {"type": str()} | {"role": str()} if source.kind in ("array", "lines"):
            return any(items.item(value) for _, value in source.records())
    return False


@dataclass(slots=True)
class _Thread:
    """Responses that continue each other while they are read; lives until the last of them."""

    talk: Talk
    calls: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    """Response → the turn it ends in."""
    told: dict[int, str] = field(default_factory=dict)
    """Call from which on other instructions were given, or none → the instructions."""


def read(source: Source) -> Iterator[Found]:
    """One interview for each thread of responses, in the order in which they begin; a list of items is one."""
    if source.request:
        thread = _Thread(Talk(source.request))
        _add(thread, source.document(source.request), source.document())
        yield _interview(thread)
    elif {"type", "role"} & source.keys and "object" not in source.keys:
        talk = Talk(source.name)
        for number, value in enumerate(messages.together(source)):
            items.say(talk, value, f"[{number}]")
        yield talk.interview()
    else:
        yield from _records(source)


def _records(source: Source) -> Iterator[Found]:
    belongs = _threads(source)
    left = Counter(belongs)
    threads: dict[int, _Thread] = {}
    for number, (place, value) in zip(belongs, source.records(), strict=True):
        left[number] -= 1
        try:
            if isinstance(value, Refused):
                raise value
            thread = threads.setdefault(number, _Thread(Talk(place)))
            thread.talk.place = place
            _add(thread, *_exchange(thread.talk, value))
            while threads and not left[first := next(iter(threads))]:
                yield _interview(threads.pop(first))
        except Refused as refused:
            yield refused
    for thread in threads.values():  # whose last call was refused
        yield _interview(thread)


def _threads(source: Source) -> list[int]:
    """To which thread each document belongs."""
    numbers: dict[str, int] = {}
    belongs: list[int] = []
    for number, (_, value) in enumerate(source.records()):
        request, response = _halves(value)
        before = _named(request, "previous_response_id") or _named(response, "previous_response_id")
        belongs.append(numbers.get(before or "", number))
        if name := _named(response, "id"):
            numbers.setdefault(name, belongs[-1])
    return belongs


def _halves(value: Any) -> tuple[Any, Any]:
    match value:
        case {"request": dict(request), "response": dict(response)}:
            return request, response
        case {"object": "response"}:
            return None, value
    return value, None


def _named(value: Any, key: str) -> str | None:
    return found if isinstance(value, dict) and isinstance(found := value.get(key), str) else None


def _exchange(talk: Talk, value: Any) -> tuple[Any, Any]:
    request, response = _halves(talk.table(value, ""))
    if request is not None and response is not None:
        talk.unread(value, ("request", "response"), "exchange")
    return request, response


# ── one call ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _add(thread: _Thread, request: Any, response: Any) -> None:
    """Adds what was asked and answered in one call."""
    talk = thread.talk
    asked = talk.table({} if request is None else request, "request")
    answer = talk.table({} if response is None else response, "response")
    talk.unread(asked, _REQUEST, "request")
    talk.unread(answer, _RESPONSE, "response")
    both = {**answer, **{key: held for key, held in asked.items() if held is not None}}
    before = talk.optional(both.get("previous_response_id"), "previous_response_id") or ""
    elsewhere = bool(before and before not in thread.ends) or bool(both.get("conversation"))
    talk.lose("earlier conversation that is not in the file", int(elsewhere))
    after = _instructed(thread, both, thread.ends.get(before, 0))
    rows = _input(talk, asked)
    for number, row in enumerate(rows):
        after = items.say(talk, row, f"input[{number}]", after=after)
    if asked and answer and not (before or elsewhere or both.get("prompt")):
        messages.setting(talk, {"messages": rows})
    if response is not None:
        after = _answer(talk, answer, after)
    messages.tools(talk, both, whole=response is not None)
    talk.model = talk.model_id(answer.get("model") or asked.get("model"), "model") or talk.model
    talk.context["sampling"] = ", ".join(filter(None, (messages.sampling(both, _SAMPLING), _effort(both))))
    if name := _named(answer, "id"):
        thread.ends.setdefault(name, after)


def _input(talk: Talk, asked: Mapping[str, Any]) -> list[Any]:
    given = asked.get("input")
    return [{"role": "user", "content": given}] if isinstance(given, str) else talk.rows(given, "input")


def _instructed(thread: _Thread, both: Mapping[str, Any], after: int) -> int:
    """Says the instructions of a call, unless they are those of the call before; none are carried over."""
    talk, told = thread.talk, both.get("instructions")
    thread.calls += 1
    rows = [{"role": "system", "content": told}] if isinstance(told, str) else talk.rows(told, "instructions")
    words = messages.plain(told) if rows else ""
    if words != next(reversed(thread.told.values()), ""):
        thread.told[thread.calls] = words
        for number, row in enumerate(rows):
            after = items.say(talk, row, f"instructions[{number}]", after=after)
    return after


def _answer(talk: Talk, answer: Mapping[str, Any], after: int) -> int:
    rows = talk.rows(answer.get("output"), "output")
    status = talk.optional(answer.get("status"), "status")
    if not rows:
        raise talk.refused("response", f"expected an answer of the model, found none; its status is {status}")
    time, model = talk.moment(answer.get("created_at")), talk.model_id(answer.get("model"), "model")
    for number, row in enumerate(rows):
        after = items.say(talk, row, f"output[{number}]", time=time, model=model, after=after)
    details = answer.get("incomplete_details")
    why = talk.optional(details.get("reason"), "incomplete_details.reason") if isinstance(details, dict) else None
    if status or why:
        talk.context["end_reason"] = " ".join(filter(None, ("status", status, why and f"({why})")))
    if why in ("max_output_tokens", "max_messages"):
        talk.context["ended_by"] = f"limit: {why}"
    return after


def _effort(both: Mapping[str, Any]) -> str:
    match both.get("reasoning"):
        case {"effort": str(effort)}:
            return f"reasoning effort {effort}"
    return ""


def _interview(thread: _Thread) -> Found:
    """The thread as an interview, whose setting says where the instructions changed in it."""
    if thread.told.keys() - {1}:
        parts = (f"from call {call} on: {words or 'none'}" for call, words in ({1: ""} | thread.told).items())
        thread.talk.context["system_prompt"] = "\n\n".join(parts)
    return thread.talk.interview()
