"""What in HTML may hide words, or show others than stand in it: elements, attributes, styles, charsets.

What is accepted is what our own HTML holds, and the little that programs on the way add; all else is named.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from selectolax.lexbor import LexborNode

from archive.characters import code
from archive.home.appearance import FACES
from archive.home.colour import LIGHT, readable
from publisher.site import style
from publisher.site.shared import TEMPLATES
from publisher.verify import sheet

_HOLDS = (
    "html|head|body|title|meta|style|div|span|p|a|h[1-6]|b|i|em|strong|u|font|br|hr|wbr|code|pre|blockquote|ul|ol|li|"
    "table|tbody|thead|tr|td|th|center|img|small|sup|sub|dl|dt|dd|-text|-comment|!doctype|-.*"
)
"""Elements whose words are what is read. An image beside the essays may count readers; in an essay it may be words."""


@dataclass(frozen=True, slots=True)
class Form:
    """What HTML of ours may hold."""

    holds: re.Pattern[str]
    """Its elements."""
    styles: str
    """The file among the templates that its style sheet stands in."""
    charsets: re.Pattern[str]
    """What it may say it is in, though it was read in UTF-8: of a mail, its headers decide."""
    may_link: bool = False
    """Whether a long essay may be left out with a word on where it stands."""


_UTF8 = "utf-?8"
_ASCII_IN_IT = re.compile(rf"{_UTF8}|us-ascii|iso-8859-\d+|windows-125\d")
MAIL = Form(re.compile(_HOLDS), "mail.html", _ASCII_IN_IT, may_link=True)
ENTRY = Form(re.compile(_HOLDS), "mail.html", _ASCII_IN_IT)
"""Of a feed; programs that turn feeds into mails give it the styles of mails."""
PAGE = Form(
    re.compile(f"{_HOLDS}|header|main|footer|nav|section|aside|details|summary|time|link|script".replace("|img|", "|")),
    style.PATH,
    re.compile(_UTF8),
)

_ATTRIBUTES = re.compile(
    "abbr|align|alt|aria-[a-z]+|border|cellpadding|cellspacing|charset|class|colspan|content|data-.*|datetime|"
    "dir|face|height|hidden|href|http-equiv|id|itemprop|lang|name|open|property|rel|reversed|role|rowspan|sizes|size|src|"
    "start|style|tabindex|target|title|type|valign|value|width|xml:lang|xmlns(:.*)?"
)
"""Those that neither hide words nor write or run anything; what is `hidden` is no word."""
_FACES = re.compile(
    "-apple-system|aptos|arial|blinkmacsystemfont|book antiqua|calibri|cambria|candara|cascadia mono|consolas|"
    "courier( new)?|dejavu sans mono|georgia|helvetica( neue)?|inherit|iowan old style|lucida grande|menlo|monaco|"
    "monospace|noto sans|noto serif|optima|palatino( linotype)?|p052|roboto|sans-serif|segoe ui|serif|system-ui|tahoma|"
    "times( new roman)?|trebuchet ms|ui-monospace|urw palladio l|verdana"
)
"""Fonts whose letters look like what they are; there are others."""
_HARMLESS = re.compile(
    r"(margin|padding)(-(top|right|bottom|left))?:( ?(auto|\d{1,2}(\.\d+)?(px|em|ex|rem|pt)?|\.\d+(em|ex)))+"
    r"|text-align:(left|start|justify)|line-height:(normal|1(\.\d+)?)"
    r"|border-left(-\w+)?:(\d?\d(\.\d+)?(px|ex|em|pt)?)? ?(solid|none|dotted)? ?"
    r"(#[0-9a-f]{3,6}|rgb\(\d+,\d+,\d+\)|[a-z]+)?"
    r"|overflow-wrap:break-word|word-wrap:break-word"
)
_COLOURS = ("color", "bgcolor", "text", "background", "link")
_SCHEMES = ("javascript:", "vbscript:", "data:")
_RUN = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
"""What a page, feed or mail of ours never holds: ISO-2022-JP and its like begin other letters with one."""
_CONDITION = re.compile(r"<!(--)?\s*(<!)?\[(if|endif)\b|<\?xml", re.IGNORECASE)
"""Of comments that some mail programs read, and of XML, which a browser reads otherwise."""


def hiding(html: str, nodes: list[LexborNode], form: Form) -> Iterator[str]:
    """Whatever in HTML, whose elements are `nodes`, may hide words or show others than stand in it."""
    if _RUN.search(html):
        yield "holds a control character, behind which other letters may be meant"
    if _CONDITION.search(html):
        yield "holds a comment that some programs read, or says that it is XML"
    if form is PAGE and len(re.findall("<meta", html, re.IGNORECASE)) > sum(node.tag == "meta" for node in nodes):
        yield "holds <meta where none counts but for the charset, and may be read in another"
    for node in nodes:
        tag, attributes = str(node.tag), node.attributes
        if not form.holds.fullmatch(tag):
            yield f"holds <{tag[:40]}>, which may show other words"
        if tag == "script" and attributes.get("type") != "application/ld+json":
            yield "holds a <script>, which may show other words"
        if tag == "style" and not is_ours(node.text(deep=True), form):
            yield STRANGE_SHEET
        if tag == "meta":
            yield from _meta(attributes, form)
        if "data-mark" in attributes and attributes["data-mark"] != "".join(map(code, node.text())):
            yield "marks a character as another than it is"
        yield from _attributes(tag, attributes)


def _meta(attributes: Mapping[str, str | None], form: Form) -> Iterator[str]:
    """One says how others are read."""
    equivalent = (attributes.get("http-equiv") or "").lower()
    if "http-equiv" in attributes and equivalent != "content-type":
        yield "holds a <meta> that leads elsewhere"
    said = re.findall(
        r"(?i)charset\s*=\s*[\"']?\s*([^\s\"';]*)", (attributes.get("content") or "") if equivalent else ""
    )
    for charset in [*said, *([attributes["charset"] or ""] if "charset" in attributes else [])]:
        if not form.charsets.fullmatch(charset.strip().lower()):
            yield f"says that it is in the charset {charset[:40]}, and was read in UTF-8: it may show other letters"


def _attributes(tag: str, attributes: Mapping[str, str | None]) -> Iterator[str]:
    for name in attributes:
        if not _ATTRIBUTES.fullmatch(name) and name not in _COLOURS:
            yield f"has the attribute {name[:40]}, which may hide words or show others"
    for declared in map(_plain, (attributes.get("style") or "").split(";")):
        name, _, value = declared.partition(":")
        harmless = _faces(value) if name == "font-family" else _HARMLESS.fullmatch(declared)
        if declared and declared not in _declarations() and not harmless:
            yield f"has a style that this program does not write, which may hide words: {declared[:80]}"
    if not _faces(attributes.get("face") or "serif"):
        yield f"has a font that may show other letters: {(attributes['face'] or '')[:80]}"
    if (attributes.get("dir") or "auto") not in ("auto", "ltr") or any(name in attributes for name in _COLOURS):
        yield f"has a <{tag}> whose colour or direction may hide words"
    if "".join((attributes.get("href") or "").split()).lower().startswith(_SCHEMES):
        yield "has a link that runs something, or holds what it leads to"


def _faces(value: str) -> bool:
    """Whether every font of a list is known to show letters as they are."""
    return all(_FACES.fullmatch(face.strip("'\" ").lower()) for face in value.split(","))


def dressed(node: LexborNode, own: Collection[str]) -> Iterator[str]:
    """Classes of an element that our own style sheets speak of, and that do not belong there: some hide, some move."""
    for name in (node.attributes.get("class") or "").lower().split():
        if name in _classes() and name not in own:
            yield f"gives the essay the class {name[:40]}, by which our own style sheet shows it otherwise"


@cache
def _classes() -> frozenset[str]:
    return frozenset(
        name.lower() for file in (style.PATH, "mail.html") for name in re.findall(r"\.([a-zA-Z][\w-]*)", _sheet(file))
    )


def _plain(css: str) -> str:
    return re.sub(r"\s*([:;{},])\s*", r"\1", " ".join(css.replace('"', "'").split()))


STRANGE_SHEET = "has a style sheet that this program does not write, which may hide words or show others"


def is_ours(css: str, form: Form) -> bool:
    """Whether a style sheet is the one that this program writes, as it is or as a browser saved it."""
    return any(_plain(css) == _plain(ours) or sheet.same(css, ours) for ours in _ours(css, form))


def _ours(css: str, form: Form) -> Iterator[str]:
    """The sheets that it may be: that of mails may have rules for tables; that of pages a newsletter's own accent,
    which is readable, and face."""
    if form.styles != style.PATH:
        yield from (_sheet(form.styles), _sheet(form.styles, tables=False))
        return
    found = re.search(r"--link:\s*(#[0-9a-f]{6})\b", css)
    accent = found[1] if found and found[1] != style.ACCENT[0] and readable(found[1], LIGHT) else ""
    yield from (style.sheet(accent, face) for face in FACES)


_OF_TABLES = re.compile(r"\{% if tables %\}\n(.*)\{% endif %\}\n", re.DOTALL)


@cache
def _sheet(name: str, *, tables: bool = True) -> str:
    """The style sheet of our mails, which has rules for tables where there are any, or of our pages."""
    if name == style.PATH:
        return style.sheet()
    written = (TEMPLATES / name).read_text("utf-8").partition("<style>")[2].partition("</style>")[0]
    return _OF_TABLES.sub(r"\1" if tables else "", written)


@cache
def _declarations() -> frozenset[str]:
    """What that of mails says of elements in the light, as it is written into each: ``margin:0 0 12px``."""
    light = _sheet(MAIL.styles).partition("@media")[0]
    return frozenset(_plain(each) for rule in re.findall(r"\{([^}]*)\}", light) for each in rule.split(";"))
