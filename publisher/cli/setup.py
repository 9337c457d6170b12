"""What a newsletter needs, asked at a terminal or given as options."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.console import PATH, find_home, home_option, interactive, wait_option

if TYPE_CHECKING:
    from archive.home.home import Home
    from publisher.setup.setup import Done


@click.command()
@home_option
@wait_option
@click.argument("directory", type=PATH, required=False)
@click.option("--title", help="Of the newsletter.")
@click.option("--base-url", metavar="URL", help="Where the site's root will be, without a slash at the end.")
@click.option("--from", metavar="ADDRESS", help="Who sends the mail: Letters After <letters@example.org>.")
@click.option("--list-id", metavar="ID", help="The mailing list's id; else the host of the address.")
@click.option("--tag-authority", metavar="HOST,YEAR", help="Whose ids the feeds carry; else that host, this year.")
@click.option("--weekday", metavar="DAY", help="When an issue is due: monday to sunday; else friday.")
@click.option("--timezone", metavar="ZONE", help="Where that day begins; else this machine's time zone.")
@click.option("--language", metavar="TAG", help="What it is written in; else en.")
@click.option("--deploy", metavar="TARGET", help="Where the site is copied to; empty: nowhere any more.")
@click.option("--smtp", metavar="URL", help="The mail server, without a password: smtps://user@host.")
@click.option("--to", metavar="ADDRESS", help="Where the list takes in its mails.")
@click.option("--notify", metavar="ADDRESS", help="Who is told by mail that an unattended run failed.")
@click.option(
    "--reviewer", "listed", multiple=True, metavar="NAME=FILE", help="Whose public SSH key counts; repeatable."
)
@click.option("--criterion", "criteria", multiple=True, metavar="ID=QUESTION", help="Asked of each text; repeatable.")
@click.option("--name", help="Of the archive, where a new one is made; else the title.")
@click.option("--origin", help="The new register's name, for ever; else made of the address.")
@click.option("--sample", is_flag=True, help="A new home for trying things out.")
@click.option("--yes", is_flag=True, help="Ask nothing: take what stands, else what is proposed.")
def setup(
    home_dir: Path | None,
    directory: Path | None,
    listed: tuple[str, ...],
    criteria: tuple[str, ...],
    name: str | None,
    origin: str | None,
    sample: bool,
    yes: bool,
    **given: str | None,
) -> None:
    """Ask what a newsletter needs, and write it down. Makes a home where there is none.

    Example: publisher setup letters --title "Letters After" --base-url https://letters.example.org

    At a terminal, whatever is no option is asked for, with what stands or is proposed: Enter takes it. Nothing is
    written before the last question is answered. Run again, it changes only what is answered otherwise.
    """
    from publisher.cli import asking
    from publisher.setup import delivery, reviewers
    from publisher.setup import setup as setting

    home = _home(directory or home_dir, name=name, origin=origin, sample=sample)
    folder = home.root if home else (directory or home_dir or Path()).resolve()
    said = {key: value for key, value in given.items() if value is not None}
    going = {question.key: said.pop(question.key) for question in delivery.QUESTIONS if question.key in said}
    wanted = setting.Wanted(said, [*map(reviewers.parse, listed)], dict(map(setting.criterion, criteria)), going)
    if interactive() and not yes:
        wanted, origin = asking.asked(home, folder, wanted, origin)
        if (not home or setting.coming(home, wanted, home.now())) and not asking.confirmed(folder):
            click.echo("nothing was written", err=True)
            raise SystemExit(1)
    else:
        wanted = setting.completed(home, wanted)
    if home:
        _tell(setting.set_up(home, wanted))
    else:
        _tell(setting.found_and_set_up(folder, wanted, name=name, origin=origin, sample=sample))


def _home(folder: Path | None, *, name: str | None, origin: str | None, sample: bool) -> "Home | None":
    """The one that is there, or above; None where there is none. Raises `Refused` where it is called otherwise."""
    from archive.home import founding

    places = [folder] if folder else [Path.cwd(), *Path.cwd().parents]
    if not any((place / "archive.toml").is_file() for place in places):
        return None
    home = find_home(folder)
    founding.there(home.root, name=name, origin=origin, sample=sample)
    return home


def _tell(done: "Done") -> None:
    from publisher.setup.setup import summary, told

    home = done.home.reopened()
    for key, value in summary(home):
        click.echo(f"{key:<14} {value}")
    for line in told(done):
        click.echo(line, err=True)
    if done.new:
        here = "" if home.root in (Path.cwd(), *Path.cwd().parents) else f"cd {home.root}, then "
        click.echo(f"Next: {here}publisher submit FILE", err=True)
