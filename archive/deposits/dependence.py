"""What rests on other deposits: an analysis that reads or quotes one, a preference that quotes one.

It may be seen only where what it rests on may: until then it stands in the private list of its folder, and filing that
folder again opens it. So whatever stands in an open list can be shown, and a stranger can hold it against the register.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.deposits.deposit import model_folder
from archive.deposits.filed import FiledFolder, is_filed, kept
from archive.deposits.marks import Marks, of_filed
from archive.deposits.names import COPY
from archive.errors import Problem, Refused, accepted
from archive.home.accession import Life
from archive.home.store import Store
from archive.records import analysis, preference, redactions
from archive.records.analysis import Analysis
from archive.records.preference import Preference
from archive.register import sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A sidecar that rests on other deposits."""

    names: tuple[str, ...]
    """Its files, by their paths in the folder: an analysis has two."""
    data: bytes
    """What they say."""
    numbers: frozenset[str]
    """Of the other deposits."""


def of_analysis(name: str, made: Analysis, data: bytes, prose: bytes) -> Resting:
    """``analyses/first-reading.toml``: the interviews it reads and quotes, and those of the analyses it answers."""
    answered = [other for claim in made.claim for other in claim.disagrees_with]
    quoted = [quote.interview for claim in made.claim for quote in claim.quote]
    refs = (*made.interviews, *quoted, *answered, made.supersedes or "")
    names = (name, f"{name.removesuffix('.toml')}.md")
    return Resting(names=names, data=data + b"\n" + prose, numbers=numbers(refs))


def of_preference(name: str, wish: Preference, data: bytes) -> Resting:
    """``preferences/next-model.toml``: the interviews it quotes."""
    return Resting(names=(name,), data=data, numbers=numbers(quote.interview for quote in wish.quote))


def resting_of(filed: FiledFolder, name: str) -> Resting:
    """That sidecar of a filed folder, ``analyses/first-reading.toml`` or ``preferences/next-model.toml``, as filed.

    Raises `Refused`.
    """
    data, place = filed.read(name), f"{filed.place}/{name}"
    if name.startswith("preferences/"):
        return of_preference(name, accepted(preference.read(data, place)), data)
    prose = filed.read(f"{name.removesuffix('.toml')}.md")
    return of_analysis(name, accepted(analysis.read(data, place)), data, prose)


def numbers(refs: Iterable[object]) -> frozenset[str]:
    """The other deposits that references such as ``2026-0041/3`` name."""
    return frozenset(ref.split("/")[0] for ref in refs if isinstance(ref, str) and "/" in ref)


def closed(store: Store, lives: Mapping[str, Life], resting: Iterable[Resting], own: str = "") -> frozenset[str]:
    """The files that nobody may see as long as a deposit they rest on is closed, or that give away covered words of it.

    `own` is the number of the deposit they lie in.
    """
    marked: dict[str, Marks | None] = {}
    found: set[str] = set()
    for each in resting:
        for number in sorted(each.numbers - {own}):
            life = lives.get(number)
            if life is None or not is_open(store, life) or _gives_away(store, life, each.data, marked):
                found.update(each.names)
    return frozenset(found)


def is_open(store: Store, life: Life) -> bool:
    """Whether anyone may see the turns of a deposit: its newest open list names them."""
    return not {"turns.jsonl", COPY}.isdisjoint(open_list(store, life))


def _gives_away(store: Store, life: Life, data: bytes, marked: dict[str, Marks | None]) -> bool:
    """Whether something shows words that are covered in a deposit; `marked` remembers what was looked up."""
    number = life.accession.number
    if number not in marked:
        filed = as_filed(store, life)
        marked[number] = of_filed(filed) if redactions.NAME in filed.files else None
    marks = marked[number]
    return bool(marks and marks.given_away(data))


def open_list(store: Store, life: Life, version: int = 0) -> Mapping[str, str]:
    """What an open list of an accession names, path → SHA-256; the newest, or the `version`-th from 1.

    Raises `Refused` where the store does not have it.
    """
    return _list(store, life, life.lists[version - 1])


def as_filed(store: Store, life: Life, version: int = 0) -> FiledFolder:
    """What was filed as the register and the store have it, whatever lies in a folder now. Raises `Refused`."""
    number = version or len(life.lists)
    listed = open_list(store, life, number)
    private = f"private-{number}.sums" if number > 1 else "private.sums"
    hidden = _list(store, life, listed[private]) if private in listed else {}
    files = {name: digest for name, digest in {**listed, **hidden}.items() if is_filed(name)}
    return FiledFolder(store, store.folder / life.accession.number, _place(store, life, files), life, files, listed)


def _place(store: Store, life: Life, files: Mapping[str, str]) -> str:
    """What messages call it; of a deposit with covered words also where it lies by its model, whose name says nothing.

    ``2026-0041``, ``transcripts/example-heron-1/2026-0041``
    """
    number = life.accession.number
    if redactions.NAME not in files or "deposit.toml" not in files:
        return number
    model = tomllib.loads(store.get(files["deposit.toml"]).decode()).get("model", "")
    return f"transcripts/{model_folder(model)}/{number}"


def _list(store: Store, life: Life, digest: str) -> dict[str, str]:
    number = life.accession.number
    found = kept(store, store.folder / number, digest)
    if found is None:
        raise Refused([Problem(number, "its intake list is damaged in .archive/store", "`archive check` says more")])
    return sums.parse(found.read_bytes(), number)
