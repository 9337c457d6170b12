"""What is read out of many deposits is asked of the catalogue, and is what their files say."""

from archive.catalogue import catalogued
from archive.deposits import adherence
from archive.deposits.collection import Collection
from archive.deposits.shelf import PROTOCOLS
from archive.home.home import Home


def test_interviews_in_the_catalogue_are_what_their_files_say(filed: Home) -> None:
    protocols = PROTOCOLS.filed(filed)
    deposits = [*Collection.of(filed).deposits()]
    rows = [row for each in deposits for row in adherence.of_deposit(each, protocols)]
    settings = [each.record.setting(n) for each in deposits for n in range(1, each.transcript.interviews + 1)]
    found = catalogued.interviews(filed)
    assert [each.adherence for each in found] == rows
    assert any(cell.asked for row in rows for cell in row.questions.values())
    assert [each.setting for each in found] == settings
