"""The evals of the rules: labels that are read, scores with known answers, a report that never shows the test half."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from evals import rule_labels, rules_report, suggestions
from evals.__main__ import LABELS, main
from evals.f1 import FALSE_ALARM, HIT, MISS, NEITHER, Estimate, f1
from evals.rates import Rate
from evals.rule_labels import LabelledExpectation, LabelledQuestion, Labels, rule_ids
from evals.scorers import agreement, labelled
from evals.scorers.labelled import Judged, Sort
from fourthright.domain import Dimension, Finding
from fourthright.engine import Engine
from fourthright.errors import BadInput
from fourthright.knowledge import Knowledge

LEAST_TEXTS, LEAST_VIOLATIONS, LEAST_CLEAN = 350, 25, 100
SECRET = "the plum-coloured ledger"
"""Stands in every invented text of a test half, and must stand in no report."""


def _labels(broken: Sequence[str] = (), **changes: Any) -> dict[str, Any]:
    rules = tuple(broken)
    base = {"id": "x-1", "job": "clerk", "settled": None, "half": "development"}
    return {**base, "broken": rules, "first": rules, "second": rules, **changes}


def _expectation(broken: Sequence[str] = (), **changes: Any) -> LabelledExpectation:
    fields = {
        "behaviour": "Signs the delivery sheet before the truck leaves",
        "measure": "signed sheets in the dock folder",
        "target": "9 of the next 10 trucks",
        "by_when": "checked every Friday for 4 weeks",
        "first_step": None,
        "situation": None,
        "safety": False,
    }
    return LabelledExpectation.model_validate({**fields, **_labels(broken, **changes)})


def _question(broken: Sequence[str] = (), **changes: Any) -> LabelledQuestion:
    dimension = changes.get("dimension")
    fields = {
        "text": "What gets in your way at the dock?",
        "purpose": "explore",
        "dimension": dimension,
        "first_dimension": dimension,
        "second_dimension": dimension,
    }
    return LabelledQuestion.model_validate({**fields, **_labels(broken, **changes)})


def _judged(name: str, broken: Sequence[str], fired: Sequence[str]) -> Judged:
    findings = tuple(Finding(rule=rule, severity="error", quote="dock", why="w", better="b") for rule in fired)
    return Judged(_question(broken, id=name), findings)


def _always(answer: Dimension | None) -> Sort:
    return lambda *_: answer


def _write(folder: Path, expectations: Sequence[LabelledExpectation], questions: Sequence[LabelledQuestion]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in (("expectations", expectations), ("questions", questions)):
        (folder / f"{name}.jsonl").write_text("".join(row.model_dump_json() + "\n" for row in rows), "utf-8")
    return folder


# The labels


def test_shipped_sets_are_large_enough_to_tell(handbook: Knowledge) -> None:
    labels = rule_labels.load(LABELS, handbook)
    for kind, rows in (("expectation", labels.expectations), ("question", labels.questions)):
        test = [row for row in rows if row.half == "test"]
        few = {rule: sum(rule in row.broken for row in test) for rule in rule_ids(kind, handbook)}  # type: ignore[arg-type]
        assert len(rows) >= LEAST_TEXTS
        assert min(few.values()) >= LEAST_VIOLATIONS, few
        assert sum(not row.broken for row in test) >= LEAST_CLEAN
        assert any(row.disagreed for row in rows), "the labellings are two, not one twice"


def test_agreement_in_the_readme_is_what_the_command_prints(handbook: Knowledge) -> None:
    _, table = rules_report.agreement(rule_labels.load(LABELS, handbook), handbook).split("\n\n", 1)
    assert table in (LABELS / "README.md").read_text("utf-8")


BROKEN_ROWS: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, r"line 2: text: String should have at least 1 character"),
    ({"purpose": "chat"}, r"line 2: purpose: "),
    ({"half": "both"}, r"line 2: half: "),
    ({"mood": "bad"}, r"line 2: mood: Extra inputs"),
    ({"broken": "open"}, r"line 2: broken: "),
    ({"job": 3}, r"line 2: job: "),
    ({"broken": ["opened"], "first": ["opened"], "second": ["opened"]}, r"line 2: there is no rule opened"),
    ({"broken": ["time-bound"], "first": ["time-bound"], "second": ["time-bound"]}, r"there is no rule time-bound"),
    ({"broken": ["open"]}, r"line 2: .*agree on other rules"),
    ({"first": ["open"]}, r"line 2: .*disagree and settled does not say"),
    ({"first": ["open"], "settled": "It is open.", "half": "test"}, r"line 2: .*can only be in the development half"),
    ({"first_dimension": "clarity"}, r"line 2: .*disagree and settled does not say"),
    ({"dimension": "clarity"}, r"line 2: .*agree on another dimension"),
    ({"broken": ["open", "open"]}, r"line 2: .*broken names a rule twice"),
    ({"id": "x-0"}, r"line 2: the id x-0 is used twice"),
]


@pytest.mark.parametrize(("changes", "message"), BROKEN_ROWS)
def test_a_broken_row_is_one_clear_line(
    tmp_path: Path, handbook: Knowledge, changes: dict[str, Any], message: str
) -> None:
    _write(tmp_path, [_expectation()], [_question(id="x-0")])
    row = {**json.loads(_question().model_dump_json()), **changes}
    with (tmp_path / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    with pytest.raises(BadInput, match=message) as caught:
        rule_labels.load(tmp_path, handbook)
    assert "\n" not in str(caught.value)
    assert "dock" not in str(caught.value), "the text is not in the message"


def test_a_number_can_be_traced_only_to_a_situation() -> None:
    with pytest.raises(ValueError, match="numbers-sourced, which needs a situation"):
        _expectation(["numbers-sourced"])
    assert _expectation(["numbers-sourced"], situation="Two trucks left unsigned.").broken == ("numbers-sourced",)


def test_types_are_not_guessed() -> None:
    with pytest.raises(ValueError, match="valid boolean"):
        _expectation(safety="yes")


def test_files_that_hold_nothing_are_named(tmp_path: Path, handbook: Knowledge) -> None:
    with pytest.raises(BadInput, match=r"expectations\.jsonl: cannot be read \(FileNotFoundError\)"):
        rule_labels.load(tmp_path, handbook)
    _write(tmp_path, [_expectation()], [])
    with pytest.raises(BadInput, match=r"questions\.jsonl: holds no labelled text"):
        rule_labels.load(tmp_path, handbook)
    (tmp_path / "questions.jsonl").write_text('\n{"id": "a", ', "utf-8")
    with pytest.raises(BadInput, match=r"questions\.jsonl, line 2: Invalid JSON"):
        rule_labels.load(tmp_path, handbook)


# F1


def test_f1_of_known_counts() -> None:
    outcomes = [[HIT]] * 3 + [[FALSE_ALARM]] + [[MISS]] * 2 + [[NEITHER]] * 10
    (each,), macro = f1(outcomes, 1)
    assert each.value == pytest.approx(2 * 3 / (2 * 3 + 1 + 2))
    assert macro == each
    assert f1(outcomes, 1) == ((each,), macro), "the same texts, the same interval"


def test_interval_of_f1_is_as_wide_as_theory_has_it() -> None:
    (each,), _ = f1([[HIT]] * 200 + [[MISS]] * 200, 1)
    # Without false alarms F1 is 2r / (1 + r), and the recall r of .5 over 400 texts is within .049 of it.
    assert each.low == pytest.approx(2 * 0.451 / 1.451, abs=0.01)
    assert each.high == pytest.approx(2 * 0.549 / 1.549, abs=0.01)


def test_verdicts_on_one_text_are_drawn_together() -> None:
    (one, other), macro = f1([[HIT, MISS]] * 30 + [[MISS, HIT]] * 30, 2)
    assert one.value == other.value == macro.value == pytest.approx(2 / 3)
    assert one.high - one.low > 0.2
    assert macro.high - macro.low < 0.05, "what one rule gains in a draw the other loses"


def test_a_rule_that_is_nowhere_has_no_f1() -> None:
    (seen, unseen), macro = f1([[HIT, NEITHER]] * 5, 2)
    assert (seen, macro) == (Estimate(value=1, low=1, high=1),) * 2
    assert unseen.value is None
    assert str(unseen) == "none to count"
    assert f1([], 2)[1].value is None


# Agreement


def test_kappa_of_the_textbook() -> None:
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert agreement.kappa(pairs) == pytest.approx(0.4)
    assert agreement.kappa([(1, 1), (2, 2), (3, 3)]) == 1
    assert agreement.kappa([(1, 2), (2, 1)]) == -1
    assert agreement.kappa([(False, False)] * 9) is None, "chance alone agrees as often"
    assert agreement.kappa([]) is None


def test_agreement_counts_what_each_labelling_said() -> None:
    reason = "Yes would do."
    rows = [
        _question(["open"]),
        *[_question(["open"], second=(), settled=reason)] * 2,
        *[_question(["open"], first=(), settled=reason)] * 3,
        *[_question(["short"])] * 4,
    ]
    found = agreement.on_rule("open", rows)
    assert (found.both, found.only_first, found.only_second, found.neither) == (1, 2, 3, 4)


def test_agreement_on_numbers_is_over_texts_with_a_situation() -> None:
    rows = [_expectation(), _expectation(situation="a"), _expectation(["numbers-sourced"], situation="a")]
    found = agreement.on_rule("numbers-sourced", rows)
    assert (found.both, found.neither, found.kappa) == (1, 1, 1)
    assert agreement.on_rule("time-bound", rows).neither == 3


# Scores


def test_every_rule_is_scored_on_its_own() -> None:
    found = labelled.over_rules(
        [
            _judged("hit", ["open"], ["open"]),
            _judged("missed", ["open"], []),
            _judged("other", ["short"], ["open", "open"]),
            _judged("clean", [], []),
            _judged("flagged", [], ["open"]),
        ],
        ["open", "short"],
    )
    opened, short = found.rules
    assert (opened.precision, opened.recall) == (Rate(hits=1, of=3), Rate(hits=1, of=2))
    assert (opened.missed, opened.unasked) == (("missed",), ("other", "flagged"))
    assert opened.f1.value == pytest.approx(2 / 5)
    assert (short.precision, short.recall, short.f1.value) == (Rate(hits=0, of=0), Rate(hits=0, of=1), 0)
    assert found.macro.value == pytest.approx(1 / 5)
    assert found.clean_flagged == Rate(hits=1, of=2)


def test_dimensions_are_counted_as_labelled_and_answered() -> None:
    asked = [_question(id="a", dimension="clarity"), _question(id="b", dimension="clarity"), _question(id="c")]
    found = labelled.sorting(asked, ["clarity", None, "conflicts"])
    assert found.counts["clarity"] == {"clarity": 1, "conflicts": 0, "none": 1}
    assert found.counts["none"]["conflicts"] == 1
    assert found.wrong == ("b", "c")
    assert (found.right, found.right_of_four, found.right_of_none) == (
        Rate(hits=1, of=3),
        Rate(hits=1, of=2),
        Rate(hits=0, of=1),
    )


def _two_halves() -> Labels:
    """In each half a bad expectation and a good one mislabelled, the same of questions."""
    expectations, questions = [], []
    for half, word in (("test", SECRET), ("later", SECRET), ("development", "the blue binder")):
        vague = {"target": f"a good result in {word}", "by_when": "Fridays, 4 weeks"}
        expectations += [
            _expectation(["target-set"], id=f"{half}-e1", half=half, **vague),
            _expectation(["time-bound"], id=f"{half}-e2", half=half, measure=f"signatures in {word}"),
        ]
        questions += [
            _question([], id=f"{half}-q1", half=half, text=f"Did you sign {word}?"),
            _question(["short"], id=f"{half}-q2", half=half, text=f"What slows you down with {word}?"),
        ]
    return Labels(tuple(expectations), tuple(questions))


def test_the_real_rules_are_scored(handbook: Knowledge) -> None:
    found = labelled.score("test", _two_halves(), handbook, _always(None))
    by_rule = {each.rule: each for each in (*found.expectations.rules, *found.questions.rules)}
    assert by_rule["target-set"].recall == by_rule["target-set"].precision == Rate(hits=1, of=1)
    assert by_rule["time-bound"].missed == ("test-e2",)
    assert by_rule["open"].unasked == ("test-q1",)
    assert by_rule["short"].missed == ("test-q2",)
    assert found.clean_flagged == Rate(hits=1, of=1), "one clean text, a question"
    assert found.dimension.right == Rate(hits=2, of=2)


def test_advice_flags_no_text(handbook: Knowledge) -> None:
    milder = [rule.model_copy(update={"severity": "advice"}) if rule.id == "open" else rule for rule in handbook.rules]
    found = labelled.score("test", _two_halves(), handbook.model_copy(update={"rules": tuple(milder)}), _always(None))
    assert found.questions.clean_flagged == Rate(hits=0, of=1)


# The report


def test_misses_are_shown_on_the_development_half_alone(handbook: Knowledge) -> None:
    labels = _two_halves()
    scores = [labelled.score(half, labels, handbook, _always("clarity")) for half in ("test", "later", "development")]  # type: ignore[arg-type]
    text = rules_report.report(scores, labels, handbook)
    everything = text + "".join(score.model_dump_json() for score in scores)
    assert SECRET not in everything
    assert "| time-bound | none to count | 0/1 = 0 % (0 to 79) | 0.00 (0.00 to 0.00) | test-e2 |  |" in text
    assert "- time-bound MISSED in development-e2: Signs the delivery sheet" in text
    assert "- open UNASKED in development-q1 on “Did you" in text
    assert "- none, got clarity, in development-q2: What slows you down" in text
    assert "| together | 1/1 = 100 % (21 to 100) |" in text


def test_rules_alone_need_no_case_and_make_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = _two_halves()
    _write(tmp_path / "labels", labels.expectations, labels.questions)
    arguments = ["--rules-only", "--labels", str(tmp_path / "labels"), "--out", str(tmp_path / "out")]
    assert main([*arguments, "--cases", str(tmp_path / "none")]) == 0
    printed = capsys.readouterr().out
    assert printed.index("Expectations, test half") < printed.index("Expectations, development half")
    assert SECRET not in printed
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["rules.json"]
    kept = json.loads((tmp_path / "out" / "rules.json").read_text("utf-8"))
    assert [(score["half"], score["expectations"]["texts"]) for score in kept] == [
        ("test", 2),
        ("later", 2),
        ("development", 2),
    ]
    assert SECRET not in json.dumps(kept)
    assert main([*arguments, "--halves", "development"]) == 0
    assert "test half" not in capsys.readouterr().out.replace(rules_report.NOTE, "")


def test_labels_that_cannot_be_used_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rules-only", "--labels", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_whole_report_begins_with_the_rules(
    tmp_path: Path, few_labels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = [
        "--labels",
        str(few_labels),
        "--cases",
        str(LABELS.with_name("cases")),
        "--systems",
        "handbook",
        "--ids",
        "dev-18",
        "--out",
        str(tmp_path),
    ]
    assert main([*chosen, "--halves", "development"]) == 0
    printed = capsys.readouterr().out
    assert 0 < printed.index("## Rules, against labelled texts") < printed.index("## handbook")
    assert (tmp_path / "report.md").read_text("utf-8") == printed.removesuffix("\n")


# What is suggested


def test_suggestions_are_counted_by_whose_wording_they_are(engine: Engine) -> None:
    vague = ["behaviour-observable"]
    offers = suggestions.rewritten(
        [
            _expectation(vague, id="x-1", behaviour="Is a lot more punctual"),
            _expectation(vague, id="x-2", behaviour="Is moody"),
            _expectation(vague, id="x-3", behaviour="Is purple"),
            _expectation(vague, id="x-4", behaviour="Is often late", half="test"),
            _expectation(["time-bound"], id="x-5", behaviour="Is often late"),
        ],
        engine,
    )
    assert (offers.texts, offers.withheld, offers.answered) == (3, 0, Rate(hits=2, of=3))
    assert offers.passing.hits == offers.passing.of == sum(share.hits for share in offers.by_wording.values())
    assert offers.by_wording[suggestions.UNCHANGED].hits
    assert offers.by_wording[suggestions.TRANSLATED].hits


def test_suggested_questions_are_counted_by_how_they_were_made(engine: Engine) -> None:
    offers = suggestions.reviewed(
        [
            _question(["open"], id="x-1", text="Did you finish the log?"),
            _question(["no-private-matters"], id="x-2", text="Are you pregnant?"),
            _question([], id="x-3", text="What helps?"),
            _question(["open"], id="x-4", text="Did you call?", half="later"),
        ],
        engine,
    )
    assert (offers.texts, offers.withheld) == (2, 1)
    assert offers.answered == offers.passing == Rate(hits=1, of=1)
    assert sum(share.hits for share in offers.by_wording.values()) == 1


def test_nothing_is_said_of_suggestions_where_there_is_nothing_to_suggest(engine: Engine) -> None:
    assert suggestions.section(Labels((_expectation(),), (_question(),)), engine) == ""
