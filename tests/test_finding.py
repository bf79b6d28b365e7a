"""Which observations are one concern, which card it rests on, and how many fit a page."""

from __future__ import annotations

import pytest

from fourthright.domain import Observation, ObservationKind
from fourthright.engine import Engine
from fourthright.finding import GENERAL_CARD, MOST_CONCERNS, Theme, for_the_page, themes
from scanning import observed, theme

LATE = "he came 25 minutes after the start of his shift on Monday"
PHONE = "she had her phone out at the till while a customer waited on Tuesday"
LOG = "6 of the 7 days in the fridge temperature log were empty"
TALKED_OVER = "he interrupted Mina four times in the team meeting"


def found(engine: Engine, *pieces: str | tuple[str, ObservationKind], doubtful: bool = False) -> tuple[Theme, ...]:
    observations = observed(*pieces)
    sure = [] if doubtful else [o.id for o in observations]
    return themes(observations, sure, engine.index, engine.knowledge)


def ids(made: tuple[Theme, ...]) -> list[tuple[str, ...]]:
    return [tuple(o.id for o in t.observations) for t in made]


def test_different_things_are_different_concerns_in_the_order_of_the_text(engine: Engine) -> None:
    made = found(engine, LATE, PHONE, LOG, TALKED_OVER)
    assert ids(made) == [("o1",), ("o2",), ("o3",), ("o4",)]
    assert [t.id for t in made] == ["c1", "c2", "c3", "c4"]
    assert len({t.card.id for t in made}) == 4
    assert all(t.fits for t in made)


def test_the_same_thing_told_twice_is_one_concern(engine: Engine) -> None:
    made = found(engine, LATE, LOG, "on Friday he came 40 minutes after the start of his shift")
    assert ids(made) == [("o1", "o3"), ("o2",)]


@pytest.mark.parametrize(
    "after", ["so I had to open the till myself", "which the customers saw", "I ended up doing it"]
)
def test_what_only_followed_from_it_stays_with_it(engine: Engine, after: str) -> None:
    assert ids(found(engine, LATE, after)) == [("o1", "o2")]


@pytest.mark.parametrize("after", ["Two left.", "then stopped", "on Tuesday four customers waited outside"])
def test_a_fragment_and_what_others_did_about_it_stay_with_it(engine: Engine, after: str) -> None:
    assert ids(found(engine, LATE, after)) == [("o1", "o2")]


def test_a_fragment_alone_starts_no_concern_beside_others(engine: Engine) -> None:
    assert ids(found(engine, "came in Monday", LOG)) == [("o2",)]


def test_a_count_of_failures_is_a_concern_whether_a_card_fits_or_not(engine: Engine) -> None:
    made = found(engine, LATE, ("we moved", "background"), "9 of 40 pears were bruised", doubtful=True)
    assert ids(made)[-1] == ("o3",)
    assert made[-1].card.id == GENERAL_CARD


def test_how_the_manager_knows_does_not_choose_the_card(engine: Engine) -> None:
    (made,) = found(engine, "on Tuesday I audited 10 charts and 4 had no entry for the whole shift")
    assert made.card.id == "record-at-the-time"


def test_two_concerns_never_rest_on_one_card(engine: Engine) -> None:
    made = found(engine, LATE, PHONE, LOG, TALKED_OVER, "the drawing had the old version", "the checklist was not used")
    assert len({t.card.id for t in made}) == len(made)


def test_context_does_not_start_a_concern(engine: Engine) -> None:
    made = found(engine, ("we moved the desks", "background"), LATE, "the ceiling in the hall is painted green")
    assert [o.id for t in made for o in t.observations][:1] == ["o2"]
    assert len(made) == 1


@pytest.mark.parametrize("kind", ["label", "guess", "hearsay", "history", "strength", "private", "background"])
def test_only_what_was_seen_becomes_a_concern(engine: Engine, kind: ObservationKind) -> None:
    assert found(engine, (LATE, kind)) == ()


def test_what_fits_no_card_is_a_concern_where_there_is_nothing_else(engine: Engine) -> None:
    (only,) = found(engine, "zxqv blorp 3 times")
    assert only.card.id == GENERAL_CARD
    assert not only.fits


def test_each_concern_points_at_its_words(engine: Engine) -> None:
    (made,) = found(engine, LATE)
    assert made.concern().observation_ids == made.other().observation_ids == ("o1",)
    assert made.concern().card_id == made.card.id
    assert "{" not in made.topic
    assert made.text == LATE


def test_blanks_are_filled_with_words_of_the_text_only(engine: Engine) -> None:
    for made in found(engine, LATE, PHONE, LOG, TALKED_OVER):
        for phrase in made.slots.values():
            assert phrase.removeprefix("the ") in made.text


def lined_up(*scores: float) -> list[Theme]:
    seen: tuple[Observation, ...] = observed(*(f"seen {n}" for n in range(len(scores))))
    return [theme([o], theme_id=f"c{n}", score=s) for n, (o, s) in enumerate(zip(seen, scores, strict=True), 1)]


def test_a_page_holds_four_the_best_evidenced_in_the_order_of_the_text() -> None:
    kept, others = for_the_page(lined_up(0.5, 0.9, 0.4, 0.8, 0.7, 0.6))
    assert [t.id for t in kept] == ["c2", "c4", "c5", "c6"]
    assert [t.id for t in others] == ["c1", "c3"]
    assert len(kept) == MOST_CONCERNS


@pytest.mark.parametrize("count", [0, 1, 4])
def test_what_fits_is_kept_whole(count: int) -> None:
    kept, others = for_the_page(lined_up(*[0.5] * count))
    assert (len(kept), others) == (count, ())


def test_how_often_stays_with_what_was_done(engine: Engine) -> None:
    pieces = observed("Ines sends letters to the wrong address", "four times since May, once to a rival")
    (found,) = themes(pieces, {"o2"}, engine.index, engine.knowledge)
    assert found.observations == pieces


def test_a_figure_against_a_standard_is_a_concern_even_where_no_card_fits(engine: Engine) -> None:
    made = found(engine, LOG, "cuts 12 hedges a day, the standard is 20")
    assert ids(made) == [("o1",), ("o2",)]
    assert made[1].card.id == GENERAL_CARD
