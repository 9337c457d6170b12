"""What goes out by mail."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.console import find_home, home_option, wait_option

if TYPE_CHECKING:
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
    """Send an issue to its list by mail, once: the frozen bytes, logged before they are handed over.

    The newest issue, unless a WEEK is named. Example: publisher send 2026-W48 --test me@example.org
    """
    from publisher.delivery import send as sending
    from publisher.issues.sent import last
    from publisher.week import Week

    if to == "":
        raise click.UsageError("--test: expected an address, found an empty one")
    home = find_home(home_dir)
    letter = sending.letter(home, Week.parse(week) if week else None, to)
    if dry_run:
        before = None if to else last(home, letter.week)
        _tell(letter, "would send" if again or not before or before.state == "refused" else before.state)
        return
    if to:
        answer = sending.test(letter)
        _tell(letter, "test")
        click.echo(f"{answer.code} {answer.said}; nothing was logged: the list does not have it from this", err=True)
        return
    done = sending.send(home, letter, again=again, unseen=unseen)
    _tell(letter, "sent" if done.new else "sent already")
    for warning in done.warnings:
        click.echo(f"note: {warning}", err=True)
    if done.last:
        click.echo(done.last.sentence if done.new else f"{done.last.sentence}; nothing changed", err=True)


def _tell(letter: "Letter", what: str) -> None:
    click.echo(f"{letter.week}  {what}  {letter.to}  by {letter.server.place}")
    click.echo(f"{letter.path}: {letter.size}", err=True)
