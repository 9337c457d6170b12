"""What a form in the pane is answered with: the form again with its problems, or what was filed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

from archive.deposits import batch as batches
from archive.deposits.batch import Batch
from archive.deposits.draft import Filed
from archive.desk.ask import Ask, goto, page
from archive.desk.coding.words import Words
from archive.errors import Problem, Refused
from archive.wording import plainly


def shown(ask: Ask, template: str, *, status: int = 200, **values: Any) -> Response:
    """A part of the pane; to a browser that runs no script, on a page of its own."""
    if ask.partial:
        return page(ask, template, status=status, plainly=plainly, **values)
    return page(ask, "coding/page.html", status=status, inner=template, plainly=plainly, **values)


def at_fields(refused: Refused | None, fields: Iterable[str]) -> tuple[Mapping[str, Problem | None], list[Problem]]:
    """What is wrong, by the field it stands at, None where nothing is; and the rest."""
    known = {*fields}
    found: dict[str, Problem | None] = defaultdict(lambda: None)
    others = []
    for problem in refused.problems if refused else ():
        key = next((word for word in reversed(problem.place.split()) if word in known), "")
        key = "prose" if problem.place.endswith(".md") and "prose" in known else key
        if key and key not in found:
            found[key] = problem
        else:
            others.append(problem)
    return found, others


def done(words: Words, filed: Filed | None) -> Response:
    """What `archive file` says of it; the page of the interview is told that something was noted."""
    return told(words, Batch(filed=(filed,) if filed else (), problems=()))


def told(words: Words, batch: Batch) -> Response:
    """The same of a batch."""
    if not words.ask.partial:
        return goto(words.ask, f"interviews/{words.interview}#t{words.turn.turn}")
    answer = page(
        words.ask, "coding/done.html", words=words, told=[(each, batches.happened(each)) for each in batch.filed]
    )
    answer.headers["HX-Trigger"] = json.dumps({"noted": {"turn": words.turn.turn}})
    return answer


def chosen(form: Mapping[str, str], *keys: str) -> dict[str, str]:
    """Some of the fields of a form, without the space about them."""
    return {key: form[key].strip() for key in keys}
