"""`publisher`: take in what a model wrote, have it reviewed, send it out unedited, let anyone check it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.console import Group, find_home, home_option, interactive, json_option, output_json
from archive.errors import Error

if TYPE_CHECKING:
    from archive.home.configuration import DecisionName

PATH = click.Path(path_type=Path)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="emeritus")
def main() -> None:
    """Send what a retired model writes, reviewed and unedited, once a week, with a proof for every reader."""


@main.command()
@home_option
@click.argument("path", type=PATH)
@click.option("--model", metavar="ID", help="Who wrote it, by its maker's id.")
@click.option("--title", help="Shown above the text; it is not part of it.")
@click.option("--title-by", type=click.Choice(["model", "staff"]), help="Who made the title; else staff.")
@click.option("--response", type=PATH, help="The API response that the text was cut from.")
@click.option("--slug", help="The essay's short name, for its address.")
@json_option
def submit(home_dir: Path | None, path: Path, as_json: bool, **options: Any) -> None:
    """Log a text before anyone reads it: essay.md, an API response, or a folder of both with essay.toml.

    Example: publisher submit response.json --title "The form asks for a date" --title-by model
    """
    from publisher.essays.submit import submit

    home = find_home(home_dir)
    done = submit(home, path, **options)
    essay = done.submission
    folder = home.relative(essay.folder)
    if as_json:
        values = {"accession": essay.accession, "folder": folder, "index": essay.intake.index, "new": done.new}
        output_json(values)
        return
    click.echo(f"{essay.accession}  {folder}  {'submitted' if done.new else 'already submitted'}")
    missing = essay.record if isinstance(essay.record, list) else []
    for problem in missing:
        click.echo(f"still to be said: {problem}", err=True)
    if done.new:
        click.echo("Copy site/register to another machine now; then it can be read and reviewed:", err=True)
        click.echo(f"  publisher review {essay.slug} --decision publish --reviewer NAME --key FILE", err=True)


@main.command()
@home_option
@click.argument("slug")
@json_option
def problems(home_dir: Path | None, slug: str, as_json: bool) -> None:
    """Show what a reviewer should see: hidden characters, hidden Markdown, wrapper tags, links, missing making-of."""
    from publisher.essays.inspection import inspect

    found = inspect(find_home(home_dir), slug)
    if as_json:
        output_json(found.plain())
    else:
        click.echo(found.text(), nl=False)
    if found.blocking or found.notable:
        raise SystemExit(1)


@main.command()
@home_option
@click.argument("slug")
@click.option("--decision", type=click.Choice(["publish", "withhold", "hold"]))
@click.option("--reviewer", metavar="NAME", help="As in allowed_signers.")
@click.option(
    "--key", type=PATH, help="The reviewer's SSH key; without it the review is written for signing elsewhere."
)
@click.option(
    "--criterion", "criteria", multiple=True, metavar="ID", help="What it was decided under; may be repeated."
)
@click.option("--signature", type=PATH, help="Complete a review that was signed elsewhere.")
@click.option("--yes", is_flag=True, help="Do not show the text and ask first.")
def review(
    home_dir: Path | None,
    slug: str,
    decision: "DecisionName | None",
    reviewer: str | None,
    key: Path | None,
    criteria: tuple[str, ...],
    signature: Path | None,
    yes: bool,
) -> None:
    """Sign a decision about a text. Nothing about the text can be changed.

    Example: publisher review on-commas --decision publish --reviewer ada@example.org --key ~/.ssh/id_ed25519
    """
    from publisher.essays import review as reviewing
    from publisher.essays.inspection import inspect

    home = find_home(home_dir)
    if signature:
        done = reviewing.complete(home, slug, reviewing.read_signature(signature))
    else:
        if not decision or not reviewer:
            raise click.UsageError("name --decision and --reviewer, or --signature for a review signed elsewhere")
        if interactive() and not yes:
            click.echo_via_pager(inspect(home, slug).whole())
            click.confirm(f"Sign «{decision}» for {slug}, unedited?", abort=True)
        if not key:
            path = reviewing.prepare(home, slug, decision=decision, reviewer=reviewer, criteria=criteria)
            click.echo(path)
            namespace = home.configuration.review.namespace
            click.echo(f"Sign it: ssh-keygen -Y sign -f KEY -n {namespace} {path.name}", err=True)
            click.echo(f"Then: publisher review {slug} --signature {path.name}.sig", err=True)
            return
        done = reviewing.review(home, slug, decision=decision, reviewer=reviewer, key=key, criteria=criteria)
    last = done.reviews[-1]
    click.echo(f"{done.accession}  {last.decision}  {last.name}  {last.reviewer}  entry {last.index}")
    click.echo(f"{done.slug} is {done.state(home.configuration.review)}.", err=True)


@main.command()
@home_option
@json_option
def status(home_dir: Path | None, as_json: bool) -> None:
    """Say what waits, what is due, who must act, what is missing."""
    import dataclasses

    from publisher.issues.status import status

    now = status(find_home(home_dir))
    if as_json:
        output_json(dataclasses.asdict(now) | {"week": str(now.week), "unexplained": [str(w) for w in now.unexplained]})
        return
    state = "done" if now.published else "due" if now.due else "not due yet"
    click.echo(f"{now.week}: {state}")
    for essay in now.essays:
        click.echo(f"{essay.accession}  {essay.state:8}  received {essay.received}  {essay.slug}")
        for problem in essay.missing:
            click.echo(f"    {problem}")
    for action in now.actions:
        click.echo(f"to do: {action}")
    for warning in now.warnings:
        click.echo(f"note: {warning}", err=True)


@main.command()
@home_option
@click.argument("week", required=False)
@click.option("--essay", "slugs", multiple=True, metavar="SLUG", help="These essays, in this order.")
@click.option("--site", is_flag=True, help="No issue: write the pages that newer records change.")
@click.option("--to", type=PATH, metavar="DIR", help="Also write the whole site to an empty folder.")
@click.option("--dry-run", is_flag=True, help="Check and render everything, change nothing.")
@click.option("--if-due", is_flag=True, help="Do nothing before the weekday of archive.toml.")
def publish(
    home_dir: Path | None,
    week: str | None,
    slugs: tuple[str, ...],
    site: bool,
    to: Path | None,
    dry_run: bool,
    if_due: bool,
) -> None:
    """Publish this week's issue: pages, mail, feeds, proofs. Stops with every reason at once.

    Example: publisher publish 2026-W48 --essay on-commas
    """
    from publisher.issues import publish as publishing
    from publisher.week import Week

    home = find_home(home_dir)
    if site and (week or slugs):
        raise click.UsageError("--site publishes no issue: leave out the week and --essay")
    if if_due and not publishing.is_due(home):
        click.echo("not due yet", err=True)
        return
    if site:
        done = publishing.publish_site(home)
    else:
        done = publishing.publish(home, Week.parse(week) if week else None, slugs=slugs, dry_run=dry_run)
    for name in done.written:
        click.echo(f"site/{name}")
    for warning in done.warnings:
        click.echo(f"note: {warning}", err=True)
    what = f"{done.week}: {', '.join(done.essays)}" if done.week else "the site"
    if not done.new:
        said = f"{done.week} was published already; nothing changed" if done.week else "nothing changed"
    elif dry_run:
        said = f"would publish {what}"
    else:
        said = f"published {what}"
    click.echo(said, err=True)
    if to and not dry_run:
        publishing.build(home, to)
        click.echo(f"the whole site is in {to}", err=True)


@main.command()
@home_option
@click.argument("weeks", metavar="WEEK[..WEEK]")
@click.option("--reason", required=True, help="nothing-submitted, nothing-approved, holiday, technical, or a sentence.")
def skip(home_dir: Path | None, weeks: str, reason: str) -> None:
    """Explain a week without an issue.

    Example: publisher skip 2026-W52..2027-W01 --reason holiday
    """
    from publisher.issues import publish as publishing
    from publisher.week import Week, between

    first, dots, last = weeks.partition("..")
    chosen = between(Week.parse(first), Week.parse(last if dots else first))
    if not chosen:
        raise Error(f"{weeks}: expected the earlier week first")
    explained = publishing.skip(find_home(home_dir), chosen, reason)
    for week in explained:
        click.echo(f"{week}  explained")
    if not explained:
        click.echo("explained already; nothing changed", err=True)


@main.command()
@home_option
@click.option("--to", type=PATH, metavar="DIR", help="Into an empty folder instead of site/.")
def build(home_dir: Path | None, to: Path | None) -> None:
    """Write the whole site again, the same bytes."""
    from publisher.issues import publish as publishing

    done = publishing.build(find_home(home_dir), to)
    for name in done.written:
        click.echo(name)
    click.echo(f"{len(done.written)} files written" if done.new else "nothing changed", err=True)


@main.command()
@click.argument("target", type=PATH)
@click.option("--key", metavar="VKEY", help="The register's key: origin+hash+key, from a place you trust.")
@json_option
def verify(target: Path, key: str | None, as_json: bool) -> None:
    """Check a file with its .tlog-proof beside it, or a whole site. Needs no home and no network.

    Example: publisher verify essay.md --key 'letters.example.org/register+9e9f2f51+AWxl…'
    """
    from archive.register.note import VerifierKey

    given = VerifierKey.parse(key) if key else None
    if target.is_dir():
        from publisher.verify.site import verify_site

        checked = verify_site(target, given)
    else:
        from publisher.verify.file import verify_file

        if given is None:
            raise click.UsageError(
                "give the register's key with --key; take it from a place the publisher cannot change"
            )
        checked = verify_file(target, given)
    if as_json:
        output_json(checked.facts | {"sentence": checked.sentence, "not_proved": checked.limits})
        return
    click.echo(checked.sentence)
    click.echo("This does not prove " + "; ".join(checked.limits) + ".")
