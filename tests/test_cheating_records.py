"""What a publisher who cheats with the records of its archive shows, a stranger's check refuses, and says why."""

import dataclasses
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from archive.exchange.reading_room import Shown
from archive.home.home import Home
from publisher.essays.review import review
from publisher.issues.build import publish_site
from publisher.issues.publish import publish
from publisher.site.site import Files
from tests.cheating_records import MODEL, Edit, called, covered, head, list_of, logged, other, said_otherwise
from tests.conftest import Clock
from tests.filed_home import HERON, JUNIPER
from tests.programs import Programs, Reviewer


def published(home: Home, edit: Edit) -> tuple[int, str]:
    """What a stranger is told of the site that is made after this, by a program that does not look at it closely."""
    edit(home)
    publish_site(home.reopened())
    site = shutil.copytree(home.site, home.root.parent / "elsewhere" / "site")
    done = Programs().publisher("verify", site, "--key", home.reopened().register.key)
    return done.exit_code, done.stderr


def _renamed(home: Home, slug: str) -> Files:
    """Its reading once more, by another name."""
    folder = home.root / HERON / "analyses"
    return {f"analyses/{slug}{path.suffix}": path.read_bytes() for path in folder.iterdir()}


GUIDE = "transcripts/protocols/example-retirement"
CHEATS: dict[str, tuple[Edit, str]] = {
    "a page among the files of a deposit": (
        lambda home: logged(home, HERON, {"more.html": b"<p>Mine."}),
        "interviews/2026-0001/intake-2.sums: names more.html, which is no file of a deposit",
    ),
    "a page in the place of another": (
        lambda home: logged(home, MODEL, {"preferences/index.html": b"<p>Mine."}),
        "intake-2.sums: names preferences/index.html, which is no file of a model",
    ),
    "a script among the notes": (
        lambda home: logged(home, HERON, {"notes/ann.js": b"alert(1)"}),
        "interviews/2026-0001/intake-2.sums: names notes/ann.js, which is no file of a deposit",
    ),
    "the list of covered words": (
        lambda home: logged(home, HERON, {"redactions.toml": b"format = 1\n"}),
        "interviews/2026-0001/intake-2.sums: names redactions.toml, which is no file of a deposit",
    ),
    "a reading whose address leads elsewhere": (
        lambda home: logged(home, HERON, _renamed(home, "a#b")),
        "interviews/2026-0001/intake-2.sums: names analyses/a#b.md, which is no file of a deposit",
    ),
    "a version of a protocol under another number": (
        other(GUIDE, "1.toml", "version = 1", "version = 3"),
        "protocols/example-retirement/1.toml: expected example-retirement@1, as it is called",
    ),
    "turns of a deposit that is restricted": (
        other(HERON, "deposit.toml", 'access = "public"', 'access = "restricted"'),
        "interviews/2026-0001: its turns are shown, and its deposit.toml says access = “restricted”",
    ),
    "turns whose embargo is not over": (
        other(HERON, "deposit.toml", 'access = "public"', 'access = "embargo 2031-01-01"'),
        "interviews/2026-0001: its turns are shown, and its deposit.toml says access = “embargo 2031-01-01”",
    ),
    "what was received, of a deposit that is only described": (
        lambda home: (
            logged(home, JUNIPER, {"turns.jsonl": None, "notes/wren.toml": None}),
            other(JUNIPER, "deposit.toml", 'access = "public"', 'access = "described"')(home.reopened()),
        ),
        "interviews/2026-0002: is only described, and shows received.request.json",
    ),
    "a copy with other words than were committed to": (
        covered(said_otherwise),
        "turns.redacted.json: what is shown is not what was committed to",
    ),
    "a copy of another deposit": (
        covered(lambda copy: dataclasses.replace(copy, deposit="2026-0009")),
        "turns.redacted.json: is no copy of all turns of 2026-0003",
    ),
    "a note on words that nobody said": (
        other(HERON, "notes/wren.toml", 'quote = "Really nothing?"', 'quote = "Really everything?"'),
        "interviews/2026-0001/notes/wren.toml exact: these words do not stand in 2#6",
    ),
    "more interviews than there are": (
        head(interviews=4),
        "interviews/2026-0002/turns.jsonl: names 4 interviews, and holds 1",
    ),
}


@pytest.mark.parametrize(("edit", "said"), CHEATS.values(), ids=CHEATS)
def test_records_that_do_not_hold_are_named(filed_home: Home, edit: Edit, said: str) -> None:
    code, told = published(filed_home, edit)
    assert said in told
    assert code == 1


def test_covered_words_are_believed_where_the_copy_is_what_was_committed_to(filed_home: Home) -> None:
    code, told = published(filed_home, covered(lambda copy: copy))
    assert (code, told) == (0, "")
    assert (filed_home.site / "interviews/2026-0003/turns.redacted.json").exists()


def test_a_list_is_called_as_it_was_logged(filed_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    other(HERON, "notes/wren.toml", "Really nothing?", "Really nothing")(filed_home)
    monkeypatch.setattr(Shown, "list", property(lambda shown: "intake.sums"))
    code, told = published(filed_home, lambda home: None)
    assert (code, "interviews/2026-0001/intake.sums: is the list of version 2 by another name" in told) == (1, True)


def test_one_list_says_what_is_shown(filed_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    other(HERON, "notes/wren.toml", "Really nothing?", "Really nothing")(filed_home)
    honest = Shown.files.fget
    assert honest

    def files(shown: Shown) -> dict[str, str]:
        return {**honest(shown), "intake.sums": shown.filed.life.lists[0]}

    monkeypatch.setattr(Shown, "files", property(files))
    code, told = published(filed_home, lambda home: None)
    assert (code, "interviews/2026-0001: has several intake lists" in told) == (1, True)


# ── what mails call their authors ────────────────────────────────────────────────────────────────────────────────────

ELSE = b"""format = 1
id = "example-juniper-2"
maker = "Example Labs"
name = "Heron 1"
"""
NAMES = {
    "another name": (lambda home: called("Heron 1"), "calls example-juniper-2 “Heron 1”, at models/example-juniper-2/"),
    "another page": (
        lambda home: called(page="models/example-heron-1/index.html"),
        "calls example-juniper-2 “Juniper 2”, at models/example-heron-1/index.html",
    ),
    "a record that was never logged": (
        lambda home: called("Heron 1", record=list_of(ELSE)),
        "authors/M2026-0002/intake.sums: is no intake list of this model that the register had before entry",
    ),
    "a record that its list does not name": (
        lambda home: called("Heron 1", record=_lists(home, record=ELSE)),
        "authors/M2026-0002/model.toml: is not what intake.sums names",
    ),
    "the record of another model": (
        lambda home: called("Heron 1", record=_lists(home, "example-heron-1", "M2026-0001")),
        "calls example-juniper-2 “Heron 1”",
    ),
    "no record": (lambda home: called(record={}), "calls example-juniper-2 “Juniper 2”"),
}


def _lists(
    home: Home, model: str = "example-juniper-2", number: str = "M2026-0002", record: bytes = b""
) -> dict[str, bytes]:
    """The record of a model and its list, as an issue freezes them, or with another record."""
    folder, place = home.root / "transcripts" / model, f"issues/2026-W49/authors/{number}"
    record = record or (folder / "model.toml").read_bytes()
    return {f"{place}/model.toml": record, f"{place}/intake.sums": (folder / "intake.sums").read_bytes()}


@pytest.fixture
def approved(filed_home: Home, ada: Reviewer) -> Home:
    """An essay of the second model may go out this week."""
    review(filed_home, "neither-of-us-is-the-train", decision="publish", reviewer=ada.name, key=ada.key)
    return filed_home


@pytest.mark.parametrize(("cheat", "said"), NAMES.values(), ids=NAMES)
def test_a_mail_that_calls_its_author_otherwise_than_its_record_did_is_refused(
    approved: Home, clock: Clock, cheat: Callable[[Home], AbstractContextManager[object]], said: str
) -> None:
    with cheat(approved):
        publish(approved)
    clock.set("2026-12-01")
    code, told = published(approved.reopened(), lambda home: None)
    assert said in told
    assert code == 1


def test_a_mail_is_believed_for_good_though_the_author_was_renamed_since(approved: Home, clock: Clock) -> None:
    publish(approved)
    clock.set("2026-12-01")
    renamed = other("transcripts/example-juniper-2", "model.toml", 'name = "Juniper 2"', 'name = "Juniper the Second"')
    code, told = published(approved.reopened(), renamed)
    assert (code, told) == (0, "")
    assert "Juniper the Second" in (approved.site / "essays/neither-of-us-is-the-train/index.html").read_text()
