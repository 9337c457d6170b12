"""Candidates of one sampling wait together: an editor chooses one, and the others need nothing more."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from archive.home.home import Home
from archive.wording import listed
from publisher.essays.asked import Asked, samplings
from publisher.essays.submission import Submission
from publisher.issues.action import Action
from publisher.status.waiting import Waiting


class Known(NamedTuple):
    """An essay that waits."""

    submission: Submission
    essay: Waiting
    actions: Sequence[Action]


def together(home: Home, known: Sequence[Known]) -> tuple[list[Waiting], list[Action]]:
    """What waits and what is to be done, with one choice for all candidates of a sampling.

    Where one is approved or published, the others stay as they were received, and wait for nobody.
    """
    asked = samplings(home.register).by_accession
    groups: dict[str, list[Known]] = {}
    for each in known:
        one = asked.get(each.essay.accession)
        groups.setdefault(one.digest if one else each.essay.accession, []).append(each)
    found = [each for group in groups.values() for each in _settled(home, group, asked.get(group[0].essay.accession))]
    found.sort(key=lambda each: each.essay.intake)
    return [each.essay for each in found], [action for each in found for action in each.actions]


def _settled(home: Home, group: Sequence[Known], asked: Asked | None) -> Iterable[Known]:
    if asked is None:
        return group
    open_ = [each for each in group if each.essay.state in ("waiting", "held")]
    if len(open_) < len(group) or any(home.lives[number].published for number in asked.came):
        return [each for each in group if each not in open_] + [*_failing(open_)]
    if len(open_) < 2:
        return open_
    first, *others = open_
    if first.submission.sampling and first.submission.sampling.take == "first":
        told = f"{first.essay.accession}, which came first and is taken unless it is withheld"
        return [first, *(_waiting_for(each, told) for each in others)]
    told = f"a choice among {len(open_)}"
    return [
        _waiting_for(first, told, _choice(home, open_)),
        *(_waiting_for(each, told) for each in others),
    ]


def _waiting_for(each: Known, whom: str, *actions: Action) -> Known:
    failed = [action for action in each.actions if action.failed]
    return Known(each.submission, replace(each.essay, waits_for=whom, missing=()), [*failed, *actions])


def _failing(open_: Sequence[Known]) -> Iterator[Known]:
    """Those of which something is gone, though nobody waits for them."""
    for each in open_:
        if failed := [action for action in each.actions if action.failed]:
            yield Known(each.submission, each.essay, failed)


def _choice(home: Home, open_: Sequence[Known]) -> Action:
    numbers = listed([each.essay.accession for each in open_])
    stem = home.relative(open_[0].submission.folder).rpartition("-")[0]
    what = (
        f"an editor chooses one of {len(open_)} candidates of one sampling ({numbers}; {stem}-*/essay.md), completes "
        f"its essay.toml and has it reviewed; the others need nothing: they stay counted as received, not published"
    )
    return Action(what=what, command=f"publisher submit {stem}-N")
