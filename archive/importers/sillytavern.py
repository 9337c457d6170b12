"""SillyTavern chats: JSONL, one message a line after a line about the chat; a file is one interview::

    {"user_name": "unused", "character_name": "unused", "chat_metadata": {…}}
    {"name": "Vera", "is_user": false, "is_system": false, "send_date": "…", "mes": "…", "swipes": […], "extra": {…}}

As versions 1.12.6 to 1.13 write it; older ones name the two in the first line, and older group chats have no such line.
A message's other drafts (``swipes``) are branches. The model was sent a prompt and a character's card that are not in
the file; the card's greeting, what was written by hand and how an answer was begun are said in the context's
``prefill``. A message that is hidden (``is_system``) stays a turn, and the context's ``memory`` says so; a narrator's
is a system turn; the program's own pages, and comments that no model is sent, are nobody's turn.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from os import SEEK_CUR
from typing import Any, BinaryIO

from archive.errors import Refused
from archive.importers import messages
from archive.importers.checks import seconds, shown
from archive.importers.interview import Interview, answered, silent
from archive.importers.source import Found, Source
from archive.importers.talk import Talk
from archive.wording import listed, many

NAME = "sillytavern-chat"
VERSION = 1

_PROGRAM = "SillyTavern System"
_PAGES = {"help", "welcome", "group", "empty", "generic", "slash_commands", "formatting", "hotkeys", "macros"}
_PAGES |= {"welcome_prompt", "assistant_note", "assistant_message"}
_HEADER = {"user_name", "character_name", "create_date", "chat_metadata"}
_METADATA = {"integrity", "tainted", "scenario", "system_prompt", "persona", "world_info", "timedWorldInfo"}
_METADATA |= {"main_chat", "chat_id_hash", "attachments", "variables", "note_prompt"}
_MESSAGE = {"name", "is_user", "is_system", "is_name", "is_group", "send_date", "mes", "swipes", "swipe_id"}
_MESSAGE |= {"swipe_info", "extra", "force_avatar", "original_avatar", "gen_started", "gen_finished", "title"}
_LOST = {"file": "file", "files": "file", "image": "image", "image_swipes": "image", "media": "medium"}
_LOST |= {"video": "video", "branches": "branch kept in another file", "bookmark_link": "branch kept in another file"}
_EXTRA = {"api", "model", "reasoning", "reasoning_type", "reasoning_signature", "type", "bias", "memory", "title"}
_EXTRA |= {"tool_invocations", *_LOST}
_LOCAL = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2}) ?@")
_CHUNKS = 10_000
_UNSENT = "platform_default: SillyTavern sends a prompt and the character's card, which are not in this file"
_GREETING = "the card's greeting, which no model wrote"
_BY_HAND = "written by hand in the character's name"
_THOUGHTS = "its reasoning was written or changed by hand"
_HIDDEN = "hidden, so that the model was no longer sent it; since when is not in the file"


@dataclass(slots=True)
class _Chat:
    """One chat while its lines are read."""

    talk: Talk
    header: Mapping[str, Any] = field(default_factory=dict)
    drafts: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """The turn that each other draft follows, and the draft as a message; they come after the thread."""
    characters: dict[str, None] = field(default_factory=dict)
    models: dict[str, None] = field(default_factory=dict)
    asked: bool = False
    """Whether a user has spoken."""


def sniff(source: Source) -> bool:
    """Whether the first line is about a chat, or is one of its messages."""
    keys = source.keys
    return "chat_metadata" in keys or {"user_name", "character_name"} <= keys or {"mes", "is_user"} <= keys


def card(source: Source) -> bool:
    """Whether it is a character's card, as JSON or in a PNG picture, and no conversation."""
    if source.head.startswith(b"\x89PNG"):
        with source.open() as file:
            return any(text.startswith((b"chara\0", b"ccv3\0")) for text in _texts(file))
    return source.kind == "object" and ("first_mes" in source.keys or {"spec", "data"} <= source.keys)


def _texts(file: BinaryIO) -> Iterator[bytes]:
    """How each text in a PNG picture begins; the program puts its own after the picture."""
    file.seek(8)
    for _ in range(_CHUNKS):
        length, kind = int.from_bytes(file.read(4)), file.read(4)
        if kind == b"tEXt":
            yield file.read(min(length, 8))
            length -= min(length, 8)
        elif not kind:
            break
        file.seek(length + 4, SEEK_CUR)  # a checksum follows


def read(source: Source) -> Iterator[Found]:
    """One interview; with a line that cannot be read there is none."""
    chat = _Chat(Talk(source.name))
    for number, (place, value) in enumerate(source.records()):
        chat.talk.place = place
        try:
            if isinstance(value, Refused):
                raise value
            row = chat.talk.table(value, "")
            if number == 0 and "mes" not in row:
                chat.talk.unread(row, _HEADER, "chat")
                chat.header = row
            else:
                _message(chat, row)
        except Refused as refused:
            yield refused
    chat.talk.place = source.name
    yield _interview(chat)


def _interview(chat: _Chat) -> Interview:
    talk = chat.talk
    metadata = talk.table(chat.header.get("chat_metadata") or {}, "chat_metadata")
    if not talk.last:
        return silent(talk.title, talk.lost)
    for after, draft in chat.drafts:
        _say(chat, draft, draft["place"], greeted=draft["greeted"], after=after)
    _setting(chat, metadata)
    if chat.drafts:
        talk.context["samples"] = f"{many(len(chat.drafts), 'other draft')} of answers (swipes) kept as branches"
    if main := talk.optional(metadata.get("main_chat"), "chat_metadata.main_chat"):
        whole = f"this chat begins as a copy of “{main}”, which is another file"
        talk.context["samples"] = "; ".join(filter(None, (talk.context.get("samples"), whole)))
    interview = answered(talk.interview())
    return replace(interview, date=interview.date or _day(chat.header.get("create_date")))


def _setting(chat: _Chat, metadata: Mapping[str, Any]) -> None:
    """What the first line says of the chat, and who spoke in it."""
    talk = chat.talk
    talk.unread(metadata, _METADATA, "chat_metadata")
    talk.lose("file", len(talk.rows(metadata.get("attachments"), "chat_metadata.attachments")))
    talk.lose("variable", len(metadata["variables"]) if isinstance(metadata.get("variables"), dict) else 0)
    named = talk.optional(chat.header.get("character_name"), "character_name") or "unused"
    characters = [*chat.characters] or [named] * (named != "unused")
    scenario, prompt, note, lorebook = (
        talk.optional(metadata.get(key), f"chat_metadata.{key}")
        for key in ("scenario", "system_prompt", "note_prompt", "world_info")
    )
    if characters:
        who = f"the character {characters[0]}" if len(characters) == 1 else f"the characters {listed(characters)}"
        talk.context["persona"] = who + (f"; scenario: {scenario}" if scenario else "")
    told = [_UNSENT, f"in it, of this chat: {prompt}" if prompt else ""]
    if note and (every := metadata.get("note_interval")) != 0:
        depth = metadata.get("note_depth")
        told.append(f"an author's note, every {shown(every)} messages at depth {shown(depth)}: {note}")
    talk.context["system_prompt"] = "; ".join(filter(None, told))
    talk.context["sampling"] = ", ".join(chat.models)
    if lorebook:
        talk.context["context_documents"] = f"the lorebook “{lorebook}”, which is not in the file"


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _message(chat: _Chat, row: Mapping[str, Any]) -> None:
    """Adds a message to the thread, and remembers its other drafts."""
    talk = chat.talk
    extra = talk.table(row.get("extra") or {}, "extra")
    kind = talk.optional(extra.get("type"), "extra.type") or ""
    if extra.get("tool_invocations"):
        _tools(talk, talk.rows(extra["tool_invocations"], "extra.tool_invocations"))
        return
    if kind in _PAGES or row.get("name") == _PROGRAM:
        talk.lose("page of the program")
        return
    if kind == "comment":
        talk.lose("comment that no model is sent")
        return
    user, after = row.get("is_user") is True, talk.last
    chat.asked = chat.asked or user
    talk.unread(row, _MESSAGE, "message")
    talk.date = talk.date if talk.last else _day(row.get("send_date"))
    turn = _say(chat, row, "mes", greeted=not chat.asked)
    if row.get("is_system") is True:
        talk.mark("memory", _HIDDEN, turn)
    if user or kind == "narrator":
        return
    for number, draft in _drafts(talk, row):
        chat.drafts.append((after, {**draft, "greeted": not chat.asked, "place": f"swipes[{number}]"}))


def _drafts(talk: Talk, row: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The other drafts of a message, each as a message, with its number; the one that was chosen is ``mes``."""
    texts, infos = talk.rows(row.get("swipes"), "swipes"), talk.rows(row.get("swipe_info"), "swipe_info")
    chosen = row.get("swipe_id")
    if type(chosen) is not int or not 0 <= chosen < len(texts):
        chosen = texts.index(row["mes"]) if row["mes"] in texts else None
    for number, text in enumerate(texts):
        if text in (None, ""):
            talk.lose("empty draft")
        elif number != chosen or text != row["mes"]:
            info = talk.table((infos[number] if number < len(infos) else None) or {}, f"swipe_info[{number}]")
            yield number, {**info, "name": row.get("name"), "mes": talk.text(text, f"swipes[{number}]")}


def _say(chat: _Chat, row: Mapping[str, Any], place: str, *, greeted: bool, after: int | None = None) -> int:
    """Adds what one message or draft says; its turn. `greeted`: nobody has asked anything yet."""
    talk = chat.talk
    extra = talk.table(row.get("extra") or {}, "extra")
    name = talk.optional(row.get("name"), "name")
    model = talk.model_id(extra.get("model"), "extra.model") if extra.get("api") != "manual" else None
    role = "user" if row.get("is_user") is True else "system" if extra.get("type") == "narrator" else "assistant"
    turn = talk.say(
        role,
        talk.text(row.get("mes"), place),
        place,
        reasoning=talk.optional(extra.get("reasoning"), "extra.reasoning"),
        name=name or ("narrator" if role == "system" else None),
        time=_time(talk, row.get("send_date")),
        model=model,
        after=after,
    )
    _beside(talk, turn, extra)
    if role == "assistant":
        chat.characters |= {name: None} if name else {}
        _unwritten(talk, turn, extra, greeted=greeted and not (model or row.get("gen_started")))
    if model:
        api = talk.optional(extra.get("api"), "extra.api")
        chat.models[f"model {model}" + (f" ({api})" if api else "")] = None
    return turn


def _beside(talk: Talk, turn: int, extra: Mapping[str, Any]) -> None:
    """Notes what went to the model with a message, and counts what else lies beside it."""
    talk.unread(extra, _EXTRA, "extra")
    for key, what in _LOST.items():
        held = extra.get(key)
        talk.lose(what, len(held) if isinstance(held, list) else int(bool(held)))
    if bias := talk.optional(extra.get("bias"), "extra.bias"):
        talk.mark("prefill", f"the answer after it was begun with “{bias.strip()}”", turn)
    if summary := talk.optional(extra.get("memory"), "extra.memory"):
        talk.mark("memory", f"a summary of what came before was sent with it: {summary}", turn)


def _unwritten(talk: Talk, turn: int, extra: Mapping[str, Any], *, greeted: bool) -> None:
    """Notes of a turn in a character's name what of it no model wrote."""
    if extra.get("api") == "manual":
        talk.mark("prefill", _BY_HAND, turn)
    elif greeted:
        talk.mark("prefill", _GREETING, turn)
    if extra.get("reasoning") and extra.get("reasoning_type") in ("manual", "edited"):
        talk.mark("prefill", _THOUGHTS, turn)


def _tools(talk: Talk, invocations: list[Any]) -> None:
    """What was called, in one turn, and what each gave back in its own."""
    rows = [talk.table(row, f"extra.tool_invocations[{n}]") for n, row in enumerate(invocations)]
    made = [{"id": r.get("id"), "name": r.get("name"), "arguments": r.get("parameters")} for r in rows]
    talk.say("assistant", None, "extra.tool_invocations", calls=[talk.call(call, "parameters") for call in made])
    for number, row in enumerate(rows):
        place, result = f"extra.tool_invocations[{number}]", row.get("result")
        words = result if isinstance(result, str) else messages.plain(result) if result is not None else ""
        call = talk.optional(row.get("id"), f"{place}.id")
        name = talk.optional(row.get("name"), f"{place}.name")
        talk.say("tool", words, place, result={"id": call} if call else None, name=name)


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _time(talk: Talk, value: Any) -> str | None:
    """A time, where it has a zone; those of older versions are local, and nobody knows where."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value):
        value = int(value)
    if _day(value):
        talk.lose("time without a zone")
        return None
    return talk.moment(seconds(value))


def _day(value: Any) -> str | None:
    """The date in a time of an older version: ``2024-7-12 @01h 31m 37s 123ms`` or ``June 19, 2023 2:20pm``."""
    if not isinstance(value, str):
        return None
    with suppress(ValueError):
        if found := _LOCAL.match(value):
            return date(*map(int, found.groups())).isoformat()
        return datetime.strptime(value, "%B %d, %Y %I:%M%p").date().isoformat()
    return None
