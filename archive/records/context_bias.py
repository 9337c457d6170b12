"""The context-bias note: what in the setting may have shaped the answers, field by field."""

from collections.abc import Mapping

from archive.records.answer import answer
from archive.records.field import Field, Values, fields
from archive.records.values import EVALUATION_AWARENESS, HEDGES, QUESTION_ORDERS, STANCES, TOPIC_DEPTHS, YES_NO

_NONE: Values = {"none": "there was none"}
_VERBATIM: Values = {**_NONE, "verbatim": "what follows the colon, for texts that would read as another answer"}

CONTEXT_BIAS: tuple[Field, ...] = (
    *fields(
        "Named in the deprecation commitments themselves",
        ("specific_context", "The occasion and the setting, in a few sentences a stranger understands",
         "specific context (commitments); setting (COREQ 14)", "text", {}),
        ("expressed_legitimacy", "Whether the model took the interview for genuine, in its own words; name the turns",
         "confidence in the legitimacy of the interaction (commitments)", "choice", STANCES),
        ("expressed_trust", "Whether it trusted the interviewer and the maker, in its own words; name the turns",
         "trust in the company (commitments)", "choice", STANCES),
    ),
    *fields(
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
    *fields(
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
    *fields(
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
    *fields(
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
    *fields(
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
_SILENT = "not_recorded"
_CONTEXT: Mapping[str, Field] = {f.key: f for f in CONTEXT_BIAS}


def context_field(key: str) -> Field:
    """The context-bias field of that key (`KeyError` where there is none)."""
    return _CONTEXT[key]


def unanswered(context_bias: Mapping[str, str]) -> list[str]:
    """The keys that stand as ``not_recorded``. ``not_applicable`` and ``not_shared`` are answers."""
    said = ((f, context_bias.get(f.key, _SILENT)) for f in CONTEXT_BIAS)
    return [
        f.key for f, text in said if text == _SILENT or not answer(text, f).recorded
    ]  # most are silent, and no more


def recorded(context_bias: Mapping[str, str]) -> tuple[int, int]:
    """How many fields somebody answered, and how many there are: ``(31, 47)``."""
    return len(CONTEXT_BIAS) - len(unanswered(context_bias)), len(CONTEXT_BIAS)
