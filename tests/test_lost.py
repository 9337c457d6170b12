"""The register's key is lost: two reviewers whom it named say which register follows, and anyone can check that."""

import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import VerificationError
from archive.home import lost, rotation, succession
from archive.home.home import Home
from archive.home.succession import Logged, Words
from archive.home.versions import ALLOWED_SIGNERS
from archive.register import merkle, statement, sums
from archive.register.note import Signer, VerifierKey
from publisher.essays.submit import submit
from publisher.issues.build import publish_site
from tests.conftest import Clock, Programs, Reviewer
from tests.example_register import Killed, killed_at
from tests.test_keys import ended, enlist

Make = Callable[[str], Reviewer]
Write = Callable[..., Path]
NAMESPACE = "review@letters.example.org"
NEXT = Signer("letters.example.org/register-2", b"2" * 32).key


@pytest.fixture(scope="session")
def bob(make_reviewer: Make) -> Reviewer:
    return make_reviewer("bob@example.org")


@pytest.fixture
def bereft(home: Home, ada: Reviewer, bob: Reviewer, write_essay: Write, programs: Programs) -> Home:
    """Two reviewers were logged, an essay came in, then the key was lost."""
    enlist(home, bob)
    programs.archive("file", home.root / "allowed_signers")
    submit(home.reopened(), write_essay())
    lose(home)
    return home.reopened()


def lose(home: Home) -> bytes:
    path = home.hidden / "keys/register"
    key = path.read_bytes()
    path.unlink()
    return key


def signature(words: bytes, reviewer: Reviewer, namespace: str = NAMESPACE) -> bytes:
    """As a reviewer makes it, with nothing of ours."""
    asked = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", reviewer.key]
    return subprocess.run(asked, input=words, capture_output=True, check=True).stdout


def collected(home: Home, words: Words, *reviewers: Reviewer) -> bytes:
    signed = {each.key.parent.name: signature(bytes(words), each) for each in reviewers}
    return lost.collected(home, bytes(words), signed)[0]


def made(words: Words, reviewers: Sequence[Reviewer], logged: Logged) -> bytes:
    signed = {each.key.parent.name: signature(bytes(words), each) for each in reviewers}
    return succession.made(words, signed, logged)


def test_two_reviewers_say_which_register_follows_and_a_stranger_checks_it(
    bereft: Home, programs: Programs, ada: Reviewer, bob: Reviewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = bereft.register.key
    done = programs.archive("keys", "lost", "--successor", NEXT)
    assert (done.exit_code, done.stdout) == (0, "succession.words\n"), done.output
    assert done.stderr.count(f"ssh-keygen -Y sign -n {NAMESPACE} -f KEY succession.words") == 2
    signed = []
    for reviewer in (ada, bob):
        Path(f"{reviewer.name}.sig").write_bytes(signature(Path("succession.words").read_bytes(), reviewer))
        signed += ["--signature", f"{reviewer.name}.sig"]
    for _ in range(2):
        done = programs.archive("keys", "lost", *signed)
        assert (done.exit_code, done.stdout) == (0, "succession.txt\n"), done.output
    said = Programs().publisher("verify", "succession.txt", "--key", old)
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("2 reviewers of letters.example.org/register, ada@example.org (SHA256:")
    assert "in the newest list that its key logged (entry 0 of 2), say in words of 2026-11-02T09:00:01Z" in said.stdout
    assert f"key is lost, and that letters.example.org/register-2 follows, whose key is {NEXT}." in said.stdout
    assert "not a proof by its key." in said.stdout
    for limit in ("has no newer checkpoint than this one, of 2 statements", "they can be wrong", "was not stolen"):
        assert limit in said.stdout
    facts = json.loads(Programs().publisher("verify", "succession.txt", "--key", old, "--json").stdout)
    assert (facts["channel"], facts["successor"], facts["tree_size"]) == ("succession", str(NEXT), 2)
    assert [each["name"] for each in facts["reviewers"]] == [ada.name, bob.name]
    assert Programs().publisher("verify", "succession.txt").exit_code == 2, "without a key"
    for name, part in {"words": "succession.words", "half": "succession.txt", "mailed": "succession.txt"}.items():
        data = Path(part).read_bytes()
        Path(name).write_bytes(data.replace(b"\n", b"\r\n") if name == "mailed" else data[:900])
        refused = Programs().publisher("verify", name, "--key", old)
        assert refused.exit_code == 1
        assert "NOT VERIFIED: expected a file that begins with «The key of a register is lost" in refused.stderr
    refused = Programs().publisher("verify", "succession.txt", "--key", NEXT)
    assert (refused.exit_code, "give the one that was lost" in refused.stderr) == (1, True)


def test_it_is_checked_by_hand_too(bereft: Home, ada: Reviewer, bob: Reviewer, tmp_path: Path) -> None:
    words = lost.words(bereft, NEXT)
    (tmp_path / "succession.txt").write_bytes(collected(bereft, words, ada, bob))
    script = """
    sed '/^== /,$d' succession.txt > words
    sed '1,/^== allowed_signers$/d' succession.txt > allowed
    sed '1,/^== signature$/d; /^== /,$d' succession.txt > first.sig
    ssh-keygen -Y verify -f allowed -I ada@example.org -n review@letters.example.org -s first.sig < words
    """
    done = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 'Good "review@letters.example.org" signature for ada@example.org' in done.stdout, done.stderr


def test_the_word_of_one_is_not_enough_however_often_it_is_given(
    home: Home, programs: Programs, ada: Reviewer, bob: Reviewer, make_reviewer: Make, tmp_path: Path
) -> None:
    again = replace(make_reviewer("another key"), name=ada.name)
    alias = replace(ada, name="eve@example.org")
    enlist(home, bob, again, alias)
    programs.archive("file", home.root / "allowed_signers")
    lose(home)
    words = tmp_path / "words"
    assert programs.archive("keys", "lost", "--successor", NEXT, "--words", words).exit_code == 0
    signed = []
    for number, reviewer in enumerate((ada, ada, again, alias)):
        path = tmp_path / f"{number}.sig"
        path.write_bytes(signature(words.read_bytes(), reviewer))
        signed += ["--signature", path]
        done = programs.archive("keys", "lost", *signed, "--words", words, "--to", tmp_path / "to")
        assert done.exit_code == 1
        assert "only ada@example.org signed, and it takes 2 reviewers, each with a name and a key" in done.stderr
    assert not (tmp_path / "to").exists()
    path.write_bytes(signature(words.read_bytes(), bob))
    assert programs.archive("keys", "lost", *signed, "--words", words, "--to", tmp_path / "to").exit_code == 0


def test_every_signature_that_does_not_count_is_named_with_why(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, bob: Reviewer, make_reviewer: Make
) -> None:
    expired, revoked, stranger, later = map(make_reviewer, ("expired", "revoked", "stranger", "later"))
    enlist(home, bob, expired, revoked)
    ended(home, expired, "20261103000000Z")
    programs.archive("file", home.root / "allowed_signers")
    clock.set("2026-11-10")
    assert programs.publisher("revoke", "revoked").exit_code == 0
    lose(home)
    enlist(home, later)
    clock.set("2026-11-11")
    words = lost.words(home.reopened(), NEXT)
    assert [line.name for line in lost.reviewers(home.reopened(), words)] == [ada.name, bob.name]
    signed = {each.name: signature(bytes(words), each) for each in (ada, bob, expired, revoked, stranger, later)}
    signed["elsewhere"] = signature(bytes(words), ada, "file")
    signed["other words"] = signature(bytes(replace(words, successor=bereaver())), ada)
    signed["no signature"] = b"yes\n"
    with pytest.raises(VerificationError) as refused:
        lost.collected(home.reopened(), bytes(words), signed)
    said = dict(line.split(": ", 1) for line in str(refused.value).split("\n"))
    assert [*said] == [*signed][2:]
    assert "the key is not valid after 20261103000000Z" in said["expired"]
    assert "the key is not valid after 20261110090000Z" in said["revoked"]
    assert ["is not listed" in said[name] for name in ("stranger", "later")] == [True, True]
    assert "was made for file, not for review@letters.example.org" in said["elsewhere"]
    assert "is not one of these bytes" in said["other words"]
    assert "expected an SSH signature" in said["no signature"]


def bereaver() -> VerifierKey:
    return Signer("letters.example.org/thief", b"t" * 32).key


def test_no_byte_of_it_can_be_another(bereft: Home, ada: Reviewer, bob: Reviewer) -> None:
    data = collected(bereft, lost.words(bereft, NEXT), ada, bob)
    assert succession.check(data, bereft.register.key).words.successor == NEXT
    for at in range(len(data)):
        for bit in (1, 32):
            flipped = bytearray(data)
            flipped[at] ^= bit
            with pytest.raises(VerificationError):
                succession.check(bytes(flipped), bereft.register.key)
    for damaged in (data[:-1], data + b"\n", data.replace(b"\n", b"\r\n"), data.split(b"== checkpoint")[0]):
        with pytest.raises(VerificationError):
            succession.check(damaged, bereft.register.key)


def test_whoever_was_revoked_cannot_show_the_list_from_before(
    home: Home, programs: Programs, clock: Clock, ada: Reviewer, bob: Reviewer, make_reviewer: Make, write_essay: Write
) -> None:
    thief = make_reviewer("thief")
    enlist(home, bob, thief)
    programs.archive("file", home.root / "allowed_signers")
    submit(home.reopened(), write_essay())
    clock.set("2026-11-10")
    assert programs.publisher("revoke", "thief").exit_code == 0
    submit(home.reopened(), write_essay("second", "Second.\n"))
    lose(home)
    now = home.reopened()
    honest = lost.words(now, NEXT)
    assert succession.check(collected(now, honest, ada, bob), now.register.key).entry == 2

    def shown(words: Words, entry: int, end: int, version: int) -> bytes:
        tree, note = now.register.tree, now.register.note_at(words.last.size)
        leaves, list_ = tree.since(entry)[: end - entry], now.reviewers.versions[version].data
        return made(words, [ada, thief], Logged(note, entry, merkle.peaks(entry, tree.subtree), leaves, list_))

    clock.set("2026-11-05")
    early = replace(honest, time=now.now())
    at_once = replace(honest, time=honest.time - dt.timedelta(seconds=1))
    refusals = {
        "expected one list of reviewers, in entry 0, found those of entries 0, 2": (honest, 0, 4, 0),
        "allowed_signers is not the list that entry 2 logged": (honest, 2, 4, 0),
        "the statements are not those that the checkpoint commits to": (honest, 0, 2, 0),
        "expected one list of reviewers, in entry 3, found none": (honest, 3, 4, 1),
        "2026-11-05T09:00:00Z is not after the newest statement": (early, 2, 4, 1),
        "2026-11-10T09:00:00Z is not after the newest statement": (at_once, 2, 4, 1),
        "by the newest list that was logged, the signature of thief.* not valid after": (honest, 2, 4, 1),
    }
    for said, (words, *others) in refusals.items():
        with pytest.raises(VerificationError, match=said):
            shown(words, *others)
    before = replace(early, last=replace(early.last, size=2, root=now.register.tree.root(2)))
    assert shown(before, 0, 2, 0), "an older checkpoint is signed too: who has a newer one sees that it is old"


def test_a_list_that_the_key_never_logged_is_not_believed(
    bereft: Home, make_reviewer: Make, ada: Reviewer, bob: Reviewer
) -> None:
    ours, theirs = lost.words(bereft, NEXT), [make_reviewer("one"), make_reviewer("two")]
    list_ = "".join(each.line for each in theirs).encode()
    named = {ALLOWED_SIGNERS: sums.digest(list_)}
    forged = statement.notice("keys", named, reason="reviewers", time=ours.time - dt.timedelta(days=1)).encode()
    leaves = [forged, bereft.register.tree.leaf(1)]
    words = replace(ours, last=replace(ours.last, root=merkle.root([*map(merkle.leaf_hash, leaves)])))
    for note, said in {
        bereft.register.note: "the checkpoint is not the one of 2 statements named",
        Signer(words.last.origin, b"t" * 32).sign(str(words.last)): "the note is not signed by",
    }.items():
        with pytest.raises(VerificationError, match=said):
            made(words, theirs, Logged(note, 0, [], leaves, list_))
    with pytest.raises(VerificationError, match="are not those that the checkpoint commits to"):
        made(ours, theirs, Logged(bereft.register.note, 0, [], leaves, list_))


def test_it_does_not_say_another_entry_than_the_one_that_logged_the_list(
    home: Home, programs: Programs, ada: Reviewer, bob: Reviewer, write_essay: Write
) -> None:
    submit(home, write_essay())
    submit(home.reopened(), write_essay("second", "Second.\n"))
    enlist(home, bob)
    programs.archive("file", home.root / "allowed_signers")
    submit(home.reopened(), write_essay("third", "Third.\n"))
    lose(home)
    now = home.reopened()
    words, tree, list_ = lost.words(now, NEXT), now.register.tree, now.reviewers.versions[0].data
    honest = Logged(now.register.note, 2, merkle.peaks(2, tree.subtree), tree.since(2), list_)
    assert made(words, [ada, bob], honest)
    for entry in (0, 4):  # the same hashes, folded in the same order
        with pytest.raises(VerificationError, match="are not those that the checkpoint commits to"):
            made(words, [ada, bob], replace(honest, entry=entry))


def test_the_key_that_is_lost_and_the_one_that_a_reader_has_have_both_signed_the_checkpoint(
    bereft: Home, ada: Reviewer, bob: Reviewer
) -> None:
    words, thief = lost.words(bereft, NEXT), Signer(bereft.register.key.name, b"t" * 32)
    data = collected(bereft, words, ada, bob)
    with pytest.raises(VerificationError, match="the note is not signed by"):
        succession.check(data, thief.key)
    other = replace(words, register=thief.key)
    swapped = data.replace(bytes(words), bytes(other))
    for reviewer in (ada, bob):
        swapped = swapped.replace(signature(bytes(words), reviewer), signature(bytes(other), reviewer))
    with pytest.raises(VerificationError, match="the note is not signed by"):
        succession.check(swapped, bereft.register.key)


def test_an_older_checkpoint_is_refused_at_home_and_by_whoever_has_a_newer_one(
    home: Home, programs: Programs, ada: Reviewer, bob: Reviewer, write_essay: Write, tmp_path: Path
) -> None:
    enlist(home, bob)
    programs.archive("file", home.root / "allowed_signers")
    publish_site(home.reopened())
    key = lose(home)
    words = lost.words(home.reopened(), NEXT)
    path = tmp_path / "succession.txt"
    path.write_bytes(collected(home.reopened(), words, ada, bob))
    old = home.register.key
    same = Programs().publisher("verify", path, "--key", old, "--site", home.site)
    assert f"The checkpoint in {home.site} is the same." in same.stdout, same.output
    assert Programs().publisher("verify", path, "--site", home.site, "--details").exit_code == 0
    (home.hidden / "keys/register").write_bytes(key)
    submit(home.reopened(), write_essay())
    lose(home)
    with pytest.raises(VerificationError, match="which is not the newest here"):
        collected(home.reopened(), words, ada, bob)
    assert Programs().publisher("verify", path, "--key", old).exit_code == 0
    newer = Programs().publisher("verify", path, "--key", old, "--site", home.site)
    assert (newer.exit_code, "that the same key signed, which is not the last one" in newer.stderr) == (1, True)


def test_a_key_that_is_here_is_not_lost(
    home: Home, programs: Programs, ada: Reviewer, bob: Reviewer, tmp_path: Path
) -> None:
    enlist(home, bob)
    programs.archive("file", home.root / "allowed_signers")
    words = tmp_path / "words"

    def asked() -> tuple[int, str]:
        done = programs.archive("keys", "lost", "--successor", NEXT, "--words", words)
        return done.exit_code, done.stderr

    code, said = asked()
    assert (code, "is here, so it is not lost: archive keys rotate makes another" in said) == (1, True)
    new = rotation.rotate(home.reopened())
    older = lose(home)
    code, said = asked()
    assert (code, "archive keys retire --early goes on with it" in said) == (1, True)
    (home.hidden / "keys/register").write_bytes(older)
    (home.hidden / "keys/register-2").write_text("PRIVATE+KEY+damaged\n")
    assert asked()[0] == 0, "the newer one is lost, and the older alone signs nothing"
    now = home.reopened()
    data = collected(now, Words.parse(words.read_bytes()), ada, bob)
    for key in (new, home.register.key):
        assert succession.check(data, key).words.register == new


def test_nobody_can_say_it_where_fewer_than_two_were_listed(home: Home, programs: Programs, bob: Reviewer) -> None:
    key = lose(home)
    assert "no list of reviewers was ever logged" in programs.archive("keys", "lost", "--successor", NEXT).stderr
    (home.hidden / "keys/register").write_bytes(key)
    programs.archive("file", home.root / "allowed_signers")
    lose(home)
    enlist(home, bob)
    done = programs.archive("keys", "lost", "--successor", NEXT)
    assert done.exit_code == 1
    assert "has 1 reviewer whose key counts (ada@example.org), and it takes 2: nobody can say" in done.stderr


def test_a_backup_does_not_speak_for_a_register_that_went_on(
    home: Home, programs: Programs, bob: Reviewer, write_essay: Write, tmp_path: Path
) -> None:
    enlist(home, bob)
    programs.archive("file", home.root / "allowed_signers")
    backup = shutil.copytree(home.hidden, tmp_path / "backup")
    submit(home.reopened(), write_essay())
    shutil.rmtree(home.hidden)
    shutil.copytree(backup, home.hidden)
    lose(home)
    done = programs.archive("keys", "lost", "--successor", NEXT)
    assert (done.exit_code, "was a backup restored?" in done.stderr) == (1, True)


def test_words_that_may_be_signed_already_stay_as_they_are(
    bereft: Home, programs: Programs, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "the words"
    ask = ("keys", "lost", "--words", path, "--successor")
    with pytest.raises(Killed), killed_at(1, tmp_path):
        programs.archive(*ask, NEXT)
    assert not path.exists()
    assert programs.archive(*ask, NEXT).exit_code == 0
    words = path.read_bytes()
    assert not list(tmp_path.glob(".*.part"))
    clock.set("2026-11-09")
    done = programs.archive(*ask, NEXT)
    assert (done.exit_code, path.read_bytes()) == (0, words)
    assert "'" in done.stderr.split("-f KEY ")[1].split("\n")[0], "a path with a space can be pasted"
    done = programs.archive(*ask, bereaver())
    assert (done.exit_code, "holds other words, which may be signed" in done.stderr) == (1, True)
    path.write_text("Dear all,\n")
    assert (
        "expected the six lines that begin with «The key of a register is lost" in programs.archive(*ask, NEXT).stderr
    )
    assert path.read_text() == "Dear all,\n"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["lost"], 2, "either --successor"),
        (["lost", "--successor", str(NEXT), "--signature", "a"], 2, "either --successor"),
        (["lost", "--successor", str(NEXT), "--to", "a"], 2, "either --successor"),
        (["lost", "--signature", "a", "--json"], 2, "either --successor"),
        (["rotate", "--successor", str(NEXT)], 2, "belong to: archive keys lost"),
        (["show", "--to", "a"], 2, "belong to: archive keys lost"),
        (["show", "--early"], 2, "belongs to: archive keys retire"),
        (["rotate", "--early"], 2, "belongs to: archive keys retire"),
        (["lost", "--successor", ""], 1, "expected a verifier key"),
        (["lost", "--successor", "letters.example.org/register-2"], 1, "expected a verifier key"),
        (["lost", "--signature", "nowhere.sig"], 1, "nowhere.sig"),
    ],
    ids=lambda value: " ".join(map(str, value))[:40] if isinstance(value, list) else "",
)
def test_what_does_not_belong_together_is_refused(
    bereft: Home, programs: Programs, arguments: list[str], code: int, says: str
) -> None:
    done = programs.archive("keys", *arguments)
    assert (done.exit_code, says in done.stderr) == (code, True), done.output


def test_neither_the_register_itself_nor_a_witness_can_follow_it(bereft: Home, programs: Programs) -> None:
    again = Signer("letters.example.org/register", b"2" * 32).key
    for key in (again, replace(NEXT, algorithm=4)):
        done = programs.archive("keys", "lost", "--successor", key)
        assert (done.exit_code, "expected the key of another register, with an origin of its own" in done.stderr) == (
            1,
            True,
        )
