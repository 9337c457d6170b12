"""The rules of the house: who may import whom, and what a command that only helps may load."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("sqlalchemy", "sqlmodel", "pydantic", "lxml", "jinja2", "markdown_it", "cryptography", "selectolax", "feedgen")


ROOMS = {
    "archive": (
        *("errors", "characters", "wording", "cores"),
        *(
            "register",
            "documents",
            "importers",
            "records",
            "coding",
            "home",
            "deposits",
            "catalogue",
            "audit",
            "exchange",
            "research",
            "interviews",
            "desk",
        ),
        "cli",
    ),
    "publisher": (
        *("week", "setup", "essays", "sampling", "site", "issues", "verify", "witness", "delivery", "status", "desk"),
        "cli",
    ),
}
"""From the bottom up: a module imports from its own room and from those below it, and `archive` from no `publisher`."""


def imports(path: Path) -> Iterator[str]:
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"{package}.{node.module or ''}".rstrip(".") if node.level else node.module or ""
            yield from (f"{module}.{name.name}" for name in node.names)


MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ROOMS
    for path in ROOT.glob(f"{package}/**/*.py")
}


def ours(name: str) -> str | None:
    """The module of ours that an imported name stands in."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name or None


ARROWS = {module: {t for t in map(ours, imports(path)) if t and t != module} for module, path in MODULES.items()}


def height(module: str) -> tuple[int, int] | None:
    """How high the room of a module lies; None for a package itself."""
    package, _, rest = module.partition(".")
    rooms = ROOMS[package]
    return ([*ROOMS].index(package), rooms.index(rest.split(".")[0])) if rest else None


def test_every_module_lies_in_a_room_of_the_house() -> None:
    strange = [m for m in MODULES if "." in m and m.split(".")[1] not in (*ROOMS[m.split(".")[0]], "__main__")]
    assert strange == []


@pytest.mark.parametrize("module", sorted(m for m in MODULES if "." in m and not m.endswith("__main__")))
def test_arrows_run_downwards_only(module: str) -> None:
    above = [target for target in ARROWS[module] if (there := height(target)) and there > (height(module) or there)]
    assert above == []


def test_no_two_modules_import_each_other_by_any_way_not_even_inside_a_function() -> None:
    left = {module: set(targets) for module, targets in ARROWS.items()}
    while done := [module for module, targets in left.items() if not targets]:
        left = {module: targets - {*done} for module, targets in left.items() if module not in done}
    assert left == {}, "each of these is in a circle, or leads to one"


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
