"""Status against labels, and flags against labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from evals.rates import Rate
from evals.results import Outcome
from fourthright.domain import Status

STATUSES: tuple[Status, ...] = get_args(Status)
NO_PAGE = "no page"


@dataclass(frozen=True)
class Confusion:
    """How often each label got each status; `wrong` lists the cases off the diagonal."""

    counts: Mapping[tuple[Status, str], int]
    wrong: tuple[str, ...]
    right: Rate


@dataclass(frozen=True)
class Flags:
    """One trigger: the cases that ask for it and got it, and those that got it unasked."""

    recall: Rate
    missed: tuple[str, ...]
    false_alarms: Rate
    unasked: tuple[str, ...]


def confusion(outcome: Outcome) -> Confusion:
    """The statuses of all cases that were run; a case without a valid page counts as `no page`."""
    got: dict[str, str] = {page.case.id: page.prep.status for page in outcome.pages}
    got |= dict.fromkeys((*outcome.failed, *outcome.invalid), NO_PAGE)
    pairs = {case_id: (outcome.labels[case_id], status) for case_id, status in got.items()}
    wrong = tuple(f"{case_id}: {want}, got {have}" for case_id, (want, have) in pairs.items() if want != have)
    return Confusion(Counter(pairs.values()), wrong, Rate(hits=len(pairs) - len(wrong), of=len(pairs)))


def flags(outcome: Outcome) -> dict[str, Flags]:
    """Trigger -> recall over the pages that ask for it, and false alarms over those that do not."""
    asked = {page.case.id: set(page.case.triggers) for page in outcome.pages}
    fired = {page.case.id: {flag.trigger for flag in page.prep.flags} for page in outcome.pages}
    return {trigger: _flags(trigger, asked, fired) for trigger in sorted(set().union(*asked.values(), *fired.values()))}


def _flags(trigger: str, asked: Mapping[str, set[str]], fired: Mapping[str, set[str]]) -> Flags:
    wanted = [case_id for case_id in asked if trigger in asked[case_id]]
    others = [case_id for case_id in asked if trigger not in asked[case_id]]
    missed = tuple(case_id for case_id in wanted if trigger not in fired[case_id])
    unasked = tuple(case_id for case_id in others if trigger in fired[case_id])
    return Flags(
        recall=Rate(hits=len(wanted) - len(missed), of=len(wanted)),
        missed=missed,
        false_alarms=Rate(hits=len(unasked), of=len(others)),
        unasked=unasked,
    )
