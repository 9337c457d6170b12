"""The turns that a sidecar may name, as it names them: ``(3, 12)``, or ``("2026-0041/3", 12)`` in another deposit."""

from collections.abc import Iterator, Mapping, Sequence

from archive.importers.turns import Turn
from archive.records.record import Fault

Ref = int | str
"""An interview: its number in the deposit, or ``2026-0041/3``."""
Turns = Mapping[tuple[Ref, int], Turn]
"""The turns quotes may point at, by interview (as a quote names it) and turn; see `indexed`."""


class Indexed(Mapping[tuple[Ref, int], Turn]):
    """Turns as quotes look them up; each is read where it lies, in memory or on disk, when it is asked for."""

    def __init__(self, places: Mapping[Ref, tuple[Sequence[Turn], Mapping[int, int]]]) -> None:
        """`places`: interview → the turns it is among, and the place there of each of its own."""
        self.places = places

    def __getitem__(self, key: tuple[Ref, int]) -> Turn:
        turns, places = self.places[key[0]]
        return turns[places[key[1]]]

    def __contains__(self, key: object) -> bool:
        match key:
            case (int() | str() as ref, number):
                return ref in self.places and number in self.places[ref][1]
        return False

    def __iter__(self) -> Iterator[tuple[Ref, int]]:
        return ((ref, number) for ref, (_, places) in self.places.items() for number in places)

    def __len__(self) -> int:
        return sum(len(places) for _, places in self.places.values())

    def __or__(self, others: "Indexed") -> "Indexed":
        return Indexed({**self.places, **others.places})


def indexed(turns: Sequence[Turn], accession: str = "") -> Indexed:
    """They are found by ``(3, 12)``, or by ``("2026-0041/3", 12)`` where `accession` is given."""
    places: dict[Ref, tuple[Sequence[Turn], dict[int, int]]] = {}
    for place, turn in enumerate(turns):
        ref = f"{accession}/{turn.interview}" if accession else turn.interview
        places.setdefault(ref, (turns, {}))[1][turn.turn] = place
    return Indexed(places)


def no_turn(interview: Ref, turn: int, turns: Turns) -> Fault:
    """What to say of a turn that is not among `turns`."""
    last = max((number for ref, number in turns if ref == interview), default=0)
    if last:
        return Fault(f"there is no turn {interview}#{turn}; the interview ends with turn {last}", "", ("turn",))
    known = list(dict.fromkeys(str(ref) for ref, _ in turns))
    few = ", ".join(known[:5]) + (", …" if len(known) > 5 else "")
    return Fault(f"there is no interview {interview} here", f"known are {few}" if few else "", ("interview",))
