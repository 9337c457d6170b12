"""Filing: a received file and its sidecars become a deposit, whole or not at all.

What arrives is first made into a `Draft` (read, parsed, checked; nothing written), then drafts are filed together:
the good ones share one checkpoint.
"""

import datetime as dt
import io
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from archive.deposits import deposit_draft, versioned_draft
from archive.deposits.arrival import arrival
from archive.deposits.deposit import received
from archive.deposits.draft import Digests, Draft, Filed, Item, Options, Twin
from archive.deposits.here import Here
from archive.deposits.lists import Changes, changes, list_digests
from archive.deposits.names import COPY, OWN
from archive.home import intake
from archive.home.accession import intake_lists
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.home.store import Content, bytes_of, digest_of
from archive.records import redactions
from archive.register import redaction, statement


def draft(here: Here, path: Path, options: Options, scratch: Path) -> Item:
    """Read what lies at `path`; a `Filed` if there is nothing to file. Raises `Refused` with all that is wrong.

    What is read lies in the folder `scratch` until the draft is filed.
    """
    home = here.home
    if path.is_dir() and (path / "model.toml").is_file() and not received(path):
        from archive.deposits import model_draft

        return model_draft.new(home, path)
    if versions := versioned_draft.versions(path):
        return versioned_draft.new(home, path, versions)
    if path.is_dir() and intake_lists(path):
        return deposit_draft.refiled(here, path)
    return deposit_draft.new(here, arrival(home, path), options, scratch)


def file(writer: Writer, drafts: Sequence[Item]) -> tuple[Filed, ...]:
    """Log and put in place all drafts under one checkpoint; they were made of the home as it is under the lock.

    A `Twin` is said to be filed already, as what it is the twin of; where that is not among the drafts, it is left out.
    """
    made, filed = change(writer.home, drafts, writer.now())
    if made.leaves:
        writer.commit(made)
    return filed


def change(home: Home, drafts: Sequence[Item], now: dt.datetime) -> tuple[Change, tuple[Filed, ...]]:
    """What `file` does to a home at this time, for one who does more with the same change; and what comes of it."""
    ahead: Counter[str] = Counter()
    leaves: list[bytes] = []
    files: dict[str, Content] = {}
    digests: dict[str, str] = {}
    filed: list[Filed] = []
    firsts: dict[Digests, Filed] = {}
    for item in drafts:
        if isinstance(item, Filed):
            filed.append(item)
        elif isinstance(item, Twin):
            filed += _twin(item, firsts)
        else:
            known = home.accession(home.root / item.folder)
            accession = known.number if known else home.lives.next(item.kind, now.year, ahead[item.kind])
            ahead[item.kind] += not known
            taken_in = _intake(home, item, accession)
            logged = [statement.intake(accession, taken_in.sums, taken_in.digest, kind=item.kind, time=now)]
            logged += _notices(home.root / item.folder, item, accession, taken_in, now)
            leaves += [each.encode() for each in logged]
            files |= {f"{item.folder}/{name}": data for name, data in taken_in.files.items()}
            digests |= {f"{item.folder}/{name}": digest for name, digest in taken_in.digests.items()}
            filed.append(_filed(item, accession, home.root / item.folder))
            firsts[item.received] = filed[-1]
    return Change(leaves=leaves, files=files, digests=digests), tuple(filed)


def _intake(home: Home, item: Draft, accession: str) -> intake.Intake:
    """The lists of a draft, and everything they name.

    A list that may be published names no file of which anyone could try out what is in it: what is private, and of a
    deposit with covered words what holds them.
    """
    own = _own(home, item, accession)
    files: dict[str, Content] = {**item.files, **item.written}
    if item.marks:
        secret = bytes.fromhex(own["redaction.seed"].decode())
        files[COPY] = item.marks.copy(accession, bytes_of(files["turns.jsonl"]), secret)
    never = {redactions.NAME}  # even where every mark was lifted
    hidden = {*files} if item.private else item.marks.private(files) if item.marks else never
    if item.described and not (item.marks and "deposit.toml" in item.marks.held_back):
        hidden -= {"deposit.toml"}
    hidden |= item.hidden
    public = {name: data for name, data in files.items() if name not in hidden}
    closed = {name: data for name, data in files.items() if name in hidden}
    if "redaction.root" in own:
        public["redaction.root"] = own["redaction.root"]
    if item.version == 1 and own:
        closed["redaction.seed"] = own["redaction.seed"]
    return intake.make(public, closed, item.version)


def _notices(
    folder: Path, item: Draft, accession: str, taken_in: intake.Intake, now: dt.datetime
) -> Iterator[statement.Statement]:
    """What readers must be able to count of a filing: that words were covered, that it was opened."""
    listed = {f"{accession}/{taken_in.sums}": taken_in.digest}
    copy = taken_in.digests.get(COPY)
    before = list_digests(folder)[-1].get(COPY) if item.version > 1 else None
    if item.marks and copy and copy != before:
        subjects = {f"{accession}/{COPY}": copy, **listed}
        yield statement.notice("redacted", subjects, reason=item.marks.record.reason, time=now)
    if item.released:
        yield statement.notice("released", listed, reason=item.released, time=now)


def _filed(item: Draft, accession: str, folder: Path) -> Filed:
    return Filed(
        source=item.source,
        status="refiled" if item.version > 1 else "filed",
        accession=accession,
        folder=item.folder,
        changes=_changes(folder, item) if item.version > 1 else Changes(),
        lost=item.lost,
        unanswered=item.unanswered,
        remarks=item.marks.remarks if item.marks else (),
    )


def _twin(item: Twin, firsts: Mapping[Digests, Filed]) -> Iterator[Filed]:
    if first := firsts.get(item.received):
        yield Filed(source=item.source, status="already filed", accession=first.accession, folder=first.folder)


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


def _own(home: Home, item: Draft, accession: str) -> dict[str, bytes]:
    """The redaction commitment of a deposit, and its secret; of one that is filed again, where words are covered."""
    if item.kind != "deposit" or (item.version > 1 and not item.marks):
        return {}
    if item.version > 1:
        from archive.deposits.marks import commitment

        return commitment(home, home.root / item.folder, home.lives[accession])
    secret = secrets.token_bytes(32)
    with _opened(item.written["turns.jsonl"]) as lines:
        root = redaction.root(lines, secret)
    return {"redaction.seed": f"{secret.hex()}\n".encode(), "redaction.root": f"{root.hex()}\n".encode()}


def _opened(content: Content) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
