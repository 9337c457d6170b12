"""The commands that are tormented, and what lies there before each."""

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from archive.register.note import Signer
from tests.filed_home import HERON, SEVERAL_FORMATS
from tests.programs import Reviewer
from tests.sampled_home import Scripted
from tests.test_codebook import THEMES
from tests.torture.stage import Stage

NOTE = 'format = 1\ncoder = "ann"\ndate = 2026-11-30\n\n[[note]]\ninterview = 1\nturn = 2\ntext = "Again."\n'
LETTER = (
    *("--title", "Letters", "--base-url", "https://letters.example.org", "--from", "a@letters.example.org"),
    *("--origin", "letters.example.org/register", "--timezone", "UTC"),
)
MODEL = ("--model", "example-heron-1")
TRAIN = "neither-of-us-is-the-train"


@dataclass(frozen=True)
class Command:
    """One command: what is done before it, once; what is typed."""

    arguments: tuple[str, ...]
    before: Callable[[Stage], object] = lambda _: None
    person: bool = False
    """Whether somebody sits there, with an editor."""
    refuses: str = ""
    """What it says when everything is there already, if that is a refusal."""
    repeatable: bool = True
    """Whether it changes nothing when it came to its end before."""


def _ran(stage: Stage, *arguments: str) -> None:
    done = stage.run(arguments)
    assert not done.code, f"{arguments}: {done.err}"


def _written(name: str, text: str, mode: int = 0o600) -> Callable[[Stage], None]:
    def write(stage: Stage) -> None:
        path = stage.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    return write


def _all(*steps: Callable[[Stage], object]) -> Callable[[Stage], None]:
    def take(stage: Stage) -> None:
        for step in steps:
            step(stage)

    return take


def _talks(*names: str) -> Callable[[Stage], None]:
    return _all(*(_written(f"desk/{n}.txt", f"User: What is {n}?\n\nAssistant: {n}.\n") for n in names))


def _changed(name: str, old: str, new: str) -> Callable[[Stage], None]:
    def change(stage: Stage) -> None:
        path = stage.work / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return change


def _gone(*names: str) -> Callable[[Stage], None]:
    def take_away(stage: Stage) -> None:
        import shutil

        for name in names:
            path = stage.work / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return take_away


def _command(*arguments: str) -> Callable[[Stage], None]:
    return lambda stage: _ran(stage, *arguments)


def _chats(stage: Stage) -> None:
    """An export of ChatGPT with six conversations."""
    chats = []
    for n in range(6):
        nodes = {}
        for row, (role, text) in enumerate([("user", f"What is {n}?"), ("assistant", f"It is {n}.")]):
            said = {"author": {"role": role}, "content": {"content_type": "text", "parts": [text]}}
            said |= {"id": f"{n}-{row}", "metadata": {"model_slug": "example-heron-1"}, "create_time": 1.7e9 + n}
            above = f"{n}-{row - 1}" if row else None
            nodes[f"{n}-{row}"] = {"id": f"{n}-{row}", "message": said, "parent": above, "children": []}
        nodes[f"{n}-0"]["children"] = [f"{n}-1"]
        chats.append({"conversation_id": f"c{n}", "title": f"T {n}", "mapping": nodes, "current_node": f"{n}-1"})
    _written("desk/conversations.json", json.dumps(chats))(stage)


def _coded(stage: Stage) -> None:
    """A project in which somebody else coded two interviews, with a code of their own."""
    _ran(stage, "archive", "export", "coding", "--as", "refi-qda")
    who, what = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
    mark = (
        f'<PlainTextSelection guid="{who}" startPosition="0" endPosition="7" creatingUser="{who}">'
        f'<Coding guid="{what}"><CodeRef targetGUID="{what}"/></Coding></PlainTextSelection><VariableValue>'
    )
    exchanged = (
        ("</Users>", f'<User guid="{who}" name="Kai"/></Users>'),
        ("</Codes>", f'<Code guid="{what}" name="Pauses" isCodable="true"/></Codes>'),
    )
    path = stage.work / "coding/example.qdpx"
    (stage.work / "desk").mkdir(exist_ok=True)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stage.work / "desk/coded.qdpx", "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for before, after in exchanged if name == "project.qde" else ():
                text = text.replace(before, after)
            new.writestr(name, re.sub("(?<!</VariableValue>\n)<VariableValue>", mark, text))


def _next_version(stage: Stage) -> None:
    first = stage.work / "home/transcripts/protocols/example-retirement/1.toml"
    first.with_name("2.toml").write_text(first.read_text().replace("version = 1", "version = 2"))


def _signed(stage: Stage) -> None:
    """A review that was prepared, and signed elsewhere."""
    import subprocess

    _ran(stage, "publisher", "review", TRAIN, "--decision", "hold", "--reviewer", "ada@example.org")
    (path,) = stage.work.glob(f"home/essays/*{TRAIN}/reviews/1.json")
    asked = ["ssh-keygen", "-Y", "sign", "-f", "desk/id", "-n", "review@letters.example.org", "-q"]
    done = subprocess.run(asked, input=path.read_bytes(), capture_output=True, cwd=stage.work, check=True)
    (stage.work / "desk/1.sig").write_bytes(done.stdout)


def _another_key(stage: Stage) -> None:
    import subprocess

    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stage.work / "desk/id2"], check=True)


def _bereft(stage: Stage) -> None:
    """A second reviewer was listed, and the register's key is gone."""
    _another_key(stage)
    with (stage.work / "home/allowed_signers").open("a") as file:
        file.write(Reviewer("bob@example.org", stage.work / "desk/id2").line)
    _ran(stage, "archive", "file", "home/allowed_signers")
    _gone("home/.archive/keys/register")(stage)


def _vouched(stage: Stage) -> None:
    """Both reviewers signed which register follows."""
    import subprocess

    _bereft(stage)
    _ran(stage, "archive", "keys", "lost", "--successor", SUCCESSOR, "--words", "desk/words")
    for key in ("id", "id2"):
        asked = ["ssh-keygen", "-Y", "sign", "-f", f"desk/{key}", "-n", "review@letters.example.org", "-q"]
        words = (stage.work / "desk/words").read_bytes()
        done = subprocess.run(asked, input=words, capture_output=True, cwd=stage.work, check=True)
        (stage.work / f"desk/{key}.sig").write_bytes(done.stdout)


def _with_storage(stage: Stage) -> None:
    """A place that is to keep the copies, and what was received."""
    (stage.work / "disk").mkdir()
    with (stage.work / "home/archive.toml").open("a") as toml:
        toml.write('\n[store]\nurl = "file://disk"\nlarger_than = "0 B"\n')


def answered() -> None:
    """For commands that are forked from here, a model that needs no line: what is tormented is the disk."""
    from publisher.sampling import ask

    ask.asker = lambda name, *, retries=0: Scripted()  # type: ignore[assignment, return-value]


def _feed(stage: Stage) -> None:
    from archive.records import eol

    page = "https://maker.example/deprecations"
    model = {"id": "example-heron-1", "shutdown": "2026-12-30", "replacement": "example-juniper-2", "source": page}
    head = {"spec": eol.SPEC, "publisher": "maker", "generated": "2026-12-01T12:06:03.442Z", "source": page}
    _written("desk/feed.json", json.dumps({**head, "models": [model, {**model, "id": "example-owl-3"}]}))(stage)


SUCCESSOR = str(Signer("letters.example.org/register-2", b"2" * 32).key)
SIGNED = ("--signature", "desk/id.sig", "--signature", "desk/id2.sig")
SIGN = ("--reviewer", "ada@example.org", "--key", "desk/id")
_SUBTITLE = _changed("home/archive.toml", "What a retired model writes", "What retired models write")
_HOLDS = "found one that holds something"
_RECORD = f"home/{HERON}/deposit.toml"
_READING = (
    *("--slug", "another", "--title", "Another", "--author", "Ben", "--author-kind", "person"),
    *("--prose", "desk/reading.txt", "--claim", "It asks.", "--quote", "1#5,1:the"),
)
_WISH = (
    *("--slug", "be-heard", "--summary", "To be heard", "--scope", "process", "--elicitation", "spontaneous"),
    *("--proposed-by", "model", "--quote", "1#5:the", "--expression-rate", "1 of 1"),
)
_NEXT = ("--status", "acted_on", "--by", "Ben", "--reason", "Kept.", "--cost", "none", "--told-model", "no")

_PARQUET = ("archive", "export", "out", "--as", "parquet")
_SINCE = Command(
    (*_PARQUET, "--since"),
    _all(_command(*_PARQUET), _talks("one"), _command("archive", "file", "desk/one.txt", *MODEL)),
)

COMMANDS: Mapping[str, Command] = {
    "init": Command(
        ("archive", "init", "home", "--name", "Example", "--origin", "letters.example.org/register", "--sample"),
        _gone("home"),
    ),
    "file": Command(("archive", "file", "desk/one.txt", *MODEL), _talks("one")),
    "batch": Command(
        ("archive", "file", "desk/one.txt", "desk/two.txt", "desk/three.txt", *MODEL), _talks("one", "two", "three")
    ),
    "again": Command(
        ("archive", "file", "desk/talk.txt", *MODEL, "--again", "--speakers", "Ines=user,Heron=assistant"),
        _written("desk/talk.txt", SEVERAL_FORMATS["talk.txt"]),
        repeatable=False,
    ),
    "editor": Command(("archive", "file", "desk/one.txt", *MODEL), _talks("one"), person=True),
    "conversations": Command(("archive", "file", "desk/conversations.json"), _chats),
    "refile": Command(("archive", "file", f"home/{HERON}"), _written(f"home/{HERON}/notes/ann.toml", NOTE)),
    "model": Command(
        ("archive", "file", "home/transcripts/example-heron-1"),
        _changed("home/transcripts/example-heron-1/model.toml", "format = 1", "# looked up again\nformat = 1"),
    ),
    "protocol": Command(("archive", "file", "home/transcripts/protocols/example-retirement"), _next_version),
    "codebook": Command(
        ("archive", "file", "home/transcripts/codebooks/themes"),
        _written("home/transcripts/codebooks/themes/1.toml", THEMES),
    ),
    "amend": Command(("archive", "amend", _RECORD, "title=Two settings")),
    "amend-filed": Command(
        ("archive", "amend", _RECORD, "context_bias.method=manual: by post", "--without", "licence", "--file"),
    ),
    "new-note": Command(
        ("archive", "new", "note", "2026-0001/1#2", "--coder", "wren", "--code", "hedges=trained_positivity", "--file")
    ),
    "new-analysis": Command(
        ("archive", "new", "analysis", "2026-0002", *_READING, "--file"),
        _written("desk/reading.txt", "It asks.\n"),
        refuses="is there already: what it says of itself",
    ),
    "new-preference": Command(("archive", "new", "preference", "2026-0002/1", *_WISH, "--file")),
    "new-answer": Command(("archive", "new", "answer", "keep-the-corrections", *_NEXT, "--file")),
    "new-model": Command(
        ("archive", "new", "model", "example-merlin-4", "--maker", "Example Labs", "--file"),
        refuses="is there already; open it",
    ),
    "facts": Command(("archive", "facts", "desk/feed.json"), _feed),
    "redact": Command(
        ("archive", "redact", "2026-0001/1#8", "--text", "the corrections", "--reason", "personal-data"),
    ),
    "codings": Command(("archive", "file", "desk/coded.qdpx"), _coded),
    "release": Command(("archive", "release", "2026-0003", "2026-0004")),
    "store": Command(("archive", "store"), _all(_with_storage, _command("archive", "file", "home/archive.toml"))),
    "reindex": Command(("archive", "reindex")),
    "export": Command(("archive", "export", "out", "--as", "bagit"), refuses=_HOLDS),
    "export-public": Command(("archive", "export", "out", "--as", "bagit", "--public"), refuses=_HOLDS),
    "export-tables": Command(("archive", "export", "out", "--as", "jsonl"), refuses=_HOLDS),
    "export-inspect": Command(("archive", "export", "out", "--as", "inspect"), refuses=_HOLDS),
    "export-coding": Command(("archive", "export", "out", "--as", "refi-qda"), refuses=_HOLDS),
    **({"export-since": _SINCE} if find_spec("pyarrow") else {}),
    "import": Command(
        ("archive", "import", "bag", "home"),
        _all(_command("archive", "export", "bag", "--as", "bagit"), _gone("home")),
        refuses=_HOLDS,
    ),
    "setup": Command(
        (
            "publisher",
            "setup",
            "--title",
            "Post",
            "--reviewer",
            "bob=desk/id2.pub",
            "--criterion",
            "harm=Does it hurt?",
        ),
        _another_key,
    ),
    "setup-new": Command(
        ("publisher", "setup", "home", *LETTER, "--reviewer", "ada@example.org=desk/id.pub", "--sample"),
        _gone("home"),
    ),
    "sample": Command(
        ("publisher", "sample", "--model", "example/example-heron-1", "--prompt", "desk/rain.txt", "--candidates", "2"),
        _written("desk/rain.txt", "Write of rain.\n"),
    ),
    "submit": Command(("publisher", "submit", "desk/essay.md"), _written("desk/essay.md", "They *pause*.\n")),
    "review": Command(("publisher", "review", TRAIN, "--decision", "hold", *SIGN)),
    "prepare": Command(("publisher", "review", TRAIN, "--decision", "hold", *SIGN[:2])),
    "signature": Command(("publisher", "review", TRAIN, "--signature", "desk/1.sig"), _signed),
    "publish": Command(
        ("publisher", "publish"), _command("publisher", "review", TRAIN, "--decision", "publish", *SIGN)
    ),
    "publish-site": Command(("publisher", "publish", "--site"), _SUBTITLE),
    "rotate": Command(("archive", "keys", "rotate"), refuses="two keys sign the register"),
    "retire": Command(
        ("archive", "keys", "retire", "--early"),
        _command("archive", "keys", "rotate"),
        refuses="one key signs the register",
    ),
    "lost": Command(("archive", "keys", "lost", "--successor", SUCCESSOR, "--words", "desk/words"), _bereft),
    "succession": Command(
        ("archive", "keys", "lost", "--words", "desk/words", *SIGNED, "--to", "desk/succession.txt"), _vouched
    ),
    "revoke": Command(("publisher", "revoke", "ada@example.org", "--from", "2026-12-03")),
    "signers": Command(
        ("archive", "file", "home/allowed_signers"),
        _changed("home/allowed_signers", "# Reviewers, one", "# Our reviewers, one"),
    ),
    "skip": Command(("publisher", "skip", "2026-W49", "--reason", "holiday")),
    "note": Command(("publisher", "note", "nothing-rhymes-with-sixty", "--kind", "erratum", "--text", "It is 24.")),
    "withdraw": Command(("publisher", "withdraw", "nothing-rhymes-with-sixty", "--reason", "model-request")),
    "build": Command(("publisher", "build"), _gone("home/site/index.html", "home/site/essays")),
    "deploy": Command(("publisher", "deploy", "www")),
    "build-to": Command(("publisher", "build", "--to", "out"), refuses=_HOLDS),
}


def prepared(stage: Stage, name: str) -> str:
    """Make what lies there before a command, for `Stage.set` to copy."""
    stage.set("template")
    COMMANDS[name].before(stage)
    beginning = Path("beginnings") / name
    (stage.root / beginning).parent.mkdir(exist_ok=True)
    stage.work.rename(stage.root / beginning)
    return str(beginning)
