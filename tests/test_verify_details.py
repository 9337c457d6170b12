"""What stands behind a text: from its arrival to what was logged about it last, as far as it is at hand."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import VerificationError
from archive.home.home import Home
from archive.register import merkle
from archive.register.note import Checkpoint
from archive.register.proof import Proof
from archive.register.register import Register
from publisher.issues.withdraw import withdraw
from publisher.verify import target
from publisher.verify.verdict import ORDER, SIGNED
from tests.conftest import ROOT, Clock, Programs, Reviewer
from tests.example_register import SIGNER
from tests.golden_site import GOLDEN, KEY

REGISTER = Register.published(GOLDEN / "register", KEY, (GOLDEN / "register/checkpoint").read_text())
ISSUED, LISTED = REGISTER.of_kind("issue")[0][0], REGISTER.of_kind("notice", "keys")[0][0]
ESSAY = GOLDEN / "essays/odd/essay.md"
NOT_HERE = "not at hand (--site DIR)"


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """The essay and its proof, far from any site."""
    folder = tmp_path / "alone"
    folder.mkdir()
    for name in ("essay.md", "essay.md.tlog-proof"):
        shutil.copy(ESSAY.with_name(name), folder)
    return folder / "essay.md"


def rows(text: str) -> dict[str, str]:
    """Label → what is said, of the one text in it."""
    return {line[2:12].strip(): line[13:] for line in text.split("\n")[1:]}


def told(path: Path, *, site: Path | None = None) -> dict[str, str]:
    checked = target.verify(str(path), key=KEY, site=site and str(site), detailed=True)
    (found,) = checked.details
    return rows(found)


def test_in_a_site_all_of_it_is_told() -> None:
    statements = json.loads((GOLDEN / "index.json").read_text())["essays"][0]
    found = told(ESSAY)
    assert {name: found[name] for name in ("fixed", "review", "published", "later", "seen")} == {
        "fixed": f"entry {statements['received']['statement']}, 2026-11-02T09:00:00Z, when it arrived, "
        "before anyone read it",
        "review": f"entry {statements['reviews'][0]['statement']}, 2026-11-03T09:00:00Z: publish, "
        "under personal-data, harm and unlawful",
        "published": f"2026-W45, entry {ISSUED}, 2026-11-06T09:00:00Z",
        "later": f"nothing more is said of it in {REGISTER.size} statements",
        "seen": "by no witness: the site names none",
    }
    key = statements["reviews"][0]["key"]
    listed = f"listed since entry {LISTED}, 2026-11-03T09:00:00Z"
    assert found["reviewer"] == f"ada@example.org, key {key}, {listed}; its signature holds"
    assert found["register"].startswith(f"letters.example.org/register, {REGISTER.size} statements, root hash ")


def test_what_was_shown_is_no_limit_any_more() -> None:
    plain, detailed = (target.verify(str(ESSAY), key=KEY, detailed=each).limits for each in (False, True))
    assert {*plain} - {*detailed} == {SIGNED}
    assert ORDER in detailed


def test_far_from_the_site_it_is_told_what_is_not_at_hand(alone: Path) -> None:
    found = told(alone)
    assert (found["published"], found["later"]) == (NOT_HERE, NOT_HERE)
    assert found["fixed"] == f"entry 0; its time: {NOT_HERE}"
    assert found["reviewer"].endswith(f"; whose, and listed since when: {NOT_HERE}")
    assert found["seen"] == "by no witness: its checkpoint has one signature"
    assert told(alone, site=GOLDEN) == told(ESSAY)


def test_the_list_of_what_arrived_beside_a_text_tells_when_it_was_fixed(alone: Path) -> None:
    for name in ("intake.sums", "intake.sums.tlog-proof"):
        shutil.copy(ESSAY.with_name(name), alone.parent)
    assert told(alone)["fixed"] == "entry 0, 2026-11-02T09:00:00Z, when it arrived, before anyone read it"
    shutil.copy(GOLDEN / "essays/from-an-answer/intake.sums", alone.parent)
    assert told(alone)["fixed"] == f"entry 0; its time: {NOT_HERE}"


CHANNELS = {
    "file": "essays/odd/essay.md",
    "mail": "issues/2026-W45/issue.eml",
    "feed": "feed.atom",
    "page": "essays/odd/index.html",
    "site": "",
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_tells_the_same_of_the_same_text(channel: str, programs: Programs) -> None:
    done = json.loads(programs.publisher("verify", GOLDEN / CHANNELS[channel], "--key", KEY, "--json").stdout)
    assert (done["verified"], done["channel"]) == (True, channel)
    known = {each["subject"]: each for each in done["details"]}
    alone = json.loads(programs.publisher("verify", ESSAY, "--key", KEY, "--json").stdout)["details"][0]
    assert known["E2026-0001/essay.md"] == alone
    assert len(known) == (2 if channel in ("feed", "site") else 1)


def test_programs_are_told_with_keys_that_stay() -> None:
    (found,) = target.verify(str(ESSAY), key=KEY, detailed=True).facts["details"]  # type: ignore[misc]
    assert [*found] == [
        "subject", "text", "fixed", "review", "reviewer", "published", "later", "seen", "register",
    ]  # fmt: skip
    assert [*found["reviewer"]] == ["key", "name", "listed_since", "signed"]
    assert found["reviewer"]["listed_since"] == {"index": LISTED, "time": "2026-11-03T09:00:00Z"}
    assert found["reviewer"]["signed"] is True
    assert found["published"] == {"index": ISSUED, "time": "2026-11-06T09:00:00Z", "week": "2026-W45"}
    assert (found["later"], found["seen"]) == ([], {"witnesses": 0, "by": [], "between": None})


def test_a_signature_that_is_gone_or_another_is_told_and_stays_a_limit(site: Path) -> None:
    beside = site / "essays/odd/reviews/1.json.sig"
    data = beside.read_bytes()
    other = (site / "essays/from-an-answer/reviews/1.json.sig").read_bytes()
    for signature, says in ((None, "does not count: "), (other, "does not count: "), (data[:-40], "does not count: ")):
        beside.unlink() if signature is None else beside.write_bytes(signature)
        assert f"; its signature {says}" in told(site / "essays/odd/essay.md")["reviewer"]
        assert SIGNED in target.verify(str(site / "essays/odd/essay.md"), key=KEY, detailed=True).limits
    shutil.rmtree(beside.parent)
    assert told(site / "essays/odd/essay.md")["reviewer"].endswith("; its signature is not at hand")


def test_a_site_whose_register_cannot_be_read_tells_nothing_and_changes_no_verdict(site: Path) -> None:
    for tile in (site / "register/tile/entries").rglob("*"):
        if tile.is_file():
            tile.write_bytes(b"\0" * 100)
    found = told(site / "essays/odd/essay.md")
    assert found["later"] == NOT_HERE
    assert "cannot be read: " in found["register"]


def test_a_site_older_than_the_proof_is_not_asked(site: Path, alone: Path) -> None:
    for name in ("checkpoint",):
        (site / "register" / name).write_text(SIGNER.sign(str(Checkpoint(SIGNER.name, 0, merkle.root(())))))
    assert told(alone, site=site)["later"] == NOT_HERE


def test_a_register_that_does_not_go_on_from_the_proof_s_is_two_histories(tmp_path: Path) -> None:
    other = ROOT / "tests/golden/register/site"
    for name in ("essay.md", "essay.md.tlog-proof"):
        shutil.copy(other / "essays/on-commas" / name, tmp_path)
    leaf = Proof.parse((tmp_path / "essay.md.tlog-proof").read_bytes()).leaf
    note = SIGNER.sign(str(Checkpoint(SIGNER.name, 1, merkle.leaf_hash(leaf))))
    (tmp_path / "essay.md.tlog-proof").write_bytes(bytes(Proof.make([leaf], 0, note)))
    assert target.verify(str(tmp_path / "essay.md"), key=SIGNER.key).facts["verified"]
    with pytest.raises(VerificationError, match="one key signed both: two histories; keep both"):
        target.verify(str(tmp_path / "essay.md"), key=SIGNER.key, site=str(other), detailed=True)


def test_a_text_that_was_withdrawn_since_is_told_to_whoever_kept_it(
    home: Home, programs: Programs, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock, tmp_path: Path
) -> None:
    programs.publisher("submit", write_essay())
    programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    clock.set("2026-11-06")
    assert programs.publisher("publish").exit_code == 0
    kept = shutil.copytree(home.site / "essays/on-commas", tmp_path / "kept") / "essay.md"
    clock.set("2026-11-09")
    withdraw(home.reopened(), "on-commas", "personal-data", "A person who is named in it asked us.")
    done = programs.publisher("verify", kept, "--site", home.root, "--key", home.register.key, "--details")
    assert done.exit_code == 0, done.stderr
    assert "\n  later      withdrawn, entry " in done.stdout
    assert "2026-11-09T09:00:00Z" in done.stdout


def test_a_list_of_reviewers_that_is_logged_and_not_published_yet_is_no_fault(
    home: Home, programs: Programs, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay())
    programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("publish").exit_code == 0
    signers = home.root / "allowed_signers"
    signers.write_text(signers.read_text() + signers.read_text().replace("ada@", "eve@"))
    assert programs.archive("file", signers).exit_code == 0
    done = programs.publisher("verify", home.site / "essays/on-commas/essay.md", "--details")
    assert done.exit_code == 0, done.stderr
    assert "reviewer   ada@example.org, key SHA256:" in done.stdout


def test_details_are_told_line_by_line(programs: Programs) -> None:
    done = programs.publisher("verify", ESSAY, "--key", KEY, "--details")
    text, behind, limits = done.stdout.split("\n\n")
    assert text.startswith("essay.md (156 bytes, ")
    assert behind.split("\n")[0] == "E2026-0001/essay.md"
    assert limits.split("\n")[:2] == ["This does not prove", "- that a model wrote the text"]


def test_programs_are_told_what_is_not_verified(site: Path, programs: Programs) -> None:
    (site / "essays/odd/essay.md").write_text("Another.\n")
    done = programs.publisher("verify", site / "essays/odd/essay.md", "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert (found["verified"], found["problem"][:8]) == (False, "the text")
    assert done.stderr == f"NOT VERIFIED: {found['problem']}\n"
