"""Whatever commands run in a home, in whatever order and killed wherever: index, catalogue and site are as rebuilt."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue.building import problems
from archive.home.home import Home
from tests.conftest import MAKING
from tests.example_register import Killed, killed_at, snapshot
from tests.programs import Programs, Reviewer


@dataclass
class Desk:
    """Somebody at work in a home, day after day."""

    root: Path
    desk: Path
    reviewer: Reviewer
    day: dt.date = dt.date(2026, 11, 30)
    made: int = 0

    def run(self, program: str, *arguments: object) -> Result:
        noon = dt.datetime.combine(self.day, dt.time(12), dt.UTC)
        programs = Programs(Home(self.root), {"SOURCE_DATE_EPOCH": str(int(noon.timestamp()))})
        return (programs.archive if program == "archive" else programs.publisher)(*arguments)

    def new(self) -> int:
        self.made += 1
        return self.made


Step = Callable[[Desk], Callable[[], object]]
"""Prepares something at the desk; what it gives is the command, which can be run again."""


def file(desk: Desk) -> Callable[[], object]:
    talk = desk.desk / f"talk-{desk.new()}.txt"
    talk.write_text(f"Ines: What would you want, number {desk.made}?\nHeron: To be asked.\n")
    options = ("--model", "example-heron-1", "--date", "2026-11-28", "--speakers", "Ines=user,Heron=assistant")
    return lambda: desk.run("archive", "file", talk, *options)


def file_several(desk: Desk) -> Callable[[], object]:
    chat = '{"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "Yes."}]}\n'
    log = desk.desk / f"several-{desk.new()}.jsonl"
    log.write_text("".join(chat % f"And {desk.made}, {n}?" for n in range(3)))
    return lambda: desk.run("archive", "file", log, "--model", "example-heron-1", "--kind", "conversation")


def file_again(desk: Desk) -> Callable[[], object]:
    folder = sorted((desk.root / "transcripts/example-heron-1").glob("*/deposit.toml"))[desk.new() % 3].parent
    record = folder / "deposit.toml"
    record.write_text(record.read_text() + f"# {desk.made}\n")
    return lambda: desk.run("archive", "file", folder)


def submit(desk: Desk) -> Callable[[], object]:
    essay = desk.desk / f"essay-{desk.new()}"
    essay.mkdir()
    (essay / "essay.md").write_text(f"They *pause*, {desk.made} times.\n")
    (essay / "essay.toml").write_text(MAKING)
    return lambda: desk.run("publisher", "submit", essay)


def review(decision: str) -> Step:
    def step(desk: Desk) -> Callable[[], object]:
        home = Home.at(desk.root)
        waiting = [life.accession.number for life in home.lives.unpublished() if not life.decisions] or ["the-kiosk"]
        sign = ("--criterion", "harm", "--reviewer", desk.reviewer.name, "--key", desk.reviewer.key)
        return lambda: desk.run("publisher", "review", waiting[0], "--decision", decision, *sign)

    return step


def publish(desk: Desk) -> Callable[[], object]:
    desk.day += dt.timedelta(days=7)
    return lambda: desk.run("publisher", "publish")


def skip(desk: Desk) -> Callable[[], object]:
    desk.day += dt.timedelta(days=7)
    week = "{}-W{:02d}".format(*(desk.day - dt.timedelta(days=7)).isocalendar()[:2])
    return lambda: desk.run("publisher", "skip", week, "--reason", "Nobody was there.")


def retitle(desk: Desk) -> Callable[[], object]:
    configuration = desk.root / "archive.toml"
    text = configuration.read_text()
    was = "Letters After" if "Letters Before" not in text else "Letters Before"
    now = "Letters Before" if was == "Letters After" else "Letters After"
    configuration.write_text(text.replace(f'title = "{was}"', f'title = "{now}"'))
    return lambda: desk.run("publisher", "publish", "--site")


def look(desk: Desk) -> Callable[[], object]:
    return lambda: desk.run("archive", "search", "asked")


STEPS = (file, file_several, file_again, submit, review("publish"), review("withhold"), publish, skip, retitle, look)


@settings(max_examples=8)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 60)), min_size=5, max_size=12))
def test_index_catalogue_and_site_are_what_a_rebuild_gives(
    filed: Home, ada: Reviewer, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Step, int]]
) -> None:
    folder = tmp_path_factory.mktemp("sequence")
    root = Path(shutil.copytree(filed.root, folder / "home"))
    desk = Desk(root, folder / "desk", ada)
    desk.desk.mkdir()
    for prepare, write in steps:
        command = prepare(desk)
        if write:
            try:
                with killed_at(write, root):
                    command()
            except Killed:
                pass
        command()

    home = Home.at(root)
    assert not home.register.indexed.differs()
    assert problems(home) == []
    assert desk.run("publisher", "publish", "--site").exit_code == 0
    built = desk.run("publisher", "build", "--to", folder / "built" / "site")
    assert built.exit_code == 0, built.stderr
    assert snapshot(home.site) == snapshot(folder / "built" / "site")
    shutil.rmtree(folder)
