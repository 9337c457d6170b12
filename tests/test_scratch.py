"""Scratch folders go with the command that needed them; what a killed one left is swept by the next."""

from pathlib import Path

from archive.home.home import Home
from archive.home.scratch import scratch, sweep


def test_a_scratch_folder_goes_with_its_command(tmp_path: Path) -> None:
    with scratch(tmp_path / "tmp") as own:
        (own / "part.json").write_text("{}")
        assert own.parent == tmp_path / "tmp"
    assert [*(tmp_path / "tmp").iterdir()] == []


def test_what_a_killed_command_left_is_swept_and_what_a_running_one_holds_stays(tmp_path: Path) -> None:
    with scratch(tmp_path / "tmp") as held:
        (held / "part.json").write_text("{}")
        (tmp_path / "tmp/left").mkdir()
        (tmp_path / "tmp/left/half").write_text("half")
        (tmp_path / "tmp/stray").write_text("stray")
        sweep(tmp_path / "tmp")
        assert [*(tmp_path / "tmp").iterdir()] == [held]
        assert (held / "part.json").exists()


def test_opening_a_home_sweeps_it(home: Home) -> None:
    left = home.hidden / "tmp/left"
    left.mkdir(parents=True)
    Home.at(home.root)
    assert not left.exists()
