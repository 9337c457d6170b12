"""Parts: the Parquet files that a run of folders makes, one for each table that has a row of them.

The same rows make the same bytes by the same version of pyarrow, which stands in every file. Row groups are cut by the
rows alone, so that a file of any length is written with the memory of one group.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.errors import not_installed
from archive.exchange.dataset.rows import Row
from archive.exchange.dataset.table import Column, Table, plain
from archive.exchange.dataset.tables import TABLES
from archive.home.store import digest_of
from archive.register import sums

ROWS, BYTES = 1 << 16, 8 << 20
"""What a row group has at most: rows, and characters of text but for the last row."""
_OPTIONS: dict[str, Any] = {"compression": "zstd", "compression_level": 3, "version": "2.6", "data_page_version": "1.0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of one table, as it was written."""

    table: str
    path: str
    """In the dataset: ``turns/model=example-heron-1/deposits-000000-100.parquet``."""
    bytes: int
    sha256: str
    rows: int


def made_by() -> str:
    """What files are made by, besides their rows: another one writes other bytes. Raises `Error` without pyarrow."""
    return sums.digest(json.dumps([plain(TABLES.values()), ROWS, BYTES, _OPTIONS, _pyarrow().__version__]).encode())


def write(
    to: Path, model: str | None, name: str, rows: Iterable[tuple[Table, Row]], tables: Iterable[Table] = ()
) -> list[File]:
    """The files of these rows, ``name`` in the folder of each table and model; `tables` have one even without a row."""
    open_: dict[str, _Writer] = {}
    try:
        for table in tables:
            open_[table.name] = _Writer(to, table, model, name)
        for table, row in rows:
            if table.name not in open_:
                open_[table.name] = _Writer(to, table, model, name)
            open_[table.name].add(row)
    finally:
        for writer in open_.values():
            writer.close()
    return [writer.file() for writer in open_.values()]


class _Writer:
    """One file while it is written."""

    def __init__(self, to: Path, table: Table, model: str | None, name: str) -> None:
        folder = f"model={_safe(model)}/" if table.parted and model is not None else ""
        self._to, self._table, self._path = to, table, f"{table.name}/{folder}{name}.parquet"
        (to / self._path).parent.mkdir(parents=True, exist_ok=True)
        from pyarrow import parquet

        self._schema = schema(table)
        self._file = parquet.ParquetWriter(to / self._path, self._schema, **_OPTIONS)
        self._columns: dict[str, list[Any]] = {column.name: [] for column in table.columns}
        self._held = self._size = self._rows = 0

    def add(self, row: Row) -> None:
        for name, value in row.items():
            self._columns[name].append(value)
            if type(value) is str:
                self._size += len(value)
        self._held += 1
        if self._held >= ROWS or self._size >= BYTES:
            self._flush()

    def _flush(self) -> None:
        arrow = _pyarrow()
        arrays = [arrow.array(self._columns[field.name], field.type) for field in self._schema]
        self._file.write_table(arrow.Table.from_arrays(arrays, schema=self._schema), max(self._held, 1))
        self._rows += self._held
        self._columns = {name: [] for name in self._columns}
        self._held = self._size = 0

    def close(self) -> None:
        if self._held or not self._rows:  # not every reader takes a file without a row group
            self._flush()
        self._file.close()

    def file(self) -> File:
        path = self._to / self._path
        size, digest = path.stat().st_size, digest_of(path)
        return File(table=self._table.name, path=self._path, bytes=size, sha256=digest, rows=self._rows)


def schema(table: Table) -> Any:
    """Of pyarrow; what a column means stands in its metadata."""
    arrow = _pyarrow()
    fields = [
        arrow.field(c.name, _type(c), nullable=bool(c.null), metadata={"description": c.means}) for c in table.columns
    ]
    return arrow.schema(fields, metadata={"table": table.name, "description": table.means})


def _type(column: Column) -> Any:
    arrow = _pyarrow()
    if column.values or column.name == "model":
        return arrow.dictionary(arrow.int32(), arrow.string())
    if column.type == "integer":
        return arrow.int64() if column.name == "entry" else arrow.int32()
    return {
        "string": arrow.string(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "datetime": arrow.timestamp("us", "UTC"),
        "list": arrow.list_(arrow.string()),
    }[column.type]


def _safe(model: str) -> str:
    """Its id, percent-encoded: engines that know Hive's way read it back, and not all do where an = stands in it."""
    return quote(model, safe="")


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise not_installed("a dataset in Parquet", "pyarrow") from None
    return pyarrow


def described(files: Iterable[File]) -> Iterator[dict[str, Any]]:
    """As JSON keeps them."""
    return map(asdict, files)
