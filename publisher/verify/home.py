"""Checking a home as its owner: the site in it, against the register's key that lies here, and that the two agree."""

from dataclasses import replace
from pathlib import Path

from archive.errors import VerificationError
from archive.home import keys
from archive.home.home import Home
from archive.register.note import VerifierKey
from archive.register.register import shown
from archive.wording import many
from publisher.issues.statements import clock
from publisher.verify.place import CHECKPOINT
from publisher.verify.site.check import verify_site
from publisher.verify.verdict import Verdict

LIMIT = "that what lies in the home beside its site is as it was filed: `archive check` shows that"


def verify_home(path: Path, key: VerifierKey | None) -> Verdict:
    """Check the site of a home, under its own key where none is given. Opening the home finishes what was interrupted.

    Raises `VerificationError` with all that is wrong.
    """
    home = Home.at(path)
    register = home.register
    checkpoint = home.site / CHECKPOINT
    # 1. What the site shows as the register is the home's, up to its last statement.
    if register.note and (not checkpoint.is_file() or checkpoint.read_bytes() != shown(register).encode()):
        found = "another one" if checkpoint.exists() else "none"
        raise VerificationError(f"{path}: expected the home's own checkpoint in site/{CHECKPOINT}, found {found}")
    newest = clock(register)
    if newest is None:
        what = f"{path}: nothing was published yet; its register of {many(register.size, 'statement')} is whole"
        register.statements  # noqa: B018 - each is read, and compared with the checkpoint
        return Verdict(sentence=f"{what}.", limits=(LIMIT,), facts={"verified": True, "channel": "home"})
    # 2. The site is what was logged, and nothing else.
    found_there = verify_site(home.site, key or keys.in_force(home.policies, register.key, newest)[0])
    sentence = f"{found_there.sentence[:-1]}. Its register is the one of this home."
    facts = {**found_there.facts, "channel": "home"}
    return replace(found_there, sentence=sentence, limits=(LIMIT, *found_there.limits), facts=facts)
