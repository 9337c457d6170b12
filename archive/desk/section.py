"""A section of the desk: pages about one kind of work, under one word of the navigation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response

from archive.desk.ask import Ask
from archive.desk.desk import Part

Handler = Callable[[Ask], Response]
"""Answers one request, in a thread of its own. What it raises of our errors is shown where the person looks."""


@dataclass(frozen=True, slots=True)
class Route:
    """Which handler answers to which address: ``Route("GET", "interviews/{number}/{n}", interview)``.

    A part in braces holds no slash, unless it is written ``{path:path}``. ``PUT`` takes a file: its bytes lie in
    `Ask.upload` while the handler runs.
    """

    method: Literal["GET", "POST", "PUT"]
    path: str
    handler: Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for a person, for the first page."""

    what: str
    """``3 logs are not filed yet``"""
    place: str
    """The page where it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Part):
    """What one module of a room hands to the desk."""

    routes: Sequence[Route]
    waiting: Callable[[Ask], Sequence[Waiting]] | None = None
