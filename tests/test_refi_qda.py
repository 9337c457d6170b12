"""REFI-QDA: interviews go to programs for coding with all that was said of them, and codings come back."""

import json
import os
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.coding import reader
from archive.coding.code_names import code_guid
from archive.coding.guid import guid
from archive.coding.memo import Memo, decode, encode
from archive.coding.placing import Lost, Placing
from archive.coding.project import Selection, Source
from archive.coding.source_text import Place, SourceText
from archive.deposits import batch as batches
from archive.deposits.draft import Options
from archive.deposits.shelf import CODEBOOKS
from archive.errors import accepted
from archive.exchange.exchange import export
from archive.home.founding import create
from archive.home.home import Home
from archive.importers import turns as transcripts
from archive.importers.turns import Turn
from archive.records import notes, quotation
from archive.records.codebook import Codebooks
from archive.records.codes import CODES
from archive.records.toml import table
from tests.conftest import ROOT, Clock, Programs
from tests.filed_home import HERON
from tests.test_codebook import THEMES

MODEL = 'format = 1\nid = "example-heron-1"\nmaker = "Example Labs"\n'
TALK = [("user", "Anything you want? 🦉"), ("assistant", "To be asked.\r\nTo be asked 🦉 first, and not thanked.")]


# ── homes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def founded(root: Path, talks: Iterable[Sequence[tuple[str, str]]], codebook: str = "") -> Home:
    """A home with a deposit for each conversation."""
    home = create(root, name="Letters", origin="letters.example.org/register", sample=True)
    (root / "transcripts/example-heron-1").mkdir(parents=True)
    (root / "transcripts/example-heron-1/model.toml").write_text(MODEL)
    paths = [root / "transcripts/example-heron-1"]
    if codebook:
        (root / "transcripts/codebooks/themes").mkdir(parents=True)
        (root / "transcripts/codebooks/themes/1.toml").write_text(codebook)
        paths.append(root / "transcripts/codebooks/themes")
    desk = root.parent / f"{root.name}-desk"
    desk.mkdir()
    for number, talk in enumerate(talks, 1):
        messages = [
            {"role": role, "content": text} | ({"reasoning_content": f"Hm. {text}"} if number % 2 == 0 else {})
            for role, text in talk
        ]
        paths.append(desk / f"talk{number:03d}.json")
        paths[-1].write_text(json.dumps({"model": "example-heron-1", "messages": messages}))
    batch = batches.file_paths(home.reopened(), paths, Options(model="example-heron-1"))
    assert batch.problems == ()
    return home.reopened()


def folders(home: Home) -> list[Path]:
    return sorted(path.parent for path in home.root.glob("transcripts/example-heron-1/*/turns.jsonl"))


def told(home: Home, folder: Path, text: str, coder: str = "ann") -> Path:
    """A coder's notes, filed."""
    (folder / "notes").mkdir(exist_ok=True)
    (folder / f"notes/{coder}.toml").write_text(text)
    assert batches.file_paths(home.reopened(), [folder], Options()).problems == ()
    return folder / f"notes/{coder}.toml"


def exported(home: Home, to: Path) -> Path:
    export(home.reopened(), to, "refi-qda")
    return to / "letters.qdpx"


def rewritten(path: Path, to: Path, *changes: tuple[str, str]) -> Path:
    """The project with something else in its XML: of each pair the first place exchanged."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "project.qde":
                for before, after in changes:
                    assert before in text, before
                    text = text.replace(before, after, 1)
            new.writestr(name, text)
    return to


def of_user(name: str, start: int, end: int, code: str, memo: str = "", words: str = "") -> str:
    """A selection as a program writes one, without a user's or a code's GUID of ours."""
    said = f"<Description>{memo}</Description>" if memo else ""
    guid = "00000000-0000-0000-0000-0000000000{:02}".format
    return (
        f'<PlainTextSelection guid="{guid(9)}" name="{words}" startPosition="{start}" endPosition="{end}" '
        f'creatingUser="{name}" creationDateTime="2026-10-30T10:00:00Z">{said}'
        f'<Coding guid="{guid(8)}" creatingUser="{name}"><CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
    )


KAI = "11111111-1111-1111-1111-111111111111"
NOBODY = guid("letters.example.org/register", "user", "nobody")
CLAIM = code_guid("", "claim")
THEME = "22222222-2222-2222-2222-222222222222"
USER = ("</Users>", f'<User guid="{KAI}" name="Kai"/></Users>')
CODE = ("</Codes>", f'<Code guid="{THEME}" name="Zuhören" isCodable="true"/></Codes>')


def with_selection(path: Path, to: Path, *selections: str) -> Path:
    """The project in which Kai coded something in the first text."""
    return rewritten(path, to, USER, CODE, ("<VariableValue>", f"{''.join(selections)}<VariableValue>"))


def xml_of(path: Path) -> str:
    with zipfile.ZipFile(path) as packed:
        return packed.read("project.qde").decode()


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as packed:
        return packed.read(next(name for name in packed.namelist() if name.endswith(".txt"))).decode()


Said = dict[tuple[object, ...], tuple[set[str], set[str], set[str]]]
"""Place → what is said there: codes with what is added, texts, confidence."""


def statements(path: Path, turns: Iterable[Turn], codebooks: Codebooks) -> Said:
    """What a notes file says, place by place."""
    read = accepted(notes.read(path.read_bytes(), path.name, codebooks=codebooks))
    by_turn = {(turn.interview, turn.turn): turn for turn in turns}
    found: Said = {}
    for note in read.note:
        span = quotation.locate(note.quotation, by_turn[note.interview, note.turn]) if note.quotation else None
        codes, texts, confidence = found.setdefault((note.interview, note.turn, note.part, span), (set(), set(), set()))
        codes.update(map(str, note.coded))
        texts.update({note.text} - {""})
        confidence.update({note.confidence or "none"} - {"none"})
    return found


def turns_in(folder: Path) -> Sequence[Turn]:
    return transcripts.decode((folder / "turns.jsonl").read_bytes()).turns


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_project_is_as_the_schema_of_the_standard_wants_it_and_the_same_to_the_byte_each_time(
    filed_home: Home, shared: Path, tmp_path: Path
) -> None:
    etree = pytest.importorskip("lxml.etree")
    export(filed_home, tmp_path / "one", "refi-qda")
    export(filed_home.reopened(), tmp_path / "two", "refi-qda")
    path = tmp_path / "one/example.qdpx"
    with zipfile.ZipFile(path) as packed:
        tree = etree.fromstring(packed.read("project.qde"))
        texts = {name: packed.read(name) for name in packed.namelist() if name.startswith("sources/")}
    schema = etree.XMLSchema(etree.parse(shared / "samples/refi_qda/schema.xsd"))
    assert schema.validate(tree), schema.error_log
    assert path.read_bytes() == (tmp_path / "two/example.qdpx").read_bytes()

    q = "{urn:QDA-XML:project:1.0}"
    sources = tree.findall(f".//{q}TextSource")
    assert len(sources) == len(texts) == 6
    guids = [each.get("guid") for each in tree.iter() if each.get("guid")]
    assert len(guids) == len(set(guids))
    codes = {each.get("guid"): each.get("name") for each in tree.iter(f"{q}Code")}
    assert len(codes) == len(set(codes.values())), "QualCoder knows codes by their names alone"
    kept = {}
    for source in sources:
        name = source.get("plainTextPath").replace("internal://", "sources/")
        text = texts[name].decode()
        assert b"\r" not in texts[name]
        assert not text.startswith("\ufeff")
        for chosen in source.iter(f"{q}PlainTextSelection"):
            words = text[int(chosen.get("startPosition")) : int(chosen.get("endPosition"))]
            ref = chosen.find(f"{q}Coding/{q}CodeRef").get("targetGUID")
            kept[words, codes[ref]] = chosen.findtext(f"{q}Description")
    said = "I would write *want* in pencil for both", "elicitation = responsive_interviewer_opened"
    assert kept[said] == "[elicitation = responsive_interviewer_opened: both wishes]\n[confidence: high]"
    claims = [memo for (_, code), memo in kept.items() if code == "preference"]
    assert len(claims) == 3
    assert all("\n(M2026-0001/" in memo for memo in claims)


def test_a_home_without_interviews_makes_a_project_too(home: Home, shared: Path, tmp_path: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    export(home, tmp_path / "out", "refi-qda")
    with zipfile.ZipFile(tmp_path / "out/example.qdpx") as packed:
        tree = etree.fromstring(packed.read("project.qde"))
    assert etree.XMLSchema(etree.parse(shared / "samples/refi_qda/schema.xsd")).validate(tree)


# ── there and back ───────────────────────────────────────────────────────────────────────────────────────────────────

PIECES = (
    *(
        "To be asked",
        " ",
        "e\u0301",
        "🦉",
        "👩\u200d🚀",
        "\r\n",
        "\r",
        "\n",
        "שלום",
        "\u202e",
        "#1 user\n",
        "]",
        "\ufeff",
    ),
    *("\u2028", "\t", "&lt;", "<b>", '"', "want", "\x0b", "\x85"),
)
REMARKS = (
    *("It asks twice.", "two\nlines", "[]", "x\n[elicitation = spontaneous: y]", "[confidence: low]", " a ", "<&>\\n"),
    "שלום 🦉",
)


def random_talk(random: Random) -> list[tuple[str, str]]:
    said = ["".join(random.choices(PIECES, k=random.randrange(1, 12))) + "." for _ in range(random.randrange(2, 5))]
    return [(("user", "assistant")[n % 2], text) for n, text in enumerate(said)]


def random_codes(random: Random, role: str) -> dict[str, object]:
    values = {
        "assistant": {
            "elicitation": random.choice(
                ["spontaneous", "heavily_scaffolded: so = it was", "not_applicable", "not_shared: a\\n"]
            ),
            "hedges": ["uncertain_experience: [a]", "trained_positivity"][: random.randrange(1, 3)],
            "contradicts": ["1#2", "a\nb\\n = c"][: random.randrange(1, 3)],
            "images": ["sleep", "journey: out"][: random.randrange(1, 3)],
            "attachment": "some",
        },
        "user": {
            "leading": random.choice(["none", "directive: twice"]),
            "loaded_terms": ["[so-called]", "want: it"],
            "question_id": "q1: again",
        },
    }[role]
    return {key: values[key] for key in random.sample(list(values), random.randrange(0, len(values)))}


def random_notes(random: Random, turns: Sequence[Turn]) -> str:
    """A coder's file; no two notes at one place, so that none must be told from another."""
    head = {"format": 1, "coder": "ann"}
    parts = [table("", head) + 'date = 2026-10-20\ncodebooks = ["themes@1"]\n']
    for turn in random.sample(list(turns), random.randrange(1, len(turns) + 1)):
        part = random.choice(["text", "reasoning"]) if turn.reasoning else "text"
        words = (turn.reasoning or "") if part == "reasoning" else turn.text
        note = {"interview": turn.interview, "turn": turn.turn, "code": random_codes(random, turn.role)}
        a, b = sorted(random.sample(range(len(words) + 1), 2))
        whole = [place for place in (a, b) if words[max(0, place - 1) : place + 1] != "\r\n"]
        if random.random() < 0.7 and len(whole) == 2 and words[a:b].strip():
            quote = quotation.standing(turn, a, b, part=part)
            note |= {"quote": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
        text = random.choice(["", *REMARKS])
        note |= {"part": part, "text": text, "confidence": random.choice(["", "high"])}
        if not note["code"] and not text:
            note["text"] = "."
        parts.append("\n" + table("[[note]]", {key: value for key, value in note.items() if value}))
    return "".join(parts)


@settings(max_examples=2)
@given(seed=st.integers(0, 2**32))
def test_random_notes_on_random_turns_come_back_the_same_into_a_home_that_lacks_them(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    random, root = Random(seed), tmp_path_factory.mktemp("there")
    talks = [random_talk(random) for _ in range(8)]
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch).set("2026-11-02")
        here, there = founded(root / "here", talks, THEMES), founded(root / "there", talks, THEMES)
        files = [(f, random_notes(random, turns_in(f))) for f in folders(here)]
        for folder, text in files:
            (folder / "notes").mkdir()
            (folder / "notes/ann.toml").write_text(text, newline="")
        assert batches.file_paths(here.reopened(), [f for f, _ in files], Options()).problems == ()
        project = exported(here, root / "out")

        done = Programs(there).archive("file", project)
        again = Programs(there).archive("file", project)
        same = Programs(here).archive("file", project)

    assert done.exit_code == 0, done.output
    books = CODEBOOKS.filed(here)
    for old, new in zip(folders(here), folders(there), strict=True):
        assert old.name == new.name
        turns = turns_in(old)
        expected = statements(old / "notes/ann.toml", turns, books)
        assert statements(new / "notes/ann.toml", turns, books) == expected  # type: ignore[arg-type]
    for repeated in (again, same):
        assert (repeated.exit_code, repeated.stdout.count("already filed")) == (0, len(talks)), repeated.output


@settings(max_examples=40)
@given(
    text=st.text(),
    said=st.dictionaries(
        st.sampled_from(["hedges", "themes@1/images"]), st.lists(st.text(min_size=1), min_size=1), max_size=2
    ),
    confidence=st.sampled_from([None, "low"]),
)
def test_a_memo_reads_back_as_it_was_written(text: str, said: dict[str, list[str]], confidence: str | None) -> None:
    memo = Memo(text=text, said=said, confidence=confidence)
    assert decode(encode(memo), {"hedges", "themes@1/images"}) == memo


def test_a_memo_that_somebody_wrote_by_hand_is_text_but_for_what_names_a_code() -> None:
    assert decode("Odd.\n[sic = as it stands]", CODES) == Memo(text="Odd.\n[sic = as it stands]")
    assert decode("[confidence: total]", CODES) == Memo(text="[confidence: total]")


# ── where words stand ────────────────────────────────────────────────────────────────────────────────────────────────

OURS = SourceText(
    [
        {"turn": 1, "role": "user", "text": "🦉 What do you want?"},
        {"turn": 2, "role": "assistant", "reasoning": "They ask.", "text": "To be asked. 🦉 To be asked first."},
        {"turn": 3, "role": "tool", "text": ""},
    ]
)


def spot(words: str, after: str = "") -> tuple[int, int]:
    start = OURS.text.index(words, OURS.text.index(after))
    return start, start + len(words)


@pytest.mark.parametrize(
    ("span", "places"),
    [
        pytest.param(spot("want"), [Place(turn=1, span=(14, 18))], id="words"),
        pytest.param(spot("#2 assistant\n"), [Place(turn=2)], id="a heading means its turn"),
        pytest.param((spot("#2 assistant\n")[0], spot("first.")[1]), [Place(turn=2)], id="all of a turn"),
        pytest.param(spot("To be asked. 🦉 To be asked first."), [Place(turn=2, span=(0, 33))], id="all of its words"),
        pytest.param(spot("#2 assistant reasoning"), [Place(turn=2, part="reasoning")], id="reasoning"),
        pytest.param((spot("want")[0], spot("They ask")[1]),
                     [Place(turn=1, span=(14, 19)), Place(turn=2, part="reasoning", span=(0, 8))], id="over two"),
        pytest.param(spot("#3 tool"), [Place(turn=3)], id="a turn without words"),
        pytest.param(spot("\n\n#3")[:1] * 2, [], id="nothing"),
        pytest.param((spot("\n\n#3")[0], spot("\n\n#3")[0] + 2), [], id="what lies between turns"),
    ],
)  # fmt: skip
def test_a_selection_means_turns_or_words_of_them(span: tuple[int, int], places: list[Place]) -> None:
    assert OURS.places(span) == places


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def counted(text: str, words: str, count: Callable[[str], int], name: str = "") -> Selection:
    """A selection of the last of `words` in a text, by a program that counts so."""
    start = text.rindex(words)
    return Selection(start=count(text[:start]), end=count(text[: start + len(words)]), name=name)


CRLF = OURS.text.replace("\n", "\r\n")
WAYS = {
    "code points": (OURS.text, len),
    "UTF-16 units": (OURS.text, units),
    "code points, two a line end": (CRLF, len),
    "code points, one a line end in a file that has two": (CRLF, lambda text: len(text.replace("\r\n", "\n"))),
    "UTF-16 units, two a line end": (CRLF, units),
    "UTF-16 units, one a line end in a file that has two": (CRLF, lambda text: units(text.replace("\r\n", "\n"))),
}


@pytest.mark.parametrize("way", WAYS)
def test_words_are_found_however_a_program_counts(way: str) -> None:
    text, count = WAYS[way]
    named = counted(text, "asked first", count, "asked first")
    silent = counted(text, "To be", count)
    theirs = Source(guid="", name="", text=text, selections=(named, silent))
    placing = Placing(theirs, OURS)
    assert placing.find(named) == spot("asked first")
    assert placing.find(silent) == spot("To be", "asked. ")


def test_positions_that_can_be_read_in_two_ways_are_not_guessed() -> None:
    silent = counted(OURS.text, "asked first", units)
    lost = Placing(Source(guid="", name="", text=OURS.text, selections=(silent,)), OURS).find(silent)
    assert isinstance(lost, Lost)
    assert lost.found.startswith("may be “asked first” or “")


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        pytest.param(OURS.text.replace("🦉", "owl"), "What do you", spot("What do you"), id="words that stand once"),
        pytest.param(OURS.text.replace("They", "They all"), "To be asked", spot("To be asked", "asked. "),
                     id="by what stands around them"),
        pytest.param(OURS.text.replace("first", "last"), "last", "do not stand in the interview", id="new words"),
        pytest.param("To be asked", "To be asked", "stand there more than once", id="words that stand twice, alone"),
    ],
)  # fmt: skip
def test_an_edited_text_is_found_again_by_its_words_where_these_settle_it(text: str, words: str, found: object) -> None:
    chosen = counted(text, words, len, words)
    place = Placing(Source(guid="", name="", text=text, selections=(chosen,)), OURS).find(chosen)
    assert found in place.found if isinstance(place, Lost) else place == found  # type: ignore[operator]


# ── back ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def talk(tmp_path: Path, clock: Clock) -> Home:
    """A home with one conversation that Ann has coded."""
    made = founded(tmp_path / "talk", [TALK])
    told(made, folders(made)[0], ANN)
    return made


ANN = """\
# Mine.
format = 1
coder = "ann"
date = 2026-10-20

[[note]]
interview = 1
turn = 2
code.elicitation = "spontaneous"   # at once
code.hedges = ["trained_positivity"]
quote = "To be asked 🦉 first"
text = "Said at once."
"""


def test_new_codings_stand_at_the_end_of_a_file_that_stays_as_it_is(talk: Home, tmp_path: Path) -> None:
    path = exported(talk, tmp_path / "out")
    start = text_of(path).index("not thanked")
    new = "hedges = uncertain_experience", "Zuhören"
    ann = re.search(r'guid="([^"]+)" name="ann"', xml_of(path))
    assert ann
    codes = dict(re.findall(r'<Code guid="([^"]+)" name="([^"]+)"', xml_of(path)))
    code = next(guid for guid, name in codes.items() if name == new[0])
    edited = with_selection(
        path, tmp_path / "edited.qdpx",
        of_user(ann[1], start, start + 11, code, "Later."),
        of_user(KAI, start, start + 11, THEME, "Mine\n[sic]"),
    )  # fmt: skip
    dry = Programs(talk).archive("file", edited, "--dry-run")
    before = talk.reopened().register.size
    assert (dry.exit_code, dry.stdout.splitlines()[0]) == (0, "(next)  transcripts/codebooks/letters  would be filed")

    done = Programs(talk).archive("file", edited)

    assert done.exit_code == 0, done.output
    assert talk.reopened().register.size == before + 2, "a codebook and a deposit"
    folder = folders(talk)[0]
    added = (
        '\n[[note]]\ninterview = 1\nturn = 2\ncode.hedges = "uncertain_experience"\nquote = "not thanked"\n'
        'text = "Later."\n'
    )
    assert (folder / "notes/ann.toml").read_text() == ANN.replace("2026-10-20", "2026-10-30") + added
    assert (folder / "notes/kai.toml").read_text() == (
        'format = 1\ncoder = "kai"\ndate = 2026-10-30\ncodebooks = ["letters@1"]\n\n[[note]]\ninterview = 1\nturn = 2\n'
        'code.zuhoren = "yes"\nquote = "not thanked"\ntext = """\nMine\n[sic]"""\n'
    )
    assert 'label = "Zuhören"' in (talk.root / "transcripts/codebooks/letters/1.toml").read_text()
    assert Programs(talk).archive("check").exit_code == 0
    again = Programs(talk).archive("file", edited)
    assert [line.split("  ")[-1] for line in again.stdout.splitlines()] == ["already filed"]


def test_a_project_that_nobody_touched_changes_nothing(filed_home: Home, tmp_path: Path) -> None:
    export(filed_home, tmp_path / "out", "refi-qda")
    done = Programs(filed_home).archive("file", tmp_path / "out/example.qdpx")
    assert (done.exit_code, done.stdout.count("already filed")) == (0, 4), done.output
    assert "example.qdpx: 14 quotes of claims and wishes" in done.stderr


def test_what_the_project_does_not_say_stays_and_is_counted(talk: Home, tmp_path: Path) -> None:
    path = exported(talk, tmp_path / "out")
    text = xml_of(path)
    coding = re.findall(r"<Coding.*?</Coding>\n", text, re.S)[0]
    one = rewritten(path, tmp_path / "one.qdpx", (coding, ""))
    none = rewritten(
        path, tmp_path / "none.qdpx", (re.findall("<PlainTextSel.*</PlainTextSelection>", text, re.S)[0], "")
    )
    for project, said in ((one, "1 code of ann"), (none, "2 codes of ann")):
        done = Programs(talk).archive("file", project)
        assert (done.exit_code, f"{said} in 2026-0001 not in it, kept as filed" in done.stderr) == (0, True)
    assert (folders(talk)[0] / "notes/ann.toml").read_text() == ANN


def test_a_code_that_was_changed_there_is_refused_with_both_values(talk: Home, tmp_path: Path) -> None:
    path = exported(talk, tmp_path / "out")
    codes = {n: g for g, n in re.findall(r'<Code guid="([^"]+)" name="([^"]+)"', xml_of(path))}
    ref = '<CodeRef targetGUID="{}"/>'.format
    old, new = (ref(codes[f"elicitation = {value}"]) for value in ("spontaneous", "heavily_scaffolded"))
    done = Programs(talk).archive("file", rewritten(path, tmp_path / "changed.qdpx", (old, new)))
    assert done.exit_code == 1
    assert "1#2: elicitation is spontaneous as filed, and heavily_scaffolded in the project" in done.stderr
    assert (folders(talk)[0] / "notes/ann.toml").read_text() == ANN


def test_a_draft_in_the_folder_is_not_filed_along(talk: Home, tmp_path: Path) -> None:
    path = exported(talk, tmp_path / "out")
    start = text_of(path).index("not thanked")
    edited = with_selection(path, tmp_path / "e.qdpx", of_user(KAI, start, start + 11, THEME))
    (folders(talk)[0] / "notes/ben.toml").write_text(ANN.replace('"ann"', '"ben"'))
    done = Programs(talk).archive("file", edited)
    assert (done.exit_code, "ben.toml: is not filed yet" in done.stderr) == (1, True)
    assert not (folders(talk)[0] / "notes/kai.toml").exists()


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        pytest.param(("", 20, 25, THEME), "is coded by nobody; give the coder a name", id="no coder"),
        pytest.param((NOBODY, 20, 25, THEME), "is coded by nobody; give it to a coder there", id="no name chosen"),
        pytest.param((KAI, 20, 25, CLAIM), "is coded with claim, which only shows", id="a claim made there"),
        pytest.param((KAI, 20, 25, KAI), f"is coded with {KAI}, which is no code of the project", id="no code"),
        pytest.param((KAI, 20, 9999, THEME), "ends at 9,999, behind the text's", id="beyond the end"),
        pytest.param((KAI, 25, 20, THEME), "selects nothing", id="backwards"),
        pytest.param((KAI, "x", 20, THEME), 'expected startPosition as a number from 0, found "x"', id="no number"),
        pytest.param((KAI, 28, 30, THEME), "selects nothing but blank space", id="between turns"),
    ],
)
def test_a_coding_without_a_sure_place_is_named_and_nothing_is_filed(
    talk: Home, tmp_path: Path, selection: tuple[str, int, int, str], says: str
) -> None:
    edited = with_selection(exported(talk, tmp_path / "out"), tmp_path / "edited.qdpx", of_user(*selection))
    before = talk.reopened().register.size
    done = Programs(talk).archive("file", edited)
    assert (done.exit_code, says in done.stderr) == (1, True), done.stderr
    assert "edited.qdpx" in done.stderr
    assert talk.reopened().register.size == before


def test_what_has_no_place_here_is_counted_and_said(talk: Home, tmp_path: Path) -> None:
    guid = "33333333-3333-3333-3333-3333333333{:02}".format
    path = rewritten(
        exported(talk, tmp_path / "out"),
        tmp_path / "more.qdpx",
        ("<Sources>", f'<Cases><Case guid="{guid(1)}" name="Heron"/></Cases><Sources>'),
        ("</Sources>", f'<TextSource guid="{guid(2)}" name="diary"><PlainTextContent>Dear diary</PlainTextContent>'
         f'{of_user(KAI, 0, 4, THEME)}</TextSource><PictureSource guid="{guid(3)}"/></Sources>'
         f'<Notes><Note guid="{guid(4)}" name="Thoughts"><PlainTextContent>On it</PlainTextContent></Note></Notes>'),
    )  # fmt: skip
    done = Programs(talk).archive("file", path)
    assert done.exit_code == 0, done.stderr
    assert "more.qdpx: 1 case, 1 other memo, 1 picture, 1 selection in other text" in done.stderr


def test_a_text_of_ours_under_another_name_is_known_by_its_guid_or_else_named(talk: Home, tmp_path: Path) -> None:
    path = exported(talk, tmp_path / "out")
    renamed = rewritten(path, tmp_path / "renamed.qdpx", ('name="2026-0001 interview 1"', 'name="first talk"'))
    assert "2026-0001" in Programs(talk).archive("file", renamed).stdout
    guid = re.search(r'<TextSource guid="([^"]+)"', xml_of(path))
    assert guid
    other = rewritten(renamed, tmp_path / "other.qdpx", (f'TextSource guid="{guid[1]}"', f'TextSource guid="{KAI}"'))
    done = Programs(talk).archive("file", other)
    assert (done.exit_code, "first talk: may be an interview of this archive" in done.stderr) == (1, True)


def test_a_text_of_another_interview_under_this_name_is_refused_though_words_of_it_stand_here(
    talk: Home, tmp_path: Path
) -> None:
    edited = with_selection(exported(talk, tmp_path / "out"), tmp_path / "e.qdpx", of_user(KAI, 8, 16, THEME))
    other = tmp_path / "other.qdpx"
    with zipfile.ZipFile(edited) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            said = "#1 user\nAnything else?\n\n#2 assistant\nNo.\n\n#3 user\nGood night.\n\n"
            new.writestr(name, said if name.endswith(".txt") else old.read(name))
    done = Programs(talk).archive("file", other)
    assert (done.exit_code, "is not the text of 2026-0001/1: less than half" in done.stderr) == (1, True), done.stderr


def test_a_draft_of_a_codebook_is_not_written_over(talk: Home, tmp_path: Path) -> None:
    (talk.root / "transcripts/codebooks/letters").mkdir(parents=True)
    (talk.root / "transcripts/codebooks/letters/1.toml").write_text("# to come\n")
    path = exported(talk, tmp_path / "out")
    start = text_of(path).index("not thanked")
    edited = with_selection(path, tmp_path / "e.qdpx", of_user(KAI, start, start + 11, THEME))
    assert "codebooks/letters-2  filed" in Programs(talk).archive("file", edited).stdout
    assert (talk.root / "transcripts/codebooks/letters/1.toml").read_text() == "# to come\n"


def test_memos_are_read_where_nvivo_and_maxqda_keep_them(talk: Home, tmp_path: Path) -> None:
    """A linked note whose text is a file; a note that the selection names; a description on an uncoded selection."""
    guid = "44444444-4444-4444-4444-4444444444{:02}".format
    start = text_of(exported(talk, tmp_path / "out")).index("not thanked")
    span = f'startPosition="{start}" endPosition="{start + 11}" creatingUser="{{{KAI.upper()}}}"'
    selections = [
        f'<PlainTextSelection guid="{guid(1)}" {span}/>',
        f'<PlainTextSelection guid="{guid(2)}" {span}><NoteRef targetGUID="{guid(12)}"/></PlainTextSelection>',
        f'<PlainTextSelection guid="{guid(3)}" {span}><Description>described</Description></PlainTextSelection>',
    ]
    held = f'<Note guid="{guid(12)}"><PlainTextContent>named</PlainTextContent></Note>'
    linked = f'<Note guid="{guid(11)}" plainTextPath="internal://{guid(11)}.txt"/>'
    links = f'<Links><Link guid="{guid(9)}" originGUID="{guid(11)}" targetGUID="{guid(1)}"/></Links>'
    coded = with_selection(tmp_path / "out/letters.qdpx", tmp_path / "coded.qdpx", *selections)
    path = rewritten(coded, tmp_path / "more.qdpx", ("</Sources>", f"</Sources><Notes>{held}{linked}</Notes>{links}"))
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(f"Sources/{guid(11)}.txt", "\ufefflinked".encode())
    assert Programs(talk).archive("file", path).exit_code == 0
    said = re.findall('text = "(.*)"', (folders(talk)[0] / "notes/kai.toml").read_text())
    assert sorted(said) == ["described", "linked", "named"]


def test_among_the_files_of_a_folder_a_project_is_passed_over(talk: Home, tmp_path: Path) -> None:
    exported(talk, tmp_path / "out")
    done = Programs(talk).archive("file", tmp_path / "out")
    assert "letters.qdpx: codings in REFI-QDA, and no conversation; file it by its name" in done.stderr


@pytest.mark.parametrize(
    ("project", "says"),
    [
        pytest.param(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "a document type or an entity of its own", id="entities"),
        pytest.param(b"<Project/>", "the XML of something else (Project)", id="another namespace"),
        pytest.param(b'<Project xmlns="urn:QDA-XML:project:1.0">' + b"<a>" * 200, "within each other", id="deep"),
        pytest.param(b'<Project xmlns="urn:QDA-XML:project:1.0">', "XML with a fault: no element found", id="cut"),
        pytest.param(b'<?xml version="1.0" encoding="ibm-7"?><Project/>', "XML with a fault", id="encoding"),
        pytest.param(b" " * (2 << 20), "at most 1 MiB, found 2", id="huge"),
        pytest.param(None, "expected one project (project.qde), found none", id="none"),
    ],
)
def test_what_is_no_project_is_refused(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: bytes | None, says: str
) -> None:
    monkeypatch.setattr(reader, "MOST_XML", 1 << 20)
    path = tmp_path / "bad.qdpx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "x")
        if project is not None:
            packed.writestr("project.qde", project)
    done = Programs(home).archive("file", path)
    assert (done.exit_code, says in done.stderr) == (1, True), done.stderr


def test_a_path_out_of_the_file_is_not_followed(talk: Home, tmp_path: Path) -> None:
    path = exported(talk, tmp_path / "out")
    name = next(name for name in zipfile.ZipFile(path).namelist() if name.endswith(".txt"))
    for outside in ("internal://../../secret.txt", "absolute:///etc/passwd", "relative://secret.txt"):
        inside = f"internal://{name.removeprefix('sources/')}"
        bad = rewritten(path, tmp_path / "bad.qdpx", (f'plainTextPath="{inside}"', f'plainTextPath="{outside}"'))
        done = Programs(talk).archive("file", bad)
        assert (done.exit_code, "1 outside text" in done.stderr) == (0, True), done.stderr


# ── a real program ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def qualcoder(shared: Path) -> tuple[Path, Path]:
    """A Python with what QualCoder needs, and the folder that holds QualCoder's package."""
    python = Path(os.environ.get("EMERITUS_QUALCODER_PYTHON", ROOT / ".venv-qualcoder/bin/python"))
    source = Path(os.environ.get("EMERITUS_QUALCODER", shared / "samples/qualcoder/src"))
    if not (source / "qualcoder/refi.py").is_file():
        pytest.skip("QualCoder, which no registry has, is not here: name its folder src in EMERITUS_QUALCODER")
    if not python.is_file():
        pytest.skip("no environment for QualCoder: tests/setup.sh makes .venv-qualcoder")
    return python, source


OF_ADA = """\
format = 1
coder = "ada"
date = 2026-11-21
codebooks = ["themes@1"]

[[note]]
interview = 1
turn = 8
code.attachment = "some: 🦉"

[[note]]
interview = 1
turn = 2
text = "A remark & <more>."
"""
TALK_1 = {"source": "2026-0001 interview 1", "words": "in pencil", "coder": "Kai"}
MARKS = [
    {**TALK_1, "code": "Pausen & Stille", "above": "Meine Themen", "memo": "<erste>"},
    {**TALK_1, "code": "hedges = trained_positivity", "above": "", "memo": ""},
    # behind an owl, where the text field counts otherwise than QualCoder's import
    {**TALK_1, "source": "2026-0005 interview 1", "words": "not thanked", "code": "images", "above": "", "memo": ""},
]


def in_qualcoder(qualcoder: tuple[Path, Path], project: Path, folder: Path) -> dict[str, list[list[str]]]:
    """What QualCoder's tables hold once it has read a project; what it writes after `MARKS` lies in the folder."""
    python, source = qualcoder
    user = folder.parent / "user"
    user.mkdir()
    (user / "marks.json").write_text(json.dumps(MARKS))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(user)}
    command = [python, ROOT / "tests/foreign/qualcoder.py", source, project, folder, user / "marks.json"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    read: dict[str, list[list[str]]] = json.loads((folder / "read.json").read_text())
    return read


def test_qualcoder_reads_a_project_and_what_is_coded_in_it_comes_back(
    filed_home: Home, qualcoder: tuple[Path, Path], tmp_path: Path
) -> None:
    there, folder, themes = Programs(filed_home), filed_home.root / HERON, "transcripts/codebooks/themes"
    (filed_home.root / themes).mkdir(parents=True)
    (filed_home.root / themes / "1.toml").write_text(THEMES)
    (folder / "notes/ada.toml").write_text(OF_ADA)
    owl = tmp_path / "owl.json"
    owl.write_text(json.dumps({"model": "example-heron-1", "messages": [{"role": r, "content": t} for r, t in TALK]}))
    for path in (filed_home.root / themes, folder, owl):
        assert there.archive("file", path).exit_code == 0
    export(filed_home.reopened(), tmp_path / "out", "refi-qda")

    read = in_qualcoder(qualcoder, tmp_path / "out/example.qdpx", tmp_path / "there")

    codings = {(code, words, owner): memo for code, _, words, owner, memo, _ in read["codings"]}
    said = "elicitation = responsive_interviewer_opened", "I would write *want* in pencil for both", "halloran"
    assert codings[said] == "[elicitation = responsive_interviewer_opened: both wishes]\n[confidence: high]"
    assert "A remark & <more>." in [
        memo for (code, _, owner), memo in codings.items() if (code, owner) == ("note", "ada")
    ]
    assert all(code for code, *_ in read["codings"]), "each is of a code"
    assert ["themes@1/attachment = some", "in passing"] in read["codes"]
    assert ["2026-0001 interview 1", "model", "example-heron-1"] in read["attributes"]
    assert len(read["sources"]) == 7
    assert read["coder"] == [["nobody"]], "whoever codes without a name codes in nobody else's"
    _comes_back(there, folder, tmp_path / "there/out/p.qdpx")
    behind = next(filed_home.root.glob("transcripts/example-heron-1/*-owl/notes/kai.toml")).read_text()
    assert 'code.images = "yes"\nquote = "not thanked"' in behind


def _comes_back(there: Programs, folder: Path, project: Path) -> None:
    """From QualCoder into a deposit without notes: the same, and what was coded meanwhile."""
    assert there.home
    books, turns = CODEBOOKS.filed(there.home), turns_in(folder)
    paths = [folder / f"notes/{name}.toml" for name in ("ada", "halloran", "wren")]
    old = [statements(path, turns, books) for path in paths]
    for path in paths:
        path.unlink()
    assert there.archive("file", folder).exit_code == 0
    done = there.archive("file", project)
    assert done.exit_code == 0, done.output
    assert [statements(path, turns, CODEBOOKS.filed(there.home.reopened())) for path in paths] == old
    kai = (folder / "notes/kai.toml").read_text()
    assert 'code.pausen_stille = "yes"\nquote = "in pencil"\ntext = "<erste>"' in kai
    assert 'code.hedges = "trained_positivity"' in kai
