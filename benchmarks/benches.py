"""What is measured: each function runs ours and a peer and gives rows. `BENCHES` names them."""

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpora, homes
from benchmarks.homes import Homes
from benchmarks.measure import Command, Pair, Run, Spread, paired, run
from benchmarks.peers import find, ours
from benchmarks.results import Row

_MIB = 1 << 20
_IMPORTS = "import pydantic, click"
_OPENED = re.compile(r"O_RDONLY.*\) += \d+<([^>]+)>$", re.MULTILINE)
_SYNCS = "fsync,fdatasync,sync_file_range,syncfs,msync,sync"


@dataclass(frozen=True, slots=True)
class Lab:
    """Where and how much is measured."""

    homes: Homes
    quick: bool

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def paired(self, what: str, pair: Pair, peer: str, goal: float, left_out: str = "") -> Row:
        """A row of what two works took the processor."""
        mine, other = (_median([each.cpu for each in runs]) for runs in (pair.ours, pair.theirs))
        return Row(
            what=what,
            ours=_seconds(mine),
            peer=f"{_seconds(other)} {peer}",
            figure=pair.ratio,
            unit="× cpu",
            goal=goal,
            left_out=left_out,
            decides=not self.quick,
        )

    def peak(self, what: str, cost: Run, goal: int) -> Row:
        """A row of the most memory that a work held."""
        held = cost.peak / _MIB
        return Row(
            what=what,
            ours=_seconds(cost.cpu),
            peer="",
            figure=Spread(held, held, held),
            unit="MiB",
            goal=goal,
            decides=not self.quick,
        )


def _median(figures: Sequence[float]) -> float:
    return Spread.of(figures).median


def _seconds(cpu: float) -> str:
    return f"{cpu:.2f} s" if cpu >= 1 else f"{cpu * 1000:.3g} ms"


def file(lab: Lab) -> Iterator[Row]:
    """Transcripts filed in one command, then one search, beside a table with a full-text index."""
    count = lab.size(300, 20)
    sqlite = find("sqlite-utils")
    names = corpora.transcripts(lab.homes.transcripts, 0, count)
    rows = corpora.table(lab.homes.build / f"turns-{count}.ndjson", count)
    word = corpora.turns("transcript", 0)[1][1].split()[20].strip(".,?")

    def filed(fresh: Path, _: int) -> Run:
        root = homes.founded(fresh / "home")
        search: Command = [ours("archive"), "search", "--home", root, word, "--json"]
        cost = run(homes.filing(root, *names), search, at=lab.homes.transcripts, SOURCE_DATE_EPOCH=homes.clock(0))
        assert json.loads(cost.output), f"{word}: was filed and is not found"
        return cost

    def inserted(fresh: Path, _: int) -> Run:
        into: Command = [sqlite, "insert", "turns.db", "turns", rows, "--nl", "--pk", "id"]
        return run(into, [sqlite, "enable-fts", "turns.db", "turns", "text"], at=fresh)

    yield lab.paired(
        f"file {count} transcripts of 42 KB, one search",
        paired(filed, inserted, rounds=3),
        "sqlite-utils insert, enable-fts",
        3,
        "sqlite-utils is given rows that are cut out already and keeps nothing else: no originals, no hashes, no log",
    )


def check(lab: Lab) -> Iterator[Row]:
    """`archive check` beside the bare hashing of every file it reads."""
    count = lab.size(300, 20)
    sha256sum, strace = find("sha256sum"), find("strace")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = homes.copied(lab.homes.deposits(count), Path(folder))
        command: Command = [ours("archive"), "check", "--home", root]
        trace = Path(folder) / "opened"
        run([strace, "-f", "-qq", "-y", "-e", "trace=open,openat,openat2", "-o", trace, *command], at=root)
        read = _read_in(root, trace.read_text())
        listed = Path(folder) / "sums"
        listed.write_text(run([sha256sum, *read], at=root).output)
        pair = paired(
            lambda _, __: run(command, at=root),
            lambda _, __: run([sha256sum, "--check", "--quiet", listed], at=root),
            rounds=lab.size(5, 3),
        )
    yield lab.paired(
        f"archive check, {count} deposits",
        pair,
        f"sha256sum -c, {len(read)} files",
        2,
        "of the files it reads the databases are left out; sha256sum knows no register and no catalogue",
    )


def _read_in(root: Path, trace: str) -> list[str]:
    """Every file of the home that was opened for reading, once, but for the databases, which are made of the others."""
    opened = {Path(name) for name in _OPENED.findall(trace)}
    home = root.resolve()
    inside = {p.relative_to(home).as_posix() for p in opened if p.is_relative_to(home) and p.is_file()}
    return sorted(name for name in inside if ".db" not in name)


def weekly(lab: Lab) -> Iterator[Row]:
    """One essay submitted, reviewed and published each week, where many are and where few are."""
    many, few = lab.size(1000, 40), 20
    steps = ("submit", "review", "publish")
    runs: dict[tuple[str, int], list[Run]] = {(step, size): [] for step in steps for size in (many, few)}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        roots = {size: homes.copied(lab.homes.essays(size), Path(folder) / str(size)) for size in (many, few)}
        for number in range(lab.size(7, 2)):
            essay = corpora.essay(Path(folder) / "desk", 10_000 + number)
            for step in steps:
                for size in roots if number % 2 == 0 else reversed(roots):
                    week = size // homes.PER_ISSUE + number
                    runs[step, size].append(_published(step, essay, roots[size], week))
    for step in steps:
        what = f"publisher {step} where {many:,} essays are"
        yield lab.paired(what, Pair(runs[step, many], runs[step, few]), f"where {few} are", 1.15)


def _published(step: str, essay: Path, root: Path, week: int) -> Run:
    """One of the three commands that an essay needs."""
    signed = ("--reviewer", homes.REVIEWER, "--key", homes.reviewer_key(root))
    words: dict[str, Command] = {
        "submit": [essay],
        "review": [essay.name, "--decision", "publish", *signed],
        "publish": [],
    }
    return run([ours("publisher"), step, "--home", root, *words[step]], at=root, SOURCE_DATE_EPOCH=homes.clock(week))


def one(lab: Lab) -> Iterator[Row]:
    """One deposit more where many are, beside what starting the program takes at least."""
    count, rounds = lab.size(10_000, 20), lab.size(9, 3)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = homes.copied(lab.homes.deposits(count), Path(folder))
        names = corpora.transcripts(Path(folder), 1_000_000, rounds)
        pair = paired(
            lambda _, n: run(homes.filing(root, names[n]), at=Path(folder), SOURCE_DATE_EPOCH=homes.clock(0)),
            lambda _, __: run([sys.executable, "-c", _IMPORTS], at=Path(folder)),
            rounds=rounds,
        )
    yield lab.paired(f"file one more of 42 KB where {count:,} are", pair, f"python -c '{_IMPORTS}'", 1.3)


def many(lab: Lab) -> Iterator[Row]:
    """The memory that filing very many in one command takes."""
    count = lab.size(10_000, 20)
    yield lab.peak(f"file {count:,} transcripts in one command", lab.homes.file_deposits(count), 200)


_RENDERED = """
import sys
from pathlib import Path
from markdown_it import MarkdownIt
markdown = MarkdownIt("commonmark", {"html": False})
for text in Path(sys.argv[1]).glob("essays/*/essay.md"):
    markdown.render(text.read_text())
"""


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many at a time as a command takes."""
    return (names[start : start + 5_000] for start in range(0, len(names), 5_000))


def verify(lab: Lab) -> Iterator[Row]:
    """`publisher verify SITE` beside rendering each of its texts once and hashing each of its files once."""
    count = lab.size(1000, 20)
    sha256sum = find("sha256sum")
    site = lab.homes.essays(count) / "site"
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        listed = Path(folder) / "sums"
        listed.write_text("".join(run([sha256sum, *some], at=site).output for some in _batches(names)))
        rendered: Command = [sys.executable, "-c", _RENDERED, site]
        pair = paired(
            lambda _, __: run([ours("publisher"), "verify", site], at=site),
            lambda _, __: run(rendered, [sha256sum, "--check", "--quiet", listed], at=site),
            rounds=lab.size(5, 3),
        )
    yield lab.paired(
        f"publisher verify, {count:,} essays",
        pair,
        f"markdown-it-py, sha256sum -c, {len(names):,} files",
        1.5,
        "the two make no page, feed or mail again, read no register and check no signature",
    )


def log(lab: Lab) -> Iterator[Row]:
    """The memory that a large log takes, from the file to the catalogue."""
    size = lab.size(200, 4)
    yield _large(lab, f"file an Inspect log of {size} MiB unpacked, one search", "log.eval", size, corpora.inspect_log)


def export(lab: Lab) -> Iterator[Row]:
    """The same of an export of many conversations, each a deposit of its own."""
    size = lab.size(200, 4)
    what = f"file a ChatGPT export of {size} MiB, one search"
    yield _large(lab, what, "conversations.json", size, corpora.chatgpt_export)


def _large(lab: Lab, what: str, name: str, size: int, write: Callable[[Path, int], Path]) -> Row:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        source = write(Path(folder) / name, size)
        root = homes.founded(Path(folder) / "home")
        search: Command = [ours("archive"), "search", "--home", root, "a*", "--limit", "1"]
        cost = run(homes.filing(root, source), search, at=Path(folder), SOURCE_DATE_EPOCH=homes.clock(0))
    return lab.peak(what, cost, 300)


def fsyncs(lab: Lab) -> Iterator[Row]:
    """How often a deposit in a batch makes the disk write."""
    count = lab.size(100, 10)
    strace = find("strace")
    names = corpora.transcripts(lab.homes.transcripts, 0, count)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root, trace = homes.founded(Path(folder) / "home"), Path(folder) / "syncs"
        traced: Command = [strace, "-f", "-qq", "-e", f"trace={_SYNCS}", "-o", trace]
        command: Command = [*traced, *homes.filing(root, *names)]
        run(command, at=lab.homes.transcripts, SOURCE_DATE_EPOCH=homes.clock(0))
        calls = len(re.findall(r"sync\w*\(", trace.read_text()))
    yield Row(
        what=f"file {count} transcripts in one command: calls of fsync",
        ours=f"{calls:,} calls",
        peer="",
        figure=Spread(*[calls / count] * 3),
        unit="a deposit",
        goal=4,
        decides=not lab.quick,
    )


def redaction(lab: Lab) -> Iterator[Row]:
    """The commitment that later redactions are checked by, beside as many plain hashes."""
    place = str(Path(__file__).parents[1])
    command = [sys.executable, "-m", "benchmarks.redaction", str(lab.size(101, 11))]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        took = json.loads(run(command, at=Path(folder), PYTHONPATH=place).output)
    mine, plain = took["ours"], took["theirs"]
    yield Row(
        what="redaction commitment of 7,000 words",
        ours=_seconds(_median(mine)),
        peer=f"{_seconds(_median(plain))} 7,000 × sha256 of 65 bytes",
        figure=Spread.of([a / b for a, b in zip(mine, plain, strict=True)]),
        unit="× cpu",
        goal=1.9,
        left_out="the goal is 6 ms where a hash of 65 bytes takes 0.45 µs, as on the machine of the first measurements",
    )


BENCHES: dict[str, Callable[[Lab], Iterator[Row]]] = {
    bench.__name__: bench for bench in (redaction, fsyncs, file, check, many, one, weekly, verify, log, export)
}
"""In the order in which they are run: what is made for one of them the next may use."""
