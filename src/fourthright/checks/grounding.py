"""The rule numbers-sourced: numbers, dates and names are the manager's, worked out from theirs, or marked proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from fourthright.checks.backing import backs, shares_joined
from fourthright.domain import Finding
from fourthright.figures import proposed
from fourthright.knowledge import Knowledge

RULE = "numbers-sourced"
_AS_ARTICLES = {"one", "two"}
_MARKED = re.compile(
    r"(?:[^().;]|\.(?=\S)|(?<=[ap]\.m)\.){0,120}\([^()]*\b(?:proposed|proposal|to be agreed|suggested)\b", re.I
)
_ACRONYM = re.compile(r"[A-Z]{2,6}s?")
_TITLES = {"mr", "mrs", "ms", "dr", "miss", "sister", "frau", "herr", "madame", "monsieur", "dott", "signora", "signor"}
_DAY_ENDS = r"(?:s|es|ds|n|t|r|rs|day|sday|nesday|rsday|urday|ch|il|e|y|ust|tember|ober|ember|uary|ruary)?s?"

_DAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(?:January|February|April|June|July|August|September|October|November|December)\b|(?<=\bin )(?:March|May)\b",
    re.IGNORECASE,
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'\u2019-]*"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}(?:\s{_CAPITAL})*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;(\"\u201c\n])\s*$")


class Fields(Protocol):
    """The parts of an expectation that may carry a number, a date or a name."""

    @property
    def behaviour(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def by_when(self) -> str: ...
    @property
    def first_step(self) -> str | None: ...


def check_grounding(fields: Fields, situation_text: str, knowledge: Knowledge) -> tuple[Finding, ...]:
    """One finding for every figure, day or name that the situation does not carry and no mark calls proposed."""
    source = _Source(situation_text, knowledge)
    loose = dict.fromkeys(
        quote
        for line, article in (
            (fields.behaviour, True),
            (fields.measure, True),
            (fields.target, False),
            (fields.by_when, False),
            (fields.first_step or "", True),
        )
        for quote in source.lacks(line, article=article)
    )
    return tuple(_finding(quote, knowledge) for quote in loose)


class _Source:
    """What a situation can back."""

    def __init__(self, text: str, knowledge: Knowledge) -> None:
        self._text = text
        self._usual = knowledge.word_list("grounding-usual-capitals").regex

    def lacks(self, line: str, *, article: bool) -> list[str]:
        """The figures, days and names of a line that this situation does not back, in order.

        With `article`, "one" and "two" in words only say which thing is meant: "one aisle", "two columns".
        """
        found = shares_joined(line)
        claims = [m for m in found if not (article and m.figure.text.lower() in _AS_ARTICLES)]
        bare = [m for m in claims if not _marked(line, m.figure.end) and not backs(self._text, m, found)]
        loose = [(m.figure.start, m.figure.text) for m in bare]
        taken = {place for m in found for place in range(m.figure.start, m.figure.end)}
        for word in self._days_and_names(line):
            if word.start() not in taken and not _marked(line, word.end()) and not self._mentions(word.group()):
                loose.append((word.start(), word.group()))
            taken.update(range(*word.span()))
        return [quote for _, quote in sorted(loose)]

    def _days_and_names(self, line: str) -> Iterator[re.Match[str]]:
        yield from _DAY.finditer(line)
        for name in _NAME.finditer(line):
            if not _SENTENCE_START.search(line[: name.start()]) and not self._usual.fullmatch(name.group()):
                yield name

    def _mentions(self, words: str) -> bool:
        """Whether the situation has this day, however shortened, or one word of this name, whatever its case."""
        if _DAY.fullmatch(words):
            return bool(re.search(rf"\b{words[:3]}{_DAY_ENDS}\b", self._text, re.IGNORECASE))
        if _ACRONYM.fullmatch(words):
            return True
        parts = [part for part in words.split() if part.lower().strip(".") not in _TITLES] or [words]
        return any(self._has(part) for part in parts)

    def _has(self, word: str) -> bool:
        stem = re.sub(r"(?:['\u2019]s|s)$", "", word)
        return bool(re.search(rf"(?<!\w){re.escape(stem)}", self._text, re.IGNORECASE))


def _marked(line: str, end: int) -> bool:
    """Whether what ends at `end` is marked as a proposal or to be agreed."""
    return proposed(line, end) or bool(_MARKED.match(line, end))


def _finding(quote: str, knowledge: Knowledge) -> Finding:
    return Finding(
        rule=RULE,
        severity=knowledge.rule(RULE).severity,
        quote=quote,
        why=f'"{quote}" is not in the situation for the same thing, and nothing marks it as a proposal.',
        better=f'"{quote} (proposed)", or what the situation says',
    )
