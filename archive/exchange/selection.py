"""What goes into an export: filed folders with the names and hashes of the files that go in, and nothing else.

For the public an allow-list decides, and everything on it is reached by name: a file nobody thought of stays at home.

==================  ===========================================================================================
deposits            that are public, or whose embargo has passed: what was received, turns, record, notes
their analyses      unless they read or quote, or answer an analysis of, an interview that is left out
their lists         intake.sums with nonces, unless it names what is left out or was replaced; never private.sums
models              that a public interview or a published essay names
their preferences   unless they quote an interview that is left out
protocols           that a public interview followed
essays              what an issue froze of them, unless it was withdrawn
==================  ===========================================================================================
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from archive.deposits.deposit import RECEIVED, SIDECARS
from archive.deposits.lists import list_digests
from archive.deposits.shelf import CODEBOOKS, VERSION
from archive.errors import Malformed, Problem, Refused, accepted
from archive.home.accession import Accession, intake_lists
from archive.home.home import Home
from archive.home.store import digest_of
from archive.importers import turns
from archive.records import ai_model, analysis, deposit_record, notes, preference, protocol
from archive.records.ai_model import AIModel
from archive.records.codebook import Codebooks
from archive.records.deposit_record import Access, DepositRecord
from archive.records.sidecar import parse
from archive.register import sums
from archive.register.sums import LIST

_CHECK = "`archive check` says what to do"
_RECORDS = ("deposit.toml", "model.toml")
_SAID = re.compile(rf"{VERSION.pattern}|turns\.jsonl|model\.toml|preferences/[^/]+\.toml|{SIDECARS.pattern}")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A filed folder of ``transcripts/``, and which of its files go in, as they were filed."""

    folder: Path
    place: str
    """Its path in the home."""
    accession: Accession
    files: Mapping[str, str]
    """Path in the folder → SHA-256."""

    @property
    def number(self) -> str:
        return self.accession.number

    def named(self, start: str, end: str = "") -> list[str]:
        """Those of its files whose path begins and ends so."""
        return sorted(name for name in self.files if name.startswith(start) and name.endswith(end))

    def read(self, name: str) -> bytes:
        """One of its files. Raises `Refused` unless it is what was filed."""
        try:
            data = (self.folder / name).read_bytes()
        except OSError:
            raise self.changed(name) from None
        if sums.digest(data) != self.files[name]:
            raise self.changed(name)
        return data

    def turns(self) -> Iterator[dict[str, Any]]:
        """The turns of its ``turns.jsonl``, one by one. Raises `Refused` unless it is what was filed."""
        path = self.folder / "turns.jsonl"
        if not path.is_file() or digest_of(path) != self.files["turns.jsonl"]:
            raise self.changed("turns.jsonl")
        with path.open("rb") as file:
            next(file)
            yield from map(json.loads, file)

    def changed(self, name: str) -> Refused:
        """What to raise when a file is not what was filed."""
        return Refused([Problem(f"{self.place}/{name}", "is not what was filed", _CHECK)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Everything that goes into an export of what was filed."""

    home: Home
    deposits: tuple[Chosen, ...]
    models: tuple[Chosen, ...]
    protocols: tuple[str, ...]
    """Paths in the home."""
    codebooks: Codebooks
    left_out: Mapping[str, int]
    """What is left out, counted by what it is."""
    issues: Mapping[str, tuple[Path, str]] = field(default_factory=dict)
    """For the public, what was frozen: site path → where it is kept, and its SHA-256."""

    @property
    def essays(self) -> int:
        return sum(name.endswith("/essay.md") for name in self.issues)


def everything(home: Home) -> Selection:
    """All that was filed. Raises `Refused` where a folder is not what was logged."""
    filed, left_out = _filed(home)
    protocols = {home.relative(path): path for path in sorted((home.root / "transcripts/protocols").glob("*/*.toml"))}
    drafts = {place for place, path in protocols.items() if isinstance(protocol.read(path.read_bytes(), place), list)}
    left_out["protocols that cannot be read"] = len(drafts)
    return Selection(
        home=home,
        deposits=tuple(each for each in filed if each.accession.kind == "deposit"),
        models=tuple(each for each in filed if each.accession.kind == "model"),
        protocols=tuple(place for place in protocols if place not in drafts),
        codebooks=CODEBOOKS.filed(home),
        left_out=+left_out,
    )


def public(home: Home, day: dt.date) -> Selection:
    """What anyone may have on `day`. Raises `Refused` where something is not what was logged."""
    whole = everything(home)
    redacted = {name.split("/")[0] for name in _subjects(home, "redacted")}
    deposits, settings = [], []
    left_out = Counter(whole.left_out)
    for each in map(_listed, whole.deposits):
        record = record_of(each) if "deposit.toml" in each.files else None
        access = record.access if record else Access("restricted")
        if each.number in redacted:
            left_out["deposits with words taken out"] += 1
        elif record and access.public_on(day):
            deposits.append(each)
            settings += [record.setting(n) for n in range(1, head_of(each).interviews + 1)]
        else:
            left_out[f"deposits {'under embargo' if access.until else 'that are restricted'}"] += 1
    issues = _issues(home, left_out)
    authors = {_author(name, *kept) for name, kept in issues.items() if name.endswith("/essay.toml")}
    named = authors | {setting.model for setting in settings}
    models = [each for each in map(_listed, whole.models) if named & _names(each)]
    followed = {f"transcripts/protocols/{setting.protocol.replace('@', '/')}.toml" for setting in settings}
    coding = {
        ref for each in deposits for name in each.named("notes/") for ref in _codebooks(each, name, whole.codebooks)
    }
    left_out["models of which nothing is public"] = len(whole.models) - len(models)
    left_out["protocols that no public interview followed"] = len(set(whole.protocols) - followed)
    left_out["codebooks that no public note uses"] = len(whole.codebooks.keys() - coding)
    open_ = {each.number for each in deposits}
    return replace(
        whole,
        deposits=tuple(_open(each, open_, left_out) for each in deposits),
        models=tuple(_open(each, open_, left_out) for each in models),
        protocols=tuple(name for name in whole.protocols if name in followed),
        codebooks={ref: book for ref, book in whole.codebooks.items() if ref in coding},
        issues=issues,
        left_out=+left_out,
    )


def record_of(chosen: Chosen) -> DepositRecord:
    """A deposit's record. Raises `Refused`."""
    place = f"{chosen.place}/deposit.toml"
    return accepted(deposit_record.read(chosen.read("deposit.toml"), place, interviews=head_of(chosen).interviews))


def head_of(chosen: Chosen) -> turns.Transcript:
    """What the first line of ``turns.jsonl`` says; without the turns. Raises `Refused`."""
    try:
        with (chosen.folder / "turns.jsonl").open("rb") as file:
            return turns.read([file.readline()])
    except (OSError, Malformed):
        raise chosen.changed("turns.jsonl") from None


def model_of(chosen: Chosen) -> AIModel:
    """A model's facts. Raises `Refused`."""
    return accepted(ai_model.read(chosen.read("model.toml"), f"{chosen.place}/model.toml"))


def _codebooks(chosen: Chosen, name: str, known: Codebooks) -> tuple[str, ...]:
    """The codebooks that a notes file names."""
    return accepted(notes.read(chosen.read(name), f"{chosen.place}/{name}", codebooks=known)).codebooks


def received_of(chosen: Chosen) -> dict[str, str]:
    """The received file or files, with their SHA-256."""
    return {name: chosen.files[name] for name in chosen.named("received") if RECEIVED.fullmatch(name)}


def citation(chosen: Chosen, selection: Selection) -> str:
    """``The Heron archive, 2026-0041, received.json SHA-256 9f86…, entry 12 of letters.example.org/register``"""
    files = ", ".join(f"{name} SHA-256 {digest}" for name, digest in received_of(chosen).items())
    archive, origin = selection.home.configuration.archive.name, selection.home.register.key.name
    return f"{archive}, {chosen.number}, {files}, entry {chosen.accession.index} of {origin}"


# ── what was filed ───────────────────────────────────────────────────────────────────────────────────────────────────


def _filed(home: Home) -> tuple[list[Chosen], Counter[str]]:
    """Every filed folder, in the order in which they were filed, and what lies there unfiled, counted."""
    left_out: Counter[str] = Counter()
    problems: list[Problem] = []
    found: dict[str, Chosen] = {}
    collection = home.root / "transcripts"
    for folder in (*sorted(collection.glob("*/")), *sorted(collection.glob("*/*/"))):
        place, lists = home.relative(folder), intake_lists(folder)
        if not lists:
            left_out["folders that were not filed yet"] += any((folder / name).is_file() for name in _RECORDS)
            continue
        accession = home.accession(folder)
        try:
            if accession is None or any(home.lives.listed(digest_of(path)) is None for path in lists):
                raise Malformed("has a list that is not in the register")
            files = _newest(folder, lists[-1])
        except Malformed as error:
            problems.append(Problem(place, str(error), _CHECK))
            continue
        left_out["files that were not filed yet"] += len(_additions(folder) - list_digests(folder)[-1].keys())
        found.setdefault(accession.number, Chosen(folder=folder, place=place, accession=accession, files=files))
    if problems:
        raise Refused(problems)
    return sorted(found.values(), key=lambda each: each.accession.index), left_out


def _newest(folder: Path, newest: Path) -> dict[str, str]:
    """What was filed last, with its SHA-256, but for what the program wrote to prove it. Raises `Malformed`."""
    listed = list_digests(folder)[-1]
    private = f"private{newest.stem.removeprefix('intake')}.sums"
    if private in listed and digest_of(folder / private) != listed[private]:
        raise Malformed(f"{private} is not what was filed")
    return {name: digest for name, digest in listed.items() if RECEIVED.fullmatch(name) or _SAID.fullmatch(name)}


def _additions(folder: Path) -> set[str]:
    """The files that people may have put there since it was filed."""
    found = (path for glob in ("*.toml", "notes/*", "analyses/*", "preferences/*") for path in folder.glob(glob))
    return {path.relative_to(folder).as_posix() for path in found if path.is_file()}


# ── for the public ───────────────────────────────────────────────────────────────────────────────────────────────────


def _listed(chosen: Chosen) -> Chosen:
    """Without what stands in its private list, whatever its record says."""
    listed = sums.parse(intake_lists(chosen.folder)[-1].read_bytes(), chosen.place)
    return replace(chosen, files={name: digest for name, digest in chosen.files.items() if name in listed})


def _names(chosen: Chosen) -> set[str]:
    """What a model goes by, where that is in its open list."""
    if "model.toml" not in chosen.files:
        return set()
    model = model_of(chosen)
    return {model.id, *model.aliases}


def _open(chosen: Chosen, open_: set[str], left_out: Counter[str]) -> Chosen:
    """With its lists, and without what rests on other deposits than those of `open_`, which is counted."""
    files = dict(chosen.files)
    for name in chosen.named("analyses/", ".toml"):
        if not _refs(accepted(analysis.read(chosen.read(name), f"{chosen.place}/{name}"))) <= open_:
            left_out["analyses that rest on interviews left out"] += 1
            del files[name]
            files.pop(f"{name.removesuffix('.toml')}.md", None)
    for name in chosen.named("preferences/", ".toml"):
        wish = accepted(preference.read(chosen.read(name), f"{chosen.place}/{name}"))
        if not _deposits(quote.interview for quote in wish.quote) <= open_:
            left_out["preferences that quote interviews left out"] += 1
            del files[name]
    lists, closed = _lists(chosen, files)
    left_out["intake lists that name what is left out or was replaced"] += closed
    return replace(chosen, files=files | lists)


def _refs(read: analysis.Analysis) -> set[str]:
    answered = (other for claim in read.claim for other in claim.disagrees_with)
    return _deposits((*read.interviews, *answered, read.supersedes or ""))


def _deposits(refs: Iterable[object]) -> set[str]:
    """The other deposits that references such as ``2026-0041/3`` name."""
    return {ref.split("/")[0] for ref in refs if isinstance(ref, str) and "/" in ref}


def _lists(chosen: Chosen, files: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """The folder's intake lists with their nonces, and how many stay closed.

    With its nonce a list lets anyone try out what was in a file: so it is open only if it names what goes in as it is.
    """
    found: dict[str, str] = {}
    closed = 0
    for path in intake_lists(chosen.folder):
        suffix = path.stem.removeprefix("intake")
        data = path.read_bytes()
        listed = sums.parse(data, f"{chosen.place}/{path.name}")
        own = {name: listed.pop(name) for name in (f"nonce{suffix}", "redaction.root") if name in listed}
        listed.pop(f"private{suffix}.sums", None)
        if listed.items() <= files.items():
            found |= own | {path.name: sums.digest(data)}
        else:
            closed += 1
    return found, closed


def _issues(home: Home, left_out: Counter[str]) -> dict[str, tuple[Path, str]]:
    """What every issue froze and nobody withdrew, and the notices of weeks without an issue.

    Raises `Refused` where a list is not what was logged.
    """
    found: dict[str, tuple[Path, str]] = {}
    for statement in home.register.statements:
        if statement.kind == "issue":
            week = statement.predicate["week"]
            kept, name = home.hidden / "issues" / week, f"issues/{week}/{LIST}"
            data = (kept / name).read_bytes() if (kept / name).is_file() else b""
            if sums.digest(data) != statement.subjects[name]:
                raise _unfrozen(name)
            listed = sums.parse(data, name) | {name: statement.subjects[name]}
            found |= {path: (kept / path, digest) for path, digest in listed.items()}
        elif statement.kind == "notice" and statement.predicate["kind"] == "no-issue":
            week = statement.predicate["week"]
            name = f"issues/{week}/notice.toml"
            found[name] = (home.hidden / "issues" / week / name, statement.subjects[name])
    withdrawn = _subjects(home, "withdrawn")
    essays = [name for name in found if name.endswith("/essay.md")]
    submitted = sum(s.kind == "intake" and s.predicate["kind"] == "essay" for s in home.register.statements)
    left_out["essays that were not published"] = submitted - len(essays)
    left_out["essays that were withdrawn"] = len(withdrawn.intersection(essays))
    return {name: kept for name, kept in found.items() if name not in withdrawn}


def _subjects(home: Home, kind: str) -> set[str]:
    """What all notices of a kind are about."""
    notices = (s for s in home.register.statements if s.kind == "notice" and s.predicate["kind"] == kind)
    return {name for notice in notices for name in notice.subjects}


def _author(name: str, kept: Path, digest: str) -> str:
    """The model that a frozen ``essay.toml`` names. Raises `Refused` unless it is what was frozen."""
    data = kept.read_bytes() if kept.is_file() else b""
    table = parse(data, name)
    if sums.digest(data) != digest or isinstance(table, list):
        raise _unfrozen(name)
    return str(table.get("model", ""))


def _unfrozen(name: str) -> Refused:
    return Refused([Problem(f".archive/issues: {name}", "is not what was logged", "bring the folder back from a copy")])
