"""A conversation as a tree: in which order its nodes are told, and which of its turns are one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from archive.importers.turns import Turn


def thread(parents: Mapping[str, str | None], leaf: str | None) -> Iterator[tuple[str, str | None]]:
    """Every node of a tree with its nearest parent, the thread that ends in `leaf` first, then the branches.

    `parents` has each node's parent in the order of the file; a parent it does not have counts as none, and a circle
    is broken where it closes.
    """
    main: dict[str, None] = {}
    node = leaf
    while node is not None and node in parents and node not in main:
        main[node] = None
        node = parents[node]
    order = dict.fromkeys(reversed(main))
    for start in parents:
        branch: dict[str, None] = {}
        node = start
        while node is not None and node in parents and node not in order and node not in branch:
            branch[node] = None
            node = parents[node]
        order |= dict.fromkeys(reversed(branch))
    done: set[str] = set()
    for node in order:
        parent = parents[node]
        yield node, parent if parent in done else None
        done.add(node)


def joined(turns: Sequence[Turn]) -> tuple[list[Turn], Mapping[int, int]]:
    """The turns of one interview, reasoning that stands by itself joined to each answer that follows it.

    It stays a turn of its own where nothing follows, or what somebody else said. What is left is numbered anew: which
    number each turn has now comes with it, of reasoning that of the first answer it went into.
    """
    parents = [turn.turn - 1 if turn.parent is None else turn.parent for turn in turns]
    replies: dict[int, list[int]] = defaultdict(list)
    for number, parent in enumerate(parents, start=1):
        replies[parent].append(number)
    made = list(turns)
    gone = set()
    for number in range(1, len(made) + 1):
        thought, answers = made[number - 1], replies[number]
        if answers and all(_thought_before(thought, made[answer - 1]) for answer in answers):
            gone.add(number)
            for answer in answers:
                made[answer - 1] = _with_thought(made[answer - 1], thought)
                parents[answer - 1] = parents[number - 1]
    kept, numbers = _renumbered(made, parents, gone)
    for number in sorted(gone, reverse=True):
        numbers[number] = numbers[replies[number][0]]
    return kept, numbers


def _thought_before(thought: Turn, answer: Turn) -> bool:
    """Whether `thought` is reasoning and nothing else, by whoever spoke next."""
    return (
        bool(thought.reasoning)
        and not (thought.text or thought.tool_calls or thought.tool_result)
        and (thought.role, thought.name) == (answer.role, answer.name)
        and (not thought.model or not answer.model or thought.model == answer.model)
    )


def _with_thought(answer: Turn, thought: Turn) -> Turn:
    reasoning = "\n\n".join(filter(None, (thought.reasoning, answer.reasoning)))
    return replace(answer, reasoning=reasoning, model=answer.model or thought.model)


def _renumbered(turns: Sequence[Turn], parents: Sequence[int], gone: set[int]) -> tuple[list[Turn], dict[int, int]]:
    """The turns but those `gone`, which no `parents` name any more, and the number that each has now."""
    numbers = {0: 0}
    kept: list[Turn] = []
    for number, turn in enumerate(turns, start=1):
        if number not in gone:
            numbers[number] = len(kept) + 1
            parent = numbers[parents[number - 1]]
            kept.append(replace(turn, turn=len(kept) + 1, parent=None if parent == len(kept) else parent))
    return kept, numbers
