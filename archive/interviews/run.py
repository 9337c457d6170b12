"""A run: the interviews that one command asks for, held by Inspect, kept until they are filed, then filed.

Until then a run lies in ``.archive/asking/<protocol>-<hash of what is asked>/`` of the home: the two files it was
asked with, and Inspect's logs. The same command again finds it by that name and goes on with it: Inspect's `eval_set`
takes over what is whole and asks again what is not, also after a kill at any time. Filed, a note stays.
"""

import contextlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import Error, Problem, Refused
from archive.interviews import engine
from archive.interviews.request import Means, Request
from archive.records import contexts as contexts_file
from archive.register import durable, register
from archive.wording import many

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog

    from archive.home.home import Home

_NOTE = "filed.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What lies in a run's folder when Inspect is done, or was stopped."""

    log: Path
    whole: int
    """Interviews that came to an end of their own."""
    failed: tuple[str, ...]
    """Why others did not: each failure once."""
    wanted: int

    @property
    def complete(self) -> bool:
        return self.whole == self.wanted


def filed(home: "Home", request: Request) -> tuple[str, str] | None:
    """As what this was filed, and where; None where it was not."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        note = json.loads((_folder(home, request) / _NOTE).read_bytes())
        return str(note["accession"]), str(note["folder"])
    return None


def current(home: "Home", request: Request, *, again: bool) -> Request:
    """The newest attempt at what is asked; with `again` one that was not filed."""
    while filed(home, request) and (again or filed(home, replace(request, attempt=request.attempt + 1))):
        request = replace(request, attempt=request.attempt + 1)
    while (_folder(home, replace(request, attempt=request.attempt + 1))).exists():
        request = replace(request, attempt=request.attempt + 1)
    return request


Watch = Callable[[int, int], None]
"""Is told how many interviews are held, and of how many."""


def hold(home: "Home", request: Request, means: Means, watch: Watch) -> Held:
    """Hold what is not held yet. Raises `Error`; what was held until then is kept."""
    with _mine(home, request) as folder:
        return _held(_asked(folder, request, means, watch), request)


def left(home: "Home", request: Request) -> Held:
    """What is there of a run that did not end, with what was said in interviews that were broken off."""
    with _mine(home, request) as folder, engine.used():
        logs = sorted(folder.glob("*.eval"), key=lambda path: path.stat().st_mtime)
        if not logs:
            raise Error(f"nothing was asked yet of {request.name}, so there is nothing to file")
        return _held(_recovered(logs[-1]), request)


def note(home: "Home", request: Request, accession: str, place: str) -> None:
    """Note as what a run was filed, and take away the rest of it, which is kept there now."""
    folder = _folder(home, request)
    durable.write(folder / _NOTE, json.dumps({"accession": accession, "folder": place}).encode())
    for path in folder.iterdir():
        if path.name not in (_NOTE, _LOCK):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


# ── the folder ───────────────────────────────────────────────────────────────────────────────────────────────────────

_LOCK = "lock"


def _folder(home: "Home", request: Request) -> Path:
    return home.hidden / "asking" / request.name


@contextlib.contextmanager
def _mine(home: "Home", request: Request) -> Iterator[Path]:
    """The run's folder, which no other command works in meanwhile. Raises `Error`."""
    folder = _folder(home, request)
    with register.lock(folder, other=f"another command is asking just this ({request.name})"):
        yield folder


# ── Inspect ──────────────────────────────────────────────────────────────────────────────────────────────────────────


_WRAPPED = re.compile(r"""^Error\((['"])(.*)\1\)$""")
"""An error of ours, as Inspect writes it down."""


def _asked(folder: Path, request: Request, means: Means, watch: Watch) -> "EvalLog":
    with engine.used():
        from inspect_ai import eval_set
        from inspect_ai.model import GenerateConfig, get_model

        from archive.interviews.task import SPENDING, Spending

        _priced(request, means)
        spent, before = _before(folder)
        wanted = request.estimate.interviews
        watch(before, wanted)
        token = SPENDING.set(Spending(means.limit_cost, spent, lambda held: watch(before + held, wanted)))
        try:
            _, logs = eval_set(
                "emeritus/interview",
                log_dir=str(folder),
                task_args=_arguments(request),
                model=get_model(request.model, config=GenerateConfig(max_tokens=request.max_tokens)),
                model_roles={"interviewer": request.interviewer} if request.interviewer else None,
                retry_attempts=1,
                retry_immediate=False,
                display="none",
                log_level="error",
                log_format="eval",
                log_buffer=1,
                ctl_server=False,
                continue_on_fail=True,
                score=False,
                max_connections=means.max_connections,
                max_retries=means.max_retries,
            )
        finally:
            SPENDING.reset(token)
        if not logs or logs[0].status == "cancelled":  # Inspect has heard of Ctrl-C, and goes no further
            raise KeyboardInterrupt
        return logs[0]


def _arguments(request: Request) -> dict[str, Any]:
    """The two files as text, so that the log holds what was asked and no path of this machine."""
    varied = contexts_file.written(request.contexts)
    return {"protocol": request.text, "contexts": varied, "probes": request.probes, "kind": request.kind}


def _priced(request: Request, means: Means) -> None:
    """Tells Inspect the price that was given. Raises `Refused` where a limit is set and no price is known."""
    from inspect_ai.model import ModelCost, ModelInfo, get_model_info, set_model_info

    if means.price:
        cost = ModelCost(
            input=means.price.read, output=means.price.written, input_cache_read=means.price.read,
            input_cache_write=means.price.read,
        )  # fmt: skip
        known = get_model_info(request.model) or ModelInfo()
        set_model_info(request.model, known.model_copy(update={"cost": cost}))
    elif means.limit_cost is not None and not engine.price_known(request.model):
        what = f"Inspect knows no price of {request.model}, so that nobody can say when the limit is reached"
        raise Refused([Problem("--limit-cost", what, "give it with --price IN,OUT in US dollars a million tokens")])


def _before(folder: Path) -> tuple[float, int]:
    """What the run has cost before, and how many interviews are held, as far as its newest log says."""
    from inspect_ai.log import read_eval_log_sample_summaries

    logs = sorted(folder.glob("*.eval"), key=lambda path: path.stat().st_mtime)
    with contextlib.suppress(Exception):  # a log that was killed while it was begun holds nothing
        summaries = read_eval_log_sample_summaries(str(logs[-1])) if logs else []
        usages = [usage for each in summaries for usage in (each.model_usage or {}).values()]
        return sum(usage.total_cost or 0.0 for usage in usages), sum(not each.error for each in summaries)
    return 0.0, 0


def _recovered(log: Path) -> "EvalLog":
    """The log of a run that did not end; of one that was killed also what Inspect kept of its last interviews."""
    from inspect_ai.log import read_eval_log, recover_eval_log

    read = read_eval_log(str(log), header_only=True)
    if read.status == "started":
        with contextlib.suppress(Exception):  # nothing to recover: then what was written is all there is
            return recover_eval_log(str(log), overwrite=True, incomplete_action="error")
    return read


def _held(log: "EvalLog", request: Request) -> Held:
    from inspect_ai.log import read_eval_log_sample_summaries

    place = Path(log.location.removeprefix("file://"))
    _once(place)
    summaries = read_eval_log_sample_summaries(str(place))
    failed = [each.error for each in summaries if each.error]
    whole = len(summaries) - len(failed)
    reasons = dict.fromkeys(_WRAPPED.sub(r"\2", " ".join(str(each).split())) for each in failed)
    return Held(log=place, whole=whole, failed=tuple(reasons), wanted=request.estimate.interviews)


def _once(log: Path) -> None:
    """Has Inspect write a log again that holds an interview twice, of which it reads the last.

    Such a one comes about where a run is killed just when a sample was written, and is gone on with.
    """
    from inspect_ai.log import read_eval_log, write_eval_log

    with zipfile.ZipFile(log) as members:
        names = members.namelist()
    if len(set(names)) < len(names):
        write_eval_log(read_eval_log(str(log)), str(log))


def told(held: Held) -> str:
    """``93 of 100 interviews are held``"""
    return f"{held.whole} of {many(held.wanted, 'interview')} {'are' if held.wanted > 1 else 'is'} held"
