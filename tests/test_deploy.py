"""A site is copied to where readers find it: the same bytes everywhere, in order, and never an older register."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.home.home import Home
from archive.register.sums import LIST
from publisher.delivery import copies, deploy, order, target
from publisher.delivery.objects import Objects
from publisher.delivery.whole import whole
from tests.conftest import Clock
from tests.programs import Programs, Reviewer
from tests.torture.process import called

TRAIN, SIXTY = "neither-of-us-is-the-train", "nothing-rhymes-with-sixty"
OWN = {".nojekyll"}
"""What a branch has besides."""


@dataclass(frozen=True)
class Place:
    """Somewhere that a site is copied to, and how it is looked at from outside."""

    typed: str
    files: Callable[[], Mapping[str, bytes]]
    put: Callable[[str, bytes], object]
    """Put a file there as somebody else would."""


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def _written(root: Path) -> Callable[[str, bytes], object]:
    def write(name: str, data: bytes) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)

    return write


def _folder(tmp_path: Path) -> Iterator[Place]:
    yield Place(str(tmp_path / "www"), lambda: tree(tmp_path / "www"), _written(tmp_path / "www"))


def _rsync(tmp_path: Path) -> Iterator[Place]:
    if not shutil.which("rsync"):
        pytest.skip("no rsync on this machine")
    yield Place(f"rsync:{tmp_path / 'www'}", lambda: tree(tmp_path / "www"), _written(tmp_path / "www"))


@contextlib.contextmanager
def daemon(folder: Path, *options: str) -> Iterator[str]:
    """A module of an rsync daemon."""
    if not shutil.which("rsync"):
        pytest.skip("no rsync on this machine")
    folder.mkdir(exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    conf = folder.with_name(f"{folder.name}.conf")
    own = [f"uid = {os.getuid()}", f"gid = {os.getgid()}", "use chroot = no", "[www]", f"path = {folder}"]
    conf.write_text("\n".join([*own, *(options or ["read only = no"])]) + "\n")
    started = ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}", f"--config={conf}"]
    with subprocess.Popen(started, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield f"rsync://127.0.0.1:{port}/www"
        finally:
            process.terminate()


def _daemon(tmp_path: Path) -> Iterator[Place]:
    with daemon(tmp_path / "module") as address:
        yield Place(address, lambda: tree(tmp_path / "module"), _written(tmp_path / "module"))


def git(*arguments: object, given: bytes = b"") -> bytes:
    own = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    return subprocess.run(["git", *own, *map(str, arguments)], input=given, check=True, capture_output=True).stdout


def _branch(tmp_path: Path) -> Iterator[Place]:
    if not shutil.which("git"):
        pytest.skip("no git on this machine")
    bare = tmp_path / "letters.git"
    git("init", "--quiet", "--bare", bare)

    def files() -> dict[str, bytes]:
        listed = git(f"--git-dir={bare}", "ls-tree", "-r", "--name-only", "pages").decode().splitlines()
        return {name: git(f"--git-dir={bare}", "show", f"pages:{name}") for name in listed}

    def put(name: str, data: bytes) -> None:
        clone = tmp_path / "clone"
        git("clone", "--quiet", bare, clone)
        if b"pages" in git("-C", clone, "branch", "-r"):
            git("-C", clone, "checkout", "--quiet", "pages")
        else:
            git("-C", clone, "checkout", "--quiet", "--orphan", "pages")
        _written(clone)(name, data)
        git("-C", clone, "add", ".")
        git("-C", clone, "commit", "--quiet", "-m", "by hand")
        git("-C", clone, "push", "--quiet", "origin", "pages")
        shutil.rmtree(clone)

    yield Place(f"git:{bare}#pages", files, put)


def _objects(tmp_path: Path) -> Iterator[Place]:
    memory = pytest.importorskip("fsspec").filesystem("memory")
    root = f"/{tmp_path.name}/site"

    def files() -> dict[str, bytes]:
        return {path.removeprefix(f"{root}/"): memory.cat_file(path) for path in memory.find(root)}

    yield Place(f"memory:/{root}", files, lambda name, data: memory.pipe_file(f"{root}/{name}", data))
    memory.store.clear()


PLACES = {"folder": _folder, "rsync": _rsync, "daemon": _daemon, "branch": _branch, "objects": _objects}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    yield from PLACES[request.param](tmp_path)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Place]:
    yield from _objects(tmp_path)


@pytest.fixture
def publisher(filed_home: Home) -> Callable[..., Any]:
    return Programs(filed_home).publisher


def done(result: Any) -> list[str]:
    """What it printed. It came to its end."""
    assert result.exit_code == 0, result.stderr
    return str(result.stdout).splitlines()


def site_of(home: Home) -> dict[str, bytes]:
    return tree(home.site)


def test_what_lies_there_afterwards_is_the_site_and_a_second_run_has_nothing_to_do(
    place: Place, publisher: Callable[..., Any], filed_home: Home, tmp_path: Path
) -> None:
    first = publisher("deploy", place.typed)
    assert done(first)[-1] == "put      register/checkpoint"
    assert first.stderr.endswith("statements of the register; look at https://letters.example.org/\n")
    there = place.files()
    assert {name: data for name, data in there.items() if name not in OWN} == site_of(filed_home)
    again = publisher("deploy", place.typed)
    assert (done(again), "nothing to do, all of it lies there" in again.stderr) == ([], True)
    assert place.files() == there
    for name, data in there.items():
        _written(tmp_path / "copy")(name, data)
    for name in OWN & there.keys():
        (tmp_path / "copy" / name).unlink()
    checked = Programs().publisher("verify", tmp_path / "copy", "--key", filed_home.register.key)
    assert checked.exit_code == 0, checked.output


def test_what_has_changed_is_put_what_is_gone_is_removed_and_what_others_put_there_stays(
    place: Place, publisher: Callable[..., Any], filed_home: Home, ada: Reviewer
) -> None:
    done(publisher("deploy", place.typed))
    place.put("CNAME", b"letters.example.org\n")
    done(publisher("review", TRAIN, "--decision", "publish", "--reviewer", ada.name, "--key", ada.key))
    done(publisher("publish"))
    done(publisher("withdraw", SIXTY, "--reason", "model-request"))
    before = place.files()
    dry = publisher("deploy", place.typed, "--dry-run")
    assert (place.files(), "if this were no dry run" in dry.stderr) == (before, True)
    ran = done(publisher("deploy", place.typed))
    assert ran == done(dry)
    assert f"removed  essays/{SIXTY}/essay.md" in ran
    assert f"put      essays/{TRAIN}/essay.md" in ran
    assert f"put      essays/{SIXTY}/words.txt" not in ran
    there = place.files()
    assert there.pop("CNAME") == b"letters.example.org\n"
    assert {name: data for name, data in there.items() if name not in OWN} == site_of(filed_home)


def test_before_the_first_issue_the_register_alone_is_copied(
    place: Place, programs: Programs, home: Home, write_essay: Callable[..., Path]
) -> None:
    nothing = programs.publisher("deploy", place.typed)
    assert (nothing.exit_code, nothing.stderr) == (1, "nothing was logged yet, so there is nothing to copy\n")
    done(programs.publisher("submit", write_essay()))
    done(programs.publisher("deploy", place.typed))
    assert place.files().keys() - OWN == {
        "register/checkpoint",
        *(f"register/tile/{kind}/000.p/{home.reopened().register.size}" for kind in ("0", "entries")),
    }


def test_a_newer_register_another_one_and_a_second_history_are_not_written_over(
    place: Place, publisher: Callable[..., Any], filed_home: Home, tmp_path: Path, clock: Clock
) -> None:
    older = Home(shutil.copytree(filed_home.root, tmp_path / "older"))
    done(publisher("skip", "2026-W49", "--reason", "holiday"))
    done(publisher("deploy", place.typed))
    there = place.files()
    size = filed_home.reopened().register.size

    restored = Programs(older).publisher("deploy", place.typed)
    assert restored.exit_code == 1
    assert f"the register there has {size} statements (root " in restored.stderr
    assert f"and here are {older.register.size} (root " in restored.stderr
    assert "an older register is not put over a newer one; was a backup restored?" in restored.stderr

    clock.set("2026-12-01")
    for week in ("2026-W50", "2026-W51"):
        done(Programs(older).publisher("skip", week, "--reason", "technical"))
    forked = Programs(older).publisher("deploy", place.typed)
    assert (forked.exit_code, "TWO HISTORIES" in forked.stderr) == (1, True)
    roots = re.findall(r"\(root ([A-Za-z0-9+/=]{44})\)", forked.stderr)
    assert len({*roots}) == 2

    other = tmp_path / "other"
    done(Programs().archive("init", other, "--name", "Post", "--origin", "post.example.org/register", "--sample"))
    (tmp_path / "essay.md").write_text("They pause.\n")
    done(Programs(Home(other)).publisher("submit", tmp_path / "essay.md"))
    strange = Programs(Home(other)).publisher("deploy", place.typed)
    assert strange.exit_code == 1
    assert "a copy of the register post.example.org/register, found 'letters.example.org/register'" in strange.stderr
    assert place.files() == there


def test_a_checkpoint_that_we_never_signed_is_no_copy_of_ours(
    place: Place, publisher: Callable[..., Any], filed_home: Home
) -> None:
    done(publisher("deploy", place.typed))
    note = place.files()["register/checkpoint"].replace(b"\n15\n", b"\n14\n")
    place.put("register/checkpoint", note)
    refused = publisher("deploy", place.typed)
    assert (refused.exit_code, "is not one that this register signed" in refused.stderr) == (1, True)


def test_files_of_somebody_else_are_not_written_over(publisher: Callable[..., Any], tmp_path: Path) -> None:
    """A folder that is switched refuses whatever lies there; the others refuse what has a name of ours."""
    for kind in ("rsync", "branch", "objects"):
        (tmp_path / kind).mkdir()
        for place in PLACES[kind](tmp_path / kind):
            place.put("index.html", b"Hello\n")
            place.put("notes.txt", b"mine\n")
            refused = publisher("deploy", place.typed)
            assert (refused.exit_code, refused.stderr.count("index.html: lies there, and is not of this site")) == (
                1,
                1,
            )
            assert place.files().keys() == {"index.html", "notes.txt"}
    mine = tmp_path / "mine"
    _written(mine)("notes.txt", b"mine\n")
    refused = publisher("deploy", mine)
    assert (refused.exit_code, f"have files copied into it: rsync:{mine}" in refused.stderr) == (1, True)
    assert tree(mine) == {"notes.txt": b"mine\n"}


def test_a_site_that_is_not_what_was_published_goes_nowhere(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path
) -> None:
    page, mail = filed_home.site / "index.html", filed_home.site / "issues/2026-W48/issue.eml"
    page.write_bytes(page.read_bytes() + b" ")
    frozen = mail.read_bytes()
    mail.unlink()
    (filed_home.site / "stray.txt").write_text("?")
    refused = publisher("deploy", tmp_path / "www")
    assert refused.exit_code == 1
    assert "site/index.html: is not what was published; `publisher build`" in refused.stderr
    assert "site/issues/2026-W48/issue.eml: is missing" in refused.stderr
    assert not (tmp_path / "www").exists()
    mail.write_bytes(frozen)
    page.write_bytes(page.read_bytes()[:-1])
    out = publisher("deploy", tmp_path / "www")
    assert (done(out)[-1], "note: site/stray.txt is in no list, and was left out" in out.stderr) == (
        "put      register/checkpoint",
        True,
    )
    assert "stray.txt" not in tree(tmp_path / "www")


LINK = re.compile(rb'(?:href|src)="([^"#?]+)')


def missing(files: Mapping[str, bytes], begun: set[str], gone: Collection[str] = ()) -> set[str]:
    """What a reader does not find who begins at these names and follows each link, in pages, feeds and lists.

    An issue's list stays as it was logged, and goes on naming what was withdrawn and is `gone`.
    """
    seen: set[str] = set()
    ways = {*begun}
    absent = set()
    while ways:
        name = ways.pop()
        seen.add(name)
        if name not in files:
            absent.add(name)
            continue
        named = _named(name, files[name])
        ways |= {each for each in named if not (name.endswith(LIST) and each in gone)} - seen
    return absent


def _named(name: str, data: bytes) -> Iterator[str]:
    base = "https://letters.example.org/"
    if name.endswith(LIST):
        yield from (line.split("  ")[1] for line in data.decode().splitlines())
    elif name.endswith((".atom", ".rss", ".json", ".xml")) and "/" not in name:
        for url in re.findall(rf"{base}([!-~]*?)(?=[\"<&\s\\\\])", data.decode()):
            yield url + "index.html" if url.endswith("/") or not url else url
    elif name.endswith(".html"):
        folder = name.rpartition("/")[0]
        for link in LINK.findall(data):
            at = link.decode()
            if ":" not in at:
                path = os.path.normpath(os.path.join("/", folder, at)).lstrip("/")
                yield os.path.join(path, "index.html") if at.endswith("/") or at in (".", "..") else path


ENTRANCES = {"index.html", "feed.atom", "feed.rss", "feed.json", "index.json", "sitemap.xml", LIST}


def killed(
    home: Home, typed: str, at: int, monkeypatch: pytest.MonkeyPatch, steps: Sequence[tuple[type, str]] = ()
) -> bool:
    """Copy one file at a time, and die before the `at`-th is put or removed, or before another of `steps`.

    Whether it died.
    """

    def command() -> None:
        from publisher.delivery import rsync

        count = 0
        if not steps:
            monkeypatch.setattr(deploy, "portions", lambda paths: target.portions(paths, 1))

        def dying(do: Callable[..., object]) -> Callable[..., object]:
            def step(*arguments: Any, **options: Any) -> object:
                nonlocal count
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return do(*arguments, **options)

            return step

        for kind, name in steps or ((rsync.Rsync, "put"), (rsync.Rsync, "_take_away")):
            monkeypatch.setattr(kind, name, dying(getattr(kind, name)))
        Programs(home).publisher("deploy", typed)

    return called(command).code == 128 + signal.SIGKILL


def test_a_feed_or_a_list_that_is_new_is_there_before_the_pages_that_name_it(filed_home: Home, tmp_path: Path) -> None:
    site = whole(filed_home, tmp_path / "whole")
    new = {"models/index.html", *(path for path in site.digests if path.startswith("models/") and "feed." in path)}
    assert len(new) > 1
    plan = order.planned(site, site.digests.keys() - new, site.digests, (), ())
    assert plan.puts[0] == tuple(sorted(new))
    assert {"index.html", "feed.atom"} <= {*plan.puts[2]}


def test_killed_anywhere_a_reader_meets_no_name_without_its_file_and_the_next_run_goes_on(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path, ada: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    www = tmp_path / "www"
    for place in _rsync(tmp_path):
        for at in range(1, 200, 17):
            died = killed(filed_home, place.typed, at, monkeypatch)
            there = tree(www) if www.exists() else {}
            assert missing(there, ENTRANCES & there.keys()) == set()
            if not died:
                break
        assert tree(www) == site_of(filed_home)
        before = tree(www)
        done(publisher("review", TRAIN, "--decision", "publish", "--reviewer", ada.name, "--key", ada.key))
        done(publisher("publish"))
        done(publisher("withdraw", SIXTY, "--reason", "model-request"))
        stays = site_of(filed_home).keys()  # a series that has no essay left has no page
        known = {name for name in before if name.endswith(".html") and SIXTY not in name and name in stays} | ENTRANCES
        assert missing(before, known) == set()
        for at in range(1, 200, 11):
            died = killed(filed_home, place.typed, at, monkeypatch)
            assert missing(tree(www), known, before.keys() - site_of(filed_home).keys()) == set()
            if not died:
                break
        assert tree(www) == site_of(filed_home)
        assert Programs().publisher("verify", www, "--key", filed_home.register.key).exit_code == 0


def test_a_branch_has_the_site_before_or_the_site_after_whichever_git_command_a_run_is_killed_at(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path, ada: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from publisher.delivery.branch import Branch

    (place,) = _branch(tmp_path)
    for _ in range(2):
        wanted = {**site_of(filed_home), **dict.fromkeys(OWN, b"")}
        before = git("ls-remote", tmp_path / "letters.git")
        for at in (*range(1, 11), *range(11, 1_000, 61)):
            died = killed(filed_home, place.typed, at, monkeypatch, [(Branch, "_git")])
            assert git("ls-remote", tmp_path / "letters.git") == before or place.files() == wanted
            if not died:
                break
        assert (died, place.files()) == (False, wanted)
        if not before:
            done(publisher("review", TRAIN, "--decision", "publish", "--reviewer", ada.name, "--key", ada.key))
            done(publisher("publish"))


def test_what_a_killed_run_had_still_to_remove_is_removed_by_the_next(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what no notice in the register names, and the list that named it is gone already."""
    for place in _rsync(tmp_path):
        done(publisher("deploy", place.typed))
        _written(tmp_path / "www")("old/page/index.html", b"?")
        listed = tmp_path / "www" / LIST
        lines = [*listed.read_text().splitlines(), f"{'0' * 64}  old/page/index.html"]
        listed.write_text("\n".join(sorted(lines, key=lambda line: line[66:].encode())) + "\n")
        puts = len(done(publisher("deploy", place.typed, "--dry-run"))) - 1
        assert killed(filed_home, place.typed, puts + 1, monkeypatch)
        assert (tree(tmp_path / "www")[LIST], (tmp_path / "www/old").exists()) == (site_of(filed_home)[LIST], True)
        assert done(publisher("deploy", place.typed)) == ["removed  old/page/index.html"]
        assert not (tmp_path / "www/old").exists()


def test_two_at_once_wait_for_each_other(filed_home: Home, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "publisher", "deploy", tmp_path / "www", "--home", filed_home.root]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted(out == "" for out, _ in said) == [False, True]
    assert tree(tmp_path / "www") == site_of(filed_home)
    with copies.alone(filed_home):
        late = Programs(filed_home).publisher("deploy", tmp_path / "www", "--wait", 0)
    assert late.stderr == "another `publisher deploy` is at work; run this one again when it is done\n"


def test_what_is_published_while_a_site_is_copied_waits_for_the_next_copy(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path
) -> None:
    before = site_of(filed_home)

    def publish(put: int, of: int) -> None:
        done(publisher("skip", "2026-W49", "--reason", "holiday", "--wait", 0))

    deploy.deploy(filed_home, str(tmp_path / "www"), watch=publish)
    assert tree(tmp_path / "www") == before
    assert site_of(filed_home) != before


def test_another_copy_that_was_put_there_meanwhile_is_noticed_before_the_checkpoint_is(
    filed_home: Home, storage: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = Home(shutil.copytree(filed_home.root, tmp_path / "newer"))
    place, once = storage, Objects.put

    def put(self: Objects, site: Path, paths: list[str]) -> None:
        monkeypatch.setattr(Objects, "put", once)
        once(self, site, paths)
        done(Programs(newer).publisher("deploy", place.typed))

    monkeypatch.setattr(Objects, "put", put)
    done(Programs(newer).publisher("skip", "2026-W49", "--reason", "holiday"))
    refused = Programs(filed_home).publisher("deploy", place.typed)
    assert (refused.exit_code, "the register there has grown meanwhile" in refused.stderr) == (1, True)
    assert place.files()["register/checkpoint"] == site_of(newer)["register/checkpoint"]


def test_a_branch_is_one_commit_the_same_for_the_same_site_and_what_was_withdrawn_is_not_in_its_history(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path
) -> None:
    (place,) = _branch(tmp_path)
    bare = f"--git-dir={tmp_path / 'letters.git'}"
    done(publisher("deploy", place.typed))
    first = git(bare, "rev-parse", "pages")
    git(bare, "update-ref", "-d", "refs/heads/pages")
    done(publisher("deploy", place.typed))
    assert git(bare, "rev-parse", "pages") == first
    done(publisher("withdraw", SIXTY, "--reason", "model-request"))
    done(publisher("deploy", place.typed))
    assert git(bare, "rev-list", "--count", "pages") == b"1\n"
    assert place.files()[".nojekyll"] == b""


def test_what_the_target_answers_is_one_sentence(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with daemon(tmp_path / "module", "read only = yes") as address:
        closed = publisher("deploy", address)
    assert (closed.exit_code, len(closed.stderr.splitlines())) == (1, 1)
    assert closed.stderr.startswith(f"{address}: ")
    assert "read only" in closed.stderr
    (bare := tmp_path / "no.git").mkdir()
    for typed, says in {
        f"git:{bare}#pages": "does not appear to be a git repository",
        f"git:{bare}": "expected a repository and its branch, such as git:https://host/letters.git#pages",
        "git:https://ada:key@letters.example.org/x#pages": "git:https://letters.example.org/x#pages: found a token",
        f"git:{bare}#a..b": "expected the name of a branch, found a..b",
        "https://letters.example.org": "nothing can be put there over HTTP",
        "gopher://letters.example.org": "gopher",
        "rsync:": "expected a folder of its own there, found the root",
        "rsync:/": "expected a folder of its own there, found the root",
        "ada@letters.example.org:": "expected a folder of its own there, found the root",
        "": "archive.toml: expected [delivery] deploy to say where the site goes, found none; or name a target",
        f"{tmp_path}/nowhere/www": f"expected a folder {tmp_path}/nowhere to put it in, found none",
        str(filed_home.site): "expected nothing there, an empty folder, or what an earlier deploy made",
    }.items():
        refused = publisher("deploy", typed)
        assert (refused.exit_code, says in refused.stderr) == (1, True), refused.stderr
        assert len(refused.stderr.splitlines()) == 1
    monkeypatch.setenv("PATH", str(tmp_path))
    for typed, program in {"rsync:/x": "rsync", "git:/x#y": "git"}.items():
        refused = publisher("deploy", typed)
        assert f"the program {program} is needed for this, and is not on this machine: install it" in refused.stderr


def test_a_disk_that_is_full_there_leaves_what_is_shown_as_it_was(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", small], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        done(publisher("deploy", small / "www"))
        before = tree(small / "www")
        done(publisher("skip", "2026-W49", "--reason", "holiday"))
        (small / "filler").write_bytes(b"x" * (shutil.disk_usage(small).free - 4096))
        full = publisher("deploy", small / "www")
        assert full.exit_code == 1
        assert full.stderr.endswith("no space left on device; nothing was logged; make room, then run it again\n")
        assert tree(small / "www") == before
        (small / "filler").unlink()
        done(publisher("deploy", small / "www"))
        assert tree(small / "www") == site_of(filed_home)
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_folder_is_switched_at_once_by_a_link_and_the_old_one_goes(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path
) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    done(publisher("deploy", link))
    assert (os.readlink(real), os.readlink(link)) == (".real.1", str(real))
    (tmp_path / ".real.2/half").mkdir(parents=True)  # a killed run's
    done(publisher("skip", "2026-W49", "--reason", "holiday"))
    done(publisher("deploy", link))
    assert os.readlink(real) == ".real.2"
    assert sorted(path.name for path in tmp_path.glob(".real*")) == [".real.2"]
    assert tree(real) == site_of(filed_home)
    assert {path.stat().st_mode & 0o777 for path in real.resolve().rglob("*")} == {0o644, 0o755}


def test_a_copy_that_has_left_this_machine_is_known_by_its_size_and_time(
    publisher: Callable[..., Any], filed_home: Home, tmp_path: Path, clock: Clock
) -> None:
    assert copies.elsewhere(filed_home) is None
    done(publisher("deploy", tmp_path / "www"))
    assert copies.elsewhere(filed_home) is None
    with daemon(tmp_path / "module") as address:
        done(publisher("deploy", address))
        size = filed_home.register.size
        known = copies.elsewhere(filed_home)
        assert known
        assert (known.size, known.time, known.stale) == (size, "2026-11-30T09:00:00Z", ())
        clock.set("2026-12-02")
        done(publisher("skip", "2026-W49", "--reason", "holiday"))
        assert copies.elsewhere(filed_home) == known
        done(publisher("deploy", address))
    known = copies.elsewhere(filed_home)
    assert known
    assert (known.size, known.time) == (filed_home.reopened().register.size, "2026-12-02T09:00:00Z")
    assert known.size > size
    assert "all as logged" in Programs(filed_home).archive("check").stdout
    kept = filed_home.root / copies.NAME
    kept.write_bytes(kept.read_bytes()[:-1])
    assert copies.elsewhere(filed_home) is None
    assert "the next `publisher deploy` notes it" in Programs(filed_home).archive("check").output


def test_what_is_put_otherwise_than_it_was_sent_is_found_by_reading_it_back(
    publisher: Callable[..., Any], storage: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storage that loses the end of a file says that all is well."""
    put = Objects.put

    def losing(self: Objects, site: Path, paths: list[str]) -> None:
        put(self, site, paths)
        if "feed.atom" in paths:
            storage.put("feed.atom", storage.files()["feed.atom"][:-1])

    monkeypatch.setattr(Objects, "put", losing)
    refused = publisher("deploy", storage.typed)
    assert refused.exit_code == 1
    assert "feed.atom: was read back, and is not what was put there" in refused.stderr
    assert "register/checkpoint" not in storage.files()
    monkeypatch.setattr(Objects, "put", put)
    done(publisher("deploy", storage.typed))
    assert storage.files()["feed.atom"].endswith(b"</feed>")
