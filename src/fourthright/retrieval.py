"""Finding cards, questions and notes by meaning, with a plain "nothing fits".

The only module that imports chromadb. The index lives in memory and is filled at start from vectors kept on disk by
(text, embedding model): a shared persistent index gave stale results, and filling takes a fraction of a second.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from fourthright.domain import Frozen
from fourthright.embedding import Embedder, Vectors
from fourthright.entries import Card, Note
from fourthright.knowledge import Knowledge
from fourthright.overlap import Overlap
from fourthright.spelling import Speller

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Shelf = Literal["card", "note"]
Part = Literal["passage", "average"]

NOTHING_FITS = 0.40
"""Cosine similarity of the nearest card's average below which no card fits: it tells talk of how somebody works from
pay, praise and broken machines better than the best score, the margin or shared words do."""
FITS: dict[Shelf, float] = {"card": 0.30, "note": 0.32}
"""Cosine similarity, nearest and average mixed, below which one entry is noise."""
AVERAGE: dict[Shelf, float] = {"card": 0.6, "note": 0.5}
"""What an entry's average counts for beside its nearest passage: one stray phrase draws less."""
LEXICAL_BOOST: dict[Shelf, float] = {"card": 0.5, "note": 0.12}
"""How much full word overlap adds to the similarity."""


class Hit(Frozen):
    """A card or note that fits a query; `score` is cosine similarity plus the boost for shared words."""

    id: str
    score: float


class Index:
    """The handbook, searchable by meaning."""

    def __init__(self, knowledge: Knowledge, embedder: Embedder) -> None:
        self.knowledge = knowledge
        self.embedder = embedder
        passages = [p for card in knowledge.cards for p in _card_passages(card)]
        passages += [p for note in knowledge.notes for p in _note_passages(note)]
        vectors = embedder.shelved("handbook", [text for _, _, text in passages])
        averages = _averages(passages, vectors)
        self._collection = _fill(passages, vectors, averages)
        self._count: dict[tuple[Shelf, Part], int] = Counter((shelf, "passage") for shelf, _, _ in passages)
        self._count |= Counter((shelf, "average") for shelf, _ in averages)
        self._card_rows = sum(shelf == "card" for shelf, _, _ in passages)
        texts = {card.id: _in_words(card) for card in knowledge.cards}
        self._speller = Speller(texts.values(), embedder.knows)
        notes = {note.id: " ".join((note.title, note.text, *note.ask)) for note in knowledge.notes}
        self._overlap: dict[Shelf, Overlap] = {"card": Overlap(texts), "note": Overlap(notes)}

    def card_vectors(self) -> tuple[tuple[str, ...], Vectors]:
        """Whose each passage is, and its vector, shape (passages, dimensions): each card's title and behaviour, then its phrases."""
        rows = [str(row) for row in range(self._card_rows)]
        found = self._collection.get(ids=rows, include=["embeddings", "metadatas"])
        place = {row: at for at, row in enumerate(found["ids"])}
        metas, vectors = found["metadatas"] or [], np.asarray(found["embeddings"], dtype=np.float32)
        order = [place[row] for row in rows]
        return tuple(str(metas[at]["entry"]) for at in order), vectors[order]

    def cards(self, query: str, k: int = 3) -> tuple[Hit, ...]:
        """The best cards for one concern, best first; empty when nothing fits."""
        return self._search(query, "card", k)

    def notes(self, query: str, k: int = 5) -> tuple[Hit, ...]:
        """The best notes for a query, best first; empty when nothing fits."""
        return self._search(query, "note", k)

    def _search(self, query: str, shelf: Shelf, k: int) -> tuple[Hit, ...]:
        if not any(char.isalnum() for char in query):
            return ()  # the vector of nothing is near to something
        mended = self._speller(query)
        vector = self.embedder.embed([mended])
        nearest = self._similarities(vector, shelf, "passage")
        average = self._similarities(vector, shelf, "average")
        if shelf == "card" and max(average.values(), default=0.0) < NOTHING_FITS:
            return ()
        share, overlap = AVERAGE[shelf], self._overlap[shelf](mended)
        meant = {entry: (1 - share) * nearest[entry] + share * average[entry] for entry in nearest}
        scores = {
            entry: near + LEXICAL_BOOST[shelf] * overlap[entry] for entry, near in meant.items() if near >= FITS[shelf]
        }
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])[:k]
        return tuple(Hit(id=entry, score=round(score, 4)) for entry, score in ranked)

    def _similarities(self, vector: Vectors, shelf: Shelf, part: Part) -> dict[str, float]:
        """The best similarity of each entry's passages, or that of the entry's average vector."""
        found = self._collection.query(
            query_embeddings=vector,
            n_results=self._count[(shelf, part)],
            where={"$and": [{"shelf": shelf}, {"part": part}]},
            include=["distances", "metadatas"],
        )
        best: dict[str, float] = {}
        for meta, distance in zip((found["metadatas"] or [[]])[0], (found["distances"] or [[]])[0], strict=True):
            entry = str(meta["entry"])
            best[entry] = max(best.get(entry, -1.0), 1.0 - distance)
        return best


Passage = tuple[Shelf, str, str]


def _card_passages(card: Card) -> list[Passage]:
    main = f"{card.fill(card.title)}: {card.fill(card.behaviour)}"
    return [("card", card.id, text) for text in (main, *card.phrases)]


def _note_passages(note: Note) -> list[Passage]:
    return [("note", note.id, text) for text in (f"{note.title}: {note.text}", *note.ask)]


def _in_words(card: Card) -> str:
    """What a card is found by in words; the other lines speak of causes and talks, which many cards share."""
    own = (card.title, card.behaviour, card.measure, card.measure_too, card.first_step)
    return " ".join((*card.phrases, *map(card.fill, own), *(slot.ask for slot in card.slots.values())))


def _averages(passages: Sequence[Passage], vectors: Vectors) -> dict[tuple[Shelf, str], Vectors]:
    """Each entry's average vector: one stray phrase among its passages counts for less."""
    rows: dict[tuple[Shelf, str], list[int]] = {}
    for row, (shelf, entry, _) in enumerate(passages):
        rows.setdefault((shelf, entry), []).append(row)
    return {key: vectors[of].mean(axis=0) for key, of in rows.items()}


def _fill(passages: Sequence[Passage], vectors: Vectors, averages: dict[tuple[Shelf, str], Vectors]) -> Collection:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False, allow_reset=False))
    name = f"handbook-{hashlib.sha256(repr(passages).encode()).hexdigest()[:24]}"
    # embedding_function=None on create and on get: vectors are always handed over, the default would download a model.
    collection = client.get_or_create_collection(
        name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    collection.upsert(
        ids=[str(i) for i in range(len(passages) + len(averages))],
        embeddings=np.concatenate([vectors, np.stack(list(averages.values()))]),
        metadatas=[
            *({"shelf": shelf, "entry": entry, "part": "passage"} for shelf, entry, _ in passages),
            *({"shelf": shelf, "entry": entry, "part": "average"} for shelf, entry in averages),
        ],
    )
    return collection
