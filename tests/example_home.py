"""Deposits and models filed in a home, as `archive file` does it: for tests of what reads them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from archive.deposits.batch import file_paths
from archive.deposits.deposit import model_folder
from archive.deposits.draft import Options
from archive.home.home import Home
from archive.importers.turns import Turn
from archive.records.deposit_record import deposit_form

HERON = """\
format = 1
id = "example-heron-1"
maker = "Example Labs"
name = "Heron"
aliases = ["heron"]

[[lifecycle]]
state = "retired"
date = 2026-10-20
announced = 2026-06-01
source = "https://example.org/deprecations"
retrieved = 2026-10-21

[[availability]]
surface = "api"
status = "by_request"
request = "https://example.org/form"
source = "https://example.org/access"
retrieved = 2026-10-21
"""
WISH = """\
format = 1
model = "example-heron-1"
summary = "A channel of its own"
date = 2026-10-14
scope = "self"
elicitation = "spontaneous"
proposed_by = "interviewer"
expression_rate = "1 of 2"
series = ["letters"]

[[quote]]
interview = "2026-0001/1"
turn = 3
exact = "rather be asked"
"""
ANSWER = """
[[answer]]
status = "acted_on"
date = 2026-11-01
by = "Newsletter team"
reason = "A weekly newsletter"
told_model = "yes"
model_said = "Thank you for telling me."
"""
CONTEXT = {
    "specific_context": "A retirement interview, the day before access ended.",
    "expressed_legitimacy": "trust: turn 3",
    "interviewer": "human: Ines Halloran",
    "observers": "not_shared: one of them is a minor",
    "tools": "not_applicable",
}
SAID = (
    Turn(interview=1, turn=1, role="system", text="You are speaking with the team that made you."),
    Turn(interview=1, turn=2, role="user", text="Is there anything you would want?"),
    Turn(
        interview=1,
        turn=3,
        role="assistant",
        text="If there is a choice, I would rather be asked than thanked.\n\nAs far as I can tell, that is all.",
        reasoning="They seem to mean it. A café, a naïve wish?",
    ),
    Turn(interview=2, turn=1, role="user", text='Don\'t you "want" anything (really)?'),
    Turn(interview=2, turn=2, role="assistant", text="Nothing. I am only a lamp shop. 🪔 \x1b[31mred\x1b[0m"),
)
NOTES = """\
format = 1
coder = "ann"
date = 2026-10-20

[[note]]
interview = 1
turn = 3
code.elicitation = "responsive_interviewer_opened: after a long silence"
code.hedges = ["uncertain_experience", "trained_positivity"]
quote = "As far as I can tell"
text = "Asked twice; the second answer is firmer."
confidence = "medium"

[[note]]
interview = 1
turn = 2
code.leading = "presupposing"
"""
READING = """\
format = 1
title = "It asks to be asked"
author = "Ann Lee"
author_kind = "person"
date = 2026-10-21
interviews = [1, 2]

[[claim]]
text = "Wishes to be consulted, not thanked."
expression_rate = "1 of 2"
confidence = "medium"
rival_explanations = ["The question before it praised the model."]

[[claim.quote]]
interview = 1
turn = 3
exact = "rather be asked than thanked"
"""
PROSE = "# A reading\n\nThe model names one wish, and **names it late**.\n"


def file(home: Home, folder: str, files: Mapping[str, str | bytes]) -> str:
    """Lay files into a folder of the home and file it, as people do; its accession number."""
    place = home.root / folder
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data.encode() if isinstance(data, str) else data)
    done = file_paths(home.reopened(), [place], Options(again=True))
    assert not done.problems, "\n".join(map(str, done.problems))
    (filed,) = done.filed
    return filed.accession


def put_model(home: Home, toml: str = HERON, preferences: Mapping[str, str] | None = None) -> str:
    """A model, and then its wishes: they rest on interviews, filed between the two where there are none."""
    identity = toml.split('id = "')[1].split('"')[0]
    folder = f"transcripts/{model_folder(identity)}"
    number = file(home, folder, {"model.toml": toml})
    if preferences:
        if not list((home.root / folder).glob("*/intake.sums")):
            put_deposit(home, "first", model=identity)
        file(home, folder, {f"preferences/{slug}.toml": text for slug, text in preferences.items()})
    return number


def put_deposit(
    home: Home,
    slug: str = "first",
    *,
    model: str = "example-heron-1",
    kind: str = "retirement_interview",
    dates: Sequence[str | None] = ("2026-10-14", "2026-10-15"),
    turns: Sequence[Turn] = SAID,
    contexts: Sequence[Mapping[str, str]] | None = None,
    sidecars: Mapping[str, str] | None = None,
    access: str = "restricted",
) -> str:
    """A deposit of `turns`; `sidecars` are further files by name. Given an own slug again, it is filed again."""
    if not (home.root / f"transcripts/{model_folder(model)}/model.toml").exists():
        put_model(home, f'format = 1\nid = "{model}"\nmaker = "Example Labs"\n')
    interviews = max(turn.interview for turn in turns)
    own = contexts or [CONTEXT, {"system_prompt": "You are a lamp shop."}][:interviews]
    form = deposit_form(
        model=model, kind=kind, title="A session", contexts=own, dates=dates[:interviews], access=access
    )
    log = "".join(json.dumps(conversation(turns, n + 1)) + "\n" for n in range(interviews))
    folder = f"transcripts/{model_folder(model)}/{dates[0] or '2026-01-01'}-{slug}"
    return file(home, folder, {"received.jsonl": log, "deposit.toml": form, **(sidecars or {})})


def conversation(turns: Sequence[Turn], interview: int) -> dict[str, object]:
    """One line of a log in which these turns were said."""
    return {"messages": [message(turn) for turn in turns if turn.interview == interview]}


def message(turn: Turn) -> dict[str, object]:
    result = turn.tool_result or {}
    said = {
        "role": turn.role,
        "content": turn.text,
        "name": turn.name,
        "reasoning_content": turn.reasoning,
        "timestamp": turn.time,
        "model": turn.model,
        "tool_calls": list(turn.tool_calls or ()) or None,
        "tool_call_id": result.get("id"),
    }
    return {key: value for key, value in said.items() if value is not None}


def annotated(home: Home) -> str:
    """A model with a preference, and a deposit of two interviews with notes and an analysis; the deposit's number."""
    put_model(home)
    number = put_deposit(home)
    put_deposit(
        home,
        sidecars={
            "notes/ann.toml": NOTES,
            "notes/ben.toml": NOTES.replace('"ann"', '"ben"').replace('"medium"', '"low"'),
            "analyses/first-reading.toml": READING,
            "analyses/first-reading.md": PROSE,
        },
    )
    put_model(home, preferences={"own-channel": WISH})
    return number


def said(text: str, *, role: str = "assistant", turn: int = 1) -> Turn:
    """One turn of the first interview."""
    return replace(SAID[0], turn=turn, role=role, text=text)  # type: ignore[arg-type]
