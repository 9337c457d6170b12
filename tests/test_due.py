"""`publisher publish --if-due`, as a timer runs it: what is due, what was missed, who is told when it cannot go on."""

import email
import email.policy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.home.home import Home
from tests.conftest import Clock, Programs, Reviewer
from tests.files import tree
from tests.mail_server import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def approve(programs: Programs, ada: Reviewer, write_essay: Callable[..., Path]) -> Callable[..., None]:
    """Essays that were submitted and approved, by slug."""

    def approve(*slugs: str) -> None:
        for slug in slugs:
            programs.publisher("submit", write_essay(slug, f"The text of {slug}.\n"))
            done = programs.publisher("review", slug, "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
            assert not done.exit_code, done.output

    return approve


def if_due(programs: Programs, *more: str) -> tuple[int, list[str]]:
    """Exit status, and what was said."""
    done = programs.publisher("publish", "--if-due", *more)
    return done.exit_code, done.stderr.splitlines()


def weeks(home: Home) -> dict[str, object]:
    """Week → the essays of its issue, or the reason why there is none."""
    register = home.reopened().register
    told = [s.predicate for s in register.statements if s.kind == "issue" or s.predicate.get("kind") == "no-issue"]
    return {said["week"]: said.get("essays", said.get("reason")) for said in told}


def test_weeks_that_were_missed_are_caught_up_in_their_order(
    programs: Programs, home: Home, clock: Clock, approve: Callable[..., None]
) -> None:
    approve("a", "b", "c", "d")
    programs.publisher("publish", "2026-W45")
    clock.set("2026-11-20")  # Friday of 2026-W47
    assert if_due(programs) == (0, ["published 2026-W46: b", "published 2026-W47: c"])
    before = tree(home.site)
    assert if_due(programs) == (0, ["not due yet: 2026-W48 is due on Friday, 27 November 2026, 0:00 (UTC)"])
    assert tree(home.site) == before


def test_a_week_that_was_over_without_an_approved_essay_is_explained_as_what_it_was(
    programs: Programs, home: Home, clock: Clock, approve: Callable[..., None], write_essay: Callable[..., Path]
) -> None:
    approve("a")
    programs.publisher("publish", "2026-W45")
    clock.set("2026-11-16")  # Monday of 2026-W47
    programs.publisher("submit", write_essay("waits", "Waits.\n"))
    clock.set("2026-11-23")
    code, said = if_due(programs)
    assert (code, said) == (
        0,
        [
            "explained 2026-W46, which is over: Nothing was submitted.",
            "explained 2026-W47, which is over: Nothing that was submitted was approved in time.",
        ],
    )
    assert weeks(home) == {"2026-W45": ["E2026-0001"], "2026-W46": "nothing-submitted", "2026-W47": "nothing-approved"}


def test_this_week_is_never_explained_while_it_lasts_but_who_must_act_is_told(
    programs: Programs, home: Home, clock: Clock, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    clock.set("2026-11-08", hour=23)  # the last hour of 2026-W45
    before = tree(home.root)
    code, said = if_due(programs)
    assert code == 1
    assert said == [
        "2026-W45: is due, and no essay is approved; there are: E2026-0001 on-commas (waiting); "
        "a reviewer decides, or an editor explains: publisher skip 2026-W45 --reason …"
    ]
    assert tree(home.root) == before


def test_what_was_done_before_somebody_must_act_stands_and_the_next_run_goes_on(
    programs: Programs, home: Home, clock: Clock, approve: Callable[..., None]
) -> None:
    approve("a", "b")
    programs.publisher("publish", "2026-W45")
    clock.set("2026-11-20")
    code, said = if_due(programs)
    assert (code, said[0]) == (1, "published 2026-W46: b")
    assert said[1].startswith("2026-W47: is due, and no essay is approved")
    approve("c")
    assert if_due(programs) == (0, ["published 2026-W47: c"])


def test_an_essay_in_doubt_stops_it_and_no_week_is_explained_away(
    programs: Programs, home: Home, clock: Clock, approve: Callable[..., None]
) -> None:
    approve("a", "b")
    programs.publisher("publish", "2026-W45")
    (home.root / "essays/2026-11-02-b/essay.md").write_text("Another.\n")
    clock.set("2026-11-16")
    code, said = if_due(programs)
    assert (code, "essays/2026-11-02-b/essay.md: was changed after intake" in said[0]) == (1, True)
    assert list(weeks(home)) == ["2026-W45"]


def test_more_weeks_than_a_short_absence_leaves_are_an_editors_to_decide(
    programs: Programs, home: Home, clock: Clock, approve: Callable[..., None]
) -> None:
    approve("a", "b")
    programs.publisher("publish", "2026-W45")
    clock.set("2026-12-14")  # Monday of 2026-W51: five weeks are open
    code, said = if_due(programs)
    assert code == 1
    assert "2026-W46 to 2026-W50: 5 weeks were neither published nor explained, and 4 are decided" in said[0]
    assert "publisher skip 2026-W46..2026-W50 --reason" in said[0]
    assert list(weeks(home)) == ["2026-W45"]
    programs.publisher("skip", "2026-W46", "--reason", "holiday")
    assert if_due(programs)[1][0] == "published 2026-W47: b"


def test_outside_the_run_nothing_is_due(programs: Programs, home: Home, clock: Clock) -> None:
    path = home.root / "archive.toml"
    path.write_text(path.read_text() + 'run = { since = "2026-W47", until = "2026-W48" }\n')
    clock.set("2026-11-06")
    assert if_due(programs) == (0, ["not due yet: 2026-W47 is due on Friday, 20 November 2026, 0:00 (UTC)"])
    programs.publisher("skip", "2026-W47..2026-W48", "--reason", "holiday")
    clock.set("2026-12-11")
    assert if_due(programs) == (0, ["nothing is due any more: the run ended with 2026-W48"])


def test_a_dry_run_says_what_comes_first_and_changes_nothing(
    programs: Programs, home: Home, clock: Clock, approve: Callable[..., None]
) -> None:
    approve("a", "b")
    programs.publisher("publish", "2026-W45")
    clock.set("2026-11-16")
    before = tree(home.root)
    assert if_due(programs, "--dry-run") == (0, ["would publish 2026-W46: b"])
    assert tree(home.root) == before


def test_the_calendar_chooses_and_nobody_else(programs: Programs) -> None:
    for more in (["2026-W45"], ["--essay", "a"], ["--site"]):
        done = programs.publisher("publish", "--if-due", *more)
        assert (done.exit_code, "--if-due goes by the calendar" in done.stderr) == (2, True)


def notify(home: Home, port: int) -> None:
    with (home.root / "archive.toml").open("a") as file:
        file.write(f'\n[delivery]\nsmtp = "smtp://localhost:{port}"\nnotify = "ines@example.org"\n')


def test_the_editor_is_told_by_mail_and_the_failure_is_no_less_one(
    programs: Programs, home: Home, clock: Clock, server: MailServer
) -> None:
    notify(home, server.port)
    clock.set("2026-11-06")
    code, said = if_due(programs)
    assert (code, said[0]) == (1, "note: ines@example.org was told of it by mail")
    assert "2026-W45: is due, and no essay is approved" in said[1]
    mail = email.message_from_bytes(server.taken[0], policy=email.policy.default)
    assert (server.to, mail["To"], mail["From"]) == (
        ["ines@example.org"],
        "ines@example.org",
        "Letters After <letters@example.org>",
    )
    assert (mail["Subject"], mail["Auto-Submitted"]) == (
        "Letters After: publisher publish --if-due has failed",
        "auto-generated",
    )
    assert said[1] in mail.get_content()
    assert "`publisher status` says who must act" in mail.get_content()


def test_nobody_is_told_by_mail_where_nothing_failed(
    programs: Programs, home: Home, clock: Clock, server: MailServer, approve: Callable[..., None]
) -> None:
    notify(home, server.port)
    assert if_due(programs)[0] == 0
    approve("a")
    clock.set("2026-11-06")
    assert if_due(programs) == (0, ["published 2026-W45: a"])
    assert not server.taken


def test_a_mail_that_cannot_be_sent_hides_nothing(programs: Programs, home: Home, clock: Clock) -> None:
    notify(home, 9)
    clock.set("2026-11-06")
    code, said = if_due(programs)
    assert (code, said[0].startswith("note: nobody was told of it by mail: localhost:9: ")) == (1, True)
    assert "2026-W45: is due, and no essay is approved" in said[1]
