"""The lists of questions that come with this program (see `archive.records.protocol`)."""

from pathlib import Path


def shipped() -> dict[str, bytes]:
    """What comes with this program, by its path under ``transcripts/protocols``: ``retirement-interview/1.toml``."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return {"/".join(path.name.rsplit("-", 1)): path.read_bytes() for path in files}
