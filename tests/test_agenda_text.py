"""A pasted list or agenda is cut into its questions, whatever stands around them."""

from __future__ import annotations

import pytest

from fourthright.agenda_text import Cut, Cutter, People
from fourthright.knowledge import Knowledge


@pytest.fixture(scope="module")
def cutter(handbook: Knowledge) -> Cutter:
    return Cutter(handbook, People(handbook))


def texts(cut: Cut) -> list[str]:
    return [question.text for question in cut.questions]


@pytest.mark.parametrize(
    "line",
    [
        "What got in the way of the log?",
        "1. What got in the way of the log?",
        "2) What got in the way of the log?",
        "a) What got in the way of the log?",
        "Q3: What got in the way of the log?",
        "  - What got in the way of the log?",
        "• “What got in the way of the log?”",
        "* **What got in the way of the log?**",
        "[ ] What got in the way of the log?",
        "09:10 - What got in the way of the log?",
        "9.00-9.15 What got in the way of the log?",
        "Probe (5 min): What got in the way of the log?",
        "Step 4: Probe - What got in the way of the log?",
        "Conflicts: What got in the way of the log? (5 min)",
        "Me: What got in the way of the log?",
        'Anna - "What got in the way of the log?"',
        "What got in the way of the log? [conflicts]",
        "| 4 | What got in the way of the log? | conflicts |",
        "Bring the printout. Smile.\r\nWhat got in the way of the log?\r\nThen listen.",
    ],
)
def test_what_stands_around_a_question_stays_behind(cutter: Cutter, line: str) -> None:
    (question,) = cutter(line).questions
    assert question.text == line[question.start : question.end] == "What got in the way of the log?"
    assert question.purpose == "explore"


@pytest.mark.parametrize(
    "text",
    [
        "Commitment check: Can you commit to the log by Friday?",
        "Can you commit to the log by Friday? (closed)",
        "7. Can you commit to the log by Friday? [commitment check]",
        "## Commitment check\n\n- Can you commit to the log by Friday?",
        "(closed) Can you commit to the log by Friday?",
    ],
)
def test_a_marked_check_is_a_commitment(cutter: Cutter, text: str) -> None:
    (question,) = cutter(text).questions
    assert (question.text, question.purpose) == ("Can you commit to the log by Friday?", "commitment")


def test_a_mark_holds_for_one_question(cutter: Cutter) -> None:
    cut = cutter("Commitment check\nCan you commit to it?\nWhat else do you need?")
    assert [question.purpose for question in cut.questions] == ["commitment", "explore"]


def test_several_questions_in_one_line(cutter: Cutter) -> None:
    assert texts(cutter("a) What happened? b) Who helps you? / Where do you write it down?")) == [
        "What happened?", "Who helps you?", "Where do you write it down?",
    ]  # fmt: skip


def test_a_statement_before_a_question_belongs_to_it(cutter: Cutter) -> None:
    said = 'Last month I asked for "more patient focus". What did you take that to mean?'
    assert texts(cutter(f"3. {said} Listen.")) == [said]


def test_a_wrapped_line_is_one_question(cutter: Cutter) -> None:
    text = "When you close up,\n   what do you check first?"
    (question,) = cutter(text).questions
    assert question.text == "When you close up, what do you check first?"
    assert (question.start, question.end) == (0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "what does good look like to you on a follow up call",
        "Walk me through last Tuesday, step by step.",
        "Kindly tell me how you read the targets.",
        "Did you read the sheet I left",
        "Was Mr. Smith there at 9 a.m. when you left?",
    ],
)
def test_questions_without_the_usual_form(cutter: Cutter, text: str) -> None:
    assert texts(cutter(text)) == [text]


@pytest.mark.parametrize("text", ["What went well", "Describe the expectation.", "Review", "Goal: the log.", "", "???"])
def test_notes_are_no_questions(cutter: Cutter, text: str) -> None:
    assert cutter(text).questions == ()


def test_a_topic_is_no_speaker(cutter: Cutter) -> None:
    assert texts(cutter("Reports: what gets in your way?")) == ["Reports: what gets in your way?"]


def test_what_the_other_side_says_is_not_asked(cutter: Cutter) -> None:
    cut = cutter("Me: How do you see it?\nAnna: Do I have to?\nMe: What would help you?")
    assert texts(cut) == ["How do you see it?", "What would help you?"]
    assert cut.speakers == ("Anna",)


def test_the_notes_hold_everything_but_the_questions(cutter: Cutter) -> None:
    notes = cutter("She cried on Monday. \nWhat happened on Monday?").notes
    assert "She cried on Monday." in notes
    assert "happened" not in notes


@pytest.mark.parametrize(
    "asked",
    [
        "What stopped you from filling in https://wiki.example.org/log?page=3&x=1 on Monday?",
        "How did you find www.example.org/~jo/_next_/handover.html last week?",
        "Which part of plan_v2.final.xlsx is unclear to you?",
        "What made the 4.5 hours so long?",
        "Why did you write to jo.smith@example.org first?",
    ],
)
def test_marks_inside_a_word_cut_nothing(cutter: Cutter, asked: str) -> None:
    assert texts(cutter(f"1. {asked}\nWho helps you?")) == [asked, "Who helps you?"]


def test_questions_without_a_blank_between_them(cutter: Cutter) -> None:
    assert texts(cutter("What happened?Who helps you?")) == ["What happened?", "Who helps you?"]


def test_tags_of_a_web_page_go_and_offsets_stay(cutter: Cutter) -> None:
    typed = '<h2>Clarity</h2><ul><li>What <i class="x">is</i> clear?</li><li>Is 5 < 6 for <them>?</li></ul>'
    first, second = cutter(typed).questions
    assert (first.text, second.text) == ("What is clear?", "Is 5 < 6 for <them>?")
    assert typed[first.start : first.end] == 'What <i class="x">is</i> clear?'
    assert typed[second.start : second.end] == second.text
