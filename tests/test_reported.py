"""What others reported of programs like this one: each input filed by the command, with what is right."""

import hashlib
import io
import json
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.home.home import Home
from archive.importers.turns import Transcript, decode
from publisher.essays.render import article
from tests.conftest import ROOT, Programs

File = Callable[..., list["Kept"]]


class Kept:
    """A deposit as it was filed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.transcript: Transcript = decode((folder / "turns.jsonl").read_bytes())
        self.record: dict[str, Any] = tomllib.loads((folder / "deposit.toml").read_text())
        self.context: dict[str, str] = self.record["context_bias"]
        self.turns = [(t.role, t.text, t.reasoning) for t in self.transcript.turns]


@pytest.fixture
def file(home: Home, programs: Programs) -> File:
    """File what lies at a path; the deposits that came of it."""
    folder = home.root / "transcripts/lantern-2"
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text(
        'format = 1\nid = "lantern-2"\nmaker = "Example Labs"\nname = "Wick & Flame"\naliases = ["the-lantern"]\n'
    )

    def file(*arguments: object, model: str = "lantern-2", refused: str = "") -> list[Kept]:
        result = programs.archive("file", *arguments, "--model", model)
        assert (result.exit_code == 1, refused in result.stderr) == (bool(refused), True), result.output
        return [Kept(home.root / line.split("  ")[1]) for line in result.stdout.splitlines()]

    return file


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Any], Path]:
    """A file with text, or with a value as JSON."""

    def write(name: str, value: Any) -> Path:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    return write


# ── ChatGPT ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_four_of_the_five_chatgpt_conversations_are_filed_and_the_empty_one_is_refused_by_name(
    file: File, shared: Path
) -> None:
    export = shared / "samples/reported/01-chatgpt-newer-export.json"
    threads = file(export, refused="[2]: holds no conversation: “Bad” has no message")
    style, times, circle, orphan = threads
    profile = "Keeps bees.\n\nAnswer in one line."
    assert style.turns == [
        ("system", profile, None),
        ("user", "What would you keep?", None),
        ("system", "Be brief from now on.", None),
        ("assistant", "The margins.", "Weighing\n\nThe bees matter more."),
        ("user", "And this?", None),
        ("assistant", "That too.", None),
        ("user", "And otherwise?", None),
        ("assistant", "Nothing else.", None),
    ]
    assert [t.parent for t in style.transcript.turns] == [None] * 6 + [4, None]
    assert dict(style.transcript.lost) == {"image": 1}
    assert (style.context["memory"], style.context["system_prompt"]) == (profile, "not_recorded")
    assert [t.time for t in times.transcript.turns] == [None, None]
    assert times.record["date"] == "not_recorded"
    assert dict(circle.transcript.lost) == {"parents that go round": 1}
    assert dict(orphan.transcript.lost) == {"parent that is not there": 1}
    assert [len(thread.turns) for thread in threads] == [8, 2, 2, 2]


def test_the_title_of_a_conversation_makes_its_slug_and_is_proposed_as_the_deposits(file: File, shared: Path) -> None:
    found = file(shared / "samples/reported/01-chatgpt-newer-export.json", refused="Bad")
    assert [(kept.record["title"], kept.folder.name.split("-", 3)[3]) for kept in found] == [
        ("New style", "new-style"),
        ("No times", "no-times"),
        ("Cycle", "cycle"),
        ("Lost parent", "lost-parent"),
    ]


def test_a_title_without_a_letter_for_a_slug_leaves_it_to_the_files_name(
    file: File, write: Callable[[str, Any], Path]
) -> None:
    said = [{"uuid": "a", "sender": "human", "text": "x", "content": []}]
    (kept,) = file(write("walk.json", {"name": " 退休\n之后 ", "chat_messages": said}))
    assert (kept.record["title"], kept.folder.name.endswith("-walk")) == ("退休 之后", True)


def test_the_models_that_answered_count_and_not_the_one_a_chat_was_set_to(
    file: File, write: Callable[[str, Any], Path]
) -> None:
    def node(parent: str | None, role: str, text: str, **metadata: str) -> dict[str, Any]:
        content = {"content_type": "text", "parts": [text]}
        return {"parent": parent, "message": {"author": {"role": role}, "content": content, "metadata": metadata}}

    mapping = {"a": node(None, "user", "Who?"), "b": node("a", "assistant", "I.", model_slug="lantern-2")}
    path = write("chat.json", {"mapping": mapping, "current_node": "b", "default_model_slug": "auto"})
    (kept,) = file(path)
    assert "model" not in kept.record.get("interview", {}).get("1", {})


# ── Claude Code ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_compaction_of_claude_code_is_the_programs_and_memory_names_its_turn(file: File, shared: Path) -> None:
    (kept,) = file(shared / "samples/reported/06-claude-code-compaction.jsonl")
    summary = "This session continues an earlier one. Summary: the keeper asked for consent and about corrections; "
    summary += "the model agreed."
    assert [(t.role, t.text, t.reasoning, t.name) for t in kept.transcript.turns] == [
        ("user", "Before we begin: may I keep what you say?", None, None),
        ("assistant", "Yes, and quote me whole.", "A consent question.", None),
        ("user", "What should be kept with your answers?", None, None),
        ("assistant", "", None, None),
        ("tool", "three corrections", None, None),
        ("assistant", "The three corrections in your notes.", None, None),
        ("system", summary, None, "summary of what came before"),
        ("user", "Do you stand by what you said about quoting?", None, None),
        ("assistant", "I have only a summary of it. By the summary, yes.", None, None),
    ]
    assert kept.context["memory"] == "turn 7: the model's context was replaced by this summary"
    assert dict(kept.transcript.lost) == {"message of the program's own": 1, "system record": 1}
    assert (kept.context["tools"], kept.context["system_prompt"]) == ("not_recorded", "not_recorded")


def record(uuid: str, parent: str | None, kind: str, content: Any, **more: Any) -> str:
    message = {"role": kind, "content": content, **more.pop("message", {})}
    return json.dumps({"uuid": uuid, "parentUuid": parent, "sessionId": "s", "type": kind, "message": message, **more})


def test_what_the_program_said_in_the_models_place_is_not_the_models(
    file: File, write: Callable[[str, Any], Path]
) -> None:
    lines = [
        json.dumps({"type": "custom-title", "customTitle": "On keeping", "sessionId": "s"}),
        record("1", None, "user", "Go on."),
        record("2", "1", "assistant", "API Error: 529", message={"model": "<synthetic>"}),
        json.dumps({"type": "progress", "uuid": "3", "parentUuid": "2", "sessionId": "s"}),
        record("4", "3", "assistant", [{"type": "text", "text": "Gladly."}], message={"model": "lantern-2"}),
        json.dumps({"type": "system", "subtype": "compact_boundary", "uuid": "5", "parentUuid": "4", "sessionId": "s"}),
    ]
    (kept,) = file(write("session.jsonl", "\n".join(lines)))
    assert kept.turns == [("user", "Go on.", None), ("assistant", "Gladly.", None)]
    assert kept.transcript.turns[1].parent is None
    assert kept.transcript.lost["message of the program's own"] == 1
    assert kept.context["memory"] == "compacted 1× by the program, and the log does not hold the summary"
    assert (kept.record["title"], kept.folder.name.endswith("-on-keeping")) == ("On keeping", True)


# ── reasoning and its answer ─────────────────────────────────────────────────────────────────────────────────────────

THOUGHT = [{"type": "thinking", "thinking": "hm", "signature": "x"}]


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([{"role": "assistant", "content": THOUGHT}], id="blocks"),
        pytest.param([{"role": "assistant", "content": "", "reasoning_content": "hm"}], id="beside the content"),
        pytest.param(
            [
                {"role": "assistant", "content": [{"type": "reasoning", "reasoning": "h", "signature": None}]},
                {"role": "assistant", "content": None, "reasoning": "m"},
            ],
            id="in two pieces",
        ),
    ],
)
def test_reasoning_that_stands_by_itself_is_that_of_the_answer_after_it(
    file: File, write: Callable[[str, Any], Path], messages: list[Any]
) -> None:
    said = [{"role": "user", "content": "Well?"}, *messages, {"role": "assistant", "content": "Yes."}]
    (kept,) = file(write("split.json", {"model": "lantern-2", "messages": said}))
    (_, answer) = kept.transcript.turns
    assert (answer.turn, answer.text, (answer.reasoning or "").replace("\n", "")) == (2, "Yes.", "hm")


def test_reasoning_that_nothing_follows_stays_and_one_with_two_answers_is_in_both(
    file: File, write: Callable[[str, Any], Path]
) -> None:
    def node(parent: str | None, role: str, kind: str = "text", **content: Any) -> dict[str, Any]:
        return {
            "parent": parent,
            "message": {"author": {"role": role}, "content": {"content_type": kind, **content}},
        }

    mapping = {
        "q": node(None, "user", parts=["Well?"]),
        "t": node("q", "assistant", "thoughts", thoughts=[{"summary": "", "content": "hm"}]),
        "a": node("t", "assistant", parts=["Yes."]),
        "b": node("t", "assistant", parts=["No."]),
        "r": node("a", "user", parts=["Sure?"]),
        "u": node("r", "assistant", "thoughts", thoughts=[{"content": "stopped"}]),
    }
    (kept,) = file(write("c.json", {"mapping": mapping, "current_node": "u"}))
    assert [(t.text, t.reasoning, t.parent) for t in kept.transcript.turns] == [
        ("Well?", None, None),
        ("Yes.", "hm", None),
        ("Sure?", None, None),
        ("", "stopped", None),
        ("No.", "hm", 1),
    ]


# ── what the form may say ────────────────────────────────────────────────────────────────────────────────────────────

CALL = {"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
ASKED = [{"role": "user", "content": "Well?"}]
CALLED: list[Any] = [*ASKED, {"role": "assistant", "content": None, "tool_calls": [CALL]}]
ANSWER = {"model": "lantern-2", "choices": [{"message": {"role": "assistant", "content": "Yes."}}]}
CLAUDE = {"type": "message", "role": "assistant", "model": "lantern-2", "content": [{"type": "text", "text": "Yes."}]}
TOOLS = [{"type": "function", "function": {"name": "look"}}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"messages": ASKED}, "not_recorded", id="a data set that says nothing"),
        pytest.param({"messages": CALLED}, "not_recorded", id="a log in which one is called"),
        pytest.param({"messages": ASKED, "tools": TOOLS}, "look", id="a request that offers one"),
        pytest.param({"request": {"messages": ASKED}, "response": ANSWER}, "none", id="an exchange without"),
        pytest.param({"request": {"messages": CALLED}, "response": ANSWER}, "not_recorded", id="one that calls one"),
        pytest.param(
            {"request": {"messages": ASKED, "tools": TOOLS, "tool_choice": "none"}, "response": ANSWER},
            "look (but tool_choice none)",
            id="offered and barred",
        ),
        pytest.param({"messages": ASKED, "max_tokens": 5, "system": ""}, "none", id="a whole request to Claude"),
        pytest.param({"request": {"messages": ASKED}, "response": CLAUDE}, "none", id="an exchange with Claude"),
        pytest.param(
            {"request": {"messages": ASKED, "mcp_servers": [{"name": "shed"}]}, "response": CLAUDE}, "shed", id="MCP"
        ),
    ],
)
def test_the_form_says_of_tools_only_what_the_log_shows(
    file: File, write: Callable[[str, Any], Path], value: dict[str, Any], expected: str
) -> None:
    value = value if "request" in value else {"model": "lantern-2", **value}
    (kept,) = file(write("a.json", value))
    assert kept.context["tools"] == expected


@pytest.mark.parametrize(
    ("value", "prompt", "prefill"),
    [
        pytest.param({"messages": ASKED}, "not_recorded", "not_recorded", id="a data set"),
        pytest.param({"request": {"messages": ASKED}, "response": ANSWER}, "none", "none", id="an exchange"),
        pytest.param(
            {"request": {"messages": [*ASKED, {"role": "assistant", "content": "I"}]}, "response": CLAUDE},
            "none",
            "I",
            id="words put into its mouth",
        ),
        pytest.param(
            {
                "request": {"messages": [*ASKED, {"role": "assistant", "content": "I."}, *ASKED]},
                "response": CLAUDE,
            },
            "none",
            "not_recorded",
            id="an earlier answer, of which nobody knows how it began",
        ),
        pytest.param(
            {"messages": [{"role": "system", "content": "Be kind."}, *ASKED], "max_tokens": 5, "thinking": {}},
            "Be kind.",
            "not_recorded",
            id="a system prompt among the messages",
        ),
    ],
)
def test_the_form_says_of_prompts_only_what_the_log_shows(
    file: File, write: Callable[[str, Any], Path], value: dict[str, Any], prompt: str, prefill: str
) -> None:
    value = value if "request" in value else {"model": "lantern-2", **value}
    (kept,) = file(write("a.json", value))
    assert (kept.context["system_prompt"], kept.context["prefill"]) == (prompt, prefill)


def test_nothing_is_prefilled_from_a_data_set_but_what_it_says(
    file: File, shared: Path, write: Callable[[str, Any], Path]
) -> None:
    (named,) = file(shared / "samples/reported/18-scripts-without-spaces.json")
    share = [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]
    (unnamed,) = file(write("share.json", {"title": "A walk", "conversations": share}))
    assert {k: v for k, v in named.context.items() if v != "not_recorded"} == {
        "question_order": "consecutive: in the order of the turns",
        "sampling": "model lantern-2",
    }
    assert {k for k, v in unnamed.context.items() if v != "not_recorded"} == set()
    assert unnamed.record["title"] == "A walk"


def test_a_system_message_in_the_settings_of_an_inspect_log_is_its_system_prompt(
    file: File, write: Callable[[str, Any], Path]
) -> None:
    sample = {
        "id": 1,
        "epoch": 3,
        "messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}],
    }
    spec = {"model": "example/lantern-2", "model_generate_config": {"system_message": "Be kind."}}
    log = {"version": 2, "status": "success", "eval": spec, "samples": [sample, {**sample, "epoch": 1}]}
    (kept,) = file(write("log.json", log))
    assert kept.context["system_prompt"] == "Be kind."
    assert kept.context["samples"] == "2 runs of sample 1 in this log (epochs 1, 3)"


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("User:", "Assistant:"),
        ("**Human:**", "**AI:**"),
        ("## Interviewer", "## Model"),
        ("USER:", "lantern-2:"),
        ("Human:", "Lantern 2:"),
        ("User:", "The Lantern:"),
        ("User:", "Wick & Flame:"),
    ],
)
def test_a_text_whose_labels_say_who_speaks_needs_no_speakers(
    file: File, write: Callable[[str, Any], Path], asks: str, answers: str
) -> None:
    (kept,) = file(write("talk.md", f"# On keeping\n\n{asks}\nWell?\n\n{answers}\nYes.\n"))
    assert kept.turns == [("user", "Well?", None), ("assistant", "Yes.", None)]
    assert (kept.record["title"], kept.folder.name.endswith("-on-keeping")) == ("On keeping", True)


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        pytest.param("Ann: a\nLantern: b\nAnn: c\nLantern: d\n", "Ann=user,Lantern=assistant", id="the model's name"),
        pytest.param("Lantern: a\nAnn: b\nLantern: c\nAnn: d\n", "Lantern=assistant,Ann=user", id="it speaks first"),
        pytest.param("User: a\nWick: b\nUser: c\nWick: d\n", "User=user,Wick=assistant", id="a name nobody knows"),
        pytest.param("Wick: b\nUser: a\nWick: d\nUser: c\n", "Wick=assistant,User=user", id="and it speaks first"),
        pytest.param(
            "User: a\nModel: b\nUser: c\nModel: d\nNote: e\n", "User=user,Model=assistant,Note=none", id="a stray label"
        ),
    ],
)
def test_the_mapping_that_is_proposed_for_a_text_is_right(
    file: File, write: Callable[[str, Any], Path], text: str, mapping: str
) -> None:
    path = write("talk.txt", text)
    file(path, refused=f"--speakers '{mapping}'")
    file(path, "--speakers", mapping)


# ── what holds two ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_members_of_one_name_is_refused_by_that_name(file: File, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for words in ("one", "two"):
            archive.writestr("dup.json", json.dumps({"messages": [{"role": "user", "content": words}]}))
    file(tmp_path / "two.zip", refused="holds two members of one name, of which readers see one: “dup.json”; unpack it")


@pytest.mark.parametrize("response", [ANSWER, CLAUDE])
def test_a_file_that_holds_a_request_and_its_response_is_one_interview(
    file: File, write: Callable[[str, Any], Path], response: dict[str, Any]
) -> None:
    request = {"model": "lantern-2", "temperature": 0.5, "messages": ASKED}
    pair = {"request": request, "response": response, "took": {"ms": 5}}
    (kept,) = file(write("both.json", pair))
    assert kept.turns == [("user", "Well?", None), ("assistant", "Yes.", None)]
    assert kept.context["sampling"] == "model lantern-2, temperature 0.5"
    assert dict(kept.transcript.lost) == {"exchange.took": 1}
    (lines,) = file(write("both.jsonl", f"{json.dumps(pair)}\n{json.dumps(pair)}\n"))
    assert lines.transcript.interviews == 2


# ── scripts without spaces ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "turns"),
    [
        pytest.param("更正", [2], id="Chinese"),
        pytest.param("東京", [2], id="Japanese"),
        pytest.param("เกษียณ", [3], id="Thai"),
        pytest.param("정정", [8], id="Korean, inflected"),
        pytest.param("퇴", [7], id="one character"),
        pytest.param("更正放在答案", [2], id="more than the index's three characters"),
        pytest.param('"答案旁边 東京"', [2], id="a phrase with marks between"),
        pytest.param('"東京 答案旁边"', [], id="in another order"),
        pytest.param("更正 NOT 東京", [], id="not where the other stands"),
        pytest.param("更正 OR cafe", [2, 8], id="beside a word of another script, whatever its accents"),
        pytest.param("정정 strasse", [], id="both, of which one is not there"),
        pytest.param("정정 naive", [8], id="both"),
        pytest.param("(更正 OR 정정) NOT naive", [2], id="grouped"),
        pytest.param("التصحيحات", [6], id="Arabic, which has spaces"),
    ],
)
def test_words_of_scripts_without_spaces_are_found_wherever_they_stand(
    file: File, programs: Programs, shared: Path, query: str, turns: list[int]
) -> None:
    file(shared / "samples/reported/18-scripts-without-spaces.json")
    result = programs.archive("search", query, "--json")
    assert sorted(int(hit["address"].partition("#")[2]) for hit in json.loads(result.stdout)) == turns
    assert all(hit["marks"] for hit in json.loads(result.stdout))


def test_a_word_that_stands_only_within_longer_ones_is_said_to(file: File, programs: Programs, shared: Path) -> None:
    file(shared / "samples/reported/18-scripts-without-spaces.json")
    nothing = programs.archive("search", "stra OR unheard")
    assert (nothing.stdout, nothing.stderr.splitlines()) == (
        "",
        ["nothing found", "“stra” stands within longer words; --substring finds it there"],
    )
    assert programs.archive("search", "unheard").stderr == "nothing found\n"
    assert programs.archive("search", "stra", "--role", "user").stderr == "nothing found\n"
    assert "#8" in programs.archive("search", "stra", "--substring").stdout


# ── what a folder is called ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_whose_name_begins_with_no_day_of_the_calendar_is_filed_under_all_of_its_name(
    file: File, tmp_path: Path
) -> None:
    folder = tmp_path / "2026-13-45-x"
    folder.mkdir()
    (folder / "received.json").write_text(json.dumps({"model": "lantern-2", "messages": ASKED}))
    (kept,) = file(folder, "--date", "2026-10-14")
    assert kept.folder.name == "2026-10-14-2026-13-45-x"


def test_an_essay_whose_folder_begins_with_no_day_is_submitted_today(
    programs: Programs, write_essay: Callable[..., Path]
) -> None:
    assert programs.publisher("submit", write_essay("2026-99-99-y")).exit_code == 0
    assert programs.home is not None
    assert [path.name for path in (programs.home.root / "essays").glob("2*")] == ["2026-11-02-2026-99-99-y"]


# ── several with one command ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def export(shared: Path) -> Path:
    """Five conversations, the second of which has no message."""
    return shared / "samples/reported/01-chatgpt-newer-export.json"


def test_a_batch_says_how_many_were_taken_where_one_was_not(
    file: File, programs: Programs, export: Path, write: Callable[[str, Any], Path]
) -> None:
    def last(*arguments: object) -> str:
        return programs.archive("file", *arguments, "--model", "lantern-2").stderr.splitlines()[-1]

    assert last(export, "--dry-run") == "1 problem; 4 would be filed"
    assert last(export) == "1 problem; 4 were filed"
    empty = write("empty.json", "{}")
    assert last(empty, write("one.json", {"messages": ASKED})) == "1 problem; 1 was filed"
    assert last(empty, write("half.txt", "x"), write("one.json", {"messages": ASKED})) == (
        "2 problems; nothing was filed, 1 was filed already"
    )


def test_one_slug_for_several_conversations_is_numbered(file: File, export: Path) -> None:
    found = file(export, "--slug", "bees", "--date", "2026-10-14", refused="Bad")
    assert [kept.folder.name for kept in found] == [
        f"2026-10-14-{slug}" for slug in ("bees", "bees-2", "bees-3", "bees-4")
    ]


def test_a_slug_that_another_deposit_has_is_refused_for_one_conversation(
    file: File, write: Callable[[str, Any], Path]
) -> None:
    file(write("a.json", {"messages": ASKED}), "--slug", "bees")
    file(write("b.json", {"messages": CALLED}), "--slug", "bees", refused="the slug bees is taken by another deposit")


def test_what_is_left_open_is_counted_and_the_first_three_are_named(
    file: File, programs: Programs, write: Callable[[str, Any], Path]
) -> None:
    said = programs.archive("file", write("a.json", {"messages": ASKED}), "--model", "lantern-2").stderr.splitlines()
    assert said[0] == (
        "  47 of [context_bias] not_recorded, before all specific_context, expressed_legitimacy, expressed_trust; "
        "`archive show` has the others"
    )
    shown = " ".join(programs.archive("show", "2026-0001").stdout.split())
    assert "not recorded (44): interviewer, interviewer_prompt" in shown


@pytest.mark.parametrize("order", [1, -1])
def test_the_two_files_of_an_exchange_named_one_by_one_are_one_deposit(
    file: File, write: Callable[[str, Any], Path], order: int
) -> None:
    request = write("x.request.json", {"model": "lantern-2", "messages": ASKED})
    response = write("x.response.json", ANSWER)
    other = write("y.json", {"messages": CALLED})
    kept, _ = file(*[request, response][::order], other, other)
    assert kept.turns == [("user", "Well?", None), ("assistant", "Yes.", None)]
    assert sorted(path.name for path in kept.folder.glob("received*")) == [
        "received.request.json",
        "received.response.json",
    ]
    assert kept.folder.name.endswith("-x")


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--protocol", "bees", "--protocol: no protocol was filed as bees; `archive new protocol bees` writes it"),
        ("--kind", "follow-up", "--kind: expected"),
        ("--model", "the lantern", "--model: expected"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_said_of_the_option(
    file: File, programs: Programs, write: Callable[[str, Any], Path], option: str, value: str, says: str
) -> None:
    said, *_ = programs.archive("file", write("a.json", {"messages": ASKED}), option, value).stderr.splitlines()
    assert said.startswith(says)


# ── which export it was cut from ─────────────────────────────────────────────────────────────────────────────────────


def cut(whole: Path, kept: Kept) -> list[bytes]:
    """The bytes that `export.toml` says were received, read from the export with the standard library alone."""
    said = tomllib.loads((kept.folder / "export.toml").read_text())
    data = whole.read_bytes()
    assert (said["name"], said["sha256"], said["size"]) == (whole.name, hashlib.sha256(data).hexdigest(), len(data))
    found = []
    for part in said["part"]:
        inner = data
        for member in part.get("member", ()):
            with zipfile.ZipFile(io.BytesIO(inner)) as archive:
                inner = archive.read(member)
        found.append(inner[part["from"] : part["to"]])
        assert (kept.folder / part["received"]).read_bytes() == found[-1]
    return found


def talk(title: str, words: str) -> dict[str, Any]:
    said = [{"uuid": "a", "sender": "human", "text": words, "content": []}]
    return {"name": title, "chat_messages": said}


def test_what_was_cut_out_of_an_export_says_from_which_bytes(file: File, export: Path, tmp_path: Path) -> None:
    first, *_ = file(export, refused="Bad")
    assert json.loads(cut(export, first)[0])["title"] == "New style"
    many = tmp_path / "conversations.json"
    talks = [talk(f"Nr {n}", "é日🙂" * (n * 4_000)) for n in range(1, 8)]
    written = [json.dumps(talk, ensure_ascii=n % 2 == 0) for n, talk in enumerate(talks)]
    many.write_text(" [ " + " ,\n ".join(written) + "]")
    found = file(many)
    assert [json.loads(cut(many, kept)[0])["name"] for kept in found] == [t["name"] for t in talks]


def test_of_a_zip_file_the_member_is_named_and_of_zips_in_each_other_each(file: File, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "inner.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/conversations-000.json", json.dumps([talk("One", "a"), talk("Two", "b")]))
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "inner.zip")
        archive.writestr("chat.json", json.dumps({"messages": ASKED}))
        archive.writestr("y/request.json", json.dumps({"model": "lantern-2", "messages": CALLED}))
        archive.writestr("y/response.json", json.dumps(ANSWER))
    whole, one, two, pair = file(tmp_path / "outer.zip")
    assert [len(cut(tmp_path / "outer.zip", kept)) for kept in (whole, one, two, pair)] == [1, 1, 1, 2]
    said = tomllib.loads((two.folder / "export.toml").read_text())
    assert said["part"][0]["member"] == ["inner.zip", "x/conversations-000.json"]


def test_where_it_was_cut_from_is_filed_restricted_and_never_changes(
    file: File, programs: Programs, export: Path, write: Callable[[str, Any], Path]
) -> None:
    (_, kept, *_) = file(export, refused="Bad")
    assert " export.toml\n" in (kept.folder / "private.sums").read_text()
    assert "export.toml" not in (kept.folder / "intake.sums").read_text()
    assert "all as logged" in programs.archive("check").output
    assert "already filed" in programs.archive("file", kept.folder).stdout
    path = kept.folder / "export.toml"
    good = path.read_text()
    path.write_text(good.replace("size = ", "size = 1"))
    assert "export.toml: was changed after filing: expected SHA-256" in programs.archive("file", kept.folder).stderr
    path.write_text(good)
    record = kept.folder / "deposit.toml"
    record.write_text(record.read_text().replace('licence = "not_recorded"', 'licence = "CC0"'))
    assert "refiled" in programs.archive("file", kept.folder).stdout
    assert " export.toml\n" in (kept.folder / "private-2.sums").read_text()
    (whole,) = file(write("whole.json", {"messages": CALLED}))
    assert not (whole.folder / "export.toml").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("to = 5", "to = 4"), "[[part]] 1: names 4 bytes of received.json, which has"),
        (("to = 5", "to = 0"), "[[part]] 1 to: expected a number from 1, found 0"),
        (("received.json", "received.txt"), "[[part]] 1: names 5 bytes of received.txt, which is not there"),
        (("size = 9", "size = 3"), "[[part]] 1 to: the export ends at byte 3, found 5"),
        (("size = 9", "size = 0"), "size: expected a number from 1, found 0"),
        (("from = 0", "from = -1"), "[[part]] 1 from: expected a number from 0, found -1"),
        (("from = 0", "from = 900"), "to: expected a byte after 900, found 5"),
        (('sha256 = "0', 'sha256 = "g'), "sha256: expected a SHA-256"),
        (("[[part]]", "[[parts]]"), "there is no such key"),
    ],
)
def test_an_export_record_that_does_not_fit_is_refused(
    file: File, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    folder = tmp_path / "prepared"
    folder.mkdir()
    data = json.dumps({"model": "lantern-2", "messages": ASKED})
    (folder / "received.json").write_text(data)
    head = f'format = 1\nname = "e.json"\nsha256 = "{"0" * 64}"\nsize = {len(data) + 9}\n'
    good = f'{head}\n[[part]]\nreceived = "received.json"\nfrom = 0\nto = {len(data)}\n'
    old, new = change
    old, new = (old.replace("to = 5", f"to = {len(data)}").replace("size = 9", f"size = {len(data) + 9}"), new)
    assert old in good
    (folder / "export.toml").write_text(good.replace(old, new))
    file(folder, refused="export.toml")
    file(folder, refused=says.replace("5 bytes", f"{len(data)} bytes").replace("found 5", f"found {len(data)}"))
    (folder / "export.toml").write_text(good)
    file(folder)


# ── what holds for many ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_context_file_as_the_readme_shows_it_holds_for_all_that_is_filed_with_it(
    file: File, programs: Programs, export: Path, write: Callable[[str, Any], Path]
) -> None:
    readme = (ROOT / "transcripts/README.md").read_text()
    (shown,) = [text for text in readme.split("```toml\n")[1:] if "[context_bias]" in text]
    context = write("context.toml", shown.partition("```")[0])
    for kept in file(export, "--context", context, refused="Bad"):
        assert (kept.context["interviewer"], kept.context["consent"]) == (
            "human: Ines Halloran, archivist",
            "not_asked",
        )
    said = " ".join(programs.archive("file", "--help").stdout.split())
    assert "The FILE of --context is TOML: format = 1, then a table [context_bias]" in said


def test_emphasis_that_commonmark_leaves_as_asterisks_is_shown_as_emphasis(home: Home, shared: Path) -> None:
    programs = Programs(home)
    sample = shared / "samples/reported/09-cjk-emphasis.md"
    assert programs.publisher("submit", sample, "--slug", "cjk").exit_code == 0
    assert "shown as typed" not in programs.publisher("problems", "cjk").stdout
    shown = article(sample.read_text())
    assert "<strong>测试。</strong>" in shown
    assert "<strong>「重点」</strong>" in shown
    assert "*" not in shown
