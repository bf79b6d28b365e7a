"""The labelled texts in data/checks_dev.jsonl and how the rules do on them.

Labels: one pass of a large model, no human. Rows of half `tune` were looked at while the rules were written, rows of
half `held` were not. Rows of `later-1` to `later-3` were written after the first rules, scored once, and then learned
from.
Rules in `unsure` are not scored on that row: two readers could differ.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from fourthright.domain import Finding

FILE = Path(__file__).parent / "data" / "checks_dev.jsonl"


class Score(NamedTuple):
    """Precision and recall of one rule."""

    precision: float
    recall: float


def rows(kind: str, *halves: str) -> list[dict[str, Any]]:
    """The rows of a kind, "expectation" or "question", in some halves; in all of them when none is named."""
    found = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [row for row in found if row["kind"] == kind and (not halves or row["half"] in halves)]


def scores(
    labelled: Iterable[dict[str, Any]], run: Callable[[dict[str, Any]], tuple[Finding, ...]]
) -> dict[str, Score]:
    """Precision and recall of each rule that the rows break or the run finds."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    for row in labelled:
        want, got = set(row["broken"]), {finding.rule for finding in run(row)} - set(row["unsure"])
        right.update(want & got)
        found.update(got)
        broken.update(want)
    return {
        rule: Score(
            right[rule] / found[rule] if found[rule] else 1.0, right[rule] / broken[rule] if broken[rule] else 1.0
        )
        for rule in sorted(found | broken)
    }
