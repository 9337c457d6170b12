"""What stands in the archive, one thing at a time: lists, an interview, a search, the words used."""

import sys
from pathlib import Path
from typing import Any

import click

from archive.cli.console import (
    Output,
    find_home,
    home_option,
    interactive,
    json_option,
    output_json,
    width,
)
from archive.cli.console import (
    show as show_document,
)


@click.command("list")
@home_option
@click.option("--models", "what", flag_value="models", help="List models instead of deposits.")
@click.option("--protocols", "what", flag_value="protocols", help="List protocols, a line a version.")
@click.option("--codebooks", "what", flag_value="codebooks", help="List codebooks, a line a version.")
@json_option
def list_(home_dir: Path | None, what: str | None, as_json: bool) -> None:
    """List deposits: accession, date, model, kind, turns, how much of the context was recorded."""
    from archive.catalogue import listing

    home = find_home(home_dir)
    if what in ("protocols", "codebooks"):
        from archive.catalogue import versioned
        from archive.deposits.shelf import CODEBOOKS, PROTOCOLS

        found = versioned.versions(home, PROTOCOLS if what == "protocols" else CODEBOOKS)
        show_document(Output(None, as_json), found, versioned.listing)
        return
    rows = listing.models(home) if what else listing.deposits(home)
    if as_json:
        output_json(listing.plain(rows))
    else:
        click.echo(listing.table(rows), nl=False)


@click.command()
@home_option
@click.argument("target")
@click.option("--versions", "past", is_flag=True, help="What each filing of it added, changed and dropped.")
@json_option
def show(home_dir: Path | None, target: str, past: bool, as_json: bool) -> None:
    """Show an interview (2026-0041/3), a deposit, a turn (2026-0041/3#12), a model, a preference.

    Also a protocol or a codebook (themes@1). The context bias stands first, notes beside their turns.
    """
    from archive.catalogue import listing, versioned
    from archive.deposits import versions

    home = find_home(home_dir)
    if past:
        show_document(Output(None, as_json), versions.history(home, target), versions.document, versions.plain)
        return
    if found := versioned.find(home, target):
        show_document(Output(None, as_json), found, versioned.document)
        return
    shown = listing.show(home, target)
    if as_json:
        output_json(listing.plain(shown))
    else:
        text = listing.text(shown, width=width())
        click.echo_via_pager(text) if interactive() else click.echo(text, nl=False)


@click.command()
@home_option
@click.argument("query")
@click.option("--model", help="Only this model's interviews.")
@click.option("--role", type=click.Choice(["system", "user", "assistant", "tool"]))
@click.option("--kind", help="Only deposits of this kind.")
@click.option("--accession", help="Only this deposit.")
@click.option("--code", help="Only turns with this code in a note, such as elicitation or elicitation=spontaneous.")
@click.option("--since", metavar="YYYY-MM-DD")
@click.option("--until", metavar="YYYY-MM-DD")
@click.option("--in", "scope", type=click.Choice(["turns", "notes", "analyses"]), help="Only there; else everywhere.")
@click.option("--substring", is_flag=True, help="Find the query anywhere in words.")
@click.option("--ranked", is_flag=True, help="Best match first, instead of newest first.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1))
@json_option
def search(home_dir: Path | None, query: str, as_json: bool, **options: Any) -> None:
    """Search turns, notes and analyses: words, "phrases", prefix*.

    Example: archive search '"a dedicated channel"' --role assistant
    """
    from archive.catalogue import search as engine

    home = find_home(home_dir)
    hits = engine.search(home, query, **options)
    if as_json:
        output_json(engine.plain(hits))
    else:
        click.echo(engine.text(hits, width=width(), colour=sys.stdout.isatty()), nl=False)
    if not hits:
        click.echo("nothing found", err=True)
        for words in engine.within_words(home, query, **options):
            click.echo(f"“{words}” stands within longer words; --substring finds it there", err=True)


@click.command()
@json_option
def vocabulary(as_json: bool) -> None:
    """Print every field and code with its definition and values."""
    from archive.records import vocabulary as words

    if as_json:
        output_json(words.listing())
    else:
        click.echo(words.printed(), nl=False)
