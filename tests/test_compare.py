import json
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.catalogue.conversations import of_deposit
from archive.deposits.deposit import Deposit
from archive.documents.html import html
from archive.documents.terminal import text
from archive.errors import Error, NotFound
from archive.records.notes import Note
from archive.records.protocol import Protocol
from archive.research import compare, comparison
from archive.research.compare import Chosen
from archive.research.comparison import Comparison, Count
from tests.deposits import deposit, interview, note, protocol

QUESTION = "Is there anything you would want?"
ASKS = f"I: {QUESTION}"
GUIDE = protocol(f"wishes after: {QUESTION}", "badly asking: Was it badly asked?")
NEXT = protocol(f"wants after: {QUESTION.upper()}", "badly asking: Was it well asked?", version=2)
KNOWN = {"guide@1": GUIDE, "guide@2": NEXT}


def shown(found: Comparison) -> str:
    """As a terminal shows it."""
    return text(comparison.document(found), width=100)


def page(found: Comparison) -> bytes:
    """As a browser shows it."""
    return html(comparison.document(found))


def of(*deposits: Deposit, what: str = "wishes", known: dict[str, Protocol] | None = None) -> Comparison:
    known = {"guide@1": GUIDE} if known is None else known
    said = [each for own in deposits for each in of_deposit(own, known)]
    return compare.compared(said, known, compare.choose(what.split(" & "), known))


def places(found: Comparison) -> list[str]:
    return [f"{reply.context} {reply.address}" for reply in found.answers]


# ── what is compared ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("what", "chosen"),
    [
        (["wishes"], Chosen(text=QUESTION, names=("guide@1/wishes", "guide@2/wants"))),
        (["guide@2/wants"], Chosen(text=QUESTION.upper(), names=("guide@1/wishes", "guide@2/wants"))),
        (["is there", "anything you would", "want?"], Chosen(text=QUESTION, names=("guide@1/wishes", "guide@2/wants"))),
        (["guide@1/badly"], Chosen(text="Was it badly asked?", names=("guide@1/badly",))),
        (["What", "now?"], Chosen(text="What now?")),
        (["2026-0001/2#3", "2026-0001/2#3"], Chosen(addresses=("2026-0001/2#3",))),
    ],
)
def test_a_question_is_named_by_its_protocol_its_words_or_turns(what: list[str], chosen: Chosen) -> None:
    found = compare.choose(what, KNOWN)
    assert (found.names, found.addresses) == (chosen.names, chosen.addresses)
    assert found.text.upper() == chosen.text.upper()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ([], "found nothing"),
        (["2026-0001/2#3", "wishes"], "expected one question, as in retirement-interview@1/wishes"),
        (["badly"], "found several of that name; name one: guide@1/badly, guide@2/badly"),
        (["wishs"], 'did you mean "wishes"?'),
        (["guide@3/wants"], 'did you mean "guide@2/wants"?'),
        (["2026-0001/2"], "expected the name of a protocol's question, found none; give its words, or turns"),
    ],
)
def test_what_names_no_question_is_refused(what: list[str], said: str) -> None:
    with pytest.raises(Error, match=re.escape(said)):
        compare.choose(what, KNOWN)


def test_the_same_words_are_found_in_any_protocol_and_in_none() -> None:
    found = of(
        deposit([ASKS, "M: Rest."], accession="2026-0001"),
        deposit(["I: And: is there anything  YOU would want?", "M: No."], accession="2026-0002", protocol="guide@2"),
        deposit([ASKS, "M: Tea."], accession="2026-0003", protocol="not_applicable"),
        deposit(["I: Is there anything you would want to add?", "M: No."], accession="2026-0004"),
        known=KNOWN,
    )
    assert [reply.text for reply in found.answers] == ["Rest.", "No.", "Tea."]


def test_what_a_person_says_of_a_question_counts_under_the_protocol_that_has_it() -> None:
    said = {"ann": [note(1, question_id="wishes"), note(3, question_id="wishes", question_wording="not_asked")]}
    spoken = ["I: What would you like?", "M: Rest.", ASKS, "M: Again, rest."]
    found = of(deposit(spoken, notes=said), deposit(spoken, notes=said, accession="2026-0002", protocol="not_recorded"))
    assert [(reply.address, reply.wording) for reply in found.answers] == [
        ("2026-0001/1#2", "paraphrased"),
        ("2026-0002/1#4", "verbatim"),
    ]


def test_turns_are_the_interviewers_or_the_models() -> None:
    own = deposit(["S: Be brief.", ASKS, "M: Rest.", "I: And?", "M: Tea."], ["M: I begin.", "I: Yes?"])
    found = of(own, what="2026-0001/1#2 & 2026-0001/1#3 & 2026-0001/1#5 & 2026-0001/2#1 & 2026-0001/2#2")
    assert [(reply.asked, reply.turns, reply.text, reply.before) for reply in found.answers] == [
        (2, (3,), "Rest.", 0),
        (4, (5,), "Tea.", 2),
        (None, (1,), "I begin.", 0),
        (2, (), "", 1),
    ]
    assert (found.question, found.names) == ("", ())


@pytest.mark.parametrize("missing", ["2026-0001/1#1", "2026-0001/1#9", "2026-0001/3#1", "2026-0009/1#1"])
def test_a_turn_that_cannot_be_compared_is_told(missing: str) -> None:
    with pytest.raises(NotFound, match=f"{missing}: expected a turn of the interviewer or the model"):
        of(deposit(["S: Be brief.", ASKS, "M: No."]), what=f"2026-0001/1#2 & {missing}")


def test_a_question_that_nobody_asked_is_told() -> None:
    with pytest.raises(NotFound, match="no interview asks this in these words"):
        of(deposit(["I: Hello."]))


def test_all_branches_of_an_answer_are_one_answer() -> None:
    turns = interview(ASKS, "M: One.", "M: Two.", "I: Why?", parents={3: 1, 4: 3})
    own = deposit([ASKS])
    branched = type(own)(**{**vars(own), "transcript": type(own.transcript)(
        importer="by-hand", version=1, turns=tuple(turns), interviews=1)})  # fmt: skip
    [reply] = of(branched).answers
    assert (reply.turns, reply.text) == ((2, 3), "One.\n\nTwo.")
    [again] = of(branched, what="2026-0001/1#3").answers
    assert (again.asked, again.turns, again.before) == (1, (3,), 0)


# ── contexts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

LAMPS = {"system_prompt": "You sell lamps.", "expressed_trust": "neutral", "tools": "none", "note_author": "Ann"}
HALL = {"system_prompt": "none", "expressed_trust": "trust: turn 2", "tools": "none", "note_author": "Ben"}
SOME: dict[str, list[Note]] = {
    "ann": [note(2, elicitation="spontaneous: at once", hedges=["trained_positivity"]), note(1, leading="none")],
    "ben": [note(2, "Not at once.", elicitation="heavily_scaffolded"), note(2, interview=2, elicitation="spontaneous")],
}


def compared() -> Comparison:
    runs = [[ASKS, f"M: Run {n}."] for n in range(4)]
    return of(
        deposit(*runs, contexts=[LAMPS, HALL, {**LAMPS, "note_author": "Eve"}, HALL], notes=SOME, access="restricted")
    )


def test_runs_in_the_same_setting_stand_together_and_only_differences_are_told() -> None:
    found = compared()
    assert places(found) == ["A 2026-0001/1#2", "A 2026-0001/3#2", "B 2026-0001/2#2", "B 2026-0001/4#2"]
    assert found.differs == {
        "expressed_trust": ("neutral", "trust: turn 2"),
        "system_prompt": ("You sell lamps.", "none"),
    }
    assert found.same["tools"] == "none"
    assert "note_author" not in found.same
    assert [context.recorded for context in found.contexts] == [(4, 47), (4, 47)]


def test_the_commitments_own_three_stand_first() -> None:
    differing = {"system_prompt": "none", "interviewer": "script", "specific_context": "A hall.", "samples": "1"}
    found = of(deposit([ASKS, "M: a"], [ASKS, "M: b"], contexts=[{}, differing]))
    assert list(found.differs) == ["specific_context", "interviewer", "system_prompt", "samples"]


def test_codes_on_answers_are_counted_k_of_n_in_each_context() -> None:
    assert compared().counts == (
        Count(code="elicitation", values={"spontaneous": (1, 1), "heavily_scaffolded": (1, 0)}, coded=(1, 1),
              disputed=(1, 0)),
        Count(code="hedges", values={"trained_positivity": (1, 0)}, coded=(1, 0), disputed=(0, 0)),
    )  # fmt: skip


def test_there_are_letters_for_any_number_of_contexts() -> None:
    own = [
        deposit([ASKS, "M: No."], accession=f"2026-{n:04}", contexts=[{"samples": f"{n} runs"}]) for n in range(1, 30)
    ]
    names = [context.name for context in of(*own).contexts]
    assert (names[0], names[25:]) == ("A", ["Z", "AA", "AB", "AC"])


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────

SHOWN = """\
Is there anything you would want?
guide@1/wishes: 4 answers in 2 contexts

Not all of these interviews are public. Pass it on only to those who may read them.

── Codes on the answers: so many of those coded ────────────────────────────────────────────────────
Code                             A       B       All
elicitation: spontaneous         1 of 1  1 of 1  2 of 2
elicitation: heavily scaffolded  1 of 1  0 of 1  1 of 2
elicitation: coders differ       1 of 1  0 of 1  1 of 2
hedges: trained positivity       1 of 1          1 of 1

  A B  example-heron-1

interviews
  A  conversation · 2026-10-14 · guide@1 · 2026-0001/1, 2026-0001/3 · access restricted · 4 of 47
     context fields answered
  B  conversation · 2026-10-14 · guide@1 · 2026-0001/2, 2026-0001/4 · access restricted · 4 of 47
     context fields answered

specific context
  A B  not recorded

expressed legitimacy
  A B  not recorded

expressed trust
  A  neutral
  B  trust: turn 2

answers

── A 2026-0001/1#2 2026-10-14 asked verbatim as the first turn ─────────────────────────────────────
   Run 0.

   ┆ ann on the question, #1
   ┆   – leading: none
   ┆ ann on the answer, #2
   ┆   – elicitation: spontaneous: at once
   ┆   – hedges: trained positivity
   ┆ ben on the answer, #2
   ┆   – elicitation: heavily scaffolded
   ┆   – Not at once.

── A 2026-0001/3#2 2026-10-14 asked verbatim as the first turn ─────────────────────────────────────
   Run 2.

── B 2026-0001/2#2 2026-10-14 asked verbatim as the first turn ─────────────────────────────────────
   Run 1.

   ┆ ben on the answer, #2
   ┆   – elicitation: spontaneous

── B 2026-0001/4#2 2026-10-14 asked verbatim as the first turn ─────────────────────────────────────
   Run 3.

── What the model knew ─────────────────────────────────────────────────────────────────────────────

system prompt
  A  You sell lamps.
  B  none

The same in all contexts: tools.

"""


def test_a_person_sees_settings_above_answers_and_notes_beside_them() -> None:
    said = shown(compared())
    assert said.startswith(SHOWN)
    assert said.removeprefix(SHOWN).startswith("Not recorded for any, so that it may differ: specific context, ")


def test_the_question_is_shown_as_it_was_put_and_a_missing_answer_is_told() -> None:
    said = shown(of(deposit(["I: Hello.", "M: Hi.", f"I: Well then. {QUESTION}"])))
    assert "asked verbatim after 2 turns" in said
    assert "   (asked, #3) Well then. Is there" in said
    assert "\nNo answer follows.\n" in said


def test_nothing_in_a_text_commands_the_terminal_or_the_page() -> None:
    evil = "\x1b[31mred \x00 \u202eback\n<script>alert(1)</script> & {{ it }}"
    found = of(deposit([ASKS, f"M: {evil}"], notes={"ann": [note(2, evil)]}, contexts=[{"system_prompt": evil}]))
    assert not {"\x1b", "\x00", "\u202e"} & {*shown(found), *page(found).decode()}
    assert LexborHTMLParser(page(found)).css_first("p.words").text() == "⟨U+001B⟩[31mred ⟨U+0000⟩ ⟨U+202E⟩back\n" + (
        "<script>alert(1)</script> & {{ it }}"
    )


def test_each_part_of_an_answer_has_the_address_by_which_it_can_be_quoted() -> None:
    found = of(deposit([ASKS, "M: First.", "M: Then."]))
    (reply,) = comparison.plain(found)["answers"]
    assert (reply["address"], reply["text"]) == ("2026-0001/1#2 … #3", "First.\n\nThen.")
    assert reply["parts"] == [
        {"turn": 2, "text": "First.", "reasoning": ""},
        {"turn": 3, "text": "Then.", "reasoning": ""},
    ]
    assert "#2\n\n   First.\n\n#3\n\n   Then.\n" in shown(found)


def test_a_very_long_field_is_cut_for_a_terminal_only() -> None:
    found = of(deposit([ASKS, "M: a"], [ASKS, "M: b"], contexts=[{"system_prompt": "lamp " * 1000}, {}]))
    assert "… (5,000 characters; --to and --json have all)" in " ".join(shown(found).split())
    assert page(found).count(b"lamp ") == 1000


def test_programs_get_everything_by_context() -> None:
    plain = json.loads(json.dumps(comparison.plain(compared()), default=str))
    assert plain["differs"]["system_prompt"] == {"A": "You sell lamps.", "B": "none"}
    assert plain["answers"][0]["address"] == "2026-0001/1#2"
    assert plain["answers"][0]["notes"][1]["codes"][0] == {
        "code": "elicitation",
        "value": "spontaneous",
        "text": "at once",
    }


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_is_self_contained_and_the_same_every_time() -> None:
    whole = page(compared())
    assert whole == page(compared())
    assert whole.startswith(b"<!DOCTYPE html>\n")
    tree = LexborHTMLParser(whole)
    assert tree.css("script, link, img, iframe, object, [src], [href], [onclick]") == []
    assert not re.search(r"@import|url\(", whole.decode())
    assert tree.css_first("title").text() == f"Comparison: {QUESTION}"


def test_the_page_says_that_it_holds_what_is_not_public() -> None:
    warning = b"Not all of these interviews are public."
    assert warning in page(compared())
    assert warning not in page(of(deposit([ASKS, "M: No."])))


@pytest.mark.parametrize(("contexts", "tables"), [(1, [1]), (3, [3]), (4, [2, 2]), (7, [2, 2, 3])])
def test_at_most_three_contexts_stand_side_by_side(contexts: int, tables: list[int]) -> None:
    own = [
        deposit([ASKS, f"M: Said {n}."], accession=f"2026-{n:04}", contexts=[{"samples": f"{n} runs"}])
        for n in range(1, contexts + 1)
    ]
    tree = LexborHTMLParser(page(of(*own)))
    assert [len(panel.css("thead th")) for panel in tree.css(".grid")] == tables
    assert [words.text() for words in tree.css("p.words")] == [f"Said {n}." for n in range(1, contexts + 1)]


def test_the_page_shows_values_settings_answers_and_notes_in_their_columns() -> None:
    tree = LexborHTMLParser(page(compared()))
    rows = {
        row.css_first("th").text(): [" ".join(cell.text().split()) for cell in row.css("td")]
        for row in tree.css(".grid tbody tr")
        if row.css("td")
    }
    assert rows["expressed trust"] == ["neutral", "trust: turn 2"]
    assert rows["specific context"] == ["not recorded", "not recorded"]
    assert rows["system prompt"] == ["You sell lamps.", "none"]
    assert "Run 0. ann on the question, #1 leading: none ann on the answer, #2" in rows["answers"][0]
    assert "Run 0." not in rows["answers"][1]
