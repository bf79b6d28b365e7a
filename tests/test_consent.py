"""What is shown before a hosted model gets anything is what it would get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from pydantic import BaseModel

import sample
from fourthright import bootstrap, config, consent, llm
from fourthright.domain import Situation
from fourthright.engine import Engine
from fourthright.errors import ModelBusy
from fourthright.prepare import prepare


@pytest.fixture(scope="module")
def engine() -> Engine:
    return bootstrap.engine(config.settings(), with_model=False)


class Refusing:
    """A model that keeps what it was asked first and then cannot be reached."""

    name = "refusing"

    def __init__(self) -> None:
        self.asked: list[Sequence[llm.Message]] = []

    def ask(
        self,
        messages: Sequence[llm.Message],
        *,
        schema: type[BaseModel],
        max_tokens: int,
        cancelled: llm.Cancel = llm.never,
    ) -> llm.Reply:
        self.asked.append(messages)
        raise ModelBusy("away")

    def warm(self, messages: Sequence[llm.Message]) -> None:
        raise AssertionError("nobody asked to warm this model")


def test_what_is_shown_is_what_the_first_call_sends(engine: Engine) -> None:
    situation, model = sample.ready().situation, Refusing()
    with pytest.raises(ModelBusy):
        prepare(situation, replace(engine, model=model))
    shown = consent.first_call(situation, engine)
    assert shown == llm.outgoing(model.asked[0])


def test_private_matters_are_not_in_it(engine: Engine) -> None:
    shown = consent.first_call(sample.ready().situation, engine)
    assert shown is not None
    assert "34 of 40" in shown
    assert "hospital" not in shown


def test_a_text_that_is_held_back_is_sent_nowhere(engine: Engine) -> None:
    text = "He said he will bring a knife on Monday and make them pay. He was late 3 times this week."
    assert consent.first_call(Situation(text=text), engine) is None
