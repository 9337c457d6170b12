"""The draft that is shown now, and which it is: made again whenever something was saved."""

import threading
from collections.abc import Sequence

from archive.home.home import Home
from archive.register.index import Database
from archive.register.register import Register
from publisher.delivery.preview.draft import drafted
from publisher.delivery.preview.pages import Answer, answer
from publisher.delivery.preview.watching import changes, stamps
from publisher.week import Week


class Preview:
    """What a browser is shown of one week. Lives as long as the command; asked from many threads, one at a time."""

    def __init__(self, home: Home, week: Week | None, slugs: Sequence[str] = ()) -> None:
        self._home, self._week, self._slugs = home, week, slugs
        self._seen = stamps(home.root)  # before anything is read: what is saved meanwhile is news
        self._register: Register | None = None
        self._changed = threading.Condition()
        self._draft = drafted(self._reopened, self._week, self._slugs)
        self.version = 1

    def follow(self, stop: threading.Event) -> None:
        """Look again whenever something is saved, until `stop`."""
        for _ in changes(self._home.root, self._seen, stop):
            self.look_again()

    def look_again(self) -> None:
        """Something was saved."""
        with self._changed:
            self._draft = drafted(self._reopened, self._week, self._slugs)
            self.version += 1
            self._changed.notify_all()

    def newer(self, version: int, seconds: float) -> int:
        """Which draft is the newest, as soon as it is another than `version`; at last after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, seconds)
            return self.version

    def answer(self, path: str) -> Answer:
        """To the address of something below the preview's own."""
        with self._changed:
            return answer(self._draft, self.version, path)

    def _reopened(self) -> Home:
        """The home as it stands now. The index of its register stays in memory: nothing is written for a preview."""
        home = self._home.reopened()
        if self._register is None or self._register.note != home.register.note:
            self._register = home.register
            vars(self._register)["indexed"] = Database(None, self._register.tree, lambda: home.register.size)
        vars(home)["register"] = self._register
        return home
