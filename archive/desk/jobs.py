"""Work that takes long: done in a thread of its own while pages show how far it is.

A job is no record. What it does is done by the library, whole or not at all; a desk that is killed forgets its jobs,
and the next command finishes or forgets what they were at.
"""

import secrets
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from archive.errors import Error, Problem, Refused

_KEPT = 50
"""Jobs that are over and still shown to whoever asks."""


State = Literal["running", "done", "refused"]


@dataclass
class Job:
    """One. Written by its own thread, read by those that answer browsers."""

    title: str
    """What is done, as a person calls it: ``publish 2026-W48``."""
    once: str = ""
    """Of the form that began it (`Jobs.start`)."""
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    state: State = "running"
    done: int = 0
    total: int = 0
    """Of so many; 0 where that is not known."""
    said: str = ""
    """What it is at."""
    outcome: Markup = field(default_factory=Markup)
    """What came of it, as HTML."""
    problems: tuple[Problem, ...] = ()
    """Why nothing came of it."""
    after: Callable[[bool], None] = field(default=lambda done: None, repr=False)
    """Called once at its end: whether it was done."""

    def count(self, done: int, total: int) -> None:
        """How far it is, as library functions tell it."""
        self.done, self.total = done, total

    def say(self, what: str) -> None:
        """What it is at now."""
        self.said = what


class Jobs:
    """Those of one desk."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def start(self, title: str, work: Callable[[Job], Markup], once: str = "") -> Job:
        """Begin with `work`, which gives back what to show at its end; what it raises of ours is shown instead.

        `once` is the hidden ``_once`` of a form: sent twice, by a double click, it begins nothing a second time.
        """
        job = Job(title, once)
        with self._lock:
            for begun in self._jobs.values():
                if once and begun.once == once and begun.state != "refused":
                    return begun
            self._jobs[job.id] = job
            over = [each.id for each in self._jobs.values() if each.state != "running"]
            for old in over[:-_KEPT]:
                del self._jobs[old]
        threading.Thread(target=self._run, args=(job, work), daemon=True).start()
        return job

    def _run(self, job: Job, work: Callable[[Job], Markup]) -> None:
        try:
            job.outcome = work(job)
            state: State = "done"
        except Exception as error:
            job.problems = tuple(problems(error))
            state = "refused"
        with self._lock:
            job.state, after = state, job.after
        after(state == "done")

    def then(self, job: Job, after: Callable[[bool], None]) -> None:
        """Do something at the end of a job, which may have come already."""
        with self._lock:
            job.after, state = after, job.state
        if state != "running":
            after(state == "done")

    def get(self, number: str) -> Job | None:
        """One by its id; None where this desk has none of that."""
        return self._jobs.get(number)

    def running(self) -> list[Job]:
        """Those that are at work now."""
        with self._lock:
            return [job for job in self._jobs.values() if job.state == "running"]


def problems(error: Exception) -> list[Problem]:
    """What a person is told of an error; one that is a bug is printed where the desk was started, too."""
    notes = "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
    match error:
        case Refused():
            return list(error.problems)
        case Error():
            return [Problem("", f"{error}{notes}")]
        case OSError():
            return [Problem(str(error.filename or ""), f"{error.strerror or error}{notes}")]
    traceback.print_exception(error)
    return [Problem("", "a mistake in this program; where the desk was started, it says more")]
