"""The rules and the dimension of a question against labelled texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.f1 import FALSE_ALARM, HIT, MISS, NEITHER, Estimate, f1
from evals.rates import Rate, rate
from evals.rule_labels import Half, Labelled, LabelledExpectation, LabelledQuestion, Labels, rule_ids
from fourthright.checks import ExpectationText, check_expectation, check_question
from fourthright.domain import Dimension, Finding, Frozen, Purpose
from fourthright.knowledge import Knowledge

NONE = "none"
"""What a question serves that serves none of the four."""

Sort = Callable[[str, Purpose], Dimension | None]
"""A question's text -> the dimension it serves."""


class RuleScore(Frozen):
    """One rule over some texts; ids only, never words of a text."""

    rule: str
    precision: Rate
    recall: Rate
    f1: Estimate
    missed: tuple[str, ...]
    """Texts labelled as breaking it, where nothing was found."""
    unasked: tuple[str, ...]
    """Texts not labelled as breaking it, where something was found."""


class SetScore(Frozen):
    """All rules over the texts of one kind."""

    texts: int
    rules: tuple[RuleScore, ...]
    macro: Estimate
    """Mean F1 of the rules."""
    clean_flagged: Rate
    """Clean texts that any rule of severity error flags."""


class Sorting(Frozen):
    """The dimension of questions: label -> answer -> how many, and the ids that differ."""

    counts: dict[str, dict[str, int]]
    wrong: tuple[str, ...]
    right: Rate
    right_of_four: Rate
    """Over the questions that serve one of the four."""
    right_of_none: Rate


class HalfScore(Frozen):
    """Everything that is scored on one half of the labelled texts."""

    half: Half
    expectations: SetScore
    questions: SetScore
    dimension: Sorting
    to_look_at: tuple[str, ...]
    """Every wrong verdict with its text. Only of the development half: nobody is to read the other one."""

    @property
    def clean_flagged(self) -> Rate:
        """Clean texts wrongly flagged, both kinds together."""
        return self.expectations.clean_flagged + self.questions.clean_flagged


@dataclass(frozen=True)
class Judged:
    """A labelled text and the findings of severity error on it."""

    text: Labelled
    findings: tuple[Finding, ...]

    @property
    def fired(self) -> frozenset[str]:
        """The rules it breaks as far as the product can see."""
        return frozenset(finding.rule for finding in self.findings)

    def outcome(self, rule: str) -> tuple[int, int, int]:
        """What this text counts for in the F1 of a rule."""
        if rule in self.text.broken:
            return HIT if rule in self.fired else MISS
        return FALSE_ALARM if rule in self.fired else NEITHER


def score(half: Half, labels: Labels, knowledge: Knowledge, sort: Sort) -> HalfScore:
    """Checks every text of a half."""
    expectations = [_expectation(text, knowledge) for text in labels.expectations if text.half == half]
    asked = [text for text in labels.questions if text.half == half]
    questions = [_question(text, knowledge) for text in asked]
    answers = [sort(text.text, text.purpose) for text in asked]
    of_expectations, of_questions = rule_ids("expectation", knowledge), rule_ids("question", knowledge)
    seen = [*_misses(expectations, of_expectations), *_misses(questions, of_questions), *_missorted(asked, answers)]
    return HalfScore(
        half=half,
        expectations=over_rules(expectations, of_expectations),
        questions=over_rules(questions, of_questions),
        dimension=sorting(asked, answers),
        to_look_at=tuple(seen) if half == "development" else (),
    )


def over_rules(judged: Sequence[Judged], rules: Sequence[str]) -> SetScore:
    """Each rule, their mean, and what happens to clean texts."""
    outcomes = [[each.outcome(rule) for rule in rules] for each in judged]
    estimates, macro = f1(outcomes, len(rules))
    return SetScore(
        texts=len(judged),
        rules=tuple(_rule(rule, judged, estimate) for rule, estimate in zip(rules, estimates, strict=True)),
        macro=macro,
        clean_flagged=rate([bool(each.findings) for each in judged if not each.text.broken]),
    )


def sorting(asked: Sequence[LabelledQuestion], answers: Sequence[Dimension | None]) -> Sorting:
    """Labels against answers."""
    pairs = list(zip(asked, answers, strict=True))
    right = [(text.dimension, answer == text.dimension) for text, answer in pairs]
    seen = Counter((text.dimension or NONE, answer or NONE) for text, answer in pairs)
    names = {name for pair in seen for name in pair}
    return Sorting(
        counts={label: {answer: seen[label, answer] for answer in sorted(names)} for label in sorted(names)},
        wrong=tuple(text.id for text, answer in pairs if answer != text.dimension),
        right=rate([hit for _, hit in right]),
        right_of_four=rate([hit for label, hit in right if label]),
        right_of_none=rate([hit for label, hit in right if not label]),
    )


def _expectation(text: LabelledExpectation, knowledge: Knowledge) -> Judged:
    fields = ExpectationText(**text.model_dump(include=set(ExpectationText.model_fields)))
    return Judged(text, _errors(check_expectation(fields, knowledge)))


def _question(text: LabelledQuestion, knowledge: Knowledge) -> Judged:
    return Judged(text, _errors(check_question(text.text, text.purpose, knowledge)))


def _errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == "error")


def _rule(rule: str, judged: Sequence[Judged], estimate: Estimate) -> RuleScore:
    by = {kind: tuple(e.text.id for e in judged if e.outcome(rule) == kind) for kind in (HIT, MISS, FALSE_ALARM)}
    hits = len(by[HIT])
    return RuleScore(
        rule=rule,
        precision=Rate(hits=hits, of=hits + len(by[FALSE_ALARM])),
        recall=Rate(hits=hits, of=hits + len(by[MISS])),
        f1=estimate,
        missed=by[MISS],
        unasked=by[FALSE_ALARM],
    )


def _misses(judged: Sequence[Judged], rules: Sequence[str]) -> list[str]:
    """Rule by rule, so that what a rule gets wrong stands together."""
    return [line for rule in rules for each in judged for line in _wrong(each, rule)]


def _wrong(judged: Judged, rule: str) -> list[str]:
    text, outcome = judged.text, judged.outcome(rule)
    if outcome == MISS:
        return [f"{rule} MISSED in {text.id}: {text.said}"]
    if outcome == FALSE_ALARM:
        quotes = ", ".join(f"“{finding.quote}”" for finding in judged.findings if finding.rule == rule)
        return [f"{rule} UNASKED in {text.id} on {quotes}: {text.said}"]
    return []


def _missorted(asked: Sequence[LabelledQuestion], answers: Sequence[Dimension | None]) -> list[str]:
    return [
        f"{text.dimension or NONE}, got {answer or NONE}, in {text.id}: {text.said}"
        for text, answer in zip(asked, answers, strict=True)
        if answer != text.dimension
    ]
