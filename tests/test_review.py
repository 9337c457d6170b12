"""Reviewing: signed, logged, and never a way to change a text."""

import contextlib
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Error, Refused, VerificationError
from archive.home.home import Home
from archive.register import sshsig
from archive.register.statement import Statement
from publisher.essays.review import complete, prepare, review
from publisher.essays.submission import find
from publisher.essays.submit import submit
from tests.conftest import Clock, Programs, Reviewer
from tests.files import tree
from tests.terminal import Terminal

PUBLISHER = [sys.executable, "-m", "publisher"]


def test_a_review_is_the_leaf_and_what_was_signed(home: Home, ada: Reviewer, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay())
    done = review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    leaf = (done.folder / "reviews/1.json").read_bytes()
    assert home.reopened().register.leaves[2] == leaf
    (home.root / "signers").write_text(ada.line)
    command = ["ssh-keygen", "-Y", "verify", "-f", home.root / "signers", "-I", ada.name]
    command += ["-n", "review@letters.example.org", "-s", done.folder / "reviews/1.json.sig"]
    subprocess.run(command, input=leaf, check=True, capture_output=True)


def test_a_withheld_texts_hash_is_never_named(home: Home, ada: Reviewer, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay())
    done = review(home, "on-commas", decision="withhold", reviewer=ada.name, key=ada.key, criteria=["harm"])
    assert set(Statement.decode(done.reviews[0].leaf).subjects) == {"E2026-0001/intake.sums"}


def test_a_review_signed_elsewhere_counts_from_when_it_was_written(
    home: Home, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    path = prepare(home, "on-commas", decision="publish", reviewer=ada.name)
    assert home.reopened().register.size == 1
    clock.set("2026-11-05")
    sign = ["ssh-keygen", "-Y", "sign", "-f", ada.key, "-n", "review@letters.example.org"]
    signature = subprocess.run(sign, input=path.read_bytes(), capture_output=True, check=True).stdout
    done = complete(home, "on-commas", signature)
    assert (done.reviews[0].time.isoformat(), done.state(home.configuration.review)) == (
        "2026-11-02T09:00:00+00:00",
        "approved",
    )


def signed(path: Path, reviewer: Reviewer, namespace: str = "review@letters.example.org") -> Path:
    """The signature that `reviewer` makes elsewhere under a prepared review."""
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", reviewer.key, "-n", namespace, path], check=True)
    return path.with_name(f"{path.name}.sig")


@pytest.mark.parametrize("number", [1, 2, 9, 10, 11])
def test_of_several_prepared_reviews_the_one_that_the_signature_fits_is_completed(
    programs: Programs,
    home: Home,
    clock: Clock,
    ada: Reviewer,
    write_essay: Callable[..., Path],
    tmp_path: Path,
    number: int,
) -> None:
    submit(home, write_essay())
    programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name)
    (reviews,) = home.root.glob("essays/*/reviews")
    (reviews / "draft.json").write_text("{}")
    leaf = (reviews / "1.json").read_text()
    for n in range(1, 12):  # each another text: written a second later
        (reviews / f"{n}.json").write_text(leaf.replace("09:00:00Z", f"09:00:{n:02}Z"))
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes((reviews / f"{number}.json").read_bytes())
    clock.set("2026-11-03")
    done = programs.publisher("review", "on-commas", "--signature", signed(elsewhere, ada))
    logged = "allowed_signers as it is now was logged (entry 1): 1 key is new\n"
    assert (done.exit_code, done.stderr) == (0, f"{logged}on-commas is approved.\n")
    assert [path.name for path in reviews.glob("*.sig")] == [f"{number}.json.sig"]


def test_what_is_prepared_already_is_not_prepared_twice(
    programs: Programs, home: Home, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    ask = ("review", "on-commas", "--reviewer", ada.name, "--decision")
    first = programs.publisher(*ask, "publish")
    clock.set("2026-11-03")
    assert programs.publisher(*ask, "publish").stdout == first.stdout
    assert programs.publisher(*ask, "hold").stdout != first.stdout
    assert sorted(path.name for path in home.root.glob("essays/*/reviews/*")) == ["1.json", "2.json"]


def test_a_signature_that_fits_no_prepared_review_says_which_were_tried(
    programs: Programs, home: Home, ada: Reviewer, write_essay: Callable[..., Path], tmp_path: Path
) -> None:
    submit(home, write_essay())
    for decision in ("publish", "hold"):
        programs.publisher("review", "on-commas", "--decision", decision, "--reviewer", ada.name)
    other = tmp_path / "other.json"
    other.write_text("another text")
    done = programs.publisher("review", "on-commas", "--signature", signed(other, ada))
    assert done.exit_code == 1
    assert "the signature fits no prepared review; 2.json: the signature of ada@example.org" in done.stderr
    assert "; 1.json: " in done.stderr


def test_a_signature_for_something_else_is_not_taken_for_a_review(
    programs: Programs, home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    path = Path(
        programs.publisher("review", "on-commas", "--decision", "publish", "--reviewer", ada.name).stdout.strip()
    )
    signature = path.parent.parent / "git.sig"
    signed(path, ada, namespace="git").rename(signature)
    done = programs.publisher("review", "on-commas", "--signature", signature)
    assert done.stderr == (
        "--signature: expected one made with ssh-keygen -Y sign -n review@letters.example.org, found -n git\n"
    )


def test_a_signature_by_somebody_else_completes_nothing(
    home: Home, ada: Reviewer, make_reviewer: Callable[[str], Reviewer], write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    path = prepare(home, "on-commas", decision="publish", reviewer=ada.name)
    sign = ["ssh-keygen", "-Y", "sign", "-f", make_reviewer("eve").key, "-n", "review@letters.example.org"]
    signature = subprocess.run(sign, input=path.read_bytes(), capture_output=True, check=True).stdout
    with pytest.raises(Refused, match=r"expected a prepared review by SHA256:"):
        complete(home, "on-commas", signature)


def test_a_prepared_review_of_another_making_of_is_refused(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    essay = submit(home, write_essay()).submission
    path = prepare(home, "on-commas", decision="publish", reviewer=ada.name)
    made = essay.folder / "essay.toml"
    made.write_text(made.read_text().replace("candidates = 1", "candidates = 9"))
    sign = ["ssh-keygen", "-Y", "sign", "-f", ada.key, "-n", "review@letters.example.org"]
    signature = subprocess.run(sign, input=path.read_bytes(), capture_output=True, check=True).stdout
    with pytest.raises(Refused, match=r"names another essay\.toml than the one here"):
        complete(home, "on-commas", signature)


def test_while_somebody_types_a_passphrase_others_write_and_the_review_follows(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())

    def slowly(leaf: bytes, key: Path, namespace: str) -> bytes:
        submit(home.reopened(), write_essay("other", "Another.\n"))
        return sshsig.sign(leaf, key, namespace)

    done = review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key, sign=slowly)
    assert done.state(home.configuration.review) == "approved"
    assert [review.index for review in done.reviews] == [3]


@pytest.mark.parametrize("name", ["essay.md", "essay.toml"])
def test_what_was_changed_while_somebody_signed_it_is_not_logged(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path], name: str
) -> None:
    folder = submit(home, write_essay()).submission.folder

    def late(leaf: bytes, key: Path, namespace: str) -> bytes:
        (folder / name).write_bytes((folder / name).read_bytes() + b"# More.\n")
        return sshsig.sign(leaf, key, namespace)

    with pytest.raises(Error, match="what you were shown was changed meanwhile; nothing was signed"):
        review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key, sign=late)
    assert home.reopened().register.size == 1
    assert not (folder / "reviews").exists()


def test_the_last_review_of_each_reviewer_counts(home: Home, ada: Reviewer, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay())
    for decision in ("publish", "hold"):
        review(home, "on-commas", decision=decision, reviewer=ada.name, key=ada.key)  # type: ignore[arg-type]
    assert find(home.reopened(), "on-commas").state(home.configuration.review) == "held"


def test_what_cannot_be_shown_faithfully_can_only_be_withheld(
    programs: Programs, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    programs.publisher("submit", write_essay(text=b"bell \x07 and \xff\r\n"))
    who = ("--reviewer", ada.name, "--key", ada.key)
    refused = programs.publisher("review", "on-commas", "--decision", "publish", *who)
    assert refused.exit_code == 1
    assert "essay.md" in refused.stderr
    shown = programs.publisher("problems", "on-commas")
    assert (shown.exit_code, shown.stdout.startswith("cannot be published: essay.md")) == (1, True)
    withheld = programs.publisher("review", "on-commas", "--decision", "withhold", "--criterion", "harm", *who)
    assert withheld.exit_code == 0


def test_before_signing_the_reviewer_sees_every_character_that_a_page_would_not_show(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    unseen = "\u200b\u202e\xad\xa0\u034f\u2800\u3164\U000e0041\ufe0f\ue000"
    submit(home, write_essay(text=f"a{unseen}b\n"))
    command = [sys.executable, "-m", "publisher", "review", "on-commas", "--decision", "publish"]
    shown = at_a_terminal([*command, "--reviewer", ada.name, "--key", str(ada.key)], home, answer=b"n\n")
    assert "a" + "".join(f"⟨U+{ord(c):04X}⟩" for c in unseen) + "b" in shown
    assert "Sign «publish» for on-commas, unedited?" in shown
    assert home.reopened().register.size == 1


def test_what_cannot_be_published_is_said_before_anybody_is_asked_to_sign_it(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    essay = submit(home, write_essay()).submission
    toml = essay.folder / "essay.toml"
    toml.write_text(toml.read_text().replace('topic_by = "model"', 'topic_by = ""'))
    command = [*PUBLISHER, "review", "on-commas", "--reviewer", ada.name, "--key", str(ada.key), "--decision"]
    shown = at_a_terminal([*command, "publish"], home, answer=b"y\n")
    assert "topic_by: is blank" in shown
    assert "Sign" not in shown
    shown = at_a_terminal([*command, "withhold", "--criterion", "harm"], home, answer=b"n\n")
    assert "Sign «withhold» for on-commas" in shown


def test_a_key_that_cannot_sign_is_said_before_anybody_is_made_to_read(
    home: Home, ada: Reviewer, make_reviewer: Callable[[str], Reviewer], write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    command = [*PUBLISHER, "review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key"]
    for key, said in (
        (home.root / "none", "found no file"),
        (make_reviewer("eve@example.org").key, "found it not listed"),
    ):
        shown = at_a_terminal([*command, str(key)], home, answer=b"y\n")
        assert said in shown
        assert "── problems ──" not in shown


def test_what_was_changed_while_somebody_read_it_is_not_signed(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    toml = submit(home, write_essay()).submission.folder / "essay.toml"
    command = [*PUBLISHER, "review", "on-commas", "--reviewer", ada.name, "--key", str(ada.key)]
    with Terminal([*command, "--decision", "publish"], home.root, {}) as terminal:
        terminal.wait("Sign «publish» for on-commas, unedited?")
        toml.write_text(toml.read_text().replace("Write whatever you like.", "Write what we like."))
        terminal.type("y\n")
        terminal.wait("what you were shown was changed meanwhile; nothing was signed: read it again")
        assert terminal.end() == 1
    assert home.reopened().register.size == 1


def at_a_terminal(command: list[str], home: Home, *, answer: bytes) -> str:
    """What a person sees, who is asked one question."""
    terminal, theirs = pty.openpty()
    environment = os.environ | {"PAGER": "cat", "ARCHIVE_HOME": str(home.root), "TERM": "dumb"}
    program = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    os.write(terminal, answer)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says so at the end
        while read := os.read(terminal, 65536):
            shown += read
    program.wait()
    os.close(terminal)
    return shown.decode()


def test_everything_wrong_with_a_decision_is_said_at_once_and_nothing_is_done(
    home: Home, make_reviewer: Callable[[str], Reviewer], write_essay: Callable[..., Path]
) -> None:
    folder = submit(home, write_essay()).submission.folder
    (folder / "essay.toml").write_text('format = 1\nmodel = "m"\n')
    before = tree(home.root)
    stranger = make_reviewer("eve@example.org")
    with pytest.raises(Refused) as caught:
        review(
            home.reopened(),
            "on-commas",
            decision="publish",
            reviewer=stranger.name,
            key=stranger.key,
            criteria=["hram"],
        )
    message = str(caught.value)
    assert "allowed_signers: expected the key SHA256:" in message
    assert "--criterion: expected a criterion of archive.toml (personal-data, harm, unlawful), found hram" in message
    assert "essay.toml:1 prompt: is missing" in message or "prompt: is missing" in message
    assert tree(home.root) == before


def test_a_key_that_is_not_valid_yet_cannot_sign(home: Home, ada: Reviewer, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay())
    (home.root / "allowed_signers").write_text(ada.line.replace("20260101", "20270101"))
    with pytest.raises(VerificationError, match="not valid before 20270101000000Z"):
        review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    assert home.reopened().register.size == 1


def test_a_withhold_names_a_criterion(home: Home, ada: Reviewer, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay())
    with pytest.raises(Refused, match="expected a criterion for the decision withhold, found none"):
        review(home, "on-commas", decision="withhold", reviewer=ada.name, key=ada.key)


@pytest.mark.parametrize(("decision", "criteria"), [("publish", ()), ("hold", ()), ("withhold", ("harm",))])
def test_a_review_that_says_what_the_last_one_says_logs_nothing(
    programs: Programs,
    home: Home,
    ada: Reviewer,
    write_essay: Callable[..., Path],
    decision: str,
    criteria: tuple[str, ...],
) -> None:
    folder = submit(home, write_essay()).submission.folder
    chosen = [word for criterion in criteria for word in ("--criterion", criterion)]
    command = ["review", "on-commas", "--decision", decision, "--reviewer", ada.name, *chosen]
    first = programs.publisher(*command, "--key", ada.key)
    again = programs.publisher(*command, "--key", ada.key)
    prepared = programs.publisher(*command)
    signature = programs.publisher("review", "on-commas", "--signature", folder / "reviews/1.json.sig")

    assert [done.exit_code for done in (first, again, prepared, signature)] == [0, 0, 0, 0], signature.stderr
    assert first.stdout == again.stdout == signature.stdout
    for done in (again, signature):
        assert done.stderr.startswith("ada@example.org decided so already; nothing was logged\n")
    assert prepared.stderr == "ada@example.org decided so already; nothing was written\n"
    assert home.reopened().register.size == 3

    programs.publisher("review", "on-commas", "--decision", "withhold", "--criterion", "unlawful",
                       "--reviewer", ada.name, "--key", ada.key)  # fmt: skip
    assert home.reopened().register.size == 4
    programs.publisher(*command, "--key", ada.key)
    assert home.reopened().register.size == 5


def test_a_review_under_another_name_than_the_keys_is_refused_also_where_its_owner_has_decided(
    home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    with pytest.raises(Refused, match=r"bob@example\.org, found it not listed"):
        review(home.reopened(), "on-commas", decision="publish", reviewer="bob@example.org", key=ada.key)


def test_a_text_whose_making_of_was_corrected_is_approved_anew(
    programs: Programs, home: Home, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    made = submit(home, write_essay()).submission.folder / "essay.toml"
    command = ["review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key]
    programs.publisher(*command)
    made.write_text(made.read_text().replace("candidates = 1", "candidates = 9"))
    assert programs.publisher(*command).stderr == "on-commas is approved.\n"
    assert home.reopened().register.size == 4
