"""A deposit on its way in: read, formed, placed and checked; nothing is written."""

import difflib
from collections.abc import Container, Mapping
from pathlib import Path
from tempfile import mkdtemp

from archive import importers
from archive.deposits import deposit, references
from archive.deposits.arrival import Arrival, arrival
from archive.deposits.deposit import OWN, RECEIVED, SIDECARS, Deposit, received
from archive.deposits.draft import Content, Draft, Filed, Options
from archive.deposits.lists import list_digests
from archive.deposits.shelf import CODEBOOKS
from archive.errors import Problem, Refused, accepted
from archive.home.accession import intake_lists
from archive.home.home import Home
from archive.home.store import digest_of
from archive.importers.turns import Transcript
from archive.records import ai_model, deposit_record, export
from archive.records.context_bias import unanswered
from archive.records.deposit_record import ContextFile, deposit_form
from archive.records.sidecar import read as read_sidecar
from archive.wording import slugify


def new(home: Home, arrived: Arrival, options: Options, taken: Container[str], scratch: Path) -> Draft | Filed:
    """A deposit that was not filed yet; a `Filed` if its bytes were. Raises `Refused` with all that is wrong.

    Its turns lie in the folder `scratch`, which must last until the draft is filed.
    """
    originals = {name: data for name, data in arrived.files.items() if RECEIVED.fullmatch(name)}
    if not options.again and (known := _filed_before(home, arrived, originals)):
        return known
    single = len(originals) == 1
    shown = {arrived.name if single else f"{arrived.name}: {name}": data for name, data in originals.items()}
    read = Path(mkdtemp(dir=scratch)) / "turns.jsonl"
    transcript = importers.read(shown, read, speakers=options.speakers, model=_called(home, options.model))
    if "turns.jsonl" in arrived.files and digest_of(arrived.files["turns.jsonl"]) != digest_of(read):
        what = "is not what the importer reads in the received file"
        remedy = "take it out: it is written when the deposit is filed"
        raise Refused([Problem(f"{arrived.name}/turns.jsonl", what, remedy)])
    written: dict[str, Content] = {"turns.jsonl": read}
    if "deposit.toml" not in arrived.files:
        written["deposit.toml"] = _form(arrived.name, transcript, options).encode()
    if export.NAME in arrived.files:
        sizes = {name: _size(data) for name, data in originals.items()}
        accepted(export.read(_bytes(arrived.files[export.NAME]), f"{arrived.name}/{export.NAME}", sizes=sizes))
    folder = _place(home, arrived, {**arrived.files, **written}, transcript, options, taken)
    return _checked(home, arrived, folder, written, transcript)


def refiled(home: Home, path: Path) -> Draft | Filed:
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
        if RECEIVED.fullmatch(name) or name in ("turns.jsonl", export.NAME):
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
    written = {"turns.jsonl": folder / "turns.jsonl"}
    if "deposit.toml" not in arrived.files:
        what = "is missing, and was filed with it"
        raise Refused([Problem(home.relative(folder / "deposit.toml"), what, "bring it back from .archive/store")])
    version = len(intake_lists(folder)) + 1
    return _checked(home, arrived, home.relative(folder), written, transcript, version)


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _called(home: Home, model: str | None) -> tuple[str, ...]:
    """What the model goes by: its id, and the name and aliases that its own record gives it."""
    path = home.root / "transcripts" / deposit.model_folder(model) / "model.toml" if model else None
    if model is None or path is None or not path.is_file():
        return (model,) if model else ()
    record = ai_model.read(path.read_bytes(), str(path))
    return (model,) if isinstance(record, list) else (model, *filter(None, (record.name, *record.aliases)))


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
    own_slug = slug = options.slug or slugify(title, arrived.slug)
    if options.slug and slug in taken and not options.several:
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
    written: Mapping[str, Content],
    transcript: Transcript,
    version: int = 1,
) -> Draft:
    """A draft whose sidecars agree with its turns. Raises `Refused` with everything that is wrong."""
    sidecars = {n: _bytes(d) for n, d in {**arrived.files, **written}.items() if SIDECARS.fullmatch(n)}
    accession = home.accession(home.root / folder)
    read = deposit.read(
        sidecars,
        transcript,
        folder=home.root / folder,
        place=arrived.name,
        codebooks=CODEBOOKS.filed(home),
        accession=accession.number if accession else None,
        there=references.known(home, sidecars.values()),
        sizes={n: _size(d) for n, d in arrived.files.items() if RECEIVED.fullmatch(n)} or None,
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
