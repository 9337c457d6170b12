"""``issue.eml``: an issue as one mail, with every essay verbatim in its text part and attached byte for byte.

The form of an essay in the text part, frozen::

    ----- BEGIN ESSAY E2026-0007 1234 bytes sha256:7f83b165…9069 -----
    the 1234 bytes of essay.md, whatever they are
    ----- END ESSAY E2026-0007 -----

The length in the first line says where the text ends; then come one line feed, which is not part of it, and the last
line. So a text may end without a line feed and may hold lines that look like these. A mail travels with CRLF and in
whatever transfer encoding a server likes; once both are undone, the hash must fit.

What we write there ourselves stands in lines of at most 72 columns (`Mailing.form` 2); a text, a command, an address
and a marker line stand as they are, whatever their length.

To send, hand these bytes to ``smtplib.SMTP.sendmail``: ``send_message`` would write them anew and turn ``From `` into
``>From ``. ``To`` is the sender; the envelope names the list. The List- headers say what is configured; what only the
list software can know, such as an address for each reader, is left to it.
"""

import dataclasses
import datetime as dt
import hashlib
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.policy import EmailPolicy
from functools import cache, lru_cache
from textwrap import wrap

from css_inline import CSSInliner
from jinja2 import Template

from archive.errors import Malformed, Problem, Refused
from archive.wording import written
from publisher.essays.essay import EditorsNote, PublishedEssay
from publisher.site import mime
from publisher.site.colophon import LIMITS, SAMPLE, author, making, nih
from publisher.site.cut import bodies, essays
from publisher.site.shared import environment, paragraphs
from publisher.site.site import Issue, Site

COLUMNS = 72
"""Of a line of ours in the text part: what a terminal shows, and still does in a reply to a reply."""

WARN, LIMIT = 90_000, 100_000
"""Bytes of the decoded HTML part; Gmail cuts it off at about 102,000."""


def message(site: Site, issue: Issue) -> bytes:
    """The mail of an issue, the same bytes for the same values.

    Essays that would carry the HTML part over `LIMIT` are linked from there, not shown; see `html_size_problem`.
    Raises `Refused` where the HTML part is too long without any essay, or a text would not come out as it went in.
    """
    eml = written_out(site, issue)
    with suppress(Malformed):
        if [cut.text for cut in essays(eml)] == [essay.text for essay in issue.essays]:
            return eml
    raise Refused([Problem("issue.eml", "a text does not come out of the mail as it went in", "report this")])


def written_out(site: Site, issue: Issue) -> bytes:
    """The same, not yet read back: for comparing with a mail. Raises `Refused` where the HTML part is too long."""
    text, html = _text(site, issue), _html(site, issue)
    mark = hashlib.sha256((text + html).encode()).hexdigest()[:24]
    parts = [mime.alternative([mime.text(text, "plain"), mime.text(html, "html")], f"=_body_{mark}")]
    for essay in issue.essays:
        parts.append(mime.attached_text(essay.text, "markdown", f"{essay.slug}.md"))
        parts.append(mime.attached_file(essay.proof, f"{essay.slug}.md.tlog-proof"))  # as text, it would be shown
    fields = {"Content-Type": f'multipart/mixed; boundary="=_mail_{mark}"'} | _headers(site, issue)
    head = b"".join(_POLICY.fold_binary(*_POLICY.header_store_parse(*field)) for field in fields.items())
    return head + mime.END + mime.multipart(parts, f"=_mail_{mark}")


def html_size_problem(eml: bytes) -> Problem | None:
    """What is wrong with the size of the HTML part of an ``issue.eml``: a warning, since `message` keeps to `LIMIT`."""
    html = b"".join(bodies(eml, "text/html"))
    linked = [cut.accession for cut in essays(eml) if f'data-sha256="{cut.sha256}"'.encode() not in html]
    whole = "nothing is lost: every essay stands whole in the text part, as an attachment and on the web"
    if linked:
        found = f"the HTML part would pass {LIMIT:,} bytes, so it only links to {', '.join(linked)}"
        return Problem("issue.eml", found, whole)
    if len(html) >= WARN:
        found = f"the HTML part has {len(html):,} bytes, and Gmail hides what follows the first 102,000 or so"
        return Problem("issue.eml", found, whole)
    return None


class _Policy(EmailPolicy):
    """Folds and encodes no header that programs read as it stands: Gmail knows no ``List-Id: =?utf-8?q?…``."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name in {"Content-Type", "Message-ID", "Archived-At"} or name.startswith("List-"):
            return f"{name}: {value}{self.linesep}".encode()
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", max_line_length=mime.WIDTH)


def _headers(site: Site, issue: Issue) -> dict[str, str | dt.datetime]:
    letter = site.newsletter
    authority, _, since = letter.tag_authority.partition(",")
    local, _, host = authority.rpartition("@")
    first, *more = issue.essays
    languages = dict.fromkeys((letter.language, *(e.record.language for e in issue.essays if e.record.language)))
    return {
        "From": _line(letter.sender),
        "To": _line(letter.sender),
        "Subject": _line(first.record.title) + (f", and {len(more)} more" if more else ""),
        "Date": issue.time.astimezone(dt.UTC),
        "Message-ID": f"<{issue.week}.{since}{'.' if local else ''}{local}@{host}>",
        "List-Id": f"<{letter.list_id}>",
        **_list_headers(site),
        "Archived-At": f"<{site.url(f'issues/{issue.week}/')}>",
        "Content-Language": ", ".join(languages),
        "MIME-Version": "1.0",
    }


def _list_headers(site: Site) -> dict[str, str]:
    """What mail programs offer a reader of a list (RFC 2369); leaving it at one click (RFC 8058)."""
    letter = site.newsletter
    known = {
        "List-Archive": f"<{site.url()}>",
        "List-Unsubscribe": ", ".join(f"<{address}>" for address in letter.list_unsubscribe),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" if letter.list_one_click else "",
        "List-Help": f"<{letter.list_help}>" if letter.list_help else "",
        "List-Owner": f"<{letter.list_owner}>" if letter.list_owner else "",
    }
    return {name: value for name, value in known.items() if value}


def _line(text: str) -> str:
    """Text on one line; what parts lines for Python (U+0085, U+2028 …) would end a header."""
    return " ".join(text.splitlines())


def _text(site: Site, issue: Issue) -> str:
    letter = site.newsletter
    head = [
        letter.title,
        *([_line(letter.subtitle)] if letter.subtitle else []),
        f"Issue {issue.number}, {written(issue.time)}, week {issue.week}",
        "",
        f"Read on the web: {site.url(f'issues/{issue.week}/')}",
        "",
        *([*_folded(site, SAMPLE), ""] if site.sample else []),
        *([*_folded(site, _line(letter.disclaimer)), ""] if letter.disclaimer else []),
        "Each text stands whole between its two marker lines, unedited.",
    ]
    return "\n".join([*head, *(line for essay in issue.essays for line in _essay(site, essay)), *_foot(site, issue)])


def _essay(site: Site, essay: PublishedEssay) -> Iterator[str]:
    name = _line(author(site, essay))
    by = [f"by {name}"] if _named(site) else []
    yield from ("", "", _line(essay.record.title), *by, site.url(f"essays/{essay.slug}/"), "")
    yield from (*_folded(site, making(essay, name)), "")
    for note in essay.editors:
        if note.place == "before":
            yield from (*_note(site, note), "")
    yield f"----- BEGIN ESSAY {essay.accession} {len(essay.text)} bytes sha256:{essay.sha256} -----"
    yield essay.text.decode()
    yield f"----- END ESSAY {essay.accession} -----"
    for note in essay.editors:
        if note.place == "after":
            yield from ("", *_note(site, note))


def _named(site: Site) -> bool:
    """Whether a mail says by name who wrote a text, as all do but the first that went out."""
    return site.mailing is None or site.mailing.form > 1


def _folded(site: Site, text: str, before: str = "") -> list[str]:
    """A paragraph of ours in lines of at most `COLUMNS`, each with the same before it; in the first form as it is."""
    lines = _wrapped(text, COLUMNS - len(before)) if _named(site) else []
    return [before + line for line in lines or [text]]


@lru_cache(maxsize=64)  # what is said of one essay is mostly said of the others too
def _wrapped(text: str, columns: int) -> list[str]:
    return wrap(text, columns, break_long_words=False, break_on_hyphens=False)


def _note(site: Site, note: EditorsNote) -> Iterator[str]:
    """An editors' note; no line of it can be taken for the model's or for a marker."""
    yield f"| {'Erratum' if note.kind == 'erratum' else 'Note'} by the editors, not the model’s words:"
    for paragraph in paragraphs(note.text):
        yield "|"
        yield from (folded for line in paragraph.splitlines() for folded in _folded(site, line, "| "))
    yield "|"
    yield f"| {_line(note.by)}, {written(note.date)}"


def _foot(site: Site, issue: Issue) -> Iterator[str]:
    yield from ("", "", "Check it yourself", "")
    yield from _folded(
        site,
        "Save an attached text and its proof in one folder. The first line prints the\n"
        "number in the text’s first marker line; the second checks the proof.",
    )
    for essay in issue.essays:
        yield from ("", f"    sha256sum {essay.slug}.md", f"    {_command(site, essay)}")
    yield from ("", *_folded(site, LIMITS))
    for essay in issue.essays:
        yield from ("", _line(essay.record.title), f"Text:  {site.url(f'essays/{essay.slug}/essay.md')}")
        yield f"Proof: {site.url(f'essays/{essay.slug}/essay.md.tlog-proof')}"
        yield from ("To read aloud, with a check digit:", nih(essay.sha256))
    yield from ("", "The register’s signed checkpoint. Keep this mail: it shows if what the")
    yield "register held on this day is ever changed or removed."
    for checkpoint in _checkpoints(issue):
        yield from ("", checkpoint)


def _command(site: Site, essay: PublishedEssay) -> str:
    return f"publisher verify {essay.slug}.md --key {shlex.quote(site.vkey)}"


def _checkpoints(issue: Issue) -> dict[str, None]:
    """The checkpoints its proofs stand under, each once; there is one, unless an issue was made in two goes."""
    return dict.fromkeys(essay.checkpoint for essay in issue.essays)


def _html(site: Site, issue: Issue) -> str:
    """The HTML part: a frame with its styles written into each element, and in it the articles, untouched."""
    frame = _frame(site, issue)
    room = LIMIT - len(_filled(frame, {}).encode())
    shown = {}
    for place, essay in enumerate(issue.essays):
        size = len(essay.article.encode()) + 300  # its <div>, where a link to it stood
        if size < room:
            shown[place] = essay.article
            room -= size
    html = _filled(frame, shown)
    if len(html.encode()) > LIMIT:
        found = f"the HTML part would have {len(html.encode()):,} bytes without the essays, more than {LIMIT:,}"
        raise Refused([Problem("issue.eml", found, _shorter(site, issue))])
    return html


def _shorter(site: Site, issue: Issue) -> str:
    """What makes an HTML part fit that is too long without any essay: the first of these that is enough."""
    bare = tuple(dataclasses.replace(essay, editors=()) for essay in issue.essays)
    whole, one = (_size(site, issue.with_essays(*essays)) for essays in (bare, bare[:1]))
    if whole <= LIMIT:
        return f"shorten the editors’ notes: {LIMIT - whole:,} bytes are left for them"
    if one <= LIMIT:
        fit = 1 + (LIMIT - one) * (len(bare) - 1) // (whole - one)
        return f"publish fewer essays in this issue, about {fit} fit: name them with --essay, or lower per_issue"
    return "shorten the title of the essay, or the newsletter’s disclaimer in archive.toml"


def _size(site: Site, issue: Issue) -> int:
    return len(_filled(_frame(site, issue), {}).encode())


def _filled(frame: list[str], shown: Mapping[int, str]) -> str:
    """The frame with articles in it, by the places of their essays; a link stands in each other place."""
    head, *rest = frame
    made = [head]
    for place in range(len(rest) // 4):
        opening, closing, link, after = rest[4 * place : 4 * place + 4]
        made += [opening, shown[place], closing, after] if place in shown else [link, after]
    return "".join(made)


def _frame(site: Site, issue: Issue) -> list[str]:
    """What stands before the first essay; then of each what opens its article, what closes it, what is there instead
    of it, and what follows."""
    html = _template().render(
        site=site,
        letter=site.newsletter,
        issue=issue,
        tables=any("<table>" in essay.article for essay in issue.essays),
        checkpoints=_checkpoints(issue),
        sample=SAMPLE,
        limits=LIMITS,
        command=_command,
        named=_named(site),
        author=author,
        making=making,
        nih=nih,
        paragraphs=paragraphs,
        written=written,
    )
    inlined = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False).inline(html.removesuffix("\n"))
    return re.split("<!--(?:shown|article|linked|end)-->", inlined)


def ready() -> None:
    """Compile what the mails are made by, before this process is copied."""
    _template()


@cache
def _template() -> Template:
    return environment().get_template("mail.html")
