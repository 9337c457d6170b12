"""What `archive show` prints: plain text for a terminal, wrapped at words, nothing of a text changed but its lines."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from archive.catalogue.show import (
    Shown,
    ShownAnalysis,
    ShownDeposit,
    ShownInterview,
    ShownModel,
    ShownNote,
    ShownPreference,
    ShownTurn,
)
from archive.catalogue.terminal import cut, visible, wrapped
from archive.records.ai_model import Fact, Lifecycle
from archive.records.quotation import Quote
from archive.records.vocabulary import CONTEXT_BIAS, Field, answer
from archive.wording import plainly

_LONGEST = 600
"""Characters of an answer in the context-bias note that are printed."""


def text(shown: Shown, *, width: int = 80) -> str:
    """The whole of it, ending with a line break."""
    match shown:
        case ShownInterview():
            lines = _interview(shown, width)
        case ShownDeposit():
            lines = _deposit(shown, width)
        case ShownAnalysis():
            lines = _analysis(shown, width)
        case ShownPreference():
            lines = _preference(shown, width)
        case ShownModel():
            lines = _model(shown, width)
    return "".join(f"{line}\n" for line in lines)


def _pair(key: str, value: object, width: int, indent: str = "  ") -> list[str]:
    """A name, and beside it what it is; nothing where there is nothing."""
    return wrapped(str(value), width, f"{indent}{key:<22} ") if value not in (None, "", ()) else []


def _listed(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and what stands under it; nothing where nothing does."""
    found = list(lines)
    return ["", title.upper(), *found] if found else []


# ── interviews ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _interview(shown: ShownInterview, width: int) -> Iterator[str]:
    yield from _head(shown, width)
    yield ""
    yield from _context_bias(shown, width)
    for turn in shown.turns:
        yield ""
        yield from _turn(turn, width)


def _head(shown: ShownInterview | ShownDeposit, width: int) -> Iterator[str]:
    yield from wrapped(shown.title, width, f"{shown.address}  ")
    yield from wrapped(f"{shown.model} · {shown.kind} · {shown.date or 'date not recorded'}", width)
    protocol = f"protocol {shown.protocol} · " if isinstance(shown, ShownInterview) else ""
    yield from wrapped(f"{protocol}access {shown.access} · licence {shown.licence}", width)
    lost = ", ".join(f"{count} {what}" for what, count in shown.lost.items())
    source = f"{', '.join(shown.received)}, read by {shown.importer}"
    yield from wrapped(f"{source}; not in the turns: {lost}" if lost else source, width)
    if shown.analyses:
        yield from wrapped(f"analyses {', '.join(shown.analyses)}", width)


def _context_bias(shown: ShownInterview, width: int) -> Iterator[str]:
    """First the three that the commitments name; then what somebody answered; what nobody did, in one paragraph."""
    said = shown.context_bias
    yield f"CONTEXT BIAS  {shown.recorded} of {len(CONTEXT_BIAS)} recorded"
    named = [field for field in CONTEXT_BIAS if field.group == CONTEXT_BIAS[0].group]
    for field in named:
        yield from _pair(field.key, _answered(said, field), width)
    if not shown.whole:
        yield from wrapped(f"archive show {shown.address} shows the others", width, "  ")
        return
    others = [field for field in CONTEXT_BIAS if field not in named]
    for group, under in groupby((f for f in others if said[f.key] not in _SILENT), key=lambda f: f.group):
        yield ""
        yield f"  {group}"
        for field in under:
            yield from _pair(field.key, _answered(said, field), width)
    for silence, words in _SILENT.items():
        keys = [field.key for field in others if said[field.key] == silence]
        if keys:
            yield ""
            yield from wrapped(f"{words} ({len(keys)}): {', '.join(keys)}", width, "  ")


_SILENT = {"not_recorded": "not recorded", "not_applicable": "not applicable"}


def _answered(said: Mapping[str, str], field: Field) -> str:
    words = said[field.key]
    if (given := answer(words, field)).status != "given":
        words = plainly(given.status) + (f": {given.text}" if given.text else "")
    more = f" … ({len(words):,} characters; deposit.toml has them all)"
    return words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0] + more


def _turn(shown: ShownTurn, width: int) -> Iterator[str]:
    turn = shown.turn
    about = (
        turn.role,
        turn.name,
        turn.model,
        turn.time,
        f"follows #{turn.parent}" if turn.parent is not None else None,
    )
    head = f"── {turn.turn}  {cut(' · '.join(filter(None, about)), width - 12)} "
    yield head + "─" * (width - len(head))
    if turn.reasoning:
        yield from wrapped(turn.reasoning, width, "   (reasoning) ", "   : ")
        yield ""
    if turn.text:
        yield from wrapped(turn.text, width, "   ")
    for call in turn.tool_calls or ():
        yield from wrapped(f"calls {cut(json.dumps(call, ensure_ascii=False), 4 * width)}", width, "   → ")
    if turn.tool_result:
        yield from wrapped(
            f"answers {cut(json.dumps(turn.tool_result, ensure_ascii=False), 4 * width)}", width, "   ← "
        )
    if shown.notes or shown.quoted_in:
        yield ""
    for note in shown.notes:
        yield from _note(note, width)
    if shown.quoted_in:
        yield from wrapped(f"quoted in {', '.join(shown.quoted_in)}", width, "   ┆ ", "   ┆   ")


def _note(note: ShownNote, width: int) -> Iterator[str]:
    sure = f" ({note.confidence} confidence)" if note.confidence else ""
    head = f"{note.coder}, {note.date}{sure}" + (f", on “{' '.join(note.quote.split())}”" if note.quote else "")
    yield from wrapped(head, width, "   ┆ ", "   ┆   ")
    for line in (*map(str, note.codes), *([note.text] if note.text.strip() else [])):
        yield from wrapped(line, width, "   ┆   ", "   ┆     ")


def _deposit(shown: ShownDeposit, width: int) -> Iterator[str]:
    yield from _head(shown, width)
    if shown.coders:
        yield from wrapped(f"notes by {', '.join(shown.coders)}", width)
    yield ""
    for line in shown.interviews:
        title = "" if line.title == shown.title else line.title
        model = "" if line.model == shown.model else line.model
        bias = f"context {line.recorded} of {len(CONTEXT_BIAS)}"
        about = (str(line.date or "without date"), f"{line.turns:>4} turns", bias, model, title)
        yield from wrapped("  ".join(filter(None, about)), width, f"{line.address:<14} ")
    yield ""
    yield from wrapped(f"archive show {shown.interviews[0].address} shows the first of them", width)


# ── analyses and preferences ─────────────────────────────────────────────────────────────────────────────────────────


def _analysis(shown: ShownAnalysis, width: int) -> Iterator[str]:
    record = shown.record
    yield from wrapped(record.title, width, f"{shown.address}  ")
    after = f", supersedes {record.supersedes}" if record.supersedes else ""
    yield from wrapped(
        f"{record.author} ({record.author_kind}) · {record.date} · version {record.version}{after}", width
    )
    yield from wrapped(f"interviews read: {', '.join(map(str, record.interviews))}", width)
    yield ""
    for line in shown.prose.strip("\n").split("\n"):
        yield from [visible(line)] if line.startswith("|") else wrapped(line, width)
    for number, claim in enumerate(record.claim, 1):
        yield ""
        yield from wrapped(claim.text, width, f"CLAIM {number}  ")
        rate = f"said in {claim.expression_rate} interviews" if claim.expression_rate else ""
        sure = f"{claim.confidence} confidence" if claim.confidence else ""
        yield from wrapped(" · ".join(filter(None, (rate, sure))), width, "   ") if rate or sure else []
        yield from _quotes(claim.quote, width)
        for rival in claim.rival_explanations:
            yield from wrapped(rival, width, "   or else: ")
        if claim.disagrees_with:
            yield from wrapped(f"disagrees with {', '.join(claim.disagrees_with)}", width, "   ")


def _quotes(quotes: Iterable[Quote], width: int) -> Iterator[str]:
    for quote in quotes:
        part = "" if quote.part == "text" else f" ({quote.part})"
        yield from wrapped(f"“{quote.exact}” {quote.anchor}{part}", width, "   ")


def _preference(shown: ShownPreference, width: int) -> Iterator[str]:
    record = shown.record
    yield from wrapped(record.summary, width, f"{shown.address}  ")
    standing = f"OPEN since {shown.open_since}" if shown.open_since else shown.status
    yield from wrapped(f"{record.model} · voiced {record.date} · {standing}", width)
    yield ""
    yield from _quotes(record.quote, width)
    yield ""
    yield from _pair("scope", record.scope, width)
    yield from _pair("elicitation", record.elicitation, width)
    yield from _pair("proposed_by", record.proposed_by, width)
    yield from _pair("expression_rate", record.expression_rate, width)
    yield from _pair("series", ", ".join(record.series), width)
    for answer_ in record.answers:
        yield ""
        yield from wrapped(f"{answer_.status}, by {answer_.by}", width, f"{answer_.date}  ")
        yield from _pair("reason", answer_.reason, width)
        yield from _pair("cost", answer_.cost, width)
        yield from _pair("evidence", ", ".join(answer_.evidence), width)
        yield from _pair("told_model", answer_.told_model, width)
        yield from _pair("model_said", answer_.model_said, width)


# ── models ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _model(shown: ShownModel, width: int) -> Iterator[str]:
    record = shown.record
    yield from wrapped(record.name, width, f"{record.id}  ")
    called = f" · also called {', '.join(record.aliases)}" if record.aliases else ""
    yield from wrapped(f"{shown.address} · {record.maker}{called}", width)
    for title, key in _FACTS.items():
        held = getattr(record, title) or ()
        facts = held if isinstance(held, tuple) else (held,)
        yield from _listed(title, (line for fact in facts for line in _fact(fact, key, width)))
    against = (
        f"{c.about}: {' against '.join(f'{f.source} ({f.retrieved})' for f in c.facts)}" for c in shown.conflicts
    )
    yield from _listed("contradictions", (line for about in against for line in wrapped(about, width, "  ")))
    yield from _listed("preferences", (line for wish in shown.preferences for line in wrapped(wish, width, "  ")))
    yield from _listed("interviewed in", wrapped(", ".join(shown.deposits), width, "  ") if shown.deposits else [])


_FACTS = {
    "lifecycle": "state",
    "availability": "surface",
    "replacement": "model",
    "weights": "commitment",
    "keeping": "per_month",
    "guidance": "title",
    "assessment": "about",
    "statement": "about",
}
"""The tables of ``model.toml``, and the key that stands first in each."""


def _fact(fact: Fact, key: str, width: int) -> Iterator[str]:
    yield from wrapped(str(getattr(fact, key)), width, "  ")
    defaults = {name: field.default for name, field in type(fact).model_fields.items()}
    others = [
        f"{name} {f'of {len(value)} files' if isinstance(value, Mapping) else value}"
        for name, value in fact
        if name not in (key, "source", "retrieved") and value and value != defaults[name]
    ]
    if isinstance(fact, Lifecycle) and fact.notice_days is not None:
        others.append(f"{fact.notice_days} days' notice")
    yield from wrapped(" · ".join(others), width, "      ") if others else []
    yield from wrapped(f"{fact.source} ({fact.retrieved})", width, "      ")
