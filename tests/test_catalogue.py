"""The catalogue is what the files say, however it came about; one body of tests for SQLite and PostgreSQL."""

import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from archive.catalogue import building, schema, tables
from archive.catalogue.catalogue import ask
from archive.catalogue.place import SCHEMA
from archive.catalogue.reader import newest_first
from archive.catalogue.search import search
from archive.deposits import filed as filed_module
from archive.errors import Error, NotFound, Refused
from archive.home import accession, change
from archive.home.home import Home
from archive.home.store import digest_of
from tests import postgres
from tests.conftest import ROOT
from tests.example_home import ANSWER, NOTES, WISH, annotated, put_deposit, put_model, said


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, home: Home) -> Iterator[Home]:
    """A home with either database."""
    if request.param == "sqlite":
        yield home
        return
    with postgres.used(home, request.getfixturevalue("postgres")) as home:
        yield home


def execute(home: Home, statement: str) -> None:
    if not home.configuration.database.url:
        with contextlib.closing(sqlite3.connect(home.hidden / "catalogue.db")) as connection, connection:
            connection.execute("PRAGMA foreign_keys = on")
            connection.execute(statement)
        return
    postgres.execute(home, statement)


def rows(home: Home) -> dict[str, list[str]]:
    """Everything in it."""
    words = [f"{name}_words" for name in schema.SEARCHED] if home.configuration.database.url else []
    return ask(
        home,
        lambda reader: {
            name: sorted(map(repr, reader.rows(f"SELECT * FROM {name}"))) for name in (*tables.TABLES, *words)
        },
    )


def reindex(home: Home) -> dict[str, int]:
    return building.reindex(home)


def found(home: Home, query: str) -> list[str]:
    return [hit.address for hit in search(home, query)]


def test_filing_step_by_step_and_building_anew_give_the_same_rows(home: Home) -> None:
    put_model(home)
    assert rows(home)["deposit"] == []
    number = annotated(home)
    rows(home)
    put_deposit(home, "second", turns=[said("Nothing is dated here. NUL: \0")], dates=[None])
    rows(home)
    put_model(home, preferences={"own-channel": WISH + ANSWER})
    step_by_step = rows(home)

    assert reindex(home) == {
        "models": 1,
        "deposits": 2,
        "interviews": 3,
        "turns": 6,
        "notes": 10,
        "analyses": 1,
        "claims": 1,
        "quotes": 2,
        "preferences": 1,
    }
    assert rows(home) == step_by_step
    assert building.problems(home.reopened()) == []
    assert found(home, "dated OR lamp") == [f"{number}/2#2", "2026-0002/1#1"]


def test_refiling_replaces_all_rows_of_a_folder_and_no_others(home: Home) -> None:
    annotated(home)
    put_deposit(home, "second", turns=[said("Asked twice by nobody.")], dates=["2026-10-20"])
    assert found(home, "twice") == ["2026-0002/1#1", "2026-0001/1#3", "2026-0001/1#3"]

    put_deposit(home, sidecars={"notes/ann.toml": NOTES.replace("Asked twice", "Asked once")})

    assert found(home, "twice") == ["2026-0002/1#1", "2026-0001/1#3"]
    assert found(home, "once") == ["2026-0001/1#3"]
    assert building.problems(home.reopened()) == []


def test_filing_reads_only_the_folders_it_touched(home: Home) -> None:
    annotated(home)
    rows(home)
    execute(home, "UPDATE deposit SET title = 'by hand'")
    put_deposit(home, "second", turns=[said("Another.")], dates=["2026-10-20"])
    rows(home)
    assert [str(p).split(":")[0] for p in building.problems(home.reopened())] == [
        "transcripts/example-heron-1/2026-10-14-first"
    ]


def test_catching_up_opens_no_folder_that_it_knows(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    annotated(home)
    rows(home)
    put_deposit(home, "second", turns=[said("Another.")], dates=["2026-10-20"])
    looked_at: list[str] = []

    def recorded(source: Path) -> str:
        looked_at.append(source.parent.name)
        return digest_of(source)

    for module in (filed_module, accession):
        monkeypatch.setattr(module, "digest_of", recorded)
    rows(home)
    assert {name for name in looked_at if name[:4] == "2026"} == {"2026-10-20-second"}


def test_nothing_filed_is_said_and_no_catalogue_made(home: Home) -> None:
    with pytest.raises(NotFound, match="nothing was filed here yet; `archive file PATH` does that"):
        search(home, "asked")
    assert building.problems(home.reopened()) == []
    assert not (home.hidden / "catalogue.db").exists()


def test_a_missing_catalogue_is_built_by_whoever_reads_it(home: Home) -> None:
    annotated(home)
    before = rows(home)
    if (home.hidden / "catalogue.db").exists():
        (home.hidden / "catalogue.db").unlink()
    else:
        execute(home, f"DROP SCHEMA {SCHEMA} CASCADE")
    assert rows(home) == before


def test_a_catalogue_of_another_version_is_built_anew_by_whoever_reads_it(home: Home) -> None:
    annotated(home)
    before = rows(home)
    execute(home, "UPDATE catalogue SET version = 'another'")
    assert rows(home) == before


def test_filing_needs_no_catalogue_and_reading_takes_in_what_was_filed_since(home: Home) -> None:
    annotated(home)
    assert not (home.hidden / "catalogue.db").exists()
    assert found(home, "thanked") == ["2026-0001/first-reading", "2026-0001/1#3"]
    put_deposit(home, "second", turns=[said("Thanked again.")], dates=["2026-11-01"])
    assert found(home, "thanked") == ["2026-0002/1#1", "2026-0001/first-reading", "2026-0001/1#3"]


def test_a_register_that_is_another_history_makes_the_catalogue_anew(home: Home) -> None:
    annotated(home)
    rows(home)
    execute(home, "UPDATE catalogue SET statements = 1, root = 'another'")
    execute(home, "UPDATE deposit SET title = 'of another history'")
    assert "of another history" not in str(rows(home))


def test_the_catalogue_of_another_archive_is_refused(home: Home) -> None:
    annotated(home)
    rows(home)
    execute(home, "UPDATE catalogue SET origin = 'elsewhere.example/register'")

    with pytest.raises(
        Error, match=r"expected the catalogue of letters\.example\.org/register, found that of elsewhere"
    ):
        search(home, "asked")


def test_a_row_changed_by_hand_is_a_problem_that_names_its_folder(home: Home) -> None:
    annotated(home)
    rows(home)
    execute(home, "UPDATE turn SET text = 'I would rather be thanked.' WHERE turn = 3")

    assert [str(p) for p in building.problems(home.reopened())] == [
        "transcripts/example-heron-1/2026-10-14-first: "
        "the catalogue says something else than its files; archive reindex"
    ]
    reindex(home)
    assert building.problems(home.reopened()) == []


def lose(home: Home, path: Path) -> None:
    """Damage a filed file and its copy in the store."""
    home.store.path(digest_of(path)).unlink()
    path.write_text("damaged")


def test_a_file_changed_since_it_was_filed_is_read_as_it_was_filed(home: Home) -> None:
    annotated(home)
    (home.root / "transcripts/example-heron-1/2026-10-14-first/notes/ann.toml").write_text("format = 2")
    assert "unreadable" not in reindex(home)
    assert len(found(home, "silence")) == 2


def test_a_folder_that_cannot_be_read_is_left_out_and_counted(home: Home) -> None:
    annotated(home)
    put_deposit(home, "second", turns=[said("Still here.")], dates=["2026-10-20"])
    first = home.root / "transcripts/example-heron-1/2026-10-14-first"
    lose(home, first / "notes/ann.toml")
    assert reindex(home)["unreadable"] == 1
    assert found(home, "silence") == ["2026-0001/1#3"]

    lose(home, first / "deposit.toml")
    assert reindex(home)["unreadable"] == 1
    assert found(home, "silence") == []
    assert found(home, "still") == ["2026-0002/1#1"]


def test_a_copy_of_a_folder_is_catalogued_once(home: Home) -> None:
    annotated(home)
    folder = home.root / "transcripts/example-heron-1/2026-10-14-first"
    shutil.copytree(folder, folder.with_name("2026-10-14-first-copy"))

    assert reindex(home)["deposits"] == 1
    assert building.problems(home.reopened()) == []


def test_rows_must_belong_to_a_deposit(home: Home) -> None:
    annotated(home)
    rows(home)
    with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
        execute(home, "DELETE FROM interview WHERE number = 1")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"not a database at all" * 300, id="not a database"),
        pytest.param(lambda data: data[:8192] + bytes(len(data) - 8192), id="zeroed"),
        pytest.param(lambda data: b"", id="empty"),
    ],
)
@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_a_damaged_file_is_built_anew_by_whoever_reads_it(home: Home, damage) -> None:  # type: ignore[no-untyped-def]
    annotated(home)
    before = rows(home)
    file = home.hidden / "catalogue.db"
    file.write_bytes(damage(file.read_bytes()))
    assert len(search(home, "thanked")) == 2
    assert rows(home) == before


@pytest.mark.parametrize("damage", ["{turn_words}", "DROP TABLE note", "ALTER TABLE turn RENAME text TO t"])
def test_what_only_the_question_finds_damaged_is_built_anew_and_asked_again(home: Home, damage: str) -> None:
    annotated(home)
    rows(home)
    url = home.configuration.database.url
    execute(home, damage.format(turn_words="DROP TABLE turn_words" if url else "DELETE FROM turn_words_data"))
    assert found(home, "thanked") == ["2026-0001/first-reading", "2026-0001/1#3"]


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_what_a_killed_writer_left_beside_the_file_is_not_played_into_the_new_one(home: Home) -> None:
    annotated(home)
    file = home.hidden / "catalogue.db"
    file.with_name("catalogue.db-journal").write_bytes(b"\xd9\xd5\x05\xf9 \xa1c\xd7" + bytes(4000))
    file.with_name(".catalogue.db.new").write_bytes(b"half")

    reindex(home)

    assert sorted(path.name for path in home.hidden.iterdir() if "catalogue" in path.name) == [
        "catalogue.db",
        "catalogue.lock",
    ]
    assert found(home, "thanked") == ["2026-0001/first-reading", "2026-0001/1#3"]


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", r"expected an address such as postgresql\+psycopg://user@host/archive"),
        ("mysql://somewhere/archive", "expected SQLite or PostgreSQL|needs MySQLdb"),
        ("postgresql://nobody@127.0.0.1:1/archive", "cannot be (read|written): .*refused|needs psycopg"),
    ],
)
def test_a_database_that_cannot_be_used_is_named(home: Home, url: str, says: str) -> None:
    with (home.root / "archive.toml").open("a") as file:
        file.write(f'\n[database]\nurl = "{url}"\n')
    home = Home(home.root)
    put_deposit(home)
    with pytest.raises(Error, match=says):
        search(home, "thanked")


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
@pytest.mark.parametrize("there", [True, False])
def test_searching_sqlite_imports_no_sqlalchemy_nor_does_making_it(home: Home, there: bool) -> None:
    annotated(home)
    if there:
        search(home, "thanked")
    program = (
        "import sys; from pathlib import Path; from archive.home.home import Home; "
        "from archive.catalogue.search import search; "
        "print(len(search(Home(Path(sys.argv[1])), 'thanked')), 'sqlalchemy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program, home.root], cwd=ROOT, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("2 False\n", "")


def test_the_schema_that_is_at_hand_is_that_of_the_tables() -> None:
    assert tables.schema() == schema.SQL, "the tables changed: write tables.schema() into archive/catalogue/schema.sql"
    assert schema.columns() == {name: tuple(table.columns.keys()) for name, table in tables.TABLES.items()}


def test_what_is_logged_and_not_yet_in_its_place_is_taken_in_when_it_is(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotated(home)
    install, seen = change._install, list[int]()

    def read_first(root: Path, *rest: Any) -> None:
        seen.append(len(rows(Home(root))["deposit"]))
        install(root, *rest)

    monkeypatch.setattr(change, "_install", read_first)
    put_deposit(home, "second", turns=[said("Another.")], dates=["2026-10-20"])
    assert seen == [1]
    assert found(home, "another") == ["2026-0002/1#1"]


CROWD = """
import gc, json, os, sys
from pathlib import Path
from archive.catalogue import server
from archive.catalogue.search import search
from archive.cli.commands import main
from archive.deposits import batch
from archive.home.home import Home
from tests.torture.process import preload

def run(*arguments):
    try:
        main(arguments)
    except SystemExit as ended:
        assert not ended.code, arguments

def take_part(n):
    word = f"word{n}"
    log = root.parent / f"{word}.json"
    log.write_text(json.dumps({"messages": [{"role": "user", "content": word}]}))
    run("file", str(log), "--model", "example-heron-1")
    assert len(search(Home(root), word)) == 1, f"{word} was not found by who filed it"
    run("reindex" if n == 7 else "list")

root = Path(os.environ["ARCHIVE_HOME"])
preload()
gc.disable()  # as a command does where it begins
for n in range(10):
    if not os.fork():
        take_part(n)
        os._exit(0)  # without taking apart all that was imported
sys.exit(any([os.wait()[1] for _ in range(10)]))
"""


def test_ten_file_and_read_at_once_and_each_finds_at_once_what_it_filed(home: Home) -> None:
    put_model(home)
    ran = subprocess.run(
        [sys.executable, "-c", CROWD],
        cwd=ROOT,
        env={**os.environ, "ARCHIVE_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert not ran.returncode, ran.stderr
    assert "Traceback" not in ran.stderr

    home = home.reopened()
    held = rows(home)
    assert len(held["deposit"]) == 10
    reindex(home)
    assert rows(home) == held


days = st.none() | st.dates(dt.date(1971, 1, 1), dt.date(2148, 12, 31))
places = st.tuples(days, st.integers(0, 2**22 - 1), st.integers(0, 2**25 - 1))


@given(places, places)
def test_later_days_then_later_filings_then_earlier_places_have_higher_numbers(a, b) -> None:  # type: ignore[no-untyped-def]
    def key(place):  # type: ignore[no-untyped-def]
        day, index, number = place
        return (day or dt.date.min, index, -number)

    one, other = newest_first(*a), newest_first(*b)
    assert 0 <= one < 2**63
    assert (one < other, one == other) == (key(a) < key(b), key(a) == key(b))


def test_a_wrong_question_changes_nothing(home: Home) -> None:
    annotated(home)
    before = rows(home)
    with pytest.raises(Refused):
        search(home, '"; DROP TABLE turn; --')
    assert search(home, "'; DROP TABLE turn; --") == []
    assert rows(home) == before
