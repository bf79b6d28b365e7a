"""Looking through the guidance: all of it, filtered, and what fits a manager's words."""

from __future__ import annotations

import pytest

from fourthright.browsing import MOST_FOUND, Guidance, Wanted
from fourthright.knowledge import Knowledge
from fourthright.retrieval import Index


@pytest.fixture(scope="module")
def guidance(handbook: Knowledge) -> Guidance:
    return Guidance(handbook)


def test_without_a_query_everything_is_listed_once(guidance: Guidance, handbook: Knowledge) -> None:
    everything = Wanted()
    for listed, entries in (
        (guidance.cards(everything, None), handbook.cards),
        (guidance.notes(everything, None), handbook.notes),
        (guidance.questions(everything), handbook.questions),
    ):
        assert sorted(result.id for result in listed) == sorted(entry.id for entry in entries)
        assert all(result.title and result.line and "{" not in result.title + result.line for result in listed)


def test_filters_narrow_the_list(guidance: Guidance, handbook: Knowledge) -> None:
    family = next(iter(handbook.families))
    of_family = {result.id for result in guidance.cards(Wanted(family=family), None)}
    assert of_family == set(handbook.families[family])
    of_kind = {result.id for result in guidance.cards(Wanted(kind="kitchen"), None)}
    assert of_kind == {card.id for card in handbook.cards if "kitchen" in card.jobs}
    both = {result.id for result in guidance.cards(Wanted(family=family, kind="kitchen"), None)}
    assert both == of_family & of_kind
    asked = guidance.questions(Wanted(dimension="conviction"))
    assert {r.id for r in asked} == {q.id for q in handbook.questions if q.dimension == "conviction"}
    notes = guidance.notes(Wanted(dimension="conviction"), None)
    assert {r.id for r in notes} == {n.id for n in handbook.notes if n.dimension == "conviction"}


def test_a_query_finds_what_retrieval_finds_the_best_first(guidance: Guidance, index: Index) -> None:
    query = "turns up after his shift has started"
    assert [r.id for r in guidance.cards(Wanted(query=query), index)] == [h.id for h in index.cards(query, MOST_FOUND)]
    query = "she cries in the talk"
    assert [r.id for r in guidance.notes(Wanted(query=query), index)] == [h.id for h in index.notes(query, MOST_FOUND)]


def test_a_filter_keeps_of_what_is_found_what_it_lets_through(
    guidance: Guidance, index: Index, handbook: Knowledge
) -> None:
    query = "turns up after his shift has started"
    hits = [hit.id for hit in index.cards(query, len(handbook.cards))]
    second = next(family for family, ids in handbook.families.items() if hits[1] in ids)
    found = [result.id for result in guidance.cards(Wanted(query=query, family=second), index)]
    assert found == [card_id for card_id in hits if card_id in handbook.families[second]]


def test_questions_are_found_by_their_words(guidance: Guidance, handbook: Knowledge) -> None:
    question = handbook.questions[0]
    found = guidance.questions(Wanted(query=question.text.replace("{work}", "")))
    assert found[0].id == question.id
    assert len(found) <= MOST_FOUND
    assert guidance.questions(Wanted(query="xylophone zeppelin")) == ()


@pytest.mark.parametrize("query", ["the printer is broken", "asdf qwer", "?!"])
def test_what_nothing_fits_gives_no_card(guidance: Guidance, index: Index, query: str) -> None:
    assert guidance.cards(Wanted(query=query), index) == ()
