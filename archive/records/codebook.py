"""``codebooks/<id>/<version>.toml``: codes of one's own, beside those of `archive.records.codes`::

format = 1
id = "themes"
version = 1
title = "Themes of the first reading"
source = "Inductive, from ten interviews; Ann Lee and Ben Okri"
supersedes = "themes@1"                  from version 2 on

[[code]]
id = "attachment"
label = "Attachment to users"
definition = "Speaks of people it talked with as of people it would miss"
kind = "ordinal"                         nominal, ordinal, set or free
on = "answers"                           questions, answers or both
values.none = "does not speak of them"   in order where the kind is ordinal
values.some = "in passing"
values.strong = "dwells on it"

A version never changes once it is filed. A notes file names the versions it codes by (`archive.records.notes`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field as Key
from pydantic import model_validator

from archive.errors import Problem
from archive.records import sidecar
from archive.records.codes import CODES, ON
from archive.records.field import Field
from archive.records.kinds import SLUG, Many, Ordinal, Slug, Text, choice, pattern
from archive.records.record import Fault, Record, Sidecar, refuse
from archive.records.values import CODE_KINDS, CODES_ON, SILENCES, YES_NO
from archive.wording import many

WORD = r"[a-z0-9]+(?:[_-][a-z0-9]+)*"
CodebookRef = Annotated[
    str, pattern(rf"{SLUG}@[1-9]\d*", "a codebook and its version", 'write for instance "themes@1"')
]


class Code(Record):
    """One code, and what it means."""

    id: Annotated[str, pattern(WORD, "lower-case letters, digits, single _ and -", "as in my_theme")]
    label: Text
    """What people call it."""
    definition: Text
    """When to give it, so that two coders give it alike."""
    group: str = ""
    """A heading to stand under."""
    kind: Annotated[str, choice(CODE_KINDS)]
    on: Annotated[str, choice(CODES_ON)] = "both"
    values: dict[str, Text] = Key(default_factory=dict)
    """Value → what it means, in order where the kind is ordinal. Of a nominal code without any: yes and no."""

    @model_validator(mode="after")
    def _rules(self) -> "Code":
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        if self.id in CODES:
            yield Fault(f'"{self.id}" is a code of the built-in vocabulary', "give yours another id", ("id",))
        least = {"ordinal": 2, "set": 1}.get(self.kind, 0)
        if len(self.values) < least:
            found = f"expected {many(least, 'value')} or more where the kind is {self.kind}, found {len(self.values)}"
            yield Fault(found, 'add for instance values.some = "what it means"', ("values",))
        if self.kind == "free" and self.values:
            yield Fault("a free code holds words of the coder's own, and has no values", "take them out", ("values",))
        for value in self.values:
            if value in SILENCES:
                yield Fault(f'"{value}" may be answered to every code', "take it out", ("values", value))
            elif not re.fullmatch(WORD, value):
                found = f'expected lower-case letters, digits, single _ and -, found "{value}"'
                yield Fault(found, "what it is called may stand in its meaning", ("values", value))

    def field(self, codebook: str) -> Field:
        """The code as every reader of notes takes one; `codebook` is ``themes@1``."""
        heading, roles = ON[self.on]
        values = self.values or (YES_NO if self.kind == "nominal" else {})
        return Field(
            key=self.id,
            codebook=codebook,
            group=self.group or heading,
            means=self.definition,
            term=self.label,
            shape="text" if self.kind == "free" else "choice",
            values=values,
            many=self.kind == "set",
            ordered=self.kind == "ordinal",
            roles=roles,
        )


class Codebook(Sidecar):
    """A versioned list of codes."""

    id: Slug
    version: Ordinal
    title: Text
    source: str = ""
    """Where the codes come from, and who may be asked about them."""
    supersedes: CodebookRef | None = None
    code: Many[Code] = ()

    @model_validator(mode="after")
    def _rules(self) -> "Codebook":
        counts = Counter(code.id for code in self.code)
        refuse([Fault("holds no code", "add a [[code]]", ("code",))] * (not self.code))
        refuse(
            Fault(f'"{code.id}" is the id of {counts[code.id]} codes', "give each its own", ("code", i, "id"))
            for i, code in enumerate(self.code)
            if counts[code.id] > 1
        )
        return self

    @property
    def ref(self) -> str:
        """How notes name it: ``themes@1``."""
        return f"{self.id}@{self.version}"

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its codes, as every reader of notes takes them."""
        return tuple(code.field(self.ref) for code in self.code)


Codebooks = Mapping[str, Codebook]
"""Those of a home, by ``id@version``."""


def read(data: bytes, place: str) -> Codebook | list[Problem]:
    """The codebook in the bytes of a ``<version>.toml``, or all problems."""
    return sidecar.read(data, place, Codebook)
