"""How documents put what records say: values of the vocabulary, answers of a note, preferences, claims."""

from collections.abc import Callable, Iterator

from archive.documents.document import Block, Facts, Paragraph
from archive.documents.words import Span, Words
from archive.records.analysis import Claim
from archive.records.answer import answer
from archive.records.field import Field, Values
from archive.records.preference import Answer, Preference
from archive.records.quotation import Quote
from archive.wording import plainly


def meant(value: str, values: Values) -> Words:
    """A value of a vocabulary, with what it means."""
    return Span(plainly(value), "strong"), f": {values[value]}"


def said(text: str, field: Field) -> Words:
    """One answer of a context-bias note."""
    given = answer(text, field)
    if given.status != "given":
        return Span(plainly(given.status), "em"), f": {given.text}" if given.text else ""
    if field.shape == "topics":
        return plainly(given.text)
    if not given.value or (given.value == "verbatim" and given.text):
        return given.text
    return Span(plainly(given.value), "strong"), f": {given.text}" if given.text else ""


def standing(wish: Preference) -> str:
    """``open since 2026-10-14``, ``acted on since 2026-11-01``"""
    return (
        f"open since {wish.open_since}" if wish.open_since else f"{plainly(wish.status)} since {wish.answers[-1].date}"
    )


def stated(wish: Preference) -> tuple[str, Words]:
    """The day on which a wish was stated, and how; with the words in which it was."""
    about = [f"scope {wish.scope}", f"elicitation {plainly(wish.elicitation)}", f"form proposed by {wish.proposed_by}"]
    about += [f"in {wish.expression_rate} interviews"] if wish.expression_rate else []
    quotes = (f"“{quote.exact}” {quote.anchor}" for quote in wish.quote)
    return str(wish.date), "\n".join([f"stated, {', '.join(about)}", *quotes])


def answered(answer: Answer) -> tuple[str, Words]:
    """The day of an answer, and what was done."""
    reason = f": {answer.reason}" if answer.reason.strip() else ""
    reply = f"; it said “{answer.model_said}”" if answer.model_said else ""
    lines = (
        f"{plainly(answer.status)}, by {answer.by}{reason}",
        f"cost {answer.cost}" if answer.cost != "not_recorded" else "",
        f"evidence {', '.join(answer.evidence)}" if answer.evidence else "",
        f"the model was told: {plainly(answer.told_model)}{reply}",
    )
    return str(answer.date), "\n".join(filter(None, lines))


def preference_rows(wish: Preference) -> Iterator[tuple[str, Words]]:
    """A wish day by day, oldest first."""
    yield stated(wish)
    yield from map(answered, wish.answers)
    if wish.series:
        yield "series", ", ".join(wish.series)


def claimed(claim: Claim, quoted: Callable[[Quote], Block]) -> Iterator[Block]:
    """A claim with the words it rests on, and what is to be said of it."""
    yield Paragraph(claim.text)
    yield from map(quoted, claim.quote)
    rows: list[tuple[str, Words]] = []
    rows += [("Said in", f"{claim.expression_rate} interviews")] if claim.expression_rate else []
    rows += [("Confidence", claim.confidence)] if claim.confidence else []
    rows += [("Or else", rival) for rival in claim.rival_explanations]
    rows += [("Disagrees with", ", ".join(claim.disagrees_with))] if claim.disagrees_with else []
    if rows:
        yield Facts(tuple(rows))
