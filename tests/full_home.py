"""The home of tests/filed_home.py and what is not in it yet: a codebook, filings again, an explained week, editors."""

from pathlib import Path

from archive.home.home import Home
from tests.filed_home import HERON, Ran
from tests.programs import Reviewer
from tests.test_codebook import THEMES

NOTE = """\
format = 1
kind = "note"
date = 2026-12-01
by = "The editors"
text = "Set as it came."
"""


def complete(root: Path, reviewer: Reviewer) -> Home:
    """Go on in a copy of that home; each command must succeed."""
    run = Ran(root)
    run.day = "2026-12-01"
    run("archive", "new", "codebook", "themes")
    book = root / "transcripts/codebooks/themes/1.toml"
    book.write_text(THEMES)
    run("archive", "file", book.parent)
    notes = root / HERON / "notes/wren.toml"
    notes.write_bytes(notes.read_bytes() + b"# looked through again\n")
    run("archive", "file", root / HERON)
    run("archive", "search", "corrections")
    run("publisher", "skip", "2026-W49", "--reason", "holiday")
    (essay,) = root.glob("essays/*-nothing-rhymes-with-sixty")
    (essay / "editors").mkdir()
    (essay / "editors/1.toml").write_text(NOTE)
    run("publisher", "publish", "--site")
    run("publisher", "review", "neither-of-us-is-the-train", "--decision", "hold", "--reviewer", reviewer.name)
    return Home.at(root)
