"""A project in REFI-QDA for QualCoder, NVivo, ATLAS.ti, MAXQDA: every interview as a text, with its codes and notes.

::

    letters.qdpx           a zip: project.qde (XML) and sources/GUID.txt, a text for each interview

==================  ==================================================================================
users               the coders, and who wrote analyses
codes               `archive.coding.code_names`: of the vocabulary and of codebooks, each value a code
texts               `archive.coding.source_text`, called ``2026-0041 interview 1``; the setting as variables
notes               a selection each, coded by the coder, dated; its memo is `archive.coding.memo`
claims, wishes      a selection for each quote, coded as ``claim`` or ``preference``; a note holds all of it
==================  ==================================================================================

The same records make the same bytes: GUIDs are made of addresses, times are the register's, nothing is packed (zlib
packs otherwise in each of its versions). `archive file` reads the codings back (`archive.deposits.codings`).
Specification: https://www.qdasoftware.org (QDA-XML 1.0, March 2019).
"""

import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import IO

from archive.coding.code_names import Node, tree
from archive.coding.guid import guid
from archive.coding.markup import attributes, tag, text
from archive.coding.project import NOBODY, OURS
from archive.coding.source_text import SourceText
from archive.deposits import shelf
from archive.deposits.filed import FiledFolder
from archive.errors import accepted
from archive.exchange.bag import Progress
from archive.exchange.citation import of_files
from archive.exchange.refi_qda.readings import readings
from archive.exchange.refi_qda.text import Gathered, Text, words_of
from archive.exchange.selection import Selection, record_of
from archive.records import notes
from archive.records.answer import answer
from archive.records.codes import TURN_CODES
from archive.records.context_bias import CONTEXT_BIAS
from archive.register.statement import encode_time
from archive.wording import slugify

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of every member: zip knows none before it."""
_SETTING = {
    "model": "The model that answered, by its maker's id",
    "kind": "What the conversation was",
    "protocol": "The protocol that was followed, and its version",
    "date": "The day it was held",
    "title": "What people call it",
}


def write(chosen: Selection, to: Path, progress: Progress | None) -> dict[str, int]:
    """The project of everything in `chosen`; how many texts, codings, quotes. Raises `Refused`."""
    own = chosen.home
    project = Gathered(chosen, own.register.key.name, shelf.CODEBOOKS.filed(own), readings(chosen))
    name = own.configuration.archive.name
    path = to / f"{slugify(name, 'archive')}.qdpx"
    beside = path.with_suffix(".part")  # in the folder that a killed run's successor takes away
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed, beside.open("w+b") as sources:
        for done, each in enumerate(chosen.deposits, 1):
            _deposit(project, each, packed, sources)
            if progress:
                progress(done, len(chosen.deposits))
        sources.seek(0)
        with packed.open(_member("project.qde"), "w") as file:
            file.write("".join(_before(project, name)).encode())
            shutil.copyfileobj(sources, file)
            file.write("".join(_after(project)).encode())
    beside.unlink()
    return {name: project.counts[name] for name in ("interviews", "notes", "codings", "quotes")}


def _member(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, _FIXED)
    made.create_system, made.external_attr = 3, 0o644 << 16
    return made


# ── the project around its texts ─────────────────────────────────────────────────────────────────────────────────────


def _before(project: Gathered, name: str) -> Iterator[str]:
    times = [each.accession.time for each in project.chosen.deposits]
    created = encode_time(max(times)) if times else None
    space = "urn:QDA-XML:project:1.0"
    yield f'{_HEAD}<Project xmlns="{space}"{attributes(name=name, origin=OURS, creationDateTime=created)}>\n'
    users = dict.fromkeys([NOBODY, *sorted(project.coders), *sorted(project.authors)])
    own = [tag("User", guid=project.user(each), name=each) for each in users]
    yield tag("Users", *own)
    books = project.chosen.codebooks
    codes = (*TURN_CODES, *(code for book in books.values() for code in book.fields))
    titles = {ref: book.title for ref, book in books.items()}
    nodes = map(_code, tree(project.origin, codes, project.used, titles))
    yield tag("CodeBook", tag("Codes", *nodes))
    yield tag("Variables", *_variables(project.origin))
    if project.counts["interviews"]:
        yield "<Sources>\n"


def _after(project: Gathered) -> Iterator[str]:
    if project.counts["interviews"]:
        yield "</Sources>\n"
    if project.notes:
        yield tag("Notes", *(project.notes[key] for key in sorted(project.notes)))
    yield text("Description", "A turn is 2026-0041/3#12: deposit, interview, turn. Positions count code points.")
    yield "</Project>\n"


def _code(node: Node) -> str:
    inner = [text("Description", node.means)] if node.means else []
    codable = "true" if node.codable else "false"
    return tag("Code", *inner, *map(_code, node.inner), guid=node.guid, name=node.name, isCodable=codable)


def _variables(origin: str) -> Iterator[str]:
    for name, means in {**_SETTING, **{f"context_bias.{f.key}": f.means for f in CONTEXT_BIAS}}.items():
        about = text("Description", means)
        yield tag("Variable", about, guid=guid(origin, "variable", name), name=name, typeOfVariable="Text")


# ── one deposit ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _deposit(project: Gathered, chosen: FiledFolder, packed: zipfile.ZipFile, sources: IO[bytes]) -> None:
    record = record_of(chosen)
    said: dict[int, list[tuple[notes.Notes, int]]] = defaultdict(list)
    for name in chosen.named("notes/"):
        coded = accepted(notes.read(chosen.read(name), f"{chosen.place}/{name}", codebooks=project.codebooks))
        for number, note in enumerate(coded.note):
            said[note.interview].append((coded, number))
    for interview, lines in groupby(chosen.turns(), key=lambda turn: int(turn["interview"])):
        turns = [*lines]
        source = SourceText(turns)
        own = guid(project.origin, chosen.number, interview)
        packed.writestr(_member(f"sources/{own}.txt"), source.text.encode())
        written = Text(project, f"{chosen.number}/{interview}", source, words_of(turns))
        selections = [written.note(coded, number) for coded, number in said[interview]]
        selections += map(written.reading, project.readings.get(written.address, ()))
        setting = record.setting(interview)
        about = text("Description", f"{written.address}\n{of_files(chosen, project.chosen)}")
        values = _values(project.origin, {key: getattr(setting, key) for key in _SETTING}, setting.context_bias)
        made = tag(
            *("TextSource", about, *filter(None, selections), *values),
            guid=own,
            name=f"{chosen.number} interview {interview}",
            plainTextPath=f"internal://{own}.txt",
            creatingUser=project.user(NOBODY),
            creationDateTime=encode_time(chosen.accession.time),
        )
        sources.write(made.encode())
        project.counts["interviews"] += 1


def _values(origin: str, setting: Mapping[str, object], bias: Mapping[str, str]) -> Iterator[str]:
    """What the setting was, as the values of variables; of what nobody wrote down there is none."""
    known = {f.key: f for f in CONTEXT_BIAS}
    told = {f"context_bias.{key}": said for key, said in bias.items() if answer(said, known[key]).recorded}
    for name, value in {**setting, **told}.items():
        if value is not None and str(value).strip():
            ref = tag("VariableRef", targetGUID=guid(origin, "variable", name))
            yield tag("VariableValue", ref, text("TextValue", str(value)))
