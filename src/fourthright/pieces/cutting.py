"""Cuts messy text into sentences and clauses by punctuation and joining words alone; offsets are code points."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from fourthright.pieces import grammar

Span = tuple[int, int]

MAX_WORDS = 30
MIN_WORDS = 3
TWO_THINGS = 14
"""Up to this many words a sentence with ", and" is taken to tell one thing."""
ROOM = 5
"""Words that either side of such a cut must have."""
MOST_TRIED = 40
"""Places where a long span is tried for a cut, so that a list of a thousand commas stays cheap."""
WRAPPED = 60
"""Characters from which a line that goes on in lower case was wrapped by an editor."""
_NEAR = 160
"""Characters before and after a place that are read to judge it."""


def plain(text: str) -> str:
    """The text with straight quotes and plain spaces, same length."""
    return text.translate(grammar.PLAIN)


class Cutter:
    """One text, ready to be cut; counts words in a span without reading it again."""

    def __init__(self, text: str) -> None:
        self.text = plain(text)
        self._words = [m.start() for m in grammar.WORD_START.finditer(self.text)]

    def words(self, start: int, end: int) -> int:
        """How many words begin in a span."""
        return bisect_left(self._words, end) - bisect_left(self._words, start)

    def spans(self) -> Iterator[Span]:
        """Sentences and the halves of sentences, none above `MAX_WORDS` where a joining word allows a cut."""
        for start, end in self._sentences():
            yield from (self._bare(*part) for part in self._shortened(start, end))

    def atoms(self, start: int, end: int) -> list[Span]:
        """The clauses of a span: cut at commas, around brackets, and at joining words between two full clauses."""
        edges = [(start, start)]
        for join in grammar.JOIN.finditer(self.text, start, end):
            if join["bracket"]:
                inner = self._inside(join)
                if self.words(*inner) >= MIN_WORDS - 1 and self.words(edges[-1][1], join.start()) >= MIN_WORDS:
                    edges += [(join.start(), inner[0]), (inner[1], join.end())]
            elif self._parts_clauses(edges[-1][1], join, end):
                edges.append((join.start(), join.end()))
        edges.append((end, end))
        return [
            self._bare(left[1], right[0]) for left, right in pairwise(edges) if self.text[left[1] : right[0]].strip()
        ]

    def _bare(self, start: int, end: int) -> Span:
        """A span without the blanks at its ends."""
        part = self.text[start:end]
        return start + len(part) - len(part.lstrip()), start + len(part.rstrip())

    def _inside(self, bracket: re.Match[str]) -> Span:
        opening, closing = self.text.index("(", bracket.start()), self.text.rindex(")", 0, bracket.end())
        return opening + 1, closing

    def _parts_clauses(self, start: int, join: re.Match[str], end: int) -> bool:
        if self.words(start, join.start()) < MIN_WORDS - 1 or self.words(join.end(), end) < MIN_WORDS - 1:
            return False
        ahead = min(end, join.end() + 60)
        full = grammar.FINITE.search(self.text, start, join.start()) and grammar.FINITE.search(
            self.text, join.end(), ahead
        )
        return bool(join["comma"] or full)

    def turns_after(self, end: int) -> bool:
        """Whether what follows a span turns against it: "but", "however", "the problem is"."""
        return bool(grammar.TURNS_AFTER.match(self.text, end))

    def _sentences(self) -> Iterator[Span]:
        start = self._past_marks(0)
        for stop in grammar.STOP.finditer(self.text):
            if stop.start() < start or self._goes_on(start, stop):
                continue
            ends_itself = stop.group()[0] in grammar.ENDS
            yield from self._trimmed(start, stop.end() if ends_itself else stop.start())
            start = self._past_marks(stop.end())
        yield from self._trimmed(start, len(self.text))

    def _goes_on(self, start: int, stop: re.Match[str]) -> bool:
        """Whether what looks like an end is none: an abbreviation, a wrapped line, a turn with no room."""
        mark, after = stop.group(), self.text[stop.end() : stop.end() + _NEAR]
        before = self.text[max(start, stop.start() - _NEAR) : stop.start()]
        if mark[0] == "." and len(mark) == 1:
            closing = before[-10:] + mark
            in_hours = grammar.HOURS.search(closing) and after.lstrip()[:1].islower()
            return bool(grammar.ABBREVIATION.search(closing) or in_hours)
        if "\n" in mark:
            line = before[before.rfind("\n") + 1 :].rstrip()
            ahead = after.lstrip(" ")
            return (
                len(line) >= WRAPPED
                and line[-1:] not in ".!?:;"
                and ahead[:1].islower()
                and not grammar.LINE_MARK.match(ahead)
            )
        word = mark.strip().lower()
        if word in grammar.TURNS:
            ahead = re.split(r"[.!?;\n]", after, maxsplit=1)[0]
            few = min(self.words(start, stop.start()), len(ahead.split())) < MIN_WORDS
            return few or bool(grammar.NOT_A_TURN.search(before))
        return word in grammar.DASHES and self.words(start, stop.start()) < MIN_WORDS

    def _past_marks(self, start: int) -> int:
        """Where the words begin after blanks, bullets and numbering."""
        start = grammar.BLANKS.match(self.text, start).end()  # type: ignore[union-attr]  # it matches the empty text too
        while mark := grammar.LINE_MARK.match(self.text, start):
            start = mark.end()
        return start

    def _trimmed(self, start: int, end: int) -> Iterator[Span]:
        """A span without marks and blanks around it; nothing where no letter or digit is left."""
        text, start = self.text, min(self._past_marks(start), end)
        if (lead := grammar.LEAD.match(text, start, end)) and lead.end() < end:
            start = lead.end()
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",;"):
            end -= 1
        if any(c.isalnum() for c in text[start:end]):
            yield start, end

    def _shortened(self, start: int, end: int) -> list[Span]:
        """A span cut where it tells two things, and at the joining word nearest to its middle until it is short."""
        words = self.words(start, end)
        if words <= TWO_THINGS:
            return [(start, end)]
        joins = grammar.AND_CLAUSE if words <= MAX_WORDS else grammar.LONG_JOIN
        cuts = sorted(
            joins.finditer(self.text, start, end),
            key=lambda c: (c.group()[0] != ",", abs(c.start() + c.end() - start - end)),
        )
        best = next((cut for cut in cuts[:MOST_TRIED] if self._leaves_clauses(start, cut, end)), None)
        if best is None:
            return [(start, end)] if words <= MAX_WORDS else self._by_count(start, end)
        return self._shortened(start, best.start()) + self._shortened(best.end(), end)

    def _leaves_clauses(self, start: int, cut: re.Match[str], end: int) -> bool:
        """Whether both sides have room and a verb."""
        room = self.words(start, cut.start()) >= ROOM and self.words(cut.end(), end) >= ROOM
        ahead = min(end, cut.end() + 80)
        behind = max(start, cut.start() - _NEAR)
        return room and bool(
            grammar.FINITE.search(self.text, behind, cut.start()) and grammar.FINITE.search(self.text, cut.end(), ahead)
        )

    def _by_count(self, start: int, end: int) -> list[Span]:
        """Runs of at most `MAX_WORDS` words, for text without a single joining word."""
        first, last = bisect_left(self._words, start), bisect_left(self._words, end)
        starts = [start, *self._words[first + MAX_WORDS : last : MAX_WORDS], end]
        return [(a, a + len(self.text[a:b].rstrip())) for a, b in pairwise(starts)]
