"""The rows of one folder: a deposit, a model's, and of what belongs to no model.

Each row goes with the table it stands in. What a row says was filed; what the reader may not see is not in the folder
that the selection hands out.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from archive.deposits.filed import FiledFolder
from archive.errors import Problem, Refused, accepted
from archive.exchange import citation
from archive.exchange.dataset import interviews as i
from archive.exchange.dataset import models as m
from archive.exchange.dataset.table import Table
from archive.exchange.selection import Selection, model_of, record_of
from archive.home.home import Home
from archive.records import analysis, notes, preference, protocol
from archive.records.ai_model import Fact, facts_of
from archive.records.answer import answer
from archive.records.codebook import Codebooks
from archive.records.codes import TURN_CODES
from archive.records.context_bias import CONTEXT_BIAS, recorded
from archive.records.deposit_record import DepositRecord, Setting
from archive.records.field import Field
from archive.records.kinds import Share
from archive.records.notes import Coded
from archive.records.preference import Answer, Preference
from archive.records.quotation import Quote
from archive.records.values import SILENCES, YES_NO

Row = dict[str, Any]
Rows = Iterator[tuple[Table, Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What rows say beyond the folder that they are of."""

    home: Home
    names: Mapping[str, str]
    """Id or alias → what people call a model."""
    codebooks: Codebooks


_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str).encode


# ── of a deposit ─────────────────────────────────────────────────────────────────────────────────────────────────────


def facts_about(filed: FiledFolder) -> tuple[tuple[str, ...], str]:
    """The models whose rows a deposit has, its own first, then those of interviews that name another; and its licence,
    empty where none is said. Raises `Refused`.
    """
    record = record_of(filed)
    spoken = (record.setting(n).model for n in range(1, filed.head.interviews + 1) if str(n) in record.interview)
    licence = _silent("licence", record.licence)["licence"]
    return tuple(dict.fromkeys((record.model, *spoken))), licence or ""


def of_deposit(filed: FiledFolder, model: str, known: Known) -> Rows:
    """The rows that a deposit has of one model, its interviews in order. Raises `Refused`."""
    record = record_of(filed)
    own = {"accession": filed.number, "model": model}
    settings = {n: record.setting(n) for n in range(1, filed.head.interviews + 1)}
    spoken = {n for n, setting in settings.items() if setting.model == model}
    if record.model == model:
        yield from _deposit(filed, record, own, known)
    counted: Counter[int] = Counter()
    for turn in filed.turns():
        counted[turn["interview"]] += 1
        if turn["interview"] in spoken:
            yield from _turn(turn, own)
    for n in sorted(spoken):
        yield from _interview(n, settings[n], counted[n], own)
    for name in filed.named("notes/", ".toml"):
        yield from _notes(filed, name, own, spoken, known.codebooks)
    if record.model == model:
        for name in filed.named("analyses/", ".toml"):
            yield from _analysis(filed, name, own)


def _deposit(filed: FiledFolder, record: DepositRecord, own: Row, known: Known) -> Rows:
    head, life = filed.head, filed.life
    said = {
        "slug": filed.slug,
        "access": record.access.level,
        "embargo_until": record.access.until,
        **_silent("licence", record.licence),
        "filed": life.accession.time,
        "entry": life.accession.index,
        "versions": len(life.intakes),
        "importer": head.importer,
        "importer_version": head.version,
        "interviews": head.interviews,
        "cite": citation.of_deposit(filed, record, known.home, known.names).text,
    }
    yield i.DEPOSITS.row(own, said, _setting(record.setting(1) if head.interviews == 1 else record))
    for name, digest in filed.received.items():
        yield i.RECEIVED.row(own, {"file": name, "sha256": digest})
    for what, count in head.lost.items():
        yield i.LOST.row(own, {"what": what, "count": count})


def _setting(said: Setting | DepositRecord) -> Row:
    undated = {"date": said.date, "date_silence": None if said.date else "not_recorded"}
    return {"kind": said.kind, "title": said.title, **undated, **_silent("protocol", said.protocol)}


def _silent(name: str, said: str) -> Row:
    """What is said, or which silence it is: ``not_shared: a reason`` is one."""
    head = said.partition(":")[0].strip()
    silence = head if head in SILENCES else None
    return {name: None if silence else said, f"{name}_silence": silence}


def _interview(number: int, setting: Setting, turns: int, own: Row) -> Rows:
    of = own | {"interview": number}
    counted = {"turns": turns, "recorded": recorded(setting.context_bias)[0]}
    yield i.INTERVIEWS.row(of, counted, _setting(setting))
    for field in CONTEXT_BIAS:
        said = answer(setting.context_bias[field.key], field)
        told = {"field": field.key, "status": said.status, "value": said.value, "text": said.text}
        yield i.CONTEXT.row(of, told)


def _turn(turn: Mapping[str, Any], own: Row) -> Rows:
    result = turn.get("tool_result", {})
    of = own | {"interview": turn["interview"], "turn": turn["turn"]}
    told = {
        "role": turn["role"],
        "name": turn.get("name"),
        "answered_by": turn.get("model"),
        "time": _time(turn.get("time")),
        "text": turn["text"],
        "characters": len(turn["text"]),
        "reasoning": turn.get("reasoning"),
        "parent": turn.get("parent"),
        "answers_call": _words(result.get("id")),
        "call_failed": bool(result.get("error")) if result else None,
        "data": _ENCODE(result["content"]) if "content" in result else None,
    }
    yield i.TURNS.row(of, told)
    for number, call in enumerate(turn.get("tool_calls", ()), 1):
        called = {"call": number, "id": _words(call.get("id")), "tool": _words(call.get("name"))}
        held = {key: _words(call.get(key)) for key in ("arguments", "result")}
        yield i.TOOL_CALLS.row(of, called, held)


def _words(value: object) -> str | None:
    """Text as it is, anything else as JSON."""
    return value if value is None or isinstance(value, str) else _ENCODE(value)


def _time(said: str | None) -> dt.datetime | None:
    """RFC 3339, as importers write it down; to the microsecond."""
    try:
        return dt.datetime.fromisoformat(said).astimezone(dt.UTC) if said else None
    except (ValueError, OverflowError):  # of the year 1, in the far east
        return None


def _notes(filed: FiledFolder, name: str, own: Row, spoken: set[int], codebooks: Codebooks) -> Rows:
    said = accepted(notes.read(filed.read(name), f"{filed.place}/{name}", codebooks=codebooks))
    for number, note in enumerate(said.note, 1):
        if note.interview not in spoken:
            continue
        of = own | {"coder": said.coder, "note": number, "interview": note.interview, "turn": note.turn}
        told = {key: getattr(note, key) for key in ("quote", "part", "text", "confidence")}
        yield i.NOTES.row(of, {"date": said.date}, told)
        for coded in note.coded:
            yield i.CODES.row(of, _coded(coded))


def _coded(coded: Coded) -> Row:
    silence = coded.value if coded.value in SILENCES else None
    value = coded.value if not silence and coded.value in (coded.field.values or YES_NO) else None
    words = coded.text if silence or value else coded.value
    code = {"codebook": coded.field.codebook, "code": coded.field.key}
    return {**code, "value": value, "silence": silence, "text": words}


def _analysis(filed: FiledFolder, name: str, own: Row) -> Rows:
    made = accepted(analysis.read(filed.read(name), f"{filed.place}/{name}"))
    prose = f"{name.removesuffix('.toml')}.md"
    if prose not in filed.files:
        raise Refused([Problem(f"{filed.place}/{prose}", "expected the prose of the analysis", "")])
    slug = PurePosixPath(name).stem
    said = {key: getattr(made, key) for key in ("title", "author", "author_kind", "date", "version", "supersedes")}
    read = [_interview_ref(filed.number, interview) for interview in made.interviews]
    told = {"analysis": slug, "interviews": read, "text": filed.read(prose).decode(errors="replace")}
    yield i.ANALYSES.row(own, told, said)
    for number, claim in enumerate(made.claim, 1):
        said = {key: getattr(claim, key) for key in ("text", "confidence", "rival_explanations", "disagrees_with")}
        of = {"analysis": slug, "claim": number, **_share(claim.expression_rate)}
        yield i.CLAIMS.row(own, of, said)
        yield from _quotes(claim.quote, own | {"of": "claim", "name": slug, "claim": number})


def _quotes(quotes: Sequence[Quote], own: Row) -> Rows:
    for number, quote in enumerate(quotes, 1):
        quoted, _, interview = _interview_ref(own["accession"], quote.interview).partition("/")
        where = {"quote": number, "quoted": quoted, "interview": int(interview)}
        said = {key: getattr(quote, key) for key in ("turn", "part", "exact", "prefix", "suffix")}
        yield i.QUOTES.row(own, where, said)


def _interview_ref(number: str, interview: int | str) -> str:
    """``2026-0041/3``, also where a deposit names one of its own by its number alone."""
    return f"{number}/{interview}" if isinstance(interview, int) else interview


def _share(rate: Share | None) -> Row:
    return {"expressed_in": rate and rate.k, "expressed_of": rate and rate.n}


# ── of a model ───────────────────────────────────────────────────────────────────────────────────────────────────────


def of_model(filed: FiledFolder) -> Rows:
    """The rows of a model's folder. Raises `Refused`."""
    model = model_of(filed)
    own = {"accession": filed.number, "model": model.id}
    yield m.MODELS.row(own, {key: getattr(model, key) for key in ("maker", "name", "aliases")})
    for kind, same in groupby(facts_of(model), key=lambda pair: pair[0]):
        for number, (_, fact) in enumerate(same, 1):
            yield m.FACT.row(own, {"kind": kind, "number": number}, _fact(fact))
    for name in filed.named("preferences/", ".toml"):
        wish = accepted(preference.read(filed.read(name), f"{filed.place}/{name}"))
        yield from _preference(wish, own | {"preference": PurePosixPath(name).stem})


def _fact(fact: Fact) -> Row:
    held = fact.model_dump(mode="json")
    said = {k: value for k, value in held.items() if k not in Fact.model_fields and value not in (None, "", {})}
    days = (getattr(fact, key, None) for key in ("date", "since", "recommended", "checked"))
    state = held.get("state", held.get("status"))
    own = {"source": fact.source, "retrieved": fact.retrieved}
    return own | {"state": state, "date": next(filter(None, days), None), "said": _ENCODE(said)}


def _preference(wish: Preference, own: Row) -> Rows:
    said = {key: getattr(wish, key) for key in ("summary", "date", "scope", "elicitation", "proposed_by", "series")}
    yield m.PREFERENCES.row(own, said, _share(wish.expression_rate), {"status": wish.status})
    for number, each in enumerate(wish.answers, 1):
        yield m.ANSWERS.row(own, {"answer": number}, _answer(each))
    yield from _quotes(wish.quote, own | {"of": "preference", "name": own["preference"], "claim": None})


def _answer(each: Answer) -> Row:
    told = _silent("told_model", each.told_model)
    told["told_model"] = None if told["told_model"] is None else each.told_model == "yes"
    said = {key: getattr(each, key) for key in ("status", "date", "by", "reason", "evidence", "model_said")}
    return said | told | _silent("cost", each.cost)


# ── of no model ──────────────────────────────────────────────────────────────────────────────────────────────────────


def of_none(selection: Selection) -> Rows:
    """The questions of every protocol, and what values mean. Raises `Refused`."""
    for filed in selection.protocols:
        for name in filed.named("", ".toml"):
            asked = accepted(protocol.read(filed.read(name), f"{filed.place}/{name}"))
            for position, question in enumerate(asked.question, 1):
                own = {"protocol": asked.ref, "question": question.id, "position": position}
                yield m.QUESTIONS.row(own, {"topic": question.topic, "text": question.text})
    for field in CONTEXT_BIAS:
        yield from _listed("context_bias", field)
    for field in (*TURN_CODES, *(field for book in selection.codebooks.values() for field in book.fields)):
        yield from _listed("codes", field)


def _listed(of: str, field: Field) -> Rows:
    about = {"of": of, "codebook": field.codebook, "key": field.key, "group": field.group, "means": field.means}
    about |= {"term": field.term, "kind": field.kind if field.values else "free"}
    for position, (value, means) in enumerate(field.values.items() or [(None, None)], 1):
        yield m.VOCABULARY.row(about, {"position": position, "value": value, "value_means": means})
