"""Publishing a week: logged = reviewed = rendered, or stop with every reason at once."""

from collections.abc import Sequence

from archive.deposits.release import due
from archive.errors import Refused
from archive.home import setup
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.register import statement, sums
from archive.register.register import shown
from archive.register.sums import LIST
from publisher.essays.render import RENDERER
from publisher.issues import kept
from publisher.issues.build import Outcome, changed_files, commit
from publisher.issues.coming import choose, drawn_up, freeze
from publisher.issues.kept import Kept
from publisher.issues.source import newsletter
from publisher.issues.statements import issued
from publisher.issues.verifier import page_notice
from publisher.issues.weeks import this_week, week_problems
from publisher.site import mail
from publisher.site.compose import NOTHING, Composed, compose, issue_list
from publisher.site.site import Issue
from publisher.week import Week


def publish(home: Home, week: Week | None = None, *, slugs: Sequence[str] = (), dry_run: bool = False) -> Outcome:
    """Publish a week, this one unless told. Raises `Refused` with every reason against it; then nothing has changed."""
    with home.writing() as writer:
        now = writer.now()  # 1. the time
        note = shown(writer.home.register)  # 2. the checkpoint that the proofs stand under
        letter = newsletter(writer.home)
        week = week or this_week(letter, now)
        if (index := issued(writer.home.register).get(str(week))) is not None:
            essays = writer.home.register.statement(index).predicate["essays"]
            return Outcome(week=week, essays=tuple(essays), new=False)
        before = kept.read(writer.home)
        problems = setup.problems(writer.home)
        problems += week_problems(writer.home, letter, week, this_week(letter, now))
        chosen, refused = choose(writer.home, letter, slugs, before)
        if problems or refused:
            raise Refused([*problems, *refused])
        if not dry_run:
            setup.log_reviewers(writer, now)
            setup.log_witnesses(writer, now)
        essays = tuple(freeze(writer.home, submission, note) for submission in chosen)  # 3. their proofs
        page = page_notice(writer.home, now)
        index = writer.home.register.size + len(page)
        site, issue = drawn_up(writer.home, week, now, index, essays, before)  # 4. all that may be new is rendered
        composed = compose(site, before.made if before else NOTHING)  # 5. with its lists
        size = mail.html_size_problem(issue.frozen[f"issues/{week}/issue.eml"])
        opened, said = due(writer.home, now)
        if dry_run:
            written = tuple(changed_files(home.site, composed.files))
        else:
            written = _log(writer, composed, issue, before, page, opened)
        warnings = (*((str(size),) if size else ()), *said)
        return Outcome(week=week, essays=tuple(issue.slugs.values()), written=written, warnings=warnings)


def _log(
    writer: Writer, composed: Composed, issue: Issue, before: Kept | None, page: Sequence[bytes], opened: Change
) -> tuple[str, ...]:
    """6.–9. Stage, log, prove and put in place; and with it what an embargo kept closed until now."""
    week, staged = issue.week, composed.files
    leaf = statement.issue(
        str(week),
        sums.digest(issue_list(issue)),
        sums.digest(staged[LIST]),
        essays=[*issue.slugs],
        renderer=RENDERER,
        time=issue.time,
    ).encode()
    folder, listed = f".archive/issues/{week}/", f"issues/{week}/{LIST}"
    frozen = {folder + name: data for name, data in issue.frozen.items()} | {folder + listed: staged[listed]}
    proofs = [f"site/{LIST}.tlog-proof", f"site/{listed}.tlog-proof", f"{folder}{listed}.tlog-proof"]
    return commit(writer, composed, before, [*page, leaf], frozen, proofs, opened)
