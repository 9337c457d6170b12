"""A deposit on its way in: read, formed, placed and checked; nothing is written."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from archive import importers
from archive.deposits import deposit, prefilled, references, uncovered
from archive.deposits.apart import filed_apart
from archive.deposits.arrival import Arrival, arrival, content
from archive.deposits.deposit import Deposit
from archive.deposits.draft import Digests, Draft, Filed, Item, Options, Twin
from archive.deposits.here import Here
from archive.deposits.lists import list_digests
from archive.deposits.names import OWN, RECEIVED, SIDECARS
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.home.store import Content, Kept, bytes_of, digest_of, size_of
from archive.importers.turns import Transcript
from archive.records import export, redactions
from archive.records.context_bias import unanswered
from archive.records.deposit_record import DepositRecord
from archive.wording import slugify

if TYPE_CHECKING:
    from archive.deposits.marks import Marks

_NONE: Mapping[str, Kept] = MappingProxyType({})


def new(here: Here, arrived: Arrival, options: Options, scratch: Path) -> Item:
    """A deposit that was not filed yet; a `Filed` if its bytes were, a `Twin` if they are about to be.

    Raises `Refused` with all that is wrong.

    Its turns lie in the folder `scratch`, which must last until the draft is filed.
    """
    originals = {name: data for name, data in arrived.files.items() if RECEIVED.fullmatch(name)}
    digests = frozenset() if options.again else _digests(arrived.name, originals)
    if digests and (known := _before(here, arrived, digests)):
        return known
    if options.again and redactions.NAME not in arrived.files:
        uncovered.refuse_again(here, arrived.name, _digests(arrived.name, originals))
    single = len(originals) == 1
    shown = {arrived.name if single else f"{arrived.name}: {name}": data for name, data in originals.items()}
    turns = scratch / f"{secrets.token_hex(8)}.jsonl"
    transcript = importers.read(
        shown, turns, speakers=options.speakers, model=prefilled.called(here.home, options.model)
    )
    if "turns.jsonl" in arrived.files and digest_of(arrived.files["turns.jsonl"]) != digest_of(turns):
        what = "is not what the importer reads in the received file"
        remedy = "take it out: it is written when the deposit is filed"
        raise Refused([Problem(f"{arrived.name}/turns.jsonl", what, remedy)])
    written = {"turns.jsonl": content(turns)}
    if "deposit.toml" not in arrived.files:
        written["deposit.toml"] = prefilled.record(arrived.name, transcript, options).encode()
    written |= _scripted(here.home, transcript, arrived)
    if export.NAME in arrived.files:
        sizes = {name: size_of(data) for name, data in originals.items()}
        accepted(export.read(bytes_of(arrived.files[export.NAME]), f"{arrived.name}/{export.NAME}", sizes=sizes))
    read_in = _read(here, arrived, arrived.here or "transcripts", written, transcript)
    folder = _place(here, arrived, read_in.record, transcript, options)
    return _draft(here, arrived, folder, written, read_in, received=digests)


def refiled(here: Here, path: Path, changed: Mapping[str, bytes] | None = None, *, released: str = "") -> Draft | Filed:
    """A filed deposit again, with what was added or changed beside its received file.

    `changed` are sidecars as they will be, whatever lies there. With `released`, a reason, it is opened by this, and so
    a draft even where nothing is different.
    """
    home, folder = here.home, path.resolve()
    accession = home.accession(folder)
    if accession is None or not folder.is_relative_to((home.root / "transcripts").resolve()):
        what = "its intake.sums is not in this archive's register"
        remedy = "take out what another archive wrote (nonce, *.sums, redaction.*), or bring the list back"
        raise Refused([Problem(str(path), what, remedy)])
    listed, place = list_digests(folder), home.relative(folder)
    apart = filed_apart(home.store, folder, listed[0])
    _refuse_changed(home, folder, {name: digest for name, digest in listed[0].items() if name not in apart})
    arrived = arrival(home, folder, apart=bool(apart))
    arrived = replace(arrived, files={**arrived.files, **(changed or {})})
    filed = {name: digest for name, digest in listed[-1].items() if not OWN.fullmatch(name)}
    now = {n: digest_of(data) for n, data in {**arrived.files, **apart}.items() if n != "turns.jsonl"}
    same = filed == now and not released
    if same and not any(name.startswith("analyses/") for name in filed):
        return Filed(source=path, status="already filed", accession=accession.number, folder=place)
    transcript = deposit.read_transcript(folder, place)
    if "deposit.toml" not in arrived.files:
        what = "is missing, and was filed with it"
        raise Refused([Problem(f"{place}/deposit.toml", what, "bring it back from .archive/store")])
    uncovered.refuse_lost(home, place, filed.get(redactions.NAME), arrived.files)
    written = {"turns.jsonl": folder / "turns.jsonl"}
    read_in = _read(here, arrived, place, written, transcript, accession.number, apart=apart)
    draft = _draft(here, arrived, place, written, read_in, version=len(listed) + 1, released=released, apart=apart)
    if same and _closed(home, accession.number) == draft.hidden:
        return Filed(source=path, status="already filed", accession=accession.number, folder=place)
    return draft


def _closed(home: Home, number: str) -> frozenset[str]:
    """The analyses of an open deposit that stand in its private list; none where all of it is closed."""
    from archive.deposits import dependence

    life = home.lives[number]
    filed = dependence.as_filed(home.store, life)
    analyses = frozenset(name for name in filed.files.keys() - filed.listed.keys() if name.startswith("analyses/"))
    return analyses if dependence.is_open(home.store, life) else frozenset()


def _refuse_changed(home: Home, folder: Path, first: Mapping[str, str]) -> None:
    """Raises `Refused` where what was received, or what was read in it, is not what the first list names."""
    problems = []
    for name, digest in first.items():
        if RECEIVED.fullmatch(name) or name in ("turns.jsonl", export.NAME):
            actual = digest_of(folder / name) if (folder / name).is_file() else "no file"
            if actual != digest:
                what = f"was changed after filing: expected SHA-256 {digest}, found {actual}"
                restore = f"bring back {home.store.named(digest)}: what was received never changes"
                problems.append(Problem(home.relative(folder / name), what, restore))
    if problems:
        raise Refused(problems)


def _marks(files: Mapping[str, Content], place: str, read: Deposit) -> "Marks | None":
    """What its marks come to. Raises `Refused` where their words do not stand in its turns."""
    if redactions.NAME not in files:
        return None
    from archive.deposits.marks import marks

    return marks(files, bytes_of(files["turns.jsonl"]), place, read.transcript.turns, read.accession or "")


def _scripted(home: Home, transcript: Transcript, arrived: Arrival) -> dict[str, Content]:
    """The notes of a program that held these interviews, unless they arrived with them."""
    if not any(transcript.held):
        return {}
    from archive.deposits import scripted

    day = min((dt.date.fromisoformat(day) for day in transcript.date if day), default=home.now().date())
    said = None if scripted.NAME in arrived.files else scripted.notes(transcript, day)
    return {scripted.NAME: said} if said else {}


def _read(
    here: Here,
    arrived: Arrival,
    folder: str,
    written: Mapping[str, Content],
    transcript: Transcript,
    accession: str | None = None,
    apart: Mapping[str, Kept] = _NONE,
) -> Deposit:
    """The deposit, whose sidecars agree with its turns. Raises `Refused` with everything that is wrong."""
    sidecars = {n: bytes_of(d) for n, d in {**arrived.files, **written}.items() if SIDECARS.fullmatch(n)}
    return deposit.read(
        sidecars,
        transcript,
        folder=here.home.root / folder,
        place=arrived.name,
        codebooks=here.codebooks,
        accession=accession,
        there=references.known(here.home, sidecars.values(), protocols=here.protocols),
        sizes={n: size_of(d) for n, d in {**arrived.files, **apart}.items() if RECEIVED.fullmatch(n)} or None,
    )


def _place(here: Here, arrived: Arrival, record: DepositRecord, transcript: Transcript, options: Options) -> str:
    """The deposit's folder: ``transcripts/<model>/<date>-<slug>``. Raises `Refused`."""
    own = deposit.model_folder(record.model)
    problems = []
    if own not in here.models:
        what = f"the model {record.model} is not known here"
        remedy = f"`archive new model {record.model}` makes it known"
        import difflib

        if near := difflib.get_close_matches(record.model, here.models, n=1, cutoff=0.8):
            remedy = f"did you mean {near[0]}? else {remedy}"
        problems.append(Problem(arrived.name, what, remedy))
    if arrived.here and arrived.here.split("/")[1] != own:
        what = f"expected to lie in transcripts/{own}/, as its model says"
        problems.append(Problem(arrived.name, what, "move the folder, or correct the model"))
    title = transcript.title[0] if transcript.interviews == 1 and not arrived.date else ""
    slug = options.slug or slugify(title, arrived.slug)
    if options.slug and slug in here.slugs and not options.several:
        what = f"the slug {slug} is taken by another deposit"
        problems.append(Problem(arrived.name, what, "give another with --slug"))
    if problems:
        raise Refused(problems)
    day = options.date or record.date or arrived.date or here.home.now().date()
    return arrived.here or f"transcripts/{own}/{day.isoformat()}-{here.free(slug)}"


def _draft(
    here: Here,
    arrived: Arrival,
    folder: str,
    written: Mapping[str, Content],
    read: Deposit,
    *,
    version: int = 1,
    released: str = "",
    received: Digests = frozenset(),
    apart: Mapping[str, Kept] = _NONE,
) -> Draft:
    access = read.record.access
    private = not access.public_on(here.home.now().date())
    return Draft(
        source=arrived.source,
        kind="deposit",
        folder=folder,
        files={name: data for name, data in {**arrived.files, **apart}.items() if name != "turns.jsonl"},
        written=written,
        private=private,
        described=access.level == "described",
        hidden=frozenset() if private else _resting(here.home, arrived, read),
        marks=_marks({**arrived.files, **written}, folder, read),
        released=released,
        version=version,
        received=received,
        part=arrived.part,
        lost=read.transcript.lost,
        unanswered=tuple(_unanswered(read)),
    )


def _resting(home: Home, arrived: Arrival, read: Deposit) -> frozenset[str]:
    """The analyses that nobody may see as long as what they rest on is closed."""
    if not read.analyses:
        return frozenset()
    from archive.deposits import dependence

    resting = []
    for slug, made in read.analyses.items():
        name = f"analyses/{slug}.toml"
        prose = bytes_of(arrived.files[f"analyses/{slug}.md"])
        resting.append(dependence.of_analysis(name, made, bytes_of(arrived.files[name]), prose))
    return dependence.closed(home.store, home.lives, resting, read.accession or "")


def _unanswered(read: Deposit) -> list[str]:
    """The context-bias fields that no interview of the deposit has an answer to."""
    silent = unanswered(read.record.setting(1).context_bias)
    for n in range(2, read.transcript.interviews + 1):
        here = set(unanswered(read.record.setting(n).context_bias))
        silent = [key for key in silent if key in here]
    return silent


def _digests(name: str, originals: Mapping[str, Content]) -> Digests:
    """Of what was received. Raises `Refused` where it cannot be read."""
    try:
        return frozenset(map(digest_of, originals.values()))
    except OSError as error:
        raise Refused([Problem(name, f"cannot be read: {error.strerror}")]) from None


def _before(here: Here, arrived: Arrival, digests: Digests) -> Filed | Twin | None:
    """What these bytes were filed as, or are about to be."""
    if digests in here.drafted:
        return Twin(source=arrived.source, received=digests)
    if not (known := here.received.before(here.home, digests)):
        return None
    accession, folder = known
    place = here.home.relative(folder)
    return Filed(source=arrived.source, status="already filed", accession=accession.number, folder=place)
