"""Traces of how a text was made: HTML, marks of chats and models, words to whoever asked for it."""

import re
from collections.abc import Iterator

from publisher.essays.finding import Finding, grouped, quoted, times
from publisher.essays.source import Source

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


def tags(source: Source) -> Iterator[Finding]:
    """HTML, and what looks like a mark around the text."""
    tags = [(quoted(match[0]), match.start()) for match in _TAG.finditer(source.prose().replace("\0", " "))]
    for tag, offsets in grouped(tags).items():
        kind = "is HTML" if _HTML.match(tag[1:]) else "looks like a mark around the text, not a part of it"
        yield offsets[0], f"{tag} {kind}; shown as typed{times(source, offsets)}"


def leftovers(source: Source) -> Iterator[Finding]:
    """What a chat or a model's input leaves around a text."""
    prose = source.prose()
    for pattern, kind in _LEFTOVERS:
        for match in re.finditer(pattern, prose, re.MULTILINE):
            yield match.start() + len(match[0]) - len(match[0].lstrip()), f"{quoted(match[0])} looks like {kind}"
    if [token.type for token in source.tokens] == ["fence"]:
        yield 0, "the whole text stands in a block of program code"
