"""Forms that say something of a model: that it is there, a fact, what was done about a wish; each is filed at once."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from archive.deposits import amending, batch, model_entry, models, wish_entry
from archive.deposits.deposit import model_folder
from archive.deposits.draft import Options
from archive.desk.ask import Ask, goto, page
from archive.desk.models import lives
from archive.desk.models.keys import ANSWER, KINDS, MODEL, Key, Kind
from archive.errors import Changed, NotFound, Problem, Refused, accepted
from archive.home.home import Home
from archive.records import ai_model, deposit_record
from archive.records.ai_model import AIModel
from archive.records.preference import Answer
from archive.records.typed import text_of, typed
from archive.register import durable


def placed(problems: Sequence[Problem], keys: Sequence[Key]) -> tuple[dict[str, Problem], list[Problem]]:
    """Problems by the field they are about, and those that are about none."""
    names = {key.name for key in keys}
    at: dict[str, Problem] = {}
    others = []
    for problem in problems:
        name = next((word for word in reversed(problem.place.split()) if word in names), None)
        if name is None or name in at:
            others.append(problem)
        else:
            at[name] = problem
    return at, others


About = Mapping[str, Any]
"""What a form says of itself."""
_BLANK = {"lead": "", "place": "", "wish": None, "model": "", "back": "", "then": "", "there": False}


def _form(
    ask: Ask, keys: Sequence[Key], values: Mapping[str, str], about: About, refused: Refused | None = None
) -> Response:
    """The form; sent and refused, with what was typed and what is wrong with it."""
    at, others = placed(refused.problems if refused else (), keys)
    template = "models/saying.html" if refused and ask.partial else "models/form.html"
    shown = {"keys": keys, "values": values, "wrong": at, "problems": others}
    return page(ask, template, status=422 if refused else 200, **{**_BLANK, **about, **shown})


def _typed(ask: Ask, keys: Sequence[Key]) -> dict[str, str]:
    return {key.name: ask.form[key.name] for key in keys}


# ── a model ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_NEW_MODEL = {
    "title": "New model",
    "lead": "It is filed at once, by its id; facts with their sources can be added then.",
    "action": "models/new",
    "key": "new:model",
    "send": "File it",
}


def model_form(ask: Ask) -> Response:
    """To make a model known; its id may be known already, from a log that names it."""
    return _form(ask, MODEL, {"id": ask.query["id"]}, {**_NEW_MODEL, "then": ask.query["back"]})


def new_model(ask: Ask) -> Response:
    """What `archive new model ID --maker … --file` does."""
    said = _typed(ask, MODEL)
    try:
        name = said["id"].strip()
        wrong = [Problem(key, "is blank", "fill it in") for key in ("id", "maker") if not said[key].strip()]
        wrong += [Problem("id", f.found, f.remedy) for f in deposit_record.faults({"model": name}) if name]
        if wrong:
            raise Refused(wrong)
        model_entry.model(
            ask.home,
            name,
            maker=said["maker"].strip(),
            name=said["name"].strip(),
            aliases=[line.strip() for line in said["aliases"].split("\n") if line.strip()],
            file=True,
        )
    except Refused as refused:
        return _form(ask, MODEL, said, {**_NEW_MODEL, "then": ask.form["then"]}, refused)
    return goto(ask, ask.form["then"] or f"{lives.address(name)}?filed=all")


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lying(home: Home, name: str) -> tuple[AIModel, str]:
    """The model as its file says now, and where that lies. Raises `NotFound`, `Refused`."""
    place = f"transcripts/{model_folder(name)}/model.toml"
    if not (home.root / place).is_file():  # it is called by an alias
        place = f"transcripts/{model_folder(models.chosen(models.lying(home), [name])[0].id)}/model.toml"
    return accepted(ai_model.read(durable.content(home.root / place), place)), place


def _kind(ask: Ask) -> tuple[str, Kind]:
    name = ask.path["kind"]
    if name not in KINDS:
        raise NotFound(f"{name}: expected a kind of fact, found none; there are {', '.join(KINDS)}")
    return name, KINDS[name]


def _there(ask: Ask, model: AIModel, name: str, kind: Kind) -> ai_model.Fact | None:
    """The fact that is corrected; None where one is added. Raises `NotFound`."""
    held = [fact for _, fact in ai_model.facts_of(model, [name])]
    number = ask.path.get("number", "0" if kind.single and held else "")
    if not number:
        return None
    if not number.isdecimal() or int(number) >= len(held):
        raise NotFound(f"{model.id} has no such fact any more")
    return held[int(number)]


def _about_fact(ask: Ask, model: AIModel, place: str, kind: Kind, *, there: bool) -> dict[str, Any]:
    """What the form says of itself."""
    address = "/".join(
        [lives.address(model.id), "facts", ask.path["kind"], *filter(None, [ask.path.get("number", "")])]
    )
    return {
        "title": f"{'Correct' if there else 'Add'}: {kind.one}",
        "lead": ""
        if there
        else "What stands there stays, also where it says otherwise: sources that contradict each other are shown so.",
        "action": address,
        "key": address.replace("models/", "fact:", 1),
        "send": "File it",
        "place": place,
        "model": model.name.strip() or model.id,
        "back": lives.address(model.id),
        "there": there,
    }


def fact_form(ask: Ask) -> Response:
    """To add a fact, or to correct one."""
    name, kind = _kind(ask)
    model, place = _lying(ask.home, ask.path["id"])
    there = _there(ask, model, name, kind)
    values = {key.name: text_of(getattr(there, key.name)) for key in kind.keys} if there else {}
    values = values or {"retrieved": str(ask.home.now().date())}
    return _form(ask, kind.keys, values, _about_fact(ask, model, place, kind, there=bool(there)))


def say_fact(ask: Ask) -> Response:
    """What `archive amend …/model.toml "lifecycle[+].state=retired" … --file` does."""
    name, kind = _kind(ask)
    home = ask.home
    model, place = _lying(home, ask.path["id"])
    there, said = _there(ask, model, name, kind), _typed(ask, kind.keys)
    away = bool(there and ask.form["away"])
    try:
        _as_it_was(ask)
        values = {} if away else typed(kind.record, said, name)
        held = ai_model.facts_of(model, [name])
        number = int(ask.path.get("number", len(held)))
        way = (name,) if kind.single else (name, number)
        made = {(*way, key): value for key, value in _changes(there, kind, values).items()}
        batched = amending.file_amended(home, place, {way: None} if away else made, ask.before.get(place))
        _refuse(batched)
    except Refused as refused:
        return _form(ask, kind.keys, said, _about_fact(ask, model, place, kind, there=bool(there)), refused)
    return goto(ask, f"{lives.address(model.id)}?filed={name}#{name}")


def _changes(there: ai_model.Fact | None, kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be written: what does not go without saying; of a fact that is there, what differs."""
    usual = {key.name: kind.record.model_fields[key.name].default for key in kind.keys}
    if there is None:
        return {key: value for key, value in values.items() if value != usual[key]}
    return {
        key.name: values.get(key.name)
        for key in kind.keys
        if values.get(key.name, usual[key.name]) != getattr(there, key.name)
    }


def _as_it_was(ask: Ask) -> None:
    """Raises `Changed` before what was changed is said not to be filed; under the lock it is looked at again."""
    for name, digest in ask.before.items():
        if durable.digest(ask.desk.root / name) != digest:
            raise Changed(name)


def _refuse(done: batch.Batch) -> None:
    if done.problems:
        raise Refused(done.problems)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _about_answer(ask: Ask) -> dict[str, Any]:
    """The preference that is answered. Raises `NotFound`."""
    life = lives.life(ask.home, ask.path["id"])
    found = next((entry for entry in life.wishes if entry.slug == ask.path["slug"]), None)
    if found is None:
        raise NotFound(f"{ask.path['slug']}: {life.model.id} has no preference of that name")
    at = lives.address(life.model.id)
    return {
        "title": "Answer",
        "action": f"{at}/answers/{found.slug}",
        "key": f"answer:{life.model.id}/{found.slug}",
        "send": "File it",
        "place": found.path,
        "model": life.model.name.strip() or life.model.id,
        "back": at,
        "wish": found.wish,
    }


def answer_form(ask: Ask) -> Response:
    """To say what was done about a preference."""
    about = _about_answer(ask)
    by = about["wish"].answers[-1].by if about["wish"].answers else ""
    return _form(ask, ANSWER, {"date": str(ask.home.now().date()), "by": by}, about)


def say_answer(ask: Ask) -> Response:
    """What `archive new answer MODEL/SLUG --status … --file` does."""
    about, said = _about_answer(ask), _typed(ask, ANSWER)
    try:
        _as_it_was(ask)
        values = typed(Answer, said, "answer")
        slug = ask.path["slug"]
        wish_entry.answer(ask.home, f"{about['wish'].model}/{slug}", values, before=ask.before, file=True)
    except Refused as refused:
        return _form(ask, ANSWER, said, about, refused)
    return goto(ask, f"{about['back']}?{urlencode({'filed': slug})}#{slug}")


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def file_folder(ask: Ask) -> Response:
    """What `archive file transcripts/MODEL` does."""
    home = ask.home
    model, place = _lying(home, ask.path["id"])
    _refuse(batch.file_paths(home, [(home.root / place).parent], Options()))
    return goto(ask, f"{lives.address(model.id)}?filed=all")
