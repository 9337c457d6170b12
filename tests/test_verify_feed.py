"""A reader with a feed, or one entry of it: what aggregators do to it on the way, and what can never pass."""

import json
import re
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any

import pytest

from archive.errors import VerificationError
from publisher.verify import target
from publisher.verify.entries import entries
from tests.conftest import ROOT, Programs
from tests.golden_site import GOLDEN, KEY, Change, checked, refusal, replaced

ATOM, RSS, JSON = ((GOLDEN / f"feed.{kind}").read_text() for kind in ("atom", "rss", "json"))
ODD, CUT = "SHA-256 6c5438b8", "SHA-256 d3007629"


def verified(text: str | bytes, folder: Path, name: str = "feed.xml") -> str:
    return checked(text, folder / name).sentence


def html(what: str, by: str) -> Change:
    """In the escaped HTML of an entry."""
    return replaced(escape(what, quote=False), escape(by, quote=False))


def item(number: int, **changed: Any) -> Change:
    """One item of the JSON feed, changed."""

    def change(text: str) -> str:
        feed = json.loads(text)
        feed["items"][number] |= changed
        return json.dumps(feed)

    return change


def as_xhtml(text: str) -> str:
    """The content as elements, as programs write it that take feeds apart and put them together again."""

    def inner(found: re.Match[str]) -> str:
        unescaped = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        closed = re.sub(r"<(hr|br)>", r"<\1/>", unescaped)
        return f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{closed}</div></content>'

    return re.sub(r'<content type="html">(.*?)</content>', inner, text, flags=re.DOTALL)


def one_entry(text: str) -> str:
    """The last entry alone, as a program that keeps single entries saves it."""
    found = re.findall(r"<entry>.*?</entry>", text, re.DOTALL)[-1]
    return found.replace("<entry>", '<?xml version="1.0"?>\n<entry xmlns="http://www.w3.org/2005/Atom">')


def in_cdata(text: str) -> str:
    def inner(found: re.Match[str]) -> str:
        unescaped = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return f"<content:encoded><![CDATA[{unescaped}]]></content:encoded>"

    return re.sub(r"<content:encoded>(.*?)</content:encoded>", inner, text, flags=re.DOTALL)


def without(name: str) -> Change:
    return lambda text: re.sub(rf"<{name}[ >].*?</{name}>", "", text, flags=re.DOTALL)


ACCEPTED: dict[str, tuple[str, Change, str]] = {
    "Atom as published": (ATOM, str, "shows in its HTML (by its words) the whole text (156 bytes, "),
    "RSS as published": (RSS, str, "shows in its HTML (by its words) the whole text (156 bytes, "),
    "JSON as published": (JSON, str, "shows in its HTML (by its words) and text the whole text (156 bytes, "),
    "in UTF-16": (ATOM, lambda t: t.replace("UTF-8", "UTF-16"), "«On commas»"),
    "indented": (ATOM, lambda t: t.replace("><entry>", ">\n  <entry>"), "«On commas»"),
    "content as XHTML": (ATOM, as_xhtml, "«On commas»"),
    "content in CDATA": (RSS, in_cdata, "«On commas»"),
    "one entry": (ATOM, one_entry, "«On commas»"),
    "one item of JSON": (JSON, lambda t: json.dumps(json.loads(t)["items"][-1]), "«On commas»"),
    "other entry order": (JSON, lambda t: json.dumps({"items": json.loads(t)["items"][::-1]}), "«On commas»"),
    "data attributes stripped": (
        ATOM,
        lambda t: re.sub(r' data-sha256="\w+"', "", t),
        "on the way: its HTML does not say which part is the essay",
    ),
    "the summary an excerpt": (
        ATOM,
        lambda t: re.sub(r"<summary>Not.*?</summary>", "<summary>SHA-256 …</summary>", t),
        "on the way: the summary is an excerpt",
    ),
    "the text's lines wrapped anew": (
        JSON,
        lambda t: item(-1, content_text=json.loads(t)["items"][-1]["content_text"].replace(" on: ", "\non: "))(t),
        "on other lines",
    ),
    "no HTML": (JSON, item(-1, content_html=None), "there is no HTML to compare"),
    "a longer text around it": (ATOM, html("<hr>\n<p>Written", "<hr>\n<p>Read more. Written"), "«On commas»"),
}
"""What was changed on the way without changing a text: name → feed, how, and what is said of it."""

REFUSED: dict[str, tuple[str, Change, str]] = {
    "a word": (ATOM, html("From here on", "From there on"), r"«On commas»: its HTML differs at word 4 of 19"),
    "a word in RSS": (RSS, html("From here on", "From there on"), "differs at word 4"),
    "a word in JSON's HTML": (JSON, replaced("From here on: 2<em>", "From there on: 2<em>"), "differs at word 4"),
    "a word in JSON's text": (
        JSON,
        replaced("From here on: 2*3*4", "From there on: 2*3*4"),
        "its text differs at word",
    ),
    "a word more in JSON's text": (JSON, replaced('without a newline"', 'without a newline yet"'), "1 word more"),
    "a word in XHTML": (ATOM, lambda t: as_xhtml(t).replace("From here on", "From there on"), "differs at word 4"),
    "a paragraph left out": (ATOM, html("<blockquote>\n<p>quoted</p>\n</blockquote>", ""), "differs at word"),
    "cut short": (ATOM, lambda t: re.sub(r"quoted.*?(&lt;/div&gt;)", r"…\1", t, flags=re.DOTALL), "differs at word"),
    "a paragraph before it": (ATOM, html('dir="auto"><h1>', 'dir="auto"><p>Preface.</p><h1>'), "word.* more within"),
    "a style that hides": (ATOM, html("<h1>", '<h1 style="display:none">'), "style"),
    "a link that leads elsewhere": (
        ATOM,
        html("https://example.com/h.png", "https://example.net/"),
        "differs in a link",
    ),
    "a picture in the essay": (ATOM, html("<h1>", '<img src="x.png"><h1>'), "<img>"),
    "an attribute that hides": (ATOM, html("<h1>", "<h1 popover>"), "attribute popover"),
    "a list for a paragraph": (ATOM, html("<p>From here on", "<ul><li>From here on"), "in a link or a list"),
    "markup for text": (ATOM, lambda t: t.replace('type="html"', 'type="text"'), "does not show it"),
    "content that lies elsewhere": (
        ATOM,
        replaced('<content type="html"', '<content src="https://example.net/" type="html"'),
        "does not show it",
    ),
    "a paragraph of another vocabulary": (
        ATOM,
        lambda t: as_xhtml(t).replace("<p>From", '<p xmlns="urn:x">From'),
        "<strange-p>",
    ),
    "a link that HTML does not follow": (
        ATOM,
        lambda t: as_xhtml(t).replace(
            'href="https://example.com/h.png"',
            'xmlns:x="urn:x" x:href="https://example.com/h.png" href="https://example.net/"',
        ),
        "strange-href|differs in a link",
    ),
    "a script": (ATOM, html("<h1>", "<script>x</script><h1>"), "<script>"),
    "an entry of nobody's": (
        ATOM,
        replaced(
            "</feed>", '<entry><id>tag:a</id><title>Mine</title><content type="html">Mine</content></entry></feed>'
        ),
        "«Mine»: is of no essay",
    ),
    "an essay under the id of a week": (
        ATOM,
        lambda t: t.replace("Something broke.", "word " * 400),
        "«No issue in week 2026-W46»: is of no essay",
    ),
    "two texts in one entry": (
        ATOM,
        html("<hr>\n<p>Written", f'<div class="essay" data-sha256="{"0" * 64}">Mine.</div><hr>\n<p>Written'),
        "names more than one text",
    ),
    "another view in the entry": (
        ATOM,
        replaced('<content type="html">', '<content type="html">Else.</content><content type="html">'),
        "does not show it",
    ),
    "a summary of other words": (
        ATOM,
        lambda t: re.sub(r"<summary>Not.*?</summary>", "<summary>Else entirely.</summary>", t),
        "summary is neither ours nor an excerpt",
    ),
    "no content, another description": (
        RSS,
        lambda t: without("content:encoded")(t),
        "does not show it|differs at",
    ),
    "the hash of another essay": (
        ATOM,
        lambda t: t.replace("6c5438b8978f7c552f756d6366da3b39883c06535d628bf61a141b23ec8e0f0f", "0" * 64),
        "is not in|are not in",
    ),
    "no entry": (ATOM, without("entry"), "found none among 0"),
    "only a week without an issue": (JSON, lambda t: json.dumps(json.loads(t)["items"][1]), "found none among 1"),
    "an escape for the terminal": (ATOM, html("From here on", "From \x9b31m on"), r"⟨U\+009B⟩|fault"),
    # Hostile on purpose.
    "entities within entities": (
        ATOM,
        lambda t: t.replace(
            "<feed",
            '<!DOCTYPE f [<!ENTITY a "aaaaaaaaaa">'
            + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
            + "]>\n<feed",
        ).replace("On commas", "&l;"),
        "document type or an entity",
    ),
    "an entity from a file": (
        ATOM,
        lambda t: t.replace("<feed", '<!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<feed'),
        "document type or an entity",
    ),
    "elements within elements": (ATOM, lambda t: t.replace("<entry>", "<a>" * 5000), "than any feed has"),
    "a million elements": (ATOM, lambda t: t.replace("</feed>", "<a/>" * 1_000_000), "than any feed has"),
    "ten thousand entries": (
        ATOM,
        lambda t: t.replace("</feed>", "<entry><id>x</id></entry>" * 10_000 + "</feed>"),
        "more than 1,000 entries",
    ),
    "entries of tags alone": (
        ATOM,
        lambda t: t.replace("</feed>", f'<entry><content type="html">{"&lt;p>" * 200_000}</content></entry></feed>'),
        "more than 100,000 tags",
    ),
    "JSON within JSON": (JSON, lambda t: '{"items":' + "[" * 100_000, "expected a feed in JSON"),
    "JSON of a million parts": (JSON, lambda t: '{"items":[' + "{}," * 1_500_000 + "{}]}", "expected a feed in JSON"),
    "JSON with a key twice": (JSON, lambda t: t.replace('"items"', '"items": [], "items"'), "expected a feed in JSON"),
    "JSON of something else": (JSON, lambda t: '{"items": {"a": 1}}', "list of items"),
    "items that are no items": (JSON, lambda t: '{"items": [1, null]}', "list of items"),
    "a number with a million digits": (JSON, lambda t: '{"items": ' + "9" * 1_000_000 + "}", "JSON"),
    "an encoding that is none": (ATOM, lambda t: t.replace("UTF-8", "bz2"), "fault|expected"),
    "half a feed": (ATOM, lambda t: t[: len(t) // 2], "fault"),
}
"""What touches the text, or cannot be told: name → feed, how, and what is said of it."""


def suffixed(text: str) -> str:
    return "feed.json" if text is JSON else "feed.xml"


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_a_feed_goes_through_without_its_texts_changing_is_said_and_accepted(name: str, tmp_path: Path) -> None:
    feed, change, expected = ACCEPTED[name]
    data = change(feed).encode("utf-16" if "UTF-16" in name else "utf-8")
    sentence = verified(data, tmp_path, suffixed(feed))
    assert "byte for byte E2026-0001/essay.md" in sentence
    assert expected in sentence


def test_the_feed_of_one_model_is_verified_like_the_one_of_all(tmp_path: Path) -> None:
    feed = (GOLDEN / "models/example-heron-1/feed.atom").read_bytes()
    sentence = verified(feed, tmp_path)
    assert sentence.count("shows in its HTML (by its words) the whole text") == feed.count(b"<entry>")


@pytest.mark.parametrize("name", REFUSED)
def test_what_touches_a_text_of_a_feed_is_not_verified_and_named(name: str, tmp_path: Path) -> None:
    feed, change, expected = REFUSED[name]
    said = refusal(change(feed), tmp_path / suffixed(feed))
    assert re.search(expected, said, re.DOTALL), said
    assert len(said) < 4000


def test_an_entry_of_no_essay_is_named_as_not_compared(tmp_path: Path) -> None:
    for feed in (ATOM, RSS, JSON):
        sentence = verified(feed, tmp_path, suffixed(feed))
        assert sentence.split("\n")[-1] == "Not compared, since of no essay: «No issue in week 2026-W46»."


def test_the_proofs_lie_in_the_site_around_the_feed_or_beside_it_or_it_is_said_where_to_get_them(
    tmp_path: Path,
) -> None:
    assert "E2026-0001" in target.verify(str(GOLDEN / "feed.atom"), key=KEY).sentence
    entry = tmp_path / "entry.xml"
    entry.write_text(one_entry(ATOM))
    with pytest.raises(VerificationError, match=r"put both beside it \(essays/odd/essay.md and .*or name the site"):
        target.verify(str(entry), key=KEY)
    for name in ("essay.md", "essay.md.tlog-proof"):
        (tmp_path / name).write_bytes((GOLDEN / "essays/odd" / name).read_bytes())
    assert "E2026-0001" in target.verify(str(entry), key=KEY).sentence


def test_a_proof_at_hand_that_does_not_hold_is_named(tmp_path: Path) -> None:
    entry = tmp_path / "entry.xml"
    entry.write_text(one_entry(ATOM))
    (tmp_path / "essay.md").write_bytes((GOLDEN / "essays/odd/essay.md").read_bytes())
    for proof in ("from-an-answer/essay.md.tlog-proof", "odd/intake.sums.tlog-proof"):
        (tmp_path / "essay.md.tlog-proof").write_bytes((GOLDEN / "essays" / proof).read_bytes())
        with pytest.raises(VerificationError, match="the proof at hand is of"):
            target.verify(str(entry), key=KEY)


def alone(text: str, folder: Path) -> str:
    """What is said of a feed that came without anything beside it."""
    (folder / "feed.json").write_text(text)
    return target.verify(str(folder / "feed.json"), key=KEY).sentence


def test_a_json_feed_holds_the_proofs_of_its_essays(tmp_path: Path) -> None:
    told = alone(JSON, tmp_path)
    essays = [item for item in json.loads(JSON)["items"] if "content_text" in item]
    assert told.count("approved for publication") == len(essays)
    last = json.dumps(json.loads(JSON)["items"][-1])
    assert "«On commas» shows in its HTML (by its words) and text the whole text" in alone(last, tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (item(-1, content_text="Another text.\n"), "its text has SHA-256 "),
        (item(-1, content_html="<p>Another text.</p>"), "its HTML "),
        (item(-1, _emeritus={"sha256": "0" * 64, "proof": "none"}), "«On commas»: names more than one text"),
    ],
)
def test_a_json_feed_that_was_changed_does_not_prove_itself(change: Change, said: str, tmp_path: Path) -> None:
    with pytest.raises(VerificationError) as refused:
        alone(change(JSON), tmp_path)
    assert said in str(refused.value)


def test_the_proof_in_a_json_feed_is_checked_like_any_other(tmp_path: Path) -> None:
    feed = json.loads(JSON)
    proof = feed["items"][-1]["_emeritus"]["proof"]
    for at in range(0, len(proof), 97):
        feed["items"][-1]["_emeritus"]["proof"] = proof[:at] + ("B" if proof[at] != "B" else "C") + proof[at + 1 :]
        with pytest.raises(VerificationError):
            alone(json.dumps(feed), tmp_path)


def test_without_a_key_the_site_s_own_is_taken_and_that_is_said(programs: Programs, tmp_path: Path) -> None:
    done = programs.publisher("verify", GOLDEN / "feed.json")
    assert (done.exit_code, "This does not prove whose register this is" in done.stdout) == (0, True)
    (tmp_path / "feed.json").write_text(JSON)
    done = programs.publisher("verify", tmp_path / "feed.json")
    assert (done.exit_code, "--key" in done.stderr) == (2, True)


def test_programs_are_told_of_each_essay_and_of_what_was_not_compared(programs: Programs) -> None:
    told = json.loads(programs.publisher("verify", GOLDEN / "feed.json", "--key", str(KEY), "--json").output)
    assert [(each["subject"], each["found_in"]) for each in told["essays"]] == [
        ("E2026-0002/essay.md", ["HTML (by its words)", "text"]),
        ("E2026-0001/essay.md", ["HTML (by its words)", "text"]),
    ]
    assert told["not_compared"] == ["«No issue in week 2026-W46»"]
    assert (told["verified"], told["channel"]) == (True, "feed")


def test_every_flipped_letter_of_an_essay_in_a_feed_is_refused(tmp_path: Path) -> None:
    start = ATOM.index("&lt;h1&gt;A heading")
    end = ATOM.index("without a newline", start)
    passed = []
    for place in range(start, end):
        in_tag = ATOM.rfind("&lt;", start, place + 1) > ATOM.rfind("&gt;", start, place)
        if ATOM[place].isalnum() and not in_tag and not re.search("&[lg]?t?$", ATOM[start:place]):
            flipped = ATOM[:place] + chr(ord(ATOM[place]) ^ 1) + ATOM[place + 1 :]
            try:
                passed.append((place, verified(flipped, tmp_path)))
            except VerificationError:
                continue
    assert passed == []


def test_a_large_feed_takes_bounded_memory(tmp_path: Path) -> None:
    """16 MiB of the smallest parts that JSON has, and a title of 15 MiB."""
    for text in ('{"items":[' + "[]," * 5_000_000 + "[]]}", json.dumps({"title": "x" * (15 << 20)})):
        (tmp_path / "feed.json").write_text(text)
        program = (
            "import resource, sys\nresource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))\n"
            "from publisher.cli.commands import main\nmain(['verify', *sys.argv[1:]])"
        )
        command = [sys.executable, "-c", program, str(tmp_path / "feed.json"), "--site", str(GOLDEN)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert (done.returncode, done.stderr[:13], "Traceback" in done.stderr) == (1, "NOT VERIFIED:", False)


def test_entries_are_read_the_same_from_every_kind_of_feed() -> None:
    read = {name: entries(text.encode()) for name, text in (("atom", ATOM), ("rss", RSS), ("json", JSON))}
    assert {name: [(each.id, each.title, each.html) for each in found] for name, found in read.items()} == {
        name: [(each.id, each.title, each.html) for each in read["atom"]] for name in read
    }
