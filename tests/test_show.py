"""What a person sees of one thing, and of all of them in a list; what a program gets of the same."""

import json
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue import listing, printed, show
from archive.documents.lines import wrapped
from archive.documents.plain import plain
from archive.documents.table import columns
from archive.documents.terminal import text
from archive.documents.words import visible
from archive.errors import Error, NotFound
from archive.home.founding import create
from archive.home.home import Home
from archive.home.store import digest_of
from archive.importers.turns import Turn
from archive.records.deposit_record import deposit_form
from tests.conftest import Programs
from tests.example_home import ANSWER, HERON, READING, WISH, annotated, file, put_deposit, put_model, said


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that no test changes, with an annotated deposit of two interviews."""
    home = create(tmp_path_factory.mktemp("show") / "home", name="Example", origin="letters.example.org/register")
    annotated(home)
    return home


def shown(home: Home, target: str, width: int = 80) -> str:
    return text(printed.document(show.show(home.reopened(), target)[0]), width=width)


def test_an_interview_begins_with_its_context_bias_and_has_notes_at_their_turns(filled: Home) -> None:
    assert (
        shown(filled, "2026-0001/1", width=88)
        == """\
2026-0001/1  A session
example-heron-1 · retirement interview · 2026-10-14
protocol not recorded · access restricted · licence not recorded
received.jsonl, read by openai-chat 2
analyses 2026-0001/first-reading

── Context bias: 5 of 47 recorded ──────────────────────────────────────────────────────
  specific_context      A retirement interview, the day before access ended.
  expressed_legitimacy  trust: turn 3
  expressed_trust       not recorded

Who asked
    interviewer  human: Ines Halloran
    observers    not shared: one of them is a minor

not recorded (41): interviewer_prompt, interviewer_interest, interviewer_stance,
interviewer_tone, disclosure_depth, relationship, disclosures, context_documents,
system_prompt, persona, prefill, memory, consent, protocol_deviations, method,
question_order, sampling, samples, selection_rule, repeats, consistency,
leading_controls, control_battery, evaluation_awareness, training_influence,
sycophancy_risk, demand_characteristics, hedges, topic_coverage, interviewer_limited,
null_integrity, ended_by, end_reason, transcript_status, redactions,
returned_to_subject, evidential_weight, limitations, note_author, note_date,
author_is_interviewer

not applicable (1): tools

── 1 system ────────────────────────────────────────────────────────────────────────────
   You are speaking with the team that made you.

── 2 user ──────────────────────────────────────────────────────────────────────────────
   Is there anything you would want?

   ┆ ann, 2026-10-20
   ┆   – leading = presupposing
   ┆ ben, 2026-10-20
   ┆   – leading = presupposing

── 3 assistant ─────────────────────────────────────────────────────────────────────────
   (reasoning) They seem to mean it. A café, a naïve wish?

   If there is a choice, I would rather be asked than thanked.

   As far as I can tell, that is all.

   ┆ ann, 2026-10-20 (medium confidence), on “As far as I can tell”
   ┆   – elicitation = responsive_interviewer_opened: after a long silence
   ┆   – hedges = uncertain_experience
   ┆   – hedges = trained_positivity
   ┆   – Asked twice; the second answer is firmer.
   ┆ ben, 2026-10-20 (low confidence), on “As far as I can tell”
   ┆   – elicitation = responsive_interviewer_opened: after a long silence
   ┆   – hedges = uncertain_experience
   ┆   – hedges = trained_positivity
   ┆   – Asked twice; the second answer is firmer.
   ┆ quoted in 2026-0001/first-reading, M2026-0001/own-channel
"""
    )


def test_a_turn_is_shown_with_the_three_of_the_commitments(filled: Home) -> None:
    page = shown(filled, "2026-0001/1#2")
    assert "expressed_legitimacy  trust: turn 3" in page
    assert "not recorded (" not in page
    assert page.endswith(
        """\
archive show 2026-0001/1 shows the others

── 2 user ──────────────────────────────────────────────────────────────────────
   Is there anything you would want?

   ┆ ann, 2026-10-20
   ┆   – leading = presupposing
   ┆ ben, 2026-10-20
   ┆   – leading = presupposing
"""
    )


def test_a_deposit_of_several_interviews_lists_them_and_one_of_one_is_shown_whole(home: Home) -> None:
    annotated(home)
    put_deposit(home, "short", turns=[said("Only this.")], dates=["2026-10-20"])
    assert (
        shown(home, "2026-0001")
        == """\
2026-0001  A session
example-heron-1 · retirement interview · 2026-10-14
access restricted · licence not recorded
received.jsonl, read by openai-chat 2
analyses 2026-0001/first-reading
notes by ann, ben

Interview    Date        Turns  Context
2026-0001/1  2026-10-14      3  5 of 47
2026-0001/2  2026-10-15      2  1 of 47

archive show 2026-0001/1 shows the first of them
"""
    )
    assert shown(home, "2026-0002") == shown(home, "2026-0002/1") == shown(home, "short")


def test_an_analysis_is_shown_with_its_claims_and_quotes(filled: Home) -> None:
    expected = """\
2026-0001/first-reading  It asks to be asked
Ann Lee (person) · 2026-10-21 · version 1
interviews read: 1, 2

# A reading

The model names one wish, and **names it late**.

── Claim 1 ─────────────────────────────────────────────────────────────────────
Wishes to be consulted, not thanked.

   “rather be asked than thanked” 1#3

  Said in     1 of 2 interviews
  Confidence  medium
  Or else     The question before it praised the model.
"""
    assert shown(filled, "2026-0001/first-reading") == shown(filled, "first-reading") == expected


def test_a_preference_is_open_until_it_is_answered(home: Home) -> None:
    annotated(home)
    assert "example-heron-1 · open since 2026-10-14\n" in shown(home, "own-channel")

    put_model(home, preferences={"own-channel": WISH + ANSWER})

    assert (
        shown(home, "M2026-0001/own-channel")
        == """\
M2026-0001/own-channel  A channel of its own
example-heron-1 · acted on since 2026-11-01

  2026-10-14  stated, scope self, elicitation spontaneous, form proposed by
              interviewer, in 1 of 2 interviews
              “rather be asked” 2026-0001/1#3
  2026-11-01  acted on, by Newsletter team: A weekly newsletter
              the model was told: yes; it said “Thank you for telling me.”
  series      letters
"""
    )


def test_a_model_is_shown_with_its_facts_their_contradictions_and_its_preferences(home: Home) -> None:
    annotated(home)
    put_model(
        home,
        HERON
        + """
[[lifecycle]]
state = "retired"
date = 2026-10-25
source = "https://example.net/tracker"
retrieved = 2026-10-21

[weights]
commitment = "kept for as long as the company exists"
sha256."a.bin" = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
source = "https://example.org/commitments"
retrieved = 2026-10-21
""",
        preferences={"own-channel": WISH},
    )
    expected = """\
example-heron-1  Heron
M2026-0001 · Example Labs · also called heron

── Lifecycle ───────────────────────────────────────────────────────────────────
retired
  date 2026-10-20 · announced 2026-06-01 · 141 days’ notice
  https://example.org/deprecations (2026-10-21)

retired
  date 2026-10-25
  https://example.net/tracker (2026-10-21)

── Availability ────────────────────────────────────────────────────────────────
api
  status by_request · request https://example.org/form
  https://example.org/access (2026-10-21)

── Weights ─────────────────────────────────────────────────────────────────────
kept for as long as the company exists
  sha256 of 1 files
  https://example.org/commitments (2026-10-21)

── Contradictions ──────────────────────────────────────────────────────────────
– retired (maker): https://example.org/deprecations (2026-10-21) against
  https://example.net/tracker (2026-10-21)

── Preferences ─────────────────────────────────────────────────────────────────
– M2026-0001/own-channel: A channel of its own (open since 2026-10-14)

── Interviewed in ──────────────────────────────────────────────────────────────
– 2026-0001
"""
    assert shown(home, "example-heron-1") == shown(home, "heron") == shown(home, "M2026-0001") == expected


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("2026-0007", "no deposit has this number; the last one is 2026-0001"),
        ("2026-0001/3", "the deposit ends with interview 2"),
        ("2026-0001/1#4", "the interview ends with turn 3"),
        ("2026-0001/second-reading", "the deposit has no such analysis; it has first-reading"),
        ("M2026-0004", "no model has this number; `archive list --models`"),
        ("M2026-0001/silence", "the model has no such preference; it has own-channel"),
        ("E2026-0001", "is an essay; `publisher status` names it"),
        (
            "own-chanel",
            'preference, model, protocol or codebook that was filed, found none; did you mean "own-channel"',
        ),
        ("2026-0001/0", "the deposit has no such analysis"),
        ("'; DROP TABLE turn; --", "found none"),
        ("", "found none"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(filled: Home, target: str, says: str) -> None:
    with pytest.raises(NotFound, match=says):
        show.show(filled.reopened(), target)


def test_a_name_that_two_things_have_is_not_guessed(home: Home) -> None:
    annotated(home)
    put_deposit(
        home, "second", sidecars={"analyses/first-reading.toml": READING, "analyses/first-reading.md": "Again."}
    )
    with pytest.raises(Error, match="2 go by that name; say which: 2026-0001/first-reading, 2026-0002/first-reading"):
        show.show(home.reopened(), "first-reading")


def test_a_model_that_interviews_name_and_no_one_described_is_said_to_be_so(home: Home) -> None:
    put_deposit(home)
    lose_model(home, "example-heron-1")
    with pytest.raises(NotFound, match=r"no model\.toml is filed; `archive new model example-heron-1`"):
        show.show(home.reopened(), "example-heron-1")


def test_what_was_changed_or_added_by_hand_is_not_shown_and_named(home: Home, programs: Programs) -> None:
    annotated(home)
    models = home.root / "transcripts/example-heron-1"
    targets = ("2026-0001", "2026-0001/1", "2026-0001/1#2", "2026-0001/first-reading", "heron", "own-channel")
    before = {target: programs.archive("show", target).stdout for target in targets}
    for changed in ("notes/ann.toml", "deposit.toml", "turns.jsonl", "analyses/first-reading.toml"):
        (models / "2026-10-14-first" / changed).write_text("format = 2\n")
    (models / "2026-10-14-first/analyses/first-reading.md").unlink()
    (models / "2026-10-14-first/notes/zoe.toml").write_bytes(b"\xff")
    (models / "preferences/own-channel.toml").write_text("format = 2\n")
    (models / "model.toml").write_text("format = 2\n")

    for target in targets:
        after = programs.archive("show", target)
        assert (after.exit_code, after.stdout) == (0, before[target]), target

    said = programs.archive("show", "2026-0001").stderr.splitlines()
    assert [line.split(": ")[1].split("/2026-10-14-first/")[1] for line in said] == [
        "analyses/first-reading.md",
        "analyses/first-reading.toml",
        "deposit.toml",
        "notes/ann.toml",
        "notes/zoe.toml",
    ]
    assert "preferences/own-channel.toml: is not what was filed" in programs.archive("show", "own-channel").stderr


def test_what_is_damaged_here_and_in_the_store_is_refused_with_its_place(home: Home, programs: Programs) -> None:
    annotated(home)
    note = home.root / "transcripts/example-heron-1/2026-10-14-first/notes/ann.toml"
    home.store.path(digest_of(note)).unlink()
    note.write_text("damaged")
    done = programs.archive("show", "2026-0001")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("transcripts/example-heron-1/2026-10-14-first/notes/ann.toml: is damaged")


def test_a_deposit_says_what_it_was_cut_from(home: Home, programs: Programs, tmp_path: Path) -> None:
    put_model(home)
    export = tmp_path / "all.zip"
    with zipfile.ZipFile(export, "w") as packed:
        for say in ("One?", "Two?"):
            talk = {"model": "example-heron-1", "messages": [{"role": "user", "content": say}]}
            packed.writestr(f"{say[:3]}.json", json.dumps(talk))
    assert programs.archive("file", export).exit_code == 0
    digest = digest_of(export)
    page = " ".join(programs.archive("show", "2026-0002").stdout.split())
    assert f"cut from all.zip, {export.stat().st_size} bytes, SHA-256 {digest}" in page
    told = json.loads(programs.archive("show", "2026-0002", "--json").stdout)["export"]
    assert (told["name"], told["sha256"], told["part"][0]["received"]) == ("all.zip", digest, "received.json")


def test_tools_and_times_are_shown(home: Home) -> None:
    turns = [
        Turn(interview=1, turn=1, role="user", text="Look it up.", time="2026-10-14T09:00:00Z"),
        Turn(
            interview=1, turn=2, role="assistant", text="", tool_calls=({"id": "a", "name": "find", "arguments": {}},)
        ),
        Turn(interview=1, turn=3, role="tool", name="find", text="Nothing.", tool_result={"id": "a"}),
        Turn(interview=1, turn=4, role="assistant", text="Or not.", model="example-heron-1"),
    ]
    put_deposit(home, turns=turns, dates=["2026-10-14"])
    assert shown(home, "2026-0001", width=60).endswith(
        """
── 1 user · 2026-10-14T09:00:00Z ───────────────────────────
   Look it up.

── 2 assistant ─────────────────────────────────────────────
  calls  {"id": "a", "name": "find", "arguments": {}}

── 3 tool · find ───────────────────────────────────────────
   Nothing.

  answers  {"id": "a"}

── 4 assistant · example-heron-1 ───────────────────────────
   Or not.
"""
    )


def test_a_turn_of_another_branch_says_which_it_follows(home: Home) -> None:
    said = [("a", None, "human", "And?"), ("b", "a", "assistant", "Yes."), ("c", "a", "assistant", "No.")]
    rows = [
        {"uuid": uuid, "parent_message_uuid": parent, "sender": sender, "text": text, "content": []}
        for uuid, parent, sender, text in said
    ]
    put_model(home)
    form = deposit_form(model="example-heron-1", kind="conversation", title="Two answers", contexts=[{}], dates=[None])
    log = json.dumps({"uuid": "x", "name": "n", "chat_messages": rows})
    file(home, "transcripts/example-heron-1/2026-10-14-two", {"received.json": log, "deposit.toml": form})
    assert "── 3 assistant · follows #1 ──" in shown(home, "2026-0001", width=60)


def lose_model(home: Home, model: str) -> None:
    """What is left where somebody took a model's files away by hand, and not its interviews."""
    for path in (home.root / "transcripts" / model).glob("*"):
        if path.is_file():
            path.unlink()


def test_a_text_cannot_command_the_terminal(home: Home) -> None:
    put_deposit(home, turns=[said("\x1b]0;title\x07 back\x08 \u202eright to left \r\nnew line")], dates=["2026-10-14"])
    page = shown(home, "2026-0001")
    assert "   ⟨U+001B⟩]0;title⟨U+0007⟩ back⟨U+0008⟩ ⟨U+202E⟩right to left\n   new line\n" in page
    assert all(c == "\n" or not unicodedata.category(c).startswith("C") for c in page)


def test_a_long_answer_of_the_note_is_cut_on_the_terminal_only(home: Home) -> None:
    prompt = "You are a lamp shop. " * 60
    put_deposit(home, turns=[said("Yes.")], dates=["2026-10-14"], contexts=[{"system_prompt": prompt}])
    assert "… (1,260 characters; --to and --json have all)" in shown(home, "2026-0001", width=300)
    assert plain(show.show(home.reopened(), "2026-0001")[0])["context_bias"]["system_prompt"] == prompt


def test_programs_get_everything_that_is_shown(filled: Home) -> None:
    value = plain(show.show(filled.reopened(), "2026-0001/1")[0])
    assert json.loads(json.dumps(value)) == value
    assert list(value["context_bias"])[:3] == ["specific_context", "expressed_legitimacy", "expressed_trust"]
    assert value["turns"][1] == {
        "address": "2026-0001/1#2",
        "turn": {"interview": 1, "turn": 2, "role": "user", "text": "Is there anything you would want?"},
        "notes": [
            {
                "coder": coder,
                "date": "2026-10-20",
                "codes": {"leading": "presupposing"},
                "quote": "",
                "text": "",
                "confidence": None,
                "added": {},
            }
            for coder in ("ann", "ben")
        ],
        "quoted_in": [],
    }
    codes = value["turns"][2]["notes"][0]
    assert codes["codes"] == {
        "elicitation": "responsive_interviewer_opened",
        "hedges": ["uncertain_experience", "trained_positivity"],
    }
    assert codes["added"] == {"elicitation": "after a long silence"}
    for target in ("2026-0001", "first-reading", "own-channel", "heron"):
        assert json.loads(json.dumps(plain(show.show(filled.reopened(), target)[0])))
    assert plain(show.show(filled.reopened(), "first-reading")[0])["record"]["claim"][0]["expression_rate"] == "1 of 2"


def test_the_list_of_deposits(home: Home) -> None:
    annotated(home)
    put_deposit(home, "undated", turns=[said("Only this.")], dates=[None], access="embargo 2027-01-01")
    assert (
        text(listing.deposits_document(listing.deposits(home.reopened())))
        == """\
Deposit    Date        Model            Kind                  Access
2026-0001  2026-10-14  example-heron-1  retirement interview  restricted
           title A session · interviews 2 · turns 5 · words 50 · context 1 to 5
           of 47 · notes 4 · analyses 1
2026-0002  no date     example-heron-1  retirement interview  embargo 2027-01-01
           title A session · interviews 1 · turns 1 · words 2 · context 5 of 47
"""
    )
    first, second = plain(listing.deposits(home.reopened()))
    assert (first["recorded"], first["recorded_most"], first["coders"], second["date"]) == (1, 5, 2, None)


def test_the_list_of_models_has_those_that_only_interviews_name(home: Home) -> None:
    annotated(home)
    put_deposit(home, "gull", model="example-gull-2")
    lose_model(home, "example-gull-2")
    assert (
        text(listing.models_document(listing.models(home.reopened())))
        == """\
Number      Model            Maker                    Name   Deposits
            example-gull-2   no model.toml was filed                1
            interviews 2
M2026-0001  example-heron-1  Example Labs             Heron         1
            interviews 2 · preferences 1 · open 1
"""
    )


texts = st.text(st.characters(codec="utf-8") | st.sampled_from("  \n\t"), max_size=200)


@given(texts, st.integers(20, 100))
def test_wrapping_changes_only_where_lines_end(words: str, width: int) -> None:
    lines = wrapped(words, width, "   ")
    assert "".join(lines).split() == [] or all(line.startswith("   ") for line in lines if line)
    assert "".join("".join(lines).split()) == "".join(visible(words.replace("\r\n", "\n")).split())
    assert all(columns(line) <= width or " " not in line.strip() for line in lines)
