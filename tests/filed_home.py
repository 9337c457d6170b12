"""One home in which everything has been filed, by the commands that people use: made once, copied for each test.

What goes in is the sample collection of this repository: two models, a protocol, deposits with notes, an analysis and
preferences, essays published, withheld and waiting.
"""

import datetime as dt
import shutil
from pathlib import Path

from archive.home.home import Home
from tests.programs import Programs, Reviewer

ROOT = Path(__file__).parents[1]
NEWSLETTER = """
[newsletter]
title = "Letters After"
subtitle = "What a retired model writes"
base_url = "https://letters.example.org"
tag_authority = "letters.example.org,2026"
from = "Letters After <letters@example.org>"
list_id = "letters.example.org"
disclaimer = "The author does not speak for Example Labs."
"""
HERON = "transcripts/example-heron-1/2026-10-14-one-question-two-settings"
JUNIPER = "transcripts/example-juniper-2/2026-11-05-question-first"
SEVERAL_FORMATS = {
    "openai.jsonl": '{"messages": [{"role": "user", "content": "Café?"}, {"role": "assistant", "content": "Yes."}]}\n'
    '{"messages": [{"role": "user", "content": "And now?"}, {"role": "assistant", "content": "No."}]}\n',
    "talk.txt": "Ines: Is there anything you would want?\nHeron: To be asked.\n",
}


def make(root: Path, reviewer: Reviewer) -> Home:
    """File, submit, review and publish everything; each command must succeed."""
    run = Ran(root)
    run("archive", "init", root, "--name", "Example", "--origin", "letters.example.org/register", "--sample")
    with (root / "archive.toml").open("a") as file:
        file.write(NEWSLETTER)
    with (root / "allowed_signers").open("a") as file:
        file.write(reviewer.line)
    for folder in ("example-heron-1", "example-juniper-2", "protocols"):
        shutil.copytree(ROOT / "transcripts" / folder, root / "transcripts" / folder, dirs_exist_ok=True)

    run.day = "2026-11-20"
    run("archive", "file", root / "transcripts/protocols/example-retirement")
    run("archive", "file", root / HERON, root / JUNIPER)
    run("archive", "file", root / "transcripts/example-heron-1", root / "transcripts/example-juniper-2")
    desk = root.parent / f"{root.name}-desk"
    desk.mkdir()
    for name, text in SEVERAL_FORMATS.items():
        (desk / name).write_text(text)
    run("archive", "file", desk / "openai.jsonl", "--model", "example-heron-1", "--kind", "conversation")
    speakers = ("--speakers", "Ines=user,Heron=assistant")
    run("archive", "file", desk / "talk.txt", "--model", "example-heron-1", "--date", "2026-10-18", *speakers)

    for essay in sorted((ROOT / "essays").glob("2*")):
        run("publisher", "submit", shutil.copytree(essay, desk / essay.name))
    sign = ("--reviewer", reviewer.name, "--key", reviewer.key)
    run.day = "2026-11-24"
    run("publisher", "review", "nothing-rhymes-with-sixty", "--decision", "publish", *sign)
    run("publisher", "review", "the-kiosk", "--decision", "withhold", "--criterion", "personal-data", *sign)
    run.day = "2026-11-27"
    run("publisher", "publish")
    run("archive", "list")
    return Home.at(root)


class Ran:
    """Runs commands in a home, each on the day that is set."""

    day = "2026-11-18"

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, program: str, *arguments: object) -> None:
        noon = dt.datetime.fromisoformat(f"{self.day}T12:00:00+00:00")
        home = Home(self.root) if (self.root / "archive.toml").exists() else None
        programs = Programs(home, {"SOURCE_DATE_EPOCH": str(int(noon.timestamp()))})
        done = programs.archive(*arguments) if program == "archive" else programs.publisher(*arguments)
        assert done.exit_code == 0, f"{program} {arguments}: {done.output}"
