"""The pages about models: who each is, what became of it, what it asked for and what was done, and what it wrote.

They are made of the records in the reading room and of what is told of essays; a model of which nothing is recorded has
a page all the same once it was interviewed in public or wrote what was published.
"""

from collections.abc import Iterable
from functools import partial

from markupsafe import Markup

from archive.deposits.deposit import model_folder
from archive.documents.html import fragment
from archive.records.ai_model import AIModel
from archive.records.preference import Answer, Preference
from archive.records.values import COSTS, PREFERENCE_SCOPES
from archive.research import drawing, ledger, report, stocktaking
from archive.research.holdings import Holdings, Stand
from archive.research.ledger import Entry, Essay, Ledger
from archive.research.life import Event, Life, Timeline, by_day, by_surface, life_of, short
from archive.research.material import Material
from archive.wording import plainly
from publisher.site.held import Held, interviews, turn_page
from publisher.site.linked import linked
from publisher.site.page import fill
from publisher.site.plan import Plan, Planned, named
from publisher.site.site import Site
from publisher.site.works import Work, in_ledger, works

SHOWN = 50
"""Essays that a model's page names; the others are found by year."""


def plan(site: Site) -> Plan:
    """A page for each model, its report where there are records of it, and the page of all."""
    known = known_models(site)
    yield "models/index.html", Planned(named(*(_inputs(site, m) for m in known)), partial(_index, site, known))
    for model in known:
        yield site.page_of(model), Planned(named(_inputs(site, model)), partial(_page, site, model))
        if model in site.room.models:
            yield _report_path(model), Planned(named(*_recorded(site, model)), partial(_report, site, model))


def known_models(site: Site) -> list[str]:
    """Every model that has a page, by its id: in the order of names."""
    spoke = {site.id_of(each.setting.model) for each in interviews(site)}
    return sorted({*site.room.models, *site.authors, *spoke}, key=lambda model: (site.name_of(model).casefold(), model))


def _inputs(site: Site, model: str) -> str:
    """What a model's page is made from, by names."""
    told = {str(quote.interview).split("/")[0] for wish in _wishes(site, model) for quote in wish.quote}
    told |= {each.number for each in interviews(site) if site.id_of(each.setting.model) == model}
    asking = [shown.name for shown in site.room.protocols.values()]
    gone = [each.name for each in site.withdrawn.values()]
    deposits = site.room.names(told)
    return " ".join([site.known(model), *deposits, *asking, *site.authors.get(model, ()), *gone])


def _wishes(site: Site, model: str) -> Iterable[Preference]:
    return site.room.wishes.get(model, {}).values()


def _recorded(site: Site, model: str) -> list[str]:
    """What its report is made from: any deposit may tell of it, or be named in it. Of its essays it says nothing."""
    room = site.room
    guides = [each.name for each in (*room.protocols.values(), *room.codebooks.values())]
    return [site.known(model), *room.names(room.deposits), *guides]


def _report_path(model: str) -> str:
    return f"models/{model_folder(model)}/report.html"


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _index(site: Site, known: list[str]) -> bytes:
    rows = [
        {
            "model": model,
            "facts": site.room.facts.get(model),
            "essays": len(site.authors.get(model, ())),
            "interviews": sum(site.id_of(each.setting.model) == model for each in interviews(site)),
            "open": sum(not wish.answers for wish in site.room.wishes.get(model, {}).values()),
        }
        for model in known
    ]
    return fill(site, "models/index.html", "models.html", rows=rows)


def _page(site: Site, model: str) -> bytes:
    own = [each for each in interviews(site) if site.id_of(each.setting.model) == model]
    written = list(works(site, model))
    facts = site.room.facts.get(model)
    life = _life(site, facts, own, written) if facts else None
    values: dict[str, object] = {
        "model": model,
        "facts": facts,
        "life": life,
        "timeline": Markup(drawing.svg(Timeline(lives=(life,)), styled=False).decode()) if life else "",
        "access": by_surface(facts) if facts else (),
        "replacements": by_day(facts) if facts else (),
        "wishes": _by_answer(life.wishes) if life else (),
        "interviews": own,
        "essays": written[::-1][:SHOWN],
        "more": max(0, len(written) - SHOWN),
        "report": model in site.room.models,
        "costs": COSTS,
        "scopes": PREFERENCE_SCOPES,
        "evidence": _evidence,
        "said_of": short,
        "turn_page": partial(turn_page, site),
        "shown": site.room.models.get(model),
    }
    return fill(site, site.page_of(model), "model.html", **values)


def _evidence(answer: Answer) -> list[str]:
    """Where what was done can be seen, but for the series, which are told by themselves."""
    return [each for each in answer.evidence if not each.startswith("series:")]


def _by_answer(wishes: tuple[Entry, ...]) -> list[Entry]:
    """Open ones first, then those of which something is still to be decided."""
    groups = ("open", "undecided", "decided")
    return sorted(wishes, key=lambda entry: groups.index(entry.group))


def _life(site: Site, facts: AIModel, own: list[Held], written: list[Work]) -> Life:
    asked: dict[str, list[Event]] = {facts.id: []}
    for each in own:
        what = f"interview {each.address}, {plainly(each.setting.kind)}"
        asked[facts.id].append(Event(kind="interview", day=each.setting.date, what=what))
    essays = in_ledger(written, facts.id)
    return life_of(facts, Ledger(entries=_entries(site, facts.id, essays), essays=essays), asked)


def _entries(site: Site, model: str, essays: tuple[Essay, ...]) -> tuple[Entry, ...]:
    folder = f"models/{model_folder(model)}/preferences"
    wishes = [(slug, f"{folder}/{slug}.toml", wish) for slug, wish in site.room.wishes[model].items()]
    return tuple(ledger.entries(wishes, essays))


def _report(site: Site, model: str) -> bytes:
    made = report.of(_holdings(site, site.room.facts[model]))
    body = Markup(linked(site, fragment(report.document(made)), "../../"))
    return fill(site, _report_path(model), "report.html", model=model, body=body)


def _holdings(site: Site, facts: AIModel) -> Holdings:
    room = site.room
    material = Material(
        deposits=tuple(each.filed for number, each in room.deposits.items() if room.access(number) == "public"),
        models=tuple(each.filed for each in room.models.values()),
        protocols=room.asking,
        codebooks=room.coding,
        essays=(),
    )
    told = (room.models[facts.id], *room.deposits.values())
    newest = max((each.logged for each in told), key=lambda logged: logged.index)
    stand = Stand(
        archive=site.name, sample=site.sample, origin=site.origin, size=newest.index + 1, root="", time=newest.time
    )
    names = (facts.id, *facts.aliases)
    return stocktaking.shown(material, names, stand)
