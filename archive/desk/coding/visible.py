"""Whose notes on a deposit a coder may see: who codes blind sees nobody's, and nobody theirs, until both are done.

A file of notes says so by its `state`; one that does not is coded openly. What a program wrote as it asked
(`archive.deposits.scripted`) is nobody's opinion, and always shown.
"""

from collections.abc import Mapping

from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder
from archive.deposits.scripted import CODER as SCRIPT
from archive.records import sidecar

READS = "read-"
"""A cookie for each deposit of which a newcomer wants to see the notes."""
States = Mapping[str, str]
"""Coder → the state of their file; empty where it says none."""


def visible(deposit: Deposit, coder: str) -> frozenset[str]:
    """The coders whose notes on it may be shown to `coder`; empty is who has not said who they are."""
    return among({name: said.state or "" for name, said in deposit.notes.items()}, coder)


def visible_of(filed: FiledFolder, coder: str) -> frozenset[str]:
    """The same of a deposit that was not read whole, as of one that a search found words in."""
    return among(states(filed), coder)


def blind(deposit: Deposit, coder: str) -> bool:
    """Whether `coder` is at work there without seeing what others say; then readings of it are not shown either."""
    return coder in deposit.notes and deposit.notes[coder].state == "coding"


def newcomer(deposit: Deposit, coder: str, cookies: Mapping[str, str]) -> bool:
    """Whether others code it blind and `coder` has not begun: who is to be asked before any note is shown."""
    if f"{READS}{deposit.accession}" in cookies:
        return False
    return joins({name: said.state or "" for name, said in deposit.notes.items()}, coder)


def joins(states: States, coder: str) -> bool:
    """The same by the states that coders are in."""
    return bool(coder) and coder not in states and any(states.values())


def states(filed: FiledFolder) -> States:
    """Who has notes on it, and how far they are."""
    found = {}
    for name in filed.named("notes/", ".toml"):
        table = sidecar.parse(filed.read(name), name)
        state = table.get("state") if isinstance(table, Mapping) else None
        found[name.removeprefix("notes/").removesuffix(".toml")] = state if isinstance(state, str) else ""
    return found


def among(states: States, coder: str) -> frozenset[str]:
    """Of coders in these states, those whose notes `coder` may see."""
    if states.get(coder) == "coding":
        return frozenset({coder, SCRIPT} & states.keys())
    return frozenset(name for name, state in states.items() if state != "coding")
