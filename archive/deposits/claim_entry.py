"""A claim with its quotes, said in one breath: put into a reading that is there, or into a new one with its prose."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.deposits import template
from archive.deposits.entry import Before, Entry, Putting, putting
from archive.deposits.quoted import quoted
from archive.deposits.target import Target
from archive.deposits.target import target as target_of
from archive.errors import Error, accepted
from archive.home.home import Home
from archive.records import analysis, edited, filled
from archive.records.analysis import Analysis
from archive.records.indexed import Ref
from archive.records.quotation import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reading says of itself; blank where it is there already."""

    title: str = ""
    author: str = ""
    author_kind: str = ""
    prose: bytes = b""
    """Of the Markdown file beside it."""

    def __bool__(self) -> bool:
        return bool(self.title or self.author or self.prose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing it asserts."""

    text: str = ""
    quotes: Sequence[str] = ()
    """What it rests on, as in ``1#4:exact words`` (see `archive.deposits.quoted`)."""
    confidence: str = ""
    expression_rate: str = ""
    rival_explanations: Sequence[str] = ()

    def values(self) -> filled.Values:
        """As they stand in the file."""
        return {
            "text": self.text,
            "expression_rate": self.expression_rate,
            "confidence": self.confidence,
            "rival_explanations": list(self.rival_explanations),
        }


def claim(
    home: Home,
    target: str,
    said: Claim,
    reading: Reading | None = None,
    *,
    slug: str = "first-reading",
    before: Before | None = None,
    file: bool = False,
) -> Entry:
    """Put a claim into the analysis of a deposit that goes by `slug`, or further quotes below a claim of this text.

    An analysis that is not there is made of `reading`. Raises `Error`, `Refused` with all that is wrong.
    """
    name = f"analyses/{template.slug_of(slug)}"
    with putting(home, file=file, before=before) as at:
        place = target_of(at.home, target)
        quotes = [quoted(at.home, quote, place) for quote in said.quotes]
        path = place.filed.folder / f"{name}.toml"
        if not path.exists():
            return _begun(at, place, name, said, quotes, reading or Reading())
        if reading:
            raise Error(f"{at.home.relative(path)} is there already: what it says of itself is changed there")
        data = path.read_bytes()
        made = _added(data, f"{place.filed.place}/{name}.toml", said, quotes)
        return at.put(place.filed, f"{name}.toml", {f"{name}.toml": made})


def _begun(at: Putting, place: Target, name: str, said: Claim, quotes: Sequence[Quote], reading: Reading) -> Entry:
    read: list[Ref] = [*sorted({turn.interview for turn in place.turns}), *(quote.interview for quote in quotes)]
    head = {"title": reading.title, "author": reading.author, "author_kind": reading.author_kind}
    claims = [filled.claim(said.values(), quotes)]
    day = at.home.now().date()
    text = filled.analysis(head, claims, day=day, interviews=list(dict.fromkeys(read)))
    beside = place.filed.folder / f"{name}.md"
    files = {f"{name}.toml": text.encode()}
    if reading.prose or not beside.exists():
        files[f"{name}.md"] = reading.prose or (b"" if at.file else template.PROSE.encode())
    return at.put(place.filed, f"{name}.toml", files)


def _added(data: bytes, place: str, said: Claim, quotes: Sequence[Quote]) -> bytes:
    """The file with what it does not say yet."""
    known = accepted(analysis.read(data, place))
    number = next((n for n, each in enumerate(known.claim) if each.text == said.text), None)
    if number is None:
        made = filled.at_end(data, "\n" + filled.claim(said.values(), quotes))
    else:
        new = [quote for quote in quotes if quote not in known.claim[number].quote]
        made = filled.with_quotes(data, new, "claim.quote", ("claim", number + 1)) if new else data
    return _reading_them(made, place, known, quotes)


def _reading_them(data: bytes, place: str, known: Analysis, quotes: Sequence[Quote]) -> bytes:
    """The file that names the interviews of these quotes among those read."""
    read = [*dict.fromkeys([*known.interviews, *(quote.interview for quote in quotes)])]
    if read == list(known.interviews):
        return data
    return edited.changed(data.decode(), {("interviews",): read}, place).encode()
