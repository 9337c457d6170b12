"""A batch: filed portion by portion, each whole; it goes on where it stopped, and files the same bytes once."""

import errno
import gc
import json
import os
import random
import secrets
import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import cores
from archive.deposits import batch as batches
from archive.deposits import commitments, deposit_draft, drafting, here
from archive.deposits.draft import Filed, Options
from archive.deposits.drafting import Found
from archive.home import change
from archive.home.home import Home
from tests.example_home import put_model
from tests.files import tree
from tests.programs import Programs

HERON = Options(model="example-heron-1")


@pytest.fixture
def talks(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Path]]:
    """Writes files of one conversation each; a portion holds three."""
    put_model(home)
    monkeypatch.setattr(drafting, "PORTION", 3)

    def write(*said: object) -> list[Path]:
        paths = [tmp_path / f"talk-{n}.txt" for n, _ in enumerate(said, 1)]
        for path, words in zip(paths, said, strict=True):
            path.write_text(f"User: {words}?\n\nAssistant: {words}.\n")
        return paths

    return write


def file(home: Home, paths: list[Path], options: Options = HERON) -> batches.Batch:
    return batches.file_paths(Home.at(home.root), paths, options)


def numbers(filed: tuple[Filed, ...]) -> list[tuple[str, str]]:
    return [(each.accession[-4:], each.status) for each in filed]


def checkpoints(home: Home) -> list[int]:
    """Tree sizes, counted from the statements that were there before."""
    return sorted(int(path.name) - 1 for path in (home.hidden / "register/checkpoints").iterdir())[1:]


def whole(home: Home, deposits: int) -> None:
    assert [life.accession.number[-4:] for life in Home.at(home.root).lives.of("deposit")] == [
        f"{n:04d}" for n in range(1, deposits + 1)
    ]
    assert len({path.read_bytes() for path in home.root.glob("transcripts/*/*/received.txt")}) == deposits
    checked = Programs(home).archive("check")
    assert checked.exit_code == 0, checked.output


def test_each_portion_has_a_checkpoint_and_all_problems_come_at_the_end(
    home: Home, talks: Callable[..., list[Path]], tmp_path: Path
) -> None:
    paths = talks(*"abcdefgh")
    (tmp_path / "bad.json").write_text("[1, 2")
    batch = file(home, [tmp_path / "none.txt", *paths[:4], tmp_path / "bad.json", *paths[4:]])
    assert numbers(batch.filed) == [(f"{n:04d}", "filed") for n in range(1, 9)]
    assert [problem.place.rpartition("/")[2].split(":")[0] for problem in batch.problems] == ["none.txt", "bad.json"]
    assert checkpoints(home) == [3, 6, 8]
    whole(home, 8)


def test_the_same_is_filed_however_many_processes_hash_the_words(
    home: Home, talks: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, homes = talks(*"abcdefgh"), []
    monkeypatch.setattr(commitments, "_MUCH", 1)
    for processors in (1, 3):
        dice = random.Random(1)
        monkeypatch.setattr(secrets, "token_bytes", dice.randbytes)
        monkeypatch.setattr(secrets, "token_hex", lambda length, dice=dice: dice.randbytes(length).hex())
        monkeypatch.setattr(cores.os, "cpu_count", lambda count=processors: count)
        homes.append(Path(shutil.copytree(home.root, home.root.with_name(f"by-{processors}"))))
        file(Home.at(homes[-1]), paths)
    one, three = (tree(root / "transcripts") | tree(root / "site") for root in homes)
    assert len([path for path in one if path.endswith("redaction.root")]) == 8
    assert one == three


def test_a_portion_is_full_at_so_many_bytes_too(
    home: Home, talks: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "BYTES", 1)
    file(home, talks(*"ab"))
    assert checkpoints(home) == [1, 2]


def test_the_next_portion_is_not_read_before_the_last_one_is_filed(
    home: Home, talks: Callable[..., list[Path]]
) -> None:
    there: list[int] = []

    def watch(things: Iterator[Found]) -> Iterator[Found]:
        for thing in things:
            there.append(len(list(home.root.glob("transcripts/*/*/intake.sums"))))
            yield thing

    batches.file_paths(home, talks(*"abcdefgh"), HERON, watch)
    assert there == [0, 0, 0, 3, 3, 3, 6, 6]


def test_nothing_that_was_read_stays_once_its_portion_is_filed(home: Home, talks: Callable[..., list[Path]]) -> None:
    counted: list[int] = []

    def watch(things: Iterator[Found]) -> Iterator[Found]:
        for thing in things:
            yield thing
            counted.append(sum(path.is_file() for path in (home.hidden / "tmp").rglob("*")))

    batches.file_paths(home, talks(*"abcdefgh"), HERON, watch)
    assert max(counted) <= 3


@pytest.mark.parametrize("stage", ["_stage", "append", "_install", "_clear"])
def test_killed_in_its_second_portion_it_goes_on_where_it_stopped(
    home: Home, talks: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    class Killed(BaseException):
        pass

    paths, calls = talks(*"abcdefgh"), iter([False, True])
    before = getattr(change, stage)

    def deadly(*arguments: object) -> object:
        if next(calls):
            raise Killed
        return before(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(change, stage, deadly)
        if stage == "_clear":  # what may be left is cleared under the lock, and before staging
            calls = iter([*[False] * 5, True])
        with pytest.raises(Killed):
            file(home, paths)
    there = 3 if stage in ("_stage", "append") else 6
    batch = file(home, paths)
    assert numbers(batch.filed) == [
        (f"{n:04d}", "already filed" if n <= there else "filed") for n in range(1, len(paths) + 1)
    ]
    whole(home, 8)


def test_a_disk_that_fails_in_a_later_portion_is_told_with_what_was_filed_before(
    home: Home, talks: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, calls = talks(*"abcdefgh"), iter([False, True])
    append = change.append

    def full(*arguments: object) -> object:
        if next(calls):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "tile")
        return append(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(change, "append", full)
        done = Programs(home).archive("file", *paths, "--model", "example-heron-1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("tile: no space left on device; ")
    assert "; 3 were filed before" in done.stderr
    assert len(file(home, paths).filed) == 8
    whole(home, 8)


def test_the_same_bytes_twice_in_one_command_are_one_deposit(home: Home, talks: Callable[..., list[Path]]) -> None:
    batch = file(home, talks("a", "b", "a", "a", "c", "b"))
    assert numbers(batch.filed) == [
        ("0001", "filed"), ("0002", "filed"), ("0001", "already filed"),
        ("0001", "already filed"), ("0003", "filed"), ("0002", "already filed"),
    ]  # fmt: skip
    whole(home, 3)


def test_the_same_bytes_twice_are_so_often_filed_as_it_is_asked(home: Home, talks: Callable[..., list[Path]]) -> None:
    options = Options(model="example-heron-1", again=True)
    assert numbers(file(home, talks("a", "a"), options).filed) == [("0001", "filed"), ("0002", "filed")]


def test_a_rehearsal_says_of_the_same_bytes_that_they_are_filed_once(
    home: Home, talks: Callable[..., list[Path]]
) -> None:
    paths = talks("a", "b", "a")
    said = Programs(home).archive("file", *paths, "--model", "example-heron-1", "--dry-run").stdout.splitlines()
    assert [line.split("  ")[2] for line in said] == ["would be filed", "would be filed", "already filed"]
    assert said[0].split("  ")[1] == said[2].split("  ")[1]


def test_the_same_bytes_at_hand_of_a_person_are_edited_and_filed_once(
    home: Home, talks: Callable[..., list[Path]]
) -> None:
    edited: list[Path] = []
    batch = batches.file_edited(home, talks("a", "b", "a", "a"), HERON, edited.append)
    assert numbers(batch.filed) == [
        ("0001", "filed"), ("0002", "filed"), ("0001", "already filed"), ("0001", "already filed"),
    ]  # fmt: skip
    assert len(edited) == 2
    whole(home, 2)


def test_a_file_that_cannot_be_read_stops_no_other(
    home: Home, talks: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, opened = talks(*"abc"), Path.open

    def closed(path: Path, *arguments: object, **options: object) -> object:
        if path == paths[1]:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *arguments, **options)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", closed)
        batch = file(home, paths)
    assert numbers(batch.filed) == [("0001", "filed"), ("0002", "filed")]
    assert [str(problem) for problem in batch.problems] == [f"{paths[1].name}: cannot be read: Permission denied"]


def test_for_many_that_are_filed_already_each_list_is_read_once(
    home: Home, talks: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, read = talks(*"abcdefgh"), list[Path]()
    looked = here._received

    def counted(folder: Path) -> Iterator[str]:
        read.append(folder)
        return looked(folder)

    monkeypatch.setattr(here, "_received", counted)
    file(home, paths)
    assert read == [], "of new bytes the store tells that they are new"
    assert {each.status for each in file(home, paths).filed} == {"already filed"}
    assert len(read) == 8


def test_under_the_lock_only_what_another_command_has_touched_is_drafted_again(
    home: Home, talks: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths, drafted = talks("a", "b", "c"), list[str]()
    new = deposit_draft.new
    (tmp_path / "elsewhere").mkdir()
    other = tmp_path / "elsewhere" / "talk-1.txt"  # takes the slug of the first
    other.write_text("User: z?\n\nAssistant: z.\n")

    def counted(here: here.Here, arrived: deposit_draft.Arrival, *rest: object) -> object:
        drafted.append(f"{arrived.source.parent.name}/{arrived.source.name}")
        return new(here, arrived, *rest)  # type: ignore[arg-type]

    def meanwhile(self: Home) -> object:
        if len(drafted) == 3:
            patch.setattr(Home, "writing", writing)
            file(home, [other, paths[1]])
            drafted.clear()
        return writing(self)

    writing = Home.writing
    with monkeypatch.context() as patch:
        patch.setattr(deposit_draft, "new", counted)
        patch.setattr(Home, "writing", meanwhile)
        batch = file(home, paths)
    assert [name.rpartition("/")[2] for name in drafted] == ["talk-1.txt", "talk-2.txt"]
    assert numbers(batch.filed) == [("0003", "filed"), ("0002", "already filed"), ("0004", "filed")]
    assert [Path(each.folder).name.partition("-talk-")[2] for each in batch.filed] == ["1-2", "2", "3"]
    whole(home, 4)


def test_many_of_one_title_get_numbers(home: Home) -> None:
    there = here.Here(home)
    found = []
    for _ in range(4):
        found.append(there.free("new-chat"))
        there.slugs.add(found[-1])
    assert found == ["new-chat", "new-chat-2", "new-chat-3", "new-chat-4"]


def test_open_questions_that_several_leave_are_told_once(home: Home, tmp_path: Path) -> None:
    put_model(home)
    for n in range(3):
        (tmp_path / f"talk-{n}.txt").write_text(f"User: And {n}?\nAssistant: Yes.\n")
    done = Programs(home).archive("file", *sorted(tmp_path.glob("talk-*.txt")), "--model", "example-heron-1")
    assert done.exit_code == 0, done.stderr
    assert [line.split("  ")[0] for line in done.stdout.splitlines()] == ["2026-0001", "2026-0002", "2026-0003"]
    open_, how = done.stderr.splitlines()
    assert "of [context_bias] not_recorded in each of 3, before all" in open_
    assert how.endswith("-talk-0; likewise the others")


def test_what_a_portion_read_is_let_go_before_the_next(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are filed, and however rarely Python itself looks for what refers to itself in circles."""
    put_model(home)
    monkeypatch.setattr(drafting, "PORTION", 3)
    for n in range(12):
        said = [{"role": "user", "content": f"And {n}? {'word ' * 20_000}"}, {"role": "assistant", "content": "Yes."}]
        (tmp_path / f"talk-{n}.json").write_text(json.dumps({"messages": said}))
    held = []
    honest = batches._filed

    def watched(*given: Any) -> tuple[Filed, ...]:
        held.append(tracemalloc.get_traced_memory()[0])
        return honest(*given)

    monkeypatch.setattr(batches, "_filed", watched)
    tracemalloc.start()
    gc.disable()
    try:
        done = Programs(home).archive("file", *sorted(tmp_path.glob("talk-*.json")), "--model", "example-heron-1")
    finally:
        gc.enable()
        tracemalloc.stop()
    assert done.exit_code == 0, done.stderr
    assert len(held) >= 4
    assert max(held[1:]) - held[0] < 300_000, "a portion's texts are 300,000 bytes"
