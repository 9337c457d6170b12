"""Essays submitted, reviewed and published as people do it: for tests of what the archive says of them."""

from archive.home.home import Home
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues import publish as issues
from publisher.issues import withdraw as withdrawing
from publisher.week import Week
from tests.programs import Reviewer


def put_essay(home: Home, slug: str, making: str) -> str:
    """Submit an essay that consists of its slug; its accession. `making` is the ``essay.toml``."""
    folder = home.root.parent / "desk" / slug
    folder.mkdir(parents=True)
    (folder / "essay.md").write_text(slug)
    (folder / "essay.toml").write_text(making)
    return submit(home.reopened(), folder).submission.accession


def publish(home: Home, reviewer: Reviewer, accession: str, week: str) -> None:
    review(home.reopened(), accession, decision="publish", reviewer=reviewer.name, key=reviewer.key)
    done = issues.publish(home.reopened(), Week.parse(week), slugs=[accession])
    assert done.new


def withhold(home: Home, reviewer: Reviewer, accession: str) -> None:
    how = {"reviewer": reviewer.name, "key": reviewer.key, "criteria": ["personal-data"]}
    review(home.reopened(), accession, decision="withhold", **how)  # type: ignore[arg-type]


def withdraw(home: Home, accession: str) -> None:
    assert withdrawing.withdraw(home.reopened(), accession, "model-request").new


def making(title: str, *, series: str = "", preference: str = "", model: str = "example-heron-1") -> str:
    """An ``essay.toml`` that can be published."""
    keys = {"model": model, "title": title, "series": series, "preference": preference} | dict.fromkeys(
        ("prompt", "sampling", "selection"), "not_recorded: it is not told here"
    )
    named = "".join(f'{key} = "{value}"\n' for key, value in keys.items() if value)
    return f'format = 1\n{named}title_by = "model"\ncontext = []\ncandidates = 1\ntopic_by = "model"\n'
