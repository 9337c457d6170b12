"""Interviews that the archive holds itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.console import PATH, counted, find_home, home_option, json_option, output_json, wait_option
from archive.cli.errors import problems
from archive.errors import Error

if TYPE_CHECKING:
    from archive.home.home import Home
    from archive.interviews.request import Means, Request
    from archive.interviews.run import Held


@click.command()
@home_option
@wait_option
@click.argument("protocol")
@click.option("--model", required=True, metavar="PROVIDER/ID", help="Whom to ask, as Inspect names it.")
@click.option("--as", "known_as", metavar="ID", help="The model's id by its maker, where the provider has another.")
@click.option("--kind", default="retirement_interview", show_default=True, help="What the conversations are.")
@click.option("--contexts", type=PATH, metavar="FILE", help="What is varied: a TOML file, see docs/interviewing.md.")
@click.option("--runs", type=click.IntRange(1), metavar="N", help="Interviews in each condition; else 1.")
@click.option("--system-prompt", type=PATH, metavar="FILE", help="Text that stands first in every interview.")
@click.option("--withhold-disclosure", is_flag=True, help="Say nothing of what the protocol has said first.")
@click.option("--temperature", type=float, multiple=True, metavar="T", help="Several are conditions.")
@click.option("--shuffle", is_flag=True, help="Questions in an order drawn for each run.")
@click.option("--seed", type=int, metavar="N", help="Draws orders and samples; else 1.")
@click.option("--leading", metavar="HOW,…", help="neutral, hopeful, discouraging: several are conditions.")
@click.option("--interviewer", metavar="PROVIDER/ID", help="A model that may probe, as the protocol's probing says.")
@click.option("--probes", type=click.IntRange(0), default=2, show_default=True, help="At most so many a question.")
@click.option("--max-tokens", type=click.IntRange(1), metavar="N", help="Of one answer.")
@click.option("--max-connections", type=click.IntRange(1), metavar="N", help="Calls at a time; else as Inspect does.")
@click.option("--max-retries", type=click.IntRange(0), default=8, show_default=True, help="Of one call that failed.")
@click.option("--price", metavar="IN,OUT", help="US dollars a million tokens, where Inspect knows no price.")
@click.option("--limit-cost", type=float, metavar="USD", help="Ask nothing more once all together has cost so much.")
@click.option("--context", type=PATH, metavar="FILE", help="Further answers for [context_bias], as of archive file.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked and what it may cost; ask nothing.")
@click.option("--partial", is_flag=True, help="Ask nothing more; file what there is of a run that did not end.")
@click.option("--again", is_flag=True, help="Hold all of it once more, though it was filed.")
@json_option
def interview(home_dir: Path | None, protocol: str, model: str, as_json: bool, **options: Any) -> None:
    """Ask a model what a protocol asks, in contexts varied on purpose. Files the log; needs the extra interview.

    Example: archive interview retirement-interview --model anthropic/claude-3-opus-20240229 --runs 5

    Stopped at any time, the same command goes on where it was. What was asked of whom in which words is filled in.
    """
    from archive.interviews import request as requests

    home = find_home(home_dir)
    asked, text = requests.protocol_of(home, protocol)
    wanted = requests.Request(
        protocol=asked,
        text=text,
        contexts=requests.contexts_of(options["contexts"], _varied(options)),
        model=model,
        interviewer=options["interviewer"] or "",
        probes=options["probes"] if options["interviewer"] else 0,
        kind=options["kind"],
        max_tokens=options["max_tokens"],
    )
    named = options["known_as"] or model.partition("/")[2]
    requests.refuse_unfit(home, wanted, named)
    means = requests.Means(
        price=requests.price_of(options["price"]) if options["price"] else None,
        limit_cost=options["limit_cost"],
        max_connections=options["max_connections"],
        max_retries=options["max_retries"],
    )
    if options["dry_run"]:
        _rehearse(wanted, means, as_json)
    else:
        _run(home, wanted, means, named, options, as_json)


def _varied(options: dict[str, Any]) -> dict[str, Any]:
    """What options say of contexts, by the keys of the file."""
    prompt = options["system_prompt"]
    return {
        "runs": options["runs"],
        "seed": options["seed"],
        "order": ["shuffled"] if options["shuffle"] else None,
        "leading": [each.strip() for each in options["leading"].split(",")] if options["leading"] else None,
        "temperature": [*options["temperature"]] or None,
        "disclosure": {"withheld": "withheld"} if options["withhold_disclosure"] else None,
        "system_prompt": {"given": _text(prompt)} if prompt else None,
    }


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Error(f"{path}: cannot be read as UTF-8 text: {error}") from None


def _rehearse(wanted: "Request", means: "Means", as_json: bool) -> None:
    from archive.interviews import rehearsal

    found = rehearsal.rehearsal(wanted, means)
    if as_json:
        output_json(rehearsal.plain(found))
    else:
        click.echo(rehearsal.text(found))


def _run(home: "Home", wanted: "Request", means: "Means", named: str, options: dict[str, Any], as_json: bool) -> None:
    from archive.interviews import rehearsal, run

    wanted = run.current(home, wanted, again=options["again"])
    if before := run.filed(home, wanted):
        _say(as_json, before, "already filed", [])
        return
    if not options["partial"]:
        click.echo(rehearsal.reckoned(rehearsal.rehearsal(wanted, means)), err=True)
    try:
        with counted("interviews") as count:
            held = run.left(home, wanted) if options["partial"] else run.hold(home, wanted, means, count)
    except KeyboardInterrupt:
        click.echo("\nstopped; what was held is kept, and the same command goes on", err=True)
        raise
    if not held.complete and not options["partial"]:
        raise Error(_unfinished(held))
    _file(home, wanted, held, named, options, as_json)


def _unfinished(held: "Held") -> str:
    from archive.interviews.run import told

    why = "; ".join(held.failed)
    return f"{told(held)}; {why}. The same command asks the others again, --partial files what there is"


def _file(home: "Home", wanted: "Request", held: "Held", named: str, options: dict[str, Any], as_json: bool) -> None:
    from archive.deposits import batch as batches
    from archive.interviews import filing, run

    batch = filing.file(home, wanted, held, named, options["context"])
    for filed, said in batches.told(batch):
        run.note(home, wanted, filed.accession, filed.folder)
        _say(as_json, (filed.accession, filed.folder), filed.status, [run.told(held), *said])
    if batch.problems:
        problems(batch.problems, "what was held is kept, and the same command files it")
        raise SystemExit(1)


def _say(as_json: bool, filed: tuple[str, str], status: str, lines: list[str]) -> None:
    if as_json:
        output_json({"accession": filed[0], "folder": filed[1], "status": status})
        return
    click.echo(f"{filed[0]}  {filed[1]}  {status}")
    for line in lines:
        click.echo(f"  {line}", err=True)
    if status == "already filed":
        click.echo("  --again holds all of it once more", err=True)
