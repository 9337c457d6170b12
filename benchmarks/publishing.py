"""What the publisher does, and what its peers do of that: the works that `benchmarks.benches` pairs."""

import sys
from pathlib import Path

from benchmarks import corpora, hugo, newsletter
from benchmarks.archiving import always, batches
from benchmarks.bench import Works
from benchmarks.homes import Homes, linked, publisher
from benchmarks.measure import Command, Failed, Run, run
from benchmarks.peers import find, ours

_RENDERED = """
import sys
from pathlib import Path
from markdown_it import MarkdownIt
markdown = MarkdownIt("commonmark", {"html": False})
for text in Path(sys.argv[1]).glob("essays/*/essay.md"):
    markdown.render(text.read_text())
"""
_WEEKLY = 5
"""Essays of an issue that is measured."""


def checked_text(imports: str, homes: Homes, size: int, folder: Path) -> Works:
    """An essay held against its proof, beside what starting such a program takes at least."""
    essays = homes.essays(size) / "site" / "essays"
    text = next(essays.glob("*/essay.md"))
    return Works(always([ours("publisher"), "verify", text], essays), always([sys.executable, "-c", imports], folder))


def _submitted(root: Path, desk: Path, first: int, count: int, week: int) -> list[Run]:
    """Essays submitted and approved in a week, each by its two commands; what each of these took."""
    signed = ("--reviewer", newsletter.REVIEWER, "--key", newsletter.reviewer_key(root))
    runs = []
    for number in range(first, first + count):
        essay = corpora.essay(desk, number)
        runs.append(publisher(root, "submit", essay, week=week))
        runs.append(publisher(root, "review", essay.name, "--decision", "publish", *signed, week=week))
    return runs


def taken_in(homes: Homes, size: int, folder: Path) -> Works:
    """One essay submitted and reviewed where many are, beside where a hundredth of them is."""

    def work(count: int) -> Works:
        root = linked(homes.essays(count), folder / str(count))
        week = newsletter.weeks(count)

        def one(fresh: Path, number: int) -> Run:
            submit, review = _submitted(root, fresh / "desk", 10_000 + number, 1, week)
            return Run(submit.cpu + review.cpu, submit.wall + review.wall)

        return Works(one)

    return Works(work(size).ours, work(size // 100).ours)


def published(homes: Homes, size: int, folder: Path) -> Works:
    """An issue more, beside Hugo's build of the site with the same essays."""
    program, kept = find("hugo"), homes.essays(size)
    root, site = linked(kept, folder / "kept"), hugo.founded(folder / "hugo", _essays(kept))
    week = newsletter.weeks(size)

    def ours(fresh: Path, number: int) -> Run:
        _submitted(root, fresh / "desk", 10_000 + _WEEKLY * number, _WEEKLY, week + number)
        return publisher(root, "publish", week=week + number)

    # Another program than this may have made the site last: then the next issue makes all of it anew, once.
    ours(folder / "first", 0)

    def theirs(fresh: Path, number: int) -> Run:
        for essay in range(10_000 + _WEEKLY * number, 10_000 + _WEEKLY * (number + 1)):
            hugo.add(site, corpora.essay(fresh / "desk", essay), week + number)
        return _by_hugo(program, site, fresh / "public")

    return Works(lambda fresh, number: ours(fresh, number + 1), theirs)


def _by_hugo(program: Path, site: Path, to: Path) -> Run:
    """Its build of a site; that each essay has its page is looked after, since it leaves out what lies ahead."""
    done = run(hugo.building(program, site, to), at=to.parent)
    made, texts = (len(list(folder.iterdir())) for folder in (to / "essays", site / "content" / "essays"))
    if made != texts:
        raise Failed(f"{to}: expected a page for each of {texts} essays, found {made}")
    return done


def _essays(root: Path) -> list[Path]:
    return sorted((root / "site" / "essays").iterdir())


def built(homes: Homes, size: int, folder: Path) -> Works:
    """The whole site again, beside Hugo's full build, each into a new folder."""
    program, root = find("hugo"), homes.essays(size)
    site = hugo.founded(folder / "hugo", _essays(root))
    return Works(
        lambda fresh, _: publisher(root, "build", "--to", fresh / "site", week=newsletter.weeks(size)),
        lambda fresh, _: _by_hugo(program, site, fresh / "public"),
    )


def checked_site(homes: Homes, size: int, folder: Path) -> Works:
    """A site made again and compared, beside rendering each of its texts once and hashing each of its files once."""
    sha256sum, site, sums = find("sha256sum"), homes.essays(size) / "site", folder / "sums"
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    sums.write_text("".join(run([sha256sum, *some], at=site).output for some in batches(names)))
    rendered: Command = [sys.executable, "-c", _RENDERED, site]
    return Works(
        always([ours("publisher"), "verify", site], site),
        lambda _, __: run(rendered, [sha256sum, "--check", "--quiet", sums], at=site),
        f", {len(names):,} files",
    )
