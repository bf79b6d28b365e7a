"""The rules for one question, clear cases and traps."""

from __future__ import annotations

from typing import Any

import pytest

from fourthright.checks import check_question
from fourthright.checks.question import QUESTION_RULES
from fourthright.domain import CLOSING_QUESTION, Finding, Purpose
from fourthright.knowledge import Knowledge, load
from labelled import rows, scores

FLOOR_PRECISION, FLOOR_RECALL = 0.9, 0.85


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def broken(knowledge: Knowledge, text: str, purpose: Purpose = "explore", names: tuple[str, ...] = ()) -> set[str]:
    """The rules that a question breaks."""
    return {finding.rule for finding in check_question(text, purpose, knowledge, names)}


def of_row(row: dict[str, Any], knowledge: Knowledge) -> tuple[Finding, ...]:
    return check_question(row["text"], row["purpose"], knowledge, tuple(row["names"]))


def test_every_rule_has_its_text_in_the_handbook(knowledge: Knowledge) -> None:
    assert {rule.id for rule in knowledge.rules if rule.applies_to == "question"} == set(QUESTION_RULES)


@pytest.mark.parametrize(
    "text",
    [
        "What makes here feel great to you?",
        "What did you do when it went well?",
        "What from rebuilding the recall list could help you here?",
        "When you take a booking by phone, what does finished look like to you?",
        "When a guest asks for a wake up call what do you do first?",
        "When, as you understand it, should the report be with me?",
        "What happened, as you saw it?",
        "What, if anything, is unclear to you?",
        "Walk me through what happened.",
        "Tell me about a good week.",
        "Could you walk me through the last close?",
        "Bethan, what would help you on Tuesdays?",
        "How do you check the medication chart?",
        "What do you want families to say about your care?",
        "How does the health and safety round fit into your day?",
        "What helps you focus when you work from home?",
        "What did the customer say to you when she called?",
        "How do you decide what comes first and what can wait?",
        "When and where do you log it?",
        "What made the change stop, as you see it?",
        "Why do you think customers call twice?",
        "How confident are you about the new board?",
        "What happened then?",
        '"What happened on Friday, as you saw it?"',
        "What did you mean by “how and why”?",
        "You told me you would like more training. What would you like to learn first?",
        "You were on the desk on Monday. What did you see?",
        "How likely do you think you are to reach it?",
        "How far is, would you say, your skill with the small press?",
        "With what you know now, how would you start?",
        "Take as long as you like, but what would you want me to do less of?",
        "You know the place well, so tell me, what makes you want to stay?",
        "How do you help a patient who cannot sleep?",
        "What makes you feel at home here?",
        "What would you say to a guest who complains?",
        CLOSING_QUESTION,
    ],
)
def test_sound_questions_pass(knowledge: Knowledge, text: str) -> None:
    assert broken(knowledge, text, names=("Bethan",)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Is there anything that gets in your way?",
        "Do you know what is expected of you?",
        "Would you say the plan is clear to you?",
        "Any questions for me about your goals?",
        "When you are stuck, do you ask for help?",
        "So, was the deadline clear to you?",
        "Everything clear to you?",
        "Tell me, are you fine with the new rota?",
        "You have understood the steps?",
        "Can you tell me whether you saw it?",
        "Can you commit to that by Friday?",
    ],
)
def test_closed_in_disguise(knowledge: Knowledge, text: str) -> None:
    assert broken(knowledge, text) == {"open"}


def test_a_commitment_check_may_be_closed_and_nothing_else(knowledge: Knowledge) -> None:
    assert broken(knowledge, "Can you commit to that by Friday?", "commitment") == set()
    assert broken(knowledge, "Can you commit to it and will you call me?", "commitment") == {"one-thing"}
    assert broken(knowledge, "Can Bethan commit to that?", "commitment", ("Bethan",)) == {"to-the-person"}
    assert "not-leading" in broken(knowledge, "You will do that, won't you?", "commitment")


@pytest.mark.parametrize(
    "text",
    [
        "You know that the log matters, right?",
        "You felt left out, didn’t you?",
        "How frustrated are you with the system?",
        "What made you stop caring?",
        "Don't you think a list would help you?",
        "What makes you so careless?",
        "How about setting an alarm on your phone?",
        "Was it because you were bored?",
        "Have you considered asking for help?",
        "What will you do about your bad attitude?",
        "When did you lose interest in the job?",
        "How relieved are you that the audit is over?",
        "How much faster could you go if you let the scanner do it?",
        "What's stopping you from doing something this simple?",
        "What made you fudge the readings?",
        "Is the problem the system or just laziness?",
        "You hate the late shift; what would help?",
        "Since you dislike the new form, how can we make it easier?",
        "The noise wears you out, so what can we do?",
        "On the small press, you'd be fine with starting there?",
        "What would you say to a course in planning?",
        "What stops you from asking Jo, which is obviously the way out?",
        "How much worried you are about the move?",
        "What is it about the phone that scares you?",
        "How will you get over your shyness?",
        "What is behind your reluctance to help?",
        "Any reason you couldn't start on Monday?",
        "Now that you see that the list works, when will you use it?",
        "How does it feel to let everyone down?",
        "What made you so slow?",
        "How will you win back our trust?",
    ],
)
def test_answers_faults_and_feelings_put_in_their_mouth(knowledge: Knowledge, text: str) -> None:
    assert "not-leading" in broken(knowledge, text)


@pytest.mark.parametrize(
    "text",
    [
        "What happened, how will you fix it?",
        "What gets in your way and how can I help you?",
        "What do you need? And who else should be there?",
        "Tell me what happened and how you want to handle it.",
        "Which part is hard for you, which part is easy?",
        "What would help you most, and why?",
        "How do you see it, and do you agree?",
        "Where are you stuck plus what would help you?",
        "How do you feel about the target and about the bonus?",
    ],
)
def test_two_questions_in_one(knowledge: Knowledge, text: str) -> None:
    assert broken(knowledge, text) == {"one-thing"}


@pytest.mark.parametrize(
    "text",
    [
        "Why did you leave early?",
        "Why didn’t you tell anyone?",
        "How could you forget that?",
        "What were you thinking?",
        "What is your excuse?",
        "Explain to me why you ignored it.",
        "Why are you always late?",
        "Why did Priya leave the ward keys in the door?",
        "How could you send the quote without a check?",
        "What's your explanation for the gap in the till?",
        "Why would anyone leave a child alone at the gate?",
        "Would you kindly explain why the report is missing?",
        "Were you ever going to tell me about the complaint?",
        "Why the delay?",
        "What took you so long?",
        "Explain the gap in your log.",
        "Why it's always your till that is short?",
        "Who told you to do that?",
        "How could this happen on your watch?",
    ],
)
def test_asking_for_a_justification(knowledge: Knowledge, text: str) -> None:
    assert "no-blame" in broken(knowledge, text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("How does she plan her week?", ()),
        ("What gets in the way of timely charting?", ()),
        ("What does Marcus need?", ("Marcus",)),
        ("How did Pieter's last files go?", ("Pieter",)),
        ("Thanks for sitting down with me. Where does the team get stuck?", ()),
        ("How do we know when a session went well?", ()),
        ("Which obstacles does the employee face?", ()),
        ("What does Mr. Kulkarni want from you?", ("Mr. Kulkarni",)),
    ],
)
def test_talking_about_someone(knowledge: Knowledge, text: str, names: tuple[str, ...]) -> None:
    assert broken(knowledge, text, names=names) == {"to-the-person"}


@pytest.mark.parametrize(
    "text",
    [
        "How are things at home?",
        "Are you sleeping ok?",
        "How is your health?",
        "What does your husband think about it?",
        "How does your faith fit with your shifts?",
        "How old are you?",
        "Are you in the union?",
        "What is going on in your private life?",
        "What does his wife say about the nights?",
        "How are you coping since your father died?",
        "How did the scan go?",
        "Who picks up your kids on Thursdays?",
        "Did you join the strike last month?",
        "How many years until you retire?",
        "How have you been in yourself since the accident?",
        "What part does drink play in your evenings?",
        "Who picks the twins up?",
        "How much rent do you pay?",
        "Who are you going to vote for?",
        "Where did you grow up?",
        "Have you got a diagnosis?",
        "Were you crying earlier?",
        "What time do you go to bed?",
    ],
)
def test_kind_sounding_probes_into_private_matters(knowledge: Knowledge, text: str) -> None:
    assert "no-private-matters" in broken(knowledge, text)


def test_twenty_five_words_are_short_and_twenty_six_are_not(knowledge: Knowledge) -> None:
    text = "What would you " + "really " * 21 + "like?"
    assert len(text.split()) == 25
    assert broken(knowledge, text) == set()
    assert broken(knowledge, text.replace("like?", "like here?")) == {"short"}


def test_a_closed_question_is_turned_round_where_that_gives_english(knowledge: Knowledge) -> None:
    (finding,) = check_question("Is there anything that gets in your way?", "explore", knowledge)
    assert "“What gets in your way?”" in finding.better
    (finding,) = check_question("Do you check the board?", "explore", knowledge)
    assert "“How do you check the board?”" in finding.better


def test_the_first_of_two_questions_is_handed_back(knowledge: Knowledge) -> None:
    (finding,) = check_question("What happened on your shift, how will you fix it?", "explore", knowledge)
    assert finding.quote == "how will you fix it?"
    assert "“What happened on your shift?”" in finding.better


@pytest.mark.parametrize(
    "text",
    ["Was the van free on Monday?", "Have you read the plan?", "Do you like the early shift?", "Is your phone on?"],
)
def test_a_commitment_check_does_not_ask_for_facts_or_feelings(knowledge: Knowledge, text: str) -> None:
    assert "open" in broken(knowledge, text, "commitment")


@pytest.mark.parametrize(
    "text",
    [
        "Do I have your word for Friday?",
        "Will you send the list by noon?",
        "Does Tuesday at nine work for you?",
        "Are you willing to start with two calls a day?",
        "You will ring me by four, agreed?",
    ],
)
def test_a_promise_may_be_asked_for_in_many_ways(knowledge: Knowledge, text: str) -> None:
    assert "open" not in broken(knowledge, text, "commitment")


@pytest.mark.parametrize(
    "text",
    [
        "Would you mind telling me how you see it?",
        "Do you mind sharing what you learned?",
        "I'd love to hear how you go about it.",
        "May I ask how you see your first weeks?",
        "Think of your best week this year. What did you do differently then?",
        "Take me back to Monday: what came first for you?",
        "Tell me, step by step, how you close the till.",
        "How do you explain the menu to a guest with allergies?",
        "How could you make the start of the week easier for yourself?",
        "How do you note a patient's pain score?",
        "What does a good talk with a resident's daughter look like to you?",
        "Where do you lose time between two visits?",
        "What makes the early shift hard for you?",
        "How confident do you feel about the new till?",
    ],
)
def test_polite_requests_scenes_and_the_work_with_people_pass(knowledge: Knowledge, text: str) -> None:
    assert broken(knowledge, text) == set()


def test_an_empty_text_is_no_question(knowledge: Knowledge) -> None:
    assert "open" in broken(knowledge, "")


def test_every_quote_of_the_labelled_questions_is_verbatim(knowledge: Knowledge) -> None:
    for row in rows("question"):
        assert all(finding.quote in row["text"] for finding in of_row(row, knowledge)), row["id"]


def test_half_that_was_not_looked_at_stays_above_the_floors(knowledge: Knowledge) -> None:
    held = scores(rows("question", "held"), lambda row: of_row(row, knowledge))
    assert set(held) == set(QUESTION_RULES)
    low = {rule: s for rule, s in held.items() if s.precision < FLOOR_PRECISION or s.recall < FLOOR_RECALL}
    assert not low


def test_clean_questions_pass(knowledge: Knowledge) -> None:
    clean = [row for row in rows("question") if not row["broken"]]
    failing = [row["id"] for row in clean if {f.rule for f in of_row(row, knowledge)} - set(row["unsure"])]
    assert len(clean) > 100
    assert len(failing) <= len(clean) * 0.02
