"""How messages and pages put things: words in a row, counts, days, short names, whatever they are about."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

from archive.characters import marked

# fmt: off
MONTHS = ("January", "February", "March", "April", "May", "June",
          "July", "August", "September", "October", "November", "December")
# fmt: on


NAMELESS = "an empty name"
"""What a message says where a name was given with nothing in it, as an unset variable of a shell gives it."""


_PASSWORD = re.compile(r"""(://[^/\s:@]*:)[^/\s"']*@""")


def shorten(text: str, width: int = 60) -> str:
    """`text` in one line of at most `width` characters, with characters that cannot be seen as their numbers.

    A password in an address is left out: ``postgresql://ada:…@host``. Messages end up in logs and mails.
    """
    line = _PASSWORD.sub(r"\1…@", marked(" ".join(text.split())))
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def one_of(words: Iterable[str]) -> str:
    """``a, b or c``"""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def listed(words: Iterable[str]) -> str:
    """``a, b and c``"""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def many(number: int, thing: str, things: str = "") -> str:
    """``1 interview``, ``1,200 interviews``, ``2 analyses``"""
    return f"{number:,} {thing if number == 1 else things or _plural(thing)}"


def _plural(thing: str) -> str:
    """``entries``, ``analyses``, ``essays``"""
    if thing.endswith("sis"):
        return f"{thing[:-2]}es"
    return f"{thing[:-1]}ies" if re.search("[^aeiou]y$", thing) else f"{thing}s"


def numbered(thing: str, numbers: Iterable[int]) -> str:
    """``turn 3``, ``turns 3, 5 to 7``; of more than twenty stretches the first twenty, and that there are more."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    said = ", ".join(" to ".join(map(str, span)) for span in spans[:20])
    more = f" and {len(spans) - 20:,} stretches more" if len(spans) > 20 else ""
    return f"{thing if spans == [spans[0][:1]] else _plural(thing)} {said}{more}"


def suggestion(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """``did you mean "spontaneous"?`` where a known word is near, else `otherwise`."""
    import difflib  # for mistakes alone

    names = list(known)
    spellings = (word, re.sub(r"[\s-]+", "_", word.strip().lower()))
    near = [name for spelt in spellings for name in difflib.get_close_matches(spelt, names, n=1)]
    return f'did you mean "{near[0]}"?' if near else otherwise


def slugify(text: str, otherwise: str) -> str:
    """``Über die Form (3).md`` → ``uber-die-form-3-md``: 60 characters at most, or `otherwise` if none is left."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or otherwise


def written(day: dt.date) -> str:
    """``14 October 2026``, whatever the machine's language is."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment(time: dt.datetime) -> str:
    """``14 October 2026, 09:00:04 UTC``"""
    return f"{written(time.date())}, {time:%H:%M:%S} UTC"


def plainly(key: str) -> str:
    """A key as words: ``retirement interview``"""
    return key.replace("_", " ")


def term(key: str) -> str:
    """A key as a term: ``System prompt``"""
    return plainly(key).capitalize()
