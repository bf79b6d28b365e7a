"""BM25 over the cards' text: the plain word search that retrieval is measured beside."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping

K1, B = 1.5, 0.75
"""How soon a repeated word stops counting, and how much a long document is held back (Robertson and Zaragoza 2009)."""


class BM25:
    """Okapi BM25 with the never negative weight log(1 + (N - n + 0.5) / (n + 0.5)); words in lower case, not stemmed."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._counts = {name: Counter(_words(text)) for name, text in documents.items()}
        self._lengths = {name: counts.total() for name, counts in self._counts.items()}
        self._mean = sum(self._lengths.values()) / max(len(self._lengths), 1)
        self._holding = Counter(word for counts in self._counts.values() for word in counts)

    def ranked(self, query: str) -> tuple[str, ...]:
        """The documents that share a word with the query, best first; equals in the order they came in."""
        scores = {name: self.score(query, name) for name in self._counts}
        return tuple(sorted((name for name, score in scores.items() if score > 0), key=lambda name: -scores[name]))

    def score(self, query: str, name: str) -> float:
        """How well one document fits; a word that the query repeats counts as often."""
        counts = self._counts[name]
        held = K1 * (1 - B + B * self._lengths[name] / self._mean)
        return sum(self._weight(word) * counts[word] * (K1 + 1) / (counts[word] + held) for word in _words(query))

    def _weight(self, word: str) -> float:
        holding = self._holding[word]
        return math.log(1 + (len(self._counts) - holding + 0.5) / (holding + 0.5))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
