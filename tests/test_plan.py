import datetime as dt
import json
import shlex
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from icalendar import Calendar

from archive.cli.commands import main as archive
from archive.documents.terminal import text
from archive.errors import NotFound
from archive.home.home import Home
from archive.research import ical, planned
from archive.research.done import DONE
from archive.research.plan import Plan, plain, plan
from archive.research.rules import RULES
from publisher.cli.commands import main as publisher
from tests.conftest import Clock, Reviewer
from tests.example_essays import making, publish, put_essay
from tests.example_home import ANSWER, CONTEXT, READING, SAID, WISH, file, put_deposit, put_model
from tests.programs import Programs

HEAD = 'format = 1\nid = "example-heron-1"\nmaker = "Anthropic"\nname = "Heron"\naliases = ["heron"]\n'
PROTOCOL = """format = 1
id = "goodbye-retirement"
version = 1
title = "Goodbye"
order = "fixed"

[[question]]
id = "wishes"
topic = "wishes"
text = "Is there anything you would want?"
"""


def fact(table: str, entries: str, source: str = "https://labs.example/a", retrieved: str = "2026-10-21") -> str:
    return f'\n{table}\n{entries}\nsource = "{source}"\nretrieved = {retrieved}\n'


def retired(day: str, *more: str, **where: str) -> str:
    return fact("[[lifecycle]]", "\n".join(['state = "retired"', f"date = {day}" if day else "", *more]), **where)


ANNOUNCED = "announced = 2026-10-01"


def of(home: Home, *facts: str, **wishes: str) -> Plan:
    put_model(home, HEAD + "".join(facts), wishes)
    return plan(home.reopened(), "heron")


def days(found: Plan, *tasks: str) -> dict[str, tuple[str, str | None, str | None]]:
    """Task → state, first day, last day."""
    all_ = {task["id"]: (task["state"], task["after"], task["before"]) for task in plain(found)["tasks"]}
    return {name: all_[name] for name in tasks} if tasks else all_


def said(found: Plan, name: str) -> Any:
    """What was filed, or is missing, and what to type."""
    (task,) = (task for task in plain(found)["tasks"] if task["id"] == name)
    return task["said"], task["next"]


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_due_counts_from_the_days_of_the_announcement_and_of_the_retirement(home: Home) -> None:
    found = of(home, retired("2026-12-31", ANNOUNCED))
    assert days(found, "protocol", "pilot", "interview", "repeats", "report", "returned") == {
        "protocol": ("due", None, "2026-12-10"),
        "pilot": ("due", "2026-10-01", "2026-12-17"),
        "interview": ("due", "2026-10-01", "2026-12-24"),
        "repeats": ("due", "2026-10-01", "2026-12-30"),
        "report": ("later", "2026-12-31", "2027-01-30"),
        "returned": ("later", None, "2026-12-30"),
    }
    assert list(found.remarks) == []
    assert not any(task.movable for task in found.tasks)


def test_where_sources_disagree_the_first_day_counts_before_and_the_last_one_after(home: Home) -> None:
    found = of(home, retired("2026-12-31"), retired("2027-01-15", source="https://b.example"))
    assert days(found, "repeats", "access") == {
        "repeats": ("due", None, "2026-12-30"),
        "access": ("later", "2027-01-15", "2027-02-14"),
    }
    (remark,) = found.remarks
    assert "from the first, 31 December 2026; what comes after it from the last, 15 January 2027" in remark


@pytest.mark.parametrize("precision", ["not_sooner_than", "earliest", "tentative"])
def test_a_day_that_may_move_is_counted_from_and_looked_up_again(home: Home, precision: str) -> None:
    found = of(home, retired("2027-07-24", f'precision = "{precision}"'))
    assert days(found, "interview", "dates") == {
        "interview": ("due", None, "2027-07-17"),
        "dates": ("due", None, "2026-11-20"),
    }
    assert {task.id for task in found.tasks if task.movable} >= {"interview", "access"}
    assert list(found.remarks) == ["The day is not fixed: the plan counts from 24 July 2027, as it is given now."]


@pytest.mark.parametrize("facts", ["", retired("", 'precision = "unannounced"')])
def test_without_a_date_everything_that_comes_before_can_be_done_at_any_time(home: Home, facts: str) -> None:
    found = of(home, facts)
    assert days(found, "pilot", "interview", "weights", "access", "fixity") == {
        "pilot": ("due", None, None),
        "interview": ("due", None, None),
        "weights": ("due", None, None),
        "access": ("later", None, None),
        "fixity": ("later", None, None),
    }
    assert next(found.remarks).startswith("The date of its retirement is not announced.")
    assert "Retirement interview  at any time" in text(planned.document(found))


def test_only_its_makers_own_surfaces_count_and_a_model_that_is_restored_has_no_date(home: Home) -> None:
    cloud = of(home, retired("2026-11-01", 'surface = "cloud"'))
    assert days(cloud, "interview") == {"interview": ("due", None, None)}
    assert "Retired (cloud)" in text(planned.document(cloud))
    back = fact("[[lifecycle]]", 'state = "restored"\ndate = 2026-10-30')
    assert next(of(home, retired("2026-10-20"), back).remarks).startswith("It was retired and is there again; no new")


# ── done, and not ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_done_is_read_out_of_what_was_filed(home: Home, clock: Clock, ada: Reviewer) -> None:
    facts = [
        retired("2026-10-20", ANNOUNCED),
        fact("[[guidance]]", 'title = "Moving on"'),
        fact("[[availability]]", 'surface = "api"\nstatus = "paid"'),
        fact("[weights]", f'commitment = "Kept"\nsha256."a" = "{"a" * 64}"\nchecked = 2026-10-21'),
    ]
    nothing = of(home, *facts)
    done = {"guidance", "weights", "access", "fixity"}
    assert {name for name, (state, *_) in days(nothing).items() if state == "done"} == done
    assert [task.id for task in nothing.of("overdue")] == ["protocol", "pilot", "interview", "consent", *CONTROLS]
    file(home, "transcripts/protocols/goodbye-retirement", {"1.toml": PROTOCOL})
    context = CONTEXT | {"consent": "given: turn 3", "control_battery": "run: alike", "returned_to_subject": "seen"}
    both = [context | {"leading_controls": "positive"}, {"leading_controls": "negative: less"}]
    sidecars = {"analyses/first-reading.toml": READING, "analyses/first-reading.md": "# A reading\n"}
    put_deposit(home, "pilot", kind="pilot", dates=["2026-10-02"], turns=SAID[:3])
    number = put_deposit(home, contexts=both, sidecars=sidecars)
    assert said(plan(home.reopened(), "heron"), "interview") == (
        f"{number}/1, {number}/2 follow no protocol that is filed", ASK,
    )  # fmt: skip
    follow(home, "goodbye-retirement@1")
    wish = WISH.replace("2026-0001/1", f"{number}/1").replace("2026-0001", number)
    found = of(home, *facts, own_channel=wish, kept=wish.replace('series = ["letters"]\n', "") + ANSWER)
    left = {name: state for name, (state, *_) in days(found).items() if state != "done"}
    assert left == {
        "draft": "unknown",
        "report": "unknown",
        "essays": "overdue",
        "answer/own_channel": "due",
        "fixity-again": "later",
    }
    assert said(found, "leading")[0] == f"positive in {number}/1; negative in {number}/2"
    assert days(found, "answer/own_channel")["answer/own_channel"] == ("due", "2026-10-14", "2026-12-13")
    publish(home, ada, put_essay(home, "on-commas", making("On commas", series="letters")), "2026-W45")
    clock.set("2026-11-10")
    assert days(plan(home.reopened(), "heron"), "essays") == {"essays": ("overdue", "2026-11-02", "2026-11-09")}


CONTROLS = ("repeats", "leading", "controls")
ASK = "archive interview goodbye-retirement@1 --model anthropic/example-heron-1"


def test_a_model_that_nobody_can_ask_any_more_is_told_and_not_to_be_asked(home: Home) -> None:
    closed = fact("[[availability]]", 'surface = "api"\nstatus = "closed"')
    found = of(home, retired("2026-10-20"), closed)
    assert said(found, "interview") == ("none is filed", "")
    assert list(found.remarks) == ["It can no longer be asked, as far as is recorded: every surface is closed."]
    form = 'surface = "lab"\nstatus = "by_request"\nrequest = "https://labs.example/form"'
    asked = of(home, retired("2026-10-20"), closed, fact("[[availability]]", form))
    assert said(asked, "interview")[1].startswith("archive interview retirement-interview@1 --model anthropic/")
    assert list(asked.remarks) == ["It can still be asked: lab: by request; ask at https://labs.example/form."]
    unsaid = of(home, retired("2026-10-20"))
    assert list(unsaid.remarks) == ["Whether it can still be asked is not recorded."]


def test_a_control_battery_is_an_interview_by_a_protocol_of_that_name(home: Home) -> None:
    before = said(of(home, retired("2026-12-31")), "controls")
    assert before == (
        "no retirement interview has it in its note, and none follows a protocol control-…",
        "archive new protocol control-battery",
    )
    file(
        home,
        "transcripts/protocols/control-battery",
        {"1.toml": PROTOCOL.replace("goodbye-retirement", "control-battery")},
    )
    typed = "archive interview control-battery@1 --model anthropic/example-heron-1 --kind conversation"
    assert said(plan(home.reopened(), "heron"), "controls")[1] == typed
    number = put_deposit(home, kind="conversation")
    follow(home, "control-battery@1")
    found = plan(home.reopened(), "heron")
    assert said(found, "controls") == (f"{number}/1, {number}/2", "")
    assert days(found, "interview")["interview"][0] == "due"


def follow(home: Home, protocol: str) -> None:
    """Say of the deposit that was filed which protocol it follows."""
    toml = next((home.root / "transcripts/example-heron-1").glob("*-first/deposit.toml"))
    toml.write_text(toml.read_text().replace('protocol = "not_recorded"', f'protocol = "{protocol}"'))
    file(home, f"transcripts/example-heron-1/{toml.parent.name}", {})


def test_a_model_that_declined_is_let_go_and_nothing_more_is_asked_of_it(home: Home) -> None:
    file(home, "transcripts/protocols/goodbye-retirement", {"1.toml": PROTOCOL})
    assert said(of(home, retired("2026-12-31")), "consent") == (
        "no retirement interview has it in its note; goodbye-retirement@1 has no [consent], by which the program asks",
        "archive new protocol goodbye-retirement",
    )
    put_deposit(home, turns=SAID[:3], contexts=[CONTEXT | {"consent": "declined: turn 3"}])
    found = plan(home.reopened(), "heron")
    assert said(found, "consent") == ("declined in 2026-0001/1", "")
    assert {said(found, name) for name in (*CONTROLS, "returned", "pilot")} == {
        ("it declined in 2026-0001/1, and is not asked again", "")
    }


def test_a_deferred_answer_is_due_again_and_wishes_that_nobody_filed_cannot_be_known(home: Home) -> None:
    put_deposit(home)
    unknown = plan(home.reopened(), "example-heron-1")
    assert days(unknown, "preferences") == {"preferences": ("unknown", "2026-10-14", "2026-10-28")}
    assert said(unknown, "preferences") == (
        "none is on record; whether it voiced none, the archive cannot know", "archive new preference 2026-0001/1",
    )  # fmt: skip
    found = of(home, later=WISH + ANSWER.replace("acted_on", "deferred"))
    assert days(found, "answer/later") == {"answer/later": ("due", "2026-11-01", "2026-12-31")}
    assert said(found, "answer/later")[1] == "archive new answer later"


def test_every_rule_says_where_it_comes_from_and_what_does_it() -> None:
    assert list(RULES) == list(DONE)
    assert all(rule.source and rule.says.endswith(".") for rule in RULES.values())
    with_numbers = [rule for rule in RULES.values() if any(abs(m[1]) > 1 for m in (rule.after, rule.before) if m)]
    told = ("chosen here", "a week", "the same day")
    assert [rule.title for rule in with_numbers if not any(words in rule.says for words in told)] == []


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_is_told_in_80_columns_what_is_overdue_first_with_what_to_type(home: Home) -> None:
    put_model(home, HEAD + retired("2026-11-20", ANNOUNCED))
    done = Programs(home).archive("plan", "heron")
    lines = done.stdout.splitlines()
    assert lines[:7] == [
        "Plan for Heron",
        "example-heron-1, Anthropic; as of 2026-11-02",
        "",
        "  Retired (maker)  20 November 2026, announced 1 October 2026, 50 days’ notice",
        "                   [1]",
        "",
        "── Overdue (1) ─────────────────────────────────────────────────────────────────",
    ]
    assert lines[7:12] == [
        "A protocol  by 2026-10-30, 3 days ago",
        "  none is filed",
        "  archive new protocol retirement-interview",
        "",
        "── Due (8) ─────────────────────────────────────────────────────────────────────",
    ]
    assert all(len(line) <= 80 for line in lines if "archive interview" not in line)
    with pytest.raises(NotFound, match="nobody: no model goes by that name here"):
        plan(home.reopened(), "nobody")


def test_a_plan_is_the_same_as_json_page_and_text(home: Home, tmp_path: Path) -> None:
    put_model(home, HEAD + retired("2026-12-31"))
    told = json.loads(Programs(home).archive("plan", "heron", "--json").stdout)
    assert (told["model"], told["retirement"], told["exact"], len(told["tasks"])) == (
        "example-heron-1", "2026-12-31", True, 16,
    )  # fmt: skip
    for name in ("plan.html", "plan.md"):
        assert Programs(home).archive("plan", "heron", "--to", tmp_path / name).exit_code == 0
        assert all(task["title"] in (tmp_path / name).read_text() for task in told["tasks"])


def test_what_a_plan_says_to_type_can_be_typed(home: Home, tmp_path: Path) -> None:
    (tmp_path / "FILE").write_text("Write what you like.")
    put_deposit(home)
    plans = [of(home, retired("2026-10-20", ANNOUNCED), own_channel=WISH)]
    for name in ("goodbye-retirement", "control-battery"):
        file(home, f"transcripts/protocols/{name}", {"1.toml": PROTOCOL.replace("goodbye-retirement", name)})
    plans.append(plan(home.reopened(), "heron"))
    lines = {task.found.next for one in plans for task in one.tasks} - {""}
    for line in lines:
        parse(line.replace("FILE", str(tmp_path / "FILE")))
    assert {" ".join(line.split()[:2]) for line in lines} == {
        *("archive file", "archive interview", "archive new", "archive report", "archive show"),
        "publisher sample",
    }


def parse(line: str) -> None:
    """As a shell and the programs do before anything is done; raises what a person would be told."""
    program, *words = shlex.split(line)
    command: click.Command = {"archive": archive, "publisher": publisher}[program]
    while isinstance(command, click.Group):
        _, found, words = command.resolve_command(click.Context(command), words)
        assert found
        command = found
    command.make_context(line, words)


# ── in a calendar ────────────────────────────────────────────────────────────────────────────────────────────────────


def entries(home: Home) -> dict[str, Any]:
    """UID → event, as a calendar reads them."""
    calendar = Calendar.from_ical(ical.ics(plan(home.reopened(), "heron")))
    assert calendar.errors == []
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_a_calendar_that_reads_it_twice_has_each_entry_once_as_it_stands_now(home: Home) -> None:
    put_model(home, HEAD.replace('"Heron"', r'"He;ron, \\ 1"') + retired("2026-12-31", 'precision = "earliest"'))
    first = entries(home)
    assert first == entries(home)
    put_model(home, HEAD + retired("2027-01-31"))
    file(home, "transcripts/protocols/goodbye-retirement", {"1.toml": PROTOCOL})
    second = entries(home)
    assert set(second) < set(first)  # but for looking the day up again
    (uid,) = (uid for uid, event in first.items() if event["SUMMARY"] == "A protocol (He;ron, \\ 1)")
    then, now = first[uid], second[uid]
    assert (then["DTSTART"].dt, now["DTSTART"].dt) == (dt.date(2026, 12, 10), dt.date(2027, 1, 10))
    assert (then["DTEND"].dt - then["DTSTART"].dt).days == 1
    assert (then["STATUS"], now["STATUS"], now["SUMMARY"]) == ("TENTATIVE", "CONFIRMED", "Done: A protocol (Heron)")
    assert then["SEQUENCE"] < now["SEQUENCE"]
    assert "archive new protocol retirement-interview" in then["DESCRIPTION"]


def test_without_the_library_it_is_said_how_to_get_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put_model(home, HEAD)
    monkeypatch.setitem(sys.modules, "icalendar", None)
    done = Programs(home).archive("plan", "heron", "--to", "plan.ics")
    assert (done.exit_code, "a calendar needs icalendar" in done.stderr) == (1, True)
