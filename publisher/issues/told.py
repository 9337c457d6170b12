"""What is said of a run that published something, whoever began it."""

from collections.abc import Iterator

from archive.home import setup
from archive.home.home import Home
from publisher.issues.build import Outcome


def outcome(home: Home, size: int, done: Outcome, *, dry_run: bool = False) -> Iterator[str]:
    """Of a run in a home whose register had `size` statements before it; what came of it stands last."""
    yield from setup.told(home.reopened(), size)
    for warning in done.warnings:
        yield f"note: {warning}"
    what = f"{done.week}: {', '.join(done.essays)}" if done.week else "the site"
    if not done.new:
        yield f"{done.week} was published already; nothing changed" if done.week else "nothing changed"
    else:
        yield f"would publish {what}" if dry_run else f"published {what}"


def built(done: Outcome) -> str:
    """Of a site that was made again."""
    return f"{len(done.written)} files written" if done.new else "nothing changed"
