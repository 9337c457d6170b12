"""What Inspect finds of us by the distribution's name: ``inspect eval emeritus/interview``. Nothing else is in here."""

from inspect_ai import Task, task

from archive.interviews.task import interviews


@task
def interview(protocol: str, contexts: str = "", probes: int = 2, kind: str = "retirement_interview") -> Task:
    """The interviews that a protocol and a file of contexts describe; each is a path, or the text of such a file.

    `probes` is how often a question the interviewing model (``--model-role interviewer=…``) may follow up an answer.
    """
    return interviews(protocol, contexts, probes, kind)
