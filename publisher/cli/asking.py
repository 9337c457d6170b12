"""The conversation of `publisher setup` at a terminal: each answer is checked as it is given, and asked for again."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from archive.errors import Error, Problem, Refused
from archive.wording import shorten

if TYPE_CHECKING:
    from archive.home.home import Home
    from publisher.setup.reviewers import PublicKey, Reviewer
    from publisher.setup.setup import Wanted

T = TypeVar("T")


def asked(home: "Home | None", folder: Path, given: "Wanted", origin: str | None) -> "tuple[Wanted, str | None]":
    """All answers, and a new register's name; what was `given` as an option is not asked, unless it is wrong."""
    from publisher.setup import questions

    what = f"{folder}: Enter keeps what stands in [ ]." if home else f"{folder} will be a new archive."
    click.echo(f"{what}\nNothing is written before the last question; Ctrl-C stops.")
    letter = home.configuration.newsletter if home else None
    stands = questions.standing(letter) if letter else {}
    today = (home.now() if home else dt.datetime.now(dt.UTC)).date()
    answers: dict[str, str] = {}
    for question in questions.QUESTIONS:
        said = given.newsletter.get(question.key)
        if said is None or _is_wrong(questions.fault(question.key, said)):
            proposed = stands.get(question.key) or question.proposed(answers, today)
            said = _answer(question.explains, question.asks, proposed, question.taken)
        answers[question.key] = said
    if home is None and origin is None:
        about = "The register's name, for ever: a name you hold, not a place."
        origin = _answer(about, "Name of the register", questions.origin(answers), questions.taken_origin)
    listed = [*given.reviewers, *_reviewers(home, given)]
    criteria = {**given.criteria, **dict(_criteria(home))}
    return replace(given, newsletter=answers, reviewers=listed, criteria=criteria), origin


def confirmed(folder: Path) -> bool:
    """Whether it may be written."""
    return click.confirm(f"\nWrite this into {folder}?", default=True)


def _reviewers(home: "Home | None", given: "Wanted") -> "Iterator[Reviewer]":
    """Who is to be listed besides, one after the other."""
    from publisher.setup import reviewers

    listed = [(each.name, each.fingerprint) for each in home.signers.listed] if home else []
    listed += [(each.name, each.key.fingerprint) for each in given.reviewers]
    known = {fingerprint for _, fingerprint in listed}
    keys = [key for key in reviewers.offered(Path.home() / ".ssh") if key.fingerprint not in known]
    click.echo("\nWho reviews? A text goes out when a key that is listed here has signed for it.")
    for name, fingerprint in listed:
        click.echo(f"  listed: {name}  {fingerprint}")
    for number, each in enumerate(keys, 1):
        click.echo(f"  {number}  {each.path.name}  {shorten(each.comment, 50)}")
    if not keys:
        click.echo("  no further key in ~/.ssh; `ssh-keygen -t ed25519` makes one, and this command can be run again")
    take = partial(_key, keys=keys, known=known)
    while key := _answer("", "Key of a reviewer, by number or file; Enter: no further", "", take):
        known.add(key.fingerprint)
        name = reviewers.proposed_name(key)
        yield _answer("", "Their name, such as ada@example.org", name, partial(reviewers.taken, key=key))


def _key(said: str, keys: "list[PublicKey]", known: set[str]) -> "PublicKey | None":
    """The key that was meant, of those not `known` yet; None for no further one. Raises `Error`."""
    from publisher.setup import reviewers

    if not said:
        return None
    offered = said.isdecimal() and 0 < int(said) <= len(keys)
    key = keys[int(said) - 1] if offered else reviewers.public_key(Path(said).expanduser())
    if key.fingerprint in known:
        raise Error(f"expected a key that is not listed yet, found {key.fingerprint}, which is")
    return key


def _criteria(home: "Home | None") -> Iterator[tuple[str, str]]:
    """What is asked of each text besides, or in other words, one after the other."""
    from publisher.setup import setup

    click.echo("\nWhat reviewers ask of each text; the questions stand on the site:")
    for criterion in setup.criteria(home):
        click.echo(f"  {criterion.id}={criterion.text}")
    while found := _answer(
        "", "Another, as id=question; Enter: no further", "", lambda s: setup.criterion(s) if s else None
    ):
        yield found


def _answer(about: str, asks: str, proposed: str, take: Callable[[str], T]) -> T:
    """What `take` makes of the answer; asked again where it raises `Error`."""
    if about:
        click.echo(f"\n{about}")
    while True:
        said = click.prompt(asks, default=proposed, show_default=bool(proposed), prompt_suffix=" > ")
        try:
            return take(said.strip())
        except Refused as refused:
            for problem in refused.problems:
                _is_wrong(problem)
        except Error as error:
            click.echo(f"  {error}")


def _is_wrong(problem: Problem | None) -> bool:
    """Says what is wrong with an answer, as the configuration does; the question before it says where."""
    if problem:
        click.echo(f"  {problem.found}" + (f"; {problem.remedy}" if problem.remedy else ""))
    return problem is not None
