"""Which characters do not show, and which nothing can carry: the sets agree with Unicode, and with each other."""

import re
import sys
import unicodedata
from functools import cache

import pytest

from archive import characters

ALL = [chr(number) for number in range(sys.maxunicode + 1)]


@cache
def within(characters_of: str) -> set[str]:
    return set(re.findall(f"[{characters_of}]", "".join(ALL), re.DOTALL))


def test_what_cannot_be_carried_are_the_controls_the_surrogates_and_the_noncharacters() -> None:
    controls = {c for c in ALL if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
    noncharacters = {c for c in ALL if ord(c) & 0xFFFE == 0xFFFE or "\ufdd0" <= c <= "\ufdef"}
    assert within(characters.CONTROLS) == controls
    assert within(characters.UNCARRIED) == controls | noncharacters | set(map(chr, range(0xD800, 0xE000)))


def test_what_python_holds_for_printable_can_be_carried() -> None:
    assert not any(map(str.isprintable, within(characters.UNCARRIED)))


def test_what_turns_or_looks_like_a_space_or_cannot_be_carried_does_not_show_itself() -> None:
    unseen = within(characters.UNSEEN)
    for known in (characters.CONTROLS, characters.UNCARRIED, characters.TURNING, characters.DIRECTION):
        assert within(known) <= unseen
    assert within(characters.TURNING) <= within(characters.DIRECTION)
    assert within(characters.SPACES) == {c for c in ALL if unicodedata.category(c) == "Zs"} - {" ", "\u3000"}


def test_every_invisible_format_character_is_known_but_for_those_that_have_a_shape() -> None:
    shaped = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f]")
    formats = {c for c in ALL if unicodedata.category(c) == "Cf"}
    assert [hex(ord(c)) for c in formats - within(characters.UNSEEN) if not shaped.match(c)] == []


@pytest.mark.parametrize(
    "character", ["\U000e0041", "\u3164", "\u2800", "\u034f", "\u202e", "\u200b", "\x1b", "\xad", "\xa0", "\ud800"]
)
def test_an_unseen_character_is_marked_by_its_number(character: str) -> None:
    assert characters.marked(f"a{character}b") == f"a⟨U+{ord(character):04X}⟩b"
    assert list(characters.unseen(f"a{character}b")) == [(1, character)]


@pytest.mark.parametrize("text", ["plain\n\ttext", "漢字　仮名", "שלום", "e\u0301", "🪔", "−–—“”"])
def test_what_shows_is_left_as_it_is(text: str) -> None:
    assert characters.marked(text) == characters.held(text) == characters.carried(text) == text


def test_a_page_holds_what_does_not_show_but_nothing_that_would_turn_it_around() -> None:
    text = "soft\xad zero\u200b \u202eback \x00"
    assert characters.carried(text) == "soft\xad zero\u200b \u202eback ⟨U+0000⟩"
    assert characters.held(text) == "soft\xad zero\u200b ⟨U+202E⟩back ⟨U+0000⟩"


def test_a_line_is_one_line() -> None:
    assert re.fullmatch(characters.LINE, "A title — with a dash")
    assert not [c for c in "\n\t\r\u2028\u2029\x1b\uffff" if re.fullmatch(characters.LINE, f"a{c}b")]
