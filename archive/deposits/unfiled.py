"""What lies under ``transcripts/`` and was never filed."""

from collections.abc import Iterator, Mapping

from archive.errors import Problem
from archive.home.accession import Kind
from archive.home.home import Home

_RECORDS: Mapping[Kind, str] = {
    "deposit": "*/*/deposit.toml",
    "model": "*/model.toml",
    "protocol": "protocols/*/1.toml",
    "codebook": "codebooks/*/1.toml",
}
"""What a folder of each kind cannot be without."""


def unfiled(home: Home) -> dict[Kind, tuple[Problem, ...]]:
    """Folders that were never filed, by what they would be."""
    return {kind: tuple(_without_list(home, glob)) for kind, glob in _RECORDS.items()}


def _without_list(home: Home, glob: str) -> Iterator[Problem]:
    for path in sorted((home.root / "transcripts").glob(glob)):
        if not path.with_name("intake.sums").is_file():
            place = home.relative(path.parent)
            yield Problem(place, "is not filed yet and was left out", f"`archive file {place}` files it")
