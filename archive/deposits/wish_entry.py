"""A preference, or an answer to one, said in one breath."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.deposits import deposit, template
from archive.deposits.entry import Before, Entry, Putting, model_folder, putting
from archive.deposits.quoted import in_full, quoted
from archive.deposits.target import target as target_of
from archive.errors import Error, NotFound, accepted
from archive.home.home import Home
from archive.records import ai_model, filled, preference
from archive.records.kinds import Day
from archive.records.quotation import Quote


def wish(
    home: Home,
    target: str,
    values: Mapping[str, str],
    quotes: Sequence[str] = (),
    *,
    slug: str = "wish",
    before: Before | None = None,
    file: bool = False,
) -> Entry:
    """Put a preference into its model's folder, or further quotes into one that is there, where `values` are none.

    `target` is the model, or the interview the wish was voiced in. `values` are the keys of the file: summary, scope,
    elicitation, proposed_by, expression_rate. Raises `Error`, `NotFound`, `Refused` with all that is wrong.
    """
    name = f"preferences/{template.slug_of(slug)}.toml"
    with putting(home, file=file, before=before) as at:
        folder, model, day, chosen = _voiced(at.home, target, quotes)
        path = folder / name
        if not path.exists():
            return _put(at, folder, name, filled.preference(values, chosen, model=model, day=day).encode())
        place, data = at.home.relative(path), path.read_bytes()
        known = accepted(preference.read(data, place))
        if any(value not in ("", _said(known, key)) for key, value in values.items()):
            raise Error(f"{place} is there already: what it says is changed there")
        new = [quote for quote in chosen if quote not in known.quote]
        return _put(at, folder, name, filled.with_quotes(data, new, "quote", ("answer", 0)) if new else data)


def answer(
    home: Home, target: str, values: Mapping[str, Any], *, before: Before | None = None, file: bool = False
) -> Entry:
    """Put an answer at the end of the preference that goes by this slug, or by ``MODEL/slug``.

    `values` are the keys of an ``[[answer]]``: status, date (today where none is given), by, reason, cost, evidence,
    told_model, model_said. Raises `Error`, `NotFound`, `Refused` with all that is wrong.
    """
    with putting(home, file=file, before=before) as at:
        path = template.preference_file(at.home, target)
        place, data = at.home.relative(path), path.read_bytes()
        known = accepted(preference.read(data, place))
        made = filled.at_end(data, filled.answer(values, day=at.home.now().date()))
        read = preference.read(made, place)
        if not isinstance(read, list) and read.answer[-1] in known.answer:
            made = data
        return _put(at, path.parent.parent, f"preferences/{path.name}", made)


def _said(known: preference.Preference, key: str) -> str:
    value = getattr(known, key, None)
    return "" if value is None else str(value)


def _voiced(home: Home, target: str, quotes: Sequence[str]) -> tuple[Path, str, Day, list[Quote]]:
    """The folder of the model that voiced it, its id, the day, and the words."""
    if folder := template.model_folder(home, target):
        record = folder / "model.toml"
        name = accepted(ai_model.read(record.read_bytes(), home.relative(record))).id
        return folder, name, home.now().date(), [quoted(home, quote) for quote in quotes]
    try:
        place = target_of(home, target)
    except NotFound as error:
        raise NotFound(f"expected a model, or the interview the wish was voiced in: {error}") from None
    setting = template.record_of(place).setting(place.turns[0].interview)
    chosen = [in_full(quoted(home, quote, place), place.filed.number) for quote in quotes]
    folder = home.root / "transcripts" / deposit.model_folder(setting.model)
    return folder, setting.model, setting.date or home.now().date(), chosen


def _put(at: Putting, folder: Path, name: str, data: bytes) -> Entry:
    if not at.file:
        return at.lay(folder, name, {name: data})
    if not (folder / "model.toml").is_file():
        place = at.home.relative(folder)
        raise Error(
            f"{place} has no model.toml yet; `archive new model` writes it, and `archive file {place}` files it"
        )
    return at.put(model_folder(at.home, folder), name, {name: data})
