"""What a form says beside the answers: the options of ``archive file``, each with what is wrong with it."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from archive.deposits.draft import Options
from archive.deposits.here import Here
from archive.deposits.options import options as stated
from archive.deposits.shelf import PROTOCOLS
from archive.desk.ask import Ask, Form
from archive.desk.taking.seen import Seen
from archive.errors import Problem, Refused
from archive.home.home import Home
from archive.importers.source import Speaker
from archive.records import deposit_record
from archive.records.deposit_record import SILENT

NAMES = ("model", "kind", "protocol", "date", "title", "slug", "access", "licence")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options as far as they are right, and what is wrong with the others, by field."""

    options: Options
    problems: Mapping[str, Problem]


def chosen(ask: Ask) -> Chosen:
    """What was chosen, as the same words on a command line are."""
    said = {name: ask.form[name].strip() or None for name in NAMES}
    speakers = _speakers(ask.form)
    problems: dict[str, Problem] = {}
    try:
        options = _options(said, speakers, ask.form)
    except Refused as refused:
        problems = {problem.place.lstrip("-"): problem for problem in refused.problems}
        right = {name: None if name in problems else value for name, value in said.items()}
        options = _options(right, None if "speakers" in problems else speakers, ask.form)
    if options.protocol not in (None, *SILENT, *PROTOCOLS.filed(ask.home)):
        problems["protocol"] = Problem("protocol", f"{options.protocol} is no protocol that was filed here")
        options = replace(options, protocol=None)
    return Chosen(options, problems)


def _options(said: Mapping[str, str | None], speakers: str | None, form: Form) -> Options:
    return stated(
        model=said["model"],
        kind=said["kind"],
        protocol=said["protocol"],
        slug=said["slug"],
        date=said["date"],
        title=said["title"],
        access=said["access"],
        licence=said["licence"],
        context=None,
        speakers=speakers,
        again=bool(form["again"]),
        only=form.every("only"),
    )


def _speakers(form: Form) -> str | None:
    """As ``--speakers`` has them; None where the form asks for none."""
    pairs = [f"{name}={form[f'role.{number}']}" for number, name in enumerate(form.fields.get("speaker", []))]
    return ",".join(pairs) if pairs else None


def unknown_model(home: Home, found: Seen, options: Options) -> str:
    """The model that is said to have answered and has no record here; empty where all have one."""
    from archive.deposits.deposit import model_folder

    named = [options.model] if options.model else found.said("model")
    known = Here(home).models
    right = (name for name in named if name and not deposit_record.faults({"model": name}))
    return next((name for name in right if model_folder(name) not in known), "")


def as_typed(options: Options, speakers: Mapping[str, Speaker], paths: Sequence[str]) -> str:
    """The same in a terminal."""
    words = ["archive", "file", *paths]
    for name in NAMES:
        if value := getattr(options, name):
            words += [f"--{name}", str(value)]
    words += ["--speakers", ",".join(f"{name}={role}" for name, role in speakers.items())] if speakers else []
    words += [part for name in sorted(options.only) for part in ("--only", name)]
    return shlex.join(words + (["--again"] if options.again else []))
