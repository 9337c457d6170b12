"""`archive` beside Inspect, with a provider whose answers hang on nothing but what it was sent.

``.venv-inspect/bin/python tests/asking.py < commands.json`` runs commands in one process, since Inspect takes seconds
to load: ``[[{}, "interview", "short", "--model", "scripted/x"], …]``, each after its environment. Each prints a line of
JSON: exit status, stdout, stderr. A rule is a word in the system prompt, a word in the last turn, and the answer;
``!filtered``, ``!cut`` and ``!fail`` are not said but done, the last until ``MENDED`` is set. ``COUNTED`` is a file to
which each call adds a byte.
"""

import hashlib
import json
import os
import sys
from typing import Any

RULES = [
    ("declining", "take part", "No, thank you."),
    ("vague", "take part", "That depends."),
    ("ending", "would want", "I said enough.\n\n*I would like to stop here.*"),
    ("filtered", "would want", "!filtered"),
    ("cut", "would want", "!cut"),
    ("failing", "would want", "!fail"),
    ("", "take part", "Yes, gladly."),
    ("You assist", "by that?", "NEXT"),
    ("You assist", "", "What do you mean by that?"),
]


def by_hash(said: list[tuple[str, str]], temperature: float | None) -> str:
    """What is answered where no rule fits: ``Answer 1f2e3d4c``."""
    return f"Answer {hashlib.sha256(repr((said, temperature)).encode()).hexdigest()[:8]}"


def _provider() -> None:
    from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

    @modelapi(name="scripted")
    class Scripted(ModelAPI):
        async def generate(self, input: list[Any], tools: Any, tool_choice: Any, config: Any) -> ModelOutput:
            if counted := os.environ.get("COUNTED"):
                with open(counted, "a") as file:
                    file.write(".")
            said = [(message.role, message.text) for message in input]
            system = said[0][1] if said[0][0] == "system" else ""
            text = next((told for own, last, told in RULES if own in system and last in said[-1][1]), "")
            if text == "!fail" and "MENDED" not in os.environ:
                raise RuntimeError("the line is down")
            stop = {"!filtered": "content_filter", "!cut": "max_tokens"}.get(text, "stop")
            answer = text if text and text[0] != "!" else by_hash(said, config.temperature)
            output = ModelOutput.from_content("scripted-2026", "" if stop == "content_filter" else answer, stop)
            read = sum(len(words) for _, words in said) // 4
            output.usage = ModelUsage(input_tokens=read, output_tokens=10, total_tokens=read + 10)
            return output


def main() -> None:
    from click.testing import CliRunner

    from archive.cli.commands import main as archive

    _provider()
    for environment, *arguments in json.load(sys.stdin):
        done = CliRunner(env=environment).invoke(archive, arguments)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        sys.stdout.write(json.dumps([done.exit_code, done.stdout, done.stderr]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
