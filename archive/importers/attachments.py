"""Text that stands apart in a log of Inspect: ``attachment://`` and a hash, or in pieces a number, names it."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from archive.importers.strictjson import Reader
from archive.importers.talk import Talk

_REF = re.compile(r"(?:attachment|tc)://([0-9a-f]{32}|\d{1,15})(?![0-9a-z])")


def wanted(reader: Reader, keys: Collection[str]) -> Iterator[tuple[str, Any]]:
    """The `keys` of an object that are there, with their values; the others are passed over."""
    for key in reader.members():
        if key in keys:
            yield key, reader.value()
        else:
            reader.skip()


def refs(talk: Talk) -> set[str]:
    """What the conversation so far names that stands apart."""
    return {ref for text in talk.strings() if "://" in text for ref in _REF.findall(text)}


def resolve(talk: Talk, texts: Mapping[str, Any]) -> None:
    """Puts each text where it is named."""
    found = {ref: talk.text(text, f"attachments.{ref}") for ref, text in texts.items()}
    if found:
        talk.rewrite(lambda text: _REF.sub(lambda m: found.get(m[1], m[0]), text) if "://" in text else text)
