"""Publishing a week, and explaining one without an issue: what `publisher publish` and `publisher skip` do."""

from markupsafe import Markup
from starlette.responses import Response

from archive.desk.ask import Ask, part, working
from archive.desk.jobs import Job
from archive.errors import Error
from publisher.desk.week.answered import answered
from publisher.desk.week.logged import came, since
from publisher.issues import told
from publisher.issues.publish import publish
from publisher.issues.skip import skip
from publisher.week import Week, between


def publish_week(ask: Ask) -> Response:
    """First what it would do; then, from what that came to, the thing itself: these essays, in this order."""
    week, slugs, dry_run = Week.parse(ask.path["week"]), ask.form.every("essay"), not ask.form["really"]

    def work(job: Job) -> Markup:
        job.say("everything is drawn up" if dry_run else "everything is drawn up, logged, put in place")
        home = ask.desk.home()
        size = home.register.size
        done = publish(home, week, slugs=slugs, dry_run=dry_run)
        lines = list(told.outcome(home, size, done, dry_run=dry_run))
        files = [f"site/{name}" for name in done.written]
        if dry_run and done.new:
            form = part(ask, "week/publish.html", week=week, slugs=done.essays, really=True)
            return came(ask, lines, files=files, form=form)
        then = [(f"week/{week}", f"{week} as it is out"), ("week/site#copy", "Copy the site to its readers")]
        return came(ask, lines, files=files, entries=since(home, size), then=then, done=True)

    return working(ask, ask.desk.start(f"{'look at' if dry_run else 'publish'} {week}", work, ask.form["_once"]))


def skip_weeks(ask: Ask) -> Response:
    """A week, or all to a later one, with a reason of the list or in words."""
    first, last = Week.parse(ask.path["week"]), ask.form["until"].strip()
    weeks = between(first, Week.parse(last)) if last else [first]
    if not weeks:
        raise Error(f"{first}..{last}: expected the earlier week first")
    if ask.form["reason"] and ask.form["words"].strip():
        raise Error("--reason: expected one of the list or words of your own, found both")
    home = ask.home
    size = home.register.size
    explained = skip(home, weeks, ask.form["reason"] or ask.form["words"].strip())
    lines = [f"{week}  explained" for week in explained] or ["explained already; nothing changed"]
    made = came(ask, lines, entries=since(home, size), then=[("week", "The week")], done=True)
    return answered(ask, f"Explain {first}", made)
