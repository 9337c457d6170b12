"""``notes/script.toml``: what a program that held the interviews says of their turns, as any coder does."""

import datetime as dt
from collections.abc import Iterator, Mapping

from archive.importers.turns import Transcript
from archive.records.answer import fault
from archive.records.codes import CODES
from archive.records.toml import table

CODER = "script"
NAME = f"notes/{CODER}.toml"
_HEAD = """\
# Which question each turn puts and in which words, as the program that held these interviews wrote it into the log.

"""


def notes(transcript: Transcript, day: dt.date) -> bytes | None:
    """The file, for notes taken on `day`; None where no program said anything."""
    entries = [*_entries(transcript)]
    if not entries:
        return None
    return (_HEAD + table("", {"format": 1, "coder": CODER, "date": day}) + "".join(entries)).encode()


def _entries(transcript: Transcript) -> Iterator[str]:
    for interview, held in enumerate(transcript.held, start=1):
        for turn, codes in sorted(held.codes.items()) if held else ():
            if known := _known(codes):
                yield "\n" + table("[[note]]", {"interview": interview, "turn": turn, "code": known})


def _known(codes: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in codes.items() if key in CODES and fault(value, CODES[key]) is None}
