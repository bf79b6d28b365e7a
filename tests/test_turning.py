"""Broken questions turned by their form, and the verb forms that this needs."""

from __future__ import annotations

import pytest

from fourthright.agenda_text import People
from fourthright.knowledge import Knowledge
from fourthright.turning import Turning, Verbs


@pytest.fixture(scope="module")
def turning(handbook: Knowledge) -> Turning:
    return Turning(handbook, People(handbook))


@pytest.mark.parametrize(
    ("rule", "asked", "better"),
    [
        ("open", "Did you finish the log?", "How far did you get with the log?"),
        ("open", "Is the log clear enough for you?", "How clear is the log for you?"),
        ("open", "Are you sure about the new board, Tomek?", "How sure are you about the new board?"),
        ("open", "Do you have time for the checks?", "How much time do you have for the checks?"),
        ("open", "Does he know what the target is?", "Tell me what the target is, as you understand it."),
        ("no-blame", "Why didn't you call the client back?", "What kept you from calling the client back?"),
        ("no-blame", "Why haven’t you logged the samples?", "What has kept you from logging the samples?"),
        ("no-blame", "Explain to me why you sent the price.", "What led you to send the price?"),
        ("not-leading", "Don't you think you should set an alarm?", "What do you think about setting an alarm?"),
        ("not-leading", "You can't run the saw without me, right?", "What would you need to run the saw without me?"),
        ("one-thing", "What slows you down, and who could change it?", "What slows you down?"),
        ("to-the-person", "Where does Bartek get stuck when he books in?", "Where do you get stuck when you book in?"),
        ("to-the-person", "Can the trainee run route 9 alone?", "Can you run route 9 alone?"),
        ("address", "What gets in the way of the log?", "What gets in the way of the log, as you see it?"),
    ],
)
def test_forms(turning: Turning, rule: str, asked: str, better: str) -> None:
    quote = "and who could change it?" if rule == "one-thing" else ""
    if rule == "open":
        asked = turning(asked, "to-the-person", "", ())[0] if "he know" in asked else asked
    assert turning(asked, rule, quote, ())[0] == better


def test_a_shortened_question_keeps_what_it_points_back_to(turning: Turning) -> None:
    asked = (
        "Having watched Colin run the big lathe for the best part of three months and made your own notes, "
        "what would you need to set it up for the Thursday job?"
    )
    assert "lathe" in turning(asked, "short", asked, ())[0]


def test_a_clause_with_a_private_matter_can_go(turning: Turning) -> None:
    asked = "Can you commit to the early shift now that your chemo is over?"
    assert turning.without(asked, "chemo") == ("Can you commit to the early shift?",)


def test_topics_come_with_their_article(turning: Turning) -> None:
    assert turning.topics("Why do you mess up the weekly estimate with your template?") == (
        "the weekly estimate", "your template",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "gerund"),
    [
        ("call", "calling"), ("file", "filing"), ("put", "putting"), ("plan", "planning"), ("meet", "meeting"),
        ("sent", "sending"), ("logged", "logging"), ("updated", "updating"), ("tie", "tying"), ("see", "seeing"),
        ("be", "being"), ("visit", "visiting"), ("label", "labelling"), ("tried", "trying"), ("checked", "checking"),
    ],
)  # fmt: skip
def test_gerunds(handbook: Knowledge, verb: str, gerund: str) -> None:
    forms = dict(form.split() for form in handbook.word_list("reword-verb-forms").words)
    assert Verbs(forms, handbook).gerund(f"{verb} the log") == f"{gerund} the log"
