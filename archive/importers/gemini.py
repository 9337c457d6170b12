"""Gemini (``generateContent``): a request, a response, both, or a list of contents; JSON, or one on each line::

    {"systemInstruction": {…}, "contents": [{"role": "user" | "model", "parts": [{"text": "…"}]}], "tools": […]}
    {"candidates": [{"content": {…}, "finishReason": "STOP"}], "modelVersion": "gemini-2.5-pro", "responseId": "…"}
    {"request": {…}, "response": {…}}

Several candidates are several interviews. A streamed response is a list of responses with one ``responseId``, and one
answer. As google-genai 3.3.0 has it, in either spelling of the keys; what a request asked, not its address, is known
here, so only a response names the model.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Any

from archive.errors import Refused
from archive.importers import contents, messages
from archive.importers.interview import Interview
from archive.importers.source import Found, Source
from archive.importers.talk import Talk

NAME = "gemini"
VERSION = 1

_REQUEST = {"contents", "systemInstruction", "generationConfig", "tools", "toolConfig", "safetySettings", "model"} | {
    *("cachedContent", "labels", "store", "config"),
}
_RESPONSE = {"candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId", "createTime"} | {
    *("sdkHttpResponse", "modelStatus"),
}
_CANDIDATE = {"content", "finishReason", "finishMessage", "index", "tokenCount", "avgLogprobs", "continuationToken"}
_ANSWERED = ("candidates", "promptFeedback", "prompt_feedback")


def sniff(source: Source) -> bool:
    """Whether the file has ``contents`` with parts, candidates that answer them, or is a list of contents."""
    match source.first:
        case {"request": {"contents": _}, "response": dict() | list()}:
            return True
        case {"contents": [{"parts": _}, *_] | {"parts": _}}:
            return True
        case {"candidates": [{"content": {"parts": _}} | {"finishReason": _} | {"finish_reason": _}, *_]}:
            return True
        case {"promptFeedback": {"blockReason": _}} | {"prompt_feedback": {"block_reason": _}}:
            return True
        case {"role": "user" | "model", "parts": list()} if "messages" not in source.keys:
            return True
    return False


def read(source: Source) -> Iterator[Found]:
    """One interview for each document, line or candidate; a list of contents is one, and so is a streamed response."""
    if source.request:
        yield from _read(source.document(source.request), source.document(), source.request)
    elif "parts" in source.keys:
        talk = Talk(source.name)
        for number, value in enumerate(messages.together(source)):
            contents.say(talk, value, f"[{number}]")
        yield talk.interview()
    else:
        for _, group in groupby(source.records(), _streamed):
            yield from _documents(list(group))


def _streamed(record: tuple[str, Any]) -> tuple[str, str]:
    """What the pieces of one streamed response have in common, and no two others."""
    place, value = record
    named = value.get("responseId", value.get("response_id")) if isinstance(value, dict) else None
    return (named, "") if isinstance(named, str) else ("", place)


def _documents(rows: list[tuple[str, Any]]) -> Iterator[Found]:
    place, value = rows[0]
    try:
        match value:
            case Refused():
                raise value
            case {"request": dict(request), "response": dict() | list() as response}:
                yield from _read(request, response, place, beside=value.keys() - {"request", "response"})
            case dict() if any(key in value for key in _ANSWERED):
                yield from _read(None, [row for _, row in rows], place)
            case _:
                yield from _read(value, None, place)
    except Refused as refused:
        yield refused


def _read(request: Any, response: Any, place: str, *, beside: Collection[str] = ()) -> Iterator[Interview]:
    talk = Talk(place)
    asked = contents.spelled(talk, {} if request is None else request, "request")
    if response is None:
        _request(talk, asked)
        yield talk.interview()
        return
    answer = _whole(talk, response if isinstance(response, list) else [response])
    candidates = talk.rows(answer.get("candidates"), "candidates")
    blocked = contents.spelled(talk, answer.get("promptFeedback") or {}, "promptFeedback").get("blockReason")
    if not candidates and not blocked:
        raise talk.refused("response", "expected an answer of the model, found no candidates")
    for number, candidate in enumerate(candidates or [None]):
        talk = Talk(place)
        if number == 0:
            talk.unread(answer, _RESPONSE, "response")
            for key in sorted(beside):
                talk.lose(f"exchange.{key}")
        if request is not None:
            _request(talk, asked, answer)
            talk.lost = talk.lost if number == 0 else Counter()  # the same request, counted once
        _answer(talk, answer, candidate, f"candidates[{number}]", blocked)
        if len(candidates) > 1:
            talk.context["samples"] = f"answer {number + 1} of {len(candidates)} to one request"
        yield talk.interview()


def _request(talk: Talk, asked: Mapping[str, Any], answer: Mapping[str, Any] | None = None) -> None:
    """What was asked, and what that shows of the setting; that something was not there only where it was answered."""
    talk.unread(asked, _REQUEST, "request")
    if asked.get("systemInstruction"):
        contents.say(talk, {**_parts(talk, asked["systemInstruction"]), "role": "system"}, "systemInstruction")
    given = asked.get("contents")
    for number, row in enumerate(given if isinstance(given, list) else [given]):
        contents.say(talk, row, f"contents[{number}]")
    named = asked.get("model") or (answer or {}).get("modelVersion")
    talk.model = contents.model(talk, named, "model")
    settings = asked.get("generationConfig") or asked.get("config")
    talk.context["sampling"] = contents.sampling(talk, settings, talk.model, asked.get("safetySettings"))
    offered = contents.tools(talk, asked.get("tools"), asked.get("toolConfig"))
    if answer is not None and not asked.get("cachedContent"):
        last = given[-1] if isinstance(given, list) and given and isinstance(given[-1], dict) else {}
        messages.setting(talk, {"messages": [{"role": "assistant" if last.get("role") == "model" else "user"}]})
        talk.context["tools"] = ", ".join(offered) or "none"
    elif offered:
        talk.context["tools"] = ", ".join(offered)


def _parts(talk: Talk, value: object) -> Mapping[str, Any]:
    return {"parts": [{"text": value}]} if isinstance(value, str) else talk.table(value, "systemInstruction")


def _answer(talk: Talk, answer: Mapping[str, Any], candidate: Any, place: str, blocked: Any) -> None:
    time = talk.moment(answer.get("createTime"))
    named = contents.model(talk, answer.get("modelVersion"), "modelVersion")
    talk.model = named or talk.model
    if not talk.context.get("sampling") and named:
        talk.context["sampling"] = f"model {named}"
    if candidate is None:
        talk.context |= {"ended_by": "veto: the prompt was blocked", "end_reason": f"blockReason {blocked}"}
        return
    found = contents.spelled(talk, candidate, place)
    talk.unread(found, _CANDIDATE, "candidate")
    content = talk.table(found.get("content") or {}, f"{place}.content")
    if content.get("parts"):
        contents.say(talk, content, f"{place}.content", time=time, model=named, role="model")
    if why := talk.optional(found.get("finishReason"), f"{place}.finishReason"):
        talk.context["end_reason"] = f"finishReason {why}"
        if why == "MAX_TOKENS":
            talk.context["ended_by"] = f"limit: finishReason {why}"


# ── a response that was streamed ─────────────────────────────────────────────────────────────────────────────────────


def _whole(talk: Talk, pieces: list[Any]) -> Mapping[str, Any]:
    """The pieces of a response as one: each candidate's parts after another, words that were cut joined again."""
    made: dict[str, Any] = {}
    candidates: dict[Any, dict[str, Any]] = {}
    for number, piece in enumerate(pieces):
        said = contents.spelled(talk, piece, f"response[{number}]")
        made |= said
        for row in talk.rows(said.get("candidates"), "candidates"):
            found = contents.spelled(talk, row, "candidates")
            content = talk.table(found.get("content") or {}, "candidates.content")
            held = candidates.setdefault(messages.plain(found.get("index", 0)), {"content": {"parts": []}})
            parts = held["content"]["parts"]
            contents.join(parts, talk.rows(content.get("parts"), "candidates.content.parts"))
            held |= {**found, "content": {**held["content"], **content, "parts": parts}}
    return {**made, "candidates": list(candidates.values())} if len(pieces) > 1 else made
