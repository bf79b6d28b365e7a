"""An OpenAI-compatible server for the tests: real HTTP on the loopback address, one scripted answer per request.

Every request is kept in `requests`. A request without an answer left in the script gets status 418 and is counted in
`unexpected`, which the `openai_server` fixture checks when the test ends.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """What one call sent."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def schema(self) -> dict[str, Any] | None:
        """The JSON schema the reply was asked to follow."""
        form = self.body.get("response_format") or {}
        schema: dict[str, Any] | None = form.get("json_schema", {}).get("schema")
        return schema


Answer = Callable[["_Handler", Request], None]


def say(
    text: str | None,
    *,
    finish: str = "stop",
    cached: int = 0,
    gap_s: float = 0.0,
    refusal: str = "",
    always_plain: bool = False,
) -> Answer:
    """A reply, streamed or plain as the request asks; `gap_s` between the pieces of a stream."""

    def answer(http: _Handler, request: Request) -> None:
        if request.body.get("stream") and not always_plain:
            http.stream(request, _events(text, finish, cached, refusal), gap_s)
        else:
            message = {"role": "assistant", "content": text, "refusal": refusal or None}
            choice = {"index": 0, "message": message, "finish_reason": finish}
            http.reply(200, _envelope(request, "chat.completion") | {"choices": [choice], "usage": _usage(cached)})

    return answer


def filtered() -> Answer:
    """A success without content, as a provider's content filter sends it."""
    return say(None, finish="content_filter")


def cut(text: str) -> Answer:
    """A reply that reached its budget."""
    return say(text, finish="length")


def fail(
    status: int, *, headers: dict[str, str] | None = None, code: str | None = None, message: str = "cannot do this"
) -> Answer:
    """An error whose message quotes the prompt, as real ones sometimes do."""

    def answer(http: _Handler, request: Request) -> None:
        said = request.body["messages"][-1]["content"]
        error = {"message": f"{message}: {said}", "type": code, "code": code, "param": None}
        http.reply(status, {"error": error}, headers or {})

    return answer


def silence(seconds: float) -> Answer:
    """No byte for a while, then a reply that nobody waits for."""

    def answer(http: _Handler, request: Request) -> None:
        http.server.stopping.wait(seconds)
        http.reply(200, {})

    return answer


def reset(text: str) -> Answer:
    """The first half of a streamed reply, then a connection reset."""

    def answer(http: _Handler, request: Request) -> None:
        http.open_stream()
        for event in list(_events(text, "stop", 0, ""))[: len(text) // 8 + 1]:
            http.send_event(_envelope(request, "chat.completion.chunk") | event)
        http.reset()

    return answer


def _events(text: str | None, finish: str, cached: int, refusal: str) -> Iterator[dict[str, Any]]:
    first: dict[str, Any] = {"role": "assistant", "content": None if text is None else ""}
    if refusal:
        first["refusal"] = refusal
    yield {"choices": [{"index": 0, "delta": first, "finish_reason": None}]}
    for start in range(0, len(text or ""), 4):
        delta = {"content": (text or "")[start : start + 4]}
        yield {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    yield {"choices": [], "usage": _usage(cached)}


def _envelope(request: Request, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": request.body.get("model", "")}


def _usage(cached: int) -> dict[str, Any]:
    details = {"cached_tokens": cached}
    return {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107, "prompt_tokens_details": details}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        request = Request(self.path, dict(self.headers), json.loads(self.rfile.read(length)))
        self.server.owner.take(request)(self, request)

    def reply(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def stream(self, request: Request, events: Iterator[dict[str, Any]], gap_s: float) -> None:
        self.open_stream()
        try:
            for event in events:
                self.send_event(_envelope(request, "chat.completion.chunk") | event)
                time.sleep(gap_s)
            self._send_chunk(b"data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.server.owner.hung_up.set()
            self.close_connection = True

    def open_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def send_event(self, event: dict[str, Any]) -> None:
        self._send_chunk(f"data: {json.dumps(event)}\n\n".encode())

    def _send_chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def reset(self) -> None:
        """Close without the usual goodbye; the files over the socket go first, or they keep it open."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Nothing is logged: the requests are in `requests`."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, owner: OpenAIServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner = owner
        self.stopping = threading.Event()

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is part of the tests."""


@dataclass
class OpenAIServer:
    """Start with `with`; script the answers; point a model at `base`."""

    script: deque[Answer] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    unexpected: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)
    """Set when the client closed the connection in the middle of a stream."""

    def __enter__(self) -> Self:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        """The address to give as FOURTHRIGHT_API_BASE."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def will(self, *answers: Answer) -> None:
        """Add answers to the script."""
        self.script.extend(answers)

    def take(self, request: Request) -> Answer:
        """The answer for the next request."""
        self.requests.append(request)
        if self.script:
            return self.script.popleft()
        self.unexpected += 1
        return fail(418)
