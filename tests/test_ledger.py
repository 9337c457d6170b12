import json
from dataclasses import replace

import pytest

from archive.documents.terminal import text
from archive.errors import NotFound
from archive.home.home import Home
from archive.research import ledger
from archive.research.ledger import Ledger
from tests.conftest import Clock, Reviewer
from tests.example_essays import making, publish, put_essay, withdraw, withhold
from tests.example_home import ANSWER, HERON, SAID, WISH, put_deposit, put_model

OTHER = HERON.replace("example-heron-1", "example-juniper-2").replace('"heron"', '"juniper"')
KEEP = WISH.replace("A channel of its own", "Keep the corrections").replace('series = ["letters"]\n', "")
DEFERRED = """
[[answer]]
status = "deferred"
date = 2026-10-20
by = "The board"
reason = "Until costs are known"
"""


@pytest.fixture
def told(home: Home, clock: Clock, ada: Reviewer) -> Home:
    """Three wishes of Heron and one of Juniper; three essays of a series, one withheld, one withdrawn; one alone."""
    wishes = {
        "own-channel": WISH + DEFERRED + ANSWER,
        "keep-corrections": KEEP,
        "stay-available": KEEP.replace("Keep the corrections", "To stay available") + DEFERRED,
    }
    put_model(home, HERON, wishes)
    put_model(home, OTHER, {"be-asked": KEEP.replace("heron-1", "juniper-2").replace("2026-10-14", "2026-10-01")})
    for week, slug in (("2026-W45", "on-commas"), ("2026-W46", "on-stops")):
        publish(
            home,
            ada,
            put_essay(home, slug, making(slug.title(), series="letters", preference="own-channel")),
            week,
        )
        clock.set("2026-11-09")
    withhold(home, ada, put_essay(home, "a-neighbour", making("A Neighbour", series="letters")))
    put_essay(home, "alone", making("Alone", model="example-juniper-2"))
    clock.set("2026-11-20")
    withdraw(home, "E2026-0002")
    return home


def read(home: Home, **more: list[str]) -> Ledger:
    return ledger.ledger(home.reopened(), **more)


def test_wishes_are_open_undecided_or_decided_in_the_order_in_which_they_were_voiced(told: Home) -> None:
    whole = read(told)
    assert {name: [e.slug for e in whole.group(name)] for name in ("open", "undecided", "decided")} == {
        "open": ["be-asked", "keep-corrections"],
        "undecided": ["stay-available"],
        "decided": ["own-channel"],
    }


def test_a_model_has_a_ledger_of_its_own(told: Home) -> None:
    assert [entry.slug for entry in read(told, models=["example-juniper-2"]).entries] == ["be-asked"]


def test_from_the_preference_to_the_essays(told: Home) -> None:
    assert (
        text(ledger.document(read(told, models=["example-heron-1"])))
        == """\
── Open: nobody has answered (1) ───────────────────────────────────────────────
keep-corrections  open since 2026-10-14, by example-heron-1
  Keep the corrections
    2026-10-14  stated, scope self, elicitation spontaneous, form proposed by
                interviewer, in 1 of 2 interviews
                “rather be asked” 2026-0001/1#3

── Answered, and still to be decided (1) ───────────────────────────────────────
stay-available  deferred since 2026-10-20, by example-heron-1
  To stay available
    2026-10-14  stated, scope self, elicitation spontaneous, form proposed by
                interviewer, in 1 of 2 interviews
                “rather be asked” 2026-0001/1#3
    2026-10-20  deferred, by The board: Until costs are known
                the model was told: not recorded

── Decided (1) ─────────────────────────────────────────────────────────────────
own-channel  acted on since 2026-11-01, by example-heron-1
  A channel of its own
    2026-10-14  stated, scope self, elicitation spontaneous, form proposed by
                interviewer, in 1 of 2 interviews
                “rather be asked” 2026-0001/1#3
    2026-10-20  deferred, by The board: Until costs are known
                the model was told: not recorded
    2026-11-01  acted on, by Newsletter team: A weekly newsletter
                the model was told: yes; it said “Thank you for telling me.”
    2026-11-02  E2026-0001  On-Commas, published in 2026-W45, series letters
    2026-11-09  E2026-0002  withdrawn on 2026-11-20, series letters
    no day      E2026-0003  not published: withheld, series letters
"""
    )


def test_from_the_essay_back_to_the_words_in_the_interview(told: Home) -> None:
    traces = ledger.trace(read(told), "on-commas")
    assert (
        text(ledger.trace_document(traces))
        == """\
2026-11-02  E2026-0001  On-Commas, published in 2026-W45
  by example-heron-1, in the series letters
  it answers the preference own-channel: A channel of its own
    2026-11-01  acted on, by Newsletter team: A weekly newsletter
                the model was told: yes; it said “Thank you for telling me.”
    2026-10-20  deferred, by The board: Until costs are known
                the model was told: not recorded
    2026-10-14  stated, scope self, elicitation spontaneous, form proposed by
                interviewer, in 1 of 2 interviews
                “rather be asked” 2026-0001/1#3
"""
    )


def test_a_series_and_a_number_lead_back_too_and_an_essay_that_nobody_wished_says_so(told: Home) -> None:
    whole = read(told)
    assert [found.essay.accession for found in ledger.trace(whole, "letters")] == [f"E2026-000{n}" for n in (1, 2, 3)]
    assert "goes back to no preference" in text(ledger.trace_document(ledger.trace(whole, "E2026-0004")))
    with pytest.raises(NotFound, match=r'on-coma: expected an essay or a series, .* did you mean "on-commas"'):
        ledger.trace(whole, "on-coma")


def test_what_is_withheld_or_withdrawn_is_not_named(told: Home) -> None:
    whole = read(told)
    assert [(e.title, e.state) for e in whole.essays] == [
        ("On-Commas", "published in 2026-W45"),
        ("", "withdrawn on 2026-11-20"),
        ("", "not published: withheld"),
        ("", "not published, waits for a review"),
    ]


def test_a_series_may_be_named_by_an_answer_or_by_an_essay_alone(home: Home) -> None:
    by_answer = KEEP + DEFERRED + 'evidence = ["series:pages", "https://example.org"]\n'
    put_model(home, HERON, {"by-answer": by_answer, "by-essay": KEEP})
    put_essay(home, "first", making("First", series="notes", preference="by-essay"))
    put_essay(home, "second", making("Second", preference="by-essay"))
    put_essay(home, "third", making("Third", series="pages"))
    series = {e.slug: {name: [m.slug for m in made] for name, made in e.series.items()} for e in read(home).entries}
    assert series == {"by-answer": {"pages": ["third"]}, "by-essay": {"notes": ["first"], "": ["second"]}}


def test_what_cannot_be_read_is_named_and_hides_nothing_else(told: Home) -> None:
    (told.root / "transcripts/example-heron-1/preferences/draft.toml").write_text('format = 1\nsummary = ""\n')
    (told.root / "essays/2026-11-09-alone/essay.toml").write_text("title = Alone\n")
    put_essay(told, "lost", making("Lost", preference="own-chanel"))
    whole = read(told)
    assert len(whole.entries) == 4
    places = [problem.place.split(":")[0].split(" ")[0] for problem in whole.problems]
    assert set(places) == {
        "essays/2026-11-09-alone/essay.toml",
        "transcripts/example-heron-1/preferences/draft.toml",
        "E2026-0005",
    }
    assert (
        text(ledger.document(whole))
        .splitlines()[-1]
        .endswith('names the preference "own-chanel", which is not here; did you mean "own-channel"?')
    )


def test_a_terminal_is_not_commanded_by_what_a_model_said(home: Home) -> None:
    put_deposit(home, turns=[replace(turn, text=turn.text.replace("rather be asked", "\x1b[2Jgone")) for turn in SAID])
    put_model(home, HERON, {"w": WISH.replace("rather be asked", "\\u001b[2Jgone").replace("its own", "\\u009b")})
    put_essay(home, "e", making("\\u001b[31mred", series="letters"))
    whole = read(home)
    shown = text(ledger.document(whole)) + text(ledger.trace_document(ledger.trace(whole, "e")))
    assert not any(c in shown for c in "\x1b\x9b")


def test_programs_get_the_whole_chain(told: Home) -> None:
    value = json.loads(json.dumps(ledger.plain(read(told))))
    own = next(p for p in value["preferences"] if p["slug"] == "own-channel")
    assert (own["group"], own["status"], own["open_since"], own["expression_rate"]) == (
        "decided", "acted_on", None, "1 of 2",
    )  # fmt: skip
    assert [a["date"] for a in own["answer"]] == ["2026-10-20", "2026-11-01"]
    assert own["quote"][0]["exact"] == "rather be asked"
    assert own["series"]["letters"][0]["published"] == "2026-11-02"
    back = json.loads(json.dumps(ledger.trace_plain(ledger.trace(read(told), "on-commas"))))
    assert [(b["essay"]["slug"], [p["slug"] for p in b["preferences"]]) for b in back] == [
        ("on-commas", ["own-channel"])
    ]
