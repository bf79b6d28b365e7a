"""Where the lines of the pages come from, and what the pages cost."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.results import Page
from fourthright.domain import LineOrigin


def origins(pages: Sequence[Page]) -> dict[str, Counter[LineOrigin]]:
    """Expectations and questions by origin."""
    return {
        "expectations": Counter(e.origin for page in pages for e in page.prep.expectations),
        "questions": Counter(q.origin for page in pages for q in page.prep.agenda.questions),
    }


@dataclass(frozen=True)
class Spread:
    """The middle, the largest and the sum of some numbers; all 0 where there are none."""

    median: float
    most: float
    total: float


def spread(numbers: Iterable[float]) -> Spread:
    """How some numbers are spread."""
    given = list(numbers)
    return Spread(statistics.median(given), max(given), sum(given)) if given else Spread(0.0, 0.0, 0.0)


def tokens(pages: Sequence[Page]) -> dict[str, Spread]:
    """Fresh, cached and written tokens a page."""
    spent = [page.prep.made_with.tokens for page in pages]
    return {
        "fresh": spread(t.fresh for t in spent),
        "cached": spread(t.cached for t in spent),
        "written": spread(t.written for t in spent),
    }
