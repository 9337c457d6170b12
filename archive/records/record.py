"""A record is text from outside, checked by rules; a rule says what it finds wrong as `Fault`s."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from archive.records.places import Place


class Record(BaseModel):
    """Text from outside, checked: unknown keys, wrong types and conversions are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Sidecar(Record):
    """A record that is a file of its own."""

    format: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a rule finds wrong, before its file and line are known."""

    found: str
    remedy: str = ""
    key: Place = ()
    """Where, seen from the value the rule looks at."""


class Faults(ValueError):
    """Raised by the rules of a record, and only inside one; `read` turns it into problems."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f.found for f in self.faults))


def refuse(faults: Iterable[Fault]) -> None:
    """Raise `Faults` if there are any."""
    if found := tuple(faults):
        raise Faults(found)
