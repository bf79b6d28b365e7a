"""Shared words: rare ones count for more, endings do not matter, and nothing shared is nothing."""

from __future__ import annotations

from fourthright.overlap import Overlap

TEXTS = {"log": "checks the fridge log", "till": "checks the till", "door": "checks the door"}


def test_rare_words_count_for_more() -> None:
    found = Overlap(TEXTS)("checking the fridge")
    assert found["log"] > found["till"] > 0
    assert all(share < 1 for share in found.values())


def test_nothing_shared_is_nothing() -> None:
    assert set(Overlap(TEXTS)("bird of prey").values()) == {0.0}
    assert set(Overlap(TEXTS)("").values()) == {0.0}
