"""What was received, as importers see it: one file, or the request and the response of an API exchange.

What it is shows in its first bytes and keys; a file's name says nothing but which of two is the request.
"""

import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Literal

from archive.errors import Problem, Refused
from archive.importers import strictjson
from archive.importers.interview import Interview
from archive.importers.turns import Role

Content = bytes | Path
Speaker = Role | Literal["none"]
"""The role a label in a text stands for; ``none`` where it looks like a speaker's and is not."""
Kind = Literal["zip", "sqlite", "object", "array", "lines", "text"]
Found = Interview | Refused
"""What an importer yields: a conversation, or why one cannot be read."""

_HEAD = 1 << 20
_JSON = re.compile(rb'[ \t\r\n]*(?:\{\s*["}]|(\[)\s*[\[{"\]])')


class Source:
    """The received file or exchange; lives while it is read."""

    def __init__(
        self,
        files: Mapping[str, Content],
        speakers: Mapping[str, Speaker] | None = None,
        model: Collection[str] = (),
    ) -> None:
        """`files`: name → bytes, or the path of a file too large to be held; raises `Refused` unless one, or two.

        `model`: what the model that is said to have answered is called.
        """
        self.files, self.speakers, self.model = files, speakers, model
        self.request = next((name for name in files if "request" in name.lower()), None) if len(files) == 2 else None
        others = [name for name in files if name != self.request]
        if len(others) != 1 or (self.request and "response" not in others[0].lower()):
            what = f"expected one file, or an exchange of a request and a response, found {len(files)} files"
            remedy = "name the two of an exchange request.json and response.json"
            raise Refused([Problem(", ".join(sorted(files)) or "nothing", what, remedy)])
        self.name = others[0]
        """The file, or the response of an exchange."""

    def open(self, name: str | None = None) -> BinaryIO:
        """The file as it came, to be closed by the caller. Raises `Refused` where it cannot be read."""
        content = self.files[name or self.name]
        if isinstance(content, bytes):
            return io.BytesIO(content)
        try:
            return content.open("rb")
        except OSError as error:
            raise Refused([Problem(name or self.name, f"cannot be read: {error.strerror}")]) from None

    @cached_property
    def head(self) -> bytes:
        """The first bytes of the file, at most a mebibyte. Raises `Refused` where they cannot be read."""
        with self.open() as file:
            try:
                return file.read(_HEAD)
            except OSError as error:
                raise Refused([Problem(self.name, f"cannot be read: {error.strerror}")]) from None

    @cached_property
    def kind(self) -> Kind:
        """What the bytes look like; whether JSON is well formed shows in reading."""
        if self.head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return "zip"
        if self.head.startswith(b"SQLite format 3\0"):
            return "sqlite"
        if not (found := _JSON.match(self.head.removeprefix(b"\xef\xbb\xbf"))):
            return "text"
        if found[1]:
            return "array"
        with self.open() as file:
            line = next((line for line in iter(lambda: file.readline(strictjson.MAX_BYTES), b"") if line.strip()), b"")
            more = line.endswith(b"\n") and next((line for line in iter(file.readline, b"") if line.strip()), b"")
        try:
            return "lines" if more and more.lstrip()[:1] == b"{" and strictjson.loads(line, "", nan=True) else "object"
        except Refused:
            return "object"

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of the document, or of the first of several, as far as the first bytes show them."""
        found = set()
        reader = strictjson.Reader(io.BytesIO(self.head), self.name, nan=True)
        try:
            if self.kind == "array":
                next(reader.items())
            for key in reader.members():
                found.add(key)
                reader.skip()
        except (Refused, StopIteration):  # the first bytes end there, or it is no object
            pass
        return frozenset(found)

    @cached_property
    def first(self) -> Any:
        """The first document, whole; None where it cannot be read."""
        with suppress(Refused):
            if self.kind == "object":
                return self.document()
            return next((None if isinstance(value, Refused) else value for _, value in self.records()), None)
        return None

    def document(self, name: str | None = None, *, nan: bool = False) -> Any:
        """The whole file as one JSON document. Raises `Refused`."""
        with self.open(name) as file:
            return strictjson.loads(file.read(strictjson.MAX_BYTES + 1), name or self.name, nan=nan)

    def records(self) -> Iterator[tuple[str, Any]]:
        """``(place, value)`` of each JSON document in the file: one, those of a list, or one a line.

        Where one line cannot be read the value is a `Refused`. Raises `Refused` where reading cannot go on.
        """
        if self.kind in ("zip", "sqlite", "text"):
            return
        if self.kind == "object":
            first = self.__dict__.pop("first", None)
            yield self.name, self.document() if first is None else first
            return
        with self.open() as file:
            if self.kind == "lines":
                for number, value in strictjson.lines(file, self.name):
                    yield f"{self.name}:{number}", value
                return
            reader = strictjson.Reader(file, self.name)
            for number in reader.items():
                yield f"{self.name} [{number}]", reader.value()
            reader.end()


def conversations(source: Source, convert: Callable[[Any, str], Iterable[Interview]]) -> Iterator[Found]:
    """What `convert` makes of each document of the file and its place; one that is refused does not stop the rest."""
    for place, value in source.records():
        try:
            if isinstance(value, Refused):
                raise value
            yield from convert(value, place)
        except Refused as refused:
            yield refused
