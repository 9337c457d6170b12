"""Somebody who read words, and wants to know whether they are the essay's: all of them, a part, or others."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import VerificationError
from publisher.essays.render import article
from publisher.essays.words import split, visible
from publisher.verify import target
from publisher.verify.words import compare
from tests.conftest import ROOT
from tests.forked import Done, Forked
from tests.golden_site import GOLDEN, KEY

TEXT = (GOLDEN / "essays/odd/essay.md").read_text()
READ = " ".join(visible(article(TEXT)))
ESSAY = split("The clerk asked for a date by the river and I gave the only one I had which was not mine at all")


def said(found: str, essay: list[str] = ESSAY) -> str:
    return compare(essay, split(found)).said


WORDS = " ".join(ESSAY)
SAID = {
    "all of them": (WORDS, "all 23 words in order"),
    "more after": (f"{WORDS} Leave this list", "all 23 words in order; 3 more after"),
    "more before and after": (f"> Look: {WORDS} Bye", "all 23 words in order; 2 more before; 1 more after"),
    "on other lines": (WORDS.replace(" ", "\r\n\t "), "all 23 words in order"),
    "an excerpt": ("for a date by the river", "words 4–9 of 23, in order"),
    "one word": ("river", "word 9 of 23, in order"),
    "another word": (
        WORDS.replace("river", "rover"),
        "differs at word 9 of 23: the register has *river*, you have *rover*; "
        "it reads «a date by the river and I gave the»",
    ),
    "other words": (
        WORDS.replace("by the river", "at sea"),
        "differs at words 7–9 of 23: the register has *by the river*, you have *at sea*; "
        "it reads «asked for a date by the river and I gave the»",
    ),
    "a word left out": (
        WORDS.replace("not ", ""),
        "leaves out word 20 of 23: the register has *not*; it reads «I had which was not mine at all»",
    ),
    "a word more": (
        WORDS.replace("which was", "which really was"),
        "has 1 word more after word 18 of 23: you have *really*; it reads «one I had which was not mine at»",
    ),
    "the end missing": (
        WORDS.replace(" mine at all", " yours"),
        "differs at word 21 of 23: the register has *mine*, you",
    ),
    "the beginning another": (
        "A person " + WORDS[10:],
        "differs at word 2 of 23: the register has *clerk*, you have *person*",
    ),
    "in another order": (f"{WORDS[33:]} {WORDS[:33]}", "differs at word 8 of 23: the register has *the*"),
    "none of them": ("Something else", "differs at word 1 of 23: the register has *The*"),
    "letters that look the same": (WORDS.replace("date", "d\u0430te"), "you have *d\u0430te*"),
    "a letter that does not show": (WORDS.replace("date", "da\u200bte"), "you have *da⟨U+200B⟩te*"),
    "in decomposed letters": ("Cafe\u0301", "word 1 of 2, in order"),
}
"""What is said of words: what was read, and the sentence, or its beginning or end."""


@pytest.mark.parametrize("name", SAID)
def test_words_are_told_by_how_they_fit(name: str) -> None:
    found, expected = SAID[name]
    sentence = said(found, ["Caf\xe9", "noir"] if "decomposed" in name else ESSAY)
    if "differs" in expected or "you have" in expected:
        assert expected in sentence
    else:
        assert sentence == expected


def test_every_place_that_differs_is_told() -> None:
    found = WORDS.replace("clerk", "clark").replace("river", "rover").replace(" not", "")
    assert [re.sub("; it reads.*", "", each) for each in compare(ESSAY, split(found)).differences] == [
        "differs at word 2 of 23: the register has *clerk*, you have *clark*",
        "differs at word 9 of 23: the register has *river*, you have *rover*",
        "leaves out word 20 of 23: the register has *not*",
    ]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_no_words_pass_that_are_not_all_of_an_essay_or_one_run_of_it(essay: list[str], found: list[str]) -> None:
    whole = any(found[n : n + len(essay)] == essay for n in range(len(found)))
    part = any(essay[n : n + len(found)] == found for n in range(len(essay)))
    if found:
        compared = compare(essay, found)
        assert (not compared.differences) == (whole or part)
        if not whole and not compared.differences:
            assert essay[compared.start - 1 :][: compared.matched] == found


@given(st.permutations("abcdefghij"), st.data())
def test_what_is_said_to_differ_turns_the_one_into_the_other(essay: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(essay) - 1))
    found = [*essay[:place], "z", *essay[place + 1 :]]
    assert compare(essay, found).differences
    assert "*z*" in " ".join(compare(essay, found).differences)


def test_a_million_words_are_compared_in_bounded_time() -> None:
    began = time.process_time()
    essay = ["a"] * 300_000 + ["b"] + ["a"] * 300_000
    for found in (["a"] * 1_000_000, ["a", "b"] * 500_000, ["a"] * 300_000 + ["c"] * 400_000 + ["a"] * 300_000):
        assert len(compare(essay, found).said) < 1_000
    assert time.process_time() - began < 30


Run = Callable[..., Done]


def verified(words: str, *, place: Path = GOLDEN / "essays/odd/essay.md") -> str:
    return target.verify(str(place), key=KEY, words=words.encode()).sentence


def test_words_are_those_that_a_page_shows_or_those_that_were_received() -> None:
    whole = (
        "of the text (156 bytes, SHA-256 6c5438b8978f7c552f756d6366da3b39883c06535d628bf61a141b23ec8e0f0f) that is byte"
    )
    assert verified(f"{READ}\n--\nSent from afar").startswith(
        f"All 19 words in order; 4 more after, as a page shows them, {whole}"
    )
    assert verified(TEXT).startswith(f"All 25 words in order, as they were received, {whole}")
    with pytest.raises(
        VerificationError, match=r"differs at word 4 of 19: the register has \*here\*, you have \*there\*"
    ):
        verified(READ.replace("here on", "there on"))


def test_in_a_site_the_essay_is_looked_for_that_they_are_nearest_to() -> None:
    assert verified("Cut from an answer. In two blocks.", place=GOLDEN).startswith("All 7 words in order, as a page")
    assert "E2026-0001/essay.md" in verified("From here on: 234 — «größer».", place=GOLDEN)
    with pytest.raises(VerificationError, match=r"E2026-0001: differs at word 6 of 19: the register has \*234\*"):
        verified(READ.replace("234", "243"), place=GOLDEN)
    with pytest.raises(VerificationError, match=r"no essay of .* has three of these words in a row"):
        verified("Nothing of the kind was ever said", place=GOLDEN)


@pytest.fixture
def run(forked: Forked) -> Run:
    def run(words: str | bytes, *arguments: object) -> Done:
        data = words if isinstance(words, bytes) else words.encode()
        return forked.run("publisher", "verify", "--words", *arguments, given=data)

    return run


def test_the_command_reads_them_from_standard_input(run: Run) -> None:
    done = run(READ, GOLDEN / "essays/odd/essay.md", "--key", KEY)
    assert (done.returncode, done.stdout[:22], done.stderr) == (0, b"All 19 words in order,", b"")
    done = run(READ.replace("quoted", "said"), GOLDEN)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith(
        "NOT VERIFIED: E2026-0001: differs at word 9 of 19: the register has *quoted*"
    )
    told = json.loads(run("From here on:", GOLDEN, "--json").stdout)
    assert (told["words"]["first"], told["words"]["matched"], told["words"]["words"]) == (3, 3, 19)


@pytest.mark.parametrize(
    ("words", "place", "says"),
    [
        (b"", "essays/odd/essay.md", "expected words on standard input, found none"),
        (b" \n", "", "three of these words in a row|found none"),
        (b"\0\xff" * 50_000, "essays/odd/essay.md", "differs at word 1"),
        (b"x " * (9 << 20), "", "more than 16,777,216 bytes"),
        (b"A heading", "newsletter.toml", "its proof are not"),
        (b"A heading", "nothing.md", "found none"),
        (b"A heading", "essays", "expected a site"),
    ],
    ids=["none", "spaces", "bytes", "too many", "no essay", "no file", "no site"],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(words: bytes, place: str, says: str, run: Run) -> None:
    done = run(words, GOLDEN / place)
    assert (done.returncode, done.stdout) == (1, b"")
    assert re.search(says, done.stderr.decode()), done.stderr
    assert b"Traceback" not in done.stderr


def test_a_standard_input_that_is_closed_holds_no_words() -> None:
    closed = ["bash", "-c", '"$0" -m publisher verify --words "$1" <&-', sys.executable, str(GOLDEN)]
    done = subprocess.run(closed, capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"expected words on standard input, found none; paste or redirect what you read\n"


def test_a_text_whose_proof_is_of_another_register_proves_no_words(tmp_path: Path, run: Run) -> None:
    for name in ("essay.md", "essay.md.tlog-proof"):
        (tmp_path / name).write_bytes((GOLDEN / "essays/odd" / name).read_bytes())
    (tmp_path / "essay.md").write_text(TEXT.replace("here", "there"))
    done = run(READ.replace("here on", "there on"), tmp_path / "essay.md", "--key", KEY)
    assert (done.returncode, b"the proof at hand is of E2026-0001/" in done.stderr) == (1, True), done.stderr
