"""What goes out by mail."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.console import find_home, home_option, wait_option

if TYPE_CHECKING:
    from archive.home.home import Home
    from publisher.delivery.send import Letter


@click.command()
@home_option
@wait_option
@click.argument("week", required=False)
@click.option("--test", "to", metavar="ADDRESS", help="Send it there instead, and log nothing.")
@click.option("--again", is_flag=True, help="Hand it over though the list may have it already.")
@click.option("--unseen", is_flag=True, help="Though no register is seen where the newsletter is read.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent where; ask nobody.")
def send(home_dir: Path | None, week: str | None, to: str | None, again: bool, unseen: bool, dry_run: bool) -> None:
    """Send an issue to its list by mail, once. These are the frozen bytes, logged before they are handed over.

    The newest issue, unless a WEEK is named. Example: publisher send 2026-W48 --test me@example.org
    """
    from publisher.delivery.failure import told

    if to == "":
        raise click.UsageError("--test: expected an address, found an empty one")
    home = find_home(home_dir)
    unattended = not (week or to or dry_run)  # as a timer calls it
    with told(home, "publisher send", _note) if unattended else nullcontext():
        _send(home, week, to, again=again, unseen=unseen, dry_run=dry_run)


def _send(home: "Home", week: str | None, to: str | None, *, again: bool, unseen: bool, dry_run: bool) -> None:
    from publisher.delivery import send as sending
    from publisher.week import Week

    letter = sending.letter(home, Week.parse(week) if week else None, to)
    if dry_run:
        _tell(letter, letter.line(sending.coming(home, letter, again=again or bool(to))))
    elif to:
        answer = sending.test(letter)
        _tell(letter, letter.line("test"))
        click.echo(sending.told(answer), err=True)
    else:
        done = sending.send(home, letter, again=again, unseen=unseen)
        _tell(letter, done.line)
        for warning in done.warnings:
            _note(warning)
        click.echo(done.sentence, err=True)


def _note(what: str) -> None:
    click.echo(f"note: {what}", err=True)


def _tell(letter: "Letter", line: str) -> None:
    click.echo(line)
    click.echo(f"{letter.path}: {letter.size}", err=True)
