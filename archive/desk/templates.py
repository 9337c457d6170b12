"""The templates of all sections, in one environment: everything is escaped, what cannot be seen is marked.

A template is named with its section: ``interviews/turn.html`` is ``templates/interviews/turn.html`` in the folder of
the section `interviews`; those that all share have no folder.
"""

from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from archive.desk.desk import Desk
from archive.documents.page import environment as made
from archive.documents.words import held
from archive.wording import many

SHARED = Path(__file__).with_name("templates")


def environment(desk: Desk) -> Environment:
    """Kept as long as the desk."""
    return _environment(tuple(section.folder / "templates" for section in desk.parts))


@lru_cache(1)
def _environment(folders: tuple[Path, ...]) -> Environment:
    there = [folder for folder in dict.fromkeys(folders) if folder.is_dir() and folder != SHARED]
    return made(SHARED, *there, shown=_shown, many=many, verbatim=verbatim, token=token_hex)


def verbatim(text: str) -> Markup:
    """Text as it is, unmarked, for the value of a field that comes back with the form."""
    return escape(text)


def _shown(value: Any) -> Any:
    """Text as a page can hold it; markup as it is."""
    return held(value) if type(value) is str else value
