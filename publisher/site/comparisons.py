"""The same question across contexts: a page for each question of each protocol that an interview here followed.

``compare/<protocol>/<question>/index.html`` has the answers of all public deposits that followed it, found as `archive
compare` finds them. Who was asked in the same setting stands together; what the settings have in common is said once.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from archive.catalogue.conversations import of_deposit
from archive.documents.words import Words, bare, spans
from archive.errors import NotFound
from archive.records.context_bias import context_field
from archive.records.deposit_record import Setting
from archive.records.protocol import Protocol
from archive.research.compare import choose, compared
from archive.research.comparison import Answer, Comparison, Context
from archive.wording import plainly
from publisher.site.held import Held, interviews, turn_page
from publisher.site.page import fill
from publisher.site.plan import Plan, Planned
from publisher.site.setting import FIRST, in_words
from publisher.site.site import Site

ROOM = 38_000
"""Bytes that contexts and answers may take; those after them are named with links."""
ANSWER, FIRSTS, FIELD = 1500, 300, 160
"""Characters of an answer, of each of the commitments' three, of all else about a setting; what is longer is cut."""
NAMED = 100
"""Answers that are named with a link where they are not shown; the rest is counted."""
_FRAME = 350
"""Bytes about a context or an answer that it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A context as its page shows it."""

    context: Context
    differs: tuple[tuple[str, Words], ...]
    """What is said of its setting and not of all: label and words."""
    answers: tuple[tuple[Answer, str], ...]
    """Each with its words, cut where they are long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The question in one wording, and what was answered."""

    text: str
    versions: tuple[int, ...]
    """Of the protocol, that have it."""
    same: tuple[tuple[str, Words], ...]
    """Of the commitments' three, what is said of all settings."""
    shown: tuple[Shown, ...]
    named: tuple[Answer, ...]
    """Those for which there is no room."""
    left: int
    """How many more there are."""
    answers: int


def plan(site: Site) -> Plan:
    """A page for each question, by the names of the protocol and of the deposits that followed it."""
    for name, shown in site.room.protocols.items():
        own = [each for each in interviews(site) if each.setting.protocol.partition("@")[0] == name]
        deposits = dict.fromkeys(site.room.deposits[each.number].name for each in own)
        known = dict.fromkeys(site.known(each.setting.model) for each in own)
        inputs = " ".join([shown.name, *deposits, *known])
        for question in questions(site, name):
            make = partial(_page, site, name, question, own)
            yield page_of(name, question), Planned(inputs, make)


def page_of(protocol: str, question: str) -> str:
    """``compare/retirement-interview/wishes/index.html``"""
    return f"compare/{protocol}/{question}/index.html"


def questions(site: Site, protocol: str) -> list[str]:
    """Every question that a version of it has, by id."""
    return list(dict.fromkeys(q.id for each in _versions(site, protocol) for q in each.question))


def _versions(site: Site, name: str) -> list[Protocol]:
    """Newest first."""
    return [each for each in site.room.asking.values() if each.id == name][::-1]


def _page(site: Site, name: str, question: str, own: Sequence[Held]) -> bytes:
    versions = _versions(site, name)
    wordings = list(_wordings(site, versions, question, own))
    first = next(q for each in versions for q in each.question if q.id == question)
    values: dict[str, object] = {
        "protocol": versions[0],
        "question": first,
        "wordings": wordings,
        "described": [each for each in own if each.described],
        "spans": spans,
        "turn_page": partial(turn_page, site),
    }
    return fill(site, page_of(name, question), "compare.html", **values)


def _wordings(site: Site, versions: Sequence[Protocol], question: str, own: Sequence[Held]) -> Iterator[Wording]:
    """One for each different wording that the versions have, newest first."""
    deposits = [
        site.room.deposit(number) for number in dict.fromkeys(each.number for each in own if not each.described)
    ]
    settings = {each.address: each.setting for each in own} | {
        f"{deposit.accession}/{n}": deposit.record.setting(n)
        for deposit in deposits
        for n in range(1, deposit.transcript.interviews + 1)
    }
    done: set[str] = set()
    for each in versions:
        name = f"{each.ref}/{question}"
        if name in done or not any(q.id == question for q in each.question):
            continue
        chosen = choose([name], site.room.asking)
        done |= set(chosen.names)
        mine = [v.version for v in versions if f"{v.ref}/{question}" in chosen.names]
        try:
            said = (each for deposit in deposits for each in of_deposit(deposit, site.room.asking))
            found: Comparison | None = compared(said, site.room.asking, chosen)
        except NotFound:
            found = None
        yield _wording(chosen.text, mine, found, settings)


def _wording(text: str, versions: Sequence[int], found: Comparison | None, settings: dict[str, Setting]) -> Wording:
    """A comparison as far as a page has room for it."""
    every = [_shown(found, context, settings) for context in found.contexts] if found else []
    shown, rest = _fitting(every)
    same = found.same if found else {}
    return Wording(
        text=text,
        versions=tuple(versions),
        same=tuple((FIRST[key], _words(same[key], key)) for key in FIRST if key in same) if len(every) > 1 else (),
        shown=shown,
        named=rest[:NAMED],
        left=max(0, len(rest) - NAMED),
        answers=len(found.answers) if found else 0,
    )


def _fitting(every: Sequence[Shown]) -> tuple[tuple[Shown, ...], tuple[Answer, ...]]:
    """As much of it as a page has room for, and the answers that are left."""
    shown: list[Shown] = []
    rest: list[Answer] = []
    room = ROOM
    for one in every:
        room -= _size(*(label + bare(words) for label, words in one.differs))
        kept: list[tuple[Answer, str]] = []
        for answer, text in one.answers:
            room -= _size(text)
            if room >= 0 or not (shown or kept):
                kept.append((answer, text))
            else:
                rest.append(answer)
        if kept:
            shown.append(replace(one, answers=tuple(kept)))
    return tuple(shown), tuple(rest)


def _size(*texts: str) -> int:
    """About how many bytes of HTML these take."""
    return _FRAME + sum(len(html.escape(text).encode()) + 50 for text in texts)


def _shown(found: Comparison, context: Context, settings: dict[str, Setting]) -> Shown:
    bias = settings[context.interviews[0]].context_bias
    differing = list(found.differs) if len(found.contexts) > 1 else list(FIRST)
    answers = [answer for answer in found.answers if answer.context == context.name]
    return Shown(
        context=context,
        differs=tuple((FIRST.get(key, plainly(key).capitalize()), _words(bias[key], key)) for key in differing),
        answers=tuple((answer, _cut(answer.text, ANSWER)) for answer in answers),
    )


def _words(text: str, key: str) -> Words:
    return in_words(text, context_field(key), FIRSTS if key in FIRST else FIELD)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()} …"
