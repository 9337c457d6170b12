"""The rows of essays: each that came in, and what became of it; its words where they are published.

That an essay came in, and what became of it, is in the register, which anyone can read. What it says, its title and who
wrote it come from what an issue froze; in a dataset that is not public, who wrote an unpublished one from its folder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import Problem, Refused
from archive.exchange.dataset.models import ESSAYS
from archive.exchange.dataset.rows import Row, Rows
from archive.exchange.selection import Selection, issued
from archive.home.accession import Life
from archive.records.deposit_record import faults
from archive.records.sidecar import parse
from archive.register import sums

_SAID = ("model", "series", "preference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay:
    """One essay; `row` says all of it but the words."""

    row: Mapping[str, Any]
    text: Path | None
    """Where its words lie, where they are published."""

    @property
    def number(self) -> str:
        return str(self.row["accession"])

    def rows(self) -> Rows:
        """Its row, with the words. Raises `Refused` where they are not those that were frozen."""
        words: Row = {"text": None, "characters": None}
        if self.text is not None:
            data = self.text.read_bytes()
            if sums.digest(data) != self.row["sha256"]:
                raise _unfrozen(f"essays/{self.row['slug']}/essay.md")
            text = data.decode()
            words = {"text": text, "characters": len(text)}
        yield ESSAYS.row(words, self.row)


def essays(chosen: Selection, *, public: bool) -> Iterator[Essay]:
    """Every essay of the archive, in the order of intake. Raises `Refused` where a file is not what was frozen."""
    home = chosen.home
    frozen = chosen.issues if public else issued(home)
    lists = {digest: name.split("/")[1] for name, (_, digest) in frozen.items() if name.endswith("/intake.sums")}
    folders = {} if public else {a.number: f for f in _folders(chosen) if (a := home.accession(f))}
    rules = home.configuration.review.two_reviewers_for
    for life in home.lives.of("essay"):
        slug = lists.get(life.lists[0], "")
        published = f"essays/{slug}/essay.md" in frozen
        if published:
            row, text = _published(slug, frozen)
        else:
            row, text = _unpublished(folders.get(life.accession.number), public=public), None
        yield Essay(row=row | _standing(life, rules), text=text)


def _standing(life: Life, rules: tuple[str, ...]) -> Row:
    return {
        "accession": life.accession.number,
        "state": life.state(rules),
        "logged": life.accession.time,
        "entry": life.accession.index,
        "week": life.week,
        "published": life.published and life.published.time,
    }


def _published(slug: str, frozen: Mapping[str, tuple[Path, str]]) -> tuple[Row, Path]:
    path, digest = frozen[f"essays/{slug}/essay.toml"]
    text, sha256 = frozen[f"essays/{slug}/essay.md"]
    data = path.read_bytes() if path.is_file() else b""
    table = parse(data, f"essays/{slug}/essay.toml")
    if sums.digest(data) != digest or isinstance(table, list) or not text.is_file():
        raise _unfrozen(f"essays/{slug}")
    said = {key: table.get(key) for key in (*_SAID, "title")}
    return {**said, "model": said["model"] or "not_recorded", "slug": slug, "sha256": sha256}, text


def _unpublished(folder: Path | None, *, public: bool) -> Row:
    told: Row = dict.fromkeys((*_SAID, "title", "slug", "sha256"))
    if public:
        return told | {"model": "not_shared"}
    table = parse((folder / "essay.toml").read_bytes(), "") if folder and (folder / "essay.toml").is_file() else {}
    said = {} if isinstance(table, list) else {key: table[key] for key in _SAID if isinstance(table.get(key), str)}
    if faults({"model": said.get("model", "")}):  # nobody has looked at it yet
        said["model"] = "not_recorded"
    return told | said


def _folders(chosen: Selection) -> list[Path]:
    return [path.parent for path in (chosen.home.root / "essays").glob("*/intake.sums")]


def _unfrozen(name: str) -> Refused:
    return Refused([Problem(f".archive/issues: {name}", "is not what was logged", "bring the folder back from a copy")])
