"""Another key for the register: both sign for a while, and what was proved under the old one stays proved."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Error
from archive.home import rotation
from archive.home.home import Home
from archive.register import durable
from archive.register.note import Signer, VerifierKey, open_checkpoint
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import publish_site
from publisher.issues.publish import publish
from tests.conftest import Clock, Programs, Reviewer
from tests.example_register import Killed, every_death, killed_at

Write = Callable[..., Path]


def newsletter(home: Home, ada: Reviewer, write_essay: Write) -> None:
    """One issue is out."""
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    publish(home)


def another_issue(home: Home, ada: Reviewer, write_essay: Write, slug: str) -> None:
    submit(home, write_essay(slug, f"{slug}.\n"))
    review(home, slug, decision="publish", reviewer=ada.name, key=ada.key)
    publish(home.reopened())


def verified(home: Home, key: VerifierKey) -> tuple[int, str]:
    """What a stranger is told who has this key."""
    site = shutil.copytree(home.site, home.root.parent / "elsewhere" / "site", dirs_exist_ok=True)
    done = Programs().publisher("verify", site, "--key", key)
    shutil.rmtree(site)
    return done.exit_code, done.output


def test_both_keys_sign_and_a_stranger_may_have_either(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, write_essay: Write
) -> None:
    newsletter(home, ada, write_essay)
    old = home.reopened().register.key
    clock.set("2026-11-09")
    done = programs.archive("keys", "rotate")
    assert done.exit_code == 0, done.output
    new = home.reopened().register.key
    assert new != old
    assert str(new) in done.stderr
    note = (home.site / "register/checkpoint").read_text()
    assert [open_checkpoint(note, key).size for key in (new, old)] == [6, 6]
    assert (home.hidden / "keys/register-2").stat().st_mode & 0o777 == 0o600
    assert verified(home, old)[0] == 0, "the site was made when it was the only one"
    another_issue(home, ada, write_essay, "second")
    assert [verified(home, key)[0] for key in (old, new)] == [0, 0]
    assert f"log {new}\nlog {old}\nquorum none\n" == (home.site / "register/policy").read_text()
    assert programs.publisher("build").stderr == "nothing changed\n"
    assert programs.archive("check").exit_code == 0, programs.archive("check").output


def test_once_the_old_key_is_retired_the_new_one_proves_all_and_the_old_one_says_what_follows_it(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, write_essay: Write
) -> None:
    newsletter(home, ada, write_essay)
    old = home.reopened().register.key
    programs.archive("keys", "rotate")
    new = home.reopened().register.key
    clock.set("2026-11-09")
    another_issue(home, ada, write_essay, "second")
    clock.set("2027-11-10")
    done = programs.archive("keys", "retire")
    assert done.exit_code == 0, done.output
    assert not (home.hidden / "keys/register").exists()
    assert programs.publisher("publish", "--site").exit_code == 0
    code, said = verified(home, new)
    assert code == 0, said
    code, said = verified(home, old)
    assert code == 1
    assert f"is not signed by the key {old} any more. That key has itself signed, in entry 5 of 2026-11-02" in said
    assert f"check with the one that signs now: --key '{new}'" in said
    policy = home.site / "register/keys/5/policy"
    assert Programs().publisher("verify", policy, "--key", old).exit_code == 0, "with the old key, of which key follows"
    pages = [(home.site / f"essays/{slug}/index.html").read_text() for slug in ("on-commas", "second")]
    assert [
        f"--key &#39;{key}" in page or f"--key '{key}" in page for page, key in zip(pages, (old, new), strict=True)
    ] == [True, True]
    essay = home.site / "essays/on-commas/essay.md"
    assert Programs().publisher("verify", essay, "--key", old).exit_code == 0
    refused = Programs().publisher("verify", essay, "--key", new)
    assert refused.exit_code == 1
    assert f"it bears the signature of that name's key {old.id.hex()}: where the register's key was changed, give" in (
        refused.stderr
    )
    assert programs.archive("check").exit_code == 0, programs.archive("check").output
    submit(home.reopened(), write_essay("third", "Third.\n"))
    note = (home.site / "register/checkpoint").read_text()
    assert note.count("— letters.example.org/register") == 1
    assert open_checkpoint(note, new).size == home.reopened().register.size


@pytest.mark.parametrize("retired", [True, False], ids=["retired", "while both sign"])
def test_a_checkpoint_under_the_old_key_alone_is_refused_even_by_whoever_has_only_that(
    home: Home, ada: Reviewer, write_essay: Write, retired: bool
) -> None:
    newsletter(home, ada, write_essay)
    stolen = Signer.parse((home.hidden / "keys/register").read_text())
    rotation.rotate(home.reopened())
    if retired:
        rotation.retire(home.reopened(), early=True)
    publish_site(home.reopened())
    new, checkpoint = home.reopened().register.key, home.site / "register/checkpoint"
    assert verified(home, new)[0] == 0
    checkpoint.write_text(stolen.sign("\n".join(checkpoint.read_text().split("\n")[:3]) + "\n"))
    code, said = verified(home, stolen.key)
    assert (code, f"register/checkpoint: is not signed by {new}" in said) == (1, True), said


def test_a_key_is_not_retired_before_its_time_unless_asked(home: Home, programs: Programs, clock: Clock) -> None:
    assert "one key signs the register; `archive keys rotate` makes" in programs.archive("keys", "retire").stderr
    programs.archive("keys", "rotate")
    assert "two keys sign the register since entry 0; retire the older one" in programs.archive("keys", "rotate").stderr
    refused = programs.archive("keys", "retire")
    assert (refused.exit_code, "should until 2027-11-02: who knows only the old one" in refused.stderr) == (1, True)
    assert programs.archive("keys", "retire", "--early").exit_code == 0
    assert len(home.reopened().keys) == 1


def test_a_key_can_be_rotated_again(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, write_essay: Write
) -> None:
    newsletter(home, ada, write_essay)
    known = [home.reopened().register.key]
    for _ in range(2):
        rotation.rotate(home.reopened())
        rotation.retire(home.reopened(), early=True)
        known.append(home.reopened().register.key)
    publish_site(home.reopened())
    assert verified(home, known[2])[0] == 0
    for key in known[:2]:
        code, said = verified(home, key)
        assert (code, f"--key '{known[2]}'" in said) == (1, True), said
    assert [path.name for path in (home.hidden / "keys").iterdir()] == ["register-3"]
    assert programs.archive("check").exit_code == 0, programs.archive("check").output


def test_keys_that_were_changed_and_not_published_are_told_as_that(
    home: Home, programs: Programs, ada: Reviewer, write_essay: Write
) -> None:
    newsletter(home, ada, write_essay)
    rotation.rotate(home.reopened())
    publish_site(home.reopened())
    rotation.retire(home.reopened(), early=True)
    last = home.reopened().register.key
    assert verified(home, last)[0] == 0, "the newer of the two that the site knows has signed"
    rotation.rotate(home.reopened())
    rotation.retire(home.reopened(), early=True)
    newest, entry = home.reopened().register.key, home.reopened().register.size - 1
    code, said = verified(home, newest)
    assert (code, f"register/checkpoint: is not signed by {last}, as the register itself says" in said) == (1, True)
    assert f"entry {entry} logged other keys, and is not published yet: `publisher publish --site`" in said
    publish_site(home.reopened())
    assert verified(home, newest)[0] == 0


def test_keys_are_shown_with_since_when(home: Home, programs: Programs, ada: Reviewer, write_essay: Write) -> None:
    newsletter(home, ada, write_essay)
    old = home.register.key
    programs.archive("keys", "rotate")
    new = home.reopened().register.key
    shown = programs.archive("keys").stdout.splitlines()
    assert shown[:2] == [f"register  {new}  since entry 5, signs", f"register  {old}  from the beginning, signs"]
    assert shown[2].startswith("reviewer  ada@example.org  SHA256:")
    assert shown[2].endswith("valid-after 20260101000000Z, listed since entry 1")
    told = json.loads(programs.archive("keys", "--json").stdout)
    assert [key["since"] for key in told["register"]] == [5, None]
    assert told["reviewers"][0]["listed_since"] == 1


def test_a_rotation_that_is_killed_anywhere_is_whole_or_none(home: Home) -> None:
    before = home.register.key

    def attempt(write: int) -> bool:
        place = home.root.parent / f"copy-{write}"
        shutil.copytree(home.root, place)
        died = False
        try:
            with killed_at(write, place):
                rotation.rotate(Home(place))
        except Killed:
            died = True
        again = Home.at(place)
        if len(again.keys) == 1:
            assert again.register.size == 0
            rotation.rotate(again)
        now = Home.at(place)
        assert (len(now.keys), now.register.size, now.register.keys[1]) == (2, 1, before)
        assert len(list((place / ".archive/keys").iterdir())) == 2
        rotation.retire(now, early=True)
        shutil.rmtree(place)
        return died

    assert every_death(attempt) > 10


def test_a_new_key_lasts_before_it_signs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    honest, write = os.fsync, durable.write
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("synced"), honest(handle))[1])
    monkeypatch.setattr(
        durable, "write", lambda path, *rest, **more: (write(path, *rest, **more), order.append(path.name))[0]
    )
    rotation.rotate(home)
    assert "synced" in order[: order.index("register-2")]
    assert order.index("register-2") < order.index("checkpoint")


def test_without_one_of_two_keys_nothing_is_logged(home: Home, programs: Programs, write_essay: Write) -> None:
    programs.archive("keys", "rotate")
    (home.hidden / "keys/register").unlink()
    shown = programs.archive("keys")
    assert shown.stderr.startswith("note: .archive/keys/register is not here, and nothing can be logged without it")
    assert json.loads(programs.archive("keys", "--json").stdout)["missing"] == [".archive/keys/register"]
    done = programs.publisher("submit", write_essay())
    assert (done.exit_code, "keys/register: expected the register's signing key, found none" in done.stderr) == (
        1,
        True,
    )
    with pytest.raises(Error, match="should until"):
        rotation.retire(home.reopened())
    rotation.retire(home.reopened(), early=True)
    assert programs.publisher("submit", home.root.parent / "desk/on-commas").exit_code == 0
