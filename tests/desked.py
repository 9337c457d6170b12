"""A desk as tests use it: a real server over a home, a browser that was given its pass, and requests by hand."""

import http.client
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from archive.desk.server import Server, serving
from archive.home.home import Home
from tests.files import tree

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Desked:
    """One desk that answers."""

    server: Server

    def at(self, place: str = "") -> str:
        """``http://127.0.0.1:41234/9f86d081/interviews``"""
        return self.server.desk.origin + self.server.desk.at(place)

    def ask(
        self,
        place: str = "",
        form: Mapping[str, str] | None = None,
        *,
        method: str = "",
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        partial: bool = False,
    ) -> Answer:
        """As a browser that has the pass: GET, POST of a form, PUT of bytes. `headers` take the place of its own."""
        desk = self.server.desk
        body = urlencode(form).encode() if form is not None else data
        sent = {"Host": f"127.0.0.1:{desk.port}", "Origin": desk.origin, "Cookie": f"pass={desk.pass_}"}
        sent |= {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        sent |= {"HX-Request": "true"} if partial else {}
        return self.raw(
            method or ("GET" if body is None else "POST" if form is not None else "PUT"),
            desk.at(place),
            body,
            sent | dict(headers or {}),
        )

    def raw(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Any request, with these headers alone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.desk.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {
                **(headers or {}),
                **({"Content-Length": str(len(body))} if body is not None else {}),
            }.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            got = connection.getresponse()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            connection.close()


@contextmanager
def desked(home: Home, *, coder: str = "ann") -> Iterator[Desked]:
    """A desk over a home."""
    with serving(home.root, coder=coder) as server:
        yield Desked(server)


@contextmanager
def opened(desk: Desked, browser: "Browser", place: str = "", **options: object) -> "Iterator[Page]":
    """A page of it in a browser of its own, which came in by the first address. What goes wrong in it is a failure."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(desk.server.address)
    page.wait_for_url(desk.at())
    if place:
        page.goto(desk.at(place))
    yield page
    context.close()
    refused = ("status of 4", "Status Error Code 4")  # what a browser and htmx say of any answer that refuses
    assert [said for said in wrong if not any(each in said for each in refused)] == []


def record(home: Home) -> dict[str, bytes]:
    """What people filed and what was read of it, by path: all that two homes share in which the same was done.

    Nonces and the seeds of redactions are random, and so are the lists that name them.
    """
    return {
        name: data
        for folder in ("transcripts", "essays")
        for name, data in tree(home.root / folder).items()
        if not re.search(r"(^|[/.])nonce(-\d+)?$|(^|/)redaction\.|\.(sums|tlog-proof|sig)$", name)
    }
