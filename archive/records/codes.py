"""The built-in codes for turns: stand-off, several coders, all kept."""

from collections.abc import Iterable, Mapping

from archive.records.field import Field, fields
from archive.records.values import ELICITATIONS, EVALUATION_AWARENESS, HEDGES, STANCES, YES_NO

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
    *fields(
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
    *fields(
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
    *fields(
        "On how it was produced and kept",
        ("regenerated", "Which sample of how many, such as 2 of 5", "selection bias", "text", {}),
        ("truncated", "Breaks off", "truncation", "choice", YES_NO),
        ("redaction_ref", "Which redaction it carries", "redaction log", "text", {}),
    ),
)  # fmt: skip

CODES: Mapping[str, Field] = {f.key: f for f in TURN_CODES}
"""The built-in codes by key."""


def called(name: str, codes: Iterable[Field]) -> list[Field]:
    """The codes that `name` means: ``leading``, ``themes@1/attachment``, and of any version ``themes/attachment``."""
    return [f for f in codes if name in (f.key, f.name, f"{f.codebook.partition('@')[0]}/{f.key}")]


def in_order(codes: Iterable[Field]) -> list[Field]:
    """Each of `codes` once: the built-in ones as they are listed, then those of codebooks by name."""
    found = {f.name: f for f in codes}
    own = sorted(found.keys() - CODES.keys())
    return [f for f in TURN_CODES if f.name in found] + [found[name] for name in own]
