"""Every page of a desk that its links lead to, from the first page on; of each kind of page a few."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from archive.desk.section import Route, Section
from archive.desk.server import sections
from tests.desked import Answer, Desked

LINKS = {"a": "href", "iframe": "src", "link": "href", "script": "src", "img": "src", "[hx-get]": "hx-get"}
"""What a person or the page itself follows."""


@dataclass(frozen=True)
class Found:
    """One address, and what was answered there."""

    place: str
    """``interviews/2026-0001/1?q=x``"""
    kind: str
    """The path of its route, with the names of what was asked: ``interviews/{number}/{n}?q``."""
    answer: Answer
    of: str
    """The page that leads there."""

    @property
    def is_html(self) -> bool:
        """Shown by a browser; neither handed out nor a way to another page."""
        headers = self.answer.headers
        kind, way = headers.get("content-type", ""), headers.get("content-disposition", "")
        return kind.startswith("text/html") and not way.startswith("attachment")

    @property
    def is_page(self) -> bool:
        """Of the desk's own: neither a part of one, nor what is handed out or shown in a frame."""
        return self.answer.status < 400 and b"<body data-at=" in self.answer.body


def routes() -> list[Route]:
    """Of all sections that are installed."""
    return [route for section in sections() if isinstance(section, Section) for route in section.routes]


def matching(place: str) -> Route | None:
    """The route of GET that answers there."""
    path = urlsplit(place).path
    parts = {":path": ".*", ":int": r"\d+", None: "[^/]+"}
    for route in routes():
        pattern = re.sub(r"\\\{\w+(:\w+)?\\\}", lambda found: parts[found[1]], re.escape(route.path))
        if route.method == "GET" and re.fullmatch(pattern, path):
            return route
    return None


def walk(desk: Desked, each: int = 2) -> list[Found]:
    """In the order of the links; of each kind no more than `each`."""
    found: list[Found] = []
    waiting, seen, counted = [("", "")], {""}, dict[str, int]()
    while waiting:
        place, of = waiting.pop(0)
        route = matching(place)
        asked = "&".join(sorted({part.partition("=")[0] for part in urlsplit(place).query.split("&") if part}))
        kind = f"{route.path if route else place}{'?' if asked else ''}{asked}"
        counted[kind] = counted.get(kind, 0) + 1
        if counted[kind] > each:
            continue
        answer = desk.ask(place, partial=False)
        found.append(Found(place, kind, answer, of))
        if moved := answer.headers.get("location"):
            waiting.insert(0, (inside(desk, moved), of))
        if found[-1].is_page:
            for link in links(desk, place, answer):
                if link not in seen:
                    seen.add(link)
                    waiting.append((link, place))
    return found


def links(desk: Desked, place: str, answer: Answer) -> Iterator[str]:
    """The places that a page leads to, inside its desk."""
    base = desk.at()
    tree = LexborHTMLParser(answer.body)
    for selector, attribute in LINKS.items():
        for element in tree.css(selector):
            target = urldefrag(urljoin(desk.at(place), element.attributes.get(attribute) or "")).url
            if target.startswith(base):
                yield target.removeprefix(base)


def inside(desk: Desked, address: str) -> str:
    """``/9f86d081/interviews`` → ``interviews``"""
    return urldefrag(urljoin(desk.at(), address)).url.removeprefix(desk.at())
