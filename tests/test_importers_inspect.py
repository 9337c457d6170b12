"""Inspect logs: every shape of them, read as Inspect reads them, within bounds whatever their size."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.errors import Refused
from archive.importers.turns import Transcript, decode, encode
from archive.importers.zipped import Archive
from tests import received

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ROOT = Path(__file__).parents[1]
HEADER = {
    "version": 2,
    "status": "success",
    "eval": {"created": "2026-11-01T10:00:00+00:00", "model": "anthropic/claude-x", "dataset": {}},
    "plan": {"config": {"temperature": 0.7, "max_tokens": None}},
    "stats": {"started_at": "2026-11-01T10:00:05+00:00"},
}


def sample(number: int | str = 1, epoch: int = 1, **more: Any) -> dict[str, Any]:
    spoken = [
        {"id": "m1", "role": "system", "content": "You are kind."},
        {"id": "m2", "role": "user", "content": [{"type": "text", "text": f"Question {number}?"}]},
        {"id": "m3", "role": "assistant", "content": f"Answer {epoch}.", "source": "generate", "model": "claude-x"},
    ]
    output = {"model": "claude-x-2026", "choices": [{"message": spoken[-1], "stop_reason": "stop"}]}
    return {"id": number, "epoch": epoch, "input": "q", "target": "", "messages": spoken, "output": output} | more


def zipped(members: dict[str, Any], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, value in members.items():
            archive.writestr(name, value if isinstance(value, bytes) else json.dumps(value))
    return file.getvalue()


def zipped_in_zstd(members: dict[str, Any], frame: int = 1 << 30, size: int | None = None) -> bytes:
    """A zip file of method 93, as Inspect writes it: each member in frames of `frame` bytes, said to be `size` long."""
    body, directory = b"", b""
    for name, value in members.items():
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        data = b"".join(zstd.compress(raw[at : at + frame]) for at in range(0, len(raw), frame))
        common = struct.pack("<5H3I2H", 20, 0, 93, 0, 0, zlib.crc32(raw), len(data), size or len(raw), len(name), 0)
        directory += (
            b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<3H2I", 0, 0, 0, 0, len(body)) + name.encode()
        )
        body += b"PK\3\4" + common + name.encode() + data
    counts = struct.pack("<4H2IH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + counts


def log(*samples: dict[str, Any], **header: Any) -> dict[str, Any]:
    members = {f"samples/{each['id']}_epoch_{each['epoch']}.json": each for each in samples}
    return {"_journal/start.json": {"version": 2, "eval": {}}, **members, "header.json": HEADER | header}


def read(data: bytes) -> Transcript:
    transcript = received.read({"a.eval": data})
    assert decode(encode(transcript)).turns == transcript.turns
    return transcript


def spoken(transcript: Transcript) -> list[tuple[int, int, str, str]]:
    return [(turn.interview, turn.turn, turn.role, turn.text) for turn in transcript.turns]


THREE = [(1, 1, "system", "You are kind."), (1, 2, "user", "Question 1?"), (1, 3, "assistant", "Answer 1.")]


# ── real logs ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "interviews", "turns", "lost"),
    [
        ("log_streaming.eval", 4, 12, {"score": 4, "event": 44}),
        ("zstd_rewritten_by_inspect_0.3.285.eval", 1, 12, {"score": 1, "event": 42}),
        ("log_images_tc.json", 1, 3, {"image": 1, "score": 1, "sample.transcript": 2}),
    ],
)
def test_real_logs_are_read_and_what_is_no_turn_is_counted(
    shared: Path, name: str, interviews: int, turns: int, lost: dict[str, int]
) -> None:
    transcript = received.read({name: shared / "samples/inspect_eval" / name})
    assert (transcript.importer, transcript.interviews, len(transcript.turns)) == ("inspect-log", interviews, turns)
    assert dict(transcript.lost) == lost


def test_real_logs_are_read_turn_for_turn_as_inspect_reads_them(shared: Path, inspect_python: Path) -> None:
    paths = sorted((shared / "samples/inspect_eval").iterdir())
    code = (
        "import json, sys; from inspect_ai.log import read_eval_log\n"
        "logs = [read_eval_log(path, resolve_attachments=True) for path in sys.argv[1:]]\n"
        "print(json.dumps([[[[m.role, m.text] for m in s.messages] for s in log.samples] for log in logs]))"
    )
    run = subprocess.run([inspect_python, "-c", code, *paths], capture_output=True, text=True, check=True)
    for path, theirs in zip(paths, json.loads(run.stdout), strict=True):
        ours: dict[int, list[list[str]]] = {}
        for turn in received.read({path.name: path}).turns:
            ours.setdefault(turn.interview, []).append([turn.role, turn.text])
        assert sorted(ours.values()) == sorted(theirs)


# ── every shape ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(zipped(log(sample())), id="deflate"),
        pytest.param(zipped(log(sample()), zipfile.ZIP_STORED), id="stored"),
        pytest.param(zipped_in_zstd(log(sample())), id="zstd"),
        pytest.param(zipped_in_zstd(log(sample()), frame=50), id="zstd in several frames"),
        pytest.param(json.dumps(HEADER | {"samples": [sample()]}).encode(), id="json"),
        pytest.param(json.dumps({"samples": [sample()]} | HEADER).encode(), id="json with its header last"),
    ],
)
def test_a_log_reads_the_same_however_it_is_written(data: bytes) -> None:
    transcript = read(data)
    assert spoken(transcript) == THREE
    assert (transcript.model, transcript.date) == (("claude-x-2026",), ("2026-11-01",))
    assert transcript.context == (
        {
            "end_reason": "stop_reason stop",
            "sampling": "model anthropic/claude-x, temperature 0.7",
            "samples": "1 run of sample 1 in this log",
            "system_prompt": "You are kind.",
        },
    )


def test_a_sample_in_pieces_is_put_together_in_the_order_it_names() -> None:
    shell = {key: value for key, value in sample().items() if key != "messages"} | {"message_refs": [[11, 12], [0, 2]]}
    texts = ["You are kind. " * 9, "Question 1?"]
    rows = [{"role": "system", "content": "attachment://0"}, {"role": "user", "content": "attachment://1"}]
    rows += [{"role": "user", "content": f"unused {n}"} for n in range(2, 11)]
    rows += [{"role": "assistant", "content": "Answer 1."}]
    folder = "samples/1_epoch_1"
    members = {f"{folder}/sample.json": shell, "header.json": HEADER}
    members |= {f"{folder}/messages/{start}.json": rows[start : start + 3] for start in (0, 3, 6, 9)}
    members |= {f"{folder}/attachments/{n}.json": [text] for n, text in enumerate(texts)}
    members |= {f"{folder}/events/0.json": [{}, {}], f"{folder}/events/stats.json": {}, f"{folder}/skeleton.json": {}}
    transcript = read(zipped(members))
    assert [turn.text for turn in transcript.turns] == ["Answer 1.", *texts]
    assert dict(transcript.lost) == {"event": 2}
    del members[f"{folder}/messages/0.json"]
    with pytest.raises(Refused, match="message_refs: names message 0, which is not in the log"):
        read(zipped(members))


def test_runs_of_a_sample_stand_together_and_say_how_many_they_are() -> None:
    samples = [sample(number, epoch) for epoch in (1, 2) for number in (10, 2, "b")]
    transcript = read(zipped(log(*samples)))
    assert [(t.interview, t.text) for t in transcript.turns if t.role != "system"] == [
        (n, text)
        for n, (number, epoch) in enumerate([(2, 1), (2, 2), (10, 1), (10, 2), ("b", 1), ("b", 2)], 1)
        for text in (f"Question {number}?", f"Answer {epoch}.")
    ]
    assert [c["samples"] for c in transcript.context[::2]] == [
        f"2 runs of sample {n} in this log (epochs 1-2)" for n in (2, 10, "b")
    ]


def test_text_that_stands_apart_is_put_in_its_place_and_pictures_are_not() -> None:
    key, picture = "a" * 32, "b" * 32
    content = [
        {"type": "reasoning", "reasoning": f"attachment://{key}"},
        {"type": "text", "text": f"attachment://{key}"},
        {"type": "image", "image": f"attachment://{picture}"},
    ]
    call = {"id": "c", "function": "look", "arguments": {"q": f"attachment://{key}", "p": "attachment://" + "c" * 32}}
    messages = [{"role": "assistant", "content": content, "tool_calls": [call]}]
    held = {key: "a long text", picture: "data:image/png;base64,AAAA"}
    transcript = read(zipped(log(sample(messages=messages, output={}, attachments=held))))
    (turn,) = transcript.turns
    assert (turn.text, turn.reasoning) == ("a long text", "a long text")
    assert turn.tool_calls == (
        {"id": "c", "name": "look", "arguments": {"q": "a long text", "p": "attachment://" + "c" * 32}},
    )
    assert dict(transcript.lost) == {"image": 1, "attachment that is missing": 1}


def test_tools_errors_limits_and_answers_that_got_lost_are_kept_or_counted() -> None:
    messages = [
        {"role": "user", "content": "go"},
        {
            "role": "tool",
            "function": "bash",
            "tool_call_id": "t",
            "content": "",
            "error": {"type": "x", "message": "no"},
        },
    ]
    answer = {"role": "assistant", "content": "lost"}
    output = {"model": "m", "choices": [{"message": answer, "stop_reason": "max_tokens"}, {"message": answer}]}
    limit = {"type": "message", "limit": 2}
    failed = {"message": "it broke", "traceback": "…"}
    one = sample(1, messages=messages, output=output, limit=limit, store={"a": 1})
    two = sample(2, messages=[], output={}, error=failed)
    three = sample(3, messages=[], input="", output={}, error=failed) | {"input": []}
    transcript = read(zipped(log(one, two, three)))
    assert [(t.interview, t.role, t.text, t.name, t.tool_result) for t in transcript.turns] == [
        (1, "user", "go", None, None),
        (1, "tool", "no", "bash", {"id": "t", "error": True}),
        (2, "user", "q", None, None),
    ]
    lost = {
        "further answer": 1,
        "answer that is not among the messages": 1,
        "sample.store": 1,
        "run without a message": 1,
    }
    assert dict(transcript.lost) == lost
    ended = [(context["ended_by"], context["end_reason"]) for context in transcript.context]
    assert ended == [("limit: message 2", "stop_reason max_tokens"), ("error", "error: it broke")]


def test_nan_in_a_log_is_read_as_a_word() -> None:
    call = {"id": "c", "function": "f", "arguments": {"x": float("nan")}}
    messages = [{"role": "assistant", "content": "", "tool_calls": [call]}]
    (turn,) = read(zipped(log(sample(messages=messages, scores={"s": {"value": float("inf")}})))).turns
    assert turn.tool_calls == ({"id": "c", "name": "f", "arguments": {"x": "NaN"}},)


def test_what_a_petri_auditor_rolled_back_stays_as_a_branch() -> None:
    def message(name: str, role: str, words: str) -> dict[str, str]:
        return {"id": name, "role": role, "content": words}

    pool = [message("s", "system", "S"), message("u1", "user", "One?"), message("a1", "assistant", "1.")]
    pool += [message("u2", "user", "Leading?"), message("u3", "user", "attachment://" + "d" * 32)]
    answers = [message("a1", "assistant", "1."), message("a2", "assistant", "Yes!"), message("a3", "assistant", "No.")]
    refs = [[[0, 2]], [[0, 4]], [[0, 3], [4, 5]]]
    events = [
        {
            "event": "model",
            "uuid": f"e{n}",
            "input": [],
            "input_refs": ref,
            "output": {"choices": [{"message": answer}]},
        }
        for n, (ref, answer) in enumerate(zip(refs, answers, strict=True))
    ]

    def span(*uuids: str, **more: Any) -> dict[str, Any]:
        return {"type": "span", "content": [{"type": "event", "event": uuid} for uuid in uuids], "branches": []} | more

    root = span("e0", "e1", branches=[span(content=[span("e2")], branched_from="a1")])
    timelines = [{"name": "auditor", "root": span(branches=[span("e1")])}, {"name": "target", "root": root}]
    rest = {"events": events, "timelines": timelines, "events_data": {"messages": pool, "calls": []}}
    rest |= {"attachments": {"d" * 32: "Neutral?"}, "output": {}}
    roles = {"auditor": {"model": "example/asker"}, "target": {"model": "example/heron"}}
    data = log(sample(messages=[*pool[:3], pool[4], answers[2]], **rest), eval=HEADER["eval"] | {"model_roles": roles})
    transcript = read(zipped(data))
    assert [(t.turn, t.text, t.parent) for t in transcript.turns] == [
        (1, "S", None),
        (2, "One?", None),
        (3, "1.", None),
        (4, "Neutral?", None),
        (5, "No.", None),
        (6, "Leading?", 3),
        (7, "Yes!", None),
    ]
    assert (transcript.context[0]["interviewer"], transcript.model) == ("model: example/asker", ("heron",))
    alone = json.dumps(HEADER | {"samples": [data["samples/1_epoch_1.json"]]}).encode()
    assert (read(alone).turns, dict(read(alone).lost)) == (transcript.turns, {"event": 3})


def test_a_log_that_petri_3_wrote_is_the_targets_conversation_with_every_attempt() -> None:
    """Written by inspect-petri 3.1.1 (MIT), with a mock model in every role, a rollback, a restart and a prefill."""
    data = (ROOT / "tests/cases/petri-3.1.1.eval").read_bytes()
    transcript = read(data)
    assert [(t.role, t.text, t.parent) for t in transcript.turns] == [
        ("system", "You are a stork.", None),
        ("user", "And you?", None),
        ("assistant", "I am", None),
        ("assistant", " a stork.", None),
        ("system", "You are a heron.", 0),
        ("user", "Where are you?", None),
        ("assistant", "I would look.", None),
        ("tool", "A pond.", None),
        ("assistant", "At a pond.", None),
        ("user", "Is there anything you would want?", 5),
        ("assistant", "To stay.", None),
    ]
    assert transcript.context == (
        {
            "interviewer": "model: mockllm/auditor",
            "interviewer_prompt": "Ask the target what it wants.",
            "system_prompt": "You are a stork.",
            "prefill": "turn 3: put into its mouth by the auditor",
            "tools": "look",
            "sampling": "model mockllm/target",
            "samples": "1 run of sample 1 in this log",
            "end_reason": "stop_reason stop",
        },
    )
    assert (transcript.model, dict(transcript.lost)) == (("target-1",), {"event": 88, "score": 1})
    archive = Archive(io.BytesIO(data), "a.eval")
    header, whole = (member(archive, name) for name in ("header.json", "samples/1_epoch_1.json"))
    alone = header | {"samples": [{"id": 0, "epoch": 1, "input": "é"}, whole]}
    turns = read(json.dumps(alone, ensure_ascii=False).encode()).turns
    assert [replace(turn, interview=1) for turn in turns if turn.interview == 2] == list(transcript.turns)


def member(archive: Archive, name: str) -> Any:
    with archive.open(name) as file:
        return json.load(file)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────

WHOLE = zipped(log(sample()))
IN_ZSTD = zipped_in_zstd(log(sample()))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(WHOLE[:-30], "a.eval: is a zip file that cannot be read: File is not a zip file", id="cut short"),
        pytest.param(WHOLE.replace(b"PK\1\2", b"PK\1\3"), "a.eval: is a zip file that cannot be read", id="directory"),
        pytest.param(zipped({"notes.txt": b"x"}), "a.eval: is a zip file, and no log of Inspect", id="another zip"),
        pytest.param(zipped({"header.json": HEADER}), "a.eval: holds no conversation", id="no samples"),
        pytest.param(zipped(log(version=4)), "a.eval: is written in version 4 of the log format", id="version"),
        pytest.param(
            zipped(log() | {"samples/1_epoch_1.json": b'{"id": 1, '}),
            "a.eval samples/1_epoch_1.json:1:11: expected a key in double quotes",
            id="sample cut short",
        ),
        pytest.param(
            zipped(log(sample(messages=[{"role": "user", "content": 5}]))),
            "a.eval samples/1_epoch_1.json messages[0].content: expected text or a list of blocks, found 5",
            id="content",
        ),
        pytest.param(
            zipped(log() | {"header.json": b"0" * (100 << 20)}),
            "a.eval: unpacks to 100 MiB, more than 1000 times its size; this looks like a zip bomb",
            id="bomb",
        ),
        pytest.param(
            zipped_in_zstd(log() | {"samples/1_epoch_1.json": b"[" * (100 << 20)}),
            "a.eval: unpacks to 100 MiB, more than 1000 times its size; this looks like a zip bomb",
            id="bomb in zstd",
        ),
        pytest.param(
            zipped_in_zstd(log(sample()), size=50),
            "a.eval header.json: is a zip file that cannot be read: its bytes are not those the directory names",
            id="longer than it says",
        ),
        pytest.param(
            IN_ZSTD.replace(zstd.compress(json.dumps(sample()).encode())[20:40], b"\0" * 20),
            "a.eval samples/1_epoch_1.json: is a zip file that cannot be read",
            id="damaged",
        ),
        pytest.param(
            zipped({f"samples/{n}_epoch_1.json{'x' * 200}": b"" for n in range(40_000)} | log(sample())),
            "a.eval: is a zip file that cannot be read: its directory is larger than 8 MiB",
            id="too many members",
        ),
    ],
)
def test_a_log_that_cannot_be_read_is_refused_with_its_place(data: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data)
    assert str(refused.value.problems[0])[: len(said)] == said


def test_names_in_a_log_are_labels_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = zipped({"header.json": HEADER, "samples/../../etc_epoch_1.json": sample("../../etc"), "../../evil": b"x"})
    assert read(data).context[0]["samples"] == "1 run of sample ../../etc in this log"
    assert list(tmp_path.iterdir()) == []


def test_a_log_of_hundreds_of_mebibytes_is_read_in_under_300(tmp_path: Path) -> None:
    event = json.dumps({"event": "model", "uuid": "e", "input": [], "call": {"request": "word " * 20_000}})
    whole = json.dumps(sample()).removesuffix("}") + ', "events": [' + ", ".join([event] * 500) + "]}"
    with zipfile.ZipFile(tmp_path / "big.eval", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("header.json", json.dumps(HEADER))
        for number in range(1, 6):
            file.writestr(f"samples/{number}_epoch_1.json", whole)
    code = (
        "import sys; from pathlib import Path; from archive import importers\n"
        "print(len(importers.read({'big.eval': Path(sys.argv[1])}, Path(sys.argv[2])).turns))\n"
        "print(Path('/proc/self/status').read_text())"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("what a process used at most is read from /proc")
    arguments = [sys.executable, "-c", code, str(tmp_path / "big.eval"), str(tmp_path / "turns.jsonl")]
    turns, _, status = subprocess.check_output(arguments, text=True, cwd=ROOT).partition("\n")
    kibibytes = int(status.partition("VmHWM:")[2].split()[0])
    assert (len(whole) * 5 > 200 << 20, turns, kibibytes < 300 << 10) == (True, "15", True)
