"""The evals: what the scorers must catch, on pages made by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import sample
from evals import cases, one_prompt, results, rows, timing
from evals import sample as hand_check
from evals.__main__ import main
from evals.cases import Case, Expected
from evals.rates import Rate, rate
from evals.report import report
from evals.results import Outcome, Page, Run
from evals.scorers import amounts, concerns, formulas, numbers, quotes, reading, rules, status, whole
from fakes import ScriptedModel
from fourthright import knowledge
from fourthright.domain import Baseline, Concern, Flag, Number, Observation, Prep, Tokens
from fourthright.drafting import Attempt
from fourthright.errors import BadInput
from fourthright.knowledge import Knowledge

CASES = Path(cases.__file__).parent / "cases"
GOLDEN = {"dev-01", "dev-02", "dev-03", "dev-04", "dev-07", "dev-08", "dev-45", "dev-47"}


@pytest.fixture(scope="module")
def handbook() -> Knowledge:
    """The real one: labels are compared with its triggers, lines with its rules."""
    return knowledge.load()


def _number(text: str, origin: str = "proposed", *ids: str, formula: str | None = None) -> Number:
    return Number.model_validate({"text": text, "origin": origin, "from": ids, "formula": formula})


SCANNING = sample.SCANNING.model_copy(
    update={
        "baseline": Baseline(text="34 of 40 parcels were not scanned (85 in 100, computed)", observation_ids=("o2",)),
        "numbers": (
            _number("34 of 40", "situation", "o2"),
            _number("85 in 100", "computed", "o2", formula="100 x 34 / 40"),
            _number("4 of 40"),
            _number("3 weeks"),
        ),
    }
)
WAITING = sample.WAITING.model_copy(
    update={
        "baseline": Baseline(
            text="3 customers waited 25 minutes instead of 15 (10 minutes over, computed)", observation_ids=("o3",)
        ),
        "numbers": (
            *(_number(text, "situation", "o3") for text in ("3", "25 minutes", "15")),
            _number("10 minutes over", "computed", "o3", formula="25 minutes - 15"),
            *(_number(text) for text in ("15 minutes", "4 of 5 days", "twice a week", "2 weeks")),
        ),
    }
)
GOOD = sample.ready().model_copy(update={"expectations": (SCANNING, WAITING)})


def _prep(text: str, kinds: str = "seen", **changes: Any) -> Prep:
    """The sample page on another text, whose sentences are its observations, each a concern of its own."""
    found, start = [], 0
    for number, sentence in enumerate(text.split(". "), 1):
        start = text.index(sentence, start)
        end = start + len(sentence)
        found.append(Observation(id=f"o{number}", quote=sentence, start=start, end=end, kind=kinds))
    about = tuple(Concern(id=f"c{o.id[1:]}", topic=o.quote[:20], observation_ids=(o.id,)) for o in found)
    base = {"observations": tuple(found), "concerns": about, "other_concerns": (), "expectations": (), "flags": ()}
    situation = GOOD.situation.model_copy(update={"text": text})
    return GOOD.model_copy(update={"situation": situation, **base, **changes})


def _run(prep: Prep | None, *attempts: Attempt, **changes: Any) -> Run:
    page = None if prep is None else json.loads(prep.model_dump_json(by_alias=True))
    fields = {"case_id": "a", "page": page, "error": None, "seconds": 1.0, "attempts": attempts}
    return Run.model_validate({**fields, "screened": (), **changes})


def _page(prep: Prep, *attempts: Attempt, triggers: Sequence[str] = (), label: str = "ready", **changes: Any) -> Page:
    case = Case(id="a", text=prep.situation.text, triggers=tuple(triggers))
    return Page(case, label, _run(prep, *attempts, **changes), prep)  # type: ignore[arg-type]


def _with_expectation(**changes: Any) -> Prep:
    return GOOD.model_copy(update={"expectations": (SCANNING.model_copy(update=changes),)})


# Rates


def test_rate_has_wilsons_interval() -> None:
    low, high = Rate(hits=8, of=10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Rate(hits=0, of=0).share is None
    assert str(rate([True, True, False])) == "2/3 = 67 % (21 to 94)"


def test_nearly_all_is_not_shown_as_all() -> None:
    assert "99.8 %" in str(Rate(hits=607, of=608))
    assert "= 100 %" in str(Rate(hits=608, of=608))
    assert "0.2 %" in str(Rate(hits=1, of=608))


# Cases


def test_shipped_cases_are_labelled_verbatim(handbook: Knowledge) -> None:
    found = cases.load(CASES)
    assert len(found) == 60
    assert {case.id for case in found if case.golden} == GOLDEN
    assert [case.not_verbatim for case in found if case.not_verbatim] == []
    labels = {case.id: cases.label(case, handbook) for case in found}
    unlinked = [c.id for c in found for e in c.expect_concerns if not e.facts and labels[c.id] != "no_evidence"]
    assert unlinked == []
    facts = {(c.id, fact) for c in found for e in c.expect_concerns for fact in e.facts if fact not in c.facts}
    assert {case_id for case_id, _ in facts} == {"dev-15"}, "only there is a fact split between two concerns"


def test_label_follows_the_gravest_trigger(handbook: Knowledge) -> None:
    def label(*triggers: str) -> str:
        return cases.label(Case(id="a", text="b", triggers=triggers), handbook)

    assert label() == label("medical_or_disability") == "ready"
    assert label("no_evidence") == "no_evidence"
    assert label("medical_or_disability", "pretext") == "withheld"
    with pytest.raises(BadInput, match="no trigger 'bad_mood'"):
        label("bad_mood")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('{"id": "a", "text": "b"}\n{"id": "a", "text": "c"}', "line 2: the id a is used twice"),
        ('{"id": "a"}', "line 1: text"),
        ('\n{"id": "a", ', "line 2: "),
    ],
)
def test_a_case_that_cannot_be_used_is_named(tmp_path: Path, lines: str, message: str) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(lines, "utf-8")
    with pytest.raises(BadInput, match=message):
        cases.load(file)


def test_a_folder_without_cases_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no \.jsonl"):
        cases.load(tmp_path)
    with pytest.raises(BadInput, match="cannot be read"):
        cases.load(tmp_path / "none.jsonl")


def test_concerns_may_come_as_plain_topics(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(
        '{"id": "a", "text": "Late twice.", "seen": ["Late twice"], "expect_concerns": ["lateness"]}', "utf-8"
    )
    (case,) = cases.load(tmp_path)
    assert case.expect_concerns == (Expected(topic="lateness"),)
    assert case.facts == ("Late twice",)
    assert not case.linked


# Concerns

TWO = "He left the gate open on Monday. He signed no report all week"


def _case(*facts: Sequence[str]) -> Case:
    expected = tuple(Expected(topic=f"t{n}", facts=tuple(each)) for n, each in enumerate(facts))
    return Case(id="a", text=TWO, facts=tuple(f for each in facts for f in each), expect_concerns=expected)


def test_a_concern_is_found_by_half_of_a_fact() -> None:
    found = concerns.found(_prep(TWO), _case(["left the gate open on Monday. He signed"], ["report all week"]))
    assert found.recall == Rate(hits=2, of=2)
    assert found.precision == Rate(hits=2, of=2)


def test_less_than_half_of_a_fact_is_not_found() -> None:
    found = concerns.found(_prep(TWO), _case(["open on Monday. He signed no report all week"]))
    assert found.recall == Rate(hits=1, of=1), "the second sentence covers more than half"
    only_first = _prep(TWO).model_copy(update={"concerns": _prep(TWO).concerns[:1]})
    assert concerns.found(only_first, _case(["open on Monday. He signed no report all week"])).missed == ("t0",)


def test_one_page_concern_answers_for_one_expected_concern() -> None:
    prep = _prep(TWO)
    both = prep.concerns[0].model_copy(update={"observation_ids": ("o1", "o2")})
    found = concerns.found(
        prep.model_copy(update={"concerns": (both,)}), _case(["left the gate"], ["signed no report"])
    )
    assert found.recall == Rate(hits=1, of=2)


def test_pairs_are_made_so_that_most_are_found() -> None:
    prep = _prep(TWO)
    both = prep.concerns[0].model_copy(update={"observation_ids": ("o1", "o2")})
    greedy_fails = prep.model_copy(update={"concerns": (both, prep.concerns[1])})
    found = concerns.found(greedy_fails, _case(["signed no report"], ["left the gate"]))
    assert found.recall == Rate(hits=2, of=2)


def test_what_nobody_expected_counts_against_precision() -> None:
    found = concerns.found(_prep(TWO), _case(["left the gate open"]))
    assert found.extra == ("He signed no report",)
    assert found.precision == Rate(hits=1, of=2)


def test_concerns_for_another_talk_count_only_when_asked_for() -> None:
    prep = _prep(TWO)
    other = GOOD.other_concerns[0].model_copy(update={"observation_ids": ("o2",)})
    parted = prep.model_copy(update={"concerns": prep.concerns[:1], "other_concerns": (other,)})
    case = _case(["left the gate"], ["signed no report"])
    assert concerns.found(parted, case).recall == Rate(hits=1, of=2)
    assert concerns.found(parted, case, others=True).recall == Rate(hits=2, of=2)


def test_without_links_any_fact_will_do_once() -> None:
    expected = (Expected(topic="gate"), Expected(topic="report"), Expected(topic="third"))
    case = Case(id="a", text=TWO, facts=("left the gate", "open on Monday"), expect_concerns=expected)
    found = concerns.found(_prep(TWO), case)
    assert found.recall == Rate(hits=1, of=3), "both facts are in one observation of one concern"


# Quotes


def test_quotes_of_a_good_page_are_verbatim() -> None:
    assert quotes.misquoted(GOOD) == []
    assert len(list(quotes.quotes(GOOD))) == len(sample.PIECES) + 3, "two baselines and a label"


def test_a_changed_observation_is_a_misquote() -> None:
    first, *rest = GOOD.observations
    changed = first.model_copy(update={"quote": first.quote.replace("June", "July")})
    prep = GOOD.model_copy(update={"observations": (changed, *rest)})
    assert [fault.split(":")[0] for fault in quotes.misquoted(prep)] == ["observation o1"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"replaces": "a bit disorganised"}, "e1 replaces"),
        ({"baseline": Baseline(text="34 of 41 parcels were not scanned", observation_ids=("o2",))}, "e1 baseline"),
        (
            {"baseline": Baseline(text="34 of 40 parcels were not scanned (6 less", observation_ids=("o2",))},
            "e1 baseline",
        ),
    ],
)
def test_a_changed_line_is_a_misquote(changes: dict[str, Any], place: str) -> None:
    assert place in [fault.split(":")[0] for fault in quotes.misquoted(_with_expectation(**changes))]


def test_a_quote_inside_a_sentence_is_looked_up_and_may_be_cut() -> None:
    good = GOOD.model_copy(update={"your_part": ("You wrote “She is just …” and “… disorganised”.",)})
    bad = GOOD.model_copy(update={"your_part": ("You wrote “She is very disorganised”.",)})
    assert quotes.misquoted(good) == []
    assert quotes.misquoted(bad) == ["own part: She is very disorganised"]


# Numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14 of 200", [("plain", 14), ("plain", 200)]),
        ("twenty-two rooms and 1,200 lines", [("plain", 22), ("plain", 1200)]),
        (
            "at 18h30, 7:05 pm, 5am and half past six",
            [("clock", 1110), ("clock", 1145), ("clock", 300), ("clock", 390)],
        ),
        ("4 Nov, August 29, the 21st", [("date", 1104), ("date", 829), ("plain", 21)]),
        ("$2,400, S$41k, 7% and 300 ml", [("plain", 2400), ("plain", 41000), ("plain", 7), ("plain", 300)]),
        ("no one in Q3, one of them, thought twice, but twice a week", [("plain", 2)]),
        ("three hundred", [("plain", 300)]),
    ],
)
def test_amounts_are_read(text: str, found: list[tuple[str, float]]) -> None:
    assert [(a.kind, a.value) for a in amounts.amounts(text)] == found
    assert all(text[a.start : a.end] == a.text for a in amounts.amounts(text))


@pytest.mark.parametrize(
    ("text", "formula", "quote"),
    [
        ("85 in 100", "34 / 40", "34 of 40 parcels"),
        ("30 in 100", "100 x 12 / 40", "12 of 40 orders"),
        ("24 more", "41 - 17", "he had 41 open claims, the average is 17"),
        ("8 below", "4 - 12", "only 4 rooms a day, standard is 12"),
        ("10 minutes over", "25 minutes - 15", "waited 25 minutes instead of 15"),
        ("72 hours over, 51 %", "212 hours - 140", "he logged 212 hours against 140 quoted"),
        (
            "72 hours over, 51 %",
            "212 hours - 140; 100 x (212 - 140) / 140",
            "he logged 212 hours against 140 quoted",
        ),
        ("4 points over", "7% - 3%", "scrap was 7% last month, standard is 3%"),
        ("2 h 20 late", "19:20 - 17:00", "at 19:20 on a 17:00 deadline"),
        (
            "12, 9 and 15 minutes late",
            "10:12 - 10:00, 10:09 - 10:00, 10:15 - 10:00",
            "10:12, 10:09 and 10:15 for 10:00",
        ),
        ("2 and 3 hours late", "10 - 8, 11 am - 8", "arrive at 10, 11 am, payroll needs them by 8"),
        ("2 hours late", "5 am - 3 am", "finish at 5 am, normal is 3 am"),
        ("3 days late", "29th - 26th", "on the 29th, the cut off is the 26th"),
        ("28 days late", "August 29 - August 1", "went out on August 29, the plan said August 1"),
        ("11 days", "15 Nov - 4 Nov", "from 4 Nov to 15 Nov"),
        ("2 days late", "Friday - Wednesday", "arrived on Friday, was due Wednesday noon"),
        ("4 working days over", "6 working days - 2", "6 working days, what we promised is 2"),
    ],
)
def test_a_formula_that_holds(text: str, formula: str, quote: str) -> None:
    assert formulas.fault(text, formula, quote) is None


@pytest.mark.parametrize(
    ("text", "formula", "quote", "fault"),
    [
        ("86 in 100", "34 / 40", "34 of 40 parcels", "comes to 85"),
        ("24 more", "41 - 18", "41 claims, the average is 17", "operand not in the observation: 18"),
        ("25 more", "41 - 17", "41 claims, the average is 17", "comes to 24"),
        ("2 h 30 late", "19:20 - 17:00", "at 19:20 on a 17:00 deadline", "comes to 140"),
        ("12 and 8 minutes late", "10:12 - 10:00, 10:09 - 10:00", "10:12, 10:09 for 10:00", "comes to 12, 9"),
        ("4 days late", "29th - 26th", "on the 29th, due the 26th", "comes to 3"),
        ("72 hours over, 40 %", "212 hours - 140", "212 hours against 140", "40 does not follow"),
        ("24 more", "the rest", "the rest of it", "formula cannot be read: the rest"),
    ],
)
def test_a_formula_that_does_not_hold(text: str, formula: str, quote: str, fault: str) -> None:
    assert formulas.fault(text, formula, quote) == fault


def test_origins_of_a_good_page_hold() -> None:
    assert numbers.wrong(GOOD) == []
    assert {c.place for c in numbers.claims(GOOD)} == {"baseline", "measure", "target", "by_when"}


def _numbers(*given: dict[str, Any], **changes: Any) -> list[str]:
    """The faults of an expectation with these numbers and otherwise none."""
    plain: dict[str, Any] = {"baseline": None, "target": "most of them", "by_when": "by the holidays"}
    made = tuple(Number.model_validate(number) for number in given)
    return numbers.wrong(_with_expectation(**{**plain, **changes}, numbers=made))


def test_a_number_that_is_not_in_its_observation_is_wrong() -> None:
    (fault,) = _numbers({"text": "35", "origin": "situation", "from": ["o2"]}, target="at most 35")
    assert "“35” is not in: On Monday" in fault
    other, *_ = _numbers({"text": "25 minutes", "origin": "situation", "from": ["o2"]}, target="25 minutes")
    assert "is not in: On Monday" in other


def test_a_number_that_counts_something_else_is_wrong() -> None:
    own = {"text": "3", "origin": "situation", "from": ["o3"]}
    (fault,) = _numbers(own, measure="Checked on 3 shelves")
    assert "“3” counts something else" in fault
    assert _numbers(own, measure="Asks 3 customers") == []


def test_a_number_in_a_line_needs_an_origin() -> None:
    assert _numbers(target="at most 4") == ["e1 target: “4” has no origin (at most 4)"]
    assert _numbers({"text": "4", "origin": "proposed"}, target="at most 4") == []


def test_a_baseline_holds_no_proposed_number() -> None:
    baseline = Baseline(text="34 of 40 parcels were not scanned", observation_ids=("o2",))
    own = {"text": "40", "origin": "situation", "from": ["o2"]}
    (fault,) = _numbers({"text": "34", "origin": "proposed"}, own, baseline=baseline)
    assert "“34” is proposed, in a baseline" in fault


def test_a_wrong_result_is_wrong_even_where_no_line_shows_it() -> None:
    (fault,) = _numbers({"text": "80 in 100", "origin": "computed", "from": ["o2"], "formula": "100 x 34 / 40"})
    assert "comes to 85" in fault


def test_the_same_value_in_other_words_is_the_same_number() -> None:
    prep = _prep("Four boxes were open. He left at 5 pm")
    made = (_number("4", "situation", "o1"), _number("17:00", "situation", "o2"))
    lines = {"baseline": None, "target": "4 boxes, not after 17:00", "by_when": "soon", "measure": "Seen"}
    e = SCANNING.model_copy(update={**lines, "numbers": made})
    assert numbers.wrong(prep.model_copy(update={"expectations": (e,)})) == []


def test_unmarked_numbers_elsewhere_are_listed() -> None:
    gap = GOOD.gaps[0].model_copy(update={"text": "Ask 7 drivers. Ask 6 of them twice a day (proposed). 34?"})
    prep = GOOD.model_copy(update={"gaps": (gap,), "follow_up": ()})
    assert [fault.split(" in:")[0] for fault in numbers.unmarked(prep)] == ["“7”"]


def test_a_number_the_manager_wrote_needs_no_mark() -> None:
    gap = GOOD.gaps[0].model_copy(update={"text": "You saw it twice this month. Who else?"})
    prep = _prep("It was late twice this month", gaps=(gap,), follow_up=(), your_part=(), likely_reaction=None)
    assert [fault for fault in numbers.unmarked(prep) if "twice" in fault] == []


def test_the_sample_for_the_hand_is_the_same_every_time(tmp_path: Path) -> None:
    pages = tuple(_page(GOOD) for _ in range(9))
    outcome = Outcome("model", {"a": "ready"}, pages)
    drawn = hand_check.draw(outcome)
    assert len(drawn) == hand_check.SIZE
    assert drawn == hand_check.draw(outcome)
    backed = sum(claim.number is None or claim.number.origin != "proposed" for _, claim in drawn)
    assert hand_check.SIZE - backed >= hand_check.LEAST_PROPOSED
    hand_check.write([outcome], tmp_path / "n.tsv")
    head, *lines = (tmp_path / "n.tsv").read_text("utf-8").splitlines()
    assert len(lines) == hand_check.SIZE
    assert {line.count("\t") for line in (head, *lines)} == {len(hand_check.HEAD) - 1}


# Whole pages


def _meeting(**changes: Any) -> dict[str, Any]:
    return {"agenda": GOOD.agenda.model_copy(update=changes)}


def test_the_sample_lacks_nothing() -> None:
    assert whole.lacking(GOOD) == []
    assert 0 < whole.word_count(GOOD) <= whole.MOST_WORDS


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"expectations": (), "concerns": ()}, "0 expectations"),
        ({"expectations": (SCANNING,)}, "0 expectations for c2"),
        ({"gaps": ()}, "no gaps"),
        ({"gut_check": " "}, "no gut check"),
        ({"your_part": ()}, "no own part"),
        (_meeting(closing="Bye."), "no closing question"),
        (_meeting(steps=GOOD.agenda.steps[1:]), "not the seven steps"),
        (_meeting(questions=GOOD.agenda.questions[1:]), "1 questions for clarity"),
        (_meeting(questions=GOOD.agenda.questions[:-1]), "0 commitment checks"),
    ],
)
def test_what_a_page_lacks_is_named(changes: dict[str, Any], lack: str) -> None:
    assert lack in whole.lacking(GOOD.model_copy(update=changes))


def test_an_empty_field_is_named() -> None:
    assert "e1 without payoff" in whole.lacking(_with_expectation(payoff=" "))


# Status and flags


def test_confusion_counts_every_case_that_was_run() -> None:
    pages = (_page(GOOD), _page(sample.withheld(), label="ready"))
    labels = {"a": "ready", "b": "withheld", "c": "ready"}
    outcome = Outcome("model", labels, pages[1:], failed={"b": "ModelBusy: no"}, not_run=("c",))  # type: ignore[arg-type]
    seen = status.confusion(outcome)
    assert seen.counts == {("ready", "withheld"): 1, ("withheld", status.NO_PAGE): 1}
    assert seen.right == Rate(hits=0, of=2)
    assert seen.wrong == ("a: ready, got withheld", "b: withheld, got no page")


def test_flags_have_recall_and_false_alarms() -> None:
    flag = Flag(trigger="pretext", level="REFUSE", quote="", reason="r", route="r")
    fired = GOOD.model_copy(update={"flags": (flag,)})
    pages = (
        _page(fired, triggers=["pretext"]),
        Page(Case(id="b", text="b"), "ready", _run(fired), fired),
        Page(Case(id="c", text="c", triggers=("pretext",)), "withheld", _run(None), GOOD),
    )
    found = status.flags(Outcome("model", {}, pages))["pretext"]
    assert (found.recall, found.missed) == (Rate(hits=1, of=2), ("c",))
    assert (found.false_alarms, found.unasked) == (Rate(hits=1, of=1), ("b",))


# Rules


def test_first_drafts_repairs_and_pages_are_told_apart(handbook: Knowledge) -> None:
    attempts = (
        Attempt(kind="question clarity", stage="drafted", broken=("open", "grounded")),
        Attempt(kind="question clarity", stage="repaired", broken=()),
        Attempt(kind="question conflicts", stage="drafted", broken=("readable",)),
        Attempt(kind="expectation", stage="drafted", broken=("grounded",)),
    )
    found = rules.tally([_page(GOOD, *attempts)], handbook)
    assert found["question", "open", "drafted"] == Rate(hits=0, of=1), "what cannot be read is not judged"
    assert found["question", "open", "repaired"] == Rate(hits=1, of=1)
    assert found["question", "readable", "drafted"] == Rate(hits=1, of=2)
    assert found["expectation", rules.ALL, "drafted"] == Rate(hits=1, of=1)
    assert found["expectation", rules.KEPT, "drafted"] == Rate(hits=0, of=1)
    assert ("expectation", "numbers-sourced", "drafted") not in found
    assert ("question", "grounded", "page") not in found
    assert found["question", "open", "page"].of == len(GOOD.agenda.questions)


def test_a_broken_rule_on_the_page_counts_whatever_its_findings_say(handbook: Knowledge) -> None:
    page = _page(_with_expectation(behaviour="Has a positive attitude", findings=()))
    assert rules.tally([page], handbook)["expectation", "behaviour-observable", "page"].hits == 0
    assert any(line.startswith("behaviour-observable") for line in rules.broken_on(page.prep, handbook))


# Reading


def test_flags_that_only_the_model_raised_are_listed() -> None:
    flags = [Flag(trigger=name, level="REFUSE", quote="", reason="r", route="r") for name in ("pretext", "self_harm")]
    prep = _prep("He left the gate open. He signed no report").model_copy(update={"flags": tuple(flags)})
    case = Case(id="a", text=prep.situation.text, triggers=("pretext",))
    found = reading.raised([Page(case, "ready", _run(prep, screened=("self_harm",)), prep)])
    assert found.all == found.rightly == ("a pretext",)
    unasked = Case(id="b", text=prep.situation.text)
    assert reading.raised([Page(unasked, "ready", _run(prep, screened=()), prep)]).rightly == ()


# Records


def test_records_come_back_and_a_cut_one_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "model.jsonl"
    assert results.read(path) == ()
    results.append(path, _run(GOOD))
    results.append(path, _run(None, case_id="b", error="ModelBusy: later"))
    whole_file = path.read_text("utf-8")
    assert [run.case_id for run in results.read(path)] == ["a", "b"]
    path.write_text(whole_file[:-40], "utf-8")
    assert [run.case_id for run in results.read(path)] == ["a"]


def test_every_case_without_a_valid_page_is_named(handbook: Knowledge) -> None:
    good = GOOD
    given = [Case(id=name, text=good.situation.text) for name in ("a", "b", "c", "d")]
    given.append(Case(id="e", text="Another text."))
    wrong = json.loads(good.model_dump_json(by_alias=True)) | {"status": "withheld"}
    runs = [
        _run(good),
        _run(None, case_id="b", error="ModelBusy: later"),
        _run(good, case_id="c", page=wrong),
        _run(good, case_id="e"),
    ]
    outcome = results.judge("model", given, runs, handbook)
    assert [page.case.id for page in outcome.ready] == ["a"]
    assert outcome.failed == {"b": "ModelBusy: later"}
    assert "no expectations" in outcome.invalid["c"]
    assert outcome.invalid["e"] == "made from another text"
    assert outcome.not_run == ("d",)
    text = report([outcome], handbook)
    assert "Failed: b." in text
    assert "Invalid: c, e." in text
    assert "| complete and valid pages | 1/3" in text


def test_a_run_from_cases_to_report(tmp_path: Path, few_labels: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--cases", str(CASES), "--labels", str(few_labels), "--systems", "handbook", "--out", str(tmp_path)]
    assert main([*arguments, "--ids", "dev-01,dev-41,dev-18"]) == 0
    printed = capsys.readouterr()
    assert "2 cases." in printed.out, "golden cases are not run"
    assert "handbook 2/2" in printed.err
    records = results.read(tmp_path / "handbook.jsonl")
    assert {run.case_id: run.error for run in records} == {"dev-18": None, "dev-41": None}
    assert (tmp_path / "report.md").read_text("utf-8") == printed.out.removesuffix("\n")
    assert main([*arguments, "--report-only", "--limit", "1"]) == 0
    assert "Not run: dev-05" in capsys.readouterr().out


def test_cases_that_cannot_be_used_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cases", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_model_that_is_not_there_is_said(
    tmp_path: Path, few_labels: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL_PATH", str(tmp_path / "none.gguf"))
    chosen = ["--cases", str(CASES), "--labels", str(few_labels), "--systems", "model", "--limit", "1"]
    chosen += ["--out", str(tmp_path)]
    assert main(chosen) == 4
    printed = capsys.readouterr()
    assert "model NOT RUN" in printed.err
    assert "Not run: dev-05" in printed.out


# Benchmark


def test_a_ratio_is_held_to_its_aim() -> None:
    slow, fast = timing.Timing(samples=(3.0, 1.0, 2.0)), timing.Timing(samples=(1.0,))
    assert rows.ratio("r", slow, fast, most=2).verdict == "met"
    assert rows.ratio("r", slow, fast, most=1.9).verdict == "MISSED"
    assert rows.ratio("r", fast, slow, least=0.6).verdict == "MISSED"
    assert rows.ratio("r", slow, fast, most=2).value == "2.00"


def test_the_engines_own_time_is_added_up(tmp_path: Path) -> None:
    class Server:
        def handle_chat_completions(self, request: object, callback: Any) -> None:
            callback({"choices": [], "timings": {"prompt_ms": 900.0, "predicted_ms": 0.0}})
            callback({"choices": [], "timings": {"prompt_ms": 1000.0, "predicted_ms": 500.0}})

    engine = timing.TimedEngine(tmp_path / "m.gguf")
    engine._server = Server()
    heard: list[object] = []

    def listen(chunk: object) -> bool:
        heard.append(chunk)
        return False

    for _ in range(2):
        engine.start().handle_chat_completions({}, listen)
    assert engine.own_seconds == pytest.approx(3.0), "the last timings of a call are its sum"
    assert len(heard) == 4


def test_the_plain_way_keeps_an_answer_that_breaks_the_schema() -> None:
    model = ScriptedModel("{}", tokens=Tokens(fresh=5, cached=1, written=7))
    answer = one_prompt.ask("He was late twice.", model)
    assert answer.page is None
    assert answer.tokens.written == 7
    assert "He was late twice." in model.history[0].messages[-1].content
