"""What tests hold in their hands: a home, a clock, a reviewer, the programs, golden files, the shared inputs."""

import datetime as dt
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from archive.home.founding import create
from archive.home.home import Home
from tests import object_server, year_site
from tests import postgres as own_postgres
from tests.chromium import ARGUMENTS, chromium
from tests.filed_home import NEWSLETTER, make
from tests.forked import MOST, Forked, Judge, forking
from tests.object_server import ObjectServer
from tests.programs import Programs, Reviewer
from tests.year_site import Year

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# These machines are shared, so time says nothing; what lands must not hang on luck, so CI looks for nothing new.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("shared"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "shared")

ROOT = Path(__file__).parents[1]


def pytest_configure() -> None:
    """One seed for all workers, which inherit the environment; and nothing is compiled anew by each process."""
    os.environ.setdefault("TORTURE_SEED", str(time.time_ns() % 1_000_000))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


LONG = (
    *("test_torture", "test_year_shown", "test_year_valid", "test_deploy", "test_interview_killed", "test_memory"),
    *("test_waiting", "test_object_store_s3", "test_interview_clients", "test_model_server", "test_deploy_objects"),
    *("test_readme", "test_sampling_asked", "test_verify_sh", "test_sequences", "test_research_data", "test_preview"),
    *("test_desk_taking", "test_desk_interviews", "test_desk_coding", "test_desk_models", "test_desk_compare"),
    *("test_desk_essays", "test_desk_week", "test_desk_shown", "test_desk_safe", "test_desk_together"),
    *("test_year_site", "test_verifier", "test_running", "test_verify_address", "test_witnesses", "test_send"),
)
"""Files that take long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that the workers, which are given whole files, end together."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Said at the end of every run, so that any can be repeated."""
    terminalreporter.write_line(f"TORTURE_SEED={os.environ['TORTURE_SEED']} tries the same points again")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew, for review as a diff")
    parser.addoption("--every", action="store_true", help="flip bytes at many places of each file, not at one")


@pytest.fixture(scope="session")
def inspect_python() -> Path:
    """The Python that has inspect-ai, llm, the providers' clients and our programs beside it."""
    python = Path(os.environ.get("EMERITUS_INSPECT_PYTHON", ROOT / ".venv-inspect/bin/python"))
    if not python.is_file():
        pytest.skip("no environment with inspect-ai: sh tests/setup.sh makes it, or EMERITUS_INSPECT_PYTHON names it")
    return python


@pytest.fixture
def shared() -> Path:
    """Inputs that lie beside the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder shared/ is not beside the project")
    return folder


@dataclass
class Clock:
    """The time a sample home goes by."""

    monkeypatch: pytest.MonkeyPatch
    time: dt.datetime = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)

    def set(self, day: str, hour: int = 9) -> None:
        self.time = dt.datetime.fromisoformat(f"{day}T{hour:02d}:00:00+00:00")
        self.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(self.time.timestamp())))


@pytest.fixture(autouse=True)
def no_home_of_mine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never touch the archive of the person who runs them."""
    monkeypatch.delenv("ARCHIVE_HOME", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", "/nonexistent")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Monday, 2 November 2026, 9:00 UTC, until set otherwise."""
    clock = Clock(monkeypatch)
    clock.set("2026-11-02")
    return clock


@pytest.fixture(scope="session")
def make_reviewer(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reviewer]:
    def make(name: str) -> Reviewer:
        key = tmp_path_factory.mktemp("keys") / "id"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key], check=True)
        return Reviewer(name, key)

    return make


@pytest.fixture(scope="session")
def ada(make_reviewer: Callable[[str], Reviewer]) -> Reviewer:
    return make_reviewer("ada@example.org")


@pytest.fixture
def home(tmp_path: Path, clock: Clock, ada: Reviewer) -> Home:
    """A sample home with a newsletter and one reviewer."""
    home = create(tmp_path / "home", name="Example", origin="letters.example.org/register", sample=True)
    with (home.root / "archive.toml").open("a") as file:
        file.write(NEWSLETTER)
    with (home.root / "allowed_signers").open("a") as file:
        file.write(ada.line)
    return home


MAKING = """
format = 1
model = "example-heron-1"
title = "On commas"
title_by = "model"
prompt = "Write whatever you like."
context = []
sampling = "temperature 1.0; one call, no tools"
candidates = 1
selection = "the only one sampled"
topic_by = "model"
"""


@pytest.fixture
def write_essay(tmp_path: Path) -> Callable[..., Path]:
    """A folder with essay.md and a complete essay.toml, ready to be submitted."""

    def write(slug: str = "on-commas", text: str | bytes = "They *pause*.\n", making: str = MAKING) -> Path:
        folder = tmp_path / "desk" / slug
        folder.mkdir(parents=True)
        (folder / "essay.md").write_bytes(text.encode() if isinstance(text, str) else text)
        (folder / "essay.toml").write_text(making)
        return folder

    return write


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of the golden site."""
    return Path(shutil.copytree(ROOT / "tests/golden/site", tmp_path / "site"))


@pytest.fixture
def programs(home: Home) -> Programs:
    return Programs(home)


@pytest.fixture(scope="session")
def forked() -> Iterator[Forked]:
    """The programs in processes of their own, without the start of Python."""
    with forking() as begins:
        yield begins


@pytest.fixture(scope="session")
def filed(tmp_path_factory: pytest.TempPathFactory, ada: Reviewer) -> Home:
    """The home of tests/filed_home.py: to be read. What changes something takes `filed_home`."""
    return make(tmp_path_factory.mktemp("filed") / "home", ada)


@pytest.fixture
def filed_home(filed: Home, tmp_path: Path, clock: Clock) -> Home:
    """A copy of it, of one's own; Monday, 30 November 2026."""
    clock.set("2026-11-30")
    return Home(shutil.copytree(filed.root, tmp_path / "filed"))


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The home of tests/year_site.py and its site, one for all workers: to be read."""
    own = tmp_path_factory.getbasetemp()
    return year_site.shared(own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of an empty database of PostgreSQL's: on a server of our own, or as TEST_DATABASE_URL says."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    if lacking := own_postgres.lacking():
        pytest.skip(lacking)
    with own_postgres.running() as url:
        yield url


@pytest.fixture(scope="session")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectServer]:
    """moto's S3, with no bucket but those that tests make."""
    with object_server.serving(tmp_path_factory.mktemp("objects")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium; whoever wants one that remembers nothing opens a context of their own."""
    found = chromium()
    if not found:
        pytest.skip("no chromium and no google-chrome on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, dict[str, bytes]], None]:
    """Compare files with ``tests/golden/<name>/``, byte for byte; ``--update-golden`` writes them."""

    def compare(name: str, files: dict[str, bytes]) -> None:
        folder = ROOT / "tests" / "golden" / name
        if request.config.getoption("--update-golden"):
            for path in sorted(folder.rglob("*"), reverse=True):
                path.unlink() if path.is_file() else path.rmdir()
            for path, data in files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(data)
        kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        assert sorted(files) == sorted(kept)
        for path, data in kept.items():
            assert files[path] == data, f"{name}/{path} is not what it was; if that is meant: pytest --update-golden"

    return compare


@pytest.fixture
def refused(forked: Forked) -> Judge:
    """What `publisher verify` says of a site it refuses."""

    def judge(site: Path) -> str:
        done = forked.run("publisher", "verify", site, timeout=300)
        said = (done.stdout + done.stderr).decode()
        assert done.peak / 1024 < MOST
        assert done.returncode == 1, said
        assert said.startswith("NOT VERIFIED: "), said
        assert "Traceback" not in said
        assert len(said) < 5000
        return said

    return judge
