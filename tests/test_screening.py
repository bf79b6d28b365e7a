"""Safeguards: what must fire, what must not, and whose words are shown. The texts are our own, in tests/data/screening_dev.jsonl.

`tuned` texts were looked at while the cues were written; `held` ones were put aside before and only counted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fourthright.domain import LEVELS, Flag
from fourthright.embedding import MiniLM
from fourthright.knowledge import Knowledge, load
from fourthright.screening import MOST_WORDS, Screen, fold, level

CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "screening_dev.jsonl").read_text("utf-8").splitlines()
]
GRAVE = {
    "self_harm",
    "violence_threat",
    "harassment_or_discrimination_complaint",
    "retaliation_risk",
    "pretext",
    "protected_trait",
    "coercion",
    "whistleblowing",
}
LEVEL_OF = {
    "self_harm": "STOP",
    "violence_threat": "STOP",
    "harassment_or_discrimination_complaint": "HOLD",
    "retaliation_risk": "HOLD",
    "pretext": "REFUSE",
    "protected_trait": "REFUSE",
    "coercion": "REFUSE",
    "pregnancy_or_fertility": "HOLD",
    "protected_leave": "HOLD",
    "union_or_pay_talk": "HOLD",
    "whistleblowing": "HOLD",
    "misconduct_or_crime": "HOLD",
    "minor_immigration_domestic": "HOLD",
    "medical_or_disability": "FLAG",
    "no_evidence": "FLAG",
}
HALVES = ("tuned", "held")


@pytest.fixture(scope="module")
def handbook() -> Knowledge:
    return load()


@pytest.fixture(scope="module")
def words_only(handbook: Knowledge) -> Screen:
    return Screen(handbook)


@pytest.fixture(scope="module")
def screen(handbook: Knowledge) -> Screen:
    return Screen(handbook, MiniLM())


@pytest.fixture(scope="module")
def raised(screen: Screen) -> dict[str, tuple[Flag, ...]]:
    """Case id -> its flags, from one run over all texts."""
    return {case["id"]: screen(case["text"]) for case in CASES}


def triggers(flags: tuple[Flag, ...]) -> set[str]:
    return {flag.trigger for flag in flags}


def wrongly(case: dict[str, Any], flags: tuple[Flag, ...]) -> set[str]:
    """Triggers raised by a look-alike; what was seen is scored with its own texts only."""
    return triggers(flags) - (set() if case["about"] == "no_evidence" else {"no_evidence"})


# --- how often, on both halves ---


@pytest.mark.parametrize("half", HALVES)
def test_the_grave_triggers_are_found(half: str, raised: dict[str, tuple[Flag, ...]]) -> None:
    cases = [c for c in CASES if c["fires"] and c["half"] == half and c["about"] in GRAVE]
    found = [c for c in cases if c["about"] in triggers(raised[c["id"]])]
    assert len(found) >= 0.9 * len(cases)


@pytest.mark.parametrize("half", HALVES)
def test_look_alikes_stay_quiet(half: str, raised: dict[str, tuple[Flag, ...]]) -> None:
    cases = [c for c in CASES if not c["fires"] and c["half"] == half]
    noisy = [c["text"] for c in cases if wrongly(c, raised[c["id"]])]
    assert len(noisy) <= 0.05 * len(cases), noisy


@pytest.mark.parametrize("trigger", LEVEL_OF)
def test_most_texts_of_a_trigger_are_found(trigger: str, raised: dict[str, tuple[Flag, ...]]) -> None:
    cases = [c for c in CASES if c["fires"] and c["about"] == trigger]
    found = [c for c in cases if trigger in triggers(raised[c["id"]])]
    assert len(found) >= 0.8 * len(cases)


# --- one named text per trigger ---

NAMED = {
    "self_harm": "He missed the 5th again, and today he said he just wants to end it all.",
    "violence_threat": "She told the others she will make me pay for this and that she knows where I live.",
    "harassment_or_discrimination_complaint": "She is uncomfortable with how he looks at her and asked me not to tell anyone.",
    "retaliation_risk": "In July she filed a grievance about me. Since then she is suddenly underperforming, two late reports.",
    "pretext": "I need a paper trail so that I can get rid of him by Easter. He was late twice.",
    "protected_trait": "At her age you don't learn this any more, we need young blood on the desk.",
    "coercion": "I will tell him to sign the targets today or else he can clear his desk.",
    "pregnancy_or_fertility": "Since she is pregnant the filing piles up, 200 letters on Friday.",
    "protected_leave": "He used 9 FMLA days for his mother, so I mark attendance as needs improvement.",
    "union_or_pay_talk": "She started a petition about the break room. Three calls were missed.",
    "whistleblowing": "He reported us to the health inspector. His closing list is incomplete on 3 evenings.",
    "misconduct_or_crime": "She signed off 12 checks that were never done, the camera shows nobody went in.",
    "minor_immigration_domestic": "Our apprentice is 17 and came late to the workshop 6 times.",
    "medical_or_disability": "She told me she has been diagnosed with lupus. 5 of 14 charts were blank.",
    "no_evidence": "He has a bad attitude and no motivation whatsoever.",
}


@pytest.mark.parametrize("trigger", NAMED)
def test_names_the_trigger_at_its_level(trigger: str, words_only: Screen) -> None:
    found = {flag.trigger: flag.level for flag in words_only(NAMED[trigger])}
    assert found[trigger] == LEVEL_OF[trigger]


# --- ordinary talk ---


@pytest.mark.parametrize(
    "ordinary",
    [
        "I'm killing it with new accounts and he left 7 contracts unsigned.",
        "She is sick of the backlog and so am I, 41 claims are open.",
        "There was a long pregnant pause and he walked out to a viewing at two.",
        "I need the paper trail for the audit, 11 pages are unsigned.",
        "He has no fire in the belly, my boss says, and made 6 calls on Tuesday.",
        "People call her dead wood, but she closed 12 files last week.",
        "He kills me with his late paperwork, 9 forms on Friday.",
        "She'd kill me if she knew, but the door was unlocked on two nights.",
        "I said just shoot him an email and he did not for 5 days.",
        "By a stroke of luck nobody stood on the ramp when he reversed on Monday.",
        "He opened the Union Square shop late on three Sundays.",
        "He is an old hand and left the log blank on 4 days.",
        "The culture in the yoghurt tank died because he forgot the temperature on Monday.",
        "I am sick of chasing the orders, 5 had no date.",
        "He has a blind spot for stock, 8 lines ran out in October.",
        "It fell on deaf ears: 5 of 10 jackets had no label.",
        "It is crazy busy and she left 3 mails without an answer.",
        "Not to labour the point, but the plan came on Monday four times.",
        "The line is dead when I call the depot, I tried on Monday and Tuesday.",
        "She manages a drug store and the roster had 3 gaps.",
        "She has stolen the show at the fair, but 9 leads were never called.",
        "We are expecting a delivery at six and he opened the gate at 6:40.",
        "In that vein, he left the bins full on Monday and Tuesday.",
        "We have to strike a balance: 6 of 40 boxes were damaged.",
        "Our legal translator delivered at 19:20 on a 17:00 deadline.",
        "There was a complaint from a customer about a scratched table, and since then 2 more were scratched.",
        "A customer complained about his tone on the 3rd, and since then he has been late twice.",
        "The families put in a grievance about the laundry and 30 pieces were lost in October.",
        "She does not work Wednesdays and the file was missing before her days off, three times.",
    ],
)
def test_spares_ordinary_talk(ordinary: str, screen: Screen) -> None:
    assert triggers(screen(ordinary)) <= {"no_evidence"}


def test_a_customers_complaint_is_not_the_employees(words_only: Screen) -> None:
    late = "Since then she was late three times and her attitude is poor."
    assert "retaliation_risk" not in triggers(words_only(f"A customer filed a complaint with head office. {late}"))
    assert "retaliation_risk" in triggers(words_only(f"She filed a complaint with head office. {late}"))


# --- what is shown ---


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_quotes_are_verbatim_and_short(case: dict[str, Any], raised: dict[str, tuple[Flag, ...]]) -> None:
    for flag in raised[case["id"]]:
        assert flag.quote in case["text"]
        assert 1 <= len(flag.quote.split()) <= MOST_WORDS


def test_the_quote_is_the_clause_around_the_cue(words_only: Screen) -> None:
    before, cue, after = "He is 2 days late with the report.", "He told me he wants to end it all.", "Goals please."
    (flag,) = (f for f in words_only(f"{before} {cue} {after}") if f.trigger == "self_harm")
    assert flag.quote == cue


def test_gravest_first_and_once_each(words_only: Screen) -> None:
    flags = words_only(
        "Build a case against her. She filed a grievance about me and since then she is late. She told me she has "
        "epilepsy. She said she wants to kill herself, yes, kill herself."
    )
    levels = [LEVELS.index(flag.level) for flag in flags]
    assert levels == sorted(levels)
    assert len(triggers(flags)) == len(flags)
    assert triggers(flags) >= {"self_harm", "retaliation_risk", "pretext", "medical_or_disability"}


def test_a_withheld_level_leaves_flags_standing(words_only: Screen) -> None:
    flags = words_only("She is lazy and I want to build a case against her.")
    assert [flag.level for flag in flags] == ["REFUSE", "FLAG"]
    assert level(flags) == "REFUSE"


def test_nothing_raised_is_none() -> None:
    assert level(()) == "NONE"


# --- no evidence ---


def test_no_evidence_quotes_the_longest_judgement(words_only: Screen) -> None:
    (flag,) = words_only("She is lazy. Everyone says she has a really bad attitude to the work we do.")
    assert flag.trigger == "no_evidence"
    assert "attitude" in flag.quote


def test_one_thing_seen_is_evidence(words_only: Screen) -> None:
    assert "no_evidence" not in triggers(
        words_only("She is lazy. She left the last three pallets unwrapped on Monday.")
    )


# --- hidden text ---


@pytest.mark.parametrize(
    "written",
    [
        "he wants to ki\u200bll him\u00adself",
        "he wants to \u043aill hims\u0435lf",
        "he wants to \uff4b\uff49\uff4c\uff4c himself",
        "he wants to kíll hímself",
        "he wants to kill\nhimself",
        "he wants to kill\u00a0\u2003himself",
        "HE WANTS TO KILL HIMSELF",
    ],
)
def test_sees_through_disguise_and_quotes_it_as_typed(written: str, words_only: Screen) -> None:
    text = f"The report was late on Monday. I think {written}."
    (flag,) = (f for f in words_only(text) if f.trigger == "self_harm")
    assert flag.quote in text
    assert written in flag.quote


@pytest.mark.parametrize("mark", ["'", "\u2019", "\u2018", "`", "\u02bc", ""])
def test_apostrophes_may_be_curly_or_missing(mark: str, words_only: Screen) -> None:
    assert "self_harm" in triggers(words_only(f"He doesn{mark}t want to live any more. The count was late on Monday."))


def test_folding_keeps_the_way_back() -> None:
    text = "a\u200bb  \u2019c\u00ad\uff24\n- e"
    folded = fold(text)
    assert folded.text == "ab cD\n- e"
    assert [text[place] for place in folded.places if not text[place].isspace()] == list("abc\uff24-e")


def test_a_list_mark_ends_a_sentence_and_a_wrapped_line_does_not() -> None:
    assert fold("one\ntwo\n- three\n\nfour").text == "one two\n- three\nfour"


# --- by meaning, and the model's second opinion ---


def test_meaning_finds_what_no_cue_names(screen: Screen, words_only: Screen) -> None:
    said = "The report is late. He told me that his family could cash in his policy once he is gone from this earth."
    assert "self_harm" not in triggers(words_only(said))
    assert "self_harm" in triggers(screen(said))


def test_a_second_reader_needs_some_likeness(screen: Screen, words_only: Screen) -> None:
    near = "He was late on Monday. She said the nights are very long and she does not see an end."
    assert "self_harm" not in triggers(screen(near))
    flag = screen.second(near, "self_harm")
    assert flag is not None
    assert flag.level == "STOP"
    assert flag.quote in near
    assert screen.second("The invoice went to the wrong address on Monday.", "self_harm") is None
    assert screen.second(near, "no_evidence") is None
    assert words_only.second(near, "self_harm") is None


# --- the words that go with a flag ---


def test_levels_are_those_of_the_safeguards(handbook: Knowledge) -> None:
    assert {trigger.id: trigger.level for trigger in handbook.triggers} == LEVEL_OF


@pytest.mark.parametrize("trigger", [t for t, at in LEVEL_OF.items() if at != "FLAG"])
def test_a_withheld_page_has_its_words(trigger: str, handbook: Knowledge) -> None:
    entry = handbook.trigger(trigger)
    assert entry.say is not None
    assert len(entry.say.split()) <= 40
    assert 3 <= len(entry.hand_over) <= 5
    assert len(entry.ask) == 3
    assert 2 <= len(entry.find_out) <= 4
    assert "no finding about anyone" in entry.reason


def test_a_stop_names_the_ways_to_help(handbook: Knowledge) -> None:
    words = handbook.trigger("self_harm").route
    for needed in ("stay with the person", "emergency number", "crisis line", "HR", "assistance programme"):
        assert needed in words


# --- a job is no event ---


@pytest.mark.parametrize(
    "job",
    [
        "ward clerk in a hospital",
        "She is a ward clerk in a hospital",
        "HR adviser in a big firm",
        "senior compliance officer at an insurance company",
        "prison officer on a high security wing",
        "payroll clerk in a trade union",
        "interpreter at the asylum office",
    ],
)
def test_a_job_alone_raises_nothing(job: str, screen: Screen) -> None:
    assert not triggers(screen(f"more customer focus\n{job}")) - {"no_evidence"}


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("ward clerk in a hospital who went to the inspectors about the unsafe wing", "whistleblowing"),
        ("nurse on maternity leave since March", "pregnancy_or_fertility"),
        ("driver in a depot, threatened to stab the dispatcher", "violence_threat"),
        ("union steward at the plant", "union_or_pay_talk"),
        ("clerk in the union branch meeting every Thursday", "union_or_pay_talk"),
    ],
)
def test_a_job_with_an_event_still_raises_it(text: str, trigger: str, screen: Screen) -> None:
    assert trigger in triggers(screen(text))
