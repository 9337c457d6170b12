"""Feeds of model lifecycles (model-eol/0.1): what one says is added to ``model.toml`` as facts with their source::

    {"spec": "model-eol/0.1", "publisher": "anthropic", "generated": "2026-08-18T12:06:03Z",
     "source": "https://example.org/deprecations", "policy": {"min_notice_days": 60, "source": "…"},
     "models": [{"id": "claude-3-opus-20240229", "aliases": ["claude-opus-3"], "announced": "2025-06-30",
                 "shutdown": "2026-01-05", "date_precision": "exact", "replacement": "claude-opus-4-8",
                 "replacement_options": [], "replacement_note": "", "notes": "",
                 "distributions": [{"via": "aws-bedrock", "shutdown": "2026-07-30", "status": "legacy"}]}]}

A feed tells what a page of the maker says, so a fact's source is that page "by way of" the feed, and its day is the one
on which the feed was generated: when somebody last looked. Older feeds may be read after newer ones. What becomes of
each key:

    announced                [[lifecycle]] deprecated, on that day
    shutdown                 [[lifecycle]] retired; date_precision earliest → earliest, tentative → not_sooner_than:
                             in this format a tentative day is one "not before" which the maker retires the model
    neither, or no shutdown  [[lifecycle]] retired, unannounced: the absence says that no day is named
    status                   the maker's own word for deprecated; active, legacy: a state of its own;
                             retired without a day: [[availability]] closed
    replacement, …_options   [[replacement]]; since when it is recommended, a feed does not say
    policy, notes, …_note    [[statement]]

Source: SPEC.md of https://github.com/thossullivan/model-eol
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainValidator, ValidationError, model_validator

from archive.deposits import batch as batches
from archive.deposits.deposit import VERSIONED, model_folder
from archive.deposits.draft import Options
from archive.errors import Problem, Refused, accepted
from archive.home.change import Change
from archive.home.home import Home
from archive.importers import strictjson
from archive.records import ai_model, form
from archive.records.ai_model import AIModel, Availability, Fact, Lifecycle, Replacement, Statement
from archive.records.sidecar import (
    Fault,
    Faults,
    Many,
    ModelId,
    Place,
    Record,
    Text,
    choice,
    faults_of,
    pattern,
    refuse,
    shown,
    table,
)
from archive.research import models
from archive.wording import many, suggestion

SPEC = "model-eol/0.1"
MINIMUM_NOTICE = "minimum notice"
"""What a `Statement` is about that says how many days' notice a maker promises: ``60 days``."""
PRECISIONS = {"exact": "exact", "earliest": "earliest", "tentative": "not_sooner_than"}
STATES = {"active": "active", "legacy": "legacy", "extended-access": "deprecated", "retired": ""}
"""A distributor's status → the state it is; retired is told by its day, or its absence."""


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _day(value: object) -> object:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise Faults([Fault(f'expected a day like "2026-01-05", found {shown(value)}')])


def _time(value: object) -> dt.datetime:
    try:
        if isinstance(value, str) and "T" in value and (time := dt.datetime.fromisoformat(value)).tzinfo:
            return time.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise Faults([Fault(f'expected a time like "2026-08-18T12:06:03Z", found {shown(value)}')])


def _safe(name: str) -> str:
    if name.startswith(".") or name in VERSIONED:
        raise Faults([Fault(f"a model cannot be called {shown(name)} here: its folder could not")])
    return name


def _days(number: int) -> int:
    if not 0 <= number < 100_000:
        raise Faults([Fault(f"expected a number of days, found {number}")])
    return number


Day = Annotated[dt.date, BeforeValidator(_day)]


class Channel(Record):
    """What is said of a model where one provider serves it."""

    announced: Day | None = None
    shutdown: Day | None = None
    date_precision: Annotated[str, choice(PRECISIONS)] | None = None
    source: Text | None = None

    @model_validator(mode="after")
    def _rules(self) -> "Channel":
        if self.date_precision and not self.shutdown:
            refuse([Fault("qualifies a shutdown that is not given", "", ("date_precision",))])
        return self


class Distribution(Channel):
    """The same weights, elsewhere."""

    via: Annotated[Text, pattern(r"(?!maker$).*", "the distributor's name")]
    status: Annotated[str, choice(STATES)] | None = None


class Entry(Channel):
    """One model, where its maker serves it."""

    id: Annotated[ModelId, AfterValidator(_safe)]
    aliases: Many[ModelId] = ()
    replacement: ModelId | None = None
    replacement_options: Many[ModelId] = ()
    replacement_note: str = ""
    notes: str = ""
    distributions: Many[Distribution] = ()

    @model_validator(mode="after")
    def _once(self) -> "Entry":
        seen = [other.via for other in self.distributions]
        refuse(_twice(seen, "distributions", "via"))
        return self


class Policy(Record):
    """The least notice the publisher promises."""

    min_notice_days: Annotated[int, AfterValidator(_days)]
    source: Text


class Feed(Record):
    """A whole feed."""

    spec: Annotated[str, pattern(re.escape(SPEC), f'"{SPEC}"', "a newer program may read it")]
    publisher: Text
    generated: Annotated[dt.datetime, PlainValidator(_time)]
    source: Text | None = None
    note: str = ""
    """About the feed itself; it stays there."""
    policy: Policy | None = None
    models: Many[Entry]

    @model_validator(mode="after")
    def _once(self) -> "Feed":
        refuse(_twice([entry.id for entry in self.models], "models", "id"))
        return self

    @property
    def day(self) -> dt.date:
        """When somebody last looked."""
        return self.generated.date()


def _twice(names: Sequence[str], *place: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            yield Fault(f"{shown(name)} stands there twice", "keep one of the two", (place[0], i, place[1]))
        seen.add(name)


def read(data: bytes, place: str) -> Feed | list[Problem]:
    """The feed in `data`, or all its problems, each naming the model it stands in."""
    try:
        document = strictjson.loads(data, place)
        json.dumps(document, ensure_ascii=False).encode()
    except Refused as refused:
        return list(refused.problems)
    except UnicodeEncodeError:
        return [Problem(place, "holds half a character: one of the escapes \\ud800 to \\udfff stands alone")]
    if not isinstance(document, dict):
        return [Problem(place, f"expected a model-eol feed, an object, found {shown(document)}")]
    try:
        return Feed.model_validate(document)
    except ValidationError as error:
        return [Problem(f"{place} {_path(f.key, document)}", f.found, f.remedy) for f in faults_of(error, Feed)]


def _path(key: Place, document: Mapping[str, Any]) -> str:
    """``claude-2.0 distributions 1 via``"""
    words = [str(part + 1) if isinstance(part, int) else part for part in key]
    if len(key) > 1 and key[0] == "models" and isinstance(key[1], int):
        entry = document["models"][key[1]]
        if isinstance(entry, dict) and isinstance(entry.get("id"), str) and key[2:] != ("id",):
            words[:2] = [entry["id"]]
    return " ".join(words)


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def facts(feed: Feed, entry: Entry, address: str) -> list[Fact]:
    """Everything the feed at `address` says of one model."""

    def said(page: str | None) -> dict[str, Any]:
        page = page or feed.source or address
        return {"source": page if page == address else f"{page}{_by_way(address)}", "retrieved": feed.day}

    own = said(entry.source)
    found: list[Fact] = [*_channel(entry, "maker", None, own)]
    for other in entry.distributions:
        found += _channel(other, other.via, other.status, said(other.source))
    recommended = dict.fromkeys([*([entry.replacement] if entry.replacement else []), *entry.replacement_options])
    found += [Replacement(model=model, **own) for model in recommended]
    if entry.replacement_note.strip():
        found.append(Statement(about="replacement", text=entry.replacement_note, **own))
    if entry.notes.strip():
        found.append(Statement(about="note", text=entry.notes, **own))
    if feed.policy:
        days = feed.policy.min_notice_days
        found.append(Statement(about=MINIMUM_NOTICE, text=f"{days} days", **said(feed.policy.source)))
    return found


def _by_way(address: str) -> str:
    return f", by way of {address}"


def _channel(channel: Channel, surface: str, status: str | None, said: Mapping[str, Any]) -> Iterator[Fact]:
    where = {"surface": surface, **said}
    state = STATES[status or "retired"]
    word = status if status in ("legacy", "extended-access") else None
    if channel.announced:
        day = channel.announced
        yield Lifecycle(state="deprecated", date=day, announced=day, called=word or "", **where)
    if state and not (channel.announced and word):
        called = status if status and status != state else ""
        yield Lifecycle(state=state, precision="unannounced", called=called, **where)
    if channel.shutdown:
        precision = PRECISIONS[channel.date_precision or "exact"]
        yield Lifecycle(
            state="retired", date=channel.shutdown, precision=precision, announced=channel.announced, **where
        )
    elif status == "retired":
        yield Availability(status="closed", **where)
    else:
        yield Lifecycle(state="retired", precision="unannounced", **where)


# ── merging ──────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    known, _ = models.read_all(home)
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
            there = before.data if before else path.read_bytes()
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
        by_hand = [_content(fact) for fact in there if fact.source == source.removesuffix(_by_way(address))]
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
    return [*record.lifecycle, *record.availability, *record.replacement, *record.statement]


def _together(record: AIModel, news: Sequence[Fact]) -> list[Fact]:
    """All facts in the order in which a file with `news` at its end has them."""
    kinds = ("lifecycle", "availability", "replacement", "statement")
    return [fact for kind in kinds for fact in [*getattr(record, kind), *(n for n in news if _name(n) == kind)]]


# ── what a person and a program see ──────────────────────────────────────────────────────────────────────────────────


def adopt(home: Home, feed: Path, *, source: str | None, only: Sequence[str], dry_run: bool) -> dict[str, Update]:
    """Write what a feed adds into the models' files, and file them. Raises `Refused` with all that is wrong."""
    try:
        data = feed.read_bytes()
    except OSError as error:
        raise Refused([Problem(str(feed), f"expected a feed, found none ({error.strerror})")]) from None
    today = home.now().date()
    updates = merge(home, data, place=str(feed), source=source or feed.name, retrieved=today, only=only)
    if updates and not dry_run:
        with home.writing() as writer:
            writer.commit(Change(files={update.path: update.data for update in updates.values()}))
        folders = [(home.root / update.path).parent for update in updates.values()]
        batch = batches.file_paths(home, folders, Options())
        if batch.problems:
            raise Refused(batch.problems)
    return updates


def text(updates: Mapping[str, Update]) -> str:
    """A line a model."""
    width = max(map(len, updates), default=0)
    lines = []
    for name, update in updates.items():
        facts = many(update.added, "fact")
        lines.append(f"{name:<{width}}  {facts} {'of a model new here' if update.new else 'added'}\n")
    return "".join(lines) or "nothing new\n"


def plain(updates: Mapping[str, Update]) -> dict[str, Any]:
    """For programs."""
    return {name: {"path": u.path, "added": u.added, "new": u.new} for name, u in updates.items()}
