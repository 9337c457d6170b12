import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from justhtml import JustHTML, Node, Text

from publisher.essays.problems import _unaccounted, problems
from publisher.essays.render import article, unfaithful
from publisher.essays.source import Source

CASES = Path(__file__).parent / "cases" / "problems.md"
CHARACTER = re.compile(r"<U\+([0-9A-F]{4,5})>")


def cases() -> list[object]:
    parts = re.split(r"(?m)^\.\n", CASES.read_text())
    titles = [part.strip().rpartition("\n\n")[2] for part in parts[:-1:3]]
    return [pytest.param(*case, id=case[0]) for case in zip(titles, parts[1::3], parts[2::3], strict=True)]


@pytest.mark.parametrize(("title", "text", "told"), cases())
def test_a_reviewer_is_told(title: str, text: str, told: str) -> None:
    data = CHARACTER.sub(lambda match: chr(int(match[1], 16)), text).encode()
    assert "".join(f"{problem}\n".removeprefix("essay.md:") for problem in problems(data)) == told


def test_a_text_that_cannot_be_shown_has_no_problems_but_those() -> None:
    assert problems(b"a\r\n[b]: https://e.org\r\n") == []


def test_an_essay_of_42_kilobytes_is_read_by_the_reviewers_check_within_a_second() -> None:
    paragraph = "The *river* goes on & nobody [asks](https://e.org/a) it why; it &amp; the `bank` do not mind. " * 5
    text = ((paragraph + "\n\n") * 90)[:42_000].encode()
    started = time.process_time()
    assert problems(text)
    assert time.process_time() - started < 1


PIECES = """
a | word | 7 | é | 漢 | é | 😀️ | * | ** | _ | ` | `` | [ | ] | ( | ) | ![ | ](https://e.org/x) | ](rel.md) | [r] | > | -
[r]: https://e.org "ti tle" | <https://a.org/c> | <b> | &amp; | &#65; | &nbsp; | &#8203; | \\ | \\* | # | #### | 1. | 3)
``` | ``` py | ~~~ | --- | === | "t" | < | ! | & | <!-- | --> | : | https://e.org | ](<https://e.org/a b> 'see') | [](https://a.b)
""".replace("\n", " | ").split(" | ")
MARKDOWN = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["", "", " ", "  ", "\n", "\n\n", "\n    ", "\t", "\u3000"])),
    max_size=30,
).map(lambda pieces: "".join(map("".join, pieces)))
SHORT = settings(max_examples=250, deadline=None)


@SHORT
@given(MARKDOWN)
def test_every_word_is_on_the_page_or_named_to_the_reviewer(text: str) -> None:
    if unfaithful(text.encode()):
        return
    html = article(text)
    told = "\n".join(problem.found for problem in problems(text.encode()))
    page = f"{text_of(JustHTML(html, sanitize=False).root)} {list_numbers(html)}"
    assert [word for word in re.findall(r"[^\W_]+", text) if word not in page and word not in told] == []


@SHORT
@given(MARKDOWN | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60))
def test_nothing_is_on_the_page_that_the_source_and_the_reviewers_list_do_not_account_for(text: str) -> None:
    assert [problem for problem in problems(text.encode()) if "for no reason known" in problem.found] == []


@pytest.mark.parametrize("forgotten", ["definitions", "entities", "links", "numbered"])
def test_what_a_check_forgot_is_found_by_the_sum(forgotten: str) -> None:
    source = Source("1. a &eacute; b [c](https://e.org/d) e\n\n[f]: https://e.org/g\n")
    assert list(_unaccounted(source)) == []
    setattr(source, forgotten, [])
    assert [what.split(",")[0] for _, what in _unaccounted(source)] == ["from here the page is not the source"]


def text_of(node: Node | Text) -> str:
    return str(node.data) if isinstance(node, Text) else "".join(map(text_of, node.children or ()))


def list_numbers(html: str) -> str:
    """The numbers that a browser puts before the items of ordered lists."""
    numbers: list[str] = []
    for ordered in JustHTML(html, sanitize=False).query("ol"):
        items = [child for child in ordered.children or () if child.name == "li"]
        first = int((ordered.attrs or {}).get("start") or 1)
        numbers += map(str, range(first, first + len(items)))
    return " ".join(numbers)
