"""Claude.ai exports: ``conversations.json``, or one conversation of it. It names no model: the filer must.

``chat_messages`` is a list whose order is not the thread: ``parent_message_uuid`` is. The thread that ends in
``current_leaf_message_uuid``, else in the newest message, comes first, the rest follows as branches. Files pasted as
text are turns of their own, named ``attachment NAME``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers.checks import shown
from archive.importers.interview import Interview, silent
from archive.importers.source import Found, Source, conversations
from archive.importers.talk import Talk

NAME = "claude-ai-export"
VERSION = 2

_NO_PARENT = "00000000-0000-4000-8000-000000000000"
_ROLES = {"human": "user", "assistant": "assistant"}
_CONVERSATION = {"uuid", "name", "summary", "created_at", "updated_at", "account", "chat_messages", "model", "settings"}
_CONVERSATION |= {"current_leaf_message_uuid", "project", "project_uuid", "is_starred", "is_temporary", "platform"}
_MESSAGE = {
    "uuid",
    "text",
    "content",
    "sender",
    "created_at",
    "updated_at",
    "attachments",
    "files",
    "files_v2",
    "index",
}
_MESSAGE |= {"parent_message_uuid", "stop_reason", "truncated"}


def sniff(source: Source) -> bool:
    """Whether the first conversation has ``chat_messages``."""
    return "chat_messages" in source.keys


def read(source: Source) -> Iterator[Found]:
    """One interview for each conversation; those without a message are passed over, and counted."""
    return conversations(source, _read)


def _read(value: Any, place: str) -> Iterator[Interview]:
    talk = Talk(place)
    conversation = talk.table(value, "")
    talk.unread(conversation, _CONVERSATION, "conversation")
    messages: dict[str, Mapping[str, Any]] = {}
    parents: dict[str, str | None] = {}
    last: str | None = None
    for number, row in enumerate(talk.rows(conversation.get("chat_messages"), "chat_messages")):
        where = f"chat_messages[{number}]"
        if row is None:
            talk.lose("empty entry")
            continue
        message = talk.table(row, where)
        uuid = talk.optional(message.get("uuid"), f"{where}.uuid") or where
        if uuid in messages:
            raise talk.refused(f"{where}.uuid", "stands twice in this conversation")
        linked = talk.optional(message.get("parent_message_uuid"), f"{where}.parent_message_uuid")
        linked = None if linked == _NO_PARENT else linked
        messages[uuid], parents[uuid] = message, linked if "parent_message_uuid" in message else last
        last = uuid
    talk.called(conversation.get("name"))
    talk.model = talk.model_id(conversation.get("model"), "model")
    talk.date = (talk.moment(conversation.get("created_at")) or "")[:10] or None
    ends: dict[str | None, int] = {None: 0}
    leaf = talk.optional(conversation.get("current_leaf_message_uuid"), "current_leaf_message_uuid")
    newest = max(reversed(messages), key=lambda uuid: str(messages[uuid].get("created_at") or ""), default=None)
    for uuid, parent in talk.thread(parents, leaf, newest):
        ends[uuid] = _say(talk, messages[uuid], f"message {uuid}", ends[parent])
    if talk.last:
        yield talk.interview()
    else:
        yield silent(talk.title)


def _say(talk: Talk, message: Mapping[str, Any], place: str, after: int) -> int:
    sender = talk.text(message.get("sender"), f"{place}.sender")
    if sender not in _ROLES:
        raise talk.refused(f"{place}.sender", f"expected human or assistant, found {shown(sender)}")
    role, time = _ROLES[sender], talk.moment(message.get("created_at"))
    talk.unread(message, _MESSAGE, "message")
    talk.lose("file", len(talk.rows(message.get("files") or message.get("files_v2"), f"{place}.files")))
    for number, row in enumerate(talk.rows(message.get("attachments"), f"{place}.attachments")):
        attached = talk.table(row, f"{place}.attachments[{number}]")
        name = talk.optional(attached.get("file_name"), f"{place}.attachments[{number}].file_name") or ""
        if pasted := talk.optional(attached.get("extracted_content"), f"{place}.attachments[{number}]"):
            after = talk.say(role, pasted, place, name=f"attachment {name}".strip(), time=time, after=after)
        else:
            talk.lose("attachment without text")
    content = [block for block in talk.rows(message.get("content"), f"{place}.content") if block is not None]
    words = talk.optional(message.get("text"), f"{place}.text")
    after = talk.say(role, content, f"{place}.content", time=time, after=after)
    if words and not talk.words(after):
        talk.fill(words)  # older exports, and blocks of kinds we do not know
    elif words and words.strip() != talk.words(after).strip():
        talk.lose("text that differs from the content")
    return after
