"""The product's way from a text to cards, and the plain ways that it is measured beside."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from evals.bm25 import BM25
from evals.f1 import SEED
from fourthright.embedding import Embedder
from fourthright.entries import Card
from fourthright.knowledge import Knowledge
from fourthright.retrieval import Index

Rank = Callable[[str], Sequence[str]]
"""A manager's text -> ids of cards, best first; empty where nothing fits."""
PRODUCT, NEVER_REFUSING = "product", "product, never refusing"
MOST_FOUND = 10
"""Cards that are asked for: nDCG looks at ten."""
DEPTH = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Buettcher 2009)."""


def build(knowledge: Knowledge, embedder: Embedder) -> dict[str, Rank]:
    """Name -> system; the product first. The plain ones have no "nothing fits"."""
    index = Index(knowledge, embedder)
    words, meaning = BM25(_texts(knowledge)), dense(knowledge, embedder)
    ids = [card.id for card in knowledge.cards]
    return {
        PRODUCT: lambda text: [hit.id for hit in index.cards(text, MOST_FOUND)],
        NEVER_REFUSING: lambda text: [ids[row] for row in np.argsort(-index.chances(text), kind="stable")[:MOST_FOUND]],
        "BM25": words.ranked,
        "dense": meaning,
        "equal fusion": lambda text: fused(words.ranked(text), meaning(text)),
        "random": lambda text: random.Random(f"{SEED} {text}").sample(ids, len(ids)),
    }


def dense(knowledge: Knowledge, embedder: Embedder) -> Rank:
    """Cards by the cosine similarity of their nearest passage to the whole text, and nothing else."""
    passages = [(card.id, text) for card in knowledge.cards for text in _passages(card)]
    passages += [(said.card, text) for said in knowledge.said if said.card for text in said.words]
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


def _texts(knowledge: Knowledge) -> dict[str, str]:
    said = {each.card: each.words for each in knowledge.said}
    return {card.id: " ".join((_text(card), *said[card.id])) for card in knowledge.cards}


def _text(card: Card) -> str:
    return " ".join((*card.phrases, *card.labels, *(card.fill(text) for text in card.templates())))
