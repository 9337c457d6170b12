"""One week: what would go out or went out, in which order, what is in its way, and what may be done about it."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from archive.desk.ask import Ask, goto, page
from archive.errors import Problem
from archive.home.home import Home
from archive.wording import written
from publisher.delivery import copies
from publisher.delivery.preview.draft import Draft
from publisher.delivery.preview.views import Thing, things
from publisher.desk.week import looks, mail
from publisher.essays.submission import read_all
from publisher.issues.skip import REASONS
from publisher.issues.source import newsletter, of_home
from publisher.issues.statements import explained, issued
from publisher.issues.weeks import day_of, promised, this_week
from publisher.status import waiting
from publisher.status.waiting import Waiting
from publisher.week import Week

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An essay of the week, and the addresses that lead to the same week in another order."""

    slug: str
    title: str
    said: str
    notable: tuple[Problem, ...]
    earlier: str
    """Empty where it is the first."""
    without: str
    """Empty where it is the only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """An essay that is not in it."""

    essay: Waiting
    add: str
    """Where it is; empty for one that is not approved."""


def week(ask: Ask) -> Response:
    """Of any week: one that is out, one without an issue, one to come."""
    name, home = Week.parse(ask.path["week"]), ask.home
    if home.configuration.newsletter is None:
        return goto(ask, "week/setup")
    if str(name) in explained(home.register):
        return _silent(ask, name)
    slugs = ask.query.every("essay")
    made = looks.DRAFTS.get(ask, name, slugs)
    chosen = list(dict.fromkeys(slugs or [text.slug for text in made.texts]))
    out = str(name) in issued(home.register)
    return page(
        ask,
        "week/week.html",
        week=name,
        made=made,
        chosen=chosen,
        slugs=slugs,
        texts=list(_texts(name, made, chosen)),
        more=[] if out else list(_more(home, name, chosen)),
        things=list(_keyed(made)),
        look=lambda view: looks.address(name, slugs, view),
        entry=issued(home.register).get(str(name)),
        day=_due(home, name),
        reasons={code: words for code, words in REASONS.items() if words},
        until=ask.query["until"],
        mailing=mail.mailing(ask, name) if out else None,
        copied=_copied(home, name),
        before=name.before,
    )


def _silent(ask: Ask, name: Week) -> Response:
    index = explained(ask.home.register)[str(name)]
    notice = ask.home.register.statement(index)
    said = of_home(ask.home, {}).notice(str(name), *next(iter(notice.subjects.items())))
    words = str(tomllib.loads(said.decode())["words"])
    return page(ask, "week/silent.html", week=name, index=index, notice=notice, words=words, before=name.before)


def at(week: Week, slugs: Sequence[str]) -> str:
    """A week with these essays in this order: ``week/2026-W48?essay=on-commas``"""
    return f"week/{week}" + (f"?{urlencode([('essay', slug) for slug in slugs])}" if slugs else "")


def _copied(home: Home, name: Week) -> list[str]:
    """Where its pages lie by now."""
    index = issued(home.register).get(str(name))
    return [place for place, copy in copies.read(home).items() if index is not None and copy.size > index]


def _texts(name: Week, made: Draft, chosen: Sequence[str]) -> Iterator[Text]:
    known = {text.slug: text for text in made.texts}
    for number, slug in enumerate(chosen):
        others = [each for each in chosen if each != slug]
        sooner = [*others[: number - 1], slug, *others[number - 1 :]]
        text = known.get(slug)
        yield Text(
            slug=slug,
            title=text.title if text else slug,
            said=f"{text.accession}, {text.said}" if text else "cannot be shown",
            notable=text.notable if text else (),
            earlier=at(name, sooner) if number else "",
            without=at(name, others) if others else "",
        )


def _more(home: Home, name: Week, chosen: Sequence[str]) -> Iterator[More]:
    for submission in read_all(home):
        found = waiting.waiting(home, submission)
        if found and found[0].slug not in chosen and found[0].state in ("approved", "waiting", "held"):
            approved = found[0].state == "approved"
            yield More(essay=found[0], add=at(name, [*chosen, found[0].slug]) if approved else "")


def _keyed(made: Draft) -> Iterator[tuple[Thing, list[tuple[str, str, str, str]]]]:
    """What can be looked at; each view with its keys: label, look, address, ``v a``."""
    count = 0
    for thing in things(made):
        views = []
        for view in thing.views:
            keys = f"v {_LETTERS[count]}" if count < len(_LETTERS) else ""
            views.append((view.label, view.look, view.address, keys))
            count += view.look != "light"  # of dark and light, one is shown
        yield thing, views


def _due(home: Home, name: Week) -> str:
    """When it is due, for a week that is promised."""
    letter = newsletter(home)
    if not promised(letter, name):
        return ""
    now = this_week(letter, home.now())
    what = "this week" if name == now else "not begun yet" if name > now else "over"
    return f"{what}; due on {letter.weekday.capitalize()}, {written(day_of(letter, name))}"
