"""Checkpoints that something carries which readers keep: a mail, a proof, a feed, a page, a witness's copy."""

import contextlib
import html
import re
from collections.abc import Sequence
from pathlib import Path

from archive.errors import Error, Malformed, VerificationError
from archive.register.note import VerifierKey, open_checkpoint
from publisher.verify.file import read_bytes
from publisher.verify.letter import LARGEST, letters

_MOST = 10_000
"""Checkpoints in one file."""


def checkpoints(path: Path, keys: Sequence[VerifierKey]) -> list[str]:
    """The signed notes in a file that are of the register with these keys, each once, smallest first.

    Raises `Error` where there is none, `VerificationError` where one is signed by none of them.
    """
    data = read_bytes(path, "a mail, a proof or a checkpoint", "name a file that was kept")
    if len(data) > LARGEST:
        raise Error(f"{path}: expected at most {LARGEST:,} bytes, found more")
    found: dict[str, int] = {}
    for text in _texts(data):
        for form in _form(keys[0].name).finditer(text):
            note = "\n".join(line.rstrip("\r") for line in form[0].split("\n"))
            try:
                found[note] = open_checkpoint(note, *keys).size
            except VerificationError as error:
                raise VerificationError(f"{path}: its checkpoint is not one of this register: {error}") from None
            if len(found) > _MOST:
                raise Error(f"{path}: expected at most {_MOST} checkpoints, found more")
    if not found:
        raise Error(f"{path}: expected a checkpoint of {keys[0].name} in it, found none")
    return sorted(found, key=lambda note: found[note])


def _form(origin: str) -> re.Pattern[str]:
    """Of a checkpoint of that origin: three lines, an empty one, signature lines."""
    lines = r"\r?\n(?:0|[1-9]\d{0,18})\r?\n[A-Za-z0-9+/]{43}=\r?\n(?:[^\s][^\n]*\n){0,9}\r?\n"
    return re.compile(rf"(?m)^{re.escape(origin)}{lines}(?:— \S+ [A-Za-z0-9+/]+=*\r?(?:\n|\Z))+", re.ASCII)


def _texts(data: bytes) -> list[str]:
    """What stands in a file: as it is, as HTML shows it, and in each part of a mail."""
    held = [data]
    with contextlib.suppress(Malformed):  # no mail
        held += [part.data for letter in letters(data) for part in letter.parts]
    texts = [each.decode("utf-8", "replace") for each in held]
    return [*texts, *(_shown(text) for text in texts if "<" in text or "&lt;" in text)]


def _shown(text: str) -> str:
    """What a page, or a feed with a page inside, shows as text; of a JSON feed too."""
    inside = html.unescape(text.replace("\\n", "\n"))
    return html.unescape(re.sub(r"<[^<>]*>", "", inside))
