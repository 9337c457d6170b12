"""ShareGPT: ``[{"id": "…", "conversations": [{"from": "human", "value": "…"}, {"from": "gpt", "value": "…"}]}]``.

Also as JSONL, as one object, and with ``items`` for ``conversations``. It names neither models nor dates.
"""

from collections.abc import Iterator
from typing import Any

from archive.importers.interview import Interview
from archive.importers.source import Found, Source, conversations
from archive.importers.talk import Talk

NAME = "sharegpt"
VERSION = 2

_LISTS = ("conversations", "items", "conversation")
_ROLES = {
    **dict.fromkeys(("human", "user"), "user"),
    **dict.fromkeys(("gpt", "assistant", "chatgpt", "bing", "bard", "claude", "model", "function_call"), "assistant"),
    **dict.fromkeys(("tool", "function", "observation", "function_response"), "tool"),
    **dict.fromkeys(("system",), "system"),
}


def sniff(source: Source) -> bool:
    """Whether the first conversation is a list of ``from`` and ``value``."""
    first = source.first
    if not isinstance(first, dict):
        return False
    rows: list[Any] = next((first[key] for key in _LISTS if isinstance(first.get(key), list)), [])
    return any(isinstance(row, dict) and {"from", "value"} <= row.keys() for row in rows)


def read(source: Source) -> Iterator[Found]:
    """One interview for each conversation."""
    return conversations(source, _read)


def _read(value: Any, place: str) -> Iterator[Interview]:
    talk = Talk(place)
    conversation = talk.table(value, "")
    talk.unread(conversation, {"id", "title", "system", *_LISTS}, "conversation")
    talk.called(conversation.get("title"))
    if told := talk.optional(conversation.get("system"), "system"):
        talk.say("system", told, "system")
    key = next((key for key in _LISTS if key in conversation), "conversations")
    for number, row in enumerate(talk.rows(conversation.get(key), key)):
        turn = talk.table(row, f"{key}[{number}]")
        said = talk.text(turn.get("from"), f"{key}[{number}].from")
        if said.lower() not in _ROLES:
            raise talk.refused(f"{key}[{number}].from", f"expected one of {', '.join(_ROLES)}, found “{said[:40]}”")
        talk.unread(turn, {"from", "value"}, "turn")
        name = said if said.lower() in ("bing", "bard", "claude", "chatgpt", "function_call") else None
        talk.say(_ROLES[said.lower()], talk.text(turn.get("value"), f"{key}[{number}].value"), "", name=name)
    yield talk.interview()
