"""ChatGPT exports: ``conversations.json``, or one conversation of it.

A conversation is a tree, ``mapping: {id: {parent, children, message}}``. The thread that ends in ``current_node`` comes
first, every other answer and edit follows as a branch. What the user told ChatGPT about themselves stands in a message
that the chat never shows (``user_editable_context``): it is a system turn of that name, and the context's ``memory``.
Reasoning (``thoughts``) is a message of its own in the file, and here the reasoning of the answer that follows it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from archive.importers.interview import Interview, answered, silent
from archive.importers.source import Found, Source, conversations
from archive.importers.talk import Talk

NAME = "chatgpt-export"
VERSION = 2

_ROLES = {"critic": "assistant", "developer": "system"}
_MEMORY = ("user_editable_context", "model_editable_context")
_CONTENT = {
    "content_type",
    "parts",
    "text",
    "language",
    "result",
    "thoughts",
    "content",
    "response_format_name",
    "name",
}
_CONTENT |= {"user_profile", "user_instructions", "model_set_context", "source_analysis_msg_id", "structured_context"}


def sniff(source: Source) -> bool:
    """Whether the first conversation is a ``mapping`` of nodes."""
    return "mapping" in source.keys


def read(source: Source) -> Iterator[Found]:
    """One interview for each conversation; those without a message are passed over, and counted."""
    return conversations(source, _read)


def _read(value: Any, place: str) -> Iterator[Interview]:
    talk = Talk(place)
    conversation = talk.table(value, "")
    nodes = talk.table(conversation.get("mapping"), "mapping")
    parents: dict[str, str | None] = {}
    for key, node in nodes.items():
        talk.text(key, "mapping")
        parents[key] = talk.optional(talk.table(node, f"mapping.{key}").get("parent"), f"mapping.{key}.parent")
    talk.called(conversation.get("title"))
    talk.date = (talk.moment(conversation.get("create_time")) or "")[:10] or None
    ends: dict[str | None, int] = {None: 0}
    leaf = talk.optional(conversation.get("current_node"), "current_node")
    for key, parent in talk.thread(parents, leaf, next(reversed(parents), None)):
        ends[key] = _say(talk, nodes[key].get("message"), f"mapping.{key}.message", ends[parent])
    default = talk.model_id(conversation.get("default_model_slug"), "default_model_slug")
    if talk.last:
        yield answered(talk.interview(), default)
    else:
        yield silent(talk.title)


def _say(talk: Talk, value: Any, place: str, after: int) -> int:
    """Adds a node's message; gives the number of the turn that what follows it follows."""
    if value is None:
        return after
    message = talk.table(value, place)
    author = talk.table(message.get("author"), f"{place}.author")
    metadata = message["metadata"] if isinstance(message.get("metadata"), dict) else {}
    role = talk.text(author.get("role"), f"{place}.author.role")
    content = talk.table(message.get("content"), f"{place}.content")
    kind = talk.text(content.get("content_type"), f"{place}.content.content_type")
    talk.unread(content, _CONTENT, "content")
    for attached in ("attachments", "citations", "content_references", "image_results"):
        talk.lose(attached.removesuffix("s").replace("_", " "), len(_rows(metadata.get(attached))))
    words = _words(talk, content, kind, f"{place}.content")
    name = talk.optional(author.get("name"), f"{place}.author.name")
    if kind in _MEMORY:
        role, name = "system", kind
        if words:
            talk.context["memory"] = "\n\n".join(filter(None, (talk.context.get("memory"), words)))
    if not words.strip() and all(isinstance(part, str) for part in _rows(content.get("parts"))):
        talk.lose("message without words", int(role not in ("system", "developer")))
        return after
    said: dict[str, Any] = {"content": words, "calls": [], "reasoning": None}
    recipient = talk.optional(message.get("recipient"), f"{place}.recipient") or "all"
    if kind in ("thoughts", "reasoning_recap"):
        said |= {"content": None, "reasoning": words}
    elif role == "assistant" and recipient != "all":
        said |= {"content": None, "calls": [{"name": recipient, "arguments": words}]}
    return talk.say(
        _ROLES.get(role, role),
        said["content"],
        place,
        reasoning=said["reasoning"],
        calls=said["calls"],
        name=name,
        time=talk.moment(message.get("create_time")),
        model=talk.model_id(metadata.get("model_slug"), f"{place}.metadata.model_slug"),
        after=after,
    )


def _words(talk: Talk, content: Mapping[str, Any], kind: str, place: str) -> str:
    """What a message says, whatever its kind; what is no text is counted as lost."""
    if kind in _MEMORY:
        keys = ("user_profile", "user_instructions", "model_set_context", "text")
        texts = [talk.optional(content.get(key), f"{place}.{key}") for key in keys]
        return "\n\n".join(filter(None, texts))
    texts = [_part(talk, part, f"{place}.parts[{n}]") for n, part in enumerate(_rows(content.get("parts")))]
    for thought in _rows(content.get("thoughts")):
        table = talk.table(thought, f"{place}.thoughts")
        texts += [talk.optional(table.get(key), f"{place}.thoughts.{key}") or "" for key in ("summary", "content")]
    for key in ("text", "content", "result"):
        if isinstance(content.get(key), str):
            texts.append(talk.text(content[key], f"{place}.{key}"))
    return "\n\n".join(filter(None, texts))


def _part(talk: Talk, part: Any, place: str) -> str:
    if isinstance(part, str):
        return talk.text(part, place)
    if not isinstance(part, dict):
        raise talk.refused(place, f"expected text or an object, found {json.dumps(part)[:40]}")
    if isinstance(part.get("text"), str):
        return talk.text(part["text"], f"{place}.text")
    kind = part.get("content_type")
    talk.lose({"image_asset_pointer": "image"}.get(kind, kind) if isinstance(kind, str) else "part of unknown kind")
    return ""


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
