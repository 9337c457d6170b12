"""Taking everything out again: a whole home as a bag, or what was filed in a form that other tools read.

An exporter is a module whose ``write`` puts a `Selection` into an empty folder and says how much that was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from archive.errors import Error, Problem, Refused
from archive.exchange import bag
from archive.exchange.bag import Progress
from archive.home.fresh import fresh, holds, renewed
from archive.home.home import Home

Form = Literal["bagit", "jsonl", "inspect", "parquet", "refi-qda"]
FORMS: tuple[str, ...] = get_args(Form)
LEFT_OUT = "LEFT-OUT.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What came of an export."""

    folder: Path
    counts: Mapping[str, int]
    """How much went in, by what it is called: ``{"deposits": 12, "files": 340}``."""
    left_out: Mapping[str, int]
    """What did not go in, counted by what it is."""
    drafts: tuple[Problem, ...] = ()
    """Of it what nobody filed so, by name."""


def export(
    home: Home, to: Path, form: Form, *, public: bool = False, since: bool = False, progress: Progress | None = None
) -> Exported:
    """Write an export into `to`, a new or empty folder outside the home; with `public`, only what anyone may have.

    `bagit` is a bag: of the whole home but its keys, which `import_` brings back, or of what is public.
    `jsonl` has a table of JSON Lines for each kind of record, `inspect` a log for each deposit, `parquet` typed tables
    by model, `refi-qda` a project for programs in which people code. Parquet can be written `since` an earlier one in
    the same folder: only files that are other than there.

    Nobody can file meanwhile. Raises `Error` or `OSError`; then `to` is as it was.
    """
    from archive.exchange import bags, inspect_log, jsonl, selection
    from archive.exchange.dataset import dataset
    from archive.exchange.refi_qda import project

    if since and form != "parquet":
        raise Error(f"only tables in Parquet can be brought up to date; expected the form parquet, found {form}")
    _refuse_inside(to, home)
    place = renewed(to, closed=not public) if since else fresh(to, closed=not public)
    with home.writing() as writer, place as made:
        if form == "bagit" and not public:
            counts, left_out = bags.write_home(writer.home, made, progress)
            return Exported(folder=to, counts=counts, left_out=left_out)
        chosen = selection.public(writer.home, home.now().date()) if public else selection.everything(writer.home)
        summary = {LEFT_OUT: _summary(chosen.left_out)} if public else {}
        match form:
            case "bagit":
                counts = bags.write_public(chosen, made, summary, progress)
            case "jsonl":
                counts = jsonl.write(chosen, made, progress)
            case "inspect":
                counts = inspect_log.write(chosen, made, progress)
            case "refi-qda":
                counts = project.write(chosen, made, progress)
            case "parquet":
                before = dataset.earlier(to, chosen, public=public) if since and holds(to) else dataset.NOTHING
                counts = dataset.write(chosen, made, public=public, before=before, progress=progress)
        if form != "bagit":
            for name, data in summary.items():
                (made / name).write_bytes(data)
        return Exported(folder=to, counts=counts, left_out=chosen.left_out, drafts=chosen.drafts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import."""

    home: Home
    files: int
    catalogue: Mapping[str, int] | None
    """What the catalogue holds; None where ``archive.toml`` names a database, which is left alone."""


def import_(folder: Path, into: Path, progress: Progress | None = None) -> Imported:
    """Make the home again that `export` put into a bag; `into` is a new or empty folder.

    All is as it was but for the keys and the catalogue, which is built anew. Raises `Refused`, naming everything that
    is damaged, missing or added in the bag; then `into` is as it was.
    """
    from archive.catalogue import building
    from archive.exchange import bags

    opened = bag.read(folder)
    bags.refuse_foreign(opened)
    with fresh(into, closed=True) as staging:
        if problems := [*opened.problems, *bag.unpack(opened, staging, progress)]:
            raise Refused(problems)
        bags.furnish(staging)
        home = Home(staging)
        counts = None if home.configuration.database.url else building.reindex(home)
    return Imported(home=Home.at(into), files=len(opened.files), catalogue=counts)


def _refuse_inside(to: Path, home: Home) -> None:
    if to.resolve().is_relative_to(home.root.resolve()):
        raise Error(f"{to}: expected a folder outside the archive, found one within {home.root}")


def _summary(left_out: Mapping[str, int]) -> bytes:
    lines = [f"{what}: {number}\n" for what, number in sorted(left_out.items())]
    return "".join(["Left out, because it is not public:\n", *lines] if lines else ["Nothing was left out.\n"]).encode()
