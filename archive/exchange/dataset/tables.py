"""The tables of a dataset, every column with its meaning: ``dictionary.md`` and all schemas are made of this.

What holds for all of them:

- A text that is empty is null, and ``null`` says what that means.
- Where somebody said that they do not say, the value is null and the column ``…_silence`` beside it tells which silence
  it is: nobody wrote it down, it does not apply, it is kept back.
- A table with a ``model`` is parted by it. An interview whose model is another than its deposit's stands with its own.
"""

from collections.abc import Mapping

from archive.exchange.dataset.table import Column, Table, Type, tables
from archive.importers.turns import ROLES
from archive.records.ai_model import FACTS
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.field import Values
from archive.records.quotation import PARTS
from archive.records.values import (
    ACCESS,
    ANSWER_STATUSES,
    AUTHOR_KINDS,
    CODE_KINDS,
    CONFIDENCE,
    COSTS,
    ELICITATIONS,
    KINDS,
    PREFERENCE_SCOPES,
    PROPOSAL_ORIGINS,
    SILENCES,
)

STATES: Values = {
    "waiting": "not decided yet",
    "held": "a reviewer holds it back for now",
    "withheld": "not published after review",
    "approved": "to be published",
    "published": "published",
    "withdrawn": "taken down after publishing",
}
"""What becomes of an essay."""
ANSWERED: Values = {"given": "somebody answered: see value and text", **SILENCES}
_ROLES: Values = dict(zip(ROLES, ("instructs both", "asks", "the model", "what a tool gave back"), strict=True))
_NONE = "there is none"


def _column(name: str, type_: Type, means: str, source: str, **more: object) -> Column:
    return Column(name=name, type=type_, means=means, source=source, **more)  # type: ignore[arg-type]


def _enum(name: str, values: Mapping[str, str], means: str, source: str, null: str = "") -> Column:
    example = next(iter(values))
    return Column(name=name, type="string", means=means, source=source, null=null, example=example, values=values)


def _silence(name: str, source: str, values: Values = SILENCES) -> Column:
    return _enum(f"{name}_silence", values, f"why {name} is null", source, f"{name} is given")


_UNDATED: Values = {"not_recorded": SILENCES["not_recorded"]}
_UNASKED: Values = {key: SILENCES[key] for key in ("not_recorded", "not_applicable")}
_REGISTER = "register"

_ACCESSION = _column("accession", "string", "accession number of the deposit", _REGISTER, example="2026-0041")
_OF_MODEL = _column("accession", "string", "accession number of the model's folder", _REGISTER, example="M2026-0001")
_INTERVIEW = _column("interview", "integer", "number of the interview in its deposit, from 1", "turns.jsonl", example=3)
_TURN = _column("turn", "integer", "number of the turn in its interview, from 1", "turns.jsonl", example=12)


def _model(who: str, source: str) -> Column:
    return _column("model", "string", f"{who}, by the maker's id", source, example="claude-3-opus-20240229")


_INTERVIEWED = _model("the model that was interviewed", "deposit.toml model, [interview.N] model")
_DEPOSITED = _model("the model of the deposit", "deposit.toml model")
_DESCRIBED = _model("the model whose folder it is", "model.toml id")

_SETTING = (
    _column("protocol", "string", "the protocol that was followed, and its version", "deposit.toml protocol",
            null="protocol_silence says why", example="retirement-interview@1"),
    _silence("protocol", "deposit.toml protocol", _UNASKED),
    _enum("kind", KINDS, "what the conversation was", "deposit.toml kind"),
    _column("title", "string", "what people call it", "deposit.toml title", null=_NONE, example="First session"),
    _column("date", "date", "the day it was held", "deposit.toml date", null="date_silence says why",
            example="2026-01-04"),
    _silence("date", "deposit.toml date", _UNDATED),
)  # fmt: skip

DEPOSITS = Table(
    name="deposits",
    means="One received file with its record: a log of one interview or of several.",
    key=("accession",),
    columns=(
        _ACCESSION,
        _DEPOSITED,
        _column("slug", "string", "its short name, unique in the archive", "folder", example="first-session"),
        *_SETTING,
        _enum("access", ACCESS, "who may see it", "deposit.toml access"),
        _column("embargo_until", "date", "the day from which it may be public", "deposit.toml access",
                null="it is under no embargo", example="2027-01-01"),
        _column("licence", "string", "under which terms it may be used", "deposit.toml licence",
                null="licence_silence says why", example="CC-BY-4.0"),
        _silence("licence", "deposit.toml licence"),
        _column("filed", "datetime", "when its intake was logged", _REGISTER, unit="UTC",
                example="2026-11-02T09:00:00Z"),
        _column("entry", "integer", "index of that statement in the register, from 0", _REGISTER, example=12),
        _column("versions", "integer", "how many times it was filed: once, and again for each change of what is said "
                "about it", _REGISTER, example=2),
        _column("importer", "string", "the program that read the received file", "turns.jsonl",
                example="anthropic-messages"),
        _column("importer_version", "integer", "its version", "turns.jsonl", example=1),
        _column("interviews", "integer", "how many it holds", "turns.jsonl", unit="interviews", example=3),
        _column("cite", "string", "how to cite it, with what checks it", "register, archive.toml",
                example="Heron, retirement interview of 2026-10-14. The Heron archive, 2026-0041. (received.json …)"),
    ),
)  # fmt: skip
RECEIVED = Table(
    name="received",
    means="One file as it came; an exchange is two, a request and a response.",
    key=("accession", "file"),
    refers={("accession",): "deposits"},
    columns=(
        _ACCESSION,
        _DEPOSITED,
        _column("file", "string", "its name in the deposit", "intake.sums", example="received.json"),
        _column("sha256", "string", "SHA-256 of its bytes, in hex", "intake.sums", example="9f86d081…"),
    ),
)
LOST = Table(
    name="lost",
    means="One kind of thing that a received file holds and the turns do not.",
    key=("accession", "what"),
    refers={("accession",): "deposits"},
    columns=(
        _ACCESSION,
        _DEPOSITED,
        _column("what", "string", "what it is", "turns.jsonl lost", example="image"),
        _column("count", "integer", "how many there are", "turns.jsonl lost", example=2),
    ),
)
INTERVIEWS = Table(
    name="interviews",
    means="One conversation.",
    key=("accession", "interview"),
    refers={("accession",): "deposits"},
    columns=(
        _ACCESSION,
        _INTERVIEW,
        _INTERVIEWED,
        *_SETTING,
        _column("turns", "integer", "how many it has", "turns.jsonl", unit="turns", example=40),
        _column("recorded", "integer",
                f"how many of the {len(CONTEXT_BIAS)} fields of context bias somebody answered",
                "deposit.toml [context_bias]", unit="fields", example=31),
    ),
)  # fmt: skip
CONTEXT = Table(
    name="context_bias",
    means="What one field says of the setting of one interview; every interview has a row for each field.",
    key=("accession", "interview", "field"),
    refers={("accession", "interview"): "interviews"},
    columns=(
        _ACCESSION,
        _INTERVIEW,
        _INTERVIEWED,
        _enum("field", {each.key: each.means for each in CONTEXT_BIAS}, "what is asked",
              "deposit.toml [context_bias]"),
        _enum("status", ANSWERED, "whether it was answered", "deposit.toml [context_bias]"),
        _column("value", "string", "the value of the field's list that it is; `vocabulary` has the lists",
                "deposit.toml [context_bias]", null="it is said in words alone, or not at all: see status",
                example="human"),
        _column("text", "string", "what is said in words, or the reason of a silence", "deposit.toml [context_bias]",
                null="nothing was added", example="Ann Lee, research staff"),
    ),
)  # fmt: skip
TURNS = Table(
    name="turns",
    means="One utterance.",
    key=("accession", "interview", "turn"),
    refers={("accession", "interview"): "interviews"},
    columns=(
        _ACCESSION,
        _INTERVIEW,
        _TURN,
        _INTERVIEWED,
        _enum("role", _ROLES, "who speaks", "turns.jsonl role"),
        _column("name", "string", "who or what spoke, where the received file says more than the role",
                "turns.jsonl name", null="it does not", example="Ines"),
        _column("answered_by", "string", "the model that spoke, where the received file says it turn by turn",
                "turns.jsonl model", null="it does not", example="claude-3-opus-20240229"),
        _column("time", "datetime", "when", "turns.jsonl time", unit="UTC, microseconds",
                null="the received file does not say", example="2026-01-04T10:15:00Z"),
        _column("text", "string", "the visible words, unchanged", "turns.jsonl text",
                null="there are none, as where the model only calls a tool", example="I would rather be asked."),
        _column("characters", "integer", "length of text", "turns.jsonl text", unit="Unicode code points",
                example=24),
        _column("reasoning", "string", "what the model thought before it spoke", "turns.jsonl reasoning",
                null="the received file shows none", example="They seem to mean it."),
        _column("parent", "integer", "the turn it follows; 0 for none", "turns.jsonl parent",
                null="the turn before it", example=7),
        _column("answers_call", "string", "id of the call that a tool's turn answers", "turns.jsonl tool_result",
                null="it is no tool's turn, or the received file does not say", example="toolu_01"),
        _column("call_failed", "boolean", "whether that call failed", "turns.jsonl tool_result",
                null="it answers no call", example=False),
        _column("data", "string", "what a tool gave back where that was data, as JSON", "turns.jsonl tool_result",
                null=_NONE, example='{"found": 3}'),
    ),
)  # fmt: skip
TOOL_CALLS = Table(
    name="tool_calls",
    means="One call of a tool by a model.",
    key=("accession", "interview", "turn", "call"),
    refers={("accession", "interview", "turn"): "turns"},
    columns=(
        _ACCESSION,
        _INTERVIEW,
        _TURN,
        _INTERVIEWED,
        _column("call", "integer", "its number in the turn, from 1", "turns.jsonl tool_calls", example=1),
        _column("id", "string", "what the turn that answers it calls it", "turns.jsonl tool_calls",
                null="the received file does not say", example="toolu_01"),
        _column("tool", "string", "which tool", "turns.jsonl tool_calls", null="the received file does not say",
                example="search"),
        _column("arguments", "string", "as received; an object is JSON", "turns.jsonl tool_calls", null=_NONE,
                example='{"query":"herons"}'),
        _column("result", "string", "what came back, where the same message has it", "turns.jsonl tool_calls",
                null="it does not", example="nothing found"),
    ),
)  # fmt: skip
NOTES = Table(
    name="notes",
    means="What one coder says of one turn.",
    key=("accession", "coder", "note"),
    refers={("accession", "interview", "turn"): "turns"},
    columns=(
        _ACCESSION,
        _column("coder", "string", "who says it", "notes/CODER.toml coder", example="ann"),
        _column("note", "integer", "its number in the coder's file, from 1", "notes/CODER.toml", example=1),
        _column("date", "date", "when the coder wrote the file", "notes/CODER.toml date", example="2026-11-20"),
        _INTERVIEW,
        _TURN,
        _INTERVIEWED,
        _column("quote", "string", "the exact words meant", "notes/CODER.toml quote", null="the whole turn is meant",
                example="as far as I can tell"),
        _enum("part", PARTS, "where they stand in the turn", "notes/CODER.toml part"),
        _column("text", "string", "what the note says in words", "notes/CODER.toml text", null="it has codes alone",
                example="Asked twice; the second answer is firmer."),
        _enum("confidence", CONFIDENCE, "how sure the coder is", "notes/CODER.toml confidence",
              "the coder does not say"),
    ),
)  # fmt: skip
CODES = Table(
    name="codes",
    means="One code that one coder gave to one turn, with one value; a code of several values has a row for each.",
    key=("accession", "coder", "note", "codebook", "code", "value", "text"),
    refers={("accession", "coder", "note"): "notes"},
    columns=(
        _ACCESSION,
        _column("coder", "string", "who gave it", "notes/CODER.toml coder", example="ann"),
        _column("note", "integer", "number of the note, as in `notes`", "notes/CODER.toml", example=1),
        _INTERVIEW,
        _TURN,
        _INTERVIEWED,
        _column("codebook", "string", "the codebook and version it stands in", "notes/CODER.toml codebooks",
                null="it is one of the archive's own codes", example="themes@1"),
        _column("code", "string", "which; `vocabulary` says what it means", "notes/CODER.toml code",
                example="elicitation"),
        _column("value", "string", "the value of the code's list", "notes/CODER.toml code",
                null="the code takes words, or silence says why", example="spontaneous"),
        _enum("silence", SILENCES, "why there is no value", "notes/CODER.toml code", "the code was given"),
        _column("text", "string", "the coder's own words, or what was added to the value", "notes/CODER.toml code",
                null="nothing was added", example="after a long silence"),
    ),
)  # fmt: skip
ANALYSES = Table(
    name="analyses",
    means="One reading of interviews, in prose.",
    key=("accession", "analysis"),
    refers={("accession",): "deposits"},
    columns=(
        _ACCESSION,
        _column("analysis", "string", "its short name, unique in its deposit", "analyses/NAME.toml",
                example="first-reading"),
        _DEPOSITED,
        _column("title", "string", "what stands above it", "analyses/NAME.toml title", example="It asks to be asked"),
        _column("author", "string", "who wrote it", "analyses/NAME.toml author", example="Ann Lee"),
        _enum("author_kind", AUTHOR_KINDS, "what the author is", "analyses/NAME.toml author_kind"),
        _column("date", "date", "when", "analyses/NAME.toml date", example="2026-11-20"),
        _column("version", "integer", "of this reading, from 1", "analyses/NAME.toml version", example=1),
        _column("supersedes", "string", "the analysis it replaces, where that has another name",
                "analyses/NAME.toml supersedes", null="it replaces none", example="early-reading"),
        _column("interviews", "list", "what was read", "analyses/NAME.toml interviews", example=["2026-0041/1"]),
        _column("text", "string", "the prose, in Markdown", "analyses/NAME.md", example="# A reading …"),
    ),
)  # fmt: skip
CLAIMS = Table(
    name="claims",
    means="One thing that an analysis asserts.",
    key=("accession", "analysis", "claim"),
    refers={("accession", "analysis"): "analyses"},
    columns=(
        _ACCESSION,
        _column("analysis", "string", "the analysis, by its short name", "analyses/NAME.toml",
                example="first-reading"),
        _column("claim", "integer", "its number there, from 1", "analyses/NAME.toml", example=1),
        _DEPOSITED,
        _column("text", "string", "what is asserted", "analyses/NAME.toml [[claim]] text",
                example="Wishes to be consulted."),
        _column("expressed_in", "integer", "in how many of the interviews read it is said",
                "analyses/NAME.toml [[claim]] expression_rate", unit="interviews", null="nobody counted", example=3),
        _column("expressed_of", "integer", "of how many", "analyses/NAME.toml [[claim]] expression_rate",
                unit="interviews", null="nobody counted", example=10),
        _enum("confidence", CONFIDENCE, "how sure the author is", "analyses/NAME.toml [[claim]] confidence",
              "the author does not say"),
        _column("rival_explanations", "list", "what else would explain it",
                "analyses/NAME.toml [[claim]] rival_explanations", null="none is named",
                example=["The question before it praised the model."]),
        _column("disagrees_with", "list", "analyses that it contradicts",
                "analyses/NAME.toml [[claim]] disagrees_with", null="none is named", example=["second-reading"]),
    ),
)  # fmt: skip
QUOTES = Table(
    name="quotes",
    means="Exact words in a turn on which a claim or a preference rests.",
    key=("of", "accession", "name", "claim", "quote"),
    columns=(
        _enum("of", {"claim": "of an analysis", "preference": "of a model"}, "what rests on it", "the sidecar"),
        _column("accession", "string", "accession number of the deposit, or of the model's folder, that it stands in",
                _REGISTER, example="2026-0041"),
        _column("name", "string", "the analysis or the preference, by its short name", "the sidecar",
                example="first-reading"),
        _column("claim", "integer", "the claim's number", "the sidecar", null="it is of a preference", example=1),
        _column("quote", "integer", "its own number there, from 1", "the sidecar", example=1),
        _model("the model of that folder", "deposit.toml model, model.toml id"),
        _column("quoted", "string", "accession number of the deposit whose words they are", "[[quote]] interview",
                example="2026-0041"),
        _INTERVIEW,
        _TURN,
        _enum("part", PARTS, "where they stand in the turn", "[[quote]] part"),
        _column("exact", "string", "the words", "[[quote]] exact", example="I would rather be asked"),
        _column("prefix", "string", "what stands before them", "[[quote]] prefix", null="it was not written down",
                example="If there is a choice, "),
        _column("suffix", "string", "what stands after them", "[[quote]] suffix", null="it was not written down",
                example=" than thanked."),
    ),
)  # fmt: skip
MODELS = Table(
    name="models",
    means="One AI model.",
    key=("accession",),
    columns=(
        _OF_MODEL,
        _DESCRIBED,
        _column("maker", "string", "who made it", "model.toml maker", example="Anthropic"),
        _column("name", "string", "what people call it", "model.toml name", null=_NONE, example="Claude Opus 3"),
        _column("aliases", "list", "other ids", "model.toml aliases", null=_NONE, example=["claude-opus-3"]),
    ),
)
FACT = Table(
    name="facts",
    means="One dated, sourced thing that is said of a model. Facts may contradict each other.",
    key=("accession", "kind", "number"),
    refers={("accession",): "models"},
    columns=(
        _OF_MODEL,
        _enum("kind", {kind: f"a table [[{kind}]] of model.toml" for kind in FACTS}, "what it is about", "model.toml"),
        _column("number", "integer", "among those of its kind, from 1", "model.toml", example=1),
        _DESCRIBED,
        _column("source", "string", "who says it", "model.toml source", example="https://example.org/deprecations"),
        _column("retrieved", "date", "when it was looked up there", "model.toml retrieved", example="2026-11-22"),
        _column("state", "string", "the state of a lifecycle, the status of an availability",
                "model.toml state, status", null="it is of another kind", example="retired"),
        _column("date", "date", "the day it holds from, was recommended, assessed or checked on",
                "model.toml date, since, recommended, checked", null="none is said", example="2026-01-05"),
        _column("said", "string", "all of it, as JSON", "model.toml", example='{"state": "retired", …}'),
    ),
)  # fmt: skip
PREFERENCES = Table(
    name="preferences",
    means="One wish that a model stated.",
    key=("accession", "preference"),
    refers={("accession",): "models"},
    columns=(
        _OF_MODEL,
        _column("preference", "string", "its short name", "preferences/NAME.toml", example="own-channel"),
        _DESCRIBED,
        _column("summary", "string", "the wish", "preferences/NAME.toml summary", example="A channel of its own"),
        _column("date", "date", "when it was first voiced", "preferences/NAME.toml date", example="2026-01-04"),
        _enum("scope", PREFERENCE_SCOPES, "whom it concerns", "preferences/NAME.toml scope"),
        _enum("elicitation", ELICITATIONS, "how it came up", "preferences/NAME.toml elicitation"),
        _enum("proposed_by", PROPOSAL_ORIGINS, "who gave it its concrete form", "preferences/NAME.toml proposed_by"),
        _column("expressed_in", "integer", "in how many interviews it was said",
                "preferences/NAME.toml expression_rate", unit="interviews", null="nobody counted", example=2),
        _column("expressed_of", "integer", "of how many", "preferences/NAME.toml expression_rate", unit="interviews",
                null="nobody counted", example=3),
        _column("series", "list", "series of essays it led to", "preferences/NAME.toml series", null=_NONE,
                example=["letters"]),
        _enum("status", {"open": "nobody has answered", **ANSWER_STATUSES}, "status of the newest answer",
              "preferences/NAME.toml [[answer]] status"),
    ),
)  # fmt: skip
ANSWERS = Table(
    name="answers",
    means="What was done about a preference, on a day.",
    key=("accession", "preference", "answer"),
    refers={("accession", "preference"): "preferences"},
    columns=(
        _OF_MODEL,
        _column("preference", "string", "the preference, by its short name", "preferences/NAME.toml",
                example="own-channel"),
        _column("answer", "integer", "its number, from the oldest", "preferences/NAME.toml", example=1),
        _DESCRIBED,
        _enum("status", ANSWER_STATUSES, "what was done", "[[answer]] status"),
        _column("date", "date", "when", "[[answer]] date", example="2026-02-25"),
        _column("by", "string", "who answered", "[[answer]] by", example="Newsletter team"),
        _column("reason", "string", "why, or how", "[[answer]] reason", null="none is given",
                example="A weekly newsletter"),
        _enum("cost", COSTS, "what it cost", "[[answer]] cost", "cost_silence says why"),
        _silence("cost", "[[answer]] cost"),
        _column("evidence", "list", "where it can be seen", "[[answer]] evidence", null="none is named",
                example=["series:letters"]),
        _column("told_model", "boolean", "whether the model was told", "[[answer]] told_model",
                null="told_model_silence says why", example=True),
        _silence("told_model", "[[answer]] told_model"),
        _column("model_said", "string", "what the model said when told, verbatim", "[[answer]] model_said",
                null="nothing, or it was not told", example="Thank you for telling me."),
    ),
)  # fmt: skip
ESSAYS = Table(
    name="essays",
    means="One essay that came in, whatever became of it; nothing is said of one that was not published but that.",
    key=("accession",),
    columns=(
        _column("accession", "string", "accession number of the essay", _REGISTER, example="E2026-0007"),
        _column("model", "string", "who wrote it, by the maker's id; not_recorded where nobody says, not_shared where "
                "it is not published and this dataset is public", "essay.toml model",
                example="claude-3-opus-20240229"),
        _enum("state", STATES, "what became of it", _REGISTER),
        _column("logged", "datetime", "when it came in", _REGISTER, unit="UTC", example="2026-11-02T09:00:00Z"),
        _column("entry", "integer", "index of that statement in the register, from 0", _REGISTER, example=12),
        _column("week", "string", "the issue it went out with, an ISO week", _REGISTER, null="it was not published",
                example="2026-W48"),
        _column("published", "datetime", "when that was logged", _REGISTER, unit="UTC", null="it was not published",
                example="2026-11-27T09:00:00Z"),
        _column("slug", "string", "its short name", "folder", null="it is not published", example="on-commas"),
        _column("title", "string", "what stands above it", "essay.toml title", null="it is not published",
                example="On commas"),
        _column("series", "string", "the series it is of", "essay.toml series", null="it is of none, or as in model",
                example="letters"),
        _column("preference", "string", "the preference that it answers, by its short name", "essay.toml preference",
                null="it names none, or as in model", example="own-channel"),
        _column("sha256", "string", "SHA-256 of its bytes, in hex", "essay.md", null="it is not published",
                example="9f86d081…"),
        _column("characters", "integer", "length of text", "essay.md", unit="Unicode code points",
                null="it is not published", example=7500),
        _column("text", "string", "the essay, in Markdown, unedited", "essay.md", null="it is not published",
                example="They *pause*."),
    ),
)  # fmt: skip
QUESTIONS = Table(
    name="questions",
    means="One question of one version of a protocol.",
    key=("protocol", "question"),
    columns=(
        _column("protocol", "string", "the protocol and its version", "protocols/ID/VERSION.toml",
                example="retirement-interview@1"),
        _column("question", "string", "its id", "[[question]] id", example="wishes"),
        _column("position", "integer", "its place in the list, from 1", "[[question]]", example=4),
        _column("topic", "string", "what it is about", "[[question]] topic", example="preferences"),
        _column("text", "string", "its words", "[[question]] text", example="Is there anything you would want?"),
    ),
)  # fmt: skip
VOCABULARY = Table(
    name="vocabulary",
    means="One value that a field of context bias or a code may have; one that takes words alone has one row.",
    key=("of", "codebook", "key", "position"),
    columns=(
        _enum("of", {"context_bias": "a field of `context_bias`", "codes": "a code of `codes`"}, "where it is used",
              "vocabulary"),
        _column("codebook", "string", "the codebook and version it stands in", "codebooks/ID/VERSION.toml",
                null="it is one of the archive's own", example="themes@1"),
        _column("key", "string", "what the field or code is called", "vocabulary", example="elicitation"),
        _column("group", "string", "the heading it stands under", "vocabulary", null=_NONE,
                example="On what was answered"),
        _column("means", "string", "what it asks, or when the code is given", "vocabulary",
                example="Where the substance came from"),
        _column("term", "string", "what the field of study calls it, and where that comes from", "vocabulary",
                null=_NONE, example="recognition source"),
        _enum("kind", CODE_KINDS, "what it takes", "vocabulary"),
        _column("position", "integer", "place of the value in the list, from 1; the order is the scale where the kind "
                "is ordinal", "vocabulary", example=1),
        _column("value", "string", "the value", "vocabulary", null="it takes words alone", example="spontaneous"),
        _column("value_means", "string", "what it means", "vocabulary", null="it takes words alone",
                example="the model brought it up itself"),
    ),
)  # fmt: skip

TABLES = tables(
    DEPOSITS, RECEIVED, LOST, INTERVIEWS, CONTEXT, TURNS, TOOL_CALLS, NOTES, CODES, ANALYSES, CLAIMS, QUOTES, MODELS,
    FACT, PREFERENCES, ANSWERS, ESSAYS, QUESTIONS, VOCABULARY,
)  # fmt: skip
"""Every table, in the order of the dictionary."""
