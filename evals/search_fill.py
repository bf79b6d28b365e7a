"""A folder with as many passages of one owner as there are vectors, kept as the product keeps them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from evals.search_child import OWNER
from fourthright import knowledge
from fourthright.embedding import Vectors
from fourthright.shelf import Shelf

EACH = 2_500
"""Passages of a document: with as many, it is well within what one document may hold."""
WORDS = 100
"""Of a passage."""


class Given:
    """An embedder that hands out the rows it was given, one a passage, whatever the passages say."""

    def __init__(self, rows: Vectors) -> None:
        self._rows = rows

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The next row. RuntimeError where a passage asks for more."""
        if len(texts) != 1:
            raise RuntimeError(f"a passage of one vector was cut into {len(texts)}")
        now, self._rows = self._rows[: len(texts)], self._rows[len(texts) :]
        return now

    def shelved(self, shelf: str, texts: Sequence[str]) -> Vectors:
        """As `embed`."""
        return self.embed(texts)

    def knows(self, word: str) -> bool:
        """No word."""
        return False


class Unindexed(Shelf):
    """Writes the file only: whoever opens it fills an index of their own."""

    def _follow(self, owner: str) -> None:
        pass


def fill(folder: Path, vectors: Vectors) -> None:
    """Keeps a passage for each vector in shelf.sqlite; vectors.npy and ids.json: the same for the brute force.

    RuntimeError where the documents were not cut into one passage for each row.
    """
    texts = [f"{card.fill(card.behaviour)} {card.fill(card.measure)}" for card in knowledge.load().cards]
    shelf = Unindexed(folder / "shelf.sqlite", Given(vectors))
    ids: list[str] = []
    for start in range(0, len(vectors), EACH):
        paragraphs = (_paragraph(number, texts) for number in range(start, min(start + EACH, len(vectors))))
        held = shelf.add(OWNER, f"Handbook {start}.txt", "\n\n".join(paragraphs).encode())
        ids += [passage.id for passage in shelf.passages(OWNER, held.id)]
    if len(ids) != len(vectors):
        raise RuntimeError(f"{len(vectors)} passages were cut into {len(ids)}")
    np.save(folder / "vectors.npy", vectors)
    (folder / "ids.json").write_text(json.dumps(ids), "utf-8")


def _paragraph(number: int, texts: Sequence[str]) -> str:
    """A hundred words in two sentences: a passage of its own with one vector, and like no other."""
    words = f"Guidance {number}".split()
    for text in islice(cycle(texts), number % len(texts), None):
        words += text.replace(".", ",").split()
        if len(words) >= WORDS:
            break
    half = WORDS // 2
    return f"{' '.join(words[:half])}. {' '.join(words[half:WORDS]).capitalize()}."
