"""A home as a bag, what is public of it as a bag, and what of a bag may become a home."""

import re
from collections import Counter
from functools import partial
from pathlib import Path

from archive import __version__
from archive.deposits import deposit
from archive.deposits.apart import filed_apart
from archive.deposits.filed import FiledFolder, versioned
from archive.deposits.lists import list_digests
from archive.deposits.names import COPY
from archive.deposits.shelf import CODEBOOKS
from archive.errors import Problem, Refused
from archive.exchange import bag
from archive.exchange.bag import Bag, Progress, Source
from archive.exchange.selection import Selection
from archive.home import modes
from archive.home.home import Home
from archive.home.store import stored_at
from archive.register import durable, tile
from archive.register.sums import LIST

_FILES = ("archive.toml", "allowed_signers")
_FOLDERS = ("transcripts", "essays", "site", ".archive")
_EMPTY = ("transcripts/protocols", "transcripts/codebooks", "essays", "site", ".archive/store")
"""Folders that a home has even while nothing is in them; a bag holds only files."""
_OURS = re.compile(
    r"\.archive/((keys|pending|tmp|cache|desk)/.*|(.*/)?lock|\.?(catalogue|store)\.(db|lock).*|register/index\.db.*"
    r"|\w+\.kept)",
    re.DOTALL,
)
"""What stays where it was made: keys, locks, what a run has begun or waits at a desk, and what is made again
of the rest."""


def belongs(name: str) -> bool:
    """Whether a path is one of those that a home hands on."""
    top = name.split("/")[0]
    return (name in _FILES or (top in _FOLDERS and name != top)) and not _OURS.fullmatch(name)


def write_home(home: Home, to: Path, progress: Progress | None) -> tuple[dict[str, int], dict[str, int]]:
    """Everything but the keys; how much that was, and what was left out. Raises `Refused` for links in the home."""
    payload, left_out = _files(home)
    counts = {
        "deposits": len(deposit.folders(home)),
        "models": len([*(home.root / "transcripts").glob("*/intake.sums")]),
        "essays": len([*(home.root / "essays").glob("*/intake.sums")]),
        "files": len(payload),
    }
    info = _info(home, counts, "home", "the whole home but its signing key; `archive import` restores it")
    bag.write(to, payload, info=info, tags={}, progress=progress)
    return counts, left_out


def write_public(chosen: Selection, to: Path, tags: dict[str, bytes], progress: Progress | None) -> dict[str, int]:
    """What is public: transcripts as they lie in the home, essays, issues and the register as they lie on the site.

    Raises `Refused` where a file is not what was filed or frozen.
    """
    payload: dict[str, Source] = {}
    expected: dict[str, str] = {}
    for each in (*chosen.models, *chosen.deposits, *chosen.protocols):
        payload |= {f"{each.place}/{name}": each.path(name) for name in each.files}
        expected |= {f"{each.place}/{name}": digest for name, digest in each.files.items()}
        payload |= {f"{each.place}/{name}": data for name, data in _proofs(chosen.home, each).items()}
    numbers = "".join(f"{each.number}  {each.place}\n" for each in (*chosen.models, *chosen.deposits))
    payload["transcripts/accessions.txt"] = numbers.encode()
    for name, (kept, digest) in chosen.issues.items():
        payload[name], expected[name] = kept, digest
    payload |= {name: chosen.home.root / name for name in map(CODEBOOKS.path, chosen.codebooks)}
    payload |= _register(chosen)
    if missing := [name for name, source in payload.items() if isinstance(source, Path) and not source.is_file()]:
        raise Refused(Problem(name, "was filed and is missing", "`archive check` says what to do") for name in missing)
    counts = {
        "deposits": len(chosen.deposits),
        "models": len(chosen.models),
        "essays": chosen.essays,
        "files": len(payload),
    }
    info = _info(chosen.home, counts, "public", f"what is public; {', '.join(tags)} counts the rest")
    digests = bag.write(to, payload, info=info, tags=tags, progress=progress)
    if changed := [name for name, digest in expected.items() if digests[name] != digest]:
        raise Refused(Problem(name, "is not what was filed", "`archive check` says what to do") for name in changed)
    return counts


def _proofs(home: Home, chosen: FiledFolder) -> dict[str, bytes]:
    """Beside a redacted copy: that the register names it, and the lists that name what it was committed to."""
    if COPY not in chosen.files:
        return {}
    register, life = home.register, chosen.life
    lists = {versioned("intake.sums", n): logged.index for n, logged in enumerate(life.intakes, 1)}
    named = {name: index for name, index in lists.items() if name in chosen.files}
    subject = f"{chosen.number}/{COPY}"
    for index, notice in register.of_kind("notice", "redacted"):
        if notice.subjects.get(subject) == chosen.files[COPY]:
            named[COPY] = index
    return {f"{name}.tlog-proof": bytes(register.proof(index, register.note)) for name, index in named.items()}


def refuse_foreign(opened: Bag) -> None:
    """Raises `Refused` unless a bag holds a home, and nothing that an export of one would not."""
    if "archive.toml" not in opened.files:
        what = "expected the bag of a whole home, found another"
        remedy = "name one that `archive export DIR --as bagit` made, without --public"
        raise Refused([Problem(str(opened.folder), what, remedy)])
    if foreign := [name for name in opened.files if not belongs(name)]:
        what = "is no file that the export of a home holds"
        raise Refused(Problem(f"data/{name}", what, "do not trust this bag") for name in foreign)


def furnish(root: Path) -> None:
    """What a home has and a bag cannot hold: empty folders, a place for the key, modes."""
    for folder in _EMPTY:
        durable.folder(root / folder)
    durable.folder(root / ".archive" / "keys")
    for path in (root / ".archive" / "store").glob("??/*"):
        path.chmod(0o400)
    modes.close(root)


def _files(home: Home) -> tuple[dict[str, Source], dict[str, int]]:
    """Every file that belongs to the home, and what else lies there. A whole folder of it may be a link.

    What the store has on other machines goes in as if it lay here.
    """
    left_out: Counter[str] = Counter()
    found: dict[str, Source] = {stored_at(digest): partial(home.store.fetch, digest) for digest in home.store.afar()}
    for folder in deposit.folders(home):
        for name, kept in filed_apart(home.store, folder, list_digests(folder)[0]).items():
            found[home.relative(folder / name)] = partial(home.store.fetch, kept.digest)
    problems = []
    for top in sorted((*home.root.iterdir(), *home.hidden.iterdir())):
        name = home.relative(top)
        if name == ".archive":
            continue
        if top.is_dir() and belongs(f"{name}/"):
            plain, strange = bag.walk(top)
            found |= {f"{name}/{path}": top / path for path in plain if belongs(f"{name}/{path}")}
            what = "is a link or a device, which no bag can hold"
            problems += [Problem(f"{name}/{path}", what, "put the file itself there") for path in strange]
        elif top.is_file() and belongs(name):
            found[name] = top
        elif not _OURS.fullmatch(f"{name}/" if top.is_dir() else name):
            left_out[f"{name}, which is no part of a home"] = 1
    left_out["signing keys"] = len([*(home.hidden / "keys").glob("*")])
    if problems:
        raise Refused(problems)
    return found, dict(+left_out)


def _register(chosen: Selection) -> dict[str, bytes | Path]:
    """The public register, made from what it holds: nothing is copied that only lies beside it."""
    register = chosen.home.register
    found: dict[str, bytes | Path] = {"register/key.pub": "".join(f"{key}\n" for key in register.keys).encode()}
    if register.size:
        found["register/checkpoint"] = register.note.encode()
        found |= {f"register/{name}": register.tree.file(name) for name in tile.names(register.size)}
    for version in chosen.home.reviewers.versions:
        found |= {version.path: version.data, version.name: version.data}
    for policy in chosen.home.policies:
        found |= {policy.path: policy.data, f"{policy.path}.tlog-proof": policy.proof, policy.name: policy.data}
    for index in register.index.of_kind("issue"):
        name = f"issues/{register.statement(index).predicate['week']}/{LIST}.tlog-proof"
        found[name] = bytes(register.first_proof(index))
    return found


def _info(home: Home, counts: dict[str, int], what: str, words: str) -> dict[str, str]:
    """``bag-info.txt``, without what only the writer of the bag knows."""
    register = home.register
    root = register.checkpoint.root.hex()
    return {
        "External-Description": f"{home.configuration.archive.name}: {words}",
        "External-Identifier": register.key.name,
        "Bagging-Date": home.now().date().isoformat(),
        "Bag-Software-Agent": f"emeritus {__version__}",
        "Emeritus-Export": what,
        **{f"Emeritus-{key.capitalize()}": str(number) for key, number in counts.items()},
        "Register-Origin": register.key.name,
        "Register-Size": str(register.size),
        "Register-Root": root,
    }
