"""The pages of interviews, of readings of them, and of all: the setting first, then the conversation (`conversation`).

Of one that is only described the setting is shown, what was asked, and how to ask for the rest.
"""

import datetime as dt
from functools import partial
from itertools import groupby

from markupsafe import Markup

from archive.documents.document import Prose
from archive.documents.prose import as_html
from archive.documents.words import spans
from archive.research.chapters import untitled
from publisher.site import conversation, setting
from publisher.site.conversation import protocol_of
from publisher.site.held import Held, interviews, parts, turn_page
from publisher.site.page import fill
from publisher.site.plan import Plan, Planned, named
from publisher.site.site import Site

TOGETHER = 200
"""Interviews on one page of the list."""


def plan(site: Site) -> Plan:
    """The pages of each interview, and of each analysis."""
    protocols = " ".join(each.name for each in site.room.protocols.values())
    for each in interviews(site):
        shown = site.room.deposits[each.number]
        inputs = f"{shown.name} {site.known(each.setting.model)} {protocols}".rstrip()
        if each.described:
            yield each.path, Planned(inputs, partial(_described, site, each))
            continue
        ranges = parts(site, each.number)[each.interview]
        for part in range(1, len(ranges) + 1):
            make = partial(conversation.page, site, each, part, ranges)
            yield each.part(part), Planned(f"{inputs} {part}/{len(ranges)}", make)
    for number, shown in site.room.deposits.items():
        inputs = " ".join([shown.name, *site.room.rests(number)])
        for name in shown.filed.named("analyses/", ".toml"):
            slug = name.removeprefix("analyses/").removesuffix(".toml")
            path = f"interviews/{number}/analyses/{slug}/index.html"
            yield path, Planned(inputs, partial(_analysis, site, number, slug, path))
    yield from _lists(site)


def _lists(site: Site) -> Plan:
    """All of them, newest first."""
    order = sorted(interviews(site), key=lambda each: each.setting.date or dt.date.min, reverse=True)
    portions = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)] or [[]]
    pages = [f"interviews/{f'{n}/' if n > 1 else ''}index.html" for n in range(1, len(portions) + 1)]
    for path, own in zip(pages, portions, strict=True):
        names = [f"{site.room.deposits[each.number].name} {site.known(each.setting.model)}" for each in own]
        years = [(year, list(of)) for year, of in groupby(own, key=_year)]
        make = partial(fill, site, path, "interviews.html", years=years, pages=pages, here=path)
        yield path, Planned(named(*names, str(len(pages))), make)


def _year(held: Held) -> str:
    return f"{held.setting.date.year}" if held.setting.date else ""


def _described(site: Site, held: Held) -> bytes:
    values = {"held": held, "record": site.room.record(held.number), "protocol": protocol_of(site, held)}
    values |= setting.values(held.setting)
    return fill(site, held.path, "described.html", shown=site.room.deposits[held.number], spans=spans, **values)


def _analysis(site: Site, number: str, slug: str, path: str) -> bytes:
    deposit = site.room.deposit(number)
    made = deposit.analyses[slug]
    prose = site.room.deposits[number].filed.read(f"analyses/{slug}.md").decode()
    return fill(
        site,
        path,
        "analysis.html",
        number=number,
        slug=slug,
        analysis=made,
        prose=Markup(as_html(Prose(untitled(prose, made.title), 1))),
        turn_page=partial(turn_page, site),
        place=partial(_placed, number),
    )


def _placed(number: str, interview: int | str) -> str:
    """``2026-0041/3`` of what an analysis in this deposit calls ``3``."""
    return interview if isinstance(interview, str) else f"{number}/{interview}"
