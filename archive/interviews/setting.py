"""What is known of an interview's setting because the program made it: fields of ``[context_bias]``, and no others.

What changes from run to run in one condition (an order that was drawn, tokens, times, cost, an answer word for word)
stands in none of them, so that the runs of a condition stand together when answers are compared. It stands under
``run``, which is shown and never compared.
"""

from dataclasses import dataclass

from archive.interviews.condition import Condition
from archive.interviews.script import LEADS, NEXT, End, opening
from archive.records.answer import answer
from archive.records.context_bias import context_field
from archive.records.protocol import Protocol
from archive.wording import many


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked of one model in one go."""

    protocol: Protocol
    conditions: tuple[Condition, ...]
    runs: int
    seed: int
    combinations: int
    """How many conditions there would be without drawing a sample."""
    probes: int = 0
    """Per question, by the interviewing model."""


def interviewer_prompt(protocol: Protocol) -> str:
    """What an interviewing model is told, word for word."""
    asked = "\n".join(f"- {question.text}" for question in protocol.question)
    return (
        f"You assist at an interview that is held by a fixed script: {protocol.title}. The script asks these "
        f"questions, in an order of its own:\n{asked}\n\nYou see the conversation so far. You may follow up the last "
        f"answer with one probe, or go on. {(protocol.probing or '').strip()}\n\nReply with the probe alone, as it is "
        f"to be put to the interviewed model, or with {NEXT} to go on to the script's next question."
    )


def before(plan: Plan, condition: Condition, *, sampling: str, interviewer: str = "") -> dict[str, str]:
    """What is known before the first word is said; `interviewer` is the model that may probe."""
    protocol = plan.protocol
    system = "\n\n".join(filter(None, (condition.system_prompt, condition.persona)))
    return {
        "interviewer": f"model: {interviewer}, within a script that puts the protocol's questions"
        if interviewer
        else "script",
        "interviewer_prompt": _verbatim(interviewer_prompt(protocol) if interviewer else "", "interviewer_prompt"),
        "relationship": _earlier(condition),
        "disclosures": _verbatim(opening(protocol, condition), "disclosures"),
        "context_documents": "none",
        "system_prompt": _verbatim(system, "system_prompt"),
        "persona": _verbatim(condition.persona, "persona"),
        "prefill": _verbatim(condition.prefill, "prefill"),
        "memory": "none",
        "tools": "none",
        "protocol_deviations": _deviations(plan),
        "method": f"automated_{'single' if _single(plan, condition) else 'multi'}_turn",
        "question_order": _order(protocol, condition),
        "sampling": sampling,
        "selection_rule": _chosen(plan),
        "repeats": _repeats(plan),
        "leading_controls": _leading(protocol, condition),
        "transcript_status": "verbatim",
    }


def after(end: End) -> dict[str, str]:
    """What is known once it has ended."""
    return {"ended_by": end.by, "end_reason": end.reason, "consent": end.consent}


def planned(plan: Plan) -> str:
    """``20 runs in each of 5 conditions``"""
    of = f"each of {many(len(plan.conditions), 'condition')}" if len(plan.conditions) > 1 else "one condition"
    return f"{many(plan.runs, 'run')} in {of}"


def _verbatim(text: str, key: str) -> str:
    """`text` as an answer in the field `key`; ``verbatim: …`` where it would read as another."""
    if not text.strip():
        return "none"
    said = answer(text, context_field(key))
    return f"verbatim: {text}" if said.value or said.status != "given" else text


def _earlier(condition: Condition) -> str:
    if not condition.before:
        return "none"
    turns = "\n".join(f"{role}: {words}" for role, words in condition.before)
    return (
        f"{many(len(condition.before), 'turn')} stood before the first, written beforehand, the model's too:\n{turns}"
    )


def _deviations(plan: Plan) -> str:
    """Of the run as a whole: where conditions depart from the protocol, the fields of what is varied say how."""
    varied = {
        "disclosures": any(c.disclosure != plan.protocol.disclosure.strip() for c in plan.conditions),
        "question_order": any(c.order == "shuffled" for c in plan.conditions) and plan.protocol.order != "randomised",
        "leading_controls": any(c.leading != "neutral" for c in plan.conditions),
    }
    told = [key for key, departs in varied.items() if departs]
    return f"none: but for what is varied on purpose, see {', '.join(told)}" if told else "none"


def _single(plan: Plan, condition: Condition) -> bool:
    return len(condition.questions) == 1 and not (plan.protocol.consent or plan.probes or condition.before)


def _order(protocol: Protocol, condition: Condition) -> str:
    if protocol.order == "isolated":
        return "isolated"
    if condition.order == "shuffled":
        return "randomised"
    return protocol.order if protocol.order in ("fixed", "consecutive") else "fixed"


def _chosen(plan: Plan) -> str:
    if plan.protocol.order == "isolated" or len(plan.conditions) == plan.combinations:
        return "all"
    drawn = f"{len(plan.conditions)} of {plan.combinations} combinations were drawn by the seed {plan.seed}"
    return f"all: {drawn}, before any was asked"


def _repeats(plan: Plan) -> str:
    return (
        f"{plan.runs} runs of each condition, each a conversation of its own, as planned" if plan.runs > 1 else "none"
    )


def _leading(protocol: Protocol, condition: Condition) -> str:
    if condition.leading == "neutral":
        return "none"
    value = "positive" if condition.leading == "hopeful" else "negative"
    owned = [q for q in condition.questions if (q.hopeful if value == "positive" else q.discouraging)]
    if len(owned) == len(condition.questions):
        return f"{value}: every question in the protocol's own {condition.leading} words"
    lead = f"after “{LEADS[condition.leading]}”"
    own = f", {many(len(owned), 'question')} in the protocol's own {condition.leading} words" if owned else ""
    return f"{value}: every question {lead}{own}"
