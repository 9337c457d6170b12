"""OpenAI chat: a request, a response, an exchange of both, a conversation; as JSON, or JSONL with one on each line::

    {"model": "…", "messages": [{"role": "system" | "developer" | "user" | "assistant" | "tool", "content": "…"}]}
    {"object": "chat.completion", "created": 1764, "model": "…", "choices": [{"message": {…}, "finish_reason": "stop"}]}
    {"request": {…}, "response": {…}}

Several choices of one response are several interviews: the same question, answered again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers import messages
from archive.importers.interview import Interview
from archive.importers.source import Found, Source, conversations
from archive.importers.talk import Talk

NAME = "openai-chat"
VERSION = 2

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
    *("title", "web_search_options"),
}
_RESPONSE = {"id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "provider"}
_CHOICE = {"index", "message", "finish_reason", "logprobs", "native_finish_reason"}


def sniff(source: Source) -> bool:
    """Whether the file has this shape; a conversation that nothing marks as another format's counts."""
    match source.first:
        case {"request": dict(), "response": {"choices": list()} | {"error": _}}:
            return True
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
    outer = Talk(place)
    request = outer.table(value, "")
    if response is None:
        request, response = messages.exchange(request, outer)
    if "choices" in request:
        request, response = {}, request
    if response is None:
        talk = Talk(place)
        _request(request, talk)
        messages.tools(talk, request, whole=False)
        yield talk.interview()
        return
    answer = outer.table(response, "response")
    choices = outer.rows(answer.get("choices"), "choices")
    if not choices:
        raise outer.refused("response", "expected an answer of the model, found no choices")
    for number, choice in enumerate(choices):
        talk = Talk(place)
        talk.lost, outer.lost = outer.lost, Counter()
        if request:
            _request(request, talk)
            messages.setting(talk, request)
        _choice(answer, talk.table(choice, f"choices[{number}]"), f"choices[{number}]", talk)
        if request:
            messages.tools(talk, request, whole=True)
        if len(choices) > 1:
            talk.context["samples"] = f"answer {number + 1} of {len(choices)} to one request"
        yield talk.interview()


def _request(value: Mapping[str, Any], talk: Talk) -> None:
    talk.unread(value, _KNOWN, "conversation")
    talk.called(value.get("title"))
    talk.model = talk.model_id(value.get("model"), "model")
    talk.context["sampling"] = messages.sampling(value, _SAMPLING)
    for number, message in enumerate(talk.rows(value.get("messages"), "messages")):
        messages.say(talk, message, f"messages[{number}]")


def _choice(answer: Mapping[str, Any], choice: Mapping[str, Any], place: str, talk: Talk) -> None:
    talk.unread(answer, _RESPONSE, "response")
    talk.unread(choice, _CHOICE, "choice")
    talk.model = talk.model_id(answer.get("model"), "model") or talk.model
    if not talk.context.get("sampling"):
        talk.context["sampling"] = messages.sampling({"model": talk.model}, ("model",))
    messages.say(talk, choice.get("message"), f"{place}.message", time=talk.moment(answer.get("created")))
    messages.stopped(talk, "finish_reason", choice.get("finish_reason"))
