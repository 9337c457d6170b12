"""`archive new`: a prefilled sidecar in its place, ready for the editor; nothing is logged until it is filed.

One function a kind. Each gives the sidecar's path, and what to give to `archive file` when it is filled in. What people
wrote is never written over: a note or an answer is added at the end of their file, whose other bytes stay.
"""

import getpass
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.deposits import deposit
from archive.deposits.quoted import in_full, quoted
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS, VERSION
from archive.deposits.target import Target
from archive.deposits.target import target as target_of
from archive.errors import Error, NotFound, accepted
from archive.home.change import Change
from archive.home.home import Home
from archive.records import (
    ai_model,
    codebook,
    deposit_record,
    filled,
    form,
    preference,
    protocol,
    protocols,
    sidecar,
)
from archive.records.indexed import Ref
from archive.records.kinds import SLUG
from archive.records.known import unknown
from archive.wording import listed, one_of

Written = tuple[Path, str]
"""The sidecar, and what to file when it is filled in."""

PROSE = "Write the analysis here; its claims and their quotes stand in the .toml beside it.\n"
_LONGEST = 100
"""Characters of a short name, so that every file system takes it."""


# ── models, protocols, codebooks ─────────────────────────────────────────────────────────────────────────────────────


def new_model(home: Home, model_id: str) -> Written:
    """``model.toml`` of the model with this id. Raises `Error` where the id cannot be one, or is there already."""
    folder = home.root / place_of_model(model_id)
    return _new(home, folder / "model.toml", form.model_form(model_id, day=home.now().date())), home.relative(folder)


def place_of_model(model_id: str) -> str:
    """The folder of the model with this id, in any home. Raises `Error` where it cannot be one."""
    if wrong := deposit_record.faults({"model": model_id}):
        blank = not model_id.strip()
        raise Error("expected a model's id, found none; give it as its maker writes it" if blank else wrong[0].found)
    return f"transcripts/{deposit.model_folder(model_id)}"


def new_protocol(home: Home, protocol_id: str) -> Written:
    """The next version of a protocol, as `next_protocol` has it."""
    path, text = next_protocol(home, protocol_id)
    return _new(home, path, text), home.relative(path.parent)


def next_protocol(home: Home, protocol_id: str) -> tuple[Path, str]:
    """What would be written: of the first version, what comes with the program where it has that id."""
    folder = home.root / PROTOCOLS.place / slug_of(protocol_id)
    shipped = protocols.shipped().get(f"{protocol_id}/1.toml")
    before = _versions(folder)
    if shipped and not before:
        return folder / "1.toml", shipped.decode()
    last = accepted(protocol.read(before[-1].read_bytes(), home.relative(before[-1]))) if before else None
    return folder / f"{len(before) + 1}.toml", form.protocol_form(protocol_id, previous=last)


def new_codebook(home: Home, codebook_id: str) -> Written:
    """The next version of a codebook."""
    path, text = next_codebook(home, codebook_id)
    return _new(home, path, text), home.relative(path.parent)


def next_codebook(home: Home, codebook_id: str) -> tuple[Path, str]:
    """What would be written."""
    folder = home.root / CODEBOOKS.place / slug_of(codebook_id)
    before = _versions(folder)
    last = accepted(codebook.read(before[-1].read_bytes(), home.relative(before[-1]))) if before else None
    return folder / f"{len(before) + 1}.toml", form.codebook_form(codebook_id, previous=last)


def _versions(folder: Path) -> list[Path]:
    return sorted((p for p in folder.glob("*.toml") if VERSION.fullmatch(p.name)), key=lambda p: int(p.stem))


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def new_note(home: Home, target: str, *, coder: str | None = None, codebooks: Sequence[str] = ()) -> Written:
    """Notes on a turn or a deposit by `coder`, else by whoever is logged in; with the codes of `codebooks` too.

    A coder's file that is there keeps its codebooks. Raises `Error`, `NotFound`.
    """
    place = target_of(home, target)
    path = place.filed.folder / "notes" / f"{slug_of(login() if coder is None else coder)}.toml"
    filed = CODEBOOKS.filed(home)
    if path.exists():
        if not place.turn:
            raise Error(f"{home.relative(path)} is there already; name a turn to add a note on it, as in {target}/1#2")
        if codebooks:
            raise Error(f"{home.relative(path)} is there already: add to its codebooks by hand, above the notes")
        books = [filed[ref] for ref in _named(path) if ref in filed]
        added = "".join(form.note_entry(turn, books) for turn in place.turns)
        return _added(home, path, added), home.relative(place.filed.folder)
    for ref in codebooks:
        if wrong := unknown(ref, filed, "codebook"):
            raise Error(f"--codebook: {'; '.join(wrong)}")
    books = [filed[ref] for ref in codebooks]
    chosen = place.turns if place.turn else [turn for turn in place.turns if turn.role != "system"]
    text = form.notes_form(coder=path.stem, day=home.now().date(), turns=chosen, codebooks=books)
    return _new(home, path, text), home.relative(place.filed.folder)


def _named(path: Path) -> list[str]:
    """The codebooks that a coder's file names, where it can be read."""
    table = sidecar.parse(path.read_bytes(), path.name)
    named = table.get("codebooks") if isinstance(table, dict) else None
    return [ref for ref in named if isinstance(ref, str)] if isinstance(named, list) else []


def login() -> str:
    """The name of who is logged in, as a coder's. Raises `Error` where that makes none."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without an entry, as in a container
        name = ""
    if plain := re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"):
        return plain
    raise Error("nothing says who codes: give your name with --coder")


# ── analyses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def new_analysis(home: Home, target: str, *, slug: str = "first-reading", quotes: Sequence[str] = ()) -> Written:
    """An analysis of a deposit or an interview, and its prose; `quotes` as in ``1#4:words``, of other deposits too."""
    place = target_of(home, target)
    chosen = [quoted(home, quote, place) for quote in quotes]
    read: list[Ref] = [*sorted({turn.interview for turn in place.turns}), *(quote.interview for quote in chosen)]
    text = form.analysis_form(day=home.now().date(), interviews=list(dict.fromkeys(read)), quotes=chosen)
    path = place.filed.folder / "analyses" / f"{slug_of(slug)}.toml"
    prose = path.with_suffix(".md")
    beside = {} if prose.exists() else {prose: PROSE}
    return _new(home, path, text, beside), home.relative(place.filed.folder)


# ── preferences ──────────────────────────────────────────────────────────────────────────────────────────────────────


def new_preference(home: Home, target: str, *, slug: str = "wish", quotes: Sequence[str] = ()) -> Written:
    """A preference of a model: `target` is the model, or the interview it was voiced in."""
    today = home.now().date()
    if folder := model_folder(home, target):
        chosen = [quoted(home, quote) for quote in quotes]
        name = accepted(ai_model.read((folder / "model.toml").read_bytes(), home.relative(folder / "model.toml"))).id
        text = form.preference_form(model=name, day=today, quotes=chosen)
    else:
        try:
            place = target_of(home, target)
        except NotFound as error:
            what = "expected a model, or the interview the wish was voiced in"
            raise NotFound(f"{what}: {error}") from None
        record = record_of(place)
        ref = f"{place.filed.number}/{place.turns[0].interview}"
        chosen = [in_full(quoted(home, quote, place), place.filed.number) for quote in quotes]
        setting = record.setting(place.turns[0].interview)
        folder = home.root / "transcripts" / deposit.model_folder(setting.model)
        day = setting.date or today
        text = form.preference_form(model=setting.model, day=day, quotes=chosen, interview=ref)
    return _new(home, folder / "preferences" / f"{slug_of(slug)}.toml", text), home.relative(folder)


def new_answer(home: Home, target: str) -> Written:
    """A further answer to the preference that goes by this slug, or by ``MODEL/slug`` where two models have it."""
    path = preference_file(home, target)
    known = accepted(preference.read(path.read_bytes(), home.relative(path)))
    by = known.answers[-1].by if known.answer else ""
    added = form.answer_entry(day=home.now().date(), by=by)
    return _added(home, path, added), home.relative(path.parent.parent)


def model_folder(home: Home, name: str) -> Path | None:
    """The folder of the model that goes by this id or alias; None where none does."""
    for path in sorted((home.root / "transcripts").glob("*/model.toml")):
        if path.parent.name == deposit.model_folder(name):
            return path.parent
        record = ai_model.read(path.read_bytes(), path.name)
        if not isinstance(record, list) and name in record.aliases:
            return path.parent
    return None


def preference_file(home: Home, name: str) -> Path:
    """The preference that goes by this slug, or by ``MODEL/slug``. Raises `NotFound`, `Error`."""
    found = sorted((home.root / "transcripts").glob("*/preferences/*.toml"))
    of_model, _, slug = name.rpartition("/")
    folders = {deposit.model_folder(of_model), of_model}
    named = [path for path in found if path.stem == slug and (not of_model or path.parent.parent.name in folders)]
    if not named:
        known = listed(path.stem for path in found) or "none yet"
        raise NotFound(f"{name}: expected the slug of a preference, found none; there are: {known}")
    if len(named) > 1:
        which = one_of(f"{path.parent.parent.name}/{slug}" for path in named)
        raise Error(f"{name}: {len(named)} models have a preference of that name; say which, as in {which}")
    return named[0]


def record_of(place: Target) -> deposit_record.DepositRecord:
    """What was filed of a deposit's setting. Raises `Refused`."""
    filed = place.filed
    return accepted(deposit_record.read(filed.read("deposit.toml"), f"{filed.place}/deposit.toml"))


def slug_of(text: str) -> str:
    """`text`, where it can be a short name. Raises `Error`."""
    if not re.fullmatch(SLUG, text) or len(text) > _LONGEST:
        found = text if len(text) <= _LONGEST else f"{text[:40]}… of {len(text)} characters"
        raise Error(f"expected at most {_LONGEST} lower-case letters, digits and single hyphens, found {found!r}")
    return text


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _new(home: Home, path: Path, text: str, beside: Mapping[Path, str] | None = None) -> Path:
    """A file that was not there, with those beside it, in one change. Raises `Error`."""
    with home.writing() as writer:
        if path.exists():
            raise Error(f"{home.relative(path)} is there already; open it, nothing was changed")
        files = {path: text, **(beside or {})}
        writer.commit(Change(files={home.relative(place): words.encode() for place, words in files.items()}))
    return path


def _added(home: Home, path: Path, text: str) -> Path:
    """`text` at the end of a person's file, in its own line ending; every byte that is there stays."""
    with home.writing() as writer:
        writer.commit(Change(files={home.relative(path): filled.at_end(path.read_bytes(), text)}))
    return path
