"""What is said of all that is filed with one command, as it is typed: checked, and made `Options`."""

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

from archive import importers
from archive.deposits.draft import Options
from archive.errors import Problem, Refused
from archive.records import deposit_record
from archive.records.deposit_record import Access
from archive.records.kinds import SLUG
from archive.records.record import Fault, Faults


def options(
    *,
    model: str | None = None,
    kind: str | None = None,
    protocol: str | None = None,
    title: str | None = None,
    access: str | None = None,
    licence: str | None = None,
    context: Path | None = None,
    speakers: str | None = None,
    slug: str | None = None,
    date: str | None = None,
    again: bool = False,
    only: Sequence[str] = (),
) -> Options:
    """What stands on the command line, checked. Raises `Refused` with all that is wrong in it."""
    problems: list[Problem] = []
    roles = None
    try:
        roles = importers.parse_speakers(speakers) if speakers is not None else None
    except Refused as refused:
        problems += refused.problems
    day = None
    try:
        day = dt.date.fromisoformat(date) if date is not None else None
    except ValueError:
        problems.append(Problem("--date", f"expected a date, found {date!r}", "as in --date 2026-11-22"))
    stated = {
        "model": model,
        "kind": kind,
        "title": title,
    }  # the protocol is looked up in the home, which knows its versions
    problems += [Problem(f"--{f.key[0]}", f.found, f.remedy) for f in deposit_record.faults(stated)]
    problems += [Problem("--access", f.found, f.remedy) for f in _access(access)]
    if licence is not None and not licence.strip():
        problems.append(Problem("--licence", "is blank", "leave it out where there is none"))
    if slug is not None and not re.fullmatch(SLUG, slug):
        problems.append(Problem("--slug", f"expected lower-case letters, digits and hyphens, found {slug!r}"))
    if context and not context.is_file():
        problems.append(Problem("--context", f"{context}: expected a file, found none"))
    if problems:
        raise Refused(problems)
    return Options(
        model=model,
        kind=kind,
        protocol=protocol,
        context=context,
        speakers=roles,
        slug=slug,
        date=day,
        again=again,
        only=frozenset(only),
        title=title,
        access=access,
        licence=licence,
    )


def _access(stated: str | None) -> tuple[Fault, ...]:
    """What is wrong with a word on who may see it."""
    try:
        Access.of("restricted" if stated is None else stated)
    except Faults as faults:
        return faults.faults
    return ()
