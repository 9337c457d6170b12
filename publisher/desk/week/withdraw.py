"""Taking down what was published, as `publisher withdraw` does."""

from starlette.responses import Response

from archive.desk.ask import Ask, page
from archive.errors import Error, NotFound, Problem
from publisher.desk.week.answered import answered
from publisher.desk.week.logged import came, since
from publisher.issues import withdraw as withdrawing
from publisher.issues.frozen import slugs
from publisher.issues.source import of_home
from publisher.issues.statements import issued


def form(ask: Ask) -> Response:
    """Which text, why, and what readers are told instead."""
    return _form(ask, None, 200)


def withdraw(ask: Ask) -> Response:
    """Take it down."""
    home, reason, words = ask.home, ask.form["reason"], ask.form["words"]
    size = home.register.size
    if not ask.form["sure"]:
        return _form(ask, Problem("sure", "expected a yes, found none"), 422)
    try:
        done = withdrawing.withdraw(home, ask.path["slug"], reason, words)
    except NotFound:
        raise
    except Error as error:
        place, _, found = str(error).partition(": ")
        if place in ("--reason", "--words"):
            return _form(ask, Problem(place.removeprefix("--"), found), 422)
        raise
    lines = [done.line, *withdrawing.told(done, reason)]
    then = [("week/site#copy", "Copy the site to its readers"), (f"week/{done.week}", f"{done.week} as it is now")]
    files = [f"site/{name}" for name in done.written]
    made = came(ask, lines, files=files, kept=done.kept, entries=since(home, size), then=then)
    return answered(ask, f"Withdraw {done.slug}", made)


def _form(ask: Ask, problem: Problem | None, status: int) -> Response:
    slug, week = ask.path["slug"], _week(ask, ask.path["slug"])
    reasons = {code: words or "in your own words, below" for code, words in withdrawing.REASONS.items()}
    template = "week/withdraw-form.html" if ask.partial else "week/withdraw.html"
    return page(ask, template, status=status, slug=slug, week=week, reasons=reasons, problem=problem)


def _week(ask: Ask, slug: str) -> str:
    """In which it was published. Raises `NotFound`."""
    source = of_home(ask.home, {})
    for week, index in issued(source.register).items():
        if slug in slugs(source, source.register.statement(index)).values():
            return week
    raise NotFound(f"{slug}: expected the slug of a published essay, found none")
