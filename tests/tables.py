"""Cases that lie as Markdown tables in tests/cases/, so that they read as what they are."""

from collections.abc import Mapping
from pathlib import Path

CASES = Path(__file__).parent / "cases"


def sections(name: str) -> dict[str, list[list[str]]]:
    """The rows below each heading of a file, without the tables' own."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in (CASES / name).read_text().splitlines():
        if line.startswith("## "):
            rows = found[line[3:]] = []
        elif line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return {heading: rows[2:] for heading, rows in found.items()}


def table(name: str) -> list[list[str]]:
    """The rows of a file's only table."""
    lines = [line for line in (CASES / name).read_text().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def filled(text: str, words: Mapping[str, str]) -> str:
    """With each word of `words` put in its place."""
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text
