"""The order of times along a register: it never runs backwards, so that a date cannot be chosen afterwards."""

import datetime as dt
from collections.abc import Iterator, Sequence

from .statement import Statement, encode_time


def faults(statements: Sequence[Statement]) -> Iterator[tuple[int, str]]:
    """Index and fault of each statement whose time cannot be right.

    A review alone may be earlier than the statement before it, since somebody signs it elsewhere; never earlier than
    its intake, nor later than whatever was logged after it.
    """
    newest, held = dt.datetime.min.replace(tzinfo=dt.UTC), 0
    for index, statement in enumerate(statements):
        said = f"says {encode_time(statement.time)}"
        if statement.kind != "review" and statement.time < newest:
            yield index, f"{said}, and entry {held} before it {encode_time(newest)}: times never run backwards"
        if statement.kind == "review":
            intake = statement.predicate["intake"]
            if not intake < index or statements[intake].kind != "intake":
                yield index, f"names entry {intake} as its intake, which is none"
            elif statement.time < statements[intake].time:
                yield index, f"{said}, before its intake, entry {intake} ({encode_time(statements[intake].time)})"
        if statement.time > newest:
            newest, held = statement.time, index
