"""What goes into an export: filed folders with the names and hashes of the files that go in, and nothing else.

For the public an allow-list decides, and everything on it is reached by name: a file nobody thought of stays at home.

==================  ===========================================================================================
deposits            that are public or were released: what was received, turns, record, notes;
                    where words are covered (``redactions.toml``), the redacted copy for what was received and turns
their analyses      unless they read or quote, or answer an analysis of, an interview that is left out
                    and unless they give away covered words
their lists         intake.sums with nonces, unless it names what is left out or was replaced; never private.sums
models              that a public interview or a published essay names
their preferences   unless they quote an interview that is left out, or covered words
protocols           that a public interview followed
essays              what an issue froze of them, unless it was withdrawn
==================  ===========================================================================================
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.deposits import dependence
from archive.deposits.collection import Collection
from archive.deposits.filed import FiledFolder
from archive.deposits.marks import Marks, of_filed, stem, telling
from archive.deposits.names import COPY
from archive.deposits.shelf import CODEBOOKS
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.records import ai_model, deposit_record, notes, redactions
from archive.records.ai_model import AIModel
from archive.records.codebook import Codebooks
from archive.records.deposit_record import Access, DepositRecord
from archive.records.sidecar import parse
from archive.register import sums
from archive.register.sums import LIST


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Everything that goes into an export of what was filed."""

    home: Home
    deposits: tuple[FiledFolder, ...]
    models: tuple[FiledFolder, ...]
    protocols: tuple[FiledFolder, ...]
    codebooks: Codebooks
    left_out: Mapping[str, int]
    """What is left out, counted by what it is."""
    drafts: tuple[Problem, ...] = ()
    """Of it what is in nobody's record: drafts, changes that were not filed, folders that cannot be read; by name."""
    issues: Mapping[str, tuple[Path, str]] = field(default_factory=dict)
    """For the public, what was frozen: site path → where it is kept, and its SHA-256."""

    @property
    def essays(self) -> int:
        return sum(name.endswith("/essay.md") for name in self.issues)


def everything(home: Home) -> Selection:
    """All that was filed, as it was filed; drafts, and what is damaged, are counted as left out."""
    collection = Collection.of(home)
    drafts = [draft for each in collection.filed for draft in each.drafts()]
    unfiled = [folder for found in collection.unfiled.values() for folder in found]
    unread = tuple(collection.left_out)
    left_out = Counter(
        {
            "folders that were not filed yet": len(unfiled),
            "folders that cannot be read": len(unread),
            "files that were not filed yet": sum("not filed yet" in draft.found for draft in drafts),
            "changes that were not filed yet": sum("not filed yet" not in draft.found for draft in drafts),
        }
    )
    return Selection(
        home=home,
        deposits=tuple(collection.folders("deposit")),
        models=tuple(collection.folders("model")),
        protocols=tuple(collection.folders("protocol")),
        codebooks=CODEBOOKS.filed(home),
        left_out=+left_out,
        drafts=(*unfiled, *unread, *drafts),
    )


def public(home: Home, day: dt.date) -> Selection:
    """What anyone may have on `day`. Raises `Refused` where something is not what was logged."""
    whole = everything(home)
    left_out = Counter(whole.left_out)
    deposits, marked = _seen(whole, day, left_out)
    settings = [
        record.setting(n)
        for each, record in zip(deposits, map(record_of, deposits), strict=True)
        for n in range(1, each.head.interviews + 1)
    ]
    issues = _issues(home, left_out)
    authors = {_author(name, *kept) for name, kept in issues.items() if name.endswith("/essay.toml")}
    named = authors | {setting.model for setting in settings}
    models = [each for each in map(_listed, whole.models) if named & _names(each)]
    for each in whole.models:
        _count_resting(each, _listed(each), None, left_out)
    followed = {setting.protocol for setting in settings}
    protocols = [_followed(each, followed) for each in map(_listed, whole.protocols)]
    coding = {
        ref for each in deposits for name in each.named("notes/") for ref in _codebooks(each, name, whole.codebooks)
    }
    left_out["models of which nothing is public"] = len(whole.models) - len(models)
    asked = sum(len(each.files) for each in protocols)
    left_out["protocols that no public interview followed"] = sum(len(p.files) for p in whole.protocols) - asked
    left_out["codebooks that no public note uses"] = len(whole.codebooks.keys() - coding)
    open_ = {each.number for each in deposits}
    return replace(
        whole,
        deposits=tuple(_open(each, open_, marked, left_out) for each in deposits),
        models=tuple(_open(each, open_, marked, left_out) for each in models),
        protocols=tuple(each for each in protocols if each.files),
        codebooks={ref: book for ref, book in whole.codebooks.items() if ref in coding},
        issues=issues,
        left_out=+left_out,
    )


def record_of(chosen: FiledFolder) -> DepositRecord:
    """A deposit's record, also of one whose turns nobody may see. Raises `Refused`."""
    place = f"{chosen.place}/deposit.toml"
    interviews = chosen.head.interviews if chosen.turns_file in chosen.files else None
    return accepted(deposit_record.read(chosen.read("deposit.toml"), place, interviews=interviews))


def model_of(chosen: FiledFolder) -> AIModel:
    """A model's facts. Raises `Refused`."""
    return accepted(ai_model.read(chosen.read("model.toml"), f"{chosen.place}/model.toml"))


def _codebooks(chosen: FiledFolder, name: str, known: Codebooks) -> tuple[str, ...]:
    """The codebooks that a notes file names."""
    return accepted(notes.read(chosen.read(name), f"{chosen.place}/{name}", codebooks=known)).codebooks


# ── for the public ───────────────────────────────────────────────────────────────────────────────────────────────────


def _listed(chosen: FiledFolder) -> FiledFolder:
    """Without what stands in its private list, whatever its record says."""
    return replace(chosen, files={name: digest for name, digest in chosen.files.items() if name in chosen.listed})


def _seen(whole: Selection, day: dt.date, left_out: Counter[str]) -> tuple[list[FiledFolder], dict[str, Marks]]:
    """The deposits that anyone may see, by their open lists; and of those with covered words, their marks by number.

    What is left out is counted.
    """
    redacted = {name.split("/")[0] for name in _subjects(whole.home, "redacted")}
    deposits: list[FiledFolder] = []
    marked: dict[str, Marks] = {}
    for filed in whole.deposits:
        each, marks = _listed(filed), of_filed(filed)
        if closed := _closed(filed, each, marks, day, filed.number in redacted):
            left_out[closed] += 1
            continue
        deposits.append(each)
        _count_resting(filed, each, marks, left_out)
        if marks:
            marked[each.number] = marks
            left_out["files beside deposits that give away covered words"] += len(marks.held_back)
    return deposits, marked


def _count_resting(filed: FiledFolder, listed: FiledFolder, marks: Marks | None, left_out: Counter[str]) -> None:
    """Count what was filed in a private list because it rests on what is closed."""
    private = filed.files.keys() - listed.files.keys() - (marks.held_back.keys() if marks else set())
    resting = sum(name.startswith("analyses/") and name.endswith(".toml") for name in private)
    left_out["analyses that rest on interviews left out"] += resting
    left_out["preferences that quote interviews left out"] += sum(name.startswith("preferences/") for name in private)


def _closed(filed: FiledFolder, listed: FiledFolder, marks: Marks | None, day: dt.date, redacted: bool) -> str:
    """Why a deposit is left out, as it is counted; empty where it goes in. `listed` is it by its newest open list."""
    access = _access(filed)
    if not access.public_on(day):
        return f"deposits {'under embargo' if access.until else 'that are restricted'}"
    if marks and not marks.open:
        return "deposits whose record or folder gives away covered words"
    if redacted and redactions.NAME not in filed.files:
        return "deposits with words taken out"
    if not {"deposit.toml", COPY if marks else "turns.jsonl"} <= listed.files.keys():
        return "deposits whose embargo is over and that were not released yet"
    return ""


def _access(filed: FiledFolder) -> Access:
    try:
        return record_of(filed).access
    except Refused:
        return Access("restricted")


def _followed(chosen: FiledFolder, refs: set[str]) -> FiledFolder:
    """A protocol with those of its versions that are among `refs`, as ``retirement-interview@1``."""
    own = {name: f"{chosen.folder.name}@{name.removesuffix('.toml')}" for name in chosen.files}
    return replace(chosen, files={name: chosen.files[name] for name, ref in own.items() if ref in refs})


def _names(chosen: FiledFolder) -> set[str]:
    """What a model goes by, where that is in its open list."""
    if "model.toml" not in chosen.files:
        return set()
    model = model_of(chosen)
    return {model.id, *model.aliases}


def _open(chosen: FiledFolder, open_: set[str], marked: Mapping[str, Marks], left_out: Counter[str]) -> FiledFolder:
    """With its lists, and without what rests on other deposits than those of `open_`, or gives away what is covered in
    one; both are counted.
    """
    told = telling(chosen, marked)
    left_out["files beside deposits that give away covered words"] += len(told)
    chosen = replace(chosen, files={n: digest for n, digest in chosen.files.items() if stem(n) not in told})
    files = dict(chosen.files)
    for name in chosen.named("analyses/", ".toml"):
        if not dependence.resting_of(chosen, name).numbers <= open_:
            left_out["analyses that rest on interviews left out"] += 1
            del files[name]
            files.pop(f"{name.removesuffix('.toml')}.md", None)
    for name in chosen.named("preferences/", ".toml"):
        if not dependence.resting_of(chosen, name).numbers <= open_:
            left_out["preferences that quote interviews left out"] += 1
            del files[name]
    lists, closed = _lists(chosen, files)
    left_out["intake lists that name what is left out or was replaced"] += closed
    return replace(chosen, files=files | lists)


def _lists(chosen: FiledFolder, files: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """The folder's intake lists with their nonces, and how many stay closed.

    With its nonce a list lets anyone try out what was in a file: so it is open only if it names what goes in as it is.
    """
    found: dict[str, str] = {}
    closed = 0
    for version, data in chosen.lists():
        suffix = version.removeprefix("intake").removesuffix(".sums")
        listed = sums.parse(data, f"{chosen.place}/{version}")
        own = {name: listed.pop(name) for name in (f"nonce{suffix}", "redaction.root") if name in listed}
        listed.pop(f"private{suffix}.sums", None)
        if listed.items() <= files.items():
            found |= own | {version: sums.digest(data)}
        else:
            closed += 1
    return found, closed


def _issues(home: Home, left_out: Counter[str]) -> dict[str, tuple[Path, str]]:
    """What every issue froze and nobody withdrew, and the notices of what is missing: weeks, and what was withdrawn.

    Raises `Refused` where a list is not what was logged.
    """
    found: dict[str, tuple[Path, str]] = {}
    words: dict[str, tuple[Path, str]] = {}
    for _, statement in home.register.of_kind("issue"):
        week = statement.predicate["week"]
        kept, name = home.hidden / "issues" / week, f"issues/{week}/{LIST}"
        data = (kept / name).read_bytes() if (kept / name).is_file() else b""
        if sums.digest(data) != statement.subjects[name]:
            raise _unfrozen(name)
        listed = sums.parse(data, name) | {name: statement.subjects[name]}
        found |= {path: (kept / path, digest) for path, digest in listed.items()}
    for _, statement in home.register.of_kind("notice", "no-issue"):
        week = statement.predicate["week"]
        name = f"issues/{week}/notice.toml"
        found[name] = (home.hidden / "issues" / week / name, statement.subjects[name])
    for _, statement in home.register.of_kind("notice", "withdrawn"):
        for name, digest in statement.subjects.items():
            if name.endswith("/notice.toml"):
                words[name] = home.hidden / "issues" / statement.predicate["week"] / name, digest
    withdrawn = _subjects(home, "withdrawn")
    essays = [name for name in found if name.endswith("/essay.md")]
    left_out["essays that were not published"] = len([*home.lives.of("essay")]) - len(essays)
    left_out["essays that were withdrawn"] = len(withdrawn.intersection(essays))
    return {name: kept for name, kept in found.items() if name not in withdrawn} | words


def _subjects(home: Home, kind: str) -> set[str]:
    """What all notices of a kind are about."""
    return {name for _, notice in home.register.of_kind("notice", kind) for name in notice.subjects}


def _author(name: str, kept: Path, digest: str) -> str:
    """The model that a frozen ``essay.toml`` names. Raises `Refused` unless it is what was frozen."""
    data = kept.read_bytes() if kept.is_file() else b""
    table = parse(data, name)
    if sums.digest(data) != digest or isinstance(table, list):
        raise _unfrozen(name)
    return str(table.get("model", ""))


def issued(home: Home) -> Mapping[str, tuple[Path, str]]:
    """What every issue froze and nobody withdrew: as in `Selection.issues`. Raises `Refused`."""
    return _issues(home, Counter())


def _unfrozen(name: str) -> Refused:
    return Refused([Problem(f".archive/issues: {name}", "is not what was logged", "bring the folder back from a copy")])
