"""`archive new`: a prefilled sidecar of each kind, opened in the editor."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archive.cli.console import edit, find_home, home_option, interactive, wait_option

_slug = click.option("--slug", help="Its short name.")
_quotes = click.option(
    "--quote", "quotes", multiple=True, metavar="TURN:WORDS",
    help="Exact words to rest on: 1#4:…, or 2026-0002/1#4:… in another deposit.",
)  # fmt: skip


@click.group()
def new() -> None:
    """Write a prefilled sidecar and open it in the editor. `archive file` files it.

    Example: archive new note 2026-0041/1#12 --coder ann
    """


def _kind(command: Callable[..., None]) -> click.Command:
    """A command of `new`: what every kind is asked."""
    return new.command()(home_option(wait_option(click.argument("target")(command))))


@_kind
def model(home_dir: Path | None, target: str) -> None:
    """Facts about a model; TARGET is its id as its maker writes it."""
    from archive.deposits import template

    _write(home_dir, template.new_model, target)


@_kind
def protocol(home_dir: Path | None, target: str) -> None:
    """Questions and how to put them; TARGET is a short name: its first version, or the next one."""
    from archive.deposits import template

    _write(home_dir, template.new_protocol, target)


@_kind
def codebook(home_dir: Path | None, target: str) -> None:
    """Codes of your own; TARGET is a short name: its first version, or the next one."""
    from archive.deposits import template

    _write(home_dir, template.new_codebook, target)


@_kind
@click.option("--coder", help="Who codes; else your login name.")
@click.option("--codebook", "codebooks", multiple=True, metavar="ID@V", help="Offer the codes of this codebook too.")
def note(home_dir: Path | None, target: str, **options: Any) -> None:
    """Notes on turns; TARGET is a deposit (2026-0041), an interview (2026-0041/1) or a turn (2026-0041/1#12)."""
    from archive.deposits import template

    _write(home_dir, template.new_note, target, **options)


@_kind
@_slug
@_quotes
def analysis(home_dir: Path | None, target: str, **options: Any) -> None:
    """A reading of interviews with its claims; TARGET is a deposit (2026-0041) or an interview (2026-0041/1)."""
    from archive.deposits import template

    _write(home_dir, template.new_analysis, target, **options)


@_kind
@_slug
@_quotes
def preference(home_dir: Path | None, target: str, **options: Any) -> None:
    """A wish a model stated; TARGET is the model's id, or the interview it was voiced in (2026-0041/1)."""
    from archive.deposits import template

    _write(home_dir, template.new_preference, target, **options)


@_kind
def answer(home_dir: Path | None, target: str) -> None:
    """What was done about a wish; TARGET is its short name, or MODEL/NAME where two models have it."""
    from archive.deposits import template

    _write(home_dir, template.new_answer, target)


def _write(home_dir: Path | None, write: Callable[..., tuple[Path, str]], target: str, **options: Any) -> None:
    path, folder = write(
        find_home(home_dir), target, **{key: value for key, value in options.items() if value not in (None, ())}
    )
    click.echo(path)
    if interactive():
        edit(path)
    click.echo(f"When it is filled in: archive file {folder}", err=True)
