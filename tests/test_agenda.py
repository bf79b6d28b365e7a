"""The meeting: seven steps in order, two questions for each of the four, one closed check, the closing question."""

from __future__ import annotations

import pytest

from fourthright.agenda import PER_DIMENSION, for_employee, for_hr, questions, to_learn
from fourthright.checks import check_question
from fourthright.domain import CLOSING_QUESTION, DIMENSIONS, INSPIRE, WITHHOLDING, Agenda, Observation, Question
from fourthright.drafting import Drafter
from fourthright.engine import Engine
from fourthright.finding import Theme
from fourthright.knowledge import Knowledge
from scanning import SEEN, observed, theme

PIECES = observed(
    SEEN,
    ("I asked her in May to scan first", "history"),
    ("Noor trained both temps", "strength"),
    ("she is sloppy", "label"),
    ("her mother is ill", "private"),
)


def themes(count: int) -> list[Theme]:
    return [theme(PIECES[:1], theme_id=f"c{n}") for n in range(1, count + 1)]


def asked(engine: Engine, count: int = 1, *, relapsed: bool = False) -> list[Question]:
    alone = Drafter(engine.knowledge, engine.index.embedder, engine.screen, None, ("Noor",), lambda _: None)
    made = questions(themes(count), alone, engine.knowledge, relapsed=relapsed)
    return [question for _, several in made for question in several]


def meeting(
    engine: Engine, count: int = 1, *, relapsed: bool = False, observations: tuple[Observation, ...] = PIECES
) -> Agenda:
    found = asked(engine, count, relapsed=relapsed)
    return for_employee(themes(count), found, observations, ("Noor",), engine.knowledge)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_seven_steps_come_in_order_with_their_minutes(engine: Engine, count: int) -> None:
    made = meeting(engine, count)
    assert tuple(step.name for step in made.steps) == INSPIRE
    assert made.with_ == "employee"
    assert made.closing == CLOSING_QUESTION
    assert all(step.minutes > 0 for step in made.steps)
    assert sum(step.minutes for step in made.steps) <= 60


def test_most_of_the_time_is_for_listening(engine: Engine) -> None:
    minutes = {step.name: step.minutes for step in meeting(engine).steps}
    assert max(minutes, key=lambda name: minutes[name]) == "Probe"


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("relapsed", [False, True])
def test_two_questions_for_each_of_the_four(engine: Engine, count: int, relapsed: bool) -> None:
    found = asked(engine, count, relapsed=relapsed)
    assert [q.dimension for q in found] == [d for d in DIMENSIONS for _ in range(PER_DIMENSION)]
    assert len({q.id for q in found}) == len(found)
    assert all("{" not in q.text + q.listen_for for q in found)


@pytest.mark.parametrize("count", [1, 3])
def test_every_question_is_asked_once_in_some_step(engine: Engine, count: int) -> None:
    made = meeting(engine, count)
    placed = [i for step in made.steps for i in step.question_ids]
    assert sorted(placed) == sorted(q.id for q in made.questions)


def test_the_commitment_check_is_the_only_closed_question(engine: Engine) -> None:
    made = meeting(engine)
    (commitment,) = [q for q in made.questions if q.purpose == "commitment"]
    review = next(step for step in made.steps if step.name == "Review")
    assert review.question_ids[-1] == commitment.id
    for question in made.questions:
        broken = {f.rule for f in check_question(question.text, "explore", engine.knowledge)}
        assert ("open" in broken) == (question.purpose == "commitment"), question.text


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_question_keeps_the_rules(engine: Engine, count: int) -> None:
    for question in meeting(engine, count, relapsed=True).questions:
        found = check_question(question.text, question.purpose, engine.knowledge, ("Noor",))
        assert [f.rule for f in found if f.severity == "error"] == [], question.text


def test_after_a_relapse_the_questions_ask_what_made_it_stop(engine: Engine) -> None:
    relapse = {q.id: q.dimension for q in engine.knowledge.questions if q.when == "relapse"}
    before, after = asked(engine), asked(engine, relapsed=True)
    assert not any(set(q.sources) & set(relapse) for q in before)
    assert {q.dimension for q in after if set(q.sources) & set(relapse)} == set(relapse.values()) & set(DIMENSIONS)
    assert "conflicts" in relapse.values()


def test_the_same_situation_gets_the_same_meeting(engine: Engine) -> None:
    assert meeting(engine, 2) == meeting(engine, 2)


def test_what_is_said_is_said_to_the_person(engine: Engine) -> None:
    said = " ".join(step.say for step in meeting(engine).steps)
    assert "34 of 40" in said
    assert "May" in said
    assert not {"Noor", "she", "her", "sloppy", "mother"} & set(said.replace(".", " ").replace(",", " ").split())


def test_without_a_strength_the_manager_is_told_so(engine: Engine) -> None:
    bare = meeting(engine, observations=PIECES[:1])
    enforce = next(step for step in bare.steps if step.name == "Enforce")
    assert "…" in enforce.say


def test_with_nothing_seen_there_is_nothing_to_agree(engine: Engine) -> None:
    made = to_learn(engine.knowledge, "she is just not a team player")
    assert tuple(step.name for step in made.steps) == INSPIRE
    assert {q.dimension for q in made.questions} == {"clarity"}
    assert {q.purpose for q in made.questions} == {"explore"}
    assert len({q.text for q in made.questions}) == len(made.questions) >= 2


def test_each_grave_trigger_has_its_meeting_with_hr(handbook: Knowledge) -> None:
    for trigger in (t for t in handbook.triggers if t.level in WITHHOLDING):
        made = for_hr(trigger)
        assert made.with_ == "HR"
        assert made.questions == ()
        assert [step.name for step in made.steps] == ["Say", "Hand over", "Ask"]
        assert all(step.say.strip() for step in made.steps), trigger.id
        assert made.closing
