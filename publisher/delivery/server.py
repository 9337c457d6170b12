"""A mail server: how it is reached, who signs in there, and what it answers, in sentences.

::

    smtps://user@host:465       TLS from the first byte (RFC 8314)
    smtp://user@host:587        STARTTLS, insisted on; on this machine itself only where it is offered
    smtp+plain://host:25        neither, and no password

Certificates are checked as the system does; ``SSL_CERT_FILE`` names other authorities. The password is in
``PUBLISHER_SMTP_PASSWORD``, or in the keyring under the host's name where the library ``keyring`` is installed.
"""

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote

from archive.errors import Error
from archive.home.configuration import SMTP_ADDRESS
from publisher.issues.sent import Answer
from publisher.verify.address import is_here
from publisher.verify.message import shown

PASSWORD = "PUBLISHER_SMTP_PASSWORD"
PATIENCE = 60.0
"""Seconds that a server may say nothing."""
LAST_PATIENCE = 600.0
"""The same once it has the whole mail: who leaves earlier makes it arrive twice (RFC 5321, 4.5.3.2.6)."""
_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over."""

    scheme: str
    host: str
    port: int
    user: str | None
    typed: str = field(default="", repr=False)
    """The password, where a person was asked for it; else it is where the system keeps it."""

    @classmethod
    def parse(cls, address: str) -> "Server":
        """``smtps://letters%40example.org@smtp.example.org:465``. Raises `Error`."""
        found = re.fullmatch(SMTP_ADDRESS, address)
        if not found:
            raise Error(f"[delivery] smtp: expected an address such as smtps://ada@example.org, found {address!r}")
        scheme, user, host = found["scheme"], found["user"], found["host"].strip("[]")
        server = cls(scheme, host, int(found["port"] or _PORTS[scheme]), unquote(user) if user else None)
        if server.port > 65535:
            raise Error(f"[delivery] smtp: expected a port up to 65535, found {server.port}")
        if scheme == "smtp+plain" and user and not is_here(host):
            raise Error(f"[delivery] smtp: {user}'s password would go to {host} in the clear; take smtps:// or smtp://")
        return server

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


@contextmanager
def session(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection on which somebody has signed in. Raises `Error`, saying what the server said.

    It ends politely only where nothing was raised: in the middle of a mail, a farewell would be part of it.
    """
    try:
        smtp = _connected(server)
    except (OSError, smtplib.SMTPException) as error:
        raise Error(f"{server.place}: {reason(error)}; nothing was handed over") from None
    try:
        yield smtp
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    finally:
        smtp.close()


def _connected(server: Server) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if server.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=secure)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.scheme == "smtp" and (smtp.has_extn("starttls") or not is_here(server.host)):
            smtp.starttls(context=secure)
            smtp.ehlo_or_helo_if_needed()
        if server.user:
            _sign_in(smtp, server.host, server.user, server.typed)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _sign_in(smtp: smtplib.SMTP, host: str, user: str, typed: str) -> None:
    secret = typed or password(host, user)
    if secret is None:
        raise Error(f"{host}: expected the password of {user} in {PASSWORD} or in the keyring, found none")
    try:
        smtp.login(user, secret)
    except UnicodeEncodeError:
        raise Error(f"{host}: the name or the password of {user} has letters that cannot be sent; ASCII can") from None


def password(host: str, user: str) -> str | None:
    """From the environment, else from the keyring, where there is one."""
    if (given := os.environ.get(PASSWORD)) is not None:
        return given
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        kept: str | None = keyring.get_password(host, user)
    except KeyringError as error:
        raise Error(f"the keyring gives no password of {user} for {host}: {error}; or set {PASSWORD}") from None
    return kept


def envelope(smtp: smtplib.SMTP, sender: str, to: str, size: int) -> None:
    """Say from whom to whom a mail goes that is to follow. Raises `Error`: nothing was handed over then."""
    options = [f"size={size}"] if smtp.has_extn("size") else []
    try:
        _agreed(sender, smtp.mail(sender, options))
        _agreed(to, smtp.rcpt(to))
    except UnicodeEncodeError:
        raise Error(f"{sender}: expected an address in ASCII; write its domain as xn--…") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Error(f"{to}: {reason(error)}; nothing was handed over") from None


def _agreed(address: str, reply: tuple[int, bytes]) -> None:
    code, said = reply
    if code not in (250, 251):
        later = "; run it again later" if 400 <= code <= 499 else ""
        raise Error(f"{address}: the server refuses it: {code} {_words(said)}; nothing was handed over{later}")


def hand_over(smtp: smtplib.SMTP, to: str, eml: bytes) -> Answer:
    """Give the mail, and wait for what the server says in the end. Raises nothing that a server can cause."""
    try:
        if smtp.sock:
            smtp.sock.settimeout(LAST_PATIENCE)
        code, said = smtp.data(eml)
    except smtplib.SMTPDataError as error:  # it did not want to begin: not a byte of the mail was sent
        return Answer(to, error.smtp_code if 400 <= error.smtp_code <= 599 else 500, _words(error.smtp_error))
    except (OSError, smtplib.SMTPException) as error:
        return Answer(to, 0, reason(error))
    if smtp.sock:
        smtp.sock.settimeout(PATIENCE)
    return Answer(to, code if code > 0 else 0, _words(said))


def deliver(server: Server, sender: str, to: str, eml: bytes) -> Answer:
    """A mail that may arrive twice: signed in, handed over, and taken. Raises `Error`."""
    with session(server) as smtp:
        envelope(smtp, sender, to, len(eml))
        answer = hand_over(smtp, to, eml)
        if answer.state != "sent":
            raise Error(f"{to}: the mail was {answer.state}: {answer.code or ''} {answer.said}".replace("  ", " "))
    return answer


def reason(error: Exception) -> str:
    """Why no mail could be handed over, without a full stop."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"the user or the password is wrong: {error.smtp_code} {_words(error.smtp_error)}"
        case smtplib.SMTPResponseException():
            return f"the server answers {error.smtp_code} {_words(error.smtp_error)}"
        case smtplib.SMTPServerDisconnected():
            return "the server closed the connection"
        case smtplib.SMTPException():
            return shown(str(error))
        case ssl.SSLCertVerificationError():
            return f"its certificate is not good: {error.verify_message}"
        case ssl.SSLError():
            return f"no TLS can be agreed on: {error.reason or error}"
        case socket.gaierror():
            return "there is no such host"
        case TimeoutError():
            return "nobody answers there"
    return shown(getattr(error, "strerror", None) or str(error)).lower()


def _words(said: bytes | str) -> str:
    return shown(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)
