"""The rule numbers-sourced: numbers, dates and names are the manager's, worked out from theirs, or marked proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from fourthright.domain import Finding
from fourthright.figures import Mention, mentions, proposed, same, worked_figures
from fourthright.knowledge import Knowledge

RULE = "numbers-sourced"
_KEPT = 2
"""Situations whose figures stay in memory: one page checks many lines against the same text."""

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
    lines = (fields.behaviour, fields.measure, fields.target, fields.by_when, fields.first_step or "")
    loose = dict.fromkeys(quote for line in lines for quote in source.lacks(line))
    return tuple(_finding(quote, knowledge) for quote in loose)


@lru_cache(maxsize=_KEPT)
def _given(text: str) -> tuple[Mention, ...]:
    return mentions(text)


@lru_cache(maxsize=_KEPT)
def _worked(text: str) -> frozenset[tuple[str, float, str | None]]:
    return frozenset((w.kind, w.value, w.unit) for w in worked_figures(text))


class _Source:
    """What a situation can back."""

    def __init__(self, text: str, knowledge: Knowledge) -> None:
        self._text = text
        self._given = _given(text)
        self._usual = knowledge.word_list("grounding-usual-capitals").regex

    def lacks(self, line: str) -> list[str]:
        """The figures, days and names of a line that this situation does not back, in order."""
        found = mentions(line)
        bare = [m for m in found if not proposed(line, m.figure.end) and not self._backs(m)]
        loose = [(m.figure.start, m.figure.text) for m in bare]
        taken = {place for m in found for place in range(m.figure.start, m.figure.end)}
        for word in self._days_and_names(line):
            if word.start() not in taken and not proposed(line, word.end()) and not self._mentions(word.group()):
                loose.append((word.start(), word.group()))
            taken.update(range(*word.span()))
        return [quote for _, quote in sorted(loose)]

    def _backs(self, mention: Mention) -> bool:
        if any(same(mention, given) for given in self._given):
            return True
        figure = mention.figure
        return (figure.kind, figure.value, figure.unit) in _worked(self._text)

    def _days_and_names(self, line: str) -> Iterator[re.Match[str]]:
        yield from _DAY.finditer(line)
        for name in _NAME.finditer(line):
            if not _SENTENCE_START.search(line[: name.start()]) and not self._usual.fullmatch(name.group()):
                yield name

    def _mentions(self, words: str) -> bool:
        """Whether the situation has these words, in the singular or plural, whatever their case."""
        stem = re.sub(r"(?:['\u2019]s|s)$", "", words)
        return bool(re.search(rf"(?<!\w){re.escape(stem)}", self._text, re.IGNORECASE))


def _finding(quote: str, knowledge: Knowledge) -> Finding:
    return Finding(
        rule=RULE,
        severity=knowledge.rule(RULE).severity,
        quote=quote,
        why=f'"{quote}" is not in the situation for the same thing, and nothing marks it as a proposal.',
        better=f'"{quote} (proposed)", or what the situation says',
    )
