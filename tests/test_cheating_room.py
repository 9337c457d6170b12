"""What a publisher shows of the archive is what was logged and what the program makes of it, or it is refused."""

import shutil
from pathlib import Path

import pytest

from archive.home.home import Home
from publisher.issues.build import publish_site
from tests import room_home
from tests.cheating_room import CHEATS, CLOSED, Cheat
from tests.conftest import Clock
from tests.files import tree
from tests.programs import Programs
from tests.room_home import Filed


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch).set("2026-11-02")
        deposits = [Filed("public", reads=4), Filed("described"), Filed("restricted"), Filed("public")]
        return room_home.make(tmp_path_factory.mktemp("room") / "home", deposits).root


@pytest.fixture
def home(before: Path, tmp_path: Path, clock: Clock) -> Home:
    clock.set("2026-11-03")
    return Home.at(Path(shutil.copytree(before, tmp_path / "home")))


def verified(home: Home) -> tuple[int, str]:
    site = shutil.copytree(home.site, home.root.parent / "elsewhere" / "site")
    done = Programs().publisher("verify", site, "--key", home.register.key)
    return done.exit_code, done.stderr


def test_an_honest_publisher_is_believed(home: Home) -> None:
    publish_site(home)
    assert verified(home) == (0, "")


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_what_a_cheating_publisher_shows_of_the_archive_is_refused(home: Home, cheat: Cheat) -> None:
    with cheat(home):
        publish_site(home)
    code, said = verified(home)
    assert code == 1
    assert "NOT VERIFIED" in said
    assert "Traceback" not in said


def test_a_closed_conversation_beside_its_logged_list_is_refused(home: Home) -> None:
    """The publisher has the words, and the register their hashes: but only in a list that was never published."""
    publish_site(home)
    lying = home.root / room_home.folder(3)
    for name in ("received.json", "turns.jsonl", "deposit.toml", "intake.sums", "nonce"):
        (home.site / CLOSED).mkdir(exist_ok=True)
        shutil.copyfile(lying / name, home.site / CLOSED / name)
    assert "talk3x" in str(tree(home.site))
    code, said = verified(home)
    assert code == 1
    assert f"{CLOSED}/turns.jsonl" in said
