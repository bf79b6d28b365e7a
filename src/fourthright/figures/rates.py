"""How often out of how many: the rate in an observation, whether it counts failures, and a target from it."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Self

from pydantic import model_validator

from fourthright.domain import Frozen
from fourthright.figures import cues
from fourthright.figures.comparing import is_standard
from fourthright.figures.numbers import Figure

SMALLEST_TOTAL = 4
"""Below this a share is an anecdote: no target is worked out from it."""
_APART = 90
"""Characters that may lie between "10 charts" and "4 had no entry"."""


class Rate(Frozen):
    """`count` out of `total` things called `unit`; `failing` is None where the words leave open what is counted."""

    count: int
    total: int
    unit: str | None
    failing: bool | None

    @model_validator(mode="after")
    def _is_a_part(self) -> Self:
        if not 0 <= self.count <= self.total or self.total < 1:
            raise ValueError(f"{self.count} of {self.total} is not a share")
        return self


class FoundRate(Frozen):
    """A rate and the figures it is made of."""

    rate: Rate
    figures: tuple[Figure, ...]


def goal(rate: Rate) -> str | None:
    """A proposed target, strictly better than today and never full marks; None where the rate does not carry one."""
    if rate.failing is None or rate.total < SMALLEST_TOTAL:
        return None
    if rate.failing:
        most = max(1, rate.count // 4)
        return f"at most {most} of {rate.total}" if most < rate.count else None
    stretches = (math.ceil(rate.total * 0.75), math.ceil(rate.total * 0.9))
    least = next((n for n in stretches if rate.count < n < rate.total), None)
    return f"at least {least} of {rate.total}" if least else None


def rate_in(text: str, found: tuple[Figure, ...]) -> FoundRate | None:
    """The first rate in a text: "5 of 12", "10 charts and 4 had no entry", "2 this term, the calendar has 5"."""
    counts = [f for f in found if f.kind == "count" and f.value == int(f.value)]
    return _share(text, found) or _part(text, counts) or _planned(text, counts) or _all_failed(text, counts)


def counts_failures(text: str, figure: Figure) -> bool | None:
    """Whether a count is of what went wrong (True) or of what was done (False); None when in doubt."""
    edges = [m.end() for m in cues.BEFORE_COUNT.finditer(text, 0, figure.start)]
    before = text[edges[-1] if edges else 0 : figure.start]
    sentence = re.split(r"[.;\n)]|,\s(?!no\b|not\b|with)", text[figure.end :], maxsplit=1)[0]
    rest = cues.AFTER_COUNT.split(sentence, maxsplit=1)[0]
    if cues.NO_FAULT.search(before + figure.text + rest):
        return None
    only = cues.ONLY_BEFORE.search(before)
    failed = cues.FAILED.search(rest if figure.value == 0 else figure.text + rest)
    before_failed = cues.FAILED.search(before[: only.start()] if only else before)
    if only:
        return None if failed or before_failed else False
    done = cues.DONE.search(" ".join(rest.split()[: cues.DONE_REACH]))
    if failed or (before_failed and not done):
        return True
    return False if done and not before_failed and not cues.FAILED.search(sentence) else None


def _share(text: str, found: tuple[Figure, ...]) -> FoundRate | None:
    for figure in found:
        if figure.kind == "share" and figure.total and figure.value == int(figure.value):
            failing = counts_failures(text, figure)
            if figure.value < figure.total or failing is not None:  # all of them, of nothing in doubt, is no rate
                return _rate(figure.value, figure.total, figure.unit, failing, (figure,))
    return None


def _part(text: str, counts: list[Figure]) -> FoundRate | None:
    """A number of things, and right after it how many of them."""
    for base, part in pairwise(counts):
        between, after = text[base.end : part.start], text[part.end :]
        among = bool(cues.AMONG_BEFORE.search(text[: base.start]) or cues.CHECKED_BEFORE.search(text[: base.start]))
        counted = base.unit is not None or among or re.match(r"\sof\s(?:them|those|these)\b", between)
        near = len(between) < _APART and counted and 0 < part.value <= base.value
        told = among or (cues.LINKS_PART.search(between) and cues.PART_AFTER.match(after))
        of_them = re.match(r"\sof\s(?:them|those)", after) or part.unit in {None, base.unit}
        if near and told and of_them and not is_standard(text, part):
            return _rate(part.value, base.value, base.unit, counts_failures(text, part), (base, part))
    return None


def _planned(text: str, counts: list[Figure]) -> FoundRate | None:
    """How many there were, and how many the plan or the calendar has."""
    due = [f for f in counts if is_standard(text, f)]
    real = [f for f in counts if f not in due]
    if len(due) != 1 or len(real) != 1 or not 0 <= real[0].value < due[0].value:
        return None
    start = max(0, due[0].start - 40)
    if not cues.PLANNED.search(text[start : due[0].end + 20]) or not _same_unit(real[0], due[0]):
        return None
    return _rate(real[0].value, due[0].value, real[0].unit or due[0].unit, False, (real[0], due[0]))


def _same_unit(one: Figure, other: Figure) -> bool:
    return one.unit is None or other.unit is None or one.unit == other.unit


def _all_failed(text: str, counts: list[Figure]) -> FoundRate | None:
    for figure in counts:
        last = figure.value > 1 and cues.LAST_BEFORE.search(text[: figure.start])
        if last and cues.ALL_FAILED_AFTER.match(text[figure.end :]):
            return _rate(figure.value, figure.value, figure.unit, True, (figure,))
    return None


def _rate(count: float, total: float, unit: str | None, failing: bool | None, made_of: tuple[Figure, ...]) -> FoundRate:
    return FoundRate(rate=Rate(count=int(count), total=int(total), unit=unit, failing=failing), figures=made_of)
