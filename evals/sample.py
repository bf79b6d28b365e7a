"""A sample of numbers with the words they rest on, for a person to check by hand."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path

from evals.results import Outcome
from evals.scorers.numbers import Claim, claims

SIZE = 50
LEAST_PROPOSED = 10
"""So many of the sample are proposed numbers, which may be the manager's own after all."""
HEAD = ("system", "case", "expectation", "place", "number", "origin", "formula", "line", "observations", "right?")


def draw(outcome: Outcome, seed: int = 7) -> list[tuple[str, Claim]]:
    """Case and claim, the same ones for the same pages; backed numbers first, proposed ones after."""
    every = [(page.case.id, claim) for page in outcome.ready for claim in claims(page.prep)]
    rng = random.Random(seed)
    rng.shuffle(every)
    backed = [pair for pair in every if pair[1].number is None or pair[1].number.origin != "proposed"]
    proposed = [pair for pair in every if pair not in backed]
    kept = backed[: SIZE - min(LEAST_PROPOSED, len(proposed))]
    return kept + proposed[: SIZE - len(kept)]


def write(outcomes: Sequence[Outcome], path: Path) -> None:
    """A table with a tab between cells, and an empty last column for the verdict."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, delimiter="\t", lineterminator="\n")
        out.writerow(HEAD)
        for outcome in outcomes:
            out.writerows(_row(outcome.system, case_id, claim) for case_id, claim in draw(outcome))


def _row(system: str, case_id: str, claim: Claim) -> tuple[str, ...]:
    number = claim.number
    origin, formula = (number.origin, number.formula or "") if number else ("none", "")
    quotes = " / ".join(" ".join(quote.split()) for quote in claim.quotes)
    line = " ".join(claim.line.split())
    return (system, case_id, claim.expectation, claim.place, claim.amount, origin, formula, line, quotes, "")
