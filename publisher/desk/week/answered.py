"""What a form is answered that did its work at once: in its place, or as a page where there is no script."""

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from archive.desk.ask import Ask, page


def answered(ask: Ask, title: str, came: Markup) -> Response:
    """What came of it."""
    return HTMLResponse(came) if ask.partial else page(ask, "week/answered.html", title=title, came=came)
