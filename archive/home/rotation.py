"""Another key for the register: rotated, both sign; retired, the older signs no more.

The new private key is written, and lasts, before anything is signed with it. Killed after that and before the notice
is logged, the next rotation takes the key that lies there.
"""

import datetime as dt
from dataclasses import dataclass, replace

from archive.errors import Error, Malformed
from archive.home import keys, setup, witnesses
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.home.versions import POLICY, Version
from archive.register import durable
from archive.register.note import Signer, VerifierKey
from archive.register.policy import Log

TOGETHER = dt.timedelta(days=365)
"""How long both keys should sign, so that whoever reads once a year learns of the new one from the old."""


@dataclass(frozen=True, slots=True)
class Signing:
    """A key that signs the register, or did."""

    key: VerifierKey
    since: int | None
    """Entry of the notice that logged it; None for the key it was founded with."""
    until: int | None = None
    """Entry of the notice that retired it; None while it signs."""


def signing(home: Home) -> list[Signing]:
    """Every key the register was signed with, the newest first."""
    found: list[Signing] = []
    for key in keys.every(home.policies, home.register.key):
        named = [(each.index, key in keys.listed(each)) for each in home.policies]
        since = next((index for index, is_listed in named if is_listed), None)
        until = next(
            (index for index, is_listed in named if not is_listed and since is not None and index > since), None
        )
        founding = key == home.register.keys[-1]
        found.append(Signing(key, None if founding else since, until))
    return found


def rotate(home: Home) -> VerifierKey:
    """Make a new key, and log that from now on both sign. Raises `Error` where two sign already."""
    with home.writing() as writer:
        now = writer.home
        if len(now.keys) > 1:
            raise Error(
                f"two keys sign the register since entry {_since(now).index}; "
                "retire the older one first: archive keys retire"
            )
        new = _new(now)
        signer = replace(new, also=(now.signer(),))
        pub = "".join(f"{key}\n" for key in (new.key, *now.register.keys)).encode()
        _log(writer, signer, {".archive/register/key.pub": pub})
        return new.key


def retire(home: Home, *, early: bool = False) -> VerifierKey:
    """Log that the older of two keys signs no more, and take its private half away: the key that was retired.

    Raises `Error` where only one signs, or where both have not signed for a year and it is not `early`.
    """
    with home.writing() as writer:
        now = writer.home
        if len(now.keys) < 2:
            raise Error("one key signs the register; `archive keys rotate` makes a new one beside it")
        new, old = now.keys
        since = _since(now)
        if writer.now() - since.time < TOGETHER and not early:
            day = (since.time + TOGETHER).date()
            raise Error(
                f"both keys sign since {since.time.date()} (entry {since.index}), and should until {day}: who knows "
                "only the old one then cannot check what is new; --early retires it now"
            )
        ever = keys.every(now.policies, new)
        (place,) = keys.places([old], ever)
        _log(writer, keys.signer(now.root, [new], ever), {}, remove=place)
        return old


def _since(home: Home) -> Version:
    """The policy that first listed the newest key."""
    return next(each for each in home.policies if home.keys[0] in keys.listed(each))


def _log(writer: Writer, signer: Signer, files: dict[str, bytes], *, remove: str = "") -> None:
    """Log the policy with the keys that `signer` signs with; its own checkpoint is signed by them."""
    rules = witnesses.policy(writer.home)
    logs = tuple(Log(each.key) for each in (signer, *signer.also))
    named = setup.naming(
        writer.home, POLICY, bytes(replace(rules, logs=logs)), reason="register-key", time=writer.now()
    )
    change = Change(leaves=named.leaves, files={**named.files, **files}, remove=[remove] if remove else [])
    writer.commit(change, signer)


def _new(home: Home) -> Signer:
    """The next key: the one that a killed rotation left, which has signed nothing, else one that is made now."""
    path = home.root / keys.name_of(len(keys.every(home.policies, home.register.key)) + 1)
    try:
        return Signer.parse(durable.content(path).decode("ascii", "replace"))
    except FileNotFoundError:
        new = Signer.generate(home.register.key.name)
        with home.scratch() as scratch:  # which the next command sweeps, if this one is killed
            durable.write(scratch / path.name, f"{new}\n".encode())
            (scratch / path.name).replace(path)
            durable.sync(path.parent)
        return new
    except Malformed as error:
        raise Error(f"{path}: {error}; it has signed nothing: move it away, and rotate again") from None
