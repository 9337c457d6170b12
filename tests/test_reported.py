"""What others reported of programs like this one: each input filed by the command, with what is right."""

import json
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.home.home import Home
from archive.importers.turns import Transcript, decode
from tests.conftest import Programs

File = Callable[..., list["Kept"]]


class Kept:
    """A deposit as it was filed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.transcript: Transcript = decode((folder / "turns.jsonl").read_bytes())
        self.record: dict[str, Any] = tomllib.loads((folder / "deposit.toml").read_text())
        self.context: dict[str, str] = self.record["context_bias"]
        self.turns = [(t.role, t.text, t.reasoning) for t in self.transcript.turns]


@pytest.fixture
def file(home: Home, programs: Programs) -> File:
    """File what lies at a path; the deposits that came of it."""
    folder = home.root / "transcripts/lantern-2"
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text(
        'format = 1\nid = "lantern-2"\nmaker = "Example Labs"\naliases = ["the-lantern"]\n'
    )

    def file(*arguments: object, model: str = "lantern-2", refused: str = "") -> list[Kept]:
        result = programs.archive("file", *arguments, "--model", model)
        assert (result.exit_code == 1, refused in result.stderr) == (bool(refused), True), result.output
        return [Kept(home.root / line.split("  ")[1]) for line in result.stdout.splitlines()]

    return file


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Any], Path]:
    """A file with text, or with a value as JSON."""

    def write(name: str, value: Any) -> Path:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    return write


# ── what holds two ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_members_of_one_name_is_refused_by_that_name(file: File, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for words in ("one", "two"):
            archive.writestr("dup.json", json.dumps({"messages": [{"role": "user", "content": words}]}))
    file(tmp_path / "two.zip", refused="holds two members of one name, of which readers see one: “dup.json”; unpack it")
