"""Witnesses over real sockets: they see an intake before its review, never two histories, and nobody waits long."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.errors import Error, VerificationError
from archive.home import witnesses
from archive.home.home import Home
from archive.register import cosignature, cosigned, register
from archive.register.note import Checkpoint, Signer, VerifierKey, open_checkpoint
from archive.register.proof import Proof
from archive.register.witness import Request, place
from publisher.essays.submit import submit
from publisher.witness.folder import Witness, at_work
from publisher.witness.server import Server
from tests.conftest import Clock
from tests.example_register import SIGNER, Killed, every_death, killed_at
from tests.programs import Programs, Reviewer
from tests.served import served
from tests.test_witness import HASHES, OTHERS, request


@dataclass
class Eyes:
    """Witnesses at work, each in a thread of its own."""

    root: Path
    log: VerifierKey
    addresses: dict[str, tuple[VerifierKey, str]]
    told: list[str]

    def stands_in(self, home: Home, quorum: int) -> None:
        """Name all of them in a home's archive.toml."""
        toml = home.root / "archive.toml"
        text = toml.read_text().replace("\nsample = true", f"\nsample = true\nquorum = {quorum}")
        toml.write_text(text + "".join(table(name, key, url) for name, (key, url) in self.addresses.items()))


def table(name: str, key: VerifierKey, url: str) -> str:
    return f'\n[[witness]]\nname = "{name}"\nkey = "{key}"\nurl = "{url}"\n'


@contextlib.contextmanager
def serving(witness: Witness, told: list[str]) -> Iterator[str]:
    with Server(("127.0.0.1", 0), witness, told.append) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def eyes(tmp_path: Path, home: Home) -> Iterator[Eyes]:
    """Kestrel and plover, who know the home's register."""
    found = Eyes(tmp_path, home.register.key, {}, [])
    with contextlib.ExitStack() as stack:
        for name in ("kestrel", "plover"):
            own = stack.enter_context(at_work(tmp_path / name, name=f"{name}.example/witness", logs=[found.log]))
            found.addresses[name] = own.key, stack.enter_context(serving(own, found.told))
        yield found


def post(url: str, data: bytes) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{url}/add-checkpoint", data, timeout=10) as got:
            return got.status, got.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_an_intake_is_seen_before_its_review_and_a_stranger_reads_when(
    home: Home, eyes: Eyes, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock
) -> None:
    eyes.stands_in(home, 2)
    programs = Programs(home)
    programs.publisher("submit", write_essay("an-earlier", "Earlier.\n"))
    programs.publisher("submit", write_essay())
    programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    clock.set("2026-11-06")
    published = programs.publisher("publish", "--essay", "on-commas")
    logged = "who cosigns the register was logged (entry 4): kestrel, plover\n"
    assert published.stderr == f"{logged}published 2026-W45: on-commas\n"
    folder = home.site / "essays/on-commas"
    proofs = {name: Proof.parse((folder / f"{name}.tlog-proof").read_bytes()) for name in ("essay.md", "intake.sums")}
    keys = [key for key, _ in eyes.addresses.values()]
    seen = {name: open_checkpoint(proof.note, eyes.log).size for name, proof in proofs.items()}
    assert seen == {"essay.md": 4, "intake.sums": 2}
    for proof in proofs.values():
        assert len(cosignature.times(proof.note, eyes.log, keys)) == 2
    by_hand = ["sh", home.site / "verify/verify.sh"]
    for name in proofs:
        done = subprocess.run([*by_hand, folder / name, str(eyes.log)], capture_output=True, text=True, check=False)
        assert done.stdout.startswith("verified: "), done.stderr
    policy = (home.site / "register/policy").read_bytes()
    assert (home.site / "register/keys/4/policy").read_bytes() == policy
    assert home.reopened().register.statement(4).predicate["reason"] == "witnesses"
    page = (home.site / "register/index.html").read_text()
    assert "<code>kestrel.example/witness</code>, <code>plover.example/witness</code>. Their lines" in page
    newest = (home.site / "register/checkpoint").read_text()
    assert len(cosignature.times(newest, eyes.log, keys)) == 2
    assert newest == (home.site / "register/cosigned/7").read_text()
    checked = programs.publisher("verify", home.site, "--key", eyes.log)
    assert checked.exit_code == 0, checked.stderr
    assert "Of 2 witnesses, 2 have seen all of it." in checked.stdout
    assert "came before review" not in checked.stdout
    assert "its witnesses are independent of it: kestrel.example/witness, plover.example/witness" in checked.stdout
    essay = home.site / "essays/on-commas/essay.md"
    behind = programs.publisher("verify", essay, "--key", eyes.log, "--details").stdout
    assert re.search(r"\n  seen       between .* by 2 of 2 witnesses \(kestrel and plover\)\n", behind)
    assert "came before review" not in behind
    facts = programs.publisher("verify", home.site, "--key", eyes.log, "--json").stdout
    between = r"between \w{3} \d{4}-\d\d-\d\d \d\d:\d\d and (\w{3} [\d-]+ )?\d\d:\d\d UTC, by 2 of 2 witnesses"
    assert re.search(rf'"E2026-0002": {{\s*"intake": "{between}",\s*"review": "{between}"', facts)
    assert programs.publisher("status").stdout.count("has seen 7 of 7 statements") == 2
    assert programs.archive("check").exit_code == 0
    assert programs.publisher("build").stderr == "nothing changed\n"


def test_without_an_answer_everything_is_done_all_the_same_and_cosign_asks_again(
    home: Home, eyes: Eyes, write_essay: Callable[..., Path]
) -> None:
    eyes.stands_in(home, 2)
    toml = home.root / "archive.toml"
    here = toml.read_text()
    toml.write_text(here.replace(eyes.addresses["plover"][1], "http://127.0.0.1:9"))
    programs = Programs(home)
    done = programs.publisher("submit", write_essay())
    assert done.exit_code == 0
    assert "note: the witness plover cannot be reached at http://127.0.0.1:9" in done.stderr
    assert "somebody has the newest statements seen by plover: publisher cosign" in programs.publisher("status").stdout
    failed = programs.publisher("cosign", "--timeout", 2)
    assert (failed.exit_code, failed.stdout) == (
        1,
        "kestrel  has seen 1 of 1 statements\nplover  has seen 0 of 1 statements\n",
    )
    toml.write_text(here)
    again = programs.publisher("cosign", "--json")
    assert again.exit_code == 0
    assert '"quorum": true' in again.stdout
    before = list(eyes.told)
    assert programs.publisher("cosign").exit_code == 0
    assert eyes.told == before, "who has seen all is not asked again"


@contextlib.contextmanager
def bad(behave: Callable[[socket.socket], object]) -> Iterator[str]:
    """Somebody at an address who behaves like that; each caller has a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    caller, _ = listening.accept()
                    threading.Thread(target=lambda c=caller: _quietly(behave, c), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _quietly(behave: Callable[[socket.socket], object], caller: socket.socket) -> None:
    with contextlib.suppress(OSError), caller:
        behave(caller)


def hang(caller: socket.socket) -> None:
    time.sleep(20)


def trickle(caller: socket.socket) -> None:
    caller.sendall(b"HTTP/1.0 200 OK\r\n")
    for _ in range(400):
        caller.sendall(b"X-Wait: yes\r\n")
        time.sleep(0.05)


def heard(caller: socket.socket) -> bytes:
    """The body of a request, which ends with its last signature line."""
    data = b""
    while b"\n\xe2\x80\x94 " not in data or not data.endswith(b"\n"):
        data += caller.recv(1 << 16)
    return data.partition(b"\r\n\r\n")[2]


def says(data: bytes) -> Callable[[socket.socket], None]:
    def behave(caller: socket.socket) -> None:
        heard(caller)
        caller.sendall(data)

    return behave


def flood(caller: socket.socket) -> None:
    heard(caller)
    caller.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    for _ in range(1000):
        caller.sendall(b"x" * (1 << 16))


def at(seconds: int) -> Callable[[socket.socket], None]:
    """A witness with this clock, which is an honest one otherwise."""

    def behave(caller: socket.socket) -> None:
        line = cosignature.cosign(SIGNER, cosignature.text_of(Request.parse(heard(caller)).note), seconds)
        caller.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + line.encode())

    return behave


@pytest.mark.parametrize(
    ("behave", "problem"),
    [
        (hang, "has not answered within 0.7 seconds"),
        (trickle, "has not answered within 0.7 seconds"),
        (says(b""), "does not answer as a witness|cannot be reached"),
        (says(b"220 smtp.example.org ESMTP\r\n"), "does not answer as a witness"),
        (says(b"HTTP/1.0 200 OK\r\n\r\n"), "answered without its cosignature"),
        (says(b"HTTP/1.0 200 OK\r\n\r\nnonsense\n"), "expected a signature line"),
        (flood, "expected a signed note"),
        (says(b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n"), "answered with HTTP status 302"),
        (says(b"HTTP/1.0 403 Forbidden\r\n\r\n"), "does not know the key that signs this register"),
        (says(b"HTTP/1.0 404 Not Found\r\n\r\n"), "does not know this register"),
        (says(b"HTTP/1.0 422 Unprocessable\r\n\r\n"), "HAS SEEN ANOTHER HISTORY"),
        (says(b"HTTP/1.0 409 Conflict\r\n\r\n0\n"), "says each time that it has seen something else"),
        (says(b"HTTP/1.0 409 Conflict\r\n\r\n-1\n"), "answered 409 and no size"),
        (says(b"HTTP/1.0 409 Conflict\r\n\r\n9\n"), "has seen 9 statements of this register, and here are 1"),
        (at(int(time.time()) + 86400), "says a time that cannot be"),
        (at(1 << 63), "says no time"),
    ],
)
def test_a_witness_that_behaves_badly_is_named_and_costs_no_more_than_the_time_it_is_given(
    home: Home, write_essay: Callable[..., Path], behave: Callable[[socket.socket], object], problem: str
) -> None:
    submit(home, write_essay())
    with bad(behave) as url:
        key = cosignature.key(SIGNER)
        with (home.root / "archive.toml").open("a") as toml:
            toml.write(table("bad", key, url))
        begun = time.monotonic()
        (asked,) = witnesses.ask(home.reopened(), 0.7)
        assert time.monotonic() - begun < 5
    assert re.search(problem, asked.problem), asked
    assert cosigned.sizes(home.hidden / "register") == []


def test_a_command_gives_all_witnesses_together_five_seconds(home: Home, write_essay: Callable[..., Path]) -> None:
    with bad(lambda caller: time.sleep(60)) as url, (home.root / "archive.toml").open("a") as toml:
        for name in ("first", "second", "third"):
            key = cosignature.key(type(SIGNER).generate(f"{name}.example/witness"))
            toml.write(table(name, key, url))
        toml.flush()
        begun = time.monotonic()
        done = Programs(home).publisher("submit", write_essay())
        assert 4.9 < time.monotonic() - begun < 15
    assert done.exit_code == 0
    assert done.stderr.count("has not answered within 5 seconds; `publisher cosign` asks again") == 3


def test_of_two_histories_a_witness_sees_the_first_and_a_restored_backup_is_told_so(
    home: Home, eyes: Eyes, write_essay: Callable[..., Path], tmp_path: Path
) -> None:
    eyes.stands_in(home, 1)
    programs = Programs(home)
    programs.publisher("submit", write_essay("first", "One.\n"))
    backup = Home(shutil.copytree(home.root, tmp_path / "backup"))
    programs.publisher("submit", write_essay("second", "Two.\n"))
    assert "has seen 2 statements of this register, and here are 1" in _asked(backup)
    Programs(backup).publisher("submit", write_essay("other", "Another.\n"))
    assert "HAS SEEN ANOTHER HISTORY" in _asked(backup)
    assert _asked(home).strip() == ""


def _asked(home: Home) -> str:
    home = home.reopened()
    shutil.rmtree(home.hidden / "register/cosigned", ignore_errors=True)
    return " ".join(each.problem for each in witnesses.ask(home))


def test_every_status_goes_over_the_wire_and_what_was_cosigned_is_shown(tmp_path: Path) -> None:
    told: list[str] = []
    with (
        at_work(tmp_path / "w", name="kestrel.example/witness", logs=[SIGNER.key]) as own,
        serving(own, told) as url,
    ):
        assert post(url, request(0, 7))[0] == 200
        assert post(url, request(0, 7)) == (409, "7\n")
        assert post(url, request(7, 9, OTHERS))[0] == 422
        assert post(url, b"nonsense")[0] == 400
        assert post(url, request(7, 12).replace(b"\n12\n", b"\n13\n"))[0] == 403
        assert post(url, request(7, 12).replace(SIGNER.name.encode(), b"other"))[0] == 404
        assert post(f"{url}/elsewhere", b"")[0] != 200
        with pytest.raises(urllib.error.HTTPError, match="413"):
            urllib.request.urlopen(f"{url}/add-checkpoint", b"x" * (1 << 17), timeout=10)
        with urllib.request.urlopen(f"{url}/{place(SIGNER.name)}/checkpoint", timeout=10) as got:
            note = got.read().decode()
        assert own.key in cosignature.times(note, SIGNER.key, [own.key])
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{url}/{place('other')}/checkpoint", timeout=10)
        (own.folder / "seen" / place(SIGNER.name)).write_text(note.replace("\n7\n", "\n5\n"))
        assert post(url, request(5, 9))[0] == 500
    assert any(" 409 " in line for line in told)


def test_a_caller_who_sends_nothing_keeps_the_others_waiting_for_seconds_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.witness.server.SECONDS", 0.4)
    with (
        at_work(tmp_path / "w", name="kestrel.example/witness", logs=[SIGNER.key]) as own,
        serving(own, []) as url,
    ):
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        with socket.create_connection(address) as silent, socket.create_connection(address) as slow:
            threading.Thread(target=lambda: _drip(slow), daemon=True).start()
            begun = time.monotonic()
            assert post(url, request(0, 7))[0] == 200
            assert time.monotonic() - begun < 3
            silent.close()


def _drip(caller: socket.socket) -> None:
    with contextlib.suppress(OSError):
        for _ in range(100):
            caller.sendall(b"P")
            time.sleep(0.1)


def test_killed_at_any_write_a_witness_knows_all_it_has_cosigned(tmp_path: Path) -> None:
    """It is killed, comes back, and is shown the other history: what left it before contradicts nothing after."""
    folder = tmp_path / "w"

    def attempt(write: int) -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        given = []
        killed = True
        with contextlib.suppress(Killed), killed_at(write, tmp_path):
            with at_work(folder, name="kestrel.example/witness", logs=[SIGNER.key]) as own:
                given.append(own.add_checkpoint(request(0, 7)))
                given.append(own.add_checkpoint(request(7, 12)))
            killed = False
        with at_work(folder, name="kestrel.example/witness", logs=[SIGNER.key]) as own:
            size = open_checkpoint(note, SIGNER.key).size if (note := own.seen(SIGNER.name)) else 0
            assert size >= (0, 7, 12)[len(given)]
            assert own.add_checkpoint(request(size, 13, OTHERS)).status == (422 if size else 200)
            assert own.add_checkpoint(request(size, 13, HASHES)).status == (200 if size else 409)
        return killed

    assert every_death(attempt) > 8


def test_kill_9_in_the_middle_of_work_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    size = 0
    for round_ in range(3):
        arguments = ["w", "--name", "kestrel.example/witness", "--log", str(SIGNER.key), "--listen", "127.0.0.1:0"]
        command = [sys.executable, "-m", "publisher", "witness", *arguments]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
        ) as running:
            assert running.stdout
            key, at, _ = (running.stdout.readline().split()[1] for _ in range(3))
            status, body = post(at, request(39, 40))
            assert (status, body) == (409, f"{size}\n")
            answered = size
            threading.Timer(0.15, running.send_signal, [signal.SIGKILL]).start()
            with contextlib.suppress(OSError, http.client.HTTPException):
                while size < 40 and post(at, request(size, size + 1))[0] == 200:
                    size += 1
                    answered = size
                    time.sleep(0.02)
            running.kill()
        with at_work(tmp_path / "w") as own:
            kept = open_checkpoint(own.seen(SIGNER.name), SIGNER.key).size if own.seen(SIGNER.name) else 0
            assert answered <= kept <= answered + 1, round_
            assert str(own.key) == key
            size = kept


def test_killed_while_it_keeps_a_cosignature_a_home_is_whole_and_asks_again(
    home: Home, eyes: Eyes, write_essay: Callable[..., Path], tmp_path: Path
) -> None:
    submit(home, write_essay())
    eyes.stands_in(home, 2)
    shutil.copytree(home.root, tmp_path / "before")
    lines, home = [each.line for each in witnesses.ask(home)], home.reopened()

    def attempt(write: int) -> bool:
        shutil.rmtree(home.root)
        shutil.copytree(tmp_path / "before", home.root)
        killed = True
        with contextlib.suppress(Killed), killed_at(write, home.root):
            witnesses.keep(home.reopened(), home.register, lines)
            killed = False
        again = Home.at(home.root)
        assert open_checkpoint((again.site / "register/checkpoint").read_text(), eyes.log).size == 1
        witnesses.ask(again)
        assert [sight.size for sight in witnesses.sights(again)] == [1, 1]
        own, public = ((f / "cosigned/1").read_text() for f in (again.hidden / "register", again.site / "register"))
        assert own == public == (again.site / "register/checkpoint").read_text()
        return killed

    assert every_death(attempt) > 5


def test_a_witness_is_one_process_with_one_name_and_says_what_it_lacks(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    with at_work(folder, name="kestrel.example/witness", logs=[SIGNER.key]) as own:
        key = own.key
        with pytest.raises(Error, match="another witness is at work here"), at_work(folder):
            pass
    with at_work(folder) as again:
        assert (again.key, again.logs) == (key, (SIGNER.key,))
    with pytest.raises(Error, match="is called kestrel"), at_work(folder, name="plover.example/witness"):
        pass
    with pytest.raises(Error, match="0x01"), at_work(folder, logs=[key]):
        pass
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    with at_work(folder) as own:
        own.add_checkpoint(request(0, 7))
    (folder / "key").unlink()
    with pytest.raises(Error, match="though it has cosigned"), at_work(folder, name="kestrel.example/witness"):
        pass


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('\n[[witness]]\nname = "none"\nkey = "{key}"\nurl = "https://w.example"\n', "none is no name for a witness"),
        ('\n[[witness]]\nname = "k"\nkey = "{log}"\nurl = "https://w.example"\n', "expected a witness's key"),
        ('\n[[witness]]\nname = "k"\nkey = "k"\nurl = "https://w.example"\n', "expected a verifier key such as"),
        ('\n[[witness]]\nname = "k"\nkey = "{key}"\nurl = "w.example"\n', "expected https:// and a host"),
        ('\n[[witness]]\nname = "k"\nkey = "{key}"\n', "url: is missing"),
        (
            '\n[[witness]]\nname = "k"\nkey = "{key}"\nurl = "https://a.example"\n' * 2,
            "[[witness]] 2 name: is another witness's too",
        ),
    ],
)
def test_a_witness_that_cannot_be_one_is_a_problem_of_the_configuration(home: Home, written: str, problem: str) -> None:
    with (home.root / "archive.toml").open("a") as toml:
        toml.write(written.format(key=cosignature.key(SIGNER), log=SIGNER.key))
    refused = Programs(home).publisher("cosign")
    assert refused.exit_code == 1
    assert problem in refused.stderr


def test_more_than_there_are_cannot_be_asked_for(home: Home) -> None:
    toml = home.root / "archive.toml"
    toml.write_text(toml.read_text().replace("\nsample = true", "\nsample = true\nquorum = 1"))
    assert "expected at most 0, as many as there are witnesses, found 1" in Programs(home).publisher("cosign").stderr


@pytest.fixture
def seen_site(home: Home, eyes: Eyes, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock) -> Path:
    """A published site whose witnesses have seen all of it."""
    eyes.stands_in(home, 2)
    programs = Programs(home)
    programs.publisher("submit", write_essay())
    programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    clock.set("2026-11-06")
    programs.publisher("publish")
    return home.site


def _exchange(site: Path, one: str, other: str) -> None:
    (site / "register/cosigned" / one).write_bytes((site / "register/cosigned" / other).read_bytes())


@pytest.mark.parametrize(
    ("cheat", "says"),
    [
        (lambda s: _exchange(s, "1", "3"), "register/cosigned/1: is the checkpoint of 3 statements"),
        (lambda s: _exchange(s, "9", "3"), "register/cosigned/9: is the checkpoint of 3 statements"),
        (lambda s: _exchange(s, "x", "3"), "register/cosigned/x: is not called by the size"),
        (lambda s: _exchange(s, "03", "3"), "register/cosigned/03: is not called by the size"),
        (lambda s: (s / "register/cosigned/3").write_text("nonsense"), "register/cosigned/3: no log of the policy"),
        (lambda s: (s / "register/cosigned/3").write_bytes(b"\xff"), "register/cosigned/3: "),
        (lambda s: (s / "register/cosigned/sizes").unlink(), "register/cosigned/sizes: is missing"),
        (lambda s: (s / "register/cosigned/sizes").write_text("1\n"), "register/cosigned/sizes: does not list"),
    ],
)
def test_what_is_no_cosigned_checkpoint_of_a_site_is_named(
    seen_site: Path, cheat: Callable[[Path], object], says: str
) -> None:
    assert Programs().publisher("verify", seen_site).exit_code == 0
    cheat(seen_site)
    checked = Programs().publisher("verify", seen_site)
    assert checked.exit_code == 1
    assert says in checked.stderr


def test_a_date_that_its_witnesses_contradict_is_named_first(seen_site: Path, home: Home) -> None:
    """A sample's clock says what it is told to; the witnesses' are real."""
    checked = Programs().publisher("verify", seen_site, "--json")
    facts = json.loads(checked.stdout)
    said = facts["not_proved"][0]
    assert said.startswith("that its dates are right: entry 1 says 2026-11-02T09:00:00Z, and its witnesses saw it come")
    assert f"and {len(facts['contradicted']) - 1} others" in said
    assert {text.split()[1] for text in facts["contradicted"]} == {"1", "3", "4", "5"}, "the review is earlier by right"
    assert home.reopened().register.statement(2).kind == "review"


def test_a_witness_that_says_it_saw_more_before_it_saw_less_is_named(seen_site: Path, home: Home, eyes: Eyes) -> None:
    path = seen_site / "register/cosigned/1"
    note = path.read_text()
    signer = Signer.parse((eyes.root / "kestrel/key").read_text())
    others = [line for line in note.splitlines(keepends=True) if "kestrel" not in line]
    late = cosignature.cosign(signer, cosignature.text_of(note), int(time.time()) + 3600)
    path.write_text("".join(others) + late)
    named = Programs().publisher("verify", seen_site, "--key", home.register.key).stderr
    assert "register/cosigned/3: kestrel saw it before it saw fewer statements: times never run backwards" in named


def test_what_was_cosigned_is_accounted_for_and_brought_back(seen_site: Path, home: Home) -> None:
    programs = Programs(home)
    own, public = home.hidden / "register/cosigned/3", seen_site / "register/cosigned/3"
    good = own.read_bytes()
    for path, damage in (
        (own, good[:-9] + (b"B" if good[-9:-8] == b"A" else b"A") + good[-8:]),
        (public, good + b"x"),
        (public, None),
        (own, None),
        (public.parents[1] / "checkpoint", b"nonsense"),
    ):
        before = path.read_bytes()
        path.unlink()
        if damage is not None:
            path.write_bytes(damage)
        checked = programs.archive("check")
        assert (checked.exit_code, path.relative_to(home.root).as_posix() in checked.stderr) == (1, True), (
            checked.output
        )
        assert programs.archive("check", "--restore").exit_code == 0
        assert path.read_bytes() == before
    for path in (own, public):
        path.write_bytes(b"nonsense")
    assert "is not what was signed and cosigned" in programs.archive("check").stderr


def test_who_the_witnesses_are_is_logged_again_when_it_changes_and_only_then(
    seen_site: Path, home: Home, clock: Clock
) -> None:
    programs = Programs(home)
    size = home.reopened().register.size
    assert "nothing changed" in programs.publisher("publish", "--site").stderr
    toml = home.root / "archive.toml"
    toml.write_text(toml.read_text().replace("quorum = 2", "quorum = 1"))
    assert "newer records change" in programs.publisher("status").stdout
    assert "site/register/policy" in programs.publisher("build").stderr
    assert programs.publisher("publish", "--site").exit_code == 0
    register = home.reopened().register
    kinds = [statement.predicate["kind"] for statement in register.since(size)]
    assert kinds == ["keys", "site"]
    versions = {path.parent.name: path.read_text() for path in seen_site.glob("register/keys/*/policy")}
    assert [text.split("group QUORUM ")[1][0] for _, text in sorted(versions.items())] == ["2", "1"]
    checked = programs.publisher("verify", seen_site, "--key", register.key)
    assert checked.exit_code == 0, checked.stderr
    assert programs.archive("check").exit_code == 0
    (seen_site / "register/policy").write_text(versions[min(versions)])
    named = programs.publisher("verify", seen_site).stderr
    assert "register/policy: is not the one that was logged last before what is shown" in named


def test_a_site_at_its_address_is_checked_with_what_its_witnesses_saw(seen_site: Path, home: Home) -> None:
    with served(seen_site) as address:
        checked = Programs().publisher("verify", f"{address}/", "--key", home.register.key, "--json")
    assert checked.exit_code == 0, checked.stderr
    here = json.loads(Programs().publisher("verify", seen_site, "--key", home.register.key, "--json").stdout)
    assert json.loads(checked.stdout)["times"] == here["times"] != {}
    assert json.loads(checked.stdout)["quorum"] is True


def test_a_home_is_verified_with_the_lines_of_its_witnesses_in_its_site(seen_site: Path, home: Home) -> None:
    checked = Programs().publisher("verify", home.root)
    assert checked.exit_code == 0, checked.stderr
    assert "Of 2 witnesses, 2 have seen all of it." in checked.stdout


def test_every_byte_of_a_cosigned_checkpoint_counts(seen_site: Path) -> None:
    path = seen_site / "register/cosigned/3"
    data = path.read_bytes()
    for at_byte in range(0, len(data), 7):
        flipped = bytearray(data)
        flipped[at_byte] ^= 1
        path.write_bytes(flipped)
        checked = Programs().publisher("verify", seen_site)
        # A line that names nobody known is passed over, as the specification says; whom it then lacks is not counted.
        named = checked.exit_code == 1
        assert named or cosignature.text_of(data.decode()) == cosignature.text_of(flipped.decode())
    path.write_bytes(data)


def test_a_second_history_that_a_witness_signed_is_shown_for_what_it_is(
    seen_site: Path, eyes: Eyes, home: Home
) -> None:
    other = home.signer().sign(str(Checkpoint(home.register.key.name, 3, b"o" * 32)))
    (seen_site / "register/cosigned/3").write_text(other)
    checked = Programs().publisher("verify", seen_site)
    assert "is no beginning of this register: two histories; keep both checkpoints" in checked.stderr


def test_a_register_that_is_locked_keeps_what_was_cosigned_for_the_next_time(
    home: Home, eyes: Eyes, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    eyes.stands_in(home, 2)
    with register.lock(home.hidden / "register"), pytest.raises(Error, match="another command is writing"):
        witnesses.ask(home.reopened())
    assert all(each.line for each in witnesses.ask(home.reopened()))
    (home.hidden / "register/cosigned/1").write_text("x\n\n")
    with pytest.raises(VerificationError):
        witnesses.sights(home.reopened())
