"""Open WebUI exports: one chat, all of a user, or all of the database; a chat is one interview::

    [{"id": "…", "title": "…", "created_at": 1764…, "chat": {"models": ["…"], "params": {"system": "…", …},
      "history": {"currentId": "…", "messages": {"ID": {"parentId": null, "role": "user", "content": "…"}}}}}]

As versions 0.3 to 0.6.43 write it, with or without the frame around ``chat``; the oldest have a list of messages. The
thread that ends in ``currentId`` comes first, other answers and edits follow as branches, and so do the answers of
several models side by side. The chat's system prompt is the first turn.

What a model thought and called stands in ``output``, else in the content between marks that the program put there
(``<details type="reasoning">``); it becomes reasoning, calls and what they gave back. An answer that was edited by hand
is in the thread, and what the model had said a branch beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.importers import items, messages
from archive.importers.checks import seconds
from archive.importers.interview import Interview, answered, silent
from archive.importers.open_webui_answer import Item, kept, marked, words
from archive.importers.source import Found, Source, conversations
from archive.importers.talk import Talk
from archive.wording import many

NAME = "open-webui-export"
VERSION = 1

_FRAME = {"id", "user_id", "title", "chat", "created_at", "updated_at", "share_id", "archived", "pinned", "meta"}
_FRAME |= {"folder_id", "current_message_id", "last_read_at", "timer_at", "context_usage"}
_CHAT = {"id", "title", "models", "params", "options", "system", "history", "messages", "files", "tags", "timestamp"}
_CHAT |= {"currentId", "originalChatId", "branchPointMessageId", "chatId"}
_MESSAGE = {"id", "parentId", "childrenIds", "role", "content", "timestamp", "model", "models", "modelName", "modelIdx"}
_MESSAGE |= {
    "done",
    "lastSentence",
    "context",
    "info",
    "usage",
    "output",
    "originalContent",
    "files",
    "sources",
    "error",
}
_MESSAGE |= {
    "citations",
    "merged",
    "followUps",
    "feedbackId",
    "favorite",
    "completedAt",
    "userContext",
    "user",
    "selectedModelId",
}
_SAMPLING = (
    *("temperature", "top_p", "top_k", "min_p", "max_tokens", "seed", "stop", "frequency_penalty", "presence_penalty"),
    *("repeat_penalty", "repeat_last_n", "num_ctx", "num_predict", "num_keep", "mirostat", "mirostat_eta"),
    *("mirostat_tau", "tfs_z", "reasoning_effort", "think", "reasoning_tags", "format", "function_calling"),
)
_PARAMS = {*_SAMPLING, "system", "stream_response", "keep_alive", "num_gpu", "num_thread", "num_batch", "use_mmap"}
_PARAMS |= {"use_mlock", "logit_bias", "stream_delta_chunk_size"}
_EDITED = "edited by hand; what the model had said is a branch beside it"


@dataclass(slots=True)
class _Chat:
    """One chat while it is read."""

    talk: Talk
    originals: list[tuple[int, Mapping[str, Any], str]] = field(default_factory=list)
    """Answers that somebody edited, with the turn that each follows; what the model had said comes last."""
    given: set[str] = field(default_factory=set)
    """Names of the files that a message has."""


def sniff(source: Source) -> bool:
    """Whether the first chat has its messages where Open WebUI has them."""
    if source.keys.isdisjoint(("chat", "history")):
        return False
    match source.first:
        case {"chat": {"history": {"messages": dict()}} | {"messages": list()}}:
            return True
        case {"history": {"messages": dict(), "currentId": _}}:
            return True
    return False


def read(source: Source) -> Iterator[Found]:
    """One interview for each chat; those without a message are passed over, and counted."""
    return conversations(source, _read)


def _read(value: Any, place: str) -> Iterator[Interview]:
    talk = Talk(place)
    frame = talk.table(value, "")
    chat = talk.table(frame["chat"], "chat") if "chat" in frame else frame
    if chat is not frame:
        talk.unread(frame, _FRAME, "export")
    talk.unread(chat, _CHAT if chat is not frame else _CHAT | _FRAME, "chat")
    talk.called(frame.get("title") or chat.get("title"))
    began = talk.moment(seconds(frame.get("created_at") or chat.get("timestamp")))
    talk.date = (began or "")[:10] or None
    rows, leaf = _messages(talk, chat)
    parents = {key: talk.optional(row.get("parentId"), f"message {key}.parentId") for key, row in rows.items()}
    model = _setting(talk, chat)
    read, told = _Chat(talk), talk.last
    ends: dict[str | None, int] = {None: told}
    for key, parent in talk.thread(parents, leaf, next(reversed(rows), None)):
        ends[key] = _say(read, rows[key], f"message {key}", ends[parent])
    if talk.last == told:
        yield silent(talk.title, talk.lost)
        return
    for after, row, where in read.originals:
        original = talk.text(row["originalContent"], f"{where}.originalContent")
        _answer(talk, row, [*marked(original)], f"{where}.originalContent", after)
    named = [_name(talk, row, f"files[{n}]") for n, row in enumerate(talk.rows(chat.get("files"), "files"))]
    if others := [name for name in dict.fromkeys(named) if name and name not in read.given]:
        talk.context["context_documents"] = f"at hand in the chat, and not in the file: {', '.join(others)}"
    yield answered(talk.interview(), model)


def _messages(talk: Talk, chat: Mapping[str, Any]) -> tuple[dict[str, Mapping[str, Any]], str | None]:
    """The messages by their ids, each with its ``parentId``, and the last one of the thread that is shown."""
    if "history" not in chat:
        rows: dict[str, Mapping[str, Any]] = {}
        before = None
        for number, value in enumerate(talk.rows(chat.get("messages"), "messages")):
            row = talk.table(value, f"messages[{number}]")
            key = talk.optional(row.get("id"), f"messages[{number}].id") or f"messages[{number}]"
            if key in rows:
                raise talk.refused(f"messages[{number}].id", "stands twice in this chat")
            rows[key], before = {"parentId": before, **row}, key
        return rows, before
    history = talk.table(chat["history"], "history")
    held = talk.table(history.get("messages"), "history.messages")
    talk.unread(history, ("messages", "currentId"), "history")
    return (
        {talk.text(key, "history.messages"): talk.table(row, f"message {key}") for key, row in held.items()},
        talk.optional(history.get("currentId"), "history.currentId"),
    )


def _setting(talk: Talk, chat: Mapping[str, Any]) -> str | None:
    """What the chat says of its setting, as context and as a first turn; the model it names, if it is one."""
    params = talk.table(chat.get("params") or chat.get("options") or {}, "params")
    talk.unread(params, _PARAMS, "params")
    names = [talk.model_id(name, "models") for name in talk.rows(chat.get("models"), "models")]
    models = [name for name in names if name]
    settings = {**params, "model": ", ".join(models) or None}
    talk.context["sampling"] = messages.sampling(settings, ("model", *_SAMPLING))
    if system := talk.optional(params.get("system") or chat.get("system"), "params.system"):
        talk.say("system", system, "params.system")
    if len(models) > 1:
        talk.context["samples"] = f"{many(len(models), 'model')} were asked side by side; their answers are branches"
    return models[0] if len(models) == 1 else None


def _name(talk: Talk, value: Any, place: str) -> str | None:
    """What a file is called."""
    file = talk.table(value, place)
    return talk.optional(file.get("name") or file.get("title"), f"{place}.name")


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _say(chat: _Chat, row: Mapping[str, Any], place: str, after: int) -> int:
    """Adds a message; the number of the turn that what answers it follows."""
    talk = chat.talk
    role = talk.text(row.get("role"), f"{place}.role")
    talk.unread(row, _MESSAGE, "message")
    talk.lose("error in the model's place", int(bool(row.get("error"))))
    talk.lose("merged answer", int(bool(row.get("merged"))))
    if role != "assistant":
        time = talk.moment(seconds(row.get("timestamp")))
        turn = talk.say(role, row.get("content"), f"{place}.content", time=time, after=after)
    elif found := _items(talk, row, place):
        turn = _answer(talk, row, found, place, after)
    else:
        talk.lose("message without words", int(not row.get("error")))
        return after
    if row.get("originalContent") not in (None, "", row.get("content")):
        chat.originals.append((after, row, place))
        talk.mark("prefill", _EDITED, turn)
    _given(chat, row, place, turn)
    return turn


def _items(talk: Talk, row: Mapping[str, Any], place: str) -> list[Item]:
    """What an answer consists of; its ``output``, unless only its content has words."""
    content = row.get("content")
    output = kept(talk, talk.rows(row.get("output"), f"{place}.output"), f"{place}.output")
    shown: list[Item] = [{"type": "message", "role": "assistant", "content": content}] if content else []
    if isinstance(content, str):
        shown = [*marked(talk.text(content, f"{place}.content"))]
    said, seen = words(output).split(), words(shown).split()
    talk.lose("content that differs from the output", int(bool(said and seen) and said != seen))
    return output if output and (said or not seen) else shown


def _answer(talk: Talk, row: Mapping[str, Any], found: list[Item], place: str, after: int) -> int:
    """Adds what an answer consists of; the number of its last turn."""
    time = talk.moment(seconds(row.get("timestamp")))
    model = talk.model_id(row.get("selectedModelId") or row.get("model"), f"{place}.model")
    for number, item in enumerate(found):
        after = items.say(talk, item, f"{place}.output[{number}]", time=time, model=model, after=after)
    return after


def _given(chat: _Chat, row: Mapping[str, Any], place: str, turn: int) -> None:
    """Notes what went to the model with a turn: files, passages of documents, memories."""
    talk = chat.talk
    for number, value in enumerate(talk.rows(row.get("files"), f"{place}.files")):
        name = _name(talk, value, f"{place}.files[{number}]")
        talk.lose("image" if value.get("type") == "image" else "file")
        if name:
            chat.given.add(name)
            talk.mark("context_documents", f"“{name}”, which is not in the file", turn)
    for number, value in enumerate(talk.rows(row.get("sources") or row.get("citations"), f"{place}.sources")):
        source = talk.table(value, f"{place}.sources[{number}]")
        talk.lose("citation")
        if (named := source.get("source")) and isinstance(named, dict) and (name := _name(talk, named, place)):
            talk.mark("context_documents", f"passages of “{name}”, which are not in the turns", turn)
    if memory := talk.optional(row.get("userContext"), f"{place}.userContext"):
        talk.mark("memory", f"the model was given: {memory}", turn)
