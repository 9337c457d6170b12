"""What stands in the archive, one thing at a time: lists, an interview, a search, the words used."""

from pathlib import Path
from typing import Any

import click

from archive.cli import errors
from archive.cli.console import Output, find_home, home_option, json_option, output_json, output_options
from archive.cli.console import show as output


@click.command("list")
@home_option
@click.option("--models", "what", flag_value="models", help="List models instead of deposits.")
@click.option("--protocols", "what", flag_value="protocols", help="List protocols, a line a version.")
@click.option("--codebooks", "what", flag_value="codebooks", help="List codebooks, a line a version.")
@click.option("--words", help="Only deposits with these words in their number, title or model.")
@click.option("--model", help="Only this model's deposits.")
@click.option("--kind", help="Only deposits of this kind.")
@click.option("--coded/--not-coded", default=None, help="Only deposits with notes on turns, or without any.")
@output_options
def list_(home_dir: Path | None, what: str | None, out: Output, **only: Any) -> None:
    """List deposits, and how much of their context was recorded. Of each: accession, date, model, kind, access,
    turns."""
    from archive.catalogue import listing
    from archive.deposits.unfiled import unfiled

    home = find_home(home_dir)
    if what in ("protocols", "codebooks"):
        from archive.catalogue import versioned
        from archive.deposits.shelf import CODEBOOKS, PROTOCOLS

        found = versioned.versions(home, PROTOCOLS if what == "protocols" else CODEBOOKS)
        output(out, found, versioned.listing)
    elif what:
        output(out, listing.models(home), listing.models_document)
    else:
        output(out, listing.deposits(home, **only), listing.deposits_document)
    errors.notes(draft for drafts in unfiled(home).values() for draft in drafts)


@click.command()
@home_option
@click.argument("target")
@click.option("--versions", "past", is_flag=True, help="What each filing of it added, changed and dropped.")
@output_options
def show(home_dir: Path | None, target: str, past: bool, out: Output) -> None:
    """Show an interview, a deposit, a turn, a model, a preference. Named as 2026-0041/3, 2026-0041, 2026-0041/3#12.

    Example: archive show 2026-0041/3 --to interview.html

    Also a protocol or a codebook (themes@1). The context bias stands first, notes beside their turns.
    """
    from archive.catalogue import printed, versioned
    from archive.catalogue import show as showing

    home = find_home(home_dir)
    if past:
        from archive.deposits import versions

        output(out, versions.history(home, target), versions.document, versions.plain)
    elif found := versioned.find(home, target):
        output(out, found, versioned.document)
    else:
        shown, left_out = showing.show(home, target)
        output(out, shown, printed.document)
        errors.notes(left_out)


@click.command()
@home_option
@click.argument("query")
@click.option("--model", help="Only this model's interviews.")
@click.option("--role", type=click.Choice(["system", "user", "assistant", "tool"]), help="Only what this side said.")
@click.option("--kind", help="Only deposits of this kind.")
@click.option("--accession", help="Only this deposit.")
@click.option("--code", help="Only turns with this code in a note, such as elicitation or elicitation=spontaneous.")
@click.option("--since", metavar="YYYY-MM-DD", help="Only interviews of this day and later.")
@click.option("--until", metavar="YYYY-MM-DD", help="Only interviews of this day and earlier.")
@click.option("--in", "scope", type=click.Choice(["turns", "notes", "analyses"]), help="Only there; else everywhere.")
@click.option("--substring", is_flag=True, help="Find the query anywhere in words.")
@click.option("--ranked", is_flag=True, help="Best match first, instead of newest first.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="How many at most.")
@output_options
def search(home_dir: Path | None, query: str, out: Output, **options: Any) -> None:
    """Search turns, notes and analyses: words, "phrases", prefix*.

    Example: archive search '"a dedicated channel"' --role assistant
    """
    from archive.catalogue import drafts, hit
    from archive.catalogue import search as engine

    home = find_home(home_dir)
    hits = engine.search(home, query, **options)
    output(out, hits, hit.document)
    errors.notes(drafts.beside(home, (each.address.split("/")[0] for each in hits)))
    if not hits:
        click.echo("nothing found", err=True)
        for words in engine.within_words(home, query, **options):
            click.echo(f"“{words}” stands within longer words; --substring finds it there", err=True)


@click.command()
@home_option
@click.argument("target")
@click.option(
    "--as",
    "form",
    type=click.Choice(["text", "bibtex", "csl", "ris"]),
    default="text",
    show_default=True,
    help="For people, or for a reference manager.",
)
@json_option
def cite(home_dir: Path | None, target: str, form: str, as_json: bool) -> None:
    """Print how to cite a deposit, an interview or a turn. Named as 2026-0041, 2026-0041/3, 2026-0041/3#12.

    Example: archive cite 2026-0041/3#12 --as bibtex

    What stands last can be checked: the SHA-256 of what was received, and the entry of the register that logged it.
    """
    from archive.exchange import citation

    made = citation.cite(find_home(home_dir), target)
    if as_json:
        output_json(citation.plain(made))
    else:
        click.echo(citation.FORMS[form](made), nl=False)


@click.command()
@output_options
def vocabulary(out: Output) -> None:
    """Print every field and code with its definition and values."""
    from archive.records import vocabulary as words

    output(out, words.listing(), words.document)
