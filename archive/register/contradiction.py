"""Two checkpoints that one register cannot both have signed: evidence that anybody can check, as one text file.

::

    Two histories of one register
    key letters.example.org/register+9e9f2f51+AWxl…

    == first checkpoint
    (the signed note)
    == second checkpoint
    (the signed note)
    == the first 7 statements under the second checkpoint
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=        their root hash, which the first checkpoint says is another
    CbT1ye5Q8NSXFYGvDbFRXRTFpDSUDxxQxLtXxJ+BZgw=        … and the consistency proof (RFC 6962) from it to the second

Where both are of the same size there is no third part: the two signatures are enough.
"""

import re
from collections.abc import Sequence

from archive.errors import Malformed, VerificationError

from . import merkle
from .note import Checkpoint, VerifierKey, decode64, encode64, open_checkpoint

MAGIC = "Two histories of one register\n"
_FORM = re.compile(
    r"key (\S+)\n(?:[^=\n][^\n]*\n|\n)*== first checkpoint\n(.*?\n)== second checkpoint\n(.*?\n)"
    r"(?:== the first \d+ statements[^\n]*\n((?:[^\n]+\n)+))?",
    re.DOTALL,
)
_WORDS = """
Both checkpoints are signed by this key, and no register has both: {why}.
Whoever checks the two signatures (C2SP signed-note){more} knows it without asking anybody.
"""


def made(key: VerifierKey, first: str, second: str, hashes: Sequence[bytes] = ()) -> bytes:
    """The file about two notes, the smaller `first`; `hashes` are the leaf hashes under the second.

    Raises `VerificationError` where they do not contradict each other.
    """
    small, large = open_checkpoint(first, key), open_checkpoint(second, key)
    proof = ""
    why = f"at {small.size} statements it says two root hashes"
    if small.size < large.size:
        root = merkle.root(hashes[: small.size])
        path = merkle.consistency(small.size, large.size, merkle.among(hashes))
        lines = "".join(f"{encode64(each)}\n" for each in (root, *path))
        proof = f"== the first {small.size} statements under the second checkpoint\n{lines}"
        why = f"its first {small.size} statements are others than those that were signed before"
    words = _WORDS.format(why=why, more=" and the proof (RFC 6962 §2.1.2)" if proof else "")
    data = f"{MAGIC}key {key}\n{words}\n== first checkpoint\n{first}== second checkpoint\n{second}{proof}".encode()
    check(data)
    return data


def check(data: bytes) -> tuple[Checkpoint, Checkpoint]:
    """The two checkpoints that contradict each other. Raises `Malformed`, or `VerificationError` where they do not."""
    text = data.decode("utf-8", "replace")
    form = _FORM.fullmatch(text.removeprefix(MAGIC))
    if not text.startswith(MAGIC) or form is None:
        raise Malformed(f"expected a file that begins with «{MAGIC.strip()}», with two checkpoints")
    key = VerifierKey.parse(form[1])
    first, second = open_checkpoint(form[2], key), open_checkpoint(form[3], key)
    if first.size == second.size:
        if first.root == second.root:
            raise VerificationError("the two checkpoints are the same: nothing contradicts anything")
        return first, second
    if form[4] is None:
        raise Malformed("expected a proof, since the checkpoints are of two sizes")
    root, *path = [decode64(line, "a hash of the proof") for line in form[4].removesuffix("\n").split("\n")]
    merkle.check_consistency(first.size, second.size, root, second.root, path)
    if root == first.root:
        raise VerificationError("the first checkpoint is a beginning of the second: nothing contradicts anything")
    return first, second
