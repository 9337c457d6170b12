"""Feeds of model lifecycles (model-eol/0.1), and what one says as facts of a ``model.toml`` with their source::

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
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainValidator, ValidationError, model_validator

from archive.errors import Problem, Refused
from archive.importers import strictjson
from archive.records.ai_model import Availability, Fact, Lifecycle, Replacement, Statement
from archive.records.kinds import Many, ModelId, Text, choice, pattern
from archive.records.places import Place
from archive.records.record import Fault, Faults, Record, refuse
from archive.records.sidecar import faults_of
from archive.records.toml import shown

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

    id: ModelId
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
        return {"source": page if page == address else f"{page}{by_way(address)}", "retrieved": feed.day}

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


def by_way(address: str) -> str:
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
