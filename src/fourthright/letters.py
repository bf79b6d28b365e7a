"""How alike texts are in their letters: by runs of five, so that a typing slip or an ending costs a few runs and no word."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RUN = 5
"""Letters in a run, spaces between words among them."""
Places = NDArray[np.int64]
Vectors = NDArray[np.float32]
_SPACE = ord(" ")
_MARKS = re.compile(r"['’]")
_WORD = re.compile(r"[a-z0-9]+")


class Letters:
    """Groups of texts, to be compared with a query: rare runs count for more, and each text of a group alike."""

    def __init__(self, texts: Sequence[str], groups: Places) -> None:
        """`groups`: the group of each text, 0 and up, shape (len(texts),)."""
        runs, rows = _runs(texts)
        known, times = np.unique(runs, return_counts=True)
        # A run that stands once joins no two texts.
        self._known = known[times > 1]
        at, rows, counts = self._counted(runs, rows)
        self._rarity = np.log((len(texts) + 1) / (np.bincount(at, minlength=len(self._known)) + 0.5))
        weights = (1 + np.log(counts)) * self._rarity[at]
        lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(texts)))
        shape = (len(self._known), int(groups.max()) + 1)
        sums = np.bincount(at * shape[1] + groups[rows], weights / lengths[rows], minlength=shape[0] * shape[1])
        groups_of = sums.reshape(shape).astype(np.float32)
        self._groups = groups_of / np.maximum(np.linalg.norm(groups_of, axis=0), 1e-9)

    def __call__(self, text: str) -> Vectors:
        """Cosine similarity to each group, 0 where no run is shared; shape (groups,)."""
        at, _, counts = self._counted(*_runs([text]))
        weights = ((1 + np.log(counts)) * self._rarity[at]).astype(np.float32)
        # As if it held one rare run more: what shares a run or two and nothing else is no likeness.
        similar: Vectors = weights @ self._groups[at] / np.sqrt(weights @ weights + self._rarity.max() ** 2)
        return similar

    def _counted(self, runs: Places, rows: Places) -> tuple[Places, Places, Places]:
        """The known runs of each text: which run, which text, how often."""
        size = len(self._known)
        at = np.searchsorted(self._known, runs).clip(max=size - 1)
        there = self._known[at] == runs
        pairs, counts = np.unique(rows[there] * size + at[there], return_counts=True)
        return pairs % size, pairs // size, counts


def _runs(texts: Sequence[str]) -> tuple[Places, Places]:
    """Every run of every text as a number, and the text it is of; none reaches from one text into another."""
    plain = [f" {' '.join(_WORD.findall(_MARKS.sub('', text.lower())))} " for text in texts]
    letters = np.frombuffer((" " * RUN).join(plain).encode(), dtype=np.uint8).astype(np.int64)
    rows = np.repeat(np.arange(len(plain)), [len(text) + RUN for text in plain])[: len(letters)]
    windows = np.lib.stride_tricks.sliding_window_view(letters, RUN) if len(letters) >= RUN else np.empty((0, RUN), int)
    inside = ~((windows[:, :-1] == _SPACE) & (windows[:, 1:] == _SPACE)).any(axis=1)
    numbers: Places = windows @ (256 ** np.arange(RUN))
    return numbers[inside], rows[: len(windows)][inside]
