"""What pages, mails and feeds share: the templates' environment, and how a person's plain text is put."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment

from archive.documents.page import environment as page_environment

TEMPLATES = Path(__file__).with_name("templates")


def environment(*, shown: Callable[[Any], Any] | None = None, **names: Any) -> Environment:
    """For the templates of this folder, which may use `names`; `shown` is asked about whatever they put in."""
    return page_environment(TEMPLATES, shown=shown, **names)


def href(path: str) -> str:
    """A site path as a link has it: ``models/a%252Fb/index.html`` for the folder ``a%2Fb``."""
    return quote(path, safe="/:@+,=~")


def paragraphs(text: str) -> list[str]:
    """An editor's plain text, cut at its blank lines."""
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part]


def absence(text: str) -> str:
    """``not_shared: it names a person`` → ``Not shared: it names a person``; empty for what does say something."""
    found = re.fullmatch(r"not_(recorded|shared|applicable)(?::\s*(.*))?", text.strip(), re.DOTALL)
    if not found:
        return ""
    return f"Not {found[1]}" + (f": {found[2]}" if found[2] else "")
