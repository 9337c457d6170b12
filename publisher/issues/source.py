"""What a site is made from, wherever that lies: in a home, or in the site that was published."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from archive.errors import Problem, Refused
from archive.exchange.choice import reading_room
from archive.exchange.reading_room import ReadingRoom
from archive.home import keys
from archive.home.accession import Lives
from archive.home.configuration import Newsletter
from archive.home.home import Home
from archive.home.reviewers import Reviewers
from archive.home.versions import Version
from archive.register import sums
from archive.register.register import Register
from archive.register.statement import Statement
from publisher.essays.editors import is_blank
from publisher.essays.submission import folder_names, read_file, slug_of
from publisher.site.settings import PROGRAM, Settings
from publisher.site.site import Files

Notes = Mapping[str, Mapping[str, bytes]]
"""Slug → path → bytes of the editors' notes beside a text."""

NO_NEWSLETTER = Problem(
    "archive.toml",
    "expected a table [newsletter], found none",
    "`publisher setup` asks what one needs, and writes it there",
)


@dataclass(frozen=True)
class Source:
    """The records of a site, and the register they are compared with."""

    settings: Settings
    register: Register
    reviewers: Reviewers
    """Whose keys counted when."""
    policies: tuple[Version, ...]
    """Which keys signed the register, and who had to have seen a checkpoint, each time that was logged."""
    frozen: Callable[[str], Path]
    """Week → the folder in which what its issue froze lies by site path."""
    place: str
    """What messages call that folder: ``.archive/issues/{}/``, with the week."""
    notes: Notes
    room: Callable[[int, Collection[str], ReadingRoom | None], ReadingRoom]
    """What of the archive anyone may consult by so many statements, and since these models wrote what was published;
    with what it was before, the same sooner."""
    coming: tuple[Statement, ...] = ()
    """Withdrawals that are about to be logged."""
    words: Mapping[str, bytes] = field(default_factory=dict)
    """Site path → bytes of what is about to be put among the frozen with them."""

    @cached_property
    def withdrawals(self) -> list[tuple[int, Statement]]:
        """The notices of withdrawal, and where they stand."""
        logged = self.register.of_kind("notice", "withdrawn")
        return [*logged, *enumerate(self.coming, self.register.size)]

    @cached_property
    def withdrawn(self) -> dict[str, str]:
        """Site path → SHA-256 of every file that was withdrawn."""
        return {name: digest for _, notice in self.withdrawals for name, digest in notice.subjects.items()}

    @cached_property
    def lives(self) -> Lives:
        """Every accession, and what became of it."""
        return self.lives_at(None)

    def lives_at(self, size: int | None) -> Lives:
        """The same when the register had `size` statements."""
        return Lives(self.register, size, judge=self.reviewers.until(size).judge(self.settings.review.namespace))

    def notice(self, week: str, name: str, digest: str) -> bytes:
        """The words that a notice in the register names with this `digest`. Raises `Refused` where others lie there."""
        data = read_file(self.frozen(week) / name) or self.words.get(name, b"")
        if sums.digest(data) != digest:
            place = f"{self.place.format(week)}{name}"
            raise Refused([Problem(place, "is not the notice that was logged", "bring it back from a copy")])
        return data

    def keyed(self, size: int) -> dict[str, Any]:
        """Of a `Site`: the keys that signed the register when it had `size` statements."""
        then = [policy for policy in self.policies if policy.index < size]
        newest, *others = keys.in_force(self.policies, self.register.key, size)
        ever = keys.every(then, newest)
        return {
            "vkey": str(newest),
            "also": tuple(map(str, others)),
            "older": tuple(str(key) for key in ever if key != newest),
        }

    def constants(self) -> dict[str, Any]:
        """Of a `Site`: what it is the same of at every issue, until somebody changes the configuration."""
        archive, review = self.settings.archive, self.settings.review
        return {
            "program": self.settings.program,
            "name": archive.name,
            "newsletter": self.settings.newsletter,
            "about": self.settings.about,
            "appearance": self.settings.appearance,
            "search": self.settings.search.pagefind,
            "criteria": tuple(review.criteria),
            "two_reviewers_for": tuple(review.two_reviewers_for),
            "namespace": review.namespace,
            "rules": tuple(self.settings.series),
            "origin": self.register.key.name,
            **self.keyed(self.register.size),
            "sample": archive.sample,
            "witnesses": tuple(self.settings.witness),
            "quorum": archive.quorum,
        }


def newsletter(home: Home) -> Newsletter:
    """Raises `Refused` without one."""
    if home.configuration.newsletter is None:
        raise Refused([NO_NEWSLETTER])
    return home.configuration.newsletter


def of_home(home: Home, notes: Notes | None = None) -> Source:
    """A home's, with the editors' `notes` where they were read before. Raises `Refused` without a newsletter."""
    configuration = home.configuration
    settings = Settings.model_construct(
        program=PROGRAM,
        archive=configuration.archive,
        newsletter=newsletter(home),
        about=configuration.about,
        appearance=configuration.appearance,
        search=configuration.search,
        review=configuration.review,
        series=configuration.series,
        witness=configuration.witness,
    )
    source = Source(
        settings=settings,
        register=home.register,
        reviewers=home.reviewers,
        policies=home.policies,
        frozen=lambda week: frozen_folder(home, week),
        place=".archive/issues/{}/",
        notes=all_notes(home.root) if notes is None else notes,
        room=partial(reading_room, home),
    )
    vars(source)["lives"] = home.lives
    return source


def frozen_folder(home: Home, week: str) -> Path:
    """``.archive/issues/2026-W48``"""
    return home.hidden / "issues" / week


def all_notes(root: Path) -> Notes:
    """Slug → the editors' notes beside that essay, where there are some."""
    noted = [name for name in folder_names(root) if os.access(f"{root}/essays/{name}/editors", os.F_OK)]
    found = {slug_of(name): notes_in(root, name) for name in noted}
    return {slug: notes for slug, notes in found.items() if notes}


def notes_in(root: Path, folder: str) -> Files:
    """The editors' notes in the folder of an essay, by their paths in the home; not a form that nobody filled in."""
    place = f"essays/{folder}/editors"
    try:
        names = sorted(name for name in os.listdir(f"{root}/{place}") if name.endswith(".toml"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    found = {f"{place}/{name}": read_file(root / place / name) for name in names}
    return {name: data for name, data in found.items() if not is_blank(data)}
