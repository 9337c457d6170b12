"""What a model-eol feed says, added to the models' files of a home and filed; what stands there is never changed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from archive.deposits import filing, model_draft, models
from archive.deposits.deposit import model_folder
from archive.documents.document import Document, Paragraph
from archive.documents.table import table as columns
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.records import ai_model, form
from archive.records.ai_model import AIModel, Availability, Fact, Lifecycle, Statement, facts_of
from archive.records.eol import Entry, Feed, by_way, facts, read
from archive.records.toml import shown, table
from archive.register import durable
from archive.wording import many, suggestion

_KINDS = ("lifecycle", "availability", "replacement", "statement")
"""Tables that a feed may add to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A ``model.toml`` as it should be written."""

    model: str
    """Its id in the home; the feed may know it by an alias."""
    path: str
    """Relative to the home."""
    data: bytes
    added: int
    """Facts that were not there."""
    new: bool
    """Whether the model was not known."""


def adopt(home: Home, feed: Path, *, source: str | None, only: Sequence[str], dry_run: bool) -> dict[str, Update]:
    """File the models' files with what a feed adds to them. Raises `Refused` with all that is wrong."""
    try:
        data = durable.content(feed)
    except OSError as error:
        raise Refused([Problem(str(feed), f"expected a feed, found none ({error.strerror})")]) from None
    today = home.now().date()
    merged = partial(merge, data=data, place=str(feed), source=source or feed.name, retrieved=today, only=only)
    updates = merged(home)
    if updates and not dry_run:
        with home.writing() as writer:
            updates = merged(writer.home)  # another command may have written meanwhile
            made = [(home.root / u.path, u.data) for u in updates.values()]
            filing.file(writer, [model_draft.new(writer.home, path.parent, {path.name: data}) for path, data in made])
    return updates


def document(updates: Mapping[str, Update]) -> Document:
    """A line a model."""
    rows = ((name, many(own.added, "fact"), "new here" if own.new else "") for name, own in updates.items())
    found = columns(("Model", "Added", ""), rows) if updates else Paragraph("Nothing new.")
    return Document(sort="Facts", blocks=(found,))


def plain(updates: Mapping[str, Update]) -> dict[str, Any]:
    """For programs."""
    return {name: {"path": u.path, "added": u.added, "new": u.new} for name, u in updates.items()}


# ── merging ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def merge(
    home: Home, data: bytes, *, place: str, source: str, retrieved: dt.date, only: Sequence[str] = ()
) -> dict[str, Update]:
    """What a feed adds to a home, by model id; models of which it says nothing new are left out. Writes nothing.

    `place` names the feed in problems, `source` is its address and `retrieved` the day it was fetched; `only` are ids
    or aliases in the feed. Nothing that stands in a ``model.toml`` is changed, tables are added at its end; facts that
    contradict those there stay beside them. A fact is added once, and again only where its source has said otherwise
    in between. Raises `Refused` with everything that is wrong.
    """
    feed = accepted(read(data, place))
    entries = _chosen(feed, only, place)
    if feed.day > retrieved:
        what = f"was generated on {feed.day}, after {retrieved}, when it is said to have been fetched"
        raise Refused([Problem(place, what, "correct the day")])
    known = models.lying(home)
    by_name = {alias: model for model in known for alias in model.aliases} | {model.id: model for model in known}
    heading = f"# From the model-eol feed of {shown(feed.publisher)}, generated {feed.day}, fetched {retrieved}.\n"
    problems: list[Problem] = []
    updates: dict[str, Update] = {}
    for entry in entries:
        record = by_name.get(entry.id)
        said = facts(feed, entry, source)
        identity = record.id if record else entry.id
        path = home.root / "transcripts" / model_folder(identity) / "model.toml"
        before = updates.get(identity)  # two models of the feed may be one here
        if before or path.exists():
            there = before.data if before else durable.content(path)
            grown = _extended(there, said, heading, home.relative(path), source)
        else:
            grown = _created(entry, said, heading, _maker(feed.publisher, known), retrieved)
        if isinstance(grown, list):
            problems += grown
        elif grown[1]:
            added = grown[1] + (before.added if before else 0)
            updates[identity] = Update(
                model=identity, path=home.relative(path), data=grown[0], added=added, new=record is None
            )
    if problems:
        raise Refused(problems)
    return updates


def _chosen(feed: Feed, only: Sequence[str], place: str) -> list[Entry]:
    by_name = {alias: entry for entry in feed.models for alias in entry.aliases} | {e.id: e for e in feed.models}
    unknown = [name for name in only if name not in by_name]
    if unknown:
        raise Refused(Problem(place, f"says nothing of {name}", suggestion(name, by_name)) for name in unknown)
    wanted = {by_name[name].id for name in only or by_name}
    return [entry for entry in feed.models if entry.id in wanted]


def _maker(publisher: str, known: Sequence[AIModel]) -> str:
    """The publisher as people write it here: feeds write ``anthropic``."""
    return next((model.maker for model in known if model.maker.lower() == publisher.lower()), publisher)


Grown = tuple[bytes, int] | list[Problem]


def _created(entry: Entry, said: Sequence[Fact], heading: str, maker: str, looked: dt.date) -> Grown:
    rows: dict[str, list[dict[str, Any]]] = {}
    for fact in said:
        rows.setdefault(_name(fact), []).append(_row(fact))
    text = form.model_form(entry.id, maker=maker, aliases=entry.aliases, facts=rows, day=looked)
    return (heading + text).encode(), len(said)


def _extended(data: bytes, said: Sequence[Fact], heading: str, place: str, address: str) -> Grown:
    record = ai_model.read(data, place)
    if isinstance(record, list):
        return record
    news = _news(record, said, address)
    if not news:
        return data, 0
    tables = "".join(f"\n{table(f'[[{_name(fact)}]]', _row(fact))}" for fact in news)
    start = data if data.endswith(b"\n") else data + b"\n"
    grown = start + f"\n{heading}{tables}".encode()
    result = ai_model.read(grown, place)
    if isinstance(result, list) or _all(result) != _together(record, news):
        what = "holds a list of facts in [ ] instead of under [[…]], so nothing can be added at its end"
        return [Problem(place, what, "write each fact as a table of its own")]
    return grown, len(news)


def _news(record: AIModel, said: Sequence[Fact], address: str) -> list[Fact]:
    """What must be added so that `record` says all that is said now.

    A slot, such as all replacements one source names, is compared as a whole with what that source said last before
    that day. So a recommendation that comes, goes and comes back is recorded each time, and a feed read twice once.
    """
    news: list[Fact] = []
    for slot, group in groupby(said, key=_slot):
        now = list(group)
        there = [fact for fact in _all(record) if _slot(fact) == slot]
        source, day = now[0].source, now[0].retrieved
        before = [fact for fact in there if fact.source == source and fact.retrieved <= day]
        last = max((fact.retrieved for fact in before), default=None)
        standing = [_content(fact) for fact in before if fact.retrieved == last]
        # A person may have read the same page without the feed.
        by_hand = [_content(fact) for fact in there if fact.source == source.removesuffix(by_way(address))]
        content = [_content(fact) for fact in now]
        if sorted(standing, key=str) == sorted(content, key=str):
            continue
        if not before and all(one in by_hand for one in content):
            continue
        news += [fact for fact in now if fact not in there]
    return news


def _slot(fact: Fact) -> tuple[str, ...]:
    """What only one thing can be true of; facts of one slot come together."""
    match fact:
        case Lifecycle():
            return "lifecycle", fact.state, fact.surface
        case Availability():
            return "availability", fact.surface
        case Statement():
            return "statement", fact.about
        case _:
            return (_name(fact),)


def _content(fact: Fact) -> dict[str, Any]:
    return fact.model_dump(exclude={"source", "retrieved"})


def _name(fact: Fact) -> str:
    return type(fact).__name__.lower()


def _row(fact: Fact) -> dict[str, Any]:
    """As it is written: what it says, then who said it."""
    values = fact.model_dump(exclude_defaults=True)
    return {k: v for k, v in values.items() if k not in ("source", "retrieved")} | {
        "source": fact.source,
        "retrieved": fact.retrieved,
    }


def _all(record: AIModel) -> list[Fact]:
    """The facts of the kinds that a feed may add to."""
    return [fact for _, fact in facts_of(record, _KINDS)]


def _together(record: AIModel, news: Sequence[Fact]) -> list[Fact]:
    """All facts in the order in which a file with `news` at its end has them."""
    return [fact for kind in _KINDS for fact in [*getattr(record, kind), *(n for n in news if _name(n) == kind)]]
