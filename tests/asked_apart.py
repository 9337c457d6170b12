"""Runs commands of `publisher` one after the other beside Inspect, in processes that have imported it already.

Reads a list of them from stdin, as JSON: ``{"arguments": […], "environment": {…}, "kill": "essays/*-1"}``, the last a
pattern in the home at whose first match the command is killed. With ``"mock": ["…"]`` the arguments are those of
`request.read`, and Inspect's own mockllm answers these texts. Prints what came of each: exit code, stdout, stderr.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import inspect_ai.log  # type: ignore[import-not-found]  # noqa: F401 - all of it before the first process is made
from inspect_ai.model import ModelOutput, ModelUsage, get_model  # type: ignore[import-not-found]

import publisher.cli.sampling  # noqa: F401
from archive.home.home import Home
from publisher.cli.commands import main
from publisher.sampling.ask import Asker
from publisher.sampling.request import Request
from publisher.sampling.sample import sample


def run(command: dict[str, Any]) -> list[Any]:
    out, err = (Path(f"{name}.{os.getpid()}") for name in ("out", "err"))
    child = os.fork()
    if not child:
        for descriptor, path in ((1, out), (2, err)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
        os.environ.update(command.get("environment", {}))
        for name in command.get("without", []):
            os.environ.pop(name, None)
        code = 1
        try:
            code = mocked(command) if "mock" in command else typed(command["arguments"])
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    home = Path(os.environ["ARCHIVE_HOME"])
    while (pattern := command.get("kill")) and not list(home.glob(pattern)):
        time.sleep(0.01)
    if pattern:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return [os.waitstatus_to_exitcode(status), out.read_text(), err.read_text()]


def typed(arguments: list[str]) -> int:
    try:
        main(arguments, standalone_mode=True)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def mocked(command: dict[str, Any]) -> int:
    outputs = [ModelOutput.from_content("mockllm", text) for text in command["mock"]]
    for output in outputs:
        output.usage = ModelUsage()
    model = get_model("mockllm/model", custom_outputs=outputs)
    home = Home.at(Path(os.environ["ARCHIVE_HOME"]))
    done = sample(home, Request(**command["arguments"]), Asker(model, "inspect-ai", 0), print)
    return int(done.missing)


if __name__ == "__main__":
    for name in ("openai/gpt-4o", "anthropic/claude-3-opus-20240229"):
        get_model(name, memoize=False)  # loads the provider's client
    json.dump([run(command) for command in json.load(sys.stdin)], sys.stdout)
