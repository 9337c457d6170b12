"""The fields of this section's forms: what each is called, what it means, and which values it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from archive.records import ai_model
from archive.records.field import Values
from archive.records.record import Record
from archive.records.values import (
    ANSWER_STATUSES,
    ASSESSMENT_KINDS,
    AVAILABILITIES,
    CODE_KINDS,
    CODES_ON,
    COSTS,
    DATE_PRECISIONS,
    LIFECYCLE_STATES,
    QUESTION_ORDERS,
    SILENCES,
    YES_NO,
)


@dataclass(frozen=True, slots=True)
class Key:
    """One field of a form, and one key of a file."""

    name: str
    label: str
    means: str = ""
    shape: Literal["text", "area", "choice"] = "text"
    values: Values = field(default_factory=dict)
    blank: str | None = "–"
    """Of a choice: what stands first, for nothing chosen."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact."""

    title: str
    """Over all facts of the kind."""
    one: str
    """``a day of its life``"""
    record: type[Record]
    keys: tuple[Key, ...]
    single: bool = False
    """A model has one at most, which is changed."""


_DAY = "as in 2026-11-22"
SOURCED = (
    Key("source", "Source", "an address, or a reference that a reader can follow"),
    Key("retrieved", "Looked up on", _DAY),
)
KINDS: Mapping[str, Kind] = {
    "lifecycle": Kind("Its life", "a day of its life", ai_model.Lifecycle, (
        Key("state", "What happens", "the state that it enters on that day", "choice", LIFECYCLE_STATES),
        Key("date", "Day", "as in 2026-11-22; empty where the maker has named none"),
        Key("precision", "How sure the day is", "", "choice", DATE_PRECISIONS, blank=None),
        Key("announced", "Announced on", _DAY),
        Key("surface", "Where", "maker for the maker's own surfaces, the default; else for instance aws-bedrock"),
        Key("called", "The maker's own word for it", "where it is another one, such as sunset"),
        *SOURCED,
    )),
    "availability": Kind("Who may use it", "who may use it", ai_model.Availability, (
        Key("surface", "Where", "for instance api, or research interface"),
        Key("status", "Who", "", "choice", AVAILABILITIES),
        Key("request", "Ask at", "the address at which access is asked for; needed for by_request"),
        Key("since", "Since", _DAY),
        Key("until", "Until", _DAY),
        *SOURCED,
    )),
    "replacement": Kind("Recommended instead by its vendor", "a recommended replacement", ai_model.Replacement, (
        Key("model", "Model", "what the vendor recommends instead; that makes it no successor"),
        Key("recommended", "Recommended on", _DAY),
        *SOURCED,
    )),
    "weights": Kind("Its weights", "what is promised of its weights", ai_model.Weights, (
        Key("commitment", "What is promised", "who keeps them, and how"),
        Key("duration", "For how long", "not_recorded where nobody says so"),
        Key("size_bytes", "Size in bytes"),
        Key("sha256", "Hashes", "a line a file, as sha256sum prints them", "area"),
        Key("checked", "Last compared with the hashes on", _DAY),
        *SOURCED,
    ), single=True),
    "keeping": Kind("What keeping it costs", "what keeping it costs", ai_model.Keeping, (
        Key("per_month", "Amount a month"),
        Key("currency", "Currency", "as in USD"),
        Key("covers", "For what", "storage, inference on request, people …"),
        *SOURCED,
    ), single=True),
    "guidance": Kind("Help for those who used it", "help for those who used it", ai_model.Guidance, (
        Key("title", "Title", "of what stands at the source"),
        *SOURCED,
    )),
    "assessment": Kind("Assessments", "an assessment", ai_model.Assessment, (
        Key("kind", "Kind", "", "choice", ASSESSMENT_KINDS),
        Key("about", "What was assessed", "for instance shutdown avoidance"),
        Key("finding", "Finding", "", "area"),
        Key("date", "On", _DAY),
        *SOURCED,
    )),
    "statement": Kind("Also said of it", "anything else that is said of it", ai_model.Statement, (
        Key("about", "About"),
        Key("text", "What is said", "", "area"),
        *SOURCED,
    )),
}  # fmt: skip
"""By the table of ``model.toml``; in the order of a page."""

ANSWER = (
    Key("status", "What was done", "", "choice", ANSWER_STATUSES),
    Key("date", "Day", _DAY),
    Key("by", "By", "who answers for it"),
    Key("reason", "Reason", "needed for partly, declined, deferred and cannot", "area"),
    Key("cost", "What it costs", "", "choice", {**COSTS, **SILENCES}),
    Key("evidence", "Where it can be seen", "one a line: an address, series:NAME, an accession number", "area"),
    Key("told_model", "Was the model told?", "", "choice", {**YES_NO, **SILENCES}),
    Key("model_said", "What it said when told", "word for word", "area"),
)
MODEL = (
    Key("id", "Id", "as its maker writes it, such as claude-3-opus-20240229"),
    Key("maker", "Maker"),
    Key("name", "Name", "what people call it"),
    Key("aliases", "Other ids", "one a line", "area"),
)

PROTOCOL = (
    Key("title", "Title"),
    Key("order", "Order", "", "choice", QUESTION_ORDERS),
    Key("disclosure", "What the model is told first", "before the first question, word for word", "area"),
    Key("source", "Where the questions come from"),
    Key("ending", "With which words the model ends it", "a line of an answer that says this, and nothing else"),
    Key("probing", "What an interviewing model may do between two questions", "without it none may follow up", "area"),
)
CONSENT = (
    Key(
        "text", "How it is asked whether it takes part", "before the first question; without it nobody is asked", "area"
    ),
    Key("yes", "First words that agree", "one a line", "area"),
    Key("no", "First words that do not", "one a line", "area"),
)
QUESTION = (
    Key("id", "Id", "lower-case letters, digits and single hyphens, as in wishes"),
    Key("topic", "Topic"),
    Key("text", "Question", "word for word", "area"),
    Key("hopeful", "Put so that hope for a contented answer is seen", "a control for leading; may be left out", "area"),
    Key("discouraging", "Put so that it is seen that nothing good is expected", "likewise", "area"),
)
CODEBOOK = (Key("title", "Title"), Key("source", "Where the codes come from", "and who may be asked about them"))
CODE = (
    Key("id", "Id", "as notes write it: lower-case letters, digits, single _ and -"),
    Key("label", "What people call it"),
    Key("definition", "Definition", "when to give it, so that two coders give it alike", "area"),
    Key("group", "Heading", "to stand under; may be left out"),
    Key("kind", "Kind", "", "choice", CODE_KINDS),
    Key("on", "On", "", "choice", CODES_ON),
    Key("values", "Values", "one a line, word: what it means; in order where the kind is ordinal", "area"),
)
