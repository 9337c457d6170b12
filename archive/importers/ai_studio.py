"""Prompts as Google AI Studio saves them to Drive, as files without an extension::

    {"runSettings": {"model": "models/…", …}, "systemInstruction": {…}, "chunkedPrompt": {"chunks": […]}}

A chunk is an utterance, ``{"text": "…", "role": "user" | "model"}``, or with ``isThought`` the reasoning of the next.
``parts`` repeats the text in the pieces in which it came. Google documents none of this: it is what files of 2025 and
2026 have, and what three programs that read them expect. A branch is another file, and so is each attached document.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers import contents
from archive.importers.interview import Interview
from archive.importers.source import Found, Source, conversations
from archive.importers.talk import Talk

NAME = "ai-studio"
VERSION = 1

_FILE = {"runSettings", "systemInstruction", "chunkedPrompt"}
_TOOLS = ("functionCall", "functionResponse", "executableCode", "codeExecutionResult")
_MEDIA = {
    **dict.fromkeys(("inlineImage", "driveImage"), "image"),
    **dict.fromkeys(("inlineAudio", "driveAudio"), "audio"),
    **dict.fromkeys(("inlineVideo", "driveVideo", "youtubeVideo"), "video"),
    **dict.fromkeys(("inlineFile", "inlineData", "driveDocument"), "file"),
    **dict.fromkeys(("branchParent", "branchChildren"), "branch in another file"),
    "errorMessage": "answer that failed",
}
_CHUNK = {"text", "role", "isThought", "finishReason", "createTime", "parts", "isEdited", *_MEDIA, *_TOOLS} | {
    *("tokenCount", "thoughtSignatures", "thinkingBudget", "isGeneratedUsingApiKey"),
}


def sniff(source: Source) -> bool:
    """Whether the first document has chunks."""
    return "chunkedPrompt" in source.keys


def read(source: Source) -> Iterator[Found]:
    """One interview a file, or one for each of a list."""
    return conversations(source, _read)


def _read(value: Any, place: str) -> Iterator[Interview]:
    talk = Talk(place)
    prompt = talk.table(value, "")
    talk.unread(prompt, _FILE, "prompt")
    told = talk.table(prompt.get("systemInstruction") or {}, "systemInstruction")
    if words := _instruction(talk, told):
        talk.say("system", words, "systemInstruction")
    held = talk.table(prompt.get("chunkedPrompt"), "chunkedPrompt")
    settings = contents.spelled(talk, prompt.get("runSettings") or {}, "runSettings")
    talk.model = contents.model(talk, settings.get("model"), "runSettings.model")
    for number, row in enumerate(talk.rows(held.get("chunks"), "chunkedPrompt.chunks")):
        _say(talk, row, f"chunkedPrompt.chunks[{number}]")
    for row in talk.rows(held.get("pendingInputs"), "chunkedPrompt.pendingInputs"):
        talk.lose("input that was not sent", int(bool(talk.table(row, "chunkedPrompt.pendingInputs").get("text"))))
    talk.context["sampling"] = contents.sampling(talk, settings, talk.model, settings.get("safetySettings"))
    if not words:
        talk.context["system_prompt"] = "none"
    if settings:
        talk.context["tools"] = ", ".join(_tools(settings)) or "none"
    yield talk.interview()


def _instruction(talk: Talk, told: Mapping[str, Any]) -> str:
    rows = [told, *(talk.table(row, "systemInstruction") for row in talk.rows(told.get("parts"), "systemInstruction"))]
    return "\n\n".join(filter(None, (talk.optional(row.get("text"), "systemInstruction.text") for row in rows)))


def _say(talk: Talk, value: object, place: str) -> None:
    """Adds the turns of a chunk, and notes of an answer that somebody edited it."""
    chunk = contents.spelled(talk, value, place)
    talk.unread(chunk, _CHUNK, "chunk")
    for key, kind in _MEDIA.items():
        talk.lose(kind, int(bool(chunk.get(key))))
    pieces = [talk.table(row, f"{place}.parts") for row in talk.rows(chunk.get("parts"), f"{place}.parts")]
    if chunk.get("text") is not None:
        pieces = [{"text": chunk["text"]}, *(row for row in pieces if "text" not in row)]
    parts: list[Any] = []
    contents.join(parts, [{**row, "thought": bool(chunk.get("isThought") or row.get("thought"))} for row in pieces])
    parts += [{key: chunk[key]} for key in _TOOLS if key in chunk]
    role = talk.optional(chunk.get("role"), f"{place}.role") or "user"
    if parts:
        time = talk.moment(chunk.get("createTime"))
        contents.say(talk, {"role": role, "parts": parts}, place, time=time)
        if chunk.get("isEdited") and role == "model":
            talk.mark("prefill", "edited by hand, and the file does not show where", talk.last)
    if why := talk.optional(chunk.get("finishReason"), f"{place}.finishReason"):
        talk.context["end_reason"] = f"finishReason {why}"
        talk.context |= {"ended_by": "limit: finishReason MAX_TOKENS"} if why == "MAX_TOKENS" else {}


def _tools(settings: Mapping[str, Any]) -> Iterator[str]:
    names = {"enableCodeExecution": "code_execution", "enableSearchAsATool": "google_search"}
    names |= {"enableBrowseAsATool": "url_context", "enableGoogleMaps": "google_maps"}
    for key, held in settings.items():
        if key.startswith("enable") and held is True and key != "enableAutoFunctionResponse":
            yield names.get(key, key)
