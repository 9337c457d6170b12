"""Checking a site: no file of it can be changed, added or taken away unseen."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Error, VerificationError
from archive.home.home import Home
from archive.register import sums
from archive.register.note import Signer, VerifierKey
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish, skip
from publisher.verify.site import verify_site
from publisher.week import Week
from tests.conftest import Clock, Reviewer
from tests.files import tree


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
    return home.register().key


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


def test_a_page_whose_words_differ_is_found_even_if_the_lists_are_made_to_fit(site: Path, key: VerifierKey) -> None:
    page = site / "essays/first/index.html"
    page.write_text(page.read_text().replace("<em>first</em> text", "<em>first</em> last text"))
    listing = sums.parse((site / "SHA256SUMS").read_bytes(), "")
    listing["essays/first/index.html"] = sums.digest(page.read_bytes())
    (site / "SHA256SUMS").write_bytes(sums.write(listing))
    with pytest.raises(VerificationError) as caught:
        verify_site(site, key)
    assert "essays/first/index.html: first: differs at word 3 of 3" in str(caught.value)
    assert "SHA256SUMS: expected SHA-256" in str(caught.value)


def test_a_review_signed_by_a_key_that_is_not_listed_is_found(site: Path, key: VerifierKey) -> None:
    (site / "register/allowed_signers").write_text("# nobody\n")
    with pytest.raises(VerificationError, match="is not listed in allowed_signers"):
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
    statement = home.register().statements[-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("publisher.essays.submission.read_reviews", lambda *given: _without(statement.time, *given))
        publish(home)
    with pytest.raises(VerificationError, match=r"the last review by SHA256:.* is «withhold»"):
        verify_site(home.site, key)


def _without(_: object, folder: Path, accession: str, register: object, allowed: bytes) -> list[object]:
    from archive.register.register import Register
    from publisher.essays.submission import parse_reviews

    assert isinstance(register, Register)
    files = {path.name: path.read_bytes() for path in (folder / "reviews").glob("*.json*")}
    return list(parse_reviews(files, {leaf: i for i, leaf in enumerate(register.leaves)}, {}))
