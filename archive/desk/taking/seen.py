"""What the desk has seen in what waits: looks at the same bytes are taken once, as long as it runs."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive import importers
from archive.deposits.draft import Options
from archive.deposits.look import Look, looks
from archive.desk.taking.answers import UNSAID
from archive.desk.taking.inbox import Waiting
from archive.errors import Problem
from archive.home.home import Home
from archive.importers.source import Speaker
from archive.records.context_bias import CONTEXT_BIAS

_MOST = 5_000
_changing = threading.Lock()
_looks: OrderedDict[object, list[Look]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is filed together with one form."""

    looks: Sequence[Look]
    speakers: Mapping[str, Speaker]
    """Who speaks in it, as it is read; empty where that needs no saying."""

    @property
    def logs(self) -> list[Look]:
        return [look for look in self.looks if look.interviews]

    @property
    def parts(self) -> list[Look]:
        """The conversations of a larger file, where there are several to choose from."""
        found = [look for look in self.looks if look.cut and look.interviews]
        return found if len(found) > 1 else []

    def of(self, options: Options) -> "Seen":
        """Of these, what is chosen to be filed."""
        parts = self.parts
        chosen = [look for look in self.looks if not look.cut or not parts or look.name in options.only]
        return replace(self, looks=chosen)

    @property
    def wanted(self) -> bool:
        """Whether there is a setting to be written down."""
        return any(look.kind == "deposit" and not (look.filed or look.passed or look.ready) for look in self.looks)

    def said(self, key: str) -> list[str]:
        """What the logs say of the deposit itself, each once: ``model``, ``kind``, ``protocol``."""
        return list(dict.fromkeys(str(said) for look in self.logs if (said := look.record[key])))

    def answers(self, key: str) -> list[str]:
        """What they say in a field of the context note, each once."""
        return list(dict.fromkeys(said for look in self.logs for said in _answers(look, key)))

    def prefilled(self) -> dict[str, str]:
        """The answers that all of them have in common."""
        found = {field.key: self.answers(field.key) for field in CONTEXT_BIAS}
        return {key: said[0] for key, said in found.items() if len(said) == 1 and said[0] != UNSAID}

    def sources(self) -> str:
        """Who reads what they say: ``anthropic-messages``."""
        return ", ".join(dict.fromkeys(look.importer for look in self.logs))


def _answers(look: Look, key: str) -> list[str]:
    """What holds for each interview of it."""
    own: Mapping[str, Any] = look.record.get("interview", {})
    common = look.record["context_bias"][key]
    numbers = (str(number) for number in range(1, len(look.interviews) + 1))
    return [own.get(number, {}).get("context_bias", {}).get(key, common) for number in numbers]


def seen(home: Home, waiting: Sequence[Waiting], options: Options) -> Seen:
    """A look at each; a text of which nobody said who speaks is read as it suggests itself."""
    found: list[Look] = []
    speakers: dict[str, Speaker] = dict(options.speakers or {})
    for each in waiting:
        own = _look(home, each, options)
        if options.speakers is None and (who := _suggested(own)):
            speakers |= who
            own = _look(home, each, replace(options, speakers=who))
        found += own
    return Seen(found, speakers)


def _suggested(found: Sequence[Look]) -> Mapping[str, Speaker]:
    problems: list[Problem] = [problem for look in found for problem in look.problems]
    who = dict(next(filter(None, map(importers.suggested, problems)), {}))
    if who and "assistant" not in who.values():  # somebody answers in a conversation
        others = [name for name, role in who.items() if role != "user"] or list(who)[1:]
        who |= {others[0]: "assistant"} if others else {}
    return who


def _look(home: Home, each: Waiting, options: Options) -> list[Look]:
    speakers = tuple((options.speakers or {}).items())
    stamps = tuple((path, path.stat().st_size, path.stat().st_mtime_ns) for path in each.files)
    key = (home.root, stamps, speakers, options.speakers is None, options.model, home.mark())
    found = _looks.get(key)
    if found is None:
        found = looks(home, each.paths, replace(options, context=None, date=None, kind=None, protocol=None))
        with _changing:
            _looks[key] = found
            while len(_looks) > 1 and sum(map(len, _looks.values())) > _MOST:
                _looks.popitem(last=False)
    return found
