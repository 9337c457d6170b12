"""Pages that read: all models, one, its plan, its report; the lives of all, what was asked for, what keeping costs."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.responses import Response

from archive.catalogue import listing
from archive.deposits import models, versions
from archive.deposits.deposit import model_folder
from archive.deposits.filed import filed_folders
from archive.deposits.unfiled import unfiled
from archive.desk import documents
from archive.desk.ask import Ask, goto, page
from archive.desk.coding import visible
from archive.desk.models import lives
from archive.desk.models.keys import KINDS
from archive.desk.section import Handler, Waiting
from archive.documents.document import Document
from archive.errors import NotFound, Problem
from archive.home.home import Home
from archive.records.values import PREFERENCE_SCOPES
from archive.research import coverage, drawing, keeping, ledger, plan, planned, report, timeline
from archive.research.life import Timeline
from archive.wording import many


def all_models(ask: Ask) -> Response:
    """Everyone that is described or was interviewed."""
    home = ask.home
    rows = listing.models(home) if home.register.size else []
    drafts = unfiled(home)["model"]
    return page(ask, "models/list.html", rows=rows, drafts=drafts, address=lives.address)


def waiting(ask: Ask) -> Iterator[Waiting]:
    """Preferences that nobody has answered."""
    home = ask.home
    for row in listing.models(home) if home.register.size else []:
        if row.open:
            what = f"{many(row.open, 'preference')} of {row.id} {'is' if row.open == 1 else 'are'} without an answer"
            yield Waiting(what=what, place=f"{lives.address(row.id)}#preferences")


def one(ask: Ask) -> Response:
    """A model: what is known of it, what it asked for."""
    home = ask.home
    due = plan.plan(home, ask.path["id"])
    found = due.life
    return page(
        ask,
        "models/model.html",
        life=found,
        overdue=len(due.of("overdue")),
        due=len(due.of("due")),
        model=found.model,
        drawing=Markup(drawing.svg(Timeline(lives=(found,)), styled=False).decode()),
        facts=list(lives.facts(found.model, found.conflicts)),
        disputes=[(conflict.about, lives.sides(conflict)) for conflict in found.conflicts],
        wishes=lives.wishes(found),
        kinds=KINDS,
        scopes=PREFERENCE_SCOPES,
        at=lives.address(found.model.id),
        drafts=_drafts(home, found.model.id),
        filed=_filed(home, found.model.id) if ask.query["filed"] else "",
        where=ask.query["filed"],
    )


def _filed(home: Home, model: str) -> str:
    """What was filed last of it, as it is said after filing."""
    number = home.accession(_folder(home, model))
    if number is None:
        return ""
    last = versions.history(home, number.number).versions[-1]
    said = "; ".join(last.changes.sentences) if last.number > 1 else "nothing was known of it before"
    return f"Filed as {number.number}, version {last.number}: {said or 'nothing was changed'}."


def of_preference(ask: Ask) -> Response:
    """The model that stated a preference, there: ``M2026-0001/keep-the-corrections``."""
    number, slug = ask.path["number"], ask.path["slug"]
    for row in listing.models(ask.home):
        if row.accession == number:
            return goto(ask, f"{lives.address(row.id)}#{quote(slug)}")
    raise NotFound(f"{number}: expected the accession number of a model, found none of that")


def _drafts(home: Home, model: str) -> list[Problem]:
    """What lies in its folder and is not what was filed."""
    return [each for filed in filed_folders(home, [_folder(home, model)])[0] for each in filed.drafts()]


def _folder(home: Home, model: str) -> Any:
    return home.root / "transcripts" / model_folder(model)


# ── documents ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _document(ask: Ask, document: Document, place: str, command: str, *forms: str, **values: Any) -> Response:
    """What a reading command found, with where it is had as a file."""
    kept = [form for form in forms if form != "svg" or document.drawing is not None]
    about = {"at": "", "model": None, "query": "", "tab": "", "public": False, "left_out": ()} | values
    shown = documents.shown(ask.desk, document, about.pop("ways", None))
    about |= {"document": shown, "sort": document.sort, "place": place, "command": command, "forms": kept}
    return page(ask, "models/document.html", **about)


def the_plan(ask: Ask) -> Response:
    """What is due for a model."""
    found = plan.plan(ask.home, ask.path["id"])
    model = found.life.model
    at, forms = lives.address(model.id), ("html", "md", "ics")
    values = {"at": at, "model": model, "tab": "plan", "ways": dict(_ways(found, at))}
    return _document(ask, planned.document(found), f"{at}/plan", f"archive plan {model.id}", *forms, **values)


def _ways(found: plan.Plan, at: str) -> Iterator[tuple[str, str]]:
    """The commands that it names, as far as the desk does the same."""
    for task in found.tasks:
        match task.found.next.split():
            case ["archive", "new", "answer", wish]:
                yield task.found.next, f"{at}/answers/{wish}"
            case ["archive", "new", "protocol", name]:
                yield task.found.next, f"models/all/protocols?{urlencode({'id': name})}"
            case ["archive", "report", *_]:
                yield task.found.next, f"{at}/report"
            case ["archive", "show", interview, *_]:
                yield task.found.next, f"interviews/{interview}"
            case ["archive", "file", _]:
                yield task.found.next, f"{at}#facts"


def plan_file(ask: Ask) -> Response:
    """What `archive plan` writes with ``--to``."""
    found = plan.plan(ask.home, ask.path["id"])
    if ask.path["form"] == "ics":
        from archive.research import ical  # needs an extra

        return documents.attached(ical.ics(found), "plan.ics", "text/calendar")
    return documents.file(planned.document(found), "plan", ask.path["form"])


def the_report(ask: Ask) -> Response:
    """The post-deployment report; not before somebody who codes blind says so again, for it tells of readings."""
    if asked := _asked(ask):
        return asked
    found = report.report(ask.home, ask.path["id"], public=bool(ask.query["public"]))
    name, public, every = found.held.names[0], bool(ask.query["public"]), bool(ask.query["all"])
    at = lives.address(name)
    values = {"at": at, "model": found.held.model, "tab": "report", "public": public, "left_out": found.held.drafts}
    kept = urlencode({**({"public": 1} if public else {}), **({"all": 1} if every else {})})
    values |= {"query": f"?{kept}" if kept else ""}
    command = f"archive report {name}{' --public' if public else ''}"
    return _document(ask, found.document, f"{at}/report", command, "html", "md", "svg", **values)


def report_file(ask: Ask) -> Response:
    """What `archive report` writes with ``--to``."""
    if asked := _asked(ask):
        return asked
    found = report.report(ask.home, ask.path["id"], public=bool(ask.query["public"]))
    return documents.file(found.document, "report", ask.path["form"])


def _asked(ask: Ask) -> Response | None:
    """The question to whoever codes an interview of the model blind; None where nobody is to be asked."""
    name = ask.path["id"]
    inside = f"{model_folder(models.called(ask.home, name) or '')}/*"
    return _blind(ask, inside, f"Report on {name}", f"{lives.address(name)}", f"{lives.address(name)}/report")


def _blind(ask: Ask, inside: str, title: str, back: str, again: str) -> Response | None:
    """The question to whoever codes one of the deposits `inside` without seeing what others say."""
    noted = (ask.home.root / "transcripts").glob(f"{inside}/notes/{ask.coder}.toml") if not ask.query["all"] else ()
    found = filed_folders(ask.home, [path.parents[1] for path in noted])[0]
    blind = [each.number for each in found if visible.states(each).get(ask.coder) == "coding"]
    values: dict[str, Any] = {"blind": blind, "title": title, "back": back, "again": again}
    return page(ask, "models/blind.html", **values) if blind else None


def life_file(ask: Ask) -> Response:
    """What `archive timeline` writes of one model with ``--to``."""
    return documents.file(timeline.document(timeline.timeline(ask.home, [ask.path["id"]])), "life", ask.path["form"])


_OF_ALL: dict[str, tuple[str, Callable[[Home], Document]]] = {
    "timeline": ("timeline", lambda home: timeline.document(timeline.timeline(home))),
    "preferences": ("ledger", lambda home: ledger.document(ledger.ledger(home))),
    "keeping": ("keeping", lambda home: keeping.document(keeping.upkeep(home))),
    "coverage": ("coverage", lambda home: coverage.document(coverage.coverage(home))),
}
OF_ALL = tuple(_OF_ALL)
"""Word of the address → command, and what it makes."""


def of_all(what: str) -> Handler:
    """The page of what is read out of all models."""
    command, made = _OF_ALL[what]

    def shown(ask: Ask) -> Response:
        if asked := _asked_of_all(ask, what):
            return asked
        kept = {"query": "?all=1" if ask.query["all"] else ""}
        return _document(ask, made(ask.home), f"models/all/{what}", f"archive {command}", "html", "md", "svg", **kept)

    return shown


def of_all_file(what: str) -> Handler:
    """What its command writes with ``--to``."""
    command, made = _OF_ALL[what]
    return lambda ask: _asked_of_all(ask, what) or documents.file(made(ask.home), command, ask.path["form"])


def _asked_of_all(ask: Ask, what: str) -> Response | None:
    """The question to whoever codes blind, of what counts others' notes too."""
    return _blind(ask, "*/*", "What was asked", "models", f"models/all/{what}") if what == "coverage" else None
