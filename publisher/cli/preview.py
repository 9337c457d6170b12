"""Looking at what comes, before it goes out."""

import contextlib
import os
import sys
from pathlib import Path

import click

from archive.cli.console import find_home, home_option, watched


@click.command()
@home_option
@click.argument("week", required=False)
@click.option("--essay", "slugs", multiple=True, metavar="SLUG", help="These essays, in this order.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="PORT", help="On this one; else any free one."
)
@click.option("--open/--no-open", "opened", default=None, help="Open the browser; else at a screen alone.")
def preview(home_dir: Path | None, week: str | None, slugs: tuple[str, ...], port: int, opened: bool | None) -> None:
    """Show the coming issue in the browser, as it would go out now. Pages, mail, feed, and what is in its way.

    Without WEEK, the next one that is neither published nor explained; one that is published is shown as it is. It
    follows what is saved, until Ctrl-C. Nothing it does is logged, and nothing is written. With the extra `preview`
    it notices at once what was saved.
    """
    from publisher.delivery.preview.preview import Preview
    from publisher.delivery.preview.server import Server
    from publisher.essays.submission import find
    from publisher.week import Week

    home = find_home(home_dir)
    wanted = Week.parse(week) if week else None
    for slug in slugs:
        find(home, slug)
    with contextlib.suppress(KeyboardInterrupt), Server(Preview(home, wanted, slugs), port) as server:
        server.follow()
        click.echo(server.address)
        click.echo("Ctrl-C ends it.", err=True)
        if _seen() if opened is None else opened:
            click.launch(server.address)
        server.serve_forever()


def _seen() -> bool:
    """Whether a person sits at a screen: a browser that runs in the terminal would take it over."""
    return watched(sys.stdout) and (sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & {*os.environ}))
