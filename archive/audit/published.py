"""What was frozen and published: ``.archive/issues/`` and ``site/``, back to the lists that the register names."""

from archive.audit.account import Account
from archive.audit.intakes import Said, listing
from archive.register.sums import LIST

_AGAIN = "publisher build"
ISSUES = ".archive/issues"


def published(account: Account, said: Said) -> list[tuple[str, int]]:
    """Everything that the lists name; the proofs beside them, each with the index of the statement it is of."""
    proofs = []
    for week, (index, digest) in said.issues.items():
        kept, name = f"{ISSUES}/{week}", f"issues/{week}/{LIST}"
        account.expect(f"{kept}/{name}", digest, "logged")
        proofs += [(f"{kept}/{name}.tlog-proof", index), (f"site/{name}.tlog-proof", index)]
        for path, frozen in _named(account, digest, f"{kept}/{name}").items():
            if path not in said.withdrawn or f"{kept}/{path}" in account.lying.digests:
                account.expect(f"{kept}/{path}", frozen, "published")
            if path not in said.withdrawn:
                account.expect(f"site/{path}", frozen, "published", again=_AGAIN)
    for week, (name, digest) in said.notices.items():
        account.expect(f"{ISSUES}/{week}/{name}", digest, "logged")
    for week, name, digest in said.words:
        account.expect(f"{ISSUES}/{week}/{name}", digest, "logged")
    if said.site:
        index, digest = said.site
        account.expect(f"{ISSUES}/{LIST}", digest, "logged", again=_AGAIN)
        account.expect(f"site/{LIST}", digest, "logged", again=_AGAIN)
        proofs.append((f"site/{LIST}.tlog-proof", index))
        for path, rendered in _named(account, digest, f"site/{LIST}").items():
            account.expect(f"site/{path}", rendered, "published", again=_AGAIN)
    return proofs


def _named(account: Account, digest: str, place: str) -> dict[str, str]:
    data = account.read(digest)
    if data is None:
        what = "cannot be read, nor any copy of it: what it names cannot be judged"
        account.find("damaged", place, what, "bring it back from a backup")
        folder = place.removesuffix(LIST) if place.startswith("site") else place.partition("/issues/")[0]
        account.seen |= {path for path in account.lying.digests if path.startswith(folder)}
        return {}
    return listing(data)
