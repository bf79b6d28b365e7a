"""What stands behind an id that a line cites, and which part of it is meant."""

from __future__ import annotations

from typing import get_args

import pytest

from fourthright.citing import (
    KINDS,
    WHOLE,
    Cited,
    behind_expectation,
    behind_question,
    passage,
)
from fourthright.domain import DIMENSIONS
from fourthright.entries import Kind
from fourthright.knowledge import Knowledge
from fourthright.shelf import Passage

CARD = "opened-at-posted-hour"


OWN = Passage(
    id="own-0123456789ab-3",
    document_id="0123456789ab",
    document="Attendance.pdf",
    page=3,
    heading="Lateness",
    text="Call the desk before the shift begins.",
)


def told(cited: Cited | None) -> str:
    assert cited is not None
    return "\n".join(f"{line.text} {line.heard}" for line in cited.lines())


def test_every_entry_of_the_handbook_opens_with_words_and_publications(handbook: Knowledge) -> None:
    for entry in (*handbook.cards, *handbook.notes, *handbook.questions):
        cited = passage(entry.id, handbook)
        assert cited is not None
        assert cited.id == entry.id
        assert cited.title
        assert told(cited).strip()
        assert len(cited.works) == len(entry.sources)
        assert "{" not in cited.title + told(cited), entry.id


def test_a_card_opens_with_all_that_it_holds(handbook: Knowledge) -> None:
    card, cited = handbook.card(CARD), passage(CARD, handbook)
    text = told(cited).lower()
    fields = (card.behaviour, card.measure, card.measure_too, card.target, card.target_why, card.by_when)
    more = (card.first_step, card.payoff, card.reaction, card.unlike.because, *card.obstacles, *card.find_out)
    asked = (each for seeds in card.questions.values() for seed in seeds for each in (seed.text, seed.listen_for))
    for template in (*fields, *more, *asked, *card.phrases, *card.labels):
        assert card.fill(template).lower() in text
    assert cited is not None
    assert cited.unlike == card.unlike.card
    assert cited.about.startswith("Being there on time · ")


def test_a_note_and_a_question_open_with_their_words(handbook: Knowledge) -> None:
    note, question = handbook.notes[0], next(q for q in handbook.questions if "{work}" in q.text and q.listen_for)
    assert " ".join(told(passage(note.id, handbook)).split()) == " ".join(note.text.split())
    text = told(passage(question.id, handbook))
    assert question.text.replace("{work}", "…") in text
    assert question.listen_for in text


def test_an_own_passage_names_file_page_and_heading(handbook: Knowledge) -> None:
    cited = passage(OWN.id, handbook, {OWN.id: OWN}.get)
    assert cited is not None
    assert cited.title == "Attendance.pdf, page 3, Lateness"
    assert told(cited).strip() == OWN.text
    bare = passage("a", handbook, lambda _: OWN.model_copy(update={"page": None, "heading": None}))
    assert bare is not None
    assert bare.title == "Attendance.pdf"


def test_what_is_not_there_opens_nothing(handbook: Knowledge) -> None:
    assert passage("no-such-entry", handbook) is None


def test_an_expectation_rests_on_the_parts_of_the_card_it_is_made_from(handbook: Knowledge) -> None:
    cited = passage(CARD, handbook)
    assert cited is not None
    assert {line.place for line in cited.lines()} > behind_expectation(cited)
    note = passage("targets-are-proposals", handbook)
    assert note is not None
    assert behind_expectation(note) == {WHOLE}


@pytest.mark.parametrize("card_id", [CARD, "agreed-way"])
def test_a_question_rests_on_the_question_of_the_card_it_comes_from(handbook: Knowledge, card_id: str) -> None:
    card, cited = handbook.card(card_id), passage(card_id, handbook)
    assert cited is not None
    for dimension in DIMENSIONS:
        for n, seed in enumerate(card.questions[dimension], 1):
            asked = card.fill(seed.text, dict.fromkeys(card.slots, "the blue gate"))
            assert behind_question(cited, dimension, asked) == {f"{dimension}-{n}"}
            assert behind_question(cited, dimension, f"{asked} ok") == {f"{dimension}-{n}"}


def test_a_question_in_quite_other_words_rests_on_all_that_the_card_asks_about_it(handbook: Knowledge) -> None:
    cited = passage(CARD, handbook)
    assert cited is not None
    assert behind_question(cited, "clarity", "xyz") == {"clarity-1", "clarity-2"}


def test_a_question_of_the_bank_rests_on_its_own_line(handbook: Knowledge) -> None:
    cited = passage(handbook.questions[0].id, handbook)
    assert cited is not None
    assert behind_question(cited, None, "whatever") == {WHOLE}


def test_every_kind_of_work_has_a_name() -> None:
    assert set(KINDS) == set(get_args(Kind))
