"""Whatever bytes arrive, there is a result or a clean refusal: never a traceback, never half a character."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import Refused
from archive.importers.turns import decode, encode
from tests import received
from tests.fuzz.conversations import SEEDS, as_file
from tests.fuzz.shapes import mutated


def checked(files: dict[str, bytes]) -> None:
    """Reads, and checks that what came of it can be written and shown."""
    try:
        transcript = received.read(files, speakers=None)
    except Refused as refused:
        str(refused).encode()
        return
    data = encode(transcript)
    assert encode(decode(data)) == data
    assert len(transcript.context) == len(transcript.model) == len(transcript.date) == transcript.interviews
    said = [text for context in transcript.context for text in context.values()]
    assert all(text.strip() for text in said)
    "".join([*said, *filter(None, transcript.model), *filter(None, transcript.date)]).encode()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(number=st.integers(0, 2**32))
@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_a_conversation_with_anything_wrong_in_it_is_read_or_refused(seed: int, number: int) -> None:
    random = Random(number)
    for _ in range(10):
        checked(as_file(mutated(SEEDS[seed], random), a_line_each=random.random() < 0.5))


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_every_seed_is_read_before_anything_is_wrong(seed: int) -> None:
    assert received.read(as_file(SEEDS[seed])).turns


@settings(deadline=None)
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (
        b"",
        b"PK\3\4",
        b'{"messages": [',
        b'{"mapping": ',
        b"[{",
        b'{"type": "user", "uuid": "1", "sessionId": ',
    ):
        checked({"received": start + data})
    try:
        received.read({"a.txt": b"Ann: " + data}, speakers={"Ann": "user"})
    except Refused as refused:
        str(refused).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**6), byte=st.integers(0, 255), cut=st.none() | st.integers(0, 10**6))
def test_a_real_log_with_a_byte_changed_or_its_end_missing_is_read_or_refused(
    shared: Path, at: int, byte: int, cut: int | None
) -> None:
    for name in ("log_streaming.eval", "zstd_rewritten_by_inspect_0.3.285.eval"):
        data = bytearray((shared / "samples/inspect_eval" / name).read_bytes())
        data[at % len(data)] = byte
        checked({name: bytes(data if cut is None else data[: cut % len(data)])})
