"""An expectation: where things stand today, a target in the manager's own unit, and the origin of every number."""

from __future__ import annotations

import pytest

from fourthright.domain import Expectation, Observation
from fourthright.drafting import Drafter
from fourthright.engine import Engine
from fourthright.entries import Card
from fourthright.expecting import TODAY_WORDS, expectation
from scanning import CARD, SEEN, observed, theme


def expected(engine: Engine, *pieces: str, concerns: int = 1, card: Card = CARD) -> Expectation:
    alone = Drafter(engine.knowledge, engine.index.embedder, engine.screen, None, (), lambda _: None)
    made = theme(observed(*(pieces or (SEEN,))), card=card)
    return expectation(made, "sloppy", alone, engine.knowledge, concerns=concerns)


def test_it_names_its_concern_and_what_it_rests_on(engine: Engine) -> None:
    made = expected(engine)
    assert (made.id, made.concern_id, made.replaces, made.origin) == ("e1", "c1", "sloppy", "fallback")
    assert made.sources[0] == CARD.id
    known = {note.id for note in engine.knowledge.notes}
    assert set(made.sources[1:]) <= known
    assert len(made.sources) > 1


def test_every_blank_is_filled(engine: Engine) -> None:
    made = expected(engine)
    assert "{" not in made.model_dump_json().replace('{"', "").replace(":{", "")
    assert "the parcels" in made.behaviour


def test_today_is_in_the_managers_numbers(engine: Engine) -> None:
    made = expected(engine)
    assert made.baseline
    assert "34 of 40" in made.baseline.text
    assert made.baseline.observation_ids == ("o1",)
    assert any(n.text == "34 of 40" and n.origin == "situation" and n.from_ == ("o1",) for n in made.numbers)


def test_the_target_is_in_the_managers_unit_where_there_is_a_rate(engine: Engine) -> None:
    assert "40" in expected(engine).target
    assert expected(engine, "parcels lay on the shelf unscanned").target == CARD.target


def test_a_matter_of_safety_keeps_its_own_target(engine: Engine) -> None:
    safe = CARD.model_copy(update={"safety": True})
    assert expected(engine, card=safe).target == CARD.target


def test_without_numbers_today_has_none_and_nothing_is_made_up(engine: Engine) -> None:
    made = expected(engine, "parcels lay on the shelf unscanned")
    assert made.baseline is None or made.baseline.text in "parcels lay on the shelf unscanned"
    assert {n.origin for n in made.numbers} == {"proposed"}


@pytest.mark.parametrize(
    "pieces",
    [
        (SEEN,),
        ("On 3 of the last 5 days parcels were not scanned", "12 customers waited 25 minutes instead of 15"),
        ("she left 14 of 200 parcels unscanned in May", "and 6 on Friday at 17:30"),
    ],
)
def test_every_number_that_is_not_proposed_points_at_its_words(engine: Engine, pieces: tuple[str, ...]) -> None:
    made = expected(engine, *pieces)
    quotes = {o.id: o.quote for o in observed(*pieces)}
    for number in made.numbers:
        assert set(number.from_) <= set(quotes)
        if number.origin == "situation":
            assert any(number.text.lower() in quotes[i].lower() for i in number.from_), number
    if made.baseline:
        assert set(made.baseline.observation_ids) <= set(quotes)


def test_a_full_page_has_shorter_lines(engine: Engine) -> None:
    alone, among = expected(engine), expected(engine, concerns=3)
    assert CARD.measure.startswith(among.measure)
    assert len(among.measure.split()) <= len(alone.measure.split())
    assert "," not in among.measure
    long = "On Monday morning when the lorry came in 34 of 40 parcels that were meant for the shelf were not scanned"
    cut = expected(engine, long, concerns=4).baseline
    assert cut
    assert "34 of 40" in cut.text
    assert len(cut.text.split()) <= len(long.split())
    assert TODAY_WORDS[4] < TODAY_WORDS[1]


def test_the_rules_have_nothing_against_the_handbooks_line(engine: Engine) -> None:
    assert [f for f in expected(engine).findings if f.severity == "error"] == []


def test_numbers_are_listed_once(engine: Engine) -> None:
    numbers = [(n.text, n.origin) for n in expected(engine).numbers]
    assert len(numbers) == len(set(numbers))


def test_observations_may_begin_anywhere_in_the_text(engine: Engine) -> None:
    moved = tuple(
        Observation(id=o.id, quote=o.quote, start=o.start + 100, end=o.end + 100, kind=o.kind) for o in observed(SEEN)
    )
    alone = Drafter(engine.knowledge, engine.index.embedder, engine.screen, None, (), lambda _: None)
    made = expectation(theme(moved), None, alone, engine.knowledge, concerns=1)
    assert made == expected(engine).model_copy(update={"replaces": None})
