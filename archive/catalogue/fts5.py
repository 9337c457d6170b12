"""A question put to SQLite: to the full-text indexes that FTS5 keeps, or row by row.

Source: https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

from typing import Any

from archive.catalogue import parts
from archive.catalogue.query import MARKS, Group, Query, Substring, Term, Words, as_substring, joined
from archive.catalogue.reader import Reader
from archive.catalogue.schema import SEARCHED


def condition(
    reader: Reader, query: Query, table: str, values: dict[str, Any], *, ranked: bool = False
) -> tuple[str, str]:
    """The index to go by (``w``), if any, and what must hold of a row ``x``; `values` get what is bound in it.

    `ranked` is said where the rows are to be ranked.
    """
    letters = as_substring(query)
    if letters:
        return _within(reader, letters, table, values)
    assert isinstance(query, Words)
    if not query.ranked:
        return "", _condition(reader, query.expression, table, values)
    values["query"] = _match(query.expression, None if ranked else reader)
    return f"{table}_words", f"w.{table}_words MATCH :query"


def _condition(reader: Reader, e: Term | Group, table: str, values: dict[str, Any]) -> str:
    """What must hold of a row ``x`` where no one index answers the whole question."""
    if isinstance(e, Group):
        return joined(e, [_condition(reader, part, table, values) for part in e.parts])
    name = f"term{len(values)}"
    if e.anywhere:
        values[name] = MARKS.join(word.lower() for word in e.words)
        values[f"{name}_pairs"] = parts.together(e.words)
        among = f"SELECT rowid FROM {table}_pairs WHERE {table}_pairs MATCH :{name}_pairs"
        return f"(x.id IN ({among}) AND matches(:{name}, {_columns(table)}))"
    values[name] = _match(e, reader)
    return f"x.id IN (SELECT rowid FROM {table}_words WHERE {table}_words MATCH :{name})"


def _match(e: Term | Group, reader: Reader | None) -> str:
    """As FTS5 is asked; with a `reader`, the beginning of a word is asked for as the words that begin so.

    FTS5 gathers all rows of all of these before it hands out the first, unless it is asked for each; but it ranks them
    by how many rows have the beginning.
    """
    if isinstance(e, Group):
        return "(" + f" {e.joint} ".join(_match(part, reader) for part in e.parts) + ")"
    *others, last = e.words
    if e.prefix and reader and last.isascii() and (words := parts.beginning(reader, last.lower())):
        return "(" + " OR ".join(f'"{" ".join([*others, word])}"' for word in words) + ")"
    return f'"{" ".join(e.words)}"' + (" *" if e.prefix else "")


def _within(reader: Reader, letters: Substring, table: str, values: dict[str, Any]) -> tuple[str, str]:
    values["needle"] = letters.needle
    holds = f"contains(:needle, {_columns(table)})"
    found = parts.match(reader, letters.needle)
    if found is None:  # newest first, row by row
        return "", holds
    index, values["query"] = found
    return (f"{table}_{index}", f"w.{table}_{index} MATCH :query AND {holds}") if found[1] else ("", "0 = 1")


def _columns(table: str) -> str:
    return ", ".join(f"x.{column}" for column in SEARCHED[table])
