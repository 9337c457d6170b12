"""What a reader holds and has checked: a text and its proof, a mail, a feed, a page, words, an excerpt."""

import json
from collections.abc import Callable
from functools import cache

from archive.register import witness
from publisher.verify import follow, sheet, target
from publisher.verify.verdict import Verdict
from tests.fuzz import of_register
from tests.fuzz.of_register import SITE, key
from tests.fuzz.target import Target, lying


def _told(found: Verdict) -> str:
    """For people and for programs."""
    return found.sentence + json.dumps(found.facts)


def _held(name: str) -> Callable[[bytes], object]:
    """Verified as it lies under that name, with the golden site at hand."""

    def verified(data: bytes) -> object:
        return _told(target.verify(str(lying(f"held/{name}", data)), key=key(), site=str(SITE)))

    return verified


def beside(data: bytes) -> object:
    """A proof beside the text that it should be of."""
    text = lying("beside/essay.md", (SITE / "essays/odd/essay.md").read_bytes())
    lying("beside/essay.md.tlog-proof", data)
    return _told(target.verify(str(text), key=key()))


def pasted(data: bytes) -> object:
    """Words that somebody read, held against the essays of a site."""
    return _told(target.verify(str(SITE), key=key(), words=data))


def remembered(data: bytes) -> object:
    """What `publisher follow` keeps of a register, whatever happened to it."""
    folder = lying(f"followed/{witness.place(key().name)}.json", data).parent
    return follow.seen_away(folder, key().name)


def styled(data: bytes) -> object:
    """A style sheet that came with a page."""
    return [*sheet.rules(data.decode(errors="replace"))]


def _read(*names: str) -> Callable[[], list[bytes]]:
    return lambda: [(SITE / name).read_bytes() for name in names]


@cache
def _mhtml() -> bytes:
    """A page as Chromium saves it in one file."""
    html = (SITE / "essays/odd/index.html").read_bytes()
    address = b"https://letters.example.org/essays/odd/"
    head = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: " + address + b"\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----B----"\r\n\r\n'
    parts = b"------B----\r\nContent-Type: text/html\r\nContent-Location: " + address + b"\r\n\r\n" + html
    return head + kind + parts + b"\r\n------B------\r\n"


def _followed() -> bytes:
    note = (SITE / "register/checkpoint").read_text()
    time = "2026-11-20T09:00:00Z"
    first, last = {"time": time, "size": 11}, {"time": time, "key": str(key()), "note": note, "newest": time}
    away = {"time": time, "place": "https://letters.example.org", "size": 11, "root": note.split("\n")[2]}
    return json.dumps({"first": first, "last": last, "away": away}).encode()


def _excerpts() -> list[bytes]:
    return of_register.TARGETS["excerpt"].seeds()


ESSAYS = ("essays/odd/index.html", "essays/from-an-answer/as-received/index.html")
MARKS = (b"----- BEGIN ESSAY ", b"----- END ESSAY ", b"\nContent-Type: ", b"boundary=", b"base64", b"\n\n", b"--=_")
HTML = (
    b"<p>",
    b"</div>",
    b'<span style="',
    b"display:none",
    b"<details>",
    b"<table>",
    b' class="',
    b"<!--",
    b"&#x202e;",
)
XML = (b"<entry>", b"<item>", b"<content type=", b"<![CDATA[", b"]]>", b"<!DOCTYPE ", b"<!ENTITY ", b"xmlns=", b"&amp;")
TARGETS = {
    "held-text": Target(_held("essay.md"), _read("essays/odd/essay.md"), largest=2048),
    "held-proof": Target(beside, _read("essays/odd/essay.md.tlog-proof"), of_register.FORMS),
    "held-mail": Target(_held("issue.eml"), _read("issues/2026-W45/issue.eml"), MARKS, 1 << 16),
    "held-atom": Target(_held("feed.atom"), _read("feed.atom", "feed.rss"), XML, 1 << 16),
    "held-json": Target(_held("feed.json"), _read("feed.json"), (b'"items":', b'"_emeritus":'), 1 << 16),
    "held-page": Target(_held("index.html"), _read(*ESSAYS), HTML, 1 << 16),
    "held-mhtml": Target(_held("page.mhtml"), lambda: [_mhtml()], (*HTML, *MARKS), 1 << 16),
    "held-excerpt": Target(_held("excerpt.json"), _excerpts, (b'"runs":', b'"list":', b'"proof":'), whole=False),
    "held-words": Target(pasted, _read("essays/odd/words.txt"), largest=2048),
    "followed": Target(remembered, lambda: [_followed()], (b'"last":', b'"away":', b'"key":', b'"note":'), 4096),
    "sheet": Target(styled, _read("style.css"), (b"@media ", b"{", b"}", b"/*", b"*/", b"\\"), 8192),
}
