"""Publishing: what stops it, what a killed run leaves, and that building again gives the same bytes."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Refused, VerificationError
from archive.home.home import Home
from archive.register import durable
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import build, publish_site
from publisher.issues.publish import publish
from publisher.issues.skip import skip
from publisher.week import Week
from tests.conftest import Clock, Programs, Reviewer
from tests.files import tree


@pytest.fixture
def approve(home: Home, ada: Reviewer, write_essay: Callable[..., Path]) -> Callable[..., Path]:
    """Submit and approve an essay; its folder."""

    def make(slug: str = "on-commas", text: str = "They *pause*.\n") -> Path:
        folder = submit(home, write_essay(slug, text)).submission.folder
        review(home, slug, decision="publish", reviewer=ada.name, key=ada.key)
        return folder

    return make


def record(root: Path) -> dict[str, bytes]:
    """Every file of a home but the register's index, whose pages lie as they came."""
    return {name: data for name, data in tree(root).items() if name != ".archive/register/index.db"}


def refused(home: Home, week: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        publish(home, Week.parse(week) if week else None)
    return str(caught.value)


def test_a_text_changed_after_intake_stops_the_issue_and_nothing_is_done(
    home: Home, approve: Callable[..., Path]
) -> None:
    (approve() / "essay.md").write_text("They *paused*.\n")
    before = tree(home.root)

    message = refused(home)

    assert "essays/2026-11-02-on-commas/essay.md: was changed after intake: expected SHA-256" in message
    assert "bring back the bytes that were logged: .archive/store/" in message
    assert tree(home.root) == before


def test_a_making_of_changed_after_review_needs_a_new_review(
    home: Home, ada: Reviewer, approve: Callable[..., Path]
) -> None:
    made = approve() / "essay.toml"
    made.write_text(made.read_text().replace("candidates = 1", "candidates = 20"))
    assert "was changed after ada@example.org approved it; have it reviewed again" in refused(home)

    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    assert publish(home).essays == ("on-commas",)


def test_a_key_that_was_listed_stays_listed(home: Home, ada: Reviewer, approve: Callable[..., Path]) -> None:
    approve()
    (home.root / "allowed_signers").write_text("")
    said = refused(home)
    assert f"allowed_signers: no longer lists {ada.name} with the key SHA256:" in said
    assert 'bring the line back: valid-before="20261231120000Z" in it says until when' in said


def test_a_review_whose_key_is_said_to_have_expired_before_it_does_not_count(
    home: Home, ada: Reviewer, approve: Callable[..., Path]
) -> None:
    approve()
    expired = ada.line.replace('Z" ssh', 'Z",valid-before="20261101000000Z" ssh')
    (home.root / "allowed_signers").write_text(expired)
    assert "reviews/1.json.sig: the signature of ada@example.org" in refused(home)


def test_every_reason_is_given_at_once(home: Home, clock: Clock, approve: Callable[..., Path]) -> None:
    approve()
    publish(home)
    folder = approve("second", "Second.\n")
    (folder / "essay.md").write_text("Changed.\n")
    clock.set("2026-11-24")
    message = refused(home)
    assert "2026-W46: was neither published nor explained" in message
    assert "2026-W47: was neither published nor explained" in message
    assert "essays/2026-11-02-second/essay.md: was changed after intake" in message


def test_no_approved_essay_names_what_waits(home: Home, ada: Reviewer, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay())
    assert "no essay is approved; there are: E2026-0001 on-commas (waiting)" in refused(home)
    review(home, "on-commas", decision="withhold", reviewer=ada.name, key=ada.key, criteria=["harm"])
    assert "no essay is approved; what came in is withheld" in refused(home)


def test_a_week_that_has_not_begun_or_lies_behind_the_last_issue_is_refused(
    home: Home, clock: Clock, approve: Callable[..., Path]
) -> None:
    approve()
    assert "2026-W46: has not begun yet: it is 2026-W45" in refused(home, "2026-W46")
    publish(home)
    assert "2026-W44: comes before 2026-W45, which was published" in refused(home, "2026-W44")


def test_a_review_changed_by_hand_is_found(home: Home, approve: Callable[..., Path]) -> None:
    decision = approve() / "reviews/1.json"
    decision.write_bytes(decision.read_bytes().replace(b'"edited":false', b'"edited":true '))
    with pytest.raises(VerificationError, match="expected the 1 reviews that were logged, found 0"):
        publish(home)


def test_what_was_frozen_and_changed_by_hand_stops_the_next_issue(
    home: Home, clock: Clock, approve: Callable[..., Path]
) -> None:
    approve()
    publish(home)
    approve("second", "Second.\n")
    clock.set("2026-11-09")
    frozen = home.hidden / "issues/2026-W45/essays/on-commas/article.html"
    frozen.write_text("<p>They <em>pawed</em>.</p>\n")
    assert ".archive/issues/2026-W45/essays/on-commas/article.html: was changed" in refused(home)


def test_an_intake_list_changed_by_hand_is_found(home: Home, approve: Callable[..., Path]) -> None:
    listing = approve() / "intake.sums"
    listing.write_bytes(listing.read_bytes().replace(b"a", b"b"))
    with pytest.raises(VerificationError, match=r"essays/2026-11-02-on-commas/intake.sums is not in the register"):
        publish(home)


def test_a_dry_run_changes_nothing(home: Home, approve: Callable[..., Path]) -> None:
    approve()
    before = tree(home.root)
    assert "essays/on-commas/index.html" in publish(home, dry_run=True).written
    assert tree(home.root) == before


def test_a_run_killed_between_any_two_writes_is_made_good_by_the_next(
    home: Home, approve: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    approve()
    undisturbed = Home.at(Path(shutil.copytree(home.root, tmp_path / "undisturbed")))
    publish(undisturbed)
    expected = record(undisturbed.root)

    class Killed(BaseException):
        pass

    killed, step = 0, 0
    while True:
        step += 1
        victim = Home.at(Path(shutil.copytree(home.root, tmp_path / f"killed-{step}")))
        with monkeypatch.context() as patch:
            left = [step]

            def once(original: Callable[..., object], left: list[int] = left) -> Callable[..., object]:
                def call(*arguments: object, **options: object) -> object:
                    left[0] -= 1
                    if left[0] == 0:
                        raise Killed
                    return original(*arguments, **options)

                return call

            for name in ("replace", "fsync", "unlink"):
                patch.setattr(durable.os, name, once(getattr(durable.os, name)))
            try:
                publish(victim)
                break
            except Killed:
                killed += 1
        publish(victim)
        assert record(victim.root) == expected, f"killed at write {step}"
        shutil.rmtree(victim.root)
    assert killed > 50


def test_the_site_is_built_again_without_its_folder_and_with_later_statements(
    home: Home, clock: Clock, approve: Callable[..., Path], write_essay: Callable[..., Path]
) -> None:
    approve()
    publish(home)
    before = tree(home.site)
    shutil.rmtree(home.site)
    clock.set("2027-05-01")
    submit(home, write_essay("later", "Later.\n"))
    build(home)
    after = tree(home.site)
    assert {k: v for k, v in after.items() if not k.startswith("register/")} == {
        k: v for k, v in before.items() if not k.startswith("register/")
    }
    assert build(home).new is False


def test_newer_records_are_named_by_build_and_written_by_publish_site_once(
    home: Home, clock: Clock, approve: Callable[..., Path]
) -> None:
    folder = approve()
    publish(home)
    clock.set("2026-11-10")
    (folder / "editors").mkdir()
    note = 'format = 1\nkind = "erratum"\nby = "The editors"\ndate = 2026-11-10\ntext = "It was a semicolon."\n'
    (folder / "editors" / "1.toml").write_text(note)

    with pytest.raises(Refused) as caught:
        build(home)
    assert "site/essays/on-commas/index.html: would not be what was logged" in str(caught.value)
    assert "essays/on-commas/index.html" in publish_site(home).written
    assert publish_site(home).new is False
    assert build(home).new is False
    assert "It was a semicolon." in (home.site / "essays/on-commas/index.html").read_text()


def test_a_skipped_week_has_a_code_in_the_register_and_words_on_the_site(
    home: Home, clock: Clock, approve: Callable[..., Path]
) -> None:
    skip(home, [Week.parse("2026-W45")], "holiday")
    clock.set("2026-11-09")
    approve()
    publish(home)
    assert home.reopened().register.statements[0].predicate == {
        "kind": "no-issue",
        "reason": "holiday",
        "time": "2026-11-02T09:00:00Z",
        "week": "2026-W45",
    }
    assert "The editors were away." in (home.site / "index.html").read_text()


def test_a_published_week_cannot_be_explained_away(programs: Programs, approve: Callable[..., Path]) -> None:
    approve()
    programs.publisher("publish")
    result = programs.publisher("skip", "2026-W44..2026-W45", "--reason", "holiday")
    assert (result.exit_code, result.stderr) == (
        1,
        "2026-W45: an issue was published then; there is nothing to explain\n",
    )


def test_a_restored_backup_signs_nothing(home: Home, approve: Callable[..., Path], tmp_path: Path) -> None:
    backup = Path(shutil.copytree(home.hidden, tmp_path / "backup"))
    approve()
    shutil.rmtree(home.hidden)
    shutil.copytree(backup, home.hidden)
    with pytest.raises(Exception, match="was a backup restored"):
        submit(home, tmp_path / "desk" / "on-commas")


def test_an_approved_essay_whose_folder_is_gone_stops_the_issue(home: Home, approve: Callable[..., Path]) -> None:
    gone, _ = approve("first"), approve("second", "They *wait*.\n")
    shutil.rmtree(gone)
    with pytest.raises(Refused, match="E2026-0001 was approved, and its folder is gone"):
        publish(home)
    publish(home, slugs=["second"])
