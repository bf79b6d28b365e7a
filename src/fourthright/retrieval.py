"""Finding cards, questions and notes by meaning, with a plain "nothing fits".

The index is filled at start from vectors kept on disk by (text, embedding model).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Literal

import numpy as np

from fourthright.domain import Frozen
from fourthright.embedding import Embedder, Vectors
from fourthright.entries import Card, Note
from fourthright.knowledge import Knowledge
from fourthright.nearest import Nearest
from fourthright.overlap import Overlap
from fourthright.ranking import Ranker
from fourthright.spelling import Speller

Part = Literal["passage", "average"]

NOTHING_FITS = 0.45
"""The chance that some card answers below which none is offered. On the development queries it refuses one in ten of
those that a card answers and three in four of those that none does; each step higher costs more of the former."""
LEAST = 0.02
"""The chance below which a card is noise beside better ones."""
NOTE_FITS = 0.32
"""Cosine similarity, nearest and average mixed, below which a note is noise."""
AVERAGE = 0.5
"""What a note's average counts for beside its nearest passage: one stray phrase draws less."""
LEAST_WORDS = 3
"""Words from which a sentence of several is searched for by itself."""
_SENTENCE_ENDS = re.compile(r"(?<=[.!?;…])\s+|\n+")
LEXICAL_BOOST = 0.12
"""How much full word overlap adds to a note's similarity."""


class Hit(Frozen):
    """A card or note that fits a query.

    The score of a card is the chance that it answers, between 0 and 1; that of a note is cosine similarity plus the boost
    for shared words.
    """

    id: str
    score: float


class Index:
    """The handbook, searchable by meaning."""

    def __init__(self, knowledge: Knowledge, embedder: Embedder) -> None:
        self.knowledge = knowledge
        self.embedder = embedder
        lines = [(row, text) for row, card in enumerate(knowledge.cards) for text in _card_lines(card)]
        passages = [(note.id, text) for note in knowledge.notes for text in _note_passages(note)]
        vectors = embedder.shelved("handbook", [text for _, text in (*lines, *passages)])
        self._card_vectors = tuple(knowledge.cards[row].id for row, _ in lines), vectors[: len(lines)]
        self._ranker = self._ranked(lines, vectors[: len(lines)])
        self._nearest, self._count = _filled(passages, vectors[len(lines) :])
        self._speller = Speller(map(_in_words, knowledge.cards), embedder.knows)
        self._overlap = Overlap({note.id: " ".join((note.title, note.text, *note.ask)) for note in knowledge.notes})

    def card_vectors(self) -> tuple[tuple[str, ...], Vectors]:
        """Whose each passage is, and its vector, shape (passages, dimensions): each card's title and behaviour, then its phrases."""
        return self._card_vectors

    def cards(self, query: str, k: int = 3, *, sure: float = NOTHING_FITS) -> tuple[Hit, ...]:
        """The best cards for a text, by the whole of it or one of its sentences, best first.

        Empty when nothing fits: when the chance that any card answers is below `sure`.
        """
        if _says_nothing(query):
            return ()
        chances = self.chances(query)
        if chances.max() < sure:
            return ()
        best = np.argsort(-chances, kind="stable")[:k]
        ids = [card.id for card in self.knowledge.cards]
        return tuple(Hit(id=ids[row], score=round(float(chances[row]), 4)) for row in best if chances[row] >= LEAST)

    def notes(self, query: str, k: int = 5) -> tuple[Hit, ...]:
        """The best notes for a query, best first; empty when nothing fits."""
        if _says_nothing(query):
            return ()
        mended = self._speller(query)
        vector = self.embedder.embed([mended])
        nearest, average = self._similarities(vector, "passage"), self._similarities(vector, "average")
        meant = {note: (1 - AVERAGE) * nearest[note] + AVERAGE * average[note] for note in nearest}
        overlap = self._overlap(mended)
        scores = {note: near + LEXICAL_BOOST * overlap[note] for note, near in meant.items() if near >= NOTE_FITS}
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])[:k]
        return tuple(Hit(id=note, score=round(score, 4)) for note, score in ranked)

    def chances(self, query: str) -> Vectors:
        """The chance that each card answers, in the order of the cards: that of the whole text or of its best sentence."""
        best: Vectors = np.max([self._chances(part) for part in _parts(query)], axis=0)
        return best

    def _chances(self, text: str) -> Vectors:
        mended = self._speller(text)
        return self._ranker(mended, self.embedder.embed([mended])[0])

    def _ranked(self, lines: Sequence[tuple[int, str]], vectors: Vectors) -> Ranker:
        """What ranks the cards: by their own lines and by what is said about them, and beside them."""
        rows: dict[str | None, int] = {card.id: row for row, card in enumerate(self.knowledge.cards)}
        rows[None] = len(rows)
        said = [(rows[each.card], words) for each in self.knowledge.said for words in each.words]
        every = [*lines, *said]
        spoken = self.embedder.shelved("said", [words for _, words in said])
        return Ranker(
            [text for _, text in every], np.array([row for row, _ in every]), np.concatenate([vectors, spoken])
        )

    def _similarities(self, vector: Vectors, part: Part) -> dict[str, float]:
        """The best similarity of each note's passages, or that of the note's average vector."""
        best: dict[str, float] = {}
        for near in self._nearest.similar(vector, self._count[part], {"part": part}):
            note = near.marks["note"]
            best[note] = max(best.get(note, -1.0), near.similarity)
        return best


def _parts(query: str) -> tuple[str, ...]:
    """The whole and, where there are several, each sentence that may tell something by itself."""
    sentences = [sentence for sentence in _SENTENCE_ENDS.split(query) if len(sentence.split()) >= LEAST_WORDS]
    return (query, *sentences) if len(sentences) > 1 else (query,)


def _says_nothing(query: str) -> bool:
    """The vector of nothing is near to something."""
    return not any(char.isalnum() for char in query)


def _card_lines(card: Card) -> tuple[str, ...]:
    return (f"{card.fill(card.title)}: {card.fill(card.behaviour)}", *card.phrases)


def _note_passages(note: Note) -> tuple[str, ...]:
    return (f"{note.title}: {note.text}", *note.ask)


def _in_words(card: Card) -> str:
    """What a card says of its behaviour, as the speller's dictionary; the other lines speak of causes and talks."""
    own = (card.title, card.behaviour, card.measure, card.measure_too, card.first_step)
    return " ".join((*card.phrases, *map(card.fill, own), *(slot.ask for slot in card.slots.values())))


def _filled(passages: Sequence[tuple[str, str]], vectors: Vectors) -> tuple[Nearest, dict[Part, int]]:
    """The notes' passages, and each note's average vector: one stray phrase among its passages counts for less."""
    rows: dict[str, list[int]] = {}
    for row, (note, _) in enumerate(passages):
        rows.setdefault(note, []).append(row)
    every = np.concatenate([vectors, np.stack([vectors[of].mean(axis=0) for of in rows.values()])])
    marks = [{"note": note, "part": "passage"} for note, _ in passages]
    marks += [{"note": note, "part": "average"} for note in rows]
    nearest = Nearest(f"handbook-{hashlib.sha256(repr(passages).encode()).hexdigest()[:24]}")
    nearest.add([str(row) for row in range(len(every))], every, marks)
    return nearest, {"passage": len(passages), "average": len(rows)}
