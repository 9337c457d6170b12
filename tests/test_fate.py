"""What became of every intake: told on pages and as data, and counted again by anyone out of the tiles."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.home.change import Change
from archive.home.home import Home
from archive.register import statement, sums
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues import fates
from publisher.issues.build import build, publish_site
from publisher.issues.publish import publish
from publisher.issues.withdraw import withdraw
from tests.conftest import Clock, Reviewer
from tests.files import tree
from tests.programs import Programs


@pytest.fixture
def told(filed_home: Home, write_essay: Callable[..., Path], ada: Reviewer, clock: Clock) -> Home:
    """Deposits, models, a protocol; essays of every fate."""
    home = filed_home
    for slug in ("left", "held", "ready", "gone", "refused"):
        submit(home.reopened(), write_essay(slug, f"Of {slug}.\n"))
    by = {"reviewer": ada.name, "key": ada.key}
    clock.set("2026-12-01")
    for slug, decision in {"held": "hold", "ready": "publish", "gone": "publish", "refused": "withhold"}.items():
        criteria = ["harm"] if decision == "withhold" else []
        review(home.reopened(), slug, decision=decision, criteria=criteria, **by)  # type: ignore[arg-type]
    clock.set("2026-12-04")
    publish(home.reopened(), slugs=["gone"])
    clock.set("2026-12-05")
    withdraw(home.reopened(), "gone", "personal-data")
    return home.reopened()


def data(home: Home, page: int = 1) -> dict[str, dict[str, object]]:
    """Accession → what programs are told of it."""
    entries = json.loads((home.site / f"register/intakes/{page}/intakes.json").read_text())
    return {entry["accession"]: entry for entry in entries}


def rows(home: Home, page: int = 1) -> list[str]:
    """What people are told."""
    html = LexborHTMLParser((home.site / f"register/intakes/{page}/index.html").read_text())
    return [" ".join(row.text(separator=" ").split()) for row in html.css("table.fates tbody tr")]


def counts(home: Home) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads((home.site / "index.json").read_text())["counts"]
    return found


def recounted(home: Home, copy: Path) -> dict[str, dict[str, int]]:
    """What a reader counts, in a copy of the site, with the lines that the page gives; nothing of ours runs."""
    for program in ("awk", "od", "jq"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    shutil.copytree(home.site, copy)
    page = LexborHTMLParser((copy / "register/index.html").read_text())
    recipe, printed = (page.css_first(f"pre.{name} code").text() for name in ("recipe", "counted"))
    done = subprocess.run(["sh", "-c", recipe], cwd=copy / "register", capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{printed}\n"
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found


def test_every_intake_is_told_with_what_became_of_it(told: Home) -> None:
    found = data(told)
    assert list(found) == list(told.lives)
    assert {(entry["kind"], entry["state"]) for entry in found.values() if entry["kind"] != "essay"} == {
        ("deposit", "received"),
        ("model", "received"),
        ("protocol", "received"),
    }
    assert {number: entry["state"] for number, entry in found.items() if entry["kind"] == "essay"} == {
        "E2026-0001": "published",
        "E2026-0002": "waiting",
        "E2026-0003": "withheld",
        "E2026-0004": "waiting",
        "E2026-0005": "held",
        "E2026-0006": "approved",
        "E2026-0007": "withdrawn",
        "E2026-0008": "withheld",
    }


def test_it_is_said_since_when_by_whom_under_which_criterion_and_where(told: Home) -> None:
    found = data(told)
    refused, out, gone, waiting = (found[f"E2026-000{n}"] for n in (8, 1, 7, 2))
    (decision,) = refused["reviews"]  # type: ignore[misc]
    assert (decision["reviewer"], decision["criteria"]) == ("ada@example.org", ["harm"])  # type: ignore[index]
    assert decision["key"].startswith("SHA256:")  # type: ignore[index]
    assert refused["since"]["time"] == "2026-12-01T09:00:00Z"  # type: ignore[index]
    assert (out["week"], out["url"]) == (
        "2026-W48",
        "https://letters.example.org/essays/nothing-rhymes-with-sixty/",
    )
    assert (gone["week"], gone["reason"]) == ("2026-W49", "personal-data")
    assert waiting["since"] == waiting["received"]
    for entry in found.values():
        for name in ("received", "since"):
            said = entry[name]
            assert told.register.statement(said["statement"]).predicate["time"] == said["time"]  # type: ignore[index]


def test_people_read_the_same(told: Home) -> None:
    said = {row.split()[0]: row for row in rows(told)}
    assert list(said) == list(told.lives)
    for number, words in {
        "E2026-0001": "published on 27 November 2026 (14) , in 2026-W48",
        "E2026-0002": "waiting for a review since 20 November 2026",
        "E2026-0005": "held since 1 December 2026",
        "E2026-0006": "approved, waiting for its week since 1 December 2026",
        "E2026-0007": "withdrawn on 5 December 2026",
        "E2026-0008": "withheld since 1 December 2026",
        "2026-0001": "deposit",
    }.items():
        assert words in said[number]
    assert "by ada@example.org under harm" in said["E2026-0008"]


def test_nothing_is_told_of_what_is_not_out(told: Home) -> None:
    pages = b"".join(
        data for name, data in tree(told.site).items() if not name.startswith(("register/tile/", "verify/"))
    )
    for word in (b"Of left", b"Of held", b"refused", b"Of gone", b"the-kiosk"):
        assert word not in pages, word


def test_anyone_counts_the_same_out_of_the_tiles(told: Home, tmp_path: Path) -> None:
    found = recounted(told, tmp_path / "copy")
    assert found == counts(told)
    assert found == {
        "received": {"codebook": 0, "deposit": 4, "essay": 8, "model": 2, "protocol": 1},
        "essays": {"approved": 1, "held": 1, "published": 1, "waiting": 2, "withdrawn": 1, "withheld": 2},
    }


def test_a_site_that_leaves_one_out_is_counted_otherwise(told: Home, tmp_path: Path) -> None:
    page = told.site / "register/index.html"
    said = page.read_text()
    page.write_text(said.replace("&#34;held&#34;: 1", "&#34;held&#34;: 0"))
    assert page.read_text() != said
    with pytest.raises(AssertionError):
        recounted(told, tmp_path / "copy")


def test_where_two_must_withhold_one_is_counted_as_holding(told: Home, tmp_path: Path, clock: Clock) -> None:
    file = told.root / "archive.toml"
    file.write_text(file.read_text().replace("two_reviewers_for = []", 'two_reviewers_for = ["withhold", "publish"]'))
    clock.set("2026-12-06")
    publish_site(told.reopened())
    found = recounted(told, tmp_path / "copy")
    assert found == counts(told)
    assert (found["essays"]["withheld"], found["essays"]["held"], found["essays"]["approved"]) == (0, 3, 0)


def test_a_decision_by_a_key_that_was_taken_back_is_not_counted(told: Home, tmp_path: Path, clock: Clock) -> None:
    signers = told.root / "allowed_signers"
    signers.write_text(signers.read_text().replace("valid-after", 'valid-before="20261130120000Z",valid-after'))
    clock.set("2026-12-06")
    publish_site(told.reopened())
    found = recounted(told, tmp_path / "copy")
    assert found == counts(told)
    assert found["essays"] == {"approved": 0, "held": 0, "published": 1, "waiting": 5, "withdrawn": 1, "withheld": 1}


def test_of_a_deposit_it_is_said_that_it_was_released_or_words_of_it_covered(told: Home, clock: Clock) -> None:
    programs = Programs(told)
    covered = programs.archive(
        "redact", "2026-0001/1#8", "--text", "the corrections", "--reason", "personal-data", "--by", "Ada"
    )
    assert covered.exit_code == 0, covered.output
    assert programs.archive("release", "2026-0004", "--reason", "consent").exit_code == 0
    clock.set("2026-12-06")
    publish_site(told.reopened())
    found = data(told)
    said = [
        [(each["kind"], each["reason"]) for each in found[number]["notices"]]  # type: ignore[attr-defined]
        for number in ("2026-0001", "2026-0004")
    ]
    assert said == [[("redacted", "personal-data")], [("released", "consent")]]
    shown = {row.split()[0]: row for row in rows(told)}
    assert "words covered on 5 December 2026" in shown["2026-0001"]
    assert "released on 5 December 2026" in shown["2026-0004"]
    done = Programs().publisher("verify", told.site, "--key", told.reopened().register.key)
    assert done.exit_code == 0, done.output


def test_thousands_of_intakes_are_told_on_pages_that_only_grow_at_the_end(
    told: Home, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = {f"2026-{n:04d}": f"{n:064x}  nonce\n".encode() for n in range(5, 605)}
    leaves = [
        statement.intake(number, "intake.sums", sums.digest(data), kind="deposit", time=told.now()).encode()
        for number, data in lists.items()
    ]
    files = {f"transcripts/example-heron-1/2026-12-01-{number}/intake.sums": data for number, data in lists.items()}
    with told.writing() as writer:
        writer.commit(Change(leaves=leaves, files=files))
    clock.set("2026-12-06")
    before = tree(told.site)
    publish_site(told.reopened())
    assert len(list((told.site / "register/intakes").iterdir())) == -(-615 // fates.PAGE)
    assert [number for page in range(1, 14) for number in data(told, page)] == list(told.reopened().lives)
    assert recounted(told, tmp_path / "copy") == counts(told)

    clock.set("2026-12-11")
    published = publish(told.reopened(), slugs=["ready"])
    written = {name for name in published.written if "intakes/" in name}
    assert written == {"register/intakes/1/index.html", "register/intakes/1/intakes.json"}
    assert "published" in data(told)["E2026-0006"].values()
    assert build(told.reopened()).new is False
    assert before.keys() < tree(told.site).keys()
    done = Programs().publisher("verify", told.site, "--key", told.reopened().register.key)
    assert done.exit_code == 0, done.output


def test_programs_are_led_to_every_page(told: Home) -> None:
    index = json.loads((told.site / "index.json").read_text())
    (page,) = index["intakes"]
    assert page == {
        "url": "https://letters.example.org/register/intakes/1/",
        "data_url": "https://letters.example.org/register/intakes/1/intakes.json",
        "first": next(iter(told.lives)),
        "last": [*told.lives][-1],
    }
    assert {entry["accession"]: entry["state"] for entry in index["waiting"]} == {
        "E2026-0002": "waiting",
        "E2026-0004": "waiting",
        "E2026-0005": "held",
        "E2026-0006": "approved",
    }
