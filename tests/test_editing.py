"""Changing the page by hand: rules again, numbers again, everything else untouched."""

from __future__ import annotations

from typing import get_args

import pytest

import sample
from fourthright import knowledge
from fourthright.domain import Prep
from fourthright.editing import (
    EXPECTATION_FIELDS,
    Place,
    Removable,
    edit_expectation,
    edit_question,
    edit_step,
    edit_text,
    remove_line,
)
from fourthright.errors import BadInput
from fourthright.knowledge import Knowledge


@pytest.fixture(scope="module")
def handbook() -> Knowledge:
    return knowledge.load()


def without(prep: Prep, *fields: str) -> dict[str, object]:
    return prep.model_dump(exclude=set(fields))


def test_a_changed_field_is_the_managers_and_everything_else_stays(handbook: Knowledge) -> None:
    before = sample.ready()
    after = edit_expectation(before, "e1", "first_step", "  scans the next\n trolley alone ", handbook)
    e = after.expectations[0]
    assert (e.first_step, e.origin) == ("scans the next trolley alone", "edited")
    assert (e.behaviour, e.baseline, e.sources) == (
        sample.SCANNING.behaviour,
        sample.SCANNING.baseline,
        sample.SCANNING.sources,
    )
    assert after.expectations[1] == sample.WAITING
    assert without(after, "expectations") == without(before, "expectations")


def test_changes_add_up(handbook: Knowledge) -> None:
    page = edit_expectation(sample.ready(), "e1", "target", "at most 2 of 40 not scanned", handbook)
    page = edit_expectation(page, "e1", "by_when", "by the end of June", handbook)
    page = edit_question(page, "q1", "What tells you that a trolley is done?", handbook)
    page = edit_text(page, "gaps", "Who shelves on Mondays and Tuesdays?", 0)
    e = page.expectations[0]
    assert (e.target, e.by_when) == ("at most 2 of 40 not scanned", "by the end of June")
    assert page.agenda.questions[0].text == "What tells you that a trolley is done?"
    assert page.gaps[0].text == "Who shelves on Mondays and Tuesdays?"


def test_the_rules_run_again_on_an_expectation(handbook: Knowledge) -> None:
    broken = edit_expectation(sample.ready(), "e1", "behaviour", "Has a more positive attitude", handbook)
    assert "behaviour-observable" in [finding.rule for finding in broken.expectations[0].findings]
    mended = edit_expectation(broken, "e1", "behaviour", "Scans each parcel before it goes on the shelf", handbook)
    assert "behaviour-observable" not in [finding.rule for finding in mended.expectations[0].findings]


def test_the_rules_run_again_on_a_question(handbook: Knowledge) -> None:
    page = edit_question(sample.ready(), "q3", "Do you scan the parcels?", handbook)
    question = page.agenda.questions[2]
    assert question.origin == "edited"
    assert "open" in [finding.rule for finding in question.findings]
    assert "open" not in [
        f.rule for f in edit_question(page, "q9", "Can you start on Friday?", handbook).agenda.questions[8].findings
    ]


def test_a_number_from_the_situation_is_the_managers_own_and_another_is_proposed(handbook: Knowledge) -> None:
    e = edit_expectation(
        sample.ready(), "e1", "measure", "Counted at close, where 34 of 40 parcels were not scanned", handbook
    ).expectations[0]
    assert {(n.text, n.origin, n.from_) for n in e.numbers} >= {("34 of 40", "situation", ("o2",))}
    e = edit_expectation(sample.ready(), "e1", "target", "at most 7 parcels not scanned", handbook).expectations[0]
    numbers = {n.text: n.origin for n in e.numbers}
    assert next(origin for text, origin in numbers.items() if text.startswith("7")) == "proposed"


def test_numbers_of_other_fields_keep_their_origin_and_dropped_ones_go(handbook: Knowledge) -> None:
    e = edit_expectation(sample.ready(), "e1", "target", "nearly all parcels scanned", handbook).expectations[0]
    origins = {n.text: n.origin for n in e.numbers}
    assert origins["85 in 100"] == "computed"
    assert origins["3 weeks"] == "proposed"
    assert "4 of 40" not in origins
    assert "at most" not in e.target


def test_a_private_number_is_no_source(handbook: Knowledge) -> None:
    page = sample.ready()
    private = tuple(o.model_copy(update={"kind": "private"}) if o.id == "o2" else o for o in page.observations)
    page = page.model_copy(update={"observations": private})
    e = edit_expectation(page, "e2", "measure", "Counted: 34 of 40 parcels not scanned", handbook).expectations[1]
    assert {n.origin for n in e.numbers if n.text == "34 of 40"} == {"proposed"}


@pytest.mark.parametrize("empty", ["", "  \n ", "x" * 601])
def test_an_empty_or_endless_line_is_one_error(handbook: Knowledge, empty: str) -> None:
    page = sample.ready()
    for field in EXPECTATION_FIELDS:
        with pytest.raises(BadInput):
            edit_expectation(page, "e1", field, empty, handbook)
    with pytest.raises(BadInput):
        edit_question(page, "q1", empty, handbook)
    with pytest.raises(BadInput):
        edit_step(page, "Probe", empty)
    with pytest.raises(BadInput) as refused:
        edit_text(page, "gut_check", empty)
    assert "\n" not in str(refused.value)


def test_a_step_keeps_its_lines() -> None:
    page = edit_step(sample.withheld(), "Ask", ' "What now?" \n\n "Who calls   whom?" ')
    assert page.agenda.steps[2].say == '"What now?"\n"Who calls whom?"'
    assert page.agenda.steps[:2] == sample.withheld().agenda.steps[:2]


@pytest.mark.parametrize("place", get_args(Place))
def test_every_plain_line_can_be_changed(place: Place) -> None:
    before = sample.ready().model_copy(update={"watch_for": sample.no_evidence().watch_for})
    after = edit_text(before, place, "my own words")
    assert "my own words" in str(getattr(after, place))
    assert without(after, place) == without(before, place)


@pytest.mark.parametrize("place", get_args(Removable))
def test_every_line_but_steps_and_gut_check_can_go(place: Removable) -> None:
    before = sample.ready().model_copy(update={"watch_for": sample.no_evidence().watch_for})
    key = {"expectations": "e1", "baseline": "e1", "questions": "q3"}.get(place, 0)
    after = remove_line(before, place, key)
    assert after != before
    assert Prep.model_validate(after.model_dump(by_alias=True)) == after
    field = {"baseline": "expectations", "questions": "agenda"}.get(place, place)
    assert without(after, field, "sources") == without(before, field, "sources")


def test_what_no_line_cites_any_more_leaves_the_list_of_sources() -> None:
    before = sample.ready()
    after = remove_line(before, "expectations", "e1")
    assert {source.id for source in before.sources} - {source.id for source in after.sources} == set(
        before.expectations[0].sources
    )
    assert remove_line(before, "gaps", 0).sources == before.sources


def test_a_removed_question_leaves_its_step() -> None:
    page = remove_line(sample.ready(), "questions", "q3")
    assert [q.id for q in page.agenda.questions] == ["q1", "q2", "q4", "q5", "q6", "q7", "q8", "q9"]
    assert page.agenda.steps[3].question_ids == ("q1", "q2", "q4")


def test_a_removed_baseline_takes_its_numbers_along() -> None:
    e = remove_line(sample.ready(), "baseline", "e1").expectations[0]
    assert e.baseline is None
    assert "85 in 100" not in {n.text for n in e.numbers}
    assert {n.text for n in e.numbers} >= {"4 of 40", "3 weeks"}


def test_an_unknown_line_is_a_bug_and_says_so(handbook: Knowledge) -> None:
    with pytest.raises(KeyError):
        edit_question(sample.ready(), "q99", "What now?", handbook)
