"""Protocols and codebooks: their versions, one that was filed, one that is being written."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.responses import Response

from archive.catalogue import versioned
from archive.deposits import batch, template
from archive.deposits.draft import Options
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS, VERSION, Shelf
from archive.desk import documents
from archive.desk.ask import Ask, goto, page
from archive.desk.models import drafted
from archive.desk.models.drafted import SORTS, Sort
from archive.errors import Error, NotFound, Problem, Refused
from archive.home.amendment import amend
from archive.home.home import Home
from archive.records import protocols, sidecar
from archive.records.codebook import Codebook
from archive.records.protocol import Protocol
from archive.register import durable

_SHELVES: Mapping[str, Shelf[Protocol] | Shelf[Codebook]] = {"protocols": PROTOCOLS, "codebooks": CODEBOOKS}
_NEXT = {"protocol": template.next_protocol, "codebook": template.next_codebook}
_NEW = {"protocol": template.new_protocol, "codebook": template.new_codebook}


def _sort(ask: Ask) -> tuple[str, Sort, Shelf[Protocol] | Shelf[Codebook]]:
    what = ask.path["what"]
    if what not in SORTS:
        raise NotFound(f"{what}: expected protocols or codebooks")
    return what, SORTS[what], _SHELVES[what]


def all_versions(ask: Ask) -> Response:
    """Every version of a sort, and those that are being written."""
    what, sort, shelf = _sort(ask)
    home = ask.home
    rows = versioned.versions(home, shelf)
    filed = {row.name for row in rows}
    begun = [ref for ref in _lying(home, shelf) if ref not in filed]
    offered = [name.partition("/")[0] for name in protocols.shipped()] if what == "protocols" else []
    offered = [name for name in offered if not any(ref.startswith(f"{name}@") for ref in (*filed, *begun))]
    return page(ask, "models/versions.html", what=what, sort=sort, rows=rows, begun=begun, offered=offered, problems=[])


def _lying(home: Home, shelf: Shelf[Protocol] | Shelf[Codebook]) -> list[str]:
    """Every version that lies there, filed or not: ``themes@2``."""
    found = [path for path in (home.root / shelf.place).glob("*/*.toml") if VERSION.fullmatch(path.name)]
    return [f"{path.parent.name}@{path.stem}" for path in sorted(found, key=lambda p: (p.parent.name, int(p.stem)))]


def begin(ask: Ask) -> Response:
    """Leads to the form of the next version, or to that of one which is being written; nothing is written yet."""
    what, sort, shelf = _sort(ask)
    name = ask.form["id"].strip()
    lying = [ref for ref in _lying(ask.home, shelf) if ref.startswith(f"{name}@")]
    if lying and not versioned.find(ask.home, lying[-1]):
        return goto(ask, f"models/all/{what}/{lying[-1].replace('@', '/')}")
    path, _ = _NEXT[sort.name](ask.home, name)
    return goto(ask, f"models/all/{what}/{path.parent.name}/{path.stem}")


def one(ask: Ask) -> Response:
    """A version: shown where it was filed, else the form to write it."""
    what, sort, shelf = _sort(ask)
    ref = f"{ask.path['id']}@{ask.path['version']}"
    filed = versioned.find(ask.home, ref)
    if filed is None or isinstance(filed.record, Protocol) != (sort.name == "protocol"):
        return _form(ask)
    last = [name for name in _lying(ask.home, shelf) if name.startswith(f"{ask.path['id']}@")][-1]
    return page(
        ask, "models/version.html", what=what, sort=sort, ref=ref, record=filed.record, last=last == ref,
        document=documents.shown(ask.desk, versioned.document(filed)),
    )  # fmt: skip


def _draft(ask: Ask) -> tuple[str, Mapping[str, Any]]:
    """Where the version lies that is being written, or will, and what it says. Raises `NotFound`, `Refused`."""
    _, sort, shelf = _sort(ask)
    name, version = ask.path["id"], ask.path["version"]
    place = f"{shelf.place}/{name}/{version}.toml"
    if f"{name}@{version}" in _lying(ask.home, shelf):
        data = durable.content(ask.desk.root / place)
    else:
        path, text = _NEXT[sort.name](ask.home, name)
        if path.stem != version:
            raise NotFound(f"{name}@{version}: expected a {sort.name} of that name and version, found none")
        data = text.encode()
    table = sidecar.parse(data, place)
    if isinstance(table, list):
        raise Refused(table)
    return place, table


def _form(ask: Ask, refused: Refused | None = None, *, kept: bool = False) -> Response:
    what, sort, _ = _sort(ask)
    place, table = _draft(ask)
    at, others = drafted.placed(sort, refused.problems if refused else ())
    template_ = "models/draft-form.html" if ask.partial and (refused or kept) else "models/draft.html"
    about = {"what": what, "sort": sort, "place": place, "ref": f"{ask.path['id']}@{ask.path['version']}"}
    about |= {"address": f"models/all/{what}/{ask.path['id']}/{ask.path['version']}", "kept": kept}
    about |= {"values": drafted.fields(sort, table), "count": len(drafted.entries(sort, table))}
    about |= {
        "there": (ask.desk.root / place).exists(),
        "wrong": at,
        "problems": others,
        "more": bool(ask.form["more"]),
    }
    return page(ask, template_, status=422 if refused else 200, **about)


def keep(ask: Ask) -> Response:
    """What `archive new` and `archive amend` do with it; and where it is to be filed, what `archive file` does then."""
    what, sort, _ = _sort(ask)
    home, ref = ask.home, f"{ask.path['id']}@{ask.path['version']}"
    if versioned.find(home, ref):
        raise Error(f"{ref} was filed and does not change any more; write the next version")
    place, table = _draft(ask)
    address = f"models/all/{what}/{ask.path['id']}/{ask.path['version']}"
    if not (home.root / place).exists():
        _NEW[sort.name](home, ask.path["id"])
    amend(home, place, drafted.changes(sort, table, ask.form), ask.before.get(place))
    if not ask.form["file"]:
        return _form(ask, kept=True) if ask.partial else goto(ask, address)
    try:
        _file(home, (home.root / place).parent)
    except Refused as refused:
        return _form(ask, refused)
    return goto(ask, address)


def _file(home: Home, folder: Path) -> None:
    done = batch.file_paths(home, [folder], Options())
    if done.problems:
        raise Refused(Problem(p.place.removeprefix(f"{home.root}/"), p.found, p.remedy) for p in done.problems)
