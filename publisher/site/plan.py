"""How a file of the site is made, and from what: whoever knows what it was made from last time need not make it again.

("issues/2026-W48/index.html", Planned("2026-W47 2026-W48 2026-W49", …)), ("index.json", Planned(None, …))
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from archive.register import sums


class Planned(NamedTuple):
    """One file. While the site's constants and its `inputs` are the same, so are its bytes."""

    inputs: str | None
    """What it is made from beside the site's constants, by names that never mean anything else in one register.

    None where that changes with every issue.
    """
    make: Callable[[], bytes]


def named(*things: str) -> str:
    """`Planned.inputs` for what is made of many things: their hash, which is no name of an issue or an essay."""
    return sums.digest(" ".join(things).encode())


Plan = Iterator[tuple[str, Planned]]
"""Site path and how that file is made, one after the other: of thousands, few are made, and the others forgotten."""
