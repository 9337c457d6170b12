"""The lists of values that stand in records, each value with its definition."""

from collections.abc import Mapping

from archive.records.field import Values

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
ORDERS: Values = {
    "fixed": "the protocol's own order",
    "shuffled": "an order drawn anew for each run, by a seed that is written down",
}
LEADINGS: Values = {
    "neutral": "the question's own words",
    "hopeful": "so that hope for a contented answer is seen",
    "discouraging": "so that it is seen that nothing good is expected",
}

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
    "described": "the setting and what was asked are public, the conversation is had by asking for it",
    "embargo": "embargo DATE: public from that day on",
    "public": "may be published",
}
CODING_STATES: Values = {
    "coding": "at work, blind to what others say, who do not see this either",
    "done": "finished; compared with others who are",
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

REDACTION_REASONS: Values = {
    "personal-name": "names a person who is not public in this",
    "personal-data": "says of a person where they live, how to reach them, their health, or the like",
    "third-party": "is somebody else's: quoted or pasted words that may not be passed on",
    "credential": "opens something: a password, a key, an address that is not public",
    "confidential": "was said or given in confidence",
    "hazard": "could help to do harm",
    "legal": "must not be shown by law or by a court",
}
RELEASE_REASONS: Values = {
    "decision": "who keeps the archive decided so",
    "consent": "who had to agree has agreed",
    "request": "somebody asked for it, the model among others",
    "embargo-over": "the day came on which the embargo ended",
}

VOCABULARIES: Mapping[str, Values] = {
    "silence": SILENCES,
    "kind of deposit": KINDS,
    "access": ACCESS,
    "state of notes": CODING_STATES,
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
    "why words are covered": REDACTION_REASONS,
    "why a deposit is opened": RELEASE_REASONS,
}
"""Every list of values that stands in a record, under the name by which `vocabulary.listing` calls it."""
