"""Whether a situation backs a figure: the same value for the same thing, or one that follows from its figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from fourthright.figures import Figure, Mention, mentions, proportions, reckoned, same, worked_figures
from fourthright.figures.comparing import days_between
from fourthright.figures.grammar import MONTHS

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
_DAYS = {"day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0, "hour": 1 / 24}
_MONTHS = {"month": 1.0, "quarter": 3.0, "year": 12.0}
_NAMED_LENGTH = re.compile(
    r"\b(?:a|an|one|this|next|last|per|the|each|every)\s(day|fortnight|quarter|year)\b", re.IGNORECASE
)
_MONTH_NAME = re.compile(rf"\b(?:{'|'.join(MONTHS).title()})[a-z]*\b")
_POINTS_BACK = re.compile(r"\b(?:the|these|those|all)\s(?:\d+|[a-z]+)\b(?=\s\S+$)", re.IGNORECASE)
_NONE = re.compile(r"\b(?:none|never|nobody|no one|neither|not once|not one|nothing|zero)\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|days?|sdays?|nesdays?|rsdays?|urdays?)?\b", re.IGNORECASE)
_IN_A_ROW = re.compile(r"\s?(?:,|and|&|then|,\s?and)?\s(?:(?:on|at|the|then|and)\s)*", re.IGNORECASE)
_CASES = {"day", "morning", "evening", "afternoon", "night", "time", "shift", "case", "occasion", "date", "week"}
"""Units of a number of listed dates or times: "came at 7:05 and 7:10", "two mornings"."""


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


def dates(situation: str) -> tuple[Mention, ...]:
    """The days of a situation, each of 5/8 in both orders."""
    return tuple(mention for mention in _given(situation) if mention.figure.kind == "date")


def backs(situation: str, mine: Mention, line: Sequence[Mention], *, computed: bool = False) -> bool:
    """Whether a situation has a figure of a line, or it follows from the situation and the rest of the line.

    What is `computed` may also be the sum, the difference or a share of what the situation has.
    """
    given = _given(situation)
    if computed and reckoned(mine.figure, [other.figure for other in given], situation):
        return True
    return any(_backs(situation, reading, given, line) for reading in _readings(mine))


def _backs(situation: str, mine: Mention, given: Sequence[Mention], line: Sequence[Mention]) -> bool:
    figure = mine.figure
    # A share needs both of its numbers, so one number in common backs nothing.
    if any((figure.kind != "share" and same(mine, other)) or _alike(mine, other) for other in given):
        return True
    if (
        figure.kind == "count"
        and _POINTS_BACK.search(mine.beside)
        and any(_numbers(o, figure.value, None) for o in given)
    ):
        return True
    if (figure.kind, figure.value, figure.unit) in _worked(situation) or _listed(situation, mine, given):
        return True
    match figure.kind:
        case "share":
            return _share_backed(situation, mine, given)
        case "duration" if _named_length(situation, figure):
            return True
        case "count" | "duration" if figure.value == 1:
            return _named_alone(situation, figure.unit) or _days_fit(situation, mine, given, line)
        case "percent":
            return any(_as_percent(other, figure.value) for other in given)
        case "date" | "duration":
            return _days_fit(situation, mine, given, line)
    return False


def _readings(mine: Mention) -> Iterator[Mention]:
    """What a figure may mean: 5/8 is a day, in either order, or five of eight; "at 7" is an hour or a number."""
    yield mine
    if mine.figure.kind == "time" and mine.figure.text.isdigit():
        yield mine._replace(figure=mine.figure.model_copy(update={"kind": "count", "value": float(mine.figure.text)}))
    if "/" in mine.figure.text and mine.figure.kind in {"date", "share"}:
        first, second = (float(part) for part in mine.figure.text.split("/"))
        for day, month in ((first, second), (second, first)):
            yield mine._replace(figure=mine.figure.model_copy(update={"kind": "date", "value": month * _MONTH + day}))
        if first <= second:
            share = {"kind": "share", "value": first, "total": second}
            yield mine._replace(figure=mine.figure.model_copy(update=share))


@lru_cache(maxsize=_KEPT)
def _given(text: str) -> tuple[Mention, ...]:
    return tuple(reading for mention in shares_joined(text) for reading in _readings(mention))


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
            return (figure.value, figure.unit) == (other.value, other.unit) or _as_long(figure, other)
        case ("count", "duration") | ("duration", "count"):
            return figure.value == other.value and (figure.unit == other.unit or other.unit is None)
        case ("duration", "share"):
            whole = other.model_copy(update={"value": other.total})
            return bool(_length(whole)) and _as_long(figure, whole)
        case ("duration", "time"):
            return figure.minutes == other.value and ":" in other.text
        case ("time", "time"):
            return (figure.value - other.value) % _HALF_DAY == 0
        case ("time", "count"):
            return figure.value == other.value * _HOUR
        case ("time", "duration"):
            return figure.value == other.minutes
        case ("count", "time"):
            return figure.unit is None and (figure.value * _HOUR - other.value) % _HALF_DAY == 0
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


def _listed(situation: str, mine: Mention, given: Sequence[Mention]) -> bool:
    """Whether a figure is how many dates, times, weekdays or numbered things the situation lists."""
    figure = mine.figure
    if figure.kind not in {"count", "duration"} or figure.value < _ENOUGH_ALIKE:
        return False
    named = {o.figure.value for o in given if o.figure.kind == "name" and o.figure.unit == figure.unit}
    weekdays = {hit[1].lower() for hit in _WEEKDAY.finditer(situation)}
    rows = {len(weekdays), *_rows(situation, [o.figure for o in given if o.figure.kind in {"date", "time"}])}
    return figure.value == len(named) or ((figure.unit in _CASES or figure.unit in weekdays) and figure.value in rows)


def _rows(situation: str, figures: Sequence[Figure]) -> Iterator[int]:
    """How many dates or times stand in each row of them: "on 3, 5 and 9 June" is three."""
    row, end = 0, -1
    for figure in figures:
        if figure.start < end:
            continue
        together = row and _IN_A_ROW.fullmatch(situation[end : figure.start])
        row, end = (row + 1 if together else 1), figure.end
        yield row


def _named_length(situation: str, figure: Figure) -> bool:
    """Whether a length of time is spoken of without its number: 3 months are "a quarter", 24 hours "a day"."""
    spoken = (
        figure.model_copy(update={"value": 1.0, "unit": hit[1].lower()}) for hit in _NAMED_LENGTH.finditer(situation)
    )
    return any(_as_long(figure, length) for length in spoken)


def _share_backed(situation: str, mine: Mention, given: Sequence[Mention]) -> bool:
    """Whether both numbers of a share are there, or the part is the whole or a given part of it."""
    part, whole, parts = mine.figure.value, mine.figure.total or mine.figure.value, proportions(situation)
    per_cents = {other.figure.value for other in given if other.figure.kind == "percent"}
    if part == 1 and _WHOLE / whole in per_cents:
        return True
    if whole == 2 * part and 1 / 2 in parts:
        return True
    if not any(_numbers(other, whole, mine.figure.unit) for other in given):
        return False
    if part == 0 and _NONE.search(situation):
        return True
    of_whole = [share * whole for share in (*parts, *(percent / _WHOLE for percent in per_cents))]
    if part == whole or any(part in {math.floor(share), math.ceil(share)} for share in of_whole):
        return True
    return any(_numbers(other, part, mine.figure.unit) for other in given)


def _numbers(other: Mention, value: float, unit: str | None) -> bool:
    """Whether a given figure is a number of things with this value; days are things only where days are counted."""
    figure = other.figure
    if figure.kind == "duration":
        return figure.value == value and figure.unit == unit
    return figure.kind in {"count", "share", "ordinal"} and value in {figure.value, figure.total}


def _as_percent(other: Mention, percent: float) -> bool:
    figure = other.figure
    if figure.kind != "share" or not figure.total:
        return False
    return percent in {round(_WHOLE * part / figure.total) for part in (figure.value, figure.total - figure.value)}


def _days_fit(situation: str, mine: Mention, given: Sequence[Mention], line: Sequence[Mention]) -> bool:
    """Whether a date lies a stated length of time from a given date or month, or a length lies between two dates."""
    dates = [mine] if mine.figure.kind == "date" else [m for m in line if m.figure.kind == "date"]
    lengths = set(_lengths([mine] if mine.figure.kind == "duration" else (*line, *given)))
    starts = [other.figure for other in given if other.figure.kind == "date"]
    starts += (_first_of(hit[0]) for hit in _MONTH_NAME.finditer(situation))
    pairs = [(start, date.figure) for start in starts for date in dates]
    gaps = {days_between(*pair) for one, other in pairs for pair in ((one, other), (other, one))}
    return any(abs(gap) in lengths for gap in gaps if gap)


def _lengths(found: Sequence[Mention]) -> Iterator[float]:
    for mention in found:
        if (minutes := mention.figure.minutes) is not None:
            yield minutes / _MINUTES_A_DAY


def _first_of(month: str) -> Figure:
    value = float(MONTHS[month[:3].lower()] * _MONTH + 1)
    return Figure(text=month, start=0, end=len(month), kind="date", value=value)


def _as_long(figure: Figure, other: Figure) -> bool:
    """Whether two lengths of time are equal in minutes, days or months."""
    minutes = figure.minutes is not None and figure.minutes == other.minutes
    return minutes or (_length(figure) is not None and _length(figure) == _length(other))


def _length(figure: Figure) -> tuple[str, float] | None:
    for name, sizes in (("days", _DAYS), ("months", _MONTHS)):
        if figure.unit in sizes:
            return name, round(figure.value * sizes[figure.unit], 3)
    return None


def _common(mine: Mention, theirs: Mention) -> set[str]:
    """The stems of the words that stand around both figures."""
    return {_ENDING.sub("", word) for word in mine.words} & {_ENDING.sub("", word) for word in theirs.words}
