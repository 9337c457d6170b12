"""Whose keys count, and which keys sign the register."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.console import (
    PATH,
    find_home,
    home_option,
    json_option,
    output_json,
    wait_option,
    write_output,
)

if TYPE_CHECKING:
    from archive.home.held import Held
    from archive.home.home import Home

WORDS, SUCCESSION = Path("succession.words"), Path("succession.txt")


@click.command()
@home_option
@wait_option
@click.argument("action", type=click.Choice(["show", "rotate", "retire", "lost"]), default="show")
@click.option("--early", is_flag=True, help="Retire the older key though both have not signed for a year.")
@click.option("--successor", metavar="VKEY", help="Lost: the key of the register that follows; writes the words.")
@click.option(
    "--signature", "signatures", type=PATH, multiple=True, metavar="FILE", help="Lost: of the words; two or more."
)
@click.option("--words", type=PATH, metavar="FILE", help=f"Lost: where the words lie; else {WORDS}.")
@click.option("--to", type=PATH, metavar="FILE", help=f"Lost: what the signatures make; else {SUCCESSION}.")
@json_option
def keys(
    home_dir: Path | None,
    action: str,
    early: bool,
    successor: str | None,
    signatures: tuple[Path, ...],
    words: Path | None,
    to: Path | None,
    as_json: bool,
) -> None:
    """Show the register's keys and the reviewers', and since when. Rotate or retire one, or say that it is lost.

    rotate makes a new key, and from then on both sign. retire ends the older one. Where the key is lost, lost writes,
    with --successor, words for two reviewers to sign, and with their --signature a file that anyone can check: their
    word, which register follows this one. docs/keys.md has each step.

    Example: archive keys rotate
    """
    home = find_home(home_dir)
    if action == "lost":
        if (successor is None) == (not signatures) or early or as_json or (successor is not None and to):
            raise click.UsageError("give lost either --successor [--words], or --signature … [--words] [--to]")
        if successor is None:
            _collect(home, words or WORDS, signatures, to or SUCCESSION)
        else:
            _write(home, successor, words or WORDS)
        return
    if successor is not None or signatures or words or to:
        raise click.UsageError("--successor, --signature, --words and --to belong to: archive keys lost")
    if early and action != "retire":
        raise click.UsageError("--early belongs to: archive keys retire")
    _change(home, action, early=early)
    _show(home.reopened(), as_json=as_json)


def _change(home: "Home", action: str, *, early: bool) -> None:
    """Rotate or retire, and what to do then; nothing where they are only shown."""
    from archive.home import rotation

    if action == "rotate":
        new = rotation.rotate(home)
        click.echo(f"From now on two keys sign the register. Tell your readers the new one:\n  {new}", err=True)
        click.echo("Keep a copy of .archive/keys elsewhere. Then: publisher publish --site", err=True)
    elif action == "retire":
        old = rotation.retire(home, early=early)
        click.echo(f"Signs no more, and its private half is gone from here:\n  {old}", err=True)
        click.echo("Then: publisher publish --site", err=True)


def _show(home: "Home", *, as_json: bool) -> None:
    from archive.home import held

    found = held.held(home)
    if as_json:
        output_json(held.plain(found))
        return
    for line in _lines(found):
        click.echo(line)
    for path in found.missing:
        click.echo(
            f"note: {path} is not here, and nothing can be logged without it: docs/keys.md, «A lost key»", err=True
        )


def _write(home: "Home", successor: str, path: Path) -> None:
    """The words, and who can sign them how. Those that lie there already stay: they may be signed."""
    from archive.errors import Error
    from archive.home import lost
    from archive.home.succession import NEEDED, Words
    from archive.register import durable
    from archive.register.note import VerifierKey

    words = lost.words(home, VerifierKey.parse(successor))
    if path.exists():
        there = Words.parse(durable.content(path))
        if replace(there, time=words.time) != words:
            raise Error(f"{path}: holds other words, which may be signed: move it away, or name another with --words")
        words = there
        click.echo(path)
    else:
        write_output(path, bytes(words))
    click.echo(f"{NEEDED} of these must sign it, each with the key that is listed, and send the .sig back:", err=True)
    for line in lost.reviewers(home, words):
        click.echo(f"  {line.name} ({line.fingerprint})", err=True)
        click.echo(f"    ssh-keygen -Y sign -n {words.namespace} -f KEY {shlex.quote(str(path))}", err=True)
    click.echo("Then: archive keys lost --signature FILE --signature FILE", err=True)


def _collect(home: "Home", path: Path, signatures: tuple[Path, ...], to: Path) -> None:
    from archive.home import lost
    from archive.register import durable

    read = {str(each): durable.content(each) for each in signatures}
    data, who = lost.collected(home, durable.content(path), read)
    write_output(to, data)
    click.echo(f"Signed by {' and '.join(who)}. Whoever has the lost key's public half checks it:", err=True)
    click.echo(f"  publisher verify {shlex.quote(str(to))} --key '{home.keys[0]}'", err=True)
    click.echo("It is the word of people whom this register named, not a proof by its key.", err=True)


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
