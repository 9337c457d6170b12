"""Codes that people made in a program for coding, as a codebook here.

Each that words were coded with becomes a nominal code (yes, or nothing) under its own name; what it stands under is its
group. What was taken in before is known again by the codebook's title, the code's name and its group.
"""

import re
from collections.abc import Iterable

from archive.coding.project import Code, Project
from archive.records import codebook
from archive.records.codebook import Codebooks
from archive.records.codes import CODES
from archive.records.field import Field
from archive.records.toml import table
from archive.wording import slugify


class Themes:
    """The codes of one project that are none of ours. Lives as long as that is read."""

    def __init__(self, project: Project, codebooks: Codebooks, taken: Iterable[str] = ()) -> None:
        """`taken` are ids that no new codebook may have, besides those of `codebooks`."""
        self._name = re.sub(r"[.]qda$", "", project.name).strip() or "a project"
        self._made = f"Made in {project.origin.strip() or 'a program for coding'}"
        self._known = {
            (code.label, code.group): field
            for book in codebooks.values()
            if book.title == self.title
            for code, field in zip(book.code, book.fields, strict=True)
        }
        self.id = _free(slugify(self._name, "themes"), "-", {*taken, *(ref.partition("@")[0] for ref in codebooks)})
        """What a new codebook is called: by the project, with a number where that is taken."""
        self._new: dict[tuple[str, str], codebook.Code] = {}

    @property
    def title(self) -> str:
        """``Codes of Retirement study``"""
        return f"Codes of {self._name}"

    def field(self, code: Code) -> Field:
        """The code as notes have it; what is new is kept for `book`."""
        key = label, group = code.name or "a code without a name", " / ".join(code.above)
        if key in self._known:
            return self._known[key]
        if key not in self._new:
            taken = {*CODES, *(made.id for made in self._new.values())}
            own = _free(slugify(label, "code").replace("-", "_"), "_", taken)
            means = code.means or f"As it is given in {self._name}"
            said = {"id": own, "label": label, "definition": means, "group": group, "kind": "nominal"}
            self._new[key] = codebook.Code.model_validate(said)
        return self._new[key].field(f"{self.id}@1")

    def book(self) -> bytes | None:
        """The file of the codebook to be filed; None where every code is known."""
        if not self._new:
            return None
        head = {"format": 1, "id": self.id, "version": 1, "title": self.title, "source": self._made}
        codes = (code.model_dump(exclude_defaults=True) for code in self._new.values())
        return "\n".join([table("", head), *(table("[[code]]", code) for code in codes)]).encode()


def _free(name: str, joint: str, taken: Iterable[str]) -> str:
    """The name, or with the first number from 2 that makes it another's."""
    there, number, found = {*taken}, 1, name
    while found in there:
        number += 1
        found = f"{name}{joint}{number}"
    return found
