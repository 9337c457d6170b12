"""The same form over a deposit that was filed: its record changed in place, and filed again with that."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from archive.catalogue import listing
from archive.catalogue.listing import DepositLine
from archive.deposits import amending, models
from archive.deposits.batch import told
from archive.deposits.shelf import PROTOCOLS
from archive.deposits.target import named
from archive.desk.ask import Ask, page, part
from archive.desk.taking import answers
from archive.desk.taking.answers import UNSAID, Line
from archive.errors import Error, NotFound, Problem, Refused, accepted
from archive.home.home import Home
from archive.records import deposit_record, places, sidecar
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.places import Place
from archive.records.values import ACCESS, KINDS
from archive.register import durable

_LATEST = 12
_KEYS = ("title", "date", "model", "protocol", "kind")
"""Of a deposit and of one interview."""
_WHOLE = (*_KEYS, "access", "licence")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A ``deposit.toml`` as it lies there, or what it says of one interview alone."""

    number: str
    place: str
    """Its path in the home."""
    table: Mapping[str, Any]
    interviews: int
    interview: int = 0
    """0 for the deposit."""

    @property
    def loc(self) -> Place:
        """Where its keys stand."""
        return ("interview", str(self.interview)) if self.interview else ()

    @property
    def own(self) -> Mapping[str, Any]:
        """What is said there."""
        return self.table.get("interview", {}).get(str(self.interview), {}) if self.interview else self.table

    @property
    def keys(self) -> tuple[str, ...]:
        return _KEYS if self.interview else _WHOLE

    def shown(self, key: str) -> str:
        """A value as the form has it."""
        return str(self.own.get(key, ""))

    def whole(self, key: str) -> str:
        """What holds where the interview says nothing of its own."""
        return str(self.table.get(key, "")) if self.interview else ""

    @property
    def others(self) -> dict[int, list[str]]:
        """Which interviews say something of their own, and of what."""
        found = {}
        for number, own in sorted(self.table.get("interview", {}).items(), key=lambda pair: int(pair[0])):
            found[int(number)] = [key for key in own if key != "context_bias"] + [*own.get("context_bias", ())]
        return found

    def lines(self, ask: Ask, problems: Mapping[Place, Problem]) -> list[Line]:
        """Each field, as it was sent, else as it stands."""
        lines = []
        for field in CONTEXT_BIAS:
            said = str(self.own.get("context_bias", {}).get(field.key, ""))
            value, words = answers.taken_apart(said, field)
            if self.interview and said == UNSAID:
                value = UNSAID
            if f"c.{field.key}.words" in ask.form:
                value, words = ask.form[f"c.{field.key}.value"], ask.form[f"c.{field.key}.words"]
            inherited = str(self.table["context_bias"].get(field.key, "")) if self.interview else ""
            problem = problems.get((*self.loc, "context_bias", field.key))
            lines.append(Line(field, value, words, problem=problem, inherited=inherited))
        return lines

    def values(self, ask: Ask) -> dict[Place, Any]:
        """What the form says otherwise than the file."""
        found: dict[Place, Any] = {}
        for key in self.keys:
            now = ask.form[key].strip()
            if key in ask.form and now != self.shown(key):
                found[*self.loc, key] = (None if self.interview else "") if not now else _dated(key, now)
        shown = {key: str(said) for key, said in self.own.get("context_bias", {}).items()}
        if self.interview:  # an interview's own silence is shown as one that was chosen
            shown = {key: f"{UNSAID}: " if said == UNSAID else said for key, said in shown.items()}
        for key, said in answers.of_form(ask.form, shown).items():
            cleared = said == UNSAID and not ask.form[f"c.{key}.value"]
            found[*self.loc, "context_bias", key] = None if cleared and self.interview else said
        return found


def _dated(key: str, text: str) -> Any:
    """A date as TOML has it, where it is one."""
    try:
        return dt.date.fromisoformat(text) if key == "date" else text
    except ValueError:
        return text


def sheet(ask: Ask) -> Sheet:
    """What the address names. Raises `NotFound`, `Refused` where the file cannot be read."""
    folder = named(ask.home, ask.path["number"])
    place = f"{folder.place}/deposit.toml"
    table = accepted(sidecar.parse(durable.content(ask.home.root / place), place))
    _refuse_strange(table, place)
    interviews = folder.transcript().interviews
    number = int(ask.path.get("n", "0"))
    if number > interviews:
        raise NotFound(f"{folder.number}/{number}: it has {interviews} interviews")
    return Sheet(folder.number, place, table, interviews, number)


def _refuse_strange(table: Mapping[str, Any], place: str) -> None:
    """Raises `Refused` where it has not the tables of a record, so that there is nothing to be shown in a form."""
    own = table.get("interview", {})
    inner = [*own.values()] if isinstance(own, dict) else [own]
    inner += [each.get("context_bias", {}) for each in inner if isinstance(each, dict)]
    if not all(isinstance(each, dict) for each in (table.get("context_bias"), *inner)) or not all(
        map(str.isdigit, own)
    ):
        what = "expected [context_bias], and tables [interview.N] where some differ, found something else"
        raise Refused([Problem(place, what, "correct it in an editor, where it lies")])


def form(ask: Ask) -> Response:
    """The form, as the file is now."""
    base = ask.base(f"{named(ask.home, ask.path['number']).place}/deposit.toml")
    return _form(ask, sheet(ask), base)


def _form(
    ask: Ask, found: Sheet, base: str, problems: Mapping[Place, Problem] | None = None, status: int = 200
) -> Response:
    problems = problems or {}
    home = ask.home
    return page(
        ask,
        "taking-in/record.html" if ask.partial else "taking-in/deposit.html",
        status=status,
        sheet=found,
        base=base,
        problems={key: problems.get((*found.loc, key)) for key in _WHOLE},
        said={key: ask.form[key] if key in ask.form else found.shown(key) for key in _WHOLE},
        groups=answers.groups(found.lines(ask, problems)),
        number=len(CONTEXT_BIAS),
        models=models.lying(home),
        protocols={ref: each.title for ref, each in PROTOCOLS.filed(home).items()},
        kinds=KINDS,
        access=ACCESS,
    )


def save(ask: Ask) -> Response:
    """Change the record in place and file it again: what ``archive amend … --file`` does with these values."""
    found = sheet(ask)
    values = found.values(ask)
    try:
        batch = amending.file_amended(ask.home, found.place, values, ask.before.get(found.place))
    except Refused as refused:
        at = _at_fields(found, values, refused)
        if len(at) < len(refused.problems):
            raise
        return _form(ask, found, ask.form["_base"], at, status=422)
    return Response(_outcome(ask, found, batch), media_type="text/html")


def _at_fields(found: Sheet, values: Mapping[Place, Any], refused: Refused) -> dict[Place, Problem]:
    """The problems by the fields they are about."""
    fields = [(*found.loc, key) for key in found.keys]
    fields += [(*found.loc, "context_bias", field.key) for field in CONTEXT_BIAS]
    names = {places.path(loc, {}): loc for loc in fields}
    at = ((names.get(problem.place.partition(" ")[2]), problem) for problem in refused.problems)
    return {loc: problem for loc, problem in at if loc}


def _outcome(ask: Ask, found: Sheet, batch: Any) -> Markup:
    return part(ask, "taking-in/amended.html", sheet=found, told=list(told(batch, typed=False)))


def latest(home: Home) -> list[DepositLine]:
    """What was filed last, the newest first; nothing in a home in which nothing was."""
    try:
        return listing.deposits(home)[: -_LATEST - 1 : -1]
    except Error:
        return []


def like(ask: Ask) -> Response:
    """The answers of a deposit that was filed, to begin another form with; but for silence."""
    folder = named(ask.home, ask.path["number"])
    record = accepted(deposit_record.read(folder.read("deposit.toml"), f"{folder.place}/deposit.toml"))
    said = {field.key: answers.taken_apart(record.context_bias[field.key], field) for field in CONTEXT_BIAS}
    return JSONResponse({key: pair for key, pair in said.items() if any(pair) and pair[0] != UNSAID})
