"""What the preview answers to an address: its own page, the site's files, the parts of the mail, an entry of the feed.

::

    (nothing)                           the page in whose frame all else is shown
    site/essays/on-commas/index.html    a file of the site, with the headers it will be served with
    dark/… light/… print/…              the same with another style sheet (`looks`)
    mail.html  mail.txt                 the parts of the mail
    feed/E2026-0007.html                an entry of the feed, as a reader shows it
    card/E2026-0007.html                a link to the essay, as those show it to whom it is sent
"""

import json
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup

from archive.documents.page import TOKENS, environment
from archive.errors import Error, Problem, Refused
from archive.wording import many
from publisher.delivery.preview.draft import Draft
from publisher.delivery.preview.files import SiteFiles
from publisher.delivery.preview.headers import headers
from publisher.delivery.preview.looks import LOOKS
from publisher.delivery.preview.views import things
from publisher.site.cut import bodies

_TEMPLATES = Path(__file__).with_name("templates")
_HTML = "text/html; charset=utf-8"
_CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self'; "
_OWN = f"{_CLOSED}style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'"
_SHOWN = f"{_CLOSED}style-src 'unsafe-inline'; frame-ancestors 'self'"
"""Of a mail, a feed entry, a card: their own styles and pictures of the site, as in the programs that show them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


def answer(draft: Draft, version: int, path: str) -> Answer:
    """To the address of something below that of the preview, without its query."""
    first, _, rest = path.partition("/")
    match first, rest:
        case "", "":
            return _frame(draft, version)
        case "preview.css", "":
            return _own(TOKENS.read_bytes() + (_TEMPLATES / first).read_bytes(), "text/css")
        case "preview.js", "":
            return _own((_TEMPLATES / first).read_bytes(), "text/javascript")
    if not draft.files:
        return problem_page([Problem("", "there is nothing that could be shown")], 404)
    try:
        found = _shown(draft, draft.files, first, rest)
    except Refused as refused:
        return problem_page(refused.problems, 409)
    except Error as error:
        return problem_page([Problem("", str(error))], 409)
    return found or problem_page([Problem(rest or first, "is no file of the site as it is now")], 404)


def problem_page(problems: "list[Problem] | tuple[Problem, ...]", status: int) -> Answer:
    """What is wrong, in the place of what it keeps from being shown."""
    return Answer(
        _page("problems.html", problems=problems), {"content-type": _HTML, "content-security-policy": _SHOWN}, status
    )


def _frame(draft: Draft, version: int) -> Answer:
    html = _page(
        "preview.html",
        draft=draft,
        version=version,
        things=list(things(draft)),
        letter=_letter(draft),
        many=many,
    )
    return _own(html, "text/html")


def _own(body: bytes, kind: str) -> Answer:
    return Answer(body, {"content-type": f"{kind}; charset=utf-8", "content-security-policy": _OWN})


def _shown(draft: Draft, files: SiteFiles, first: str, rest: str) -> Answer | None:
    if first in LOOKS:
        return _file(files, first, rest)
    eml = files(f"issues/{draft.week}/issue.eml")
    if first == "mail.html" and eml:
        return Answer(b"".join(bodies(eml, "text/html")), {"content-type": _HTML, "content-security-policy": _SHOWN})
    if first == "mail.txt" and eml:
        return Answer(b"".join(bodies(eml, "text/plain")), {"content-type": "text/plain; charset=utf-8"})
    accession = rest.removesuffix(".html")
    if first == "feed":
        return _entry(files, accession)
    if first == "card":
        return _card(draft, accession)
    return None


def _file(files: SiteFiles, look: str, path: str) -> Answer | None:
    path += "index.html" if not path or path.endswith("/") else ""
    data = files(path)
    if data is None:
        return None
    if path.endswith(".css"):
        data = LOOKS[look](data.decode()).encode()
    return Answer(data, headers(files("_headers") or b"", path))


def _entry(files: SiteFiles, accession: str) -> Answer | None:
    """Out of the newest entries."""
    feed = json.loads(files("feed.json") or b'{"items": []}')
    for item in feed["items"]:
        if item.get("_emeritus", {}).get("accession") == accession:
            html = _page("entry.html", item=item, content=Markup(item["content_html"]))
            return Answer(html, {"content-type": _HTML, "content-security-policy": _SHOWN})
    return None


def _card(draft: Draft, accession: str) -> Answer | None:
    for text in draft.texts:
        if text.accession == accession:
            image = f"../site/essays/{text.slug}/card.png"
            html = _page("card.html", image=image, text=text, host=urlsplit(draft.address).hostname)
            return Answer(html, {"content-type": _HTML, "content-security-policy": _SHOWN})
    return None


def _letter(draft: Draft) -> list[tuple[str, str]]:
    """The lines above the mail that its reader sees first; nothing where there is no mail."""
    eml = draft.files(f"issues/{draft.week}/issue.eml") if draft.files else None
    if not eml:
        return []
    message = message_from_bytes(eml, policy=default)
    return [(name, str(message[name])) for name in ("From", "Subject")] + [("Size", f"{len(eml) / 1000:,.0f} kB")]


def _page(template: str, **values: object) -> bytes:
    return _environment().get_template(template).render(values).encode()


@cache
def _environment() -> Environment:
    return environment(_TEMPLATES)
