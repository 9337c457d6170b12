"""What goes out week by week: what is due, the issue, the weeks without one, the site."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.console import PATH, find_home, home_option, json_option, output_json, wait_option, watched, width
from archive.errors import Error

if TYPE_CHECKING:
    from archive.home.home import Home
    from publisher.issues.build import Outcome


@click.command()
@home_option
@json_option
def status(home_dir: Path | None, as_json: bool) -> None:
    """Say what is due, what waits for whom, and what to type next. What failed comes first.

    Exit 1 where allowed_signers is wrong, so that nothing can be decided or published; else 0, whatever is to be done.
    """
    from publisher.status import screen
    from publisher.status import status as telling
    from publisher.verify.follow import own_state

    now = telling.status(find_home(home_dir), own_state())
    if as_json:
        output_json(telling.plain(now))
    else:
        columns = width() if watched(sys.stdout) else None
        for line in screen.lines(now, columns):
            click.echo(line)
        for line in screen.notes(now, columns):
            click.echo(line, err=True)
        click.echo(screen.last_line(now))
    if now.damaged:
        raise SystemExit(1)


@click.command()
@home_option
@wait_option
@click.argument("week", required=False)
@click.option("--essay", "slugs", multiple=True, metavar="SLUG", help="These essays, in this order.")
@click.option("--site", is_flag=True, help="No issue: write the pages that newer records change.")
@click.option("--to", type=PATH, metavar="DIR", help="Also write the whole site to an empty folder.")
@click.option("--dry-run", is_flag=True, help="Check and render everything, change nothing.")
@click.option("--if-due", is_flag=True, help="What the calendar asks for: missed weeks, then this one.")
def publish(
    home_dir: Path | None,
    week: str | None,
    slugs: tuple[str, ...],
    site: bool,
    to: Path | None,
    dry_run: bool,
    if_due: bool,
) -> None:
    """Publish this week's issue: pages, mail, feeds, proofs. Stops with every reason at once.

    Example: publisher publish 2026-W48 --essay on-commas
    """
    from publisher.issues import build as building
    from publisher.issues import publish as publishing
    from publisher.week import Week

    if site and (week or slugs):
        raise click.UsageError("--site publishes no issue: leave out the week and --essay")
    if if_due and (week or slugs or site):
        raise click.UsageError("--if-due goes by the calendar: leave out the week, --essay and --site")
    home = find_home(home_dir)
    size = home.register.size
    if if_due:
        _publish_due(home, dry_run=dry_run)
    elif site:
        _tell_outcome(home, size, building.publish_site(home))
    else:
        done = publishing.publish(home, Week.parse(week) if week else None, slugs=slugs, dry_run=dry_run)
        _tell_outcome(home, size, done, dry_run=dry_run)
    if to and not dry_run:
        building.build(home, to)
        click.echo(f"the whole site is in {to}", err=True)


def _publish_due(home: "Home", *, dry_run: bool) -> None:
    from publisher.delivery.failure import told
    from publisher.issues import due
    from publisher.issues.skip import REASONS

    def say(what: str) -> None:
        click.echo(f"note: {what}", err=True)

    size, nothing = home.register.size, True
    with nullcontext() if dry_run else told(home, "publisher publish --if-due", say):
        for done in due.steps(home, dry_run=dry_run):
            nothing = False
            if isinstance(done, due.Explained):
                what = "would explain" if dry_run else "explained"
                click.echo(f"{what} {done.week}, which is over: {REASONS[done.reason]}", err=True)
            else:
                _tell_outcome(home, size, done, dry_run=dry_run)
            size = home.reopened().register.size
        if nothing:
            click.echo(due.waiting(home), err=True)


def _tell_outcome(home: "Home", size: int, done: "Outcome", *, dry_run: bool = False) -> None:
    """What a run did in a home whose register had `size` statements before it."""
    from archive.wording import many
    from publisher.issues import told

    if watched(sys.stdout) and len(done.written) > 1:
        click.echo(f"site/{done.written[0]} and {many(len(done.written) - 1, 'more file')}")
    else:
        for name in done.written:
            click.echo(f"site/{name}")
    for line in told.outcome(home, size, done, dry_run=dry_run):
        click.echo(line, err=True)


@click.command()
@home_option
@wait_option
@click.argument("weeks", metavar="WEEK[..WEEK]")
@click.option("--reason", required=True, help="nothing-submitted, nothing-approved, holiday, technical, or a sentence.")
def skip(home_dir: Path | None, weeks: str, reason: str) -> None:
    """Explain a week without an issue.

    Example: publisher skip 2026-W52..2027-W01 --reason holiday
    """
    from publisher.issues import skip as skipping
    from publisher.week import Week, between

    first, dots, last = weeks.partition("..")
    chosen = between(Week.parse(first), Week.parse(last if dots else first))
    if not chosen:
        raise Error(f"{weeks}: expected the earlier week first")
    explained = skipping.skip(find_home(home_dir), chosen, reason)
    for week in explained:
        click.echo(f"{week}  explained")
    if not explained:
        click.echo("explained already; nothing changed", err=True)


@click.command()
@home_option
@wait_option
@click.argument("essay", metavar="SLUG")
@click.option(
    "--reason", required=True, help="model-request, maker-request, personal-data, harm, legal, error, or other."
)
@click.option("--words", default="", help="What readers are told instead of the text; with other, needed.")
@json_option
def withdraw(home_dir: Path | None, essay: str, reason: str, words: str, as_json: bool) -> None:
    """Take down what was published; a page says so in its place.

    The register and the lists of its issue stay; the text, all that was frozen with it, and the mail it came in go.

    Example: publisher withdraw on-commas --reason model-request
    """
    import dataclasses

    from publisher.issues import withdraw as withdrawing

    done = withdrawing.withdraw(find_home(home_dir), essay, reason, words)
    if as_json:
        output_json(dataclasses.asdict(done))
        return
    click.echo(done.line)
    for name in done.written:
        click.echo(f"site/{name}")
    for line in withdrawing.told(done, reason):
        click.echo(line, err=True)


@click.command()
@home_option
@wait_option
@click.option("--to", type=PATH, metavar="DIR", help="Into an empty folder instead of site/.")
def build(home_dir: Path | None, to: Path | None) -> None:
    """Write the whole site again, the same bytes."""
    from publisher.issues import build as building
    from publisher.issues import told

    done = building.build(find_home(home_dir), to)
    for name in done.written:
        click.echo(name)
    click.echo(told.built(done), err=True)
