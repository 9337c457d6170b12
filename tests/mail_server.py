"""Mail servers on this machine that behave well or badly, and what reached each."""

import datetime as dt
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class MailServer:
    """Keeps what it has taken. What is set of its answers is said once, then it behaves."""

    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    """What it answers to recipients, one after the other; then it takes them."""
    end: list[str] = field(default_factory=list)
    """What it answers to mails; ``taken`` takes it and closes the connection, ``lost`` closes it and takes nothing."""

    @property
    def address(self) -> str:
        """For `[delivery] smtp`."""
        return f"smtp://localhost:{self.port}"

    def keep(self, eml: bytes, to: Sequence[str]) -> None:
        """Before it says that it did."""
        self.taken.append(eml)
        self.to += to

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        what = self.end.pop(0) if self.end else "250 OK: queued as 4711"
        if what in ("taken", "lost"):
            server.transport.abort()
        if what == "taken" or what.startswith("250"):
            self.keep(envelope.content, envelope.rcpt_tos)
        return what


@dataclass(frozen=True)
class Certificate:
    """Of localhost, by nobody that the system knows."""

    file: Path
    key: Path

    @classmethod
    def made(cls, folder: Path) -> "Certificate":
        private = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(private, hashes.SHA256())
        )
        certificate = cls(folder / "certificate.pem", folder / "key.pem")
        certificate.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        form = serialization.PrivateFormat.PKCS8
        certificate.key.write_bytes(
            private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        )
        return certificate

    @property
    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


@contextmanager
def mail_server(
    certificate: Certificate | None = None,
    *,
    implicit: bool = False,
    password: bytes = b"",
    running: MailServer | None = None,
) -> Iterator[MailServer]:
    """Running; with a certificate it has STARTTLS, or TLS from the first byte; with a password it wants one."""

    def authenticator(server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == password
        return AuthResult(success=good, handled=good)

    running = running or MailServer()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        running.port = free.getsockname()[1]
    options: dict[str, Any] = {}
    if certificate:
        options |= {"ssl_context": certificate.context} if implicit else {"tls_context": certificate.context}
    if certificate and not implicit:
        options["require_starttls"] = True
    if password:
        options |= {"authenticator": authenticator, "auth_required": True, "auth_require_tls": not implicit}
    controller = Controller(running, hostname="127.0.0.1", port=running.port, server_hostname="localhost", **options)
    controller.start()
    try:
        yield running
    finally:
        controller.stop()
