"""Claude.ai exports: ``conversations.json``, or one conversation of it. It names no model: the filer must.

``chat_messages`` is a list whose order is not the thread: ``parent_message_uuid`` is. The thread that ends in
``current_leaf_message_uuid``, else in the newest message, comes first, the rest follows as branches. Files pasted as
text are turns of their own, named ``attachment NAME``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers.draft import Draft, Interview, shown, thread
from archive.importers.source import Found, Source, conversations

NAME = "claude-ai-export"
VERSION = 1

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
    draft = Draft(place)
    conversation = draft.table(value, "")
    draft.unread(conversation, _CONVERSATION, "conversation")
    messages: dict[str, Mapping[str, Any]] = {}
    parents: dict[str, str | None] = {}
    last: str | None = None
    for number, row in enumerate(draft.rows(conversation.get("chat_messages"), "chat_messages")):
        where = f"chat_messages[{number}]"
        if row is None:
            draft.lose("empty entry")
            continue
        message = draft.table(row, where)
        uuid = draft.optional(message.get("uuid"), f"{where}.uuid") or where
        if uuid in messages:
            raise draft.refused(f"{where}.uuid", "stands twice in this conversation")
        linked = draft.optional(message.get("parent_message_uuid"), f"{where}.parent_message_uuid")
        messages[uuid], parents[uuid] = message, linked if "parent_message_uuid" in message else last
        last = uuid
    draft.model = draft.model_id(conversation.get("model"), "model")
    draft.date = (draft.moment(conversation.get("created_at")) or "")[:10] or None
    ends: dict[str | None, int] = {None: 0}
    for uuid, parent in thread(parents, _leaf(draft, conversation, messages)):
        ends[uuid] = _say(draft, messages[uuid], f"message {uuid}", ends[parent])
    if draft.last:
        yield draft.interview()
    else:
        yield Interview(turns=(), lost={"conversation without a message": 1}, context={}, model=None, date=None)


def _leaf(draft: Draft, conversation: Mapping[str, Any], messages: dict[str, Mapping[str, Any]]) -> str | None:
    leaf = draft.optional(conversation.get("current_leaf_message_uuid"), "current_leaf_message_uuid")
    if leaf in messages:
        return leaf
    return max(reversed(messages), key=lambda uuid: str(messages[uuid].get("created_at") or ""), default=None)


def _say(draft: Draft, message: Mapping[str, Any], place: str, after: int) -> int:
    sender = draft.text(message.get("sender"), f"{place}.sender")
    if sender not in _ROLES:
        raise draft.refused(f"{place}.sender", f"expected human or assistant, found {shown(sender)}")
    role, time = _ROLES[sender], draft.moment(message.get("created_at"))
    draft.unread(message, _MESSAGE, "message")
    draft.lose("file", len(draft.rows(message.get("files") or message.get("files_v2"), f"{place}.files")))
    for number, row in enumerate(draft.rows(message.get("attachments"), f"{place}.attachments")):
        attached = draft.table(row, f"{place}.attachments[{number}]")
        name = draft.optional(attached.get("file_name"), f"{place}.attachments[{number}].file_name") or ""
        if pasted := draft.optional(attached.get("extracted_content"), f"{place}.attachments[{number}]"):
            after = draft.say(role, pasted, place, name=f"attachment {name}".strip(), time=time, after=after)
        else:
            draft.lose("attachment without text")
    content = [block for block in draft.rows(message.get("content"), f"{place}.content") if block is not None]
    words = draft.optional(message.get("text"), f"{place}.text")
    after = draft.say(role, content, f"{place}.content", time=time, after=after)
    if words and not draft.words(after):
        draft.fill(words)  # older exports, and blocks of kinds we do not know
    elif words and words.strip() != draft.words(after).strip():
        draft.lose("text that differs from the content")
    return after
