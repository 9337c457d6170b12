"""The site: written anew where newer records change it, made again, copied to where readers find it."""

from markupsafe import Markup
from starlette.responses import PlainTextResponse, Response

from archive.desk.ask import Ask, goto, page, part, working
from archive.desk.jobs import Job, problems
from archive.errors import Error, Problem
from archive.home import witnesses
from archive.home.home import Home
from publisher.delivery import deploy as deploying
from publisher.delivery.target import is_folder
from publisher.desk.week.logged import came, since
from publisher.issues import build as building
from publisher.issues import told
from publisher.status import elsewhere
from publisher.verify.follow import own_state

_PATIENCE = 30.0
"""Seconds for all witnesses together, as `publisher cosign` gives them."""


def site(ask: Ask) -> Response:
    """What newer records change, where copies lie, and where to copy it."""
    home = ask.home
    if home.configuration.newsletter is None:
        return goto(ask, "week/setup")
    differing, wrong = _differing(home)
    target = ask.query["to"] or home.configuration.delivery.deploy
    return page(
        ask,
        "week/site.html",
        differing=differing,
        problems=wrong,
        sights=witnesses.sights(home),
        copies=elsewhere.copies(home, own_state()),
        target=target,
        statements=home.register.size,
    )


def publish_site(ask: Ask) -> Response:
    """``publisher publish --site``"""

    def work(job: Job) -> Markup:
        job.say("everything is drawn up")
        home = ask.desk.home()
        size = home.register.size
        done = building.publish_site(home)
        lines, files = list(told.outcome(home, size, done)), [f"site/{name}" for name in done.written]
        return came(ask, lines, files=files, entries=since(home, size), then=[("week/site#copy", "Copy it")])

    return working(ask, ask.desk.start("publish the site", work, ask.form["_once"]))


def build(ask: Ask) -> Response:
    """``publisher build``"""

    def work(job: Job) -> Markup:
        job.say("everything is drawn up")
        done = building.build(ask.desk.home())
        return came(ask, [told.built(done)], files=[f"site/{name}" for name in done.written])

    return working(ask, ask.desk.start("make the site again", work, ask.form["_once"]))


def copy(ask: Ask) -> Response:
    """``publisher deploy``: first what it would do; then, from what that came to, the thing itself."""
    given, dry_run = ask.form["to"].strip(), not ask.form["really"]
    place = _target(ask.home, given)

    def work(job: Job) -> Markup:
        home = ask.desk.home()
        done = deploying.deploy(home, place, dry_run=dry_run, watch=job.count, apart=True)
        files = [*(f"put      {path}" for path in done.put), *(f"removed  {path}" for path in done.removed)]
        lines = [*done.notes, deploying.told(done, dry_run=dry_run)]
        if dry_run and (done.put or done.removed):
            return came(ask, lines, files=files, form=part(ask, "week/copy.html", target=given, really=True))
        kept = given == home.configuration.delivery.deploy
        then = [("week", "The week")]
        then += [] if dry_run or kept else [("week/setup#delivery", "Say that it always goes there")]
        return came(ask, lines, files=files, then=then)

    return working(ask, ask.desk.start(f"{'look at' if dry_run else 'copy to'} {given}", work, ask.form["_once"]))


def cosign(ask: Ask) -> Response:
    """``publisher cosign``"""

    def work(job: Job) -> Markup:
        job.say("each is given half a minute")
        asked = witnesses.ask(ask.desk.home(), _PATIENCE)
        found = witnesses.seen(ask.desk.home(), asked)
        return came(ask, [line for pair in found for line in pair if line])

    return working(ask, ask.desk.start("ask the witnesses", work, ask.form["_once"]))


def server(ask: Ask) -> Response:
    """The configuration of a web server for a folder, to be kept."""
    program = ask.query["program"]
    if program not in ("nginx", "caddy"):
        raise Error(f"--server: expected nginx or caddy, found {program!r}")
    target = _target(ask.home, ask.query["to"].strip())
    name = "Caddyfile" if program == "caddy" else "nginx.conf"
    kept = {"content-disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(deploying.server(ask.home, program, target), headers=kept)


def _target(home: Home, given: str) -> str:
    """As a person named it here, or archive.toml does; a folder is told from the home. Raises `Error` without one."""
    return str(home.root / given) if given and is_folder(given) else given or deploying.configured(home)


def _differing(home: Home) -> tuple[list[str], list[Problem]]:
    """Pages that newer records change; or why nobody can say."""
    try:
        return building.differences(home), []
    except (Error, OSError) as error:
        return [], problems(error)
