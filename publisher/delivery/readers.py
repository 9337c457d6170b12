"""Whether this home is the newest copy of itself, by the register that readers see at the newsletter's address.

A home that came back from a backup does not know what it did after that; its readers may.
"""

from contextlib import closing

from archive.errors import Error, VerificationError
from archive.home.home import Home
from archive.register.note import open_checkpoint
from publisher.issues.source import newsletter
from publisher.verify.address import Bounds, Fetch, SiteAddress
from publisher.verify.place import CHECKPOINT


class OlderCopy(Error):
    """This home is not the newest copy of itself."""


def size(home: Home) -> int:
    """How many statements readers see, all of them here. Raises `OlderCopy`, or `Error` where they see no register."""
    url, register = f"{newsletter(home).base_url}/", home.register
    with closing(Fetch(Bounds(seconds=30, size=1 << 16))) as fetch:
        note = SiteAddress(url, fetch).read(CHECKPOINT)
    if note is None:
        raise Error(f"{url}{CHECKPOINT}: the server gives no such file")
    try:
        seen = open_checkpoint(note.decode(errors="replace"), *register.keys)
    except VerificationError as error:
        raise Error(f"{url}{CHECKPOINT}: {error}") from None
    if seen.size > register.size or register.tree.root(seen.size) != seen.root:
        raise OlderCopy(
            f"{url} shows {seen.size:,} statements that are not a beginning of the {register.size:,} here: "
            "was a backup restored? Bring back the newer .archive/register; nothing was logged or sent"
        )
    return seen.size
