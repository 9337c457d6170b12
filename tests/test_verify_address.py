"""A reader with an address: a whole site, or one file of it; and servers that answer as no server should."""

import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.errors import Error, VerificationError
from archive.register import merkle, statement, sums, tile
from archive.register.note import Checkpoint, VerifierKey
from archive.register.proof import Proof
from publisher.verify import download, target
from publisher.verify.address import Bounds, Fetch
from tests.conftest import ROOT, Programs
from tests.example_register import SIGNER, at
from tests.golden_site import GOLDEN, KEY
from tests.servers import Talk, serving, talking

TILES = [
    f"register/{name}"
    for name in tile.names(
        Checkpoint.parse((GOLDEN / "register/checkpoint").read_text().partition("\n\n")[0] + "\n").size
    )
]


@pytest.fixture
def url(site: Path) -> Iterator[str]:
    with serving(site) as address:
        yield address


# What an address may be of.


@pytest.mark.parametrize("path", ["", "index.html", "#top"])
def test_a_site_is_fetched_and_checked_like_a_folder(url: str, path: str) -> None:
    told = []
    checked = target.verify(url + path, key=KEY, progress=lambda done, total: told.append((done, total)))
    here = target.verify(str(GOLDEN), key=KEY)
    assert checked.facts == {**here.facts, "files": checked.facts["files"]}  # old partial tiles are in no list
    assert "and byte for byte what emeritus" in checked.sentence
    assert checked.sentence.startswith(f"{url.split('/')[2]}: all ")
    assert checked.limits == (*here.limits, download.LIMIT)
    assert told[-1][0] == told[-1][1] == len(told)


def test_a_site_may_stand_below_others(site: Path, tmp_path: Path) -> None:
    (tmp_path / "www/letters").mkdir(parents=True)
    site.rename(tmp_path / "www/letters/after")
    with serving(tmp_path / "www") as url:
        assert target.verify(f"{url}letters/after/").facts["channel"] == "site"
        assert target.verify(f"{url}letters/after/essays/odd/").facts["channel"] == "page"
        with pytest.raises(Error, match=r"the server gives no such file|--key"):
            target.verify(f"{url}letters/")


FILES = {
    "essays/odd/essay.md": "essay.md (156 bytes, ",
    "essays/odd/": "index.html shows, by its words, the whole text",
    "essays/odd/index.html": "index.html shows, by its words, the whole text",
    "essays/odd/as-received/": "index.html shows, character by character, the whole text",
    "feed.atom": "feed.atom: «On commas» shows in its HTML",
    "feed.json": "feed.json: «On commas» shows in its HTML (by its words) and text",
    "issues/2026-W45/issue.eml": "issue.eml: the text in the text part, attachment and HTML part",
    "issues/2026-W45/SHA256SUMS": "part of the issue 2026-W45",
}


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_a_site_is_fetched_with_its_proof(url: str, path: str) -> None:
    checked = target.verify(url + path, key=KEY)
    assert FILES[path] in checked.sentence
    assert not [limit for limit in checked.limits if "style sheet" in limit]


def test_texts_and_proofs_are_taken_from_an_address(url: str, tmp_path: Path) -> None:
    page = Path(shutil.copy(GOLDEN / "essays/odd/index.html", tmp_path / "odd.html"))
    assert "by its words" in target.verify(str(page), key=KEY, site=url).sentence
    assert "19 words" in target.verify(url, key=KEY, words=b"From here on: 234").sentence.replace("of 19,", "19 words")


def test_a_changed_or_missing_file_of_a_site_at_its_address_is_named(url: str, site: Path) -> None:
    essay, issue = ("essays/odd/essay.md", "essays/odd/index.html"), ("issues/2026-W45/SHA256SUMS.tlog-proof",)
    live = ("register/checkpoint", *TILES, "register/policy")
    for name in (*essay, *issue, *live, "style.css", "SHA256SUMS", "SHA256SUMS.tlog-proof"):
        path = site / name
        data = path.read_bytes()
        for other in (data[:-2] + bytes([data[-2] ^ 1]) + data[-1:], None):
            path.unlink() if other is None else path.write_bytes(other)
            with pytest.raises(Error):
                target.verify(url, key=KEY)
            path.write_bytes(data)


def test_under_another_key_nothing_but_the_checkpoint_is_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    get = Fetch.get
    monkeypatch.setattr(Fetch, "get", lambda self, url, *more: (asked.append(url), get(self, url, *more))[1])
    with pytest.raises(VerificationError, match="not signed by"):
        target.verify(url, key=SIGNER.key)
    assert {*asked} == {f"{url}register/checkpoint"}


# https.


def test_https_is_asked_with_a_certificate_that_this_machine_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: Programs
) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    where = ["-addext", "subjectAltName=DNS:localhost", "-keyout", tmp_path / "key", "-out", tmp_path / "cert"]
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    subprocess.run([*made, *where], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    handler = type("Handler", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: handler(*a, directory=str(GOLDEN)))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"https://localhost:{server.server_port}/essays/odd/essay.md"
    done = programs.publisher("verify", url, "--key", KEY)
    assert (done.exit_code, "certificate" in done.stderr) == (1, True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
    done = programs.publisher("verify", url, "--key", KEY)
    assert (done.exit_code, done.stdout[:21]) == (0, "essay.md (156 bytes, "), done.stderr
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://example.org/", "expected https://; http:// is asked on this machine alone"),
        ("http://127.0.0.1.example.org/", "expected https://"),
        ("https://ada:secret@example.org/", "without a name"),
        ("https:///etc/passwd", "expected an address"),
        ("https://example.org:99999999/", "expected an address"),
        ("https://example.org/a b", "expected an address"),
        ("https://example.org/\r\nHost: x", "expected an address"),
        ("https://[::1/", "expected an address"),
        ("http://127.0.0.1:1/", "cannot be fetched"),
    ],
)
def test_an_address_that_is_not_asked_is_an_error_in_one_sentence(address: str, says: str, programs: Programs) -> None:
    done = programs.publisher("verify", address)
    assert (done.exit_code, done.stdout, says in done.stderr) == (1, "", True), done.stderr


def test_what_only_looks_like_an_address_is_a_file(programs: Programs) -> None:
    done = programs.publisher("verify", "file:///etc/hostname", "--key", KEY)
    says = "file:///etc/hostname: expected a file, a folder or an https:// address, found none"
    assert (done.exit_code, says in done.stderr) == (1, True), done.stderr


# Servers that answer as no server should.


def fetched(url: str, key: VerifierKey, bounds: Bounds) -> None:
    with download.downloaded(url, key, bounds=bounds) as (path, _):
        target.verify(str(path), key=key)


HEAD = b"HTTP/1.1 200 OK\r\n"


def answering(data: bytes) -> Talk:
    return lambda connection: connection.sendall(data)


def dripping(start: bytes, what: bytes = b"x") -> Talk:
    """One byte now and then, so that no single wait is long."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(200):
            connection.sendall(what)
            time.sleep(0.1)

    return talk


def endless(start: bytes, what: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(what * 1000)

    return talk


def silent(connection: socket.socket) -> None:
    time.sleep(20)


def leading(to: str) -> Talk:
    return answering(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())


HOSTILE: dict[str, tuple[Talk, str]] = {
    "an endless body": (endless(HEAD + b"\r\n", b"x" * 100), "more than 1,048,576 bytes"),
    "an endless body in chunks": (
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"64\r\n" + b"x" * 100 + b"\r\n"),
        "more than 1,048,576 bytes",
    ),
    "an endless head": (endless(HEAD, b"X-A: a\r\n"), "cannot be fetched"),
    "an endless line in its head": (endless(HEAD + b"X-A: ", b"a" * 100), "cannot be fetched"),
    "a body drop by drop": (dripping(HEAD + b"Content-Length: 1000\r\n\r\n"), "took longer than 1 seconds"),
    "a head drop by drop": (dripping(HEAD + b"X-A: "), "took longer than 1 seconds"),
    "nothing at all": (silent, "took longer than 1 seconds|timed out"),
    "a hang-up": (answering(b""), "cannot be fetched"),
    "no HTTP": (answering(b"\0\xff" * 1000), "cannot be fetched"),
    "a length that is none": (answering(HEAD + b"Content-Length: -1\r\n\r\nx"), "no such file|cannot|--key|expected"),
    "a chunk of a length that is none": (
        answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx"),
        "cannot be fetched",
    ),
    "half a body": (answering(HEAD + b"Content-Length: 1000\r\n\r\nx"), "cannot be fetched"),
    "compressed": (
        answering(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nxxxx"),
        "sends it as gzip, which was not asked for",
    ),
    "an error": (answering(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), "answers 500 No"),
    "an error with an escape": (answering(b"HTTP/1.1 500 \x1b[31m\r\nContent-Length: 0\r\n\r\n"), "answers 500"),
    "round in a circle": (leading("/register/checkpoint"), "from one address to the next without end"),
    "another host": (leading("https://example.org/register/checkpoint"), "leads to another host"),
    "another port": (leading("http://127.0.0.1:1/x"), "leads to another host"),
    "a file here": (leading("file:///etc/passwd"), "expected"),
    "a name and a word": (leading("http://a:b@127.0.0.1/x"), "without a name"),
    "an address that is none": (leading("http://[::1/x"), "which is no address"),
}
"""What a server may do: name → how it talks, and what is said of it."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_server_that_answers_as_none_should_is_an_error_in_bounded_time(name: str) -> None:
    talk, expected = HOSTILE[name]
    began = time.monotonic()
    with talking(talk) as url, pytest.raises(Error) as refused:
        fetched(url, KEY, Bounds(seconds=1 if "longer" in expected else 10, size=1 << 20, answers=50))
    assert re.search(expected, str(refused.value)), str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert time.monotonic() - began < 15


def signed(folder: Path, files: dict[str, bytes], list_: bytes | None = None) -> Path:
    """A site of anything at all, by a publisher who signs anything."""
    files = dict(files)
    sums_ = sums.write({name: sums.digest(data) for name, data in files.items()}) if list_ is None else list_
    said = statement.notice("site", {"SHA256SUMS": sums.digest(sums_)}, reason="records", time=at(300)).encode()
    note = SIGNER.sign(str(Checkpoint(SIGNER.name, 1, merkle.leaf_hash(said))))
    files |= {"register/checkpoint": note.encode(), "SHA256SUMS": sums_}
    files["SHA256SUMS.tlog-proof"] = bytes(Proof.make([said], 0, note))
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


ZEROS = "0" * 64
LISTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a path upwards": (lambda: f"{ZEROS}  ../../x\n".encode(), "expected a plain path inside the folder"),
    "a path from the root": (lambda: f"{ZEROS}  /etc/passwd\n".encode(), "expected a plain path inside the folder"),
    "a path with a backslash": (lambda: f"{ZEROS}  ..\\x\n".encode(), "expected «SHA-256, two spaces, path»"),
    "a folder that is a file": (
        lambda: f"{ZEROS}  x\n{ZEROS}  x/b\n".encode(),
        "cannot be kept here",
    ),
    "a million files": (
        lambda: b"".join(f"{ZEROS}  {n:07}\n".encode() for n in range(1_000_000)),
        "more files than are fetched|more than",
    ),
    "a name without end": (
        lambda: f"{ZEROS}  {'a' * 100_000}\n".encode(),
        "cannot be fetched|cannot be kept|answers 4",
    ),
    "no list": (lambda: b"\0" * 100, "expected"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_means_harm_ends_as_an_error_and_writes_nothing_elsewhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, expected = LISTS[name]
    folder = signed(tmp_path / "site", {"index.html": b"<p>Hello", "x/b": b"Mine."}, made())
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with serving(folder) as url, pytest.raises(Error) as refused:
        fetched(url, SIGNER.key, Bounds(seconds=20, size=64 << 20, answers=200))
    assert re.search(expected, str(refused.value)), str(refused.value)
    assert [*scratch.iterdir()] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scratch", "site"]


def test_a_register_that_claims_to_be_endless_is_not_fetched(tmp_path: Path) -> None:
    folder = signed(tmp_path / "site", {"index.html": b"x"})
    for size in (10**9, 10**18):
        note = SIGNER.sign(str(Checkpoint(SIGNER.name, size, b"x" * 32)))
        (folder / "register/checkpoint").write_text(note)
        with serving(folder) as url, pytest.raises(Error, match="statements, more than are fetched"):
            target.verify(url, key=SIGNER.key)


def test_a_site_larger_than_what_is_fetched_ends_as_an_error(url: str) -> None:
    for bounds, expected in (
        (Bounds(size=5_000), "more than"),
        (Bounds(answers=10), "more files than are fetched"),
        (Bounds(seconds=0.01), "took longer than 0.01 seconds"),
    ):
        with pytest.raises(Error, match=expected):
            fetched(url, KEY, bounds)


def test_interrupted_it_leaves_no_scratch_folder(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with talking(dripping(HEAD + b"Content-Length: 1000\r\n\r\n")) as url:
        command = [sys.executable, "-m", "publisher", "verify", url]
        environment = os.environ | {"TMPDIR": str(scratch)}
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        while not [*scratch.iterdir()]:
            time.sleep(0.05)
        time.sleep(0.3)
        running.terminate()
        _, said = running.communicate(timeout=20)
    assert (running.returncode, "Traceback" in said, [*scratch.iterdir()]) == (143, False, [])


def test_the_command_tells_programs_of_a_site_at_its_address(url: str, programs: Programs) -> None:
    told = json.loads(programs.publisher("verify", url, "--json").stdout)
    assert (told["verified"], told["channel"], told["issues"]) == (True, "site", ["2026-W45", "2026-W47"])
    assert told["not_proved"][-1] == download.LIMIT
