"""The statements of a register that are about issues and the site."""

from archive.register.register import Register
from archive.register.statement import Statement


def clock(register: Register) -> int | None:
    """Index of the newest issue or site statement: its time is the site's clock."""
    return max([*register.index.of_kind("issue")[-1:], *register.index.of_kind("notice", "site")[-1:]], default=None)


def issued(register: Register) -> dict[str, int]:
    """Week → index of every issue, oldest first: ``2026-W48``."""
    return register.index.weeks("issue")


def explained(register: Register) -> dict[str, int]:
    """Week → index of every notice that there was no issue, oldest first."""
    return register.index.weeks("notice", "no-issue")


def silences(register: Register, start: int = 0) -> list[tuple[int, Statement]]:
    """The notices of weeks without an issue, from an index on."""
    return [(index, register.statement(index)) for index in explained(register).values() if index >= start]
