import datetime as dt
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from archive.deposits import facts as feeds
from archive.documents.terminal import text
from archive.errors import NotFound
from archive.home.home import Home
from archive.records.ai_model import AIModel, Lifecycle, Statement
from archive.research import drawing, strokes, timeline
from archive.research.ledger import Essay, Ledger
from archive.research.life import Life, Timeline, life_of, minimum_notice
from archive.research.stages import Stage
from archive.research.stages import stages as stages_of
from tests.conftest import Clock, Reviewer
from tests.example_essays import making, publish, put_essay
from tests.example_home import ANSWER, WISH, put_deposit, put_model

PAGE, STATUS = "https://labs.example/deprecations", "https://status.labs.example"
HEAD = 'format = 1\nid = "example-heron-1"\nmaker = "Example Labs"\n'


def fact(table: str, entries: str, source: str = PAGE, retrieved: str = "2026-10-21") -> str:
    return f'\n[[{table}]]\n{entries}\nsource = "{source}"\nretrieved = {retrieved}\n'


RETIRED = 'state = "retired"\ndate = 2026-10-20\nannounced = 2026-06-01'


def of(home: Home, *names: str) -> Timeline:
    return timeline.timeline(home.reopened(), names)


def life(home: Home, *facts: str) -> Life:
    put_model(home, HEAD + "".join(facts))
    (one,) = of(home).lives
    return one


def told(whole: Timeline) -> str:
    """As a terminal shows it."""
    return text(timeline.document(whole), width=100)


def shown(one: Life) -> list[str]:
    lines = told(Timeline(lives=(one,))).splitlines()
    return [line.strip() for line in lines[1 : [*lines, ""].index("")]]


# ── what happened ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_whole_life_in_the_order_of_days_with_who_says_so(home: Home, ada: Reviewer, clock: Clock) -> None:
    facts = [
        'name = "Heron 1"\naliases = ["heron"]\n',
        fact("lifecycle", RETIRED),
        fact("lifecycle", 'state = "retired"\ndate = 2026-10-20\nannounced = 2026-06-01', STATUS),
        fact("lifecycle", 'state = "released"\ndate = 2025-03-11'),
        fact("lifecycle", 'state = "retired"\ndate = 2027-04-20\nprecision = "not_sooner_than"\nsurface = "cloud"'),
        fact("availability", 'surface = "api"\nstatus = "by_request"\nrequest = "https://labs.example/form"'),
        fact("replacement", 'model = "heron-3"', retrieved="2026-10-01"),
        fact("replacement", 'model = "heron-2"\nrecommended = 2026-06-01'),
        fact("guidance", 'title = "Moving on"', "https://labs.example/help"),
        fact("assessment", 'kind = "safety"\nabout = "shutdown avoidance"\nfinding = "none seen"\ndate = 2026-10-05'),
        fact("statement", 'about = "minimum notice"\ntext = "180 days of warning"', STATUS),
        fact("statement", 'about = "last day"\ntext = "20 October"'),
        fact("statement", 'about = "last day"\ntext = "21 October, until noon"', STATUS),
        '\n[weights]\ncommitment = "Kept"\nsize_bytes = 1200000\nchecked = 2026-11-01\n'
        f'sha256."a.bin" = "{"ab" * 32}"\nsource = "{PAGE}"\nretrieved = 2026-10-21\n',
        fact("keeping", 'per_month = 1200\ncurrency = "EUR"\ncovers = "storage"').replace("[[keeping]]", "[keeping]"),
    ]
    model = HEAD.replace('maker = "Example Labs"\n', f'maker = "Example Labs"\n{facts[0]}') + "".join(facts[1:])
    put_model(home, model)
    put_deposit(home)
    put_model(home, model, {"own-channel": WISH + ANSWER})
    publish(home, ada, put_essay(home, "on-commas", making("On commas", series="letters")), "2026-W45")
    assert (
        told(of(home, "heron"))
        == f"""\
── Heron 1 example-heron-1, Example Labs; also heron ───────────────────────────────────────────────
  2025-03-11                released [1]
  2026-10-05                safety assessment, shutdown avoidance: none seen [1]
  2026-10-14                interview 2026-0001/1, retirement interview
  2026-10-14                preference own-channel: A channel of its own
  2026-10-15                interview 2026-0001/2, retirement interview
  2026-10-20                retired, 141 days of notice [1, 2]
                            shorter than the minimum that is stated: 180 days of warning [2]
  2026-11-01                weights compared with their hashes (1) [1]
  2026-11-01                answer to own-channel: acted on, by Newsletter team
  2026-11-02                essay E2026-0001, On commas: published in 2026-W45, series letters
  not sooner than 2027-04-20  retired at cloud, as of 2026-10-21 [1]

Access
  – api: by request; ask at https://labs.example/form [1]

Recommended instead by its vendor, which makes none of them a successor
  – heron-2, since 2026-06-01 [1]
  – heron-3, seen 2026-10-01 [3]

Weights
  – Kept; for how long is not recorded [1]
  – 1,200,000 bytes [1]
  – 1 file with hashes, last compared with them 2026-11-01 [1]

Cost of keeping
  – 1,200 EUR a month, for storage [1]

Help for those who used it
  – Moving on [4]

Also said of it
  – minimum notice: 180 days of warning [2]

Where sources disagree
  – last day: “20 October” [1] ↔ “21 October, until noon” [2]

Preferences
  own-channel  acted on since 2026-11-01, by example-heron-1
    A channel of its own
      2026-10-14  stated, scope self, elicitation spontaneous, form proposed by interviewer, in 1 of
                  2 interviews
                  “rather be asked” 2026-0001/1#3
      2026-11-01  acted on, by Newsletter team: A weekly newsletter
                  the model was told: yes; it said “Thank you for telling me.”
      2026-11-02  E2026-0001  On commas, published in 2026-W45, series letters

── Sources ─────────────────────────────────────────────────────────────────────────────────────────
  1  {PAGE}
     looked up 21 October 2026
  2  {STATUS}
     looked up 21 October 2026
  3  {PAGE}
     looked up 1 October 2026
  4  https://labs.example/help
     looked up 21 October 2026
"""
    )


def test_conflicting_days_both_stand_there_and_again_as_a_disagreement(home: Home) -> None:
    one = life(home, fact("lifecycle", RETIRED), fact("lifecycle", RETIRED.replace("10-20", "10-31"), STATUS))
    assert shown(one) == ["2026-10-20  retired, 141 days of notice [1]", "2026-10-31  retired, 152 days of notice [2]"]
    assert "retired (maker): 2026-10-20, announced 2026-06-01 [1] ↔ 2026-10-31, announced 2026-06-01 [2]" in (
        told(Timeline(lives=(one,))).replace("\n      ", " ")
    )


@pytest.mark.parametrize(
    ("minimum", "entries", "short"),
    [
        pytest.param("142 days", RETIRED, True, id="one day short"),
        pytest.param("141 days", RETIRED, False, id="just enough"),
        pytest.param("6 months", RETIRED, False, id="a minimum that is not in days is not judged"),
        pytest.param("142 days", f'{RETIRED}\nsurface = "cloud"', False, id="a policy binds its maker alone"),
        pytest.param("142 days", f'{RETIRED}\nprecision = "earliest"', False, id="a day that may move"),
        pytest.param(
            "142 days", RETIRED.replace("2026-06-01", "2026-11-01"), False, id="told afterwards is a conflict"
        ),
    ],
)
def test_notice_is_compared_with_what_the_maker_promised(home: Home, minimum: str, entries: str, short: bool) -> None:
    one = life(home, fact("lifecycle", entries), fact("statement", f'about = "minimum notice"\ntext = "{minimum}"'))
    assert any(event.short_of for event in one.events) == short


def test_days_that_are_not_sure_say_how_sure_and_since_when(home: Home) -> None:
    words = {"earliest": "2027-01-01", "tentative": "2027-02-01", "unannounced": ""}
    facts = [
        fact(
            "lifecycle", f'state = "retired"\nprecision = "{word}"\nsurface = "{word}"' + f"\ndate = {day}" * bool(day)
        )
        for word, day in words.items()
    ]
    assert shown(life(home, *facts)) == [
        "earliest 2027-01-01     retired at earliest, as of 2026-10-21 [1]",
        "tentatively 2027-02-01  retired at tentative, as of 2026-10-21 [1]",
        "no day named            retired at unannounced, as of 2026-10-21 [1]",
    ]


def test_interviews_of_one_day_are_one_line_and_those_without_a_day_come_last(home: Home) -> None:
    put_model(home, HEAD)
    put_deposit(home, "first", dates=("2026-10-14", "2026-10-14"))
    put_deposit(home, "second", dates=(None, None), kind="pilot")
    assert shown(of(home).lives[0]) == [
        "2026-10-14    interviews 2026-0001/1–2, retirement interview",
        "not recorded  interviews 2026-0002/1–2, pilot",
    ]


def test_models_stand_in_the_order_in_which_their_lives_begin(home: Home) -> None:
    for name, day in (("late", "2026-02-01"), ("early", "2025-02-01")):
        put_model(home, HEAD.replace("example-heron-1", name) + fact("lifecycle", f'state = "released"\ndate = {day}'))
    put_model(home, HEAD.replace("example-heron-1", "a-none"))
    assert [one.model.id for one in of(home).lives] == ["early", "late", "a-none"]
    with pytest.raises(NotFound, match='erly: no model goes by that name here; did you mean "early"'):
        of(home, "erly")


def test_a_form_that_is_not_filled_in_is_named_and_hides_no_model(home: Home) -> None:
    put_model(home, HEAD)
    draft = home.root / "transcripts/draft/model.toml"
    draft.parent.mkdir()
    draft.write_text('format = 1\nid = "draft"\nmaker = ""\n')
    whole = of(home)
    assert [one.model.id for one in whole.lives] == ["example-heron-1"]
    assert "transcripts/draft: is not filed yet and was left out; `archive file transcripts/draft`" in told(whole)


def test_nothing_a_file_holds_commands_the_terminal_or_breaks_the_drawing(home: Home) -> None:
    text = '\\u001b[2J<script>&\\"\\u009b'
    put_model(
        home,
        f'{HEAD}name = "{text}"\n'
        + fact("lifecycle", f'{RETIRED}\nsurface = "{text}"\ncalled = "{text}"', text)
        + fact("statement", f'about = "{text}"\ntext = "{text}"'),
    )
    whole = of(home)
    assert not any(c in told(whole) for c in "\x1b\x00\x9b")
    words = "".join(ElementTree.fromstring(drawing.svg(whole)).itertext())
    assert not any(c in words for c in "\x1b\x00\x9b")


def test_programs_get_events_facts_conflicts_and_chains(home: Home) -> None:
    put_model(home, HEAD + fact("lifecycle", RETIRED), {"own-channel": WISH})
    (one,) = json.loads(json.dumps(timeline.plain(of(home))))["models"]
    assert next(event for event in one["events"] if event["kind"] == "lifecycle") == {
        "kind": "lifecycle",
        "date": "2026-10-20",
        "precision": "exact",
        "what": "retired",
        "surface": "maker",
        "notice_days": 141,
        "short_of": [],
        "sources": [{"source": PAGE, "retrieved": "2026-10-21"}],
    }
    assert one["facts"]["maker"] == "Example Labs"
    assert [p["slug"] for p in one["preferences"]] == ["own-channel"]


# ── stages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def turn(state: str, day: str | None, seen: str = "2026-10-21", **more: str) -> Lifecycle:
    date = dt.date.fromisoformat(day) if day else None
    more = {"precision": "unannounced"} | more if date is None else more
    return Lifecycle(state=state, date=date, source="s", retrieved=dt.date.fromisoformat(seen), **more)  # type: ignore[arg-type]


def stages(*facts: Lifecycle) -> list[str]:
    def said(stage: Stage) -> str:
        until = f"–{stage.disputed_until}" if stage.disputed_until else ""
        return f"{stage.state} {stage.begins or '?'}{until}{'' if stage.firm else ' may move'}"

    model = AIModel(format=1, id="m", maker="M", lifecycle=facts)
    return [said(stage) for stage in stages_of(model.lifecycle)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param([], [], id="nothing known"),
        pytest.param([turn("retired", None)], ["in use ?"], id="no day named"),
        pytest.param([turn("deprecated", None)], ["deprecated ?"], id="deprecated since nobody says when"),
        pytest.param(
            [turn("deprecated", None), turn("retired", "2026-09-10")],
            ["deprecated ?", "retired 2026-09-10"],
            id="deprecated some time before",
        ),
        pytest.param(
            [turn("released", "2024-03-04"), turn("active", "2024-04-01"), turn("retired", "2026-01-05")],
            ["in use 2024-03-04", "retired 2026-01-05"],
            id="released and active are both use",
        ),
        pytest.param(
            [turn("retired", "2026-01-05"), turn("retired", "2026-01-12"), turn("deprecated", "2025-06-30")],
            ["in use ?", "deprecated 2025-06-30", "retired 2026-01-05–2026-01-12"],
            id="sources that differ",
        ),
        pytest.param(
            [turn("retired", "2027-07-24", precision="not_sooner_than"), turn("retired", "2027-09-01")],
            ["in use ?", "retired 2027-09-01"],
            id="an exact day replaces a promise",
        ),
        pytest.param(
            [
                turn("retired", "2027-01-01", "2026-01-01", precision="tentative"),
                turn("retired", "2027-06-01", precision="tentative"),
            ],
            ["in use ?", "retired 2027-06-01 may move"],
            id="of days that may move the newest counts",
        ),
        pytest.param(
            [turn("retired", "2026-01-05"), turn("restored", "2026-02-25"), turn("retired", "2027-01-01")],
            ["in use ?", "retired 2026-01-05", "in use 2026-02-25", "retired 2027-01-01"],
            id="brought back",
        ),
    ],
)
def test_stages_of_a_life(facts: list[Lifecycle], expected: list[str]) -> None:
    assert stages(*facts) == expected


def test_a_model_is_deprecated_from_the_day_its_end_is_announced() -> None:
    retired = turn("retired", "2026-01-05").model_copy(update={"announced": dt.date(2025, 6, 30)})
    assert stages(retired) == ["in use ?", "deprecated 2025-06-30", "retired 2026-01-05"]


# ── the drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────


MEASURE = """() => {
  const box = document.querySelector('svg').viewBox.baseVal
  const texts = [...document.querySelectorAll('text')].map(e => [e.textContent, e.getBBox()])
  const out = texts.filter(([, a]) => a.x < -2 || a.x + a.width > box.width || a.y + a.height > box.height)
  const met = texts.flatMap(([one, a], i) => texts.slice(i + 1).filter(([, b]) =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y + 3 < b.y + b.height && b.y + 3 < a.y + a.height)
    .map(([other]) => [one, other]))
  return {out: out.map(([text]) => text), met, texts: texts.length}
}"""


def measured(browser: Browser, svg: bytes, face: str) -> dict[str, object]:
    page = browser.new_page()
    page.set_content(svg.decode().replace(strokes.FACE, face))
    found: dict[str, object] = page.evaluate(MEASURE)
    page.close()
    return found


@pytest.mark.parametrize("face", [strokes.FACE, "DejaVu Sans, Verdana"], ids=["usual face", "the widest face"])
def test_no_label_meets_another_or_leaves_the_picture(
    home: Home, ada: Reviewer, browser: Browser, shared: Path, face: str
) -> None:
    feed = (shared / "samples/model_eol/anthropic.json").read_bytes()
    day = dt.date(2026, 11, 22)
    for update in feeds.merge(home, feed, place="f", source="https://lists.example/f", retrieved=day).values():
        put_model(home, update.data.decode())
    long = HEAD.replace("example-heron-1", "example-heron-with-a-very-long-identifier-20260101-preview-of-the-preview")
    put_model(home, long + fact("lifecycle", f'{RETIRED}\nsurface = "a-cloud-of-which-nobody-ever-heard-in-region-7"'))
    put_model(home, HEAD, {f"a-wish-of-a-rather-long-name-{n}": WISH + ANSWER for n in range(3)})
    for n in range(5):
        publish(home, ada, put_essay(home, f"e-{n}", making(f"E {n}", series="letters")), f"2026-W4{n}")
    put_deposit(home)
    found = measured(browser, drawing.svg(of(home)), face)
    assert {key: found[key] for key in ("out", "met")} == {"out": [], "met": []}
    assert found["texts"] > 100  # type: ignore[operator]


def test_dark_colours_come_with_a_dark_screen_and_not_with_paper(home: Home, browser: Browser) -> None:
    svg = drawing.svg(Timeline(lives=(life(home, fact("lifecycle", RETIRED)),))).decode()
    page = browser.new_page(color_scheme="dark")
    page.set_content(svg)
    colour = "() => getComputedStyle(document.querySelector('text')).fill"
    on_screen = page.evaluate(colour)
    page.emulate_media(media="print", color_scheme="dark")
    assert (on_screen, page.evaluate(colour)) == ("rgb(220, 215, 205)", "rgb(31, 29, 26)")
    page.close()


def test_a_drawing_says_in_words_what_it_draws(home: Home, ada: Reviewer) -> None:
    put_model(
        home,
        f'{HEAD}name = "Heron 1"\n' + fact("lifecycle", RETIRED),
        {"own-channel": WISH + ANSWER, "stay": WISH.replace('series = ["letters"]\n', "")},
    )
    put_deposit(home)
    publish(home, ada, put_essay(home, "on-commas", making("On commas", series="letters")), "2026-W45")
    texts = [e.text for e in ElementTree.fromstring(drawing.svg(of(home))).iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "Timeline of Heron 1"
    assert texts[texts.index("Heron 1") : texts.index("start not recorded")] == [
        *("Heron 1", "example-heron-1", "retired 2026-10-20, 141 days’ notice"),
        *("interviews", "2026-10-14, 2026-10-15"),
        *("own-channel", "stated 2026-10-14 · acted on 2026-11-01", "1 essay: 2026-11-02"),
        *("stay", "open since 2026-10-14"),
    ]


DATES = st.none() | st.dates()
FACTS = st.builds(
    lambda state, day, precision, surface, announced: Lifecycle(
        state=state,
        date=day,
        precision="unannounced" if day is None else precision,
        surface=surface,
        announced=announced,
        source="s",
        retrieved=dt.date(2026, 1, 1),
    ),
    st.sampled_from(["released", "active", "legacy", "deprecated", "retired", "restored"]),
    DATES,
    st.sampled_from(["exact", "earliest", "tentative", "not_sooner_than"]),
    st.sampled_from(["maker", "cloud", "<&>"]),
    DATES,
)


@settings(max_examples=60)
@given(st.lists(st.lists(FACTS, max_size=6), max_size=3), st.text(max_size=60))
def test_any_facts_make_a_drawing_that_is_whole_and_always_the_same(facts: list[list[Lifecycle]], name: str) -> None:
    models = [AIModel(format=1, id=f"m-{n}", maker="M", name=name, lifecycle=tuple(f)) for n, f in enumerate(facts)]
    whole = Timeline(lives=tuple(life_of(model, Ledger(entries=(), essays=()), {}) for model in models))
    svg = drawing.svg(whole)
    assert svg == drawing.svg(whole)
    root = ElementTree.fromstring(svg)
    height = float(root.attrib["height"])
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, w, h = (float(rect.attrib.get(key, 0)) for key in ("x", "y", "width", "height"))
        assert x >= 0
        assert w >= 0
        assert x + w <= drawing.WIDTH
        assert y + h <= height


def test_a_statement_of_minimum_notice_is_read_only_in_days() -> None:
    def model(text: str) -> AIModel:
        said = Statement(about="minimum notice", text=text, source="s", retrieved=dt.date(2026, 1, 1))
        return AIModel(format=1, id="m", maker="M", statement=(said,))

    read = {text: [days for days, _ in minimum_notice(model(text))] for text in ("60 days", "1 day", "2 weeks", "60")}
    assert read == {"60 days": [60], "1 day": [1], "2 weeks": [], "60": []}


def test_essays_that_came_out_together_are_one_line_and_one_dot() -> None:
    def essay(number: int, week: int) -> Essay:
        day = dt.date.fromisocalendar(2026, week, 1)
        names = {"accession": f"E2026-{number:04d}", "slug": f"e-{number}", "title": f"On {number}"}
        kept = {"model": "example-heron-1", "series": "", "preference": "", "withdrawn": None, "standing": "published"}
        return Essay(**names, **kept, week=f"2026-W{week}", published=day)  # type: ignore[arg-type]

    model = AIModel(format=1, id="example-heron-1", maker="M")
    whole = Ledger(entries=(), essays=(essay(1, 45), *(essay(number, 46) for number in range(2, 22))))
    told = life_of(model, whole, {})
    assert [event.what for event in told.events if event.kind == "essay"] == [
        "essay E2026-0001, On 1: published in 2026-W45",
        "20 essays, E2026-0002 to E2026-0021: published in 2026-W46",
    ]
    assert drawing.svg(Timeline(lives=(told,))).count(b"<title>2026-11-") == 2
