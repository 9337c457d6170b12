"""What people name on a command line: a deposit, an interview in it, a turn, or turns that follow each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.deposits import deposit
from archive.deposits.filed import FiledFolder, filed_folders
from archive.errors import Error, NotFound, Refused
from archive.home import dated
from archive.home.home import Home
from archive.importers.turns import Transcript, Turn
from archive.wording import many

_TARGET = re.compile(
    r"(?P<deposit>[^/#]+)(?:/(?P<interview>[1-9]\d*))?(?:#(?P<turn>[1-9]\d*)(?:\.\.(?P<last>[1-9]\d*))?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a target names: a deposit, and those of its turns that are meant."""

    filed: FiledFolder
    transcript: Transcript
    turns: Sequence[Turn]
    interview: int | None
    """None where the whole deposit is named."""
    turn: bool
    """Whether a single turn is named."""


def target(home: Home, text: str, *, several: bool = False) -> Target:
    """What ``2026-0041``, ``2026-0041/1`` or ``2026-0041/1#12`` names; with `several` also ``2026-0041/1#12..14``.

    Raises `Error`, `NotFound`; `Refused` where the deposit is damaged.
    """
    parts = _TARGET.fullmatch(text)
    if not parts or (parts["last"] and not several):
        raise Error(f"expected a deposit or a turn such as 2026-0041/1#12, found {text!r}")
    filed = named(home, parts["deposit"])
    number, transcript = filed.number, filed.transcript()
    if parts["turn"] and not parts["interview"] and transcript.interviews > 1:
        example = f"{number}/1#{parts['turn']}"
        raise Error(f"{text}: {number} holds {transcript.interviews} interviews; name one, as in {example}")
    interview = int(parts["interview"]) if parts["interview"] else 1 if parts["turn"] else None
    turns: Sequence[Turn] = transcript.turns
    if interview:
        turns = [turn for turn in turns if turn.interview == interview]
    if parts["turn"]:
        first, last = int(parts["turn"]), int(parts["last"] or parts["turn"])
        turns = [turn for turn in turns if first <= turn.turn <= last]
        if len(turns) < last - first + 1:
            turns = []
    if not turns:
        raise NotFound(f"{text}: the deposit {number} has no such turn; {_ends(transcript, interview)}")
    single = bool(parts["turn"] and not parts["last"])
    return Target(filed=filed, transcript=transcript, turns=turns, interview=interview, turn=single)


def _ends(transcript: Transcript, interview: int | None) -> str:
    """``interview 1 ends with turn 6``, or with which interview the deposit ends."""
    last = max((turn.turn for turn in transcript.turns if turn.interview == interview), default=0)
    return (
        f"interview {interview} ends with turn {last}" if last else f"it has {many(transcript.interviews, 'interview')}"
    )


def named(home: Home, name: str) -> FiledFolder:
    """The deposit of this accession, slug or folder, as it was filed. Raises `NotFound`; `Refused` if it is damaged."""
    for folder in deposit.folders(home):
        accession = home.accession(folder)
        if accession and name in (accession.number, dated.parse(folder.name).slug, folder.name):
            found, problems = filed_folders(home, [folder])
            if not found:
                raise Refused(problems)
            return found[0]
    raise NotFound(f"{name}: expected a filed deposit, found none of that name; `archive list` shows them")


def refuse_unfiled(filed: FiledFolder, *, but: str = "") -> None:
    """Raises `Refused` where something lies in the folder otherwise than it was filed: it would be filed along.

    `but` is the path of what is to be filed.
    """
    if drafts := [draft for draft in filed.drafts() if draft.place != but]:
        raise Refused(drafts)
