"""Reviewers' signatures: ``ssh-keygen -Y`` (PROTOCOL.sshsig), and ``allowed_signers``, which says whose keys count.

An allowed signer, with the time its key is good for::

    ada@example.org namespaces="review@example.org",valid-after="20260101000000Z" ssh-ed25519 AAAAC3…
"""

import base64
import binascii
import contextlib
import datetime as dt
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error, Malformed, Problem, VerificationError

from .note import decode64

_FIELD = re.compile(r'(?:"[^"]*"|[^\s"])+')
_OPTION = re.compile(r'([a-z-]+)(?:="([^"]*)")?')
_TIME = re.compile(r"\d{8}(\d{4}(\d\d)?)?Z")
_ARMOR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END SSH SIGNATURE-----\n?")


@dataclass(frozen=True, slots=True)
class AllowedSigner:
    """One line of ``allowed_signers``."""

    name: str
    """Principal: ``ada@example.org``."""
    fingerprint: str
    """``SHA256:`` and the unpadded base64 of the public key's SHA-256, as ``ssh-keygen -l`` prints it."""
    options: dict[str, str]


def fingerprint(public: bytes) -> str:
    """Of a public key blob: ``SHA256:…``."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(public).digest()).decode().rstrip("=")


def parse_allowed(data: bytes) -> tuple[list[AllowedSigner], list[Problem]]:
    """The signers, and everything that is wrong with the file."""
    signers, problems = [], []
    for row, line in enumerate(data.decode(errors="replace").split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        fields = _FIELD.findall(line)
        try:
            keys = [i for i, x in enumerate(fields) if x.startswith(("ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"))]
            key = keys[0]
            public = base64.b64decode(fields[key + 1], validate=True)
            if key not in (1, 2):
                raise IndexError
        except (IndexError, binascii.Error, ValueError):
            expected = "expected «name options key-type key», found " + repr(line[:60])
            problems.append(Problem(f"allowed_signers:{row}", expected, "put one signer a line, as ssh-keygen(1) says"))
            continue
        options = {m[1]: m[2] or "" for m in _OPTION.finditer(fields[1])} if key == 2 else {}
        for option in ("valid-after", "valid-before"):
            if option in options and not _TIME.fullmatch(options[option]):
                found = f'expected {option}="20260101000000Z" in UTC with a Z, found {options[option]!r}'
                problems.append(
                    Problem(f"allowed_signers:{row}", found, "without the Z it means another time elsewhere")
                )
        signers += [AllowedSigner(name, fingerprint(public), options) for name in fields[0].strip('"').split(",")]
    return signers, problems


def signature_key(signature: bytes) -> str:
    """Fingerprint of the key that made an armored SSH signature. Raises `Malformed`."""
    return fingerprint(_fields(signature)[0])


def signature_namespace(signature: bytes) -> str:
    """The namespace an armored SSH signature was made in. Raises `Malformed`."""
    return _fields(signature)[1].decode(errors="replace")


def _fields(signature: bytes) -> tuple[bytes, bytes]:
    """Public key and namespace of a signature (PROTOCOL.sshsig).

    Stricter than ssh-keygen, which passes over what follows the last line: nothing unsigned may stand in the file.
    """
    try:
        form = _ARMOR.fullmatch(signature)
        blob = decode64(form[1].decode().replace("\n", "") if form else "", "an SSH signature")
        if blob[:10] != b"SSHSIG\0\0\0\1":
            raise ValueError
        key, rest = _string(blob[10:])
        namespace, _ = _string(rest)
    except (ValueError, Malformed):
        raise Malformed("expected an SSH signature (-----BEGIN SSH SIGNATURE-----), found something else") from None
    return key, namespace


def _string(data: bytes) -> tuple[bytes, bytes]:
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 + length:
        raise ValueError
    return data[4 : 4 + length], data[4 + length :]


def key_fingerprint(key: Path) -> str:
    """Fingerprint of a key file, private or public. Raises `Error`."""
    if not key.is_file():
        raise Error(f"{key}: expected an SSH key, found no file; `ssh-keygen -t ed25519 -f {key}` makes one")
    return _run(["-l", "-E", "sha256", "-f", str(key)], f"{key}: expected an SSH key").split()[1]


def sign(data: bytes, key: Path, namespace: str) -> bytes:
    """The armored signature; a passphrase is asked for on the terminal. Raises `Error`."""
    return _run(["-Y", "sign", "-f", str(key), "-n", namespace], f"{key}: expected a key that signs", data).encode()


def verify(data: bytes, signature: bytes, allowed: bytes, namespace: str, time: dt.datetime) -> str:
    """Who signed `data`, by a key that `allowed` (allowed_signers) accepts at `time`. Raises `VerificationError`."""
    key = signature_key(signature)
    names = [signer.name for signer in parse_allowed(allowed)[0] if signer.fingerprint == key]
    if not names:
        raise VerificationError(f"the signing key {key} is not listed in allowed_signers")
    said = []
    with _open(allowed) as listed, _open(signature) as signed:
        arguments = ["-Y", "verify", "-f", f"/dev/fd/{listed}", "-n", namespace, "-s", f"/dev/fd/{signed}"]
        arguments += [f"-Overify-time={time.astimezone(dt.UTC):%Y%m%d%H%M%SZ}", "-I"]
        for name in dict.fromkeys(names):  # one key can have had several names, each for a time of its own
            for handle in (listed, signed):
                os.lseek(handle, 0, os.SEEK_SET)
            try:
                _run([*arguments, name], f"the signature of {name} ({key})", data, (listed, signed))
            except Error as error:
                said.append(str(error))
            else:
                return name
    raise VerificationError("; ".join(said))


@contextlib.contextmanager
def _open(data: bytes) -> Iterator[int]:
    """An open file that holds `data` and has no name, so that nothing is left of it when a command is killed."""
    if hasattr(os, "memfd_create"):
        file = open(os.memfd_create("data"), "w+b", buffering=0)  # noqa: SIM115
    else:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
    with file:
        file.write(data)
        yield file.fileno()


def _run(arguments: Sequence[str], what: str, stdin: bytes | None = None, handles: Sequence[int] = ()) -> str:
    try:
        done = subprocess.run(
            ["ssh-keygen", *arguments],
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
            env=os.environ | {"TZ": "UTC"},
            pass_fds=handles,
            check=False,
        )
    except ValueError:  # a zero byte, which no argument can hold
        raise Error(f"{what}: expected text, found a zero byte in it") from None
    except FileNotFoundError:
        raise Error("ssh-keygen is not installed; it comes with OpenSSH (package openssh-client)") from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise Error(f"{what}; ssh-keygen says: {said[-1] if said else 'nothing'}")
    return done.stdout.decode(errors="replace")
