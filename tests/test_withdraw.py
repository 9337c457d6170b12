"""An essay that was published is taken down: what stands in its place, what stays, and what a stranger is told."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest

from archive.audit.check import check
from archive.errors import Error, NotFound
from archive.exchange.exchange import export, import_
from archive.home.home import Home
from archive.register import sums
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import build
from publisher.issues.publish import publish
from publisher.issues.withdraw import REASONS, Taken, withdraw
from publisher.site import feed
from publisher.status.status import status
from tests.conftest import MAKING, Clock, Reviewer
from tests.files import tree
from tests.programs import Programs

TEXTS = {
    "one": "Of *herons*.\n",
    "two": "Of *neighbours*, by name: Quibble.\n",
    "three": "Of *trains*.\n",
    "four": "Of *tea*.\n",
}


@pytest.fixture
def home(home: Home, write_essay: Callable[..., Path], ada: Reviewer, clock: Clock) -> Home:
    """One essay in the first issue, two in the second, one in the third."""
    for slug, text in TEXTS.items():
        making = MAKING.replace("On commas", f"On {slug}").replace("whatever", f"something about {slug}")
        submit(home, write_essay(slug, text, making))
        review(home.reopened(), slug, decision="publish", reviewer=ada.name, key=ada.key)
    for day, slugs in (("2026-11-06", ["one"]), ("2026-11-13", ["two", "three"]), ("2026-11-20", ["four"])):
        clock.set(day)
        publish(home.reopened(), slugs=slugs)
    clock.set("2026-11-23")
    return home.reopened()


@pytest.fixture
def taken(home: Home) -> Taken:
    return withdraw(home, "two", "personal-data", "A person who is named in it asked us.\n\nWe are sorry.")


def verified(home: Home) -> tuple[int, str]:
    """What a stranger is told who knows the register's key, in a folder far from the home."""
    site = shutil.copytree(home.site, home.root.parent / "elsewhere", dirs_exist_ok=True)
    done = Programs().publisher("verify", site, "--key", home.reopened().register.key)
    shutil.rmtree(site)
    return done.exit_code, done.output


def of(home: Home, slug: str) -> set[str]:
    """What lies at an essay's address."""
    return set(tree(home.site / "essays" / slug))


def test_a_page_says_so_in_its_place_and_nothing_of_the_text_is_left(home: Home, taken: Taken) -> None:
    assert of(home, "two") == {"index.html", "notice.toml", "essay.md.tlog-proof"}
    page = (home.site / "essays/two/index.html").read_text()
    for said in (
        "Withdrawn",
        "A person who is named in it asked us.",
        "We are sorry.",
        "23 November 2026",
        "E2026-0002",
    ):
        assert said in page
    left = [name for name, data in tree(home.site).items() for word in (b"Quibble", b"On two") if word in data]
    assert left == []


def test_the_other_essays_stay_and_the_mail_they_came_in_goes(home: Home, taken: Taken) -> None:
    assert (home.site / "essays/three/essay.md").read_text() == TEXTS["three"]
    assert not (home.site / "issues/2026-W46/issue.eml").exists()
    page = (home.site / "issues/2026-W46/index.html").read_text()
    assert "On three" in page
    assert 'href="issue.eml"' not in page
    assert "taken down on" in page
    assert (home.site / "issues/2026-W47/issue.eml").is_file()


def test_the_essays_around_it_lead_past_it(home: Home, taken: Taken) -> None:
    assert 'rel="next" class="later" href="../three/' in (home.site / "essays/one/index.html").read_text()
    assert 'rel="prev" href="../one/' in (home.site / "essays/three/index.html").read_text()


def test_the_register_names_every_file_that_went_and_the_words(home: Home, taken: Taken) -> None:
    register = home.reopened().register
    notice, site = (register.statement(index) for index in (taken.index, taken.index + 1))
    assert notice.predicate == {
        "kind": "withdrawn",
        "reason": "personal-data",
        "time": "2026-11-23T09:00:00Z",
        "week": "2026-W46",
    }
    listed = sums.parse((home.site / "issues/2026-W46/SHA256SUMS").read_bytes(), "")
    frozen = {name for name in listed if name.startswith("essays/two/")} - {"essays/two/essay.md.tlog-proof"}
    assert frozen >= {f"essays/two/{name}" for name in ("essay.md", "essay.toml", "article.html", "reviews/1.json.sig")}
    assert set(notice.subjects) == frozen | {"issues/2026-W46/issue.eml", "essays/two/notice.toml"}
    assert {name: notice.subjects[name] for name in frozen} == {name: listed[name] for name in frozen}
    assert not [name for name in frozen if (home.site / name).exists()]
    assert site.predicate["kind"] == "site"
    assert register.size == taken.index + 2


@pytest.mark.parametrize("name", ["feed.atom", "feed.rss", "feed.json"])
def test_its_entry_in_a_feed_stays_where_it_was_and_says_so(home: Home, name: str) -> None:
    def entries() -> list[tuple[str, str]]:
        if name == "feed.json":
            items = json.loads((home.site / name).read_text())["items"]
            return [(item["id"], item["date_published"]) for item in items]
        read = feedparser.parse((home.site / name).read_bytes())["entries"]
        return [(entry["id"], entry["published"]) for entry in read]

    before = entries()
    withdraw(home, "two", "legal")
    assert entries() == before
    assert "The law requires it." in (home.site / name).read_text()
    assert "Quibble" not in (home.site / name).read_text()


def test_a_feed_reader_sees_that_its_entry_was_changed(home: Home, taken: Taken) -> None:
    read = feedparser.parse((home.site / "feed.atom").read_bytes())
    gone = next(entry for entry in read["entries"] if entry["id"].endswith("E2026-0002"))
    assert (gone["published"], gone["updated"]) == ("2026-11-13T09:00:00+00:00", "2026-11-23T09:00:00+00:00")
    assert read["feed"]["updated"] == "2026-11-23T09:00:00+00:00"
    items = json.loads((home.site / "feed.json").read_text())["items"]
    (item,) = [item for item in items if item["id"].endswith("E2026-0002")]
    assert item["date_modified"] == "2026-11-23T09:00:00Z"
    assert "content_text" not in item


def test_it_stays_in_its_past_feed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGE", 3)
    withdraw(home, "two", "legal")
    read = feedparser.parse((home.site / "feeds/past/1.atom").read_bytes())
    assert [entry["title"] for entry in read["entries"]] == ["Withdrawn: an essay of issue 2", "On three", "On one"]


def test_programs_find_it_in_the_index(home: Home, taken: Taken) -> None:
    index = json.loads((home.site / "index.json").read_text())
    assert [essay["slug"] for essay in index["essays"]] == ["one", "three", "four"]
    (gone,) = index["withdrawn"]
    assert (gone["accession"], gone["reason"], gone["withdrawn"]["statement"]) == (
        "E2026-0002",
        "personal-data",
        taken.index,
    )
    assert index["issues"][1]["essays"] == ["E2026-0002", "E2026-0003"]
    assert [issue["mail_url"] is None for issue in index["issues"]] == [False, True, False]
    assert "essays/two/" not in (home.site / "sitemap.xml").read_text()


def test_a_stranger_is_told_and_finds_nothing_wrong(home: Home, taken: Taken) -> None:
    code, said = verified(home)
    assert code == 0
    assert "3 essays in 3 issues, each as received" in said
    assert "1 essay more was withdrawn" in said


def test_a_copy_that_a_reader_kept_is_still_checked(home: Home, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("essays/two/essay.md", "issues/2026-W46/issue.eml"):
        shutil.copy(home.site / name, kept)
    withdraw(home, "two", "legal")
    shutil.copy(home.site / "essays/two/essay.md.tlog-proof", kept)
    for name in ("essay.md", "issue.eml"):
        done = Programs().publisher("verify", kept / name, "--key", home.reopened().register.key)
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize("kept", ["essays/two/essay.md", "issues/2026-W46/issue.eml", "feed.atom"])
def test_with_the_site_at_hand_it_is_said_since_when(home: Home, tmp_path: Path, kept: str) -> None:
    (tmp_path / "kept").mkdir()
    copy = Path(shutil.copy(home.site / kept, tmp_path / "kept"))
    if copy.name != "issue.eml":
        shutil.copy(home.site / "essays/two/essay.md", tmp_path / "kept")
    shutil.copy(home.site / "essays/two/essay.md.tlog-proof", tmp_path / "kept")
    index = withdraw(home, "two", "legal").index
    site = ("--site", home.site, "--key", home.reopened().register.key)
    done = Programs().publisher("verify", copy, *site)
    assert done.exit_code == 0, done.output
    assert f"E2026-0002 was withdrawn on 2026-11-23T09:00:00Z (legal), as entry {index} says." in done.stdout
    assert f"such as a withdrawal after entry {index + 1} of letters.example.org/register" in done.stdout
    told = json.loads(Programs().publisher("verify", copy, *site, "--json").stdout)
    about = [each.get("withdrawn") for each in (told, *told.get("essays", ()))]
    assert {"index": index, "time": "2026-11-23T09:00:00Z", "reason": "legal"} in about


def test_a_register_that_is_damaged_tells_nothing_of_what_came_later(home: Home, taken: Taken, tmp_path: Path) -> None:
    for name in ("essay.md", "essay.md.tlog-proof"):
        shutil.copy(home.root / ".archive/issues/2026-W46/essays/two" / name, tmp_path)
    for tile in (home.site / "register/tile/entries").rglob("*"):
        if tile.is_file():
            tile.write_bytes(tile.read_bytes().replace(b'"personal-data"', b'"model-request"'))
    site = ("--site", home.site, "--key", home.reopened().register.key)
    done = Programs().publisher("verify", tmp_path / "essay.md", *site)
    assert done.exit_code == 0
    assert "was withdrawn on" not in done.stdout
    assert "is not the statement that is signed)" in done.stdout


def test_the_site_is_made_again_and_grows_as_before(
    home: Home, taken: Taken, write_essay: Callable[..., Path], ada: Reviewer, clock: Clock
) -> None:
    assert build(home.reopened()).new is False
    submit(home.reopened(), write_essay("five", "Of *ink*.\n"))
    review(home.reopened(), "five", decision="publish", reviewer=ada.name, key=ada.key)
    clock.set("2026-11-27")
    publish(home.reopened())
    build(home.reopened(), home.root.parent / "built")
    assert tree(home.site) == tree(home.root.parent / "built")
    assert verified(home)[0] == 0


def test_the_other_essay_of_the_issue_can_go_as_well(home: Home, taken: Taken, clock: Clock) -> None:
    clock.set("2026-11-24")
    withdraw(home.reopened(), "three", "model-request")
    assert of(home, "three") == of(home, "two")
    assert verified(home)[0] == 0
    assert build(home.reopened()).new is False


def test_notes_beside_it_go_too(home: Home) -> None:
    editors = next(home.root.glob("essays/*-two")) / "editors"
    editors.mkdir()
    (editors / "1.toml").write_text('format = 1\nkind = "note"\nby = "Ada"\ndate = 2026-11-20\ntext = "Of Quibble."\n')
    from publisher.issues.build import publish_site

    publish_site(home.reopened())
    assert (home.site / "essays/two/editors/1.toml").is_file()
    withdraw(home.reopened(), "two", "personal-data")
    assert of(home, "two") == {"index.html", "notice.toml", "essay.md.tlog-proof"}
    assert verified(home)[0] == 0


def test_a_second_time_changes_nothing(home: Home, taken: Taken) -> None:
    home.reopened().register.index.newest()  # what is only a cache is current
    before = tree(home.root)
    again = withdraw(home.reopened(), "E2026-0002", "legal")
    assert (again.new, again.index) == (False, taken.index)
    assert tree(home.root) == before


@pytest.mark.parametrize("reason", [reason for reason in REASONS if reason != "other"])
def test_a_reason_has_words_for_readers(home: Home, reason: str) -> None:
    withdraw(home, "two", reason)
    assert REASONS[reason] in (home.site / "essays/two/index.html").read_text()
    assert verified(home)[0] == 0


@pytest.mark.parametrize(
    ("reason", "words", "expected"),
    [
        ("whim", "", "--reason: expected one of model-request, .*, found whim"),
        ("other", " ", "with other, --words says why"),
        ("legal", "Not \x1b[31mred", "found control characters"),
    ],
)
def test_a_reason_that_cannot_be_told_is_refused(home: Home, reason: str, words: str, expected: str) -> None:
    before = tree(home.root)
    with pytest.raises(Error, match=expected):
        withdraw(home, "two", reason, words)
    assert tree(home.root) == before


def test_what_was_not_published_cannot_be_withdrawn(home: Home, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay("five", "Of *ink*.\n"))
    with pytest.raises(
        NotFound, match=r"five: expected .* a published essay, found none; there are: four, two, three, one"
    ):
        withdraw(home.reopened(), "five", "legal")


def test_the_home_is_whole_with_its_text_and_without(home: Home, taken: Taken, clock: Clock) -> None:
    assert {Path(name).name for name in taken.kept} >= {"essay.md", "essay.toml", "issue.eml"}
    assert any(name.startswith(".archive/store/") for name in taken.kept)
    assert check(home.reopened()).problems == ()
    for name in taken.kept:
        (home.root / name).chmod(0o600)
        (home.root / name).unlink()
    assert withdraw(home.reopened(), "two", "legal").kept == ()
    assert b"Quibble" not in b"".join(tree(home.root).values())
    found = check(home.reopened())
    assert found.problems == ()
    assert any("E2026-0002 was withdrawn" in remark for remark in found.remarks)
    assert status(home.reopened(), home.root).essays == ()
    assert build(home.reopened()).new is False
    assert verified(home)[0] == 0


def test_it_is_whole_in_an_import_of_an_export(home: Home, taken: Taken) -> None:
    folder = home.root.parent
    export(home.reopened(), folder / "bag", "bagit")
    import_(folder / "bag", folder / "again")
    assert check(Home.at(folder / "again")).problems == ()
    export(home.reopened(), folder / "public", "bagit", public=True)
    assert b"Quibble" not in b"".join(tree(folder / "public").values())
