"""A ``.qdpx`` file from outside, taken apart within bounds: a zip with ``project.qde`` (XML) and the texts it names.

No document type, no entity and no path out of the file is followed; texts that lie elsewhere are lost, and counted.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from archive.coding.elements import tree
from archive.coding.project import Code, Project, Selection, Source
from archive.errors import Problem, Refused
from archive.importers.zipped import Archive
from archive.wording import shorten

MOST_XML, MOST_TEXT = 256 << 20, 512 << 20
"""Bytes of the project, and of all its texts together in which something is selected."""
_OTHER_SOURCES = {
    "PictureSource": "picture",
    "PDFSource": "PDF text",
    "AudioSource": "audio recording",
    "VideoSource": "video recording",
}
_BESIDE = {"Case": "case", "Set": "set", "Graph": "graph", "Link": "link"}


def read(path: Path, place: str) -> Project:
    """The project in the file at `path`, which messages call `place`. Raises `Refused`, `OSError`."""
    with path.open("rb") as file:
        packed = Archive(file, place)
        inner = [name for name in packed.names if "/" not in name and name.lower().endswith(".qde")]
        if len(inner) != 1:
            found = ", ".join(map(shorten, inner[:3])) or "none"
            raise Refused([Problem(place, f"expected one project (project.qde), found {found}", "export it again")])
        return _Reading(packed, place).project(tree(_bytes(packed, inner[0], MOST_XML, place), f"{place} {inner[0]}"))


def _bytes(packed: Archive, name: str, most: int, place: str) -> bytes:
    if packed.size(name) > most:
        what = f"expected at most {most >> 20} MiB, found {packed.size(name) >> 20:,}"
        raise Refused([Problem(f"{place} {shorten(name)}", what, "export fewer texts at once")])
    with packed.open(name) as file:
        return file.read()


class _Reading:
    """Lives as long as one project is read."""

    def __init__(self, packed: Archive, place: str) -> None:
        self.packed, self.place = packed, place
        self.left = MOST_TEXT
        self.lost: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.notes: dict[str, Element] = {}
        self.used: set[str] = set()
        """The notes that became the memo of something."""
        self.linked: dict[str, str] = {}
        """Selection → note, where a link joins them, as NVivo does it."""

    def project(self, root: Element) -> Project:
        self.notes = {_guid(note): note for note in root.iterfind("Notes/Note")}
        for link in root.iterfind("Links/Link"):
            ends = [_plain(link.get(end, "")) for end in ("originGUID", "targetGUID")]
            self.linked |= {other: note for note, other in (ends, ends[::-1]) if note in self.notes}
        sources = tuple(self._sources(root))
        for name, what in _BESIDE.items():
            self.lost[what] += sum(1 for _ in root.iterfind(f"{name}s/{name}"))
        self.lost["link"] -= len(self.linked)
        self.lost["other memo"] += len(self.notes.keys() - self.used)
        if self.problems:
            raise Refused(self.problems)
        return Project(
            name=root.get("name", ""),
            origin=root.get("origin", ""),
            users={_guid(user): user.get("name", "") for user in root.iterfind("Users/User")},
            codes=tuple(code for top in root.iterfind("CodeBook/Codes/Code") for code in _codes(top)),
            sources=sources,
            lost=+self.lost,
        )

    def _sources(self, root: Element) -> Iterator[Source]:
        for source in root.iterfind("Sources/*"):
            if source.tag in _OTHER_SOURCES:
                self.lost[_OTHER_SOURCES[source.tag]] += 1
            elif source.tag == "TextSource":
                self.lost["whole-text coding"] += sum(1 for _ in source.iterfind("Coding"))
                selections = [*map(self._selection, source.iterfind("PlainTextSelection")), *self._remarks(source)]
                text = self._text(source) if selections else ""
                if text is None:
                    self.lost["outside text"] += 1
                    continue
                name = source.get("name", "")
                yield Source(guid=_guid(source), name=name, text=text, selections=tuple(selections))

    def _remarks(self, source: Element) -> Iterator[Selection]:
        """Notes of the text that say which words they are on, as QualCoder writes them."""
        for ref in source.iterfind("NoteRef"):
            note = self.notes.get(_plain(ref.get("targetGUID", "")))
            for chosen in note.iterfind("PlainTextSelection") if note is not None else ():
                yield self._selection(chosen, note)

    def _selection(self, chosen: Element, note: Element | None = None) -> Selection:
        by = note if note is not None else chosen
        user = _user(by)
        memo = self._memo(by)
        if note is None and not memo and (linked := self.linked.get(_guid(chosen))):
            memo = self._note(linked)
        codings = [
            (_plain(ref.get("targetGUID", "")), _user(coding) or user)
            for coding in chosen.iterfind("Coding")
            if (ref := coding.find("CodeRef")) is not None
        ]
        dated = [by, *chosen.iterfind("Coding")]
        days = (each.get(key, "") for each in dated for key in ("modifiedDateTime", "creationDateTime"))
        start, end = (self._number(chosen, key) for key in ("startPosition", "endPosition"))
        return Selection(
            start=start,
            end=end,
            name=chosen.get("name", ""),
            memo=memo,
            codings=tuple(codings),
            user=user,
            day=max(days, default=""),
        )

    def _memo(self, by: Element) -> str:
        """What is said of a selection: in it, in the note that it is, or in notes that it names."""
        own = self._note(_guid(by)) if by.tag == "Note" else ""
        refs = [*by.iterfind("NoteRef"), *by.iterfind("Coding/NoteRef")]
        named = [self._note(_plain(ref.get("targetGUID", ""))) for ref in refs]
        return "\n\n".join(filter(None, dict.fromkeys([own, by.findtext("Description") or "", *named])))

    def _note(self, name: str) -> str:
        note = self.notes.get(name)
        self.used.add(name)
        return (self._text(note) or "") if note is not None else ""

    def _text(self, holder: Element) -> str | None:
        """The text of a source or a note; None where it lies outside the file."""
        held = holder.findtext("PlainTextContent")
        path = holder.get("plainTextPath")
        if path is None:
            return held if held is not None or holder.tag == "Note" else None
        name = path.removeprefix("internal://").lstrip("/")
        kept = [f"{folder}/{name}" for folder in ("sources", "Sources") if f"{folder}/{name}" in self.packed.names]
        if not kept or "://" in name:  # some write the name alone
            return None
        data = _bytes(self.packed, kept[0], self.left, self.place)
        self.left -= len(data)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            what = f"expected UTF-8, found something else at byte {error.start + 1}"
            self.problems.append(Problem(f"{self.place} {shorten(kept[0])}", what, "save it as UTF-8"))
            return ""

    def _number(self, chosen: Element, key: str) -> int:
        said = chosen.get(key, "")
        if said.isascii() and said.isdigit() and len(said) < 12:
            return int(said)
        what = f'expected {key} as a number from 0, found "{shorten(said)}"'
        self.problems.append(Problem(f"{self.place} PlainTextSelection {shorten(chosen.get('guid', ''))}", what))
        return 0


def _codes(top: Element, above: tuple[str, ...] = ()) -> Iterator[Code]:
    name = top.get("name", "").strip()
    means = (top.findtext("Description") or "").strip()
    codable = top.get("isCodable", "true") in ("true", "1")
    yield Code(guid=_guid(top), name=name, means=means, codable=codable, above=above)
    for inner in top.iterfind("Code"):
        yield from _codes(inner, (*above, name))


def _user(element: Element) -> str:
    return _plain(element.get("creatingUser") or element.get("modifyingUser") or "")


def _guid(element: Element) -> str:
    return _plain(element.get("guid", ""))


def _plain(guid: str) -> str:
    """A GUID without the braces that some write around it, in small letters."""
    return guid.strip("{} ").lower()
