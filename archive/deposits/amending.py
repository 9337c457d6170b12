"""Values of a filed sidecar changed in place, and its folder filed again with them: both, or neither."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.deposits import deposit_draft, filing, model_draft
from archive.deposits.batch import Batch
from archive.deposits.draft import Item
from archive.deposits.filed import filed_folder
from archive.deposits.here import Here
from archive.deposits.target import refuse_unfiled
from archive.errors import Error, Problem, Refused
from archive.home.amendment import amended
from archive.home.home import Home
from archive.home.store import digest_of
from archive.records import edited
from archive.records.places import Place
from archive.register import durable

_FIXED = ("transcripts/protocols/", "transcripts/codebooks/")
"""Where nothing changes once it is filed."""


def place_of(home: Home, path: Path) -> str:
    """The path in the home of a sidecar that people may change. Raises `Error`."""
    inside = path.resolve().is_relative_to(home.root)
    place = home.relative(path.resolve()) if inside else str(path)
    if not (inside and place.startswith(("transcripts/", "essays/")) and place.endswith(".toml") and path.is_file()):
        raise Error(f"{path}: expected a .toml under transcripts/ or essays/ of this archive")
    return place


def said(home: Home, place: str, values: Iterable[str], without: Iterable[str] = ()) -> dict[Place, Any]:
    """``KEY=VALUE`` as somebody types it, and keys to go, as places and values for that sidecar. Raises `Refused`."""
    pairs = [value.partition("=") for value in values]
    if wrong := [
        Problem(key, "expected KEY=VALUE", "as in context_bias.method=manual") for key, is_, _ in pairs if not is_
    ]:
        raise Refused(wrong)
    text = durable.content(home.root / place).decode(errors="replace")
    return edited.typed(text, {**{key: value for key, _, value in pairs}, **dict.fromkeys(without)})


def file_amended(home: Home, place: str, values: Mapping[Place, Any], before: str | None = None) -> Batch:
    """Put values into the sidecar at `place`, and file its folder with that.

    `before` as in `archive.home.amendment.amend`. Raises `Changed`, and `Refused` where the sidecar would not be right
    then, or where other things lie in the folder that were not filed; then nothing was written.
    """
    _refuse(place)
    with home.writing() as writer:
        now, made = amended(writer.home, place, values, before)
        item = _draft(writer.home, place, made)
        change, filed = filing.change(writer.home, [item], writer.now())
        if change.leaves:
            writer.commit(replace(change, before={place: digest_of(now)}))
    return Batch(filed=filed, problems=())


def _refuse(place: str) -> None:
    if place.startswith(_FIXED):
        remedy = "`archive new protocol ID` or `archive new codebook ID` writes the next version"
        raise Refused([Problem(place, "does not change once it is filed", remedy)])
    if not place.startswith("transcripts/"):
        raise Refused([Problem(place, "is filed by `publisher submit`, once", "change it without filing it")])


def _draft(home: Home, place: str, made: bytes) -> Item:
    """The folder around a sidecar, with that as it will be."""
    _, model, *rest = place.split("/")
    folder = home.root / "transcripts" / model
    inside = len(rest) > 1 and rest[0] != "preferences"
    folder = folder / rest[0] if inside else folder
    name = "/".join(rest[inside:])
    if accession := home.accession(folder):
        refuse_unfiled(filed_folder(home, folder, home.lives[accession.number]), but=place)
    if inside:
        return deposit_draft.refiled(Here(home), folder, {name: made})
    return model_draft.new(home, folder, {name: made})
