"""What the archive does, and what its peers do of that: the works that `benchmarks.benches` pairs."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks import corpora, newsletter
from benchmarks.bench import Works
from benchmarks.homes import Homes, archiving, filing, founded, linked
from benchmarks.measure import Command, Run, run, told
from benchmarks.peers import find, ours

_HERE = str(Path(__file__).parents[1])
_OPENED = re.compile(r"O_RDONLY.*\) += \d+<([^>]+)>$", re.MULTILINE)
_SYNCS = "fsync,fdatasync,sync_file_range,syncfs,msync,sync"
_EMPTY = "import click\n\n\n@click.command()\n@click.version_option('1')\ndef main() -> None:\n    pass\n\n\nmain()\n"


def always(command: Command, at: Path) -> Callable[[Path, int], Run]:
    """The same in each round, which changes nothing that it reads."""
    return lambda _, __: run(command, at=at, SOURCE_DATE_EPOCH=newsletter.clock(0))


def started(program: str, option: str, homes: Homes, size: int, folder: Path) -> Works:
    """A program that only says something of itself, beside one of click that has nothing to say."""
    (folder / "empty.py").write_text(_EMPTY)
    return Works(always([ours(program), option], folder), always([sys.executable, "empty.py", option], folder))


def filed(homes: Homes, size: int, folder: Path) -> Works:
    """Transcripts filed in one command, then one search, beside a table with a full-text index."""
    sqlite = find("sqlite-utils")
    transcripts, names = homes.transcripts(size)
    rows = homes.table(size)
    word = corpora.turns("transcript", 0)[1][1].split()[20].strip(".,?")

    def ours(fresh: Path, _: int) -> Run:
        root = founded(fresh / "home")
        search = archiving(root, "search", word, "--json")
        cost = run(filing(root, *names), search, at=transcripts, SOURCE_DATE_EPOCH=newsletter.clock(0))
        assert json.loads(cost.output), f"{word}: was filed and is not found"
        homes.keep_deposits(root, size)
        return cost

    def theirs(fresh: Path, _: int) -> Run:
        into: Command = [sqlite, "insert", "turns.db", "turns", rows, "--nl", "--pk", "id"]
        return run(into, [sqlite, "enable-fts", "turns.db", "turns", "text"], at=fresh)

    return Works(ours, theirs)


def one_more(imports: str, homes: Homes, size: int, folder: Path) -> Works:
    """One deposit more where many are, beside what starting the program takes at least."""
    root = linked(homes.deposits(size), folder / "kept")
    names = corpora.transcripts(folder, 1_000_000, 100)
    return Works(
        lambda _, number: run(filing(root, names[number]), at=folder, SOURCE_DATE_EPOCH=newsletter.clock(0)),
        always([sys.executable, "-c", imports], folder),
    )


def synced(homes: Homes, size: int, folder: Path) -> Works:
    """How often a deposit in a batch makes the disk write."""
    strace = find("strace")
    transcripts, names = homes.transcripts(size)

    def ours(fresh: Path, _: int) -> Run:
        root, trace = founded(fresh / "home"), fresh / "syncs"
        traced: Command = [strace, "-f", "-qq", "-e", f"trace={_SYNCS}", "-o", trace, *filing(root, *names)]
        cost = run(traced, at=transcripts, SOURCE_DATE_EPOCH=newsletter.clock(0))
        return replace(cost, output=str(len(re.findall(r"sync\w*\(", trace.read_text()))))

    return Works(ours)


def redacted(homes: Homes, size: int, folder: Path) -> Works:
    """The commitment that later redactions are checked by, beside as many plain hashes."""
    command = [sys.executable, "-m", "benchmarks.redaction"]
    return Works(
        lambda _, __: told([*command, "ours", str(size)], folder, PYTHONPATH=_HERE),
        lambda _, __: told([*command, "plain", str(size)], folder, PYTHONPATH=_HERE),
    )


def searched(kind: str, homes: Homes, size: int, folder: Path) -> Works:
    """Words looked for in the catalogue, beside reading the originals through; each round the peer takes another."""
    rg = find("rg")
    root, (transcripts, _) = homes.deposits(size), homes.transcripts(size)
    options, queries, patterns = SOUGHT[kind]
    asked: Command = [sys.executable, "-m", "benchmarks.searching", root, options, *map(queries, range(10))]
    return Works(
        lambda _, __: told(asked, folder, PYTHONPATH=_HERE),
        lambda _, number: run([rg, "-l", "-i", patterns(number), transcripts], at=folder),
    )


def _said(number: int) -> list[str]:
    """Words that stand in a transcript, without marks."""
    return [word.strip(".,?").lower() for word in corpora.turns("transcript", number)[1][1].split()]


def _rare(number: int) -> str:
    return max(_said(number if number < corpora.CHINESE else number + 1), key=corpora.rank)


def _phrase(number: int) -> str:
    text = corpora.turns("transcript", number if number < corpora.CHINESE else number + 1)[1][1]
    return str(re.findall(r"\b[a-z]+ [a-z]+\b", text)[5])


def _chinese(number: int) -> str:
    return corpora.turns("transcript", corpora.CHINESE)[1][1][12 * number : 12 * number + 2]


SOUGHT: dict[str, tuple[str, Callable[[int], str], Callable[[int], str]]] = {
    "rare": ("-", _rare, lambda number: rf"\b{_rare(number)}\b"),
    "common": ("-", corpora.word, lambda number: rf"\b{corpora.word(number)}\b"),
    "phrase": ("-", lambda number: f'"{_phrase(number)}"', lambda number: rf"\b{_phrase(number)}\b"),
    "prefix": (
        "-",
        lambda number: f"{corpora.word(700 + number)[:5]}*",
        lambda number: rf"\b{corpora.word(700 + number)[:5]}",
    ),
    "substring": (
        "--substring",
        lambda number: corpora.word(700 + number)[1:6],
        lambda number: corpora.word(700 + number)[1:6],
    ),
    "CJK": ("-", _chinese, _chinese),
}
"""What is looked for: options of the command, the queries, and what each is for ripgrep."""


READ = {
    "show": ["2026-0001/1"],
    "coverage": [],
    "compare": [f"{corpora.PROTOCOL}/wishes"],
    "report": [corpora.MODEL],
}
"""Commands that read, and what of."""


def read(command: list[str], homes: Homes, size: int, folder: Path) -> Works:
    """A command that reads, where many deposits are, and where a hundredth of them is."""
    many, few = (archiving(homes.deposits(each), *command) for each in (size, size // 100))
    kilobytes = [len(run(each, at=folder).output.encode()) // 1000 for each in (many, few)]
    return Works(always(many, folder), always(few, folder), ", {:,} KB printed beside {:,} KB".format(*kilobytes))


def checked(homes: Homes, size: int, folder: Path) -> Works:
    """`archive check` beside the bare hashing of every file it reads, but for the databases."""
    sha256sum, strace = find("sha256sum"), find("strace")
    root, trace, sums = homes.deposits(size), folder / "opened", folder / "sums"
    command = archiving(root, "check")
    run([strace, "-f", "-qq", "-y", "-e", "trace=open,openat,openat2", "-o", trace, *command], at=folder)
    opened = {Path(name) for name in _OPENED.findall(trace.read_text())}
    read = sorted(
        str(path) for path in opened if path.is_relative_to(root) and path.is_file() and ".db" not in path.name
    )
    sums.write_text("".join(run([sha256sum, *some], at=root).output for some in batches(read)))
    summed: Command = [sha256sum, "--check", "--quiet", sums]
    return Works(always(command, folder), always(summed, folder), f", {len(read):,} files")


def batches(names: list[str]) -> list[list[str]]:
    """As many at a time as a command takes."""
    return [names[start : start + 5_000] for start in range(0, len(names), 5_000)]


def taken_in(name: str, write: Callable[[Path, int], Path], homes: Homes, size: int, folder: Path) -> Works:
    """A large file, from there to the catalogue."""
    source = write(folder / name, size)

    def ours(fresh: Path, _: int) -> Run:
        root = founded(fresh / "home")
        search = archiving(root, "search", "a*", "--limit", "1")
        return run(filing(root, source), search, at=fresh, SOURCE_DATE_EPOCH=newsletter.clock(0))

    return Works(ours)
