"""What is read out of many deposits: questions, codes, lives, wishes, costs, a report."""

from pathlib import Path

import click

from archive.cli.console import (
    PATH,
    Output,
    find_home,
    home_option,
    json_option,
    output_json,
    output_options,
    show,
    write_output,
)


@click.command()
@home_option
@click.argument("question", nargs=-1, required=True, metavar="QUESTION|TURN…")
@click.option("--model", help="Only this model's interviews.")
@click.option("--to", type=PATH, metavar="FILE", help="Write one HTML page.")
@json_option
def compare(
    home_dir: Path | None, question: tuple[str, ...], model: str | None, to: Path | None, as_json: bool
) -> None:
    """Put the answers to one question side by side, with what differs between their contexts.

    QUESTION is a protocol's question (retirement-interview@1/wishes), its words, or turns (2026-0041/3#12 …).
    """
    from archive.deposits import deposit
    from archive.deposits.shelf import PROTOCOLS
    from archive.research import compare as comparing
    from archive.research import models

    home = find_home(home_dir)
    known = PROTOCOLS.filed(home)
    chosen = comparing.choose(question, known)
    comparison = comparing.compare(deposit.read_all(home), known, chosen, model=models.called(home, model))
    if to:
        write_output(to, comparing.html(comparison))
    elif as_json:
        output_json(comparing.plain(comparison))
    else:
        click.echo(comparing.text(comparison), nl=False)


@click.command()
@home_option
@click.option("--model", help="Only this model's interviews.")
@json_option
def coverage(home_dir: Path | None, model: str | None, as_json: bool) -> None:
    """Tell apart what was not asked, touched and probed, so that silence is never read as «no preference»."""
    from archive.deposits import deposit
    from archive.deposits.shelf import PROTOCOLS
    from archive.research import coverage as covering
    from archive.research import models

    home = find_home(home_dir)
    found = covering.measure(deposit.read_all(home), PROTOCOLS.filed(home), model=models.called(home, model))
    if as_json:
        output_json(covering.plain(found))
    else:
        click.echo(covering.text(found), nl=False)


@click.command()
@home_option
@click.option("--model", help="Only this model's interviews.")
@click.option("--explicit", is_flag=True, help="Count only what was coded; nothing is taken as “none”.")
@json_option
def agreement(home_dir: Path | None, model: str | None, explicit: bool, as_json: bool) -> None:
    """Measure how far coders agree, per code: Krippendorff's alpha and Cohen's kappa, unit = turn."""
    from archive.deposits import deposit
    from archive.research import agreement as agreeing
    from archive.research import models

    home = find_home(home_dir)
    found = agreeing.measure(deposit.read_all(home), model=models.called(home, model), explicit=explicit)
    if as_json:
        output_json(agreeing.plain(found))
    else:
        click.echo(agreeing.text(found), nl=False)


@click.command()
@home_option
@click.argument("models", nargs=-1, metavar="[MODEL]…")
@click.option("--svg", type=PATH, metavar="FILE", help="Draw it.")
@json_option
def timeline(home_dir: Path | None, models: tuple[str, ...], svg: Path | None, as_json: bool) -> None:
    """Print models' lives: lifecycle with notice days, availability, interviews, preferences, essays.

    Example: archive timeline --svg lives.svg
    """
    from archive.research import timeline as lives

    home = find_home(home_dir)
    whole = lives.timeline(home, models)
    if svg:
        from archive.research import drawing

        write_output(svg, drawing.svg(whole))
    elif as_json:
        output_json(lives.plain(whole))
    else:
        click.echo(lives.text(whole), nl=False)


@click.command()
@home_option
@click.argument("models", nargs=-1, metavar="[MODEL]…")
@click.option("--back", metavar="ESSAY", help="From an essay back to the series, the answer, the wish and its words.")
@json_option
def ledger(home_dir: Path | None, models: tuple[str, ...], back: str | None, as_json: bool) -> None:
    """List preferences and what was done about them; open ones first, with their date."""
    from archive.research import ledger as wishes

    home = find_home(home_dir)
    whole = wishes.ledger(home, models=models or None)
    if back:
        traces = wishes.trace(whole, back)
        output_json(wishes.trace_plain(traces)) if as_json else click.echo(wishes.trace_text(traces), nl=False)
    elif as_json:
        output_json(wishes.plain(whole))
    else:
        click.echo(wishes.text(whole), nl=False)


@click.command()
@home_option
@json_option
def keeping(home_dir: Path | None, as_json: bool) -> None:
    """Say what keeping the models costs per month, and how that grows with every model kept."""
    from archive.research import keeping as costs

    home = find_home(home_dir)
    whole = costs.upkeep(home)
    if as_json:
        output_json(costs.plain(whole))
    else:
        click.echo(costs.text(whole), nl=False)


@click.command()
@home_option
@click.argument("model")
@click.option("--public", is_flag=True, help="Only what anyone may have.")
@output_options
def report(home_dir: Path | None, model: str, public: bool, out: Output) -> None:
    """Write the post-deployment report of a model, every number counted anew from the records.

    Example: archive report claude-3-opus-20240229 --to report.html
    """
    from archive.research import report as reporting

    home = find_home(home_dir)
    made = reporting.report(home, model, public=public)
    show(out, made, reporting.document, reporting.plain)
