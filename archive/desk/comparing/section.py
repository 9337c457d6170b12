"""The section `compare`."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from starlette.responses import Response

from archive.catalogue import listing, turns
from archive.catalogue.drafts import left_out
from archive.deposits.shelf import PROTOCOLS
from archive.desk import documents
from archive.desk.ask import Ask, goto, page
from archive.desk.comparing import picked, unseen
from archive.desk.comparing.choice import Choice
from archive.desk.jobs import problems
from archive.desk.section import Route, Section
from archive.errors import Error, NotFound
from archive.research import compare, moves
from archive.research.moves import Moves


def _page(ask: Ask) -> Response:
    """What can be chosen; and below it what was, side by side."""
    choice, status = Choice.of(ask.query), 200
    values: dict[str, Any] = {"choice": choice, "problems": [], "document": "", "drawn": False, "hidden": {}}
    if choice.made:
        try:
            found, hidden = _found(ask, choice)
            document = moves.document(found)
            values |= {
                "hidden": hidden,
                "document": documents.shown(ask.desk, document),
                "drawn": document.drawing is not None,
            }
        except Error as error:
            status = 404 if isinstance(error, NotFound) else 422
            values["problems"] = problems(error)
    return page(ask, "compare/compare.html", status=status, **values, **_offered(ask))


def _offered(ask: Ask) -> dict[str, Any]:
    home = ask.home
    filed = bool(home.register.size)
    return {
        "protocols": PROTOCOLS.filed(home),
        "models": [line.id for line in listing.models(home) if line.interviews] if filed else [],
        "picked": turns.said(home, picked.picked(ask.desk.kept)) if filed else [],
        "left_out": left_out(home) if filed else [],
    }


def _found(ask: Ask, choice: Choice) -> tuple[Moves, Mapping[str, Collection[str]]]:
    """What `archive compare` works out of the same choice; and whose notes are not in it, by deposit."""
    found = compare.compare(ask.home, choice.what, model=choice.model or None)
    hidden = unseen.hidden(ask.home, found, ask.coder)
    return moves.moves(compare.without(found, hidden) if hidden else found, choice.says), hidden


def _file(ask: Ask) -> Response:
    """What it writes with ``--to``."""
    found, _ = _found(ask, Choice.of(ask.query))
    return documents.file(moves.document(found), "comparison", ask.path["form"])


def _pick(ask: Ask) -> Response:
    """A turn, from the page of an interview; what is picked now is said there."""
    kept = picked.pick(ask.desk.kept, ask.form["turn"])
    return page(ask, "compare/picked.html", count=len(kept)) if ask.partial else goto(ask, "compare#picked")


def _put_away(ask: Ask) -> Response:
    picked.put_away(ask.desk.kept, ask.form["turn"])
    return goto(ask, "compare")


SECTION = Section(
    name="compare",
    title="Compare",
    key="c",
    folder=Path(__file__).parent,
    routes=(
        Route("GET", "compare", _page),
        Route("GET", "compare/comparison.{form}", _file),
        Route("POST", "compare/pick", _pick),
        Route("POST", "compare/put-away", _put_away),
    ),
)
