"""The whole of it, as its people live it: an editor's weeks, a reader's check, an auditor's."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Clock, Programs, Reviewer


def test_from_a_models_words_to_a_readers_check(
    programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path], tmp_path: Path
) -> None:
    home = programs.home
    assert home is not None
    text = b"Nobody asked, so I *counted*.\n\nFrom the first to the last: 2*3*4.\ntrailing  \nno end"

    # Monday: what arrived is logged before anyone reads it.
    submitted = programs.publisher("submit", write_essay("counting", text))
    assert submitted.stdout == "E2026-0001  essays/2026-11-02-counting  submitted\n"
    checkpoint = (home.site / "register/checkpoint").read_text()
    assert checkpoint.startswith("letters.example.org/register\n1\n")

    # Tuesday: the reviewer sees what Markdown would hide, and signs.
    clock.set("2026-11-03")
    assert "essay.md:3" in programs.publisher("problems", "counting").stdout
    sign = ("--reviewer", ada.name, "--key", ada.key)
    reviewed = programs.publisher("review", "counting", "--decision", "publish", *sign)
    assert reviewed.stdout.startswith("E2026-0001  publish  ada@example.org  SHA256:")

    # The same week another text is withheld, for a reason that readers can count.
    programs.publisher("submit", write_essay("a-neighbour", "My neighbour Ada Byron lives at 12 St James's Square.\n"))
    withheld = ("--decision", "withhold", "--criterion", "personal-data", *sign)
    assert "withheld" in programs.publisher("review", "a-neighbour", *withheld).stderr

    # Friday: one command.
    clock.set("2026-11-06")
    published = programs.publisher("publish")
    assert published.exit_code == 0, published.stderr
    assert published.stderr == "published 2026-W45: counting\n"
    assert programs.publisher("publish").stderr == "2026-W45 was published already; nothing changed\n"
    page = (home.site / "essays/counting/index.html").read_text()
    assert hashlib.sha256(text).hexdigest() in page
    index = (home.site / "index.html").read_text()
    assert "E2026-0002" in index
    assert "Ada Byron" not in "".join(p.read_text(errors="replace") for p in home.site.rglob("*") if p.is_file())

    # A reader: the text, its proof, one line of key; no home, no network.
    reader = tmp_path / "reader"
    reader.mkdir()
    for name in ("essay.md", "essay.md.tlog-proof"):
        shutil.copy(home.site / "essays/counting" / name, reader)
    key = str(home.reopened().register.key)
    checked = Programs().publisher("verify", reader / "essay.md", "--key", key)
    assert checked.exit_code == 0
    assert f"SHA-256 {hashlib.sha256(text).hexdigest()}) is byte for byte E2026-0001/essay.md" in checked.stdout
    assert "This does not prove that a model wrote the text" in checked.stdout

    # One letter more, and it is not the text.
    (reader / "essay.md").write_bytes(text.replace(b"counted", b"recounted"))
    refused = Programs().publisher("verify", reader / "essay.md", "--key", key)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("NOT VERIFIED: the text is not the one that was logged: expected SHA-256")

    # An auditor: everything, with our program and without.
    audited = Programs().publisher("verify", home.site, "--key", key)
    assert audited.exit_code == 0, audited.stderr
    assert "1 essay in 1 issue, each as received, approved by a signature" in audited.stdout
    for listing in ("SHA256SUMS", "issues/2026-W45/SHA256SUMS"):
        subprocess.run(["sha256sum", "--quiet", "-c", listing], cwd=home.site, check=True)

    # Months later, on another machine: the same bytes.
    clock.set("2027-03-01")
    again = tmp_path / "again"
    assert programs.publisher("build", "--to", again).exit_code == 0
    difference = subprocess.run(["diff", "-r", home.site, again], capture_output=True, text=True, check=False)
    assert difference.stdout == ""


def test_weeks_go_out_in_order_and_every_gap_is_explained(
    programs: Programs, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    for slug in ("first", "second"):
        programs.publisher("submit", write_essay(slug, f"The {slug} text.\n"))
        programs.publisher("review", slug, "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    programs.publisher("publish", "2026-W45")
    clock.set("2026-11-20")

    stopped = programs.publisher("publish")
    assert stopped.exit_code == 1
    assert "2026-W46: was neither published nor explained" in stopped.stderr
    skipped = programs.publisher("skip", "2026-W46", "--reason", "The server moved.")
    assert skipped.stdout == "2026-W46  explained\n"
    assert programs.publisher("publish").exit_code == 0

    assert programs.home is not None
    assert "The server moved." in (programs.home.site / "issues/2026-W46/index.html").read_text()
    assert (
        programs.publisher("skip", "2026-W46", "--reason", "holiday").stderr == "explained already; nothing changed\n"
    )
    assert programs.publisher("verify", programs.home.site).exit_code == 0


@pytest.mark.parametrize("two", [["withhold"], ["publish"]])
def test_where_two_reviewers_are_needed_one_is_not_enough(
    programs: Programs,
    ada: Reviewer,
    make_reviewer: Callable[[str], Reviewer],
    write_essay: Callable[..., Path],
    two: list[str],
) -> None:
    home, bob = programs.home, make_reviewer("bob@example.org")
    assert home is not None
    (home.root / "allowed_signers").write_text(ada.line + bob.line)
    rules = (home.root / "archive.toml").read_text()
    (home.root / "archive.toml").write_text(rules.replace("two_reviewers_for = []", f"two_reviewers_for = {two}"))
    programs.publisher("submit", write_essay())
    decide = ("--decision", two[0], "--criterion", "harm")

    first = programs.publisher("review", "on-commas", *decide, "--reviewer", ada.name, "--key", ada.key)
    second = programs.publisher("review", "on-commas", *decide, "--reviewer", bob.name, "--key", bob.key)

    assert first.stderr == (
        "allowed_signers as it is now was logged (entry 1): 2 keys are new\n"
        f"on-commas is {'waiting' if two == ['publish'] else 'held'}.\n"
    )
    assert second.stderr == f"on-commas is {'approved' if two == ['publish'] else 'withheld'}.\n"
