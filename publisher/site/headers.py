"""What a host should send with each file: one table, from which ``_headers`` and the configuration of servers are made.

Types are told by the end of a name; without one it is text. ``_headers`` (Netlify, Cloudflare Pages) knows paths only,
so there whatever such a host does not know by itself stands path by path. No two of its rules set the same header for
one path: some hosts would join the values.
"""

import re
from collections.abc import Mapping
from functools import cache

from publisher.site import style, verifier

TEXT = "text/plain; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8; variant=CommonMark"
ATOM, RSS = (f"application/{kind}+xml; charset=utf-8" for kind in ("atom", "rss"))
FEED = "application/feed+json"
TILE = "application/octet-stream"

KNOWN = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "wasm": "application/wasm",
    "pf_meta": TILE,
    "pf_index": TILE,
    "pf_fragment": TILE,
    "xml": "text/xml; charset=utf-8",
    "txt": TEXT,
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
    "png": "image/png",
}
"""By the end of a name: what every host knows, in about these words."""
ENDS = KNOWN | {
    "md": MARKDOWN,
    "eml": "message/rfc822",
    "atom": ATOM,
    "rss": RSS,
    "jsonl": TEXT,
    "toml": TEXT,
    "sums": TEXT,
    "tlog-proof": TEXT,
    "sig": TEXT,
    "sh": TEXT,
    "go": TEXT,
}
"""And what only ours has, or hosts disagree about."""
BY_PATH = {
    r"(.*/)?feed\.json": FEED,
    r"register/tile/.*": TILE,
    r"essays/[^/]+/reviews/[^/]+": TEXT,
    r"interviews/[^/]+/(received|turns|analyses/)[^/]*": TEXT,
}
"""Whose end says something else, or is a stranger's: what was received is shown, and never run."""

TYPES = {
    "/feed.atom": ATOM,
    "/feeds/past/:page": ATOM,
    "/feeds/series/*": ATOM,
    "/models/:model/feed.atom": ATOM,
    "/models/:model/feed/:page": ATOM,
    "/feed.rss": RSS,
    "/feed.json": FEED,
    "/newsletter.toml": TEXT,
    "/register/checkpoint": TEXT,
    "/register/cosigned/*": TEXT,
    "/register/policy": TEXT,
    "/register/allowed_signers": TEXT,
    "/register/keys/:entry/:file": TEXT,
    "/register/tile/*": TILE,
    "/SHA256SUMS": TEXT,
    "/SHA256SUMS.tlog-proof": TEXT,
    "/issues/:week/issue.eml": ENDS["eml"],
    "/issues/:week/newsletter.toml": TEXT,
    "/issues/:week/authors/:number/:file": TEXT,
    "/issues/:week/editors/:slug/:note": TEXT,
    "/issues/:week/notice.toml": TEXT,
    "/issues/:week/SHA256SUMS": TEXT,
    "/issues/:week/SHA256SUMS.tlog-proof": TEXT,
    "/verify/verify.sh": TEXT,
    "/verify/register.go": TEXT,
    "/essays/:slug/essay.md": MARKDOWN,
    "/essays/:slug/essay.toml": TEXT,
    "/essays/:slug/essay.md.tlog-proof": TEXT,
    "/essays/:slug/intake.sums": TEXT,
    "/essays/:slug/intake.sums.tlog-proof": TEXT,
    "/essays/:slug/nonce": TEXT,
    "/essays/:slug/reviews/:review": TEXT,
    "/essays/:slug/editors/:note": TEXT,
    "/essays/:slug/notice.toml": TEXT,
    "/essays/:slug/words.txt": TEXT,
    "/interviews/:number/received*": TEXT,
    "/interviews/:number/turns*": TEXT,
    "/interviews/:number/deposit.toml": TEXT,
    "/interviews/:number/export.toml": TEXT,
    "/interviews/:number/redactions.toml": TEXT,
    "/interviews/:number/redaction.root": TEXT,
    "/interviews/:number/notes/:file": TEXT,
    "/interviews/:number/analyses/:file": TEXT,
    "/interviews/:number/intake*": TEXT,
    "/interviews/:number/nonce": TEXT,
    "/models/:model/model.toml": TEXT,
    "/models/:model/preferences/:file": TEXT,
    "/models/:model/intake*": TEXT,
    "/models/:model/nonce": TEXT,
    **{
        f"/{shelf}/:id/{name}": TEXT
        for shelf in ("protocols", "codebooks")
        for name in ("intake*", "nonce", *(f"{version}.toml" for version in range(1, 10)))
    },
}
"""For ``_headers``: `*` is any path, `:name` one part of it. Of protocols nine versions: a rule for any file beside a
page would be one for the page."""

SHORT = "public, max-age=300"
"""Of pages, feeds and lists: what changes with each issue."""
FRESH = ("/register/checkpoint", "/register/cosigned/*")
SOON = ("/", "/feed.atom", "/feed.rss", "/feed.json", "/index.json", "/sitemap.xml", "/SHA256SUMS")
FOREVER = (
    *(path for path in TYPES if path.startswith("/essays/") and "/editors/" not in path),
    "/issues/:week/issue.eml",
    "/issues/:week/newsletter.toml",
    "/issues/:week/authors/:number/:file",
    "/issues/:week/editors/:slug/:note",
    "/essays/:slug/article.html",
    "/essays/:slug/request.json",
    "/essays/:slug/response.json",
    "/register/keys/:entry/:file",
    "/register/tile/*",
)
"""What an issue froze, and what only grows by new files."""
AGES = {"no-cache": FRESH, "public, max-age=31536000, immutable": FOREVER}


@cache
def every(*, searched: bool = False) -> Mapping[str, str]:
    """What goes with each file. The hashes are of the script and the style of verify/, which no other file has.

    Where search/ has an index (`searched`), its scripts are allowed as well: they are files of the site, and no text is
    sent as one. A server's configuration says that of this folder alone; ``_headers`` cannot, and says it of all.
    """
    own, sheet = verifier.source(verifier.script()), verifier.source(style.alone())
    policy = {
        "default-src": "'none'",
        "img-src": "'self'",
        "style-src": f"'self' {sheet}",
        "script-src": f"'self' 'wasm-unsafe-eval' {own}" if searched else own,
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return {
        "Access-Control-Allow-Origin": "*",
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def headers(path: str) -> dict[str, str]:
    """What goes with the file at a site path, ``essays/on-commas/essay.md``."""
    own = next((kind for form, kind in BY_PATH.items() if re.fullmatch(form, path)), None)
    _, dot, end = path.rpartition("/")[2].rpartition(".")
    age = next(
        (age for age, rules in AGES.items() if any(re.fullmatch(expression(r), f"/{path}") for r in rules)), SHORT
    )
    return {**every(), "Content-Type": own or (ENDS.get(end, TEXT) if dot else TEXT), "Cache-Control": age}


def expression(rule: str) -> str:
    """A rule of ``_headers`` as a regular expression."""
    return re.sub(r":[a-z]+", "[^/]+", re.escape(rule).replace(r"\*", ".*"))


def headers_file(*, searched: bool = False) -> bytes:
    """``_headers``"""
    rules: dict[str, list[str]] = {path: [f"Content-Type: {kind}"] for path, kind in TYPES.items()}
    for age, paths in {**AGES, SHORT: SOON}.items():
        for path in paths:
            rules.setdefault(path, []).append(f"Cache-Control: {age}")
    rules = {"/*": [f"{name}: {value}" for name, value in every(searched=searched).items()], **rules}
    lines = (f"{path}\n" + "".join(f"  {line}\n" for line in lines) for path, lines in rules.items())
    return (_HEAD + "".join(lines)).encode()


_HEAD = """\
# For hosts that read a _headers file. No two rules set the same header for one path: some hosts would join the values.
# The hashes are of the script and the style of verify/, whose own policy allows nothing else.
"""
