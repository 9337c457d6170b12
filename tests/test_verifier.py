"""The page that checks, in Chromium: its judgement is that of archive/register, and what it says is so."""

import base64
import email
import hashlib
import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from selectolax.lexbor import LexborHTMLParser

from archive.errors import Error, Refused, VerificationError
from archive.home.home import Home
from archive.register import merkle, note, proof, sshsig, statement, sums, tile
from archive.register.note import Signer, VerifierKey
from archive.register.proof import Proof
from archive.register.statement import Statement
from publisher.essays import words
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues import publish as publishing
from publisher.issues.build import publish_site
from publisher.issues.publish import publish
from publisher.site import verifier
from publisher.site.verifier import PAGE
from publisher.verify.site.check import verify_site
from publisher.week import Week
from tests.cheating import accomplice
from tests.conftest import ROOT, Clock, Reviewer
from tests.programs import Programs
from tests.served import served

SITE = ROOT / "tests/golden/site"
SIGNER = Signer("letters.example.org/register", bytes(range(32)))
"""The golden site's own."""
KEY = str(SIGNER.key)
ESSAY = "essays/odd"
PROOF = Proof.parse((SITE / ESSAY / "essay.md.tlog-proof").read_bytes())
INTAKE = Proof.parse((SITE / ESSAY / "intake.sums.tlog-proof").read_bytes())
WHERE = f"entry {PROOF.index} of letters.example.org/register"
SIZE = (SITE / "register/checkpoint").read_text().split("\n")[1]
PAIR = [SITE / ESSAY / "essay.md", SITE / ESSAY / "essay.md.tlog-proof"]
BESIDE = [
    *(
        SITE / ESSAY / name
        for name in ("intake.sums", "intake.sums.tlog-proof", "reviews/1.json", "reviews/1.json.sig")
    ),
    SITE / "register/allowed_signers",
]
WORDS = [
    SITE / ESSAY / "words.txt",
    *(SITE / "issues/2026-W45" / name for name in ("SHA256SUMS", "SHA256SUMS.tlog-proof")),
]
FIXED = (
    f"This text was fixed on 2 November 2026 as entry {INTAKE.index} of letters.example.org/register, before the "
    f"review on 3 November 2026 that approved it, unedited (entry {PROOF.index})."
)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of one's own, that remembers nothing yet."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """In which nothing may go wrong unseen, and nothing be asked of anybody else."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    assert wrong == []


@pytest.fixture(scope="module")
def judge(browser: Browser) -> Iterator[Page]:
    """The page's own functions, to be asked directly."""
    page = browser.new_page()
    page.goto((SITE / PAGE).as_uri())
    yield page
    page.close()


def opened(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    waited(page)


def waited(page: Page) -> str:
    """What was found, once it stands there."""
    page.locator("#result[aria-busy=false]").wait_for(state="attached")
    return " ".join(page.locator("#result").inner_text().split())


def given(page: Page, *files: Path) -> str:
    """What is found when these are chosen."""
    page.evaluate("document.getElementById('result').setAttribute('aria-busy', 'true')")
    page.set_input_files("#files", [*files])
    return waited(page)


def compared(page: Page, text: str) -> str:
    page.fill("#words", text)
    page.click("#compare")
    return page.locator("#compared").inner_text()


# Its judgement, beside ours and that of foreign vectors.

JUDGED = """
async cases => {
  const bytes = text => Uint8Array.from(atob(text ?? ""), character => character.charCodeAt(0));
  const judged = [];
  for (const each of cases) {
    try {
      judged.push([await (%s)(each, bytes), ""]);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      judged.push([null, error.message]);
    }
  }
  return judged;
}
"""


def answers(judge: Page, function: str, cases: list[Any]) -> list[Any]:
    """What a function of the page makes of each case, None where it refuses."""
    return [answer for answer, _ in judge.evaluate(JUDGED % function, cases)]


def refusals(judge: Page, function: str, cases: list[Any]) -> list[str]:
    """What it says of each, where it refuses."""
    return [refusal for _, refusal in judge.evaluate(JUDGED % function, cases)]


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def vectors(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    found = [(path.relative_to(folder).as_posix(), json.loads(path.read_text())) for path in folder.rglob("*.json")]
    for _, case in found:
        for name in ("leafIdx", "treeSize", "size1", "size2"):
            case[name] = str(case.get(name, 0))
    return sorted(found, key=lambda each: each[0])


def test_all_inclusion_vectors_of_transparency_dev_are_judged_as_they_say(judge: Page, shared: Path) -> None:
    cases = vectors(shared / "vectors/merkle/inclusion")
    function = """async (each, bytes) => same(bytes(each.root), await rootFromInclusion(
      BigInt(each.leafIdx), BigInt(each.treeSize), bytes(each.leafHash), (each.proof ?? []).map(bytes))) || null"""
    judged = answers(judge, function, [case for _, case in cases])
    assert len(cases) == 98
    assert [n for (n, case), found in zip(cases, judged, strict=True) if (found is None) is not case["wantErr"]] == []


def test_all_consistency_vectors_are_judged_as_they_say_but_for_the_convention_on_nothing(
    judge: Page, shared: Path
) -> None:
    cases = vectors(shared / "vectors/merkle/consistency")
    function = """async (each, bytes) => await checkConsistency(
      BigInt(each.size1), BigInt(each.size2), bytes(each.root1), bytes(each.root2), (each.proof ?? []).map(bytes)
    ) ?? 1"""
    judged = answers(judge, function, [case for _, case in cases])
    wrong = [n for (n, case), found in zip(cases, judged, strict=True) if (found is None) is not case["wantErr"]]
    assert (len(cases), {case["size1"] for name, case in cases if name in wrong}) == (98, {"0"})


def test_the_notes_of_others_are_opened_and_their_times_read(judge: Page, shared: Path) -> None:
    tessera = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
    cases = [[path.read_text(), tessera] for path in sorted((shared / "vectors/tessera/log").glob("checkpoint*"))]
    for path in sorted((shared / "vectors/sunlight").rglob("checkpoint")):
        if not (text := path.read_text()).startswith("decoy"):
            described = next(found for folder in path.parents for found in folder.glob("*.v0.json"))
            cases.append([text, json.loads(described.read_text())["verifier_keys"][0]])
    script = (shared / "vectors/torchwood/cmd/litewitness/testdata/sumdb.txt").read_text()
    sumdb = script[script.index("go.sum database tree\n35") : script.index("\n```\nHTTP 200") + 1]
    cases.append([sumdb, re.findall(r"-key (sum\.golang\.org\+\S+)", script)[0]])
    cases += [[text.replace(text.split("\n")[1], "7", 1), key] for text, key in cases]
    function = """async ([note, key]) => {
      const opened = await openNote(note, [await verifierKey(key)]);
      return [opened.text, [...opened.signed].map(([name, time]) => [name, time === null ? null : Number(time)])];
    }"""
    expected = []
    for text, key in cases:
        try:
            said, signed = note.open_note(text, [VerifierKey.parse(key)])
            expected.append([said, [[name, time] for name, time in signed.items()]])
        except Error:
            expected.append(None)
    assert answers(judge, function, cases) == expected
    assert sum(found is None for found in expected) >= 20


def test_signatures_of_openssh_are_judged_and_those_of_other_kinds_of_keys_named(judge: Page, shared: Path) -> None:
    folder = shared / "vectors/sshsig"
    kinds = ("ed25519", "ed25519_sk", "rsa", "ecdsa", "mldsa44-ed25519")
    data = (folder / "signed-data").read_bytes()
    cases = [[coded(data), coded((folder / f"{kind}.sig").read_bytes()), "unittest"] for kind in kinds]
    cases += [[coded(data + b"\n"), *cases[0][1:]], [*cases[0][:2], "other"]]
    function = "async ([data, signature, space], bytes) => sshSigner(bytes(data), bytes(signature), space)"
    signed = sshsig.signature_key((folder / "ed25519.sig").read_bytes())
    assert answers(judge, function, cases) == [signed, *[None] * 6]
    kind = 'expected a key that browsers know (ssh-ed25519), found "ssh-rsa": check it with ssh-keygen'
    assert kind in refusals(judge, function, cases)[2]


def spoiled(data: bytes, count: int) -> list[bytes]:
    """The bytes, and others in which one thing is changed."""
    chance, found = random.Random(sums.digest(data)), [data]
    for _ in range(count):
        at, byte = chance.randrange(len(data)), bytes([chance.choice(b' \n\t"{}[]:,+-=0129AZaz\x00\x7f\xc3\xff')])
        found.append(
            chance.choice((data[:at] + byte + data[at:], data[:at] + data[at + 1 :], data[:at] + byte + data[at + 1 :]))
        )
    return found


def test_statements_are_as_strictly_read_as_by_us(judge: Page) -> None:
    good = [leaf for path in SITE.rglob("*.tlog-proof") for leaf in [Proof.parse(path.read_bytes()).leaf]]
    good.append(statement.notice("keys", {"a\u2028b": "0" * 64}, reason="x-1", time=REVIEWED, week="2026-W48").encode())
    good += [each.encode() for each in (ASKED, CANDIDATE)]
    good.append(good[0].replace(b"2026-11-03T", b"2026-02-30T"))
    good.append(good[0].replace(b"2026-11-03T", b"0000-11-03T"))
    good += [b"", b"null", b"[]", b"{}", b'"a"', b"1e400", b"[" * 30_000, b'{"subject":[],"predicateType":1}']
    good.append(good[0].replace(b'"edited":false', b'"edited":0'))
    good.append(good[0].replace(b"E2026-0001", b"\xed\xa0\x80"))
    cases = [leaf for each in good for leaf in (spoiled(each, 60) if len(each) > 100 else [each])]
    expected = []
    for leaf in cases:
        try:
            expected.append(Statement.decode(leaf).kind)
        except Error:
            expected.append(None)  # type: ignore[arg-type]
    found = answers(judge, "async (leaf, bytes) => parseStatement(bytes(leaf)).kind", [coded(leaf) for leaf in cases])
    assert [(leaf, one) for leaf, one, other in zip(cases, found, expected, strict=True) if one != other] == []
    assert {*expected} >= {"intake", "review", "issue", "notice", None}


REVIEWED = statement.decode_time("2026-11-03T09:00:00Z")
ASKED = statement.asked("a" * 64, 5, time=REVIEWED)
CANDIDATE = statement.candidate("a" * 64, "E2026-0007", "b" * 64, time=REVIEWED)


def test_proofs_are_as_strictly_read_as_by_us(judge: Page) -> None:
    text, right = (path.read_bytes() for path in PAIR)
    other = Signer("witness.example", b"w" * 32).sign("other\n").split("\n")[2]
    proofs = [*spoiled(right, 400), right + f"{other}\n".encode(), right + b"\n", right.replace(b"\n", b"\r\n")]
    proofs.append(right + SIGNER.sign("other\n").split("\n")[2].encode() + b"\n")
    proofs += [right.replace(b"index ", b"index " + n) for n in (b"0", b"1", b"+", b" ", b"9" * 17, b"9" * 40)]
    proofs.append(b"\xef\xbb\xbf" + right)
    expected = []
    for data in proofs:
        try:
            expected.append(proof.verify(text, Proof.parse(data), SIGNER.key).subject)
        except Error:
            expected.append(None)  # type: ignore[arg-type]
    function = f"""async (data, bytes) => {{
      const one = await logged(parseProof(bytes(data)), [await verifierKey({json.dumps(KEY)})]);
      return subjectOf(one.statement, bytes({json.dumps(coded(text))}));
    }}"""
    assert answers(judge, function, [coded(data) for data in proofs]) == expected
    assert expected.count("E2026-0001/essay.md") >= 2


def test_tiles_give_the_proof_that_a_register_only_grew(judge: Page) -> None:
    leaves = [merkle.leaf_hash(bytes([n % 256, n // 256])) for n in range(600)]
    function = """async ([old, size, hashes], bytes) => {
      const all = hashes.map(bytes), top = async part => {
        for (; part.length > 1; part = await Promise.all(part.flatMap((hash, at) => at % 2 ? [] :
          at + 1 < part.length ? [nodeHash(hash, part[at + 1])] : [hash])));
        return part[0];
      };
      const levels = [all, []];
      for (let at = 0; at + 256 <= all.length; at += 256) levels[1].push(await top(all.slice(at, at + 256)));
      const read = async (level, index, width) => {
        const first = Number(index) * 256;
        return join(...levels[level].slice(first, first + Number(width)));
      };
      return (await consistencyPath(BigInt(old), BigInt(size), subtreesOf(BigInt(size), read))).map(encode64);
    }"""
    pairs = [(1, 2), (3, 7), (255, 256), (256, 257), (200, 600), (512, 600), (513, 600), (599, 600), (600, 600)]
    found = answers(judge, function, [[old, size, [coded(leaf) for leaf in leaves[:size]]] for old, size in pairs])
    for (old, size), path in zip(pairs, found, strict=True):
        proved = [base64.b64decode(each) for each in path]
        assert proved == merkle.consistency(old, size, merkle.among(leaves))


def test_words_are_compared_as_by_us(judge: Page) -> None:
    text = "One two two three two two four. Ça va"
    cases = [text, f"Dear reader, {text} Yours", "One two two four.", "", "three two two four. C\u0327a va", "two " * 9]
    cases += [
        "One\u2003two\u00a0two three two two four. C\u0327a\u2028va",
        "One two two three two two five. Ça va",
        "x",
    ]
    found = answers(judge, f"async pasted => compareWords(wordsOf({json.dumps(text)}), wordsOf(pasted))", cases)
    differences = [words.difference(words.split(text), words.split(case)) for case in cases]
    for case, (one, other) in zip(cases, zip(found, differences, strict=True), strict=True):
        assert one["whole"] is (other is None)
        if other and case:
            assert one["said"] == re.sub(r"\*(.*?)\*", r"“\1”", other)
    assert found[1]["said"] == "all 9 words, in order; 2 more before; 1 more after"


# What it says.


def test_an_essay_is_checked_from_its_page_and_the_browser_begins_to_follow(page: Page) -> None:
    with served(SITE) as address:
        page.goto(f"{address}/{ESSAY}/index.html")
        page.click(".seal summary")
        page.click("text=Check this text")
        said = waited(page)
    assert FIXED in said
    assert "ada@example.org signed that review." in said
    assert "was not looked up" not in said
    assert f"This browser follows the register from today on ({SIZE} entries)" in said
    assert page.locator("#result article").count() == 2
    text = "A heading From here on: 234 — «größer». quoted one two code a heron ends here without a newline"
    assert compared(page, f"Look: {text}") == (
        "The words are those of the text: all 19 words, in order; 1 more before."
    )
    assert compared(page, text.replace("größer", "kleiner")) == (
        "The words are not those of the text: differs at word 8 of 19: the register has “«größer».”, "
        "you have “«kleiner».”."
    )


def test_a_feed_or_a_saved_page_is_told_apart_from_a_text_and_what_to_do_with_it(page: Page) -> None:
    for other in (SITE / "feed.atom", SITE / ESSAY / "index.html"):
        opened(page, (SITE / PAGE).as_uri())
        said = given(page, other)
        assert f"does not read {other.name}. Follow “Check this text” on the essay’s own page and paste" in said
        assert ".tlog-proof" not in said


def test_a_saved_page_checks_files_without_a_network(page: Page, tmp_path: Path) -> None:
    saved = tmp_path / "Check a text.html"
    shutil.copy(SITE / PAGE, saved)
    opened(page, saved.as_uri())
    assert given(page, PAIR[0]).startswith("One more file is needed essay.md says nothing by itself.")
    said = given(page, PAIR[1])
    assert f"the one that a review of 3 November 2026 approved, unedited: {WHERE}" in said
    assert "The reviewer’s signature was not checked" in said
    assert "A page that was opened from a file cannot look at the register" in said
    said = given(page, *BESIDE)
    assert f"{FIXED} ada@example.org signed that review." in said
    listed = f"allowed_signers (SHA-256 {sums.digest(BESIDE[-1].read_bytes())})"
    assert f"read in {listed}. Whether that is the list that stood in the register before" in said
    text = "A heading From here on: 234 — «größer». quoted one two code a heron ends here without a newline"
    assert "there is nothing to compare with yet" in compared(page, text)
    given(page, WORDS[0])
    assert "That words.txt was not proved itself" in compared(page, text)
    given(page, *WORDS[1:])
    assert compared(page, text) == "The words are those of the text: all 19 words, in order."
    page.click("#anew")
    page.locator("#given li").first.wait_for(state="detached")
    assert page.locator("#result article").count() == 0


def test_a_page_saved_by_a_browser_still_works(page: Page, tmp_path: Path) -> None:
    """Browsers that save a whole page write down what they made of it."""
    page.goto((SITE / PAGE).as_uri())
    waited(page)
    saved = tmp_path / "saved.html"
    written = page.evaluate("document.documentElement.outerHTML")
    saved.write_text(f"<!DOCTYPE html>\n<!-- saved from url=(0028)https://letters.example.org/ -->\n{written}")
    opened(page, saved.as_uri())
    assert WHERE in given(page, *PAIR)


def test_files_can_be_dropped_anywhere(page: Page) -> None:
    opened(page, (SITE / PAGE).as_uri())
    drop = """files => {
      const carried = new DataTransfer();
      for (const [name, text] of files) {
        carried.items.add(new File([Uint8Array.from(atob(text), one => one.charCodeAt(0))], name));
      }
      const dropped = { dataTransfer: carried, bubbles: true, cancelable: true };
      document.querySelector("h1").dispatchEvent(new DragEvent("drop", dropped));
    }"""
    page.evaluate("document.getElementById('result').setAttribute('aria-busy', 'true')")
    page.evaluate(drop, [[path.name, coded(path.read_bytes())] for path in PAIR])
    assert "This is the text that was reviewed" in waited(page)


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_mail_is_checked_as_it_was_sent_and_as_a_server_encoded_it_anew(
    page: Page, tmp_path: Path, encoding: str
) -> None:
    sent = email.message_from_bytes((SITE / "issues/2026-W45/issue.eml").read_bytes(), policy=email.policy.default)
    for part in sent.walk():
        if not part.is_multipart() and part.get_content_maintype() == "text":
            assert isinstance(part, EmailMessage)
            body, kind = part.get_payload(decode=True), part.get_content_type()
            assert isinstance(body, bytes)
            disposition, name = part.get_content_disposition(), part.get_filename()
            part.set_content(
                body,
                *kind.split("/"),
                cte=encoding,
                disposition=disposition,
                filename=name,
                params={"charset": "utf-8"},
            )
    mail = tmp_path / "issue.eml"
    mail.write_bytes(sent.as_bytes(policy=email.policy.SMTP.clone(max_line_length=0)))
    opened(page, (SITE / PAGE).as_uri())
    said = given(page, mail)
    assert said.count("This is the text that was reviewed") == 1
    assert "Not verified" not in said
    assert "not the part with the layout" in said


def test_what_was_changed_in_a_mail_is_named(page: Page, tmp_path: Path) -> None:
    mail = tmp_path / "issue.eml"
    data = (SITE / "issues/2026-W45/issue.eml").read_bytes()
    for old, new, named in (
        (b"here on: 2", b"there on: 2", "between its marker lines"),
        (b"quoted\r\n", b"quoted", "between its marker lines"),
        (b"YzJzcC5vcmc", b"YzJzcC5vcmd", "the proof failed."),
    ):
        assert old in data
        mail.write_bytes(data.replace(old, new, 1))
        opened(page, (SITE / PAGE).as_uri())
        said = given(page, mail)
        assert "Not verified" in said
        assert named in said
    mail.write_bytes(b"From: ada@example.org\nSubject: Hello\nMIME-Version: 1.0\n\nNo essay.\n")
    opened(page, (SITE / PAGE).as_uri())
    assert "Expected an essay between its marker lines, or attached Found none" in given(page, mail)


def changed(path: Path, folder: Path, old: bytes, new: bytes) -> Path:
    data = path.read_bytes()
    assert old in data
    changed = folder / new.decode().strip().replace("/", "") / path.name
    changed.parent.mkdir()
    changed.write_bytes(data.replace(old, new, 1))
    return changed


def test_a_refusal_says_which_step_failed_what_was_expected_and_what_was_found(page: Page, tmp_path: Path) -> None:
    text = changed(PAIR[0], tmp_path, b"heading", b"headings")
    for files, step, expected in (
        ([text, PAIR[1]], "the text is the one that was logged failed", sums.digest(PAIR[0].read_bytes())),
        (
            [PAIR[0], changed(PAIR[1], tmp_path, b"index %d" % PROOF.index, b"index %d" % (PROOF.index - 1))],
            "is in the register failed",
            "the root ",
        ),
        (
            [PAIR[0], changed(PAIR[1], tmp_path, b"register\n", b"register\n1")],
            "the checkpoint failed",
            "that fits it",
        ),
        (
            [*PAIR, *BESIDE[:3], changed(BESIDE[3], tmp_path, b"U1NIU0lH", b"U1NIU0lI"), BESIDE[4]],
            "signature failed",
            "SSH signature",
        ),
        (
            [*PAIR, *BESIDE[:4], changed(BESIDE[4], tmp_path, b"20260101", b"20261104")],
            "list of reviewers failed",
            "good on 2026-11-03",
        ),
        (
            [*PAIR, *BESIDE[:4], changed(BESIDE[4], tmp_path, b'"review@letters.example.org"', b'"*"')],
            "list of reviewers failed",
            "the key SHA256:",
        ),
    ):
        opened(page, (SITE / PAGE).as_uri())
        said = given(page, *files)
        assert "Not verified" in said
        assert f"{step}." in said
        assert expected in said.split("Expected ")[1]
        assert "This is the text that was reviewed" not in said


def test_a_key_from_elsewhere_is_taken(page: Page) -> None:
    opened(page, (SITE / PAGE).as_uri())
    given(page, *PAIR)
    other = Signer("letters.example.org/register", b"o" * 32)
    page.evaluate("document.getElementById('result').setAttribute('aria-busy', 'true')")
    page.click("text=A key that you have from elsewhere")
    page.fill("#key", str(other.key))
    page.locator("#key").blur()
    assert "Expected a signature of letters.example.org/register Found none by that key" in waited(page)


def test_names_and_texts_of_strangers_are_only_text(page: Page, tmp_path: Path) -> None:
    (tmp_path / "<img src=x onerror=alert(1)>.md").write_text("<script>alert(1)</script>")
    opened(page, (SITE / PAGE).as_uri())
    said = given(page, tmp_path / "<img src=x onerror=alert(1)>.md", PAIR[1])
    assert "<img src=x onerror=alert(1)>.md" in said
    assert page.locator("img").count() == 0


# What it remembers.


@pytest.fixture
def publish_one(home: Home, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock) -> Callable[..., None]:
    def make(slug: str, week: str, into: Home = home) -> None:
        into = into.reopened()
        submit(into, write_essay(slug, f"The *{slug}* text.\n"))
        review(into.reopened(), slug, decision="publish", reviewer=ada.name, key=ada.key)
        clock.set(Week.parse(week).monday.isoformat())
        publish(into.reopened(), Week.parse(week))

    return make


def test_at_the_next_visit_it_says_that_nothing_was_removed_or_changed(
    home: Home, publish_one: Callable[..., None], page: Page
) -> None:
    publish_one("first", "2026-W45")
    with served(home.site) as address:
        opened(page, f"{address}/{PAGE}")
        assert "This browser follows the register from today on" in waited(page)
        publish_one("second", "2026-W46")
        for slug in ("first", "second"):
            opened(page, f"{address}/{PAGE}#essays/{slug}/")
            said = waited(page)
            assert "This is the text that was reviewed" in said
            assert re.search(r"This browser has followed the register since \d+ \w+ 20\d\d: nothing was", said)


def test_it_goes_on_following_a_register_that_changed_its_key(
    home: Home, publish_one: Callable[..., None], page: Page
) -> None:
    publish_one("first", "2026-W45")
    with served(home.site) as address:
        opened(page, f"{address}/{PAGE}")
        assert Programs(home).archive("keys", "rotate").exit_code == 0
        publish_one("second", "2026-W46")
        for slug in ("first", "second"):
            opened(page, f"{address}/{PAGE}#essays/{slug}/")
            said = waited(page)
            assert "This is the text that was reviewed" in said
            assert "This browser has followed the register since" in said


@pytest.mark.parametrize("later", [0, 1], ids=["of one size", "a longer one"])
def test_two_checkpoints_that_disagree_are_shown_both_and_never_forgotten(
    home: Home, publish_one: Callable[..., None], page: Page, tmp_path: Path, later: int
) -> None:
    other = Home(Path(shutil.copytree(home.root, tmp_path / "other")))
    publish_one("first", "2026-W45")
    publish_one("another", "2026-W45", other)
    if later:
        publish_one("more", "2026-W46", other)
    notes = [(one.site / "register/checkpoint").read_text() for one in (home, other)]
    with served(home.site) as address:
        opened(page, f"{address}/{PAGE}")
        site = tmp_path / "home/site"
        site.rename(tmp_path / "honest")
        shutil.copytree(other.site, site)
        for _ in range(2):
            opened(page, f"{address}/{PAGE}#essays/another/")
            assert "Two checkpoints disagree. Both are signed with the register’s key" in waited(page)
            assert [
                f"{text}\n".replace("\n\n\n", "\n\n") for text in page.locator("#result pre").all_text_contents()
            ] == [f"{text}\n".replace("\n\n\n", "\n\n") for text in notes]
        shutil.rmtree(site)
        (tmp_path / "honest").rename(site)
        opened(page, f"{address}/{PAGE}")
        assert "Two checkpoints disagree" in waited(page)


def test_a_register_that_became_shorter_is_named(
    home: Home, publish_one: Callable[..., None], page: Page, tmp_path: Path
) -> None:
    publish_one("first", "2026-W45")
    old = shutil.copytree(home.site, tmp_path / "old")
    publish_one("second", "2026-W46")
    with served(home.site) as address:
        opened(page, f"{address}/{PAGE}")
        shutil.rmtree(home.site)
        shutil.copytree(old, home.site)
        opened(page, f"{address}/{PAGE}")
        said = waited(page)
        assert "this is an old copy of it, or entries were taken away" in said
        assert page.locator("#result pre").count() == 2


def test_a_site_that_shows_another_text_is_refused(home: Home, publish_one: Callable[..., None], page: Page) -> None:
    publish_one("first", "2026-W45")
    (home.site / "essays/first/essay.md").write_text("The *other* text.\n")
    with served(home.site) as address:
        opened(page, f"{address}/{PAGE}#essays/first/2026-W45")
        assert "the text is the one that was logged failed." in waited(page)


# By which list of reviewers.


Approved = Callable[[Literal["before", "after"]], None]


@pytest.fixture
def approved_by_eve(
    home: Home, publish_one: Callable[..., None], ada: Reviewer, write_essay: Callable[..., Path], clock: Clock
) -> Approved:
    """An issue whose last review is by a key that stands in the newest list, logged before that review or after it."""

    def make(logged: Literal["before", "after"]) -> None:
        publish_one("first", "2026-W45")
        submit(home.reopened(), write_essay("second", "The *second* text.\n"))
        review(home.reopened(), "second", decision="publish", reviewer=ada.name, key=ada.key)
        clock.set(Week.parse("2026-W46").monday.isoformat())
        with accomplice(logged=logged)(home.reopened()):
            publish(home.reopened(), Week.parse("2026-W46"))
        assert "eve@example.org" in (home.site / "register/allowed_signers").read_text()

    return make


def lists(home: Home) -> list[int]:
    return sorted(int(path.parent.name) for path in home.site.glob("register/keys/*/allowed_signers"))


def test_a_review_counts_by_the_list_that_was_logged_before_it(
    home: Home, approved_by_eve: Approved, page: Page
) -> None:
    approved_by_eve("before")
    with served(home.site) as address:
        opened(page, f"{address}/{PAGE}#essays/second/2026-W46")
        said = waited(page)
        steps = " ".join(page.locator("#result li").all_text_contents())
    assert "eve@example.org signed that review." in said
    assert f"is register/keys/{lists(home)[-1]}/allowed_signers (SHA-256 " in steps
    assert "the last that was logged before the review" in steps


def test_a_key_that_was_listed_only_after_its_review_is_refused_though_the_newest_list_has_it(
    home: Home, approved_by_eve: Approved, page: Page
) -> None:
    approved_by_eve("after")
    with served(home.site) as address:
        opened(page, f"{address}/{PAGE}#essays/second/2026-W46")
        said = waited(page)
    assert "Not verified" in said
    assert "the list of reviewers failed. Expected the key SHA256:" in said
    assert "signed that review" not in said


def test_a_key_that_the_newest_list_says_had_ended_is_refused_still(
    home: Home, publish_one: Callable[..., None], ada: Reviewer, page: Page
) -> None:
    publish_one("first", "2026-W45")
    path = home.site / "register/allowed_signers"
    path.write_text(path.read_text().replace("namespaces=", 'valid-before="20260101000000Z",namespaces='))
    with served(home.site) as address:
        opened(page, f"{address}/{PAGE}#essays/first/2026-W45")
        assert "Found one that was good until 20260101000000Z" in waited(page)


def test_a_list_or_an_entry_that_is_not_what_the_register_signed_is_refused(
    home: Home, approved_by_eve: Approved, page: Page
) -> None:
    approved_by_eve("after")
    before, after = lists(home)[-2:]
    site, size = home.site, home.reopened().register.size
    logged, bundle = site / f"register/keys/{before}/allowed_signers", site / f"register/tile/entries/000.p/{size}"
    kept, newest = bundle.read_bytes(), (site / f"register/keys/{after}/allowed_signers").read_bytes()
    old, new = sums.digest(logged.read_bytes()).encode(), sums.digest(newest).encode()
    with served(site) as address:
        logged.write_bytes(newest)
        opened(page, f"{address}/{PAGE}#essays/second/2026-W46")
        assert f"Expected register/keys/{before}/allowed_signers with SHA-256 {old.decode()}" in waited(page)
        for other in (kept.replace(old, new), kept[: len(kept) // 2], kept + kept):
            bundle.write_bytes(other)
            opened(page, f"{address}/{PAGE}#essays/second/2026-W46")
            said = waited(page)
            assert ("the entries of the register failed" in said) is (other != kept + kept)
            assert "Not verified" in said


def test_the_newest_list_before_an_entry_is_found_far_back_and_only_where_the_tree_was_signed(judge: Page) -> None:
    count, listed = 700, {3: "a" * 64, 300: "b" * 64}
    leaves = [
        statement.notice(
            "keys" if n in listed else "site",
            {"register/allowed_signers" if n in listed else "SHA256SUMS": listed.get(n, "0" * 64)},
            reason="reviewers" if n in listed else "update",
            time=REVIEWED,
        ).encode()
        for n in range(count)
    ]
    tiles = tile.hash_tiles([merkle.leaf_hash(leaf) for leaf in leaves]) | tile.bundles(leaves)
    root = merkle.root([merkle.leaf_hash(leaf) for leaf in leaves])
    function = """async ([end, size, root, tiles], bytes) => {
      const read = (level, index, width) => bytes(tiles[tilePath(level, index, width)]);
      const register = { checkpoint: { size: BigInt(size), root: bytes(root) }, tile: read };
      const found = await listBefore(BigInt(end), register);
      return [Number(found.index), found.sha256];
    }"""
    coded_tiles = {path: coded(data) for path, data in tiles.items()}
    cases = [[end, count, coded(root), coded_tiles] for end in (699, 512, 301, 300, 256, 4, 3, 700)]
    cases.append([699, count, coded(b"r" * 32), coded_tiles])
    first, second = [3, "a" * 64], [300, "b" * 64]
    assert answers(judge, function, cases) == [second] * 3 + [first] * 3 + [None] * 3


# What the register says of it.


def notices(home: Home) -> list[dict[str, str]]:
    return [dict(notice.subjects) for _, notice in home.reopened().register.of_kind("notice", "verifier")]


def test_its_bytes_are_logged_before_they_are_published_and_once(
    home: Home, publish_one: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_one("first", "2026-W45")
    was = {PAGE: sums.digest((home.site / PAGE).read_bytes())}
    publish_one("second", "2026-W46")
    publish_site(home.reopened())
    assert notices(home) == [was]
    monkeypatch.setattr(verifier, "script", lambda: "// another program\n")
    publish_site(home.reopened())
    now = {PAGE: sums.digest((home.site / PAGE).read_bytes())}
    assert (now != was, notices(home)) == (True, [was, now])


def test_a_run_that_only_looks_or_is_refused_logs_nothing(home: Home, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay("first", "Text.\n"))
    with pytest.raises(Refused):
        publish(home.reopened())
    assert notices(home) == []


def test_a_site_whose_page_was_not_logged_is_not_verified(
    home: Home, publish_one: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cheat:
        cheat.setattr(publishing, "page_notice", lambda *given: [])
        publish_one("first", "2026-W45")
    key = home.reopened().register.key
    with pytest.raises(VerificationError, match="is not the page that was logged: no notice «verifier» names one"):
        verify_site(home.site, key)
    publish_one("second", "2026-W46")
    verify_site(home.site, key)


# What it is.


def test_its_policy_allows_its_own_script_and_style_and_nothing_else(page: Page) -> None:
    tree = LexborHTMLParser((SITE / PAGE).read_text())
    (policy,) = (node.attributes["content"] or "" for node in tree.css("meta[http-equiv=Content-Security-Policy]"))
    (script,), (style,) = ([node.text() for node in tree.css(name)] for name in ("script", "style"))
    hashes = ["'sha256-" + coded(hashlib.sha256(each.encode()).digest()) + "'" for each in (script, style)]
    assert policy == (
        f"default-src 'none'; script-src {hashes[0]}; style-src {hashes[1]}; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'"
    )
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|\beval\b|Function\(|import\(", script)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with served(SITE) as address:
        opened(page, f"{address}/{PAGE}#{ESSAY}/2026-W45")
        assert len(asked) == len({*asked}), "nothing is fetched twice"
        assert {url.startswith(f"{address}/") for url in asked} == {True}


def test_what_is_not_its_script_does_not_run(context: BrowserContext, tmp_path: Path) -> None:
    spoiled_page = tmp_path / "index.html"
    text = (SITE / PAGE).read_text()
    spoiled_page.write_text(
        text.replace(
            "</main>", "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\"></main>"
        )
    )
    page = context.new_page()
    page.goto(spoiled_page.as_uri())
    waited(page)
    assert page.title() == "Check a text · Letters After"
    spoiled_page.write_text(text.replace("start();\n</script>", "document.title = 'ran';\nstart();\n</script>"))
    page.goto(spoiled_page.as_uri())
    assert page.title() == "Check a text · Letters After"


def test_without_javascript_it_says_what_to_do(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((SITE / PAGE).as_uri())
    assert "Without JavaScript this page can check nothing." in page.locator("noscript").inner_text()
    context.close()
