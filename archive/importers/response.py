"""The text of an essay, cut from the API response that brought it by one rule.

The text is what these print, nothing added or removed; for an Anthropic response and for OpenAI's two::

    jq -j '.content[]|select(.type=="text").text' response.json
    jq -j '.choices[0].message.content' response.json
    jq -j '.output[]|select(.type=="message").content[]|select(.type=="output_text").text' response.json
"""

from typing import Any

from archive.errors import Problem, Refused
from archive.importers import strictjson


def essay_text(response: bytes, place: str = "response.json") -> bytes:
    """The text in `response`, as UTF-8; of OpenAI content in parts, its text parts. Raises `Refused`, also for none."""
    value = strictjson.loads(response, place)
    match value:
        case {"content": list(blocks)}:
            texts = [_words(block, place) for block in blocks if _kind(block) == "text"]
        case {"choices": [{"message": {"content": str(text)}}, *_]}:
            texts = [text]
        case {"choices": [{"message": {"content": list(parts)}}, *_]}:
            texts = [_words(part, place) for part in parts if _kind(part) == "text"]
        case {"output": list(items)}:
            parts = [part for item in items if _kind(item) == "message" for part in _parts(item)]
            texts = [_words(part, place) for part in parts if _kind(part) == "output_text"]
        case _:
            what = "expected an answer of the Anthropic Messages, OpenAI chat or Responses API, found something else"
            raise Refused([Problem(place, what, "give the response's body as it came, not streamed")])
    try:
        essay = "".join(texts).encode()
    except UnicodeEncodeError as error:
        half = f"half a surrogate pair (U+{ord(error.object[error.start]):04X})"
        raise Refused([Problem(place, f"the text holds {half}, which fits in no UTF-8 file")]) from None
    if not essay:
        raise Refused([Problem(place, "the answer has no text", "an essay has at least one character")])
    return essay


def _kind(block: Any) -> object:
    return block.get("type") if isinstance(block, dict) else None


def _parts(message: Any) -> list[Any]:
    content = message.get("content")
    return content if isinstance(content, list) else []


def _words(block: Any, place: str) -> str:
    if not isinstance(text := block.get("text"), str):
        raise Refused([Problem(place, "a text block has no text", "give the response's body as it came")])
    return text
