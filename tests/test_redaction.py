"""The commitment for redactions: splitting loses nothing, every byte counts, a copy shows what was committed to."""

import hashlib
import json
import re
import runpy
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import Malformed, VerificationError
from archive.register import redaction
from archive.register.redaction import Line

ROOT = Path(__file__).parent.parent
SEED = hashlib.sha256(b"a seed for tests only").digest()
LINES = b'{"turn":1,"text":"She said:\\n\\t\\"No, *never*\\" \\\\ new\\u00a0line"}\n{"turn":2,"text":""}\n'
PLAIN_RULE = re.compile(rb"""(?:\s|\\[nrt])*(?:"|(?:\\[^nrt]|[^\s\\"])+|\\\Z)|(?:\s|\\[nrt])+\Z""")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
some_bytes = st.binary() | st.text('ab"\\nrt \n').map(str.encode)
some_lines = st.lists(json_values, min_size=1).map(
    lambda values: "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode(
        "utf-8", "surrogatepass"
    )
)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def lines_of(data: bytes) -> list[bytes]:
    return [line for line in re.split(rb"(?<=\n)", data) if line]


def places_of(data: bytes) -> list[tuple[int, int]]:
    return [(at, n) for at, line in enumerate(lines_of(data)) for n in range(len(redaction.split(line)))]


def by_line(places: Collection[tuple[int, int]]) -> Mapping[int, Collection[int]]:
    return {line: [word for other, word in places if other == line] for line, _ in places}


def refused(copy: list[Line], root: bytes) -> bool:
    try:
        redaction.check(copy, root)
    except VerificationError:
        return True
    return False


def test_a_line_too_long_for_its_words_to_be_held_gives_the_same_root(monkeypatch: pytest.MonkeyPatch) -> None:
    data = LINES + b"seven words, hashed three at a time\n" + b"six words and three each time"
    held = redaction.root(data, SEED)
    monkeypatch.setattr(redaction, "_LONG", 0)
    monkeypatch.setattr(redaction, "_AT_ONCE", 3)
    assert redaction.root(data, SEED) == held


@given(some_bytes)
def test_splitting_loses_nothing_of_any_bytes(data: bytes) -> None:
    words = redaction.split(data)
    assert b"".join(words) == data
    assert all(words)


@settings(max_examples=30)
@given(st.lists(json_values), st.booleans(), st.sampled_from([None, (",", ":")]))
def test_splitting_loses_nothing_of_any_json_lines(
    values: list[object], ascii_only: bool, tight: tuple[str, str]
) -> None:
    lines = "".join(json.dumps(value, ensure_ascii=ascii_only, separators=tight) + "\n" for value in values)
    data = lines.encode("utf-8", "surrogatepass")
    assert b"".join(redaction.split(data)) == data


@settings(max_examples=500)
@given(some_bytes | some_lines)
def test_words_are_cut_by_the_rule_that_the_readme_prints(data: bytes) -> None:
    assert redaction.split(data) == PLAIN_RULE.findall(data)
    assert PLAIN_RULE.pattern.decode() in (ROOT / "archive/register/README.md").read_text()


@settings(max_examples=30)
@given(some_lines, st.data())
def test_a_run_of_words_splits_into_the_same_words_wherever_it_is_cut_out(lines: bytes, data: st.DataObject) -> None:
    words = redaction.split(lines)
    start = data.draw(st.integers(0, len(words) - 1))
    run = words[start : data.draw(st.integers(start + 1, len(words)))]
    assert redaction.split(b"".join(run)) == run


def test_a_word_has_the_white_space_before_it_and_a_delimiter_stands_alone() -> None:
    assert [redaction.split(line) for line in lines_of(LINES)] == [
        [
            *[b'{', b'"', b'turn', b'"', b':1,', b'"', b'text', b'"', b':', b'"', b'She', b' said:', b'\\n\\t\\"No,'],
            *[b' *never*\\"', b' \\\\', b' new\\u00a0line', b'"', b'}', b'\n'],
        ],
        [b'{', b'"', b'turn', b'"', b':2,', b'"', b'text', b'"', b':', b'"', b'"', b'}', b'\n'],
    ]  # fmt: skip


def test_a_run_of_white_space_as_long_as_a_book_is_split_in_no_time() -> None:
    for data in (b" " * 1_000_000, b"\\n" * 500_000 + b"\\", b" " * 1_000_000 + b"\\"):
        assert b"".join(redaction.split(data)) == data


def test_the_root_is_that_of_rfc_6962_over_the_blocks_of_salted_words() -> None:
    def block(number: int, *words: bytes) -> bytes:
        key = sha256(b"\3" + SEED + bytes(7) + bytes([number]))
        stream = hashlib.shake_256(key).digest(16 * len(words))
        leaves = [sha256(b"\2" + stream[16 * at : 16 * at + 16] + word) for at, word in enumerate(words)]
        return sha256(b"\0" + b"".join(leaves))

    a, b, c = block(0, b"one", b" two", b"\n"), block(1, b"\n"), block(2, b" one")
    assert redaction.root(b"one two\n\n one", SEED) == sha256(b"\1" + sha256(b"\1" + a + b) + c)
    assert redaction.root(b" one", SEED) == block(0, b" one")
    assert redaction.root(b"", SEED) == sha256(b"")


def test_these_lines_have_this_root_and_these_openings_for_ever() -> None:
    root = redaction.root(LINES, SEED)
    whole, cut = redaction.redact(LINES, SEED, {1: [0, *range(2, 13)]})
    assert root.hex() == "123ca8f2ca2bd0218891d2cb137537432d30cfbcee9873ea306de2ebee657baf"
    assert whole == Line(
        (lines_of(LINES)[0],), bytes.fromhex("2b3c5c7be56ee19d8f7e17f4aabe7298af7d63213c8e5477bb1109c567d94175")
    )
    assert cut.runs == (1, b'"', 11)
    assert (len(cut.opening), cut.opening[:64].hex()) == (
        12 * 32 + 16,
        "e5843e8ed0291e7ea60e35342aa7593c9696881cc2aebbe188105e38dbec36defb253259435535f4ea00d0d9723f80f8dad892aab76a484aa70667c8fa07a321",
    )


def test_the_program_of_the_readme_finds_the_same_blocks_and_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "archive/register/README.md").read_text()
    [program] = [each for each in re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S) if "redaction.seed" in each]
    (tmp_path / "program.py").write_text(program)
    (tmp_path / "turns.jsonl").write_bytes(LINES)
    (tmp_path / "redaction.seed").write_text(f"{SEED.hex()}\n")
    monkeypatch.chdir(tmp_path)
    theirs: dict[str, Any] = runpy.run_path("program.py")
    root = redaction.root(LINES, SEED)
    assert capsys.readouterr().out == f"{root.hex()}\n"
    for hidden in ({}, {0: [3, 4, 17]}, {0: range(19), 1: [12]}):
        copy = redaction.redact(LINES, SEED, hidden)
        assert theirs["root"]([theirs["block"](line.runs, line.opening) for line in copy]) == root


def test_the_root_changes_with_every_bit_of_the_text_and_of_the_seed() -> None:
    root = redaction.root(LINES, SEED)
    for at in range(len(LINES)):
        for bit in range(8):
            flipped = bytearray(LINES)
            flipped[at] ^= 1 << bit
            assert redaction.root(bytes(flipped), SEED) != root
    for at in range(32):
        flipped = bytearray(SEED)
        flipped[at] ^= 1
        assert redaction.root(LINES, bytes(flipped)) != root


@pytest.mark.parametrize("moved", [LINES + b"\n", LINES[:-1], b" " + LINES, LINES.replace(b"said:", b"said: ")])
def test_the_root_changes_with_white_space(moved: bytes) -> None:
    assert redaction.root(moved, SEED) != redaction.root(LINES, SEED)


@pytest.mark.parametrize("seed", [b"", SEED[:-1], SEED + b"\0"])
def test_a_seed_has_32_bytes(seed: bytes) -> None:
    with pytest.raises(ValueError, match="expected a seed of 32 bytes"):
        redaction.root(LINES, seed)


def test_the_same_words_in_another_line_have_other_leaves() -> None:
    copy = redaction.redact(b"so it is\n" * 3, SEED, {0: range(4), 1: range(4), 2: range(4)})
    leaves = [line.opening[at : at + 32] for line in copy for at in range(0, len(line.opening), 32)]
    assert len(set(leaves)) == len(leaves) == 12


@settings(max_examples=50)
@given(some_lines, st.data())
def test_whatever_is_hidden_the_rest_is_proved_and_nothing_else_is_shown(lines: bytes, data: st.DataObject) -> None:
    places = places_of(lines)
    gone = data.draw(st.sets(st.sampled_from(places)))
    copy = redaction.redact(lines, SEED, by_line(gone))
    redaction.check(copy, redaction.root(lines, SEED))
    for number, (line, cut) in enumerate(zip(lines_of(lines), copy, strict=True)):
        words: list[bytes | None] = []
        for run in cut.runs:
            words += [None] * run if isinstance(run, int) else redaction.split(run)
        assert words == [None if (number, at) in gone else word for at, word in enumerate(redaction.split(line))]


def test_a_line_that_hides_nothing_is_opened_by_its_key_alone_and_any_other_without_it() -> None:
    keys = [sha256(b"\3" + SEED + bytes(7) + bytes([number])) for number in range(2)]
    assert redaction.redact(LINES, SEED, {}) == [
        Line((line,), key) for line, key in zip(lines_of(LINES), keys, strict=True)
    ]
    first, second = redaction.redact(LINES, SEED, {0: [10]})
    salts = hashlib.shake_256(keys[0]).digest(16 * 19)
    assert first.opening == salts[:160] + sha256(b"\2" + salts[160:176] + b"She") + salts[176:]
    assert second.opening == keys[1]


@settings(max_examples=100)
@given(some_lines, st.data())
def test_a_changed_copy_is_refused(lines: bytes, data: st.DataObject) -> None:
    """A bit of a text, of a salt, leaf or key; how many words are hidden; which lines there are and in what order."""
    root = redaction.root(lines, SEED)
    copy = redaction.redact(lines, SEED, by_line(data.draw(st.sets(st.sampled_from(places_of(lines))))))
    redaction.check(copy, root)
    at = data.draw(st.integers(0, len(copy) - 1))
    line = copy[at]
    which = data.draw(st.integers(0, len(line.runs) - 1))
    run = line.runs[which]
    bit = data.draw(st.integers(0, 8 * len(line.opening) - 1))
    flipped = bytearray(line.opening)
    flipped[bit // 8] ^= 1 << bit % 8
    if isinstance(run, int):
        other: bytes | int = run + data.draw(st.sampled_from([-1, 1]))
    else:
        byte = data.draw(st.integers(0, len(run) - 1))
        other = run[:byte] + bytes([run[byte] ^ 1 << data.draw(st.integers(0, 7))]) + run[byte + 1 :]
    others = [
        replace(line, opening=bytes(flipped)),
        replace(line, opening=line.opening[:-1]),
        replace(line, opening=line.opening + b"\0"),
        replace(line, runs=(*line.runs[:which], other, *line.runs[which + 1 :])),
        replace(line, runs=(*line.runs[:which], *line.runs[which + 1 :])),
        replace(line, runs=(*line.runs, 1)),
        replace(line, runs=(*line.runs, b" more")),
    ]
    for changed in others:
        assert refused([*copy[:at], changed, *copy[at + 1 :]], root), changed
    assert refused(copy[:at] + copy[at + 1 :], root)
    assert refused([*copy[: at + 1], *copy[at:]], root)
    if len(copy) > 1:
        assert refused([*copy[1:], copy[0]], root)
    assert refused(copy, redaction.root(lines, sha256(SEED)))


def test_words_that_change_places_are_refused_with_their_salts_or_without() -> None:
    lines = b"one two three\n"
    root = redaction.root(lines, SEED)
    [line] = redaction.redact(lines, SEED, {0: [2]})
    salts, rest = line.opening[:32], line.opening[32:]
    swapped = salts[16:] + salts[:16] + rest
    assert line.runs == (b"one two", 1, b"\n")
    assert refused([Line((b" twoone", 1, b"\n"), line.opening)], root)
    assert refused([Line((b" two one", 1, b"\n"), swapped)], root)
    assert refused([Line((b"one two", 1, b"\n"), swapped)], root)
    [hidden] = redaction.redact(lines, SEED, {0: [1, 2]})
    exchanged = hidden.opening[:16] + hidden.opening[48:80] + hidden.opening[16:48] + hidden.opening[80:]
    assert refused([replace(hidden, opening=exchanged)], root)


@pytest.mark.parametrize("runs", [(), (b"",), (0,), (-1,), (b"a", b" b"), (1, 1), (b"a b\n", 0), (b"a b", 1, b"")])
def test_a_copy_has_texts_and_numbers_of_words_in_turn(runs: tuple[bytes | int, ...]) -> None:
    with pytest.raises(Malformed, match="line 0 of the copy: expected visible texts and numbers of hidden words"):
        redaction.check([Line(runs, bytes(32))], bytes(32))


def test_a_copy_that_claims_to_hide_more_than_it_proves_costs_nothing() -> None:
    with pytest.raises(Malformed, match="line 1 of the copy: expected an opening of 32000000000000 bytes, found 32"):
        redaction.check([Line((1,), bytes(32)), Line((10**12,), bytes(32))], bytes(32))


@pytest.mark.parametrize("hidden", [{0: [19]}, {0: [-1]}, {2: [0]}, {-1: [0]}])
def test_only_words_that_are_there_can_be_hidden(hidden: Mapping[int, Collection[int]]) -> None:
    with pytest.raises(ValueError, match="from 0"):
        redaction.redact(LINES, SEED, hidden)
