"""What people say of work that falls short, and how near a phrase comes to each of these sayings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fourthright.embedding import Embedder, Vectors
from fourthright.knowledge import Knowledge

Places = NDArray[np.int64]

FEWER_WORDS = 0.05
"""What a match without the words around it loses at most."""
PART_HELD, ALL_HELD = 0.66, 0.97
"""How near a saying counts whose words all stand in the phrase: where they are hardly any of it, and where they are all."""
SPELLED, SHORTEST_SPELLED = 0.85, 5
"""How alike a misspelt word is to the one meant, and the letters of a word that may be one."""
_SPOKEN = re.compile(r"[\w'’&/%-]+")
_STEM = re.compile(r"[a-z']{3,}")


class Asked(NamedTuple):
    """A phrase as it is compared: its vectors with and without the words around it, and the stems of what is left."""

    written: Vectors
    bare: Vectors
    stems: frozenset[str]
    is_too_much: bool
    """Whether it finds something too much rather than missing."""


class Phrasing:
    """Reads phrases with the word lists `rewrite-*` of one handbook."""

    def __init__(self, knowledge: Knowledge, embedder: Embedder) -> None:
        self.embedder = embedder
        self.wide = frozenset(knowledge.word_list("rewrite-wide").words)
        self.too_little = knowledge.word_list("rewrite-too-little").regex
        self._frame = knowledge.word_list("rewrite-frame").regex
        self._too_much = knowledge.word_list("rewrite-too-much").regex
        self._object = knowledge.word_list("rewrite-object").regex
        self._vocabulary = knowledge.vocabulary
        self._spelling = sorted(
            {word for meaning in knowledge.meanings for text in meaning.words for word in text.split()}
        )

    def asked(self, phrase: str) -> Asked:
        """A phrase ready to be compared."""
        written, bare = self.embedder.embed([phrase, self.bare(phrase)])
        return Asked(written, bare, self.stems(phrase), self._too_much.search(phrase) is not None)

    def bare(self, phrase: str) -> str:
        """The phrase without the words around it; as it is where nothing would be left."""
        bare = " ".join(self._frame.sub(" ", phrase.lower().replace("’", "'").replace("-", " ")).split())
        return bare or phrase.lower()

    def stems(self, phrase: str) -> frozenset[str]:
        """The stems of the words that say something."""
        return stems(self.bare(phrase))

    def head(self, phrase: str) -> str:
        """What is said, without what or whom it concerns; may be empty."""
        return self._object.split(phrase, 1)[0].strip()

    def is_wide(self, phrase: str) -> bool:
        """Whether a phrase says too little to know anything by."""
        return self.stems(phrase) <= self.wide

    def spelled(self, phrase: str) -> str:
        """The words of a phrase; one that nobody spells so becomes the one of the handbook that it looks like."""
        return " ".join(self._meant_word(word) for word in _SPOKEN.findall(phrase))

    def _meant_word(self, word: str) -> str:
        low = word.lower()
        if len(low) < SHORTEST_SPELLED or not low.isalpha() or low in self._vocabulary or low in self._spelling:
            return word
        return next(iter(get_close_matches(low, self._spelling, 1, SPELLED)), word)


class Sayings:
    """Sayings that each belong to one of several entries; `shelf` names the place of their vectors on disk."""

    def __init__(self, shelf: str, entries: Sequence[Sequence[str]], phrasing: Phrasing) -> None:
        self._shelf, self._phrasing = shelf, phrasing
        self._texts = [text for entry in entries for text in entry]
        self.owners: Places = np.array([row for row, entry in enumerate(entries) for _ in entry])

    def near(self, asked: Asked) -> Vectors:
        """How near a phrase comes to each saying: as written, by what it says, or by holding all its words."""
        as_written = self._whole @ asked.written
        near = np.maximum(as_written, self._bare @ asked.bare - FEWER_WORDS * (1 - as_written))
        near = np.maximum(near, self._held(asked.stems))
        return np.where(self._miss_something, 0.0, near) if asked.is_too_much else near

    def within(self, said: frozenset[str]) -> frozenset[str]:
        """The stems of all the sayings whose words stand among some stems."""
        return frozenset().union(*(known for known in self._stems if known <= said))

    def _held(self, said: frozenset[str]) -> Vectors:
        shares = [len(known) / len(said) if known and known <= said else 0.0 for known in self._stems]
        return np.array([share and PART_HELD + (ALL_HELD - PART_HELD) * share for share in shares], dtype=np.float32)

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        """Of each saying; none of one that is known by wide words only."""
        found = (self._phrasing.stems(text) for text in self._texts)
        return [known if not known <= self._phrasing.wide else frozenset() for known in found]

    @cached_property
    def _miss_something(self) -> NDArray[np.bool_]:
        """Which sayings are the opposite of a phrase that finds it too much."""
        return np.array([self._phrasing.too_little.search(text) is not None for text in self._texts])

    @cached_property
    def _whole(self) -> Vectors:
        return self._phrasing.embedder.shelved(self._shelf, self._texts)

    @cached_property
    def _bare(self) -> Vectors:
        bare = [self._phrasing.bare(text) for text in self._texts]
        return self._phrasing.embedder.shelved(f"{self._shelf}-bare", bare)


def stems(text: str) -> frozenset[str]:
    """The words of three letters and more in lower case, without the s of a plural or a third person."""
    return frozenset(word.removesuffix("s") for word in _STEM.findall(text))
