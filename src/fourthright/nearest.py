"""Vectors in memory, found by cosine similarity. The only module that imports chromadb.

The index lives in memory and is filled from vectors that are kept elsewhere: a shared persistent index gave stale
results, and filling takes a fraction of a second.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from fourthright.embedding import Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Where

Marks = Mapping[str, str]
"""What a vector is marked with, to be searched and removed by."""


class Near(NamedTuple):
    """A vector that was found: its id, its marks, and its cosine similarity to what was asked."""

    id: str
    marks: Marks
    similarity: float


class Nearest:
    """A set of marked vectors of its own; `name` tells it from the others in the process."""

    def __init__(self, name: str) -> None:
        self._collection, self._most = _collection(name)

    def add(self, ids: Sequence[str], vectors: Vectors, marks: Sequence[Marks]) -> None:
        """Puts vectors in, shape (len(ids), dimensions), each with at least one mark; an id that is there is replaced."""
        for start in range(0, len(ids), self._most):
            batch = slice(start, start + self._most)
            self._collection.upsert(
                ids=list(ids[batch]), embeddings=vectors[batch], metadatas=[dict(one) for one in marks[batch]]
            )

    def remove(self, marks: Marks) -> None:
        """Takes out every vector that has all of these marks."""
        self._collection.delete(where=_where(marks))

    def similar(self, vector: Vectors, n: int, marks: Marks) -> tuple[Near, ...]:
        """The at most `n` nearest among those with all of these marks, nearest first; `vector` has shape (1, dimensions)."""
        found = self._collection.query(
            query_embeddings=vector, n_results=n, where=_where(marks), include=["distances", "metadatas"]
        )
        rows = zip(found["ids"][0], (found["metadatas"] or [[]])[0], (found["distances"] or [[]])[0], strict=True)
        return tuple(Near(id_, cast(Marks, meta), 1.0 - distance) for id_, meta, distance in rows)

    def get(self, ids: Sequence[str]) -> tuple[list[Marks], Vectors]:
        """The marks and vectors of these ids, in their order."""
        found = self._collection.get(ids=list(ids), include=["embeddings", "metadatas"])
        place = {id_: at for at, id_ in enumerate(found["ids"])}
        order = [place[id_] for id_ in ids]
        metas, vectors = found["metadatas"] or [], np.asarray(found["embeddings"], dtype=np.float32)
        return [cast(Marks, metas[at]) for at in order], vectors[order]


_OPENING = threading.Lock()
"""Chroma registers a process's clients in one table; two threads that open one at once break it (KeyError)."""


def _where(marks: Marks) -> Where:
    each: list[Where] = [{name: value} for name, value in marks.items()]
    return {"$and": each} if len(each) > 1 else each[0]


def _collection(name: str) -> tuple[Collection, int]:
    """A collection in memory, and how many vectors it takes at once."""
    with _OPENING:
        # embedding_function=None on create and on get: vectors are always handed over, the default would download a model.
        collection = _client().get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        return collection, _client().get_max_batch_size()


@cache
def _client() -> ClientAPI:
    """The one client of this process: Chroma takes a client that nobody holds out of its table."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    return chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False, allow_reset=False))
