"""Draft, check, repair once, else the card: what is kept, what is refused, and what happens when the model goes away."""

from __future__ import annotations

import pytest

from fakes import Scripted, ScriptedModel
from fourthright.drafting import Attempt, Drafter
from fourthright.engine import Engine
from fourthright.errors import ModelBusy, ModelUnavailable, ReplyCut, ReplyFiltered
from fourthright.llm import never
from fourthright.talk import Talk
from scanning import CARD, GOOD_LINE, GOOD_QUESTION, SEEN, observed, theme

THEME = theme(observed(SEEN, "Noor put the scanner down and shelved the rest"))
SEED = CARD.questions["conflicts"][0]
ASKED_BY_CARD = CARD.fill(SEED.text, THEME.slots)


class Bench:
    """A drafter with a scripted model, and what it tried."""

    def __init__(self, engine: Engine, *replies: Scripted) -> None:
        self.model = ScriptedModel(*replies)
        self.attempts: list[Attempt] = []
        talk = Talk(self.model, engine.prompts, "The situation.", never)
        self.drafter = Drafter(
            engine.knowledge, engine.index.embedder, engine.screen, talk, ("Noor",), self.attempts.append
        )

    def line(self):  # type: ignore[no-untyped-def]
        return self.drafter.expectation(THEME, CARD.target, CARD.by_when)

    def question(self):  # type: ignore[no-untyped-def]
        return self.drafter.question("conflicts", THEME, SEED)

    @property
    def broken(self) -> list[tuple[str, ...]]:
        return [attempt.broken for attempt in self.attempts]


def test_a_good_draft_is_kept(engine: Engine) -> None:
    bench = Bench(engine, GOOD_LINE, GOOD_QUESTION)
    line, question = bench.line(), bench.question()
    assert bench.broken == [(), ()]
    assert (line.behaviour, line.origin) == (GOOD_LINE["behaviour"], "drafted")
    assert (question.text, question.listen_for, question.origin) == (
        GOOD_QUESTION["question"],
        "the printer",
        "drafted",
    )
    assert len(bench.model.history) == 2


def test_the_model_sees_the_concern_and_the_handbooks_own_lines(engine: Engine) -> None:
    bench = Bench(engine, GOOD_LINE, GOOD_QUESTION)
    bench.line()
    bench.question()
    first, second = (asked.messages[-1].content for asked in bench.model.history)
    assert all(part in first for part in (SEEN, CARD.first_step, "the parcels"))
    assert all(part in second for part in (SEEN, ASKED_BY_CARD, "conflicts"))


def test_a_copy_of_the_card_is_not_called_a_draft(engine: Engine) -> None:
    copied = {
        "behaviour": CARD.fill(CARD.behaviour, THEME.slots),
        "measure": CARD.measure,
        "first_step": CARD.first_step,
    }
    bench = Bench(engine, copied, {"question": ASKED_BY_CARD, "listen_for": "what stands in the way"})
    assert bench.line().origin == "chosen"
    question = bench.question()
    assert (question.text, question.listen_for, question.origin) == (ASKED_BY_CARD, SEED.listen_for, "chosen")


VAGUE = GOOD_LINE | {"behaviour": "Shows a positive attitude to the parcels"}


def test_a_draft_that_breaks_a_rule_is_repaired_once_with_the_findings(engine: Engine) -> None:
    bench = Bench(engine, VAGUE, GOOD_LINE)
    line = bench.line()
    assert (line.behaviour, line.origin) == (GOOD_LINE["behaviour"], "repaired")
    assert [attempt.stage for attempt in bench.attempts] == ["drafted", "repaired"]
    assert "behaviour-observable" in bench.broken[0]
    assert bench.broken[1] == ()
    first, second = (asked.messages for asked in bench.model.history)
    assert second[:-1] == first[:-1]
    assert second[-1].content.startswith(first[-1].content), "the task is put anew"
    added = second[-1].content.removeprefix(first[-1].content)
    assert "attitude" in added
    assert VAGUE["behaviour"] not in added, "a small model gives back the draft that it sees"


def test_failing_twice_gives_the_card_in_the_managers_words(engine: Engine) -> None:
    bench = Bench(engine, VAGUE, VAGUE)
    line = bench.line()
    assert line.origin == "fallback"
    assert line.behaviour == "Scans the parcels before it goes on the shelf"
    assert (line.measure, line.first_step) == (CARD.measure, CARD.first_step)
    assert len(bench.model.history) == 2


def test_a_question_that_fails_twice_is_the_cards(engine: Engine) -> None:
    why = {"question": "Why did you not scan the parcels?", "listen_for": "excuses"}
    bench = Bench(engine, why, why)
    question = bench.question()
    assert (question.text, question.listen_for, question.origin) == (ASKED_BY_CARD, SEED.listen_for, "fallback")


@pytest.mark.parametrize(
    ("behaviour", "rule"),
    [
        ("Scans the parcels with a barcode drone before the shelf", "grounded"),
        ("Scans 17 parcels before they go on the shelf", "grounded"),
        ("Scans the parcels before the shelf by 3 May", "grounded"),
        ("Takes the trolley to the customer", "near-the-card"),
        ("Shows ownership of the parcels at close", "behaviour-observable"),
        ("Scans the parcels before they go on the shelf at close with you and with the shelf log", "as-short"),
    ],
)
def test_an_expectation_that_cannot_stand_is_refused(engine: Engine, behaviour: str, rule: str) -> None:
    bench = Bench(engine, GOOD_LINE | {"behaviour": behaviour}, GOOD_LINE)
    assert bench.line().origin == "repaired"
    assert rule in bench.broken[0]


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("What gets in her way of scanning the parcels?", "to-the-person"),
        ("Is the scanner in your way?", "open"),
        ("Why did you not scan the parcels?", "no-blame"),
        ("What gets in your way of scanning the parcels with a drone?", "grounded"),
        ("What gets in your way of scanning all 17 parcels?", "grounded"),
        ("What would make the customer wait for you at close?", "near-the-card"),
        ("What is good for you here?", "on-the-concern"),
    ],
)
def test_a_question_that_cannot_stand_is_refused(engine: Engine, question: str, rule: str) -> None:
    bench = Bench(engine, {"question": question, "listen_for": "x y"}, GOOD_QUESTION)
    assert bench.question().origin == "repaired"
    assert rule in bench.broken[0]


def test_the_employees_name_is_refused(engine: Engine) -> None:
    named = {"question": "What gets in Noor's way of scanning the parcels?", "listen_for": "the printer"}
    bench = Bench(engine, named, GOOD_QUESTION)
    assert bench.question().text == GOOD_QUESTION["question"]
    assert bench.broken[0]


@pytest.mark.parametrize("reply", ["nonsense", '{"behaviour": "Scans"}', '{"behaviour": 1, "measure": 2}', "{"])
def test_an_answer_in_another_form_is_asked_for_once_more(engine: Engine, reply: str) -> None:
    bench = Bench(engine, reply, GOOD_LINE)
    assert bench.line().origin == "repaired"
    assert bench.broken == [("readable",), ()]


@pytest.mark.parametrize("rejected", [ReplyCut("too long"), ReplyFiltered("filtered")])
def test_a_rejected_reply_is_asked_for_once_more_and_then_left(engine: Engine, rejected: Exception) -> None:
    bench = Bench(engine, rejected, rejected, GOOD_QUESTION)
    assert bench.line().origin == "fallback"
    assert bench.question().origin == "drafted"
    assert not bench.drafter.stopped


@pytest.mark.parametrize("gone", [ModelUnavailable("gone"), ModelBusy("busy")])
def test_when_the_model_goes_away_the_rest_is_the_handbooks(engine: Engine, gone: Exception) -> None:
    bench = Bench(engine, GOOD_LINE, gone)
    assert bench.line().origin == "drafted"
    assert bench.question().text == ASKED_BY_CARD
    assert bench.drafter.stopped
    assert bench.line().origin == "fallback"
    assert bench.drafter.filled(THEME) == THEME
    assert len(bench.model.history) == 2, "a model that went away is not asked again"


def test_without_a_model_everything_is_the_handbooks(engine: Engine) -> None:
    tried: list[Attempt] = []
    drafter = Drafter(engine.knowledge, engine.index.embedder, engine.screen, None, (), tried.append)
    assert drafter.expectation(THEME, CARD.target, CARD.by_when).origin == "fallback"
    assert drafter.question("conflicts", THEME, SEED).origin == "bank"
    assert drafter.filled(THEME) == THEME
    assert tried == []


def test_a_filler_is_nothing_to_listen_for(engine: Engine) -> None:
    bench = Bench(engine, GOOD_QUESTION | {"listen_for": "an answer"})
    assert bench.question().listen_for == SEED.listen_for


def test_a_measure_that_names_no_place_is_the_cards(engine: Engine) -> None:
    bench = Bench(engine, GOOD_LINE | {"measure": "Checked the parcels with the log each day"})
    assert bench.line().measure == CARD.measure
