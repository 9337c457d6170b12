"""ATIF trajectories: what an agent did, step by step; its sub-agents; what of it no model said."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import importers
from archive.errors import Refused
from archive.importers.turns import Transcript
from tests import received
from tests.chats import TRAJECTORY


def read(value: Any) -> Transcript:
    return received.read({"received.json": value if isinstance(value, bytes) else json.dumps(value).encode()})


def refused(value: Any) -> str:
    with pytest.raises(Refused) as error:
        read(value)
    return str(error.value)


def test_the_turns_of_a_trajectory_are_what_they_were(golden: Callable[..., None], tmp_path: Path) -> None:
    importers.read({"trajectory.json": json.dumps(TRAJECTORY).encode()}, tmp_path / "turns.jsonl")
    golden("importers/atif", {"turns.jsonl": (tmp_path / "turns.jsonl").read_bytes()})


def test_a_trajectory_says_which_agent_ran_which_model_and_what_came_from_before() -> None:
    transcript = read(TRAJECTORY)
    assert (transcript.importer, transcript.model) == ("atif", ("example-heron-1", None))
    assert (transcript.date, transcript.title) == (("2026-01-05", None), ("", "sub"))
    assert transcript.context == (
        {
            "tools": "bash",
            "end_reason": "it goes on in another file: trajectory.cont-1.json",
            "sampling": "model example-heron-1, agent terminus-2 2.0.0, reasoning_effort high",
            "system_prompt": "You are careful.",
            "memory": "turn 1: copied from an earlier trajectory",
        },
        {"sampling": "agent summary 1"},
    )
    assert dict(transcript.lost) == {"image": 1, "trajectory.notes": 1, "agent.extra": 1}
    assert transcript.turns[4].tool_result == {"content": [{"trajectory_id": "sub"}]}


def test_a_file_of_one_trajectory_and_a_list_of_it_are_read_alike_in_whatever_order_its_keys_come() -> None:
    turned = dict(reversed(TRAJECTORY.items()))
    one, several, lines = read(turned), read([TRAJECTORY]), f"{json.dumps(TRAJECTORY)}\n{json.dumps(TRAJECTORY)}\n"
    assert one == several == read(TRAJECTORY)
    assert read(lines.encode()).interviews == 4


def test_a_trajectory_larger_than_one_value_may_be_is_read_step_by_step(tmp_path: Path) -> None:
    path = tmp_path / "trajectory.json"
    step = json.dumps({"step_id": 1, "source": "agent", "message": "m", "extra": {"logprobs": "9" * (1 << 20)}})
    with path.open("w") as file:
        file.write('{"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": [')
        file.write(", ".join([step] * 17))
        file.write("]}")
    transcript = received.read({path.name: path})
    assert (len(transcript.turns), dict(transcript.lost)) == (17, {"step.extra": 17})


def test_earlier_versions_are_read_and_a_later_major_one_is_refused() -> None:
    old = {
        "schema_version": "ATIF-v1.0",
        "session_id": "s",
        "agent": {"name": "a", "version": "1", "model_name": "m"},
        "steps": [
            {"step_id": 1, "source": "user", "message": "Hi"},
            {"step_id": 2, "source": "agent", "message": "Ho"},
        ],
    }
    assert [(turn.role, turn.text) for turn in read(old).turns] == [("user", "Hi"), ("assistant", "Ho")]
    assert refused({**old, "schema_version": "ATIF-v2.0"}) == (
        "received.json schema_version: expected ATIF-v1.0 to ATIF-v1.8, found “ATIF-v2.0”; "
        "the program that wrote it may write an earlier version"
    )


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        pytest.param(
            {"source": "robot", "message": ""}, "steps[0].source: expected system, user or agent", id="source"
        ),
        pytest.param({"source": "user"}, "steps[0]: has no message; is the file whole?", id="message"),
        pytest.param({"source": "user", "message": {}}, "steps[0].message: expected text or a list of", id="object"),
        pytest.param(5, "steps[0]: expected an object, found 5", id="no step"),
    ],
)
def test_a_step_that_is_none_is_named(step: Any, expected: str) -> None:
    assert refused({**TRAJECTORY, "steps": [step]}).startswith(f"received.json {expected}")


def test_what_only_has_steps_is_no_trajectory() -> None:
    assert "which is no conversation in a known format" in refused({"schema_version": "1", "agent": {}, "steps": []})
    assert refused({**TRAJECTORY, "steps": []}) == "received.json: holds no turn; there is nothing to file"
