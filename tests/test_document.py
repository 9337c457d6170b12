"""Whatever a text says, it stands in the page and in the Markdown as it was said."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from archive.characters import carried, held
from archive.documents.document import (
    Block,
    Document,
    Facts,
    Figure,
    Grid,
    Items,
    Notice,
    Paragraph,
    Prose,
    Quote,
    Row,
    Section,
)
from archive.documents.html import html
from archive.documents.markdown import markdown
from archive.documents.table import Table
from archive.documents.terminal import text as terminal
from archive.documents.words import Span

AWKWARD = (
    "# no heading\n\n2. two\n-- -\n=====\n| a |\n|---|\n> said\n```\n~~~\n*so* _so_ `so` <b>so</b> &amp;"
    " [a](http://b) ![c](d)\n\\ ends with two spaces  \n    indented\n\t- tab\n***\n+ 1) x\n<!-- y -->\n[a]: http://b\nhttp://bare.example"
    "\na_b_c __d__ ~~e~~"
)
TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\u202a\u202b\u202c\u202d\u202e"
    )
    | st.sampled_from("\n\n *_`#>-+=|[]()<>&!\\~:.123abc"),
    min_size=1,
).filter(lambda text: bool(text.strip()) and carried(text) == text)


def made(*blocks: Block, title: str = "Heron") -> Document:
    """A document whose one section has these blocks."""
    section = Section(number="1", title="All", name="all", blocks=blocks)
    return Document(sort="Report", title=title, subtitle="one", blocks=(section,))


def set_(*blocks: Block) -> str:
    """Their Markdown, without what stands before it."""
    return markdown(made(*blocks)).decode().removeprefix("# Report: Heron\n\none\n\n## 1. All\n\n")


class Words(HTMLParser):
    """All text of a page but its style."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.text, self.tags = "", list[tuple[str, dict[str, str | None]]]()
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += "" if self.tags[-1:] and self.tags[-1][0] == "style" and "{" in data else data


def read(source: bytes) -> str:
    """What a reader of Markdown sees."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(source.decode())
    return Words(page.encode()).text


def one_line(text: str) -> str:
    return " ".join(text.split())


@given(TEXT)
@example(AWKWARD)
@example("1. one")
@example("#")
@example("one ##")
@example("a\n---")
@example("a | b\n--|--")
@example("`a``b`")
def test_any_text_stands_in_the_markdown_as_it_was_said(text: str) -> None:
    line = one_line(text)
    cell = line[:60].strip()
    document = made(
        Section(title=text, blocks=(Paragraph(text), Notice("Note.", text))),
        Quote(text, "2026-0001/1#2"),
        Facts((("Term", text),)),
        Items((text, line)),
        Table(("Head",), ((cell,),)),
    )
    seen = one_line(read(markdown(document)))
    expected = [line, line, f"Note. {line}", line, "— 2026-0001/1#2", f"Term: {line}", line, line, "Head", cell]
    assert seen == one_line(" ".join(["Report: Heron one 1. All", *expected]))


@given(TEXT)
@example(AWKWARD)
def test_any_text_stands_in_the_page_as_it_was_said(text: str) -> None:
    page = Words(html(made(Section(title="T", name="t", blocks=(Quote(text, "2026-0001/1#2"),)))))
    assert text.replace("\r\n", "\n") in page.text


@given(st.text(min_size=1).filter(lambda text: held(text) == text))
def test_code_stands_between_as_many_backticks_as_it_takes(text: str) -> None:
    line = one_line(re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text)) or "x"
    assert one_line(read(set_(Paragraph(Span(line, "code"))).encode())) == one_line(line)


def test_what_no_page_can_hold_is_shown_by_its_number() -> None:
    page = html(made(Quote("a\x1b[31m\x00\u202eb\ufffe", "here")))
    assert "a⟨U+001B⟩[31m⟨U+0000⟩⟨U+202E⟩b⟨U+FFFE⟩" in page.decode()


def test_a_page_loads_and_runs_nothing_whatever_is_in_it() -> None:
    evil = '<script src="https://evil.example/x.js"></script>"><img src=x onerror=y>'
    document = made(
        Section(
            title=evil,
            name="t",
            blocks=(Paragraph((evil, Span(evil, "strong", f"javascript:{evil}"))), Facts(((evil, evil),))),
        ),
        Table((evil,), ((evil,),)),
        Prose(f"![{evil}](https://evil.example/x.png)\n\n{evil}\n\n[a](javascript:alert) [b](relative.html)", 2),
        title=f"{evil}</title></style>",
    )
    page = Words(html(document))
    allowed = {
        "name",
        "content",
        "charset",
        "lang",
        "http-equiv",
        "class",
        "dir",
        "id",
        "href",
        "aria-labelledby",
        "scope",
        "data-head",
    }
    assert {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object"} == set()
    assert {name for _, attributes in page.tags for name in attributes} <= allowed
    assert [a["href"] for tag, a in page.tags if tag == "a" and not str(a["href"]).startswith("#")] == []


def test_a_link_leads_out_only_where_it_leads_somewhere() -> None:
    words = (
        Span("https://a.example/b", "", "https://a.example/b"),
        " ",
        Span("x", "", "ftp://c"),
        " ",
        Span("in", "", "#t"),
    )
    assert (
        '<a href="https://a.example/b">https://a.example/b</a> x <a href="#t">in</a>'
        in html(made(Paragraph(words))).decode()
    )
    assert set_(Paragraph(words)) == "<https://a.example/b> x in\n"


@pytest.mark.parametrize("source", ["# A\n\ntext", "A\n=\n\ntext", "#  A ##\n\ntext"])
def test_headings_of_prose_stand_below_the_one_above_it(source: str) -> None:
    assert set_(Prose(source, 3)) == "#### A\n\ntext\n"
    assert "<h4>A</h4>" in html(made(Prose(source, 3))).decode()


def test_a_picture_in_prose_is_shown_as_its_words() -> None:
    assert "<p>A heron, <em>b</em>.</p>" in html(made(Prose("![A heron](https://a.example/h.png), *b*.", 3))).decode()


@pytest.mark.parametrize(
    "source", ["```\nnever closed", "<!-- never closed", "- item\n\n      code", "    code", "> quoted"]
)
def test_prose_swallows_nothing_that_follows(source: str) -> None:
    seen = read(markdown(made(Prose(source, 3), Paragraph("After *it*."))))
    assert seen.endswith("\nAfter *it*.\n")


def test_prose_that_is_nested_too_deep_is_shown_as_it_was_written() -> None:
    source = ">" * 20_000 + " deep"
    assert f"<pre>{'&gt;' * 20_000} deep</pre>" in html(made(Prose(source, 3))).decode()
    assert set_(Prose(source, 3)) == f"> \\{'>' * 20_000}\n> deep\n"


def test_a_table_too_wide_for_plain_text_becomes_a_list() -> None:
    table = Table(("Name", "What", "More"), (("a", "w" * 60, "m" * 60), ("b", "", "m")))
    assert set_(table) == f"- a; What: {'w' * 60}; More:\n  {'m' * 60}\n- b; More: m\n"


def test_lines_of_markdown_keep_to_their_width() -> None:
    document = made(Facts((("Term", "word " * 100),)), Quote("word " * 100, "here"), Paragraph("word " * 100))
    assert max(map(len, markdown(document).decode().split("\n"))) <= 80


def test_a_drawing_is_drawn_in_the_page_and_told_in_the_markdown() -> None:
    figure = Figure(b'<svg xmlns="http://www.w3.org/2000/svg"></svg>\n', "Drawn elsewhere.")
    assert (figure.svg.strip() in html(made(figure)), b"Drawn elsewhere." in markdown(made(figure))) == (True, True)


# ── the terminal ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_terminal_has_numbers_at_the_right_and_terms_beside_what_is_said_of_them() -> None:
    table = Table(("Model", "Turns"), (("heron", "23"), ("更正", "1,173")), frozenset({1}))
    shown = terminal(Document(sort="Sort", title="Heron", blocks=(table, Facts((("at", "first\nthen"),)))))
    assert (
        shown
        == """\
Heron

Model  Turns
heron     23
更正   1,173

  at  first
      then
"""
    )


def test_a_table_too_wide_for_a_terminal_says_the_rest_on_a_second_line() -> None:
    table = Table(("Deposit", "Title", "Turns"), (("2026-0001", "A title of no great length", "23"),), frozenset({2}))
    assert terminal(Document(sort="Sort", blocks=(table,)), width=30) == (
        "Deposit\n2026-0001\n           A title of no great\n           length · turns 23\n"
    )


def test_columns_that_say_the_same_share_a_line() -> None:
    grid = Grid(("A", "B", "C"), ("m", "m", "n"), (Row("tools", ("none", "search", "none")),))
    shown = terminal(Document(sort="Sort", blocks=(grid,)))
    assert shown == "  A B  m\n  C  n\n\ntools\n  A C  none\n  B  search\n"
    assert "- A, C: none\n" in markdown(Document(sort="Sort", blocks=(grid,))).decode()


@given(TEXT)
@example(AWKWARD + "\x1b[2J\u202e")
def test_nothing_in_a_text_commands_the_terminal(text: str) -> None:
    document = made(Quote(text, "here"), Facts(((text, text),)), Table((text,), ((text,),)), Items((text,)))
    assert not {*terminal(document, width=40)} & {*"\x1b\x00\x9b\u202e"}
