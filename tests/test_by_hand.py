"""The page «Check it yourself»: what it prints is run as it stands, in a shell, against the site it belongs to."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.home.home import Home
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import publish_site
from publisher.issues.publish import publish
from publisher.site.by_hand import PAGE
from publisher.week import Week
from tests.conftest import MAKING, Clock, Reviewer
from tests.programs import Programs
from tests.served import served
from tests.test_golden_site import RESPONSE

LIBRARY = Path("/usr/share/gocode/src/golang.org/x/mod")
OPENAI = {
    "object": "chat.completion",
    "model": "example-heron-1",
    "choices": [{"message": {"content": "One “text”.\n"}}],
}
PARTS = {
    "choices": [{"message": {"content": [{"type": "text", "text": "A part. "}, {"type": "text", "text": "Another."}]}}]
}


@pytest.fixture
def address(home: Home) -> Iterator[str]:
    """Where the home's site is served, which is the address in its configuration."""
    home.site.mkdir(exist_ok=True)
    with served(home.site) as address:
        configured = home.root / "archive.toml"
        configured.write_text(configured.read_text().replace("https://letters.example.org", address))
        yield address


@pytest.fixture
def publish_one(home: Home, ada: Reviewer, write_essay: Callable[..., Path], address: str) -> Callable[..., None]:
    """An essay of its own week: a text, or an API's answer that it is cut from."""

    def make(slug: str, week: str = "2026-W45", *, answer: object = None, making: str = MAKING) -> None:
        folder = write_essay(slug, making=making)
        if answer:
            (folder / "essay.md").unlink()
            (folder / "response.json").write_text(json.dumps(answer))
        submit(home.reopened(), folder)
        review(home.reopened(), slug, decision="publish", reviewer=ada.name, key=ada.key)
        publish(home.reopened(), Week.parse(week))

    return make


def needed(*programs: str) -> None:
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"no {program} on this machine")


def blocks(home: Home) -> list[tuple[str, str]]:
    """What the page shows: commands, and what they print."""
    page = LexborHTMLParser((home.site / PAGE).read_text())
    found: list[tuple[str, str]] = []
    for node in page.css("pre.run, pre.out"):
        if node.attributes["class"] == "run":
            found.append((node.text(), ""))
        else:
            found[-1] = (found[-1][0], node.text() + "\n")
    return found


def run(shown: list[tuple[str, str]], folder: Path) -> list[str]:
    """All of them in one shell, one after the other; what each printed."""
    mark = "-- and now the next --"
    script = f"\nprintf '%s\\n' '{mark}'\n".join(commands for commands, _ in shown)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(["sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split(f"{mark}\n")


def test_every_command_on_the_page_prints_what_stands_under_it(
    home: Home, publish_one: Callable[..., None], tmp_path: Path
) -> None:
    needed("curl", "jq", "openssl")
    publish_one("cut", answer=RESPONSE)
    shown = blocks(home)
    assert [re.findall(r"sha256sum -c|jq|verify\.sh \w|ssh-keygen|go run", commands) for commands, _ in shown] == [
        [],
        [],
        ["sha256sum -c"],
        ["jq"],
        ["verify.sh e", "verify.sh i"],
        ["ssh-keygen"],
        ["go run"],
    ]
    assert run(shown[:-1], tmp_path) == [printed for _, printed in shown[:-1]]


def test_the_go_commands_own_code_reads_the_register_as_the_page_shows(
    home: Home, publish_one: Callable[..., None], tmp_path: Path
) -> None:
    needed("curl", "go")
    if not LIBRARY.is_dir():
        pytest.skip("needs x/mod for Go, as in Debian's golang-golang-x-mod-dev")
    publish_one("first")
    files, *_, (whole, same) = blocks(home)
    assert (same, run([files, (whole, same)], tmp_path)) == ("same\n", ["", "same\n"])
    for bundle in (home.site / "register/tile/entries").rglob("*.p/*"):
        bundle.write_bytes(bundle.read_bytes().replace(b"publish", b"PUBLISH"))
    variables = "\n".join(line for line in files[0].splitlines() if re.match("site=|key=", line))
    assert run([(f"cd check\n{variables}", ""), (f"{whole} || echo refused", "")], tmp_path)[1] == "refused\n"


@pytest.mark.parametrize(
    ("answer", "making", "cut"),
    [
        pytest.param(OPENAI, MAKING, True, id="an answer of OpenAI's"),
        pytest.param(PARTS, MAKING, True, id="one in parts"),
        pytest.param(None, MAKING, False, id="a text alone"),
        pytest.param(RESPONSE, f'{MAKING}exchange = "private"\n', False, id="an exchange that is not published"),
    ],
)
def test_it_fits_whatever_lies_beside_the_essay(
    home: Home, publish_one: Callable[..., None], tmp_path: Path, answer: object, making: str, cut: bool
) -> None:
    needed("curl", "jq", "openssl")
    publish_one("essay", answer=answer, making=making)
    shown = [block for block in blocks(home) if "go run" not in block[0]]
    assert [commands for commands, _ in shown if "jq" in commands] != [] if cut else "jq" not in str(shown)
    assert ("No answer of a programming interface is published" in (home.site / PAGE).read_text()) is not cut
    assert run(shown, tmp_path) == [printed for _, printed in shown]


def test_after_the_register_changed_its_key_the_proof_names_the_one_it_was_made_under(
    home: Home, publish_one: Callable[..., None], clock: Clock, tmp_path: Path
) -> None:
    needed("curl", "openssl")
    publish_one("first")
    old = str(home.reopened().register.key)
    assert Programs(home).archive("keys", "rotate").exit_code == 0
    clock.set("2026-11-09")
    publish_site(home.reopened())
    shown = [block for block in blocks(home) if "go run" not in block[0]]
    assert f"sh verify.sh essay.md {old}" in "\n".join(commands for commands, _ in shown)
    assert run(shown, tmp_path) == [printed for _, printed in shown]


def test_a_changed_text_prints_something_else(home: Home, publish_one: Callable[..., None], tmp_path: Path) -> None:
    needed("curl")
    publish_one("essay")
    text = home.site / "essays/essay/essay.md"
    text.write_bytes(text.read_bytes().replace(b"pause", b"cease"))
    files, digest, intake, *_ = blocks(home)
    assert run([files, digest], tmp_path)[1] != digest[1]
    with pytest.raises(AssertionError, match="computed checksum did NOT match"):
        run([(files[0].replace("mkdir check", "mkdir other").replace("cd check", "cd other"), ""), intake], tmp_path)


def test_it_shows_the_newest_issue_and_in_it_what_was_cut_from_an_answer(
    home: Home, publish_one: Callable[..., None], clock: Clock
) -> None:
    publish_one("first", answer=RESPONSE)
    clock.set("2026-11-09")
    publish_one("second", "2026-W46")
    assert 'href="../../essays/second/index.html"' in (home.site / PAGE).read_text()


def test_before_anything_was_published_it_says_so(home: Home, address: str) -> None:
    publish_site(home)
    assert "Nothing has been published yet" in (home.site / PAGE).read_text()
    assert blocks(home) == []
