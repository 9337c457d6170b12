"""What the site was made from when it was last written: ``.archive/site.kept``, a cache.

With it, publishing reads and makes only what is new. It is believed while it fits the newest statement about the site,
the program, the configuration and the reviewers' names; else everything is made again, and it with it.

Its first line is the SHA-256 of the rest, which is JSON.
"""

import dataclasses
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from archive.home.accession import Logged
from archive.home.home import Home
from archive.register import sums
from archive.register.statement import decode_time, encode_time
from archive.register.sums import LIST
from publisher.essays.submission import read_file, reviewer_name
from publisher.issues.frozen import contents
from publisher.issues.statements import clock, issued
from publisher.site.compose import Composed, Made
from publisher.site.site import Contents, Gap, Issue, Told
from publisher.week import Week

NAME = ".archive/site.kept"
_ROOT = Path(__file__).parents[2]
_MAKERS = ("publisher/essays", "publisher/issues", "publisher/site", "archive/documents", "archive/records")
_LIBRARIES = ("jinja2", "markupsafe", "feedgen", "lxml")


@dataclass(frozen=True, slots=True)
class Kept:
    """The site as it was last written."""

    statements: int
    """How many statements it knew."""
    issues: tuple[Issue, ...]
    gaps: tuple[Gap, ...]
    made: Made


def read(home: Home, constants: Mapping[str, Any]) -> Kept | None:
    """What was kept; None where it does not fit what is here now, or where the site is not the one that was logged."""
    newest = clock(home.register)
    head, _, data = read_file(home.root / NAME).partition(b"\n")
    if newest is None or sums.digest(data).encode() != head:
        return None
    kept = json.loads(data)
    logged, listing = home.register.statement(newest).subjects[LIST], read_file(home.hidden / "issues" / LIST)
    if (kept["constants"], kept["list"], sums.digest(listing)) != (_digest(constants), logged, logged):
        return None
    issues = tuple(_issue(home, number, *each) for number, each in enumerate(kept["issues"], 1))
    if read_file(home.site / LIST) != listing or not _same_names(home, issues):
        return None
    digests = {line[66:]: line[:64] for line in listing.decode().split("\n")[:-1]}
    return Kept(newest, issues, tuple(_gap(*each) for each in kept["gaps"]), Made(kept["inputs"], digests))


def write(constants: Mapping[str, Any], composed: Composed) -> bytes:
    """A site as it is being written, for `read`."""
    site = composed.site
    kept = {
        "constants": _digest(constants),
        "list": sums.digest(composed.files[LIST]),
        "issues": [
            [str(issue.week), encode_time(issue.time), issue.slugs, dataclasses.asdict(issue.told)]
            for issue in site.issues
            if issue.told
        ],
        "gaps": [
            [str(gap.week), gap.reason, gap.logged.index, encode_time(gap.logged.time), gap.notice.decode()]
            for gap in site.gaps
        ],
        "inputs": composed.made.inputs,
    }
    data = json.dumps(kept, ensure_ascii=False, separators=(",", ":"), default=dict).encode()
    return f"{sums.digest(data)}\n".encode() + data


def _issue(home: Home, number: int, week: str, time: str, slugs: dict[str, str], told: dict[str, Any]) -> Issue:
    return Issue(
        week=Week(int(week[:4]), int(week[6:])),
        number=number,
        time=decode_time(time),
        slugs=slugs,
        contents=cache(partial(_contents, home, week, slugs)),
        told=Told(**told),
    )


def _contents(home: Home, week: str, slugs: Mapping[str, str]) -> Contents:
    return contents(home, home.register.statement(issued(home.register)[week]), slugs)


def _gap(week: str, reason: str, index: int, time: str, notice: str) -> Gap:
    logged = Logged(index, decode_time(time))
    return Gap(week=Week(int(week[:4]), int(week[6:])), reason=reason, logged=logged, notice=notice.encode())


def _same_names(home: Home, issues: Sequence[Issue]) -> bool:
    names = {each for issue in issues if issue.told for each in issue.told.reviewers.items()}
    return all(reviewer_name(home, key) == name for key, name in names)


def _digest(constants: Mapping[str, Any]) -> str:
    """Of everything that all pages are made with: what is configured, and the program."""
    said = json.dumps(dict(constants), sort_keys=True, default=repr)
    return sums.digest(f"{_program()} {said}".encode())


@cache
def _program() -> str:
    """SHA-256 of the modules and templates that make pages, with the versions of what they call."""
    digest = hashlib.sha256(repr((sys.version, [version(library) for library in _LIBRARIES])).encode())
    for room in _MAKERS:
        for path in sorted((_ROOT / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(_ROOT)} {sums.digest(path.read_bytes())}\n".encode())
    return digest.hexdigest()
