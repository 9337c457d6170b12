"""What of the archive anyone may consult: no more than a public export has, and none of the words of what is closed."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archive.deposits.release import release
from archive.exchange import selection
from archive.exchange.choice import reading_room
from archive.exchange.reading_room import ReadingRoom
from archive.home.home import Home
from publisher.issues.build import publish_site
from publisher.site import room
from publisher.verify.site.check import verify_site
from tests import room_home
from tests.conftest import Clock
from tests.files import tree
from tests.room_home import MODEL, PERSON, Filed

PUBLIC, DESCRIBED, CLOSED = Filed("public"), Filed("described"), Filed("restricted")
LATER, OVER = Filed("embargo 2030-01-01"), Filed("embargo 2026-10-30")
COVERED = Filed("public", covered=True)
HOMES = {
    "one of each": [PUBLIC, DESCRIBED, CLOSED, LATER, OVER, COVERED],
    "open ones that read what is closed": [Filed("public", reads=2), CLOSED, Filed("public", reads=4), DESCRIBED],
    "closed ones that read what is open": [Filed("described", reads=2), PUBLIC, Filed("restricted", reads=2), PUBLIC],
    "covered ones, read from elsewhere": [Filed("public", covered=True, reads=2), Filed("public", reads=1), COVERED],
    "nothing that is open": [DESCRIBED, CLOSED, LATER],
}


def visible(deposits: Sequence[Filed]) -> Iterator[str]:
    """The words that anyone may read."""
    open_ = {n for n, each in enumerate(deposits, 1) if each in (OVER,) or each.access == "public"}
    for n, each in enumerate(deposits, 1):
        if n in open_ or each.access == "described":
            yield f"title{n}x"
        if n in open_:
            yield from (f"talk{n}x", f"note{n}x", f"wish{n}x")
            if each.reads in open_:
                yield f"reading{n}of{each.reads}x"


@pytest.mark.parametrize("deposits", HOMES.values(), ids=HOMES)
def test_a_site_has_the_words_of_what_is_open_and_no_others(
    tmp_path: Path, clock: Clock, deposits: list[Filed]
) -> None:
    home = room_home.make(tmp_path / "home", deposits)
    publish_site(home)
    whole = b"\n".join(tree(home.site).values()).decode("utf-8", "replace")
    assert set(re.findall(r"(?:talk|note|title|wish|reading\dof)\dx", whole)) == set(visible(deposits))
    uncovered = any(not each.covered and (each == OVER or each.access == "public") for each in deposits)
    assert (PERSON in whole) == uncovered
    assert verify_site(home.site, home.register.key)
    shown, exported = _room(home), selection.public(home, clock.time.date())
    for number, each in shown.deposits.items():
        if shown.access(number) == "public":
            [same] = [filed for filed in exported.deposits if filed.number == number]
            assert each.filed.files.items() <= same.files.items()


def _room(home: Home) -> ReadingRoom:
    return reading_room(home.reopened(), home.reopened().register.size, ())


def test_what_is_published_is_what_the_room_holds(tmp_path: Path, clock: Clock) -> None:
    home = room_home.make(tmp_path / "home", HOMES["one of each"])
    publish_site(home)
    site = tree(home.site)
    for place, shown in room.folders(_room(home)):
        held = {f"{place}/{name}" for name in shown.files} | {f"{place}/{shown.list}.tlog-proof"}
        assert {name for name in site if name.startswith(f"{place}/") and not name.endswith((".html", ".atom"))} == held


def test_a_folder_that_was_edited_and_not_filed_is_shown_as_it_was_filed(tmp_path: Path, clock: Clock) -> None:
    home = room_home.make(tmp_path / "home", [PUBLIC])
    before = _room(home).deposits["2026-0001"].files
    for name in ("deposit.toml", "notes/wren.toml", "turns.jsonl"):
        (home.root / room_home.folder(1) / name).write_text("talk9x")
    assert _room(home).deposits["2026-0001"].files == before
    publish_site(home)
    assert not any(b"talk9x" in data for data in tree(home.site).values())


def test_a_preference_that_quotes_a_closed_deposit_opens_with_it_once_it_is_filed_again(
    tmp_path: Path, clock: Clock
) -> None:
    home = room_home.make(tmp_path / "home", [CLOSED, PUBLIC])
    assert set(_room(home).wishes[MODEL]) == {"wish-2"}
    [released] = release(home, ["2026-0001"])
    assert any(f"transcripts/{MODEL}" in remark and "archive file" in remark for remark in released.remarks)
    assert set(_room(home).wishes[MODEL]) == {"wish-2"}
    room_home.file_all(home.root, f"transcripts/{MODEL}")
    assert set(_room(home).wishes[MODEL]) == {"wish-1", "wish-2"}


def test_nothing_waits_for_a_deposit_that_nothing_rests_on(tmp_path: Path, clock: Clock) -> None:
    home = room_home.make(tmp_path / "home", [CLOSED])
    (home.root / f"transcripts/{MODEL}/preferences/wish-1.toml").unlink()
    room_home.file_all(home.root, f"transcripts/{MODEL}")
    [released] = release(home, ["2026-0001"])
    assert not any("archive file" in remark for remark in released.remarks)


def test_what_a_register_knew_then_is_what_the_room_had_then(tmp_path: Path, clock: Clock) -> None:
    home = room_home.make(tmp_path / "home", [CLOSED, PUBLIC])
    size = home.register.size
    before = {name: shown.name for name, shown in _room(home).deposits.items()}
    clock.set("2026-11-09")
    release(home, ["2026-0001"])
    again = reading_room(home.reopened(), size, ())
    assert {name: shown.name for name, shown in again.deposits.items()} == before
    assert set(_room(home).deposits) == {"2026-0001", "2026-0002"}
