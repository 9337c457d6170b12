"""The register, read out of all its copies: ``.archive/register/`` and ``site/register/``; and every file of both."""

import contextlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeGuard

from archive.audit import cosigned
from archive.audit.account import Account
from archive.audit.finding import RESTORE
from archive.errors import Malformed, VerificationError
from archive.home import keys
from archive.home.versions import POLICY, Version
from archive.register import cosignature, merkle, tile
from archive.register.note import Checkpoint, Signer, VerifierKey, number, open_checkpoint
from archive.register.proof import Proof
from archive.register.statement import Statement

OWN, PUBLIC = ".archive/register/", "site/register/"
_POLICY = re.compile(rb"log (\S+)\n")


@dataclass(frozen=True)
class Logged:
    """A register as its newest signed checkpoint commits to it."""

    keys: tuple[VerifierKey, ...]
    """All that ever signed it, the newest first."""
    signers: Mapping[str, Signer]
    """Path → private key, of those that are there and undamaged."""
    note: str
    """The newest checkpoint; empty while nothing was logged."""
    leaves: tuple[bytes, ...]
    kept: Mapping[int, bytes]
    """The earlier checkpoints that lie there, by tree size."""
    policies: tuple[Version, ...] = ()
    """Which keys sign from where on."""

    @property
    def key(self) -> VerifierKey:
        return self.keys[0]

    def places(self, size: int) -> Mapping[str, VerifierKey]:
        """The keys that sign a register of `size` statements, by the paths of their private halves."""
        return keys.places(keys.in_force(self.policies, self.key, size), self.keys)

    def signer(self, size: int) -> Signer | None:
        """What signed such a register, where all of it is at hand."""
        found = [self.signers.get(path) for path in self.places(size)]
        whole = [signer for signer, key in zip(found, self.places(size).values(), strict=True) if _fits(signer, key)]
        return replace(whole[0], also=tuple(whole[1:])) if len(whole) == len(found) else None

    @cached_property
    def hashes(self) -> list[bytes]:
        return [merkle.leaf_hash(leaf) for leaf in self.leaves]

    @cached_property
    def roots(self) -> Mapping[int, bytes]:
        """Root hash of the tree at the size of each checkpoint."""
        wanted, found, tops = {*self.kept, len(self.leaves)}, {}, list[bytes]()
        for size, leaf in enumerate(self.hashes, 1):
            merkle.push(tops, size - 1, leaf)
            if size in wanted:
                found[size] = merkle.folded(tops)
        return found

    @cached_property
    def signed(self) -> Mapping[int, bytes]:
        """The checkpoints below the newest as they were signed, as far as that can be told."""
        found = {}
        for size, data in self.kept.items():
            text = str(Checkpoint(self.key.name, size, self.roots[size]))
            if signer := self.signer(size):
                found[size] = signer.sign(text).encode()  # the same bytes every time
            elif data.startswith(f"{text}\n".encode()):
                with contextlib.suppress(VerificationError, UnicodeDecodeError):
                    open_checkpoint(data.decode(), *self.keys)
                    found[size] = data
        return found

    def first_note(self, index: int) -> str:
        """The first checkpoint that covers a statement."""
        later = bisect_right(self._sizes, index)
        return self.signed[self._sizes[later]].decode() if later < len(self._sizes) else self.note

    @cached_property
    def _sizes(self) -> list[int]:
        return sorted(self.signed)


def read(account: Account) -> Logged | None:
    """None, and a finding, where no copy of the register is whole."""
    kept = account.lying.kept
    private = _private(account)
    candidates = [found for found in _keys(kept, private, account) if found]
    notes = {path: data for path, data in kept.items() if re.search(r"/(checkpoint|checkpoints/\d+)$", path)}
    for known in candidates:
        for note, checkpoint in _newest(notes, known):
            for own, public in ((OWN, PUBLIC), (PUBLIC, OWN)):
                with contextlib.suppress(VerificationError):
                    leaves = _leaves(kept, checkpoint, own, public)
                    others = {size: data for path, data in notes.items() if 0 < (size := _size_in(path)) < len(leaves)}
                    policies = _policies(account, leaves)
                    ever = keys.every(policies, known[-1])
                    return Logged(ever, private, _own(note, ever), leaves, others, policies)
    if candidates and not notes and not any("/tile/" in path for path in kept):
        return Logged(tuple(candidates[0]), private, "", (), {})
    what = "no checkpoint in it is signed and has all its statements" if notes or candidates else "its key is missing"
    account.find("damaged", OWN.rstrip("/"), f"the register cannot be read: {what}", "bring it back from a backup")
    return None


def compare(account: Account, logged: Logged) -> None:
    """Every file of the register, of its public copy and of its key."""
    kept, size = account.lying.kept, len(logged.leaves)
    wanted = {f"{OWN}key.pub": "".join(f"{key}\n" for key in logged.keys).encode()}
    tiles = {}
    if size:
        tiles = tile.hash_tiles(logged.hashes) | tile.bundles(logged.leaves)
        note = logged.note.encode()
        wanted |= {f"{OWN}checkpoint": note, f"{OWN}checkpoints/{size}": note, f"{PUBLIC}checkpoint": note}
        wanted |= cosigned.wanted(account, logged.keys, {**logged.signed, size: note})
    for folder in (OWN, PUBLIC):
        wanted |= {folder + name: data for name, data in tiles.items()}
    wanted |= _narrower(kept, tiles, size)
    wanted |= {f"{OWN}checkpoints/{n}": note for n, note in logged.signed.items()}
    for path, data in wanted.items():
        account.seen.add(path)
        if kept.get(path) != data:
            account.mends[path] = data
            what = "is not what was signed" if path in kept else _headless(path, size)
            account.find("damaged", path, what, f"{RESTORE} makes it again from what was logged")
    for n in logged.kept.keys() - logged.signed.keys():
        path = f"{OWN}checkpoints/{n}"
        if path in kept:
            account.seen.add(path)
            account.find("damaged", path, "is not what was signed", "bring it back from a backup")


def proofs(account: Account, logged: Logged, where: Iterable[tuple[str, int]]) -> None:
    """The proofs that lie beside lists: path in the home → index of the statement that names the list."""
    for path, index in where:
        account.seen.add(path)
        data = account.lying.kept.get(path, b"")
        if not _proves(logged, data, index):
            note = logged.first_note(index)
            with contextlib.suppress(VerificationError, IndexError):
                size = open_checkpoint(note, *logged.keys).size
                account.mends[path] = bytes(Proof.make(logged.leaves[:size], index, note))
            what = "is no proof of its list" if data else "is missing"
            account.find("damaged", path, what, f"{RESTORE} makes it again from what was logged")


def _proves(logged: Logged, data: bytes, index: int) -> bool:
    try:
        proof = Proof.parse(data)
        size = number(proof.note.split("\n")[1], "a tree size")
        root = merkle.root_from_inclusion(index, size, merkle.leaf_hash(logged.leaves[index]), proof.path)
    except (VerificationError, IndexError):
        return False
    right = bytes(proof) == data and (proof.index, proof.leaf) == (index, logged.leaves[index])
    return right and proof.note == logged.first_note(index) and root == logged.roots.get(size)


def _fits(signer: Signer | None, key: VerifierKey) -> TypeGuard[Signer]:
    return signer is not None and signer.key == key


def _policies(account: Account, leaves: Sequence[bytes]) -> tuple[Version, ...]:
    """Every policy that was logged, wherever its bytes lie. A copy that is missing is named elsewhere."""
    found = []
    for index, leaf in enumerate(leaves):
        if f'"name":"{POLICY}"'.encode() in leaf:
            notice = Statement.decode(leaf)
            data = account.read(notice.subjects[POLICY])
            found += [Version(POLICY, index, notice.time, data)] if data is not None else []
    return tuple(found)


def _private(account: Account) -> dict[str, Signer]:
    """The private keys, while what stands in their files is one. That they fit the register is looked at elsewhere."""
    found = {}
    for path in (path for path in account.lying.digests if path.startswith(f"{keys.FOLDER}/")):
        with contextlib.suppress(OSError, Malformed):
            found[path] = Signer.parse((account.root / path).read_bytes().decode("ascii", "replace"))
    return found


def _keys(kept: Mapping[str, bytes], private: Mapping[str, Signer], account: Account) -> Iterator[list[VerifierKey]]:
    """Wherever the public keys stand: in their file, in the private ones, on the site."""
    lines = kept.get(f"{OWN}key.pub", b"").splitlines(keepends=True)
    found = [_key(line) for line in lines]
    yield [key for key in found if key] if all(found) else []
    yield from ([signer.key] for signer in private.values())
    with contextlib.suppress(OSError):
        listed = _POLICY.findall((account.root / PUBLIC / "policy").read_bytes())
        yield [key for key in (_key(found + b"\n") for found in listed) if key]


def _key(data: bytes) -> VerifierKey | None:
    try:
        return VerifierKey.parse(data.decode().removesuffix("\n"))
    except (UnicodeDecodeError, Malformed):
        return None


def _newest(notes: Mapping[str, bytes], keys: Sequence[VerifierKey]) -> Iterator[tuple[str, Checkpoint]]:
    """The checkpoints that one of these keys signed, from the largest; each text once."""
    sized = {data: size for data in notes.values() if (size := _size(data)) is not None}
    for data in sorted(sized, key=lambda data: -sized[data]):
        with contextlib.suppress(VerificationError):
            yield data.decode(), open_checkpoint(_own(data.decode(), keys), *keys)


def _own(note: str, keys: Sequence[VerifierKey]) -> str:
    """A note without the lines of witnesses."""
    return cosignature.text_of(note) + "\n" + "".join(cosignature.lines_of(note, keys))


def _size(note: bytes) -> int | None:
    try:
        return number(note.decode().split("\n")[1], "a tree size")
    except (UnicodeDecodeError, IndexError, Malformed):
        return None


def _size_in(path: str) -> int:
    """Of ``checkpoints/12``; 0 for any other path."""
    last = path.removeprefix(f"{OWN}checkpoints/")
    return int(last) if last.isdecimal() and last.isascii() and not last.startswith("0") else 0


def _leaves(kept: Mapping[str, bytes], checkpoint: Checkpoint, own: str, public: str) -> tuple[bytes, ...]:
    """Each bundle from the first copy that its hash tile fits, else the first. Raises `VerificationError`."""
    found: list[bytes] = []
    for n, name in enumerate(tile.bundle_paths(checkpoint.size)):
        copies = [kept[folder + name] for folder in (own, public) if folder + name in kept]
        hashes = name.replace("/entries/", "/0/")
        tiles = [kept[folder + hashes] for folder in (own, public) if folder + hashes in kept]
        read = [leaves for data in dict.fromkeys(copies) if (leaves := _bundle(data)) is not None]
        if not read:
            raise VerificationError(f"the statements from {n * tile.WIDTH} on are lost")
        fits = [leaves for leaves in read if len(read) > 1 and b"".join(map(merkle.leaf_hash, leaves)) in tiles]
        found += (fits or read)[0]
    if len(found) != checkpoint.size or merkle.root([merkle.leaf_hash(leaf) for leaf in found]) != checkpoint.root:
        raise VerificationError("the statements are not what the checkpoint says")
    return tuple(found)


def _bundle(data: bytes) -> tuple[bytes, ...] | None:
    try:
        return tuple(tile.leaves(data))
    except Malformed:
        return None


def _narrower(kept: Mapping[str, bytes], tiles: Mapping[str, bytes], size: int) -> dict[str, bytes]:
    """The partial tiles that were once the newest and still lie in one of the two folders, each the beginning of
    today's, for both.
    """
    whole = {name.partition(".p/")[0]: data for name, data in tiles.items()}
    there = {path.removeprefix(OWN).removeprefix(PUBLIC) for path in kept if "/tile/" in path}
    found: dict[str, bytes] = {}
    for name in there - tiles.keys():
        if tile.belongs(name, size):
            place, _, width = name.partition(".p/")
            data = whole[place][: 32 * int(width)]
            if "/entries/" in place:
                data = tile.bundle([*tile.leaves(whole[place])][: int(width)])
            found |= {folder + name: data for folder in (OWN, PUBLIC)}
    return found


def _headless(path: str, size: int) -> str:
    return f"is missing, though {size} statements were signed" if path == f"{OWN}checkpoint" else "is missing"
