"""Filing: a received file and its sidecars become a deposit, whole or not at all.

What arrives is first made into a `Draft` (read, parsed, checked; nothing written), then drafts are filed together:
the good ones share one checkpoint.
"""

import datetime as dt
import difflib
import re
import secrets
import tempfile
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from archive import importers
from archive.deposits import deposit, references
from archive.deposits.deposit import OWN, RECEIVED, SIDECARS, Deposit, names, received
from archive.errors import Malformed, Problem, Refused, accepted
from archive.home import intake
from archive.home.accession import intake_lists
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.home.store import digest_of
from archive.importers import turns
from archive.importers.parts import Part
from archive.importers.source import Speaker
from archive.importers.turns import Transcript
from archive.records import ai_model, deposit_record, preference, protocol
from archive.records.deposit_record import ContextFile, deposit_form
from archive.records.sidecar import read as read_sidecar
from archive.records.vocabulary import unanswered
from archive.register import redaction, statement, sums
from archive.wording import slugify

Content = bytes | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says about all that is filed with one command."""

    model: str | None = None
    kind: str | None = None
    protocol: str | None = None
    context: Path | None = None
    speakers: Mapping[str, Speaker] | None = None
    slug: str | None = None
    date: dt.date | None = None
    again: bool = False
    """File bytes that were filed before once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A deposit or a model's folder that is ready to be filed."""

    source: Path
    kind: Literal["deposit", "model", "protocol"]
    folder: str
    """Where it will lie, relative to the home."""
    files: Mapping[str, Content]
    """Everything people filed, by its path in the folder."""
    written: Mapping[str, bytes] = field(default_factory=dict)
    """What the program writes beside it: ``turns.jsonl``, a ``deposit.toml`` that was not there."""
    private: bool = False
    """Whether what was filed must not be named in a list that may be published."""
    version: int = 1
    """2 for the first refiling."""
    lost: Mapping[str, int] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    """Context-bias fields that stand at ``not_recorded``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What came of one path."""

    source: Path
    status: Literal["filed", "refiled", "already filed"]
    accession: str
    folder: str
    lost: Mapping[str, int] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is to become a deposit."""

    source: Path
    name: str
    """For messages: ``export.zip/conversations.json [3]``."""
    slug: str
    """What its folder may be called."""
    files: Mapping[str, Content]
    """By the names they will have in the deposit."""
    date: dt.date | None = None
    """Where its folder says one."""
    here: str | None = None
    """The folder under the home it lies in already."""


def arrival(home: Home, path: Path) -> Arrival:
    """A prepared folder, or a file by itself. Raises `Refused` with what does not belong in the folder."""
    if path.is_file():
        return Arrival(
            source=path, name=str(path), slug=slugify(path.stem, "interview"), files={_received_name(path.name): path}
        )
    folder = path.resolve()
    dated = re.fullmatch(r"(\d{4}-\d\d-\d\d)-(.+)", folder.name)
    inside = folder.is_relative_to((home.root / "transcripts").resolve())
    return Arrival(
        source=path,
        name=str(path),
        slug=slugify(dated[2] if dated else folder.name, "interview"),
        files=_arrived(path),
        date=dt.date.fromisoformat(dated[1]) if dated else None,
        here=home.relative(folder) if inside else None,
    )


def part_arrival(source: Path, part: Part) -> Arrival:
    """One conversation out of a folder, a zip file or an export."""
    names = list(part.files)
    exchange = {n: f"received.{'request' if 'request' in n.lower() else 'response'}.json" for n in names}
    kept = exchange if len(names) == 2 else {names[0]: _received_name(names[0])}
    plain = re.sub(r"[._-]?(request|response)$", "", Path(names[0]).stem) or Path(part.name).parent.name
    return Arrival(
        source=source,
        name=part.name,
        slug=slugify(plain, "interview"),
        files={kept[n]: path for n, path in part.files.items()},
    )


def draft(home: Home, path: Path, options: Options, taken: Container[str]) -> Draft | Filed:
    """Read what lies at `path`; a `Filed` if there is nothing to file. Raises `Refused` with all that is wrong.

    `taken` are slugs that other deposits have.
    """
    if path.is_dir() and (path / "model.toml").is_file() and not received(path):
        return _model(home, path)
    if versions := _versions(path):
        return _protocol(home, path, versions)
    if path.is_dir() and intake_lists(path):
        return _refiled(home, path)
    return new(home, arrival(home, path), options, taken)


def new(home: Home, arrived: Arrival, options: Options, taken: Container[str]) -> Draft | Filed:
    """A deposit that was not filed yet; a `Filed` if its bytes were. Raises `Refused` with all that is wrong."""
    originals = {name: data for name, data in arrived.files.items() if RECEIVED.fullmatch(name)}
    if not options.again and (known := _filed_before(home, arrived, originals)):
        return known
    single = len(originals) == 1
    shown = {arrived.name if single else f"{arrived.name}: {name}": data for name, data in originals.items()}
    transcript = importers.read(shown, speakers=options.speakers, model=_called(home, options.model))
    if "turns.jsonl" in arrived.files and _bytes(arrived.files["turns.jsonl"]) != turns.encode(transcript):
        what = "is not what the importer reads in the received file"
        remedy = "take it out: it is written when the deposit is filed"
        raise Refused([Problem(f"{arrived.name}/turns.jsonl", what, remedy)])
    written = {"turns.jsonl": turns.encode(transcript)}
    if "deposit.toml" not in arrived.files:
        written["deposit.toml"] = _form(arrived.name, transcript, options).encode()
    folder = _place(home, arrived, {**arrived.files, **written}, transcript, options, taken)
    return _checked(home, arrived, folder, written, transcript)


def file(home: Home, drafts: Sequence[Draft | Filed]) -> tuple[Filed, ...]:
    """Log and put in place all drafts under one checkpoint."""
    if not any(isinstance(item, Draft) for item in drafts):
        return tuple(item for item in drafts if isinstance(item, Filed))
    with home.writing() as writer:
        now = writer.now()
        ahead: Counter[str] = Counter()
        leaves: list[bytes] = []
        files: dict[str, Content] = {}
        filed: list[Filed] = []
        for item in drafts:
            if isinstance(item, Filed):
                filed.append(item)
                continue
            known = writer.home.accession(home.root / item.folder)
            if known:
                accession = known.number
            else:
                accession = writer.home.lives.next(item.kind, now.year, ahead[item.kind])
                ahead[item.kind] += 1
            own, private = _own(item)
            everything = {**item.files, **item.written, **own}
            public = {} if item.private else {**item.files, **item.written}
            if item.private:
                private = {**private, **item.files, **item.written}
            if "redaction.root" in own:
                public["redaction.root"] = own["redaction.root"]
            taken_in = intake.make(public, private, item.version)
            leaves.append(
                statement.intake(accession, taken_in.sums, taken_in.digest, kind=item.kind, time=now).encode()
            )
            everything |= taken_in.files
            files |= {f"{item.folder}/{name}": data for name, data in everything.items()}
            filed.append(
                Filed(
                    source=item.source,
                    status="refiled" if item.version > 1 else "filed",
                    accession=accession,
                    folder=item.folder,
                    lost=item.lost,
                    unanswered=item.unanswered,
                )
            )
        if leaves:
            writer.commit(Change(leaves=leaves, files=files))
        return tuple(filed)


def unfinished(item: Draft, writer: Writer) -> Path:
    """Put a draft in place without filing it, for its deposit.toml to be edited there; the path of that."""
    files = {f"{item.folder}/{name}": data for name, data in {**item.files, **item.written}.items()}
    kept = {name: data for name, data in files.items() if not name.endswith("/turns.jsonl")}
    writer.commit(Change(files=kept))
    return writer.home.root / item.folder / "deposit.toml"


# ── deposits ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _arrived(path: Path) -> dict[str, Content]:
    """The files that arrived, by the names they will have in the deposit. Raises `Refused`."""
    if path.is_file():
        return {_received_name(path.name): path}
    exchange = {"request.json": "received.request.json", "response.json": "received.response.json"}
    found: dict[str, Content] = {}
    strange = []
    for name in names(path):
        kept = exchange.get(name, name)
        if RECEIVED.fullmatch(kept) or SIDECARS.fullmatch(kept) or kept == "turns.jsonl":
            found[kept] = path / name
        elif not OWN.fullmatch(name) and name != "README.md":
            strange.append(name)
    problems = []
    if not any(map(RECEIVED.fullmatch, found)):
        what = "expected a received file (received.json, …), found none"
        problems.append(Problem(str(path), what, "name the file itself, or call it received with its own extension"))
    if strange:
        what = f"expected received.*, deposit.toml, notes/*.toml, analyses/*.md and .toml; found {', '.join(strange)}"
        problems.append(Problem(str(path), what, "take the others out, or begin their names with a dot"))
    if problems:
        raise Refused(problems)
    return found


def _received_name(name: str) -> str:
    extension = re.search(r"(\.[A-Za-z0-9]{1,12})?$", name)
    return "received" + (extension[0].lower() if extension else "")


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def _called(home: Home, model: str | None) -> tuple[str, ...]:
    """What the model goes by: its id, and the aliases its own record names."""
    path = home.root / "transcripts" / deposit.model_folder(model) / "model.toml" if model else None
    if model is None or path is None or not path.is_file():
        return (model,) if model else ()
    record = ai_model.read(path.read_bytes(), str(path))
    return (model,) if isinstance(record, list) else (model, *record.aliases)


def _form(place: str, transcript: Transcript, options: Options) -> str:
    contexts = [dict(context) for context in transcript.context] or [{} for _ in range(transcript.interviews)]
    if options.context:
        given = accepted(read_sidecar(options.context.read_bytes(), str(options.context), ContextFile))
        contexts = [{**context, **given.context_bias} for context in contexts]
    stated = [model for model in transcript.model if model]
    model = options.model or (max(set(stated), key=stated.count) if stated else None)
    if model is None:
        what = "expected to learn which model answered, found nothing that says it"
        raise Refused([Problem(place, what, "say it with --model, by the id its maker gives it")])
    first = options.date.isoformat() if options.date else None
    dates = [stated or first for stated in transcript.date]
    dates[:1] = [first or dates[0]] if dates else []
    return deposit_form(
        model=model,
        kind=options.kind or "conversation",
        protocol=options.protocol or "not_recorded",
        title=transcript.title[0] if transcript.interviews == 1 else "",
        titles=transcript.title if transcript.interviews > 1 else (),
        contexts=contexts,
        dates=dates,
        models=[options.model or stated for stated in transcript.model],
    )


def _place(
    home: Home,
    arrived: Arrival,
    files: Mapping[str, Content],
    transcript: Transcript,
    options: Options,
    taken: Container[str],
) -> str:
    """The deposit's folder: ``transcripts/<model>/<date>-<slug>``. Raises `Refused`."""
    place = f"{arrived.name}/deposit.toml"
    record = accepted(deposit_record.read(_bytes(files["deposit.toml"]), place, interviews=transcript.interviews))
    own = deposit.model_folder(record.model)
    known = {p.parent.name for p in (home.root / "transcripts").glob("*/model.toml")}
    problems = []
    if own not in known:
        what = f"the model {record.model} is not known here"
        remedy = f"`archive new model {record.model}` makes it known"
        if near := difflib.get_close_matches(record.model, known, n=1, cutoff=0.8):
            remedy = f"did you mean {near[0]}? else {remedy}"
        problems.append(Problem(arrived.name, what, remedy))
    if arrived.here and arrived.here.split("/")[1] != own:
        what = f"expected to lie in transcripts/{own}/, as its model says"
        problems.append(Problem(arrived.name, what, "move the folder, or correct the model"))
    title = transcript.title[0] if transcript.interviews == 1 and not arrived.date else ""
    own_slug = slugify(title, arrived.slug)
    slug = options.slug or own_slug
    if options.slug and slug in taken:
        what = f"the slug {slug} is taken by another deposit"
        problems.append(Problem(arrived.name, what, "give another with --slug"))
    if problems:
        raise Refused(problems)
    if arrived.here:
        return arrived.here
    number = 1
    while slug in taken:
        number += 1
        slug = f"{own_slug}-{number}"
    day = options.date or record.date or arrived.date or home.now().date()
    return f"transcripts/{own}/{day.isoformat()}-{slug}"


def _checked(
    home: Home,
    arrived: Arrival,
    folder: str,
    written: Mapping[str, bytes],
    transcript: Transcript,
    version: int = 1,
) -> Draft:
    """A draft whose sidecars agree with its turns. Raises `Refused` with everything that is wrong."""
    sidecars = {n: _bytes(d) for n, d in {**arrived.files, **written}.items() if SIDECARS.fullmatch(n)}
    with tempfile.TemporaryDirectory() as beside:
        for name, data in sidecars.items():
            target = Path(beside) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        accession = home.accession(home.root / folder)
        read: Deposit = deposit.read(
            Path(beside),
            transcript,
            place=arrived.name,
            accession=accession.number if accession else None,
            there=references.known(home, sidecars.values()),
        )
    return Draft(
        source=arrived.source,
        kind="deposit",
        folder=folder,
        files={name: data for name, data in arrived.files.items() if name != "turns.jsonl"},
        written=written,
        private=read.record.access.level == "restricted",
        version=version,
        lost=transcript.lost,
        unanswered=tuple(_unanswered(read)),
    )


def _unanswered(read: Deposit) -> list[str]:
    """The context-bias fields that no interview of the deposit has an answer to."""
    numbers = range(1, read.transcript.interviews + 1)
    silent = [set(unanswered(read.record.setting(n).context_bias)) for n in numbers]
    return [key for key in read.record.context_bias if all(key in keys for keys in silent)]


def _filed_before(home: Home, arrived: Arrival, originals: Mapping[str, Content]) -> Filed | None:
    digests = {digest_of(data) for data in originals.values()}
    if not all(home.store.path(digest).exists() for digest in digests):
        return None
    for folder in deposit.folders(home):
        here = {digest_of(path) for path in received(folder)}
        accession = home.accession(folder)
        if here == digests and accession:
            return Filed(
                source=arrived.source,
                status="already filed",
                accession=accession.number,
                folder=home.relative(folder),
            )
    return None


def _refiled(home: Home, path: Path) -> Draft | Filed:
    """A filed deposit again, with what was added or changed beside its received file."""
    folder = path.resolve()
    accession = home.accession(folder)
    if accession is None or not folder.is_relative_to((home.root / "transcripts").resolve()):
        what = "its intake.sums is not in this archive's register"
        remedy = "take out what another archive wrote (nonce, *.sums, redaction.*), or bring the list back"
        raise Refused([Problem(str(path), what, remedy)])
    listed = list_digests(folder)
    problems = []
    for name, digest in listed[0].items():
        if RECEIVED.fullmatch(name) or name == "turns.jsonl":
            actual = digest_of(folder / name) if (folder / name).is_file() else "no file"
            if actual != digest:
                what = f"was changed after filing: expected SHA-256 {digest}, found {actual}"
                restore = f"bring back .archive/store/{digest[:2]}/{digest[2:]}: what was received never changes"
                problems.append(Problem(home.relative(folder / name), what, restore))
    if problems:
        raise Refused(problems)
    arrived = arrival(home, folder)
    filed = {name: digest for name, digest in listed[-1].items() if not OWN.fullmatch(name)}
    if filed == {name: digest_of(data) for name, data in arrived.files.items() if name != "turns.jsonl"}:
        return Filed(source=path, status="already filed", accession=accession.number, folder=home.relative(folder))
    transcript = deposit.read_transcript(folder, home.relative(folder))
    written = {"turns.jsonl": (folder / "turns.jsonl").read_bytes()}
    if "deposit.toml" not in arrived.files:
        what = "is missing, and was filed with it"
        raise Refused([Problem(home.relative(folder / "deposit.toml"), what, "bring it back from .archive/store")])
    version = len(intake_lists(folder)) + 1
    return _checked(home, arrived, home.relative(folder), written, transcript, version)


def list_digests(folder: Path) -> list[dict[str, str]]:
    """For each intake of a folder, oldest first: path → SHA-256 of all that was listed, private or not.

    Raises `Malformed`.
    """
    found = []
    for number, path in enumerate(intake_lists(folder), 1):
        listed = sums.parse(path.read_bytes(), path.name)
        private = f"private-{number}.sums" if number > 1 else "private.sums"
        if private in listed:
            try:
                listed |= sums.parse((folder / private).read_bytes(), private)
            except FileNotFoundError:
                raise Malformed(f"{folder.name}/{private} is missing, and {path.name} lists it") from None
        found.append(listed)
    return found


def _own(item: Draft) -> tuple[dict[str, bytes], dict[str, Content]]:
    """What the program adds to a draft besides lists: the redaction commitment of a deposit; the private part of it."""
    if item.kind != "deposit" or item.version > 1:
        return {}, {}
    seed = secrets.token_bytes(32)
    own = {
        "redaction.seed": f"{seed.hex()}\n".encode(),
        "redaction.root": f"{redaction.root(item.written['turns.jsonl'], seed).hex()}\n".encode(),
    }
    return own, {"redaction.seed": own["redaction.seed"]}


# ── models ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _model(home: Home, path: Path) -> Draft | Filed:
    """A model's own folder: ``model.toml`` and ``preferences/*.toml``."""
    record = accepted(ai_model.read((path / "model.toml").read_bytes(), f"{path}/model.toml"))
    folder = f"transcripts/{deposit.model_folder(record.id)}"
    arrived: dict[str, Content] = {"model.toml": path / "model.toml"}
    arrived |= {f"preferences/{p.name}": p for p in sorted((path / "preferences").glob("*.toml"))}
    sidecars = {name: _bytes(data) for name, data in arrived.items()}
    known = references.known(home, sidecars.values(), model=record.id)
    problems = []
    for name, data in sidecars.items():
        if name.startswith("preferences/"):
            wish = preference.read(data, f"{path}/{name}", there=known)
            problems += wish if isinstance(wish, list) else []
    if path.resolve().parent == (home.root / "transcripts").resolve() and path.resolve().name != Path(folder).name:
        what = f"expected the folder {folder}, as the id in it says"
        problems.append(Problem(f"{path}/model.toml id", what, "rename the folder, or correct the id"))
    if problems:
        raise Refused(problems)
    here = home.root / folder
    accession = home.accession(here)
    if accession:
        filed = {name: digest for name, digest in list_digests(here)[-1].items() if not OWN.fullmatch(name)}
        if filed == {name: digest_of(data) for name, data in arrived.items()}:
            return Filed(source=path, status="already filed", accession=accession.number, folder=folder)
    elif (here / "model.toml").exists() and here.resolve() != path.resolve():
        what = f"{folder}/model.toml is there already and not filed"
        raise Refused([Problem(str(path), what, f"file that one: archive file {folder}")])
    version = len(intake_lists(here)) + 1
    return Draft(source=path, kind="model", folder=folder, files=arrived, version=version)


# ── protocols ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _versions(path: Path) -> list[Path]:
    """The versions (``1.toml`` …) of a protocol, if that is what lies at `path`: its folder, or one of them."""
    folder = path.parent if path.is_file() and re.fullmatch(r"[1-9]\d*\.toml", path.name) else path
    numbered = [p for p in folder.glob("*.toml") if re.fullmatch(r"[1-9]\d*", p.stem)] if folder.is_dir() else []
    return sorted(numbered, key=lambda p: int(p.stem))


def _protocol(home: Home, path: Path, versions: Sequence[Path]) -> Draft | Filed:
    """A protocol's own folder: one file a version, none of which changes once it is filed."""
    problems: list[Problem] = []
    ids = set()
    for number, version in enumerate(versions, 1):
        record = protocol.read(version.read_bytes(), str(version))
        if isinstance(record, list):
            problems += record
        elif (record.version, version.stem) != (number, str(number)):
            what = f"expected version {number} in {number}.toml, found {record.version} in {version.name}"
            problems.append(Problem(str(version), what, "versions are counted from 1, without gaps"))
        else:
            ids.add(record.id)
    if len(ids) > 1:
        problems.append(Problem(str(path), f"expected one protocol, found {', '.join(sorted(ids))}", "one folder each"))
    if problems:
        raise Refused(problems)
    folder = f"transcripts/{deposit.PROTOCOLS}/{ids.pop()}"
    here = home.root / folder
    accession = home.accession(here)
    given = {version.name: digest_of(version) for version in versions}
    lists = list_digests(here)
    filed = {name: digest for name, digest in lists[-1].items() if not OWN.fullmatch(name)} if lists else {}
    changed = [name for name, digest in filed.items() if given.get(name) != digest]
    if changed:
        what = f"{', '.join(changed)} is not what was filed as {accession.number if accession else folder}"
        raise Refused([Problem(str(path), what, "bring it back; a change makes a new version, in a file of its own")])
    if accession and filed == given:
        return Filed(source=path, status="already filed", accession=accession.number, folder=folder)
    files: dict[str, Content] = {version.name: version for version in versions}
    return Draft(source=path, kind="protocol", folder=folder, files=files, version=len(lists) + 1)
