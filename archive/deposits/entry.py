"""What was said elsewhere than in an editor, put into its sidecar; filed at once where that is asked for.

It is whole or not at all: what is wrong with it is said before anything is written. What is said a second time in the
same words changes nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from archive.deposits import deposit_draft, filing, model_draft
from archive.deposits.draft import Draft, Filed
from archive.deposits.filed import FiledFolder, filed_folders
from archive.deposits.here import Here
from archive.deposits.target import refuse_unfiled
from archive.errors import Error, Refused
from archive.home.change import Change
from archive.home.home import Home, Writer

Before = Mapping[str, str | None]
"""See `archive.home.change.Change.before`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What came of it."""

    path: Path
    """The sidecar."""
    folder: str
    """What to give to `archive file`, where it was not filed."""
    filed: Filed | None = None


@dataclass(frozen=True)
class Putting:
    """A home in which something is about to be said; lives as long as its lock is held."""

    writer: Writer
    file: bool
    before: Before

    @property
    def home(self) -> Home:
        """As it is under the lock."""
        return self.writer.home

    def put(self, filed: FiledFolder, name: str, files: Mapping[str, bytes]) -> Entry:
        """File a folder again with these files, by their path in it; `name` is the one to show.

        Where nothing is to be filed, they are laid there. Raises `Refused`, `Changed`.
        """
        if not self.file:
            return self.lay(filed.folder, name, files)
        refuse_unfiled(filed)
        draft = self._draft(filed, files)
        change, (done,) = filing.change(self.home, [draft], self.writer.now())
        if change.leaves:
            self.writer.commit(replace(change, before=self.before))
        return Entry(path=filed.folder / name, folder=filed.place, filed=done)

    def lay(self, folder: Path, name: str, files: Mapping[str, bytes]) -> Entry:
        """Put files into a folder for somebody to go on with in an editor. Raises `Changed`."""
        place = self.home.relative(folder)
        self.writer.commit(Change(files={f"{place}/{own}": data for own, data in files.items()}, before=self.before))
        return Entry(path=folder / name, folder=place)

    def _draft(self, folder: FiledFolder, files: Mapping[str, bytes]) -> Draft | Filed:
        if (folder.folder / "model.toml").is_file():
            return model_draft.new(self.home, folder.folder, changed=files)
        return deposit_draft.refiled(Here(self.home), folder.folder, files)


@contextmanager
def putting(home: Home, *, file: bool, before: Before | None = None) -> Iterator[Putting]:
    """Holds the lock. `before` says what the files were when somebody made up their mind."""
    with home.writing() as writer:
        yield Putting(writer, file, before or {})


def model_folder(home: Home, folder: Path) -> FiledFolder:
    """The folder of a model as it was filed. Raises `Error` where it never was, `Refused`."""
    if home.accession(folder) is None:
        raise Error(f"{home.relative(folder)} is not filed yet; file it first: archive file {home.relative(folder)}")
    found, problems = filed_folders(home, [folder])
    if not found:
        raise Refused(problems)
    return found[0]
