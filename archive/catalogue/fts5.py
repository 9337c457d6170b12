"""A question put to SQLite: to the full-text indexes that FTS5 keeps, or row by row.

Source: https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

from typing import Any

from archive.catalogue.query import MARKS, Group, Query, Substring, Term, Words, as_substring, joined, unspaced
from archive.catalogue.schema import SEARCHED


def condition(query: Query, table: str, values: dict[str, Any]) -> tuple[str, str]:
    """The index to go by (``w``), if any, and what must hold of a row ``x``; `values` get what is bound in it."""
    letters = as_substring(query)
    if letters:
        return _within(letters, table, values)
    assert isinstance(query, Words)
    if not query.ranked:
        return "", _condition(query.expression, table, values)
    values["query"] = _match(query.expression)
    return f"{table}_words", f"w.{table}_words MATCH :query"


def _condition(e: Term | Group, table: str, values: dict[str, Any]) -> str:
    """What must hold of a row ``x`` where no one index answers the whole question."""
    if isinstance(e, Group):
        return joined(e, [_condition(part, table, values) for part in e.parts])
    name = f"term{len(values)}"
    if e.anywhere:
        values[name] = MARKS.join(word.lower() for word in e.words)
        return f"matches(:{name}, {_columns(table)})"
    values[name] = _match(e)
    return f"x.id IN (SELECT rowid FROM {table}_words WHERE {table}_words MATCH :{name})"


def _match(e: Term | Group) -> str:
    if isinstance(e, Term):
        return f'"{" ".join(e.words)}"' + (" *" if e.prefix else "")
    return "(" + f" {e.joint} ".join(map(_match, e.parts)) + ")"


def _within(letters: Substring, table: str, values: dict[str, Any]) -> tuple[str, str]:
    needle = letters.needle
    values["needle"] = needle
    holds = f"contains(:needle, {_columns(table)})"
    grams = dict.fromkeys(needle[i : i + 3] for i in range(len(needle) - 2))
    if not grams or not unspaced(needle):  # of other scripts there is no such index: newest first, row by row
        return "", holds
    values["query"] = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in list(grams)[:40])
    return f"{table}_grams", f"w.{table}_grams MATCH :query AND {holds}"


def _columns(table: str) -> str:
    return ", ".join(f"x.{column}" for column in SEARCHED[table])
