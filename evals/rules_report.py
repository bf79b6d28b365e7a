"""The report on the rules: what they find on labelled texts, and how far the labels themselves can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from evals.f1 import RESAMPLES
from evals.rule_labels import Labels, rule_ids
from evals.scorers.agreement import Agreement, on_dimension, on_rule
from evals.scorers.labelled import HalfScore, SetScore, Sorting
from evals.tables import bullets, sections, table
from fourthright.knowledge import Knowledge

NOTE = (
    "Precision, recall and shares are with Wilson's 95 % intervals, F1 with those of a bootstrap over texts "
    f"({RESAMPLES} resamples, seeded). Missed and unasked name the texts. Those of the test and later halves are named and "
    "never shown, so that nobody reads them while tuning."
)
"""What stands above the tables."""


def report(scores: Sequence[HalfScore], labels: Labels, knowledge: Knowledge) -> str:
    """The section as Markdown, for the halves that were scored; the agreement is over all texts."""
    halves = sections(_half(score) for score in scores)
    return sections(["## Rules, against labelled texts", NOTE, halves, agreement(labels, knowledge)])


def agreement(labels: Labels, knowledge: Knowledge) -> str:
    """Cohen's kappa of the two labellings, before anything was settled, over all texts."""
    on_expectations = [on_rule(rule, labels.expectations) for rule in rule_ids("expectation", knowledge)]
    on_questions = [on_rule(rule, labels.questions) for rule in rule_ids("question", knowledge)]
    head = ["", "rule", "both", "only first", "only second", "neither", "kappa"]
    rows = [["expectation", *_cells(each)] for each in on_expectations]
    rows += [["question", *_cells(each)] for each in on_questions]
    dimension = [text.first_dimension == text.second_dimension for text in labels.questions]
    apart = len(dimension) - sum(dimension)
    return sections(
        [
            "### Agreement of the two labellings, all texts",
            table(head, rows),
            f"Dimension of a question, or none: {sum(dimension)} alike, {apart} not, kappa "
            f"{_decimals(on_dimension(labels.questions))}.",
        ]
    )


def _half(score: HalfScore) -> str:
    half = f"{score.half} half"
    return sections(
        [
            f"### Expectations, {half}",
            _rules(score.expectations),
            f"### Questions, {half}",
            _rules(score.questions),
            f"### Clean texts wrongly flagged, {half}",
            _clean(score),
            f"### Dimension of a question, {half}",
            _dimension(score.dimension),
            bullets(f"To look at, {half}", score.to_look_at),
        ]
    )


def _rules(found: SetScore) -> str:
    rows: list[list[object]] = [
        [each.rule, each.precision, each.recall, each.f1, " ".join(each.missed), " ".join(each.unasked)]
        for each in found.rules
    ]
    head = ["rule", "precision", "recall", "F1", "missed", "unasked"]
    return table(head, [*rows, ["macro", "", "", found.macro, "", ""]]) + f"\n\n{found.texts} texts."


def _clean(score: HalfScore) -> str:
    rows = [
        ("expectations", score.expectations.clean_flagged),
        ("questions", score.questions.clean_flagged),
        ("together", score.clean_flagged),
    ]
    return table(["", "flagged"], rows)


def _dimension(found: Sorting) -> str:
    names = list(found.counts)
    rows = [[f"label {label}", *(found.counts[label][answer] for answer in names)] for label in names]
    return sections(
        [
            table(["", *names], rows),
            f"Right: {found.right}. Of those that serve one of the four: {found.right_of_four}; "
            f"of those that serve none: {found.right_of_none}.",
            f"Wrong: {' '.join(found.wrong)}." if found.wrong else "",
        ]
    )


def _cells(found: Agreement) -> list[object]:
    return [found.name, found.both, found.only_first, found.only_second, found.neither, _decimals(found.kappa)]


def _decimals(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
