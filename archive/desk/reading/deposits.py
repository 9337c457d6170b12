"""All deposits, one of them with its files and versions, and an analysis of it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from archive.catalogue import listing, printed, show
from archive.catalogue.listing import DepositLine
from archive.catalogue.shown import ShownDeposit
from archive.deposits import versions
from archive.desk import documents
from archive.desk.ask import Ask, page
from archive.desk.jobs import problems
from archive.desk.reading.held import numbered, read
from archive.desk.reading.seen import of_deposit
from archive.errors import Error, NotFound, Problem
from archive.exchange import citation
from archive.records.context_bias import CONTEXT_BIAS, recorded
from archive.wording import plainly

AT_ONCE = 200
"""Deposits, or interviews of one, on one page."""


def listed(ask: Ask) -> Response:
    """The newest first, or those that were asked for."""
    every = listing.deposits(ask.home) if ask.home.register.size else []
    wrong: list[Problem] = []
    chosen = every
    try:
        if asked := _asked(ask):
            chosen = listing.deposits(ask.home, **asked) if every else []
    except Error as error:
        wrong = problems(error)
    start = _after(ask)
    return page(
        ask, "interviews/list.html", status=422 if wrong else 200, problems=wrong, start=start,
        rows=chosen[::-1][start : start + AT_ONCE], chosen=len(chosen), deposits=len(every), at_once=AT_ONCE,
        plainly=plainly, models=_every(every, "model"), kinds=_every(every, "kind"), rest=_rest(ask),
    )  # fmt: skip


def _asked(ask: Ask) -> dict[str, Any]:
    """What was chosen, as ``archive list`` is asked."""
    asked: dict[str, Any] = {name: ask.query[name] for name in ("words", "model", "kind") if ask.query[name].strip()}
    return asked | ({"coded": ask.query["coded"] == "yes"} if ask.query["coded"] in ("yes", "no") else {})


def _after(ask: Ask) -> int:
    return int(ask.query["after"]) if numbered(ask.query["after"]) else 0


def _rest(ask: Ask) -> str:
    """What was asked for, as an address has it."""
    return urlencode([(name, ask.query[name]) for name in ask.query if name != "after" and ask.query[name]])


def _every(rows: Sequence[DepositLine], what: str) -> list[str]:
    return sorted({getattr(row, what) for row in rows})


def deposit(ask: Ask) -> Response:
    """Its interviews, the files that were filed, what each filing changed, how it is cited."""
    filed, held = read(ask.home, ask.path["number"])
    record, seen = held.record, of_deposit(ask, held)
    turns = dict.fromkeys(range(1, held.transcript.interviews + 1), 0)
    for turn in held.transcript.turns:
        turns[turn.interview] += 1
    start = _after(ask)
    some = [*turns.items()][start : start + AT_ONCE]
    rows = [(n, record.setting(n), recorded(record.setting(n).context_bias)[0], many) for n, many in some]
    shown = {name for name in filed.files if seen.file(name)}
    past = versions.history(ask.home, filed.number)
    hidden = shown != set(filed.files)
    return page(
        ask, "interviews/deposit.html", filed=filed, held=held, record=record, rows=rows, start=start,
        at_once=AT_ONCE, fields=len(CONTEXT_BIAS), coders=sorted(seen.coders), files=sorted(shown),
        drafts=list(filed.drafts()), plainly=plainly,
        analyses=list(held.analyses.items()) if seen.readings else [], cited=citation.cite(ask.home, filed.number),
        past=None if hidden else documents.shown(ask.desk, versions.document(past), below=2),
        versions=len(past.versions),
    )  # fmt: skip


def file(ask: Ask) -> Response:
    """One of its files as it was filed, to be kept; never opened by a browser as a page of ours."""
    filed, held = read(ask.home, ask.path["number"])
    name = ask.path["name"]
    if name not in filed.files or not of_deposit(ask, held).file(name):
        raise NotFound(f"{filed.number}: no file {name} of it was filed")
    return documents.attached(filed.read(name), name.rpartition("/")[2], "application/octet-stream")


def analysis(ask: Ask) -> Response:
    """A reading of interviews, with its claims and the words they rest on."""
    number, slug = ask.path["number"], ask.path["name"]
    _, held = read(ask.home, number)
    if not of_deposit(ask, held).readings:
        raise NotFound(f"{number}/{slug}: readings of it are shown once you say that you are done with your notes")
    shown, drafts = show.show(ask.home, f"{number}/{slug}")
    if isinstance(shown, ShownDeposit):
        raise NotFound(f"{number}/{slug}: no such analysis")
    document = documents.shown(ask.desk, printed.document(shown))
    return page(ask, "interviews/analysis.html", number=number, slug=slug, document=document, drafts=drafts)
