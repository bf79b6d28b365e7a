"""What code can work out from the figures of one observation: how late, how much over, how many days between."""

from __future__ import annotations

import re
from itertools import pairwise

from fourthright.domain import Frozen
from fourthright.figures import cues
from fourthright.figures.grammar import MONTHS
from fourthright.figures.numbers import Figure

_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_HALF_DAY = 12 * 60
_WORTH_A_SHARE = 40
"""From this standard on, "51 %" says something beside "72 hours over"."""
_NEAR = 60
"""Characters before and after a figure that are read for a cue."""
_FAULTS = frozenset({"gap", "error", "mistake", "complaint", "hole", "blank", "defect", "miss"})
_MEASURES = frozenset({"count", "duration", "percent", "money"})

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b", re.IGNORECASE)
_DAY_SPAN = re.compile(
    r"\b(?:from\s)?(?:the\s)?(\d{1,2})(?:st|nd|rd|th)?\s?(?:to|till|until|-|\u2013)\s?(?:the\s)?"
    r"(\d{1,2})(?:st|nd|rd|th)?\s(?:of\s)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)([a-z]*)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"^\s?(?:to|till|until|through|-|\u2013)\s?$", re.IGNORECASE)
_LISTED = re.compile(rf"\s?(?:,|and|&|or|,\sand)\s?(?:{_WEEKDAY.pattern}\s)?", re.IGNORECASE)
_NOON_MARK = re.compile(r"[ap]\.?m\b|noon|midday|midnight", re.IGNORECASE)


class Worked(Frozen):
    """A number worked out in code: how it reads, its formula in plain words, the span of the figures it rests on."""

    text: str
    formula: str
    start: int
    end: int


def is_standard(text: str, figure: Figure) -> bool:
    """Whether the words around a figure make it what is due, normal, promised or planned."""
    if figure.kind in {"share", "ordinal", "name"} or figure.unit in _FAULTS:
        return False
    before = text[max(0, figure.start - _NEAR) : figure.start]
    return bool(cues.STANDARD_BEFORE.search(before) or cues.STANDARD_AFTER.match(text, figure.end, figure.end + _NEAR))


def standard_clause(text: str, found: tuple[Figure, ...]) -> str | None:
    """The manager's own standard, verbatim: its clause where no other figure stands in it, else cue and figure."""
    figure = next((f for f in found if is_standard(text, f)), None)
    if figure is None:
        return None
    starts = [m.end() for m in cues.CLAUSE_EDGE.finditer(text, 0, figure.start)]
    rest = cues.CLAUSE_EDGE.search(text, figure.end)
    start, end = starts[-1] if starts else 0, rest.start() if rest else len(text)
    if any(f is not figure and start <= f.start < end for f in found):
        cue, tail = cues.STANDARD_BEFORE.search(text[start : figure.start]), cues.STANDARD_AFTER.match(text, figure.end)
        start, end = start + cue.start() if cue else figure.start, tail.end() if tail else figure.end
    return text[start:end].strip(" .,;(")


def worked(text: str, found: tuple[Figure, ...]) -> Worked | None:
    """The one useful difference in a text, or None; nothing is computed when in doubt."""
    due = [f for f in found if is_standard(text, f)]
    real = [f for f in found if f not in due]
    return (
        _lateness(text, real, due)
        or _days_late(real, due)
        or _weekdays_late(text)
        or _days_between(text, found)
        or _difference(real, due)
    )


def days_between(first: Figure, second: Figure) -> int | None:
    """Days from one date to another of the same year; None where February's end may lie between.

    A date without a month is taken to be in the month of the other one.
    """
    (month, day), (to_month, to_day) = divmod(int(first.value), 100), divmod(int(second.value), 100)
    if not month or not to_month or month == to_month:
        return to_day - day
    if to_month < month or month <= _FEBRUARY < to_month:
        return None
    return sum(_MONTH_DAYS[month - 1 : to_month - 1]) + to_day - day


def _lateness(text: str, real: list[Figure], due: list[Figure]) -> Worked | None:
    deadlines, times = [f for f in due if f.kind == "time"], [f for f in real if f.kind == "time"]
    if len(deadlines) != 1 or not times or not _in_one_row(text, times) or cues.OTHER_DAY.search(text):
        return None
    deadline, marked = deadlines[0], any(_NOON_MARK.search(f.text) for f in (*deadlines, *times))
    if cues.MEASURED_CLOCK.search(text) and not marked:
        return None
    late = [_minutes_after(time, deadline) for time in times]
    if all(0 < minutes < _HALF_DAY for minutes in late):
        formula = ", ".join(f"{f.text} - {deadline.text}" for f in times)
        return _work(f"{_spoken(late)} late", formula, (*times, deadline))
    if len(late) == 1 and -_HALF_DAY < late[0] < 0 and cues.LEFT_EARLY.search(text) and cues.ENDS.search(text):
        return _work(f"{_spoken([-late[0]])} early", f"{deadline.text} - {times[0].text}", (*times, deadline))
    return None


def _minutes_after(time: Figure, deadline: Figure) -> int:
    """Minutes from a deadline to a time; where only one says am or pm, the other is read as the same half day."""
    late = int(time.value - deadline.value)
    if bool(_NOON_MARK.search(time.text)) == bool(_NOON_MARK.search(deadline.text)):
        return late
    if late <= -_HALF_DAY // 2:
        return late + _HALF_DAY
    return late - _HALF_DAY if late >= _HALF_DAY else late


def _in_one_row(text: str, times: list[Figure]) -> bool:
    return all(_LISTED.fullmatch(text[a.end : b.start]) for a, b in pairwise(times))


def _spoken(minutes: list[int]) -> str:
    """Lengths of time as they are said: "12, 9 and 15 minutes", "2 h 20", "2 hours"."""
    if all(m < 60 for m in minutes):
        return f"{_series([str(m) for m in minutes])} minute{'' if minutes == [1] else 's'}"
    if all(m % 60 == 0 for m in minutes):
        return f"{_series([str(m // 60) for m in minutes])} hour{'' if minutes == [60] else 's'}"
    return _series([f"{m // 60} h {m % 60:02d}" if m >= 60 else f"{m} minutes" for m in minutes])


def _series(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _days_late(real: list[Figure], due: list[Figure]) -> Worked | None:
    deadlines, dates = [f for f in due if f.kind == "date"], [f for f in real if f.kind == "date"]
    if len(deadlines) != 1 or len(dates) != 1:
        return None
    days = days_between(deadlines[0], dates[0])
    if days is None or days <= 0:
        return None
    return _work(f"{_days(days)} late", f"{dates[0].text} - {deadlines[0].text}", (dates[0], deadlines[0]))


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


def _weekdays_late(text: str) -> Worked | None:
    days = list(_WEEKDAY.finditer(text))
    if len(days) != 2 or not cues.LATE_WORDS.search(text):
        return None
    due = [d for d in days if cues.STANDARD_BEFORE.search(text[max(0, d.start() - _NEAR) : d.start()])]
    if len(due) != 1:
        return None
    came = days[1] if due[0] is days[0] else days[0]
    late = _WEEKDAYS.index(came.group().lower()[:3]) - _WEEKDAYS.index(due[0].group().lower()[:3])
    if late <= 0:
        return None
    formula = f"{came.group()} - {due[0].group()}"
    return Worked(text=f"{_days(late)} late", formula=formula, start=days[0].start(), end=days[1].end())


def _days_between(text: str, found: tuple[Figure, ...]) -> Worked | None:
    """The length of "from 4 Nov to 15 Nov" or "1 to 29 August", unless the dates only frame something counted."""
    if any(f.kind in {"count", "share"} for f in found if not _DAY_SPAN.match(text, f.start)):
        return None
    if span := _DAY_SPAN.search(text):
        first, last = int(span[1]), int(span[2])
        month = f"{span[3]}{span[4]}"
        if 1 <= first < last <= _MONTH_DAYS[MONTHS[span[3].lower()] - 1]:
            formula = f"{last} {month} - {first} {month}"
            return Worked(text=_days(last - first), formula=formula, start=span.start(), end=span.end())
    for first_date, last_date in pairwise([f for f in found if f.kind == "date"]):
        days = days_between(first_date, last_date)
        if days and days > 0 and _TO.match(text[first_date.end : last_date.start]):
            return _work(_days(days), f"{last_date.text} - {first_date.text}", (first_date, last_date))
    return None


def _difference(real: list[Figure], due: list[Figure]) -> Worked | None:
    standards = [f for f in due if f.kind in _MEASURES]
    if len(standards) != 1:
        return None
    standard = standards[0]
    fits = [f for f in real if _same_thing(f, standard)]
    alike = [f for f in fits if f.kind == standard.kind] or fits
    if len(alike) != 1 or alike[0].value == standard.value:
        return None
    over, formula = _over(alike[0], standard), f"{alike[0].text} - {standard.text}"
    if share := _share_over(alike[0], standard):
        real_value, due_value = f"{alike[0].value:g}", f"{standard.value:g}"
        over, formula = f"{over}, {share} %", f"{formula}; 100 x ({real_value} - {due_value}) / {due_value}"
    return _work(over, formula, (alike[0], standard))


def _share_over(real: Figure, standard: Figure) -> int | None:
    """How much over in per cent, for a length of time and a standard large enough for it to say something."""
    if "duration" not in {real.kind, standard.kind} or not _WORTH_A_SHARE <= standard.value < real.value:
        return None
    return round(100 * (real.value - standard.value) / standard.value)


def _same_thing(real: Figure, standard: Figure) -> bool:
    """Whether two figures can be subtracted: same kind and unit, or a length of time and a bare number."""
    kinds = {real.kind, standard.kind}
    if not kinds <= _MEASURES:
        return False
    if kinds == {"duration", "count"}:
        return (standard if real.kind == "duration" else real).unit is None
    if len(kinds) > 1:
        return False
    return real.unit == standard.unit or (real.kind == "count" and None in {real.unit, standard.unit})


def _over(real: Figure, standard: Figure) -> str:
    more = round(real.value - standard.value, 2)
    size = f"{abs(more):,g}" if abs(more) < 1e6 else f"{abs(more):,.0f}"
    plural = "" if size == "1" else "s"
    over = "over" if more > 0 else "under"
    if real.kind == "percent":
        return f"{size} point{plural} {over}"
    if real.kind == "money":
        sign = re.match(r"\D*", real.text)
        return f"{sign.group().strip() if sign else ''}{size} {over}"
    lengths = [f for f in (real, standard) if f.kind == "duration"]
    if not lengths:
        return f"{size} {'more' if more > 0 else 'below'}"
    length = f"{'working ' if 'working' in lengths[0].text.lower() else ''}{lengths[0].unit}"
    return f"{size} {length}{plural} {over}"


def _work(text: str, formula: str, rests_on: tuple[Figure, ...]) -> Worked:
    start, end = min(f.start for f in rests_on), max(f.end for f in rests_on)
    return Worked(text=text, formula=formula, start=start, end=end)
