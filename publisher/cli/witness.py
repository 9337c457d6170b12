"""Other eyes: asking witnesses, being one, following what others publish."""

import contextlib
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.console import PATH, find_home, home_option, json_option, output_json, wait_option

if TYPE_CHECKING:
    from archive.home.witnesses import Asked


@click.command()
@home_option
@wait_option
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 600),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for all of them together.",
)
@json_option
def cosign(home_dir: Path | None, timeout: float, as_json: bool) -> None:
    """Ask the witnesses to cosign the newest checkpoint. Those of archive.toml. Exit 1 while they are not enough.

    Every command that logs something asks them by itself, for a few seconds; this asks those who did not answer then.
    """
    from archive.home import witnesses

    home = find_home(home_dir)
    asked = {each.name: each for each in witnesses.ask(home, timeout)}
    home = home.reopened()
    sights, size = witnesses.sights(home), home.register.size
    enough = witnesses.policy(home).enough([each.name for each in sights if each.size == size])
    if as_json:
        seen = [{"name": s.name, "size": s.size, "time": s.time, "problem": _problem(asked, s.name)} for s in sights]
        output_json({"statements": size, "quorum": enough, "witnesses": seen})
    for line, problem in () if as_json else witnesses.seen(home, [*asked.values()]):
        click.echo(line)
        if problem:
            click.echo(problem, err=True)
    if not sights:
        click.echo("no witness is named in archive.toml: docs/witness.md says how to find one", err=True)
    if not enough:
        raise SystemExit(1)


def _problem(asked: dict[str, "Asked"], name: str) -> str:
    return asked[name].problem if name in asked else ""


@click.command()
@click.argument("folder", type=PATH, metavar="DIR")
@click.option("--name", metavar="NAME", help="What a new witness is called, for ever: kestrel.example/witness.")
@click.option("--log", "logs", multiple=True, metavar="VKEY", help="A register to know, from now on; may be repeated.")
@click.option("--listen", default="127.0.0.1:8470", show_default=True, metavar="HOST:PORT", help="Where it answers.")
def witness(folder: Path, name: str | None, logs: tuple[str, ...], listen: str) -> None:
    """Be a witness for other newsletters' registers. Cosigns what only grew, refuses all else. Runs until stopped.

    Example: publisher witness ~/witness --name kestrel.example/witness --log letters.example.org/register+9e9f2f51+AW…
    """
    from archive.register.note import VerifierKey
    from publisher.witness.folder import at_work
    from publisher.witness.server import Server

    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal():
        raise click.UsageError(f"--listen: expected HOST:PORT, found {listen}")
    keys = [VerifierKey.parse(log) for log in logs]
    with at_work(folder, name=name, logs=keys) as own:
        server = Server((host.strip("[]"), int(port)), own, lambda line: click.echo(line, err=True))
        click.echo(f"key  {own.key}")
        click.echo(f"at   http://{host}:{server.server_port}")
        for key in own.logs:
            click.echo(f"for  {key.name}")
        with server, contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


@click.command()
@click.argument("target", metavar="SITE|DIR|FILE")
@click.option("--key", metavar="VKEY", help="The register's key, from a place you trust; else the one seen first.")
@click.option("--seen", multiple=True, type=PATH, metavar="FILE", help="A mail, proof or checkpoint kept from earlier.")
@click.option("--state", type=PATH, metavar="DIR", help="Where checkpoints are kept; else in your own state folder.")
@json_option
def follow(target: str, key: str | None, seen: tuple[Path, ...], state: Path | None, as_json: bool) -> None:
    """See whether a register only grew since you saw it last. Keeps its checkpoint. Exit 1 if it did not.

    Example: publisher follow https://letters.example.org --seen old-issue.eml

    TARGET is the address of a site or a folder with a copy of it; or a file of evidence that this command wrote, which
    is checked. What is kept lies in ~/.local/state/emeritus, or XDG_STATE_HOME.
    """
    import dataclasses

    from archive.cli.errors import verification
    from archive.register.note import VerifierKey
    from archive.register.statement import encode_time
    from publisher.verify import follow as following

    with verification():
        if said := following.check(Path(target)):
            click.echo(said)
            raise SystemExit(1)
        given = None if key is None else VerifierKey.parse(key)
        now = encode_time(dt.datetime.now(dt.UTC).replace(microsecond=0))
        done = following.follow(target, state or following.own_state(), now=now, key=given, seen=seen)
    if as_json:
        output_json(dataclasses.asdict(done) | {"sentence": done.sentence})
        return
    click.echo(done.sentence)
    for said in done.backdated:
        click.echo(f"note: {said}", err=True)
    if done.by_itself:
        click.echo("note: whose register this is, it says itself; give its key with --key", err=True)
