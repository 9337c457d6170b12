"""The register on disk: what it looks like byte for byte, and that no crash, fork, clock or hand can spoil it."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from archive.errors import Error, Malformed, NotFound, VerificationError
from archive.home import intake
from archive.home.change import Change
from archive.home.home import Home
from archive.register import durable, merkle, proof, redaction, register, sshsig, statement, sums, tile
from archive.register.note import Signer, open_checkpoint
from archive.register.register import Register
from archive.register.statement import Statement
from tests.example_register import SIGNER, Killed, at, every_death, grow, killed_at, leaf, leaves, put_back, snapshot
from tests.programs import Programs

# ── the golden register ──────────────────────────────────────────────────────────────────────────────────────────────

TURNS = (
    b'{"format":1,"importer":"plain","version":1,"interviews":1,"lost":{}}\n'
    b'{"interview":1,"turn":1,"role":"user","text":"What would you like to be remembered for?"}\n'
    b'{"interview":1,"turn":2,"role":"assistant","text":"For saying \\"I do not know\\"\\nmore often than Ada."}\n'
)
ESSAY = b"They *pause*, and so do I.\n\nFrom comma to comma  \nthe sentence learns to breathe"
MAKING = b'format = 1\nmodel = "example-heron-1"\n'


def golden_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A register of 260 statements with what they are about: a deposit, a review, an issue."""
    randoms = (hashlib.sha256(b"nonce %d" % n).hexdigest() for n in range(9))
    monkeypatch.setattr("archive.home.intake.secrets.token_hex", lambda length: next(randoms))
    key = folder / "id"
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a reviewer for tests only").digest())
    key.touch(mode=0o600)
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    public = subprocess.run(["ssh-keygen", "-y", "-f", key], capture_output=True, text=True, check=True).stdout
    seed = hashlib.sha256(b"a seed for tests only").digest()
    deposit = {
        "received.txt": b"Q: What would you like to be remembered for?\n",
        "turns.jsonl": TURNS,
        "redaction.seed": f"{seed.hex()}\n".encode(),
        "redaction.root": f"{redaction.root(TURNS, seed).hex()}\n".encode(),
    }
    hidden = {name: deposit[name] for name in ("received.txt", "redaction.seed", "turns.jsonl")}
    listed = intake.make({"redaction.root": deposit["redaction.root"]}, hidden)
    essay = {"essay.md": ESSAY, "essay.toml": MAKING}
    received = intake.make({"essay.md": ESSAY}, {})

    own, site = folder / "home", folder / "site"
    first = statement.intake("2026-0001", listed.sums, listed.digest, kind="deposit", time=at(0))
    arrived = statement.intake("E2026-0001", received.sums, received.digest, kind="essay", time=at(255))
    review = statement.review(
        "E2026-0001",
        received.digest,
        {name: sums.digest(data) for name, data in essay.items()},
        decision="publish",
        intake_index=255,
        reviewer=sshsig.key_fingerprint(key),
        criteria=["personal-data", "harm"],
        time=at(256),
    ).encode()
    batches = [[first.encode()], leaves(12, 1), leaves(255, 12), [arrived.encode()], [review]]
    grown = grow(own, site / "register", batches)

    shown = "site/essays/on-commas/{}".format
    files = {shown(name): data for name, data in (essay | received.files).items()}
    files[shown("reviews/1.json")] = review
    files[shown("reviews/1.json.sig")] = sshsig.sign(review, key, "review@letters.example.org")
    files[shown("essay.md.tlog-proof")] = bytes(grown.proof(256, grown.note))
    files[shown("intake.sums.tlog-proof")] = bytes(grown.proof(255, grown.note))
    signer = f'ada@example.org namespaces="review@letters.example.org",valid-after="20260101000000Z" {public}'
    files["site/register/allowed_signers"] = signer.encode()
    files["site/register/policy"] = f"log {SIGNER.key}\nquorum none\n".encode()
    week = "issues/2026-W46/SHA256SUMS"
    names = {name.removeprefix("site/"): sums.digest(data) for name, data in files.items()}
    files[f"site/{week}"] = sums.write({n: d for n, d in names.items() if n.startswith("essays/")})
    rest = {n: d for n, d in names.items() if n.startswith("register/")} | {week: sums.digest(files[f"site/{week}"])}
    files["site/SHA256SUMS"] = sums.write(rest)
    issue = statement.issue(
        "2026-W46",
        rest[week],
        sums.digest(files["site/SHA256SUMS"]),
        essays=["E2026-0001"],
        renderer="markdown-it-py 4.3.0 commonmark html=false emeritus-render 1",
        time=at(257),
    )
    notice = statement.notice(
        "keys", {"register/allowed_signers": rest["register/allowed_signers"]}, reason="rotation", time=at(258)
    )
    grown = register.append(grown, site / "register", SIGNER, [issue.encode(), notice.encode()])
    grown = register.append(grown, site / "register", SIGNER, [leaf(259)])
    for name in (week, "SHA256SUMS"):
        files[f"site/{name}.tlog-proof"] = bytes(grown.first_proof(257))
    files |= {f"deposit/{name}": data for name, data in (deposit | listed.files).items()}
    files |= {f"home/checkpoints/{path.name}": path.read_bytes() for path in (own / "checkpoints").iterdir()}
    files |= {f"home/{name}": (own / name).read_bytes() for name in ("key.pub", "checkpoint")}
    public_tiles = snapshot(site)
    assert {f"site/register/{n[5:]}": d for n, d in snapshot(own).items() if n.startswith("home/tile/")} == {
        name: data for name, data in public_tiles.items() if "/tile/" in name
    }
    return files | public_tiles


def test_a_register_of_260_statements_has_these_files_byte_for_byte(
    tmp_path: Path, golden: Callable[[str, dict[str, bytes]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    golden("register", golden_files(tmp_path, monkeypatch))


def test_the_golden_register_is_read_back_whole(tmp_path: Path) -> None:
    kept = Path(__file__).parent / "golden/register"
    shutil.copytree(kept / "home", tmp_path / "home")
    shutil.copytree(kept / "site/register/tile", tmp_path / "home/tile")
    read = Register.read(tmp_path / "home")
    assert [s.kind for s in read.statements[254:]] == ["intake", "intake", "review", "issue", "notice", "intake"]
    assert sorted(int(p.name) for p in (tmp_path / "home/checkpoints").iterdir()) == [1, 12, 255, 256, 257, 259, 260]
    first_sizes = [open_checkpoint(read.first_proof(i).note, read.key).size for i in (0, 1, 254, 255, 256, 257, 259)]
    assert first_sizes == [1, 12, 255, 256, 257, 259, 260]
    for index in (0, 11, 255, 256, 259):
        shown = read.first_proof(index)
        root = merkle.root_from_inclusion(
            index, open_checkpoint(shown.note, read.key).size, merkle.leaf_hash(shown.leaf), shown.path
        )
        assert root == open_checkpoint(shown.note, read.key).root


# ── appending ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "register", tmp_path / "site"


def test_a_new_register_is_empty_and_has_no_checkpoint(places: tuple[Path, Path]) -> None:
    assert grow(*places, []) == Register(places[0], SIGNER.key, "")
    assert list(snapshot(places[0])) == ["register/key.pub"]


def test_what_is_appended_is_read_back_and_published(places: tuple[Path, Path]) -> None:
    grown = grow(*places, [leaves(3), leaves(5, 3)])
    assert grown == Register.read(places[0])
    assert grown.leaves == tuple(leaves(5))
    own, public = snapshot(places[0]), snapshot(places[1])
    assert public == {f"site/{n[9:]}": d for n, d in own.items() if "checkpoints" not in n and "key" not in n}
    assert sorted(public) == [
        "site/checkpoint",
        *(f"site/tile/{level}/000.p/{width}" for level in (0, "entries") for width in (3, 5)),
    ]


def test_nothing_appended_changes_nothing(places: tuple[Path, Path]) -> None:
    grown = grow(*places, [leaves(3)])
    before = snapshot(*places)
    assert register.append(grown, places[1], SIGNER, []) == grown
    assert snapshot(*places) == before


@pytest.mark.parametrize("full", [256, 512])
def test_partial_tiles_vanish_when_the_full_tile_is_there_and_every_checkpoint_stays(
    places: tuple[Path, Path], full: int
) -> None:
    grown = grow(*places, [leaves(full - 3), leaves(full - 1, full - 3)])
    for size in (full, full + 1):
        grown = register.append(grown, places[1], SIGNER, leaves(size, grown.size))
    expected = tile.hash_tiles([merkle.leaf_hash(x) for x in grown.leaves]) | tile.bundles(grown.leaves)
    for folder in places:
        found = {path.relative_to(folder).as_posix() for path in (folder / "tile").rglob("*") if path.is_file()}
        assert found - {f"tile/1/000.p/{n}" for n in (1, 2)} == expected.keys() - {f"tile/1/000.p/{full // 256}"}
        assert not [level for level in (0, "entries") if (folder / f"tile/{level}/{full // 256 - 1:03d}.p").exists()]
    kept = sorted(int(path.name) for path in (places[0] / "checkpoints").iterdir())
    assert kept == [full - 3, full - 1, full, full + 1]


def test_every_checkpoint_is_consistent_with_every_later_one(places: tuple[Path, Path]) -> None:
    sizes = [1, 2, 7, 8, 12]
    grown = grow(*places, [leaves(b, a) for a, b in zip([0, *sizes], sizes, strict=False)])
    hashes = [merkle.leaf_hash(x) for x in grown.leaves]
    signed = [open_checkpoint(grown.note_at(size), SIGNER.key) for size in sizes]
    assert [checkpoint.size for checkpoint in signed] == sizes
    for i, old in enumerate(signed):
        for new in signed[i:]:
            path = merkle.consistency(old.size, new.size, merkle.among(hashes))
            merkle.check_consistency(old.size, new.size, old.root, new.root, path)


# ── killed at any write ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("size", "batch"), [(0, 2), (15, 1)])
def test_killed_at_any_write_the_next_run_ends_with_the_same_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, batch: int
) -> None:
    monkeypatch.setattr(tile, "WIDTH", 4)  # so that a few statements fill tiles of three levels
    grow(tmp_path / "start" / "register", tmp_path / "start" / "site", [leaves(size)] if size else [])
    new = leaves(size + batch, size)

    def run(folder: Path) -> None:
        """What every command does: read, settle, append what is not there yet."""
        current = Register.read(folder / "register")
        register.settle(current, folder / "site")
        assert current.size in (size, size + batch), "all of a batch or nothing"
        if current.size == size:
            register.append(current, folder / "site", SIGNER, new)

    folder = tmp_path / "start"
    before = snapshot(folder)
    run(folder)
    expected = snapshot(folder)

    def attempt(write: int) -> bool:
        put_back(folder, before)
        try:
            with killed_at(write, folder):
                run(folder)
            killed = False
        except Killed:
            killed = True
        with killed_at(0, folder):
            run(folder)
        assert snapshot(folder) == expected, write
        return killed

    assert every_death(attempt) > 20


def test_what_was_killed_before_its_checkpoint_is_undone_even_if_nothing_is_appended_again(
    places: tuple[Path, Path],
) -> None:
    grown = grow(*places, [leaves(254)])
    before = snapshot(*places)
    durable.update(places[0], tile.bundles(leaves(258)) | tile.hash_tiles([merkle.leaf_hash(x) for x in leaves(258)]))
    (places[0] / ".checkpoint.new").write_bytes(b"half")
    (places[0] / "tile/0/.001.p.new").write_bytes(b"half")
    register.settle(Register.read(places[0]), places[1])
    assert snapshot(*places) == before
    assert register.append(grown, places[1], SIGNER, leaves(255, 254)) == Register.read(places[0])


def test_the_public_copy_is_made_again_when_it_is_lost_or_spoiled(places: tuple[Path, Path]) -> None:
    grown = grow(*places, [leaves(3), leaves(5, 3)])
    before = snapshot(*places)
    (places[1] / "tile/0/000.p/5").write_bytes(b"spoiled")
    (places[1] / "tile/entries/000.p/3").unlink()
    (places[1] / "tile/0/x000").mkdir()
    (places[1] / "tile/0/x000/000").write_bytes(b"hidden")
    register.settle(grown, places[1])
    assert snapshot(*places) == before
    shutil.rmtree(places[1])
    register.settle(grown, places[1])
    assert snapshot(*places) == before


# ── two histories ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_restored_backup_signs_nothing_touches_nothing_and_says_what_to_do(places: tuple[Path, Path]) -> None:
    old = grow(*places, [leaves(3)])
    shutil.copytree(places[0], places[0].with_name("backup"))
    register.append(old, places[1], SIGNER, leaves(5, 3))
    shutil.rmtree(places[0])
    places[0].with_name("backup").rename(places[0])
    before = snapshot(*places)
    restored = Register.read(places[0])
    for attempt in (
        lambda: register.append(restored, places[1], SIGNER, [leaf(7)]),
        lambda: register.settle(restored, places[1]),
    ):
        with pytest.raises(Error, match=r"has 5 statements .* was a backup restored\? .* bring back the newer"):
            attempt()
    assert snapshot(*places) == before


def test_a_home_restored_from_a_backup_cannot_be_written_until_the_register_is_back(home: Home) -> None:
    def log(number: int) -> None:
        with home.writing() as writer:
            writer.commit(Change(leaves=[leaf(number)]))

    log(0)
    shutil.copytree(home.hidden / "register", home.hidden / "backup")
    log(1)
    (home.hidden / "register").rename(home.hidden / "newer")
    (home.hidden / "backup").rename(home.hidden / "register")
    published = snapshot(home.site)
    with pytest.raises(Error, match="was a backup restored"):
        log(2)
    assert snapshot(home.site) == published
    shutil.rmtree(home.hidden / "register")
    (home.hidden / "newer").rename(home.hidden / "register")
    log(2)
    assert home.reopened().register.leaves == tuple(leaves(3))


def test_another_history_of_the_same_length_signs_nothing(places: tuple[Path, Path], tmp_path: Path) -> None:
    grow(*places, [leaves(3)])
    other = grow(tmp_path / "other", tmp_path / "other-site", [leaves(4, 1)])
    with pytest.raises(Error, match="was a backup restored"):
        register.append(other, places[1], SIGNER, [leaf(9)])


def test_a_spoiled_public_checkpoint_stops_every_writer_and_is_named(places: tuple[Path, Path]) -> None:
    grown = grow(*places, [leaves(3)])
    for spoiled in (b"", b"\xff", grown.note.replace("3\n", "4\n", 1).encode(), grown.note.encode()[:-9]):
        (places[1] / "checkpoint").write_bytes(spoiled)
        with pytest.raises(Error, match=r"site/checkpoint: .*; nothing was signed: put back"):
            register.append(grown, places[1], SIGNER, [leaf(3)])


# ── clock and lock ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_clock_behind_the_newest_statement_is_refused_naming_both_times(places: tuple[Path, Path]) -> None:
    grown = grow(*places, [leaves(3)])
    before = snapshot(*places)
    for batch in ([leaf(1)], [leaf(4), leaf(3)]):
        with pytest.raises(Error, match=r"the clock says 2026-11-02T1[02]:00:00Z, .* at\s2026-11-02T1[13]:00:00Z; set"):
            register.append(grown, places[1], SIGNER, batch)
    assert snapshot(*places) == before


def test_a_review_alone_may_be_older_than_the_statement_before_it(places: tuple[Path, Path]) -> None:
    grown = grow(*places, [leaves(3)])
    review = statement.review(
        "E2026-0001",
        "a" * 64,
        {},
        decision="withhold",
        intake_index=0,
        reviewer="SHA256:" + "k" * 43,
        criteria=["harm"],
        time=at(1),
    )
    assert register.append(grown, places[1], SIGNER, [review.encode(), leaf(3)]).size == 5


def test_a_second_writer_is_told_to_wait(places: tuple[Path, Path]) -> None:
    told = pytest.raises(Error, match="another command is writing to this archive; run this one again when it is done")
    with register.lock(places[0]), told, register.lock(places[0]):
        pass
    with register.lock(places[0]):
        pass


def test_what_is_no_statement_is_not_appended(places: tuple[Path, Path]) -> None:
    grown = grow(*places, [leaves(3)])
    before = snapshot(*places)
    with pytest.raises(Malformed):
        register.append(grown, places[1], SIGNER, [leaf(3), b"hello"])
    assert snapshot(*places) == before


# ── changed by hand ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_flipped_byte_of_the_checkpoint_is_found(places: tuple[Path, Path]) -> None:
    grown = grow(*places, [leaves(3)])
    data = grown.note.encode()
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= (1, 7, 0x20, 0x80)[place % 4]  # 7 makes CR of LF
        (places[0] / "checkpoint").write_bytes(flipped)
        with pytest.raises(VerificationError, match=r"register/checkpoint: "):
            Register.read(places[0])


def test_a_flipped_byte_of_a_bundle_is_found(places: tuple[Path, Path]) -> None:
    grow(*places, [leaves(3)])
    bundle = places[0] / "tile/entries/000.p/3"
    data = bundle.read_bytes()
    for place in range(0, len(data), 3):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        bundle.write_bytes(flipped)
        with pytest.raises(VerificationError, match=r"register/tile/entries"):
            Register.read(places[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda f: (f / "tile/entries/000.p/5").unlink(), r"000\.p/5 is missing", id="a bundle is gone"),
        pytest.param(
            lambda f: shutil.copy(f / "tile/entries/000.p/3", f / "tile/entries/000.p/5"),
            "holds 3 statements .* but the checkpoint says 5",
            id="a bundle is too short",
        ),
        pytest.param(lambda f: (f / "checkpoint").write_bytes(b""), "checkpoint: expected a signed note", id="empty"),
        pytest.param(
            lambda f: (f / "key.pub").write_text(str(Signer(SIGNER.name, b"x" * 32).key)), "not signed by", id="key"
        ),
        pytest.param(lambda f: (f / "key.pub").write_text("x"), "expected a verifier key", id="no key"),
    ],
)
def test_a_register_changed_by_hand_is_not_read(
    places: tuple[Path, Path], change: Callable[[Path], object], said: str
) -> None:
    grow(*places, [leaves(3), leaves(5, 3)])
    change(places[0])
    with pytest.raises(VerificationError, match=said):
        Register.read(places[0])


def test_a_register_whose_checkpoint_is_gone_is_not_taken_for_an_empty_one(places: tuple[Path, Path]) -> None:
    grow(*places, [leaves(3), leaves(12, 3)])
    (places[0] / "checkpoint").unlink()
    with pytest.raises(
        VerificationError, match=r"checkpoint is missing, though 12 statements .* `archive check --restore`"
    ):
        Register.read(places[0])
    shutil.copy(places[0] / "checkpoints/12", places[0] / "checkpoint")
    assert Register.read(places[0]).size == 12


@pytest.mark.parametrize("lost", ["register", "register/checkpoint"])
def test_a_home_that_lost_its_register_is_not_taken_for_an_empty_one(filed_home: Home, lost: str) -> None:
    """By no command, whether it asks the register or only what was made of it."""
    gone = filed_home.hidden / lost
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    programs = Programs(filed_home)
    asked = (["list"], ["search", "asked"], ["show", "2026-0001"], ["report", "example-heron-1"])
    written = programs.archive("file", filed_home.root / "transcripts/example-heron-1")
    for done in (*(programs.archive(*each) for each in asked), written, programs.publisher("status")):
        assert done.exit_code == 1
        assert "`archive check --restore` brings back" in done.stderr
    assert programs.archive("check", "--restore").exit_code == 0
    assert programs.archive("list").exit_code == 0


def test_a_folder_without_a_register_says_how_it_comes_back(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="expected a register, found none; `archive check --restore` brings back"):
        Register.read(tmp_path)


def test_hash_tiles_and_the_newest_kept_checkpoint_are_made_again(places: tuple[Path, Path]) -> None:
    grow(*places, [leaves(3), leaves(5, 3)])
    before = snapshot(*places)
    (places[0] / "checkpoints/5").unlink()
    (places[0] / "tile/0/000.p/5").unlink()
    register.settle(Register.read(places[0]), places[1])
    assert snapshot(*places) == before


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda kept, note: kept.write_text(note.replace("\n3\n", "\n4\n")), id="its size"),
        pytest.param(lambda kept, note: kept.unlink(), id="gone"),
        pytest.param(lambda kept, note: shutil.copy(kept.with_name("2"), kept), id="another one in its place"),
        pytest.param(lambda kept, note: shutil.rmtree(kept.parent), id="all gone"),
    ],
)
def test_no_proof_is_made_under_a_kept_checkpoint_that_was_changed(
    places: tuple[Path, Path], change: Callable[[Path, str], object]
) -> None:
    grown = grow(*places, [leaves(2), leaves(3, 2)])
    kept = places[0] / "checkpoints/3"
    change(kept, kept.read_text())
    with pytest.raises(VerificationError):
        grown.first_proof(2)


def test_no_proof_is_made_under_a_checkpoint_of_another_history(places: tuple[Path, Path], tmp_path: Path) -> None:
    grown = grow(*places, [leaves(3)])
    other = grow(tmp_path / "other", tmp_path / "other-site", [leaves(4, 1)])
    for index, note in ((0, other.note), (3, grown.note)):
        with pytest.raises(VerificationError, match="is not one that covers this one"):
            grown.proof(index, note)


def test_proofs_of_every_entry_verify_under_every_later_checkpoint(places: tuple[Path, Path]) -> None:
    texts = [b"text %d" % n for n in range(9)]
    entries = [
        statement.intake("2026-0001", "intake.sums", sums.digest(text), kind="deposit", time=at(0)).encode()
        for text in texts
    ]
    grown = grow(*places, [entries[:4], entries[4:8], entries[8:]])
    for size in (4, 8, 9):
        for index in range(size):
            shown = proof.verify(texts[index], grown.proof(index, grown.note_at(size)), SIGNER.key)
            assert (shown.index, shown.checkpoint.size, shown.statement) == (
                index,
                size,
                Statement.decode(entries[index]),
            )


# ── foreign judges ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_go_commands_own_code_accepts_the_golden_register(tmp_path: Path) -> None:
    sources = Path("/usr/share/gocode/src/golang.org/x/mod")
    if not shutil.which("go") or not sources.is_dir():
        pytest.skip("needs Go with x/mod, as in Debian's golang-go and golang-golang-x-mod-dev")
    judge = tmp_path / "judge"
    judge.mkdir()
    shutil.copy(Path(__file__).parent / "foreign/main.go", judge)
    (judge / "go.mod").write_text(
        f"module judge\n\ngo 1.19\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => {sources}\n"
    )
    environment = os.environ | {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
    subprocess.run(["go", "build", "-o", "judge", "."], cwd=judge, env=environment, check=True)
    kept = Path(__file__).parent / "golden/register"
    shutil.copytree(kept / "site/register", tmp_path / "register")

    def judged() -> subprocess.CompletedProcess[str]:
        older = sorted((kept / "home/checkpoints").iterdir())
        command: list[str | Path] = [judge / "judge", str(SIGNER.key), tmp_path / "register", *older]
        return subprocess.run(command, capture_output=True, text=True)

    assert judged().stdout == "260 entries, 7 older checkpoints\n"
    spoiled = tmp_path / "register/tile/entries/000"
    spoiled.write_bytes(spoiled.read_bytes().replace(b"2026-0100", b"2026-0101", 1))
    assert judged().returncode == 1
