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
