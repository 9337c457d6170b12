"""``logs.db`` of simonw/llm: as its version 0.26 wrote it, as 0.36 goes on with it, and what is no such file."""

import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archive.errors import Refused
from archive.importers.turns import Transcript, decode, encode
from tests import received

ROOT = Path(__file__).parents[1]
ASKED = """
import sys, llm
from click.testing import CliRunner
from llm.cli import cli
from llm.plugins import load_plugins, pm

class Heron(llm.Model):
    model_id, supports_tools, attachment_types = "heron-1", True, {"image/png"}
    class Options(llm.Options):
        temperature: float | None = None
    def execute(self, prompt, stream, response, conversation):
        if prompt.tools and not prompt.tool_results:
            response.add_tool_call(llm.ToolCall(name="look", arguments={"where": "garden"}, tool_call_id="c1"))
        else:
            yield "You said: " + (prompt.prompt or prompt.tool_results[0].output)

class Plugin:
    @llm.hookimpl
    def register_models(self, register):
        register(Heron())
    @llm.hookimpl
    def register_tools(self, register):
        def look(where: str) -> str:
            return "herons in the " + where
        register(look)

load_plugins()
pm.register(Plugin())
for arguments in (
    ["--cid", "01m8g64r1yd7t7063y7yyx5cs3", "And now?", "-o", "temperature", "0.7"],
    ["-m", "heron-1", "-s", "Be brief.", "-T", "look", "Look."],
    ["-m", "heron-1", "-f", "fragment.txt", "-a", "picture.png", "Read it"],
):
    done = CliRunner().invoke(cli, ["prompt", *arguments])
    assert done.exit_code == 0, (done.output, done.exception)
"""


def database(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as db:
        for statement in statements:
            db.executescript(statement)
    db.close()
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return database(tmp_path / "logs.db", (ROOT / "tests/cases/llm-0.26.sql").read_text())


def read(path: Path) -> Transcript:
    """The same from a path as from its bytes."""
    transcript = received.read({"logs.db": path})
    assert received.read({"logs.db": path.read_bytes()}) == transcript
    assert decode(encode(transcript)).turns == transcript.turns
    assert transcript.importer == "llm-logs"
    return transcript


def said(transcript: Transcript) -> list[tuple[int, str, str, int | None]]:
    return [(t.interview, t.role, t.text, t.parent) for t in transcript.turns]


OLD = [
    (1, "system", "Be kind.", None),
    (1, "user", "Hi?", None),
    (1, "assistant", "You said: Hi?", None),
    (1, "user", "More?", None),
    (1, "assistant", "You said: More?", None),
    (2, "user", "A fragment of text.\n\nRead it", None),
    (2, "assistant", "You said: A fragment of text.\n\nRead it", None),
    (3, "user", "Please look", None),
    (3, "assistant", "", None),
    (3, "tool", "herons in the garden", None),
    (3, "assistant", "You said:  saw herons in the garden", None),
    (4, "user", "What?", None),
    (4, "assistant", "You said: What?", None),
]


def test_each_conversation_of_the_older_tables_is_an_interview(old: Path) -> None:
    transcript = read(old)
    assert said(transcript) == OLD
    call = {"id": "c1", "name": "look", "arguments": {"where": "garden"}}
    assert [(t.tool_calls, t.tool_result, t.name) for t in transcript.turns[8:10]] == [
        ((call,), None, None),
        (None, {"id": "c1"}, "look"),
    ]
    assert (transcript.turns[2].time, transcript.turns[2].model) == ("2026-11-28T04:20:47.806495Z", "heron-1")
    assert (transcript.model, transcript.date) == (("heron-1",) * 4, ("2026-11-28",) * 4)
    assert transcript.title == ("Hi?", "A fragment of text. Read it", "Please look", "What?")
    assert dict(transcript.lost) == {"image": 1}
    assert transcript.context[0] == {
        "system_prompt": "Be kind.",
        "tools": "none",
        "sampling": "model heron-1, temperature 0.5; model heron-1",
        "question_order": "consecutive: in the order of the turns",
    }
    assert transcript.context[2] == {"system_prompt": "none", "tools": "look", "sampling": "model heron-1"}


def test_what_llm_itself_went_on_with_is_told_once(old: Path, inspect_python: Path) -> None:
    (old.parent / "fragment.txt").write_text("A fragment.\n")
    (old.parent / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    told = {**os.environ, "LLM_USER_PATH": str(old.parent)}
    run = subprocess.run(
        [inspect_python, "-c", ASKED], cwd=old.parent, env=told, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    transcript = read(old)
    assert said(transcript) == [
        *OLD[:5],
        (1, "user", "And now?", None),
        (1, "assistant", "You said: And now?", None),
        *OLD[5:],
        (5, "system", "Be brief.", None),
        (5, "user", "Look.", None),
        (5, "assistant", "", None),
        (5, "tool", "herons in the garden", None),
        (5, "assistant", "You said: herons in the garden", None),
        (6, "user", "A fragment.\n\nRead it", None),
        (6, "assistant", "You said: A fragment.\n\nRead it", None),
    ]
    assert transcript.context[0]["sampling"] == (
        "model heron-1, temperature 0.5; model heron-1; model heron-1, temperature 0.7"
    )
    assert (transcript.context[4]["system_prompt"], transcript.context[4]["tools"]) == ("Be brief.", "look")
    assert (transcript.title[0], dict(transcript.lost)) == ("Hi?", {"image": 2})
    assert (bool(transcript.turns[6].time), transcript.turns[6].model) == (True, "heron-1")


STORE = """
create table messages (hash text primary key, parent_hash text, role text);
create table parts (message_hash text, position integer, type text, text text, payload text);
create table threads (id text primary key, name text);
create table turns (id text primary key, thread_id text, parent_message_hash text, tip_message_hash text, model text,
                    options_json text, datetime_utc text);
insert into messages values ('q', null, 'user'), ('a', 'q', 'assistant'), ('b', 'q', 'assistant');
insert into parts values ('q', 0, 'text', 'Well?', null), ('a', 1, 'text', 'One.', null),
                         ('a', 0, 'reasoning', 'hm', '{"provider_metadata": {}}'), ('b', 0, 'text', 'Two.', null),
                         ('b', 1, 'reasoning', '', '{"redacted": true}'), ('b', 2, 'attachment', null, '{"new": "x"}');
insert into threads values ('t', 'Well?'), ('u', null);
insert into turns values ('1', 't', 'q', 'a', 'm', null, '2026-01-01T00:00:00'),
                         ('2', 't', 'q', 'b', 'n', '{"seed": 1}', '2026-01-01T00:00:01+00:00');
"""


def test_a_second_answer_to_the_same_question_is_a_branch(tmp_path: Path) -> None:
    transcript = read(database(tmp_path / "logs.db", STORE))
    assert [(t.role, t.text, t.reasoning, t.model, t.time, t.parent) for t in transcript.turns] == [
        ("user", "Well?", None, None, None, None),
        ("assistant", "One.", "hm", "m", "2026-01-01T00:00:00Z", None),
        ("assistant", "Two.", None, "n", "2026-01-01T00:00:01Z", 1),
    ]
    assert dict(transcript.lost) == {"redacted reasoning": 1, "attachment": 1, "part.new": 1}
    assert transcript.context[0]["sampling"] == "model m; model n, seed 1"


def test_a_file_in_write_ahead_mode_is_read_as_it_is_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    db = sqlite3.connect(path)
    db.execute("pragma journal_mode = wal")
    db.executescript(STORE)
    db.execute("pragma wal_checkpoint(truncate)")
    copy = tmp_path / "copy" / "logs.db"
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    db.close()
    assert len(read(copy).turns) == 3
    assert [entry.name for entry in copy.parent.iterdir()] == ["logs.db"]


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n)"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(["create table notes (id text)"], "is an SQLite database, and none of llm's logs", id="another"),
        pytest.param(
            [STORE, "delete from turns"],
            "holds no conversation",
            id="no calls",
        ),
        pytest.param(
            [STORE, "update turns set model = x'00'"],
            "conversation “t” model: expected text, found an object",
            id="blob",
        ),
        pytest.param(
            [STORE, "update parts set payload = '[1]'"],
            "message q.payload: expected an object, found a list",
            id="payload",
        ),
        pytest.param(
            [STORE, "update messages set parent_hash = 'a' where hash = 'q'"], "", id="messages that go round"
        ),
        pytest.param(
            [STORE, "update parts set text = cast(x'ff' as text)"], "with text in it that is not UTF-8", id="not UTF-8"
        ),
        pytest.param(
            [STORE, "drop table turns", f"create view turns as {ENDLESS} select i as id, 't' as thread_id from n"],
            "is an SQLite database, and none of llm's logs",
            id="a view without end",
        ),
    ],
)
def test_a_database_that_cannot_be_read_is_refused_with_one_clear_sentence(
    tmp_path: Path, statements: list[str], expected: str
) -> None:
    path = database(tmp_path / "logs.db", *statements)
    if not expected:
        assert read(path).lost["messages that go round"] == 1
        return
    with pytest.raises(Refused) as refused:
        read(path)
    assert expected in str(refused.value.problems[0])


@pytest.mark.parametrize("cut", [100, 5000, 9000])
def test_a_database_that_is_cut_short_is_refused(old: Path, cut: int) -> None:
    data: Any = old.read_bytes()[:cut]
    with pytest.raises(Refused, match=r"is an SQLite database that cannot be read: .*; is it whole"):
        received.read({"logs.db": data})
