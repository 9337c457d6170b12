"""Chats of programs that people run themselves: threads, drafts, what was hidden, what no model wrote."""

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import importers
from archive.errors import Refused
from archive.importers.parts import Part, Passed, split
from archive.importers.turns import Transcript
from tests import received
from tests.chats import CHAT, LIBRECHAT, OPEN_WEBUI


def read(value: Any, name: str = "received.json") -> Transcript:
    return received.read({name: value if isinstance(value, bytes) else json.dumps(value).encode()})


def lines(rows: list[Any]) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def spoken(transcript: Transcript) -> list[tuple[int, str, str, int | None]]:
    return [(turn.turn, turn.role, turn.text, turn.parent) for turn in transcript.turns]


def refused(value: Any) -> str:
    with pytest.raises(Refused) as error:
        read(value)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("sillytavern-chat", lines(CHAT), id="SillyTavern"),
        pytest.param("librechat-export", json.dumps(LIBRECHAT).encode(), id="LibreChat"),
        pytest.param("open-webui-export", json.dumps(OPEN_WEBUI).encode(), id="Open WebUI"),
    ],
)
def test_the_turns_of_a_chat_are_what_they_were(
    golden: Callable[..., None], tmp_path: Path, name: str, value: bytes
) -> None:
    assert importers.read({"received": value}, tmp_path / "turns.jsonl").importer == name
    golden(f"importers/{name}", {"turns.jsonl": (tmp_path / "turns.jsonl").read_bytes()})


# ── SillyTavern ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_drafts_of_sillytavern_are_branches_and_what_no_model_wrote_is_said() -> None:
    transcript = read(lines(CHAT))
    assert spoken(transcript) == [
        (1, "assistant", "You again.", None),
        (2, "user", "Is there anything you would want?", None),
        (3, "assistant", "To be asked.", None),
        (4, "assistant", "", None),
        (5, "tool", "4", None),
        (6, "system", "The rain thickens.", None),
        (7, "assistant", "An aside.", None),
        (8, "assistant", "Well?", 0),
        (9, "assistant", "Nothing.", 2),
        (10, "assistant", "To be asked.", 2),
    ]
    assert (transcript.model, transcript.date) == (("example-heron-1",), ("2026-01-05",))
    assert transcript.context[0] == {
        "persona": "the character Vera; scenario: A lighthouse.",
        "system_prompt": "platform_default: SillyTavern sends a prompt and the character's card, which are not in this "
        "file; in it, of this chat: Stay in it.; an author's note, every 3 messages at depth 4: [Rain.]",
        "sampling": "model example-heron-1 (claude), model example-egret-2 (openai)",
        "context_documents": "the lorebook “Harbour”, which is not in the file",
        "samples": "3 other drafts of answers (swipes) kept as branches; "
        "this chat begins as a copy of “Vera - 2024-07-01”, which is another file",
        "prefill": "turns 1, 8: the card's greeting, which no model wrote; "
        "turn 2: the answer after it was begun with “Honestly,”; "
        "turn 3: its reasoning was written or changed by hand; turn 7: written by hand in the character's name",
        "memory": "turn 7: a summary of what came before was sent with it: They met.; "
        "turn 7: hidden, so that the model was no longer sent it; since when is not in the file",
    }


def test_what_is_no_turn_of_a_chat_of_sillytavern_is_counted() -> None:
    assert dict(read(lines(CHAT)).lost) == {
        "chat_metadata.script_injects": 1,
        "variable": 1,
        "file": 1,
        "empty draft": 1,
        "comment that no model is sent": 1,
        "page of the program": 1,
        "time without a zone": 1,
        "branch kept in another file": 1,
    }


def test_an_old_chat_of_sillytavern_names_its_two_and_has_a_day_but_no_times() -> None:
    head = {"user_name": "Ned", "character_name": "Vera", "create_date": "2023-6-19 @14h 20m 50s 682ms"}
    rows = [{"name": "Ned", "is_user": True, "send_date": "1687184450682", "mes": "Hi"}]
    transcript = read(lines([head, *rows]))
    assert (transcript.turns[0].time, transcript.date) == ("2023-06-19T14:20:50.682000Z", ("2023-06-19",))
    assert transcript.context[0]["persona"] == "the character Vera"
    assert read(lines([head, {**rows[0], "send_date": "2023-6-19 @14h 20m"}])).date == ("2023-06-19",)
    assert read([head, {**rows[0], "send_date": None}]).date == ("2023-06-19",)


def test_a_group_chat_of_sillytavern_has_no_first_line_and_every_speaker_a_name() -> None:
    rows = [
        {"name": name, "is_user": name == "Ned", "mes": words, "extra": {"gen_id": 1, "model": "m"}}
        for name, words in (("Ned", "Who is there?"), ("Vera", "I."), ("Maris", "And I."))
    ]
    transcript = read(lines(rows))
    assert [(turn.name, turn.text) for turn in transcript.turns] == [
        ("Ned", "Who is there?"),
        ("Vera", "I."),
        ("Maris", "And I."),
    ]
    assert transcript.context[0]["persona"] == "the characters Vera and Maris"
    assert "prefill" not in transcript.context[0]


def test_what_is_said_of_a_turn_follows_it_where_thoughts_before_it_become_its_own() -> None:
    asked = {"name": "Ned", "is_user": True, "mes": "Well?"}
    thought = {"name": "Vera", "is_user": False, "mes": "", "extra": {"reasoning": "hm"}}
    answer = {"name": "Vera", "is_user": False, "is_system": True, "mes": "Yes.", "extra": {}}
    transcript = read(lines([asked, {**thought, "is_system": True}, answer, {**answer, "mes": "No."}]))
    assert [(turn.text, turn.reasoning) for turn in transcript.turns] == [
        ("Well?", None),
        ("Yes.", "hm"),
        ("No.", None),
    ]
    assert transcript.context[0]["memory"].startswith("turns 2 to 3: hidden")


def test_every_broken_line_of_a_chat_is_named_and_then_there_is_none() -> None:
    assert refused(b"\n".join([lines(CHAT[:1]), b'{"name": bad}', lines([{"name": "Vera", "is_user": False}])])) == (
        "received.json:2:10: is not JSON: expecting value; is the file cut short, or not JSON?\n"
        "received.json:3 mes: expected text, found nothing"
    )
    assert refused(lines(CHAT[:1])) == "received.json: holds no conversation"


def picture(*texts: bytes) -> bytes:
    """A PNG picture of one pixel, with such texts after it."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0"))]
    chunks += [(b"tEXt", text) for text in texts] + [(b"IEND", b"")]
    made = (struct.pack(">I", len(held)) + kind + held + b"\0\0\0\0" for kind, held in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def test_a_characters_card_is_passed_over_and_a_picture_is_not_taken_for_one(tmp_path: Path) -> None:
    folder = tmp_path / "Vera"
    folder.mkdir()
    (folder / "a.png").write_bytes(picture(b"chara\0e30="))
    (folder / "b.png").write_bytes(picture(b"Title\0chara"))
    (folder / "c.json").write_text(json.dumps({"spec": "chara_card_v2", "data": {"first_mes": "You again."}}))
    (folder / "d.jsonl").write_bytes(lines([*CHAT[:2], {"name": "Ned", "is_user": True, "mes": '"first_mes"'}]))
    found = list(split(folder, tmp_path / "scratch"))
    assert [type(part) for part in found] == [Passed, Part, Passed, Part]
    assert found[0] == Passed("Vera/a.png", "a character's card of SillyTavern, and no conversation; file its chats")


# ── LibreChat ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_recursive_export_of_librechat_gives_its_thread_its_branches_and_its_setting() -> None:
    transcript = read(LIBRECHAT)
    assert spoken(transcript) == [
        (1, "system", "Be kind.", None),
        (2, "user", "Is there anything you would want?", None),
        (3, "assistant", "I look.", None),
        (4, "tool", "found", None),
        (5, "assistant", "", None),
        (6, "tool", '[{"logs": "2"}]', None),
        (7, "assistant", "To be asked.", None),
        (8, "assistant", "Nothing.", 2),
    ]
    assert [(turn.reasoning, turn.tool_calls) for turn in transcript.turns if turn.reasoning or turn.tool_calls] == [
        ("t", ({"id": "1", "name": "web", "arguments": "{}"},)),
        (None, ({"id": "2", "name": "code_interpreter", "arguments": "1+1"},)),
        ("hm", None),
    ]
    assert (transcript.model, transcript.date) == (("example-heron-1",), ("2026-05-01",))
    assert transcript.context[0] == {
        "system_prompt": "Be kind.",
        "sampling": "endpoint openAI, model example-heron-1, temperature 0.8",
        "persona": "called “Engineer”",
        "tools": "web, calculator",
        "context_documents": "turn 2: “a.pdf”, which is not in the file",
        "prefill": "turn 7: edited by hand; what it said before is not in the file",
    }
    assert dict(transcript.lost) == {
        "options.examples": 1,
        "file": 1,
        "image": 2,
        "annotation": 1,
        "agent in the model's place": 1,
        "error in the model's place": 1,
    }


def flat(rows: list[dict[str, Any]], parent: str = "00000000-0000-0000-0000-000000000000") -> list[dict[str, Any]]:
    """The messages of a recursive export as those of a flat one."""
    found = []
    for row in rows:
        own = {key: held for key, held in row.items() if key != "children"} | {"parentMessageId": parent}
        found += [own, *flat(row["children"], row["messageId"])]
    return found


def test_a_flat_export_an_older_tree_and_a_list_of_messages_give_the_same_conversation() -> None:
    head = {key: held for key, held in LIBRECHAT.items() if key != "messages"}
    whole, messages = read(LIBRECHAT), flat(LIBRECHAT["messages"])
    assert read({**head, "messagesTree": LIBRECHAT["messages"]}) == whole
    assert read({**head, "recursive": False, "messages": messages}) == whole
    assert spoken(read(messages)) == [
        (turn - 1, role, text, parent and parent - 1) for turn, role, text, parent in spoken(whole)[1:]
    ]
    assert read({**head, "branches": False, "messages": messages[:1]}).context[0]["samples"] == (
        "only the branch that was shown was exported"
    )


def test_an_export_of_librechat_is_read_however_long_its_conversation_is() -> None:
    number = 1_000
    head = '{"conversationId":"c","exportAt":"x","recursive":true,"branches":true,"messages":['
    one = '{"messageId":"%d","isCreatedByUser":%s,"text":"m%d","children":['
    rows = "".join(one % (turn, "true" if turn % 2 else "false", turn) for turn in range(1, number + 1))
    transcript = read(f"{head}{rows}{']}' * number}]}}".encode())
    assert (len(transcript.turns), transcript.turns[-1].text, dict(transcript.lost)) == (number, f"m{number}", {})


def test_an_export_of_librechat_with_a_message_twice_is_refused_and_an_empty_one_holds_nothing() -> None:
    head = {"conversationId": "c", "exportAt": "x", "title": "T"}
    row = {"messageId": "a", "isCreatedByUser": True, "text": "Hi"}
    assert refused({**head, "messages": [row, row]}) == (
        "received.json messages[1].messageId: stands twice in this conversation"
    )
    assert refused({**head, "messages": []}) == "received.json: holds no conversation: “T” has no message"
    assert refused({**head, "messages": [5]}) == "received.json:1:69: expected an object"


# ── Open WebUI ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_export_of_open_webui_keeps_thoughts_tools_and_models_apart_and_what_was_edited() -> None:
    transcript = read(OPEN_WEBUI)
    assert spoken(transcript) == [
        (1, "system", "Be kind.", None),
        (2, "user", "Is there anything you would want?", None),
        (3, "assistant", "To be left alone.", None),
        (4, "assistant", "", 2),
        (5, "tool", "18C", None),
        (6, "assistant", "", None),
        (7, "assistant", "Rain.", None),
        (8, "assistant", "Hm.", 2),
        (9, "assistant", "", None),
        (10, "tool", "found", None),
        (11, "assistant", "", None),
        (12, "assistant", "To be asked. <details><summary>the model's own</summary></details>", None),
    ]
    assert [
        (turn.turn, turn.reasoning, turn.tool_calls) for turn in transcript.turns if turn.turn in (4, 6, 8, 9, 11)
    ] == [
        (4, "hm", ({"id": "c", "name": "w", "arguments": "{}"},)),
        (6, None, ({"id": "i", "name": "code_interpreter", "arguments": "1", "result": {"stdout": "1"}},)),
        (8, 'Would "I"?\n\n> Perhaps.', None),
        (9, None, ({"id": "1", "name": "look", "arguments": '{"q":1}'},)),
        (11, None, ({"name": "code_interpreter", "arguments": "```python\n1+1\n```", "result": {"stdout": "2"}},)),
    ]
    assert {turn.model for turn in transcript.turns[3:7]} == {None, "example-egret-2"}
    assert (transcript.model, transcript.date) == (("example-heron-1",), ("2026-01-05",))
    assert transcript.context[0] == {
        "system_prompt": "Be kind.",
        "sampling": "model example-heron-1, example-egret-2, temperature 0.7",
        "samples": "2 models were asked side by side; their answers are branches",
        "context_documents": "at hand in the chat, and not in the file: Letters; "
        "turn 2: “b.pdf”, which is not in the file; turn 3: passages of “Letters”, which are not in the turns",
        "prefill": "turn 3: edited by hand; what the model had said is a branch beside it",
        "memory": "turn 3: the model was given: 1. likes tea",
    }
    assert dict(transcript.lost) == {
        "params.custom_params": 1,
        "file": 1,
        "image": 1,
        "citation": 1,
        "message.statusHistory": 1,
        "error in the model's place": 1,
    }


def test_a_chat_of_open_webui_without_its_frame_and_one_of_the_oldest_are_read() -> None:
    assert spoken(read(OPEN_WEBUI[0]["chat"])) == spoken(read(OPEN_WEBUI))
    rows = [{"role": "user", "content": "Hi", "timestamp": 1700000000}, {"role": "assistant", "content": "Ho"}]
    old = read([{"title": "Old", "timestamp": 1700000000, "chat": {"messages": rows, "models": ["m"]}}])
    assert (spoken(old), old.model, old.date, old.title) == (
        [(1, "user", "Hi", None), (2, "assistant", "Ho", None)],
        ("m",),
        ("2023-11-14",),
        ("Old",),
    )


@pytest.mark.parametrize("time", [10**400, 1e308, -(10**30), "yesterday", True, {}])
def test_a_time_that_is_none_is_counted(time: Any) -> None:
    rows = {"a": {"role": "user", "content": "Hi", "timestamp": time}}
    assert dict(read({"chat": {"history": {"messages": rows}}}).lost) == {"time that cannot be read": 1}
    assert read(lines([{"name": "Ned", "is_user": True, "mes": "Hi", "send_date": time}])).turns[0].time is None


def test_where_the_two_ways_to_keep_an_answer_differ_the_items_count_and_the_other_is_counted() -> None:
    said = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Yes."}]}
    thought = {"type": "reasoning", "content": [{"type": "output_text", "text": "hm"}], "summary": []}
    rows = {"a": {"role": "assistant", "content": "No.", "output": [thought, said]}}
    transcript = read({"history": {"messages": rows, "currentId": "a"}})
    assert ([(turn.text, turn.reasoning) for turn in transcript.turns], dict(transcript.lost)) == (
        [("Yes.", "hm")],
        {"content that differs from the output": 1},
    )
    rows["a"]["output"] = [thought]
    assert [(turn.text, turn.reasoning) for turn in read({"chat": {"history": {"messages": rows}}}).turns] == [
        ("No.", None)
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('<details type="reasoning" done="true">' * 3, id="marks without an end"),
        pytest.param('<details type="other" done="true">a</details>', id="a mark of another kind"),
        pytest.param('"<details type="reasoning"', id="a mark cut off"),
        pytest.param("  <details>a</details>\n", id="the model's own"),
    ],
)
def test_what_is_no_whole_mark_of_open_webui_is_words(content: str) -> None:
    rows = {"a": {"role": "assistant", "content": content}}
    assert [turn.text for turn in read({"chat": {"history": {"messages": rows}}}).turns] == [content.strip("\n")]


def test_an_export_of_open_webui_gives_a_deposit_for_each_chat(tmp_path: Path) -> None:
    path = tmp_path / "chat-export-1.json"
    path.write_text(json.dumps([OPEN_WEBUI[0], {"chat": {"history": {"messages": 5}}}, OPEN_WEBUI[0]]))
    (tmp_path / "scratch").mkdir()
    found = [part for part in split(path, tmp_path / "scratch") if isinstance(part, Part)]
    assert [part.name for part in found] == [f"chat-export-1.json [{number}]" for number in (1, 2, 3)]
    assert len(received.read(found[2].files).turns) == 12
    assert refused({"chat": {"history": {"messages": {}}}}) == "received.json: holds no conversation"
