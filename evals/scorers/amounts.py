"""Amounts in text, read here without the product's own reader: an independent look at the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["clock", "date", "plain"]

_UNITS: tuple[str, ...] = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: tuple[str, ...] = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_VALUES = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_VALUES |= {"twice": 2, "dozen": 12, "hundred": 100, "thousand": 1000}


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


_MONTH = _any(
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
    "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
_HALF = r"\s?[ap]\.?m\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_HOUR = _any(r"\d{1,2}", *_UNITS[1:13])
_MONEY = r"(?:[$€£]\s?)?"
_ALONE = _any(*_TENS, *_UNITS[2:])
_KINDS: dict[str, tuple[str, ...]] = {
    "clock": (
        rf"\d{{1,2}}[:h]\d{{2}}(?:{_HALF})?",
        rf"\d{{1,2}}(?:\.\d\d)?{_HALF}",
        r"\d{1,2}\s?o.clock\b",
        r"(?:noon|midday|midnight)\b",
    ),
    "past": (rf"{_any('half', 'quarter', 'twenty(?:[ -]five)?', _HOUR)}\s(?:past|to)\s{_HOUR}\b",),
    "date": (rf"{_DAY}\s(?:of\s)?{_MONTH}\b", rf"{_MONTH}\s{_DAY}(?!\d)"),
    "plain": (
        rf"{_MONEY}\d+(?:,\d{{3}})*(?:\.\d+)?k?(?:st|nd|rd|th)?(?!\w)",
        rf"{_MONEY}\d+k?(?=[a-z%])",
    ),
    "words": (
        rf"{_any('one', _ALONE)}[\s-](?:hundred|thousand)(?!\w)",
        rf"{_any(*_TENS)}[\s-]{_any(*_UNITS[1:10])}(?!\w)",
        rf"{_any(_ALONE, 'dozen')}(?!\w)",
        r"twice(?=\s(?:an?|per|this|last|in|every)\b)",
    ),
}
_PATTERN = re.compile(
    r"(?<![\w.,:])(?:" + "|".join(f"(?P<{kind}>{'|'.join(forms)})" for kind, forms in _KINDS.items()) + ")",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Amount:
    """One amount: minutes after midnight for a clock, 100 * month + day for a date, else the number."""

    text: str
    start: int
    end: int
    kind: Kind
    value: float


def amounts(text: str) -> tuple[Amount, ...]:
    """Every amount of a text, in order. "one" alone is none (mostly a pronoun), nor is "twice" outside of a rhythm."""
    return tuple(_read(text))


def values(text: str) -> frozenset[tuple[Kind, float]]:
    """What a text amounts to: kinds and values. A full hour counts as its plain number too ("10 am", "10")."""
    found = {(a.kind, a.value) for a in amounts(text)}
    hours = {value / 60 for kind, value in found if kind == "clock" and not value % 60}
    hours |= {hour - 12 for hour in hours if hour > 12}
    return frozenset(found | {("plain", hour) for hour in hours})


def _read(text: str) -> Iterator[Amount]:
    for match in _PATTERN.finditer(text.replace("\u00a0", " ").replace("’", "'")):
        name, words = str(match.lastgroup), match.group()
        kind: Kind = "clock" if name in {"clock", "past"} else "date" if name == "date" else "plain"
        value = {"clock": _clock, "past": _past, "date": _date, "plain": _plain, "words": _spelled}[name](words.lower())
        yield Amount(text[match.start() : match.end()], match.start(), match.end(), kind, value)


def _clock(words: str) -> float:
    if not words[0].isdigit():
        return 0.0 if words == "midnight" else 720.0
    hour, *minute = (int(n) for n in re.findall(r"\d+", words))
    if half := re.search(r"[ap](?=\.?m)", words):
        hour = hour % 12 + (12 if half.group() == "p" else 0)
    return float(60 * hour + (minute[0] if minute else 0))


def _past(words: str) -> float:
    away, side, hour = re.split(r"\s(past|to)\s", words)
    minutes = {"half": 30.0, "quarter": 15.0}.get(away) or _spelled(away)
    return 60 * _spelled(hour) + (minutes if side == "past" else -minutes)


def _date(words: str) -> float:
    month = next(n for n, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", words))
    return 100.0 * month + int(re.findall(r"\d+", words)[0])


def _plain(words: str) -> float:
    digits = re.findall(r"[\d.]+", words.replace(",", ""))[0].rstrip(".")
    return float(digits) * (1000 if words.endswith("k") else 1)


def _spelled(words: str) -> float:
    if words.isdigit():
        return float(words)
    total = 0.0
    for part in re.split(r"[\s-]", words):
        value = _VALUES[part]
        total = total * value if value >= 100 and total else total + value
    return total
