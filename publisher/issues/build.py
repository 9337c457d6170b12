"""The whole site: written again, the same bytes, or anew where newer records or a newer program change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.deposits.release import due
from archive.errors import Error, Problem, Refused
from archive.home import account, setup
from archive.home.change import Change
from archive.home.fresh import fresh
from archive.home.home import Home, Writer
from archive.register import durable, statement, sums
from archive.register.register import Register
from archive.register.sums import LIST
from publisher.issues import kept
from publisher.issues.kept import Kept
from publisher.issues.records import read
from publisher.issues.source import of_home
from publisher.issues.statements import clock, issued
from publisher.issues.verifier import page_notice
from publisher.site.compose import NOTHING, Composed, compose, is_live
from publisher.site.site import Files
from publisher.week import Week


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


def publish_site(home: Home) -> Outcome:
    """Log a `site` notice and write the pages that newer records or a newer program change; nothing if none."""
    with home.writing() as writer:
        now = writer.now()
        setup.log_reviewers(writer, now)
        setup.log_witnesses(writer, now)
        size, newest = writer.home.register.size, clock(writer.home.register)
        opened, said = due(writer.home, now)
        if newest is not None and not opened.leaves and newest == size - 1:
            composed = _again(writer.home, newest)
            if not _differing(writer.home, newest, composed):
                if kept_anew := _keep(writer.home, composed):  # or the next issue would make everything once more
                    writer.commit(Change(files=kept_anew))
                return Outcome(week=None, warnings=tuple(said), new=False)
        page = page_notice(writer.home, now)
        composed = compose(read(of_home(writer.home), size=size + len(page), time=now))
        listed = sums.digest(composed.files[LIST])
        leaf = statement.notice("site", {LIST: listed}, reason="records", time=now).encode()
        written = commit(writer, composed, None, [*page, leaf], {}, [f"site/{LIST}.tlog-proof"], opened)
        return Outcome(week=None, written=written, warnings=tuple(said))


def build(home: Home, to: Path | None = None) -> Outcome:
    """The whole site again, the same bytes, into ``site/`` or a folder of its own.

    Raises `Refused`, naming the pages, where newer records or a newer program would make them differ.
    """
    with home.writing() as writer:
        register = writer.home.register
        newest = clock(register)
        if newest is None:
            raise Error("nothing was published yet: `publisher publish` makes the first issue")
        composed = _again(writer.home, newest)
        if different := _differing(writer.home, newest, composed):
            remedy = "`publisher publish --site` logs the change and writes them"
            raise Refused([Problem(f"site/{name}", "would not be what was logged", remedy) for name in different])
        made = composed.files | _proofs(register) | {f"{LIST}.tlog-proof": bytes(register.first_proof(newest))}
        if to is None:
            changed = changed_files(home.site, made)
            stale = _stale(home.site, made)
            change = {f"site/{name}": made[name] for name in changed} | _keep(writer.home, composed)
            writer.commit(Change(files=change, remove=[f"site/{name}" for name in stale]))
            return Outcome(week=None, written=(*changed, *stale), new=bool(changed or stale))
        for path in sorted((home.site / "register").rglob("*")):
            name = path.relative_to(home.site).as_posix()
            if path.is_file() and is_live(name):
                made[name] = path.read_bytes()
        with fresh(to, closed=False) as folder:
            return Outcome(week=None, written=tuple(durable.update(folder, made, mode=durable.PUBLIC)))


def differences(home: Home) -> list[str]:
    """Site paths that the records and the program of today make otherwise than was logged."""
    newest = clock(home.register)
    return [] if newest is None else _differing(home, newest, _again(home, newest, kept.read(home)))


def _again(home: Home, newest: int, before: Kept | None = None) -> Composed:
    """The site as it is made now at its own clock, the time of the `newest` statement about it."""
    source = of_home(home, before.notes if before else None)
    site = read(source, size=newest, time=home.register.statement(newest).time, before=before)
    return compose(site, before.made if before else NOTHING)


def _differing(home: Home, newest: int, composed: Composed) -> list[str]:
    if sums.digest(composed.files[LIST]) == home.register.statement(newest).subjects[LIST]:
        return []
    try:
        logged = sums.parse((home.hidden / "issues" / LIST).read_bytes(), LIST)
    except FileNotFoundError:
        return [LIST]
    now = dict(composed.made.digests)
    return sorted(name for name in logged | now if logged.get(name) != now.get(name)) or [LIST]


def commit(
    writer: Writer,
    composed: Composed,
    before: Kept | None,
    leaves: Sequence[bytes],
    frozen: Files,
    proofs: Sequence[str],
    opened: Change | None = None,
) -> tuple[str, ...]:
    """Log `leaves` and put the site in place, whole or not at all: the paths that were written or taken away.

    `proofs` are of the last of them, which is about the site; `opened` is what is released with them.
    """
    staged = composed.files
    if before:
        was = before.made.digests
        changed = [name for name, data in staged.items() if was.get(name) != sums.digest(data)]
        stale = sorted(was.keys() - composed.made.digests.keys())
    else:
        staged = staged | _proofs(writer.home.register)
        changed, stale = changed_files(writer.home.site, staged), _stale(writer.home.site, staged)
    change = {f"site/{name}": staged[name] for name in changed} | frozen
    change |= {f".archive/issues/{LIST}": staged[LIST]} | _keep(writer.home, composed)
    noted = {path.rpartition("/editors/")[0] for notes in composed.site.notes.values() for path in notes}
    change |= account.of_essays(writer.home.root, writer.home.store, sorted(noted))
    remove = [f"site/{name}" for name in stale]
    writer.commit(
        Change(
            leaves=[*leaves, *(opened.leaves if opened else ())],
            files={**change, **(opened.files if opened else {})},
            digests=opened.digests if opened else {},
            remove=remove,
            proofs=dict.fromkeys(proofs, len(leaves) - 1),
        )
    )
    return (*changed, *stale)


def _keep(home: Home, composed: Composed) -> Files:
    """What the next run needs to know of this one, where that is not kept yet."""
    data = kept.write(of_home(home, composed.site.notes).constants(), composed)
    return {} if _same(home.root / kept.NAME, data) else {kept.NAME: data}


def _proofs(register: Register) -> Files:
    """The proofs beside the issues' lists."""
    return {
        f"issues/{week}/{LIST}.tlog-proof": bytes(register.first_proof(index))
        for week, index in issued(register).items()
    }


def changed_files(folder: Path, made: Files) -> list[str]:
    """Those of the files that lie otherwise in a folder, or not at all."""
    return [name for name, data in made.items() if not _same(folder / name, data)]


def _same(path: Path, data: bytes) -> bool:
    try:
        return durable.content(path) == data
    except OSError:
        return False


def _stale(folder: Path, made: Files) -> list[str]:
    """Files under the site that no longer belong there; what is live and the lists' proofs stay."""
    there = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        name for name in there if name not in made and not is_live(name) and not name.endswith(f"{LIST}.tlog-proof")
    ]
