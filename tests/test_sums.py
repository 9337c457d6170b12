"""``sha256sum`` lists: as strict as we are on the way in, `sha256sum` itself agrees."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Malformed
from archive.register import sums

A, B = "a" * 64, "b" * 64


def test_a_list_is_sorted_by_the_bytes_of_its_paths() -> None:
    written = sums.write({"é.md": A, "z/y": B, "Z": A, "a.b": B, "a/b": A})
    assert written.decode() == f"{A}  Z\n{B}  a.b\n{A}  a/b\n{B}  z/y\n{A}  é.md\n"
    assert sums.write(sums.parse(written, "list")) == written


@given(st.binary(max_size=200) | st.text(f"{A} /.\n\\*\r\0é", max_size=200).map(str.encode))
def test_whatever_is_not_malformed_is_written_again_byte_for_byte(data: bytes) -> None:
    try:
        parsed = sums.parse(data, "list")
    except Malformed:
        return
    assert sums.write(parsed) == data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "list: expected lines", id="nothing"),
        pytest.param(f"{A}  x".encode(), "no final newline", id="no final newline"),
        pytest.param(f"{A}  x\n\n".encode(), "list:2: expected", id="an empty line"),
        pytest.param(f"{A} x\n".encode(), "list:1: expected", id="one space"),
        pytest.param(f"{A} *x\n".encode(), "list:1: expected", id="binary mode"),
        pytest.param(f"{A}   x\n".encode(), "list:1: expected", id="three spaces"),
        pytest.param(f"{A}\tx\n".encode(), "list:1: expected", id="a tab"),
        pytest.param(f"{A.upper()}  x\n".encode(), "list:1: expected", id="upper-case hex"),
        pytest.param(f"{A[1:]}  x\n".encode(), "list:1: expected", id="63 digits"),
        pytest.param(f"\\{A}  x\\n\n".encode(), "list:1: expected", id="an escaped name"),
        pytest.param(f"{A}  x\r\n".encode(), "list:1: expected", id="CR LF"),
        pytest.param(f"{A}  x\0y\n".encode(), "list:1: expected", id="a zero byte, where sha256sum ends the name"),
        pytest.param(f"# {A}  x\n".encode(), "list:1: expected", id="a comment"),
        pytest.param(f"{A}  x\n{B}  x\n".encode(), "list:2: x is listed twice", id="a path twice"),
        pytest.param(f"{A}  y\n{B}  x\n".encode(), "sorted by the bytes", id="out of order"),
        pytest.param(f"{A}  ../x\n".encode(), "list:1: expected a plain path", id="out of the folder"),
        pytest.param(f"{A}  a/../../x\n".encode(), "list:1: expected a plain path", id="out of the folder later"),
        pytest.param(f"{A}  /etc/x\n".encode(), "list:1: expected a plain path", id="an absolute path"),
        pytest.param(f"{A}  ./x\n".encode(), "list:1: expected a plain path", id="a second name for one file"),
        pytest.param(f"{A}  a//x\n".encode(), "list:1: expected a plain path", id="two slashes"),
        pytest.param(f"{A}  a/\n".encode(), "list:1: expected a plain path", id="a folder"),
        pytest.param(f"{A}  ".encode() + b"\xff\n", "list: expected UTF-8", id="not UTF-8"),
    ],
)
def test_a_list_in_any_other_form_is_malformed(data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        sums.parse(data, "list")


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is not installed")
def test_sha256sum_reads_a_list_of_odd_names_and_writes_the_same(tmp_path: Path) -> None:
    names = ["a b", "*star", "é", "#x", "-c", "a/b c", "trailing ", "2026-W48", "x'y\"z", "%C3"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    listed = sums.write({name: sums.digest(name.encode()) for name in names})
    checked = subprocess.run(["sha256sum", "--strict", "-c", "-"], input=listed, cwd=tmp_path, capture_output=True)
    assert (checked.returncode, checked.stdout.count(b": OK\n")) == (0, len(names))
    made = subprocess.run(["sha256sum", "--", *sorted(names, key=str.encode)], cwd=tmp_path, capture_output=True)
    assert made.stdout == listed


def test_a_digest_is_sha256_in_lower_case_hex() -> None:
    assert sums.digest(b"abc") == hashlib.sha256(b"abc").hexdigest()
