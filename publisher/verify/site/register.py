"""A site with its register, once the register has been checked: what the other checks of a site rest on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from archive.cores import portions, spread
from archive.errors import Error, Problem, VerificationError
from archive.home import keys
from archive.home.reviewers import Reviewers
from archive.home.versions import ALLOWED_SIGNERS, POLICY, Version, versions
from archive.register import sums, tile
from archive.register.note import VerifierKey
from archive.register.proof import Proof, verify
from archive.register.register import Register
from archive.register.statement import encode_time
from publisher.essays.asked import Samplings, samplings
from publisher.issues.statements import clock
from publisher.verify import message
from publisher.verify.site.folder import Folder


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A stranger's site, and its register, all of whose statements were compared with its checkpoint."""

    folder: Folder
    register: Register

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """Path → SHA-256 of every file, each of which is read for it."""
        parts = spread(partial(_digests, self.folder), portions(sorted(self.folder.names), 6_000))
        return {name: found for part in parts for name, found in part}

    @cached_property
    def essays(self) -> Mapping[str, str]:
        """Accession → slug of the essays that are there, by the hash of their intake list."""
        forms = ((re.fullmatch(r"essays/([^/]+)/intake\.sums", name), name) for name in self.digests)
        found = {form[1]: self.register.index.listed(self.digests[name]) for form, name in forms if form}
        return {accession: slug for slug, accession in found.items() if accession}

    @cached_property
    def reviewers(self) -> Reviewers:
        """Whose keys counted when, by the lists that were logged before what is shown. Raises `VerificationError`."""
        size = clock(self.register) or 0
        return Reviewers(versions(self.register, ALLOWED_SIGNERS, lambda path, _: self.folder.data(path), size))

    @cached_property
    def policies(self) -> tuple[Version, ...]:
        """Which keys signed, and who had to have seen a checkpoint, as it was logged. Raises `VerificationError`."""
        data, size = self.folder.data, clock(self.register) or 0
        found = versions(self.register, POLICY, lambda path, _: data(path), size)
        return tuple(replace(each, proof=data(f"{each.path}.tlog-proof")) for each in found)

    @cached_property
    def keys(self) -> tuple[VerifierKey, ...]:
        """All that a proof may be signed by: the key this check goes by, and those that the register itself names."""
        return tuple(dict.fromkeys((self.register.key, *keys.every(self.policies, self.register.key))))

    @cached_property
    def samplings(self) -> Samplings:
        """What was asked for, and what came of it."""
        return samplings(self.register)

    @cached_property
    def withdrawn(self) -> Mapping[str, int]:
        """Site path → index of the notice that withdrew that file; making the site again shows whether it should."""
        notices = self.register.of_kind("notice", "withdrawn")
        return {name: index for index, notice in notices for name in notice.subjects if not _words(name)}

    @cached_property
    def folders(self) -> Mapping[str, list[str]]:
        """Folder → the names of the files in it, sorted."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.folder.names):
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, []).append(name)
        return found


def _words(name: str) -> bool:
    """Whether a subject of a withdrawal is not what went, but what is said instead: ``essays/<slug>/notice.toml``."""
    return re.fullmatch(r"essays/[^/]+/notice\.toml", name) is not None


def opened(folder: Folder, key: VerifierKey) -> Opened:
    """The site in a folder. Raises `VerificationError` where its register is not one that `key` signed."""
    if "register/checkpoint" not in folder.names and not folder.is_odd("register/checkpoint"):
        raise Error(f"{folder.path}: expected a site with register/checkpoint, found none")
    if any(name.split("/")[0] == "register" for name in folder.odd):
        raise VerificationError(message.each("the register cannot be read:", folder.problems()))
    note = folder.text("register/checkpoint")
    try:
        register = Register.published(folder.path / "register", key, note)
    except VerificationError as error:
        raise VerificationError(succeeded(folder, key) or str(error)) from None
    register.statements  # noqa: B018 - each is read, and compared with the checkpoint
    return Opened(folder=folder, register=register)


def _digests(folder: Folder, names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, sums.digest(folder.data(name))) for name in names]


def succeeded(folder: Folder, key: VerifierKey) -> str:
    """Which key the register has since it was signed by this one, where this one itself has signed that; else empty."""
    newest, said = key, ""
    forms = (re.fullmatch(r"register/keys/(\d{1,15})/policy", name) for name in folder.names)
    for index, name in sorted((int(form[1]), form[0]) for form in forms if form):
        try:
            data = folder.data(name)
            proved = verify(data, Proof.parse(folder.data(f"{name}.tlog-proof")), newest)
            notice, listed = proved.statement, keys.listed(Version(POLICY, index, proved.statement.time, data))
        except Error:
            continue
        is_policy = (notice.kind, notice.predicate.get("kind"), proved.subject) == ("notice", "keys", POLICY)
        if is_policy and listed[0] != newest:
            newest = listed[0]
            said = (
                f"{key.name} is not signed by the key {key} any more. That key has itself signed, in entry "
                f"{proved.index} of {encode_time(notice.time)}, that another follows it ({name}.tlog-proof). If you "
                f"trust it until then, check with the one that signs now: --key '{newest}'"
            )
    return said


def tiles(site: Opened) -> Iterator[Problem]:
    """Tiles that are missing or strange, or that hold other hashes than the leaves have."""
    tree = site.register.tree
    there = {name.removeprefix("register/") for name in site.folder.names if name.startswith("register/tile/")}
    for name in sorted({*tile.names(tree.size)} - there):
        yield Problem(f"register/{name}", "is missing")
    for name in sorted(there):
        belongs = tile.belongs(name, tree.size)
        if not belongs or site.folder.data(f"register/{name}") != tree.file(name):
            yield Problem(f"register/{name}", "is not the tile of this register")


UNREADABLE = (OSError, ValueError, LookupError, RecursionError, Error)
"""What reading a stranger's records can come to."""


def unreadable(place: str, error: BaseException) -> Problem:
    return Problem(place, f"cannot be read to the end: {error}")


def readable(check: Iterator[Problem], place: str) -> Iterator[Problem]:
    """The problems a check finds, as far as it comes with files that are missing or damaged."""
    try:
        yield from check
    except UNREADABLE as error:
        yield unreadable(place, error)
