"""The words of a turn nearest to a quote that does not stand there: shown, never accepted."""

import difflib
import re
import unicodedata
from collections.abc import Mapping

LONG = 400
"""Tokens; longer passages are compared roughly, lest a wrong quote take minutes to refuse."""


def closest(exact: str, spoken: Mapping[str, str]) -> tuple[str, str | None]:
    """In which of several turns the words most like `exact` stand, and these; the first turn's where they are alike."""
    found = {at: near for at, words in spoken.items() if (near := nearest(exact, words))}
    ratio = difflib.SequenceMatcher(None, b=_tokens(exact.casefold()), autojunk=False)

    def likeness(at: str) -> float:
        ratio.set_seq1(_tokens(found[at].casefold()))
        return ratio.ratio() if len(exact) <= LONG * 10 else 0

    at = max(found, key=likeness, default="")
    return at, found.get(at)


def nearest(exact: str, words: str) -> str | None:
    """The passage of `words` most like `exact`, to show a person; None where nothing is like it."""
    if same := re.search(re.escape(exact), words, re.IGNORECASE):
        return same[0]
    span = _by_words(exact, words) or _by_letters(exact, words)
    if span is None:
        return None
    ours = _tokens(exact)
    if len(ours) > LONG:
        return words[slice(*span)]
    slack = 16 + len(exact) // 4
    around = _tokens(words[max(0, span[0] - slack) : span[1] + slack])
    return "".join(around[slice(*_fit(ours, around))]) or None


def _by_words(exact: str, words: str) -> tuple[int, int] | None:
    ours, theirs = re.findall(r"\w+", exact.casefold()), list(re.finditer(r"\w+", words))
    spelt = [m[0].casefold() for m in theirs]
    match = difflib.SequenceMatcher(None, ours, spelt, autojunk=False).find_longest_match()
    if match.size < min(3, (len(ours) + 2) // 3) or match.size == 0:
        return None
    start = max(0, match.b - match.a)
    return theirs[start].start(), theirs[min(len(theirs), start + len(ours)) - 1].end()


def _by_letters(exact: str, words: str) -> tuple[int, int] | None:
    """For words of which none is spelt as there; with the extra ``suggest`` only."""
    if len(exact) > min(len(words), LONG):  # minutes, for a quote of pages
        return None
    try:
        from rapidfuzz.fuzz import partial_ratio_alignment
    except ImportError:
        return None
    near = partial_ratio_alignment(exact, words, score_cutoff=60)
    return (near.dest_start, near.dest_end) if near else None


def _fit(ours: list[str], theirs: list[str]) -> tuple[int, int]:
    """The slice of `theirs` with the fewest changes to `ours` (Sellers 1980, over tokens)."""
    row = [(0.0, start) for start in range(len(theirs) + 1)]
    for i, our in enumerate(ours, start=1):
        new = [(float(i), 0)]
        for j, their in enumerate(theirs):
            change = _change(our, their)
            (kept, a), (cut, b), (added, c) = row[j], row[j + 1], new[j]
            new.append(min((kept + change, a), (cut + 1, b), (added + 1, c)))
        row = new
    end = min(range(len(row)), key=lambda j: (row[j][0], -j))
    return row[end][1], end


def _change(our: str, their: str) -> float:
    if our == their:
        return 0
    if our.isspace() != their.isspace():
        return 2
    return 0.5 if our[0].lower() == their[0].lower() else 1


def difference(exact: str, near: str) -> str:
    """``I would [-like-]{+prefer+} to be asked``; spaces and marks that cannot be seen appear as their numbers."""
    ours, theirs = _tokens(exact), _tokens(near)
    head = _same(ours, theirs)
    tail = _same(ours[head:][::-1], theirs[head:][::-1])
    ours_left, theirs_left = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    changed, their_change = ours_left[:LONG], theirs_left[:LONG]
    parts = [_calm(ours[:head])]
    for kind, a, b, c, d in difflib.SequenceMatcher(None, changed, their_change, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(_calm(changed[a:b]))
        else:
            parts += [f"[-{_visible(changed[a:b])}-]"] * (b > a) + [f"{{+{_visible(their_change[c:d])}+}}"] * (d > c)
    cut = " …" if max(len(ours_left), len(theirs_left)) > LONG else ""
    return "".join([*parts, cut, _calm(ours[len(ours) - tail :])])


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s|[\w\u0300-\u036f]+|[^\w\s]", text)


def _same(ours: list[str], theirs: list[str]) -> int:
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(ours), len(theirs)))


def _calm(tokens: list[str]) -> str:
    text = "".join(tokens).replace("\n", " ")
    return text if len(text) <= 60 else f"{text[:25]} … {text[-25:]}"


def _visible(tokens: list[str]) -> str:
    return "".join(
        c if c == " " or unicodedata.category(c)[0] in "LNPS" else {"\n": "\\n", "\t": "\\t"}.get(c, f"\\u{ord(c):04x}")
        for c in "".join(tokens)
    )
