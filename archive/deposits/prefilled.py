"""The record of a deposit that came without one: ``deposit.toml``, filled in with what was received."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache

from archive.deposits import deposit
from archive.deposits.draft import Options
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.importers.turns import Held, Transcript
from archive.records import deposit_record
from archive.records.deposit_record import ContextFile, deposit_form
from archive.records.sidecar import read as read_sidecar

NO_MODEL = "expected to learn which model answered, found nothing that says it"


def record(place: str, transcript: Transcript, options: Options) -> str:
    """Raises `Refused` where nothing says which model answered, or the file of answers is wrong."""
    given: Mapping[str, str] = {}
    if options.context:
        given = accepted(read_sidecar(options.context.read_bytes(), str(options.context), ContextFile)).context_bias
    if not (options.model or any(transcript.model)):
        raise Refused([Problem(place, NO_MODEL, "say it with --model, by the id its maker gives it")])
    return form(transcript, options, given)


def form(transcript: Transcript, options: Options, given: Mapping[str, str]) -> str:
    """The ``deposit.toml`` of what was read: what it says of itself, what the options say, and answers that are
    `given` for all of it. Without a model where neither names one.
    """
    contexts = [dict(context) for context in transcript.context] or [{} for _ in range(transcript.interviews)]
    contexts = _within([{**context, **given} for context in contexts] if given else contexts)
    stated = [model for model in transcript.model if model]
    model = options.model or (max(set(stated), key=stated.count) if stated else "")
    first = options.date.isoformat() if options.date else None
    dates = [stated or first for stated in transcript.date]
    dates[:1] = [first or dates[0]] if dates else []
    held = next(filter(None, transcript.held), None) or Held()
    return deposit_form(
        model=model,
        kind=options.kind or _right("kind", held.kind) or "conversation",
        protocol=options.protocol or _right("protocol", held.protocol) or "not_recorded",
        title=options.title or (transcript.title[0] if transcript.interviews == 1 else ""),
        access=options.access or "restricted",
        licence=options.licence or "not_recorded",
        titles=transcript.title if transcript.interviews > 1 else (),
        contexts=contexts,
        dates=dates,
        models=[options.model or stated for stated in transcript.model],
        runs=[each.run if each else "" for each in transcript.held],
    )


def _right(key: str, value: str) -> str:
    """What a log says of a deposit, where it may stand there; else nothing."""
    return "" if deposit_record.faults({key: value}) else value


_MAX_CONTEXT = 4 << 20
"""Characters that are written down of the settings of all interviews; a ``deposit.toml`` holds no more than twice."""


def _within(contexts: list[dict[str, str]]) -> list[dict[str, str]]:
    """What a file says of many settings, as much as a record holds: of what is long, the beginning."""
    if sum(len("".join(context.values())) for context in contexts) <= _MAX_CONTEXT:
        return contexts
    most = max(100, _MAX_CONTEXT // len(contexts) // 2)
    rest = "… [the beginning; the received file has all {:,} characters]"
    return [
        {key: text if len(text) <= most else text[:most] + rest.format(len(text)) for key, text in context.items()}
        for context in contexts
    ]


def called(home: Home, model: str | None) -> tuple[str, ...]:
    """What the model goes by: its id, and the name and aliases that its own record gives it."""
    path = home.root / "transcripts" / deposit.model_folder(model) / "model.toml" if model else None
    if model is None or path is None or not path.is_file():
        return (model,) if model else ()
    return (model, *_names(path.read_bytes()))


@lru_cache(maxsize=1)  # asked for each file of a batch
def _names(data: bytes) -> tuple[str, ...]:
    try:
        said = tomllib.loads(data.decode())
    except ValueError:
        return ()
    aliases = said.get("aliases")
    named = (said.get("name"), *(aliases if isinstance(aliases, list) else ()))
    return tuple(name for name in named if name and isinstance(name, str))
