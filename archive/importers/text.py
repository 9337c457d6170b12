"""Markdown or plain text, cut at the names of its speakers.

A turn begins at a line that begins with a speaker's label, in one of these forms, and goes on to the next one::

    Interviewer: Is there anything you would want?
    **Opus:** There is.          **Opus**: There is.
    ## Opus

Who ``User`` and ``Assistant`` are is plain, and so is the model's own id; any other name is given a role with
``--speakers``. Taken away are the label, the spaces after it, the empty lines that follow it, and the empty lines and
line breaks before the next label or the end. Everything else is the turn's text, unchanged; a label inside a code block
counts too. A heading before the first turn is the conversation's title.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
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
_EVIDENT: Mapping[str, Speaker] = {
    **dict.fromkeys(("user", "human", "interviewer"), "user"),
    **dict.fromkeys(("assistant", "model", "ai"), "assistant"),
    "system": "system",
    "tool": "tool",
}
_TITLE = re.compile(r"^#{1,3} +(.+?)[ \t#]*\r?$", re.MULTILINE)
_GUESSES: Mapping[Speaker, str] = {
    "assistant": r"assistant|model|ai|bot|answer|a|claude|opus|sonnet|haiku|gpt|gemini|llama|response",
    "system": r"system|developer",
    "tool": r"tool|function",
}


def sniff(source: Source) -> bool:
    """Any text may be a conversation; whether it is one shows in its labels."""
    return source.kind == "text" or source.speakers is not None


def read(source: Source) -> Iterator[Found]:
    """One interview. Raises `Refused` for a label of which nobody said, and nothing shows, whose it is."""
    talk = Talk(source.name)
    text = _text(source, talk)
    found = list(islice(_labels([*(source.speakers or {}), *source.model]).finditer(text), MAX_TURNS + 1))
    if len(found) > MAX_TURNS:
        raise talk.refused("", f"has more than {MAX_TURNS:,} lines that may begin a turn", "split the file")
    speakers = source.speakers or _evident(map(_label, found), source.model)
    if problem := _unstated(text, found, speakers, source):
        raise Refused([problem])
    spoken = [match for match in found if speakers.get(_label(match), "none") != "none"]
    if heading := _TITLE.search(text, 0, spoken[0].start()):
        talk.called(heading[1])
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


def _evident(labels: Iterable[str], model: Collection[str]) -> dict[str, Speaker]:
    """The roles of the labels that say it themselves; none unless there is somebody who asks and the model."""
    names: dict[str, Speaker] = {_plain(name): "assistant" for name in model}
    known = {label: role for label in labels if (role := _EVIDENT.get(label.lower()) or names.get(_plain(label)))}
    return known if {"user", "assistant"} <= set(known.values()) else {}


def _plain(name: str) -> str:
    """``Lantern 2`` and ``lantern-2`` are one name."""
    return re.sub(r"[\W_]+", "", name).casefold()


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


def _unstated(text: str, found: list[re.Match[str]], speakers: Mapping[str, Speaker], source: Source) -> Problem | None:
    """A label that nobody said the role of, in a form that speakers have here; or a speaker who never speaks."""
    if not found:
        what = "expected JSON, or lines that begin with a speaker, as in “Name:”, “**Name:**” or “## Name”, found none"
        return Problem(source.name, what, "see `archive formats` for what is read")
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
    argument = _argument({k: role for k, role in speakers.items() if k not in silent}, strange, source.model)
    return Problem(source.name, what, f"say who is who (none: no speaker): --speakers '{argument}'")


def _apart(text: str, match: re.Match[str]) -> bool:
    """Whether the line before is empty, or there is none."""
    end = match.start() - 1
    return end < 0 or not text[text.rfind("\n", 0, end) + 1 : end].strip()


def _counted(labels: Counter[str]) -> str:
    few = [f"{label} ({times}×)" for label, times in labels.most_common(12)]
    return ", ".join(few) + (", …" if len(labels) > len(few) else "")


def _argument(speakers: Mapping[str, Speaker], labels: Counter[str], model: Collection[str]) -> str:
    """A mapping to begin with; `labels` stand in the order of the text, in which whoever speaks first asks."""
    once = 1 if max(labels.values(), default=0) > 1 or "user" in speakers.values() else 0
    pairs = dict(speakers)
    unsure = []
    for label, times in labels.items():
        guess = _guess(label, model)
        pairs[label] = guess or ("none" if times <= once else "user")
        unsure += [label] if not guess and times > once else []
    asks = [label for label, role in pairs.items() if role == "user"]
    if "assistant" not in pairs.values() and unsure and len(asks) > 1:
        pairs[next((label for label in unsure if label != asks[0]), unsure[0])] = "assistant"
    return ",".join(f"{label}={role}" for label, role in list(pairs.items())[:30])


def _guess(label: str, model: Collection[str]) -> Speaker | None:
    if evident := _EVIDENT.get(label.lower()):
        return evident
    words = re.findall(r"[a-z]+", label.lower())
    named = {word for name in model for word in re.findall(r"[a-z]+", name.lower())}
    if _plain(label) in map(_plain, model) or (words and named.issuperset(words)):
        return "assistant"
    return next((role for role, names in _GUESSES.items() if any(re.fullmatch(names, word) for word in words)), None)
