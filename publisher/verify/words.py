"""Verifying words that somebody read, pasted or quoted: are they those of an essay, all of them, in their order?

    all 1,204 words in order; 31 more after
    words 120–310 of 1,204, in order
    differs at word 8 of 1,204: the register has *river*, you have *rover*

A word is what `publisher.essays.words` says: NFC, parted by white space. They are held against the words that a page
shows, and against those of the text as received, with its ``*`` and ``#``.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from archive.characters import marked
from archive.errors import Error, Refused, VerificationError
from archive.wording import many
from publisher.essays.render import articles
from publisher.essays.words import difference, longest_start, split, visible
from publisher.verify.evidence import Evidence
from publisher.verify.place import Place
from publisher.verify.text import Proved, facts, in_words
from publisher.verify.verdict import LIMITS, Verdict

LARGEST = 16 << 20
"""Bytes of the most words that are read."""

_AROUND, _EVERYTHING = 4, 1_000
"""Words shown on each side of a difference; words from the first to the last of them, if all are to be found."""
_MOST = 20
_READ = 4 << 20
"""Bytes of an essay's words that are looked through to find the nearest."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How words fit an essay's."""

    said: str
    """``all 1,204 words in order; 31 more after``"""
    matched: int
    """How many of the essay's words stand there, in one run."""
    start: int
    """The first of them, from 1."""
    before: int = 0
    after: int = 0
    """More words around them."""
    differences: list[str] = field(default_factory=list)
    """Empty where all words are the essay's, in order."""


def compare(expected: Sequence[str], found: Sequence[str]) -> Comparison:
    """Words held against all those of an essay."""
    forward, end = longest_start(expected, found)
    if forward == len(expected):
        before, after = end - forward, len(found) - end
        more = [f"; {before:,} more before"] if before else []
        more += [f"; {after:,} more after"] if after else []
        return Comparison(f"all {many(len(expected), 'word')} in order{''.join(more)}", forward, 1, before, after)
    inside, stop = longest_start(found, expected)
    if inside == len(found):
        start = stop - inside + 1
        words = f"words {start:,}–{stop:,}" if inside > 1 else f"word {start:,}"
        return Comparison(f"{words} of {len(expected):,}, in order", inside, start)
    differences = list(_differences(expected, found))
    return Comparison(differences[0], forward, 1, differences=differences)


def _differences(expected: Sequence[str], found: Sequence[str]) -> Iterator[str]:
    """Where they part: the first place, and with it the others as far as they can be told."""
    forward, end = longest_start(expected, found)
    backward, rest = longest_start(expected[::-1], found[::-1])
    start, stop = end, len(found) - rest  # what stands between the essay's beginning and its end
    last = len(expected) - backward
    if not (forward and backward) or stop < start or last < forward:
        yield difference(expected, found) or "differs"
        return
    if max(stop - start, last - forward) > _EVERYTHING:
        yield _place(expected, found, forward, last, start, stop)
        return
    matcher = SequenceMatcher(None, expected[forward:last], found[start:stop], autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            yield _place(expected, found, forward + i, forward + j, start + k, start + m)


def _place(expected: Sequence[str], found: Sequence[str], i: int, j: int, k: int, m: int) -> str:
    """How ``expected[i:j]`` and ``found[k:m]`` differ, with some words around."""
    around = f"; it reads «{_shown([*expected[max(0, i - _AROUND) : i], *expected[i:j], *expected[j : j + _AROUND]])}»"
    of = f"of {len(expected):,}"
    if i == j:
        more = f"has {many(m - k, 'word')} more after word {i:,} {of}: you have *{_shown(found[k:m])}*"
        return more + around
    where = f"word {i + 1:,}" if j - i == 1 else f"words {i + 1:,}–{j:,}"
    if k == m:
        return f"leaves out {where} {of}: the register has *{_shown(expected[i:j])}*{around}"
    return (
        f"differs at {where} {of}: the register has *{_shown(expected[i:j])}*, you have *{_shown(found[k:m])}*{around}"
    )


def _shown(words: Sequence[str]) -> str:
    half = _MOST // 2
    some = [*words] if len(words) <= _MOST else [*words[:half], "…", *words[-half:]]
    return marked(" ".join(word[:60] for word in some))


# Verifying.


def verify_words(data: bytes, essay: Proved) -> Verdict:
    """Hold words against an essay. Raises `VerificationError` where they are neither it nor a part of it."""
    found = _read(data)
    results = [(compare(words, found), len(words), how) for words, how in _views(essay.text)]
    best, total, how = max(results, key=lambda each: (not each[0].differences, each[0].matched))
    if best.differences:
        rest = len(best.differences) - _MOST
        more = [f"and {many(rest, 'place')} more"] if rest > 0 else []
        raise VerificationError("\n  ".join([f"{essay.accession}: {best.said}", *best.differences[1:_MOST], *more]))
    sentence = f"{best.said}, as {how}, of the text ({essay.measure}) that is {in_words(essay.verified)}."
    told = {
        "words": total,
        "matched": best.matched,
        "first": best.start,
        "before": best.before,
        "after": best.after,
        "said": best.said,
        "compared_with": how,
    }
    return Verdict(
        sentence=sentence[0].upper() + sentence[1:],
        limits=("that the words around them, or where they were read, are ours", *LIMITS),
        facts={"verified": True, "channel": "words", **facts(essay, words=told)},
        essays=(essay,),
    )


def _views(text: bytes) -> Iterator[tuple[list[str], str]]:
    """The words of an essay, and how they are to be seen."""
    read = text.decode(errors="replace")
    with suppress(Refused):  # it cannot be shown
        yield from ((visible(body), "a page shows them") for body in articles(read))
    yield split(read), "they were received"


def nearest(data: bytes, site: Place, slugs: Iterable[str], evidence: Evidence) -> Proved:
    """The essay of a site that words are nearest to, by how many runs of three they share.

    Raises `VerificationError` where they share none with any.
    """
    found = _read(data)
    threes, ones = set(_runs(found, 3)), set(_runs(found, 1))
    shared = {}
    for slug in slugs:
        words = _words(site, slug)
        short = min(len(words), len(found)) < 3
        shared[slug] = len(ones.intersection(_runs(words, 1)) if short else threes.intersection(_runs(words, 3)))
    best = max(shared, key=lambda slug: shared[slug], default="")
    if not best or not shared[best]:
        raise VerificationError(f"no essay of {site.name} has three of these words in a row")
    essay = evidence.of("", best)
    if essay is None:
        raise VerificationError(f"essays/{best}: {evidence.missing('', best)}")
    return essay


def _words(site: Place, slug: str) -> list[str]:
    words = (site.read(f"essays/{slug}/words.txt") or b"")[:_READ]
    return words.decode(errors="replace").split()


def _runs(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _read(data: bytes) -> list[str]:
    if not (found := split(data.decode(errors="replace"))):
        raise Error("expected words on standard input, found none; paste or redirect what you read")
    return found
