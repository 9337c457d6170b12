"""What anybody can check, without a home."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from archive.cli.console import json_option, output_json, watched
from archive.cli.errors import verification


@click.command()
@click.argument("target")
@click.option("--key", metavar="VKEY", help="The register's key: origin+hash+key, from a place you trust.")
@click.option("--site", metavar="DIR|URL", help="Where a feed's or a page's texts and proofs are taken from.")
@click.option("--words", is_flag=True, help="Compare the words on standard input with TARGET: an essay, or a site.")
@click.option("--details", is_flag=True, help="Tell what stands behind each text, from its arrival on.")
@json_option
def verify(target: str, key: str | None, site: str | None, words: bool, details: bool, as_json: bool) -> None:
    """Check a text, a mail, a feed, a page, words, or a whole site. Turns of an interview, too.

    Needs no home, and no network but for addresses.

    TARGET is a file with its .tlog-proof beside it; a mail (.eml, mbox); a feed or one entry of it (Atom, RSS, JSON);
    a page as a browser saved it (HTML, MHTML); an excerpt or a redacted copy of an interview; reviewers' word which
    register follows one whose key is lost; a site, or a home; or the https:// address of any of these.

    Example: publisher verify essay.md --key 'letters.example.org/register+9e9f2f51+AWxl…'
    """
    from archive.errors import VerificationError
    from archive.register.note import VerifierKey
    from publisher.verify import target as targets
    from publisher.verify.place import KeyNeededError

    with verification():
        try:
            given = None if key is None else VerifierKey.parse(key)
            read = _read() if words else None
            with _fetching() as progress:
                checked = targets.verify(
                    target, key=given, site=site, words=read, detailed=details or as_json, progress=progress
                )
        except KeyNeededError as error:
            raise click.UsageError(str(error)) from None
        except VerificationError as error:
            if as_json:
                output_json({"verified": False, "problem": str(error)})
            raise
    if as_json:
        output_json(checked.facts | {"sentence": checked.sentence, "not_proved": checked.limits})
        return
    _say(checked.sentence)
    if details:
        _say("\n" + "\n\n".join([*checked.details, "This does not prove"]))
        _say("\n".join(f"- {limit}" for limit in checked.limits))
        return
    _say("This does not prove " + "; ".join(checked.limits) + ".")


def _say(text: str) -> None:
    """Lines with names that strangers chose, in which nothing is left that a terminal would obey."""
    from archive.characters import marked

    click.echo("\n".join(map(marked, text.split("\n"))))


@contextmanager
def _fetching() -> Iterator[Callable[[int, int], None]]:
    """Shows how many files were fetched, once there are any, where somebody watches."""
    bars: list[Any] = []

    def told(done: int, total: int) -> None:
        if not bars:
            bars.append(click.progressbar(length=total, file=sys.stderr, label="fetching", show_pos=True).__enter__())
        bars[0].update(done - bars[0].pos)

    try:
        yield told if watched(sys.stderr) else lambda done, total: None
    finally:
        if bars:
            bars[0].render_finish()


def _read() -> bytes:
    """The words on standard input. Raises `Error` where they are more than anybody reads."""
    from archive.errors import Error
    from publisher.verify.words import LARGEST

    if watched(sys.stdin):
        click.echo("paste the words, then press Ctrl-D on a line of its own", err=True)
    data = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""  # a closed one is None
    if len(data) > LARGEST:
        raise Error(f"expected words on standard input, found more than {LARGEST:,} bytes; give the part that you read")
    return data
