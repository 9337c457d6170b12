"""Verifying turns of an interview: an excerpt, which proves itself, or a redacted copy with its list beside it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive.errors import Malformed, VerificationError
from archive.register import excerpt, redaction
from archive.register.excerpt import Excerpt
from archive.register.note import VerifierKey
from archive.register.proof import Proof, Verified, verify
from archive.wording import many
from publisher.verify.file import read_bytes
from publisher.verify.place import SiteFolder
from publisher.verify.verdict import SAME, Verdict

_LIST = re.compile(r"intake(-[1-9]\d*)?\.sums")
COUNT = "how many turns there are in all: how many are not shown is told by whoever made the excerpt"
"""The commitment fixes each line and their order; a tree's root alone does not say how many leaves it has."""
LIMITS = (
    "that a model said it",
    "that nothing was changed before it was filed",
    "what the hidden words are, nor that they were hidden for the reason given",
    SAME,
)


def verify_excerpt(path: Path, key: VerifierKey) -> Verdict:
    """Check an excerpt, or a redacted copy. Raises `VerificationError`, or `Error` where it cannot be read."""
    shown, sentence, facts = check(path, key), "", dict[str, object]()
    beside = path.with_name(f"{path.name}.tlog-proof")
    if beside.is_file():
        # The notice names the whole file, the reasons too, of which the commitment says nothing.
        proof = Proof.parse(read_bytes(beside, "the proof of the notice", "download it again"))
        notice = verify(_data(path), proof, key)
        if notice.statement.kind != "notice":
            raise VerificationError(
                f"{beside.name}: expected the proof of a notice, found that of the {notice.statement.kind}"
            )
        sentence = f" The notice «{notice.statement.predicate['kind']}» names the file, entry {notice.index}."
        facts = {"notice": notice.index}
    return Verdict(sentence=f"{shown.sentence}{sentence}", limits=shown.limits, facts=shown.facts | facts)


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
        except (ValueError, RecursionError):
            raise Malformed("expected turns, found other lines") from None

    @property
    def sentence(self) -> str:
        """``Turns 1#12 to 1#14 of 2026-0041, 3 turns, are word for word what was logged on …``"""
        turns, checkpoint = self.turns, self.verified.checkpoint
        try:
            first, last = (f"{turn['interview']:d}#{turn['turn']:d}" for turn in (turns[0], turns[-1]))
        except (IndexError, KeyError, TypeError, ValueError):
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
    def limits(self) -> tuple[str, ...]:
        """What it does not prove; where all lines are shown, their number is proved with them."""
        return (*LIMITS, COUNT) if self.excerpt.rest else LIMITS

    @property
    def facts(self) -> dict[str, Any]:
        """For programs."""
        return {
            "verified": True,
            "channel": "excerpt",
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
    found = excerpt.decode(_data(path))
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


def _data(path: Path) -> bytes:
    return read_bytes(path, "an excerpt or a redacted copy", "name the file that was downloaded")


def _beside(folder: Path) -> Iterator[tuple[str, bytes, bytes]]:
    """The lists that lie in a folder, oldest first, each with its proof."""
    place = SiteFolder(folder)
    names = sorted((path.name for path in folder.iterdir() if _LIST.fullmatch(path.name)), key=lambda n: (len(n), n))
    for name in names:
        listed, proof = place.read(name), place.read(f"{name}.tlog-proof")
        if listed is not None and proof is not None:
            yield name, listed, proof
