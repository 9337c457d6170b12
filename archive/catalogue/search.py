"""Finding words in turns, notes and analyses (what a query may be: `archive.catalogue.query`), the newest first."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.catalogue import fts5, vectors
from archive.catalogue import query as language
from archive.catalogue.catalogue import ask
from archive.catalogue.hit import Found, Hit, of_row
from archive.catalogue.query import Query, Words
from archive.catalogue.reader import Reader, Row, day_number, deposit_folder, model_id
from archive.catalogue.schema import SEARCHED
from archive.deposits import shelf
from archive.errors import Problem, Refused
from archive.home.home import Home
from archive.records.codes import called
from archive.records.values import KINDS, SILENCES
from archive.wording import one_of, suggestion


def search(
    home: Home,
    query: str,
    *,
    model: str | None = None,
    role: str | None = None,
    kind: str | None = None,
    code: str | None = None,
    since: str | None = None,
    until: str | None = None,
    accession: str | None = None,
    scope: str | None = None,
    substring: bool = False,
    ranked: bool = False,
    limit: int = 20,
    unseen: Collection[tuple[str, str]] = (),
) -> list[Hit]:
    """The newest hits first, or with `ranked` the best. With a `code`, the query may be empty.

    `code` is a code, or a code and its value: ``elicitation=spontaneous``; `scope` is ``turns``, ``notes`` or
    ``analyses``; `since` and `until` are days, and what has no date is then left out. `unseen` are coders whose notes
    on a deposit are as if they were not there: ``{("2026-0041", "ann")}``. Raises `Refused` with all that is
    wrong with the question, `NotFound` where there is no such model or deposit, `Stale` without a catalogue.
    """
    problems: list[Problem] = []
    wanted = _query(query, substring, problems)
    if wanted is None and code is None and not problems:
        only = "; --substring finds marks and parts of words" if query.strip() else ""
        problems.append(Problem("the query", "expected a word to look for, found none", f"give one, or a --code{only}"))
    kinds = _kinds(scope, role, code, problems)
    asked = _Asked(
        model=model,
        role=role,
        kind=_one("--kind", kind, KINDS, problems),
        code=_code(home, code, problems),
        since=_day("--since", since, problems),
        until=_day("--until", until, problems),
        accession=accession,
        ranked=ranked and wanted is not None and wanted.ranked,
        limit=limit,
        unseen=frozenset(unseen),
    )
    if problems:
        raise Refused(problems)
    if asked.until and not asked.since:
        asked = replace(asked, since=1)
    return ask(home, lambda reader: _hits(reader, kinds, wanted, asked))


def within_words(home: Home, query: str, **filters: Any) -> list[str]:
    """Those whole words of a query that was asked in vain which do stand within longer ones, as ``--substring`` finds.

    `filters` as in `search`.
    """
    wanted = _query(query, False, [])
    terms = wanted.whole if isinstance(wanted, Words) and not filters.pop("substring", False) else ()
    few = {**filters, "limit": 1}
    written = dict.fromkeys(" ".join(term.words) for term in terms)
    return [w for w in written if not search(home, f'"{w}"', **few) and search(home, w, substring=True, **few)]


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    model: str | None
    role: str | None
    kind: str | None
    code: tuple[Sequence[str], str] | None
    """Codes by their names, and a value or nothing."""
    since: int
    until: int
    """Days as `day_number`; 0 for any."""
    accession: str | None
    ranked: bool
    limit: int
    unseen: frozenset[tuple[str, str]]


_SCOPES: dict[str, tuple[Found, ...]] = {"turns": ("turn",), "notes": ("note",), "analyses": ("analysis", "claim")}


def _kinds(scope: str | None, role: str | None, code: str | None, problems: list[Problem]) -> tuple[Found, ...]:
    """Where to look. Only turns have a role; only turns and the notes on them have codes."""
    _one("--in", scope, _SCOPES, problems)
    able: tuple[Found, ...] = ("turn",) if role else ("turn", "note") if code else ("turn", "note", "analysis", "claim")
    chosen = tuple(found for found in _SCOPES.get(scope or "", able) if found in able)
    if not chosen:
        what = f"{scope} have no {'role' if role else 'code'}"
        problems.append(Problem("--in", what, f"leave out --in or --{'role' if role else 'code'}"))
    return chosen


def _query(text: str, substring: bool, problems: list[Problem]) -> Query | None:
    try:
        return language.substring(text) if substring else language.words(text)
    except Refused as refused:
        problems += refused.problems
        return None


def _one(place: str, value: str | None, known: Any, problems: list[Problem]) -> str | None:
    if value is not None and value not in known:
        problems.append(Problem(place, f"expected {one_of(known)}, found {value!r}", suggestion(value, known)))
    return value


def _code(home: Home, text: str | None, problems: list[Problem]) -> tuple[Sequence[str], str] | None:
    if text is None:
        return None
    key, _, value = text.partition("=")
    codes = shelf.codes(home)
    meant = called(key, codes)
    if not meant:
        remedy = suggestion(key, [word for f in codes for word in (f.key, f.name)], "`archive vocabulary` lists them")
        problems.append(Problem("--code", f"there is no code {key!r}", remedy))
    elif value and all(f.values for f in meant):
        _one("--code", value, {**{word: "" for f in meant for word in f.values}, **SILENCES}, problems)
    return [f.name for f in meant], value


def _day(place: str, text: str | None, problems: list[Problem]) -> int:
    """As `rows.day_number`; 0 for none."""
    if text is None:
        return 0
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        problems.append(Problem(place, f"expected a day such as 2026-11-22, found {text!r}"))
    return day_number(day)


# ── looking them up ──────────────────────────────────────────────────────────────────────────────────────────────────


def _hits(reader: Reader, kinds: Sequence[Found], query: Query | None, asked: _Asked) -> list[Hit]:
    if asked.accession is not None:
        deposit_folder(reader, asked.accession)
    if asked.model is not None:
        asked = replace(asked, model=model_id(reader, asked.model))
    rows = [(found, row) for found in kinds for row in _rows(reader, found, query, asked)]
    rows.sort(key=lambda pair: (pair[1]["score"], -pair[1]["id"]))
    return [of_row(reader, found, row, query, asked.unseen) for found, row in rows[: asked.limit]]


_INTERVIEW = "JOIN interview i ON i.accession = x.accession AND i.number = x.interview"
_DEPOSIT = "JOIN deposit i ON i.accession = x.accession"
_ROWS: dict[Found, tuple[str, str]] = {
    "turn": ("x.interview, x.turn, x.role, i.date", _INTERVIEW),
    "note": (
        "x.interview, x.turn, x.coder AS author, i.date, x.quote, t.text AS said",
        f"{_INTERVIEW} JOIN turn t ON t.accession = x.accession AND t.interview = x.interview AND t.turn = x.turn",
    ),
    "analysis": ("x.slug, x.author, x.date", _DEPOSIT),
    "claim": (
        "x.slug, a.author, x.date",
        f"{_DEPOSIT} JOIN analysis a ON a.accession = x.accession AND a.slug = x.slug",
    ),
}
"""What is shown of each beside its words, and what it is joined with for that."""
_SAME = "n.accession = x.accession AND n.interview = x.interview AND n.turn = x.turn"
_CODED: dict[Found, str] = {
    "turn": f"EXISTS (SELECT 1 FROM note n WHERE {_SAME} AND n.code IN ({{codes}}){{value}}{{seen}})",
    "note": "x.id IN (SELECT n.id FROM note n WHERE n.code IN ({codes}){value})",
    "analysis": "",
    "claim": "",
}
"""What must hold where codes are asked for, and perhaps a value of them."""


def _rows(reader: Reader, found: Found, query: Query | None, asked: _Asked) -> list[Row]:
    values: dict[str, Any] = {"limit": asked.limit}
    local = reader.dialect == "sqlite"
    index, holds = (
        (fts5 if local else vectors).condition(reader, query, found, values, ranked=asked.ranked) if query else ("", "")
    )
    conditions = [holds, *_narrowed(found, asked, "w.rowid" if index else "x.id", values)]
    shown, joins = _ROWS[found]
    table, score, order = f"{found} x", "0", "x.id DESC"
    if index:
        table, order = f"{index} w JOIN {found} x ON x.id = w.rowid", "w.rowid DESC"
    if index and local:
        # Without CROSS, SQLite may begin with another table, and sort; so the index hands out its hits in order.
        table, joins = table.replace("JOIN", "CROSS JOIN"), joins.replace("JOIN", "CROSS JOIN")
    if asked.ranked and local:
        score = order = "w.rank"
    elif asked.ranked and isinstance(query, Words):
        score, scored = vectors.score(reader, query, found, values)
        joins, order = f"{joins} {scored}", "score, w.rowid"
    columns = ", ".join(f"x.{column}" for column in ("id", "accession", *SEARCHED[found]))
    select = f"SELECT {columns}, {shown}, i.model, i.kind, {score} AS score FROM {table} {joins}"
    where = " AND ".join(filter(None, conditions))
    return reader.rows(f"{select} WHERE {where} ORDER BY {order} LIMIT :limit", **values)


def _narrowed(found: Found, asked: _Asked, number: str, values: dict[str, Any]) -> Iterator[str]:
    """What else must hold; `values` get what is bound in it. `number` is that of the row, which tells its day."""
    codes, value = asked.code or ((), "")
    names = {f"code{n}": code for n, code in enumerate(codes)}
    values.update(names)
    left_out = {f"unseen{n}": " ".join(each) for n, each in enumerate(sorted(asked.unseen))}
    values.update(left_out)
    seen = f"|| ' ' || {{}}.coder NOT IN ({', '.join(f':{name}' for name in left_out)})" if left_out else ""
    coded = {
        "codes": ", ".join(f":{name}" for name in names),
        "value": " AND n.value = :value" if value else "",
        "seen": f" AND n.accession {seen.format('n')}" if seen else "",
    }
    for name, bound, condition in (
        ("model", asked.model, "i.model = :model"),
        ("kind", asked.kind, "i.kind = :kind"),
        ("role", asked.role, "x.role = :role"),
        ("accession", asked.accession, "x.accession = :accession"),
        ("first", asked.since << 47, f"{number} >= :first"),
        ("last", asked.until and ((asked.until + 1) << 47) - 1, f"{number} <= :last"),
        ("value", value, ""),
        ("codes", bool(codes), _CODED[found].format_map(coded)),
        ("seen", bool(seen) and found == "note", f"x.accession {seen.format('x')}"),
    ):
        if bound:
            values[name] = bound
            yield condition
