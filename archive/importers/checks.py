"""Checks of the JSON values of one conversation: what is wrong is refused, what no turn can hold is counted."""

import json
import math
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from archive.errors import Problem, Refused

_MAX_KINDS = 40
_LATEST = 1e11
"""In seconds the year 5138, in milliseconds 1973."""


class Checks:
    """The checks of one conversation, and what they counted as lost; lives as long as it is read."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.lost: Counter[str] = Counter()

    def text(self, value: object, place: str) -> str:
        """`value`, which must be text that fits in a UTF-8 file."""
        if not isinstance(value, str):
            raise self.refused(place, f"expected text, found {shown(value)}")
        self._whole(value, place)
        return value

    def optional(self, value: object, place: str) -> str | None:
        """As `text`, where nothing may stand too."""
        return None if value is None else self.text(value, place)

    def table(self, value: object, place: str) -> Mapping[str, Any]:
        """`value`, which must be an object."""
        if not isinstance(value, dict):
            raise self.refused(place, f"expected an object, found {shown(value)}")
        return value

    def rows(self, value: object, place: str) -> list[Any]:
        """`value`, which must be a list; nothing counts as an empty one."""
        if value is not None and not isinstance(value, list):
            raise self.refused(place, f"expected a list, found {shown(value)}")
        return value or []

    def data(self, value: dict[str, Any], place: str) -> Mapping[str, Any]:
        """`value` as JSON data that fits in a UTF-8 file."""
        self._whole(json.dumps(value, ensure_ascii=False), place)
        return value

    def model_id(self, value: object, place: str) -> str | None:
        """A model's id; None, and counted as lost, where it has spaces and so is no id."""
        found = self.optional(value, place)
        if found and any(c.isspace() or not c.isprintable() for c in found):
            self.lose("model name that is no id")
            return None
        return found or None

    def moment(self, value: object) -> str | None:
        """A time in RFC 3339, from a text or seconds since 1970; one that cannot be read, or has no zone, is lost."""
        try:
            if isinstance(value, str) and value:
                found = datetime.fromisoformat(value)
            elif isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
                found = datetime.fromtimestamp(value, UTC)
            elif value in (None, ""):
                return None
            else:
                raise ValueError
            if found.tzinfo is None:
                raise ValueError
        except (ValueError, OverflowError, OSError):
            self.lose("time that cannot be read")
            return None
        return found.isoformat().replace("+00:00", "Z")

    def lose(self, kind: str, times: int = 1) -> None:
        """Counts what `kind` of thing the file holds and no turn does."""
        kind = "".join(c if c.isprintable() else "?" for c in kind[:60])
        if times:
            self.lost[kind if kind in self.lost or len(self.lost) < _MAX_KINDS else "other"] += times

    def unread(self, value: Mapping[str, Any], known: Collection[str], where: str) -> None:
        """Counts the keys of `value` beyond the `known` ones that carry text, a list or an object."""
        for key, held in value.items():
            if key not in known and held and isinstance(held, (str, list, dict)):
                self.lose(f"{where}.{key}")

    def refused(self, place: str, found: str, remedy: str = "") -> Refused:
        """What to raise for something wrong at `place` in this conversation, as in ``messages[3].content``."""
        return Refused([Problem(f"{self.place} {place}".rstrip(), found, remedy)])

    def _whole(self, text: str, place: str) -> None:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            half = f"half a surrogate pair (U+{ord(text[error.start]):04X})"
            what = f"holds {half}, which stands for no character and fits in no UTF-8 file"
            raise self.refused(place, what, "export it again; the character was cut in two") from None


def seconds(time: object) -> object:
    """A time that a program in JavaScript wrote in milliseconds since 1970, in seconds; any other as it is."""
    return time / 1000 if isinstance(time, (int, float)) and _LATEST < abs(time) < _LATEST**2 else time


def shown(value: object) -> str:
    """`value` for a message: what it is, and what it says where that is short."""
    match value:
        case None:
            return "nothing"
        case str():
            return f"“{value[:40]}{'…' if len(value) > 40 else ''}”".encode("utf-8", "replace").decode()
        case bool() | int() | float():
            return str(value)[:40]
        case list():
            return "a list"
        case _:
            return "an object"
