"""One thing of the archive, as a person or a program wants to see it: the context bias first, notes at their turns.

What is shown comes from the files; the catalogue says where they lie and who quotes whom.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.catalogue.catalogue import reading
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
from archive.deposits import deposit
from archive.deposits.shelf import CODEBOOKS
from archive.errors import Error, NotFound, accepted
from archive.home.home import Home
from archive.importers.turns import Transcript
from archive.records import ai_model, analysis, deposit_record, notes, preference
from archive.records.analysis import Analysis
from archive.records.context_bias import recorded
from archive.records.deposit_record import DepositRecord
from archive.records.kinds import SLUG
from archive.wording import suggestion

_ADDRESS = re.compile(
    rf"(?P<number>\d{{4}}-\d{{4,}})(?:/(?:(?P<interview>[1-9]\d*)(?:#(?P<turn>[1-9]\d*))?|(?P<slug>{SLUG})))?", re.ASCII
)
_MODEL = re.compile(rf"(?P<number>M\d{{4}}-\d{{4,}})(?:/(?P<slug>{SLUG}))?", re.ASCII)


def show(home: Home, target: str) -> Shown:
    """What goes by `target`.

    That is a deposit (``2026-0041``), an interview (``2026-0041/3``), a turn (``2026-0041/3#12``), an analysis
    (``2026-0041/first-reading``), a preference (``M2026-0001/own-channel``), a model's number, id or alias, or the slug
    of a deposit, an analysis or a preference. Raises `NotFound`; `Refused` where its files cannot be read; `Stale`.
    """
    target = re.sub(r"^(\d{4}-\d{4,})#", r"\1/1#", target)  # of a deposit of one interview, as people write it
    with reading(home) as reader:
        if place := _ADDRESS.fullmatch(target):
            folder = home.root / deposit_folder(reader, place["number"])
            if place["slug"]:
                return _analysis(home, folder, place["number"], place["slug"])
            return _deposit(home, reader, folder, place["number"], place["interview"], place["turn"])
        if place := _MODEL.fullmatch(target):
            found = _model_folder(home, reader, place["number"])
            return _preference(home, *found, place["slug"]) if place["slug"] else _model(home, reader, *found)
        if re.fullmatch(r"E\d{4}-\d{4,}", target):
            raise NotFound(f"{target} is an essay; `publisher status` names it, `publisher problems` shows it")
        address = _address(reader, target)
    return show(home, address)


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
    raise NotFound(f"{name}: expected a deposit, interview, turn, analysis, preference or model, found none; {remedy}")


# ── reading its files ────────────────────────────────────────────────────────────────────────────────────────────────


def _deposit(
    home: Home, reader: Reader, folder: Path, number: str, interview: str | None, turn: str | None
) -> ShownInterview | ShownDeposit:
    place = home.relative(folder)
    transcript = deposit.read_transcript(folder, place)
    data = (folder / "deposit.toml").read_bytes()
    record = accepted(deposit_record.read(data, f"{place}/deposit.toml", interviews=transcript.interviews))
    if interview and int(interview) > transcript.interviews:
        raise NotFound(f"{number}/{interview}: the deposit ends with interview {transcript.interviews}")
    coded = _notes(home, folder)
    analyses = {path.stem: _read_analysis(home, path) for path in sorted((folder / "analyses").glob("*.toml"))}
    source: dict[str, Any] = {
        "access": str(record.access),
        "licence": record.licence,
        "received": tuple(path.name for path in deposit.received(folder)),
        "importer": f"{transcript.importer} {transcript.version}",
        "lost": transcript.lost,
    }
    if not interview and transcript.interviews > 1:
        return ShownDeposit(
            address=number,
            title=record.title,
            model=record.model,
            kind=record.kind,
            date=record.date,
            **source,
            coders=tuple(sorted({note.coder for said in coded.values() for note in said})),
            analyses=tuple(f"{number}/{slug}" for slug in analyses),
            interviews=tuple(_lines(number, record, transcript)),
        )
    n = int(interview or 1)
    setting = record.setting(n)
    quoted = _quoted(reader, number)
    shown = ShownInterview(
        address=f"{number}/{n}",
        title=setting.title,
        model=setting.model,
        kind=setting.kind,
        protocol=setting.protocol,
        date=setting.date,
        context_bias=setting.context_bias,
        recorded=recorded(setting.context_bias)[0],
        **source,
        analyses=tuple(f"{number}/{s}" for s, a in analyses.items() if {n, f"{number}/{n}"} & set(a.interviews)),
        turns=tuple(
            ShownTurn(
                address=f"{number}/{n}#{said.turn}",
                turn=said,
                notes=tuple(coded.get((n, said.turn), ())),
                quoted_in=tuple(quoted.get((n, said.turn), ())),
            )
            for said in transcript.turns
            if said.interview == n
        ),
    )
    return _only(shown, int(turn)) if turn else shown


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


def _notes(home: Home, folder: Path) -> Mapping[tuple[int, int], list[ShownNote]]:
    found: dict[tuple[int, int], list[ShownNote]] = defaultdict(list)
    codebooks = CODEBOOKS.filed(home)
    for path in sorted((folder / "notes").glob("*.toml")):
        said = accepted(notes.read(path.read_bytes(), home.relative(path), codebooks=codebooks))
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


def _analysis(home: Home, folder: Path, number: str, slug: str) -> ShownAnalysis:
    path = folder / "analyses" / f"{slug}.toml"
    if not path.is_file():
        known = ", ".join(p.stem for p in sorted(path.parent.glob("*.toml"))) or "none"
        raise NotFound(f"{number}/{slug}: the deposit has no such analysis; it has {known}")
    prose = path.with_suffix(".md")
    text = prose.read_text(errors="replace") if prose.is_file() else ""
    return ShownAnalysis(address=f"{number}/{slug}", record=_read_analysis(home, path), prose=text)


def _read_analysis(home: Home, path: Path) -> Analysis:
    return accepted(analysis.read(path.read_bytes(), home.relative(path)))


def _model_folder(home: Home, reader: Reader, number: str) -> tuple[Path, str]:
    row = reader.one("SELECT folder FROM ai_model WHERE accession = :number", number=number)
    if row is None:
        raise NotFound(f"{number}: no model has this number; `archive list --models` shows them")
    return home.root / row["folder"], number


def _model(home: Home, reader: Reader, folder: Path, number: str) -> ShownModel:
    path = folder / "model.toml"
    record = accepted(ai_model.read(path.read_bytes(), home.relative(path)))
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


def _preference(home: Home, folder: Path, number: str, slug: str) -> ShownPreference:
    path = folder / "preferences" / f"{slug}.toml"
    if not path.is_file():
        known = ", ".join(p.stem for p in sorted(path.parent.glob("*.toml"))) or "none"
        raise NotFound(f"{number}/{slug}: the model has no such preference; it has {known}")
    record = accepted(preference.read(path.read_bytes(), home.relative(path)))
    return ShownPreference(
        address=f"{number}/{slug}", status=record.status, open_since=record.open_since, record=record
    )
