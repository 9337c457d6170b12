"""The rules of a newsletter in ``archive.toml`` and the options that go with them, through the commands."""

import re
import subprocess
from collections.abc import Callable
from email.utils import getaddresses, parseaddr
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.home import configuration
from archive.home.home import Home
from tests.conftest import MAKING, NEWSLETTER, Clock, Programs, Reviewer
from tests.files import tree


@pytest.fixture
def configure(home: Home) -> Callable[[str], None]:
    """More keys for ``[newsletter]``."""

    def configure(keys: str) -> None:
        path = home.root / "archive.toml"
        path.write_text(path.read_text().replace(NEWSLETTER, NEWSLETTER + keys))

    return configure


@pytest.fixture
def approve(
    programs: Programs, ada: Reviewer, write_essay: Callable[..., Path], tmp_path: Path
) -> Callable[..., list[str]]:
    """Essays that were submitted and approved, by slug."""

    def approve(*slugs: str, text: str = "The text of {}.\n") -> list[str]:
        for slug in slugs:
            done = programs.publisher("submit", write_essay(slug, text.format(slug), MAKING.replace("On commas", slug)))
            assert done.exit_code == 0
            done = programs.publisher(
                "review", slug, "--decision", "publish", "--reviewer", ada.name, "--key", ada.key, "--yes"
            )
            assert done.exit_code == 0
        return list(slugs)

    return approve


def test_before_the_weekday_nothing_is_due_and_on_it_the_issue_goes_out(
    programs: Programs, configure: Callable[[str], None], approve: Callable[..., list[str]], clock: Clock
) -> None:
    configure('weekday = "wednesday"\ntimezone = "Pacific/Auckland"\n')
    approve("first")
    clock.set("2026-11-03", hour=10)  # Tuesday, 23:00 in Auckland
    early = programs.publisher("publish", "--if-due")
    assert (early.exit_code, early.stdout, early.stderr) == (
        0,
        "",
        "not due yet: 2026-W45 is due on Wednesday, 4 November 2026, 0:00 (Pacific/Auckland)\n",
    )
    assert "2026-W45: not due yet, on Wednesday, 4 November 2026\n" in programs.publisher("status").stdout
    clock.set("2026-11-03", hour=11)  # Wednesday, 0:00 in Auckland
    assert "2026-W45: due" in programs.publisher("status").stdout
    assert "publisher publish\n" in programs.publisher("status").stdout
    due = programs.publisher("publish", "--if-due")
    assert (due.exit_code, due.stderr) == (0, "published 2026-W45: first\n")
    assert "2026-W45: done" in programs.publisher("status").stdout


def test_an_issue_takes_the_oldest_approved_essays_as_many_as_are_configured(
    programs: Programs, configure: Callable[[str], None], approve: Callable[..., list[str]]
) -> None:
    configure("per_issue = 2\n")
    approve("c", "a", "b")
    assert programs.publisher("publish").stderr == "published 2026-W45: c, a\n"


def test_essays_that_are_named_go_out_in_the_order_in_which_they_are_named(
    programs: Programs, approve: Callable[..., list[str]]
) -> None:
    approve("a", "b", "c")
    done = programs.publisher("publish", "--essay", "c", "--essay", "a", "--essay", "c")
    assert done.stderr == "published 2026-W45: c, a\n"
    unknown = programs.publisher("publish", "2026-W45", "--essay", "nobody")
    assert unknown.stderr == "2026-W45 was published already; nothing changed\n"


def test_an_essay_that_is_named_and_not_there_stops_the_issue(
    programs: Programs, approve: Callable[..., list[str]]
) -> None:
    approve("a")
    done = programs.publisher("publish", "--essay", "nobody")
    assert done.exit_code == 1
    assert "nobody: expected the slug or accession of a submitted essay, found none; there are: a" in done.stderr


@pytest.mark.parametrize(
    ("run", "allowed"),
    [
        ('since = "2026-W46"', False),
        ('until = "2026-W44"', False),
        ('since = "2026-W45"\nuntil = "2026-W45"', True),
    ],
)
def test_an_issue_lies_within_the_run_that_was_promised(
    programs: Programs, configure: Callable[[str], None], approve: Callable[..., list[str]], run: str, allowed: bool
) -> None:
    configure(f"[newsletter.run]\n{run}\n")
    approve("a")
    done = programs.publisher("publish")
    assert done.exit_code == (0 if allowed else 1)
    assert ("is outside the run 2026-W46 to …" in done.stderr) == ("W46" in run)
    assert ("is outside the run … to 2026-W44" in done.stderr) == ("W44" in run)


def test_every_week_since_the_run_began_is_published_or_explained(
    programs: Programs, configure: Callable[[str], None], approve: Callable[..., list[str]]
) -> None:
    configure('[newsletter.run]\nsince = "2026-W43"\n')
    approve("a")
    stopped = programs.publisher("publish").stderr
    for week in ("2026-W43", "2026-W44"):
        assert f"{week}: was neither published nor explained; `publisher publish {week}` or `publisher skip" in stopped
    assert programs.publisher("skip", "2026-W43..2026-W44", "--reason", "not-started").exit_code == 0
    assert programs.publisher("publish").exit_code == 0


def test_a_week_before_the_first_needs_no_reason_and_gets_none(
    programs: Programs, home: Home, approve: Callable[..., list[str]]
) -> None:
    approve("a")
    assert programs.publisher("publish").exit_code == 0
    size = home.reopened().register.size
    done = programs.publisher("skip", "2026-W10", "--reason", "holiday")
    assert done.exit_code == 1
    assert done.stderr.startswith("2026-W10: the newsletter begins with 2026-W45; no week before that needs a reason")
    assert home.reopened().register.size == size


def test_a_dry_run_says_what_would_be_written_and_changes_nothing(
    programs: Programs, home: Home, approve: Callable[..., list[str]]
) -> None:
    approve("a")
    before = tree(home.root)
    done = programs.publisher("publish", "--dry-run")
    assert (done.exit_code, done.stderr) == (0, "would publish 2026-W45: a\n")
    assert "site/issues/2026-W45/issue.eml" in done.stdout.splitlines()
    assert tree(home.root) == before


def test_a_dry_run_stops_for_the_same_reasons_as_publishing(programs: Programs, home: Home) -> None:
    dry = programs.publisher("publish", "--dry-run")
    assert (dry.exit_code, dry.stderr) == (1, programs.publisher("publish").stderr)
    assert "no essay is approved; there are: none submitted" in dry.stderr


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ('smtp = "smtp.example.org:587"', "expected smtps:// or smtp:// and a host, no password"),
        ('smtp = "smtps://ada:secret@smtp.example.org"', "no password, found"),
        ('to = "Letters <list@example.org>"', "expected a bare address"),
        ('relay = "smtp.example.org"', "relay: there is no such key"),
    ],
)
def test_a_mail_server_that_is_written_otherwise_is_refused(
    programs: Programs, home: Home, typed: str, says: str
) -> None:
    with (home.root / "archive.toml").open("a") as file:
        file.write(f"\n[delivery]\n{typed}\n")
    done = programs.publisher("status")
    assert (done.exit_code, says in done.stderr) == (1, True), done.stderr


def test_an_issue_of_too_many_essays_is_told_to_have_fewer(
    programs: Programs,
    home: Home,
    configure: Callable[[str], None],
    approve: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("publisher.site.mail.LIMIT", 25_000)  # as 60 essays would with the real one
    configure("per_issue = 15\n")
    approve(*(f"essay-{n}" for n in range(15)))
    done = programs.publisher("publish")
    assert done.exit_code == 1
    assert "bytes without the essays, more than 25,000; publish fewer essays in this issue, about " in done.stderr
    fit = int(done.stderr.partition("about ")[2].split()[0])
    named = [word for n in range(fit) for word in ("--essay", f"essay-{n}")]
    assert programs.publisher("publish", "--dry-run", *named).exit_code == 0
    assert not (home.site / "issues").exists()


def test_notes_that_are_too_long_for_the_mail_are_told_to_be_shorter(
    programs: Programs, home: Home, approve: Callable[..., list[str]]
) -> None:
    approve("a")
    (folder,) = home.root.glob("essays/*-a")
    (folder / "editors").mkdir()
    note = 'format = 1\nkind = "note"\nby = "Eve"\ndate = 2026-11-02\n'
    (folder / "editors/long.toml").write_text(f'{note}text = "{"word " * 30_000}"\n')
    done = programs.publisher("publish")
    assert done.exit_code == 1
    assert "; shorten the editors’ notes: " in done.stderr


def test_the_pages_are_written_again_when_the_records_change(
    programs: Programs, home: Home, approve: Callable[..., list[str]], configure: Callable[[str], None]
) -> None:
    approve("a")
    programs.publisher("publish")
    assert programs.publisher("publish", "--site").stderr == "nothing changed\n"
    path = home.root / "archive.toml"
    path.write_text(path.read_text().replace("What a retired model writes", "What Heron writes"))
    done = programs.publisher("publish", "--site")
    assert (done.exit_code, done.stderr) == (0, "published the site\n")
    assert "site/index.html" in done.stdout.splitlines()
    both = programs.publisher("publish", "2026-W45", "--site")
    assert both.exit_code == 2


def test_the_whole_site_can_be_written_to_another_folder_too(
    programs: Programs, home: Home, approve: Callable[..., list[str]], tmp_path: Path
) -> None:
    approve("a")
    copy = tmp_path / "copy"
    assert programs.publisher("publish", "--to", copy).stderr.endswith(f"the whole site is in {copy}\n")
    assert tree(copy) == tree(home.site)
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=copy, check=True)


@given(st.from_regex(configuration.PLAIN_ADDRESS, fullmatch=True))
def test_what_is_taken_for_one_address_at_sight_is_one_to_who_reads_mail(text: str) -> None:
    name, address = parseaddr(text)
    assert getaddresses([text]) == [(name, address)]
    assert re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address)
