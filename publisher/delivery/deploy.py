"""Copying the published site to where readers find it: in order, read back, never an older register over a newer one.

What lies at the target is compared with the site, what differs is put there step by step (`order`), and each step is
read back before the next begins. So a run that is killed, or a connection that breaks, leaves a whole site, and the
next run does what is left.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from archive.errors import Error, Problem, Refused, VerificationError
from archive.home.home import Home
from archive.register import sums
from archive.register.note import encode64, open_checkpoint
from archive.register.register import Register
from archive.register.statement import encode_time
from archive.register.sums import LIST
from archive.wording import many
from publisher.delivery import copies, order
from publisher.delivery.copies import Copy
from publisher.delivery.order import Plan
from publisher.delivery.target import Target, folder_of, is_folder, opened, portions
from publisher.delivery.whole import CHECKPOINT, Whole, whole

Watch = Callable[[int, int], object]
"""Told how many files were put, of how many."""
_NAMED = 10
"""How many files a refusal names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What came of it."""

    target: str
    put: tuple[str, ...]
    """Paths, in order."""
    removed: tuple[str, ...]
    left_out: tuple[str, ...]
    """Files under ``site/`` that belong to no site."""
    size: int
    """Statements of the register that lie there now."""
    address: str
    """Where readers find it; empty where there is no newsletter."""

    @property
    def notes(self) -> list[str]:
        """What should be known besides, a line each."""
        return [f"note: site/{path} is in no list, and was left out" for path in self.left_out]


def deploy(
    home: Home, text: str, *, dry_run: bool = False, watch: Watch = lambda done, of: None, apart: bool = False
) -> Deployed:
    """Copy the site to the target `text` names, or find out what that would do.

    `apart`: where nobody types to the programs that it asks, such as ssh. Raises `Refused`, or `Error` where the
    target cannot be written, holds another register or a newer one.
    """
    with home.scratch() as scratch, copies.alone(home):
        site = whole(home, scratch / "site")
        time = site.register.index.newest()
        with contextlib.closing(opened(text, scratch, time=time, apart=apart)) as target:
            plan = _brought_up(home, site, target, dry_run, watch)
    letter = home.configuration.newsletter
    return Deployed(
        target=target.name,
        put=plan.every,
        removed=plan.removals,
        left_out=site.left_out,
        size=site.register.size,
        address=f"{letter.base_url}/" if letter else "",
    )


def told(done: Deployed, *, dry_run: bool = False) -> str:
    """What a run did, in a sentence."""
    what = f"{many(len(done.put), 'file')} put and {len(done.removed)} removed"
    if dry_run:
        return f"{done.target}: {what}, if this were no dry run"
    if not done.put and not done.removed:
        what = "nothing to do, all of it lies there"
    at = f"; look at {done.address}" if done.address else ""
    return f"{done.target}: {what}, {many(done.size, 'statement')} of the register{at}"


def _brought_up(home: Home, site: Whole, target: Target, dry_run: bool, watch: Watch) -> Plan:
    before = dict(target.read([CHECKPOINT, LIST]))
    _refuse_another(site.register, before.get(CHECKPOINT), target.name)
    known = copies.read(home).get(target.name)
    plan = _plan(site, target, before, known)
    if not dry_run:
        copies.note(home, target.name, replace(known or Copy(), away=target.away, stale=plan.removals))
        _carry_out(plan, site, target, before.get(CHECKPOINT), watch)
        size, root = site.register.size, encode64(site.register.checkpoint.root)
        copies.note(home, target.name, Copy(size=size, root=root, time=encode_time(home.now()), away=target.away))
    return plan


def configured(home: Home) -> str:
    """The target of archive.toml; a folder in it is told from the home. Raises `Error` where it names none."""
    text = home.configuration.delivery.deploy
    if not text:
        raise Error("archive.toml: expected [delivery] deploy to say where the site goes, found none; or name a target")
    return str(home.root / text) if is_folder(text) else text


def server(home: Home, program: str, text: str) -> str:
    """The configuration of a web server, ``nginx`` or ``caddy``, that shows the folder which a target is there.

    Raises `Error` without a newsletter.
    """
    from publisher.site import servers

    letter = home.configuration.newsletter
    if letter is None:
        raise Error("archive.toml: expected a table [newsletter] with base_url, found none")
    make = servers.nginx if program == "nginx" else servers.caddy
    searched = bool(home.configuration.search.pagefind)
    return make(urlsplit(letter.base_url).netloc, folder_of(text), searched=searched)


def _refuse_another(register: Register, note: bytes | None, name: str) -> None:
    """Raises `Error` where what lies there is not a beginning of this register."""
    if note is None:
        return
    origin = note.partition(b"\n")[0].decode(errors="replace")[:80]
    if origin != register.key.name:
        what = f"{name}: expected nothing, or a copy of the register {register.key.name}, found {origin!r}"
        raise Error(f"{what}; nothing was put there: name another place")
    try:
        there = open_checkpoint(note.decode(errors="replace"), *register.keys)
    except VerificationError as error:
        what = f"{name}: {CHECKPOINT} there is not one that this register signed: {error}"
        raise Error(f"{what}; nothing was put there: find out who did") from None
    here = register.checkpoint
    said = f"{many(there.size, 'statement')} (root {encode64(there.root)}), and here are {here.size} "
    said = f"{name}: the register there has {said}(root {encode64(here.root)})"
    if there.size > here.size:
        raise Error(
            f"{said}: an older register is not put over a newer one; was a backup restored? "
            "Log nothing more, and bring back the newer .archive/register"
        )
    if register.tree.root(there.size) != there.root:
        raise Error(
            f"{said}: TWO HISTORIES, for what is there is no beginning of what is here. Nothing was put there: "
            "keep both, log nothing more, and find out which one readers have"
        )


def _plan(site: Whole, target: Target, before: dict[str, bytes], known: Copy | None) -> Plan:
    """Raises `Refused` where the files of somebody else would be written over."""
    there = target.marks()
    differing = [path for path in site.digests if there.get(path) != target.mark((site.folder / path).read_bytes())]
    strange = [path for path in differing if path in there]
    if strange and CHECKPOINT not in before and known is None:
        remedy = f"name another place than {target.name}, or move it away there"
        raise Refused(Problem(path, "lies there, and is not of this site", remedy) for path in strange[:_NAMED])
    begun = known.stale if known else ()
    return order.planned(site, there, differing, order.listed(before) | site.withdrawn, begun)


def _carry_out(plan: Plan, site: Whole, target: Target, found: bytes | None, watch: Watch) -> None:
    """Step by step, each read back before the next."""
    done, of = 0, len(plan.every)
    for step in plan.puts:
        if CHECKPOINT in step and dict(target.read([CHECKPOINT])).get(CHECKPOINT) != found:
            raise Error(f"{target.name}: the register there has grown meanwhile: somebody else copies; run this again")
        for paths in portions(step):
            target.put(site.folder, paths)
            _read_back(site, target, paths)
            done += len(paths)
            watch(done, of)
    if plan.removals:
        target.remove(plan.removals)
        _refuse_left(target, plan.removals)
    target.switch()


def _read_back(site: Whole, target: Target, paths: Sequence[str]) -> None:
    """Raises `Error` where what lies there is not what was put."""
    digests = {path: sums.digest(data) for path, data in target.read(paths)}
    wrong = [path for path in paths if digests.get(path) != site.digests[path]]
    _refuse(target, wrong, "was read back, and is not what was put there", "look after that place, and run this again")


def _refuse_left(target: Target, paths: Sequence[str]) -> None:
    left = [path for part in portions(paths) for path, _ in target.read(part)]
    _refuse(target, left, "is still there, though it was removed", "remove it by hand, or run this again")


def _refuse(target: Target, paths: Iterable[str], found: str, remedy: str) -> None:
    if problems := [Problem(f"{target.name} {path}", found, remedy) for path in paths]:
        raise Refused(problems[:_NAMED])
