"""What no intake list names is accounted for too: by lists of its own, which `sha256sum -c` reads."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from archive.home import account
from archive.home.home import Home
from archive.register import sums
from tests.conftest import Programs, Reviewer


def noted(home: Home) -> dict[str, str]:
    """Everything that is accounted for, as far as the store has it; compared with the files by `sha256sum`."""
    lists = sorted((home.root / account.FOLDER).rglob("*.sums"))
    for path in lists:
        subprocess.run(["sha256sum", "--quiet", "-c", path], cwd=home.root, check=True)
    found = {name: digest for path in lists for name, digest in sums.parse(path.read_bytes(), path.name).items()}
    for digest in found.values():
        assert sums.digest(home.store.get(digest)) == digest
        assert home.store.path(digest).stat().st_mode & 0o777 == 0o400
    return found


def test_each_logged_change_notes_what_it_rests_on(
    home: Home, programs: Programs, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.archive("new", "model", "example-heron-1")
    assert noted(home) == {}, "nothing was logged yet, so nothing rests on the configuration"
    assert programs.publisher("submit", write_essay()).exit_code == 0
    (folder,) = (home.root / "essays").iterdir()
    essay = home.relative(folder)
    assert {*noted(home)} == {"archive.toml", "allowed_signers", f"{essay}/essay.toml"}
    for path in (home.root / "archive.toml", folder / "essay.toml"):
        path.write_text(path.read_text() + "# looked through\n")
    review = ("review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher(*review).exit_code == 0
    of_review = {f"{essay}/reviews/1.json", f"{essay}/reviews/1.json.sig"}
    assert {*noted(home)} == {"archive.toml", "allowed_signers", f"{essay}/essay.toml", *of_review}
    (folder / "editors").mkdir()
    (folder / "editors" / "1.toml").write_text(
        'format = 1\nkind = "note"\ndate = 2026-11-02\nby = "Ann"\ntext = "Set as it came."\n'
    )
    done = programs.publisher("publish")
    assert done.exit_code == 0, done.output
    assert f"{essay}/editors/1.toml" in noted(home)


def test_a_review_that_was_damaged_is_not_taken_for_what_it_was(
    home: Home, programs: Programs, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    sign = ("--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("review", "on-commas", "--decision", "hold", *sign).exit_code == 0
    (signature,) = home.root.glob("essays/*/reviews/1.json.sig")
    before = account.read(home.root, account.list_of(home.relative(signature.parent.parent)))
    signature.write_bytes(signature.read_bytes().replace(b"A", b"B", 1))
    assert programs.publisher("review", "on-commas", "--decision", "publish", *sign).exit_code == 0
    after = account.read(home.root, account.list_of(home.relative(signature.parent.parent)))
    assert len(after) == len(before) + 2
    assert before.items() <= after.items()
