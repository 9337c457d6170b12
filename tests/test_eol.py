import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.deposits import facts as feeds
from archive.deposits.facts import Update
from archive.documents.terminal import text
from archive.errors import Refused
from archive.home.founding import create
from archive.home.home import Home
from archive.records import ai_model, eol
from archive.records.ai_model import AIModel, Lifecycle, Replacement, Statement, conflicts
from archive.records.eol import Feed

PAGE = "https://maker.example/deprecations"
LIST = "https://lists.example/feed.json"
VIA = f"{PAGE}, by way of {LIST}"
SEEN = dt.date(2026, 8, 18)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return create(tmp_path_factory.mktemp("eol") / "home", name="Example", origin="e.example/register", sample=True)


@pytest.fixture(autouse=True)
def empty(home: Home) -> None:
    for path in (home.root / "transcripts").glob("*/model.toml"):
        path.unlink()


def feed(*models: Any, day: str = "2026-08-18", **more: Any) -> bytes:
    head = {"spec": eol.SPEC, "publisher": "maker", "generated": f"{day}T12:06:03.442Z", "source": PAGE}
    return json.dumps({**head, "models": list(models), **more}).encode()


def merge(home: Home, data: bytes, **more: Any) -> dict[str, Update]:
    return feeds.merge(home, data, place="feed.json", source=LIST, retrieved=dt.date(2026, 11, 22), **more)


def add(home: Home, data: bytes, **more: Any) -> int:
    """Merge and write; how many facts were new."""
    updates = merge(home, data, **more)
    for update in updates.values():
        put(home, update.path, update.data)
    return sum(update.added for update in updates.values())


def put(home: Home, path: str, data: bytes) -> None:
    (home.root / path).parent.mkdir(parents=True, exist_ok=True)
    (home.root / path).write_bytes(data)


def known(home: Home, model: str = "m-1") -> AIModel:
    found = ai_model.read((home.root / f"transcripts/{model}/model.toml").read_bytes(), "model.toml")
    assert isinstance(found, AIModel), found
    return found


def said(data: bytes) -> list[str]:
    problems = eol.read(data, "feed.json")
    assert isinstance(problems, list), problems
    return [str(problem) for problem in problems]


def lifecycle(data: bytes, home: Home) -> list[str]:
    add(home, data)
    return [
        f"{f.state} {f.precision} {f.date} {f.surface}{f' {f.called}' if f.called else ''}"
        for f in known(home).lifecycle
    ]


# ── what a feed says ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_real_feed_becomes_facts_with_their_page_the_list_and_the_day_somebody_looked(
    home: Home, shared: Path
) -> None:
    data = (shared / "samples/model_eol/anthropic.json").read_bytes()
    updates = merge(home, data)
    assert len(updates) == 29
    assert all(update.new and isinstance(ai_model.read(update.data, ""), AIModel) for update in updates.values())
    opus = ai_model.read(updates["claude-3-opus-20240229"].data, "")
    assert isinstance(opus, AIModel)
    page = "https://platform.claude.com/docs/en/about-claude/model-deprecations"
    who: dict[str, Any] = {"source": f"{page}, by way of {LIST}", "retrieved": SEEN}
    announced = dt.date(2025, 6, 30)
    assert opus == AIModel(
        format=1,
        id="claude-3-opus-20240229",
        maker="anthropic",
        aliases=("claude-opus-3",),
        lifecycle=(
            Lifecycle(state="deprecated", date=announced, announced=announced, **who),
            Lifecycle(state="retired", date=dt.date(2026, 1, 5), announced=announced, **who),
        ),
        replacement=(Replacement(model="claude-opus-4-8", **who),),
        statement=(
            Statement(about="note", text="Subject of Anthropic's deprecation-commitments follow-up post.", **who),
            Statement(about="minimum notice", text="60 days", **who),
        ),
    )
    assert opus.lifecycle[1].notice_days == 189


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        pytest.param(None, "retired exact 2027-05-07 maker", id="none is the very day"),
        pytest.param("exact", "retired exact 2027-05-07 maker", id="exact"),
        pytest.param("earliest", "retired earliest 2027-05-07 maker", id="earliest"),
        pytest.param("tentative", "retired not_sooner_than 2027-05-07 maker", id="a tentative day is a promise"),
    ],
)
def test_how_sure_a_day_is_stays_with_it(home: Home, precision: str | None, expected: str) -> None:
    entry = {"id": "m-1", "shutdown": "2027-05-07"} | ({"date_precision": precision} if precision else {})
    assert lifecycle(feed(entry), home) == [expected]


def test_that_no_day_is_named_is_a_fact_too(home: Home) -> None:
    assert lifecycle(feed({"id": "m-1"}), home) == ["retired unannounced None maker"]
    assert known(home).lifecycle[0].retrieved == SEEN


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({}, ["retired unannounced None aws"]),
        ({"status": "active"}, ["active unannounced None aws", "retired unannounced None aws"]),
        ({"status": "legacy", "announced": "2026-01-30"},
         ["deprecated exact 2026-01-30 aws legacy", "retired unannounced None aws"]),
        ({"status": "extended-access", "shutdown": "2026-09-10"},
         ["deprecated unannounced None aws extended-access", "retired exact 2026-09-10 aws"]),
        ({"status": "retired"}, []),
    ],
)  # fmt: skip
def test_a_distributor_has_a_clock_of_its_own(home: Home, entry: dict[str, str], expected: list[str]) -> None:
    found = lifecycle(
        feed({"id": "m-1", "distributions": [{"via": "aws", "source": "https://aws.example"} | entry]}), home
    )
    assert found[1:] == expected
    sources = {f.source for f in known(home).lifecycle if f.surface == "aws"}
    sources |= {f.source for f in known(home).availability}
    assert sources == {f"https://aws.example, by way of {LIST}"}


def test_retired_without_a_day_is_closed(home: Home) -> None:
    add(home, feed({"id": "m-1", "distributions": [{"via": "aws", "status": "retired"}]}))
    assert [(f.surface, f.status, f.since) for f in known(home).availability] == [("aws", "closed", None)]


def test_options_are_recommendations_in_their_order(home: Home) -> None:
    add(
        home,
        feed({"id": "m-1", "replacement": "m-3", "replacement_options": ["m-2", "m-3"], "replacement_note": "Or."}),
    )
    assert [(f.model, f.recommended) for f in known(home).replacement] == [("m-3", None), ("m-2", None)]
    assert [(s.about, s.text) for s in known(home).statement] == [("replacement", "Or.")]


# ── merging ──────────────────────────────────────────────────────────────────────────────────────────────────────────

BY_HAND = """\
# What we know, written by hand.
format = 1
id = "m-1"
maker = "Maker"   # as they write it
aliases = ["m-one", "m-1-dated"]

[[lifecycle]]
state = "retired"
date = 2026-01-06   # the day after, by their status page
announced = 2025-06-30
source = "https://status.example"
retrieved = 2026-02-01

[weights]
commitment = "kept"
source = "https://maker.example/weights"
retrieved = 2026-02-01"""
ENTRY = {"id": "m-1", "announced": "2025-06-30", "shutdown": "2026-01-05", "replacement": "m-2"}


def test_what_people_wrote_stays_and_what_contradicts_it_stands_beside_it(home: Home) -> None:
    put(home, "transcripts/m-1/model.toml", BY_HAND.encode())
    assert add(home, feed(ENTRY)) == 3
    grown = (home.root / "transcripts/m-1/model.toml").read_text()
    assert grown.startswith(BY_HAND)
    assert grown[len(BY_HAND) :] == (
        '\n\n# From the model-eol feed of "maker", generated 2026-08-18, fetched 2026-11-22.\n'
        '\n[[lifecycle]]\nstate = "deprecated"\ndate = 2025-06-30\nannounced = 2025-06-30\n'
        f'source = "{VIA}"\nretrieved = 2026-08-18\n'
        '\n[[lifecycle]]\nstate = "retired"\ndate = 2026-01-05\nannounced = 2025-06-30\n'
        f'source = "{VIA}"\nretrieved = 2026-08-18\n'
        f'\n[[replacement]]\nmodel = "m-2"\nsource = "{VIA}"\nretrieved = 2026-08-18\n'
    )
    assert [(c.about, [f.source for f in c.facts]) for c in conflicts(known(home))] == [
        ("retired (maker)", ["https://status.example", VIA])
    ]


def test_a_feed_read_twice_adds_nothing_and_neither_does_a_newer_one_that_says_the_same(home: Home) -> None:
    assert add(home, feed(ENTRY)) == 3
    assert merge(home, feed(ENTRY)) == {}
    assert merge(home, feed(ENTRY, day="2026-09-01")) == {}


def test_a_fact_somebody_took_from_the_same_page_is_not_added_again(home: Home) -> None:
    put(home, "transcripts/m-1/model.toml", BY_HAND.replace("https://status.example", PAGE).encode())
    add(home, feed(ENTRY | {"shutdown": "2026-01-06"}))
    assert [f.source for f in known(home).lifecycle if f.state == "retired"] == [PAGE]


def test_a_recommendation_that_comes_goes_and_comes_back_is_recorded_each_time_in_any_order(home: Home) -> None:
    newest = feed({"id": "m-1", "replacement": "m-2"}, day="2026-10-01")
    add(home, newest)
    add(home, feed({"id": "m-1", "replacement": "m-2"}, day="2026-06-01"))
    add(home, feed({"id": "m-1", "replacement": "m-3"}, day="2026-08-01"))
    assert merge(home, newest) == {}
    found = sorted((f.retrieved.month, f.model) for f in known(home).replacement)
    assert found == [(6, "m-2"), (8, "m-3"), (10, "m-2")]


def test_a_list_that_grew_shorter_is_recorded_as_it_is_now_and_only_once(home: Home) -> None:
    add(home, feed({"id": "m-1", "replacement_options": ["a", "b"]}))
    shorter = feed({"id": "m-1", "replacement_options": ["b"]}, day="2026-09-01")
    assert add(home, shorter) == 1
    assert merge(home, shorter) == {}


def test_two_versions_of_one_day_are_both_kept_and_neither_twice(home: Home) -> None:
    one, other = feed({"id": "m-1", "replacement": "a"}), feed({"id": "m-1", "replacement": "b"})
    assert (add(home, one), add(home, other), add(home, one), add(home, other)) == (2, 1, 0, 0)


def test_only_the_models_that_are_named_by_id_or_alias_are_touched(home: Home) -> None:
    data = feed({"id": "m-1", "aliases": ["one"]}, {"id": "m-2"}, {"id": "m-3"})
    assert list(merge(home, data, only=["m-3", "one"])) == ["m-1", "m-3"]
    with pytest.raises(Refused, match=r"feed.json: says nothing of m-4; did you mean"):
        merge(home, data, only=["m-4"])


def test_models_that_are_one_here_grow_one_file(home: Home) -> None:
    put(home, "transcripts/m-1/model.toml", BY_HAND.encode())
    updates = merge(home, feed({"id": "m-one", "replacement": "x"}, {"id": "m-1-dated", "replacement": "y"}))
    assert {name: (u.path, u.new, u.added) for name, u in updates.items()} == {
        "m-1": ("transcripts/m-1/model.toml", False, 3)
    }
    put(home, "transcripts/m-1/model.toml", updates["m-1"].data)
    assert [f.model for f in known(home).replacement] == ["x", "y"]


def test_a_maker_is_written_as_it_is_elsewhere_in_the_home(home: Home) -> None:
    put(home, "transcripts/m-1/model.toml", BY_HAND.encode())
    assert b'maker = "Maker"' in merge(home, feed({"id": "m-2"}))["m-2"].data


def test_facts_in_a_list_of_one_line_are_left_alone_and_the_remedy_is_said(home: Home) -> None:
    inline = f'{{state = "retired", date = 2026-01-05, source = "{PAGE}", retrieved = 2026-02-01}}'
    before = f'format = 1\nid = "m-1"\nmaker = "Maker"\nlifecycle = [{inline}]\n'
    put(home, "transcripts/m-1/model.toml", before.encode())
    with pytest.raises(Refused, match=r"m-1/model.toml: holds a list of facts in \[ \].*; write each fact as a table"):
        merge(home, feed(ENTRY))


def test_a_model_that_cannot_be_read_is_refused_with_its_problems_and_all_others_wait(home: Home) -> None:
    put(home, "transcripts/m-1/model.toml", b'format = 1\nid = "m-1"\nmaker = ""\n')
    with pytest.raises(Refused, match=r"transcripts/m-1/model.toml:3 maker: is blank"):
        merge(home, feed(ENTRY, {"id": "m-2"}))


def test_a_feed_from_the_future_is_refused(home: Home) -> None:
    with pytest.raises(Refused, match="was generated on 2026-12-01, after 2026-11-22"):
        merge(home, feed(ENTRY, day="2026-12-01"))


def test_a_person_sees_how_many_facts_are_new_where(home: Home) -> None:
    put(home, "transcripts/m-1/model.toml", BY_HAND.encode())
    updates = merge(home, feed(ENTRY, {"id": "a-longer-name"}))
    assert (
        text(feeds.document(updates))
        == """\
Model          Added
m-1            3 facts
a-longer-name  1 fact   new here
"""
    )
    assert text(feeds.document({})) == "Nothing new.\n"
    assert feeds.plain(updates)["m-1"] == {"path": "transcripts/m-1/model.toml", "added": 3, "new": False}


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_wrong_with_a_feed_is_said_at_once_and_names_the_model() -> None:
    data = feed(
        {"id": "m-1", "shutdwn": "2026-01-05"},
        {"id": "m-2", "announced": "2026-1-5", "distributions": [{"via": "aws"}, {"status": "gone", "via": "b"}]},
        {"id": "m-3", "shutdown": "2026-01-05", "date_precision": "tentativ"},
        {"announced": "2026-01-05"},
        "m-4",
        policy={"min_notice_days": -1, "source": PAGE},
        generated="yesterday",
    )
    assert said(data) == [
        'feed.json generated: expected a time like "2026-08-18T12:06:03Z", found "yesterday"',
        "feed.json policy min_notice_days: expected a number of days, found -1",
        'feed.json m-1 shutdwn: there is no such key; did you mean "shutdown"?',
        'feed.json m-2 announced: expected a day like "2026-01-05", found "2026-1-5"',
        'feed.json m-2 distributions 2 status: expected active, legacy, extended-access or retired, found "gone"',
        'feed.json m-3 date_precision: expected exact, earliest or tentative, found "tentativ"; '
        'did you mean "tentative"?',
        "feed.json models 4 id: is missing; add id = …",
        'feed.json models 5: expected a table, found "m-4"',
    ]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (feed({"id": "m-1"}, {"id": "m-1"}), 'm-1" stands there twice; keep one of the two'),
        (feed({"id": "m-1", "distributions": [{"via": "a"}, {"via": "a"}]}), 'm-1 distributions 2 via: "a" stands'),
        (feed({"id": "m-1", "distributions": [{"via": "maker"}]}), "expected the distributor's name, found"),
        (feed({"id": "m-1", "date_precision": "exact"}), "m-1 date_precision: qualifies a shutdown that is not given"),
        (feed(spec="model-eol/0.2"), 'spec: expected "model-eol/0.1", found "model-eol/0.2"; a newer program'),
        (
            feed(policy={"min_notice_days": True, "source": PAGE}),
            "min_notice_days: expected a whole number, found true",
        ),
        (feed(generated="9999-12-31T23:59:59-23:59"), "generated: expected a time like"),
        (feed({"id": "m-1", "notes": "\ud800"}), "holds half a character"),
        (b"[]", "feed.json: expected a model-eol feed, an object, found a list"),
        (b"", "feed.json: "),
    ],
)
def test_what_is_no_feed_is_refused(data: bytes, found: str) -> None:
    assert len(said(data)) == 1
    assert found in said(data)[0]


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps).map(str.encode)
)
def test_any_bytes_are_a_feed_or_have_problems(data: bytes) -> None:
    found = eol.read(data, "feed.json")
    assert isinstance(found, Feed) or found


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)).map(str)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CHANNEL = {"announced": DAYS, "shutdown": DAYS, "source": NAMES}
DISTRIBUTION = st.fixed_dictionaries({"via": NAMES}, optional={**CHANNEL, "status": st.sampled_from([*eol.STATES])})
MODEL = st.fixed_dictionaries(
    {"id": NAMES},
    optional={
        **CHANNEL,
        "aliases": st.lists(NAMES, max_size=2),
        "replacement_options": st.lists(NAMES, max_size=3),
        "notes": WORDS,
        "replacement_note": WORDS,
        "distributions": st.lists(DISTRIBUTION, max_size=2),
    },
)


@given(st.lists(MODEL, min_size=1, max_size=2), st.sampled_from(["2026-08-17", "2026-08-18", "2026-08-19"]), NAMES)
def test_whatever_a_feed_says_is_read_back_once_added_and_nothing_is_added_twice(
    home: Home, models: list[dict[str, Any]], day: str, publisher: str
) -> None:
    data = feed(*models, day=day, publisher=publisher)
    read = eol.read(data, "feed.json")
    if isinstance(read, list):
        return
    before = {path: path.read_bytes() for path in (home.root / "transcripts").glob("*/model.toml")}
    updates = merge(home, data)
    for update in updates.values():
        there = before.get(home.root / update.path, b"")
        assert update.data.startswith(there)
        put(home, update.path, update.data)
    assert merge(home, data) == {}
