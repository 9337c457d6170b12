"""Sending an issue to its list, once.

::

    1  connect, sign in, say from whom and to whom    whatever fails here, nothing was logged and nothing handed over
    2  a notice `sent` is logged, under the lock      who comes second finds it there and hands nothing over;
                                                      the witnesses are asked: one that knows more ends it here
    3  the frozen bytes are handed over               ended here, nobody knows: not confirmed
    4  the server's answer is noted                   250: sent; 4xx, 5xx: refused, and delivered to nobody

What is not confirmed is never handed over again unless an editor says so, what was refused is; either logs a further
notice first. So the register counts every hand-over that may have reached somebody, and never one less.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.utils import parseaddr

from archive.errors import Error, NotFound, Problem, Refused
from archive.home import witnesses
from archive.home.change import Change
from archive.home.configuration import BARE_ADDRESS
from archive.home.home import Home
from archive.register import statement, sums
from archive.register.statement import encode_time
from publisher.delivery import readers
from publisher.delivery.server import Server, deliver, envelope, hand_over, session
from publisher.essays.submission import read_file
from publisher.issues.frozen import listing
from publisher.issues.sent import Answer, HandOver, answered, last
from publisher.issues.source import newsletter, of_home
from publisher.issues.statements import issued
from publisher.site.cut import bodies
from publisher.site.mail import html_size_problem
from publisher.week import Week

_FRESH = dt.timedelta(days=7)
"""How old an issue may be that is sent without being named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A frozen mail, and its way."""

    week: str
    issue: int
    """Its issue's entry in the register."""
    eml: bytes
    server: Server
    sender: str
    to: str

    @property
    def path(self) -> str:
        return f"issues/{self.week}/issue.eml"

    @property
    def size(self) -> str:
        """What it weighs, and what of that Gmail looks at."""
        html = len(b"".join(bodies(self.eml, "text/html")))
        return f"{len(self.eml):,} bytes; its HTML part has {html:,}, and Gmail shows about 102,000"

    def line(self, what: str) -> str:
        """``2026-W48  sent  letters@lists.example.org  by smtp.example.org:465``"""
        return f"{self.week}  {what}  {self.to}  by {self.server.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a run did."""

    letter: Letter
    last: HandOver
    """The newest hand-over of that week's mail."""
    new: bool = True
    """False where it had been sent already."""
    warnings: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """``2026-W48  sent already  letters@lists.example.org  by smtp.example.org:465``"""
        return self.letter.line("sent" if self.new else "sent already")

    @property
    def sentence(self) -> str:
        """What came of it, for people."""
        return self.last.sentence if self.new else f"{self.last.sentence}; nothing changed"


def letter(home: Home, week: Week | None = None, to: str | None = None, *, password: str = "") -> Letter:
    """The mail of a week, of the newest issue unless told, to the list unless told; with a `password` somebody typed.

    Raises `Refused` with all that is missing in archive.toml, `NotFound`, or `Error` where the bytes are not as logged.
    """
    delivery, sender = home.configuration.delivery, parseaddr(newsletter(home).sender)[1]
    missing = [] if delivery.smtp else [_missing("smtp", 'smtp = "smtps://letters@smtp.example.org"')]
    missing += [] if to or delivery.to else [_missing("to", 'to = "letters@lists.example.org"')]
    if not delivery.smtp or missing:
        raise Refused(missing)
    if to and not re.fullmatch(BARE_ADDRESS, to):
        raise Error(f"--test: expected a bare address such as list@example.org, found {to!r}")
    if to and delivery.to and to.casefold() == delivery.to.casefold():
        raise Error(f"--test: {to} is the list itself; without --test it is sent there once")
    known = issued(home.register)
    name = str(week) if week else _newest(home, known)
    if name not in known:
        raise NotFound(f"{name}: expected a week with an issue, found none; the newest is {max(known, default='none')}")
    return Letter(
        week=name,
        issue=known[name],
        eml=_frozen(home, name, known[name]),
        server=replace(Server.parse(delivery.smtp), typed=password),
        sender=sender,
        to=to or str(delivery.to),
    )


def send(home: Home, mail: Letter, *, again: bool = False, unseen: bool = False, after: int | None = None) -> Sent:
    """Hand a mail to its list, once, or `again` where an editor says so.

    `after` is the entry of the hand-over that they knew of: over a later one nothing is handed over. `unseen`: though
    nobody at the newsletter's address says whether this home is the newest copy of itself. Raises `Error` where it is
    not sent, saying whether somebody may have it.
    """
    before = last(home, mail.week)
    if before and before.state == "sent" and not again:
        return Sent(letter=mail, last=before, new=False)
    _refuse(before, again)
    warnings = [*_warnings(home, mail, unseen)]
    with session(mail.server) as smtp:
        envelope(smtp, mail.sender, mail.to, len(mail.eml))
        index = _log(home, mail, again, after)
        _witnessed(home)
        answer = hand_over(smtp, mail.to, mail.eml)
        done = _noted(home, mail.week, index, answer)
    if done.state == "refused":
        raise Error(f"{done.sentence}; nobody has it: publisher send {mail.week} tries again")
    if done.state != "sent":
        raise Error(f"{answer.said}; {_doubt(done)}")
    return Sent(letter=mail, last=done, warnings=tuple(warnings))


def coming(home: Home, mail: Letter, *, again: bool = False) -> str:
    """What a dry run says would come of it: ``would send``."""
    before = None if again else last(home, mail.week)
    return {"sent": "sent already", "not confirmed": "not confirmed"}.get(before.state if before else "", "would send")


def test(mail: Letter) -> Answer:
    """Send the very same bytes to somebody who looks at them first; nothing is logged. Raises `Error`."""
    return deliver(mail.server, mail.sender, mail.to, mail.eml)


def told(answer: Answer) -> str:
    """What is said of a test."""
    return f"{answer.code} {answer.said}; nothing was logged, and the list has nothing"


def _missing(key: str, example: str) -> Problem:
    return Problem(f"archive.toml [delivery] {key}", "expected one, found none", f"add it: {example}")


def _newest(home: Home, known: dict[str, int]) -> str:
    """The newest issue, as long as it is new: a program that was away for long sends nothing by itself."""
    if not known:
        raise Error("nothing was published yet: `publisher publish` makes the first issue")
    week = max(known)
    done = last(home, week)
    if (not done or done.state != "sent") and home.now() - home.register.statement(known[week]).time > _FRESH:
        raise Error(f"{week}, the newest issue, is more than a week old; name it to send it: publisher send {week}")
    return week


def _frozen(home: Home, week: str, index: int) -> bytes:
    """The mail as it was frozen. Raises `Error`."""
    source, name = of_home(home, {}), f"issues/{week}/issue.eml"
    if name in source.withdrawn:
        raise Error(f"{week}: its mail was withdrawn with an essay in it; there is nothing to send")
    expected = listing(source, home.register.statement(index))[name]
    eml = read_file(source.frozen(week) / name)
    if sums.digest(eml) != expected:
        place = source.place.format(week) + name
        raise Refused([Problem(place, "is not what was frozen", "bring it back from a copy")])
    return eml


def _refuse(before: HandOver | None, again: bool) -> None:
    """Raises `Error` where a mail was handed over and may be with the list."""
    if not before or again or before.state == "refused":
        return
    raise Error(f"{before.sentence}; --again sends it once more" if before.state == "sent" else _doubt(before))


def _doubt(done: HandOver) -> str:
    return f"{done.sentence}. Ask the list or its server; only if it has not: publisher send {done.week} --again"


def _warnings(home: Home, mail: Letter, unseen: bool) -> Iterator[str]:
    """What an editor should know. Raises `Error` where this home may not be the newest copy of itself."""
    try:
        if readers.size(home) <= mail.issue:
            yield f"{newsletter(home).base_url} does not show {mail.week} yet, and the mail leads there"
    except readers.OlderCopy:
        raise
    except Error as error:
        if not unseen:
            remedy = "put the site there first, the mail leads to it; or, if this is no restored backup: --unseen"
            raise Error(f"{error}; so nobody says whether {mail.week} was sent from a newer copy; {remedy}") from None
        yield f"{error}; so nobody said whether {mail.week} was sent from a newer copy of this archive"
    if size := html_size_problem(mail.eml):
        yield str(size)


def _log(home: Home, mail: Letter, again: bool, after: int | None) -> int:
    """Log that it is handed over now; the notice's entry. Raises `Error` where somebody else was first."""
    with home.writing() as writer:
        before = last(writer.home, mail.week)
        _refuse(before, again and (after is None or before is None or before.index == after))
        reason = "first" if not before else "refused" if before.state == "refused" else "again"
        subjects = {mail.path: sums.digest(mail.eml)}
        notice = statement.notice("sent", subjects, reason=reason, week=mail.week, time=writer.now())
        writer.commit(Change(leaves=[notice.encode()]))
        return writer.home.register.size - 1


def _witnessed(home: Home) -> None:
    """Have the witnesses see the notice before anybody has the mail.

    Raises `OlderCopy` where one has seen what is not here: the mail may have been sent from a newer copy of this home.
    """
    if not home.configuration.witness:
        return
    for asked in witnesses.ask(home):
        if asked.contradicts:
            raise readers.OlderCopy(f"nothing was handed over: the witness {asked.name} {asked.problem}")


def _noted(home: Home, week: str, index: int, answer: Answer) -> HandOver:
    """The hand-over with its answer, noted. Raises `Error` where that cannot be noted, saying what the answer was."""
    try:
        with home.writing() as writer:
            writer.commit(answered(writer.home, index, answer))
    except (Error, OSError) as error:
        said = f"{week}: the server answered {answer.code} {answer.said}, and that could not be noted: {error}"
        raise Error(f"{said}; it counts as not confirmed") from None
    return HandOver(week, index, encode_time(home.reopened().register.statement(index).time), answer)
