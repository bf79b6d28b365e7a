"""What is a vague phrase in English, and what each other row is told."""

from __future__ import annotations

import pytest

from fourthright.errors import BadInput, NotEnglish
from fourthright.knowledge import Knowledge
from fourthright.phrases import MAX_CONTEXT_CHARS, Phrases, checked_context


@pytest.fixture(scope="module")
def phrases(handbook: Knowledge) -> Phrases:
    return Phrases(handbook)


@pytest.mark.parametrize(
    "phrase",
    [
        "a positive attitude",
        "be more strategic",
        "lackadaisical",
        "can’t prioritise",
        "be more strategic 🚀",
        "not a team player!!",
        "Late three times last week",
        "cares, 9 of 10 times, within 2 weeks",
    ],
)
def test_a_vague_phrase_passes(phrases: Phrases, phrase: str) -> None:
    phrases.check(phrase)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("", "is empty"),
        (" – ", "is empty"),
        ("42", "holds a number"),
        ("3.5 %", "holds a number"),
        ("rude " * 80, "at most 300"),
        (
            "Answers customer e-mails within 24 hours in 9 of 10 cases for the next 4 weeks",
            "measurable expectation already",
        ),
        ("He should arrive by 9:00 on at least 19 of 20 days this month", "measurable expectation already"),
    ],
)
def test_what_is_no_phrase_is_told_what_it_is(phrases: Phrases, row: str, line: str) -> None:
    with pytest.raises(BadInput, match=line):
        phrases.check(row)


@pytest.mark.parametrize(
    "row",
    [
        "eine positive Einstellung",
        "mehr Kundenorientierung",
        "être plus stratégique",
        "sé más proactivo",
        "积极的态度",
        "более позитивное отношение",
        "più attenzione al cliente",
        "meer initiatief tonen",
    ],
)
def test_another_language_is_said_to_be_one(phrases: Phrases, row: str) -> None:
    with pytest.raises(NotEnglish, match="another language"):
        phrases.check(row)


def test_a_context_is_one_line_or_none_and_not_too_long() -> None:
    assert checked_context("  hotel\n reception ") == "hotel reception"
    assert checked_context(" ") is None
    with pytest.raises(BadInput, match="context is too long"):
        checked_context("x" * (MAX_CONTEXT_CHARS + 1))
