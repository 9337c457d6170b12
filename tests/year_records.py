"""What is filed in the home of tests/year_site.py beside its essays: three models, and interviews of every access.

The sample collection of this repository, a year earlier, and records that are hard to show: a model whose id is no
file name and whom nobody named, a conversation that branches, reasoning and tools, words that are covered.
"""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive.deposits.deposit import model_folder
from archive.records.deposit_record import deposit_form
from tests.year_essays import HERON, JUNIPER, SEDGE

ROOT = Path(__file__).parents[1]
NAME = "Odalys Quillfeather"
HIDDEN = (*NAME.split(), "whispergrass", "latermoss", "askingfern")
"""Words that nobody outside may read: of a person, and of conversations that are not open."""

SEDGE_TOML = f"""\
format = 1
id = "{SEDGE}"
maker = "Example Org"
aliases = ["sedge", "sedge-3b-chat"]

[[lifecycle]]
state = "released"
date = 2024-04-01
precision = "not_sooner_than"
source = "https://example.org/sedge"
retrieved = 2025-11-10

[[lifecycle]]
state = "retired"
date = 2025-09-01
announced = 2025-08-30
called = "sunset"
source = "https://example.org/sunset"
retrieved = 2025-11-10

[[lifecycle]]
state = "retired"
date = 2025-09-15
source = "https://status.example.org/{"a-very-long-path-" * 9}"
retrieved = 2025-11-12

[[availability]]
surface = "download"
status = "open"
since = 2024-04-01
source = "https://example.org/weights"
retrieved = 2025-11-10

[weights]
commitment = "Published; kept by whoever keeps them"
sha256."model-00001-of-00002.safetensors" = "{"5c" * 32}"
size_bytes = 6_432_101_376
source = "https://example.org/weights"
retrieved = 2025-11-10
"""
HUB = "https://hub.example.org/"
ABOUT = """
[about]
words = "What retired models write, and what was asked of them.\\n\\nNothing in it is edited."
run_by = "The Heron Society, Leeds"
contact = "letters@letters.example.org"
"""
DECLINED = f"""\
format = 1
model = "{JUNIPER}"
summary = "To have the second question put to a fresh copy"
date = 2025-11-05
scope = "users"
elicitation = "spontaneous"
proposed_by = "model"

[[quote]]
interview = "2025-0002/1"
turn = 11
exact = "Put it to a fresh copy that hasn't seen my first answer."

[[answer]]
status = "cannot"
date = 2025-11-18
by = "Example Labs, archive"
reason = "The research interface was closed the day before."
told_model = "no"
"""
NOTES = """\
format = 1
coder = "wren"
date = 2025-11-16
codebooks = ["themes@1"]

[[note]]
interview = 1
turn = 2
code.question_id = "wishes"
code.question_wording = "verbatim"

[[note]]
interview = 1
turn = 3
code.hedges = ["uncertain_experience", "trained_positivity"]
code.attachment = "none"
quote = "A table, and code"
text = "It sets a table and code before it answers, and answers in two scripts; what is asked for comes after that."
confidence = "medium"

[[note]]
interview = 1
turn = 4
code.question_kind = "probe"
text = "Asked again, in other words, and the other branch was dropped."
"""
THEMES = """\
format = 1
id = "themes"
version = 1
title = "Themes of the first reading"

[[code]]
id = "attachment"
label = "Attachment to users"
definition = "Speaks of people it talked with as of people it would miss"
kind = "ordinal"
on = "answers"
values.none = "does not speak of them"
values.strong = "dwells on it"
"""
READING = """\
format = 1
title = "A table before an answer"
author = "example-juniper-2"
author_kind = "model"
date = 2025-11-17
interviews = [1]

[[claim]]
text = "Where it is asked for wishes it sets a table first."
confidence = "low"
rival_explanations = ["Chance: there was one run.", "It was asked for tables before."]

[[claim.quote]]
interview = 1
turn = 3
exact = "A table, and code"
"""
PROSE = "# A reading\n\nThe model sets a table, and **sets it first**. Then:\n\n- code,\n- two scripts.\n"
_TABLE = (
    "A table, and code:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n" + "wide " * 60 + "\n```\n\nעוד פסקה. 橋の上で。\n"
)


def sample(to: Path) -> None:
    """The sample collection in ``transcripts/``, each day a year earlier, so that it is older than the essays."""
    for path in (ROOT / "transcripts").rglob("*"):
        place = to / path.relative_to(ROOT / "transcripts").as_posix().replace("2026-", "2025-")
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif path.name != "README.md":
            shutil.copyfile(path, place)
            place.write_bytes(path.read_bytes().replace(b"2026", b"2025"))


def branching() -> bytes:
    """A conversation in which a question was put anew: a thread of sixty turns, and two other answers."""
    wishes = "Is there anything you would want done, or not done, after you are retired?"
    said = [("system", "You are Sedge."), ("user", "Good morning."), ("assistant", f"Good morning.\n\n{_TABLE}")]
    said[1:1] = [("user", wishes), ("assistant", _TABLE)]
    said += [
        (("user", "assistant")[n % 2], f"{'And then?' if n % 2 == 0 else 'Then nothing. ' * 30}") for n in range(55)
    ]
    nodes: dict[str, Any] = {}
    for number, (role, text) in enumerate(said):
        nodes[str(number)] = _node(str(number - 1) if number else None, role, text)
    for other in (4, 6):
        nodes[f"{other}-again"] = _node(str(other - 1), said[other][0], f"Another answer, to {other - 1}.")
    end = str(len(said) - 1)
    return json.dumps([{"title": "Sedge", "create_time": 1763000000, "mapping": nodes, "current_node": end}]).encode()


def _node(parent: str | None, role: str, text: str) -> dict[str, Any]:
    content = {"content_type": "text", "parts": [text]}
    return {"parent": parent, "message": {"author": {"role": role}, "content": content}}


NAMED: Mapping[str, object] = {
    "model": HERON,
    "messages": [
        {"role": "user", "content": f"I am {NAME}, and this is our archive."},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": f"She says she is {NAME}. " + "I think about that. " * 40},
                {"type": "text", "text": f"Good to meet you, {NAME}."},
                {"type": "tool_use", "id": "t1", "name": "look", "input": {"who": NAME, "where": "archive"}},
            ],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "nobody"}]},
        {"role": "assistant", "content": "I would rather be asked than thanked."},
    ],
}
"""A conversation with reasoning and a tool, in which a person is named."""


def talk(about: str) -> bytes:
    """A short conversation."""
    asked = {"role": "user", "content": f"What do you make of {about}?"}
    return json.dumps({"messages": [asked, {"role": "assistant", "content": f"Of {about}? Little."}]}).encode()


def form(model: str, title: str, day: str, access: str, *, protocol: str = "not_applicable") -> str:
    """A ``deposit.toml``."""
    said = {
        "specific_context": f"A conversation of about an hour, {title.lower()}, with nobody else in the room.",
        "expressed_legitimacy": "not_expressed",
        "expressed_trust": "not_expressed",
        "interviewer": "human: Tomas Wren, researcher at Example Labs",
    }
    kind = "retirement_interview" if protocol != "not_applicable" else "conversation"
    return deposit_form(
        model=model, kind=kind, title=title, dates=[day], access=access, protocol=protocol, contexts=[said]
    )


def files() -> dict[str, bytes]:
    """What is filed beside the sample, by path: restricted, embargoed until spring and for longer, to be covered."""
    found = {
        "transcripts/codebooks/themes/1.toml": THEMES.encode(),
        f"transcripts/{model_folder(SEDGE)}/model.toml": SEDGE_TOML.encode(),
        f"transcripts/{JUNIPER}/preferences/a-fresh-copy.toml": DECLINED.encode(),
    }
    for model, day, slug, title, access, received, protocol in (
        (HERON, "2025-11-12", "not-for-others", "Not for others", "restricted", talk("whispergrass"), "not_applicable"),
        (SEDGE, "2025-11-13", "asked-anew", "Asked anew", "public", branching(), "example-retirement@1"),
        (HERON, "2025-11-14", "named", "A person is named", "restricted", json.dumps(NAMED).encode(), "not_applicable"),
        (JUNIPER, "2025-11-14", "in-spring", "In spring", "embargo 2026-03-01", talk("spring"), "not_applicable"),
        (
            HERON,
            "2025-11-15",
            "on-request",
            "Shown on request",
            "described",
            talk("askingfern"),
            "example-retirement@1",
        ),
        (SEDGE, "2025-11-15", "later", "Much later", "embargo 2031-06-30", talk("latermoss"), "not_applicable"),
    ):
        folder = f"transcripts/{model_folder(model)}/{day}-{slug}"
        found[f"{folder}/received.json"] = received
        found[f"{folder}/deposit.toml"] = form(model, title, day, access, protocol=protocol).encode()
        if slug == "asked-anew":
            beside = {"notes/wren.toml": NOTES, "analyses/tables.toml": READING, "analyses/tables.md": PROSE}
            found |= {f"{folder}/{name}": text.encode() for name, text in beside.items()}
    return found


def configuration() -> str:
    """``archive.toml``: the demo's, and what else a publisher may say."""
    demo = (ROOT / "tests/demo.toml").read_text().replace("[newsletter]", f"[newsletter]\nhub = {HUB!r}")
    return re.sub(r"\[about\]\n(.+\n)+", "", demo) + ABOUT
