"""A flipped byte anywhere in a home is found by `archive check`, and what may never change is brought back."""

import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.audit.audit import audit
from archive.audit.check import check
from archive.home.home import Home
from tests.conftest import Clock, Programs, Reviewer
from tests.full_home import complete

CACHES = re.compile(r"\.archive/(catalogue\.|\w+\.kept|register/(index\.db|lock)|desk/)")
EDITABLE = re.compile(
    r"archive\.toml|allowed_signers|essays/([^/]+/(essay\.toml|editors/.*)|.*train/reviews/1\.json)"
    r"|transcripts/[^/]+/(model\.toml|preferences/.*|[^/]+/(deposit\.toml|notes/.*|analyses/.*))"
)
"""What people may edit: named with the command that files it, and never put back unasked."""


@pytest.fixture(scope="module")
def full(filed: Home, ada: Reviewer, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with something of every kind."""
    return complete(shutil.copytree(filed.root, tmp_path_factory.mktemp("full") / "home"), ada)


@pytest.fixture
def own(full: Home, tmp_path: Path, clock: Clock) -> Home:
    """A copy of it, of one's own."""
    clock.set("2026-12-02")
    return Home(shutil.copytree(full.root, tmp_path / "own"))


def contents(root: Path) -> dict[str, bytes]:
    """Everything in a home that is no cache."""
    files = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if not CACHES.match(name)}


def flipped(path: Path, at: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    mode = path.stat().st_mode
    path.chmod(0o600)
    path.write_bytes(data)
    path.chmod(mode)


def places(name: str, size: int, rng: random.Random, every: bool) -> Iterator[int]:
    yield rng.randrange(size)
    if every:
        yield from {0, size // 2, size - 1, *(rng.randrange(size) for _ in range(12))}


def test_a_flipped_byte_is_found_in_every_file(own: Home, request: pytest.FixtureRequest) -> None:
    before = audit(own.root)
    assert before.findings == ()
    seed, every = random.randrange(1 << 30), request.config.getoption("--every")
    rng = random.Random(seed)
    missed, tried = [], 0
    for name, data in contents(own.root).items():
        for at in places(name, len(data), rng, every):
            bit = rng.randrange(8)
            flipped(own.root / name, at, bit)
            found = [each for each in audit(own.root).findings if each.place == name]
            kind = "edited" if EDITABLE.fullmatch(name) else "damaged"
            if [each.kind for each in found] != [kind]:
                missed.append((name, at, bit, [each.kind for each in found]))
            flipped(own.root / name, at, bit)
            tried += 1
    assert missed == [], f"of {tried} with seed {seed}"
    assert tried > 300


def test_what_may_never_change_is_brought_back_and_what_was_edited_is_left(own: Home) -> None:
    before = contents(own.root)
    rng = random.Random(7)
    kept = re.compile(r"(\.archive|site)/.*|.*/nonce(-2)?")  # a folder is known by any of its files
    fixed = [name for name in before if not EDITABLE.fullmatch(name) and not kept.fullmatch(name)]
    for name in fixed:
        if rng.random() < 0.3:
            (own.root / name).unlink()
        else:
            flipped(own.root / name, rng.randrange(len(before[name])), rng.randrange(8))
    edited = own.root / "essays/2026-11-02-neither-of-us-is-the-train/essay.toml"
    edited.write_bytes(edited.read_bytes() + b"# mine\n")
    damaged = {name: (own.root / name).read_bytes() for name in fixed if (own.root / name).exists()}
    report = check(own, mend=True)
    assert set(fixed) <= set(report.restored)
    assert [(each.kind, each.place) for each in report.problems] == [("edited", own.relative(edited))]
    after = contents(own.root)
    assert {name: after[name] for name in fixed} == {name: before[name] for name in fixed}
    assert edited.read_bytes().endswith(b"# mine\n")
    (aside,) = (own.hidden / "damaged").iterdir()
    assert {name: (aside / name).read_bytes() for name in damaged} == damaged
    assert any("as they were before they were restored" in remark for remark in report.remarks)
    again = check(own, mend=True)
    assert (again.restored, contents(own.root)) == ((), after)


@pytest.mark.parametrize("which", ["own", "public"])
def test_a_register_comes_back_from_its_other_copy(own: Home, which: str) -> None:
    before = contents(own.root)
    folder = own.hidden / "register" if which == "own" else own.site / "register"
    shutil.rmtree(folder / "tile")
    (folder / "checkpoint").unlink()
    report = check(own, mend=True)
    assert report.problems == ()
    assert {name: data for name, data in contents(own.root).items() if "/damaged/" not in name} == before


def test_a_register_without_its_checkpoint_is_called_that(own: Home) -> None:
    (own.hidden / "register" / "checkpoint").unlink()
    (problem,) = audit(own.root).findings
    size = max(int(path.name) for path in (own.hidden / "register" / "checkpoints").iterdir())
    assert str(problem).startswith(f"damaged: .archive/register/checkpoint: is missing, though {size} statements")
    done = Programs(own).archive("check", "--restore")
    assert (done.exit_code, done.stderr.split("\n")[0]) == (0, "brought back: .archive/register/checkpoint")


def test_what_is_in_the_store_comes_back_from_the_folders(own: Home) -> None:
    before = contents(own.root)
    lying = {data for name, data in before.items() if not name.startswith(".archive/store")}
    stored = [name for name, data in before.items() if name.startswith(".archive/store/") and data in lying]
    for name in stored:
        flipped(own.root / name, 0, 0)
    report = check(own, mend=True)
    assert (report.problems, report.restored) == ((), tuple(sorted(stored)))
    assert {name: data for name, data in contents(own.root).items() if "/damaged/" not in name} == before
    assert all((own.root / name).stat().st_mode & 0o777 == 0o400 for name in stored)


def test_a_folder_in_the_way_is_named_and_nothing_is_half_done(own: Home) -> None:
    (received,) = own.root.glob("transcripts/*/*-one-question-*/received.jsonl")
    received.unlink()
    (received / "in-the-way").mkdir(parents=True)
    report = check(own, mend=True)
    assert (report.restored, [each.place for each in report.problems][:1]) == ((), [own.relative(received)])
    assert not (own.hidden / "pending").exists()


def test_what_does_not_belong_there_is_foreign(own: Home) -> None:
    strange = [
        "transcripts/example-heron-1/2026-10-18-talk/virus.exe",
        "transcripts/stray.txt",
        "essays/2026-11-09-the-kiosk/reviews/draft.txt",
        ".archive/store/ab/short",
        ".archive/register/tile/0/001",
        ".archive/keys/another",
        ".archive/issues/2026-W48/index.html",
        "site/hidden/page.html",
    ]
    for name in strange:
        (own.root / name).parent.mkdir(parents=True, exist_ok=True)
        (own.root / name).write_bytes(b"?")
        (own.root / name).chmod(0o600)
    copy = "transcripts/example-heron-1/2026-10-18-talk-copy"
    shutil.copytree(own.root / "transcripts/example-heron-1/2026-10-18-talk", own.root / copy)
    link = "transcripts/example-heron-1/2026-10-18-talk/link.toml"
    (own.root / link).symlink_to("deposit.toml")
    found = {each.place: each.kind for each in audit(own.root).findings}
    expected = {*strange, copy, link} - {"transcripts/example-heron-1/2026-10-18-talk/virus.exe"} | {strange[0]}
    assert found == dict.fromkeys(expected, "foreign")


def test_drafts_and_what_lies_beside_the_home_are_remarks(own: Home) -> None:
    for name in ("essays/2026-12-01-new/essay.md", "transcripts/example-kestrel-3/model.toml", "transcripts/README.md"):
        (own.root / name).parent.mkdir(parents=True, exist_ok=True)
        (own.root / name).write_bytes(b"?")
    (own.root / "report.html").write_bytes(b"?")
    found = audit(own.root)
    assert found.findings == ()
    said = "\n".join(found.remarks)
    assert "essays/2026-12-01-new is not filed yet: publisher submit essays/2026-12-01-new" in said
    assert "transcripts/example-kestrel-3 is not filed yet: archive file transcripts/example-kestrel-3" in said
    assert "transcripts/README.md is not filed" in said
    assert "no part of the home, and in no export of it: report.html" in said


def test_a_damaged_private_key_is_found_without_signing_anything(own: Home) -> None:
    key = own.hidden / "keys" / "register"
    key.chmod(0o644)
    assert [(each.kind, each.place) for each in audit(own.root).findings] == [("exposed", ".archive/keys/register")]
    key.unlink()
    found = audit(own.root)
    assert found.findings == ()
    assert any("bring it back from its backup before anything is logged" in remark for remark in found.remarks)


@pytest.mark.parametrize("name", ["catalogue.db", "register/index.db", "site.kept", "embargoes.kept"])
@pytest.mark.parametrize("damage", ["missing", "flipped", "other bytes"])
def test_a_cache_is_made_again_without_asking(own: Home, name: str, damage: str) -> None:
    programs, file = Programs(own), own.hidden / name
    said = programs.archive("search", "corrections").stdout
    assert programs.archive("check").exit_code == 0
    if damage == "missing":
        file.unlink()
    elif damage == "flipped":
        flipped(file, file.stat().st_size // 2, 3)
    else:
        file.write_bytes(b"no database at all\n" * 400)
    done = programs.archive("check")
    assert (done.exit_code, done.stdout.endswith("all as logged\n")) == (0, True), done.output
    assert programs.archive("search", "corrections").stdout == said
    assert check(own, deep=True).problems == ()


def test_json_tells_the_kinds_apart(own: Home) -> None:
    import json

    flipped(own.root / "essays/2026-11-09-the-kiosk/essay.md", 3, 1)
    flipped(own.root / "archive.toml", 1, 0)
    (own.root / "site/stray").write_bytes(b"?")
    done = json.loads(Programs(own).archive("check", "--json").stdout)
    assert done["kinds"] == {"damaged": 1, "edited": 1, "foreign": 1, "exposed": 0, "unsound": 0}
    essay = next(each for each in done["problems"] if each["kind"] == "damaged")
    assert essay["copy"].startswith(".archive/store/")
    assert "archive check --restore brings it back" in essay["remedy"]
