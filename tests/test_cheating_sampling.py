"""What a publisher who cheats says of what was asked for, a stranger's check refuses."""

import pytest
from click.testing import Result

from archive.home.home import Home
from tests.cheating_sampling import CHEATS, Act, honest
from tests.conftest import Reviewer
from tests.programs import Programs


@pytest.fixture
def home(home: Home) -> Home:
    with (home.root / "archive.toml").open("a") as file:
        file.write('\n[[review.criteria]]\nid = "harm"\ntext = "Does it harm?"\n')
    return home.reopened()


def verified(home: Home) -> tuple[int, str]:
    """What a stranger is told who knows the register's key."""
    done = Programs().publisher("verify", home.site, "--key", home.reopened().register.key)
    return done.exit_code, done.stderr


def test_an_honest_publisher_is_believed(home: Home, ada: Reviewer) -> None:
    honest(home, ada)
    assert verified(home) == (0, "")
    for name in ("essay.md", "index.html"):
        done = detailed(home, name)
        assert done.exit_code == 0, done.output
        asked = (
            "asked      entry 0, 2026-11-02T09:00:00Z, for 3 texts: 3 came, this one as 2; the others: E2026-0001, E"
        )
        assert asked in done.output


def detailed(home: Home, name: str) -> Result:
    """What a reader is told of a text or a page with all that stands behind it."""
    key, path = home.reopened().register.key, home.site / "essays/on-rain-2" / name
    return Programs().publisher("verify", path, "--key", key, "--site", home.site, "--details")


@pytest.mark.parametrize("name", ["essay.md", "index.html"])
@pytest.mark.parametrize("cheat", ["fewer in essay.toml than were asked for", "asked for after they came"])
def test_a_reader_of_one_text_is_told_too(home: Home, ada: Reviewer, cheat: str, name: str) -> None:
    CHEATS[cheat](home, ada)
    done = detailed(home, name)
    assert (done.exit_code, "what was asked for is not what was logged" in done.stderr) == (1, True), done.output


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_what_a_cheating_publisher_says_of_it_is_refused(home: Home, ada: Reviewer, cheat: Act) -> None:
    cheat(home, ada)
    code, said = verified(home)
    assert code == 1
    assert "NOT VERIFIED" in said
