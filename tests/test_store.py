"""The store: write once, named by its hash, whole or not there."""

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import NotFound
from archive.home.store import FolderStore, copied, digest_of

DATA = b"Nobody asked, so I counted.\n"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    path = tmp_path / "staged"
    path.write_bytes(DATA)
    return path


def held(store: FolderStore) -> list[str]:
    """SHA-256 of each copy, as it is named."""
    return [path.parent.name + path.name for path in store.folder.glob("??/*")]


def test_what_is_taken_in_is_kept_under_its_sha256_and_gone_from_where_it_was(store: FolderStore, staged: Path) -> None:
    store.take({DIGEST: staged})
    assert (store.get(DIGEST), held(store), staged.exists()) == (DATA, [DIGEST], False)


@pytest.mark.skipif(
    not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(tempfile.gettempdir()).st_dev,
    reason="there is one disk",
)
def test_a_store_on_another_disk_takes_a_copy(store: FolderStore, staged: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as disk:
        store.folder.symlink_to(disk)
        store.take({DIGEST: staged})
        assert (store.get(DIGEST), held(store), staged.exists()) == (DATA, [DIGEST], False)
        assert store.path(DIGEST).stat().st_mode & 0o777 == 0o400


def test_what_was_taken_in_before_is_left_as_it_is(store: FolderStore, staged: Path) -> None:
    store.take({DIGEST: staged})
    before = store.path(DIGEST).stat()
    store.take({DIGEST: staged})
    assert store.path(DIGEST).stat() == before


def test_what_was_never_kept_is_not_found(store: FolderStore) -> None:
    with pytest.raises(NotFound, match=f"the store has no copy of {DIGEST}"):
        store.get(DIGEST)
    assert held(store) == []


@given(st.binary(max_size=3000))
def test_a_digest_is_the_same_for_bytes_and_for_a_file(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "digested"
    path.write_bytes(data)
    assert digest_of(path) == digest_of(data) == hashlib.sha256(data).hexdigest()


def test_a_file_is_copied_and_its_digest_told_in_one_reading(staged: Path, tmp_path: Path) -> None:
    with (tmp_path / "copy").open("wb") as file:
        assert copied(staged, file) == DIGEST
    assert (tmp_path / "copy").read_bytes() == DATA
