"""How what was published gets to its readers: keys of ``[delivery]`` that are answered where somebody wants to.

They are not asked at a terminal: a newsletter can begin without any of them.
"""

from collections.abc import Iterator

from archive.errors import Problem
from archive.home.configuration import Delivery
from publisher.setup.questions import Answers, Question, fault

QUESTIONS = (
    Question(
        "deploy",
        "Where the site is copied to",
        "A folder, told from the archive; rsync://host/module or user@host:/path;\ngit:URL#branch; s3://bucket/prefix.",
    ),
    Question(
        "smtp",
        "The mail server",
        "smtps://user@host:465 or smtp://user@host:587; an @ in the user's name is\n"
        "written %40. Never a password: that is asked for, or kept by the system.",
    ),
    Question("to", "The list's address", "Where the list takes in its mails, as in letters@lists.example.org."),
    Question(
        "notify",
        "Who is told of a run that failed",
        "A mail address, for what a timer starts and nobody watches.",
    ),
)
"""In the order in which they are asked."""


def standing(delivery: Delivery) -> dict[str, str]:
    """What stands for an answer now; empty where nothing does."""
    return {question.key: getattr(delivery, question.key) or "" for question in QUESTIONS}


def problems(answers: Answers) -> Iterator[Problem]:
    """All that is wrong with the answers; an empty one takes away what stands."""
    for question in QUESTIONS:
        if (said := answers.get(question.key)) and (found := fault(question.key, said, Delivery)):
            yield found
