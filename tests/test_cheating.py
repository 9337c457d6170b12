"""What a publisher who cheats shows its readers, a stranger's check refuses."""

import shutil
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from archive import cores
from archive.home.home import Home
from publisher.essays import render
from publisher.essays.render import RENDERERS, article
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues import coming
from publisher.issues import publish as publishing
from publisher.issues.publish import publish
from publisher.issues.skip import skip
from publisher.issues.withdraw import withdraw
from publisher.verify.site import issue as issues
from publisher.verify.site import rebuild
from publisher.week import Week
from tests.cheating import CHEATS, WITHDRAWALS, Cheat, body, linked, put_back
from tests.conftest import Clock, Reviewer
from tests.filed_home import NEWSLETTER
from tests.programs import Programs


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory, ada: Reviewer) -> Path:
    """An issue is out, a week was skipped, a text is withheld, one waits, and one is approved for this week."""
    from archive.home.founding import create

    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        clock.set("2026-11-02")
        folder = tmp_path_factory.mktemp("before")
        home = create(folder / "home", name="Example", origin="letters.example.org/register", sample=True)
        with (home.root / "archive.toml").open("a") as file:
            file.write(NEWSLETTER)
        with (home.root / "allowed_signers").open("a") as file:
            file.write(ada.line)
        from tests.conftest import MAKING

        for slug in ("first", "second", "third", "fourth"):
            essay = folder / "desk" / slug
            essay.mkdir(parents=True)
            (essay / "essay.md").write_text(f"The *{slug}* text.\n\nAnd then a *pause*.\n")
            (essay / "essay.toml").write_text(MAKING)
            submit(home, essay)
        review(home, "first", decision="publish", reviewer=ada.name, key=ada.key)
        review(home, "third", decision="withhold", reviewer=ada.name, key=ada.key, criteria=["harm"])
        publish(home)
        clock.set("2026-11-17")
        skip(home, [Week.parse("2026-W46")], "holiday")
        review(home, "second", decision="publish", reviewer=ada.name, key=ada.key)
        return home.root


@pytest.fixture
def home(before: Path, tmp_path: Path, clock: Clock) -> Home:
    clock.set("2026-11-18")
    return Home(shutil.copytree(before, tmp_path / "home"))


def verified(home: Home) -> tuple[int, str]:
    """What a stranger is told who knows the register's key, in a folder far from the home."""
    site = shutil.copytree(home.site, home.root.parent / "elsewhere" / "site", symlinks=True)
    done = Programs().publisher("verify", site, "--key", home.reopened().register.key)
    return done.exit_code, done.stderr


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_what_a_cheating_publisher_shows_is_refused(home: Home, cheat: Cheat) -> None:
    with cheat(home):
        publish(home)
    code, said = verified(home)
    assert code == 1
    assert "NOT VERIFIED" in said


@pytest.mark.parametrize("cheat", WITHDRAWALS.values(), ids=WITHDRAWALS)
def test_a_withdrawal_that_is_not_what_it_says_is_refused(home: Home, cheat: Cheat) -> None:
    with cheat(home):
        withdraw(home, "first", "model-request")
    code, said = verified(home)
    assert code == 1
    assert "NOT VERIFIED" in said


@pytest.mark.parametrize("name", ["essays/first/essay.md", "issues/2026-W45/issue.eml", "essays/first/reviews/1.json"])
@pytest.mark.parametrize("other", [b"", b"Dull.\n"], ids=["as it was", "as another"])
def test_what_was_withdrawn_and_is_there_again_is_named(home: Home, name: str, other: bytes) -> None:
    index = withdraw(home, "first", "model-request").index
    put_back(name, other=other)(home.site)
    code, said = verified(home)
    assert code == 1
    assert f"{name}: was withdrawn (entry {index}), and something is here again" in said


@pytest.mark.parametrize("name", ["essays/first/essay.md", "essays/first/words.txt", "issues/2026-W45/issue.eml"])
def test_what_is_gone_and_was_not_withdrawn_is_named(home: Home, name: str) -> None:
    (home.site / name).unlink()
    code, said = verified(home)
    assert code == 1
    assert f"{name}: is listed and missing" in said


FIRST, SECOND, THIRD = RENDERERS


@pytest.mark.parametrize("name", [FIRST, "markdown-it-py 9.9.9 commonmark html=false emeritus-render 7"])
def test_whatever_renderer_made_an_issue_counts_while_one_here_makes_the_same(
    home: Home, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "RENDERER", name)
    publish(home)
    assert verified(home)[0] == 0


OLD = [(FIRST, "**测试。**后文\n", "**测试"), (SECOND, "| a | b |\n|---|---|\n| c | d |\n", "<p>| a")]


@pytest.mark.parametrize(("name", "text", "shown"), OLD, ids=["emphasis", "a table"])
def test_an_issue_by_an_older_renderer_of_ours_is_made_again_by_that_one(
    home: Home,
    ada: Reviewer,
    monkeypatch: pytest.MonkeyPatch,
    write_essay: Callable[..., Path],
    name: str,
    text: str,
    shown: str,
) -> None:
    monkeypatch.setattr(publishing, "RENDERER", name)
    monkeypatch.setattr(coming, "article", lambda text: article(text, name))
    submit(home, write_essay("marks", text))
    review(home, "marks", decision="publish", reviewer=ada.name, key=ada.key)
    publish(home, slugs=["marks"])
    assert shown in (home.site / "essays/marks/article.html").read_text()
    assert verified(home)[0] == 0
    shutil.rmtree(home.root.parent / "elsewhere")
    for module in (render, issues):
        monkeypatch.setattr(module, "RENDERERS", {each: RENDERERS[each] for each in RENDERERS if each != name})
    code, said = verified(home)
    assert code == 1
    assert f"is not what the renderer makes of the text: it was made by {name}, and the newest here is" in said


TABLE = "| day | asked |\n|-----|------:|\n| one | 12 |\n| two | 7 |\n"


def test_a_table_goes_out_in_page_mail_and_feed_and_no_cell_of_it_can_be_moved(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay("table", TABLE))
    review(home, "table", decision="publish", reviewer=ada.name, key=ada.key)
    other = Home(shutil.copytree(home.root, home.root.parent / "other" / "home", symlinks=True))
    publish(home, slugs=["table"])
    assert verified(home)[0] == 0
    mail, key = home.site / "issues/2026-W47/issue.eml", home.reopened().register.key
    assert ".essay th," in message_from_bytes(mail.read_bytes(), policy=default).get_body(("html",)).get_content()
    for shown in (mail, home.site / "essays/table/index.html", home.site / "feed.atom"):
        done = Programs().publisher("verify", shown, "--key", key, "--site", home.site)
        assert done.exit_code == 0, done.stderr
    with body(lambda html: html.replace("one", "x").replace("two", "one").replace("x", "two"))(other):
        publish(other, slugs=["table"])
    code, said = verified(other)
    assert code == 1
    assert "essays/table/article.html: is not what the renderer makes of the text" in said


def test_the_same_is_said_in_the_same_order_however_many_processors_look(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with body(lambda html: html.replace("pause", "cause"))(home):
        publish(home)
    alone = verified(home)
    shutil.rmtree(home.root.parent / "elsewhere")
    monkeypatch.setattr(cores.os, "cpu_count", lambda: 3)
    monkeypatch.setattr(rebuild, "TOGETHER", 1)
    assert verified(home) == alone
    assert "essays/second/article.html: is not what the renderer makes of the text" in alone[1]


@pytest.mark.parametrize("name", ["index.html", "essays/second/index.html", "feed.atom"])
def test_a_link_is_refused_though_it_leads_to_the_same_bytes(home: Home, name: str) -> None:
    publish(home)
    linked(name)(home.site)
    code, said = verified(home)
    assert code == 1
    assert f"{name}: is a link" in said


def honest(home: Home, write_essay: Callable[..., Path], clock: Clock) -> None:
    publish(home)


def honest_later(home: Home, write_essay: Callable[..., Path], clock: Clock) -> None:
    """Statements that came after the site was made say nothing against it."""
    publish(home)
    submit(home, write_essay("late", "Late.\n"))


def honest_again(home: Home, write_essay: Callable[..., Path], clock: Clock) -> None:
    """The newsletter has another subtitle since."""
    from publisher.issues.build import publish_site

    publish(home)
    path = home.root / "archive.toml"
    path.write_text(path.read_text().replace("What a retired model writes", "What a model wrote"))
    clock.set("2026-11-19")
    publish_site(home.reopened())


def honest_withdrawn(home: Home, write_essay: Callable[..., Path], clock: Clock) -> None:
    publish(home)
    withdraw(home.reopened(), "first", "other", "We may not say why.")


@pytest.mark.parametrize("run", [honest, honest_later, honest_again, honest_withdrawn])
def test_an_honest_publisher_is_believed(
    home: Home, write_essay: Callable[..., Path], clock: Clock, run: Callable[..., None]
) -> None:
    run(home, write_essay, clock)
    assert verified(home) == (0, "")
