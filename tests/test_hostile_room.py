"""Records of the archive that mean harm: logged by whoever holds the register's key, and made to break their reader."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from archive.home.change import Change
from archive.home.home import Home
from archive.register import statement, sums
from archive.register.statement import IntakeKind
from publisher.issues.build import publish_site
from publisher.site.room import PLACES
from tests import room_home
from tests.conftest import Clock
from tests.files import tree
from tests.forked import Judge
from tests.room_home import Filed

Folder = tuple[str, str, IntakeKind, Mapping[str, bytes]]
"""Its place in the site, its number, its kind, what lies in it."""
Publish = Callable[..., Path]
HEAD = {"format": 1, "importer": "by-hand", "version": 1, "interviews": 1, "lost": {}}


def turns(*lines: object, head: object = HEAD) -> bytes:
    return b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in (head, *lines))


def said(text: object, **more: object) -> dict[str, object]:
    return {"interview": 1, "turn": 1, "role": "user", "text": text, **more}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch).set("2026-11-02")
        home = room_home.make(tmp_path_factory.mktemp("hostile") / "home", [Filed("public")])
        publish_site(home)
        return home.root


@pytest.fixture
def publish(before: Path, tmp_path: Path, clock: Clock) -> Publish:
    """A site in which such records lie, each in its place, logged, listed and proved like any other."""
    home = Home.at(Path(shutil.copytree(before, tmp_path / "home")))

    def published(*folders: Folder) -> Path:
        made: dict[str, bytes] = {}
        with home.writing() as writer:
            for place, number, kind, files in folders:
                listing = sums.write({name: sums.digest(data) for name, data in files.items()})
                made |= {f"{place}/{name}": data for name, data in files.items()} | {f"{place}/intake.sums": listing}
                digest, proof = sums.digest(listing), f"site/{place}/intake.sums.tlog-proof"
                leaf = statement.intake(number, "intake.sums", digest, kind=kind, time=writer.now()).encode()
                writer.commit(Change(leaves=[leaf], files={}, proofs={proof: 0}))
        for name, data in made.items():
            (home.site / name).parent.mkdir(parents=True, exist_ok=True)
            (home.site / name).write_bytes(data)
        live = ("register/checkpoint", "register/tile/", "SHA256SUMS")
        listed = {name: data for name, data in tree(home.site).items() if not name.startswith(live)}
        whole = sums.write({name: sums.digest(data) for name, data in listed.items()})
        (home.site / "SHA256SUMS").write_bytes(whole)
        with home.reopened().writing() as writer:
            again = statement.notice("site", {"SHA256SUMS": sums.digest(whole)}, reason="records", time=writer.now())
            writer.commit(Change(leaves=[again.encode()], files={}, proofs={"site/SHA256SUMS.tlog-proof": 0}))
        return Path(shutil.copytree(home.site, tmp_path / "published"))

    return published


def record(home: Path) -> bytes:
    return (home / room_home.folder(1) / "deposit.toml").read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"[" * 200_000, id="deep JSON"),
        pytest.param(turns(said("x"), head={**HEAD, "interviews": 10**12}), id="a trillion interviews"),
        pytest.param(turns(said(7, tool_calls="all", parent=5)), id="values of other types"),
        pytest.param(turns(said("x" * 30_000_000, role='user"><script>')), id="a turn without end"),
    ],
)
def test_turns_that_no_importer_made_are_named(before: Path, publish: Publish, data: bytes, refused: Judge) -> None:
    files = {"deposit.toml": record(before), "turns.jsonl": data}
    assert "interviews/2026-0002" in refused(publish(("interviews/2026-0002", "2026-0002", "deposit", files)))


DEEP = b"a = " + b"[" * 100_000
RECORDS: list[tuple[IntakeKind, str, bytes]] = [
    ("deposit", "deposit.toml", DEEP),
    ("deposit", "deposit.toml", b"format = 1\n"),
    ("deposit", "turns.redacted.json", b"[" * 200_000),
    ("deposit", "received.json", b"{}"),
    ("model", "model.toml", b"a = " + b"{b = " * 50_000),
    ("model", "model.toml", b'id = ["m"]\n'),
    ("model", "model.toml", b"id = " + b"9" * 100_000),
    ("protocol", "1.toml", DEEP),
    ("protocol", "1.toml", b"\xff\xff"),
    ("codebook", "1.toml", b"id = 0\n"),
    ("codebook", "x.txt", b"nothing\n"),
]


def test_every_record_that_is_none_is_named(publish: Publish, refused: Judge) -> None:
    letters = {"deposit": "", "model": "M", "protocol": "P", "codebook": "C"}
    folders: list[Folder] = []
    for n, (kind, name, data) in enumerate(RECORDS, 10):
        number = f"{letters[kind]}2026-00{n}"
        folders.append((f"{PLACES[kind]}/{number}", number, kind, {name: data}))
    told = refused(publish(*folders))
    assert [place for place, *_ in folders if place not in told] == []


@pytest.mark.parametrize(("name", "data"), [("notes/eve.toml", DEEP), ("analyses/eve.toml", b"codebooks = 7\n")])
def test_a_sidecar_that_is_none_is_named(
    before: Path, publish: Publish, name: str, data: bytes, refused: Judge
) -> None:
    kept = before / room_home.folder(1)
    files = {each: (kept / each).read_bytes() for each in ("deposit.toml", "turns.jsonl")}
    folder: Folder = ("interviews/2026-0002", "2026-0002", "deposit", {**files, name: data})
    assert "interviews/2026-0002" in refused(publish(folder))
