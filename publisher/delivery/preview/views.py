"""What of a draft can be looked at, in which look, and under which address of the preview."""

from collections.abc import Iterator
from dataclasses import dataclass

from publisher.delivery.preview.draft import Draft, Text


@dataclass(frozen=True, slots=True)
class View:
    """One thing in one look."""

    label: str
    look: str
    """How large its frame is, and which link leads to it: ``phone``."""
    address: str
    """Below the preview's own: ``site/essays/on-commas/index.html``."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An essay, the issue, the front page."""

    name: str
    """Unlike all others: ``essay-on-commas``."""
    title: str
    said: str
    views: tuple[View, ...]


def things(draft: Draft) -> Iterator[Thing]:
    """In the order in which they are listed; nothing where nothing can be shown."""
    if not draft.files:
        return
    for text in draft.texts:
        yield Thing(f"essay-{text.slug}", text.title, f"{text.accession}, {text.said}", tuple(_of_text(draft, text)))
    page, mailed = f"issues/{draft.week}/index.html", draft.files.has(f"issues/{draft.week}/issue.eml")
    views = [
        *_of_page(page),
        *([View("Mail", "mail", "mail.html"), View("Mail, as text", "mail", "mail.txt")] * mailed),
    ]
    yield Thing("issue", "The issue", draft.week, tuple(views))
    yield Thing("front", "The front page", "", tuple(_of_page("index.html")))


def _of_text(draft: Draft, text: Text) -> Iterator[View]:
    assert draft.files
    yield from _of_page(f"essays/{text.slug}/index.html")
    if text.said == "withdrawn":
        return
    yield View("Feed entry", "mail", f"feed/{text.accession}.html")
    if draft.files.has(f"essays/{text.slug}/card.png"):
        yield View("Card", "mail", f"card/{text.accession}.html")


def _of_page(path: str) -> Iterator[View]:
    yield View("Page", "page", f"site/{path}")
    yield View("Phone", "phone", f"site/{path}")
    yield View("Dark", "dark", f"dark/{path}")
    yield View("Light", "light", f"light/{path}")
    yield View("Print", "print", f"print/{path}")
