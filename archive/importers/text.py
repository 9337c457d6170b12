"""Markdown or plain text with a stated mapping of speakers to roles.

A turn begins at a line that begins with a speaker's label, in one of these forms, and goes on to the next one::

    Interviewer: Is there anything you would want?
    **Opus:** There is.          **Opus**: There is.
    ## Opus

Taken away are the label, the spaces after it, the empty lines that follow it, and the empty lines and line breaks
before the next label or the end. Everything else is the turn's text, unchanged; a label inside a code block counts too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from archive.errors import Problem, Refused
from archive.importers.draft import Draft
from archive.importers.source import Found, Source, Speaker

NAME = "text"
VERSION = 1

_WORD = r"[\w.'’&/()-]*"
_NAME = rf"[^\W\d_]{_WORD}(?: {_WORD}\w){{0,3}}"
"""What may be a speaker: at most four words, the first of which begins with a letter."""
_BLANK = re.compile(r"(?:[ \t]*\r?\n)*")
_MAX_BYTES = 24 << 20
_GUESSES: Mapping[Speaker, str] = {
    "assistant": r"assistant|model|ai|bot|answer|a|claude|opus|sonnet|haiku|gpt|gemini|llama|response",
    "system": r"system|developer",
    "tool": r"tool|function",
}


def sniff(source: Source) -> bool:
    """Any text may be a conversation; whether it is one shows in its labels."""
    return source.kind == "text" or source.speakers is not None


def read(source: Source) -> Iterator[Found]:
    """One interview. Raises `Refused` without a mapping, and for a label that it does not name."""
    draft = Draft(source.name)
    text = _text(source, draft)
    speakers = source.speakers or {}
    found = list(_labels(speakers).finditer(text))
    if problem := _unstated(text, found, speakers, source.name):
        raise Refused([problem])
    spoken = [match for match in found if speakers.get(_label(match), "none") != "none"]
    if before := text[: spoken[0].start()].strip():
        draft.lose("line before the first speaker", len(before.splitlines()))
    ends = [*(match.start() for match in spoken[1:]), len(text)]
    for number, (match, end) in enumerate(zip(spoken, ends, strict=True), start=1):
        said = _trimmed(text[match.end() : end])
        draft.say(speakers[_label(match)], said, f"turn {number}", name=_label(match))
    yield draft.interview()


def _text(source: Source, draft: Draft) -> str:
    with source.open() as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        what = f"is larger than {_MAX_BYTES >> 20} MiB"
        raise Refused([Problem(source.name, what, "split the file, one conversation each")])
    if data.startswith(b"\xef\xbb\xbf"):
        draft.lose("byte order mark")
        data = data[3:]
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        what = f"is not UTF-8: the byte at offset {error.start} is 0x{data[error.start]:02x}"
        raise Refused([Problem(source.name, what, "save it as UTF-8 in the program it came from")]) from None


def _labels(speakers: Iterable[str]) -> re.Pattern[str]:
    name = "|".join([*map(re.escape, sorted(speakers, key=len, reverse=True)), _NAME])
    bold = rf"(?P<bold>\*\*|__)(?P<a>{name})(?::(?P=bold)|(?P=bold):)"
    head = rf"(?P<head>\#{{1,6}}) +(?P<b>{name}):?(?=[ \t]*\r?$)"
    plain = rf"(?P<c>{name}):(?=[ \t\r]|$)"
    return re.compile(rf"^(?:{bold}|{head}|{plain})[ \t]*", re.MULTILINE)


def _label(match: re.Match[str]) -> str:
    return match["a"] or match["b"] or match["c"]


def _style(match: re.Match[str]) -> str:
    return match["bold"] or match["head"] or ":"


def _trimmed(said: str) -> str:
    """`said` without the empty lines before it, and without the line breaks and empty lines after it."""
    blank = _BLANK.match(said)
    said = said[blank.end() if blank else 0 :]
    words = said.rstrip(" \t\r\n")
    rest = said[len(words) :]
    return words + (rest.partition("\n")[0].removesuffix("\r") if "\n" in rest else rest)


def _unstated(text: str, found: list[re.Match[str]], speakers: Mapping[str, Speaker], place: str) -> Problem | None:
    """Labels that nobody said the role of, in the form of those that are known, after the first of these."""
    known = [match for match in found if speakers.get(_label(match), "none") != "none"]
    if known:
        styles = {_style(match) for match in known}
        apart = all(_apart(text, match) for match in known)
        later = (m for m in found if m.start() > known[0].start() and (not apart or _apart(text, m)))
        strange = Counter(_label(m) for m in later if _style(m) in styles and _label(m) not in speakers)
        what = f"expected the role of every speaker, found labels without one: {_counted(strange)}"
        if not strange:
            return None
    else:
        strange = Counter(map(_label, found))
        what = f"expected who speaks, found labels: {_counted(strange)}"
    if not strange:
        what = "expected JSON, or lines that begin with a speaker, as in “Name:”, “**Name:**” or “## Name”, found none"
        return Problem(place, what, "see `archive formats` for what is read")
    return Problem(place, what, f"say who is who (none: no speaker): --speakers '{_argument(speakers, strange)}'")


def _apart(text: str, match: re.Match[str]) -> bool:
    """Whether the line before is empty, or there is none."""
    end = match.start() - 1
    return end < 0 or not text[text.rfind("\n", 0, end) + 1 : end].strip()


def _counted(labels: Counter[str]) -> str:
    few = [f"{label} ({times}×)" for label, times in labels.most_common(12)]
    return ", ".join(few) + (", …" if len(labels) > len(few) else "")


def _argument(speakers: Mapping[str, Speaker], labels: Iterable[str]) -> str:
    otherwise: Speaker = "none" if "user" in speakers.values() else "user"
    pairs = dict(speakers) | {label: _guess(label, otherwise) for label in labels}
    return ",".join(f"{label}={role}" for label, role in list(pairs.items())[:12])


def _guess(label: str, otherwise: Speaker) -> Speaker:
    words = re.findall(r"[a-z]+", label.lower())
    return next((role for role, names in _GUESSES.items() if any(re.fullmatch(names, w) for w in words)), otherwise)
