"""What `archive show` shows, as a document: the context bias first, notes beside their turns."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby

from archive.catalogue.shown import (
    Shown,
    ShownAnalysis,
    ShownDeposit,
    ShownInterview,
    ShownModel,
    ShownNote,
    ShownPreference,
    ShownTurn,
)
from archive.documents.document import (
    Aside,
    Block,
    Document,
    Entry,
    Facts,
    Items,
    Paragraph,
    Prose,
    Section,
    Verbatim,
)
from archive.documents.document import Quote as Quoted
from archive.documents.table import table
from archive.documents.words import Span, Words
from archive.records.ai_model import FACTS, Fact, Lifecycle, facts_of
from archive.records.context_bias import COMMITMENTS, CONTEXT_BIAS
from archive.records.quotation import Quote
from archive.records.wording import claimed, preference_rows, said, standing
from archive.wording import many, plainly, shorten, term


def document(shown: Shown) -> Document:
    """The whole of it."""
    match shown:
        case ShownInterview():
            return _interview(shown)
        case ShownDeposit():
            return _deposit(shown)
        case ShownAnalysis():
            return _analysis(shown)
        case ShownPreference():
            record = shown.record
            subtitle = f"{record.model} · {standing(record)}"
            rows = Facts(tuple(preference_rows(record)))
            return _headed("Preference", shown.address, record.summary, subtitle, rows)
        case ShownModel():
            return _model(shown)


def _headed(sort: str, address: str, title: str, subtitle: Words, *blocks: Block) -> Document:
    return Document(sort=sort, title=f"{address}  {title}".rstrip(), subtitle=subtitle, blocks=blocks)


# ── deposits and interviews ──────────────────────────────────────────────────────────────────────────────────────────


def _origin(shown: ShownInterview | ShownDeposit) -> str:
    """What it is, and where it comes from."""
    protocol = [f"protocol {plainly(shown.protocol)}"] if isinstance(shown, ShownInterview) else []
    lost = ", ".join(f"{count} {what}" for what, count in shown.lost.items())
    source = f"{', '.join(shown.received)}, read by {shown.importer}"
    lines = [
        f"{shown.model} · {plainly(shown.kind)} · {shown.date or 'date not recorded'}",
        " · ".join([*protocol, f"access {shown.access}", f"licence {plainly(shown.licence)}"]),
        shown.run if isinstance(shown, ShownInterview) else "",
        f"{source}; not in the turns: {lost}" if lost else source,
        *([f"cut from {cut.name}, {many(cut.size, 'byte')}, SHA-256 {cut.sha256}"] if (cut := shown.export) else []),
        f"analyses {', '.join(shown.analyses)}" if shown.analyses else "",
        _covered(shown),
    ]
    return "\n".join(filter(None, lines))


def _covered(shown: ShownInterview | ShownDeposit) -> str:
    number = shown.address.partition("/")[0]
    seen = f"seen here, not by others: archive redact {number} shows what they see"
    return f"words of it are covered by {many(shown.marks, 'mark')}, {seen}" if shown.marks else ""


def _interview(shown: ShownInterview) -> Document:
    bias = Section(
        title=f"Context bias: {shown.recorded} of {len(CONTEXT_BIAS)} recorded", blocks=tuple(_context_bias(shown))
    )
    sort = "Interview" if shown.whole else "Turn"
    return _headed(sort, shown.address, shown.title, _origin(shown), bias, *map(_turn, shown.turns))


def _context_bias(shown: ShownInterview) -> Iterator[Block]:
    """First the three that the commitments name; then what somebody answered; what nobody did, in one paragraph."""
    note = shown.context_bias
    yield Facts(tuple((f.key, said(note[f.key], f)) for f in CONTEXT_BIAS if f.group == COMMITMENTS))
    if not shown.whole:
        yield Paragraph(f"archive show {shown.address} shows the others", quiet=True)
        return
    others = [field for field in CONTEXT_BIAS if field.group != COMMITMENTS]
    for group, under in groupby((f for f in others if note[f.key] not in _SILENT), key=lambda f: f.heading):
        yield Section(title=group, blocks=(Facts(tuple((f.key, said(note[f.key], f)) for f in under)),))
    for silence in _SILENT:
        if keys := [field.key for field in others if note[field.key] == silence]:
            yield Paragraph(f"{plainly(silence)} ({len(keys)}): {', '.join(keys)}", quiet=True)


_SILENT = ("not_recorded", "not_applicable")


def _turn(shown: ShownTurn) -> Entry:
    turn = shown.turn
    follows = f"follows #{turn.parent}" if turn.parent is not None else None
    about = " · ".join(filter(None, (turn.role, turn.name, turn.model, turn.time, follows)))
    return Entry(f"{turn.turn}  {shorten(about, 80)}", tuple(_said(shown)), ruled=True)


def _said(shown: ShownTurn) -> Iterator[Block]:
    turn = shown.turn
    if turn.reasoning:
        yield Verbatim(turn.reasoning, "reasoning")
    if turn.text:
        yield Verbatim(turn.text)
    calls = [("calls", json.dumps(call, ensure_ascii=False)) for call in turn.tool_calls or ()]
    calls += [("answers", json.dumps(turn.tool_result, ensure_ascii=False))] if turn.tool_result else []
    if calls:
        yield Facts(tuple(calls))
    beside: list[Block] = [_note(note) for note in shown.notes]
    beside += [Paragraph(f"quoted in {', '.join(shown.quoted_in)}")] if shown.quoted_in else []
    if beside:
        yield Aside(tuple(beside))


def _note(note: ShownNote) -> Entry:
    sure = f" ({note.confidence} confidence)" if note.confidence else ""
    head = f"{note.coder}, {note.date}{sure}" + (f", on “{' '.join(note.quote.split())}”" if note.quote else "")
    lines = (*map(str, note.codes), *([note.text] if note.text.strip() else []))
    return Entry(head, (Items(lines),))


def _deposit(shown: ShownDeposit) -> Document:
    by = f"\nnotes by {', '.join(shown.coders)}" if shown.coders else ""
    rows = (
        (
            line.address,
            str(line.date or "no date"),
            f"{line.turns:,}",
            f"{line.recorded} of {len(CONTEXT_BIAS)}",
            "" if line.model == shown.model else line.model,
            "" if line.title == shown.title else line.title,
        )
        for line in shown.interviews
    )
    head = ["Interview", "Date", "Turns", "Context", "Model", "Title"]
    interviews = table(*_filled(head, rows), 2)
    hint = Paragraph(f"archive show {shown.interviews[0].address} shows the first of them", quiet=True)
    return _headed("Deposit", shown.address, shown.title, _origin(shown) + by, interviews, hint)


def _filled(head: list[str], rows: Iterator[tuple[str, ...]]) -> tuple[list[str], list[list[str]]]:
    """A table without its empty columns."""
    found = list(rows)
    kept = [n for n in range(len(head)) if any(row[n] for row in found)]
    return [head[n] for n in kept], [[row[n] for n in kept] for row in found]


# ── analyses and models ──────────────────────────────────────────────────────────────────────────────────────────────


def _analysis(shown: ShownAnalysis) -> Document:
    record = shown.record
    after = f", supersedes {record.supersedes}" if record.supersedes else ""
    subtitle = (
        f"{record.author} ({record.author_kind}) · {record.date} · version {record.version}{after}\n"
        f"interviews read: {', '.join(map(str, record.interviews))}"
    )
    claims = (
        Section(title=f"Claim {number}", blocks=tuple(claimed(claim, _quote)))
        for number, claim in enumerate(record.claim, 1)
    )
    return _headed("Analysis", shown.address, record.title, subtitle, Prose(shown.prose, below=1), *claims)


def _quote(quote: Quote) -> Quoted:
    return Quoted(quote.exact, quote.anchor if quote.part == "text" else f"{quote.anchor}, {quote.part}")


def _model(shown: ShownModel) -> Document:
    record = shown.record
    called = f" · also called {', '.join(record.aliases)}" if record.aliases else ""
    sections = [
        Section(title=term(kind), blocks=tuple(_fact(fact, FACTS[kind]) for _, fact in same))
        for kind, same in groupby(facts_of(record), key=lambda pair: pair[0])
    ]
    against = tuple(
        f"{c.about}: {' against '.join(f'{f.source} ({f.retrieved})' for f in c.facts)}" for c in shown.conflicts
    )
    held: dict[str, tuple[str, ...]] = {
        "Contradictions": against,
        "Preferences": shown.preferences,
        "Interviewed in": shown.deposits,
    }
    sections += [Section(title=title, blocks=(Items(items),)) for title, items in held.items() if items]
    return _headed("Model", record.id, record.name, f"{shown.address} · {record.maker}{called}", *sections)


def _fact(fact: Fact, key: str) -> Entry:
    defaults = {name: field.default for name, field in type(fact).model_fields.items()}
    others = [
        f"{plainly(name)} {f'of {len(value)} files' if isinstance(value, Mapping) else value}"
        for name, value in fact
        if name not in (key, "source", "retrieved") and value and value != defaults[name]
    ]
    if isinstance(fact, Lifecycle) and fact.state == "retired" and fact.notice_days is not None:
        others.append(f"{many(fact.notice_days, 'day')}’ notice")
    about = [Paragraph(" · ".join(others))] if others else []
    source = Paragraph((Span(fact.source, "", fact.source), f" ({fact.retrieved})"), quiet=True)
    return Entry(str(getattr(fact, key)), (*about, source))
