"""Which of the four questions a question serves: learned from the handbook's sentences, with its turns of phrase."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from fourthright.checks.asked import read
from fourthright.checks.language import Language, language, plain
from fourthright.checks.question import no_blame, no_private_matters
from fourthright.checks.second_asks import second_ask
from fourthright.domain import DIMENSIONS, Dimension, Frozen, Purpose
from fourthright.embedding import Embedder, MiniLM, Vectors
from fourthright.knowledge import Knowledge

_CLASSES = (*DIMENSIONS, "none")
_RIDGE = 1.5
"""How strongly the weights are held back; with less, rare words of the handbook's sentences would decide."""
_TURNS = 0.8
"""How long the vector of a sentence's turns of phrase is, next to the vector of its meaning of length 1."""
_CUE = 0.25
"""What a listed turn of phrase adds to a score that lies about between 0 and 1."""

_WORD = re.compile(r"[a-z0-9']+")


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
        self._known = _handbook(knowledge)
        rows = [(text, name) for name in _CLASSES for text in knowledge.word_list(f"dimension-examples-{name}").words]
        texts = [text for text, _ in rows]
        self._turns = _Turns(texts)
        features = self._features(texts, self._embedder.shelved("dimensions", texts))
        self._weights = _fitted(features, [_CLASSES.index(name) for _, name in rows])

    def __call__(self, text: str, purpose: Purpose = "explore") -> DimensionFound | None:
        """The dimension a question serves; None for a commitment check, a reproach, a private matter or another talk."""
        asked = read(text, purpose, (), self._words)
        if purpose == "commitment" or not text.strip():
            return None
        if known := self._known.get(_key(text)):
            return DimensionFound(dimension=known, score=1.0)
        if no_blame(asked, self._words) or no_private_matters(asked, self._words):
            return None
        found = [one for part in _parts(text, self._words) if (one := self._one(part)) is not None]
        # Two things asked that serve different questions: the whole serves none of them.
        return found[0] if len({one.dimension for one in found}) == 1 else None

    def _one(self, text: str) -> DimensionFound | None:
        scores = self._scores(text)
        best = int(scores.argmax())
        shares = np.exp(4 * (scores - scores[best]))
        if best == len(DIMENSIONS):
            return None
        return DimensionFound(dimension=DIMENSIONS[best], score=round(float(1 / shares.sum()), 3))

    def _scores(self, text: str) -> Vectors:
        learned = self._features([text], self._embedder.embed([text]))[0] @ self._weights
        cues = [len({hit[0].lower() for hit in self._words.all(f"dimension-cues-{c}", plain(text))}) for c in _CLASSES]
        scores: Vectors = learned + _CUE * np.minimum(cues, 2)
        return scores

    def _features(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        return np.hstack([vectors, _TURNS * self._turns(texts)])


class _Turns:
    """The words, pairs and triples of words that stand in at least two of some sentences, as unit vectors.

    A sentence's meaning as a vector loses the small words, and they tell "How do you do it?" from "How can you do it?".
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counts = Counter(turn for text in texts for turn in _turns(text))
        common = sorted(turn for turn, count in counts.items() if count > 1)
        self._place = {turn: place for place, turn in enumerate(common)}
        self._rarity = np.log([len(texts) / counts[turn] for turn in common])

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row per text: float32, shape (texts, turns), length 1, or 0 where it has no known turn."""
        rows = np.zeros((len(texts), len(self._place)), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            places = [self._place[turn] for turn in _turns(text) if turn in self._place]
            row[places] = self._rarity[places]
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
        return unit


def _turns(text: str) -> set[str]:
    words = ["^", *_WORD.findall(plain(text).lower()), "$"]
    return {" ".join(words[at : at + long]) for long in (1, 2, 3) for at in range(len(words) - long + 1)} - {"^", "$"}


def _parts(text: str, words: Language) -> list[str]:
    """The things a text asks, each in its own words."""
    parts = []
    for ask in read(text, "explore", (), words).asks:
        at = second_ask(text, ask, words)
        parts += [text[ask.start : ask.end]] if at is None else [text[ask.start : at], text[at : ask.end].strip(" ,;")]
    return parts


def _fitted(features: Vectors, classes: Sequence[int]) -> Vectors:
    """Weights of a ridge regression from a sentence's features to each class, shape (features, 5)."""
    goal = np.eye(len(_CLASSES), dtype=np.float32)[list(classes)] - 1 / len(_CLASSES)
    # There are more features than sentences: one unknown per sentence makes the smaller system.
    gram = features @ features.T + _RIDGE * np.eye(len(features), dtype=np.float32)
    weights: Vectors = features.T @ np.linalg.solve(gram, goal)
    return weights


def _handbook(knowledge: Knowledge) -> dict[str, Dimension]:
    """The handbook's own questions, as they stand and filled in, with the dimension they are filed under."""
    bank = [(q.text.replace("{work}", "this"), q.dimension) for q in knowledge.questions if q.dimension]
    cards = [
        (card.fill(seed.text), dimension)
        for card in knowledge.cards
        for dimension, seeds in card.questions.items()
        for seed in seeds
    ]
    return {_key(text): dimension for text, dimension in (*bank, *cards)}


def _key(text: str) -> str:
    return " ".join(_WORD.findall(plain(text).lower()))
