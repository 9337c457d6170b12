"""OpenAI chat: a request, a response, an exchange of both, a conversation; as JSON, or JSONL with one on each line::

    {"model": "…", "messages": [{"role": "system" | "developer" | "user" | "assistant" | "tool", "content": "…"}]}
    {"object": "chat.completion", "created": 1764, "model": "…", "choices": [{"message": {…}, "finish_reason": "stop"}]}

Several choices of one response are several interviews: the same question, answered again.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers import messages
from archive.importers.draft import Draft, Interview
from archive.importers.source import Found, Source, conversations

NAME = "openai-chat"
VERSION = 1

_SAMPLING = (
    *("model", "temperature", "top_p", "max_tokens", "max_completion_tokens", "reasoning_effort"),
    *("frequency_penalty", "presence_penalty", "seed", "n", "stop"),
)
_KNOWN = {
    *_SAMPLING,
    "messages",
    "tools",
    "functions",
    "tool_choice",
    "stream",
    "stream_options",
    "user",
    "metadata",
} | {
    *("response_format", "logit_bias", "parallel_tool_calls", "store", "service_tier", "id", "verbosity", "modalities"),
}
_RESPONSE = {"id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "provider"}
_CHOICE = {"index", "message", "finish_reason", "logprobs", "native_finish_reason"}


def sniff(source: Source) -> bool:
    """Whether the file has this shape; a conversation that nothing marks as another format's counts."""
    match source.first:
        case {"choices": list()} | {"messages": list()} | {"role": str(), "content": _}:
            return True
    return False


def read(source: Source) -> Iterator[Found]:
    """One interview a document, line or choice; a bare list of messages is one conversation."""
    if source.request:
        yield from _read(source.document(source.request), source.request, source.document())
    elif messages.bare(source):
        yield from _read({"messages": list(messages.together(source))}, source.name)
    else:
        yield from conversations(source, _read)


def _read(value: Any, place: str, response: Any = None) -> Iterator[Interview]:
    outer = Draft(place)
    request = outer.table(value, "")
    if "choices" in request:
        request, response = {}, request
    if response is None:
        draft = Draft(place)
        _request(request, draft)
        yield draft.interview()
        return
    answer = outer.table(response, "response")
    choices = outer.rows(answer.get("choices"), "choices")
    if not choices:
        raise outer.refused("response", "expected an answer of the model, found no choices")
    for number, choice in enumerate(choices):
        draft = Draft(place)
        if request:
            _request(request, draft)
            messages.prefill(draft, request)
        _choice(answer, draft.table(choice, f"choices[{number}]"), f"choices[{number}]", draft)
        if len(choices) > 1:
            draft.context["samples"] = f"answer {number + 1} of {len(choices)} to one request"
        yield draft.interview()


def _request(value: Mapping[str, Any], draft: Draft) -> None:
    draft.unread(value, _KNOWN, "conversation")
    draft.model = draft.model_id(value.get("model"), "model")
    draft.context["sampling"] = messages.sampling(value, _SAMPLING)
    if draft.model:
        draft.context["tools"] = messages.tool_names(draft, value.get("tools") or value.get("functions"))
    for number, message in enumerate(draft.rows(value.get("messages"), "messages")):
        messages.say(draft, message, f"messages[{number}]")
    if draft.model and not draft.has("system"):
        draft.context["system_prompt"] = "none"


def _choice(answer: Mapping[str, Any], choice: Mapping[str, Any], place: str, draft: Draft) -> None:
    draft.unread(answer, _RESPONSE, "response")
    draft.unread(choice, _CHOICE, "choice")
    draft.model = draft.model_id(answer.get("model"), "model") or draft.model
    if not draft.context.get("sampling"):
        draft.context["sampling"] = messages.sampling({"model": draft.model}, ("model",))
    messages.say(draft, choice.get("message"), f"{place}.message", time=draft.moment(answer.get("created")))
    messages.stopped(draft, "finish_reason", choice.get("finish_reason"))
