"""The intake lists of a folder, read back."""

from pathlib import Path

from archive.errors import Malformed
from archive.home.accession import intake_lists
from archive.register import sums


def list_digests(folder: Path) -> list[dict[str, str]]:
    """For each intake of a folder, oldest first: path → SHA-256 of all that was listed, private or not.

    Raises `Malformed`.
    """
    found = []
    for number, path in enumerate(intake_lists(folder), 1):
        listed = sums.parse(path.read_bytes(), path.name)
        private = f"private-{number}.sums" if number > 1 else "private.sums"
        if private in listed:
            try:
                listed |= sums.parse((folder / private).read_bytes(), private)
            except FileNotFoundError:
                raise Malformed(f"{folder.name}/{private} is missing, and {path.name} lists it") from None
        found.append(listed)
    return found
