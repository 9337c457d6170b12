"""`docs/research-data.md` does what it shows, in each engine; what describes a dataset is what validators accept."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.exchange.exchange import export
from archive.home.home import Home
from tests.conftest import ROOT, Clock
from tests.example_home import put_deposit

PAGE = ROOT / "docs/research-data.md"
PYTHON = Path(os.environ.get("EMERITUS_RESEARCH_PYTHON", ROOT / ".venv-research/bin/python"))
ENGINES = ("sql", "pandas", "polars")

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytestmark = pytest.mark.skipif(
    not PYTHON.is_file(), reason="no environment with the engines: tests/setup.sh makes .venv-research"
)


@pytest.fixture(scope="module")
def dataset(filed: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("research")
    export(Home.at(Path(shutil.copytree(filed.root, root / "home"))), root / "data", "parquet")
    return root / "data"


def asked() -> dict[str, dict[str, str]]:
    """The code of each question, by engine."""
    page = PAGE.read_text()
    parts = re.split(r"(?m)^### (\d+)\..*$", page.split("\n## On Spark")[0])
    return {
        number: dict(re.findall(rf"(?ms)^```({'|'.join(ENGINES)})\n(.*?)^```$", part))
        for number, part in zip(parts[1::2], parts[2::2], strict=True)
    }


def ran(script: str, folder: Path, told: str = "") -> str:
    command = [PYTHON, ROOT / "tests/research" / script, folder]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=False, cwd=folder.parent)
    assert not done.returncode, done.stderr
    return done.stdout


def as_table(rows: list[list[str]]) -> str:
    head, *rest = rows
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, *rest)).replace("|\n", f"|\n|{'---|' * len(head)}\n", 1)


def test_ten_questions_have_the_answer_that_the_page_prints_in_each_engine(
    dataset: Path, request: pytest.FixtureRequest
) -> None:
    questions = asked()
    assert [set(code) for code in questions.values()] == [set(ENGINES)] * 10
    answers = json.loads(ran("answers.py", dataset, json.dumps(questions)))
    page = PAGE.read_text()
    for number, own in answers.items():
        shown = re.search(rf"(?ms)^### {number}\..*?^(\|.*?\n)\n", page)
        assert shown
        if request.config.getoption("--update-golden"):
            page = page[: shown.start(1)] + as_table(own["sql"]) + page[shown.end(1) :]
            PAGE.write_text(page)
            continue
        for engine, rows in own.items():
            assert as_table(rows) == shown[1], f"question {number}, {engine}"


def test_a_model_is_called_by_its_id_in_each_engine_whatever_stands_in_it(
    home: Home, clock: Clock, tmp_path: Path
) -> None:
    models = ["2024", "a=b+c,d", "maker/owl:3", "UPPER%20case", "ünï-cödé"]
    for number, model in enumerate(models):
        put_deposit(home, f"talk-{number}", model=model)
    export(home.reopened(), tmp_path / "data", "parquet")
    asked = {
        "sql": "SELECT DISTINCT model FROM 'turns/*/*.parquet' ORDER BY model",
        "pandas": 'answer = pd.read_parquet("turns")[["model"]].astype(str).drop_duplicates().sort_values("model")',
        "polars": 'answer = pl.scan_parquet("turns").select(pl.col("model").cast(pl.String).unique().sort()).collect()',
    }
    answers = json.loads(ran("answers.py", tmp_path / "data", json.dumps({"": asked})))
    assert answers[""] == {engine: [["model"], *([model] for model in sorted(models))] for engine in ENGINES}


def test_what_describes_a_dataset_is_valid_by_the_programs_that_define_it(dataset: Path) -> None:
    said = ran("validate.py", dataset).splitlines()
    assert json.loads(said[-1]) == {"package": [], "datacite": [], "crate": []}
