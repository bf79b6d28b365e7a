"""How much of what a query says a text says too, in words: rare words count for more than common ones."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping

SATURATION, LENGTH = 1.2, 0.5
"""BM25's usual k1, and half of its correction for length: cards are nearly of one length."""
_ENDINGS = ("ing", "ed", "es", "s", "e")


class Overlap:
    """Texts by name, to be compared with queries."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._counts = {name: Counter(_stems(text)) for name, text in texts.items()}
        mean = sum(counts.total() for counts in self._counts.values()) / max(len(texts), 1)
        self._held = {
            name: SATURATION * (1 - LENGTH + LENGTH * counts.total() / mean) for name, counts in self._counts.items()
        }
        self._holding = Counter(stem for counts in self._counts.values() for stem in counts)

    def __call__(self, query: str) -> dict[str, float]:
        """BM25 of each text as a share of the most that the query could have: between 0 and 1."""
        rare = {stem: self._rarity(stem) for stem in set(_stems(query))}
        most = sum(rare.values()) or 1.0
        return {
            name: sum(weight * counts[stem] / (counts[stem] + self._held[name]) for stem, weight in rare.items()) / most
            for name, counts in self._counts.items()
        }

    def _rarity(self, stem: str) -> float:
        holding = self._holding[stem]
        return math.log(1 + (len(self._counts) - holding + 0.5) / (holding + 0.5))


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in re.findall(r"[a-z]{3,}", text.lower())]


def _stem(word: str) -> str:
    """Without an ending, so that "checks" meets "checking"; crude on purpose, both sides are cut alike."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
