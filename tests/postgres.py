"""A PostgreSQL of the tests' own: a throwaway cluster in a temporary folder, reached through a socket in it alone.

It is stopped and removed when whoever started it ends, however that comes about: a shell keeps it, and waits for the
end of a pipe whose other end only the starter holds.
"""

import contextlib
import functools
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import text

from archive.catalogue import database
from archive.catalogue.place import SCHEMA
from archive.home.home import Home

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
"""Where Debian, Red Hat and Homebrew keep the programs of each version, out of the way."""
KEEPER = r"""
initdb() { bin=$1; shift; "$bin/initdb" -D data -U archive -A trust -E UTF8 --no-sync "$@"; }
{ initdb "$1" --locale="$2" --locale-provider=icu --icu-locale=en || initdb "$1" --locale="$2"; } > log 2>&1 || exit 1
printf 'local all locked scram-sha-256\nlocal all all trust\n' > data/pg_hba.conf
"$1/postgres" -D data -k "$PWD" -h '' -F -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal \
    -c max_wal_senders=0 -c dynamic_shared_memory_type=mmap -c shared_buffers=64MB -c autovacuum=off -c jit=off \
    >> log 2>&1 &
read -r _
kill -QUIT $!
wait
rm -rf "$PWD" 2> /dev/null
"""
"""Texts are sorted as people do by default, so that a test notices where that was left to the server. Whoever comes as
``locked`` is asked for a password."""


def programs() -> Path | None:
    """The folder of the newest initdb and postgres on this machine; None where there are none."""
    kept = [folder for place in PLACES for folder in Path("/").glob(place[1:]) if (folder / "initdb").exists()]
    if kept:
        return max(kept, key=lambda folder: int((re.findall(r"\d+", str(folder)) or ["0"])[0]))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def lacking() -> str | None:
    """Why no server can be started here; None where one can."""
    if not find_spec("psycopg"):
        return "psycopg is not installed; requirements-dev.txt has it"
    if not programs():
        return "no PostgreSQL on this machine (initdb); tests/setup.sh installs it"
    return None if os.geteuid() or _user() else "PostgreSQL does not run as root, and there is no user postgres"


@functools.cache
def _user() -> str | None:
    """Whom it runs as where we are root."""
    try:
        return pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None
    except KeyError:
        return None


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The address of its empty database, as archive.toml names it; `programs` are there."""
    folder = Path(tempfile.mkdtemp(prefix="emeritus-postgres-"))
    user = _user()
    if user:
        shutil.chown(folder, user)
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER, "sh", str(programs()), locale],
        cwd=folder,
        stdin=subprocess.PIPE,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        start_new_session=True,  # so that Ctrl-C is for us alone
    )
    try:
        _await(keeper, folder)
        yield f"postgresql+psycopg://archive@/postgres?host={folder}"
    finally:
        keeper.communicate()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def used(home: Home, url: str) -> Iterator[Home]:
    """The home with its catalogue there, which is empty before and after."""
    with (home.root / "archive.toml").open("a") as file:
        file.write(f'\n[database]\nurl = "{url}"\n')
    home = Home(home.root)
    execute(home, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    yield home
    execute(home, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def execute(home: Home, statement: str) -> None:
    """In the database of a home."""
    engine = database.engine(home)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _await(keeper: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Until it answers."""
    import psycopg

    for _ in range(1200):
        try:
            psycopg.connect(host=str(folder), user="archive", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            assert keeper.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
    raise AssertionError(f"PostgreSQL does not start: {(folder / 'log').read_text()}")
