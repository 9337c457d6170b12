"""Reviewers' signatures (PROTOCOL.sshsig), and ``allowed_signers``, which says whose keys count.

An allowed signer, with the time its key is good for::

    ada@example.org namespaces="review@example.org",valid-after="20260101000000Z" ssh-ed25519 AAAAC3…

Both are accepted as ``ssh-keygen -Y verify`` does, or more strictly: nothing unsigned may stand in a signature, names
and namespaces are no patterns, times are in UTC, and a list with anything wrong in it accepts nobody.
"""

import base64
import contextlib
import datetime as dt
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.errors import Error, Malformed, Problem, VerificationError

from . import sshkey
from .note import decode64

_LINE = re.compile(
    r'[ \t]*(?P<names>"[^"\\]*"|[^\s"]+)[ \t]+'
    r'(?:(?P<options>[a-z-]+(?:="[^"\\]{0,1000}")?(?:,[a-z-]+(?:="[^"\\]{0,1000}")?)*)[ \t]+)?'
    r"(?P<kind>(?:sk-)?(?:ssh|ecdsa)-[!-~]+)[ \t]+(?P<key>[A-Za-z0-9+/]+=*)(?:[ \t][ -\U0010ffff\t]*)?\r?"
)
_NAME = re.compile(r"[^,!*?\x00-\x1f\x7f\ufffd]{1,200}")
_NAMESPACES = re.compile(r"[^,!\x00-\x1f\x7f\ufffd]+(,[^,!\x00-\x1f\x7f\ufffd]+)*")
_OPTION = re.compile(r'([a-z-]+)(?:="([^"]*)")?')
_KNOWN = {"namespaces", "valid-after", "valid-before"}
_TIMES = {9: "%Y%m%dZ", 13: "%Y%m%d%H%MZ", 15: "%Y%m%d%H%M%SZ"}
_ARMOR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END SSH SIGNATURE-----\n?")
_LARGEST = 1 << 16
"""Bytes of a signature, of whatever kind."""
_PERSON = 120
"""Seconds in which a passphrase is typed, or a key of hardware is touched."""
_AGENT = 10
"""Seconds in which ssh-agent says what it holds."""
_MAGIC = b"SSHSIG"
_VERSION = b"\0\0\0\1"
_HASHES = (b"sha256", b"sha512")


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
    signers: list[AllowedSigner] = []
    problems: list[Problem] = []
    for row, line in enumerate(data.decode(errors="replace").split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        place = f"allowed_signers:{row}"
        form = _LINE.fullmatch(line)
        public = _public(form["kind"], form["key"]) if form else b""
        if not form or not public:
            expected = "expected «name options key-type key», found " + repr(line[:60])
            problems.append(Problem(place, expected, "put one signer a line, as ssh-keygen(1) says"))
            continue
        given = [(each[1], each[2] or "") for each in _OPTION.finditer(form["options"] or "")]
        names = form["names"].strip('"').split(",")
        problems += [Problem(place, *fault) for fault in _faults(names, given)]
        signers += [AllowedSigner(name, fingerprint(public), dict(given)) for name in names]
    return signers, problems


def _public(kind: str, key: str) -> bytes:
    """The blob of a key on a line; empty where it is none of that kind."""
    try:
        public = decode64(key, "a key")
        return public if sshkey.strings(public)[0] == kind.encode() and "-cert-" not in kind else b""
    except (Malformed, ValueError, IndexError):
        return b""


def _faults(names: Sequence[str], given: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What is wrong with the names and the options of a line, and the remedy."""
    for name in names:
        if not _NAME.fullmatch(name):
            yield f"expected the name of a person, found {name[:60]!r}", "list each reviewer by a name of their own"
    for option, value in given:
        if option not in _KNOWN or [each for each, _ in given].count(option) > 1:
            yield f"expected namespaces, valid-after or valid-before, each once, found {option}", "take it out"
        elif option == "namespaces" and not _NAMESPACES.fullmatch(value):
            yield f"expected the names of namespaces, found {value[:60]!r}", "list them with commas between them"
        elif option != "namespaces" and _time(value) is None:
            found = f'expected {option}="20260101000000Z" in UTC with a Z, found {value!r}'
            yield found, "without the Z it means another time elsewhere"
    start, end = (_time(dict(given).get(option, "")) for option in ("valid-after", "valid-before"))
    if start and end and end <= start:
        yield "expected valid-before later than valid-after, found it earlier", "exchange them"


@lru_cache(maxsize=256)
def _time(text: str) -> dt.datetime | None:
    """``20260101000000Z``, with or without seconds, or a day; from 1971 on, since ssh-keygen takes 1970 for never."""
    try:
        time = dt.datetime.strptime(text, _TIMES[len(text)]).replace(tzinfo=dt.UTC)
    except (KeyError, ValueError):
        return None
    return time if time.year > 1970 and text.isascii() and text[:-1].isdecimal() else None


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands in an armored SSH signature (PROTOCOL.sshsig 2)."""

    public: bytes
    """The key that made it, as SSH writes it."""
    namespace: bytes
    algorithm: str
    """With which what was signed was hashed first: ``sha512``."""
    signed: bytes
    """The signature itself, as SSH writes it."""

    @classmethod
    @lru_cache(maxsize=1)  # several things are asked of one after the other
    def parse(cls, armored: bytes) -> "Signature":
        """Raises `Malformed`.

        Stricter than ssh-keygen, which passes over what follows the last line, over the reserved field, and over
        versions before the first: nothing unsigned may stand in the file.
        """
        try:
            form = _ARMOR.fullmatch(armored) if len(armored) <= _LARGEST else None
            blob = decode64(form[1].decode().replace("\n", "") if form else "", "an SSH signature")
            public, namespace, reserved, algorithm, signed = sshkey.strings(blob[10:])
            if blob[:10] != _MAGIC + _VERSION or reserved or not namespace or b"\0" in namespace:
                raise ValueError
            if algorithm not in _HASHES:
                raise ValueError
            return cls(public, namespace, algorithm.decode(), signed)
        except (ValueError, Malformed):
            raise Malformed("expected an SSH signature (-----BEGIN SSH SIGNATURE-----), found something else") from None

    def message(self, data: bytes) -> bytes:
        """What the key signed of `data` (PROTOCOL.sshsig 3)."""
        digest = hashlib.new(self.algorithm, data).digest()
        return _MAGIC + b"".join(map(sshkey.string, (self.namespace, b"", self.algorithm.encode(), digest)))


def signature_key(signature: bytes) -> str:
    """Fingerprint of the key that made an armored SSH signature. Raises `Malformed`."""
    return fingerprint(Signature.parse(signature).public)


def signature_kind(signature: bytes) -> str:
    """What ssh-keygen calls the kind of key that made an armored SSH signature: ``ED25519``. Raises `Malformed`."""
    kind = sshkey.kind(Signature.parse(signature).public)
    known = next((name for name in ("ed25519", "ecdsa", "rsa") if name in kind), kind)
    return known.upper() + ("-SK" if kind.startswith("sk-") else "")


def signature_namespace(signature: bytes) -> str:
    """The namespace an armored SSH signature was made in. Raises `Malformed`."""
    return Signature.parse(signature).namespace.decode(errors="replace")


def key_fingerprint(key: Path) -> str:
    """Fingerprint of a key file, private or public. Raises `Error`."""
    if not key.is_file():
        raise Error(f"{key}: expected an SSH key, found no file; `ssh-keygen -t ed25519 -f {key}` makes one")
    return _run(["-l", "-E", "sha256", "-f", str(key)], f"{key}: expected an SSH key").split()[1]


def sign(data: bytes, key: Path, namespace: str) -> bytes:
    """The armored signature; a passphrase is asked for on the terminal. Raises `Error`."""
    return _run(["-Y", "sign", "-f", str(key), "-n", namespace], f"{key}: expected a key that signs", data).encode()


def sign_apart(data: bytes, key: Path, namespace: str) -> bytes:
    """The same for a program that nobody types to: a passphrase is asked for in a window, where ``SSH_ASKPASS`` or a
    screen is there for one, and nowhere else. What ssh-agent holds needs none. Raises `Error`."""
    what = f"{key}: expected a key that needs no passphrase, or one that ssh-agent holds (`ssh-add {key}`)"
    return _run(["-Y", "sign", "-f", str(key), "-n", namespace], what, data, apart=True).encode()


def is_locked(key: Path) -> bool:
    """Whether the private half in a file needs a passphrase."""
    try:
        _run(["-y", "-P", "", "-f", str(key)], str(key), apart=True)
    except Error as error:
        return "passphrase" in str(error)
    return False


def agent_keys() -> list[str]:
    """The public keys that ssh-agent holds, as ``ssh-add -L`` prints them; none where there is no agent."""
    try:
        done = subprocess.run(
            ["ssh-add", "-L"], stdin=subprocess.DEVNULL, capture_output=True, timeout=_AGENT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.decode(errors="replace").splitlines() if done.returncode == 0 else []


def verify(data: bytes, signature: bytes, allowed: bytes, namespace: str, time: dt.datetime) -> str:
    """Who signed `data`, by a key that `allowed` (allowed_signers) accepts at `time`. Raises `VerificationError`.

    Who may sign is judged here alone; whether the key made the signature is asked of ssh-keygen only where the key is
    of a kind that `sshkey` does not know.
    """
    made = Signature.parse(signature)
    key = fingerprint(made.public)
    listed, problems = _listed(allowed)
    if problems:
        raise VerificationError(f"nobody's signature counts: {'; '.join(map(str, problems))}")
    lines = [line for line in listed if line.fingerprint == key]
    if not lines:
        raise VerificationError(f"the signing key {key} is not listed in allowed_signers")
    said = []
    for line in lines:  # one key can have had several names, each for a time of its own
        if not (why := why_not(line, namespace, time) or _unsigned(made, data, signature, namespace)):
            return line.name
        said.append(f"the signature of {line.name} ({key}) {why}")
    raise VerificationError("; ".join(dict.fromkeys(said)))


@lru_cache(maxsize=4)
def _listed(allowed: bytes) -> tuple[list[AllowedSigner], list[Problem]]:
    """`parse_allowed`, once for the many reviews that are held against one list."""
    return parse_allowed(allowed)


def is_valid(line: AllowedSigner, time: dt.datetime) -> bool:
    """Whether a line accepts its key at a time, for whatever it accepts it."""
    start, end = (_time(line.options.get(option, "")) for option in ("valid-after", "valid-before"))
    return not (start and time < start) and not (end and time > end)


def why_not(line: AllowedSigner, namespace: str, time: dt.datetime) -> str:
    """Why a line does not accept its key in a namespace at a time; empty where it does."""
    options = line.options
    if "namespaces" in options and namespace not in options["namespaces"].split(","):
        return f"does not count: the key is listed for «{options['namespaces']}», not for {namespace} itself"
    if is_valid(line, time):
        return ""
    start = _time(options.get("valid-after", ""))
    signed = f"and this was signed {time.astimezone(dt.UTC):%Y%m%d%H%M%SZ}"
    if start and time < start:
        return f"does not count: the key is not valid before {options['valid-after']}, {signed}"
    return f"does not count: the key is not valid after {options['valid-before']}, {signed}"


def _unsigned(made: Signature, data: bytes, signature: bytes, namespace: str) -> str:
    """Why these bytes are not what was signed in this namespace; empty where they are."""
    if made.namespace != namespace.encode(errors="replace"):
        return f"was made for {made.namespace.decode(errors='replace')}, not for {namespace}"
    if sshkey.is_known(made.public, made.signed):
        return "" if sshkey.is_signed(made.message(data), made.signed, made.public) else "is not one of these bytes"
    with _open(signature) as signed:
        arguments = ["-Y", "check-novalidate", "-n", namespace, "-s", f"/dev/fd/{signed}"]
        try:
            _run(arguments, "is not one of these bytes", data, [signed])
        except Error as error:
            return str(error)
    return ""


@contextlib.contextmanager
def _open(data: bytes) -> Iterator[int]:
    """An open file that holds `data` and has no name, so that nothing is left of it when a command is killed."""
    if hasattr(os, "memfd_create"):
        file = open(os.memfd_create("data"), "w+b", buffering=0)  # noqa: SIM115
    else:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
    with file:
        file.write(data)
        file.seek(0)
        yield file.fileno()


def _run(
    arguments: Sequence[str],
    what: str,
    stdin: bytes | None = None,
    handles: Sequence[int] = (),
    *,
    apart: bool = False,
) -> str:
    try:
        done = subprocess.run(
            ["ssh-keygen", *arguments],
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
            env=os.environ | {"TZ": "UTC"} | (_asking() if apart else {}),
            pass_fds=handles,
            start_new_session=apart,
            timeout=_PERSON if apart else None,
            check=False,
        )
    except ValueError:  # a zero byte, which no argument can hold
        raise Error(f"{what}: expected text, found a zero byte in it") from None
    except FileNotFoundError:
        raise Error("ssh-keygen is not installed; it comes with OpenSSH (package openssh-client)") from None
    except subprocess.TimeoutExpired:
        raise Error(f"{what}; nobody confirmed it within {_PERSON} seconds") from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise Error(f"{what}; ssh-keygen says: {said[-1] if said else 'nothing'}")
    return done.stdout.decode(errors="replace")


def _asking() -> dict[str, str]:
    """Where ssh-keygen asks, which has no terminal: in a window, or not at all."""
    window = any(os.environ.get(name) for name in ("SSH_ASKPASS", "DISPLAY", "WAYLAND_DISPLAY"))
    return {"SSH_ASKPASS_REQUIRE": "force" if window else "never"}
