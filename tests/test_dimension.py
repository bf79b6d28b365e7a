"""A question finds its dimension by the wording of the handbook's own questions."""

from __future__ import annotations

import pytest

from fourthright import knowledge
from fourthright.checks.dimension import Dimensions
from fourthright.domain import Dimension


def test_questions_of_cards_it_has_not_seen_are_mostly_sorted_right() -> None:
    handbook = knowledge.load()
    held_out = handbook.cards[::5]
    rest = handbook.model_copy(update={"cards": tuple(card for card in handbook.cards if card not in held_out)})
    sort = Dimensions(rest)
    answers = [
        (sort(card.fill(seed.text)), dimension)
        for card in held_out
        for dimension, seeds in card.questions.items()
        for seed in seeds
    ]
    given = [(answer, dimension) for answer, dimension in answers if answer is not None]
    assert len(given) >= 0.7 * len(answers)
    assert sum(answer == dimension for answer, dimension in given) >= 0.72 * len(given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What gets in your way?", "conflicts"),
        ("When have you done this well before?", "confidence"),
        ("Do you know what I expect?", "clarity"),
        ("How was lunch?", None),
        ("Zxqv?", None),
    ],
)
def test_plain_questions(text: str, expected: Dimension | None) -> None:
    assert Dimensions(knowledge.load())(text) == expected
