"""Where in the desk it is done what `publisher status` would have typed."""

import shlex
from collections.abc import Iterable
from urllib.parse import quote

from publisher.issues.action import Action
from publisher.week import Week


def place(action: Action, week: Week) -> str:
    """``publisher publish 2026-W48`` → ``week/2026-W48``; empty where only a terminal can. `week` is this one."""
    match _words(action.command):
        case ["publisher", "publish", "--site"]:
            return "week/site"
        case ["publisher", "publish", *named]:
            return f"week/{named[0] if named else week}"
        case ["publisher", "skip", weeks, *_]:
            first, _, last = weeks.partition("..")
            return f"week/{first}?until={last}#skip" if last else f"week/{first}#skip"
        case ["publisher", "send", named, *_]:
            return f"week/{named}#mail"
        case ["publisher", "deploy", *named]:
            return f"week/site?to={quote(named[0], safe='')}#copy" if named else "week/site#copy"
        case ["publisher", "build"]:
            return "week/site#again"
        case ["publisher", "cosign"]:
            return "week/site#witnesses"
        case ["publisher", "setup"]:
            return "week/setup#reviewers"
        case ["publisher", "review", name, *_]:
            return f"essays/{quote(name, safe='')}"
        case ["publisher", "submit", *_]:
            return "essays"
    return f"week/{week}" if " is due " in action.what else ""


def sentence(action: Action) -> str:
    """What is to be done, as it stands above its command: begun with a capital, and without what leads to the command.

    >>> sentence(Action(what="2026-W48 is due and no essay is approved: submit one, or", command="publisher skip …"))
    '2026-W48 is due and no essay is approved: submit one, or explain it'
    """
    what = action.what
    if what.endswith(", or"):
        what = f"{what} explain it" if " skip " in action.command else what.removesuffix(", or")
    first = what.partition(" ")[0]
    return what[:1].upper() + what[1:] if first.isalpha() else what


def of_the_week(actions: Iterable[Action], week: Week) -> list[tuple[Action, str]]:
    """Those that are done in this section, with their places: what a reviewer does is said where essays are."""
    found = [(action, place(action, week)) for action in actions]
    return [(action, where) for action, where in found if not where.startswith("essays")]


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []
