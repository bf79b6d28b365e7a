"""Stand-ins that implement the real protocols: scripted, with a history, failing when the script runs out."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

from pydantic import BaseModel

from fourthright.domain import Tokens
from fourthright.errors import Cancelled
from fourthright.llm import Cancel, Message, Reply, never

Scripted = str | Mapping[str, object] | BaseModel | Exception


@dataclass(frozen=True)
class Asked:
    """One call to the scripted model."""

    messages: tuple[Message, ...]
    schema: type[BaseModel]
    max_tokens: int


class ScriptedModel:
    """A ChatModel that answers from a queue: text as it is, objects as JSON, exceptions raised."""

    def __init__(self, *replies: Scripted, name: str = "scripted", tokens: Tokens | None = None) -> None:
        self.name = name
        self.replies: deque[Scripted] = deque(replies)
        self.history: list[Asked] = []
        self.warmed: list[tuple[Message, ...]] = []
        self.tokens = tokens or Tokens(fresh=10, cached=90, written=5)

    def ask(
        self, messages: Sequence[Message], *, schema: type[BaseModel], max_tokens: int, cancelled: Cancel = never
    ) -> Reply:
        """The next reply of the script; AssertionError when there is none left."""
        if cancelled():
            raise Cancelled("Stopped.")
        self.history.append(Asked(tuple(messages), schema, max_tokens))
        if not self.replies:
            raise AssertionError(f"the script ran out at call {len(self.history)}: {messages[-1].content[:200]}")
        reply = self.replies.popleft()
        if isinstance(reply, Exception):
            raise reply
        return Reply(text=_text(reply), tokens=self.tokens)

    def warm(self, messages: Sequence[Message]) -> None:
        """Kept in `warmed`."""
        self.warmed.append(tuple(messages))


def _text(reply: str | Mapping[str, object] | BaseModel) -> str:
    if isinstance(reply, BaseModel):
        return reply.model_dump_json()
    return reply if isinstance(reply, str) else json.dumps(reply)


@dataclass
class ScriptedLlama:
    """What `import xllamacpp` gives, with a scripted server behind it.

    A reply is a list of pieces of text; a dict is an error as the engine reports it. The server passes chunks to the
    callback as the real one does (progress, pieces, end, counts) and stops when the callback returns True.
    """

    replies: deque[Sequence[str] | dict[str, Any]] = field(default_factory=deque)
    requests: list[dict[str, Any]] = field(default_factory=list)
    started: list[SimpleNamespace] = field(default_factory=list)
    stopped: int = 0
    finish: str = "stop"
    before_piece: Callable[[int], None] = lambda _: None
    busy: threading.Lock = field(default_factory=threading.Lock)

    def module(self) -> ModuleType:
        """The module to put in `sys.modules`."""
        made = ModuleType("xllamacpp")
        made.CommonParams = _params  # type: ignore[attr-defined]
        made.Server = self._start  # type: ignore[attr-defined]
        return made

    def _start(self, params: SimpleNamespace) -> ScriptedLlama:
        self.started.append(params)
        return self

    listening_address = "http://127.0.0.1:1"

    def handle_chat_completions(self, request: dict[str, Any], callback: Callable[[dict[str, Any]], bool]) -> None:
        """Play the next reply."""
        assert self.busy.acquire(blocking=False), "two calls at once in one slot"
        try:
            self.requests.append(request)
            assert self.replies, f"the script ran out at call {len(self.requests)}"
            for chunk in self._chunks(self.replies.popleft()):
                if callback(chunk):
                    self.stopped += 1
                    return
        finally:
            self.busy.release()

    def _chunks(self, reply: Sequence[str] | dict[str, Any]) -> Iterator[dict[str, Any]]:
        if isinstance(reply, dict):
            yield {"error": reply}
            return
        yield _choice({"role": "assistant", "content": None}) | {"prompt_progress": {"total": 12, "processed": 0}}
        for number, piece in enumerate(reply):
            self.before_piece(number)
            yield _choice({"content": piece})
        yield _choice({}, self.finish)
        yield {
            "choices": [],
            "usage": {"prompt_tokens": 12, "completion_tokens": len(reply), "total_tokens": 12 + len(reply)},
            "timings": {"cache_n": 9, "prompt_n": 3, "predicted_n": len(reply)},
        }


def _choice(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"finish_reason": finish, "index": 0, "delta": delta}]}


def _params() -> SimpleNamespace:
    return SimpleNamespace(model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace())
