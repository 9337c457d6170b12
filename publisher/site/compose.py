"""A `Site` as the files that are published: pages, feeds, what an issue froze, and the lists of sums over them.

`compose` makes every file, or, told what was made before from what, only those that may be others now. Both give the
same list of the whole site.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from archive.home.trust import trust
from archive.register import sums
from archive.register.note import VerifierKey
from archive.register.sums import LIST
from publisher.site import card, feed, index, mail, page, pages, room, search, settings
from publisher.site.plan import Plan, Planned
from publisher.site.site import Files, Issue, Site, Told

LIVE = ("register/checkpoint", "register/tile/", "register/cosigned/")
"""Under the site, but outside its lists: they change with every statement."""


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of the files that the site's list names: what each was made from, and what it is."""

    inputs: Mapping[str, str] = field(default_factory=dict)
    """Path → `Planned.inputs`, of those that have some."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Path → SHA-256."""


NOTHING = Made()


@dataclass(frozen=True, slots=True)
class Composed:
    """A site, as far as it had to be made."""

    site: Site
    """With what is told of each issue."""
    files: Files
    """Path → bytes of what was made."""
    made: Made
    """Of every file in the site's list."""


def compose(site: Site, before: Made = NOTHING) -> Composed:
    """The site's files but the lists' proofs and what is live under ``register/``; without `before`, all of them.

    What was made `before`, by the same program with the same constants and from the same inputs, is not made again.
    """
    site = telling(site)
    files: Files = {}
    inputs: dict[str, str] = {}
    digests: dict[str, str] = {}
    for name, planned in plan(site):
        if planned.inputs is not None:
            inputs[name] = planned.inputs
            if before.inputs.get(name) == planned.inputs and name in before.digests:
                digests[name] = before.digests[name]
                continue
        files[name] = planned.make()
        digests[name] = sums.digest(files[name])
    if of := search.made_from(site):
        inputs[search.TABLE] = of
        if before.inputs.get(search.TABLE) == of:
            digests |= {name: digest for name, digest in before.digests.items() if search.is_index(name)}
        else:
            files |= (made := search.index(site))
            digests |= {name: sums.digest(data) for name, data in made.items()}
    files[LIST] = sums.write(digests)
    for issue in site.issues:
        if _list_of(issue) in files:
            files |= issue.frozen
    return Composed(site, files, Made(inputs, digests))


def ready() -> None:
    """Compile what every issue needs, once for all the processes that are copied from this one."""
    page.ready()
    card.ready()
    mail.ready()


def plan(site: Site) -> Plan:
    """Every file in the site's list but an index of search, whose names are known only when it is made."""
    yield from pages.plan(site)
    yield from feed.plan(site)
    yield from room.plan(site.room)
    yield "register/policy", Planned("", partial(_policy, site))
    yield settings.NAME, Planned("", partial(settings.write, site))
    yield from ((name, Planned(sums.digest(data), partial(bytes, data))) for name, data in notes(site))
    yield "register/allowed_signers", Planned(None, lambda: site.allowed_signers)
    yield from ((name, Planned("", partial(bytes, data))) for name, data in site.keys.items())
    yield from ((f"issues/{gap.week}/notice.toml", Planned("", partial(bytes, gap.notice))) for gap in site.gaps)
    for each in site.withdrawn.values():
        yield f"essays/{each.slug}/notice.toml", Planned(each.name, partial(bytes, each.notice))
    yield from ((_list_of(issue), Planned(str(issue.week), partial(issue_list, issue))) for issue in site.issues)


def _policy(site: Site) -> bytes:
    """Whose register it is, and who must have seen a checkpoint for it to be believed (C2SP tlog-policy)."""
    return bytes(trust([VerifierKey.parse(key) for key in (site.vkey, *site.also)], site.witnesses, site.quorum))


def notes(site: Site) -> Iterator[tuple[str, bytes]]:
    """The editors' notes beside what was published: ``essays/on-commas/editors/1.toml``."""
    for issue in site.issues:
        for slug in site.there(issue).values():
            for path, data in site.notes.get(slug, {}).items():
                yield f"essays/{slug}/editors/{path.rpartition('/')[2]}", data


def issue_list(issue: Issue) -> bytes:
    """``issues/<week>/SHA256SUMS``: what was frozen, by site path; it stays as it was logged, whatever is withdrawn."""
    there = {name: sums.digest(data) for name, data in issue.frozen.items()}
    return sums.write(there | dict(issue.contents().withdrawn))


def is_live(name: str) -> bool:
    """Whether a site path is outside the lists because it changes with every statement."""
    return name == LIVE[0] or name.startswith(LIVE[1:])


def _list_of(issue: Issue) -> str:
    return f"issues/{issue.week}/{LIST}"


def telling(site: Site) -> Site:
    """A site with what is told of each issue, for `plan`."""
    return dataclasses.replace(site, issues=tuple(told(site, issue) for issue in site.issues))


def told(site: Site, issue: Issue) -> Issue:
    """An issue with what the pages about all issues say of it."""
    called = site.called(issue)
    if issue.told and issue.told.called == called:
        return issue
    issue = dataclasses.replace(issue, told=None)
    said, essays = index.objects(site, issue)
    made = Told(pages.item(site, issue), said, essays, pages.lines(site, issue), called)
    return dataclasses.replace(issue, told=made)
