"""The README's tour does what it shows: its console blocks are run, in order, in one shell."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from archive.cli.commands import main as archive
from publisher.cli.commands import main as publisher

ROOT = Path(__file__).parents[1]


def steps(text: str) -> list[tuple[str, str]]:
    """Commands (``$``, continued by ``>``) of all console blocks, each with the output shown below it."""
    found: list[tuple[list[str], list[str]]] = []
    for block in re.findall(r"(?ms)^```console\n(.*?)^```", text):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(([line[2:]], []))
            elif line.startswith("> ") and not found[-1][1]:
                found[-1][0].append(line[2:])
            else:
                found[-1][1].append(line)
    return [("\n".join(command), "\n".join(output)) for command, output in found]


def matches(shown: str, printed: str) -> bool:
    """Whether what was printed is what is shown; ``…`` stands for anything."""
    pattern = ".*".join(map(re.escape, shown.strip().split("…")))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def test_the_tour_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tour = steps((ROOT / "README.md").read_text())
    assert len(tour) > 30
    end = "--- end of step ---"
    script = "".join(f"{{\n{command}\n}} 2>&1\necho '{end}'\n" for command, _ in tour)
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TMPDIR": str(tmp_path),
    }
    script = script.replace("/tmp", str(tmp_path))
    done = subprocess.run(
        ["bash"], input=script, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    printed = done.stdout.split(f"{end}\n")
    for (command, shown), output in zip(tour, printed, strict=False):
        assert matches(shown, output), f"$ {command}\nshown:\n{shown}\nprinted:\n{output}"


def test_every_document_is_in_the_list_of_documents_and_what_documents_lead_to_is_there() -> None:
    listed = (ROOT / "docs/README.md").read_text()
    assert {f"({p.name})" for p in ROOT.glob("docs/*.md") if p.name != "README.md"} - {
        *re.findall(r"\(.*?\)", listed)
    } == set()
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/*.md")):
        text = document.read_text()
        for target in [
            *re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text),
            *re.findall(r'(?:src|href)="([^":#]+)"', text),
        ]:
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_a_picture_loads_at_once() -> None:
    sizes = {path.name: path.stat().st_size for path in ROOT.glob("docs/images/*.png")}
    assert sizes
    assert max(sizes.values()) < 120_000


@pytest.mark.parametrize("program", [archive, publisher], ids=["archive", "publisher"])
def test_every_command_says_what_it_does_and_is_in_a_document(program: click.Group) -> None:
    documents = "".join(p.read_text() for p in [ROOT / "README.md", *ROOT.glob("*/README.md"), ROOT / "demo.sh"])
    name = "archive" if program is archive else "publisher"
    context = click.Context(program)
    for command in program.list_commands(context):
        loaded = program.get_command(context, command)
        assert loaded is not None, command
        assert loaded.help, command
        assert re.search(rf"{name} {command}\b", documents), f"no document mentions {name} {command}"
