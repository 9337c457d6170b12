"""The collection: everything that was filed in ``transcripts/``, read for whoever works something out from it.

What is read is what was *filed*. Drafts, and files whose bytes are nowhere, are left out and named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder, filed_folders
from archive.deposits.shelf import CODEBOOKS
from archive.deposits.unfiled import unfiled
from archive.errors import Problem, Refused, accepted
from archive.home.accession import Kind
from archive.home.home import Home
from archive.records import ai_model, preference, protocol
from archive.records.ai_model import AIModel
from archive.records.codebook import Codebooks
from archive.records.preference import Preference
from archive.records.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A preference, where it stands."""

    slug: str
    place: str
    """Its path in the home."""
    record: Preference


@dataclass
class Collection:
    """Lives as long as a command; `left_out` grows while it is read."""

    filed: tuple[FiledFolder, ...]
    """In the order of filing."""
    codebooks: Codebooks
    unfiled: Mapping[Kind, tuple[Problem, ...]]
    """Folders that were never filed, by what they would be."""
    left_out: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, home: Home) -> "Collection":
        """That of an opened home."""
        filed, problems = filed_folders(home)
        return cls(tuple(filed), CODEBOOKS.filed(home), unfiled(home), problems)

    def folders(self, kind: Kind) -> list[FiledFolder]:
        """Those of one kind; the others that lie there are left out."""
        self.left_out += self.unfiled.get(kind, ())
        return [each for each in self.filed if each.accession.kind == kind]

    def deposits(self) -> Iterator[Deposit]:
        """Every deposit, one by one; one that cannot be read is left out whole."""
        for each in self.folders("deposit"):
            try:
                yield each.deposit(self.codebooks)
            except Refused as refused:
                self.left_out += refused.problems
            self.left_out += each.drafts()

    def models(self) -> list[AIModel]:
        """Every model, by id."""
        found = []
        for each in self.folders("model"):
            self.left_out += each.drafts()
            try:
                found.append(accepted(ai_model.read(each.read("model.toml"), f"{each.place}/model.toml")))
            except Refused as refused:
                self.left_out += refused.problems
        return sorted(found, key=lambda model: model.id)

    def wishes(self) -> list[Wish]:
        """Every preference, by path."""
        found = []
        for each in self.folders("model"):
            self.left_out += each.drafts()
            for name in each.named("preferences/", ".toml"):
                place = f"{each.place}/{name}"
                try:
                    record = accepted(preference.read(each.read(name), place))
                except Refused as refused:
                    self.left_out += refused.problems
                else:
                    slug = name.removeprefix("preferences/").removesuffix(".toml")
                    found.append(Wish(slug=slug, place=place, record=record))
        return sorted(found, key=lambda wish: wish.place)

    def protocols(self) -> dict[str, Protocol]:
        """Every protocol by ``id@version``, the versions of each in their order."""
        found = {}
        for each in sorted(self.folders("protocol"), key=lambda each: each.place):
            self.left_out += each.drafts()
            for name in sorted(each.files, key=lambda name: int(name.removesuffix(".toml"))):
                try:
                    read = accepted(protocol.read(each.read(name), f"{each.place}/{name}"))
                except Refused as refused:
                    self.left_out += refused.problems
                else:
                    found[read.ref] = read
        return found
