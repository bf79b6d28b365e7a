"""Finds every number in a text, in digits or words, with its value and what it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from fourthright.domain import Frozen
from fourthright.figures.grammar import (
    AT_HOUR,
    DIGITS,
    FIGURE,
    HOUR_AFTER,
    HOUR_BEFORE,
    HOUR_CONTINUED,
    HOUR_LISTED,
    LENGTH,
    MONTHS,
    NOT_ONE_AFTER,
    NOT_ONE_BEFORE,
    NUMBER,
    ORDINALS,
    PARTS,
    SCALES,
    WORD_VALUES,
    word_set,
)

FigureKind = Literal["count", "share", "percent", "money", "time", "date", "duration", "ordinal", "name"]

_MINUTES = {"second": 1 / 60, "minute": 1.0, "hour": 60.0, "day": 1440.0, "week": 10080.0}
_SHORT_UNITS = {"min": "minute", "sec": "second", "hr": "hour", "h": "hour"}
_AND_A_HALF = re.compile(r"\s(?:1/2|and\sa\shalf)", re.IGNORECASE)
_POWERS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9}
_AROUND = 40
"""Characters before and after a number that are read to tell what it is."""
_NUMBERS = re.compile(NUMBER, re.IGNORECASE)
_NUMBERS_AND_TIMES = re.compile(rf"\b(?:once|twice)\b|{NUMBER}", re.IGNORECASE)
_SMOOTH = str.maketrans({"\u2019": "'", "\u00a0": " ", "\u202f": " ", "\t": " ", "\n": " ", "\r": " "})

_TOKEN = re.compile(r"[^\W\d_](?:[\w'-]*[^\W_])?")
_STOPS = word_set(
    "of in on at by for to from with without and or but that which who when while where was were is are am be been had "
    "has have did does do not no past per after before since during until this last next ago as because so than then i "
    "he she it they we you his her their my our its the a an never only out into over under against instead got get "
    "took take were vs out back about off up left went came already too again also now"
)
_STATES = word_set(
    "open unread blank late missing more less fewer wrong new old other different planned separate whole full big "
    "small extra similar consecutive straight working unanswered overdue unpaid pending short long good bad "
    "something odd average quoted promised allowed"
)


class Figure(Frozen):
    """One number as written.

    `value` is the count, the per cent, the amount; minutes after midnight for a time; month * 100 + day for a date
    (only the day where no month is given); the number itself for a duration, whose `unit` is minute, day, week and so
    on. `total` belongs to a share ("5 of 14"). `unit` is the noun that is counted, in the singular.
    """

    text: str
    start: int
    end: int
    kind: FigureKind
    value: float
    unit: str | None = None
    total: float | None = None

    @property
    def minutes(self) -> float | None:
        """A duration in minutes; None where its unit has no fixed length."""
        return self.value * _MINUTES[self.unit] if self.kind == "duration" and self.unit in _MINUTES else None


def smooth(text: str) -> str:
    """The text with straight apostrophes and plain blanks, same length."""
    return text.translate(_SMOOTH)


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of a text, in order, without overlap; offsets are code points."""
    plain = smooth(text)
    found: list[Figure] = []
    for match in FIGURE.finditer(plain):
        figure = _READERS[str(match.lastgroup)](plain, match)
        if figure:
            words = text[figure.start : figure.end]
            found.append(figure if words == figure.text else figure.model_copy(update={"text": words}))
    return tuple(found)


def number_value(words: str) -> float:
    """The value of a number in digits or words; ValueError where it is none."""
    total = 0.0
    words = re.sub(r",(?=\d$)", ".", words)
    for part in words.lower().replace("-", " ").replace(",", "").split():
        if part in SCALES:
            total = (total or 1.0) * SCALES[part]
        else:
            total += WORD_VALUES[part] if part in WORD_VALUES else float(part)
    return total


def singular(noun: str) -> str:
    """A noun in lower case, its plural ending taken off: good enough to compare two mentions."""
    word = noun.lower().removesuffix("'s").removesuffix("s'").removesuffix("'")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _made(match: re.Match[str], kind: FigureKind, value: float, unit: str | None = None) -> Figure:
    words = match.group().rstrip()
    return Figure(text=words, start=match.start(), end=match.start() + len(words), kind=kind, value=value, unit=unit)


def _shared(match: re.Match[str], value: float, total: float, unit: str | None) -> Figure:
    return _made(match, "share", value, unit).model_copy(update={"total": total})


def _clock(text: str, match: re.Match[str]) -> Figure:
    """A time of day; "24h" is one only where something happens at it or by it, else a length of time."""
    if match.group().lower().endswith("h") and not AT_HOUR.search(text, max(0, match.start() - _AROUND), match.start()):
        return _duration(text, match)
    hour, minute, noon = re.findall(r"(\d+)(?:[:h.](\d\d))?[h\s]*([ap])?", match.group().lower())[0]
    hours = int(hour) % 12 + (12 if noon == "p" else 0) if noon else int(hour)
    return _made(match, "time", float(hours * 60 + int(minute or 0)))


def _halves(_: str, match: re.Match[str]) -> Figure:
    words = match.group().lower()
    if words in {"noon", "midday", "midnight"}:
        return _made(match, "time", 1440.0 if words == "midnight" else 720.0)
    away, side, hour = re.split(r"\s(past|to)\s", words)
    minutes = {"half": 30.0, "quarter": 15.0}[away] if away in {"half", "quarter"} else number_value(away)
    return _made(match, "time", number_value(hour) * 60 + (minutes if side == "past" else -minutes))


def _iso(_: str, match: re.Match[str]) -> Figure | None:
    _year, month, day = (int(part) for part in match.group().split("-"))
    return _date(match, month, day)


def _dotted(_: str, match: re.Match[str]) -> Figure | None:
    day, month = (int(part) for part in match.group().split(".")[:2])
    return _date(match, month, day)


def _dated(_: str, match: re.Match[str]) -> Figure | None:
    day = int(re.findall(r"\d+", match.group())[0])
    month = next(n for name, n in MONTHS.items() if re.search(rf"\b{name}", match.group(), re.IGNORECASE))
    return _date(match, month, day)


def _dayspan(text: str, match: re.Match[str]) -> Figure | None:
    """The first day of "5 to 7 March", whose month comes later."""
    month = re.search("|".join(MONTHS), text[match.end() : match.end() + _AROUND], re.IGNORECASE)
    day = int(re.findall(r"\d+", match.group())[0])
    return _date(match, MONTHS[month[0].lower()], day) if month else None


def _date(match: re.Match[str], month: int, day: int) -> Figure | None:
    return _made(match, "date", float(month * 100 + day)) if 1 <= day <= 31 and month <= 12 else None


def _money(_: str, match: re.Match[str]) -> Figure:
    amount = float(re.findall(DIGITS, match.group())[0].replace(",", ""))
    scale = re.search(r"\d\s?(k|m|bn|million|thousand)\b", match.group(), re.IGNORECASE)
    return _made(match, "money", amount * (_POWERS[scale[1].lower()] if scale else 1.0))


def _percent(_: str, match: re.Match[str]) -> Figure:
    return _made(match, "percent", number_value(_NUMBERS.findall(match.group())[0]))


def _share(text: str, match: re.Match[str]) -> Figure:
    numbers = [number_value(words) for words in _NUMBERS_AND_TIMES.findall(match.group())]
    noun = _noun(text, match.end())
    if numbers[0] > numbers[-1] or numbers[-1] < 1:
        return _made(match, "count", numbers[0], noun)
    return _shared(match, numbers[0], numbers[-1], noun)


def _fraction(text: str, match: re.Match[str]) -> Figure | None:
    """ "Half of the 12", "none of the 8", "all 6", "every third order"; None where it is no whole number of things."""
    words, noun = match.group().lower(), _noun(text, match.end())
    if words.startswith("every"):
        ordinal = words.split()[-1]
        total = ORDINALS[ordinal] if ordinal in ORDINALS else float(ordinal[0])
        return _shared(match, 1.0, total, noun) if noun else None
    total = number_value(_NUMBERS.findall(words)[-1])
    part = next((size for word, size in PARTS.items() if words.startswith(word)), 1.0) * total
    if part.is_integer() and total >= 1:
        return _shared(match, part, total, noun)
    whole = list(_NUMBERS.finditer(text, match.start(), match.end()))[-1]
    return _made(whole, "count", total, noun)


def _slash(text: str, match: re.Match[str]) -> Figure | None:
    """5/12 is a share where a counted noun or its verb follows, else a date, the first number its month or its day."""
    first, second = (int(part) for part in match.group().split("/"))
    noun = _noun(text, match.end())
    after_on = re.search(r"\b(?:on|and|the)\s$", text[max(0, match.start() - 5) : match.start()], re.IGNORECASE)
    counted = noun or re.match(r"\s(?:were|had|have|are)\b", text[match.end() :], re.IGNORECASE)
    if 0 < second >= first and counted and not after_on:
        return _shared(match, float(first), float(second), noun)
    month, day = (first, second) if first <= 12 else (second, first)
    return _date(match, month, day) if month else None


def _duration(_: str, match: re.Match[str]) -> Figure:
    number = number_value(_NUMBERS.findall(match.group())[0]) + (0.5 if _AND_A_HALF.search(match.group()) else 0.0)
    unit = singular(re.findall(LENGTH, match.group(), re.IGNORECASE)[-1].split()[-1])
    return _made(match, "duration", number, _SHORT_UNITS.get(unit, unit))


def _nth(text: str, match: re.Match[str]) -> Figure:
    """The 29th is a date unless a noun follows that it numbers (2nd time, 4th year)."""
    value, unit = float(re.findall(r"\d+", match.group())[0]), _noun(text, match.end())
    return _made(match, "date", value) if unit is None and value <= 31 else _made(match, "ordinal", value, unit)


def _ordinal(_: str, match: re.Match[str]) -> Figure:
    first, unit = match.group().lower().split(None, 1)
    return _made(match, "ordinal", ORDINALS[first], singular(unit))


def _named(_: str, match: re.Match[str]) -> Figure:
    noun = re.split(r"[\s#\d]", match.group())[0]
    return _made(match, "name", float(re.findall(r"\d+", match.group())[0]), singular(noun) if noun else None)


def _times(_: str, match: re.Match[str]) -> Figure:
    return _made(match, "count", float(match.group()[:-1]), "time")


def _number(text: str, match: re.Match[str]) -> Figure | None:
    words = match.group().lower()
    before = text[max(0, match.start() - _AROUND) : match.start()]
    after = text[match.end() : match.end() + _AROUND]
    if words == "one" and (NOT_ONE_BEFORE.search(before) or NOT_ONE_AFTER.match(after)):
        return None
    if words == "once" and not re.match(r"\s(?:a|per|this|last|in)\b", after, re.IGNORECASE):
        return None
    value = number_value(words)
    if words.isdigit() and value <= 24 and _is_hour(before, after):
        return _made(match, "time", value * 60)
    if words in {"once", "twice"} or re.match(r"\stimes?\b", after, re.IGNORECASE):
        return _made(match, "count", value, "time")
    return _made(match, "count", value, _noun(text, match.end()))


def _is_hour(before: str, after: str) -> bool:
    stands = bool(HOUR_BEFORE.search(before) or HOUR_CONTINUED.search(before)) and bool(HOUR_AFTER.match(after))
    return stands or bool(HOUR_LISTED.match(after))


def _noun(text: str, position: int) -> str | None:
    """The noun counted by a number that ends at `position`: the first plural of the next words, else the first noun."""
    run: list[str] = []
    at = position
    for token in _TOKEN.finditer(text, position, position + 80):
        if text[at : token.start()].strip() or token.start() == position or token.group().lower() in _STOPS:
            break
        run.append(token.group().lower())
        at = token.end()
    nouns = [word for word in run[:5] if word not in _STATES]
    plural = next((word for word in nouns if singular(word) != word and not word.endswith("'s")), None)
    owners = next((word for word in nouns if not word.endswith("ed")), None)
    noun = plural or owners
    return singular(noun) if noun else None


_READERS: dict[str, Callable[[str, re.Match[str]], Figure | None]] = {
    "iso": _iso,
    "dotted": _dotted,
    "pointed": _clock,
    "clock": _clock,
    "halves": _halves,
    "dayspan": _dayspan,
    "daymonth": _dated,
    "monthday": _dated,
    "money": _money,
    "percent": _percent,
    "share": _share,
    "fraction": _fraction,
    "slash": _slash,
    "duration": _duration,
    "nth": _nth,
    "ordinal": _ordinal,
    "named": _named,
    "times": _times,
    "number": _number,
}
