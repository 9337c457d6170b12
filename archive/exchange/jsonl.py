"""Tables for analysis: a JSON object a line, a file for each kind of record; their columns are `columns.TABLES`.

::

    deposits.jsonl  interviews.jsonl  turns.jsonl  notes.jsonl  analyses.jsonl  claims.jsonl
    models.jsonl  facts.jsonl  preferences.jsonl  answers.jsonl  codes.jsonl  questions.jsonl  datapackage.json

Every row has every column; what has no value is null. ``datapackage.json`` describes files and columns (Data Package,
https://datapackage.org), with the SHA-256 of each file.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from archive.deposits import shelf
from archive.deposits.filed import FiledFolder
from archive.errors import Problem, Refused, accepted
from archive.exchange.bag import Progress
from archive.exchange.citation import of_files
from archive.exchange.columns import KEYS, TABLES
from archive.exchange.selection import Selection, model_of, record_of
from archive.records import analysis, notes, preference, protocol
from archive.records.ai_model import Fact, facts_of
from archive.records.analysis import Analysis, Claim
from archive.records.codebook import Codebooks
from archive.records.codes import TURN_CODES
from archive.records.context_bias import recorded
from archive.records.field import Field
from archive.records.preference import Answer, Preference
from archive.register.statement import encode_time
from archive.wording import slugify

Row = dict[str, Any]
_SILENT = dict.fromkeys(column for column, _, _ in TABLES["turns"])
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Tables:
    """The files while they are written."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._files: dict[str, BinaryIO] = {
            name: stack.enter_context((folder / f"{name}.jsonl").open("wb")) for name in TABLES
        }
        self._hashes = {name: hashlib.sha256() for name in TABLES}
        self.rows: Counter[str] = Counter()

    def add(self, table: str, *records: Row) -> None:
        """One row: each column from the first of `records` that has it."""
        merged = {key: value for record in reversed(records) for key, value in record.items()}
        data = _ENCODE({column: merged[column] for column, _, _ in TABLES[table]}).encode() + b"\n"
        self._files[table].write(data)
        self._hashes[table].update(data)
        self.rows[table] += 1

    def described(self) -> Iterator[Row]:
        """The files as a Data Package lists them."""
        for name, columns in TABLES.items():
            named = ({"name": column, "type": kind, "description": words} for column, kind, words in columns)
            fields = [{key: value for key, value in field.items() if value} for field in named]
            yield {
                "name": name,
                "path": f"{name}.jsonl",
                "format": "jsonl",
                "mediatype": "application/x-ndjson",
                "encoding": "utf-8",
                "bytes": self._files[name].tell(),
                "hash": f"sha256:{self._hashes[name].hexdigest()}",
                "schema": {"fields": fields} | ({"primaryKey": KEYS[name]} if name in KEYS else {}),
            }


def write(chosen: Selection, to: Path, progress: Progress | None) -> dict[str, int]:
    """All tables; how many rows each has. Raises `Refused` where a file is not what was filed."""
    with ExitStack() as stack:
        tables = _Tables(to, stack)
        for each in chosen.models:
            _model(tables, each)
        codebooks = shelf.CODEBOOKS.filed(chosen.home)
        for done, each in enumerate(chosen.deposits, 1):
            _deposit(tables, each, chosen, codebooks)
            if progress:
                progress(done, len(chosen.deposits))
        for field in (*TURN_CODES, *(field for book in chosen.codebooks.values() for field in book.fields)):
            tables.add("codes", _code(field))
        asked_in = [(filed, name) for filed in chosen.protocols for name in filed.named("", ".toml")]
        for filed, name in asked_in:
            asked = accepted(protocol.read(filed.read(name), f"{filed.place}/{name}"))
            for question in asked.question:
                tables.add("questions", {"protocol": asked.ref}, question.model_dump())
        package = json.dumps(_package(chosen, tables), ensure_ascii=False, indent=2)
        (to / "datapackage.json").write_bytes(f"{package}\n".encode())
    return {name: tables.rows[name] for name in TABLES}


def _code(field: Field) -> Row:
    return {
        "codebook": field.codebook or None,
        "code": field.key,
        "label": field.term,
        "definition": field.means,
        "kind": field.kind,
        "group": field.group,
        "roles": list(field.roles),
        "values": dict(field.values),
    }


def _package(chosen: Selection, tables: _Tables) -> Row:
    name, origin = chosen.home.configuration.archive.name, chosen.home.register.key.name
    return {
        "name": slugify(name, "archive"),
        "title": name,
        "description": "Cite a deposit as its `cite` says; a turn is 2026-0041/3#12: deposit, interview, turn.",
        "created": encode_time(chosen.home.now()),
        "register": {"origin": origin, "size": chosen.home.register.size},
        "resources": list(tables.described()),
    }


def _deposit(tables: _Tables, chosen: FiledFolder, selection: Selection, codebooks: Codebooks) -> None:
    record, head, number = record_of(chosen), chosen.head, {"accession": chosen.number}
    own = {
        "slug": chosen.slug,
        "access": str(record.access),
        "filed": encode_time(chosen.accession.time),
        "entry": chosen.accession.index,
        "importer": head.importer,
        "importer_version": head.version,
        "interviews": head.interviews,
        "lost": dict(head.lost),
        "received": chosen.received,
        "cite": of_files(chosen, selection),
    }
    tables.add("deposits", number, own, record.model_dump(mode="json", exclude={"access", "interview"}))
    turns = _turns(tables, chosen)
    for n in range(1, head.interviews + 1):
        setting = record.setting(n)
        bias = {f"context_bias.{key}": said for key, said in setting.context_bias.items()}
        own = {"interview": n, "turns": turns[n], "recorded": recorded(setting.context_bias)[0]}
        held = {key: getattr(setting, key) for key in ("model", "protocol", "kind", "title")}
        tables.add("interviews", number, own, bias, held, {"date": setting.date and setting.date.isoformat()})
    for name in chosen.named("notes/"):
        _notes(tables, chosen, name, codebooks)
    for name in chosen.named("analyses/", ".toml"):
        _analysis(tables, chosen, name)


def _turns(tables: _Tables, chosen: FiledFolder) -> Counter[int]:
    """How many turns each interview has."""
    counted: Counter[int] = Counter()
    for turn in chosen.turns():
        counted[turn["interview"]] += 1
        tables.add("turns", {"accession": chosen.number}, turn, _SILENT)
    return counted


def _notes(tables: _Tables, chosen: FiledFolder, name: str, codebooks: Codebooks) -> None:
    said = accepted(notes.read(chosen.read(name), f"{chosen.place}/{name}", codebooks=codebooks))
    for number, note in enumerate(said.note, 1):
        own = {"accession": chosen.number, "coder": said.coder, "note": number, "date": said.date.isoformat()}
        codes: list[Row] = [
            {"codebook": c.field.codebook or None, "code": c.field.key, "value": c.value, "added": c.text}
            for c in note.coded
        ]
        for code in codes or [dict.fromkeys(("codebook", "code", "value", "added"))]:
            tables.add("notes", own, code, note.model_dump(mode="json", exclude={"code"}))


def _analysis(tables: _Tables, chosen: FiledFolder, name: str) -> None:
    place = f"{chosen.place}/{name}"
    made = accepted(analysis.read(chosen.read(name), place))
    prose = f"{name.removesuffix('.toml')}.md"
    own = {"accession": chosen.number, "slug": Path(name).stem}
    try:
        text = chosen.read(prose).decode()
    except (KeyError, UnicodeDecodeError):
        raise Refused([Problem(f"{chosen.place}/{prose}", "expected the prose of the analysis", "")]) from None
    tables.add("analyses", own, {"text": text}, _said(made))
    for number, claim in enumerate(made.claim, 1):
        said = _said(claim)
        tables.add("claims", own, {"claim": number, "quotes": said["quote"]}, said)


def _model(tables: _Tables, chosen: FiledFolder) -> None:
    model = model_of(chosen)
    said = model.model_dump(mode="json")
    own = {"accession": chosen.number, "model": model.id}
    tables.add("models", own, said)
    for kind, same in groupby(facts_of(model), key=lambda pair: pair[0]):
        for number, (_, fact) in enumerate(same, 1):
            held = fact.model_dump(mode="json")
            rest = {k: value for k, value in held.items() if k not in Fact.model_fields and value not in (None, "")}
            tables.add("facts", own, {"kind": kind, "number": number, "said": rest}, held)
    for name in chosen.named("preferences/", ".toml"):
        wish = accepted(preference.read(chosen.read(name), f"{chosen.place}/{name}"))
        own = {"accession": chosen.number, "slug": Path(name).stem}
        tables.add("preferences", own, {"status": wish.status, "quotes": _said(wish)["quote"]}, _said(wish))
        for number, answer in enumerate(wish.answers, 1):
            tables.add("answers", own, {"answer": number}, _said(answer))


def _said(record: Analysis | Claim | Preference | Answer) -> Row:
    """A record's own values, without the claims of an analysis."""
    rate = getattr(record, "expression_rate", None)
    return record.model_dump(mode="json", exclude={"claim", "expression_rate"}) | {
        "expression_rate": rate and str(rate)
    }
