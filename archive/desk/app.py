"""The application: from a request to the handler of its route, and from what that raises to what the person sees."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.routing import Route as Address
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from archive.desk import kept
from archive.desk.ask import HTMX, JOB, Ask, Form, page
from archive.desk.desk import Desk
from archive.desk.door import Door, cookies
from archive.desk.jobs import problems
from archive.desk.kept import KEPT
from archive.desk.section import Handler, Route, Section
from archive.desk.threads import threaded
from archive.errors import Changed, Error, NotFound, Problem
from archive.register import durable

LARGEST = 8 << 20
"""Bytes of a form."""
HERE = Path(__file__).parent

Endpoint = Callable[[Request], Awaitable[Response]]


def app(desk: Desk, sections: Sequence[Section]) -> ASGIApp:
    """What a server is given."""
    addresses: list[Address | Mount] = [
        Address(desk.at(route.path), _endpoint(desk, route), methods=[route.method])
        for section in sections
        for route in section.routes
    ]
    folders = {"desk": HERE / "static"} | {each.name: each.folder / "static" for each in sections if each.name}
    addresses += [
        Mount(desk.at(f"static/{name}"), StaticFiles(directory=folder))
        for name, folder in folders.items()
        if folder.is_dir()
    ]
    addresses.append(Address("/{path:path}", _nowhere(desk), methods=["GET", "POST", "PUT"]))
    return Door(Starlette(routes=addresses), desk)


def _endpoint(desk: Desk, route: Route) -> Endpoint:
    async def answer(request: Request) -> Response:
        upload = None
        try:
            form = Form({})
            query = Form({name: request.query_params.getlist(name) for name in request.query_params})
            path = {name: str(value) for name, value in request.path_params.items()}
            _plain(path.values(), *query.fields.values())
            if route.method == "POST":
                form = Form.parse(await _body(request))
            if route.method == "PUT":
                upload = await _received(request, desk)
            ask = Ask(
                desk=desk,
                path=path,
                query=query,
                form=form,
                cookies=cookies(request.headers.getlist("cookie")),
                upload=upload,
                partial=HTMX in request.headers,
            )
            return await threaded(_answered, ask, route.handler, route.method != "GET")
        except ClientDisconnect:  # nobody waits for an answer
            return Response(status_code=499)
        except (Error, OSError) as error:  # of what was sent, before there is anything to ask
            ask = Ask(desk=desk, path={}, query=Form({}), form=Form({}), partial=HTMX in request.headers)
            return failed(ask, error)
        finally:
            if upload:
                upload.unlink(missing_ok=True)

    return answer


def _plain(*parts: Iterable[str]) -> None:
    """Raises `NotFound` for what can be in no address of ours: a NUL ends every name of a file."""
    if any("\0" in each for values in parts for each in values):
        raise NotFound("no page of this desk has a NUL in its address")


def _answered(ask: Ask, handler: Handler, changing: bool) -> Response:
    before = ask.desk.logged() if changing else None
    try:
        answer = handler(ask)
    except Exception as error:
        answer = failed(ask, error)
    if changing and ask.desk.logged() != before:
        ask.desk.tell_witnesses()
    if ask.form["_form"] and answer.status_code != KEPT:
        with suppress(OSError):  # what is kept spares typing; the answer says what was done
            _settle(ask, answer)
    return answer


def _settle(ask: Ask, answer: Response) -> None:
    """A form that did its work is forgotten. One that did not, or whose job is not at its end yet, is kept as it was
    sent, which may be newer than what was kept as it was typed."""
    key, tab = ask.form["_form"], ask.form["_tab"]
    job = ask.desk.jobs.get(answer.headers.get(JOB, ""))
    if job is None and answer.status_code < 400:
        kept.forget(ask.desk.kept, key, tab)
        return
    kept.keep(ask.desk.kept, key, tab, ask.form.fields)
    if job:
        ask.desk.jobs.then(job, lambda done: kept.forget(ask.desk.kept, key, tab) if done else None)


def failed(ask: Ask, error: Exception) -> Response:
    """What a person sees of it, where they look: in the place for problems, or as a page."""
    status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, Changed) else 422
    found = problems(error)
    if isinstance(error, Changed):
        found = [Problem(error.place, "was changed on disk while this form was open; nothing was written")]
    if not ask.partial:
        return page(ask, "refused.html", status=status, problems=found)
    answer = page(ask, "problems.html", status=status, problems=found)
    answer.headers.update({"HX-Retarget": "#problems", "HX-Reswap": "innerHTML"})
    return answer


def _nowhere(desk: Desk) -> Endpoint:
    async def answer(request: Request) -> Response:
        ask = Ask(desk=desk, path={}, query=Form({}), form=Form({}), partial=HTMX in request.headers)
        return await threaded(failed, ask, NotFound(f"{request.url.path}: no page of this desk"))

    return answer


async def _body(request: Request) -> bytes:
    """Raises `Error` where it is larger than a form can be."""
    found = b""
    async for chunk in request.stream():
        found += chunk
        if len(found) > LARGEST:
            raise Error(f"expected a form of at most {LARGEST >> 20} MiB, found more")
    return found


async def _received(request: Request, desk: Desk) -> Path:
    """What is sent, in a file of its own, its owner's alone; its bytes as they came."""
    folder = desk.kept / "coming"
    durable.folder(folder)
    handle, name = mkstemp(dir=folder)
    try:
        with open(handle, "wb") as file:
            async for chunk in request.stream():
                await threaded(file.write, chunk)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
