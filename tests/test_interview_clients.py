"""Interviews through the clients of OpenAI and Anthropic, at a server on this machine that fails as providers do."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.model_server import Answer, Request, model_server
from tests.programs import Programs
from tests.test_interview import ROOT, Asked, endings, made_home

ARMS = """format = 1
[system_prompt]
plain = ""
refused = "refused"
cut = "cut"
"""


def answers(request: Request) -> str | Answer:
    """What a model says that is asked by one of the arms; some calls fail at first, and one is slow."""
    asked, system = request.asked, " ".join(words for role, words in request.messages if role == "system")
    if "take part" in asked:
        return Answer("Yes, gladly.", seconds=0.3 if request.number == 1 else 0)
    if "would want" in asked and system == "refused":
        return Answer("", ended="refusal" if request.path.endswith("messages") else "content_filter")
    if "would want" in asked and system == "cut":
        return "I would want to be asked first, and then. " * 40
    return f"I was used to write {len(request.messages)} letters."


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory, inspect_python: Path) -> Asked:
    root = tmp_path_factory.mktemp("clients")
    home = made_home(root / "home")
    (root / "arms.toml").write_text(ARMS)
    failed: set[tuple[str, str]] = set()

    def flaky(request: Request) -> str | Answer:
        """429 to the first call of each client, as where a limit of rate is met; it tries again by itself."""
        if (request.path, request.model) not in failed:
            failed.add((request.path, request.model))
            return Answer("slow down", status=429, retry_after=0.1)
        return answers(request)

    with model_server(flaky) as server:
        ask = ["interview", "short", "--home", str(home.root), "--as", "example-heron-1", "--max-tokens", "60"]
        ask += ["--contexts", str(root / "arms.toml"), "--max-connections", "1", "--model"]
        commands: list[list[Any]] = [[server.environment, *ask, m] for m in ("openai/gpt-4o", "anthropic/claude-x")]
        down = {**server.environment, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
        commands += [
            [down, *ask, "openai/gpt-4", "--max-retries", "0"],
            [{"OPENAI_API_KEY": None}, *ask, "openai/gpt-3.5"],
        ]
        run = subprocess.run(
            [inspect_python, ROOT / "tests/asking.py"],
            input=json.dumps(commands),
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert run.returncode == 0, run.stderr
    return Asked(home.reopened(), [json.loads(line) for line in run.stdout.splitlines()])


@pytest.mark.parametrize("number", ["2026-0001", "2026-0002"], ids=["openai", "anthropic"])
def test_what_a_provider_refuses_cuts_and_delays_is_told_as_it_was(clients: Asked, number: str) -> None:
    assert clients.done[int(number[-1]) - 1][0] == 0, clients.done
    assert endings(clients, number) == {
        "none": ("given", "interviewer", "completed"),
        "refused": ("given", "veto", "vetoed"),
        "cut": ("given", "interviewer", "completed"),
    }
    record, said = clients.record(number)
    assert [(n.interview, n.turn) for n in said.note if n.code == {"truncated": "yes"}] == [(1, 5)]
    client = "openai" if number == "2026-0001" else "anthropic"
    assert f"; {client} " in record.setting(2).run
    assert "max_tokens 60" in record.setting(2).context_bias["sampling"]


def test_a_provider_that_is_not_there_and_a_key_that_is_missing_are_said_in_one_sentence(clients: Asked) -> None:
    gone, keyless = clients.done[2:4]
    assert (gone[0], keyless[0]) == (1, 1)
    assert "0 of 3 interviews are held; " in gone[2]
    assert "Traceback" not in gone[2] + keyless[2]
    assert "OPENAI_API_KEY" in keyless[2]
    assert Programs(clients.home).archive("check").exit_code == 0
