"""``publisher send`` killed at each of its system calls, or a call of the network failing, and run again, undisturbed.

Whatever happens, the mail arrives once, or not at all and the second run says that it is not confirmed: never twice.
``python -m tests.torture.sending`` tries each call from the first that speaks to a server on; ``--sample N`` tries N of
them, chosen by ``--seed``.
"""

import argparse
import os
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from tests.mail_server import MailServer, mail_server
from tests.served import served
from tests.torture.process import calls, preload
from tests.torture.stage import Stage, founded, place

SEND = ("publisher", "send", "2026-W48")
KILL = "signal=KILL"
BROKEN = ("error=ECONNRESET", "error=EPIPE", "error=ETIMEDOUT")
NETWORK = ("sendto", "recvfrom", "connect", "poll")
Point = tuple[str, int, str]
"""A call, which of those of its name it is, and what is done there."""


class Kept(MailServer):
    """Keeps what it has taken where another process sees it."""

    folder: Path

    def keep(self, eml: bytes, to: Sequence[str]) -> None:
        (self.folder / f"{len(list(self.folder.iterdir()))}.eml").write_bytes(eml)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.torture.sending", description=__doc__)
    parser.add_argument("--sample", type=int, metavar="N", help="try N points, else all")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("TORTURE_SEED", "1")), help="for the sample")
    given = parser.parse_args()
    root = place()
    try:
        founded(root)
        arrived = root / "arrived"
        arrived.mkdir()
        with _served(root, arrived) as (mail, web):
            preload()
            _configure(root / "template/home/archive.toml", mail, web)
            stage = Stage(root)
            points = [*_points(stage, arrived)]
            chosen = random.Random(given.seed).sample(points, min(given.sample or len(points), len(points)))
            came: Counter[str] = Counter()
            failed = []
            for point in chosen:
                outcome, wrong = _tried(stage, arrived, point)
                came[outcome] += 1
                if wrong:
                    failed.append(point)
                    click.echo(f"{point}: {wrong}")
    finally:
        shutil.rmtree(root)
    told = ", ".join(f"{count} {what}" for what, count in sorted(came.items()))
    click.echo(f"{len(chosen)} points of {len(points)}: {told}; {len(failed)} failures")
    return 1 if failed else 0


@contextmanager
def _served(root: Path, arrived: Path) -> Iterator[tuple[int, str]]:
    """A mail server and the published site, in a process of their own: a mail's port, the site's address."""
    source, target = os.pipe()
    child = os.fork()
    if not child:
        running = Kept()
        running.folder = arrived
        with mail_server(running=running), served(root / "template/home/site") as web:
            os.write(target, f"{running.port} {web}\n".encode())
            os.close(target)
            signal.pause()
    os.close(target)
    try:
        with os.fdopen(source) as said:
            port, web = said.readline().split()
        yield int(port), web
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _configure(file: Path, port: int, web: str) -> None:
    text = file.read_text().replace("https://letters.example.org", web)
    file.write_text(f'{text}\n[delivery]\nsmtp = "smtp://localhost:{port}"\nto = "letters@lists.example.org"\n')


def _points(stage: Stage, arrived: Path) -> Iterator[Point]:
    """Every call of an undisturbed run from the first that speaks to a server on."""
    trace = stage.root / "trace"
    stage.set("template")
    done = stage.run(SEND, "-o", str(trace))
    assert (done.code, len(list(arrived.iterdir()))) == (0, 1), done.err
    count: Counter[str] = Counter()
    speaking = False
    for call, _ in calls(trace.read_text()):
        count[call] += 1
        speaking = speaking or call == "connect"
        if speaking and call != "exit_group":
            yield call, count[call], KILL
            if call in NETWORK:
                yield call, count[call], BROKEN[count[call] % len(BROKEN)]


def _tried(stage: Stage, arrived: Path, point: Point) -> tuple[str, str]:
    """What came of the two runs, and what is wrong with that."""
    call, nth, what = point
    for mail in arrived.iterdir():
        mail.unlink()
    stage.set("template")
    first = stage.run(SEND, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={nth}")
    once = len(list(arrived.iterdir()))
    again = stage.run(SEND)
    twice = len(list(arrived.iterdir()))
    outcome = f"{twice} arrived, {'confirmed' if not again.code else 'not confirmed'}"
    said = f"{once} then {twice} arrived; {first.code} {first.err[-300:]!r}, then {again.code} {again.err[-300:]!r}"
    if what == KILL and first.code not in (137, 0):
        return outcome, said
    if not again.code:
        return outcome, "" if twice == 1 else said
    told = "not confirmed" in again.err and "--again" in again.err
    return outcome, "" if twice <= 1 and twice == once and told else said


if __name__ == "__main__":
    sys.exit(main())
