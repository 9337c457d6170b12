"""Reading what was received, in any known format, into turns.

An importer is a module with a ``NAME``, a ``VERSION``, ``sniff(source)``, whether the file is its own, and
``read(source)``, which yields conversations. It is imported when a file is looked at that may be its own.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, get_args

from archive.errors import Problem, Refused
from archive.importers.turns import Role, Transcript

if TYPE_CHECKING:
    from archive.importers.kept import Keeper
    from archive.importers.source import Content, Found, Kind, Source, Speaker


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read."""

    name: str
    module: str
    reads: str
    loses: str
    """What of it does not come into turns; all of it is kept in the received file, and counted where it has words."""
    kinds: "Collection[Kind]" = ("object", "array", "lines")
    """What its files look like; its module is imported for no other."""
    keys: Collection[str] = ()
    """Where its module is imported only for JSON that has one of these keys."""

    def may_be(self, source: "Source") -> bool:
        """Whether a file is worth importing the module for, which then says whether it is one of its own."""
        json = source.kind in ("object", "array", "lines")
        return source.kind in self.kinds and (not self.keys or not json or not source.keys.isdisjoint(self.keys))


FORMATS = (
    Format(
        "inspect-log",
        "inspect_log",
        "Inspect logs, .eval and .json; sample × epoch is an interview; of Petri 3 what its target saw, every attempt",
        "images and other media, events, scores, a judge's or auditor's words, the store",
        ("zip", "object", "array", "lines"),
        keys=("eval",),
    ),
    Format(
        "petri-transcript",
        "petri",
        "Petri 1 and 2 transcripts; what was rolled back stays as branches",
        "the auditor's own view, the judge's word, edits of what was said",
        keys=("events",),
    ),
    Format(
        "chatgpt-export",
        "chatgpt",
        "ChatGPT exports; branches are kept, custom instructions become context",
        "images, audio, attached files, citations",
        keys=("mapping",),
    ),
    Format(
        "claude-ai-export",
        "claude_ai",
        "Claude.ai exports, which name no model; branches and pasted text are kept",
        "files, images, citations, artifacts kept apart",
        keys=("chat_messages",),
    ),
    Format(
        "claude-code",
        "claude_code",
        "Claude Code session logs; a session or side chain is an interview",
        "images, snapshots, what the program said to itself; the system prompt is not in them",
        keys=("type",),
    ),
    Format(
        "atif",
        "atif",
        "ATIF trajectories (Harbor), versions 1.0 to 1.8; a sub-agent's is an interview of its own",
        "images, audio, tokens and costs, what a program added under extra",
        keys=("schema_version",),
    ),
    Format(
        "open-webui-export",
        "open_webui",
        "Open WebUI exports, of one chat or all; branches, models side by side, and what was edited are kept",
        "files, images, citations, merged answers, the program's own status",
        keys=("chat", "history"),
    ),
    Format(
        "librechat-export",
        "librechat",
        "LibreChat exports, flat or recursive, with branches; a list of its messages",
        "images, files, search results, citations, what the program said in the model's place",
        ("object", "array"),
        keys=("conversationId", "messageId"),
    ),
    Format(
        "sillytavern-chat",
        "sillytavern",
        "SillyTavern chats; other drafts (swipes) are branches; what no model wrote, and what was hidden, is said",
        "files, images, comments, chat variables; the prompt and the character's card are not in them",
        keys=("chat_metadata", "character_name", "mes"),
    ),
    Format(
        "sharegpt",
        "sharegpt",
        "ShareGPT: conversations of from and value, JSON or JSONL",
        "nothing; models and dates are not in it",
    ),
    Format(
        "llm-logs",
        "llm_logs",
        "logs.db of simonw/llm, as it keeps it now and kept it before; a conversation is an interview",
        "images and other attachments, schemas, usage, the providers' own responses, calls from before conversations",
        kinds=["sqlite"],
    ),
    Format(
        "openai-responses",
        "openai_responses",
        "OpenAI Responses: request, response, both, or items; what continues a response of the file is one interview",
        "images, files, annotations, encrypted reasoning, usage, what came before and is not in the file",
        keys=("input", "object", "request", "type", "role"),
    ),
    Format(
        "gemini",
        "gemini",
        "Gemini: request, response (streamed too), both, or contents; each candidate is an interview",
        "images and other media, files, citations, grounding, safety ratings, usage",
        keys=("contents", "candidates", "promptFeedback", "prompt_feedback", "request", "parts"),
    ),
    Format(
        "ai-studio",
        "ai_studio",
        "Google AI Studio: prompts as it saves them to Drive",
        "images and other media, attached documents, grounding, where an answer was edited, branches in other files",
        keys=("chunkedPrompt",),
    ),
    Format(
        "anthropic-messages",
        "anthropic",
        "Anthropic Messages: request, response, both, or a conversation",
        "images, documents that are not text, redacted thinking, citations, usage",
    ),
    Format(
        "openai-chat",
        "openai",
        "OpenAI chat: request, response, both, or conversations; JSON, or JSONL with one on each line",
        "images, audio, annotations, log probabilities, usage",
    ),
    Format(
        "text",
        "text",
        "Markdown or plain text; a turn begins with “User:”, “**Model:**” or “## Name”; --speakers for other names",
        "what stands before the first speaker; empty lines between turns",
        ("text", "object", "array", "lines", "zip"),
    ),
)


_MAX_PROBLEMS = 50
_MAX_TURNS = 2_000_000
"""In one received file."""
_REMEDY = "`archive formats` lists what is read"
_LOOKS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x1f\x8b": "gzip; unpack it first",
    b"\x28\xb5\x2f\xfd": "zstd; unpack it first",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"<!DOCTYPE": "a web page; export the conversation as JSON",
    b"<html": "a web page; export the conversation as JSON",
    b"{\\rtf": "rich text; save it as plain text",
}


class _Importer(Protocol):
    NAME: str
    VERSION: int

    def sniff(self, source: "Source") -> bool: ...
    def read(self, source: "Source") -> "Iterator[Found]": ...


def read(
    files: "Mapping[str, Content]",
    into: Path,
    *,
    speakers: "Mapping[str, Speaker] | None" = None,
    model: Collection[str] = (),
) -> Transcript:
    """The turns of one received file, or of an exchange (``…request…`` and ``…response…``).

    They are written to `into`, the path of a ``turns.jsonl``, one interview after another as they are read.
    `files` maps each name to its exact bytes, or to the path of a file that need not be held in memory at once.
    `speakers` maps the labels of a text to roles; a label that is one of the names of the `model` needs none.
    Raises `Refused` with all that is wrong.
    """
    from archive.importers.kept import keeping
    from archive.importers.source import Source

    source = Source(files, speakers, model)
    importer = _importer(source)
    with keeping(into) as keeper:
        problems = _kept(importer.read(source), keeper)
        if not keeper.interviews and not problems:
            empty = ", ".join(f"“{title}”" for title in keeper.empty)
            what = f"holds no conversation: {empty[:200]} has no message" if empty else "holds no conversation"
            problems = [Problem(source.name, what)]
        if problems:
            raise Refused(problems)
        return keeper.close(importer.NAME, importer.VERSION)


def parse_speakers(text: str) -> "Mapping[str, Speaker]":
    """``Interviewer=user,Opus=assistant,Note=none`` as a mapping; ``none`` is no speaker. Raises `Refused`."""
    found: dict[str, Speaker] = {}
    roles: dict[str, Speaker] = {role: role for role in (*get_args(Role), "none")}
    for pair in text.split(","):
        label, _, role = (part.strip() for part in pair.rpartition("="))
        if not label or role not in roles or label in found:
            what = f"expected NAME=ROLE with each name once and one of the roles {', '.join(roles)}, found “{pair}”"
            raise Refused([Problem("--speakers", what, "as in --speakers 'Interviewer=user,Opus=assistant'")])
        found[label] = roles[role]
    return found


_WHO = re.compile(r"--speakers '(.*)'\Z", re.DOTALL)


def suggested(problem: Problem) -> "Mapping[str, Speaker]":
    """The speakers that a text seems to have, where its problem is that nobody said who they are; else nothing."""
    try:
        return parse_speakers(said[1]) if (said := _WHO.search(problem.remedy)) else {}
    except Refused:  # a name with a comma in it
        return {}


def _kept(found: "Iterator[Found]", keeper: "Keeper") -> list[Problem]:
    """Everything that is wrong with what was found; the rest is kept."""
    problems: list[Problem] = []
    try:
        for each in found:
            if isinstance(each, Refused):
                problems += each.problems
            else:
                keeper.add(each)
            if keeper.turns > _MAX_TURNS:
                problems.append(Problem("", f"more than {_MAX_TURNS:,} turns in one file", "split the file"))
                break
            if len(problems) > _MAX_PROBLEMS:
                problems.append(Problem("", f"more than {_MAX_PROBLEMS} problems; reading stopped there"))
                break
    except Refused as refused:
        problems += refused.problems
    return problems


def _importer(source: "Source") -> _Importer:
    if not source.head:
        raise Refused([Problem(source.name, "the file is empty")])
    for start, looks in _LOOKS.items():
        if source.head.startswith(start):
            raise _unknown(source, f"looks like {looks}")
    for known in FORMATS:
        if known.may_be(source):
            importer: _Importer = import_module(f"archive.importers.{known.module}")
            if importer.sniff(source):
                return importer
    if source.kind in ("object", "array", "lines"):
        if source.first is None:
            list(source.records())  # what is wrong with the JSON says more than that no importer knows it
        keys = ", ".join(sorted(key[:40] for key in source.keys)[:12]).encode("utf-8", "replace").decode() or "no keys"
        raise _unknown(source, f"is JSON with {keys}, which is no conversation in a known format")
    found = (
        "a zip file, and no log of Inspect" if source.kind == "zip" else "an SQLite database, and none of llm's logs"
    )
    raise _unknown(source, f"is {found}")


def _unknown(source: "Source", found: str) -> Refused:
    return Refused([Problem(source.name, found, _REMEDY)])
