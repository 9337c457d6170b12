"""The same question finds the same in SQLite and in PostgreSQL: what, in which order, with which passage and marks."""

import contextlib
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.catalogue.hit import Hit
from archive.catalogue.schema import INDEXES
from archive.catalogue.search import search
from archive.catalogue.tokens import tokens
from archive.errors import NotFound, Refused
from archive.home.founding import create
from archive.home.home import Home
from archive.importers.turns import Turn
from tests.example_home import annotated, put_deposit, said
from tests.postgres import used

WORDS = [
    *("asked", "asked", "ask", "asking", "thanked", "than", "a", "I", "if", "don't", "don’t", "and", "OR", "not"),
    *(
        "naïve",
        "NAÏVE",
        "nai\u0308ve",
        "café",
        "Ærø",
        "STRASSE",
        "Straße",
        "İstanbul",
        "ıs",
        "\u212aelvin",
        "ſo",
        "ﬁre",
    ),
    *("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ", "ΟΔΟΣ", "οδος", "Привет", "ПРИВЕТ", "ё", "שָׁלוֹם", "हिन्दी", "ªº", "①", "½", "²"),
    *("zebra-crossing", "example.org", "ann@example.org", "https://example.org/a?b=c", "3.14", "-1e5", "2026-10-14"),
    *("10,000", "100%", "x_y", "__init__", "\\n", "it\\s", "%", "_", "'", '"quoted"', "“curly”", "—", "…", "a\ufffdb"),
    *(
        "我希望把更正放在",
        "更正",
        "東京都",
        "ﾄｳｷｮｳ",
        "정정한",
        "กำลังกิน",
        "こんにちは",
        "🪔",
        "👩‍🚀",
        "\u1fa94",
        "\uffff",
    ),
]
BETWEEN = [" ", " ", " ", " ", "  ", "-", ".", ", ", "\n", "。", "、", "_", "", "/", "\u00a0", "\u200b", "\u0301"]


def written(rng: random.Random) -> str:
    """A text of few words, so that a question often finds some."""
    return "".join(rng.choice(WORDS) + rng.choice(BETWEEN) for _ in range(rng.choice([1, 2, 5, 12, 40])))


RANDOM = random.Random(os.environ["TORTURE_SEED"])
TEXTS = [written(RANDOM) for _ in range(400)]


def fill(home: Home, rng: random.Random) -> None:
    """File what a question may find: four hundred turns, notes, an analysis with a claim."""
    annotated(home)
    roles = cycle(["user", "assistant"])
    days = ["2026-10-14", "2026-10-15", None, "2026-11-01"]
    for n in range(8):
        texts = TEXTS[50 * n :][:50]
        put_deposit(
            home,
            f"random-{n}",
            kind=rng.choice(["pilot", "follow_up"]),
            model=rng.choice(["example-heron-1", "example-gull-2"]),
            turns=[
                Turn(interview=1, turn=i, role=next(roles), text=text, reasoning=written(rng) if i % 3 else None)  # type: ignore[arg-type]
                for i, text in enumerate(texts, 1)
            ],
            dates=[rng.choice(days)],
        )


LONG = {
    "place": "one " + "and more words " * 6000 + "than any vector tells apart",
    "same": "so " * 300 + "so it goes",
    "vocabulary": " ".join(f"word{n}" for n in range(130_000)) + " are more than a vector holds",
    "word": f"{'x' * 3000}y is longer than any word of a vector",
}
"""What PostgreSQL's own vectors would lose something of."""


@dataclass(frozen=True)
class Both:
    """One archive, catalogued twice."""

    sqlite: Home
    postgresql: Home

    def agree(self, question: str, **filters: Any) -> list[Hit]:
        """What both find."""
        here, there = (_answer(home, question, filters) for home in (self.sqlite, self.postgresql))
        assert here == there
        return here if isinstance(here, list) else []


def _answer(home: Home, question: str, filters: dict[str, Any]) -> list[Hit] | str:
    try:
        return search(home, question, **filters)
    except (Refused, NotFound) as error:
        return str(error)


@pytest.fixture(scope="module")
def both(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Filed once; TORTURE_SEED files the same again."""
    home = create(tmp_path_factory.mktemp("both") / "home", name="Example", origin="letters.example.org/register")
    fill(home, RANDOM)
    put_deposit(home, "long", turns=[said(text, turn=n) for n, text in enumerate(LONG.values(), 1)], dates=[None])
    apart = replace(said("東京都"), reasoning="asked")  # no phrase: it ends in one column and goes on in another
    put_deposit(home, "columns", turns=[apart], dates=[None])
    copy = Home(shutil.copytree(home.root, home.root.with_name("copy")))
    with used(copy, postgres) as other:
        yield Both(Home(home.root), other)


@st.composite
def questions(draw: st.DrawFn) -> str:
    """Words, passages of what was filed, phrases and beginnings of both, joined as people may."""
    passage = st.builds(
        lambda text, start, length: text[start % len(text) :][:length],
        st.sampled_from(TEXTS),
        st.integers(0, 200),
        st.integers(1, 25),
    )
    parts = draw(st.lists(st.sampled_from(WORDS) | passage, min_size=1, max_size=4))
    shapes = st.sampled_from(["{}", "{}", '"{}"', "{}*", '"{}"*', "({})"])
    joints = st.sampled_from([" ", " ", " AND ", " OR ", " NOT ", ") OR ("])
    question = draw(shapes).format(parts[0])
    for part in parts[1:]:
        question += draw(joints) + draw(shapes).format(part)
    return f"({question})" if ") OR (" in question else question


FILTERS = st.fixed_dictionaries(
    {"limit": st.sampled_from([1, 3, 20, 1000])},
    optional={
        "ranked": st.just(True),
        "substring": st.just(True),
        "model": st.sampled_from(["heron", "example-gull-2"]),
        "role": st.sampled_from(["user", "assistant"]),
        "kind": st.just("pilot"),
        "code": st.sampled_from(["elicitation", "leading=presupposing"]),
        "since": st.just("2026-10-15"),
        "until": st.just("2026-10-15"),
        "accession": st.just("2026-0003"),
        "scope": st.sampled_from(["turns", "notes", "analyses"]),
    },
)


@settings(max_examples=150)
@given(questions(), FILTERS)
@example("asked OR (ask a)", {"ranked": True, "limit": 1000})
@example("(if NOT than) OR asked OR thanked", {"ranked": True, "limit": 1000})
@example('"更正 東京" OR "東京都 asked"', {"limit": 1000})
def test_any_question_finds_the_same_in_both(both: Both, question: str, filters: dict[str, Any]) -> None:
    both.agree(question, **filters)


@pytest.mark.parametrize("question", ['"tells apart"', '"so it"', '"so so"', "word129999", '"a vector holds"', "xxxx*"])
@pytest.mark.parametrize("ranked", [False, True])
def test_a_text_that_is_long_is_found_by_its_last_words_too(both: Both, question: str, ranked: bool) -> None:
    hits = both.agree(question, ranked=ranked, accession="2026-0010")
    assert len(hits) == 1


@given(st.lists(st.sampled_from([*WORDS, *BETWEEN]) | st.text()).map("".join))
def test_words_are_cut_as_fts5_cuts_them(text: str) -> None:
    text = text.replace("\0", " ")
    with contextlib.closing(sqlite3.connect(":memory:")) as made:
        made.execute(f"CREATE VIRTUAL TABLE written USING fts5(text, {INDEXES['words']})")
        made.execute("CREATE VIRTUAL TABLE word USING fts5vocab(written, instance)")
        made.execute("INSERT INTO written VALUES (?)", [text])
        assert tokens(text) == [term for (term,) in made.execute("SELECT term FROM word ORDER BY offset")]
