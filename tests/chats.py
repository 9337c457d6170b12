"""A conversation in each format of an agent's or a chat program, with all that its importer makes something of.

Written by hand as the programs write them: Harbor 0.26.0 (whose own models accept TRAJECTORY), Open WebUI 0.6,
LibreChat 0.8, SillyTavern 1.13.
"""

from typing import Any

# ── ATIF ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

TRAJECTORY: dict[str, Any] = {
    "schema_version": "ATIF-v1.8",
    "session_id": "s",
    "agent": {
        "name": "terminus-2",
        "version": "2.0.0",
        "model_name": "example-heron-1",
        "tool_definitions": [{"type": "function", "function": {"name": "bash", "parameters": {}}}],
        "extra": {"parser": "json"},
    },
    "steps": [
        {"step_id": 1, "source": "system", "message": "You are careful.", "is_copied_context": True},
        {
            "step_id": 2,
            "timestamp": "2026-01-05T09:00:00Z",
            "source": "user",
            "message": [
                {"type": "text", "text": "Look."},
                {"type": "image", "source": {"media_type": "image/png", "path": "a.png"}},
            ],
        },
        {
            "step_id": 3,
            "timestamp": "2026-01-05T09:00:02Z",
            "source": "agent",
            "model_name": "example-heron-1",
            "reasoning_effort": "high",
            "reasoning_content": "hm",
            "message": "I look.",
            "tool_calls": [{"tool_call_id": "c1", "function_name": "bash", "arguments": {"cmd": "ls"}}],
            "observation": {
                "results": [
                    {"source_call_id": "c1", "content": "a.png"},
                    {"subagent_trajectory_ref": [{"trajectory_id": "sub"}]},
                ]
            },
            "metrics": {"prompt_tokens": 10},
        },
        {
            "step_id": 4,
            "source": "agent",
            "llm_call_count": 0,
            "message": "",
            "tool_calls": [{"tool_call_id": "c2", "function_name": "done", "arguments": {}}],
        },
    ],
    "notes": "n",
    "final_metrics": {"total_steps": 4},
    "continued_trajectory_ref": "trajectory.cont-1.json",
    "subagent_trajectories": [
        {
            "schema_version": "ATIF-v1.8",
            "trajectory_id": "sub",
            "agent": {"name": "summary", "version": "1"},
            "steps": [
                {"step_id": 1, "source": "user", "message": "Sum up."},
                {"step_id": 2, "source": "agent", "message": "Done."},
            ],
        }
    ],
}

# ── SillyTavern ──────────────────────────────────────────────────────────────────────────────────────────────────────

CHAT: list[dict[str, Any]] = [
    {
        "chat_metadata": {
            "integrity": "5a1b7c44",
            "tainted": True,
            "scenario": "A lighthouse.",
            "system_prompt": "Stay in it.",
            "note_prompt": "[Rain.]",
            "note_interval": 3,
            "note_depth": 4,
            "world_info": "Harbour",
            "main_chat": "Vera - 2024-07-01",
            "variables": {"mood": "wary"},
            "script_injects": {"a": {"value": "x"}},
        },
        "user_name": "unused",
        "character_name": "unused",
    },
    {
        "name": "Vera",
        "is_user": False,
        "is_system": False,
        "send_date": "2026-01-05T09:00:00.000Z",
        "mes": "You again.",
        "extra": {},
        "swipe_id": 0,
        "swipes": ["You again.", "Well?"],
        "swipe_info": [],
    },
    {
        "name": "Ned",
        "is_user": True,
        "is_system": False,
        "send_date": "2026-01-05T09:01:00.000Z",
        "mes": "Is there anything you would want?",
        "extra": {"isSmallSys": False, "bias": " Honestly,", "files": [{"name": "a.txt"}]},
    },
    {
        "name": "Vera",
        "is_user": False,
        "is_system": False,
        "send_date": "2026-01-05T09:01:09.000Z",
        "mes": "To be asked.",
        "gen_started": "2026-01-05T09:01:05.000Z",
        "gen_finished": "2026-01-05T09:01:09.000Z",
        "extra": {
            "api": "claude",
            "model": "example-heron-1",
            "reasoning": "hm",
            "reasoning_duration": 12,
            "reasoning_type": "edited",
            "token_count": 4,
        },
        "swipe_id": 1,
        "swipes": ["Nothing.", "To be asked.", "", "To be asked."],
        "swipe_info": [
            {
                "send_date": "2026-01-05T09:01:04.000Z",
                "gen_started": "x",
                "extra": {"api": "openai", "model": "example-egret-2", "reasoning": "no"},
            }
        ],
    },
    {
        "name": "SillyTavern System",
        "is_user": False,
        "is_system": True,
        "mes": "Tool calls: roll",
        "extra": {
            "isSmallSys": True,
            "tool_invocations": [{"id": "c1", "name": "roll", "parameters": '{"n":6}', "result": "4"}],
        },
    },
    {
        "name": "System",
        "is_user": False,
        "is_system": False,
        "send_date": 1767603720000,
        "mes": "The rain thickens.",
        "extra": {"type": "narrator"},
    },
    {"name": "Note", "is_user": False, "is_system": True, "mes": "Remember.", "extra": {"type": "comment"}},
    {
        "name": "Vera",
        "is_user": False,
        "is_system": True,
        "send_date": "June 19, 2023 2:20pm",
        "mes": "An aside.",
        "extra": {"api": "manual", "model": "slash command", "memory": "They met.", "branches": ["Vera - Branch #1"]},
    },
    {
        "name": "SillyTavern System",
        "is_user": False,
        "is_system": True,
        "mes": "<h3>Hi</h3>",
        "extra": {"type": "help"},
    },
]

# ── LibreChat ────────────────────────────────────────────────────────────────────────────────────────────────────────

LIBRECHAT: dict[str, Any] = {
    "conversationId": "c",
    "endpoint": "openAI",
    "title": "A talk",
    "exportAt": "13:18:04 GMT-0400 (Eastern Daylight Time)",
    "branches": True,
    "recursive": True,
    "options": {
        "presetId": None,
        "model": "example-heron-1",
        "chatGptLabel": "Engineer",
        "promptPrefix": "Be kind.",
        "temperature": 0.8,
        "resendFiles": True,
        "tools": ["web", {"name": "Calculator", "pluginKey": "calculator"}],
        "examples": [{"input": {"content": "x"}, "output": {"content": "y"}}],
    },
    "messages": [
        {
            "messageId": "a",
            "parentMessageId": "00000000-0000-0000-0000-000000000000",
            "conversationId": "c",
            "createdAt": "2026-05-01T16:35:11.530Z",
            "isCreatedByUser": True,
            "sender": "User",
            "text": "Is there anything you would want?",
            "files": [{"filename": "a.pdf", "type": "application/pdf"}, {"type": "image/png"}],
            "children": [
                {
                    "messageId": "b",
                    "parentMessageId": "a",
                    "isCreatedByUser": False,
                    "sender": "Heron",
                    "model": "example-heron-1",
                    "text": ":::thinking\nhm\n:::\n\nNothing.",
                    "children": [],
                },
                {
                    "messageId": "d",
                    "parentMessageId": "a",
                    "isCreatedByUser": False,
                    "isEdited": True,
                    "sender": "Heron",
                    "model": "agent_1",
                    "text": "",
                    "finish_reason": "stop",
                    "content": [
                        {"type": "think", "think": "t"},
                        {"type": "text", "text": {"value": "I look.", "annotations": [{"type": "file_citation"}]}},
                        {"type": "tool_call", "tool_call": {"id": "1", "name": "web", "args": "{}", "output": "found"}},
                        {
                            "type": "tool_call",
                            "tool_call": {
                                "id": "2",
                                "type": "code_interpreter",
                                "code_interpreter": {"input": "1+1", "outputs": [{"logs": "2"}]},
                            },
                        },
                        None,
                        {"type": "image_file", "image_file": {}},
                        {"type": "text", "text": "To be asked."},
                    ],
                    "children": [
                        {
                            "messageId": "e",
                            "isCreatedByUser": False,
                            "error": True,
                            "text": "Overloaded",
                            "children": [],
                        }
                    ],
                },
            ],
        }
    ],
}

# ── Open WebUI ───────────────────────────────────────────────────────────────────────────────────────────────────────

_MARKED = """\
<details type="reasoning" done="true" duration="3">
<summary>Thought for 3 seconds</summary>
&gt; Would &quot;I&quot;?
&gt;
&gt; &gt; Perhaps.
</details>
Hm.
<details type="tool_calls" done="true" id="1" name="look" arguments="&quot;{\\&quot;q\\&quot;:1}&quot;" files="">
<summary>Tool Executed</summary>
&quot;found&quot;
</details>
<details type="code_interpreter" done="true" duration="0" output="{&quot;stdout&quot;: &quot;2&quot;}">
<summary>Analyzed</summary>
```python
1+1
```
</details>
To be asked. <details><summary>the model's own</summary></details>"""
OPEN_WEBUI: list[dict[str, Any]] = [
    {
        "id": "x",
        "user_id": "u1",
        "title": "A talk",
        "created_at": 1767603600,
        "updated_at": 1767603700,
        "share_id": None,
        "archived": False,
        "pinned": False,
        "meta": {"tags": ["a"]},
        "folder_id": None,
        "chat": {
            "title": "A talk",
            "models": ["example-heron-1", "example-egret-2"],
            "params": {"system": "Be kind.", "temperature": 0.7, "custom_params": {"a": 1}},
            "files": [{"type": "file", "name": "b.pdf"}, {"type": "collection", "name": "Letters"}],
            "timestamp": 1767603600123,
            "history": {
                "currentId": "2",
                "messages": {
                    "1": {
                        "id": "1",
                        "parentId": None,
                        "childrenIds": ["2", "3", "4"],
                        "role": "user",
                        "content": "Is there anything you would want?",
                        "timestamp": 1767603600,
                        "files": [{"type": "file", "name": "b.pdf"}, {"type": "image", "url": "data:"}],
                        "models": ["example-heron-1", "example-egret-2"],
                    },
                    "2": {
                        "id": "2",
                        "parentId": "1",
                        "role": "assistant",
                        "content": "To be left alone.",
                        "originalContent": _MARKED,
                        "model": "example-heron-1",
                        "modelName": "Heron",
                        "timestamp": 1767603610,
                        "done": True,
                        "sources": [{"source": {"name": "Letters"}, "document": ["Dear"], "metadata": []}],
                        "userContext": "1. likes tea",
                        "statusHistory": [{"action": "web_search"}],
                        "usage": {"total_tokens": 9},
                    },
                    "3": {
                        "id": "3",
                        "parentId": "1",
                        "role": "assistant",
                        "content": '<details type="reasoning" done="true"></details>Rain.',
                        "model": "arena-model",
                        "selectedModelId": "example-egret-2",
                        "timestamp": 1767603611,
                        "output": [
                            {
                                "type": "reasoning",
                                "id": "r",
                                "content": [{"type": "output_text", "text": "hm"}],
                                "summary": None,
                                "start_tag": "<think>",
                            },
                            {"type": "function_call", "id": "c", "call_id": "c", "name": "w", "arguments": "{}"},
                            {
                                "type": "function_call_output",
                                "id": "o",
                                "call_id": "c",
                                "output": [{"type": "input_text", "text": "18C"}],
                                "status": "completed",
                            },
                            {"type": "open_webui:code_interpreter", "id": "i", "code": "1", "output": {"stdout": "1"}},
                            {
                                "type": "message",
                                "id": "m",
                                "role": "assistant",
                                "status": "completed",
                                "content": [{"type": "output_text", "text": "Rain."}],
                            },
                        ],
                    },
                    "4": {"id": "4", "parentId": "1", "role": "assistant", "content": "", "error": {"content": "x"}},
                },
            },
        },
    }
]
