"""The text of an essay as the frame of its page shows it: nothing in it runs, and nothing of it is asked for elsewhere.

::

    page           as readers will see it: the site's own page, with its own style sheet
    problems       the same, with what a reviewer should look at beside it
    received       every character as it came, with the same beside it
    request        what was sent to the model, and
    response       what it sent back, as they came
"""

import re

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from archive.desk.ask import Ask, part
from archive.desk.jobs import problems
from archive.documents.words import held
from archive.errors import Error, NotFound
from publisher.delivery.preview.draft import draft
from publisher.delivery.preview.files import inside
from publisher.desk.essays import listing, margin
from publisher.essays.inspection import Inspection, inspect
from publisher.essays.render import article, unfaithful
from publisher.essays.submission import Submission, read_file
from publisher.site.style import sheet

EXCHANGE = {"request": "request.json", "response": "response.json"}
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""Of what stands in the frame: its own style sheet, and nothing that runs, is loaded or sent."""
_SHEET = re.compile(r'<link rel="stylesheet" href="[^"]*style\.css">')
_STAYS = '<base target="_blank">'
"""A link leads nowhere: no window opens from a sandbox, and what is read stays in its frame."""
_ICON = re.compile(r'<link rel="icon"[^>]*>\n?')


def text(ask: Ask) -> Response:
    """One look at a text. Raises `NotFound` where there is none of that name."""
    look, shown = ask.path["look"], inspect(ask.home, ask.path["name"])
    if look not in ("page", "problems", "received", *EXCHANGE):
        raise NotFound(f"{look}: expected page, problems, received, request or response")
    try:
        html, status = _look(ask, shown, look), 200
    except (Error, OSError) as error:  # in the place of what it keeps from being shown
        html, status = part(ask, "essays/wrong.html", problems=problems(error), style=Markup(sheet())), 422
    # A tab of its own would refuse what is in a sandbox and says that it has an opener policy.
    headers = {"content-security-policy": _POLICY, "cross-origin-opener-policy": "unsafe-none"}
    return HTMLResponse(html, status, headers=headers)


def _look(ask: Ask, shown: Inspection, look: str) -> str:
    if look in EXCHANGE:
        return _received(ask, read_file(shown.submission.folder / EXCHANGE[look]), {})
    if look == "received":
        return _received(ask, shown.submission.text, margin.beside((*shown.blocking, *shown.notable)))
    return _page(ask, shown, noted=look == "problems")


def is_shown(submission: Submission) -> bool:
    """Whether a page could be made of the text, so that it can be shown as readers would see it."""
    return not unfaithful(submission.text)


def _received(ask: Ask, data: bytes, noted: margin.Beside) -> str:
    lines = data.decode(errors="replace").split("\n")
    lines = lines[:-1] if lines[-1] == "" else lines
    style = Markup(sheet())
    return part(ask, "essays/received.html", lines=lines, noted=noted, pieces=margin.pieces, style=style)


def _page(ask: Ask, shown: Inspection, *, noted: bool) -> str:
    submission = shown.submission
    if not is_shown(submission):
        raise Error(f"{submission.name}: cannot be shown to readers; look at it as it was received")
    source = submission.text.decode()
    body = plain = article(source)
    if noted:
        noted_at = margin.beside((*shown.blocking, *shown.notable))
        body = margin.annotated(source, noted_at, lambda those: part(ask, "essays/beside.html", problems=those))
    own = part(ask, "essays/beside.css") if noted else ""
    html, style = _of_site(ask, submission)
    title = listing.said(submission, "title") or submission.slug
    if html and plain in html:
        html = _ICON.sub("", html.replace(plain, body, 1)).replace("<head>", f"<head>\n{_STAYS}", 1)
        return _SHEET.sub(lambda _: f"<style>{style}</style>\n<style>{own}</style>", html)
    return part(ask, "essays/alone.html", body=Markup(body), style=Markup(style), own=own, title=title)


def _of_site(ask: Ask, submission: Submission) -> tuple[str, str]:
    """The page as the site will have it, or has it, and the site's style sheet; no page where none can be made yet."""
    path, home = f"essays/{submission.slug}/index.html", ask.home
    try:
        files = None if submission.week else draft(home, None, [submission.accession]).files
    except (Error, OSError):  # without a newsletter, or where another essay is damaged, there is no site yet
        files = None
    page = files(path) if files else inside(home.site, path) if submission.week else None
    style = files("style.css") if files else inside(home.site, "style.css")
    return (page or b"").decode(), held(style.decode()) if style else sheet()
