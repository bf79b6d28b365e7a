"""Which behaviours a vague phrase stands for."""

from __future__ import annotations

import itertools

import pytest

from fourthright.checks import ExpectationText, check_expectation
from fourthright.embedding import MiniLM
from fourthright.finding import GENERAL_CARD
from fourthright.knowledge import Knowledge
from fourthright.retrieval import Index
from fourthright.translating import ALIKE, MANY_KINDS, MOST, Pointed, Translator


@pytest.fixture(scope="module")
def translator(index: Index) -> Translator:
    return Translator(index)


@pytest.mark.parametrize(
    ("phrase", "job", "card"),
    [
        ("a positive attitude", None, "greeted-on-arrival"),
        ("A POSITIVE attitude!", None, "greeted-on-arrival"),
        ("more customer focus", None, "need-asked-first"),
        ("be more strategic", None, "proposals-linked-to-goals"),
        ("be more strategic 🚀", None, "proposals-linked-to-goals"),
        ("she needs to be more strategic", "head of logistics", "proposals-linked-to-goals"),
        ("micromanages", "restaurant manager", "staff-try-first"),
        ("bad with paperwork", "electrician", "record-at-the-time"),
        ("always on his phone", "security guard at a mall", "phone-put-away"),
        ("too quiet", "data analyst", "view-given-in-meeting"),
        ("unsafe", "roofer on a building site", "protective-gear-on"),
        ("late all the time", None, "shift-started-on-time"),
        ("not thorough", None, "checked-before-handing-over"),
        ("doesnt lisen", None, "agreement-said-back"),
        ("ignores safety rules", "forklift driver in a warehouse", "vehicle-driven-to-site-rules"),
        ("poor communication", "nurse on a ward", "handover-says-what-changed"),
        ("rude", "waiter in a hotel", "customers-faced-until-answered"),
    ],
)
def test_the_best_card_is_the_one_meant(translator: Translator, phrase: str, job: str | None, card: str) -> None:
    assert translator(phrase, job)[0].card.id == card


def test_the_job_tells_which_of_several_is_meant(translator: Translator) -> None:
    assert translator("sloppy work", "car mechanic") != translator("sloppy work", "bookkeeper")
    assert "repair-holds-first-time" in {m.card.id for m in translator("sloppy work", "car mechanic")}
    assert "repair-holds-first-time" not in {m.card.id for m in translator("sloppy work", "bookkeeper")}


def test_without_a_job_there_is_no_card_of_one_trade(translator: Translator, handbook: Knowledge) -> None:
    for meaning in handbook.meanings:
        found = translator(meaning.words[0], None)
        assert all(len(m.card.jobs) >= MANY_KINDS for m in found if m.card.id != meaning.cards[0])


def test_every_phrase_with_a_meaning_gets_a_card_of_it(translator: Translator, handbook: Knowledge) -> None:
    missed = [
        word
        for meaning in handbook.meanings
        for word in meaning.words
        if not {m.card.id for m in translator(word, None)} <= {*meaning.cards, GENERAL_CARD}
    ]
    assert missed == []


def test_a_phrase_without_a_card_gets_the_handbooks_translation(translator: Translator, handbook: Knowledge) -> None:
    found = translator("should be more flexible", "pharmacy assistant")
    assert [m.card.behaviour for m in found] == ["Names a day on which the request can be done"]
    assert found[0].card.id == GENERAL_CARD


@pytest.mark.parametrize("phrase", ["unprofessional", "must do better", "chatty", "step up"])
def test_a_phrase_that_says_too_little_gets_no_card(translator: Translator, phrase: str) -> None:
    assert translator(phrase, "receptionist at a dental practice") == ()


@pytest.mark.parametrize(
    "phrase",
    [
        "purple",
        "more blue sky thinking",
        "lacks polish",
        "get her act together",
        "eats at his desk",
        "plays favourites",
    ],
)
def test_nothing_is_found_where_nothing_is_near(translator: Translator, phrase: str) -> None:
    assert translator(phrase, None) == ()


def test_the_behaviours_for_one_phrase_differ(translator: Translator, handbook: Knowledge, embedder: MiniLM) -> None:
    too_little = {word for meaning in handbook.meanings if not meaning.cards for word in meaning.words}
    for words in (label.words[0] for label in handbook.labels):
        found = translator(words, None)
        assert any(word in words for word in too_little) or len(found) >= 1
        assert len(found) <= MOST
        vectors = embedder.embed([m.card.fill(m.card.behaviour) for m in found])
        assert all(float(one @ other) < ALIKE for one, other in itertools.combinations(vectors, 2))


def test_every_translation_of_the_handbook_passes_the_rules_as_a_card(
    translator: Translator, handbook: Knowledge
) -> None:
    for label in handbook.labels:
        card = translator._as_card(label)
        fields = ExpectationText(
            behaviour=card.behaviour, measure=card.measure, target=card.target, by_when=card.by_when
        )
        assert [f for f in check_expectation(fields, handbook) if f.severity == "error"] == [], label.becomes


def test_what_is_left_of_a_phrase_holds_no_label(translator: Translator) -> None:
    assert translator.left_over("always negative in meetings") == "always in meetings"
    assert translator.left_over("no sense of urgency") == "no sense of"


def test_two_clarity_questions_of_the_bank_help_to_find_out(handbook: Knowledge, embedder: MiniLM) -> None:
    asked = Pointed(handbook, embedder)("purple")
    assert len({q.text for q in asked}) == 2
    assert {(q.dimension, q.origin) for q in asked} == {("clarity", "bank")}
