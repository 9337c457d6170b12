"""The newsletter as a site of Hugo: the same texts and, of what a publisher's issue has, what Hugo makes.

A page and a page as received for each essay, with its ``essay.md``; a page for each issue and for each model, which
name their essays; a front page in pages of twenty; an RSS feed of the newest twenty in full, and one for each issue and
model; a site map. It has no mail, no hashes, proofs and signatures, no drawn cards, no Atom and no JSON feed, no pages
about the register, and nothing else that only we have. The templates are in ``hugo_site``.
"""

import shutil
import tomllib
from collections.abc import Iterable
from pathlib import Path

from benchmarks import newsletter
from benchmarks.measure import Command


def founded(root: Path, essays: Iterable[Path]) -> Path:
    """A new site with these essays: folders with ``essay.md`` and ``essay.toml``, in the order of their issues."""
    shutil.copytree(Path(__file__).with_name("hugo_site"), root)
    (root / "content" / "essays").mkdir(parents=True)
    for number, essay in enumerate(essays):
        add(root, essay, number // newsletter.PER_ISSUE)
    return root


def add(root: Path, essay: Path, week: int) -> None:
    """Put an essay into the issue of that week."""
    record = tomllib.loads((essay / "essay.toml").read_text())
    time = newsletter.time(week)
    head = f'title = "{record["title"]}"\ndate = {time.isoformat()}\nissues = ["{newsletter.name(week)}"]\n'
    head += f'models = ["{record["model"]}"]\n'
    text = (essay / "essay.md").read_text()
    (root / "content" / "essays" / f"{essay.name}.md").write_text(f"+++\n{head}+++\n{text}")


def building(program: Path, root: Path, to: Path) -> Command:
    """The command that builds the site into a new folder."""
    return [program, "--source", root, "--destination", to, "--noBuildLock", "--quiet"]
