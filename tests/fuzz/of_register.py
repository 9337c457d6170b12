"""What an auditor reads: notes, keys, proofs, statements, lists, tiles, policies, signatures, excerpts."""

import datetime as dt
import io
from functools import cache
from pathlib import Path

from archive.errors import Malformed
from archive.home import succession
from archive.register import contradiction, cosignature, excerpt, redaction, sshsig, statement, sums, tile, witness
from archive.register.index import Database, Index
from archive.register.note import Checkpoint, Signer, VerifierKey, open_note
from archive.register.policy import Policy
from archive.register.proof import Proof, verify
from archive.register.register import Register
from archive.register.statement import Statement
from publisher.verify import tiles
from tests.fuzz.target import Target, lying, scratch

SITE = Path(__file__).parents[1] / "golden/site"
REGISTER = SITE / "register"
SIGNER = Signer("letters.example.org/register", bytes(range(32)))
WITNESS = Signer("kestrel.example/witness", bytes(range(1, 33)))
TIME = dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)
ROOT = bytes(32)


@cache
def key() -> VerifierKey:
    """Of the golden site's register."""
    return Policy.parse((REGISTER / "policy").read_bytes()).logs[0].key


def _text(data: bytes) -> str:
    """As `note.read` gives it."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed("expected UTF-8") from None


def _note() -> bytes:
    text = SIGNER.sign(str(Checkpoint(SIGNER.name, 12, ROOT)))
    return (text + cosignature.cosign(WITNESS, text.partition("\n\n")[0] + "\n", 1_700_000_000)).encode()


def opening(data: bytes) -> object:
    text, signed = open_note(_text(data), [SIGNER.key, cosignature.key(WITNESS)])
    return signed, Checkpoint.parse(text), cosignature.times(_text(data), SIGNER.key, [cosignature.key(WITNESS)])


def checkpointing(data: bytes) -> object:
    parsed = Checkpoint.parse(_text(data))
    return Checkpoint.parse(str(parsed)) == parsed


def keying(data: bytes) -> object:
    parsed = VerifierKey.parse(_text(data))
    assert str(parsed) == _text(data)
    return parsed


def _keys() -> list[bytes]:
    return [str(each).encode() for each in (SIGNER.key, cosignature.key(WITNESS))]


def signing(data: bytes) -> object:
    return str(Signer.parse(_text(data)))


def proving(data: bytes) -> object:
    proof = Proof.parse(data)
    assert bytes(proof) == data
    return verify((SITE / "essays/odd/essay.md").read_bytes(), proof, key())


def stating(data: bytes) -> object:
    decoded = Statement.decode(data)
    assert decoded.encode() == data
    return decoded.time


def _statements() -> list[bytes]:
    bundles = sorted((REGISTER / "tile/entries").rglob("11"))
    return [*tile.leaves(bundles[0].read_bytes())]


def listing(data: bytes) -> object:
    return sums.parse(data, "intake.sums")


def bundling(data: bytes) -> object:
    return [statement.Statement.decode(leaf) for leaf in tile.leaves(data)]


def naming(data: bytes) -> object:
    name = data.decode(errors="surrogateescape")
    tile.belongs(name, 1 << 40)
    return tile.place(name)


class _Altered:
    """A site of which one file holds something else."""

    name = "altered"

    def __init__(self, path: str, data: bytes) -> None:
        self._path, self._data = path, data

    def read(self, path: str) -> bytes | None:
        file = SITE / path
        return self._data if path == self._path else file.read_bytes() if file.is_file() else None


def looking(data: bytes) -> object:
    """The first byte says which file is another."""
    names = ("register/checkpoint", "register/tile/0/000.p/11", "register/tile/entries/000.p/11")
    place = _Altered(names[data[0] % 3 if data else 0], data[1:])
    text, _ = open_note(_text(tiles.needed(place, "register/checkpoint")), [key()])
    hashes = tiles.hashes_of(place, Checkpoint.parse(text))
    return tiles.New(place, hashes, None)


def _looked() -> list[bytes]:
    names = ("checkpoint", "tile/0/000.p/11", "tile/entries/000.p/11")
    return [bytes([number]) + (REGISTER / name).read_bytes() for number, name in enumerate(names)]


def trusting(data: bytes) -> object:
    policy = Policy.parse(data)
    assert Policy.parse(bytes(policy)) == policy
    return policy.enough([each.name for each in policy.witnesses])


def _policies() -> list[bytes]:
    mine = f"log {SIGNER.key} https://a.example\nwitness k {cosignature.key(WITNESS)} https://k.example\n"
    return [(REGISTER / "policy").read_bytes(), f"{mine}group g any k\nquorum g\n".encode()]


def witnessing(data: bytes) -> object:
    answer = witness.answer(data, [SIGNER.key], lambda origin: "", WITNESS, 1_700_000_000)
    assert answer.status in (200, 400, 403, 404, 409, 422)
    return answer


def _requests() -> list[bytes]:
    note = SIGNER.sign(str(Checkpoint(SIGNER.name, 12, ROOT)))
    return [bytes(witness.Request(0, (), note)), bytes(witness.Request(3, (ROOT,), note))]


def allowing(data: bytes) -> object:
    """As every review's signature is judged."""
    review, signature = (SITE / f"essays/odd/reviews/{name}" for name in ("1.json", "1.json.sig"))
    sshsig.parse_allowed(data)
    return sshsig.verify(review.read_bytes(), signature.read_bytes(), data, "review@letters.example.org", TIME)


def signed(data: bytes) -> object:
    made = sshsig.Signature.parse(data)
    told = sshsig.signature_key(data), sshsig.signature_kind(data), sshsig.signature_namespace(data)
    sshsig.sshkey.is_known(made.public, made.signed) and sshsig.sshkey.is_signed(b"x", made.signed, made.public)
    return told


def excerpting(data: bytes) -> object:
    made = excerpt.decode(data)
    excerpt.check(made)
    for line in made.lines.values():
        redaction.barred(line)
    return excerpt.verify(made, key()) if made.proof else made


def _excerpts() -> list[bytes]:
    lines = b'{"format":1}\n{"turn":1,"text":"My name is Ann."}\n{"turn":2,"text":"No."}\n'
    copy = redaction.redact(lines, bytes(32), {1: [3]})
    return [excerpt.encode(excerpt.make("2026-0001", copy)), excerpt.encode(excerpt.make("2026-0001", copy, [2]))]


def committing(data: bytes) -> object:
    """Any bytes are words, whichever of them are hidden."""
    lines = [*io.BytesIO(data)]
    assert all(b"".join(redaction.split(line)) == line for line in lines)
    hidden = {number: range(0, len(redaction.split(line)), 2) for number, line in enumerate(lines)}
    copy = redaction.redact(b"".join(lines), bytes(32), hidden) if lines else []
    redaction.check(copy, redaction.root(b"".join(lines), bytes(32)))
    return [redaction.barred(line) for line in copy]


def contradicting(data: bytes) -> object:
    return contradiction.check(data)


def _contradictions() -> list[bytes]:
    notes = [SIGNER.sign(str(Checkpoint(SIGNER.name, 12, root))) for root in (ROOT, bytes([1]) * 32)]
    return [contradiction.made(SIGNER.key, *notes)]


def succeeding(data: bytes) -> object:
    return succession.check(data, SIGNER.key)


def _successions() -> list[bytes]:
    """In form; nobody signed it, so it is refused at its end."""
    last = Checkpoint(SIGNER.name, 12, ROOT)
    other = Signer("letters.example.org/second", bytes(range(2, 34))).key
    words = succession.Words(SIGNER.key, last, other, "review@letters.example.org", TIME)
    leaf = _statements()[-1].decode()
    armored = (SITE / "essays/odd/reviews/1.json.sig").read_text()
    parts = f"== signature\n{armored}== checkpoint\n{SIGNER.sign(str(last))}== the first 11 statements\n"
    return [bytes(words) + f"{parts}{'A' * 43}=\n== the statements from 11 on\n{leaf}\n== allowed_signers\n".encode()]


def indexing(data: bytes) -> object:
    """A cache that anything may have happened to is asked, or made again; `archive check` sees whether it lies."""
    register = Register.read(_own())
    index = Index(Database(lying("index/index.db", data), register.tree, lambda: register.size), register.size)
    return index.newest(), index.count(), index.course(), index.weeks("issue"), index.about("E2026-0001")


@cache
def _own() -> Path:
    """A register with the golden site's leaves."""
    from archive.register import register

    folder = scratch() / "register"
    register.create(folder, SIGNER)
    register.append(Register.read(folder), scratch() / "public", SIGNER, _statements())
    return folder


def _indexes() -> list[bytes]:
    assert Register.read(_own()).index.numbers()
    return [(_own() / "index.db").read_bytes()]


def _read(*names: str) -> list[bytes]:
    return [(SITE / name).read_bytes() for name in names]


ARMOR = (b"-----BEGIN SSH SIGNATURE-----\n", b"-----END SSH SIGNATURE-----\n")
FORMS = (b"c2sp.org/tlog-proof@v1\n", b"extra ", b"index ", b"\n\n", "— ".encode(), b"old ", b"== ")
TARGETS = {
    "note": Target(opening, lambda: [_note()], FORMS),
    "checkpoint": Target(checkpointing, lambda: [str(Checkpoint("a.example", 12, ROOT)).encode()], FORMS, 400),
    "key": Target(keying, _keys, (b"+",), 400),
    "signing-key": Target(signing, lambda: [str(SIGNER).encode()], (b"PRIVATE+KEY+", b"+"), 400),
    "proof": Target(proving, lambda: _read("essays/odd/essay.md.tlog-proof"), FORMS),
    "statement": Target(stating, _statements, (b'"predicate":', b'"subject":', b'"time":"'), 2000),
    "sums": Target(listing, lambda: _read("SHA256SUMS", "essays/odd/intake.sums"), (b"  ", b"\n")),
    "bundle": Target(bundling, lambda: _read("register/tile/entries/000.p/11")),
    "tile-path": Target(naming, lambda: [b"tile/0/000", b"tile/entries/x001/234.p/8"], (b".p/", b"x001/"), 100),
    "tiles": Target(looking, _looked),
    "policy": Target(trusting, _policies, (b"log ", b"witness ", b"group ", b"quorum ", b" all ", b" any ", b"none")),
    "witness": Target(witnessing, _requests, FORMS),
    "signers": Target(allowing, lambda: _read("register/allowed_signers"), (b"valid-after=", b"namespaces=", b"ssh-")),
    "signature": Target(signed, lambda: _read("essays/odd/reviews/1.json.sig"), ARMOR, 2000),
    "excerpt": Target(excerpting, _excerpts, (b'"runs":', b'"rest":', b'"proof":', b'"list":')),
    "commitment": Target(committing, lambda: [b'{"text":"a \\n b \\u00e9"}\n', b"a b\\\\ c\n\n"], (b"\\n", b'"'), 1000),
    "contradiction": Target(contradicting, _contradictions, FORMS),
    "succession": Target(succeeding, _successions, (*FORMS, *ARMOR), 8192, whole=False),
    "index": Target(indexing, _indexes, largest=1 << 16),
}
