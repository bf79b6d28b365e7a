"""Rewrite and Review with a model that runs elsewhere: nothing is sent before the person has seen it and agreed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from fourthright import llm
from fourthright.config import Settings
from fourthright.engine import Engine
from fourthright.ui import state
from openai_server import OpenAIServer, Request, fail, say

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:litellm")

ROOT = Path(__file__).resolve().parents[1]
REWORDED = "What makes the handover hard for you?"
QUESTION = "Why are you always so careless with the handover?"
CALLS = 5
"""More than one phrase or question needs."""
OPEN = "What gets in your way?"
PHRASE, JOB = "more customer focus", "waiter with hotel guests"


@dataclass(frozen=True)
class Form:
    """One of the two pages: its file, what is typed on it, its buttons, and what the model answers."""

    page: str
    typed: dict[str, str]
    other: dict[str, str]
    """What is typed the second time; it needs a call as well."""
    press: str
    back: str
    reply: str
    outcome: str
    """What is on the screen or in its downloads only where the model's answer was used."""


REWRITE = Form(
    page="rewrite",
    typed={"rewrite_text": PHRASE, "rewrite_job": JOB},
    other={"rewrite_text": PHRASE, "rewrite_job": JOB.replace("waiter", "porter")},
    press="Rewrite",
    back="Back to my list",
    reply='{"customers": "none"}',
    outcome="Stays turned to customers",
)
REVIEW = Form(
    page="review",
    typed={"review_text": QUESTION},
    other={"review_text": QUESTION.replace("handover", "report")},
    press="Review the questions",
    back="Back to my questions",
    reply=f'{{"question": "{REWORDED}"}}',
    outcome=REWORDED,
)
both = pytest.mark.parametrize("form", [REWRITE, REVIEW], ids=["rewrite", "review"])


@pytest.fixture
def server(engine: Engine, monkeypatch: pytest.MonkeyPatch, fresh_app: None) -> Iterator[OpenAIServer]:
    """A provider on this machine, which the settings name and allow."""

    def either(settings: Settings, *, with_model: bool) -> Engine:
        return replace(engine, model=llm.connect(settings)) if with_model else engine

    with OpenAIServer() as made:
        monkeypatch.setenv("FOURTHRIGHT_MODEL", "openai/some-model")
        monkeypatch.setenv("FOURTHRIGHT_API_BASE", made.base)
        monkeypatch.setenv("FOURTHRIGHT_ALLOW_HOSTED", "1")
        monkeypatch.setenv("OPENAI_API_KEY", "a-key")
        monkeypatch.setattr("fourthright.bootstrap.engine", either)
        monkeypatch.setattr(state, "WARM_UP_AFTER_S", 3600.0)
        yield made
    assert made.unexpected == 0, "the model was called more often than the test says"


def opened(form: Form) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(f"src/fourthright/ui/pages/{form.page}.py").run()
    write(app, form.typed)
    if form is REVIEW:
        app.toggle(key="review_model").set_value(True)
    return app


def write(app: AppTest, fields: dict[str, str]) -> None:
    for key, value in fields.items():
        kind: Callable[..., Any] = app.text_input if key == "rewrite_job" else app.text_area
        kind(key=key).set_value(value)


def press(app: AppTest, label: str) -> AppTest:
    found = [b for b in app.button if b.label == label]
    assert found, f"no button {label!r} among {[b.label for b in app.button]}"
    found[0].click()
    app.run()
    for _ in range(1000):
        assert not app.exception
        if not any(b.label in ("Stop", "Stopping…") for b in app.button):
            return app
        time.sleep(0.01)
        app.run()
    raise AssertionError("it did not come to an end")


def text(app: AppTest) -> str:
    table = "".join(frame.value.to_string() for frame in app.dataframe)
    return table + "\n".join(str(part.value) for part in (*app.subheader, *app.markdown, *app.caption))


def sent(request: Request) -> str:
    return llm.outgoing([llm.Message(**message) for message in request.body["messages"]])


@both
def test_the_first_text_is_shown_word_for_word_and_sent_only_after_yes(form: Form, server: OpenAIServer) -> None:
    server.will(*[say(form.reply)] * CALLS)
    app = opened(form)
    assert "you see the exact text before anything is sent" in text(app)
    press(app, form.press)
    assert server.requests == []
    assert f"openai at `{server.base}`" in text(app)
    shown = app.code[0].value
    press(app, "Send it")
    assert sent(server.requests[0]) == shown
    assert form.outcome in text(app)


@both
def test_after_a_no_the_handbook_answers_alone(form: Form, server: OpenAIServer) -> None:
    app = press(opened(form), form.press)
    press(app, "Use the handbook alone")
    assert server.requests == []
    assert form.outcome not in text(app)
    assert app.get("download_button")


@both
def test_going_back_keeps_what_was_typed_and_asks_again_the_next_time(form: Form, server: OpenAIServer) -> None:
    app = press(opened(form), form.press)
    press(app, form.back)
    for key, value in form.typed.items():
        assert app.session_state[key] == value
    press(app, form.press)
    assert app.code
    assert server.requests == []


@both
def test_one_yes_holds_for_the_session_and_a_failure_keeps_the_handbook_one_click_away(
    form: Form, server: OpenAIServer
) -> None:
    server.will(*[say(form.reply)] * CALLS)
    app = press(press(opened(form), form.press), "Send it")
    assert not app.error
    server.script.clear()
    server.will(fail(401))
    before = len(server.requests)
    write(app, form.other)
    press(app, form.press)
    assert len(server.requests) == before + 1
    assert len(app.error) == 1
    press(app, "Use the handbook alone")
    assert not app.error
    assert app.get("download_button")


@both
def test_what_needs_no_call_is_not_asked_about(form: Form, server: OpenAIServer) -> None:
    app = opened(form)
    write(app, {"rewrite_text": "lazy", "rewrite_job": ""} if form is REWRITE else {"review_text": OPEN})
    press(app, form.press)
    assert not app.error
    assert server.requests == []
    assert app.get("download_button")


@both
def test_without_leave_the_model_is_not_offered(
    form: Form, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(form)
    monkeypatch.delenv("FOURTHRIGHT_ALLOW_HOSTED")
    app.run()
    assert not app.toggle
    assert "the handbook alone answers" in text(app)
    press(app, form.press)
    assert server.requests == []
    assert app.get("download_button")
