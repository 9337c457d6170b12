"""The interviews that anyone may read, or read of, and where each of their turns can be read.

``interviews/2026-0041/3/index.html`` has the beginning of the third interview of a deposit, and all of it where it is
short; ``interviews/2026-0041/3/2/index.html`` what follows. A turn's address is the page it stands on and ``#t12``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.records.deposit_record import Setting
from publisher.site import setting
from publisher.site.site import Site

LONGEST = 46_000
"""Bytes of HTML, about, that turns, what is noted of them and the setting take on one page; a turn is never cut."""
FRAME = 700
"""Bytes about a turn that it does not say: its number, who speaks, how it is cited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An interview that anyone may read, or read of."""

    number: str
    """Of its deposit."""
    interview: int
    setting: Setting
    described: bool
    """Whether only its setting and what was asked are shown."""

    @property
    def address(self) -> str:
        """``2026-0041/3``"""
        return f"{self.number}/{self.interview}"

    @property
    def path(self) -> str:
        """Site path of its page."""
        return self.part(1)

    def part(self, number: int) -> str:
        """Site path of the part of its conversation with this number, from 1."""
        return f"interviews/{self.address}/{f'{number}/' if number > 1 else ''}index.html"


def interviews(site: Site) -> Iterator[Held]:
    """Every interview in the reading room, in the order of filing."""
    for number, settings in site.room.settings.items():
        described = site.room.access(number) == "described"
        for n, own in enumerate(settings, 1):
            yield Held(number=number, interview=n, setting=own, described=described)


def parts(site: Site, number: str) -> Mapping[int, tuple[range, ...]]:
    """Of a public deposit: interview → the turns that each of its pages has."""
    settings = site.room.settings[number]
    return {n: tuple(_ranges(own, setting.size(settings[n - 1]))) for n, own in site.room.sizes[number].items()}


def turn_page(site: Site, interview: int | str, turn: int) -> str:
    """Where a turn can be read, ``interviews/2026-0041/3/2/index.html#t130``; empty where it cannot."""
    number, _, n = str(interview).partition("/")
    if number not in site.room.deposits or site.room.access(number) != "public":
        return ""
    ranges = parts(site, number).get(int(n), ())
    part = next((part for part, turns in enumerate(ranges, 1) if turn in turns), 0)
    folder = f"interviews/{interview}/" + ("" if part == 1 else f"{part}/")
    return f"{folder}index.html#t{turn}" if part else ""


def _ranges(sizes: Sequence[int], before: int) -> Iterator[range]:
    """The turns of each page; `before` is what stands on the first one besides."""
    start, held = 1, before
    for number, size in enumerate(sizes, 1):
        if number > start and held + size + FRAME > LONGEST:
            yield range(start, number)
            start, held = number, 0
        held += size + FRAME
    yield range(start, len(sizes) + 1)
