"""Whose keys count: the reviewers' list as it was logged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Refused, VerificationError
from archive.home.home import Home
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
    assert kinds(home) == ["essay", "keys", "review", "review", "keys", "review", "issue"]


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
