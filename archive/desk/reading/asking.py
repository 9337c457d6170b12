"""How far an interview went into its protocol; and where a question was asked, as a person says it in a note."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from archive.deposits.adherence import Cell
from archive.desk.ask import Ask, page
from archive.desk.reading.held import Held
from archive.research.coverage import departures


def covered(ask: Ask, held: Held) -> dict[str, Any]:
    """What ``interviews/coverage.html`` shows."""
    questions = held.protocol.question if held.protocol else ()
    cells = held.row.questions
    return {
        "asked": [(q, cells[q.id], depth(cells[q.id])) for q in questions],
        "came_up": sum(bool(cell.asked or cell.raised) for cell in cells.values()),
        "departures": list(departures(held.row)),
        "topics": {topic: depth(cell) for topic, cell in held.row.topics.items()} if not questions else {},
    }


DEPTHS: Mapping[str, str] = {
    "probed": "asked, and followed up",
    "touched": "asked",
    "raised": "the model came to it itself",
    "not_asked": "not asked",
    "not_found": "not found in the protocol’s words",
}


def depth(cell: Cell) -> str:
    """What `DEPTHS` says, as ``archive coverage`` tells them apart."""
    if cell.depth == "not_asked":
        return "not_asked" if cell.by == "person" else "not_found"
    return "raised" if cell.raised and not cell.asked else cell.depth


def coverage(ask: Ask) -> Response:
    """The list of questions, as it stands now."""
    held = Held.of(ask)
    return page(ask, "interviews/coverage.html", held=held, depths=DEPTHS, **covered(ask, held))
