"""What became of every intake, read from the register: page by page, when something is made of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from archive.home.accession import Life, Lives, Logged
from publisher.essays.submission import review_of
from publisher.issues.source import Source
from publisher.site.site import Fate, IntakePage, Withdrawn

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
    source: Source, size: int, out: Mapping[str, Out], withdrawn: Mapping[str, Withdrawn]
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
        # The register only grows: up to the newest statement about these, all that is said of them is said.
        inputs = f"{len(held)} {max([newest, *coming])} {version.index if version else -1}"
        numbers = [number for number, _ in held]
        fates = partial(once, partial(_fates, source, lives, numbers, out, withdrawn))
        found.append(IntakePage(start // PAGE + 1, numbers[0], numbers[-1], inputs, fates))
    return tuple(found)


def _called(fates: Callable[[], tuple[Fate, ...]]) -> tuple[Fate, ...]:
    return fates()


def _fates(
    source: Source, lives: Lives, numbers: list[str], out: Mapping[str, Out], withdrawn: Mapping[str, Withdrawn]
) -> tuple[Fate, ...]:
    return tuple(fate(source, lives[number], out.get(number), withdrawn.get(number)) for number in numbers)


def fate(source: Source, life: Life, out: Out | None = None, gone: Withdrawn | None = None) -> Fate:
    """What became of one, as far as the register says."""
    number, kind, received = life.accession.number, life.accession.kind, life.intakes[0]
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
    )
