"""A question finds its dimension by its turns of phrase and by the handbook's nearest wordings."""

from __future__ import annotations

import statistics
import time

import pytest

from fourthright import knowledge
from fourthright.checks.dimension import Dimensions
from fourthright.domain import Dimension


@pytest.fixture(scope="module")
def sort() -> Dimensions:
    return Dimensions(knowledge.load())


def test_every_question_of_the_handbook_keeps_its_dimension(sort: Dimensions) -> None:
    handbook = knowledge.load()
    bank = [(q.text.replace("{work}", "this"), q.dimension) for q in handbook.questions if q.dimension]
    cards = [
        (card.fill(seed.text), dimension)
        for card in handbook.cards
        for dimension, seeds in card.questions.items()
        for seed in seeds
    ]
    moved = [
        (text, found, dimension)
        for text, dimension in (*bank, *cards)
        if (found := sort(text)) is None or found.dimension != dimension
    ]
    assert moved == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What gets in your way?", "conflicts"),
        ("When have you done this well before?", "confidence"),
        ("Do you know what I expect?", "clarity"),
        ("What would an inspector need to find on your bench to call it tidy?", "clarity"),
        ("At what point is a seam good enough for you?", "clarity"),
        ("Which bit of the closing routine feels shaky when nobody is beside you?", "confidence"),
        ("Who could you shadow before you run the ward round on your own?", "confidence"),
        ("What eats the hour you set aside for the invoices?", "conflicts"),
        ("Which of the two bosses do you listen to when both call at once?", "conflicts"),
        ("What makes you come back to this kitchen every morning?", "conviction"),
        ("What would you be proud to tell your old teacher about this place?", "conviction"),
        ("Is the rota working for you?", "conflicts"),
        ("What shows you that you have it in you?", "confidence"),
        ("How was lunch?", None),
        ("What should I do less of as your manager?", None),
        ("What time did you lock the gate on Monday?", None),
        ("What has Nina said about the plan?", None),
        ("", None),
        ("Will you hand in the sheet by Friday?", None),
        ("Why did you not hand in the sheet?", None),
        ("How is your marriage?", None),
        ("What does good look like to you? How sure are you that you can do it?", None),
    ],
)
def test_plain_and_odd_wordings(text: str, expected: Dimension | None, sort: Dimensions) -> None:
    found = sort(text)
    assert (found.dimension if found else None) == expected


def test_a_commitment_check_serves_none(sort: Dimensions) -> None:
    assert sort("How sure are you that you can do it?") is not None
    assert sort("How sure are you that you can do it?", "commitment") is None


def test_a_plain_wording_scores_higher_than_a_vague_one(sort: Dimensions) -> None:
    sure, vague = sort("What gets in your way, and what slows you down?"), sort("How do you do it?")
    assert sure is not None
    assert vague is None or sure.score > vague.score


def test_sorting_takes_little_more_than_one_embedding(sort: Dimensions) -> None:
    taken = []
    for _ in range(21):
        start = time.perf_counter()
        sort("What slows you down between two visits?")
        taken.append(time.perf_counter() - start)
    assert statistics.median(taken) < 0.05
