"""Errors at the door: what our rules or the operating system refuse is told to a person in sentences, here and once."""

import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from archive.cli.interrupt import heard
from archive.errors import Error, Problem, Refused, VerificationError


@contextmanager
def errors_shown() -> Iterator[None]:
    """Shows an `Error`, or what the operating system answered, as a person reads it, and exits with 1.

    Anything else that is raised is a bug.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")  # a file's name comes out as it is, UTF-8 or not
    try:
        with _terminable():
            yield
        return
    except KeyboardInterrupt:
        raise _stopped(signal.SIGINT) from None
    except _Terminated:
        raise _stopped(signal.SIGTERM) from None
    except click.Abort as abort:
        if isinstance(abort.__context__, KeyboardInterrupt):  # Ctrl-C at a question
            raise _stopped(signal.SIGINT) from None
        raise
    except Refused as refused:
        problems(refused.problems)
    except Error as error:
        click.echo("; ".join([str(error), *getattr(error, "__notes__", ())]), err=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the reader went away, as `| head` does
    except OSError as error:
        click.echo(answer(error), err=True)
    raise click.exceptions.Exit(1)


class _Terminated(BaseException):
    """SIGTERM came: what is open is closed, scratch files are taken away, as after Ctrl-C."""


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends what runs in it as Ctrl-C would, unless it is ignored or somebody else's already."""

    def end(number: int, frame: object) -> None:
        raise _Terminated

    main = threading.current_thread() is threading.main_thread()
    ours = main and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if main:
        heard()
    if ours:
        signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _stopped(by: signal.Signals) -> click.exceptions.Exit:
    """130 or 143, as a shell counts it."""
    click.echo("stopped; what was not logged did not happen: run it again", err=True)
    return click.exceptions.Exit(128 + by)


REMEDIES = {
    errno.EACCES: "let yourself read and write there (chmod, chown), or name another place",
    errno.EPERM: "let yourself read and write there (chmod, chown), or name another place",
    errno.EROFS: "it can only be read: name another place",
    errno.ENOENT: "look at its name; what was filed, `archive check` names where it is missing",
    errno.EISDIR: "a file belongs there: move the folder away",
    errno.ENOTDIR: "a folder is expected there: move the file away, or name another place",
    errno.EEXIST: "move it away, or name another place",
    errno.ENOTEMPTY: "empty it, or name another place",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "its links lead round in a circle: take one away",
    errno.ENOSPC: "make room, then run it again",
    errno.EDQUOT: "make room, then run it again",
    errno.EIO: "the disk may be failing: look after it, then run it again",
    errno.EMFILE: "allow more open files (ulimit -n)",
}
"""What to do about what the operating system answers."""


def answer(error: OSError) -> str:
    """What the operating system answered, as one sentence: ``essay.md: permission denied; nothing was logged; let …``.

    With its path, what became of the command (its notes say so), and what to do.
    """
    paths = [os.fsdecode(path) for path in (error.filename, error.filename2) if isinstance(path, str | bytes)]
    said = error.strerror or str(error) or type(error).__name__
    told = [said[:1].lower() + said[1:], *getattr(error, "__notes__", ())]
    told += [REMEDIES[error.errno]] if error.errno in REMEDIES else []
    return " → ".join(paths) + (": " if paths else "") + "; ".join(told)


@contextmanager
def verification() -> Iterator[None]:
    """For what checks: whatever is not what was logged, or cannot be parsed, is not verified. Raises `Error`."""
    try:
        yield
    except VerificationError as error:
        raise Error(f"NOT VERIFIED: {error}") from None


def notes(found: Iterable[Problem]) -> None:
    """What a person should know though nothing was refused, each once, on stderr."""
    for problem in dict.fromkeys(found):
        click.echo(f"note: {problem}", err=True)


def problems(found: Sequence[Problem], consequence: str = "") -> None:
    """Each on a line of its own, on stderr; how many where it is more than one; what came of it, if that is said."""
    for problem in found:
        click.echo(str(problem), err=True)
    count = f"{len(found)} problem{'s' if len(found) > 1 else ''}"
    if consequence:
        click.echo(f"{count}; {consequence}", err=True)
    elif len(found) > 1:
        click.echo(count, err=True)
