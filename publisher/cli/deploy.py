"""Copying the site to where readers find it."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.console import find_home, home_option, wait_option, watched

if TYPE_CHECKING:
    from publisher.delivery.deploy import Watch


@click.command()
@home_option
@wait_option
@click.argument("target", required=False)
@click.option("--dry-run", is_flag=True, help="List what would be put and removed, change nothing.")
@click.option(
    "--server",
    type=click.Choice(["nginx", "caddy"]),
    help="Copy nothing: print the configuration of this web server for the folder TARGET.",
)
def deploy(home_dir: Path | None, target: str | None, dry_run: bool, server: str | None) -> None:
    """Copy the site to where readers find it, and read it back.

    Example: publisher deploy editor@example.org:/srv/www/letters

    TARGET is a folder, which is switched at once; rsync://host/module, user@host:/path or rsync:/path; git:URL#branch;
    or s3://bucket/prefix. Without it, [delivery] deploy of archive.toml. What is there is read back and compared.
    """
    from publisher.delivery import deploy as deploying

    home = find_home(home_dir)
    if server:
        click.echo(deploying.server(home, server, target or deploying.configured(home)), nl=False)
        return
    with _progress() as watch:
        done = deploying.deploy(home, target or deploying.configured(home), dry_run=dry_run, watch=watch)
    if dry_run or not watched(sys.stdout):
        for path in done.put:
            click.echo(f"put      {path}")
        for path in done.removed:
            click.echo(f"removed  {path}")
    for line in done.notes:
        click.echo(line, err=True)
    click.echo(deploying.told(done, dry_run=dry_run), err=True)


@contextlib.contextmanager
def _progress() -> "Iterator[Watch]":
    """A bar on stderr where somebody watches."""
    with contextlib.ExitStack() as stack:
        bars: list[Any] = []

        def watch(done: int, of: int) -> None:
            if watched(sys.stderr) and not bars:
                bars.append(stack.enter_context(click.progressbar(length=of, file=sys.stderr, label="putting")))
            for bar in bars:
                bar.update(done - bar.pos)

        yield watch
