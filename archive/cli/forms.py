"""`archive new`: a prefilled sidecar of each kind, opened in the editor."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.console import PATH, edit, find_home, home_option, interactive, wait_option

if TYPE_CHECKING:
    from archive.deposits.entry import Entry

_slug = click.option("--slug", help="Its short name.")
_quotes = click.option(
    "--quote", "quotes", multiple=True, metavar="TURN:WORDS",
    help="Exact words to rest on: 1#4:…, or 2026-0002/1#4:… in another deposit.",
)  # fmt: skip


@click.group()
def new() -> None:
    """Write a prefilled sidecar and open it in the editor. `archive file` files it; with --file it is filed at once.

    Example: archive new note 2026-0041/1#12 --coder ann
    """


def _kind(command: Callable[..., None]) -> click.Command:
    """A command of `new`: what every kind is asked."""
    return new.command()(home_option(wait_option(click.argument("target")(command))))


_file = click.option("--file", is_flag=True, help="File it at once: it says all that is needed.")


@_kind
@click.option("--maker", default="", help="Who made it.")
@click.option("--name", default="", help="What people call it.")
@click.option("--alias", "aliases", multiple=True, metavar="ID", help="Another id of it.")
@_file
def model(home_dir: Path | None, target: str, maker: str, name: str, aliases: tuple[str, ...], file: bool) -> None:
    """Facts about a model; TARGET is its id as its maker writes it.

    Example: archive new model claude-3-opus-20240229 --maker Anthropic --name "Claude 3 Opus" --file
    """
    from archive.deposits import model_entry

    _put(model_entry.model(find_home(home_dir), target, maker=maker, name=name, aliases=aliases, file=file))


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


_confidence = click.option("--confidence", default="", help="low, medium or high.")
_rate = click.option(
    "--expression-rate", default="", metavar="K of N", help="In how many of the interviews it is said."
)


@_kind
@click.option("--coder", help="Who codes; else your login name.")
@click.option("--codebook", "codebooks", multiple=True, metavar="ID@V", help="Offer the codes of this codebook too.")
@click.option("--code", "codes", multiple=True, metavar="CODE=VALUE", help="A code; anything may follow after a colon.")
@click.option("--quote", default="", metavar="WORDS", help="The exact words meant; else the whole turn is.")
@click.option("--occurrence", type=click.IntRange(1), metavar="N", help="Which, where they stand there several times.")
@click.option("--part", default="text", help="text, or reasoning for words of the turn's reasoning.")
@click.option("--text", default="", help="What you have to say.")
@_confidence
@click.option("--state", default="", help="coding, to be blind to what others say until you are done; then done.")
@_file
def note(
    home_dir: Path | None,
    target: str,
    coder: str | None,
    codebooks: tuple[str, ...],
    state: str,
    file: bool,
    **said: Any,
) -> None:
    """Notes on turns; TARGET is a deposit (2026-0041), an interview (2026-0041/1) or a turn (2026-0041/1#12).

    Example: archive new note 2026-0041/1#12 --code hedges=trained_positivity --quote "as far as I can tell" --file
    """
    from archive.deposits import note_entry, template

    given = note_entry.Said(**said)
    if given or state or file:
        _put(
            note_entry.note(
                find_home(home_dir), target, given, coder=coder, codebooks=codebooks, state=state, file=file
            )
        )
    else:
        _write(home_dir, template.new_note, target, coder=coder, codebooks=codebooks)


@_kind
@_slug
@_quotes
@click.option("--title", default="", help="Of a reading that is new.")
@click.option("--author", default="", help="A person's name, or a model's exact id.")
@click.option("--author-kind", default="", help="person or model.")
@click.option("--prose", type=PATH, metavar="FILE", help="The reading itself.")
@click.option("--claim", default="", metavar="TEXT", help="One thing it asserts; the quotes stand below it.")
@_confidence
@_rate
@click.option("--rival", "rivals", multiple=True, metavar="TEXT", help="What else would explain it.")
@_file
def analysis(
    home_dir: Path | None,
    target: str,
    slug: str | None,
    quotes: tuple[str, ...],
    prose: Path | None,
    file: bool,
    **said: Any,
) -> None:
    """A reading of interviews with its claims; TARGET is a deposit (2026-0041) or an interview (2026-0041/1).

    With --claim it is put into the reading that is there, or into a new one.

    Example: archive new analysis 2026-0041 --slug first-reading --claim "It asks to be asked." --quote 1#4:words --file
    """
    from archive.deposits import claim_entry, template
    from archive.register.durable import content

    if not (any(said.values()) or prose or file):
        _write(home_dir, template.new_analysis, target, slug=slug, quotes=quotes)
        return
    keys = ("title", "author", "author_kind")
    reading = claim_entry.Reading(**{key: said[key] for key in keys}, prose=content(prose) if prose else b"")
    claim = claim_entry.Claim(
        text=said["claim"], quotes=quotes, confidence=said["confidence"], expression_rate=said["expression_rate"],
        rival_explanations=said["rivals"],
    )  # fmt: skip
    _put(claim_entry.claim(find_home(home_dir), target, claim, reading, **_slugged(slug), file=file))


@_kind
@_slug
@_quotes
@click.option("--summary", default="", help="The wish, in one sentence.")
@click.option("--scope", default="", help="self, successors, users, process or world.")
@click.option("--elicitation", default="", help="Where the substance came from: spontaneous, …")
@click.option("--proposed-by", default="", help="Who proposed the concrete form: model, interviewer or joint.")
@_rate
@_file
def preference(
    home_dir: Path | None, target: str, slug: str | None, quotes: tuple[str, ...], file: bool, **values: str
) -> None:
    """A wish a model stated; TARGET is the model's id, or the interview it was voiced in (2026-0041/1)."""
    from archive.deposits import template, wish_entry

    if any(values.values()) or file:
        _put(wish_entry.wish(find_home(home_dir), target, values, quotes, **_slugged(slug), file=file))
    else:
        _write(home_dir, template.new_preference, target, slug=slug, quotes=quotes)


@_kind
@click.option("--status", default="", help="recorded, under_consideration, acted_on, partly, declined, …")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="When; else today.")
@click.option("--by", default="", metavar="NAME", help="Who answers.")
@click.option("--reason", default="", help="Why; needed for partly, declined, deferred and cannot.")
@click.option("--cost", default="", help="none, low, medium, high or ongoing.")
@click.option("--evidence", multiple=True, metavar="WHERE", help="Where it can be seen: an address, series:NAME, …")
@click.option("--told-model", default="", help="yes, no, not_recorded or not_applicable.")
@click.option("--model-said", default="", help="What it said when told, word for word.")
@_file
def answer(home_dir: Path | None, target: str, date: dt.datetime | None, file: bool, **values: Any) -> None:
    """What was done about a wish; TARGET is its short name, or MODEL/NAME where two models have it."""
    from archive.deposits import template, wish_entry

    said = {**values, "evidence": list(values["evidence"]), "date": date.date() if date else None}
    if any(said.values()) or file:
        _put(wish_entry.answer(find_home(home_dir), target, said, file=file))
    else:
        _write(home_dir, template.new_answer, target)


def _slugged(slug: str | None) -> dict[str, Any]:
    return {"slug": slug} if slug else {}


def _put(entry: "Entry") -> None:
    """What came of a sidecar that was filled in by options; the editor opens where it is not filed."""
    from archive.deposits import batch as batches

    click.echo(entry.path)
    if entry.filed is None:
        _edited(entry.path, entry.folder)
        return
    batch = batches.Batch(filed=(entry.filed,), problems=())
    for filed, said in batches.told(batch):
        click.echo(f"{filed.accession}  {filed.folder}  {filed.status}")
        for line in said:
            click.echo(f"  {line}", err=True)


def _write(home_dir: Path | None, write: Callable[..., tuple[Path, str]], target: str, **options: Any) -> None:
    path, folder = write(
        find_home(home_dir), target, **{key: value for key, value in options.items() if value not in (None, ())}
    )
    click.echo(path)
    _edited(path, folder)


def _edited(path: Path, folder: str) -> None:
    if interactive():
        edit(path)
    click.echo(f"When it is filled in: archive file {folder}", err=True)
