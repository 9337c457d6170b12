"""The environment in which HTML is made, here and by the publisher: everything is escaped, nothing is left undefined.

    page = environment(Path(__file__).with_name("templates"), day=day).get_template("essay.html")

`names` are what every template of the folder may use. `shown` is given each value that a template prints and gives
back what is printed (a page of ours passes `words.held` for text); without it values are printed as they are.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

TOKENS = Path(__file__).with_name("templates") / "tokens.css"
"""Colours and faces, for every page of ours that is made for reading."""


def environment(templates: Path, *others: Path, shown: Callable[[Any], Any] | None = None, **names: Any) -> Environment:
    """For the templates of a folder, and of `others`. To be kept while the program runs: it keeps what it compiled."""
    made = Environment(
        loader=FileSystemLoader([templates, *others]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=shown,
        auto_reload=False,
        bytecode_cache=_Compiled(templates / "__pycache__", "shown" if shown else "plain"),
    )
    made.globals |= names
    return made


class _Compiled(BytecodeCache):
    """Compiled templates, in ``__pycache__`` beside them, where Python keeps its modules': made again where one is
    missing, damaged or of another source, Python or Jinja; where nothing can be written, compiled in each run."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder, self._suffix = folder, f"{kind}-{version('jinja2')}.jinja"

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), open(self._path(bucket), "rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        path = self._path(bucket)
        beside = f"{path}.{os.getpid()}"
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            with open(beside, "wb") as file:
                bucket.write_bytecode(file)
            os.replace(beside, path)

    def _path(self, bucket: Bucket) -> str:
        return f"{self._folder}/{bucket.key}.{self._suffix}"
