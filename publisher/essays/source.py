"""A text as the renderer reads it, with the place in the source of everything that a page does not show as it is typed.

markdown-it says which lines a paragraph comes from, but not where in a paragraph a link or an entity stands. So the
rules that `render` parses with are wrapped here: each notes where it began and ended, and changes nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, backtick, entity, escape, link, newline
from markdown_it.token import Token

from publisher.essays import emphasis, render, tables

Stretch = tuple[int, int, str]
"""From where to where in the source, and what a page shows there instead."""


@dataclass(slots=True)
class Link:
    """A link or an image: ``[label](address "title")``, ``[label][name]``, ``![alt](address)``, ``<https://…>``."""

    token: Token
    start: int
    tail: int
    """Where it begins that a reader does not see: after the label."""
    end: int
    label: str = ""
    """What a reader sees; empty where the address is shown instead."""

    @property
    def image(self) -> bool:
        return self.token.type == "image"

    @property
    def within_link(self) -> bool:
        """An image that cannot be a link to its address, since it stands in another link."""
        return self.token.tag == "span"

    @property
    def automatic(self) -> bool:
        """``<https://…>``: nothing of it is hidden."""
        return self.token.markup == "autolink"

    @property
    def address(self) -> str:
        return str(self.token.attrs["src" if self.image else "href"])

    @property
    def title(self) -> str:
        return str(self.token.attrs.get("title", ""))


@dataclass(frozen=True, slots=True)
class Break:
    """A line end within a paragraph."""

    start: int
    shown: bool
    """Two spaces before it make it a line break on the page; else it is a space."""
    indented: bool
    """The next line begins with white space, which is not shown."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An item of an ordered list."""

    start: int
    typed: str
    """``"007"``"""
    shown: str
    """``"7"``, or what follows from the list's first number."""
    list: int
    """Which list of the text it belongs to."""


@dataclass(frozen=True, slots=True)
class Definition:
    """``[name]: address "title"``: never shown itself."""

    start: int
    end: int
    name: str
    """As markdown-it folds it."""
    repeated: bool
    """Another one of that name came first, so this one counts for nothing."""


class Source(render.Markdown):
    """Lives as long as one text; parsed when it is made."""

    def __init__(self, text: str, *, any_address: bool = False) -> None:
        super().__init__()
        self.text = text
        self.lines = text.split("\n")
        self.links: list[Link] = []
        self.entities: list[Stretch] = []
        self.escapes: list[int] = []
        """Each backslash that is not shown."""
        self.emphasis: list[int] = []
        """Each ``*`` or ``_`` that is not shown."""
        self.loose: list[int] = []
        """Each that is: it might have been emphasis, and had no partner."""
        self.breaks: list[Break] = []
        self.code_spans: list[tuple[int, int]] = []
        self.refused = False
        """Whether an address was met that is never made a link."""
        self._any_address = any_address
        self._rows = [0, *(match.end() for match in re.finditer("\n", text))]
        self._rules()
        env: dict[str, Any] = {}
        self.tokens = self.parse(text, env)
        self.crowded: Mapping[int, int] = env.get(tables.CROWDED, {})
        """Each line of what is no table though it looks like one → the line with too many cells, both from 0."""
        self.definitions = sorted(self._definitions(env), key=lambda definition: definition.start)
        self.numbered = list(self._numbered())

    def place(self, offset: int) -> str:
        """``essay.md:LINE:COLUMN``"""
        row = bisect_right(self._rows, offset) - 1
        return f"essay.md:{row + 1}:{offset - self._rows[row] + 1}"

    def row(self, number: int) -> int:
        """The offset at which a line begins; lines from 0, as tokens count them."""
        return self._rows[number] if number < len(self._rows) else len(self.text)

    def line_before(self, offset: int) -> str:
        """What stands before a place in its own line."""
        return self.text[self._rows[bisect_right(self._rows, offset) - 1] : offset]

    def paragraphs(self) -> Iterator[Token]:
        return (token for token in self.tokens if token.type == "inline")

    def fence_info(self, fence: Token) -> tuple[int, int]:
        """Where the words after the opening marks of a fenced code block stand."""
        first = fence.map[0] if fence.map else 0
        return self.row(first) + self.lines[first].index(fence.markup) + len(fence.markup), self.row(first + 1)

    def hidden(self) -> list[Stretch]:
        """Every stretch that is not shown as typed, in order and apart; marks of punctuation are not among them."""
        stretches = [*self.entities]
        stretches += [(item.start, item.start + len(item.typed), "") for item in self.numbered]
        stretches += [(definition.start, definition.end, "") for definition in self.definitions]
        stretches += [(*self.fence_info(token), "") for token in self.tokens if token.type == "fence"]
        stretches += [(*gap, "") for token in self.tokens for gap in token.meta.get("gaps", ())]
        for met in self.links:
            if met.image and not met.label:
                stretches.append((met.start, met.end, met.address))
            elif not met.automatic:
                stretches.append((met.tail, met.end, "" if met.label else met.address))
        apart: list[Stretch] = []
        for stretch in sorted(stretches):
            if not apart or stretch[0] >= apart[-1][1]:
                apart.append(stretch)
        return apart

    def prose(self) -> str:
        """The text with all that is code or not shown as NUL; every character keeps its place."""
        blanks = [*self.code_spans, *((start, end) for start, end, _ in self.hidden())]
        blanks += [
            (self.row(token.map[0]), self.row(token.map[1]))
            for token in self.tokens
            if token.type in {"fence", "code_block"} and token.map
        ]
        characters = list(self.text)
        for start, end in blanks:
            characters[start:end] = re.sub(r"[^\n]", "\0", self.text[start:end])
        return "".join(characters)

    # What stands in paragraphs: the rules of markdown-it, and a note of where each matched.

    def validateLink(self, url: str) -> bool:  # noqa: N802
        accepted = super().validateLink(url)
        self.refused |= not accepted
        return accepted or self._any_address

    def _rules(self) -> None:
        self.options["store_labels"] = True
        self.core.ruler.at("inline", self._paragraphs)
        self.inline.ruler2.before("fragments_join", "emphasis_seen", self._see_emphasis)
        self._marks: list[tuple[StateInline, Token, int]] = []
        for name, rule, note in (
            ("autolink", autolink, self._note_autolink),
            ("backticks", backtick, self._note_code),
            ("emphasis", emphasis.rule, self._note_emphasis),
            ("entity", entity, self._note_entity),
            ("escape", escape, self._note_escape),
            ("image", self._image, self._note_image),
            ("link", link, self._note_link),
            ("newline", newline, self._note_newline),
        ):
            self.inline.ruler.at(name, _noting(rule, note))

    def _paragraphs(self, state: StateCore) -> None:
        for opening, token in pairwise(state.tokens):
            if token.type == "inline" and token.children is not None:
                if "at" in token.meta:
                    self._locate_cell(token)
                else:
                    self._locate(token, heading=opening.markup.startswith("#"))
                before = len(self.links)
                self.inline.parse(token.content, self, state.env, token.children)
                labels = dict(_labels(token.children))
                for met in self.links[before:]:
                    met.label = labels[id(met.token)]

    def _locate(self, paragraph: Token, *, heading: bool) -> None:
        """Learn by how much each line of a paragraph's content is shifted against the source."""
        row, _ = paragraph.map or (0, 0)
        self._base, self._starts, self._shifts = 0, list[int](), list[int]()
        position = 0
        for line in paragraph.content.split("\n"):
            typed = line.strip(" \t")
            while typed not in self.lines[row]:  # a line of nothing but unusual white space is trimmed away
                row += 1
            after = self.lines[row].index("#") if heading else 0
            after += len(self.lines[row][after:]) - len(self.lines[row][after:].lstrip("#")) if heading else 0
            column = self.lines[row].find(typed, after) if heading else self.lines[row].rfind(typed)
            self._starts.append(position)
            self._shifts.append(self._rows[row] + column - position - line.index(typed))
            position += len(line) + 1
            row += 1

    def _locate_cell(self, cell: Token) -> None:
        """The same for a cell of a table, in which a backslash before each ``|`` is gone already."""
        at = int(cell.meta["at"])
        bars = [match.start() for match in re.finditer("[|]", cell.content)]
        self._base, self._starts, self._shifts = 0, [0, *bars], [*range(at, at + len(bars) + 1)]
        self.escapes += [at + position + before for before, position in enumerate(bars)]

    def _at(self, position: int) -> int:
        """The place in the source of a position in the paragraph, or in the alt text, that is being read."""
        position += self._base
        return position + self._shifts[bisect_right(self._starts, position) - 1]

    def _image(self, state: StateInline, silent: bool) -> bool:
        """The renderer's rule; markdown-it reads the alt text as a text of its own."""
        outer, self._base = self._base, self._base + state.pos + 2
        try:
            return render.image_rule(state, silent)
        finally:
            self._base = outer

    def _note_autolink(self, state: StateInline, start: int, new: Sequence[Token]) -> None:
        end = self._at(state.pos - 1) + 1
        self.links.append(Link(_first(new, "link_open"), self._at(start), end, end))

    def _note_code(self, state: StateInline, start: int, new: Sequence[Token]) -> None:
        if any(token.type == "code_inline" for token in new):
            self.code_spans.append((self._at(start), self._at(state.pos - 1) + 1))

    def _note_entity(self, state: StateInline, start: int, new: Sequence[Token]) -> None:
        self.entities.append((self._at(start), self._at(state.pos - 1) + 1, new[-1].content))

    def _note_escape(self, state: StateInline, start: int, new: Sequence[Token]) -> None:
        if new[-1].type == "text_special" and new[-1].content != new[-1].markup:
            self.escapes.append(self._at(start))

    def _note_image(self, state: StateInline, start: int, new: Sequence[Token]) -> None:
        self._note_bracketed(state, start + 1, _first(new, "image"), nested=True)

    def _note_link(self, state: StateInline, start: int, new: Sequence[Token]) -> None:
        self._note_bracketed(state, start, _first(new, "link_open"), nested=False)

    def _note_newline(self, state: StateInline, start: int, new: Sequence[Token]) -> None:
        self.breaks.append(Break(self._at(start), new[-1].type == "hardbreak", state.pos > start + 1))

    def _note_bracketed(self, state: StateInline, bracket: int, token: Token, *, nested: bool) -> None:
        tail = self.helpers.parseLinkLabel(state, bracket, not nested) + 1
        self.links.append(Link(token, self._at(bracket) - nested, self._at(tail - 1) + 1, self._at(state.pos - 1) + 1))

    def _note_emphasis(self, state: StateInline, start: int, new: Sequence[Token]) -> None:
        for position, token in zip(range(start, state.pos), new[start - state.pos :], strict=True):
            self._marks.append((state, token, self._at(position)))

    def _see_emphasis(self, state: StateInline) -> None:
        """Which marks of a finished paragraph became emphasis: those whose token is no longer their own text."""
        while self._marks and self._marks[-1][0] is state:
            _, token, offset = self._marks.pop()
            shown = token.type == "text" and token.content
            (self.loose if shown else self.emphasis).append(offset)

    # What stands in blocks.

    def _definitions(self, env: Mapping[str, Any]) -> Iterator[Definition]:
        first = [(name, met["map"], False) for name, met in env.get("references", {}).items()]
        later = [(met["label"], met["map"], True) for met in env.get("duplicate_refs", ())]
        for name, (top, bottom), repeated in first + later:
            yield Definition(self._rows[top] + self.lines[top].index("["), self.row(bottom), name, repeated)

    def _numbered(self) -> Iterator[Numbered]:
        lists: list[list[int]] = []
        """Of each open list: its number among all lists, and the number its next item is shown with."""
        columns: dict[int, int] = {}
        count = 0
        for token in self.tokens:
            if token.type == "ordered_list_open":
                count += 1
                lists.append([count, int(token.attrs.get("start", 1))])
            elif token.type == "ordered_list_close":
                lists.pop()
            elif token.type == "list_item_open" and token.info and token.map:
                row = token.map[0]
                column = self.lines[row].index(token.info, columns.get(row, 0))
                columns[row] = column + len(token.info) + 1
                yield Numbered(self._rows[row] + column, token.info, str(lists[-1][1]), lists[-1][0])
                lists[-1][1] += 1


def _first(tokens: Sequence[Token], kind: str) -> Token:
    return next(token for token in tokens if token.type == kind)


def _labels(tokens: Iterable[Token]) -> Iterator[tuple[int, str]]:
    """What is seen of each link and image, by the identity of its token."""
    unclosed: list[tuple[Token, list[str]]] = []
    for token in tokens:
        if token.type == "link_close":
            opening, pieces = unclosed.pop()
            yield id(opening), "".join(pieces)
            continue
        if token.type == "image":
            yield id(token), render.alt(token).strip()
            yield from _labels(token.children or ())
        piece = render.shown(token) if token.type == "image" else token.content or ("\n" if token.tag == "br" else "")
        for _, pieces in unclosed:
            pieces.append(piece)
        if token.type == "link_open":
            unclosed.append((token, []))


_Rule = Callable[[StateInline, bool], bool]


def _noting(rule: _Rule, note: Callable[[StateInline, int, Sequence[Token]], None]) -> _Rule:
    def noting(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent:
            note(state, start, state.tokens[before:])
        return matched

    return noting
