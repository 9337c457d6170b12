"""What somebody wants checked, and which channel it came by: a file, a mail, a feed, a page, words, a site, a home."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from archive.errors import Error
from archive.register import sums
from archive.register.note import VerifierKey
from publisher.verify import later
from publisher.verify.checked import Checked
from publisher.verify.evidence import Evidence
from publisher.verify.file import checked, read_bytes, verify_file
from publisher.verify.place import CHECKPOINT, OWN_KEY, Place, SiteFolder, around, own_key

_EXCERPT = b'{"format":1,"deposit":"'
"""How every excerpt and redacted copy begins."""
_HEAD = 1 << 14
"""Bytes of a file that tell what it is."""


def verify(
    target: str,
    *,
    key: VerifierKey | None = None,
    site: str | None = None,
    words: bytes | None = None,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Checked:
    """Check what `target` names, with texts and proofs from `site` where it holds none; or `words` against it.

    `progress` is told how many files were fetched from an address, of how many. Raises `VerificationError` with all
    that is wrong, `KeyNeededError` where nothing tells whose register it should be.
    """
    if not _is_address(target):
        path = Path(target)
        return _verify(path, around(path), key, site, words)
    from publisher.verify import download

    with download.downloaded(target, key, progress) as (path, place):
        found = _verify(path, place, key, site, words)
    afar = (download.LIMIT,) if place is None and found.facts.get("channel") == "site" else ()
    return dataclasses.replace(found, limits=(*found.limits, *afar))


def _verify(path: Path, place: Place | None, key: VerifierKey | None, site: str | None, words: bytes | None) -> Checked:
    """What lies here now, `place` being the site it came from."""
    if path.is_dir() and words is None:
        return _folder(path, key)
    named = str(path) if path.is_dir() else site
    with nullcontext(place) if named is None else site_at(named) as place:
        evidence = Evidence(path.absolute().parent, place, key or own_key(place))
        found = _file(path, evidence) if words is None else _words(path, evidence, words)
        found = later.told(found, place, evidence.key)
    own = () if key else (OWN_KEY,)
    return dataclasses.replace(found, limits=(*own, *found.limits))


@contextmanager
def site_at(text: str) -> Iterator[Place]:
    """The site at an address, in a folder, or in a home. Raises `Error` where there is none."""
    if _is_address(text):
        from publisher.verify.address import Bounds, Fetch, site_above

        with closing(Fetch(Bounds())) as fetch:
            if not (found := site_above(text, fetch)):
                raise Error(f"{text}: expected a site with {CHECKPOINT}, found none")
            yield found
        return
    folder = Path(text)
    folder = folder / "site" if (folder / "archive.toml").is_file() else folder
    if not (folder / CHECKPOINT).is_file():
        raise Error(f"{text}: expected a site with {CHECKPOINT}, found none")
    yield SiteFolder(folder)


def _is_address(text: str) -> bool:
    return text.lower().startswith(("https://", "http://"))


def _folder(path: Path, key: VerifierKey | None) -> Checked:
    if (path / "archive.toml").is_file() and not (path / CHECKPOINT).is_file():
        from publisher.verify.home import verify_home

        return verify_home(path, key)
    from publisher.verify.site import verify_site

    return verify_site(path, key)


def _file(path: Path, evidence: Evidence) -> Checked:
    match channel(path):
        case "excerpt":
            from publisher.verify.excerpt import verify_excerpt

            return verify_excerpt(path, evidence.key)
        case "mail":
            from publisher.verify.mail import verify_mail

            return verify_mail(path, evidence.key, evidence)
        case "feed":
            from publisher.verify.feed import verify_feed

            return verify_feed(path, evidence)
        case "page":
            from publisher.verify.page import verify_page

            return verify_page(path, evidence)
    if evidence.site and path.is_file() and not _proof(path).exists():
        essay = evidence.of(sums.digest(data := read_bytes(path, "a file", "name the text that was downloaded")))
        if essay:
            return checked(path, data, essay.verified)
    return verify_file(path, evidence.key)


def _words(path: Path, evidence: Evidence, words: bytes) -> Checked:
    from publisher.verify.words import nearest, verify_words

    if isinstance(evidence.site, SiteFolder) and path.is_dir():
        return verify_words(words, nearest(words, evidence.site, evidence.slugs(), evidence))
    text = read_bytes(path, "an essay with its proof, or a site", "name what the words are to be compared with")
    essay = evidence.of(sums.digest(text))
    if essay is None:
        raise Error(f"{path}: {evidence.missing(sums.digest(text), '')}")
    return verify_words(words, essay)


def channel(path: Path) -> str:
    """``excerpt``, ``mail``, ``feed``, ``page`` or ``file``: by its proof, its name, or its first lines."""
    if not path.is_file():
        return "file"
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_EXCERPT):
        return "excerpt"
    if _proof(path).exists():
        return "file"
    suffix, start = path.suffix.lower(), head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix in (".mhtml", ".mht") or re.search(rb"(?im)^snapshot-content-location:", head):
        return "page"
    if suffix in (".eml", ".mbox") or _is_mail(head):
        return "mail"
    if suffix in (".html", ".htm", ".xhtml") or re.search(rb"(?i)<!doctype html|<html[\s>]", start[:2000]):
        return "page"
    if suffix in (".atom", ".rss", ".xml", ".json") or re.match(rb"<\?xml|<(\w+:)?(feed|entry|rss|item)[\s>]", start):
        return "feed"
    return "file"


def _is_mail(head: bytes) -> bool:
    mails = rb"(?im)^(from|received|return-path|delivered-to|mime-version|content-type|message-id):"
    return bool(re.match(rb"(From \S+ .*\n)?[!-9;-~]+:", head) and re.search(mails, head))


def _proof(path: Path) -> Path:
    return path.with_name(f"{path.name}.tlog-proof")
