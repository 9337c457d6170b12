"""A site, or a file of one, from its address into a folder of its own, to be checked there like any other.

What is fetched of a site is what its checkpoint and its lists name; the checkpoint is checked against the key and the
list against its proof before anything else is asked for.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from archive.errors import Error, VerificationError
from archive.register import sums, tile
from archive.register.cosigned import NAME, SIZES
from archive.register.note import VerifierKey, open_checkpoint
from archive.register.proof import Proof, verify
from archive.register.sums import LIST
from publisher.verify.address import Bounds, Fetch, SiteAddress, checked, site_above, within
from publisher.verify.place import CHECKPOINT, own_key

LIMIT = "that nothing else lies at that address, where its lists do not name it"
"""What the check of a site at its address does not prove."""

_PLAIN = re.compile(r"(?:[\w-][\w.-]{0,99}/){0,5}[\w-][\w.-]{0,199}", re.ASCII)

Progress = Callable[[int, int], object]
"""Is told how many files are there, of how many."""


@contextmanager
def downloaded(
    url: str, key: VerifierKey | None, progress: Progress = lambda done, total: None, bounds: Bounds | None = None
) -> Iterator[tuple[Path, SiteAddress | None]]:
    """What an address holds: the folder of a site, or a file with its proof beside it, and the site that file lies in.

    Raises `Error` where it cannot be fetched, `VerificationError` where it is not what `key` signed.
    """
    parts, fetch = checked(url), Fetch(bounds or Bounds())
    temporary = TemporaryDirectory(prefix="publisher-verify-", ignore_cleanup_errors=True)
    with closing(fetch), temporary as scratch:
        folder = Path(scratch) / (re.sub(r"[^\w.:-]", "_", parts.netloc) or "site")
        folder.mkdir()
        bare = parts._replace(fragment="", path=parts.path or "/").geturl()
        whole = re.fullmatch(r"(?:.*/)?(index\.html)?", parts.path)
        place = site_above(bare, fetch)
        if whole and place and place.url == bare.removesuffix("index.html"):
            site = place
            within(fetch, bare, lambda: _site(site, folder, key or own_key(site), progress))
            found, place = folder, None
        else:
            found = within(fetch, bare, lambda: _file(bare, fetch, folder, place))
        try:
            yield found, place
        except Error as error:  # nobody knows the folder by its name
            error.args = (str(error).replace(f"{folder}/", f"{parts.scheme}://{parts.netloc}/"),)
            raise


def _file(url: str, fetch: Fetch, folder: Path, site: SiteAddress | None) -> Path:
    """Where it stands in its site, so that what it links to there is found."""
    data = fetch.get(url)
    if data is None:
        raise Error(f"{url}: the server gives no such file")
    path = unquote(urlsplit(url).path)
    path = path.removeprefix(unquote(urlsplit(site.url).path)) if site else path.rpartition("/")[2]
    name = path + "index.html" if path.endswith("/") or not path else path
    name = name if _PLAIN.fullmatch(name) else "file"
    _write(folder, name, data)
    if name.endswith((".html", ".htm")):
        if site and (sheet := site.get("style.css")):
            _write(folder, "style.css", sheet)
        return folder / name
    proof = None if urlsplit(url).query else fetch.get(f"{url}.tlog-proof")
    if proof and proof.startswith(b"c2sp.org/tlog-proof@"):  # not a page that says «not found»
        _write(folder, f"{name}.tlog-proof", proof)
    return folder / name


def _site(site: SiteAddress, folder: Path, key: VerifierKey, progress: Progress) -> None:
    note = _needed(site, CHECKPOINT)
    size = open_checkpoint(note.decode(errors="replace"), key).size
    if size // tile.WIDTH > site.fetch.bounds.answers:
        raise Error(f"{site.url}: its register claims {size:,} statements, more than are fetched")
    list_, proof = _needed(site, LIST), _needed(site, f"{LIST}.tlog-proof")
    verify(list_, Proof.parse(proof), key)
    there = {CHECKPOINT: note, LIST: list_, f"{LIST}.tlog-proof": proof}
    for name, data in there.items():
        _write(folder, name, data)
    listed = sums.parse(list_, LIST)
    for name in [name for name in listed if name.rpartition("/")[2] == LIST]:
        data = _needed(site, name)
        if sums.digest(data) != listed[name]:
            raise VerificationError(f"{name}: expected SHA-256 {listed[name]}, found {sums.digest(data)}")
        _write(folder, name, data)
        there[name] = b""
        listed |= sums.parse(data, name) | {f"{name}.tlog-proof": ""}
    cosigned = _cosigned(site, size)
    wanted = [*dict.fromkeys([*listed, *(f"register/{name}" for name in tile.names(size)), *cosigned])]
    for done, name in enumerate(wanted, 1):
        if name not in there and (found := site.get(name)) is not None:
            _write(folder, name, found)
        progress(done, len(wanted))


def _cosigned(site: SiteAddress, size: int) -> list[str]:
    """The checkpoints that witnesses have seen, by the list of their sizes: those that this register can have."""
    listed = f"register/{SIZES}"
    sizes = re.findall(rb"(?m)^([1-9]\d{0,17})$", site.get(listed) or b"")
    names = [f"register/{NAME}/{int(each)}" for each in sizes if int(each) <= size]
    return [listed, *names] if names else []


def _needed(site: SiteAddress, path: str) -> bytes:
    data = site.get(path)
    if data is None:
        raise VerificationError(f"{site.url}{path}: is missing; without it nothing of the site can be checked")
    return data


def _write(folder: Path, name: str, data: bytes) -> None:
    """Names are those of `sums.parse`: plain paths that stay inside. Raises `Error` where there can be no such file."""
    try:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    except (OSError, ValueError) as error:
        raise Error(f"{name[:200]}: cannot be kept here while it is checked ({error})") from None
