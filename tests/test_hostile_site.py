"""A site that means harm to whoever checks it: it is refused in a sentence, in bounded memory, whatever it claims."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.home.change import Change
from archive.home.home import Home
from archive.register import merkle, statement, sums, tile
from archive.register.note import Checkpoint, Signer
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from tests.conftest import Clock, Reviewer
from tests.files import tree
from tests.forked import Judge


def sparse(path: Path, size: int = 900 << 20) -> None:
    """A file that has a size and holds nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(size)


# Registers of a publisher who signs anything.


def claiming(folder: Path, size: int, leaves: list[bytes]) -> Path:
    """A site with a register that claims `size` entries and has a few."""
    signer = Signer.generate("evil.example/register")
    root = merkle.root([merkle.leaf_hash(leaf) for leaf in leaves]) if size == len(leaves) else bytes(32)
    for name, data in (tile.bundles(leaves) | tile.hash_tiles([merkle.leaf_hash(leaf) for leaf in leaves])).items():
        (folder / "register" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "register" / name).write_bytes(data)
    (folder / "register").mkdir(exist_ok=True, parents=True)
    (folder / "register/checkpoint").write_text(signer.sign(str(Checkpoint(signer.name, size, root))))
    (folder / "register/policy").write_text(f"log {signer.key}\nquorum none\n")
    return folder


@pytest.mark.parametrize("size", [256 * 10**6, 10**12, 10**18])
def test_a_register_of_a_million_tiles_is_believed_only_tile_by_tile(tmp_path: Path, size: int, refused: Judge) -> None:
    site = claiming(tmp_path / "site", size, [b"{}"] * 256)
    assert re.search(r"tile/entries/\S+ is missing, though the checkpoint covers it", refused(site))


@pytest.mark.parametrize(
    ("leaf", "said"),
    [
        pytest.param(b"[" * 60_000, "expected a statement", id="JSON sixty thousand deep"),
        pytest.param(b'{"a":' * 10_000, "expected a statement", id="objects within objects"),
        pytest.param(b"1" * 60_000, "expected a statement", id="a number without end"),
        pytest.param(b"", "expected a statement", id="nothing"),
    ],
)
def test_an_entry_that_no_parser_should_see_is_no_statement(
    tmp_path: Path, leaf: bytes, said: str, refused: Judge
) -> None:
    assert said in refused(claiming(tmp_path / "site", 3, [leaf] * 3))


@pytest.mark.parametrize("name", ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"])
def test_a_tile_without_end_is_read_as_far_as_tiles_go(tmp_path: Path, name: str, refused: Judge) -> None:
    site = claiming(tmp_path / "site", 300, [b"{}"] * 256)
    sparse(site / "register" / name, 60 << 20)
    refused(site)


@pytest.mark.parametrize("name", ["checkpoint", "cosigned/12", "keys/3/allowed_signers"])
def test_what_is_small_in_every_register_may_not_be_large(tmp_path: Path, name: str, refused: Judge) -> None:
    site = claiming(tmp_path / "site", 3, [b"{}"] * 3)
    sparse(site / "register" / name, 5 << 20)
    assert f"register/{name}: has 5,242,880 bytes, more than any file of a site" in refused(site)


# An honest site that somebody tampered with, and whose own lists fit.


@pytest.fixture
def site(home: Home, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]) -> Path:
    submit(home, write_essay("first", "The *first* text.\n"))
    review(home, "first", decision="publish", reviewer=ada.name, key=ada.key)
    publish(home)
    return home.site


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("index.json", b"[" * 5_000_000, id="deep JSON"),
        pytest.param("essays/first/response.json", b'{"a":' * 1_000_000, id="a deep record"),
        pytest.param("newsletter.toml", b"a = " + b"[" * 1_000_000, id="deep TOML"),
        pytest.param("newsletter.toml", b"a = " + b"9" * 1_000_000, id="a number without end"),
        pytest.param(
            "feed.atom",
            b'<!DOCTYPE f [<!ENTITY a "ha">'
            + b"".join(b'<!ENTITY %c "&%c;&%c;">' % (c + 1, c, c) for c in b"abcdefghij")
            + b"]><feed>&k;</feed>",
            id="entities within entities",
        ),
        pytest.param("essays/first/essay.md.tlog-proof", b"c2sp.org/tlog-proof@v1\n" + b"x" * 30_000_000, id="a proof"),
        pytest.param("essays/first/reviews/1.json.sig", b"-----BEGIN SSH SIGNATURE-----\n" * 500_000, id="a signature"),
        pytest.param("essays/first/essay.md", b"*a " * 10_000_000, id="a text"),
        pytest.param("essays/first/essay.md", b"> " * 1_000_000, id="a text of quotes"),
        pytest.param("SHA256SUMS", b"0" * 64 + b"  a\n" + (b"1" * 64 + b"  b/c\n") * 700_000, id="a list"),
        pytest.param("essays/first/intake.sums", b"\0" * 60_000_000, id="zeros"),
    ],
)
def test_a_file_made_to_exhaust_its_reader_is_named(site: Path, name: str, data: bytes, refused: Judge) -> None:
    (site / name).write_bytes(data)
    assert name in refused(site)


def test_a_file_larger_than_any_is_named_and_not_read(site: Path, refused: Judge) -> None:
    sparse(site / "essays/first/more.bin")
    assert "essays/first/more.bin: has 943,718,400 bytes, more than any file of a site" in refused(site)


def test_folders_within_folders_without_end_are_named(site: Path, refused: Judge) -> None:
    here = os.open(site, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    try:
        assert "cannot be read (File name too long)" in refused(site)
    finally:  # Python's own rmtree goes no deeper than its stack
        subprocess.run(["rm", "-rf", site / "d"], check=True)


@pytest.fixture
def accomplice(home: Home, site: Path) -> Callable[[dict[str, bytes]], Path]:
    """What a publisher would do who holds the register's key: its lists are logged as they are then."""

    def relisted(files: dict[str, bytes]) -> Path:
        for name, data in files.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(data)
        listing = sums.parse((site / "SHA256SUMS").read_bytes(), "SHA256SUMS")
        listing |= {name: sums.digest(data) for name, data in files.items()}
        (site / "SHA256SUMS").write_bytes(sums.write(listing))
        with home.writing() as writer:
            digest = sums.digest((site / "SHA256SUMS").read_bytes())
            leaf = statement.notice("site", {"SHA256SUMS": digest}, reason="records", time=writer.now()).encode()
            writer.commit(Change(leaves=[leaf], files={}, proofs={"site/SHA256SUMS.tlog-proof": 0}))
        return shutil.copytree(site, home.root.parent / "published")

    return relisted


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("newsletter.toml", b"a = " + b"[" * 100_000, id="deep TOML"),
        pytest.param("essays/first/editors/1.toml", b"a = " + b"{b = " * 10_000, id="a deep note"),
        pytest.param("feed.rss", b'<!DOCTYPE f [<!ENTITY a SYSTEM "file:///etc/passwd">]><f>&a;</f>', id="an entity"),
    ],
)
def test_a_record_made_to_exhaust_its_reader_is_named_though_it_was_logged(
    accomplice: Callable[[dict[str, bytes]], Path], name: str, data: bytes, refused: Judge
) -> None:
    published = accomplice({name: data})
    before = tree(published)
    assert name in refused(published)
    assert tree(published) == before
