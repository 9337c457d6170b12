"""`archive check`: everything in a home accounted for, from the register to the last file; and what is wrong said."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.audit import caches, stored
from archive.audit.audit import Audited, audit
from archive.audit.finding import KINDS, Finding
from archive.audit.restore import restore
from archive.documents.document import Document, Items, Paragraph, Section
from archive.errors import Error
from archive.home.home import Home
from archive.home.store import Progress
from archive.wording import many

_RARE = ("protocol", "codebook", "object", "file")
"""Counted in a sentence only where there are some; files never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was compared, and everything that is wrong."""

    counts: Mapping[str, int]
    """How much was compared, by what it is called: ``{"deposit": 12, "model": 3, …, "statement": 41, "file": 512}``."""
    problems: tuple[Finding, ...]
    remarks: tuple[str, ...]
    """Nothing wrong, but somebody should act."""
    restored: tuple[str, ...] = ()
    """Files that were damaged and have been brought back, by path in the home."""

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many are wrong, by kind."""
        return {kind: sum(each.kind == kind for each in self.problems) for kind in KINDS}

    @property
    def sentence(self) -> str:
        counted = [many(n, what) for what, n in self.counts.items() if what != "file" and (n or what not in _RARE)]
        wrong = [f"{n} {KINDS[kind]}" for kind, n in self.kinds.items() if n]  # type: ignore[index]
        return f"{', '.join(counted) or 'a home'}: {', '.join(wrong) or 'all as logged'}"

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return {
            "counts": dict(self.counts),
            "kinds": dict(self.kinds),
            "problems": [each.plain() for each in self.problems],
            "remarks": list(self.remarks),
            "restored": list(self.restored),
        }


def check(home: Home, *, deep: bool = False, mend: bool = False, progress: Progress | None = None) -> Report:
    """Every byte compared with what was logged. `deep` also reads every record and quote again, each row of the
    catalogue, and what a store on other machines keeps; what was edited is read again in any case. `mend` first brings
    back what is damaged. Raises `Error`.
    """
    elsewhere = home.store.elsewhere(deep=deep, progress=progress)
    restored = restore(home.root, home.patience, elsewhere) if mend else ()
    brought = tuple(stored.named(elsewhere, path) for path in restored)
    found = audit(home.root, stored.again(elsewhere, restored, deep=deep))
    problems, remarks = [*found.findings], [*found.remarks, *_open_wishes(home.root, found.folders)]
    touched = found.folders if deep else {f: found.folders[f] for f in sorted(_edited(found))}
    if _readable(found):
        home = home.reopened()
        if touched:
            from archive.audit.reread import unsound  # pydantic, which comparing bytes does without

            said = {each.place for each in problems}
            problems += [each for each in unsound(home, touched) if each.place not in said]
        try:
            remarks += caches.made_again(home, deep=deep)
        except Error as error:
            problems.append(Finding(".archive/catalogue.db", f"cannot be made again: {error}"))
    return Report(counts=found.counts, problems=tuple(problems), remarks=tuple(remarks), restored=brought)


def document(report: Report) -> Document:
    """What was compared, and below that what is wrong and what somebody should see to."""
    found = (
        ("Brought back", report.restored),
        ("To mend", tuple(map(str, report.problems))),
        ("To see to", report.remarks),
    )
    sections = (Section(title=title, blocks=(Items(said),)) for title, said in found if said)
    return Document(sort="Check", blocks=(Paragraph(report.sentence), *sections))


def _readable(found: Audited) -> bool:
    """Whether the register can be asked, and so what rests on it."""
    return bool(found.counts) and not any(
        each.place.startswith(".archive/register") and each.kind == "damaged" for each in found.findings
    )


def _edited(found: Audited) -> set[str]:
    """Filed folders in which something was edited."""
    places = [each.place for each in found.findings if each.kind == "edited"]
    return {folder for folder in found.folders if any(place.startswith(f"{folder}/") for place in places)}


def _open_wishes(root: Path, folders: Mapping[str, str]) -> Iterator[str]:
    """Preferences that nobody has answered."""
    for folder in sorted(folder for folder, kind in folders.items() if kind == "model"):
        for path in sorted((root / folder / "preferences").glob("*.toml")):
            try:
                wish = tomllib.loads(path.read_bytes().decode())
            except (OSError, ValueError):
                continue
            if "answer" not in wish:
                place = path.relative_to(root).as_posix()
                yield f"{place} has no answer; open since {wish.get('date', 'an unknown day')}"
