"""The times of a register: none can be chosen afterwards."""

import shutil
from pathlib import Path

import pytest

from archive.home.change import Change
from archive.home.home import Home
from archive.register import register, statement, times
from archive.register.statement import Statement
from tests.example_register import at
from tests.programs import Programs


def intake(hour: int, number: int = 1) -> Statement:
    return statement.intake(f"E2026-{number:04d}", "intake.sums", f"{number:064x}", kind="essay", time=at(hour))


def review(hour: int, of: int) -> Statement:
    key = "SHA256:" + "k" * 43
    return statement.review(
        "E2026-0001", f"{1:064x}", {}, decision="hold", intake_index=of, reviewer=key, criteria=[], time=at(hour)
    )


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], []),
        ([intake(1), intake(1, 2), intake(2, 3)], []),
        ([intake(1), intake(3, 2), review(2, 0), intake(3, 3)], []),
        ([intake(2), intake(1, 2)], [(1, "says 2026-11-02T10:00:00Z, and entry 0 before it 2026-11-02T11:00:00Z")]),
        ([intake(2), review(1, 0)], [(1, "says 2026-11-02T10:00:00Z, before its intake, entry 0")]),
        ([intake(1), review(5, 0), intake(2, 2)], [(2, "says 2026-11-02T11:00:00Z, and entry 1 before it")]),
        ([intake(1), review(2, 1)], [(1, "names entry 1 as its intake, which is none")]),
        ([intake(1), review(2, 0), review(2, 1)], [(2, "names entry 1 as its intake, which is none")]),
    ],
)
def test_times_run_forwards_and_a_review_is_never_before_its_intake(
    statements: list[Statement], expected: list[tuple[int, str]]
) -> None:
    found = list(times.faults(statements))
    assert [index for index, _ in found] == [index for index, _ in expected]
    assert all(fault.startswith(start) for (_, fault), (_, start) in zip(found, expected, strict=True))


def test_a_register_in_which_they_do_not_is_named_by_check_and_verify(
    filed_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "_refuse_backward_clock", lambda *given: None)
    with filed_home.writing() as writer:
        writer.commit(Change(leaves=[intake(0, 99).encode()]))
    done = Programs(filed_home).archive("check")
    assert done.exit_code == 1
    assert "unsound: .archive/register/tile/entries: entry 15 says 2026-11-02T09:00:00Z, and entry 13" in done.output
    site = shutil.copytree(filed_home.site, tmp_path / "site")
    done = Programs().publisher("verify", site, "--key", filed_home.reopened().register.key)
    assert done.exit_code == 1
    assert "  register: entry 15 says 2026-11-02T09:00:00Z, and entry 13 before it" in done.stderr
