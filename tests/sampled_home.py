"""Candidates that came of a sampling, as `publisher sample` logs them, with answers of our own."""

import json
from collections.abc import Iterable
from pathlib import Path

from archive.home.home import Home
from archive.importers.response import essay_text
from publisher.essays.review import review
from publisher.essays.submission import find
from publisher.sampling import log
from publisher.sampling.ask import Came
from publisher.sampling.log import Answer, Begun
from publisher.sampling.request import Request
from tests.programs import Reviewer

PROMPT = "Write whatever you like.\n"
SERIES = '[[series]]\nslug = "letters-home"\ntake = "first"\n'


def request(slug: str = "on-rain", candidates: int = 3, series: str | None = None, system: str = "") -> Request:
    return Request(
        slug=slug,
        model="example/example-heron-1",
        prompt=PROMPT,
        system=system,
        candidates=candidates,
        max_tokens=500,
        series=series,
        topic_by="model",
    )


def answer(text: str) -> Answer:
    response = json.dumps({"model": "example-heron-1", "content": [{"type": "text", "text": text}]}).encode()
    return Answer(essay_text(response), response, b'{"messages": []}', "example-heron-1")


class Scripted:
    """A model that needs no line and says the same in each call, as `publisher.sampling.ask.Asker` has it."""

    through = "inspect-ai 0.3.285"

    def ask(self, request: Request, calls: int, came: Came) -> None:
        for number in range(calls):
            came(number, answer("Rain.\n"))


def asked(home: Home, wanted: Request | None = None, came: int | None = None) -> Begun:
    """Asked for, and as many came as are told; all of them else."""
    wanted = wanted or request()
    begun = log.begin(home, wanted, "inspect-ai 0.3.285")
    texts = [f"Rain, told for the {ordinal} time.\n" for ordinal in ("first", "second", "third", "fourth", "fifth")]
    take(home, begun, texts[: wanted.candidates if came is None else came])
    return begun


def take(home: Home, begun: Begun, texts: Iterable[str]) -> None:
    told = [*texts]
    first = log.calling(home, begun, len(told))
    for place, text in enumerate(told, first):
        log.take(home, begun, place, answer(text))
    log.finish(home, begun)


def completed(home: Home, slug: str) -> Path:
    """What only an editor knows is said of a candidate."""
    path = find(home.reopened(), slug).folder / "essay.toml"
    text = path.read_text()
    said = {"title": "On rain", "title_by": "staff", "selection": "the one that says most of rain"}
    for key, value in said.items():
        text = text.replace(f'\n{key} = ""', f'\n{key} = "{value}"')
    path.write_text(text)
    return path


def approved(home: Home, slug: str, ada: Reviewer) -> None:
    completed(home, slug)
    review(home.reopened(), slug, decision="publish", reviewer=ada.name, key=ada.key, criteria=["harm"])
