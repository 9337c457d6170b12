"""Gemini's API and what AI Studio saves: parts of every kind, candidates, streams, the setting."""

import json
from typing import Any

import pytest

from archive.errors import Refused
from archive.importers.turns import Transcript, decode, encode
from tests import received

REQUEST = {
    "systemInstruction": {"parts": [{"text": "Be kind."}]},
    "contents": [
        {"role": "user", "parts": [{"text": "Hi?"}, {"inline_data": {"mime_type": "image/png", "data": "AAAA"}}]},
        {"role": "model", "parts": [{"functionCall": {"id": "c", "name": "look", "args": {"a": 1}}}]},
        {"role": "user", "parts": [{"functionResponse": {"id": "c", "name": "look", "response": {"result": "42"}}}]},
    ],
    "generationConfig": {"temperature": 1, "topP": 0.9, "thinkingConfig": {"thinkingBudget": 5}},
    "tools": [{"functionDeclarations": [{"name": "look"}]}, {"google_search": {}}],
    "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}],
}
ANSWER = [
    {"text": "hm", "thought": True},
    {"text": "So.", "thoughtSignature": "eA=="},
    {"executableCode": {"language": "PYTHON", "code": "1+1"}},
    {"codeExecutionResult": {"outcome": "OUTCOME_FAILED", "output": "no"}},
    {"text": "Two."},
]
RESPONSE = {
    "candidates": [
        {"content": {"role": "model", "parts": ANSWER}, "finishReason": "STOP", "safetyRatings": [{}], "index": 0},
        {"content": {"role": "model", "parts": [{"text": "Three."}]}, "finishReason": "MAX_TOKENS", "index": 1},
    ],
    "modelVersion": "gemini-2.5-pro",
    "responseId": "r1",
    "createTime": "2026-01-01T00:00:00Z",
    "usageMetadata": {"totalTokenCount": 9},
}


def read(value: Any, name: str = "gemini") -> Transcript:
    transcript = received.read({"a.json": value if isinstance(value, bytes) else json.dumps(value).encode()})
    assert decode(encode(transcript)).turns == transcript.turns
    assert transcript.importer == name
    return transcript


def test_parts_become_turns_in_their_order_and_each_candidate_is_an_interview() -> None:
    files = {"request.json": json.dumps(REQUEST).encode(), "response.json": json.dumps(RESPONSE).encode()}
    transcript = received.read(files)
    asked = [
        ("system", "Be kind.", None, None, None),
        ("user", "Hi?", None, None, None),
        ("assistant", "", None, ({"id": "c", "name": "look", "arguments": {"a": 1}},), None),
        ("tool", "42", None, None, {"id": "c"}),
    ]
    code = ({"name": "code_execution", "arguments": {"language": "PYTHON", "code": "1+1"}},)
    assert [(t.role, t.text, t.reasoning, t.tool_calls, t.tool_result) for t in transcript.turns] == [
        *asked,
        ("assistant", "So.", "hm", code, None),
        ("tool", "no", None, None, {"error": True}),
        ("assistant", "Two.", None, None, None),
        *asked,
        ("assistant", "Three.", None, None, None),
    ]
    assert {(t.time, t.model) for t in transcript.turns if t.text in ("So.", "Three.")} == {
        ("2026-01-01T00:00:00Z", "gemini-2.5-pro")
    }
    assert (transcript.model, transcript.date) == (("gemini-2.5-pro",) * 2, ("2026-01-01",) * 2)
    assert transcript.context[1] == {
        "system_prompt": "Be kind.",
        "tools": "look, google_search",
        "sampling": "model gemini-2.5-pro, temperature 1, top_p 0.9, thinking_budget 5, "
        "safety settings: HARASSMENT OFF",
        "samples": "answer 2 of 2 to one request",
        "end_reason": "finishReason MAX_TOKENS",
        "ended_by": "limit: finishReason MAX_TOKENS",
    }
    assert dict(transcript.lost) == {"image": 1, "candidate.safetyRatings": 1}
    assert read({"request": REQUEST, "response": RESPONSE}) == transcript


def test_both_spellings_of_the_keys_say_the_same() -> None:
    snake = {"system_instruction": REQUEST["systemInstruction"], "contents": "Hi?", "generation_config": {"top_p": 1}}
    camel = {"systemInstruction": "Be kind.", "contents": [{"parts": {"text": "Hi?"}}], "generationConfig": {"topP": 1}}
    answer = {"candidates": [{"content": {"parts": [{"text": "a"}]}, "finish_reason": "STOP"}], "model_version": "m"}
    assert read({"request": snake, "response": answer}) == read({"request": camel, "response": answer})
    with pytest.raises(Refused, match="request: has one key in two spellings"):
        read({"request": snake | camel, "response": answer})


def test_a_streamed_response_is_one_answer_whose_words_are_joined_where_they_were_cut() -> None:
    def piece(name: str, text: str, **more: Any) -> dict[str, Any]:
        content = {"role": "model", "parts": [{"text": text} | more]}
        return {"candidates": [{"content": content, "index": 0}], "responseId": name, "modelVersion": "m"}

    pieces = [
        piece("r", "th", thought=True),
        piece("r", "ought", thought=True),
        piece("r", "an "),
        piece("r", "answer"),
    ]
    pieces[-1]["candidates"][0]["finishReason"] = "STOP"
    lines = b"\n".join(json.dumps(each).encode() for each in [*pieces, piece("q", "Another.")])
    for data, count in ((pieces, 1), (lines, 2), ({"request": {"contents": "q"}, "response": pieces}, 1)):
        transcript = read(data)
        assert transcript.interviews == count
        (said,) = (t for t in transcript.turns if t.interview == 1 and t.role == "assistant")
        assert (said.text, said.reasoning, transcript.context[0]["end_reason"]) == (
            "an answer",
            "thought",
            "finishReason STOP",
        )


def test_a_prompt_that_was_blocked_is_the_record_of_that() -> None:
    transcript = read({"request": {"contents": "Hi?"}, "response": {"promptFeedback": {"blockReason": "SAFETY"}}})
    assert [(t.role, t.text) for t in transcript.turns] == [("user", "Hi?")]
    assert transcript.context[0]["end_reason"] == "blockReason SAFETY"
    with pytest.raises(Refused, match="expected an answer of the model, found no candidates"):
        read({"request": {"contents": "Hi?"}, "response": {"error": {"code": 500}}})


def test_a_list_of_contents_is_one_conversation() -> None:
    rows = [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}, {"new": "x"}]}]
    transcript = read(rows)
    assert [(t.role, t.text) for t in transcript.turns] == [("user", "a"), ("assistant", "b")]
    assert (transcript.context, dict(transcript.lost)) == (({},), {"part.new": 1})


def test_a_prompt_of_ai_studio_is_read_with_its_thoughts_and_its_settings() -> None:
    chunks = [
        {"text": "Hi?", "role": "user", "tokenCount": 3, "createTime": "2026-01-01T00:00:00Z"},
        {"driveDocument": {"id": "d"}, "role": "user"},
        {
            "text": "hm hm",
            "role": "model",
            "isThought": True,
            "parts": [{"text": "hm "}, {"text": "hm", "thought": True}],
        },
        {
            "text": "Ho.",
            "role": "model",
            "finishReason": "STOP",
            "isEdited": True,
            "grounding": {"webSearchQueries": []},
        },
        {"role": "model", "parts": [{"text": "A"}, {"text": "h."}, {"inlineData": {"mimeType": "image/png"}}]},
    ]
    settings = {"temperature": 1.0, "model": "models/gemini-2.5-pro", "topK": 64, "enableSearchAsATool": True}
    settings |= {"enableCodeExecution": False, "googleSearch": {}}
    value = {
        "runSettings": settings,
        "systemInstruction": {},
        "chunkedPrompt": {"chunks": chunks, "pendingInputs": [{"text": "unsent", "role": "user"}]},
    }
    transcript = read(value, "ai-studio")
    assert [(t.role, t.text, t.reasoning) for t in transcript.turns] == [
        ("user", "Hi?", None),
        ("assistant", "Ho.", "hm hm"),
        ("assistant", "Ah.", None),
    ]
    assert dict(transcript.lost) == {"file": 1, "chunk.grounding": 1, "image": 1, "input that was not sent": 1}
    assert (transcript.model, transcript.date) == (("gemini-2.5-pro",), ("2026-01-01",))
    assert transcript.context == (
        {
            "system_prompt": "none",
            "tools": "google_search",
            "sampling": "model gemini-2.5-pro, temperature 1.0, top_k 64",
            "prefill": "turn 2: edited by hand, and the file does not show where",
            "end_reason": "finishReason STOP",
        },
    )
    told = read(value | {"systemInstruction": {"parts": [{"text": "Be kind."}]}}, "ai-studio")
    assert told.turns[0].text == told.context[0]["system_prompt"] == "Be kind."
