"""Checking a site: no file of it can be changed, added or taken away unseen."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Error, VerificationError
from archive.home.accession import Life, Lives
from archive.home.change import Change
from archive.home.home import Home
from archive.register import statement, sums
from archive.register.note import Signer, VerifierKey
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from publisher.issues.skip import skip
from publisher.verify.site.check import verify_site
from publisher.week import Week
from tests.conftest import Clock, Programs, Reviewer
from tests.files import tree
from tests.forked import Forked


@pytest.fixture
def site(home: Home, clock: Clock, ada: Reviewer, write_essay: Callable[..., Path]) -> Path:
    """Two issues and a skipped week between them."""
    for slug in ("first", "second"):
        submit(home, write_essay(slug, f"The *{slug}* text.\n"))
        review(home, slug, decision="publish", reviewer=ada.name, key=ada.key)
    publish(home)
    clock.set("2026-11-17")
    skip(home, [Week.parse("2026-W46")], "holiday")
    publish(home)
    return home.site


@pytest.fixture
def key(home: Home) -> VerifierKey:
    return home.reopened().register.key


def test_one_flipped_bit_in_any_file_is_found(site: Path, key: VerifierKey) -> None:
    verify_site(site, key)
    for name, data in tree(site).items():
        changed = bytearray(data)
        changed[len(data) * 2 // 3] ^= 1
        (site / name).write_bytes(changed)
        with pytest.raises(Error):
            verify_site(site, key)
        (site / name).write_bytes(data)
    verify_site(site, key)


def test_a_missing_and_a_strange_file_are_named(site: Path, key: VerifierKey) -> None:
    (site / "essays/first/nonce").unlink()
    (site / "essays/first/more.html").write_text("<p>Buy something.</p>")
    with pytest.raises(VerificationError) as caught:
        verify_site(site, key)
    assert "essays/first/nonce: is listed and missing" in str(caught.value)
    assert "essays/first/more.html: is in no list: it was not published" in str(caught.value)


def test_another_registers_key_is_refused(site: Path) -> None:
    with pytest.raises(VerificationError, match=r"not signed by other\.example"):
        verify_site(site, Signer.generate("other.example/register").key)


def test_without_a_key_the_site_vouches_for_itself_and_that_is_said(site: Path) -> None:
    assert "whose register this is: its key was read from this very site" in verify_site(site, None).limits[0]


def test_a_page_whose_words_differ_is_found_even_if_the_list_is_made_to_fit(site: Path, key: VerifierKey) -> None:
    page = site / "essays/first/index.html"
    page.write_text(page.read_text().replace("<em>first</em> text", "<em>first</em> last text"))
    listing = sums.parse((site / "SHA256SUMS").read_bytes(), "")
    listing["essays/first/index.html"] = sums.digest(page.read_bytes())
    (site / "SHA256SUMS").write_bytes(sums.write(listing))
    with pytest.raises(VerificationError) as caught:
        verify_site(site, key)
    assert "SHA256SUMS: expected SHA-256" in str(caught.value)


def test_another_list_of_reviewers_than_was_logged_is_found(site: Path, key: VerifierKey) -> None:
    (logged,) = site.glob("register/keys/*/allowed_signers")
    logged.write_text("# nobody\n")
    with pytest.raises(VerificationError, match=r"keys/1/allowed_signers: is not what entry 1 logged"):
        verify_site(site, key)


def test_a_folder_that_is_no_site_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(Error, match="expected a site with register/policy, found none"):
        verify_site(tmp_path, None)


def test_a_copy_verifies_anywhere(site: Path, key: VerifierKey, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "mirror"))
    assert "2 essays in 2 issues" in verify_site(copy, key).sentence


def test_a_later_review_that_withholds_cannot_be_left_out(
    home: Home,
    ada: Reviewer,
    make_reviewer: Callable[[str], Reviewer],
    write_essay: Callable[..., Path],
    key: VerifierKey,
) -> None:
    """As a dishonest publisher would: publish, though somebody's last logged word was to withhold."""
    bob = make_reviewer("bob@example.org")
    (home.root / "allowed_signers").write_text(ada.line + bob.line)
    folder = submit(home, write_essay()).submission.folder
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    aside = folder.parents[1] / "aside"
    shutil.copytree(folder, aside)
    review(home, "on-commas", decision="withhold", reviewer=bob.name, key=bob.key, criteria=["harm"])
    shutil.rmtree(folder)
    shutil.copytree(aside, folder)
    with pytest.raises(VerificationError, match="expected the 2 reviews that were logged, found 1"):
        publish(home)
    honest = Lives.__getitem__

    def dishonest(lives: Lives, number: str) -> Life:
        life = honest(lives, number)
        life.decisions = [decision for decision in life.decisions if decision.decision != "withhold"]
        return life

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lives, "__getitem__", dishonest)
        publish(home)
    with pytest.raises(VerificationError, match=r"the last review by SHA256:.* is «withhold»"):
        verify_site(home.site, key)


def test_an_empty_key_is_a_wrong_key(site: Path, programs: Programs) -> None:
    done = programs.publisher("verify", site, "--key", "")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "expected a verifier key such as name+0123abcd+AZ…, found ''" in done.stderr


# A site whose publisher holds the register's key and logs whatever it likes.


def log_anew(home: Home, site: Path) -> None:
    """The root's list made to fit the files as they are now, logged and proved."""
    names = sums.parse((site / "SHA256SUMS").read_bytes(), "")
    listing = sums.write({name: sums.digest((site / name).read_bytes()) for name in names})
    leaf = statement.notice("site", {"SHA256SUMS": sums.digest(listing)}, reason="records", time=home.now()).encode()
    change = Change(leaves=[leaf], files={"site/SHA256SUMS": listing}, proofs={"site/SHA256SUMS.tlog-proof": 0})
    with home.writing() as writer:
        writer.commit(change)


ODD_MAILS = {
    "an unknown charset": lambda mail: mail.replace(b'text/html; charset="utf-8"', b'text/html; charset="klingon"'),
    "an unknown encoding": lambda mail: mail.replace(b"quoted-printable", b"ternary"),
    "parts without end": lambda mail: b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3000)
    ),
    "no mail": lambda mail: b"\xff\x00",
    "nothing": lambda mail: b"",
    "a charset that is no text": lambda mail: mail.replace(b'charset="utf-8"', b"charset*=utf-8''%FF%00"),
}


@pytest.mark.parametrize("edit", ODD_MAILS.values(), ids=ODD_MAILS)
def test_an_odd_mail_is_found_without_a_traceback(
    home: Home, site: Path, programs: Programs, edit: Callable[[bytes], bytes]
) -> None:
    name = "issues/2026-W45/issue.eml"
    (site / name).write_bytes(edit((site / name).read_bytes()))
    listed = site / "issues/2026-W45/SHA256SUMS"
    digests = {path: sums.digest((site / path).read_bytes()) for path in sums.parse(listed.read_bytes(), "")}
    listed.write_bytes(sums.write(digests))
    log_anew(home, site)
    done = programs.publisher("verify", site, "--key", home.reopened().register.key)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "issues/2026-W45/SHA256SUMS: expected SHA-256" in done.stderr


def link_to_itself(site: Path) -> str:
    (site / "loop").symlink_to(".")
    return "loop: is a link"


def link_instead_of_a_page(site: Path) -> str:
    outside = site.parent / "outside.html"
    (site / "index.html").rename(outside)
    (site / "index.html").symlink_to(outside)
    return "index.html: is a link"


def link_instead_of_a_folder(site: Path) -> str:
    (site / "essays").rename(site.parent / "elsewhere")
    (site / "essays").symlink_to(site.parent / "elsewhere")
    return "essays: is a link"


def link_to_nowhere(site: Path) -> str:
    (site / "feed.rss").unlink()
    (site / "feed.rss").symlink_to("/dev/stdin")
    return "feed.rss: is a link"


def pipe(name: str) -> Callable[[Path], str]:
    def make(site: Path) -> str:
        (site / name).unlink(missing_ok=True)
        os.mkfifo(site / name)
        return f"{name}: is a pipe"

    return make


def folder_instead_of_a_file(site: Path) -> str:
    (site / "feed.json").unlink()
    (site / "feed.json").mkdir()
    return "feed.json: is an empty folder"


def empty_folder(site: Path) -> str:
    (site / "drafts").mkdir()
    return "drafts: is an empty folder"


def file_without_end(site: Path) -> str:
    with (site / "feed.rss").open("wb") as file:
        file.truncate(1 << 40)
    return "feed.rss: has 1,099,511,627,776 bytes"


def name_that_commands_the_terminal(site: Path) -> str:
    (site / "a\x1b[2J\nb").write_text("")
    return "a⟨U+001B⟩[2J b: is in no list"


def name_that_is_no_text(site: Path) -> str:
    (Path(os.fsdecode(os.fsencode(site) + b"/a\xff"))).write_text("")
    return "a⟨U+DCFF⟩: is in no list"


ODD_ENTRIES = {
    "a link to itself": link_to_itself,
    "a link for a page": link_instead_of_a_page,
    "a link for a folder": link_instead_of_a_folder,
    "a link to the terminal": link_to_nowhere,
    "a pipe more": pipe("more"),
    "a pipe for a feed": pipe("feed.atom"),
    "a pipe for a text": pipe("essays/first/essay.md"),
    "a folder for a file": folder_instead_of_a_file,
    "an empty folder": empty_folder,
    "a file without end": file_without_end,
    "a name that commands the terminal": name_that_commands_the_terminal,
    "a name that is no text": name_that_is_no_text,
}


Verify = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def verified(forked: Forked) -> Verify:
    """In a process of its own, since what hangs must not hang the tests."""

    def verify(*arguments: object) -> "subprocess.CompletedProcess[str]":
        done = forked.run("publisher", "verify", *arguments)
        return subprocess.CompletedProcess(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())

    return verify


@pytest.mark.parametrize("edit", ODD_ENTRIES.values(), ids=ODD_ENTRIES)
def test_what_is_no_file_is_one_finding_and_neither_followed_nor_waited_for(
    site: Path, key: VerifierKey, edit: Callable[[Path], str], verified: Verify
) -> None:
    said = edit(site)
    done = verified(site, "--key", key)
    assert (done.returncode, done.stdout) == (1, "")
    found = done.stderr.splitlines()[1:]
    assert len(found) == 1
    assert found[0].startswith(f"  {said}")


@pytest.mark.parametrize("name", ["register/policy", "register/checkpoint", "register/tile/entries/000.p/7"])
def test_a_register_with_a_pipe_in_it_is_not_waited_for(
    site: Path, key: VerifierKey, name: str, verified: Verify
) -> None:
    pipe(name)(site)
    assert f"{name}: is a pipe" in verified(site, "--key", key).stderr
    alone = verified(site).stderr
    assert "Traceback" not in alone
    assert "register/policy" in alone or f"{name}: is a pipe" in alone


def test_a_pipe_is_no_text_and_no_proof(site: Path, key: VerifierKey, verified: Verify) -> None:
    essay = site / "essays/first/essay.md"
    pipe("essays/first/essay.md.tlog-proof")(site)
    assert "expected the proof beside the text, found something else" in verified(essay, "--key", key).stderr
    pipe("essays/first/essay.md")(site)
    assert "expected a file, found something else" in verified(essay, "--key", key).stderr


def test_a_register_that_claims_more_statements_than_anybody_can_read_is_refused_at_once(
    site: Path, home: Home, verified: Verify
) -> None:
    from archive.register.note import Checkpoint

    note = home.signer().sign(str(Checkpoint(home.reopened().register.key.name, 10**14, b"\0" * 32)))
    (site / "register/checkpoint").write_text(note)
    assert "is missing, though the checkpoint covers it" in verified(site, "--key", home.reopened().register.key).stderr
