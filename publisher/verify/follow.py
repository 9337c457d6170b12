"""Following a register: every checkpoint of it that was seen, kept, and each new one held against them.

Of each register its folder of the reader's own keeps, under the SHA-256 of its origin::

    {"first": {"time": "2026-11-24T10:00:05Z", "size": 12},
     "last": {"time": "2026-11-27T17:00:00Z", "key": "letters.example.org/register+…", "note": "…", "newest": "…"},
     "away": {"time": "2026-11-27T17:00:00Z", "place": "https://letters.example.org", "size": 14, "root": "qINS…"}}

The third is what another machine showed last, where one did.

A register may only grow. Whether it did is seen from its hash tiles: the root of the statements it had then is the one
that was signed then, or it has two histories, which `archive.register.contradiction` writes down. The statements that
are new are read: their times never run backwards, and one that says it was made before the last look at the register,
and was not there then, is named.
"""

import contextlib
import dataclasses
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import Error, Malformed, NotFound, Refused, VerificationError
from archive.register import contradiction, durable, merkle, register
from archive.register.note import Checkpoint, VerifierKey, decode64, encode64, open_checkpoint
from archive.register.policy import Log, Policy
from archive.register.statement import decode_time
from archive.register.witness import place
from archive.wording import many
from publisher.verify.address import Bounds, Fetch, SiteAddress, is_away
from publisher.verify.checkpoint import checkpoints
from publisher.verify.place import CHECKPOINT, Place, SiteFolder, own_key, site_folder
from publisher.verify.tiles import New, hashes_of, needed

_NOTE = 1 << 16
_BOUNDS = Bounds(seconds=300, size=1 << 28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What came of looking at a register once more."""

    origin: str
    size: int
    since: str | None
    """When it was first seen, RFC 3339; None where this was the first time."""
    first: int
    """How many statements it had then."""
    compared: tuple[int, ...]
    """The sizes of all checkpoints that were held against it."""
    witnesses: str
    """Which of its witnesses have seen it, by its own policy; empty where it names none."""
    by_itself: bool
    """Whether its key is believed because it says so."""
    backdated: tuple[str, ...]
    """What is new and says it was made long before the last look, a sentence each."""

    @property
    def sentence(self) -> str:
        """For people."""
        now = f"{self.origin}: {many(self.size, 'statement')}"
        if self.since is None:
            said = f"{now}, kept: from now on it is seen whether it only grows"
        else:
            said = f"{now}, nothing removed or changed since {self.since[:10]} ({self.first} → {self.size})"
        if self.compared and self.since is None:
            said += f"; held against {many(len(self.compared), 'checkpoint')} that you gave"
        return f"{said}.{f' {self.witnesses}.' if self.witnesses else ''}"


class TwoHistories(VerificationError):
    """A register has signed what it cannot both have; `evidence` is the file that says so."""

    def __init__(self, message: str, evidence: Path) -> None:
        self.evidence = evidence
        super().__init__(message)


def follow(
    target: str, state: Path, *, now: str, key: VerifierKey | None = None, seen: Sequence[Path] = ()
) -> Followed:
    """Look at the register of a site (a folder, or an address), and keep what it says.

    `seen` are files that carry earlier checkpoints of it. Raises `TwoHistories`, `VerificationError` where it is not
    what is signed or has fewer statements than it had, or `Error`.
    """
    with _site(target) as site:
        return _looked(site, state, now, key, seen, target if is_away(target) else "")


@dataclass(frozen=True, slots=True)
class Seen:
    """What another machine showed of a register when it was followed last."""

    place: str
    size: int
    root: bytes
    time: str
    """RFC 3339"""


def seen_away(state: Path, origin: str) -> Seen | None:
    """That; None where only copies on this machine were followed, or none. Raises `Error` where the file is damaged."""
    kept = _kept(state, origin) or {}
    try:
        away = kept["away"]
        return Seen(str(away["place"]), int(away["size"]), decode64(away["root"], "a hash"), str(away["time"]))
    except (LookupError, ValueError, TypeError, Malformed):
        return None


def own_state() -> Path:
    """``~/.local/state/emeritus/followed``, as the XDG Base Directory Specification has it."""
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".local" / "state") / "emeritus" / "followed"


def _looked(read: Place, state: Path, now: str, key: VerifierKey | None, seen: Sequence[Path], away: str) -> Followed:
    note = _text(read, CHECKPOINT)
    origin = note.partition("\n")[0]
    with _alone(state):
        kept = _kept(state, origin)
        before = [VerifierKey.parse(kept["last"]["key"])] if kept else []
        own = key or (before[0] if before else own_key(read, origin))
        keys = list(dict.fromkeys([own, *before]))
        checkpoint = _opened(note, own, kept is not None)
        hashes = hashes_of(read, checkpoint)
        known = [(kept["last"]["note"], f"kept on {kept['last']['time'][:10]}")] if kept else []
        known += [(each, f"in {path}") for path in seen for each in checkpoints(path, keys)]
        for earlier, where in known:
            _compare(keys, earlier, where, note, hashes, state)
        new = New(read, hashes, kept)
        first: dict[str, Any] = kept["first"] if kept else {"time": now, "size": checkpoint.size}
        last = {"time": now, "key": str(own), "note": note, "newest": new.newest}
        elsewhere = {"time": now, "place": away, "size": checkpoint.size, "root": encode64(checkpoint.root)}
        there = elsewhere if away else (kept or {}).get("away")
        _keep(state, origin, {"first": first, "last": last} | ({"away": there} if there else {}))
    return Followed(
        origin=origin,
        size=checkpoint.size,
        since=first["time"] if kept else None,
        first=first["size"],
        compared=tuple(open_checkpoint(each, *keys).size for each, _ in known),
        witnesses=_witnesses(read, note, own),
        by_itself=key is None and kept is None,
        backdated=tuple(new.backdated),
    )


def check(path: Path) -> str | None:
    """What a file of evidence shows, in words; None where it is none. Raises `VerificationError` where it is wrong."""
    try:
        data = durable.content(path) if path.is_file() else b""
    except OSError:
        return None
    if not data.startswith(contradiction.MAGIC.encode()):
        return None
    first, second = contradiction.check(data)
    sizes = f"{first.size} statements, and {second.size} of which they are no beginning"
    return f"{first.origin} HAS TWO HISTORIES: it signed {sizes}; both signatures and the proof are good"


@contextlib.contextmanager
def _site(target: str) -> Iterator[Place]:
    """A folder, a home with its site in it, or an address."""
    if "://" not in target:
        yield SiteFolder(site_folder(Path(target)))
        return
    with contextlib.closing(Fetch(dataclasses.replace(_BOUNDS))) as fetch:
        yield SiteAddress(f"{target.rstrip('/')}/", fetch)


def _text(read: Place, name: str) -> str:
    try:
        data = needed(read, name)
        if len(data) > _NOTE:
            raise Malformed(f"{name}: expected at most {_NOTE:,} bytes, found {len(data):,}")
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed(f"{name}: expected UTF-8, found other bytes") from None


def _opened(note: str, key: VerifierKey, kept: bool) -> Checkpoint:
    try:
        return open_checkpoint(note, key)
    except Malformed:
        raise
    except VerificationError as error:
        remedy = "; if it has another key now, take that from a place you trust and give it with --key" if kept else ""
        raise VerificationError(f"{CHECKPOINT}: {error}{remedy}") from None


def _compare(
    keys: Sequence[VerifierKey], earlier: str, where: str, note: str, hashes: list[bytes], state: Path
) -> None:
    """Raises `TwoHistories`, or `VerificationError` where the register has lost statements."""
    before, origin = open_checkpoint(earlier, *keys), keys[0].name
    if before.size > len(hashes):
        raise VerificationError(
            f"{origin} shows {many(len(hashes), 'statement')}, and had {before.size} in the checkpoint {where}: "
            "an old copy of it, or statements were taken away; that checkpoint stays kept"
        )
    if merkle.root(hashes[: before.size]) != before.root:
        what = f"{origin} HAS TWO HISTORIES: the {before.size} statements in the checkpoint {where} are not those"
        path = state / f"two-histories-{place(origin)[:16]}-{before.size}-{len(hashes)}.txt"
        for key in keys:
            with contextlib.suppress(VerificationError):  # one key may have signed one of them, another the other
                durable.write(path, contradiction.made(key, earlier, note, hashes))
                break
        else:
            raise VerificationError(f"{what} that it shows now; they are signed by two keys of it")
        raise TwoHistories(f"{what} that it shows now; both, signed: {path}", path)


def _witnesses(read: Place, note: str, key: VerifierKey) -> str:
    try:
        own = Policy.parse(needed(read, "register/policy"), "register/policy")
        seen = Policy((Log(key),), own.witnesses, own.groups, own.quorum).satisfied(note)
    except (NotFound, Refused):
        return ""
    if not own.witnesses:
        return ""
    enough = "enough by its policy" if seen.quorum else "not enough by its policy"
    named, saw = many(len(own.witnesses), "witness", "witnesses"), many(len(seen.times), "has", "have")
    return f"Of its {named}, {saw} seen that, {enough}"


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    try:
        with register.lock(state, 30):
            yield
    except Error as error:
        if str(error).startswith("another command"):
            raise Error(f"{state}: another one is following just now; run this again") from None
        raise


def _kept(state: Path, origin: str) -> dict[str, Any] | None:
    path = state / f"{place(origin)}.json"
    try:
        kept = json.loads(durable.content(path))
        open_checkpoint(kept["last"]["note"], VerifierKey.parse(kept["last"]["key"]))
        f"{kept['first']['size']:d} {kept['first']['time'][:10]} {decode_time(kept['last']['time'])}"
        f"{kept['last']['newest'][:10]}"
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, VerificationError):
        what = f"expected what was kept of {origin}, found something else"
        raise Error(f"{path}: {what}; bring it back from a copy") from None
    return dict(kept)


def _keep(state: Path, origin: str, kept: dict[str, dict[str, Any]]) -> None:
    durable.write(state / f"{place(origin)}.json", f"{json.dumps(kept, ensure_ascii=False, indent=1)}\n".encode())
