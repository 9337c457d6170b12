"""The environment in which HTML is made, here and by the publisher: everything is escaped, nothing is left undefined.

    page = environment(Path(__file__).with_name("templates"), day=day).get_template("essay.html")

`names` are what every template of the folder may use. `shown` is given each value that a template prints and gives
back what is printed (a page of ours passes `words.held` for text); without it values are printed as they are.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment(templates: Path, *, shown: Callable[[Any], Any] | None = None, **names: Any) -> Environment:
    """For the templates of a folder. Keep it as long as the program runs: it keeps what it has compiled."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=shown,
        auto_reload=False,
    )
    made.globals |= names
    return made
