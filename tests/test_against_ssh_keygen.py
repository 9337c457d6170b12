"""Ours beside ``ssh-keygen -Y verify``: it takes what we take; what it takes we refuse only for reasons we name."""

import datetime as dt
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import VerificationError
from archive.register import sshkey, sshsig
from archive.register.sshkey import string, strings
from tests.test_sshsig import armored, decoded, rebuilt

NOW = dt.datetime(2026, 11, 15, 9, tzinfo=dt.UTC)
DATA = b'{"decision":"publish"}'
KINDS = {"ed25519": [], "ecdsa": ["-b", "256"], "ecdsa-384": ["-b", "384"], "ecdsa-521": ["-b", "521"], "rsa": []}
STRICTER = r"expected an SSH signature|nobody's signature counts|is listed for «.*[*?].*», not for"
"""Why ours may refuse what ssh-keygen accepts; the module says so."""


@dataclass(frozen=True)
class Bench:
    """A folder, and in it keys and their signatures."""

    folder: Path
    public: dict[str, str]
    signatures: dict[str, bytes]

    def theirs(self, signature: bytes, allowed: bytes, name: str, namespace: str) -> bool:
        (self.folder / "allowed").write_bytes(allowed)
        (self.folder / "sig").write_bytes(signature)
        time = f"-Overify-time={NOW:%Y%m%d%H%M%SZ}"
        arguments = ["-Y", "verify", "-f", "allowed", "-I", name, "-n", namespace, "-s", "sig", time]
        done = subprocess.run(["ssh-keygen", *arguments], cwd=self.folder, input=DATA, capture_output=True)
        return done.returncode == 0


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    public, signatures = {}, {}
    for name, size in KINDS.items():
        kind = name.partition("-")[0]
        subprocess.run(["ssh-keygen", "-q", "-t", kind, *size, "-N", "", "-f", name], cwd=folder, check=True)
        public[name] = " ".join((folder / f"{name}.pub").read_text().split()[:2])
        for algorithm in ("sha256", "sha512"):
            signing = ["ssh-keygen", "-Y", "sign", "-f", name, "-n", "review@here", f"-Ohashalg={algorithm}"]
            done = subprocess.run(signing, cwd=folder, input=DATA, capture_output=True, check=True)
            signatures[f"{name} {algorithm}"] = done.stdout
    return Bench(folder, public, signatures)


def test_every_kind_of_key_that_is_judged_here_is_judged_as_by_ssh_keygen(bench: Bench) -> None:
    for name, signature in bench.signatures.items():
        line = f"ada {bench.public[name.split()[0]]}\n".encode()
        made = sshsig.Signature.parse(signature)
        assert sshkey.is_known(made.public, made.signed)
        assert sshsig.verify(DATA, signature, line, "review@here", NOW) == "ada"
        assert bench.theirs(signature, line, "ada", "review@here")


WORDS = (
    "ada",
    "ben",
    '"ada"',
    "ada,ben",
    "*",
    "a?a",
    "!ben,ada",
    "ada,",
    '"ada b"',
    "ada\tb",
    'ad"a',
    "\xe9",
    "#ada",
    "",
)
NAMESPACES = ("review@here", "*", "review@*", "x,review@here", "review@here,!review@here", "!x", "", "REVIEW@HERE")
MOMENTS = (
    *("20260101Z", "20270101Z", "20261115090000Z", "20261115090001Z", "202611150900Z", "20260230Z", "20260101"),
    *("now", "", "19700101Z", "20261115090060Z", "2026 1 1Z", "20260101z", "20260101UTC"),
)
OPTIONS = st.one_of(
    st.sampled_from(NAMESPACES).map('namespaces="{}"'.format),
    st.sampled_from(MOMENTS).map('valid-after="{}"'.format),
    st.sampled_from(MOMENTS).map('valid-before="{}"'.format),
    st.sampled_from(
        ("cert-authority", "CERT-AUTHORITY", "no-touch-required", 'Namespaces="review@here"', 'namespaces="a\\"b"', ",")
    ),
)


def rarely(usual: str, *odd: str) -> st.SearchStrategy[str]:
    """Mostly what is usual, so that a line has few faults at a time, or none."""
    return st.integers(0, 9).flatmap(lambda n: st.sampled_from(odd) if n == 9 else st.just(usual))


SPACES = rarely(" ", "  ", "\t", " \t", "", "\v", "\xa0")
ENDS = rarely("", " a comment", "\r", " \r", "\t# x", ",", "\0", "\v", "=", ' "')
HEADS = rarely("", " ", "\t", "\v", "\0", "ben what is this\n", "# ada\n", "\n", "\ufeff")


@st.composite
def lines(draw: st.DrawFn, public: str, other: str) -> str:
    """A line of ``allowed_signers``."""
    kind, key = draw(rarely(public, other, public.upper(), public[:-4])).split()
    names, options = draw(rarely("ada", *WORDS)), ",".join(draw(st.lists(OPTIONS, max_size=2)))
    parts = [names, *([options] if options else []), kind, key]
    return draw(HEADS) + "".join(part + draw(SPACES) for part in parts[:-1]) + parts[-1] + draw(ENDS)


@settings(max_examples=150)
@given(data=st.data())
def test_a_list_of_signers_lets_nobody_in_whom_ssh_keygen_does_not(bench: Bench, data: st.DataObject) -> None:
    line = lines(bench.public["ed25519"], bench.public["rsa"])
    found = data.draw(st.lists(line, min_size=1, max_size=2))
    allowed = ("\n".join(found) + data.draw(rarely("\n", "", "\r\n"))).encode()
    compare(bench, bench.signatures["ed25519 sha512"], allowed)


@settings(max_examples=150)
@given(data=st.data())
def test_a_signature_counts_only_where_it_counts_for_ssh_keygen(bench: Bench, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(bench.signatures)))
    allowed = "".join(f'ada namespaces="review@here" {public}\n' for public in bench.public.values()).encode()
    compare(bench, data.draw(changed(bench, bench.signatures[name])), allowed)


@st.composite
def changed(draw: st.DrawFn, bench: Bench, signature: bytes) -> bytes:
    """A signature with one thing about it changed, perhaps to what it was."""
    blob = decoded(signature)
    public, namespace, _, algorithm, signed = strings(blob[10:])
    another = strings(decoded(draw(st.sampled_from(sorted(bench.signatures.values()))))[10:])
    match draw(st.sampled_from(("field", "flip", "signed", "armour", "kind"))):
        case "field":
            values = {
                "public": st.sampled_from((public, another[0], public + b"\0", public[:-1], b"")),
                "namespace": st.sampled_from((namespace, b"", b"review@here\0", b"file", b"review@here\n")),
                "reserved": st.sampled_from((b"", b"x", b"\0")),
                "algorithm": st.sampled_from((algorithm, b"sha256", b"sha512", b"sha1", b"SHA512", b"sha512\0", b"")),
                "signed": st.sampled_from((signed, another[4], signed + b"\0", signed[:-1], b"")),
            }
            field = draw(st.sampled_from(sorted(values)))
            return rebuilt(signature, **{field: draw(values[field])})
        case "flip":
            at, bit = draw(st.integers(0, len(blob) - 1)), draw(st.integers(0, 7))
            return armored(blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :])
        case "signed":
            kind, inner = strings(signed)
            parts = [b"\0" + inner, inner + b"\0", inner.rjust(len(inner) + 3, b"\0"), inner[1:], b"", inner]
            return rebuilt(signature, signed=string(kind) + string(draw(st.sampled_from(parts))))
        case "kind":
            kind = draw(st.sampled_from((b"ssh-rsa", b"rsa-sha2-256", b"rsa-sha2-512", b"ssh-ed25519", b"")))
            return rebuilt(signature, signed=string(kind) + string(strings(signed)[1]))
        case _:
            ends = [b"", b"\n", b"\n\n", b" ", b"more\n", b"\r\n", b"\0"]
            return draw(st.sampled_from(ends[:3])) + signature.rstrip(b"\n") + draw(st.sampled_from(ends))


def compare(bench: Bench, signature: bytes, allowed: bytes) -> None:
    """Asserts that both judge alike, or that ours refuses for a reason that makes it stricter."""
    name, why = judged(signature, allowed)
    if name:
        assert bench.theirs(signature, allowed, name, "review@here"), (signature, allowed)
    elif any(bench.theirs(signature, allowed, each, "review@here") for each in ("ada", "ben", "*", "ada b")):
        assert re.search(STRICTER, why), (why, signature, allowed)


def judged(signature: bytes, allowed: bytes) -> tuple[str, str]:
    """Who signed, as ours says; else why nobody did."""
    try:
        return sshsig.verify(DATA, signature, allowed, "review@here", NOW), ""
    except VerificationError as error:
        return "", str(error)


def test_a_number_that_is_not_reduced_is_refused_though_ssh_keygen_takes_it(bench: Bench) -> None:
    """RFC 8032 5.1.7: else anyone could make a second signature out of one."""
    order = 2**252 + 27742317777372353535851937790883648493
    signature = bench.signatures["ed25519 sha512"]
    kind, inner = strings(strings(decoded(signature)[10:])[4])
    larger = int.from_bytes(inner[32:], "little") + order
    again = rebuilt(signature, signed=string(kind) + string(inner[:32] + larger.to_bytes(32, "little")))
    with pytest.raises(VerificationError, match="is not one of these bytes"):
        sshsig.verify(DATA, again, f"ada {bench.public['ed25519']}\n".encode(), "review@here", NOW)
