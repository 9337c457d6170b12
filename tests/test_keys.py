"""Whose keys count: the reviewers' list as it was logged."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Refused, VerificationError
from archive.home.home import Home
from archive.register import sshsig
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from tests.conftest import Clock, Programs, Reviewer

Make = Callable[[str], Reviewer]


def kinds(home: Home) -> list[str]:
    """What the register holds, a word each."""
    return [said.predicate.get("kind", said.kind) for said in home.reopened().register.statements]


def enlist(home: Home, *reviewers: Reviewer) -> None:
    with (home.root / "allowed_signers").open("a") as file:
        file.writelines(reviewer.line for reviewer in reviewers)


def ended(home: Home, reviewer: Reviewer, time: str) -> None:
    """Give a reviewer's line an end, as a person would."""
    path = home.root / "allowed_signers"
    path.write_text(
        path.read_text().replace(reviewer.line, reviewer.line.replace(" ssh", f',valid-before="{time}" ssh'))
    )


def test_the_list_is_logged_before_the_first_review_that_rests_on_it_and_again_only_when_it_changed(
    home: Home, ada: Reviewer, make_reviewer: Make, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="hold", reviewer=ada.name, key=ada.key)
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    assert kinds(home) == ["essay", "keys", "review", "review"]
    bob = make_reviewer("bob@example.org")
    enlist(home, bob)
    review(home, "on-commas", decision="publish", reviewer=bob.name, key=bob.key)
    publish(home)
    assert kinds(home) == ["essay", "keys", "review", "review", "keys", "review", "verifier", "issue"]


def test_every_version_lies_on_the_site_under_its_entry(
    home: Home, ada: Reviewer, make_reviewer: Make, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    first = (home.root / "allowed_signers").read_bytes()
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    enlist(home, make_reviewer("bob@example.org"))
    publish(home)
    lists = {path.parent.name: path.read_bytes() for path in home.site.glob("register/keys/*/allowed_signers")}
    assert lists == {"1": first, "3": (home.root / "allowed_signers").read_bytes()}
    assert (home.site / "register/allowed_signers").read_bytes() == lists["3"]
    assert Programs(home).publisher("build").stderr == "nothing changed\n"
    assert Programs(home).publisher("verify", home.site).exit_code == 0


def test_the_list_is_filed_by_name_and_a_command_says_what_is_new_in_it(
    home: Home, programs: Programs, ada: Reviewer, make_reviewer: Make
) -> None:
    said = programs.archive("file", home.root / "allowed_signers").stderr
    assert said == "allowed_signers as it is now was logged (entry 0): 1 key is new\nallowed_signers  noted\n"
    assert programs.archive("file", home.root / "allowed_signers").stderr == "allowed_signers  noted already\n"
    enlist(home, make_reviewer("bob@example.org"), make_reviewer("cleo@example.org"))
    ended(home, ada, "20270101000000Z")
    said = programs.archive("file", home.root / "allowed_signers").stderr
    assert said.startswith(
        "allowed_signers as it is now was logged (entry 1): 2 keys are new, 1 key has other options\n"
    )
    assert programs.archive("file", home.root / "archive.toml").stderr == "archive.toml  noted already\n"
    assert kinds(home) == ["keys", "keys"]


def test_a_line_that_was_logged_is_not_taken_out(home: Home, programs: Programs, make_reviewer: Make) -> None:
    programs.archive("file", home.root / "allowed_signers")
    (home.root / "allowed_signers").write_text(make_reviewer("bob@example.org").line)
    done = programs.archive("file", home.root / "allowed_signers")
    assert done.exit_code == 1
    assert "allowed_signers: no longer lists ada@example.org with the key SHA256:" in done.stderr
    assert 'bring the line back: valid-before="20261231120000Z" in it says until when the key may decide' in done.stderr
    assert kinds(home) == ["keys"]


def test_a_key_that_was_ended_decides_nothing_later_and_what_it_decided_stands(
    home: Home, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    clock.set("2026-11-04")
    ended(home, ada, "20261103000000Z")
    with pytest.raises(VerificationError, match="the key is not valid after 20261103000000Z"):
        review(home, "on-commas", decision="hold", reviewer=ada.name, key=ada.key)
    assert publish(home).essays == ("on-commas",)


def test_a_key_that_is_said_to_have_ended_before_it_decided_publishes_nothing(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    ended(home, ada, "20261101000000Z")
    with pytest.raises(Refused, match="have the essay reviewed again, by a key that is listed now"):
        publish(home)
    assert kinds(home) == ["essay", "keys", "review"]


def test_an_approval_that_a_later_list_takes_back_does_not_count_until_somebody_else_approves(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, make_reviewer: Make, write_essay: Callable[..., Path]
) -> None:
    bob = make_reviewer("bob@example.org")
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    enlist(home, bob)
    ended(home, ada, "20261101000000Z")
    programs.archive("file", home.root / "allowed_signers")
    assert "E2026-0001  waiting" in programs.publisher("status").stdout
    refused = programs.publisher("publish").stderr
    assert "its approval, entry 2, does not count: by the list that entry 3 logged, the signature of ada" in refused
    assert "the key is not valid after 20261101000000Z, and this was signed 20261102090000Z" in refused
    clock.set("2026-11-03")
    review(home, "on-commas", decision="publish", reviewer=bob.name, key=bob.key)
    assert publish(home).essays == ("on-commas",)
    assert not (home.site / "essays/on-commas/reviews/1.json").exists()
    said = programs.publisher("verify", home.site)
    assert said.exit_code == 0, said.stderr
    assert (
        "To be told: essays/on-commas: entry 2 is a review that does not count: by the list that entry 3" in said.stdout
    )


def test_what_was_published_stays_so_when_a_later_list_takes_its_approval_back_and_that_is_told(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, make_reviewer: Make, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    publish(home)
    clock.set("2026-11-03")
    ended(home, ada, "20261101000000Z")
    assert programs.publisher("publish", "--site").exit_code == 0
    said = programs.publisher("verify", home.site)
    assert said.exit_code == 0, said.stderr
    assert (
        "entry 2 is a review that counted when the essay was published; by the list that entry 5 logged" in said.stdout
    )
    assert len(json.loads(programs.publisher("verify", home.site, "--json").stdout)["uncounted"]) == 1


def test_since_which_entry_a_key_is_listed_can_be_asked(
    home: Home, programs: Programs, ada: Reviewer, make_reviewer: Make
) -> None:
    bob = make_reviewer("bob@example.org")
    programs.archive("file", home.root / "allowed_signers")
    enlist(home, bob)
    programs.archive("file", home.root / "allowed_signers")
    key = {each: sshsig.key_fingerprint(each.key) for each in (ada, bob)}
    since = home.reopened().reviewers.since
    found = [since(2, key[ada]), since(2, key[bob]), since(1, key[bob]), since(0, key[ada])]
    assert [version and version.index for version in found] == [0, 1, None, None]


def test_a_review_keeps_the_name_that_its_key_had_then(
    home: Home, ada: Reviewer, clock: Clock, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    publish(home)
    enlist(home, Reviewer("ida@example.org", ada.key))
    clock.set("2026-11-09")
    submit(home, write_essay("second", "Second.\n"))
    ended(home, ada, "20261103000000Z")
    review(home, "second", decision="publish", reviewer="ida@example.org", key=ada.key)
    publish(home)
    pages = [(home.site / f"essays/{slug}/index.html").read_text() for slug in ("on-commas", "second")]
    assert [("ada@example.org" in page, "ida@example.org" in page) for page in pages] == [(True, False), (False, True)]


def test_a_version_that_the_store_lost_is_named_and_brought_back(
    home: Home, programs: Programs, ada: Reviewer, make_reviewer: Make, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    enlist(home, make_reviewer("bob@example.org"))
    publish(home)
    first = home.store.path(home.reopened().register.statement(1).subjects["register/allowed_signers"])
    first.unlink()
    check = programs.archive("check")
    assert (check.exit_code, f"{home.relative(first)}: is missing" in check.output) == (1, True)
    assert programs.archive("check", "--restore").exit_code == 0
    assert first.read_bytes() == (home.site / "register/keys/1/allowed_signers").read_bytes()


def test_a_revoked_reviewer_decides_nothing_more_and_what_was_decided_stands(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    before = (home.root / "allowed_signers").read_text()
    clock.set("2026-11-03")
    done = programs.publisher("revoke", ada.name)
    key = sshsig.key_fingerprint(ada.key)
    assert done.stdout == f"ada@example.org  {key}  until 2026-11-03T09:00:00Z\n"
    assert done.stderr == (
        "allowed_signers as it is now was logged (entry 3): 1 key has other options\n"
        "The next issue publishes the list, or now: publisher publish --site\n"
    )
    ended = 'ada@example.org valid-before="20261103090000Z",namespaces='
    assert (home.root / "allowed_signers").read_text() == before.replace("\nada@example.org namespaces=", f"\n{ended}")
    assert (home.root / "allowed_signers").stat().st_mode & 0o777 == 0o600
    assert programs.archive("check").exit_code == 0
    clock.set("2026-11-04")
    again = programs.publisher("revoke", key)
    assert (again.stdout, again.stderr.endswith(" already; nothing changed\n")) == ("", True)
    sign = ("--reviewer", ada.name, "--key", ada.key)
    refused = programs.publisher("review", "on-commas", "--decision", "hold", *sign)
    assert (refused.exit_code, "the key is not valid after 20261103090000Z" in refused.stderr) == (1, True)
    assert publish(home).essays == ("on-commas",)


def test_status_says_that_nobody_can_review_what_waits_once_every_key_has_ended(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    listing = (
        "to do: somebody lists a reviewer in allowed_signers: no key in it may sign a review now: publisher setup\n"
    )
    submit(home, write_essay())
    assert listing not in programs.publisher("status").stdout
    assert programs.publisher("revoke", ada.name).exit_code == 0
    clock.set("2026-11-04")
    assert listing in programs.publisher("status").stdout


def test_a_stolen_key_is_revoked_from_the_day_it_was_stolen_and_its_reviews_are_named(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    for slug, day in (("out", "2026-11-02"), ("waiting", "2026-11-05")):
        clock.set(day)
        submit(home, write_essay(slug, f"{slug}.\n"))
        review(home, slug, decision="publish", reviewer=ada.name, key=ada.key)
        if slug == "out":
            publish(home)
    done = programs.publisher("revoke", ada.name, "--from", "2026-11-01")
    assert done.exit_code == 0, done.stderr
    assert (
        "E2026-0001: its review «publish», entry 2, does not count any more; it was published in 2026-W45"
        in done.stderr
    )
    assert "E2026-0002: its review «publish», entry 6, does not count any more; have it reviewed again" in done.stderr
    assert programs.publisher("publish", "--site").exit_code == 0
    said = programs.publisher("verify", home.site)
    assert (said.exit_code, "essays/out: entry 2 is a review that counted when" in said.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["eve@example.org"],
            "allowed_signers: expected a reviewer or a key eve@example.org, found none; it lists ada",
        ),
        (["ada@example.org", "--from", "yesterday"], "--from: expected a day or a time in UTC such as"),
        (["ada@example.org", "--from", ""], "--from: expected a day or a time in UTC such as"),
        (["ada@example.org", "--from", "2025-01-01"], "--from: expected valid-before later than valid-after"),
        (["ada@example.org", "--from", "0001-01-01"], "--from: expected valid-before="),
    ],
)
def test_what_cannot_be_revoked_is_said_and_nothing_is_changed(
    home: Home, programs: Programs, arguments: list[str], says: str
) -> None:
    before = (home.root / "allowed_signers").read_bytes()
    done = programs.publisher("revoke", *arguments)
    assert (done.exit_code, says in done.stderr) == (1, True), done.stderr
    assert (home.root / "allowed_signers").read_bytes() == before
    assert kinds(home) == []
