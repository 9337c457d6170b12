"""What a person types, made into a question to the catalogue that cannot go wrong.

    asked thanked              both words              "a dedicated channel"      these words in this order
    ask*                       ask, asked, asking      asked OR thanked           either
    asked NOT thanked          the one, not the other  (asked OR told) channel    parentheses group

Marks within a word are read as spaces (``don't`` is the words don t in this order); case and accents do not count.

In Chinese, Japanese, Thai and others nothing shows where a word ends, and in Korean it is inflected; an index of words
knows whole sentences of them. So what is written in these scripts is found wherever it stands, within a word too, by an
index of three letters in a row; parts of words in other scripts are looked for in the rows themselves::

    更正                       also in 我希望把更正放在答案旁边
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from archive.catalogue.tokens import tokens
from archive.characters import UNSPACED
from archive.errors import Problem, Refused

LONGEST = 1000
"""Characters of a query."""
_DEEPEST = 50
"""Parentheses in each other."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words in this order; of the last, with `prefix`, only its beginning."""

    words: tuple[str, ...]
    prefix: bool = False
    anywhere: bool = False
    """Written in a script without spaces: it may begin and end within a word."""


@dataclass(frozen=True, slots=True)
class Group:
    """Terms joined with ``AND``, ``OR``, or ``NOT`` (the first, and none of the others)."""

    joint: str
    parts: tuple["Term | Group", ...]


def words(text: str) -> "Words | None":
    """The question that `text` is; None where there is no word in it. Raises `Refused`."""
    expression = _Parser(_clean(text)).whole()
    return Words(expression) if expression else None


def unspaced(*texts: str | None) -> bool:
    """Whether one of `texts` holds something in a script without spaces."""
    return any(_unspaced().search(text) for text in texts if text and not text.isascii())


def runs(text: str) -> list[str]:
    """What stands in `text` in scripts without spaces, as far as it goes on."""
    return [] if text.isascii() else _unspaced().findall(text)


def substring(text: str) -> "Substring | None":
    """The question where these very characters stand, in whatever case. Raises `Refused`."""
    cleaned = _clean(text)
    return Substring(cleaned.lower()) if cleaned else None


def _clean(text: str) -> str:
    if len(text) > LONGEST:
        raise _refused(f"expected at most {LONGEST} characters, found {len(text)}", "look for fewer words")
    return unicodedata.normalize("NFC", text.encode(errors="replace").decode()).replace("\0", " ")


def _refused(found: str, remedy: str) -> Refused:
    return Refused([Problem("the query", found, remedy)])


# ── reading it: OR binds least, then AND, which may be left out, then NOT ────────────────────────────────────────────

_TOKEN = re.compile(r'\s*(?:"(?P<phrase>[^"]*)"(?P<prefix>\*?)|(?P<mark>[()"])|(?P<word>[^\s()"]+))')
_WORD = re.compile(r"[^\W_]+")
MARKS = r"[\W_]+"
"""What may stand between two words of a term."""


@cache
def _unspaced() -> re.Pattern[str]:
    """Made when a text asks for it, as `archive.documents.table` does: many ranges make a slow start."""
    return re.compile(f"[{UNSPACED}]+")


_Part = Term | Group | None
"""None where there is no word in it, as in a dash."""


class _Parser:
    """Lives while one query is read."""

    def __init__(self, query: str) -> None:
        self.tokens = list(_TOKEN.finditer(re.sub("[“”„]", '"', query.strip())))
        self.depth = 0

    def whole(self) -> _Part:
        if not self.tokens:
            return None
        found = self.either()
        if self.tokens:
            self.fail("a parenthesis is closed that was not opened", "take it out, or put it in quotation marks")
        return found

    def either(self) -> _Part:
        parts = [self.all()]
        while self.takes("OR"):
            parts.append(self.all())
        return _group("OR", parts)

    def all(self) -> _Part:
        parts = [self.operand()]
        while self.tokens and self.next() not in ("OR", ")"):
            if self.takes("NOT"):
                parts.append(_group("NOT", [parts.pop(), self.operand()]))
            else:
                self.takes("AND")
                parts.append(self.operand())
        return _group("AND", parts)

    def operand(self) -> _Part:
        if self.next() in ("", "AND", "OR", "NOT", ")"):
            where = f"before {self.next()}" if self.tokens else "at the end"
            self.fail(f"expected a word {where}", "AND, OR and NOT stand between words, as in: asked NOT thanked")
        token = self.tokens.pop(0)
        if token["mark"] == '"':
            self.fail("a quotation mark is opened and not closed", "close it, or take it out")
        if token["mark"]:
            return self.grouped()
        text = token["phrase"] if token["word"] is None else token["word"]
        if any(c.isalnum() for run in runs(text) for c in run):
            return Term(tuple("".join(c if _letter(c) else " " for c in text).split()), anywhere=True)
        found = tuple(word for word in _WORD.findall(text) if word.isascii() or tokens(word))
        return Term(found, bool(token["prefix"]) or (token["word"] or "").endswith("*")) if found else None

    def grouped(self) -> _Part:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail(f"parentheses are nested more than {_DEEPEST} deep", "make it simpler")
        found = self.either()
        if not self.tokens:
            self.fail("a parenthesis is opened and not closed", "close it, or take it out")
        self.tokens.pop(0)
        self.depth -= 1
        return found

    def next(self) -> str:
        if not self.tokens:
            return ""
        token = self.tokens[0]
        return token["word"] or token["mark"] or '""'

    def takes(self, word: str) -> bool:
        if not self.tokens or self.tokens[0]["word"] != word:
            return False
        self.tokens.pop(0)
        return True

    def fail(self, found: str, remedy: str) -> NoReturn:
        raise _refused(found, remedy)


def _letter(c: str) -> bool:
    """Whether it belongs to a word; so do the vowels that Thai and others write as marks."""
    return c.isalnum() or unicodedata.category(c).startswith("M")


def _group(joint: str, parts: Sequence[_Part]) -> _Part:
    kept = tuple(part for part in parts if part)
    if joint == "NOT" and parts[0] is None:
        return None
    return Group(joint, kept) if len(kept) > 1 else next(iter(kept), None)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Words:
    """A query for words."""

    expression: Term | Group

    @property
    def ranked(self) -> bool:
        """Whether a database can say how well a row answers it."""
        return not any(term.anywhere for term in terms(self.expression))

    @property
    def whole(self) -> tuple[Term, ...]:
        """The terms that must stand as whole words."""
        return tuple(term for term in _wanted(self.expression) if not (term.anywhere or term.prefix))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it stands in a text, in code points."""
        plain, ends = folded(text), 0
        found = []
        for start, end in sorted({span for term in _wanted(self.expression) for span in _stands(term, plain)}):
            if start >= ends:
                found.append((start, end))
                ends = end
        return found


def terms(e: Term | Group) -> Iterator[Term]:
    """All of them, in order."""
    if isinstance(e, Term):
        yield e
    else:
        for part in e.parts:
            yield from terms(part)


def _wanted(e: Term | Group) -> Iterator[Term]:
    """The terms that a hit may contain."""
    if isinstance(e, Term):
        yield e
    else:
        for part in e.parts[:1] if e.joint == "NOT" else e.parts:
            yield from _wanted(part)


def _stands(term: Term, plain: str) -> Iterator[tuple[int, int]]:
    words = MARKS.join(map(folded, term.words))
    if term.anywhere:
        yield from (match.span() for match in re.finditer(words, plain))
        return
    end = r"[^\W_]*" if term.prefix else r"(?![^\W_])"
    for match in re.finditer(words + end, plain):
        # Looked at here and not in the pattern, which then begins with letters and is searched ten times faster.
        if not match.start() or not _WORD.match(plain[match.start() - 1]):
            yield match.span()


def folded(text: str) -> str:
    """In lower case and without accents, character by character, so that places stay the same."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


@cache
def _folded(c: str) -> str:
    apart = unicodedata.normalize("NFD", c)
    return (apart if all("\u0300" <= accent <= "\u036f" for accent in apart[1:]) else c).lower()[0]


@dataclass(frozen=True, slots=True)
class Substring:
    """A query for characters, wherever they stand."""

    needle: str
    """In lower case."""
    ranked = False

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it stands in a text, in code points."""
        lower = text.lower() if text.isascii() else "".join(c.lower()[0] for c in text)
        return [match.span() for match in re.finditer(re.escape(self.needle), lower)]


Query = Words | Substring
"""What to look for; `fts5` and `vectors` put it to a database."""


def joined(e: Group, conditions: Sequence[str]) -> str:
    """The conditions of its parts, as one in SQL."""
    first, *others = conditions
    return f"({first} AND NOT ({' OR '.join(others)}))" if e.joint == "NOT" else f"({f' {e.joint} '.join(conditions)})"


def as_substring(query: Query) -> Substring | None:
    """The characters that are all it asks for; None where it asks for more."""
    match query:
        case Substring():
            return query
        case Words(Term(words=(letters,), anywhere=True)):
            return Substring(letters.lower())
    return None
