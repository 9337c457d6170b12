"""Asking a model for essays."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.console import PATH, find_home, home_option, json_option, output_json, wait_option

if TYPE_CHECKING:
    from archive.home.home import Home
    from archive.interviews.cost import Price
    from publisher.sampling.request import Request
    from publisher.sampling.sample import Sampled


@click.command()
@home_option
@wait_option
@click.option("--model", required=True, metavar="PROVIDER/ID", help="As Inspect names it: anthropic/claude-3-opus-…")
@click.option("--prompt", required=True, type=PATH, help="The file with what is asked; sent and shown verbatim.")
@click.option("--candidates", type=int, default=1, metavar="N", help="How many texts are asked for; 1, if left out.")
@click.option("--system", type=PATH, help="The file with the system prompt, if there is one.")
@click.option("--temperature", type=float, metavar="T", help="Else the provider's own.")
@click.option("--max-tokens", type=int, metavar="N", help="Of one text; else as long as the provider lets it be.")
@click.option("--series", metavar="SLUG", help="The series it is asked for; its rule is logged with it.")
@click.option("--slug", help="The short name, for the addresses; else as the file of --prompt is called.")
@click.option("--topic-by", type=click.Choice(["model", "menu", "assigned"]), help="Who chooses the topic.")
@click.option("--max-retries", type=click.IntRange(0), default=5, metavar="N", help="Of a call that fails; else 5.")
@click.option("--price", metavar="IN,OUT", help="US dollars for a million tokens, where Inspect does not know.")
@click.option("--dry-run", is_flag=True, help="Only say what would be asked, and what it would cost at most.")
@json_option
def sample(
    home_dir: Path | None,
    max_retries: int,
    price: str | None,
    dry_run: bool,
    as_json: bool,
    topic_by: str | None,
    **options: Any,
) -> None:
    """Ask a model for essays; how many is logged before the first call.

    Each text that comes is logged before anyone can read it. Then review one: the others stay counted, as received and
    not published. Stopped, or where calls failed, the same command asks for what is missing.

    Example: publisher sample --model anthropic/claude-3-opus-20240229 --prompt prompt.txt --candidates 5

    It needs inspect-ai (the extra `interview`), the provider's own library, and its key in the environment.
    """
    from archive.interviews.request import price_of
    from publisher.sampling import request

    home = find_home(home_dir)
    asked = request.read(**options, topic_by=topic_by or "")
    own = price_of(price) if price is not None else None
    if dry_run:
        _would(asked, own, as_json=as_json)
        return
    from publisher.sampling import ask
    from publisher.sampling.sample import sample

    asker, tell = ask.asker(asked.model, retries=max_retries), partial(click.echo, err=True)
    done = sample(home, asked, asker, tell, tell if sys.stderr.isatty() else lambda _: None)
    _tell(home.reopened(), done, as_json=as_json)
    if done.missing:
        raise SystemExit(1)


def _would(asked: "Request", price: "Price | None", *, as_json: bool) -> None:
    from publisher.sampling.cost import estimate

    found = estimate(asked, price)
    if as_json:
        cost = {"calls": found.calls, "read": found.read, "written": found.written, "usd": found.usd}
        output_json({"slug": asked.slug, "model": asked.model, **cost})
        return
    names = asked.name(1) + (f" … {asked.name(asked.candidates)}" if asked.candidates > 1 else "")
    click.echo(f"would ask {asked.model} for {asked.candidates}: {names}")
    click.echo(found.sentence)


def _tell(home: "Home", done: "Sampled", *, as_json: bool) -> None:
    from archive.wording import many
    from publisher.essays.submission import find

    came = [find(home, number) for number in done.progress.came]
    if as_json:
        rows = [{"accession": each.accession, "folder": home.relative(each.folder)} for each in came]
        output_json({"index": done.progress.index, "asked": done.request.candidates, "came": rows, "calls": done.asked})
        return
    for each in came:
        click.echo(f"{each.accession}  {home.relative(each.folder)}")
    if not done.asked:
        click.echo("all of it was asked before; nothing was asked now. Another --slug asks anew", err=True)
    click.echo(f"{done.request.candidates} asked for (entry {done.progress.index}), {len(came)} came.", err=True)
    if done.missing:
        click.echo(f"The same command asks for {many(done.missing, 'text')} more.", err=True)
    if came and done.asked:
        click.echo("Copy site/register to another machine now: publisher deploy. Then read them:", err=True)
        click.echo("  publisher status", err=True)
