"""Corpora: transcripts, essays, logs and exports of invented words.

Everything depends on what is asked for and its number alone, so the first hundred of ten thousand are the same hundred.
What is written is written one by one: who measures memory must not use much (`benchmarks.measure`).
"""

import json
import random
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, product
from pathlib import Path
from typing import Any

MODEL = "example-heron-1"
TURNS = 40
"""Of a transcript; with what is said in them it is about 6,000 words, 42 KB of JSON."""
_HEADS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "f",
    "fl",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "qu",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "z",
]
_HEARTS = ["a", "ai", "e", "ea", "i", "o", "oa", "ou", "u"]
_TAILS = ["", *["l", "m", "n", "nd", "r", "rt", "s", "st", "t"]]


@cache
def _lexicon() -> tuple[list[str], list[float]]:
    """20,000 words from the common to the rare, and how often they are said, summed up, as Zipf found it."""
    rng = random.Random("lexicon")
    sounds = ["".join(parts) for parts in product(_HEADS, _HEARTS, _TAILS)]
    short = rng.sample(sounds, 600)
    long = {"".join(rng.choices(sounds, k=rng.choice((2, 2, 3)))): None for _ in range(21_000)}
    words = list(dict.fromkeys([*short, *long]))[:20_000]
    return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))


def prose(rng: random.Random, length: int) -> str:
    """So many words in sentences."""
    words, often = _lexicon()
    said = rng.choices(words, cum_weights=often, k=length)
    start = 0
    while start < length:
        end = min(start + rng.randint(5, 24), length) - 1
        said[start] = said[start].capitalize()
        said[end] += rng.choice("....?")
        if end - start > 9:
            said[start + 4] += ","
        start = end + 1
    return " ".join(said)


def turns(kind: str, number: int, *, count: int = TURNS) -> list[tuple[str, str]]:
    """Role and text of each turn; the model says seven times as much as the one who asks."""
    rng = random.Random(f"{kind} {number}")
    spans = {"user": (10, 60), "assistant": (150, 380)}
    roles = ("user", "assistant") * (count // 2)
    return [(role, prose(rng, rng.randint(*spans[role]))) for role in roles]


def transcripts(folder: Path, first: int, count: int) -> list[str]:
    """Write transcripts as requests in OpenAI's form, those that are not there yet; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"t{number:06d}.json" for number in range(first, first + count)]
    for number, name in enumerate(names, first):
        if not (folder / name).exists():
            said = [{"role": role, "content": text} for role, text in turns("transcript", number)]
            _write(folder / name, json.dumps({"model": MODEL, "messages": said}))
    return names


def table(path: Path, count: int) -> Path:
    """The same turns as rows, one JSON object a line, for programs that load a table."""
    with path.open("w") as file:
        for number in range(count):
            for place, (role, text) in enumerate(turns("transcript", number)):
                row = {"id": f"{number}/{place}", "transcript": number, "turn": place, "role": role, "text": text}
                file.write(json.dumps(row) + "\n")
    return path


def essay(folder: Path, number: int) -> Path:
    """A folder ``essay-000123`` with an essay of about 1,200 words and how it was made, ready to be submitted."""
    rng = random.Random(f"essay {number}")
    parts = [prose(rng, 100)]
    for _ in range(4):
        listed = "\n".join(f"- {prose(rng, 12)}" for _ in range(3))
        parts += [f"## {prose(rng, 4)[:-1]}", prose(rng, 90), f"*{prose(rng, 9)}* {prose(rng, 80)}", listed]
        parts.append(f"> {prose(rng, 40)}")
    making = {"model": MODEL, "title": prose(rng, 5)[:-1], "title_by": "model", "topic_by": "model"}
    making |= dict.fromkeys(("prompt", "sampling", "selection"), "not_recorded: made up for measuring")
    stated = "".join(f"{key} = {json.dumps(value)}\n" for key, value in making.items())
    place = folder / f"essay-{number:06d}"
    place.mkdir(parents=True)
    (place / "essay.md").write_text("\n\n".join(parts) + "\n")
    (place / "essay.toml").write_text(f"format = 1\n{stated}context = []\ncandidates = 1\n")
    return place


def inspect_log(path: Path, mebibytes: int) -> Path:
    """A log of Inspect, ``.eval``, with samples of 21 KB; so large when unpacked."""
    header = {
        "version": 2,
        "status": "success",
        "eval": {"created": "2025-11-01T10:00:00+00:00", "model": f"example/{MODEL}", "dataset": {}},
        "plan": {"config": {"temperature": 0.7}},
        "stats": {"started_at": "2025-11-01T10:00:05+00:00"},
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("header.json", json.dumps(header))
        for number, sample in enumerate(_until(mebibytes, _samples()), 1):
            file.writestr(f"samples/{number}_epoch_1.json", sample)
    return path


def _samples() -> Iterator[str]:
    number = 0
    while number := number + 1:
        said = [{"role": role, "content": text} for role, text in turns("sample", number, count=20)]
        output = {"model": MODEL, "choices": [{"message": said[-1], "stop_reason": "stop"}]}
        sample = {"id": number, "epoch": 1, "input": said[0]["content"], "target": "", "messages": said}
        yield json.dumps(sample | {"output": output})


def chatgpt_export(path: Path, mebibytes: int) -> Path:
    """A ``conversations.json`` of that size, of conversations of 32 KB."""
    with path.open("w") as file:
        for number, conversation in enumerate(_until(mebibytes, map(json.dumps, _conversations()))):
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


def _until(mebibytes: int, texts: Iterator[str]) -> Iterator[str]:
    left = mebibytes << 20
    for text in texts:
        yield text
        left -= len(text)
        if left <= 0:
            return


def _write(path: Path, text: str) -> None:
    """Whole or not at all: what is there is taken for made."""
    beside = path.with_suffix(".part")
    beside.write_text(text)
    beside.replace(path)
