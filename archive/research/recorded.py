"""What is held of a model, out of the catalogue; what is quoted of it, out of the files.

No deposit of another model is looked at, and of its own only those are opened that are quoted or have an analysis.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from archive.catalogue.catalogue import ask
from archive.catalogue.catalogued import Catalogued, at, each
from archive.catalogue.reader import Reader, Row
from archive.catalogue.shown import ShownAnalysis
from archive.deposits.filed import CHECK, FiledFolder, filed_folder
from archive.errors import Problem, Refused, VerificationError
from archive.exchange.selection import model_of
from archive.home.accession import Accession
from archive.home.home import Home
from archive.importers.turns import Role
from archive.records.deposit_record import Access
from archive.research import readings
from archive.research.holdings import Filed, Found, Interview
from archive.research.ledger import Essay
from archive.research.readings import Quotes


def found(home: Home, names: Sequence[str], day: dt.date, essays: Sequence[Essay]) -> Found:
    """What is about the model that goes by `names`, its id first, on a day.

    Raises `Refused` where what is quoted is not what was filed, or a quote does not stand in its turn; `Stale`.
    """
    if not home.register.size:
        return Found(model=None, deposits=(), interviews=(), rows=(), analyses=(), others={}, speakers={}, wishes=())
    return ask(home, lambda reader: _found(home, reader, names, day, essays))


def _found(home: Home, reader: Reader, names: Sequence[str], day: dt.date, essays: Sequence[Essay]) -> Found:
    values = {f"name{n}": name for n, name in enumerate(names)}
    among = ", ".join(f":{name}" for name in values)
    models = _folders(home, reader.rows(_MODELS.format(among=among), **values))
    held = [*each(reader, f"i.model IN ({among})", **values)]
    notes = _notes(reader.rows(_NOTES.format(among=among), **values))
    wishes = readings.wishes(models, names, essays)
    folders = _folders(home, reader.rows(_READ.format(among=among), **values))
    analyses = readings.analyses(folders, {own.address for own, _ in held})
    return Found(
        model=next((model for model in map(model_of, models) if model.id in names), None),
        deposits=tuple(map(_filed, reader.rows(_DEPOSITS.format(among=among), **values))),
        interviews=tuple(_interview(own, row, notes.get(own.address, {}), day) for own, row in held),
        rows=tuple(own.adherence for own, _ in held),
        analyses=analyses,
        others=_others(reader, analyses, names),
        speakers=_speakers(home, reader, readings.quotes(analyses, wishes)),
        wishes=wishes,
    )


_MODELS = """SELECT accession, folder FROM ai_model
    WHERE id IN ({among}) OR accession IN (SELECT accession FROM preference WHERE model IN ({among}))"""
_READ = """SELECT DISTINCT d.accession, d.folder FROM interview i
    JOIN analysed a ON a.read = i.accession AND a.interview = i.number
    JOIN deposit d ON d.accession = a.accession
    WHERE i.model IN ({among})"""
_DEPOSITS = """SELECT * FROM deposit
    WHERE accession IN (SELECT accession FROM interview WHERE model IN ({among})) ORDER BY entry"""
_NOTES = """SELECT n.accession, n.interview, n.coder, count(DISTINCT n.number) AS notes FROM interview i
    JOIN note n ON n.accession = i.accession AND n.interview = i.number
    WHERE i.model IN ({among}) GROUP BY n.accession, n.interview, n.coder ORDER BY n.coder"""


def _folders(home: Home, rows: Iterable[Row]) -> list[FiledFolder]:
    """In the order of filing. Raises `Refused`."""
    return sorted((_folder(home, row) for row in rows), key=lambda each: each.accession.index)


def _folder(home: Home, row: Row) -> FiledFolder:
    try:
        return filed_folder(home, home.root / row["folder"], home.lives[row["accession"]])
    except VerificationError as error:
        raise Refused([Problem(row["folder"], str(error), CHECK)]) from None


def _notes(rows: Iterable[Row]) -> Mapping[str, Mapping[str, int]]:
    """Address → coder → how many."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[f"{row['accession']}/{row['interview']}"][row["coder"]] = row["notes"]
    return found


def _interview(own: Catalogued, row: Row, notes: Mapping[str, int], day: dt.date) -> Interview:
    return Interview(
        address=own.address,
        setting=own.setting,
        context=0,
        access=own.access,
        public=Access.of(own.access).public_on(day),
        **{name: row[name] for name in ("turns", "words", "own_turns", "own_words")},
        system=bool(row["system"]),
        coders=tuple(notes),
        notes=sum(notes.values()),
    )


def _filed(row: Row) -> Filed:
    time = dt.datetime.fromisoformat(str(row["filed"])).replace(tzinfo=dt.UTC)
    return Filed(
        accession=Accession(row["accession"], "deposit", row["entry"], time),
        title=row["title"],
        access=row["access"],
        files=json.loads(row["files"]),
        lost=json.loads(row["lost"]),
    )


def _others(reader: Reader, analyses: Iterable[ShownAnalysis], names: Sequence[str]) -> dict[str, str]:
    """The interviews of other models that they read too: address → model."""
    read = dict.fromkeys(str(ref) for own in analyses for ref in own.record.interviews)
    found = {ref: held.setting.model for ref in read for held in at(reader, ref)}
    return {ref: model for ref, model in found.items() if model not in names}


def _speakers(home: Home, reader: Reader, quotes: Quotes) -> Mapping[str, Role]:
    """Who speaks in each turn that is quoted. Raises `Refused` where a quote does not stand there."""
    speakers: dict[str, Role] = {}
    problems: list[Problem] = []
    for number, quoted in sorted(quotes.items()):
        row = reader.one("SELECT accession, folder FROM deposit WHERE accession = :number", number=number)
        if row is None:
            problems += readings.nowhere(number, quoted)
            continue
        own, wrong = readings.compared(quoted, number, _folder(home, row).transcript().turns)
        speakers |= own
        problems += wrong
    if problems:
        raise Refused(problems)
    return speakers
