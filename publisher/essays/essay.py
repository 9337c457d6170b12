"""An essay: the exact text, ``essay.toml`` (how it was made), its reviews and the editors' notes beside it.

``essay.toml``, every key a reader is owed::

    format = 1
    model = "example-heron-1"
    title = "The form asks for a date"
    title_by = "model"                  # model | staff
    prompt = "Write whatever you like."   # verbatim; or "not_recorded: why", "not_shared: why"
    context = []                        # what else stood in the model's context
    sampling = "temperature 1.0; one call, no tools"
    candidates = 1                      # texts sampled for this slot; or "not_recorded", "not_recorded: why"
    selection = "the only one sampled"
    topic_by = "model"                  # model | menu | assigned; or "not_recorded", "not_recorded: why"
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, PlainValidator, ValidationInfo, field_validator

from archive.characters import UNCARRIED
from archive.home.accession import DecisionName, Logged
from archive.home.configuration import Language, Line
from archive.records.kinds import Many, Slug, choice, pattern
from archive.records.kinds import Text as Said
from archive.records.record import Fault, Faults, Sidecar
from archive.records.toml import shown
from archive.wording import one_of, suggestion

Text = Annotated[Said, pattern(f"[^{UNCARRIED}]*", "text that can be shown, without control characters")]
AUTHORS = {"model": "the model", "staff": "the editors"}
TOPICS = {"model": "the model chose freely", "menu": "the model chose from a menu", "assigned": "it was assigned"}
NOTES = {"note": "a note", "erratum": "an erratum"}
BELONGS = {
    "model": "who wrote the text, by the maker's id",
    "title": "the title that is shown above the text",
    "title_by": "who made the title: model or staff",
    "prompt": 'what the model was asked, verbatim; or "not_recorded: why", "not_shared: why"',
    "context": "what else stood in the model's context, one entry each; [] for nothing",
    "sampling": "temperature, limits, tools, number of calls",
    "candidates": 'how many texts were sampled for this slot; or "not_recorded: why"',
    "selection": "how this one was chosen among them",
    "topic_by": 'model, menu or assigned; or "not_recorded: why"',
}
"""What belongs in each key that must be said, as forms and messages put it."""
MAY = {
    "topic_note": "the menu, or who assigned the topic and why",
    "series": "letters, digits, hyphens; archive.toml says what it is called",
    "preference": "the preference that the series answers, by its slug",
    "language": "of the text, such as en or pt-BR; else that of the newsletter",
    "exchange": "whether request.json and response.json are published with the essay: public or private",
}
"""What belongs in each key that may be left out."""


def is_silence(value: object) -> bool:
    """Whether a value says that nobody wrote it down: ``"not_recorded"``, ``"not_recorded: lost with the log"``."""
    return isinstance(value, str) and re.fullmatch(r"not_recorded(: .*\S)?", value) is not None


def _count(value: object) -> object:
    if is_silence(value) or (type(value) is int and value > 0):
        return value
    expected = 'expected a number from 1, or "not_recorded" and if you know it why'
    raise Faults([Fault(f"{expected}, found {shown(value)}", f"say there {BELONGS['candidates']}")])


def _topic(value: str) -> str:
    if is_silence(value) or value in TOPICS:
        return value
    remedy = suggestion(value, [*TOPICS, "not_recorded"])
    raise Faults([Fault(f"expected {one_of([*TOPICS, 'not_recorded'])}, found {shown(value)}", remedy)])


class EssayRecord(Sidecar):
    """``essay.toml``: who wrote the text and how it came to be. Shown in full beside every essay."""

    model: Line
    """The model, by its maker's id."""
    title: Line
    title_by: Annotated[str, choice(AUTHORS)]
    prompt: Text
    """What the model was asked, verbatim."""
    context: Many[Text]
    """What else stood in its context, one entry each; empty: nothing."""
    sampling: Text
    candidates: Annotated[int | str, PlainValidator(_count)]
    """How many texts were sampled for this slot, or that nobody wrote it down."""
    selection: Text
    """How this one was chosen among them."""
    topic_by: Annotated[Text, AfterValidator(_topic)]
    """One of `TOPICS`, or that nobody wrote it down."""
    topic_note: Text | None = None
    series: Slug | None = None
    language: Language | None = None
    exchange: Annotated[str, choice({"public": "", "private": ""})] = "public"
    """Whether request.json and response.json are published with the essay."""
    preference: Slug | None = None
    """Slug of the preference that the series answers."""

    @field_validator("*", mode="before")
    @classmethod
    def _not_empty(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, str) and not value.strip():
            belongs = BELONGS.get(info.field_name or "")
            raise Faults([Fault("is blank", f"say there {belongs}" if belongs else "say it, or leave the key out")])
        return value


class EditorsNote(Sidecar):
    """``editors/*.toml``: the editors' words, shown beside the text and marked as not the model's."""

    kind: Annotated[str, choice(NOTES)]
    by: Line
    date: dt.date
    text: Text
    place: Annotated[str, choice({"before": "", "after": ""})] = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One signed decision that stands in the register."""

    number: int
    """N of ``reviews/N.json``."""
    decision: DecisionName
    criteria: tuple[str, ...]
    """Ids of the criteria it was decided under."""
    reviewer: str
    """Fingerprint of the reviewer's key: ``SHA256:…``."""
    name: str
    """Whose key that was, from the list that was logged before: ``ada@example.org``."""
    listed: str
    """Where the site has that list: ``register/keys/7/allowed_signers``; empty where none was logged before."""
    time: dt.datetime
    index: int
    """Position in the register."""
    leaf: bytes
    """The bytes of ``reviews/N.json``: what was signed and logged."""
    signature: bytes
    """``reviews/N.json.sig``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEssay:
    """An essay as it went out; all of it is frozen but `editors`."""

    accession: str
    """``E2026-0007``"""
    slug: str
    text: bytes
    """``essay.md``, byte for byte; always UTF-8."""
    sha256: str
    """Of `text`, lower-case hex."""
    record: EssayRecord
    article: str
    """The body as HTML, rendered once: the content of every page, mail and feed entry."""
    intake: Logged
    reviews: tuple[Review, ...]
    """The publish decisions that stand, in register order; the last is the one the proof carries."""
    files: Mapping[str, bytes]
    """Everything frozen under ``essays/<slug>/`` by its path there: ``essay.md``, ``essay.md.tlog-proof``, …"""
    editors: tuple[EditorsNote, ...] = ()

    @property
    def proof(self) -> bytes:
        """``essay.md.tlog-proof``"""
        return self.files["essay.md.tlog-proof"]

    @property
    def checkpoint(self) -> str:
        """The checkpoint the proof stands under: the note after the proof's first blank line."""
        return self.proof.decode().split("\n\n", 1)[1]
