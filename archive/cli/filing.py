"""What goes in: logs, sidecars, facts, and the formats that are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.console import (
    PATH,
    Output,
    edit,
    find_home,
    home_option,
    interactive,
    json_option,
    output_json,
    output_options,
    progress,
    show,
    wait_option,
)
from archive.cli.errors import problems

if TYPE_CHECKING:
    from archive.deposits.batch import Batch
    from archive.home.home import Home


def _without_setup(home: "Home", paths: tuple[Path, ...], *, dry_run: bool) -> tuple[Path, ...]:
    """The other paths, once the home's own two files among them are noted as they are now."""
    from archive.home import account

    own = account.own(home.root, paths)
    if own:
        from archive.home import setup

        size = home.register.size
        new = not dry_run and setup.file(home, own)
        for line in setup.told(home.reopened(), size):
            click.echo(line, err=True)
        for name in own:
            click.echo(f"{name}  {'would be noted' if dry_run else 'noted' if new else 'noted already'}", err=True)
    return tuple(path for path in paths if path.resolve() not in [home.root / name for name in own])


@contextmanager
def _after(own: bool) -> Iterator[None]:
    """What ends the batch is told with what was said before it."""
    try:
        yield
    except OSError as error:
        if own:
            error.add_note("what is said above it stands")
        raise


@click.command()
@home_option
@wait_option
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--model", metavar="ID", help="The model that answered, by its maker's id.")
@click.option("--kind", help="What the conversation was: retirement_interview, conversation, …")
@click.option("--protocol", metavar="ID@V", help="The protocol that was followed.")
@click.option("--title", help="Of the deposit; else the log's own, where it has one.")
@click.option("--access", help='Who may see it: restricted (if nothing is said), described, public, "embargo DATE".')
@click.option("--licence", help="Under which others may use it, as CC-BY-4.0.")
@click.option("--context", type=PATH, metavar="FILE", help="Answers for [context_bias] that hold for all of these.")
@click.option("--speakers", metavar="NAME=ROLE,…", help="For plain text: who speaks as user, assistant, system, tool.")
@click.option("--slug", help="The deposit's short name; else made from the file's.")
@click.option("--date", metavar="YYYY-MM-DD", help="When the first interview was held.")
@click.option("--again", is_flag=True, help="File the same bytes once more.")
@click.option(
    "--only", multiple=True, metavar="N", help="Of an export only this conversation; --dry-run says which is which."
)
@click.option("--dry-run", is_flag=True, help="Say what would be filed, change nothing.")
@json_option
def file(home_dir: Path | None, paths: tuple[Path, ...], dry_run: bool, as_json: bool, **options: Any) -> None:
    """File logs in any format, prepared folders, or folders again. A folder is filed again after notes were added; what
    was coded in QualCoder, NVivo or ATLAS.ti comes back as notes.

    Example: archive file interview.json --model claude-3-opus-20240229 --kind retirement_interview

    The FILE of --context is TOML: format = 1, then a table [context_bias] with any of the fields that
    `archive vocabulary` lists; they take the place of what the log says. Of a project in REFI-QDA (.qdpx) that
    `archive export` wrote, the codings become notes of the deposits it holds, a coder for each user. The home's own
    archive.toml and allowed_signers are noted as they are now, for `archive check`; allowed_signers is logged where it
    is new.
    """
    from archive.deposits import taking
    from archive.deposits.options import options as stated

    home = find_home(home_dir)
    chosen = stated(**options)
    rest = _without_setup(home, paths, dry_run=dry_run)
    with _after(len(rest) < len(paths)):
        if dry_run:
            batch = taking.rehearse(home, rest, chosen)
        else:
            batch = taking.file(home, rest, chosen, progress, edit if interactive() and not as_json else None)
    _filed(batch, dry_run=dry_run, as_json=as_json)


def _filed(batch: "Batch", *, dry_run: bool, as_json: bool) -> None:
    """Print what came of a batch; where something was refused, exit with 1."""
    from archive.deposits import batch as batches

    if as_json:
        output_json(batches.plain(batch))
    else:
        for filed, said in batches.told(batch):
            status = f"would be {filed.status}" if dry_run and filed.status != "already filed" else filed.status
            click.echo(f"{filed.accession}  {filed.folder}  {status}")
            for line in said:
                click.echo(f"  {line}", err=True)
        for line in batch.passed:
            click.echo(f"passed over: {line}", err=True)
    if batch.problems:
        problems(batch.problems, batches.taken(batch, dry_run=dry_run))
        raise SystemExit(1)


@click.command()
@home_option
@wait_option
@click.argument("path", type=PATH)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]…")
@click.option("--without", multiple=True, metavar="KEY", help="Take away what stands there; several times.")
@click.option(
    "--file", "filed", is_flag=True, help="File its folder with that; where it would be refused, nothing changes."
)
@json_option
def amend(
    home_dir: Path | None, path: Path, values: tuple[str, ...], without: tuple[str, ...], filed: bool, as_json: bool
) -> None:
    """Change values of a sidecar in place. Comments, and whatever is not named, stay as they are.

    KEY is the way to a value, with a number for one of several: context_bias.method, interview.2.date,
    answer[1].status; answer[+].status for a further one. A VALUE is text, or what TOML takes for a date, a number,
    true, false, a list or a text in quotes.

    Example: archive amend transcripts/m/2026-01-04-talk/deposit.toml "context_bias.method=manual" --file
    """
    from archive.deposits import amending
    from archive.home.amendment import amend

    home = find_home(home_dir)
    place = amending.place_of(home, path)
    chosen = amending.said(home, place, values, without)
    if not filed:
        changed = amend(home, place, chosen)
        click.echo(f"{place}  {'changed' if changed else 'nothing to change'}")
        return
    _filed(amending.file_amended(home, place, chosen), dry_run=False, as_json=as_json)


@click.command()
@output_options
def formats(out: Output) -> None:
    """Print what can be read, and what each format loses."""
    from archive.importers import FORMATS, formats

    show(out, FORMATS, formats.document, formats.plain)


@click.command()
@home_option
@wait_option
@click.argument("feed", type=PATH)
@click.option("--model", "models", multiple=True, metavar="ID", help="Only these models of the feed.")
@click.option("--source", metavar="URL", help="Where the feed came from; else its file name.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, change nothing.")
@output_options
def facts(
    home_dir: Path | None, feed: Path, models: tuple[str, ...], source: str | None, dry_run: bool, out: Output
) -> None:
    """Take lifecycle dates and availability from a model-eol feed. Replacements too; what stands is never changed.

    Example: archive facts anthropic.json --source https://example.org/feeds/anthropic.json
    """
    from archive.deposits import facts as feeds

    updates = feeds.adopt(find_home(home_dir), feed, source=source, only=models, dry_run=dry_run)
    show(out, updates, feeds.document, feeds.plain)
