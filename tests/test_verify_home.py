"""The owner of a home, who has more than a stranger: the key of the register, and the register itself."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Error, VerificationError
from archive.home.home import Home
from publisher.verify import target
from publisher.verify.home import LIMIT
from tests.conftest import ROOT, Programs
from tests.example_register import SIGNER


def test_a_home_is_its_site_under_the_key_that_lies_in_it(filed_home: Home) -> None:
    checked = target.verify(str(filed_home.root))
    site = target.verify(str(filed_home.site), key=filed_home.register.key)
    assert checked.sentence == f"{site.sentence[:-1]}. Its register is the one of this home."
    assert checked.limits == (LIMIT, *site.limits)
    assert checked.facts == {**site.facts, "channel": "home"}


def test_words_are_looked_for_in_the_site_of_a_home(filed_home: Home) -> None:
    words = (filed_home.site / "essays/nothing-rhymes-with-sixty/words.txt").read_bytes()
    assert target.verify(str(filed_home.root), words=words).sentence.startswith("All ")
    feed = target.verify(str(filed_home.site / "feed.atom"), site=str(filed_home.root))
    assert "E2026-0001" in feed.sentence


def test_a_home_whose_site_shows_another_register_or_none_is_not_verified(filed_home: Home) -> None:
    checkpoint = filed_home.site / "register/checkpoint"
    note = checkpoint.read_text()
    checkpoint.write_text((ROOT / "tests/golden/site/register/checkpoint").read_text())
    with pytest.raises(VerificationError, match=r"expected the home's own checkpoint in site/.*, found another one"):
        target.verify(str(filed_home.root))
    checkpoint.unlink()
    with pytest.raises(VerificationError, match="found none"):
        target.verify(str(filed_home.root))
    checkpoint.write_text(note)
    (filed_home.site / "index.html").write_text("<p>Mine.")
    with pytest.raises(VerificationError, match=r"index\.html: expected SHA-256"):
        target.verify(str(filed_home.root))


def test_under_another_key_a_home_is_not_verified(filed_home: Home) -> None:
    with pytest.raises(VerificationError, match="not signed by"):
        target.verify(str(filed_home.root), key=SIGNER.key)


def test_a_home_that_published_nothing_says_so(
    home: Home, programs: Programs, write_essay: Callable[..., Path]
) -> None:
    assert programs.publisher("submit", write_essay()).exit_code == 0
    done = programs.publisher("verify", home.root, "--json")
    told = json.loads(done.stdout)
    assert (told["verified"], told["channel"]) == (True, "home")
    assert "nothing was published yet; its register of" in told["sentence"]


def test_a_damaged_home_is_an_error_that_names_archive_check(filed_home: Home) -> None:
    for tile in (filed_home.hidden / "register/tile/entries").rglob("*"):
        if tile.is_file():
            tile.write_bytes(b"\0" * 40)
    with pytest.raises(Error, match="archive check"):
        target.verify(str(filed_home.root))
