"""What is particular to a catalogue on a server: commands answer the same, and each way it may fail is told."""

import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from archive.catalogue import building, database
from archive.catalogue.catalogue import ask
from archive.catalogue.reader import Reader
from archive.catalogue.search import search
from archive.errors import Error
from archive.home.home import Home
from tests.example_home import annotated, put_deposit, said
from tests.postgres import execute, used
from tests.programs import Programs
from tests.tables import sections

READING = (
    "list",
    "show",
    "search",
    "compare",
    "coverage",
    "agreement",
    "timeline",
    "ledger",
    "keeping",
    "plan",
    "report",
)


def typed() -> list[list[str]]:
    """What doors.md has typed that only reads."""
    rows = [row for section in sections("doors.md").values() for row in section]
    commands = dict.fromkeys(line for line, code, _ in rows if code == "0" and "{" not in line and "--to" not in line)
    split = map(shlex.split, commands)
    return [line for line in split if line[0] == "archive" and line[1] in READING and "--home" not in line]


def test_every_command_that_reads_answers_the_same(filed: Home, postgres: str, tmp_path: Path) -> None:
    local, copy = (Home(shutil.copytree(filed.root, tmp_path / name)) for name in ("local", "copy"))
    commands = typed()
    assert {line[1] for line in commands} == {*READING}
    with used(copy, postgres) as remote:
        for _, *arguments in commands:
            here, there = (Programs(home).archive(*arguments) for home in (local, remote))
            assert (arguments, there.output) == (arguments, here.output)
            assert here.exit_code == there.exit_code


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kept(home: Home, postgres: str) -> Iterator[Home]:
    """A home whose catalogue will be on the server."""
    annotated(home)
    with used(home, postgres) as remote:
        yield remote


@pytest.fixture
def at(kept: Home) -> Callable[[str], Home]:
    """The same home with another address in archive.toml."""
    file = kept.root / "archive.toml"
    own = f'url = "{kept.configuration.database.url}"'

    def named(url: str) -> Home:
        file.write_text(file.read_text().replace(own, f'url = "{url}"'))
        return kept.reopened()

    return named


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (
            "nonsense",
            r"expected an address such as postgresql\+psycopg://user@host/archive, or none at all for SQLite$",
        ),
        ("postgresql://ann:sesame@host:port/archive", r"expected an address such as postgresql\+psycopg"),
        ("mysql://ann:sesame@host/archive", "expected SQLite or PostgreSQL, found mysql; write it as postgresql"),
        ("postgresql+nothing://ann:sesame@host/archive", r"expected an address such as postgresql\+psycopg"),
        (
            "postgresql://ann:sesame@127.0.0.1:1/archive",
            "port 1 failed: Connection refused; .*see that the server runs",
        ),
        (
            "postgresql://ann:sesame@nowhere.invalid/archive",
            "nothing that was filed is touched; see that the server runs and lets you in, and ask",
        ),
        ("postgresql://locked:sesame-8@/postgres?host={folder}", 'password authentication failed for user "locked"'),
        ("postgresql://locked@/postgres?host={folder}&password=sesame-9", "password authentication failed for user"),
        ("postgresql://locked@/postgres?host={folder}", "no password supplied; nothing that was filed is touched"),
        ("postgresql://guest@/postgres?host={folder}", "permission denied .*GRANT CREATE ON DATABASE"),
        ("postgresql://archive@/nowhere?host={folder}", 'database "nowhere" does not exist'),
        ("postgresql://archive@/latin?host={folder}", "expected a database in UTF8, found LATIN1; make one for it"),
        ("postgresql://archive@/postgres?host={folder}&colour=blue", 'invalid connection option "colour"'),
    ],
)
def test_a_server_that_cannot_be_used_is_told_in_one_line_without_any_password(
    at: Callable[[str], Home], people: str, url: str, says: str
) -> None:
    with pytest.raises(Error, match=says) as told:
        search(at(url.format(folder=people)), "asked")
    assert str(told.value).startswith("archive.toml [database] url: ")
    assert "sesame" not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.fixture(scope="module")
def people(postgres: str) -> str:
    """The server's folder, once there are a user with a password, one without rights, and a database in Latin 1."""
    folder = postgres.partition("host=")[2]
    if not folder:
        pytest.skip("TEST_DATABASE_URL names a server that is not ours to change")
    with psycopg.connect(host=folder, user="archive", dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE locked LOGIN PASSWORD 'sesame-7'")
        connection.execute("CREATE ROLE guest LOGIN")
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    return folder


def test_addresses_may_be_written_as_servers_owners_write_them(kept: Home, at: Callable[[str], Home]) -> None:
    own = kept.configuration.database.url
    for scheme in ("postgres", "postgresql"):
        assert len(search(at(own.replace("postgresql+psycopg", scheme)), "thanked")) == 2


def test_without_its_library_it_is_said_how_to_get_it(kept: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    told = pytest.raises(Error, match=r"url needs psycopg, which is not installed here; .* -m pip install 'psycopg\[")
    with monkeypatch.context() as patched, told:
        patched.setitem(sys.modules, "psycopg", None)
        search(kept, "asked")


def test_an_old_server_is_refused(kept: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    told = pytest.raises(Error, match=r"expected PostgreSQL 99 or newer, found \d\d; name a newer server, or none")
    with monkeypatch.context() as patched, told:
        patched.setattr(database, "OLDEST", 99)
        search(kept, "asked")


def test_a_server_that_goes_away_in_the_middle_is_told(kept: Home) -> None:
    def question(reader: Reader) -> object:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        execute(kept, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        return reader.rows("SELECT * FROM turn")

    with pytest.raises(Error, match=r"the catalogue cannot be read: .*nothing that was filed is touched; see that the"):
        ask(kept, question)
    assert len(search(kept, "thanked")) == 2


def test_another_archives_catalogue_is_not_made_anew(kept: Home) -> None:
    building.reindex(kept)
    execute(kept, "UPDATE catalogue SET origin = 'elsewhere.example/register', version = 'of another program'")
    for doing in (building.reindex, building.catch_up, lambda home: search(home, "asked")):
        with pytest.raises(
            Error, match=r"expected the catalogue of letters\.example\.org/register, found that of else"
        ):
            doing(kept)


# ── letters, and who waits for whom ──────────────────────────────────────────────────────────────────────────────────


def test_without_pg_trgm_it_is_said_what_is_slower_and_the_same_is_found(kept: Home) -> None:
    put_deposit(kept, "spaceless", turns=[said("我希望把更正放在答案旁边")], dates=[None])
    indexed = [search(kept, "把更正放", substring=True), search(kept, "ask", substring=True)]
    assert "note:" not in Programs(kept).archive("reindex").output

    execute(kept, "DROP EXTENSION pg_trgm CASCADE")
    execute(
        kept,
        "CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'",
    )
    execute(
        kept,
        "CREATE EVENT TRIGGER refused ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION') "
        "EXECUTE FUNCTION public.refuse()",
    )
    try:
        assert "note: archive.toml [database] url: the server has no pg_trgm, so --substring and scripts without" in (
            Programs(kept).archive("reindex").output
        )
        assert [search(kept, "把更正放", substring=True), search(kept, "ask", substring=True)] == indexed
        assert all(indexed)
    finally:
        execute(kept, "DROP EVENT TRIGGER refused")
