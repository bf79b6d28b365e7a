"""Does a formula come to what the page says: worked out here again, from its own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evals.scorers.amounts import Amount, amounts, values

_OPERATION = re.compile(r"\s+(-|x|×|\*|/)\s+")
_PARTS = re.compile(r"[,;]\s+")
_OVER = re.compile(r"100 x \((.+) - (.+)\) / (.+)")
"""The difference to a standard, as a share of it."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_HOURS_AND_MINUTES = re.compile(r"\b(\d+) h (\d\d)\b")
_HALF_DAY = 720.0


@dataclass(frozen=True)
class _Sum:
    """`first op second …` with the operands as written."""

    operands: tuple[str, ...]
    operations: tuple[str, ...]


def fault(text: str, formula: str, quotes: str) -> str | None:
    """What is wrong with a computed number: operands not in the quotes, or another result; None when it holds."""
    sums = [_sum(part) for part in _PARTS.split(formula)]
    if loose := [operand for each in sums for operand in _facts(each) if not _is_in(operand, quotes)]:
        return f"operand not in the observation: {', '.join(loose)}"
    claimed = _claimed(text)
    results = [_result(each, text) for each in sums]
    if None in results or not claimed:
        return f"formula cannot be read: {formula}"
    main, extra = claimed[: len(sums)], claimed[len(sums) :]
    off = [r for r, c in zip(results, main, strict=False) if r is None or not _equal(abs(r), c)]
    if off or len(main) < len(sums):
        return f"comes to {', '.join(f'{r:g}' for r in results if r is not None)}"
    return None if all(_is_share(share, sums) for share in extra) else f"{extra[-1]:g} does not follow"


def _sum(part: str) -> _Sum:
    if over := _OVER.fullmatch(part.strip()):
        return _Sum(over.groups(), ("share", "of"))
    pieces = _OPERATION.split(part.strip())
    return _Sum(tuple(pieces[::2]), tuple(pieces[1::2]))


def _facts(each: _Sum) -> list[str]:
    """The operands that must be the manager's: all but the 100 of "100 x"."""
    per_hundred = each.operands[0] == "100" and each.operations[:1] == ("x",)
    return list(each.operands[1:] if per_hundred else each.operands)


def _is_in(operand: str, quotes: str) -> bool:
    if re.search(rf"(?<!\w){re.escape(operand)}(?!\w)", quotes, re.IGNORECASE):
        return True
    asked = values(operand)
    return bool(asked) and asked <= values(quotes)


def _claimed(text: str) -> list[float]:
    """The numbers a computed text claims; lengths of time in minutes, "85 in 100" is 85."""
    minutes = _HOURS_AND_MINUTES.sub(lambda m: str(60 * int(m[1]) + int(m[2])), text)
    numbers = [a.value for a in amounts(re.sub(r"\bin 100\b", "", minutes))]
    return [60 * n for n in numbers] if _is_clock(text) and re.search(r"\bhours?\b", text) else numbers


def _is_clock(text: str) -> bool:
    return bool(re.search(r"\b(?:hours?|minutes?|h \d\d) ?(?:late|early)\b|\bh \d\d\b.*\b(?:late|early)\b", text))


def _result(each: _Sum, text: str) -> float | None:
    if re.search(r"\bdays?(?: late)?$", text) and (days := _days(each)) is not None:
        return days
    clock = _is_clock(text)
    read = [_operand(operand, clock) for operand in each.operands]
    if None in read:
        return None
    numbers = [n for n in read if n is not None]
    if each.operations == ("share", "of"):
        real, standard, whole = numbers
        return round(100 * (real - standard) / whole)
    total = numbers[0]
    for operation, number in zip(each.operations, numbers[1:], strict=True):
        total = total - number if operation == "-" else total / number if operation == "/" else total * number
    if each.operations == ("/",):
        return round(100 * total)
    if "/" in each.operations:
        return round(total)
    return _within_half_a_day(total, each) if clock else total


def _operand(words: str, clock: bool) -> float | None:
    found = amounts(words)
    if len(found) != 1:
        return None
    return _minutes(found[0]) if clock else found[0].value


def _minutes(amount: Amount) -> float:
    return amount.value if amount.kind == "clock" else 60 * amount.value


def _within_half_a_day(minutes: float, each: _Sum) -> float:
    """Where only one of two times says am or pm, the other is in the same half of the day."""
    marked = [bool(re.search(r"[ap]\.?m\b|noon|mid", operand, re.IGNORECASE)) for operand in each.operands]
    if len(set(marked)) == 1 or abs(minutes) < _HALF_DAY / 2:
        return minutes
    return minutes + _HALF_DAY if minutes < 0 else minutes - _HALF_DAY


def _days(each: _Sum) -> float | None:
    """Days between two dates, the 15th and the 4th, or two weekdays; None for anything else."""
    if each.operations != ("-",):
        return None
    last, first = each.operands
    if (a := _WEEKDAY.search(last)) and (b := _WEEKDAY.search(first)):
        return float(_DAYS.index(a[1].lower()) - _DAYS.index(b[1].lower()))
    ends, starts = amounts(last), amounts(first)
    if len(ends) != 1 or len(starts) != 1:
        return None
    (month, day), (from_month, from_day) = (divmod(int(a.value), 100) for a in (ends[0], starts[0]))
    if not month or not from_month or month == from_month:
        return float(day - from_day)
    return float(sum(_MONTH_DAYS[from_month - 1 : month - 1]) + day - from_day)


def _is_share(share: float, sums: list[_Sum]) -> bool:
    """A second number such as "72 hours over, 51 %" is the difference over the standard."""
    if len(sums) != 1 or sums[0].operations != ("-",):
        return False
    real, standard = (_operand(operand, clock=False) for operand in sums[0].operands)
    return bool(real is not None and standard and round(100 * (real - standard) / standard) == share)


def _equal(one: float, other: float) -> bool:
    return abs(one - other) < 0.01
