"""Work that grows with what is new; and a site published step by step is the one that is made from nothing."""

import contextlib
import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.home.founding import create
from archive.home.home import Home
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues import kept
from publisher.issues.build import build, publish_site
from publisher.issues.publish import publish
from publisher.issues.skip import skip
from publisher.issues.withdraw import withdraw
from publisher.site import about, feed, models, page, pages, search
from publisher.site.shared import TEMPLATES
from publisher.status.status import status
from publisher.week import Week
from tests import archivist
from tests.archivist import Archivist
from tests.conftest import MAKING, NEWSLETTER
from tests.example_register import Killed, killed_at
from tests.files import tree
from tests.programs import Reviewer

_opened: list[list[str]] = []
_DEPTH = {(".archive", "store"): 4}


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _opened and isinstance(arguments[0], str | bytes | Path):
        _opened[-1].append(os.fsdecode(arguments[0]))


sys.addaudithook(_hear)


@contextlib.contextmanager
def opened(root: Path) -> Iterator[set[str]]:
    """The folders, two names deep, in which files of a home are opened meanwhile: ``essays/2026-11-02-one``.

    Of the store every file: ``.archive/store/5c/5c0a…``.
    """
    found: set[str] = set()
    _opened.append([])
    try:
        yield found
    finally:
        inside = (Path(name).relative_to(root).parts for name in _opened.pop() if name.startswith(f"{root}/"))
        found |= {"/".join(parts[: _DEPTH.get(parts[:2], 3 if parts[0] == ".archive" else 2)]) for parts in inside}


class Desk:
    """Editors at work, week after week."""

    def __init__(self, folder: Path, ada: Reviewer, bob: Reviewer, patch: pytest.MonkeyPatch) -> None:
        self.root, self.folder, self.patch = folder / "home", folder, patch
        self.ada, self.bob, self.number = ada, bob, 0
        self.archivist = Archivist(self.root)
        self.time = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
        self.wait()
        home = create(self.root, name="Example", origin="letters.example.org/register", sample=True)
        with (home.root / "archive.toml").open("a") as file:
            file.write(NEWSLETTER)
        (home.root / "allowed_signers").write_text(ada.line)

    @property
    def home(self) -> Home:
        return Home.at(self.root)

    def wait(self, **time: int) -> None:
        self.time += dt.timedelta(**time)
        self.patch.setenv("SOURCE_DATE_EPOCH", str(int(self.time.timestamp())))

    def submit(self) -> str:
        self.number += 1
        essay = self.folder / "desk" / f"essay-{self.number}"
        essay.mkdir(parents=True)
        (essay / "essay.md").write_text(f"They *pause*, {self.number} times.\n")
        series = 'series = "odd-ones"\n' if self.number % 2 else ""
        (essay / "essay.toml").write_text(MAKING.replace("On commas", f"On commas, {self.number}") + series)
        return submit(self.home, essay).submission.slug

    def review(self, decision: str = "publish") -> None:
        slug, criteria = self.submit(), ["harm"] if decision == "withhold" else []
        review(self.home, slug, decision=decision, reviewer=self.ada.name, key=self.ada.key, criteria=criteria)  # type: ignore[arg-type]

    def hold(self) -> None:
        self.review("hold")

    def withhold(self) -> None:
        self.review("withhold")

    def publish(self) -> None:
        self.review()
        publish(self.home)
        self.wait(days=7)

    def die(self) -> None:
        """A week whose publishing is killed somewhere, and run again."""
        self.review()
        with contextlib.suppress(Killed), killed_at(17 * self.number % 60 + 1, self.root):
            publish(self.home)
        publish(self.home)
        self.wait(days=7)

    def skip(self) -> None:
        skip(self.home, [Week.of(self.time.date())], "holiday")
        self.wait(days=7)

    def site(self) -> None:
        self.wait(minutes=1)
        publish_site(self.home)

    def note(self) -> None:
        if folders := sorted(path for path in (self.root / "essays").iterdir() if (path / "reviews").exists()):
            editors = folders[self.number * 7 % len(folders)] / "editors"
            editors.mkdir(exist_ok=True)
            text = f'format = 1\nkind = "note"\nby = "Ada"\ndate = 2026-11-02\ntext = "Note {self.number}."\n'
            (editors / f"{self.number % 2}.toml").write_text(text)

    def withdraw(self) -> None:
        """One of those that were published, if there is one left."""
        lives = [life for life in self.home.lives.values() if life.published and not life.withdrawn]
        if lives:
            self.wait(minutes=1)
            withdraw(self.home, lives[self.number * 5 % len(lives)].accession.number, "model-request")

    def configure(self) -> None:
        file = self.root / "archive.toml"
        was, now = ("Letters After", "Letters Before")[:: -1 if "Letters Before" in file.read_text() else 1]
        file.write_text(file.read_text().replace(f'title = "{was}"', f'title = "{now}"'))

    def enlist(self) -> None:
        self.list(self.bob)

    def rename(self) -> None:
        """The one reviewer has another name from now on."""
        self.ada = Reviewer("ida" if self.ada.name == "ada" else "ada", self.ada.key)
        self.list(self.ada)

    def list(self, reviewer: Reviewer) -> None:
        """Put a reviewer at the end of the list, from where a key's name is taken."""
        path = self.root / "allowed_signers"
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join([line for line in lines if line != reviewer.line] + [reviewer.line]))

    def redesign(self) -> None:
        """A newer program: other templates."""
        templates = self.folder / f"templates-{self.number}"
        if not templates.exists():
            shutil.copytree(TEMPLATES, templates)
            base = (templates / "base.html").read_text()
            (templates / "base.html").write_text(base.replace("Skip to", f"Skip {self.number} to"))
            environment = page._environment().overlay(loader=type(page._environment().loader)(templates))  # type: ignore[misc, call-arg]
            self.patch.setattr(page, "_environment", lambda: environment)
            self.patch.setattr(kept, "_program", lambda: str(templates))


STEPS = (
    *(Desk.publish, Desk.publish, Desk.publish, Desk.die, Desk.skip, Desk.site, Desk.withdraw),
    *(Desk.submit, Desk.hold, Desk.withhold, Desk.note, Desk.configure, Desk.enlist, Desk.rename, Desk.redesign),
)


def _archive(step: Callable[[Archivist], None]) -> Callable[[Desk], None]:
    return lambda desk: step(desk.archivist)


ARCHIVED = (Desk.publish, Desk.publish, Desk.site, *map(_archive, archivist.STEPS))


@settings(max_examples=12)
@given(
    steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=12)
    | st.lists(st.sampled_from(ARCHIVED), min_size=8, max_size=16)
)
def test_a_site_published_step_by_step_is_the_one_made_from_nothing(
    steps: list[Callable[[Desk], None]], ada: Reviewer, bob: Reviewer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("growth")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feed, "PAGE", 3)
        desk = Desk(folder, ada, bob, patch)
        for step in [*steps, Desk.publish]:
            step(desk)
        build(desk.home, folder / "built")
        assert tree(desk.root / "site") == tree(folder / "built")
        before = tree(desk.root / ".archive")
        assert build(desk.home).new is False
        assert tree(desk.root / ".archive") == before
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def bob(make_reviewer: Callable[[str], Reviewer]) -> Reviewer:
    return make_reviewer("bob@example.org")


@pytest.fixture
def desk(tmp_path: Path, ada: Reviewer, bob: Reviewer, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Eight weeks, each with one essay; two essays a feed."""
    monkeypatch.setattr(feed, "PAGE", 2)
    desk = Desk(tmp_path, ada, bob, monkeypatch)
    for _ in range(8):
        desk.publish()
    return desk


def essays(folders: set[str]) -> set[str]:
    return {name for name in folders if name.startswith("essays/")}


def issues(folders: set[str]) -> set[str]:
    return {name.removeprefix(".archive/issues/") for name in folders if name.startswith(".archive/issues/2")}


def test_submitting_and_reviewing_open_nothing_of_other_essays(desk: Desk) -> None:
    with opened(desk.root) as folders:
        desk.review()
    assert essays(folders) == {"essays/2026-12-28-essay-9"}
    assert issues(folders) == set()


def test_publishing_opens_renders_and_writes_only_what_may_be_new(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.review()
    rendered = []
    fill = pages.fill

    def heard(site: object, path: str, *rest: object, **values: object) -> bytes:
        rendered.append(path)
        return fill(site, path, *rest, **values)  # type: ignore[arg-type]

    for module in (pages, about, models, search):
        monkeypatch.setattr(module, "fill", heard)
    before = {path: path.stat().st_ino for path in desk.root.rglob("*") if path.is_file()}
    with opened(desk.root) as folders:
        published = publish(desk.home)

    beside = {"essays/essay-7/index.html", "essays/essay-8/index.html", "issues/2026-W52/index.html"}
    new = {"essays/essay-9/index.html", "essays/essay-9/as-received/index.html", "issues/2026-W53/index.html"}
    whole = {"index.html", "years/2026/index.html", "about/index.html", "register/index.html"}
    whole |= {"register/intakes/1/index.html", "verify/by-hand/index.html"}
    whole |= {"models/index.html", "models/example-heron-1/index.html"}
    whole.add("search/index.html")
    assert sorted(rendered) == sorted(beside | new | whole | {"verify/index.html"})  # to see that it is as logged
    lists = {
        "series/index.html",
        "series/odd-ones/index.html",
        "index.json",
        "register/intakes/1/intakes.json",
        "sitemap.xml",
        "feed.atom",
        "feed.rss",
        "feed.json",
        "feeds/series/odd-ones.atom",
        "models/example-heron-1/feed.atom",
        "SHA256SUMS",
    }
    frozen = {name for name in published.written if name.startswith(("essays/essay-9/", "issues/2026-W53/"))}
    assert set(published.written) == beside | whole | lists | frozen
    written = {path for path, inode in before.items() if path.exists() and path.stat().st_ino != inode}
    assert {path.relative_to(desk.root / "site").as_posix() for path in written if "site" in path.parts} - {
        "SHA256SUMS.tlog-proof",
        "register/checkpoint",
    } == beside | whole | lists
    # Its neighbours' pages are made anew, in the year and in the series, and these name what is around them.
    assert issues(folders) == {f"2026-W{week}" for week in range(49, 54)}
    assert essays(folders) == {"essays/2026-12-28-essay-9"}


def test_publishing_reads_no_deposit_that_was_there_at_the_last_issue(desk: Desk) -> None:
    desk.archivist.guide()
    for _ in range(8):
        desk.archivist.deposit()
    desk.archivist.read()
    desk.archivist.describe()
    desk.publish()
    pages = {path for path in tree(desk.root / "site") if path.startswith("interviews/2")}
    assert len({path.split("/")[1] for path in pages}) == 6, "public ones and described ones"
    lists = {digest for life in desk.home.lives.of("deposit") for digest in life.lists}
    named = {line[:64] for digest in lists for line in desk.home.store.get(digest).decode().splitlines()}
    kept = {desk.home.store.path(digest).relative_to(desk.root).as_posix() for digest in lists | named}
    desk.review()
    with opened(desk.root) as folders:
        publish(desk.home)
    assert not folders & kept
    assert not {name for name in folders if name.startswith("transcripts/")}


@pytest.mark.parametrize("harm", ["taken away", "cut off", "changed", "of another site"])
def test_what_was_kept_is_not_believed_where_it_does_not_fit(desk: Desk, harm: str) -> None:
    file = desk.root / kept.NAME
    if harm == "taken away":
        file.unlink()
    elif harm == "cut off":
        file.write_bytes(file.read_bytes()[:-9])
    elif harm == "changed":
        file.write_bytes(file.read_bytes().replace(b"On commas, 3", b"On commas, 4"))
    else:
        old = file.read_bytes()
        desk.publish()
        file.write_bytes(old)
    desk.publish()
    build(desk.home, desk.folder / "built")
    assert tree(desk.root / "site") == tree(desk.folder / "built")


def test_a_newer_program_that_changes_no_page_is_noted_so_that_the_next_issue_is_quick(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_program", lambda: "a newer one")
    assert kept.read(desk.home) is None
    assert publish_site(desk.home).new is False
    assert kept.read(desk.home) is not None


def test_a_site_that_is_not_the_one_published_last_is_written_whole(desk: Desk) -> None:
    shutil.rmtree(desk.root / "site")
    desk.publish()
    assert (desk.root / "site/essays/essay-1/index.html").is_file()
    build(desk.home, desk.folder / "built")
    assert tree(desk.root / "site") == tree(desk.folder / "built")


def test_status_sees_a_note_without_making_the_whole_site(desk: Desk) -> None:
    assert not [each for each in status(desk.home, desk.folder).actions if "pages" in str(each)]
    (desk.root / "essays/2026-11-02-essay-1/editors").mkdir()
    note = 'format = 1\nkind = "note"\nby = "Ada"\ndate = 2026-11-02\ntext = "Late."\n'
    (desk.root / "essays/2026-11-02-essay-1/editors/1.toml").write_text(note)
    with opened(desk.root) as folders:
        actions = [str(each) for each in status(desk.home, desk.folder).actions]
    assert "newer records change 5 pages: publisher publish --site" in actions
    assert issues(folders) <= {"2026-W45", "2026-W46", "2026-W47", "2026-W51", "2026-W52"}


def test_another_program_is_known_by_its_modules_templates_and_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("archive", "publisher"):
        shutil.copytree(kept._ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(kept, "_ROOT", tmp_path)
    seen = [kept._program.__wrapped__()]
    for name in (
        "publisher/site/templates/essay.html",
        "publisher/site/templates/verify/proof.js",
        "publisher/site/feed.py",
        "archive/wording.py",
        "archive/catalogue/conversations.py",
    ):
        with (tmp_path / name).open("a") as file:
            file.write("\n")
        seen.append(kept._program.__wrapped__())
    assert len(set(seen)) == 6
