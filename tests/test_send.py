"""Sending an issue: to a real server, once, whatever happens on the way; and what is said of it afterwards."""

import mailbox
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from archive.home.founding import create
from archive.home.home import Home
from publisher.issues.sent import NAME, hand_overs
from publisher.site.cut import essays
from publisher.witness.folder import at_work
from tests.conftest import MAKING, NEWSLETTER, ROOT, Clock, Programs, Reviewer
from tests.files import tree
from tests.mail_server import Certificate, MailServer, mail_server
from tests.served import served
from tests.test_witnesses import serving, table
from tests.tracing import can_trace

LIST = "letters@lists.example.org"
WEEK = "2026-W45"
MUTT = shutil.which("neomutt") or shutil.which("mutt") or ""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.made(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def configure(home: Home, smtp: str, *more: str) -> None:
    path = home.root / "archive.toml"
    text = path.read_text().split("\n[delivery]\n")[0]
    path.write_text("\n".join([text, "[delivery]", f'smtp = "{smtp}"', f'to = "{LIST}"', *more, ""]))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, ada: Reviewer) -> Path:
    """A home whose issue of 2026-W45 is published; copied for each test."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch).set("2026-11-02")
        home = create(folder / "home", name="Example", origin="letters.example.org/register", sample=True)
        for name, text in (("archive.toml", NEWSLETTER), ("allowed_signers", ada.line)):
            with (home.root / name).open("a") as file:
                file.write(text)
        (folder / "draft").mkdir()
        (folder / "draft/essay.md").write_text("They *pause*.\n")
        (folder / "draft/essay.toml").write_text(MAKING)
        programs = Programs(home)
        sign = ("--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
        for typed in (("submit", folder / "draft"), ("review", "draft", *sign), ("publish",)):
            done = programs.publisher(*typed)
            assert not done.exit_code, done.output
    return home.root


@pytest.fixture
def home(published: Path, tmp_path: Path, clock: Clock) -> Home:
    return Home(shutil.copytree(published, tmp_path / "home"))


@pytest.fixture
def issue(home: Home, tmp_path: Path) -> Iterator[Programs]:
    """The same, and where its readers see it."""
    shown = shutil.copytree(home.site, tmp_path / "shown")
    with served(shown) as address:
        path = home.root / "archive.toml"
        path.write_text(path.read_text().replace("https://letters.example.org", address))
        yield Programs(home)


def frozen(home: Home) -> bytes:
    return (home.root / f".archive/issues/{WEEK}/issues/{WEEK}/issue.eml").read_bytes()


def states(home: Home) -> list[str]:
    return [each.state for each in hand_overs(home.reopened(), WEEK)]


def test_an_issue_is_sent_once_and_its_bytes_are_the_frozen_ones(
    issue: Programs, home: Home, server: MailServer
) -> None:
    configure(home, server.address)
    done = issue.publisher("send", WEEK)
    assert (done.exit_code, done.stdout) == (0, f"{WEEK}  sent  {LIST}  by localhost:{server.port}\n"), done.output
    assert "bytes; its HTML part has" in done.stderr
    assert f"{WEEK} was sent to {LIST} (entry 5, 2026-11-02T09:00:00Z: 250 OK: queued as 4711)" in done.stderr
    again = issue.publisher("send")
    assert (again.exit_code, again.stdout.split("  ")[1]) == (0, "sent already")
    assert "nothing changed" in again.stderr
    assert (server.taken, server.to) == ([frozen(home)], [LIST])
    checked = issue.archive("check")
    assert not checked.exit_code, checked.output
    key = str(home.reopened().register.key)
    assert not issue.publisher("verify", home.site, "--key", key).exit_code


def test_the_notice_names_the_bytes_and_the_week_and_nothing_of_the_list(
    issue: Programs, home: Home, server: MailServer
) -> None:
    configure(home, server.address)
    issue.publisher("send", WEEK)
    issue.publisher("send", WEEK, "--again")
    notices = [notice for _, notice in home.reopened().register.of_kind("notice", "sent")]
    assert [dict(notice.predicate) for notice in notices] == [
        {"kind": "sent", "reason": reason, "time": "2026-11-02T09:00:00Z", "week": WEEK}
        for reason in ("first", "again")
    ]
    assert [list(notice.subjects) for notice in notices] == [[f"issues/{WEEK}/issue.eml"]] * 2
    assert server.taken == [frozen(home)] * 2
    public = b"".join(tree(home.site).values())
    assert LIST.encode() not in public


@pytest.mark.skipif(not MUTT, reason="neither neomutt nor mutt on this machine")
def test_who_reads_it_in_mutt_reads_the_text_as_it_was_written(
    issue: Programs, home: Home, server: MailServer, tmp_path: Path
) -> None:
    configure(home, server.address)
    issue.publisher("send", WEEK)
    box = mailbox.mbox(tmp_path / "box")
    box.add(server.taken[0])
    box.close()
    read = 'push "<pipe-message>cat > read.txt<enter><exit>"'
    typed = [
        MUTT,
        "-n",
        "-F",
        "/dev/null",
        "-R",
        "-f",
        "box",
        "-e",
        "set folder=. wait_key=no pipe_decode=yes",
        "-e",
        read,
    ]
    seat, own = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
    running = subprocess.Popen(typed, cwd=tmp_path, env=environment, stdin=own, stdout=own, stderr=own)
    os.close(own)
    with os.fdopen(seat, "rb") as screen, suppress(OSError):  # its end, once nobody is on the other side
        screen.read()
    assert running.wait(20) == 0
    shown = (tmp_path / "read.txt").read_text()
    assert "Subject: On commas\n" in shown
    assert [cut.text for cut in essays(shown.partition("\n")[2].encode())] == [b"They *pause*.\n"]


def test_a_test_goes_to_who_is_named_and_logs_nothing(issue: Programs, home: Home, server: MailServer) -> None:
    configure(home, server.address)
    before = tree(home.root)
    done = issue.publisher("send", WEEK, "--test", "ada@example.org")
    assert (done.exit_code, server.to, server.taken) == (0, ["ada@example.org"], [frozen(home)]), done.output
    assert "nothing was logged" in done.stderr
    refused = issue.publisher("send", WEEK, "--test", LIST.upper())
    assert (refused.exit_code, "is the list itself" in refused.stderr) == (1, True)
    assert issue.publisher("send", WEEK, "--test", "").exit_code == 2
    for wrong in ("ada", "Ada <ada@example.org>", "ada@example.org\nRCPT TO:<x@y>", "größe@example.org"):
        done = issue.publisher("send", WEEK, "--test", wrong)
        assert (done.exit_code, "--test: expected a bare address" in done.stderr) == (1, True), done.output
    assert tree(home.root) == before


def test_a_dry_run_asks_nobody(issue: Programs, home: Home) -> None:
    configure(home, "smtp://localhost:9")
    before = tree(home.root)
    done = issue.publisher("send", "--dry-run")
    assert (done.exit_code, done.stdout) == (0, f"{WEEK}  would send  {LIST}  by localhost:9\n")
    assert tree(home.root) == before


def test_everything_that_is_missing_in_the_configuration_is_said_at_once(issue: Programs) -> None:
    done = issue.publisher("send")
    assert done.exit_code == 1
    assert "archive.toml [delivery] smtp: expected one, found none" in done.stderr
    assert "archive.toml [delivery] to: expected one, found none" in done.stderr


def test_a_week_without_an_issue_and_an_issue_that_is_old_are_not_sent_by_themselves(
    issue: Programs, home: Home, server: MailServer, clock: Clock
) -> None:
    configure(home, server.address)
    assert "the newest is 2026-W45" in issue.publisher("send", "2026-W44").stderr
    clock.set("2026-11-10")
    done = issue.publisher("send")
    assert (done.exit_code, "is more than a week old; name it to send it" in done.stderr) == (1, True)
    assert not server.taken
    assert not issue.publisher("send", WEEK).exit_code


def test_with_starttls_and_a_password_it_arrives(
    issue: Programs, home: Home, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    monkeypatch.setenv("PUBLISHER_SMTP_PASSWORD", "secret")
    with mail_server(certificate, password=b"secret") as server:
        configure(home, f"smtp://ada%40example.org@localhost:{server.port}")
        done = issue.publisher("send", WEEK)
        assert (done.exit_code, server.taken) == (0, [frozen(home)]), done.output


def test_with_tls_from_the_first_byte_it_arrives(
    issue: Programs, home: Home, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with mail_server(certificate, implicit=True) as server:
        configure(home, f"smtps://localhost:{server.port}")
        done = issue.publisher("send", WEEK)
        assert (done.exit_code, server.taken) == (0, [frozen(home)]), done.output


@pytest.mark.parametrize(
    ("scheme", "password", "trusted", "says"),
    [
        ("smtp://ada@", "wrong", True, "the user or the password is wrong: 535"),
        ("smtp://ada@", "größe", True, "has letters that cannot be sent"),
        ("smtp://ada@", None, True, "PUBLISHER_SMTP_PASSWORD"),
        ("smtp://ada@", "secret", False, "its certificate is not good"),
        ("smtps://ada@", "secret", True, "no TLS can be agreed on"),
        ("smtp+plain://", None, True, "the server refuses it: 530"),
    ],
)
def test_what_fails_before_the_mail_is_handed_over_leaves_nothing(
    issue: Programs,
    home: Home,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    password: str | None,
    trusted: bool,
    says: str,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    monkeypatch.delenv("PUBLISHER_SMTP_PASSWORD", raising=False)
    if password is not None:
        monkeypatch.setenv("PUBLISHER_SMTP_PASSWORD", password)
    with mail_server(certificate, password=b"secret") as server:
        configure(home, f"{scheme}localhost:{server.port}")
        before = tree(home.root)
        done = issue.publisher("send", WEEK)
        assert (done.exit_code, says in done.stderr) == (1, True), done.output
        assert (server.taken, tree(home.root)) == ([], before)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        monkeypatch.setenv("PUBLISHER_SMTP_PASSWORD", "secret")
        configure(home, f"smtp://ada@localhost:{server.port}")
        assert not issue.publisher("send", WEEK).exit_code
        assert server.taken == [frozen(home)]


def test_the_password_may_be_in_the_keyring(
    issue: Programs, home: Home, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = pytest.importorskip("keyring", reason="the library keyring is not installed here")
    backend = pytest.importorskip("keyring.backend")

    class Memory(backend.KeyringBackend):  # type: ignore[name-defined,misc]
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return {("localhost", "ada@example.org"): "secret"}.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        monkeypatch.delenv("PUBLISHER_SMTP_PASSWORD", raising=False)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        with mail_server(certificate, password=b"secret") as server:
            configure(home, f"smtp://ada%40example.org@localhost:{server.port}")
            assert not issue.publisher("send", WEEK).exit_code
            assert server.taken == [frozen(home)]
    finally:
        keyring.set_keyring(before)


def test_a_password_never_goes_to_another_machine_in_the_clear(issue: Programs, home: Home) -> None:
    configure(home, "smtp+plain://ada@smtp.example.org")
    assert "in the clear; take smtps:// or smtp://" in issue.publisher("send", WEEK).stderr


def test_a_server_that_is_not_there_leaves_nothing(issue: Programs, home: Home) -> None:
    for address, says in (("smtp://localhost:9", "refused"), ("smtps://nowhere.invalid", "there is no such host")):
        configure(home, address)
        done = issue.publisher("send", WEEK)
        assert (done.exit_code, says in done.stderr) == (1, True), done.output
        assert "nothing was handed over" in done.stderr
    assert states(home) == []


def test_greylisting_leaves_nothing_and_the_next_run_sends(issue: Programs, home: Home, server: MailServer) -> None:
    configure(home, server.address)
    server.rcpt = ["451 4.7.1 Greylisted, come back in five minutes"]
    done = issue.publisher("send", WEEK)
    assert (done.exit_code, "451 4.7.1 Greylisted" in done.stderr, "run it again later" in done.stderr) == (
        1,
        True,
        True,
    )
    assert states(home) == []
    assert not issue.publisher("send", WEEK).exit_code
    assert server.taken == [frozen(home)]


@pytest.mark.parametrize("answer", ["451 4.3.0 Try again", "554 5.7.1 Spam"])
def test_a_mail_that_the_server_refused_at_its_end_is_sent_by_the_next_run_with_a_further_notice(
    issue: Programs, home: Home, server: MailServer, answer: str
) -> None:
    configure(home, server.address)
    server.end = [answer]
    done = issue.publisher("send", WEEK)
    assert (done.exit_code, f"was refused for {LIST}" in done.stderr, answer in done.stderr) == (1, True, True)
    assert "publisher send 2026-W45" in issue.publisher("status").stdout
    assert not issue.publisher("send", WEEK).exit_code
    assert (server.taken, states(home)) == ([frozen(home)], ["refused", "sent"])
    assert home.reopened().register.statements[-1].predicate["reason"] == "refused"


@pytest.mark.parametrize(("end", "arrived"), [("taken", 1), ("lost", 0)])
def test_a_server_that_closes_after_the_mail_leaves_it_not_confirmed_and_only_again_sends_it(
    issue: Programs, home: Home, server: MailServer, end: str, arrived: int
) -> None:
    configure(home, server.address)
    server.end = [end]
    done = issue.publisher("send", WEEK)
    assert (done.exit_code, "not confirmed" in done.stderr, len(server.taken)) == (1, True, arrived), done.output
    for _ in range(2):
        more = issue.publisher("send", WEEK)
        assert (more.exit_code, "only if it has not: publisher send 2026-W45 --again" in more.stderr) == (1, True)
    assert "was handed over, not confirmed" in issue.publisher("status").stdout
    assert len(server.taken) == arrived
    assert not issue.publisher("send", WEEK, "--again").exit_code
    assert (len(server.taken), states(home)) == (arrived + 1, ["not confirmed", "sent"])


def test_the_editor_is_told_of_a_failure_where_nobody_named_a_week(
    issue: Programs, home: Home, server: MailServer
) -> None:
    configure(home, server.address, 'notify = "ines@example.org"')
    server.end = ["taken"]
    done = issue.publisher("send")
    assert (done.exit_code, "note: ines@example.org was told of it by mail" in done.stderr) == (1, True), done.output
    assert server.to == [LIST, "ines@example.org"]
    assert b"not confirmed" in server.taken[1]
    assert issue.publisher("send", WEEK).exit_code == 1
    assert len(server.taken) == 2


def test_an_answer_that_cannot_be_read_any_more_is_none(issue: Programs, home: Home, server: MailServer) -> None:
    configure(home, server.address)
    issue.publisher("send", WEEK)
    for damaged in ("", "[]", '{"a": 1}', "{", '{"a": {"to": "x", "code": "y", "said": "z"}}'):
        (home.root / NAME).write_text(damaged)
        assert states(home) == ["not confirmed"]
        assert issue.publisher("send", WEEK).exit_code == 1
    assert len(server.taken) == 1


def test_two_processes_at_once_send_it_once(issue: Programs, home: Home, server: MailServer) -> None:
    configure(home, server.address)
    typed = [sys.executable, "-m", "publisher", "send", WEEK, "--home", str(home.root)]
    both = [subprocess.Popen(typed, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate()[1] for each in both]
    assert server.taken == [frozen(home)], said
    assert states(home) == ["sent"]
    assert [each.returncode for each in both].count(0) >= 1


@contextmanager
def restored(home: Home, copy: Path) -> Iterator[None]:
    """A backup that is brought back."""
    shutil.copytree(home.root, copy)
    yield
    shutil.rmtree(home.root)
    shutil.copytree(copy, home.root)


def test_a_backup_made_after_the_notice_sends_nothing(
    issue: Programs, home: Home, server: MailServer, tmp_path: Path
) -> None:
    configure(home, server.address)
    server.end = ["taken"]
    issue.publisher("send", WEEK)
    with restored(home, tmp_path / "copy"):
        issue.publisher("send", WEEK, "--again")
    assert issue.publisher("send", WEEK).exit_code == 1
    assert len(server.taken) == 2


def test_a_backup_made_before_it_was_sent_sends_nothing_where_readers_know_more(
    issue: Programs, home: Home, server: MailServer, tmp_path: Path
) -> None:
    configure(home, server.address)
    with restored(home, tmp_path / "copy"):
        issue.publisher("send", WEEK)
        shutil.copytree(home.site, tmp_path / "shown", dirs_exist_ok=True)
    done = issue.publisher("send", WEEK, "--unseen")
    assert (done.exit_code, "was a backup restored?" in done.stderr) == (1, True), done.output
    assert len(server.taken) == 1


def test_a_backup_made_before_it_was_sent_sends_nothing_where_a_witness_knows_more(
    issue: Programs, home: Home, server: MailServer, tmp_path: Path, clock: Clock
) -> None:
    configure(home, server.address)
    witness = at_work(tmp_path / "kestrel", name="kestrel.example/witness", logs=[home.register.key])
    with witness as own, serving(own, []) as address:
        path = home.root / "archive.toml"
        path.write_text(path.read_text() + table("kestrel", own.key, address))
        issue.publisher("cosign")
        with restored(home, tmp_path / "copy"):
            assert not issue.publisher("send", WEEK).exit_code
        clock.set("2026-11-03")
        done = issue.publisher("send", WEEK)
        assert done.exit_code == 1
        assert "nothing was handed over: the witness kestrel HAS SEEN ANOTHER HISTORY" in done.stderr
        assert issue.publisher("send", WEEK).exit_code == 1
    assert len(server.taken) == 1


def test_where_readers_see_no_register_it_is_sent_only_when_that_is_said(
    issue: Programs, home: Home, server: MailServer, tmp_path: Path
) -> None:
    configure(home, server.address)
    shutil.rmtree(tmp_path / "shown")
    done = issue.publisher("send", WEEK)
    assert (done.exit_code, "the server gives no such file; so nobody says whether" in done.stderr) == (1, True)
    assert states(home) == []
    done = issue.publisher("send", WEEK, "--unseen")
    assert (done.exit_code, "so nobody said whether" in done.stderr, len(server.taken)) == (0, True, 1)


def test_an_issue_that_readers_do_not_see_yet_is_sent_with_a_word_about_it(
    issue: Programs, home: Home, server: MailServer, tmp_path: Path
) -> None:
    configure(home, server.address)
    note = (home.root / ".archive/register/checkpoints/1").read_bytes()
    (tmp_path / "shown/register/checkpoint").write_bytes(note)
    done = issue.publisher("send", WEEK)
    assert (done.exit_code, "does not show 2026-W45 yet, and the mail leads there" in done.stderr) == (0, True)


@pytest.mark.skipif(not can_trace(), reason="nothing can be run under strace here")
def test_a_run_that_is_killed_or_cut_off_sends_it_once_or_says_that_nobody_knows() -> None:
    asked = [sys.executable, "-m", "tests.torture.sending", "--sample", os.environ.get("TORTURE_SAMPLE") or "8"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, f"TORTURE_SEED={os.environ['TORTURE_SEED']}\n{done.stdout}{done.stderr}"


def test_a_mail_that_was_changed_or_withdrawn_is_not_sent(issue: Programs, home: Home, server: MailServer) -> None:
    configure(home, server.address)
    place = home.root / f".archive/issues/{WEEK}/issues/{WEEK}/issue.eml"
    before = place.read_bytes()
    place.write_bytes(before.replace(b"pause", b"paw"))
    done = issue.publisher("send", WEEK)
    assert (done.exit_code, "issue.eml: is not what was frozen" in done.stderr) == (1, True)
    place.write_bytes(before)
    issue.publisher("withdraw", "draft", "--reason", "model-request")
    done = issue.publisher("send", WEEK)
    assert (done.exit_code, "its mail was withdrawn" in done.stderr) == (1, True)
    assert not server.taken


def test_status_says_what_is_to_be_sent(issue: Programs, home: Home, server: MailServer) -> None:
    assert "send" not in issue.publisher("status").stdout
    configure(home, server.address)
    assert "to do: an editor sends 2026-W45: publisher send 2026-W45" in issue.publisher("status").stdout
    issue.publisher("send", WEEK)
    assert "send" not in issue.publisher("status").stdout
