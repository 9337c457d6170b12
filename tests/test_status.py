"""What an editor sees on a Monday morning."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.home.home import Home
from archive.register.note import encode64
from publisher.delivery import copies
from publisher.delivery.copies import Copy
from publisher.verify import follow
from tests.conftest import Clock, Programs, Reviewer
from tests.filed_home import HERON
from tests.terminal import Terminal


def test_status_says_who_must_act(
    programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    assert programs.home is not None
    (programs.home.root / "essays/2026-11-02-on-commas/essay.toml").write_text("format = 1\n")
    shown = programs.publisher("status").stdout
    assert shown.startswith("Letters After, 2026-W45: not due yet, on Friday, 6 November 2026\n")
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
    assert (status["week"], status["unexplained"], status["next"]) == (
        "2026-W47",
        ["2026-W46"],
        "publisher skip 2026-W46 --reason …",
    )
    programs.publisher("skip", "2026-W46", "--reason", "holiday")
    assert json.loads(programs.publisher("status", "--json").stdout)["unexplained"] == []
    clock.set("2026-12-08")
    gone = "failed: 2026-W47..2026-W49 went by without an issue and without a reason; an editor"
    skip = f"{gone} gives one: publisher skip 2026-W47..2026-W49 --reason …\n"
    assert skip in programs.publisher("status").stdout
    programs.publisher("submit", write_essay("two", "Another.\n"))
    programs.publisher("review", "two", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    late = f"{gone} publishes it late: publisher publish 2026-W47\n"
    assert late in programs.publisher("status").stdout


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
        "failed: somebody sets the clock right: the newest statement says it was made at 2026-12-24T09:00:00Z, and the "
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
    assert "failed: site/ is not what was published; somebody makes it again: publisher build" in (
        programs.publisher("status").stdout
    )
    assert programs.publisher("build").exit_code == 0
    assert "publisher build" not in programs.publisher("status").stdout


# ── for whom each text waits, and since when ─────────────────────────────────────────────────────────────────────────


def told(programs: Programs) -> str:
    return programs.publisher("status").stdout


def test_a_text_waits_for_a_reviewer_then_for_its_week(
    programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    clock.set("2026-11-04")
    assert "E2026-0001  waiting   on-commas  for a reviewer, since 2026-11-02 (2 days)" in told(programs)
    programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert "E2026-0001  approved  on-commas  for its week, since today" in told(programs)
    clock.set("2026-11-06")
    shown = told(programs)
    assert shown.startswith("Letters After, 2026-W45: due since Friday, 6 November 2026\n")
    assert "to do: an editor publishes 2026-W45: publisher publish\n" in shown
    assert shown.endswith("next: publisher publish\n")
    programs.publisher("publish")
    assert told(programs) == (
        "Letters After, 2026-W45: done; 2026-W46 is due on Friday, 13 November 2026\n"
        "next: nothing until Friday, 13 November 2026; when a text comes in: publisher submit FILE\n"
    )


def test_a_text_waits_for_who_holds_it_for_a_second_reviewer_and_for_a_signature(
    programs: Programs, clock: Clock, home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    path = home.root / "archive.toml"
    path.write_text(path.read_text().replace("two_reviewers_for = []", 'two_reviewers_for = ["publish"]'))
    sign = ("--reviewer", ada.name, "--key", ada.key)
    for slug in ("one", "two", "three"):
        programs.publisher("submit", write_essay(slug, f"The {slug}.\n"))
    clock.set("2026-11-03")
    programs.publisher("review", "one", "--decision", "hold", *sign)
    programs.publisher("review", "two", "--decision", "publish", *sign)
    programs.publisher("review", "three", "--decision", "publish", *sign[:2])
    clock.set("2026-11-05")
    shown = told(programs)
    assert "E2026-0001  held      one  for ada@example.org, who said hold, since 2026-11-03 (2 days)" in shown
    assert "E2026-0002  waiting   two  for a second reviewer, since 2026-11-03 (2 days)" in shown
    assert "E2026-0003  waiting   three  for the signature of ada@example.org under 1.json, since 2026-11-03" in shown


def test_what_is_missing_of_the_making_comes_before_the_review(
    programs: Programs, home: Home, write_essay: Callable[..., Path]
) -> None:
    assert "publisher review on-commas" in programs.publisher("submit", write_essay()).stderr
    (toml,) = home.root.glob("essays/*/essay.toml")
    toml.write_text(toml.read_text().replace('topic_by = "model"', 'topic_by = ""'))
    said = programs.publisher("status").stdout
    folder = home.relative(toml.parent)
    assert f"an editor completes {folder}/essay.toml: publisher submit {folder}\n" in said
    assert said.endswith(f"next: publisher submit {folder}\n")


def test_where_nobody_is_listed_who_may_review_setup_is_what_comes_next(
    programs: Programs, home: Home, clock: Clock, write_essay: Callable[..., Path]
) -> None:
    (home.root / "allowed_signers").write_text("")
    programs.publisher("submit", write_essay())
    assert told(programs).endswith("next: publisher setup\n")


def test_what_is_missing_of_a_text_is_brought_back_as_it_says(
    programs: Programs, home: Home, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    (home.root / "essays/2026-11-02-on-commas/essay.md").unlink()
    assert told(programs).endswith("next: archive check --restore\n")
    programs.archive("check", "--restore")
    assert "failed:" not in told(programs)


def test_an_embargo_that_is_over_is_named_until_the_deposit_is_open(filed_home: Home, clock: Clock) -> None:
    programs = Programs(filed_home)
    path = filed_home.root / HERON / "deposit.toml"
    path.write_text(re.sub(r'access = "[^"]*"', 'access = "embargo 2026-12-02"', path.read_text(), count=1))
    assert programs.archive("file", path.parent).exit_code == 0
    assert "embargo" not in told(programs)
    clock.set("2026-12-03")
    said = "failed: the embargo of 2026-0001 is over since 2026-12-02, and it is still closed; the next issue opens it"
    assert said in told(programs)
    assert programs.publisher("publish", "--site").exit_code == 0
    assert "embargo" not in told(programs)


# ── whether the register was seen elsewhere ──────────────────────────────────────────────────────────────────────────


def seen(home: Home, state: Path, *, size: int, root: bytes = b"") -> None:
    """What `publisher follow https://letters.example.org` keeps."""
    kept = {"time": "2026-11-02T10:00:00Z", "place": "https://letters.example.org", "size": size}
    kept["root"] = encode64(root or home.reopened().register.tree.root(size))
    done = follow.follow(str(home.root), state, now="2026-11-02T10:00:00Z", key=home.reopened().register.key)
    (file,) = state.glob("*.json")
    assert done.size == size
    assert "away" not in json.loads(file.read_text()), "a copy on this machine is none elsewhere"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"away": kept}))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return follow.own_state()


def test_the_warning_ends_once_a_copy_was_seen_elsewhere_until_a_newer_text_waits(
    programs: Programs, home: Home, state: Path, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    seen(home, state, size=1)
    done = programs.publisher("status")
    assert ("leave this machine" in done.stderr, done.stderr) == (False, "")
    assert "https://letters.example.org  had 1 of 1 statements on 2026-11-02\n" in done.stdout
    programs.publisher("submit", write_essay("two", "Another.\n"))
    assert programs.publisher("status").stderr == (
        "note: a copy of site/register as it is now must leave this machine before anyone reads E2026-0002 two\n"
    )
    for slug in ("on-commas", "two"):
        programs.publisher("review", slug, "--decision", "hold", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("status").stderr == "", "it has been read; the order of intake and review is logged"
    assert json.loads(programs.publisher("status", "--json").stdout)["copies"][0]["size"] == 1


def test_what_was_deployed_is_a_copy_where_it_has_left_the_machine_and_a_run_that_stopped_is_named(
    programs: Programs, home: Home, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    opened = home.reopened()
    whole = Copy(size=1, root=encode64(opened.register.tree.root(1)), time="2026-11-02T10:00:00Z")
    copies.note(opened, "www", whole)
    assert "must leave this machine" in programs.publisher("status").stderr
    copies.note(opened, "rsync://host/www", replace(whole, away=True))
    done = programs.publisher("status")
    assert (done.stderr, "rsync://host/www  had 1 of 1 statements on 2026-11-02\n" in done.stdout) == ("", True)
    copies.note(opened, "rsync://host/www", replace(whole, away=True, stale=("old.html",)))
    assert "failed: copying the site to rsync://host/www stopped before it was done" in told(programs)
    assert told(programs).endswith("next: publisher deploy rsync://host/www\n")


def test_where_the_site_is_deployed_to_is_said_to_lack_what_is_new(
    programs: Programs, home: Home, write_essay: Callable[..., Path]
) -> None:
    with (home.root / "archive.toml").open("a") as file:
        file.write('\n[delivery]\ndeploy = "../www"\n')
    programs.publisher("submit", write_essay())
    assert "to do: an editor copies the site to its readers, who have 0 of 1 statements: publisher deploy\n" in (
        told(programs)
    )


def test_a_copy_that_is_no_beginning_of_the_register_is_a_failure(
    programs: Programs, home: Home, state: Path, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    seen(home, state, size=1, root=b"\x01" * 32)
    done = programs.publisher("status")
    assert "failed: https://letters.example.org showed 1 statement on 2026-11-02 that are no beginning" in done.stdout
    assert "must leave this machine" in done.stderr


# ── on a screen ──────────────────────────────────────────────────────────────────────────────────────────────────────


def screen(home: Home) -> list[str]:
    words = [sys.executable, "-m", "publisher", "status", "--home", str(home.root)]
    with Terminal(words, home.root, {}) as terminal:
        assert terminal.end() == 0, terminal.seen
    return terminal.seen.rstrip("\n").split("\n")


def test_a_week_as_weeks_are_fits_a_screen_of_80_by_24(filed_home: Home, clock: Clock) -> None:
    rows = screen(filed_home)
    assert (len(rows) < 24, max(map(len, rows)) <= 80) == (True, True), rows
    assert rows[0] == "Letters After, 2026-W49: not due yet, on Friday, 4 December 2026"
    assert rows[-1] == "next: publisher review neither-of-us-is-the-train …"


def test_many_texts_and_long_names_fit_too_and_a_pipe_gets_all(
    programs: Programs, home: Home, clock: Clock, write_essay: Callable[..., Path]
) -> None:
    for number in range(9):
        programs.publisher(
            "submit", write_essay(f"{number}-{'long-name-' * 5}end", f"Text {number}.\n", "format = 1\n")
        )
    rows = screen(home)
    assert [row for row in rows if len(row) > 80 and " " in row.strip()] == [], "only a path may be longer"
    assert len(rows) <= 40
    assert [row for row in rows if "more" in row and "status | less" in row] == [
        "… 3 essays more; `publisher status | less` shows all",
        "… 12 more; `publisher status | less` shows all",
    ]
    assert told(programs).count("\nE2026-") == 9
