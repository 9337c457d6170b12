"""What `archive list` prints, a deposit or a model at a time; and what `archive show` does (see `show`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalogue.catalogue import reading
from archive.catalogue.printed import text
from archive.catalogue.show import plain, show
from archive.catalogue.terminal import visible
from archive.home.home import Home
from archive.wording import many

__all__ = ["DepositLine", "ModelLine", "deposits", "models", "plain", "show", "table", "text"]


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


def deposits(home: Home) -> list[DepositLine]:
    """Every deposit, in the order of filing. Raises `Stale` without a catalogue."""
    # Counted one table at a time: joined, the counts would multiply.
    held = "count(*) AS interviews, sum(turns) AS turns, sum(words) AS words"
    context = "min(recorded) AS recorded, max(recorded) AS recorded_most, max(fields) AS fields"
    noted = "count(DISTINCT coder || ' ' || number) AS notes, count(DISTINCT coder) AS coders"
    with reading(home) as reader:
        rows = reader.rows(
            f"""SELECT d.accession, d.date, d.model, d.kind, d.access, d.title,
                i.interviews, i.turns, i.words, i.recorded, i.recorded_most, i.fields,
                coalesce(n.notes, 0) AS notes, coalesce(n.coders, 0) AS coders, coalesce(a.analyses, 0) AS analyses
            FROM deposit d
            JOIN (SELECT accession, {held}, {context} FROM interview GROUP BY accession) i
                ON i.accession = d.accession
            LEFT JOIN (SELECT accession, {noted} FROM note GROUP BY accession) n ON n.accession = d.accession
            LEFT JOIN (SELECT accession, count(*) AS analyses FROM analysis GROUP BY accession) a
                ON a.accession = d.accession
            ORDER BY d.filed, d.accession"""
        )
    return [DepositLine(**{**row, "date": str(row["date"]) if row["date"] else None}) for row in rows]


def models(home: Home) -> list[ModelLine]:
    """Every model that is described or was interviewed, by id. Raises `Stale` without a catalogue."""
    with reading(home) as reader:
        rows = reader.rows(
            """SELECT m.id, a.accession, coalesce(a.maker, '') AS maker, coalesce(a.name, '') AS name,
                coalesce(i.deposits, 0) AS deposits, coalesce(i.interviews, 0) AS interviews,
                coalesce(p.preferences, 0) AS preferences, coalesce(p.open, 0) AS open
            FROM (SELECT id FROM ai_model UNION SELECT model FROM interview) m
            LEFT JOIN ai_model a ON a.id = m.id
            LEFT JOIN (SELECT model, count(DISTINCT accession) AS deposits, count(*) AS interviews
                FROM interview GROUP BY model) i ON i.model = m.id
            LEFT JOIN (SELECT model, count(*) AS preferences, sum(CASE status WHEN 'open' THEN 1 ELSE 0 END) AS open
                FROM preference GROUP BY model) p ON p.model = m.id
            ORDER BY m.id"""
        )
    return [ModelLine(**row) for row in rows]


def table(rows: Sequence[DepositLine] | Sequence[ModelLine]) -> str:
    """Two lines each: what it is, and below it how much there is."""
    longest = max((len(row.model if isinstance(row, DepositLine) else row.id) for row in rows), default=0)
    return "".join(
        f"{visible(line)}\n"
        for row in rows
        for line in (_deposit(row, longest) if isinstance(row, DepositLine) else _model(row, longest))
    )


def _deposit(row: DepositLine, longest: int) -> tuple[str, str]:
    context = f"{row.recorded}" + (f" to {row.recorded_most}" if row.recorded_most > row.recorded else "")
    amounts = (
        many(row.interviews, "interview"),
        many(row.turns, "turn"),
        many(row.words, "word"),
        f"context {context} of {row.fields}",
        many(row.notes, "note") if row.notes else "",
        many(row.analyses, "analysis") if row.analyses else "",
    )
    return (
        f"{row.accession}  {row.date or 'no date   '}  {row.model:<{longest}}  {row.kind}  {row.access}",
        "           " + " · ".join(filter(None, amounts)),
    )


def _model(row: ModelLine, longest: int) -> tuple[str, str]:
    about = "  ".join(filter(None, (row.maker, row.name))) or "no model.toml was filed"
    wishes = many(row.preferences, "preference") + (f", {row.open} open" if row.open else "")
    amounts = (many(row.deposits, "deposit"), many(row.interviews, "interview"), wishes if row.preferences else "")
    return f"{row.accession or ' ' * 10}  {row.id:<{longest}}  {about}", "            " + " · ".join(
        filter(None, amounts)
    )
