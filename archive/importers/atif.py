"""ATIF (Agent Trajectory Interchange Format), versions 1.0 to 1.8: what an agent was told, said and did::

    {"schema_version": "ATIF-v1.8", "session_id": "…", "agent": {"name": "…", "version": "…", "model_name": "…"},
     "steps": [{"step_id": 1, "source": "system" | "user" | "agent", "message": "…", "tool_calls": […], …}]}

As the models of harbor 0.26.0 have it (RFC 0001); a later 1.x may only add, and what it adds is counted as lost. A
trajectory is one interview, and so is each sub-agent's that stands in it (since 1.7). What tools gave back follows the
step that called them; where a sub-agent's trajectory stands is data there. A step that was copied from an earlier
trajectory (since 1.5), and one of the agent in which no model was called (since 1.7), bear a name that says so. A file
of one trajectory is read step by step.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

from archive.importers import messages
from archive.importers.checks import shown
from archive.importers.interview import Interview, answered
from archive.importers.source import Found, Source, conversations
from archive.importers.strictjson import Reader
from archive.importers.talk import Talk
from archive.wording import numbered

NAME = "atif"
VERSION = 1

_VERSION = re.compile(r"ATIF-v1\.\d{1,3}")
_MARK = re.compile(rb'"schema_version"\s*:\s*"ATIF-v')
_ROLES = {"system": "system", "user": "user", "agent": "assistant"}
_TRAJECTORY = {"schema_version", "session_id", "trajectory_id", "agent", "steps", "continued_trajectory_ref"}
_TRAJECTORY |= {"final_metrics", "subagent_trajectories"}
_AGENT = {"name", "version", "model_name", "tool_definitions"}
_STEP = {"step_id", "timestamp", "source", "model_name", "reasoning_effort", "message", "reasoning_content"}
_STEP |= {"tool_calls", "observation", "metrics", "is_copied_context", "llm_call_count"}
_RESULT = {"source_call_id", "content", "subagent_trajectory_ref"}
_COPIED = "copied from an earlier trajectory"
_NO_MODEL = "the agent's program, without a model"


def sniff(source: Source) -> bool:
    """Whether it has steps, and says that it is ATIF."""
    return {"schema_version", "steps"} <= source.keys and bool(_MARK.search(source.head))


def read(source: Source) -> Iterator[Found]:
    """One interview for each trajectory, those of sub-agents after the one they stand in."""
    return _document(source) if source.kind == "object" else conversations(source, _read)


def _document(source: Source) -> Iterator[Found]:
    """The one trajectory of a file, which may be too large to be held."""
    talk, held = Talk(source.name), {}
    efforts: dict[str, None] = {}
    with source.open() as file:
        reader = Reader(file, source.name)
        for key in reader.members():
            if key == "steps" and reader.peek() == "[":
                for number in reader.items():
                    _step(talk, reader.value(), f"steps[{number}]", efforts)
            elif key in _TRAJECTORY:
                held[key] = reader.value()
            else:
                text = reader.peek() in '"[{'
                talk.lose(f"trajectory.{key}", int(bool(reader.skip()) and text))
        reader.end()
    yield from _interviews(talk, held, efforts)


def _read(value: Any, place: str) -> Iterator[Interview]:
    talk, efforts = Talk(place), dict[str, None]()
    trajectory = talk.table(value, "")
    talk.unread(trajectory, _TRAJECTORY, "trajectory")
    for number, step in enumerate(talk.rows(trajectory.get("steps"), "steps")):
        _step(talk, step, f"steps[{number}]", efforts)
    yield from _interviews(talk, trajectory, efforts)


def _interviews(talk: Talk, trajectory: Mapping[str, Any], efforts: Mapping[str, None]) -> Iterator[Interview]:
    """What the steps came to with what the `trajectory` says of them all; then its sub-agents'."""
    version = talk.text(trajectory.get("schema_version"), "schema_version")
    if not _VERSION.fullmatch(version):
        what = f"expected ATIF-v1.0 to ATIF-v1.8, found {shown(version)}"
        raise talk.refused("schema_version", what, "the program that wrote it may write an earlier version")
    agent = talk.table(trajectory.get("agent"), "agent")
    talk.unread(agent, _AGENT, "agent")
    model = talk.model_id(agent.get("model_name"), "agent.model_name")
    messages.tools(talk, {"tools": agent.get("tool_definitions")}, whole=False)
    talk.called(trajectory.get("trajectory_id"))
    if rest := talk.optional(trajectory.get("continued_trajectory_ref"), "continued_trajectory_ref"):
        talk.context["end_reason"] = f"it goes on in another file: {rest}"
    interview = answered(talk.interview(), model)
    yield replace(interview, context=_context(talk, interview, agent, efforts))
    for number, inner in enumerate(talk.rows(trajectory.get("subagent_trajectories"), "subagent_trajectories")):
        yield from _read(inner, f"{talk.place} subagent_trajectories[{number}]")


def _context(
    talk: Talk, interview: Interview, agent: Mapping[str, Any], efforts: Mapping[str, None]
) -> Mapping[str, str]:
    """With the models, the agent and its version; and what was copied from before."""
    turns, context = interview.turns, dict(interview.context)
    names = [talk.optional(agent.get(key), f"agent.{key}") for key in ("name", "version")]
    models = dict.fromkeys([interview.model, *(turn.model for turn in turns)])
    settings = {"model": ", ".join(filter(None, models)) or None, "agent": " ".join(filter(None, names)) or None}
    settings["reasoning_effort"] = ", ".join(efforts) or None
    context["sampling"] = messages.sampling(settings, tuple(settings))
    context["system_prompt"] = "\n\n".join(turn.text for turn in takewhile(lambda turn: turn.role == "system", turns))
    if copied := [turn.turn for turn in turns if turn.name == _COPIED]:
        context["memory"] = f"{numbered('turn', copied)}: {_COPIED}"
    return {key: value for key, value in context.items() if value.strip()}


def _step(talk: Talk, value: Any, place: str, efforts: dict[str, None]) -> None:
    """Adds a step, and what came back of what it called."""
    step = talk.table(value, place)
    talk.unread(step, _STEP, "step")
    said = talk.text(step.get("source"), f"{place}.source")
    if said not in _ROLES:
        raise talk.refused(f"{place}.source", f"expected system, user or agent, found {shown(said)}")
    if step.get("message") is None:
        raise talk.refused(place, "has no message", "is the file whole?")
    name = _COPIED if step.get("is_copied_context") is True else None
    unmodelled = said == "agent" and step.get("llm_call_count") == 0
    talk.say(
        _ROLES[said],
        step["message"],
        f"{place}.message",
        reasoning=talk.optional(step.get("reasoning_content"), f"{place}.reasoning_content"),
        calls=[_call(talk, call, place) for call in talk.rows(step.get("tool_calls"), f"{place}.tool_calls")],
        name=name or (_NO_MODEL if unmodelled else None),
        time=talk.moment(step.get("timestamp")),
        model=None if unmodelled else talk.model_id(step.get("model_name"), f"{place}.model_name"),
    )
    if step.get("reasoning_effort") not in (None, ""):
        efforts[talk.text(messages.plain(step["reasoning_effort"]), place)[:40]] = None
    observation = talk.table(step.get("observation") or {}, f"{place}.observation")
    talk.unread(observation, ("results",), "observation")
    for number, result in enumerate(talk.rows(observation.get("results"), f"{place}.observation.results")):
        _result(talk, result, f"{place}.observation.results[{number}]", name)


def _call(talk: Talk, value: Any, place: str) -> Mapping[str, Any]:
    call = talk.table(value, f"{place}.tool_calls")
    talk.unread(call, ("tool_call_id", "function_name", "arguments"), "tool call")
    made = {"id": call.get("tool_call_id"), "name": call.get("function_name"), "arguments": call.get("arguments")}
    return talk.call(made, f"{place}.tool_calls")


def _result(talk: Talk, value: Any, place: str, name: str | None) -> None:
    result = talk.table(value, place)
    talk.unread(result, _RESULT, "result")
    refs = talk.rows(result.get("subagent_trajectory_ref"), f"{place}.subagent_trajectory_ref")
    told = {"id": talk.optional(result.get("source_call_id"), f"{place}.source_call_id"), "content": refs or None}
    answers = talk.data({key: held for key, held in told.items() if held}, place)
    talk.say("tool", result.get("content"), f"{place}.content", result=answers or None, name=name)
