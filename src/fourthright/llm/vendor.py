"""LiteLLM as it is used here, and the model inside this process as one of its providers."""

from __future__ import annotations

import asyncio
import atexit
import functools
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from fourthright import embedded, weights
from fourthright.config import EMBEDDED_PREFIX, settings
from fourthright.domain import Tokens
from fourthright.embedded import Answer, Cancel, Engine, never

LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")
"""Loggers that write prompts out when the program that runs us asks for debug logs."""


@dataclass
class Call:
    """One call on its way through LiteLLM: engine and stop button on the way in, our own error on the way out."""

    engine: Engine | None = None
    cancelled: Cancel = never
    error: Exception | None = None


CALL: ContextVar[Call | None] = ContextVar("call", default=None)


class EmbeddedProvider:
    """The handler behind `embedded/…`; joined with LiteLLM's CustomLLM when that is imported."""

    def completion(self, **kwargs: Any) -> Any:
        """The whole reply at once, as a ModelResponse."""
        response = kwargs["model_response"]
        answer = _chat(CALL.get() or Call(), kwargs, embedded.unheard, never)
        response.choices[0].message.content = answer.text
        response.choices[0].finish_reason = answer.finish
        response.model = kwargs["model"]
        response.usage = litellm().Usage(**_usage(answer.tokens))
        return response

    def streaming(self, **kwargs: Any) -> Generator[dict[str, Any], None, None]:
        """The reply piece by piece, as GenericStreamingChunks; closing the iterator stops the engine."""
        pieces: SimpleQueue[str | Answer | Exception] = SimpleQueue()
        closed = threading.Event()
        call = CALL.get() or Call()

        def work() -> None:
            try:
                pieces.put(_chat(call, kwargs, pieces.put, lambda: closed.is_set() or call.cancelled()))
            except Exception as error:
                call.error = error
                pieces.put(error)

        threading.Thread(target=work, name="embedded-model", daemon=True).start()
        try:
            while isinstance(piece := pieces.get(), str):
                yield _chunk(piece)
            if isinstance(piece, Exception):
                raise piece
            yield _chunk("", piece)
        finally:
            closed.set()

    async def acompletion(self, **kwargs: Any) -> Any:
        """`completion` without blocking the event loop."""
        return await asyncio.to_thread(self.completion, **kwargs)

    async def astreaming(self, **kwargs: Any) -> AsyncIterator[dict[str, Any]]:
        """`streaming` without blocking the event loop."""
        chunks = self.streaming(**kwargs)
        try:
            while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
                yield chunk
        finally:
            await asyncio.to_thread(chunks.close)


def _chat(call: Call, kwargs: Mapping[str, Any], on_token: Callable[[str], None], cancelled: Cancel) -> Answer:
    engine, params = call.engine or _configured_engine(), kwargs["optional_params"]
    form = params.get("response_format") or {}
    return engine.chat(
        kwargs["messages"],
        schema=form.get("json_schema", {}).get("schema"),
        max_tokens=params.get("max_tokens") or embedded.CONTEXT_TOKENS,
        on_token=on_token,
        cancelled=cancelled,
    )


def _chunk(text: str, answer: Answer | None = None) -> dict[str, Any]:
    return {
        "text": text,
        "is_finished": answer is not None,
        "finish_reason": answer.finish if answer else "",
        "usage": _usage(answer.tokens) if answer else None,
        "index": 0,
        "tool_use": None,
    }


def _usage(tokens: Tokens) -> dict[str, Any]:
    read = tokens.fresh + tokens.cached
    return {
        "prompt_tokens": read,
        "completion_tokens": tokens.written,
        "total_tokens": read + tokens.written,
        "prompt_tokens_details": {"cached_tokens": tokens.cached},
    }


def _configured_engine() -> Engine:
    """The engine for callers that come through LiteLLM without a ChatModel."""
    return embedded.engine(weights.locate(settings()))


@functools.cache
def litellm() -> Any:
    """LiteLLM, imported on first use: quiet, offline by itself, keeping nothing, with `embedded/…` registered."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOG"] = "ERROR"
    os.environ["LITELLM_MODE"] = "PRODUCTION"  # otherwise the import reads a .env file of the current folder
    import litellm
    from litellm.llms.custom_httpx.http_handler import AsyncHTTPHandler
    from litellm.llms.custom_llm import CustomLLM

    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    litellm.telemetry = False
    litellm.turn_off_message_logging = True
    litellm.disable_streaming_logging = True
    litellm.suppress_debug_info = True
    litellm.drop_params = True
    # Its clients import a module when they are finalized. At the end of the process the lock on imports may belong to a
    # thread that was cut off, and the wait for it would never end; the process closes its sockets anyway.
    atexit.register(delattr, AsyncHTTPHandler, "__del__")
    handler = type("EmbeddedLLM", (EmbeddedProvider, CustomLLM), {})()
    litellm.custom_provider_map = [{"provider": "embedded", "custom_handler": handler}]
    name = EMBEDDED_PREFIX + weights.manifest().name
    litellm.register_model(
        {
            name: {
                "litellm_provider": "embedded",
                "mode": "chat",
                "max_input_tokens": embedded.CONTEXT_TOKENS,
                "max_output_tokens": embedded.CONTEXT_TOKENS,
                "input_cost_per_token": 0.0,
                "output_cost_per_token": 0.0,
                "supports_response_schema": True,
            }
        }
    )
    return litellm
