"""The first page, with what waits for whom; and what all pages ask for: begun forms, files that changed, jobs."""

import hashlib
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from archive.desk import kept
from archive.desk.ask import Ask, goto, page
from archive.desk.section import Route, Section, Waiting
from archive.documents.page import TOKENS
from archive.errors import Error, NotFound, Problem, Refused
from archive.register import durable
from archive.wording import slugify

_FILED = ("transcripts/", "essays/")
_FILES = {"archive.toml", "allowed_signers"}
"""What people may edit, and a page may ask about."""


def _start(ask: Ask) -> Response:
    waiting = [(each, tuple(_waiting(ask, each))) for each in ask.desk.parts if isinstance(each, Section)]
    name = ask.home.configuration.archive.name
    return page(ask, "start.html", waiting=waiting, running=ask.desk.jobs.running(), name=name)


def _waiting(ask: Ask, section: Section) -> Iterator[Waiting]:
    """What waits there; one section that cannot say so keeps none of the others from it."""
    try:
        yield from section.waiting(ask) if section.waiting else ()
    except (Error, OSError) as error:
        yield Waiting(what=str(error), place=section.name)


def _tokens(ask: Ask) -> Response:
    """Colours and faces, as on every page of ours."""
    return Response(TOKENS.read_bytes(), media_type="text/css")


# ── forms that were begun ────────────────────────────────────────────────────────────────────────────────────────────


def _keep(ask: Ask) -> Response:
    """What stands in a form now; sent by every page as somebody types."""
    kept.keep(ask.desk.kept, ask.form["_form"], ask.form["_tab"], ask.form.fields)
    return Response(status_code=kept.KEPT)


def _kept(ask: Ask) -> Response:
    """What stands in forms of a key: in this tab, in others, in those that are no more."""
    return JSONResponse([each.plain() for each in kept.begun(ask.desk.kept, ask.query["key"])])


def _forget(ask: Ask) -> Response:
    kept.forget(ask.desk.kept, ask.form["key"], ask.form["tab"])
    return Response(status_code=204)


# ── files that changed ───────────────────────────────────────────────────────────────────────────────────────────────


def _state(ask: Ask) -> Response:
    """What pages look at again and again: whether anything was filed, and what some files are now."""
    mark = hashlib.sha256(repr(ask.home.mark()).encode()).hexdigest()[:16]
    files = {name: durable.digest(_file(ask, name)) for name in ask.query.every("file")}
    return JSONResponse({"mark": mark, "files": files})


def _difference(ask: Ask) -> Response:
    """A file as it was when a form was made of it, against what it is now."""
    name, digest = ask.query["file"], ask.query["base"]
    base = ask.desk.kept / "bases" / digest if digest.isalnum() else None
    before = base.read_bytes() if base and base.is_file() else b""
    now = durable.content(there) if (there := _file(ask, name)).exists() else b""
    lines = [line.rstrip("\n") for line in unified_diff(_lines(before), _lines(now), "as it was", "as it is now", n=2)]
    return page(ask, "difference.html", name=name, lines=lines)


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines(keepends=True)


def _file(ask: Ask, name: str) -> Path:
    """Raises `NotFound` for what is none of the files that people edit."""
    path = ask.desk.root / name
    inside = ".." not in path.parts and path.resolve().is_relative_to(ask.desk.root.resolve())
    if not inside or not (name in _FILES or name.startswith(_FILED)):
        raise NotFound(f"{name}: expected a file that people edit in this archive")
    return path


# ── jobs, who codes ──────────────────────────────────────────────────────────────────────────────────────────────────


def _job(ask: Ask) -> Response:
    job = ask.desk.jobs.get(ask.path["id"])
    if job is None:
        raise NotFound("this desk knows no such job: what it did is in the archive, whole or not at all")
    return page(ask, "job.html" if ask.partial else "job-page.html", job=job)


def _coder(ask: Ask) -> Response:
    """Under which name notes are written in this browser. Raises `Refused` for one that no file can be called by."""
    name = ask.form["coder"].strip()
    if not slugify(name, ""):
        found = f"expected a name with letters from a to z or digits, found {name or 'none'}"
        raise Refused([Problem("Your name", found, "your notes lie in a file that is called by it: write it so")])
    answer = goto(ask, ask.form["back"])
    answer.set_cookie("coder", quote(name), path=ask.desk.at(), httponly=True, samesite="strict")
    return answer


SECTION = Section(
    name="",
    title="Desk",
    key="d",
    folder=Path(__file__).parent,
    routes=(
        Route("GET", "", _start),
        Route("GET", "tokens.css", _tokens),
        Route("POST", "forms/keep", _keep),
        Route("GET", "forms", _kept),
        Route("POST", "forms/forget", _forget),
        Route("GET", "state", _state),
        Route("GET", "difference", _difference),
        Route("GET", "jobs/{id}", _job),
        Route("POST", "coder", _coder),
    ),
)
