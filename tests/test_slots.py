"""The blanks of a card: filled with noun phrases of the text, verbatim, or not at all."""

from __future__ import annotations

import pytest

from fakes import ScriptedModel
from fourthright.embedding import MiniLM
from fourthright.engine import Engine
from fourthright.entries import Card, Slot
from fourthright.knowledge import load
from fourthright.llm import never
from fourthright.prompts import Prompts
from fourthright.slots import (
    MOST_WORDS,
    NONE,
    OFFERED,
    Choice,
    Nouns,
    asks_for,
    by_meaning,
    by_model,
    choices,
    determined,
)
from fourthright.talk import Talk
from scanning import CARD, SEEN

NOUNS = Nouns(load())
TEXTS = [
    "On Monday 34 of 40 small parcels were not scanned at close",
    "she quickly left, the scan log was empty and a customer voucher was inside",
]


def talk(prompts: Prompts, *replies: str | dict[str, object]) -> tuple[Talk, ScriptedModel]:
    model = ScriptedModel(*replies)
    return Talk(model, prompts, SEEN, never), model


def test_candidates_are_verbatim_and_short() -> None:
    found = NOUNS(TEXTS)
    assert {"parcels", "log", "voucher"} <= set(found)
    for head, phrase in found.items():
        assert any(phrase in text for text in TEXTS)
        assert phrase.lower().endswith(head)
        assert len(phrase.split()) <= MOST_WORDS


@pytest.mark.parametrize("text", ["", "He was late on Monday.", "34 of 40", "she did, then they did it again", "😀 !!"])
def test_days_numbers_and_small_words_are_no_candidates(text: str) -> None:
    assert not {"monday", "he", "she", "it", "then", "again", "34", "of"} & set(NOUNS([text]))


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("the temperature written in the log", {"temperature", "log"}),
        ("crew lists arrive at the office", {"lists", "office"}),
        ("her monthly report came in", {"report"}),
        ("he forgot to send the invoice", {"invoice"}),
        ("they fall over", set()),
    ],
)
def test_a_phrase_ends_in_its_noun(text: str, heads: set[str]) -> None:
    assert set(NOUNS([text])) == heads


def test_a_phrase_drops_what_went_wrong_and_the_capital_of_a_sentence() -> None:
    assert NOUNS(["the empty sheet"]) == {"sheet": "sheet"}
    assert NOUNS(["Crew lists came late"])["lists"] == "crew lists"
    assert NOUNS(["Salesforce was empty"])["salesforce"] == "Salesforce"


RECORD = Slot(default="the record", ask="the form, chart, log or sheet that was left blank")


def test_a_blank_asks_for_the_kinds_it_names() -> None:
    assert asks_for(["sheet"], RECORD)
    assert not asks_for(["sheets"], RECORD)
    assert not asks_for(["chain"], RECORD)
    assert asks_for(["files"], Slot(default="open work", ask="what is in hand: files, clients or animals"))


def card(behaviour: str, slot: Slot) -> Card:
    return CARD.model_copy(update={"slots": {"item": slot}, "behaviour": behaviour, "title": behaviour})


def offered(made: Card, text: str, embedder: MiniLM) -> tuple[str, ...]:
    return tuple(phrase for choice in choices(made, [text], embedder, NOUNS) for phrase in choice.phrases)


def test_a_kind_that_is_named_comes_first(embedder: MiniLM) -> None:
    (choice,) = choices(card("Fills in {item}", RECORD), ["the stock sheet has no entry"], embedder, NOUNS)
    assert (choice.phrases[0], choice.scores[0]) == ("stock sheet", 1.0)


def test_nobody_signs_a_signature(embedder: MiniLM) -> None:
    made = card("Signs {item} on the day", RECORD)
    assert offered(made, "the second signature was not on the register", embedder) == ("register",)


def test_a_blank_for_several_things_takes_no_single_one(embedder: MiniLM) -> None:
    made = card("Hands over {item}", Slot(default="open work", ask="what is in hand: files, clients, orders"))
    assert offered(made, "the checklist was missing and two letters too", embedder) == ("letters",)


def test_part_of_a_kind_is_not_the_kind(embedder: MiniLM) -> None:
    made = card("Opens {item}", Slot(default="the current template", ask="the template or price list to use"))
    assert offered(made, "the old price was on the menu", embedder) == ("menu",)


def test_what_is_offered_is_the_closest_first(embedder: MiniLM) -> None:
    (choice,) = choices(CARD, TEXTS, embedder, NOUNS)
    assert choice.slot == "item"
    assert len(choice.phrases) == len(choice.scores) <= OFFERED
    assert list(choice.scores) == sorted(choice.scores, reverse=True)
    assert set(choice.phrases) <= set(NOUNS(TEXTS).values())


def test_without_blanks_or_words_nothing_is_offered(embedder: MiniLM) -> None:
    assert choices(CARD, ["34 of 40"], embedder, NOUNS) == ()
    assert choices(CARD.model_copy(update={"slots": {}}), TEXTS, embedder, NOUNS) == ()


def test_the_closest_blank_takes_its_phrase_first() -> None:
    brief = Choice(slot="brief", phrases=("steps", "bug reports"), scores=(0.46, 0.38))
    details = Choice(slot="details", phrases=("steps",), scores=(1.0,))
    assert by_meaning([brief, details]) == {"details": "steps"}


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
        ("Buyer inspection", "the Buyer inspection"),
    ],
)
def test_a_single_thing_gets_an_article(phrase: str, said: str) -> None:
    assert determined(phrase) == said


OFFER = (Choice(slot="item", phrases=("small parcels", "scan log"), scores=(0.6, 0.5)),)


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


def test_people_are_not_put_where_a_thing_is_asked_for_nor_things_where_people_are(engine: Engine) -> None:
    called = engine.knowledge.card("user-asked-before-closing")
    offered = choices(called, ["closes chats without answering the last question"], engine.index.embedder, NOUNS)
    assert "user" not in by_meaning(offered)
    offered = choices(called, ["closes tickets before the tenant has answered"], engine.index.embedder, NOUNS)
    assert by_meaning(offered)["user"] == "the tenant"
    phone = engine.knowledge.card("phone-put-away")
    assert (
        "the client"
        not in by_meaning(
            choices(phone, ["on the phone while the client sat there"], engine.index.embedder, NOUNS)
        ).values()
    )


def test_what_is_far_is_not_offered_to_the_model(prompt_set: Prompts) -> None:
    far = (Choice(slot="item", phrases=("small parcels", "scan log"), scores=(0.6, 0.3)),)
    conversation, model = talk(prompt_set, {"item": "small parcels"})
    assert by_model(CARD, SEEN, far, conversation) == {"item": "small parcels"}
    assert "scan log" not in str(model.history[0].schema.model_json_schema())
    silent, unasked = talk(prompt_set)
    assert by_model(CARD, SEEN, (Choice(slot="item", phrases=("scan log",), scores=(0.3,)),), silent) == {}
    assert unasked.history == []
