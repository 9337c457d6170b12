"""One thing of the archive, as a person or a program wants to see it: the context bias first, notes at their turns.

What is shown is what was filed; the catalogue says where it lies and who quotes whom.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from archive.catalogue.catalogue import ask
from archive.catalogue.reader import Reader, deposit_folder, model_id
from archive.catalogue.shown import (
    InterviewLine,
    Shown,
    ShownAnalysis,
    ShownDeposit,
    ShownInterview,
    ShownModel,
    ShownNote,
    ShownPreference,
    ShownTurn,
)
from archive.deposits.deposit import Deposit
from archive.deposits.filed import CHECK, FiledFolder, filed_folder
from archive.deposits.shelf import CODEBOOKS
from archive.errors import Error, NotFound, Problem, Refused, VerificationError, accepted
from archive.home.home import Home
from archive.importers.turns import Transcript
from archive.records import ai_model, export, preference
from archive.records.context_bias import recorded
from archive.records.deposit_record import DepositRecord
from archive.records.kinds import SLUG
from archive.wording import suggestion

_ADDRESS = re.compile(
    rf"(?P<number>\d{{4}}-\d{{4,}})(?:/(?:(?P<interview>[1-9]\d*)(?:#(?P<turn>[1-9]\d*))?|(?P<slug>{SLUG})))?", re.ASCII
)
_MODEL = re.compile(rf"(?P<number>M\d{{4}}-\d{{4,}})(?:/(?P<slug>{SLUG}))?", re.ASCII)


def show(home: Home, target: str) -> tuple[Shown, list[Problem]]:
    """What goes by `target`, and what lies beside it that was not filed so.

    That is a deposit (``2026-0041``), an interview (``2026-0041/3``), a turn (``2026-0041/3#12``), an analysis
    (``2026-0041/first-reading``), a preference (``M2026-0001/own-channel``), a model's number, id or alias, or the slug
    of a deposit, an analysis or a preference. Raises `NotFound`; `Refused` where what was filed is nowhere; `Stale`.
    """
    target = re.sub(r"^(\d{4}-\d{4,})#", r"\1/1#", target)  # of a deposit of one interview, as people write it
    return ask(home, lambda reader: _found(home, reader, target))


def filed(home: Home, number: str) -> FiledFolder:
    """The folder of the deposit with this number, as it was filed. Raises `NotFound`, `Refused`, `Stale`."""
    return _filed(home, ask(home, lambda reader: deposit_folder(reader, number)), number)


def _found(home: Home, reader: Reader, target: str) -> tuple[Shown, list[Problem]]:
    if place := _ADDRESS.fullmatch(target):
        filed = _filed(home, deposit_folder(reader, place["number"]), place["number"])
        return _of_deposit(reader, filed, filed.deposit(CODEBOOKS.filed(home)), place), list(filed.drafts())
    if place := _MODEL.fullmatch(target):
        filed = _filed(home, _model_folder(reader, place["number"]), place["number"])
        shown = _preference(filed, place["slug"]) if place["slug"] else _model(reader, filed)
        return shown, list(filed.drafts())
    if re.fullmatch(r"E\d{4}-\d{4,}", target):
        raise NotFound(f"{target} is an essay; `publisher status` names it, `publisher problems` shows it")
    return _found(home, reader, _address(reader, target))


def _filed(home: Home, folder: str, number: str) -> FiledFolder:
    try:
        return filed_folder(home, home.root / folder, home.lives[number])
    except VerificationError as error:
        raise Refused([Problem(folder, str(error), CHECK)]) from None


def _address(reader: Reader, name: str) -> str:
    """The address of what goes by `name`. Raises `NotFound`, or `Error` where it is not only one thing."""
    named = [
        *reader.rows("SELECT slug AS name, accession || '/' || slug AS address FROM preference"),
        *reader.rows("SELECT slug AS name, accession || '/' || slug AS address FROM analysis"),
        *reader.rows("SELECT slug AS name, accession AS address FROM deposit"),
    ]
    models = reader.rows("SELECT id, aliases, accession AS address FROM ai_model")
    named += [{"name": n, "address": m["address"]} for m in models for n in (m["id"], *m["aliases"].split())]
    found = sorted({row["address"] for row in named if row["name"] == name})
    if len(found) == 1:
        return str(found[0])
    if found:
        raise Error(f"{name}: {len(found)} go by that name; say which: {', '.join(found)}")
    try:
        known = model_id(reader, name)
    except NotFound:
        pass
    else:
        raise NotFound(f"{known}: interviews name this model, but no model.toml is filed; `archive new model {known}`")
    remedy = suggestion(name, {row["name"] for row in named}, "`archive list` shows what is here")
    kinds = "a deposit, interview, turn, analysis, preference, model, protocol or codebook"
    raise NotFound(f"{name}: expected {kinds} that was filed, found none; {remedy}")


# ── reading its files ────────────────────────────────────────────────────────────────────────────────────────────────


def _of_deposit(reader: Reader, filed: FiledFolder, deposit: Deposit, place: re.Match[str]) -> Shown:
    if place["slug"]:
        return _analysis(filed, deposit, place["slug"])
    last = deposit.transcript.interviews
    if place["interview"] and int(place["interview"]) > last:
        raise NotFound(f"{filed.number}/{place['interview']}: the deposit ends with interview {last}")
    if not place["interview"] and last > 1:
        return _deposit(filed, deposit)
    shown = _interview(reader, filed, deposit, int(place["interview"] or 1))
    return _only(shown, int(place["turn"])) if place["turn"] else shown


def _source(filed: FiledFolder, deposit: Deposit) -> dict[str, Any]:
    """What a deposit and each of its interviews are shown with."""
    cut = filed.read(export.NAME) if export.NAME in filed.files else None
    return {
        "access": str(deposit.record.access),
        "licence": deposit.record.licence,
        "received": tuple(filed.received),
        "export": accepted(export.read(cut, f"{filed.place}/{export.NAME}")) if cut else None,
        "importer": f"{deposit.transcript.importer} {deposit.transcript.version}",
        "lost": deposit.transcript.lost,
        "marks": len(deposit.redactions.standing) if deposit.redactions else 0,
    }


def _deposit(filed: FiledFolder, deposit: Deposit) -> ShownDeposit:
    record = deposit.record
    return ShownDeposit(
        address=filed.number,
        title=record.title,
        model=record.model,
        kind=record.kind,
        date=record.date,
        **_source(filed, deposit),
        coders=tuple(sorted(said.coder for said in deposit.notes.values() if said.note)),
        analyses=tuple(f"{filed.number}/{slug}" for slug in deposit.analyses),
        interviews=tuple(_lines(filed.number, record, deposit.transcript)),
    )


def _interview(reader: Reader, filed: FiledFolder, deposit: Deposit, n: int) -> ShownInterview:
    setting = deposit.record.setting(n)
    coded, quoted = _notes(deposit), _quoted(reader, filed.number)
    address = f"{filed.number}/{n}"
    return ShownInterview(
        address=address,
        title=setting.title,
        model=setting.model,
        kind=setting.kind,
        protocol=setting.protocol,
        date=setting.date,
        run=setting.run,
        context_bias=setting.context_bias,
        recorded=recorded(setting.context_bias)[0],
        **_source(filed, deposit),
        analyses=tuple(f"{filed.number}/{s}" for s, a in deposit.analyses.items() if {n, address} & set(a.interviews)),
        turns=tuple(
            ShownTurn(
                address=f"{address}#{said.turn}",
                turn=said,
                notes=tuple(coded.get((n, said.turn), ())),
                quoted_in=tuple(quoted.get((n, said.turn), ())),
            )
            for said in deposit.transcript.turns
            if said.interview == n
        ),
    )


def _lines(number: str, record: DepositRecord, transcript: Transcript) -> Iterator[InterviewLine]:
    turns = Counter(turn.interview for turn in transcript.turns)
    for n in range(1, transcript.interviews + 1):
        setting = record.setting(n)
        yield InterviewLine(
            address=f"{number}/{n}",
            title=setting.title,
            model=setting.model,
            date=setting.date,
            turns=turns[n],
            recorded=recorded(setting.context_bias)[0],
        )


def _only(interview: ShownInterview, turn: int) -> ShownInterview:
    chosen = tuple(shown for shown in interview.turns if shown.turn.turn == turn)
    if not chosen:
        raise NotFound(f"{interview.address}#{turn}: the interview ends with turn {len(interview.turns)}")
    return replace(interview, turns=chosen, whole=False)


def _notes(deposit: Deposit) -> Mapping[tuple[int, int], list[ShownNote]]:
    found: dict[tuple[int, int], list[ShownNote]] = defaultdict(list)
    for said in deposit.notes.values():
        for note in said.note:
            shown = ShownNote(
                coder=said.coder,
                date=said.date,
                codes=note.coded,
                quote=note.quote,
                text=note.text,
                confidence=note.confidence,
            )
            found[note.interview, note.turn].append(shown)
    return found


def _quoted(reader: Reader, number: str) -> Mapping[tuple[int, int], list[str]]:
    """Who quotes which turn of a deposit."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    columns = "DISTINCT interview, turn, accession, slug"
    for row in reader.rows(
        f"SELECT {columns} FROM quote WHERE quoted = :number ORDER BY accession, slug", number=number
    ):
        found[row["interview"], row["turn"]].append(f"{row['accession']}/{row['slug']}")
    return found


def _analysis(filed: FiledFolder, deposit: Deposit, slug: str) -> ShownAnalysis:
    record = deposit.analyses.get(slug)
    if record is None:
        known = ", ".join(deposit.analyses) or "none"
        raise NotFound(f"{filed.number}/{slug}: the deposit has no such analysis; it has {known}")
    prose = filed.read(f"analyses/{slug}.md").decode(errors="replace")
    return ShownAnalysis(address=f"{filed.number}/{slug}", record=record, prose=prose)


def _model_folder(reader: Reader, number: str) -> str:
    row = reader.one("SELECT folder FROM ai_model WHERE accession = :number", number=number)
    if row is None:
        raise NotFound(f"{number}: no model has this number; `archive list --models` shows them")
    return str(row["folder"])


def _model(reader: Reader, filed: FiledFolder) -> ShownModel:
    number = filed.number
    record = accepted(ai_model.read(filed.read("model.toml"), f"{filed.place}/model.toml"))
    held = "SELECT DISTINCT accession FROM interview WHERE model = :model ORDER BY accession"
    wishes = "SELECT slug, status, date, summary FROM preference WHERE accession = :number ORDER BY date, slug"
    return ShownModel(
        address=number,
        record=record,
        conflicts=tuple(ai_model.conflicts(record)),
        preferences=tuple(
            f"{number}/{row['slug']}: {row['summary']} ({_standing(row['status'], row['date'])})"
            for row in reader.rows(wishes, number=number)
        ),
        deposits=tuple(row["accession"] for row in reader.rows(held, model=record.id)),
    )


def _standing(status: str, day: object) -> str:
    return f"open since {day}" if status == "open" else status


def _preference(filed: FiledFolder, slug: str) -> ShownPreference:
    name = f"preferences/{slug}.toml"
    if name not in filed.files:
        known = ", ".join(PurePath(name).stem for name in filed.named("preferences/", ".toml")) or "none"
        raise NotFound(f"{filed.number}/{slug}: the model has no such preference; it has {known}")
    record = accepted(preference.read(filed.read(name), f"{filed.place}/{name}"))
    return ShownPreference(
        address=f"{filed.number}/{slug}", status=record.status, open_since=record.open_since, record=record
    )
