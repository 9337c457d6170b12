"""What a browser asks, as a value; and what it is answered with: a page, a part of one, another address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archive.desk import templates
from archive.desk.desk import Desk
from archive.desk.jobs import Job
from archive.errors import Error
from archive.home.home import Home
from archive.register import durable
from archive.wording import slugify

HTMX = "hx-request"
JOB = "x-job"
"""Of an answer: the job by which its form is done, or is not."""
_ADDRESS = "/:?#[]@!$&'()*+,;=%~"
"""What stays as it is in an address; all else that somebody wrote into one cannot end the header it stands in."""


class Form(Mapping[str, str]):
    """What a form says: the first value of each name, ``""`` for one that is not there; `every` has all."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self.fields = fields

    @classmethod
    def parse(cls, body: bytes) -> "Form":
        """``application/x-www-form-urlencoded``; lines end in ``\\n``, as people typed them. Raises `Error`."""
        try:
            read = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20_000)
        except ValueError as error:
            raise Error(f"expected a form, found what is none ({error})") from None
        return cls({name: [each.replace("\r\n", "\n") for each in values] for name, values in read.items()})

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, [""])[0]

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def every(self, name: str) -> list[str]:
        """All values of a name, but for blank ones."""
        return [value for value in self.fields.get(name, []) if value.strip()]


@dataclass(frozen=True)
class Ask:
    """One request that got through the door. Lives as long as it is answered."""

    desk: Desk
    path: Mapping[str, str]
    """The parts of the address that its route names."""
    query: Form
    form: Form
    """Empty but for POST."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    upload: Path | None = None
    """The bytes that were sent with PUT, as a scratch file that goes when the answer is given."""
    partial: bool = False
    """Whether it is for a part of a page (htmx)."""

    @cached_property
    def home(self) -> Home:
        """As it stood when it was first asked for. Raises `Error`."""
        return self.desk.home()

    @property
    def coder(self) -> str:
        """Whose notes are read and written in this browser, as their file is called; empty where nobody said so yet."""
        return slugify(unquote(self.cookies.get("coder", "")) or self.desk.coder, "")

    @property
    def before(self) -> dict[str, str | None]:
        """Path → SHA-256 of the files a form was made from (its hidden ``_base``), for `Change.before`."""
        lines = (line.rpartition(" ") for line in self.form["_base"].splitlines())
        return {name: None if digest == "-" else digest for name, _, digest in lines if name}

    def base(self, *paths: str) -> str:
        """For the hidden ``_base`` of a form: what lies at these paths of the home now, kept to be compared later.

        Show the form made from the very files, read after this.
        """
        said = []
        for path in paths:
            there = self.desk.root / path
            digest = durable.digest(there)
            if digest:
                kept = self.desk.kept / "bases" / digest
                if not kept.exists():
                    durable.write(kept, durable.content(there))
            said.append(f"{path} {digest or '-'}")
        return "\n".join(said)


def page(ask: Ask, template: str, *, status: int = 200, **values: Any) -> Response:
    """A whole page, or the part of one that a template is."""
    html = templates.environment(ask.desk).get_template(template).render(ask=ask, desk=ask.desk, **values)
    return HTMLResponse(html, status)


def part(ask: Ask, template: str, **values: Any) -> Markup:
    """The HTML of a template, to stand in another or to be what a job comes to."""
    return Markup(templates.environment(ask.desk).get_template(template).render(ask=ask, desk=ask.desk, **values))


def goto(ask: Ask, place: str) -> Response:
    """Leads to another page of the desk: what a form that did its work answers."""
    address = quote(ask.desk.at(place), safe=_ADDRESS)
    if ask.partial:
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def working(ask: Ask, job: Job) -> Response:
    """What a form that began with a job answers: how far it is, in its place; without htmx the job's own page."""
    answer = page(ask, "job.html", job=job) if ask.partial else goto(ask, f"jobs/{job.id}")
    answer.headers[JOB] = job.id
    return answer
