"""The real model, where its file is on this machine: schema, stream, stop, prefix, and a port that answers nobody."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from pydantic import BaseModel, Field

from fourthright import embedded, weights
from fourthright.config import settings
from fourthright.embedded import Engine
from fourthright.errors import Cancelled, ReplyRejected, WeightsMissing
from fourthright.llm import ChatModel, Message, connect, decode
from fourthright.llm.vendor import litellm

try:
    weights.locate(settings())
except WeightsMissing as missing:
    pytest.skip(str(missing), allow_module_level=True)

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore::DeprecationWarning:litellm")]

SYSTEM = Message(role="system", content="You help managers ask their people open questions. Answer in JSON. " * 12)
NOTE = Message(role="user", content="Sam's weekly report came late in 3 of the last 5 weeks. One question, please.")
LONG = Message(role="user", content="Tell a very long story about a lighthouse.")


class Asked(BaseModel):
    question: str = Field(pattern=r"^(What|How) [A-Za-z ,']{5,60}\?$")


class Story(BaseModel):
    story: str


@pytest.fixture(scope="module")
def model() -> ChatModel:
    made = connect(settings())
    made.warm([SYSTEM])
    return made


@pytest.fixture(scope="module")
def engine(model: ChatModel) -> Engine:
    return embedded.engine(weights.locate(settings()))


def test_it_answers_a_schema_and_a_warmed_prefix_is_not_read_again(model: ChatModel) -> None:
    reply = model.ask([SYSTEM, NOTE], schema=Asked, max_tokens=80)
    assert Asked.model_validate(decode(reply.text))
    assert reply.tokens.cached >= 100
    assert 0 < reply.tokens.fresh < 60
    assert 0 < reply.tokens.written <= 80


def test_the_second_call_on_a_prefix_reads_only_what_is_new(model: ChatModel) -> None:
    first = model.ask([SYSTEM, NOTE], schema=Asked, max_tokens=80).tokens
    other = Message(role="user", content="And one about the wrong totals.")
    second = model.ask([SYSTEM, NOTE, other], schema=Asked, max_tokens=80).tokens
    assert second.cached >= first.fresh + first.cached - 10
    assert second.fresh < 40


def test_pieces_arrive_one_by_one(engine: Engine) -> None:
    times: list[float] = []
    answer = engine.chat([LONG.model_dump()], max_tokens=20, on_token=lambda _: times.append(time.monotonic()))
    assert answer.finish == "length"
    assert len(times) >= 15
    assert times[-1] > times[0]


def test_stop_in_the_middle_and_the_next_call_is_clean(model: ChatModel, engine: Engine) -> None:
    stop = threading.Event()
    with pytest.raises(Cancelled):
        engine.chat([LONG.model_dump()], max_tokens=2000, on_token=lambda _: stop.set(), cancelled=stop.is_set)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        model.ask([SYSTEM, LONG], schema=Story, max_tokens=2000, cancelled=lambda: time.monotonic() > began + 1)
    assert time.monotonic() - began < 2
    text = model.ask([SYSTEM, NOTE], schema=Asked, max_tokens=80).text
    assert Asked.model_validate_json(text)


def test_stop_works_while_the_prompt_is_read(model: ChatModel) -> None:
    unread = Message(role="user", content=" ".join(f"{number} bottles," for number in range(900)))
    began = time.monotonic()
    with pytest.raises(Cancelled):
        model.ask([unread], schema=Asked, max_tokens=80, cancelled=lambda: time.monotonic() > began + 0.5)
    assert time.monotonic() - began < 1.5
    began = time.monotonic()
    model.ask([NOTE], schema=Asked, max_tokens=80)
    assert time.monotonic() - began < 45, "the engine went on reading what nobody waits for"


def test_a_prompt_that_is_too_long_is_refused_at_once(model: ChatModel) -> None:
    with pytest.raises(ReplyRejected, match="8192"):
        model.ask([Message(role="user", content="late " * 9000)], schema=Asked, max_tokens=80)


def status(url: str, body: dict[str, Any] | None = None, key: str | None = None) -> int:
    headers = {"Content-Type": "application/json", "Origin": "http://elsewhere.example"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, data, headers), timeout=10) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_port_answers_nobody_who_lacks_the_key(engine: Engine) -> None:
    assert engine.address.startswith("http://127.0.0.1:")
    prompt = {"messages": [{"role": "user", "content": "What was said before?"}], "prompt": "x", "content": "x"}
    read = [
        "/",
        "/health",
        "/v1/health",
        "/tools",
        "/cors-proxy",
        "/index.html",
        "/slots",
        "/props",
        "/metrics",
        "/models",
        "/v1/models",
        "/api/tags",
        "/lora-adapters",
    ]
    write = [
        "/completion",
        "/completions",
        "/v1/completions",
        "/chat/completions",
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/messages",
        "/api/chat",
        "/api/show",
        "/infill",
        "/embedding",
        "/embeddings",
        "/v1/embeddings",
        "/rerank",
        "/v1/rerank",
        "/tokenize",
        "/detokenize",
        "/apply-template",
        "/props",
        "/slots/0?action=erase",
        "/lora-adapters",
    ]
    for key in (None, "", "sk-guess"):
        answers = {path: status(engine.address + path, key=key) for path in read}
        answers |= {f"POST {path}": status(engine.address + path, prompt, key) for path in write}
        open_doors = {path: code for path, code in answers.items() if code not in (401, 404)}
        assert open_doors == {}, f"key {key!r}"


def call(**changes: Any) -> dict[str, Any]:
    messages = [SYSTEM.model_dump(), NOTE.model_dump()]
    return {
        "model": settings().model,
        "messages": messages,
        "max_tokens": 80,
        "response_format": Asked,
        **changes,
    }


def test_litellm_reaches_it_whole_and_streamed() -> None:
    whole = litellm().completion(**call())
    assert Asked.model_validate_json(whole.choices[0].message.content)
    assert whole.usage.prompt_tokens > whole.usage.prompt_tokens_details.cached_tokens > 0
    pieces = [chunk.choices[0].delta.content or "" for chunk in litellm().completion(**call(stream=True))]
    assert Asked.model_validate_json("".join(pieces))
    assert len(pieces) > 5


def test_litellm_reaches_it_from_async_code() -> None:
    async def both() -> tuple[str, str, int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.05)
                ticks += 1

        ticking = asyncio.create_task(tick())
        whole = await litellm().acompletion(**call())
        stream = await litellm().acompletion(**call(stream=True))
        streamed = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
        ticking.cancel()
        return whole.choices[0].message.content, streamed, ticks

    whole, streamed, ticks = asyncio.run(both())
    assert Asked.model_validate_json(whole)
    assert Asked.model_validate_json(streamed)
    assert ticks > 5, "the event loop stood still"


INTERRUPTED = """
import signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits an ignored one
from fourthright import embedded, weights
from fourthright.config import settings
from fourthright.llm import Message, connect
from pydantic import BaseModel
class A(BaseModel):
    a: str
engine = embedded.engine(weights.locate(settings()))
def tell(moment):
    while not getattr(engine, moment).locked() or moment == "_turn" and not engine._server:
        time.sleep(0.01)
    time.sleep(0.3)
    print(moment, flush=True)
threading.Thread(target=tell, args=(sys.argv[1],), daemon=True).start()
text = " ".join(f"{n} bottles," for n in range(900))
connect(settings()).ask([Message(role="user", content=text)], schema=A, max_tokens=50)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("moment", ["_loading", "_turn"])
def test_an_interrupt_ends_the_process_cleanly(moment: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED, moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline().decode().strip() == moment
            child.send_signal(signal.SIGINT)
            _, err = child.communicate(timeout=120)
        finally:
            child.kill()
    assert child.returncode in (1, -signal.SIGINT), err.decode()
    assert err.decode().strip().endswith("KeyboardInterrupt")
