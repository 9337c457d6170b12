"""Verifying a feed, or one entry of it, as a reader holds it: what each entry shows, held against its proof.

An entry of ours in JSON holds its text and proof. Of Atom and RSS they are taken from a site, or from beside the feed.
What an entry shows is compared by words, links and list numbers, and in JSON byte for byte. What is no essay is named
as not compared, or is not verified.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import Malformed, VerificationError
from archive.register import sums
from archive.wording import listed, many, shorten
from publisher.essays.words import difference, split, visible
from publisher.verify import disguise, markup, message
from publisher.verify.entries import LARGEST, Entry, entries, slug
from publisher.verify.evidence import Evidence
from publisher.verify.file import read_bytes
from publisher.verify.text import Proved
from publisher.verify.verdict import Found, Verdict, of_channel

_AROUND = "that what stands around the essays is ours: titles, dates, order, notes, and whether an entry was left out"
_SHA256 = re.compile(r"SHA-256(?: of the text)?:? (?:<code>)?([0-9a-f]{64})\b")
_NOTICE = re.compile(r"tag:[^/]+:(no-issue/\d{4}-W\d\d|E\d{4}-\d{4,12})")
_MOST_WORDS = 300
"""Of an entry that says that a week had no issue, or that a text was withdrawn."""


@dataclass(slots=True)
class _Judged:
    """An entry on its way to being judged."""

    entry: Entry
    proved: Proved | None = None
    places: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def verify_feed(path: Path, evidence: Evidence) -> Verdict:
    """Check every essay in a feed. Raises `VerificationError` with all that touches a text, and where."""
    data = read_bytes(path, "a feed", "save the feed itself", LARGEST)
    try:
        found = [_judged(entry, evidence) for entry in entries(data)]
    except Malformed as error:
        raise Malformed(f"{message.name(path)}: {error}") from None
    if problems := list(dict.fromkeys(f"{_named(each)}: {fault}" for each in found for fault in each.problems)):
        raise VerificationError(message.listing(message.name(path), problems))
    if not any(each.proved for each in found):
        raise Malformed(f"{message.name(path)}: expected an entry that shows an essay, found none among {len(found)}")
    return _checked(path, found)


def _judged(entry: Entry, evidence: Evidence) -> _Judged:
    each = _Judged(entry)
    claimed = _claimed(entry)
    # 1. It names one text, which is at hand with a proof that holds, or is the notice of a week.
    if len(claimed) > 1:
        each.problems.append(f"names more than one text: SHA-256 {listed(sorted(claimed))}")
        return each
    sha256, called = next(iter(claimed), ""), slug(entry)
    try:
        each.proved = evidence.of(sha256, called, entry.own) if sha256 or called else None
    except VerificationError as error:
        each.problems.append(str(error))
        return each
    if not each.proved:
        each.problems += _unproved(entry, evidence.missing(sha256, called) if sha256 or called else "")
        return each
    # 2. Every view of it shows the words that were proved.
    each.problems += [*_html(each, each.proved), *_summaries(each, each.proved)]
    # 3. The text beside them is the one that was proved.
    each.problems += _texts(each, each.proved)
    if not each.places and not each.problems:
        each.problems.append("does not show its text")
    return each


def _claimed(entry: Entry) -> set[str]:
    """The hashes of texts that it gives, of whichever kind."""
    shows = [html for html in entry.html + entry.summaries if not markup.too_large(html)]
    found = {sha256 for html in shows for sha256 in [*markup.digests(html), *_SHA256.findall(html)[:1]]}
    found |= {sums.digest(entry.texts[0].encode())} if not found and entry.texts and not entry.sha256 else set()
    return found | ({entry.sha256[:64]} if entry.sha256 else set())


def _unproved(entry: Entry, missing: str) -> Iterator[str]:
    if entry.own and (found := sums.digest(entry.own[0])) != entry.sha256:
        yield f"its text has SHA-256 {found}, and it names {message.shown(entry.sha256[:64])}"
        return
    words = [word for html in entry.html + entry.summaries + entry.texts for word in split(html)[: _MOST_WORDS + 1]]
    if missing and "/essays/" in "".join(entry.links):
        yield missing
    elif not _NOTICE.fullmatch(entry.id) or len(words) > _MOST_WORDS:
        yield "is of no essay, and nothing proves what it says"


def _html(each: _Judged, essay: Proved) -> Iterator[str]:
    views = each.entry.html or ([] if each.entry.texts else each.entry.summaries)  # RSS may have a description alone
    for html in views:
        problems, found = markup.compared(html, {essay.sha256: essay.text}, disguise.ENTRY)
        yield from (f"its HTML {message.shown(problem)}" for problem in problems)
        if found:
            each.places.append("HTML (by its words)")
    if not views:
        each.said.append("there is no HTML to compare")
    elif not any(essay.sha256 in markup.digests(html) for html in views):
        each.said.append("its HTML does not say which part is the essay")


def _summaries(each: _Judged, essay: Proved) -> Iterator[str]:
    """A program may show a summary alone: it is ours, or an excerpt of what was compared."""
    whole = [word for html in each.entry.html for word in visible(html)]
    whole += [word for text in each.entry.texts for word in split(text)]
    for summary in each.entry.summaries if whole else ():
        words = visible(summary)
        if words == split(f"Not edited. SHA-256 of the text: {essay.sha256}") or not words:
            continue
        excerpt = words[:-1] if words[-1].endswith(("…", "...")) else words
        if excerpt and difference(excerpt, whole):
            found = message.shown(shorten(" ".join(words), 200))
            yield f"its summary is neither ours nor an excerpt of the text: {found}"
        else:
            each.said.append("the summary is an excerpt")


def _texts(each: _Judged, essay: Proved) -> Iterator[str]:
    expected = split(essay.text.decode(errors="replace"))
    for text in each.entry.texts:
        words = split(text)
        if text.encode(errors="surrogatepass") == essay.text:
            each.places.append("text")
        elif differs := difference(expected, words):
            yield f"its text {message.shown(differs)}"
        elif len(words) > len(expected):
            yield f"its text has {many(len(words) - len(expected), 'word')} more"
        else:
            each.said.append("its text has the same words, on other lines or with other spaces")
            each.places.append("text (by its words)")


# Telling.


def _named(each: _Judged) -> str:
    return f"«{message.shown(each.entry.title)[:100]}»" if each.entry.title.strip() else "an entry without a title"


def _checked(path: Path, judged: list[_Judged]) -> Verdict:
    found = []
    for each in judged:
        if essay := each.proved:
            places = [*dict.fromkeys(each.places)]
            what = f"{message.name(path)}: {_named(each)} shows in its {listed(places)} the whole text"
            found.append(Found(essay, f"{what} ({essay.measure}) that is", places, each.said))
    others = [_named(each) for each in judged if not each.proved]
    rest = [f"Not compared, since of no essay: {listed(others)}."] if others else []
    return of_channel("feed", found, (_AROUND,), rest, not_compared=others)
