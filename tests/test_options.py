"""An option with nothing in it, as an unset variable of a shell gives it, is a wrong value and not none at all."""

import pytest

from archive.home.home import Home
from tests.example_home import annotated
from tests.programs import Programs


@pytest.mark.parametrize(
    "command",
    [
        ["coverage", "--model"],
        ["compare", "2026-0001/1#3", "--model"],
        ["compare", "2026-0001/1#3", "--says"],
        ["agreement", "--model"],
        ["search", "asked", "--model"],
        ["search", "asked", "--accession"],
        ["search", "asked", "--code"],
        ["search", "asked", "--since"],
        ["new", "note", "2026-0001/1#2", "--coder"],
        ["new", "analysis", "2026-0001", "--slug"],
        ["file", "{talk}", "--model"],
        ["file", "{talk}", "--kind"],
        ["file", "{talk}", "--slug"],
        ["file", "{talk}", "--date"],
        ["file", "{talk}", "--speakers"],
        ["file", "{talk}", "--model", "example-heron-1", "--protocol"],
    ],
    ids=lambda command: f"{command[0]} {command[-1]}",
)
def test_an_empty_value_is_a_wrong_value(home: Home, command: list[str]) -> None:
    annotated(home)
    talk = home.root.parent / "talk.txt"
    talk.write_text("User: What now?\n\nAssistant: Nothing.\n")
    size = home.reopened().register.size
    done = Programs(home).archive(*(str(talk) if word == "{talk}" else word for word in command), "")
    assert (done.exit_code, done.stdout) == (1, ""), done.stderr
    assert done.stderr
    assert home.reopened().register.size == size
