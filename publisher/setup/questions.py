"""What a newsletter is asked: a question for each key of ``[newsletter]`` that none can do without.

What an answer may be is said once, by `archive.home.configuration.Newsletter`.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from archive.errors import Problem, Refused
from archive.home.configuration import Newsletter, Section
from archive.home.founding import origin_problems
from archive.records.sidecar import faults_of

Answers = Mapping[str, str]
"""Key of ``[newsletter]`` → its value: ``{"base_url": "https://letters.example.org"}``."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of them."""

    key: str
    """In ``[newsletter]``."""
    asks: str
    """In a few words."""
    explains: str
    """Said before it is asked, and above its line in ``archive.toml``: at most 78 characters a line."""
    propose: Callable[[Answers, dt.date], str] = lambda answers, today: ""
    """What it most likely is, from the answers before it."""

    @property
    def option(self) -> str:
        """``--base-url``"""
        return f"--{self.key.replace('_', '-')}"

    def taken(self, said: str) -> str:
        """The answer, where it can be one. Raises `Refused`."""
        if found := fault(self.key, said):
            raise Refused([found])
        return said

    def proposed(self, answers: Answers, today: dt.date) -> str:
        """Something that can be taken as it is; empty where nothing can be proposed."""
        found = self.propose(answers, today)
        return "" if not found or fault(self.key, found) else found


def _host(answers: Answers) -> str:
    try:
        return urlsplit(answers.get("base_url", "")).hostname or ""
    except ValueError:
        return ""


def _default(key: str) -> Callable[[Answers, dt.date], str]:
    return lambda answers, today: str(Newsletter.model_fields[key].default)


def _zone(answers: Answers, today: dt.date) -> str:
    """The one this machine goes by, else UTC."""
    link = Path("/etc/localtime")
    named = os.environ.get("TZ") or (str(link.readlink()) if link.is_symlink() else "")
    zone = named.rpartition("zoneinfo/")[2].lstrip(":").removeprefix("Etc/")
    return zone if zone and not fault("timezone", zone) else "UTC"


QUESTIONS = (
    Question("title", "Title of the newsletter", "What readers know it by."),
    Question(
        "base_url",
        "Address of the site",
        "Where the site's root will be, without a slash at the end, as in\n"
        "https://letters.example.org. Links in mails and feeds begin with it.",
    ),
    Question(
        "from",
        "Who sends the mail",
        "A name and one mail address, as in Letters After <letters@example.org>.",
    ),
    Question(
        "list_id",
        "The list's id",
        "By which mail programs know the list, whoever sends for it (RFC 2919).",
        lambda answers, today: _host(answers),
    ),
    Question(
        "tag_authority",
        "Whose ids the feeds carry",
        "A domain you hold and a year in which you held it (RFC 4151). Leave it as it is\n"
        "once something is published: to feed readers all essays would be new again.",
        lambda answers, today: f"{_host(answers)},{today.year}",
    ),
    Question(
        "weekday",
        "The day on which an issue is due",
        "One of monday to sunday; an issue may come out earlier in its week.",
        _default("weekday"),
    ),
    Question(
        "timezone",
        "The time zone in which that day begins",
        "Such as Europe/Berlin or UTC.",
        _zone,
    ),
    Question(
        "language",
        "The language it is written in",
        "A tag such as en or pt-BR, for the pages' own words and whoever reads aloud.",
        _default("language"),
    ),
)
"""In the order in which they are asked, and stand in ``archive.toml``."""


def origin(answers: Answers) -> str:
    """What a new register is most likely called: ``letters.example.org/register``; empty where none can be proposed."""
    host = _host(answers)
    found = f"{host}{urlsplit(answers['base_url']).path}/register" if host else ""
    return "" if origin_problems(found) else found


def taken_origin(said: str) -> str:
    """A register's name, where that can be one. Raises `Refused`."""
    if found := origin_problems(said):
        raise Refused(found)
    return said


def fault(key: str, value: str, of: type[Section] = Newsletter) -> Problem | None:
    """What is wrong with an answer, as that table of the configuration says it; None where nothing is."""
    try:
        of.model_validate({key: value})
    except ValidationError as error:
        for found in faults_of(error, of):
            if found.key[:1] == (key,) and found.found != "is missing":
                return Problem(f"--{key.replace('_', '-')}", found.found, found.remedy)
    return None


def problems(answers: Answers) -> Iterator[Problem]:
    """All that is wrong with the answers, and each that is missing."""
    for question in QUESTIONS:
        if question.key not in answers:
            yield Problem(question.option, "is missing", question.explains.replace("\n", " ").rstrip("."))
        elif found := fault(question.key, answers[question.key]):
            yield found


def standing(letter: Newsletter) -> dict[str, str]:
    """What the newsletter has for an answer now."""
    said = letter.model_dump(by_alias=True)
    return {question.key: said[question.key] for question in QUESTIONS}


def completed(answers: Answers, today: dt.date) -> dict[str, str]:
    """The answers, and what is proposed for those that were not given."""
    found = dict(answers)
    for question in QUESTIONS:
        if question.key not in found and (value := question.proposed(found, today)):
            found[question.key] = value
    return found
