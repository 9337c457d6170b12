import json

import pytest

from archive.documents.terminal import text
from archive.home.home import Home
from archive.research import keeping
from archive.research.keeping import Upkeep
from tests.example_home import ANSWER, WISH, put_model

SEEN = 'source = "https://labs.example"\nretrieved = 2026-11-22\n'
DEFERRED = ANSWER.replace("acted_on", "deferred")
KEEP = WISH.replace("A channel of its own", "That its weights are kept").replace('series = ["letters"]\n', "")


def put(home: Home, name: str, *, retired: str = "", cost: str = "", more: str = "", **wishes: str) -> None:
    toml = f'format = 1\nid = "{name}"\nmaker = "Example Labs"\n'
    toml += f'\n[[lifecycle]]\nstate = "retired"\ndate = {retired}\n{SEEN}' if retired else ""
    amount, _, currency = cost.partition(" ")
    toml += f'\n[keeping]\nper_month = {amount}\ncurrency = "{currency}"\n{SEEN}' if cost else ""
    put_model(home, toml + more, {slug: text.replace("example-heron-1", name) for slug, text in wishes.items()})


@pytest.fixture
def kept(home: Home) -> Home:
    put(home, "late", retired="2026-10-20", cost="0.2 EUR", open_one=KEEP)
    put(home, "early", retired="2025-07-21", cost="1000.1 EUR", waiting=WISH + DEFERRED, done=WISH + ANSWER)
    put(home, "elsewhere", retired="2026-01-05", cost="40 USD")
    put(home, "unknown", retired="2026-02-01")
    put(home, "weights", more=f'\n[weights]\ncommitment = "kept"\n{SEEN}')
    put(home, "soon", more=f'\n[[lifecycle]]\nstate = "retired"\nprecision = "unannounced"\n{SEEN}')
    return home


def upkeep(home: Home) -> Upkeep:
    return keeping.upkeep(home.reopened())


def test_costs_grow_with_every_model_kept_each_currency_apart(kept: Home) -> None:
    found = {p.currency: ([one.model for one in p.kept], p.growth, p.each, p.unknown) for p in upkeep(kept).projections}
    assert found == {
        "EUR": (["early", "late"], (1000.1, 1000.3), 500.15, 1000.3),
        "USD": (["elsewhere"], (40.0,), 40.0, 80.0),
    }


def test_what_it_costs_beside_what_it_would_serve(kept: Home) -> None:
    assert (
        text(keeping.document(upkeep(kept)))
        == """\
── What keeping costs, in EUR ──────────────────────────────────────────────────
Retired     Model   A month  All so far
2025-07-21  early  1,000.10    1,000.10
2026-10-20  late       0.20    1,000.30

Each further model would add 500.15 a month, by the average of 2.

With the 2 whose cost is not recorded, at that average: 2,000.60 a month.

── What keeping costs, in USD ──────────────────────────────────────────────────
Retired     Model      A month  All so far
2026-01-05  elsewhere    40.00       40.00

Each further model would add 40.00 a month, by the average of 1.

With the 2 whose cost is not recorded, at that average: 120.00 a month.

Kept, at a cost that is not recorded (2): unknown and weights

Not counted, since nothing is said of retiring or keeping them: 1

── What keeping could serve: wishes that wait for a decision (2) ───────────────
open_one  open since 2026-10-14, by late, about self
  That its weights are kept

waiting  deferred since 2026-11-01, by early, about self
  A channel of its own
"""
    )


def test_where_no_cost_is_recorded_none_is_invented(home: Home) -> None:
    put(home, "unknown", retired="2026-02-01")
    assert text(keeping.document(upkeep(home))) == (
        "No cost of keeping is recorded.\n\nKept, at a cost that is not recorded (1): unknown\n\n"
        f"── What keeping could serve: wishes that wait for a decision (0) {'─' * 15}\n"
    )


def test_of_several_days_of_retirement_the_first_counts_and_another_surface_does_not(home: Home) -> None:
    other = f'\n[[lifecycle]]\nstate = "retired"\ndate = 2026-01-04\n{SEEN}'
    cloud = f'\n[[lifecycle]]\nstate = "retired"\ndate = 2024-01-01\nsurface = "cloud"\n{SEEN}'
    put(home, "m", retired="2026-01-05", more=other + cloud)
    assert [str(one.since) for one in upkeep(home.reopened()).unknown] == ["2026-01-04"]


def test_programs_get_the_numbers_with_their_sources(kept: Home) -> None:
    value = json.loads(json.dumps(keeping.plain(upkeep(kept))))
    assert value["projections"][1]["kept"] == [
        {
            "model": "elsewhere",
            "retired": "2026-01-05",
            "cost": {
                "source": "https://labs.example",
                "retrieved": "2026-11-22",
                "per_month": 40.0,
                "currency": "USD",
                "covers": "",
            },
            "total": 40.0,
        }
    ]
    assert [wish["slug"] for wish in value["wishes"]] == ["open_one", "waiting"]
    assert (value["not_counted"], [one["model"] for one in value["unknown"]]) == (1, ["unknown", "weights"])
