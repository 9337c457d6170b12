"""What one command asks for: a protocol that was filed, contexts out of a file or out of options, models, means."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from archive.deposits.deposit import model_folder
from archive.deposits.shelf import PROTOCOLS
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.interviews.condition import conditions
from archive.interviews.cost import ANSWER, Estimate, Price, estimate
from archive.records import contexts as contexts_file
from archive.records import deposit_record, protocol
from archive.records.contexts import Contexts
from archive.records.known import unknown
from archive.records.protocol import Protocol
from archive.records.sidecar import read as read_sidecar
from archive.records.toml import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one command asks for."""

    protocol: Protocol
    text: str
    """The protocol's file."""
    contexts: Contexts
    model: str
    """``anthropic/claude-3-opus-20240229``, as Inspect names it."""
    interviewer: str = ""
    """The model that may probe; empty for the fixed script alone."""
    probes: int = 0
    kind: str = "retirement_interview"
    max_tokens: int | None = None
    attempt: int = 1
    """2 where all of it is asked once more."""

    @property
    def name(self) -> str:
        """What its folder is called: ``retirement-interview-0b1f2a3c4d5e``."""
        asked = {**asdict(replace(self, protocol=None)), "contexts": contexts_file.written(self.contexts)}  # type: ignore[arg-type]
        digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        return f"{self.protocol.id}-{digest[:12]}"

    @property
    def estimate(self) -> Estimate:
        """What it will take, about."""
        answer = min(ANSWER, self.max_tokens or ANSWER)
        planned = conditions(self.protocol, self.contexts)
        return estimate(self.protocol, planned, self.contexts.runs, probes=self.probes, answer=answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """How it is asked, which changes nothing of what is asked."""

    price: Price | None = None
    """Else what Inspect knows of the model."""
    limit_cost: float | None = None
    """US dollars, over all interviews of the run."""
    max_connections: int | None = None
    max_retries: int | None = None
    """Of one call. By Inspect's waits, which double from three seconds on, eight take some ten minutes."""


def protocol_of(home: Home, ref: str) -> tuple[Protocol, str]:
    """The protocol that was filed as ``id@version``, or the newest of ``id``, and its file. Raises `Refused`."""
    known = PROTOCOLS.filed(home)
    newest = {each.id: each.ref for each in known.values()}
    name = newest.get(ref, ref)
    if name not in known:
        what, remedy = unknown(ref, known, "protocol") or ("", "")
        raise Refused([Problem("PROTOCOL", what, remedy)])
    path = home.root / PROTOCOLS.path(name)
    text = path.read_bytes() if path.is_file() else b""
    if protocol.read(text, str(path)) != known[name]:
        what = "is not as it was filed"
        raise Refused(
            [Problem(home.relative(path), what, "`archive restore` brings it back; a change is a new version")]
        )
    return known[name], text.decode()


def contexts_of(file: Path | None, said: Mapping[str, Any]) -> Contexts:
    """The contexts of a file, with what options add to it; each thing is said in one place. Raises `Refused`."""
    given = Contexts(format=1)
    if file:
        try:
            given = accepted(contexts_file.read(file.read_bytes(), str(file)))
        except OSError as error:
            raise Refused([Problem(str(file), f"cannot be read: {error.strerror}")]) from None
    own = {key: value for key, value in said.items() if value is not None}
    twice = [key for key in own if key in given.model_fields_set]
    if twice:
        what = "is said there and by an option"
        raise Refused([Problem(f"{file} {key}", what, "say it in one place") for key in twice])
    tables = {key: value for key, value in own.items() if isinstance(value, Mapping)}
    plain = {key: value for key, value in own.items() if key not in tables}
    text = table("", plain) + contexts_file.written(given)
    text += "".join(f"\n{table(f'[{key}]', levels)}" for key, levels in tables.items())
    return accepted(read_sidecar(text.encode(), "options", Contexts))


def refuse_unfit(home: Home, request: Request, model: str) -> None:
    """Raises `Refused` with all that would keep the run from being held or filed under the id `model`."""
    refused = []
    if "/" not in request.model:
        what = f"expected a provider and a model, found {request.model!r}"
        refused.append(Problem("--model", what, "as in --model anthropic/claude-3-opus-20240229"))
    elif not (home.root / "transcripts" / model_folder(model) / "model.toml").is_file():
        what = f"the model {model} is not known here, and could not be filed"
        remedy = f"`archive new model {model}` makes it known; --as ID names it where its provider calls it otherwise"
        refused.append(Problem("--model", what, remedy))
    if request.interviewer and not request.protocol.probing:
        what = f"{request.protocol.ref} has no probing, which says what an interviewing model may do"
        refused.append(Problem("--interviewer", what, "add it in a new version, or leave the script to itself"))
    refused += [Problem(f"--{f.key[0]}", f.found, f.remedy) for f in deposit_record.faults({"kind": request.kind})]
    if refused:
        raise Refused(refused)


def price_of(said: str) -> Price:
    """``3,15`` as US dollars for a million tokens in and out. Raises `Refused`."""
    try:
        read, written = map(float, said.split(","))
    except ValueError:
        remedy = "as in --price 3,15: US dollars a million tokens, in and out"
        raise Refused([Problem("--price", f"expected two numbers, found {said!r}", remedy)]) from None
    return Price(read, written)
