"""Whether a situation backs a figure: the same value for the same thing, or one that follows from its figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from fourthright.figures import Mention, mentions, same, worked_figures
from fourthright.figures.comparing import days_between

_KEPT = 2
"""Situations whose figures stay in memory: one page checks many lines against the same text."""
_LINKS_TOTAL = re.compile(r"\s(?:[^\W\d_][\w-]*\s){0,3}(?:out\s)?of\s(?:(?:the|every|each|all|next|last)\s)*", re.I)
_ENDING = re.compile(r"(?:ing|ed|es|s)$")
_ENOUGH_ALIKE = 2
_MINUTES_A_DAY = 1440
_WHOLE = 100
_HOUR, _HALF_DAY = 60, 720
_MONTH = 100
"""A date's value is its month times this, and its day; a day alone stays below it."""
_HALVES = re.compile(r"\bhalf\b", re.IGNORECASE)


def shares_joined(line: str) -> tuple[Mention, ...]:
    """The figures of a line; a part and its whole with the noun between them ("4 mornings of 5") are one share."""
    joined: list[Mention] = []
    for mention in mentions(line):
        part, whole = joined[-1] if joined else None, mention.figure
        if part and _LINKS_TOTAL.fullmatch(line[part.figure.end : whole.start]) and _is_share(part, mention):
            update = {"text": line[part.figure.start : whole.end], "end": whole.end, "kind": "share"}
            figure = part.figure.model_copy(update=update | {"total": whole.value})
            joined[-1] = part._replace(figure=figure, words=part.words | mention.words)
        else:
            joined.append(mention)
    return tuple(joined)


def backs(situation: str, mine: Mention, line: Sequence[Mention]) -> bool:
    """Whether a situation has a figure of a line, or it follows from the situation and the rest of the line."""
    given = _given(situation)
    figure = mine.figure
    # A share needs both of its numbers, so one number in common backs nothing.
    if any((figure.kind != "share" and same(mine, other)) or _alike(mine, other) for other in given):
        return True
    if (figure.kind, figure.value, figure.unit) in _worked(situation):
        return True
    match figure.kind:
        case "share" if figure.total == 2 * figure.value and _HALVES.search(situation):
            return True
        case "share":
            return _share_backed(mine, given)
        case "count" | "duration" if figure.value == 1:
            return _named_alone(situation, figure.unit) or _days_fit(mine, given, line)
        case "percent":
            return any(_as_percent(other, figure.value) for other in given)
        case "date" | "duration":
            return _days_fit(mine, given, line)
    return False


@lru_cache(maxsize=_KEPT)
def _given(text: str) -> tuple[Mention, ...]:
    return shares_joined(text)


@lru_cache(maxsize=_KEPT)
def _worked(text: str) -> frozenset[tuple[str, float, str | None]]:
    return frozenset((w.kind, w.value, w.unit) for w in worked_figures(text))


def _is_share(part: Mention, whole: Mention) -> bool:
    kinds = part.figure.kind in {"count", "duration"} and whole.figure.kind == "count"
    return kinds and part.figure.value <= whole.figure.value


def _alike(mine: Mention, theirs: Mention) -> bool:
    """The same value for what may be the same thing, as far as kinds, units and words tell."""
    figure, other = mine.figure, theirs.figure
    match (figure.kind, other.kind):
        case ("share", "share"):
            return (figure.value, figure.total) == (other.value, other.total)
        case ("duration", "duration"):
            return (figure.value, figure.unit) == (other.value, other.unit) or _as_long(figure.minutes, other.minutes)
        case ("count", "duration") | ("duration", "count"):
            return figure.value == other.value and figure.unit == other.unit
        case ("time", "time"):
            return (figure.value - other.value) % _HALF_DAY == 0
        case ("time", "count"):
            return figure.value == other.value * _HOUR
        case ("date", "date"):
            return figure.value == other.value or (
                figure.value % _MONTH == other.value % _MONTH and min(figure.value, other.value) < _MONTH
            )
        case ("count", "count"):
            told = None in {figure.unit, other.unit} or figure.unit == other.unit
            return figure.value == other.value and (told or len(_common(mine, theirs)) >= _ENOUGH_ALIKE)
        case ("count", "share"):
            return figure.value in {other.value, other.total} and (other.unit is None or bool(_common(mine, theirs)))
        case ("percent", "percent") | ("money", "money"):
            return figure.value == other.value
    return False


def _named_alone(situation: str, unit: str | None) -> bool:
    """Whether a single thing or length of time is spoken of: "one month" is "a month", "one list" "the list"."""
    return unit is not None and bool(re.search(rf"\b{re.escape(unit)}", situation, re.IGNORECASE))


def _share_backed(mine: Mention, given: Sequence[Mention]) -> bool:
    """Whether both numbers of a share are there, or the part is the whole or a given per cent of it."""
    part, whole = mine.figure.value, mine.figure.total or mine.figure.value
    if not any(_numbers(other, whole, mine.figure.unit) for other in given):
        return False
    of_whole = [other.figure.value * whole / _WHOLE for other in given if other.figure.kind == "percent"]
    if part == whole or any(part in {math.floor(share), math.ceil(share)} for share in of_whole):
        return True
    return any(_numbers(other, part, mine.figure.unit) for other in given)


def _numbers(other: Mention, value: float, unit: str | None) -> bool:
    """Whether a given figure is a number of things with this value; days are things only where days are counted."""
    figure = other.figure
    if figure.kind == "duration":
        return figure.value == value and figure.unit == unit
    return figure.kind in {"count", "share"} and value in {figure.value, figure.total}


def _as_percent(other: Mention, percent: float) -> bool:
    figure = other.figure
    if figure.kind != "share" or not figure.total:
        return False
    return percent in {round(_WHOLE * part / figure.total) for part in (figure.value, figure.total - figure.value)}


def _days_fit(mine: Mention, given: Sequence[Mention], line: Sequence[Mention]) -> bool:
    """Whether a date lies a stated length of time from a given date, or a length lies between two such dates."""
    dates = [mine] if mine.figure.kind == "date" else [m for m in line if m.figure.kind == "date"]
    lengths = set(_lengths([mine] if mine.figure.kind == "duration" else (*line, *given)))
    starts = [other.figure for other in given if other.figure.kind == "date"]
    gaps = {days_between(start, date.figure) for start in starts for date in dates}
    return any(abs(gap) in lengths for gap in gaps if gap)


def _lengths(found: Sequence[Mention]) -> Iterator[float]:
    for mention in found:
        if (minutes := mention.figure.minutes) is not None:
            yield minutes / _MINUTES_A_DAY


def _as_long(minutes: float | None, others: float | None) -> bool:
    return minutes is not None and minutes == others


def _common(mine: Mention, theirs: Mention) -> set[str]:
    """The stems of the words that stand around both figures."""
    return {_ENDING.sub("", word) for word in mine.words} & {_ENDING.sub("", word) for word in theirs.words}
