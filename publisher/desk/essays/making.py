"""How an essay was made: ``essay.toml`` as a form, changed in place; what is wrong stands at its field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from archive.desk.ask import Ask, Form, goto
from archive.errors import Error, Problem
from archive.home.amendment import amend
from archive.home.home import Home
from archive.records import edited
from archive.records.places import Place
from archive.records.sidecar import parse, read
from archive.register import sums
from publisher.essays.essay import AUTHORS, BELONGS, MAY, TOPICS, EssayRecord
from publisher.essays.submission import Submission, find

_TOLD = re.compile(r"essay\.toml(?::\d+)*\s+(\w+)")


def place_of(home: Home, submission: Submission) -> str:
    """``essays/2026-11-20-on-commas/essay.toml``"""
    return f"{home.relative(submission.folder)}/essay.toml"


def values_of(submission: Submission) -> Mapping[str, Any]:
    """What the file says now; nothing where it cannot be read."""
    table = parse(submission.record_bytes, "essay.toml")
    return {} if isinstance(table, list) else table


def shown(values: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """What the form is made from: its values as text, and what is wrong with each."""
    context = values.get("context", [])
    text = {key: "" if values.get(key) is None else str(values[key]) for key in (*BELONGS, *MAY)}
    at: dict[str, Problem] = {}
    for problem in problems:
        if key := field_of(problem):
            unsaid = key == "candidates" and values.get(key) == 0
            at.setdefault(key, Problem(problem.place, "is blank") if unsaid or problem.found == "is blank" else problem)
    return {
        "values": text | {"exchange": text["exchange"] or "public"},
        "context": [*map(str, context)] if isinstance(context, list) else [str(context)],
        "at": at,
        "means": BELONGS | MAY,
        "authors": AUTHORS,
        "topics": TOPICS,
    }


def field_of(problem: Problem) -> str:
    """The key of the file that a problem is about; empty where it is about none of the form's."""
    told = _TOLD.search(problem.place)
    return told[1] if told and told[1] in {**BELONGS, **MAY} else ""


def typed(form: Form) -> dict[str, Any]:
    """What the form says, key by key; None for what may be left out and is."""
    said: dict[str, Any] = {key: form[key] for key in BELONGS}
    said |= {key: form[key].strip() or None for key in MAY}
    said["context"] = form.every("context")
    if re.fullmatch(r"[1-9]\d{0,8}", form["candidates"].strip(), re.ASCII):
        said["candidates"] = int(form["candidates"])
    return said


def wanted(values: Mapping[str, Any], said: Mapping[str, Any]) -> dict[Place, Any]:
    """What is to be changed in the file: nothing that it says already, in whatever way it is written there."""
    unsaid = {"exchange": "public", "context": None, "candidates": 0}
    found: dict[Place, Any] = {}
    for key, value in said.items():
        there = values.get(key, unsaid.get(key, ""))
        if value != there and (value or there or key == "context"):
            found[(key,)] = value
    return found


def save(ask: Ask) -> tuple[Submission, dict[str, Any], list[Problem]] | Response:
    """Change the file. What is blank may be said later; what is wrong is not written, and given back to be shown."""
    home, submission = ask.home, find(ask.home, ask.path["name"])
    if submission.week:
        raise Error(f"{submission.name}: was published in {submission.week}; what is beside a text is fixed with it")
    place, said = place_of(home, submission), typed(ask.form)
    values = wanted(values_of(submission), said)
    made = edited.changed(submission.record_bytes.decode(errors="replace"), values, place).encode()
    record = read(made, place, EssayRecord)
    wrong = [each for each in record if said.get(field_of(each))] if isinstance(record, list) else []
    if wrong:
        return submission, said, wrong
    amend(home, place, values, before=ask.before.get(place))
    return goto(ask, f"essays/{submission.slug}?saved={sums.digest(made)[:8]}{'&read=yes' if ask.form['read'] else ''}")
