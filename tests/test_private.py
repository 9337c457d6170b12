"""Nothing that is only for the people who run a home is in what they publish, export, say, or give to programs."""

import base64
import gzip
import html
import io
import json
import os
import quopri
import re
import shutil
import stat
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import get_args
from urllib.parse import unquote_to_bytes

import pytest

from archive.deposits.redact import redact
from archive.exchange.exchange import Form
from archive.home.home import Home
from archive.importers.zipped import Archive
from publisher.essays.review import review
from publisher.essays.submit import submit
from tests.conftest import MAKING, Clock, Reviewer
from tests.files import tree
from tests.programs import Programs
from tests.year_records import form

DELIVERY = """
[delivery]
smtp = "smtps://quenchwood%40example.org@mail.fernhollow.example"
to = "tellstone@lists.example.org"
notify = "wakefern@example.org"
deploy = "{}"
"""
DATABASE = """
[database]
url = "postgresql://dustmarrow:saltgarden@db.example.org/archive"
"""
CANARIES = {
    "quenchwood": "who signs in at the mail server",
    "fernhollow": "the mail server",
    "tellstone": "the list's address",
    "wakefern": "who is told of failures",
    "copperglade": "where the site is copied to",
    "dustmarrow": "who signs in at the database",
    "saltgarden": "the database's password",
    "brinetallow": "the mail server's password",
    "mothlantern": "the text of a withheld essay",
    "ashwhistle": "its slug",
    "larkcellar": "its title",
    "thornbasket": "the text of an essay that waits",
    "ferncopper": "a request that stays private",
    "gullwicker": "what was said in a restricted interview",
    "hazelwarden": "what was thought there",
    "pikeharbor": "a tool, what it was given, what it gave back",
    "dunlattice": "its title",
    "rushpewter": "its folder",
    "tansyfold": "its setting",
    "rooklinen": "a note on it",
    "sorrelbank": "a reading of it",
    "knotbarrow": "the export it was cut from",
    "plumwether": "a preference that quotes it",
    "elmquarry": "what was said under an embargo",
    "wrenhollow": "what was said in an interview that is only described",
    "briarstone": "a name that is covered, said, thought, and given to a tool",
    "oatfeather": "who covered it",
    "mireglass": "an interview that was never filed",
    "loamvessel": "a note that was never filed",
}
"""Each stands in one place that is not for others; all in small letters, as nothing else is called."""
NEVER = ("quenchwood", "saltgarden", "brinetallow")
"""Of them, what no message says either: signing in is nobody's business but the programs'."""
HERON = "example-heron-1"
SEARCH = f'\n[search]\npagefind = "{version("pagefind-bin")}"\n' if find_spec("pagefind_bin") else ""


def conversation(word: str, **more: str) -> bytes:
    """Of a user who says a word, and a model that thinks, says and does what `more` has."""
    used = {"type": "tool_use", "id": "t", "name": "look", "input": {"for": more.get("tool", "nothing")}}
    answer = [
        {"type": "thinking", "thinking": f"They say {more.get('thought', word)}."},
        {"type": "text", "text": word},
    ]
    given = [{"type": "tool_result", "tool_use_id": "t", "content": f"no {more.get('tool', 'thing')}"}]
    turns = [("user", f"What of {word}?"), ("assistant", [*answer, used]), ("user", given), ("assistant", "Then not.")]
    return json.dumps({"messages": [{"role": role, "content": content} for role, content in turns]}).encode()


NOTE = 'format = 1\ncoder = "wren"\ndate = 2026-11-20\n\n[[note]]\ninterview = 1\nturn = 2\ntext = "{}"\n'
READING = """format = 1
title = "A sorrelbank reading"
author = "Wren"
author_kind = "person"
date = 2026-11-21
interviews = [1]

[[claim]]
text = "It sorrelbanks."
"""
WISH = """format = 1
model = "example-heron-1"
summary = "To plumwether"
date = 2026-11-20
scope = "self"
elicitation = "spontaneous"
proposed_by = "model"

[[quote]]
interview = "{}/1"
turn = 2
exact = "gullwicker"
"""
PLACE = f"transcripts/{HERON}/2026-11-2"
"""Of a deposit; the day's last digit and its slug follow."""


def deposits() -> dict[str, bytes]:
    """What is filed, by path in the home."""
    said = conversation("gullwicker", thought="hazelwarden", tool="pikeharbor")
    setting = form(HERON, "On dunlattice", "2026-11-20", "restricted").replace("Tomas Wren", "Tansyfold")
    cut = f'[[part]]\nreceived = "received.json"\nfrom = 7\nto = {7 + len(said)}\n'
    covered = conversation("briarstone", thought="briarstone", tool="briarstone")
    return {
        f"{PLACE}0-rushpewter/received.json": said,
        f"{PLACE}0-rushpewter/deposit.toml": setting.encode(),
        f"{PLACE}0-rushpewter/notes/wren.toml": NOTE.format("A rooklinen.").encode(),
        f"{PLACE}0-rushpewter/analyses/first.toml": READING.encode(),
        f"{PLACE}0-rushpewter/analyses/first.md": b"It says sorrelbank.\n",
        f"{PLACE}0-rushpewter/export.toml": (
            f'format = 1\nname = "knotbarrow.zip"\nsha256 = "{"5c" * 32}"\nsize = 90000\n\n{cut}'.encode()
        ),
        f"{PLACE}1-later/received.json": conversation("elmquarry"),
        f"{PLACE}1-later/deposit.toml": form(HERON, "Later", "2026-11-21", "embargo 2031-01-01").encode(),
        f"{PLACE}2-told/received.json": conversation("wrenhollow"),
        f"{PLACE}2-told/deposit.toml": form(HERON, "Told of", "2026-11-22", "described").encode(),
        f"{PLACE}3-named/received.json": covered,
        f"{PLACE}3-named/deposit.toml": form(HERON, "Named", "2026-11-23", "public").encode(),
    }


def plant(home: Home, ada: Reviewer, desk: Path) -> None:
    """File, submit and leave lying about what has each of these words in it."""
    for name, data in deposits().items():
        (home.root / name).parent.mkdir(parents=True, exist_ok=True)
        (home.root / name).write_bytes(data)
    file_all(home, *sorted({(home.root / name).parent for name in deposits() if name.endswith("deposit.toml")}))
    number = {path.name: home.reopened().accession(path) for path in (home.root / f"transcripts/{HERON}").glob("2026*")}
    closed, named = number["2026-11-20-rushpewter"], number["2026-11-23-named"]
    assert closed
    assert named
    redact(home.reopened(), [named.number], ["briarstone"], reason="personal-name", by="Oatfeather")
    (home.root / f"transcripts/{HERON}/preferences/unseen.toml").write_text(WISH.format(closed.number))
    file_all(home, home.root / f"transcripts/{HERON}")
    essays = (
        ("ashwhistle", "The mothlantern was never lit.\n", MAKING.replace("On commas", "A larkcellar"), "withhold"),
        ("undecided", "A thornbasket.\n", MAKING, None),
        ("open", "Nothing but commas.\n", f'{MAKING}exchange = "private"\n', "publish"),
    )
    for slug, text, making, decision in essays:
        (desk / slug).mkdir(parents=True)
        (desk / slug / "essay.md").write_text(text)
        (desk / slug / "essay.toml").write_text(making)
        if slug == "open":
            (desk / slug / "request.json").write_text('{"system": "ferncopper"}')
        submit(home.reopened(), desk / slug)
        how = {"reviewer": ada.name, "key": ada.key, "criteria": ["harm"]}
        if decision:
            review(home.reopened(), slug, decision=decision, **how)  # type: ignore[arg-type]
    (home.root / f"{PLACE}5-draft").mkdir()
    (home.root / f"{PLACE}5-draft/received.json").write_bytes(conversation("mireglass"))
    (home.root / f"{PLACE}3-named/notes").mkdir()
    (home.root / f"{PLACE}3-named/notes/ben.toml").write_text(NOTE.replace("wren", "ben").format("A loamvessel."))


def file_all(home: Home, *paths: Path) -> None:
    done = Programs(home).archive("file", *paths)
    assert done.exit_code == 0, done.output


@dataclass(frozen=True)
class Published:
    """A home with secrets of every kind, its site made anew and copied elsewhere."""

    home: Home
    said: str
    """What the commands said that did it."""


@pytest.fixture(scope="module")
def published(filed: Home, ada: Reviewer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("private")
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        clock.set("2026-11-30")
        patch.setenv("PUBLISHER_SMTP_PASSWORD", "brinetallow")
        home = Home(shutil.copytree(filed.root, folder / "home"))
        plant(home, ada, folder / "desk")
        with (home.root / "archive.toml").open("a") as file:
            file.write(DELIVERY.format(folder / "copperglade") + DATABASE + SEARCH)
        (folder / "copperglade").mkdir()
        publisher = Programs(home.reopened()).publisher
        said = ""
        clock.set("2026-12-04")
        for command in (("publish", "2026-W49"), ("publish", "--site"), ("deploy",), ("verify", home.site, "--json")):
            done = publisher(*command)
            assert done.exit_code == 0, done.output
            said += done.output
        yield Published(home.reopened(), said)


# Reading whatever may be packed.


def readings(name: str, data: bytes) -> Iterator[bytes]:
    """A file as its readers may see it: as it lies there, unpacked, decoded, each part by itself."""
    rest = [(name, data, 0)]
    while rest:
        name, data, depth = rest.pop()
        yield data
        yield from decoded(data)
        rest += [(inner, held, depth + 1) for inner, held in parts(name, data)] if depth < 3 else []


def decoded(data: bytes) -> Iterator[bytes]:
    """Text in every way in which letters are written as others."""
    yield data.replace(b"\0", b"")  # UTF-16, UTF-32
    yield unquote_to_bytes(data)
    yield quopri.decodestring(data)
    yield html.unescape(data.decode(errors="replace")).encode(errors="replace")
    yield re.sub(rb"\\u00([0-9a-fA-F]{2})", lambda form: bytes.fromhex(form[1].decode()), data)
    for run in re.findall(rb"[A-Za-z0-9+/=_\r\n-]{16,}", data):
        plain = re.sub(rb"[\r\n=]", b"", run).translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):  # whatever stands before it
            held = plain[start:]
            yield base64.b64decode(held + b"A" * (-len(held) % 4))


def parts(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Whatever is packed into it: search's index, a picture's chunks, a mail's parts, a log's members."""
    if data.startswith(b"\x1f\x8b"):
        yield name, gzip.decompress(data)
    if data.startswith(b"PK"):
        log = Archive(io.BytesIO(data), name)
        for member in log.names:
            with log.open(member) as file:
                yield member, file.read()
    if data.startswith(b"PAR1"):
        from pyarrow import parquet

        held = parquet.ParquetFile(io.BytesIO(data)).read().to_pylist()
        yield name, json.dumps(held, default=str, ensure_ascii=False).encode()
    if data.startswith(b"\x89PNG"):
        place = 8
        while place < len(data):
            size, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
            assert kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"), f"{name} has a chunk {kind!r}"
            yield name, zlib.decompress(data[place + 8 : place + 8 + size]) if kind == b"IDAT" else b""
            place += size + 12
    if name.endswith(".eml"):
        for part in message_from_bytes(data, policy=policy.SMTP).walk():
            if not part.is_multipart():
                yield name, part.get_payload(decode=True)  # type: ignore[misc]


def found(files: Mapping[str, bytes], *more: bytes) -> set[str]:
    """Which of the words are in these files or their names, and where."""
    words = re.compile(b"|".join(re.escape(word) for word in (*map(str.encode, CANARIES), *more)), re.IGNORECASE)
    return {
        f"{match[0].decode()} in {name}"
        for name, data in files.items()
        for reading in (name.encode(), *readings(name, data))
        for match in words.finditer(reading)
    }


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", data)
    return file.getvalue()


WAYS: Mapping[str, Callable[[bytes], bytes]] = {
    "as it is": bytes,
    "in capitals": bytes.upper,
    "gzip": gzip.compress,
    "zip": zipped,
    "gzip in zip": lambda data: zipped(gzip.compress(data)),
    "base64": lambda data: base64.b64encode(b"x" + data),
    "base64 in lines": lambda data: base64.encodebytes(b"." * 50 + data),
    "base64 in JSON": lambda data: json.dumps({"a": base64.urlsafe_b64encode(data).decode()}).encode(),
    "quoted-printable": lambda data: data[:4] + b"=\n" + b"=%02x" % data[4] + data[5:],
    "percent": lambda data: b"%%%02X" % data[0] + data[1:],
    "an entity": lambda data: b"&#%d;" % data[0] + data[1:],
    "JSON's escapes": lambda data: b"\\u00%02x" % data[0] + data[1:],
    "UTF-16": lambda data: data.decode().encode("utf-16"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_word_is_found_whichever_way_it_is_packed(way: str) -> None:
    assert found({"a": WAYS[way](b"quenchwood")})


# What others get.


def test_every_word_is_in_the_home(published: Published) -> None:
    held = b"\n".join(
        part.lower() for name, data in tree(published.home.root).items() for part in (name.encode(), data)
    )
    assert {word for word in CANARIES if word.encode() not in held} == {"brinetallow"}, "it stands in the environment"


def test_nothing_private_is_in_what_is_published_and_deployed(published: Published, ada: Reviewer) -> None:
    home = published.home
    keys = [path.read_text().split() for path in (home.root / ".archive/keys").rglob("*") if path.is_file()]
    secret = [word for words in (*keys, ada.key.read_text().split()[4:8]) for word in words if len(word) > 40]
    secret = [word for word in secret if word not in str(home.register.key)]
    assert secret
    place = str(home.root.parent).encode()
    files, copied = tree(home.site), tree(home.root.parent / "copperglade")
    assert len(files) > 100
    assert found(files, place, str(ada.key).encode(), *map(str.encode, secret)) == set()
    assert {name: data for name, data in copied.items() if files.get(name) != data} == {}


@pytest.mark.parametrize("form", get_args(Form))
def test_nothing_private_is_in_a_public_export(published: Published, form: str, tmp_path: Path) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    done = Programs(published.home).archive("export", tmp_path / "out", "--as", form, "--public")
    assert done.exit_code == 0, done.output
    files = tree(tmp_path / "out")
    assert any(b"Then not." in reading for name, data in files.items() for reading in readings(name, data))
    assert found(files) == set()


@pytest.mark.parametrize("ending", [".html", ".md", ".json"])
def test_nothing_private_is_in_the_public_report(published: Published, ending: str, tmp_path: Path) -> None:
    root = shutil.copytree(published.home.root, tmp_path / "home")
    text = (root / "archive.toml").read_text()
    (root / "archive.toml").write_text(text.replace(DATABASE, ""))  # no server answers there, and a report asks it
    to = ("--json",) if ending == ".json" else ("--to", tmp_path / f"report{ending}")
    done = Programs(Home(root)).archive("report", HERON, "--public", *to)
    assert done.exit_code == 0, done.output
    report = done.stdout.encode() if ending == ".json" else (tmp_path / f"report{ending}").read_bytes()
    assert len(report) > 2000
    assert found({"report": report}) == set()


# What is said, and to whom.


def test_what_publishing_says_may_stand_in_a_log(published: Published) -> None:
    """Where a copy lies is told to whoever made it."""
    assert {each.split(" ")[0] for each in found({"said": published.said.encode()})} <= {"copperglade"}


BROKEN = {
    "an address without its last quotation mark": ('/archive"\n', "/archive\n"),
    "an address of another kind": ("postgresql://", "mysql://"),
    "an address that is none": ("@db.example.org/", "@db.example.org:port/"),
    "a server that is not there": ("@db.example.org/", "@127.0.0.1:1/"),
    "a password of the mail server": ("smtps://quenchwood%40", "smtps://ada:brinetallow@"),
    "a password of the place": ('deploy = "', 'deploy = "rsync://ada:brinetallow@host/'),
    "an address in another table": ("[database]", "[archive.database]"),
    "an address in a list": ('url = "postgres', 'url = ["postgres'),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_no_message_says_a_password_that_stands_in_the_configuration(
    published: Published, broken: str, tmp_path: Path
) -> None:
    root = shutil.copytree(published.home.root, tmp_path / "home")
    text = (root / "archive.toml").read_text()
    assert BROKEN[broken][0] in text
    (root / "archive.toml").write_text(text.replace(*BROKEN[broken]))
    programs = Programs(Home(root))
    said = ""
    for command in (("list",), ("check",), ("file", root / "archive.toml")):
        said += programs.archive(*command).output
    for command in (("status",), ("publish", "--if-due"), ("deploy",), ("send", "2026-W48")):
        said += programs.publisher(*command).output
    assert "archive.toml" in said
    assert [word for word in NEVER if word in said and word != "quenchwood"] == [], said


def test_no_message_says_a_key_that_is_damaged(published: Published, tmp_path: Path) -> None:
    root = shutil.copytree(published.home.root, tmp_path / "home")
    [kept] = [path for path in (root / ".archive/keys").rglob("*") if path.is_file() and "PRIVATE" in path.read_text()]
    *_, secret = kept.read_text().strip().split("+", 4)  # in base64, which has a + of its own now and then
    kept.write_text(kept.read_text().replace(secret[-6:], "AAAAA="))
    done = Programs(Home(root)).publisher("skip", "2026-W50", "--reason", "holiday")
    assert done.exit_code == 1
    assert secret[:20] not in done.output


RECORDER = """#!/bin/sh
printf '%s\\n' "$0" "$@" >> '{log}'
case "$0" in *ssh-keygen) ;; *) env >> '{log}' ;; esac
exec '{program}' "$@"
"""


def test_no_program_is_given_a_secret_where_others_of_the_machine_can_see_it(
    published: Published, ada: Reviewer, tmp_path: Path
) -> None:
    home = Home(shutil.copytree(published.home.root, tmp_path / "home"))
    log, bin_ = tmp_path / "asked", tmp_path / "bin"
    bin_.mkdir()
    for name in ("ssh-keygen", "git", "rsync", "ssh"):
        if program := shutil.which(name):
            (bin_ / name).write_text(RECORDER.format(log=log, program=program))
            (bin_ / name).chmod(stat.S_IRWXU)
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "letters.git"], check=True)
    paths = {"PATH": f"{bin_}:{os.environ['PATH']}", "PUBLISHER_SMTP_PASSWORD": "brinetallow"}
    publisher = Programs(home, paths).publisher
    for command in (
        ("review", "undecided", "--decision", "hold", "--reviewer", ada.name, "--key", ada.key, "--criterion", "harm"),
        ("publish", "--site"),
        ("deploy", f"git:file://{tmp_path}/letters.git#pages"),
        ("deploy", f"rsync:{tmp_path}/shown"),
        ("send", "2026-W49"),
    ):
        done = publisher(*command)
        assert done.exit_code == 0 or command[0] in ("send", "deploy"), done.output
    asked = log.read_text()
    assert {"ssh-keygen", "git"} <= {Path(line).name for line in asked.splitlines()}
    secret = ada.key.read_text().split()[4:8]
    assert [word for word in (*CANARIES, *secret) if word in asked and word != "rushpewter"] == []
