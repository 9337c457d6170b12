"""pagefind, asked for an index: documents in, files out. It comes with the extra ``search`` (``pagefind-bin``).

It is told one document after the other and gives its files back, as its wrappers for Node and Python ask it; the one
for Python waits a tenth of a second after each answer. Nothing is written to disk, and nothing of the environment is
read: the same documents in the same order give the same bytes. That holds while no filters are asked for: pagefind
writes them in the order of a hash table, which is another in each run; `publisher.site.search` has a table of its own.
"""

import base64
import json
import re
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import IO, Any, NamedTuple

from archive.errors import Error, not_installed

LIBRARY = "pagefind-bin"
_PUBLISHED = r"pagefind\.js|pagefind-entry\.json|pagefind\..*\.pf_meta|(index|fragment)/.*"
"""Of what it gives: not its own widgets, which nothing here shows."""


class Document(NamedTuple):
    """What one result leads to."""

    url: str
    """As the results give it: ``essays/on-commas/index.html``."""
    html: str


def here() -> str:
    """The version that is installed; empty without one."""
    try:
        return version(LIBRARY)
    except PackageNotFoundError:
        return ""


def fault(wanted: str) -> str:
    """Why this version cannot be asked: ``needs pagefind 1.5.2, and 1.4.0 is installed here``; empty where it can."""
    found = here()
    return "" if found == wanted else f"needs pagefind {wanted}, and {found or 'none'} is installed here"


def index(wanted: str, language: str, documents: Iterable[Document]) -> dict[str, bytes]:
    """The files of an index, by their paths in its folder. Raises `Error` where not this very version is here.

    All documents stand in one index, by the rules of one `language`: pagefind searches one index at a time.
    """
    if fault(wanted):
        raise not_installed(f'search (archive.toml: pagefind = "{wanted}")', f"{LIBRARY}=={wanted}")
    from pagefind_bin import get_executable

    try:
        with subprocess.Popen(
            [get_executable(), "--service"],
            env={},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as service:
            assert service.stdin
            assert service.stdout
            return _published(_asked(_Asking(service.stdin, service.stdout), language, documents))
    except OSError as error:
        raise Error(f"pagefind {wanted} ended before it had answered: {error}") from None


def _asked(asking: "_Asking", language: str, documents: Iterable[Document]) -> dict[str, bytes]:
    rules = {"force_language": language.partition("-")[0].lower(), "keep_index_url": True}
    number = asking.ask("NewIndex", config=rules)["index_id"]
    for each in documents:
        asking.ask("AddFile", index_id=number, url=each.url, file_contents=each.html, file_path=None)
    files = asking.ask("GetFiles", index_id=number)["files"]
    return {each["path"]: base64.b64decode(each["content"]) for each in files}


class _Asking:
    """One question and its answer at a time: JSON in base64, a comma after each."""

    def __init__(self, to: IO[bytes], answers: IO[bytes]) -> None:
        self._to, self._answers, self._number = to, answers, 0

    def ask(self, kind: str, **what: object) -> dict[str, Any]:
        self._number += 1
        question = {"message_id": self._number, "payload": {"type": kind, **what}}
        self._to.write(base64.b64encode(json.dumps(question).encode()) + b",")
        self._to.flush()
        parts = [b""]
        while not parts[-1].endswith(b","):
            parts.append(self._answers.read1(1 << 20))  # type: ignore[attr-defined]
            if not parts[-1]:
                raise OSError(f"no answer to {kind}")
        answer: dict[str, Any] = json.loads(base64.b64decode(b"".join(parts)[:-1]))["payload"]
        if answer["type"] == "Error":
            raise Error(f"pagefind refused {kind}: {answer['message']}")
        return answer


def _published(files: dict[str, bytes]) -> dict[str, bytes]:
    """With the one program in WebAssembly that the index asks for."""
    languages = json.loads(files["pagefind-entry.json"])["languages"].values()
    programs = {f"wasm.{each['wasm'] or 'unknown'}.pagefind" for each in languages}
    return {path: data for path, data in sorted(files.items()) if re.fullmatch(_PUBLISHED, path) or path in programs}
