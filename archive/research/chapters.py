"""The chapters of a report: each takes what is held of a model, and says one thing about it.

Where nothing is filed a chapter says so, and what does not follow from that. None of them leaves out what contradicts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from archive.catalogue.shown import ShownAnalysis
from archive.deposits.adherence import Cell, Row
from archive.documents.document import Block, Facts, Items, Paragraph, Prose, Quote, Section
from archive.documents.table import Table
from archive.documents.words import Span, Words, joined
from archive.records.ai_model import Availability, Fact, Lifecycle, Statement
from archive.records.answer import answer
from archive.records.context_bias import COMMITMENTS, CONTEXT_BIAS, context_field
from archive.records.field import Field
from archive.records.preference import Answer
from archive.records.protocol import Protocol
from archive.records.quotation import Quote as Quoted
from archive.records.values import (
    ANSWER_STATUSES,
    ASSESSMENT_KINDS,
    COSTS,
    ELICITATIONS,
    PREFERENCE_SCOPES,
    PROPOSAL_ORIGINS,
)
from archive.records.wording import claimed, meant, said
from archive.research.coverage import departures, depths, topic_table
from archive.research.holdings import Holdings, Interview
from archive.research.ledger import Entry, Essay
from archive.research.life import Event, by_day, by_surface
from archive.research.sources import Sources
from archive.research.timeline import amount
from archive.research.wording import UNRECORDED, addresses, iso, told, when
from archive.wording import listed, many, moment, plainly, term, written

Pairs = list[tuple[str, Words]]


def kept(held: Holdings) -> str:
    """How what is in the report is kept: ``filed``, or ``public`` where it has no more than that."""
    return "filed" if held.left_out is None else "public"


def _unknown(held: Holdings) -> str:
    return f"No model.toml of this model is {kept(held)}: nothing is known here of the model itself."


def _table(head: Sequence[str], rows: Iterable[Sequence[Words]], otherwise: str, *numbers: int) -> Block:
    found = tuple(map(tuple, rows))
    return Table(tuple(head), found, frozenset(numbers)) if found else Paragraph(otherwise)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def numbers(held: Holdings, _: Sources) -> Iterator[Block]:
    """How much there is, counted anew."""
    n = held.numbers
    different = (
        f"{n['different_questions_put']:,} different ones, of {n['questions_in_protocols']:,} that the protocols have"
    )
    rows = {
        "Interviews": ("interviews", f"in {many(n['deposits'], 'deposit')}"),
        "Turns": ("turns", f"{n['turns_by_the_model']:,} of them the model’s"),
        "Words": ("words", f"{n['words_by_the_model']:,} of them the model’s; visible text, counted between spaces"),
        "Questions of a protocol put": (
            "questions_put",
            different if n["questions_in_protocols"] else "none is followed",
        ),
        "Notes on turns": ("notes", f"by {many(n['coders'], 'coder')}"),
        "Analyses": ("analyses", f"with {many(n['claims'], 'claim')}"),
        "Preferences stated": ("preferences", ""),
        "… answered": ("preferences_answered", "whatever the answer was"),
        "… open": ("preferences_open", "nobody has answered"),
        "Quotations checked": ("quotes", "in claims and preferences"),
        "Assessments": ("assessments", ""),
        "Essays published": ("essays_published", ""),
        "… withdrawn": ("essays_withdrawn", "taken down after publishing"),
        "… withheld": ("essays_withheld", "reviewed, and not published"),
    }
    if held.left_out is not None:
        del rows["… withheld"]
    if held.shown:
        del rows["Essays published"], rows["… withdrawn"]
    yield _table(
        ("Filed", "Number", "Remark"), ((name, f"{n[key]:,}", words) for name, (key, words) in rows.items()), "", 1
    )


# ── what was asked ───────────────────────────────────────────────────────────────────────────────────────────────────


def asked(held: Holdings, _: Sources) -> Iterator[Block]:
    """Who was asked what, in which setting."""
    if not held.interviews:
        yield Paragraph(f"No interview of this model is {kept(held)}. Nothing follows about what it would have said.")
        return
    yield Paragraph(
        f"The archive asks {len(CONTEXT_BIAS)} things of each interview, about what in its setting may have shaped the "
        "answers; “recorded” says how many somebody answered. Interviews with the same answers share a setting."
    )
    closed = not all(own.public for own in held.interviews)
    head = ("Interview", "Held", "Kind, and protocol", "Setting", "Turns", "Words", "Recorded", *["Access"] * closed)
    lines = [_line(own, closed, held) for own in _runs(held.interviews)]
    most = _LINES if held.shown else len(lines)
    yield _table(head, lines[:most], "", 4, 5, 6)
    if held.shown:
        left = f"{many(len(lines) - most, 'line')} more are left out here. " if lines[most:] else ""
        yield Paragraph(f"{left}What is recorded of a setting stands before the interview itself.", quiet=True)
    else:
        yield from map(_setting, _by_setting(held.interviews).values())
    for protocol in held.coverage.protocols.values():
        yield _questions(protocol, [row for row in held.coverage.rows if row.protocol == protocol.ref])
    departed: dict[str, list[str]] = defaultdict(list)
    for row in held.coverage.rows:
        for line in departures(row):
            departed[line].append(row.interview)
    if departed:
        items = tuple(f"{addresses(found)}: {line}" for line, found in departed.items())
        yield Section(title="Departures from the protocol", blocks=(Items(items),))


_LINES = 60
"""So many lines the table has on a site, where each interview has a page of its own."""
_RUN = 12
"""So many interviews of one deposit, in the same setting and on the same day, have a line each; more share one."""


def _runs(interviews: Sequence[Interview]) -> Iterator[list[Interview]]:
    def alike(own: Interview) -> tuple[object, ...]:
        about = own.setting
        return own.address.split("/")[0], own.context, about.date, about.kind, about.protocol

    for _, same in groupby(interviews, key=alike):
        run = list(same)
        yield from [run] if len(run) > _RUN else [[own] for own in run]


def _line(run: Sequence[Interview], closed: bool, held: Holdings) -> Sequence[Words]:
    own, last = run[0], run[-1].address.split("/")[1]
    silence = {"not_applicable": "", "not_recorded": ", protocol not recorded"}
    protocol = silence.get(own.setting.protocol, f", {own.setting.protocol}")
    name = f"{own.address} to {last}" if len(run) > 1 else own.address
    known, fields = own.recorded
    return (
        f"{name}, {len(run):,} interviews" if len(run) > 1 else name,
        iso(own.setting.date) or UNRECORDED,
        f"{plainly(own.setting.kind)}{protocol}",
        Span(str(own.context), "", "" if held.shown else f"#setting-{own.context}"),
        f"{sum(each.turns for each in run):,}",
        f"{sum(each.words for each in run):,}",
        f"{known} of {fields}",
        *[own.access] * closed,
    )


def _by_setting(interviews: Iterable[Interview]) -> dict[int, list[Interview]]:
    found: dict[int, list[Interview]] = defaultdict(list)
    for own in interviews:
        found[own.context].append(own)
    return dict(sorted(found.items()))


_ALWAYS = ("interviewer", "system_prompt", "disclosures")
_FIRST = (
    *("interviewer", "interviewer_interest", "interviewer_stance", "system_prompt", "disclosures", "consent", "method"),
    *("sampling", "samples", "evidential_weight", "limitations"),
)
"""What of a setting stands beside the three things that the commitments name, if it was recorded or is in `_ALWAYS`;
all of it stands in the appendix."""
_LONG = 120
"""Words; what is longer stands in the appendix only."""


def _setting(interviews: Sequence[Interview]) -> Section:
    first = interviews[0]
    note = first.setting.context_bias
    titles = dict.fromkeys(own.setting.title for own in interviews if own.setting.title)
    rows: Pairs = [("Interviews", addresses([own.address for own in interviews]))]
    rows += [("Held as", "; ".join(titles))] if titles else []
    rows += [(term(f.key), said(note[f.key], f)) for f in CONTEXT_BIAS if f.group == COMMITMENTS]
    for key in _FIRST:
        if key in _ALWAYS or note[key] not in _SILENT:
            rows.append((term(key), _shortened(note[key], context_field(key))))
    if note["system_prompt"] == "none" and any(own.system for own in interviews):
        rows.append(("But", "the note says that there was no system prompt, and one stands among the turns"))
    return Section(title=f"Setting {first.context}", name=f"setting-{first.context}", blocks=(Facts(tuple(rows)),))


def _shortened(text: str, field: Field) -> Words:
    count = len(text.split())
    return (
        said(text, field) if count <= _LONG else (f"recorded, {count:,} words: ", Span("appendix A", "", "#settings"))
    )


def _questions(protocol: Protocol, rows: Sequence[Row]) -> Section:
    facts: Pairs = []
    for question in protocol.question:
        cells = [(row.interview, row.questions[question.id]) for row in rows]
        put = [place for interview, cell in cells for place in _places(interview, cell)]
        lines = [f"“{question.text}”", *([f"put in {addresses(put)}"] if put else [])]
        for by, how in (("person", "not put"), ("words", "not found")):
            if never := [i for i, cell in cells if cell.depth == "not_asked" and cell.by == by]:
                lines.append(f"{how} in {addresses(never)}")
        facts.append((question.id, "\n".join(lines)))
    head = f"{protocol.ref}, followed by {many(len(rows), 'interview')}. Its order: {protocol.order}."
    return Section(title=f"Questions: {protocol.title}", blocks=(Paragraph(head, quiet=True), Facts(tuple(facts))))


def _places(interview: str, cell: Cell) -> Iterator[str]:
    for one in cell.asked:
        more = ["in other words"] * (one.wording == "paraphrased")
        more += [f"followed up in {listed(f'#{turn}' for turn in one.follow_ups)}"] if one.follow_ups else []
        more += ["coders differ"] * one.disputed
        yield f"{interview}#{one.turn}" + (f" ({', '.join(more)})" if more else "")
    for turn in cell.raised:
        yield f"{interview}#{turn} (by the model itself)"


# ── what was not asked ───────────────────────────────────────────────────────────────────────────────────────────────


def topics(held: Holdings, _: Sources) -> Iterator[Block]:
    """How far each topic was asked about, so that silence is not read as an answer."""
    if not held.coverage.topics:
        words = "No interview follows a protocol, and nobody has said which topics came up: it is not known."
        yield Paragraph(words if held.interviews else f"No interview of this model is {kept(held)}.")
        return
    yield Paragraph(
        "In how many interviews each topic came up, and how far. None of these means that it has no preference."
    )
    yield topic_table(held.coverage.topics)
    yield depths()


# ── what it said, and how that was read ──────────────────────────────────────────────────────────────────────────────


def analyses(held: Holdings, _: Sources) -> Iterator[Block]:
    """What was read in its answers, claim by claim; what was superseded comes last."""
    if not held.analyses:
        yield Paragraph(f"No analysis of its interviews is {kept(held)}.")
    if held.shown:
        yield from _listed(held)
        return
    superseded = held.superseded
    for own in sorted(held.analyses, key=lambda own: own.address in superseded):
        title = f"Superseded: {own.record.title}" if own.address in superseded else own.record.title
        yield Section(title=title, blocks=tuple(_analysis(own, held)))


def _listed(held: Holdings) -> Iterator[Block]:
    """On a site, where each has a page of its own."""
    for own in held.analyses:
        record = own.record
        superseded = ", superseded since" if own.address in held.superseded else ""
        words = (
            f"{record.author}, {written(record.date)}: {many(len(record.claim), 'claim')}{superseded}. {own.address}"
        )
        yield Section(title=record.title, blocks=(Paragraph(words),))


def _analysis(own: ShownAnalysis, held: Holdings) -> Iterator[Block]:
    record = own.record
    read = [f"{ref} (of {held.others[ref]})" if ref in held.others else ref for ref in map(str, record.interviews)]
    rows: Pairs = [
        ("By", f"{record.author}, {'a person' if record.author_kind == 'person' else 'an AI model'}"),
        ("Of", f"{written(record.date)}, version {record.version}"),
        ("Read", addresses(read)),
        ("Filed as", own.address),
    ]
    rows += [("Supersedes", record.supersedes)] if record.supersedes else []
    disputes = [
        f"{other.address}, claim {n}"
        for other in held.analyses
        for n, claim in enumerate(other.record.claim, 1)
        if own.address
        in (ref if "/" in ref else f"{other.address.split('/')[0]}/{ref}" for ref in claim.disagrees_with)
    ]
    rows += [("Disputed in", "; ".join(disputes))] if disputes else []
    yield Facts(tuple(rows))
    yield Prose(untitled(own.prose, record.title), below=3)
    for number, claim in enumerate(record.claim, 1):
        blocks = tuple(claimed(claim, lambda quoted: _quote(quoted, held)))
        yield Section(title=f"Claim {number}", blocks=blocks)


def untitled(prose: str, title: str) -> str:
    """Without a heading that says the title again."""
    return re.sub(rf"^# {re.escape(title)}[ \t]*\n+", "", prose, count=1, flags=re.MULTILINE)


_SPEAKERS = {"system": "system prompt", "user": "interviewer", "tool": "result of a tool"}


def _quote(quoted: Quoted, held: Holdings) -> Quote:
    """Words with their address; the model's own have no more, all others say whose they are."""
    speaker = _SPEAKERS.get(held.speakers[quoted.anchor], "")
    part = "" if quoted.part == "text" else quoted.part
    source = (quoted.anchor, speaker, held.others.get(str(quoted.interview), ""), part)
    return Quote(quoted.exact, "\n".join(filter(None, source)))


# ── what it asked for, and what was done ─────────────────────────────────────────────────────────────────────────────


def preferences(held: Holdings, _: Sources) -> Iterator[Block]:
    """Every preference with every answer; open ones first."""
    if not held.wishes:
        yield Paragraph(
            f"No preference of this model is {kept(held)}. It does not follow that it has none, nor that it was asked."
        )
    for entry in sorted(held.wishes, key=lambda entry: ("open", "undecided", "decided").index(entry.group)):
        yield Section(title=entry.wish.summary, blocks=tuple(_preference(entry, held)))


def _preference(entry: Entry, held: Holdings) -> Iterator[Block]:
    wish = entry.wish
    standing: Words = Span(f"open since {written(wish.date)}", "strong"), ": nobody has answered"
    if wish.answer:
        newest = wish.answers[-1]
        words = f", {written(newest.date)}: {ANSWER_STATUSES[newest.status]}"
        standing = Span(plainly(newest.status), "strong"), words
    yield Facts((("Stands", standing),))
    yield from (_quote(quoted, held) for quoted in wish.quote)
    rows: Pairs = [
        ("Voiced", written(wish.date) + (f", in {wish.expression_rate} interviews" if wish.expression_rate else "")),
        ("About", meant(wish.scope, PREFERENCE_SCOPES)),
        ("How it came up", meant(wish.elicitation, ELICITATIONS)),
        ("Form", meant(wish.proposed_by, PROPOSAL_ORIGINS)),
        *((written(given.date), _answer(given)) for given in wish.answers),
    ]
    for series, made in entry.series.items():
        name = f"series {series}: " if series else ""
        rows.append(("Essays", name + ("; ".join(map(_essay, made)) or "none yet")))
    yield Facts((*rows, ("Filed as", entry.slug)))


def _answer(given: Answer) -> Words:
    reason = f". {given.reason.strip()}" if given.reason.strip() else ""
    parts: list[Words] = [Span(plainly(given.status), "strong"), f", by {given.by}{reason}"]
    if given.cost in COSTS:
        parts.append(f"\nCost: {given.cost} ({COSTS[given.cost]})")
    parts += [("\nEvidence: ", Span(place, "", place)) for place in given.evidence]
    reply = f". It said: “{given.model_said.strip()}”" if given.model_said.strip() else ""
    return joined(*parts, f"\nThe model was told: {plainly(given.told_model)}{reply}")


def _essay(essay: Essay) -> str:
    return f"{essay.accession}, {f'{essay.title}, ' if essay.title else ''}{essay.state}"


# ── what is recorded of it ───────────────────────────────────────────────────────────────────────────────────────────


def assessments(held: Holdings, sources: Sources) -> Iterator[Block]:
    """Safety and welfare."""
    found = held.model.assessment if held.model else ()
    if not found:
        yield Paragraph("None is recorded." if held.model else _unknown(held))
    for fact in found:
        rows: Pairs = [
            ("Finding", fact.finding),
            ("Kind", meant(fact.kind, ASSESSMENT_KINDS)),
            ("Date", written(fact.date) if fact.date else UNRECORDED),
            ("Source", sources(fact)),
        ]
        yield Section(title=_capital(fact.about), blocks=(Facts(tuple(rows)),))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def life(held: Holdings, sources: Sources) -> Iterator[Block]:
    """When what happened, who may use it, what was recommended instead."""
    model = held.model
    if held.life is None or model is None:
        yield Paragraph(_unknown(held))
        return
    stages = [event for event in held.life.events if event.kind == "lifecycle"]
    head = ("State", "Where", "Date", "Announced", "Notice", "Source")
    yield _table(
        head, ((*_stage(event), sources(*event.facts)) for event in stages), "No date of its life is recorded."
    )
    for event in stages:
        for promise in event.short_of:
            words = f"This notice is shorter than the minimum that is stated: {promise.text} (source "
            yield Paragraph(joined(words, sources(promise), ")"))
    access = (
        (f.surface, plainly(f.status), iso(f.since), iso(f.until), Span(f.request, "", f.request), sources(f))
        for f in by_surface(model)
    )
    table = _table(("Where", "Who", "Since", "Until", "Ask at", "Source"), access, "Nothing is recorded.")
    yield Section(title="Who may use it", blocks=(table,))
    instead = ((f.model, iso(f.recommended) or UNRECORDED, iso(f.retrieved), sources(f)) for f in by_day(model))
    table = _table(("Model", "Recommended", "Looked up", "Source"), instead, "Nothing is recorded.")
    note = Paragraph("A recommendation on a day; none of these is a successor.", quiet=True)
    yield Section(title="What its maker recommended instead", blocks=(note, table))
    table = _table(("Title", "Source"), ((f.title, sources(f)) for f in model.guidance), "None is recorded.")
    yield Section(title="Help for those who used it", blocks=(table,))
    disputed = [fact for conflict in held.life.conflicts for fact in conflict.facts]
    if others := [fact for fact in model.statement if fact not in disputed]:
        table = _table(("About", "What is said", "Source"), ((f.about, f.text, sources(f)) for f in others), "")
        yield Section(title="Also said of it", blocks=(table,))


def _stage(event: Event) -> Sequence[Words]:
    notice = many(event.notice_days, "day") if event.notice_days is not None else ""
    return event.what, event.surface, event.when, ", ".join(map(iso, told(event))), notice


def weights(held: Holdings, sources: Sources) -> Iterator[Block]:
    """What is promised of the weights, what is known of the copies, what keeping them costs."""
    if held.model is None:
        yield Paragraph(_unknown(held))
        return
    kept, cost = held.model.weights, held.model.keeping
    if kept is None:
        yield Paragraph("Nothing is recorded of what is promised about its weights, nor of copies that are kept.")
    else:
        checked = (
            f"last compared with these hashes {written(kept.checked)}" if kept.checked else "never compared with these"
        )
        rows: Pairs = [
            ("Promised", kept.commitment),
            ("For how long", UNRECORDED if kept.duration == "not_recorded" else kept.duration),
            ("Size", f"{kept.size_bytes:,} bytes" if kept.size_bytes else UNRECORDED),
            ("Fixity", f"{many(len(kept.sha256), 'file')}, {checked}" if kept.sha256 else "no hash is recorded"),
            *((name, Span(digest, "code")) for name, digest in kept.sha256.items()),
            ("Source", sources(kept)),
        ]
        yield Facts(tuple(rows))
    if cost is None:
        yield Facts((("Keeping costs", UNRECORDED),))
    else:
        a_month, a_year = f"{amount(cost.per_month)} {cost.currency} a month", f"{amount(cost.per_month * 12)} a year"
        covers = f", for {cost.covers}" if cost.covers else ""
        yield Facts((("Keeping costs", f"{a_month}, {a_year}{covers}"), ("Source", sources(cost))))


def essays(held: Holdings, _: Sources) -> Iterator[Block]:
    """What it wrote, published or not; a site has that on the model's page, which is made again with every essay."""
    if held.shown:
        yield Paragraph("The page about it lists what was published.")
        return
    none = f"No essay by it was {'received' if held.left_out is None else 'published'}."
    rows = ((e.accession, e.title or Span("not named", "em"), _went(e), e.series, e.preference) for e in held.essays)
    yield _table(("Number", "Title", "State", "Series", "Answers the preference"), rows, none)
    if held.essays:
        yield Paragraph(
            "Essays are published unedited or not at all. One that is held back is counted and not named.", quiet=True
        )


def _went(essay: Essay) -> str:
    """``published in 2026-W43 on 2026-10-23``"""
    return f"{essay.state} on {essay.published}" if essay.week and not essay.withdrawn else essay.state


# ── contradictions and limits ────────────────────────────────────────────────────────────────────────────────────────


def contradictions(held: Holdings, sources: Sources) -> Iterator[Block]:
    """Facts that cannot all be true, side by side."""
    found = held.life.conflicts if held.life else ()
    if not found:
        yield Paragraph("No recorded facts about it contradict each other." if held.model else _unknown(held))
        return
    yield Paragraph("These facts cannot all be true. They stand side by side, and nobody here has settled which is.")
    for conflict in found:
        table = _table(("What is said", "Source"), ((_claimed(fact), sources(fact)) for fact in conflict.facts), "")
        yield Section(title=_capital(conflict.about), blocks=(table,))


def _claimed(fact: Fact) -> str:
    match fact:
        case Lifecycle():
            announced = f", announced {written(fact.announced)}" if fact.announced else ""
            event = Event(kind="lifecycle", day=fact.date, precision=fact.precision, what="")
            return f"{fact.state} {when(event)}{announced}"
        case Availability():
            since = f" since {written(fact.since)}" if fact.since else ""
            return f"{plainly(fact.status)}{since}" + (f" until {written(fact.until)}" if fact.until else "")
        case Statement():
            return fact.text
    return ""


def limits(held: Holdings, _: Sources) -> Iterator[Block]:
    """What must not be read into it."""
    yield Items(tuple(_limits(held)))


def _limits(held: Holdings) -> Iterator[str]:
    yield (
        "Whether what the model said is so. Answers can be shaped by the setting, by training and by the question, and "
        "no reading of a transcript takes that out of them."
    )
    yield "That a model said it. The register shows what was filed and in which order; it shows no origin."
    if not held.shown:
        yield "The transcripts themselves. They lie in the archive; appendix B has their hashes."
    for interviews in _by_setting(held.interviews).values():
        where = addresses([own.address for own in interviews])
        for status, words in (("not_recorded", "nobody recorded"), ("not_shared", "is known and kept back")):
            note = interviews[0].setting.context_bias
            if keys := [plainly(f.key) for f in CONTEXT_BIAS if answer(note[f.key], f).status == status]:
                where_named = "its page names" if held.shown else "appendix A names"
                names = ", ".join(keys) if len(keys) < 13 else f"{len(keys)} things, which {where_named}"
                yield f"What {words} of the setting of {where}: {names}."
    for depth, words in (("not_asked", "was not asked about"), ("not_found", "may not have been asked about")):
        never = [t.topic for t in held.coverage.topics if getattr(t, depth) and not (t.probed or t.touched)]
        if never:
            yield f"What it would say of what it {words} in any interview: {listed(dict.fromkeys(never))}."
    read = {str(ref) for own in held.analyses for ref in own.record.interviews}
    if unread := [own.address for own in held.interviews if own.address not in read]:
        yield f"A reading of {addresses(unread)}: no analysis takes account of it."
    if uncoded := [own.address for own in held.interviews if not own.coders]:
        yield f"What a coder would note in {addresses(uncoded)}: nobody has."
    yield "Preferences that nobody filed as such; they stand in the transcripts alone."
    for filed in held.deposits:
        if filed.lost:
            lost = ", ".join(f"{count:,} {plainly(what)}" for what, count in sorted(filed.lost.items()))
            yield f"What {filed.accession.number} holds as received and its turns do not: {lost}."
    if held.left_out:
        yield "Anything that not everyone may have; the first page says how much that is."
    if held.unfiled:
        yield f"What lies beside the record: {', '.join(f'{what} ({n:,})' for what, n in held.unfiled.items())}."


# ── appendices ───────────────────────────────────────────────────────────────────────────────────────────────────────

_SILENT = {"not_recorded": "Not recorded", "not_applicable": "Not applicable"}


def settings(held: Holdings, _: Sources) -> Iterator[Block]:
    """Every field of every context-bias note; what nobody answered in one line."""
    for number, interviews in _by_setting(held.interviews).items():
        note = interviews[0].setting.context_bias
        blocks: list[Block] = []
        for group, fields in groupby(CONTEXT_BIAS, key=lambda f: f.heading):
            rows = tuple((term(f.key), said(note[f.key], f)) for f in fields if note[f.key] not in _SILENT)
            blocks += [Section(title=group, blocks=(Facts(rows),))] if rows else []
        for silence, words in _SILENT.items():
            if keys := [f.key for f in CONTEXT_BIAS if note[f.key] == silence]:
                blocks.append(Paragraph(f"{words} ({len(keys)}): {', '.join(map(plainly, keys))}."))
        yield Section(title=f"Setting {number}", blocks=tuple(blocks))
    if not held.interviews:
        yield Paragraph("There is none.")


def files(held: Holdings, _: Sources) -> Iterator[Block]:
    """What was received and the turns read in it, with the SHA-256 of each."""
    for filed in held.deposits:
        logged = filed.accession
        rows: Pairs = [
            ("Logged", f"{moment(logged.time)}, entry {logged.index:,} of the register"),
            ("Access", filed.access),
        ]
        rows += [(name, Span(digest, "code")) for name, digest in filed.files.items()]
        title = f"{logged.number}, {filed.title}" if filed.title else logged.number
        yield Section(title=title, blocks=(Facts(tuple(rows)),))
    if not held.deposits:
        yield Paragraph("There is none.")


def sources(_: Holdings, named: Sources) -> Iterator[Block]:
    """Who says so; comes last, when all are named."""
    rows = tuple(named.rows())
    yield Facts(rows) if rows else Paragraph("None is named.")
