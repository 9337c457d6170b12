"""What would go out, or went out, in a frame: made by the preview's own functions, served without any script."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from starlette.responses import PlainTextResponse, Response

from archive.desk.ask import Ask
from archive.errors import Error
from publisher.delivery.preview.draft import Draft, drafted
from publisher.delivery.preview.pages import answer
from publisher.delivery.preview.watching import Stamps, stamps
from publisher.week import Week

_MOST = 6
"""Drafts that are kept, of all desks of this program."""
_SANDBOX = "sandbox allow-same-origin"
"""Nothing runs, even in a window of its own; its style sheet and its pictures are those of this very desk."""
_CLOSED = "default-src 'none'"
NONE = "-"
"""In an address, where no essays are named: those that would be taken."""

Key = tuple[Path, str, tuple[str, ...]]


class Drafts:
    """Those that were asked for last. Each is made again once something was saved. Lives as long as the program."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[Stamps, Draft]] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, ask: Ask, week: Week, slugs: Sequence[str]) -> Draft:
        """Of a week with these essays; what keeps it from being made is a refusal in it."""
        key = (ask.desk.root, str(week), tuple(slugs))
        with self._lock:
            now = stamps(ask.desk.root)  # before anything is read: what is saved meanwhile is news
            if key not in self._kept or self._kept[key][0] != now:
                self._kept[key] = (now, drafted(ask.desk.home, week, slugs))
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return self._kept[key][1]

    def shown(self, ask: Ask, week: Week, slugs: Sequence[str], path: str) -> Response:
        """Something of it, below the preview's own address."""
        with self._lock:  # what a draft makes of itself it keeps
            found = answer(self.get(ask, week, slugs), 1, path)
        policy = f"{found.headers.get('content-security-policy', _CLOSED)}; {_SANDBOX}"
        return Response(found.body, found.status, {**found.headers, "content-security-policy": policy})


DRAFTS = Drafts()


def look(ask: Ask) -> Response:
    """A file of the site, a part of the mail, an entry of the feed, a card."""
    if not ask.path["path"].partition("/")[2] and not ask.path["path"].startswith("mail."):
        raise Error("expected something of the site or of the mail")  # the preview's own page is not this desk's
    named = ask.path["essays"]
    slugs = [] if named == NONE else named.split(",")
    return DRAFTS.shown(ask, Week.parse(ask.path["week"]), slugs, ask.path["path"])


def saved(ask: Ask) -> Response:
    """What pages ask again and again: another word each time that something was saved of which a week is made."""
    now = {path: stamp for path, stamp in stamps(ask.desk.root).items() if path}
    return PlainTextResponse(hashlib.sha256(repr(sorted(now.items())).encode()).hexdigest()[:16])


def address(week: Week, slugs: Sequence[str], view: str) -> str:
    """Where a view is: ``week/2026-W48/look/-/site/index.html``."""
    return f"week/{week}/look/{','.join(slugs) or NONE}/{view}"
