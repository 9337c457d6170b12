"""What is to be asked, before it is: read from what a person typed, with all that is wrong said at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.characters import UNCARRIED
from archive.errors import Problem, Refused
from archive.records.kinds import SLUG
from archive.register import sums
from archive.wording import slugify
from publisher.essays.sampling import MOST, Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One sampling."""

    slug: str
    """The candidates will be ``on-commas-1``, ``on-commas-2`` …; the only one ``on-commas``."""
    model: str
    """As Inspect names it: ``anthropic/claude-3-opus-20240229``."""
    prompt: str
    """Sent and shown verbatim, to its last line end."""
    system: str = ""
    candidates: int = 1
    temperature: float | None = None
    max_tokens: int | None = None
    series: str | None = None
    topic_by: str = ""

    @property
    def id(self) -> str:
        """The model by its maker's id: ``claude-3-opus-20240229``."""
        return self.model.rpartition("/")[2]

    def name(self, number: int) -> str:
        """The slug of the candidate that comes as that number."""
        return self.slug if self.candidates == 1 else f"{self.slug}-{number}"

    def differing(self, asked: Sampling) -> list[str]:
        """Which options are not those that were logged."""
        own = {"model": self.model, "candidates": self.candidates, "prompt": sums.digest(self.prompt.encode())}
        own |= {"system": sums.digest(self.system.encode()) if self.system else None, "series": self.series}
        own |= {"temperature": self.temperature, "max_tokens": self.max_tokens}
        return [f"--{name.replace('_', '-')}" for name, value in own.items() if getattr(asked, name) != value]


def read(
    *,
    model: str,
    prompt: Path,
    system: Path | None = None,
    candidates: int = 1,
    temperature: float | None = None,
    max_tokens: int | None = None,
    series: str | None = None,
    slug: str | None = None,
    topic_by: str = "",
) -> Request:
    """Raises `Refused`."""
    problems: list[Problem] = []
    chosen = slugify(prompt.stem, "essay") if slug is None else slug
    asked = _text(prompt, "--prompt", problems)
    before = _text(system, "--system", problems) if system else ""
    said = {"--slug": chosen} | ({} if series is None else {"--series": series})
    problems += [
        Problem(name, f"expected lower-case letters, digits and single hyphens, found {value!r}", "as in on-commas")
        for name, value in said.items()
        if not re.fullmatch(SLUG, value)
    ]
    problems += _wrong(model, candidates, temperature, max_tokens)
    if problems:
        raise Refused(problems)
    return Request(
        slug=chosen,
        model=model,
        prompt=asked,
        system=before,
        candidates=candidates,
        temperature=temperature,
        max_tokens=max_tokens,
        series=series,
        topic_by=topic_by,
    )


def _wrong(model: str, candidates: int, temperature: float | None, max_tokens: int | None) -> Iterator[Problem]:
    if not re.fullmatch(r"[^\s/]+(/[^\s/]+)+", model):
        yield Problem("--model", f"expected PROVIDER/ID, found {model!r}", "as in anthropic/claude-3-opus-20240229")
    if not 1 <= candidates <= MOST:
        yield Problem("--candidates", f"expected a number from 1 to {MOST}, found {candidates}")
    if temperature is not None and not 0 <= temperature <= 100:
        yield Problem("--temperature", f"expected a number from 0, found {temperature}")
    if max_tokens is not None and max_tokens < 1:
        yield Problem("--max-tokens", f"expected a number from 1, found {max_tokens}")


def _text(path: Path, option: str, problems: list[Problem]) -> str:
    """The text in a file; what keeps it from being shown as it was sent is added to `problems`."""
    try:
        data = path.read_bytes() if path.is_file() else None
    except OSError as error:
        problems.append(Problem(option, f"{path} cannot be read ({error.strerror})"))
        return ""
    if data is None:
        problems.append(Problem(option, f"expected a file, found none: {path}", "put what is asked into one"))
        return ""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        problems.append(Problem(option, f"{path} is not UTF-8", "save it as UTF-8"))
        return ""
    if found := re.search(f"[{UNCARRIED}]", text):
        what = f"{path} holds U+{ord(found[0]):04X}, which cannot be shown as it was sent"
        problems.append(Problem(option, what, "take it out; lines end in LF"))
    elif not text.strip():
        problems.append(Problem(option, f"{path} is blank", "write there what is asked"))
    return text
