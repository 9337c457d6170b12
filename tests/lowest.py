"""What pip installs for `make lowest`: each dependency in the oldest version that pyproject.toml allows."""

import sys
import tomllib
from itertools import chain
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


APART = "interview"
"""The extra that stays out: Inspect wants other versions of what we share, and has its own environment."""


def lowest(project: str) -> list[str]:
    """``click>=8.2.0`` → ``click==8.2.0``; then what the tests use, as new as it comes."""
    table = tomllib.loads(project)
    extras = {name: bounds for name, bounds in table["project"]["optional-dependencies"].items() if name != APART}
    bound = [*table["project"]["dependencies"], *chain(*extras.values())]
    tools = [name for name in table["dependency-groups"]["dev"] if not any(b.startswith(name) for b in bound)]
    return [*(requirement.replace(">=", "==") for requirement in bound), *tools, *table["build-system"]["requires"]]


if __name__ == "__main__":
    sys.stdout.write("\n".join([*lowest(PROJECT.read_text()), "editables", ""]))
