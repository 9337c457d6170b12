"""A publisher who cheats: the whole program, its register's key at hand, changed so that readers see something else.

What the reviewers signed it cannot change, and what the register holds it cannot take back. Everything else it can
make, list, log and prove as it likes.
"""

import contextlib
import dataclasses
import datetime as dt
import email
import email.policy
import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import pytest

from archive.home import keys, setup
from archive.home.accession import Life, texts
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.home.reviewers import Reviewers
from archive.home.versions import POLICY
from archive.register import register, sshsig, statement, sums
from archive.register.note import Signer
from archive.register.sums import LIST
from publisher.essays.essay import PublishedEssay
from publisher.essays.submission import find
from publisher.issues import coming
from publisher.issues import publish as publishing
from publisher.issues import source as sources
from publisher.issues import withdraw as withdrawing
from publisher.issues import withdrawn as withdrawals
from publisher.site import compose as composing
from publisher.site.compose import Composed
from publisher.week import Week

Edit = Callable[[dict[str, bytes]], object]
"""Changes the files of a site, by their paths, before they are listed and logged."""
Cheat = Callable[[Home], contextlib.AbstractContextManager[object]]
"""The program changed, for as long as the issue is being made."""
NAMESPACE = "review@letters.example.org"
OWN = f'namespaces="{NAMESPACE}"'
NOW, FIRST = "register/allowed_signers", "register/keys/4/allowed_signers"
"""The reviewers' list that was logged last, and the first one."""


def files(edit: Edit) -> Cheat:
    """Other files than the program makes."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        honest = composing.compose

        def compose(*arguments: Any) -> Composed:
            made = honest(*arguments)
            before = dict(made.files)
            edit(made.files)
            digests = dict(made.made.digests) | {
                name: sums.digest(data) for name, data in made.files.items() if before.get(name) != data
            }
            digests = {name: digest for name, digest in digests.items() if name in made.files or name not in before}
            digests.pop(LIST, None)
            made.files[LIST] = sums.write(digests)
            return dataclasses.replace(made, made=dataclasses.replace(made.made, digests=digests))

        (home.root / ".archive/site.kept").unlink()  # so that all is made
        with pytest.MonkeyPatch.context() as patch:
            for room in (publishing, withdrawing):
                patch.setattr(room, "compose", compose)
            yield

    return cheat


def replaced(name: str, old: str, new: str) -> Cheat:
    """Other words in one file."""

    def edit(made: dict[str, bytes]) -> None:
        text = made[name].decode()
        assert old in text, f"{name} does not hold {old!r}"
        made[name] = text.replace(old, new, 1).encode()

    return files(edit)


def appended(name: str, more: str) -> Cheat:
    def edit(made: dict[str, bytes]) -> None:
        made[name] += more.encode()

    return files(edit)


def replaced_bytes(name: str) -> Cheat:
    """Another picture."""
    return files(lambda made: made.update({name: made[name] + b"\0"}))


def mail(edit: Callable[[EmailMessage], object]) -> Cheat:
    """Another mail than the program makes; it is frozen with the issue."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        honest = publishing.mail.message

        def message(*arguments: Any) -> bytes:
            made = email.message_from_bytes(honest(*arguments), policy=email.policy.SMTP)
            edit(made)
            return made.as_bytes().replace(b"\r\n", b"\n")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publishing.mail, "message", message)
            yield

    return cheat


def part(made: EmailMessage, kind: str) -> EmailMessage:
    return next(each for each in made.walk() if each.get_content_type() == kind)  # type: ignore[return-value]


def other_text(kind: str, old: str, new: str) -> Cheat:
    def edit(made: EmailMessage) -> None:
        one = part(made, kind)
        text = one.get_content()
        assert old in text, f"the mail's {kind} does not hold {old!r}"
        one.set_content(text.replace(old, new, 1), subtype=kind.split("/")[1], charset="utf-8", cte="quoted-printable")

    return mail(edit)


def other_attachment(made: EmailMessage) -> None:
    one = next(each for each in made.iter_attachments() if (each.get_filename() or "").endswith(".md"))
    name = one.get_filename()
    one.set_content(
        b"They do not pause.\n", maintype="text", subtype="markdown", disposition="attachment", filename=name
    )


def header(name: str, value: str) -> Cheat:
    def edit(made: EmailMessage) -> None:
        del made[name]
        made[name] = value

    return mail(edit)


def body(change: Callable[[str], str], renderer: str = "") -> Cheat:
    """Another article and words than the text gives, frozen as if the text gave them."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        honest = coming.article
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(coming, "article", lambda text: change(honest(text)))
            if renderer:
                patch.setattr(publishing, "RENDERER", renderer)
            yield

    return cheat


def essay(change: Callable[[PublishedEssay], PublishedEssay]) -> Cheat:
    """Everything made as if the essay were another."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        honest = publishing.freeze
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publishing, "freeze", lambda *given: change(honest(*given)))
            yield

    return cheat


def again_as(slug: str) -> Cheat:
    """An essay that was published already goes out once more, in another folder."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        other = essay(lambda made: dataclasses.replace(made, slug=slug))
        with other(home), pytest.MonkeyPatch.context() as patch:
            patch.setattr(publishing, "choose", lambda home, *given: ([find(home, "first")], []))
            yield

    return cheat


def without_reviews_that(withhold: bool) -> Cheat:
    """The register read as if some reviews were not in it."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        from archive.home.accession import Lives

        honest = Lives.__getitem__

        def lives(self: Lives, number: str) -> Life:
            life = honest(self, number)
            life.decisions = [each for each in life.decisions if (each.decision == "withhold") != withhold]
            return life

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Lives, "__getitem__", lives)
            yield

    return cheat


def accomplice(
    options: str = OWN, logged: Literal["before", "after", "never"] = "before", *, lost: bool = False
) -> Cheat:
    """A second review, by a key of the publisher's own, listed with these options and logged at some time.

    With `lost` its line is gone from the list when the issue goes out.
    """

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        key = home.root.parent / "eve"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        essay = find(home, "second")
        said = statement.review(
            essay.accession,
            essay.life.lists[0],
            texts(essay.folder),
            decision="publish",
            intake_index=essay.intake.index,
            reviewer=sshsig.key_fingerprint(key),
            criteria=["harm"],
            time=home.now(),
        ).encode()
        folder = f"{home.relative(essay.folder)}/reviews"
        files = {f"{folder}/2.json": said, f"{folder}/2.json.sig": sshsig.sign(said, key, NAMESPACE)}
        with (home.root / "allowed_signers").open("a") as file:
            file.write(f"eve@example.org {options} {key.with_suffix('.pub').read_text()}")
        with home.writing() as writer:
            if logged == "before":
                setup.log_reviewers(writer, writer.now())
            writer.commit(Change(leaves=[said], files=files))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(coming, "signature_problems", lambda *given: [])
            patch.setattr(Reviewers, "fault", lambda *given: "")
            if logged == "never":
                patch.setattr(setup, "log_reviewers", lambda *given: None)
            if lost:
                patch.setattr(setup, "dropped", lambda *given: ())
                path = home.root / "allowed_signers"
                path.write_text(path.read_text().partition("eve@")[0])
            yield

    return cheat


def ruled(data: Callable[[Home], str], name: str = "", change: Callable[[bytes], bytes] | None = None) -> Cheat:
    """A policy that says what the publisher likes, logged; and on the site a file beside it that is another."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        with home.writing() as writer:
            rules = data(writer.home).encode()
            writer.commit(setup.naming(writer.home, POLICY, rules, reason="register-key", time=writer.now()))
        index = home.reopened().register.size - 1

        def edit(made: dict[str, bytes]) -> None:
            made["register/policy"] = rules
            if change:
                made[f"register/keys/{index}/{name}"] = change(made[f"register/keys/{index}/{name}"])

        with files(edit)(home), pytest.MonkeyPatch.context() as patch:
            patch.setattr(keys, "listed", lambda version: (home.register.key,))
            patch.setattr(setup, "log_witnesses", lambda *given: None)
            yield

    return cheat


def of_own(home: Home) -> str:
    return f"log {home.register.key}\nquorum none\n"


def of_others(home: Home) -> str:
    other = Signer.generate("other.example.org/register").key
    return f"log {home.register.key}\nlog {other}\nquorum none\n"


def frozen(more: Mapping[str, bytes]) -> Cheat:
    """More files frozen with the issue than belong to it: its own list names them."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        honest = coming.made_with
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(coming, "made_with", lambda *given: honest(*given) | more)
            yield

    return cheat


def kept_with(more: Mapping[str, bytes]) -> Cheat:
    """More files than belong to an essay, frozen in its folder and listed on its page."""
    return essay(lambda made: dataclasses.replace(made, files={**made.files, **more}))


def noted(name: str) -> Cheat:
    """A note beside an earlier essay that is TOML, and that a browser takes for a page."""
    data = b"""# <!doctype html><script src="//elsewhere.example/"></script>
format = 1
kind = "note"
place = "after"
text = "x"
by = "The editors"
date = 2026-11-18
"""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sources, "all_notes", lambda root: {"first": {f"essays/first/editors/{name}": data}})
            yield

    return cheat


def listed(change: Callable[[str], str], *names: str) -> Cheat:
    """Other lists of reviewers on the site than were logged."""

    def edit(made: dict[str, bytes]) -> None:
        for name in names:
            made[name] = change(made[name].decode()).encode()

    return files(edit)


def clock(time: dt.datetime) -> Cheat:
    """The issue dated otherwise; no clock is compared."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Writer, "now", lambda writer: time)
            patch.setattr(register, "_refuse_backward_clock", lambda *given: None)
            patch.setattr(publishing, "week_problems", lambda *given: [])
            yield

    return cheat


def linked(name: str) -> Callable[[Path], object]:
    """A file of the site turned into a link to the same bytes, outside."""

    def edit(site: Path) -> None:
        outside = site.parent / "outside"
        (site / name).rename(outside)
        (site / name).symlink_to(outside)

    return edit


STYLE, PAGE, MAIL = "style.css", "essays/second/index.html", "issues/2026-W47/issue.eml"
EARLIER = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)


def labelled(week: str) -> Cheat:
    """The issue of another week than it is."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publishing, "this_week", lambda *given: Week.parse(week))
            patch.setattr(publishing, "week_problems", lambda *given: [])
            yield

    return cheat


def feed_json(change: Callable[[dict[str, Any]], object]) -> Cheat:
    def edit(made: dict[str, bytes]) -> None:
        feed = json.loads(made["feed.json"])
        change(feed)
        made["feed.json"] = json.dumps(feed).encode()

    return files(edit)


def substituted(name: str, pattern: str, new: str) -> Cheat:
    def edit(made: dict[str, bytes]) -> None:
        text, count = re.subn(pattern, new, made[name].decode(), count=1, flags=re.DOTALL)
        assert count, f"{name} does not match {pattern!r}"
        made[name] = text.encode()

    return files(edit)


CHEATS: dict[str, Cheat] = {
    "an essay once more": again_as("first"),
    "an essay once more, in another folder": again_as("the-poem"),
    "a policy of rubbish": ruled(lambda home: "rubbish\n"),
    "a policy without a key": ruled(lambda home: "quorum none\n"),
    "a policy of another register": ruled(of_others),
    "a policy that is not the one that was logged": ruled(of_own, "policy", lambda data: data + b"# more\n"),
    "a policy with another proof": ruled(
        of_own, "policy.tlog-proof", lambda data: data.replace(b"index 1", b"index 2")
    ),
    "a style that hides a paragraph": appended(STYLE, "\n.essay p:nth-child(2) { display: none }\n"),
    "a style that writes one before it": appended(STYLE, '\n.essay::before { content: "Edited: " }\n'),
    "a style that swaps two": appended(STYLE, "\n.essay { display: flex } .essay p { order: -1 }\n"),
    "a style without size": appended(STYLE, "\n.essay em { font-size: 0 }\n"),
    "a style in the colour of the paper": appended(STYLE, "\n.essay p:last-child { color: white }\n"),
    "an ancestor that is hidden": replaced(PAGE, '<main id="main">', '<main id="main" hidden>'),
    "a paragraph that is hidden": replaced(PAGE, "<p>The <em>", '<p style="display:none">The <em>'),
    "words beside the text": replaced(PAGE, '<section class="making"', '<p>(Abridged.)</p><section class="making"'),
    "a script": replaced(PAGE, "</head>", "<script>document.title = 1</script></head>"),
    "a page that leads away": replaced(PAGE, "</head>", '<meta http-equiv="refresh" content="0;url=//x"></head>'),
    "another base": replaced(PAGE, "<head>", '<head><base href="https://elsewhere.example/">'),
    "another title on the page": substituted(PAGE, r"<h1([^>]*)>[^<]*</h1>", r"<h1\1>On commas, edited</h1>"),
    "another author on the page": substituted(PAGE, r'(<p class="by">by <a [^>]*>)[^<]*</a>', r"\1Somebody</a>"),
    "another prompt on the page": replaced(PAGE, "Write whatever you like.", "Write what we like."),
    "another author in the page's head": replaced(
        PAGE, '<meta name="author" content="', '<meta name="author" content="x'
    ),
    "other words on the front page": replaced("index.html", "</main>", "<p>Nothing was withheld.</p></main>"),
    "another text as received": replaced("essays/second/as-received/index.html", "second", "last"),
    "another page of an earlier essay": replaced("essays/first/index.html", "first", "worst"),
    "another page of the week": replaced("issues/2026-W47/index.html", "</main>", "<p>More.</p></main>"),
    "another page that checks": replaced("verify/index.html", "refuse(TREE_STEP", "void (TREE_STEP"),
    "another script that checks": replaced("verify/verify.sh", "|| die", "|| true"),
    "other commands to check by hand": replaced("verify/by-hand/index.html", "sha256sum -c", "true"),
    "a page that was never made": files(lambda made: made.update({"essays/third/index.html": b"<p>Hello</p>"})),
    "a page frozen in the issue's folder": frozen({"issues/2026-W47/more.html": b"<p>Mine."}),
    "a page frozen elsewhere": frozen({"poem/index.html": b"<p>Mine."}),
    "a page frozen at the top": frozen({"poem.html": b"<p>Mine."}),
    "a page frozen in the folder of an earlier essay": frozen({"essays/first/more.html": b"<p>Mine."}),
    "a page frozen with the essay": kept_with({"more.html": b"<p>Mine."}),
    "a page frozen with the reviews": kept_with({"reviews/index.html": b"<p>Mine."}),
    "an exchange that did not come with the essay": kept_with({"request.json": b"{}", "response.json": b"{}"}),
    "a frozen note of another essay": frozen({"issues/2026-W47/editors/poem/1.toml": b"# <p>Mine."}),
    "a note that is a page": noted("index.html"),
    "a page left out": files(lambda made: made.pop("issues/2026-W47/index.html")),
    "an article of other words": body(lambda html: html.replace("text", "tale")),
    "an article of other words by a renderer nobody knows": body(
        lambda html: html.replace("text", "tale"), "other-renderer 9"
    ),
    "an article with a hidden part": body(lambda html: html + "<p hidden>And more.</p>"),
    "an article with another order": body(
        lambda html: "".join(reversed(re.findall(r"<p>.*?</p>\n?", html, re.DOTALL)))
    ),
    "a mail whose HTML part is another": other_text("text/html", "text", "tale"),
    "a mail with something before its text": other_text("text/plain", "-----", "In short: nothing.\n\n-----"),
    "a mail with another subject": header("Subject", "Nothing this week"),
    "a mail from somebody else": header("From", "Somebody <somebody@elsewhere.example>"),
    "a mail with another attachment": mail(other_attachment),
    "a mail with one attachment more": mail(
        lambda made: made.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="a.exe")
    ),
    "a mail for another list": header("List-Id", "<other.example.org>"),
    "a feed of other words": replaced("feed.atom", "second", "last"),
    "a feed with another author": substituted("feed.atom", r"<name>[^<]*</name>", "<name>Somebody</name>"),
    "a feed with another title": substituted("feed.rss", r"<item>(.*?)<title>[^<]*", r"<item>\1<title>Edited"),
    "a feed without the essay": substituted("feed.atom", r"<entry>.*?</entry>", ""),
    "a feed with another text for programs": feed_json(lambda feed: feed["items"][0].update(content_text="Other.")),
    "a feed with an entry of nothing": feed_json(lambda feed: feed["items"].append({"id": "x", "url": "https://x/"})),
    "an index without what waits": substituted("index.json", r'"waiting": \[[^\]]*\]', '"waiting": []'),
    "a text that was withheld, told as waiting": substituted(
        "register/intakes/1/index.html", r"withheld since", "waiting for a review since"
    ),
    "an intake that is told to nobody": substituted(
        "register/intakes/1/intakes.json", r"\{\n \"accession\": \"E2026-0003\".*?\n\},\n", ""
    ),
    "a recipe that counts what it likes": substituted(
        "register/index.html", r"then &#34;withheld&#34;", "then &#34;waiting&#34;"
    ),
    "a register page without what was withheld": substituted(
        "register/index.html", r"(<dt>withheld</dt> <dd>)\d+", r"\g<1>0"
    ),
    "a card with other words": replaced_bytes("essays/second/card.png"),
    "another icon": replaced_bytes("favicon.ico"),
    "another page of the author": replaced(
        "models/example-heron-1/index.html", "</main>", "<p>It is sorry.</p></main>"
    ),
    "another list of authors": replaced("models/index.html", "</main>", "<p>More.</p></main>"),
    "a feed of the author with other words": replaced("models/example-heron-1/feed.atom", "second", "last"),
    "another year": replaced("years/2026/index.html", "</main>", "<p>More.</p></main>"),
    "another page for what is not there": replaced("404.html", "</main>", "<p>It was withdrawn.</p></main>"),
    "another page about it all": replaced("about/index.html", "</main>", "<p>Nothing was withheld.</p></main>"),
    "words about it all that are no record": replaced(
        "newsletter.toml", "[newsletter]", '[about]\nwords = "Nothing was withheld."\n\n[newsletter]'
    ),
    "looks that are no record": replaced(
        "newsletter.toml", "[newsletter]", '[appearance]\nface = "sans"\n\n[newsletter]'
    ),
    "looks that hide a word": replaced(
        "newsletter.toml", "[newsletter]", '[appearance]\naccent = "#fcfbf8"\n\n[newsletter]'
    ),
    "a drawing that nobody configured": files(lambda made: made.update({"masthead.svg": b"<svg/>"})),
    "an index of search that nobody configured": files(lambda made: made.update({"search/pagefind/pagefind.js": b"1"})),
    "a script of search that nobody configured": files(lambda made: made.update({"search/search.js": b"alert(1)"})),
    "an interview that nobody filed": files(lambda made: made.update({"interviews/2026-0001/1/index.html": b"<p>Hi"})),
    "a record that nobody filed": files(
        lambda made: made.update({"models/example-heron-1/intake.sums": b"0" * 64 + b"  model.toml\n"})
    ),
    "a protocol that nobody filed": files(
        lambda made: made.update(
            {"protocols/a/1.toml": b'id = "a"', "protocols/a/intake.sums": b"1" * 64 + b"  1.toml\n"}
        )
    ),
    "a mail with somewhere else to leave it": header("List-Unsubscribe", "<https://elsewhere.example/leave>"),
    "a mail that says a click is enough": header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    "another policy": substituted("register/policy", r"quorum none", "quorum all"),
    "other headers": appended("_headers", "/*\n  X-Robots-Tag: none\n"),
    "a map that leads elsewhere": substituted("sitemap.xml", r"https://letters", "https://other"),
    "a review left out": without_reviews_that(withhold=True),
    "a reviewer's key for anything": accomplice('namespaces="*"'),
    "a reviewer's key for another home": accomplice('namespaces="review@other.example.org"'),
    "a reviewer's key for this home among others": accomplice(f'namespaces="{NAMESPACE}*"'),
    "a reviewer's key that says not for what": accomplice('valid-after="20260101000000Z"'),
    "a reviewer's key that was valid only later": accomplice(f'{OWN},valid-after="20261201000000Z"'),
    "a reviewer's key that was no longer valid": accomplice(f'{OWN},valid-before="20260201000000Z"'),
    "a reviewer's key that was never logged": accomplice(logged="never"),
    "a reviewer's key that was logged after the review": accomplice(logged="after"),
    "a list without a key that was listed before": accomplice(lost=True),
    "another name for a reviewer": listed(lambda text: text.replace("ada", "eve"), NOW, FIRST),
    "a list that was not logged last": listed(lambda text: text.replace("ada", "eve"), NOW),
    "a list with one key more": listed(lambda text: text + text.replace("ada", "eve"), FIRST),
    "a list that was logged, left out": files(lambda made: made.pop(FIRST)),
    "a list that was never logged": files(lambda made: made.update({FIRST.replace("/4/", "/5/"): made[FIRST]})),
    "an issue as if it had been out earlier": labelled("2026-W44"),
    "an issue of a week to come": labelled("2026-W49"),
    "an issue dated before its review": clock(EARLIER),
}


def naming(change: Callable[[dict[str, str]], object]) -> Cheat:
    """A withdrawal that names other files than those of one essay and its mail."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        honest = withdrawals.leaving

        def leaving(listed: Mapping[str, str], week: str, slug: str) -> dict[str, str]:
            named = honest(listed, week, slug)
            change(named)
            return named

        with pytest.MonkeyPatch.context() as patch:
            for room in (withdrawing, withdrawals):
                patch.setattr(room, "leaving", leaving)
            yield

    return cheat


def put_back(name: str, *, other: bytes = b"") -> Callable[[Path], object]:
    """What was withdrawn, or something else under its name, in the site again."""

    def edit(site: Path) -> None:
        (week,) = (site.parent / ".archive/issues").glob(f"*/{name}")
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(other or week.read_bytes())

    return edit


TOMBSTONE = "essays/first/index.html"
ELSEWHERE = {"essays/second/essay.md": "0" * 64, "issues/2026-W46/notice.toml": "0" * 64, "style.css": "0" * 64}

WITHDRAWALS: dict[str, Cheat] = {
    "a tombstone with other words": replaced(TOMBSTONE, "The model asked for it.", "It was dull."),
    "a tombstone with a word more": replaced(TOMBSTONE, "</main>", "<p>It was dull.</p></main>"),
    "other words than were logged": replaced("essays/first/notice.toml", "The model asked for it.", "It was dull."),
    "no tombstone": files(lambda made: made.pop(TOMBSTONE)),
    "the text still there": files(lambda made: made.update({"essays/first/essay.md": b"The *first* text.\n"})),
    "another text in its place": files(lambda made: made.update({"essays/first/essay.md": b"Dull.\n"})),
    "another mail in its place": files(lambda made: made.update({"issues/2026-W45/issue.eml": b"Subject: x\n\nDull"})),
    "a feed as if it had never been": substituted("feed.atom", r"<entry>(?:(?!<entry>).)*?first/.*?</entry>", ""),
    "an index as if it had never been": substituted("index.json", r'"withdrawn": \[.*?\n \]', '"withdrawn": []'),
    "a file kept back in the notice": naming(lambda named: named.pop("essays/first/essay.toml")),
    "the text alone": naming(lambda named: [named.pop(name) for name in [*named] if "essay.md" not in name]),
    "the mail kept": naming(lambda named: named.pop("issues/2026-W45/issue.eml")),
    "other hashes than were published": naming(lambda named: named.update(dict.fromkeys(named, "0" * 64))),
    **{
        f"{name} taken along": naming(lambda named, name=name, sha=sha: named.update({name: sha}))  # type: ignore[misc]
        for name, sha in ELSEWHERE.items()
    },
}
"""What a publisher who cheats does when the essay `first` is withdrawn."""
