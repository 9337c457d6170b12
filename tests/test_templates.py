"""Templates are compiled once, like modules: not in every run."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from archive.documents.page import environment


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were compiled since, in a folder with one."""
    (tmp_path / "a.html").write_text("<p>{{ word }}</p>\n")
    found = list[str]()
    real = Environment.compile

    def heard(self: Environment, source: str, name: str, *rest: object, **more: object) -> object:
        found.append(name)
        return real(self, source, name, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", heard)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return found


def made(folder: Path, word: str = "<b>") -> str:
    return environment(folder).get_template("a.html").render(word=word)


def test_a_template_is_compiled_once_until_it_is_another(tmp_path: Path, compiled: list[str]) -> None:
    assert [made(tmp_path), made(tmp_path)] == ["<p>&lt;b&gt;</p>\n"] * 2
    assert compiled == ["a.html"]
    (tmp_path / "a.html").write_text("{{ word }}")
    assert made(tmp_path) == "&lt;b&gt;"
    assert compiled == ["a.html"] * 2
    assert environment(tmp_path, shown=str.upper).get_template("a.html").render(word="b") == "B"


@pytest.mark.parametrize("damage", [b"", b"no code", None])
def test_what_is_damaged_is_compiled_again(tmp_path: Path, compiled: list[str], damage: bytes | None) -> None:
    made(tmp_path)
    (kept,) = (tmp_path / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:-9] if damage is None else damage)
    assert made(tmp_path) == "<p>&lt;b&gt;</p>\n"
    assert compiled == ["a.html"] * 2
    made(tmp_path)
    assert compiled == ["a.html"] * 2


def test_where_nothing_can_be_kept_each_run_compiles(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").write_text("in the way")
    assert [made(tmp_path), made(tmp_path)] == ["<p>&lt;b&gt;</p>\n"] * 2
    (tmp_path / "__pycache__").unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert made(tmp_path) == "<p>&lt;b&gt;</p>\n"
    assert compiled == ["a.html"] * 3
    assert not (tmp_path / "__pycache__").exists()
