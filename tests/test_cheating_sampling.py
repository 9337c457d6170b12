"""What a publisher who cheats says of what was asked for, a stranger's check refuses."""

import pytest

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


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_what_a_cheating_publisher_says_of_it_is_refused(home: Home, ada: Reviewer, cheat: Act) -> None:
    cheat(home, ada)
    code, said = verified(home)
    assert code == 1
    assert "NOT VERIFIED" in said
