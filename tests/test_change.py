"""One change of a home is whole or never happened, wherever the program is killed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Error
from archive.home import change as pending
from archive.home.change import Change
from archive.home.store import FolderStore
from archive.register import durable, register
from archive.register.proof import Proof
from archive.register.register import Register
from tests.example_register import SIGNER, Killed, every_death, grow, killed_at, leaf, leaves, put_back, snapshot

OWN = ("start/.archive/register", "start/site/register", "start/.archive/store")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return home_of_three(tmp_path)


def home_of_three(folder: Path) -> Path:
    """A home as far as a change needs one: a register of three statements and a few files."""
    root = folder / "start"
    with killed_at(0, root):
        grow(root / ".archive/register", root / "site/register", [leaves(3)])
    for name in ("essays/a/essay.md", "site/old.html", "site/essays/gone/index.html"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"before")
    (root.parent / "large").write_bytes(b"x" * 100_000)
    return root


def store_of(root: Path) -> FolderStore:
    return FolderStore(root / ".archive/store")


def commit(root: Path, change: Change) -> Register:
    """What `Writer.commit` does."""
    return pending.commit(root, store_of(root), Register.read(root / ".archive/register"), SIGNER, change)


def recover(root: Path) -> None:
    """What the next command does first."""
    current = Register.read(root / ".archive/register")
    register.settle(current, root / "site/register")
    pending.recover(root, store_of(root), current)


def logged(root: Path) -> Change:
    return Change(
        leaves=leaves(5, 3),
        files={
            "essays/a/essay.md": b"after",
            "transcripts/m/d/received.txt": root.parent / "large",
        },
        remove=["site/essays/gone/index.html", "site/never-there"],
        proofs={"essays/a/essay.md.tlog-proof": 1},
    )


def unlogged(root: Path) -> Change:
    return Change(files={"essays/a/essay.md": b"after", "essays/b/draft": b"new"}, remove=["site/old.html"])


def state(root: Path) -> dict[str, bytes]:
    """Every file but the lock and what is half-written beside its place."""
    return {name: data for name, data in snapshot(root).items() if not name.endswith((".new", "/lock"))}


def test_a_change_logs_its_statements_writes_its_files_and_takes_others_away(root: Path) -> None:
    before = state(root)
    grown = commit(root, logged(root))
    after = state(root)
    assert grown == Register.read(root / ".archive/register")
    assert grown.leaves == tuple(leaves(5))
    assert {n: after.get(n) for n in before | after if after.get(n) != before.get(n) and not n.startswith(OWN)} == {
        "start/essays/a/essay.md": b"after",
        "start/transcripts/m/d/received.txt": b"x" * 100_000,
        "start/site/essays/gone/index.html": None,
        "start/essays/a/essay.md.tlog-proof": bytes(grown.first_proof(4)),
    }
    assert not (root / "site/essays").exists()
    assert not (root / ".archive/pending").exists()
    assert Proof.parse(after["start/essays/a/essay.md.tlog-proof"]).leaf == leaf(4)


@pytest.mark.parametrize("syncfs", [True, False], ids=["one barrier", "file by file"])
@pytest.mark.parametrize("change", [logged, unlogged])
def test_killed_at_any_write_nothing_happened_or_everything(
    root: Path, change: Callable[[Path], Change], syncfs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "has_syncfs", lambda: syncfs)
    before = snapshot(root)
    with killed_at(0, root):
        commit(root, change(root))
    whole = snapshot(root)
    ends = set()

    def attempt(write: int) -> bool:
        put_back(root, before)
        try:
            with killed_at(write, root):
                commit(root, change(root))
            killed = False
        except Killed:
            killed = True
        with killed_at(0, root):
            recover(root)
            found = state(root)
            assert found in (before, whole), write
            ends.add(found == whole)
            recover(root)
            assert state(root) == found
            if found == before:
                commit(root, change(root))
            assert snapshot(root) == whole, "and nothing half-written stays for ever"
        return killed

    assert every_death(attempt) > 10
    assert ends == {True, False}


def test_killed_while_recovering_the_next_recovery_ends_the_same(root: Path) -> None:
    change, before = logged(root), snapshot(root)
    with killed_at(0, root):
        commit(root, change)
    whole = snapshot(root)

    def attempt(write: int) -> bool:
        put_back(root, before)
        current = Register.read(root / ".archive/register")
        with killed_at(0, root):
            pending._stage(root, store_of(root), current.size, change)
            register.append(current, root / "site/register", SIGNER, change.leaves)
        try:
            with killed_at(write, root):
                recover(root)
            killed = False
        except Killed:
            killed = True
        with killed_at(0, root):
            recover(root)
        assert snapshot(root) == whole, write
        return killed

    assert every_death(attempt) > 10


def test_a_change_whose_statements_are_refused_never_happened(root: Path) -> None:
    before = state(root)
    with pytest.raises(Error, match="the clock says"):
        commit(root, Change(leaves=[leaf(0)], files={"essays/a/essay.md": b"after"}))
    recover(root)
    assert state(root) == before


def test_the_bytes_last_before_there_is_a_plan_and_the_names_before_the_plan_goes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def noted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            last = arguments[-1] if name in ("replace", "unlink") else ""
            seen.append(f"{name} {Path(str(last)).name}".strip() if name != "open" else "write")
            return real(*arguments, **options)

        return call

    monkeypatch.setattr(pending, "_written", noted("open", pending._written))
    monkeypatch.setattr(durable, "syncfs", noted("barrier", durable.syncfs))
    for name in ("replace", "unlink"):
        monkeypatch.setattr(os, name, noted(name, getattr(os, name)))
    commit(root, logged(root))
    staged, planned = seen.index("barrier"), seen.index("replace plan.json")
    happened = seen.index("replace checkpoint")
    placed, lasting = seen.index("replace received.txt"), len(seen) - 1 - seen[::-1].index("barrier")
    gone = seen.index("unlink plan.json", placed)
    assert staged < planned < happened < placed < lasting < gone
    assert "write" not in seen[staged:], "after the first barrier only names change"
    assert [each for each in seen[lasting:gone] if each.startswith("replace")] == []


def test_what_changes_while_it_is_filed_is_refused_and_nothing_happened(root: Path) -> None:
    before, name = snapshot(root), "transcripts/m/d/received.txt"
    change = Change(leaves=leaves(4, 3), files={name: root.parent / "large"}, digests={name: "0" * 64})
    with pytest.raises(Error, match="large: changed while it was being filed"):
        commit(root, change)
    recover(root)
    assert snapshot(root) == before


def test_a_file_that_people_edit_shares_no_bytes_with_its_copy_in_the_store(root: Path) -> None:
    commit(root, logged(root))
    (copy,) = (p for p in (root / ".archive/store").glob("??/*") if p.stat().st_size == 100_000)
    place = root / "transcripts/m/d/received.txt"
    assert (copy.stat().st_nlink, copy.stat().st_mode & 0o777, place.stat().st_nlink) == (1, 0o400, 1)
    with place.open("r+b") as file:
        file.write(b"edited")
    assert copy.read_bytes() == b"x" * 100_000


def test_the_same_change_twice_is_the_same_as_once(root: Path) -> None:
    commit(root, unlogged(root))
    once = snapshot(root)
    commit(root, unlogged(root))
    assert snapshot(root) == once


def test_nothing_left_is_nothing_to_recover(root: Path) -> None:
    before = state(root)
    recover(root)
    assert state(root) == before
