"""Publishing a week, and building the site again: logged = reviewed = rendered, or stop with every reason at once."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from archive.characters import carried
from archive.errors import Error, Problem, Refused
from archive.home.change import Change
from archive.home.configuration import WEEKDAYS, Newsletter
from archive.home.home import Home, Writer
from archive.records.sidecar import toml
from archive.register import durable, statement, sums
from archive.register.register import Register
from publisher.essays.essay import PublishedEssay
from publisher.essays.render import RENDERER, article
from publisher.essays.submission import Submission, find, read_all, signature_problems
from publisher.essays.words import lines, visible
from publisher.issues.records import (
    LIST,
    clock,
    files,
    frozen_folder,
    is_live,
    issue_list,
    newsletter,
    published,
    read,
)
from publisher.site import mail
from publisher.site.site import Files, Issue, Site
from publisher.week import Week, between

REASONS = {
    "nothing-submitted": "Nothing was submitted.",
    "nothing-approved": "Nothing that was submitted was approved in time.",
    "holiday": "The editors were away.",
    "technical": "Something broke.",
    "not-started": "The newsletter had not started yet.",
    "other": "",
}
"""Why a week had no issue: the code that is logged, and the words that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run did."""

    week: Week | None
    essays: tuple[str, ...] = ()
    """Slugs, in order."""
    written: tuple[str, ...] = ()
    """Site paths that were written or taken away."""
    warnings: tuple[str, ...] = ()
    new: bool = True
    """False when there was nothing to do."""


def this_week(letter: Newsletter, now: dt.datetime) -> Week:
    """The week it is where the newsletter is made."""
    return Week.of(now.astimezone(ZoneInfo(letter.timezone)).date())


def due(letter: Newsletter, now: dt.datetime) -> bool:
    """Whether this week is promised, and its day of publishing has come."""
    come = now.astimezone(ZoneInfo(letter.timezone)).weekday() >= WEEKDAYS.index(letter.weekday)
    return come and promised(letter, this_week(letter, now))


def promised(letter: Newsletter, week: Week) -> bool:
    """Whether a week lies in ``[newsletter.run]``; every week does where no end is said."""
    run = letter.run
    early = run.since is not None and week < Week.parse(run.since)
    late = run.until is not None and week > Week.parse(run.until)
    return not early and not late


def is_due(home: Home) -> bool:
    """Whether this week's day of publishing has come. Raises `Refused` without a newsletter."""
    return due(newsletter(home), home.now())


def publish(home: Home, week: Week | None = None, *, slugs: Sequence[str] = (), dry_run: bool = False) -> Outcome:
    """Publish a week, this one unless told. Raises `Refused` with every reason against it; then nothing has changed."""
    with home.writing() as writer:
        now = writer.now()  # 1. the time
        note = writer.home.register.note  # 2. the checkpoint that the proofs stand under
        letter = newsletter(writer.home)
        week = week or this_week(letter, now)
        issued = published_in(writer.home.register)
        if str(week) in issued:
            return Outcome(week=week, essays=issued[str(week)], new=False)
        problems = [*writer.home.signers.problems]
        problems += week_problems(writer.home, letter, week, this_week(letter, now))
        chosen, refused = _choose(writer.home, letter, slugs)
        if problems or refused:
            raise Refused([*problems, *refused])
        essays = tuple(_freeze(writer.home, submission, note) for submission in chosen)  # 3. their proofs
        site, issue = _compose(writer.home, week, now, essays)  # 4. everything is rendered
        staged = files(site)  # 5. with its lists
        names = tuple(essay.slug for essay in essays)
        size = mail.html_size_problem(issue.frozen[f"issues/{week}/issue.eml"])
        warnings = (str(size),) if size else ()
        if dry_run:
            return Outcome(week=week, essays=names, written=tuple(_changed(home.site, staged)), warnings=warnings)
        leaf = statement.issue(
            str(week),
            sums.digest(issue_list(issue)),
            sums.digest(staged[LIST]),
            essays=[essay.accession for essay in essays],
            renderer=RENDERER,
            time=now,
        ).encode()
        kept = f".archive/issues/{week}/"
        listed = f"issues/{week}/{LIST}"
        frozen = {kept + name: data for name, data in issue.frozen.items()} | {kept + listed: staged[listed]}
        proofs = [f"site/{LIST}.tlog-proof", f"site/{listed}.tlog-proof", f"{kept}{listed}.tlog-proof"]
        written = _commit(writer, staged, leaf, frozen, proofs)  # 6.–9. staged, logged, proved, put in place
        return Outcome(week=week, essays=names, written=written, warnings=warnings)


def publish_site(home: Home) -> Outcome:
    """Log a `site` notice and write the pages that newer records or a newer program change; nothing if none."""
    with home.writing() as writer:
        now = writer.now()
        newest = clock(writer.home.register)
        if newest is not None and newest == writer.home.register.size - 1 and not differences(writer.home):
            return Outcome(week=None, new=False)
        staged = files(read(writer.home, size=writer.home.register.size, time=now))
        leaf = statement.notice("site", {LIST: sums.digest(staged[LIST])}, reason="records", time=now).encode()
        written = _commit(writer, staged, leaf, {}, [f"site/{LIST}.tlog-proof"])
        return Outcome(week=None, written=written)


def skip(home: Home, weeks: Sequence[Week], reason: str) -> list[Week]:
    """Explain weeks without an issue: `reason` is a code of `REASONS`, or the words themselves. The new ones."""
    code = reason if REASONS.get(reason) else "other"
    words = REASONS[code] or reason.strip()
    if not words or reason == "other":
        raise Error(
            f"--reason: expected one of {', '.join(c for c in REASONS if REASONS[c])}, or a sentence for readers"
        )
    if carried(words) != words:
        raise Error(f"--reason: expected words that can be shown, found control characters in them: {carried(words)}")
    with home.writing() as writer:
        explained = explained_weeks(writer.home.register)
        issued = published_in(writer.home.register)
        if taken := [str(week) for week in weeks if str(week) in issued]:
            raise Error(f"{', '.join(taken)}: an issue was published then; there is nothing to explain")
        new = [week for week in weeks if str(week) not in explained]
        leaves, kept = [], {}
        for week in new:
            text = f"format = 1\nweek = {toml(str(week))}\nreason = {toml(code)}\nwords = {toml(words)}\n".encode()
            name = f"issues/{week}/notice.toml"
            subjects = {name: sums.digest(text)}
            notice = statement.notice("no-issue", subjects, reason=code, week=str(week), time=writer.now())
            leaves.append(notice.encode())
            kept[home.relative(frozen_folder(home, str(week)) / name)] = text
        if new:
            writer.commit(Change(leaves=leaves, files=kept))
        return new


def build(home: Home, to: Path | None = None) -> Outcome:
    """The whole site again, the same bytes, into ``site/`` or a folder of its own.

    Raises `Refused`, naming the pages, where newer records or a newer program would make them differ.
    """
    with home.writing() as writer:
        register = writer.home.register
        newest = clock(register)
        if newest is None:
            raise Error("nothing was published yet: `publisher publish` makes the first issue")
        if different := differences(writer.home):
            remedy = "`publisher publish --site` logs the change and writes them"
            raise Refused([Problem(f"site/{name}", "would not be what was logged", remedy) for name in different])
        made = files(read(writer.home, size=newest, time=register.statements[newest].time))
        made |= _proofs(register) | {f"{LIST}.tlog-proof": bytes(register.first_proof(newest))}
        if to is None:
            changed = _changed(home.site, made)
            stale = _stale(home.site, made)
            change = {f"site/{name}": made[name] for name in changed}
            writer.commit(Change(files=change, remove=[f"site/{name}" for name in stale]))
            return Outcome(week=None, written=(*changed, *stale), new=bool(changed or stale))
        if to.exists() and any(to.iterdir()):
            raise Error(f"{to}: expected an empty folder or none, found files in it; nothing was written")
        for path in sorted((home.site / "register").rglob("*")):
            name = path.relative_to(home.site).as_posix()
            if path.is_file() and is_live(name):
                made[name] = path.read_bytes()
        return Outcome(week=None, written=tuple(durable.update(to, made)))


def differences(home: Home) -> list[str]:
    """Site paths that the records and the program of today make otherwise than was logged."""
    newest = clock(home.register)
    if newest is None:
        return []
    made = files(read(home, size=newest, time=home.register.statements[newest].time))
    if sums.digest(made[LIST]) == home.register.statements[newest].subjects[LIST]:
        return []
    try:
        logged = sums.parse((home.hidden / "issues" / LIST).read_bytes(), LIST)
    except FileNotFoundError:
        return [LIST]
    now = sums.parse(made[LIST], LIST)
    return sorted(name for name in logged | now if logged.get(name) != now.get(name)) or [LIST]


def published_in(register: Register) -> dict[str, tuple[str, ...]]:
    """Week → accessions of every issue."""
    return {s.predicate["week"]: tuple(s.predicate["essays"]) for s in register.statements if s.kind == "issue"}


def explained_weeks(register: Register) -> set[str]:
    """Weeks with a `no-issue` notice."""
    notices = (s.predicate for s in register.statements if s.kind == "notice")
    return {predicate["week"] for predicate in notices if predicate["kind"] == "no-issue"}


def unexplained(register: Register, letter: Newsletter, until: Week) -> list[Week]:
    """Promised weeks before `until`, since the first, that have neither an issue nor a notice."""
    issued, explained = published_in(register), explained_weeks(register)
    known = [Week.parse(week) for week in {*issued, *explained}]
    first = Week.parse(letter.run.since) if letter.run.since else min(known, default=until)
    silent = [w for w in between(first, until) if w != until and str(w) not in issued and str(w) not in explained]
    return [week for week in silent if promised(letter, week)]


def week_problems(home: Home, letter: Newsletter, week: Week, now: Week) -> list[Problem]:
    """Everything that speaks against an issue in this week."""
    place, found = str(week), []
    if week > now:
        found.append(Problem(place, f"has not begun yet: it is {now}", "publish it when it has"))
    if str(week) in explained_weeks(home.register):
        found.append(Problem(place, "was explained as a week without an issue", "publish in the next one"))
    if later := [w for w in published_in(home.register) if Week.parse(w) > week]:
        found.append(Problem(place, f"comes before {min(later)}, which was published", "weeks are published in order"))
    run = letter.run
    if not promised(letter, week):
        weeks = f"{run.since or '…'} to {run.until or '…'}"
        found.append(Problem(place, f"is outside the run {weeks}", "change [newsletter.run] in archive.toml"))
    for gap in unexplained(home.register, letter, week):
        remedy = f"`publisher publish {gap}` or `publisher skip {gap} --reason …`"
        found.append(Problem(str(gap), "was neither published nor explained", remedy))
    return found


def _choose(home: Home, letter: Newsletter, slugs: Sequence[str]) -> tuple[list[Submission], list[Problem]]:
    """The essays of the issue, oldest approved first or those named, and everything that is wrong with them."""
    rules = home.configuration.review
    problems: list[Problem] = []
    if slugs:
        chosen = [find(home, slug) for slug in dict.fromkeys(slugs)]
    else:
        unpublished = [s for s in read_all(home) if s.week is None]
        approved = [s for s in unpublished if s.state(rules) == "approved"]
        # One that somebody approved and somebody changed is in doubt: it must not be passed over in silence.
        doubtful = [s for s in unpublished if s not in approved and (s.changed() or s.void())]
        chosen = doubtful + approved[: letter.per_issue]
        if not chosen:
            waiting = ", ".join(f"{s.name} ({s.state(rules)})" for s in unpublished) or "none submitted"
            remedy = "review one, or `publisher skip` the week"
            problems.append(Problem("essays", f"no essay is approved; there are: {waiting}", remedy))
    for submission in chosen:
        problems += submission.changed()
        state = submission.state(rules)
        if state != "approved":
            problems.append(_not_approved(submission, state))
            continue
        if isinstance(submission.record, list):
            problems += submission.record
        signed = [review for review in submission.standing() if review.decision == "publish"]
        problems += signature_problems(submission, signed, home.signers.data)
    return chosen, problems


def _not_approved(submission: Submission, state: str) -> Problem:
    place = f"essays/{submission.folder.name}"
    if state in ("published", "withdrawn"):
        return Problem(place, f"was published in {submission.week}", "an essay is published once")
    if void := submission.void():
        names = ", ".join(review.name for review in void)
        return Problem(place, f"was changed after {names} approved it", "have it reviewed again, as it is now")
    remedy = f"`publisher review {submission.slug} --decision publish --reviewer NAME --key FILE`"
    return Problem(place, f"expected an approved essay, found one that is {state}", remedy)


def _freeze(home: Home, submission: Submission, note: str) -> PublishedEssay:
    """Everything that will never change again of an essay: the received, its proofs, its reviews, its body."""
    folder = submission.folder
    approving = max((r for r in submission.standing() if r.decision == "publish"), key=lambda review: review.index)
    body = article(submission.text.decode())
    own: Files = {name: (folder / name).read_bytes() for name in ("essay.toml", "intake.sums")}
    own |= {name: (folder / name).read_bytes() for name in submission.sums if name != "private.sums"}
    for review in submission.reviews:
        own |= {f"reviews/{review.number}.json": review.leaf, f"reviews/{review.number}.json.sig": review.signature}
    own["article.html"] = body.encode()
    own["words.txt"] = lines(visible(body))
    own["essay.md.tlog-proof"] = bytes(home.register.proof(approving.index, note))
    own["intake.sums.tlog-proof"] = bytes(home.register.proof(submission.intake.index, note))
    return published(home, submission.life, submission.slug, own)


def _compose(home: Home, week: Week, now: dt.datetime, essays: tuple[PublishedEssay, ...]) -> tuple[Site, Issue]:
    number = len(published_in(home.register)) + 1
    frozen = {f"essays/{essay.slug}/{name}": data for essay in essays for name, data in essay.files.items()}
    draft = Issue(week=week, number=number, time=now, essays=essays, frozen=frozen)
    site = read(home, size=home.register.size, time=now, upcoming=[draft])
    message = mail.message(site, draft)
    issue = dataclasses.replace(draft, frozen=frozen | {f"issues/{week}/issue.eml": message})
    return dataclasses.replace(site, issues=(*site.issues[:-1], issue)), issue


def _commit(writer: Writer, staged: Files, leaf: bytes, kept: Files, proofs: Sequence[str]) -> tuple[str, ...]:
    site = writer.home.site
    staged = staged | _proofs(writer.home.register)
    changed, stale = _changed(site, staged), _stale(site, staged)
    change = {f"site/{name}": staged[name] for name in changed} | kept
    change[f".archive/issues/{LIST}"] = staged[LIST]
    remove = [f"site/{name}" for name in stale]
    writer.commit(Change(leaves=[leaf], files=change, remove=remove, proofs=dict.fromkeys(proofs, 0)))
    return (*changed, *stale)


def _proofs(register: Register) -> Files:
    """The proofs beside the issues' lists."""
    return {
        f"issues/{logged.predicate['week']}/{LIST}.tlog-proof": bytes(register.first_proof(index))
        for index, logged in enumerate(register.statements)
        if logged.kind == "issue"
    }


def _changed(folder: Path, made: Files) -> list[str]:
    return [name for name, data in made.items() if not _same(folder / name, data)]


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _stale(folder: Path, made: Files) -> list[str]:
    """Files under the site that no longer belong there; what is live and the lists' proofs stay."""
    there = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        name for name in there if name not in made and not is_live(name) and not name.endswith(f"{LIST}.tlog-proof")
    ]
