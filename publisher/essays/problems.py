"""What a reviewer should see before signing: whatever a reader of the page would not see, or would see otherwise.

Nothing is repaired here. The text is read with the renderer's own parser, and every mark in the source that the page
does not show is named. At the end comes the sum: without what was named, the source must be exactly the text of the
page. So no rule of Markdown hides a word silently, not even one that nobody here thought of.

What makes it impossible to show a text at all is `render.unfaithful`; about all this the reviewer decides.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import TypeVar
from urllib.parse import urlsplit

from archive import characters
from archive.errors import Problem
from publisher.essays import render, words
from publisher.essays.source import Link, Source

K = TypeVar("K")
V = TypeVar("V")

_Finding = tuple[int, str]
"""Offset in the source, and what stands there."""


def problems(data: bytes) -> list[Problem]:
    """Everything a reviewer should know about a text, in the order of the text; for looking at, not for mending.

    Empty for a text that cannot be shown at all; `render.unfaithful` says why.
    """
    if render.unfaithful(data):
        return []
    source = Source(data.decode())
    checks = (
        *(_characters, _composition, _white_space, _emphasis, _escapes, _entities, _numbers, _headings, _code),
        *(_empty, _below_definitions, _deep_quotes),
        *(_definitions, _links, _refused_links, _tags, _leftovers, _unaccounted),
    )
    found = dict.fromkeys(finding for check in checks for finding in check(source))
    return [Problem(source.place(offset), what) for offset, what in sorted(found, key=itemgetter(0))]


# Characters.


def _characters(source: Source) -> Iterator[_Finding]:
    for character in sorted(set(source.text)):
        if why := _why(character):
            offsets = [match.start() for match in re.finditer(character, source.text)]
            usual = all(_usual(source.text, offset) for offset in offsets)
            yield offsets[0], f"{_named(character)} {_USUAL if usual else why}{_times(source, offsets)}"
    for run in re.finditer("[\U000e0020-\U000e007e]{2,}", source.text):
        spelled = "".join(chr(ord(tag) - 0xE0000) for tag in run[0])
        yield run.start(), f"tag characters, which cannot be seen, spell {_quoted(spelled)}"


_PRIVATE = "means nothing that all readers share: a font shows anything, or nothing"
_USUAL = "cannot be seen, and is usual where it stands (in emoji, between letters that join)"
_WHY = (
    (f"[{characters.DIRECTION}]", "changes the order in which the letters after it are shown"),
    ("[\ufff9-\ufffc]", "stands for something that is not in the text"),
    ("\ufffd", "stands where a character was lost before the text came here"),
    ("[\u2028\u2029]", "breaks the line in some programs and not in others"),
    ("[\xa0\u2007\u202f]", "looks like a space and keeps the words beside it on one line"),
    (f"[{characters.SPACES}]", "looks like a space"),
    ("[\ue000-\uf8ff\U000f0000-\U0010ffff]", _PRIVATE),
    (f"[{characters.UNSEEN}]", "cannot be seen"),
)


def _why(character: str) -> str:
    """What a reviewer should know of a character; empty for one that shows as itself."""
    if character.isascii():
        return ""
    for among, why in _WHY:
        if re.match(among, character):
            return why
    match unicodedata.category(character):
        case "Cf":
            return "cannot be seen"
        case "Zs":
            return "looks like a space"
        case "Cn":
            return _PRIVATE
    return ""


def _usual(text: str, offset: int) -> bool:
    """Whether an emoji's selector or a joiner stands where emoji and joining scripts have them."""
    before, after = text[max(offset - 1, 0) : offset], text[offset + 1 : offset + 2]
    if text[offset] == "\ufe0f":
        return before != "" and (unicodedata.category(before)[0] == "S" or before in "‼⁉" or after == "\u20e3")
    return text[offset] in "\u200c\u200d" and before > "\u02ff" and after > "\u02ff"


def _composition(source: Source) -> Iterator[_Finding]:
    rows = [row for row, line in enumerate(source.lines) if not unicodedata.is_normalized("NFC", line)]
    if rows:
        line = source.lines[rows[0]]
        pairs = enumerate(zip(line, unicodedata.normalize("NFC", line), strict=False))
        column = next((column for column, (typed, usual) in pairs if typed != usual), 0)
        offsets = [source.row(rows[0]) + column, *map(source.row, rows[1:])]
        yield offsets[0], f"a letter not in Unicode's usual form, NFC: same look, other bytes{_times(source, offsets)}"


def _white_space(source: Source) -> Iterator[_Finding]:
    trailing = [match.start() for match in re.finditer(r"(?<![ \t])[ \t]{2,}$", source.text, re.MULTILINE)]
    kinds = {
        "a line end within a paragraph is shown as a space": [met.start for met in source.breaks if not met.shown],
        "white space at the start of a line is not shown": [met.start + 1 for met in source.breaks if met.indented],
        "spaces at the end of a line, which may mean a line break": trailing,
        "several spaces are shown as one": [
            match.start() + 1 for match in re.finditer(r"\S {2,}(?=\S)", source.prose())
        ],
        "a tab": [match.start() for match in re.finditer("\t", source.text)],
    }
    for kind, offsets in kinds.items():
        if offsets:
            yield offsets[0], kind + _times(source, offsets)


# Markdown.


def _emphasis(source: Source) -> Iterator[_Finding]:
    """Marks taken for emphasis between letters or digits, or in a program's names: ``2*3*4`` is shown as ``234``."""
    text, marks = source.text, set(source.emphasis)
    for word in re.finditer(r"\S+", text):
        inside = [
            run
            for run in re.finditer(r"[*_]+", word[0])
            if marks.intersection(range(word.start() + run.start(), word.start() + run.end()))
            and (_in_word(word[0], run.start(), run.end()) or re.match(r"[^\w\s]*__[a-z]\w*__(?!\w)", word[0]))
        ]
        if inside:
            shown = "".join(c for offset, c in enumerate(word[0], word.start()) if offset not in marks)
            yield word.start(), f"{_quoted(word[0])} is shown as {_quoted(shown)}: the marks count as emphasis"


def _in_word(word: str, start: int, end: int) -> bool:
    """Between letters or digits; scripts without spaces between words have emphasis there as a matter of course."""
    beside = word[start - 1 : start] if start else "", word[end : end + 1]
    return all(c.isalnum() and unicodedata.east_asian_width(c) not in "WF" for c in beside)


def _escapes(source: Source) -> Iterator[_Finding]:
    if source.escapes:
        typed = Counter(source.text[offset : offset + 2] for offset in source.escapes)
        kinds = ", ".join(pair if times == 1 else f"{pair} {times} times" for pair, times in typed.most_common())
        yield source.escapes[0], f"a backslash before punctuation is not shown: {kinds}"


def _entities(source: Source) -> Iterator[_Finding]:
    typed = [(source.text[start:end], (start, shown)) for start, end, shown in source.entities]
    for entity, places in _grouped(typed).items():
        offset, shown = places[0]
        why = "".join(f"; it {why}" for why in map(_why, shown) if why)
        yield offset, f"{entity} is shown as {_quoted(shown)}{why}{_times(source, [start for start, _ in places])}"
    for start, end, _ in source.hidden():
        for match in re.finditer(r"&#?\w+;", source.text[start:end]):
            stands_for = html.unescape(match[0])
            if any(map(_why, stands_for)) and end - start > len(match[0]):
                yield start + match.start(), f"{match[0]}, in what is not shown, stands for {_quoted(stands_for)}"


def _numbers(source: Source) -> Iterator[_Finding]:
    for items in _grouped((item.list, item) for item in source.numbered).values():
        if changed := [item for item in items if item.typed != item.shown]:
            typed = ", ".join(dict.fromkeys(item.typed for item in changed))
            shown = " to ".join(dict.fromkeys((changed[0].shown, changed[-1].shown)))
            yield changed[0].start, f"the numbers of a list change: {typed} shown as {shown}"


def _headings(source: Source) -> Iterator[_Finding]:
    for token in source.tokens:
        if token.type == "heading_open" and token.markup in "=-" and token.map and token.map[1] - token.map[0] > 2:
            yield source.row(token.map[0]), f"the {token.markup} below these lines makes a heading of all of them"


def _code(source: Source) -> Iterator[_Finding]:
    for token in source.tokens:
        if token.type == "code_block" and token.map:
            yield source.row(token.map[0]), "four spaces at the start of the line make it program code"
        if token.type == "fence" and token.map:
            start, end = source.fence_info(token)
            if info := source.text[start:end].strip():
                yield start, f"not shown: {_line(info)}, the language of the program code below"
            top, bottom = token.map
            if bottom - top - 1 <= token.content.count("\n") + (token.content[-1:] not in ("", "\n")):
                yield source.row(top), f"{token.markup} opens program code that is never closed"


_EMPTY = {
    "list_item": "an item of a list without text: of its mark a page shows a bullet or a number at most",
    "heading": "a heading without text: nothing of it is shown",
    "blockquote": "a quotation without text: nothing of it is shown",
}


_NO_PARAGRAPH = ("bullet_list_open", "ordered_list_open", "code_block", "hr")


def _empty(source: Source) -> Iterator[_Finding]:
    """Blocks of nothing but marks: what was typed vanishes, or becomes a bullet that nobody typed."""
    for opening, *after in zip(source.tokens, source.tokens[1:], source.tokens[2:], strict=False):
        kind = opening.type.removesuffix("_open")
        closing = after[1] if after[0].type == "inline" and not after[0].content else after[0]
        if kind in _EMPTY and opening.map and closing.type == f"{kind}_close":
            yield source.row(opening.map[0]), _EMPTY[kind]


def _below_definitions(source: Source) -> Iterator[_Finding]:
    """In CommonMark they go on with the paragraph that a definition begins; markdown-it ends that there."""
    within = {met.end: bool(source.line_before(met.start).strip()) for met in source.definitions}
    for token in source.tokens:
        start = source.row(token.map[0]) if token.map else -1
        if start in within and (token.type in _NO_PARAGRAPH or (within[start] and token.type == "paragraph_open")):
            yield start, "this stands right below the address of a link: other programs show it otherwise"


def _deep_quotes(source: Source) -> Iterator[_Finding]:
    rows = {
        row for token in source.tokens if token.type == "blockquote_open" and token.map for row in range(*token.map)
    }
    for row in sorted(rows):
        if re.match(r"(?: {4,}| {0,3}\t)[ \t]*>", source.lines[row]):
            yield (
                source.row(row),
                "four spaces before a > that is taken for a quotation; other programs show it as typed",
            )


def _definitions(source: Source) -> Iterator[_Finding]:
    used = {met.token.meta.get("label") for met in source.links}
    for definition in source.definitions:
        if definition.repeated:
            why = "a second definition of that name counts for nothing"
        elif definition.name in used:
            why = "it gives the address of a link"
        else:
            why = "no link uses it"
        yield definition.start, f"not shown: {_line(source.text[definition.start : definition.end])}; {why}"


# Links.


def _links(source: Source) -> Iterator[_Finding]:
    for met in source.links:
        if not met.address:
            yield met.start, f"{_quoted(source.text[met.start : met.end])} is a link without an address"
            continue
        if not met.automatic:
            tail = _line(source.text[met.tail : met.end])
            told = tail in ("", "[]", f"({met.address})")
            yield met.start, _told(met) + ("" if told else f"; not shown: {tail}")
        for warning in _warnings(met):
            yield met.start, warning


def _told(met: Link) -> str:
    address, label = _line(met.address), _quoted(met.label)
    if not met.label:
        return f"{'an image without alt text' if met.image else 'a link without text'} shows as its address"
    if not met.image:
        return f"{label} is a link to {address}"
    if met.within_link:
        return f"an image shows as its alt text, {label}, within a link, and its address is not shown: {address}"
    return f"an image shows as its alt text, {label}, a link to {address}"


def _warnings(met: Link) -> Iterator[str]:
    try:
        address = urlsplit(met.address)
        host = address.hostname or address.path.partition("@")[2]
    except ValueError:
        yield f"a link whose address no program can read: {_line(met.address)}"
        return
    if met.label and all(c.isspace() or _why(c) for c in met.label):
        yield f"a link that nobody can see, to {_line(met.address)}"
    reads_like = re.fullmatch(r"(?:\w+://)?(?:[^\s@/]+@)?((?:[\w-]+\.)+[^\W\d_]{2,})(?:[/:?#]\S*)?", met.label.strip())
    if reads_like and reads_like[1].lower().removeprefix("www.") != host.removeprefix("www."):
        yield f"the text {_quoted(met.label)} reads like one address, the link leads to another: {_line(met.address)}"
    if address.scheme == "http":
        yield f"a link that is not encrypted (http): {_line(met.address)}"
    if "@" in address.netloc:
        yield f"what stands before the @ in {_line(met.address)} is not where it leads: that is {_line(host)}"
    if (spelled := _spelled(host)) != host or not host.isascii():
        scripts = sorted({unicodedata.name(c, "unknown").split()[0].lower() for c in spelled if c.isalpha()})
        yield f"the host {_line(host)} may look like another one: {_quoted(spelled)} in {' and '.join(scripts)} letters"


def _spelled(host: str) -> str:
    """The host as programs may show it, without Punycode (RFC 3492): ``xn--bcher-kva.org`` is ``bücher.org``."""
    try:
        return re.sub(r"xn--([^.]*)", lambda match: match[1].encode().decode("punycode"), host)
    except UnicodeError:
        return host


def _refused_links(source: Source) -> Iterator[_Finding]:
    """What would be a link if its address were one that leads somewhere from page, mail and feed alike."""
    if source.refused:
        for met in Source(source.text, any_address=True).links:
            if met.address and not render.linkable(met.address):
                scheme = re.match(r"\w[\w+.-]*:", met.address)
                kind = f"a {scheme[0]} address" if scheme else "a relative address"
                yield met.start, f"not made a link, but shown as typed, since {_line(met.address)} is {kind}"


# Traces of how the text was made.


_HTML = re.compile(
    "</?(a|abbr|address|article|aside|b|blockquote|body|br|button|caption|center|cite|code|dd|del|details|div|dl|dt|em|"
    "embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|li|link|main|mark|"
    "meta|nav|object|ol|p|pre|q|s|samp|script|section|small|span|strike|strong|style|su[bp]|summary|svg|table|tbody|td|"
    "textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video|wbr)\\b|<!|<\\?",
    re.IGNORECASE,
)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][A-Za-z\[][^<>]*>|</?[A-Za-z_][\w:.-]*(?:\s[^<>]*)?/?>", re.DOTALL)
_LEFTOVERS = (
    (r"\[/?INST\]|<</?SYS>>|<[|｜][^<>|｜\n]{1,60}[|｜]>", "a control mark of a model's input or output"),
    (r"(?im)^[ \t>#*_]*(?:human|user|assistant|system)[*_]*:", "the name of a speaker of a chat"),
    (
        r"(?i)\A\s*(?:(?:sure|certainly|of course|absolutely|okay)\b[^.\n]{0,60}[.!,:—]"
        r"|(?:here(?:['’]s| is)|below is)\b.*:[ \t]*$)",
        "an answer to a request, not the beginning of an essay",
    ),
    (
        r"(?im)^[^\w\n]*(?:let me know if|would you like me to|feel free to|i hope this helps).*\s*\Z",
        "a closing word to a request",
    ),
    (r"(?im)^[^\w\n]*word count\b.*$", "a count of words"),
    (r"\A---[ \t]*\n(?:[\w-]+:.*\n)+---[ \t]*$", "front matter; Markdown shows it as text"),
)


def _tags(source: Source) -> Iterator[_Finding]:
    tags = [(_quoted(match[0]), match.start()) for match in _TAG.finditer(source.prose().replace("\0", " "))]
    for tag, offsets in _grouped(tags).items():
        kind = "is HTML" if _HTML.match(tag[1:]) else "looks like a mark around the text, not a part of it"
        yield offsets[0], f"{tag} {kind}; shown as typed{_times(source, offsets)}"


def _leftovers(source: Source) -> Iterator[_Finding]:
    prose = source.prose()
    for pattern, kind in _LEFTOVERS:
        for match in re.finditer(pattern, prose, re.MULTILINE):
            yield match.start() + len(match[0]) - len(match[0].lstrip()), f"{_quoted(match[0])} looks like {kind}"
    if [token.type for token in source.tokens] == ["fence"]:
        yield 0, "the whole text stands in a block of program code"


# The sum.

# White space and the marks Markdown is made of: they come and go.
_MARKS = re.compile(r"[\s!-/:-@\[-`{-~]+")


def _unaccounted(source: Source) -> Iterator[_Finding]:
    """Where source and page part, once everything that is known to be shown otherwise is set aside."""
    kept: list[tuple[str, int]] = []
    done = 0
    for start, end, shown in [*source.hidden(), (len(source.text), len(source.text), "")]:
        kept += [(source.text[done:start], done), (shown, start)]
        done = end
    expected = _MARKS.sub("", "".join(piece for piece, _ in kept))
    page = _MARKS.sub("", words.text(render.article(source.text)))
    if expected != page:
        pairs = enumerate(zip(expected, page, strict=False))
        same = next((n for n, (typed, shown) in pairs if typed != shown), min(len(expected), len(page)))
        offset = next(islice(_places(kept), same, None), len(source.text))
        yield offset, f"from here the page is not the source, for no reason known; the page has {_quoted(page[same:])}"


def _places(kept: Iterable[tuple[str, int]]) -> Iterator[int]:
    """The place in the source of each letter that is compared."""
    for piece, start in kept:
        for position, character in enumerate(piece, start):
            if not _MARKS.match(character):
                yield position


# Words for people.


def _quoted(text: str) -> str:
    """Short enough for a line: “the first words…”."""
    line = _line(text)
    return f"“{line}”" if len(line) <= 60 else f"“{line[:60]}…”"


def _line(text: str) -> str:
    """On one line, with what cannot be seen made visible: ``⟨U+200B⟩``."""
    return "".join(f"⟨{characters.code(c)}⟩" if _why(c) else c for c in " ".join(text.split()))


def _named(character: str) -> str:
    return f"{characters.code(character)} {unicodedata.name(character, '')}".strip()


def _times(source: Source, offsets: Sequence[int]) -> str:
    """``, 7 times (lines 1, 4, 9, 12, 20, …)``; nothing for once, since that is where the problem stands."""
    if len(offsets) == 1:
        return ""
    lines = list(dict.fromkeys(source.place(offset).split(":")[1] for offset in offsets))
    return (
        f", {len(offsets)} times (line{'s' * (len(lines) > 1)} {', '.join(lines[:5])}{', …' if len(lines) > 5 else ''})"
    )


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
