"""Contents of the Gemini API, which its requests, its responses and AI Studio share: a role, and parts of any kind.

Parts are those of google-genai 3.3.0 (``google.genai.types.Part``, looked at in November 2026), in either spelling of
their keys, ``functionCall`` or ``function_call``. A call, and what a tool gave back, are turns where they stand.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers import messages
from archive.importers.talk import Talk

_ROLES = {"user": "user", "model": "assistant", "function": "tool", "system": "system"}
_BESIDE = {"thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata", "mediaProcessing"}
_PART = _BESIDE | {"text", "functionCall", "toolCall", "executableCode", "inlineData", "fileData"}
_TEXT = {"text", "thought", "thoughtSignature", "thought_signature"}
_ANSWERS = ("functionResponse", "toolResponse", "codeExecutionResult")
_SAMPLING = (
    *("temperature", "topP", "topK", "maxOutputTokens", "seed", "candidateCount", "stopSequences"),
    *("presencePenalty", "frequencyPenalty", "thinkingBudget", "thinkingLevel", "includeThoughts"),
)


def spelled(talk: Talk, value: object, place: str) -> Mapping[str, Any]:
    """An object with its own keys in one spelling, ``systemInstruction`` for ``system_instruction``."""
    table = talk.table(value, place)
    made = {re.sub(r"_([a-z])", lambda m: m[1].upper(), key): held for key, held in table.items() if held is not None}
    if len(made) < sum(held is not None for held in table.values()):
        raise talk.refused(place, "has one key in two spellings", "it is not clear which is meant")
    return made


def model(talk: Talk, value: object, place: str) -> str | None:
    """A model's id, of ``models/gemini-2.5-pro`` the last part."""
    named = talk.optional(value, place)
    return talk.model_id(named.rpartition("/")[2], place) if named else None


def sampling(talk: Talk, settings: object, name: str | None, safety: object) -> str:
    """``model gemini-2.5-pro, temperature 1.0, top_p 0.95``: what of the settings is given, and what was to be blocked.

    Of `safety` as in ``safety settings: HARASSMENT OFF; HATE_SPEECH OFF``.
    """
    given = dict(spelled(talk, settings or {}, "generationConfig"))
    given |= spelled(talk, given.get("thinkingConfig") or {}, "generationConfig.thinkingConfig")
    named = {"model": name} | {_snake(key): given.get(key) for key in _SAMPLING}
    said = [messages.sampling(named, tuple(named))]
    rules = [spelled(talk, rule, "safetySettings") for rule in talk.rows(safety, "safetySettings")]
    told = (f"{messages.plain(rule.get('category'))} {messages.plain(rule.get('threshold'))}" for rule in rules)
    if rules:
        said.append(f"safety settings: {'; '.join(told).replace('HARM_CATEGORY_', '')}")
    return talk.text(", ".join(filter(None, said)), "generationConfig")


def tools(talk: Talk, value: object, config: object) -> list[str]:
    """The names of the tools a request offers: its functions, and what Google runs itself, as ``google_search``."""
    names: list[str] = []
    for number, tool in enumerate(value if isinstance(value, list) else [value] if value else []):
        table = spelled(talk, tool, f"tools[{number}]")
        declared = talk.rows(table.get("functionDeclarations"), f"tools[{number}].functionDeclarations")
        names += [talk.text(talk.table(each, "tools").get("name"), f"tools[{number}].name") for each in declared]
        names += [_snake(key) for key in table if key != "functionDeclarations"]
    match spelled(talk, config or {}, "toolConfig").get("functionCallingConfig"):
        case {"mode": "NONE"} if names:
            names[-1] += " (but mode NONE)"
    return names


def _snake(key: str) -> str:
    return re.sub(r"[A-Z]", lambda m: f"_{m[0].lower()}", key)


def say(
    talk: Talk, value: object, place: str, *, time: str | None = None, model: str | None = None, role: str = "user"
) -> None:
    """Adds the turns of one content, a text or ``{"role": …, "parts": […]}``; `role` where it names none."""
    content = {"parts": [{"text": value}]} if isinstance(value, str) else talk.table(value, place)
    said = talk.optional(content.get("role"), f"{place}.role") or role
    if said not in _ROLES:
        raise talk.refused(f"{place}.role", f"expected one of {', '.join(_ROLES)}, found “{said[:40]}”")
    talk.unread(content, {"role", "parts"}, "content")
    parts = content.get("parts")
    rows = [parts] if isinstance(parts, (dict, str)) else talk.rows(parts, f"{place}.parts")
    blocks: list[Any] = []
    for number, row in enumerate(rows):
        part = {"text": row} if isinstance(row, str) else spelled(talk, row, f"{place}.parts[{number}]")
        if answer := _answer(talk, part, f"{place}.parts[{number}]"):
            if blocks:
                talk.say(_ROLES[said], blocks, place, time=time, model=model)
                blocks = []
            talk.say("tool", answer["text"], place, result=answer["result"], name=answer["name"], time=time)
        else:
            blocks += _blocks(talk, part, f"{place}.parts[{number}]")
    if blocks or not rows:
        talk.say(_ROLES[said], blocks, place, time=time, model=model)


def _blocks(talk: Talk, part: Mapping[str, Any], place: str) -> Iterator[Mapping[str, Any]]:
    """A part as a block of a message; what no turn holds is counted."""
    talk.unread(part, _PART, "part")
    if "text" in part:
        key = "thinking" if part.get("thought") else "text"
        yield {"type": key, key: part["text"]}
    for key in ("functionCall", "toolCall"):
        if key in part:
            call = spelled(talk, part[key], f"{place}.{key}")
            talk.unread(call, {"id", "name", "toolType", "args"}, key)
            made = {"id": call.get("id"), "name": call.get("name") or call.get("toolType"), "input": call.get("args")}
            yield {"type": "tool_use", **made}
    if "executableCode" in part:
        code = spelled(talk, part["executableCode"], f"{place}.executableCode")
        yield {"type": "tool_use", "name": "code_execution", "input": code}
    if "inlineData" in part:
        kind = spelled(talk, part["inlineData"], f"{place}.inlineData").get("mimeType")
        kind = str(kind).partition("/")[0]
        yield {"type": kind if kind in ("image", "audio", "video") else "file"}
    if "fileData" in part:
        yield {"type": "file"}


def _answer(talk: Talk, part: Mapping[str, Any], place: str) -> Mapping[str, Any] | None:
    """What a tool gave back, where a part says that: its words where it is nothing else, else data."""
    key = next((key for key in _ANSWERS if key in part), None)
    if key is None:
        return None
    talk.unread(part, _BESIDE | {key}, "part")
    found = spelled(talk, part[key], f"{place}.{key}")
    given: Any
    name: object
    if key == "codeExecutionResult":
        given, name = {"output": found.get("output") or ""}, "code_execution"
        failed = found.get("outcome") not in (None, "OUTCOME_OK")
    else:
        given, name = found.get("response"), found.get("name") or found.get("toolType")
        failed = isinstance(given, dict) and "error" in given
    told: dict[str, Any] = {"id": found.get("id"), "error": failed or None}
    match given:
        case {"result": str(words)} | {"output": str(words)} | {"error": str(words)} if len(given) == 1:
            text = words
        case _:
            text, told["content"] = "", given
    told = {key: held for key, held in told.items() if held not in (None, "", {})}
    talk.lose("image", len(talk.rows(found.get("parts"), f"{place}.{key}.parts")))
    return {"text": text, "result": talk.data(told, place) or None, "name": talk.optional(name, f"{place}.name")}


# ── pieces of one text ───────────────────────────────────────────────────────────────────────────────────────────────


def join(parts: list[Any], more: list[Any]) -> None:
    """Adds the parts that came next in a stream; words that were cut there are one part again."""
    for part in more:
        last = parts[-1] if parts else None
        if (
            last is not None
            and _words(part)
            and _words(last)
            and bool(part.get("thought")) == bool(last.get("thought"))
        ):
            parts[-1] = {**last, **part, "text": last["text"] + part["text"]}
        else:
            parts.append(part)


def _words(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str) and not part.keys() - _TEXT
