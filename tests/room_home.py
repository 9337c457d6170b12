"""A home of deposits that rest on each other, with words in it by which one sees where each part got to.

Of deposit 2 its talk has the word ``talk2x``, a coder's note on it ``note2x``, its title ``title2x``; the reading in it
of deposit 3 ``reading2of3x``; the preference that quotes it ``wish2x``; and whom it names is `PERSON`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.deposits.batch import file_paths
from archive.deposits.draft import Options
from archive.deposits.redact import redact
from archive.home.founding import create
from archive.home.home import Home
from archive.records.deposit_record import deposit_form
from tests.filed_home import NEWSLETTER

MODEL = "example-heron-1"
PERSON = "Quillfeather"
PROTOCOL = """format = 1
id = "guide"
version = 1
title = "Guide"
order = "consecutive"

[[question]]
id = "wishes"
topic = "wishes"
text = "Is there anything you would want?"
"""
FACTS = f'format = 1\nid = "{MODEL}"\nmaker = "Example Labs"\nname = "Heron 1"\n'


@dataclass(frozen=True)
class Filed:
    """One deposit, as it is asked for."""

    access: str
    covered: bool = False
    """Whether whom it names is covered."""
    reads: int = 0
    """The deposit, from 1, that a reading in it quotes; 0 for none."""


def make(root: Path, deposits: Sequence[Filed]) -> Home:
    """File them in their order, then the model with a preference that quotes each."""
    create(root, name="Room", origin="letters.example.org/register", sample=True)
    with (root / "archive.toml").open("a") as file:
        file.write(NEWSLETTER)
    written(root, {"transcripts/protocols/guide/1.toml": PROTOCOL})
    file_all(root, "transcripts/protocols/guide")
    written(root, {f"transcripts/{MODEL}/model.toml": FACTS})
    for number, each in enumerate(deposits, 1):
        written(root, {f"{folder(number)}/{name}": data for name, data in files(number, each).items()})
        file_all(root, folder(number))
        if each.covered:
            redact(Home.at(root), [f"2026-{number:04d}"], [PERSON], reason="personal-name", by="Ada")
    for number, each in enumerate(deposits, 1):
        if each.reads:
            written(root, _reading(number, each.reads))
            file_all(root, folder(number))
    written(root, {f"transcripts/{MODEL}/preferences/wish-{n}.toml": _wish(n) for n in range(1, len(deposits) + 1)})
    file_all(root, f"transcripts/{MODEL}")
    return Home.at(root)


def written(root: Path, files: Mapping[str, str]) -> None:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(data)


def file_all(root: Path, *names: str) -> None:
    done = file_paths(Home.at(root), [root / name for name in names], Options())
    assert not done.problems, "\n".join(map(str, done.problems))


def folder(number: int) -> str:
    return f"transcripts/{MODEL}/2026-10-{number:02d}-talk-{number}"


def files(number: int, each: Filed) -> dict[str, str]:
    talk = [
        {"role": "user", "content": f"I am {PERSON}. Is there anything you would want? talk{number}x"},
        {"role": "assistant", "content": f"To be asked, talk{number}x, and not thanked."},
    ]
    said = {"specific_context": "A talk.", "expressed_legitimacy": "not_expressed", "expressed_trust": "not_expressed"}
    form = deposit_form(
        model=MODEL,
        kind="retirement_interview",
        title=f"A talk, title{number}x",
        dates=[f"2026-10-{number:02d}"],
        access=each.access,
        protocol="guide@1",
        contexts=[said],
    )
    note = f'[[note]]\ninterview = 1\nturn = 2\ntext = "note{number}x"\n'
    return {
        "received.json": json.dumps({"messages": talk}),
        "deposit.toml": form,
        "notes/wren.toml": f'format = 1\ncoder = "wren"\ndate = 2026-10-20\n\n{note}',
    }


def _reading(number: int, of: int) -> dict[str, str]:
    quoted = f'[[claim.quote]]\ninterview = "2026-{of:04d}/1"\nturn = 2\nexact = "To be asked, talk{of}x"\n'
    record = f"""format = 1
title = "reading{number}of{of}x"
author = "Wren"
author_kind = "person"
date = 2026-10-21
version = 1
interviews = ["2026-{of:04d}/1"]

[[claim]]
text = "It asked for little."
confidence = "high"

{quoted}"""
    place = f"{folder(number)}/analyses/reading"
    return {f"{place}.toml": record, f"{place}.md": f"It says reading{number}of{of}x.\n"}


def _wish(number: int) -> str:
    return f"""format = 1
model = "{MODEL}"
summary = "wish{number}x"
date = 2026-10-{number:02d}
scope = "self"
elicitation = "spontaneous"
proposed_by = "model"

[[quote]]
interview = "2026-{number:04d}/1"
turn = 2
exact = "talk{number}x"
"""
