"""`archive`: file what retired models said, say what shaped it, find it again."""

from pathlib import Path
from typing import Any

import click

from archive.cli.console import (
    Group,
    edit,
    find_home,
    home_option,
    interactive,
    json_option,
    output_json,
    problems,
    progress,
    stdout_is_a_terminal,
    width,
    write_output,
)

PATH = click.Path(path_type=Path)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="emeritus")
def main() -> None:
    """Keep what retired models said: the exact bytes, the setting that shaped them, what was made of them."""


@main.command()
@click.argument("directory", type=PATH, default=".")
@click.option("--name", help="What the archive is called; else the folder's name.")
@click.option("--origin", help="The register's name, for ever: a domain you hold and a path.")
@click.option("--sample", is_flag=True, help="A home for trying things out.")
def init(directory: Path, name: str | None, origin: str | None, sample: bool) -> None:
    """Make a new home: archive.toml, a register key, empty collections.

    Example: archive init letters --origin letters.example.org/register
    """
    from archive.home.home import create, own_origin

    folder = directory.resolve()
    home = create(folder, name=name or folder.name, origin=origin or own_origin(folder.name), sample=sample)
    click.echo(home.root)
    click.echo(f"The register is called {home.register().key.name}, for ever.", err=True)
    click.echo(f"Its key: {home.hidden / 'keys' / 'register'}. Keep a copy elsewhere.", err=True)
    click.echo("Next: archive new model MODEL-ID, then archive file FILE --model MODEL-ID", err=True)


@main.command()
@home_option
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--model", metavar="ID", help="The model that answered, by its maker's id.")
@click.option("--kind", help="What the conversation was: retirement_interview, conversation, …")
@click.option("--protocol", metavar="ID@V", help="The protocol that was followed.")
@click.option("--context", type=PATH, metavar="FILE", help="Answers for [context_bias] that hold for all of these.")
@click.option("--speakers", metavar="NAME=ROLE,…", help="For plain text: who speaks as user, assistant, system, tool.")
@click.option("--slug", help="The deposit's short name; else made from the file's.")
@click.option("--date", metavar="YYYY-MM-DD", help="When the first interview was held.")
@click.option("--again", is_flag=True, help="File the same bytes once more.")
@click.option("--dry-run", is_flag=True, help="Say what would be filed, change nothing.")
@json_option
def file(home_dir: Path | None, paths: tuple[Path, ...], dry_run: bool, as_json: bool, **options: Any) -> None:
    """File logs in any known format, a prepared folder, or a folder again after notes were added.

    Example: archive file interview.json --model claude-3-opus-20240229 --kind retirement_interview
    """
    from archive.deposits import batch as batches

    home = find_home(home_dir)
    chosen = batches.options(**options)
    if dry_run:
        batch = batches.rehearse(home, paths, chosen)
    elif interactive() and not as_json:
        batch = batches.file_edited(home, paths, chosen, edit)
    else:
        batch = batches.file_paths(home, paths, chosen, progress)
    if as_json:
        output_json(batches.plain(batch))
    else:
        for filed in batch.filed:
            click.echo(f"{filed.accession}  {filed.folder}  {'would be filed' if dry_run else filed.status}")
            for line in batches.remarks(filed):
                click.echo(f"  {line}", err=True)
        for line in batch.passed:
            click.echo(f"passed over: {line}", err=True)
    if batch.problems:
        problems(batch.problems)
        raise SystemExit(1)


@main.command()
@json_option
def formats(as_json: bool) -> None:
    """Print what can be read, and what each format loses."""
    from archive.importers import FORMATS

    if as_json:
        output_json([{"name": f.name, "reads": f.reads, "loses": f.loses} for f in FORMATS])
        return
    for f in FORMATS:
        click.echo(f"{f.name}\n    {f.reads}\n    loses: {f.loses}")


@main.command()
@home_option
@click.argument("kind", type=click.Choice(["model", "protocol", "note", "analysis", "preference", "answer"]))
@click.argument("target")
@click.option("--coder", help="For a note: who codes; else your login name.")
@click.option("--slug", help="For an analysis or a preference: its short name.")
@click.option("--quote", "quotes", multiple=True, metavar="TURN:WORDS", help="Exact words to rest on, such as 1#4:…")
def new(home_dir: Path | None, kind: str, target: str, **options: Any) -> None:
    """Write a prefilled sidecar and open it in the editor; `archive file` files it.

    TARGET is a model's id, a protocol's id, a deposit (2026-0041), a turn (2026-0041/1#12), or a preference's slug.
    """
    from archive.deposits import template

    home = find_home(home_dir)
    path, folder = template.write(home, kind, target, **options)
    click.echo(path)
    if interactive():
        edit(path)
    click.echo(f"When it is filled in: archive file {folder}", err=True)


@main.command("list")
@home_option
@click.option("--models", is_flag=True, help="List models instead of deposits.")
@json_option
def list_(home_dir: Path | None, models: bool, as_json: bool) -> None:
    """List deposits: accession, date, model, kind, turns, how much of the context was recorded."""
    from archive.catalogue import listing

    home = find_home(home_dir)
    rows = listing.models(home) if models else listing.deposits(home)
    if as_json:
        output_json(listing.plain(rows))
    else:
        click.echo(listing.table(rows), nl=False)


@main.command()
@home_option
@click.argument("target")
@json_option
def show(home_dir: Path | None, target: str, as_json: bool) -> None:
    """Show an interview (2026-0041/3), a deposit, a turn (2026-0041/3#12), a model, a preference.

    The context bias stands first, notes beside their turns.
    """
    from archive.catalogue import listing

    shown = listing.show(find_home(home_dir), target)
    if as_json:
        output_json(listing.plain(shown))
    else:
        text = listing.text(shown, width=width())
        click.echo_via_pager(text) if interactive() else click.echo(text, nl=False)


@main.command()
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

    hits = engine.search(find_home(home_dir), query, **options)
    if as_json:
        output_json(engine.plain(hits))
    else:
        click.echo(engine.text(hits, width=width(), colour=stdout_is_a_terminal()), nl=False)
    if not hits:
        click.echo("nothing found", err=True)


@main.command()
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
    from archive.records import protocols
    from archive.research import compare as comparing

    home = find_home(home_dir)
    known = protocols.of(home)
    chosen = comparing.choose(question, known)
    comparison = comparing.compare(deposit.read_all(home, home.register()), known, chosen, model=model)
    if to:
        write_output(to, comparing.html(comparison))
    elif as_json:
        output_json(comparing.plain(comparison))
    else:
        click.echo(comparing.text(comparison), nl=False)


@main.command()
@home_option
@click.option("--model", help="Only this model's interviews.")
@json_option
def coverage(home_dir: Path | None, model: str | None, as_json: bool) -> None:
    """Tell apart what was not asked, touched and probed, so that silence is never read as «no preference»."""
    from archive.deposits import deposit
    from archive.records import protocols
    from archive.research import coverage as covering

    home = find_home(home_dir)
    found = covering.measure(deposit.read_all(home, home.register()), protocols.of(home), model=model)
    if as_json:
        output_json(covering.plain(found))
    else:
        click.echo(covering.text(found), nl=False)


@main.command()
@home_option
@click.option("--model", help="Only this model's interviews.")
@json_option
def agreement(home_dir: Path | None, model: str | None, as_json: bool) -> None:
    """Measure how far coders agree, per code: Krippendorff's alpha and Cohen's kappa, unit = turn."""
    from archive.deposits import deposit
    from archive.research import agreement as agreeing

    home = find_home(home_dir)
    found = agreeing.measure(deposit.read_all(home, home.register()), model=model)
    if as_json:
        output_json(agreeing.plain(found))
    else:
        click.echo(agreeing.text(found), nl=False)


@main.command()
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
    whole = lives.timeline(home, home.register(), models)
    if svg:
        from archive.research import drawing

        write_output(svg, drawing.svg(whole))
    elif as_json:
        output_json(lives.plain(whole))
    else:
        click.echo(lives.text(whole), nl=False)


@main.command()
@home_option
@click.argument("models", nargs=-1, metavar="[MODEL]…")
@click.option("--back", metavar="ESSAY", help="From an essay back to the series, the answer, the wish and its words.")
@json_option
def ledger(home_dir: Path | None, models: tuple[str, ...], back: str | None, as_json: bool) -> None:
    """List preferences and what was done about them; open ones first, with their date."""
    from archive.research import ledger as wishes

    home = find_home(home_dir)
    whole = wishes.ledger(home, home.register(), models=models or None)
    if back:
        traces = wishes.trace(whole, back)
        output_json(wishes.trace_plain(traces)) if as_json else click.echo(wishes.trace_text(traces), nl=False)
    elif as_json:
        output_json(wishes.plain(whole))
    else:
        click.echo(wishes.text(whole), nl=False)


@main.command()
@home_option
@json_option
def keeping(home_dir: Path | None, as_json: bool) -> None:
    """Say what keeping the models costs per month, and how that grows with every model kept."""
    from archive.research import keeping as costs

    home = find_home(home_dir)
    whole = costs.upkeep(home, home.register())
    if as_json:
        output_json(costs.plain(whole))
    else:
        click.echo(costs.text(whole), nl=False)


@main.command()
@home_option
@click.argument("model")
@click.option("--to", type=PATH, metavar="FILE", help="Write it: one page as .html, or .md; else Markdown on stdout.")
@click.option("--public", is_flag=True, help="Only what anyone may have.")
@json_option
def report(home_dir: Path | None, model: str, to: Path | None, public: bool, as_json: bool) -> None:
    """Write the post-deployment report of a model, every number counted anew from the records.

    Example: archive report claude-3-opus-20240229 --to report.html
    """
    from archive.research import report as reporting

    home = find_home(home_dir)
    made = reporting.report(home, model, home.register(), public=public)
    if to:
        write_output(to, reporting.html(made) if to.suffix == ".html" else reporting.markdown(made))
    elif as_json:
        output_json(reporting.plain(made))
    else:
        click.echo(reporting.markdown(made), nl=False)


@main.command()
@home_option
@click.argument("feed", type=PATH)
@click.option("--model", "models", multiple=True, metavar="ID", help="Only these models of the feed.")
@click.option("--source", metavar="URL", help="Where the feed came from; else its file name.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, change nothing.")
@json_option
def facts(
    home_dir: Path | None, feed: Path, models: tuple[str, ...], source: str | None, dry_run: bool, as_json: bool
) -> None:
    """Take in a model-eol feed: lifecycle dates, availability, replacements; what stands is never changed.

    Example: archive facts anthropic.json --source https://example.org/feeds/anthropic.json
    """
    from archive.research import eol

    updates = eol.adopt(find_home(home_dir), feed, source=source, only=models, dry_run=dry_run)
    if as_json:
        output_json(eol.plain(updates))
    else:
        click.echo(eol.text(updates), nl=False)


@main.command()
@json_option
def vocabulary(as_json: bool) -> None:
    """Print every field and code with its definition and values."""
    from archive.records import vocabulary as words

    if as_json:
        output_json(words.listing())
    else:
        click.echo(words.printed(), nl=False)


@main.command()
@home_option
@click.option("--deep", is_flag=True, help="Also hash every copy in the store.")
@json_option
def check(home_dir: Path | None, deep: bool, as_json: bool) -> None:
    """Compare folders, store, register and catalogue, and every quote with its turn."""
    from archive.deposits import check as checking

    report = checking.check(find_home(home_dir), deep=deep)
    if as_json:
        output_json(checking.plain(report))
    else:
        click.echo(report.sentence)
        for remark in report.remarks:
            click.echo(f"note: {remark}", err=True)
        for problem in report.problems:
            click.echo(str(problem), err=True)
    if report.problems:
        raise SystemExit(1)


@main.command()
@home_option
def reindex(home_dir: Path | None) -> None:
    """Rebuild the catalogue from the files."""
    from archive.catalogue import catalogue

    home = find_home(home_dir)
    with home.writing() as writer:
        counts = catalogue.reindex(home, writer.register)
    click.echo(", ".join(f"{number} {name}" for name, number in counts.items()))


@main.command()
@home_option
@click.argument("directory", type=PATH)
@click.option("--as", "form", type=click.Choice(["bagit", "jsonl", "inspect"]), required=True, help="Which form.")
@click.option("--public", is_flag=True, help="Only what anyone may have, by a list of what goes in.")
@json_option
def export(home_dir: Path | None, directory: Path, form: str, public: bool, as_json: bool) -> None:
    """Write the archive into an empty folder: a bag that `archive import` brings back, tables, or Inspect logs."""
    from archive.exchange import exchange as exports

    done = exports.export(find_home(home_dir), directory, form, public=public)  # type: ignore[arg-type]
    if as_json:
        output_json({"folder": str(done.folder), "counts": dict(done.counts), "left_out": dict(done.left_out)})
        return
    click.echo(done.folder)
    click.echo(", ".join(f"{number} {name}" for name, number in done.counts.items()), err=True)
    for name, number in done.left_out.items():
        click.echo(f"left out: {number} {name}", err=True)


@main.command("import")
@click.argument("bag", type=PATH)
@click.argument("directory", type=PATH)
def import_(bag: Path, directory: Path) -> None:
    """Make a home again from a bag, in an empty folder: all but the keys."""
    from archive.exchange import exchange as exports

    done = exports.import_(bag, directory)
    click.echo(done.home.root)
    click.echo(f"{done.files} files; the signing key is not among them: bring back .archive/keys/register", err=True)
