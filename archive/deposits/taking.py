"""All that one command takes in: logs and prepared folders as a batch, projects of a program for coding as notes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from archive.deposits import batch as batches
from archive.deposits.batch import Batch, Watch
from archive.deposits.draft import Options
from archive.home.home import Home

_NOTHING = Batch(filed=(), problems=())


def file(
    home: Home, paths: Sequence[Path], chosen: Options, watch: Watch = iter, edit: Callable[[Path], None] | None = None
) -> Batch:
    """File what lies there. With `edit`, a record that had to be written is opened in it first; see `batch`."""
    projects, others = _apart(paths)
    batch = _NOTHING
    if others:
        edited = edit and batches.file_edited(home, others, chosen, edit)
        batch = edited or batches.file_paths(home, others, chosen, watch)
    return batches.together(batch, _coded(home.reopened(), projects, dry_run=False))


def rehearse(home: Home, paths: Sequence[Path], chosen: Options) -> Batch:
    """What `file` would do."""
    projects, others = _apart(paths)
    batch = batches.rehearse(home, others, chosen) if others else _NOTHING
    return batches.together(batch, _coded(home, projects, dry_run=True))


def _apart(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    projects = [path for path in paths if batches.is_project(path)]
    return projects, [path for path in paths if path not in projects]


def _coded(home: Home, projects: Sequence[Path], *, dry_run: bool) -> Batch:
    if not projects:
        return _NOTHING
    from archive.deposits import codings

    return codings.file_projects(home, projects, dry_run=dry_run)
