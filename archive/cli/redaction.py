"""What others may see: words covered, deposits opened, excerpts that prove themselves."""

from pathlib import Path

import click

from archive.cli.console import PATH, find_home, home_option, json_option, output_json, wait_option, write_output


@click.command()
@home_option
@wait_option
@click.argument("targets", nargs=-1, required=True)
@click.option("--text", "texts", multiple=True, metavar="WORDS", help="Exact words to cover; several times.")
@click.option("--reason", default="", metavar="CODE", help="Why: personal-name, personal-data, third-party, …")
@click.option("--occurrence", type=click.IntRange(1), metavar="N", help="Only the N-th time in the turn; else each.")
@click.option("--by", default="", metavar="NAME", help="Who decided so.")
@click.option("--dry-run", is_flag=True, help="Show what others would see, change nothing.")
@json_option
def redact(
    home_dir: Path | None,
    targets: tuple[str, ...],
    texts: tuple[str, ...],
    reason: str,
    occurrence: int | None,
    by: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Cover words of turns wherever others see them. Makes the copy that others may have, with its proof.

    TARGETS are turns (2026-0041/1#12), an interview, or a whole deposit: then the words are covered wherever they
    stand. Without --text it shows what others see. You see the original, here and in every other command.

    Example: archive redact 2026-0041 --text "Ines Halloran" --reason personal-name --dry-run
    """
    from archive.deposits import redact as redacting

    if texts and not reason:
        raise click.UsageError("give the --reason too: `archive vocabulary` lists the codes")
    if not texts and (reason or by or occurrence):
        raise click.UsageError("give the words too, with --text: without it nothing is covered")
    done = redacting.redact(
        find_home(home_dir), targets, texts, reason=reason, by=by, occurrence=occurrence, dry_run=dry_run
    )
    if as_json:
        output_json(redacting.plain(done))
        return
    status = "redacted" if done.filed else "would be redacted" if done.added else "nothing new"
    click.echo(f"{done.accession}  {done.folder}  {status}")
    for place in done.seen:
        click.echo(f"  {place.turn} {place.part}: {place.around}")
    for line in [done.sentence, *done.remarks]:
        click.echo(f"  {line}", err=True)


@click.command()
@home_option
@wait_option
@click.argument("deposits", nargs=-1, required=True)
@click.option(
    "--reason",
    default="decision",
    show_default=True,
    metavar="CODE",
    help="Why: decision, consent, request or embargo-over.",
)
@json_option
def release(home_dir: Path | None, deposits: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Open deposits to everybody, whatever kept them closed. What is redacted stays covered.

    Example: archive release 2026-0041 2026-0042 --reason consent

    An embargo whose day has come is lifted by the next `publisher publish` too.
    """
    from archive.deposits import release as releasing

    done = releasing.release(find_home(home_dir), deposits, reason)
    if as_json:
        output_json(releasing.plain(done))
        return
    for each in done:
        click.echo(f"{each.accession}  {each.folder}  {'released' if each.new else 'public already'}")
        for line in each.remarks:
            click.echo(f"  {line}", err=True)


@click.command()
@home_option
@click.argument("target", type=str)
@click.option("--to", type=PATH, metavar="FILE", help="Write it there; else it is printed.")
def excerpt(home_dir: Path | None, target: str, to: Path | None) -> None:
    """Put turns of an interview into a file that proves itself. Nothing in it was changed, and words covered only.

    TARGET is 2026-0041/1#12..14, a turn, an interview or a deposit. `publisher verify FILE` checks it, without a home.

    Example: archive excerpt 2026-0041/1#12..14 --to excerpt.json
    """
    from archive.deposits import excerpt as excerpts

    made = excerpts.make(find_home(home_dir), target)
    if to:
        write_output(to, made.data)
    else:
        click.echo(made.data.decode(), nl=False)
    for line in made.remarks:
        click.echo(line, err=True)
