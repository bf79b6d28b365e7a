"""Marks what a page would not build on, in a note that is still being typed: labels, hearsay, guesses, private matters.

The pieces are cut and sorted as for a page, so that the page later says of a piece what the mark said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal

from fourthright.domain import Frozen, Observation
from fourthright.embedding import Once, Vectors
from fourthright.engine import Engine
from fourthright.reading import read
from fourthright.surroundings import labels_in, left_out

Span = tuple[int, int]
MarkKind = Literal["label", "hearsay", "guess", "private"]

MOST_CHARS = 6_000
"""About a thousand words: up to here a first look takes about a second."""
WHY_NOT_A_LABEL = "A label. What did you see or hear that made you think so?"
_STOPS = " .,;:!?"
_JUDGING = ("sort-label", "sort-trait", "sort-trait-of-person")


class Mark(Frozen):
    """Words of the note, what they are, and what to do instead; offsets are code points of the text as typed."""

    start: int
    end: int
    kind: MarkKind
    reason: str


class Marker:
    """Marks one note again and again while it grows; only what changed since the last look is read anew."""

    def __init__(self, engine: Engine) -> None:
        self._knowledge, self._sorter = engine.knowledge, engine.sorter
        self._latest = _Latest(engine.index.embedder)
        self._known = [label.regex for label in engine.knowledge.labels]
        self._judging = [engine.knowledge.word_list(name).regex for name in _JUDGING]

    def fits(self, text: str) -> bool:
        """Whether a text is short enough to be marked while it is typed."""
        return len(text) <= MOST_CHARS

    def __call__(self, text: str) -> tuple[Mark, ...]:
        """The marks in the order of the text, none over another; none in a text that does not fit."""
        if not self.fits(text):
            return ()
        reading = read(text, self._sorter, self._latest)
        reasons = {left.observation_id: left.why for left in left_out(reading.observations)}
        return tuple(chain.from_iterable(self._in(o, reasons, o.id in reading.sure) for o in reading.observations))

    def _in(self, piece: Observation, reasons: dict[str, str], sure: bool) -> Iterator[Mark]:
        if piece.kind == "label":
            for start, end in self._judged(piece, sure):
                yield Mark(start=piece.start + start, end=piece.start + end, kind="label", reason=WHY_NOT_A_LABEL)
        elif piece.kind in ("hearsay", "guess", "private"):
            end = piece.start + len(piece.quote.rstrip(_STOPS))
            yield Mark(start=piece.start, end=end, kind=piece.kind, reason=reasons[piece.id])

    def _judged(self, piece: Observation, sure: bool) -> list[Span]:
        """The words that judge in a piece sorted as a label: the handbook's, or listed ones where the page takes them."""
        known = _joined(_spans(self._known, piece.quote))
        if known or not (sure or labels_in([piece], self._knowledge)):
            return known
        return _joined(_spans(self._judging, piece.quote))


class _Latest(Once):
    """Another embedder that remembers the texts of its last call and no others."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        vectors = super().embed(texts)
        self._known = {text: self._known[text] for text in texts}
        return vectors


def _spans(words: Iterable[re.Pattern[str]], text: str) -> Iterator[Span]:
    """Where any of the words stand, also where one begins inside another: "must be more" and "more careful"."""
    for one in words:
        found = one.search(text)
        while found:
            yield found.start(), found.start() + len(found.group().rstrip())
            found = one.search(text, found.start() + 1)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap made one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    return joined
