"""The model on this machine, asked by the clients of OpenAI and Anthropic as Inspect has them."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path

from tests.model_server import WORDS, Answer, Request, by_hash, failing, model_server

MODELS = ["openai/gpt-4o", "openai/x", "anthropic/claude-x"]
ASKING = """
import json, sys
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.solver import generate, system_message
models, questions = json.loads(sys.argv[1])
task = Task([Sample(each, id=each) for each in questions], solver=[system_message("Be brief."), generate()])
logs = []
for streaming, limit in (False, None), (True, 1):
    logs += eval(task, models, model_args={"streaming": streaming}, limit=limit, max_tokens=9, max_retries=2,
        fail_on_error=False, display="none", log_dir=sys.argv[2])
def told(sample):
    usage = sample.output.usage
    return sample.output.completion, sample.output.stop_reason, [usage.input_tokens, usage.output_tokens]
print(json.dumps([{s.id: type(s).__name__ if s.error else told(s) for s in log.samples} for log in logs]))
"""
SAID: dict[str, str | Answer] = {
    "Greet.": "Good day to you.",
    "Refuse.": Answer("I would rather not.", ended="refusal"),
    "Filter.": Answer(ended="content_filter"),
    "Slowly.": Answer("At last.", seconds=0.3),
    "Long.": "word " * 50,
    "Unauthorized.": Answer("Who are you?", status=401),
}


def answers(request: Request) -> str | Answer:
    return SAID[request.asked]


def test_both_clients_are_answered_as_their_makers_would_and_go_on_after_failures(
    tmp_path: Path, inspect_python: Path
) -> None:
    rule = answers
    for number, failure in enumerate(
        [Answer("slow down", status=429, retry_after=0.01), Answer(cut=0), Answer(cut=150), Answer(status=500)], 1
    ):
        rule = failing(rule, failure, first=5 - number)
    with model_server(failing(rule, Answer(status=529, retry_after=0.01), every=9)) as server:
        command = [inspect_python, "-c", ASKING, json.dumps([MODELS, list(SAID)]), tmp_path]
        environment = {**os.environ, **server.environment}
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=90)
    assert run.returncode == 0, run.stderr
    whole = {
        "Greet.": ["Good day to you.", "stop", [3, 4]],
        "Slowly.": ["At last.", "stop", [3, 2]],
        "Long.": ["word " * 9, "max_tokens", [3, 9]],
        "Refuse.": ["I would rather not.", "stop", [3, 4]],
        "Filter.": ["", "content_filter", [3, 0]],
        "Unauthorized.": "EvalSample",
    }
    refused = {"Refuse.": ["I would rather not.", "content_filter", [3, 4]]}
    assert json.loads(run.stdout) == [whole, whole, whole | refused] + [{"Greet.": whole["Greet."]}] * 3
    asked = {(each.path, bool(each.body.get("stream"))) for each in server.requests}
    doors = ("/v1/chat/completions", "/v1/responses", "/v1/messages")
    assert asked == {(door, streaming) for door in doors for streaming in (False, True)}
    last = server.requests[-1]
    assert last.messages == [("system", "Be brief."), ("user", last.asked)]
    keys = {each.path: each.headers["authorization"] for each in server.requests}
    assert keys == {door: f"Bearer sk-{'ant-' * ('messages' in door)}of-ada" for door in doors}
    assert len(server.requests) > 3 * (len(SAID) + 1)  # what failed was asked again


def test_the_same_words_get_the_same_answer_and_what_the_test_wants_sent_is_sent() -> None:
    def ask(words: str) -> bytes:
        body = json.dumps({"model": "x", "messages": [{"role": "user", "content": words}]}).encode()
        return urllib.request.urlopen(f"{server.address}/v1/chat/completions", body, 10).read()

    with model_server() as server:
        said = [json.loads(ask(f"Question {n}?"))["choices"][0]["message"]["content"] for n in [*range(40)] * 2]
        server.answers = failing(by_hash, Answer(raw=b'{"choices": ['), every=2)
        ask("Question 1?")
        assert (ask("Question 1?"), b"content" in ask("Question 1?")) == (b'{"choices": [', True)
    assert (said[:40], set(said)) == (said[40:], set(WORDS))
    assert [each.number for each in server.requests] == list(range(1, 84))
