"""Who gets through: the browser of the person who started the desk, and no page of anybody else in it.

What lies in a home is its owner's alone, while others may use this machine or have a page open in the same browser. In
this order, on every request:

1. It is asked for by the very name that was told, so that a page elsewhere whose name was made to point here is refused
   (DNS rebinding).
2. The browser says that no other page asks for it (``Sec-Fetch-Site``), or says nothing of it.
3. What changes something says that it comes from a page of this desk (``Origin``).
4. The first address, which holds the token, gives the browser its pass: a cookie that it shows to this desk's folder
   alone, and to no script. All other addresses need the pass.
"""

import hmac
import traceback
from collections.abc import Iterable, Mapping

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archive.desk.desk import HOST, Desk

PASS = "pass"
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of every answer that names none of its own: no script but those of this program, whatever else is served from here;
nothing from elsewhere; in nobody's frame."""
_ALWAYS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",  # nothing to others; without any, a form that needs no script has no Origin
    "x-content-type-options": "nosniff",
    "x-dns-prefetch-control": "off",  # a name in somebody's link is looked up when it is followed, and not before
}


class Door:
    """Around the whole application."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app, self.desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # nothing here talks through a socket
        headers = _headers(scope)
        answer = (
            _refusal(self.desk, scope["method"], headers) or self._first(scope) or self._without_pass(scope, headers)
        )
        try:
            await (answer or self.app)(scope, receive, _always(send, self._policy(headers)))
        except Exception:  # a bug; what is cut off at the end of the desk is none
            traceback.print_exc()
            raise

    def _policy(self, headers: Mapping[str, list[str]]) -> str:
        host = next(iter(headers.get("host", [])), "")
        name = host if host in _names(self.desk) else f"{HOST}:{self.desk.port}"
        return POLICY.format(scripts=f"http://{name}{self.desk.at('static/')}")

    def _first(self, scope: Scope) -> Response | None:
        """The pass, for the token."""
        if scope["method"] != "GET" or not _same(scope["path"], f"/{self.desk.token}"):
            return None
        # A redirection would still count as the other page's that led here; one that the page asks for itself does not.
        address = self.desk.at()
        answer = HTMLResponse(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>The desk</title>'
            f'<link rel="icon" href="data:,">'
            f'<meta http-equiv="refresh" content="0; url={address}"><p><a href="{address}">The desk</a></p></html>'
        )
        answer.set_cookie(PASS, self.desk.pass_, path=self.desk.at(), httponly=True, samesite="strict")
        return answer

    def _without_pass(self, scope: Scope, headers: Mapping[str, list[str]]) -> Response | None:
        shown = cookies(headers.get("cookie", [])).get(PASS, "")
        if scope["path"].startswith(self.desk.at()) and _same(shown, self.desk.pass_):
            return None
        return _refused(403, "Open the whole address that archive desk has printed: it holds the key of this desk.")


def _refusal(desk: Desk, method: str, headers: Mapping[str, list[str]]) -> Response | None:
    """Why a request is not even looked at; None where nothing speaks against it."""
    if headers.get("host") not in [[name] for name in _names(desk)]:
        return _refused(403, f"This desk answers as {HOST}:{desk.port}, and was asked by another name.")
    if "transfer-encoding" in headers:  # no browser sends what has no length
        return _refused(400, "A request must say its length.")
    changing = method not in ("GET", "HEAD")
    site = headers.get("sec-fetch-site", ["none"])
    if site not in (["same-origin"], ["none"]) and (changing or headers.get("sec-fetch-mode") != ["navigate"]):
        return _refused(403, "Another page asked for this.")
    if changing and headers.get("origin") != [f"http://{headers['host'][0]}"]:
        return _refused(403, "What changes something must come from a page of this desk.")
    return None


def _names(desk: Desk) -> tuple[str, str]:
    """Under which it may be asked."""
    return f"{HOST}:{desk.port}", f"localhost:{desk.port}"


def _refused(status: int, why: str) -> Response:
    html = f'<!doctype html><html lang="en"><title>Refused</title><p>{why}</p></html>\n'
    return HTMLResponse(html, status, {"connection": "close"})


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def cookies(headers: Iterable[str]) -> dict[str, str]:
    """Name → value. Of two with one name the first, which was set for the longer path: other programs on this machine
    share the browser's jar, and what they put there, well-formed or not, is passed over."""
    found: dict[str, str] = {}
    for each in "; ".join(headers).split(";"):
        name, _, value = each.strip().partition("=")
        found.setdefault(name, value)
    return found


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())


def _always(send: Send, policy: str) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            more = {"content-security-policy": policy} | _ALWAYS
            message["headers"] = [
                *message["headers"],
                *((n.encode(), v.encode()) for n, v in more.items() if n.encode() not in there),
            ]
        await send(message)

    return sent
