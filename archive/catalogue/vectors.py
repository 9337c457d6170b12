"""The words and letters of each row as PostgreSQL keeps and is asked for them, so that it finds what SQLite finds.

Beside each table that is searched stands another, ``turn_words``, made by this program and not by the server, whose
words, cases and letters depend on how it was set up:

    rowid     the row's number
    words     its words as FTS5 cuts them, each between spaces, columns on lines of their own: `` don  t  ask ``.
              What holds of a row is decided on these: PostgreSQL's own vectors forget places beyond the 16,383rd
              word and the 256th of a kind
    size      how many words there are
    vector    each word once, for an index that says which rows may hold them. None where they take more than the
              megabyte that a vector holds; such rows are always looked at
    letters   its text in lower case, for parts of words; pg_trgm keeps an index of every three letters
"""

import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from archive.catalogue.query import Group, Query, Substring, Term, Words, as_substring, joined
from archive.catalogue.reader import Reader
from archive.catalogue.schema import SEARCHED
from archive.catalogue.tokens import tokens

_LONGEST = 500
"""Characters of a word that stand in a vector, which takes 2,046 bytes."""
_MOST = 1_000_000
"""Bytes of words in a vector."""
_SPACE = "  "
"""Between two words: one space is of either, so that each can be counted by itself."""
_BETWEEN = "A"
"""Stands between two columns of letters: these are in lower case, as is all that is asked for. It is no mark either,
which may stand between two words."""


def tables() -> Iterator[str]:
    """What makes them."""
    columns = (
        'words TEXT COLLATE "C" NOT NULL, size INTEGER NOT NULL, vector TSVECTOR, letters TEXT COLLATE "C" NOT NULL'
    )
    for table in SEARCHED:
        yield f"CREATE TABLE {table}_words (rowid BIGINT PRIMARY KEY, {columns})"


def indexes(trigrams: str | None) -> Iterator[str]:
    """What makes their indexes when the rows are there; `trigrams` is the schema of pg_trgm, where there is one."""
    for table in SEARCHED:
        yield f"CREATE INDEX {table}_vector ON {table}_words USING gin (vector)"
        yield f"CREATE INDEX {table}_large ON {table}_words (rowid) WHERE vector IS NULL"
        if trigrams:
            yield f"CREATE INDEX {table}_letters ON {table}_words USING gin (letters {trigrams}.gin_trgm_ops)"
        yield f"ANALYZE {table}, {table}_words"


def insert(table: str) -> str:
    """What brings in `row`."""
    vector = "array_to_tsvector(string_to_array(:vector, ' '))"
    return f"INSERT INTO {table}_words VALUES (:rowid, :words, :size, {vector}, :letters)"


def row(table: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What stands there of a row of `table`."""
    texts = [given[column] or "" for column in SEARCHED[table]]
    columns = [tokens(text) for text in texts]
    vector = " ".join({word[:_LONGEST] for column in columns for word in column})
    return {
        "rowid": given["id"],
        "words": "\n".join(f" {_SPACE.join(column)} " for column in columns),
        "size": sum(map(len, columns)),
        "vector": vector if len(vector.encode()) < _MOST else None,
        "letters": _BETWEEN.join(text.lower() for text in texts),
    }


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def condition(_: Reader, query: Query, table: str, values: dict[str, Any], *, ranked: bool = False) -> tuple[str, str]:
    """The table to go by (``w``), and what must hold of its row; `values` get what is bound in it."""
    letters = as_substring(query)
    if letters:
        return f"{table}_words", _like(letters, values)
    assert isinstance(query, Words)
    return f"{table}_words", _narrowed(query.expression, values)


def score(reader: Reader, query: Words, table: str, values: dict[str, Any]) -> tuple[str, str]:
    """How well a row answers, the lower the better, and what to join for that: Okapi BM25 as FTS5 reckons it.

    Source: https://www.sqlite.org/fts5.html#the_bm25_function
    """
    held = reader.one(f"SELECT count(*) AS rows, sum(size) AS words FROM {table}_words")
    rows = held["rows"] if held else 0
    values["mean"] = float(held["words"] / rows) if held and rows else 1.0
    weight = "float8 '1.2' * (float8 '0.25' + float8 '0.75' * w.size / CAST(:mean AS float8))"
    summands, joins = ["0"], []
    for n, (term, within) in enumerate(_counted(query.expression)):
        own: dict[str, Any] = {}
        found = reader.one(f"SELECT count(*) AS rows FROM {table}_words w WHERE {_narrowed(term, own)}", **own)
        hits = found["rows"] if found else 0
        values[f"idf{n}"] = max(math.log((rows - hits + 0.5) / (hits + 0.5)), 0) or 1e-6
        where = " AND ".join(["true", *(_standing(e, values) for e in within)])
        places = _places(term, f"places{n}", values)
        # OFFSET keeps it one number: PostgreSQL would count again wherever it stands.
        joins.append(f"CROSS JOIN LATERAL (SELECT CASE WHEN {where} THEN {places} ELSE 0 END AS f OFFSET 0) c{n}")
        summands.append(f"CAST(:idf{n} AS float8) * (c{n}.f * (float8 '1.2' + 1) / (c{n}.f + {weight}))")
    return f"-({' + '.join(summands)})", " ".join(joins)


def _counted(
    e: Term | Group, within: tuple[Group, ...] = (), top: bool = True
) -> Iterator[tuple[Term, Sequence[Group]]]:
    """The terms whose places in a row count for its score, each with the groups that must hold there for that."""
    if isinstance(e, Term):
        yield e, within
    elif e.joint == "OR":
        for part in e.parts:
            yield from _counted(part, within, False)
    else:
        for part in e.parts[:1] if e.joint == "NOT" else e.parts:
            yield from _counted(part, within if top else (*within, e), top)


def _narrowed(e: Term | Group, values: dict[str, Any]) -> str:
    """What must hold, after what an index says of it."""
    least = _least(e)
    if not least:
        return _standing(e, values)
    name = f"vector{len(values)}"
    values[name] = least
    return f"(w.vector @@ CAST(:{name} AS tsquery) OR w.vector IS NULL) AND {_standing(e, values)}"


def _standing(e: Term | Group, values: dict[str, Any]) -> str:
    """What must hold of a row ``w``."""
    if isinstance(e, Group):
        return joined(e, [_standing(part, values) for part in e.parts])
    name = f"term{len(values)}"
    if e.anywhere:
        if len(e.words) == 1:
            return _like(Substring(e.words[0].lower()), values)
        values[name] = f"[{_marks()}]+".join(word.lower() for word in e.words)
        return f"w.letters ~ :{name}"
    values[name] = f"%{_written(e)}%"
    return f"w.words LIKE :{name}"


def _like(letters: Substring, values: dict[str, Any]) -> str:
    name = f"letters{len(values)}"
    values[name] = "%" + re.sub(r"([\\%_])", r"\\\1", letters.needle) + "%"
    return f"w.letters LIKE :{name}"


def _least(e: Term | Group) -> str:
    """The words that a row must hold, for an index: more rows than the question means, never fewer; empty for all.

    Source: https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
    """
    if isinstance(e, Term):
        words = [f"'{word[:_LONGEST]}'" for word in _words(e)]
        return "" if e.anywhere else " & ".join(words) + (":*" if e.prefix else "")
    parts = [_least(part) for part in (e.parts[:1] if e.joint == "NOT" else e.parts)]
    if e.joint == "OR":
        return f"({' | '.join(parts)})" if all(parts) else ""
    return f"({' & '.join(filter(None, parts))})" if any(parts) else ""


def _places(term: Term, name: str, values: dict[str, Any]) -> str:
    """In how many places of a row a term stands, as SQL."""
    first, *others = _words(term)
    values[name] = _written(term)
    if not others:
        without = f"replace(w.words, :{name}, '')"
        return f"CAST((octet_length(w.words) - octet_length({without})) / octet_length(:{name}) AS float8)"
    # As the next may begin within it, only the first word is taken.
    values[name] = f" {first}(?={_written(term).removeprefix(f' {first}')})"
    return f"(SELECT CAST(count(*) AS float8) FROM regexp_matches(w.words, :{name}, 'g'))"


def _written(term: Term) -> str:
    """A term as it stands among the words of a row."""
    return f" {_SPACE.join(_words(term))}{'' if term.prefix else ' '}"


def _words(term: Term) -> list[str]:
    return tokens(" ".join(term.words))


@cache
def _marks() -> str:
    """Python's ``[\\W_]`` as ranges of characters: PostgreSQL has its own idea of what is a letter."""
    characters = "".join(map(chr, (*range(1, 0xD800), *range(0xE000, sys.maxunicode + 1))))
    ranges = (match.group() for match in re.finditer(r"[\W_]+", characters))
    return "".join(f"{_escaped(run[0])}-{_escaped(run[-1])}" for run in ranges)


def _escaped(mark: str) -> str:
    return f"\\{mark}" if mark in r"\]^-[" else mark
