"""One text at a time: taken in, looked at, decided about."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.console import PATH, find_home, home_option, interactive, json_option, output_json, wait_option

if TYPE_CHECKING:
    from archive.home.accession import DecisionName
    from archive.home.home import Home


@click.command()
@home_option
@wait_option
@click.argument("path", type=PATH)
@click.option("--model", metavar="ID", help="Who wrote it, by its maker's id.")
@click.option("--title", help="Shown above the text; it is not part of it.")
@click.option("--title-by", type=click.Choice(["model", "staff"]), help="Who made the title; else staff.")
@click.option("--response", type=PATH, help="The API response that the text was cut from.")
@click.option("--slug", help="The essay's short name, for its address.")
@json_option
def submit(home_dir: Path | None, path: Path, as_json: bool, **options: Any) -> None:
    """Log a text before anyone reads it. PATH is essay.md, an API response, or a folder of both with essay.toml.

    Example: publisher submit response.json --title "The form asks for a date" --title-by model

    At a terminal, essay.toml is opened in the editor while anything is missing in it: how the text was made.
    """
    from archive.cli.console import edit
    from publisher.essays.submission import find
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
    told = [f"--{name.replace('_', '-')}" for name in ("model", "title", "title_by") if options[name]]
    if told and not done.new:
        click.echo(f"nothing was taken of {', '.join(told)}: say it in {folder}/essay.toml", err=True)
    if isinstance(essay.record, list) and interactive():
        edit(essay.folder / "essay.toml", "the text was logged")
        essay = find(home.reopened(), essay.slug)
    for problem in essay.record if isinstance(essay.record, list) else ():
        click.echo(f"still to be said: {problem}", err=True)
    if done.new:
        names = {each.name for each in home.signers.listed}
        reviewer = names.pop() if len(names) == 1 else "NAME"
        click.echo(
            "Copy site/register to another machine now: publisher deploy. Then it can be read and reviewed:", err=True
        )
        click.echo(f"  publisher review {essay.slug} --decision publish --reviewer {reviewer} --key FILE", err=True)


@click.command()
@home_option
@click.argument("slug")
@json_option
def problems(home_dir: Path | None, slug: str, as_json: bool) -> None:
    """Show what a reviewer should look at in a text. Hidden characters, hidden Markdown, wrapper tags, links,
    missing making-of.

    Example: publisher problems on-commas
    """
    from publisher.essays.inspection import inspect

    found = inspect(find_home(home_dir), slug)
    if as_json:
        output_json(found.plain())
    else:
        click.echo(found.text(), nl=False)
    if found.blocking or found.notable:
        raise SystemExit(1)


@click.command()
@home_option
@wait_option
@click.argument("slug")
@click.option("--decision", type=click.Choice(["publish", "withhold", "hold"]), help="What is signed.")
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
    from archive.home import setup
    from archive.register import sshsig
    from publisher.essays import review as reviewing

    home = find_home(home_dir)
    before = home.register.size
    signed = reviewing.read_signature(signature) if signature else b""
    if signature:
        done = reviewing.complete(home, slug, signed)
    else:
        if not decision or not reviewer:
            raise click.UsageError("name --decision and --reviewer, or --signature for a review signed elsewhere")
        shown = ""
        if interactive() and not yes:
            if key:
                reviewing.check(home, slug, decision=decision, reviewer=reviewer, key=key, criteria=criteria)
            shown = _read(home, slug, decision)
            if not shown:
                click.echo("nothing was signed", err=True)
                raise SystemExit(1)
        if not key:
            path = reviewing.prepare(home, slug, decision=decision, reviewer=reviewer, criteria=criteria, shown=shown)
            if not path:
                click.echo(f"{reviewer} decided so already; nothing was written", err=True)
                return
            click.echo(path)
            namespace = home.configuration.review.namespace
            click.echo(f"Sign it: ssh-keygen -Y sign -f KEY -n {namespace} {path.name}", err=True)
            click.echo(f"Then: publisher review {slug} --signature {path.name}.sig", err=True)
            return
        done = reviewing.review(
            home, slug, decision=decision, reviewer=reviewer, key=key, criteria=criteria, shown=shown
        )
    by = sshsig.signature_key(signed) if signed else sshsig.key_fingerprint(key) if key else ""
    last = [review for review in done.reviews if review.reviewer == by][-1]
    click.echo(f"{done.accession}  {last.decision}  {last.name}  {last.reviewer}  entry {last.index}")
    if last.index < before:
        click.echo(f"{last.name} decided so already; nothing was logged", err=True)
    for line in setup.told(home.reopened(), before):
        click.echo(line, err=True)
    click.echo(f"{done.slug} is {done.state(home.configuration.review)}.", err=True)


def _read(home: "Home", slug: str, decision: "DecisionName") -> str:
    """What a person was shown who says yes, as its digest; empty for no. Raises `Error` where it cannot be signed."""
    from archive.errors import Refused
    from publisher.essays.inspection import inspect

    shown = inspect(home, slug)
    if decision == "publish" and shown.blocking:
        raise Refused(list(shown.blocking))
    click.echo_via_pager(shown.whole())
    return shown.digest if click.confirm(f"Sign «{decision}» for {slug}, unedited?") else ""


@click.command()
@home_option
@wait_option
@click.argument("slug")
@click.option("--kind", type=click.Choice(["note", "erratum"]), default="note", help="note, if left out.")
@click.option("--by", default="The editors", help="Who says it; The editors, if left out.")
@click.option("--place", type=click.Choice(["before", "after"]), default="after", help="The text; after, if left out.")
@click.option("--text", help="What is said; without it the form is opened in the editor.")
@json_option
def note(home_dir: Path | None, slug: str, text: str | None, as_json: bool, **options: str) -> None:
    """Say something beside an essay, as the editors. A note, or an erratum. The text itself is never changed.

    Example: publisher note on-commas --kind erratum --text "The bridge was built in 1890."
    """
    from archive.cli.console import edit
    from publisher.essays import editors

    home = find_home(home_dir)
    if text is not None:
        done = editors.note(home, slug, text, **options)
    else:
        path = editors.draft(home, slug, **options)
        if interactive():
            edit(path)
        filed = editors.file(home.reopened(), slug, path)
        if filed is None:
            click.echo(path)
            click.echo(f"When it is filled in: publisher note {slug}", err=True)
            return
        done = filed
    place = home.relative(done.path)
    if as_json:
        output_json({"accession": done.accession, "path": place, "new": done.new})
        return
    click.echo(f"{done.accession}  {place}  {'filed' if done.new else 'there already'}")
    if done.new and done.shown:
        click.echo("The next issue shows it, or now: publisher publish --site", err=True)
    elif done.new:
        click.echo("It is shown with the essay once that is published.", err=True)


@click.command()
@home_option
@wait_option
@click.argument("reviewer", metavar="NAME|FINGERPRINT")
@click.option("--from", "since", metavar="TIME", help="When it ends, in UTC (2026-11-24T15:00:00Z, a day); else now.")
def revoke(home_dir: Path | None, reviewer: str, since: str | None) -> None:
    """End a reviewer's key: what it signs later does not count. What it signed before stands.

    The end is written into allowed_signers and logged. Name an earlier time where the key was stolen: what it signed
    since then does not count either, but for what was published.

    Example: publisher revoke ada@example.org --from 2026-11-24T15:00:00Z
    """
    from archive.home import revocation, setup
    from archive.register.statement import encode_time

    home = find_home(home_dir)
    size = home.register.size
    done = revocation.revoke(home, reviewer, revocation.time_of(since) if since is not None else None)
    for line in done.ended:
        click.echo(f"{line.name}  {line.fingerprint}  until {encode_time(done.time)}")
    if not done.ended:
        click.echo(f"{reviewer} decides nothing after {encode_time(done.time)} already; nothing changed", err=True)
    for said in (*setup.told(home.reopened(), size), *revocation.told(done)):
        click.echo(said, err=True)
    if done.ended:
        click.echo("The next issue publishes the list, or now: publisher publish --site", err=True)
