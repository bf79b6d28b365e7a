"""The rule numbers-sourced: numbers, dates and names are the manager's, worked out from theirs, or marked proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from fourthright.checks.backing import backs, dates, shares_joined
from fourthright.domain import Finding
from fourthright.figures import Figure, Mention, proposed
from fourthright.figures.grammar import MONTHS
from fourthright.knowledge import Knowledge

RULE = "numbers-sourced"
_AS_ARTICLES = {"one", "two"}
_ACRONYM = re.compile(r"[A-Z]{2,6}s?")
_TITLES = {"mr", "mrs", "ms", "dr", "miss", "sister", "frau", "herr", "madame", "monsieur", "dott", "signora", "signor"}
_DAY_ENDS = r"(?:s|es|ds|n|t|r|rs|day|sday|nesday|rsday|urday|ch|il|e|y|ust|tember|ober|ember|uary|ruary)?s?"

_DAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b"
    r"|\b(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b|\b(?:January|February|April|June|July|August|September|October|November|December)\b|(?<=\bin )(?:March|May)\b",
    re.IGNORECASE,
)
_MONTH_WORDS = {"may", "march"}
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'\u2019-]*"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}(?:\s{_CAPITAL})*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;(\[/|\"'\u201c\u2018\u201e\u00ab\n]|\s[-\u2013\u2014])\s*$")


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
        self._months = {int(m.figure.value) // 100 for m in dates(text)}
        self._usual = knowledge.word_list("grounding-usual-capitals").regex
        self._words = knowledge.vocabulary - set(knowledge.word_list("name-also-word").words)
        self._fixed = knowledge.word_list("grounding-fixed-names").regex
        self._proposed = knowledge.word_list("grounding-proposed").regex
        self._computed = knowledge.word_list("grounding-computed").regex
        self._where_it_stands = knowledge.word_list("grounding-where-it-stands").regex
        self._supposed = knowledge.word_list("grounding-supposed").regex

    def lacks(self, line: str, *, article: bool) -> list[str]:
        """The figures, days and names of a line that this situation does not back, in order.

        With `article`, "one" and "two" in words only say which thing is meant: "one aisle", "two columns".
        """
        found = shares_joined(line)
        fixed = {place for hit in self._fixed.finditer(line) for place in range(*hit.span())}
        claims = [m for m in found if m.figure.start not in fixed and not self._only_points(line, m.figure, article)]
        bare = [m for m in claims if not self._marked(line, m.figure.end) and not self._backs(line, m, found)]
        loose = [(m.figure.start, m.figure.text) for m in bare]
        taken = {place for m in found for place in range(m.figure.start, m.figure.end)} | fixed
        for word in self._days_and_names(line):
            if word.start() not in taken and not self._marked(line, word.end()) and not self._mentions(word.group()):
                loose.append((word.start(), word.group()))
            taken.update(range(*word.span()))
        return [quote for _, quote in sorted(loose)]

    def _only_points(self, line: str, figure: Figure, article: bool) -> bool:
        """Whether "one" or "two" only says which thing is meant: "one aisle", "one fall could cost a life"."""
        return figure.text.lower() in _AS_ARTICLES and (article or bool(self._supposed.match(line, figure.end)))

    def _backs(self, line: str, mine: Mention, found: Sequence[Mention]) -> bool:
        start, end = mine.figure.start, mine.figure.end
        told = any(hit.end() == start for hit in self._where_it_stands.finditer(line, 0, start))
        return backs(self._text, mine, found, computed=told or bool(self._computed.match(line, end)))

    def _marked(self, line: str, end: int) -> bool:
        """Whether what ends at `end` is marked as a proposal or to be agreed."""
        return proposed(line, end) or bool(self._proposed.match(line, end))

    def _days_and_names(self, line: str) -> Iterator[re.Match[str]]:
        yield from _DAY.finditer(line)
        for name in _NAME.finditer(line):
            opens = _SENTENCE_START.search(line[: name.start()])
            plainly = not opens or opens[0].startswith(";")
            if plainly and not self._usual.fullmatch(name.group()) and not self._ordinary(name.group()):
                yield name

    def _ordinary(self, words: str) -> bool:
        """Whether the handbook uses each of these words in lower case: a common noun written like a name."""
        return all(word in self._words and word not in _MONTH_WORDS for word in re.findall(r"[\w-]+", words.lower()))

    def _mentions(self, words: str) -> bool:
        """Whether the situation has this day, however shortened, or one word of this name, whatever its case."""
        if _DAY.fullmatch(f"in {words}", len("in ")):
            named = re.search(rf"\b{words[:3]}{_DAY_ENDS}\b", self._text, re.IGNORECASE)
            return bool(named) or MONTHS.get(words[:3].lower()) in self._months
        if _ACRONYM.fullmatch(words):
            return True
        parts = [part for part in words.split() if part.lower().strip(".") not in _TITLES] or [words]
        return any(self._has(part) for part in parts)

    def _has(self, word: str) -> bool:
        stem = re.sub(r"(?:['\u2019]s|s)$", "", word)
        return bool(re.search(rf"(?<!\w){re.escape(stem)}", self._text, re.IGNORECASE))


def _finding(quote: str, knowledge: Knowledge) -> Finding:
    return Finding(
        rule=RULE,
        severity=knowledge.rule(RULE).severity,
        quote=quote,
        why=f'"{quote}" is not in the situation for the same thing, and nothing marks it as a proposal.',
        better=f'"{quote} (proposed)", or what the situation says',
    )
