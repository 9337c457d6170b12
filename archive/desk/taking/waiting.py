"""What waits to be filed: dropped, looked at, filled in, filed or put away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.responses import Response

from archive.deposits import models, taking
from archive.deposits.batch import Batch, told
from archive.deposits.draft import Options
from archive.deposits.prefilled import NO_MODEL
from archive.deposits.shelf import PROTOCOLS
from archive.desk import kept
from archive.desk.ask import Ask, goto, page
from archive.desk.taking import answers, filed
from archive.desk.taking.answers import Line
from archive.desk.taking.chosen import Chosen, as_typed, chosen, unknown_model
from archive.desk.taking.inbox import Inbox, Waiting
from archive.desk.taking.seen import Seen, seen
from archive.errors import NotFound, Problem
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.values import ACCESS, KINDS


def drop(ask: Ask) -> Response:
    """Take a file in. The answer is where its form stands."""
    assert ask.upload
    came = Inbox(ask.desk.kept).put(ask.path["name"], ask.upload)
    return Response(f"taking-in/waiting/{came.id}", media_type="text/plain")


def drop_in(ask: Ask) -> Response:
    """Take in a file of a folder."""
    assert ask.upload
    Inbox(ask.desk.kept).put_in(ask.path["token"], ask.path["name"], ask.upload)
    return Response(status_code=204)


def dropped(ask: Ask) -> Response:
    """All of a folder has come. The answer is where its form stands."""
    return Response(f"taking-in/waiting/{Inbox(ask.desk.kept).whole(ask.path['token']).id}", media_type="text/plain")


def first(ask: Ask) -> Response:
    """Everything that waits, and what was filed last."""
    waiting = Inbox(ask.desk.kept).all()
    return page(ask, "taking-in/waiting.html", waiting=waiting, latest=filed.latest(ask.home))


def row(ask: Ask) -> Response:
    """What there is in one that waits, at a glance."""
    (each, *_) = Inbox(ask.desk.kept).some(ask.path["ids"])
    return page(ask, "taking-in/row.html", seen=seen(ask.home, [each], Options()))


def some(ask: Ask) -> Response:
    """Leads to the form for those that were picked."""
    ids = ask.query.every("id")
    return goto(ask, f"taking-in/waiting/{'+'.join(ids)}" if ids else "taking-in")


def put_away(ask: Ask) -> Response:
    inbox = Inbox(ask.desk.kept)
    for each in inbox.some(ask.path["ids"]):
        inbox.away(each)
    return goto(ask, "taking-in")


def form(ask: Ask) -> Response:
    """The form for what is filed together."""
    waiting = Inbox(ask.desk.kept).some(ask.path["ids"])
    return shown(ask, waiting, Chosen(Options(), {}))


def shown(
    ask: Ask,
    waiting: Sequence[Waiting],
    options: Chosen,
    wrong: Mapping[str, Problem] | None = None,
    refused: Sequence[Problem] = (),
) -> Response:
    """The form for these, with what was sent in it and what is wrong with that."""
    home = ask.home
    found = seen(home, waiting, options.options)
    return page(
        ask,
        "taking-in/take.html" if ask.partial else "taking-in/form.html",
        status=422 if options.problems or wrong or refused else 200,
        refused=refused,
        ids="+".join(each.id for each in waiting),
        waiting=waiting,
        seen=found,
        problems=options.problems,
        groups=answers.groups(_lines(ask, found, wrong or {})),
        number=len(CONTEXT_BIAS),
        models=models.lying(home),
        protocols={ref: each.title for ref, each in PROTOCOLS.filed(home).items()},
        kinds=KINDS,
        access=ACCESS,
        latest=filed.latest(home),
    )


def _lines(ask: Ask, found: Seen, wrong: Mapping[str, Problem]) -> list[Line]:
    """Each field: as it was sent, else as the log has it."""
    own = found.prefilled()
    lines = []
    for field in CONTEXT_BIAS:
        source = f"the log, read as {found.sources()}" if field.key in own else ""
        value, words = answers.taken_apart(own.get(field.key, ""), field)
        if f"c.{field.key}.words" in ask.form:
            value, words = ask.form[f"c.{field.key}.value"], ask.form[f"c.{field.key}.words"]
        differs = len(found.answers(field.key))
        lines.append(Line(field, value, words, source, wrong.get(field.key), differs if differs > 1 else 0))
    return lines


def rehearse(ask: Ask) -> Response:
    """What was read, and what filing it would come to, with the options as they are chosen now."""
    try:
        waiting = Inbox(ask.desk.kept).some(ask.path["ids"])
    except NotFound:  # filed or put away while this was under way
        return Response(status_code=204)
    said = chosen(ask)
    found = seen(ask.home, waiting, said.options)
    options = with_speakers(said.options, found)
    paths = [path for each in waiting for path in each.paths]
    picked = found.of(options)
    unpicked = bool(found.parts and not options.only)
    batch = Batch(filed=(), problems=()) if unpicked else taking.rehearse(ask.home, paths, options)
    unknown = unknown_model(ask.home, picked, options)
    return page(
        ask,
        "taking-in/seen.html",
        status=kept.KEPT,
        seen=picked,
        unpicked=unpicked,
        batch=batch,
        told=list(told(batch, typed=False)),
        problems=named(ask, batch.problems, NO_MODEL, f"the model {unknown} is not known here"),
        unknown=unknown,
        unsaid=any(problem.found == NO_MODEL for problem in batch.problems),
        typed=as_typed(options, found.speakers, [path.name for path in paths]),
    )


def with_speakers(options: Options, found: Seen) -> Options:
    """With those as which it was read, where nobody said who speaks."""
    return replace(options, speakers=found.speakers) if found.speakers else options


def named(ask: Ask, problems: Sequence[Problem], *told: str) -> list[Problem]:
    """Problems that name files as they were called when they came; but for those that are `told` elsewhere."""
    inbox = f"{Inbox(ask.desk.kept).folder}/"
    named = (replace(each, place=_plain(each.place, inbox), found=_plain(each.found, inbox)) for each in problems)
    return [each for each in named if each.found not in told]


def _plain(text: str, inbox: str) -> str:
    before, found, after = text.partition(inbox)
    return before + after.partition("/")[2] if found else text
