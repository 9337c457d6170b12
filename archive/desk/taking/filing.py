"""What waits is filed: by the function that ``archive file`` calls, at once or while its page says how far it is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup
from starlette.responses import Response

from archive.deposits import taking
from archive.deposits.batch import Batch, Watch, told
from archive.deposits.draft import Options
from archive.deposits.drafting import Found
from archive.deposits.prefilled import NO_MODEL
from archive.desk import kept
from archive.desk.ask import Ask, part, working
from archive.desk.jobs import Job
from archive.desk.taking import answers
from archive.desk.taking.chosen import Chosen, chosen, unknown_model
from archive.desk.taking.inbox import Inbox, Waiting, total
from archive.desk.taking.seen import Seen, seen
from archive.desk.taking.waiting import named, shown, with_speakers
from archive.errors import Problem, Refused
from archive.records.toml import table

_AT_ONCE = 2 << 20
"""Bytes up to which filing is waited for."""


def file(ask: Ask) -> Response:
    """File all of it, as ``archive file`` does with these options and a file of these answers."""
    waiting = Inbox(ask.desk.kept).some(ask.path["ids"])
    said = chosen(ask)
    found = seen(ask.home, waiting, said.options)
    options = with_speakers(said.options, found)
    given = answers.of_form(ask.form, found.prefilled())
    wrong, problems = answers.faults(given), {**dict(_missing(ask, found, options)), **said.problems}
    if wrong or problems:
        return shown(ask, waiting, Chosen(options, problems), wrong)
    if total(waiting) > _AT_ONCE:
        return _begun(ask, waiting, options, given, len(found.looks))
    try:
        return Response(_file(ask, waiting, options, given), media_type="text/html")
    except Refused as refused:
        return shown(ask, waiting, Chosen(options, {}), refused=refused.problems)


def _missing(ask: Ask, found: Seen, options: Options) -> Iterator[tuple[str, Problem]]:
    """What has to be said before anything of it can be filed, by field."""
    picked = found.of(options)
    if found.parts and not options.only:
        yield "only", Problem("only", "pick the conversations that are to be filed")
    if picked.logs and not (options.model or picked.said("model")):
        yield "model", Problem("model", NO_MODEL, "give the id its maker gives it")
    if unknown := unknown_model(ask.home, picked, options):
        yield "model", Problem("model", f"the model {unknown} is not known here", "make it known first")


def _begun(ask: Ask, waiting: Sequence[Waiting], options: Options, given: Mapping[str, str], number: int) -> Response:
    """The same as a job, over so many deposits; what was typed is kept until it has done its work."""

    def work(job: Job) -> Markup:
        def watch(things: Iterator[Found]) -> Iterator[Found]:
            for done, thing in enumerate(things):
                job.count(done, max(done, number))
                yield thing

        outcome = _file(ask, waiting, options, given, watch)
        kept.forget(ask.desk.kept, ask.form["_form"], ask.form["_tab"])
        return outcome

    answer = working(ask, ask.desk.start(f"file {waiting[0].name}", work, ask.form["_once"]))
    answer.status_code = kept.KEPT if ask.partial else answer.status_code
    return answer


def _file(
    ask: Ask, waiting: Sequence[Waiting], options: Options, given: Mapping[str, str], watch: Watch = iter
) -> Markup:
    """What came of it, once what is filed is out of the inbox. Raises `Refused` where nothing was filed."""
    home = ask.desk.home()
    with home.scratch() as scratch:
        chosen = replace(options, context=_context(scratch, given)) if given else options
        batch = taking.file(home, [path for each in waiting for path in each.paths], chosen, watch)
    problems = named(ask, batch.problems)
    if problems and not batch.filed:
        raise Refused(problems)
    _put_away(ask, waiting, batch, options.only)
    left = Inbox(ask.desk.kept).all()
    return part(
        ask, "taking-in/filed.html", told=list(told(batch, typed=False)), batch=batch, problems=problems, left=left
    )


def _context(scratch: Path, given: Mapping[str, str]) -> Path:
    """The file of answers, as a person writes it."""
    path = scratch / "context.toml"
    path.write_text(f"format = 1\n\n{table('[context_bias]', given)}", encoding="utf-8")
    return path


def _put_away(ask: Ask, waiting: Sequence[Waiting], batch: Batch, only: Collection[str]) -> None:
    """Take out of the inbox what is filed; a file of which something was refused, or not picked, stays whole."""
    inbox, home = Inbox(ask.desk.kept), ask.desk.home()
    for each in waiting:
        looks = seen(home, [each], Options()).looks if batch.problems or only else ()
        if all(look.filed or look.passed for look in looks):
            inbox.away(each)
