"""The embedded model as LiteLLM's provider, with a scripted llama.cpp; the real one is in tests/live."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from fakes import ScriptedLlama
from fourthright import embedded, weights
from fourthright.config import DEFAULT_MODEL, Settings
from fourthright.domain import Tokens
from fourthright.embedded import Engine
from fourthright.errors import Cancelled, FourthrightError, ModelUnavailable, ReplyCut, ReplyRejected
from fourthright.llm import Message, connect
from fourthright.llm.vendor import EmbeddedProvider, litellm

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:litellm")

SECRET = "Sam was late on 14 March"
ASKED = [Message(role="system", content="You help."), Message(role="user", content=SECRET)]


class Answered(BaseModel):
    question: str = Field(pattern=r"^(What|How) .*\?$")


@pytest.fixture
def llama(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ScriptedLlama:
    made, engine = ScriptedLlama(), Engine(tmp_path / "model.gguf")
    monkeypatch.setitem(sys.modules, "xllamacpp", made.module())
    monkeypatch.setattr(weights, "locate", lambda _: engine.path)
    monkeypatch.setattr(embedded, "engine", lambda _: engine)
    return made


def test_the_embedded_model_answers_through_litellm(llama: ScriptedLlama) -> None:
    llama.replies = deque([['{"question"', ': "What now?"}']])
    reply = connect(Settings()).ask(ASKED, schema=Answered, max_tokens=50)
    assert reply.text == '{"question": "What now?"}'
    assert reply.tokens == Tokens(fresh=3, cached=9, written=2)
    (request,) = llama.requests
    assert request["messages"] == [message.model_dump() for message in ASKED]
    assert request["max_tokens"] == 50
    schema = request["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["question"]["pattern"] == r"^(What|How) .*\?$"


def test_the_embedded_model_is_cut_once_and_then_cut_for_good(llama: ScriptedLlama) -> None:
    llama.replies, llama.finish = deque([["{"], ["{"]]), "length"
    with pytest.raises(ReplyCut):
        connect(Settings()).ask(ASKED, schema=Answered, max_tokens=50)
    assert [request["max_tokens"] for request in llama.requests] == [50, 100]


def test_stopping_the_embedded_model_frees_it_for_the_next_call(llama: ScriptedLlama) -> None:
    llama.replies = deque([["x"] * 500, ["{}"]])
    llama.before_piece = lambda _: time.sleep(0.02)
    model, started = connect(Settings()), time.monotonic()
    with pytest.raises(Cancelled):
        model.ask(ASKED, schema=Answered, max_tokens=9, cancelled=lambda: time.monotonic() > started + 0.3)
    assert time.monotonic() - started < 2
    assert model.ask(ASKED, schema=Answered, max_tokens=9).text == "{}"
    assert llama.stopped == 1


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        ({"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 9765}, ReplyRejected),
        ({"code": 500, "type": "server_error", "message": SECRET}, ModelUnavailable),
    ],
)
def test_a_refusal_of_the_engine_arrives_as_it_is(
    llama: ScriptedLlama, refusal: dict[str, Any], expected: type[FourthrightError]
) -> None:
    llama.replies = deque([refusal])
    with pytest.raises(expected) as caught:
        connect(Settings()).ask(ASKED, schema=Answered, max_tokens=50)
    assert SECRET not in str(caught.value)


def test_warming_reads_the_prefix_once(llama: ScriptedLlama) -> None:
    llama.replies = deque([["x"]])
    connect(Settings()).warm(ASKED[:1])
    (request,) = llama.requests
    assert request["messages"] == [ASKED[0].model_dump()]
    assert request["max_tokens"] == 1


def test_litellm_knows_the_embedded_model() -> None:
    assert litellm().supports_response_schema(model=DEFAULT_MODEL)
    assert litellm().completion_cost(model=DEFAULT_MODEL, prompt="a", completion="b") == 0


def call(**changes: Any) -> dict[str, Any]:
    messages = [message.model_dump() for message in ASKED]
    return {"model": DEFAULT_MODEL, "messages": messages, "max_tokens": 9, "response_format": Answered, **changes}


def test_litellm_completion_and_streaming(llama: ScriptedLlama) -> None:
    llama.replies = deque([["What ", "now?"], ["What ", "now?"]])
    whole = litellm().completion(**call())
    assert whole.choices[0].message.content == "What now?"
    assert (whole.usage.prompt_tokens, whole.usage.completion_tokens) == (12, 2)
    assert whole.usage.prompt_tokens_details.cached_tokens == 9
    pieces = [chunk.choices[0].delta.content for chunk in litellm().completion(**call(stream=True))]
    assert [piece for piece in pieces if piece] == ["What ", "now?"]


def test_litellm_async_completion_and_streaming(llama: ScriptedLlama) -> None:
    llama.replies = deque([["What ", "now?"], ["What ", "now?"]])

    async def both() -> tuple[str, list[str]]:
        whole = await litellm().acompletion(**call())
        stream = await litellm().acompletion(**call(stream=True))
        pieces = [chunk.choices[0].delta.content async for chunk in stream]
        return whole.choices[0].message.content, [piece for piece in pieces if piece]

    assert asyncio.run(both()) == ("What now?", ["What ", "now?"])


def test_closing_a_stream_stops_the_engine(llama: ScriptedLlama) -> None:
    llama.replies = deque([["x"] * 500, ["clean"]])
    llama.before_piece = lambda _: time.sleep(0.01)
    kwargs = {"messages": [{"role": "user", "content": "Hello"}], "optional_params": {}, "model": "x"}
    stream = EmbeddedProvider().streaming(**kwargs)
    next(stream)
    stream.close()
    assert "".join(chunk["text"] for chunk in EmbeddedProvider().streaming(**kwargs)) == "clean"
    assert llama.stopped == 1


def test_the_process_ends_while_a_thread_that_was_cut_off_holds_the_lock_on_imports() -> None:
    code = """
import _imp, threading, time
from fourthright.llm.vendor import litellm
litellm()
held = threading.Event()
def hold():
    _imp.acquire_lock()
    held.set()
    time.sleep(1000)
threading.Thread(target=hold, daemon=True).start()
held.wait()
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 0
