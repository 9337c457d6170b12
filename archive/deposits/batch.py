"""A batch: all that one command files, the good ones under one checkpoint, the others with all their problems."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive import importers
from archive.deposits import deposit_draft, filing
from archive.deposits.arrival import part_arrival
from archive.deposits.deposit import RECEIVED
from archive.deposits.draft import Draft, Filed, Options
from archive.deposits.shelf import refuse_unknown
from archive.errors import Problem, Refused
from archive.home import dated
from archive.home.home import Home
from archive.importers.parts import Part, Passed, exchanges, split
from archive.records import deposit_record
from archive.records.kinds import SLUG

Watch = Callable[[Sequence[Path]], Iterable[Path]]
"""Gives back what it is given, one by one, and may show how far it is."""
_PREPARED = {
    *("1.toml", "deposit.toml", "model.toml", "intake.sums", "request.json", "response.json", "notes", "analyses"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What came of a command."""

    filed: tuple[Filed, ...]
    problems: tuple[Problem, ...]
    """Of everything that was refused."""
    passed: tuple[str, ...] = ()
    """What is no conversation and was passed over, and why."""


def options(
    *,
    model: str | None,
    kind: str | None,
    protocol: str | None,
    context: Path | None,
    speakers: str | None,
    slug: str | None,
    date: str | None,
    again: bool,
) -> Options:
    """What stands on the command line, checked. Raises `Refused` with all that is wrong in it."""
    problems: list[Problem] = []
    roles = None
    try:
        roles = importers.parse_speakers(speakers) if speakers is not None else None
    except Refused as refused:
        problems += refused.problems
    day = None
    try:
        day = dt.date.fromisoformat(date) if date is not None else None
    except ValueError:
        problems.append(Problem("--date", f"expected a date, found {date!r}", "as in --date 2026-11-22"))
    stated = {"model": model, "kind": kind}  # the protocol is looked up in the home, which knows its versions
    problems += [Problem(f"--{f.key[0]}", f.found, f.remedy) for f in deposit_record.faults(stated)]
    if slug is not None and not re.fullmatch(SLUG, slug):
        problems.append(Problem("--slug", f"expected lower-case letters, digits and hyphens, found {slug!r}"))
    if context and not context.is_file():
        problems.append(Problem("--context", f"{context}: expected a file, found none"))
    if problems:
        raise Refused(problems)
    return Options(
        model=model, kind=kind, protocol=protocol, context=context, speakers=roles, slug=slug, date=day, again=again
    )


def drafts(
    home: Home, paths: Sequence[Path], chosen: Options, scratch: Path, watch: Watch = iter
) -> tuple[list[Draft | Filed], list[Problem], list[str]]:
    """What can be filed of these paths, everything that is wrong with the others, and what is passed over.

    What is cut out of zip files and exports lies in `scratch`, which must last until the drafts are filed.
    """
    if chosen.protocol is not None:
        refuse_unknown(home, chosen.protocol)
    taken = {dated.parse(p.name).slug for p in (home.root / "transcripts").glob("*/*") if p.is_dir()}
    ready: list[Draft | Filed] = []
    problems: list[Problem] = []
    passed: list[str] = []
    named = {group[0]: group for group in _together(paths)}
    for path in watch(list(named)):
        each = list(_each(named[path], scratch))
        chosen = replace(chosen, several=len(each) > 1 or len(named) > 1)
        for found in each:
            try:
                match found:
                    case Refused():
                        raise found
                    case Passed():
                        passed.append(f"{found.name}: {found.why}")
                        continue
                    case Path():
                        item = filing.draft(home, found, chosen, taken, scratch)
                    case Part():
                        item = deposit_draft.new(home, part_arrival(path, found), chosen, taken, scratch)
            except Refused as refused:
                problems += refused.problems
            else:
                ready.append(item)
                taken.add(dated.parse(Path(item.folder).name).slug)
    return ready, problems, passed


def _together(paths: Sequence[Path]) -> list[list[Path]]:
    """The paths, each once, and the two files of an exchange as one."""
    groups = [[Path(name) for name in group] for group in exchanges(dict.fromkeys(map(str, paths)))]
    return [part for group in groups for part in ([group] if all(p.is_file() for p in group) else [[p] for p in group])]


def _each(paths: Sequence[Path], scratch: Path) -> Iterator[Path | Part | Passed | Refused]:
    """What is filed as one: a prepared folder, a file, an exchange, or each conversation of what holds many."""
    path, *others = paths
    if others:
        yield Part(str(path), {each.name: each for each in paths})
    elif not path.is_file() and not path.is_dir():
        there = "a device or a pipe" if path.exists() else "nothing"
        yield Refused([Problem(str(path), f"expected a file or a folder, found {there}", "check the name")])
    elif _prepared(path):
        yield path
    else:
        for found in split(path, scratch):
            yield path if isinstance(found, Part) and list(found.files.values()) == [path] else found


def _prepared(path: Path) -> bool:
    """Whether a path is filed as it is: a folder that people made for filing, or a version of a protocol."""
    if path.is_file():
        return re.fullmatch(r"[1-9]\d*\.toml", path.name) is not None
    return any(p.name in _PREPARED or RECEIVED.fullmatch(p.name) for p in path.iterdir())


def file_paths(home: Home, paths: Sequence[Path], chosen: Options, watch: Watch = iter) -> Batch:
    """File everything that can be filed; what cannot is refused with all its problems. `watch` shows the progress."""
    with home.scratch() as scratch:
        mark = home.mark()
        ready, problems, passed = drafts(home, paths, chosen, scratch, watch)
        filed = tuple(item for item in ready if isinstance(item, Filed))
        if len(filed) < len(ready):
            with home.writing() as writer:
                if writer.home.mark() != mark:  # another command took slugs, or filed these very bytes
                    ready, problems, passed = drafts(writer.home, paths, chosen, scratch)
                filed = filing.file(writer, ready)
        return Batch(filed=filed, problems=tuple(problems), passed=tuple(passed))


def file_edited(home: Home, paths: Sequence[Path], chosen: Options, edit: Callable[[Path], None]) -> Batch:
    """The same with a person at hand: a record that had to be written is opened in the editor before it is filed.

    What is still wrong then stays in place for another try, and nothing of it is logged.
    """
    with home.scratch() as scratch:
        with home.writing() as writer:
            ready, problems, passed = drafts(writer.home, paths, chosen, scratch)
            filed = filing.file(writer, [item for item in ready if not _unsaid(item)])
            forms = [filing.unfinished(item, writer) for item in ready if isinstance(item, Draft) and _unsaid(item)]
        for form in forms:
            edit(form)
        if forms:
            with home.writing() as writer:
                edited: list[Draft | Filed] = []
                for form in forms:
                    try:
                        edited.append(filing.draft(writer.home, form.parent, chosen, (), scratch))
                    except Refused as refused:
                        again = f"correct it and run: archive file {form.parent}"
                        problems += [*refused.problems, Problem(home.relative(form), "was not filed", again)]
                filed += filing.file(writer, edited)
        return Batch(filed=filed, problems=tuple(problems), passed=tuple(passed))


def _unsaid(item: Draft | Filed) -> bool:
    """Whether a record had to be written for it, which a person should look through."""
    return isinstance(item, Draft) and "deposit.toml" in item.written


def rehearse(home: Home, paths: Sequence[Path], chosen: Options) -> Batch:
    """What `file_paths` would do."""
    with home.scratch() as scratch:
        ready, problems, passed = drafts(home, paths, chosen, scratch)
        return Batch(filed=tuple(map(_rehearsed, ready)), problems=tuple(problems), passed=tuple(passed))


def _rehearsed(item: Draft | Filed) -> Filed:
    if isinstance(item, Filed):
        return item
    return Filed(
        source=item.source,
        status="filed",
        accession="(next)",
        folder=item.folder,
        lost=item.lost,
        unanswered=item.unanswered,
    )


def taken(batch: Batch, *, dry_run: bool = False) -> str:
    """What was filed although there were problems: ``nothing was filed``, ``4 were filed, 1 was filed already``."""
    before = sum(f.status == "already filed" for f in batch.filed)
    new = len(batch.filed) - before
    said = f"{new or 'nothing'} {'would be' if dry_run else 'were' if new > 1 else 'was'} filed"
    return said + (f", {before} {'were' if before > 1 else 'was'} filed already" if before else "")


def remarks(filed: Filed) -> list[str]:
    """What a person should know about what was filed: changes, losses, how many questions are left open."""
    said = list(filed.changes.sentences)
    if filed.changes.dropped:
        said.append(f"what was dropped is kept: archive restore {filed.accession} --version N brings a version back")
    if filed.lost:
        lost = ", ".join(f"{number} {kind}" for kind, number in filed.lost.items())
        said.append(f"not carried over into turns.jsonl (they are kept in the received file): {lost}")
    if filed.unanswered:
        first = ", ".join(filed.unanswered[:3])
        rest = "; `archive show` has the others" if len(filed.unanswered) > 3 else ""
        said.append(f"{len(filed.unanswered)} of [context_bias] not_recorded, before all {first}{rest}")
        said.append(f"fill them in: {filed.folder}/deposit.toml, then archive file {filed.folder}")
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
