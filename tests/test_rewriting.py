"""Vague phrases become expectations that pass the rules; a bad row never stops the rest."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest

from fakes import ScriptedModel
from fourthright.checks import ExpectationText, check_expectation
from fourthright.engine import Engine
from fourthright.errors import BadInput, Cancelled, ModelBusy, ModelUnavailable, ReplyFiltered
from fourthright.export.tables import markdown
from fourthright.figures import figures
from fourthright.rewriting import HEADING, Key, Rewrite, rewrite, table
from fourthright.sheets import as_csv, as_xlsx

ARTICLE = ("a positive attitude", "more customer focus", "be more strategic")
GUESTS = "waiter with hotel guests"


def _acts(answer: Rewrite) -> list[str]:
    return [made.behaviour for made in answer.expectations]


@pytest.fixture(scope="module")
def article(engine: Engine) -> tuple[Rewrite, ...]:
    return rewrite(ARTICLE, engine)


def test_the_three_phrases_of_the_article_become_expectations(article: Sequence[Rewrite]) -> None:
    attitude, focus, strategic = article
    assert _acts(attitude)[0] == "Greets the customer within 10 seconds of arrival"
    assert _acts(focus)[0] == "Asks the customer two questions before offering anything"
    assert _acts(strategic)[0] == "Opens proposals with a team goal and the expected effect"
    assert all(1 <= len(answer.expectations) <= 3 for answer in article)


def test_each_says_what_it_replaces_where_it_comes_from_and_that_its_numbers_are_proposals(
    article: Sequence[Rewrite], engine: Engine
) -> None:
    known = {card.id for card in engine.knowledge.cards} | {note.id for note in engine.knowledge.notes}
    for answer in article:
        assert not answer.questions
        assert not answer.flags
        for made in answer.expectations:
            assert made.replaces == answer.phrase
            assert made.origin == "fallback"
            assert set(made.sources) <= known
            assert {number.origin for number in made.numbers} == {"proposed"}
            lines = (made.behaviour, made.measure, made.target, made.by_when, made.first_step)
            shown = {number.text for number in made.numbers}
            assert all(figure.text in shown for line in lines for figure in figures(line))


def test_every_suggestion_for_every_phrase_of_the_handbook_passes_the_rules(engine: Engine) -> None:
    phrases = [label.words[0] for label in engine.knowledge.labels]
    phrases += [card.labels[0] for card in engine.knowledge.cards[::3]]
    answers = rewrite(phrases, engine, context="care assistant in a nursing home")
    made = [expectation for answer in answers for expectation in answer.expectations]
    assert len(made) > len(phrases)
    for one in made:
        fields = ExpectationText(**one.model_dump(include={"behaviour", "measure", "target", "by_when", "first_step"}))
        safe = engine.knowledge.card(one.sources[0]).safety
        found = check_expectation(fields.model_copy(update={"safety": safe}), engine.knowledge)
        assert [f.rule for f in found if f.severity == "error"] == []
        assert not [f for f in one.findings if f.severity == "error"]
    assert all(answer.error is None for answer in answers)


@pytest.mark.parametrize(
    ("phrase", "context", "level"),
    [
        ("needs to be less pregnant", None, "HOLD"),
        ("too old for this job", None, "REFUSE"),
        ("he threatened a colleague", None, "STOP"),
        ("not committed", "nurse, just back from maternity leave", "HOLD"),
    ],
)
def test_a_withheld_phrase_has_its_flags_and_nothing_else(
    engine: Engine, phrase: str, context: str | None, level: str
) -> None:
    model = ScriptedModel()
    (answer,) = rewrite([phrase], replace(engine, model=model), context=context)
    assert answer.withheld
    assert answer.flags[0].level == level
    assert (answer.expectations, answer.questions, answer.error) == ((), (), None)
    assert not model.history


def test_a_phrase_that_no_card_fits_has_two_questions(engine: Engine) -> None:
    (answer,) = rewrite(["purple"], engine)
    assert not answer.expectations
    assert [q.dimension for q in answer.questions] == ["clarity", "clarity"]
    assert not answer.flags


def test_a_bad_row_is_one_line_and_the_others_go_on(engine: Engine) -> None:
    rows = [
        "",
        "42",
        "rude",
        "eine positive Einstellung",
        "Calls 9 of 10 customers back within 2 days for 4 weeks",
        "lazy",
    ]
    answers = rewrite(rows, engine)
    assert [bool(answer.error) for answer in answers] == [True, True, False, True, True, False]
    assert [answer.phrase for answer in answers] == rows
    assert all(answer.expectations for answer in answers if not answer.error)
    assert all("\n" not in (answer.error or "") for answer in answers)


def test_a_private_matter_is_not_written_on(engine: Engine) -> None:
    (answer,) = rewrite(["too emotional since her divorce"], engine)
    assert answer.error is not None
    assert "private matter" in answer.error
    assert not answer.expectations


def test_a_blank_takes_what_the_context_names_but_not_the_job_itself(engine: Engine) -> None:
    def acts(context: str) -> str:
        return " | ".join(_acts(rewrite(["more customer focus"], engine, context=context)[0]))

    assert "Stays turned to hotel guests" in acts(GUESTS) or "Asks the hotel guests" in acts(GUESTS)
    assert "nurse" not in acts("nurse in an outpatient clinic")
    assert "customer" in acts("nurse in an outpatient clinic")


def test_the_model_picks_what_fills_a_blank(engine: Engine) -> None:
    model = ScriptedModel(*[{"customers": "hotel guests"}] * 3)
    answer = rewrite(["unfriendly"], replace(engine, model=model), context=GUESTS)[0]
    chosen = [made for made in answer.expectations if made.origin == "chosen"]
    assert chosen
    assert "hotel guests" in chosen[0].behaviour
    assert "waiter" not in model.history[0].messages[-1].content.split("Choose:")[1]


def test_an_answer_that_cannot_be_used_leaves_the_handbooks_words(engine: Engine) -> None:
    model = ScriptedModel(*["no JSON", ReplyFiltered("filtered")] * 3)
    (answer,) = rewrite(["rude"], replace(engine, model=model), context=GUESTS)
    assert model.history
    assert answer.expectations
    assert {made.origin for made in answer.expectations} == {"fallback"}


def test_a_model_that_never_answers_is_an_error_and_one_that_stops_is_not(engine: Engine) -> None:
    with pytest.raises(ModelUnavailable):
        rewrite(["rude"], replace(engine, model=ScriptedModel(ModelUnavailable("gone"))), context=GUESTS)
    model = ScriptedModel("{}", ModelBusy("busy"))
    answers = rewrite(["rude", "unfriendly", "more customer focus"], replace(engine, model=model), context=GUESTS)
    assert len(model.history) == 2
    assert all(answer.expectations for answer in answers)


def test_a_stopped_batch_goes_on_where_it_stopped(engine: Engine) -> None:
    stops = itertools.chain([False, False], itertools.repeat(True))
    finished: dict[Key, Rewrite] = {}
    with pytest.raises(Cancelled):
        rewrite(ARTICLE, engine, finished=finished, cancelled=lambda: next(stops))
    assert [phrase for phrase, _ in finished] == list(ARTICLE[:2])
    kept = dict(finished)
    told: list[tuple[int, int]] = []
    answers = rewrite(ARTICLE, engine, finished=finished, on_progress=lambda done, total: told.append((done, total)))
    assert answers[0] is kept[ARTICLE[0], None]
    assert answers[1] is kept[ARTICLE[1], None]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_another_context_is_another_row_and_the_same_phrase_is_answered_once(engine: Engine) -> None:
    finished: dict[Key, Rewrite] = {}
    one, two = rewrite(["rude", "rude"], engine, finished=finished)
    assert one is two
    rewrite(["rude"], engine, context="bank teller", finished=finished)
    assert set(finished) == {("rude", None), ("rude", "bank teller")}


def test_a_context_that_is_too_long_is_refused_before_anything_is_done(engine: Engine) -> None:
    with pytest.raises(BadInput, match="context"):
        rewrite(["rude"], engine, context="x" * 999)


def test_the_table_has_a_row_for_each_expectation_and_one_for_a_phrase_without(engine: Engine) -> None:
    answers = rewrite(["be more strategic", "purple", "42", "too old for this job"], engine)
    made = table(answers, engine.knowledge)
    assert made.heading == HEADING
    assert {len(row) for row in made.rows} == {len(HEADING)}
    assert [row[0] for row in made.rows] == ["be more strategic", "purple", "42", "too old for this job"]
    strategic, purple, number, old = made.rows
    assert strategic[3].endswith("(proposed)")
    assert "Find out first" in purple[-1]
    assert "holds a number" in number[-1]
    assert old[-1].startswith("REFUSE")
    assert as_csv(made).count("\r\n") == 5
    assert as_xlsx(made)
    assert markdown(made).count("\n") == 5
