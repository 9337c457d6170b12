"""Filing: a received file and its sidecars become a deposit, whole or not at all.

What arrives is first made into a `Draft` (read, parsed, checked; nothing written), then drafts are filed together:
the good ones share one checkpoint.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archive.deposits import deposit_draft, versioned_draft
from archive.deposits.arrival import arrival
from archive.deposits.commitments import commitments
from archive.deposits.deposit import received
from archive.deposits.draft import Digests, Draft, Filed, Item, Options, Twin
from archive.deposits.here import Here
from archive.deposits.lists import Changes, changes, list_digests
from archive.deposits.names import COPY, OWN
from archive.home import intake
from archive.home.accession import intake_lists
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.home.store import Content, Held, Kept, bytes_of, digest_of
from archive.records import redactions
from archive.register import statement


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
    apart: list[str] = []
    filed: list[Filed] = []
    firsts: dict[Digests, Filed] = {}
    for item, own in zip(drafts, _commitments(home, drafts), strict=True):
        if isinstance(item, Filed):
            filed.append(item)
        elif isinstance(item, Twin):
            filed += _twin(item, firsts)
        else:
            known = home.accession(home.root / item.folder)
            accession = known.number if known else home.lives.next(item.kind, now.year, ahead[item.kind])
            ahead[item.kind] += not known
            taken_in = _intake(item, accession, own)
            logged = [statement.intake(accession, taken_in.sums, taken_in.digest, kind=item.kind, time=now)]
            logged += _notices(home.root / item.folder, item, accession, taken_in, now)
            leaves += [each.encode() for each in logged]
            placed = taken_in.placed(item.folder, home.store)
            apart += [path for name in taken_in.files if (path := f"{item.folder}/{name}") not in placed]
            files |= placed
            digests |= {f"{item.folder}/{name}": digest for name, digest in taken_in.digests.items()}
            filed.append(_filed(item, accession, home.root / item.folder))
            firsts[item.received] = filed[-1]
    gone = [path for path in apart if (home.root / path).exists()]
    return Change(leaves=leaves, files=files, digests=digests, remove=gone), tuple(filed)


def _commitments(home: Home, items: Sequence[Item]) -> list[dict[str, bytes]]:
    """Of each the redaction commitment with its secret; of a deposit that is filed again, where words are covered."""
    drafts = {place: item for place, item in enumerate(items) if isinstance(item, Draft) and item.kind == "deposit"}
    new = {place: draft for place, draft in drafts.items() if draft.version == 1}
    made = dict(zip(new, commitments([*new.values()]), strict=True))
    made |= {place: _before(home, draft) for place, draft in drafts.items() if place not in new and draft.marks}
    return [made.get(place, {}) for place in range(len(items))]


def _before(home: Home, draft: Draft) -> dict[str, bytes]:
    """The commitment that it was filed with first."""
    from archive.deposits.marks import commitment

    folder = home.root / draft.folder
    known = home.accession(folder)
    return commitment(home, folder, home.lives[known.number]) if known else {}


def _intake(item: Draft, accession: str, own: Mapping[str, bytes]) -> intake.Intake:
    """The lists of a draft, and everything they name; `own` is its redaction commitment, with its secret.

    A list that may be published names no file of which anyone could try out what is in it: what is private, and of a
    deposit with covered words what holds them.
    """
    files: dict[str, Held] = {**item.files, **item.written}
    if item.marks:
        secret = bytes.fromhex(own["redaction.seed"].decode())
        files[COPY] = item.marks.copy(accession, bytes_of(item.written["turns.jsonl"]), secret)
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
    own = {n: data for n, data in files.items() if not (n.endswith("/turns.jsonl") or isinstance(data, Kept))}
    writer.commit(Change(files=own))
    return writer.home.root / item.folder / "deposit.toml"
