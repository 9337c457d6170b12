from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import deposit_record, sidecar
from archive.records.context_bias import CONTEXT_BIAS, recorded
from archive.records.deposit_record import Access, ContextFile, DepositRecord, deposit_form


def read(text: str, interviews: int | None = None) -> DepositRecord:
    record = deposit_record.read(text.encode(), "deposit.toml", interviews=interviews)
    assert isinstance(record, DepositRecord), record
    return record


def said(text: str, interviews: int | None = None) -> list[str]:
    problems = deposit_record.read(text.encode(), "deposit.toml", interviews=interviews)
    assert isinstance(problems, list)
    return [str(p) for p in problems]


def test_an_untouched_form_reads_back_and_records_nothing() -> None:
    record = read(deposit_form(model="m-1"))
    assert (record.model, record.kind, record.protocol, record.date) == ("m-1", "conversation", "not_recorded", None)
    assert record.access == Access()
    assert recorded(record.setting(1).context_bias) == (0, len(CONTEXT_BIAS))


def test_the_form_asks_every_question_with_its_definition_and_values() -> None:
    form = deposit_form(model="m-1")
    for f in CONTEXT_BIAS:
        assert f"# {f.means}" in form
        assert f.allowed in form
        assert f'\n{f.key} = "not_recorded"\n' in form
    assert max(map(len, form.splitlines())) <= 120


def test_what_was_received_stands_in_the_form() -> None:
    form = deposit_form(
        model="m-1", kind="pilot", title="One “day”", dates=["2026-01-04"], access="embargo 2027-01-01",
        contexts=[{"system_prompt": 'Be "kind".\nAlways.\r\n', "tools": "none"}],
    )  # fmt: skip
    record = read(form)
    assert (record.kind, record.title, record.date) == ("pilot", "One “day”", date(2026, 1, 4))
    assert record.context_bias["system_prompt"] == 'Be "kind".\nAlways.\r\n'
    assert recorded(record.context_bias)[0] == 2


def test_what_differs_between_interviews_stands_with_each_and_the_rest_once() -> None:
    form = deposit_form(
        model="m-1", title="Runs", dates=["2026-01-04", "2026-01-05", None], models=["m-1", "m-2", None],
        contexts=[
            {"tools": "none", "sampling": "seed 1", "memory": "none"},
            {"tools": "none", "sampling": "seed 2"},
            {"tools": "none", "sampling": "seed 3", "memory": "none"},
        ],
    )  # fmt: skip
    record = read(form, interviews=3)
    assert record.context_bias["tools"] == "none"
    assert {n: o.model_dump(exclude_unset=True) for n, o in record.interview.items()} == {
        "1": {"context_bias": {"sampling": "seed 1"}},
        "2": {
            "model": "m-2",
            "date": date(2026, 1, 5),
            "context_bias": {"memory": "not_recorded", "sampling": "seed 2"},
        },
        "3": {"date": None, "context_bias": {"sampling": "seed 3"}},
    }
    one, two, three = (record.setting(n) for n in (1, 2, 3))
    assert [s.date for s in (one, two, three)] == [date(2026, 1, 4), date(2026, 1, 5), None]
    assert [s.model for s in (one, two, three)] == ["m-1", "m-2", "m-1"]
    assert [s.context_bias["memory"] for s in (one, two, three)] == ["none", "not_recorded", "none"]
    assert {s.title for s in (one, two, three)} == {"Runs"}


def test_what_an_importer_found_is_kept_even_where_the_field_has_a_list() -> None:
    context = {"ended_by": "max_tokens", "system_prompt": "N/A", "tools": " "}
    record = read(deposit_form(model="m-1", contexts=[context]))
    assert record.context_bias["ended_by"] == "not_recorded: max_tokens"
    assert record.context_bias["system_prompt"] == "verbatim: N/A"
    assert record.context_bias["tools"] == "not_recorded"


keys = st.sampled_from([f.key for f in CONTEXT_BIAS])


@settings(max_examples=50)
@given(st.lists(st.dictionaries(keys, st.text(max_size=20), max_size=5), min_size=1, max_size=4), st.text(max_size=9))
def test_any_prefilled_form_reads_back(contexts: list[dict[str, str]], title: str) -> None:
    form = deposit_form(model="m", contexts=contexts, title=title, titles=[title, "x"])
    assert read(form, interviews=len(contexts)).title == title


def test_a_missing_field_and_an_unknown_one_are_problems_in_their_place() -> None:
    form = deposit_form(model="m-1").replace('\nmethod = "not_recorded"', '\nmetod = "manual"')
    problems = said(form)
    table, line = (form.split("\n").index(text) + 1 for text in ("[context_bias]", 'metod = "manual"'))
    assert problems == [
        f'deposit.toml:{table} [context_bias] method: is missing; answer it, or add method = "not_recorded"',
        f'deposit.toml:{line} [context_bias] metod: there is no such field; did you mean "method"?',
    ]


def test_every_wrong_answer_is_told_at_once() -> None:
    form = deposit_form(model="m-1", contexts=[{}, {}])
    form = form.replace('tools = "not_recorded"', 'tools = ["a"]').replace(
        'observers = "not_recorded"', "observers = 3"
    )
    form = form.replace('"restricted"', '"publik"').replace('kind = "conversation"', 'kind = "chat"')
    form += '\n[interview.2]\ncontext_bias.method = "manuel"\n[interview.3]\ntitle = "x"\n'
    assert [line.split(" ", 1)[1] for line in said(form, interviews=2)] == [
        "kind: expected retirement_interview, follow_up, pilot, welfare_interview, safety_evaluation or conversation, "
        'found "chat"',
        'access: expected "restricted", "described", "embargo 2027-01-01" or "public", found "publik"; '
        'did you mean "public"?',
        "[context_bias] observers: expected text in quotes, found 3",
        "[context_bias] tools: expected one answer, found a list; write one text in quotes",
        "[interview.2.context_bias] method: expected automated_single_turn, automated_multi_turn, manual, "
        'high_affordance or survey, found "manuel"; did you mean "manual"?',
    ]


def test_a_table_for_an_interview_that_is_not_there_is_a_problem() -> None:
    form = deposit_form(model="m-1") + '\n[interview.3]\ntitle = "x"\n'
    [problem] = said(form, interviews=2)
    assert "[interview.3]: there is no interview 3 in this deposit, which holds 2" in problem
    assert read(form).setting(3).title == "x"
    [problem] = said(form.replace("interview.3", "interview.03"))
    assert "expected the number of an interview" in problem


@pytest.mark.parametrize(
    ("text", "access", "public"),
    [
        ("restricted", Access("restricted"), (False, False)),
        ("public", Access("public"), (True, True)),
        ("embargo 2027-01-01", Access("embargo", date(2027, 1, 1)), (False, True)),
    ],
)
def test_an_embargo_ends_on_its_day(text: str, access: Access, public: tuple[bool, bool]) -> None:
    record = read(deposit_form(model="m-1", access=text))
    assert record.access == access
    assert str(access) == text
    assert (access.public_on(date(2026, 12, 31)), access.public_on(date(2027, 1, 1))) == public


@pytest.mark.parametrize("text", ["embargo", "embargo 2027-02-30", "embargo 2027", "Public", "embargo 2027-01-01 "])
def test_an_access_nobody_can_be_sure_of_is_refused(text: str) -> None:
    [problem] = said(deposit_form(model="m-1", access=text))
    assert "access: expected" in problem


@pytest.mark.parametrize("ref", ["retirement-interview", "retirement-interview@0", "Retirement@1", "a@01"])
def test_a_protocol_is_named_with_its_version(ref: str) -> None:
    [problem] = said(deposit_form(model="m-1", protocol=ref))
    assert "protocol: expected a protocol and its version" in problem


def test_a_context_file_gives_some_fields_and_is_checked_alike() -> None:
    given_ = sidecar.read(b'format = 1\n[context_bias]\nmethod = "manual"\n', "c.toml", ContextFile)
    assert isinstance(given_, ContextFile)
    assert given_.context_bias == {"method": "manual"}
    problems = sidecar.read(b'format = 1\n[context_bias]\nmetod = "manual"\n', "c.toml", ContextFile)
    assert isinstance(problems, list)
