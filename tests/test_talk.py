"""The conversation with the model: one beginning for all calls, tokens counted, broken answers said to be broken."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict

from fakes import ScriptedModel
from fourthright.domain import Tokens
from fourthright.errors import Cancelled
from fourthright.llm import Message, never
from fourthright.prompts import Prompts
from fourthright.talk import Talk, opening


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")

    word: str


SITUATION = "Noor left 34 of 40 parcels unscanned. $5 {x} are missing."


def test_the_opening_is_the_system_text_and_whole_examples(prompt_set: Prompts) -> None:
    first, *turns = opening(prompt_set)
    assert first == Message(role="system", content=prompt_set["system"].render())
    assert turns
    assert [turn.role for turn in turns] == ["user", "assistant"] * (len(turns) // 2)
    assert all(turn.content.strip() and not turn.content.startswith((">>>", "<<<")) for turn in turns)
    assert all(turn.content.startswith("{") and turn.content.endswith("}") for turn in turns[1::2])


def test_every_call_begins_with_the_same_messages(prompt_set: Prompts) -> None:
    model = ScriptedModel(*[{"word": "yes"}] * 3)
    talk = Talk(model, prompt_set, SITUATION, never)
    talk.ask("one", Said, max_tokens=5)
    talk.ask("two", Said, max_tokens=5)
    talk.ask("three", Said, max_tokens=5)
    calls = [asked.messages for asked in model.history]
    prefix = calls[0][:-1]
    assert all(call[: len(prefix)] == prefix for call in calls)
    assert prefix[: len(opening(prompt_set))] == opening(prompt_set)
    assert sum(SITUATION in message.content for message in prefix) == 1
    assert [call[-1] for call in calls] == [Message(role="user", content=task) for task in ("one", "two", "three")]
    assert {len(call) for call in calls} == {len(prefix) + 1}


def test_what_is_shown_is_what_is_sent(prompt_set: Prompts) -> None:
    model = ScriptedModel({"word": "yes"})
    talk = Talk(model, prompt_set, SITUATION, never)
    shown = talk.messages("one")
    talk.ask("one", Said, max_tokens=5)
    assert model.history[0].messages == shown


def test_tokens_add_up(prompt_set: Prompts) -> None:
    model = ScriptedModel({"word": "yes"}, "nonsense", tokens=Tokens(fresh=3, cached=2, written=1))
    talk = Talk(model, prompt_set, SITUATION, never)
    assert talk.tokens == Tokens()
    talk.ask("one", Said, max_tokens=5)
    talk.ask("two", Said, max_tokens=5)
    assert talk.tokens == Tokens(fresh=6, cached=4, written=2)


@pytest.mark.parametrize(
    ("reply", "fields"),
    [
        ("nonsense", {}),
        ("[1]", {}),
        ('{"word": 1}', {"word": 1}),
        ('```json\n{"word": "yes", "more": 2}\n```', {"word": "yes", "more": 2}),
    ],
)
def test_an_answer_that_breaks_the_schema_comes_as_what_could_be_read(
    prompt_set: Prompts, reply: str, fields: dict[str, object]
) -> None:
    assert Talk(ScriptedModel(reply), prompt_set, SITUATION, never).ask("one", Said, max_tokens=5) == (None, fields)


def test_stop_reaches_the_model(prompt_set: Prompts) -> None:
    model = ScriptedModel({"word": "yes"})
    with pytest.raises(Cancelled):
        Talk(model, prompt_set, SITUATION, lambda: True).ask("one", Said, max_tokens=5)
    assert model.history == []
