"""Mends typing slips before a search: the embedder reads "phne" as two scraps, and a word search finds no such word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

SHORTEST = 4
"""Letters from which a word is mended: shorter ones are one slip away from too many others."""
LEAST_USES = 2
"""How often the handbook writes a word that a slip may be mended to: its cards hold typing slips of their own."""
_WORD = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’-])")
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "r", "ly")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Speller:
    """Replaces words that nobody knows by the handbook's word that is one slip away, where there is one."""

    def __init__(self, texts: Iterable[str], knows: Callable[[str], bool]) -> None:
        counted = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        self._knows = knows
        self._uses = {word: n for word, n in counted.items() if n >= LEAST_USES and len(word) >= SHORTEST}

    def __call__(self, text: str) -> str:
        """The text with its slips mended; capitals, numbers and words with an apostrophe stay as they are."""
        return _WORD.sub(lambda found: self._mended(found.group()), text)

    def _mended(self, word: str) -> str:
        if len(word) < SHORTEST or self._known(word):
            return word
        for slips in (_swapped, _left_out, _typed_twice, _mistyped):
            near = {slip for slip in slips(word) if slip in self._uses and self._knows(slip)}
            if near:
                return max(sorted(near), key=self._uses.__getitem__)
        return word

    def _known(self, word: str) -> bool:
        stems = [word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending) and len(word) > len(ending) + 2]
        return any(self._knows(known) for known in (word, *stems, *(f"{stem}e" for stem in stems)))


def _swapped(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))


def _left_out(word: str) -> Iterator[str]:
    return (word[:i] + letter + word[i:] for i in range(1, len(word) + 1) for letter in _LETTERS)


def _typed_twice(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(1, len(word)))


def _mistyped(word: str) -> Iterator[str]:
    """Only in longer words: "wifi" is no "wife"."""
    places = range(1, len(word)) if len(word) > SHORTEST else ()
    return (word[:i] + letter + word[i + 1 :] for i in places for letter in _LETTERS)
