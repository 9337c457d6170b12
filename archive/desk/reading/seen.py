"""What others say of a deposit, as far as who asks may see it: nothing, while they code blind.

Who comes anew to a deposit that others code blind is asked first whether they want to, and sees nothing until then.
"""

from dataclasses import dataclass

from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder
from archive.desk.ask import Ask
from archive.desk.coding import visible
from archive.desk.coding.visible import READS, States


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What may be seen of one deposit."""

    coders: frozenset[str]
    """Whose notes."""
    hidden: frozenset[str]
    """Whose notes not."""
    readings: bool
    """Whether analyses of it, and what quotes it."""
    undecided: bool
    """Whether to ask first whether they want to code it blind."""

    def file(self, name: str) -> bool:
        """Whether one of its files gives away nothing that is not to be seen."""
        if name.startswith("notes/"):
            return name.removeprefix("notes/").removesuffix(".toml") in self.coders
        return self.readings or not name.startswith("analyses/")


def of_deposit(ask: Ask, deposit: Deposit) -> Seen:
    """Of one that was read."""
    return _seen(ask, deposit.accession or "", {name: said.state or "" for name, said in deposit.notes.items()})


def of_filed(ask: Ask, filed: FiledFolder) -> Seen:
    """Of one that was not."""
    return _seen(ask, filed.number, visible.states(filed))


def _seen(ask: Ask, number: str, states: States) -> Seen:
    undecided = visible.joins(states, ask.coder) and not ask.cookies.get(f"{READS}{number}")
    coders = visible.among(states, ask.coder)
    if undecided:
        coders = frozenset(coder for coder in coders if not states[coder])
    blind = states.get(ask.coder) == "coding"
    return Seen(
        coders=coders, hidden=frozenset(states) - coders, readings=not (blind or undecided), undecided=undecided
    )
