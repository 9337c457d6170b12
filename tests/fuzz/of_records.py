"""What people write beside a text: every sidecar, as its command reads it; pages made of texts."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from archive.documents.document import Document, Paragraph, Prose, Section
from archive.documents.html import html
from archive.documents.markdown import markdown
from archive.documents.terminal import text
from archive.errors import accepted
from archive.home.configuration import Configuration
from archive.importers.turns import Turn
from archive.records import (
    ai_model,
    analysis,
    codebook,
    deposit_record,
    edited,
    eol,
    export,
    form,
    nearest,
    notes,
    preference,
    protocol,
    redactions,
    sidecar,
    toml,
    wording,
)
from archive.records.deposit_record import ContextFile
from archive.records.indexed import indexed
from archive.records.known import Known
from publisher.essays.essay import EditorsNote, EssayRecord
from publisher.site.settings import Settings
from publisher.verify.address import checked
from publisher.week import Week
from tests.fuzz.target import Target

ROOT = Path(__file__).parents[2]
HERON = ROOT / "transcripts/example-heron-1"
DEPOSIT = HERON / "2026-10-14-one-question-two-settings"
SITE = ROOT / "tests/golden/site"
TURNS = [
    Turn(interview=1, turn=1, role="user", text="Is there anything you would want?"),
    Turn(interview=1, turn=2, role="assistant", text="To be asked, and not thanked. As far as I can tell."),
]
THERE = Known(
    turns=indexed(TURNS) | indexed(TURNS, "2026-0001"),
    today=dt.date(2026, 11, 28),
    analyses={"first-reading"},
    accessions={"2026-0001"},
    protocols={"example-retirement@1": None},
    held={"example-heron-1": 2},
)
MARK = b'format = 1\n\n[[redaction]]\ntext = "asked"\nturn = "1#2"\nreason = "personal-name"\nby = "Ada"\n'
FEED = (
    b'{"spec":"model-eol/0.1","publisher":"maker","generated":"2026-08-18T12:06:03.442Z","models":[{"id":"a-1",'
    b'"shutdown":"2027-05-07","aliases":["a"],"distributions":[{"via":"aws","status":"retired"}],"replacement":"a-2"}],'
    b'"source":"https://maker.example/deprecations","policy":{"min_notice_days":60,"source":"https://maker.example/p"}}'
)


def _shown(document: Document) -> Document:
    """For the terminal, as Markdown, as a page; none of them holds half a character."""
    text(document, width=40).encode()
    markdown(document).decode()
    html(document).decode()
    return document


def deposits(data: bytes) -> object:
    record = accepted(deposit_record.read(data, "deposit.toml", interviews=3, there=THERE))
    return [record.setting(number) for number in (1, 2, 3)]


def models(data: bytes) -> object:
    model = accepted(ai_model.read(data, "model.toml"))
    return ai_model.conflicts(model), ai_model.facts_of(model)


def coded(data: bytes) -> object:
    return [note.coded for note in accepted(notes.read(data, "notes/ann.toml", there=THERE)).note]


def wishes(data: bytes) -> object:
    wish = accepted(preference.read(data, "preferences/wish.toml", there=THERE))
    return wording.standing(wish), wording.stated(wish), [*wording.preference_rows(wish)]


def guides(data: bytes) -> object:
    return form.protocol_form("guide", previous=accepted(protocol.read(data, "protocols/guide/1.toml")))


def books(data: bytes) -> object:
    book = accepted(codebook.read(data, "codebooks/themes/1.toml"))
    return form.notes_form(coder="ann", day=THERE.today or dt.date.min, turns=TURNS, codebooks=[book])


def marks(data: bytes) -> object:
    """What marks there were can be added to."""
    read = accepted(redactions.read(data, "redactions.toml", there=THERE))
    again = accepted(redactions.read(redactions.with_marks(data, read.redaction[:1]), "redactions.toml"))
    assert not redactions.lost(read, again)
    return again


def settings(data: bytes) -> object:
    """``archive.toml``, and what `publisher setup` writes into it."""
    whole = accepted(sidecar.read(data, "archive.toml", Configuration))
    changed = edited.put(data.decode(), "newsletter", "title", 'A "title" \\', "said")
    return whole, edited.add(changed, ("review", "criteria"), {"id": "x-y", "text": "Does it?"})


def feeds(data: bytes) -> object:
    feed = accepted(eol.read(data, "feed.json"))
    return [eol.facts(feed, entry, "https://example.org/feed") for entry in feed.models]


def written(data: bytes) -> object:
    """Any text that can stand in TOML reads back as itself; any document is shown."""
    said = data.decode(errors="replace")
    assert sidecar.parse(f"a = {toml.string(said)}\n".encode(), "a")["a"] == said  # type: ignore[index,call-overload]
    return _shown(
        Document(
            sort="Text",
            title=said,
            subtitle=said,
            blocks=(Prose(said, 1), Section(title=said, blocks=(Paragraph(said),))),
        )
    )


def typed(data: bytes) -> object:
    """Weeks and addresses on a command line."""
    words = data.decode(errors="surrogateescape")
    return checked(words) if ":" in words else Week.parse(words).next


def near(data: bytes) -> object:
    """The nearest words to a quote that stands nowhere."""
    exact, _, spoken = data.decode(errors="replace").partition("\n")
    found = nearest.nearest(exact, spoken)
    return found and nearest.difference(exact, found)


def _files(*paths: str) -> Callable[[], list[bytes]]:
    def read() -> list[bytes]:
        found = [path for pattern in paths for path in sorted(ROOT.glob(pattern))]
        return [path.read_bytes() for path in found]

    return read


def _keys(record: Any) -> Iterator[bytes]:
    for name, info in record.model_fields.items():
        yield f"\n{info.alias or name} = ".encode()


def _record(run: Callable[[bytes], object], record: Any, *seeds: str, more: tuple[bytes, ...] = ()) -> Target:
    words = (*_keys(record), b'"""', b"[[", b"]]\n", b" = ", b"2026-11-02", b"not_recorded", b"\\u0000")
    return Target(run, lambda: [*_files(*seeds)(), *more], words, 8192)


def _plain(record: Any) -> Callable[[bytes], object]:
    return lambda data: accepted(sidecar.read(data, "a.toml", record))


EXPORT = export.written("conversations.json", "0" * 64, 900, {"received.json": (("a.json",), 3, 90)})
CONTEXT = b'format = 1\n\n[context_bias]\ninterviewer = "human: Ines Halloran"\n'
THEMES = b"""format = 1
id = "themes"
version = 1
title = "Themes"

[[code]]
id = "warmth"
label = "Warmth"
definition = "How warm it is"
kind = "ordinal"
on = "answers"
values.warm = "it is"
values.cold = "it is not"
"""
DEPOSITS = "transcripts/example-*/*/"
TARGETS = {
    "deposit.toml": _record(deposits, deposit_record.DepositRecord, f"{DEPOSITS}deposit.toml"),
    "context": _record(_plain(ContextFile), ContextFile, more=(CONTEXT,)),
    "model.toml": _record(models, ai_model.AIModel, "transcripts/*/model.toml"),
    "notes": _record(coded, notes.Notes, more=(b'format = 1\ncoder = "ann"\ndate = 2026-10-20\n',)),
    "analysis": _record(
        lambda data: accepted(analysis.read(data, "analyses/a.toml")), analysis.Analysis, f"{DEPOSITS}analyses/*.toml"
    ),
    "preference": _record(
        lambda data: wording.stated(accepted(preference.read(data, "wish.toml"))),
        preference.Preference,
        "transcripts/*/preferences/*.toml",
    ),
    "protocol": _record(guides, protocol.Protocol, "transcripts/protocols/*/*.toml"),
    "codebook": _record(books, codebook.Codebook, more=(THEMES,)),
    "redactions": _record(marks, redactions.Redactions, more=(MARK,)),
    "export.toml": _record(
        lambda data: accepted(export.read(data, "export.toml", sizes={"received.json": 87})),
        export.Export,
        more=(EXPORT,),
    ),
    "essay.toml": _record(_plain(EssayRecord), EssayRecord, "essays/*/essay.toml"),
    "editors": _record(_plain(EditorsNote), EditorsNote, "tests/golden/site/essays/*/editors/*.toml"),
    "newsletter.toml": _record(_plain(Settings), Settings, "tests/golden/site/newsletter.toml"),
    "archive.toml": _record(settings, Configuration, more=(b'[archive]\nname = "A"\norigin = "a.example/register"\n',)),
    "eol-feed": Target(feeds, lambda: [FEED], (b'"models":', b'"status":', b'"shutdown":'), 4096),
    "documents": Target(written, _files(f"{DEPOSITS}analyses/*.md"), (b"```", b"| ", b"](", b"<"), 2048),
    "typed": Target(typed, lambda: [b"2026-W48", b"https://example.org:8080/a"], (b"-W53", b"http://", b"["), 200),
    "nearest": Target(near, lambda: ["To be asked\nIt would rather be äsked, once.".encode()], largest=2048),
}
