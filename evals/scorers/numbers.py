"""Where the numbers on a page say they come from, checked against the observations they name.

Written apart from the product's own reader, so that both would have to be wrong in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.scorers import formulas
from evals.scorers.amounts import Amount, amounts, values
from fourthright.domain import Expectation, Number, Prep

LINES = ("behaviour", "measure", "target", "by_when", "first_step", "payoff")
_REACH = 4
"""Words after a number in which the counted thing is named …"""
_COUNTED = 2
"""… and how many of those with weight name it in a line of the page."""
_SMALL = frozenset(
    ("of", "the", "a", "an", "his", "her", "their", "my", "our", "last", "past", "first", "next", "or", "and", "in",
     "on", "at", "to", "for", "more", "most", "least", "about")
)  # fmt: skip
_PROPOSED = re.compile(r"[^.;]{0,80}\([^()]*\bproposed\b", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """One amount in a line of an expectation, and what the page says about it."""

    expectation: str
    place: str
    line: str
    amount: str
    number: Number | None
    quotes: tuple[str, ...]
    fault: str | None


def claims(prep: Prep) -> list[Claim]:
    """Every amount in the lines of every expectation, and every backed number that no line shows."""
    return [claim for e in prep.expectations for claim in _claims(prep, e)]


def wrong(prep: Prep) -> list[str]:
    """The claims that do not hold, each in one line."""
    return [f"{c.expectation} {c.place}: “{c.amount}” {c.fault} ({c.line})" for c in claims(prep) if c.fault]


def unmarked(prep: Prep) -> list[str]:
    """Amounts outside the expectations that the manager did not write, no mark calls proposed, and no concern counts."""
    given = values(prep.situation.text) | {("plain", len(prep.concerns))}
    found: list[str] = []
    for line in _other_lines(prep):
        for amount in amounts(line):
            own = values(amount.text) | {(amount.kind, amount.value)}
            if not own & given and not _PROPOSED.match(line, amount.end):
                found.append(f"“{amount.text}” in: {line}")
    return found


def _claims(prep: Prep, e: Expectation) -> Iterator[Claim]:
    lines = [(name, str(getattr(e, name))) for name in LINES]
    if e.baseline:
        lines.append(("baseline", e.baseline.text))
    shown: set[Number] = set()
    for place, line in lines:
        for amount in amounts(line):
            number = _number(e.numbers, line, amount, place == "baseline")
            if number:
                shown.add(number)
            yield _claim(prep, e, place, line, amount.text, number)
    for number in e.numbers:
        if number not in shown and number.origin != "proposed":
            yield _claim(prep, e, "numbers", number.text, number.text, number)


def _claim(prep: Prep, e: Expectation, place: str, line: str, amount: str, number: Number | None) -> Claim:
    by_id = {o.id: o.quote for o in prep.observations}
    quotes = tuple(by_id[i] for i in number.from_) if number else ()
    return Claim(e.id, place, line, amount, number, quotes, _fault(place, line, number, quotes))


def _number(numbers: Sequence[Number], line: str, amount: Amount, baseline: bool) -> Number | None:
    """The entry that speaks of an amount: a baseline holds no proposed ones, in the other lines they go first."""
    at = [n for n in numbers if any(s < amount.end and amount.start < t for s, t in _spots(line, n.text))]
    at.sort(key=lambda n: (n.origin == "proposed") == baseline)
    return at[0] if at else None


def _spots(line: str, words: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", line, re.IGNORECASE)]


def _fault(place: str, line: str, number: Number | None, quotes: Sequence[str]) -> str | None:
    if number is None:
        return "has no origin"
    if number.origin == "proposed":
        return "is proposed, in a baseline" if place == "baseline" else None
    if number.origin == "computed":
        return formulas.fault(number.text, number.formula or "", "\n".join(quotes))
    if missing := [quote for quote in quotes if not _holds(quote, number.text)]:
        return f"is not in: {missing[0]}"
    if place not in {"baseline", "numbers"} and not any(_same_thing(line, quote, number.text) for quote in quotes):
        return f"counts something else than in: {quotes[0]}"
    return None


def _holds(quote: str, words: str) -> bool:
    asked = values(words)
    return bool(_spots(quote, words)) or (bool(asked) and asked <= values(quote))


def _same_thing(line: str, quote: str, words: str) -> bool:
    """Whether the thing counted in the line is named right after a number of that value in the quote too.

    Clock times and dates name themselves; so does a label such as "room 608".
    """
    if all(a.kind != "plain" for a in amounts(words)) or re.match(r"[a-z]+ #?\d+$", words, re.IGNORECASE):
        return True
    counted = {_stem(word) for _, end in _spots(line, words) for word in _after(line, end)[:_COUNTED]}
    counted |= {_stem(word) for word in re.findall(r"[^\W\d_]{3,}", words.lower()) if word not in _SMALL}
    theirs = [a.end for a in amounts(quote) if (a.kind, a.value) in values(words)]
    return bool(counted & {_stem(word) for end in theirs for word in _after(quote, end)})


def _after(text: str, end: int) -> list[str]:
    """The words of weight among the next few, within the sentence."""
    words = re.findall(r"[^\W\d_]+", re.split(r"[.;]\s", text[end:].lower(), maxsplit=1)[0])
    return [word for word in words[:_REACH] if word not in _SMALL]


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|es|s|y|ing|ed)$", "", word.lower()) or word


def _other_lines(prep: Prep) -> Iterator[str]:
    for step in prep.agenda.steps:
        yield step.say
    for question in prep.agenda.questions:
        yield question.text
        yield question.listen_for
    yield from (gap.text for gap in prep.gaps)
    yield from (f"{follow.when}: {follow.text}" for follow in prep.follow_up)
    yield from (prep.gut_check, prep.likely_reaction or "", *prep.your_part)
