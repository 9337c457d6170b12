"""The whole site: written again, the same bytes, or anew where newer records or a newer program change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error, Problem, Refused
from archive.home import account
from archive.home.change import Change
from archive.home.fresh import fresh
from archive.home.home import Home, Writer
from archive.register import durable, statement, sums
from archive.register.register import Register
from archive.register.sums import LIST
from publisher.issues.records import clock, read
from publisher.site.compose import files, is_live
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
        newest = clock(writer.home.register)
        if newest is not None and newest == writer.home.register.size - 1 and not differences(writer.home):
            return Outcome(week=None, new=False)
        staged = files(read(writer.home, size=writer.home.register.size, time=now))
        leaf = statement.notice("site", {LIST: sums.digest(staged[LIST])}, reason="records", time=now).encode()
        written = commit(writer, staged, leaf, {}, [f"site/{LIST}.tlog-proof"])
        return Outcome(week=None, written=written)


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
            changed = changed_files(home.site, made)
            stale = _stale(home.site, made)
            change = {f"site/{name}": made[name] for name in changed}
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


def commit(writer: Writer, staged: Files, leaf: bytes, kept: Files, proofs: Sequence[str]) -> tuple[str, ...]:
    """Log `leaf` and put the site in place, whole or not at all: the paths that were written or taken away."""
    site = writer.home.site
    staged = staged | _proofs(writer.home.register)
    changed, stale = changed_files(site, staged), _stale(site, staged)
    change = {f"site/{name}": staged[name] for name in changed} | kept
    change[f".archive/issues/{LIST}"] = staged[LIST]
    noted = {path.parent.parent for path in (writer.home.root / "essays").glob("*/editors/*.toml")}
    change |= account.of_essays(writer.home.root, sorted(map(writer.home.relative, noted)))
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


def changed_files(folder: Path, made: Files) -> list[str]:
    """Those of the files that lie otherwise in a folder, or not at all."""
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
