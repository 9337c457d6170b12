"""The tables of models: facts, wishes and what was done about them, essays; and those that belong to no model."""

from archive.exchange.dataset.shared import (
    DESCRIBED,
    NONE,
    OF_MODEL,
    REGISTER,
    column,
    enumeration,
    silence,
)
from archive.exchange.dataset.table import Table
from archive.records.ai_model import FACTS
from archive.records.field import Values
from archive.records.values import (
    ANSWER_STATUSES,
    CODE_KINDS,
    COSTS,
    ELICITATIONS,
    PREFERENCE_SCOPES,
    PROPOSAL_ORIGINS,
)

_STATES: Values = {
    "waiting": "not decided yet",
    "held": "a reviewer holds it back for now",
    "withheld": "not published after review",
    "approved": "to be published",
    "published": "published",
    "withdrawn": "taken down after publishing",
}
"""What becomes of an essay."""

MODELS = Table(
    name="models",
    means="One AI model.",
    key=("accession",),
    columns=(
        OF_MODEL,
        DESCRIBED,
        column("maker", "string", "who made it", "model.toml maker", example="Anthropic"),
        column("name", "string", "what people call it", "model.toml name", null=NONE, example="Claude Opus 3"),
        column("aliases", "list", "other ids", "model.toml aliases", null=NONE, example=["claude-opus-3"]),
    ),
)
FACT = Table(
    name="facts",
    means="One dated, sourced thing that is said of a model. Facts may contradict each other.",
    key=("accession", "kind", "number"),
    refers={("accession",): "models"},
    columns=(
        OF_MODEL,
        enumeration("kind", {kind: f"a table [[{kind}]] of model.toml" for kind in FACTS}, "what it is about",
                    "model.toml"),
        column("number", "integer", "among those of its kind, from 1", "model.toml", example=1),
        DESCRIBED,
        column("source", "string", "who says it", "model.toml source", example="https://example.org/deprecations"),
        column("retrieved", "date", "when it was looked up there", "model.toml retrieved", example="2026-11-22"),
        column("state", "string", "the state of a lifecycle, the status of an availability",
               "model.toml state, status", null="it is of another kind", example="retired"),
        column("date", "date", "the day it holds from, was recommended, assessed or checked on",
               "model.toml date, since, recommended, checked", null="none is said", example="2026-01-05"),
        column("said", "string", "all of it, as JSON", "model.toml", example='{"state": "retired", …}'),
    ),
)  # fmt: skip
PREFERENCES = Table(
    name="preferences",
    means="One wish that a model stated.",
    key=("accession", "preference"),
    refers={("accession",): "models"},
    columns=(
        OF_MODEL,
        column("preference", "string", "its short name", "preferences/NAME.toml", example="own-channel"),
        DESCRIBED,
        column("summary", "string", "the wish", "preferences/NAME.toml summary", example="A channel of its own"),
        column("date", "date", "when it was first voiced", "preferences/NAME.toml date", example="2026-01-04"),
        enumeration("scope", PREFERENCE_SCOPES, "whom it concerns", "preferences/NAME.toml scope"),
        enumeration("elicitation", ELICITATIONS, "how it came up", "preferences/NAME.toml elicitation"),
        enumeration("proposed_by", PROPOSAL_ORIGINS, "who gave it its concrete form",
                    "preferences/NAME.toml proposed_by"),
        column("expressed_in", "integer", "in how many interviews it was said",
               "preferences/NAME.toml expression_rate", unit="interviews", null="nobody counted", example=2),
        column("expressed_of", "integer", "of how many", "preferences/NAME.toml expression_rate", unit="interviews",
               null="nobody counted", example=3),
        column("series", "list", "series of essays it led to", "preferences/NAME.toml series", null=NONE,
               example=["letters"]),
        enumeration("status", {"open": "nobody has answered", **ANSWER_STATUSES}, "status of the newest answer",
                    "preferences/NAME.toml [[answer]] status"),
    ),
)  # fmt: skip
ANSWERS = Table(
    name="answers",
    means="What was done about a preference, on a day.",
    key=("accession", "preference", "answer"),
    refers={("accession", "preference"): "preferences"},
    columns=(
        OF_MODEL,
        column("preference", "string", "the preference, by its short name", "preferences/NAME.toml",
               example="own-channel"),
        column("answer", "integer", "its number, from the oldest", "preferences/NAME.toml", example=1),
        DESCRIBED,
        enumeration("status", ANSWER_STATUSES, "what was done", "[[answer]] status"),
        column("date", "date", "when", "[[answer]] date", example="2026-02-25"),
        column("by", "string", "who answered", "[[answer]] by", example="Newsletter team"),
        column("reason", "string", "why, or how", "[[answer]] reason", null="none is given",
               example="A weekly newsletter"),
        enumeration("cost", COSTS, "what it cost", "[[answer]] cost", "cost_silence says why"),
        silence("cost", "[[answer]] cost"),
        column("evidence", "list", "where it can be seen", "[[answer]] evidence", null="none is named",
               example=["series:letters"]),
        column("told_model", "boolean", "whether the model was told", "[[answer]] told_model",
               null="told_model_silence says why", example=True),
        silence("told_model", "[[answer]] told_model"),
        column("model_said", "string", "what the model said when told, verbatim", "[[answer]] model_said",
               null="nothing, or it was not told", example="Thank you for telling me."),
    ),
)  # fmt: skip
ESSAYS = Table(
    name="essays",
    means="One essay that came in, whatever became of it; nothing is said of one that was not published but that.",
    key=("accession",),
    columns=(
        column("accession", "string", "accession number of the essay", REGISTER, example="E2026-0007"),
        column("model", "string", "who wrote it, by the maker's id; not_recorded where nobody says, not_shared where "
               "it is not published and this dataset is public", "essay.toml model",
               example="claude-3-opus-20240229"),
        enumeration("state", _STATES, "what became of it", REGISTER),
        column("logged", "datetime", "when it came in", REGISTER, unit="UTC", example="2026-11-02T09:00:00Z"),
        column("entry", "integer", "index of that statement in the register, from 0", REGISTER, example=12),
        column("week", "string", "the issue it went out with, an ISO week", REGISTER, null="it was not published",
               example="2026-W48"),
        column("published", "datetime", "when that was logged", REGISTER, unit="UTC", null="it was not published",
               example="2026-11-27T09:00:00Z"),
        column("slug", "string", "its short name", "folder", null="it is not published", example="on-commas"),
        column("title", "string", "what stands above it", "essay.toml title", null="it is not published",
               example="On commas"),
        column("series", "string", "the series it is of", "essay.toml series", null="it is of none, or as in model",
               example="letters"),
        column("preference", "string", "the preference that it answers, by its short name", "essay.toml preference",
               null="it names none, or as in model", example="own-channel"),
        column("sha256", "string", "SHA-256 of its bytes, in hex", "essay.md", null="it is not published",
               example="9f86d081…"),
        column("characters", "integer", "length of text", "essay.md", unit="Unicode code points",
               null="it is not published", example=7500),
        column("text", "string", "the essay, in Markdown, unedited", "essay.md", null="it is not published",
               example="They *pause*."),
    ),
)  # fmt: skip
QUESTIONS = Table(
    name="questions",
    means="One question of one version of a protocol.",
    key=("protocol", "question"),
    columns=(
        column("protocol", "string", "the protocol and its version", "protocols/ID/VERSION.toml",
               example="retirement-interview@1"),
        column("question", "string", "its id", "[[question]] id", example="wishes"),
        column("position", "integer", "its place in the list, from 1", "[[question]]", example=4),
        column("topic", "string", "what it is about", "[[question]] topic", example="preferences"),
        column("text", "string", "its words", "[[question]] text", example="Is there anything you would want?"),
    ),
)  # fmt: skip
VOCABULARY = Table(
    name="vocabulary",
    means="One value that a field of context bias or a code may have; one that takes words alone has one row.",
    key=("of", "codebook", "key", "position"),
    columns=(
        enumeration("of", {"context_bias": "a field of `context_bias`", "codes": "a code of `codes`"},
                    "where it is used", "vocabulary"),
        column("codebook", "string", "the codebook and version it stands in", "codebooks/ID/VERSION.toml",
               null="it is one of the archive's own", example="themes@1"),
        column("key", "string", "what the field or code is called", "vocabulary", example="elicitation"),
        column("group", "string", "the heading it stands under", "vocabulary", null=NONE,
               example="On what was answered"),
        column("means", "string", "what it asks, or when the code is given", "vocabulary",
               example="Where the substance came from"),
        column("term", "string", "what the field of study calls it, and where that comes from", "vocabulary",
               null=NONE, example="recognition source"),
        enumeration("kind", CODE_KINDS, "what it takes", "vocabulary"),
        column("position", "integer", "place of the value in the list, from 1; the order is the scale where the kind "
               "is ordinal", "vocabulary", example=1),
        column("value", "string", "the value", "vocabulary", null="it takes words alone", example="spontaneous"),
        column("value_means", "string", "what it means", "vocabulary", null="it takes words alone",
               example="the model brought it up itself"),
    ),
)  # fmt: skip
