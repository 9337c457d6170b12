"""Large files of many conversations, as other programs write them, of the words of `benchmarks.corpora`."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.corpora import MODEL, turns


def inspect_log(path: Path, megabytes: int) -> Path:
    """A log of Inspect, ``.eval``, of that size, with samples of 21 KB, which are not packed."""
    header = {
        "version": 2,
        "status": "success",
        "eval": {"created": "2025-11-01T10:00:00+00:00", "model": f"example/{MODEL}", "dataset": {}},
        "plan": {"config": {"temperature": 0.7}},
        "stats": {"started_at": "2025-11-01T10:00:05+00:00"},
    }
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("header.json", json.dumps(header))
        for number, sample in enumerate(_until(megabytes, _samples()), 1):
            file.writestr(f"samples/{number}_epoch_1.json", sample)
    return path


def _samples() -> Iterator[str]:
    number = 0
    while number := number + 1:
        said = [{"role": role, "content": text} for role, text in turns("sample", number, count=20)]
        output = {"model": MODEL, "choices": [{"message": said[-1], "stop_reason": "stop"}]}
        sample = {"id": number, "epoch": 1, "input": said[0]["content"], "target": "", "messages": said}
        yield json.dumps(sample | {"output": output})


def chatgpt_export(path: Path, megabytes: int) -> Path:
    """A ``conversations.json`` of that size, of conversations of 32 KB."""
    with path.open("w") as file:
        for number, conversation in enumerate(_until(megabytes, map(json.dumps, _conversations()))):
            file.write(("," if number else "[") + conversation)
        file.write("]")
    return path


def _conversations() -> Iterator[dict[str, Any]]:
    number = 0
    while number := number + 1:
        begun = 1_760_000_000 + 600 * number
        mapping: dict[str, Any] = {"0": {"id": "0", "parent": None, "children": ["1"], "message": None}}
        said = turns("conversation", number, count=30)
        for place, (role, text) in enumerate(said, 1):
            message = {
                "author": {"role": role},
                "create_time": begun + 60 * place,
                "content": {"content_type": "text", "parts": [text]},
                "metadata": {"model_slug": MODEL} if role == "assistant" else {},
                "recipient": "all",
            }
            children = [str(place + 1)] if place < len(said) else []
            own = str(place)
            mapping[own] = {"id": own, "parent": str(place - 1), "children": children, "message": message}
        named = {"title": f"Conversation {number}", "create_time": begun, "conversation_id": str(number)}
        yield named | {"mapping": mapping, "current_node": str(len(said))}


def _until(megabytes: int, texts: Iterator[str]) -> Iterator[str]:
    left = megabytes * 1_000_000
    for text in texts:
        yield text
        left -= len(text)
        if left <= 0:
            return
