"""A model's own folder on its way in: ``model.toml`` and ``preferences/*.toml``."""

from collections.abc import Mapping
from pathlib import Path

from archive.deposits import dependence, deposit, references
from archive.deposits.draft import Draft, Filed
from archive.deposits.lists import list_digests
from archive.deposits.names import OWN
from archive.errors import Problem, Refused, accepted
from archive.home.accession import intake_lists
from archive.home.home import Home
from archive.home.store import Content, bytes_of, digest_of
from archive.records import ai_model, preference


def new(home: Home, path: Path, changed: Mapping[str, bytes] | None = None) -> Draft | Filed:
    """A model's own folder: ``model.toml`` and ``preferences/*.toml``; `changed` are those that will be otherwise."""
    arrived: dict[str, Content] = {"model.toml": path / "model.toml"}
    arrived |= {f"preferences/{p.name}": p for p in sorted((path / "preferences").glob("*.toml"))}
    arrived = dict(sorted({**arrived, **(changed or {})}.items()))
    sidecars = {name: bytes_of(data) for name, data in arrived.items()}
    record = accepted(ai_model.read(sidecars["model.toml"], f"{path}/model.toml"))
    folder = f"transcripts/{deposit.model_folder(record.id)}"
    known = references.known(home, sidecars.values(), model=record.id)
    problems = deposit.misnamed([name for name in sidecars if "/" in name], str(path))
    resting = []
    for name, data in sidecars.items():
        if name.startswith("preferences/"):
            wish = preference.read(data, f"{path}/{name}", there=known)
            if isinstance(wish, list):
                problems += wish
            else:
                resting.append(dependence.of_preference(name, wish, data))
    if path.resolve().parent == (home.root / "transcripts").resolve() and path.resolve().name != Path(folder).name:
        what = f"expected the folder {folder}, as the id in it says"
        problems.append(Problem(f"{path}/model.toml id", what, "rename the folder, or correct the id"))
    if problems:
        raise Refused(problems)
    here = home.root / folder
    accession = home.accession(here)
    hidden = dependence.closed(home.store, home.lives, resting)
    if accession:
        filed = {name: digest for name, digest in list_digests(here)[-1].items() if not OWN.fullmatch(name)}
        opened = {*filed} & dependence.open_list(home.store, home.lives[accession.number]).keys()
        if filed == {name: digest_of(data) for name, data in arrived.items()} and opened == {*filed} - hidden:
            return Filed(source=path, status="already filed", accession=accession.number, folder=folder)
    elif (here / "model.toml").exists() and here.resolve() != path.resolve():
        what = f"{folder}/model.toml is there already and not filed"
        raise Refused([Problem(str(path), what, f"file that one: archive file {folder}")])
    version = len(intake_lists(here)) + 1
    return Draft(source=path, kind="model", folder=folder, files=arrived, hidden=hidden, version=version)
