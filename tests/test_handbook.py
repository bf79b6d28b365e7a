"""How much the handbook covers, that nothing in it is written twice, and that it stays easy to read."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import get_args

import numpy as np
import pytest
from pydantic import ValidationError

from evals import reading_level
from fourthright.domain import DIMENSIONS, INSPIRE
from fourthright.embedding import Embedder
from fourthright.entries import BankQuestion, Card, Kind, Note
from fourthright.knowledge import Knowledge

TWIN_CARDS, TWIN_QUESTIONS, TWIN_NOTES = 0.75, 0.79, 0.72
"""Cosine similarity from which two entries are one written twice."""


def test_the_handbook_is_as_large_as_promised(handbook: Knowledge) -> None:
    assert len(handbook.cards) >= 180
    assert len(handbook.families) >= 25
    assert len(handbook.questions) >= 320
    assert len(handbook.notes) >= 70
    assert len(get_args(Kind)) >= 12
    assert all(sum(kind in card.jobs for card in handbook.cards) >= 20 for kind in get_args(Kind))


def test_the_bank_covers_the_dimensions_evenly_and_every_step(handbook: Knowledge) -> None:
    of_each = [sum(question.dimension == dimension for question in handbook.questions) for dimension in DIMENSIONS]
    assert min(of_each) >= 60
    assert max(of_each) <= 1.1 * min(of_each)
    steps = [question.step for question in handbook.questions]
    assert all(steps.count(step) >= 35 for step in INSPIRE)
    assert any(question.purpose == "commitment" for question in handbook.questions)


def test_a_page_asks_a_question_of_a_dimension_in_its_own_step(handbook: Knowledge) -> None:
    """What a page takes by dimension alone, it asks in Probe or Invite, whatever the step it is filed under."""
    taken = [
        question
        for question in handbook.questions
        if question.dimension
        and (
            question.when == "relapse"
            or (question.when == "general" and "{work}" not in question.text)
            or (question.dimension, question.when) == ("clarity", "no_evidence")
        )
    ]
    at_home = {(dimension, "Probe") for dimension in DIMENSIONS[:2]} | {
        (dimension, "Invite") for dimension in DIMENSIONS[2:]
    }
    assert [question.id for question in taken if (question.dimension, question.step) not in at_home] == []


def test_a_card_without_a_dimension_is_refused_so_every_family_has_all_four(handbook: Knowledge) -> None:
    fields = handbook.cards[0].model_dump()
    for dimension in DIMENSIONS:
        fewer = {name: seeds for name, seeds in fields["questions"].items() if name != dimension}
        with pytest.raises(ValidationError, match=f"no questions for {dimension}"):
            Card.model_validate(fields | {"questions": fewer})
    assert all(handbook.families.values())


def test_no_question_belongs_to_two_cards(handbook: Knowledge) -> None:
    asked = [card.fill(seed.text) for card in handbook.cards for seeds in card.questions.values() for seed in seeds]
    assert sorted({text for text in asked if asked.count(text) > 1}) == []


def test_no_card_is_written_twice(handbook: Knowledge, embedder: Embedder) -> None:
    assert twins([_card(card) for card in handbook.cards], embedder, TWIN_CARDS) == []


def test_no_question_of_the_bank_is_written_twice(handbook: Knowledge, embedder: Embedder) -> None:
    assert twins([_question(question) for question in handbook.questions], embedder, TWIN_QUESTIONS) == []


def test_no_note_is_written_twice(handbook: Knowledge, embedder: Embedder) -> None:
    assert twins([_note(note) for note in handbook.notes], embedder, TWIN_NOTES) == []


def test_a_copy_in_other_words_would_be_found(handbook: Knowledge, embedder: Embedder) -> None:
    cards = {card.id: _card(card) for card in handbook.cards}
    questions = {question.id: _question(question) for question in handbook.questions}
    notes = {note.id: _note(note) for note in handbook.notes}
    for kept, copy, level in (
        (
            cards["shift-started-on-time"],
            "Being at work punctually: Begins the shift at the scheduled time",
            TWIN_CARDS,
        ),
        (cards["record-signed-off"], "Signing the record: Signs each record when the work is done", TWIN_CARDS),
        (
            cards["view-given-in-meeting"],
            "Saying an opinion in the meeting: States an opinion with a reason before it is decided",
            TWIN_CARDS,
        ),
        (questions["clarity-told-so-far"], "What have you been told about it up to now?", TWIN_QUESTIONS),
        (questions["clarity-went-well"], "How will you know that you did well at it?", TWIN_QUESTIONS),
        (notes["silence"], SILENCE_AGAIN, TWIN_NOTES),
        (notes["no-hundred-percent-targets"], PERFECTION_AGAIN, TWIN_NOTES),
    ):
        assert twins([kept, copy], embedder, level) == [(kept, copy)]


def test_the_handbook_is_easy_to_read(handbook: Knowledge) -> None:
    for grades, median, most in (
        (reading_level.cards(handbook), 4, 6),
        (reading_level.card_questions(handbook), 4, 8),
        (reading_level.questions(handbook), 4, 8),
        (reading_level.notes(handbook), 6, 8),
    ):
        assert statistics.median(grades.values()) <= median
        assert {name: round(grade, 1) for name, grade in grades.items() if grade > most} == {}


def test_the_grade_of_a_hard_text_is_high_and_of_an_easy_one_low() -> None:
    assert reading_level.grade("We met at nine. He had the list. It was done.") < 1
    assert (
        reading_level.grade("Organisational accountability necessitates continuous interdepartmental evaluation.") > 20
    )
    assert reading_level.grade("One line\nand one more") < reading_level.grade("One line and one more")
    assert reading_level.grade("") == 0


@pytest.mark.parametrize(
    ("word", "heard"),
    [
        ("late", 1),
        ("table", 2),
        ("asked", 1),
        ("wanted", 2),
        ("changes", 2),
        ("notes", 1),
        ("people", 2),
        ("something", 2),
        ("question", 2),
        ("enquiry", 3),
        ("carrying", 3),
        ("it’s", 1),
        ("manager's", 3),
        ("19", 2),
    ],
)
def test_syllables_as_heard(word: str, heard: int) -> None:
    assert reading_level.syllables(word) == heard


def twins(texts: Sequence[str], embedder: Embedder, level: float) -> list[tuple[str, str]]:
    """The pairs that mean nearly the same."""
    vectors = embedder.embed(texts)
    rows, others = np.nonzero(np.triu(vectors @ vectors.T, 1) >= level)
    return [(texts[row], texts[other]) for row, other in zip(rows, others, strict=True)]


def _card(card: Card) -> str:
    return card.fill(f"{card.title}: {card.behaviour}")


def _question(question: BankQuestion) -> str:
    return question.text.format(work="it")


def _note(note: Note) -> str:
    return f"{note.title}\n{note.text}"


SILENCE_AGAIN = """When nothing comes: wait, then make it smaller
Wait longer than you find polite. Teachers gave pupils one second to answer, Rowe found; three seconds brought longer answers.
Say that waiting is all right. Then ask for less: which of these three lines would you change? Then give it time until tomorrow
at ten, in writing if they like. Do not guess at what the silence means. You leave without a commitment today."""

PERFECTION_AGAIN = """Do not ask for perfection
Always and never are weak words: the first slip breaks them, and people learn to hide the second. The OPM handbook warns against
absolute standards, because they leave no room for error. Say how much is good enough, such as four of five. Only where one
failure could cost a life, an injury or a great loss is full marks fair; then say why on the page."""
