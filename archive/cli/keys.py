"""Whose keys count, and which keys sign the register."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.console import find_home, home_option, json_option, output_json, wait_option

if TYPE_CHECKING:
    from archive.home.held import Held


@click.command()
@home_option
@wait_option
@click.argument("action", type=click.Choice(["show", "rotate", "retire"]), default="show")
@click.option("--early", is_flag=True, help="Retire the older key though both have not signed for a year.")
@json_option
def keys(home_dir: Path | None, action: str, early: bool, as_json: bool) -> None:
    """Show the register's keys and the reviewers', each since which entry; rotate or retire the register's key.

    rotate makes a new key, and from then on both sign. retire ends the older one. docs/keys.md has each step.

    Example: archive keys rotate
    """
    from archive.home import held, rotation

    home = find_home(home_dir)
    if action == "rotate":
        new = rotation.rotate(home)
        click.echo(f"From now on two keys sign the register. Tell your readers the new one:\n  {new}", err=True)
        click.echo("Keep a copy of .archive/keys elsewhere. Then: publisher publish --site", err=True)
    elif action == "retire":
        old = rotation.retire(home, early=early)
        click.echo(f"Signs no more, and its private half is gone from here:\n  {old}", err=True)
        click.echo("Then: publisher publish --site", err=True)
    found = held.held(home.reopened())
    if as_json:
        output_json(held.plain(found))
        return
    for line in _lines(found):
        click.echo(line)
    for path in found.missing:
        click.echo(
            f"note: {path} is not here, and nothing can be logged without it: docs/keys.md, «A lost key»", err=True
        )


def _lines(found: "Held") -> Iterator[str]:
    for key in found.register:
        since = "from the beginning" if key.since is None else f"since entry {key.since}"
        until = "signs" if key.until is None else f"signs no more since entry {key.until}"
        yield f"register  {key.key}  {since}, {until}"
    for reviewer in found.reviewers:
        listed = "not logged yet" if reviewer.since is None else f"listed since entry {reviewer.since}"
        valid = [
            f"{option} {reviewer.options[option]}"
            for option in ("valid-after", "valid-before")
            if option in reviewer.options
        ]
        yield "  ".join(["reviewer", reviewer.name, reviewer.key, ", ".join([*valid, listed])])
