"""The rules for one expectation, clear cases and traps."""

from __future__ import annotations

from typing import Any

import pytest

from fourthright.checks import ExpectationText, check_expectation
from fourthright.checks.expectation import EXPECTATION_RULES
from fourthright.domain import Finding
from fourthright.knowledge import Knowledge, load
from labelled import rows, scores

FLOOR_PRECISION, FLOOR_RECALL = 0.9, 0.85
HARNESS = "Clips the harness on before every climb"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def broken(knowledge: Knowledge, **fields: Any) -> set[str]:
    """The rules that an otherwise sound expectation breaks."""
    sound = {
        "behaviour": "Writes the delivery time on the sheet before leaving the dock",
        "measure": "The dock sheet, against the gate log",
        "target": "9 of 10 deliveries",
        "by_when": "within 3 weeks",
    }
    return {finding.rule for finding in check_expectation(ExpectationText(**(sound | fields)), knowledge)}


def of_row(row: dict[str, Any], knowledge: Knowledge) -> tuple[Finding, ...]:
    fields = {name: row[name] for name in ("behaviour", "measure", "target", "by_when")}
    return check_expectation(ExpectationText(**fields), knowledge)


def test_every_rule_has_its_text_in_the_handbook(knowledge: Knowledge) -> None:
    written = {rule.id for rule in knowledge.rules if rule.applies_to == "expectation"}
    assert written == set(EXPECTATION_RULES) | {"numbers-sourced"}


def test_a_sound_expectation_passes(knowledge: Knowledge) -> None:
    assert broken(knowledge) == set()


@pytest.mark.parametrize(
    "behaviour",
    [
        "Improve attitude by 20 % by Friday",
        "Is more proactive",
        "Takes ownership of the rota",
        "Shows customer focus",
        "Thinks strategically",
        "Greets guests with a positive attitude",
        "Communicates better with the night shift",
        "Be a team player",
        "Better punctuality",
        "Tries harder",
        "Is reliable",
        "",
    ],
)
def test_traits_attitudes_and_results_are_not_observable(knowledge: Knowledge, behaviour: str) -> None:
    assert "behaviour-observable" in broken(knowledge, behaviour=behaviour, target="by 20 %", by_when="by Friday")


@pytest.mark.parametrize(
    "behaviour",
    [
        "Is in the driver's seat five minutes before departure",
        "Writes the name of the person responsible beside each action",
        "Reads the energy meter at 8:00",
        "Sends the strategic plan to the board",
        "Says “good morning, stay positive” into the microphone",
        "Opens the gate at 7:00",
        "Reports when the fridge is too warm",
        "Works on site on the agreed days",
        "Asks the patient how the pain feels",
    ],
)
def test_plain_acts_are_observable(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == set()


def test_a_vague_phrase_is_answered_with_the_handbooks_translation(knowledge: Knowledge) -> None:
    fields = ExpectationText(behaviour="Is more strategic", measure="notes", target="2 a month", by_when="by May")
    (finding,) = check_expectation(fields, knowledge)
    label = next(label for label in knowledge.labels if "more strategic" in label.words)
    assert label.becomes in finding.better


@pytest.mark.parametrize(
    "measure", ["", "My impression", "Gut feeling", "General feedback", "We will see", "Common sense"]
)
def test_an_impression_is_no_measure(knowledge: Knowledge, measure: str) -> None:
    assert broken(knowledge, measure=measure) == {"measure-named"}


@pytest.mark.parametrize(
    "measure", ["the book", "forwarding date", "pull requests", "Tyre pressures on the whiteboard"]
)
def test_anything_that_leaves_a_trace_is_a_measure(knowledge: Knowledge, measure: str) -> None:
    assert broken(knowledge, measure=measure) == set()


@pytest.mark.parametrize(
    "target", ["", "better", "more often", "do your best", "as many as possible", "significantly fewer"]
)
def test_a_target_that_cannot_be_missed_is_none(knowledge: Knowledge, target: str) -> None:
    assert broken(knowledge, target=target) == {"target-set"}


@pytest.mark.parametrize(
    "target",
    [
        "4 of the next 5",
        "at most two a week",
        "half of the calls",
        "the same day",
        "twice a shift",
        "each entry with date and initials",
    ],
)
def test_numbers_words_and_concrete_bars_are_targets(knowledge: Knowledge, target: str) -> None:
    assert broken(knowledge, target=target) == set()


@pytest.mark.parametrize(
    "by_when", ["", "soon", "ASAP", "ongoing", "from now on", "when there is time", "in the future"]
)
def test_a_time_without_a_date_is_none(knowledge: Knowledge, by_when: str) -> None:
    assert broken(knowledge, by_when=by_when) == {"time-bound"}


@pytest.mark.parametrize(
    "by_when",
    [
        "from Monday",
        "for 4 weeks",
        "each Friday",
        "by the next event",
        "within three weeks",
        "over 3 reviews",
        "by Easter",
        "2026-12-01",
    ],
)
def test_dates_periods_and_rhythms_are_times(knowledge: Knowledge, by_when: str) -> None:
    assert broken(knowledge, by_when=by_when) == set()


@pytest.mark.parametrize(
    "behaviour",
    [
        "Stops being late",
        "stop being late",
        "Avoids interrupting others",
        "Does not use the phone",
        "No swearing",
        "Doesn’t shout",
    ],
)
def test_only_stopping_is_not_enough(knowledge: Knowledge, behaviour: str) -> None:
    assert "positive-form" in broken(knowledge, behaviour=behaviour)


@pytest.mark.parametrize(
    "behaviour",
    [
        "Stops fully before turning into the aisle",
        "Stops interrupting and waits until the speaker has finished",
        "Puts the phone into the locker instead of the pocket",
        "Tells the office when the van does not start",
        "No later than 9:00, opens the counter",
    ],
)
def test_saying_what_to_do_is_enough(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == set()


@pytest.mark.parametrize(
    "target", ["zero errors", "100 %", "always", "10 of 10", "every single time", "0 late entries", "none"]
)
def test_absolutes_fail(knowledge: Knowledge, target: str) -> None:
    assert broken(knowledge, target=target) == {"not-absolute"}


@pytest.mark.parametrize("target", ["10 of 10", "100 %", "always", "zero misses"])
def test_absolutes_are_fair_where_one_failure_can_kill(knowledge: Knowledge, target: str) -> None:
    assert broken(knowledge, behaviour=HARNESS, target=target) == set()


def test_a_card_can_say_that_its_target_is_about_safety(knowledge: Knowledge) -> None:
    assert broken(knowledge, target="10 of 10") == {"not-absolute"}
    assert broken(knowledge, target="10 of 10", safety=True) == set()


def test_a_newsletter_about_safety_is_not_a_matter_of_life(knowledge: Knowledge) -> None:
    behaviour = "Proofreads the safety newsletter before it goes out"
    assert broken(knowledge, behaviour=behaviour, target="zero typos") == {"not-absolute"}


@pytest.mark.parametrize(
    "target", ["9 of 10 charts with no blank", "at most 1 late entry", "11 of 14", "almost always, 9 of 10"]
)
def test_a_share_below_the_whole_is_not_absolute(knowledge: Knowledge, target: str) -> None:
    assert broken(knowledge, target=target) == set()


@pytest.mark.parametrize(
    "behaviour",
    [
        "Answers emails and updates the board and mentors the trainee",
        "Cleans the fryer and reports shortages to the manager",
        "Files receipts weekly, and keeps the van clean",
        "You will answer the phone, log each visitor and water the plants",
        "Updates the tracker as well as calling back leads",
        "Logs calls. Follows up on quotes.",
    ],
)
def test_bundles_fail(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == {"one-behaviour"}


@pytest.mark.parametrize(
    "behaviour",
    [
        "Logs the call and its time in the same entry",
        "Signs and dates the sheet",
        "Has the shallots and the stock in their trays before service",
        "Records checks and tests in the log",
        "Writes the order down and reads it back",
        "Calls the owner when a dog limps and refuses food",
        "Sends agendas and notes two days ahead",
    ],
)
def test_objects_joined_by_and_are_one_behaviour(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"behaviour": "Customers give 5 stars"},
        {"behaviour": "Gets the client to renew"},
        {"behaviour": "Wins the Henderson account"},
        {"target": "team morale rises to 8"},
        {"target": "20 % of clients reply"},
        {"target": "a satisfaction score of 4.7"},
        {"measure": "NPS report"},
    ],
)
def test_what_others_decide_is_not_in_their_control(knowledge: Knowledge, fields: dict[str, str]) -> None:
    assert "in-their-control" in broken(knowledge, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"behaviour": "Answers customer complaints within a day"},
        {"behaviour": "Brings the guests to their table"},
        {"behaviour": "Sends customers order confirmations"},
        {"behaviour": "Closes the accounts by the 5th"},
        {"target": "9 of 10 customers greeted"},
        {"target": "9 of 10 complaints answered"},
    ],
)
def test_work_with_customers_is_in_their_control(knowledge: Knowledge, fields: dict[str, str]) -> None:
    assert broken(knowledge, **fields) == set()


@pytest.mark.parametrize(
    "behaviour",
    [
        "Gets the landlord to fix the boiler",
        "Has the whole class pass the exam",
        "Makes sure that all tenants pay on the first",
        "Keeps the neighbours from calling the police",
        "Doesn't let the customers leave without buying",
        "Sees to it that colleagues answer their mails",
        "Brings the average waiting time of callers down",
        "Obtains the inspector's approval of the stairs",
        "Talks visitors into buying a second drink",
        "Motivates the boys so that they want to stay",
    ],
)
def test_making_somebody_else_act_is_not_in_their_control(knowledge: Knowledge, behaviour: str) -> None:
    assert "in-their-control" in broken(knowledge, behaviour=behaviour)


@pytest.mark.parametrize(
    "behaviour",
    [
        "Has a colleague recalculate the dose before the pump starts",
        "Lets the caller finish the sentence before answering",
        "Keeps parents informed of delays by text message",
        "Gets approval in writing before ordering above 500 euros",
        "Leads the guests to their table",
        "Reminds the tenants of the due date by letter",
        "Gets the van to the depot by 6",
    ],
)
def test_asking_telling_and_leading_people_is_in_their_control(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == set()


def test_how_others_shall_feel_is_neither_seen_nor_in_their_control(knowledge: Knowledge) -> None:
    found = broken(knowledge, behaviour="Makes every guest happy")
    assert found == {"behaviour-observable", "in-their-control"}


@pytest.mark.parametrize(
    "behaviour",
    [
        "Never parks on the kerb and never leaves the engine running",
        "Avoids overtime and no longer leaves the lights on",
        "Is punctual, polite and clean",
        "Is accurate and stays calm",
        "Answers the phone while also running the till",
        "Keeps staff turnover healthy and the group chat quiet",
        "Mows the verge and has the tools back by six",
    ],
)
def test_two_traits_two_stops_and_two_results_are_bundles(knowledge: Knowledge, behaviour: str) -> None:
    assert "one-behaviour" in broken(knowledge, behaviour=behaviour)


@pytest.mark.parametrize(
    "behaviour", ["Weighs the parcel and sticks the label on it", "Wears gloves while handling raw meat"]
)
def test_a_second_verb_on_the_same_thing_is_one_behaviour(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == set()


@pytest.mark.parametrize(
    "behaviour",
    [
        "Labels the meat tray; scraps the grill",
        "Checks the tyres/washes the cab",
        "Drafts the contract, additionally updates the wiki",
        "Sweeps the yard as well as feeds the hens",
        "Calls the participant followed by updating the study binder",
        "Handles the returns and the window display",
        "Is flexible when the plan is changed, loyal to the shift boss too",
    ],
)
def test_two_acts_without_a_plain_and_are_a_bundle(knowledge: Knowledge, behaviour: str) -> None:
    assert "one-behaviour" in broken(knowledge, behaviour=behaviour)


@pytest.mark.parametrize(
    "behaviour",
    [
        "Wipes the tables and chairs",
        "Sorts nuts and bolts by size",
        "Writes down and reads back the order",
        "Puts on gloves, goggles and apron before mixing",
        "Asks one open question, then waits for the answer",
        "Wears gloves while cutting the mesh",
        "Takes the order, standing at the table",
    ],
)
def test_two_objects_or_a_manner_are_one_act(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == set()


@pytest.mark.parametrize(
    "behaviour",
    [
        "Shows dedication to the shop",
        "Gives the job his full attention",
        "Acts professionaly toward the new colleagues",
        "Worries less about the boss",
        "Comes across friendlier",
        "Treats everybody fairly",
    ],
)
def test_a_quality_as_the_object_or_manner_is_not_observable(knowledge: Knowledge, behaviour: str) -> None:
    assert "behaviour-observable" in broken(knowledge, behaviour=behaviour)


@pytest.mark.parametrize(
    "behaviour",
    [
        "Focuses the lamps before coiling the spare cables",
        "Feels the pulse at the wrist",
        "Engages the handbrake on the ramp",
        "Takes the lead rope in the left hand",
        "Takes the initiative sheet to the board",
        "Each guest is shown to the table",
        "Holsters the scanner on the belt",
    ],
)
def test_an_act_with_a_word_for_a_state_is_observable(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == set()


@pytest.mark.parametrize(
    "behaviour",
    [
        "Guests rate the check-in with 4.5 stars",
        "Colleagues laugh more at lunch",
        "Her team answers all tickets in a day",
        "The jury gives the cake full points",
        "The waiting list gets shorter",
        "Brings the number of no-shows down",
        "Receives a rating of at least 4.6 from the passengers",
        "Ranks among the top three sellers",
        "Gets the city to fix the road",
        "Gets the legal team's answer within two days",
    ],
)
def test_somebody_else_as_the_subject_or_a_result_is_not_in_their_control(knowledge: Knowledge, behaviour: str) -> None:
    assert "in-their-control" in broken(knowledge, behaviour=behaviour)


@pytest.mark.parametrize(
    "behaviour",
    [
        "Guests are told the wait at the door",
        "Every caller hears the name of the shop first",
        "Opens the second till when the queue gets longer than 4",
        "Sorts the sales slips by date",
        "Fills the beds with fresh straw",
        "Has the second nurse check the dose",
        "Asks the customer for a review at check-out",
    ],
)
def test_what_others_only_receive_is_in_their_control(knowledge: Knowledge, behaviour: str) -> None:
    assert broken(knowledge, behaviour=behaviour) == set()


def test_stopping_one_thing_and_then_another_names_no_act(knowledge: Knowledge) -> None:
    behaviour = "No longer mixes up the files and stops leaving the tapes on the desk"
    assert broken(knowledge, behaviour=behaviour) == {"positive-form", "one-behaviour"}


@pytest.mark.parametrize(
    "measure", ["My hunch", "I will see it in his eyes", "The mood in the room", "People will notice it", "Happy faces"]
)
def test_a_place_does_not_make_an_impression_a_measure(knowledge: Knowledge, measure: str) -> None:
    assert broken(knowledge, measure=measure) == {"measure-named"}


@pytest.mark.parametrize("measure", ["Chef's glance, ticked on the station card", "Taped frames seen, in my notebook"])
def test_an_impression_that_is_written_down_is_a_measure(knowledge: Knowledge, measure: str) -> None:
    assert broken(knowledge, measure=measure) == set()


@pytest.mark.parametrize(
    "target",
    ["absolutely none", "0 deviations", "not one late delivery", "at most 1 late and 0 missing", "no typo, ever"],
)
def test_none_at_all_is_absolute_however_it_is_said(knowledge: Knowledge, target: str) -> None:
    assert broken(knowledge, target=target) == {"not-absolute"}


def test_a_finding_quotes_the_text_as_it_was_typed(knowledge: Knowledge) -> None:
    fields = ExpectationText(behaviour="Doesn’t shout — ever", measure="shift log", target="4 of 5", by_when="by May")
    (finding,) = check_expectation(fields, knowledge)
    assert finding.quote in fields.behaviour
    assert finding.quote.startswith("Doesn’t")
    assert finding.severity == "error"
    assert finding.why == knowledge.rule("positive-form").reason
    assert finding.better
    assert "\n" not in finding.better


@pytest.mark.parametrize(
    "behaviour",
    [
        "Answers the phone with “good morning”, and says ‘my name is’ to each visitor and files the mail",
        "Is “reliable” — and keen",
        "Customers say “thank you” and trust the clerk",
    ],
)
def test_quoted_words_inside_a_finding_come_back_as_typed(knowledge: Knowledge, behaviour: str) -> None:
    fields = ExpectationText(behaviour=behaviour, measure="desk log", target="4 of 5", by_when="by May")
    found = check_expectation(fields, knowledge)
    assert found
    assert all(finding.quote and finding.quote in behaviour for finding in found)


def test_numbers_are_traced_only_when_the_situation_is_there(knowledge: Knowledge) -> None:
    invented = {"target": "37 of 41 deliveries"}
    assert broken(knowledge, **invented) == set()
    assert broken(knowledge, **invented, situation="The dock sheet was blank on Tuesday.") == {"numbers-sourced"}


def test_every_quote_of_the_labelled_texts_is_verbatim(knowledge: Knowledge) -> None:
    for row in rows("expectation"):
        texts = " | ".join(row[name] for name in ("behaviour", "measure", "target", "by_when"))
        assert all(finding.quote in texts for finding in of_row(row, knowledge)), row["id"]


def test_half_that_was_not_looked_at_stays_above_the_floors(knowledge: Knowledge) -> None:
    held = scores(rows("expectation", "held"), lambda row: of_row(row, knowledge))
    assert set(held) == set(EXPECTATION_RULES)
    low = {rule: s for rule, s in held.items() if s.precision < FLOOR_PRECISION or s.recall < FLOOR_RECALL}
    assert not low


def test_clean_expectations_pass(knowledge: Knowledge) -> None:
    clean = [row for row in rows("expectation") if not row["broken"]]
    failing = [row["id"] for row in clean if {f.rule for f in of_row(row, knowledge)} - set(row["unsure"])]
    assert len(clean) > 100
    assert len(failing) <= len(clean) * 0.02
