"""What gives covered words away: that they, or a quote of where they stand, can be read in something else."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.deposits.covering import PARTS, Covered, said
from archive.records.redactions import standing_anyhow, words
from archive.register.redaction import BAR


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must not be read anywhere: the marks' words as they were said, and every hidden word that is seen nowhere
    else in the redacted copy."""

    texts: frozenset[str]
    single: frozenset[str]
    """In lower case."""

    def given_away(self, text: str, exempt: frozenset[str] = frozenset()) -> str | None:
        """The first of them that `text` holds; words that are `exempt` count for nothing."""
        for secret in sorted(self.texts):
            if not {word.casefold() for word in words(secret)} <= exempt and standing_anyhow(secret).search(text):
                return secret
        found = self.single.intersection(word.casefold() for word in words(text)) - exempt
        return min(found, default=None)


def secrets(lines: Sequence[bytes], covered: Covered) -> Secrets:
    """What of the lines of a ``turns.jsonl`` is covered everywhere, once `covered` is."""
    texts = {mark.text for mark, _ in covered.places}
    single: set[str] = set()
    readable: list[str] = []
    for number, line in enumerate(lines):
        hidden = covered.hidden.get(number)
        if not hidden:
            readable += _strings({key: value for key, value in json.loads(line).items() if key in PARTS}, keys=True)
            continue
        for each in said(line):
            bars = [BAR if place in hidden else each.text[a:b] for place, a, b in each.spans]
            readable.append(" ".join(bars) if bars else each.text)
            covers = (each.text[a:b] for place, a, b in each.spans if place in hidden)
            single |= {word.casefold() for text in covers for word in words(text)}
    visible = "\n".join(readable)
    read = {word.casefold() for word in words(visible)}
    return Secrets(
        frozenset(text for text in texts if not standing_anyhow(text).search(visible)),
        frozenset(word for word in single - read if len(word) > 1 or not word.isascii()),
    )


def written(data: bytes) -> str:
    """What people wrote in a sidecar: of TOML its values and remarks, else all of it."""
    text = data.decode("utf-8", "replace")
    try:
        return "\n".join([*_strings(tomllib.loads(text), keys=False), *re.findall(r"(?:^|\s)#(.*)", text)])
    except ValueError:
        return text


def pointing(data: bytes) -> Iterator[Mapping[str, Any]]:
    """The tables of a sidecar that point at a turn: quotes, notes. Of one that cannot be read, none."""
    try:
        waiting: list[Any] = [tomllib.loads(data.decode("utf-8", "replace"))]
    except ValueError:
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict) and value.keys() >= {"interview", "turn"}:
            yield value
        elif isinstance(value, (dict, list)):
            waiting += value.values() if isinstance(value, dict) else value


def _strings(value: Any, *, keys: bool) -> Iterator[str]:
    """Everything that is said in a value of JSON or TOML; with `keys` those of its tables too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (key,) if keys else ()
            yield from _strings(inner, keys=keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, keys=keys)
    else:
        yield str(value)
