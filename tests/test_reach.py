"""Every card can be found: queries of writers who knew the cards' titles and nothing else of the handbook."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict

from evals import jsonl
from fourthright.knowledge import Knowledge
from fourthright.retrieval import Index

QUERIES = Path(__file__).resolve().parent.parent / "evals" / "labels" / "reach.jsonl"
LEAST, WITHIN = 3, 5
"""So many of a card's five queries find it among so many."""


class Query(BaseModel):
    """What a manager might type where a card's behaviour is missing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    card: str
    kind: Literal["plain", "jargon", "hasty", "upset", "nonnative"]
    text: str


@pytest.fixture(scope="module")
def queries() -> list[Query]:
    return jsonl.read(QUERIES, Query)


def test_every_card_has_its_five_queries(queries: list[Query], handbook: Knowledge) -> None:
    asked = Counter((query.card, query.kind) for query in queries)
    kinds = {query.kind for query in queries}
    assert asked == Counter((card.id, kind) for card in handbook.cards for kind in kinds)


def test_every_card_is_reached_by_three_differently_phrased_queries(queries: list[Query], index: Index) -> None:
    found = Counter(q.card for q in queries if q.card in {hit.id for hit in index.cards(q.text, WITHIN)})
    assert [card for card in {query.card for query in queries} if found[card] < LEAST] == []
    # The rest of the queries count as well: one card may be luck, a fall over all of them is not.
    assert found.total() >= 0.8 * len(queries)
