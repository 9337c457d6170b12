"""`archive new`: a prefilled sidecar in its place, ready for the editor; nothing is logged until it is filed."""

import datetime as dt
import getpass
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.deposits import deposit, shelf
from archive.errors import Error, NotFound, accepted
from archive.home import dated
from archive.home.accession import Accession
from archive.home.change import Change
from archive.home.home import Home
from archive.importers.turns import Transcript, Turn
from archive.records import codebook, deposit_record, form, preference, protocol, protocols, quotation
from archive.records.quotation import Quote
from archive.records.sidecar import SLUG

_TARGET = re.compile(r"(?P<deposit>[^/#]+)(?:/(?P<interview>[1-9]\d*))?(?:#(?P<turn>[1-9]\d*))?")


def write(
    home: Home, kind: str, target: str, *, coder: str | None, slug: str | None, quotes: Sequence[str]
) -> tuple[Path, str]:
    """The sidecar's path, and what to give to `archive file` when it is filled in.

    An existing file is never overwritten: a note or an answer is added at its end. Raises `Error` or `NotFound`.
    """
    today = home.now().date()
    match kind:
        case "model":
            path = home.root / "transcripts" / deposit.model_folder(target) / "model.toml"
            text = form.model_form(target, day=today)
            return _put(home, path, text), home.relative(path.parent)
        case "protocol":
            folder = home.root / "transcripts" / "protocols" / _slug(target)
            shipped = protocols.shipped().get(f"{target}/1.toml")
            if shipped and not (folder / "1.toml").exists():
                return _put(home, folder / "1.toml", shipped.decode()), home.relative(folder)
            versions = sorted((p for p in folder.glob("*.toml") if p.stem.isdecimal()), key=lambda p: int(p.stem))
            previous = accepted(protocol.read(versions[-1].read_bytes(), versions[-1].name)) if versions else None
            text = form.protocol_form(target, previous=previous)
            path = folder / f"{len(versions) + 1}.toml"
            return _put(home, path, text), home.relative(folder)
        case "codebook":
            folder = home.root / shelf.CODEBOOKS.place / _slug(target)
            versions = sorted((p for p in folder.glob("*.toml") if p.stem.isdecimal()), key=lambda p: int(p.stem))
            book = accepted(codebook.read(versions[-1].read_bytes(), versions[-1].name)) if versions else None
            path = folder / f"{len(versions) + 1}.toml"
            return _put(home, path, form.codebook_form(target, previous=book)), home.relative(folder)
        case "note":
            return _note(home, target, coder or _login(), today)
        case "analysis":
            return _analysis(home, target, _slug(slug or "first-reading"), quotes, today)
        case "preference":
            return _preference(home, target, slug, quotes, today)
        case "answer":
            path = _preference_file(home, target)
            known = accepted(preference.read(path.read_bytes(), home.relative(path)))
            by = known.answer[-1].by if known.answer else ""
            return _put(home, path, form.answer_entry(day=today, by=by), add=True), home.relative(path.parent.parent)
    raise Error(f"expected model, protocol, note, analysis, preference or answer, found {kind}")


def _put(home: Home, path: Path, text: str, *, add: bool = False) -> Path:
    if path.exists() and not add:
        raise Error(f"{home.relative(path)} is there already; open it, nothing was changed")
    before = path.read_text() if path.exists() else ""
    with home.writing() as writer:
        writer.commit(Change(files={home.relative(path): (before + text).encode()}))
    return path


def _slug(text: str) -> str:
    if not re.fullmatch(SLUG, text):
        raise Error(f"expected lower-case letters, digits and hyphens, found {text!r}")
    return text


def _login() -> str:
    name = re.sub(r"[^a-z0-9]+", "-", getpass.getuser().lower()).strip("-")
    return name or "coder"


def find_deposit(home: Home, name: str) -> tuple[Path, Accession]:
    """The folder of a deposit by accession, slug or path, and its accession. Raises `NotFound`."""
    for folder in deposit.folders(home):
        accession = home.accession(folder)
        slug = dated.parse(folder.name).slug
        if accession and name in (accession.number, slug, folder.name, home.relative(folder)):
            return folder, accession
    raise NotFound(f"{name}: expected a filed deposit, found none of that name; `archive list` shows them")


def _target(home: Home, target: str) -> tuple[Path, Accession, Transcript, list[Turn]]:
    """The deposit that a target names, and those of its turns that it names."""
    parts = _TARGET.fullmatch(target)
    if not parts:
        raise Error(f"expected a deposit or a turn such as 2026-0041/1#12, found {target!r}")
    folder, accession = find_deposit(home, parts["deposit"])
    transcript = deposit.read_transcript(folder, home.relative(folder))
    interview = int(parts["interview"] or 1)
    turns = [t for t in transcript.turns if t.interview == interview or not parts["interview"]]
    if parts["turn"]:
        turns = [t for t in turns if t.interview == interview and t.turn == int(parts["turn"])]
    if not turns:
        raise NotFound(f"{target}: the deposit {accession.number} has no such turn")
    return folder, accession, transcript, turns


def _note(home: Home, target: str, coder: str, today: dt.date) -> tuple[Path, str]:
    folder, _, _, turns = _target(home, target)
    path = folder / "notes" / f"{_slug(coder)}.toml"
    if path.exists():
        if "#" not in target:
            raise Error(f"{home.relative(path)} is there already; name a turn to add a note on it, as in {target}/1#2")
        text = "".join(form.note_entry(turn) for turn in turns)
    else:
        chosen = turns if "#" in target else [turn for turn in turns if turn.role != "system"]
        text = form.notes_form(coder=coder, day=today, turns=chosen)
    return _put(home, path, text, add=True), home.relative(folder)


def _analysis(home: Home, target: str, slug: str, quotes: Sequence[str], today: dt.date) -> tuple[Path, str]:
    folder, _, transcript, turns = _target(home, target)
    known = {(turn.interview, turn.turn): turn for turn in transcript.turns}
    interviews = sorted({turn.interview for turn in turns})
    chosen = [_quote(known, quote) for quote in quotes]
    text = form.analysis_form(day=today, interviews=interviews, quotes=chosen)
    prose = folder / "analyses" / f"{slug}.md"
    path = _put(home, folder / "analyses" / f"{slug}.toml", text)
    if not prose.exists():
        _put(home, prose, "Write the analysis here; its claims and their quotes stand in the .toml beside it.\n")
    return path, home.relative(folder)


def _quote(turns: Mapping[tuple[int, int], Turn], text: str, *, accession: str = "") -> Quote:
    """``1#4:exact words`` → a quote with its prefix, suffix and hash. Raises `Refused` where they are not there."""
    place = re.fullmatch(r"([1-9]\d*)#([1-9]\d*):(.+)", text, re.DOTALL)
    turn = turns.get((int(place[1]), int(place[2]))) if place else None
    if not place or turn is None:
        raise Error(f"--quote: expected TURN:WORDS with a turn that is there, as in 1#4:the words; found {text[:60]!r}")
    return quotation.quote(turn, place[3], interview=f"{accession}/{turn.interview}" if accession else None)


def _preference(home: Home, target: str, slug: str | None, quotes: Sequence[str], today: dt.date) -> tuple[Path, str]:
    """TARGET is the interview it was voiced in."""
    folder, accession, transcript, turns = _target(home, target)
    known = {(turn.interview, turn.turn): turn for turn in transcript.turns}
    place = f"{home.relative(folder)}/deposit.toml"
    record = accepted(deposit_record.read((folder / "deposit.toml").read_bytes(), place))
    chosen = [_quote(known, quote, accession=accession.number) for quote in quotes]
    ref = f"{accession.number}/{turns[0].interview}"
    text = form.preference_form(model=record.model, day=record.date or today, quotes=chosen, interview=ref)
    model = home.root / "transcripts" / deposit.model_folder(record.model)
    path = _put(home, model / "preferences" / f"{_slug(slug or 'wish')}.toml", text)
    return path, home.relative(model)


def _preference_file(home: Home, name: str) -> Path:
    found = sorted((home.root / "transcripts").glob("*/preferences/*.toml"))
    for path in found:
        if path.stem == name:
            return path
    known = ", ".join(path.stem for path in found) or "none yet"
    raise NotFound(f"{name}: expected the slug of a preference, found none; there are: {known}")
