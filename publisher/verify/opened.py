"""A site with its register, once the register has been checked: what the other checks of a site rest on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archive.errors import Error, Malformed, Problem, VerificationError
from archive.register import sums, tile
from archive.register.note import Checkpoint, VerifierKey, open_checkpoint
from archive.register.statement import Statement
from archive.register.tree import Tree, read_leaves
from publisher.verify.folder import Folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A stranger's site, and what its register holds."""

    folder: Folder
    key: VerifierKey
    checkpoint: Checkpoint
    leaves: tuple[bytes, ...]
    statements: tuple[Statement, ...]
    digests: Mapping[str, str]
    """Path → SHA-256 of every file."""
    essays: Mapping[str, str]
    """Accession → slug of the essays that are there, by the hash of their intake list."""

    def issues(self) -> Iterator[tuple[int, Statement]]:
        """Position and statement of each issue."""
        return ((i, s) for i, s in enumerate(self.statements) if s.kind == "issue")

    def matching(self, form: str) -> list[str]:
        """The files whose path has this form."""
        return sorted(name for name in self.folder.names if re.fullmatch(form, name))


def own_key(folder: Folder) -> VerifierKey:
    """The key that a site gives for its register. Raises `Error` where there is none."""
    try:
        return VerifierKey.parse(re.findall(r"(?m)^log (\S+)", folder.text("register/policy"))[0])
    except (Malformed, IndexError):
        found = f"{folder.path}: expected a site with register/policy, found none that names a key"
        raise Error(f"{found}; give the key with --key") from None


def opened(folder: Folder, key: VerifierKey) -> Opened:
    """The site in a folder. Raises `VerificationError` where its register is not one that `key` signed."""
    if "register/checkpoint" not in folder.names and not folder.is_odd("register/checkpoint"):
        raise Error(f"{folder.path}: expected a site with register/checkpoint, found none")
    if any(name.split("/")[0] == "register" for name in folder.odd):
        raise VerificationError(listing("the register cannot be read:", folder.problems()))
    checkpoint = open_checkpoint(folder.text("register/checkpoint"), key)
    leaves = read_leaves(folder.path / "register", checkpoint)
    statements = tuple(map(Statement.decode, leaves))
    digests = {name: sums.digest(folder.data(name)) for name in sorted(folder.names)}
    return Opened(
        folder=folder,
        key=key,
        checkpoint=checkpoint,
        leaves=leaves,
        statements=statements,
        digests=digests,
        essays=_essays(digests, statements),
    )


def tiles(site: Opened) -> Iterator[Problem]:
    """Tiles that are missing or strange, or that hold other hashes than the leaves have."""
    tree = Tree(site.folder.path / "register", site.checkpoint)
    there = {name.removeprefix("register/") for name in site.folder.names if name.startswith("register/tile/")}
    for name in sorted({*tile.names(tree.size)} - there):
        yield Problem(f"register/{name}", "is missing")
    for name in sorted(there):
        belongs = tile.belongs(name, site.checkpoint.size)
        if not belongs or site.folder.data(f"register/{name}") != tree.file(name):
            yield Problem(f"register/{name}", "is not the tile of this register")


def listing(head: str, problems: Iterable[Problem]) -> str:
    """Problems under one line, with nothing in a stranger's names that a terminal would obey."""
    from archive.characters import marked

    return "\n".join([head, *("  " + marked(str(problem).replace("\n", " ")) for problem in problems)])


def _essays(digests: Mapping[str, str], statements: Iterable[Statement]) -> dict[str, str]:
    logged = {
        digest: name.split("/")[0]
        for statement in statements
        if statement.kind == "intake"
        for name, digest in statement.subjects.items()
    }
    found = {}
    for name, digest in digests.items():
        form = re.fullmatch(r"essays/([^/]+)/intake\.sums", name)
        if form and digest in logged:
            found[logged[digest]] = form[1]
    return found
