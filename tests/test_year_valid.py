"""A year of a newsletter held against the rules: html-validate and Nu on every page, the W3C's on every feed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.foreign_modules import module
from tests.year_site import Year

ROOT = Path(__file__).parents[1]
REMARKS = {
    "Trailing slash on void elements": "in the body of an essay, which was frozen with it",
    "Text run is not in Unicode Normalization Form C": "an essay's characters are its author's",
    "Inline style violates Content Security Policy": "Nu reads no hashes; tests/test_verifier.py runs that page",
    "Inline script violates Content Security Policy": "the same",
}
"""What Nu says beside errors, by how it begins, and why it stays."""
ACCEPTED = {
    ("feed.rss", "CharacterData"): "a title with < in it, which RSS cannot say to be text; Atom can",
    ("1.atom", "ArchiveIncomplete"): "the oldest has none before it",
}
"""What is found in feeds, and why it stays."""
VALIDATE = """
import sys
import feedvalidator
from feedvalidator.compatibility import AAA
for path in sys.argv[1:]:
    base = f"https://letters.example.org/{path}"
    said = feedvalidator.validateString(open(path, "rb").read(), fallback="utf-8", base=base)["loggedEvents"]
    for event in AAA(said):
        print(path, type(event).__name__, event.params.get("line"), sep="\\t")
"""


def program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on this machine")
    return found


def test_html_validate_finds_nothing_in_any_page(year: Year, tmp_path: Path) -> None:
    command: list[str | Path] = [program("node"), module("html-validate/bin/html-validate.mjs")]
    command += ["--config", ROOT / "tests/foreign/htmlvalidate.json", "--formatter", f"json={tmp_path / 'said'}"]
    done = subprocess.run([*command, *year.pages], cwd=year.site, capture_output=True)
    said = json.loads((tmp_path / "said").read_text())
    found = [(each["filePath"], one["line"], one["message"]) for each in said for one in each["messages"]]
    assert (done.returncode, found) == (0, [])


def test_nu_finds_no_error_and_warns_of_nothing_in_any_page_or_style_sheet(year: Year) -> None:
    jar = module("vnu-jar/build/dist/vnu.jar")
    quick = ("-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
    command = [program("java"), *quick, "-jar", jar, "--also-check-css", "--also-check-svg", "--format", "json"]
    checked = [*year.pages, *(path for path in year.files if path.endswith((".css", ".svg")))]
    done = subprocess.run([*command, *checked], cwd=year.site, capture_output=True, text=True)
    found = [
        (Path(each["url"]).parent.name, each["message"])
        for each in json.loads(done.stderr)["messages"]
        if each["type"] != "info" or not each["message"].startswith(tuple(REMARKS))
    ]
    assert (done.returncode, found) == (0, [])


def test_the_validator_of_the_w3c_finds_nothing_in_any_feed(year: Year) -> None:
    """At its strictest level; https://github.com/w3c/feedvalidator is no package: a copy is named by FEEDVALIDATOR."""
    source = Path(os.environ.get("FEEDVALIDATOR", "nowhere")) / "src"
    if not source.is_dir():
        pytest.skip("no copy of github.com/w3c/feedvalidator: FEEDVALIDATOR names the folder of one")
    feeds = [path for path in year.files if path.endswith((".atom", ".rss"))]
    assert len(feeds) > 4
    done = subprocess.run(
        [sys.executable, "-c", VALIDATE, *feeds],
        cwd=year.site,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = {tuple(line.split("\t")) for line in done.stdout.splitlines()}
    assert {(path, said): detail for path, said, detail in found if (Path(path).name, said) not in ACCEPTED} == {}
