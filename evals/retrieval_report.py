"""The report on retrieval: what is found for labelled queries, beside plain ways of finding it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from evals.query_labels import LabelledQuery, QueryKind
from evals.retrieval_systems import NEVER_REFUSING, PRODUCT, Rank
from evals.scorers.agreement import kappa
from evals.scorers.ranking import METRICS, difference, mean, metrics
from evals.tables import sections, table

NOTE = (
    "The product's way: the whole text and each of its sentences are searched for, as on the Guidance page; a card counts "
    "for the best of them. It is scored with its refusals: where it says that nothing fits, it has found nothing; beside it "
    "stands the same ranking without them. The safeguards do not stop any text. The other ways read the same lines, take the "
    "whole text as typed and never refuse. A card's grade is the mean of the two labellings; success and MRR ask for a "
    "card with the highest grade, at least 1.5; nDCG takes every grade. Means with 95 % intervals of a seeded bootstrap "
    "over queries; differences are paired. Queries of the test half are scored and never shown."
)
"""What stands above the tables."""

Scores = Mapping[str, Sequence[Mapping[str, float]]]
"""System -> what each query counts for, in the order of the queries."""


def score(queries: Sequence[LabelledQuery], systems: Mapping[str, Rank]) -> Scores:
    """Asks every system every query."""
    return {name: [metrics(query, rank(query.text)) for query in queries] for name, rank in systems.items()}


def report(halves: Sequence[str], queries: Sequence[LabelledQuery], systems: Mapping[str, Rank]) -> str:
    """The section as Markdown, for these halves; the agreement is over all queries."""
    parts = [_half(half, [query for query in queries if query.half == half], systems) for half in halves]
    return sections(["## Retrieval, against labelled queries", NOTE, *parts, agreement(queries)])


def agreement(queries: Sequence[LabelledQuery]) -> str:
    """How far the two labellings agree, over all queries, before they are averaged."""
    pairs = [
        (query.first.get(card, 0), query.second.get(card, 0)) for query in queries for card in sorted(query.grades)
    ]
    same = sum(a == b for a, b in pairs)
    best = [
        bool(
            {c for c, g in q.first.items() if g == max(q.first.values())}
            & {c for c, g in q.second.items() if g == max(q.second.values())}
        )
        for q in queries
        if q.first and q.second
    ]
    answered = [(bool(query.first), bool(query.second)) for query in queries]
    rows = [
        ["queries with any card: alike", f"{sum(a == b for a, b in answered)} of {len(answered)}"],
        ["the same, kappa", _decimals(kappa(answered))],
        ["queries where both name a card: a highest-graded card in common", f"{sum(best)} of {len(best)}"],
        ["cards that either named: the same grade by both", f"{same} of {len(pairs)}"],
    ]
    return sections(["### Agreement of the two labellings, all queries", table(["", ""], rows)])


def _half(half: str, queries: Sequence[LabelledQuery], systems: Mapping[str, Rank]) -> str:
    if not queries:
        return ""
    scores = score(queries, systems)
    rows = [[name, *(mean(_values(found, metric)) for metric in METRICS)] for name, found in scores.items()]
    counted = f"{len(queries)} queries: {sum(q.answered for q in queries)} with an answer, of which "
    counted += f"{sum(bool(q.best) for q in queries)} with a best-graded card."
    return sections(
        [
            f"### All kinds, {half} half",
            table(["", *METRICS], rows),
            counted,
            f"### The product by kind, {half} half",
            table(["kind", "queries", *METRICS], [_kind(kind, queries, scores[PRODUCT]) for kind in _kinds()]),
            f"### The product less the best other way, paired, {half} half",
            table(["kind", "success@5", "nDCG@10"], [_apart(kind, queries, scores) for kind in (None, *_kinds())]),
        ]
    )


def _kind(kind: str, queries: Sequence[LabelledQuery], found: Sequence[Mapping[str, float]]) -> list[object]:
    of = [each for query, each in zip(queries, found, strict=True) if query.kind == kind]
    return [kind, len(of), *(mean(_values(of, metric)) for metric in METRICS)]


def _apart(kind: str | None, queries: Sequence[LabelledQuery], scores: Scores) -> list[object]:
    chosen = {
        name: [each for query, each in zip(queries, found, strict=True) if kind in (None, query.kind)]
        for name, found in scores.items()
    }
    return [kind or "all", *(_best_other(chosen, metric) for metric in ("success@5", "nDCG@10"))]


def _best_other(scores: Scores, metric: str) -> str:
    values = {name: _values(found, metric) for name, found in scores.items() if name != NEVER_REFUSING}
    ours = values.pop(PRODUCT)
    if not ours:
        return "none to count"
    best = max(values, key=lambda name: sum(values[name]))
    middle, low, high = difference(ours, values[best])
    return f"{middle:+.2f} ({low:+.2f} to {high:+.2f}) to {best}"


def _values(found: Sequence[Mapping[str, float]], metric: str) -> list[float]:
    return [each[metric] for each in found if metric in each]


def _kinds() -> tuple[str, ...]:
    return get_args(QueryKind)


def _decimals(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
