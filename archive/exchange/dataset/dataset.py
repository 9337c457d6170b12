"""A dataset: a folder of tables in Parquet, parted by model, that is written anew or brought up to what is new::

    turns/model=example-heron-1/deposits-000000-1000.parquet     and so each table that has a model
    vocabulary/all.parquet  questions/all.parquet                those that have none
    dictionary.md  datapackage.json  schema/…  ro-crate-metadata.json  datacite.json  CITATION.cff
    parts.json                                                   what each file was made of

The folders of a model, in the order of filing, are cut as the tiles of a register are: into thousands, what is left
into hundreds, tens, and a rest. A full thousand is never written again unless something in it was filed again; what is
new makes small files, which become larger ones later. So a dataset that was brought up to date is, byte for byte, the
one that would be written anew: no row stands in it twice, none is left of what was filed before or is closed now.
"""

import json
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from archive.deposits.filed import FiledFolder
from archive.deposits.shelf import CODEBOOKS
from archive.errors import Problem, Refused
from archive.exchange import bag, citation
from archive.exchange.bag import Progress
from archive.exchange.dataset import describe, metadata, part, rows
from archive.exchange.dataset.about import about
from archive.exchange.dataset.describe import encoded, schemas
from archive.exchange.dataset.essays import Essay, essays
from archive.exchange.dataset.part import File
from archive.exchange.dataset.rows import Known, Rows
from archive.exchange.dataset.tables import TABLES
from archive.exchange.selection import Selection, model_of
from archive.home.store import digest_of
from archive.register import sums

STATE, CRATE = "parts.json", "ro-crate-metadata.json"
LEFT_OUT = "LEFT-OUT.txt"
SIZES = (1000, 100, 10)
_AGAIN = "name a new folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One folder that was filed, and the rows it has of each model."""

    kind: str
    """``deposits``, ``models``, ``essays``"""
    made_of: str
    """A hash of all that its rows are made of."""
    models: tuple[str, ...]
    licence: str
    """Empty where it has none."""
    rows: Callable[[str], Rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A run of folders whose rows of one model are filed together."""

    kind: str
    model: str
    start: int
    """Which of the model's folders is the first, from 0."""
    units: tuple[Unit, ...]

    @property
    def name(self) -> str:
        """``deposits-000000-1000``"""
        return f"{self.kind}-{self.start:06d}-{len(self.units)}"

    @property
    def key(self) -> str:
        """What it is called in ``parts.json``, and what it is made of."""
        made_of = sums.digest("".join(unit.made_of for unit in self.units).encode())
        return f"{self.model}/{self.name}/{made_of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A dataset that was written earlier."""

    folder: Path
    known: Mapping[str, tuple[tuple[str, ...], str]]
    """`Unit.made_of` → models and licence of that folder, which are read out of it else."""
    parts: Mapping[str, tuple[File, ...]]
    """`Part.key` → its files."""


NOTHING = Before(folder=Path(), known={}, parts={})


def write(chosen: Selection, to: Path, *, public: bool, before: Before, progress: Progress | None) -> dict[str, int]:
    """The whole dataset; how many rows each table has, and how many files were written. Raises `Refused`, `Error`.

    Of `before` is taken over what is the same.
    """
    made_by = part.made_by()
    units = [*_units(chosen, public, before)]
    parts = [*_parts(units)]
    kept: dict[str, Sequence[File]] = {}
    written = 0
    for done, each in enumerate(parts, 1):
        kept[each.key] = _carried(before, each, to)
        if not kept[each.key]:
            kept[each.key] = _written(each, to)
            written += len(kept[each.key])
        if progress:
            progress(done, len(parts))
    files = [*chain.from_iterable(kept.values()), *part.write(to, None, "all", rows.of_none(chosen), _UNPARTED)]
    held = {file.table for file in files}
    for table in TABLES.values():
        if table.name not in held:  # so that an engine finds no row, instead of no file
            files += part.write(to, "not_recorded", "none", (), [table])
    counted = Counter({name: sum(file.rows for file in files if file.table == name) for name in TABLES})
    state = {
        **_of(chosen, public),
        "made_by": made_by,
        "folders": {unit.made_of: [unit.models, unit.licence] for unit in units},
        "parts": {key: [*part.described(own)] for key, own in kept.items()},
    }
    described = _described(chosen, files, counted, {u.licence for u in units if u.kind == "deposits"}, public)
    for name, data in {**described, STATE: encoded(state)}.items():
        (to / name).parent.mkdir(exist_ok=True)
        (to / name).write_bytes(data)
    return {**counted, "files written": written}


_UNPARTED = [table for table in TABLES.values() if not table.parted]
BESIDE = ("dictionary.md", "datapackage.json", "datacite.json", "CITATION.cff", *schemas())
"""What describes the tables, besides the crate that names all of them."""


def _written(each: Part, to: Path) -> list[File]:
    return part.write(to, each.model, each.name, chain.from_iterable(unit.rows(each.model) for unit in each.units))


def _described(
    chosen: Selection, files: Sequence[File], rows: Mapping[str, int], licences: set[str], public: bool
) -> dict[str, bytes]:
    told = about(chosen, rows, licences, public=public)
    beside = {
        "dictionary.md": describe.dictionary(told.title).encode(),
        "datapackage.json": describe.package(told, files),
        "datacite.json": metadata.datacite(told),
        "CITATION.cff": metadata.cff(told),
        **schemas(),
    }
    return {**beside, CRATE: metadata.crate(told, files, beside)}


def _of(chosen: Selection, public: bool) -> dict[str, Any]:
    register = chosen.home.register
    return {"format": 1, "register": {"origin": register.key.name, "size": register.size}, "public": public}


# ── what there is ────────────────────────────────────────────────────────────────────────────────────────────────────


def _units(chosen: Selection, public: bool, before: Before) -> Iterator[Unit]:
    codebooks = CODEBOOKS.filed(chosen.home)
    known = Known(home=chosen.home, names=citation.names(chosen.models), codebooks=codebooks)
    configuration = chosen.home.configuration
    address = configuration.newsletter.base_url if configuration.newsletter else ""
    said = [configuration.archive.name, address, sorted(known.names.items())]
    for filed in chosen.models:
        if "model.toml" in filed.files:
            model, made_of = model_of(filed).id, _made_of("models", filed, [])
            yield Unit(kind="models", made_of=made_of, models=(model,), licence="", rows=_of_model(filed))
    for filed in chosen.deposits:
        made_of = _made_of("deposits", filed, said)
        models, licence = before.known.get(made_of) or rows.facts_about(filed)
        yield Unit(kind="deposits", made_of=made_of, models=models, licence=licence, rows=_of_deposit(filed, known))
    for essay in essays(chosen, public=public):
        made_of = sums.digest(json.dumps(dict(essay.row), default=str).encode())
        model = str(essay.row["model"])
        yield Unit(kind="essays", made_of=made_of, models=(model,), licence="", rows=_of_essay(essay))


def _made_of(kind: str, filed: FiledFolder, said: Iterable[object]) -> str:
    life = filed.life
    about = [kind, filed.number, filed.slug, life.accession.index, len(life.intakes), sorted(filed.files.items())]
    seen = sorted(filed.listed)  # whether anyone may read it decides on its address
    return sums.digest(json.dumps([*about, seen, *said]).encode())


def _of_model(filed: FiledFolder) -> Callable[[str], Rows]:
    return lambda _: rows.of_model(filed)


def _of_deposit(filed: FiledFolder, known: Known) -> Callable[[str], Rows]:
    return lambda model: rows.of_deposit(filed, model, known)


def _of_essay(essay: Essay) -> Callable[[str], Rows]:
    return lambda _: essay.rows()


def _parts(units: Iterable[Unit]) -> Iterator[Part]:
    """Each kind and model by itself, in the order of filing."""
    runs: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in units:
        for model in unit.models:
            runs[unit.kind, model].append(unit)
    for (kind, model), run in sorted(runs.items()):
        start = 0
        for size in sizes(len(run)):
            yield Part(kind=kind, model=model, start=start, units=tuple(run[start : start + size]))
            start += size


def sizes(count: int) -> Iterator[int]:
    """How so many folders are cut: 2,134 are 1000, 1000, 100, 10, 10, 10, 4."""
    for size in SIZES:
        for _ in range(count // size):
            yield size
        count %= size
    if count:
        yield count


# ── what there was ───────────────────────────────────────────────────────────────────────────────────────────────────


def earlier(folder: Path, chosen: Selection, *, public: bool) -> Before:
    """The dataset in a folder, to be brought up to date. Raises `Refused` where it is none, not of this archive, or
    holds what no export wrote, which would be lost.
    """
    state = _state(folder)
    of = _of(chosen, public)
    origin, size = state["register"]["origin"], state["register"]["size"]
    if origin != of["register"]["origin"]:
        raise _other(folder, f"expected a dataset of {of['register']['origin']}, found one of {origin}", _AGAIN)
    if state["public"] != public:
        whose = ("of everything", "of what is public")
        raise _other(folder, f"expected a dataset {whose[public]}, found one {whose[not public]}", _AGAIN)
    if size > of["register"]["size"]:
        found = f"knows {size} statements, and the register of this archive has {of['register']['size']}"
        raise _other(folder, found, "use the newest copy of the archive")
    parts = {key: tuple(File(**file) for file in files) for key, files in state["parts"].items()}
    _refuse_foreign(folder, {file.path for files in parts.values() for file in files})
    if state["made_by"] != part.made_by():
        return NOTHING
    known = {made_of: (tuple(models), licence) for made_of, (models, licence) in state["folders"].items()}
    return Before(folder=folder, known=known, parts=parts)


def _state(folder: Path) -> dict[str, Any]:
    try:
        state = json.loads((folder / STATE).read_bytes())
        if state["format"] == 1 and state.keys() >= {"register", "public", "made_by", "folders", "parts"}:
            return dict(state)
    except (OSError, ValueError, TypeError, KeyError):
        pass
    raise _other(folder, f"expected a dataset that an export wrote, with {STATE}; found none", _AGAIN)


def _refuse_foreign(folder: Path, parts: set[str]) -> None:
    plain, strange = bag.walk(folder)
    beside = {STATE, CRATE, LEFT_OUT, *BESIDE}
    own = {f"{name}/{rest}" for name in TABLES for rest in ("all.parquet", "model=not_recorded/none.parquet")}
    foreign = [*(set(plain) - parts - beside - own), *strange]
    if foreign:
        what = "is not part of the dataset, and would be lost when that is replaced"
        raise Refused(Problem(str(folder / name), what, "move it elsewhere") for name in sorted(foreign))


def _other(folder: Path, found: str, remedy: str) -> Refused:
    return Refused([Problem(str(folder), found, remedy)])


def _carried(before: Before, each: Part, to: Path) -> tuple[File, ...]:
    """The files of a part that is the same as before, in their new place; none where one of them is not as it was."""
    files = before.parts.get(each.key, ())
    if not all((before.folder / f.path).is_file() and digest_of(before.folder / f.path) == f.sha256 for f in files):
        return ()
    for file in files:
        (to / file.path).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(before.folder / file.path, to / file.path)
        except OSError:  # not every file system has links
            shutil.copy2(before.folder / file.path, to / file.path)
    return files
