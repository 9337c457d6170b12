"""The files of a site by their paths: of a coming one, each made when somebody looks at it; of one that is out."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

from publisher.site.compose import is_live, plan, telling
from publisher.site.plan import Planned
from publisher.site.site import Site


class SiteFiles(Protocol):
    """``essays/on-commas/index.html`` → its bytes; None where there is no such file."""

    def __call__(self, path: str) -> bytes | None: ...

    def has(self, path: str) -> bool: ...


class Coming:
    """Of a site that was not published yet. Lives as long as its draft, and keeps what it has made."""

    def __init__(self, folder: Path, site: Site, *, but: Collection[str] = ()) -> None:
        """`folder` is the site as it is now: what of the register is live is read there. `but` cannot be made yet."""
        self._folder = folder
        self._planned: dict[str, Planned] = {name: each for name, each in plan(telling(site)) if name not in but}
        self._issues = {
            place: issue
            for issue in site.issues
            for place in (f"issues/{issue.week}/", *(f"essays/{slug}/" for slug in issue.slugs.values()))
        }
        self._made: dict[str, bytes] = {}

    def __call__(self, path: str) -> bytes | None:
        if path not in self._made:
            data = self._planned[path].make() if path in self._planned else self._frozen(path).get(path)
            if data is None:
                return inside(self._folder, path) if is_live(path) else None
            self._made[path] = data
        return self._made[path]

    def has(self, path: str) -> bool:
        return path in self._planned or path in self._frozen(path)

    def _frozen(self, path: str) -> Mapping[str, bytes]:
        """What the issue froze to which a path belongs."""
        issue = self._issues.get("/".join(path.split("/")[:2]) + "/")
        return issue.frozen if issue else {}


class Out:
    """Of the site as it lies there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, path: str) -> bytes | None:
        return inside(self._folder, path)

    def has(self, path: str) -> bool:
        return inside(self._folder, path) is not None


def inside(folder: Path, path: str) -> bytes | None:
    """The bytes of a file within a folder; None where there is none, or where the path leads out of it."""
    there = folder / path
    try:
        if there.resolve().is_relative_to(folder.resolve()) and there.is_file():
            return there.read_bytes()
    except (OSError, ValueError):  # no path at all, as one with a NUL
        pass
    return None
