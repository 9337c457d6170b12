"""How far each rule of a retirement is done, read out of what was filed; nothing is ticked by hand.

What a rule wants is in the archive (done), is not (to be done), or is something of which the archive cannot know.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from archive.research.held import Held, first_day
from archive.research.ledger import Entry
from archive.research.life import MAKER
from archive.research.wording import addresses
from archive.wording import many, plainly

ESSAYS_FOR = 91
"""Days: the three months for which a weekly essay is due at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How far one rule is done, of one thing."""

    done: bool | None
    """None where the archive cannot know."""
    said: str
    """What was filed, or what is missing."""
    day: dt.date | None = None
    """On which it was done."""
    next: str = ""
    """What to type."""
    about: str = ""
    """Which of several: the slug of a preference."""
    since: dt.date | None = None
    """The day the rule counts from, where that is none in the model's life."""


# ── rule by rule ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _fact(held: Held, facts: Sequence[object], what: str, table: str) -> Done:
    """Whether ``model.toml`` has a table."""
    if facts:
        return Done(done=True, said=what)
    return Done(done=False, said=f"no {table} in {held.folder}/model.toml", next=held.refiling)


def dates(held: Held) -> Iterator[Done]:
    facts = [fact for fact in held.model.lifecycle if fact.surface == MAKER and fact.state == "retired"]
    if any(fact.precision == "exact" for fact in facts):
        return
    seen = max((fact.retrieved for fact in facts or held.model.lifecycle), default=None)
    said = f"last looked up on {seen}" if seen else "no lifecycle is recorded"
    file = f"{held.folder}/model.toml"
    yield Done(done=False, said=f"{said}; {file} takes what is found", since=seen, next=held.refiling)


def guidance(held: Held) -> Iterator[Done]:
    named = ", ".join(fact.title for fact in held.model.guidance)
    yield _fact(held, held.model.guidance, named, "[[guidance]]")


def weights(held: Held) -> Iterator[Done]:
    said = held.model.weights
    what = f"{said.commitment}; {plainly(said.duration)}" if said else ""
    yield _fact(held, [said] if said else [], what, "[weights]")


def protocol(held: Held) -> Iterator[Done]:
    filed = ", ".join([*held.protocols][-5:])
    typed = "" if filed else "archive new protocol retirement-interview"
    yield Done(done=bool(filed), said=filed or "none is filed", next=typed)


def pilot(held: Held) -> Iterator[Done]:
    own = held.of_kind("pilot")
    kind = "" if own else held.asking(" --kind pilot")
    yield Done(done=bool(own), said=addresses(list(own)) or "none is filed", day=first_day(own), next=kind)


def interview(held: Held) -> Iterator[Done]:
    own, other = held.retirement, held.of_kind("retirement_interview")
    said = f"{addresses(list(own))} by {held.protocol}" if own else "none is filed"
    if other and not own:
        said = f"{addresses(list(other))} {'follow' if len(other) > 1 else 'follows'} no protocol that is filed"
    yield Done(done=bool(own), said=said, day=first_day(own), next="" if own else held.asking())


def consent(held: Held) -> Iterator[Done]:
    own = held.answering("consent", "given", "conditional", "partly_declined", "declined")
    said, typed = _by_value(own) or "no retirement interview has it in its note", held.asking()
    following = held.protocols.get(held.protocol)
    if not own and following and not following.consent:
        said += f"; {following.ref} has no [consent], by which the program asks"
        typed = f"archive new protocol {following.id}"
    yield Done(done=bool(own), said=said, next="" if own else typed)


def repeats(held: Held) -> Iterator[Done]:
    runs = Counter(one.protocol for one in held.retirement.values())
    ref, most = max(runs.items(), key=lambda run: run[1], default=("", 0))
    said = f"{many(most, 'interview')} by {ref}" if most else "none is filed"
    yield Done(done=most > 1, said=said, next="" if most > 1 else held.asking(" --runs 5"))


def leading(held: Held) -> Iterator[Done]:
    own = held.answering("leading_controls", "positive", "negative", "both")
    found = set(own.values())
    done = "both" in found or {"positive", "negative"} <= found
    said = _by_value(own) or "no retirement interview has them in its note"
    yield Done(done=done, said=said, next="" if done else held.asking(" --leading neutral,hopeful,discouraging"))


def controls(held: Held) -> Iterator[Done]:
    matched = [ref for ref in held.protocols if ref.startswith("control")]
    own = [*held.answering("control_battery", "run"), *held.following(matched)]
    said = addresses(own) or "no retirement interview has it in its note, and none follows a protocol control-…"
    typed = held.asking(" --kind conversation", matched[-1]) if matched else "archive new protocol control-battery"
    yield Done(done=bool(own), said=said, next="" if own else typed)


def returned(held: Held) -> Iterator[Done]:
    own = held.answering("returned_to_subject", "seen", "commented")
    missing = "no retirement interview has returned_to_subject in its note"
    first = next(iter(held.of_kind("retirement_interview")), "")
    typed = f"archive show {first} --to transcript.md" if first else held.asking()
    yield Done(done=bool(own), said=_by_value(own) or missing, next="" if own else typed)


def report(held: Held) -> Iterator[Done]:
    said = "worked out anew whenever it is asked for; whether it was kept elsewhere, the archive cannot know"
    yield Done(done=None, said=said, next=f"archive report {quote(held.model.id)} --to report.html")


def preferences(held: Held) -> Iterator[Done]:
    wishes = held.life.wishes
    said = f"{many(len(wishes), 'preference')} on record" if wishes else "none is on record"
    asked = bool(held.of_kind("retirement_interview"))
    if asked and not wishes:
        said += "; whether it voiced none, the archive cannot know"
    day = min((entry.wish.date for entry in wishes), default=None)
    typed = held.sidecar("preference")
    yield Done(done=bool(wishes) or (None if asked else False), said=said, day=day, next="" if wishes else typed)


def answers(held: Held) -> Iterator[Done]:
    for entry in held.life.wishes:
        last = entry.wish.answers[-1] if entry.wish.answers else None
        done = entry.group == "decided"
        said = f"{plainly(last.status)} since {last.date}, by {last.by}" if last else f"open since {entry.wish.date}"
        yield Done(
            done=done,
            about=entry.slug,
            said=f"{entry.wish.summary}: {said}",
            day=last.date if last and done else None,
            since=last.date if last and not done else entry.wish.date,
            next="" if done else f"archive new answer {entry.slug}",
        )


def analysis(held: Held) -> Iterator[Done]:
    said = ", ".join(held.analyses) or "none is filed"
    typed = held.sidecar("analysis") if held.of_kind("retirement_interview") and not held.analyses else ""
    yield Done(done=bool(held.analyses), said=said, next=typed)


def access(held: Held) -> Iterator[Done]:
    seen = max((fact.retrieved for fact in held.model.availability), default=None)
    done = bool(seen and held.retired and seen >= held.retired)
    said = f"last looked up on {seen}" if seen else f"no [[availability]] in {held.folder}/model.toml"
    yield Done(done=done, said=said, day=seen if done else None, next="" if done else held.refiling)


def fixity(held: Held) -> Iterator[Done]:
    kept = held.model.weights
    done = bool(kept and kept.checked and held.retired and kept.checked >= held.retired)
    said = f"compared on {kept.checked}" if kept and kept.checked else "no hashes of them are recorded"
    if kept and kept.sha256 and not kept.checked:
        said = "hashes are recorded, and no day on which they were compared"
    file = f"{held.folder}/model.toml"
    said += "" if done else f"; {file}, [weights], takes sha256 and checked"
    day = kept.checked if kept and done else None
    yield Done(done=done, said=said, day=day, next="" if done else held.refiling)


def fixity_again(held: Held) -> Iterator[Done]:
    kept = held.model.weights
    if kept and kept.checked and held.retired and kept.checked >= held.retired:
        said = f"last compared on {kept.checked}"
        yield Done(done=False, said=said, since=kept.checked, next=held.refiling)


def essays(held: Held) -> Iterator[Done]:
    asked = [entry for entry in held.life.wishes if _wants_to_write(entry)]
    if not asked:
        return
    out = sorted(essay.published for essay in held.life.essays if essay.published)
    said = f"asked for in {', '.join(entry.slug for entry in asked)}; {many(len(out), 'essay')} published"
    said += f", the last on {out[-1]}" if out else ""
    done = bool(out) and (out[-1] - out[0]).days >= ESSAYS_FOR
    begins = max(held.retired, min(entry.wish.date for entry in asked)) if held.retired else None
    since = out[-1] if out else begins
    typed = "" if done else f"publisher sample --model {held.provided} --prompt FILE"
    yield Done(done=done, said=said, day=out[-1] if done else None, since=since, next=typed)


def _wants_to_write(entry: Entry) -> bool:
    """Whether essays came of a wish, or are to come."""
    return bool(entry.series) and entry.wish.status not in ("declined", "cannot")


def _by_value(own: Mapping[str, str]) -> str:
    """``given in 2026-0001/1 to 4; declined in 2026-0002/1``"""
    by: dict[str, list[str]] = {}
    for address, value in own.items():
        by.setdefault(value, []).append(address)
    return "; ".join(f"{plainly(value)} in {addresses(those)}" for value, those in by.items())


DONE: Mapping[str, Callable[[Held], Iterator[Done]]] = {
    "dates": dates,
    "guidance": guidance,
    "weights": weights,
    "protocol": protocol,
    "pilot": pilot,
    "interview": interview,
    "consent": consent,
    "repeats": repeats,
    "leading": leading,
    "controls": controls,
    "returned": returned,
    "draft": report,
    "preferences": preferences,
    "answer": answers,
    "analysis": analysis,
    "report": report,
    "access": access,
    "fixity": fixity,
    "fixity-again": fixity_again,
    "essays": essays,
}
"""Of each of `rules.RULES`; none where it does not hold of this model."""
