from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from fourthright.checks.grounding import RULE, check_grounding
from fourthright.knowledge import load
from messy import situations

KNOWLEDGE = load()
SITUATION = (
    "Precious left 5 of 14 fluid charts blank after 2pm last week. Handover on Sunday took a minute, she left out that "
    "Mr Allen refused lunch. The save the dates went out on August 29, the plan said August 1. I use Asana."
)


@dataclass(frozen=True)
class Lines:
    """An expectation's texts as the check reads them."""

    behaviour: str = "Fills in the chart before the next resident"
    measure: str = "Checked in the charts"
    target: str = "few blanks"
    by_when: str = "soon"
    first_step: str | None = None


def quotes(lines: Lines, situation: str = SITUATION) -> list[str]:
    return [finding.quote for finding in check_grounding(lines, situation, KNOWLEDGE)]


def test_a_number_without_a_source_is_found_and_named() -> None:
    (finding,) = check_grounding(Lines(target="at most 3 blank charts a week"), SITUATION, KNOWLEDGE)
    assert (finding.rule, finding.quote, finding.severity) == (RULE, "3", KNOWLEDGE.rule(RULE).severity)
    assert finding.why
    assert "(proposed)" in finding.better


def test_a_number_marked_as_proposed_passes() -> None:
    assert quotes(Lines(target="at most 3 blank charts a week (proposed)", by_when="within 4 weeks (proposed)")) == []
    assert quotes(Lines(target="Proposed: at most 3 blank charts a week")) == []
    assert quotes(Lines(target="at most 3 blank charts. Weekly review (proposed)")) == ["3"]


def test_the_managers_own_numbers_dates_and_names_pass() -> None:
    assert quotes(Lines(measure="5 of 14 charts were blank", first_step="Tells Mr Allen's nurse on Sunday")) == []
    assert quotes(Lines(target="by August 1", measure="Seen in Asana")) == []


def test_the_same_value_for_another_thing_is_found() -> None:
    assert quotes(Lines(target="14 handovers without a gap")) == ["14"]
    assert quotes(Lines(target="at most 5 errors")) == ["5"]


CALLS = "She took 50 calls in week 36 and 17 rang out; the contract says 90 percent. Audit is on 21 March."


def test_a_share_is_backed_by_its_part_and_its_whole() -> None:
    text = "My sample is twenty letters, seven had the reason on top. Sixteen would be fine."
    assert quotes(Lines(target="sixteen of twenty"), text) == []
    assert quotes(Lines(target="16 letters out of 20"), text) == []
    assert quotes(Lines(target="18 letters out of 20"), text) == ["18 letters out of 20"]
    assert quotes(Lines(target="20 of 20 letters"), text) == []


def test_days_and_hours_do_not_back_a_number_of_things() -> None:
    assert quotes(Lines(target="4 of 5 closed gates"), "4 hours were lost in 5 days.") == ["4 of 5"]


def test_a_per_cent_and_a_date_are_worked_out() -> None:
    assert quotes(Lines(target="45 of 50 calls", measure="34 % rang out"), CALLS.replace("17 ", "17 of 50 ")) == []
    assert quotes(Lines(target="41 of 50 calls"), CALLS) == ["41 of 50"]
    assert quotes(Lines(by_when="by 14 March, one week before the audit"), CALLS) == []
    assert quotes(Lines(by_when="by 12 March, one week before the audit"), CALLS) == ["12 March"]


def test_one_and_two_are_no_claims_where_they_only_point() -> None:
    lines = Lines(measure="two columns in the file", first_step="Tries it in one aisle")
    assert quotes(lines, "The file is empty.") == []
    assert quotes(Lines(target="one blank chart"), "The file is empty.") == ["one"]


def test_what_follows_from_the_managers_numbers_passes() -> None:
    assert quotes(Lines(measure="The last mailing was 28 days late")) == []
    assert quotes(Lines(measure="The last mailing was 27 days late")) == ["27 days"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("18 of 24 trays (computed)", "Of the 24 trays a quarter had no lid."),
        ("now 10 of 14 nights", "The fryer was on for 4 nights out of the last 14."),
        ("21 corrections in 3 proposals (computed)", "The last 3 proposals had 7, 5 and 9 corrections."),
        ("one in five", "20 % were late."),
        ("over the next two weeks", "It was on for 4 nights out of the last 14."),
        ("within one day", "There is a 24h deadline."),
        ("an hour and a half, 1 1/2 hours, 1.5 h", "The standard is 90 minutes."),
        ("3,5 % in March", "In March it was 3.5 %."),
        ("5 to 7 March", "On the 5th, the 6th and the 7th of March none had a label."),
        ("14 May and 16 May", "On 14/05 and 16/05 the till was short."),
        ("at 11.30", "Rounds are at half past eleven."),
        ("first look on 25 August", "The rule is 7 days, he writes the rota for September."),
        ("the four deadlines", "Four applications go out until December."),
        ("A4 sheet, one-to-one, ISO 9001, 24/7", "The file is empty."),
    ],
)
def test_a_figure_said_otherwise_or_worked_out_passes(line: str, text: str) -> None:
    assert quotes(Lines(target=line), text) == []


@pytest.mark.parametrize(
    ("line", "loose"),
    [
        ("20 of 24 trays (computed)", "20 of 24"),
        ("10 of 14 nights", "10 of 14"),
        ("twice the number of last term (computed)", "twice"),
        ("within 12h", "12h"),
        ("9 to 11 March", "9"),
    ],
)
def test_calling_it_computed_backs_no_figure_that_does_not_follow(line: str, loose: str) -> None:
    text = "Of the 24 trays 5 had no lid, 4 of 14 nights. From 5 to 7 March the limit was 24h."
    assert loose in quotes(Lines(target=line), text)


def test_a_mark_covers_its_clause_and_not_the_next() -> None:
    assert quotes(Lines(target="5 of 6 calls (the short ones) a week (proposed)"), "It is loud.") == []
    assert quotes(Lines(target="at most 3 calls a week, to be agreed"), "It is loud.") == []
    assert quotes(Lines(target="14 of 16 (proposed); Deepa is first"), "It is loud.") == ["Deepa"]


def test_one_situation_never_backs_the_line_of_another() -> None:
    line = Lines(measure="The last mailing was 28 days late")
    assert quotes(line) == []
    assert quotes(line, "The last mailing was 3 days late.") == ["28 days"]
    assert quotes(line) == []


def test_days_months_and_names_need_a_source_too() -> None:
    assert quotes(Lines(by_when="by Friday")) == ["Friday"]
    assert quotes(Lines(by_when="by the end of December")) == ["December"]
    assert quotes(Lines(by_when="on Sunday")) == []
    assert quotes(Lines(first_step="Sits down with Jordan Miller")) == ["Jordan Miller"]
    assert quotes(Lines(first_step="Asks HR and IT for help", measure="Seen in the CRM")) == []


def test_each_loose_number_is_found_once() -> None:
    assert quotes(Lines(target="3 errors", by_when="3 errors", first_step="7 calls")) == ["3", "7"]


@pytest.mark.parametrize("text", situations())
def test_a_situation_backs_its_own_sentences(text: str) -> None:
    for sentence in text.replace("\n", ". ").split(". "):
        assert quotes(Lines(measure=sentence), text) == []


def test_a_full_length_situation_is_checked_in_a_moment() -> None:
    text = ("5 of 14 charts were blank on the 4th and 12 calls rang out. " * 400)[:20_000]
    started = time.process_time()
    quotes(Lines(target="at most 3 blank charts a week", by_when="within 4 weeks"), text)
    assert time.process_time() - started < 2
