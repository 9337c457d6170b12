"""What a sampling puts into the home, step by step, each whole or not at all.

1. `begin`: ``sampling.toml`` is made and its hash logged, before the first call.
2. `calling`: so many calls are about to be made; nothing is logged, but a run that is stopped finds it again.
3. `take`: a text that came is logged, as an intake and as one of the candidates, and only then lies in its folder.
   `ended`: or none came.
4. `finish`: each candidate's ``essay.toml`` is told of the others, unless an editor was there first.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from archive.errors import Error, Problem, Refused, accepted
from archive.home import dated
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.register import statement, sums
from archive.register.statement import SAMPLING, encode_time
from archive.wording import many
from publisher.essays.sampling import SYSTEM, Sampling, read_back, written
from publisher.essays.submission import find, folders_of
from publisher.essays.submit import filled_in, taking_in
from publisher.sampling import progress
from publisher.sampling.progress import Call, Progress
from publisher.sampling.request import Request


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered, with a text in it."""

    text: bytes
    """``essay.md``, cut from the response by the rule for all essays."""
    response: bytes
    """``response.json``"""
    request: bytes = b""
    """``request.json``; empty where it is not at hand."""
    model: str = ""
    """As the response names it."""
    ended: str = ""
    """How, where that is to be told: ``it was cut off at max_tokens``."""
    holds: str = ""
    """The name of a key of this machine that stands in it: ``OPENAI_API_KEY``."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sampling that was logged."""

    request: Request
    sampling: Sampling
    progress: Progress
    new: bool
    """False where it was logged before."""

    @property
    def missing(self) -> int:
        """How many texts are still to be asked for."""
        return self.progress.missing(self.request.candidates)


def begin(home: Home, request: Request, through: str) -> Begun:
    """Log what is asked for, unless it was before. Raises `Refused` where another sampling or an essay is called so."""
    with home.writing() as writer:
        kept = progress.read(writer.home)
        if known := kept.get(request.slug):
            sampling = accepted(read_back(known.sampling.encode(), progress.NAME))
            if others := request.differing(sampling):
                found = f"{', '.join(others)} was another when {request.slug} was asked for (entry {known.index})"
                raise Refused([Problem("--slug", found, "name another --slug to ask anew, or say the same again")])
            return Begun(request, sampling, known, new=False)
        if problems := [*_taken(writer.home, request)]:
            raise Refused(problems)
        sampling = _sampling(writer.home, request, through)
        data, now = written(sampling), writer.now()
        leaf = statement.asked(sums.digest(data), request.candidates, time=now).encode()
        begun = Progress(data.decode(), writer.home.register.size)
        writer.commit(Change(leaves=[leaf], files=progress.written(kept | {request.slug: begun})))
        return Begun(request, sampling, begun, new=True)


def _taken(home: Home, request: Request) -> Iterator[Problem]:
    for number in range(1, request.candidates + 1):
        for folder in folders_of(home.root, request.name(number)):
            found = f"essays/{folder.name} has the slug {request.name(number)} already"
            yield Problem("--slug", found, "name another")


def _sampling(home: Home, request: Request, through: str) -> Sampling:
    rules = {each.slug: each.take for each in home.configuration.series}
    return Sampling(
        format=1,
        model=request.model,
        candidates=request.candidates,
        prompt=sums.digest(request.prompt.encode()),
        system=sums.digest(request.system.encode()) if request.system else None,
        temperature=request.temperature,
        max_tokens=request.max_tokens,
        series=request.series,
        take=rules.get(request.series or ""),
        through=through,
        nonce=secrets.token_hex(32),
    )


def calling(home: Home, begun: Begun, calls: int) -> int:
    """Note that so many are about to be made; the place of the first among all."""
    with home.writing() as writer:
        places = len(_now(writer, begun).calls)
        began = encode_time(writer.now())
        _note(writer, begun, lambda known: known.called(*[Call(began)] * calls))
        return places


def ended(home: Home, begun: Begun, place: int, why: str, *, answered: bool = False) -> None:
    """Note that no text came of a call, and why."""
    with home.writing() as writer:
        _note(writer, begun, lambda known: known.became(place, without=why, answered=answered))


def take(home: Home, begun: Begun, place: int, answer: Answer) -> str:
    """Log a text that came of a call, then put it in its folder. Its accession."""
    with home.writing() as writer:
        known, now = _now(writer, begun), writer.now()
        number = len(known.came) + 1
        form = _form(begun, known, answer, number).encode()
        arrived = {"essay.md": answer.text, "essay.toml": form, SAMPLING: known.sampling.encode()}
        arrived |= {"response.json": answer.response}
        arrived |= {"request.json": answer.request} if answer.request else {}
        folder = str(dated.Dated(now.date(), _free(writer.home, begun.request.name(number))))
        coming = taking_in(writer.home, folder, arrived, now)
        digest = sums.digest(arrived[SAMPLING])
        leaf = statement.candidate(digest, coming.accession, coming.digest, time=now).encode()
        became = known.became(place, accession=coming.accession, form=sums.digest(form))
        kept = progress.read(writer.home) | {begun.request.slug: became}
        files = {**coming.change.files, **progress.written(kept)}
        writer.commit(Change(leaves=[*coming.change.leaves, leaf], files=files))
        return coming.accession


def _free(home: Home, name: str) -> str:
    """The name, or one like it where somebody submitted a text under it meanwhile: what came is logged in any case."""
    names = chain([name], (f"{name}-{n}" for n in count(2)))
    return next(each for each in names if not folders_of(home.root, each))


def finish(home: Home, begun: Begun) -> Progress:
    """Tell each candidate's essay.toml of the others, where it is as it was written; what came of it all."""
    with home.writing() as writer:
        known = _now(writer, begun)
        files: dict[str, bytes] = {}
        for place, call in enumerate(known.calls):
            if not call.accession:
                continue
            submission = find(writer.home, call.accession)
            data = submission.record_bytes
            told = f"# {_told(begun, known, known.came.index(call.accession) + 1)}".replace("\\", r"\\")
            anew = re.sub(rb"(?m)^# Candidate .*$", told.encode(), data, count=1)
            if anew != data and sums.digest(data) == call.form and not submission.reviews:
                files[writer.home.relative(submission.folder / "essay.toml")] = anew
                known = known.became(place, form=sums.digest(anew))
        if files:
            kept = progress.read(writer.home) | {begun.request.slug: known}
            writer.commit(Change(files=files | progress.written(kept)))
        return known


def _now(writer: Writer, begun: Begun) -> Progress:
    """How far it is, as it stands now. Raises `Error`."""
    known = progress.read(writer.home).get(begun.request.slug)
    if known is None:
        raise Error(f"{progress.NAME}: {begun.request.slug} is gone from it while it was being asked for")
    return known


def _note(writer: Writer, begun: Begun, change: Callable[[Progress], Progress]) -> None:
    kept = progress.read(writer.home)
    kept[begun.request.slug] = change(_now(writer, begun))
    writer.commit(Change(files=progress.written(kept)))


def _form(begun: Begun, known: Progress, answer: Answer, number: int) -> str:
    """``essay.toml`` as far as the call says; what only an editor knows stays blank."""
    request, sampling = begun.request, begun.sampling
    values: dict[str, Any] = {
        "model": answer.model or request.id,
        "title": "",
        "title_by": "",
        "prompt": request.prompt,
        "context": [f"{SYSTEM}{request.system}"] if request.system else [],
        "sampling": "; ".join(_settings(sampling, answer)),
        "candidates": request.candidates,
        "selection": _selection(sampling, number),
        "topic_by": request.topic_by,
    }
    values |= {"series": sampling.series} if sampling.series else {}
    return filled_in(values, _told(begun, known, number))


def _settings(sampling: Sampling, answer: Answer) -> Sequence[str]:
    values = {"temperature": sampling.temperature, "max_tokens": sampling.max_tokens}
    said = [f"{name} {value}" for name, value in values.items() if value is not None]
    told = [", ".join(said) or "nothing was set", "one call, no tools", f"{sampling.model} through {sampling.through}"]
    return [*told, answer.ended] if answer.ended else told


def _selection(sampling: Sampling, number: int) -> str:
    if sampling.candidates == 1:
        return "the only one that was asked for"
    return "the first that came, as its series has it" if sampling.take == "first" and number == 1 else ""


def _told(begun: Begun, known: Progress, number: int) -> str:
    """Which candidate it is, and which are the others: one line."""
    asked = f"{begun.request.candidates} that were asked for (entry {known.index} of the register)"
    own = known.came[number - 1 : number]
    others = ", ".join(each for each in known.came if each not in own)
    came = len(known.came) if own else number
    said = f"Candidate {number} of {asked}. {many(came, 'text')} came" + (f"; the others: {others}." if others else ".")
    failed = [call.without for call in known.calls if call.answered]
    return said + (f" Without a text: {'; '.join(failed)}." if failed else "")
