"""The product's way from a text to cards, and the plain ways that it is measured beside."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from evals.bm25 import BM25
from evals.f1 import SEED
from fourthright.domain import Observation
from fourthright.embedding import Embedder
from fourthright.entries import Card
from fourthright.knowledge import Knowledge
from fourthright.pieces import Sorter
from fourthright.reading import read
from fourthright.retrieval import Index

Rank = Callable[[str], Sequence[str]]
"""A manager's text -> ids of cards, best first; empty where nothing fits."""
PRODUCT = "product"
MOST_CONSIDERED = 10
"""Cards that are considered for a whole text."""
CONSIDERED = 40
"""Cards of one search that are weighed against those of the others."""
DEPTH = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Buettcher 2009)."""


def build(knowledge: Knowledge, embedder: Embedder) -> dict[str, Rank]:
    """Name -> system; the product first. The plain ones have no "nothing fits"."""
    index, sorter = Index(knowledge, embedder), Sorter(knowledge, embedder)
    words, meaning = BM25({card.id: _text(card) for card in knowledge.cards}), dense(knowledge, embedder)
    ids = [card.id for card in knowledge.cards]
    return {
        PRODUCT: lambda text: considered(text, read(text, sorter).observations, index),
        "BM25": words.ranked,
        "dense": meaning,
        "equal fusion": lambda text: fused(words.ranked(text), meaning(text)),
        "random": lambda text: random.Random(f"{SEED} {text}").sample(ids, len(ids)),
    }


def considered(text: str, observations: Sequence[Observation], index: Index) -> tuple[str, ...]:
    """The ids of the cards that a text's concerns may rest on, best first; empty where nothing fits.

    Each seen piece is searched for by itself, where nothing was seen each piece that is not private; a card counts for
    its best piece and for the whole text alike.
    """
    seen = [o.quote for o in observations if o.kind == "seen"]
    pieces = seen or [o.quote for o in observations if o.kind != "private"]
    whole = {hit.id: hit.score for hit in index.cards(text, CONSIDERED)}
    best: dict[str, float] = {}
    for hit in (hit for piece in pieces for hit in index.cards(piece, CONSIDERED)):
        best[hit.id] = max(best.get(hit.id, 0.0), hit.score)
    return tuple(
        sorted({*best, *whole}, key=lambda card: -best.get(card, 0.0) - whole.get(card, 0.0))[:MOST_CONSIDERED]
    )


def dense(knowledge: Knowledge, embedder: Embedder) -> Rank:
    """Cards by the cosine similarity of their nearest passage to the whole text, and nothing else."""
    passages = [(card.id, text) for card in knowledge.cards for text in _passages(card)]
    vectors = embedder.shelved("dense-alone", [text for _, text in passages])

    def rank(text: str) -> Sequence[str]:
        nearest = np.argsort(-(vectors @ embedder.embed([text])[0]), kind="stable")
        return tuple(dict.fromkeys(passages[row][0] for row in nearest))

    return rank


def fused(*lists: Sequence[str]) -> Sequence[str]:
    """Reciprocal rank fusion with equal weights."""
    scores: dict[str, float] = defaultdict(float)
    for ranked in lists:
        for place, card in enumerate(ranked, 1):
            scores[card] += 1 / (DEPTH + place)
    return sorted(scores, key=lambda card: -scores[card])


def _passages(card: Card) -> list[str]:
    return [f"{card.fill(card.title)}: {card.fill(card.behaviour)}", *card.phrases]


def _text(card: Card) -> str:
    return " ".join((*card.phrases, *card.labels, *(card.fill(text) for text in card.templates())))
