import re
from collections.abc import Callable
from pathlib import Path

import cmarkgfm
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from justhtml import JustHTML, Node, Text

from archive.errors import Error, Refused
from publisher.essays import emphasis, render
from publisher.essays.problems import problems
from publisher.essays.render import RENDERER, RENDERERS, Markdown, article, unfaithful

CASES = Path(__file__).parent / "cases" / "rendering.md"


def told(data: bytes) -> list[str]:
    return [f"{problem.place} {problem.found}".removeprefix("essay.md") for problem in unfaithful(data)]


def test_each_renderer_is_named_with_its_version_and_options_and_the_newest_is_the_one_that_is_used() -> None:
    assert [*RENDERERS] == [f"markdown-it-py 4.3.0 commonmark html=false emeritus-render {n}" for n in (1, 2, 3)]
    assert [*RENDERERS][-1] == RENDERER


def test_each_renderer_makes_what_it_made_when_issues_went_out_with_it(
    golden: Callable[[str, dict[str, bytes]], None],
) -> None:
    """A change in a file of an older renderer is a proof that is broken, not a file to be written anew."""
    parts = re.split(r"(?m)^\.\n", CASES.read_text())
    titles = [part.strip().rpartition("\n\n")[2] for part in parts[:-1:2]]
    texts = list(zip(titles, parts[1::2], strict=True))
    for number, name in enumerate(RENDERERS, 1):
        pages = "".join(f"<!-- {title} -->\n{article(text, name)}\n" for title, text in texts)
        golden(f"render/{number}", {"pages.html": pages.encode()})


FIRST, SECOND, THIRD = RENDERERS


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("**测试。**后文", "**测试。**后文", "<strong>测试。</strong>后文"),
        ("**「重点」**と", "**「重点」**と", "<strong>「重点」</strong>と"),
        ("用**`npm`**吧", "用**<code>npm</code>**吧", "用<strong><code>npm</code></strong>吧"),
        ("**(강조)**는", "**(강조)**는", "<strong>(강조)</strong>는"),
        ("他说**“好”**了", "他说**“好”**了", "他说<strong>“好”</strong>了"),
        ("“\ufe01**(a)**", "“\ufe01**(a)**", "“\ufe01<strong>(a)</strong>"),
        ("葛\U000e0100**(a)**葛", "葛\U000e0100**(a)**葛", "葛\U000e0100<strong>(a)</strong>葛"),
        ("snake_中_case", "snake_中_case", "snake_中_case"),
        ("**a.**b", "**a.**b", "**a.**b"),
        ("**a😀**b", "**a😀**b", "**a😀**b"),
    ],
)
def test_emphasis_stands_where_chinese_japanese_and_korean_have_no_space_for_it(
    text: str, first: str, second: str
) -> None:
    assert article(text, FIRST) == f"<p>{first}</p>\n"
    assert article(text) == f"<p>{second}</p>\n"


@settings(max_examples=500, deadline=None)
@given(
    st.text(
        st.sampled_from("**__ab .,!()“”«»'\"\n`-éß€😀 ") | st.characters(codec="utf-8", exclude_categories=["Cc"]),
        max_size=40,
    )
)
def test_where_no_chinese_japanese_or_korean_is_near_the_first_two_renderers_make_the_same(text: str) -> None:
    text = re.sub(f"[{emphasis.CJK}\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", text)
    assert article(text, SECOND) == article(text, FIRST)


@settings(deadline=None)
@given(st.lists(st.sampled_from([*"**_。「」中文a (),.あ가“”\ufe01\ufe0e\U000e0100"]), max_size=25).map("".join))
def test_the_renderers_differ_in_marks_alone(text: str) -> None:
    first, second = (re.sub(r"[*_]|</?(em|strong)>", "", article(text, name)) for name in (FIRST, SECOND))
    assert first == second


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("|-: \n>*`\\a1[]é")))
def test_where_no_row_of_dashes_is_the_last_two_make_the_same(text: str) -> None:
    text = re.sub(r"(?m)^([>* \t]*)[|:-]", r"\1a", text)
    assert article(text) == article(text, SECOND)


def test_a_renderer_that_nobody_here_knows_is_answered_by_the_newest() -> None:
    assert article("**测试。**后文", "emeritus-render 9") == article("**测试。**后文")


def test_another_version_of_markdown_it_renders_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "PINNED", "4.2.0")
    with pytest.raises(Error, match=r"markdown-it-py 4\.2\.0, but 4\.3\.0 is installed"):
        article("A word.")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("A *word*.  \nNext", "<p>A <em>word</em>.<br />\nNext</p>\n", id="CommonMark"),
        pytest.param('"quotes" -- and ...', "<p>&quot;quotes&quot; -- and ...</p>\n", id="no typographer"),
        pytest.param("www.e.org", "<p>www.e.org</p>\n", id="no links where none are typed"),
        pytest.param("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n", id="HTML within a paragraph is text"),
        pytest.param("<div>\nx", "<p>&lt;div&gt;\nx</p>\n", id="a block of HTML is text"),
        pytest.param(
            '[a](https://e.org/ä?b&c "T")',
            '<p><a href="https://e.org/%C3%A4?b&amp;c" rel="nofollow noreferrer" title="T">a</a></p>\n',
            id="link",
        ),
        pytest.param(
            "![a *b* `c`](https://e.org/i.png)",
            '<p><a class="image" href="https://e.org/i.png" rel="nofollow noreferrer">a b c</a></p>\n',
            id="an image is a link that shows its alt text",
        ),
        pytest.param(
            "![ ](https://e.org/ä)",
            '<p><a class="image" href="https://e.org/%C3%A4" rel="nofollow noreferrer">https://e.org/ä</a></p>\n',
            id="an image without alt text shows its address as typed",
        ),
        pytest.param(
            "[![b](https://e.org/i.png)](https://e.org)",
            '<p><a href="https://e.org" rel="nofollow noreferrer"><span class="image">b</span></a></p>\n',
            id="an image within a link is its alt text",
        ),
        pytest.param(
            "[](https://e.org)",
            '<p><a href="https://e.org" rel="nofollow noreferrer">https://e.org</a></p>\n',
            id="a link without text shows its address",
        ),
        pytest.param(
            "![a [](https://e.org/b)](https://e.org)",
            '<p><a class="image" href="https://e.org" rel="nofollow noreferrer">a https://e.org/b</a></p>\n',
            id="also where it stands in an image's alt text",
        ),
        pytest.param(
            "<https://xn--a.org/%C3%A4>",
            '<p><a href="https://xn--a.org/%C3%A4" rel="nofollow noreferrer">https://xn--a.org/%C3%A4</a></p>\n',
            id="an address is shown as typed",
        ),
        pytest.param("[a](b.html)", "<p>[a](b.html)</p>\n", id="a relative link stays as typed"),
        pytest.param("[a](javascript:b)", "<p>[a](javascript:b)</p>\n", id="a script stays as typed"),
        pytest.param(
            "![a](data:image/png;base64,A)", "<p>![a](data:image/png;base64,A)</p>\n", id="data stays as typed"
        ),
        pytest.param(
            "[a]: //e.org\n\n[a]", "<p>[a]: //e.org</p>\n<p>[a]</p>\n", id="a definition that leads nowhere is text"
        ),
        pytest.param("[a]()", "<p><a>a</a></p>\n", id="a link without an address"),
    ],
)
def test_an_article_is(text: str, html: str) -> None:
    assert article(text) == html


@pytest.mark.parametrize(
    "nested", ["> " * 90 + "word", "".join("  " * n + "- word\n" for n in range(45)), "[" * 4_000 + "word"]
)
def test_what_is_nested_deep_is_shown(nested: str) -> None:
    assert article(nested).count("word") == nested.count("word")


@pytest.mark.parametrize("nested", ["> " * 120, "> " * 5000, "- " * 5000, "*a **b " * 60 + "b** a* " * 60])
def test_what_is_nested_too_deep_is_refused_and_never_cut(nested: str) -> None:
    with pytest.raises(Refused, match="nested more than 100 deep cannot be shown faithfully"):
        article(nested + "word")


def test_a_text_is_shown_as_if_it_were_the_first_after_any_other() -> None:
    deep, brackets = "> " * 90 + "word", "[" * 60 + "word"
    first = [Markdown().render(text) for text in (deep, brackets)]
    with pytest.raises(Refused):
        article("> " * 5000 + "word")
    assert [article(deep), article(brackets)] == [article(deep), article(brackets)] == first


def test_many_marks_beside_each_other_are_not_nested() -> None:
    text = "*a* **b** [c](https://example.org) " * 200
    assert article(text).count("<em>a</em> <strong>b</strong>") == 200


def test_a_text_that_is_too_long_for_whoever_checks_it_is_refused() -> None:
    assert told(b"a " * (render.LARGEST // 2)) == []
    assert told(b"a " * (render.LARGEST // 2) + b"b") == [" a text of more than 1,048,576 characters cannot be shown"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [" the file is empty"]),
        (b" \n\n", [" a page would show nothing of it"]),
        (b"[a]: https://e.org", [" a page would show nothing of it"]),
        (b"***", [" a page would show nothing of it"]),
        ("ä\nab".encode() + b"\xff\xfe", [":2:3 not UTF-8: byte 0xFF at offset 5"]),
        (b"\xed\xa0\x80", [":1:1 not UTF-8: byte 0xED at offset 0"]),
        (b"\xef\xbb\xbfa\xef\xbb\xbf", [":1:1 U+FEFF byte order mark"]),
        (b"a\r\nb\r\n\0", [":1:2 U+000D carriage return, 2 times", ":3:1 U+0000 NUL"]),
        (b"a\x1b[1m\x7f", [":1:2 U+001B escape", ":1:6 U+007F delete"]),
        (
            "a\x85\ufffe\uffff".encode(),
            [":1:2 U+0085 control character", ":1:3 U+FFFE noncharacter", ":1:4 U+FFFF noncharacter"],
        ),
        (b"a\n&#12;", [":2:1 Markdown makes this U+000C form feed"]),
        (b"a [b](https://e.org '&#x0D;')", [":1:22 Markdown makes this U+000D carriage return"]),
        (b"> " * 5000 + b"a", [" quotes, lists or emphasis nested more than 100 deep cannot be shown faithfully"]),
        ("a\tb\nç\u202e — no final newline, and `&#12;` in code".encode(), []),
    ],
)
def test_what_cannot_be_shown_faithfully_is_told_with_its_place(data: bytes, expected: list[str]) -> None:
    assert told(data) == expected


@settings(deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode(errors="surrogatepass")))
def test_any_bytes_are_either_faithful_or_told(data: bytes) -> None:
    if not unfaithful(data):
        assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", article(data.decode()))


PIECES = """
a | word | 7 | é | 漢 | * | ** | _ | ` | `` | [ | ] | ( | [a](https://e.org/x) | [r] | > | - | + | 1. | 3)
[r]: https://e.org "title" | <https://a.org/c> | <m@e.org> | &amp; | &#65; | &nbsp; | &ouml; | \\ | \\* | # | ####
![b *c*](https://e.org/i) | ``` | ``` py | ~~~ | --- | === | "t" | ! | & | < 3 | > | | | https://e.org | .
""".replace("\n", " | ").split(" | ")
GAPS = ["", "", " ", "  ", "\n", "\n\n", "\n\n    ", "\\\n", "\t"]
MARKDOWN = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=30).map(
    lambda pieces: "".join(map("".join, pieces))
)


@settings(max_examples=300, deadline=None)
@given(MARKDOWN)
@example('[r]: https://e.org "title"\n*')
@example('A word.\n\n[r]: https://e.org "title"\n*')
@example('A word.\n\n[r]: https://e.org "title"\n2. *')
@example('A word.\n\n[r]: https://e.org "title"\n---')
@example('> |\n2.  [r]: https://e.org "title"\n[r]')
@example(">#\tword[r]\\\n\t>  ")
@example("===\n\n1.\n    \n\n2.\t>-\n\n")
def test_a_page_shows_what_another_commonmark_shows_or_the_reviewer_is_told(text: str) -> None:
    if seen(article(text, SECOND)) != seen(cmarkgfm.markdown_to_html(text)):
        told = [problem.found for problem in (*unfaithful(text.encode()), *problems(text.encode()))]
        assert [what for what in told if re.search("other programs|without text|would show nothing", what)]


def seen(html: str) -> list[str]:
    """The words that another parser of HTML finds, and the address of every link and image beside them."""
    return "".join(pieces(JustHTML(html, sanitize=False).root)).split()


def pieces(node: Node | Text) -> list[str]:
    if isinstance(node, Text):
        return [str(node.data)]
    attributes = node.attrs or {}
    inner = [piece for child in node.children or () for piece in pieces(child)]
    if node.name == "img":
        return [f"{attributes['alt']}({attributes['src']})"]
    if node.name == "a":
        return [*inner, f"({attributes.get('href', '')})"]
    return inner if node.name in {"em", "strong", "code"} else [" ", *inner, f" {attributes.get('start') or ''} "]
