"""What a dataset is, as all that describes it says: its name, who made it, of what, until when, on which terms."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from archive.exchange.selection import Selection
from archive.wording import listed, many, slugify

LICENCES: Mapping[str, str] = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC-BY-ND-4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}
"""SPDX identifier → its address, of those that repositories know."""
KEYWORDS = ("AI models", "interviews", "model welfare", "oral history", "retirement of AI models")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The same for every description."""

    title: str
    name: str
    """For programs: ``the-heron-archive``."""
    description: str
    maker: str
    """Who runs the archive, or the archive itself where ``[about] run_by`` does not say."""
    archive: str
    address: str
    """Of the archive's site; empty where it has none."""
    contact: str
    """An address, of mail as ``mailto:``; empty where none is said."""
    language: str
    day: dt.datetime
    """Of the newest statement: what is newer is not in it."""
    origin: str
    size: int
    root: str
    """The register's name, how many statements it had, and its root hash then, in hex."""
    licence: str
    """What every deposit in it may be used by; empty where that is not one thing."""
    public: bool

    @property
    def terms(self) -> str:
        """In words."""
        return self.licence or "Each deposit says for itself on which terms it may be used: column licence of deposits."

    @property
    def licence_address(self) -> str:
        """Empty where it is not one that everybody knows."""
        return LICENCES.get(self.licence, "")

    @property
    def evidence(self) -> str:
        """What it can be checked against: ``letters.example.org/register, 20 statements, root hash 9f86…``"""
        return f"{self.origin}, {many(self.size, 'statement')}, root hash {self.root}"


def about(chosen: Selection, rows: Mapping[str, int], licences: Collection[str], *, public: bool) -> About:
    """Of a dataset with so many `rows` a table, whose deposits are under these licences (an empty one is none)."""
    configuration, register = chosen.home.configuration, chosen.home.register
    name = configuration.archive.name
    newsletter = configuration.newsletter
    size, contact = register.size, configuration.about.contact
    scope = "what is public of it" if public else "all that was filed"
    return About(
        title=f"{name}: interviews with AI models",
        name=slugify(name, "archive"),
        description=f"Interviews with AI models as {name} has them, {scope}, as typed tables in Parquet, parted by "
        f"model: {_held(rows)}. {_OF}",
        maker=configuration.about.run_by or name,
        archive=name,
        address=newsletter.base_url if newsletter else "",
        contact=f"mailto:{contact}" if "@" in contact and "://" not in contact else contact,
        language=newsletter.language if newsletter else "en",
        day=register.statement(size - 1).time if size else chosen.home.now(),
        origin=register.key.name,
        size=size,
        root=register.checkpoint.root.hex(),
        licence=next(iter(licences)) if len(licences) == 1 else "",
        public=public,
    )


_OF = (
    "Every interview stands with what in its setting may have shaped the answers, field by field; what nobody wrote "
    "down is told apart from what does not apply and what is kept back. dictionary.md says what each column means."
)
_COUNTED: Sequence[tuple[str, str]] = (
    ("interviews", "interview"),
    ("turns", "turn"),
    ("codes", "code on turns"),
    ("claims", "claim"),
    ("preferences", "preference"),
    ("essays", "essay"),
)


def _held(rows: Mapping[str, int]) -> str:
    said = (many(rows[table], one, "codes on turns" if table == "codes" else "") for table, one in _COUNTED)
    return listed(said)
