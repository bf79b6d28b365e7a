from __future__ import annotations

import pytest

from fourthright.domain import Number, Observation, ObservationKind
from fourthright.figures import Rate, Today, figures, goal, origins, today
from messy import situations
from scanning import observed


def seen(quote: str, name: str = "o1", start: int = 0, kind: ObservationKind = "seen") -> Observation:
    return Observation(id=name, quote=quote, start=start, end=start + len(quote), kind=kind)


def baseline(*quotes: str) -> Today:
    """Today's baseline of sentences that follow one another."""
    observations, start = [], 0
    for n, quote in enumerate(quotes, 1):
        observations.append(seen(quote, f"o{n}", start))
        start += len(quote) + 1
    found = today(observations)
    assert found is not None
    return found


def computed(*quotes: str) -> list[tuple[str, str | None]]:
    return [(n.text, n.formula) for n in baseline(*quotes).numbers if n.origin == "computed"]


def labels(line: str, *quotes: str) -> dict[str, tuple[str, ...]]:
    """Every figure of a line with the observations it comes from; proposed ones come from none."""
    observations = [seen(quote, f"o{n}") for n, quote in enumerate(quotes, 1)]
    return {number.text: number.from_ for number in origins(line, observations)}


@pytest.mark.parametrize("text", situations())
def test_figures_are_verbatim_in_order_without_overlap(text: str) -> None:
    before = 0
    for figure in figures(text):
        assert before <= figure.start < figure.end
        assert text[figure.start : figure.end] == figure.text
        before = figure.end


@pytest.mark.parametrize("text", situations())
def test_a_baseline_is_verbatim_but_for_what_was_computed(text: str) -> None:
    for quote in (line.strip() for line in text.replace(";", "\n").replace(". ", ".\n").splitlines()):
        if not quote:
            continue
        found = baseline(quote)
        assert found.text.split(" (")[0] in quote
        assert len(found.text.split()) <= 22
        for number in found.numbers:
            assert number.from_ == ("o1",)
            assert number.text in found.text
            assert (number.formula is not None) == (number.origin == "computed")
        if not any(number.origin == "computed" for number in found.numbers):
            assert found.text in quote


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("three patients turned up", "count", 3, "patient"),
        ("twenty five boxes", "count", 25, "box"),
        ("2,400 labels", "count", 2400, "label"),
        ("a dozen calls", "count", 12, "call"),
        ("twice this month", "count", 2, "time"),
        ("3x this week", "count", 3, "time"),
        ("12 of his last 30 trips", "share", 12, "trip"),
        ("6 out of 10 files", "share", 6, "file"),
        ("5/12 setups", "share", 5, "setup"),
        ("7%", "percent", 7, None),
        ("ten per cent", "percent", 10, None),
        ("$2,400", "money", 2400, None),
        ("S$41k", "money", 41000, None),
        ("18h30", "time", 1110, None),
        ("9:15", "time", 555, None),
        ("4:50pm", "time", 1010, None),
        ("half past six", "time", 390, None),
        ("16 o'clock", "time", 960, None),
        ("due at noon", "time", 720, None),
        ("August 29", "date", 829, None),
        ("4 Nov", "date", 1104, None),
        ("on the 29th", "date", 29, None),
        ("on 10/2", "date", 1002, None),
        ("until 30.11.", "date", 1130, None),
        ("5 weeks", "duration", 5, "week"),
        ("6 working days", "duration", 6, "day"),
        ("30 minute slots", "duration", 30, "minute"),
        ("2nd time this month", "ordinal", 2, "time"),
        ("third time since summer", "ordinal", 3, "time"),
        ("room 608", "name", 608, "room"),
    ],
)
def test_every_way_to_write_a_number_is_read(text: str, kind: str, value: float, unit: str | None) -> None:
    (figure,) = figures(text)
    assert (figure.kind, figure.value, figure.unit) == (kind, value, unit)


@pytest.mark.parametrize(
    "text", ["a couple of times", "one of the girls", "the bedside one", "second, the log", "no one", ""]
)
def test_words_that_count_nothing_are_no_figures(text: str) -> None:
    assert figures(text) == ()


@pytest.mark.parametrize(
    ("quote", "expected", "formula"),
    [
        ("14 of 200 invoices went out wrong", "7 in 100", "100 x 14 / 200"),
        ("it took 25 minutes instead of 15", "10 minutes over", "25 minutes - 15"),
        ("the card sat there from 4 Nov to 15 Nov", "11 days", "15 Nov - 4 Nov"),
        ("nothing moved 1 to 29 August", "28 days", "29 August - 1 August"),
        ("It went out on August 29, the plan said August 1", "28 days late", "August 29 - August 1"),
        ("sent on the 29th, the cut off is the 26th", "3 days late", "29th - 26th"),
        ("He delivered at 19:20 on a 17:00 deadline", "2 h 20 late", "19:20 - 17:00"),
        ("arrived at 10 when the appointment was at 8:30", "1 h 30 late", "10 - 8:30"),
        ("It finished at 5 am, normal is 3 am", "2 hours late", "5 am - 3 am"),
        ("212 hours against 140 quoted", "72 hours over, 51 %", "212 hours - 140; 100 x (212 - 140) / 140"),
        ("he had 41 open claims, the team average is 17", "24 more", "41 - 17"),
        ("62 lines an hour, standard is 85", "23 below", "62 - 85"),
        ("scrap was 7% last month, shop standard is 3%", "4 points over", "7% - 3%"),
        ("it arrived Friday 16:45, it was due Wednesday noon", "2 days late", "Friday - Wednesday"),
        ("answers take 6 working days, what we promised is 2", "4 working days over", "6 working days - 2"),
        ("she left at 16:20, the shift ends at 17:00", "40 minutes early", "17:00 - 16:20"),
        ("the desk opened at 10:20 on Sunday, posted hours are 10", "20 minutes late", "10:20 - 10"),
        ("30 minute slots took 47 on average", "17 minutes over", "47 - 30 minute"),
    ],
)
def test_what_can_be_computed_is_computed(quote: str, expected: str, formula: str) -> None:
    assert computed(quote) == [(expected, formula)]
    assert baseline(quote).text == f"{quote} ({expected}, computed)"


def test_every_late_start_of_a_list_is_computed() -> None:
    quote = "I clocked 10:12, 10:09 and 10:15 for a 10:00 start"
    assert computed(quote) == [("12, 9 and 15 minutes late", "10:12 - 10:00, 10:09 - 10:00, 10:15 - 10:00")]


@pytest.mark.parametrize(
    "quote",
    [
        "the report comes the next day around lunch, should be 10pm",
        "AHT 9:40 vs target 6:30",
        "12 complaints in 3 weeks",
        "Roster has had 2 gaps every weekend, 5 people asked",
        "she called 5 customers and sent 9 quotes",
        "she left at 9:15, the deadline was 17:00",
        "2 of the last 3 weeks",
        "sent 3 May, due 5 May",
        "4 entries between 3 and 19 October had one signature",
        "he sold 40 units for $900 against 3 days of training",
        "the file came on 3 March, it was due on 20 February",
    ],
)
def test_nothing_is_computed_when_in_doubt(quote: str) -> None:
    assert computed(quote) == []


def test_the_standard_may_stand_in_the_next_sentence() -> None:
    found = baseline("The check takes her 25 minutes.", "Normal is 15.")
    assert found.text == "The check takes her 25 minutes (10 minutes over, computed)"
    assert found.standard == "Normal is 15"
    assert found.observation_ids == ("o1", "o2")


def test_observations_that_count_different_things_are_never_mixed() -> None:
    found = baseline("She had 25 open tickets.", "The target is 15 calls.")
    assert all(number.origin == "situation" for number in found.numbers)


def test_the_best_baseline_of_a_concern_is_the_rate() -> None:
    found = baseline("She was late on Monday.", "5 of 14 charts were blank.", "It took 20 minutes.")
    assert found.observation_ids == ("o2",)
    assert found.rate == Rate(count=5, total=14, unit="chart", failing=True)


def test_a_long_observation_is_cut_to_the_clause_with_the_numbers() -> None:
    quote = (
        "As everybody on the ward knows by now, since I have said it often enough in every huddle this autumn, "
        "5 of 14 charts were blank after 2pm, and the night shift had to ask all the families on the phone what their mothers had drunk"
    )
    assert baseline(quote).text == "5 of 14 charts were blank after 2pm"


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        (
            "The parcel lay under the counter for 6 weeks and we were sent a second bill of $90 by the courier firm",
            "The parcel lay under the counter for 6 weeks",
        ),
        (
            "the wound checks, I read 12 notes and 5 had no measurement for the whole of the night shift as you can see",
            "the wound checks, I read 12 notes and 5 had no measurement",
        ),
        (
            "i came by on friday morning and 7 of the 9 trays had no label on the side that faces the aisle",
            "7 of the 9 trays had no label on the side that faces the aisle",
        ),
        (
            "the pump was not cleaned on his turn on the 3rd and the 9th",
            "the pump was not cleaned on his turn on the 3rd and the 9th",
        ),
        (
            "The Wexford roof she booked 180 hours against 120 quoted for the whole of the job with scaffolding",
            "she booked 180 hours against 120 quoted (60 hours over, 50 %, computed)",
        ),
        (
            "What I see is this: she takes the order then doesn't enter the table in the till at all",
            "she takes the order then doesn't enter the table in the till at all",
        ),
    ],
)
def test_a_baseline_begins_and_ends_where_speech_does(quote: str, told: str) -> None:
    assert baseline(quote).text == told


@pytest.mark.parametrize("room", [9, 11, 14, 18])
@pytest.mark.parametrize("text", situations())
def test_a_baseline_never_ends_in_the_middle_of_a_phrase(text: str, room: int) -> None:
    found = today([seen(text)], room)
    assert found is not None
    told = found.text.split(" (")[0]
    assert len(found.text.split()) <= 22
    assert told in text
    if len(told.split()) < min(22, len(text.split())):
        assert told.split()[-1].lower() not in {"the", "a", "of", "her", "his", "and", "had", "no"}


def test_without_figures_the_seen_words_are_the_baseline_and_without_seen_there_is_none() -> None:
    assert baseline("the door was left open").numbers == ()
    assert today([seen("he is lazy", kind="label"), seen("told him 3 times", "o2", 20, "history")]) is None
    assert today([]) is None


@pytest.mark.parametrize(
    ("quote", "rate"),
    [
        ("Out of the 14 charts I checked 5 were blank", (5, 14, "chart", True)),
        ("I audited 10 charts and 4 had no entry", (4, 10, "chart", True)),
        ("I pulled ten files and six of them had no note", (6, 10, "file", True)),
        ("I pulled ten of them and six had no contact note", (6, 10, None, True)),
        ("late on 3 of the last 5 Mondays", (3, 5, "monday", True)),
        ("Only 4 of 18 planned sessions happened", (4, 18, "session", False)),
        ("there are 3 of 7 samples in the folder", (3, 7, "sample", False)),
        ("there have been 2 this term, the calendar has 5", (2, 5, None, False)),
        ("his last five pull requests had no tests", (5, 5, "request", True)),
        ("6 of 10 were for the new product", (6, 10, None, None)),
        ("In October 7 of 31 shifts had no handover", (7, 31, "shift", True)),
        ("on May 3 of 12 jobs the photo was missing", (3, 12, "job", True)),
        ("4 out of the last 5 mornings the till was not counted", (4, 5, "morning", True)),
        ("She was late three times out of four", (3, 4, None, True)),
        ("late twice in the last 6 shifts", (2, 6, "shift", True)),
        ("14 mis-picks in 200 lines last week", (14, 200, "line", True)),
        ("6 no-shows out of 20 bookings", (6, 20, "booking", True)),
        ("one in every ten orders was short", (1, 10, "order", True)),
        ("half of the 12 checklists were blank", (6, 12, "checklist", True)),
        ("a quarter of the 20 labels were wrong", (5, 20, "label", True)),
        ("none of his 4 shifts started late", (0, 4, "shift", True)),
        ("not one of the 6 forms was filled in", (0, 6, "form", False)),
        ("all 6 packs were missing the leaflet", (6, 6, "pack", True)),
        ("every third order had a mistake", (1, 3, "order", True)),
        ("I checked 15, 4 were wrong", (4, 15, None, True)),
        ("20 orders went out, 3 of them wrong", (3, 20, "order", True)),
        ("4 of this week's 9 visits were not logged", (4, 9, "visit", True)),
        ("3/10 were sent back", (3, 10, None, True)),
        ("8 of 10 had no errors", (8, 10, None, None)),
        ("5 of 12 were sent but not signed", (5, 12, None, None)),
        ("I know it is not fun but 8 of 10 calls were answered", (8, 10, "call", False)),
    ],
)
def test_a_rate_says_whether_it_counts_failures(quote: str, rate: tuple[int, int, str | None, bool | None]) -> None:
    found = baseline(quote).rate
    assert found is not None
    assert (found.count, found.total, found.unit, found.failing) == rate


@pytest.mark.parametrize(
    "quote",
    [
        "12 complaints in 3 weeks",
        "the meeting of October 7 of 2024",
        "every second counts in triage",
        "every third Thursday we meet",
        "half 6 she came",
        "not all 5 rooms were done",
        "I told all 12 staff",
    ],
)
def test_what_only_looks_like_a_rate_is_none(quote: str) -> None:
    assert baseline(quote).rate is None


@pytest.mark.parametrize(
    ("count", "total", "failing", "expected"),
    [
        (5, 14, True, "at most 1 of 14"),
        (12, 30, True, "at most 3 of 30"),
        (4, 18, False, "at least 14 of 18"),
        (15, 18, False, "at least 17 of 18"),
        (1, 14, True, None),
        (2, 3, True, None),
        (17, 18, False, None),
        (5, 14, None, None),
    ],
)
def test_a_goal_is_better_than_today_and_never_full_marks(
    count: int, total: int, failing: bool | None, expected: str | None
) -> None:
    assert goal(Rate(count=count, total=total, unit=None, failing=failing)) == expected


@pytest.mark.parametrize("failing", [True, False])
def test_every_goal_is_strictly_better(failing: bool) -> None:
    for total in range(4, 60):
        for count in range(total + 1):
            words = goal(Rate(count=count, total=total, unit=None, failing=failing))
            if words:
                aim = int(words.split()[2])
                assert 1 <= aim < count if failing else count < aim < total


def test_a_rate_is_a_part_of_a_whole() -> None:
    with pytest.raises(ValueError, match="not a share"):
        Rate(count=5, total=4, unit=None, failing=None)


def test_a_number_is_the_managers_only_where_it_counts_the_same() -> None:
    charts = "5 of the 14 fluid charts were blank after 2pm"
    assert labels("5 of the 14 charts blank", charts) == {"5 of the 14": ("o1",)}
    assert labels("at most 1 of 14 charts", charts) == {"1 of 14": ()}
    assert labels("checks 14 rooms", charts) == {"14": ()}
    assert labels("before 2pm", charts) == {"2pm": ("o1",)}
    assert labels("5 blank charts so far", charts) == {"5": ("o1",)}
    assert labels("at most 5 blank charts", charts) == {"5": ()}


def test_an_aim_with_a_number_of_the_situation_is_still_proposed() -> None:
    late = "The invoice sat in her inbox for 5 weeks, 3 reminders came"
    assert labels("within 5 weeks", late) == {"5 weeks": ()}
    assert labels("the invoice lay 5 weeks in the inbox", late) == {"5 weeks": ("o1",)}
    assert labels("at most 3 a month", late) == {"3": ()}
    assert labels("3 reminders so far", late) == {"3": ("o1",)}


def test_a_number_names_every_observation_that_has_it_and_a_mark_overrules() -> None:
    quotes = ("11 calls rang out on Tuesday", "11 calls rang out on Friday")
    assert labels("11 calls rang out", *quotes) == {"11": ("o1", "o2")}
    assert labels("11 calls (proposed)", *quotes) == {"11": ()}
    assert origins("no number here", [seen(quotes[0])]) == ()


def test_origins_are_numbers_of_the_page() -> None:
    (number,) = origins("17 calls", [])
    assert number == Number(text="17", origin="proposed")


def test_the_standard_is_not_where_things_stand() -> None:
    now = today(observed("takes 4 weeks to return tests, school rule is 10 school days"))
    assert now is not None
    assert "4 weeks" in now.text
    assert "10 school days" not in now.text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("in the last four weeks I found pallets parked in the fire lane 5 times, I took photos twice", "5 times"),
        ("I asked him three times, he left the gate open on 4 mornings in May", "4 mornings"),
        (
            "I listened to 12 calls, in 7 of them she did not say the name of the practice or her own",
            "name of the practice",
        ),
    ],
)
def test_where_things_stand_is_what_the_person_did(text: str, kept: str) -> None:
    now = today(observed(text))
    assert now is not None
    assert kept in now.text
