"""``search/``: every essay and interview in a list; where `Site.search` says so, an index that a script of ours asks.

::

    search/index.html          the form, which only the script shows, and the newest: all, while they are few
    search/2026/index.html     all of a year, once they are many; the second hundred is ``search/2026/2/index.html``
    search/search.js           the script; it and pagefind's are the only ones outside ``verify/``
    search/pages.json          pagefind's name of each page → what it is filtered and shown by (`_table`)
    search/pagefind/…          the index, as `publisher.site.pagefind` gives it

The index is made of what the pages show of the texts, and of what was said in interviews, not of those pages: what is
said about a text is not found as if it were in it.
"""

import datetime as dt
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from archive.characters import UNSPACED
from archive.register import sums
from archive.wording import many, plainly
from publisher.site import pagefind
from publisher.site.held import Held, interviews
from publisher.site.index import objects
from publisher.site.page import fill
from publisher.site.pagefind import Document
from publisher.site.plan import Plan, Planned
from publisher.site.shared import TEMPLATES
from publisher.site.site import Files, Issue, Site

FOLDER = "search/"
PAGE = f"{FOLDER}index.html"
INDEX = f"{FOLDER}pagefind/"
TABLE = f"{FOLDER}pages.json"
SCRIPT = f"{FOLDER}search.js"
KINDS = ("essay", "interview")
TOGETHER = 100
"""How many stand on one page: it stays under 60 kB."""
_SINGLE = f"(?![\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff\uffa0-\uffdc])[{UNSPACED}]"
"""A character that is looked for by itself. Hangul is not: it has spaces, and pagefind finds how a word begins."""
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""What the page may do where it has an index: pagefind is a program in WebAssembly."""


class Entry(NamedTuple):
    """What can be found, as the list shows it."""

    url: str
    """Site path of its page: ``essays/on-commas/index.html``."""
    kind: str
    """One of `KINDS`."""
    title: str
    language: str
    author: str
    about: str
    """Site path of the page about the author."""
    day: str
    """``2026-11-06``, in UTC."""

    @property
    def year(self) -> str:
        return self.day[:4]


def entries(site: Site, year: str = "") -> list[Entry]:
    """All of them, or of one year, oldest first: of essays what ``index.json`` says, then the interviews of a day."""
    return _entries(site, [each for each in site.issues if year in ("", _year(each))], year)


def _entries(site: Site, issues: Iterable[Issue], year: str = "") -> list[Entry]:
    """What these issues have, and the interviews of a year or all."""
    told = [each.told.essays if each.told else objects(site, each)[1] for each in issues]
    essays = [
        Entry(
            url=f"essays/{each['slug']}/index.html",
            kind="essay",
            title=each["title"],
            language=each["language"],
            author=site.name_of(each["model"]),
            about=site.page_of(each["model"]),
            day=each["published"][:10],
        )
        for each in (json.loads(essay) for essays in told for essay in essays)
    ]
    held = [_interview(site, each) for each in interviews(site) if _held(site, each).startswith(year)]
    return sorted([*essays, *held], key=lambda entry: entry.day)


def _interview(site: Site, held: Held) -> Entry:
    setting = held.setting
    return Entry(
        url=held.path,
        kind="interview",
        title=setting.title or plainly(setting.kind).capitalize(),
        language=site.newsletter.language,
        author=site.name_of(setting.model),
        about=site.page_of(setting.model),
        day=_held(site, held),
    )


def _held(site: Site, held: Held) -> str:
    """The day of an interview; where that is not recorded, the one on which it was logged as it is shown."""
    return str(held.setting.date or _utc(site.room.deposits[held.number].logged.time))


def _utc(time: dt.datetime) -> dt.date:
    return time.astimezone(dt.UTC).date()


def _names(site: Site) -> list[tuple[str, str]]:
    """Of each entry, oldest first: its day, and a name for all that it shows; no issue is read for that."""
    essays = [
        (str(_utc(issue.time)), f"{accession} {site.known(issue.authors[accession])}")
        for issue in site.issues
        for accession in site.there(issue)
    ]
    held = [
        (_held(site, each), f"{site.room.deposits[each.number].name}/{each.interview} {site.known(each.setting.model)}")
        for each in interviews(site)
    ]
    return sorted([*essays, *held], key=lambda named: named[0])


def _year(issue: Issue) -> str:
    return f"{issue.time.astimezone(dt.UTC).year}"


def plan(site: Site) -> Plan:
    """The list, and the script; the index is made all at once (`index`)."""
    names = _names(site)
    several = len(names) > TOGETHER
    by_year = groupby(names if several else (), key=lambda name: name[0][:4])
    years = {year: [name for _, name in of] for year, of in by_year}
    yield PAGE, Planned(None, partial(_newest, site, [*years]))
    for year, of in years.items():
        last = -(-len(of) // TOGETHER)
        for number in range(1, last + 1):
            path = f"{FOLDER}{year}/index.html" if number == 1 else f"{FOLDER}{year}/{number}/index.html"
            shown = of[(number - 1) * TOGETHER : number * TOGETHER]
            inputs = sums.digest(repr((shown, number < last)).encode())
            yield path, Planned(inputs, partial(_portion, site, path, year, number, last))
    if site.search:
        yield SCRIPT, Planned("", lambda: script().encode())


def _newest(site: Site, years: list[str]) -> bytes:
    """The list's first page; of the issues only those are looked at that can be on it."""
    there = sum(len(site.there(issue)) for issue in site.issues)
    issues, essays = list[Issue](), 0
    for issue in reversed(site.issues):
        if essays < TOGETHER:
            issues, essays = [issue, *issues], essays + len(site.there(issue))
    newest = _entries(site, issues)[::-1][:TOGETHER]
    lists = [(year, list(of)) for year, of in groupby(newest, key=lambda each: each.year)]
    counts = [many(n, kind) for kind, n in zip(KINDS, (there, sum(1 for _ in interviews(site))), strict=True) if n]
    return fill(site, PAGE, "search.html", lists=lists, counts=counts, years=years[::-1], policy=POLICY)


def _portion(site: Site, path: str, year: str, number: int, last: int) -> bytes:
    shown = entries(site, year)[(number - 1) * TOGETHER : number * TOGETHER]
    return fill(site, path, "search-year.html", year=year, shown=shown, number=number, last=last)


@cache
def script() -> str:
    """``search/search.js``: a pure function of the program."""
    single = "".join(each if each < "\u0e00" else f"\\u{{{ord(each):x}}}" for each in _SINGLE)
    return (TEMPLATES / "search.js").read_text("utf-8").replace("{single}", single)


# The index.


def is_index(name: str) -> bool:
    """Whether a site path is part of it."""
    return name == TABLE or name.startswith(INDEX)


def made_from(site: Site) -> str:
    """A name for all that the index is made from beside the constants; empty where there is none."""
    return sums.digest(repr(_names(site)).encode()) if site.search else ""


def index(site: Site) -> Files:
    """The index and its table, by site path. Raises `Error` where the version of pagefind that makes it is not here."""
    every = entries(site)
    made = pagefind.index(site.search, site.newsletter.language, documents(site, every))
    return {TABLE: _table(every, made), **{f"{INDEX}{name}": data for name, data in made.items()}}


def documents(site: Site, every: list[Entry]) -> Iterator[Document]:
    """What pagefind reads, in the order of the list; an issue's contents are read when it comes to them."""
    known = {entry.url: entry for entry in every}
    for issue in site.issues:
        for essay in issue.essays:
            entry = known[f"essays/{essay.slug}/index.html"]
            yield Document(entry.url, _document(entry, essay.article))
    for held in interviews(site):
        if not held.described:
            said = (Markup("<p>{}</p>").format(turn.text) for turn in site.room.spoken(held.number, held.interview))
            yield Document(held.path, _document(known[held.path], "".join(said)))


_DOCUMENT = Markup(
    '<!DOCTYPE html><html><body data-pagefind-body><h1 data-pagefind-meta="title">{title}</h1>'
    '<div data-pagefind-ignore data-author="{author}" data-pagefind-meta="author[data-author]"></div>'
    "{body}</body></html>"
)


def _document(entry: Entry, body: str) -> str:
    """A page for pagefind alone, in which each character of a script without spaces is a word, as in what is asked."""
    html = _DOCUMENT.format(title=entry.title, author=entry.author, body=Markup(body))
    return _between().sub(" ", html.replace("\u200b", ""))


@cache
def _between() -> re.Pattern[str]:
    return re.compile(f"(?<={_SINGLE})(?={_SINGLE})")


def _table(every: list[Entry], made: Mapping[str, bytes]) -> bytes:
    """``{authors, kinds, pages: {"en_1171bdf": [author, kind, "2026-11-06", "en"]}}``; of the first two, the places."""
    known = {entry.url: entry for entry in every}
    authors, kinds = (sorted({getattr(entry, name) for entry in every}) for name in ("author", "kind"))
    pages = {}
    for name, data in made.items():
        if name.startswith("fragment/"):
            entry = known[json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))["url"]]
            told = [authors.index(entry.author), kinds.index(entry.kind), entry.day, entry.language]
            pages[name.removeprefix("fragment/").removesuffix(".pf_fragment")] = told
    said = {"authors": authors, "kinds": kinds, "pages": pages}
    return (json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
