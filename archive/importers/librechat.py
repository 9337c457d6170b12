"""LibreChat exports: one conversation as JSON, or its list of messages as the program's own interface gives it::

    {"conversationId": "…", "endpoint": "…", "title": "…", "exportAt": "…", "branches": true, "recursive": true,
     "options": {"model": "…", "promptPrefix": "…", …}, "messages": [{"messageId": "…", "children": […]}]}
    [{"messageId": "…", "parentMessageId": "…", "isCreatedByUser": true, "text": "…"}]

As versions 0.7 and 0.8 write it; older ones call a recursive export's list ``messagesTree``. In a recursive one replies
stand within what they answer, as deep as the conversation is long, so it is read piece by piece. The thread that ends
in the last message of the file, which is what the program shows, comes first, the rest follows as branches. The custom
instructions of the options are the first turn. What the program itself said in the model's place is nobody's turn.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.errors import Refused
from archive.importers import messages
from archive.importers.interview import Interview, answered, silent
from archive.importers.source import Found, Source
from archive.importers.strictjson import Reader
from archive.importers.talk import MAX_TURNS, Talk

NAME = "librechat-export"
VERSION = 1

_LISTS = ("messages", "messagesTree")
_NO_PARENT = "00000000-0000-0000-0000-000000000000"
_DEEPEST = 40_000
"""Lists and objects in each other; a message takes two."""
_EXPORT = {"conversationId", "endpoint", "title", "exportAt", "branches", "recursive", "options", *_LISTS}
_MESSAGE = {"_id", "__v", "messageId", "conversationId", "parentMessageId", "createdAt", "updatedAt", "clientTimestamp"}
_MESSAGE |= {"isCreatedByUser", "isEdited", "sender", "text", "content", "model", "endpoint", "error", "unfinished"}
_MESSAGE |= {"finish_reason", "user", "tokenCount", "iconURL", "files", "attachments", "thread_id", "contextMeta"}
_MESSAGE |= {"children", "responseMessageId", "overrideParentMessageId", "clientId", "bg", "depth", "expiredAt"}
_TOLD = ("promptPrefix", "system", "instructions", "additional_instructions", "context")
"""Options that are sent as a system prompt, or at its end."""
_SAMPLING = (
    *("endpoint", "model", "agent_id", "assistant_id", "temperature", "top_p", "topP", "topK", "max_tokens"),
    *("maxOutputTokens", "maxTokens", "maxContextTokens", "frequency_penalty", "presence_penalty", "stop", "thinking"),
    *("thinkingBudget", "thinkingLevel", "reasoning_effort", "reasoning_summary", "effort", "verbosity", "web_search"),
)
_OPTIONS = {*_SAMPLING, *_TOLD, "presetId", "title", "endpointType", "chatGptLabel", "modelLabel", "tools", "iconURL"}
_OPTIONS |= {"resendFiles", "resendImages", "imageDetail", "promptCache", "spec", "useResponsesApi", "region", "tags"}
_MEDIA = {"image_file": "image", "image_url": "image", "video_url": "video", "input_audio": "audio"}
_EDITED = "edited by hand; what it said before is not in the file"
_THOUGHT, _END = ":::thinking\n", "\n:::"
Messages = list[tuple[dict[str, Any], dict[str, Any] | None]]
"""Each message with the one it stands in."""


def sniff(source: Source) -> bool:
    """Whether it is an export with its marks, or its first message is one of LibreChat's."""
    keys = source.keys
    if source.kind == "array":
        return {"messageId", "isCreatedByUser"} <= keys and not {"sessionId", "snapshot"} & keys
    marked = {"exportAt", "recursive"} & keys or "messagesTree" in keys
    return "conversationId" in keys and bool(marked) and not keys.isdisjoint(_LISTS)


def read(source: Source) -> Iterator[Found]:
    """One interview."""
    talk = Talk(source.name)
    try:
        yield _interview(talk, *_export(source, talk))
    except Refused as refused:
        yield refused


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _export(source: Source, talk: Talk) -> tuple[Mapping[str, Any], Messages]:
    """What an export says of its conversation, and its messages."""
    export: dict[str, Any] = {}
    said: Messages = []
    with source.open() as file:
        reader = Reader(file, source.name, deepest=_DEEPEST)
        if source.kind == "array":
            _messages(reader, talk, said)
        for key in reader.members() if source.kind == "object" else ():
            if key in _LISTS and reader.peek() == "[":
                _messages(reader, talk, said)
            else:
                export[key] = reader.value()
        reader.end()
    talk.unread(export, _EXPORT, "export")
    return export, said


def _messages(reader: Reader, talk: Talk, said: Messages) -> None:
    """Adds the messages of a list, each before those that stand in it; no call for each level."""
    begun: list[tuple[Iterator[Any], dict[str, Any] | None]] = [(reader.items(), None)]
    """Of each list that was entered its elements and the message it stands in, of each message its keys and itself."""
    while begun:
        parts, message = begun[-1]
        part = next(parts, None)
        if part is None:
            begun.pop()
        elif isinstance(part, int):
            said.append(({}, message))
            begun.append((reader.members(), said[-1][0]))
        elif part == "children" and reader.peek() == "[":
            begun.append((reader.items(), message))
        elif message is not None:
            message[part] = reader.value()
        if len(said) > MAX_TURNS:
            raise talk.refused("", f"has more than {MAX_TURNS:,} messages", "split the file")


# ── the conversation ─────────────────────────────────────────────────────────────────────────────────────────────────


def _interview(talk: Talk, export: Mapping[str, Any], said: Messages) -> Interview:
    talk.called(export.get("title"))
    rows: dict[str, Mapping[str, Any]] = {}
    parents: dict[str, str | None] = {}
    keys: dict[int, str] = {}
    for number, (message, holder) in enumerate(said):
        place = f"messages[{number}].messageId"
        key = keys[id(message)] = talk.optional(message.get("messageId"), place) or f"messages[{number}]"
        if key in rows:
            raise talk.refused(place, "stands twice in this conversation")
        parent = talk.optional(message.get("parentMessageId"), f"messages[{number}].parentMessageId") or _NO_PARENT
        rows[key] = message
        parents[key] = keys[id(holder)] if holder is not None else parent if parent != _NO_PARENT else None
    model = _options(talk, export)
    ends: dict[str | None, int] = {None: talk.last}
    told, last = talk.last, next(reversed(rows), None)
    for key, before in talk.thread(parents, None, last):
        ends[key] = _say(talk, rows[key], f"message {key}", ends[before])
    if talk.last == told:
        return silent(talk.title, talk.lost)
    if last is not None:
        _ended(talk, rows[last])
    if export and export.get("branches") is not True:
        talk.context["samples"] = "only the branch that was shown was exported"
    return answered(talk.interview(), model)


def _options(talk: Talk, export: Mapping[str, Any]) -> str | None:
    """What the options say of the setting, as context and as a first turn; the model they name."""
    options = talk.table(export.get("options") or {}, "options")
    talk.unread(options, _OPTIONS, "options")
    settings = {**options, "endpoint": export.get("endpoint") or options.get("endpoint")}
    talk.context["sampling"] = messages.sampling(settings, _SAMPLING)
    for key in ("modelLabel", "chatGptLabel"):
        if label := talk.optional(options.get(key), f"options.{key}"):
            talk.context["persona"] = f"called “{label}”"
    tools = talk.rows(options.get("tools"), "options.tools")
    names = (tool.get("pluginKey") if isinstance(tool, dict) else tool for tool in tools)
    talk.context["tools"] = ", ".join(talk.text(name, "options.tools") for name in names)
    if told := [text for key in _TOLD if (text := talk.optional(options.get(key), f"options.{key}"))]:
        talk.say("system", [*told], "options")
    return _model(talk, options.get("model"), "options.model")


def _ended(talk: Talk, message: Mapping[str, Any]) -> None:
    """Notes how the last answer ended."""
    messages.stopped(talk, "finish_reason", message.get("finish_reason"))
    if message.get("unfinished") is True:
        talk.context["end_reason"] = "the last answer is unfinished"


def _say(talk: Talk, message: Mapping[str, Any], place: str, after: int) -> int:
    """Adds a message; the number of the turn that what answers it follows."""
    talk.unread(message, _MESSAGE, "message")
    talk.lose("attachment", len(talk.rows(message.get("attachments"), f"{place}.attachments")))
    if message.get("error") is True:
        talk.lose("error in the model's place")
        return after
    sender = talk.optional(message.get("sender"), f"{place}.sender") or ""
    by_user = message.get("isCreatedByUser")
    user = by_user is True or (by_user is None and sender.casefold() == "user")
    thought, words = _thought(talk.optional(message.get("text"), f"{place}.text") or "")
    blocks = _blocks(talk, talk.rows(message.get("content"), f"{place}.content"), f"{place}.content")
    spoken = "\n\n".join(block for block in blocks if isinstance(block, str))
    blocks += [words] if words and not spoken else []
    talk.lose("text that differs from the content", int(bool(spoken and words) and words.strip() != spoken.strip()))
    turn = talk.say(
        "user" if user else "assistant",
        blocks,
        f"{place}.content",
        reasoning=thought,
        name=sender if sender and not (user and sender.casefold() == "user") else None,
        time=talk.moment(message.get("createdAt")),
        model=None if user else _model(talk, message.get("model"), f"{place}.model"),
        after=after,
    )
    _files(talk, talk.rows(message.get("files"), f"{place}.files"), f"{place}.files", turn)
    if not user and message.get("isEdited") is True:
        talk.mark("prefill", _EDITED, turn)
    return turn


def _files(talk: Talk, files: list[Any], place: str, turn: int) -> None:
    """Counts what was given to read or to see with a turn, and names it."""
    for number, row in enumerate(files):
        file = talk.table(row, f"{place}[{number}]")
        talk.lose("image" if str(file.get("type")).startswith("image/") else "file")
        if name := talk.optional(file.get("filename"), f"{place}[{number}].filename"):
            talk.mark("context_documents", f"“{name}”, which is not in the file", turn)


def _model(talk: Talk, value: object, place: str) -> str | None:
    """The model's id; none where it is an agent's, which says nothing of its model."""
    if isinstance(value, str) and value.startswith(("agent_", "asst_")):
        talk.lose("agent in the model's place")
        return None
    return talk.model_id(value, place)


def _thought(text: str) -> tuple[str | None, str]:
    """What versions before 0.7.7 put before an answer in its text, and the answer."""
    if not text.startswith(_THOUGHT) or _END not in text:
        return None, text
    thought, _, words = text.removeprefix(_THOUGHT).partition(_END)
    return thought, words.lstrip("\n")


# ── content ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _blocks(talk: Talk, content: list[Any], place: str) -> list[Any]:
    """The parts of a message, as blocks that `Talk` reads."""
    blocks: list[Any] = []
    for number, held in enumerate(content):
        if held is None:
            continue
        where = f"{place}[{number}]"
        part = talk.table(held, where)
        kind = talk.text(part.get("type"), f"{where}.type")
        if kind in ("text", "think"):
            words = _words(talk, part.get(kind), f"{where}.{kind}")
            blocks.append({"type": "thinking", "thinking": words} if kind == "think" else words)
        elif kind == "tool_call":
            blocks += _call(talk, talk.table(part.get("tool_call"), f"{where}.tool_call"), f"{where}.tool_call")
        elif kind == "error":
            talk.lose("error in the model's place")
        else:
            blocks.append({"type": _MEDIA.get(kind, kind)})
    return blocks


def _words(talk: Talk, value: object, place: str) -> str:
    """Text, or ``{"value": …, "annotations": […]}``."""
    if isinstance(value, dict):
        talk.lose("annotation", len(talk.rows(value.get("annotations"), f"{place}.annotations")))
        return talk.text(value.get("value"), f"{place}.value")
    return talk.text(value, place)


def _call(talk: Talk, call: Mapping[str, Any], place: str) -> Iterator[Any]:
    """What was called, and what it gave back, in each of the shapes that agents, assistants and plugins have."""
    kind = talk.optional(call.get("type"), f"{place}.type")
    inner = call.get(kind) if kind in ("function", "code_interpreter") else call
    table = talk.table(inner, f"{place}.{kind}" if inner is not call else place)
    arguments = next((table[key] for key in ("args", "arguments", "input") if key in table), call.get("retrieval"))
    name = table.get("name") or kind
    yield {"type": "tool_use", "id": call.get("id"), "name": name, "input": arguments}
    output = table.get("output", table.get("outputs"))
    if output not in (None, "", []):
        words = output if isinstance(output, str) else messages.plain(output)
        yield {"type": "tool_result", "tool_use_id": call.get("id"), "content": words}
