"""A sampling in a home: what is logged when, what its pages say, and what is refused."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Refused
from archive.home.home import Home
from publisher.delivery.preview.draft import draft
from publisher.essays.review import review
from publisher.essays.submission import find, read_all
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from publisher.issues.withdraw import withdraw
from publisher.sampling import log, progress
from tests.conftest import Clock, Reviewer
from tests.programs import Programs
from tests.sampled_home import PROMPT, SERIES, approved, asked, completed, request, take


@pytest.fixture
def home(home: Home) -> Home:
    with (home.root / "archive.toml").open("a") as file:
        file.write('\n[[review.criteria]]\nid = "harm"\ntext = "Does it harm?"\n')
    return home.reopened()


def statements(home: Home) -> list[str]:
    """``asked for 3``, ``E2026-0001 essay`` … of each statement."""
    found = []
    for said in home.reopened().register.statements:
        about = [name.split("/")[0] for name in said.subjects]
        number = said.predicate.get("candidates", "")
        found.append(" ".join([str(said.predicate.get("kind", said.kind)), *about, str(number)]).strip())
    return found


def test_how_many_is_logged_first_and_each_that_comes_with_its_intake(home: Home) -> None:
    begun = asked(home, came=2)
    assert statements(home) == [
        "asked sampling.toml 3",
        "essay E2026-0001",
        "asked sampling.toml E2026-0001",
        "essay E2026-0002",
        "asked sampling.toml E2026-0002",
    ]
    assert (begun.new, begun.progress.index) == (True, 0)
    folder = find(home.reopened(), "on-rain-2").folder
    listed = (folder / "intake.sums").read_text()
    names = ["essay.md", "nonce", "request.json", "response.json", "sampling.toml"]
    assert [line[66:] for line in listed.splitlines()] == names
    subprocess.run(["sha256sum", "-c", "--quiet", "intake.sums"], cwd=folder, check=True)
    assert Programs(home).archive("check").exit_code == 0


def test_making_of_is_filled_in_and_tells_of_the_others(home: Home) -> None:
    asked(home, request(system="You are done.\n"))
    path = completed(home, "on-rain-2")
    assert (
        "Candidate 2 of 3 that were asked for (entry 0 of the register). 3 texts came; the others:" in path.read_text()
    )
    record = find(home.reopened(), "on-rain-2").record
    assert not isinstance(record, list)
    assert (record.prompt, record.context, record.candidates) == (PROMPT, ("System prompt: You are done.\n",), 3)
    assert record.sampling == "max_tokens 500; one call, no tools; example/example-heron-1 through inspect-ai 0.3.285"


def test_an_editor_who_was_there_first_is_not_overwritten(home: Home) -> None:
    begun = asked(home, came=1)
    said = completed(home, "on-rain-1").read_bytes()
    take(home, log.begin(home, request(), ""), ["Again."])
    assert completed(home, "on-rain-1").read_bytes() == said
    assert b"the others: E2026-0001." in (find(home.reopened(), "on-rain-2").folder / "essay.toml").read_bytes()
    assert begun.request.name(2) == "on-rain-2"


def test_two_candidates_of_the_same_words_are_two(home: Home) -> None:
    begun = asked(home, came=0)
    take(home, begun, ["The same.\n", "The same.\n"])
    assert {find(home.reopened(), f"on-rain-{n}").accession for n in (1, 2)} == {"E2026-0001", "E2026-0002"}
    done = Programs(home).publisher("submit", find(home, "on-rain-2").folder)
    assert "E2026-0002" in done.stdout


@pytest.mark.parametrize(
    ("key", "old", "new", "says"),
    [
        ("candidates", "candidates = 3", "candidates = 2", "expected 3, as many as sampling.toml asked for, found 2"),
        ("prompt", "like.\n", "like, please.\n", "is not the prompt of sampling.toml"),
        ("context", 'context = ["""', 'context = ["Nothing."] #', "has no entry with the system prompt"),
        ("series", 'series = "letters"', 'series = "others"', "expected letters, for which it was asked"),
    ],
)
def test_no_review_approves_another_making_than_was_logged(
    home: Home, ada: Reviewer, key: str, old: str, new: str, says: str
) -> None:
    asked(home, request(series="letters", system="You are done."))
    path = completed(home, "on-rain-1")
    old = 'context = ["System prompt: You are done."]' if key == "context" else old
    new = 'context = ["Nothing."]' if key == "context" else new
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(Refused, match=says):
        review(home.reopened(), "on-rain-1", decision="publish", reviewer=ada.name, key=ada.key, criteria=["harm"])


def test_a_name_that_was_taken_meanwhile_keeps_no_candidate_out(home: Home, write_essay: Callable[..., Path]) -> None:
    begun = asked(home, came=0)
    submit(home, write_essay("on-rain-1", "Somebody else's.\n"))
    take(home, begun, ["Rain.\n"])
    texts = {each.slug: each.text for each in read_all(home.reopened())}
    assert texts == {"on-rain-1": b"Somebody else's.\n", "on-rain-1-2": b"Rain.\n"}


def test_the_same_sampling_goes_on_and_another_of_its_name_is_refused(home: Home) -> None:
    asked(home, came=1)
    again = log.begin(home.reopened(), request(), "inspect-ai 9")
    assert (again.new, again.missing, again.sampling.through) == (False, 2, "inspect-ai 0.3.285")
    with pytest.raises(Refused, match="--candidates was another when on-rain was asked for"):
        log.begin(home.reopened(), request(candidates=4), "inspect-ai 9")
    with pytest.raises(Refused, match="has the slug on-rain-1 already"):
        log.begin(home.reopened(), request("on-rain-1", 1), "inspect-ai 9")


def test_a_model_that_answered_without_a_text_has_answered(home: Home) -> None:
    begun = asked(home, came=2)
    place = log.calling(home, begun, 1)
    log.ended(home, begun, place, "the model answered without a text (content_filter)", answered=True)
    log.finish(home, begun)
    assert log.begin(home.reopened(), request(), "").missing == 0
    told = (find(home.reopened(), "on-rain-1").folder / "essay.toml").read_text()
    assert "2 texts came; the others: E2026-0002. Without a text: the model answered without a text" in told


def published(home: Home, slug: str) -> str:
    publish(home.reopened(), slugs=[slug])
    return (home.site / f"essays/{slug}/index.html").read_text()


def verified(home: Home) -> tuple[int, str]:
    key = home.reopened().register.key
    done = Programs().publisher("verify", home.site, "--key", key)
    return done.exit_code, done.stderr


def test_its_page_says_of_how_many_it_is_one_and_what_became_of_the_others(
    home: Home, ada: Reviewer, clock: Clock
) -> None:
    asked(home, came=3)
    review(home, "on-rain-3", decision="withhold", reviewer=ada.name, key=ada.key, criteria=["harm"])
    approved(home, "on-rain-2", ada)
    page = " ".join(published(home, "on-rain-2").split())
    assert "One of 3 that were asked for: entered in the register on <time" in page
    assert "2 November 2026, 09:00 UTC</time> (statement 0), before any came" in page
    others = '<dd>The others: E2026-0001 <span class="entry">(1)</span> received, not published; E2026-0003'
    assert f'{others} <span class="entry">(5)</span> withheld.</dd>' in page
    mail = (home.site / "issues/2026-W45/issue.eml").read_text()
    assert "It is one of 3 texts that were asked for." in mail.replace("=\n", "")
    assert verified(home) == (0, "")
    clock.set("2026-11-09")
    approved(home, "on-rain-1", ada)
    publish(home.reopened(), slugs=["on-rain-1"])
    page = (home.site / "essays/on-rain-2/index.html").read_text()
    assert '<a href="../on-rain-1/index.html">published</a>' in page
    assert verified(home) == (0, "")
    assert Programs(home).publisher("build").exit_code == 0
    withdraw(home.reopened(), "on-rain-1", "model-request")
    assert "published and withdrawn" in (home.site / "essays/on-rain-2/index.html").read_text()
    assert verified(home) == (0, "")


def test_a_preview_shows_the_same_before_anybody_approved_it(home: Home) -> None:
    asked(home)
    completed(home, "on-rain-2")
    drawn = draft(home.reopened(), None, ["on-rain-2"])
    assert drawn.files
    assert b"One of 3 that were asked for" in (drawn.files("essays/on-rain-2/index.html") or b"")


def test_where_fewer_came_than_were_asked_for_the_page_says_so(home: Home, ada: Reviewer) -> None:
    asked(home, request(candidates=5), came=4)
    approved(home, "on-rain-1", ada)
    assert "One of 5 that were asked for" in (page := published(home, "on-rain-1"))
    assert "4 came." in page


def test_the_register_counts_what_was_asked_for_and_so_can_anyone(home: Home, ada: Reviewer) -> None:
    asked(home, came=2)
    asked(home, request("on-snow", 1))
    approved(home, "on-rain-1", ada)
    published(home, "on-rain-1")
    index = json.loads((home.site / "index.json").read_text())
    assert index["counts"]["samplings"] == {"samplings": 2, "candidates": 4, "received": 3, "published": 1}
    assert index["essays"][0]["candidate"] == {
        "number": 1,
        "of": 3,
        "statement": 0,
        "time": "2026-11-02T09:00:00Z",
    }
    page = (home.site / "register/index.html").read_text()
    assert "1 text more is not published, as another that was asked for with it was." in page
    assert [each["accession"] for each in index["waiting"]] == ["E2026-0003"]
    assert "not published: another of these was" in (home.site / "register/intakes/1/index.html").read_text()
    told = json.loads((home.site / "register/intakes/1/intakes.json").read_text())
    assert [each.get("passed_over") for each in told] == [None, True, None]
    assert [(each["candidate"]["number"], each["candidate"]["of"]) for each in told] == [(1, 3), (2, 3), (1, 1)]
    if not shutil.which("jq"):
        pytest.skip("no jq on this machine")
    recipe = re.search(r'<pre class="recipe"><code>(.*?)</code>', page, re.DOTALL)
    assert recipe
    done = subprocess.run(
        ["sh", "-c", html.unescape(recipe[1])], cwd=home.site / "register", capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == index["counts"]


def with_rule(home: Home) -> Home:
    with (home.root / "archive.toml").open("a") as file:
        file.write(f"\n{SERIES}")
    return home.reopened()


def test_where_the_first_is_taken_no_other_is_published_before_it_was_withheld(home: Home, ada: Reviewer) -> None:
    home = with_rule(home)
    asked(home, request(series="letters-home"))
    with pytest.raises(Refused, match="E2026-0001 came before it, and in its series the first that comes is taken"):
        approved(home, "on-rain-2", ada)
    review(home, "on-rain-1", decision="withhold", reviewer=ada.name, key=ada.key, criteria=["harm"])
    approved(home, "on-rain-2", ada)
    page = published(home, "on-rain-2")
    assert "In its series the first that comes is taken; each that came before it was withheld." in page
    assert "the first that comes is taken here" in (home.site / "series/letters-home/index.html").read_text()
    assert "the first text that comes is taken" in (home.site / "about/index.html").read_text()
    assert verified(home) == (0, "")


def test_a_rule_that_came_later_binds_what_was_asked_for_without_it(home: Home, ada: Reviewer) -> None:
    asked(home)
    path = completed(home, "on-rain-1")
    path.write_text(path.read_text() + 'series = "letters-home"\n')
    with pytest.raises(Refused, match=r'sampling.toml does not say take = "first"'):
        review(with_rule(home), "on-rain-1", decision="publish", reviewer=ada.name, key=ada.key, criteria=["harm"])


def test_status_shows_candidates_as_one_choice_and_forgets_the_others_once_it_is_made(
    home: Home, ada: Reviewer, clock: Clock
) -> None:
    asked(home)
    status = json.loads(Programs(home).publisher("status", "--json").stdout)
    assert [each["waits_for"] for each in status["essays"]] == ["a choice among 3"] * 3
    (choice,) = [each for each in status["actions"] if "chooses" in each["what"]]
    assert choice["command"] == "publisher submit essays/2026-11-02-on-rain-N"
    approved(home, "on-rain-2", ada)
    status = json.loads(Programs(home).publisher("status", "--json").stdout)
    assert [each["accession"] for each in status["essays"]] == ["E2026-0002"]
    published(home, "on-rain-2")
    assert json.loads(Programs(home).publisher("status", "--json").stdout)["essays"] == []


def test_what_was_not_chosen_is_no_essay_of_a_week_to_come(home: Home, ada: Reviewer, clock: Clock) -> None:
    asked(home)
    approved(home, "on-rain-1", ada)
    published(home, "on-rain-1")
    clock.set("2026-11-09")
    with pytest.raises(Refused, match="no essay is approved; there are: none submitted"):
        publish(home.reopened())
    assert draft(home.reopened(), None).texts == ()


def test_a_site_without_samplings_says_nothing_of_them(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    publish(home)
    pages = {path.relative_to(home.site): path.read_text() for path in home.site.rglob("*.html")}
    said = re.compile("were asked for|sampling.toml|Samplings|are asked for")
    assert [name for name, page in pages.items() if said.search(page) and "verify" not in str(name)] == []


def test_a_value_with_nothing_in_it_is_a_wrong_value(home: Home) -> None:
    asking = ("sample", "--model", "a/b", "--prompt", home.root / "archive.toml", "--dry-run")
    for option in ("--slug", "--series", "--price"):
        done = Programs(home).publisher(*asking, option, "")
        assert (done.exit_code, done.stderr.startswith(f"{option}: expected")) == (1, True), done.stderr


def test_what_cannot_be_read_of_how_far_it_is_stops_and_says_where(home: Home) -> None:
    asked(home, came=1)
    (home.root / progress.NAME).write_text("{}x")
    with pytest.raises(Exception, match=r"samplings.kept: expected how far samplings have come"):
        log.begin(home.reopened(), request(), "")
