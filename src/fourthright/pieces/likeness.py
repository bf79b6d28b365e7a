"""Compares doubtful pieces with example sentences of every kind by meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fourthright.domain import ObservationKind
from fourthright.knowledge import Knowledge

NEAREST = 25
"""Example sentences that vote on a piece."""
SHARPNESS = 4
"""Power of the similarity that a vote weighs: near sentences count, distant ones hardly do."""
KINDS: tuple[ObservationKind, ...] = ("seen", "label", "guess", "history", "strength", "background")
"""Kinds with examples; private matters and hearsay are told by words alone."""


class Embeds(Protocol):
    """Turns texts into unit vectors."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text, L2-normalised."""
        ...

    def shelved(self, shelf: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `embed`, for sentences that do not change from run to run."""
        ...


class Likeness:
    """The example sentences as vectors; reads them when it is first asked."""

    def __init__(self, knowledge: Knowledge, embedder: Embeds) -> None:
        lists = [(kind, knowledge.word_list(f"sort-example-{kind}").words) for kind in KINDS]
        self._sentences = [sentence for _, words in lists for sentence in words]
        self._kinds = [kind for kind, words in lists for _ in words]
        self._embedder = embedder

    def votes(self, texts: Sequence[str], embedder: Embeds | None = None) -> list[Mapping[ObservationKind, float]]:
        """For each text the share of every kind among its nearest examples; the shares of a text sum to 1.

        `embedder` reads the texts where the caller has them read already.
        """
        middle, examples = self._examples
        vectors = (embedder or self._embedder).embed(texts)
        return [self._shares(row) for row in _centred(vectors, middle) @ examples.T]

    @cached_property
    def _examples(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        vectors = self._embedder.shelved("sorting", self._sentences)
        middle: NDArray[np.float32] = vectors.mean(axis=0)
        return middle, _centred(vectors, middle)

    def _shares(self, similarities: NDArray[np.float32]) -> Mapping[ObservationKind, float]:
        shares: dict[ObservationKind, float] = {}
        for i in np.argsort(-similarities)[:NEAREST]:
            weight = max(0.0, float(similarities[i])) ** SHARPNESS
            shares[self._kinds[i]] = shares.get(self._kinds[i], 0.0) + weight
        whole = sum(shares.values())
        return {kind: share / whole for kind, share in shares.items()} if whole else {}


def _centred(vectors: NDArray[np.float32], middle: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors seen from the middle of the examples: what all managers' sentences have in common says nothing."""
    moved = vectors - middle
    length = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    centred: NDArray[np.float32] = (moved / length).astype(np.float32)
    return centred
