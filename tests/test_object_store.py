"""A store on other machines, as a mounted disk is one: what lies where, verified, cached, killed, moved and back."""

import gc
import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from archive.audit.check import Report, check
from archive.errors import NotFound, VerificationError
from archive.home import change as pending
from archive.home import object_store
from archive.home.bucket import Bucket
from archive.home.home import Home
from archive.home.object_store import ObjectStore
from archive.home.store import digest_of, name_of
from archive.register import register
from archive.register.register import Register
from tests.example_home import file, put_model
from tests.example_register import SIGNER, Killed, every_death, killed_at, put_back, snapshot
from tests.files import tree
from tests.programs import Programs
from tests.test_change import home_of_three, logged, state

DATA = b"Nobody asked, so I counted.\n"
DIGEST = hashlib.sha256(DATA).hexdigest()
PLACE = "transcripts/example-heron-1/2026-10-14-long"
NOTE = 'format = 1\ncoder = "ann"\ndate = 2026-10-20\n\n[[note]]\ninterview = 1\nturn = 2\ntext = "Again."\n'
LONG = "".join(f"User: What is {n}?\n\nAssistant: It is {n}.\n\n" for n in range(200))


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


@pytest.fixture
def store(tmp_path: Path, disk: Path) -> ObjectStore:
    """With one copy in it, and 100 bytes for a cache."""
    (tmp_path / "hidden").mkdir()
    store = ObjectStore(tmp_path / "hidden", f"file://{disk}", 1000, 100)
    put(store, DATA)
    return store


def put(store: ObjectStore, data: bytes) -> str:
    """What a change does with a copy."""
    digest, staged = digest_of(data), store.before.folder.parent / "staged"
    staged.write_bytes(data)
    store.send({digest: staged})
    store.take({digest: staged})
    staged.unlink(missing_ok=True)
    return digest


def anew(store: ObjectStore, disk: Path) -> ObjectStore:
    """What the next command has."""
    return ObjectStore(store.before.folder.parent, f"file://{disk}", 1000, 100)


def altered(path: Path, data: bytes = b"Somebody else's words.\n") -> None:
    path.chmod(0o600)
    path.write_bytes(data)


def cached(store: ObjectStore) -> set[str]:
    return {path.parent.name + path.name for path in store.cache.folder.glob("??/*")}


def test_what_is_taken_in_lies_there_under_its_sha256_and_here_in_the_cache(store: ObjectStore, disk: Path) -> None:
    assert (disk / name_of(DIGEST)).read_bytes() == DATA
    assert (store.get(DIGEST), store.has(DIGEST), store.size(DIGEST)) == (DATA, True, len(DATA))
    assert store.find(DIGEST) == store.cache.path(DIGEST)
    assert store.lacking([DIGEST, "0" * 64]) == ["0" * 64]
    assert list((disk / "new").iterdir()) == []


def test_what_was_put_there_is_never_written_over(store: ObjectStore, disk: Path) -> None:
    before = (disk / name_of(DIGEST)).stat()
    put(store, DATA)
    assert (disk / name_of(DIGEST)).stat() == before


def test_what_is_there_and_is_not_what_its_name_says_gives_way(store: ObjectStore, disk: Path) -> None:
    altered(disk / name_of(DIGEST))
    put(store, DATA)
    assert (disk / name_of(DIGEST)).read_bytes() == DATA


def test_nothing_is_believed_that_was_altered_here_or_there(store: ObjectStore, disk: Path) -> None:
    altered(store.cache.path(DIGEST))
    assert store.get(DIGEST) == DATA, "it was fetched again"
    altered(store.cache.path(DIGEST))
    altered(disk / name_of(DIGEST))
    with pytest.raises(VerificationError, match=rf"file://.*: expected SHA-256 {DIGEST}, found [0-9a-f]+; `archive"):
        store.get(DIGEST)
    assert store.find(DIGEST) is None
    (disk / name_of(DIGEST)).unlink()
    with pytest.raises(NotFound, match=f"has no copy of {DIGEST}"):
        store.get(DIGEST)
    assert not (store.cache.folder / "new").exists() or list((store.cache.folder / "new").iterdir()) == []


def test_the_inventory_is_made_again_where_it_is_missing_or_damaged_or_of_another_place(
    store: ObjectStore, disk: Path
) -> None:
    inventory = store.before.folder.parent / "store.db"
    for harm in (
        inventory.unlink,
        lambda: inventory.write_bytes(b"no database" * 400),
        lambda: os.truncate(inventory, 5000),
    ):
        harm()
        assert anew(store, disk).size(DIGEST) == len(DATA)
    (disk.with_name("other")).mkdir()
    assert not anew(store, disk.with_name("other")).has(DIGEST)
    assert anew(store, disk).has(DIGEST)


# ── the cache ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_cache_keeps_within_its_bound_what_was_used_last(store: ObjectStore) -> None:
    digests = [DIGEST, *(put(store, bytes([n]) * 30) for n in range(4))]
    for age, digest in enumerate(digests):
        os.utime(store.cache.path(digest), (1000 - age, 1000 - age))
    assert store.get(digests[3]) == b"\2" * 30
    assert cached(store) == {*digests}, "nothing is taken away that somebody may be reading"
    store.cache.close()
    assert cached(store) == {digests[3], digests[0], digests[1]}


def test_the_cache_is_left_alone_while_another_command_reads_it(store: ObjectStore, disk: Path) -> None:
    digests = [put(store, bytes([n]) * 60) for n in range(3)]
    other = anew(store, disk)
    assert other.get(digests[0])
    store.cache.close()
    assert cached(store) == {*digests, DIGEST}
    other.cache.close()
    assert cached(store) == {digests[0], digests[2]} or len(cached(store)) == 1


def test_what_is_larger_than_the_cache_is_not_kept_in_it(store: ObjectStore) -> None:
    digest = put(store, b"x" * 101)
    assert digest not in cached(store)
    assert store.get(digest) == b"x" * 101


# ── killed ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # who is dead closes nothing
def test_a_change_killed_at_any_write_has_all_its_copies_there_or_never_happened(tmp_path: Path, disk: Path) -> None:
    root = home_of_three(tmp_path)
    (tmp_path / "hidden").mkdir()
    store = ObjectStore(tmp_path / "hidden", f"file://{disk}", 10**9, 10**9)
    change, before, untouched = logged(root), snapshot(root), state(root)
    named = {digest_of(content) for name, content in change.files.items() if not name.endswith(".html")}
    ends = set()

    def attempt(write: int) -> bool:
        put_back(root, before)
        shutil.rmtree(disk)
        disk.mkdir()
        killed = False
        try:
            with killed_at(write, tmp_path, threads=True):
                pending.commit(root, store, Register.read(root / ".archive/register"), SIGNER, change)
        except Killed:
            killed = True
        with killed_at(0, root):
            current = Register.read(root / ".archive/register")
            register.settle(current, root / "site/register")
            pending.recover(root, store, current)
        there = {path.parent.name + path.name for path in disk.glob("??/*")}
        assert all(digest_of(disk / name_of(digest)) == digest for digest in there), "one that was half put is not seen"
        whole = current.size == 5
        assert there <= named
        assert not whole or there == named
        assert whole or state(root) == untouched
        ends.add((whole, len(there)))
        return killed

    assert every_death(attempt) > 15
    gc.collect()
    assert {(False, 0), (False, 2), (True, 2)} <= ends


# ── a home ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def afar(home: Home, disk: Path) -> Home:
    """A home that keeps its copies on a disk; what was received and is larger than 2 kB only there."""
    with (home.root / "archive.toml").open("a") as toml:
        toml.write(f'\n[store]\nurl = "file://{disk}"\nlarger_than = "2 kB"\ncache = "1 MB"\n')
    put_model(home.reopened())
    file(home.reopened(), PLACE, {"received.txt": LONG, "deposit.toml": _record()})
    return Home.at(home.root)


def _record() -> str:
    from archive.records.deposit_record import deposit_form

    return deposit_form(model="example-heron-1", kind="conversation", contexts=[{}])


def received(home: Home) -> tuple[Path, str]:
    """The large file, where it would lie in its folder, and its SHA-256."""
    return home.root / PLACE / "received.txt", digest_of(LONG.encode())


def said(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def test_what_is_filed_is_kept_there_and_what_is_large_lies_in_no_folder(afar: Home, disk: Path) -> None:
    path, digest = received(afar)
    assert (disk / name_of(digest)).read_bytes() == LONG.encode()
    assert not path.exists()
    assert (path.parent / "turns.jsonl").is_file()
    assert [*(afar.hidden / "store").iterdir()] == []
    report = check(afar)
    assert (said(report), report.counts["object"]) == ([], len([*disk.glob("??/*")]))
    assert not [remark for remark in report.remarks if "no list names" in remark]
    assert "It is 7." in Programs(afar).archive("show", "2026-0001").stdout


def test_it_is_filed_again_without_being_read_and_known_when_it_comes_again(afar: Home, tmp_path: Path) -> None:
    path, digest = received(afar)
    altered(afar.store.path(digest))
    file(afar, PLACE, {"notes/ann.toml": NOTE})
    assert afar.store.path(digest).read_bytes() != LONG.encode()
    assert digest in (path.parent / "private-2.sums").read_text()
    (tmp_path / "again.txt").write_text(LONG)
    again = Programs(afar).archive("file", tmp_path / "again.txt", "--model", "example-heron-1")
    assert "2026-0001" in again.stdout
    assert "already filed" in again.stdout


def test_it_is_brought_into_its_folder_by_restore_and_goes_again_by_store(afar: Home) -> None:
    path, _ = received(afar)
    assert Programs(afar).archive("restore", "2026-0001").exit_code == 0
    assert path.read_text() == LONG
    assert said(check(afar.reopened())) == []
    moved = Programs(afar).archive("store")
    assert "0 copies and 1 received file moved" in moved.stdout
    assert not path.exists()


def test_what_was_altered_or_taken_away_there_is_named_and_brought_back_from_here(afar: Home, disk: Path) -> None:
    record, _ = afar.root / PLACE / "deposit.toml", received(afar)
    copy = disk / name_of(digest_of(record))
    lost = disk / name_of(received(afar)[1])
    altered(copy)
    lost.unlink()
    gone, wrong = sorted(said(check(afar)), key=lambda text: "is not what" in text)[-2:]
    assert f"damaged: file://{lost}: is missing: the store has no copy" in " ".join(said(check(afar)))
    assert f"file://{copy}: is not what its name says" in " ".join([gone, wrong])
    report = check(afar, mend=True)
    assert report.restored == (f"file://{copy}",)
    assert copy.read_bytes() == record.read_bytes()


def test_a_file_that_is_lost_here_comes_back_from_there(afar: Home) -> None:
    turns = afar.root / PLACE / "turns.jsonl"
    before = turns.read_bytes()
    turns.unlink()
    report = check(afar, mend=True)
    assert (said(report), report.restored, turns.read_bytes()) == ([], (f"{PLACE}/turns.jsonl",), before)


def test_a_check_that_is_stopped_goes_on_and_the_next_one_begins_anew(
    afar: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_store, "_NOTED", 3 << 18)
    read: list[str] = []
    get = Bucket.get
    monkeypatch.setattr(Bucket, "get", lambda bucket, digest, to: (read.append(digest), get(bucket, digest, to))[1])

    def stop(done: int, of: int) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(afar, deep=True, progress=stop)
    of = len([*afar.store.bucket.sizes()[0]])
    read.clear()
    assert any("had been verified by a check that was stopped" in remark for remark in check(afar, deep=True).remarks)
    assert 0 < len({*read}) < of
    read.clear()
    assert said(check(afar, deep=True)) == []
    assert len({*read}) == of


def test_what_is_filed_while_a_check_verifies_is_not_missing(afar: Home) -> None:
    def another(done: int, of: int) -> None:
        if done == of:
            file(Home(afar.root), f"{PLACE}-2", {"received.txt": LONG + LONG, "deposit.toml": _record()})

    report = check(afar, progress=another)
    assert (said(report), report.counts["deposit"]) == ([], 2)


def test_what_does_not_belong_among_the_copies_is_foreign(afar: Home, disk: Path) -> None:
    (disk / "ab").mkdir(exist_ok=True)
    (disk / "ab" / "holiday.jpg").write_bytes(b"x")
    (problem,) = said(check(afar))
    assert (
        problem
        == f"foreign: file://{disk}/ab/holiday.jpg: lies among the copies of the store and is none; move it away"
    )


def test_a_home_moves_there_and_back_and_nothing_goes_before_it_is_verified(home: Home, disk: Path) -> None:
    put_model(home)
    file(home, PLACE, {"received.txt": LONG, "deposit.toml": _record()})
    before = tree(home.root / "transcripts"), tree(home.hidden / "store")
    with (home.root / "archive.toml").open("a") as toml:
        toml.write(f'\n[store]\nurl = "file://{disk}"\nlarger_than = "2 kB"\n')
    assert Programs(home).archive("file", home.root / "archive.toml").exit_code == 0
    assert "`archive store` moves them" in Programs(home).archive("check").stderr
    damaged = next(path for path in (home.hidden / "store").glob("??/*") if path.read_bytes() == _record().encode())
    altered(damaged, b"not that")
    refused = Programs(home).archive("store")
    assert (
        refused.exit_code,
        f".archive/store/{name_of(digest_of(_record().encode()))}: is not" in refused.stderr,
    ) == (1, True)
    assert Programs(home).archive("check", "--restore").exit_code == 0
    assert Programs(home).archive("store").exit_code == 0
    assert tree(home.hidden / "store") == {}
    assert not (home.root / PLACE / "received.txt").exists()
    assert Programs(home).archive("check").stdout.endswith("all as logged\n")
    assert Programs(home).archive("store", "--back", "--json").exit_code == 0
    toml = home.root / "archive.toml"
    toml.write_text(toml.read_text().partition("\n[store]")[0])
    assert Programs(home).archive("file", toml).exit_code == 0
    assert Programs(home).archive("check").stdout.endswith("all as logged\n")
    assert (tree(home.root / "transcripts"), tree(home.hidden / "store").items() >= before[1].items()) == (
        before[0],
        True,
    )


def test_a_bag_has_what_lies_there_and_becomes_a_home(afar: Home, tmp_path: Path, disk: Path) -> None:
    assert Programs(afar).archive("export", tmp_path / "bag", "--as", "bagit").exit_code == 0
    shutil.rmtree(disk)
    assert Programs().archive("import", tmp_path / "bag", tmp_path / "other").exit_code == 0
    assert (tmp_path / "other" / PLACE / "received.txt").read_text() == LONG
    disk.mkdir()
    assert "object" not in Programs(Home(tmp_path / "other")).archive("check").stdout


def test_what_cannot_be_reached_or_is_not_there_is_said_in_one_line(afar: Home, disk: Path) -> None:
    _, digest = received(afar)
    afar.store.cache.close()
    shutil.rmtree(afar.hidden / "cache")
    (disk / name_of(digest)).unlink()
    gone = Programs(afar).archive("restore", "2026-0001")
    assert (
        gone.stderr
        == "2026-0001: the store has no good copy of received.txt; bring it back first: `archive check` names it\n"
    )
    (afar.root / PLACE / "notes").mkdir()
    (afar.root / PLACE / "notes/ann.toml").write_text(NOTE)
    shutil.rmtree(disk)
    for asked in (("check",), ("file", afar.root / PLACE), ("restore", "2026-0001")):
        unmounted = Programs(afar).archive(*asked)
        expected = f"file://{disk}: expected a folder there, found none; mount the disk, or make the folder\n"
        assert (unmounted.exit_code, unmounted.stderr) == (1, expected), asked
    assert not disk.exists()
    toml = afar.root / "archive.toml"
    toml.write_text(toml.read_text().replace("file://", "nosuch://"))
    unknown = Programs(afar).archive("check")
    assert (unknown.exit_code, unknown.stderr.count("\n"), "Protocol not known: nosuch" in unknown.stderr) == (
        1,
        1,
        True,
    )


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (PermissionError("The difference between the request time and the current time is too large."), "clock right"),
        (PermissionError("The AWS Access Key Id you provided does not exist in our records."), "AWS_ACCESS_KEY_ID"),
        (FileNotFoundError("The specified bucket does not exist"), "make the bucket"),
        (TimeoutError(), "once it can be reached"),
    ],
)
def test_what_storage_answers_is_said_with_what_to_do(error: Exception, remedy: str) -> None:
    said = str(Bucket("s3://letters")._error(error))
    assert said.startswith("s3://letters: ")
    assert remedy in said.partition("; ")[2]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('url = "/mnt/store"', "expected an address without password and final slash"),
        ('url = "s3://ada:secret@bucket"', "expected an address without password"),
        ('larger_than = "8"', "expected a size, found"),
        ('cash = "2 GB"', 'did you mean "cache"'),
    ],
)
def test_what_is_wrong_in_the_configuration_is_said(home: Home, line: str, what: str) -> None:
    with (home.root / "archive.toml").open("a") as toml:
        toml.write(f"\n[store]\n{line}\n")
    said = Programs(home).archive("check")
    assert (said.exit_code, what in said.stderr) == (1, True), said.stderr


def test_a_newsletter_is_built_from_there_and_a_withdrawal_names_what_is_left_there(
    filed_home: Home, disk: Path
) -> None:
    programs, before = Programs(filed_home), tree(filed_home.site)
    with (filed_home.root / "archive.toml").open("a") as toml:
        toml.write(f'\n[store]\nurl = "file://{disk}"\nlarger_than = "0 B"\n')
    assert programs.archive("store").exit_code == 0
    assert not [*filed_home.root.glob("transcripts/*/*/received*")]
    shutil.rmtree(filed_home.site / "interviews")
    built = programs.publisher("build")
    assert (built.exit_code, tree(filed_home.site)) == (0, before), built.stderr
    taken = programs.publisher("withdraw", "nothing-rhymes-with-sixty", "--reason", "model-request", "--json")
    (essay,) = filed_home.root.glob("essays/*-nothing-rhymes-with-sixty/essay.md")
    assert f"file://{disk}/{name_of(digest_of(essay))}" in json.loads(taken.stdout)["kept"]
