from datetime import date

import pytest

from archive.records import ai_model
from archive.records.ai_model import AIModel, conflicts

HEAD = 'format = 1\nid = "m-1"\nmaker = "Maker"\n'
SEEN = 'source = "https://example.org/{}"\nretrieved = 2026-11-22\n'


def fact(table: str, entries: str, source: str = "a") -> str:
    return f"[[{table}]]\n{entries}\n{SEEN.format(source)}"


def read(text: str) -> AIModel:
    found = ai_model.read((HEAD + text).encode(), "model.toml")
    assert isinstance(found, AIModel), found
    return found


def said(text: str) -> list[str]:
    problems = ai_model.read((HEAD + text).encode(), "model.toml")
    assert isinstance(problems, list), problems
    return [str(p) for p in problems]


def about(text: str) -> list[tuple[str, list[str]]]:
    return [(c.about, [f.source[-1] for f in c.facts]) for c in conflicts(read(text))]


def test_facts_of_every_kind_are_read_with_their_source() -> None:
    found = read(
        'name = "Model One"\naliases = ["one", "maker/one"]\n'
        + fact("lifecycle", 'state = "retired"\ndate = 2026-01-05\nannounced = 2025-06-30\ncalled = "sunset"')
        + fact("availability", 'surface = "api"\nstatus = "by_request"\nrequest = "https://example.org/form"')
        + fact("replacement", 'model = "m-2"\nrecommended = 2025-06-30')
        + fact("guidance", 'title = "Moving on"')
        + fact("assessment", 'kind = "safety"\nabout = "shutdown avoidance"\nfinding = "none seen in 40 runs"')
        + fact("statement", 'about = "retirement"\ntext = "The first to be retired this way."')
        + '[weights]\ncommitment = "kept"\nsize_bytes = 10\nchecked = 2026-11-01\n'
        + f'sha256."weights-1 of 2.bin" = "{"ab" * 32}"\n{SEEN}'
        + f'[keeping]\nper_month = 120\ncurrency = "EUR"\n{SEEN}'
    )
    assert found.lifecycle[0].notice_days == 189
    assert found.weights is not None
    assert found.weights.sha256 == {"weights-1 of 2.bin": "ab" * 32}
    assert found.keeping is not None
    assert found.keeping.per_month == 120.0
    assert found.assessment[0].about == "shutdown avoidance"
    assert conflicts(found) == []


def test_an_unannounced_date_is_left_out_and_every_other_is_given() -> None:
    assert read(fact("lifecycle", 'state = "retired"\nprecision = "unannounced"')).lifecycle[0].date is None
    assert said(fact("lifecycle", 'state = "retired"')) == [
        'model.toml:4 [[lifecycle]] 1 date: retired has no date; add date = …, or precision = "unannounced"'
    ]
    assert said(fact("lifecycle", 'state = "retired"\ndate = 2026-01-05\nprecision = "unannounced"')) == [
        "model.toml:6 [[lifecycle]] 1 date: an unannounced date cannot be given; take out date, or correct precision"
    ]


def test_notice_is_counted_to_an_exact_day_only() -> None:
    text = 'state = "retired"\ndate = 2026-01-05\nannounced = 2026-01-01\nprecision = "{}"'
    days = [
        read(fact("lifecycle", text.format(p))).lifecycle[0].notice_days for p in ("exact", "earliest", "tentative")
    ]
    assert days == [4, None, None]


@pytest.mark.parametrize(
    ("table", "entries", "problem"),
    [
        ("[[availability]]", 'surface = "api"\nstatus = "by_request"', "request: by_request stands without an address"),
        ("[[availability]]", 'surface = "api"\nstatus = "open"\nsince = 2026-02-01\nuntil = 2026-01-01', "ends on"),
        ("[weights]", 'commitment = "kept"\nchecked = 2026-01-01', "checked: a fixity check needs hashes"),
        ("[weights]", 'commitment = "kept"\nsha256."a" = "AB"', "[weights.sha256] a: expected a SHA-256"),
        ("[keeping]", 'per_month = nan\ncurrency = "EUR"', "per_month: expected an amount, found nan"),
        ("[keeping]", 'per_month = -1\ncurrency = "EUR"', "per_month: expected an amount, found -1.0"),
        ("[keeping]", 'per_month = 1\ncurrency = "€"', "currency: expected a currency code"),
    ],
)  # fmt: skip
def test_a_fact_that_makes_no_sense_is_refused(table: str, entries: str, problem: str) -> None:
    [found] = said(f"{table}\n{entries}\n{SEEN}")
    assert problem in found


def test_a_fact_needs_its_source_and_the_day_it_was_looked_up() -> None:
    assert said('[[replacement]]\nmodel = "m-2"\n') == [
        "model.toml:4 [[replacement]] 1 source: is missing; add source = …",
        "model.toml:4 [[replacement]] 1 retrieved: is missing; add retrieved = …",
    ]


def day(when: str, precision: str, source: str, more: str = "") -> str:
    return fact("lifecycle", f'state = "retired"\ndate = {when}\nprecision = "{precision}"\n{more}', source)


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        (("2026-01-05", "exact"), ("2026-01-06", "exact"), True),
        (("2026-01-05", "exact"), ("2026-01-05", "exact"), False),
        (("2026-01-05", "exact"), ("2026-01-06", "not_sooner_than"), True),
        (("2026-01-06", "exact"), ("2026-01-06", "not_sooner_than"), False),
        (("2026-01-05", "earliest"), ("2025-01-05", "exact"), True),
        (("2026-01-05", "earliest"), ("2027-01-05", "not_sooner_than"), False),
        (("2026-01-05", "tentative"), ("2027-01-05", "exact"), False),
    ],
)
def test_dates_contradict_each_other_where_both_cannot_be(
    one: tuple[str, str], other: tuple[str, str], contradict: bool
) -> None:
    expected = [("retired (maker)", ["a", "b"])] if contradict else []
    assert about(day(*one, "a") + day(*other, "b")) == expected


def test_another_surface_or_state_contradicts_nothing() -> None:
    assert about(day("2026-01-05", "exact", "a") + day("2026-07-30", "exact", "b", 'surface = "aws-bedrock"')) == []


def test_a_day_before_its_announcement_contradicts_itself() -> None:
    [conflict] = conflicts(read(day("2026-02-19", "exact", "a", "announced = 2026-03-26")))
    assert conflict.about == "retired (maker) before it was announced"
    assert conflict.facts[0].retrieved == date(2026, 11, 22)


def test_two_states_of_access_at_one_time_contradict_each_other() -> None:
    paid = fact("availability", 'surface = "api"\nstatus = "paid"\nuntil = 2026-01-05', "a")
    closed = fact("availability", 'surface = "api"\nstatus = "closed"\nsince = {}', "b")
    assert about(paid + closed.format("2026-01-05")) == []
    assert about(paid + closed.format("2026-01-04")) == [("availability (api)", ["a", "b"])]


def test_statements_about_one_thing_that_differ_stand_side_by_side() -> None:
    text = fact("statement", 'about = "order"\ntext = "the first"', "a")
    assert about(text + text) == []
    assert about(text + fact("statement", 'about = "order"\ntext = "the second"', "b")) == [("order", ["a", "b"])]
