"""How well a ranked list of cards answers a labelled query, and how sure the mean over queries is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.f1 import RESAMPLES, SEED, Estimate
from evals.query_labels import LabelledQuery

METRICS = ("success@3", "success@5", "MRR", "nDCG@10", "false hits")
Ranked = Sequence[str]
Floats = NDArray[np.float64]


def metrics(query: LabelledQuery, ranked: Ranked) -> dict[str, float]:
    """What one query counts for, by the names of METRICS; only those that it can be asked about.

    Success and MRR ask for a best-graded card, nDCG for all graded ones; a query without an answer has false hits alone.
    """
    if not query.answered:
        return {"false hits": float(bool(ranked))}
    found = {"nDCG@10": ndcg(query.grades, ranked)}
    if query.best:
        found |= {f"success@{k}": float(bool(query.best.intersection(ranked[:k]))) for k in (3, 5)}
        found["MRR"] = next((1 / place for place, card in enumerate(ranked, 1) if card in query.best), 0.0)
    return found


def ndcg(grades: Mapping[str, float], ranked: Ranked, k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first k; a card's gain is its grade (linear)."""
    gains = [grades.get(card, 0.0) for card in ranked[:k]]
    return _discounted(gains) / _discounted(sorted(grades.values(), reverse=True)[:k])


def mean(values: Sequence[float]) -> Estimate:
    """The mean with its 95 % interval from a seeded bootstrap over queries."""
    if not values:
        return Estimate(value=None)
    low, high = _interval(np.array(values, dtype=np.float64))
    return Estimate(value=float(np.mean(values)), low=low, high=high)


def difference(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """Ours less theirs on the same queries in the same order: mean, low and high end of the paired 95 % interval.

    (0, 0, 0) where there are no queries.
    """
    apart = np.array(ours, dtype=np.float64) - np.array(theirs, dtype=np.float64)
    return (float(apart.mean()), *_interval(apart)) if len(apart) else (0.0, 0.0, 0.0)


def _interval(values: Floats) -> tuple[float, float]:
    drawn = np.random.default_rng(SEED).integers(0, len(values), size=(RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))
