"""What editors say beside an essay: a note or an erratum in ``editors/N.toml``, shown as not the model's words.

The text itself is never changed. A form that lies there and was not filed is gone on with, not written over.
"""

from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error, Problem, Refused, accepted
from archive.home import account
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.home.store import digest_of
from archive.records.sidecar import read
from archive.records.toml import toml
from publisher.essays.essay import EditorsNote
from publisher.essays.submission import Submission, find

_BLANK = '"""\n"""'
"""The text of a form that nobody filled in."""


def is_blank(data: bytes) -> bool:
    """Whether a form is as it was opened: it says nothing, and is shown nowhere."""
    return data.endswith(f"text = {_BLANK}\n".encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A note beside an essay."""

    accession: str
    slug: str
    path: Path
    shown: bool
    """Whether the essay is out, so that the next time the site is written shows the note."""
    new: bool = True
    """False where a note that says the same is there already."""


def note(home: Home, name: str, text: str, *, kind: str, by: str, place: str) -> Filed:
    """Write and file a note beside an essay. Raises `Refused` with all that is wrong in it."""
    with home.writing() as writer:
        submission = _noted(writer.home, name)
        data = _form(writer, kind=kind, by=by, place=place, text=text)
        path = _next(submission)
        said = accepted(read(data, home.relative(path), EditorsNote))
        for there in _notes(submission):
            same = read(there.read_bytes(), home.relative(there), EditorsNote)
            if isinstance(same, EditorsNote) and same.model_copy(update={"date": said.date}) == said:
                return _filed(submission, there, new=False)
        writer.commit(Change(files={home.relative(path): data}))
        return _filed(submission, path)


def draft(home: Home, name: str, *, kind: str, by: str, place: str) -> Path:
    """A prefilled form beside an essay, to be filled in; the one that lies there, where it was not filed yet."""
    with home.writing() as writer:
        submission = _noted(writer.home, name)
        if waiting := _unfiled(writer.home, submission):
            return waiting[0]
        path = _next(submission)
        writer.commit(Change(files={home.relative(path): _form(writer, kind=kind, by=by, place=place, text="")}))
        return path


def file(home: Home, name: str, path: Path) -> Filed | None:
    """File a form that was filled in; None while it is blank. Raises `Refused` with all that is wrong in it."""
    with home.writing() as writer:
        submission, data = _noted(writer.home, name), path.read_bytes()
        if is_blank(data):
            return None
        said = accepted(read(data, home.relative(path), EditorsNote))
        if said.date > writer.now().date():
            what = f"expected a day that has come, found {said.date}"
            raise Refused([Problem(f"{home.relative(path)}: date", what, "say when it was written")])
        writer.commit(Change(files={home.relative(path): data}))
        return _filed(submission, path)


def _form(writer: Writer, *, kind: str, by: str, place: str, text: str) -> bytes:
    said = toml(text.strip() + "\n") if text.strip() else _BLANK
    return (
        "# Shown beside the essay, marked as not the model's words; the text itself is never changed.\n"
        "format = 1\n"
        f"kind = {toml(kind)}  # note | erratum\n"
        f"by = {toml(by)}\n"
        f"date = {writer.now().date()}\n"
        f"place = {toml(place)}  # before | after the text\n"
        f"text = {said}\n"
    ).encode()


def _noted(home: Home, name: str) -> Submission:
    """The essay a note is about. Raises `NotFound`, or `Error` where it was withdrawn."""
    submission = find(home, name)
    if submission.life.withdrawn:
        raise Error(f"{submission.name}: was withdrawn; there is no text any more that a note could stand beside")
    return submission


def _notes(submission: Submission) -> list[Path]:
    return sorted((submission.folder / "editors").glob("*.toml"))


def _next(submission: Submission) -> Path:
    """The first number that is free: ``editors/1.toml``."""
    taken = {path.name for path in _notes(submission)}
    return submission.folder / "editors" / next(n for k in range(1, len(taken) + 2) if (n := f"{k}.toml") not in taken)


def _unfiled(home: Home, submission: Submission) -> list[Path]:
    """Notes that are not as they were filed, or that cannot be shown as they are."""
    noted = account.read(home.root, account.list_of(home.relative(submission.folder)))
    return [
        path
        for path in _notes(submission)
        if noted.get(home.relative(path)) != digest_of(path)
        or isinstance(read(path.read_bytes(), home.relative(path), EditorsNote), list)
    ]


def _filed(submission: Submission, path: Path, *, new: bool = True) -> Filed:
    shown = submission.week is not None
    return Filed(accession=submission.accession, slug=submission.slug, path=path, shown=shown, new=new)
