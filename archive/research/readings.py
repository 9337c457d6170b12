"""What people wrote of a model, out of its files: preferences and analyses, and whether their quotes stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from archive.catalogue.shown import ShownAnalysis
from archive.deposits.filed import FiledFolder
from archive.errors import Problem, accepted
from archive.importers.turns import Role, Turn
from archive.records import analysis, preference, quotation
from archive.records.indexed import indexed
from archive.records.quotation import Quote
from archive.research import ledger
from archive.research.ledger import Entry, Essay

Quotes = Mapping[str, Sequence[tuple[str, Quote]]]
"""By the number of the deposit quoted: who quotes, and what."""


def wishes(models: Iterable[FiledFolder], names: Sequence[str], essays: Sequence[Essay]) -> tuple[Entry, ...]:
    """The preferences of the model that goes by `names`, with what followed from each. Raises `Refused`."""
    found = []
    for chosen in models:
        for name in chosen.named("preferences/", ".toml"):
            place = f"{chosen.place}/{name}"
            wish = accepted(preference.read(chosen.read(name), place))
            if wish.model in names:
                found.append((PurePath(name).stem, place, wish))
    return tuple(ledger.entries(found, essays))


def analyses(deposits: Iterable[FiledFolder], ours: set[str]) -> tuple[ShownAnalysis, ...]:
    """Those that read one of `ours`, in whichever deposit they lie, oldest first; their quotes name the deposit they
    come from. Raises `Refused`.
    """
    found = (each for chosen in deposits for each in _analyses(chosen, ours))
    return tuple(sorted(found, key=lambda own: (own.record.date, own.record.version, own.address)))


def _analyses(chosen: FiledFolder, ours: set[str]) -> Iterator[ShownAnalysis]:
    for name in chosen.named("analyses/", ".toml"):
        record = accepted(analysis.read(chosen.read(name), f"{chosen.place}/{name}"))
        claims = tuple(
            claim.model_copy(update={"quote": tuple(_placed(q, chosen.number) for q in claim.quote)})
            for claim in record.claim
        )
        read = tuple(_address(ref, chosen.number) for ref in record.interviews)
        if ours.intersection(read):
            prose = chosen.read(f"{name.removesuffix('.toml')}.md").decode()
            yield ShownAnalysis(
                address=f"{chosen.number}/{PurePath(name).stem}",
                record=record.model_copy(update={"claim": claims, "interviews": read}),
                prose=prose,
            )


def _placed(quote: Quote, number: str) -> Quote:
    return quote.model_copy(update={"interview": _address(quote.interview, number)})


def _address(ref: int | str, number: str) -> str:
    return ref if isinstance(ref, str) else f"{number}/{ref}"


def quotes(analyses: Iterable[ShownAnalysis], wishes: Iterable[Entry]) -> Quotes:
    """All that they quote."""
    found: dict[str, list[tuple[str, Quote]]] = defaultdict(list)
    for place, said in [
        *((own.address, q) for own in analyses for claim in own.record.claim for q in claim.quote),
        *((entry.path, q) for entry in wishes for q in entry.wish.quote),
    ]:
        found[str(said.interview).split("/")[0]].append((place, said))
    return found


def compared(
    quoted: Sequence[tuple[str, Quote]], number: str, turns: Sequence[Turn]
) -> tuple[dict[str, Role], list[Problem]]:
    """Who speaks in the turns of a deposit that are quoted, and which quotes do not stand there."""
    known = indexed(turns, number)
    problems = [p for place, quote in quoted for p in quotation.check(quote, known, place)]
    found = (known.get((quote.interview, quote.turn)) for _, quote in quoted)
    return {f"{number}/{turn.interview}#{turn.turn}": turn.role for turn in found if turn}, problems


def nowhere(number: str, quoted: Sequence[tuple[str, Quote]]) -> list[Problem]:
    """That a deposit is quoted which is not here."""
    return [Problem(place, f"quotes {number}, which is not filed here") for place, _ in quoted]
