"""Records as somebody types them: text that becomes what a file has, and all that is wrong at its key."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from archive.errors import Refused
from archive.records.ai_model import Keeping, Lifecycle, Statement, Weights
from archive.records.preference import Answer
from archive.records.record import Record
from archive.records.typed import text_of, typed

DAY = {"source": "a letter", "retrieved": "2026-11-29"}
SEEN = {"source": "a letter", "retrieved": dt.date(2026, 11, 29)}


@pytest.mark.parametrize(
    ("record", "said", "values"),
    [
        (Lifecycle, {"state": "retired", "date": " 2026-01-05 "}, {"state": "retired", "date": dt.date(2026, 1, 5)}),
        (Lifecycle, {"state": "retired", "date": "", "precision": "unannounced"},
         {"state": "retired", "precision": "unannounced"}),
        (Keeping, {"per_month": "1,450.50", "currency": "USD"}, {"per_month": 1450.5, "currency": "USD"}),
        (Weights, {"commitment": "Kept", "size_bytes": "12 000", "sha256": f"{'0f' * 32} *a b.bin\n"},
         {"commitment": "Kept", "size_bytes": 12000, "sha256": {"a b.bin": "0f" * 32}}),
        (Statement, {"about": "1200", "text": "2026-01-05"}, {"about": "1200", "text": "2026-01-05"}),
    ],
)  # fmt: skip
def test_text_becomes_what_the_key_takes(record: type[Record], said: Mapping[str, str], values: dict[str, Any]) -> None:
    made = typed(record, {**said, **DAY}, "fact")
    assert made == {**values, **SEEN}
    assert typed(record, {key: text_of(value) for key, value in made.items()}, "fact") == made


@pytest.mark.parametrize(
    ("record", "said", "wrong"),
    [
        (Lifecycle, {"state": "retired", "date": "5.1.2026"}, {"date"}),
        (Lifecycle, {"state": "retired", "date": "20260105"}, {"date"}),
        (Lifecycle, {"state": "retired", "date": "2026-02-30"}, {"date"}),
        (Keeping, {"per_month": "1e5", "currency": "usd"}, {"per_month", "currency"}),
        (Keeping, {"per_month": "1,45", "currency": "USD"}, {"per_month"}),
        (Weights, {"commitment": "Kept", "size_bytes": "-1", "sha256": "no"}, {"size_bytes", "sha256"}),
        (Weights, {"commitment": "Kept", "size_bytes": "9" * 40}, {"size_bytes"}),
        (Statement, {"about": "x", "text": "y", "rumour": "z"}, {"rumour"}),
        (Statement, {}, {"about", "text"}),
    ],
)
def test_all_that_is_wrong_is_said_at_its_key(record: type[Record], said: Mapping[str, str], wrong: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        typed(record, {**said, **DAY}, "fact")
    assert {problem.place.removeprefix("fact ") for problem in refused.value.problems} == wrong


def test_what_was_not_said_at_all_is_missing() -> None:
    with pytest.raises(Refused, match="answer by: is missing"):
        typed(Answer, {"status": "declined", "date": "2026-11-29", "by": "  ", "reason": "No."}, "answer")
