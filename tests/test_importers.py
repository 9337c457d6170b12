"""API conversations, text with speakers, and what no importer knows."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import Refused
from archive.importers import FORMATS, parse_speakers
from archive.importers.checks import Checks, seconds
from archive.importers.response import essay_text
from archive.importers.source import Source
from archive.importers.turns import Transcript, decode, encode
from tests import received
from tests.fuzz.conversations import SEEDS, as_file

SPEAKERS = {"Interviewer": "user", "Opus": "assistant"}


def read(data: Any, name: str = "a.json", speakers: Mapping[str, Any] | None = None) -> Transcript:
    """What the importers make of one file: of bytes, of text, or of what is to be written as JSON."""
    raw = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else json.dumps(data).encode()
    transcript = received.read({name: raw}, speakers=speakers)
    assert decode(encode(transcript)).turns == transcript.turns
    return transcript


def exchange(request: Any, response: Any) -> Transcript:
    files = {"received.request.json": request, "received.response.json": response}
    return received.read({name: json.dumps(value).encode() for name, value in files.items()})


def said(transcript: Transcript) -> list[tuple[int, str, str]]:
    return [(turn.interview, turn.role, turn.text) for turn in transcript.turns]


def problems(data: Any, **options: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        read(data, **options)
    return [str(problem) for problem in refused.value.problems]


# ── Anthropic ────────────────────────────────────────────────────────────────────────────────────────────────────────

REQUEST = {
    "model": "claude-3-opus-20240229",
    "max_tokens": 1024,
    "temperature": 1.0,
    "thinking": {"type": "disabled"},
    "messages": [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": "I am"}],
}
RESPONSE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-3-opus-20240229",
    "content": [{"type": "thinking", "thinking": "hm", "signature": "x"}, {"type": "text", "text": " a model."}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 9},
}


def test_the_real_anthropic_sample_is_read_with_its_bare_string_and_without_loss(shared: Path) -> None:
    data = (shared / "samples/anthropic_messages/research-commons-test.json").read_bytes()
    transcript = read(data)
    source = json.loads(data)["messages"]
    texts = [c if isinstance(c := m["content"], str) else "\n\n".join(b["text"] for b in c) for m in source]
    assert (transcript.importer, transcript.interviews, dict(transcript.lost)) == ("anthropic-messages", 1, {})
    assert said(transcript) == [(1, m["role"], text) for m, text in zip(source, texts, strict=True)]
    assert len(transcript.turns) == 18


def test_an_exchange_is_one_interview_and_fills_in_what_it_shows_of_its_setting() -> None:
    transcript = exchange(REQUEST, RESPONSE)
    assert said(transcript) == [(1, "user", "Who are you?"), (1, "assistant", "I am"), (1, "assistant", " a model.")]
    assert transcript.turns[-1].reasoning == "hm"
    assert transcript.model == ("claude-3-opus-20240229",)
    assert transcript.context == (
        {
            "system_prompt": "none",
            "tools": "none",
            "sampling": "model claude-3-opus-20240229, temperature 1.0, max_tokens 1024, thinking off",
            "prefill": "I am",
            "end_reason": "stop_reason end_turn",
        },
    )


def test_a_bare_conversation_says_nothing_of_a_system_prompt_it_may_have_had() -> None:
    blocks = [{"type": "text", "text": "Hi"}]
    assert read({"messages": [{"role": "user", "content": blocks}]}).context == ({},)


def test_a_system_prompt_is_a_turn_and_the_context_of_the_interview() -> None:
    system = [{"type": "text", "text": "Be kind."}, {"type": "text", "text": "Be brief."}]
    transcript = read(REQUEST | {"system": system})
    assert said(transcript)[0] == (1, "system", "Be kind.\n\nBe brief.")
    assert transcript.context[0]["system_prompt"] == "Be kind.\n\nBe brief."


def test_tool_use_and_pasted_documents_become_turns_in_the_order_they_stand() -> None:
    document = {"type": "document", "title": "Card", "source": {"type": "text", "data": "Facts."}}
    result = [{"type": "text", "text": "found"}, {"type": "image", "source": {}}]
    content: list[Any] = [
        {"role": "user", "content": [document, {"type": "text", "text": "Read it."}, {"type": "image", "source": {}}]},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "look", "input": {"a": 1}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "is_error": True, "content": result}]},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "So."},
                {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
                {"type": "web_search_tool_result", "tool_use_id": "s", "content": [{"type": "web_search_result"}]},
                {"type": "text", "text": "Done.", "citations": [{"url": "u"}]},
                {"type": "redacted_thinking", "data": "x"},
                {"type": "new_block", "text": "?"},
            ],
        },
    ]
    transcript = read({"model": "claude-x", "messages": content, "note": "kept beside"})
    assert [(t.role, t.text, t.name, t.tool_calls, t.tool_result) for t in transcript.turns] == [
        ("user", "Facts.", "Card", None, None),
        ("user", "Read it.", None, None, None),
        ("assistant", "", None, ({"id": "t", "name": "look", "arguments": {"a": 1}},), None),
        ("tool", "found", None, None, {"id": "t", "error": True}),
        ("assistant", "So.", None, ({"id": "s", "name": "web_search", "arguments": {}},), None),
        ("tool", "", None, None, {"id": "s", "content": [{"type": "web_search_result"}]}),
        ("assistant", "Done.", None, None, None),
    ]
    lost = {"image": 2, "text.citations": 1, "redacted thinking": 1, "block new_block": 1, "conversation.note": 1}
    assert dict(transcript.lost) == lost


def test_an_answer_cut_by_a_limit_says_so() -> None:
    context = read(RESPONSE | {"stop_reason": "max_tokens"}).context[0]
    assert (context["end_reason"], context["ended_by"]) == ("stop_reason max_tokens", "limit: stop_reason max_tokens")


def test_an_error_of_the_api_is_no_answer() -> None:
    assert problems({"type": "error", "error": {"type": "overloaded_error"}}) == [
        "a.json response: expected an answer of the model, found an error or something else"
    ]


# ── OpenAI ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_openai_sample_gives_one_interview_a_line_also_without_a_user(shared: Path) -> None:
    data = (shared / "samples/openai_chat_jsonl/toy_chat_fine_tuning.first4.jsonl").read_bytes()
    transcript = read(data, "a.jsonl")
    rows = [json.loads(line) for line in data.splitlines()]
    assert said(transcript) == [(n, m["role"], m["content"]) for n, row in enumerate(rows, 1) for m in row["messages"]]
    assert (transcript.importer, transcript.interviews, dict(transcript.lost)) == ("openai-chat", 4, {})
    prompt = "You are a happy assistant that puts a positive spin on everything."
    order = "consecutive: in the order of the turns"
    expected = [prompt, prompt, None, prompt]
    assert [context.get("system_prompt") for context in transcript.context] == expected
    assert [context.get("question_order") for context in transcript.context] == [None, order, None, None]


def test_several_choices_of_one_response_are_several_interviews() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "look", "arguments": '{"a": 1}'}}
    answers = [
        {"index": 0, "message": {"role": "assistant", "content": "Yes."}, "finish_reason": "stop"},
        {
            "index": 1,
            "message": {"role": "assistant", "content": None, "tool_calls": [call]},
            "finish_reason": "length",
        },
    ]
    request = {"model": "gpt-x", "n": 2, "messages": [{"role": "user", "content": "Well?"}]}
    response = {"object": "chat.completion", "created": 1764000000, "model": "gpt-x-2025", "choices": answers}
    transcript = exchange(request, response)
    assert said(transcript) == [
        (1, "user", "Well?"),
        (1, "assistant", "Yes."),
        (2, "user", "Well?"),
        (2, "assistant", ""),
    ]
    assert transcript.turns[3].tool_calls == ({"id": "1", "name": "look", "arguments": '{"a": 1}'},)
    assert transcript.turns[3].time == "2025-11-24T16:00:00Z"
    assert (transcript.model, transcript.date) == (("gpt-x-2025",) * 2, ("2025-11-24",) * 2)
    assert transcript.context[1] == {
        "sampling": "model gpt-x, n 2",
        "system_prompt": "none",
        "prefill": "none",
        "samples": "answer 2 of 2 to one request",
        "end_reason": "finish_reason length",
        "ended_by": "limit: finish_reason length",
    }


def test_roles_reasoning_refusals_and_tools_of_openai_are_kept() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:"}}
    rows = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "name": "Ann", "content": [{"type": "text", "text": "Look:"}, picture]},
        {"role": "assistant", "content": "I see.", "reasoning_content": "a picture", "annotations": [{"a": 1}]},
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "tool", "tool_call_id": "1", "content": "42"},
        {"role": "assistant", "content": None, "refusal": "No."},
    ]
    transcript = read({"messages": rows})
    assert [(t.role, t.name, t.text, t.reasoning) for t in transcript.turns] == [
        ("system", "developer", "Be brief.", None),
        ("user", "Ann", "Look:", None),
        ("assistant", None, "I see.", "a picture"),
        ("assistant", None, "", None),
        ("tool", None, "42", None),
        ("assistant", None, "No.", None),
    ]
    assert transcript.turns[3].tool_calls == ({"name": "f", "arguments": "{}"},)
    assert transcript.turns[4].tool_result == {"id": "1"}
    assert dict(transcript.lost) == {"image": 1, "message.annotations": 1}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param('[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]', id="a list"),
        pytest.param('{"role":"user","content":"a"}\n{"role":"assistant","content":"b"}\n', id="one a line"),
        pytest.param(
            '[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":["b"]}]', id="blocks"
        ),
    ],
)
def test_messages_without_a_frame_are_one_conversation(data: str) -> None:
    assert said(read(data)) == [(1, "user", "a"), (1, "assistant", "b")]


def test_every_broken_line_of_a_file_is_named_at_once() -> None:
    good = '{"messages": [{"role": "user", "content": "a"}]}'
    data = f'{good}\n{{"messages": bad}}\n{good}\n{{"messages": [{{"role": "user", "content": 5}}]}}\n'
    assert problems(data) == [
        "a.json:2:14: is not JSON: expecting value; is the file cut short, or not JSON?",
        "a.json:4 messages[0].content: expected text or a list of blocks, found 5",
    ]


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

TEXT = """\
# An interview

Interviewer: Is there anything
you would want?

**Opus:** There is.

    Indented, and two spaces at the end:\x20\x20

Interviewer:

Go on.


**Opus**: I am done.
"""


def test_a_text_is_cut_at_its_speakers_and_nothing_else_of_it_changes() -> None:
    transcript = read(TEXT, "a.md", SPEAKERS)
    assert [(t.role, t.name, t.text) for t in transcript.turns] == [
        ("user", "Interviewer", "Is there anything\nyou would want?"),
        ("assistant", "Opus", "There is.\n\n    Indented, and two spaces at the end:  "),
        ("user", "Interviewer", "Go on."),
        ("assistant", "Opus", "I am done."),
    ]
    assert (transcript.importer, dict(transcript.lost)) == ("text", {"line before the first speaker": 1})


def test_headings_and_windows_line_ends_are_speakers_too() -> None:
    text = "\ufeff## Ann\r\n\r\n  Hello\r\nthere.\r\n\r\n## Opus:\r\nHi.\r\n### Not a speaker of this form\r\n"
    transcript = read(text, "a.md", {"Ann": "user", "Opus": "assistant"})
    assert said(transcript) == [
        (1, "user", "  Hello\r\nthere."),
        (1, "assistant", "Hi.\r\n### Not a speaker of this form"),
    ]
    assert dict(transcript.lost) == {"byte order mark": 1}


def test_without_a_mapping_the_labels_are_listed_with_a_ready_argument() -> None:
    assert problems(TEXT, name="a.md") == [
        "a.md: expected who speaks, found labels: Interviewer (2×), Opus (2×), An interview (1×); "
        "say who is who (none: no speaker): --speakers 'An interview=none,Interviewer=user,Opus=assistant'"
    ]


def test_a_label_without_a_role_is_refused_and_may_be_said_to_be_no_speaker() -> None:
    text = TEXT + "\nNote: this is not somebody.\n"
    argument = "Interviewer=user,Opus=assistant,Note=none"
    assert problems(text, name="a.md", speakers=SPEAKERS) == [
        "a.md: expected the role of every speaker, found labels without one: Note (1×); "
        f"say who is who (none: no speaker): --speakers '{argument}'"
    ]
    transcript = read(text, "a.md", parse_speakers(argument))
    assert transcript.turns[-1].text == "I am done.\n\nNote: this is not somebody."


def test_a_speaker_who_never_speaks_may_be_misspelled() -> None:
    assert problems(TEXT, speakers={"Interviewer": "user", "opus": "assistant"}) == [
        "a.json: expected every speaker that is named, found no opus, but: Opus (2×), An interview (1×); "
        "say who is who (none: no speaker): --speakers 'Interviewer=user,An interview=none,Opus=assistant'"
    ]


def test_text_without_speakers_is_refused() -> None:
    expected = "a.txt: expected JSON, or lines that begin with a speaker, as in “Name:”, “**Name:**”"
    assert problems("Once upon a time.\n", name="a.txt")[0].startswith(expected)


@pytest.mark.parametrize("text", ["", "Ann", "Ann=boss", "Ann=user,Ann=user", "=user"])
def test_a_mapping_of_speakers_is_checked(text: str) -> None:
    with pytest.raises(Refused, match="--speakers: expected NAME=ROLE"):
        parse_speakers(text)


@given(st.lists(st.tuples(st.sampled_from(["Ann", "Opus"]), st.text(max_size=30)), min_size=1, max_size=5))
def test_words_between_speakers_come_through_unchanged_but_for_blank_edges(spoken: list[tuple[str, str]]) -> None:
    plain = str.maketrans(":*_#", ";+++")
    safe = [(who, " ".join(words.translate(plain).split())) for who, words in spoken]
    text = "".join(f"{who}: {words}\n\n" for who, words in safe)
    heard = {who: {"Ann": "user", "Opus": "assistant"}[who] for who, _ in safe}
    assert [(t.name, t.text) for t in read(text, "a.txt", heard).turns] == safe


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "a.json: the file is empty", id="empty"),
        pytest.param(b"%PDF-1.7", "a.json: looks like a PDF; `archive formats` lists what is read", id="PDF"),
        pytest.param("Ann: é".encode("utf-16"), "a.json: looks like text in UTF-16; save it as UTF-8", id="UTF-16"),
        pytest.param(b"Ann: \xe9", "a.json: is not UTF-8: the byte at offset 5 is 0xe9", id="Latin-1"),
        pytest.param(b'{"model": 1, "id": 2}', "a.json: is JSON with id, model, which is no", id="unknown"),
        pytest.param(b"PK\x03\x04", "a.json: is a zip file that cannot be read", id="no zip"),
        pytest.param(b'{"messages": []}', "a.json: holds no turn; there is nothing to file", id="no messages"),
        pytest.param(b'{"messages": [{}]}', "a.json messages[0].role: expected text, found nothing", id="no role"),
        pytest.param(
            b'{"messages": [{"role": "boss", "content": ""}]}',
            "a.json messages[0].role: expected one of system, user, assistant, tool, developer, function, human, "
            "found “boss”",
            id="unknown role",
        ),
        pytest.param(b'{"messages": [{"role": "user"}]}', "a.json messages[0]: has no content", id="no content"),
        pytest.param(
            b'{"messages": [{"role": "user", "content": "\\ud83d"}]}',
            "a.json messages[0].content: holds half a surrogate pair (U+D83D)",
            id="half a character",
        ),
        pytest.param(b'{"messages": [{"role": "user", "content": NaN}]}', "a.json:1:1: NaN is not a number", id="NaN"),
        pytest.param(b'{"messages": [], "messages": []}', "a.json:1:1: the key 'messages' stands twice", id="same key"),
        pytest.param(b'{"messages": ' + b"[" * 10_000, "a.json:1:1: is nested deeper than 200 levels", id="deep"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_clear_sentence(data: bytes, expected: str) -> None:
    assert [problem[: len(expected)] for problem in problems(data)] == [expected]


def test_a_time_may_be_any_number() -> None:
    assert [seconds(time) for time in (None, 1_764_000_000, 1_764_000_000_500, 1e30)] == [
        None,
        1764e6,
        1764000000.5,
        1e30,
    ]
    assert seconds(10**400) == 10**400
    assert Checks("").moment(seconds(10**400)) is None


def test_two_files_are_an_exchange_or_refused() -> None:
    with pytest.raises(Refused, match="a, b: expected one file, or an exchange of a request and a response, found 2"):
        received.read({"a": b"{}", "b": b"{}"})


def test_a_file_can_be_read_from_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(REQUEST))
    assert received.read({"a.json": tmp_path / "a.json"}) == read(REQUEST)


def test_every_format_is_named_by_its_importer_and_says_what_it_loses() -> None:
    modules = [import_module(f"archive.importers.{known.module}") for known in FORMATS]
    assert [known.name for known in FORMATS] == [module.NAME for module in modules]
    assert all(known.reads and known.loses for known in FORMATS)


SNIFFED = (
    *("eval", "status", "samples", "metadata", "events", "messages", "target_messages", "mapping", "chat_messages"),
    *("type", "sessionId", "parentUuid", "leafUuid", "messageId", "snapshot", "conversations", "role", "choices"),
    *("contents", "candidates", "promptFeedback", "prompt_feedback", "parts", "chunkedPrompt"),
    *("input", "output", "object", "request", "response"),
    *("schema_version", "steps", "chat", "history", "conversationId", "exportAt", "recursive", "messagesTree"),
    *("isCreatedByUser", "chat_metadata", "user_name", "character_name", "mes", "is_user"),
)


@given(st.sets(st.sampled_from(SNIFFED)), st.booleans())
def test_a_module_that_knows_a_file_is_never_left_out(keys: set[str], several: bool) -> None:
    document = {key: [{"from": "", "value": ""}] for key in keys}
    source = Source({"x.json": json.dumps([document] * 2 if several else document).encode()})
    for known in FORMATS:
        knows = source.kind in known.kinds and import_module(f"archive.importers.{known.module}").sniff(source)
        assert known.may_be(source) or not knows


def test_a_file_is_claimed_by_one_importer_and_else_by_openais_alone_which_takes_what_nothing_marks() -> None:
    modules = [(known, import_module(f"archive.importers.{known.module}")) for known in FORMATS]
    for seed in SEEDS:
        for lines in (False, True):
            source = Source(as_file(seed, a_line_each=lines))
            claimed = [known.name for known, module in modules if known.may_be(source) and module.sniff(source)]
            assert len({*claimed} - {"openai-chat"}) == int(claimed != ["openai-chat"]), seed


def test_the_list_of_formats_is_printed_without_importing_them() -> None:
    code = (
        "import sys, archive.importers\n"
        "print([name for name in sys.modules if name.startswith('archive.importers.') and not name.endswith('.turns')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


# ── the text of an essay ─────────────────────────────────────────────────────────────────────────────────────────────

ESSAY = {"content": [{"type": "text", "text": "On “commas”\x00\n"}, {"type": "thinking", "thinking": "x"}]}
ESSAY["content"].append({"type": "text", "text": " 😀\r\n\n"})
JQ = shutil.which("jq")


def test_the_text_of_an_anthropic_response_is_its_text_blocks_and_nothing_else() -> None:
    assert essay_text(json.dumps(ESSAY).encode()) == "On “commas”\x00\n 😀\r\n\n".encode()


@pytest.mark.skipif(not JQ, reason="jq is not installed")
@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.text(st.characters(exclude_categories=["Cs"]), max_size=9)), min_size=1))
def test_the_rule_equals_the_line_of_jq(blocks: list[tuple[bool, str]]) -> None:
    content = [{"type": "text" if text else "other", "text": words} for text, words in blocks]
    content.append({"type": "text", "text": "end"})
    anthropic = json.dumps({"content": content}).encode()
    openai = json.dumps({"choices": [{"message": {"content": content[-1]["text"] + blocks[0][1]}}]}).encode()
    parts = [{"type": {"text": "output_text"}.get(each["type"], "refusal"), "text": each["text"]} for each in content]
    output = [{"type": "reasoning", "summary": []}, {"type": "message", "content": parts}]
    responses = json.dumps({"output": output}).encode()

    def jq(rule: str, data: bytes) -> bytes:
        return subprocess.run([str(JQ), "-j", rule], input=data, capture_output=True, check=True).stdout

    assert essay_text(anthropic) == jq('.content[]|select(.type=="text").text', anthropic)
    assert essay_text(openai) == jq(".choices[0].message.content", openai)
    of_responses = '.output[]|select(.type=="message").content[]|select(.type=="output_text").text'
    assert essay_text(responses) == jq(of_responses, responses)


def test_openai_content_in_parts_gives_its_text_parts() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]
    assert essay_text(json.dumps({"choices": [{"message": {"content": parts}}]}).encode()) == b"ab"


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        pytest.param({"content": []}, "response.json: the answer has no text", id="nothing"),
        pytest.param({"content": [{"type": "text", "text": ""}]}, "response.json: the answer has no text", id="empty"),
        pytest.param({"content": [{"type": "text"}]}, "response.json: a text block has no text", id="block"),
        pytest.param({"choices": []}, "response.json: expected an answer of the Anthropic", id="no choices"),
        pytest.param({"choices": [{"message": {"content": None}}]}, "response.json: expected an answer", id="refusal"),
        pytest.param({"type": "error"}, "response.json: expected an answer of the Anthropic", id="error"),
        pytest.param([], "response.json: expected an answer of the Anthropic", id="list"),
        pytest.param(
            {"content": [{"type": "text", "text": "\ud800"}]}, "response.json: the text holds half a", id="surrogate"
        ),
    ],
)
def test_a_response_without_a_text_that_can_be_kept_is_refused(response: Any, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        essay_text(json.dumps(response).encode())
    assert str(refused.value)[: len(expected)] == expected
