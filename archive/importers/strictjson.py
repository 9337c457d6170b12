"""JSON from outside, read strictly and in bounded memory.

`loads` reads a document, `lines` a file of one document a line, `Reader` pulls values out of a file one after another,
so that a log of hundreds of megabytes is never held at once::

    reader = Reader(file, "log.json")
    for key in reader.members():
        if key == "samples":
            for _ in reader.items():
                use(reader.value())
        else:
            reader.skip()
    reader.end()

Refused, each with its place: nothing, not UTF-8, a byte order mark, NaN and infinities, the same key twice, more than
`MAX_DEPTH` levels, `MAX_BYTES` in one value or `MAX_PARTS` parts in it, a fault of syntax, anything after the end.
"""

import codecs
import io
import json
import math
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Never

from archive.errors import Problem, Refused

MAX_BYTES = 16 << 20
"""Of one value: the whole document for `loads`, what one `Reader.value` takes."""
MAX_PARTS = 1_000_000
"""Of one value: its ``[`` ``{`` and ``,``, in words too; it keeps the memory a value takes within ten times its
size."""
MAX_TAKEN = 3_000_000
"""Elements and keys that one `Reader` enters one by one."""
MAX_DEPTH = 200
"""Levels of lists and objects; below Python's own limit."""

_DIGITS = ".eE+-0123456789"
_CHUNK, _STEP = 1 << 16, 4 << 20
_LAX = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_SIZE_REMEDY = "split the file, or leave out what is not a conversation"


class _SameKeyError(Exception):
    pass


class _NotFiniteError(Exception):
    pass


class _LargeError(Exception):
    pass


def loads(data: bytes, place: str, *, nan: bool = False, line: int = 1) -> Any:
    """The value that `data` writes in JSON; with `nan`, a NaN or infinity is read as the string that writes it.

    `place` names the file; `line` is where in it `data` begins. Raises `Refused` with one problem.
    """
    reader = Reader(io.BytesIO(data), place, nan=nan, line=line)
    reader.all(len(data))
    value = reader.value()
    reader.end()
    return value


def lines(file: BinaryIO, place: str) -> Iterator[tuple[int, Any]]:
    """``(line number, value)`` of every line that is not blank; a line that cannot be read is a `Refused` as value."""
    number = 0
    while data := file.readline(MAX_BYTES + 1):
        number += 1
        if len(data) > MAX_BYTES:
            raise Refused(
                [Problem(f"{place}:{number}", f"one line is larger than {MAX_BYTES >> 20} MiB", _SIZE_REMEDY)]
            )
        if data.strip(b" \t\r\n"):
            try:
                yield number, loads(data.rstrip(b"\r\n"), place, line=number)
            except Refused as refused:
                yield number, refused


class Reader:
    """Reads one JSON document from a file, forwards, value by value; lives as long as its file is open."""

    def __init__(
        self, file: BinaryIO, place: str, *, nan: bool = False, line: int = 1, deepest: int = MAX_DEPTH
    ) -> None:
        """`deepest`: how many lists and objects may be entered in each other; a value that is taken has `MAX_DEPTH`."""
        self._file, self._place = file, place
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._text, self._at, self._dropped, self._size = "", 0, 0, 0
        self._ended = False
        self._counted, self._bytes = 0, 0
        self._line, self._column = line, 1
        self._depth = self._taken = 0
        self._deepest = deepest
        # No method of its own among them: a reader that refers to itself would keep its text long after it was read.
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_object,
            parse_constant=str if nan else _not_finite,
            parse_float=_float_or_digits if nan else _float,
        )

    # ── what a caller pulls ──────────────────────────────────────────────────────────────────────────────────────────

    def peek(self) -> str:
        """The next character that is not a space; empty at the end of the file."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def value(self) -> Any:
        """The next value, whole."""
        value, end = self._take(self._decoder, MAX_BYTES)
        opened = self._text.count("[", self._at, end) + self._text.count("{", self._at, end)
        most = min(MAX_DEPTH, self._deepest - self._depth)
        if opened > most and _depth(value) > most:
            self._too_deep()
        self._at = end
        return value

    def source(self) -> str:
        """The next value exactly as it is written."""
        self._begin()
        start = self._dropped + self._at
        self.value()
        return self._text[start - self._dropped : self._at]

    def offset(self) -> int:
        """How many bytes of the file stand before what comes next; spaces were passed over where `peek` came first."""
        text = self._text[self._counted - self._dropped : self._at]
        self._bytes += len(text) if text.isascii() else len(text.encode())
        self._counted = self._dropped + self._at
        return self._bytes

    def items(self) -> Iterator[int]:
        """Enters a list: yields each element's number from 0; the caller takes the element before going on."""
        self._enter("[")
        number = 0
        if self.peek() == "]":
            self._at += 1
        else:
            while True:
                yield number
                number += 1
                if self._next("]"):
                    break
        self._depth -= 1

    def members(self) -> Iterator[str]:
        """Enters an object: yields each key; the caller takes the value before going on."""
        self._enter("{")
        seen: set[str] = set()
        if self.peek() == "}":
            self._at += 1
        else:
            while True:
                if self.peek() != '"':
                    self._refuse("expected a key in double quotes")
                key = self.value()
                if key in seen:
                    self._refuse(f"the key {key[:80]!r} stands twice in one object", "it is not clear which is meant")
                seen.add(key)
                if self.peek() != ":":
                    self._refuse("expected a colon after a key")
                self._at += 1
                yield key
                if self._next("}"):
                    break
        self._depth -= 1

    def skip(self) -> int:
        """Passes over the next value, however large, and counts what it holds: its elements or keys, else 1 or 0.

        Only that it is JSON is checked.
        """
        try:
            value, self._at = self._take(_LAX, _STEP)
        except _LargeError:
            match self.peek():
                case "[":
                    return sum(self.skip() >= 0 for _ in self.items())
                case "{":
                    return sum(self.skip() >= 0 for _ in self.members())
                case _:
                    return self.value() is not None
        return len(value) if isinstance(value, (dict, list)) else value not in (None, "")

    def end(self) -> None:
        """Nothing but spaces may follow."""
        if self.peek():
            self._refuse("something follows the end of the document", "one document a file is read")

    def all(self, size: int) -> None:
        """Reads the file's `size` bytes at once, for one value that is all of it."""
        while size <= MAX_BYTES and self._more(size + 1):
            pass
        if size > MAX_BYTES or self._many_parts():
            self._refuse(f"is larger than {MAX_BYTES >> 20} MiB or {MAX_PARTS:,} parts", _SIZE_REMEDY)

    # ── how ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _begin(self) -> None:
        if not self.peek():
            self._refuse("the file is empty" if not self._size else "ends where a value should stand")
        if self._text[self._at] == "\ufeff":
            self._refuse(
                "begins with a byte order mark", "JSON has none; export it again, or file it as it is in a .txt"
            )

    def _take(self, decoder: json.JSONDecoder, limit: int) -> tuple[Any, int]:
        """The next value and where it ends; `_LargeError` where it is larger than a `limit` below `MAX_BYTES`."""
        self._begin()
        while True:
            try:
                value, end = decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                unfinished = error.msg.startswith("Unterminated") or error.pos > len(self._text) - 20
                if not unfinished or not self._wider(limit):
                    what = error.msg[0].lower() + error.msg[1:]
                    self._refuse(f"is not JSON: {what}", "is the file cut short, or not JSON?", at=error.pos)
                continue
            except _SameKeyError as error:
                self._refuse(f"the key {error} stands twice in one object", "it is not clear which is meant")
            except _NotFiniteError as error:
                self._refuse(f"{error} is not a number in JSON")
            except RecursionError:
                self._too_deep()
            except ValueError:  # Python's limit on the digits of an integer
                self._refuse("holds a number of more than 4,300 digits")
            if self._text[end : end + 9].strip(_DIGITS) or not self._wider(limit):  # a number might go on
                return value, end

    def _enter(self, bracket: str) -> None:
        self._begin()
        if self._text[self._at] != bracket:
            self._refuse(f"expected {'a list' if bracket == '[' else 'an object'}")
        self._at += 1
        self._depth += 1
        if self._depth > self._deepest:
            self._too_deep(self._deepest)

    def _next(self, closing: str) -> bool:
        self._taken += 1
        if self._taken > MAX_TAKEN:
            self._refuse(f"has more than {MAX_TAKEN:,} parts", _SIZE_REMEDY)
        found = self.peek()
        if found not in (",", closing) or not found:
            self._refuse(f"expected a comma or {closing}" + ("" if found else ", found the end of the file"))
        self._at += 1
        return found == closing

    def _more(self, size: int = _CHUNK) -> bool:
        """Reads on, dropping what was taken; whether there was anything."""
        if self._ended:
            return False
        data = self._file.read(size)
        pending = len(self._utf8.getstate()[0])
        try:
            text = self._utf8.decode(data, not data)
        except UnicodeDecodeError as error:
            offset = self._size - pending + error.start
            what = f"is not UTF-8: the byte at offset {offset} is 0x{error.object[error.start]:02x}"
            raise Refused([Problem(self._place, what, "save it as UTF-8 in the program it came from")]) from None
        self._ended = not data
        self._size += len(data)
        self._line, self._column = self._position(self._at)
        self.offset()
        self._dropped += self._at
        self._text, self._at = self._text[self._at :] + text, 0
        return not self._ended

    def _wider(self, limit: int) -> bool:
        """Reads on for a value that does not end in what was read; False at the end of the file."""
        held = len(self._text) - self._at
        if self._ended:
            return False
        if held > limit or self._many_parts():
            if limit < MAX_BYTES:
                raise _LargeError
            self._refuse(f"one value is larger than {MAX_BYTES >> 20} MiB or {MAX_PARTS:,} parts", _SIZE_REMEDY)
        self._more(min(max(held, _CHUNK), _STEP))
        return True

    def _many_parts(self) -> bool:
        held = len(self._text) - self._at
        return held > MAX_PARTS and sum(self._text.count(c, self._at) for c in "[{,") > MAX_PARTS

    def _position(self, at: int) -> tuple[int, int]:
        if breaks := self._text.count("\n", 0, at):
            return self._line + breaks, at - self._text.rindex("\n", 0, at)
        return self._line, self._column + at

    def _too_deep(self, levels: int = MAX_DEPTH) -> Never:
        self._refuse(f"is nested deeper than {levels:,} levels")

    def _refuse(self, found: str, remedy: str = "", at: int | None = None) -> Never:
        line, column = self._position(self._at if at is None else at)
        raise Refused([Problem(f"{self._place}:{line}:{column}" if self._size else self._place, found, remedy)])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        raise _SameKeyError(repr(next(key for key, _ in pairs if key in seen or seen.add(key))[:80]))  # type: ignore[func-returns-value]
    return made


def _float(digits: str) -> float:
    return number if math.isfinite(number := float(digits)) else _not_finite(digits)


def _float_or_digits(digits: str) -> float | str:
    return number if math.isfinite(number := float(digits)) else digits


def _not_finite(digits: str) -> Never:
    raise _NotFiniteError(digits[:20])


def _depth(value: Any) -> int:
    depth, level = 0, [value] if isinstance(value, (dict, list)) else []
    while level and depth <= MAX_DEPTH:
        depth += 1
        inner = (part for whole in level for part in (whole.values() if isinstance(whole, dict) else whole))
        level = [part for part in inner if isinstance(part, (dict, list))]
    return depth
