"""The benchmarks run, and what they measure is what they say. How much it is, is no test's business."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import corpora, hugo, peers, results
from benchmarks.bench import Bench, Lab, Works
from benchmarks.benches import BENCHES
from benchmarks.homes import Homes
from benchmarks.measure import Failed, Run, Spread, paired, run
from benchmarks.results import Row, Skipped

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
BURN = "sum(range(20_000_000))"


def test_the_small_benches_run_on_homes_that_are_right_and_their_figures_are_numbers(tmp_path: Path) -> None:
    chosen = ["redaction", "fsyncs", "essay"]
    command = [PYTHON, "-m", "benchmarks", "--quick", "--rounds", "1", "--json", "--build", str(tmp_path), *chosen]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    measured = [row["figure"] for row in rows if "figure" in row]
    assert [row["why"] for row in rows if "why" in row] == [] or "strace is not here" in done.stderr
    assert len(rows) == 3
    assert all(0 < each["least"] <= each["median"] <= each["most"] < 100_000 for each in measured)
    # Parts of the commands submitted and reviewed the essays: what came of it is held against the whole of them.
    home = tmp_path / "essays-2" / "home"
    verified = run([peers.ours("publisher"), "verify", home / "site"], at=home)
    assert "2 essays in 1 issue, each as received, approved by a signature" in verified.output
    assert "2 essays" in run([peers.ours("archive"), "check", "--home", home], at=home).output


def test_processor_time_is_that_of_all_processes_a_command_starts(tmp_path: Path) -> None:
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{BURN}'])"
    idle = run([PYTHON, "-c", inner.replace(BURN, "0")], at=tmp_path)
    assert run([PYTHON, "-c", inner], at=tmp_path).cpu > idle.cpu + 0.1


def test_commands_of_one_work_are_added_up_and_its_peak_is_that_of_the_largest(tmp_path: Path) -> None:
    # In a process of its own: a command begins as a copy of who runs it, and that may be larger than itself.
    code = (
        "import json, sys; from pathlib import Path; from benchmarks.measure import run\n"
        "large = [sys.executable, '-c', 'b\"x\" * (300 << 20)']; small = [sys.executable, '-c', 'print(\"said\")']\n"
        "at = Path(sys.argv[1]); alone, both = run(large, at=at), run(large, small, at=at)\n"
        "print(json.dumps([alone.peak, both.peak, both.output]))"
    )
    done = subprocess.run([PYTHON, "-c", code, tmp_path], capture_output=True, text=True, check=True, cwd=ROOT)
    alone, both, output = json.loads(done.stdout)
    assert (300 << 20 <= both < 600 << 20, output) == (True, "said\n")
    assert alone >= 300 << 20


def test_a_command_that_does_not_succeed_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="ended with 1: no such thing"):
        run([PYTHON, "-c", "raise SystemExit('no such thing')"], at=tmp_path)


def test_the_two_of_a_pair_take_turns_in_new_folders_and_change_who_begins() -> None:
    seen: list[tuple[str, int]] = []

    def work(name: str, cpu: float, fresh: Path, number: int) -> Run:
        assert list(fresh.iterdir()) == []
        (fresh / "left").touch()
        seen.append((name, number))
        return Run(cpu=cpu * (number + 1), wall=2 * cpu if name == "ours" else cpu)

    pair = paired(lambda f, n: work("ours", 3.0, f, n), lambda f, n: work("theirs", 2.0, f, n), rounds=3)
    assert [name for name, _ in seen] == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert (pair.ratio("cpu"), pair.ratio("wall")) == (Spread(1.5, 1.5, 1.5), Spread(3.0, 3.0, 3.0))


def test_a_corpus_is_the_same_every_time_and_a_smaller_one_its_beginning(tmp_path: Path) -> None:
    few, many = (corpora.transcripts(tmp_path / str(n), 0, n) for n in (1, 2))
    assert (tmp_path / "1" / few[0]).read_bytes() == (tmp_path / "2" / many[0]).read_bytes()
    assert 38_000 < (tmp_path / "2" / many[1]).stat().st_size < 49_000


def test_a_peer_that_is_missing_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(peers.Missing, match=r"strace is not here \(apt-get install strace"):
        peers.find("strace")


def test_a_bench_gives_a_row_for_each_of_its_goals_and_how_it_grows_beside_the_smallest_of_its_name(
    tmp_path: Path,
) -> None:
    def works(homes: Homes, size: int, folder: Path) -> Works:
        return Works(lambda _, __: Run(size / 10, size, peak=3 << 20), lambda _, __: Run(10, 10), f", {size} files")

    common = {"name": "made", "what": "make {size:,}", "beside": "b of {few}", "works": works, "rounds": 2}
    small = Bench(**common, goals={"cpu": 1}, full=100, left_out="c")
    large = Bench(**common, goals={"wall": 1, "peak": 4, "exponent": 0.5}, full=10_000, quick=1)
    rows = list(Lab(Homes(tmp_path)).run([small, large]))
    assert [(row.what, row.peer, row.figure.median, row.unit, row.met) for row in rows] == [
        ("make 100", "10.00 s b of 1, 100 files", 1.0, "× cpu", True),
        ("make 10,000", "10.00 s b of 100, 10000 files", 1000.0, "× wall", False),
        ("make 10,000", "", 3.0, "MiB", True),
        ("make 10,000", "", 1.0, "exponent", False),
    ]
    assert [row.met for row in Lab(Homes(tmp_path), quick=True).run([large])] == [None, None, None]


def test_the_peer_of_the_newsletter_has_the_same_texts_and_their_pages(tmp_path: Path) -> None:
    try:
        program = peers.find("hugo")
    except peers.Missing as why:
        pytest.skip(str(why))
    essay = corpora.essay(tmp_path / "desk", 0)
    site = hugo.founded(tmp_path / "site", [essay])
    run(hugo.building(program, site, tmp_path / "public"), at=tmp_path)
    made = tmp_path / "public" / "essays" / essay.name
    assert (made / "essay.md").read_bytes() == (essay / "essay.md").read_bytes()
    assert sorted(path.name for path in made.iterdir()) == ["as-received.html", "essay.md", "index.html"]


def test_the_table_says_what_is_met_what_is_not_and_what_was_not_measured() -> None:
    met = Row(bench="x", what="a", ours="1 s", peer="", figure=Spread(1.0, 0.9, 1.25), unit="×", goal=1, rounds=3)
    missed = Row(
        bench="y", what="b", ours="300 s", peer="1 s c", figure=Spread(300, 300, 300), unit="×", goal=2, left_out="all"
    )
    assert results.table([met, missed, missed, Skipped("z", "no e")]) == (
        "| bench | what    | ours  | peer  | figure (least–most) | n | goal | met |\n"
        "|-------|---------|-------|-------|---------------------|---|------|-----|\n"
        "| x     | a       | 1 s   |       | 1.00 × (0.90–1.25)  | 3 | ≤ 1  | yes |\n"
        "| y     | b       | 300 s | 1 s c | 300 ×               | 1 | ≤ 2  | NO  |\n"
        "| y     | b       | 300 s | 1 s c | 300 ×               | 1 | ≤ 2  | NO  |\n"
        "| z     | skipped |       |       |                     |   |      | –   |\n"
        "\n- y: all\n- z: skipped: no e\n"
    )


def test_every_bench_stands_in_its_readme() -> None:
    said = (ROOT / "benchmarks" / "README.md").read_text()
    stated = [line.split("`")[1] for line in said.splitlines() if line.startswith("| `")]
    assert stated == list(dict.fromkeys(bench.name for bench in BENCHES))
