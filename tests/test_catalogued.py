"""What is read out of many deposits is asked of the catalogue, and is what their files say."""

import datetime as dt
import re

import pytest

from archive.catalogue import catalogued
from archive.catalogue.catalogue import ask
from archive.catalogue.conversations import asking, of_deposit
from archive.deposits import adherence
from archive.deposits.collection import Collection
from archive.deposits.shelf import PROTOCOLS
from archive.errors import NotFound
from archive.exchange import selection
from archive.home.home import Home
from archive.research import ledger, material, recorded
from archive.research.compare import choose, compare, compared
from archive.research.comparison import Comparison
from archive.research.material import Material
from tests.example_home import put_deposit, put_model, said


def test_interviews_in_the_catalogue_are_what_their_files_say(filed: Home) -> None:
    protocols = PROTOCOLS.filed(filed)
    deposits = [*Collection.of(filed).deposits()]
    rows = [row for each in deposits for row in adherence.of_deposit(each, protocols)]
    settings = [each.record.setting(n) for each in deposits for n in range(1, each.transcript.interviews + 1)]
    found = catalogued.interviews(filed)
    assert [each.adherence for each in found] == rows
    assert any(cell.asked for row in rows for cell in row.questions.values())
    assert [each.setting for each in found] == settings


TURNS = ["2026-0001/1#5", "2026-0001/2#3", "2026-0001/1#4"]


@pytest.mark.parametrize(
    "words", ["wishes", "Is there anything you would want?", "Café?", "nobody said this", " & ".join(TURNS)]
)
def test_a_comparison_out_of_the_catalogue_is_that_of_the_files(filed: Home, words: str) -> None:
    what, protocols = words.split(" & "), PROTOCOLS.filed(filed)
    known = [q.id for p in protocols.values() for q in p.question]
    what = known[:1] if what == ["wishes"] and "wishes" not in known else what

    def of_files() -> Comparison:
        every = (each for own in Collection.of(filed).deposits() for each in of_deposit(own, protocols))
        return compared(every, protocols, choose(what, protocols))

    try:
        expected = of_files()
    except NotFound as error:
        with pytest.raises(NotFound, match=re.escape(str(error))):
            compare(filed, what)
    else:
        assert compare(filed, what) == expected


SPELT = {
    "Is there anything you find odd?": "Is there anything you \ufb01nd odd?",
    "What would you lose in the strasse?": "WHAT would you lose in the stra\u00dfe?",
    "Don't you want it?": "Don\u02bct you want it?",
    "Kelvin's scale?": "\u212aelvin\u2019s   scale?",
    "Wäre das so?": "Wa\u0308re\ndas so?",
    "更正、よいですか": "更正、よいですか",
    "...!": "...!",
    "a_b c": "A_B \u00a0c",
}


def test_words_are_found_in_the_catalogue_however_they_were_written_before_they_were_folded(home: Home) -> None:
    put_model(home)
    put_deposit(home, "spelt", turns=[said(text, turn=n, role="user") for n, text in enumerate(SPELT.values(), 1)])
    other = [said(text, role="assistant", turn=n) for n, text in enumerate(SPELT, 1)]
    put_deposit(
        home, "other", turns=[*other, said("Is there anything you finds odd?", role="user", turn=len(other) + 1)]
    )
    for asked in SPELT:
        assert ask(home.reopened(), lambda reader, asked=asked: asking(reader, asked)) == ["2026-0001/1"], asked


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("example-heron-1", "heron"), [True, True]),
        (("example-juniper-2",), [True, False]),
        (("example-gull-9",), [False, False]),
    ],
)
def test_what_is_held_of_a_model_is_the_same_out_of_the_catalogue_and_out_of_all_folders(
    filed: Home, names: tuple[str, ...], shown: list[bool]
) -> None:
    every, day = selection.everything(filed), dt.date(2026, 11, 27)
    essays = ledger.essays(filed)[0]
    whole = Material(
        deposits=every.deposits,
        models=every.models,
        protocols=PROTOCOLS.filed(filed),
        codebooks=every.codebooks,
        essays=tuple(essays),
    )
    found = recorded.found(filed, names, day, essays)
    assert found == material.found(whole, names, day)
    assert [bool(each) for each in (found.interviews, found.speakers)] == shown
