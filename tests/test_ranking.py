"""Which card a text speaks of: chances between 0 and 1, by meaning and letters, with lines that no card answers."""

from __future__ import annotations

import numpy as np
import pytest

from fourthright.embedding import Embedder, Vectors
from fourthright.ranking import Ranker

LATE = ["comes late to the shift", "not here when we start", "walked in twenty minutes after eight"]
PHONE = ["looks at his mobile at the till", "scrolling under the desk", "texting while customers wait"]
BESIDE = ["the printer is broken", "she wants a pay rise", "sales were good this month"]
OWNERS = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])


@pytest.fixture(scope="module")
def ranker(embedder: Embedder) -> Ranker:
    return Ranker([*LATE, *PHONE, *BESIDE], OWNERS, embedder.embed([*LATE, *PHONE, *BESIDE]))


def chances(ranker: Ranker, embedder: Embedder, text: str) -> Vectors:
    return ranker(text, embedder.embed([text])[0])


def test_the_card_that_is_meant_comes_first(ranker: Ranker, embedder: Embedder) -> None:
    late, phone = (
        chances(ranker, embedder, "arrives half an hour after everybody else"),
        chances(ranker, embedder, "always on her smartphone"),
    )
    assert late[0] > late[1]
    assert phone[1] > phone[0]
    assert ((late > 0) & (late < 1)).all()


def test_a_line_that_no_card_answers_takes_chances_away(embedder: Embedder) -> None:
    text = "comes late to the meeting room"
    near = Ranker(
        [*LATE, *PHONE, "the meeting room is closed"],
        OWNERS[:7],
        embedder.embed([*LATE, *PHONE, "the meeting room is closed"]),
    )
    far = Ranker([*LATE, *PHONE, "sales were good"], OWNERS[:7], embedder.embed([*LATE, *PHONE, "sales were good"]))
    assert chances(near, embedder, text).max() < chances(far, embedder, text).max()


def test_the_order_of_lines_does_not_matter(ranker: Ranker, embedder: Embedder) -> None:
    texts = [*LATE, *PHONE, *BESIDE]
    mixed = np.array([8, 3, 0, 5, 6, 1, 4, 7, 2])
    other = Ranker([texts[i] for i in mixed], OWNERS[mixed], embedder.embed([texts[i] for i in mixed]))
    text = "she was late again on Monday"
    assert np.allclose(chances(ranker, embedder, text), chances(other, embedder, text), atol=1e-4)
