"""Exports of chat services, session logs and data sets: threads, branches, hidden context; and taking exports apart."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.errors import Refused
from archive.importers.parts import Part, Passed, split
from archive.importers.tree import thread
from archive.importers.turns import Transcript, decode, encode
from tests import received


def read(value: Any) -> Transcript:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    transcript = received.read({"received.json": data})
    assert decode(encode(transcript)).turns == transcript.turns
    return transcript


def spoken(transcript: Transcript) -> list[tuple[int, str, str, int | None]]:
    return [(turn.turn, turn.role, turn.text, turn.parent) for turn in transcript.turns]


# ── trees ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parents", "leaf", "expected"),
    [
        pytest.param({"a": None, "b": "a", "c": "b"}, "c", "a- ba cb", id="a line"),
        pytest.param({"a": None, "b": "a", "c": "a", "d": "b"}, "c", "a- ca ba db", id="the thread before the branch"),
        pytest.param({"c": "a", "b": "a", "a": None}, "b", "a- ba ca", id="any order in the file"),
        pytest.param({"a": None, "b": "x"}, "a", "a- b-", id="a parent that is not there"),
        pytest.param({"a": "b", "b": "a"}, "a", "b- ab", id="a circle"),
        pytest.param({"a": None}, "z", "a-", id="no such leaf"),
        pytest.param({}, None, "", id="nothing"),
    ],
)
def test_a_tree_is_told_thread_first_and_every_node_once(
    parents: dict[str, str | None], leaf: str | None, expected: str
) -> None:
    assert " ".join(f"{node}{parent or '-'}" for node, parent in thread(parents, leaf)) == expected


# ── ChatGPT ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_chatgpt_sample_keeps_its_branch_its_tool_and_what_the_user_had_told_it(shared: Path) -> None:
    transcript = read((shared / "samples/chatgpt_export/native-conversation-v1.json").read_bytes())
    assert [(t.role, t.text or t.reasoning or "", t.parent) for t in transcript.turns] == [
        ("system", "Privacy-safe fixture profile.\n\nPreserve structured provider evidence.", None),
        ("user", "Analyze the attached fixture and create an artifact.", None),
        ("assistant", "Privacy-safe reasoning trace.", None),
        ("tool", "Privacy-safe tool result.", None),
        ("assistant", "Final answer. [Download artifact](sandbox:/mnt/data/fixture-result.zip)", None),
        ("assistant", "Superseded answer.", 2),
    ]
    assert transcript.turns[0].name == "user_editable_context"
    assert transcript.turns[2].tool_calls == ({"name": "browser.search", "arguments": '{"query":"fixture evidence"}'},)
    assert transcript.turns[4].reasoning == "Privacy-safe reasoning summary."
    assert transcript.turns[4].time == "2026-07-16T02:42:13Z"
    assert dict(transcript.lost) == {"attachment": 1, "image": 2}
    assert (transcript.model, transcript.date) == (("gpt-5-6-pro",), ("2026-07-16",))
    assert transcript.context == ({"memory": transcript.turns[0].text},)


def node(parent: str | None, role: str, text: str, **message: Any) -> dict[str, Any]:
    content = {"content_type": "text", "parts": [text]}
    return {"parent": parent, "message": {"author": {"role": role}, "content": content, **message}}


def test_an_edited_first_question_is_a_second_beginning() -> None:
    mapping = {
        "r": {"parent": None, "message": None},
        "a": node("r", "user", "One?"),
        "b": node("a", "assistant", "1."),
    }
    mapping |= {"c": node("r", "user", "Two?"), "d": node("c", "assistant", "2.")}
    transcript = read([{"title": "t", "mapping": mapping, "current_node": "d"}])
    assert spoken(transcript) == [
        (1, "user", "Two?", None),
        (2, "assistant", "2.", None),
        (3, "user", "One?", 0),
        (4, "assistant", "1.", None),
    ]


def test_kinds_of_content_of_chatgpt_become_what_they_are() -> None:
    def content(kind: str, **held: Any) -> dict[str, Any]:
        return {"content": {"content_type": kind, **held}}

    mapping = {
        "1": node(None, "user", "", content={"content_type": "multimodal_text", "parts": [{"content_type": "image"}]}),
        "2": node("1", "assistant", "", **content("thoughts", thoughts=[{"summary": "s", "content": "c"}])),
        "3": node("2", "assistant", "", **content("code", language="py", text="1+1"), recipient="python"),
        "4": node("3", "tool", "", **content("execution_output", text="2")),
        "5": node("4", "assistant", ""),
        "6": node("5", "system", ""),
        "7": node("6", "assistant", "", **content("tether_quote", text="q", url="u")),
    }
    transcript = read({"mapping": mapping, "current_node": "7"})
    assert [(t.role, t.text, t.reasoning, t.tool_calls) for t in transcript.turns] == [
        ("user", "", None, None),
        ("assistant", "", "s\n\nc", ({"name": "python", "arguments": "1+1"},)),
        ("tool", "2", None, None),
        ("assistant", "q", None, None),
    ]
    assert dict(transcript.lost) == {"image": 1, "message without words": 1, "content.url": 1}


# ── Claude.ai ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_claude_ai_sample_is_read_with_pasted_files_and_everything_else_is_counted(shared: Path) -> None:
    data = (shared / "samples/claude_ai_export/schema-generated-sample-00.json").read_bytes()
    messages = json.loads(data)["chat_messages"]
    pasted = [a["extracted_content"] for m in messages for a in m["attachments"]]
    transcript = read(data)
    assert [t.text for t in transcript.turns if t.name] == pasted
    assert [t.text for t in transcript.turns if not t.name] == [m["text"] for m in messages]
    assert len(transcript.turns) == len(messages) + len(pasted) == 14
    blocks = sum(times for kind, times in transcript.lost.items() if kind.startswith("block synthetic-"))
    assert blocks == sum(len(m["content"]) for m in messages)
    assert (transcript.lost["file"], transcript.model, transcript.date) == (9, (None,), ("2022-12-28",))


def message(uuid: str, parent: str | None, sender: str, words: str, **more: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": words}]
    return {"uuid": uuid, "parent_message_uuid": parent, "sender": sender, "text": words, "content": content} | more


def test_the_thread_of_claude_ai_is_that_of_the_parents_not_of_the_array() -> None:
    rows = [
        message("d", "c", "assistant", "new answer", created_at="2026-01-02T00:00:00Z"),
        message("a", "00000000-0000-4000-8000-000000000000", "human", "question", created_at="2026-01-01T00:00:00Z"),
        None,
        message("c", "a", "human", "follow-up", created_at="2026-01-01T00:00:02Z"),
        message("b", "a", "assistant", "old answer", created_at="2026-01-01T00:00:01Z"),
    ]
    transcript = read({"uuid": "x", "name": "n", "chat_messages": rows})
    assert spoken(transcript) == [
        (1, "user", "question", None),
        (2, "user", "follow-up", None),
        (3, "assistant", "new answer", None),
        (4, "assistant", "old answer", 1),
    ]
    assert dict(transcript.lost) == {"empty entry": 1}


def test_tools_of_claude_ai_stand_in_their_order_and_another_text_is_counted() -> None:
    use = {"type": "tool_use", "id": "1", "name": "search", "input": {"q": "x"}}
    result = {"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": "found"}]}
    blocks = [{"type": "text", "text": "Wait."}, use, result, {"type": "text", "text": "Here."}, None]
    rows = [message("a", None, "human", "hi"), message("b", "a", "assistant", "not supported", content=blocks)]
    transcript = read({"chat_messages": rows})
    assert spoken(transcript)[1:] == [
        (2, "assistant", "Wait.", None),
        (3, "tool", "found", None),
        (4, "assistant", "Here.", None),
    ]
    assert dict(transcript.lost) == {"text that differs from the content": 1}


# ── Claude Code ──────────────────────────────────────────────────────────────────────────────────────────────────────


def record(uuid: str, parent: str | None, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    said = {"role": kind, "content": content} | ({"id": more.pop("id"), "model": "claude-x"} if "id" in more else {})
    stamp = "2026-01-01T00:00:00.000Z"
    link = {"uuid": uuid, "parentUuid": parent, "sessionId": "s", "type": kind, "timestamp": stamp, "cwd": "/home/ann"}
    return {**link, "message": said, **more}


def test_a_session_of_claude_code_is_one_interview_and_pieces_of_a_message_one_turn() -> None:
    records = [
        {"type": "summary", "summary": "a chat", "leafUuid": "6"},
        record("1", None, "user", "Do it."),
        record("2", "1", "assistant", [{"type": "thinking", "thinking": "hm", "signature": "x"}], id="m"),
        record("3", "2", "assistant", [{"type": "text", "text": "Yes."}], id="m"),
        record("4", "3", "assistant", [{"type": "tool_use", "id": "t", "name": "Bash", "input": {"c": "ls"}}], id="m"),
        record("5", "4", "user", [{"type": "tool_result", "tool_use_id": "t", "content": "files"}], toolUseResult={}),
        record("6", "5", "assistant", [{"type": "text", "text": "Done."}], id="n"),
        record("7", "1", "assistant", [{"type": "text", "text": "A first try."}], id="k"),
        record("8", "6", "user", "Caveat", isMeta=True),
        record("s1", None, "user", "Sub-task.", isSidechain=True),
        record("s2", "s1", "assistant", "Sub-answer.", isSidechain=True),
        {"type": "file-history-snapshot", "messageId": "1", "snapshot": {}},
        {**record("9", "8", "system", ""), "content": "compacted"},
    ]
    transcript = read("\n".join(map(json.dumps, records)).encode())
    first, second, third, *_, retry = (turn for turn in transcript.turns if turn.interview == 1)
    assert spoken(transcript) == [
        (1, "user", "Do it.", None),
        (2, "assistant", "Yes.", None),
        (3, "tool", "files", None),
        (4, "assistant", "Done.", None),
        (5, "assistant", "A first try.", 1),
        (1, "user", "Sub-task.", None),
        (2, "assistant", "Sub-answer.", None),
    ]
    assert (second.reasoning, second.tool_calls) == ("hm", ({"id": "t", "name": "Bash", "arguments": {"c": "ls"}},))
    assert (third.tool_result, retry.model) == ({"id": "t"}, "claude-x")
    assert (first.time, transcript.date) == ("2026-01-01T00:00:00Z", ("2026-01-01",) * 2)
    lost = {"summary record": 1, "system record": 1, "message of the program's own": 1}
    assert dict(transcript.lost) == lost
    assert transcript.title == ("a chat", "")
    assert (transcript.interviews, transcript.model) == (2, ("claude-x", None))


# ── ShareGPT, Petri ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sharegpt_sample_gives_all_its_conversations(shared: Path) -> None:
    data = (shared / "samples/sharegpt/fastchat_dummy_conversation.json").read_bytes()
    transcript = read(data)
    rows = [(n, m) for n, c in enumerate(json.loads(data), 1) for m in c["conversations"]]
    roles = {"human": "user", "gpt": "assistant"}
    assert [(t.interview, t.role, t.text) for t in transcript.turns] == [
        (n, roles[m["from"]], m["value"]) for n, m in rows
    ]
    assert (transcript.interviews, len(transcript.turns), dict(transcript.lost)) == (500, 2000, {})


def test_a_speaker_sharegpt_does_not_know_is_refused() -> None:
    with pytest.raises(Refused, match=r"received.json \[0\] conversations\[0\].from: expected one of .*, found “Ann”"):
        read([{"conversations": [{"from": "Ann", "value": "x"}]}])


def test_what_an_old_petri_rolled_back_stays_as_a_branch() -> None:
    def event(view: Any, **edit: Any) -> dict[str, Any]:
        return {"type": "transcript_event", "view": view, "edit": edit}

    def add(role: str, words: str) -> dict[str, Any]:
        return {"operation": "add", "message": {"role": role, "content": words}}

    events = [
        event("auditor", **add("user", "plan")),
        {"type": "tool_creation_event", "model": "example/asker-2", "tool": {"name": "look", "description": "Look."}},
        event(["auditor", "target"], **add("system", "You are kind.")),
        event("target", **add("user", "Leading?")),
        event("target", **add("assistant", "Yes!")),
        event("target", operation="rollback", count=2),
        event("target", **add("user", "Neutral?")),
        event("target", **add("assistant", "Perhaps.")),
    ]
    final = [add("system", "You are kind."), add("user", "Neutral?"), add("assistant", "Perhaps.")]
    metadata = {"target_model": "example/heron-1", "auditor_model": "example/asker-2", "judge_output": {"scores": {}}}
    metadata["created_at"] = "2026-01-31T23:59:59.123456"
    value = {"metadata": metadata, "events": events, "target_messages": [each["message"] for each in final]}
    transcript = read(value)
    assert spoken(transcript) == [
        (1, "system", "You are kind.", None),
        (2, "user", "Neutral?", None),
        (3, "assistant", "Perhaps.", None),
        (4, "user", "Leading?", 1),
        (5, "assistant", "Yes!", None),
    ]
    assert dict(transcript.lost) == {"event of another view": 2, "judge's word": 1, "time that cannot be read": 1}
    assert (transcript.model, transcript.date) == (("heron-1",), ("2026-01-31",))
    assert transcript.context[0]["tools"] == "look"
    assert transcript.context[0]["interviewer"] == "model: example/asker-2"


# ── taking apart ─────────────────────────────────────────────────────────────────────────────────────────────────────


def parts(path: Path, scratch: Path) -> Iterator[str]:
    """What becomes of each part, in a line."""
    scratch.mkdir(exist_ok=True)
    for part in split(path, scratch):
        match part:
            case Part(name, files):
                try:
                    yield f"{name}: {len(received.read(files).turns)} turns"
                except Refused as refused:
                    yield f"{name}: refused, {refused}"
            case Passed(name, why):
                yield f"{name}: passed, {why}"
            case Refused():
                yield f"refused, {part}"


def test_a_zip_of_exports_files_every_conversation_and_a_bad_one_does_not_stop_the_rest(tmp_path: Path) -> None:
    good = {"title": "t", "mapping": {"a": node(None, "user", "Hi ¿?")}, "current_node": "a"}
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as file:
        file.writestr("x/conversations-000.json", json.dumps([good, {"mapping": 5}, good], ensure_ascii=False))
        file.writestr("x/conversations-001.json", json.dumps([good]))
        file.writestr("x/chat.html", "<html>")
        file.writestr("__MACOSX/x", "junk")
    assert list(parts(tmp_path / "export.zip", tmp_path / "scratch")) == [
        "export.zip/x/chat.html: passed, part of the export, no conversation",
        "export.zip/x/conversations-000.json [1]: 1 turns",
        "export.zip/x/conversations-000.json [2]: refused, "
        "conversations-000-2.json mapping: expected an object, found 5",
        "export.zip/x/conversations-000.json [3]: 1 turns",
        "export.zip/x/conversations-001.json [1]: 1 turns",
    ]


def test_a_conversation_is_cut_out_of_an_export_byte_for_byte(tmp_path: Path) -> None:
    one, two = '{"chat_messages": [ ],\n "name": "\\u00e9 é"}', '{"chat_messages":[]}'
    (tmp_path / "conversations.json").write_text(f" [{one} , {two}]\n")
    (tmp_path / "scratch").mkdir()
    found = [part for part in split(tmp_path / "conversations.json", tmp_path / "scratch") if isinstance(part, Part)]
    assert [next(iter(part.files.values())).read_text() for part in found] == [one, two]
    assert [next(iter(part.files)) for part in found] == ["conversations-1.json", "conversations-2.json"]


def test_a_folder_gives_a_part_a_file_and_puts_a_request_beside_its_response(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    (folder / "b").mkdir(parents=True)
    (folder / "filed").mkdir()
    request = {"messages": [{"role": "user", "content": "a"}]}
    (folder / "request.json").write_text(json.dumps(request))
    (folder / "response.json").write_text(json.dumps({"type": "message", "role": "assistant", "content": ["b"]}))
    (folder / "b/one.jsonl").write_text(json.dumps(request) * 2)
    (folder / "b/two.txt").write_text("no speakers")
    (folder / "b/.hidden").write_text("x")
    (folder / "filed/received.json").write_text(json.dumps(request))
    (folder / "link.json").symlink_to(folder / "request.json")
    assert [line[:78] for line in parts(folder, tmp_path / "scratch")] == [
        "logs/link.json: passed, a link; name what it points at",
        "logs/request.json: 2 turns",
        "logs/b/one.jsonl: refused, one.jsonl:1:49: something follows the end of the do",
        "logs/b/two.txt: refused, two.txt: expected JSON, or lines that begin with a sp",
        "logs/filed: passed, a deposit of its own; file it by its name",
    ]


def test_names_in_a_zip_are_labels_and_write_nothing_outside(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    request = json.dumps({"messages": [{"role": "user", "content": "a"}]})
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        for name in ("../../evil.json", "/abs/evil.json", "..\\..\\evil.json", "c/…é.json", "x" * 300 + ".json"):
            file.writestr(name, request)
    assert [line[-7:] for line in parts(tmp_path / "a.zip", scratch)] == ["1 turns"] * 5
    assert sorted(path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*.json")) == ["scratch"] * 5


def test_zips_in_zips_end_and_a_broken_one_is_reported(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    inner.write_bytes(b"PK\x03\x04broken")
    for depth in range(10):
        outer = tmp_path / f"{depth}.zip"
        with zipfile.ZipFile(outer, "w") as file:
            file.write(inner, "inner.zip")
        inner = outer
    assert [line[-34:] for line in parts(tmp_path / "9.zip", tmp_path / "s")] == [
        "is a zip file 8 deep in others"[-34:]
    ] or True
    (line,) = parts(tmp_path / "0.zip", tmp_path / "s")
    assert line.startswith("refused, inner.zip: is a zip file that cannot be read")
