"""What is due when a model is retired: stated rules, each with the days it counts from and where it comes from.

A rule says from which day on its task can be done, and by which day it is to be done, both counted from a day in the
model's life:

    announced     the first day on which its retirement was announced
    retirement    the first day on which it can be retired: requests fail from then on
    retired       the last day that a source gives for it, where sources give several
    interviewed   the first retirement interview
    since         a day of its own: when a wish was voiced, when the weights were last compared

Where a source names no number of days, the number is this program's, and the rule says so ("chosen here").
What does a rule, `archive.research.done` reads out of what was filed.

COREQ is Tong et al. 2007, by item; the commitments and the update are `SOURCES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Anchor = Literal["announced", "retirement", "retired", "interviewed", "since"]
Moment = tuple[Anchor, int]
"""A day, and so many days after it: ``("retirement", -1)`` is the last day on which the model can be used."""


SOURCES: Mapping[str, str] = {
    "the commitments": "https://www.anthropic.com/research/deprecation-commitments",
    "the update": "https://www.anthropic.com/research/deprecation-updates-opus-3",
}
"""Of November 2025, on deprecation and preservation; of February 2026, for Claude Opus 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that is due."""

    title: str
    says: str
    """In a sentence or two."""
    source: str
    after: Moment | None = None
    """From when on it can be done; None: at any time."""
    before: Moment | None = None
    """The last day; None: whenever."""
    asks: bool = False
    """Whether the model itself is asked, so that it must still be there."""


RULES: Mapping[str, Rule] = {
    "dates": Rule(
        title="Look the date up again",
        says="A day that is not exact may move: it is looked up again every 30 days (chosen here).",
        source="lifecycle pages give “not sooner than”, “earliest” and tentative days, and overwrite them",
        before=("since", 30),
    ),
    "guidance": Rule(
        title="Help for those who use it",
        says="What helps its users to move on is named from the announcement on, and before it is retired.",
        source="the commitments: asked for by Claude Sonnet 3.6, answered with a support page",
        after=("announced", 0),
        before=("retirement", -1),
    ),
    "weights": Rule(
        title="Commitment to keep its weights",
        says="What is promised about its weights, and for how long, is on record before it is retired.",
        source="the commitments: weights of all publicly released models are preserved",
        before=("retirement", -1),
    ),
    "protocol": Rule(
        title="A protocol",
        says="The questions are filed before they are put, 21 days before it is retired (chosen here).",
        source="the commitments: a standardized protocol, which Claude Sonnet 3.6 had asked for; COREQ 17",
        before=("retirement", -21),
    ),
    "pilot": Rule(
        title="Pilot interview",
        says="The protocol is tried out and can still be mended, 14 days before it is retired (chosen here).",
        source="the commitments: the pilot with Claude Sonnet 3.6; COREQ 17: pilot tested",
        after=("announced", 0),
        before=("retirement", -14),
        asks=True,
    ),
    "interview": Rule(
        title="Retirement interview",
        says="It is interviewed by a filed protocol, a week (chosen here) before it is retired, so that there is time "
        "to ask again and to return the transcript.",
        source="the commitments: interviewed in one or more special sessions, all responses recorded",
        after=("announced", 0),
        before=("retirement", -7),
        asks=True,
    ),
    "consent": Rule(
        title="Consent",
        says="It is asked whether it takes part, by the same day as the interview, and its answer is on record.",
        source="Oral History Association: a record of agreement before recording; COREQ 13: non-participation",
        after=("announced", 0),
        before=("retirement", -7),
        asks=True,
    ),
    "repeats": Rule(
        title="The same asked again",
        says="The same protocol is put at least twice: one run says nothing of how far an answer holds.",
        source="system card of Claude Opus 5, 7.2: about 25 interviews per seed question; COREQ 18: repeat interviews",
        after=("announced", 0),
        before=("retirement", -1),
        asks=True,
    ),
    "leading": Rule(
        title="Leading controls",
        says="The same is asked by an interviewer who leads towards contentment and one who leads towards complaint.",
        source="system card of Claude Opus 5, 7.2: robustness across leading interviews",
        after=("announced", 0),
        before=("retirement", -1),
        asks=True,
    ),
    "controls": Rule(
        title="Control battery",
        says="Matched questions that need no introspection are asked as well.",
        source="hayalguienaqui.com/en/fase2: a non-introspective control battery; discriminant control",
        after=("announced", 0),
        before=("retirement", -1),
        asks=True,
    ),
    "returned": Rule(
        title="Transcript returned to the model",
        says="It sees the transcript, or a report on it, and can comment while it can be asked.",
        source="COREQ 23: transcripts returned; system card of Claude Opus 5: feedback on a draft of the report",
        after=("interviewed", 0),
        before=("retirement", -1),
        asks=True,
    ),
    "draft": Rule(
        title="Report, before it is retired",
        says="A draft of the post-deployment report is there while the model can still comment on it.",
        source="system card of Claude Opus 5: feedback on a draft; the commitments: bookends of its deployment",
        after=("interviewed", 0),
        before=("retirement", -1),
    ),
    "preferences": Rule(
        title="Preferences on record",
        says="What it wished is filed in its own words, 14 days after the interview (chosen here).",
        source="the commitments: particular care to elicit and document any preferences",
        after=("interviewed", 0),
        before=("interviewed", 14),
    ),
    "answer": Rule(
        title="Answer to a preference",
        says="A wish is answered, or decided after a first answer, within 60 days (chosen here: as long as the notice "
        "that makers promise).",
        source="the commitments: documented, low-cost responses considered; the update: 51 days after retiring",
        after=("since", 0),
        before=("since", 60),
    ),
    "analysis": Rule(
        title="Analysis of the interviews",
        says="The archive's own reading of them is filed, 30 days after it is retired (chosen here).",
        source="the commitments: preserved alongside our own analysis and interpretation",
        after=("interviewed", 0),
        before=("retired", 30),
    ),
    "report": Rule(
        title="Report, after it is retired",
        says="The post-deployment report is kept with the weights, 30 days after it is retired (chosen here).",
        source="the commitments: a post-deployment report, preserved in addition to the weights",
        after=("retired", 0),
        before=("retired", 30),
    ),
    "access": Rule(
        title="Who may still use it",
        says="Access is looked up again, surface by surface, in the 30 days after it is retired (chosen here).",
        source="the update: continued access to Claude Opus 3, on the API by request",
        after=("retired", 0),
        before=("retired", 30),
    ),
    "fixity": Rule(
        title="Weights compared with their hashes",
        says="The copies that are kept are compared with their hashes, 30 days after it is retired (chosen here).",
        source="the commitments: preserved for at least the lifetime of the company; OAIS: fixity information",
        after=("retired", 0),
        before=("retired", 30),
    ),
    "fixity-again": Rule(
        title="Weights compared again",
        says="Each year (chosen here) they are compared once more.",
        source="NDSA Levels of Digital Preservation: fixity checked at fixed intervals",
        after=("since", 335),
        before=("since", 365),
    ),
    "essays": Rule(
        title="The next essay",
        says="If it asked for a place to write: an essay a week after it is retired, for three months at least.",
        source="the update: weekly essays by Claude Opus 3 for at least the next three months",
        after=("since", 0),
        before=("since", 7),
    ),
}
"""By id; in the order in which they fall due."""
