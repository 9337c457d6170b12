"""What the editors say beside an essay, on the desk."""

from dataclasses import dataclass

from starlette.responses import Response

from archive.desk.ask import Ask, goto
from archive.home.home import Home
from archive.records.sidecar import read
from archive.register import durable
from publisher.essays import editors
from publisher.essays.essay import EditorsNote
from publisher.essays.submission import Submission


@dataclass(frozen=True, slots=True)
class Noted:
    """A file beside an essay."""

    name: str
    note: EditorsNote | None
    """None where it is a form that nobody filled in yet, or says nothing that can be shown."""


def note(ask: Ask) -> Response:
    """File one."""
    form = ask.form
    done = editors.note(
        ask.home, ask.path["name"], form["text"], kind=form["kind"], by=form["by"].strip(), place=form["place"]
    )
    return goto(ask, f"essays/{done.slug}?note={done.path.name}&new={'yes' if done.new else ''}")


def notes(home: Home, submission: Submission) -> list[Noted]:
    """Those beside an essay, by their names."""
    found = []
    for path in sorted((submission.folder / "editors").glob("*.toml")):
        data = durable.content(path)
        said = read(data, home.relative(path), EditorsNote)
        blank = editors.is_blank(data) or isinstance(said, list)
        found.append(Noted(path.name, None if blank else said))  # type: ignore[arg-type]
    return found
