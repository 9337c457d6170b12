"""The feeds in programs of other people, as their users have them: newsboat, sfeed, rss2email."""

import email
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import pytest

from publisher.essays.words import visible
from publisher.site import feed
from publisher.site.entries import Entry, made, places
from publisher.site.site import Site
from tests.example_site import named
from tests.served import served

Item = tuple[str, str, int, str]
"""Title, author, time in seconds, link."""


@pytest.fixture(scope="module")
def site() -> Site:
    """Three essays by one author whose name is known, and a week without any."""
    return named("Heron One")


@pytest.fixture(scope="module")
def entries(site: Site) -> list[Entry]:
    return made(site, places(site))[::-1]


@pytest.fixture(scope="module")
def address(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of the feeds, on this machine."""
    folder = tmp_path_factory.mktemp("feeds")
    for name, planned in feed.plan(site):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(planned.make())
    with served(folder) as root:
        yield root


def run(*command: object, **more: object) -> str:
    """What a program prints; skips where it is not installed."""
    if not shutil.which(str(command[0])):
        pytest.skip(f"{command[0]} is not installed: tests/setup.sh")
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def items(entries: list[Entry]) -> list[Item]:
    return [(each.title, each.author, int(each.time.timestamp()), each.url) for each in entries]


FEEDS = pytest.mark.parametrize("name", ["feed.atom", "feed.rss", "models/example-heron-1/feed.atom"])


def shown(entries: list[Entry], name: str) -> list[Entry]:
    return [each for each in entries if each.essay or "models" not in name]


@FEEDS
def test_newsboat_reads_every_entry_whole(name: str, address: str, entries: list[Entry], tmp_path: Path) -> None:
    (tmp_path / "urls").write_text(f"{address}/{name}\n")
    (tmp_path / "config").write_text("")
    run("newsboat", "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-C", tmp_path / "config", "-x", "reload")
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        rows = cache.execute(
            "SELECT title, author, pubDate, url, content FROM rss_item ORDER BY pubDate DESC"
        ).fetchall()
    assert [row[:4] for row in rows] == items(shown(entries, name))
    assert [row[4] for row in rows] == [each.html for each in shown(entries, name)]


@FEEDS
def test_sfeed_reads_every_entry_whole(name: str, address: str, site: Site, entries: list[Entry]) -> None:
    data = next(planned.make() for path, planned in feed.plan(site) if path == name)
    lines = [line.split("\t") for line in run("sfeed", f"{address}/", input=data.decode()).splitlines()]
    assert [(title, author, int(time), link) for time, title, link, _, _, _, author, *_ in lines] == [
        (" ".join(each.title.split()), author, time, link)
        for each, (_, author, time, link) in zip(shown(entries, name), items(shown(entries, name)), strict=True)
    ]
    texts = [line[3].replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\") for line in lines]
    assert [text.strip() for text in texts] == [each.html.strip() for each in shown(entries, name)]


@FEEDS
def test_rss2email_makes_a_mail_of_every_entry(name: str, address: str, entries: list[Entry], tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "Maildir/INBOX" / folder).mkdir(parents=True)
    configured = {
        "email-protocol": "maildir",
        "maildir-path": tmp_path / "Maildir",
        "html-mail": True,
        "date-header": True,
    }
    (tmp_path / "r2e.cfg").write_text(
        "\n".join(["[DEFAULT]", "to = you@example.org", *(f"{key} = {value}" for key, value in configured.items())])
    )
    program = ("r2e", "-c", tmp_path / "r2e.cfg", "-d", tmp_path / "r2e.json")
    run(*program, "add", "letters", f"{address}/{name}")
    run(*program, "run")
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in (tmp_path / "Maildir/INBOX/new").iterdir()
    ]
    got = {str(mail["Subject"]): (mail, str(mail.get_content())) for mail in mails}
    assert sorted(got) == sorted(each.title for each in shown(entries, name))
    for each in shown(entries, name):
        mail, said = got[each.title]
        assert each.author in str(mail["From"])
        assert each.url in said
        if each.essay:
            assert " ".join(visible(each.essay.article)) in " ".join(visible(said))
