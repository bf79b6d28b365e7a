"""Vectors in memory: nearest first, only those with the marks, and none that were taken out."""

from __future__ import annotations

import uuid

import numpy as np
import pytest

from fourthright.nearest import Nearest


@pytest.fixture
def nearest() -> Nearest:
    made = Nearest(f"test-{uuid.uuid4().hex}")
    angles = np.linspace(0, np.pi / 2, 10, dtype=np.float32)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    made.add(
        [str(n) for n in range(10)],
        vectors,
        [{"owner": "a" if n % 2 else "b", "even": str(n % 2 == 0)} for n in range(10)],
    )
    return made


QUERY = np.array([[1.0, 0.0]], dtype=np.float32)


def test_the_nearest_come_first_and_only_with_the_marks(nearest: Nearest) -> None:
    assert [near.id for near in nearest.similar(QUERY, 3, {"owner": "a"})] == ["1", "3", "5"]
    assert [near.id for near in nearest.similar(QUERY, 9, {"owner": "b", "even": "True"})] == ["0", "2", "4", "6", "8"]
    assert nearest.similar(QUERY, 3, {"owner": "b", "even": "False"}) == ()


def test_a_similarity_is_the_cosine(nearest: Nearest) -> None:
    (best, second, *_) = nearest.similar(QUERY, 3, {"owner": "b"})
    assert best.similarity == pytest.approx(1.0, abs=1e-5)
    assert second.similarity == pytest.approx(np.cos(np.pi / 9), abs=1e-5)


def test_what_is_taken_out_is_not_found(nearest: Nearest) -> None:
    nearest.remove({"owner": "a"})
    assert nearest.similar(QUERY, 9, {"owner": "a"}) == ()
    assert len(nearest.similar(QUERY, 9, {"owner": "b"})) == 5


def test_vectors_come_back_in_the_order_asked_for(nearest: Nearest) -> None:
    marks, vectors = nearest.get(["9", "0"])
    assert [mark["owner"] for mark in marks] == ["a", "b"]
    assert vectors == pytest.approx(np.array([[0.0, 1.0], [1.0, 0.0]]), abs=1e-6)


def test_more_than_fit_at_once_are_put_in_batch_by_batch() -> None:
    many = Nearest(f"test-{uuid.uuid4().hex}")
    many._most = 7
    vectors = np.random.default_rng(1).normal(size=(30, 4)).astype(np.float32)
    many.add([str(n) for n in range(30)], vectors, [{"owner": "a"}] * 30)
    assert {near.id for near in many.similar(vectors[:1], 30, {"owner": "a"})} == {str(n) for n in range(30)}
