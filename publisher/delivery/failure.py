"""Telling the editor by mail that what nobody watched has failed."""

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from archive.errors import Error
from archive.home.home import Home
from publisher.delivery.server import Server, deliver
from publisher.issues.source import newsletter


@contextmanager
def told(home: Home, command: str, say: Callable[[str], object]) -> Iterator[None]:
    """Mails whatever is raised to ``[delivery] notify``, if there is one, and raises it again: nothing is hidden.

    `command` is what was run; `say` is given a sentence on how the mail went.
    """
    try:
        yield
    except Exception as error:
        try:
            if to := home.configuration.delivery.notify:
                _mail(home, to, command, error)
                say(f"{to} was told of it by mail")
        except (Error, OSError, ValueError) as failed:
            say(f"nobody was told of it by mail: {failed}")
        raise


def _mail(home: Home, to: str, command: str, error: Exception) -> None:
    """Raises `Error`, `OSError`, or `ValueError` where it cannot be put into a mail."""
    delivery, letter = home.configuration.delivery, newsletter(home)
    if not delivery.smtp:
        raise Error("archive.toml [delivery] smtp: expected one, found none")
    now = dt.datetime.now(dt.UTC)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = letter.sender, to
    mail["Subject"] = f"{letter.title}: {command} has failed"
    mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain=letter.list_id)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    mail.set_content(_words(home, command, error, now))
    deliver(Server.parse(delivery.smtp), parseaddr(letter.sender)[1], to, bytes(mail))


def _words(home: Home, command: str, error: Exception, now: dt.datetime) -> str:
    said = str(error) or type(error).__name__
    return (
        f"{command} failed on {socket.gethostname()} at {now:%Y-%m-%d %H:%M} UTC, in {home.root}:\n\n"
        f"{said}\n\n"
        "What was done before it stands. `publisher status` says who must act.\n"
    )
