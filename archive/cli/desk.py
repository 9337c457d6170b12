"""The same work in a browser."""

import os
import sys
from pathlib import Path

import click

from archive.cli.console import find_home, home_option, watched


@click.command()
@home_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="PORT", help="On this one; else any free one."
)
@click.option("--coder", default="", metavar="NAME", help="Whose notes are written; else the page asks.")
@click.option("--open/--no-open", "opened", default=None, help="Open the browser; else at a screen alone.")
def desk(home_dir: Path | None, port: int, coder: str, opened: bool | None) -> None:
    """Do the same work in a browser, on this machine alone. Files stay the record, and Ctrl-C ends it.

    Taking in, coding and comparing interviews; models and their preferences; with the newsletter's programs also
    essays and the week. The address that is printed holds the key: nobody else on this machine gets in. Needs the extra
    desk.
    """
    from archive.errors import Error, not_installed
    from archive.wording import slugify

    home = find_home(home_dir)
    if coder and not slugify(coder, ""):
        raise Error(f"--coder: expected a name with letters from a to z or digits, found {coder!r}")
    try:
        from archive.desk.server import Server
    except ImportError as error:
        if error.name not in ("starlette", "uvicorn"):
            raise
        raise not_installed("the desk", error.name) from None
    server = Server(home.root, port, coder)
    click.echo(server.address)
    click.echo("Ctrl-C ends it.", err=True)
    if _seen() if opened is None else opened:
        click.launch(str(server.letter()))
    server.serve()
    for job in server.desk.jobs.running():
        click.echo(f"ended while at work: {job.title}; it is done whole or not at all, look there", err=True)


def _seen() -> bool:
    """Whether a person sits at a screen: a browser that runs in the terminal would take it over."""
    return watched(sys.stdout) and (sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & {*os.environ}))
