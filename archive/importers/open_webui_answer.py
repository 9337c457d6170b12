"""An answer as Open WebUI keeps it, as items of the Responses API, which `items` reads.

Newer versions keep items (``output``). Older ones keep one text, in which the program put what was thought and called
between marks of its own, escaped or not, lines of thought with ``> `` before them::

    <details type="reasoning" done="true" duration="3">
    <summary>Thought for 3 seconds</summary>
    > To be asked.
    </details>
    <details type="tool_calls" done="true" id="1" name="look" arguments="&quot;{}&quot;" result="&quot;found&quot;">

Version 0.6 has what a tool gave back between the marks.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.errors import Refused
from archive.importers import strictjson
from archive.importers.talk import Talk

_BEGIN = re.compile(r'<details type="(reasoning|tool_calls|code_interpreter)"')
_END = "</details>"
_ATTRIBUTE = re.compile(r' ([a-z_]{1,20})="([^"]*)"')
_SUMMARY = re.compile(r"\s*<summary>[^<]*</summary>\n?")
_REASONING = ("type", "id", "status", "content", "summary")
Item = Mapping[str, Any]


def kept(talk: Talk, output: list[Any], place: str) -> list[Item]:
    """The items of ``output``, without what is Open WebUI's own in them. Raises `Refused` for what is no item."""
    found: list[Item] = []
    for number, value in enumerate(output):
        item = talk.table(value, f"{place}[{number}]")
        match item.get("type"):
            case "message":
                item = {"role": "assistant", "content": item.get("content"), "type": "message"}
            case "reasoning":
                item = {key: item[key] for key in _REASONING if key in item}
            case "open_webui:code_interpreter":
                item = _interpreted(item.get("id"), item.get("code"), item.get("output"))
        found.append(item)
    return found


def marked(content: str) -> Iterator[Item]:
    """The items that a text with marks in it stands for, in their order; nothing else in it is changed."""
    at = 0
    for begin in _BEGIN.finditer(content):
        if begin.start() < at:
            continue
        head = content.find(">", begin.end())
        end = content.find(_END, head)
        if head < 0 or end < 0:
            break
        yield from _message(content[at : begin.start()])
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(content, begin.end(), head)}
        summary = _SUMMARY.match(content, head + 1, end)
        body = content[summary.end() if summary else head + 1 : end].strip("\n")
        if begin[1] == "reasoning":
            yield {"type": "reasoning", "content": [{"type": "reasoning_text", "text": _thought(body)}]}
        elif begin[1] == "tool_calls":
            yield from _called(attributes, body)
        else:
            yield _interpreted(None, body, _plain(attributes["output"]) if "output" in attributes else None)
        at = end + len(_END)
    yield from _message(content[at:])


def words(items: list[Item]) -> str:
    """What the items say, without thoughts and calls."""
    found = []
    for item in items:
        content = item.get("content") if item.get("type") == "message" else None
        blocks = content if isinstance(content, list) else [{"text": content}]
        found += [text for block in blocks if isinstance(block, dict) and isinstance(text := block.get("text"), str)]
    return "\n\n".join(found)


def _message(text: str) -> Iterator[Item]:
    if text.strip():
        yield {"type": "message", "role": "assistant", "content": text.strip("\n")}


def _thought(body: str) -> str:
    text = html.unescape(body) if body.startswith("&gt;") else body
    lines = (line.removeprefix("> ") if line != ">" else "" for line in text.split("\n"))
    return "\n".join(lines)


def _called(attributes: Mapping[str, str], body: str) -> Iterator[Item]:
    call = attributes.get("id") or None
    arguments = _plain(attributes.get("arguments", ""))
    yield {"type": "function_call", "call_id": call, "name": attributes.get("name"), "arguments": arguments}
    result = attributes.get("result") or html.unescape(body)
    if result:
        told = _plain(result)
        output = told if isinstance(told, str) else result
        yield {"type": "function_call_output", "call_id": call, "output": output}


def _interpreted(name: object, code: object, output: object) -> Item:
    return {"type": "code_interpreter_call", "id": name, "code": code, "outputs": output}


def _plain(text: str) -> Any:
    """What JSON in an attribute stands for; the text itself where it is none."""
    try:
        return strictjson.loads(text.encode(errors="surrogatepass"), "")
    except Refused:
        return text
