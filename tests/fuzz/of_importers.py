"""What arrives: received files through the door of `archive file`, the JSON below it, a deposit on trial."""

import io
import json
import re
import zipfile
from functools import cache
from pathlib import Path

from archive import importers
from archive.catalogue import search
from archive.deposits import batch, covering
from archive.deposits.draft import Options
from archive.errors import Refused
from archive.home.founding import create
from archive.home.home import Home
from archive.importers import strictjson
from archive.importers.parts import Part, split
from archive.importers.response import essay_text as response_text
from archive.importers.turns import decode, encode
from archive.records import sidecar
from archive.records.redactions import Redaction
from archive.register import redaction
from publisher.essays import submit
from tests.fuzz.conversations import ASKED, GENERATE, GENERATED, SEEDS, TOLD, as_file
from tests.fuzz.target import Target, lying, scratch

RESPONSES = f"{json.dumps(ASKED)}\0{json.dumps(TOLD)}".encode()
CONTENTS = f"{json.dumps(GENERATE)}\0{json.dumps([GENERATED, GENERATED])}".encode()
SPEAKERS = b"Ann: Is there anything you would want?\n\nBob: To be asked.\n\nAnn: **No**\n"


def received(data: bytes) -> object:
    """Each conversation in a file of any format; one that cannot be read does not keep the others from it."""
    path = lying("received/received", data)
    found: list[object] = []
    for part in split(path, scratch() / "received"):
        if isinstance(part, Part):
            try:
                found.append(_turns({**part.files}))
            except Refused as refused:
                found.append(refused)
            for cut in part.files.values():
                if cut != path:
                    cut.unlink()
                    cut.parent.rmdir()
    if len(found) == 1 and isinstance(found[0], Refused):
        raise found[0]
    return found


def _turns(files: dict[str, bytes | Path], **options: object) -> object:
    into = scratch() / "turns.jsonl"
    transcript = importers.read(files, into, **options)  # type: ignore[arg-type]
    written = into.read_bytes()
    assert encode(decode(written)) == written
    assert len(transcript.context) == len(transcript.model) == len(transcript.date) == transcript.interviews
    said = [text for context in transcript.context for text in context.values()]
    assert all(text.strip() for text in said)
    "".join([*said, *filter(None, transcript.model), *filter(None, transcript.date), *transcript.title]).encode()
    return transcript


def spoken(data: bytes) -> object:
    return _turns({"received.txt": data}, speakers={"Ann": "user", "Bob": "assistant"})


def exchanged(data: bytes) -> object:
    """A request and its response, with a byte of zero between them."""
    request, _, response = data.partition(b"\0")
    return _turns({"received.request.json": request, "received.response.json": response})


def _exchanges() -> list[bytes]:
    chat = json.dumps({"model": "m", "messages": [{"role": "user", "content": "a"}]})
    said = {"choices": [{"message": {"role": "assistant", "content": "b"}}], "model": "m", "created": 1}
    block = {"type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "b"}]}
    return [f"{chat}\0{json.dumps(said)}".encode(), f"{chat}\0{json.dumps(block)}".encode()]


def reading(data: bytes) -> object:
    """The same JSON, taken whole and piece by piece."""
    try:
        whole = strictjson.loads(data, "a.json")
    except Refused:
        whole = None
    reader = strictjson.Reader(io.BytesIO(data), "a.json")
    if reader.peek() == "[":
        pieces = [reader.value() for _ in reader.items()]
    elif reader.peek() == "{":
        pieces = [(key, reader.value()) for key in reader.members()]
    else:
        pieces = [reader.skip()]
    reader.end()
    if isinstance(whole, list):
        assert whole == pieces
    return pieces


def lined(data: bytes) -> object:
    return [*strictjson.lines(io.BytesIO(data), "a.jsonl")]


def turning(data: bytes) -> object:
    """``turns.jsonl`` as it is read back, and words covered in it."""
    transcript = decode(data)
    assert encode(transcript) == data
    lines = [*io.BytesIO(data)]
    marks = [
        Redaction(text=turn.text.split()[0], turn=f"{turn.interview}#{turn.turn}", reason="hazard", by="A")
        for turn in transcript.turns
        if turn.text.split()
    ][:1]
    covered = covering.cover(lines, marks)
    return [*covering.seen(lines, covered)], redaction.root(lines, bytes(32))


def _files() -> list[bytes]:
    return [data for seed in SEEDS for lines in (False, True) for data in as_file(seed, a_line_each=lines).values()]


def _every() -> list[bytes]:
    """Also a zip file of several, and an export of many."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(_files()[:4]):
            archive.writestr(f"{number}.json", data)
    many = [seed for seed in SEEDS if isinstance(seed, dict) and ("mapping" in seed or "chat_messages" in seed)]
    exports = [json.dumps([seed, seed]).encode() for seed in many]
    return [*_files(), file.getvalue(), *exports, SPEAKERS.replace(b"Ann", b"User").replace(b"Bob", b"Assistant")]


def _lines() -> list[bytes]:
    found = []
    for data in _files():
        into = scratch() / "turns.jsonl"
        importers.read({"received": data}, into)
        found.append(into.read_bytes())
    return found


@cache
def home() -> Home:
    """With a model in it."""
    made = create(scratch() / "home", name="A", origin="a.example/register", sample=True)
    folder = made.root / "transcripts/m"
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text('format = 1\nid = "m"\nmaker = "Example Labs"\nname = "M"\n')
    batch.file_paths(made, [folder], Options())
    return made.reopened()


def asked(data: bytes) -> object:
    """What is typed to be searched for."""
    typed = data.decode(errors="surrogateescape")
    return [search.search(searched(), typed, substring=whole) for whole in (True, False)]


@cache
def searched() -> Home:
    """The same with a conversation in it."""
    speakers = importers.parse_speakers("Ann=user,Bob=assistant")
    batch.file_paths(home(), [lying("searched/a.txt", SPEAKERS)], Options(model="m", speakers=speakers))
    return home().reopened()


def filing(data: bytes) -> object:
    """The whole way to a deposit but for its last step: its form is filled in with what was received, and read."""
    opened = home()
    done = batch.rehearse(opened, [lying("filing/received", data)], Options(model="m"))
    if done.problems and not done.filed:
        raise Refused(done.problems)
    return [*batch.told(done)]


def besides(data: bytes) -> object:
    """A prepared folder, with a sidecar that the first line names."""
    name, _, held = data.partition(b"\n")
    seed = next(seed for seed in SEEDS if isinstance(seed, dict) and "messages" in seed)
    folder = lying("prepared/received.json", json.dumps(seed).encode()).parent
    place = name.decode(errors="replace")
    if not re.fullmatch(r"deposit\.toml|redactions\.toml|(?:notes|analyses)/[a-z]{1,8}\.(?:toml|md)", place):
        raise Refused([])
    beside = lying(f"prepared/{place}", held)
    try:
        done = batch.rehearse(home(), [folder], Options(model="m"))
    finally:
        beside.unlink()
    if done.problems:
        raise Refused(done.problems)
    return done.filed


def submitted(data: bytes) -> object:
    """What the form of an essay is filled in with: a request and its response, with a byte of zero between them."""
    request, _, response = data.partition(b"\0")
    made = submit.form({"request.json": request, "response.json": response}, model=None, title=None, title_by=None)
    assert not isinstance(sidecar.parse(made.encode(), "essay.toml"), list)
    return response_text(response)


NOTES = b"""notes/ann.toml
format = 1
coder = "ann"
date = 2026-10-20

[[note]]
interview = 1
turn = 3
code.hedges = ["uncertain_experience", "trained_positivity"]
text = "Asked twice."
confidence = "medium"
"""
MARKS = b'redactions.toml\nformat = 1\n\n[[redaction]]\ntext = "a"\nreason = "personal-name"\nby = "A"\n'
WORDS = (b'"role":"user"', b'"content":', b'"messages":', b'"parent":', b'"mapping":', b'"type":', b"PK\3\4", b"\n")
TARGETS = {
    "received": Target(received, _every, WORDS, 8192),
    "speakers": Target(spoken, lambda: [SPEAKERS], (b"Ann: ", b"**Bob**: ", b"## Ann\n", b"```"), 2048),
    "exchange": Target(exchanged, lambda: [*_exchanges(), RESPONSES, CONTENTS], (*WORDS, b"\0"), 4096),
    "submitted": Target(submitted, _exchanges, (*WORDS, b"\0"), 4096),
    "json": Target(reading, lambda: [b'[1, {"a": [null, "\\u00e9", 1e5]}]', b'{"a":1}'], WORDS, 2048),
    "json-lines": Target(lined, lambda: [b'{"a":1}\n{"b":[]}\n'], WORDS, 2048),
    "turns.jsonl": Target(turning, _lines, (b'"tool_calls":', b'"reasoning":', b'"parent":'), 4096),
    "filing": Target(filing, _every, WORDS, 8192),
    "query": Target(asked, lambda: [b'"to be" OR ask* NOT (no)', "更".encode()], (b" OR ", b" NOT ", b'"', b"("), 300),
    "prepared": Target(besides, lambda: [NOTES, MARKS], (b"\n[[note]]\n", b"\ncode.", b"\n[[redaction]]\n"), 4096),
}
