"""``transcripts/`` and ``essays/``: every file that was filed, and every other one that lies there."""

import re

from archive.audit.account import Account
from archive.audit.intakes import Folders, Intake
from archive.deposits.names import OWN, SIDECARS, VERSIONED
from archive.errors import Malformed
from archive.home import account as notes
from archive.home import dated
from archive.register import sums

_VERSION = re.compile(r"[1-9]\d*\.toml")


def filed(account: Account, folders: Folders) -> None:
    """Everything that the lists name."""
    for folder, intake in folders.of.items():
        edit = f"archive file {folder}"
        for name, digest in intake.lists:
            account.expect(f"{folder}/{name}", digest, "filed")
            account.stored.add(digest)
            listed, whole = folders.contents(digest)
            account.stored |= {*listed.values()}
            for name, digest in listed.items():
                if OWN.fullmatch(name):
                    account.expect(f"{folder}/{name}", digest, "filed")
            if not whole:
                what = "cannot be read, nor its copy in the store: the files it names cannot be judged"
                account.find("damaged", f"{folder}/{intake.lists[-1][0]}", what, "bring it back from a backup")
                account.seen |= {*account.within(folder)}
        for name, digest in listed.items():
            if not OWN.fullmatch(name):
                account.expect(f"{folder}/{name}", digest, "filed", edit if _may_change(intake.kind, name) else "")
        if intake.kind == "essay":
            _beside(account, folder, intake)
    for intake in folders.lost:
        _lost(account, intake)


def _lost(account: Account, intake: Intake) -> None:
    if intake.withdrawn:
        account.remarks.append(f"{intake.number} was withdrawn, and nothing of it is kept here any more")
        return
    what = f"was logged as a {intake.kind}, and no folder holds it"
    name, digest = intake.lists[-1]
    copy = account.copy_of(digest)
    remedy = "bring the folder back" + (f"; its list is {copy}, which names the copies in the store" if copy else "")
    account.find("damaged", f"{intake.number}/{name}", what, remedy, copy)


def _may_change(kind: str, name: str) -> bool:
    """Whether a file may be filed again as another; what was received, and a version, never."""
    if kind == "model":
        return True
    return kind == "deposit" and name != "export.toml" and SIDECARS.fullmatch(name) is not None


def _beside(account: Account, folder: str, intake: Intake) -> None:
    """What grew beside an essay, as the account of its folder has it."""
    name = notes.list_of(folder)
    slug = dated.parse(folder.split("/")[1]).slug
    listed = noted(account, name)
    if listed is None:
        if f"{folder}/essay.toml" in account.lying.digests and intake.approved:
            listed = {f"{folder}/essay.toml": intake.approved}
        else:
            account.remarks.append(
                f"{folder}: nothing notes yet what lies beside the essay; the next review of it does"
            )
            account.seen |= {p for p in account.within(folder) if notes.BESIDE.fullmatch(p.removeprefix(f"{folder}/"))}
    for path, digest in (listed or {}).items():
        inner = path.removeprefix(f"{folder}/")
        if inner == "essay.toml":
            edit = (
                f"publisher review {slug} … takes it as it is"
                if not intake.week
                else "nothing to do, what was published stays"
            )
        elif inner.startswith("editors/"):
            edit = "publisher publish --site"
        elif digest in intake.reviews or inner.endswith(".sig"):
            edit = ""
        else:
            edit = f"publisher review {slug} … prepares another"
        account.expect(path, digest, "logged" if inner.startswith("reviews/") else "filed", edit)
        account.stored.add(digest)


def noted(account: Account, name: str) -> dict[str, str] | None:
    """What a list of `archive.home.account` says, unless it is damaged itself; None without one."""
    if name not in account.lying.digests:
        return None
    account.seen.add(name)
    data = (account.root / name).read_bytes()
    try:
        listed = sums.parse(data, name)
    except Malformed:
        listed = {"": ""}
    here = account.lying.digests
    unnamed = {here[path] for path in _as_noted(account, name) if path not in listed}
    if not any(not account.copy_of(d) or (path not in here and d in unnamed) for path, d in listed.items()):
        return listed
    known = {
        path: here[path]
        for path in _as_noted(account, name)
        if account.copy_of(here[path]).startswith(".archive/store")
    }
    account.find("damaged", name, "does not name what the store keeps", "archive check --restore writes it again")
    account.mends[name] = sums.write(known) if known else data
    return known


def _as_noted(account: Account, name: str) -> list[str]:
    if name == notes.HOME:
        return [path for path in notes.OWN if path in account.lying.digests]
    folder = name.removeprefix(f"{notes.FOLDER}/").removesuffix(".sums")
    return [path for path in account.within(folder) if notes.BESIDE.fullmatch(path.removeprefix(f"{folder}/"))]


# ── what no list names ───────────────────────────────────────────────────────────────────────────────────────────────


def unlisted(account: Account, folders: Folders) -> None:
    """What lies in the collections and was never filed: drafts, what is passed over, and what does not belong there."""
    drafts: set[str] = set()
    foreign: dict[str, str] = {}
    every = [*account.lying.digests, *account.lying.strange]
    for path in sorted(path for path in every if path.startswith(("transcripts/", "essays/"))):
        if path in account.expected or path in account.seen:
            continue
        account.seen.add(path)
        folder = _folder(path, folders)
        inner = path.removeprefix(f"{folder}/")
        if folder in folders.copies:
            foreign[folder] = f"is a second copy of {folders.copies[folder]}"
        elif path in account.lying.strange:
            account.find("foreign", path, account.lying.strange[path], "put a file of its own there")
        elif inner.rpartition("/")[2] == "README.md" or re.search(r"(^|/)\.", inner):
            account.remarks.append(f"{path} is not filed, and nobody would see a change of it")
        elif folder in folders.of:
            _new(account, path, folder, inner, folders.of[folder])
        elif draft := _draft(account, folder):
            drafts.add(draft)
        else:
            foreign[path] = "belongs to nothing that was filed here"
    account.remarks += [
        f"{draft.partition(': ')[0]} is not filed yet: {draft.partition(': ')[2]}" for draft in sorted(drafts)
    ]
    for place, what in foreign.items():
        account.find("foreign", place, what, "move it away")
    _in_the_way(account)


def _in_the_way(account: Account) -> None:
    """Folders that are called as files are."""
    for path in sorted(account.lying.folders - account.seen):
        if re.match(r"(transcripts|essays)/.+/.+\.(toml|md|jsonl?|sums|sig)$", path) and path not in account.expected:
            account.find("foreign", path, "expected a file, found a folder", "move it away")


def _folder(path: str, folders: Folders) -> str:
    """The filed folder that a path lies in, or a copy of one; else the one that would be filed."""
    parents = path.split("/")[:-1]
    for n in range(len(parents), 1, -1):
        folder = "/".join(parents[:n])
        if folder in folders.of or folder in folders.copies:
            if n == 2 and parents[0] == "transcripts" and len(parents) > 2 and parents[2] != "preferences":
                return "/".join(parents[:3])
            return folder
    return "/".join(
        parents[:3] if parents[0] == "transcripts" and len(parents) > 2 and parents[2] != "preferences" else parents[:2]
    )


def _new(account: Account, path: str, folder: str, inner: str, intake: Intake) -> None:
    """A file that lies in a filed folder and in none of its lists."""
    edit = {
        "deposit": SIDECARS.fullmatch(inner),
        "model": re.fullmatch(r"preferences/[^/]+\.toml", inner),
        "essay": re.fullmatch(r"editors/[^/]+\.toml", inner),
    }.get(intake.kind, _VERSION.fullmatch(inner))
    if not edit or inner == "export.toml":
        what = (
            "looks like the program's, and no list names it" if OWN.fullmatch(inner) else "is no file that belongs here"
        )
        account.find("foreign", path, what, "move it away, or let its name begin with a dot")
    elif intake.kind == "essay" and not intake.week:
        account.remarks.append(f"{path} is shown with the essay once that is published")
    else:
        command = "publisher publish --site" if intake.kind == "essay" else f"archive file {folder}"
        account.find("edited", path, "lies here and was never filed", command)


def _draft(account: Account, folder: str) -> str | None:
    """A folder that could be filed, and how; None where nothing in it says what it would be."""
    top, _, name = folder.partition("/")
    names = [path.removeprefix(f"{folder}/") for path in account.within(folder)]
    if top == "essays":
        program, wanted = "publisher submit", r"essay\.md|response\.json"
    elif name.split("/")[0] in VERSIONED:
        program, wanted = "archive file", r"[1-9]\d*\.toml"
    else:
        program, wanted = "archive file", r"model\.toml|deposit\.toml|received[^/]*"
    return f"{folder}: {program} {folder}" if name and any(re.fullmatch(wanted, inner) for inner in names) else None
