"""Typing slips: one slip is mended to a word that the handbook writes, everything else stays."""

from __future__ import annotations

import pytest

from fourthright.spelling import Speller

WORDS = ("phone", "wrong", "really", "calls", "twice", "wife", "check")


@pytest.fixture
def speller() -> Speller:
    return Speller([" ".join(WORDS)] * 2, {*WORDS, "coolant", "invoice", "shift"}.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("phne", "phone"), ("wrnog", "wrong"), ("realy", "really"), ("callls", "calls"), ("twise", "twice")],
)
def test_one_slip_is_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller(f"his {typed} again") == f"his {meant} again"


@pytest.mark.parametrize(
    "kept", ["coolant", "invoiced", "shifts", "wifi", "Wrnog", "wrng-way", "xqzzt", "chk", "won't"]
)
def test_what_is_known_short_or_far_from_anything_stays(speller: Speller, kept: str) -> None:
    assert speller(kept) == kept


def test_the_handbooks_own_slips_are_no_goal() -> None:
    speller = Speller(["wrnog wrnog"], {"wrong"}.__contains__)
    assert speller("wrnogg") == "wrnogg"
