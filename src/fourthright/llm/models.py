"""Models that answer through LiteLLM, and the one loop about transport: retry what may heal."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from fourthright import embedded, weights
from fourthright.config import EMBEDDED_PREFIX, Settings
from fourthright.domain import Tokens
from fourthright.embedded import Cancel, Engine, never
from fourthright.errors import (
    Cancelled,
    ConfigurationError,
    FourthrightError,
    HostedNotAllowed,
    ModelBusy,
    ModelUnavailable,
    ReplyCut,
    ReplyFiltered,
)
from fourthright.llm.chat import ChatModel, Message, Reply
from fourthright.llm.faults import WAYS_OUT, fault, may_heal, retry_after, translated
from fourthright.llm.vendor import CALL, Call, litellm

if TYPE_CHECKING:
    from tenacity import RetryCallState

ATTEMPTS = 4
SILENCE_S = 40.0
"""Seconds without a byte after which an attempt at a hosted model is given up."""
LONGEST_WAIT_S = 8.0
GLANCE_S = 0.05
"""Seconds between two looks at the stop button."""
TEMPERATURE = 0.2


@dataclass
class _Received:
    """What one attempt brought: text, how it ended, tokens."""

    text: str = ""
    finish: str | None = None
    tokens: Tokens = field(default_factory=Tokens)

    def take(self, chunk: Any) -> None:
        """Add one chunk of LiteLLM's stream, or a whole reply."""
        for choice in chunk.choices:
            said = choice.delta if hasattr(choice, "delta") else choice.message
            self.text += said.content or ""
            self.finish = choice.finish_reason or self.finish
        if usage := getattr(chunk, "usage", None):
            details = getattr(usage, "prompt_tokens_details", None)
            cached = getattr(details, "cached_tokens", None) or 0
            self.tokens = Tokens(
                fresh=max(usage.prompt_tokens - cached, 0), cached=cached, written=usage.completion_tokens
            )


class LiteLLMModel:
    """A model that LiteLLM reaches; `engine` is set for the one inside this process."""

    def __init__(self, settings: Settings, engine: Engine | None = None) -> None:
        self.name = settings.model
        self._api_base = settings.api_base
        self._timeout_s = settings.timeout_s
        self._engine = engine

    def ask(
        self, messages: Sequence[Message], *, schema: type[BaseModel], max_tokens: int, cancelled: Cancel = never
    ) -> Reply:
        """See ChatModel. A reply that its budget cut is asked for once more with twice the budget, then ReplyCut."""
        first = self._received(messages, schema, max_tokens, cancelled)
        if first.finish != "length":
            return Reply(text=first.text, tokens=first.tokens)
        second = self._received(messages, schema, 2 * max_tokens, cancelled)
        if second.finish == "length":
            raise ReplyCut(f"The reply of {self.name} was longer than {2 * max_tokens} tokens.")
        return Reply(text=second.text, tokens=first.tokens + second.tokens)

    def warm(self, messages: Sequence[Message]) -> None:
        """Load what takes long and read the prefix. A hosted model is not called: that would send text."""
        litellm()
        if self._engine is not None:
            texts = [message.model_dump() for message in messages]
            request = {"model": self.name, "messages": texts, "max_tokens": 1, "stream": True}
            self._with_retries(request, never, math.inf)

    def _received(
        self, messages: Sequence[Message], schema: type[BaseModel], max_tokens: int, cancelled: Cancel
    ) -> _Received:
        deadline = math.inf if self._engine else time.monotonic() + self._timeout_s
        request = {
            "model": self.name,
            "messages": [message.model_dump() for message in messages],
            "response_format": schema,
            "max_tokens": max_tokens,
            "temperature": TEMPERATURE,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_retries": 0,
            "timeout": min(SILENCE_S, self._timeout_s),
            "api_base": self._api_base,
        }
        received = self._with_retries(request, cancelled, deadline)
        if received.finish == "content_filter" or (not received.text and received.finish != "length"):
            raise ReplyFiltered(f"The provider of {self.name} filtered the reply.")
        return received

    def _with_retries(self, request: dict[str, Any], cancelled: Cancel, deadline: float) -> _Received:
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_before_delay

        retrying = Retrying(
            retry=retry_if_exception(may_heal),
            wait=_wait,
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(self._timeout_s),
            sleep=lambda seconds: pause(seconds, cancelled),
            reraise=True,
        )
        try:
            return retrying(_attempt, request, self._engine, cancelled, deadline)
        except FourthrightError:
            raise
        except Exception as error:
            if self._engine is not None and fault(error) is None:
                raise  # a fault in this program, not in a provider
            failure = translated(error, self.name)
        # Raised out here, where nothing is chained to it: LiteLLM's exceptions carry the prompt.
        raise failure


def pause(seconds: float, cancelled: Cancel) -> None:
    """Wait before the next attempt; Cancelled as soon as the person presses stop."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if cancelled():
            raise Cancelled("Stopped.")
        time.sleep(min(GLANCE_S, left))


def _wait(state: RetryCallState) -> float:
    """Seconds until the next attempt: what the server asks for, else exponential with jitter."""
    from tenacity import wait_random_exponential

    error = state.outcome.exception() if state.outcome else None
    asked = retry_after(error) if error else None
    return asked if asked is not None else wait_random_exponential(multiplier=0.5, max=LONGEST_WAIT_S)(state)


def _attempt(request: dict[str, Any], engine: Engine | None, cancelled: Cancel, deadline: float) -> _Received:
    """One call in a thread of its own, so that stop and deadline work while nothing arrives."""
    given_up = threading.Event()
    call = Call(engine, cancelled=lambda: given_up.is_set() or cancelled())
    done: SimpleQueue[_Received | Exception] = SimpleQueue()
    threading.Thread(target=_converse, args=(request, call, done), name="model-call", daemon=True).start()
    try:
        outcome = _outcome(done, cancelled, deadline)
    finally:
        given_up.set()
    if isinstance(outcome, _Received):
        return outcome
    raise call.error or outcome


def _outcome(done: SimpleQueue[_Received | Exception], cancelled: Cancel, deadline: float) -> _Received | Exception:
    while True:
        try:
            return done.get(timeout=GLANCE_S)
        except Empty:
            if cancelled():
                raise Cancelled("Stopped.") from None
            if time.monotonic() > deadline:
                raise ModelBusy("The model took too long. Try again later, or raise FOURTHRIGHT_TIMEOUT_S.") from None


def _converse(request: dict[str, Any], call: Call, done: SimpleQueue[_Received | Exception]) -> None:
    CALL.set(call)
    received = _Received()
    try:
        stream = litellm().completion(**request)
        for chunk in stream:
            received.take(chunk)
            if call.cancelled():
                # Left to the garbage collector, the connection would stay open and the provider would go on writing.
                if hasattr(stream.completion_stream, "close"):
                    stream.completion_stream.close()
                return
        if received == _Received(finish="stop"):
            # Not one event came, not even the count of tokens: this server does not stream.
            received.take(litellm().completion(**{**request, "stream": False, "stream_options": None}))
        done.put(received)
    except Exception as error:
        done.put(error)


def connect(settings: Settings) -> ChatModel:
    """The configured model, not yet loaded or called.

    ConfigurationError for a name nobody knows; ModelUnavailable (WeightsMissing, HostedNotAllowed among it) when it
    cannot be used here.
    """
    if settings.embedded:
        return _inside(settings)
    if not settings.allow_hosted:
        raise HostedNotAllowed(
            f"{settings.model} runs outside this program and would get the text. "
            "Set FOURTHRIGHT_ALLOW_HOSTED=1 to allow that, unset FOURTHRIGHT_MODEL, or use --no-model."
        )
    provider(settings)
    missing = litellm().validate_environment(settings.model, api_base=settings.api_base)["missing_keys"]
    if missing:
        raise ModelUnavailable(f"{settings.model} needs {', '.join(missing)} in the environment. {WAYS_OUT}")
    return LiteLLMModel(settings)


def _inside(settings: Settings) -> ChatModel:
    known = EMBEDDED_PREFIX + weights.manifest().name
    if settings.model != known:
        raise ConfigurationError(f"FOURTHRIGHT_MODEL: there is no {settings.model}; the embedded model is {known}.")
    embedded.check_processor()
    return LiteLLMModel(settings, embedded.engine(weights.locate(settings)))


def provider(settings: Settings) -> str | None:
    """Who gets the text, for the person to see; None when it stays in this process."""
    if settings.embedded:
        return None
    try:
        _, name, _, base = litellm().get_llm_provider(settings.model, api_base=settings.api_base)
    except Exception:
        raise ConfigurationError(f"FOURTHRIGHT_MODEL: no provider is known for {settings.model}.") from None
    base = base or os.environ.get(f"{name}_BASE_URL".upper()) or os.environ.get(f"{name}_API_BASE".upper())
    return f"{name} at {base}" if base else str(name)
