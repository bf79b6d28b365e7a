"""What follows from the figures of a text by one sum, for a line that calls a figure computed or tells where it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from fourthright.figures.comparing import days_between
from fourthright.figures.numbers import Figure

_WHOLE = 100
_DECIMALS = 4
_MOST = 24
"""Figures that are reckoned with: more than a situation holds that somebody reads, and few enough for any text."""
_LONGEST_SUM = 6
_HALF_DAY, _DAY, _WEEK = 720, 1440, 10080
_PROPORTIONS = {
    "half": 1 / 2,
    "third": 1 / 3,
    "two thirds": 2 / 3,
    "quarter": 1 / 4,
    "three quarters": 3 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
}
_PROPORTION = re.compile(
    r"\b(?:half|(?:a|one)[ -](?:third|quarter|fifth|tenth)|two[ -]thirds|three[ -]quarters)\b(?! (?:past|to)\b| an? )",
    re.IGNORECASE,
)
_AMOUNTS = {"count", "ordinal", "name", "money", "percent", "duration"}


def reckoned(mine: Figure, given: Sequence[Figure], text: str) -> bool:
    """Whether a figure is the sum, difference, average or share of figures of a text, or a time reckoned on."""
    given = given[:_MOST]
    match mine.kind:
        case "share":
            return _share(mine, given, text)
        case "percent":
            return mine.value in {*_amounts(mine, given), *_per_cents(given)}
        case "time":
            times = [at.value for at in given if at.kind == "time"]
            return any(abs(mine.value - at) in _minutes(given) for at in times)
        case "duration":
            spans = list(_spans(given))
            weeks = {round(span / _WEEK) for span in spans} if mine.unit == "week" else set()
            return mine.minutes in spans or mine.value in weeks or mine.value in _amounts(mine, given)
        case _ if mine.unit == "time":
            return mine.value in _times_as_much(given)
    return mine.value in _amounts(mine, given) or mine.value in _spans(given)


def proportions(text: str) -> frozenset[float]:
    """The parts of a whole that a text names in words: "half", "two thirds of them"."""
    found = (re.sub(r"^(?:a|one) ", "", hit[0].lower().replace("-", " ")) for hit in _PROPORTION.finditer(text))
    return frozenset(_PROPORTIONS[words] for words in found)


def _share(mine: Figure, given: Sequence[Figure], text: str) -> bool:
    """Whether a share is what is left of one, two of them together, or a given part of a given whole."""
    total = mine.total or mine.value
    shares = [f for f in given if f.kind == "share"]
    if any(
        (a.value + b.value, (a.total or 0) + (b.total or 0)) == (mine.value, total) for a, b in combinations(shares, 2)
    ):
        return True
    counted = [
        f.value for f in given if f.kind in {"count", "ordinal"} or (f.kind == "duration" and f.unit == mine.unit)
    ]
    parts = [f.value for f in shares if f.total == total]
    if not parts and total not in counted:
        return False
    known = {*counted, *parts, *(a + b for a, b in combinations(counted, 2))}
    named = (*proportions(text), *(f.value / _WHOLE for f in given if f.kind == "percent"))
    known |= {float(round(part * total)) for part in named}
    return bool({mine.value, total - mine.value} & known)


def _numbers(figure: Figure) -> tuple[float, ...]:
    if figure.kind == "share":
        return (figure.value, figure.total or figure.value)
    return (figure.value,) if figure.kind in _AMOUNTS else ()


def _amounts(mine: Figure, given: Sequence[Figure]) -> Iterator[float]:
    """Sums, differences, averages and products of the amounts that can go with a figure."""
    like = [f for f in given if (f.kind == "money") == (mine.kind == "money")]
    counted = [(number, f.unit) for f in like for number in _numbers(f)]
    for (a, unit), (b, other) in combinations(counted, 2):
        if unit == other or None in {unit, other}:
            yield from (a + b, round(abs(a - b), _DECIMALS))
        if unit != other:
            yield a * b
    for size in range(3, min(len(counted), _LONGEST_SUM) + 1):
        for run in zip(*(counted[start:] for start in range(size)), strict=False):
            total = sum(number for number, _ in run)
            yield from (total, total / size, math.floor(total / size), math.ceil(total / size))


def _per_cents(given: Sequence[Figure]) -> Iterator[float]:
    numbers = [number for figure in given for number in _numbers(figure) if number]
    for a, b in combinations(numbers, 2):
        yield from (round(_WHOLE * min(a, b) / max(a, b)), _WHOLE - round(_WHOLE * min(a, b) / max(a, b)))


def _times_as_much(given: Sequence[Figure]) -> Iterator[float]:
    """How many times one amount is another of the same unit, or one length of time another."""
    sizes = [(f.minutes or f.value, "minute" if f.minutes else f.unit) for f in given if f.kind in _AMOUNTS and f.value]
    yield from (max(a, b) / min(a, b) for (a, unit), (b, other) in combinations(sizes, 2) if unit == other)


def _minutes(given: Sequence[Figure]) -> set[float]:
    return {f.minutes for f in given if f.minutes is not None}


def _spans(given: Sequence[Figure]) -> Iterator[float]:
    """The minutes from one given time, date or length of time to another."""
    times = [f.value for f in given if f.kind == "time"]
    yield from ((a - b) % _HALF_DAY for a in times for b in times if a != b)
    dates = [f for f in given if f.kind == "date"]
    gaps = [days_between(*pair) for a, b in combinations(dates, 2) for pair in ((a, b), (b, a))]
    yield from (float(abs(days) * _DAY) for days in gaps if days)
    lengths = _minutes(given)
    yield from (abs(a + sign * b) for a, b in combinations(lengths, 2) for sign in (1, -1))
