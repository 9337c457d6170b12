"""An issue's mail: what became of it, a test to somebody who looks at it first, sending it to its list, once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from starlette.responses import Response

from archive.desk.ask import Ask, working
from archive.desk.jobs import Job, problems
from archive.errors import Error, Problem
from publisher.delivery import send as sending
from publisher.delivery.send import Letter
from publisher.delivery.server import password
from publisher.desk.week.logged import came, since
from publisher.issues.sent import HandOver, hand_overs
from publisher.week import Week


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """What there is to know before a mail is sent."""

    letter: Letter | None
    """None where something is missing."""
    line: str = ""
    """``2026-W48  would send  letters@lists.example.org  by smtp.example.org:465``"""
    problems: Sequence[Problem] = ()
    """Why it could not be sent."""
    history: Sequence[HandOver] = field(default_factory=list)
    secret: str = ""
    """Whose password somebody must type; empty where none is needed, or this machine has it."""


def mailing(ask: Ask, week: Week) -> Mailing:
    """Of a week with an issue."""
    history = hand_overs(ask.home, str(week))
    try:
        letter = sending.letter(ask.home, week)
        line = letter.line(sending.coming(ask.home, letter))
        return Mailing(letter=letter, line=line, history=history, secret=_secret(letter))
    except Error as error:
        return Mailing(letter=None, problems=problems(error), history=history)


def test(ask: Ask) -> Response:
    """The very same bytes, to one address; nothing is logged."""
    week, to = Week.parse(ask.path["week"]), ask.form["to"].strip()
    if not to:
        raise Error("--test: expected an address, found an empty one")
    letter = sending.letter(ask.home, week, to, password=ask.form["password"])

    def work(job: Job) -> Markup:
        job.say(letter.server.place)
        answer = sending.test(letter)
        return came(ask, [letter.line("test"), f"{letter.path}: {letter.size}", sending.told(answer)])

    return working(ask, ask.desk.start(f"test {week}", work, ask.form["_once"]))


def send(ask: Ask) -> Response:
    """To the list; again only over the hand-over that the person saw."""
    week, again, unseen = Week.parse(ask.path["week"]), bool(ask.form["again"]), bool(ask.form["unseen"])
    after = int(ask.form["after"]) if ask.form["after"].isdecimal() else None
    letter = sending.letter(ask.home, week, password=ask.form["password"])

    def work(job: Job) -> Markup:
        job.say(letter.server.place)
        home = ask.desk.home()
        size = home.register.size
        done = sending.send(home, letter, again=again, unseen=unseen, after=after)
        notes = [f"note: {warning}" for warning in done.warnings]
        lines = [done.line, f"{letter.path}: {letter.size}", *notes, done.sentence]
        return came(ask, lines, entries=since(home, size), then=[(f"week/{week}", f"{week} as it is now")], done=True)

    return working(ask, ask.desk.start(f"send {week}", work, ask.form["_once"]))


def _secret(letter: Letter) -> str:
    user = letter.server.user
    return user if user and password(letter.server.host, user) is None else ""
