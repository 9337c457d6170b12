"""Preferences in the pane: the words that are selected are a wish, or say again one that was filed."""

from starlette.responses import Response

from archive.deposits import template, wish_entry
from archive.deposits.deposit import model_folder
from archive.desk.ask import Ask, Form
from archive.desk.coding import answer
from archive.desk.coding.visible import blind
from archive.desk.coding.words import Words
from archive.errors import Refused
from archive.records import preference
from archive.records.preference import Preference
from archive.records.quotation import Quote
from archive.records.values import ELICITATIONS, PREFERENCE_SCOPES, PROPOSAL_ORIGINS
from archive.wording import slugify

_KEYS = ("summary", "scope", "elicitation", "proposed_by", "expression_rate")


def form(words: Words) -> Response:
    """What is asked of a wish."""
    return _form(words, words.ask.query)


def post(ask: Ask) -> Response:
    """File it."""
    words = Words.of(ask, ask.form)
    said = ask.form
    values = {} if said["wish"] else answer.chosen(said, *_KEYS)
    slug = said["wish"] or said["slug"].strip() or slugify(said["summary"], "wish")
    try:
        entry = wish_entry.wish(ask.home, words.interview, values, [words.quote], slug=slug, file=True)
    except Refused as refused:
        return _form(words, said, refused)
    return answer.done(words, entry.filed)


def _form(words: Words, said: Form, refused: Refused | None = None) -> Response:
    wrong, others = answer.at_fields(refused, (*_KEYS, "exact"))
    lists = {"scope": PREFERENCE_SCOPES, "elicitation": ELICITATIONS, "proposed_by": PROPOSAL_ORIGINS}
    return answer.shown(
        words.ask, "coding/wish.html", status=422 if refused else 200, words=words, kind="wish", said=said,
        lists=lists, wishes=_wishes(words), wrong=wrong, problems=others,
    )  # fmt: skip


def _wishes(words: Words) -> dict[str, Preference]:
    """Those of the model that answered, by slug; for who codes blind, those that others did not find here."""
    model = template.record_of(words.place).setting(words.turn.interview).model
    folder = words.ask.home.root / "transcripts" / model_folder(model) / "preferences"
    found = {path.stem: preference.read(path.read_bytes(), path.name) for path in sorted(folder.glob("*.toml"))}
    read = {slug: wish for slug, wish in found.items() if not isinstance(wish, list)}
    if not blind(words.deposit, words.ask.coder):
        return read
    return {slug: wish for slug, wish in read.items() if not any(_here(words, quote) for quote in wish.quote)}


def _here(words: Words, quote: Quote) -> bool:
    return str(quote.interview).startswith(f"{words.number}/")
