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
from itertools import islice

from archive.errors import Problem, Refused
from archive.importers.source import Found, Source, Speaker
from archive.importers.strictjson import MAX_BYTES
from archive.importers.talk import MAX_TURNS, Talk

NAME = "text"
VERSION = 1

_WORD = r"[\w.'’&/()-]*"
_NAME = rf"[^\W\d_]{_WORD}(?: {_WORD}\w){{0,3}}"
"""What may be a speaker: at most four words, the first of which begins with a letter."""
_BLANK = re.compile(r"(?:[ \t]*\r?\n)*")
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
    talk = Talk(source.name)
    text = _text(source, talk)
    speakers = source.speakers or {}
    found = list(islice(_labels(speakers).finditer(text), MAX_TURNS + 1))
    if len(found) > MAX_TURNS:
        raise talk.refused("", f"has more than {MAX_TURNS:,} lines that may begin a turn", "split the file")
    if problem := _unstated(text, found, speakers, source.name):
        raise Refused([problem])
    spoken = [match for match in found if speakers.get(_label(match), "none") != "none"]
    if before := text[: spoken[0].start()].strip():
        talk.lose("line before the first speaker", len(before.splitlines()))
    ends = [*(match.start() for match in spoken[1:]), len(text)]
    for number, (match, end) in enumerate(zip(spoken, ends, strict=True), start=1):
        said = _trimmed(text[match.end() : end])
        talk.say(speakers[_label(match)], said, f"turn {number}", name=_label(match))
    yield talk.interview()


def _text(source: Source, talk: Talk) -> str:
    with source.open() as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        what = f"is larger than {MAX_BYTES >> 20} MiB"
        raise Refused([Problem(source.name, what, "split the file, one conversation each")])
    if data.startswith(b"\xef\xbb\xbf"):
        talk.lose("byte order mark")
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
    """A label that nobody said the role of, in a form that speakers have here; or a speaker who never speaks."""
    if not found:
        what = "expected JSON, or lines that begin with a speaker, as in “Name:”, “**Name:**” or “## Name”, found none"
        return Problem(place, what, "see `archive formats` for what is read")
    stated = {label for label, role in speakers.items() if role != "none"}
    known = [match for match in found if _label(match) in stated]
    silent = sorted(stated - {_label(match) for match in known})
    if known and not silent:
        styles, apart = {_style(match) for match in known}, all(_apart(text, match) for match in known)
        later = (match for match in found if match.start() > known[0].start() and _style(match) in styles)
        found = [match for match in later if not apart or _apart(text, match)]
    strange = Counter(label for label in map(_label, found) if label not in speakers)
    if not stated:
        what = f"expected who speaks, found labels: {_counted(strange)}"
    elif silent:
        others = _counted(strange) or "nobody"
        what = f"expected every speaker that is named, found no {', '.join(silent)}, but: {others}"
    elif strange:
        what = f"expected the role of every speaker, found labels without one: {_counted(strange)}"
    else:
        return None
    kept = {label: role for label, role in speakers.items() if label not in silent}
    return Problem(place, what, f"say who is who (none: no speaker): --speakers '{_argument(kept, strange)}'")


def _apart(text: str, match: re.Match[str]) -> bool:
    """Whether the line before is empty, or there is none."""
    end = match.start() - 1
    return end < 0 or not text[text.rfind("\n", 0, end) + 1 : end].strip()


def _counted(labels: Counter[str]) -> str:
    few = [f"{label} ({times}×)" for label, times in labels.most_common(12)]
    return ", ".join(few) + (", …" if len(labels) > len(few) else "")


def _argument(speakers: Mapping[str, Speaker], labels: Counter[str]) -> str:
    once = 1 if max(labels.values(), default=0) > 1 or "user" in speakers.values() else 0
    pairs = dict(speakers)
    for label, times in labels.items():
        pairs[label] = _guess(label, "none" if times <= once else "user")
    return ",".join(f"{label}={role}" for label, role in list(pairs.items())[:30])


def _guess(label: str, otherwise: Speaker) -> Speaker:
    words = re.findall(r"[a-z]+", label.lower())
    return next((role for role, names in _GUESSES.items() if any(re.fullmatch(names, w) for w in words)), otherwise)
