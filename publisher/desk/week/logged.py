"""What a run logged, shown as the register says it: entry number, kind, subjects."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.desk.ask import Ask, part
from archive.home.home import Home
from archive.register.statement import Statement


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement, and where it stands in the register."""

    index: int
    statement: Statement

    @property
    def kind(self) -> str:
        """``issue``; ``notice sent``"""
        more = self.statement.predicate.get("kind") if self.statement.kind in ("notice", "intake") else ""
        return f"{self.statement.kind} {more}".rstrip()

    @property
    def says(self) -> str:
        """What else it says, but for the time: ``week 2026-W48, reason first``."""
        said = self.statement.predicate.items()
        return ", ".join(f"{key} {_plain(value)}" for key, value in said if key not in ("kind", "time"))


def since(home: Home, size: int) -> list[Entry]:
    """What was logged in a home since its register held `size` statements."""
    register = home.reopened().register
    return [Entry(index, register.statement(index)) for index in range(size, register.size)]


def came(
    ask: Ask,
    lines: Sequence[str],
    *,
    entries: Sequence[Entry] = (),
    files: Sequence[str] = (),
    kept: Sequence[str] = (),
    then: Sequence[tuple[str, str]] = (),
    form: Markup | None = None,
    done: bool = False,
) -> Markup:
    """What a job came to: what the command says, files written and `kept`, what was logged, and where to go on.

    `then` are places of the desk and what is there; `form` is what may be sent next; `done` takes away the form that
    it came of.
    """
    return part(
        ask, "week/came.html", lines=lines, entries=entries, files=files, kept=kept, then=then, form=form, done=done
    )


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
