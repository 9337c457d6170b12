"""The rules of the house: who may import whom, and what a command that only helps may load."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("sqlalchemy", "sqlmodel", "pydantic", "lxml", "jinja2", "markdown_it", "cryptography", "selectolax", "feedgen")


def imports(path: Path) -> Iterator[str]:
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"{package}.{node.module or ''}".rstrip(".") if node.level else node.module or ""
            yield from (f"{module}.{name.name}" for name in node.names)


def test_the_archive_knows_nothing_of_the_publisher() -> None:
    found = {
        str(p.relative_to(ROOT)) for p in ROOT.glob("archive/**/*.py") for i in imports(p) if i.startswith("publisher")
    }
    assert found == set()


def test_the_register_imports_the_standard_library_cryptography_and_the_errors() -> None:
    allowed = {"archive", "cryptography", *sys.stdlib_module_names}
    for path in ROOT.glob("archive/register/*.py"):
        for name in imports(path):
            assert name.split(".")[0] in allowed, f"{path.name} imports {name}"
            if name.startswith("archive"):
                assert name.startswith(("archive.errors", "archive.register")), f"{path.name} imports {name}"


@pytest.mark.parametrize(
    "arguments",
    [
        ["archive", "--help"],
        ["archive", "file", "--help"],
        ["publisher", "--help"],
        ["publisher", "publish", "--help"],
    ],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program, *rest = arguments
    code = (
        f"import sys; from {program}.cli.commands import main\n"
        f"try: main({rest})\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert (done.stdout[:6], done.stderr) == ("Usage:", "[]\n")


def test_verifying_a_text_loads_nothing_but_click_and_the_register(tmp_path: Path) -> None:
    code = (
        "import sys; from publisher.cli.commands import main\n"
        f"try: main(['verify', {str(tmp_path / 'essay.md')!r}, '--key', 'a+b+c'])\nexcept SystemExit: pass\n"
        "import publisher.verify.file\n"
        "ours = sorted(m for m in sys.modules if m.split('.')[0] in ('archive', 'publisher'))\n"
        f"print([m for m in {HEAVY} if m in sys.modules and m != 'cryptography'], ours, file=sys.stdout)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy, ours = done.stdout.split("] [")
    assert heavy == "["
    light = ("archive.register", "archive.errors", "archive.cli", "publisher.cli", "publisher.verify")
    for name in ours.strip("]\n").replace("'", "").split(", "):
        assert name in ("archive", "publisher") or name.startswith(light), name
