"""A batch: all that one command files, the good ones of a portion under one checkpoint, the others with all problems.

A portion is logged and in its place before the next is drafted; killed, the same command run again files what is left.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from archive.deposits import begun, filing
from archive.deposits.draft import Digests, Draft, Filed, Item, Options, Twin
from archive.deposits.drafting import Drafting, Found, Portion, found, picked
from archive.deposits.shelf import refuse_unknown
from archive.errors import Error, Problem, Refused
from archive.home.home import Home, Writer

Watch = Callable[[Iterator[Found]], Iterator[Found]]
"""Gives back what it is given, one by one, and may show how far it is."""
_NEXT = "(next)"
"""The accession number of what would be filed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What came of a command."""

    filed: tuple[Filed, ...]
    problems: tuple[Problem, ...]
    """Of everything that was refused."""
    passed: tuple[str, ...] = ()
    """What is no conversation and was passed over, and why."""


def file_paths(home: Home, paths: Sequence[Path], chosen: Options, watch: Watch = iter) -> Batch:
    """File everything that can be filed, portion by portion, each whole; what cannot is refused with all its problems.

    `watch` shows the progress. Where filing cannot go on, what was filed until then is noted on the error.
    """
    with home.scratch() as scratch:
        drafting, things = _begun(home, paths, chosen, scratch)
        filed: list[Filed] = []
        with _noting(filed):
            for portion in drafting.portions(watch(things)):
                filed += _filed(drafting, portion)
                del portion  # before the next is drafted
        return _ended(drafting, filed)


def _ended(drafting: Drafting, filed: Sequence[Filed]) -> Batch:
    """What came of it, once nothing is left to be done: the note of a command that goes on is the last thing to go."""
    if drafting.options.again:
        begun.ended(drafting.home)
    return Batch(filed=tuple(filed), problems=tuple(drafting.problems), passed=tuple(drafting.passed))


def _begun(home: Home, paths: Sequence[Path], chosen: Options, scratch: Path) -> tuple[Drafting, Iterator[Found]]:
    """What makes drafts, and what it makes them of."""
    if chosen.protocol is not None:
        refuse_unknown(home, chosen.protocol)
    problems: list[Problem] = []
    things = picked(found(paths, scratch), chosen.only, problems)
    first = list(islice(things, 2))
    drafting = Drafting(home, replace(chosen, several=len(first) > 1), scratch, problems)
    return drafting, chain(first, things)


def _filed(drafting: Drafting, portion: Portion) -> tuple[Filed, ...]:
    """Log and put in place a portion; if all of it was filed before, without waiting for the lock."""
    if all(isinstance(item, Filed) for item in portion.items):
        return tuple(item for item in portion.items if isinstance(item, Filed))
    with drafting.home.writing() as writer:
        filed = filing.file(writer, _still(drafting, writer, portion))
        drafting.home = writer.home
    return filed


def _still(drafting: Drafting, writer: Writer, portion: Portion) -> Sequence[Item]:
    """What is right under the lock, and was not filed by a killed command that this one is the same as."""
    items = drafting.still(writer.home, portion).items
    return begun.resumed(writer.home, items) if drafting.options.again else items


@contextlib.contextmanager
def _noting(filed: Sequence[Filed]) -> Iterator[None]:
    """Notes on an error that ends a batch how much was filed by then, which a second run passes over."""
    try:
        yield
    except (Error, OSError) as error:
        if filed:
            error.add_note(f"{_taken(filed)} before")
        raise


def file_edited(home: Home, paths: Sequence[Path], chosen: Options, edit: Callable[[Path], None]) -> Batch:
    """The same with a person at hand: a record that had to be written is opened in the editor before it is filed.

    What is still wrong then stays in place for another try, and nothing of it is logged.
    """
    with home.scratch() as scratch:
        drafting, things = _begun(home, paths, chosen, scratch)
        filed: list[Filed] = []
        with _noting(filed):
            for portion in drafting.portions(things):
                filed += _filed_edited(drafting, portion, edit)
        return _ended(drafting, filed)


def _filed_edited(drafting: Drafting, portion: Portion, edit: Callable[[Path], None]) -> tuple[Filed, ...]:
    if all(isinstance(item, Filed) for item in portion.items):
        return _filed(drafting, portion)
    with drafting.home.writing() as writer:
        items = _still(drafting, writer, portion)
        unsaid = [item for item in items if isinstance(item, Draft) and "deposit.toml" in item.written]
        waiting = {item.received for item in unsaid if item.received}
        twins = [item for item in items if isinstance(item, Twin) and item.received in waiting]
        filed = filing.file(writer, [item for item in items if item not in unsaid and item not in twins])
        forms = [begun.form(writer.home, item) or filing.unfinished(item, writer) for item in unsaid]
        drafting.home = writer.home
    for form in forms:
        edit(form)
    if forms:
        with drafting.home.writing() as writer:
            drafting.home = writer.home
            edited = [item for form in forms if (item := _drafted_again(drafting, form))]
            filed += filing.file(writer, [*edited, *twins])
            drafting.home = writer.home
    return filed


def _drafted_again(drafting: Drafting, form: Path) -> Item | None:
    """What a person has edited, as a draft; None if something is still wrong with it."""
    try:
        return drafting.again(form.parent)
    except Refused as refused:
        again = f"correct it and run: archive file {form.parent}"
        place = drafting.home.relative(form)
        drafting.problems += [*refused.problems, Problem(place, "was not filed", again)]
        return None


def rehearse(home: Home, paths: Sequence[Path], chosen: Options) -> Batch:
    """What `file_paths` would do."""
    with home.scratch() as scratch:
        drafting, things = _begun(home, paths, chosen, scratch)
        filed = [each for portion in drafting.portions(things) for each in rehearsed(portion.items)]
        return Batch(filed=tuple(filed), problems=tuple(drafting.problems), passed=tuple(drafting.passed))


def rehearsed(items: Sequence[Item]) -> list[Filed]:
    """What filing these would come to."""
    drafts = {item.received: item for item in items if isinstance(item, Draft)}
    return [item if isinstance(item, Filed) else _would_be(item, drafts) for item in items]


def _would_be(item: Draft | Twin, drafts: Mapping[Digests, Draft]) -> Filed:
    if isinstance(item, Twin):
        folder = drafts[item.received].folder
        return Filed(source=item.source, status="already filed", accession=_NEXT, folder=folder)
    return Filed(
        source=item.source,
        status="refiled" if item.version > 1 else "filed",
        accession=_NEXT,
        folder=item.folder,
        lost=item.lost,
        unanswered=item.unanswered,
        remarks=(f"of {item.part}",) if item.part else (),
    )


def is_project(path: Path) -> bool:
    """Whether `path` is called as a REFI-QDA project is, of which `archive.deposits.codings` files the codings."""
    return path.suffix.lower() == ".qdpx" and not path.is_dir()


def together(first: Batch, second: Batch) -> Batch:
    """Both, as what came of one command."""
    return Batch(
        filed=first.filed + second.filed,
        problems=first.problems + second.problems,
        passed=first.passed + second.passed,
    )


def taken(batch: Batch, *, dry_run: bool = False) -> str:
    """What was filed although there were problems: ``nothing was filed``, ``4 were filed, 1 was filed already``."""
    return _taken(batch.filed, "would be" if dry_run else None)


def _taken(filed: Sequence[Filed], verb: str | None = None) -> str:
    before = sum(f.status == "already filed" for f in filed)
    new = len(filed) - before
    said = f"{new or 'nothing'} {verb or ('were' if new > 1 else 'was')} filed"
    return said + (f", {before} {'were' if before > 1 else 'was'} filed already" if before else "")


def told(batch: Batch, *, typed: bool = True) -> Iterator[tuple[Filed, list[str]]]:
    """Each that was filed, with what a person should know of it: changes, losses, how many questions are left open.

    Where several leave the same ones open, that is said once, with the first; where the person is one who types, also
    by which commands they are answered.
    """
    alike = Counter(filed.unanswered for filed in batch.filed)
    for filed in batch.filed:
        yield filed, [*happened(filed), *_open(filed, alike.pop(filed.unanswered, 0), typed)]


def happened(filed: Filed) -> list[str]:
    """Of it alone: what is different from before, and what was lost."""
    said = list(filed.changes.sentences)
    if filed.changes.dropped:
        said.append(f"what was dropped is kept: archive restore {filed.accession} --version N brings a version back")
    said += filed.remarks
    if filed.lost:
        lost = ", ".join(f"{number} {kind}" for kind, number in filed.lost.items())
        said.append(f"not carried over into turns.jsonl (they are kept in the received file): {lost}")
    return said


def _open(filed: Filed, alike: int, typed: bool) -> list[str]:
    """`alike` is how many leave the same questions open; 0 where it was said."""
    if not filed.unanswered or not alike:
        return []
    first = ", ".join(filed.unanswered[:3])
    rest = "; `archive show` has the others" if typed and len(filed.unanswered) > 3 else ""
    each, likewise = (f" in each of {alike}", "; likewise the others") if alike > 1 else ("", "")
    said = [f"{len(filed.unanswered)} of [context_bias] not_recorded{each}, before all {first}{rest}"]
    if typed:
        said.append(f"fill them in: {filed.folder}/deposit.toml, then archive file {filed.folder}{likewise}")
    return said


def plain(batch: Batch) -> dict[str, Any]:
    """For programs."""
    filed = [
        {
            "source": str(f.source),
            "status": f.status,
            "accession": f.accession,
            "folder": f.folder,
            "changes": f.changes.plain(),
            "lost": dict(f.lost),
            "not_recorded": list(f.unanswered),
        }
        for f in batch.filed
    ]
    refused = [p.plain() for p in batch.problems]
    return {"filed": filed, "problems": refused, "passed_over": list(batch.passed)}
