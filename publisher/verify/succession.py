"""Verifying which register follows one whose key is lost: the word of reviewers whom the old register listed."""

from pathlib import Path

from archive.errors import VerificationError
from archive.home import succession
from archive.home.succession import Succession
from archive.register.note import VerifierKey, encode64, open_checkpoint
from archive.register.statement import encode_time
from archive.wording import listed, many
from publisher.verify.file import read_bytes
from publisher.verify.place import CHECKPOINT, Place
from publisher.verify.verdict import Verdict

_LARGEST = 1 << 26
"""Bytes: of a hundred thousand statements."""
LIMITS = (
    "that the key is lost, and was not stolen: whoever holds it can log a list of reviewers of their own",
    "that these are so many people, and right: they can be wrong, or act together",
    "when they signed: the time is what was written there",
    "that they named no other register elsewhere",
)


def verify_succession(path: Path, key: VerifierKey, site: Place | None) -> Verdict:
    """Check such a file with the key that was lost, and against the site of its register where that is at hand.

    Raises `VerificationError`, or `Error` where it cannot be read.
    """
    found = succession.check(read_bytes(path, "a file about a lost key", "download it again", _LARGEST), key)
    compared = _compared(found, key, site)
    words, last = found.words, found.words.last
    who = listed(f"{name} ({fingerprint})" for name, fingerprint in found.reviewers.items())
    newest = (
        f"that {last.origin} has no newer checkpoint than this one, of {many(last.size, 'statement')} with the root "
        f"{encode64(last.root)}: compare it with the newest that you, or a witness, have"
    )
    return Verdict(
        sentence=(
            f"{many(len(found.reviewers), 'reviewer')} of {last.origin}, {who}, in the newest list that its key logged "
            f"(entry {found.entry} of {last.size}), say in words of {encode_time(words.time)} that this key is lost, "
            f"and that {words.successor.name} follows, whose key is {words.successor}.{compared} "
            "That is the word of people whom the old register named, not a proof by its key."
        ),
        limits=(newest, *LIMITS),
        facts=_facts(found),
    )


def _compared(found: Succession, key: VerifierKey, site: Place | None) -> str:
    """What the site at hand says of the old register. Raises `VerificationError` where that went on, or is another."""
    note = (site.read(CHECKPOINT) or b"").decode("utf-8", "replace") if site else ""
    if site is None or note.partition("\n")[0] != key.name:
        return ""
    there, last = open_checkpoint(note, key), found.words.last
    if there.size > last.size or (there.size == last.size and there.root != last.root):
        raise VerificationError(
            f"{site.name} has a checkpoint of {many(there.size, 'statement')} that the same key signed, which is not "
            f"the last one that is named here ({last.size}): the key was used since, or signs two histories"
        )
    return f" The checkpoint in {site.name} is the same." if there == last else ""


def _facts(found: Succession) -> dict[str, object]:
    """For programs."""
    words = found.words
    return {
        "verified": True,
        "channel": "succession",
        "origin": words.last.origin,
        "key": str(words.register),
        "tree_size": words.last.size,
        "root_hash": words.last.root.hex(),
        "successor": str(words.successor),
        "time": encode_time(words.time),
        "list": found.entry,
        "reviewers": [{"name": name, "key": key} for name, key in found.reviewers.items()],
    }
