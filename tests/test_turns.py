"""turns.jsonl: one form, frozen, that parses to what it prints and prints what it parses."""

import contextlib
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Malformed, Refused
from archive.importers.kept import checked, opened
from archive.importers.turns import ROLES, Transcript, Turn, decode, encode

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
DATA = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(WORDS, DATA, max_size=3)


def turns(interview: int, turn: int) -> st.SearchStrategy[Turn]:
    return st.builds(
        Turn,
        interview=st.just(interview),
        turn=st.just(turn),
        role=st.sampled_from(ROLES),
        text=WORDS,
        reasoning=st.none() | WORDS,
        tool_calls=st.none() | st.lists(OBJECTS, max_size=2).map(tuple),
        tool_result=st.none() | OBJECTS,
        name=st.none() | WORDS,
        time=st.none() | WORDS,
        model=st.none() | WORDS,
        parent=st.none() | st.integers(0, turn - 2) if turn > 1 else st.none(),
    )


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    sizes = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    return Transcript(
        importer=draw(WORDS),
        version=draw(st.integers(1, 9)),
        interviews=len(sizes),
        lost=draw(st.dictionaries(WORDS, st.integers(1, 10**12), max_size=3)),
        turns=tuple(draw(turns(n, t)) for n, size in enumerate(sizes, 1) for t in range(1, size + 1)),
    )


SMALL = Transcript(
    importer="text",
    version=1,
    interviews=2,
    lost={"image": 2, "document": 1},
    turns=(
        Turn(interview=1, turn=1, role="user", text="Ça va ?\n“😀”\u2028", name="Ann"),
        Turn(
            interview=1,
            turn=2,
            role="assistant",
            text="",
            reasoning="hm",
            tool_calls=({"id": "t", "name": "look", "arguments": {"b": 1.0, "a": [None, True]}},),
            time="2026-01-04T10:00:00Z",
            model="example-1",
        ),
        Turn(interview=1, turn=3, role="tool", text="nothing", tool_result={"id": "t", "error": True}),
        Turn(interview=1, turn=4, role="user", text="Again?", parent=0),
        Turn(interview=2, turn=1, role="system", text=""),
    ),
)
BYTES = (
    '{"format":1,"importer":"text","version":1,"interviews":2,"lost":{"document":1,"image":2}}\n'
    '{"interview":1,"turn":1,"role":"user","text":"Ça va ?\\n“😀”\u2028","name":"Ann"}\n'
    '{"interview":1,"turn":2,"role":"assistant","text":"","reasoning":"hm",'
    '"tool_calls":[{"id":"t","name":"look","arguments":{"b":1.0,"a":[null,true]}}],'
    '"time":"2026-01-04T10:00:00Z","model":"example-1"}\n'
    '{"interview":1,"turn":3,"role":"tool","text":"nothing","tool_result":{"id":"t","error":true}}\n'
    '{"interview":1,"turn":4,"role":"user","text":"Again?","parent":0}\n'
    '{"interview":2,"turn":1,"role":"system","text":""}\n'
).encode()


def test_turns_are_written_in_one_form_byte_for_byte() -> None:
    assert encode(SMALL) == BYTES


def test_what_was_written_reads_back_and_setting_model_and_date_stay_outside() -> None:
    with_setting = replace(SMALL, context=({"tools": "none"}, {}), model=("m", None), date=(None, "2026-01-01"))
    assert decode(encode(with_setting)) == SMALL


@given(transcripts())
def test_every_transcript_reads_back_and_gives_the_same_bytes(transcript: Transcript) -> None:
    data = encode(transcript)
    assert (decode(data), encode(decode(data))) == (transcript, data)


@given(st.integers(0, len(BYTES) - 1), st.integers(0, 255))
def test_whatever_parses_prints_the_same_bytes(at: int, byte: int) -> None:
    data = BYTES[:at] + bytes([byte]) + BYTES[at + 1 :]
    with contextlib.suppress(Malformed):
        assert encode(decode(data)) == data


@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_turns_or_malformed(data: bytes) -> None:
    for rest in (data, BYTES[:90] + data):
        with contextlib.suppress(Malformed):
            assert encode(decode(rest)) == rest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(BYTES.decode(), "", "line 1: expected one JSON object in UTF-8", id="nothing"),
        pytest.param('"format":1', '"format":2', "line 1: expected the line that names the importer", id="format 2"),
        pytest.param('"lost":{', '"more":1,"lost":{', "line 1: expected the line that names", id="unknown key in head"),
        pytest.param('"interviews":2', '"interviews":1', "line 6: is out of order", id="more interviews than said"),
        pytest.param('"image":2', '"image":0', "line 1: expected the line that names the importer", id="nothing lost"),
        pytest.param('"document":1,"image":2', '"image":2,"document":1', "line 1: is not written", id="kinds unsorted"),
        pytest.param('"turn":2', '"turn":3', "line 3: is out of order", id="a turn left out"),
        pytest.param('"parent":0', '"parent":3', "line 5: is out of order", id="parent that goes without saying"),
        pytest.param('"parent":0', '"parent":4', "line 5: is out of order", id="its own parent"),
        pytest.param('"role":"tool"', '"role":"boss"', "line 4: 'role' is no key of a turn, or has a value", id="role"),
        pytest.param('"text":"nothing",', "", "line 4: has no 'text'", id="no text"),
        pytest.param('"name":"Ann"', '"nome":"Ann"', "line 2: 'nome' is no key of a turn", id="unknown key"),
        pytest.param('"name":"Ann"', '"name":null', "line 2: 'name' is no key of a turn, or has a value", id="null"),
        pytest.param('"turn":1,"role":"user"', '"turn":true,"role":"user"', "line 2: 'turn' is no key", id="true is 1"),
        pytest.param('"role":"user","text"', '"role":"user", "text"', "line 2: is not written", id="a space"),
        pytest.param('"turn":1,"role":"user"', '"role":"user","turn":1', "line 2: is not written", id="order"),
        pytest.param("1.0", "1e999", "line 3: is not written in the one form", id="an infinity"),
        pytest.param("1.0", "NaN", "line 3: is not written in the one form", id="NaN"),
        pytest.param("1.0", "1" * 5000, "line 3: expected one JSON object in UTF-8", id="too many digits"),
        pytest.param("1.0", "[" * 5000 + "]" * 5000, "line 3: expected one JSON object in UTF-8", id="too deep"),
        pytest.param("nothing", "\\ud800", "line 4: is not written in the one form", id="half a character"),
        pytest.param("Ça", "\\u00c7a", "line 2: is not written in the one form", id="an escape that is not needed"),
        pytest.param('"system","text":""}\n', '"system","text":""}', "line 6: is not written", id="no end of line"),
        pytest.param('"system","text":""}\n', '"system","text":""}\r\n', "line 6: is not written", id="CRLF"),
        pytest.param('"system","text":""}\n', '"system","text":""}\n\n', "line 7: expected one JSON", id="blank"),
    ],
)
def test_another_form_is_malformed_and_its_line_named(old: str, new: str, said: str) -> None:
    assert BYTES.decode().count(old) >= 1
    with pytest.raises(Malformed, match=f"^{said.replace('(', '.')}"):
        decode(BYTES.decode().replace(old, new, 1).encode())


def test_half_a_surrogate_pair_is_refused_where_it_stands() -> None:
    broken = replace(SMALL, turns=(replace(SMALL.turns[0], text="a\ud83d"),))
    with pytest.raises(Refused, match=r"interview 1, turn 1: holds half a surrogate pair \(U\+D83D\)"):
        encode(broken)


def test_every_line_is_json_that_others_read() -> None:
    rows = [json.loads(row) for row in BYTES.split(b"\n") if row]
    assert [row.get("text") for row in rows] == [None, *(turn.text for turn in SMALL.turns)]


@given(transcripts())
def test_on_disk_they_are_what_they_are_in_memory(transcript: Transcript) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "turns.jsonl"
        path.write_bytes(encode(transcript))
        kept = opened(path).turns
        assert (tuple(kept), tuple(kept), len(kept)) == (transcript.turns, transcript.turns, len(transcript.turns))
        assert [kept[place] for place in range(len(kept))] == list(transcript.turns)
        assert kept[-2:] == transcript.turns[-2:]


def test_a_line_on_disk_that_is_out_of_form_is_named(tmp_path: Path) -> None:
    (tmp_path / "turns.jsonl").write_bytes(encode(SMALL) + b"{}\n")
    with pytest.raises(Malformed, match=f"line {len(SMALL.turns) + 2}: has no 'interview'"):
        checked(tmp_path / "turns.jsonl")
