"""Claims in the pane: the words that are selected become a quote, below a claim of a reading or a new one."""

from starlette.responses import Response

from archive.deposits import claim_entry
from archive.desk.ask import Ask, Form
from archive.desk.coding import answer
from archive.desk.coding.visible import blind
from archive.desk.coding.words import Words
from archive.errors import Refused
from archive.records.analysis import Analysis
from archive.records.values import AUTHOR_KINDS, CONFIDENCE
from archive.wording import slugify

_READING = ("title", "author", "author_kind")
_CLAIM = ("confidence", "expression_rate")


def form(words: Words) -> Response:
    """Which reading, which claim."""
    return _form(words, words.ask.query)


def post(ask: Ask) -> Response:
    """File it."""
    words = Words.of(ask, ask.form)
    said, slug = (
        ask.form,
        ask.form["reading"] or ask.form["slug"].strip() or slugify(ask.form["title"], "first-reading"),
    )
    claim = claim_entry.Claim(
        text=said["claim"] or said["text"].strip(),
        quotes=[words.quote],
        rival_explanations=[line.strip() for line in said["rival_explanations"].splitlines() if line.strip()],
        **({} if said["claim"] else answer.chosen(said, *_CLAIM)),
    )
    reading = None if said["reading"] else claim_entry.Reading(**answer.chosen(said, *_READING), prose=_prose(said))
    try:
        entry = claim_entry.claim(ask.home, words.interview, claim, reading, slug=slug, file=True)
    except Refused as refused:
        return _form(words, said, refused)
    return answer.done(words, entry.filed)


def _prose(said: Form) -> bytes:
    text = said["prose"].rstrip()
    return f"{text}\n".encode() if text else b""


def _form(words: Words, said: Form, refused: Refused | None = None) -> Response:
    readings: dict[str, Analysis] = {} if blind(words.deposit, words.ask.coder) else {**words.deposit.analyses}
    fields = (*_READING, *_CLAIM, "text", "rival_explanations", "exact", "prose")
    wrong, others = answer.at_fields(refused, fields)
    slug = said["reading"] if "reading" in said.fields else next(iter(readings), "")
    prose = words.place.filed.read(f"analyses/{slug}.md").decode() if slug in readings else ""
    return answer.shown(
        words.ask, "coding/claim.html", status=422 if refused else 200, words=words, kind="claim", said=said,
        readings=readings, slug=slug, reading=readings.get(slug), prose=prose, author_kinds=AUTHOR_KINDS,
        confidences=CONFIDENCE, wrong=wrong, problems=others,
    )  # fmt: skip
