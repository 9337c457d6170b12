"""Tables of pipes: as GitHub shows them, but that no cell is lost, and that none can be moved on the way."""

import re
import time

import cmarkgfm
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from justhtml import JustHTML, Node, Text
from selectolax.lexbor import LexborHTMLParser

from publisher.essays import words
from publisher.essays.problems import problems
from publisher.essays.render import RENDERERS, article, unfaithful
from publisher.essays.source import Source
from publisher.verify import disguise, markup

SECOND = [*RENDERERS][1]


def grid(html: str) -> list[list[str]]:
    """The rows of every table, each cell with how it is set: ``[["th a", "th right b"]]``."""
    return [
        [" ".join([cell.tag or "", *cell.attributes.values(), cell.text()]).strip() for cell in row.css("th, td")]
        for row in LexborHTMLParser(html).css("tr")
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("| a | b |\n|---|---|\n| c | d |", [["th a", "th b"], ["td c", "td d"]], id="a table"),
        pytest.param("a|b\n-|-\nc|d", [["th a", "th b"], ["td c", "td d"]], id="without bars at its sides"),
        pytest.param("|a|b|\n|:-|-:|\n|c|d|", [["th left a", "th right b"], ["td left c", "td right d"]], id="sides"),
        pytest.param("| a |\n|:-:|", [["th center a"]], id="a head alone, of one column"),
        pytest.param("|a|b|\n|-|-|\n|c|\n||d|", [["th a", "th b"], ["td c", "td"], ["td", "td d"]], id="cells lack"),
        pytest.param("|a|\n|-|\n|`b\\|c` \\| d\\\\|", [["th a"], ["td b|c | d|"]], id="bars in cells"),
        pytest.param("before\n|a|\n|-|\n|b|\n\nafter", [["th a"], ["td b"]], id="right below a paragraph"),
        pytest.param("- > |a|\n  > |-|\n  > |b|", [["th a"], ["td b"]], id="in a quotation in a list"),
        pytest.param("|a|\n|-|\nb", [["th a"], ["td b"]], id="a line below it is a row"),
        pytest.param(
            "|値|שם|\n|-|-|\n|橋　の|**あ。**い|", [["th 値", "th שם"], ["td 橋　の", "td あ。い"]], id="scripts"
        ),
    ],
)
def test_a_table_of_pipes_is_a_table(text: str, rows: list[list[str]]) -> None:
    assert grid(article(text)) == rows


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("|a|b|\n|-|-|\n|1|2|CELL3|", id="a cell too many"),
        pytest.param("|a|b|\n|-|-|\n|1|2|\n|-|-|\n|1|2|`3|4`|", id="far below"),
        pytest.param("before\n|a|\n|-|\n|1|2|\nafter", id="below a paragraph"),
        pytest.param("> - |a|\n>   |-|\n>   |1|2|", id="in a list in a quotation"),
        pytest.param("|a|\n--", id="what CommonMark makes a heading"),
        pytest.param("|a|b|\n|-|", id="of as many columns as its head has not"),
        pytest.param("|a|b|\n\n|-|-|", id="parted from its head"),
        pytest.param("|a|\n|-|\n|b|\n|", id="with a row of a bar alone"),
        pytest.param("    |a|\n    |-|", id="program code"),
        pytest.param("```\n|a|\n|-|\n```", id="within a fence"),
        pytest.param(f"|{'a|' * 400}\n|{'-|' * 400}\n" + "|a\n" * 9, id="of lacking cells almost alone"),
    ],
)
def test_what_would_lose_a_cell_or_is_no_table_is_shown_as_before(text: str) -> None:
    assert article(text) == article(text, SECOND)
    assert "<table" not in article(text)


def test_a_reviewer_is_told_what_is_no_table_and_why() -> None:
    told = [str(problem) for problem in problems(b"|a|b|\n|--|--|\n|1|2|CELL3|\n")]
    assert any("line 3 has more cells than its head" in each for each in told)
    lacking = f"|{'a|' * 400}\n|{'--|' * 400}\n" + "|a\n" * 9
    assert any("too many of its cells are lacking" in str(each) for each in problems(lacking.encode()))


BARE = st.sampled_from(
    ["a", "b c", "é", "漢", "*d*", "`e`", "`f \\| g`", "\\|", "\\\\|", "&amp;", "", " ", "[h](https://e.org)"]
)
CELL = st.one_of(BARE, st.sampled_from(["**", "`", "[", "](https://e.org)", "- i", "# j", "[r]"]))
DASHES = st.sampled_from(["-", "---", ":--", "--:", ":-:"])
ROW = st.tuples(st.lists(CELL, min_size=1, max_size=4), st.sampled_from([" | ", "|"]), st.booleans(), st.booleans())
TABLE = st.tuples(
    st.sampled_from(["", "", "before\n", "> ", "- ", "[r]: https://e.org\n"]),
    st.lists(ROW, min_size=1, max_size=4),
    st.lists(DASHES, min_size=1, max_size=3),
    st.sampled_from(["", "\n", "\nbelow", "\n\nafter", "\n---\n", "\n# k", "\n> l"]),
)


def written(table: tuple[str, list[tuple[list[str], str, bool, bool]], list[str], str]) -> str:
    before, rows, dashes, after = table
    lines = [("| " if left else "") + gap.join(cells) + (" |" if right else "") for cells, gap, left, right in rows]
    lines.insert(1, f"|{'|'.join(dashes)}|")
    deeper = {"> ": "\n> ", "- ": "\n  "}.get(before, "\n")
    return before + deeper.join(lines) + after


TABLES = TABLE.map(written)
MUCH = settings(max_examples=400, deadline=None)


@MUCH
@given(TABLES)
@example("[r]: https://e.org\n|a|\n|-|")
@example("- i |\n|-|")
@example("x\n2. a |\n|-|")
@example("|a|\n|-|\n|`b \\| c`|d\\\\|")
def test_a_table_is_the_one_that_another_program_shows(text: str) -> None:
    """But where that one would lose a cell; there the page is as before."""
    html, other = article(text), cmarkgfm.markdown_to_html_with_extensions(text, extensions=["table"])
    if "<table>" not in html:
        assert html == article(text, SECOND)
    elif plain(html) != plain(other) and not unfaithful(text.encode()):
        assert "other programs" in "".join(problem.found for problem in problems(text.encode()))


@MUCH
@given(TABLES)
def test_every_word_of_a_table_is_shown_or_named_to_the_reviewer(text: str) -> None:
    if unfaithful(text.encode()):
        return
    told = "\n".join(problem.found for problem in problems(text.encode()))
    shown = " ".join(words.visible(article(text)))
    assert "for no reason known" not in told
    assert [word for word in re.findall(r"[^\W_]+", text) if word not in shown and word not in told] == []


@MUCH
@given(TABLES)
def test_the_reviewers_check_knows_where_each_cell_stands(text: str) -> None:
    source = Source(text)
    for token in source.tokens:
        if "at" in token.meta and token.content:
            start = token.meta["at"]
            typed = text[start : start + len(token.content) + token.content.count("|")]
            assert typed.replace("\\|", "|") == token.content


def plain(html: str) -> str:
    """Words and elements but <p>, which lists have or not, as another parser of HTML finds them."""
    return re.sub(r"\s+", " ", "".join(pieces(JustHTML(html, sanitize=False).root)))


def pieces(node: Node | Text) -> list[str]:
    if isinstance(node, Text):
        return [str(node.data)]
    attributes = node.attrs or {}
    inner = [piece for child in node.children or () for piece in pieces(child)]
    if attributes.get("class") == "table" or node.name == "p":
        return [" ", *inner, " "]
    side = attributes.get("align") or attributes.get("class") or ""
    block = node.name not in {"em", "strong", "code", "a"}
    return [*[" "] * block, f"<{node.name}{side}>", *[" "] * block, *inner, *[" "] * block, "</>", *[" "] * block]


@pytest.mark.parametrize(
    "text",
    [
        "|a|\n|-|\n" * 20_000 + "|a|b|",
        "|a|b|\n|-|-|\n" + "|a|b|\n" * 20_000 + "|a|b|c|",
        "x\n" * 20_000 + "|a|\n|-|\n",
        (f"|{'a|' * 60}\n|{'-|' * 60}\n" + "|a\n" * 60 + "\n") * 200,
    ],
    ids=["heads upon heads", "a cell too many at the end", "a long paragraph above", "cells that lack"],
)
def test_no_table_costs_more_than_its_length(text: str) -> None:
    started = time.process_time()
    html = article(text)
    assert time.process_time() - started < 10
    assert len(html) < 30 * len(text)


# On the way to a reader.

TEXT = b"Two of them.\n\n| day | asked |\n|-----|------:|\n| one | 12 |\n| two | 7 |\n\nAnd\n\n| x |\n|---|\n| y |\n"
SHA256 = "0" * 64


def told(html: str, text: bytes = TEXT, form: disguise.Form = disguise.PAGE) -> list[str]:
    return markup.compared(html, {SHA256: text}, form)[0]


def page(html: str, mark: str = f' data-sha256="{SHA256}"') -> str:
    return f'<!DOCTYPE html><html lang="en"><body><main><div class="essay"{mark}>{html}</div></main></body></html>'


@pytest.mark.parametrize("mark", [f' data-sha256="{SHA256}"', ""], ids=["marked", "unmarked"])
@pytest.mark.parametrize("name", RENDERERS)
def test_a_table_is_verified_by_whatever_renderer_it_was_shown(mark: str, name: str) -> None:
    assert told(page(article(TEXT.decode(), name), mark)) == []


@pytest.mark.parametrize("text", ["|a|\n|-|", "|a|b|\n|-|-|\n|c|d|"])
def test_a_text_that_is_one_table_is_verified_without_a_mark(text: str) -> None:
    assert told(page(article(text), ""), text.encode()) == []


@pytest.mark.parametrize("mark", [f' data-sha256="{SHA256}"', ""], ids=["marked", "unmarked"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<td>two</td>\n<td", "<td>two</td>\n<td></td><td"),
        ("</tr>\n<tr>\n<td>two", "<td>two"),
        ("<tr>\n<td>two", "</tbody><thead><tr>\n<td>two"),
        ("<td>one</td>", "<td colspan='2'>one</td>"),
        ("<td>one</td>", "<td rowspan='2'>one</td>"),
        ("<table>", "<table dir='ltr'>"),
        ("<th>day</th>", "<td>day</td>"),
        ("<td>one</td>", "<td><table><tr><td>one</td></tr></table></td>"),
        ("<table>", "<table><caption></caption>"),
        ("<tbody>", "<tfoot>"),
        ("<p>And</p>", "<table><tbody><tr><td>And</td></tr></tbody></table>"),
        ("<p>Two of them.</p>", "<table><tr><td>Two of</td><td>them.</td></tr></table>"),
        ("<td>two</td>", "<td hidden>two</td>"),
        ("<td>two</td>", "<td style='display:none'>two</td>"),
        ("<td>two</td>", "<td class='printed'>two</td>"),
        ('>one</td>\n<td class="right">12<', '>12</td>\n<td class="right">one<'),
    ],
)
def test_a_cell_that_was_moved_or_hidden_is_refused(mark: str, old: str, new: str) -> None:
    html = article(TEXT.decode())
    assert old in html
    assert told(page(html.replace(old, new, 1), mark))


def test_a_text_without_a_table_may_not_be_shown_in_one() -> None:
    text = b"One.\n\nTwo.\n"
    for mark in (f' data-sha256="{SHA256}"', ""):
        moved = page("<table><tr><td><p>One.</p></td><td><p>Two.</p></td></tr></table>", mark)
        assert "differs in a table of the essay: the register has nothing, you have <table>" in told(moved, text)
