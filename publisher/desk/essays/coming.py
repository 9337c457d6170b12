"""What was dropped and is not logged yet: it lies in ``.archive/desk/essays/``, unread, until it is logged or put away.

Nothing of a text is shown before it is logged; names and sizes are.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from starlette.responses import PlainTextResponse, Response

from archive.desk.ask import Ask, goto
from archive.errors import Error, Problem, Refused
from archive.register import durable, sums
from archive.wording import slugify
from publisher.essays.submit import Submitted, submit

Role = Literal["essay.md", "essay.toml", "request.json", "response.json"]
ROLES: dict[Role, str] = {
    "essay.md": "the text",
    "response.json": "the API response",
    "request.json": "what was sent to the model",
    "essay.toml": "how it was made",
}
"""What a dropped file can be, by the name that it will have."""
_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dropped:
    """One file."""

    path: Path

    @property
    def id(self) -> str:
        """Of its bytes and its name."""
        return self.path.parent.name

    @property
    def role(self) -> Role:
        """By its name."""
        if self.path.suffix.lower() == ".toml":
            return "essay.toml"
        if self.path.suffix.lower() == ".json":
            return "request.json" if "request" in self.path.stem.lower() else "response.json"
        return "essay.md"

    @property
    def stem(self) -> str:
        """What the files of one text have in common: ``on-commas.response.json`` → ``on-commas``."""
        stem = re.sub(r"[._-]?(request|response|essay)$", "", self.path.stem, flags=re.IGNORECASE)
        return stem or "essay"

    @property
    def size(self) -> int:
        return self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class Tray:
    """Files that make one essay."""

    files: tuple[Dropped, ...]

    @property
    def name(self) -> str:
        """Unlike that of all others here."""
        return self.files[0].id

    @property
    def has_record(self) -> bool:
        return any(each.role == "essay.toml" for each in self.files)


def take(ask: Ask) -> Response:
    """A dropped file. Raises `Refused` where it is empty."""
    name, data = ask.path["file"], ask.upload.read_bytes() if ask.upload else b""
    if name.startswith(".") or "\0" in name or len(name.encode()) > 200:
        raise Refused([Problem(name, "expected the name of a file", "give it a plain one")])
    if not data:
        raise Refused([Problem(name, "is empty: a hash of nothing proves nothing", "drop the text")])
    place = _folder(ask) / sums.digest(name.encode() + b"\0" + data)[:16]
    durable.write(place / name, data)
    return PlainTextResponse(place.name)


def trays(ask: Ask) -> list[Tray]:
    """What lies there, the oldest first: all of it one essay where it can be, else by the names of the files."""
    files = [Dropped(path) for path in sorted(_folder(ask).glob("*/*"), key=lambda path: path.stat().st_mtime_ns)]
    files = [each for each in files if _ID.fullmatch(each.id)]
    if len({each.role for each in files}) == len(files):
        return [Tray(_in_order(files))] if files else []
    return list(_by_name(files))


def log(ask: Ask) -> Response:
    """Submit what is ticked of a tray; then it can be read."""
    files = _in_order([each for tray in trays(ask) for each in tray.files if each.id in ask.form.every("file")])
    roles = [each.role for each in files]
    if not {"essay.md", "response.json"} & {*roles} or len({*roles}) < len(roles):
        raise Error(
            "expected a text, an API response, or one of each, found something else: tick what belongs together"
        )
    done = _submitted(ask, files)
    for each in files:
        shutil.rmtree(each.path.parent)
    return goto(ask, f"essays/{done.submission.slug}?submitted={'new' if done.new else 'before'}")


def put_away(ask: Ask) -> Response:
    """Throw away what was dropped by mistake."""
    for tray in trays(ask):
        for each in tray.files:
            if each.id in ask.form.every("file"):
                shutil.rmtree(each.path.parent)
    return goto(ask, "essays")


def _submitted(ask: Ask, files: Sequence[Dropped]) -> Submitted:
    by = {each.role: each.path for each in files}
    said = {key: ask.form[key].strip() or None for key in ("model", "title", "slug")}
    log = partial(
        submit, ask.home, model=said["model"], title=said["title"], title_by=said["title"] and ask.form["title_by"]
    )
    if not {"essay.toml", "request.json"} & {*by}:
        text, response = by.get("essay.md"), by.get("response.json")
        return log(text or by["response.json"], response=response if text else None, slug=said["slug"])
    with ask.home.scratch() as folder:
        for role, path in by.items():
            shutil.copyfile(path, folder / role)
        return log(folder, slug=said["slug"] or slugify(said["title"] or files[0].stem, "essay"))


def _by_name(files: Sequence[Dropped]) -> Iterator[Tray]:
    found: list[list[Dropped]] = []
    for each in files:
        for group in found:
            if group[0].stem == each.stem and each.role not in [other.role for other in group]:
                group.append(each)
                break
        else:
            found.append([each])
    yield from (Tray(_in_order(group)) for group in found)


def _in_order(files: Sequence[Dropped]) -> tuple[Dropped, ...]:
    return tuple(sorted(files, key=lambda each: [*ROLES].index(each.role)))


def _folder(ask: Ask) -> Path:
    return ask.desk.kept / "essays"
