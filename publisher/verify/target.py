"""What somebody wants checked, and which channel it came by: a file, a mail, a feed, a page, words, a site, a home."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error
from archive.register import sums
from archive.register.note import VerifierKey
from publisher.verify import withdrawal
from publisher.verify.evidence import Evidence
from publisher.verify.file import checked, read_bytes, verify_file
from publisher.verify.place import CHECKPOINT, OWN_KEY, Place, SiteFolder, around, own_key, site_folder
from publisher.verify.verdict import Verdict

_EXCERPT = b'{"format":1,"deposit":"'
"""How every excerpt and redacted copy begins."""
_SUCCESSION = b"The key of a register is lost, and another register follows it"
"""And how the word of reviewers about a lost key does."""
_HEAD = 1 << 14
"""Bytes of a file that tell what it is."""


def verify(
    target: str,
    *,
    key: VerifierKey | None = None,
    site: str | None = None,
    words: bytes | None = None,
    detailed: bool = False,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Verdict:
    """Check what `target` names, with texts and proofs from `site` where it holds none; or `words` against it.

    With `detailed`, what stands behind each text is told too, as far as it is at hand.

    `progress` is told how many files were fetched from an address, of how many. Raises `VerificationError` with all
    that is wrong, `KeyNeededError` where nothing tells whose register it should be.
    """
    wanted = _Wanted(key, site, words, detailed)
    if not _is_address(target):
        path = Path(target)
        if not path.exists():
            raise Error(f"{target}: expected a file, a folder or an https:// address, found none; look at its name")
        return _folder(path, wanted) if path.is_dir() else _file(path, around(path), wanted)
    from publisher.verify import download

    with download.downloaded(target, key, progress) as (path, place):
        if not path.is_dir():
            return _file(path, place, wanted)
        found = _folder(path, wanted)
    afar = (download.LIMIT,) if words is None else ()
    return dataclasses.replace(found, limits=(*found.limits, *afar))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was asked for, beside the target."""

    key: VerifierKey | None
    site: str | None
    words: bytes | None
    detailed: bool


def _folder(path: Path, wanted: _Wanted) -> Verdict:
    """A site, or a home, or the words of one."""
    if wanted.words is not None:
        with site_at(str(path)) as place:
            return _words(path, Evidence(path, place, wanted.key or own_key(place)), wanted)
    if (path / "archive.toml").is_file() and not (path / CHECKPOINT).is_file():
        from publisher.verify.home import verify_home

        found = verify_home(path, wanted.key)
    else:
        from publisher.verify.site.check import verify_site

        found = verify_site(path, wanted.key)
    if not wanted.detailed or not found.facts.get("issues"):
        return found
    with site_at(str(path)) as place:
        evidence = Evidence(path, place, wanted.key or own_key(place))
        essays = [essay for slug in evidence.slugs() if (essay := evidence.of("", slug))]
        whole = dataclasses.replace(found, essays=tuple(sorted(essays, key=lambda essay: essay.verified.index)))
        return _detailed(whole, evidence)


def _file(path: Path, place: Place | None, wanted: _Wanted) -> Verdict:
    """What lies here now, `place` being the site it came from."""
    with nullcontext(place) if wanted.site is None else site_at(wanted.site) as place:
        evidence = Evidence(path.absolute().parent, place, wanted.key or own_key(place))
        if wanted.words is not None:
            return _words(path, evidence, wanted)
        return _told(_channel(path, evidence), evidence, wanted)


def _told(found: Verdict, evidence: Evidence, wanted: _Wanted) -> Verdict:
    found = withdrawal.told(found, evidence.site, evidence.key)
    own = () if wanted.key else (OWN_KEY,)
    found = dataclasses.replace(found, limits=(*own, *found.limits))
    return _detailed(found, evidence) if wanted.detailed else found


def _detailed(found: Verdict, evidence: Evidence) -> Verdict:
    from publisher.verify.details import details

    behind = details(found.essays, evidence)
    proves = set.intersection(*(each.proves for each in behind)) if behind else set()
    more = [limit for each in behind for limit in each.limits] if proves.intersection(found.limits) else []
    return dataclasses.replace(
        found,
        limits=tuple(dict.fromkeys([limit for limit in found.limits if limit not in proves] + more)),
        details=tuple(map(str, behind)),
        facts=found.facts | {"details": [{"subject": each.subject, **each.facts} for each in behind]},
    )


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
    folder = site_folder(Path(text))
    if not (folder / CHECKPOINT).is_file():
        raise Error(f"{text}: expected a site with {CHECKPOINT}, found none")
    yield SiteFolder(folder)


def _is_address(text: str) -> bool:
    return text.lower().startswith(("https://", "http://"))


def _channel(path: Path, evidence: Evidence) -> Verdict:
    match channel(path):
        case "excerpt":
            from publisher.verify.excerpt import verify_excerpt

            return verify_excerpt(path, evidence.key)
        case "succession":
            from publisher.verify.succession import verify_succession

            return verify_succession(path, evidence.key, evidence.site)
        case "mail":
            from publisher.verify.mail import verify_mail

            return verify_mail(path, evidence)
        case "feed":
            from publisher.verify.feed import verify_feed

            return verify_feed(path, evidence)
        case "page":
            from publisher.verify.page import verify_page

            return verify_page(path, evidence)
    if evidence.site and path.is_file() and not _proof(path).exists():
        essay = evidence.of(sums.digest(read_bytes(path, "a file", "name the text that was downloaded")))
        if essay:
            return checked(path, essay)
    return verify_file(path, evidence.key)


def _words(path: Path, evidence: Evidence, wanted: _Wanted) -> Verdict:
    from publisher.verify.words import nearest, verify_words

    words = wanted.words or b""
    if evidence.site and path.is_dir():
        return _told(verify_words(words, nearest(words, evidence.site, evidence.slugs(), evidence)), evidence, wanted)
    text = read_bytes(path, "an essay with its proof, or a site", "name what the words are to be compared with")
    essay = evidence.of(sums.digest(text))
    if essay is None:
        raise Error(f"{path}: {evidence.missing(sums.digest(text), '')}")
    return _told(verify_words(words, essay), evidence, wanted)


def channel(path: Path) -> str:
    """``excerpt``, ``succession``, ``mail``, ``feed``, ``page`` or ``file``: by proof, name, or first lines."""
    if not path.is_file():
        return "file"
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_EXCERPT):
        return "excerpt"
    if head.startswith(_SUCCESSION):
        return "succession"
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
