"""A publisher who cheats about what was asked for: with the whole program and the register's key at hand.

Each begins where `publisher sample` would, and publishes an essay; `honest` is what the program does.
"""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from archive.home.change import Change
from archive.home.home import Home
from archive.register import statement, sums
from archive.register.statement import SAMPLING
from publisher.essays import precedence, sampling
from publisher.essays.sampling import Sampling, read_back, written
from publisher.essays.submit import taking_in
from publisher.issues import publish as publishing
from publisher.issues.publish import publish
from tests import cheating
from tests.programs import Reviewer
from tests.sampled_home import answer, approved, asked, completed, request

Act = Callable[[Home, Reviewer], object]


def honest(home: Home, ada: Reviewer) -> None:
    asked(home)
    out(home, ada)


def out(home: Home, ada: Reviewer, slug: str = "on-rain-2") -> None:
    approved(home.reopened(), slug, ada)
    publish(home.reopened(), slugs=[slug])


@contextlib.contextmanager
def blind() -> Iterator[None]:
    """A program that compares nothing with what was asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "contradictions", lambda *given: iter(()))
        patch.setattr(precedence, "problems", lambda *given: iter(()))
        yield


def telling(key: str, old: str, new: str) -> Act:
    """Another making in essay.toml than was logged, which the reviewer signs."""

    def act(home: Home, ada: Reviewer) -> None:
        asked(home, request(system="You are done."))
        path = completed(home, "on-rain-2")
        text = path.read_text()
        assert f"{key} = {old}" in text
        path.write_text(text.replace(f"{key} = {old}", f"{key} = {new}"))
        with blind():
            out(home, ada)

    return act


def edited(name: str, pattern: str, new: str) -> Act:
    """Other words on a page than the program puts there, when a second candidate goes out."""

    def act(home: Home, ada: Reviewer) -> None:
        asked(home, request(candidates=4))
        out(home, ada, "on-rain-1")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", str(int((home.now() + dt.timedelta(weeks=1)).timestamp())))
            approved(home.reopened(), "on-rain-2", ada)
            with cheating.substituted(name, pattern, new)(home.reopened()):
                publish(home.reopened(), slugs=["on-rain-2"])

    return act


def by_hand(
    *steps: str,
    candidates: int = 3,
    said: int = 3,
    listing: bool = True,
    change: Callable[[Sampling], Sampling] = lambda s: s,
) -> Act:
    """Statements in an order of one's own: ``asked``, and ``1`` for an intake, ``+1`` for that it is a candidate."""

    def act(home: Home, ada: Reviewer) -> None:
        data = written(change(made(said)))
        digest = sums.digest(data)
        lists: dict[str, str] = {}
        with home.writing() as writer:
            for step in steps:
                now = writer.now()
                if step == "asked":
                    leaf = statement.asked(digest, candidates, time=now).encode()
                    writer.commit(Change(leaves=[leaf]))
                elif step.startswith("+"):
                    number = f"E2026-000{step[1:]}"
                    writer.commit(
                        Change(leaves=[statement.candidate(digest, number, lists[number], time=now).encode()])
                    )
                else:
                    given = answer(f"Rain, number {step}.\n")
                    arrived = {"essay.md": given.text, "response.json": given.response, "essay.toml": form(said)}
                    arrived |= {SAMPLING: data} if listing else {}
                    coming = taking_in(writer.home, f"2026-11-02-on-rain-{step}", arrived, now)
                    lists[coming.accession] = coming.digest
                    writer.commit(coming.change)
        with blind():
            out(home, ada)

    return act


def made(candidates: int) -> Sampling:
    text = (
        b'format = 1\nmodel = "example/example-heron-1"\ncandidates = %d\nprompt = "%s"\nthrough = "x"\nnonce = "%s"\n'
    )
    prompt = sums.digest(b"Write whatever you like.").encode()
    read = read_back(text % (candidates, prompt, b"0" * 64), SAMPLING)
    assert isinstance(read, Sampling)
    return read


def form(candidates: int) -> bytes:
    return f"""format = 1
model = "example-heron-1"
title = ""
title_by = ""
prompt = "Write whatever you like."
context = []
sampling = "one call"
candidates = {candidates}
selection = ""
topic_by = "model"
""".encode()


def hiding(*names: str) -> Act:
    """Files that came with the essay, kept from its readers."""

    def act(home: Home, ada: Reviewer) -> None:
        asked(home)
        honest_freeze = publishing.freeze
        with pytest.MonkeyPatch.context() as patch:

            def freeze(*given: object) -> object:
                essay = honest_freeze(*given)  # type: ignore[arg-type]
                files = {name: data for name, data in essay.files.items() if name not in names}
                return dataclasses.replace(essay, files=files)

            patch.setattr(publishing, "freeze", freeze)
            out(home, ada)

    return act


def out_of_turn(rule: bool) -> Act:
    """The second of a series that takes the first; `rule`: whether sampling.toml says that it does."""

    def act(home: Home, ada: Reviewer) -> None:
        path = home.root / "archive.toml"
        table = '\n[[series]]\nslug = "letters-home"\ntake = "first"\n'
        if rule:
            path.write_text(path.read_text() + table)
        asked(home.reopened(), request(series="letters-home"))
        if not rule:
            path.write_text(path.read_text() + table)
        with blind():
            out(home, ada)

    return act


PAGE = "essays/on-rain-2/index.html"
ALL = ("asked", "1", "+1", "2", "+2", "3", "+3")

CHEATS: dict[str, Act] = {
    "fewer in essay.toml than were asked for": telling("candidates", "3", "1"),
    "another prompt than was asked": telling("prompt", '"""\nWrite whatever you like.\n"""', '"Write of rain."'),
    "no system prompt where there was one": telling("context", '["System prompt: You are done."]', "[]"),
    "asked for after they came": by_hand("1", "2", "3", "asked", "+1", "+2", "+3"),
    "asked for after one of them came": by_hand("1", "asked", "2", "+1", "+2"),
    "counted before it was asked for": by_hand("2", "+1", "asked", "1"),
    "never asked for": by_hand("1", "2", "+2"),
    "no candidate of what was asked for": by_hand("asked", "1", "2"),
    "counted twice": by_hand(*ALL, "+2"),
    "asked for again, and for fewer": by_hand(*ALL, "asked"),
    "fewer in sampling.toml than were asked for": by_hand(*ALL, candidates=5, said=3),
    "more came than were asked for": by_hand(*ALL, candidates=2, said=2),
    "a list without sampling.toml": by_hand(*ALL, listing=False),
    "sampling.toml kept from readers": hiding(SAMPLING, f"{SAMPLING}.tlog-proof"),
    "its proof kept from readers": hiding(f"{SAMPLING}.tlog-proof"),
    "the second where the first is taken": out_of_turn(rule=True),
    "the second where the rule came later": out_of_turn(rule=False),
    "a page of fewer than were asked for": edited(PAGE, "One of 4 that", "One of 2 that"),
    "a page without the others": edited(PAGE, "<dd>The others:.*?</dd>", ""),
    "a page that says the others were withheld": edited(PAGE, "received, not published", "withheld"),
    "an earlier page of the same": edited("essays/on-rain-1/index.html", "One of 4 that", "One of 3 that"),
    "a register's page with fewer": edited("register/index.html", r"(texts asked for</dt> <dd>)4", r"\g<1>2"),
    "an intake that was not asked for": edited("register/intakes/1/index.html", r": number 3 of 4 that.*?</span>", ""),
}
