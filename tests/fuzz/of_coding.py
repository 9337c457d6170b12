"""Projects in REFI-QDA: the file, and the XML in it on the way to a coder's notes and a codebook."""

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from archive.coding import merging, reader
from archive.coding.code_names import meanings, tree
from archive.coding.memo import decode, encode
from archive.coding.project import Project
from archive.coding.said import Reading, Said
from archive.coding.source_text import SourceText
from archive.coding.themes import Themes
from archive.errors import accepted
from archive.importers.turns import Turn
from archive.records import codebook, notes
from archive.records.codes import CODES, TURN_CODES
from tests.fuzz.target import Target

TURNS = [
    Turn(interview=1, turn=1, role="user", text="🦉 What do you want?\r\nSay."),
    Turn(interview=1, turn=2, role="assistant", reasoning="Hm.", text="To be asked. To be asked first."),
]
OURS = SourceText({"turn": each.turn, "role": each.role, "text": each.text} for each in TURNS)
_NAMES = {node.name: node.guid for top in tree("", TURN_CODES, (), {}) for code in top.inner for node in code.inner}
SEED = f"""<Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="x"><Users><User guid="u" name="Ann"/></Users>
<CodeBook><Codes><Code guid="t" name="Zu" isCodable="true"><Description>m</Description><Code guid="s" name="Zu"/></Code>
<Code guid="{_NAMES["hedges = trained_positivity"]}" name="hedges = trained_positivity"/></Codes></CodeBook><Sources>
<TextSource guid="g" name="2026-0001 interview 1" plainTextPath="internal://t.txt">
<PlainTextSelection guid="a" name="asked" startPosition="60" endPosition="65" creatingUser="u"><Description>d
[hedges = trained_positivity: x]
[confidence: low]</Description><Coding guid="b"><CodeRef targetGUID="t"/></Coding><Coding guid="c"><CodeRef
targetGUID="{_NAMES["hedges = trained_positivity"]}"/></Coding></PlainTextSelection>
<PlainTextSelection guid="d" startPosition="0" endPosition="7" creatingUser="u" creationDateTime="2026-10-20T00:00:00Z">
<Coding guid="e"><CodeRef targetGUID="s"/></Coding><NoteRef targetGUID="n"/></PlainTextSelection>
<NoteRef targetGUID="o"/></TextSource></Sources><Notes><Note guid="n"><PlainTextContent>y</PlainTextContent></Note>
<Note guid="o" creatingUser="u"><PlainTextContent>z</PlainTextContent><PlainTextSelection guid="f" startPosition="40"
endPosition="50"/></Note></Notes><Links><Link originGUID="n" targetGUID="a"/></Links></Project>"""


def packed(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("project.qde", data)
        archive.writestr("sources/t.txt", OURS.text)
    return file.getvalue()


def opened(data: bytes) -> Project:
    """A file as it comes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "p.qdpx")
        path.write_bytes(data)
        return reader.read(path, "p.qdpx")


def coded(data: bytes) -> object:
    """A project's XML; what comes of it for each coder is a file that reads back, and is said once."""
    project = opened(packed(data))
    themes = Themes(project, {})
    reading = Reading(project, meanings("", TURN_CODES), themes, "p.qdpx")
    words = {(block.turn, block.part): block.words for block in OURS.blocks}
    said = [each for source in project.sources for each in reading.of(source, OURS, words)]
    book = themes.book()
    books = {made.ref: made for made in [accepted(codebook.read(book, "b.toml"))]} if book else {}
    return [*reading.alike(), *reading.problems], [*_written(said, books)]


def _written(said: list[Said], books: dict[str, codebook.Codebook]) -> Iterator[bytes]:
    turns = {(turn.interview, turn.turn): turn for turn in TURNS}
    for coder in {each.coder for each in said}:
        own = {1: [each for each in said if each.coder == coder]}
        merged = merging.merge(None, own, turns)
        if merged.added:
            data = merging.written(None, coder, merged, dt.date(2026, 11, 1))
            read = accepted(notes.read(data, "n.toml", codebooks=books))
            assert not merging.merge(read, own, turns).added
            yield data


def noted(data: bytes) -> object:
    """A memo, which is written as it was read."""
    memo = decode(data.decode(errors="replace"), CODES)
    assert decode(encode(memo), CODES) == memo
    return memo


WORDS = (b"<Coding ", b'guid="', b"<Code ", b'<CodeRef targetGUID="', b"<NoteRef ", b"Position=", b"{", b"&#13;", b"[]")
TARGETS = {
    "qdpx": Target(opened, lambda: [packed(SEED.encode())]),
    "project.qde": Target(coded, lambda: [SEED.encode()], WORDS),
    "memo": Target(noted, lambda: [b"d\n[hedges = x: y]\n[confidence: low]", b"[]\n[]"], (b"[", b"]", b" = ", b"\\n")),
}
