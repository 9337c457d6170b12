"""What the project says about itself holds: what is imported is declared, and each gate runs the same checks."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.lowest import lowest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
APART = (ROOT / "tests/research", ROOT / "tests/foreign", ROOT / "tests/asking.py")
"""What runs in environments of their own imports what is pinned there: ``requirements-research.txt``, ``-qualcoder``,
``-inspect``."""
BY_ADDRESS = {"psycopg", "s3fs"}
"""Loaded by SQLAlchemy for a database's address, by fsspec for that of a storage."""


def declared(*requirements: str) -> set[str]:
    return {canonical(re.split(r"[\[<>=!;, ]", requirement)[0]) for requirement in requirements}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(*folders: str) -> set[str]:
    """The distributions of other people that are imported there, at the top of a module or in a function."""
    ours = {"archive", "publisher", "emeritus", "tests", "benchmarks", "compression", *sys.stdlib_module_names}
    paths = (
        path
        for folder in folders
        for path in ROOT.glob(f"{folder}/**/*.py")
        if path not in APART and path.parent not in APART
    )
    names = {name.split(".")[0] for path in paths for name in _names(path)}
    found = packages_distributions()
    return {canonical(found[name][0] if name in found else name) for name in names - ours}


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def test_what_the_programs_import_is_declared_and_nothing_else() -> None:
    project = PROJECT["project"]
    extras = declared(*chain(*project["optional-dependencies"].values()))
    needed = declared(*project["dependencies"]) | extras
    assert imported("archive", "publisher", "emeritus") == needed - BY_ADDRESS


def test_what_the_tests_and_the_benchmarks_import_is_declared() -> None:
    apart = (ROOT / "tests/fuzz/requirements.txt").read_text().splitlines()[1:2]
    apart += PROJECT["project"]["optional-dependencies"]["interview"]  # what runs beside Inspect, in its environment
    apart += PROJECT["build-system"]["requires"]
    needed = declared(*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"], *apart)
    assert imported("tests", "benchmarks") <= needed


@pytest.mark.parametrize(
    "requirement", lowest((ROOT / "pyproject.toml").read_text())[: len(PROJECT["project"]["dependencies"])]
)
def test_every_dependency_has_a_lower_bound_that_can_be_tried(requirement: str) -> None:
    assert re.fullmatch(r"[a-z0-9.-]+==\d+(\.\d+)*(; .*)?", requirement)


def test_whatever_lies_beside_the_modules_is_in_the_distribution() -> None:
    """Templates, style sheets, scripts and licences of others, without a list of them that could be forgotten."""
    wheel = {each.distribution_path for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    rooms = ["git", "ls-files", "archive", "publisher", "emeritus"]
    tracked = subprocess.run(rooms, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {*tracked} - wheel == set()
    assert {"archive/desk/static/htmx/htmx.min.js", "archive/desk/static/htmx/LICENSE"} <= wheel


def test_the_hooks_run_what_make_check_runs() -> None:
    recipe = (ROOT / "Makefile").read_text().split("\ncheck: ")[1].split("\n\n")[0]
    hooks = re.findall(r"entry: (.*)", (ROOT / ".pre-commit-config.yaml").read_text())
    assert hooks == [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe.splitlines()[1:]]


def test_every_python_that_is_supported_is_tried_on_linux_and_macos() -> None:
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    pythons = re.findall(r'"(3\.\d+)"', workflow)
    assert f">={pythons[0]}" == PROJECT["project"]["requires-python"]
    assert pythons == [f"3.{minor}" for minor in range(11, 15)]
    assert re.findall(r"run: (.*)", workflow) == ["make check PYTHON=python", "make test PYTHON=python"]
    assert "os: [ubuntu-latest, macos-latest]" in workflow


def test_no_file_tells_two_stories_where_two_changes_met() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    halves = [name for name in names if name and re.search(rb"(?m)^(<{7}|>{7}) ", (ROOT / name).read_bytes())]
    assert halves == []
