"""What the tables are: ``dictionary.md`` for people, ``datapackage.json`` and ``schema/`` for programs.

Both are made of `tables.TABLES`. Data Package: https://datapackage.org, a resource for each file, since those of
Parquet cannot be laid end to end; `frictionless validate datapackage.json` reads every row. It counts no bytes of such
files, so their length stands in ``parts.json`` alone.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.exchange.dataset.about import KEYWORDS, About
from archive.exchange.dataset.part import File
from archive.exchange.dataset.table import Column, Table
from archive.exchange.dataset.tables import TABLES
from archive.register.statement import encode_time

MEDIA_TYPE = "application/vnd.apache.parquet"
_TYPES: Mapping[str, str] = {"list": "any"}
"""What checks a list by ``array`` or ``list`` knows none that comes out of Parquet; `dictionary` says what it is."""


def encoded(value: object) -> bytes:
    """JSON, as a person may read it."""
    return f"{json.dumps(value, ensure_ascii=False, indent=2)}\n".encode()


def package(about: About, files: Sequence[File]) -> bytes:
    """``datapackage.json``"""
    said: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": about.name,
        "title": about.title,
        "description": about.description,
        "homepage": about.address,
        "version": str(about.size),
        "created": encode_time(about.day),
        "keywords": [*KEYWORDS],
        "contributors": [{"title": about.maker, "roles": ["creator", "publisher"]}],
        "licenses": [{"name": about.licence, "path": about.licence_address}] if about.licence_address else [],
        "register": {"origin": about.origin, "size": about.size, "root": about.root},
    }
    return encoded({key: value for key, value in said.items() if value} | {"resources": [*_resources(files)]})


def _resources(files: Sequence[File]) -> Iterator[dict[str, Any]]:
    counted: Counter[str] = Counter()
    order = [*TABLES]
    for file in sorted(files, key=lambda file: (order.index(file.table), file.path)):
        counted[file.table] += 1
        yield {
            "name": f"{file.table.replace('_', '-')}-{counted[file.table]}",
            "type": "table",
            "path": file.path,
            "format": "parquet",
            "mediatype": MEDIA_TYPE,
            "hash": f"sha256:{file.sha256}",
            "rows": file.rows,
            "schema": f"schema/{file.table}.json",
        }


def schemas() -> dict[str, bytes]:
    """Table Schema of each table, by path: ``schema/turns.json``."""
    return {f"schema/{name}.json": encoded(_schema(table)) for name, table in TABLES.items()}


def _schema(table: Table) -> dict[str, Any]:
    foreign = [
        {"fields": [*own], "reference": {"resource": f"{other}-1".replace("_", "-"), "fields": [*TABLES[other].key]}}
        for own, other in table.refers.items()
    ]
    said = {"title": table.name, "description": table.means, "fields": [*map(_field, table.columns)]}
    # What a table refers to lies in several files: programs that look the keys up look in one, so it is only told.
    return said | {"primaryKey": [*table.key], "refers": foreign}


def _field(column: Column) -> dict[str, Any]:
    rules: dict[str, Any] = {} if column.null else {"required": True}
    if column.values:
        rules["enum"] = [*column.values]
    said = {
        "name": column.name,
        "type": _TYPES.get(column.type, column.type),
        "description": column.means,
        "null": column.null,
        "unit": column.unit,
        "example": column.example,
        "source": column.source,
        "values": dict(column.values),
        "constraints": rules,
        # Programs that read Parquet by way of pandas find null written so, in what are no texts.
        "missingValues": [] if column.type in ("string", "list") or not column.null else ["", "nan", "NaT", "<NA>"],
    }
    return {key: value for key, value in said.items() if value not in ("", None, {}, [])}


# ── for people ───────────────────────────────────────────────────────────────────────────────────────────────────────

_HEAD = """\
# {title}

What every column of every table holds. The tables are Parquet files, parted by model as Hive does it
(`turns/model=example-heron-1/…`); `docs/research-data.md` of Emeritus answers questions with DuckDB, pandas and Polars.

- An empty text is null. What null means stands with each column; where nothing stands, there is always a value.
- Where somebody said that they do not say, the value is null, and the column `…_silence` beside it says which silence
  that is: {silences}.
- A time is UTC. A position or a length counts Unicode code points. A number of an interview or a turn counts from 1.
- `2026-0041/3#12` is a turn: accession number of the deposit, interview, turn.
- A row is there once, as it was filed last; what was filed before is in the archive, and `deposits.versions` counts it.
- `parts.json` says what each file was made of, so that `archive export --since` writes only what is new. Bytes depend
  on the version of pyarrow, which stands in each file.

| table | a row is |
|---|---|
"""


def dictionary(title: str) -> str:
    """``dictionary.md``"""
    from archive.records.values import SILENCES

    silences = "; ".join(f"`{key}`, {means}" for key, means in SILENCES.items())
    rows = "".join(f"| [{name}](#{name}) | {_cell(table.means)} |\n" for name, table in TABLES.items())
    return _HEAD.format(title=title, silences=silences) + rows + "".join(map(_section, TABLES.values()))


def _section(table: Table) -> str:
    refers = [f"{', '.join(f'`{name}`' for name in own)} → `{other}`" for own, other in table.refers.items()]
    told = f"Told apart by {', '.join(f'`{name}`' for name in table.key)}" + "".join(f"; {each}" for each in refers)
    head = "| column | type | holds | null means | example | read in |\n|---|---|---|---|---|---|\n"
    rows = "".join(map(_row, table.columns))
    values = "".join(_values(column) for column in table.columns if 0 < len(column.values) <= _LISTED)
    return f"\n## {table.name}\n\n{table.means} {told}.\n\n{head}{rows}{values}"


_LISTED = 20
"""The fields of context bias are more, and `vocabulary` has them."""


def _row(column: Column) -> str:
    kind = "enumeration" if column.values else "list of strings" if column.type == "list" else column.type
    holds = column.means + (f" ({column.unit})" if column.unit else "")
    example = "" if column.example is None else f"`{json.dumps(column.example, ensure_ascii=False)}`"
    cells = (f"`{column.name}`", kind, holds, column.null, example, column.source)
    return f"| {' | '.join(map(_cell, cells))} |\n"


def _values(column: Column) -> str:
    said = "".join(f"- `{value}` {means}\n" for value, means in column.values.items())
    return f"\n`{column.name}`:\n\n{said}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
