"""Asking a model through LiteLLM: a hosted one over real HTTP to a local server, the embedded one by a script."""

from __future__ import annotations

import inspect
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from fourthright.config import DEFAULT_MODEL, Settings
from fourthright.domain import Tokens
from fourthright.errors import (
    Cancelled,
    ConfigurationError,
    FourthrightError,
    HostedNotAllowed,
    ModelBusy,
    ModelUnavailable,
    ReplyCut,
    ReplyFiltered,
    ReplyRejected,
    WeightsMissing,
)
from fourthright.llm import ChatModel, Message, connect, decode, outgoing, provider
from fourthright.llm import models as transport
from fourthright.llm.faults import FAULTS, fault, retry_after
from fourthright.llm.vendor import litellm
from openai_server import Answer, OpenAIServer, cut, fail, filtered, reset, say, silence

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:litellm")

SECRET = "Sam was late on 14 March"
ASKED = [Message(role="system", content="You help."), Message(role="user", content=SECRET)]


class Answered(BaseModel):
    question: str = Field(pattern=r"^(What|How) .*\?$")


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as made:
        yield made
    assert made.unexpected == 0, "the model was called more often than the test says"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, not waited for."""
    kept: list[float] = []
    monkeypatch.setattr(transport, "pause", lambda seconds, _: kept.append(seconds))
    return kept


@pytest.fixture
def hosted(server: OpenAIServer, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> ChatModel:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    return connect(at(server))


def at(server: OpenAIServer, **changes: Any) -> Settings:
    return Settings(model="openai/some-model", api_base=server.base, allow_hosted=True, **changes)


def ask(model: ChatModel, **changes: Any) -> str:
    return model.ask(ASKED, schema=Answered, max_tokens=50, **changes).text


# Hosted: replies


def test_a_reply_comes_streamed_with_schema_budget_and_tokens(server: OpenAIServer, hosted: ChatModel) -> None:
    server.will(say('{"question": "What now?"}', cached=40))
    reply = hosted.ask(ASKED, schema=Answered, max_tokens=50)
    assert reply.text == '{"question": "What now?"}'
    assert reply.tokens == Tokens(fresh=60, cached=40, written=7)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == "Bearer a-key"
    assert request.body["messages"] == [message.model_dump() for message in ASKED]
    assert (request.body["stream"], request.body["max_tokens"]) == (True, 50)
    assert request.schema is not None
    assert request.schema["properties"]["question"]["pattern"] == r"^(What|How) .*\?$"


def test_a_server_that_does_not_stream_is_asked_plainly(server: OpenAIServer, hosted: ChatModel) -> None:
    server.will(say("ignored", always_plain=True), say('{"question": "How?"}'))
    assert ask(hosted) == '{"question": "How?"}'
    assert [request.body.get("stream") for request in server.requests] == [True, None]


@pytest.mark.parametrize("text", ['{"question": "What', '```json\n{"question": "What now?"}\n```'])
def test_broken_or_fenced_json_is_the_callers_business(server: OpenAIServer, hosted: ChatModel, text: str) -> None:
    server.will(say(text))
    assert ask(hosted) == text


@pytest.mark.parametrize("answer", [filtered(), say(None, refusal="I cannot"), say("")])
def test_a_reply_without_content_is_filtered_and_not_asked_for_again(
    server: OpenAIServer, hosted: ChatModel, answer: Answer
) -> None:
    server.will(answer)
    with pytest.raises(ReplyFiltered):
        ask(hosted)


def test_a_cut_reply_gets_twice_the_budget_once(server: OpenAIServer, hosted: ChatModel) -> None:
    server.will(cut('{"ques'), say('{"question": "What?"}'))
    reply = hosted.ask(ASKED, schema=Answered, max_tokens=50)
    assert reply.text == '{"question": "What?"}'
    assert [request.body["max_tokens"] for request in server.requests] == [50, 100]
    assert reply.tokens.written == 14
    server.will(cut('{"ques'), cut('{"question'))
    with pytest.raises(ReplyCut, match="100 tokens"):
        ask(hosted)


# Hosted: what may heal


@pytest.mark.parametrize("answer", [fail(429), fail(500), fail(502), fail(503), fail(408), reset("What now?" * 9)])
def test_what_may_heal_is_tried_again(
    server: OpenAIServer, hosted: ChatModel, waits: list[float], answer: Answer
) -> None:
    server.will(answer, answer, say("{}"))
    assert ask(hosted) == "{}"
    assert len(waits) == 2
    assert all(0 <= wait <= transport.LONGEST_WAIT_S for wait in waits)


@pytest.mark.parametrize("answer", [fail(429), fail(500), reset("What now?" * 9)])
def test_after_four_attempts_the_model_is_busy(server: OpenAIServer, hosted: ChatModel, answer: Answer) -> None:
    server.will(*[answer] * 4)
    with pytest.raises(ModelBusy, match="--no-model"):
        ask(hosted)


def test_retry_after_is_honoured(server: OpenAIServer, hosted: ChatModel, waits: list[float]) -> None:
    server.will(fail(429, headers={"Retry-After": "17"}), say("{}"))
    ask(hosted)
    assert waits == [17.0]


def test_retry_after_may_be_a_date() -> None:
    error = Exception()
    assert retry_after(error) is None
    error.litellm_response_headers = {"retry-after": formatdate(time.time() + 30, usegmt=True)}  # type: ignore[attr-defined]
    assert retry_after(error) == pytest.approx(30, abs=2)
    error.litellm_response_headers = {"retry-after": "soon"}  # type: ignore[attr-defined]
    assert retry_after(error) is None


def test_a_wait_beyond_the_deadline_is_not_begun(server: OpenAIServer, hosted: ChatModel, waits: list[float]) -> None:
    server.will(fail(429, headers={"Retry-After": "3600"}))
    with pytest.raises(ModelBusy):
        ask(hosted)
    assert waits == []


def test_silence_is_given_up_and_tried_again(
    server: OpenAIServer, hosted: ChatModel, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "SILENCE_S", 0.3)
    server.will(silence(5), say("{}"))
    assert ask(hosted) == "{}"
    assert len(waits) == 1


def test_a_call_ends_at_its_deadline(server: OpenAIServer, hosted: ChatModel) -> None:
    server.will(say("{" + "x" * 400, gap_s=0.1))
    model = connect(at(server, timeout_s=0.5))
    started = time.monotonic()
    with pytest.raises(ModelBusy, match="too long"):
        ask(model)
    assert time.monotonic() - started < 2


def test_a_server_that_is_not_there_is_busy_with_the_ways_out(hosted: ChatModel, server: OpenAIServer) -> None:
    nowhere = connect(at(server).model_copy(update={"api_base": "http://127.0.0.1:9/v1"}))
    with pytest.raises(ModelBusy, match="--no-model"):
        ask(nowhere)


# Hosted: what never heals


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (fail(400), ModelUnavailable),
        (fail(401), ModelUnavailable),
        (fail(402), ModelUnavailable),
        (fail(403), ModelUnavailable),
        (fail(404), ModelUnavailable),
        (fail(413), ReplyRejected),
        (fail(429, code="insufficient_quota"), ModelUnavailable),
        (fail(400, code="context_length_exceeded"), ReplyRejected),
        (fail(400, message="This model's maximum context length is 8192 tokens"), ReplyRejected),
        (fail(400, code="content_policy_violation"), ReplyFiltered),
        (fail(400, code="content_filter"), ReplyFiltered),
    ],
)
def test_what_cannot_heal_is_asked_once_and_quotes_nobody(
    server: OpenAIServer, hosted: ChatModel, answer: Answer, expected: type[FourthrightError]
) -> None:
    server.will(answer)
    with pytest.raises(expected) as caught:
        ask(hosted)
    assert type(caught.value) is expected
    assert len(server.requests) == 1
    assert "\n" not in str(caught.value)
    # LiteLLM's own exceptions carry the prompt: none may hang on ours, where a log would follow the chain.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_no_log_line_carries_the_text(
    server: OpenAIServer, hosted: ChatModel, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    server.will(say("{}"), fail(500), fail(400))
    ask(hosted)
    with pytest.raises(ModelUnavailable):
        ask(hosted)
    out, err = capfd.readouterr()
    assert not [line for line in (*caplog.messages, out, err) if SECRET in line]


def test_every_exception_of_litellm_has_its_meaning_here() -> None:
    litellm()
    import litellm.exceptions as vendor

    theirs = {
        name
        for name, kind in inspect.getmembers(vendor, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == vendor.__name__
    }
    assert theirs
    assert theirs - set(FAULTS) == set()
    assert set(FAULTS) - theirs == set()


def test_a_new_subclass_means_what_its_ancestor_means() -> None:
    litellm()
    import litellm.exceptions as vendor

    class Newer(vendor.ContextWindowExceededError):
        def __init__(self) -> None:
            Exception.__init__(self)

    assert fault(Newer()) == "too long"
    assert fault(ValueError()) is None


def test_warming_a_hosted_model_sends_nothing(server: OpenAIServer, hosted: ChatModel) -> None:
    hosted.warm(ASKED)
    assert server.requests == []


# Stop


def test_stop_in_the_middle_of_a_stream_hangs_up(server: OpenAIServer, hosted: ChatModel) -> None:
    server.will(say("x" * 4000, gap_s=0.02))
    started = time.monotonic()
    with pytest.raises(Cancelled):
        ask(hosted, cancelled=lambda: time.monotonic() > started + 0.3)
    assert time.monotonic() - started < 1
    assert server.hung_up.wait(5)


def test_stop_works_before_the_first_byte(server: OpenAIServer, hosted: ChatModel) -> None:
    server.will(silence(5))
    started = time.monotonic()
    with pytest.raises(Cancelled):
        ask(hosted, cancelled=lambda: time.monotonic() > started + 0.2)
    assert time.monotonic() - started < 1


def test_stop_works_between_two_attempts(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    server.will(fail(429, headers={"Retry-After": "30"}))
    started = time.monotonic()
    with pytest.raises(Cancelled):
        ask(connect(at(server)), cancelled=lambda: time.monotonic() > started + 0.5)
    assert time.monotonic() - started < 2


# Connecting


def test_a_hosted_model_needs_consent_and_nothing_is_sent(server: OpenAIServer) -> None:
    with pytest.raises(HostedNotAllowed, match="FOURTHRIGHT_ALLOW_HOSTED=1") as caught:
        connect(at(server).model_copy(update={"allow_hosted": False}))
    assert caught.value.exit_code == 4
    assert server.requests == []


def test_a_missing_key_is_named_before_anything_is_sent(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelUnavailable, match="OPENAI_API_KEY"):
        connect(at(server))
    assert server.requests == []


@pytest.mark.parametrize("name", ["nonsense", "nobody/knows-this", "embedded/another"])
def test_a_name_nobody_knows_is_one_line(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name) as caught:
        connect(Settings(model=name, allow_hosted=True))
    assert "\n" not in str(caught.value)


def test_without_weights_connecting_says_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing):
        connect(Settings(model_path=None, cache_dir=tmp_path))


def test_the_person_is_shown_who_gets_what(server: OpenAIServer) -> None:
    assert provider(Settings(model=DEFAULT_MODEL)) is None
    assert provider(Settings(model="anthropic/claude-sonnet-4-5")) == "anthropic"
    assert provider(at(server)) == f"openai at {server.base}"
    shown = outgoing(ASKED)
    assert shown == f"[system]\nYou help.\n\n[user]\n{SECRET}"


def test_an_address_from_the_environment_is_shown_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    assert provider(Settings(model="openai/some-model")) == "openai at http://127.0.0.1:9/elsewhere"


def test_importing_the_package_imports_no_vendor() -> None:
    code = "import sys, fourthright.llm; sys.exit(any(n in sys.modules for n in ('litellm', 'tenacity', 'xllamacpp')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Decoding


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('```json\n{"a": {"b": [1]}}\n```', {"a": {"b": [1]}}),
        ('Here is {what} you want: {"a": "}"} Good luck {}', {"a": "}"}),
        ('{"a": 1', None),
        ("[1, 2]", None),
        ("", None),
        ("{" * 5000, None),
        ('{"a":' * 5000, None),
    ],
)
def test_decode_takes_the_first_object(text: str, value: dict[str, object] | None) -> None:
    assert decode(text) == value
