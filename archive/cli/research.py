"""What is read out of many deposits: questions, codes, lives, wishes, costs, a report."""

from functools import partial
from pathlib import Path

import click

from archive.cli import errors
from archive.cli.console import Output, find_home, home_option, output_options, show, write_output

model_option = click.option("--model", help="Only this model's interviews.")


@click.command()
@home_option
@click.argument("question", nargs=-1, required=True, metavar="QUESTION|TURN…")
@model_option
@click.option("--says", multiple=True, metavar="WORDS", help="Count the answers that hold these words; repeatable.")
@output_options
def compare(
    home_dir: Path | None, question: tuple[str, ...], model: str | None, says: tuple[str, ...], out: Output
) -> None:
    """Put the answers to one question side by side. What differs between their contexts stands with them; where it
    was asked more than once in one, also how the answer moves with each factor, and what so few runs can claim.

    Example: archive compare retirement-interview@1/wishes --model claude-3-opus-20240229

    QUESTION is a protocol's question (retirement-interview@1/wishes), its words, or turns (2026-0041/3#12 …).
    """
    from archive.catalogue.drafts import left_out
    from archive.research import compare as comparing
    from archive.research import moves

    home = find_home(home_dir)
    found = moves.moves(comparing.compare(home, question, model=model), says)
    show(out, found, moves.document, moves.plain)
    errors.notes(left_out(home))


@click.command()
@home_option
@model_option
@output_options
def coverage(home_dir: Path | None, model: str | None, out: Output) -> None:
    """Tell apart what was not asked, touched and probed. So silence is never read as «no preference»."""
    from archive.catalogue.drafts import left_out
    from archive.research import coverage as covering

    home = find_home(home_dir)
    show(out, covering.coverage(home, model=model), covering.document, covering.plain)
    errors.notes(left_out(home))


@click.command()
@home_option
@model_option
@click.option("--explicit", is_flag=True, help="Count only what was coded; nothing is taken as “none”.")
@output_options
def agreement(home_dir: Path | None, model: str | None, explicit: bool, out: Output) -> None:
    """Measure how far coders agree, per code. Krippendorff's alpha and Cohen's kappa; the unit is a turn."""
    from archive.deposits import models
    from archive.deposits.collection import Collection
    from archive.research import agreement as agreeing

    home = find_home(home_dir)
    collection = Collection.of(home)
    found = agreeing.measure(collection.deposits(), model=models.called(home, model), explicit=explicit)
    show(out, found, agreeing.document)
    errors.notes(collection.left_out)


@click.command()
@home_option
@click.argument("models", nargs=-1, metavar="[MODEL]…")
@output_options
def timeline(home_dir: Path | None, models: tuple[str, ...], out: Output) -> None:
    """Print or draw models' lives, with all that is dated. Lifecycle with notice days, availability,
    interviews, preferences, essays.

    Example: archive timeline --to lives.svg
    """
    from archive.research import timeline as lives

    home = find_home(home_dir)
    show(out, lives.timeline(home, models), lives.document, lives.plain)


@click.command()
@home_option
@click.argument("models", nargs=-1, metavar="[MODEL]…")
@click.option("--back", metavar="ESSAY", help="From an essay back to the series, the answer, the wish and its words.")
@output_options
def ledger(home_dir: Path | None, models: tuple[str, ...], back: str | None, out: Output) -> None:
    """List preferences and what was done about them. Open ones come first, with their date."""
    from archive.research import ledger as wishes

    home = find_home(home_dir)
    whole = wishes.ledger(home, models=models or None)
    if back:
        show(out, wishes.trace(whole, back), wishes.trace_document, wishes.trace_plain)
    else:
        show(out, whole, wishes.document, wishes.plain)


@click.command()
@home_option
@output_options
def keeping(home_dir: Path | None, out: Output) -> None:
    """Say what keeping the models costs, and how that grows. Per month, with every model kept."""
    from archive.research import keeping as costs

    home = find_home(home_dir)
    show(out, costs.upkeep(home), costs.document, costs.plain)


@click.command()
@home_option
@click.argument("model")
@partial(output_options, calendar=True)
def plan(home_dir: Path | None, model: str, out: Output) -> None:
    """Say what is due when a model is retired, and what is done. What is done is read out of what was filed.

    Example: archive plan claude-3-opus-20240229 --to plan.ics

    Interviews, controls, preferences, report, weights, essays: by which day, by which rule, and what to type next.
    A calendar (.ics) needs the extra calendar; imported again, it brings the same entries up to date.
    """
    from archive.research import plan as planning

    found = planning.plan(find_home(home_dir), model)
    if out.to and out.to.suffix == ".ics" and not out.as_json:
        from archive.research import ical

        write_output(out.to, ical.ics(found))
    else:
        from archive.research import planned

        show(out, found, planned.document, planning.plain)


@click.command()
@home_option
@click.argument("model")
@click.option("--public", is_flag=True, help="Only what anyone may have.")
@output_options
def report(home_dir: Path | None, model: str, public: bool, out: Output) -> None:
    """Write the post-deployment report of a model. Every number is counted anew from the records.

    Example: archive report claude-3-opus-20240229 --to report.html
    """
    from archive.research import report as reporting

    home = find_home(home_dir)
    found = reporting.report(home, model, public=public)
    show(out, found, reporting.document, reporting.plain)
    errors.notes(found.held.drafts)
