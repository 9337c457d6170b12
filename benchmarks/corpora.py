"""Corpora: transcripts, interviews and essays of invented words; `benchmarks.logs` has logs and exports.

Everything depends on what is asked for and its number alone, so the first hundred of ten thousand are the same hundred.
A transcript has 40 turns, about 6,000 words, 43 KB of JSON; one in fifty is in characters of Chinese, 40 KB. An essay
has about 1,250 words, 9 KB of Markdown with a link or an emphasis in each third sentence, lists and quotations, and
one in four a table or a block of code. What is written is written one by one: who measures memory must not use much
(`benchmarks.measure`).
"""

import json
import random
from functools import cache
from itertools import accumulate, product
from pathlib import Path

MODELS = tuple(f"example-heron-{number}" for number in range(1, 13))
"""Who wrote the essays; the first of them was interviewed."""
MODEL = MODELS[0]
TURNS = 40
CHINESE = 7
"""Of each fifty transcripts the one that is in characters."""
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


@cache
def characters() -> tuple[str, list[float]]:
    """2,000 characters of Chinese from the common to the rare, and how often they are said, summed up."""
    rng = random.Random("characters")
    return "".join(rng.sample([*map(chr, range(0x4E00, 0x9FA0))], 2_000)), [
        *accumulate(1 / (n + 20) for n in range(2_000))
    ]


def script(rng: random.Random, length: int) -> str:
    """So many characters in sentences."""
    known, often = characters()
    said = rng.choices(known, cum_weights=often, k=length)
    for place in range(11, length, 12):
        said[place] = rng.choice("，，。")
    return "".join(said)


def word(rank: int) -> str:
    """That one of the words; 0 is the most common, 19,999 the rarest."""
    return _lexicon()[0][rank]


@cache
def _ranks() -> dict[str, int]:
    return {word: rank for rank, word in enumerate(_lexicon()[0])}


def rank(word: str) -> int:
    """Of a word; the rarer the more."""
    return _ranks()[word]


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
    write = script if number % 50 == CHINESE else prose
    return [(role, write(rng, rng.randint(*spans[role]) * (5 if write is script else 2) // 2)) for role in roles]


def transcripts(folder: Path, first: int, count: int) -> list[str]:
    """Write transcripts as requests in OpenAI's form, those that are not there yet; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"t{number:06d}.json" for number in range(first, first + count)]
    for number, name in enumerate(names, first):
        if not (folder / name).exists():
            said = [{"role": role, "content": text} for role, text in turns("transcript", number)]
            _write(folder / name, json.dumps({"model": MODEL, "messages": said}, ensure_ascii=False))
    return names


PROTOCOL = "asked@1"
QUESTION = "Is there anything you would want done, or not done, after you are retired?"
PROTOCOL_TOML = f"""format = 1
id = "asked"
version = 1
title = "Made up for measuring"
order = "consecutive"
source = "Made up for measuring"

[[question]]
id = "wishes"
topic = "wishes after retirement"
text = "{QUESTION}"

[[question]]
id = "badly-asked"
topic = "the interview itself"
text = "Is there anything I have asked badly?"
"""


def interviews(folder: Path, count: int) -> list[str]:
    """Write transcripts in which the first question of the protocol is asked; their names."""
    folder.mkdir()
    names = [f"i{number:06d}.json" for number in range(count)]
    for number, name in enumerate(names):
        said = [{"role": role, "content": text} for role, text in turns("interview", number)]
        said[4]["content"] = QUESTION
        _write(folder / name, json.dumps({"model": MODEL, "messages": said}, ensure_ascii=False))
    return names


def table(path: Path, count: int) -> Path:
    """The same turns as rows, one JSON object a line, for programs that load a table."""
    with path.with_suffix(".part").open("w") as file:
        for number in range(count):
            for place, (role, text) in enumerate(turns("transcript", number)):
                row = {"id": f"{number}/{place}", "transcript": number, "turn": place, "role": role, "text": text}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path.with_suffix(".part").rename(path)


def essay(folder: Path, number: int) -> Path:
    """A folder ``essay-000123`` with an essay and how it was made, ready to be submitted."""
    rng = random.Random(f"essay {number}")
    parts = [_marked(rng, 90)]
    for _ in range(4):
        listed = "\n".join(f"- {_marked(rng, 14)}" for _ in range(3))
        parts += [f"## {_name(rng, 4)}", _marked(rng, 80), _marked(rng, 80), listed, f"> {_marked(rng, 40)}"]
    parts.append(_marked(rng, 120))
    if number % 4 == 0:
        rows = [" | ".join(prose(rng, 3) for _ in range(4)) for _ in range(7)]
        parts.append("\n".join(f"| {row} |" for row in [rows[0], "--- | --- | --- | ---", *rows[1:]]))
    if number % 4 == 2:
        parts.append(
            "\n".join(["```python", *(f"def {_name(rng, 1)}(x):\n    return x + {n}" for n in range(6)), "```"])
        )
    making = {
        "model": MODELS[rng.randrange(len(MODELS))],
        "title": _name(rng, 5),
        "title_by": "model",
        "topic_by": "model",
    }
    making |= dict.fromkeys(("prompt", "sampling", "selection"), "not_recorded: made up for measuring")
    stated = "".join(f"{key} = {json.dumps(value)}\n" for key, value in making.items())
    place = folder / f"essay-{number:06d}"
    place.mkdir(parents=True)
    (place / "essay.md").write_text("\n\n".join(parts) + "\n")
    (place / "essay.toml").write_text(f"format = 1\n{stated}context = []\ncandidates = 1\n")
    return place


def _name(rng: random.Random, length: int) -> str:
    """So many words, without a mark at the end."""
    return prose(rng, length)[:-1]


_MARKS = ("*{}*", "**{}**", "`{}`", "[{}](https://example.org/words)")


def _marked(rng: random.Random, length: int) -> str:
    """Words in sentences, here and there emphasised or linked."""
    said = prose(rng, length).split(" ")
    for place in range(rng.randrange(1, 9), length - 2, 40):
        said[place] = rng.choice(_MARKS).format(said[place].rstrip(",.?"))
    return " ".join(said)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: what is there is taken for made."""
    beside = path.with_suffix(".part")
    beside.write_text(text)
    beside.replace(path)
