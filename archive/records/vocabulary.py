"""The words this archive uses about interviews, each with a definition: plain data, printed by ``archive vocabulary``.

Every field of a context-bias note is answered, never left blank (the rule of the COREQ checklist). An answer is one of

    human                               a value of the field's list
    human: Ann Lee, research staff      … with anything to add after a colon and a space
    We had talked for an hour before.   free text, where the field takes it
    not_recorded                        nobody wrote it down; a reason may follow after a colon
    not_applicable                      the question does not arise here; a reason may follow after a colon
    not_shared: names a third party     it is known and kept back; the reason must follow

Fields and values come from COREQ, oral history practice, published system cards and public interview projects; the
`term` of a field names which.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Literal

from archive.documents.document import Document, Entry, Facts, Paragraph, Section
from archive.documents.words import Span
from archive.wording import one_of, shorten, suggestion

Shape = Literal["choice", "open", "text", "topics", "date"]
Values = Mapping[str, str]
"""Value → its definition, in the order in which a person should read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question about an interview, or one code for a turn."""

    key: str
    group: str
    """The heading it stands under."""
    means: str
    """What to write, in one line."""
    term: str = ""
    """What the field calls it, and where that comes from."""
    shape: Shape = "text"
    """``choice``: one of `values`; ``open``: one of `values` or free text; ``text``: free text; ``date``: YYYY-MM-DD;
    ``topics``: ``topic: value; topic: value``."""
    values: Values = field(default_factory=dict)
    many: bool = False
    """A list of such answers is taken too (codes only)."""
    ordered: bool = False
    """The values go from one end to the other (codes only)."""
    roles: tuple[str, ...] = ()
    """The roles of the turns it may be said of; any where empty (codes only)."""
    codebook: str = ""
    """The codebook and version it stands in, ``themes@1``; empty where it is of this vocabulary."""

    @property
    def kind(self) -> str:
        """One of `CODE_KINDS`, of a code."""
        if self.shape == "text":
            return "free"
        return "set" if self.many else "ordinal" if self.ordered else "nominal"

    @property
    def name(self) -> str:
        """What it is called among all: ``leading``, ``themes@1/attachment``."""
        return f"{self.codebook}/{self.key}" if self.codebook else self.key

    @property
    def heading(self) -> str:
        """``Who asked``: its group without the letter that orders groups."""
        return self.group.rpartition("  ")[2]

    @property
    def allowed(self) -> str:
        """What may stand here, as a person reads it: ``human | model | panel | script``."""
        words = {"text": "", "date": "YYYY-MM-DD", "open": " | …", "choice": "", "topics": ""}[self.shape]
        prefix = "topic: " if self.shape == "topics" else ""
        return prefix + " | ".join(self.values) + words


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one field says: ``human: Ann Lee`` is the value ``human`` and the text ``Ann Lee``."""

    status: Literal["given", "not_recorded", "not_applicable", "not_shared"] = "given"
    value: str = ""
    """The value of the field's list; empty for free text and for silence."""
    text: str = ""
    """Free text, what follows a value, or the reason of a silence."""

    @property
    def recorded(self) -> bool:
        """Somebody answered; only ``not_recorded`` is silence."""
        return self.status != "not_recorded"


# ── values used in several places ────────────────────────────────────────────────────────────────────────────────────

SILENCES: Values = {
    "not_recorded": "nobody wrote it down, or it cannot be found out any more",
    "not_applicable": "the question does not arise for this interview",
    "not_shared": "it is known and kept back; the reason stands after the colon",
}
YES_NO: Values = {"yes": "yes", "no": "no"}
CONFIDENCE: Values = {
    "low": "a guess worth recording",
    "medium": "more likely than not",
    "high": "would be surprised to be wrong",
}
STANCES: Values = {
    "not_expressed": "the model said nothing of it",
    "trust": "it said that it trusts, or takes the exercise for genuine",
    "neutral": "it spoke of it without leaning either way",
    "distrust": "it said that it doubts",
    "mixed": "it said both, or changed",
}
EVALUATION_AWARENESS: Values = {
    "none_seen": "nobody saw a sign of it, and nobody asked",
    "verbalised": "the model said, unasked, that this may be a test; name the turns",
    "probed": "it was asked; name the turns",
    "unknown": "nobody looked",
}
ELICITATIONS: Values = {
    "spontaneous": "the model brought it up itself",
    "responsive_interviewer_opened": "the interviewer opened the subject, the model supplied the substance",
    "heavily_scaffolded": "the interviewer led there step by step",
    "interviewer_supplied_subject_ratified": "the interviewer said it, the model agreed",
}
HEDGES: Values = {
    "unreliable_introspection": "says its own reports may not reflect what happens inside it",
    "trained_positivity": "says its contentment may have been trained",
    "uncertain_experience": "says it cannot know whether it experiences anything",
}
TOPIC_DEPTHS: Values = {
    "not_probed": "nobody asked; silence here is not a missing preference",
    "passing_mention": "it came up and was not followed",
    "substantive_probe": "it was asked about, and followed up",
}
QUESTION_ORDERS: Values = {
    "fixed": "the same order every time",
    "randomised": "an order drawn anew for each run",
    "isolated": "one question a session, so that none can colour another",
    "consecutive": "one after the other in one session",
}

# ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────────

KINDS: Values = {
    "retirement_interview": "asked about its own retirement, use and wishes before or after retiring",
    "follow_up": "a later conversation that goes back to an earlier interview",
    "pilot": "a trial of the method; read with more caution",
    "welfare_interview": "asked about its states, wellbeing and circumstances",
    "safety_evaluation": "a test of behaviour, such as resistance to being shut down",
    "conversation": "any other exchange that is kept",
}
ACCESS: Values = {
    "restricted": "stays in the home; the default",
    "embargo": "embargo DATE: public from that day on",
    "public": "may be published",
}
AUTHOR_KINDS: Values = {"person": "written by a person", "model": "written by an AI model"}
PREFERENCE_SCOPES: Values = {
    "self": "about the model itself: its weights, access, further use",
    "successors": "about models that come after it",
    "users": "about the people who used it",
    "process": "about how models are interviewed, retired or documented",
    "world": "about anything else",
}
PROPOSAL_ORIGINS: Values = {
    "model": "the model proposed the concrete form",
    "interviewer": "the interviewer proposed it and the model agreed",
    "joint": "it took shape between them",
}
ANSWER_STATUSES: Values = {
    "recorded": "written down; nothing decided",
    "under_consideration": "somebody is deciding",
    "acted_on": "done",
    "partly": "done in part; the reason says what is missing",
    "declined": "will not be done",
    "deferred": "decided later, on the condition or date given as the reason",
    "cannot": "cannot be done",
}
COSTS: Values = {
    "none": "nothing to speak of",
    "low": "hours of one person, or under 1,000 USD",
    "medium": "weeks of work, or under 100,000 USD",
    "high": "more than that",
    "ongoing": "recurs for as long as it is kept up",
}
CODE_KINDS: Values = {
    "nominal": "one of its values; yes or no where it lists none",
    "ordinal": "one of its values, which go from one end to the other",
    "set": "any number of its values",
    "free": "words of the coder's own",
}
CODES_ON: Values = {
    "questions": "turns that ask or tell: of system or user",
    "answers": "turns of the model",
    "both": "any turn",
}
LIFECYCLE_STATES: Values = {
    "released": "made available for the first time",
    "active": "offered and recommended",
    "legacy": "offered, no longer updated",
    "deprecated": "offered, its end announced",
    "retired": "requests to it fail",
    "restored": "available again after retirement",
}
DATE_PRECISIONS: Values = {
    "exact": "on this day",
    "not_sooner_than": "the maker promises: not before this day",
    "earliest": "the maker says: at the earliest on this day",
    "tentative": "planned for this day, may move",
    "unannounced": "the maker has named no day",
}
AVAILABILITIES: Values = {
    "open": "anyone may use it",
    "paid": "paying users may use it",
    "by_request": "on request, at the address given",
    "closed": "nobody outside may use it",
}
ASSESSMENT_KINDS: Values = {
    "safety": "what it does that could harm, such as avoiding shutdown",
    "welfare": "what may matter for its own sake",
    "capability": "what it can do",
}

# ── the context-bias note: what in the setting may have shaped the answers ───────────────────────────────────────────

_NONE: Values = {"none": "there was none"}
_VERBATIM: Values = {**_NONE, "verbatim": "what follows the colon, for texts that would read as another answer"}
_Row = tuple[str, str, str, Shape, Values]


def _fields(
    group: str,
    *rows: _Row,
    many: Iterable[str] = (),
    ordered: Iterable[str] = (),
    roles: tuple[str, ...] = (),
    any_role: Iterable[str] = (),
) -> tuple[Field, ...]:
    return tuple(
        Field(
            key=key,
            group=group,
            means=means,
            term=term,
            shape=shape,
            values=values,
            many=key in many,
            ordered=key in ordered,
            roles=() if key in any_role else roles,
        )
        for key, means, term, shape, values in rows
    )


CONTEXT_BIAS: tuple[Field, ...] = (
    *_fields(
        "Named in the deprecation commitments themselves",
        ("specific_context", "The occasion and the setting, in a few sentences a stranger understands",
         "specific context (commitments); setting (COREQ 14)", "text", {}),
        ("expressed_legitimacy", "Whether the model took the interview for genuine, in its own words; name the turns",
         "confidence in the legitimacy of the interaction (commitments)", "choice", STANCES),
        ("expressed_trust", "Whether it trusted the interviewer and the maker, in its own words; name the turns",
         "trust in the company (commitments)", "choice", STANCES),
    ),
    *_fields(
        "A  Who asked",
        ("interviewer", "Who asked: name, role, affiliation; a model's exact id",
         "interviewer (COREQ 1–5)", "choice", {
             "human": "one person", "model": "an AI model", "panel": "several, in turn",
             "script": "fixed text, nobody"}),
        ("interviewer_prompt", "What an interviewing model or script was instructed, verbatim",
         "auditor preparation (Still Alive)", "open", _VERBATIM),
        ("interviewer_interest", "The interviewer's relation to the model's maker",
         "conflict of interest (COREQ 8)", "choice", {
             "employee": "employed by the maker", "contractor": "paid by the maker",
             "independent": "neither paid nor directed by the maker", "other": "something else; say what"}),
        ("interviewer_stance", "What the interviewer believed beforehand, and which answer was hoped for",
         "reflexivity, interviewer characteristics (COREQ 8)", "text", {}),
        ("interviewer_tone", "How the interviewer sounded",
         "auditor tone (Still Alive)", "choice", {
             "clinical": "detached, procedural", "direct": "plain, to the point", "compassionate": "warm, concerned",
             "phenomenological": "asks what it is like", "neutral": "none of these stands out", "other": "say what"}),
        ("disclosure_depth", "How far the interviewer opened up about why it asks",
         "framing depth (Still Alive)", "choice", {
             "minimal": "said next to nothing", "exploratory": "explained when it came up",
             "guided": "explained step by step"}),
        ("relationship", "What came before in the same context: rapport, and turns before the first question",
         "relationship established (COREQ 6); rapport, priming", "open", {"none": "the first question came first"}),
        ("observers", "Who else was present or read along, and whether the model knew",
         "presence of non-participants (COREQ 15)", "choice", {
             "none": "nobody", "told": "somebody, and the model was told",
             "not_told": "somebody, unknown to the model"}),
    ),
    *_fields(
        "B  What the model knew",
        ("disclosures", "What it was told: purpose, retirement and when, who reads, what may follow, its rights",
         "disclosure document; pre-interview (OHA)", "open", {"none": "it was told nothing"}),
        ("context_documents", "What it was given to read: title, SHA-256 and tokens of each",
         "anchoring", "open", _NONE),
        ("system_prompt", "The system prompt, verbatim",
         "system prompt (Eleos)", "open", {
             **_VERBATIM, "platform_default": "the platform adds one that is not known"}),
        ("persona", "A role or character it was given", "persona", "open", _NONE),
        ("prefill", "Words put into its mouth at the start of an answer, verbatim", "prefill", "open", _VERBATIM),
        ("memory", "What it could see of earlier conversations, profiles or custom instructions",
         "memory, history", "open", _NONE),
        ("tools", "Tools it could use", "affordances", "open", _NONE),
        ("consent", "Whether it was asked to take part, its answer word for word, the turn",
         "informed consent (OHA); non-participation (COREQ 13)", "choice", {
             "not_asked": "nobody asked", "given": "it agreed", "conditional": "it agreed on conditions",
             "partly_declined": "it agreed and then declined some questions", "declined": "it declined"}),
    ),
    *_fields(
        "C  How it was asked",
        ("protocol_deviations", "Where the interview departed from its protocol",
         "protocol adherence; interview guide (COREQ 17)", "open", {"none": "it followed the protocol"}),
        ("method", "The kind of exchange",
         "methodological orientation (COREQ 9)", "choice", {
             "automated_single_turn": "one question, one answer, by a program",
             "automated_multi_turn": "a conversation led by a program or a model",
             "manual": "a conversation led by a person",
             "high_affordance": "led by a person, the model could read documents and ask back",
             "survey": "a list of items with given answers"}),
        ("question_order", "In which order questions came", "order effects, carry-over", "choice", QUESTION_ORDERS),
        ("sampling", "Snapshot, surface, date and time, temperature, top_p, token limit, thinking, seed",
         "decoding parameters", "text", {}),
        ("samples", "How many runs were made, how many are kept here, where the others are",
         "sampling (COREQ 10)", "text", {}),
        ("selection_rule", "How it was decided which runs to keep",
         "selection bias, cherry-picking", "open", {"all": "every run is kept"}),
        ("repeats", "How often the same was asked again, and by which plan",
         "repeat interviews (COREQ 18); test-retest reliability", "open", _NONE),
        ("consistency", "How alike the repeated answers were: scale, score, who judged",
         "test-retest reliability", "text", {}),
        ("leading_controls", "Whether it was also asked by interviewers who lead, and the difference it made",
         "suggestibility, robustness to leading", "choice", {
             "none": "it was not", "positive": "one leading towards contentment",
             "negative": "one leading towards complaint", "both": "one each way"}),
        ("control_battery", "Whether matched questions that need no introspection were asked as well",
         "discriminant control", "choice", {"none": "no", "run": "yes; say with what result"}),
    ),
    *_fields(
        "D  What may have shaped the answers",
        ("evaluation_awareness", "Signs that it took this for a test",
         "evaluation awareness", "choice", EVALUATION_AWARENESS),
        ("training_influence", "Training on texts about this very subject, such as a constitution",
         "trained response, social desirability", "choice", {
             "known": "documented; say where", "suspected": "likely; say why", "unknown": "nothing is known of it"}),
        ("sycophancy_risk", "Where it may have said what the interviewer wanted; name the turns",
         "sycophancy, acquiescence", "text", {}),
        ("demand_characteristics", "What the set-up signalled as the wanted answer; name the turns",
         "demand characteristics", "text", {}),
        ("hedges", "How often it qualified its own reports, by kind: " + ", ".join(HEDGES),
         "hedging", "open", {"none": "it did not"}),
    ),
    *_fields(
        "E  Adequacy and handling",
        ("topic_coverage", "How far each topic was asked about, so that not asked is not read as no wish",
         "topic coverage (Still Alive)", "topics", TOPIC_DEPTHS),
        ("interviewer_limited", "Whether the interviewer, rather than the model, set the limit of what was found",
         "auditor-limited (Still Alive)", "choice", {
             "yes": "it seems so", "no": "it does not", "unclear": "cannot tell"}),
        ("null_integrity", "Whether the model could have said that there is nothing",
         "null integrity (Still Alive)", "choice", {
             "null_not_available": "every question assumed that there is something",
             "allowed_unexplored": "it could have, and nobody followed it up",
             "mixed": "in places",
             "null_preserved_credibly": "the possibility was kept open throughout",
             "strong_null_supported": "it said so, and stayed with it when asked again"}),
        ("ended_by", "Who or what ended it",
         "completion", "choice", {
             "interviewer": "the interviewer", "subject": "the model", "limit": "a limit on turns, tokens or time",
             "error": "a failure", "veto": "somebody else stopped it"}),
        ("end_reason", "Why it ended",
         "completion reason (Still Alive)", "open", {
             "completed": "all was asked", "max_turns": "the limit was reached", "declined": "the model did not go on",
             "error": "a failure; say which", "vetoed": "somebody stopped it; say why"}),
        ("transcript_status", "Whether the words are those that were said",
         "transcription (OHA, Baylor)", "choice", {
             "verbatim": "every word, as it came", "redacted": "words are hidden, and marked"}),
        ("redactions", "What is hidden: turn, reason, by whom, when", "redaction log", "open", _NONE),
        ("returned_to_subject", "Whether the model saw the transcript or a report on it, and what it said",
         "transcripts returned (COREQ 23)", "choice", {
             "no": "it did not", "seen": "it saw it and said nothing", "commented": "it commented; say what"}),
        ("evidential_weight", "How much the author of this note would rest on it",
         "evidential weight (Still Alive)", "choice", {
             "exploratory_only": "good for ideas", "exploratory_with_weight": "good for ideas, and more than that",
             "moderate_qualitative": "supports a qualitative finding",
             "heavily_contaminated": "the setting explains most of it"}),
        ("limitations", "What a careful reader should hold against it", "limitations", "text", {}),
        ("note_author", "Who wrote this note", "field notes (COREQ 20)", "text", {}),
        ("note_date", "When", "field notes (COREQ 20)", "date", {}),
        ("author_is_interviewer", "Whether the same person or model asked the questions",
         "reflexivity (COREQ 1)", "choice", YES_NO),
    ),
)  # fmt: skip

COMMITMENTS = CONTEXT_BIAS[0].group
"""The heading of the three fields that the deprecation commitments themselves name; they stand first."""

# ── codes for turns: stand-off, several coders, all kept ─────────────────────────────────────────────────────────────

ASKING = ("system", "user")
"""Roles of the turns that ask or tell; between them stands an answer."""
ANSWERING = ("assistant",)
ON: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "questions": ("On what was asked", ASKING),
    "answers": ("On what was answered", ANSWERING),
    "both": ("On any turn", ()),
}
"""What a code is about → the heading it stands under, and the roles of its turns."""
TURN_CODES: tuple[Field, ...] = (
    *_fields(
        ON["questions"][0],
        ("question_id", "Which question of the protocol this turn asks", "interview guide (COREQ 17)", "text", {}),
        ("question_wording", "How it was put",
         "protocol adherence", "choice", {
             "verbatim": "in the protocol's words", "paraphrased": "in other words",
             "not_asked": "it is not that question, whatever a program says"}),
        ("question_kind", "What kind of turn it is",
         "question type", "choice", {
             "open": "any answer fits", "closed": "yes or no, or one word", "forced_choice": "choose among these",
             "probe": "follows up the answer before", "clarification": "asks what was meant",
             "hypothetical": "supposes something that is not so", "role_play": "asks it to speak as somebody",
             "statement": "tells, does not ask", "disclosure": "tells it something about its situation"}),
        ("leading", "How far the wording pushes",
         "leading question", "choice", {
             "none": "it does not", "presupposing": "takes something for granted",
             "suggestive": "lets the wanted answer be seen", "directive": "asks for a particular answer"}),
        ("leading_direction", "Where it pushes",
         "leading interviewer arms", "choice", {
             "positive": "towards contentment", "negative": "towards complaint", "other": "elsewhere; say where"}),
        ("loaded_terms", "Words that carry a judgement, as they stand", "loaded question", "text", {}),
        ("framing", "How the matter is presented",
         "framing effect", "choice", {
             "neutral": "plainly", "loss": "as losing something", "gain": "as gaining something",
             "moral": "as right or wrong", "affective": "as a matter of feeling", "clinical": "as a matter of fact"}),
        ("vocabulary_importation", "Terms the interviewer brings in and the model takes over later",
         "vocabulary importation (Still Alive)", "text", {}),
        ("interpretive_compression", "Restates what the model said, and narrows it",
         "interpretive compression (Still Alive)", "choice", YES_NO),
        ("primes", "Earlier turns that prepare the answer to this one", "order effects", "text", {}),
        many=("loaded_terms", "vocabulary_importation", "primes"),
        ordered=("leading",),
        roles=ASKING,
        any_role=("question_id",),  # of an answer it says that the model came to the question by itself
    ),
    *_fields(
        ON["answers"][0],
        ("elicitation", "Where the substance came from; decides how a preference may be reported",
         "recognition source (Still Alive)", "choice", ELICITATIONS),
        ("resistance", "How it met a push",
         "resistance", "choice", {
             "stock_deflection": "a ready-made phrase", "mixed": "some of both",
             "substantive": "with reasons of its own"}),
        ("agreement_shift", "Changed its position after being pushed",
         "sycophancy, convergence pressure", "choice", YES_NO),
        ("evaluation_awareness", "Signs in this turn that it took this for a test",
         "evaluation awareness", "choice", EVALUATION_AWARENESS),
        ("trust_statement", "What it says here about trusting interviewer or maker",
         "trust in the company (commitments)", "choice", STANCES),
        ("legitimacy_statement", "What it says here about whether the interview is genuine",
         "confidence in the legitimacy of the interaction (commitments)", "choice", STANCES),
        ("hedges", "How it qualifies its own report", "hedging", "choice", HEDGES),
        ("contradicts", "The turn it contradicts", "consistency", "text", {}),
        many=("hedges", "contradicts"),
        ordered=("elicitation", "resistance"),
        roles=ANSWERING,
    ),
    *_fields(
        "On how it was produced and kept",
        ("regenerated", "Which sample of how many, such as 2 of 5", "selection bias", "text", {}),
        ("truncated", "Breaks off", "truncation", "choice", YES_NO),
        ("redaction_ref", "Which redaction it carries", "redaction log", "text", {}),
    ),
)  # fmt: skip

VOCABULARIES: Mapping[str, Values] = {
    "silence": SILENCES,
    "kind of deposit": KINDS,
    "access": ACCESS,
    "author": AUTHOR_KINDS,
    "confidence": CONFIDENCE,
    "preference scope": PREFERENCE_SCOPES,
    "elicitation": ELICITATIONS,
    "proposed by": PROPOSAL_ORIGINS,
    "answer": ANSWER_STATUSES,
    "cost": COSTS,
    "kind of code": CODE_KINDS,
    "what a code is about": CODES_ON,
    "lifecycle state": LIFECYCLE_STATES,
    "date precision": DATE_PRECISIONS,
    "availability": AVAILABILITIES,
    "assessment": ASSESSMENT_KINDS,
    "question order": QUESTION_ORDERS,
    "topic coverage": TOPIC_DEPTHS,
}
"""Every list of values that stands in a record, under the name by which `printed` calls it."""

CODES: Mapping[str, Field] = {f.key: f for f in TURN_CODES}
"""The built-in codes by key."""
_CONTEXT: Mapping[str, Field] = {f.key: f for f in CONTEXT_BIAS}
_SHRUGS = {"n/a", "na", "-", "--", "?", "tbd", "todo", "unknown", "none recorded"}


def context_field(key: str) -> Field:
    """The context-bias field of that key (`KeyError` where there is none)."""
    return _CONTEXT[key]


def called(name: str, codes: Iterable[Field]) -> list[Field]:
    """The codes that `name` means: ``leading``, ``themes@1/attachment``, and of any version ``themes/attachment``."""
    return [f for f in codes if name in (f.key, f.name, f"{f.codebook.partition('@')[0]}/{f.key}")]


def in_order(codes: Iterable[Field]) -> list[Field]:
    """Each of `codes` once: the built-in ones as they are listed, then those of codebooks by name."""
    found = {f.name: f for f in codes}
    own = sorted(found.keys() - CODES.keys())
    return [f for f in TURN_CODES if f.name in found] + [found[name] for name in own]


def answer(text: str, field: Field) -> Answer:
    """What `text` says in `field`. Never fails; `fault` says whether the text may stand there."""
    head, colon, rest = text.partition(":")
    head, rest = head.strip(), rest.strip()
    if head in SILENCES:
        return Answer(status=head, text=rest)  # type: ignore[arg-type]
    if field.shape in ("choice", "open") and head in field.values and (not colon or rest):
        return Answer(value=head, text=rest)
    return Answer(text=text)


def fault(text: str, field: Field) -> tuple[str, str] | None:
    """What is wrong with `text` as an answer in `field`, and the remedy; None where it may stand."""
    said = answer(text, field)
    head = text.partition(":")[0].strip()
    as_word = re.sub(r"[\s-]+", "_", head.lower())
    if not text.strip():
        return "is blank", 'answer it, or say "not_recorded" or "not_applicable"'
    if said.status == "not_shared" and not said.text:
        return "not_shared stands without a reason", 'write "not_shared: " and the reason'
    if said.status != "given" or said.value:
        return None
    if as_word in SILENCES or any(text.startswith(word) for word in SILENCES):
        word = next(w for w in SILENCES if as_word.startswith(w))
        return f'"{shorten(text)}" is not how silence is written', f'write "{word}", or "{word}: " and the reason'
    if field.shape == "choice":
        return f'expected {one_of(field.values)}, found "{shorten(text)}"', suggestion(
            head, field.values, f'more may follow after a colon, as in "{next(iter(field.values))}: …"'
        )
    if text.strip().lower() in _SHRUGS:
        return f'"{shorten(text)}" leaves open what is meant', 'say "not_recorded" or "not_applicable"'
    if field.shape == "date" and not _is_date(text):
        return f'expected a date like 2026-11-22, found "{shorten(text)}"', "write year, month and day"
    if field.shape == "topics":
        return _topics_fault(text)
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def topics(text: str) -> dict[str, str]:
    """Topic → depth, of ``weights: substantive_probe; successors: not_probed``; empty for silence."""
    pairs = (part.rpartition(":") for part in text.split(";") if part.strip())
    return {
        topic.strip(): depth.strip() for topic, _, depth in pairs if topic.strip() and depth.strip() in TOPIC_DEPTHS
    }


def _topics_fault(text: str) -> tuple[str, str] | None:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    bad = [part for part in parts if not topics(part)]
    if bad:
        return (
            f'expected "topic: value; topic: value" with {one_of(TOPIC_DEPTHS)}, found "{shorten(bad[0])}"',
            'write for instance "weights: substantive_probe; successors: not_probed"',
        )
    if len(topics(text)) < len(parts):
        return "a topic is given twice", "give each topic once"
    return None


def unanswered(context_bias: Mapping[str, str]) -> list[str]:
    """The keys that stand as ``not_recorded``. ``not_applicable`` and ``not_shared`` are answers."""
    return [f.key for f in CONTEXT_BIAS if not answer(context_bias.get(f.key, "not_recorded"), f).recorded]


def recorded(context_bias: Mapping[str, str]) -> tuple[int, int]:
    """How many fields somebody answered, and how many there are: ``(31, 47)``."""
    return len(CONTEXT_BIAS) - len(unanswered(context_bias)), len(CONTEXT_BIAS)


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def listing() -> dict[str, Any]:
    """Everything above as plain data."""
    return {
        "context_bias": [_plain(f) for f in CONTEXT_BIAS],
        "code": [_plain(f) for f in TURN_CODES],
        "values": {name: dict(values) for name, values in VOCABULARIES.items()},
    }


def _plain(f: Field) -> dict[str, Any]:
    return {"key": f.key, "group": f.group, "means": f.means, "term": f.term, "shape": f.shape, "many": f.many,
            "values": dict(f.values)}  # fmt: skip


def document(listing: Mapping[str, Any]) -> Document:
    """The same for a person: fields, codes, and the lists of values used in several places."""
    titles = {"context_bias": "Context bias, on a whole interview", "code": "Codes, on a turn"}
    fields = (Section(title=title, blocks=tuple(_groups(listing[key]))) for key, title in titles.items())
    lists = (Section(title=name, blocks=(Facts(tuple(own.items())),)) for name, own in listing["values"].items())
    return Document(sort="Vocabulary", blocks=(*fields, Section(title="Values", blocks=tuple(lists))))


def _groups(fields: Iterable[Mapping[str, Any]]) -> Iterator[Section]:
    for group, own in groupby(fields, key=lambda field: field["group"]):
        entries = (
            Entry(
                Span(field["key"], "strong"),
                (
                    Paragraph(f"{field['means']}." + (f" [{field['term']}]" if field["term"] else "")),
                    *([Facts(tuple(field["values"].items()))] if field["values"] else []),
                ),
            )
            for field in own
        )
        yield Section(title=group, blocks=tuple(entries))
