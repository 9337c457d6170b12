"""What `archive list` shows: every deposit, or every model, and how much there is of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalogue.catalogue import ask
from archive.catalogue.reader import model_id
from archive.documents.document import Document
from archive.documents.table import table
from archive.errors import Problem, Refused
from archive.home.home import Home
from archive.records.values import KINDS
from archive.wording import one_of, plainly, suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositLine:
    """A deposit in the list."""

    accession: str
    date: str | None
    model: str
    kind: str
    access: str
    title: str
    interviews: int
    turns: int
    words: int
    recorded: int
    """How many fields of the context-bias note were answered; of several interviews, in that with the fewest."""
    recorded_most: int
    """In that with the most."""
    fields: int
    notes: int
    coders: int
    analyses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLine:
    """A model in the list."""

    id: str
    accession: str | None
    """None where interviews name a model whose model.toml was not filed."""
    maker: str
    name: str
    deposits: int
    interviews: int
    preferences: int
    open: int
    """Preferences without an answer."""


def deposits(
    home: Home,
    *,
    words: str | None = None,
    model: str | None = None,
    kind: str | None = None,
    coded: bool | None = None,
) -> list[DepositLine]:
    """Every deposit, in the order of filing; or those with these `words` in number, title or model, of a model, of a
    kind, with notes or (False) without. Raises `NotFound`, `Refused`, `Stale` without a catalogue.
    """
    if kind is not None and kind not in KINDS:
        raise Refused([Problem("--kind", f"expected {one_of(KINDS)}, found {kind!r}", suggestion(kind, KINDS))])
    wanted = (words or "").casefold().split()
    own = ask(home, lambda reader: model_id(reader, model)) if model is not None else None
    return [
        line
        for line in _deposits(home)
        if own in (None, line.model)
        and kind in (None, line.kind)
        and coded in (None, line.notes > 0)
        and all(word in f"{line.accession} {line.title} {line.model}".casefold() for word in wanted)
    ]


def _deposits(home: Home) -> list[DepositLine]:
    # Counted one table at a time: joined, the counts would multiply.
    held = "count(*) AS interviews, sum(turns) AS turns, sum(words) AS words"
    context = "min(recorded) AS recorded, max(recorded) AS recorded_most, max(fields) AS fields"
    noted = "count(DISTINCT coder || ' ' || number) AS notes, count(DISTINCT coder) AS coders"
    sql = f"""SELECT d.accession, d.date, d.model, d.kind, d.access, d.title,
            i.interviews, i.turns, i.words, i.recorded, i.recorded_most, i.fields,
            coalesce(n.notes, 0) AS notes, coalesce(n.coders, 0) AS coders, coalesce(a.analyses, 0) AS analyses
        FROM deposit d
        JOIN (SELECT accession, {held}, {context} FROM interview GROUP BY accession) i
            ON i.accession = d.accession
        LEFT JOIN (SELECT accession, {noted} FROM note GROUP BY accession) n ON n.accession = d.accession
        LEFT JOIN (SELECT accession, count(*) AS analyses FROM analysis GROUP BY accession) a
            ON a.accession = d.accession
        ORDER BY d.filed, d.accession"""
    rows = ask(home, lambda reader: reader.rows(sql))
    return [DepositLine(**{**row, "date": str(row["date"]) if row["date"] else None}) for row in rows]


def models(home: Home) -> list[ModelLine]:
    """Every model that is described or was interviewed, by id. Raises `Stale` without a catalogue."""
    sql = """SELECT m.id, a.accession, coalesce(a.maker, '') AS maker, coalesce(a.name, '') AS name,
            coalesce(i.deposits, 0) AS deposits, coalesce(i.interviews, 0) AS interviews,
            coalesce(p.preferences, 0) AS preferences, coalesce(p.open, 0) AS open
        FROM (SELECT id FROM ai_model UNION SELECT model FROM interview) m
        LEFT JOIN ai_model a ON a.id = m.id
        LEFT JOIN (SELECT model, count(DISTINCT accession) AS deposits, count(*) AS interviews
            FROM interview GROUP BY model) i ON i.model = m.id
        LEFT JOIN (SELECT model, count(*) AS preferences, sum(CASE status WHEN 'open' THEN 1 ELSE 0 END) AS open
            FROM preference GROUP BY model) p ON p.model = m.id
        ORDER BY m.id"""
    rows = ask(home, lambda reader: reader.rows(sql))
    return [ModelLine(**row) for row in rows]


_AMOUNTS = ("Interviews", "Turns", "Words", "Context", "Notes", "Analyses")
_DEPOSITS = ("Deposit", "Date", "Model", "Kind", "Access", "Title", *_AMOUNTS)
_MODELS = ("Number", "Model", "Maker", "Name", "Deposits", "Interviews", "Preferences", "Open")


def deposits_document(rows: Sequence[DepositLine]) -> Document:
    """What each is, and how much there is."""
    return Document(sort="Deposits", blocks=(table(_DEPOSITS, map(_deposit, rows), 6, 7, 8, 10, 11),))


def models_document(rows: Sequence[ModelLine]) -> Document:
    """The same of models."""
    return Document(sort="Models", blocks=(table(_MODELS, map(_model, rows), 4, 5, 6, 7),))


def _deposit(row: DepositLine) -> tuple[str, ...]:
    context = f"{row.recorded}" + (f" to {row.recorded_most}" if row.recorded_most > row.recorded else "")
    return (
        row.accession,
        row.date or "no date",
        row.model,
        plainly(row.kind),
        row.access,
        row.title,
        *(f"{number:,}" for number in (row.interviews, row.turns, row.words)),
        f"{context} of {row.fields}",
        *(f"{number:,}" if number else "" for number in (row.notes, row.analyses)),
    )


def _model(row: ModelLine) -> tuple[str, ...]:
    about = (row.maker, row.name) if row.accession else ("no model.toml was filed", "")
    amounts = (row.deposits, row.interviews, row.preferences, row.open)
    return (row.accession or "", row.id, *about, *(f"{number:,}" if number else "" for number in amounts))
