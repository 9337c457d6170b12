"""Redactions in the pane: the words that are selected are covered wherever others see them; first it is shown how."""

from starlette.responses import Response

from archive.deposits import redact
from archive.desk.ask import Ask, Form
from archive.desk.coding import answer
from archive.desk.coding.words import Words
from archive.errors import Error, Refused
from archive.importers.turns import Turn
from archive.records.values import REDACTION_REASONS

WHERE = {
    "here": "these words, here alone",
    "turn": "each time they stand in this turn",
    "interview": "wherever they stand in this interview",
    "deposit": "wherever they stand in this deposit",
}


def form(words: Words) -> Response:
    """Why, and where else."""
    return _form(words, words.ask.query)


def post(ask: Ask) -> Response:
    """Show what others would see; and with ``cover``, cover them."""
    words = Words.of(ask, ask.form)
    said = ask.form
    if not words.exact:
        raise Error("select the words that are to be covered: of a turn as a whole each word would be")
    where = said["where"] or "here"
    targets = {"interview": words.interview, "deposit": words.number}
    try:
        done = redact.redact(
            ask.home,
            [targets.get(where, words.target)],
            [words.exact],
            reason=said["reason"],
            by=said["by"].strip(),
            occurrence=_occurrence(words) if where == "here" else None,
            dry_run=not said["cover"],
        )
    except Refused as refused:
        return _form(words, said, refused)
    if not done.filed:
        return _form(words, said, seen=done)
    return answer.shown(ask, "coding/covered.html", words=words, done=done)


def _occurrence(words: Words) -> int | None:
    """As a mark counts: the words of a turn, then those of its reasoning."""
    before = _times(words.turn, words.exact) if words.part == "reasoning" else 0
    return before + (words.occurrence or 1)


def _times(turn: Turn, exact: str) -> int:
    return sum(turn.text.startswith(exact, at) for at in range(len(turn.text)))


def _form(words: Words, said: Form, refused: Refused | None = None, seen: redact.Redacted | None = None) -> Response:
    wrong, others = answer.at_fields(refused, ("reason", "by"))
    return answer.shown(
        words.ask, "coding/cover.html", status=422 if refused else 200, words=words, kind="cover", said=said,
        reasons=REDACTION_REASONS, where=WHERE, seen=seen, wrong=wrong, problems=others,
    )  # fmt: skip
