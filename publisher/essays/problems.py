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
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter

from archive.errors import Problem
from publisher.essays import links, literal, render, traces, words
from publisher.essays.finding import Finding, grouped, named, one_line, quoted, remark, times
from publisher.essays.source import Source


def problems(data: bytes) -> list[Problem]:
    """Everything a reviewer should know about a text, in the order of the text; for looking at, not for mending.

    Empty for a text that cannot be shown at all; `render.unfaithful` says why.
    """
    if render.unfaithful(data):
        return []
    source = Source(data.decode())
    checks = (
        *(_characters, _composition, _white_space, _emphasis, _escapes, _entities, _numbers, _headings, _code),
        *(_empty, _below_definitions, _deep_quotes, _rows),
        *(links.definitions, links.links, links.refused, literal.marks, traces.tags, traces.leftovers, _unaccounted),
    )
    found = dict.fromkeys(finding for check in checks for finding in check(source))
    return [Problem(source.place(offset), what) for offset, what in sorted(found, key=itemgetter(0))]


# Characters.

_USUAL = "cannot be seen, and is usual where it stands (in emoji, between letters that join)"


def _characters(source: Source) -> Iterator[Finding]:
    for character in sorted(set(source.text)):
        if why := remark(character):
            offsets = [match.start() for match in re.finditer(character, source.text)]
            usual = all(_usual(source.text, offset) for offset in offsets)
            yield offsets[0], f"{named(character)} {_USUAL if usual else why}{times(source, offsets)}"
    for run in re.finditer("[\U000e0020-\U000e007e]{2,}", source.text):
        spelled = "".join(chr(ord(tag) - 0xE0000) for tag in run[0])
        yield run.start(), f"tag characters, which cannot be seen, spell {quoted(spelled)}"


def _usual(text: str, offset: int) -> bool:
    """Whether an emoji's selector or a joiner stands where emoji and joining scripts have them."""
    before, after = text[max(offset - 1, 0) : offset], text[offset + 1 : offset + 2]
    if text[offset] == "\ufe0f":
        return before != "" and (unicodedata.category(before)[0] == "S" or before in "‼⁉" or after == "\u20e3")
    return text[offset] in "\u200c\u200d" and before > "\u02ff" and after > "\u02ff"


def _composition(source: Source) -> Iterator[Finding]:
    rows = [row for row, line in enumerate(source.lines) if not unicodedata.is_normalized("NFC", line)]
    if rows:
        line = source.lines[rows[0]]
        pairs = enumerate(zip(line, unicodedata.normalize("NFC", line), strict=False))
        column = next((column for column, (typed, usual) in pairs if typed != usual), 0)
        offsets = [source.row(rows[0]) + column, *map(source.row, rows[1:])]
        yield offsets[0], f"a letter not in Unicode's usual form, NFC: same look, other bytes{times(source, offsets)}"


def _white_space(source: Source) -> Iterator[Finding]:
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
            yield offsets[0], kind + times(source, offsets)


# Markdown.


def _emphasis(source: Source) -> Iterator[Finding]:
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
            yield word.start(), f"{quoted(word[0])} is shown as {quoted(shown)}: the marks count as emphasis"


def _in_word(word: str, start: int, end: int) -> bool:
    """Between letters or digits; scripts without spaces between words have emphasis there as a matter of course."""
    beside = word[start - 1 : start] if start else "", word[end : end + 1]
    return all(c.isalnum() and unicodedata.east_asian_width(c) not in "WF" for c in beside)


def _escapes(source: Source) -> Iterator[Finding]:
    if source.escapes:
        typed = Counter(source.text[offset : offset + 2] for offset in source.escapes)
        kinds = ", ".join(pair if times == 1 else f"{pair} {times} times" for pair, times in typed.most_common())
        yield source.escapes[0], f"a backslash before punctuation is not shown: {kinds}"


def _entities(source: Source) -> Iterator[Finding]:
    typed = [(source.text[start:end], (start, shown)) for start, end, shown in source.entities]
    for entity, places in grouped(typed).items():
        offset, shown = places[0]
        why = "".join(f"; it {why}" for why in map(remark, shown) if why)
        yield offset, f"{entity} is shown as {quoted(shown)}{why}{times(source, [start for start, _ in places])}"
    for start, end, _ in source.hidden():
        for match in re.finditer(r"&#?\w+;", source.text[start:end]):
            stands_for = html.unescape(match[0])
            if any(map(remark, stands_for)) and end - start > len(match[0]):
                yield start + match.start(), f"{match[0]}, in what is not shown, stands for {quoted(stands_for)}"


def _numbers(source: Source) -> Iterator[Finding]:
    for items in grouped((item.list, item) for item in source.numbered).values():
        if changed := [item for item in items if item.typed != item.shown]:
            typed = ", ".join(dict.fromkeys(item.typed for item in changed))
            shown = " to ".join(dict.fromkeys((changed[0].shown, changed[-1].shown)))
            yield changed[0].start, f"the numbers of a list change: {typed} shown as {shown}"


def _headings(source: Source) -> Iterator[Finding]:
    for token in source.tokens:
        if token.type == "heading_open" and token.markup in "=-" and token.map and token.map[1] - token.map[0] > 2:
            yield source.row(token.map[0]), f"the {token.markup} below these lines makes a heading of all of them"


def _code(source: Source) -> Iterator[Finding]:
    for token in source.tokens:
        if token.type == "code_block" and token.map:
            yield source.row(token.map[0]), "four spaces at the start of the line make it program code"
        if token.type == "fence" and token.map:
            start, end = source.fence_info(token)
            if info := source.text[start:end].strip():
                yield start, f"not shown: {one_line(info)}, the language of the program code below"
            top, bottom = token.map
            if bottom - top - 1 <= token.content.count("\n") + (token.content[-1:] not in ("", "\n")):
                yield source.row(top), f"{token.markup} opens program code that is never closed"


_EMPTY = {
    "list_item": "an item of a list without text: of its mark a page shows a bullet or a number at most",
    "heading": "a heading without text: nothing of it is shown",
    "blockquote": "a quotation without text: nothing of it is shown",
}


_NO_PARAGRAPH = ("bullet_list_open", "ordered_list_open", "code_block", "hr", "table_open")


def _empty(source: Source) -> Iterator[Finding]:
    """Blocks of nothing but marks: what was typed vanishes, or becomes a bullet that nobody typed."""
    for opening, *after in zip(source.tokens, source.tokens[1:], source.tokens[2:], strict=False):
        kind = opening.type.removesuffix("_open")
        closing = after[1] if after[0].type == "inline" and not after[0].content else after[0]
        if kind in _EMPTY and opening.map and closing.type == f"{kind}_close":
            yield source.row(opening.map[0]), _EMPTY[kind]


def _below_definitions(source: Source) -> Iterator[Finding]:
    """In CommonMark they go on with the paragraph that a definition begins; markdown-it ends that there."""
    within = {met.end: bool(source.line_before(met.start).strip()) for met in source.definitions}
    for token in source.tokens:
        start = source.row(token.map[0]) if token.map else -1
        if start in within and (token.type in _NO_PARAGRAPH or (within[start] and token.type == "paragraph_open")):
            yield start, "this stands right below the address of a link: other programs show it otherwise"


def _deep_quotes(source: Source) -> Iterator[Finding]:
    rows = {
        row for token in source.tokens if token.type == "blockquote_open" and token.map for row in range(*token.map)
    }
    for row in sorted(rows):
        if re.match(r"(?: {4,}| {0,3}\t)[ \t]*>", source.lines[row]):
            yield (
                source.row(row),
                "four spaces before a > that is taken for a quotation; other programs show it as typed",
            )


def _rows(source: Source) -> Iterator[Finding]:
    """A paragraph right below a table goes on with it, in every program that has tables."""
    wide = 0
    for token in source.tokens:
        wide = 0 if token.type == "thead_open" else wide + (token.type == "th_open")
        if token.type == "tr_open" and token.map and wide > 1 and "|" not in source.lines[token.map[0]]:
            yield source.row(token.map[0]), "this line stands right below a table, and is a row of it"


# The sum.

# White space and the marks Markdown is made of: they come and go.
_MARKS = re.compile(r"[\s!-/:-@\[-`{-~]+")


def _unaccounted(source: Source) -> Iterator[Finding]:
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
        yield offset, f"from here the page is not the source, for no reason known; the page has {quoted(page[same:])}"


def _places(kept: Iterable[tuple[str, int]]) -> Iterator[int]:
    """The place in the source of each letter that is compared."""
    for piece, start in kept:
        for position, character in enumerate(piece, start):
            if not _MARKS.match(character):
                yield position
