"""Whatever became of a log on its way, there is a result or a clean refusal: never a traceback, never half a character.

What comes of conversations with anything wrong in them says tests/test_fuzz.py, target ``received``.
"""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.target import tried
from tests.fuzz.targets import TARGETS


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**6), byte=st.integers(0, 255), cut=st.none() | st.integers(0, 10**6))
def test_a_real_log_with_a_byte_changed_or_its_end_missing_is_read_or_refused(
    shared: Path, at: int, byte: int, cut: int | None
) -> None:
    for name in ("log_streaming.eval", "zstd_rewritten_by_inspect_0.3.285.eval"):
        data = bytearray((shared / "samples/inspect_eval" / name).read_bytes())
        data[at % len(data)] = byte
        tried(TARGETS["received"], bytes(data if cut is None else data[: cut % len(data)]))
