"""Deposits put into a home by hand, as filing would: for tests of what reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from archive.deposits.deposit import model_folder
from archive.home import intake
from archive.home.accession import intake_lists
from archive.home.change import Change
from archive.home.home import Home
from archive.importers.turns import Transcript, Turn, encode
from archive.records.deposit_record import deposit_form
from archive.register import statement

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
date = 2026-11-20

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
date = 2026-11-21
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


def put(home: Home, folder: str, kind: str, files: Mapping[str, bytes]) -> str:
    """File a folder, or file it again with what was added; its accession number."""
    place = home.root / folder
    with home.writing() as writer:
        now = writer.now()
        known = writer.home.accession(place)
        number = known.number if known else writer.home.lives.next(kind, now.year)  # type: ignore[arg-type]
        taken = intake.make({}, files, len(intake_lists(place)) + 1)
        leaf = statement.intake(number, taken.sums, taken.digest, kind=kind, time=now).encode()  # type: ignore[arg-type]
        named = {f"{folder}/{name}": data for name, data in {**files, **taken.files}.items()}
        writer.commit(Change(leaves=[leaf], files=named))
    return number


def put_model(home: Home, toml: str = HERON, preferences: Mapping[str, str] | None = None) -> str:
    identity = toml.split('id = "')[1].split('"')[0]
    files = {f"preferences/{slug}.toml": text.encode() for slug, text in (preferences or {}).items()}
    return put(home, f"transcripts/{model_folder(identity)}", "model", {"model.toml": toml.encode(), **files})


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
    interviews = max(turn.interview for turn in turns)
    own = contexts or [CONTEXT, {"system_prompt": "You are a lamp shop."}][:interviews]
    form = deposit_form(
        model=model, kind=kind, title="A session", contexts=own, dates=dates[:interviews], access=access
    )
    read = Transcript(importer="by-hand", version=1, turns=tuple(turns), interviews=interviews)
    files = {"received.txt": b"as it came\n", "turns.jsonl": encode(read), "deposit.toml": form.encode()}
    files |= {name: text.encode() for name, text in (sidecars or {}).items()}
    folder = f"transcripts/{model_folder(model)}/{dates[0] or '2026-01-01'}-{slug}"
    return put(home, folder, "deposit", files)


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


__all__ = ["ANSWER", "Path", "annotated", "put", "put_deposit", "put_model", "said"]
