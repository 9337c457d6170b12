"""What a newsletter needs is asked for, explained, and written down whole or not at all."""

import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from archive.home.home import Home
from archive.home.setup import told
from tests.conftest import Clock
from tests.programs import Programs, Reviewer
from tests.terminal import Terminal

ROOT = Path(__file__).parents[1]
PUBLISHER = [sys.executable, "-m", "publisher"]
LETTER = (
    *("--title", "Letters After", "--base-url", "https://letters.example.org"),
    *("--from", "Letters After <letters@example.org>", "--timezone", "UTC"),
)
ASKED = (
    *("Title of the newsletter", "Address of the site", "Who sends the mail", "The list's id"),
    *("Whose ids the feeds carry", "The day on which an issue is due", "The time zone", "The language"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where there is no home yet."""
    return tmp_path / "letters"


@pytest.fixture
def person(tmp_path: Path, ada: Reviewer) -> dict[str, str]:
    """Whose key lies in ``~/.ssh``."""
    ssh = tmp_path / "person/.ssh"
    ssh.mkdir(parents=True)
    (ssh / "id_ed25519.pub").write_bytes(ada.key.with_suffix(".pub").read_bytes())
    (ssh / "authorized_keys.pub").write_text("no key\n")
    return {"HOME": str(ssh.parent), "TZ": "UTC"}


def files(folder: Path) -> dict[str, bytes]:
    """But for what comes and goes with reading."""
    passed = ("lock", "index.db")
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in passed)
    return {str(path): path.read_bytes() for path in found}


def checked(folder: Path) -> None:
    done = Programs(Home(folder)).archive("check")
    assert done.exit_code == 0, done.output


# ── without a terminal ───────────────────────────────────────────────────────────────────────────────────────────────


def test_options_alone_make_a_home_with_a_newsletter_and_a_reviewer(folder: Path, ada: Reviewer) -> None:
    done = Programs().publisher("setup", folder, *LETTER, "--reviewer", f"{ada.name}={ada.key}.pub")
    assert done.exit_code == 0, done.output
    home = Home.at(folder)
    letter = home.configuration.newsletter
    assert letter
    assert (letter.list_id, letter.weekday, letter.language) == ("letters.example.org", "friday", "en")
    assert re.fullmatch(r"letters\.example\.org,20\d\d", letter.tag_authority)
    assert (home.configuration.archive.name, home.register.key.name) == (
        "Letters After",
        "letters.example.org/register",
    )
    assert home.configuration.about.contact == "letters@example.org", "readers write to who sends the mail"
    assert [each.id for each in home.configuration.review.criteria] == ["personal-data", "harm", "unlawful"]
    (signer,) = home.signers.listed
    assert (signer.name, signer.options["namespaces"]) == (ada.name, "review@letters.example.org")
    assert re.fullmatch(r"20\d{6}000000Z", signer.options["valid-after"])
    assert [*told(home, 0)] == ["allowed_signers as it is now was logged (entry 0): 1 key is new"]
    checked(folder)


def test_every_line_it_writes_is_explained(folder: Path) -> None:
    Programs().publisher("setup", folder, *LETTER)
    rows = (folder / "archive.toml").read_text().split("\n[newsletter]\n")[1].split("\n\n")[0].split("\n")
    for above, row in zip(["", *rows], rows, strict=False):
        assert row.startswith("# ") or above.startswith("# "), row


def test_run_again_with_nothing_new_it_writes_nothing_and_says_so(folder: Path, ada: Reviewer) -> None:
    reviewer = ("--reviewer", f"{ada.name}={ada.key}")
    assert Programs().publisher("setup", folder, *LETTER, *reviewer).exit_code == 0
    before = files(folder)
    for words in ((), LETTER, (*LETTER, *reviewer)):
        done = Programs().publisher("setup", folder, *words)
        assert (done.exit_code, done.stderr) == (0, "nothing changed\n")
        assert "title          Letters After\n" in done.stdout
        assert f"reviewer       {ada.name}  SHA256:" in done.stdout
    assert files(folder) == before


def test_what_is_not_asked_about_stays_byte_for_byte(home: Home) -> None:
    path = home.root / "archive.toml"
    text = path.read_text().replace('title = "Letters After"', '  title   = "Letters After" # ours "alone"')
    text = text.replace("[review]", '# by hand\n[database]\nurl = "sqlite:///x.db"\n[review]')
    path.write_text(text)
    done = Programs(home).publisher("setup", "--title", 'Letters "From" After', "--weekday", "monday", "--yes")
    assert done.exit_code == 0, done.output
    changed = text.replace('"Letters After" # ours', r'"Letters \"From\" After" # ours')
    weekday = '# One of monday to sunday; an issue may come out earlier in its week.\nweekday = "monday"\n'
    assert path.read_text() == changed.replace("[newsletter]\n", f"[newsletter]\n{weekday}")
    assert home.reopened().configuration.newsletter.title == 'Letters "From" After'  # type: ignore[union-attr]
    checked(home.root)


def test_a_reviewer_is_listed_once_and_the_new_list_is_logged(home: Home, ada: Reviewer, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "bob"], check=True)
    both = ("--reviewer", f"Bob Lee={tmp_path / 'bob'}", "--reviewer", f"{ada.name}={ada.key}.pub")
    before, size = (home.root / "allowed_signers").read_text(), home.register.size
    done = Programs(home).publisher("setup", *both)
    assert (done.exit_code, "(entry 0): 2 keys are new" in done.stderr) == (0, True), done.output
    assert (home.root / "allowed_signers").read_text().startswith(f'{before}"Bob Lee" namespaces="review@letters.')
    assert home.reopened().register.size == size + 1
    assert Programs(home).publisher("setup", *both).stderr == "nothing changed\n"
    checked(home.root)


def test_criteria_are_added_and_put_in_other_words(home: Home) -> None:
    words = ("--criterion", "harm=Could it hurt someone?", "--criterion", "names=Does it name a child?")
    assert Programs(home).publisher("setup", *words).exit_code == 0
    table = tomllib.loads((home.root / "archive.toml").read_text())
    assert [(each["id"], each["text"][:8]) for each in table["review"]["criteria"]] == [
        ("personal-data", "Does it "),
        ("harm", "Could it"),
        ("unlawful", "Would pu"),
        ("names", "Does it "),
    ]
    assert Programs(home).publisher("setup", *words).stderr == "nothing changed\n"


def test_a_home_that_archive_init_made_gets_its_newsletter(folder: Path) -> None:
    assert Programs().archive("init", folder, "--name", "Ours").exit_code == 0
    assert Programs(Home(folder)).publisher("setup", *LETTER).exit_code == 0
    text = (folder / "archive.toml").read_text()
    assert ("publisher setup" in text, 'name = "Ours"' in text) == (False, True)
    refused = Programs(Home(folder)).publisher("setup", "--name", "Theirs", "--origin", "x/register")
    assert (refused.exit_code, "called Ours, not Theirs" in refused.stderr) == (1, True)


def test_everything_that_is_wrong_is_said_at_once_as_the_configuration_says_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.pub").write_text("ssh-rsa nothing\n")
    words = ("--base-url", "letters.example.org/", "--weekday", "fryday", "--timezone", "Mars", "--language", "")
    done = Programs().publisher("setup", folder, *words, "--origin", "a b")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "--origin: expected a name such as letters.example.org/register, found 'a b'",
        "--title: is missing; What readers know it by",
        '--base-url: expected https:// and a host, no final slash, found "letters.example.org/"',
        "--from: is missing; A name and one mail address, as in Letters After <letters@example.org>",
        "--list-id: is missing; By which mail programs know the list, whoever sends for it (RFC 2919)",
        "--tag-authority: is missing; A domain you hold and a year in which you held it (RFC 4151). Leave it as it is "
        "once something is published: to feed readers all essays would be new again",
        '--weekday: expected monday, tuesday, wednesday, thursday, friday, saturday or sunday, found "fryday"; '
        'did you mean "friday"?',
        "--timezone: expected a time zone, found “Mars”; such as Europe/Berlin or UTC",
        "--language: is blank; say there a language tag such as en or pt-BR",
        "9 problems",
    ]
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--reviewer", "ada"], "--reviewer: expected a name and the file of a public key, found 'ada'"),
        (
            ["--reviewer", "ada=nothing.pub"],
            "nothing.pub: expected a public SSH key such as ssh-ed25519 AAAA…, found no",
        ),
        (
            ["--reviewer", "ada=x.pub"],
            "x.pub: expected a public SSH key such as ssh-ed25519 AAAA…, found something else",
        ),
        (
            ["--reviewer", "a,b={ada}"],
            "--reviewer: expected the name of a person, found 'a,b'; such as ada@example.org",
        ),
        (["--reviewer", "eve={ada}"], "is ada@example.org's, not eve's; each reviewer has a key of their own"),
        (["--criterion", "harm"], "--criterion: expected an id and a question, found 'harm'; as in harm="),
        (["--criterion", "Harm=What?"], "--criterion: expected lower-case letters, digits and single hyphens"),
        (["--criterion", "harm= "], "--criterion: is blank; fill it in"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_option_is_told_and_nothing_is_written(
    home: Home, ada: Reviewer, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(home.root.parent)
    Path("x.pub").write_text("ssh-rsa nothing\n")
    before = files(home.root)
    done = Programs(home).publisher("setup", *(word.replace("{ada}", str(ada.key)) for word in words))
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
    assert files(home.root) == before


def test_a_key_that_was_ended_is_not_listed_again(home: Home, ada: Reviewer, clock: Clock) -> None:
    assert Programs(home).publisher("revoke", ada.name).exit_code == 0
    clock.set("2026-11-04")
    done = Programs(home).publisher("setup", "--reviewer", f"{ada.name}={ada.key}")
    assert (done.exit_code, "is not valid after" in done.stderr, "list another key of theirs" in done.stderr) == (
        1,
        True,
        True,
    )


def test_a_value_written_in_a_way_it_does_not_know_is_refused_and_named(home: Home) -> None:
    path = home.root / "archive.toml"
    text = path.read_text().replace('title = "Letters After"', '"title" = "Letters After"')
    path.write_text(text)
    done = Programs(home).publisher("setup", "--title", "Post")
    line = text[: text.rindex("[newsletter]")].count("\n") + 1
    said = f"archive.toml:{line} [newsletter] title: is written in a way that cannot be changed from here"
    assert (done.exit_code, done.stderr.split("; ")[0]) == (1, said)
    assert path.read_text() == text


# ── at a terminal ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_is_asked_and_a_wrong_answer_is_asked_again(folder: Path, person: dict[str, str]) -> None:
    with Terminal([*PUBLISHER, "setup", str(folder)], folder.parent, person) as terminal:
        terminal.answer("Title of the newsletter >", "")
        terminal.wait("is blank; fill it in")
        terminal.answer("Title of the newsletter >", "Letters After")
        terminal.answer("Address of the site >", "letters.example.org")
        terminal.wait("expected https:// and a host, no final slash")
        terminal.answer("Address of the site >", "https://letters.example.org")
        terminal.answer("Who sends the mail >", "Letters After <letters@example.org>")
        terminal.answer("The list's id [letters.example.org] >", "")
        for asked in (*ASKED[4:], "Name of the register [letters.example.org/register]"):
            terminal.answer(asked, "")
        terminal.answer(
            "1 id_ed25519.pub ada@example.org Key of a reviewer, by number or file; Enter: no further >", "2"
        )
        terminal.wait("expected a public SSH key")
        terminal.answer("no further >", "1")
        terminal.answer("Their name, such as ada@example.org [ada@example.org] >", "")
        terminal.answer("no further >", "1")
        terminal.wait("expected a key that is not listed yet, found SHA256:")
        terminal.answer("no further >", "")
        terminal.answer("Another, as id=question; Enter: no further >", "names=Does it name a child?")
        terminal.answer("no further >", "")
        assert not folder.exists()
        terminal.answer(f"Write this into {folder}? [Y/n]", "")
        assert terminal.end() == 0, terminal.seen
    home = Home.at(folder)
    assert [each.name for each in home.signers.listed] == ["ada@example.org"]
    assert home.configuration.review.criteria[-1].id == "names"
    checked(folder)


def test_run_again_at_a_terminal_enter_keeps_all_and_nothing_is_written(home: Home, person: dict[str, str]) -> None:
    before = files(home.root)
    with Terminal([*PUBLISHER, "setup"], home.root, person) as terminal:
        terminal.answer("Title of the newsletter [Letters After] >", "")
        for asked in ASKED[1:]:
            terminal.answer(asked, "")
        terminal.wait("listed: ada@example.org")
        for _ in range(2):
            terminal.answer("no further >", "")
        assert terminal.end() == 0, terminal.seen
    assert "nothing changed" in terminal.seen
    assert files(home.root) == before


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 1), ("n\n", 1)], ids=["ctrl-c", "ctrl-d", "no"])
def test_who_stops_in_the_middle_has_written_nothing(folder: Path, person: dict[str, str], key: str, code: int) -> None:
    words = (*PUBLISHER, "setup", str(folder), *LETTER, "--weekday", "friday", "--language", "en", "--origin", "x/y")
    with Terminal([*words], folder.parent, person) as terminal:
        for asked in ("The list's id", "Whose ids"):
            terminal.answer(asked, "")
        terminal.wait("no further >")
        if key == "n\n":
            terminal.type("\n")
            terminal.answer("no further >", "")
            terminal.wait("[Y/n]:")
        time.sleep(0.5)  # what comes between the prompt and the reading of the line is heard only at the next key
        terminal.type(key)
        assert terminal.end() == code, terminal.seen
    assert not folder.exists()
    assert "Traceback" not in terminal.seen


# ── the first steps ──────────────────────────────────────────────────────────────────────────────────────────────────


FILLED = """#!/bin/sh
sed -i.bak -e 's/^prompt = ""/prompt = "Write whatever you like."/' -e 's/^sampling = ""/sampling = "one call"/' \\
  -e 's/^candidates = 0/candidates = 1/' -e 's/^selection = ""/selection = "the only one"/' \\
  -e 's/^topic_by = ""/topic_by = "model"/' "$1" && rm "$1.bak"
"""
PROMPT = re.compile(r"(.* >|.*\[[Yy]/[Nn]\]:)(?: (.*))?")


def test_the_first_steps_of_the_readme_lead_from_nothing_to_an_issue(
    tmp_path: Path, person: dict[str, str], ada: Reviewer
) -> None:
    """The commands of that block are typed at a shell, and what it shows as typed at their questions."""
    steps = (ROOT / "README.md").read_text().partition("\n## First steps\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"(?ms)^```shell-session\n(.*?)^```", steps)
    key = Path(person["HOME"], ".ssh/id_ed25519")
    key.write_bytes(ada.key.read_bytes())
    key.chmod(0o600)
    (tmp_path / "essay.md").write_text("They *pause*.\n")
    editor = tmp_path / "editor"
    editor.write_text(FILLED)
    editor.chmod(0o755)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    shell = {**person, "PATH": path, "EDITOR": str(editor), "PS1": "ready$ "}
    rows = block.splitlines()
    assert sum(row.startswith("$ ") for row in rows) == 5
    with Terminal(["bash", "--norc", "--noprofile", "-i"], tmp_path, shell) as terminal:
        for row in rows:
            if row.startswith("$ "):
                terminal.answer("ready$", row[2:])
            elif asked := PROMPT.fullmatch(row):
                terminal.answer(asked[1], asked[2] or "")
            elif row != "…":
                terminal.wait(row)
        terminal.answer("ready$", "publisher deploy ../www")
        terminal.wait("files put and 0 removed")
        terminal.answer("ready$", "exit")
        assert terminal.end() == 0, terminal.seen
        assert "site/index.html and" in terminal.seen
        assert "index.json" not in terminal.seen, "a person is not shown every file"
    assert (tmp_path / "www/essays/on-commas/essay.md").is_file()
    assert (tmp_path / "letters/site/essays/on-commas/essay.md").read_text() == "They *pause*.\n"
    checked(tmp_path / "letters")
