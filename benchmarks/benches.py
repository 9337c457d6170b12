"""What is measured. `BENCHES` has everything, in the order in which it is run."""

from collections.abc import Mapping
from functools import partial

from benchmarks import archiving, logs, publishing
from benchmarks.bench import Bench, Measure

_IMPORTS = "import pydantic, click"
_ED25519 = "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey"
_SEARCH: Mapping[Measure, float] = {"wall": 0.02, "ms": 50}
_INSIDE = "beyond the start of the process, twenty newest hits with their passages; rg names files"
_BARE = "sqlite-utils is given rows that are cut out already and keeps nothing else: no originals, no hashes, no log"
_HUGO = "Hugo makes no mail, hashes, proofs, cards, Atom or JSON feed (benchmarks/hugo.py)"
_GROWS = "what they print grows too"
_WEEKLY: tuple[tuple[int, int, int, Mapping[Measure, float]], ...] = (
    (100, 20, 7, {"wall": 0.8}),
    (1_000, 40, 5, {"wall": 0.2}),
    (10_000, 100, 3, {"wall": 0.04, "exponent": 0.35}),
)
"""Essays there are, in a full run and a quick one; rounds; goals."""

BENCHES: tuple[Bench, ...] = (
    *(
        Bench(
            name="start",
            what=f"{program} {option}",
            beside="an empty program of click",
            goals={"cpu": 1.15},
            works=partial(archiving.started, program, option),
            rounds=21,
        )
        for program in ("archive", "publisher")
        for option in ("--help", "--version")
    ),
    Bench(
        name="redaction",
        what="redaction commitment of 7,000 words",
        beside="7,000 × sha256 of 65 bytes",
        goals={"cpu": 1.9},
        works=archiving.redacted,
        full=51,
        quick=11,
    ),
    Bench(
        name="fsyncs",
        what="file {size} transcripts in one command: calls of fsync",
        goals={"calls": 4},
        works=archiving.synced,
        full=100,
        quick=10,
        rounds=1,
    ),
    Bench(
        name="file",
        what="file {size:,} transcripts of 43 KB, then the first search",
        beside="sqlite-utils insert, enable-fts",
        goals={"cpu": 3, "wall": 1.5, "peak": 200},
        works=archiving.filed,
        full=10_000,
        quick=100,
        rounds=3,
        left_out=_BARE,
    ),
    Bench(
        name="one",
        what="file one more of 43 KB where {size:,} are",
        beside=f"python -c '{_IMPORTS}'",
        goals={"cpu": 1.3},
        works=partial(archiving.one_more, _IMPORTS),
        full=10_000,
        quick=100,
        rounds=15,
    ),
    *(
        Bench(
            name="search",
            what=f"search in 40 × {{size:,}} turns: {kind}, p50",
            beside="rg -l over the originals",
            goals=_SEARCH,
            works=partial(archiving.searched, kind),
            full=10_000,
            quick=100,
            rounds=7,
            left_out=_INSIDE,
        )
        for kind in archiving.SOUGHT
    ),
    *(
        Bench(
            name="read",
            what=f"archive {command} where {{size:,}} deposits are",
            beside="where {few:,} are",
            goals={"cpu": 5},
            works=partial(archiving.read, [command, *words]),
            full=10_000,
            quick=100,
            rounds=3,
            left_out=_GROWS,
        )
        for command, words in archiving.READ.items()
    ),
    Bench(
        name="check",
        what="archive check, {size:,} originals",
        beside="sha256sum -c",
        goals={"cpu": 2},
        works=archiving.checked,
        full=10_000,
        quick=100,
        rounds=3,
        left_out="of the files it reads the databases are left out; sha256sum knows no register and no catalogue",
    ),
    Bench(
        name="essay",
        what="publisher verify essay.md",
        beside=f"python -c '{_ED25519}'",
        goals={"cpu": 1.5},
        works=partial(publishing.checked_text, _ED25519),
        full=20,
        quick=2,
        rounds=15,
    ),
    *(
        Bench(
            name="weekly",
            what="publisher publish of 5 essays into {size:,}",
            beside="Hugo's build of the same",
            goals=goals,
            works=publishing.published,
            full=size,
            quick=quick,
            rounds=rounds,
            left_out=_HUGO,
        )
        for size, quick, rounds, goals in _WEEKLY
    ),
    Bench(
        name="intake",
        what="publisher submit and review of an essay where {size:,} are",
        beside="where {few:,} are",
        goals={"cpu": 1.15},
        works=publishing.taken_in,
        full=10_000,
        quick=100,
        rounds=7,
    ),
    Bench(
        name="build",
        what="publisher build, {size:,} essays",
        beside="Hugo's full build",
        goals={"wall": 0.5},
        works=publishing.built,
        full=10_000,
        quick=100,
        rounds=3,
        left_out=_HUGO,
    ),
    Bench(
        name="site",
        what="publisher verify SITE, {size:,} essays",
        beside="markdown-it-py, sha256sum -c",
        goals={"cpu": 1.5},
        works=publishing.checked_site,
        full=10_000,
        quick=100,
        rounds=3,
        left_out="the two make no page, feed or mail again, read no register and check no signature",
    ),
    Bench(
        name="log",
        what="file an Inspect log of {size} MB, then the first search",
        goals={"peak": 200},
        works=partial(archiving.taken_in, "log.eval", logs.inspect_log),
        full=500,
        quick=4,
        rounds=1,
    ),
    Bench(
        name="export",
        what="file a ChatGPT export of {size} MB, then the first search",
        goals={"peak": 200},
        works=partial(archiving.taken_in, "conversations.json", logs.chatgpt_export),
        full=500,
        quick=4,
        rounds=1,
    ),
)
