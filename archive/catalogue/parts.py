"""Characters wherever they stand, asked of SQLite's indexes: which rows may hold them. The rows themselves decide.

In scripts without spaces (`query.unspaced`) every two letters that follow each other are kept as a word, and so is the
last one of a run: 更正了 is ``66f4g6b63 6b63g4e86 4e86``, in hexadecimal digits, so that no tokenizer takes them apart.

In others a part of a word is looked for among all words that stand anywhere, which are few: ``quail`` is looked for as
quail, quails and squailing; ``mp sho`` as the phrases lamp shop, lamp show, stamp shop and so on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from archive.catalogue.query import runs
from archive.catalogue.reader import Reader

_MOST = 200
"""Words that are asked for together. What stands in more of them is found soonest row by row, newest first."""


def pairs(*texts: str | None) -> str:
    """The letters of texts in scripts without spaces, two by two, as they are kept."""
    return " ".join(pair for text in texts if text for run in runs(text) for pair in (*_pairs(run), _code(run[-1])))


def match(reader: Reader, needle: str) -> tuple[str, str] | None:
    """The index, and what it is asked; nothing where no row can hold the `needle`, which is in lower case.

    None where the indexes do not help.
    """
    if runs(needle):
        return "pairs", together([needle])
    asked = [found for phrase in _phrases(needle) if (found := _asked(reader, phrase)) is not None]
    if not asked:
        return None
    return "words", " AND ".join(f"({each})" for each in asked) if all(asked) else ""


def together(texts: Iterable[str]) -> str:
    """What the index of pairs is asked for rows that hold all the runs of `texts`."""
    return " AND ".join(dict.fromkeys(asked for text in texts for run in runs(text) for asked in _letters(run)))


def _pairs(run: str) -> Iterator[str]:
    return (f"{_code(one)}g{_code(other)}" for one, other in pairwise(run))


def _code(letter: str) -> str:
    return f"{ord(letter):x}"


def _letters(run: str) -> list[str]:
    return [f'"{pair}"' for pair in _pairs(run)] or [f'"{_code(run)}" *']


_RUN = re.compile(r"[a-z0-9\x80-\U0010ffff]+")
"""Letters that belong together. Those beyond ASCII may be letters to one and none to the other, so that they are left
out; what touches them may be part of a word."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that follow each other in what is looked for."""

    words: tuple[str, ...]
    cut: bool
    """The first may be the end of a longer word."""
    open: bool
    """The last may be the beginning of one."""


def _phrases(needle: str) -> Iterator[_Phrase]:
    words: list[re.Match[str]] = []
    for run in (*_RUN.finditer(needle), None):
        if run and run[0].isascii():
            words.append(run)
            continue
        if words:
            yield _Phrase(tuple(w[0] for w in words), words[0].start() == 0, words[-1].end() == len(needle))
        yield from (_Phrase((part,), True, True) for part in re.findall("[a-z0-9]+", run[0] if run else ""))
        words = []


def _asked(reader: Reader, phrase: _Phrase) -> str | None:
    """A phrase as FTS5 is asked for it; empty where none such stands anywhere, None where too many do."""
    words = phrase.words
    if phrase.cut and phrase.open and len(words) == 1:
        return _either(_known(reader, "instr(word, :part) > 0", words[0]))
    ends = _known(reader, "substr(word, -length(:part)) = :part", words[0]) if phrase.cut else [words[0]]
    begins = beginning(reader, words[-1]) if phrase.open else [words[-1]]
    if len(words) == 1:
        return _either(ends if phrase.cut else begins)
    if ends is not None and begins is not None and len(ends) * len(begins) > _MOST:  # the fewer, and the others by rows
        ends, begins = (ends, None) if len(ends) < len(begins) else (None, begins)
    sides = [each for each in (ends, *([word] for word in words[1:-1]), begins) if each is not None]
    return _either([" ".join(each) for each in product(*sides)]) if sides else None


def beginning(reader: Reader, part: str) -> list[str] | None:
    """The words that stand anywhere and begin so; None where there are too many. `part` is of ASCII's letters."""
    return _known(reader, "word >= :part AND word < :after", part, after=f"{part[:-1]}{chr(ord(part[-1]) + 1)}")


def _either(phrases: Sequence[str] | None) -> str | None:
    return None if phrases is None else " OR ".join(f'"{phrase}"' for phrase in phrases)


@lru_cache(maxsize=8)
def _known(reader: Reader, where: str, part: str, **values: str) -> list[str] | None:
    """The words that stand anywhere and have this part; None where there are too many.

    Asked once for all the tables that are searched for the same.
    """
    rows = reader.rows(f"SELECT word FROM word WHERE {where} LIMIT {_MOST + 1}", part=part, **values)
    return [row["word"] for row in rows] if len(rows) <= _MOST else None
