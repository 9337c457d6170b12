"""Asking witnesses to cosign a home's newest checkpoint (C2SP tlog-witness): all at once, and only so long.

Nothing waits for them: what was logged stands whatever they answer, and what they did not cosign now they are asked for
the next time.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from archive.errors import Error, Malformed, VerificationError
from archive.home.change import Change
from archive.home.configuration import Witness
from archive.home.home import Home, Patience
from archive.home.trust import trust
from archive.register import cosignature, cosigned, merkle
from archive.register.note import VerifierKey, number
from archive.register.policy import Log, Policy
from archive.register.register import Register
from archive.register.witness import ADD, LARGEST, Request

PATIENCE = 5.0
"""Seconds that a command gives all witnesses together once it has done its work."""
_AHEAD = 600
"""Seconds by which a witness's clock may be ahead of this one."""
_TRIES = 3
"""How often one witness is asked: it says what it has seen, and meanwhile may see more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one witness."""

    name: str
    line: str = ""
    """Its cosignature: a signature line."""
    problem: str = ""
    """Why there is none: one sentence without its full stop."""
    contradicts: bool = False
    """Whether it has seen what is no beginning of this register: a newer one, or another history."""


class _Contradicted(Error):
    """A witness has seen what is not here."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How far a witness has seen the register."""

    name: str
    size: int
    """Statements of the newest checkpoint that it cosigned; 0 for none."""
    time: int | None
    """When that was, POSIX seconds."""


def policy(home: Home) -> Policy:
    """Which keys sign the register of this home, and who must have seen a checkpoint."""
    return trust(home.keys, home.configuration.witness, home.configuration.archive.quorum)


def sights(home: Home) -> list[Sight]:
    """How far each witness has seen, in the order of archive.toml. Raises `VerificationError`."""
    newest: dict[str, Sight] = {}
    rules = replace(policy(home), logs=tuple(map(Log, home.register.keys)))
    for sighting in cosigned.sightings(home.hidden / "register", rules):  # from the smallest
        newest |= {name: Sight(name, sighting.size, when) for name, when in sighting.times.items()}
    return [newest.get(each.name, Sight(each.name, 0, None)) for each in rules.witnesses]


def ask(home: Home, seconds: float = PATIENCE) -> list[Asked]:
    """Have those who did not see it yet cosign the newest checkpoint, and keep and publish what they sign.

    The network is given `seconds`; who has not answered by then is named with that. Nothing is locked meanwhile.
    Raises `Error` where what they signed cannot be kept.
    """
    home = home.reopened()
    register = home.register
    if not register.size:
        return []
    seen = {sight.name: sight for sight in sights(home)}
    missing = [each for each in home.configuration.witness if seen[each.name].size < register.size]
    asked = _all(missing, seconds, lambda each, until: _line(register, each, seen[each.name], until))
    lines = [each.line for each in asked if each.line]
    if lines:
        keep(home, register, lines)
    return asked


def seen(home: Home, asked: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    """Of each witness, what it has seen of the register by now, and why it signed nothing when it was `asked`."""
    why = {each.name: f"{each.name} {each.problem}" for each in asked if each.problem}
    for sight in sights(home):
        yield f"{sight.name}  has seen {sight.size} of {home.register.size} statements", why.get(sight.name, "")


def told(home: Home) -> Iterator[str]:
    """Has the witnesses cosign what was logged, and says who did not; whatever they answer, it stands."""
    try:
        for asked in ask(home) if home.configuration.witness else ():
            if asked.problem:
                yield f"the witness {asked.name} {asked.problem}; `publisher cosign` asks again"
    except (Error, OSError) as error:
        yield f"no witness has cosigned this: {error}; `publisher cosign` asks again"


def _all(witnesses: Sequence[Witness], seconds: float, ask_one: Callable[[Witness, float], str]) -> list[Asked]:
    """Ask each in a thread of its own, which is left to itself when the time is over."""
    until = time.monotonic() + seconds
    late = f"has not answered within {seconds:g} seconds"
    answers: dict[str, Asked] = {}

    def run(witness: Witness) -> None:
        try:
            answers[witness.name] = Asked(witness.name, line=ask_one(witness, until))
        except TimeoutError:
            answers[witness.name] = Asked(witness.name, problem=late)
        except (Error, OSError) as error:
            contradicts = isinstance(error, _Contradicted)
            answers[witness.name] = Asked(witness.name, problem=str(error), contradicts=contradicts)

    threads = [threading.Thread(target=partial(run, each), daemon=True) for each in witnesses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    given = dict(answers)
    return [given.get(each.name, Asked(each.name, problem=late)) for each in witnesses]


def _line(register: Register, witness: Witness, before: Sight, until: float) -> str:
    """The witness's cosignature of the register's newest checkpoint. Raises `Error` saying why there is none."""
    old = before.size
    for _ in range(_TRIES):
        proof = merkle.consistency(old, register.size, register.tree.subtree)
        status, body = _post(witness.url, bytes(Request(old, tuple(proof), register.note)), until)
        if status == 200:
            return _cosignature(register, VerifierKey.parse(witness.key), body, before.time or 0)
        if status == 422:
            raise _Contradicted(_REFUSALS[status])
        if status != 409:
            raise Error(_REFUSALS.get(status, f"answered with HTTP status {status}"))
        try:
            old = number(body.decode("ascii", "replace").removesuffix("\n"), "the size that it has seen")
        except Malformed as error:
            raise Error(f"answered 409 and no size: {error}") from None
        if old > register.size:
            raise _Contradicted(
                f"has seen {old} statements of this register, and here are {register.size}: "
                "was a backup restored? Log nothing more, and bring back the newer .archive/register"
            )
    raise Error("says each time that it has seen something else")


_REFUSALS = {
    400: "did not understand the request (400)",
    403: "does not know the key that signs this register (403): its keeper lists it, `publisher witness DIR --log KEY`",
    404: "does not know this register (404): its keeper lists it, `publisher witness DIR --log KEY`",
    422: "HAS SEEN ANOTHER HISTORY of this register (422): what it saw is no beginning of what is here; "
    "keep both checkpoints, log nothing more, and find out which one readers have",
    503: "cannot sign now (503)",
}


def _cosignature(register: Register, key: VerifierKey, body: bytes, since: int) -> str:
    """The line of this witness in what it answered; those of others are passed over. Raises `VerificationError`.

    A time before `since`, when it cosigned last, or ahead of ours would say nothing to anybody.
    """
    note = register.note + body.decode("utf-8", "replace")
    said = cosignature.times(note, register.key, [key]).get(key)
    if said is None:
        raise VerificationError("answered without its cosignature: its key in archive.toml is another")
    if not since <= said <= time.time() + _AHEAD:
        raise VerificationError(f"says a time that cannot be ({said} s since 1970): its clock, or this one, is wrong")
    return cosignature.lines_of(note, [key])[0]


def _post(url: str, data: bytes, until: float) -> tuple[int, bytes]:
    """HTTP status and body. Raises `TimeoutError`, or `Error` where nobody answers as HTTP does."""
    import http.client
    import urllib.error
    import urllib.request

    class Stay(urllib.request.HTTPRedirectHandler):
        """A witness answers where it is asked."""

        def redirect_request(self, *_: object) -> None:
            return None

    try:
        asked = urllib.request.Request(f"{url.rstrip('/')}/{ADD}", data, {"Content-Type": "text/plain; charset=utf-8"})
        with urllib.request.build_opener(Stay).open(asked, timeout=max(0.1, until - time.monotonic())) as got:
            return got.status, got.read(LARGEST)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(LARGEST)
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise error.reason from None
        raise Error(f"cannot be reached at {url}: {error.reason}") from None
    except TimeoutError:
        raise
    except OSError as error:
        raise Error(f"cannot be reached at {url}: {error.strerror or error}") from None
    except (http.client.HTTPException, ValueError) as error:
        raise Error(f"does not answer as a witness at {url}: {error!r}") from None


def keep(home: Home, register: Register, lines: Sequence[str]) -> None:
    """Put the lines under the checkpoint, here and for everybody."""
    with replace(home, patience=Patience(1)).writing() as writer:
        now = writer.home.register
        note = cosigned.of(register.folder, register.size, register.note)
        joined = cosignature.joined(note, lines)
        if joined != note:
            sizes = {*cosigned.sizes(register.folder), register.size}
            files = _files(joined.encode(), register.size, newest=now.size == register.size)
            writer.commit(Change(files={**files, f"site/register/{cosigned.SIZES}": cosigned.listing(sizes)}))


def _files(data: bytes, size: int, *, newest: bool) -> Mapping[str, bytes]:
    files = {f".archive/register/{cosigned.NAME}/{size}": data, f"site/register/{cosigned.NAME}/{size}": data}
    return files | ({"site/register/checkpoint": data} if newest else {})
