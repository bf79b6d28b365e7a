"""Which card a text speaks of, learned from what managers say: by meaning and by letters, both in closed form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fourthright.embedding import Vectors
from fourthright.letters import Letters, Places

SHRUNK = 0.5
"""How far the spread of lines about their card's mean is taken to be alike in every direction."""
SHARP = 8.0
"""How much more a near line counts than a far one: a high value asks for the nearest line, a low one for the average."""
SPELT = 1.8
"""What likeness in letters counts for beside likeness in meaning."""
BEST = 5
"""Cards whose fit together tells whether any fits: neighbours fit too where a text speaks of what the handbook is about."""
FIT, BESIDE, OFFSET = 44.7, 68.9, 7.0
"""Log-odds that some card answers: by the best cards' fit, and by how near the text is to what no card answers. Fitted to
lines that were held out and to the development queries (`evals/labels/README.md`)."""
APART = 24.0
"""How much lower the log-odds of a card are for fitting worse than the best."""


class Ranker:
    """The cards' lines, and lines that no card answers."""

    def __init__(self, texts: Sequence[str], owners: Places, vectors: Vectors) -> None:
        """`owners`: the row of each text's card, 0 and up, and one more for what no card answers."""
        order = np.argsort(owners, kind="stable")
        self._meaning = _Meaning(vectors[order], owners[order])
        self._letters = Letters(texts, owners)

    def __call__(self, text: str, vector: Vectors) -> Vectors:
        """The chance that each card answers, shape (cards,): the best one's is the chance that any does."""
        meant, spelt = self._meaning(vector), self._letters(text)
        fit = meant[:-1] + SPELT * spelt[:-1]
        some = FIT * np.sort(fit)[-BEST:].mean() - BESIDE * meant[-1] - OFFSET
        chances: Vectors = 1 / (1 + np.exp(-some + APART * (fit.max() - fit)))
        return chances


class _Meaning:
    """Likeness to groups of lines, in a space where what tells the lines of one card apart counts for less."""

    def __init__(self, vectors: Vectors, owners: Places) -> None:
        """`owners`: in order."""
        self._starts = np.flatnonzero(np.diff(owners, prepend=-1))
        self._sizes = np.diff(self._starts, append=len(owners)).astype(np.float32)
        of_cards = owners < owners[-1]
        self._middle, self._axes = _within(vectors[of_cards], owners[of_cards])
        self._lines = self._turned(vectors)

    def __call__(self, vector: Vectors) -> Vectors:
        """Shape (groups,): each line's cosine similarity, the near ones counting for more (log-mean-exp)."""
        near = np.exp(SHARP * (self._lines @ self._turned(vector[None])[0]))
        alike = np.log(np.add.reduceat(near, self._starts) / self._sizes) / SHARP
        return alike.astype(np.float32)

    def _turned(self, vectors: Vectors) -> Vectors:
        turned = (vectors - self._middle) @ self._axes
        unit: Vectors = turned / np.linalg.norm(turned, axis=1, keepdims=True)
        return unit


def _within(vectors: Vectors, owners: Places) -> tuple[Vectors, Vectors]:
    """The mean of the cards' means, and the axes along which lines of one card are spread alike (whitening)."""
    sums = np.zeros((owners[-1] + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, owners, vectors)
    means = (sums / np.bincount(owners)[:, None]).astype(np.float32)
    apart = vectors - means[owners]
    spread = apart.T @ apart / len(apart)
    even = np.trace(spread) / len(spread) * np.eye(len(spread))
    widths, axes = np.linalg.eigh((1 - SHRUNK) * spread + SHRUNK * even)
    return means.mean(axis=0), (axes / np.sqrt(widths)).astype(np.float32)
