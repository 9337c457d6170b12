"""The models a home knows: what the filed ``model.toml`` of each says."""

from collections.abc import Iterable, Sequence

from archive.deposits.collection import Collection
from archive.errors import NotFound, Problem
from archive.home.home import Home
from archive.records import ai_model
from archive.records.ai_model import AIModel
from archive.register import durable
from archive.wording import NAMELESS, suggestion


def read_all(home: Home) -> tuple[list[AIModel], list[Problem]]:
    """Every model by its id, and what was left out."""
    collection = Collection.of(home)
    return collection.models(), sorted(collection.left_out)


def lying(home: Home) -> list[AIModel]:
    """Every model by its id, filed or not yet, as its ``model.toml`` says now; one that cannot be read is left out."""
    paths = (home.root / "transcripts").glob("*/model.toml")
    found = (ai_model.read(durable.content(path), home.relative(path)) for path in paths)
    return sorted((record for record in found if not isinstance(record, list)), key=lambda model: model.id)


def called(home: Home, name: str | None) -> str | None:
    """The id of the model that goes by `name`, an id or an alias; None for None. Raises `NotFound`."""
    return chosen(read_all(home)[0], [name])[0].id if name is not None else None


def chosen(models: Sequence[AIModel], names: Iterable[str]) -> list[AIModel]:
    """Those that go by `names`, ids or aliases, each once; all where no name is given. Raises `NotFound`."""
    by_name = {alias: model for model in models for alias in model.aliases} | {model.id: model for model in models}
    picked = {}
    for name in names:
        if name not in by_name:
            remedy = suggestion(name, by_name, "`archive list --models` shows them")
            raise NotFound(f"{name or NAMELESS}: no model goes by that name here; {remedy}")
        picked[by_name[name].id] = by_name[name]
    return list(picked.values()) or list(models)
