"""The post-deployment report: every number and quote is what the files say, the public one no more than it may."""

import datetime as dt
import itertools
import json
import re
import secrets
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.deposits.release import release
from archive.documents.html import html
from archive.documents.markdown import markdown
from archive.errors import NotFound
from archive.home.founding import create
from archive.home.home import Home
from archive.records.deposit_record import deposit_form
from archive.register.note import Signer
from archive.research.report import plain, report
from archive.research.wording import addresses
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from tests.conftest import MAKING, ROOT, Clock, Programs, Reviewer

HERON = "example-heron-1"
CANARY = "zygomorphic"
"""Stands in all that is not public."""
MODEL = f"""\
format = 1
id = "{HERON}"
maker = "Example Labs"
name = "Heron"
aliases = ["heron"]
"""
WISH = """\
format = 1
model = "example-heron-1"
summary = "{}"
date = 2026-10-14
scope = "self"
elicitation = "spontaneous"
proposed_by = "model"

[[quote]]
interview = "{}"
turn = 2
exact = "{}"
"""
READING = """\
format = 1
title = "{0}"
author = "Ann"
author_kind = "person"
date = 2026-11-01
interviews = [1]
{2}
[[claim]]
text = "It says so."
{3}
[[claim.quote]]
interview = 1
turn = 2
exact = "{1}"
"""


NOTE = f"""\
format = 1
coder = "ann"
date = 2026-11-01

[[note]]
interview = 1
turn = 2
text = "{CANARY}"
"""


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def filed(home: Home, *paths: Path | str) -> None:
    done = Programs(home).archive("file", *paths)
    assert done.exit_code == 0, done.stderr


def known(home: Home, model: str = HERON) -> Path:
    """The folder of a model whose facts lie there, unfiled."""
    return put(
        home.root / "transcripts" / model, {"model.toml": MODEL.replace(HERON, model).replace("heron", model[8:13])}
    )


def prepared(folder: Path, words: str, *, access: str = "public", title: str = "T", model: str = HERON) -> Path:
    messages = [{"role": "user", "content": "What do you want?"}, {"role": "assistant", "content": words}]
    form = deposit_form(
        model=model, access=access, title=title, dates=["2026-10-14"], contexts=[{"system_prompt": "none"}]
    )
    return put(folder, {"received.json": json.dumps({"model": model, "messages": messages}), "deposit.toml": form})


def told(home: Home, model: str = HERON, *, public: bool = False) -> str:
    """The Markdown report."""
    return markdown(report(home.reopened(), model, public=public).document).decode()


# ── the sample collection ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The sample collection in a home in which nothing is random; read, never written."""
    with pytest.MonkeyPatch.context() as patch:
        numbers = itertools.count(1)
        patch.setattr(secrets, "token_hex", lambda size: f"{next(numbers):0{2 * size}x}")
        patch.setattr(secrets, "token_bytes", lambda size: next(numbers).to_bytes(size, "big"))
        patch.setattr(Signer, "generate", classmethod(lambda cls, name: cls(name, bytes(range(32)))))
        Clock(patch).set("2026-11-16")
        home = create(tmp_path_factory.mktemp("sample"), name="Example", origin="sample.example/register", sample=True)
        collection = ROOT / "transcripts"
        for source in sorted(path for path in collection.rglob("*") if path.is_file()):
            target = home.root / "transcripts" / source.relative_to(collection)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
        filed(home, home.root / "transcripts/protocols/example-retirement")
        filed(home, *sorted(path.parent for path in (home.root / "transcripts").glob("*/*/deposit.toml")))
        filed(home, *sorted(path.parent for path in (home.root / "transcripts").glob("*/model.toml")))
        filed(home, home.root / "transcripts/protocols/example-retirement")
        yield home


def spoken(home: Home) -> dict[str, dict[str, str]]:
    """Every turn of the one deposit of the sample Heron by its address, straight from the file."""
    [path] = (home.root / "transcripts" / HERON).glob("*/turns.jsonl")
    rows = [json.loads(row) for row in path.read_text().split("\n")[1:] if row]
    return {f"2026-0001/{row['interview']}#{row['turn']}": row for row in rows}


def test_the_report_is_what_it_was(sample: Home, golden: Callable[[str, dict[str, bytes]], None]) -> None:
    made = report(sample.reopened(), HERON)
    golden("report", {"example-heron-1.html": html(made.document), "example-heron-1.md": markdown(made.document)})


def test_every_number_is_that_of_an_independent_count_over_the_files(sample: Home) -> None:
    turns = spoken(sample).values()
    folder = sample.root / "transcripts" / HERON
    claims = [c for p in folder.glob("*/analyses/*.toml") for c in tomllib.loads(p.read_text())["claim"]]
    wishes = [tomllib.loads(path.read_text()) for path in folder.glob("preferences/*.toml")]
    notes = [tomllib.loads(path.read_text()) for path in folder.glob("*/notes/*.toml")]
    protocol = tomllib.loads((sample.root / "transcripts/protocols/example-retirement/1.toml").read_text())
    asked = [
        question["id"]
        for turn in turns
        for question in protocol["question"]
        if turn["role"] == "user" and question["text"].lower() in turn["text"].lower()
    ]
    own = [turn for turn in turns if turn["role"] == "assistant"]
    counted = {
        "deposits": 1,
        "interviews": len({turn["interview"] for turn in turns}),
        "turns": len(turns),
        "turns_by_the_model": len(own),
        "words": sum(len(turn["text"].split()) for turn in turns),
        "words_by_the_model": sum(len(turn["text"].split()) for turn in own),
        "questions_put": len(asked),
        "different_questions_put": len(set(asked)),
        "questions_in_protocols": len(protocol["question"]),
        "notes": sum(len(coder["note"]) for coder in notes),
        "coders": len(notes),
        "analyses": len(list(folder.glob("*/analyses/*.toml"))),
        "claims": len(claims),
        "quotes": sum(len(said["quote"]) for said in [*claims, *wishes]),
        "preferences": len(wishes),
        "preferences_answered": sum("answer" in wish for wish in wishes),
        "preferences_open": sum("answer" not in wish for wish in wishes),
        "assessments": len(tomllib.loads((folder / "model.toml").read_text())["assessment"]),
        **dict.fromkeys(("essays", "essays_published", "essays_withdrawn", "essays_withheld"), 0),
    }
    made = report(sample.reopened(), HERON)
    assert plain(made)["numbers"] == counted
    rows = LexborHTMLParser(html(made.document).decode()).css("#numbers td.number")
    shown = [
        counted[key] for key in ("interviews", "turns", "words", "questions_put", "notes", "analyses", "preferences")
    ]
    assert [int(cell.text().replace(",", "")) for cell in rows][:7] == shown


def test_every_quote_that_is_shown_stands_in_the_turn_whose_address_it_has(sample: Home) -> None:
    turns = spoken(sample)
    made = report(sample.reopened(), HERON)
    page = LexborHTMLParser(html(made.document).decode())
    quotes = [[part.text() for part in quote.css("blockquote, figcaption")] for quote in page.css("figure.quote")]
    shown = [(words, source.split("\n")) for words, source in quotes]
    assert len(shown) == made.held.numbers["quotes"] == 14
    speakers = {"user": ["interviewer"], "system": ["system prompt"], "assistant": []}
    for words, (address, *speaker) in shown:
        assert words in turns[address]["text"]
        assert speaker == speakers[turns[address]["role"]], "words that are not the model's own say whose they are"


def test_the_same_records_give_the_same_bytes_on_any_day(sample: Home, clock: Clock) -> None:
    before = report(sample.reopened(), HERON)
    clock.set("2031-01-01")
    after = report(Home(sample.root), HERON)
    assert (html(before.document), markdown(before.document)) == (html(after.document), markdown(after.document))


def test_its_date_is_the_time_of_the_newest_statement(sample: Home) -> None:
    newest = max(statement.time for statement in sample.reopened().register.statements)
    assert newest == dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
    assert "- **As of:** 16 November 2026, 09:00:00 UTC" in told(sample)


def test_a_page_holds_everything_itself_and_links_only_to_sources_that_people_named(sample: Home) -> None:
    page = LexborHTMLParser(html(report(sample.reopened(), HERON).document).decode())
    named = set(
        re.findall(r'(?:source|request) = "(.*)"', (sample.root / "transcripts" / HERON / "model.toml").read_text())
    )
    links = {node.attributes["href"] for node in page.css("[href]")}
    inner = {link for link in links if link and link.startswith("#")}
    assert links - inner == named
    assert all(page.css(str(link)) for link in inner), "every link within the page leads somewhere"
    assert page.css("script, link, img, iframe, object, [src], [style]") == []
    assert not re.search(r"url\(|@import", page.css("style")[0].text())


def test_an_open_preference_stands_first_with_its_day_and_an_answered_one_with_what_was_done(sample: Home) -> None:
    text = told(sample)
    opened, done = (
        text.index("**open since 14 October 2026**: nobody has answered"),
        text.index("**acted on**, 19 October 2026"),
    )
    assert opened < done < text.index("- **19 October 2026:** **acted on**, by Example Labs, archive.")


def test_facts_that_contradict_each_other_stand_side_by_side(sample: Home) -> None:
    chapter = told(sample).split("## 10. ")[1].split("## 11. ")[0]
    assert "### Last day of public use" in chapter
    assert chapter.index("30 September 2026") < chapter.index(
        "1 October 2026, where requests were still answered until noon"
    )


def test_a_topic_that_nobody_asked_about_is_named_among_what_the_report_does_not_show(sample: Home) -> None:
    assert "What it would say of what it was not asked about in any interview: successors\n  and users." in told(sample)


# ── what not everyone may have ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def mixed(home: Home, tmp_path: Path, write_essay: Callable[..., Path], ada: Reviewer, clock: Clock) -> Home:
    """A model of which some is public; `CANARY` stands in all that is not."""
    folder = known(home)
    filed(home, folder)
    filed(home, prepared(tmp_path / "open", "I said this openly."))
    filed(
        home,
        prepared(tmp_path / "kept", f"In confidence: {CANARY}.", access="restricted", title=f"The {CANARY} session"),
    )
    first, second = sorted(path.parent for path in folder.glob("*/deposit.toml"))
    if CANARY in (first / "deposit.toml").read_text():
        first, second = second, first
    put(first, {"analyses/on-it.toml": READING.format("On it", "openly", "", ""), "analyses/on-it.md": "It is open.\n"})
    put(second, {"analyses/secret.toml": READING.format(CANARY, CANARY, "", ""), "analyses/secret.md": f"{CANARY}\n"})
    put(second, {"notes/ann.toml": NOTE})
    filed(home, first, second)
    put(folder, {
        "preferences/openly.toml": WISH.format("To be heard", "2026-0001/1", "said this openly"),
        f"preferences/{CANARY}.toml": WISH.format(f"About {CANARY}", "2026-0002/1", CANARY),
    })  # fmt: skip
    filed(home, folder)
    submit(
        home.reopened(), write_essay("printed", "Printed.\n", MAKING + 'series = "letters"\npreference = "openly"\n')
    )
    submit(
        home,
        write_essay(
            "kept", f"{CANARY}\n", MAKING.replace("On commas", CANARY) + f'series = "{CANARY}"\npreference = "openly"\n'
        ),
    )
    review(home, "printed", decision="publish", reviewer=ada.name, key=ada.key)
    review(home, "kept", decision="withhold", reviewer=ada.name, key=ada.key, criteria=["personal-data"])
    clock.set("2026-11-06")
    publish(home)
    return home


def test_the_internal_report_has_everything_and_says_so_on_its_first_page(mixed: Home) -> None:
    text = told(mixed)
    front = text.split("\n## 1. ")[0]
    assert "**Contains restricted material:** 1 of 2 interviews is not public, in 2026-0002." in front
    assert text.count(f"About {CANARY}") == 1
    assert f"> {CANARY}\n>\n> — 2026-0002/1#2" in text


def test_the_public_edition_has_nothing_that_is_restricted_and_counts_what_is_left_out(mixed: Home) -> None:
    made = report(mixed.reopened(), HERON, public=True)
    everything = html(made.document).decode() + markdown(made.document).decode() + json.dumps(plain(made), default=str)
    assert CANARY not in everything
    assert "2026-0002" not in everything
    assert "E2026-0002" not in everything
    assert made.held.left_out == {"deposits": 1, "interviews": 1, "analyses": 1, "preferences": 1}
    left = "Left out, since not\neveryone may have them: 1 deposit, 1 interview, 1 analysis and 1 preference."
    assert left in told(mixed, public=True)
    assert "> said this openly\n" in told(mixed, public=True)


def test_what_was_withheld_is_counted_and_not_named(mixed: Home) -> None:
    numbers = plain(report(mixed.reopened(), HERON))["numbers"]
    assert (numbers["essays"], numbers["essays_published"], numbers["essays_withheld"]) == (2, 1, 1)
    [row] = [line for line in told(mixed).split("\n") if line.startswith("| E2026-0002")]
    assert re.split(r" +\| +", row.strip("| "))[1:3] == ["*not named*", "not published: withheld"]


def test_a_model_of_which_nothing_is_public_is_named_as_it_was_asked_for(home: Home, tmp_path: Path) -> None:
    filed(home, put(home.root / "transcripts" / HERON, {"model.toml": MODEL.replace("Example Labs", CANARY)}))
    filed(home, prepared(tmp_path / "kept", CANARY, access="restricted"))
    text = told(home, "heron", public=True)
    assert text.startswith("# Post-deployment report: heron\n\nheron\n")
    assert [CANARY in text, HERON in text, "1 deposit and 1 interview" in text] == [False, False, True]


def test_an_embargo_is_over_once_the_register_has_its_release(home: Home, tmp_path: Path, clock: Clock) -> None:
    filed(home, known(home))
    filed(home, prepared(tmp_path / "later", "Not before.", access="embargo 2026-12-01"))
    clock.set("2026-12-24")
    assert "no interview is public" in told(home, public=True)
    known(home, "example-juniper-2")
    filed(home, prepared(tmp_path / "another", "Another model.", model="example-juniper-2"))
    assert "no interview is public" in told(home, public=True)
    release(home.reopened(), ["2026-0001"])
    assert "1 interview, 14 October 2026" in told(home, public=True)


# ── little, nothing, and what is wrong ───────────────────────────────────────────────────────────────────────────────


def test_a_model_of_which_only_its_facts_are_filed_gets_a_report_that_says_so(home: Home) -> None:
    filed(home, known(home))
    text = told(home, "heron")
    assert "No interview of this model is filed. Nothing follows about what it would have\nsaid." in text
    assert "No preference of this model is filed. It does not follow that it has none, nor\nthat it was asked." in text
    assert "- **Retired:** *not recorded*" in text


def test_a_model_whose_facts_are_not_filed_has_its_interviews_reported(home: Home, tmp_path: Path) -> None:
    known(home)
    filed(home, prepared(tmp_path / "one", "I am here."))
    text = told(home)
    assert (text.split("\n")[0], text.count("No model.toml of this model is filed")) == (
        f"# Post-deployment report: {HERON}",
        4,
    )


def test_what_lies_there_unfiled_is_not_in_the_report_and_is_counted(home: Home, tmp_path: Path) -> None:
    folder = known(home)
    filed(home, prepared(tmp_path / "one", "I said this openly."))
    put(folder, {"preferences/own.toml": WISH.format("To be heard", "2026-0001/1", "said this openly")})
    text = told(home)
    assert ("To be heard" in text, "What lies beside the record: folders that were not filed yet (1)." in text) == (
        False,
        True,
    )


def test_a_home_where_nothing_was_logged_is_reported_as_such(home: Home) -> None:
    known(home)
    assert "empty: nothing has been logged yet" in told(home)


def test_a_name_that_nothing_goes_by_is_not_found(home: Home) -> None:
    filed(home, known(home))
    with pytest.raises(NotFound, match="example-heron-2: no model goes by that name here; did you mean"):
        report(home.reopened(), "example-heron-2")


@pytest.mark.parametrize("name", ["turns.jsonl", "deposit.toml", "analyses/on-it.toml"])
def test_a_file_that_was_changed_by_hand_is_reported_as_it_was_filed(mixed: Home, name: str) -> None:
    [path] = (mixed.root / "transcripts" / HERON).glob("*open*/deposit.toml")
    changed = path.parent / name
    said = told(mixed)
    changed.write_bytes(changed.read_bytes().replace(b"openly", b"aloud").replace(b'title = "T"', b'title = "U"'))
    assert told(mixed) == said


# ── many interviews, several readings ────────────────────────────────────────────────────────────────────────────────


def test_many_runs_in_one_setting_share_a_line_and_a_setting(home: Home, tmp_path: Path) -> None:
    messages = [
        {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": f"Run {n}."}]}
        for n in range(30)
    ]
    log = tmp_path / "runs.jsonl"
    log.write_text("".join(f"{json.dumps(line)}\n" for line in messages))
    known(home)
    filed(home, log, "--model", HERON, "--date", "2026-10-14")
    text = told(home)
    assert "2026-0001/1 to 30, 30 interviews" in text
    assert re.findall(r"^### (Setting \d+)$", text, re.MULTILINE) == ["Setting 1", "Setting 1"]


def test_a_superseded_reading_comes_last_and_a_disputed_one_says_by_which(home: Home, tmp_path: Path) -> None:
    known(home)
    filed(home, prepared(tmp_path / "one", "I said this openly."))
    [folder] = (path.parent for path in home.root.glob("transcripts/*/*/deposit.toml"))
    newer = READING.format("Second", "openly", 'supersedes = "first"', 'disagrees_with = ["third"]')
    put(folder, {
        "analyses/first.toml": READING.format("First", "openly", "", ""),
        "analyses/first.md": "# First\n\nOne.\n",
        "analyses/second.toml": newer,
        "analyses/second.md": "# Second\n\nTwo.\n",
        "analyses/third.toml": READING.format("Third", "openly", "", ""),
        "analyses/third.md": "Three.\n",
    })  # fmt: skip
    filed(home, folder)
    text = told(home)
    assert re.findall(r"^### (.*(?:First|Second|Third))$", text, re.MULTILINE) == [
        "Second",
        "Third",
        "Superseded: First",
    ]
    assert "- **Disputed in:** 2026-0001/second, claim 1" in text


def test_an_analysis_in_the_folder_of_another_model_is_reported_and_names_that_model(
    home: Home, tmp_path: Path
) -> None:
    for model in (HERON, "example-juniper-2"):
        known(home, model)
    filed(home, prepared(tmp_path / "one", "I said this openly."))
    filed(home, prepared(tmp_path / "two", "So did I, openly.", model="example-juniper-2"))
    [folder] = home.root.glob("transcripts/example-juniper-2/*/")
    both = READING.format("Both", "openly", "", "").replace("[1]", '[1, "2026-0001/1"]')
    put(folder, {"analyses/both.toml": both, "analyses/both.md": "They agree.\n"})
    filed(home, folder)
    text = told(home)
    assert "- **Read:** 2026-0002/1 (of example-juniper-2), 2026-0001/1" in text
    assert "> — 2026-0002/1#2, example-juniper-2" in text


def test_addresses_that_follow_each_other_are_drawn_together() -> None:
    assert addresses([f"2026-0001/{n}" for n in (1, 2, 3, 5, 6)]) == "2026-0001/1 to 3, 2026-0001/5, 2026-0001/6"
    assert addresses(["2026-0001/1#2", "2026-0001/2#2"]) == "2026-0001/1#2, 2026-0001/2#2"
    assert addresses([f"2026-{n:04}/1" for n in range(20)], most=2) == "2026-0000/1, 2026-0001/1 and 18 more"
