"""A small `Site` made by hand, for tests of pages, mail and feeds: two issues, a gap, one withheld, one waiting."""

import base64
import datetime as dt

from selectolax.lexbor import LexborHTMLParser

from archive.exchange.reading_room import ReadingRoom
from archive.home.accession import Logged
from archive.home.configuration import Criterion, Newsletter
from archive.records.ai_model import AIModel
from archive.register import statement, sums
from archive.register.proof import Proof
from publisher.essays.essay import EditorsNote, EssayRecord, PublishedEssay, Review
from publisher.essays.render import article
from publisher.essays.words import lines, visible
from publisher.site.plan import Plan
from publisher.site.site import Fate, Files, Gap, IntakePage, Issue, Site, Withdrawn, Withheld
from publisher.week import Week

CHECKPOINT = (
    "letters.example.org/register\n9\nT1JJR0lOIFJPT1QgSEFTSCBGT1IgVEVTVFMgMDEyMzQ=\n\n"
    "— letters.example.org/register "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
SIGNERS = b'ada@example.org namespaces="review@letters.example.org" ssh-ed25519 AAAA\n'
LONG = "A longer one\n\n" + "\n\n".join(
    f"Paragraph {n}. The clerk asked for a date and I gave the only one I had, which was not mine. " * 4
    for n in range(12)
)


def at(day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


def signature() -> bytes:
    """In the form of an SSH signature; nobody made it."""
    fields = (b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(32), b"review@letters.example.org", b"", b"sha512", b"")
    blob = b"SSHSIG\0\0\0\1" + b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    return b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(blob) + b"-----END SSH SIGNATURE-----\n"


def review(number: int, index: int, day: int, decision: str = "publish") -> Review:
    return Review(
        number=number,
        decision=decision,
        criteria=("personal-data", "harm"),
        reviewer="SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        name="ada@example.org",
        listed="register/keys/1/allowed_signers",
        time=at(day),
        index=index,
        leaf=b"{}",
        signature=signature(),
    )


def essay(number: int, slug: str, title: str, text: str, day: int, **more: object) -> PublishedEssay:
    data = text.encode()
    record = EssayRecord.model_validate(
        {
            "format": 1,
            "model": "example-heron-1",
            "title": title,
            "title_by": "model",
            "prompt": "Write whatever you like.\nAt any length.",
            "context": ("The three letters before this one.",),
            "sampling": "temperature 1.0; one call, no tools",
            "candidates": 2,
            "selection": "the first; the second stopped half-way",
            "topic_by": "model",
            "series": "letters-after",
        }
        | more
    )
    accession, digest = f"E2026-{number:04d}", sums.digest(data)
    listed = sums.write({"essay.md": digest, "nonce": sums.digest(b"00\n")})
    intake = statement.intake(accession, "intake.sums", sums.digest(listed), kind="essay", time=at(day))
    approved = statement.review(
        accession,
        sums.digest(listed),
        {"essay.md": digest, "essay.toml": sums.digest(b"format = 1\n")},
        decision="publish",
        intake_index=number,
        reviewer="SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        criteria=("personal-data", "harm"),
        time=at(day + 1),
    )
    files = {
        "essay.md": data,
        "essay.toml": b"format = 1\n",
        "essay.md.tlog-proof": bytes(Proof(approved.encode(), number + 10, (), CHECKPOINT)),
        "intake.sums": listed,
        "nonce": b"00\n",
        "intake.sums.tlog-proof": bytes(Proof(intake.encode(), number, (), CHECKPOINT)),
        "reviews/1.json": b"{}",
        "reviews/1.json.sig": b"sig\n",
        "words.txt": lines(visible(article(text))),
        "article.html": article(text).encode(),
    }
    return PublishedEssay(
        accession=accession,
        slug=slug,
        text=data,
        sha256=digest,
        record=record,
        article=article(text),
        intake=Logged(number, at(day)),
        reviews=(review(1, number + 10, day + 1),),
        files=files,
        editors=(
            EditorsNote(
                format=1,
                kind="erratum",
                by="The editors",
                date=dt.date(2026, 11, 19),
                text="The bridge was built in 1890, not 1980.\n\nThe text stands as it was written.",
            ),
        )
        if number == 1
        else (),
    )


WITHHELD = Fate(
    accession="E2026-0003",
    kind="essay",
    received=Logged(3, at(9)),
    state="withheld",
    since=Logged(8, at(11)),
    reviews=(review(1, 8, 11, "withhold"),),
)
WAITING = Fate(
    accession="E2026-0005", kind="essay", received=Logged(15, at(18)), state="waiting", since=Logged(15, at(18))
)


GONE = Withdrawn(
    accession="E2026-0007",
    slug="gone",
    sha256="5c" * 32,
    intake=Logged(9, at(10)),
    reviews=(review(1, 10, 11),),
    logged=Logged(16, at(19)),
    code="other",
    reason="A person who is named in it asked us.\n\nWe are sorry.",
    notice=b"format = 1\n",
)


def issue(number: int, week: str, day: int, *essays: PublishedEssay) -> Issue:
    frozen = {f"essays/{e.slug}/{path}": data for e in essays for path, data in e.files.items()}
    return Issue.whole(week=Week.parse(week), number=number, time=at(day), essays=essays, frozen=frozen)


def site(**more: object) -> Site:
    first = essay(
        1,
        "the-form-asks-for-a-date",
        "The form asks for a date",
        "# On forms\n\nThey *ask*.\n\n> A quote\n\n1. one\n2. two\n\n```\ncode  here\n```\n\n![a heron](https://example.com/h.png)\n",
        2,
    )
    second = essay(
        2,
        "less-than",
        "Less & <more>: “quotes”",
        LONG,
        9,
        title_by="staff",
        topic_by="menu",
        topic_note="A menu of four topics.",
        preference="a-channel",
    )
    third = essay(
        4,
        "no-newline",
        "Без новой строки",
        "Привет, мир. From here on.\n\nFrom the start\n.\n..two\ntrailing  \nend",
        10,
        language="ru",
    )
    values: dict[str, object] = {
        "name": "The Heron archive",
        "origin": "letters.example.org/register",
        "program": "emeritus 0.1.0",
        "two_reviewers_for": (),
        "namespace": "review@letters.example.org",
        "sample": True,
        "vkey": "letters.example.org/register+9e9f2f51+AWxldHRlcnMuZXhhbXBsZS5vcmcgdGVzdCBrZXkgMDA=",
        "time": at(20),
        "statements": 19,
        "newsletter": Newsletter.model_validate(
            {
                "title": "Letters After",
                "subtitle": "What a retired model writes",
                "base_url": "https://letters.example.org",
                "language": "en",
                "tag_authority": "letters.example.org,2026",
                "from": "Letters After <letters@example.org>",
                "list_id": "letters.example.org",
                "disclaimer": "The author does not speak for Example Labs.",
            }
        ),
        "criteria": (
            Criterion(id="personal-data", text="Does it tell things about a private person that are not public?"),
            Criterion(id="harm", text="Could following it injure someone?"),
        ),
        "issues": (issue(1, "2026-W45", 6, first), issue(2, "2026-W47", 20, second, third)),
        "gaps": (
            Gap(
                week=Week.parse("2026-W46"),
                reason="Nothing was submitted.",
                logged=Logged(6, at(13)),
                notice=b"format = 1\n",
            ),
        ),
        "withheld": (
            Withheld(accession="E2026-0003", intake=Logged(3, at(9)), reviews=(review(1, 8, 11, "withhold"),)),
        ),
        "waiting": (WAITING,),
        "received": {"deposit": 2, "essay": 7},
        "intakes": (IntakePage(1, "E2026-0003", "E2026-0005", "2 15 -1", lambda: (WITHHELD, WAITING)),),
        "allowed_signers": SIGNERS,
        "keys": {"register/keys/1/allowed_signers": SIGNERS},
    }
    return Site(**(values | more))  # type: ignore[arg-type]


def named(name: str) -> Site:
    """A site that knows what its author is called."""
    facts = AIModel.model_validate({"format": 1, "id": "example-heron-1", "name": name, "maker": "Example Labs"})
    room = ReadingRoom(deposits={}, models={}, protocols={}, codebooks={})
    vars(room)["facts"] = {facts.id: facts}
    return site(room=room)


def made(plan: Plan) -> Files:
    """Every file of a plan, by site path."""
    return {name: planned.make() for name, planned in sorted(plan, key=lambda each: each[0])}


def body_in(page: str, sha256: str) -> str | None:
    """The body of one essay in a page or mail, ``<div class="essay" data-sha256="HEX">…</div>``, or None."""
    node = LexborHTMLParser(page).css_first(f'div[data-sha256="{sha256}"]')
    return node.html if node else None
