"""The home itself: made, checked, its catalogue rebuilt, carried away and brought back."""

import shlex
from dataclasses import asdict
from pathlib import Path

import click

from archive.cli import errors
from archive.cli.console import (
    PATH,
    Output,
    counted,
    find_home,
    home_option,
    json_option,
    output_json,
    output_options,
    show,
    wait_option,
)
from archive.errors import Error
from archive.wording import many


@click.command()
@click.argument("directory", type=PATH, default=".")
@click.option("--name", help="What the archive is called; else the folder's name.")
@click.option("--origin", help="The register's name, for ever: a domain you hold and a path.")
@click.option("--sample", is_flag=True, help="A home for trying things out.")
def init(directory: Path, name: str | None, origin: str | None, sample: bool) -> None:
    """Make a new home: configuration, register key, collections.

    Example: archive init letters --origin letters.example.org/register
    """
    from archive.home.founding import create, own_origin, there, told

    folder = directory.resolve()
    if not (name or folder.name).isprintable():
        raise Error(f"--name: expected a name that can be shown; give one, the folder's is {folder.name!r}")
    if home := there(folder, name=name, origin=origin, sample=sample):
        own = home.configuration.archive
        click.echo(home.root)
        of_what = f"{own.name}, with {home.register.size} statements in its register {own.origin}"
        click.echo(f"There is an archive here already: {of_what}. Nothing was changed.", err=True)
        return
    home = create(folder, name=name or folder.name, origin=origin or own_origin(folder.name), sample=sample)
    click.echo(home.root)
    for line in told(home):
        click.echo(line, err=True)
    click.echo("Next: archive new model MODEL-ID, then archive file FILE --model MODEL-ID", err=True)
    click.echo(f"Or in a browser: archive desk --home {shlex.quote(str(home.root))}", err=True)


@click.command()
@home_option
@wait_option
@click.option("--deep", is_flag=True, help="Also read again every record, quote, row of the catalogue, copy elsewhere.")
@click.option(
    "--restore", "mend", is_flag=True, help="First bring back what is damaged; what people edit is not touched."
)
@output_options
def check(home_dir: Path | None, deep: bool, mend: bool, out: Output) -> None:
    """Account for every file of the home, as it was logged.

    What is wrong is of one of these kinds: edited since it was filed, damaged, foreign. What --restore replaces is kept
    in .archive/damaged/.
    """
    from archive.audit import check as checking

    with counted("verifying") as progress:
        report = checking.check(find_home(home_dir), deep=deep, mend=mend, progress=progress)
    if out.printed:
        click.echo(report.sentence)
        brought = [f"brought back: {path}" for path in report.restored]
        for line in [*brought, *(f"note: {remark}" for remark in report.remarks), *report.problems]:
            click.echo(str(line), err=True)
    else:
        show(out, report, checking.document)
    if report.problems:
        raise SystemExit(1)


@click.command()
@home_option
@wait_option
@click.argument("target")
@click.option(
    "--version", "version", type=click.IntRange(1), metavar="N", help="Which; else the newest that was filed."
)
@json_option
def restore(home_dir: Path | None, target: str, version: int | None, as_json: bool) -> None:
    """Bring a version of what was filed back into its folder. It comes from the store; TARGET is an accession
    number.

    Example: archive restore 2026-0041 --version 2

    `archive show TARGET --versions` lists them. What lies there unfiled is never written over.
    """
    from archive.deposits import versions

    done = versions.restore(find_home(home_dir), target, version)
    if as_json:
        output_json(asdict(done))
        return
    click.echo(f"{done.accession}  {done.folder}  version {done.version}")
    for what, names in (("put back", done.put), ("taken away", done.removed)):
        if names:
            click.echo(f"  {what}: {', '.join(names)}", err=True)
    if not (done.put or done.removed):
        click.echo("  all is there already", err=True)
    elif not done.newest:
        click.echo(f"  to make it the newest version: archive file {done.folder}", err=True)


@click.command()
@home_option
@wait_option
@click.option("--back", is_flag=True, help="From there to this machine; nothing goes there.")
@json_option
def store(home_dir: Path | None, back: bool, as_json: bool) -> None:
    """Move copies of what was filed into object storage, or back. Where that is, [store] url of archive.toml says.

    Received files that are larger than [store] larger_than go as well. Nothing goes here before it has been verified
    there; stopped, the next run goes on.
    """
    from archive.deposits import moving

    home = find_home(home_dir)
    with counted("bringing back" if back else "moving") as progress:
        done = moving.back(home, progress) if back else moving.there(home, progress)
    if as_json:
        output_json(asdict(done))
    else:
        how, received = "are here again" if back else "moved", many(len(done.received), "received file")
        click.echo(f"{done.address}: {many(done.copies, 'copy')} and {received} {how}")
        for problem in done.problems:
            click.echo(str(problem), err=True)
        if back and not done.problems:
            click.echo("Next: take [store] out of archive.toml", err=True)
    if done.problems:
        raise SystemExit(1)


@click.command()
@home_option
def reindex(home_dir: Path | None) -> None:
    """Rebuild the catalogue from the files."""
    from archive.catalogue import building

    home = find_home(home_dir)
    counts = building.reindex(home)
    click.echo(", ".join(f"{number} {name}" for name, number in counts.items()))
    errors.notes(building.lacking(home))


@click.command()
@home_option
@wait_option
@click.argument("directory", type=PATH)
@click.option(
    "--as",
    "form",
    type=click.Choice(["bagit", "jsonl", "inspect", "parquet", "refi-qda"]),
    required=True,
    help="Which form.",
)
@click.option("--public", is_flag=True, help="Only what anyone may have, by a list of what goes in.")
@click.option("--since", is_flag=True, help="Bring the tables in Parquet that lie there up to date: write what is new.")
@json_option
def export(home_dir: Path | None, directory: Path, form: str, public: bool, since: bool, as_json: bool) -> None:
    """Write the archive into an empty folder. As a bag that `archive import` brings back, as tables, as Inspect logs,
    or for programs in which people code.

    Example: archive export ~/bag --as bagit

    Tables are JSON Lines, a record a line, or typed ones in Parquet, parted by model (docs/research-data.md).
    A project in REFI-QDA is for QualCoder, NVivo, ATLAS.ti and MAXQDA; `archive file` takes its codings back.
    """
    from archive.exchange import exchange as exports

    done = exports.export(find_home(home_dir), directory, form, public=public, since=since)  # type: ignore[arg-type]
    if as_json:
        output_json({"folder": str(done.folder), "counts": dict(done.counts), "left_out": dict(done.left_out)})
        return
    click.echo(done.folder)
    click.echo(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in done.counts.items()), err=True)
    for name, number in done.left_out.items():
        click.echo(f"left out: {number} {name}", err=True)
    errors.notes(done.drafts)


@click.command("import")
@click.argument("bag", type=PATH)
@click.argument("directory", type=PATH)
def import_(bag: Path, directory: Path) -> None:
    """Make a home again from a bag: all but the keys. The folder must be empty.

    Example: archive import ~/bag ~/letters
    """
    from archive.exchange import exchange as exports

    done = exports.import_(bag, directory)
    click.echo(done.home.root)
    click.echo(f"{done.files} files; the signing key is not among them: bring back .archive/keys/register", err=True)
