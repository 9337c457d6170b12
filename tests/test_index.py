"""The register's index: whatever is logged, killed, damaged or restored, it says what the leaves say."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.home.accession import Lives
from archive.register import register, statement
from archive.register.register import Register
from archive.register.statement import Statement
from tests.example_register import SIGNER, at, grow, leaves

ESSAYS = [f"E2026-{n:04d}" for n in range(1, 6)]


def said(choice: int, number: int) -> Statement:
    """The `number`-th statement of a register that tells of everything, chosen by chance."""
    essay, digest = ESSAYS[choice % 5], f"{choice:064x}"
    match choice // 5:
        case 0:
            return statement.intake(essay, "intake.sums", digest, kind="essay", time=at(number))
        case 1:
            return statement.intake(f"2026-{choice:04d}", "intake.sums", digest, kind="deposit", time=at(number))
        case 2:
            return statement.intake(f"2026-{choice - 5:04d}", "intake-2.sums", digest, kind="deposit", time=at(number))
        case 3:
            return statement.review(
                essay,
                digest,
                {},
                decision="hold",
                intake_index=0,
                reviewer="SHA256:" + "k" * 43,
                criteria=[],
                time=at(number),
            )
        case 4:
            return statement.issue("2026-W45", digest, digest, essays=[essay, ESSAYS[0]], renderer="r", time=at(number))
        case 5:
            about = {"essays/one/index.html": "f" * 64, "essays/one/intake.sums": f"{choice % 5:064x}"}
            return statement.notice("withdrawn", about, reason="maker", time=at(number))
        case _:
            return statement.notice("site", {"SHA256SUMS": digest}, reason="records", time=at(number))


def answers(read: Register, size: int) -> object:
    """Everything that can be asked about the first `size` statements."""
    index, lives = read.index.until(size), Lives(read, size)
    return (
        [index.of_kind(kind) for kind in ("intake", "review", "issue", "notice")],
        [index.of_kind("notice", notice) for notice in ("site", "withdrawn", "sent")],
        dict(lives.items()),
        [[life.accession.number for life in lives.of(kind)] for kind in ("deposit", "essay", "model")],
        [life.accession.number for life in lives.unpublished()],
        [lives.listed(f"{n:064x}") for n in range(40)],
        [lives.next(kind, 2026) for kind in ("deposit", "essay", "protocol")],
        index.newest(),
    )


def expected(statements: list[Statement]) -> object:
    """The same, by reading all statements."""
    kinds: dict[str, list[int]] = {}
    for position, each in enumerate(statements):
        kinds.setdefault(each.kind, []).append(position)
        if each.kind == "notice":
            kinds.setdefault(each.predicate["kind"], []).append(position)
    numbers, kind_of, listed = list[str](), dict[str, str](), dict[str, str]()
    over = set[str]()
    for each in statements:
        if each.kind == "intake":
            ((name, digest),) = each.subjects.items()
            number = name.split("/")[0]
            if number not in kind_of:
                numbers.append(number)
                kind_of[number] = each.predicate["kind"]
            listed.setdefault(digest, number)
        elif each.kind == "issue":
            over |= set(each.predicate["essays"]) & kind_of.keys()
        elif each.kind == "notice":
            over |= {listed[digest] for digest in each.subjects.values() if digest in listed}
    return (
        [kinds.get(kind, []) for kind in ("intake", "review", "issue", "notice")],
        [kinds.get(notice, []) for notice in ("site", "withdrawn", "sent")],
        numbers,
        [[n for n in numbers if kind_of[n] == kind] for kind in ("deposit", "essay", "model")],
        [n for n in numbers if kind_of[n] == "essay" and n not in over],
        [listed.get(f"{n:064x}") for n in range(40)],
        max((each.predicate["time"] for each in statements), default=""),
    )


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 34), min_size=1, max_size=5), max_size=8), st.data())
def test_whatever_is_logged_the_index_says_what_all_statements_say(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("register")
    grown, number = grow(folder / "own", folder / "site", []), 0
    for batch in batches:
        new = [said(choice, number + i).encode() for i, choice in enumerate(batch)]
        number += len(batch)
        grown = register.append(grown, folder / "site", SIGNER, new)
        if data.draw(st.booleans()):
            answers(grown, grown.size)  # so that the file is sometimes ahead, sometimes far behind
    size = data.draw(st.integers(0, number))
    found = list(answers(Register.read(folder / "own"), size))  # type: ignore[call-overload]
    found[2] = list(found[2])
    found[5] = [accession and accession.number for accession in found[5]]
    del found[6]
    assert tuple(found) == expected([Statement.decode(leaf) for leaf in grown.leaves[:size]])
    (folder / "own/index.db").unlink(missing_ok=True)
    assert answers(Register.read(folder / "own"), size) == answers(grown, size)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    read = grow(tmp_path / "own", tmp_path / "site", [leaves(300), leaves(303, 300)])
    assert read.index.numbers() == [f"2026-{n:04d}" for n in range(1, 304)]
    return tmp_path / "own"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda file: file.unlink(), id="missing"),
        pytest.param(lambda file: file.write_bytes(b""), id="empty"),
        pytest.param(lambda file: file.write_bytes(b"no database" * 999), id="no database"),
        pytest.param(lambda file: os.truncate(file, 9000), id="cut"),
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[:8192] + b"\xff" * 90_000), id="its inside"),
        pytest.param(
            lambda file: sqlite3.connect(file).executescript("PRAGMA user_version = 99"), id="a later version"
        ),
        pytest.param(lambda file: sqlite3.connect(file).executescript("UPDATE upto SET root = ''"), id="its root"),
        pytest.param(lambda file: sqlite3.connect(file).executescript("DROP TABLE about"), id="a table is gone"),
        pytest.param(lambda file: sqlite3.connect(file).executescript("DELETE FROM upto"), id="its size is gone"),
        pytest.param(lambda file: sqlite3.connect(file).executescript("UPDATE upto SET size = 'x'"), id="its size"),
    ],
)
def test_an_index_that_is_missing_or_damaged_is_made_again(own: Path, change: Callable[[Path], object]) -> None:
    change(own / "index.db")
    index = Register.read(own).index
    assert index.numbers() == [f"2026-{n:04d}" for n in range(1, 304)]
    assert [index.about(f"2026-{n:04d}") for n in (1, 300, 303)] == [[0], [299], [302]]
    assert not Register.read(own).indexed.differs()


def test_an_index_that_says_something_else_than_the_leaves_is_found(own: Path) -> None:
    for change in (
        "UPDATE subject SET digest = 'f' WHERE position = 7",
        "DELETE FROM about WHERE position = 300",
        "UPDATE accession SET published = 5 WHERE number = '2026-0002'",
        "UPDATE statement SET time = '2027-01-01T00:00:00Z' WHERE position = 3",
    ):
        with sqlite3.connect(own / "index.db") as connection:
            connection.execute(change)
        connection.close()
        database = Register.read(own).indexed
        assert database.differs(), change
        database.make_again()
        assert not database.differs()


def test_the_index_of_a_restored_register_forgets_what_was_logged_after(own: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(own, older)
    read = register.append(Register.read(own), tmp_path / "site", SIGNER, leaves(310, 303))
    assert len(read.index.numbers()) == 310
    shutil.copy(own / "index.db", older / "index.db")
    assert len(Register.read(older).index.numbers()) == 303
    assert Register.read(older).index.last("2026-") == 303


def test_a_reader_that_opened_before_another_command_logged_hears_of_nothing_later(own: Path, tmp_path: Path) -> None:
    reader = Register.read(own)
    newer = register.append(Register.read(own), tmp_path / "site", SIGNER, leaves(310, 303))
    assert newer.index.last("2026-") == 310
    assert reader.index.last("2026-") == 303
    assert Register.read(own).index.last("2026-") == 310


def test_where_no_file_can_be_written_the_index_is_kept_in_memory(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "index.db").unlink()
    (own / "index.db").mkdir()
    assert len(Register.read(own).index.numbers()) == 303
    assert list((own / "index.db").iterdir()) == []


def test_one_more_statement_reads_one_bundle(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = Path.read_bytes
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda path: (read.append(path.as_posix()), real(path))[1])
        grown = register.append(Register.read(own), tmp_path / "site", SIGNER, leaves(304, 303))
        assert grown.index.last("2026-") == 304
    assert {Path(path).relative_to(own).as_posix() for path in read if "/own/tile/entries/" in path} <= {
        "tile/entries/001.p/47",
        "tile/entries/001.p/48",
    }
