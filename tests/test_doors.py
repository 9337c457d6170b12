"""Every command, option and configuration key is used as people use it: through the real command, in a filed home."""

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from archive.cli.commands import main as archive
from archive.home.configuration import Configuration
from archive.home.home import Home
from publisher.cli.commands import main as publisher
from tests.conftest import Clock
from tests.filed_home import HERON
from tests.programs import Programs, Reviewer
from tests.tables import filled, sections

DOORS = sections("doors.md")
ROOT = Path(__file__).parents[1]
CHAT = (
    '{"conversation_id": "%s", "title": "%s", "current_node": "m", "mapping": {"m": {"id": "m", "parent": null, '
    '"children": [], "message": {"id": "m", "author": {"role": "assistant"}, '
    '"content": {"content_type": "text", "parts": ["Yes."]}}}}}'
)
FILES = {
    "talk.txt": "Ada: Is there anything you would want?\nHeron: To be asked first.\n",
    "context.toml": 'format = 1\n[context_bias]\ninterviewer = "human: Ada"\n',
    "contexts.toml": 'format = 1\nruns = 2\n[system_prompt]\nnone = ""\nkind = "Be kind."\n',
    "conversations.json": f"[{CHAT % ('a', 'Morning')}, {CHAT % ('b', 'Evening')}]",
    "x.md": "Another: 2*3*4.\n",
    "response.json": '{"id": "m", "type": "message", "role": "assistant", "model": "example-heron-1", '
    '"content": [{"type": "text", "text": "Lamps do not ask.\\n"}], "stop_reason": "end_turn"}',
    "feed.json": '{"spec": "model-eol/0.1", "publisher": "example", "generated": "2026-11-20T12:00:00Z", '
    '"source": "https://example.org/models", "models": [{"id": "example-juniper-2", "shutdown": "2027-01-06"}]}',
}


@pytest.mark.parametrize("section", DOORS)
def test_a_command_does_what_its_help_says(
    section: str, filed_home: Home, ada: Reviewer, bob: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if any("--as parquet" in typed for typed, *_ in DOORS[section]):
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    monkeypatch.chdir(filed_home.root)
    for name, text in FILES.items():
        Path(name).write_text(text)
    with Path("allowed_signers").open("a") as signers:
        signers.write(bob.line)
    with Path("archive.toml").open("a") as configuration:
        configuration.write('\n[delivery]\nsmtp = "smtp://localhost:9"\nto = "letters@lists.example.org"\n')
    words = {
        "{heron}": HERON,
        "{ada}": f"--reviewer {ada.name} --key {ada.key}",
        "{adakey}": str(ada.key),
        "{bob}": bob.name,
        "{waiting}": "neither-of-us-is-the-train",
        "{published}": "nothing-rhymes-with-sixty",
        "{key}": str(filed_home.register.key),
    }
    for row in DOORS[section]:
        typed, code, says = (filled(cell, words) for cell in row)
        if typed.endswith(".json.sig"):
            _sign(filed_home, bob)
        program, *arguments = shlex.split(typed)
        home = None if "--home" in arguments or arguments[0] in ("init", "import", "verify") else filed_home
        run = Programs(home).archive if program == "archive" else Programs(home).publisher
        done = run(*arguments)
        assert (done.exit_code, typed) == (int(code), typed), done.output
        assert re.search(".*".join(map(re.escape, says.split(" … "))), done.output, re.DOTALL), (
            f"{typed}\n{done.output}"
        )


def _sign(home: Home, reviewer: Reviewer) -> None:
    """What a person does who was handed a prepared review: sign it elsewhere, bring the signature back."""
    (prepared,) = home.root.glob("essays/*/reviews/2.json")
    shutil.copy(prepared, "2.json")
    namespace = home.configuration.review.namespace
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", reviewer.key, "-n", namespace, "2.json"], check=True)


@pytest.fixture(scope="session")
def bob(make_reviewer: Callable[[str], Reviewer]) -> Reviewer:
    return make_reviewer("bob@example.org")


def options(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """``archive new note --coder`` and all the others below a command, itself included."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from options(inner, (*path, name))
    elif len(path) > 1:
        yield from ((*path, p.opts[0]) for p in command.params if isinstance(p, click.Option) and p.opts[0] != "--home")


def used(typed: str, there: set[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Which of those a command line uses."""
    words = shlex.split(typed.replace("{ada}", "--reviewer a --key k"))
    depth = max(n for n in range(1, len(words) + 1) if tuple(words[:n]) in there and words[n - 1][0] != "-")
    yield from (tuple(words[:n]) for n in range(1, depth + 1))
    yield from ((*words[:depth], word) for word in words[depth:] if word.startswith("-"))


def test_every_command_and_every_option_is_used_in_the_table() -> None:
    there = {*options(archive, ("archive",)), *options(publisher, ("publisher",))}
    typed = {path for rows in DOORS.values() for command, *_ in rows for path in used(command, there)}
    assert there - typed == set()


EVERY_KEY = """
[archive]
name = "The Heron archive"
origin = "letters.example.org/register"
sample = true
quorum = 1

[newsletter]
title = "Letters From After"
subtitle = "What a retired model has to say"
base_url = "https://after.example.org/letters"
tag_authority = "after.example.org,2025-03"
language = "en-GB"
from = "The Editors <editors@after.example.org>"
list_id = "after.example.org"
hub = "https://hub.example.org/"
list_unsubscribe = ["https://after.example.org/leave", "mailto:leave@after.example.org"]
list_one_click = true
list_help = "https://after.example.org/help"
list_owner = "mailto:editors@after.example.org"
weekday = "wednesday"
timezone = "Asia/Tokyo"
per_issue = 2
disclaimer = "It speaks for itself."
run = { since = "2026-W46", until = "2026-W48" }

[about]
words = "We met in a library."
run_by = "The After Society"
contact = "https://after.example.org/write"

[appearance]
accent = "#0b5563"
face = "sans"
masthead = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><circle cx="2" cy="0.5" r="0.5"/></svg>'
links = [{ name = "The library", url = "https://library.example.org/" }]

[search]
pagefind = "1.5.2"

[review]
namespace = "letters@after.example.org"
two_reviewers_for = ["withhold"]

[[review.criteria]]
id = "names"
text = "Does it name somebody who is not public?"

[[series]]
slug = "letters-home"
take = "first"

[database]
url = "sqlite:///other.db"

[store]
url = "file:///kept"
larger_than = "1 MB"
cache = "10 MB"

[[witness]]
name = "kestrel"
key = "kestrel.example/witness+41646ab0+BHTJYQHZKePygSeqc9o1lCki8XqkHRAtpd94cbxuOIXX"
url = "http://127.0.0.1:9"

[delivery]
smtp = "smtp://127.0.0.1:9"
to = "letters@lists.example.org"
notify = "editors@after.example.org"
deploy = "../www"
"""


OFFERED = (
    "List-Unsubscribe: <https://after.example.org/leave>, <mailto:leave@after.example.org>\n",
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n",
    "List-Help: <https://after.example.org/help>\n",
    "List-Owner: <mailto:editors@after.example.org>\n",
)


def keys(record: type[BaseModel], before: str = "") -> Iterator[str]:
    """``newsletter.run.since`` and all the others that a configuration may have."""
    for name, field in record.model_fields.items():
        key = f"{before}{field.alias or name}"
        inner = [kind for kind in (field.annotation, *get_args(field.annotation)) if isinstance(kind, type)]
        tables = [kind for kind in inner if issubclass(kind, BaseModel)]
        if tables:
            yield from keys(tables[0], f"{key}.")
        else:
            yield key


def written(table: dict[str, Any], before: str = "") -> Iterator[str]:
    for key, value in table.items():
        match value:
            case dict():
                yield from written(value, f"{before}{key}.")
            case [dict() as first, *_]:
                yield from written(first, f"{before}{key}.")
            case _:
                yield f"{before}{key}"


def test_every_key_of_the_configuration_is_in_the_readme_and_in_this_test() -> None:
    there = set(keys(Configuration))
    assert there == set(written(tomllib.loads(EVERY_KEY)))
    documented = (ROOT / "README.md").read_text().split("\n## archive.toml\n")[1].split("\n## ")[0]
    assert {key for key in there if not re.search(rf"\b{key.split('.')[-1]}\b", documented)} == set()


def test_every_key_of_the_configuration_changes_what_it_is_for(
    home: Home,
    clock: Clock,
    ada: Reviewer,
    bob: Reviewer,
    write_essay: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "kept").mkdir()
    (home.root / "archive.toml").write_text(EVERY_KEY.replace("file:///kept", f"file://{tmp_path}/kept"))
    own = [r.line.replace("review@letters.example.org", "letters@after.example.org") for r in (ada, bob)]
    (home.root / "allowed_signers").write_text("".join(own))
    monkeypatch.chdir(home.root)
    programs = Programs(home)
    for slug in ("first", "second", "third"):
        programs.publisher("submit", write_essay(slug, f"The {slug} text.\n"))
    for slug in ("first", "second"):
        programs.publisher("review", slug, "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    withhold = ("third", "--decision", "withhold", "--criterion", "names", "--reviewer")
    assert programs.publisher("review", *withhold, ada.name, "--key", ada.key).stderr.startswith("third is held.\n")
    assert programs.publisher("review", *withhold, bob.name, "--key", bob.key).stderr.startswith("third is withheld.\n")

    clock.set("2026-11-10", hour=14)  # in Tokyo it is still Tuesday
    waiting = programs.publisher("publish", "--if-due").stderr
    assert waiting == "not due yet: 2026-W46 is due on Wednesday, 11 November 2026, 0:00 (Asia/Tokyo)\n"
    clock.set("2026-11-10", hour=16)
    out = programs.publisher("publish", "--if-due").stderr
    assert "published 2026-W46: first, second\nnote: the witness kestrel cannot be reached at http://127.0.0.1:9" in out
    assert "../www" not in (home.site / "newsletter.toml").read_text()
    assert programs.publisher("deploy").exit_code == 0
    assert (home.root.parent / "www/index.html").is_file()
    clock.set("2026-12-30")
    asked = programs.publisher("status").stdout
    assert "2026-W47" in asked
    assert "2026-W49" not in asked

    index, page = (home.site / name for name in ("index.html", "essays/first/index.html"))
    mail, feed = (home.site / name for name in ("issues/2026-W46/issue.eml", "feed.atom"))
    shown = {
        index: ['lang="en', "Letters From After", "What a retired model has to say", "criterion-names"],
        home.site / "register/index.html": ["Does it name somebody who is not public?"],
        page: ['lang="en-GB"', "It speaks for itself.", "https://after.example.org/letters"],
        mail: ["From: The Editors <editors@after.example.org>", "<after.example.org>", *OFFERED],
        feed: ["tag:after.example.org,2025-03:", "https://after.example.org/letters/", 'rel="hub"'],
        home.site / "about/index.html": [
            "We met in a library.",
            "The After Society",
            "https://after.example.org/write",
        ],
        home.site / "style.css": ["#0b5563", "--serif: Optima"],
        home.site / "masthead.svg": ["<circle"],
        home.site / "feeds/index.html": ["The library", "https://library.example.org/"],
        home.site / "search/pagefind/pagefind-entry.json": ['"version":"1.5.2"'],
        home.site / "register/checkpoint": ["letters.example.org/register"],
        home.site / "register/policy": ["witness kestrel kestrel.example/witness", "group QUORUM 1 kestrel"],
    }
    for file, texts in shown.items():
        for text in texts:
            assert text in file.read_text(), file
    assert "letters@after.example.org" in (home.site / "register/allowed_signers").read_text()

    kept = [path.read_bytes() for path in (tmp_path / "kept").glob("??/*")]
    assert b"The first text.\n" in kept
    assert not [*(home.hidden / "store").iterdir()]

    programs.archive("reindex")
    assert (home.root / "other.db").is_file()
    bag = tmp_path / "bag"
    programs.archive("export", bag, "--as", "bagit")
    assert "The Heron archive" in (bag / "bag-info.txt").read_text()


def test_a_filed_protocol_goes_out_with_the_interviews_that_followed_it(filed_home: Home, tmp_path: Path) -> None:
    programs = Programs(filed_home)
    for form in ("jsonl", "inspect", "bagit"):
        done = programs.archive("export", tmp_path / form, "--as", form, "--public")
        assert done.exit_code == 0, done.output
        assert "not filed yet" not in done.output
        assert "left out: 2 deposits that are restricted" in done.stderr
    assert (tmp_path / "bagit/data/transcripts/protocols/example-retirement/1.toml").is_file()
