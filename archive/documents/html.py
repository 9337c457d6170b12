"""A document as one HTML page that holds everything, to be read, printed and filed; it loads and runs nothing."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from archive.documents import prose
from archive.documents.document import Document, Grid, Row
from archive.documents.page import environment
from archive.documents.table import Table
from archive.documents.words import held, leads_out, spans

_STYLE = re.compile(r"<style>[^<]*</style>\n?")
AT_MOST = 3
"""Columns of a grid that stand side by side."""


def html(document: Document) -> bytes:
    """The page; the same document, the same bytes."""
    return _environment().get_template("page.html").render(document=document, wide=_wide(document)).encode()


def fragment(document: Document) -> str:
    """What stands in the ``main`` of that page, for one whose style sheet is its own: nothing in it is styled."""
    body = _environment().get_template("body.html").render(document=document)
    return _STYLE.sub("", body)


@cache
def _environment() -> Environment:
    return environment(
        Path(__file__).with_name("templates"),
        shown=lambda value: held(value) if type(value) is str else value,
        spans=spans,
        leads_out=leads_out,
        in_css=lambda text: Markup(_in_css(held(text))),
        drawing=lambda svg: Markup(svg.decode().rstrip("\n")),
        prose=lambda block: Markup(prose.as_html(block)),
        panels=panels,
    )


def _in_css(text: str) -> str:
    """A string of CSS in which nothing has a meaning."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'


def _wide(document: Document) -> bool:
    """Whether it has more columns than a page of text has room for."""
    return any(
        isinstance(block, Grid) or (isinstance(block, Table) and len(block.head) > 8) for block in document.every()
    )


def panels(grid: Grid) -> list[Grid]:
    """A grid in tables of at most `AT_MOST` columns, as evenly filled as can be."""
    n = len(grid.head)
    tables = -(-n // AT_MOST)
    ends = [number * n // tables for number in range(tables + 1)]
    return [
        Grid(grid.head[a:b], grid.titles[a:b], tuple(Row(row.term, row.cells[a:b]) for row in grid.rows))
        for a, b in pairwise(ends)
    ]
