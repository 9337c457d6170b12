"""Asking, through Inspect: its providers, retries, rate limits and concurrency. The one module that imports it.

The clients' own exchange is kept where Inspect has it: what was posted, but for its headers, and the body that came
back. Where the body is of a form that no text can be cut from, the answer as Inspect has read it stands in for it.
"""

import asyncio
import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from archive.characters import UNCARRIED
from archive.errors import Error, Refused, not_installed
from archive.importers.response import essay_text
from archive.interviews.engine import one_line
from publisher.sampling.log import Answer
from publisher.sampling.request import Request

RETRIES = 5
"""How often a call that failed is made again, after 3 seconds, then about twice as long each time."""
_SECRET = re.compile("KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_CUT = {"max_tokens": "it was cut off at max_tokens", "model_length": "it was cut off at the model's own length"}
_CUT |= {"content_filter": "the provider's filter ended it"}


@dataclass(frozen=True, slots=True)
class Without:
    """That no text came."""

    why: str
    """One line, without any key."""
    answered: bool
    """Whether the model answered all the same: then it is not asked again."""


Came = Callable[[int, Answer | Without], None]
"""Told of each call as soon as it is over: its number from 0, and what came of it."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A model that can be asked. Lives as long as a command."""

    model: Any
    through: str
    """``inspect-ai 0.3.285``"""
    retries: int

    def ask(self, request: Request, calls: int, came: Came) -> None:
        """Make so many calls, as many at a time as Inspect sees fit. Raises the first `Error` that `came` does."""
        asyncio.run(self._ask(request, calls, came))

    async def _ask(self, request: Request, calls: int, came: Came) -> None:
        results = await asyncio.gather(
            *(self._one(request, number, came) for number in range(calls)), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _one(self, request: Request, number: int, came: Came) -> None:
        # Of its own in each task: what Inspect notes of a call is read there.
        came(number, await asyncio.create_task(self._answer(request)))

    async def _answer(self, request: Request) -> Answer | Without:
        from inspect_ai.log import transcript
        from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig

        before = [ChatMessageSystem(content=request.system)] if request.system else []
        config = GenerateConfig(
            temperature=request.temperature, max_tokens=request.max_tokens, max_retries=self.retries, cache=False
        )
        try:
            output = await self.model.generate([*before, ChatMessageUser(content=request.prompt)], config=config)
        except Exception as error:  # whatever a provider's client raises: it is told, and the other calls go on
            return Without(_line(error), answered=False)
        calls = [event.call for event in transcript().events if event.event == "model" and event.call]
        call = calls[-1] if calls else None
        attachments = transcript().attachments
        sent = _plain(call.request, attachments) if call else None
        received = _plain(call.response, attachments) if call and call.response else None
        return _answered(output.model_dump(mode="json", exclude_none=True), sent, received)


def asker(name: str, *, retries: int = RETRIES) -> Asker:
    """The model that Inspect calls so. Raises `Error` without Inspect, its client, or a key."""
    os.environ["INSPECT_DISPLAY"] = "none"  # or it might show what a model says, before it is logged
    try:
        from importlib.metadata import version

        import inspect_ai
        from inspect_ai.model import get_model
    except ImportError:
        raise not_installed("asking a model", "inspect-ai") from None
    del inspect_ai
    try:
        model = get_model(name)
    except Exception as error:  # an unknown provider, a client that is missing, a key that is: each of another kind
        raise Error(f"--model {name}: {_line(error)}") from None
    return Asker(model, f"inspect-ai {version('inspect-ai')}", retries)


def _answered(output: dict[str, Any], sent: Any, received: Any) -> Answer | Without:
    """What came, by the rule for all essays."""
    choice = (output.get("choices") or [{}])[0]
    stop = str(choice.get("stop_reason", ""))
    request = _json({name: value for name, value in sent.items() if name != "extra_headers"}) if sent else b""
    for response in (received, output):
        if response is None:
            continue
        data = _json(response)
        with contextlib.suppress(Refused):
            model = response.get("model")
            text, named = essay_text(data), model if isinstance(model, str) else ""
            return Answer(text, data, request, named, _CUT.get(stop, ""), _holding(text, data, request))
    return Without(f"the model answered without a text ({stop or 'nothing'})", answered=True)


def _plain(value: Any, attachments: dict[str, str]) -> Any:
    """With what Inspect puts aside of it, long texts, back in its place."""
    match value:
        case str() if value.startswith("attachment://"):
            return attachments.get(value.removeprefix("attachment://"), value)
        case list():
            return [_plain(each, attachments) for each in value]
        case dict():
            return {name: _plain(each, attachments) for name, each in value.items()}
    return value


def _json(value: Any) -> bytes:
    return f"{json.dumps(value, indent=1)}\n".encode()


def _holding(*files: bytes) -> str:
    """The name of a key of this machine that stands in one of them; empty where none does. Nothing is hidden: a text
    that was changed would not be what the model wrote."""
    return next((name for name, secret in _secrets() if any(secret.encode() in data for data in files)), "")


def _masked(text: str) -> str:
    for name, secret in _secrets():
        text = text.replace(secret, f"[{name}]")
    return text


def _secrets() -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in os.environ.items() if _SECRET.search(name) and len(value) >= 8)


def _line(error: BaseException) -> str:
    """What a client says, in one line."""
    said = one_line(_masked(str(error) or type(error).__name__))
    return re.sub(f"[{UNCARRIED}]", " ", said)[:400]
