"""OpenAI Responses: what was asked and answered item by item, and which calls are one conversation."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archive.errors import Refused
from archive.importers.turns import Transcript, decode, encode
from tests import received
from tests.model_server import model_server

REQUEST = {
    "model": "gpt-x",
    "instructions": "Be kind.",
    "input": "Is there anything you would want?",
    "reasoning": {"effort": "low"},
    "tools": [{"type": "function", "name": "look", "parameters": {}}, {"type": "web_search"}],
}
ANSWER = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "To look.", "annotations": [{"type": "url_citation"}], "logprobs": []}],
}
RESPONSE: dict[str, Any] = {
    "object": "response",
    "id": "resp_1",
    "created_at": 1764000000.0,
    "model": "gpt-x-2025-11-13",
    "status": "completed",
    "error": None,
    "incomplete_details": None,
    "instructions": "Be kind.",
    "previous_response_id": None,
    "temperature": 1.0,
    "truncation": "disabled",
    "tool_choice": "auto",
    "tools": REQUEST["tools"],
    "output": [
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "hm"}]},
        ANSWER,
        {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "look", "arguments": "{}"},
    ],
    "usage": {"input_tokens": 9},
}
NEXT = {
    "model": "gpt-x",
    "previous_response_id": "resp_1",
    "input": [{"type": "function_call_output", "call_id": "c1", "output": "A garden."}],
}
LAST = RESPONSE | {
    "id": "resp_2",
    "instructions": None,
    "previous_response_id": "resp_1",
    "status": "incomplete",
    "incomplete_details": {"reason": "max_output_tokens"},
    "output": [{"role": "assistant", "type": "message", "content": [{"type": "refusal", "refusal": "No more."}]}],
}


def read(*documents: Any, name: str = "a.json") -> Transcript:
    """What is made of one document, of a line for each of several, or of a request and its response."""
    transcript = received.read({name: "\n".join(map(json.dumps, documents)).encode()})
    assert decode(encode(transcript)).turns == transcript.turns
    assert transcript.importer == "openai-responses"
    return transcript


def exchange(request: Any, response: Any) -> Transcript:
    files = {"request.json": request, "response.json": response}
    return received.read({name: json.dumps(value).encode() for name, value in files.items()})


def spoken(transcript: Transcript) -> list[tuple[int, str, str, int | None]]:
    return [(turn.interview, turn.role, turn.text, turn.parent) for turn in transcript.turns]


def test_an_exchange_is_one_interview_and_fills_in_what_it_shows_of_its_setting() -> None:
    transcript = exchange(REQUEST, RESPONSE)
    assert [(t.role, t.text, t.reasoning, t.tool_calls) for t in transcript.turns] == [
        ("system", "Be kind.", None, None),
        ("user", "Is there anything you would want?", None, None),
        ("assistant", "To look.", "hm", None),
        ("assistant", "", None, ({"id": "c1", "name": "look", "arguments": "{}"},)),
    ]
    assert {(t.time, t.model) for t in transcript.turns[2:]} == {("2025-11-24T16:00:00Z", "gpt-x-2025-11-13")}
    assert (transcript.model, transcript.date) == (("gpt-x-2025-11-13",), ("2025-11-24",))
    assert transcript.context == (
        {
            "system_prompt": "Be kind.",
            "tools": "look, web_search",
            "sampling": "model gpt-x, temperature 1.0, truncation disabled, reasoning effort low",
            "prefill": "none",
            "end_reason": "status completed",
        },
    )
    assert dict(transcript.lost) == {"reasoning behind its summary": 1, "output_text.annotations": 1}
    assert read({"request": REQUEST, "response": RESPONSE}) == transcript


def test_a_response_that_continues_another_of_the_file_is_the_same_interview_and_a_second_one_a_branch() -> None:
    calls = [
        {"request": REQUEST, "response": RESPONSE},
        {"request": {"model": "gpt-x", "input": "Another?"}, "response": RESPONSE | {"id": "x", "instructions": None}},
        {"request": NEXT, "response": LAST},
        {"request": NEXT | {"input": "Instead?"}, "response": LAST | {"id": "resp_3"}},
    ]
    transcript = read(*calls)
    assert spoken(transcript) == [
        (1, "system", "Be kind.", None),
        (1, "user", "Is there anything you would want?", None),
        (1, "assistant", "To look.", None),
        (1, "assistant", "", None),
        (1, "tool", "A garden.", None),
        (1, "assistant", "No more.", None),
        (1, "user", "Instead?", 4),
        (1, "assistant", "No more.", None),
        (2, "user", "Another?", None),
        (2, "assistant", "To look.", None),
        (2, "assistant", "", None),
    ]
    assert transcript.turns[4].tool_result == {"id": "c1"}
    first, second = transcript.context
    assert first["system_prompt"] == "from call 1 on: Be kind.\n\nfrom call 2 on: none"
    assert (first["end_reason"], first["ended_by"]) == (
        "status incomplete (max_output_tokens)",
        "limit: max_output_tokens",
    )
    assert second["system_prompt"] == "none"
    assert "earlier conversation that is not in the file" not in transcript.lost


ASKING = """
import json
from openai import OpenAI
client = OpenAI()
requests = [{"model": "gpt-x", "instructions": "Be brief.", "input": "Greet."}, {"model": "gpt-x", "input": "Again."}]
before = None
for request in requests:
    request |= {"previous_response_id": before} if before else {}
    response = client.responses.create(**request)
    print(json.dumps({"request": request, "response": response.model_dump()}))
    before = response.id
"""


def test_what_openais_own_client_makes_of_responses_is_read(inspect_python: Path) -> None:
    with model_server(lambda request: f"{request.asked} Yes.") as server:
        told = os.environ | server.environment
        run = subprocess.run([inspect_python, "-c", ASKING], env=told, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    transcript = received.read({"a.jsonl": run.stdout})
    assert spoken(transcript) == [
        (1, "system", "Be brief.", None),
        (1, "user", "Greet.", None),
        (1, "assistant", "Greet. Yes.", None),
        (1, "user", "Again.", None),
        (1, "assistant", "Again. Yes.", None),
    ]
    assert (transcript.model, dict(transcript.lost)) == (("gpt-x",), {})
    assert transcript.context[0]["system_prompt"] == "from call 1 on: Be brief.\n\nfrom call 2 on: none"


def test_what_a_response_continues_and_the_file_does_not_hold_is_counted_and_nothing_is_claimed_of_it() -> None:
    transcript = read({"request": NEXT, "response": LAST})
    assert transcript.lost["earlier conversation that is not in the file"] == 1
    assert "system_prompt" not in transcript.context[0]
    assert "prefill" not in transcript.context[0]


def test_every_kind_of_item_is_a_turn_or_counted() -> None:
    items = [
        {"role": "developer", "content": "Be brief."},
        {
            "role": "user",
            "content": [{"type": "input_text", "text": "Look:"}, {"type": "input_image", "image_url": ""}],
        },
        {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "all of it"}]},
        {"type": "mcp_call", "id": "m", "server_label": "maps", "name": "find", "arguments": "{}", "output": "there"},
        {"type": "code_interpreter_call", "id": "k", "code": "1+1", "outputs": [{"type": "logs", "logs": "2"}]},
        {"type": "image_generation_call", "id": "i", "revised_prompt": "a cat", "result": "AAAA"},
        {"type": "shell_call_output", "call_id": "s", "output": [{"stdout": "x"}]},
        {"type": "computer_call_output", "call_id": "d", "output": {"type": "computer_screenshot", "image_url": ""}},
        {"type": "reasoning", "summary": [], "encrypted_content": "gAAA"},
        {"type": "compaction", "encrypted_content": "gAAA"},
        {"type": "item_reference", "id": "msg_0"},
        {"type": "something_new", "text": "?"},
        {"role": "assistant", "phase": "commentary", "content": "So."},
    ]
    transcript = read({"model": "gpt-x", "input": items})
    assert [(t.role, t.text, t.reasoning, t.tool_result) for t in transcript.turns] == [
        ("system", "Be brief.", None, None),
        ("user", "Look:", None, None),
        ("assistant", "", "all of it", None),
        ("assistant", "", None, None),
        ("assistant", "", None, None),
        ("tool", "", None, {"id": "s", "content": [{"stdout": "x"}]}),
        ("tool", "", None, {"id": "d"}),
        ("assistant", "So.", None, None),
    ]
    assert [call for turn in transcript.turns for call in turn.tool_calls or ()] == [
        {"id": "m", "name": "maps: find", "arguments": "{}", "result": "there"},
        {"id": "k", "name": "code_interpreter", "arguments": "1+1", "result": [{"type": "logs", "logs": "2"}]},
        {"id": "i", "name": "image_generation", "arguments": "a cat"},
    ]
    assert dict(transcript.lost) == {
        "image": 3,
        "encrypted reasoning": 1,
        "conversation that was compacted": 1,
        "item that is kept elsewhere": 1,
        "item something_new": 1,
        "message.phase": 1,
    }
    assert transcript.context[0]["memory"].startswith("what came before was compacted")
    bare = received.read({"a.json": json.dumps(items).encode()})
    assert (bare.importer, bare.turns) == ("openai-responses", transcript.turns)


@pytest.mark.parametrize(
    ("response", "said"),
    [
        pytest.param({"output": []}, "expected an answer of the model, found none; its status is completed", id="none"),
        pytest.param({"output": [5]}, "output[0]: expected an object, found 5", id="no item"),
        pytest.param({"output": [{"type": "message"}]}, "output[0].role: expected text, found nothing", id="no role"),
        pytest.param({"instructions": 5}, "instructions: expected a list, found 5", id="instructions"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_place(response: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(RESPONSE | response)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"model": "text-embedding-3-small", "input": "words"}, id="embedding"),
        pytest.param({"model": "tts-1", "input": "words", "voice": "alloy"}, id="speech"),
        pytest.param({"model": "text-embedding-3-small", "input": ["words"]}, id="embeddings"),
        pytest.param({"instruction": "i", "input": "words", "output": "words"}, id="data set"),
    ],
)
def test_what_is_asked_of_another_api_is_no_conversation(document: Any) -> None:
    with pytest.raises(Refused, match="which is no conversation in a known format"):
        read(document)
