"""What an editor sees on a Monday morning."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from archive.home.home import Home
from tests.conftest import Clock, Programs, Reviewer


def test_status_says_who_must_act(
    programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    assert programs.home is not None
    (programs.home.root / "essays/2026-11-02-on-commas/essay.toml").write_text("format = 1\n")
    shown = programs.publisher("status").stdout
    assert shown.startswith("2026-W45: not due yet\n")
    assert "to do: a reviewer decides about E2026-0001 on-commas" in shown
    assert "to do: an editor completes essays/2026-11-02-on-commas/essay.toml" in shown


def test_a_due_week_without_an_approved_essay_is_named(programs: Programs, clock: Clock) -> None:
    clock.set("2026-11-06")
    assert "to do: 2026-W45 is due and no essay is approved" in programs.publisher("status").stdout


def test_an_unexplained_week_is_named_until_it_is_explained(
    programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    programs.publisher("publish")
    clock.set("2026-11-17")
    status = json.loads(programs.publisher("status", "--json").stdout)
    assert (status["week"], status["unexplained"]) == ("2026-W47", ["2026-W46"])
    programs.publisher("skip", "2026-W46", "--reason", "holiday")
    assert json.loads(programs.publisher("status", "--json").stdout)["unexplained"] == []


def test_status_warns_that_the_register_must_leave_the_machine(programs: Programs) -> None:
    assert "site/register must leave this machine" in programs.publisher("status").stderr


def test_a_publisher_without_a_newsletter_says_what_to_fill_in(programs: Programs) -> None:
    assert programs.home is not None
    file = programs.home.root / "archive.toml"
    file.write_text(file.read_text().split("\n[newsletter]")[0])
    result = programs.publisher("status")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (
        1,
        "archive.toml: expected a table [newsletter], found none; "
        "`publisher setup` asks what one needs, and writes it there",
    )


def test_every_mistake_in_the_configuration_is_said_at_once(programs: Programs) -> None:
    assert programs.home is not None
    file = programs.home.root / "archive.toml"
    file.write_text(file.read_text().replace("list_id", "listid").replace('base_url = "https:', 'base_url = "htp:'))
    result = programs.publisher("status")
    assert result.exit_code == 1
    assert 'listid: there is no such key; did you mean "list_id"?' in result.stderr
    assert "base_url: expected https://" in result.stderr


def test_a_clock_that_was_far_ahead_is_named_before_it_blocks_a_week(
    programs: Programs, clock: Clock, write_essay: Callable[..., Path]
) -> None:
    clock.set("2026-12-24")
    assert programs.publisher("submit", write_essay()).exit_code == 0
    assert "clock" not in programs.publisher("status").stdout
    clock.set("2026-11-03")
    assert (
        "to do: somebody sets the clock right: the newest statement says it was made at 2026-12-24T09:00:00Z, and the "
        "clock says 2026-11-03T09:00:00Z; until then nothing can be logged, no issue published"
    ) in programs.publisher("status").stdout.splitlines()
    done = programs.publisher("submit", write_essay("two", "Another.\n"))
    assert (done.exit_code, done.stderr) == (
        1,
        "the clock says 2026-11-03T09:00:00Z, but the newest statement in the register was made at "
        "2026-12-24T09:00:00Z; set the clock right and run the command again\n",
    )


def test_a_site_that_is_not_what_was_published_is_to_be_made_again(filed_home: Home) -> None:
    shutil.rmtree(filed_home.site)
    programs = Programs(filed_home)
    assert "somebody makes the site again, which is not what was published: publisher build" in (
        programs.publisher("status").stdout
    )
    assert programs.publisher("build").exit_code == 0
    assert "publisher build" not in programs.publisher("status").stdout
