"""The language model inside this process: llama.cpp's engine through xllamacpp, one slot, one call after another.

Nothing is loaded at import or on construction; the first call (or `start`) loads the file. The engine always opens a
port on the loopback address, so that gets a random key and path, and every endpoint that can be switched off is off.
"""

from __future__ import annotations

import atexit
import os
import platform
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from fourthright.domain import Tokens
from fourthright.errors import Cancelled, ModelUnavailable, ReplyRejected

CONTEXT_TOKENS = 8192
READ_BATCH = 64
"""Prompt tokens read between two looks at the stop button: about a second on two cores, and no slower than 512."""
SPINS = "1000"
"""Turns a thread waits at a barrier before it lets go of the core. The default of 300,000 halves the speed as soon as
anything else runs on the machine; measured, this one costs nothing on an idle machine."""
SAMPLING: Mapping[str, float | int] = {"temperature": 0.2, "top_p": 0.8, "top_k": 20, "seed": 7}
WAYS_OUT = "Use another model by FOURTHRIGHT_MODEL, or --no-model."

Cancel = Callable[[], bool]
OnToken = Callable[[str], None]


def never() -> bool:
    """A stop button that nobody presses."""
    return False


def unheard(_: str) -> None:
    """A listener for callers that only want the whole text."""


@dataclass(frozen=True)
class Answer:
    """What the model wrote, whether its budget cut it (`length`), and the engine's own count of tokens."""

    text: str
    finish: Literal["stop", "length"]
    tokens: Tokens


@dataclass
class _Reading:
    """One reply while it arrives, chunk by chunk, in the engine's thread."""

    on_token: OnToken
    cancelled: Cancel
    pieces: list[str] = field(default_factory=list)
    finish: Literal["stop", "length"] = "stop"
    tokens: Tokens = field(default_factory=Tokens)
    error: Exception | None = None
    stopped: bool = False

    def __call__(self, chunk: dict[str, Any]) -> bool:
        """Take one chunk; True stops the engine at once. An exception must not travel through native code."""
        try:
            self._take(chunk)
            self.stopped = self.cancelled()
        except Exception as error:
            self.error = error
        return self.stopped or self.error is not None

    def _take(self, chunk: dict[str, Any]) -> None:
        if "error" in chunk:
            raise _refusal(chunk["error"])
        for choice in chunk.get("choices", ()):
            if piece := choice["delta"].get("content"):
                self.pieces.append(piece)
                self.on_token(piece)
            if choice.get("finish_reason") == "length":
                self.finish = "length"
        if timings := chunk.get("timings"):
            self.tokens = Tokens(
                fresh=timings["prompt_n"], cached=timings["cache_n"], written=chunk["usage"]["completion_tokens"]
            )


def _refusal(error: Mapping[str, Any]) -> Exception:
    if error.get("type") == "exceed_context_size_error":
        given = error.get("n_prompt_tokens")
        return ReplyRejected(f"The local model reads {CONTEXT_TOKENS} tokens and was given {given}. Shorten the text.")
    return ModelUnavailable(f"The local model refused the call ({error.get('code')}). {WAYS_OUT}")


def check_processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> None:
    """ModelUnavailable in one line where an x86 processor lacks AVX2, which would end the process without a word."""
    if platform.machine().lower() not in {"x86_64", "amd64"} or not cpuinfo.is_file():
        return
    flags = next((line for line in cpuinfo.read_text().splitlines() if line.startswith("flags")), "")
    if "avx2" not in flags.split():
        raise ModelUnavailable(f"The local model needs a processor with AVX2 and this one has none. {WAYS_OUT}")


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Engine:
    """One model file, loaded once. Threads may share it; they take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._server: Any = None
        self._loading = threading.Lock()
        self._turn = threading.Lock()
        self._closing = threading.Event()

    def start(self) -> Any:
        """Load the file unless it is loaded. ModelUnavailable when this machine cannot run it."""
        with self._loading:
            if self._closing.is_set():
                raise Cancelled("Stopped.")
            if self._server is None:
                check_processor()
                atexit.register(self._close)
                self._server = self._load()
            return self._server

    @property
    def address(self) -> str:
        """The loopback address the engine listens on; every request there needs the key that nobody has."""
        return str(self.start().listening_address)

    def chat(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        schema: Mapping[str, Any] | None = None,
        max_tokens: int,
        on_token: OnToken = unheard,
        cancelled: Cancel = never,
    ) -> Answer:
        """Answer the messages, in JSON that follows `schema` when there is one.

        Cancelled when `cancelled()` turns true, also while waiting for the turn or reading the prompt; ReplyRejected
        when the prompt is longer than the model can read. Exceptions from `on_token` stop the engine and come back.
        """
        reading = _Reading(on_token, lambda: self._closing.is_set() or cancelled())
        if reading.cancelled():
            raise Cancelled("Stopped.")
        server = self.start()
        self._wait_for_turn(reading.cancelled)
        try:
            server.handle_chat_completions(_request(messages, schema, max_tokens), reading)
        finally:
            self._turn.release()
        if reading.error is not None:
            raise reading.error
        if reading.stopped:
            raise Cancelled("Stopped.")
        return Answer("".join(reading.pieces), reading.finish, reading.tokens)

    def _wait_for_turn(self, cancelled: Cancel) -> None:
        while not self._turn.acquire(timeout=0.05):
            if cancelled():
                raise Cancelled("Stopped.")

    def _close(self) -> None:
        """Let the load end, or a stopped call its batch: native code that comes back to a process that is shut down
        never ends."""
        self._closing.set()
        with self._loading, self._turn:
            self._server = None

    def _load(self) -> Any:
        os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read once, when the import loads the runtime of the threads
        try:
            from xllamacpp import CommonParams, Server
        except ImportError as error:
            package = "Install your system's package of libgomp (Debian: libgomp1). " if "libgomp" in str(error) else ""
            raise ModelUnavailable(f"The local model's engine does not load: {error}. {package}{WAYS_OUT}") from error
        params = CommonParams()
        params.model.path = str(self.path)
        params.n_ctx, params.n_parallel = CONTEXT_TOKENS, 1
        params.n_batch = params.n_ubatch = READ_BATCH
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = cores()
        # Some endpoints answer without the key (/health); under a prefix that nobody knows they are not found either.
        params.api_keys = [secrets.token_urlsafe(32)]
        params.api_prefix = f"/{secrets.token_urlsafe(32)}"
        params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = params.ui = False
        params.cache_prompt = True
        # The slot keeps the last prompt and that is enough for a prefix that only grows. Copies of older prompts would
        # keep text about people in memory for as long as the process lives.
        params.cache_ram_mib = 0
        params.verbosity = -1
        params.warmup = False
        try:
            return Server(params)
        except Exception as error:
            raise ModelUnavailable(f"The local model could not be loaded from {self.path}. {WAYS_OUT}") from error


def _request(
    messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any] | None, max_tokens: int
) -> dict[str, Any]:
    request: dict[str, Any] = {
        "messages": [dict(message) for message in messages],
        "max_tokens": max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,
        **SAMPLING,
    }
    if schema is not None:
        request["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema)}}
    return request


_engines: dict[Path, Engine] = {}
_engines_lock = threading.Lock()


def engine(path: Path) -> Engine:
    """The one engine of this process for the file at `path`."""
    with _engines_lock:
        return _engines.setdefault(path.resolve(), Engine(path))
