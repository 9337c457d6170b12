"""docs/running.md does what it says: its units, its lines for cron and its workflow, taken out of it and run."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.home.home import Home
from tests.conftest import ROOT, Clock, Programs, Reviewer
from tests.mail_server import MailServer, mail_server
from tests.served import served

TEXT = (ROOT / "docs/running.md").read_text()
OURS = "/opt/emeritus/bin/publisher"
BIN = Path(sys.executable).parent


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", TEXT)


def steps(workflow: str) -> list[str]:
    """What a workflow runs, a step each, but for installing."""
    found = re.findall(r"(?m)^      - .*\n(?:        .*\n)*", workflow)
    scripts = [re.search(r"(?m)^ +run: \|\n((?: {10}.*\n)+)", step) for step in found]
    return [re.sub(r"(?m)^ {10}", "", script[1]) for script in scripts if script]


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def due(
    programs: Programs, home: Home, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path], server: MailServer
) -> Iterator[Path]:
    """A home in which an approved essay is due; the folder that its readers see."""
    shown = home.root.parent / "shown"
    with served(shown) as address:
        path = home.root / "archive.toml"
        text = path.read_text().replace("https://letters.example.org", address)
        path.write_text(f'{text}\n[delivery]\nsmtp = "{server.address}"\nto = "list@example.org"\ndeploy = "{shown}"\n')
        programs.publisher("submit", write_essay())
        programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
        clock.set("2026-11-06")
        yield shown


def run(script: str, folder: Path, **environment: str) -> str:
    """What a shell says that stops at the first error, as those do that run such lines."""
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", **environment}
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert not done.returncode, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_the_units_are_what_systemd_takes(tmp_path: Path) -> None:
    service, timer = blocks("ini")
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    for name, text in (("letters.service", service), ("letters.timer", timer)):
        (tmp_path / name).write_text(text.replace(OURS, str(BIN / "publisher")).replace("User=letters", f"User={user}"))
    units = [tmp_path / name for name in ("letters.service", "letters.timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "letters." in line] == []
    (when,) = re.findall(r"OnCalendar=(.*)", timer)
    assert not subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, check=False).returncode


def test_what_the_service_starts_publishes_and_sends_once(due: Path, home: Home, server: MailServer) -> None:
    service, _ = blocks("ini")
    (at,) = re.findall(r"Environment=(ARCHIVE_HOME)=/srv/letters", service)
    publish, deploy, send = re.findall(rf"ExecStart={OURS} (.*)", service)
    for _ in range(2):
        run(f"publisher {publish}", home.root.parent, **{at: str(home.root)})
        run(f"publisher {deploy}", home.root.parent, **{at: str(home.root)})
        said = run(f"publisher {send}", home.root.parent, **{at: str(home.root)})
    assert "2026-W45  sent already" in said
    assert len(server.taken) == 1


def test_the_line_for_cron_runs(due: Path, home: Home, server: MailServer) -> None:
    (line,) = blocks("cron")
    minute, hour, *days, command = line.strip().split(maxsplit=5)
    assert (minute, hour, days) == ("0", "9", ["*", "*", "*"])
    run(command.replace(OURS, "publisher").replace("/srv/letters", str(home.root)), home.root.parent)
    assert (due / "issues/2026-W45/issue.eml").is_file()
    assert len(server.taken) == 1


def test_the_workflow_publishes_what_is_due_and_pushes_it(due: Path, home: Home, tmp_path: Path) -> None:
    (once,) = blocks("sh")
    (workflow,) = blocks("yaml")
    key = (home.root / ".archive/keys/register").read_text()
    run(once, home.root)
    run(f"git clone -q --bare {home.root} hub.git", tmp_path)
    assert ".archive/keys" not in run("git -C hub.git ls-tree -r --name-only HEAD", tmp_path)
    publish, keep = steps(workflow)
    for expected in ("published 2026-W45: on-commas", "not due yet: 2026-W46"):
        run("rm -rf runner && git clone -q hub.git runner", tmp_path)
        said = run(publish, tmp_path / "runner", ARCHIVE_HOME=".", REGISTER_KEY=key.rstrip("\n"))
        assert expected in said
        run(keep, tmp_path / "runner")
    run("git clone -q hub.git brought", tmp_path)
    vkey = str(home.register.key)
    assert "1 essay in 1 issue" in run(f"publisher verify brought/site --key '{vkey}'", tmp_path)
    assert int(run("git -C hub.git rev-list --count HEAD", tmp_path)) == 2


def test_words_from_a_mail_that_a_service_made_are_found_on_the_site(due: Path, home: Home) -> None:
    run("publisher publish --if-due", home.root, ARCHIVE_HOME=str(home.root))
    shutil.copytree(home.site, due)
    (address,) = re.findall(r'base_url = "(.*)"', (home.root / "archive.toml").read_text())
    (line,) = re.findall(r"(?m)^(publisher verify --words \S+)", TEXT)
    line = line.replace("https://letters.example.org", address)
    said = run(f"printf 'They pause. Leave this list' | {line} --key '{home.register.key}'", home.root)
    assert "All 2 words in order" in said
