"""Finding words: all that ``archive search`` can be asked, and what it finds, leading to the very turn."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from archive.catalogue import drafts
from archive.catalogue import search as engine
from archive.catalogue.hit import Hit
from archive.catalogue.listing import models
from archive.catalogue.show import filed
from archive.deposits import shelf
from archive.desk.ask import Ask, page
from archive.desk.reading.seen import of_filed
from archive.documents.words import Span, marked, spans
from archive.errors import NotFound, Problem, Refused
from archive.home.home import Home
from archive.importers.turns import ROLES
from archive.records.values import KINDS
from archive.wording import plainly

FIELDS = {
    "the query": "query", "--model": "model", "--role": "role", "--kind": "kind", "--code": "code",
    "--since": "since", "--until": "until", "--in": "scope", "--accession": "accession",
}  # fmt: skip
"""Which field of the form is meant by a problem's place."""
LIMITS = ("20", "100", "500")


def search(ask: Ask) -> Response:
    """The form, with what was found below it."""
    asked = ask.query["query"].strip() or ask.query["code"].strip()
    hits: list[Hit] = []
    wrong: dict[str, Problem] = {}
    within: list[str] = []
    try:
        if asked:
            hits, within = _found(ask)
    except Refused as refused:
        wrong = {FIELDS.get(each.place, "query"): each for each in refused.problems}
    except NotFound as error:
        named = next((name for name in ("accession", "model") if ask.query[name].strip()), "query")
        wrong = {named: Problem("", str(error))}
    return page(
        ask, "interviews/search.html", status=422 if wrong else 200, asked=bool(asked), hits=hits, within=within,
        wrong=defaultdict(str, wrong), drafts=drafts.beside(ask.home, map(_deposit, hits)) if hits else [],
        place=_place, words=_words, again=_again(ask), chosen=_chosen(ask), **_offered(ask.home),
    )  # fmt: skip


def _filters(ask: Ask) -> dict[str, Any]:
    """What was chosen, as `archive.catalogue.search` is asked."""
    named = ("model", "role", "kind", "code", "since", "until", "accession", "scope")
    chosen: dict[str, Any] = {name: ask.query[name].strip() or None for name in named}
    limit = ask.query["limit"]
    return {
        **chosen,
        "substring": bool(ask.query["substring"]),
        "ranked": bool(ask.query["ranked"]),
        "limit": int(limit) if limit in LIMITS else int(LIMITS[0]),
    }


def _found(ask: Ask) -> tuple[list[Hit], list[str]]:
    """What is found, and where nothing is, words of the query that stand within longer ones.

    What is kept from who codes blind, and from others until both are done, is left out. Asked again where there was
    some, since others take its place.
    """
    query, filters = ask.query["query"], _filters(ask)
    unseen: frozenset[tuple[str, str]] = frozenset()
    closed: set[str] = set()
    while True:
        hits = engine.search(ask.home, query, unseen=unseen, **filters)
        more, blind = _kept_from(ask, set(map(_deposit, hits)))
        closed |= blind
        if unseen >= more:
            hits = [hit for hit in hits if hit.found not in ("analysis", "claim") or _deposit(hit) not in closed]
            return hits, [] if hits else engine.within_words(ask.home, query, unseen=unseen, **filters)
        unseen |= more


def _kept_from(ask: Ask, numbers: set[str]) -> tuple[frozenset[tuple[str, str]], set[str]]:
    """Of these deposits: whose notes are kept from who asks, and those whose readings are."""
    unseen, closed = set(), set()
    for number in numbers:
        seen = of_filed(ask, filed(ask.home, number))
        unseen |= {(number, coder) for coder in seen.hidden}
        closed |= set() if seen.readings else {number}
    return frozenset(unseen), closed


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _deposit(hit: Hit) -> str:
    return hit.address.split("/")[0]


def _place(hit: Hit) -> str:
    """Where the page of a hit is: ``interviews/2026-0041/3#t12``"""
    return f"interviews/{hit.address.replace('#', '#t')}"


def _words(hit: Hit) -> Sequence[Span]:
    return spans(marked(hit.snippet, hit.marks))


def _chosen(ask: Ask) -> list[str]:
    """What the search is narrowed to, in short."""
    said = {"substring": "anywhere in words", "ranked": "best first", "since": f"from {ask.query['since']}"}
    said |= {"until": f"to {ask.query['until']}", "limit": f"at most {ask.query['limit']}"}
    given = (name for name in ask.query if name != "query" and ask.query[name].strip())
    return [
        said.get(name, plainly(ask.query[name])) for name in given if (name, ask.query[name]) != ("limit", LIMITS[0])
    ]


def _again(ask: Ask) -> str:
    """The same search, as an address, for parts of words."""
    return urlencode([(name, value) for name, values in ask.query.fields.items() for value in values if value])


def _offered(home: Home) -> dict[str, Any]:
    """What there is to choose from."""
    there = bool(home.register.size)
    return {
        "models": [line.id for line in models(home)] if there else [],
        "roles": dict.fromkeys(ROLES, ""),
        "kinds": KINDS,
        "codes": [field.name for field in shelf.codes(home)],
        "scopes": {"turns": "", "notes": "", "analyses": ""},
    }
