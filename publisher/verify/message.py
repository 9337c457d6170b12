"""How a check tells what it found in something that a stranger made: on one line, and a terminal obeys none of it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from archive.characters import marked
from archive.errors import Problem
from archive.wording import many

MOST_PROBLEMS = 20


def name(path: Path) -> str:
    """What a file is called."""
    return marked(path.name)


def shown(text: str) -> str:
    """A stranger's words, on one line, with nothing left that a terminal would obey."""
    return marked(" ".join(text[:5000].split()))[:500]


def listing(head: str, problems: Sequence[str]) -> str:
    """One sentence where there is one problem, else a line each, the first of them."""
    if len(problems) == 1:
        return f"{head}: {problems[0]}"
    more = [f"and {len(problems) - MOST_PROBLEMS:,} more"] if len(problems) > MOST_PROBLEMS else []
    return "\n  ".join([f"{head}: {many(len(problems), 'problem')}:", *problems[:MOST_PROBLEMS], *more])


def each(head: str, problems: Iterable[Problem]) -> str:
    """All that is wrong with a site, a line each, however much it is."""
    return "\n".join([head, *("  " + marked(str(problem).replace("\n", " ")) for problem in problems)])
