"""Following a register from elsewhere: that it grew is said, that it did not is proved."""

import functools
import http.server
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.home.home import Home
from archive.register import contradiction, merkle, tile
from archive.register.note import Checkpoint, Signer
from archive.register.register import Register
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from tests.conftest import Clock
from tests.example_register import SIGNER, grow, leaf, leaves
from tests.programs import Programs, Reviewer


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def follow(state: Path) -> Callable[..., tuple[int, str]]:
    """Exit status, and what the command says."""

    def run(target: object, *options: object) -> tuple[int, str]:
        done = Programs().publisher("follow", target, "--state", state, *options)
        return done.exit_code, done.output

    return run


def site(root: Path, *batches: list[bytes], signer: Signer = SIGNER) -> Path:
    """A site whose register has these statements."""
    grow(root / "own", root / "register", batches)
    (root / "register/policy").write_text(f"log {signer.key}\nquorum none\n")
    return root


@pytest.fixture
def published(home: Home, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock) -> Home:
    """A home with an issue in it."""
    submit(home, write_essay())
    review(home.reopened(), "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    clock.set("2026-11-06")
    publish(home.reopened())
    return home.reopened()


def test_a_register_that_grew_is_said_to_have_lost_nothing(
    tmp_path: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    sizes = [(3, 3), (4, 4), (300, 300), (300, 300), (513, 513)]
    first = f"{SIGNER.name}: 3 statements, kept: from now on it is seen whether it only grows.\n"
    for n, (size, shown) in enumerate(sizes):
        code, said = follow(site(tmp_path / str(n), leaves(size)), "--key", SIGNER.key)
        assert code == 0
        if n:
            assert re.search(rf"{shown} statements, nothing removed or changed since \d{{4}}-.* \(3 → {shown}\)", said)
        else:
            assert said == first


def test_two_histories_are_written_down_signed_and_anybody_can_check_them(
    tmp_path: Path, state: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    honest = site(tmp_path / "honest", leaves(7))
    lying = site(tmp_path / "lying", [*leaves(5), *leaves(345, 50)])
    assert follow(honest)[0] == 0
    code, said = follow(lying)
    assert code == 1
    assert "HAS TWO HISTORIES: the 7 statements in the checkpoint kept on" in said
    (evidence,) = state.glob("two-histories-*.txt")
    assert str(evidence) in said
    first, second = contradiction.check(evidence.read_bytes())
    assert (first.size, second.size) == (7, 300)
    code, said = follow(evidence)
    assert (code, "both signatures and the proof are good" in said) == (1, True)
    assert follow(honest)[0] == 0, "what was kept stays kept"
    evidence.write_bytes(evidence.read_bytes().replace(b"\n7\n", b"\n8\n"))
    assert "NOT VERIFIED" in follow(evidence)[1]


def test_of_one_size_the_two_signatures_are_enough(
    tmp_path: Path, state: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    follow(site(tmp_path / "one", leaves(7)))
    assert follow(site(tmp_path / "other", [*leaves(6), leaf(9)]))[0] == 1
    (evidence,) = state.glob("two-histories-*.txt")
    assert b"== the first" not in evidence.read_bytes()
    assert contradiction.check(evidence.read_bytes())[0].size == 7


def test_a_register_that_shows_less_than_it_did_is_named_and_what_was_kept_stays(
    tmp_path: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    follow(site(tmp_path / "new", leaves(7)))
    code, said = follow(site(tmp_path / "old", leaves(5)))
    assert code == 1
    assert "shows 5 statements, and had 7 in the checkpoint kept on" in said
    assert follow(tmp_path / "new")[0] == 0


def test_an_old_mail_a_feed_a_proof_and_a_witness_copy_each_carry_a_checkpoint_that_is_compared(
    published: Home, tmp_path: Path, state: Path, follow: Callable[..., tuple[int, str]], ada: Reviewer
) -> None:
    """And when the publisher starts the register anew, any of them shows it."""
    kept = tmp_path / "kept"
    shutil.copytree(published.site, kept)
    assert follow(published.root)[0] == 0, "a home is meant for the site in it"
    carriers = [
        "issues/2026-W45/issue.eml",
        "feed.atom",
        "feed.rss",
        "feed.json",
        "essays/on-commas/essay.md.tlog-proof",
        "SHA256SUMS.tlog-proof",
        "register/checkpoint",
    ]
    for name in carriers:
        code, said = follow(published.site, "--seen", kept / name)
        assert code == 0, (name, said)
    for part in (".archive/register/checkpoint", ".archive/register/tile", ".archive/register/index.db", "essays"):
        path = published.root / part
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(published.root / ".archive/register/checkpoints")
    shutil.rmtree(published.root / "site")
    shutil.rmtree(published.root / ".archive/issues")
    again = Home(published.root)
    for n in range(9):
        text = tmp_path / f"another-{n}.md"
        text.write_text(f"Another {n}.\n")
        submit(again.reopened(), text)
    (again.site / "register/policy").write_text(f"log {again.register.key}\nquorum none\n")
    for n, name in enumerate(carriers):
        fresh = tmp_path / f"fresh-{n}"
        done = Programs().publisher("follow", again.site, "--state", fresh, "--seen", kept / name)
        assert (done.exit_code, "HAS TWO HISTORIES" in done.stderr, name) == (1, True, name)
        (evidence,) = fresh.glob("two-histories-*.txt")
        assert contradiction.check(evidence.read_bytes())
        assert not [*fresh.glob("*.json")], "what contradicts what was seen is not kept as seen"


def test_what_carries_no_checkpoint_of_this_register_or_a_forged_one_is_named(
    tmp_path: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    own = site(tmp_path / "site", leaves(7))
    empty = tmp_path / "empty.eml"
    empty.write_text("Subject: Hello\n\nNothing.\n")
    assert f"expected a checkpoint of {SIGNER.name} in it, found none" in follow(own, "--seen", empty)[1]
    forged = tmp_path / "forged"
    forged.write_text((own / "register/checkpoint").read_text().replace("\n7\n", "\n6\n"))
    code, said = follow(own, "--seen", forged)
    assert (code, "its checkpoint is not one of this register" in said) == (1, True)
    assert follow(own, "--seen", tmp_path / "nowhere")[0] == 1


def test_a_site_that_does_not_say_its_key_is_followed_with_one_that_is_given(
    tmp_path: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    own = site(tmp_path / "site", leaves(7))
    (own / "register/policy").unlink()
    assert "give the key with --key" in follow(own)[1]
    assert follow(own, "--key", SIGNER.key)[0] == 0
    assert follow(own)[0] == 0


def test_tiles_that_are_not_what_is_signed_and_a_key_that_is_another_are_refused(
    tmp_path: Path, state: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    own = site(tmp_path / "site", leaves(7))
    follow(own)
    other = Signer(SIGNER.name, b"o" * 32)
    assert "the note is not signed by" in follow(own, "--key", other.key)[1]
    note = Register.published(own / "register", SIGNER.key, (own / "register/checkpoint").read_text()).checkpoint
    (own / "register/checkpoint").write_text(other.sign(str(note)))
    assert "if it has another key now, take that from a place you trust" in follow(own)[1]
    code, said = follow(own, "--key", other.key)
    assert code == 0, said
    assert follow(own)[0] == 0, "the new key is the one that is kept"
    tile = own / "register/tile/0/000.p/7"
    tile.write_bytes(tile.read_bytes()[:-1] + b"x")
    assert "not the hashes of the statements that are signed" in follow(own)[1]
    tile.unlink()
    assert "expected a file, found none" in follow(own)[1]
    (kept,) = state.glob("*.json")
    for damaged in ("{}", "[" * 9000, '{"last": {"key": 0, "note": 0}}'):
        kept.write_text(damaged)
        assert "expected what was kept of" in follow(own)[1]


def test_what_came_after_the_last_look_and_says_it_was_made_before_is_named(
    tmp_path: Path, state: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    follow(site(tmp_path / "site", leaves(7)))
    (kept,) = state.glob("*.json")
    looked = json.loads(kept.read_text())
    looked["last"]["time"] = "2026-11-02T18:30:00Z"  # between entry 9 and 10
    kept.write_text(json.dumps(looked))
    code, said = follow(site(tmp_path / "later", leaves(12)))
    assert code == 0
    named = [line for line in said.splitlines() if "was not there when you looked at 2026-11-02T18:30:00Z" in line]
    assert [re.findall(r"note: entry (\d+) says", line) for line in named] == [["7"], ["8"]]


def test_a_register_whose_times_run_backwards_or_whose_statements_are_not_its_own_is_refused(
    tmp_path: Path, follow: Callable[..., tuple[int, str]]
) -> None:
    own = site(tmp_path / "own", leaves(5))
    follow(own)
    shutil.rmtree(own)
    back = [*leaves(5), leaf(9), leaf(7)]
    root = tmp_path / "back"
    (root / "register/tile").mkdir(parents=True)
    note = SIGNER.sign(str(Checkpoint(SIGNER.name, 7, merkle.root([merkle.leaf_hash(each) for each in back]))))
    files = tile.hash_tiles([merkle.leaf_hash(each) for each in back]) | tile.bundles(back)
    files |= {"checkpoint": note.encode(), "policy": f"log {SIGNER.key}\nquorum none\n".encode()}
    for name, data in files.items():
        (root / "register" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "register" / name).write_bytes(data)
    code, said = follow(root)
    assert (code, "entry 6 says 2026-11-02T16:00:00Z, and one before it 2026-11-02T18:00:00Z" in said) == (1, True)
    (root / "register/tile/entries/000.p/7").write_bytes(tile.bundle([*leaves(5), leaf(9), leaf(10)]))
    assert "entry 6 is not the statement that is signed" in follow(root)[1]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and its address."""
    root = tmp_path / "served"
    root.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/away/"):
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{self.server.server_port}{self.path[5:]}")  # type: ignore[attr-defined]
                self.end_headers()
            elif self.path.startswith("/file/"):
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
                self.end_headers()
            elif self.path.startswith("/endless/"):
                self.send_response(200)
                self.end_headers()
                with_no_end = iter(lambda: self.wfile.write(b"x" * (1 << 16)), None)
                try:
                    for _ in with_no_end:
                        pass
                except OSError:
                    pass
            else:
                super().do_GET()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    handler = functools.partial(Handler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield root, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_address_is_followed_like_a_folder_and_never_leads_elsewhere(
    served: tuple[Path, str], follow: Callable[..., tuple[int, str]]
) -> None:
    root, address = served
    site(root, leaves(300))
    code, said = follow(f"{address}/", "--json")
    assert code == 0
    assert json.loads(said[: said.rindex("}") + 1])["size"] == 300
    shutil.rmtree(root / "register")
    shutil.rmtree(root / "own")
    site(root, leaves(513))
    assert "(300 → 513)" in follow(address)[1]
    assert "leads to another host, http://localhost" in follow(f"{address}/away")[1]
    assert follow(f"{address}/file")[0] == 1
    assert "more than is fetched" in follow(f"{address}/endless")[1]
    assert "/nowhere/register/checkpoint: expected a file, found none" in follow(f"{address}/nowhere")[1]
    assert "cannot be fetched" in follow("http://127.0.0.1:9")[1]
    assert "http:// is asked on this machine alone" in follow("http://letters.example.org")[1]
    assert follow("https://[")[0] == 1
