"""What became of every intake, read from the register: page by page, when something is made of one."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from archive.home.accession import Life, Lives, Logged
from publisher.essays.asked import Samplings
from publisher.essays.submission import review_of
from publisher.issues.source import Source
from publisher.site.site import Asking, Candidate, Fate, IntakePage, Sampled, Withdrawn

PAGE = 50
"""Intakes on a page."""


@dataclass(frozen=True, slots=True)
class Out:
    """That an essay was published."""

    week: str
    slug: str
    logged: Logged
    """The statement of its issue."""


def pages(
    source: Source, size: int, asked: Samplings, out: Mapping[str, Out], withdrawn: Mapping[str, Withdrawn]
) -> tuple[IntakePage, ...]:
    """Every intake among the first `size` statements, in the order of filing."""
    lives, course = source.lives_at(size), source.register.index.until(size).course()
    version = source.reviewers.version(size)
    once = lru_cache(maxsize=1)(_called)  # a page and its data are made one after the other
    found = []
    for start in range(0, len(course), PAGE):
        held = course[start : start + PAGE]
        newest = max(last for _, last in held)
        coming = [out[number].logged.index for number, _ in held if number in out]
        coming += [withdrawn[number].logged.index for number, _ in held if number in withdrawn]
        coming += [out[each].logged.index for number, _ in held for each in _others(asked, number) if each in out]
        # The register only grows: up to the newest statement about these, all that is said of them is said.
        inputs = f"{len(held)} {max([newest, *coming])} {version.index if version else -1}"
        numbers = [number for number, _ in held]
        fates = partial(once, partial(_fates, source, lives, asked, numbers, out, withdrawn))
        found.append(IntakePage(start // PAGE + 1, numbers[0], numbers[-1], inputs, fates))
    return tuple(found)


def _called(fates: Callable[[], tuple[Fate, ...]]) -> tuple[Fate, ...]:
    return fates()


def _fates(
    source: Source,
    lives: Lives,
    asked: Samplings,
    numbers: Sequence[str],
    out: Mapping[str, Out],
    withdrawn: Mapping[str, Withdrawn],
) -> tuple[Fate, ...]:
    return tuple(fate(source, lives[number], asked, out, withdrawn.get(number)) for number in numbers)


def fate(
    source: Source, life: Life, asked: Samplings, published: Mapping[str, Out], gone: Withdrawn | None = None
) -> Fate:
    """What became of one, as far as the register says."""
    number, kind, received = life.accession.number, life.accession.kind, life.intakes[0]
    out = published.get(number)
    if kind != "essay":
        said = tuple(life.noticed)
        return Fate(accession=number, kind=kind, received=received, state="received", since=received, noticed=said)
    state = "withdrawn" if gone else "published" if out else life.state(source.settings.review.two_reviewers_for)
    rests_on = {"withheld": ("withhold",), "held": ("withhold", "hold")}.get(state, ("publish",))
    decisions = [decision for decision in life.last() if decision.decision in rests_on]
    decided = Logged(decisions[-1].index, decisions[-1].time) if decisions and state != "waiting" else received
    return Fate(
        accession=number,
        kind=kind,
        received=received,
        state=state,
        since=gone.logged if gone else out.logged if out else decided,
        reviews=tuple(review_of(source, decision) for decision in decisions),
        week=out.week if out else "",
        slug=out.slug if out else "",
        reason=gone.code if gone else "",
        candidate=_candidate(asked, number),
        passed_over=state == "waiting" and any(each in published for each in _others(asked, number)),
    )


def _others(asked: Samplings, accession: str) -> Sequence[str]:
    """The candidates beside one; none where it came of no sampling."""
    one = asked.by_accession.get(accession)
    return [each for each in one.came if each != accession] if one else []


def _candidate(asked: Samplings, accession: str) -> Candidate | None:
    one = asked.by_accession.get(accession)
    return Candidate(one.logged, one.candidates, one.number(accession)) if one else None


def sampled(
    source: Source, size: int, asked: Samplings, out: Mapping[str, Out], withdrawn: Mapping[str, Withdrawn]
) -> dict[str, Sampled]:
    """What was published and not withdrawn, and came of a sampling: with the fates of the other candidates."""
    published = [number for number in out if number in asked.by_accession and number not in withdrawn]
    if not published:
        return {}
    lives, newest = source.lives_at(size), dict(source.register.index.until(size).course())
    newest |= {number: max(newest[number], each.logged.index) for number, each in out.items()}
    newest |= {number: max(newest[number], each.logged.index) for number, each in withdrawn.items()}
    version = source.reviewers.version(size)
    found = {}
    for number in published:
        one, candidate = asked.by_accession[number], _candidate(asked, number)
        assert candidate
        others = _others(asked, number)
        last = max((newest[each] for each in others), default=0)
        found[number] = Sampled(
            candidate=candidate,
            came=len(one.came),
            inputs=f"sampled:{one.logged.index}:{len(one.came)}:{last}:{version.index if version else -1}",
            others=partial(_fates, source, lives, asked, others, out, withdrawn),
        )
    return found


def asking(asked: Samplings, out: Container[str]) -> Asking | None:
    """How much was asked for, and what came of it."""
    if not asked.by_digest:
        return None
    return Asking(
        samplings=len(asked.by_digest),
        candidates=sum(each.candidates for each in asked.by_digest.values()),
        received=len(asked.by_accession),
        published=sum(number in out for number in asked.by_accession),
    )
