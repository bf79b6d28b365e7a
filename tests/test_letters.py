"""Likeness in letters: a slip costs a little, rare runs count for more, and nothing shared is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from fourthright.letters import Letters

TEXTS = ["never signs the visitor in", "visitor not signed in", "leaves the freezer open", "the freezer stood open"]
GROUPS = np.array([0, 0, 1, 1])


@pytest.fixture(scope="module")
def letters() -> Letters:
    return Letters(TEXTS, GROUPS)


@pytest.mark.parametrize(
    ("typed", "group"), [("vsitor walked in", 0), ("Visitors, again!", 0), ("freezr left opened", 1), ("FREEZER", 1)]
)
def test_a_slip_or_an_ending_still_finds_its_group(letters: Letters, typed: str, group: int) -> None:
    likeness = letters(typed)
    assert likeness.shape == (2,)
    assert likeness[group] > likeness[1 - group]
    assert (likeness <= 1).all()


@pytest.mark.parametrize("nothing", ["", "...", "ab", "quince jam", "😀"])
def test_nothing_shared_is_nothing(letters: Letters, nothing: str) -> None:
    assert list(letters(nothing)) == [0, 0]


def test_what_every_text_says_counts_for_less() -> None:
    letters = Letters(["report late", "late report", "report lost", "lost report", "report"], np.array([0, 0, 1, 1, 1]))
    late, lost = letters("late report")
    assert late > lost > 0


def test_the_order_of_texts_does_not_matter() -> None:
    turned = Letters(TEXTS[::-1], GROUPS[::-1])
    assert np.allclose(turned("visitor by the freezer"), Letters(TEXTS, GROUPS)("visitor by the freezer"))
