"""The page that checks in a browser, in the register: its bytes are logged before they are published."""

import datetime as dt

from archive.home.home import Home
from archive.register import statement, sums
from archive.register.register import Register
from publisher.issues.source import of_home
from publisher.site import pages
from publisher.site.site import Site
from publisher.site.verifier import PAGE


def logged(register: Register, size: int) -> str | None:
    """SHA-256 of the page by the newest notice among the first `size` statements; None where there is none."""
    known = [index for index in register.index.of_kind("notice", "verifier") if index < size]
    return register.statement(known[-1]).subjects.get(PAGE) if known else None


def page_notice(home: Home, now: dt.datetime) -> list[bytes]:
    """What to log before the statement about a site: the page that this program makes, if another was logged last."""
    digest = sums.digest(pages.checking(_site(home, now)))
    if logged(home.register, home.register.size) == digest:
        return []
    return [statement.notice("verifier", {PAGE: digest}, reason="program", time=now).encode()]


def _site(home: Home, now: dt.datetime) -> Site:
    """What the page is made from: what every site of this home is the same of, and nothing that was published."""
    return Site(
        **of_home(home, {}).constants(),
        time=now,
        statements=0,
        issues=(),
        gaps=(),
        withheld=(),
        waiting=(),
        allowed_signers=b"",
    )
