"""Received files as the importers read them, their turns in memory."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive import importers
from archive.importers.turns import Transcript


def read(files: Mapping[str, bytes | Path], **options: Any) -> Transcript:
    """What the importers make of one file, or of an exchange."""
    with tempfile.TemporaryDirectory() as scratch:
        transcript = importers.read(files, Path(scratch) / "turns.jsonl", **options)
        return replace(transcript, turns=tuple(transcript.turns))
