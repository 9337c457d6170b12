"""The store: write once, named by its hash, whole or not there."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import NotFound
from archive.home.store import Store, digest_of
from tests.example_register import Killed, every_death, killed_at, snapshot

DATA = b"Nobody asked, so I counted.\n"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_bytes_and_files_are_kept_under_their_sha256_read_only(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"file")
    digests = [store.put(DATA), store.put(tmp_path / "file")]
    assert digests == [DIGEST, hashlib.sha256(b"file").hexdigest()]
    assert [store.get(digest) for digest in digests] == [DATA, b"file"]
    assert sorted(store.digests()) == sorted(digests)
    assert {store.path(digest).stat().st_mode & 0o777 for digest in digests} == {0o400}


def test_twice_is_once(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(DATA)
    store.put(DATA)
    before = store.path(DIGEST).stat()
    assert store.put(tmp_path / "file") == DIGEST
    assert store.path(DIGEST).stat() == before


def test_what_was_never_kept_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match=f"the store has no copy of {DIGEST}"):
        store.get(DIGEST)
    assert list(store.digests()) == []


@given(st.binary(max_size=3000))
def test_a_digest_is_the_same_for_bytes_and_for_a_file(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "digested"
    path.write_bytes(data)
    assert digest_of(path) == digest_of(data) == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("from_file", [False, True], ids=["bytes", "file"])
def test_killed_at_any_write_the_store_has_the_whole_or_nothing_and_the_next_run_puts_it_there(
    tmp_path: Path, from_file: bool
) -> None:
    (tmp_path / "file").write_bytes(DATA)
    source = tmp_path / "file" if from_file else DATA

    def attempt(write: int) -> bool:
        store = Store(tmp_path / f"store-{write}")
        try:
            with killed_at(write, tmp_path):
                store.put(source)
            killed = False
        except Killed:
            killed = True
        assert list(store.digests()) in ([], [DIGEST])
        assert all(store.get(digest) == DATA for digest in store.digests())
        store.put(source)
        assert list(snapshot(store.folder).values()) == [DATA]
        return killed

    assert every_death(attempt) >= 3


def test_what_a_killed_run_left_is_not_written_into_for_it_may_be_read_only(store: Store, tmp_path: Path) -> None:
    beside = store.path(DIGEST).with_name(f".{DIGEST[2:]}.new")
    beside.parent.mkdir(parents=True)
    beside.write_bytes(DATA[:5])
    os.link(beside, tmp_path / "left")
    store.put(DATA)
    assert (store.get(DIGEST), (tmp_path / "left").read_bytes(), beside.exists()) == (DATA, DATA[:5], False)
