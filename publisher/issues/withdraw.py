"""Taking down what was published: the text, its mail and all that is frozen with it; a page says so in its place."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.characters import carried
from archive.errors import Error, NotFound
from archive.home import account
from archive.home.home import Home, Writer
from archive.home.store import digest_of
from archive.records.toml import table
from archive.register import statement, sums
from archive.register.sums import LIST
from archive.wording import many
from publisher.essays.submission import folders_of
from publisher.issues.build import commit
from publisher.issues.frozen import listing, slugs
from publisher.issues.records import read
from publisher.issues.source import Source, frozen_folder, of_home
from publisher.issues.statements import issued
from publisher.issues.verifier import page_notice
from publisher.issues.withdrawn import leaving, notice_of
from publisher.site.compose import compose

REASONS = {
    "model-request": "The model asked for it.",
    "maker-request": "The model’s maker asked for it.",
    "personal-data": "It told things about a person that are not public.",
    "harm": "Following it could have injured someone.",
    "legal": "The law requires it.",
    "error": "It should not have been published: a mistake of ours.",
    "other": "",
}
"""Why a text was taken down: the code that is logged, and the words that are shown where none are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a run took down."""

    accession: str
    slug: str
    week: str
    index: int
    """Of the notice in the register."""
    written: tuple[str, ...] = ()
    """Site paths that were written or taken away."""
    kept: tuple[str, ...] = ()
    """Where the text still lies in the home."""
    new: bool = True

    @property
    def line(self) -> str:
        """``E2026-0007  on-commas  withdrawn  entry 9``"""
        return f"{self.accession}  {self.slug}  {'withdrawn' if self.new else 'withdrawn already'}  entry {self.index}"


def withdraw(home: Home, name: str, reason: str, words: str = "") -> Taken:
    """Take down an essay, by its slug or accession; `reason` is a code of `REASONS`, `words` are for readers.

    Raises `Error` where it was not published. One that was withdrawn before stays as it is.
    """
    words = words.strip() or REASONS.get(reason, "")
    if reason not in REASONS:
        raise Error(f"--reason: expected one of {', '.join(REASONS)}, found {reason}")
    if not words:
        raise Error("--words: expected what readers are told instead, found none; with other, --words says why")
    if carried(words) != words:
        raise Error(f"--words: expected words that can be shown, found control characters in them: {carried(words)}")
    with home.writing() as writer:
        source = of_home(writer.home)
        week, accession, slug = _published(source, name)
        if before := source.lives[accession].withdrawn:
            taken = source.register.statement(before.index).subjects
            kept = _kept(home, week, slug, taken)
            return Taken(accession=accession, slug=slug, week=week, index=before.index, kept=kept, new=False)
        return _withdrawn(writer, source, week, accession, slug, reason, words)


def told(done: Taken, reason: str) -> Iterator[str]:
    """What is to be done then, a sentence or two each."""
    if not done.new:
        yield "nothing changed"
        return
    yield "Copy the site to where it is published now: until then readers see the text there."
    yield (
        f"This home keeps {many(len(done.kept), 'file')} of it, which nobody else sees. Where they must be\n"
        f"destroyed, delete them: publisher withdraw {done.slug} --reason {reason} --json names each."
    )


def _published(source: Source, name: str) -> tuple[str, str, str]:
    """Week, accession and slug of a published essay. Raises `NotFound`, naming what there is."""
    known: list[str] = []
    for week, index in reversed(issued(source.register).items()):
        for accession, slug in slugs(source, source.register.statement(index)).items():
            if name in (accession, slug):
                return week, accession, slug
            known.append(slug)
    remedy = "what was not published is withheld: publisher review SLUG --decision withhold"
    there = ", ".join(known) or "none yet"
    raise NotFound(
        f"{name}: expected the slug or accession of a published essay, found none; there are: {there}; {remedy}"
    )


def _withdrawn(writer: Writer, source: Source, week: str, accession: str, slug: str, reason: str, words: str) -> Taken:
    now, size = writer.now(), writer.home.register.size
    said = {"format": 1, "accession": accession, "reason": reason, "words": words}
    name, text = notice_of(slug), table("", said).encode()
    listed = listing(source, source.register.statement(issued(source.register)[week]))
    going = {path: sha for path, sha in leaving(listed, week, slug).items() if path not in source.withdrawn}
    subjects = going | {name: sums.digest(text)}
    notice = statement.notice("withdrawn", subjects, reason=reason, week=week, time=now)
    then = dataclasses.replace(source, coming=(notice,), words={name: text})
    page = page_notice(writer.home, now)
    composed = compose(read(then, size=size + 1 + len(page), time=now))
    site = statement.notice("site", {LIST: sums.digest(composed.files[LIST])}, reason="withdrawn", time=now)
    words_file = {writer.home.relative(frozen_folder(writer.home, week) / name): text}
    leaves = [notice.encode(), *page, site.encode()]
    written = commit(writer, composed, None, leaves, words_file, [f"site/{LIST}.tlog-proof"])
    kept = _kept(writer.home, week, slug, going)
    return Taken(accession=accession, slug=slug, week=week, index=size, written=written, kept=kept)


def _kept(home: Home, week: str, slug: str, taken: Mapping[str, str]) -> tuple[str, ...]:
    """Where what was `taken` down (site path → SHA-256) still lies in the home."""
    going = {path: sha for path, sha in taken.items() if path != notice_of(slug)}
    folders = folders_of(home.root, slug)
    own = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    own += [home.root / account.list_of(home.relative(folder)) for folder in folders]
    frozen = [frozen_folder(home, week) / path for path in going]
    digests = (*going.values(), *(digest_of(path) for path in own if path.is_file()))
    here = (*own, *frozen, *map(home.store.path, digests))
    files = [home.relative(path) for path in here if path.exists()]
    return tuple(dict.fromkeys((*files, *(home.store.named(sha) for sha in digests if home.store.has(sha)))))
