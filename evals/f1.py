"""F1 and macro F1 with 95 % intervals: a seeded bootstrap over texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fourthright.domain import Frozen

RESAMPLES = 2000
SEED = 7
HIT, FALSE_ALARM, MISS = (1, 0, 0), (0, 1, 0), (0, 0, 1)
NEITHER = (0, 0, 0)
"""Neither labelled nor found: says nothing about F1."""

Floats = NDArray[np.float64]


class Estimate(Frozen):
    """A value between 0 and 1 with its interval; `value` is None where there was nothing to count."""

    value: float | None
    low: float = 0.0
    high: float = 1.0

    def __str__(self) -> str:
        if self.value is None:
            return "none to count"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def f1(outcomes: Sequence[Sequence[Sequence[int]]], names: int) -> tuple[tuple[Estimate, ...], Estimate]:
    """F1 of each of so many names, and their mean.

    `outcomes` holds, for each text and each name in it, HIT, FALSE_ALARM, MISS or NEITHER. Whole texts are drawn
    again, so that a text's verdicts stay together; the interval is from the 2.5th to the 97.5th percentile. A name that
    is neither labelled nor found has no F1 and is left out of the mean.
    """
    counts = np.array(outcomes, dtype=np.float64).reshape(len(outcomes), names * 3)
    texts = max(len(outcomes), 1)
    times = np.random.default_rng(SEED).multinomial(len(outcomes), [1 / texts] * texts, size=RESAMPLES)
    drawn = _each(times[:, : len(outcomes)] @ counts)
    whole = _each(counts.sum(axis=0)[None, :])
    each = tuple(_estimate(whole[0, i], drawn[:, i]) for i in range(names))
    return each, _estimate(_mean(whole)[0], _mean(drawn))


def _each(counts: Floats) -> Floats:
    """(samples, names x 3) counts -> (samples, names) F1; NaN where nothing was counted."""
    hits, false_alarms, misses = np.moveaxis(counts.reshape(len(counts), -1, 3), 2, 0)
    of = 2 * hits + false_alarms + misses
    scores: Floats = np.divide(2 * hits, of, out=np.full_like(of, np.nan), where=of > 0)
    return scores


def _mean(scores: Floats) -> Floats:
    """(samples, names) -> (samples,) mean of what is no NaN; NaN where nothing is left."""
    known = (~np.isnan(scores)).sum(axis=1)
    mean: Floats = np.divide(np.nansum(scores, axis=1), known, out=np.full(len(scores), np.nan), where=known > 0)
    return mean


def _estimate(value: float, drawn: Floats) -> Estimate:
    if np.isnan(value):
        return Estimate(value=None)
    low, high = np.percentile(drawn[~np.isnan(drawn)], [2.5, 97.5])
    return Estimate(value=float(value), low=float(low), high=float(high))
