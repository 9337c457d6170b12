"""A copy of ``turns.jsonl`` that proves itself: some of its lines or all, with or without words taken out.

::

    {"format":1,"deposit":"2026-0041","commitment":"9f86…","lines":29,"shown":[
    {"line":12,"runs":["{\\"interview\\":1,…,\\"text\\":\\"My name is",2," and I …\\"}\\n"],"opening":"base64"},
    …
    ],"rest":["d081…",…],"list":{"name":"intake.sums","text":"…"},"proof":"c2sp.org/tlog-proof@v1\\n…"}

- `commitment` is the redaction root of all `lines`; ``redaction.root`` holds it, and an intake list names that file.
- `shown` are lines by their number from 0, as runs and opening (`redaction.Line`); `reasons` may say why words are
  hidden, a list of codes for each number among the runs.
- `rest` are the roots of the subtrees (RFC 6962) without a shown line, from left to right: they say nothing of it.
- `list` and `proof` may lie beside it instead: the list, and the proof that the register names it.

The bytes are exactly these: JSON without spaces, a line for each that is shown. README.md has the commitment.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archive.errors import Malformed, VerificationError

from . import merkle, proof, redaction, sums
from .note import VerifierKey, decode64, encode64
from .redaction import Line

COMMITMENT = "redaction.root"
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_HEAD = {"format": int, "deposit": str, "commitment": str, "lines": int, "shown": list}
_SAID = '"shown":['

Reasons = tuple[tuple[str, ...], ...]
"""Of a line: the codes for each number of hidden words, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Lines of a committed ``turns.jsonl``, and what proves them."""

    deposit: str
    commitment: bytes
    size: int
    """How many lines there are in all."""
    lines: Mapping[int, Line]
    """Those that are shown, by number from 0, in order."""
    reasons: Mapping[int, Reasons] = field(default_factory=dict)
    rest: tuple[bytes, ...] = ()
    list_name: str = ""
    """``intake.sums``; empty where the list is not in the excerpt."""
    list_text: bytes = b""
    proof: str = ""

    @property
    def hidden(self) -> int:
        """How many words of the shown lines are hidden."""
        return sum(run for line in self.lines.values() for run in line.runs if isinstance(run, int))


def make(
    deposit: str, copy: Sequence[Line], shown: Sequence[int] | None = None, reasons: Mapping[int, Reasons] | None = None
) -> Excerpt:
    """The excerpt with the lines `shown` (all unless told) of a whole `copy`."""
    numbers = sorted({*shown}) if shown is not None else [*range(len(copy))]
    blocks = [redaction.block(line, number) for number, line in enumerate(copy)]
    return Excerpt(
        deposit=deposit,
        commitment=merkle.root(blocks),
        size=len(copy),
        lines={number: copy[number] for number in numbers},
        reasons={number: said for number, said in (reasons or {}).items() if number in numbers},
        rest=tuple(_rest(blocks, numbers, 0, len(blocks))),
    )


def proved(excerpt: Excerpt, list_name: str, list_text: bytes, proof_text: bytes) -> Excerpt:
    """The excerpt with the list that names its commitment, and the proof that the register names that."""
    return replace(excerpt, list_name=list_name, list_text=list_text, proof=proof_text.decode())


def check(excerpt: Excerpt) -> None:
    """Raises `VerificationError` unless what it shows is what was committed to, word for word, but for what it hides.

    Raises `Malformed` where it cannot be that of any lines.
    """
    rest = iter(excerpt.rest)
    blocks = {number: redaction.block(line, number) for number, line in excerpt.lines.items()}
    found = _root([*blocks], blocks, rest, 0, excerpt.size)
    if next(rest, None) is not None:
        raise Malformed("the excerpt has more hashes of other lines than there are lines")
    if found != excerpt.commitment:
        raise VerificationError(
            "what is shown is not what was committed to: "
            f"expected the redaction root {excerpt.commitment.hex()}, found {found.hex()}"
        )


def verify(excerpt: Excerpt, key: VerifierKey) -> proof.Verified:
    """Check an excerpt back to the register; the intake that logged its commitment. Raises `VerificationError`."""
    # 1. What is shown leads to the commitment.
    check(excerpt)
    # 2. The list names the commitment.
    if not excerpt.list_name or not excerpt.proof:
        raise VerificationError("expected the intake list that names the commitment, and its proof, found none")
    root = f"{excerpt.commitment.hex()}\n".encode()
    named = sums.parse(excerpt.list_text, excerpt.list_name).get(COMMITMENT)
    if named != hashlib.sha256(root).hexdigest():
        raise VerificationError(f"{excerpt.list_name} does not name this commitment as {COMMITMENT}")
    # 3. The register names the list, as that of this deposit.
    verified = proof.verify(excerpt.list_text, proof.Proof.parse(excerpt.proof.encode()), key)
    expected = f"{excerpt.deposit}/{excerpt.list_name}"
    if verified.statement.kind != "intake" or verified.subject != expected:
        raise VerificationError(f"expected the intake of {expected}, found a statement about {verified.subject}")
    return verified


def _rest(blocks: Sequence[bytes], shown: Sequence[int], start: int, end: int) -> Iterator[bytes]:
    """The roots of the largest subtrees without a shown line, from left to right."""
    if not _any(shown, start, end):
        yield merkle.root(blocks[start:end])
    elif end - start > 1:
        middle = start + merkle.split(end - start)
        yield from _rest(blocks, shown, start, middle)
        yield from _rest(blocks, shown, middle, end)


def _root(shown: Sequence[int], blocks: Mapping[int, bytes], rest: Iterator[bytes], start: int, end: int) -> bytes:
    """The root of the tree over the lines from `start` to `end`. No deeper than 63, however large it claims to be."""
    if not _any(shown, start, end):
        found = next(rest, b"")
        if not found:
            raise Malformed("the excerpt has fewer hashes of other lines than its lines need")
        return found
    if end - start == 1:
        return blocks[start]
    middle = start + merkle.split(end - start)
    return merkle.node_hash(
        _root(shown, blocks, rest, start, middle),
        _root(shown, blocks, rest, middle, end),
    )


def _any(shown: Sequence[int], start: int, end: int) -> bool:
    place = bisect_left(shown, start)
    return place < len(shown) and shown[place] < end


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def encode(excerpt: Excerpt) -> bytes:
    """The bytes of the file; `decode` reads exactly these."""
    head = {
        "format": 1,
        "deposit": excerpt.deposit,
        "commitment": excerpt.commitment.hex(),
        "lines": excerpt.size,
    }
    tail: dict[str, Any] = {"rest": [each.hex() for each in excerpt.rest]} if excerpt.rest else {}
    if excerpt.list_name:
        tail["list"] = {"name": excerpt.list_name, "text": excerpt.list_text.decode()}
    tail |= {"proof": excerpt.proof} if excerpt.proof else {}
    lines = ",\n".join(_ENCODE(_line(excerpt, number)) for number in excerpt.lines)
    end = f",{_ENCODE(tail)[1:]}" if tail else "}"
    return f"{_ENCODE(head)[:-1]},{_SAID}\n{lines}\n]{end}\n".encode()


def _line(excerpt: Excerpt, number: int) -> dict[str, Any]:
    line = excerpt.lines[number]
    runs = [run if isinstance(run, int) else run.decode() for run in line.runs]
    reasons = excerpt.reasons.get(number)
    said = {"reasons": [list(codes) for codes in reasons]} if reasons else {}
    return {"line": number, "runs": runs, **said, "opening": encode64(line.opening)}


def decode(data: bytes) -> Excerpt:
    """The excerpt in a file, in exactly the form that `encode` writes. Raises `Malformed`."""
    try:
        value = json.loads(data)
        excerpt = _decoded(value)
        same = encode(excerpt) == data
    except Malformed:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        same = False
    if not same:
        raise Malformed("expected a redacted copy or an excerpt as the archive writes it, found other bytes")
    if not 0 < excerpt.size < 1 << 53 or [*excerpt.lines] != sorted({*excerpt.lines}) or not excerpt.lines:
        raise Malformed("expected lines by their numbers, in order")
    if not 0 <= min(excerpt.lines) <= max(excerpt.lines) < excerpt.size:
        raise Malformed(f"expected lines from 0 to {excerpt.size - 1}")
    if any(len(each) != 32 for each in (excerpt.commitment, *excerpt.rest)):
        raise Malformed("expected hashes of 32 bytes")
    return excerpt


def _decoded(value: Any) -> Excerpt:
    """Raises `ValueError`, `KeyError`, `TypeError` and the like where it cannot be one."""
    if value["format"] != 1 or any(type(value[key]) is not kind for key, kind in _HEAD.items()):
        raise ValueError
    listed = value.get("list", {"name": "", "text": ""})
    if any(type(text) is not str for text in (*listed.values(), value.get("proof", ""))):
        raise ValueError
    return Excerpt(
        deposit=value["deposit"],
        commitment=bytes.fromhex(value["commitment"]),
        size=value["lines"],
        lines={_number(each["line"]): _runs(each) for each in value["shown"]},
        reasons={each["line"]: _reasons(each) for each in value["shown"] if "reasons" in each},
        rest=tuple(map(bytes.fromhex, value.get("rest", ()))),
        list_name=listed["name"],
        list_text=listed["text"].encode(),
        proof=value.get("proof", ""),
    )


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError
    return value


def _runs(said: Any) -> Line:
    runs = tuple(run.encode() if isinstance(run, str) else _number(run) for run in said["runs"])
    return Line(runs, decode64(said["opening"], f"the opening of line {said['line']}"))


def _reasons(said: Any) -> Reasons:
    return tuple(tuple(code + "" for code in codes) for codes in said["reasons"])
