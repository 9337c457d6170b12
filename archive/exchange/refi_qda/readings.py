"""What rests on words of interviews: the claims of analyses, and preferences, quote by quote."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.coding.project import NOBODY
from archive.deposits.filed import FiledFolder
from archive.errors import accepted
from archive.exchange.selection import Selection, model_of
from archive.records import analysis, preference
from archive.records.quotation import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A quote of an analysis or a preference, and what rests on it."""

    code: str
    quote: Quote
    anchor: str
    """``2026-0041/first-reading, claim 2``"""
    said: str
    whole: str
    by: str
    day: dt.date


def readings(chosen: Selection) -> dict[str, list[Reading]]:
    """Every quote of analyses and preferences, by the interview it is of."""
    found: dict[str, list[Reading]] = defaultdict(list)
    for each in chosen.deposits:
        for name in each.named("analyses/", ".toml"):
            for said in _claims(each, name):
                found[_address(each.number, said.quote)].append(said)
    for each in chosen.models:
        for name in each.named("preferences/", ".toml"):
            for said in _wishes(each, name, model_of(each).id):
                found[_address(each.number, said.quote)].append(said)
    return found


def _address(number: str, quote: Quote) -> str:
    return quote.interview if isinstance(quote.interview, str) else f"{number}/{quote.interview}"


def _claims(chosen: FiledFolder, name: str) -> Iterator[Reading]:
    made = accepted(analysis.read(chosen.read(name), f"{chosen.place}/{name}"))
    for number, claim in enumerate(made.claim, 1):
        anchor = f"{chosen.number}/{Path(name).stem}, claim {number}"
        rate = [f"Said in {claim.expression_rate} interviews"] if claim.expression_rate else []
        sure = [f"Confidence: {claim.confidence}"] if claim.confidence else []
        rivals = [f"Or: {rival}" for rival in claim.rival_explanations]
        whole = "\n".join([made.title, claim.text, *rate, *sure, *rivals])
        for quote in claim.quote:
            yield Reading(
                code="claim", quote=quote, anchor=anchor, said=f"{claim.text}\n({anchor})", whole=whole,
                by=made.author, day=made.date,
            )  # fmt: skip


def _wishes(chosen: FiledFolder, name: str, model: str) -> Iterator[Reading]:
    wish = accepted(preference.read(chosen.read(name), f"{chosen.place}/{name}"))
    anchor = f"{chosen.number}/{Path(name).stem}"
    answers = [f"{each.date}: {each.status}. {each.reason}".rstrip() for each in wish.answers]
    whole = "\n".join([wish.summary, f"Voiced by {model}, {wish.date}", *(answers or ["Nobody has answered yet"])])
    for quote in wish.quote:
        yield Reading(
            code="preference", quote=quote, anchor=anchor, said=f"{wish.summary}\n({anchor})", whole=whole,
            by=NOBODY, day=wish.date,
        )  # fmt: skip
