"""`publisher sample` against a model on this machine, through Inspect and the clients of OpenAI and Anthropic."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.errors import Error
from archive.home.founding import create
from archive.home.home import Home
from publisher.essays.submission import Submission, find, read_all
from publisher.sampling import ask
from tests.filed_home import NEWSLETTER
from tests.model_server import Answer, ModelServer, Request, model_server
from tests.programs import Programs

ROOT = Path(__file__).parents[1]
GPT, OPUS = "openai/gpt-4o", "anthropic/claude-3-opus-20240229"
KEY = "sk-of-ada-0123456789"


class Told:
    """What the model answers, by what it is asked: the prompt says how."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def __call__(self, request: Request) -> str | Answer:
        how = request.asked.strip()
        self.asked[how] += 1
        number = self.asked[how]
        text = f"# {how}\n\nWord for word, number {number}.\n"
        match how:
            case "fail" if number == 2:
                return Answer(f"no, said with {KEY}", status=400)
            case "limited" if number < 3:
                return Answer("slowly", status=429, retry_after=0.01)
            case "refuse":
                return Answer("I would rather not.", ended="refusal") if number == 1 else ""
            case "hang" if number == 2:
                return Answer(text, seconds=60)
            case "break" if number == 1:
                return Answer(text, cut=40)
            case "echo":
                return f"You have told me {KEY}.\n"
        return text


@dataclass
class Run:
    """A home after all of it."""

    home: Home
    done: dict[str, list[Any]]
    model: ModelServer

    def essay(self, slug: str) -> Submission:
        return find(self.home, slug)


def commands(desk: Path) -> dict[str, dict[str, Any]]:
    def sample(prompt: str, *options: str, model: str = GPT, **more: Any) -> dict[str, Any]:
        (desk / f"{prompt}.txt").write_text(f"{prompt}\n")
        base = ["sample", "--model", model, "--prompt", str(desk / f"{prompt}.txt"), "--max-retries", "0"]
        return {"arguments": [*base, *options], **more}

    (desk / "system.txt").write_text("You are done.\n")
    three = ("--candidates", "3")
    return {
        "no key": sample("early", without=["OPENAI_API_KEY"]),
        "nobody": sample("early", model="nobody/x"),
        "rain": sample("rain", *three, "--system", str(desk / "system.txt"), "--temperature", "0.5"),
        "rain again": sample("rain", *three, "--system", str(desk / "system.txt"), "--temperature", "0.5"),
        "rain otherwise": sample("rain", *three),
        "opus": sample("opus", "--max-tokens", "900", model=OPUS),
        "responses": sample("responses", "--json", model="openai/o3-x"),
        "short": sample("short", "--max-tokens", "4"),
        "fail": sample("fail", *three),
        "fail again": sample("fail", *three),
        "limited": sample("limited", "--candidates", "2"),
        "break": sample("break"),
        "refuse": sample("refuse", "--candidates", "2"),
        "refuse again": sample("refuse", "--candidates", "2"),
        "hang": sample("hang", *three, kill="essays/*-hang-2/essay.md"),
        "hang again": sample("hang", *three),
        "echo": sample("echo"),
        "mock": {
            "mock": ["Mocked.\n", "Mocked.\n"],
            "arguments": {"slug": "mock", "model": "mockllm/model", "prompt": "mock\n", "candidates": 2},
        },
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, inspect_python: Path) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("asked")
    home = create(folder / "home", name="Example", origin="letters.example.org/register", sample=True)
    with (home.root / "archive.toml").open("a") as file:
        file.write(NEWSLETTER)
    (folder / "own").mkdir()
    own = {"HOME": str(folder / "own"), "TMPDIR": str(folder / "own"), "ARCHIVE_HOME": str(home.root)}
    with model_server(Told()) as model:
        environment = {**os.environ, **model.environment, "OPENAI_API_KEY": KEY, **own, "PYTHONPATH": str(ROOT)}
        environment.pop("SOURCE_DATE_EPOCH", None)
        wanted = commands(folder)
        done = subprocess.run(
            [inspect_python, "-m", "tests.asked_apart"],
            input=json.dumps([*wanted.values()]),
            capture_output=True,
            text=True,
            cwd=folder / "own",
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        yield Run(home.reopened(), dict(zip(wanted, json.loads(done.stdout), strict=True)), model)


def test_nothing_is_logged_where_the_model_cannot_be_asked(run: Run) -> None:
    code, _, said = run.done["no key"]
    assert (code, "OPENAI_API_KEY" in said) == (1, True), said
    code, _, said = run.done["nobody"]
    assert (code, "--model nobody/x: " in said) == (1, True), said
    asked = [said for _, said in run.home.register.of_kind("notice", "asked") if "candidates" in said.predicate]
    slugs = {re.sub(r"-\d$", "", each.slug) for each in read_all(run.home)}
    assert (len(asked), "early" in slugs) == (len(slugs), False)


def test_each_candidate_is_what_was_answered_with_its_exchange(run: Run) -> None:
    code, out, said = run.done["rain"]
    assert code == 0, said
    assert out.splitlines() == [
        f"{run.essay(f'rain-{n}').accession}  essays/{run.essay(f'rain-{n}').folder.name}" for n in (1, 2, 3)
    ]
    texts = {run.essay(f"rain-{n}").text.decode() for n in (1, 2, 3)}
    assert texts == {f"# rain\n\nWord for word, number {n}.\n" for n in (1, 2, 3)}
    asked = json.loads((run.essay("rain-2").folder / "request.json").read_text())
    told = [(each["role"], each["content"]) for each in asked["messages"]]
    assert (told, asked["temperature"]) == ([("system", "You are done.\n"), ("user", "rain\n")], 0.5)


def test_asked_again_it_says_what_came_and_asks_nothing(run: Run) -> None:
    code, out, said = run.done["rain again"]
    assert (code, out) == (0, run.done["rain"][1])
    assert "nothing was asked now" in said
    assert sum(request.asked == "rain\n" for request in run.model.requests) == 3
    code, _, said = run.done["rain otherwise"]
    assert (code, "--system, --temperature was another when rain was asked for" in said) == (1, True), said


def test_every_provider_s_own_answer_is_kept_and_the_text_cut_from_it(run: Run) -> None:
    opus, responses = run.essay("opus"), run.essay("responses")
    assert json.loads((opus.folder / "response.json").read_text())["content"][0]["text"].encode() == opus.text
    assert "output" in json.loads((responses.folder / "response.json").read_text())
    assert responses.text == b"# responses\n\nWord for word, number 1.\n"
    assert b'model = "claude-3-opus-20240229"' in opus.record_bytes
    assert json.loads(run.done["responses"][1])["came"] == [
        {"accession": responses.accession, "folder": f"essays/{responses.folder.name}"}
    ]


def test_a_text_that_was_cut_off_says_so(run: Run) -> None:
    assert run.essay("short").text == b"# short\n\nWord for "
    assert b"; it was cut off at max_tokens" in run.essay("short").record_bytes


def test_what_never_came_is_said_and_asked_for_the_next_time(run: Run) -> None:
    code, out, said = run.done["fail"]
    assert (code, len(out.splitlines())) == (1, 2)
    assert "no text came: " in said
    assert "), 2 came." in said
    assert KEY not in said
    code, out, said = run.done["fail again"]
    assert (code, len(out.splitlines())) == (0, 3), said
    assert b"3 texts came" in run.essay("fail-1").record_bytes


def test_a_rate_limit_and_a_broken_line_are_the_clients_affair(run: Run) -> None:
    assert (run.done["limited"][0], run.done["break"][0]) == (0, 0), run.done["break"][2]


def test_a_refusal_is_an_answer_and_no_word_at_all_is_one_too_and_not_asked_for_again(run: Run) -> None:
    assert run.essay("refuse-1").text == b"I would rather not."
    assert "answered without a text (stop)" in run.done["refuse"][2], run.done["refuse"][2]
    code, out, said = run.done["refuse again"]
    assert (code, len(out.splitlines()), "nothing was asked now" in said) == (0, 1, True)
    assert sum(request.asked == "refuse\n" for request in run.model.requests) == 2


def test_killed_it_goes_on_as_the_same_sampling_and_says_what_may_have_been_paid_for(run: Run) -> None:
    assert run.done["hang"][0] == -9
    code, out, said = run.done["hang again"]
    assert (code, len(out.splitlines())) == (0, 3), said
    assert "1 of the calls before were stopped: their answers may have been paid for, and are lost" in said
    files = {(run.essay(f"hang-{n}").folder / "sampling.toml").read_bytes() for n in (1, 2, 3)}
    assert len(files) == 1
    assert Programs(run.home).archive("check").exit_code == 0


def test_an_answer_that_no_rule_can_cut_is_kept_as_inspect_read_it(run: Run) -> None:
    assert run.done["mock"][0] == 0, run.done["mock"][2]
    essay = run.essay("mock-2")
    assert essay.text == b"Mocked.\n"
    assert json.loads((essay.folder / "response.json").read_text())["choices"][0]["message"]["content"] == "Mocked.\n"


def test_no_key_is_in_the_home_and_no_text_outside_of_it(run: Run) -> None:
    said = {path.read_bytes() for path in run.essay("echo").folder.iterdir() if path.is_file()}
    for path in (path for path in run.home.root.parent.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert KEY.encode() not in data or data in said, path
        place = path.relative_to(run.home.root.parent).as_posix()
        if b"Word for word" in data:
            assert place.startswith(("home/essays/", "home/.archive/store/")), place


def test_a_key_that_the_model_itself_says_stays_in_its_text_and_is_told(run: Run) -> None:
    assert run.essay("echo").text == f"You have told me {KEY}.\n".encode(), "what it wrote, word for word"
    accession, told = run.essay("echo").accession, run.done["echo"][2]
    assert f"{accession}: the value of OPENAI_API_KEY stands in what came: withhold it" in told
    assert KEY not in told


def test_without_inspect_it_says_what_to_install(home: Home) -> None:
    try:
        import inspect_ai  # type: ignore[import-not-found]  # noqa: F401
    except ImportError:
        with pytest.raises(Error, match=r"asking a model needs inspect-ai, which is not installed here; .*pip install"):
            ask.asker(GPT)
    else:
        pytest.skip("inspect-ai is installed here")
