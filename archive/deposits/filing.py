"""Filing: a received file and its sidecars become a deposit, whole or not at all.

What arrives is first made into a `Draft` (read, parsed, checked; nothing written), then drafts are filed together:
the good ones share one checkpoint.
"""

import io
import secrets
from collections import Counter
from collections.abc import Container, Sequence
from pathlib import Path
from typing import BinaryIO

from archive.deposits import deposit_draft, model_draft, versioned_draft
from archive.deposits.arrival import arrival
from archive.deposits.deposit import OWN, received
from archive.deposits.draft import Content, Draft, Filed, Options
from archive.deposits.lists import Changes, changes, list_digests
from archive.home import intake
from archive.home.accession import intake_lists
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.home.store import digest_of
from archive.register import redaction, statement


def draft(home: Home, path: Path, options: Options, taken: Container[str], scratch: Path) -> Draft | Filed:
    """Read what lies at `path`; a `Filed` if there is nothing to file. Raises `Refused` with all that is wrong.

    `taken` are slugs that other deposits have. What is read lies in the folder `scratch` until the draft is filed.
    """
    if path.is_dir() and (path / "model.toml").is_file() and not received(path):
        return model_draft.new(home, path)
    if versions := versioned_draft.versions(path):
        return versioned_draft.new(home, path, versions)
    if path.is_dir() and intake_lists(path):
        return deposit_draft.refiled(home, path)
    return deposit_draft.new(home, arrival(home, path), options, taken, scratch)


def file(writer: Writer, drafts: Sequence[Draft | Filed]) -> tuple[Filed, ...]:
    """Log and put in place all drafts under one checkpoint; they were made of the home as it is under the lock."""
    home = writer.home
    now = writer.now()
    ahead: Counter[str] = Counter()
    leaves: list[bytes] = []
    files: dict[str, Content] = {}
    filed: list[Filed] = []
    for item in drafts:
        if isinstance(item, Filed):
            filed.append(item)
            continue
        known = home.accession(home.root / item.folder)
        if known:
            accession = known.number
        else:
            accession = home.lives.next(item.kind, now.year, ahead[item.kind])
            ahead[item.kind] += 1
        own, private = _own(item)
        everything = {**item.files, **item.written, **own}
        public = {} if item.private else {**item.files, **item.written}
        if item.private:
            private = {**private, **item.files, **item.written}
        if "redaction.root" in own:
            public["redaction.root"] = own["redaction.root"]
        taken_in = intake.make(public, private, item.version)
        leaves.append(statement.intake(accession, taken_in.sums, taken_in.digest, kind=item.kind, time=now).encode())
        everything |= taken_in.files
        files |= {f"{item.folder}/{name}": data for name, data in everything.items()}
        filed.append(
            Filed(
                source=item.source,
                status="refiled" if item.version > 1 else "filed",
                accession=accession,
                folder=item.folder,
                changes=_changes(home.root / item.folder, item) if item.version > 1 else Changes(),
                lost=item.lost,
                unanswered=item.unanswered,
            )
        )
    if leaves:
        writer.commit(Change(leaves=leaves, files=files))
    return tuple(filed)


def _changes(folder: Path, item: Draft) -> Changes:
    """What a folder that is filed again has that it had not, and the other way round."""
    before = {name: digest for name, digest in list_digests(folder)[-1].items() if not OWN.fullmatch(name)}
    return changes(before, {name: digest_of(content) for name, content in item.files.items()})


def unfinished(item: Draft, writer: Writer) -> Path:
    """Put a draft in place without filing it, for its deposit.toml to be edited there; the path of that."""
    files = {f"{item.folder}/{name}": data for name, data in {**item.files, **item.written}.items()}
    kept = {name: data for name, data in files.items() if not name.endswith("/turns.jsonl")}
    writer.commit(Change(files=kept))
    return writer.home.root / item.folder / "deposit.toml"


def _own(item: Draft) -> tuple[dict[str, bytes], dict[str, Content]]:
    """What the program adds to a draft besides lists: the redaction commitment of a deposit; the private part of it."""
    if item.kind != "deposit" or item.version > 1:
        return {}, {}
    seed = secrets.token_bytes(32)
    with _opened(item.written["turns.jsonl"]) as lines:
        root = redaction.root(lines, seed)
    own = {"redaction.seed": f"{seed.hex()}\n".encode(), "redaction.root": f"{root.hex()}\n".encode()}
    return own, {"redaction.seed": own["redaction.seed"]}


def _opened(content: Content) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
