"""A publisher who cheats with the records of the archive: it files what `archive file` would refuse, and logs that."""

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import pytest

from archive.deposits.names import COPY
from archive.deposits.redact import redact
from archive.deposits.release import release
from archive.home.change import Change
from archive.home.home import Home
from archive.register import excerpt, statement, sums
from archive.register.redaction import Line
from publisher.issues import coming
from publisher.site.site import Files, Issue, Site
from tests.filed_home import JUNIPER

Edit = Callable[[Home], object]
"""What the publisher does before the site is made anew."""
MODEL = "transcripts/example-heron-1"
TALK = "transcripts/example-heron-1/2026-11-20-openai"


def logged(home: Home, folder: str, changed: Mapping[str, bytes | None]) -> None:
    """A folder filed again with these files, whatever is in them; None takes one out. No check is made."""
    with home.writing() as writer:
        number = writer.home.accession(home.root / folder)
        assert number
        life = writer.home.lives[number.number]
        version = len(life.lists) + 1
        before = sums.parse(writer.home.store.get(life.lists[-1]), folder)
        listed = {name: digest for name, digest in before.items() if not re.match(r"private|nonce", name)}
        for name, digest in before.items():
            if re.fullmatch(r"private(-\d+)?\.sums", name):
                changed = {f"private-{version}.sums": writer.home.store.get(digest), **changed}
        for name, data in changed.items():
            listed.pop(name, None)
            if data is not None:
                listed[name] = sums.digest(data)
        nonce = f"{version:064x}\n".encode()
        listed[f"nonce-{version}"] = sums.digest(nonce)
        name, data = f"intake-{version}.sums", sums.write(listed)
        leaf = statement.intake(number.number, name, sums.digest(data), kind=number.kind, time=writer.now()).encode()
        files = {path: own for path, own in changed.items() if own is not None} | {
            name: data,
            f"nonce-{version}": nonce,
        }
        writer.commit(Change(leaves=[leaf], files={f"{folder}/{path}": own for path, own in files.items()}))


def other(folder: str, name: str, old: str, new: str) -> Edit:
    """Other words in one record, filed as they are."""

    def edit(home: Home) -> None:
        data = (home.root / folder / name).read_text()
        assert old in data, f"{folder}/{name} does not hold {old!r}"
        logged(home, folder, {name: data.replace(old, new, 1).encode()})

    return edit


def talk(change: Callable[[list[bytes]], list[bytes]]) -> Edit:
    """Another ``turns.jsonl`` of the second deposit."""

    def edit(home: Home) -> None:
        lines = (home.root / JUNIPER / "turns.jsonl").read_bytes().splitlines(keepends=True)
        logged(home, JUNIPER, {"turns.jsonl": b"".join(change(lines))})

    return edit


def head(**said: object) -> Edit:
    """Another first line of it."""

    def change(lines: list[bytes]) -> list[bytes]:
        first = json.dumps({**json.loads(lines[0]), **said}, separators=(",", ":"), ensure_ascii=False)
        return [f"{first}\n".encode(), *lines[1:]]

    return talk(change)


def covered(change: Callable[[excerpt.Excerpt], excerpt.Excerpt]) -> Edit:
    """A deposit with a covered word, whose copy shows something else than was committed to."""

    def edit(home: Home) -> None:
        made = home.reopened().accession(home.root / TALK)
        assert made
        redact(home, [made.number], ["Café"], reason="personal-name", by="Ada")
        release(home.reopened(), [made.number])
        made_copy = excerpt.decode((home.root / TALK / COPY).read_bytes())
        logged(home.reopened(), TALK, {COPY: excerpt.encode(change(made_copy))})

    return edit


def said_otherwise(copy: excerpt.Excerpt) -> excerpt.Excerpt:
    lines = {
        number: Line(
            tuple(run if isinstance(run, int) else run.replace(b"Yes.", b"Nay.") for run in line.runs), line.opening
        )
        for number, line in copy.lines.items()
    }
    assert lines != dict(copy.lines)
    return dataclasses.replace(copy, lines=lines)


def called(name: str = "", page: str = "", record: Files | None = None) -> AbstractContextManager[pytest.MonkeyPatch]:
    """A mail that calls its author so, and what it is said to be made with; while it is being made."""
    patch = pytest.MonkeyPatch()
    honest = coming.made_with

    def made_with(site: Site, issue: Issue) -> Files:
        made = honest(site, issue)
        return {path: data for path, data in made.items() if record is None or "/authors/" not in path} | (record or {})

    patch.setattr(coming, "made_with", made_with)
    if name:
        patch.setattr(Site, "name_of", lambda site, model: name)
    if page:
        patch.setattr(Site, "page_of", lambda site, model: page)

    @contextmanager
    def cheat() -> Iterator[pytest.MonkeyPatch]:
        yield patch
        patch.undo()

    return cheat()


def list_of(record: bytes, *, more: bytes = b"") -> Files:
    """A record frozen with the issue 2026-W49 as that of the second model, and a list that names it."""
    folder = "issues/2026-W49/authors/M2026-0002"
    listed = sums.write({"model.toml": sums.digest(record)})
    return {f"{folder}/model.toml": record + more, f"{folder}/intake.sums": listed}
