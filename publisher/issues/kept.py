"""What the site was made from when it was last written: ``.archive/site.kept``, a cache.

With it, publishing reads and makes only what is new. It is believed while it fits the newest statement about the site,
the program and the configuration; else everything is made again, and it with it.

Its first line is the SHA-256 of the rest: a table in JSON, then what is told of each issue, each part after a NUL.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from archive.exchange import kept_room
from archive.exchange.reading_room import ReadingRoom
from archive.home.accession import Logged
from archive.home.home import Home
from archive.register import sums
from archive.register.statement import decode_time, encode_time
from archive.register.sums import LIST
from publisher.essays.submission import read_file
from publisher.issues.frozen import contents
from publisher.issues.source import Notes, Source, of_home
from publisher.issues.statements import clock, issued
from publisher.site.compose import Composed, Made
from publisher.site.site import Contents, Gap, Issue, Told
from publisher.week import Week

NAME = ".archive/site.kept"
_ROOT = Path(__file__).parents[2]
_SUFFIXES = (".py", ".html", ".css", ".js", ".sh", ".go", ".svg", ".ico")
_LIBRARIES = ("jinja2", "markupsafe", "feedgen", "lxml", "pillow", "font-source-serif-pro")


@dataclass(frozen=True, slots=True)
class Kept:
    """The site as it was last written."""

    statements: int
    """How many statements it knew."""
    issues: tuple[Issue, ...]
    gaps: tuple[Gap, ...]
    made: Made
    notes: Notes
    """As they lie there now."""
    room: ReadingRoom
    """What of the archive it showed."""


def read(home: Home) -> Kept | None:
    """What was kept; None where it does not fit what is here now, or where the site is not the one that was logged."""
    newest = clock(home.register)
    head, _, data = read_file(home.root / NAME).partition(b"\n")
    if newest is None or sums.digest(data).encode() != head:
        return None
    source = of_home(home)
    table, *told = data.decode().split("\0")
    kept = json.loads(table)
    logged, listing = home.register.statement(newest).subjects[LIST], read_file(home.hidden / "issues" / LIST)
    if (kept["constants"], kept["list"], sums.digest(listing)) != (_digest(source.constants()), logged, logged):
        return None
    if read_file(home.site / LIST) != listing:
        return None
    parts = iter(told)
    issues = tuple(
        Issue(
            week=_week(week),
            number=number,
            time=decode_time(time),
            slugs=slugs,
            authors=authors,
            contents=cache(partial(_contents, source, week, slugs)),
            series=series,
            told=Told(next(parts), next(parts), tuple(islice(parts, there)), tuple(islice(parts, there)), called),
        )
        for number, (week, time, slugs, authors, series, there, called) in enumerate(kept["issues"], 1)
    )
    digests = {line[66:]: line[:64] for line in listing.decode().split("\n")[:-1]}
    gaps = tuple(_gap(*each) for each in kept["gaps"])
    room = kept_room.read(home, kept["room"])
    return Kept(newest, issues, gaps, Made(kept["inputs"], digests), source.notes, room)


def write(constants: Mapping[str, Any], composed: Composed) -> bytes:
    """A site as it is being written, for `read`."""
    site = composed.site
    told = [issue.told for issue in site.issues if issue.told]
    table = {
        "constants": _digest(constants),
        "list": sums.digest(composed.files[LIST]),
        "issues": [
            [
                *(str(each.week), encode_time(each.time), each.slugs, each.authors, each.series),
                *(len(site.there(each)), each.told.called if each.told else ""),
            ]
            for each in site.issues
        ],
        "gaps": [
            [str(gap.week), gap.reason, gap.logged.index, encode_time(gap.logged.time), gap.notice.decode()]
            for gap in site.gaps
        ],
        "room": kept_room.plain(site.room),
        "inputs": composed.made.inputs,
    }
    parts = [part for one in told for part in (one.item, one.issue, *one.essays, *one.lines)]
    data = "\0".join([json.dumps(table, ensure_ascii=False, separators=(",", ":")), *parts]).encode()
    return f"{sums.digest(data)}\n".encode() + data


def _contents(source: Source, week: str, slugs: Mapping[str, str]) -> Contents:
    return contents(source, source.register.statement(issued(source.register)[week]), slugs)


def _gap(week: str, reason: str, index: int, time: str, notice: str) -> Gap:
    logged = Logged(index, decode_time(time))
    return Gap(week=_week(week), reason=reason, logged=logged, notice=notice.encode())


def _week(week: str) -> Week:
    return Week(int(week[:4]), int(week[6:]))


def _digest(constants: Mapping[str, Any]) -> str:
    """Of everything that all pages are made with: what is configured, and the program."""
    said = json.dumps(dict(constants), sort_keys=True, default=repr)
    return sums.digest(f"{_program()} {said}".encode())


@cache
def _program() -> str:
    """SHA-256 of all modules and templates, with the versions of what they call."""
    digest = hashlib.sha256(repr((sys.version, [version(library) for library in _LIBRARIES])).encode())
    for name in sorted(_files()):
        with open(f"{_ROOT}/{name}", "rb") as file:
            digest.update(f"{name} {sums.digest(file.read())}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[str]:
    """All of the program: what a page is made by is found by imports, and those change."""
    for house in ("archive", "publisher"):
        for folder, _, names in os.walk(_ROOT / house):
            yield from (f"{folder}/{name}".removeprefix(f"{_ROOT}/") for name in names if name.endswith(_SUFFIXES))
