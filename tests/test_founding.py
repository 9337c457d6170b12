"""A new home is whole, or is begun anew."""

from pathlib import Path

from tests.programs import Programs


def test_what_a_killed_init_left_is_begun_anew(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert Programs().archive("init", home).exit_code == 0
    (home / "archive.toml").unlink()  # it is written last
    done = Programs().archive("init", home, "--name", "Again")
    assert done.exit_code == 0, done.stderr
    assert 'name = "Again"' in (home / "archive.toml").read_text()


def test_an_archive_whose_archive_toml_is_gone_is_never_begun_anew(tmp_path: Path) -> None:
    home, talk = tmp_path / "home", tmp_path / "talk.txt"
    Programs().archive("init", home)
    Programs().archive("new", "model", "example-heron-1", "--home", home)
    talk.write_text("User: What now?\n\nAssistant: Nothing.\n")
    assert Programs().archive("file", talk, "--model", "example-heron-1", "--home", home).exit_code == 0
    (home / "archive.toml").unlink()
    done = Programs().archive("init", home)
    assert (done.exit_code, "there is an archive here already" in done.stderr) == (1, True)
