"""One conversation while it is being read, and what all formats have in common: content, times, branches.

Chat formats differ in their frames and hardly in what stands in a message: a string, or a list of blocks by type.
`Talk.say` reads both, for every format, and counts what a turn cannot hold. What was read is an `Interview`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from typing import Any

from archive.importers.checks import Checks, shown
from archive.importers.interview import Interview
from archive.importers.tree import joined, thread
from archive.importers.turns import ROLES, Held, Turn
from archive.wording import numbered

_TEXT = {"text": "text", "input_text": "text", "output_text": "text", "refusal": "refusal"}
"""Block type → the key of its words."""
_CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")
_KNOWN = (
    {"type", "id", "text", "refusal", "thinking", "signature", "reasoning", "summary", "redacted", "title", "source"}
    | {"name", "input", "arguments", "result", "tool_use_id", "tool_type", "content", "is_error"}
    | {"cache_control", "caller", "internal"}
)
MAX_TURNS = 200_000
"""In one conversation, which is held in memory while it is read."""
MAX_TITLE = 200
"""Characters of a conversation's title that are taken."""


@dataclass(slots=True)
class _Parts:
    """What the blocks of one message hold: words, thoughts and calls since the last cut, and the turns before it."""

    texts: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    calls: list[Mapping[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)

    def cut(self) -> None:
        if self.texts or self.thoughts or self.calls:
            said = {"text": _joined(self.texts) or "", "reasoning": _joined(self.thoughts)}
            self.turns.append(said | {"tool_calls": tuple(self.calls) or None})
            self.texts, self.thoughts, self.calls = [], [], []


class Talk(Checks):
    """One conversation, turn by turn, while its importer reads it; lives no longer."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.context: dict[str, str] = {}
        self.model: str | None = None
        self.date: str | None = None
        self.title = ""
        self.held: Held | None = None
        self._turns: list[Turn] = []
        self._marks: dict[tuple[str, str], list[int]] = {}

    @property
    def last(self) -> int:
        """Number of the last turn so far; 0 before the first."""
        return len(self._turns)

    def say(
        self,
        role: str,
        content: object,
        place: str,
        *,
        reasoning: str | None = None,
        calls: Iterable[Mapping[str, Any]] = (),
        result: Mapping[str, Any] | None = None,
        name: str | None = None,
        time: str | None = None,
        model: str | None = None,
        after: int | None = None,
    ) -> int:
        """Adds the turns of one message whose `content` is text or a list of blocks, and gives the last one's number.

        `after` is the turn it follows, where that is not the one before. A message is cut where a tool's result or a
        document that is text stands in it; these are turns of their own. Raises `Refused` for content of a wrong type.
        """
        if role not in ROLES:
            raise self.refused(place, f"expected one of the roles {', '.join(ROLES)}, found {shown(role)}")
        parts = _Parts(thoughts=[reasoning] if reasoning else [])
        self._read(content, place, parts)
        parts.calls += calls
        parts.cut()
        usual = {"role": role, "name": name, "tool_result": result, "time": time}
        usual["model"] = model if role == "assistant" else None
        for made in parts.turns or [{"text": ""}]:
            parent = after if after is not None and after != self.last else None
            self._turns.append(Turn(**{"interview": 1, "turn": self.last + 1, "parent": parent, **usual, **made}))
            after = None
        if self.last > MAX_TURNS:
            raise self.refused("", f"has more than {MAX_TURNS:,} turns", "split the file")
        return self.last

    def has(self, role: str) -> bool:
        """Whether a turn of that role was added."""
        return any(turn.role == role for turn in self._turns)

    def words(self, turn: int) -> str:
        """The text of turn number `turn`."""
        return self._turns[turn - 1].text

    def used(self) -> bool:
        """Whether a turn calls a tool, or is what one gave back."""
        return any(turn.tool_calls or turn.role == "tool" for turn in self._turns)

    def fill(self, words: str) -> None:
        """Gives the last turn, which has no words, `words`."""
        self._turns[-1] = replace(self._turns[-1], text=words)

    def join(self, content: object, place: str) -> int:
        """Joins a further piece of the same message to the last turn; its number."""
        parts, last = _Parts(), self._turns[-1]
        self._read(content, place, parts)
        parts.cut()
        for made in parts.turns:
            if "role" in made:
                self.lose("block out of place")
                continue
            last = replace(
                last,
                text=_joined((last.text, made["text"])) or "",
                reasoning=_joined((last.reasoning, made["reasoning"])),
                tool_calls=(*(last.tool_calls or ()), *(made["tool_calls"] or ())) or None,
            )
        self._turns[-1] = last
        return self.last

    def thread(
        self, parents: Mapping[str, str | None], leaf: str | None, otherwise: str | None
    ) -> list[tuple[str, str | None]]:
        """As `tree.thread`, to `leaf`, or where the file names none that is there, to `otherwise`.

        An end or a parent that is not there, and parents that go round, are counted as lost.
        """
        found = list(thread(parents, leaf if leaf in parents else otherwise))
        self.lose("end of the thread that is not there", int(bool(leaf) and leaf not in parents))
        self.lose("parent that is not there", sum(p is not None and p not in parents for p in parents.values()))
        self.lose("parents that go round", sum(parent is None and parents[node] in parents for node, parent in found))
        return found

    def called(self, value: object) -> None:
        """Notes what the file calls the conversation, where that is text, in one line."""
        if isinstance(value, str):
            words = " ".join("".join(c if c.isprintable() else " " for c in value).split())
            self.title = words[:MAX_TITLE].strip()

    def mark(self, field: str, what: str, turn: int) -> None:
        """Notes in a field of the context something about a turn: ``turns 3, 5 to 7: hidden from the model``."""
        self._marks.setdefault((field, what), []).append(turn)

    def strings(self) -> Iterator[str]:
        """Every text said so far, its reasoning and what tools were given."""
        for turn in self._turns:
            yield from _strings((turn.text, turn.reasoning, turn.tool_calls, turn.tool_result))

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Puts what `change` makes of it in the place of each of `strings`."""
        self._turns = [
            replace(
                turn,
                text=change(turn.text),
                reasoning=_changed(turn.reasoning, change),
                tool_calls=_changed(turn.tool_calls, change),
                tool_result=_changed(turn.tool_result, change),
            )
            for turn in self._turns
        ]

    def interview(self) -> Interview:
        """What was read, the model's reasoning with its answer. Raises `Refused` where that is no turn at all."""
        if not self._turns:
            raise self.refused("", "holds no turn", "there is nothing to file")
        turns, numbers = joined(self._turns)
        for (field_, what), marked in self._marks.items():
            said = f"{numbered('turn', {numbers[turn] for turn in marked})}: {what}"
            self.context[field_] = "; ".join(filter(None, (self.context.get(field_), said)))
        asked = sum((one.role, two.role) == ("user", "assistant") for one, two in pairwise(turns))
        if asked > 1 and not any(turn.parent is not None for turn in turns):
            self.context.setdefault("question_order", "consecutive: in the order of the turns")
        told = takewhile(lambda turn: turn.role == "system" and turn.name in (None, "developer"), turns)
        self.context.setdefault("system_prompt", "\n\n".join(turn.text for turn in told))
        return Interview(
            turns=tuple(turns),
            lost=dict(self.lost),
            context={key: self.text(value, key) for key, value in self.context.items() if value.strip()},
            model=self.model,
            date=self.date or next((turn.time[:10] for turn in turns if turn.time), None),
            title=self.title,
            held=self.held,
        )

    # ── content ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self, content: object, place: str, parts: _Parts) -> None:
        if isinstance(content, str):
            parts.texts.append(self.text(content, place))
        elif isinstance(content, list):
            for number, block in enumerate(content):
                self._block(block, f"{place}[{number}]", parts)
        elif content is not None:
            raise self.refused(place, f"expected text or a list of blocks, found {shown(content)}")

    def _block(self, block: object, place: str, parts: _Parts) -> None:
        if isinstance(block, str):
            parts.texts.append(self.text(block, place))
            return
        if not isinstance(block, dict):
            raise self.refused(place, f"expected a block, found {shown(block)}")
        kind = self.text(block.get("type"), f"{place}.type")
        if key := _TEXT.get(kind):
            parts.texts.append(self.text(block.get(key), f"{place}.{key}"))
        elif kind == "thinking" or (kind == "reasoning" and isinstance(block.get("reasoning"), str)):
            self._thought(block, kind, place, parts)
        elif kind in _CALLS:
            parts.calls.append(self.call(block, place))
        elif kind.endswith("tool_result"):
            parts.cut()
            parts.turns.append(self._result(block, place))
        elif kind == "document" and (words := self._document(block, place)) is not None:
            parts.cut()
            title = self.optional(block.get("title"), f"{place}.title") or "document"
            parts.turns.append({"text": words, "name": title})
        else:
            self.lose(_LOST.get(kind, f"block {kind}"))
            return
        self.unread(block, _KNOWN, kind)

    def _thought(self, block: Mapping[str, Any], kind: str, place: str, parts: _Parts) -> None:
        words = self.text(block.get(kind), f"{place}.{kind}")
        if kind == "reasoning" and block.get("redacted"):
            self.lose("redacted reasoning")
            words = self.optional(block.get("summary"), f"{place}.summary") or ""
        elif kind == "reasoning" and not words:
            words = self.optional(block.get("summary"), f"{place}.summary") or ""
        parts.thoughts += [words] if words else []

    def call(self, block: Mapping[str, Any], place: str) -> Mapping[str, Any]:
        """What a model called, as a `Turn` keeps it, from ``id``, ``name`` and ``input`` or ``arguments``."""
        made = {"id": block.get("id"), "name": block.get("name") or block.get("function")}
        made["arguments"] = block.get("input", block.get("arguments"))
        if block.get("result") not in (None, ""):
            made["result"] = block["result"]
        return self.data({key: value for key, value in made.items() if value is not None}, place)

    def _result(self, block: Mapping[str, Any], place: str) -> dict[str, Any]:
        made: dict[str, Any] = {"id": block.get("tool_use_id"), "error": block.get("is_error") or None}
        content, words = block.get("content"), ""
        if isinstance(content, (str, list)) and block.get("type") in ("tool_result", "mcp_tool_result"):
            words = self._inner(content, f"{place}.content")
        elif content not in (None, "", []):
            made["content"] = content
        made = {key: value for key, value in made.items() if value is not None}
        return {"role": "tool", "text": words, "tool_result": self.data(made, place), "name": None, "model": None}

    def _document(self, block: Mapping[str, Any], place: str) -> str | None:
        """The words of a document that is text; None where it is pages or pictures."""
        match block.get("source"):
            case {"type": "text", "data": data}:
                return self.text(data, f"{place}.source.data")
            case {"type": "content", "content": content}:
                return self._inner(content, f"{place}.source.content")
        return None

    def _inner(self, content: object, place: str) -> str:
        """The words of blocks within a block."""
        parts = _Parts()
        self._read(content, place, parts)
        parts.cut()
        self.lose("call within a tool's result", sum(bool(made.get("tool_calls")) for made in parts.turns))
        self.lose("reasoning within a tool's result", sum(bool(made.get("reasoning")) for made in parts.turns))
        return _joined(made["text"] for made in parts.turns) or ""


_LOST = {
    "image": "image",
    "image_url": "image",
    "input_image": "image",
    "input_audio": "audio",
    "audio": "audio",
    "video": "video",
    "document": "document",
    "file": "file",
    "input_file": "file",
    "redacted_thinking": "redacted thinking",
    "reasoning": "encrypted reasoning",
    "data": "data",
}


def _joined(texts: Iterable[str | None]) -> str | None:
    return "\n\n".join(filter(None, texts)) or None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for held in value.values() if isinstance(value, dict) else value:
            yield from _strings(held)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _changed(held, change) for key, held in value.items()}
    return type(value)(_changed(held, change) for held in value) if isinstance(value, (list, tuple)) else value
