"""What `archive interview` wrote into the log of an interview that it held: how it was held, and what each turn is.

Of an interview it stands in the metadata of its sample, of a turn in that of its message, under ``emeritus``::

    {"format": 1, "protocol": "retirement-interview@1", "kind": "retirement_interview",
     "run": "run 3 of 20 in plain; …", "planned": "20 runs in each of 5 conditions", "interviews": 100,
     "context_bias": {"system_prompt": "none", …}}
    {"question_id": "wishes", "question_wording": "verbatim"}

A log comes from outside: what is of another type is passed over, and what is no field or code falls out when the form
and the notes are written.
"""

from collections.abc import Callable, Mapping
from typing import Any

from archive.importers.talk import Talk
from archive.importers.turns import Held

KEY = "emeritus"
_LONGEST = 2_000
"""Characters of what is said of a run."""


def say(talk: Talk, message: object, place: str, say: Callable[[object, str], int]) -> None:
    """Has a message said, and keeps the codes that it carries for the turn it becomes."""
    metadata = message.get("metadata") if isinstance(message, dict) else None
    own = metadata.get(KEY) if isinstance(metadata, dict) else None
    if not isinstance(message, dict) or not isinstance(own, dict) or not isinstance(metadata, dict):
        say(message, place)
        return
    others = {key: value for key, value in metadata.items() if key != KEY}
    turn = say({**message, "metadata": others}, place)
    if codes := _texts(talk, own, f"{place}.metadata"):
        before = talk.held or Held()
        talk.held = Held(codes={**before.codes, turn: codes})


def note(talk: Talk, told: object, interviews: int, values: Mapping[str, Any]) -> None:
    """Takes in what stands there of an interview; `interviews` are in the log, `values` what Inspect says of it."""
    if not isinstance(told, dict) or told.get("format") != 1:
        talk.held = None
        return
    bias = told.get("context_bias")
    known = _texts(talk, bias if isinstance(bias, dict) else {}, "metadata.context_bias")
    failed = values.get("error") or values.get("limit")
    ended = {key: said.partition(":")[0] for key, said in talk.context.items() if key in ("ended_by", "end_reason")}
    talk.context = ended | known if failed else known
    texts = _texts(talk, told, "metadata")
    if planned := texts.get("planned"):
        talk.context["samples"] = f"{planned} planned, {interviews} of {told.get('interviews')} in this log"
    codes = talk.held.codes if talk.held else {}
    run = "; ".join(filter(None, (texts.get("run", ""), _failure(talk, failed))))[:_LONGEST]
    talk.held = Held(protocol=texts.get("protocol", ""), kind=texts.get("kind", ""), run=run, codes=codes)


def _failure(talk: Talk, failed: object) -> str:
    match failed:
        case {"message": str(message)}:
            return "error: " + " ".join(talk.text(message, "error").split())
        case {"type": str(kind)}:
            return f"limit: {talk.text(kind, 'limit')}"
    return ""


def _texts(talk: Talk, table: Mapping[str, Any], place: str) -> dict[str, str]:
    return {key: talk.text(value, place) for key, value in table.items() if isinstance(value, str) and value.strip()}
