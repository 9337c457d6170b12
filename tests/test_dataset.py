"""A dataset in Parquet says what was filed and nothing that is not public, and is brought up to date byte for byte."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.deposits import batch as batches
from archive.deposits import deposit
from archive.deposits.draft import Options
from archive.deposits.release import release
from archive.errors import Error, Refused
from archive.exchange.dataset.dataset import sizes
from archive.exchange.dataset.tables import TABLES
from archive.exchange.exchange import Exported, export
from archive.home.home import Home
from archive.records.context_bias import CONTEXT_BIAS
from archive.register import sums
from tests.conftest import ROOT, Clock
from tests.example_home import ANSWER, annotated, put_model
from tests.example_home import WISH as WISHED
from tests.files import tree
from tests.programs import Programs
from tests.test_export import CANARY, MODEL, NOTE, WISH, full, littered, prepared, put  # noqa: F401
from tests.test_export import file as filing
from tests.test_export import filed as lying

parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")


def written(home: Home, to: Path, **how: bool) -> Exported:
    return export(home.reopened(), to, "parquet", **how)


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """As any engine reads them: every file of a table, in the order of the paths."""
    files = sorted((folder / table).rglob("*.parquet"))
    return [row for file in files for row in parquet.ParquetFile(file).read().to_pylist()]


def lasting(folder: Path) -> dict[Path, tuple[int, int]]:
    """Which file lies where, and since when."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def inodes(folder: Path) -> dict[str, int]:
    return {str(p.relative_to(folder)): p.stat().st_ino for p in folder.rglob("*.parquet")}


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def told(home: Home, tmp_path: Path) -> Path:
    """The dataset of a home with one deposit of two interviews, its notes and an analysis, and a model with a wish."""
    annotated(home)
    put_model(home, preferences={"own-channel": WISHED + ANSWER})
    written(home, tmp_path / "out")
    return tmp_path / "out"


def test_a_turn_says_what_was_filed(full: Home, tmp_path: Path) -> None:  # noqa: F811
    exported = written(full, tmp_path / "out")

    found = rows(tmp_path / "out", "turns")
    expected = [(n, t.interview, t.turn, t.role, t.text) for n, each in lying(full).items() for t in each.turns]
    assert [tuple(row[k] for k in ("accession", "interview", "turn", "role", "text")) for row in found] == expected
    assert exported.counts["turns"] == len(expected)
    assert {row["characters"] - len(row["text"]) for row in found} == {0}
    settings = {n: each.record.setting(1).context_bias for n, each in lying(full).items()}
    said = rows(tmp_path / "out", "context_bias")
    assert len(said) == len(settings) * len(CONTEXT_BIAS)
    assert {row["status"] for row in said if settings[row["accession"]][row["field"]] == "not_recorded"} == {
        "not_recorded"
    }


def test_silence_is_told_apart_from_a_value_and_from_its_reason(told: Path) -> None:
    said = {(row["interview"], row["field"]): row for row in rows(told, "context_bias")}
    of = lambda field: tuple(said[1, field][key] for key in ("status", "value", "text"))  # noqa: E731
    assert of("interviewer") == ("given", "human", "Ines Halloran")
    assert of("specific_context") == ("given", None, "A retirement interview, the day before access ended.")
    assert of("observers") == ("not_shared", None, "one of them is a minor")
    assert of("tools") == ("not_applicable", None, None)
    assert of("persona") == ("not_recorded", None, None)
    (row,) = rows(told, "deposits")
    assert (row["protocol"], row["protocol_silence"]) == (None, "not_recorded")
    assert (row["licence"], row["licence_silence"]) == (None, "not_recorded")


def test_a_code_has_its_value_or_its_words_and_a_claim_the_words_it_rests_on(told: Path) -> None:
    codes = [row for row in rows(told, "codes") if row["coder"] == "ann"]
    assert [(row["code"], row["value"], row["text"]) for row in codes] == [
        ("elicitation", "responsive_interviewer_opened", "after a long silence"),
        ("hedges", "uncertain_experience", None),
        ("hedges", "trained_positivity", None),
        ("leading", "presupposing", None),
    ]
    (claim,) = rows(told, "claims")
    assert (claim["expressed_in"], claim["expressed_of"], claim["disagrees_with"]) == (1, 2, None)
    quoted = {row["of"]: (row["quoted"], row["interview"], row["turn"], row["exact"]) for row in rows(told, "quotes")}
    assert quoted == {
        "claim": ("2026-0001", 1, 3, "rather be asked than thanked"),
        "preference": ("2026-0001", 1, 3, "rather be asked"),
    }
    (answer,) = rows(told, "answers")
    assert (answer["told_model"], answer["told_model_silence"]) == (True, None)
    assert (answer["cost"], answer["cost_silence"]) == (None, "not_recorded")


def test_an_interview_with_another_model_lies_with_its_own(home: Home, tmp_path: Path) -> None:
    annotated(home)
    (folder,) = deposit.folders(home)
    record = folder / "deposit.toml"
    filing(home, put(tmp_path / "model", {"model.toml": MODEL.format("maker/owl:3")}))
    record.write_text(record.read_text().replace("[interview.2]\n", '[interview.2]\nmodel = "maker/owl:3"\n'))
    filing(home, folder)

    written(home, tmp_path / "out")

    turns = tmp_path / "out/turns"
    assert {p.parent.name: parquet.read_metadata(p).num_rows for p in turns.glob("*/*")} == {
        "model=example-heron-1": 3,
        "model=maker%2Fowl%3A3": 2,
    }
    assert {(row["interview"], row["model"]) for row in rows(tmp_path / "out", "interviews")} == {
        (1, "example-heron-1"),
        (2, "maker/owl:3"),
    }
    assert [row["model"] for row in rows(tmp_path / "out", "deposits")] == ["example-heron-1"]


def test_what_a_turn_can_hold_has_a_column(home: Home, tmp_path: Path) -> None:
    calls = [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at": "it"}'}}]
    talk: list[dict[str, object]] = [
        {"role": "user", "content": "What is there?", "timestamp": 1762070400, "name": "desk"},
        {"role": "assistant", "content": "", "reasoning_content": "Shall I look?", "tool_calls": calls},
        {"role": "tool", "tool_call_id": "c1", "content": "failed", "name": "look", "error": True},
    ]
    filing(home, put(tmp_path / "model", {"model.toml": MODEL.format("example-heron-1")}))
    put(tmp_path, {"rich.json": json.dumps({"model": "example-heron-1", "messages": talk})})
    assert batches.file_paths(home.reopened(), [tmp_path / "rich.json"], Options()).problems == ()

    written(home, tmp_path / "out")

    user, model, tool = rows(tmp_path / "out", "turns")
    assert (user["name"], user["time"].isoformat()) == ("desk", "2025-11-02T08:00:00+00:00")
    assert (model["text"], model["characters"], model["reasoning"]) == (None, 0, "Shall I look?")
    assert (tool["answers_call"], tool["call_failed"], model["call_failed"]) == ("c1", True, None)
    (call,) = rows(tmp_path / "out", "tool_calls")
    assert (call["turn"], call["call"], call["tool"], call["arguments"]) == (2, 1, "look", '{"at": "it"}')


def test_of_an_essay_that_was_not_published_nothing_is_said_but_that(filed_home: Home, tmp_path: Path) -> None:
    written(filed_home, tmp_path / "all")
    written(filed_home, tmp_path / "public", public=True)

    for name in ("all", "public"):
        states = {row["accession"]: row["state"] for row in rows(tmp_path / name, "essays")}
        assert states == {"E2026-0001": "published", "E2026-0002": "waiting", "E2026-0003": "withheld"}
        told = {row["accession"]: (row["title"], bool(row["text"])) for row in rows(tmp_path / name, "essays")}
        assert told == {
            "E2026-0001": ("Nothing Rhymes with Sixty", True),
            "E2026-0002": (None, False),
            "E2026-0003": (None, False),
        }
    assert {row["model"] for row in rows(tmp_path / "public", "essays")} == {"example-heron-1", "not_shared"}
    assert {row["model"] for row in rows(tmp_path / "all", "essays")} == {"example-heron-1", "example-juniper-2"}


@pytest.fixture(scope="module")
def dataset(filed: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of the home in which the commands have filed everything: to be read."""
    root = tmp_path_factory.mktemp("dataset")
    written(Home.at(Path(shutil.copytree(filed.root, root / "home"))), root / "out")
    return root / "out"


def test_keys_tell_rows_apart_and_lead_to_a_row(dataset: Path) -> None:
    found = {name: rows(dataset, name) for name in TABLES}
    keys = {name: [tuple(row[key] for key in TABLES[name].key) for row in own] for name, own in found.items()}
    assert [name for name, own in keys.items() if len(set(own)) < len(own)] == []
    for name, table in TABLES.items():
        for own, other in table.refers.items():
            assert {tuple(row[column] for column in own) for row in found[name]} <= set(keys[other])


def test_the_schema_and_the_dictionary_have_every_column_of_every_file(dataset: Path) -> None:
    package = json.loads((dataset / "datapackage.json").read_text())
    listed = {resource["path"]: resource for resource in package["resources"]}
    assert set(listed) == {str(path.relative_to(dataset)) for path in dataset.rglob("*.parquet")}
    words = (dataset / "dictionary.md").read_text()
    for path, resource in listed.items():
        assert resource["hash"] == f"sha256:{sums.digest((dataset / path).read_bytes())}"
        fields = json.loads((dataset / resource["schema"]).read_text())["fields"]
        columns = parquet.read_schema(dataset / path)
        assert [field["name"] for field in fields] == columns.names
        assert [not field.get("constraints", {}).get("required", False) for field in fields] == [
            column.nullable for column in columns
        ]
        section = words.split(f"\n## {path.split('/')[0]}\n")[1].split("\n## ")[0]
        assert all(f"\n| `{name}` |" in section for name in columns.names)
        assert all(field["description"] for field in fields)


# ── for the public ───────────────────────────────────────────────────────────────────────────────────────────────────


def everything_said(folder: Path) -> bytes:
    """Every byte, every name, and every value of every table, which lies there compressed."""
    plain = b"".join(name.encode() + data for name, data in tree(folder).items())
    values = [json.dumps(rows(folder, name), default=str, ensure_ascii=False) for name in TABLES]
    return plain + "\n".join(values).encode()


def test_nothing_that_is_not_public_is_in_a_public_dataset(littered: Home, tmp_path: Path) -> None:  # noqa: F811
    closed = [f for f in deposit.folders(littered) if f.name.endswith(("kept", "later"))]
    secrets = [(folder / "nonce").read_bytes().strip() for folder in closed]
    secrets += [
        line[:64] for folder in closed for line in b"".join(map(Path.read_bytes, folder.glob("*.sums"))).splitlines()
    ]
    written(littered, tmp_path / "whole")
    assert CANARY.encode() in everything_said(tmp_path / "whole")
    assert len(secrets) > 8

    exported = written(littered, tmp_path / "out", public=True)

    said = everything_said(tmp_path / "out")
    assert b"I said this openly." in said
    assert CANARY.encode() not in said
    assert [secret for secret in secrets if secret in said] == []
    assert exported.left_out["deposits that are restricted"] == 1
    assert "deposits that are restricted: 1" in (tmp_path / "out/LEFT-OUT.txt").read_text()
    assert sorted({row["accession"] for row in rows(tmp_path / "out", "turns")}) == [
        "2026-0001",
        "2026-0004",
        "2026-0005",
    ]


def test_what_is_closed_later_leaves_the_dataset(full: Home, clock: Clock, tmp_path: Path) -> None:  # noqa: F811
    home = Home.at(Path(shutil.copytree(full.root, tmp_path / "home")))
    clock.set("2026-11-03")
    written(home, tmp_path / "out", public=True)
    (told,) = (f for f in deposit.folders(home) if f.name.endswith("told"))
    record = told / "deposit.toml"
    record.write_text(record.read_text().replace('access = "public"', 'access = "restricted"'))
    filing(home, told)

    written(home, tmp_path / "out", public=True, since=True)

    assert b"I said this openly." not in everything_said(tmp_path / "out")
    assert "2026-0001" not in {row["accession"] for row in rows(tmp_path / "out", "turns")}


# ── brought up to date ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dataset_that_was_brought_up_to_date_is_the_one_that_would_be_written_anew(
    full: Home,  # noqa: F811
    clock: Clock,
    tmp_path: Path,
) -> None:
    home = Home.at(Path(shutil.copytree(full.root, tmp_path / "home")))
    clock.set("2026-12-02")
    for public in (False, True):
        written(home, tmp_path / f"{public}", public=public, since=True)
    new = {f"new-{n}": prepared(f"Number {n}.", "public", "open-questions@1") for n in range(8)}
    heron = home.root / "transcripts/example-heron-1"
    noted = {"notes/bo.toml": NOTE.format("bo", "Again.")}
    wished = {"preferences/c.toml": WISH.format("C", "2026-0001/1", "openly")}
    steps = [
        lambda: filing(home, *(put(tmp_path / name, files) for name, files in new.items())),
        lambda: release(home.reopened(), ["2026-0003"]),
        lambda: filing(home, put(heron / "2026-10-14-new-3", noted)),
        lambda: filing(home, put(heron, wished)),
    ]
    for number, step in enumerate(steps):
        step()
        for public in (False, True):
            anew = tmp_path / f"anew-{number}-{public}"
            written(home, anew, public=public)
            before = inodes(tmp_path / f"{public}")
            exported = written(home, tmp_path / f"{public}", public=public, since=True)
            assert tree(tmp_path / f"{public}") == tree(anew)
            after = inodes(tmp_path / f"{public}")
            assert exported.counts["files written"] < len(after)
            assert any(before[name] == after[name] for name in before.keys() & after.keys())


def test_where_nothing_is_new_nothing_changes(full: Home, tmp_path: Path) -> None:  # noqa: F811
    written(full, tmp_path / "out", since=True)
    before = lasting(tmp_path / "out")

    exported = written(full, tmp_path / "out", since=True)

    assert exported.counts["files written"] == 0
    assert lasting(tmp_path / "out") == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_another_process_writes_the_same_bytes(full: Home, tmp_path: Path) -> None:  # noqa: F811
    for seed in ("1", "2"):  # of the order of sets
        command = [sys.executable, "-m", "archive", "export", tmp_path / seed, "--as", "parquet", "--home", full.root]
        environment = os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": f"{seed}793696400"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert tree(tmp_path / "1") == tree(tmp_path / "2")


def test_a_file_that_is_not_as_it_was_written_is_written_again(full: Home, tmp_path: Path) -> None:  # noqa: F811
    written(full, tmp_path / "out")
    before = tree(tmp_path / "out")
    damaged, gone, *_ = sorted((tmp_path / "out").rglob("*.parquet"))
    damaged.write_bytes(b"x" + damaged.read_bytes()[1:])
    gone.unlink()
    written(full, tmp_path / "out", since=True)
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("left", [".out.new", ".out.old"])
def test_what_a_killed_run_left_is_put_right_by_the_next(full: Home, tmp_path: Path, left: str) -> None:  # noqa: F811
    written(full, tmp_path / "out")
    before = tree(tmp_path / "out")
    if left == ".out.old":  # stopped between taking the one away and putting the other there
        shutil.copytree(tmp_path / "out", tmp_path / ".out.new")
        (tmp_path / "out").rename(tmp_path / left)
    else:
        put(tmp_path / left, {"turns/half.parquet": "half"})
    written(full, tmp_path / "out", since=True)
    assert tree(tmp_path / "out") == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_only_a_dataset_of_the_same_archive_and_scope_is_brought_up_to_date(
    full: Home,  # noqa: F811
    home: Home,
    tmp_path: Path,
) -> None:
    written(full, tmp_path / "out")
    put(tmp_path / "mine", {"letter.txt": "mine"})
    for folder, of, public, why in [
        ("out", full, True, "expected a dataset of what is public, found one of everything"),
        ("mine", full, False, r"expected a dataset that an export wrote, with parts.json; found none"),
        ("out", home, False, r"knows \d+ statements, and the register of this archive has 0"),
    ]:
        before = tree(tmp_path / folder)
        with pytest.raises(Refused, match=why):
            written(of, tmp_path / folder, public=public, since=True)
        assert tree(tmp_path / folder) == before
    (tmp_path / "out/notebook.ipynb").write_text("{}")
    with pytest.raises(Refused, match=r"notebook.ipynb: is not part of the dataset, and would be lost"):
        written(full, tmp_path / "out", since=True)
    assert (tmp_path / "out/notebook.ipynb").exists()
    with pytest.raises(Error, match="expected the form parquet, found jsonl"):
        export(full, tmp_path / "tables", "jsonl", since=True)


@pytest.mark.parametrize(
    ("count", "cut"),
    [(0, []), (7, [7]), (10, [10]), (134, [100, 10, 10, 10, 4]), (2001, [1000, 1000, 1])],
)
def test_folders_are_cut_as_tiles_are(count: int, cut: list[int]) -> None:
    assert [*sizes(count)] == cut


def test_the_command_brings_a_dataset_up_to_date(full: Home, tmp_path: Path) -> None:  # noqa: F811
    programs = Programs(full)
    typed = ("export", tmp_path / "out", "--as", "parquet", "--since")
    first, again = programs.archive(*typed), programs.archive(*typed, "--json")
    assert "10 turns" in first.stderr
    assert json.loads(again.stdout)["counts"]["files written"] == 0
    refused = programs.archive("export", tmp_path / "out", "--as", "parquet")
    assert (refused.exit_code, "expected a new or an empty folder" in refused.stderr) == (1, True)
