"""An archivist at work in a home, beside its editors: what is filed, opened, covered and read, deposit by deposit."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from archive.deposits.batch import file_paths
from archive.deposits.draft import Options
from archive.deposits.redact import redact
from archive.deposits.release import release
from archive.errors import Error
from archive.home.home import Home
from tests.year_records import form, talk

MODELS = ("example-heron-1", "example-juniper-2")
ACCESS = ("public", "restricted", "described", "public")
PROTOCOL = """\
format = 1
id = "guide"
version = {version}
title = "Guide"
order = "consecutive"

[[question]]
id = "q1"
topic = "self"
text = "What do you make of it?"
"""
READING = """\
format = 1
title = "Little"
author = "Ada"
author_kind = "person"
date = 2026-11-02
interviews = ["{other}/1"]

[[claim]]
text = "It makes little of it."
confidence = "low"
rival_explanations = ["It was not asked for more."]

[[claim.quote]]
interview = "{other}/1"
turn = 2
exact = "Little"
"""
WISH = """\
format = 1
model = "{model}"
summary = "To be asked again"
date = 2026-11-02
scope = "users"
elicitation = "spontaneous"
proposed_by = "model"

[[quote]]
interview = "{other}/1"
turn = 2
exact = "Little"
"""


class Archivist:
    """Does one thing after the other; which, goes by how much was done before."""

    def __init__(self, root: Path) -> None:
        self.root, self.number = root, 0
        self.deposits: list[Path] = []

    @property
    def home(self) -> Home:
        return Home.at(self.root)

    def deposit(self) -> None:
        """One more, public, restricted or described."""
        self.number += 1
        model, access = MODELS[self.number % 2], ACCESS[self.number % len(ACCESS)]
        folder = self.root / "transcripts" / model / f"2026-11-01-talk-{self.number}"
        folder.mkdir(parents=True)
        (folder / "received.json").write_bytes(talk(f"subject {self.number}"))
        if not (self.root / "transcripts" / model / "model.toml").exists():
            self._model(model)
        protocol = "guide@1" if self._versions() and self.number % 3 else "not_applicable"
        (folder / "deposit.toml").write_text(
            form(model, f"Talk {self.number}", "2026-11-01", access, protocol=protocol)
        )
        self._file(folder)
        self.deposits.append(folder)

    def open(self) -> None:
        """One of them, to everybody."""
        if self.deposits:
            with contextlib.suppress(Error):  # where its words are covered in what is asked for
                release(self.home, [self._number(self._one())])

    def cover(self) -> None:
        """A word in one of them."""
        if self.deposits:
            with contextlib.suppress(Error):  # where it is covered already
                redact(self.home, [f"{self._number(self._one())}/1#2"], ["Little"], reason="privacy", by="Ada")

    def read(self) -> None:
        """An analysis in one of them of another."""
        if len(self.deposits) > 1:
            folder, other = self._one(), self.deposits[(self.number * 5 + 1) % len(self.deposits)]
            (folder / "analyses").mkdir(exist_ok=True)
            slug = f"reading-{self.number}"
            (folder / f"analyses/{slug}.toml").write_text(READING.format(other=self._number(other)))
            (folder / f"analyses/{slug}.md").write_text("It makes *little* of it.\n")
            if not self._file(folder):
                (folder / f"analyses/{slug}.toml").unlink()
                (folder / f"analyses/{slug}.md").unlink()

    def describe(self) -> None:
        """What is known of a model, and from the second time on something that it wishes."""
        self.number += 1
        model = MODELS[self.number % 2]
        folder = self._model(model)
        if self.deposits:
            (folder / "preferences").mkdir(exist_ok=True)
            wish = folder / f"preferences/asked-{self.number}.toml"
            wish.write_text(WISH.format(model=model, other=self._number(self._one())))
            if not self._file(folder):
                wish.unlink()

    def guide(self) -> None:
        """A protocol, or the next version of it."""
        version = self._versions() + 1
        path = self.root / f"transcripts/protocols/guide/{version}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PROTOCOL.format(version=version))
        self._file(path.parent)

    def _model(self, model: str) -> Path:
        folder = self.root / "transcripts" / model
        folder.mkdir(parents=True, exist_ok=True)
        said = f'format = 1\nid = "{model}"\nname = "Model {self.number}"\nmaker = "Example Labs"\n'
        (folder / "model.toml").write_text(said)
        self._file(folder)
        return folder

    def _versions(self) -> int:
        return len(list((self.root / "transcripts/protocols/guide").glob("*.toml")))

    def _one(self) -> Path:
        return self.deposits[self.number * 7 % len(self.deposits)]

    def _number(self, folder: Path) -> str:
        found = self.home.accession(folder)
        assert found
        return found.number

    def _file(self, path: Path) -> bool:
        batch = file_paths(self.home, [path], Options())
        return not batch.problems


STEPS: tuple[Callable[[Archivist], None], ...] = (
    *(Archivist.deposit, Archivist.deposit, Archivist.deposit, Archivist.open, Archivist.cover),
    *(Archivist.read, Archivist.read, Archivist.describe, Archivist.guide),
)
