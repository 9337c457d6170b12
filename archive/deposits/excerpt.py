"""`archive excerpt`: turns of an interview in a file that proves itself, and the check of such a file.

What is redacted is covered in it. The list it carries is one that names nothing of what is private.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive.deposits.filed import FiledFolder, kept, versioned
from archive.deposits.marks import commitment, of_filed
from archive.deposits.target import target
from archive.errors import Error, Malformed, Problem, Refused, VerificationError, accepted
from archive.home.home import Home
from archive.records import deposit_record
from archive.register import excerpt, redaction, sums
from archive.register.excerpt import Excerpt
from archive.register.note import VerifierKey
from archive.register.proof import Verified
from archive.wording import many

_BLIND = re.compile(r"(nonce|private)(-\d+)?(\.sums)?|redaction\.root")
"""What a list may name of which it says nothing."""
_LIST = re.compile(r"intake(-[1-9]\d*)?\.sums")
LIMITS = (
    "that a model said it",
    "that nothing was changed before it was filed",
    "what the hidden words are, nor the reasons given for hiding them",
    "that the register shows everybody the same entries: compare its checkpoint with one from elsewhere",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An excerpt that was made, and what its maker should know."""

    data: bytes
    remarks: tuple[str, ...]


def make(home: Home, text: str) -> Made:
    """The turns that ``2026-0041/1#12..14`` names, or all of ``2026-0041/1`` or ``2026-0041``, as others may see them.

    Raises `Error`, `NotFound`; `Refused` where the deposit is damaged or none of its lists may be shown.
    """
    place = target(home, text, several=True)
    filed = place.filed
    marks = of_filed(filed)
    wanted = {(turn.interview, turn.turn) for turn in place.turns}
    with filed.path("turns.jsonl").open("rb") as file:
        lines = list(file)
    said = [json.loads(line) for line in lines[1:]]
    shown = [n for n, turn in enumerate(said, 1) if (turn["interview"], turn["turn"]) in wanted]
    whole = place.interview is None
    secret = bytes.fromhex(commitment(home, filed.folder, filed.life)["redaction.seed"].decode())
    hidden = marks.covered.hidden if marks else {}
    copy = redaction.redact(b"".join(lines), secret, {n: frozenset(words) for n, words in hidden.items()})
    made = excerpt.make(filed.number, copy, None if whole else shown)
    name, data, index = _list(home, filed)
    proof = home.register.proof(index, home.register.note)
    access = accepted(deposit_record.read(filed.read("deposit.toml"), f"{filed.place}/deposit.toml")).access
    remarks = [f"{filed.number} is {access}: this shows {many(len(made.lines) - whole, 'turn')} of it"]
    return Made(
        data=excerpt.encode(excerpt.proved(made, name, data, bytes(proof))),
        remarks=() if access.public_on(home.now().date()) else tuple(remarks),
    )


def _list(home: Home, filed: FiledFolder) -> tuple[str, bytes, int]:
    """The oldest list that says nothing of what is private, and where the register names it. Raises `Refused`."""
    access = accepted(deposit_record.read(filed.read("deposit.toml"), f"{filed.place}/deposit.toml")).access
    public = access.public_on(home.now().date())
    for version, (digest, logged) in enumerate(zip(filed.life.lists, filed.life.intakes, strict=True), 1):
        name = versioned("intake.sums", version)
        if found := kept(home.store, filed.folder / name, digest):
            data = found.read_bytes()
            listed = sums.parse(data, name)
            told = {path: digest for path, digest in listed.items() if not _BLIND.fullmatch(path)}
            if excerpt.COMMITMENT in listed and (not told or (public and told.items() <= filed.listed.items())):
                return name, data, logged.index
    what = "expected an intake list that names nothing of what is private, found none"
    raise Refused([Problem(filed.place, what, "`archive release` opens it; words are covered with `archive redact`")])


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a check of an excerpt, or of a redacted copy, came to."""

    excerpt: Excerpt
    verified: Verified
    """The intake that logged its commitment."""

    @property
    def turns(self) -> list[dict[str, Any]]:
        """As others see them."""
        lines = [redaction.barred(line) for number, line in self.excerpt.lines.items() if number]
        try:
            return [json.loads(line) for line in lines]
        except ValueError:
            raise Malformed("expected turns, found other lines") from None

    @property
    def sentence(self) -> str:
        """``Turns 1#12 to 1#14 of 2026-0041, 3 turns, are word for word what was logged on …``"""
        turns, checkpoint = self.turns, self.verified.checkpoint
        try:
            first, last = (f"{turn['interview']}#{turn['turn']}" for turn in (turns[0], turns[-1]))
        except (IndexError, KeyError, TypeError):
            raise Malformed("expected turns, found other lines") from None
        which = f"Turn {first}" if len(turns) == 1 else f"{len(turns)} turns, from {first} to {last},"
        rest = self.excerpt.size - 1 - len(turns)
        others = f"; {many(rest, 'further turn')} not shown" if rest else ""
        hidden = f", but for {many(self.excerpt.hidden, 'word')} that {_is(self.excerpt.hidden)} covered"
        return (
            f"{which} of {self.excerpt.deposit} {_is(len(turns))} word for word what was committed to on "
            f"{self.verified.statement.predicate['time']}{hidden if self.excerpt.hidden else ''}"
            f"{others}: "
            f"entry {self.verified.index} of {checkpoint.origin}, a register of {checkpoint.size} statements."
        )

    @property
    def facts(self) -> dict[str, Any]:
        """For programs."""
        return {
            "verified": True,
            "deposit": self.excerpt.deposit,
            "list": self.verified.subject,
            "time": self.verified.statement.predicate["time"],
            "index": self.verified.index,
            "origin": self.verified.checkpoint.origin,
            "tree_size": self.verified.checkpoint.size,
            "turns": self.turns,
            "hidden_words": self.excerpt.hidden,
            "turns_not_shown": self.excerpt.size - 1 - len(self.turns),
        }


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def check(path: Path, key: VerifierKey) -> Shown:
    """Check an excerpt, or a redacted copy whose list and proof lie beside it. Raises `VerificationError`, `Error`."""
    if not path.is_file():
        raise Error(f"{path}: expected an excerpt or a redacted copy, found no file")
    data = path.read_bytes()
    found = excerpt.decode(data)
    if found.list_name:
        return Shown(excerpt=found, verified=excerpt.verify(found, key))
    failed = VerificationError(
        f"{path}: expected the intake list and its proof beside it (intake.sums, intake.sums.tlog-proof), found none"
    )
    for name, listed, proof in _beside(path.parent):
        try:
            return Shown(excerpt=found, verified=excerpt.verify(replace(found, **_parts(name, listed, proof)), key))
        except VerificationError as error:
            failed = error
    raise failed


def _parts(name: str, listed: bytes, proof: bytes) -> Mapping[str, Any]:
    return {"list_name": name, "list_text": listed, "proof": proof.decode("utf-8", "replace")}


def _beside(folder: Path) -> Iterator[tuple[str, bytes, bytes]]:
    """The lists that lie in a folder, oldest first, each with its proof."""
    names = sorted((path.name for path in folder.iterdir() if _LIST.fullmatch(path.name)), key=lambda n: (len(n), n))
    for name in names:
        proof = folder / f"{name}.tlog-proof"
        if proof.is_file() and (folder / name).is_file():
            yield name, (folder / name).read_bytes(), proof.read_bytes()
