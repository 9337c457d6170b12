"""What a publisher who cheats with the records of its archive shows, a stranger's check refuses, and says why."""

import dataclasses
import shutil

import pytest

from archive.home.home import Home
from publisher.issues.build import publish_site
from tests.cheating_records import MODEL, Edit, covered, head, logged, other, said_otherwise
from tests.filed_home import HERON, JUNIPER
from tests.programs import Programs


def published(home: Home, edit: Edit) -> tuple[int, str]:
    """What a stranger is told of the site that is made after this, by a program that does not look at it closely."""
    edit(home)
    publish_site(home.reopened())
    site = shutil.copytree(home.site, home.root.parent / "elsewhere" / "site")
    done = Programs().publisher("verify", site, "--key", home.reopened().register.key)
    return done.exit_code, done.stderr


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
    "a note on a turn that is not there": (
        other(HERON, "notes/wren.toml", "turn = 4", "turn = 41"),
        "interviews/2026-0001/notes/wren.toml: there is no turn 2#41",
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
