"""What tests use of npm, where tests/setup.sh could install it: tests/foreign/package.json."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "foreign/node_modules"


def module(path: str) -> Path:
    """A file in it; the test is skipped without."""
    found = FOLDER / path
    if not found.exists():
        pytest.skip(f"{path.split('/')[0]} is not in tests/foreign/node_modules: tests/setup.sh puts it there")
    return found
