"""Making a site again out of the records that lie in it, with the function that published it, and comparing each byte.

Nothing is looked for in pages, mails or feeds: whatever they show, it is what the records and the program give, or it
is named. The issues are gone through one after the other, on all processors; no more than a few are held at a time.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from archive.cores import spread
from archive.errors import Problem, accepted
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.sums import LIST
from publisher.issues.frozen import listing
from publisher.issues.records import read
from publisher.issues.source import Source
from publisher.issues.statements import clock, issued
from publisher.site import compose, feed, pagefind, search, settings
from publisher.site.compose import is_live, plan, told
from publisher.site.plan import Planned
from publisher.site.settings import Settings
from publisher.site.site import Contents, Site, Told
from publisher.verify.site import issue, room
from publisher.verify.site.register import UNREADABLE, Opened, unreadable

TOGETHER = 100
"""Essays that are made again in one go."""


def problems(site: Opened) -> Iterator[Problem]:
    """What is wrong with the records, or else what is not what is made of them.

    The lists were compared with the register before, and every file with them; no link is among them. Raises `Error`
    where a record cannot be read.
    """
    source = of_site(site)
    newest = clock(source.register)
    if newest is None:
        return
    if wrong := [*room.problems(site, newest)]:
        yield from sorted(wrong)
        return
    time = source.register.statement(newest).time
    held = lru_cache(maxsize=_room(source))(_contents)
    whole = read(source, size=newest, time=time, hold=lambda load: partial(held, load))
    again = _Again(site, source, whole, _planned(whole))
    compose.ready()
    portions = list(spread(again.portion, _portions(whole)))
    differing = [*again.not_made(), *(each for portion in portions for each in portion.differing)]
    known = [each for portion in portions for each in portion.told]
    if len(known) == len(whole.issues):
        differing += again.overview(known)
    yield from sorted(set(differing))
    yield from (each for portion in portions for each in portion.others)


def _contents(load: Callable[[], Contents]) -> Contents:
    return load()


def _room(source: Source) -> int:
    """How many issues have the essays of the largest file that is made of several: a full feed."""
    issues = source.register.of_kind("issue")
    essays = sum(len(statement.predicate["essays"]) for _, statement in issues)
    return 3 + feed.PAGE * len(issues) // max(essays, 1)


def _portions(whole: Site) -> list[range]:
    """The issues by their places, as many together as have `TOGETHER` essays."""
    found, start, essays = [], 0, 0
    for end, each in enumerate(whole.issues, 1):
        essays += len(each.slugs)
        if essays >= TOGETHER or end == len(whole.issues):
            found.append(range(start, end))
            start, essays = end, 0
    return found


def _planned(whole: Site) -> Mapping[int, Sequence[tuple[str, Planned]]]:
    """Every file, by the place of the newest issue it is made of; at -1 what changes with every issue, or with none."""
    places = {name: place for place, each in enumerate(whole.issues) for name in (str(each.week), *each.slugs)}
    found: dict[int, list[tuple[str, Planned]]] = {}
    for name, planned in plan(whole):
        made_of = [places.get(part.partition(":")[0], -1) for part in (planned.inputs or "").split()]
        found.setdefault(max(made_of, default=-1), []).append((name, planned))
    return found


@dataclass(frozen=True, slots=True)
class _Portion:
    """What comes of some issues."""

    told: list[Told]
    """Of each issue; of none where one could not be read to the end."""
    differing: list[Problem]
    """Files that are not what is made of the records."""
    others: list[Problem]
    """What is wrong with what the issues froze."""


@dataclass(frozen=True, slots=True)
class _Again:
    """A site, and what is made of it; all processes have it in common."""

    site: Opened
    source: Source
    whole: Site
    planned: Mapping[int, Sequence[tuple[str, Planned]]]

    def portion(self, places: range) -> _Portion:
        """All that is made of these issues and of none after them: each essay is read and rendered once."""
        found = _Portion([], [], [])
        indexes = list(issued(self.source.register).values())
        try:
            for place in places:
                each = self.whole.issues[place]
                if known := told(self.whole, each).told:
                    found.told.append(known)
                found.differing.extend(self._differing(self.planned.get(place, ())))
                found.others.extend(issue.problems(self.site, self.source, self.whole, each, indexes[place]))
        except UNREADABLE as error:
            return _Portion([], found.differing, [*found.others, unreadable(settings.NAME, error)])
        return found

    def overview(self, known: Sequence[Told]) -> Iterator[Problem]:
        """The files about all issues."""
        issues = [dataclasses.replace(each, told=said) for each, said in zip(self.whole.issues, known, strict=True)]
        every = dataclasses.replace(self.whole, issues=tuple(issues))
        wanted = {name for name, _ in self.planned.get(-1, ())}
        yield from self._differing([(name, planned) for name, planned in plan(every) if name in wanted])
        if every.search:
            yield from self._index(every)

    def _index(self, every: Site) -> Iterator[Problem]:
        """The index of search: what the same version of pagefind makes of the texts, and no file besides."""
        if fault := pagefind.fault(every.search):
            remedy = f"`pip install {pagefind.LIBRARY}=={every.search}`"
            yield Problem(search.INDEX, f"is not verified: that {fault}", remedy)
            return
        made = {name: Planned(None, partial(bytes, data)) for name, data in search.index(every).items()}
        yield from self._differing([*made.items()])
        for name in filter(search.is_index, self.site.digests.keys() - made.keys()):
            yield Problem(name, f"is made of no record{issue.by(self.source)}")

    def not_made(self) -> Iterator[Problem]:
        """Files that are made of no record."""
        made = {name for planned in self.planned.values() for name, _ in planned}
        for each, index in zip(self.whole.issues, issued(self.source.register).values(), strict=False):
            listed = listing(self.source, self.source.register.statement(index)).keys()
            made |= {name for name in listed - self.source.withdrawn.keys() if issue.freezes(each, name)}
        for name in self.site.digests.keys() - made:
            if not _beside(name) and not (self.whole.search and search.is_index(name)):
                yield Problem(name, f"is made of no record{issue.by(self.source)}")

    def _differing(self, planned: Sequence[tuple[str, Planned]]) -> Iterator[Problem]:
        for name, each in planned:
            if name not in self.site.digests:
                yield Problem(name, f"is made of the records, and missing{issue.by(self.source)}")
            elif self.site.digests[name] != sums.digest(each.make()):
                yield Problem(name, f"is not what is made of the records{issue.by(self.source)}")


def of_site(site: Opened) -> Source:
    """The records of a published site. Raises `Refused` with all that is wrong in ``newsletter.toml``."""
    folder = site.folder.path
    noted = [re.fullmatch(r"essays/([^/]+)/editors", name) for name in site.folders]
    return Source(
        settings=accepted(read_sidecar(site.folder.data(settings.NAME), settings.NAME, Settings)),
        register=site.register,
        reviewers=site.reviewers,
        policies=site.policies,
        frozen=lambda week: folder,
        place="",
        notes=issue.notes(site, {form[1]: form[0] for form in noted if form}),
        room=partial(room.room, site),
    )


def _beside(name: str) -> bool:
    """Whether a file is no part of what is made: the register, and the proofs, which are checked against it."""
    return is_live(name) or name == LIST or Path(name).name == f"{LIST}.tlog-proof"
