"""Which of the four questions a question serves: turns of phrase, and the nearest wordings of the handbook by meaning."""

from __future__ import annotations

import numpy as np

from fourthright.checks.asked import read
from fourthright.checks.language import Language, language, plain
from fourthright.checks.question import no_blame, no_private_matters
from fourthright.checks.second_asks import second_ask
from fourthright.domain import DIMENSIONS, Dimension, Frozen, Purpose
from fourthright.embedding import Embedder, MiniLM, Vectors
from fourthright.knowledge import Knowledge

_CLASSES = (*DIMENSIONS, "none")
_RIDGE = 4.0
"""How strongly the weights are held back; with less, rare topics of the handbook's questions would decide."""
_CUE = 0.5
"""What a turn of phrase adds, next to a likeness in meaning that lies between 0 and 1."""

_PLAIN = 0.6
"""From this score on a part has a dimension of its own; two such parts with different ones serve none of them."""


class DimensionFound(Frozen):
    """The dimension of a question, and how sure the choice is: its share of the score of all, 0 to 1."""

    dimension: Dimension
    score: float


class Dimensions:
    """Sorts questions into clarity, conflicts, confidence and conviction, or none.

    The sentences of the handbook are weighed once, at the start; each call embeds one sentence for each thing asked.
    """

    def __init__(self, knowledge: Knowledge, embedder: Embedder | None = None) -> None:
        self._embedder = embedder or MiniLM()
        self._words = language(knowledge)
        self._weights = _fitted(knowledge, self._embedder)

    def __call__(self, text: str, purpose: Purpose = "explore") -> DimensionFound | None:
        """The dimension a question serves; None for a commitment check, a reproach, a private matter or another talk."""
        asked = read(text, purpose, (), self._words)
        if purpose == "commitment" or not text.strip():
            return None
        if no_blame(asked, self._words) or no_private_matters(asked, self._words):
            return None
        found = [one for part in _parts(text, self._words) if (one := self._one(part)) is not None]
        plain_ones = {one.dimension for one in found if one.score >= _PLAIN}
        return found[0] if found and len(plain_ones) < 2 else None

    def _one(self, text: str) -> DimensionFound | None:
        scores = self._scores(text)
        best = int(scores.argmax())
        shares = np.exp(4 * (scores - scores[best]))
        if best == len(DIMENSIONS):
            return None
        return DimensionFound(dimension=DIMENSIONS[best], score=round(float(1 / shares.sum()), 3))

    def _scores(self, text: str) -> Vectors:
        likeness = np.append(self._embedder.embed([text])[0], 1.0) @ self._weights
        cues = [len({hit[0].lower() for hit in self._words.all(f"dimension-cues-{c}", plain(text))}) for c in _CLASSES]
        scores: Vectors = likeness + _CUE * np.minimum(cues, 2)
        return scores


def _parts(text: str, words: Language) -> list[str]:
    """The things a text asks, each in its own words."""
    parts = []
    for ask in read(text, "explore", (), words).asks:
        at = second_ask(text, ask, words)
        parts += [text[ask.start : ask.end]] if at is None else [text[ask.start : at], text[at : ask.end].strip(" ,;")]
    return parts


def _fitted(knowledge: Knowledge, embedder: Embedder) -> Vectors:
    """Weights of a ridge regression from a sentence's vector to each class, shape (385, 5)."""
    rows = _sentences(knowledge)
    vectors = embedder.shelved("dimensions", [text for text, _ in rows])
    design = np.hstack([vectors, np.ones((len(rows), 1), dtype=np.float32)])
    goal = np.array([[float(c == name) for c in _CLASSES] for _, name in rows], dtype=np.float32)
    # The handbook has few sentences that serve none of the four: each class counts the same.
    weighed = design * (goal @ (len(rows) / (len(_CLASSES) * goal.sum(axis=0))))[:, None]
    gram = weighed.T @ design + _RIDGE * np.eye(design.shape[1], dtype=np.float32)
    weights: Vectors = np.linalg.solve(gram, weighed.T @ goal)
    return weights


def _sentences(knowledge: Knowledge) -> list[tuple[str, str]]:
    """The handbook's own questions: text, class."""
    bank = [(q.text.replace("{work}", "this"), q.dimension) for q in knowledge.questions if q.dimension]
    cards = [
        (card.fill(seed.text), dimension)
        for card in knowledge.cards
        for dimension, seeds in card.questions.items()
        for seed in seeds
    ]
    own = [(text, name) for name in _CLASSES for text in knowledge.word_list(f"dimension-examples-{name}").words]
    return [*bank, *cards, *own]
