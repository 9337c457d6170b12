"""A desk: what is true as long as ``archive desk`` runs. What people file lies in the home, and nothing of it here."""

import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from markupsafe import Markup

from archive.desk.jobs import Job, Jobs
from archive.errors import Error
from archive.home import witnesses
from archive.home.home import Home, Patience
from archive.register import register

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of the desk as all pages know it: in the navigation, and where its templates lie."""

    name: str
    """The first word of all its addresses, which lead nowhere else: ``interviews``."""
    title: str
    """In the navigation; not there where it is empty."""
    key: str
    """Leads there after ``g``."""
    folder: Path
    """Holds ``templates/`` and ``static/`` (served as ``static/NAME/…``), where it has some."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One over a home. Asked from many threads; each opens the home anew, as each command does."""

    root: Path
    parts: Sequence[Part]
    port: int
    coder: str = ""
    """Whose notes are written where a browser has said nothing else; empty where that is to be asked."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """What only the person is told who started it; whoever brings it is given `pass_` for their browser."""
    pass_: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """What a browser shows with each request."""
    name: str = field(default_factory=lambda: secrets.token_hex(4))
    """Under which all addresses lie, so that the pass is shown to no other program that listens on this machine."""
    jobs: Jobs = field(default_factory=Jobs)

    def home(self) -> Home:
        """As it stands now. Raises `Error`."""
        return replace(Home.at(self.root), patience=Patience(30))

    def start(self, title: str, work: Callable[[Job], Markup], once: str = "") -> Job:
        """Begin with what takes long; see `Jobs.start`."""

        def done(job: Job) -> Markup:
            outcome = work(job)
            self.tell_witnesses()
            return outcome

        return self.jobs.start(title, done, once)

    def logged(self) -> object:
        """The register as it stands: another one later means that something was logged meanwhile."""
        try:
            return register.head(self.root / ".archive" / "register")
        except (Error, OSError):
            return None

    def tell_witnesses(self) -> None:
        """Have them cosign what was logged, as every command does at its end; who did not is named where it runs."""
        try:
            for said in witnesses.told(self.home()):
                print(f"note: {said}", file=sys.stderr)  # noqa: T201
        except (Error, OSError) as error:  # what was logged stands all the same
            print(f"note: no witness was asked: {error}", file=sys.stderr)  # noqa: T201

    @property
    def origin(self) -> str:
        """``http://127.0.0.1:41234``"""
        return f"http://{HOST}:{self.port}"

    @property
    def first_address(self) -> str:
        """What the person is told: ``http://127.0.0.1:41234/nrlLQ7NMzKUJKF_t``"""
        return f"{self.origin}/{self.token}"

    def at(self, place: str = "") -> str:
        """The address of a page of this desk: ``interviews/2026-0041/1`` → ``/9f86d081/interviews/2026-0041/1``"""
        return f"/{self.name}/{place}"

    @property
    def kept(self) -> Path:
        """Where forms that were begun lie until they are sent; nothing but the desk reads them."""
        return self.root / ".archive" / "desk"
