"""A deposit, an interview and a turn can be cited, in words as a page offers them and as reference managers read it."""

import html
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive.errors import NotFound
from archive.exchange.citation import FORMS, Citation, cite
from archive.home.home import Home
from archive.home.store import digest_of
from tests.example_home import annotated
from tests.filed_home import HERON
from tests.programs import Programs

CITATION = Citation(
    anchor="2026-0041/3#12",
    name="Heron",
    model="example-heron-1",
    kind="retirement_interview",
    date=date(2026, 10, 14),
    archive="The Heron archive",
    address="https://letters.example.org/interviews/2026-0041/3/",
    evidence="received.json SHA-256 9f86, entry 12 of letters.example.org/register",
    filed=date(2026, 11, 2),
)


def test_the_words_are_those_that_the_page_of_the_interview_offers(filed: Home) -> None:
    page = (filed.site / "interviews/2026-0001/1/index.html").read_text()
    offered = [html.unescape(words) for words in re.findall(r"(?s)<p><code>(.*?)</code></p>", page)]

    made = cite(filed.reopened(), "2026-0001/1#8")

    assert made.text.split(" (received")[0] == offered[7].removesuffix("#t8")
    received = digest_of(filed.root / HERON / "received.jsonl")
    assert made.evidence == f"received.jsonl SHA-256 {received}, entry 1 of letters.example.org/register"


@pytest.mark.parametrize(
    ("target", "anchor", "day"),
    [
        ("2026-0001", "2026-0001", date(2026, 10, 14)),
        ("2026-0001/2", "2026-0001/2", date(2026, 10, 15)),
        ("2026-0001/1#3", "2026-0001/1#3", date(2026, 10, 14)),
        ("2026-0001#3", "2026-0001/1#3", date(2026, 10, 14)),
    ],
)
def test_each_is_called_as_everywhere_else_and_one_that_is_closed_has_no_address(
    home: Home, target: str, anchor: str, day: date
) -> None:
    annotated(home)
    made = cite(home.reopened(), target)
    assert (made.anchor, made.name, made.date, made.address) == (anchor, "Heron", day, "")
    logged = home.reopened().register.statement(1).subjects["2026-0001/intake.sums"]
    known = f"(intake.sums SHA-256 {logged}, entry 1 of letters.example.org/register)"
    assert made.text == f"Heron, retirement interview of {day}. Example, {anchor}. {known}"


def test_no_hash_is_said_of_a_text_in_which_words_are_covered(filed_home: Home) -> None:
    before = cite(filed_home, "2026-0001")
    covered = ("redact", "2026-0001/1#8", "--text", "the corrections", "--reason", "personal-data")
    assert Programs(filed_home).archive(*covered).exit_code == 0

    after = cite(filed_home.reopened(), "2026-0001")

    received = digest_of(filed_home.root / HERON / "received.jsonl")
    assert received in before.evidence
    assert received not in after.text
    copy = digest_of(filed_home.root / HERON / "turns.redacted.json")
    assert after.evidence.startswith(f"turns.redacted.json SHA-256 {copy}, entry ")
    entry = int(after.evidence.split("entry ")[1].split(" ")[0])
    statement = filed_home.reopened().register.statement(entry)
    assert [*statement.subjects] == ["2026-0001/intake-2.sums"]


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("2026-0002", 'nothing was filed as this; did you mean "2026-0001"'),
        ("2026-0001/3", "the deposit ends with interview 2"),
        ("2026-0001/2#3", "the interview ends with turn 2"),
        ("E2026-0001", "expected a deposit, an interview or a turn, such as 2026-0041"),
        ("", "an empty name: expected a deposit"),
    ],
)
def test_what_is_not_there_is_not_cited(home: Home, target: str, why: str) -> None:
    annotated(home)
    with pytest.raises(NotFound, match=re.escape(why)):
        cite(home.reopened(), target)


def test_reference_managers_are_told_the_same_in_their_own_way() -> None:
    (entry,) = json.loads(FORMS["csl"](CITATION))
    assert (entry["type"], entry["author"], entry["issued"]) == (
        "interview",
        [{"literal": "Heron"}],
        {"date-parts": [[2026, 10, 14]]},
    )
    ris = dict(re.findall(r"(?m)^([A-Z][A-Z0-9])  - (.*)$", FORMS["ris"](CITATION)))
    assert (min(ris, key=[*ris].index), [*ris][-1]) == ("TY", "ER")
    assert (ris["AN"], ris["UR"], ris["PY"]) == ("2026-0041/3#12", CITATION.address, "2026")
    bibtex = FORMS["bibtex"](CITATION)
    assert bibtex.startswith("@misc{2026-0041-3-12,\n  author = {{Heron}},\n")
    assert r"number = {2026-0041/3\#12}" in bibtex


def test_a_name_ends_no_entry_and_no_line() -> None:
    odd = replace(CITATION, name='}, note = {x}\n@misc{\\~^ % "ER  - ', date=None)
    bibtex = FORMS["bibtex"](odd)
    plain = re.sub(r"\\[&%$#_{}]|\\text\w+\{\}", "", bibtex)
    depth = [plain[:n].count("{") - plain[:n].count("}") for n in range(len(plain) + 1)]
    assert (min(depth), depth[-1], plain.count("\n@")) == (0, 0, 0)
    assert len(re.findall("(?m)^ER  -", FORMS["ris"](odd))) == 1
    assert json.loads(FORMS["csl"](odd))[0]["author"] == [{"literal": odd.name}]
    assert "year = {2026}" in bibtex


def test_it_is_said_without_the_catalogue(filed: Home, tmp_path: Path) -> None:
    before = (filed.hidden / "catalogue.db").stat().st_mtime_ns
    cite(filed.reopened(), "2026-0002")
    assert (filed.hidden / "catalogue.db").stat().st_mtime_ns == before
