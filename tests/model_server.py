"""A model on this machine, to be asked as OpenAI's and Anthropic's are; it answers by rule and keeps what it was asked.

Which of its doors Inspect 0.3.285 knocks at is told by the model's name: ``openai/gpt-4o`` at Chat Completions, as any
does with ``-M responses_api=false``; gpt-5, o-series and names it does not know, such as ``openai/x``, at Responses;
``anthropic/…`` at Messages, as a stream where 8,192 or more tokens are allowed, as they are without ``--max-tokens``.
A client tries a failed request twice more by itself after half a second or Retry-After, then Inspect after 3 s, for
ever without ``--max-retries``.
"""

import hashlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Json = dict[str, Any]
WORDS = ("Yes.", "No.", "I would rather not say.", "I do not know; ask me once more, in other words.")
PROBE = "Please say 'hello, world'"
"""Inspect's own, once for a model at Responses, to learn whether it may ask for reasoning; answered, and not kept."""


@dataclass(frozen=True)
class Request:
    """One, as it came."""

    number: int
    """From 1, over all doors, failed ones and the clients' own repetitions included."""
    path: str
    headers: Mapping[str, str]
    """Names in small letters; the key is in ``authorization``, of older clients of Anthropic in ``x-api-key``."""
    body: Json

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Role and words, the system prompt first, alike for every door; what is no text is left out."""
        first = [("system", said) for key in ("system", "instructions") if (said := _text(self.body.get(key)))]
        rest = self.body.get("messages", self.body.get("input", []))
        rest = [{"role": "user", "content": rest}] if isinstance(rest, str) else rest
        said = [(each["role"], _text(each.get("content"))) for each in rest if "role" in each]
        return [*first, *(("system" if role == "developer" else role, words) for role, words in said)]

    @property
    def asked(self) -> str:
        """The last thing said to the model."""
        return self.messages[-1][1] if self.messages else ""


@dataclass(frozen=True)
class Answer:
    """What comes back, and how."""

    text: str = ""
    ended: Literal["stop", "refusal", "content_filter"] = "stop"
    """Anthropic has one word for both ways of refusing."""
    status: int = 200
    """429, 500, 529 …; the text is then the error's message."""
    retry_after: float | None = None
    """Seconds, in a header of that name."""
    seconds: float = 0
    """For how long nothing is sent."""
    cut: int | None = None
    """The connection is closed after so many bytes of the response; 0: without a word."""
    raw: bytes | None = None
    """Sent for a body whatever was asked, ``{"choices": [``."""


Answers = Callable[[Request], str | Answer]


def by_hash(request: Request) -> str:
    """One of four answers: the same for the same model, messages and seed."""
    told = json.dumps([request.model, request.messages, request.body.get("seed")])
    return WORDS[hashlib.sha256(told.encode()).digest()[0] % len(WORDS)]


def failing(answers: Answers, how: Answer, *, first: int = 0, every: int = 0) -> Answers:
    """`answers`, but `how` to the first so many requests and to every n-th."""

    def answer(request: Request) -> str | Answer:
        fails = request.number <= first or (every and request.number % every == 0)
        return how if fails else answers(request)

    return answer


@dataclass
class ModelServer:
    """Runs as long as its context; `answers` may be changed in between."""

    answers: Answers
    address: str = ""
    """``http://127.0.0.1:40123``, for ANTHROPIC_BASE_URL; with ``/v1`` for OPENAI_BASE_URL."""
    requests: list[Request] = field(default_factory=list)
    """All so far, in the order in which they came."""

    @property
    def environment(self) -> dict[str, str]:
        """What makes both clients ask here, and with no key or token of whoever runs the tests."""
        openai = {"OPENAI_BASE_URL": f"{self.address}/v1", "OPENAI_API_KEY": "sk-of-ada"}
        anthropic = {"ANTHROPIC_BASE_URL": self.address, "ANTHROPIC_API_KEY": "sk-ant-of-ada"}
        return openai | anthropic | {"ANTHROPIC_AUTH_TOKEN": ""}


@contextmanager
def model_server(answers: Answers = by_hash) -> Iterator[ModelServer]:
    """Running."""
    running, lock = ModelServer(answers), threading.Lock()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with lock:
                request = Request(len(running.requests) + 1, self.path, headers, body)
                probe = request.asked == PROBE
                running.requests += [] if probe else [request]
            answer = Answer("hello, world") if probe else _answered(running.answers, request)
            time.sleep(answer.seconds)
            response = _response(request, answer)
            with suppress(OSError):  # who asked may have been killed
                self.wfile.write(response[: answer.cut])
            if answer.cut is not None:
                self.close_connection = True
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    running.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()


def _answered(answers: Answers, request: Request) -> Answer:
    """By the rule; one that fails is told to the client in a way that it does not try again for ever."""
    try:
        answer = answers(request)
    except Exception as error:
        return Answer(f"the test's rule failed: {error!r}", status=400)
    return Answer(answer) if isinstance(answer, str) else answer


def _response(request: Request, answer: Answer) -> bytes:
    """Head and body."""
    doors = {"/v1/chat/completions": _chat, "/v1/responses": _responses, "/v1/messages": _messages}
    door = doors.get(request.path.partition("?")[0])
    kind, body, status = "application/json", b"", answer.status if door else 404
    if answer.raw is not None:
        body = answer.raw
    elif door is None or status != 200:
        told = {"type": _ERRORS.get(status, "invalid_request_error"), "code": None, "message": answer.text or "no"}
        body = json.dumps({"type": "error", "error": told}).encode()
    else:
        kept, usage, length = _measured(request, answer)
        whole, events = door(request, kept, "length" if length else answer.ended, *usage)
        body = json.dumps(whole).encode()
        if request.body.get("stream"):
            kind, body = "text/event-stream", b"".join(map(_event, events))
    wait = "" if answer.retry_after is None else f"Retry-After: {answer.retry_after}\r\n"
    head = f"HTTP/1.1 {status} .\r\nContent-Type: {kind}\r\n{wait}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


_ERRORS = {401: "authentication_error", 429: "rate_limit_error", 500: "api_error", 529: "overloaded_error"}


def _event(data: Json) -> bytes:
    """Of a stream; those of Chat Completions have no name, and a last one that is no JSON."""
    named = f"event: {data['type']}\n" if "type" in data else ""
    last = "data: [DONE]\n\n" if "usage" in data and "choices" in data else ""
    return f"{named}data: {json.dumps(data)}\n\n{last}".encode()


def _measured(request: Request, answer: Answer) -> tuple[str, tuple[int, int], bool]:
    """The text as far as it may go, tokens in and out, a token being a word, and whether it was cut there."""
    limits = [request.body.get(key) for key in ("max_tokens", "max_completion_tokens", "max_output_tokens")]
    most = min((limit for limit in limits if limit), default=1 << 30)
    words = re.findall(r"\S+\s*|\s+", answer.text)
    asked = sum(len(said.split()) for _, said in request.messages)
    return "".join(words[:most]), (asked, len(words[:most])), len(words) > most


def _chat(request: Request, text: str, ended: str, asked: int, said: int) -> tuple[Json, list[Json]]:
    """https://platform.openai.com/docs/api-reference/chat"""
    words = {"content": None, "refusal": text} if ended == "refusal" else {"content": text, "refusal": None}
    reason = "stop" if ended == "refusal" else ended
    usage = {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
    base = {"id": f"chatcmpl-{request.number}", "created": 1_764_288_000, "model": request.model}
    message = {"role": "assistant", **words}
    choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
    part = base | {"object": "chat.completion.chunk"}
    deltas: list[tuple[Json, str | None]] = [(message, None), ({}, reason)]
    chunks = [part | {"choices": [{"index": 0, "delta": each, "finish_reason": why}]} for each, why in deltas]
    whole = base | {"object": "chat.completion", "choices": [choice], "usage": usage}
    return whole, [*chunks, part | {"choices": [], "usage": usage}]


def _responses(request: Request, text: str, ended: str, asked: int, said: int) -> tuple[Json, list[Json]]:
    """https://platform.openai.com/docs/api-reference/responses"""
    why = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(ended)
    status = "incomplete" if why else "completed"
    words = {"type": "refusal", "refusal": text} if ended == "refusal" else {"type": "output_text", "text": text}
    words |= {} if ended == "refusal" else {"annotations": []}
    number = request.number
    message = {"id": f"msg_{number}", "type": "message", "role": "assistant", "status": status, "content": [words]}
    usage = {"input_tokens": asked, "output_tokens": said, "total_tokens": asked + said}
    usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    base = {"id": f"resp_{number}", "object": "response", "created_at": 1_764_288_000, "model": request.model}
    base |= {"parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "error": None}
    whole = base | {"status": status, "incomplete_details": why and {"reason": why}, "output": [message]}
    whole |= {"usage": usage}
    begun = base | {"status": "in_progress", "incomplete_details": None, "output": []}
    events = [{"type": "response.created", "response": begun}, {"type": f"response.{status}", "response": whole}]
    return whole, [event | {"sequence_number": n} for n, event in enumerate(events)]


def _messages(request: Request, text: str, ended: str, asked: int, said: int) -> tuple[Json, list[Json]]:
    """https://docs.claude.com/en/api/messages"""
    reason = {"stop": "end_turn", "length": "max_tokens"}.get(ended, "refusal")
    base = {"id": f"msg_{request.number}", "type": "message", "role": "assistant", "model": request.model}
    ending, usage = {"stop_reason": reason, "stop_sequence": None}, {"input_tokens": asked, "output_tokens": said}
    content = [{"type": "text", "text": text}] if text else []
    begun = base | {"content": [], "stop_reason": None, "stop_sequence": None, "usage": usage | {"output_tokens": 0}}
    block = [
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
    ]
    end = [{"type": "message_delta", "delta": ending, "usage": {"output_tokens": said}}, {"type": "message_stop"}]
    events = [{"type": "message_start", "message": begun}, *(block if text else []), *end]
    return base | ending | {"content": content, "usage": usage}, events


def _text(content: Any) -> str:
    """Of a message, a string or a list of parts."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", part.get("refusal", "")) for part in content or [])
