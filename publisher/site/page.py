"""One page of the site: a template of ``templates/`` filled in, and what all templates may use."""

import datetime as dt
import re
import shlex
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup

from archive import characters
from archive.register.statement import encode_time
from archive.wording import many, plainly, written
from publisher.essays.essay import PublishedEssay
from publisher.site import candidates, fate, verifier
from publisher.site.reading import spoken
from publisher.site.received import runs, unseen
from publisher.site.shared import absence, environment, href, paragraphs
from publisher.site.site import Site, Withheld

PROOF_FILES = {
    r"essay\.md": "the text, exactly as it was received",
    r"essay\.md\.tlog-proof": "the review, and the proof that it stands in the register",
    r"essay\.toml": "how the essay was made, as told on this page",
    r"reviews/\d+\.json": "the decision, as it was signed and logged",
    r"reviews/\d+\.json\.sig": "the reviewer’s signature under it",
    r"intake\.sums": "the hashes that were fixed when it arrived",
    r"intake\.sums\.tlog-proof": "the proof that they stand in the register",
    r"nonce": "the random number that kept those hashes from being guessed before publication",
    r"request\.json": "what was sent to the model",
    r"response\.json": "everything the model sent back",
    r"sampling\.toml": "what was asked for, and how many texts, fixed before the first call",
    r"sampling\.toml\.tlog-proof": "the proof that it stands in the register",
    r"article\.html": "the text as HTML, as this page shows it",
    r"words\.txt": "the words of that HTML, for comparing with what you were sent",
    r".*": "",
}


def fill(site: Site, path: str, template: str, **values: object) -> bytes:
    """One HTML page; `root` leads from it to the site's root, `address` is where it will stand."""
    address = site.url(path.removesuffix("index.html"))
    return part(site, template, root=_root(path), address=address, **values).encode()


TOLD = "../../"
"""From where to the root leads what is told of an issue, which stands on pages that lie elsewhere too (`moved`)."""


def moved(told: str, path: str) -> Markup:
    """What is told of an issue, with its links as they lead from the page at a site path."""
    return Markup(told.replace(f'="{TOLD}', f'="{_root(path)}'))  # only in tags: in text a quote is escaped


def _root(path: str) -> str:
    return "../" * path.count("/")


def part(site: Site, template: str, *, root: str, **values: object) -> str:
    """HTML of a page, or of a part of one; `root` leads from where it will stand to the site's root."""
    common = {"site": site, "letter": site.newsletter, "root": root, "parts": _parts(site, root)}
    return _template(_environment(), template).render(common, **values)


@lru_cache(maxsize=16)
def _parts(site: Site, root: str) -> object:
    """``parts.html``, which is the same for all pages that are as deep."""
    values = {"site": site, "letter": site.newsletter, "root": root}
    return _template(_environment(), "parts.html").make_module(values)


def ready() -> None:
    """Compile what the pages of each issue are made by, before this process is copied."""
    for name in ("essay", "received", "issue", "week", "line", "base", "parts", "meta", "files", "limits"):
        _template(_environment(), f"{name}.html")


@lru_cache(maxsize=64)
def _template(environment: Environment, name: str) -> Template:
    """With its globals in one map: Jinja's are a chain of maps, and copying that took longer than many a page."""
    found = environment.get_template(name)
    found.globals = dict(found.globals)
    return found


@cache
def _environment() -> Environment:
    return environment(
        shown=_shown,
        absence=absence,
        became=candidates.STATES,
        counted=fate.counted,
        counts=fate.counts,
        under=fate.under,
        day=day,
        href=href,
        key_of=verifier.key_of,
        many=many,
        minute=minute,
        series_name=series_name,
        paragraphs=paragraphs,
        plainly=plainly,
        proof_files=proof_files,
        quoted=shlex.quote,
        recipe=fate.recipe,
        reading=spoken,
        runs=runs,
        unseen=unseen,
        withholding=withholding,
        written=written,
    )


def _shown(value: Any) -> Any:
    """Of records nothing that no page can hold, or that turns the direction of what follows; a text's body is HTML."""
    return characters.held(value) if type(value) is str else value


@lru_cache(maxsize=256)
def day(when: dt.date) -> Markup:
    """``2 November 2026`` as a ``time`` element; of a datetime, the day in UTC."""
    date = when.astimezone(dt.UTC).date() if isinstance(when, dt.datetime) else when
    return Markup('<time datetime="%s">%s</time>') % (date.isoformat(), written(date))


@lru_cache(maxsize=256)
def minute(time: dt.datetime) -> Markup:
    """``2 November 2026, 09:00 UTC`` as a ``time`` element."""
    utc = time.astimezone(dt.UTC)
    return Markup('<time datetime="%s">%s, %s UTC</time>') % (encode_time(utc), written(utc), f"{utc:%H:%M}")


def proof_files(essay: PublishedEssay) -> Markup:
    """A list of every file frozen with an essay and what it is, in the order of `PROOF_FILES`."""
    return _proof_files(tuple(essay.files))


@lru_cache(maxsize=64)  # most essays have the same
def _proof_files(paths: tuple[str, ...]) -> Markup:
    forms = [*PROOF_FILES]
    orders = {path: next(place for place, form in enumerate(forms) if re.fullmatch(form, path)) for path in paths}
    files = [(path, PROOF_FILES[forms[orders[path]]]) for path in sorted(paths, key=lambda path: (orders[path], path))]
    return Markup(_template(_environment(), "files.html").render(files=files))


def series_name(slug: str) -> str:
    """A series as people say it: ``letters-home`` → ``Letters home``."""
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]


def withholding(each: Withheld) -> tuple[dt.datetime, list[str]]:
    """When an essay was withheld, and under which criteria: those of all the reviews that say so."""
    reviews = [review for review in each.reviews if review.decision == "withhold"]
    return max(review.time for review in reviews), fate.under(reviews)
