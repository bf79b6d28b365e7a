"""The blanks of a card: filled with noun phrases of the text, verbatim, or not at all."""

from __future__ import annotations

import pytest

from fakes import ScriptedModel
from fourthright.embedding import MiniLM
from fourthright.llm import never
from fourthright.prompts import Prompts
from fourthright.slots import MOST_WORDS, NONE, OFFERED, Choice, by_meaning, by_model, candidates, choices, determined
from fourthright.talk import Talk
from scanning import CARD, SEEN

TEXTS = [
    "On Monday 34 of 40 small parcels were not scanned at close",
    "she quickly left, the scan log was empty and a customer voucher was inside",
]


def talk(prompts: Prompts, *replies: str | dict[str, object]) -> tuple[Talk, ScriptedModel]:
    model = ScriptedModel(*replies)
    return Talk(model, prompts, SEEN, never), model


def test_candidates_are_verbatim_and_short() -> None:
    found = candidates(TEXTS)
    assert {"parcels", "log", "voucher"} <= set(found)
    for head, phrase in found.items():
        assert any(phrase in text for text in TEXTS)
        assert phrase.lower().endswith(head)
        assert len(phrase.split()) <= MOST_WORDS


@pytest.mark.parametrize("text", ["", "He was late on Monday.", "34 of 40", "she did, then they did it again", "😀 !!"])
def test_days_numbers_and_small_words_are_no_candidates(text: str) -> None:
    assert not {"monday", "he", "she", "it", "then", "again", "34", "of"} & set(candidates([text]))


def test_what_is_offered_is_the_closest_first(embedder: MiniLM) -> None:
    (choice,) = choices(CARD, TEXTS, embedder)
    assert choice.slot == "item"
    assert len(choice.phrases) == len(choice.scores) <= OFFERED
    assert list(choice.scores) == sorted(choice.scores, reverse=True)
    assert set(choice.phrases) <= set(candidates(TEXTS).values())


def test_without_blanks_or_words_nothing_is_offered(embedder: MiniLM) -> None:
    assert choices(CARD, ["34 of 40"], embedder) == ()
    assert choices(CARD.model_copy(update={"slots": {}}), TEXTS, embedder) == ()


def test_what_is_close_fills_and_what_is_not_leaves_the_default() -> None:
    near = Choice(slot="item", phrases=("small parcels", "log"), scores=(0.9, 0.5))
    far = Choice(slot="tool", phrases=("voucher",), scores=(0.1,))
    assert by_meaning([near, far]) == {"item": "small parcels"}


def test_one_phrase_fills_one_blank() -> None:
    both = [Choice(slot=slot, phrases=("small parcels",), scores=(0.9,)) for slot in ("item", "tool")]
    assert by_meaning(both) == {"item": "small parcels"}


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("contact note", "the contact note"),
        ("small parcels", "small parcels"),
        ("bus", "the bus"),
        ("process", "the process"),
        ("Salesforce", "Salesforce"),
    ],
)
def test_a_single_thing_gets_an_article(phrase: str, said: str) -> None:
    assert determined(phrase) == said


OFFER = (Choice(slot="item", phrases=("small parcels", "scan log"), scores=(0.4, 0.3)),)


def test_the_model_picks_among_what_is_offered(prompt_set: Prompts) -> None:
    conversation, model = talk(prompt_set, {"item": "scan log"})
    assert by_model(CARD, SEEN, OFFER, conversation) == {"item": "the scan log"}
    (asked,) = model.history
    task = asked.messages[-1].content
    assert SEEN in task
    assert all(phrase in task for phrase in (*OFFER[0].phrases, NONE, CARD.slots["item"].ask))
    assert asked.schema.model_json_schema()["properties"]["item"]["enum"] == ["small parcels", "scan log", NONE]


def test_none_leaves_the_default(prompt_set: Prompts) -> None:
    conversation, _ = talk(prompt_set, {"item": NONE})
    assert by_model(CARD, SEEN, OFFER, conversation) == {}


@pytest.mark.parametrize("reply", ["nonsense", '{"item": "gold"}', '{"item": "scan log", "more": 1}', "{}"])
def test_an_answer_that_was_not_offered_is_no_answer(prompt_set: Prompts, reply: str) -> None:
    conversation, _ = talk(prompt_set, reply)
    assert by_model(CARD, SEEN, OFFER, conversation) is None
