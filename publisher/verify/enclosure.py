"""What a letter holds of ours: essays in its text part, texts attached, proofs."""

import re
from collections.abc import Iterator
from itertools import islice

from archive.errors import Malformed
from archive.wording import listed
from publisher.site.cut import CutEssay, Damaged, marked
from publisher.verify.letter import Letter, Part

MOST_ESSAYS = 100

_BEGIN = re.compile(rb"(?m)^----- BEGIN ESSAY ")


def ours(letter: Letter) -> bool:
    """Whether a letter holds an essay, or what goes with one."""
    return any(begins(part) or is_proof(part) for part in letter.parts)


def begins(part: Part) -> bool:
    """Whether a line of it begins as a marker line does."""
    return bool(_BEGIN.search(part.data))


def is_text(part: Part) -> bool:
    """Whether it is plain text that is shown, or that was made an attachment and holds an essay."""
    return part.kind == "text/plain" and (not part.attached or begins(part)) and not is_proof(part)


def is_proof(part: Part) -> bool:
    """Whether it is a proof, whatever it is called."""
    return part.data.startswith(b"c2sp.org/tlog-proof@v1\n")


def files(letter: Letter) -> tuple[list[Part], list[Part]]:
    """The texts attached, and the proofs."""
    proofs = [part for part in letter.parts if is_proof(part)]
    named = (part for part in letter.parts if part.kind == "text/markdown" or part.name.lower().endswith(".md"))
    return [part for part in named if not is_proof(part)], proofs


def cuts(part: Part) -> tuple[list[CutEssay | Damaged], str]:
    """What stands between the marker lines, and how the text was mended to find it whole."""
    best: tuple[list[CutEssay | Damaged], str] = ([], "")
    for text, how in mended(part.data):
        found = list(islice(marked(text), MOST_ESSAYS + 1))
        if len(found) > MOST_ESSAYS:
            raise Malformed(f"expected a mail, found more than {MOST_ESSAYS} essays in it")
        if not how or _whole(found) > _whole(best[0]):
            best = found, how
    return best


def _whole(found: list[CutEssay | Damaged]) -> int:
    return sum(isinstance(cut, CutEssay) for cut in found)


def mended(data: bytes) -> Iterator[tuple[bytes, str]]:
    """A text as it stands, and as it was before an mbox quoted its lines. The hash decides."""
    yield data, ""
    yield re.sub(rb"(?m)^>(>*From )", rb"\1", data), "«>From » in its text part, as an mbox writes it, read as «From »"
    yield re.sub(rb"(?m)^>From ", b"From ", data), "«>From » in its text part, as an mbox writes it, read as «From »"


def address(letter: Letter) -> str:
    """Where the text part says that its proofs are."""
    text = b"\n".join(part.data for part in letter.parts if is_text(part))
    found = re.findall(rb"(?m)^Proof: (https?://[!-~]{1,300})$", text)[:MOST_ESSAYS]
    return listed(each.decode() for each in dict.fromkeys(found)) or "the newsletter's site, beside the text"
