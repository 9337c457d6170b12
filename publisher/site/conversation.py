"""The pages of a conversation: each turn with what was noted of it beside it, and how it can be cited."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from archive.deposits.asked import Noted, asked, coders
from archive.deposits.deposit import Deposit
from archive.documents.words import spans
from archive.exchange.citation import cited
from archive.importers.turns import Turn
from archive.records.analysis import Analysis
from archive.records.deposit_record import SILENT
from archive.records.protocol import Protocol
from archive.records.quotation import locate
from publisher.site import setting
from publisher.site.held import Held, turn_page
from publisher.site.page import fill
from publisher.site.site import Site

Quoting = tuple[int, tuple[int, int], str]
"""Turn, place in its text, and where the claim stands that quotes it."""


class Piece(NamedTuple):
    """Some words of a turn, and what quotes them."""

    text: str
    quoted: tuple[str, ...] = ()
    """Where that stands: ``analyses/first-reading/index.html#claim-2``, from the deposit's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A turn, as its page shows it."""

    turn: Turn
    pieces: tuple[Piece, ...]
    notes: tuple[tuple[str, Noted], ...]
    """Coder and note."""
    questions: tuple[str, ...]
    """The protocol's questions that it asks."""
    aside: bool
    """Whether it is on no thread that was kept."""
    ways: tuple[int, ...]
    """Turns in which the conversation went on from here otherwise than in the next."""


def page(site: Site, held: Held, part: int, parts: Sequence[range]) -> bytes:
    """One part of it, from 1."""
    deposit = site.room.deposit(held.number)
    spoken = site.room.spoken(held.number, held.interview)
    protocol = protocol_of(site, held)
    values: dict[str, object] = {
        "held": held,
        "record": deposit.record,
        "protocol": protocol,
        "shown": site.room.deposits[held.number],
        "utterances": list(_utterances(deposit, held.interview, spoken, protocol, parts[part - 1])),
        "part": part,
        "pages": [held.part(number) for number in range(1, len(parts) + 1)],
        "transcript": deposit.transcript,
        "analyses": {slug: each for slug, each in deposit.analyses.items() if _reads(each, held)},
        "spans": spans,
        "turns": len(spoken),
        "cited": partial(_cited, site, held),
        "turn_page": partial(turn_page, site, held.address),
        **setting.values(held.setting),
    }
    return fill(site, held.part(part), "interview.html", **values)


def _cited(site: Site, held: Held, turn: int, address: str) -> str:
    """How a turn of it is cited; `address` is that of the page it stands on."""
    said = held.setting
    where = f"{held.address}#{turn}", f"{address}#t{turn}"
    return cited(site.name_of(said.model), said.kind, said.date, site.name, *where)


def protocol_of(site: Site, held: Held) -> Protocol | None:
    """The protocol that an interview followed, where it is shown."""
    return None if held.setting.protocol in SILENT else site.room.asking.get(held.setting.protocol)


def _utterances(
    deposit: Deposit, interview: int, spoken: Sequence[Turn], protocol: Protocol | None, turns: range
) -> Iterator[Utterance]:
    said_of = coders(deposit, interview)
    put: dict[int, list[str]] = defaultdict(list)
    for found in asked(protocol.question, spoken, said_of) if protocol else ():
        put[found.turn].append(found.question)
    notes: dict[int, list[tuple[str, Noted]]] = defaultdict(list)
    for coder, own in sorted(said_of.items()):
        for note in own:
            notes[note.turn].append((coder, note))
    quoting = list(_quoting(deposit, interview, spoken))
    aside, ways = _branches(spoken)
    for turn in spoken:
        if turn.turn in turns:
            yield Utterance(
                turn=turn,
                pieces=tuple(_pieces(turn, quoting)),
                notes=tuple(notes[turn.turn]),
                questions=tuple(put[turn.turn]),
                aside=turn.turn in aside,
                ways=tuple(ways[turn.turn]),
            )


def _branches(spoken: Sequence[Turn]) -> tuple[set[int], Mapping[int, list[int]]]:
    """The turns of other branches than the thread that was kept, which comes first; and where each of them begins."""
    aside: set[int] = set()
    ways: dict[int, list[int]] = defaultdict(list)
    for turn in spoken:
        if turn.parent is not None:
            ways[turn.parent].append(turn.turn)
            aside.add(turn.turn)
        elif turn.turn - 1 in aside:
            aside.add(turn.turn)
    return aside, ways


def _reads(analysis: Analysis, held: Held) -> bool:
    return held.interview in analysis.interviews or held.address in analysis.interviews


def _quoting(deposit: Deposit, interview: int, spoken: Sequence[Turn]) -> Iterator[Quoting]:
    turns = {turn.turn: turn for turn in spoken}
    here = (interview, f"{deposit.accession}/{interview}")
    for slug, made in sorted(deposit.analyses.items()):
        for number, claim in enumerate(made.claim, 1):
            for quote in claim.quote:
                turn = turns.get(quote.turn) if quote.interview in here else None
                span = locate(quote, turn) if turn and quote.part == "text" else None
                if span:
                    yield quote.turn, span, f"analyses/{slug}/index.html#claim-{number}"


def _pieces(turn: Turn, quoting: Sequence[Quoting]) -> Iterator[Piece]:
    """The text of a turn, cut where a quote begins or ends."""
    own = [(span, where) for number, span, where in quoting if number == turn.turn]
    ends = sorted({0, len(turn.text), *(end for span, _ in own for end in span)})
    for start, end in pairwise(ends):
        over = tuple(dict.fromkeys(where for (a, b), where in own if a <= start and end <= b))
        yield Piece(turn.text[start:end], over)
