"""The pages of interviews: the setting first, then the conversation, with what was noted beside each turn.

``interviews/2026-0041/3/index.html`` has the beginning of the third interview of a deposit, and all of it where it is
short; ``interviews/2026-0041/3/2/index.html`` what follows. A turn's address is the page it stands on and ``#t12``.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from archive.deposits.deposit import Deposit
from archive.documents.document import Prose
from archive.documents.prose import as_html
from archive.documents.words import Words, spans
from archive.importers.turns import Turn
from archive.records.analysis import Analysis
from archive.records.answer import answer
from archive.records.context_bias import CONTEXT_BIAS, recorded, unanswered
from archive.records.deposit_record import SILENT, Setting
from archive.records.protocol import Protocol
from archive.records.quotation import locate
from archive.records.wording import said
from archive.register import sums
from archive.research.asked import asked, coders
from archive.wording import plainly
from publisher.site.page import fill
from publisher.site.plan import Plan, Planned
from publisher.site.site import Site

LONGEST = 36_000
"""Bytes of turns, as ``turns.jsonl`` has them, that stand on one page; a turn is never cut."""
FIRST = {
    "specific_context": "The occasion",
    "expressed_legitimacy": "Did the model take it for genuine?",
    "expressed_trust": "Did it trust who asked?",
}
"""The three fields that the commitments name, in words for a newcomer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An interview that anyone may read, or read of."""

    number: str
    """Of its deposit."""
    interview: int
    setting: Setting
    described: bool
    """Whether only its setting and what was asked are shown."""

    @property
    def address(self) -> str:
        """``2026-0041/3``"""
        return f"{self.number}/{self.interview}"

    @property
    def path(self) -> str:
        """Site path of its page."""
        return f"interviews/{self.address}/index.html"


def interviews(site: Site) -> Iterator[Held]:
    """Every interview in the reading room, in the order of filing."""
    for number, record in site.room.records.items():
        public = site.room.access(number) == "public"
        for n in range(1, (site.room.deposits[number].filed.head.interviews if public else 1) + 1):
            yield Held(number=number, interview=n, setting=record.setting(n), described=not public)


def plan(site: Site) -> Plan:
    """The pages of each interview, and of each analysis."""
    protocols = " ".join(each.name for each in site.room.protocols.values())
    there = sums.digest(" ".join(site.room.deposits).encode())
    for each in interviews(site):
        shown = site.room.deposits[each.number]
        inputs = f"{shown.name} {site.known(each.setting.model)} {protocols}".rstrip()
        if each.described:
            yield each.path, Planned(inputs, partial(_described, site, each))
            continue
        cuts = _cuts(site, each.number)[each.interview]
        for part, turns in enumerate(cuts, 1):
            ends = f"{part}/{len(cuts)}"
            yield _path(each, part), Planned(f"{inputs} {ends}", partial(_page, site, each, part, turns, len(cuts)))
    for number, shown in site.room.deposits.items():
        for name in shown.filed.named("analyses/", ".toml"):
            slug = name.removeprefix("analyses/").removesuffix(".toml")
            path = f"interviews/{number}/analyses/{slug}/index.html"
            yield path, Planned(f"{shown.name} {there}", partial(_analysis, site, number, slug, path))


def turn_page(site: Site, interview: int | str, turn: int) -> str:
    """Where a turn can be read, ``interviews/2026-0041/3/2/index.html#t130``; empty where it cannot."""
    number, _, n = str(interview).partition("/")
    if number not in site.room.deposits or site.room.access(number) != "public":
        return ""
    cuts = _cuts(site, number).get(int(n), ())
    part = next((part for part, turns in enumerate(cuts, 1) if turn in turns), 0)
    held = f"interviews/{interview}/" + ("" if part == 1 else f"{part}/")
    return f"{held}index.html#t{turn}" if part else ""


def _path(held: Held, part: int) -> str:
    return held.path if part == 1 else f"interviews/{held.address}/{part}/index.html"


def _cuts(site: Site, number: str) -> Mapping[int, tuple[range, ...]]:
    """Interview → the turns that each of its pages has."""
    return {interview: tuple(_ranges(own)) for interview, own in site.room.sizes[number].items()}


def _ranges(sizes: Sequence[int]) -> Iterator[range]:
    start, held = 1, 0
    for number, size in enumerate(sizes, 1):
        if held and held + size > LONGEST:
            yield range(start, number)
            start, held = number, 0
        held += size
    yield range(start, len(sizes) + 1)


# ── the setting ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Told(NamedTuple):
    """What is recorded of one thing about the setting."""

    label: str
    means: str
    words: Words


def _setting(setting: Setting) -> dict[str, object]:
    """The commitments' three, then what else is recorded by its heading, then what is not."""
    bias = setting.context_bias
    told: dict[str, list[Told]] = defaultdict(list)
    for f in CONTEXT_BIAS:
        if answer(bias[f.key], f).recorded:
            label = FIRST.get(f.key, plainly(f.key).capitalize())
            told["" if f.key in FIRST else f.group.partition("  ")[2]].append(
                Told(label, f.means, said(bias[f.key], f))
            )
    missing = unanswered(bias)
    return {
        "first": told.pop("", []),
        "groups": told,
        "silent_first": [FIRST[key] for key in missing if key in FIRST],
        "silent": [plainly(key) for key in missing if key not in FIRST],
        "recorded": recorded(bias),
    }


def _protocol(site: Site, setting: Setting) -> Protocol | None:
    return None if setting.protocol in SILENT else site.room.asking.get(setting.protocol)


def _described(site: Site, held: Held) -> bytes:
    values = {"held": held, "record": site.room.records[held.number], "protocol": _protocol(site, held.setting)}
    values |= _setting(held.setting)
    return fill(site, held.path, "described.html", shown=site.room.deposits[held.number], spans=spans, **values)


# ── the conversation ─────────────────────────────────────────────────────────────────────────────────────────────────


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
    notes: tuple[tuple[str, object], ...]
    """Coder and note."""
    questions: tuple[str, ...]
    """The protocol's questions that it asks."""


def _page(site: Site, held: Held, part: int, turns: range, parts: int) -> bytes:
    deposit = site.room.deposit(held.number)
    said_of = coders(deposit, held.interview)
    spoken = [turn for turn in deposit.transcript.turns if turn.interview == held.interview]
    protocol = _protocol(site, held.setting)
    put: dict[int, list[str]] = defaultdict(list)
    for found in asked(protocol.question, spoken, said_of) if protocol else ():
        put[found.turn].append(found.question)
    quoting = list(_quoting(deposit, held.interview))
    utterances = [
        Utterance(
            turn=turn,
            pieces=tuple(_pieces(turn, quoting)),
            notes=tuple(
                (coder, note) for coder, own in sorted(said_of.items()) for note in own if note.turn == turn.turn
            ),
            questions=tuple(put[turn.turn]),
        )
        for turn in spoken
        if turn.turn in turns
    ]
    values: dict[str, object] = {
        "held": held,
        "record": deposit.record,
        "protocol": protocol,
        "shown": site.room.deposits[held.number],
        "utterances": utterances,
        "part": part,
        "pages": [_path(held, n) for n in range(1, parts + 1)],
        "transcript": deposit.transcript,
        "analyses": {slug: each for slug, each in deposit.analyses.items() if _reads(each, held)},
        "spans": spans,
        "turns": len(spoken),
        **_setting(held.setting),
    }
    return fill(site, _path(held, part), "interview.html", **values)


def _reads(analysis: Analysis, held: Held) -> bool:
    return held.interview in analysis.interviews or held.address in analysis.interviews


def _quoting(deposit: Deposit, interview: int) -> Iterator[tuple[int, tuple[int, int], str]]:
    """Turn, place in its text, and where the claim stands that quotes it."""
    turns = {turn.turn: turn for turn in deposit.transcript.turns if turn.interview == interview}
    for slug, made in sorted(deposit.analyses.items()):
        for number, claim in enumerate(made.claim, 1):
            for quote in claim.quote:
                turn = (
                    turns.get(quote.turn)
                    if quote.interview in (interview, f"{deposit.accession}/{interview}")
                    else None
                )
                span = locate(quote, turn) if turn and quote.part == "text" else None
                if span:
                    yield quote.turn, span, f"analyses/{slug}/index.html#claim-{number}"


def _pieces(turn: Turn, quoting: Sequence[tuple[int, tuple[int, int], str]]) -> Iterator[Piece]:
    """The text of a turn, cut where a quote begins or ends."""
    spans_ = [(span, where) for number, span, where in quoting if number == turn.turn]
    ends = sorted({0, len(turn.text), *(end for span, _ in spans_ for end in span)})
    for start, end in pairwise(ends):
        over = tuple(dict.fromkeys(where for (a, b), where in spans_ if a <= start and end <= b))
        yield Piece(turn.text[start:end], over)


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
        prose=Markup(as_html(Prose(prose, 1))),
        turn_page=partial(turn_page, site),
        place=partial(_placed, number),
    )


def _placed(number: str, interview: int | str) -> str:
    """``2026-0041/3`` of what an analysis in this deposit calls ``3``."""
    return interview if isinstance(interview, str) else f"{number}/{interview}"
