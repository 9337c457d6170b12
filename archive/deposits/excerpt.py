"""`archive excerpt`: turns of an interview in a file that proves itself.

What is redacted is covered in it. The list it carries is one that names nothing of what is private.
"""

import json
import re
from dataclasses import dataclass

from archive.deposits.filed import FiledFolder, kept, versioned
from archive.deposits.marks import commitment, of_filed
from archive.deposits.target import target
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.records import deposit_record
from archive.register import excerpt, redaction, sums
from archive.wording import many

_BLIND = re.compile(r"(nonce|private)(-\d+)?(\.sums)?|redaction\.root")
"""What a list may name of which it says nothing."""


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
    access = accepted(deposit_record.read(filed.read("deposit.toml"), f"{filed.place}/deposit.toml")).access
    public = access.public_on(home.now().date())
    name, data, index = _list(home, filed, public=public)
    proof = home.register.proof(index, home.register.note)
    closed = f"{filed.number} is {access}: this shows {many(len(made.lines) - whole, 'turn')} of it"
    return Made(
        data=excerpt.encode(excerpt.proved(made, name, data, bytes(proof))), remarks=() if public else (closed,)
    )


def _list(home: Home, filed: FiledFolder, *, public: bool) -> tuple[str, bytes, int]:
    """The oldest list that says nothing of what is private, and where the register names it. Raises `Refused`."""
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
